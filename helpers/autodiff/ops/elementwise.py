"""Operations on each element, with broadcasting; a docstring is the formula.

`abs` has NumPy's name: in this file it is not Python's own.
"""

import numpy as np
from scipy import special

from ...support.arguments import as_number, as_rng
from ..operation import operation
from ..tape import quiet_underflow


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
    """x to the power y; 0 is the slope of x^0 with respect to x, and of 0^y with respect to y."""
    value = x**y

    # y - (y != 0) and x + (x == 0) keep clear of 0/0 where the factor y or x^y is 0 already.
    def by_x(grad):
        return grad * y * x ** (y - (y != 0))

    def by_y(grad):
        return grad * value * np.log(x + (x == 0))

    return value, by_x, by_y


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
    """x, where each element is 0 with probability p, else divided by 1 - p (section 7.12)."""
    p = as_number("dropout", "p", p, "[0, 1)")
    kept = as_rng("dropout", rng).random(x.shape, np.float32) >= p
    scale = kept.astype(x.dtype) / (1 - p)
    return x * scale, lambda grad: grad * scale
