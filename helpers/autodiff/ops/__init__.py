"""The table of operations on Tensors: each states its value and, side by side, its pullback to each input.

Here the inputs are arrays, and grad is the gradient with respect to the value; the engine records, un-broadcasts and
casts. Names and meanings are those of NumPy, else of PyTorch. At the end, Tensors get their operators and methods.
"""

import math
from functools import partial

import numpy as np
from scipy import special

from ...support.arguments import as_count, as_number, as_real, as_rng
from ..operation import operation
from ..tape import NOT_RECORDED, Tensor, quiet_underflow
from .images import avg_pool2d, conv2d, conv_transpose2d, local_conv2d, max_pool2d, pad2d  # noqa: F401

# Elementwise, with broadcasting.


@operation
def add(x, y):
    """x + y."""
    return x + y, lambda grad: grad, lambda grad: grad


@operation
def sub(x, y):
    """x - y."""
    return x - y, lambda grad: grad, lambda grad: -grad


@operation
def mul(x, y):
    """x y."""
    return x * y, lambda grad: grad * y, lambda grad: grad * x


@operation
def div(x, y):
    """x / y."""
    ratio = x / y
    return ratio, lambda grad: grad / y, lambda grad: -grad * ratio / y


@operation
def neg(x):
    """-x."""
    return -x, lambda grad: -grad


@operation
def power(x, y):
    """x to the power y; the slope of x^0 with respect to x is 0, and that of 0^y with respect to y."""
    value = x**y
    # y - (y != 0) and x + (x == 0) stay clear of 0/0 where the factor before them, y or x^y, is 0 already.
    return value, lambda grad: grad * y * x ** (y - (y != 0)), lambda grad: grad * value * np.log(x + (x == 0))


@operation
@quiet_underflow
def exp(x):
    """e to the power x."""
    value = np.exp(x)
    return value, lambda grad: grad * value


@operation
def log(x):
    """Natural logarithm."""
    return np.log(x), lambda grad: grad / x


@operation
def sqrt(x):
    """Square root."""
    root = np.sqrt(x)
    return root, lambda grad: grad / (2 * root)


@operation
def tanh(x):
    """Hyperbolic tangent."""
    value = np.tanh(x)
    return value, lambda grad: grad * (1 - value**2)


@operation
@quiet_underflow
def sigmoid(x):
    """1 / (1 + exp(-x)) (eq. 3.30)."""
    value = special.expit(x).astype(x.dtype, copy=False)  # SciPy returns half precision as double
    return value, lambda grad: grad * value * (1 - value)


@operation(keeps_integers=True)
def relu(x):
    """max(0, x), elementwise (section 6.3.1); its slope at 0 is 0."""
    value = np.zeros_like(x)  # an array of zeros: against a single 0 NumPy takes twice as long
    np.maximum(x, value, out=value)
    return value, lambda grad: grad * (value > 0)


@operation
@quiet_underflow
def softplus(x):
    """log(1 + exp(x)), without overflow (eq. 3.31)."""
    return np.logaddexp(x, 0), lambda grad: grad * special.expit(x)


@operation
def abs(x):
    """|x|; its slope at 0 is 0."""
    return np.abs(x), lambda grad: grad * np.sign(x)


@operation(keeps_integers=True)
def maximum(x, y):
    """The larger of x and y; a tie gives each half of the gradient."""
    return np.maximum(x, y), lambda grad: _won(grad, x, y), lambda grad: _won(grad, y, x)


@operation(keeps_integers=True)
def minimum(x, y):
    """The smaller of x and y; a tie gives each half of the gradient."""
    return np.minimum(x, y), lambda grad: _won(grad, y, x), lambda grad: _won(grad, x, y)


def _won(grad, x, y):
    return grad * (x > y) + grad * (x == y) / 2


@operation(keeps_integers=True)
def where(condition, x, y):
    """x where the condition, an array of booleans, holds, and y elsewhere."""
    dtype = np.asarray(condition).dtype
    if dtype.kind != "b":
        raise TypeError(f"where: condition expects booleans, got dtype {dtype}")

    def by_x(grad):
        return np.where(condition, grad, 0)

    def by_y(grad):
        return np.where(condition, 0, grad)

    return np.where(condition, x, y), None, by_x, by_y


@operation(arrays=1)
def dropout(x, p, rng):
    """x with each element set to 0 with probability p, the others divided by 1 - p (section 7.12)."""
    p = as_number("dropout", "p", p, "[0, 1)")
    kept = as_rng("dropout", rng).random(x.shape, np.float32) >= p
    scale = kept.astype(x.dtype) / (1 - p)
    return x * scale, lambda grad: grad * scale


# Over axes: an int, a tuple of them, or None for all.


