"""A function of arrays as an operation: what it is given, and what is kept of it."""

import numpy as np
import pytest

from arrays import leaf, same
from helpers.autodiff import Tensor, no_grad, operation


def test_pullbacks_of_constants_are_not_called():
    @operation
    def product(x, y):
        return x * y, lambda grad: grad * y, lambda grad: pytest.fail("called for a constant")

    x = leaf([1, 2])
    for constant in (np.array([3, 4]), Tensor([3, 4]), [3, 4], leaf([3, 4]).detach()):
        product(x, constant).sum().backward()
    same(x.grad, [12, 16])


def test_an_operation_is_given_arrays_and_options():
    seen = []

    @operation(arrays=2)
    def scaled(x, y=None, factor=1, **more):
        seen.append((x, y, factor, more))
        return factor * x, lambda grad: factor * grad

    x = leaf([1, 2])
    scaled(x, None, 3).sum().backward()
    scaled(x, [1], factor=2, other="words").sum().backward()
    same(x.grad, [5, 5])
    assert seen[0][1:] == (None, 3, {})
    assert type(seen[1][0]) is type(seen[1][1]) is np.ndarray
    scaled(y=None, x=x, other=1)
    scaled(other=1, y=[3], x=x, factor=4)
    assert seen[2][1:] == (None, 1, {"other": 1})
    assert type(seen[3][1]) is np.ndarray
    assert seen[3][2:] == (4, {"other": 1})
    assert seen[1][2:] == (2, {"other": "words"})
    assert scaled.__name__ == "scaled"


def test_nothing_is_copied_where_nothing_is_recorded():
    seen = []

    @operation
    def half(x):
        seen.extend([x, np.ones(4)])
        return seen[-1][:2], lambda grad: grad

    data = np.ones(2)
    with no_grad():
        value = half(data)
    assert seen[0] is data
    assert np.shares_memory(value.data, seen[1])


def test_an_operation_may_return_its_input():
    @operation
    def reverse_gradient(x):
        return x, lambda grad: -grad

    x, data = leaf([1, 2]), np.array([1.0, 2])
    reverse_gradient(x).sum().backward()
    same(x.grad, [-1, -1])
    with no_grad():
        reverse_gradient(data)
    assert data.flags.writeable
    with x.writable() as array:
        array += 1
