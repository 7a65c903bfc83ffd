"""The exercises of lesson 6.5, Autodiff."""

from itertools import pairwise

import numpy as np

from ..autodiff import Tensor, ops
from . import exercise


@exercise(((5, 3, 2), "forward"), ((5, 3, 2), "reverse"), ((4, 6, 6, 1), "reverse"), ((1, 7, 3, 9), "forward"))
def products(widths, mode):
    seeds = np.eye(widths[0] if mode == "forward" else widths[-1])
    count = 0
    for below, above in pairwise(widths):
        count += len(seeds) * below * above
    return count


@products.mistake("The other way round: forward needs a pass for each input, reverse one for each output.")
def _(widths, mode):
    return products.reference(widths[::-1], mode)


@products.mistake("That is a single pass. All of the Jacobian takes one for each input (forward) or output (reverse).")
def _(widths, mode):
    return sum(below * above for below, above in pairwise(widths))


@products.mistake("The product with the unit vectors, with which multiply_out begins, is counted there as well.")
def _(widths, mode):
    first, last = widths[:2], widths[-2:]
    return products.reference(widths, mode) - products.reference(first if mode == "forward" else last, mode)


@products.mistake("You took the inputs for both. In reverse mode the unit vectors belong to the outputs.")
def _(widths, mode):
    return products.reference(widths, "forward")


@products.mistake("You took the outputs for both. In forward mode the unit vectors belong to the inputs.")
def _(widths, mode):
    return products.reference(widths, "reverse")


@products.mistake("Within a pass the layers follow each other: their products add up, they do not multiply.")
def _(widths, mode):
    return int(widths[0 if mode == "forward" else -1] * np.prod([a * b for a, b in pairwise(widths)]))


GRAD, TOP, BOTTOM = np.array([1.0, -2.0, 0.5]), np.array([3.0, 1.0, -4.0]), np.array([2.0, -0.5, 4.0])


@exercise((GRAD, TOP, BOTTOM), (-3 * GRAD, BOTTOM, TOP))
def pull_div(grad, x, y):
    return np.stack([np.exp(-np.log(np.abs(y))) * np.sign(y) * grad, -x * grad * np.abs(y) ** -2.0])


@pull_div.mistake("These are the slopes alone. A pullback multiplies them by grad, which comes from above.")
def _(grad, x, y):
    return np.stack([1 / y, -x / y**2])


@pull_div.mistake("The gradient by x is right. That by y has to be multiplied by grad as well.")
def _(grad, x, y):
    return np.stack([grad / y, -x / y**2])


@pull_div.mistake("The gradient by y is right. That by x has to be multiplied by grad as well.")
def _(grad, x, y):
    return np.stack([1 / y, -grad * x / y**2])


@pull_div.mistake("A sign is missing: a larger denominator makes a positive quotient smaller.")
def _(grad, x, y):
    return np.stack([grad / y, grad * x / y**2])


@pull_div.mistake("The slope of 1/y is -1/y**2: the second power of y is missing.")
def _(grad, x, y):
    return np.stack([grad / y, -grad * x / y])


@pull_div.mistake("Right, but in the other order: first the gradient by x, then that by y.")
def _(grad, x, y):
    return pull_div.reference(grad, x, y)[::-1]


P = np.array([0.1, 0.2, 0.7])
FOUR = np.array([0.4, 0.3, 0.2, 0.1])


@exercise((GRAD, P), (np.array([0.0, 1.0, 0.0]), P), (np.array([1.0, 2.0, 3.0, -1.0]), FOUR))
def pull_softmax(grad, p):
    return (np.diag(p) - np.outer(p, p)) @ grad


@pull_softmax.mistake("That is only the Jacobian's diagonal. Every score moves every probability.")
def _(grad, p):
    return grad * p * (1 - p)


@pull_softmax.mistake("The diagonal's p is there, the part that all scores share, minus p times (p . grad), is not.")
def _(grad, p):
    return grad * p


@pull_softmax.mistake("The factor p in front is missing.")
def _(grad, p):
    return grad - p @ grad


@pull_softmax.mistake("Take the sum of p times grad, not the sum of grad.")
def _(grad, p):
    return p * (grad - grad.sum())


def pair(x):
    return ops.stack([x[0] * x[1] * x[2], ops.exp(x[0]) - x[2]])


def triple(x):
    return ops.tanh(x @ np.array([[1.0, 0.5, -1.0], [0.2, -0.3, 0.4]]))


def squares(x):
    return x * x


POINT = np.array([0.5, -1.0, 2.0])


def _jacobian(f, x):
    """By central differences, one column for each input."""
    columns = [f(Tensor(x + 1e-5 * unit)).data - f(Tensor(x - 1e-5 * unit)).data for unit in np.eye(len(x))]
    return np.stack(columns, axis=1) / 2e-5


@exercise((pair, POINT), (triple, POINT[:2]), (squares, POINT))
def jacobian(f, x):
    return _jacobian(f, x)


@jacobian.mistake("It is transposed: one row for each output, one column for each input.")
def _(f, x):
    return _jacobian(f, x).T


@jacobian.mistake("Each row also holds the rows above it: gradients accumulate. Use zero_grad, or a new leaf.")
def _(f, x):
    return np.cumsum(_jacobian(f, x), axis=0)


@jacobian.mistake("With v = 1 you got the sum of the rows. Ask for one row at a time: v has a single 1.")
def _(f, x):
    return _jacobian(f, x).sum(axis=0)


TABLE = np.arange(12.0).reshape(3, 4) ** 1.5


@exercise((TABLE, (4,)), (TABLE, (3, 1)), (TABLE, (3, 4)), (TABLE, ()), (TABLE.reshape(3, 2, 2), (2, 1)))
def unbroadcast(grad, shape):
    total = np.zeros(shape)
    where = np.broadcast_to(np.arange(total.size).reshape(shape), grad.shape)
    for index, value in zip(where.ravel(), grad.ravel(), strict=True):
        total.ravel()[index] += value
    return total


def _over(grad, shape, reduce):
    new = grad.ndim - len(shape)
    axes = tuple(range(new)) + tuple(new + axis for axis, size in enumerate(shape) if size == 1)
    return reduce(grad, axis=axes).reshape(shape)


@unbroadcast.mistake("A mean is not a sum: an element that was used several times feels every one of its uses.")
def _(grad, shape):
    return _over(grad, shape, np.mean)


@unbroadcast.mistake("You took one of the copies. The element was used in all of them, so their gradients add up.")
def _(grad, shape):
    return _over(grad, shape, np.min)


@unbroadcast.mistake("Axes in front are summed, but axes of size 1 were stretched as well.")
def _(grad, shape):
    return grad.sum(axis=tuple(range(grad.ndim - len(shape))))


@unbroadcast.mistake("Axes of size 1 are summed, but those that broadcasting put in front are not.")
def _(grad, shape):
    new = grad.ndim - len(shape)
    return grad.sum(axis=tuple(new + axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


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


@hessian_vector.mistake("That is the slope along v, a number spread out: the gradient itself has to change, by H v.")
def _(gradient, x, v):
    return gradient(x) * v


@hessian_vector.mistake("That is v^T H v, the curvature along v. The product H v is a vector.")
def _(gradient, x, v):
    return v @ hessian_vector.reference(gradient, x, v)


@hessian_vector.mistake("Do not divide by the length of v: H v is linear in v.")
def _(gradient, x, v):
    return hessian_vector.reference(gradient, x, v) / np.linalg.norm(v)
