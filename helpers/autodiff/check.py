"""Tests of gradients: central differences, and the tape against them (book, section 6.5)."""

import numpy as np

from ..support.arguments import as_function, as_number, as_real, as_rng
from .tensor import Tensor


def numerical_grad(f, x, eps=1e-6):
    """Return the slopes at x of f, from an array to a number, by central differences in float64.

    They are an array of the shape of x. The step along each coordinate is eps times its magnitude,
    at least eps; integers are converted first. ValueError or TypeError names the argument, f among
    them where it returns anything but one number.
    """
    as_function("numerical_grad", "f", f)
    eps = as_number("numerical_grad", "eps", eps, "(0, inf)")
    return _slopes("numerical_grad", f, as_real("numerical_grad", "x", x).astype(float), eps)


def _slopes(where, f, x, eps):
    """Compute `numerical_grad`, its arguments read."""
    slopes = np.empty_like(x)
    for index in np.ndindex(x.shape):
        step = eps * max(1.0, abs(x[index]))
        below, above = x.copy(), x.copy()
        below[index] -= step
        above[index] += step
        width = above[index] - below[index]  # two steps, as they were rounded
        if width == 0:
            form = f"a step that changes {float(x[index])!r}"
            raise ValueError(f"{where}: eps expects {form}, got {eps!r}")
        slopes[index] = (_number(where, f(above)) - _number(where, f(below))) / width
    return slopes


def _number(where, value):
    """Read what f returned: one number."""
    if value is None:
        raise TypeError(f"{where}: f expects to return one number, got None")
    array = as_real(where, "f's value", value.data if isinstance(value, Tensor) else value)
    if array.size != 1:
        raise ValueError(f"{where}: f expects to return one number, got shape {array.shape}")
    return float(array.item())


def check_grad(f, *inputs, eps=1e-6, tolerance=1e-6, rng=None):
    """Compare the tape's gradient of v^T f with central differences, and return the largest error.

    f takes Tensors and returns one; the inputs become float64, and rng draws v. Errors are
    relative to the largest slope with respect to that input, or to 1e-3 where all are smaller.
    AssertionError names input and index where the error exceeds the tolerance; ValueError or
    TypeError names a wrong argument.

    >>> check_grad(lambda x: x * x, [1.0, 2.0]) < 1e-8
    True
    """
    as_function("check_grad", "f", f)
    eps = as_number("check_grad", "eps", eps, "(0, inf)")
    tolerance = as_number("check_grad", "tolerance", tolerance, "[0, inf]")
    rng = np.random.default_rng(0) if rng is None else as_rng("check_grad", rng)
    leaves = [_leaf(i, x) for i, x in enumerate(inputs)]
    value = _value(f, leaves)
    v = rng.standard_normal(value.shape)
    if value.requires_grad:
        value.backward(v)

    differences = (_differences(f, leaves, i, v, eps) for i in range(len(leaves)))
    errors = (_error(i, leaves[i], slopes, tolerance) for i, slopes in enumerate(differences))
    return max(errors, default=0.0)


def _leaf(i, value):
    """Read input i as a leaf of float64."""
    array = as_real("check_grad", f"input {i}", value)
    return Tensor(array.astype(float), requires_grad=True)


def _differences(f, leaves, i, v, eps):
    """Return the slopes of v^T f with respect to input i by central differences."""

    def along(x):
        return np.sum(v * _value(f, [*leaves[:i], Tensor(x), *leaves[i + 1 :]]).data)

    return _slopes("check_grad", along, leaves[i].data, eps)


def _value(f, inputs):
    """Call f, and expect a Tensor."""
    value = f(*inputs)
    if not isinstance(value, Tensor):
        got = "None" if value is None else f"a value of type {type(value).__name__}"
        raise TypeError(f"check_grad: f expects to return a Tensor, got {got}")
    return value


def _error(i, leaf, slopes, tolerance):
    """Return the largest error of check_grad with respect to input i."""
    tape = np.zeros(leaf.shape) if leaf.grad is None else leaf.grad
    errors = abs(tape - slopes) / abs(slopes).max(initial=1e-3)
    largest = float(errors.max(initial=0.0))
    if not largest <= tolerance:  # NaN is an error as well
        index = np.unravel_index(errors.argmax(), errors.shape)
        place = f"input {i} at [{', '.join(map(str, index))}]"
        found = f"{slopes[index]:.9g} by differences, {tape[index]:.9g} by the tape"
        raise AssertionError(f"check_grad: {place} has slope {found}")
    return largest
