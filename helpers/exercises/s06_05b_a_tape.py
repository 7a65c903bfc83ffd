"""The exercises of lesson 6.5b, A Tape."""

import numpy as np

from ..autodiff import Tensor, ops
from ..support.console import say
from . import exercise
from .agree import brief
from .attempts import Raised, does_nothing, from_line_of_attempt

FORMULAS = {
    "x + y": lambda x, y: x + y,
    "x * y": lambda x, y: x * y,
    "x * x": lambda x, y: x * x,
    "(x + y) * y": lambda x, y: (x + y) * y,
}


class Recorded:
    """A number that knows its inputs, with the slips that are being made."""

    def __init__(self, data, edges=(), slip=None):
        self.data, self.edges, self.slip = data, edges, slip

    def __add__(self, other):
        slopes = 1.0, 1.0
        if self.slip("In __add__: the slopes of a sum are 1 and 1, whatever the numbers are."):
            slopes = self.data, other.data
        return self.made(self.data + other.data, other, slopes)

    def __mul__(self, other):
        slopes = other.data, self.data
        if self.slip("In __mul__: the slope with respect to one factor is the other factor. Yours are exchanged."):
            slopes = self.data, other.data
        elif self.slip("In __mul__: the slopes of a product are not 1. Each is the other factor."):
            slopes = 1.0, 1.0
        if self.slip("In __mul__: a product has two inputs. Record an edge to `other` as well."):
            return Recorded(self.data * other.data, [(self, slopes[0])], self.slip)
        return self.made(self.data * other.data, other, slopes)

    def made(self, data, other, slopes):
        edges = [(self, slopes[0]), (other, slopes[1])]
        if self.slip("The number is right, but nothing is recorded: give the new Value its edges as well."):
            edges = []
        elif self.slip("A value has two inputs: record an edge to `other` as well as to `self`."):
            edges = edges[:1]
        elif self.slip("x * x has two edges, both to x: keep both, do not merge or skip them."):
            edges = list(dict(edges).items())
        return Recorded(data, edges, self.slip)


def along_paths(value, start):
    """Return the slope of a value with respect to start, by paths; edges may be any pairs."""
    if value is start:
        return 1.0
    if isinstance(value.edges, dict):
        raise ValueError("edges expects a list of pairs (input, slope): a dict cannot hold the two edges of x * x")
    total = 0.0
    for edge in value.edges:
        if not (isinstance(edge, (tuple, list)) and len(edge) == 2 and hasattr(edge[0], "edges")):
            raise ValueError("edges expects a list of pairs (input, slope), and the input is a Value, not its number")
        if hasattr(edge[1], "data") and hasattr(edge[1], "edges"):
            raise ValueError("the slope in a pair is a number, not a Value: take its .data")
        total += edge[1] * along_paths(edge[0], start)
    return total


def number_and_slopes(x, y, formula):
    """Return the number of a formula and its two slopes, all as recorded."""
    result = FORMULAS[formula](x, y)
    if result is ...:
        return ...
    if result is None:
        raise ValueError("an operator returned None, so it does not end in `return`")
    if not (hasattr(result, "data") and hasattr(result, "edges")):
        raise ValueError(f"an operator returns a new Value, and yours returned {brief(result)}")
    return result.data, along_paths(result, x), along_paths(result, y)


@exercise(*({formula: (formula, 3.0, 5.0)} for formula in FORMULAS), ("(x + y) * y", -2.0, 0.5))
def operators(formula, x, y):
    leaves = Tensor(x, requires_grad=True), Tensor(y, requires_grad=True)
    result = FORMULAS[formula](*leaves)
    result.backward()
    return result.data, *(0.0 if leaf.grad is None else leaf.grad for leaf in leaves)


@operators.slips
def _(slip, formula, x, y):
    return number_and_slopes(Recorded(x, slip=slip), Recorded(y, slip=slip), formula)


operators.name = "Value"


def value(attempt):
    """Print the verdict on a class of numbers with `data`, `edges`, `__add__` and `__mul__`."""
    if attempt is ... or isinstance(attempt, type):
        operators(recording_with(attempt))
    else:
        say(f"✗ Value: expected a class, got {brief(attempt)}")


