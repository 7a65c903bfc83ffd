"""Operations over axes: an int, a tuple of them, or None for all.

`sum` and `max` have NumPy's names: in this file they are not Python's own.
"""

import numpy as np
from scipy import special

from ..operation import operation
from ..tape import quiet_underflow


@operation(arrays=1, keeps_integers=True)
def sum(x, axis=None, keepdims=False):
    """Sum over axes."""
    shape = x.shape

    def pullback(grad):
        return np.broadcast_to(_kept(grad, axis, keepdims), shape)

    return x.sum(axis, keepdims=keepdims), pullback


@operation(arrays=1)
def mean(x, axis=None, keepdims=False):
    """Average over axes."""
    shape, size = x.shape, x.size or 1

    def pullback(grad):
        count = size / (grad.size or 1)
        if grad.dtype.itemsize == 2:
            count = np.float64(count)  # half precision has no numbers beyond 65504
        return np.broadcast_to(_kept(grad / count, axis, keepdims), shape)

    return x.mean(axis, keepdims=keepdims), pullback


@operation(arrays=1, keeps_integers=True)
def max(x, axis=None, keepdims=False):
    """Take the maximum over axes; elements that tie share the gradient evenly."""
    top = x.max(axis, keepdims=True)

    def pullback(grad):
        winners = x == top
        share = _kept(grad, axis, keepdims) / winners.sum(axis, keepdims=True)
        return share.astype(grad.dtype) * winners

    return top if keepdims else np.squeeze(top, axis), pullback


@operation(arrays=1)
@quiet_underflow
def logsumexp(x, axis=None, keepdims=False):
    """Compute the log of the sum of exp(x) over axes, without overflow (section 4.1)."""
    value = special.logsumexp(x, axis, keepdims=True)

    def pullback(grad):
        return _kept(grad, axis, keepdims) * np.exp(x - value)

    return value if keepdims else np.squeeze(value, axis), pullback


@operation(arrays=1)
@quiet_underflow
def log_softmax(x, axis=-1):
    """Compute the log of exp(x) / sum of exp(x), without overflow, over axes (eq. 6.30)."""
    shifted = x - x.max(axis, keepdims=True)
    # SciPy's log_softmax takes three times as long for a batch.
    value = shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))
    return value, lambda grad: grad - np.exp(value) * grad.sum(axis, keepdims=True)


def _kept(array, axis, keepdims):
    """Return the array with the axes over which it was reduced kept as axes of size 1."""
    return array if keepdims or axis is None else np.expand_dims(array, axis)
