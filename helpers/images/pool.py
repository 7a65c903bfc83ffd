"""Pooling of images (book, section 9.3): maximum, average and L-p norm of each window."""

from functools import cached_property, reduce

import numpy as np

from ..support.arguments import Arguments, as_number
from .pooling import Pooling


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Take the largest value in each window of x (N, C, H, W) or (H, W), with the dtype of x.

    kernel_size, stride (None: the kernel size) and dilation are an int or (height, width); padding
    as in `pad2d`, of less than the window's extent, counts as minus infinity. With ceil_mode, a
    last window may reach past the right and bottom edge, but none starts beyond it (as in PyTorch
    and ONNX). ValueError or TypeError names the argument.

    >>> max_pool2d([[1, 5, 2, 0], [3, 4, 8, 7]], 2).tolist()
    [[5, 8]]
    """
    window = kernel_size, stride, padding, dilation
    return MaxPooling.read("max_pool2d", x, *window, ceil_mode=ceil_mode).forward()


def max_pool2d_backward(grad, x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Pull the gradient of max_pool2d's output back to x.

    Each window's goes to its first maximum, row by row.

    >>> max_pool2d_backward([[1, 2]], [[1, 5, 2, 0], [3, 4, 8, 7]], 2).tolist()
    [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]]
    """
    window = kernel_size, stride, padding, dilation
    call = MaxPooling.read("max_pool2d_backward", x, *window, ceil_mode=ceil_mode)
    return call.grad_x(grad)


