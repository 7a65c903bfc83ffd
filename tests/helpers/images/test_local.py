"""Convolution without sharing: its loop, and convolution where all its kernels are alike."""

import numpy as np
import pytest

from arrays import close
from helpers.images import conv2d, conv2d_backward, local_conv2d
from helpers.images.local import LocalConvolution


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def shared(weight, grid):
    """Kernels (F, C, kH, kW) at every position of the grid: (F, P, Q, C, kH, kW)."""
    return np.broadcast_to(weight[:, None, None], (len(weight), *grid, *weight.shape[1:]))


def test_it_is_its_loop(rng):
    """Equation 9.9, index by index."""
    x, weight, bias = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((2, 3, 3, 3, 2, 3)), np.arange(18.0)
    bias, want = bias.reshape(2, 3, 3), np.empty((2, 2, 3, 3))
    for n, i, j, k in np.ndindex(want.shape):
        want[n, i, j, k] = bias[i, j, k]
        for channel, m, o in np.ndindex(3, 2, 3):
            want[n, i, j, k] += x[n, channel, j + m, k + o] * weight[i, j, k, channel, m, o]
    close(local_conv2d(x, weight, bias), want)


@pytest.mark.parametrize(("stride", "padding", "grid"), [(1, 0, (5, 4)), (2, 1, (4, 3)), ((1, 2), "full", (9, 4))])
def test_with_the_same_kernel_everywhere_it_is_convolution(stride, padding, grid, rng):
    x, weight = rng.standard_normal((2, 3, 7, 6)), rng.standard_normal((4, 3, 3, 3))
    out = local_conv2d(x, shared(weight, grid), stride=stride, padding=padding)
    close(out, conv2d(x, weight, stride=stride, padding=padding))
    grad = rng.standard_normal(out.shape)
    layer = LocalConvolution.read("local_conv2d", x, shared(weight, grid), stride, padding)
    grad_x, grad_weight, grad_bias = conv2d_backward(grad, x, weight, stride, padding)
    close(layer.grad_x(grad), grad_x, atol=1e-12)
    close(layer.grad_weight(grad).sum(axis=(1, 2)), grad_weight)  # what is shared gets the sum
    close(layer.grad_bias(grad).sum(axis=(1, 2)), grad_bias)


X, KERNELS = np.ones((1, 2, 4, 4)), np.ones((3, 3, 3, 2, 2, 2))
REFUSED = {
    "weight expects shape (F, P, Q, C, kH, kW) for x (N, C, H, W), got": lambda: local_conv2d(X, KERNELS[0]),
    "weight expects shape (3, 3, 3, 2, 2, 2)": lambda: local_conv2d(X, KERNELS[:, 1:]),
    "bias expects shape (3, 3, 3), got (3,)": lambda: local_conv2d(X, KERNELS, np.ones(3)),
    "weight expects at least one kernel": lambda: local_conv2d(X, KERNELS[:0]),
    "weight expects shape (3, 2": lambda: local_conv2d(X, KERNELS, padding=10**18),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refuses(message, refuses):
    refuses(REFUSED[message], ValueError, f"local_conv2d: {message}")


def test_kernels_are_numbers(refuses):
    refuses(lambda: local_conv2d(X, "words"), TypeError, "local_conv2d: weight expects real numbers")