def recording_with(attempt):
    """Return a function of a formula that plays it on values of this class; ... for a class that is a stub."""
    if attempt is ... or all(does_nothing(getattr(attempt, name, None)) for name in ("__add__", "__mul__")):
        return ...

    def play(formula, x, y):
        try:
            return number_and_slopes(attempt(x), attempt(y), formula)
        except Exception as error:
            return Raised(from_line_of_attempt(error, __file__))

    return play


TABLE = np.arange(12.0).reshape(3, 4) ** 1.5


@exercise(
    {"a bias": (TABLE, (4,)), "a column": (TABLE, (3, 1)), "same shape": (TABLE, (3, 4)), "a number": (TABLE, ())},
    {"both kinds of axes": (TABLE.reshape(3, 2, 2), (2, 1))},
)
def unbroadcast(grad, shape):
    total = np.zeros(shape)
    where = np.broadcast_to(np.arange(total.size).reshape(shape), grad.shape)
    for index, number in zip(where.ravel(), grad.ravel(), strict=True):
        total.ravel()[index] += number
    return total


@unbroadcast.slips
def _(slip, grad, shape):
    reduce = np.sum
    if slip("A mean is not a sum: an element that was used several times collects all of its uses."):
        reduce = np.mean
    elif slip("You took one of the copies. The element was used in all of them, so their gradients add up."):
        reduce = np.min
    new = grad.ndim - len(shape)
    front = tuple(range(new))
    ones = tuple(new + axis for axis, size in enumerate(shape) if size == 1)
    if slip("Axes of size 1 are summed, but those that broadcasting put in front are not."):
        front = ()
    elif slip("Axes in front are summed, but axes of size 1 were stretched as well."):
        ones = ()
    result = reduce(grad, axis=ones, keepdims=True) if ones else grad
    return reduce(result, axis=front) if front else result


@unbroadcast.mistake("Axis 0 is not always the one that was stretched: compare grad.shape with shape, axis by axis.")
def _(grad, shape):
    return grad.sum(axis=0)


GRAD, TOP, BOTTOM = np.array([1.0, -2.0, 0.5]), np.array([3.0, 1.0, -4.0]), np.array([2.0, -0.5, 4.0])


@exercise((GRAD, TOP, BOTTOM), (-3 * GRAD, BOTTOM, TOP))
def pull_div(grad, x, y):
    return np.exp(-np.log(np.abs(y))) * np.sign(y) * grad, -x * grad * np.abs(y) ** -2.0


@pull_div.slips
def _(slip, grad, x, y):
    grad_x, grad_y = grad / y, -grad * x / y**2
    if slip("The gradient with respect to x has to be multiplied by grad, which comes from above."):
        grad_x = 1 / y
    if slip("The gradient with respect to y has to be multiplied by grad, which comes from above."):
        grad_y = -x / y**2
    elif slip("A sign is missing: a larger denominator makes a positive quotient smaller."):
        grad_y = grad * x / y**2
    elif slip("The slope of 1/y is -1/y**2: the second power of y is missing."):
        grad_y = -grad * x / y
    if slip("Right, but in the other order: first the gradient with respect to x."):
        return grad_y, grad_x
    return grad_x, grad_y


@pull_div.mistake("The slope with respect to y is -x / y**2: the factor x is missing.")
def _(grad, x, y):
    return grad / y, -grad / y**2


@pull_div.mistake("These are the pullbacks of the product x * y.")
def _(grad, x, y):
    return grad * y, grad * x


P = np.array([0.1, 0.2, 0.7])
FOUR = np.array([0.4, 0.3, 0.2, 0.1])


@exercise((GRAD, P), (np.array([0.0, 1.0, 0.0]), P), (np.array([1.0, 2.0, 3.0, -1.0]), FOUR))
def pull_softmax(grad, p):
    return (np.diag(p) - np.outer(p, p)) @ grad


@pull_softmax.slips
def _(slip, grad, p):
    if slip("That is only the Jacobian's diagonal. Every score changes every probability."):
        return grad * p * (1 - p)
    if slip("The diagonal's p is there; the part that all scores share, minus p times (p . grad), is not."):
        return grad * p
    shared = grad.sum() if slip("Take the sum of p times grad, not the sum of grad.") else p @ grad
    return (1 if slip("The factor p in front is missing.") else p) * (grad - shared)


