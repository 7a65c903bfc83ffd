"""Losses: a single number for a batch."""

import numpy as np

from .. import ops
from ..arguments import as_real, as_shaped


def cross_entropy(logits, labels):
    """Mean of -log softmax(logits)[label] over examples (eq. 6.30), without overflow.

    logits (N, K); labels (N,) integers from 0 to K - 1. ValueError or TypeError for any other.
    """
    labels, shape = as_real("cross_entropy", "labels", labels), np.shape(logits)
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"cross_entropy: logits expects shape (N, K), none of them 0, got {shape}")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"cross_entropy: labels expects integers, got dtype {labels.dtype}")
    labels = as_shaped("cross_entropy", "labels", labels, shape[:1])
    if labels.min() < 0 or labels.max() >= shape[1]:
        wrong = labels.min() if labels.min() < 0 else labels.max()
        raise ValueError(f"cross_entropy: labels expects integers from 0 to {shape[1] - 1}, got {wrong}")
    return -ops.mean(ops.log_softmax(logits)[np.arange(len(labels)), labels])


def mse_loss(output, target):
    """Mean of (output - target)^2 over all elements (eq. 5.4); ValueError unless both have one shape."""
    if np.shape(output) != np.shape(target) or 0 in np.shape(output):
        raise ValueError(f"mse_loss: target expects the shape of output {np.shape(output)}, got {np.shape(target)}")
    error = ops.sub(output, target)
    return ops.mean(error * error)
