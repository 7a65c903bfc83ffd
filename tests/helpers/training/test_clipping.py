"""Gradients are clipped to a joint norm, also where squares overflow or vanish."""

import numpy as np
import pytest

from arrays import close
from helpers import nn
from helpers.autodiff import Tensor
from helpers.training import clip_grad_norm


def start():
    return Tensor(np.array([1.0, -2.0, 3.0]), requires_grad=True)


def test_clip_grad_norm():
    w, other, unused = start(), start(), start()
    w.grad, other.grad = [3, 0, 0], [0, 4, 0]
    assert clip_grad_norm([w, other, unused], 10) == 5
    assert clip_grad_norm([w, other, unused], np.inf) == 5
    close(w.grad, [3, 0, 0])
    assert clip_grad_norm([w, other, unused], 1) == 5
    close([w.grad, other.grad], [[0.6, 0, 0], [0, 0.8, 0]])
    w.grad = [np.inf, 1, 0]
    assert clip_grad_norm([w, other], 1) == np.inf
    close(w.grad, [np.inf, 1, 0])


EXTREMES = [(np.float16, 300), (np.float16, 6e4), (np.float32, 1e20), (np.float32, 1e-30), (np.float64, 1e200),
            (np.float64, 1e-200), (np.float64, 5e-324)]  # fmt: skip


@pytest.mark.parametrize(("dtype", "size"), EXTREMES, ids=str)
def test_the_norm_of_extreme_gradients_is_finite_and_they_are_clipped(dtype, size):
    w, other = Tensor(np.zeros(2, dtype), requires_grad=True), Tensor(np.zeros(1, dtype), requires_grad=True)
    w.grad, other.grad = [size, size], [0]
    size = float(dtype(size))
    max_norm = min(1.0, size / 2)
    norm = clip_grad_norm([w, other], max_norm)
    assert norm == pytest.approx(np.hypot(size, size), rel=1e-15)
    if size > 5e-324:
        close(w.grad, max_norm / np.sqrt(2), rtol=1e-3 if dtype == np.float16 else 1e-6)


def test_a_norm_beyond_float64_is_infinite_and_leaves_the_gradients():
    w = Tensor(np.zeros(2), requires_grad=True)
    w.grad = [1.5e308, 1.5e308]
    assert clip_grad_norm([w], 1) == np.inf
    close(w.grad, 1.5e308)


def test_nan_is_no_norm_to_clip_by():
    w, other = start(), start()
    w.grad, other.grad = [1, 2, 3], [np.nan, 1, 1]
    assert np.isnan(clip_grad_norm([other, w], 1))
    close(w.grad, [1, 2, 3])


def test_without_gradients_the_norm_is_0():
    assert clip_grad_norm([start()], 1) == 0


@pytest.mark.parametrize("max_norm", [-1, np.nan, None, True, "1"], ids=repr)
def test_the_largest_norm_is_read(max_norm):
    with pytest.raises((ValueError, TypeError), match=r"^clip_grad_norm: max_norm expects"):
        clip_grad_norm([start()], max_norm)


@pytest.mark.parametrize("params", [nn.Sequential(), start(), 3, None], ids=lambda value: type(value).__name__)
def test_a_model_is_no_list_of_parameters(params, refuses):
    words = "clip_grad_norm: params expects a list of leaves", f"got a {type(params).__name__}"
    refuses(lambda: clip_grad_norm(params, 0.1), TypeError, *words)
