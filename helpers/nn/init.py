"""Initial values of parameters (book, section 8.4), and what each aims at.

A layer of m inputs and n outputs keeps the variance of its activations if its weights have
variance 1/m, and the variance of the gradients if they have 1/n. Each function takes the shape,
the generator and the dtype. Numbers are drawn in float64 and then rounded, so that one seed gives
the same weights in every dtype.
"""

import math

import numpy as np

from ..support.arguments import as_float_dtype, as_number, as_rng, as_shape, expect_memory


def fans(shape):
    """Return (fan_in, fan_out): how many inputs an output sums, how many outputs an input reaches.

    shape is (inputs, outputs) for a matrix W in x W. For kernels it is (F, C // groups, kH, kW),
    where fan_in is C // groups kH kW, and fan_out is F kH kW. ValueError for any other.
    """
    return _fans("fans", shape)


def _fans(where, shape):
    """Do the same for the function called `where`, which errors name."""
    form = "(inputs, outputs) or (F, C // groups, kH, kW)"
    shape = as_shape(where, "shape", shape, ranks=(2, 4), form=form)
    if len(shape) == 2:
        return shape
    filters, channels, *kernel = shape
    return channels * math.prod(kernel), filters * math.prod(kernel)


def _read(where, shape, dtype):
    """Read the shape, an int or several, and the dtype of an array that memory can hold."""
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    sizes = as_shape(where, "shape", sizes, range(65), "an integer or a tuple of integers")
    dtype = as_float_dtype(where, "dtype", dtype)
    expect_memory(where, "shape", sizes, np.promote_types(dtype, float))  # as draws are made
    return sizes, dtype


def zeros(shape, *, rng=None, dtype=np.float32):
    """Return zeros, as for most biases (section 8.4).

    A matrix of zeros would leave its units alike for ever. `rng` is not used: it lets zeros stand
    where a layer expects a function that draws.
    """
    return np.zeros(*_read("zeros", shape, dtype))


def ones(shape, *, rng=None, dtype=np.float32):
    """Return ones, as for the scale of batch normalization (section 8.7.1); `rng` as in `zeros`.

    The bias of an LSTM's forget gate begins with them, too.
    """
    return np.ones(*_read("ones", shape, dtype))


def uniform(shape, limit=0.05, *, rng, dtype=np.float32):
    """Draw uniformly between -limit and limit: mean 0, variance limit^2 / 3."""
    limit = as_number("uniform", "limit", limit, "[0, inf)")
    return _uniform("uniform", shape, limit, rng, dtype)


def _uniform(where, shape, limit, rng, dtype):
    shape, dtype = _read(where, shape, dtype)
    return as_rng(where, rng).uniform(-limit, limit, shape).astype(dtype)


def normal(shape, std=0.01, *, rng, dtype=np.float32):
    """Draw from a Gaussian: mean 0, variance std^2."""
    std = as_number("normal", "std", std, "[0, inf)")
    return _normal("normal", shape, std, rng, dtype)


def _normal(where, shape, std, rng, dtype):
    shape, dtype = _read(where, shape, dtype)
    return (std * as_rng(where, rng).standard_normal(shape)).astype(dtype)


def glorot_uniform(shape, *, rng, dtype=np.float32):
    """Draw uniformly, mean 0, variance 2 / (fan_in + fan_out): the compromise of eq. 8.23.

    (Glorot and Bengio, 2010.)
    """
    where = "glorot_uniform"
    return _uniform(where, shape, math.sqrt(6 / sum(_fans(where, shape))), rng, dtype)


def glorot_normal(shape, *, rng, dtype=np.float32):
    """Draw from a Gaussian, mean 0, variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010)."""
    where = "glorot_normal"
    return _normal(where, shape, math.sqrt(2 / sum(_fans(where, shape))), rng, dtype)


def he_normal(shape, *, rng, dtype=np.float32):
    """Draw from a Gaussian, mean 0, variance 2 / fan_in (He et al., 2015).

    It is meant for ReLU, which lets half of the variance pass.
    """
    where = "he_normal"
    return _normal(where, shape, math.sqrt(2 / _fans(where, shape)[0]), rng, dtype)


def orthogonal(shape, gain=1.0, *, rng, dtype=np.float32):
    """Draw an orthogonal matrix, which keeps the length of vectors, times gain (section 8.4).

    All orthogonal matrices are equally likely (Saxe et al., 2014). If the shape is not square, the
    shorter side is orthonormal. Kernels (F, C // groups, kH, kW) are read as a matrix of F rows.
    The variance of an element is gain^2 / the longer side.
    """
    _fans("orthogonal", shape)
    gain = as_number("orthogonal", "gain", gain, "[0, inf)")
    shape, dtype = _read("orthogonal", shape, dtype)
    rows = shape[0]
    columns = math.prod(shape[1:])
    draw = as_rng("orthogonal", rng).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(draw)
    # QR leaves the signs open; where r's diagonal is made positive, the draw is uniform.
    q *= np.copysign(gain, np.diag(r))
    return np.ascontiguousarray(q if rows >= columns else q.T, dtype).reshape(shape)