def pair(x):
    return ops.stack([x[0] * x[1] * x[2], ops.exp(x[0]) - x[2]])


def triple(x):
    return ops.tanh(x @ np.array([[1.0, 0.5, -1.0], [0.2, -0.3, 0.4]]))


def squares(x):
    return x * x


POINT = np.array([0.5, -1.0, 2.0])


@exercise((pair, POINT), (triple, POINT[:2]), (squares, POINT))
def jacobian(f, x):
    """By central differences, one column for each input."""
    columns = [f(Tensor(x + 1e-5 * unit)).data - f(Tensor(x - 1e-5 * unit)).data for unit in np.eye(len(x))]
    return np.stack(columns, axis=1) / 2e-5


@jacobian.slips
def _(slip, f, x):
    rows = jacobian.reference(f, x)
    if slip("Each row also holds the rows above it: gradients accumulate. Use zero_grad, or a new leaf."):
        rows = np.cumsum(rows, axis=0)
    if slip("With v = 1 you got the sum of the rows. Ask for one row at a time: v has a single 1."):
        return jacobian.reference(f, x).sum(axis=0)
    if slip("It is transposed: one row for each output, one column for each input."):
        return rows.T
    return rows


def slope_of_bowl(x):
    """The gradient of x0^2 + 3 x0 x1 + 2 x1^2."""
    return np.array([[2.0, 3.0], [3.0, 4.0]]) @ x


def slope_of_wave(x):
    """The gradient of exp(x0) x1 + sin(x1)."""
    return np.array([np.exp(x[0]) * x[1], np.exp(x[0]) + np.cos(x[1])])


@exercise(
    (slope_of_wave, np.array([0.5, -1.0]), np.array([1.0, 2.0])),
    (slope_of_wave, np.array([-0.5, 2.0]), np.array([-3.0, 0.0])),
    (slope_of_bowl, np.array([1.0, -2.0]), np.array([0.5, 1.0])),
    tolerance=1e-3,  # so that one-sided differences will do
)
def hessian_vector(gradient, x, v):
    """By columns of the Hessian."""
    eps = 1e-5
    columns = [(gradient(x + eps * unit) - gradient(x - eps * unit)) / (2 * eps) for unit in np.eye(len(x))]
    return np.stack(columns, axis=1) @ v


for eps in 10.0 ** np.arange(-10, 0):

    @hessian_vector.mistake("The difference is right, but still has to be divided by the distance of the two points.")
    def _(gradient, x, v, eps=eps):
        return gradient(x + eps * v) - gradient(x - eps * v)

    @hessian_vector.mistake("The difference is right, but still has to be divided by eps.")
    def _(gradient, x, v, eps=eps):
        return gradient(x + eps * v) - gradient(x)


for eps in (1.0, 0.1):

    @hessian_vector.mistake("The step is too large: the gradient bends on the way. Take 1e-5, say.")
    def _(gradient, x, v, eps=eps):
        return (gradient(x + eps * v) - gradient(x - eps * v)) / (2 * eps)


for eps in (1.0, 0.1, 0.01, 0.001):

    @hessian_vector.mistake("The step is too large: the gradient bends on the way. Take 1e-5, say.")
    def _(gradient, x, v, eps=eps):
        return (gradient(x + eps * v) - gradient(x)) / eps


@hessian_vector.mistake("The two points are two steps apart: divide by 2 eps.")
def _(gradient, x, v):
    return 2 * hessian_vector.reference(gradient, x, v)


@hessian_vector.mistake("That is the slope along v, spread out: the gradient itself has to change, by H v.")
def _(gradient, x, v):
    return gradient(x) * v


@hessian_vector.mistake("That is v^T H v, the curvature along v. The product H v is a vector.")
def _(gradient, x, v):
    return v @ hessian_vector.reference(gradient, x, v)


@hessian_vector.mistake("Do not divide by the length of v: H v is linear in v.")
def _(gradient, x, v):
    return hessian_vector.reference(gradient, x, v) / np.linalg.norm(v)
