"""Convolution of images as deep learning means it, cross-correlation, with its gradients and its matrix form."""

import math

import numpy as np

from .arguments import as_count, as_images, as_pair, as_real, as_shape, as_shaped, sum_dtype
from .window import Window, add_border, cut_border, output_size, read_padding

__all__ = ["col2im", "conv2d", "conv2d_backward", "fold", "im2col", "output_size", "pad2d", "windows"]

# Columns are made for a block of output rows at a time: so many bytes stay in the cache and keep a layer's
# extra memory small, yet each matrix product is large enough for BLAS to be fast.
BLOCK_BYTES = 2**18


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
    return add_border(x, border, number).copy(order="K")


def _holds(dtype, number):
    """Whether `number` fits into the dtype: exactly into an integer, rounded into a float."""
    if dtype.kind == "f":
        return not np.isfinite(number) or abs(number) <= float(np.finfo(dtype).max)
    limits = np.iinfo(dtype)
    return limits.min <= number <= limits.max and number == int(number)


def windows(x, kernel_size, stride=1, dilation=1):
    """View every window of x (..., H, W) as an array (..., P, Q, kH, kW), read-only and without a copy."""
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
    cols = cols.astype(sum_dtype(cols, integers=np.int64), copy=False)
    image = np.zeros(shape, cols.dtype)
    for i, j, rows, columns in window.taps(grid):
        image[..., rows, columns] += cols[..., i, j]
    return image


