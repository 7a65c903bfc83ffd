"""Layers with a window: it is read when they are built, kept, and used wherever they are."""

from unittest import mock

import numpy as np
import pytest

from arrays import same
from helpers import images, nn
from helpers.autodiff import ops
from helpers.images import Window


@pytest.fixture
def rng():
    return np.random.default_rng(0)


LAYERS = {
    "Conv2d": lambda rng: nn.Conv2d(2, 4, 3, stride=2, padding=(1, 0), groups=2, rng=rng),
    "ConvTranspose2d": lambda rng: nn.ConvTranspose2d(2, 4, 3, stride=2, output_padding=1, rng=rng),
    "LocalConv2d": lambda rng: nn.LocalConv2d(2, 3, (6, 7), 3, stride=2, padding=1, rng=rng),
    "MaxPool2d": lambda rng: nn.MaxPool2d(3, stride=2, padding=1, dilation=2),
    "AvgPool2d": lambda rng: nn.AvgPool2d((3, 2), padding=1, count_include_pad=False),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_reads_its_window_once(name, rng):
    layer = nn.Sequential(nn.Conv2d(2, 2, 1, rng=rng), LAYERS[name](rng))
    with mock.patch.object(Window, "read", side_effect=AssertionError("read again")):
        layer(rng.standard_normal((2, 2, 6, 7))).sum().backward()
    assert all(np.any(parameter.grad) for parameter in layer.parameters())


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_offers_what_its_window_holds(name, rng):
    layer = LAYERS[name](rng)
    window = layer.window
    assert layer.kernel_size == window.kernel_size
    assert layer.stride == window.stride
    assert layer.padding == window.padding
    assert layer.dilation == window.dilation
    assert window.where == name


def test_a_layer_prints_its_window(rng):
    window = "kernel_size=(3, 3), stride=(1, 1), padding=((1, 1), (1, 1)), dilation=(1, 1)"
    layer = nn.Conv2d(1, 2, 3, padding="same", rng=rng)
    assert repr(layer) == f"Conv2d(in_channels=1, out_channels=2, groups=1, {window})"


def test_a_convolutions_window_holds_its_options(rng):
    x = rng.standard_normal((2, 4, 6, 7))
    weight = rng.standard_normal((4, 2, 3, 2))
    window = Window.read("f", (3, 2), 2, "full", (1, 2))
    options = {"stride": 2, "padding": "full", "dilation": (1, 2), "groups": 2}
    same(ops.conv2d(x, weight, window=window, groups=2).data, images.conv2d(x, weight, **options))
    up = ops.conv_transpose2d(x, weight, window=window, groups=2).data
    same(up, images.conv_transpose2d(x, weight, **options))


def test_a_poolings_window_holds_its_options(rng):
    x = rng.standard_normal((2, 4, 6, 7))
    window = Window.read("f", (3, 2), 2, 1)
    same(ops.max_pool2d(x, window).data, images.max_pool2d(x, (3, 2), 2, 1))
    same(images.avg_pool2d(x, window), images.avg_pool2d(x, (3, 2), 2, 1))


def build(name, *arguments, **options):
    return lambda rng: getattr(nn, name)(*arguments, **options, rng=rng)


def run(name, shape, *arguments):
    return lambda rng: build(name, *arguments)(rng)(np.ones(shape))


def with_window(operation):
    """Call an operation with kernels of 2 x 2 and a window of 3 x 3."""
    x, weight = np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2))
    return lambda rng: operation(x, weight, window=Window.read("f", 3))


TOO_SMALL = "kernel_size expects a window that fits into the padded input (2, 2)"
DIVISOR = "groups expects a divisor of 3 in_channels and 4 out_channels, got 2"
REFUSED = {
    f"Conv2d: {DIVISOR}": build("Conv2d", 3, 4, 3, groups=2),
    f"ConvTranspose2d: {DIVISOR}": build("ConvTranspose2d", 3, 4, 3, groups=2),
    "Conv2d: groups expects at least 1, got 0": build("Conv2d", 3, 4, 3, groups=0),
    "Conv2d: kernel_size expects at least 1, got 0": build("Conv2d", 3, 4, 0),
    "Conv2d: weight expects 3 input channels, x has 1": run("Conv2d", (1, 1, 8, 8), 3, 4, 3),
    "LocalConv2d: weight expects shape (1, 6, 6,": run("LocalConv2d", (1, 1, 8, 8), 1, 1, 5, 3),
    f"LocalConv2d: {TOO_SMALL}": build("LocalConv2d", 1, 1, 2, 3),
    f"AvgPool2d: {TOO_SMALL}": lambda rng: nn.AvgPool2d(3)(np.ones((1, 1, 2, 2))),
    "f: weight expects kernels of size (3, 3), got (1, 1, 2, 2)": with_window(ops.conv2d),
    "f: weight expects kernels of size (3, 3), got": with_window(ops.conv_transpose2d),
}


@pytest.mark.parametrize("message", REFUSED)
def test_an_error_names_the_layer(message, rng, refuses):
    refuses(lambda: REFUSED[message](rng), ValueError, message)


def test_a_kernel_size_is_whole(refuses):
    message = "MaxPool2d: kernel_size expects an integer, got 2.5"
    refuses(lambda: nn.MaxPool2d(2.5), TypeError, message)
