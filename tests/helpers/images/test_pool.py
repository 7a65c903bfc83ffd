"""Pooling against its definition, pixel by pixel, numpy.linalg.norm, finite differences and PyTorch."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from arrays import close, same
from helpers import naive
from helpers.images.pool import (
    avg_pool2d,
    avg_pool2d_backward,
    lp_pool2d,
    lp_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from helpers.images.pooling import read_window


def numbers(*shape, seed=0, dtype=float):
    return np.random.default_rng(seed).integers(-5, 6, shape).astype(dtype)


def inner(a, b):
    assert a.shape == b.shape
    return np.sum(a * b)


def pairs(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


def places(size, kernel_size, stride, pad, dilation, ceil_mode):
    """List the pixels of each window along one axis; those below 0 or from `size` on lie in the border."""
    before, after = pad
    span, windows = dilation * (kernel_size - 1) + 1, []
    for start in range(-before, size, stride):
        inside = start + span <= size + after
        seen = bool(windows) and windows[-1][-1] >= size + after - 1
        if inside or (ceil_mode and not seen):
            windows.append([start + dilation * i for i in range(kernel_size)])
    return windows


def windows_of(pooling):
    """Yield each position (p, q) with its pixels (i, j), row by row; `mean` says whether padding counts."""
    axes = zip(pooling.x.shape[2:], pooling.kernel_size, pooling.stride, pooling.pad, pooling.dilation, strict=True)
    rows, columns = (places(*axis, pooling.ceil_mode) for axis in axes)
    for p, q in np.ndindex(len(rows), len(columns)):
        yield (p, q), [(i, j) for i in rows[p] for j in columns[q]]


def within(pooling, pixels, padding=False):
    """Keep those of the pixels that lie within the image, or within the image and its padding."""
    height, width = pooling.x.shape[2:]
    (top, bottom), (left, right) = pooling.pad if padding else ((0, 0), (0, 0))
    return [(i, j) for i, j in pixels if -top <= i < height + bottom and -left <= j < width + right]


def meets_its_image(pooling):
    """Whether each window meets a pixel of the image."""
    return all(within(pooling, pixels) for _, pixels in windows_of(pooling))


@st.composite
def poolings(draw, dilated=False, symmetric=False):
    """A small pooling of every kind: x, the window, its padding as given and as meant, ceil_mode."""
    kernel_size, stride = draw(pairs(1, 4)), draw(pairs(1, 4))
    dilation = draw(pairs(1, 3)) if dilated else (1, 1)
    span = [d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True)]
    if symmetric:  # and at most half of the kernel, as PyTorch wants it
        padding = tuple(draw(st.integers(0, k // 2)) for k in kernel_size)
        pad = [(p, p) for p in padding]
    else:
        padding = pad = [tuple(draw(st.integers(0, s - 1)) for _ in range(2)) for s in span]
    sizes = [max(1, s - sum(p) + draw(st.integers(0, 6))) for s, p in zip(span, pad, strict=True)]
    return SimpleNamespace(
        x=numbers(2, 2, *sizes),
        kernel_size=kernel_size,
        stride=stride,
        dilation=dilation,
        padding=padding,
        pad=pad,
        ceil_mode=draw(st.booleans()),
        options={"kernel_size": kernel_size, "stride": stride, "padding": padding},
    )


# Numbers that can be checked by hand.

IMAGE = np.arange(9).reshape(3, 3)


def test_two_by_two_windows_of_three_by_three():
    same(max_pool2d(IMAGE, 2, 1), [[4, 5], [7, 8]])
    same(avg_pool2d(IMAGE, 2, 1), [[2, 3], [5, 6]])
    same(lp_pool2d(IMAGE, 1, 2, 1), [[8, 12], [20, 24]])


def test_stride_is_the_kernel_size_unless_given():
    same(max_pool2d(np.arange(24).reshape(4, 6), (2, 3)), [[8, 11], [20, 23]])


def test_a_tie_goes_to_the_first():
    same(max_pool2d_backward([[7]], np.ones((2, 2)), 2), [[7, 0], [0, 0]])
    same(max_pool2d_backward([[7]], [[1, 3], [3, 3]], 2), [[0, 7], [0, 0]])


def test_a_pixel_of_several_windows_gets_the_sum():
    same(max_pool2d_backward([[1, 2], [3, 4]], [[0, 0, 0], [0, 9, 0], [0, 0, 0]], 2, 1)[1, 1], 10)


def test_zero_padding_does_not_beat_negative_pixels():
    same(max_pool2d(np.full((2, 2), -3), 2, 1, padding=1), np.full((3, 3), -3))
    same(max_pool2d(np.full((2, 2), -3.0), 2, 1, padding=1), np.full((3, 3), -3))


def test_ceil_mode_lets_the_last_window_hang_over():
    x = np.arange(5.0)[None] * np.ones((5, 1))
    assert max_pool2d(x, 2).shape == (2, 2)
    same(max_pool2d(x, 2, ceil_mode=True), [[1, 3, 4]] * 3)
    same(avg_pool2d(x, 2, ceil_mode=True), [[0.5, 2.5, 4]] * 3)


def test_ceil_mode_starts_no_window_in_the_padding_behind():
    assert max_pool2d(np.ones((4, 4)), 2, 3, padding=1, ceil_mode=True).shape == (2, 2)
    assert max_pool2d(np.ones((1, 1)), 2, 2, padding=1, ceil_mode=True).shape == (1, 1)


def test_ceil_mode_takes_a_window_larger_than_its_image():
    same(max_pool2d(IMAGE, 4, ceil_mode=True), [[8]])


def test_average_counts_padding_if_asked_to():
    x = np.full((2, 2), 4.0)
    same(avg_pool2d(x, 2, padding=1), np.full((2, 2), 1))
    same(avg_pool2d(x, 2, padding=1, count_include_pad=False), np.full((2, 2), 4))


def test_average_never_counts_what_hangs_over():
    same(avg_pool2d(np.full((3, 3), 4.0), 2, ceil_mode=True), np.full((2, 2), 4))


# Values and gradients, against the definition.


@given(poolings(dilated=True), st.sampled_from([np.float64, np.int8, np.uint8]))
def test_maximum_is_its_definition(pooling, dtype):
    assume(meets_its_image(pooling))
    x = pooling.x.astype(dtype)
    out = max_pool2d(x, **pooling.options, dilation=pooling.dilation, ceil_mode=pooling.ceil_mode)
    seen = set()
    for (p, q), pixels in windows_of(pooling):
        values = [x[:, :, i, j] for i, j in within(pooling, pixels)]
        same(out[:, :, p, q], np.max(values, axis=0))
        seen.add((p, q))
    assert seen == set(np.ndindex(out.shape[2:]))


@given(poolings(dilated=True), st.booleans())
def test_gradient_of_the_maximum_goes_to_the_first_in_each_window(pooling, ties):
    assume(meets_its_image(pooling))
    x = np.sign(pooling.x) if ties else pooling.x
    options = pooling.options | {"dilation": pooling.dilation, "ceil_mode": pooling.ceil_mode}
    grad = numbers(*max_pool2d(x, **options).shape, seed=1)
    expected = np.zeros(x.shape)
    for (p, q), pixels in windows_of(pooling):
        pixels = within(pooling, pixels)
        for n, c in np.ndindex(x.shape[:2]):
            i, j = pixels[np.argmax([x[n, c, i, j] for i, j in pixels])]
            expected[n, c, i, j] += grad[n, c, p, q]
    same(max_pool2d_backward(grad, x, **options), expected)


@given(poolings(), st.booleans())
def test_average_and_its_gradient_are_their_definition(pooling, count_include_pad):
    x, options = pooling.x, {"ceil_mode": pooling.ceil_mode, "count_include_pad": count_include_pad}
    out = avg_pool2d(x, **pooling.options, **options)
    grad, expected = numbers(*out.shape, seed=1), np.zeros(x.shape)
    for (p, q), pixels in windows_of(pooling):
        share = 1 / len(within(pooling, pixels, padding=count_include_pad))
        pixels = within(pooling, pixels)
        close(out[:, :, p, q], sum(x[:, :, i, j] for i, j in pixels) * share, atol=1e-14)
        for i, j in pixels:
            expected[:, :, i, j] += grad[:, :, p, q] * share
    close(avg_pool2d_backward(grad, x, **pooling.options, **options), expected, atol=1e-14)


@given(pairs(1, 3), pairs(1, 4))
def test_maximum_and_average_are_their_loops(kernel_size, stride):
    x = numbers(2, 3, 5, 6)
    same(max_pool2d(x, kernel_size, stride), naive.max_pool2d(x, kernel_size, stride))
    close(avg_pool2d(x, kernel_size, stride), naive.avg_pool2d(x, kernel_size, stride), atol=1e-14)


@given(pairs(1, 3), pairs(1, 4), st.sampled_from([1, 1.5, 2, 3, np.float32(2.5), np.int64(4)]))
def test_lp_is_the_norm_of_each_window(kernel_size, stride, p):
    x = numbers(2, 3, 5, 6) / 3
    view = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
    norms = np.linalg.norm(view.reshape(*view.shape[:4], -1), ord=p, axis=-1)
    close(lp_pool2d(x, p, kernel_size, stride), norms, atol=1e-14)


@given(pairs(1, 3), pairs(1, 4), st.sampled_from([1, 1.5, 2, 3.5]))
@settings(max_examples=30)
def test_gradient_of_lp_is_the_finite_difference(kernel_size, stride, p):
    x = numbers(2, 3, 5, 6) + 0.25  # no pixel is 0, where |x| has a kink
    grad, step = numbers(*lp_pool2d(x, p, kernel_size, stride).shape, seed=1), numbers(*x.shape, seed=2)
    h = 1e-5
    ahead, behind = (lp_pool2d(x + s * step, p, kernel_size, stride) for s in (h, -h))
    slope = inner(lp_pool2d_backward(grad, x, p, kernel_size, stride), step)
    close(slope, inner(grad, ahead - behind) / (2 * h), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("p", [1, 1.5, 2, 3])
def test_gradient_of_lp_is_zero_where_a_window_is(p):
    grad = lp_pool2d_backward(np.ones((1, 2)), [[0.0, 0, 3, 0], [0, 0, 0, 0]], p, 2)
    close(grad, [[0, 0, 1, 0], [0, 0, 0, 0]])


def test_gradient_of_lp_knows_the_most_negative_byte():
    x = np.array([[-128, 96]], np.int8)
    close(lp_pool2d(x, 2, (1, 2)), [[160]])
    close(lp_pool2d_backward([[1]], x, 2, (1, 2)), [[-0.8, 0.6]])


# PyTorch.


def theirs(torch, function, x, grad, **options):
    """PyTorch's value and gradient."""
    tensor = torch.tensor(x, requires_grad=True)
    value = function(tensor, **options)
    value.backward(torch.tensor(grad))
    return value.detach().numpy(), tensor.grad.numpy()


