"""A window that slides over images: what convolution and pooling share.

A *tap* is one element of the window. While the window takes all its positions, a tap meets a regular grid of pixels,
which is a slice. So every function on windows is a short loop over taps, however large the image is.
"""

from dataclasses import dataclass, field

import numpy as np

from ..support.arguments import Pair, allocating, as_count, as_pair, as_real, as_shape, as_shaped, as_two, sum_dtype


@dataclass(frozen=True)
class Window:
    """Size, stride, dilation and padding of a window, each as a pair for (rows, columns); made by `Window.read`.

    `where` is the function that errors name. Windows are equal whoever made them.
    """

    where: str = field(compare=False)
    kernel_size: Pair
    stride: Pair
    padding: tuple[Pair, Pair]
    dilation: Pair

    @classmethod
    def read(cls, where, kernel_size, stride=1, padding=0, dilation=1):
        """Check what a caller of the function `where` gave; ValueError or TypeError that names the argument."""
        kernel_size = as_pair(where, "kernel_size", kernel_size)
        stride = as_pair(where, "stride", stride)
        dilation = as_pair(where, "dilation", dilation)
        reach = tuple(d * (k - 1) for k, d in zip(kernel_size, dilation, strict=True))
        return cls(where, kernel_size, stride, read_padding(where, padding, reach, stride), dilation)

    @property
    def extent(self) -> Pair:
        """Pixels that the dilated window spans: dilation * (kernel_size - 1) + 1."""
        rows, columns = (d * (k - 1) + 1 for k, d in zip(self.kernel_size, self.dilation, strict=True))
        return rows, columns

    def grid(self, height, width) -> Pair:
        """Positions (P, Q) of the window on an image of this size, its padding added (book, section 9.5)."""
        padded = (height + sum(self.padding[0]), width + sum(self.padding[1]))
        if self.extent[0] > padded[0] or self.extent[1] > padded[1]:
            raise ValueError(
                f"{self.where}: kernel_size expects a window that fits into the padded input {padded}, got one that "
                f"spans {self.extent} (kernel_size {self.kernel_size}, dilation {self.dilation})"
            )
        rows, columns = (
            (size - span) // step + 1 for size, span, step in zip(padded, self.extent, self.stride, strict=True)
        )
        return rows, columns

    def slices(self, axis, positions):
        """For each element of the window along `axis`, the pixels that it meets at that many positions."""
        step, gap = self.stride[axis], self.dilation[axis]
        reach = step * (positions - 1) + 1
        return [slice(tap * gap, tap * gap + reach, step) for tap in range(self.kernel_size[axis])]

    def taps(self, grid):
        """Yield (i, j, rows, columns): the pixels [rows, columns] that tap (i, j) meets over the whole grid."""
        for i, rows in enumerate(self.slices(0, grid[0])):
            for j, columns in enumerate(self.slices(1, grid[1])):
                yield i, j, rows, columns


def read_padding(where, padding, reach, stride) -> tuple[Pair, Pair]:
    """Read every form of padding as ((top, bottom), (left, right)).

    `reach` is how far the window extends beyond its first pixel along each axis. "full" takes every overlap of at
    least one pixel; "same" keeps the input's size: reach // 2 before, the rest after, as in PyTorch.
    """
    if isinstance(padding, str):
        return _padding_by_word(where, padding, reach, stride)
    axes = as_two(padding)
    if len(axes) != 2:
        raise ValueError(
            f"{where}: padding expects an integer, (height, width), ((top, bottom), (left, right)), "
            f'"valid", "same" or "full", got {padding!r}'
        )
    rows, columns = axes
    return as_pair(where, "padding", rows, minimum=0), as_pair(where, "padding", columns, minimum=0)


