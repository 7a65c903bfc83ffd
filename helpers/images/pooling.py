"""What every pooling has in common: its window on the image, and the way back to the pixels."""

from functools import cached_property
from itertools import repeat
from math import gcd

import numpy as np

from ..support.arguments import Arguments, as_shaped, sum_dtype
from .padding import add_border, cut_border
from .window import Window


def read_window(where, kernel_size, stride=None, padding=0, dilation=1):
    """Read the window of a pooling function; a stride of None is the kernel size.

    A Window in place of the kernel size is one that was read before. ValueError for padding as
    wide as the window: its first position would not meet the image.
    """
    if isinstance(kernel_size, Window):
        return kernel_size
    stride = kernel_size if stride is None else stride
    window = Window.read(where, kernel_size, stride, padding, dilation)
    if any(max(pad) >= span for pad, span in zip(window.padding, window.extent, strict=True)):
        raise ValueError(
            f"{where}: padding expects less than the {window.extent} pixels that the window spans, "
            f"so that each window meets the image, got {padding!r}"
        )
    return window


class Pooling:
    """One call of a pooling function, its arguments read: `forward()` and `grad_x(grad)`.

    A kind of pooling says both in terms of the taps of its window.
    """

    def __init__(self, x, window, ceil_mode=False):
        read = Arguments(window.where)
        self.x = read.images("x", x)
        self.window = window
        sizes = self.x.shape[-2:]
        ceil_mode = read.flag("ceil_mode", ceil_mode)
        self.grid = _grid_of_ceil_mode(window, sizes) if ceil_mode else window.grid(*sizes)
        axes = [(window, axis, sizes[axis], self.grid[axis]) for axis in (0, 1)]
        if any(_misses(*axis) for axis in axes):
            raise ValueError(
                f"{window.where}: padding expects windows that each meet a pixel of the image "
                f"{sizes}, got {window.padding} with dilation {window.dilation}"
            )
        self.border = tuple(_border(*axis) for axis in axes)

    @classmethod
    def read(cls, where, x, kernel_size, stride=None, padding=0, dilation=1, **options):
        """Read the arguments of a function called `where`."""
        return cls(x, read_window(where, kernel_size, stride, padding, dilation), **options)

    def read_grad(self, grad):
        """Read the gradient with respect to the output; integers become float64."""
        shape = (*self.x.shape[:-2], *self.grid)
        grad = as_shaped(self.window.where, "grad", grad, shape)
        return grad.astype(sum_dtype(grad, self.x, integers=np.float64), copy=False)

    def taps(self, image, border_value):
        """Yield for each tap of the window the pixels (..., P, Q) that it meets."""
        image = add_border(self.window.where, image, self.border, border_value)
        for _, _, rows, columns in self.window.taps(self.grid):
            yield image[..., rows, columns]

    @cached_property
    def dtype(self):
        """The dtype of averages and norms: that of x, or float64 where x holds integers."""
        return sum_dtype(self.x, integers=np.float64)

    @cached_property
    def floating(self):
        """x in at least single precision: half has too few digits, too small a range, to sum."""
        return self.x.astype(np.promote_types(self.dtype, np.float32), copy=False)

    def total(self, value):
        """Sum value(pixel) over each window, in floating point."""
        return sum(value(tap) for tap in self.taps(self.floating, 0))

    def pull_back(self, share, dtype, border_value=0):
        """Return zeros with share(pixels, inside) added at the pixels that each tap meets.

        `inside` tells image from border, an array (P, Q) of booleans, or True where there is none.
        """
        window = self.window
        image = np.zeros_like(add_border(window.where, self.x, self.border), dtype=dtype)
        overlap = any(step < span for step, span in zip(window.stride, window.extent, strict=True))
        insides = repeat(True)
        if image.shape != self.x.shape:
            insides = self.taps(np.ones(self.x.shape[-2:], bool), False)
        taps = zip(window.taps(self.grid), self.taps(self.x, border_value), insides, strict=False)
        for (_, _, rows, columns), tap, inside in taps:
            if overlap:
                image[..., rows, columns] += share(tap, inside)
            else:  # then no pixel is met twice, and adding would cost a third more time
                image[..., rows, columns] = share(tap, inside)
        return cut_border(image, self.border)


def _grid_of_ceil_mode(window, sizes):
    """Count the positions, rounded up, where the last window may reach past the padded image.

    No window starts beyond the image and the padding before it.
    """
    grid = []
    axes = zip(sizes, window.padding, window.extent, window.stride, strict=True)
    for size, (before, after), span, step in axes:
        positions = -(-(before + size + after - span) // step) + 1
        grid.append(positions - ((positions - 1) * step >= before + size))
    if min(grid) < 1:
        window.grid(*sizes)  # says what does not fit
    return tuple(grid)


def _misses(window, axis, size, positions):
    """Whether some window meets no pixel along an axis: its taps lie in the border or jump over x.

    Padding is less than a window, so that only one that starts before the image can, and its first
    tap from pixel 0 on is number `start % gap`. These numbers repeat after gap / gcd(step, gap)
    windows.
    """
    step, gap = window.stride[axis], window.dilation[axis]
    count = min(positions, gap // gcd(step, gap))
    return any(start % gap >= size for start in range(-window.padding[axis][0], 0, step)[:count])


def _border(window, axis, size, positions):
    """Return padding (before, after) along an axis, extended if the last window reaches past it."""
    before, after = window.padding[axis]
    reach = (positions - 1) * window.stride[axis] + window.extent[axis]
    return before, max(after, reach - before - size)