@given(poolings(dilated=True, symmetric=True))
@settings(max_examples=30)
def test_pytorch_agrees_on_the_maximum(torch, pooling):
    options = pooling.options | {"dilation": pooling.dilation, "ceil_mode": pooling.ceil_mode}
    assume(meets_its_image(pooling))
    out = max_pool2d(pooling.x, **options)
    grad = numbers(*out.shape, seed=1)
    value, slope = theirs(torch, torch.nn.functional.max_pool2d, pooling.x, grad, **options)
    same(out, value)
    same(max_pool2d_backward(grad, pooling.x, **options), slope)


@given(poolings(symmetric=True), st.booleans())
@settings(max_examples=30)
def test_pytorch_agrees_on_the_average(torch, pooling, count_include_pad):
    options = pooling.options | {"ceil_mode": pooling.ceil_mode, "count_include_pad": count_include_pad}
    out = avg_pool2d(pooling.x, **options)
    grad = numbers(*out.shape, seed=1)
    value, slope = theirs(torch, torch.nn.functional.avg_pool2d, pooling.x, grad, **options)
    close(out, value, atol=1e-14)
    close(avg_pool2d_backward(grad, pooling.x, **options), slope, atol=1e-14)


@pytest.mark.parametrize("p", [1, 2, 2.5])
def test_pytorch_agrees_on_lp(torch, p):
    x, grad = abs(numbers(2, 3, 6, 7)) + 1, numbers(2, 3, 2, 3, seed=1)
    options = {"norm_type": p, "kernel_size": (3, 2), "stride": (3, 2)}
    value, slope = theirs(torch, torch.nn.functional.lp_pool2d, x, grad, **options)
    close(lp_pool2d(x, **options), value)
    close(lp_pool2d_backward(grad, x, **options), slope, atol=1e-14)


