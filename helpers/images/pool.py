"""Pooling of images (book, section 9.3), forward and backward: maximum, average and L-p norm of each window."""

from functools import cached_property, reduce
from itertools import repeat
from math import gcd

import numpy as np

from ..support.arguments import as_flag, as_images, as_number, as_shaped, sum_dtype
from .window import Window, add_border, cut_border


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Largest value in each window of x (N, C, H, W) or (H, W), with the dtype of x.

    kernel_size, stride (None: the kernel size) and dilation are an int or (height, width); padding as in `pad2d`, of
    less than the window's extent, counts as minus infinity. With ceil_mode, a last window may hang over the right and
    bottom edge, but none starts beyond it (as in PyTorch and ONNX). ValueError or TypeError names the argument.
    """
    return Pooling("max_pool2d", x, kernel_size, stride, padding, dilation, ceil_mode).maximum


def max_pool2d_backward(grad, x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Pull the gradient of max_pool2d's output back to x: each window's goes to its first maximum, row by row."""
    return Pooling("max_pool2d_backward", x, kernel_size, stride, padding, dilation, ceil_mode).pull_maximum(grad)


def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Mean of each window of x (N, C, H, W) or (H, W); integers give float64.

    Arguments as in `max_pool2d`, padding counts as zero. The mean is over the pixels of the window within the padded
    image, or with count_include_pad=False within the image itself; what hangs over (ceil_mode) never counts.
    """
    return Pooling("avg_pool2d", x, kernel_size, stride, padding, 1, ceil_mode).average(count_include_pad)


def avg_pool2d_backward(grad, x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Pull the gradient of avg_pool2d's output back to x: each window's is spread evenly over the pixels it counts."""
    pooling = Pooling("avg_pool2d_backward", x, kernel_size, stride, padding, 1, ceil_mode)
    return pooling.pull_average(grad, count_include_pad)


def lp_pool2d(x, norm_type, kernel_size, stride=None):
    """L-p norm (sum of |x|^p)^(1/p) of each window of x (N, C, H, W) or (H, W), p = norm_type >= 1."""
    p = as_number("lp_pool2d", "norm_type", norm_type, "[1, inf)")
    return Pooling("lp_pool2d", x, kernel_size, stride).norm(p)


def lp_pool2d_backward(grad, x, norm_type, kernel_size, stride=None):
    """Pull the gradient of lp_pool2d's output y back to x: times sign(x) (|x| / y)^(p - 1), and 0 where y is 0."""
    p = as_number("lp_pool2d_backward", "norm_type", norm_type, "[1, inf)")
    return Pooling("lp_pool2d_backward", x, kernel_size, stride).pull_norm(grad, p)


def read_window(where, kernel_size, stride=None, padding=0, dilation=1):
    """Read the window of a pooling function; a stride of None is the kernel size.

    ValueError for padding as wide as the window: its first position would not meet the image.
    """
    stride = kernel_size if stride is None else stride
    window = Window.read(where, kernel_size, stride, padding, dilation)
    if any(max(pad) >= span for pad, span in zip(window.padding, window.extent, strict=True)):
        raise ValueError(
            f"{where}: padding expects less than the {window.extent} pixels that the window spans, "
            f"so that each window meets the image, got {padding!r}"
        )
    return window


