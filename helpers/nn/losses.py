"""Losses: one number for a batch."""

import numpy as np

from ..autodiff import Tensor, ops
from ..support.arguments import as_real, as_shaped


def cross_entropy(logits, labels):
    """Return the mean of -log softmax(logits)[label] over examples (eq. 6.30).

    It does not overflow. logits (N, K), where integers become float64; labels (N,) integers from 0
    to K - 1. ValueError or TypeError for any other.
    """
    logits = _numbers("cross_entropy", "logits", logits)
    if logits.dtype.kind != "f":
        logits = logits.data.astype(float)
    if logits.ndim != 2 or 0 in logits.shape:
        got = logits.shape
        raise ValueError(f"cross_entropy: logits expects shape (N, K), none of them 0, got {got}")
    labels = as_labels("cross_entropy", labels, logits.shape)
    return -ops.mean(ops.log_softmax(logits)[np.arange(len(labels)), labels])


def mse_loss(output, target):
    """Return the mean of (output - target)^2 over all elements (eq. 5.4).

    ValueError unless both have one shape. Where neither holds floats they become float64, in which
    a difference cannot wrap around.
    """
    output = _numbers("mse_loss", "output", output)
    target = _numbers("mse_loss", "target", target)
    if 0 in output.shape:
        got = f"shape {output.shape}"
        raise ValueError(f"mse_loss: output expects at least one element, got {got}")
    if output.shape != target.shape:
        shapes = f"{output.shape}, got {target.shape}"
        raise ValueError(f"mse_loss: target expects the shape of output {shapes}")
    if "f" not in (output.dtype.kind, target.dtype.kind):
        output = output.data.astype(float)
    error = ops.sub(output, target)
    return ops.mean(error * error)


def as_labels(where, labels, shape):
    """Read the labels of outputs of this shape (N, K): (N,) integers from 0 to K - 1."""
    labels = as_real(where, "labels", labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{where}: labels expects integers, got dtype {labels.dtype}")
    labels = as_shaped(where, "labels", labels, shape[:1])
    if labels.min() < 0 or labels.max() >= shape[1]:
        wrong = labels.min() if labels.min() < 0 else labels.max()
        raise ValueError(f"{where}: labels expects integers from 0 to {shape[1] - 1}, got {wrong}")
    return labels


def _numbers(where, name, value):
    """Return a Tensor as it is, and anything else as a constant one; True counts as 1."""
    if isinstance(value, Tensor):
        return value
    array = as_real(where, name, value, kinds="biuf")
    return Tensor(array.astype(float) if array.dtype == bool else array)
