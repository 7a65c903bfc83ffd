"""The transposed convolution: the adjoint of a convolution, which makes images larger."""

import numpy as np

from ..support.arguments import Arguments, as_images, as_pair, sum_dtype
from .conv import Convolution
from .correlate import correlate_adjoint
from .padding import cut_border
from .window import Window


def conv_transpose2d(
    x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):  # fmt: skip
    """Apply the adjoint of the linear map of conv2d with these kernels (book, section 9.5).

    x (N, C, H, W), weight (C, F // groups, kH, kW), bias (F,) -> (N, F, P, Q), where P = stride
    (H - 1) - padding + dilation (kH - 1) + 1 + output_padding, with padding counted at both ends.
    conv2d takes several sizes to one (H, W) if its stride is above 1: output_padding, less than the
    stride, chooses among them. Errors as in `conv2d`.

    >>> conv_transpose2d(np.array([[[[1, 2]]]]), np.array([[[[3, 4]]]]), stride=2).tolist()
    [[[[3.0, 4.0, 6.0, 8.0]]]]
    """
    call = TransposedConvolution.read(
        "conv_transpose2d", x, weight, stride, padding, dilation,
        output_padding=output_padding, groups=groups,
    )  # fmt: skip
    return call.forward(bias)


class TransposedConvolution:
    """One call of conv_transpose2d, its arguments read: the output and each gradient, on demand."""

    def __init__(self, x, weight, window, output_padding=0, groups=1):
        read = Arguments(window.where)
        self.x = read.images("x", x)
        self.weight = _read_kernels(read.where, weight)
        self.window = window
        self._check_shapes()
        self.groups = read.divisor("groups", groups, channels=len(self.weight))
        self.output_padding = read_output_padding(output_padding, window)
        self.padded_size = self._size_with_border()

    @classmethod
    def read(cls, where, x, weight, stride=1, padding=0, dilation=1, window=None, **options):
        """Read the arguments of the function `where`; a window that was read before is taken."""
        if window is None:
            weight = _read_kernels(where, weight)
            window = Window.read(where, weight.shape[-2:], stride, padding, dilation)
        return cls(x, weight, window, **options)

    def _check_shapes(self):
        where, x, weight = self.window.where, self.x, self.weight
        if x.ndim != 4 or weight.ndim != 4 or x.shape[1] != len(weight):
            raise ValueError(
                f"{where}: weight expects (C, F // groups, kH, kW) for x (N, C, H, W), "
                f"got {weight.shape} for x {x.shape}"
            )
        self.window.expect_kernels(weight)

    def _size_with_border(self):
        """Return the size of the output with its border, which is cut off."""
        window = self.window
        counts = self.x.shape[2:]
        axes = zip(counts, window.stride, window.extent, self.output_padding, strict=True)
        size = [step * (count - 1) + span + more for count, step, span, more in axes]
        inner = tuple(n - sum(pad) for n, pad in zip(size, window.padding, strict=True))
        if min(inner) < 1:
            expected = "to leave at least one pixel"
            got = f"an output of size {inner}"
            raise ValueError(f"{window.where}: padding expects {expected}, got {got}")
        return size

    def forward(self, bias=None):
        """Compute the output (N, F, P, Q)."""
        window = self.window
        dtype = sum_dtype(self.x, self.weight, integers=np.float64)
        x, weight = self.x.astype(dtype, copy=False), self.weight.astype(dtype, copy=False)
        blame = "stride" if max(window.stride) >= max(window.dilation) else "dilation"
        padded = correlate_adjoint(x, self.padded_size, weight, window, self.groups, blame)
        out = cut_border(padded, window.padding)
        if bias is None:
            return out
        bias = Arguments(window.where).shaped("bias", bias, out.shape[1:2])
        return out + bias.astype(dtype)[:, None, None]

    def grad_x(self, grad):
        """Pull grad, the gradient with respect to the output, back to x: a convolution."""
        return self._adjoint(grad).forward()

    def grad_weight(self, grad):
        """Pull grad back to the kernels: in the convolution, x takes the place of the gradient."""
        return self._adjoint(grad).grad_weight(self.x)

    def grad_bias(self, grad):
        """Pull grad back to the bias."""
        return as_images(self.window.where, "grad", grad, "(N, F, P, Q)").sum(axis=(0, 2, 3))

    def _adjoint(self, grad):
        return Convolution(grad, self.weight, self.window, self.groups)


def _read_kernels(where, weight):
    return as_images(where, "weight", weight, "(C, F // groups, kH, kW)")


def read_output_padding(output_padding, window):
    """Read what chooses among a transposed convolution's sizes: less than the stride."""
    extra = as_pair(window.where, "output_padding", output_padding, minimum=0)
    if any(more >= step for more, step in zip(extra, window.stride, strict=True)):
        expected = f"less than stride {window.stride}"
        got = repr(output_padding)
        raise ValueError(f"{window.where}: output_padding expects {expected}, got {got}")
    return extra
