"""The parameters of a layer, made when it is built."""

from .. import init
from ..arguments import as_rng, as_shaped, expect_memory
from ..autodiff import Tensor


def new_weight(where, shape, weight_init, rng, dtype):
    """Return a leaf of this shape, drawn by weight_init(shape, rng=rng, dtype=dtype)."""
    expect_memory(where, "weight", shape)
    drawn = weight_init(shape, rng=as_rng(where, rng), dtype=init.as_float_dtype(where, dtype))
    return Tensor(as_shaped(where, "weight_init's value", drawn, shape), requires_grad=True)


def new_bias(where, shape, dtype):
    """Return a leaf of zeros of this shape."""
    expect_memory(where, "bias", shape)
    return Tensor(init.zeros(shape, dtype=dtype), requires_grad=True)
