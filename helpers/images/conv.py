"""Convolution of images as deep learning means it, cross-correlation, with its gradients and its matrix form."""

import math
from functools import cached_property

import numpy as np

from ..support.arguments import allocating, as_count, as_images, as_pair, as_shape, as_shaped, sum_dtype
from .correlate import correlate_adjoint, correlate_batch, correlate_image, correlate_weight, images_last
from .window import Window, add_border, cut_border, fold, fold_windows, output_size, read_padding, windows

__all__ = [
    "col2im",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "fold",
    "im2col",
    "output_size",
    "pad2d",
    "windows",
]


def pad2d(x, padding, kernel_size=None, value=0.0):
    """Copy x (H, W) or (N, C, H, W) into a border of `value`.

    `padding` is an int, (height, width), ((top, bottom), (left, right)), or "valid", "same" or "full", which ask for
    the `kernel_size` they are meant for. The dtype stays; ValueError where it cannot hold `value`.
    """
    x = as_images("pad2d", "x", x)
    rows, columns = as_pair("pad2d", "kernel_size", 1 if kernel_size is None else kernel_size)
    border = read_padding("pad2d", padding, (rows - 1, columns - 1), stride=(1, 1))
    if isinstance(padding, str) and kernel_size is None:
        raise ValueError(f"pad2d: kernel_size expects an integer or a pair with padding {padding!r}, got None")
    number = as_shaped("pad2d", "value", value, ()).item()
    if not _holds(x.dtype, number):
        raise ValueError(f"pad2d: value expects a number that dtype {x.dtype} can hold, got {value!r}")
    return add_border("pad2d", x, border, number).copy(order="K")


def _holds(dtype, number):
    """Whether `number` fits into the dtype: exactly into an integer, rounded into a float."""
    if dtype.kind == "f":
        return not np.isfinite(number) or abs(number) <= float(np.finfo(dtype).max)
    limits = np.iinfo(dtype)
    return limits.min <= number <= limits.max and number == int(number)


def im2col(x, kernel_size, stride=1, padding=0, dilation=1):
    """Lay the windows of x (N, C, H, W) out as rows of a matrix (N*P*Q, C*kH*kW); x (H, W) gives (P*Q, kH*kW).

    It makes a convolution one matrix product (Chellapilla, Puri and Simard, 2006).
    """
    x = as_images("im2col", "x", x)
    window = Window.read("im2col", kernel_size, stride, padding, dilation)
    window.grid(*x.shape[-2:])
    images = x[None, None] if x.ndim == 2 else x
    padded = add_border("im2col", images, window.padding)
    view = windows(padded, window.kernel_size, window.stride, window.dilation)
    with allocating("im2col", "kernel_size", view.shape):
        cols = np.moveaxis(view, 1, 3).copy()
    return cols.reshape(-1, images.shape[1] * math.prod(window.kernel_size))


