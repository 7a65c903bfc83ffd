"""Where a window stands: output sizes and padding, against counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.images import Window, output_size
from helpers.images.padding import add_border, cut_border

small = st.integers(1, 4)


def counted(size, kernel_size, stride, before, after, dilation):
    """Count the positions of the window one by one."""
    starts = range(-before, size + after, stride)
    return sum(start + dilation * (kernel_size - 1) < size + after for start in starts)


@given(st.integers(1, 12), small, small, st.integers(0, 3), st.integers(0, 3), small)
def test_output_size_counts_the_positions(size, kernel_size, stride, before, after, dilation):
    positions = counted(size, kernel_size, stride, before, after, dilation)
    if positions:
        assert output_size(size, kernel_size, stride, (before, after), dilation) == positions
    else:
        with pytest.raises(ValueError, match="output_size: kernel_size expects a window that fits"):
            output_size(size, kernel_size, stride, (before, after), dilation)


@given(st.integers(1, 12), small, small)
def test_same_keeps_the_size_for_odd_and_even_kernels(size, kernel_size, dilation):
    assert output_size(size, kernel_size, padding="same", dilation=dilation) == size


@given(st.integers(5, 12), small, small)
def test_valid_is_no_padding(size, kernel_size, stride):
    assert output_size(size, kernel_size, stride, "valid") == output_size(size, kernel_size, stride)


@given(st.integers(1, 12), small, small)
def test_full_takes_every_overlap(size, kernel_size, dilation):
    assert output_size(size, kernel_size, padding="full", dilation=dilation) == size + dilation * (kernel_size - 1)


def test_output_size_is_a_python_int():
    assert type(output_size(np.int64(8), np.int32(3), padding=np.uint8(1))) is int


@given(st.tuples(small, small), st.tuples(small, small), st.tuples(small, small))
def test_taps_meet_the_pixels_of_every_window(kernel_size, stride, dilation):
    height, width = (d * (k - 1) + 1 + 3 for k, d in zip(kernel_size, dilation, strict=True))
    image = np.arange(height * width).reshape(height, width)
    window = Window.read("test", kernel_size, stride, 0, dilation)
    P, Q = grid = window.grid(height, width)
    for i, j, rows, columns in window.taps(grid):
        expected = [
            [image[stride[0] * p + dilation[0] * i, stride[1] * q + dilation[1] * j] for q in range(Q)]
            for p in range(P)
        ]
        np.testing.assert_array_equal(image[rows, columns], expected)


def test_even_windows_of_same_padding_have_the_longer_end_behind():
    assert Window.read("test", (4, 2), padding="same").padding == ((1, 2), (0, 1))


@pytest.mark.parametrize("form", [(1, 2), [1, 2], np.array([1, 2]), ((1, 1), (2, 2)), np.array([[1, 1], [2, 2]])])
def test_padding_is_read_in_every_form(form):
    assert Window.read("test", 1, padding=form).padding == ((1, 1), (2, 2))


@pytest.mark.parametrize("form", [2, (2, 2), [2, 2], np.array(2), np.array([2, 2]), np.int8(2)])
def test_kernel_size_is_read_in_every_form(form):
    assert Window.read("test", form).kernel_size == (2, 2)


def test_border_surrounds_and_comes_off_again():
    x = np.arange(6).reshape(2, 3)
    padded = add_border("f", x, ((1, 0), (2, 1)), 9)
    np.testing.assert_array_equal(padded, np.pad(x, ((1, 0), (2, 1)), constant_values=9))
    np.testing.assert_array_equal(cut_border(padded, ((1, 0), (2, 1))), x)


def test_border_keeps_the_memory_order():
    x = np.moveaxis(np.zeros((3, 5, 6, 2)), -1, 0)
    padded = add_border("f", x, ((1, 1), (1, 1)))
    assert np.moveaxis(padded, 0, -1).flags.c_contiguous


BAD = {
    "size 0": (lambda: output_size(0, 1), ValueError, ["size expects at least 1", "got 0"]),
    "size a float": (lambda: output_size(8.0, 3), TypeError, ["size expects an integer", "got 8.0"]),
    "kernel 0": (lambda: output_size(8, 0), ValueError, ["kernel_size expects at least 1", "got 0"]),
    "kernel a pair": (lambda: output_size(8, (3, 3)), TypeError, ["kernel_size expects an integer", "(3, 3)"]),
    "stride 0": (lambda: output_size(8, 3, 0), ValueError, ["stride expects at least 1", "got 0"]),
    "stride a float": (lambda: output_size(8, 3, 1.5), TypeError, ["stride expects an integer", "1.5"]),
    "stride True": (lambda: output_size(8, 3, True), TypeError, ["stride expects an integer", "True"]),
    "dilation 0": (lambda: output_size(8, 3, dilation=0), ValueError, ["dilation expects at least 1", "got 0"]),
    "padding negative": (lambda: output_size(8, 3, padding=-1), ValueError, ["padding expects at least 0", "-1"]),
    "padding of three": (
        lambda: output_size(8, 3, padding=(1, 1, 1)),
        ValueError,
        ["padding expects an integer or a pair of integers", "(1, 1, 1)"],
    ),
    "padding unknown": (lambda: output_size(8, 3, padding="SAME"), ValueError, ["padding expects", "got 'SAME'"]),
    "same with stride": (lambda: output_size(8, 3, 2, "same"), ValueError, ['padding "same" expects stride 1', "2"]),
    "kernel too large": (
        lambda: output_size(3, 3, padding=1, dilation=3),
        ValueError,
        ["kernel_size expects a window that fits into the padded input", "5", "spans", "7", "dilation"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_output_size_says_what_is_wrong(case, refuses):
    call, error, words = BAD[case]
    refuses(call, error, "output_size: ", *words)


def test_a_window_is_the_same_whoever_asks_for_it():
    assert Window.read("conv2d", 3, padding="same") == Window.read("max_pool2d", (3, 3), padding=1)
    assert Window.read("conv2d", 3) != Window.read("conv2d", 3, stride=2)
