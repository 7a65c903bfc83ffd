"""Batch normalization."""

import math

import numpy as np

from ..autodiff import Tensor, ops
from ..support.arguments import as_count, as_number, expect_memory
from . import init
from .module import Module
from .parameters import shape_of


class BatchNorm1d(Module):
    """Normalize each channel of x (N, C) or (N, C, L) (section 8.7.1; Ioffe and Szegedy, 2015).

    In training, a channel gets mean 0 and variance 1 over the batch; in evaluation mode running
    means of both are used. Then it is scaled by `weight` and shifted by `bias` (gamma and beta),
    which have one number per channel. As in PyTorch, the batch's variance is biased, and the
    running one is not. `momentum` is the weight of the newest batch in the running means.
    """

    ranks, form = (2, 3), "(N, {0}) or (N, {0}, L)"
    buffers = ("running_mean", "running_var")

    def __init__(self, num_features, eps=1e-5, momentum=0.1, *, dtype=np.float32):
        where = type(self).__name__
        self.num_features = as_count(where, "num_features", num_features)
        self.eps = as_number(where, "eps", eps, "[0, inf)")
        self.momentum = as_number(where, "momentum", momentum, "[0, 1]")
        shape = (self.num_features,)
        expect_memory(where, "num_features", shape)
        self.weight = Tensor(init.ones(shape, dtype=dtype), requires_grad=True)
        self.bias = Tensor(init.zeros(shape, dtype=dtype), requires_grad=True)
        self.running_mean = init.zeros(shape, dtype=dtype)
        self.running_var = init.ones(shape, dtype=dtype)

    def forward(self, x):
        shape = shape_of(type(self).__name__, x)
        per_channel = self._expect(shape)
        if self.training:
            axes = 0, *range(2, len(shape))
            mean = ops.mean(x, axes, keepdims=True)
            centered = x - mean
            variance = ops.mean(centered * centered, axes, keepdims=True)
            count = math.prod(shape) // self.num_features
            self._update_running(mean.data.ravel(), variance.data.ravel(), count)
        else:
            centered = x - Tensor(self.running_mean.reshape(per_channel))
            variance = Tensor(self.running_var.reshape(per_channel))
        scale = ops.reshape(self.weight, per_channel) / ops.sqrt(variance + self.eps)
        return centered * scale + ops.reshape(self.bias, per_channel)

    def _update_running(self, mean, variance, count):
        """Move the running means towards those of a batch with this many values per channel."""
        unbiased = variance * (count / (count - 1))
        self.running_mean += self.momentum * (mean - self.running_mean)
        self.running_var += self.momentum * (unbiased - self.running_var)

    def _expect(self, shape):
        """Check the shape of x; return the one in which a number per channel broadcasts to x."""
        where = type(self).__name__
        if len(shape) not in self.ranks or shape[1] != self.num_features:
            form = self.form.format(self.num_features)
            raise ValueError(f"{where}: x expects shape {form}, got {shape}")
        if self.training and math.prod(shape) <= self.num_features:
            raise ValueError(
                f"{where}: x expects more than one value per channel in training, got shape "
                f"{shape}: a value alone is its own mean, so the output would be the bias "
                "whatever x is; give a larger batch (batches(..., drop_last=True) leaves out a "
                "short last one), or call eval()"
            )
        return self.num_features, *(1,) * (len(shape) - 2)


class BatchNorm2d(BatchNorm1d):
    """Do the same for x (N, C, H, W): means per channel are over the batch and all pixels."""

    ranks, form = (4,), "(N, {0}, H, W)"