# Dtypes, purity, memory, special values.

VALUES = {
    "max_pool2d": lambda x: max_pool2d(x, 2, padding=1),
    "max_pool2d 1x1": lambda x: max_pool2d(x, 1),
    "avg_pool2d": lambda x: avg_pool2d(x, 2, padding=1),
    "avg_pool2d 1x1": lambda x: avg_pool2d(x, 1),
    "lp_pool2d": lambda x: lp_pool2d(x, 2, 2),
    "lp_pool2d 1x1": lambda x: lp_pool2d(x, 1, 1),
}
GRADIENTS = {
    "max_pool2d_backward": lambda x, grad: max_pool2d_backward(grad, x, 2),
    "avg_pool2d_backward": lambda x, grad: avg_pool2d_backward(grad, x, 2),
    "lp_pool2d_backward": lambda x, grad: lp_pool2d_backward(grad, x, 2, 2),
    "max_pool2d_backward 1x1": lambda x, grad: max_pool2d_backward(np.repeat(grad, 2, 2).repeat(2, 3), x, 1),
    "avg_pool2d_backward 1x1": lambda x, grad: avg_pool2d_backward(np.repeat(grad, 2, 2).repeat(2, 3), x, 1),
}
CALLS = {name: lambda x, grad, call=call: call(x) for name, call in VALUES.items()} | GRADIENTS
FLOATS, INTEGERS = [np.float16, np.float32, np.float64], [np.int8, np.uint8, np.int64, np.uint64]


