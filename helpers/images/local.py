"""Locally connected layers: convolution whose kernel is another at each position (book, section 9.5)."""

import numpy as np

from ..support.arguments import as_images, as_real, as_shaped, sum_dtype
from .window import Window, add_border, cut_border, fold_windows, windows


def local_conv2d(x, weight, bias=None, stride=1, padding=0):
    """Correlate each window of the images with a kernel of its own (eq. 9.9).

    x (N, C, H, W), weight (F, P, Q, C, kH, kW), bias (F, P, Q) -> (N, F, P, Q); stride and padding as in `conv2d`.
    """
    return LocalConvolution("local_conv2d", x, weight, stride, padding).value(bias)


class LocalConvolution:
    """One call of local_conv2d, its arguments read: the value, and the gradient of each input.

    It is a matrix product at each position (p, q): kernels (F, C kH kW) times that window of all images, (C kH kW, N).
    """

    def __init__(self, where, x, weight, stride=1, padding=0):
        self.where, self.x = where, as_images(where, "x", x, "(N, C, H, W)")
        weight = as_real(where, "weight", weight)
        if self.x.ndim != 4 or weight.ndim != 6:
            raise ValueError(
                f"{where}: weight expects shape (F, P, Q, C, kH, kW) for x (N, C, H, W), "
                f"got {weight.shape} for x {self.x.shape}"
            )
        self.window = Window.read(where, weight.shape[4:], stride, padding)
        self.grid = self.window.grid(*self.x.shape[2:])
        shape = len(weight), *self.grid, self.x.shape[1], *self.window.kernel_size
        self.weight = as_shaped(where, "weight", weight, shape)
        if not len(weight):
            raise ValueError(f"{where}: weight expects at least one kernel, got shape {weight.shape}")
        self.dtype = sum_dtype(self.x, self.weight, integers=np.float64)

    def value(self, bias=None):
        """The output (N, F, P, Q)."""
        out = (self._kernels() @ self._columns()).transpose(3, 2, 0, 1)
        if bias is None:
            return out
        return out + as_shaped(self.where, "bias", bias, self.weight.shape[:3]).astype(self.dtype)

    def grad_x(self, grad):
        """Gradient with respect to x."""
        columns = self._kernels().swapaxes(2, 3) @ self._positions_first(grad)
        (P, Q), (N, C, H, W), kernel_size = self.grid, self.x.shape, self.window.kernel_size
        view = columns.reshape(P, Q, C, *kernel_size, N).transpose(5, 2, 0, 1, 3, 4)
        (top, bottom), (left, right) = self.window.padding
        padded = fold_windows(view, (N, C, top + H + bottom, left + W + right), self.window)
        return cut_border(padded, self.window.padding)

    def grad_weight(self, grad):
        """Gradient with respect to the kernels."""
        product = self._positions_first(grad) @ self._columns().swapaxes(2, 3)
        return np.moveaxis(product, 2, 0).reshape(self.weight.shape)

    def grad_bias(self, grad):
        """Gradient with respect to the bias."""
        return as_shaped(self.where, "grad", grad, (len(self.x), len(self.weight), *self.grid)).sum(axis=0)

    def _kernels(self):
        """The weights as (P, Q, F, C kH kW)."""
        weight = np.moveaxis(self.weight, 0, 2).astype(self.dtype, copy=False)
        return weight.reshape(*weight.shape[:3], -1)

    def _columns(self):
        """The windows as (P, Q, C kH kW, N)."""
        padded = add_border(self.where, self.x, self.window.padding).astype(self.dtype, copy=False)
        view = windows(padded, self.window.kernel_size, self.window.stride).transpose(2, 3, 1, 4, 5, 0)
        return view.reshape(*self.grid, -1, len(self.x))

    def _positions_first(self, grad):
        """A gradient (N, F, P, Q) as (P, Q, F, N)."""
        grad = as_shaped(self.where, "grad", grad, (len(self.x), len(self.weight), *self.grid))
        return grad.astype(self.dtype, copy=False).transpose(2, 3, 1, 0)