@operation(arrays=1, keeps_integers=True)
def sum(x, axis=None, keepdims=False):
    """Sum over axes."""
    shape = x.shape
    return x.sum(axis, keepdims=keepdims), lambda grad: np.broadcast_to(_kept(grad, axis, keepdims), shape)


@operation(arrays=1)
def mean(x, axis=None, keepdims=False):
    """Mean over axes."""
    shape, size = x.shape, x.size or 1

    def pullback(grad):
        count = size / (grad.size or 1)
        if grad.dtype.itemsize == 2:
            count = np.float64(count)  # half precision has no numbers beyond 65504
        return np.broadcast_to(_kept(grad / count, axis, keepdims), shape)

    return x.mean(axis, keepdims=keepdims), pullback


@operation(arrays=1, keeps_integers=True)
def max(x, axis=None, keepdims=False):
    """Maximum over axes; elements that tie share the gradient evenly."""
    top = x.max(axis, keepdims=True)

    def pullback(grad):
        winners = x == top
        share = _kept(grad, axis, keepdims) / winners.sum(axis, keepdims=True)
        return share.astype(grad.dtype) * winners

    return top if keepdims else np.squeeze(top, axis), pullback


@operation(arrays=1)
@quiet_underflow
def logsumexp(x, axis=None, keepdims=False):
    """log of the sum of exp(x) over axes, without overflow (section 4.1)."""
    value = special.logsumexp(x, axis, keepdims=True)
    return value if keepdims else np.squeeze(value, axis), lambda grad: _kept(grad, axis, keepdims) * np.exp(x - value)


@operation(arrays=1)
@quiet_underflow
def log_softmax(x, axis=-1):
    """log of exp(x) / sum of exp(x), without overflow, over the last axis or others (eq. 6.30)."""
    shifted = x - x.max(axis, keepdims=True)
    value = shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))  # SciPy's takes three times as long for a batch
    return value, lambda grad: grad - np.exp(value) * grad.sum(axis, keepdims=True)


def _kept(array, axis, keepdims):
    """The array, with the axes over which it was reduced kept as axes of size 1."""
    return array if keepdims or axis is None else np.expand_dims(array, axis)


# Products.


@operation
def matmul(x, y):
    """Matrix product over the last two axes, broadcast over those before (eq. 2.5).

    x (..., m, n), y (..., n, k) -> (..., m, k). A vector x is a row, a vector y a column; the product lacks their axis.
    """
    value, rows, columns = x @ y, np.atleast_2d(x), y if y.ndim > 1 else y[:, None]
    lacks = (-2,) * (x.ndim == 1) + (-1,) * (y.ndim == 1)

    def by_x(grad):
        return np.expand_dims(grad, lacks) @ columns.swapaxes(-1, -2)

    def by_y(grad):
        if columns.ndim > 2:
            return rows.swapaxes(-1, -2) @ np.expand_dims(grad, lacks)
        # All matrices of a stack as one: a single product, instead of one for each and then their sum.
        count = len(rows) if rows.ndim == 2 else math.prod(rows.shape[:-1])
        product = rows.reshape(count, rows.shape[-1]).T @ grad.reshape(count, columns.shape[-1])
        return product[:, 0] if -1 in lacks else product

    return value, by_x, by_y


def einsum(subscripts, *operands):
    """np.einsum with its output named, as in "bij,bjk->bik"; no index twice in one operand, no ellipsis."""
    if not isinstance(subscripts, str):
        raise TypeError(f"einsum: subscripts expects a text such as 'ij,jk->ik', got {subscripts!r}")
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if not arrow or any(len(set(term)) < len(term) for term in terms):  # an ellipsis repeats its dot
        raise ValueError(f"einsum: subscripts expects the form 'ij,jk->ik', no index twice in one, got {subscripts!r}")
    return _einsum(*operands, terms=terms, output=output)


@operation(name="einsum")
def _einsum(*arrays, terms, output):
    def by(i, grad):
        ones = np.broadcast_to(np.ones((), grad.dtype), np.shape(arrays[i]))  # for axes that no other operand has
        others = ",".join([output, *terms[:i], *terms[i + 1 :], terms[i]])
        return np.einsum(f"{others}->{terms[i]}", grad, *arrays[:i], *arrays[i + 1 :], ones, optimize=True)

    value = np.einsum(f"{','.join(terms)}->{output}", *arrays, optimize=True)
    return value, *(partial(by, i) for i in range(len(arrays)))


# Shape and selection: the pullback puts each number back where it came from.


@operation(arrays=1, keeps_integers=True)
def reshape(x, shape):
    """The same elements in another shape."""
    before = x.shape
    return x.reshape(shape), lambda grad: grad.reshape(before)


@operation(arrays=1, keeps_integers=True)
def transpose(x, axes=None):
    """Permute the axes, or reverse them."""
    back = None if axes is None else np.argsort([axis % x.ndim for axis in axes])
    return np.transpose(x, axes), lambda grad: np.transpose(grad, back)


