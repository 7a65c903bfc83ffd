"""`follow` visits the points of an optimizer, and ends before numbers overflow."""

import numpy as np

from arrays import close
from helpers.autodiff import ops
from helpers.training import SGD, Adam, follow


def test_follow_visits_the_points_of_gradient_descent():
    path = follow(lambda p: SGD(p, 0.2), lambda x, y: x**2 / 20 + y**2, [3, -1], 40)
    t = np.arange(41)[:, None]
    close(path, np.array([3.0, -1.0]) * np.array([1 - 0.2 / 10, 1 - 0.2 * 2]) ** t)


def test_follow_ends_before_numbers_overflow():
    path = follow(lambda p: SGD(p, 3.0), lambda x, y: x**2 + y**2, [1.0, 0.0], 5000)
    assert 100 < len(path) < 5000
    assert np.isfinite(path).all()


def test_follow_takes_operations_and_more_coordinates(refuses):
    path = follow(lambda p: Adam(p, 0.05), lambda x, y, z: ops.exp(x) - x + y**2 + z**2, [1, 1, -1], 400)
    close(path[-1], [0, 0, 0], atol=1e-2)
    refuses(lambda: follow(Adam, abs, [1], 0), ValueError, "follow: steps expects at least 1, got 0")


def test_follow_reads_its_arguments(refuses):
    refuses(lambda: follow(Adam, lambda x: 3.0, [1.0], 2), TypeError, "follow: f expects to return a Tensor")
    refuses(lambda: follow(Adam, abs, 1.0, 2), ValueError, "follow: start expects shape (n,), got ()")
