"""How arguments are read; the rules for each function are tested with it as well."""

import math

import numpy as np
import pytest

from helpers import images
from helpers.autodiff import Tensor, check_grad, numerical_grad, ops
from helpers.support.arguments import (
    Arguments,
    allocating,
    as_divisor,
    as_flag,
    as_function,
    as_number,
)


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        ("(-inf, inf)", [-1e300, 0, 2], [math.inf, -math.inf, math.nan]),
        ("[0, 1)", [0, 0.999], [1, -1e-9, math.nan]),
        ("(0, inf]", [1e-300, math.inf], [0, math.nan]),
    ],
)
def test_a_number_lies_within_its_interval(interval, inside, outside):
    for value in inside:
        assert as_number("f", "x", value, interval) == value
    for value in outside:
        with pytest.raises(ValueError, match=r"^f: x expects a .*number.*, got"):
            as_number("f", "x", value, interval)


@pytest.mark.parametrize("value", [True, "1", None, 1j])
def test_what_is_not_a_real_number_is_refused(value):
    with pytest.raises(TypeError, match=r"^f: x expects real numbers"):
        as_number("f", "x", value)


def test_a_flag_is_true_or_false(refuses):
    assert as_flag("f", "x", True) is as_flag("f", "x", np.True_) is True
    assert as_flag("f", "x", np.array([1]) is None) is False
    for value in (1, 0.0, "no", None, [True], np.array(True)):
        refuses(lambda value=value: as_flag("f", "x", value), TypeError, "f: x expects True or False, got")


def test_a_divisor_divides_every_count(refuses):
    assert as_divisor("f", "groups", np.int64(3), channels=6, kernels=9) == 3
    message = "f: groups expects a divisor of 6 channels and 8 kernels, got 3"
    refuses(lambda: as_divisor("f", "groups", 3, channels=6, kernels=8), ValueError, message)


READINGS = {
    "f: n expects at least 2, got 1": lambda read: read.count("n", 1, minimum=2),
    "f: n expects a divisor of 3 channels, got 2": lambda read: read.divisor("n", 2, channels=3),
    "f: p expects a number in [0, 1), got 1": lambda read: read.number("p", 1, "[0, 1)"),
    "f: size expects an integer or a pair": lambda read: read.pair("size", (1, 2, 3)),
    "f: x expects shape (2,), got (1,)": lambda read: read.shaped("x", [1], (2,)),
    "f: x expects shape (N, C, H, W), got (1,)": lambda read: read.images("x", [1], "(N, C, H, W)"),
    "f: shape expects (H, W), got 3": lambda read: read.shape("shape", 3, (2,), "(H, W)"),
}


@pytest.mark.parametrize("message", READINGS)
def test_a_reader_says_who_reads(message, refuses):
    refuses(lambda: READINGS[message](Arguments("f")), ValueError, message)


def test_a_function_can_be_called(refuses):
    assert as_function("f", "x", math.sin) is math.sin
    refuses(lambda: as_function("f", "x", 3), TypeError, "f: x expects a function, got 3")


@pytest.mark.parametrize("shape", [(10**18,), (10**18, 10**18), (10**30,)])
def test_memory_that_is_not_there_is_refused_by_name(shape, refuses):
    def allocate():
        with allocating("f", "x", shape):
            return np.empty(shape)

    refuses(allocate, ValueError, f"f: x expects sizes that fit into memory, got an array of shape {shape}")


# NumPy reads what is under a mask. So each function that takes arrays looks for one, in every array that it takes.