def col2im(cols, shape, kernel_size, stride=1, padding=0, dilation=1):
    """Add the rows of an `im2col` matrix back onto images of `shape` (N, C, H, W) or (H, W): its adjoint.

    Integers are summed in int64.
    """
    window = Window.read("col2im", kernel_size, stride, padding, dilation)
    shape = as_shape("col2im", "shape", shape, ranks=(2, 4), form="(H, W) or (N, C, H, W)")
    images, channels, height, width = (1, 1, *shape)[-4:]
    (P, Q), (kH, kW) = window.grid(height, width), window.kernel_size
    cols = as_shaped("col2im", "cols", cols, (images * P * Q, channels * kH * kW))
    view = np.moveaxis(cols.reshape(images, P, Q, channels, kH, kW), 3, 1)
    padded = (images, channels, height + sum(window.padding[0]), width + sum(window.padding[1]))
    image = fold_windows(view, padded, window)
    return cut_border(image, window.padding).reshape(shape)


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Cross-correlate images with kernels (eq. 9.6). For a true convolution, flip the kernel or use SciPy's convolve2d.

    x (N, C, H, W), weight (F, C // groups, kH, kW), bias (F,) -> (N, F, P, Q). Also one image x (H, W) with one kernel
    (kH, kW) and a number as bias -> (P, Q). stride and dilation are an int or (height, width), padding as in `pad2d`.
    With groups, each group of C // groups channels has F // groups kernels of its own. float32 stays float32;
    integers are summed in int64. ValueError or TypeError names the argument, what was expected and what came.
    """
    return Convolution("conv2d", x, weight, stride, padding, dilation, groups).value(bias)


def conv2d_backward(grad, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Pull the gradient of conv2d's output back to its inputs: (grad_x, grad_weight, grad_bias) (book, section 9.5).

    grad has the shape of the output, the results those of x, weight and bias; arguments and errors as in `conv2d`.
    Integers become float64.
    """
    layer = Convolution("conv2d_backward", x, weight, stride, padding, dilation, groups)
    return layer.grad_x(grad), layer.grad_weight(grad), layer.grad_bias(grad)


class Convolution:
    """One call of conv2d, its arguments read: the value, and each gradient, which can be asked for alone."""

    def __init__(self, where, x, weight, stride=1, padding=0, dilation=1, groups=1):
        self.where, self.x = where, as_images(where, "x", x)
        self.weight = as_images(where, "weight", weight, "(kH, kW) or (F, C // groups, kH, kW)")
        self.groups = as_count(where, "groups", groups)
        self._check_channels()
        self.window = Window.read(where, self.weight.shape[-2:], stride, padding, dilation)
        self.grid = self.window.grid(*self.x.shape[-2:])

    def _check_channels(self):
        x, weight, groups = self.x, self.weight, self.groups
        shapes = f"(x {x.shape}, weight {weight.shape})"
        if x.ndim != weight.ndim:
            raise ValueError(f"{self.where}: weight expects {x.ndim} dimensions as x has, got {weight.ndim} {shapes}")
        channels, kernels = (1, 1) if x.ndim == 2 else (x.shape[1], len(weight))
        if channels % groups or kernels % groups:
            raise ValueError(
                f"{self.where}: groups expects a divisor of the {channels} channels and {kernels} kernels, "
                f"got {groups} {shapes}"
            )
        if x.ndim == 4 and weight.shape[1] * groups != channels:
            raise ValueError(
                f"{self.where}: weight expects {weight.shape[1] * groups} input channels, x has {channels} {shapes}"
                + (f" with groups={groups}" if groups > 1 else "")
            )

    @cached_property
    def padded(self):
        """x within its border, in the memory order in which both the value and the gradient of the kernels want it."""
        images = self.x if self.x.ndim == 2 else images_last(self.x)
        return add_border(self.where, images, self.window.padding)

    def value(self, bias=None):
        """The output, (N, F, P, Q) or (P, Q)."""
        dtype = sum_dtype(self.x, self.weight, integers=np.int64)
        x, weight = self.padded.astype(dtype, copy=False), self.weight.astype(dtype, copy=False)
        if x.ndim == 2:
            out = correlate_image(x, weight, self.window, self.grid)
        else:
            out = correlate_batch(x, weight, self.window, self.groups)
        return out if bias is None else self._add_bias(out, bias)

    def _add_bias(self, out, bias):
        bias = as_shaped(self.where, "bias", bias, () if out.ndim == 2 else (len(self.weight),))
        bias = bias.reshape(bias.shape + (1, 1) * bias.ndim)
        if bias.dtype.kind == "f" and out.dtype.kind != "f":
            return out + bias
        out += bias.astype(out.dtype, copy=False)
        return out

    def grad_x(self, grad):
        """Gradient with respect to x."""
        grad, weight = self._read_grad(grad, self.weight)
        size = [pixels + sum(pad) for pixels, pad in zip(self.x.shape[-2:], self.window.padding, strict=True)]
        padded = correlate_adjoint(grad, size, weight, self.window, self.groups)
        return cut_border(padded, self.window.padding).reshape(self.x.shape)

    def grad_weight(self, grad):
        """Gradient with respect to the kernels."""
        grad, padded = self._read_grad(grad, self.padded)
        return correlate_weight(grad, padded, self.window, self.groups).reshape(self.weight.shape)

    def grad_bias(self, grad):
        """Gradient with respect to the bias."""
        (grad,) = self._read_grad(grad)
        return grad.sum(axis=(0, 2, 3)).reshape(self.weight.shape[:-3])

    def _read_grad(self, grad, *others):
        """grad, and others, in one dtype and with four axes; a single image is a batch of one."""
        expected = self.grid if self.x.ndim == 2 else (len(self.x), len(self.weight), *self.grid)
        grad = as_shaped(self.where, "grad", grad, expected)
        dtype = sum_dtype(grad, self.x, self.weight, integers=np.float64)
        one = (None, None) if grad.ndim == 2 else ()
        return [array[(*one, ...)].astype(dtype, copy=False) for array in (grad, *others)]


def conv_transpose2d(x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Transposed convolution: the adjoint of the linear map of conv2d with these kernels (book, section 9.5).

    x (N, C, H, W), weight (C, F // groups, kH, kW), bias (F,) -> (N, F, P, Q), where P = stride (H - 1) - padding +
    dilation (kH - 1) + 1 + output_padding, with padding counted at both ends. conv2d takes several sizes to one (H, W)
    if its stride is above 1: output_padding, less than the stride, chooses among them. Errors as in `conv2d`.
    """
    where = "conv_transpose2d"
    x, weight = _read_transposed(where, x, weight)
    groups = as_count(where, "groups", groups)
    if len(weight) % groups:
        raise ValueError(
            f"{where}: groups expects a divisor of the {len(weight)} channels, got {groups} "
            f"(x {x.shape}, weight {weight.shape})"
        )
    window = Window.read(where, weight.shape[2:], stride, padding, dilation)
    size = _transposed_size(window, x.shape[2:], output_padding)
    dtype = sum_dtype(x, weight, integers=np.float64)
    blame = "stride" if max(window.stride) >= max(window.dilation) else "dilation"
    x, weight = x.astype(dtype, copy=False), weight.astype(dtype, copy=False)
    out = cut_border(correlate_adjoint(x, size, weight, window, groups, blame), window.padding)
    if bias is None:
        return out
    return out + as_shaped(where, "bias", bias, out.shape[1:2]).astype(dtype)[:, None, None]


def _read_transposed(where, x, weight):
    x = as_images(where, "x", x)
    weight = as_images(where, "weight", weight, "(C, F // groups, kH, kW)")
    if x.ndim != 4 or weight.ndim != 4 or x.shape[1] != len(weight):
        raise ValueError(
            f"{where}: weight expects (C, F // groups, kH, kW) for x (N, C, H, W), got {weight.shape} for x {x.shape}"
        )
    return x, weight


def _transposed_size(window, counts, output_padding):
    """Pixels of the output along each axis, its border included, for this many pixels of the input."""
    where, stride = window.where, window.stride
    extra = read_output_padding(where, output_padding, window)
    axes = zip(counts, stride, window.extent, extra, strict=True)
    size = [step * (count - 1) + span + more for count, step, span, more in axes]
    inner = tuple(pixels - sum(pad) for pixels, pad in zip(size, window.padding, strict=True))
    if min(inner) < 1:
        raise ValueError(f"{where}: padding expects to leave at least one pixel, got an output of size {inner}")
    return size


def read_output_padding(where, output_padding, window):
    """Read what chooses among a transposed convolution's sizes: less than the stride."""
    extra = as_pair(where, "output_padding", output_padding, minimum=0)
    if any(more >= step for more, step in zip(extra, window.stride, strict=True)):
        form = f"less than stride {window.stride}"
        raise ValueError(f"{where}: output_padding expects {form}, got {output_padding!r}")
    return extra
