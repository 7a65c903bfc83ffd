"""Layers on images (N, C, H, W)."""

import math

import numpy as np

from .. import init, ops
from ..arguments import as_count, as_pair, as_rng
from ..autodiff import Tensor
from ..module import Module
from ..window import Window


class Conv2d(Module):
    """Cross-correlation of x (N, C, H, W) with out_channels kernels (eq. 9.6), as `conv.conv2d`, and a bias each."""

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
        *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
        self.in_channels, self.out_channels = _channels("Conv2d", in_channels, out_channels, groups)
        Window.read("Conv2d", kernel_size, stride, padding, dilation)
        self.kernel_size = as_pair("Conv2d", "kernel_size", kernel_size)
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
        shape = self.out_channels, self.in_channels // groups, *self.kernel_size
        self.weight = Tensor(weight_init(shape, rng=as_rng("Conv2d", rng), dtype=dtype), requires_grad=True)
        self.bias = Tensor(init.zeros(self.out_channels, dtype=dtype), requires_grad=True) if bias else None

    def forward(self, x):
        return ops.conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)

    def multiply_adds(self, x_shape, y_shape):
        return math.prod(y_shape) * self.in_channels // self.groups * math.prod(self.kernel_size)


class ConvTranspose2d(Module):
    """The adjoint of a convolution, which makes images larger; arguments as in `conv.conv_transpose2d`."""

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True,
        dilation=1, *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
        self.in_channels, self.out_channels = _channels("ConvTranspose2d", in_channels, out_channels, groups)
        Window.read("ConvTranspose2d", kernel_size, stride, padding, dilation)
        self.kernel_size = as_pair("ConvTranspose2d", "kernel_size", kernel_size)
        self.stride, self.padding, self.output_padding = stride, padding, output_padding
        self.groups, self.dilation = groups, dilation
        shape = self.in_channels, self.out_channels // groups, *self.kernel_size
        self.weight = Tensor(weight_init(shape, rng=as_rng("ConvTranspose2d", rng), dtype=dtype), requires_grad=True)
        self.bias = Tensor(init.zeros(self.out_channels, dtype=dtype), requires_grad=True) if bias else None

    def forward(self, x):
        options = self.stride, self.padding, self.output_padding, self.groups, self.dilation
        return ops.conv_transpose2d(x, self.weight, self.bias, *options)

    def multiply_adds(self, x_shape, y_shape):
        return math.prod(x_shape) * self.out_channels // self.groups * math.prod(self.kernel_size)


class LocalConv2d(Module):
    """Convolution without sharing (eq. 9.9), on images of input_size: each position has its own kernels and biases."""

    def __init__(
        self, in_channels, out_channels, input_size, kernel_size, stride=1, padding=0, bias=True,
        *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
        self.in_channels, self.out_channels = _channels("LocalConv2d", in_channels, out_channels)
        window = Window.read("LocalConv2d", kernel_size, stride, padding)
        self.kernel_size, self.stride, self.padding = window.kernel_size, stride, padding
        grid = window.grid(*as_pair("LocalConv2d", "input_size", input_size))
        rng, shape = as_rng("LocalConv2d", rng), (self.out_channels, self.in_channels, *window.kernel_size)
        kernels = np.stack([weight_init(shape, rng=rng, dtype=dtype) for _ in range(math.prod(grid))], axis=1)
        self.weight = Tensor(kernels.reshape(self.out_channels, *grid, *shape[1:]), requires_grad=True)
        bias_shape = self.out_channels, *grid
        self.bias = Tensor(init.zeros(bias_shape, dtype=dtype), requires_grad=True) if bias else None

    def forward(self, x):
        return ops.local_conv2d(x, self.weight, self.bias, self.stride, self.padding)

    def multiply_adds(self, x_shape, y_shape):
        return math.prod(y_shape) * self.in_channels * math.prod(self.kernel_size)


def _channels(where, in_channels, out_channels, groups=1):
    """Read the numbers of channels; ValueError if the groups do not divide both."""
    channels = as_count(where, "in_channels", in_channels), as_count(where, "out_channels", out_channels)
    if any(count % as_count(where, "groups", groups) for count in channels):
        raise ValueError(f"{where}: groups expects a divisor of in_channels and out_channels {channels}, got {groups}")
    return channels


class MaxPool2d(Module):
    """Largest pixel of each window; arguments as in `pool.max_pool2d`."""

    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
        Window.read("MaxPool2d", kernel_size, kernel_size if stride is None else stride, padding, dilation)
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.dilation, self.ceil_mode = dilation, ceil_mode

    def forward(self, x):
        return ops.max_pool2d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


class AvgPool2d(Module):
    """Mean of each window; arguments as in `pool.avg_pool2d`."""

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
        Window.read("AvgPool2d", kernel_size, kernel_size if stride is None else stride, padding)
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, x):
        return ops.avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


class GlobalAvgPool2d(Module):
    """Mean of each channel over all pixels: (N, C, H, W) -> (N, C), for images of any size (Lin et al., 2013)."""

    def forward(self, x):
        if np.ndim(x) != 4:
            raise ValueError(f"GlobalAvgPool2d: x expects shape (N, C, H, W), got {np.shape(x)}")
        return ops.mean(x, (2, 3))
