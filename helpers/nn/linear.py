"""Layers on vectors, and the one that makes vectors of images."""

import math

import numpy as np

from ..autodiff import ops
from ..support.arguments import as_count
from . import init
from .module import Module
from .parameters import new_bias, new_weight, shape_of


class Linear(Module):
    """Compute x W + b for x (..., in_features) and weight (in_features, out_features).

    It is the book's W^T x + b, with one example per row.
    """

    def __init__(
        self, in_features, out_features, bias=True,
        *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
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


class Flatten(Module):
    """Make a vector of each example: x (N, ...) -> (N, product of the other sizes)."""

    def forward(self, x):
        shape = shape_of("Flatten", x)
        if not shape:
            raise ValueError("Flatten: x expects shape (N, ...), got ()")
        return ops.reshape(x, (shape[0], math.prod(shape[1:])))