def _padding_by_word(where, word, reach, stride):
    if word == "valid":
        return (0, 0), (0, 0)
    if word == "full":
        return (reach[0], reach[0]), (reach[1], reach[1])
    if word != "same":
        raise ValueError(f'{where}: padding expects "valid", "same", "full" or numbers, got {word!r}')
    if tuple(stride) != (1, 1):
        raise ValueError(f'{where}: padding "same" expects stride 1, got {tuple(stride)}')
    return (reach[0] // 2, reach[0] - reach[0] // 2), (reach[1] // 2, reach[1] - reach[1] // 2)


def add_border(where, x, padding, value=0):
    """Put x (..., H, W) inside a border of `value`, in x's memory order; return x itself where the border is empty."""
    (top, bottom), (left, right) = padding
    if not (top or bottom or left or right):
        return x
    *stack, height, width = x.shape
    shape = (*stack, top + height + bottom, left + width + right)
    with allocating(where, "padding", shape):
        padded = np.empty_like(x, shape=shape)
    padded[...] = value
    padded[..., top : top + height, left : left + width] = x
    return padded


def cut_border(x, padding):
    """Take the border of `add_border` off again: a view of x (..., H, W)."""
    (top, bottom), (left, right) = padding
    return x[..., top : x.shape[-2] - bottom, left : x.shape[-1] - right]


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """Positions of a window along one axis: (size + padding - dilation * (kernel_size - 1) - 1) // stride + 1.

    All are ints; padding is an int for both ends, a pair (before, after), "valid", "same" or "full". ValueError where
    the window does not fit into the padded input (book, section 9.5).

    >>> output_size(7, 3, stride=2), output_size(7, 3, padding="same")
    (3, 7)
    """
    where = "output_size"
    size, kernel_size = as_count(where, "size", size), as_count(where, "kernel_size", kernel_size)
    stride, dilation = as_count(where, "stride", stride), as_count(where, "dilation", dilation)
    if not isinstance(padding, str):
        padding = (as_pair(where, "padding", padding, minimum=0), 0)
    return Window.read(where, (kernel_size, 1), (stride, 1), padding, (dilation, 1)).grid(size, 1)[0]


def windows(x, kernel_size, stride=1, dilation=1):
    """View every window of x (..., H, W) as an array (..., P, Q, kH, kW), read-only and without a copy.

    >>> windows(np.arange(6).reshape(2, 3), 2).tolist()
    [[[[0, 1], [3, 4]], [[1, 2], [4, 5]]]]
    """
    x = as_real("windows", "x", x)
    if x.ndim < 2 or x.size == 0:
        raise ValueError(f"windows: x expects shape (..., H, W) and at least one element, got shape {x.shape}")
    window = Window.read("windows", kernel_size, stride, dilation=dilation)
    window.grid(*x.shape[-2:])
    view = np.lib.stride_tricks.sliding_window_view(x, window.extent, axis=(-2, -1))
    (sh, sw), (dh, dw) = window.stride, window.dilation
    return view[..., ::sh, ::sw, ::dh, ::dw]


def fold(cols, shape, kernel_size, stride=1, dilation=1):
    """Add windows (..., P, Q, kH, kW) back onto an image of `shape` (..., H, W): the adjoint of `windows`.

    A pixel under several windows gets their sum, so that <windows(x), cols> = <x, fold(cols)> for all x and cols.
    Integers are summed in int64.
    """
    window = Window.read("fold", kernel_size, stride, dilation=dilation)
    shape = as_shape("fold", "shape", shape, ranks=range(2, 9), form="(..., H, W)")
    grid = window.grid(*shape[-2:])
    cols = as_shaped("fold", "cols", cols, (*shape[:-2], *grid, *window.kernel_size))
    return fold_windows(cols, shape, window)


def fold_windows(cols, shape, window):
    """Compute `fold`, its arguments read."""
    cols = cols.astype(sum_dtype(cols, integers=np.int64), copy=False)
    with allocating(window.where, "shape", shape):
        image = np.zeros(shape, cols.dtype)
    for i, j, rows, columns in window.taps(cols.shape[-4:-2]):
        image[..., rows, columns] += cols[..., i, j]
    return image
