"""Layers on images (N, C, H, W)."""

import math

import numpy as np

from ..autodiff import ops
from ..images.conv import read_output_padding
from ..images.pool import read_window
from ..images.window import Window
from ..support.arguments import as_count, as_flag, as_pair
from . import init
from .module import Module
from .parameters import new_bias, new_weight, shape_of


class Conv2d(Module):
    """Cross-correlation of x (N, C, H, W) with out_channels kernels (eq. 9.6), as `conv.conv2d`, and a bias each."""

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
        *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
        self.in_channels, self.out_channels = _channels("Conv2d", in_channels, out_channels, groups)
        Window.read("Conv2d", kernel_size, stride, padding, dilation)
        self.kernel_size = as_pair("Conv2d", "kernel_size", kernel_size)
        self.stride, self.padding, self.dilation = _plain(stride), _plain(padding), _plain(dilation)
        self.groups = int(groups)
        shape = self.out_channels, self.in_channels // self.groups, *self.kernel_size
        self.weight = new_weight("Conv2d", shape, weight_init, rng, dtype)
        self.bias = new_bias("Conv2d", bias, (self.out_channels,), dtype)

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
        window = Window.read("ConvTranspose2d", kernel_size, stride, padding, dilation)
        read_output_padding("ConvTranspose2d", output_padding, window)
        self.kernel_size = window.kernel_size
        self.stride, self.padding, self.dilation = _plain(stride), _plain(padding), _plain(dilation)
        self.output_padding = _plain(output_padding)
        self.groups = int(groups)
        shape = self.in_channels, self.out_channels // self.groups, *self.kernel_size
        self.weight = new_weight("ConvTranspose2d", shape, weight_init, rng, dtype)
        self.bias = new_bias("ConvTranspose2d", bias, (self.out_channels,), dtype)

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
        self.kernel_size = window.kernel_size
        self.stride, self.padding = _plain(stride), _plain(padding)
        grid = window.grid(*as_pair("LocalConv2d", "input_size", input_size))
        kernels = self.out_channels, self.in_channels, *window.kernel_size

        def draw(shape, rng, dtype):  # position by position, as each has kernels of its own
            drawn = [weight_init(kernels, rng=rng, dtype=dtype) for _ in range(math.prod(grid))]
            return np.stack(drawn, axis=1).reshape(shape)

        self.weight = new_weight("LocalConv2d", (kernels[0], *grid, *kernels[1:]), draw, rng, dtype)
        self.bias = new_bias("LocalConv2d", bias, (self.out_channels, *grid), dtype)

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


def _plain(value):
    """A window's argument as the layer keeps it: an int, a tuple or a word, which cannot change."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    return value if value is None or isinstance(value, str) else int(value)


class MaxPool2d(Module):
    """Largest pixel of each window; arguments as in `pool.max_pool2d`."""

    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
        read_window("MaxPool2d", kernel_size, stride, padding, dilation)
        self.kernel_size = _plain(kernel_size)
        self.stride, self.padding = _plain(stride), _plain(padding)
        self.dilation = _plain(dilation)
        self.ceil_mode = as_flag("MaxPool2d", "ceil_mode", ceil_mode)

    def forward(self, x):
        return ops.max_pool2d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


class AvgPool2d(Module):
    """Mean of each window; arguments as in `pool.avg_pool2d`."""

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
        read_window("AvgPool2d", kernel_size, stride, padding)
        self.kernel_size = _plain(kernel_size)
        self.stride, self.padding = _plain(stride), _plain(padding)
        self.ceil_mode = as_flag("AvgPool2d", "ceil_mode", ceil_mode)
        self.count_include_pad = as_flag("AvgPool2d", "count_include_pad", count_include_pad)

    def forward(self, x):
        return ops.avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


class GlobalAvgPool2d(Module):
    """Mean of each channel over all pixels: (N, C, H, W) -> (N, C), for images of any size (Lin et al., 2013)."""

    def forward(self, x):
        shape = shape_of("GlobalAvgPool2d", x)
        if len(shape) != 4:
            raise ValueError(f"GlobalAvgPool2d: x expects shape (N, C, H, W), got {shape}")
        return ops.mean(x, (2, 3))