def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Take the mean of each window of x (N, C, H, W) or (H, W); integers give float64.

    Arguments as in `max_pool2d`, padding counts as zero. The mean is over the pixels of the window
    within the padded image, or with count_include_pad=False within the image itself. Pixels past
    the padded image, which ceil_mode allows, never count.

    >>> avg_pool2d([[1, 5, 2, 0], [3, 4, 8, 7]], 2).tolist()
    [[3.25, 4.25]]
    """
    options = {"ceil_mode": ceil_mode, "count_include_pad": count_include_pad}
    return AveragePooling.read("avg_pool2d", x, kernel_size, stride, padding, **options).forward()


def avg_pool2d_backward(
    grad, x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
):  # fmt: skip
    """Pull the gradient of avg_pool2d's output back to x.

    Each window's is spread evenly over the pixels it counts.

    >>> avg_pool2d_backward([[4, 8]], np.ones((2, 4)), 2).tolist()
    [[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]
    """
    options = {"ceil_mode": ceil_mode, "count_include_pad": count_include_pad}
    where = "avg_pool2d_backward"
    return AveragePooling.read(where, x, kernel_size, stride, padding, **options).grad_x(grad)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    """Take the L-p norm (sum of |x|^p)^(1/p) of each window of x (N, C, H, W) or (H, W).

    p = norm_type is at least 1.

    >>> lp_pool2d([[3, 0, 6], [0, 4, 8]], 2, (2, 1)).tolist()
    [[3.0, 4.0, 10.0]]
    """
    return NormPooling.read("lp_pool2d", x, kernel_size, stride, norm_type=norm_type).forward()


def lp_pool2d_backward(grad, x, norm_type, kernel_size, stride=None):
    """Pull the gradient of lp_pool2d's output y back to x.

    It is multiplied by sign(x) (|x| / y)^(p - 1), and is 0 where y is 0.

    >>> lp_pool2d_backward([[1]], [[3], [-4]], 2, (2, 1)).tolist()
    [[0.6], [-0.8]]
    """
    where = "lp_pool2d_backward"
    return NormPooling.read(where, x, kernel_size, stride, norm_type=norm_type).grad_x(grad)


class MaxPooling(Pooling):
    """One call of max_pool2d, its arguments read."""

    def forward(self):
        """Return the largest pixel of each window."""
        return self._maximum

    @cached_property
    def _maximum(self):
        first, *others = self.taps(self.x, _lowest(self.x.dtype))
        largest = np.maximum(first, others[0]) if others else first.copy(order="K")
        for tap in others[1:]:
            np.maximum(largest, tap, out=largest)
        return largest

    def grad_x(self, grad):
        """Pull grad back: each window's goes to its first maximum, never to the border."""
        grad, largest = self.read_grad(grad), self._maximum
        has_nan = np.isnan(largest.max())
        rest = np.empty_like(largest, dtype=grad.dtype)  # in x's memory order, which grad may lack
        rest[...] = grad

        def share(tap, inside):
            is_top = tap == largest
            if has_nan:
                is_top |= np.isnan(tap)
            if inside is not True:
                is_top &= inside
            part = rest * is_top
            np.subtract(rest, part, out=rest)  # nothing is left for a later pixel that is as large
            return part

        return self.pull_back(share, rest.dtype, _lowest(self.x.dtype))


def _lowest(dtype):
    """Return what no pixel is less than."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


class AveragePooling(Pooling):
    """One call of avg_pool2d, its arguments read."""

    def __init__(self, x, window, ceil_mode=False, count_include_pad=True):
        super().__init__(x, window, ceil_mode)
        read = Arguments(window.where)
        self.count_include_pad = read.flag("count_include_pad", count_include_pad)

    @cached_property
    def counts(self):
        """The number of pixels (P, Q) that each window counts."""
        return np.outer(self._counts_along(0), self._counts_along(1))

    def _counts_along(self, axis):
        """Return how many of its pixels each position along an axis counts."""
        window = self.window
        size = self.x.shape[axis - 2]
        before, after = window.padding[axis]
        starts = window.stride[axis] * np.arange(self.grid[axis])[:, None] - before
        pixels = starts + np.arange(window.kernel_size[axis])
        first, last = (-before, size + after) if self.count_include_pad else (0, size)
        return np.sum((pixels >= first) & (pixels < last), axis=1)

    def forward(self):
        """Return the mean of the pixels of each window that count."""
        with np.errstate(over="ignore"):
            total = self.total(lambda tap: tap)
        mean = total / self.counts
        if not np.isfinite(mean).all():  # a sum may overflow whose mean does not
            exact = self.total(lambda tap: tap / self.counts)  # dividing first costs digits
            mean = np.where(np.isinf(mean), exact, mean)
        return mean.astype(self.dtype)

    def grad_x(self, grad):
        """Pull grad back: each window's is spread evenly over the pixels that count."""
        grad = self.read_grad(grad)
        each = (grad / self.counts).astype(grad.dtype)
        return self.pull_back(lambda tap, inside: each, grad.dtype)


class NormPooling(Pooling):
    """One call of lp_pool2d, its arguments read."""

    def __init__(self, x, window, norm_type):
        self.p = as_number(window.where, "norm_type", norm_type, "[1, inf)")
        super().__init__(x, window)

    @np.errstate(under="ignore")
    def forward(self):
        """Return the L-p norm of each window."""
        unit, relative = self._unit_and_norm()
        return (unit * relative).astype(self.dtype)

    @np.errstate(under="ignore")
    def grad_x(self, grad):
        """Pull grad back: times sign(x) (|x| / norm)^(p - 1), and 0 where the norm is."""
        grad = self.read_grad(grad)
        unit, relative = self._unit_and_norm()
        relative[relative == 0] = 1

        def share(tap, inside):
            slope = np.sign(tap) * (abs(tap / unit) / relative) ** (self.p - 1)
            return (grad * slope).astype(grad.dtype)

        return self.pull_back(share, grad.dtype)

    def _unit_and_norm(self):
        """Return the order of magnitude of each window, and the L-p norm in that unit.

        So no power of a pixel overflows, and not all underflow, where the norm itself does not.
        """
        x = self.floating
        unit = reduce(np.fmax, self.taps(abs(x), 0))
        unit = np.minimum(np.where(unit > 0, unit, 1), np.finfo(x.dtype).max)
        if self.p < 32:  # a power of two divides exactly; to a large p, even 2 is out of range
            unit = np.ldexp(x.dtype.type(1), np.frexp(unit)[1] - 1)
        return unit, self.total(lambda tap: abs(tap / unit) ** self.p) ** (1 / self.p)
