"""Convolutional layers, on images (N, C, H, W)."""

import math

import numpy as np

from ..autodiff import ops
from ..images import Window
from ..images.transposed import read_output_padding
from ..support.arguments import Arguments, as_pair
from . import init
from .parameters import new_bias, new_weight
from .windowed import Windowed


class Conv2d(Windowed):
    """Cross-correlation of x (N, C, H, W) with out_channels kernels (eq. 9.6), and a bias for each.

    Arguments as in `images.conv2d`.
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1,
        bias=True, *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
        _keep_channels(self, "Conv2d", in_channels, out_channels, groups)
        self.window = Window.read("Conv2d", kernel_size, stride, padding, dilation)
        shape = self.out_channels, self.in_channels // self.groups, *self.kernel_size
        self.weight = new_weight("Conv2d", shape, weight_init, rng, dtype)
        self.bias = new_bias("Conv2d", bias, (self.out_channels,), dtype)

    def forward(self, x):
        return ops.conv2d(x, self.weight, self.bias, window=self.window, groups=self.groups)

    def multiply_adds(self, x_shape, y_shape):
        return math.prod(y_shape) * self.in_channels // self.groups * math.prod(self.kernel_size)


class ConvTranspose2d(Windowed):
    """The adjoint of a convolution, which makes images larger.

    Arguments as in `images.conv_transpose2d`.
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0,
        groups=1, bias=True, dilation=1,
        *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
        _keep_channels(self, "ConvTranspose2d", in_channels, out_channels, groups)
        self.window = Window.read("ConvTranspose2d", kernel_size, stride, padding, dilation)
        self.output_padding = read_output_padding(output_padding, self.window)
        shape = self.in_channels, self.out_channels // self.groups, *self.kernel_size
        self.weight = new_weight("ConvTranspose2d", shape, weight_init, rng, dtype)
        self.bias = new_bias("ConvTranspose2d", bias, (self.out_channels,), dtype)

    def forward(self, x):
        options = {"output_padding": self.output_padding, "groups": self.groups}
        return ops.conv_transpose2d(x, self.weight, self.bias, window=self.window, **options)

    def multiply_adds(self, x_shape, y_shape):
        return math.prod(x_shape) * self.out_channels // self.groups * math.prod(self.kernel_size)


class LocalConv2d(Windowed):
    """Convolution without sharing (eq. 9.9), on images of input_size.

    Each position has its own kernels and biases.
    """

    def __init__(
        self, in_channels, out_channels, input_size, kernel_size, stride=1, padding=0, bias=True,
        *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
        _keep_channels(self, "LocalConv2d", in_channels, out_channels)
        self.window = Window.read("LocalConv2d", kernel_size, stride, padding)
        grid = self.window.grid(*as_pair("LocalConv2d", "input_size", input_size))
        kernels = self.out_channels, self.in_channels, *self.kernel_size

        def draw(shape, rng, dtype):  # position by position, as each has kernels of its own
            drawn = [weight_init(kernels, rng=rng, dtype=dtype) for _ in range(math.prod(grid))]
            return np.stack(drawn, axis=1).reshape(shape)

        self.weight = new_weight("LocalConv2d", (kernels[0], *grid, *kernels[1:]), draw, rng, dtype)
        self.bias = new_bias("LocalConv2d", bias, (self.out_channels, *grid), dtype)

    def forward(self, x):
        return ops.local_conv2d(x, self.weight, self.bias, window=self.window)

    def multiply_adds(self, x_shape, y_shape):
        return math.prod(y_shape) * self.in_channels * math.prod(self.kernel_size)


def _keep_channels(layer, where, in_channels, out_channels, groups=1):
    """Read the numbers of channels, and of the groups that divide both, into the layer."""
    read = Arguments(where)
    layer.in_channels = read.count("in_channels", in_channels)
    layer.out_channels = read.count("out_channels", out_channels)
    counts = {"in_channels": layer.in_channels, "out_channels": layer.out_channels}
    layer.groups = read.divisor("groups", groups, **counts)
