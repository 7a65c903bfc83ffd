"""Central differences, and the tape compared with them."""

import numpy as np
import pytest

from arrays import close, leaf, same
from helpers.autodiff import Tensor, check_grad, numerical_grad, operation, ops


def test_numerical_grad():
    x = np.array([[1.0, -2], [3, 0]])
    close(numerical_grad(lambda x: np.sum(x**3), x), 3 * x**2, rtol=1e-8, atol=1e-8)
    close(numerical_grad(lambda x: x**3, -1e6), 3e12, rtol=1e-8)
    close(numerical_grad(np.exp, 1.0), np.e, rtol=1e-8)
    close(numerical_grad(np.exp, np.float32(1)), np.e, rtol=1e-8)
    close(numerical_grad(lambda x: x[0] ** 2, [3.0], eps=0.1), [6])
    close(numerical_grad(lambda x: ops.exp(x).sum() * leaf(2), [0, 1]), [2, 2 * np.e], rtol=1e-8)


def test_numerical_grad_takes_integers():
    slopes = numerical_grad(lambda x: np.sum(x * x), np.array([1, 2, 3]))
    assert slopes.dtype == np.float64
    close(slopes, [2, 4, 6])


def test_numerical_grad_leaves_its_argument_alone():
    x = np.array([1.0, 2])

    def f(x):
        x *= x
        return x.sum()

    close(numerical_grad(f, x), [2, 4])
    same(x, [1, 2])


def test_numerical_grad_names_what_is_wrong(refuses):
    refuses(
        lambda: numerical_grad(lambda x: x, [1.0, 2.0]),
        ValueError,
        "numerical_grad: f expects to return one number",
        "(2,)",
    )
    refuses(lambda: numerical_grad(sum, "words"), TypeError, "numerical_grad: x expects real numbers")
    refuses(
        lambda: numerical_grad(lambda x: "words", [1.0]), TypeError, "numerical_grad: f's value expects real numbers"
    )


@pytest.mark.parametrize("where", [numerical_grad, check_grad])
def test_arguments_of_the_gradient_tests_are_read(where, refuses):
    name = where.__name__
    refuses(lambda: where(3, [1.0]), TypeError, f"{name}: f expects a function, got 3")
    for eps in (0, -1, np.nan, np.inf):
        refuses(lambda eps=eps: where(ops.exp, 1.0, eps=eps), ValueError, f"{name}: eps expects a number in (0, inf)")
    refuses(lambda: where(ops.exp, 1.0, eps="small"), TypeError, f"{name}: eps expects real numbers")
    refuses(lambda: where(ops.exp, 1.0, eps=1e-30), ValueError, f"{name}: eps expects a step that changes 1.0")
    refuses(lambda: where(lambda x: None, [1.0]), TypeError, f"{name}: f expects to return", "got None")


def test_arguments_of_check_grad_are_read(refuses):
    for wrong in (-1, np.nan):
        refuses(lambda w=wrong: check_grad(ops.exp, 1.0, tolerance=w), ValueError, "check_grad: tolerance expects")
    refuses(lambda: check_grad(ops.exp, 1.0, tolerance=None), TypeError, "check_grad: tolerance expects real numbers")
    refuses(lambda: check_grad(ops.exp, 1.0, rng=7), TypeError, "check_grad: rng expects a numpy.random.Generator")
    refuses(lambda: check_grad(lambda x: [x], 1.0), TypeError, "check_grad: f expects to return a Tensor", "list")
    refuses(lambda: check_grad(lambda x: x.data, 1.0), TypeError, "check_grad: f expects to return a Tensor", "ndarray")
    refuses(lambda: Tensor(1.0, "yes"), TypeError, "Tensor: requires_grad expects True or False, got 'yes'")


def test_check_grad_returns_the_largest_error():
    assert 0 < check_grad(lambda x, y: ops.exp(x) * y, [0.0, 1.0], [[2], [3]]) < 1e-8
    assert check_grad(lambda x: x * 0 + 1, [1.0]) == 0
    assert check_grad(lambda x: x * 2, np.ones((0, 3))) == 0
    assert check_grad(lambda x: Tensor([1.0]) * 2, [1.0]) == 0


def test_check_grad_finds_a_wrong_pullback(refuses):
    @operation
    def product(x, y):
        return x * y, lambda grad: grad * y, lambda grad: grad * x * [[1, 1, 1], [1, 1, 1.001]]

    x, y = np.ones((2, 3)), np.full((2, 3), 2.0)
    refuses(lambda: check_grad(product, x, y), AssertionError, "check_grad: input 1 at [1, 2] has slope", "by the tape")
    assert check_grad(product, x, y, tolerance=0.01) == pytest.approx(0.001, rel=0.9)
    assert check_grad(lambda x: product(x, y), x) < 1e-8


def test_check_grad_finds_a_missing_gradient_and_nan(refuses):
    refuses(lambda: check_grad(lambda x, y: x * y.detach(), [1.0], [2.0]), AssertionError, "check_grad: input 1 at [0]")
    refuses(lambda: check_grad(lambda x: x.detach() * 2, [1.0]), AssertionError, "check_grad: input 0 at [0]")

    @operation
    def lost(x):
        return x + 0, lambda grad: grad * np.nan

    refuses(lambda: check_grad(lost, [1.0]), AssertionError, "check_grad: input 0 at [0]", "nan by the tape")


def test_check_grad_draws_its_vector():
    @operation
    def blind(x):  # right for v = (1, 1), and for no other
        return x + 0, lambda grad: np.full(2, grad.mean())

    with pytest.raises(AssertionError):
        check_grad(blind, [1.0, 2.0])
    rng = np.random.default_rng(5)
    with pytest.raises(AssertionError):
        check_grad(blind, [1.0, 2.0], rng=rng)
    assert rng.random() != np.random.default_rng(5).random()