def arguments(dtype=float):
    return tuple(abs(array).astype(dtype) for array in (numbers(2, 3, 4, 6), numbers(2, 3, 2, 3, seed=1)))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", CALLS)
def test_floats_keep_their_dtype(name, dtype):
    result = CALLS[name](*arguments(dtype))
    assert result.dtype == dtype
    close(result, CALLS[name](*arguments()), rtol=3 * np.finfo(dtype).eps)


@pytest.mark.parametrize("p", [2, 2.5, np.float64(3)])
def test_norm_type_does_not_change_the_dtype(p):
    x = np.ones((2, 2), np.float32)
    assert lp_pool2d(x, p, 2).dtype == lp_pool2d_backward(x[:1, :1], x, p, 2).dtype == np.float32


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("name", CALLS)
def test_integers_become_floats_except_in_the_maximum(name, dtype):
    result = CALLS[name](*arguments(dtype))
    assert result.dtype == (dtype if name in ("max_pool2d", "max_pool2d 1x1") else np.float64)
    close(result, CALLS[name](*arguments()))


def test_large_integers_keep_their_maximum_exactly():
    x = np.array([[2**53, 2**53 + 1]])
    assert max_pool2d(x, (1, 2))[0, 0] == 2**53 + 1
    same(max_pool2d_backward([[1]], x, (1, 2)), [[0, 1]])


def test_bytes_do_not_wrap():
    x = np.full((2, 2), 255, np.uint8)
    assert avg_pool2d(x, 2)[0, 0] == 255
    assert lp_pool2d(x, 2, 2)[0, 0] == 510
    assert avg_pool2d_backward(x[:1, :1], x, 2)[0, 0] == 255 / 4


@pytest.mark.parametrize("name", CALLS)
def test_arguments_stay_as_they_are_and_apart_from_results(name):
    arrays = arguments()
    for array in arrays:
        array.flags.writeable = False
    result = CALLS[name](*arrays)
    assert result.flags.writeable
    assert not any(np.shares_memory(result, array) for array in arrays)
    for array, before in zip(arrays, arguments(), strict=True):
        same(array, before)