@operation(arrays=1, keeps_integers=True)
def moveaxis(x, source, destination):
    """Move axes to other places."""
    return np.moveaxis(x, source, destination), lambda grad: np.moveaxis(grad, destination, source)


@operation(arrays=1, keeps_integers=True)
def getitem(x, index):
    """x[index]; the gradients of an element that is taken more than once add up."""
    index = tuple(map(_kept_index, index if isinstance(index, tuple) else (index,)))
    repeats = any(isinstance(part, np.ndarray) and part.dtype != bool for part in index)
    shape = x.shape

    def pullback(grad):
        whole = np.zeros(shape, grad.dtype)
        if repeats:
            np.add.at(whole, index, grad)
        else:
            whole[index] = grad
        return whole

    return x[index], pullback


def _kept_index(part):
    """An array of indices as a copy, which the caller cannot change."""
    if part is None or part is ... or isinstance(part, (int, np.integer, slice)):
        return part
    if type(part) is np.ndarray:
        return part.copy()
    indices = np.array(as_real("getitem", "index", part, kinds="biuf"))
    if indices.size == 0 and not hasattr(part, "dtype"):  # an empty list has no numbers that could be no integers
        return indices.astype(np.intp)
    return indices


def concatenate(parts, axis=0):
    """Join a sequence of parts along an axis that they have."""
    axis = as_count("concatenate", "axis", axis, minimum=-math.inf)
    return _concatenate(*_read_parts("concatenate", parts), axis=axis)


def _read_parts(where, parts):
    try:
        return tuple(parts)
    except TypeError:
        raise TypeError(f"{where}: parts expects a sequence of arrays, got {parts!r}") from None


@operation(name="concatenate", keeps_integers=True)
def _concatenate(*parts, axis):
    value, ends = np.concatenate(parts, axis), np.cumsum([0, *(part.shape[axis] for part in parts)])

    def by(i, grad):
        return grad.swapaxes(0, axis)[ends[i] : ends[i + 1]].swapaxes(0, axis)

    return value, *(partial(by, i) for i in range(len(parts)))


def stack(parts, axis=0):
    """Join a sequence of parts of one shape along a new axis."""
    axis = as_count("stack", "axis", axis, minimum=-math.inf)
    return _stack(*_read_parts("stack", parts), axis=axis)


@operation(name="stack", keeps_integers=True)
def _stack(*parts, axis):
    return np.stack(parts, axis), *(lambda grad, i=i: np.moveaxis(grad, axis, 0)[i] for i in range(len(parts)))


# What a Tensor can do. A comparison has no gradient: it gives a plain array of booleans.


def _compare(ufunc):
    return lambda x, y: ufunc(*(value.data if isinstance(value, Tensor) else value for value in (x, y)))


COMPARISONS = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}
ANSWERS_TO = {  # what NumPy asks a Tensor for in `array + tensor`
    np.add: add,
    np.subtract: sub,
    np.multiply: mul,
    np.true_divide: div,
    np.power: power,
    np.matmul: matmul,
    **{ufunc: _compare(ufunc) for ufunc in COMPARISONS.values()},
}


def _answer(_, ufunc, method, *inputs, **options):
    """Compute `array + tensor` and the like; of np.exp(tensor) and others, say what to use instead."""
    if ufunc not in ANSWERS_TO or method != "__call__" or options:
        raise TypeError(NOT_RECORDED)
    return ANSWERS_TO[ufunc](*inputs)


def _one(numbers):
    """The shape or axes in x.reshape(2, 3) and in x.reshape((2, 3))."""
    return numbers[0] if len(numbers) == 1 else numbers or None


METHODS = {
    "__add__": add,
    "__radd__": lambda x, y: add(y, x),
    "__sub__": sub,
    "__rsub__": lambda x, y: sub(y, x),
    "__mul__": mul,
    "__rmul__": lambda x, y: mul(y, x),
    "__truediv__": div,
    "__rtruediv__": lambda x, y: div(y, x),
    "__pow__": power,
    "__rpow__": lambda x, y: power(y, x),
    "__matmul__": matmul,
    "__rmatmul__": lambda x, y: matmul(y, x),
    "__neg__": neg,
    "__abs__": abs,
    "__getitem__": getitem,
    "__iter__": lambda x: (x[i] for i in range(len(x))),
    **{f"__{name}__": _compare(ufunc) for name, ufunc in COMPARISONS.items()},
    "__array_ufunc__": _answer,
    "sum": sum,
    "mean": mean,
    "max": max,
    "reshape": lambda x, *shape, **options: reshape(x, _one(shape), **options),
    "transpose": lambda x, *axes: transpose(x, _one(axes)),
    "T": property(transpose),
}
for name, method in METHODS.items():
    setattr(Tensor, name, method)