def im2col(x, kernel_size, stride=1, padding=0, dilation=1):
    """Lay the windows of x (N, C, H, W) out as rows of a matrix (N*P*Q, C*kH*kW); x (H, W) gives (P*Q, kH*kW).

    It makes a convolution one matrix product (Chellapilla, Puri and Simard, 2006).
    """
    x = as_images("im2col", "x", x)
    window = Window.read("im2col", kernel_size, stride, padding, dilation)
    window.grid(*x.shape[-2:])
    images = x[None, None] if x.ndim == 2 else x
    view = windows(add_border(images, window.padding), window.kernel_size, window.stride, window.dilation)
    return np.moveaxis(view, 1, 3).copy().reshape(-1, images.shape[1] * math.prod(window.kernel_size))


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
    image = fold(view, padded, window.kernel_size, window.stride, window.dilation)
    return cut_border(image, window.padding).reshape(shape)


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Cross-correlate images with kernels (eq. 9.6). For a true convolution, flip the kernel or use SciPy's convolve2d.

    x (N, C, H, W), weight (F, C // groups, kH, kW), bias (F,) -> (N, F, P, Q). Also one image x (H, W) with one kernel
    (kH, kW) and a number as bias -> (P, Q). stride and dilation are an int or (height, width), padding as in `pad2d`.
    With groups, each group of C // groups channels has F // groups kernels of its own. float32 stays float32;
    integers are summed in int64. ValueError or TypeError names the argument, what was expected and what came.
    """
    x, weight, window = _read_layer("conv2d", x, weight, stride, padding, dilation, groups)
    grid = window.grid(*x.shape[-2:])
    dtype = sum_dtype(x, weight, integers=np.int64)
    x, weight = add_border(x, window.padding).astype(dtype, copy=False), weight.astype(dtype, copy=False)
    if x.ndim == 2:
        out, bias_shape = _correlate_image(x, weight, window, grid), ()
    else:
        out, bias_shape = _correlate_batch(x, weight, window, grid, groups), (len(weight), 1, 1)
    if bias is None:
        return out
    bias = as_shaped("conv2d", "bias", bias, bias_shape[:1]).reshape(bias_shape)
    if bias.dtype.kind == "f" and dtype.kind != "f":
        return out + bias
    out += bias.astype(dtype)
    return out


def conv2d_backward(grad, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Pull the gradient by conv2d's output back to its inputs: (grad_x, grad_weight, grad_bias) (book, section 9.5).

    grad has the shape of the output, the results those of x, weight and bias; arguments and errors as in `conv2d`.
    Integers become float64.
    """
    x, weight, window = _read_layer("conv2d_backward", x, weight, stride, padding, dilation, groups)
    grid = window.grid(*x.shape[-2:])
    grad = as_shaped("conv2d_backward", "grad", grad, grid if x.ndim == 2 else (len(x), len(weight), *grid))
    if x.ndim == 2:
        one = (array[None, None] for array in (grad, x, weight))
        grad_x, grad_weight, grad_bias = conv2d_backward(*one, stride, padding, dilation)
        return grad_x[0, 0], grad_weight[0, 0], grad_bias[0]
    dtype = sum_dtype(grad, x, weight, integers=np.float64)
    grad, x, weight = (array.astype(dtype, copy=False) for array in (grad, x, weight))
    grad_x, grad_weight = _pull_back_batch(grad, add_border(x, window.padding), weight, window, groups)
    return cut_border(grad_x, window.padding), grad_weight, grad.sum(axis=(0, 2, 3))


def _read_layer(where, x, weight, stride, padding, dilation, groups):
    """Check what conv2d and its gradient have in common; return both arrays and the window."""
    x = as_images(where, "x", x)
    weight = as_images(where, "weight", weight, "(kH, kW) or (F, C // groups, kH, kW)")
    groups = as_count(where, "groups", groups)
    shapes = f"(x {x.shape}, weight {weight.shape})"
    if x.ndim != weight.ndim:
        raise ValueError(f"{where}: weight expects {x.ndim} dimensions as x has, got {weight.ndim} {shapes}")
    channels, kernels = (1, 1) if x.ndim == 2 else (x.shape[1], len(weight))
    if channels % groups or kernels % groups:
        raise ValueError(
            f"{where}: groups expects a divisor of the {channels} channels and {kernels} kernels, got {groups} {shapes}"
        )
    if x.ndim == 4 and weight.shape[1] * groups != channels:
        raise ValueError(
            f"{where}: weight expects {weight.shape[1] * groups} input channels, x has {channels} {shapes}"
            + (f" with groups={groups}" if groups > 1 else "")
        )
    return x, weight, Window.read(where, weight.shape[-2:], stride, padding, dilation)


def _correlate_image(x, weight, window, grid):
    """One image (H, W), one kernel: kW shifted copies, one product with the kernel's rows, kH shifted sums.

    That is kH times fewer copies than whole columns, and the product has kH rows instead of one, which BLAS does
    far faster than a matrix times a vector. It is done for a block of output rows at a time, at least as many as the
    window spans, since neighbouring blocks share that many rows of the image. All blocks are of one height and use
    the same two buffers (fresh memory costs more than the sums), so the last one starts before the end of the others.
    """
    (P, Q), (kH, kW), step = grid, weight.shape, window.stride[0]
    height = min(P, max(window.extent[0], BLOCK_BYTES // (kW * Q * x.itemsize)))
    strip_rows = (height - 1) * step + window.extent[0]
    out = np.empty(grid, x.dtype)
    shifted, partial = np.empty((kW, strip_rows, Q), x.dtype), np.empty((kH, strip_rows, Q), x.dtype)
    for start in (*range(0, P - height, height), P - height):
        strip = x[start * step :][:strip_rows]
        for copy, columns in zip(shifted, window.slices(1, Q), strict=True):
            copy[...] = strip[:, columns]
        np.matmul(weight, shifted.reshape(kW, -1), out=partial.reshape(kH, -1))
        block, (first, *others) = out[start : start + height], window.slices(0, height)
        block[...] = partial[0, first]
        for products, rows in zip(partial[1:], others, strict=True):
            block += products[rows]
    return out


# A batch is computed with its images last in memory, (C, H, W, N): then each tap's pixels are runs of N numbers, which
# copy fast, and a layer's result, a view (N, F, P, Q) of such an array, is already in the order the next layer wants.


def _columns(batch, window, grid):
    """Columns (C, kH, kW, P, Q, N) of a batch (C, H, W, N)."""
    cols = np.empty((len(batch), *window.kernel_size, *grid, batch.shape[-1]), batch.dtype)
    for i, j, rows, columns in window.taps(grid):
        cols[:, i, j] = batch[:, rows, columns]
    return cols


def _strips(batch, window, grid, groups):
    """Yield (start, stop, cols) a block of output rows at a time, its columns (groups, C // groups * kH * kW, ...)."""
    row_bytes = len(batch) * math.prod(window.kernel_size) * grid[1] * batch.shape[-1] * batch.itemsize
    height = max(1, BLOCK_BYTES // row_bytes)
    for start in range(0, grid[0], height):
        stop = min(start + height, grid[0])
        cols = _columns(batch[:, start * window.stride[0] :], window, (stop - start, grid[1]))
        yield start, stop, cols.reshape(groups, -1, cols[0, 0, 0].size)


def _correlate_batch(x, weight, window, grid, groups):
    """x (N, C, H, W), its border added, with weight (F, C // groups, kH, kW)."""
    batch = np.ascontiguousarray(np.moveaxis(x, 0, -1))
    matrix = weight.reshape(groups, len(weight) // groups, -1)
    out = np.empty((len(weight), *grid, len(x)), x.dtype)
    for start, stop, cols in _strips(batch, window, grid, groups):
        out[:, start:stop] = (matrix @ cols).reshape(out[:, start:stop].shape)
    return np.moveaxis(out, -1, 0)


def _pull_back_batch(grad, x, weight, window, groups):
    """Gradients by x (with its border) and by weight: the transposed products of `_correlate_batch`."""
    batch, grad = (np.ascontiguousarray(np.moveaxis(array, 0, -1)) for array in (x, grad))
    matrix = weight.reshape(groups, len(weight) // groups, -1)
    grad_batch, grad_matrix = np.zeros_like(batch), np.zeros_like(matrix)
    for start, stop, cols in _strips(batch, window, grad.shape[1:3], groups):
        grad_rows = grad[:, start:stop].reshape(groups, matrix.shape[1], -1)
        grad_matrix += grad_rows @ cols.swapaxes(1, 2)
        grad_cols = (matrix.swapaxes(1, 2) @ grad_rows).reshape(
            len(batch), *window.kernel_size, stop - start, *grad.shape[2:]
        )
        strip = grad_batch[:, start * window.stride[0] :]
        for i, j, rows, columns in window.taps(grad_cols.shape[3:5]):
            strip[:, rows, columns] += grad_cols[:, i, j]
    return np.moveaxis(grad_batch, -1, 0), grad_matrix.reshape(weight.shape)