@pytest.mark.parametrize("name", CALLS)
def test_order_in_memory_does_not_matter(name, laid_out):
    close(CALLS[name](*map(laid_out, arguments())), CALLS[name](*arguments()), rtol=1e-14)


@pytest.mark.parametrize("name", [name for name in CALLS if "1x1" not in name])
def test_one_image_is_a_batch_of_one(name):
    x, grad = arguments()
    same(CALLS[name](x[0, 0], grad[0, 0]), CALLS[name](x, grad)[0, 0])


@pytest.mark.parametrize("call", [VALUES["max_pool2d"], VALUES["avg_pool2d"], VALUES["lp_pool2d"]])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_special_values_pass_through(call, value):
    x = np.ones((4, 4))
    x[1, 2] = value
    out = call(x)
    same(out[~np.isfinite(out)], [value])


def test_minus_infinity_is_a_number_like_others():
    x = np.full((2, 2), -np.inf)
    same(max_pool2d(x, 2), [[-np.inf]])
    same(max_pool2d_backward([[1]], x, 2, padding=1, stride=3), [[1, 0], [0, 0]])


def test_gradient_goes_to_the_first_nan():
    same(max_pool2d_backward([[1.0]], [[0, np.nan], [np.nan, 9]], 2), [[0, 1], [0, 0]])


# Sums and powers that overflow or vanish where their result does not.


@pytest.mark.parametrize("scale", [1e200, 1e-200, 1e307, 1e-320])
def test_a_norm_far_out_is_a_norm_near_one_scaled(scale):
    close(lp_pool2d([[3 * scale, -4 * scale]], 2, (1, 2)), [[5 * scale]], rtol=1e-3 if scale < 1e-300 else 1e-15)
    close(lp_pool2d_backward([[1]], [[3 * scale, -4 * scale]], 2, (1, 2)), [[0.6, -0.8]], rtol=1e-3)


def test_gradient_of_a_norm_too_large_for_floats():
    close(lp_pool2d_backward([[1]], [[1.5e308, 1.5e308]], 2, (1, 2)), [[np.sqrt(0.5)] * 2])


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("p", [31, 1000, 1e6])
def test_a_large_p_takes_nearly_the_maximum(p, dtype):
    x = np.array([[3, 40, 40, np.nan, 1, np.inf]], dtype)
    out = lp_pool2d(x, p, (1, 2))
    close(out, [[40, np.nan, np.inf]])
    close(lp_pool2d_backward([[1]], x[:, :2], p, (1, 2)), [[0, 1]], atol=1e-30)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_mean_is_finite_where_the_sum_is_not(dtype, sign):
    x = np.full((1, 4), sign * 0.9 * float(np.finfo(dtype).max)).astype(dtype)
    same(avg_pool2d(x, (1, 2)), x[:, :2])
    x[0, 3] = np.inf
    same(avg_pool2d(x, (1, 2)), [[x[0, 0], np.inf]])


def test_a_window_of_more_pixels_than_half_precision_can_count():
    x = np.ones((300, 300), np.float16)
    close(avg_pool2d(x, 300), [[1]])
    close(avg_pool2d_backward([[9000]], x, 300), np.full(x.shape, 0.1), rtol=1e-3)


def test_no_harmless_underflow_is_reported():
    x = np.array([[1.0, 1e-200]])
    with np.errstate(all="raise"):
        close(lp_pool2d(x, 2, (1, 2)), [[1]])
        close(lp_pool2d_backward([[1]], x, 3, (1, 2)), [[1, 0]])


# A window that meets no pixel.


@given(pairs(1, 3), pairs(1, 4), pairs(1, 4), pairs(1, 4), st.booleans())
@settings(max_examples=300)
def test_each_window_meets_a_pixel_or_there_is_an_error(sizes, kernel_size, stride, dilation, ceil_mode):
    span = [d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True)]
    pooling = SimpleNamespace(x=np.zeros((1, 1, *sizes)), kernel_size=kernel_size, stride=stride, dilation=dilation)
    pooling.ceil_mode = ceil_mode
    for padding in np.ndindex(*span):
        if any(size + 2 * p < s for size, p, s in zip(sizes, padding, span, strict=True)):
            continue  # the window does not fit
        pooling.pad = [(p, p) for p in padding]
        if meets_its_image(pooling):
            same(max_pool2d(pooling.x, kernel_size, stride, padding, dilation, ceil_mode), 0)
        else:
            with pytest.raises(ValueError, match="padding expects windows that each meet a pixel of the image"):
                max_pool2d(pooling.x, kernel_size, stride, padding, dilation, ceil_mode)


