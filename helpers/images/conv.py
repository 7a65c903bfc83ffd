"""Convolution of images as deep learning means it, cross-correlation, with its gradients."""

from functools import cached_property

import numpy as np

from ..support.arguments import Arguments, as_images, sum_dtype
from .correlate import (
    correlate_adjoint,
    correlate_batch,
    correlate_image,
    correlate_weight,
    images_last,
)
from .padding import add_border, cut_border, padded_size
from .window import Window


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Cross-correlate images with kernels (eq. 9.6).

    x (N, C, H, W), weight (F, C // groups, kH, kW), bias (F,) -> (N, F, P, Q). Also one image
    x (H, W) with one kernel (kH, kW) and a number as bias -> (P, Q). stride and dilation are an int
    or (height, width), padding as in `pad2d`. With groups, each group of C // groups channels has
    F // groups kernels of its own. For a true convolution, flip the kernel or use SciPy's
    convolve2d. float32 stays float32; integers are summed in int64. ValueError or TypeError names
    the argument, what was expected and what came.

    >>> conv2d([[0, 1, 2], [3, 4, 5]], [[1, 0], [0, -1]]).tolist()
    [[-4, -4]]
    >>> conv2d(np.ones((8, 3, 32, 32)), np.ones((16, 3, 5, 5)), stride=2, padding=2).shape
    (8, 16, 16, 16)
    """
    call = Convolution.read("conv2d", x, weight, stride, padding, dilation, groups)
    return call.forward(bias)


def conv2d_backward(grad, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Pull the gradient of conv2d's output back to its inputs (book, section 9.5).

    grad has the shape of the output; the result is (grad_x, grad_weight, grad_bias), in the shapes
    of x, weight and bias. Arguments and errors as in `conv2d`. Integers become float64.

    >>> grad_x, grad_weight, grad_bias = conv2d_backward([[1, 2]], [[3, 4, 5]], [[6, 7]])
    >>> grad_x.tolist(), grad_weight.tolist(), grad_bias.tolist()
    ([[6.0, 19.0, 14.0]], [[11.0, 14.0]], 3.0)
    """
    call = Convolution.read("conv2d_backward", x, weight, stride, padding, dilation, groups)
    return call.grad_x(grad), call.grad_weight(grad), call.grad_bias(grad)


class Convolution:
    """One call of conv2d, its arguments read: the output, and each gradient, on demand.

    The window has the size of the kernels; what it names as `where` is what errors name.
    """

    def __init__(self, x, weight, window, groups=1):
        read = Arguments(window.where)
        self.x = read.images("x", x)
        self.weight = _read_kernels(read.where, weight)
        self.window = window
        self._check_shapes()
        channels, kernels = (1, 1) if self.x.ndim == 2 else (self.x.shape[1], len(self.weight))
        self.groups = read.divisor("groups", groups, channels=channels, kernels=kernels)
        self._check_channels(channels)
        self.grid = window.grid(*self.x.shape[-2:])

    @classmethod
    def read(cls, where, x, weight, stride=1, padding=0, dilation=1, groups=1, window=None):
        """Read the arguments of the function `where`; a window that was read before is taken."""
        if window is None:
            weight = _read_kernels(where, weight)
            window = Window.read(where, weight.shape[-2:], stride, padding, dilation)
        return cls(x, weight, window, groups)

    def _check_shapes(self):
        where, x, weight = self.window.where, self.x, self.weight
        if x.ndim != weight.ndim:
            raise ValueError(
                f"{where}: weight expects {x.ndim} dimensions as x has, got {weight.ndim} "
                f"(x {x.shape}, weight {weight.shape})"
            )
        self.window.expect_kernels(weight)

    def _check_channels(self, channels):
        expected = self.weight.shape[1] * self.groups if self.x.ndim == 4 else 1
        if expected != channels:
            in_groups = f" with groups={self.groups}" if self.groups > 1 else ""
            raise ValueError(
                f"{self.window.where}: weight expects {expected} input channels, x has {channels} "
                f"(x {self.x.shape}, weight {self.weight.shape}){in_groups}"
            )

    @cached_property
    def padded(self):
        """x within its border, in the memory order that the output and grad_weight want."""
        images = self.x if self.x.ndim == 2 else images_last(self.x)
        return add_border(self.window.where, images, self.window.padding)

    def forward(self, bias=None):
        """Compute the output, (N, F, P, Q) or (P, Q)."""
        dtype = sum_dtype(self.x, self.weight, integers=np.int64)
        x, weight = self.padded.astype(dtype, copy=False), self.weight.astype(dtype, copy=False)
        if x.ndim == 2:
            out = correlate_image(x, weight, self.window, self.grid)
        else:
            out = correlate_batch(x, weight, self.window, self.groups)
        return out if bias is None else self._add_bias(out, bias)

    def _add_bias(self, out, bias):
        shape = () if out.ndim == 2 else (len(self.weight),)
        bias = Arguments(self.window.where).shaped("bias", bias, shape)
        bias = bias.reshape(shape + (1, 1) * bias.ndim)
        if bias.dtype.kind == "f" and out.dtype.kind != "f":
            return out + bias
        out += bias.astype(out.dtype, copy=False)
        return out

    def grad_x(self, grad):
        """Pull grad, the gradient with respect to the output, back to x."""
        grad, weight = self._read_grad(grad, self.weight)
        size = padded_size(self.x.shape[-2:], self.window.padding)
        padded = correlate_adjoint(grad, size, weight, self.window, self.groups)
        return cut_border(padded, self.window.padding).reshape(self.x.shape)

    def grad_weight(self, grad):
        """Pull grad back to the kernels."""
        grad, padded = self._read_grad(grad, self.padded)
        return correlate_weight(grad, padded, self.window, self.groups).reshape(self.weight.shape)

    def grad_bias(self, grad):
        """Pull grad back to the bias."""
        (grad,) = self._read_grad(grad)
        return grad.sum(axis=(0, 2, 3)).reshape(self.weight.shape[:-3])

    def _read_grad(self, grad, *others):
        """Return grad, and others, in one dtype and with four axes: one image is a batch of one."""
        expected = self.grid if self.x.ndim == 2 else (len(self.x), len(self.weight), *self.grid)
        grad = Arguments(self.window.where).shaped("grad", grad, expected)
        dtype = sum_dtype(grad, self.x, self.weight, integers=np.float64)
        one = (None, None) if grad.ndim == 2 else ()
        return [array[(*one, ...)].astype(dtype, copy=False) for array in (grad, *others)]


def _read_kernels(where, weight):
    return as_images(where, "weight", weight, "(kH, kW) or (F, C // groups, kH, kW)")
