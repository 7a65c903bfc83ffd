"""Layers on vectors, and activations."""

import math

import numpy as np

from ..autodiff import ops
from ..support.arguments import as_count, as_number, as_rng
from . import init
from .module import Module
from .parameters import new_bias, new_weight, shape_of


class Linear(Module):
    """x W + b for x (..., in_features), weight (in_features, out_features): the book's W^T x + b, an example a row."""

    def __init__(self, in_features, out_features, bias=True, *, rng, weight_init=init.glorot_uniform, dtype=np.float32):
        self.in_features = as_count("Linear", "in_features", in_features)
        self.out_features = as_count("Linear", "out_features", out_features)
        shape = self.in_features, self.out_features
        self.weight = new_weight("Linear", shape, weight_init, rng, dtype)
        self.bias = new_bias("Linear", bias, shape[1:], dtype)

    def forward(self, x):
        shape = shape_of("Linear", x)
        if shape[-1:] != (self.in_features,):
            raise ValueError(f"Linear: x expects shape (..., {self.in_features}), got {shape}")
        product = ops.matmul(x, self.weight)
        return product if self.bias is None else product + self.bias

    def multiply_adds(self, x_shape, y_shape):
        return math.prod(y_shape) * self.in_features


class Dropout(Module):
    """In training, set each number to 0 with probability p and divide the others by 1 - p (section 7.12)."""

    def __init__(self, p=0.5, *, rng):
        self.p = as_number("Dropout", "p", p, "[0, 1)")
        self.rng = as_rng("Dropout", rng)

    def forward(self, x):
        return ops.dropout(x, self.p, self.rng) if self.training else x


class Flatten(Module):
    """x (N, ...) -> (N, the product of the others)."""

    def forward(self, x):
        shape = shape_of("Flatten", x)
        if not shape:
            raise ValueError("Flatten: x expects shape (N, ...), got ()")
        return ops.reshape(x, (shape[0], math.prod(shape[1:])))


class ReLU(Module):
    """max(0, x) (section 6.3.1)."""

    forward = staticmethod(ops.relu)


class Tanh(Module):
    """Hyperbolic tangent (section 6.3.2)."""

    forward = staticmethod(ops.tanh)


class Sigmoid(Module):
    """1 / (1 + exp(-x)) (section 6.3.2)."""

    forward = staticmethod(ops.sigmoid)


class Softplus(Module):
    """log(1 + exp(x)) (section 6.3.3)."""

    forward = staticmethod(ops.softplus)