def test_a_window_around_the_image_is_refused(refuses):
    words = "max_pool2d: padding expects windows that each meet a pixel of the image (1, 1), got ((1, 1), (1, 1))"
    refuses(lambda: max_pool2d([[5.0]], 2, stride=1, padding=1, dilation=2), ValueError, words, "dilation (2, 2)")
    refuses(lambda: max_pool2d_backward([[1]], [[5.0]], 2, 1, 1, 2), ValueError, "max_pool2d_backward: padding")


def test_a_padding_beyond_the_window_is_known_before_the_image(refuses):
    refuses(lambda: read_window("f", 2, padding=2), ValueError, "f: padding expects less than the (2, 2) pixels")
    assert read_window("f", 2, padding=1).stride == (2, 2)


BEYOND = 10**18
TOO_LARGE = [
    ({"kernel_size": BEYOND}, "kernel_size"),
    ({"kernel_size": BEYOND, "ceil_mode": True}, "padding"),
    ({"kernel_size": BEYOND, "padding": BEYOND - 1}, "padding"),
    ({"kernel_size": 10**12, "padding": 10**12 - 1, "stride": 10**11}, "padding"),
]


@pytest.mark.parametrize(("options", "name"), TOO_LARGE)
def test_what_does_not_fit_into_memory_is_refused_at_once(options, name, refuses):
    for pool2d in (max_pool2d, avg_pool2d):
        refuses(lambda pool2d=pool2d: pool2d(X, **options), ValueError, f"{pool2d.__name__}: {name} expects")
    same(max_pool2d(X, 2, stride=BEYOND), [[[[1]], [[1]]]])


