"""Locally connected layers: convolution with another kernel at each position (section 9.5)."""

import numpy as np

from ..support.arguments import Arguments, as_real, sum_dtype
from .columns import fold_windows, view_windows
from .padding import add_border, cut_border, padded_size
from .window import Window


def local_conv2d(x, weight, bias=None, stride=1, padding=0):
    """Correlate each window of the images with a kernel of its own (eq. 9.9).

    x (N, C, H, W), weight (F, P, Q, C, kH, kW), bias (F, P, Q) -> (N, F, P, Q); stride and padding
    as in `conv2d`.

    >>> x = np.array([[[[1.0, 2.0, 3.0]]]])
    >>> weight = np.array([[1.0, 1.0], [1.0, -1.0]]).reshape(1, 1, 2, 1, 1, 2)
    >>> local_conv2d(x, weight).tolist()  # a sum at the first position, a difference at the second
    [[[[3.0, -1.0]]]]
    """
    return LocalConvolution.read("local_conv2d", x, weight, stride, padding).forward(bias)


class LocalConvolution:
    """One call of local_conv2d, its arguments read: the output, and each gradient, on demand.

    It is a matrix product at each position (p, q): kernels (F, C kH kW) times that window of all
    images, (C kH kW, N).
    """

    def __init__(self, x, weight, window):
        read = Arguments(window.where)
        self.x = read.images("x", x, "(N, C, H, W)")
        weight = _read_kernels(read.where, self.x, weight)
        self.window = window
        self.grid = window.grid(*self.x.shape[2:])
        shape = len(weight), *self.grid, self.x.shape[1], *window.kernel_size
        self.weight = read.shaped("weight", weight, shape)
        if not len(weight):
            expected = "at least one kernel"
            raise ValueError(f"{read.where}: weight expects {expected}, got shape {weight.shape}")
        self.dtype = sum_dtype(self.x, self.weight, integers=np.float64)

    @classmethod
    def read(cls, where, x, weight, stride=1, padding=0, window=None):
        """Read the arguments of the function `where`; a window that was read before is taken."""
        if window is None:
            x = Arguments(where).images("x", x, "(N, C, H, W)")
            weight = _read_kernels(where, x, weight)
            window = Window.read(where, weight.shape[-2:], stride, padding)
        return cls(x, weight, window)

    def forward(self, bias=None):
        """Compute the output (N, F, P, Q)."""
        out = (self._kernels() @ self._columns()).transpose(3, 2, 0, 1)
        if bias is None:
            return out
        bias = Arguments(self.window.where).shaped("bias", bias, self.weight.shape[:3])
        return out + bias.astype(self.dtype)

    def grad_x(self, grad):
        """Pull grad, the gradient with respect to the output, back to x."""
        columns = self._kernels().swapaxes(2, 3) @ self._positions_first(self._read_grad(grad))
        (P, Q), (N, C, H, W) = self.grid, self.x.shape
        view = columns.reshape(P, Q, C, *self.window.kernel_size, N).transpose(5, 2, 0, 1, 3, 4)
        shape = (N, C, *padded_size((H, W), self.window.padding))
        return cut_border(fold_windows(view, shape, self.window), self.window.padding)

    def grad_weight(self, grad):
        """Pull grad back to the kernels."""
        product = self._positions_first(self._read_grad(grad)) @ self._columns().swapaxes(2, 3)
        return np.moveaxis(product, 2, 0).reshape(self.weight.shape)

    def grad_bias(self, grad):
        """Pull grad back to the bias."""
        return self._read_grad(grad).sum(axis=0)

    def _read_grad(self, grad):
        shape = (len(self.x), len(self.weight), *self.grid)
        return Arguments(self.window.where).shaped("grad", grad, shape)

    def _kernels(self):
        """Return the weights as (P, Q, F, C kH kW)."""
        weight = np.moveaxis(self.weight, 0, 2).astype(self.dtype, copy=False)
        return weight.reshape(*weight.shape[:3], -1)

    def _columns(self):
        """Return the windows as (P, Q, C kH kW, N)."""
        padded = add_border(self.window.where, self.x, self.window.padding)
        view = view_windows(padded.astype(self.dtype, copy=False), self.window)
        return view.transpose(2, 3, 1, 4, 5, 0).reshape(*self.grid, -1, len(self.x))

    def _positions_first(self, grad):
        """Return a gradient (N, F, P, Q) as (P, Q, F, N)."""
        return grad.astype(self.dtype, copy=False).transpose(2, 3, 1, 0)


def _read_kernels(where, x, weight):
    weight = as_real(where, "weight", weight)
    if x.ndim != 4 or weight.ndim != 6:
        expected = "shape (F, P, Q, C, kH, kW) for x (N, C, H, W)"
        got = f"{weight.shape} for x {x.shape}"
        raise ValueError(f"{where}: weight expects {expected}, got {got}")
    return weight
