"""How a layer makes its parameters when it is built, and reads the shape of its input."""

import numpy as np

from ..autodiff import Tensor
from ..support.arguments import as_flag, as_float_dtype, as_rng, as_shaped, expect_memory
from . import init


def new_weight(where, shape, weight_init, rng, dtype):
    """Return a leaf of this shape, drawn by weight_init(shape, rng=rng, dtype=dtype)."""
    expect_memory(where, "weight", shape)
    drawn = weight_init(shape, rng=as_rng(where, rng), dtype=as_float_dtype(where, "dtype", dtype))
    return Tensor(as_shaped(where, "weight_init's value", drawn, shape), requires_grad=True)


def new_bias(where, wanted, shape, dtype):
    """Return a leaf of zeros of this shape, or None if the layer's argument `bias` is False."""
    if not as_flag(where, "bias", wanted):
        return None
    expect_memory(where, "bias", shape)
    return Tensor(init.zeros(shape, dtype=dtype), requires_grad=True)


def shape_of(where, x):
    """Return the shape of a layer's input."""
    try:
        return np.shape(x)
    except ValueError:
        message = f"{where}: x expects an array, got nested sequences of different lengths"
        raise ValueError(message) from None