def test_gaps_beyond_memory(refuses):
    for padding in (BEYOND, BEYOND // 2):
        refuses(lambda p=padding: max_pool2d(X, 2, 1, p, BEYOND), ValueError, "max_pool2d: padding expects")


# What bad input is told.

X = np.ones((1, 2, 4, 4))
G = np.ones((1, 2, 2, 2))
FUNCTIONS = {
    "max_pool2d": max_pool2d,
    "max_pool2d_backward": lambda x, *args, **options: max_pool2d_backward(G, x, *args, **options),
    "avg_pool2d": avg_pool2d,
    "avg_pool2d_backward": lambda x, *args, **options: avg_pool2d_backward(G, x, *args, **options),
    "lp_pool2d": lambda x, *args, **options: lp_pool2d(x, 2, *args, **options),
    "lp_pool2d_backward": lambda x, *args, **options: lp_pool2d_backward(G, x, 2, *args, **options),
}
BAD_IMAGES = [
    ("text", TypeError, "real numbers (integer or float dtype), got dtype <U4"),
    (True, TypeError, "real numbers (integer or float dtype), got dtype bool"),
    (None, TypeError, "real numbers (integer or float dtype), got dtype object"),
    (np.ones((3, 3), complex), TypeError, "real numbers (integer or float dtype), got dtype complex128"),
    ([[1, 2], [3]], ValueError, "an array, got nested sequences of different lengths"),
    (np.ones((1, 4, 0, 5)), ValueError, "at least one element, got shape (1, 4, 0, 5)"),
    (3.0, ValueError, "shape (H, W) or (N, C, H, W), got ()"),
    (np.ones((2, 4, 4)), ValueError, "shape (H, W) or (N, C, H, W), got (2, 4, 4)"),
]
BAD_OPTIONS = [
    ("kernel_size", 0, ValueError, "at least 1, got 0"),
    ("kernel_size", None, TypeError, "an integer, got None"),
    ("kernel_size", (1, 2, 3), ValueError, "an integer or a pair of integers, got (1, 2, 3)"),
    ("stride", 0, ValueError, "at least 1, got 0"),
    ("stride", 1.5, TypeError, "an integer, got 1.5"),
    ("dilation", 0, ValueError, "at least 1, got 0"),
    ("dilation", True, TypeError, "an integer, got True"),
    ("padding", -1, ValueError, "at least 0, got -1"),
    ("padding", "reflect", ValueError, '"valid", "same", "full" or numbers, got \'reflect\''),
    ("padding", 2, ValueError, "less than the (2, 2) pixels that the window spans"),
    ("padding", ((0, 0), (0, 2)), ValueError, "less than the (2, 2) pixels that the window spans"),
]
HAVE = {
    "kernel_size": list(FUNCTIONS),
    "stride": list(FUNCTIONS),
    "dilation": ["max_pool2d", "max_pool2d_backward"],
    "padding": ["max_pool2d", "max_pool2d_backward", "avg_pool2d", "avg_pool2d_backward"],
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("value", "error", "words"), BAD_IMAGES)
def test_images_that_are_none(name, value, error, words, refuses):
    refuses(lambda: FUNCTIONS[name](value, 2), error, f"{name}: x expects {words}")


@pytest.mark.parametrize(("option", "value", "error", "words"), BAD_OPTIONS)
def test_options_out_of_range(option, value, error, words, refuses):
    for name in HAVE[option]:
        options = {"kernel_size": 2} | {option: value}
        refuses(
            lambda name=name, options=options: FUNCTIONS[name](X, **options), error, f"{name}: {option} expects {words}"
        )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_window_larger_than_its_image(name, refuses):
    words = "kernel_size expects a window that fits into the padded input (4, 4), got one that spans (3, 5)"
    refuses(lambda: FUNCTIONS[name](X, (3, 5)), ValueError, f"{name}: {words}")


def test_ceil_mode_does_not_rescue_a_window_beyond_its_stride(refuses):
    words = "kernel_size expects a window that fits into the padded input (4, 4), got one that spans (6, 6)"
    refuses(lambda: max_pool2d(X, 6, 2, ceil_mode=True), ValueError, f"max_pool2d: {words}")


def test_same_padding_asks_for_stride_one(refuses):
    same(max_pool2d(IMAGE, 2, 1, "same"), [[4, 5, 5], [7, 8, 8], [7, 8, 8]])
    refuses(
        lambda: max_pool2d(IMAGE, 2, padding="same"),
        ValueError,
        'max_pool2d: padding "same" expects stride 1, got (2, 2)',
    )


@pytest.mark.parametrize("name", ["max_pool2d_backward", "avg_pool2d_backward", "lp_pool2d_backward"])
def test_gradients_of_another_shape(name, refuses):
    words = "grad expects shape (1, 2, 4, 4), got (1, 2, 2, 2)"
    refuses(lambda: FUNCTIONS[name](X, 1), ValueError, f"{name}: {words}")


@pytest.mark.parametrize("value", [1, 0, "yes", None])
def test_switches_are_true_or_false(value, refuses):
    words = f"expects True or False, got {value!r}"
    refuses(lambda: max_pool2d(X, 2, ceil_mode=value), TypeError, f"max_pool2d: ceil_mode {words}")
    refuses(lambda: avg_pool2d(X, 2, count_include_pad=value), TypeError, f"avg_pool2d: count_include_pad {words}")
    same(max_pool2d(X, 2, ceil_mode=np.True_), G)


@pytest.mark.parametrize("p", [0.5, 0, -2, np.inf, np.nan])
def test_norms_below_one_are_none(p, refuses):
    words = f"norm_type expects a number in [1, inf), got {p!r}"
    refuses(lambda: lp_pool2d(X, p, 2), ValueError, f"lp_pool2d: {words}")
    refuses(lambda: lp_pool2d_backward(G, X, p, 2), ValueError, f"lp_pool2d_backward: {words}")


@pytest.mark.parametrize(
    ("p", "error", "words"), [("2", TypeError, "real numbers"), ([2], ValueError, "shape (), got (1,)")]
)
def test_norm_type_is_a_number(p, error, words, refuses):
    refuses(lambda: lp_pool2d(X, p, 2), error, f"lp_pool2d: norm_type expects {words}")