IMAGES, KERNELS, ONE = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones(1)
LOCAL, COLS = np.ones((1, 2, 2, 1, 2, 2)), np.ones((4, 4))
ROW, ROWS = np.ones(3), np.ones((3, 3))
RNG = np.random.default_rng(0)
TAKES_ARRAYS = {
    "pad2d": (lambda x: images.pad2d(x, 1), IMAGES),
    "pad2d's value": (lambda value: images.pad2d(IMAGES, 1, value=value), ROW[0]),
    "windows": (lambda x: images.windows(x, 2), IMAGES),
    "fold": (lambda cols: images.fold(cols, (3, 3), 2), np.ones((2, 2, 2, 2))),
    "im2col": (lambda x: images.im2col(x, 2), IMAGES),
    "col2im": (lambda cols: images.col2im(cols, (3, 3), 2), COLS),
    "conv2d": (images.conv2d, IMAGES, KERNELS, ONE),
    "conv2d_backward": (images.conv2d_backward, KERNELS, IMAGES, KERNELS),
    "conv_transpose2d": (images.conv_transpose2d, IMAGES, KERNELS, ONE),
    "local_conv2d": (images.local_conv2d, IMAGES, LOCAL, np.ones((1, 2, 2))),
    "max_pool2d": (lambda x: images.max_pool2d(x, 3), IMAGES),
    "max_pool2d_backward": (lambda grad, x: images.max_pool2d_backward(grad, x, 3), IMAGES[..., :1, :1], IMAGES),
    "avg_pool2d": (lambda x: images.avg_pool2d(x, 3), IMAGES),
    "avg_pool2d_backward": (lambda grad, x: images.avg_pool2d_backward(grad, x, 3), IMAGES[..., :1, :1], IMAGES),
    "lp_pool2d": (lambda x: images.lp_pool2d(x, 2, 3), IMAGES),
    "lp_pool2d_backward": (lambda grad, x: images.lp_pool2d_backward(grad, x, 2, 3), IMAGES[..., :1, :1], IMAGES),
    "Tensor": (Tensor, ROW),
    "a leaf": (lambda data: Tensor(data, requires_grad=True), ROW),
    "backward": (lambda grad: Tensor(ROW, requires_grad=True).backward(grad), ROW),
    "grad": (lambda grad: setattr(Tensor(ROW, requires_grad=True), "grad", grad), ROW),
    "an operator": (lambda x: Tensor(ROW) + x, ROW),
    "an index": (lambda index: Tensor(ROW)[index], np.array([1, 2])),
    "numerical_grad": (lambda x: numerical_grad(np.sum, x), ROW),
    "check_grad": (lambda x: check_grad(ops.exp, x), ROW),
    "add": (ops.add, ROW, ROW),
    "exp": (ops.exp, ROW),
    "where": (ops.where, ROW > 0, ROW, ROW),
    "dropout": (lambda x: ops.dropout(x, 0.5, RNG), ROW),
    "sum": (ops.sum, ROW),
    "matmul": (ops.matmul, ROWS, ROWS),
    "einsum": (lambda x, y: ops.einsum("i,i->", x, y), ROW, ROW),
    "concatenate": (lambda x, y: ops.concatenate([x, y]), ROW, ROW),
    "ops.conv2d": (ops.conv2d, IMAGES, KERNELS, ONE),
    "ops.conv_transpose2d": (ops.conv_transpose2d, IMAGES, KERNELS, ONE),
    "ops.local_conv2d": (ops.local_conv2d, IMAGES, LOCAL, np.ones((1, 2, 2))),
}


def masked(array):
    mask = np.zeros(array.shape, bool)
    mask.flat[0] = True
    return np.ma.masked_array(array, mask)


@pytest.mark.parametrize("name", TAKES_ARRAYS)
def test_no_function_reads_what_a_mask_hides(name):
    function, *arrays = TAKES_ARRAYS[name]
    function(*map(np.ma.masked_array, arrays))  # nothing is hidden
    for i, array in enumerate(arrays):
        with pytest.raises(TypeError, match=r"^\w+: .* expects no masked elements, got a masked array"):
            function(*arrays[:i], masked(array), *arrays[i + 1 :])


@pytest.mark.parametrize("value", [[masked(ROW), ROW], [[1.0, np.ma.masked]], (ROW, [masked(ROW)][0])])
def test_no_mask_hides_in_a_list(value, refuses):
    refuses(lambda: Tensor(value), TypeError, "Tensor: data expects no masked elements")
