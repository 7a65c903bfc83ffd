"""Clipping of gradients (book, section 10.11.1)."""

import math

import numpy as np

from ..support.arguments import as_number
from .optimizers import as_leaves


def clip_grad_norm(params, max_norm):
    """Scale the gradients in place so that their joint norm is at most max_norm (section 10.11.1).

    Return the norm before. One that is NaN, infinite or beyond float64 leaves the gradients as
    they are, and so does an infinite max_norm, which asks for the norm alone.
    """
    max_norm = as_number("clip_grad_norm", "max_norm", max_norm, "[0, inf]")
    grads = [param.grad for param in as_leaves("clip_grad_norm", params) if param.grad is not None]
    norm = _joint_norm(grads)
    if max_norm < norm < math.inf:
        for grad in grads:  # in float64, as the factor may be too small for the gradient's dtype
            grad[...] = grad.astype(np.promote_types(grad.dtype, float)) * (max_norm / norm)
    return norm


def _joint_norm(grads):
    """Return the norm of all gradients as one vector.

    They are divided by a power of two, which is exact, so that no square overflows or vanishes.
    """
    largest = float(np.max([abs(grad).max(initial=0) for grad in grads], initial=0))
    if largest == 0 or not math.isfinite(largest):
        return largest
    exponent = math.frexp(largest)[1]
    scaled = (np.ldexp(grad.astype(float), -exponent) for grad in grads)
    norm = math.hypot(*(float(np.linalg.norm(grad)) for grad in scaled))
    with np.errstate(over="ignore"):
        return float(np.ldexp(norm, exponent))
