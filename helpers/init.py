"""Initial values of parameters (book, section 8.4), and what each aims at.

A layer of m inputs and n outputs keeps the variance of its activations if its weights have variance 1/m, and that of
the gradients if they have 1/n. Each function takes the shape, the generator and the dtype; the draw is made in float64
and then rounded, so that one seed gives the same weights in every dtype.
"""

import math

import numpy as np

from .arguments import as_rng, as_shape, as_shaped


def fans(shape):
    """Return (fan_in, fan_out), how many inputs an output sums over and how many outputs an input reaches.

    shape is (inputs, outputs) for a matrix W in x W; for kernels it is (F, C // groups, kH, kW), where fan_in is
    C // groups kH kW, and fan_out F kH kW. ValueError for any other.
    """
    return _fans("fans", shape)


def _fans(where, shape):
    shape = as_shape(where, "shape", shape, ranks=(2, 4), form="(inputs, outputs) or (F, C // groups, kH, kW)")
    if len(shape) == 2:
        return shape
    filters, channels, *kernel = shape
    return channels * math.prod(kernel), filters * math.prod(kernel)


def _dtype(where, dtype):
    dtype = np.dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"{where}: dtype expects a float dtype, got {dtype}")
    return dtype


def _number(where, name, value):
    number = float(as_shaped(where, name, value, ()))
    if not 0 <= number < math.inf:
        raise ValueError(f"{where}: {name} expects a finite number of at least 0, got {value!r}")
    return number


def zeros(shape, *, rng=None, dtype=np.float32):
    """All 0, as for most biases (section 8.4). A matrix of zeros would leave its units alike for ever."""
    return np.zeros(shape, _dtype("zeros", dtype))


def ones(shape, *, rng=None, dtype=np.float32):
    """All 1, as for the scale of batch normalization (section 8.7.1) and the bias of an LSTM's forget gate."""
    return np.ones(shape, _dtype("ones", dtype))


def uniform(shape, limit=0.05, *, rng, dtype=np.float32):
    """Uniform between -limit and limit: mean 0, variance limit^2 / 3."""
    limit, dtype = _number("uniform", "limit", limit), _dtype("uniform", dtype)
    return as_rng("uniform", rng).uniform(-limit, limit, shape).astype(dtype)


def normal(shape, std=0.01, *, rng, dtype=np.float32):
    """Gaussian: mean 0, variance std^2."""
    std, dtype = _number("normal", "std", std), _dtype("normal", dtype)
    return (std * as_rng("normal", rng).standard_normal(shape)).astype(dtype)


def glorot_uniform(shape, *, rng, dtype=np.float32):
    """Uniform, mean 0, variance 2 / (fan_in + fan_out): the compromise of eq. 8.23 (Glorot and Bengio, 2010)."""
    return uniform(shape, math.sqrt(6 / sum(_fans("glorot_uniform", shape))), rng=rng, dtype=dtype)


def glorot_normal(shape, *, rng, dtype=np.float32):
    """Gaussian, mean 0, variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010)."""
    return normal(shape, math.sqrt(2 / sum(_fans("glorot_normal", shape))), rng=rng, dtype=dtype)


def he_uniform(shape, *, rng, dtype=np.float32):
    """Uniform, mean 0, variance 2 / fan_in: for ReLU, which lets half of the variance pass (He et al., 2015)."""
    return uniform(shape, math.sqrt(6 / _fans("he_uniform", shape)[0]), rng=rng, dtype=dtype)


def he_normal(shape, *, rng, dtype=np.float32):
    """Gaussian, mean 0, variance 2 / fan_in: for ReLU, which lets half of the variance pass (He et al., 2015)."""
    return normal(shape, math.sqrt(2 / _fans("he_normal", shape)[0]), rng=rng, dtype=dtype)


def orthogonal(shape, gain=1.0, *, rng, dtype=np.float32):
    """A random orthogonal matrix times gain, which keeps the length of vectors (section 8.4; Saxe et al., 2014).

    All orthogonal matrices are equally likely; of a shape that is not square, the shorter side is orthonormal. Kernels
    (F, C // groups, kH, kW) are read as a matrix of F rows. The variance of an element is gain^2 / the longer side.
    """
    _fans("orthogonal", shape)
    gain, dtype = _number("orthogonal", "gain", gain), _dtype("orthogonal", dtype)
    rows, columns = shape[0], math.prod(shape[1:])
    draw = as_rng("orthogonal", rng).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(draw)
    q *= np.copysign(gain, np.diag(r))  # QR leaves the signs open; with r's diagonal positive the draw is uniform
    return np.ascontiguousarray(q if rows >= columns else q.T, dtype).reshape(shape)
