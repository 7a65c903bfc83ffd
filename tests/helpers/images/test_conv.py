"""Convolution against its loop, SciPy, PyTorch, and the laws of a linear map and its adjoint.

Most arrays hold small whole numbers, so that sums in any order are exact and can be compared for equality.
"""

import tracemalloc
from types import SimpleNamespace
from unittest import mock

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from arrays import same
from helpers import naive
from helpers.images import (
    col2im,
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    correlate,
    fold,
    im2col,
    pad2d,
    windows,
)


def numbers(*shape, seed=0, dtype=float):
    return np.random.default_rng(seed).integers(-5, 6, shape).astype(dtype)


def inner(a, b):
    assert a.shape == b.shape
    return np.sum(a * b)


def border(padding, kernel_size, dilation):
    """The padding that is meant, as numpy.pad takes it for the last two axes."""
    reach = [d * (k - 1) for k, d in zip(kernel_size, dilation, strict=True)]
    if padding == "valid":
        return [(0, 0), (0, 0)]
    if padding == "same":
        return [(r // 2, (r + 1) // 2) for r in reach]
    if padding == "full":
        return [(r, r) for r in reach]
    if isinstance(padding, int):
        return [(padding, padding)] * 2
    return [(p, p) if isinstance(p, int) else p for p in padding]


def pairs(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


paddings = st.one_of(
    st.sampled_from(["valid", "same", "full"]), st.integers(0, 2), pairs(0, 2), st.tuples(pairs(0, 2), pairs(0, 2))
)


@st.composite
def layers(draw, paddings=paddings):
    """A small layer of every kind: arrays x, weight, bias, the options of conv2d, and the border that they ask for."""
    kernel_size, dilation, padding = draw(pairs(1, 4)), draw(pairs(1, 3)), draw(paddings)
    stride = (1, 1) if padding == "same" else draw(pairs(1, 3))
    groups, channels, kernels = draw(st.sampled_from([(1, 1, 1), (1, 3, 2), (2, 1, 1), (2, 2, 1), (3, 1, 2)]))
    pad = border(padding, kernel_size, dilation)
    sizes = [
        max(1, d * (k - 1) + 1 - sum(p) + draw(st.integers(0, 4)))
        for k, d, p in zip(kernel_size, dilation, pad, strict=True)
    ]
    return SimpleNamespace(
        x=numbers(draw(st.integers(1, 2)), groups * channels, *sizes),
        weight=numbers(groups * kernels, channels, *kernel_size, seed=1),
        bias=numbers(groups * kernels, seed=2),
        options={"stride": stride, "padding": padding, "dilation": dilation, "groups": groups},
        pad=pad,
        block_bytes=draw(st.sampled_from([1, 1000, correlate.BLOCK_BYTES])),
    )


def by_loop(layer):
    options = {name: value for name, value in layer.options.items() if name != "padding"}
    return naive.conv2d(np.pad(layer.x, [(0, 0), (0, 0), *layer.pad]), layer.weight, layer.bias, **options)


# Numbers that can be checked by hand.


def test_three_by_three_with_two_by_two():
    same(conv2d(np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)), [[19, 25], [37, 43]])


def test_two_channels_and_three_kernels():
    image = np.arange(9).reshape(3, 3)
    kernel = np.array([[[0, 1], [2, 3]], [[1, 2], [3, 4]]])
    out = conv2d(np.stack([image, image + 1])[None], np.stack([kernel, kernel + 1, kernel + 2]))
    same(out, [[[[56, 72], [104, 120]], [[76, 100], [148, 172]], [[96, 128], [192, 224]]]])


@pytest.mark.parametrize(
    ("kernel_size", "padding", "stride", "size"),
    [((3, 3), 1, 1, (8, 8)), ((5, 3), (2, 1), 1, (8, 8)), ((3, 3), 1, 2, (4, 4)), ((3, 5), (0, 1), (3, 4), (2, 2))],
)
def test_sizes_of_an_eight_by_eight_image(kernel_size, padding, stride, size):
    assert conv2d(np.ones((8, 8)), np.ones(kernel_size), padding=padding, stride=stride).shape == size


def test_a_kernel_with_a_single_one_shifts_the_image():
    x, kernel = numbers(5, 6), np.zeros((2, 3))
    kernel[1, 2] = 1
    same(conv2d(x, kernel), x[1:, 2:])


# The value, against its equation.


@given(layers())
def test_conv2d_is_its_loop(layer):
    with mock.patch.object(correlate, "BLOCK_BYTES", layer.block_bytes):
        same(conv2d(layer.x, layer.weight, layer.bias, **layer.options), by_loop(layer))


@given(layers())
def test_one_image_with_one_kernel_is_a_batch_of_one(layer):
    x, weight, layer.options["groups"] = layer.x[0, 0], layer.weight[0, 0], 1
    layer.x, layer.weight, layer.bias = x[None, None], weight[None, None], [3.0]
    with mock.patch.object(correlate, "BLOCK_BYTES", layer.block_bytes):
        same(conv2d(x, weight, 3.0, **layer.options), by_loop(layer)[0, 0])


@pytest.mark.parametrize("block_bytes", [1, 1000, 10_000])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_blocks_of_rows_leave_no_seam(block_bytes, stride, monkeypatch):
    x, weight = numbers(2, 3, 33, 13), numbers(4, 3, 3, 2, seed=1)
    options = {"stride": stride, "dilation": (2, 1), "padding": 1}
    grad = numbers(*conv2d(x, weight, **options).shape, seed=2)

    def results():
        image = conv2d(x[0, 0], weight[0, 0], **options)
        return image, conv2d(x, weight, **options), *conv2d_backward(grad, x, weight, **options)

    whole = results()
    monkeypatch.setattr(correlate, "BLOCK_BYTES", block_bytes)
    for one, other in zip(whole, results(), strict=True):
        same(one, other)


@pytest.mark.parametrize("kernel_size", [(1, 1), (2, 3), (4, 4), (5, 2)])
@pytest.mark.parametrize("mode", ["valid", "full"])
def test_it_is_scipys_correlation(mode, kernel_size):
    x, kernel = numbers(7, 8), numbers(*kernel_size, seed=1)
    same(conv2d(x, kernel, padding=mode), scipy.signal.correlate2d(x, kernel, mode))


@pytest.mark.parametrize("kernel_size", [(1, 1), (3, 3), (5, 3)])
@pytest.mark.parametrize("mode", ["valid", "same", "full"])
def test_with_a_flipped_kernel_it_is_scipys_convolution(mode, kernel_size):
    x, kernel = numbers(7, 8), numbers(*kernel_size, seed=1)
    same(conv2d(x, kernel[::-1, ::-1], padding=mode), scipy.signal.convolve2d(x, kernel, mode))


def test_same_padding_of_an_even_kernel_has_the_longer_end_behind():
    x = numbers(4, 5)
    same(conv2d(x, np.ones((2, 4)), padding="same"), conv2d(np.pad(x, ((0, 1), (1, 2))), np.ones((2, 4))))


@given(layers())
@settings(max_examples=20)
def test_it_is_linear_in_image_and_kernel(layer):
    def f(x, weight):
        return conv2d(x, weight, **layer.options)

    x, weight = numbers(*layer.x.shape, seed=3), numbers(*layer.weight.shape, seed=4)
    same(f(layer.x + 2 * x, layer.weight), f(layer.x, layer.weight) + 2 * f(x, layer.weight))
    same(f(layer.x, layer.weight + 2 * weight), f(layer.x, layer.weight) + 2 * f(layer.x, weight))


# Gradients: the adjoint of a linear map, and finite differences.


@given(layers())
def test_backward_is_the_adjoint(layer):
    with mock.patch.object(correlate, "BLOCK_BYTES", layer.block_bytes):
        grad = numbers(*by_loop(layer).shape, seed=3)
        grad_x, grad_weight, grad_bias = conv2d_backward(grad, layer.x, layer.weight, **layer.options)
    x, weight = numbers(*layer.x.shape, seed=4), numbers(*layer.weight.shape, seed=5)
    assert inner(conv2d(x, layer.weight, **layer.options), grad) == inner(x, grad_x)
    assert inner(conv2d(layer.x, weight, **layer.options), grad) == inner(weight, grad_weight)
    same(grad_bias, grad.sum(axis=(0, 2, 3)))


def test_backward_is_every_finite_difference():
    options = {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (1, 2), "groups": 2}
    arrays = [numbers(2, 4, 4, 5), numbers(2, 2, 2, 2, seed=1), numbers(2, seed=2)]
    grad = numbers(*conv2d(*arrays, **options).shape, seed=3)
    for array, slopes in zip(arrays, conv2d_backward(grad, *arrays[:2], **options), strict=True):
        for place in np.ndindex(array.shape):
            before = inner(conv2d(*arrays, **options), grad)
            array[place] += 1  # the sum is linear in each array, so a step of 1 is as good as a small one
            assert inner(conv2d(*arrays, **options), grad) - before == slopes[place]
            array[place] -= 1


def test_backward_of_one_image_is_that_of_a_batch_of_one():
    x, weight = numbers(5, 6), numbers(2, 3, seed=1)
    grad = numbers(3, 2, seed=2)
    batch = conv2d_backward(grad[None, None], x[None, None], weight[None, None], 2, 1, (1, 2))
    image = conv2d_backward(grad, x, weight, 2, 1, (1, 2))
    for one, many, shape in zip(image, batch, [x.shape, weight.shape, ()], strict=True):
        assert one.shape == shape
        same(one, many.reshape(shape))


@given(layers(paddings=st.one_of(st.sampled_from(["valid", "same"]), pairs(0, 2))))
@settings(max_examples=30)
@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
def test_pytorch_agrees_on_value_and_gradients(torch, layer):
    arrays = [torch.tensor(array, requires_grad=True) for array in (layer.x, layer.weight, layer.bias)]
    theirs = torch.nn.functional.conv2d(*arrays, **layer.options)
    ours = conv2d(layer.x, layer.weight, layer.bias, **layer.options)
    same(ours, theirs.detach().numpy())
    grad = numbers(*ours.shape, seed=3)
    theirs.backward(torch.tensor(grad))
    for slope, tensor in zip(conv2d_backward(grad, layer.x, layer.weight, **layer.options), arrays, strict=True):
        same(slope, tensor.grad.numpy())


# The matrix form.


@given(layers(paddings=st.just("valid")))
def test_windows_are_the_patches_of_the_image(layer):
    (sh, sw), (dh, dw), kernel_size = layer.options["stride"], layer.options["dilation"], layer.weight.shape[2:]
    view = windows(layer.x, kernel_size, (sh, sw), (dh, dw))
    assert view.shape[2:4] == by_loop(layer).shape[2:]
    for p, q, i, j in np.ndindex(view.shape[2:]):
        same(view[:, :, p, q, i, j], layer.x[:, :, sh * p + dh * i, sw * q + dw * j])


@pytest.mark.parametrize("shape", [(5, 6), (2, 5, 6), (2, 1, 3, 5, 6)])
def test_windows_leave_leading_axes_alone(shape):
    assert windows(np.ones(shape), (2, 3)).shape == (*shape[:-2], 4, 4, 2, 3)


def test_windows_are_a_read_only_view():
    x = numbers(5, 6)
    view = windows(x, 3, 2)
    assert np.shares_memory(view, x)
    assert not view.flags.writeable


@given(layers(paddings=st.just("valid")))
def test_fold_is_the_adjoint_of_windows(layer):
    options = layer.weight.shape[2:], layer.options["stride"], layer.options["dilation"]
    view = windows(layer.x, *options)
    cols = numbers(*view.shape, seed=1)
    assert inner(view, cols) == inner(layer.x, fold(cols, layer.x.shape, *options))


def test_fold_counts_how_many_windows_meet_a_pixel():
    count = fold(np.ones((2, 2, 2, 2)), (3, 3), 2)
    same(count, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


@given(layers())
def test_a_row_of_im2col_is_a_window(layer):
    options = dict(layer.options)
    del options["groups"]
    cols = im2col(layer.x, layer.weight.shape[2:], **options)
    N, C, P, Q, kH, kW = (*layer.x.shape[:2], *by_loop(layer).shape[2:], *layer.weight.shape[2:])
    assert cols.shape == (N * P * Q, C * kH * kW)
    padded = np.pad(layer.x, [(0, 0), (0, 0), *layer.pad])
    (sh, sw), (dh, dw) = options["stride"], options["dilation"]
    for row, (n, p, q) in enumerate(np.ndindex(N, P, Q)):
        window = padded[n, :, sh * p :, sw * q :][:, : dh * (kH - 1) + 1 : dh, : dw * (kW - 1) + 1 : dw]
        same(cols[row], window.ravel())


def test_im2col_makes_convolution_one_matrix_product():
    x, weight = numbers(2, 3, 6, 7), numbers(4, 3, 3, 2, seed=1)
    product = im2col(x, (3, 2), 2, 1) @ weight.reshape(4, -1).T
    same(product.reshape(2, 3, 4, 4).transpose(0, 3, 1, 2), conv2d(x, weight, stride=2, padding=1))


def test_an_im2col_that_is_right_for_stride_1_only_would_be_caught():
    """As older courses have it: as many windows as the stride asks for, but all next to each other."""

    def wrong(x, size, stride):
        P, Q = ((extent - size) // stride + 1 for extent in x.shape[2:])
        taps = [x[:, :, i : i + P, j : j + Q] for i in range(size) for j in range(size)]
        return np.stack(taps, axis=2).transpose(0, 3, 4, 1, 2).reshape(-1, x.shape[1] * size**2)

    x = numbers(2, 3, 7, 7)
    same(wrong(x, 3, 1), im2col(x, 3, 1))
    for stride in (2, 3):
        assert wrong(x, 3, stride).shape == im2col(x, 3, stride).shape
        assert (wrong(x, 3, stride) != im2col(x, 3, stride)).any()


@given(layers())
def test_col2im_is_the_adjoint_of_im2col(layer):
    options = dict(layer.options)
    del options["groups"]
    matrix = im2col(layer.x, layer.weight.shape[2:], **options)
    cols = numbers(*matrix.shape, seed=1)
    assert inner(matrix, cols) == inner(layer.x, col2im(cols, layer.x.shape, layer.weight.shape[2:], **options))


def test_im2col_and_col2im_take_one_image():
    x = numbers(5, 6)
    cols = im2col(x, (2, 3), (1, 2), 1, 1)
    same(cols, im2col(x[None, None], (2, 3), (1, 2), 1, 1))
    same(col2im(cols, x.shape, (2, 3), (1, 2), 1), col2im(cols, (1, 1, 5, 6), (2, 3), (1, 2), 1)[0, 0])


@given(paddings, pairs(1, 4), st.sampled_from([-1, 0.0, 7]))
def test_pad2d_is_numpys(padding, kernel_size, value):
    x = numbers(2, 3, 4, 5)
    pad = [(0, 0), (0, 0), *border(padding, kernel_size, (1, 1))]
    same(pad2d(x, padding, kernel_size, value), np.pad(x, pad, constant_values=value))


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_pad2d_takes_infinity_and_nan_into_floats(value):
    same(pad2d(np.ones((1, 1), np.float32), 1, value=value)[0], np.full(3, value, np.float32))


# Dtypes.

CALLS = {
    "pad2d": lambda x, weight, grad: [pad2d(x, 1)],
    "pad2d by nothing": lambda x, weight, grad: [pad2d(x, 0)],
    "windows": lambda x, weight, grad: [windows(x, 2)],
    "fold": lambda x, weight, grad: [fold(windows(x, 2).copy(), x.shape, 2)],
    "im2col": lambda x, weight, grad: [im2col(x, 2, padding=1)],
    "im2col 1x1": lambda x, weight, grad: [im2col(x[0, 0], 1)],
    "col2im": lambda x, weight, grad: [col2im(im2col(x, 2), x.shape, 2)],
    "conv2d": lambda x, weight, grad: [conv2d(x, weight, weight[:, 0, 0, 0])],
    "conv2d padded": lambda x, weight, grad: [conv2d(x, weight, padding=1)],
    "conv2d 1x1": lambda x, weight, grad: [conv2d(x, weight[:, :, :1, :1])],
    "conv2d image": lambda x, weight, grad: [conv2d(x[0, 0], weight[0, 0], 1)],
    "conv2d_backward": lambda x, weight, grad: conv2d_backward(grad, x, weight),
    "conv2d_backward padded": lambda x, weight, grad: conv2d_backward(
        np.pad(grad, 1)[1:-1, 1:-1], x, weight, padding=1
    ),
    "conv2d_backward image": lambda x, weight, grad: conv2d_backward(grad[0, 0], x[0, 0], weight[0, 0]),
}


def arguments(dtype=float):
    x, weight, grad = numbers(2, 3, 5, 6), numbers(4, 3, 2, 3, seed=1), numbers(2, 4, 4, 4, seed=2)
    return tuple(abs(array).astype(dtype) for array in (x, weight, grad))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("name", CALLS)
def test_floats_keep_their_dtype(name, dtype):
    results = CALLS[name](*arguments(dtype))
    assert {result.dtype for result in results} == {np.dtype(dtype)}
    for result, exact in zip(results, CALLS[name](*arguments()), strict=True):
        same(result, exact)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("bias", [1, 1.0, np.float64(1), np.float32(1), np.int64(1)])
def test_a_bias_of_another_dtype_changes_none(bias, dtype):
    assert conv2d(np.ones((2, 2), dtype), np.ones((1, 1), dtype), bias).dtype == dtype


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint32, np.int64, np.uint64])
@pytest.mark.parametrize("name", CALLS)
def test_integers_give_the_numbers_of_floats(name, dtype):
    kind = np.float64 if "backward" in name else np.int64 if name[:4] in ("conv", "fold", "col2") else dtype
    for result, exact in zip(CALLS[name](*arguments(dtype)), CALLS[name](*arguments()), strict=True):
        assert result.dtype == kind
        same(result, exact)


def test_integers_beyond_the_floats_stay_exact():
    large = 2**53 + 1
    assert conv2d([[large]], [[1]], 2)[0, 0] == large + 2
    assert conv2d([[[[large]]]], [[[[1]]]], [2]).item() == large + 2
    assert conv2d(np.array([[large]], np.uint64), np.array([[1]], np.uint64))[0, 0] == large


def test_bytes_do_not_wrap():
    x, weight = np.full((1, 1, 2, 2), 255, np.uint8), np.full((1, 1, 2, 2), 255, np.uint8)
    assert conv2d(x, weight).item() == conv2d(x[0, 0], weight[0, 0]).item() == 4 * 255**2
    assert conv2d_backward(x[..., :1, :1], x, weight)[0].max() == 255**2
    assert fold(np.full((2, 2, 2, 2), 255, np.uint8), (3, 3), 2).max() == 4 * 255
    assert col2im(np.full((4, 4), 255, np.uint8), (3, 3), 2).max() == 4 * 255


@pytest.mark.parametrize("dtype", [int, np.float32, float])
def test_a_bias_may_be_a_fraction(dtype):
    one = np.ones((1, 1), dtype)
    assert conv2d(one, one, 0.5).item() == conv2d(one[None, None], one[None, None], [0.5]).item() == 1.5


# Purity, memory, special values.


@pytest.mark.parametrize("name", [name for name in CALLS if name != "windows"])
def test_arguments_stay_as_they_are_and_apart_from_results(name):
    arrays = arguments()
    for array in arrays:
        array.flags.writeable = False
    for result in CALLS[name](*arrays):
        assert result.ndim == 0 or result.flags.writeable
        assert not any(np.shares_memory(result, array) for array in arrays)
    for array, before in zip(arrays, arguments(), strict=True):
        same(array, before)


@pytest.mark.parametrize("name", CALLS)
def test_order_in_memory_does_not_matter(name, laid_out):
    for result, expected in zip(CALLS[name](*map(laid_out, arguments())), CALLS[name](*arguments()), strict=True):
        same(result, expected)


def test_columns_never_stand_in_memory_all_at_once():
    x, weight = np.ones((4, 8, 40, 40)), np.ones((8, 8, 5, 5))
    whole = im2col(x, 5).nbytes
    tracemalloc.start()
    grad = conv2d(x, weight)
    forward = tracemalloc.get_traced_memory()[1]
    conv2d_backward(grad, x, weight)
    backward = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert forward < whole / 4
    assert backward < whole / 2


def test_lists_are_arrays():
    same(conv2d([[1, 2], [3, 4]], [[1, 1]], padding=[0, 0]), [[3], [7]])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("shape", [(5, 6), (2, 2, 5, 6)])
def test_special_values_pass_through_the_windows_that_meet_them(shape, value):
    x, weight = np.ones(shape), np.ones((2, 2) if len(shape) == 2 else (3, 2, 2, 2))
    x[..., 2, 3] = value
    out = conv2d(x, weight)
    same(np.argwhere(~np.isfinite(out.reshape(-1, 4, 5)[0])), [[1, 2], [1, 3], [2, 2], [2, 3]])
    same(out[..., 1, 2], np.full(out.shape[:-2], value))


# What bad input is told.

X, WEIGHT, GRAD = np.ones((1, 4, 5, 5)), np.ones((6, 2, 3, 3)), np.ones((1, 6, 3, 3))
BYTES = np.ones((2, 2), np.uint8)
PASS_IMAGES = {
    "pad2d": lambda x: pad2d(x, 1),
    "windows": lambda x: windows(x, 2),
    "im2col": lambda x: im2col(x, 2),
    "conv2d": lambda x: conv2d(x, WEIGHT, groups=2),
    "conv2d_backward": lambda x: conv2d_backward(GRAD, x, WEIGHT, groups=2),
}
PASS_OPTIONS = {
    "windows": lambda **options: windows(X, **{"kernel_size": 3} | options),
    "fold": lambda **options: fold(np.ones((1, 4, 3, 3, 3, 3)), X.shape, **{"kernel_size": 3} | options),
    "im2col": lambda **options: im2col(X, **{"kernel_size": 3} | options),
    "col2im": lambda **options: col2im(np.ones((9, 36)), X.shape, **{"kernel_size": 3} | options),
    "conv2d": lambda **options: conv2d(X, WEIGHT, groups=2, **options),
    "conv2d_backward": lambda **options: conv2d_backward(GRAD, X, WEIGHT, groups=2, **options),
    "pad2d": lambda **options: pad2d(X, **{"padding": 1} | options),
}
BAD_ARRAYS = [
    ("text", TypeError, "expects real numbers", "<U4"),
    (True, TypeError, "expects real numbers", "bool"),
    (None, TypeError, "expects real numbers", "object"),
    (np.ones((3, 3), complex), TypeError, "expects real numbers", "complex128"),
    (np.ones((3, 3), "m8[s]"), TypeError, "expects real numbers", "timedelta64"),
    ([[1, 2], [3]], ValueError, "expects an array", "different lengths"),
    (np.ones((1, 4, 0, 5)), ValueError, "at least one element", "(1, 4, 0, 5)"),
    (3.0, ValueError, "expects shape", "()"),
    (np.ones(3), ValueError, "expects shape", "(3,)"),
]
BAD_OPTIONS = [
    ("kernel_size", 0, ValueError, "at least 1, got 0"),
    ("kernel_size", None, TypeError, "an integer, got None"),
    ("kernel_size", "3", TypeError, "an integer, got '3'"),
    ("kernel_size", (3,), ValueError, "an integer or a pair of integers, got (3,)"),
    ("stride", 0, ValueError, "at least 1, got 0"),
    ("stride", (1, -2), ValueError, "at least 1, got -2"),
    ("stride", 1.5, TypeError, "an integer, got 1.5"),
    ("stride", (1, 2, 3), ValueError, "an integer or a pair of integers, got (1, 2, 3)"),
    ("dilation", 0, ValueError, "at least 1, got 0"),
    ("dilation", 2.0, TypeError, "an integer, got 2.0"),
    ("dilation", True, TypeError, "an integer, got True"),
    ("padding", -1, ValueError, "at least 0, got -1"),
    ("padding", 0.5, TypeError, "an integer, got 0.5"),
    ("padding", None, TypeError, "an integer, got None"),
    ("padding", (1, (0, -1)), ValueError, "at least 0, got -1"),
    ("padding", ((1, 2), (3,)), ValueError, "an integer or a pair of integers, got (3,)"),
    ("padding", "reflect", ValueError, '"valid", "same", "full" or numbers, got \'reflect\''),
    (
        "padding",
        (1, 2, 3),
        ValueError,
        'an integer, (height, width), ((top, bottom), (left, right)), "valid", "same" or "full", got (1, 2, 3)',
    ),
]
HAVE = {
    "kernel_size": ["windows", "fold", "im2col", "col2im"],
    "stride": ["windows", "fold", "im2col", "col2im", "conv2d", "conv2d_backward"],
    "dilation": ["windows", "fold", "im2col", "col2im", "conv2d", "conv2d_backward"],
    "padding": ["im2col", "col2im", "conv2d", "conv2d_backward", "pad2d"],
}


@pytest.mark.parametrize("name", PASS_IMAGES)
@pytest.mark.parametrize(("value", "error", "expected", "came"), BAD_ARRAYS)
def test_images_that_are_none(name, value, error, expected, came, refuses):
    refuses(lambda: PASS_IMAGES[name](value), error, f"{name}: x expects", expected, came)


@pytest.mark.parametrize("name", ["pad2d", "im2col", "conv2d", "conv2d_backward"])
@pytest.mark.parametrize("shape", [(4, 5, 5), (1, 1, 4, 5, 5)])
def test_images_of_another_rank(name, shape, refuses):
    expected = "x expects shape (H, W) or (N, C, H, W), got "
    refuses(lambda: PASS_IMAGES[name](np.ones(shape)), ValueError, f"{name}: {expected}{shape}")


@pytest.mark.parametrize(("option", "value", "error", "words"), BAD_OPTIONS)
def test_options_out_of_range(option, value, error, words, refuses):
    for name in HAVE[option]:
        refuses(lambda name=name: PASS_OPTIONS[name](**{option: value}), error, f"{name}: {option} expects {words}")


@pytest.mark.parametrize("name", ["windows", "fold", "im2col", "col2im", "conv2d", "conv2d_backward"])
def test_a_window_larger_than_its_image(name, refuses):
    start = f"{name}: kernel_size expects a window that fits into the padded input (5, 5), got one that spans (5, 7)"
    refuses(lambda: PASS_OPTIONS[name](dilation=(2, 3)), ValueError, start, "(3, 3)", "dilation (2, 3)")


@pytest.mark.parametrize("name", ["im2col", "col2im", "conv2d", "conv2d_backward"])
def test_same_padding_with_a_stride(name, refuses):
    start = f'{name}: padding "same" expects stride 1, got (1, 2)'
    refuses(lambda: PASS_OPTIONS[name](padding="same", stride=(1, 2)), ValueError, start)


LAYER = {"conv2d": conv2d, "conv2d_backward": lambda *arrays, **options: conv2d_backward(GRAD, *arrays, **options)}


@pytest.mark.parametrize("name", LAYER)
@pytest.mark.parametrize(
    ("x", "weight", "groups", "error", "words"),
    [
        ((1, 1, 28, 28), (6, 3, 5, 5), 1, ValueError, "weight expects 3 input channels, x has 1 (x (1, 1, 28, 28), "),
        ((1, 1, 28, 28), (6, 3, 5, 5), 1, ValueError, "weight (6, 3, 5, 5))"),
        ((1, 6, 5, 5), (6, 6, 3, 3), 2, ValueError, "weight expects 12 input channels, x has 6"),
        ((1, 6, 5, 5), (6, 6, 3, 3), 2, ValueError, "groups=2"),
        ((1, 4, 5, 5), (6, 4, 3, 3), 3, ValueError, "groups expects a divisor of 4 channels and 6 kernels, got 3"),
        ((1, 6, 5, 5), (4, 2, 3, 3), 3, ValueError, "groups expects a divisor of 6 channels and 4 kernels, got 3"),
        ((5, 5), (3, 3), 2, ValueError, "groups expects a divisor of 1 channels and 1 kernels, got 2"),
        ((1, 4, 5, 5), (3, 3), 1, ValueError, "weight expects 4 dimensions as x has, got 2 (x (1, 4, 5, 5), "),
        ((5, 5), (1, 1, 3, 3), 1, ValueError, "weight expects 2 dimensions as x has, got 4"),
        ((5, 5), (1, 3, 3), 1, ValueError, "weight expects shape (kH, kW) or (F, C // groups, kH, kW), got (1, 3, 3)"),
        ((5, 5), (3, 0), 1, ValueError, "weight expects at least one element, got shape (3, 0)"),
        ((5, 5), (3, 3), 0, ValueError, "groups expects at least 1, got 0"),
        ((5, 5), (3, 3), 1.0, TypeError, "groups expects an integer, got 1.0"),
    ],
)
def test_kernels_that_do_not_suit_the_image(name, x, weight, groups, error, words, refuses):
    refuses(lambda: LAYER[name](np.ones(x), np.ones(weight), groups=groups), error, f"{name}: ", words)


@pytest.mark.parametrize("name", LAYER)
@pytest.mark.parametrize("dtype", [str, bool, object, complex])
def test_kernels_that_are_no_numbers(name, dtype, refuses):
    weight = WEIGHT.astype(dtype)
    message = f"{name}: weight expects real numbers (integer or float dtype), got dtype {weight.dtype}"
    refuses(lambda: LAYER[name](X, weight), TypeError, message)


WRONG_VALUES = {
    "conv2d: bias expects shape (6,), got (5,)": lambda: conv2d(X, WEIGHT, np.ones(5), groups=2),
    "conv2d: bias expects shape (6,), got ()": lambda: conv2d(X, WEIGHT, 1.0, groups=2),
    "conv2d: bias expects shape (), got (1,)": lambda: conv2d(X[0, 0], WEIGHT[0, 0], [1.0]),
    "conv2d_backward: grad expects shape (1, 6, 3, 3), got (1, 5, 3, 3)": lambda: conv2d_backward(
        GRAD[:, :5], X, WEIGHT, groups=2
    ),
    "conv2d_backward: grad expects shape (3, 3), got (5, 5)": lambda: conv2d_backward(
        np.ones((5, 5)), X[0, 0], WEIGHT[0, 0]
    ),
    "pad2d: kernel_size expects an integer or a pair with padding 'same', got None": lambda: pad2d(X, "same"),
    "pad2d: kernel_size expects at least 1, got 0": lambda: pad2d(X, "same", 0),
    "pad2d: value expects a number that dtype uint8 can hold, got 256": lambda: pad2d(BYTES, 1, value=256),
    "pad2d: value expects a number that dtype uint8 can hold, got -1": lambda: pad2d(BYTES, 1, value=-1),
    "pad2d: value expects a number that dtype uint8 can hold, got 0.5": lambda: pad2d(BYTES, 1, value=0.5),
    "pad2d: value expects a number that dtype uint8 can hold, got -inf": lambda: pad2d(BYTES, 1, value=-np.inf),
    "pad2d: value expects a number that dtype uint8 can hold, got nan": lambda: pad2d(BYTES, 1, value=np.nan),
    "pad2d: value expects a number that dtype float32 can hold, got 1e+39": lambda: pad2d(
        BYTES.astype(np.float32), 1, value=1e39
    ),
    "pad2d: value expects shape (), got (2,)": lambda: pad2d(X, 1, value=[1, 2]),
    "fold: cols expects shape (3, 3, 3, 3), got (2, 2, 3, 3)": lambda: fold(np.ones((2, 2, 3, 3)), (5, 5), 3),
    "fold: shape expects (..., H, W), got (5,)": lambda: fold(np.ones((3, 3)), (5,), 3),
    "fold: shape expects at least 1, got 0": lambda: fold(np.ones((0, 3, 3, 3, 3)), (0, 5, 5), 3),
    "col2im: cols expects shape (9, 36), got (9, 9)": lambda: col2im(np.ones((9, 9)), (1, 4, 5, 5), 3),
    "col2im: shape expects (H, W) or (N, C, H, W), got 5": lambda: col2im(np.ones((9, 9)), 5, 3),
    "col2im: shape expects (H, W) or (N, C, H, W), got (1, 5, 5)": lambda: col2im(np.ones((9, 9)), (1, 5, 5), 3),
}
NO_NUMBERS = {
    "conv2d: bias": lambda value: conv2d(X[0, 0], WEIGHT[0, 0], value),
    "conv2d_backward: grad": lambda value: conv2d_backward(value, X, WEIGHT, groups=2),
    "fold: cols": lambda value: fold(value, (5, 5), 3),
    "col2im: cols": lambda value: col2im(value, (5, 5), 3),
    "pad2d: value": lambda value: pad2d(X, 1, value=value),
}


@pytest.mark.parametrize("message", WRONG_VALUES)
def test_what_bad_input_is_told(message, refuses):
    refuses(WRONG_VALUES[message], ValueError, message)


@pytest.mark.parametrize("start", NO_NUMBERS)
@pytest.mark.parametrize(("value", "dtype"), [("0", "<U1"), (False, "bool"), ({}, "object"), (1j, "complex128")])
def test_arguments_that_are_no_numbers(start, value, dtype, refuses):
    message = f"{start} expects real numbers (integer or float dtype), got dtype {dtype}"
    refuses(lambda: NO_NUMBERS[start](value), TypeError, message)


# The transposed convolution.


@given(layers(paddings=st.integers(0, 1)), st.data())
def test_transposed_convolution_is_the_adjoint_and_restores_the_size(layer, data):
    out = conv2d(layer.x, layer.weight, **layer.options)
    grad, stride = numbers(*out.shape, seed=3), layer.options["stride"]
    options = {**layer.options, "output_padding": [
        (size + sum(pad) - d * (k - 1) - 1) % s
        for size, pad, d, k, s in zip(
            layer.x.shape[2:], layer.pad, layer.options["dilation"], layer.weight.shape[2:], stride, strict=True
        )
    ]}  # fmt: skip
    back = conv_transpose2d(grad, layer.weight, **options)
    assert back.shape == layer.x.shape
    assert inner(out, grad) == inner(layer.x, back)


def test_transposed_convolution_spreads_each_pixel_over_its_kernel():
    x, kernel = np.array([[1, 2], [3, 4]])[None, None], np.array([[1, 10], [100, 1000]])[None, None]
    spread = [[1, 10, 2, 20], [100, 1000, 200, 2000], [3, 30, 4, 40], [300, 3000, 400, 4000]]
    same(conv_transpose2d(x, kernel, bias=[0], stride=2)[0, 0], spread)
    same(conv_transpose2d(x, kernel, bias=[5])[0, 0], 5 + np.array([[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]))


def transposed(x=(1, 2, 3, 3), weight=(2, 4, 2, 2), *bias, **options):
    return lambda: conv_transpose2d(np.ones(x), np.ones(weight), *bias, **options)


CHANNELS, KERNELS = (1, 3, 4, 4), (3, 2, 2, 2)
NOT_TRANSPOSED = {
    "weight expects (C, F // groups, kH, kW) for x (N, C, H, W), got (2, 4, 2, 2)": transposed((3, 3)),
    "weight expects (C, F // groups, kH, kW) for x (N, C, H, W), got (1, 4": transposed(weight=(1, 4, 2, 2)),
    "output_padding expects less than stride (2, 2), got 2": transposed(stride=2, output_padding=2),
    "padding expects to leave at least one pixel, got an output of size (0, 0)": transposed(padding=2),
    "bias expects shape (4,), got (1,)": transposed((1, 2, 3, 3), (2, 4, 2, 2), [1.0]),
    "groups expects a divisor of 3 channels, got 2": transposed(CHANNELS, KERNELS, groups=2),
    "groups expects at least 1, got 0": transposed(CHANNELS, KERNELS, groups=0),
}


@pytest.mark.parametrize("message", NOT_TRANSPOSED)
def test_transposed_convolution_refuses(message, refuses):
    refuses(NOT_TRANSPOSED[message], ValueError, f"conv_transpose2d: {message}")


# Sizes beyond memory.

BEYOND = 10**18
ONE, PAIR = np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2))
TOO_LARGE = {
    "pad2d: padding": lambda: pad2d(ONE, BEYOND),
    "pad2d: padding ": lambda: pad2d(ONE, "full", BEYOND),
    "im2col: padding": lambda: im2col(ONE, BEYOND, padding=BEYOND),
    "im2col: kernel_size": lambda: im2col(np.broadcast_to(1.0, (10**4, 10**4)), 5000),
    "fold: shape": lambda: fold(np.ones((1, 1, 1, 1)), (BEYOND, BEYOND), 1, stride=BEYOND),
    "col2im: shape": lambda: col2im(np.ones((1, 1)), (10**12, 10**12), 1, stride=10**12),
    "conv2d: padding": lambda: conv2d(ONE, PAIR, padding=BEYOND, stride=BEYOND),
    "conv2d: padding ": lambda: conv2d(ONE, PAIR, padding="full", dilation=10**12),
    "conv2d_backward: padding": lambda: conv2d_backward(PAIR[..., :1, :1], ONE, PAIR, 4 * BEYOND, BEYOND),
    "conv_transpose2d: stride": lambda: conv_transpose2d(ONE, PAIR, stride=10**12),
    "conv_transpose2d: dilation": lambda: conv_transpose2d(ONE, PAIR, dilation=BEYOND),
}


@pytest.mark.parametrize("start", TOO_LARGE)
def test_what_does_not_fit_into_memory_is_refused_by_name(start, refuses):
    refuses(TOO_LARGE[start], ValueError, f"{start.strip()} expects sizes that fit into memory, got an array of shape")


def test_a_stride_may_be_of_any_size():
    same(conv2d(ONE, PAIR, stride=BEYOND), [[[[4]]]])
