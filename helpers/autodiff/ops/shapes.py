"""Operations that reshape, select and join: the pullback puts each number back."""

import math
from functools import partial

import numpy as np

from ...support.arguments import as_count, as_real
from ..operation import operation


@operation(arrays=1, keeps_integers=True)
def reshape(x, shape):
    """Give the elements another shape."""
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
    """Select x[index]; the gradients of an element that is selected more than once add up."""
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
    """Copy an array of indices, so that the caller cannot change it."""
    if part is None or part is ... or isinstance(part, (int, np.integer, slice)):
        return part
    if type(part) is np.ndarray:
        return part.copy()
    indices = np.array(as_real("getitem", "index", part, kinds="biuf"))
    if indices.size == 0 and not hasattr(part, "dtype"):
        return indices.astype(np.intp)  # an empty list, which NumPy reads as floats
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
    value = np.concatenate(parts, axis)
    ends = np.cumsum([0, *(part.shape[axis] for part in parts)])

    def by(i, grad):
        return grad.swapaxes(0, axis)[ends[i] : ends[i + 1]].swapaxes(0, axis)

    return value, *(partial(by, i) for i in range(len(parts)))


def stack(parts, axis=0):
    """Join a sequence of parts of one shape along a new axis."""
    axis = as_count("stack", "axis", axis, minimum=-math.inf)
    return _stack(*_read_parts("stack", parts), axis=axis)


@operation(name="stack", keeps_integers=True)
def _stack(*parts, axis):
    def by(i, grad):
        return np.moveaxis(grad, axis, 0)[i]

    return np.stack(parts, axis), *(partial(by, i) for i in range(len(parts)))