class Pooling:
    """One call of a pooling function: its image, its window, and the grid of positions that the window takes."""

    def __init__(self, where, x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
        self.where, self.x = where, as_images(where, "x", x)
        self.window = read_window(where, kernel_size, stride, padding, dilation)
        sizes = self.x.shape[-2:]
        ceil_mode = as_flag(where, "ceil_mode", ceil_mode)
        self.grid = _grid_of_ceil_mode(self.window, sizes) if ceil_mode else self.window.grid(*sizes)
        if any(_misses(self.window, axis, sizes[axis], self.grid[axis]) for axis in (0, 1)):
            raise ValueError(
                f"{where}: padding expects windows that each meet a pixel of the image {sizes}, "
                f"got {padding!r} with dilation {self.window.dilation}"
            )
        self.border = tuple(_border(self.window, axis, sizes[axis], self.grid[axis]) for axis in (0, 1))

    def read_grad(self, grad):
        """Check an upstream gradient; integers become float64."""
        grad = as_shaped(self.where, "grad", grad, (*self.x.shape[:-2], *self.grid))
        return grad.astype(sum_dtype(grad, self.x, integers=np.float64), copy=False)

    def taps(self, image, border_value):
        """Yield for each tap of the window the pixels (..., P, Q) that it meets."""
        image = add_border(self.where, image, self.border, border_value)
        for _, _, rows, columns in self.window.taps(self.grid):
            yield image[..., rows, columns]

    @cached_property
    def maximum(self):
        """Largest pixel of each window."""
        first, *others = self.taps(self.x, _lowest(self.x.dtype))
        largest = np.maximum(first, others[0]) if others else first.copy(order="K")
        for tap in others[1:]:
            np.maximum(largest, tap, out=largest)
        return largest

    def pull_maximum(self, grad):
        """Gradient with respect to x: each window's goes to its first maximum, row by row; none to the border."""
        grad, largest = self.read_grad(grad), self.maximum
        has_nan = np.isnan(largest.max())
        rest = np.empty_like(largest, dtype=grad.dtype)  # in the memory order of x, which grad may lack
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

    @cached_property
    def dtype(self):
        """Of averages and norms: that of x, or float64 where x holds integers."""
        return sum_dtype(self.x, integers=np.float64)

    @cached_property
    def _floating(self):
        """x in at least single precision: half has too few digits, and too small a range, for sums."""
        return self.x.astype(np.promote_types(self.dtype, np.float32), copy=False)

    def total(self, value):
        """Sum of value(pixel) over each window, in floating point."""
        return sum(value(tap) for tap in self.taps(self._floating, 0))

    def counts(self, count_include_pad):
        """Pixels (P, Q) that each window counts: those within the image, or within the image and its padding."""
        include = as_flag(self.where, "count_include_pad", count_include_pad)
        sizes = self.x.shape[-2:]
        axes = (_count(self.window, axis, sizes[axis], self.grid[axis], include) for axis in (0, 1))
        return np.outer(*axes)

    def average(self, count_include_pad):
        """Mean of the pixels of each window that count."""
        with np.errstate(over="ignore"):
            total = self.total(lambda tap: tap)
        counts = self.counts(count_include_pad)
        mean = total / counts
        if not np.isfinite(mean).all():  # a sum may overflow whose mean does not; dividing first costs digits
            mean = np.where(np.isinf(mean), self.total(lambda tap: tap / counts), mean)
        return mean.astype(self.dtype)

    def pull_average(self, grad, count_include_pad):
        """Gradient with respect to x: each window's is spread evenly over the pixels that count."""
        grad = self.read_grad(grad)
        each = (grad / self.counts(count_include_pad)).astype(grad.dtype)
        return self.pull_back(lambda tap, inside: each, grad.dtype)

    @np.errstate(under="ignore")
    def norm(self, p):
        """L-p norm of each window."""
        unit, relative = self._unit_and_norm(p)
        return (unit * relative).astype(self.dtype)

    @np.errstate(under="ignore")
    def pull_norm(self, grad, p):
        """Gradient with respect to x: each window's times sign(x) (|x| / norm)^(p - 1), and 0 where the norm is."""
        grad = self.read_grad(grad)
        unit, relative = self._unit_and_norm(p)
        relative[relative == 0] = 1

        def share(tap, inside):
            slope = np.sign(tap) * (abs(tap / unit) / relative) ** (p - 1)
            return (grad * slope).astype(grad.dtype)

        return self.pull_back(share, grad.dtype)

    def _unit_and_norm(self, p):
        """The order of magnitude of each window, and the L-p norm in that unit.

        So no power of a pixel overflows, and not all of them underflow, where the norm itself does not.
        """
        x = self._floating
        unit = reduce(np.fmax, self.taps(abs(x), 0))
        unit = np.minimum(np.where(unit > 0, unit, 1), np.finfo(x.dtype).max)
        if p < 32:  # a power of two near it divides exactly; to a large p, even 2 is not in the range of floats
            unit = np.ldexp(x.dtype.type(1), np.frexp(unit)[1] - 1)
        return unit, self.total(lambda tap: abs(tap / unit) ** p) ** (1 / p)

    def pull_back(self, share, dtype, border_value=0):
        """Gradient with respect to x: for each tap, the pixels (..., P, Q) that it meets add share(pixels, inside).

        `inside` tells image from border, an array (P, Q) of booleans, or True where there is no border.
        """
        image = np.zeros_like(add_border(self.where, self.x, self.border), dtype=dtype)
        overlap = any(step < span for step, span in zip(self.window.stride, self.window.extent, strict=True))
        has_border = image.shape != self.x.shape
        insides = self.taps(np.ones(self.x.shape[-2:], bool), False) if has_border else repeat(True)
        taps = zip(self.window.taps(self.grid), self.taps(self.x, border_value), insides, strict=False)
        for (_, _, rows, columns), tap, inside in taps:
            if overlap:
                image[..., rows, columns] += share(tap, inside)
            else:  # then no pixel is met twice, and adding would cost a third more time
                image[..., rows, columns] = share(tap, inside)
        return cut_border(image, self.border)


def _lowest(dtype):
    """What no pixel is less than."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _grid_of_ceil_mode(window, sizes):
    """Positions when the last window may hang over: rounded up, but no window starts beyond the image and its front."""
    grid = []
    for size, (before, after), span, step in zip(sizes, window.padding, window.extent, window.stride, strict=True):
        positions = -(-(before + size + after - span) // step) + 1
        grid.append(positions - ((positions - 1) * step >= before + size))
    if min(grid) < 1:
        window.grid(*sizes)  # says what does not fit
    return tuple(grid)


def _misses(window, axis, size, positions):
    """Whether some window meets no pixel along an axis: all its taps lie in the border, or jump over the image.

    Padding is less than a window, so that only one that starts before the image can, and its first tap from pixel 0
    on is number `start % gap`. These numbers repeat after gap / gcd(step, gap) windows.
    """
    step, gap = window.stride[axis], window.dilation[axis]
    count = min(positions, gap // gcd(step, gap))
    return any(start % gap >= size for start in range(-window.padding[axis][0], 0, step)[:count])


def _border(window, axis, size, positions):
    """Padding (before, after) of an axis, with what the last window needs beyond it."""
    before, after = window.padding[axis]
    reach = (positions - 1) * window.stride[axis] + window.extent[axis]
    return before, max(after, reach - before - size)


def _count(window, axis, size, positions, count_include_pad):
    """For each position of the window along an axis, its pixels that count."""
    before, after = window.padding[axis]
    pixels = window.stride[axis] * np.arange(positions)[:, None] + np.arange(window.kernel_size[axis]) - before
    first, last = (-before, size + after) if count_include_pad else (0, size)
    return np.sum((pixels >= first) & (pixels < last), axis=1)
