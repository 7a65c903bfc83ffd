"""The windows of images, as views and as rows of a matrix, and the adjoints that add them up."""

import math

import numpy as np

from ..support.arguments import Arguments, allocating, sum_dtype
from .padding import add_border, cut_border, padded_size
from .window import Window


def windows(x, kernel_size, stride=1, dilation=1):
    """View every window of x (..., H, W) as an array (..., P, Q, kH, kW), read-only, not copied.

    >>> windows(np.arange(6).reshape(2, 3), 2).tolist()
    [[[[0, 1], [3, 4]], [[1, 2], [4, 5]]]]
    """
    x = Arguments("windows").real("x", x)
    if x.ndim < 2 or x.size == 0:
        expected = "shape (..., H, W) and at least one element"
        raise ValueError(f"windows: x expects {expected}, got shape {x.shape}")
    window = Window.read("windows", kernel_size, stride, dilation=dilation)
    window.grid(*x.shape[-2:])
    return view_windows(x, window)


def view_windows(x, window):
    """Compute `windows`, its arguments read."""
    view = np.lib.stride_tricks.sliding_window_view(x, window.extent, axis=(-2, -1))
    (sh, sw), (dh, dw) = window.stride, window.dilation
    return view[..., ::sh, ::sw, ::dh, ::dw]


def fold(cols, shape, kernel_size, stride=1, dilation=1):
    """Add windows (..., P, Q, kH, kW) onto an image of `shape` (..., H, W).

    It is the adjoint of `windows`: a pixel under several windows gets their sum, so that
    <windows(x), cols> = <x, fold(cols)> for all x and cols. Integers are summed in int64.

    >>> fold(np.ones((1, 2, 2, 2), int), (2, 3), 2).tolist()  # two windows share the middle column
    [[1, 2, 1], [1, 2, 1]]
    """
    read = Arguments("fold")
    window = Window.read("fold", kernel_size, stride, dilation=dilation)
    shape = read.shape("shape", shape, ranks=range(2, 9), form="(..., H, W)")
    grid = window.grid(*shape[-2:])
    cols = read.shaped("cols", cols, (*shape[:-2], *grid, *window.kernel_size))
    return fold_windows(cols, shape, window)


def fold_windows(cols, shape, window):
    """Compute `fold`, its arguments read."""
    cols = cols.astype(sum_dtype(cols, integers=np.int64), copy=False)
    with allocating(window.where, "shape", shape):
        image = np.zeros(shape, cols.dtype)
    for i, j, rows, columns in window.taps(cols.shape[-4:-2]):
        image[..., rows, columns] += cols[..., i, j]
    return image


def im2col(x, kernel_size, stride=1, padding=0, dilation=1):
    """Lay the windows of x (N, C, H, W) out as rows of a matrix (N*P*Q, C*kH*kW).

    x (H, W) gives (P*Q, kH*kW). So a convolution is one matrix product (Chellapilla, Puri and
    Simard, 2006).

    >>> im2col([[0, 1, 2], [3, 4, 5]], 2).tolist()
    [[0, 1, 3, 4], [1, 2, 4, 5]]
    """
    read = Arguments("im2col")
    x = read.images("x", x)
    window = Window.read("im2col", kernel_size, stride, padding, dilation)
    window.grid(*x.shape[-2:])
    images = x[None, None] if x.ndim == 2 else x
    view = view_windows(add_border("im2col", images, window.padding), window)
    with read.allocating("kernel_size", view.shape):
        cols = np.moveaxis(view, 1, 3).copy()
    return cols.reshape(-1, images.shape[1] * math.prod(window.kernel_size))


def col2im(cols, shape, kernel_size, stride=1, padding=0, dilation=1):
    """Add the rows of an `im2col` matrix onto images of `shape` (N, C, H, W) or (H, W).

    It is the adjoint of `im2col`. Integers are summed in int64.

    >>> col2im([[0, 1, 3, 4], [1, 2, 4, 5]], (2, 3), 2).tolist()
    [[0, 2, 2], [3, 8, 5]]
    """
    read = Arguments("col2im")
    window = Window.read("col2im", kernel_size, stride, padding, dilation)
    shape = read.shape("shape", shape, ranks=(2, 4), form="(H, W) or (N, C, H, W)")
    images, channels, height, width = (1, 1, *shape)[-4:]
    (P, Q), (kH, kW) = window.grid(height, width), window.kernel_size
    cols = read.shaped("cols", cols, (images * P * Q, channels * kH * kW))
    view = np.moveaxis(cols.reshape(images, P, Q, channels, kH, kW), 3, 1)
    padded = (images, channels, *padded_size((height, width), window.padding))
    return cut_border(fold_windows(view, padded, window), window.padding).reshape(shape)
