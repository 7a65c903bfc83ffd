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


READ_BY_BOTH = {
    "no function": ((3, [1.0]), {}, TypeError, "f expects a function, got 3"),
    "a function of None": ((lambda x: None, [1.0]), {}, TypeError, "f expects to return", "got None"),
    "eps of 0": ((ops.exp, 1.0), {"eps": 0}, ValueError, "eps expects a number in (0, inf), got 0"),
    "a negative eps": ((ops.exp, 1.0), {"eps": -1}, ValueError, "eps expects a number in (0, inf), got -1"),
    "eps of NaN": ((ops.exp, 1.0), {"eps": np.nan}, ValueError, "eps expects a number in (0, inf), got nan"),
    "an infinite eps": ((ops.exp, 1.0), {"eps": np.inf}, ValueError, "eps expects a number in (0, inf), got inf"),
    "eps of text": ((ops.exp, 1.0), {"eps": "small"}, TypeError, "eps expects real numbers"),
    "too small an eps": ((ops.exp, 1.0), {"eps": 1e-30}, ValueError, "eps expects a step that changes 1.0, got 1e-30"),
}


@pytest.mark.parametrize("what", READ_BY_BOTH)
@pytest.mark.parametrize("where", [numerical_grad, check_grad])
def test_arguments_that_both_read(where, what, refuses):
    inputs, options, error, first, *others = READ_BY_BOTH[what]
    refuses(lambda: where(*inputs, **options), error, f"{where.__name__}: {first}", *others)


WRONG = {
    "numerical_grad: two numbers": (
        lambda: numerical_grad(lambda x: x, [1.0, 2.0]),
        ValueError,
        "numerical_grad: f expects to return one number",
        "(2,)",
    ),
    "numerical_grad: x of text": (
        lambda: numerical_grad(sum, "words"),
        TypeError,
        "numerical_grad: x expects real numbers",
    ),
    "numerical_grad: f of text": (
        lambda: numerical_grad(lambda x: "words", [1.0]),
        TypeError,
        "numerical_grad: f's value expects real numbers",
    ),
    "a negative tolerance": (
        lambda: check_grad(ops.exp, 1.0, tolerance=-1),
        ValueError,
        "check_grad: tolerance expects",
        "got -1",
    ),
    "tolerance of NaN": (
        lambda: check_grad(ops.exp, 1.0, tolerance=np.nan),
        ValueError,
        "check_grad: tolerance expects",
        "got nan",
    ),
    "no tolerance": (
        lambda: check_grad(ops.exp, 1.0, tolerance=None),
        TypeError,
        "check_grad: tolerance expects real numbers",
    ),
    "a seed": (lambda: check_grad(ops.exp, 1.0, rng=7), TypeError, "check_grad: rng expects a numpy.random.Generator"),
    "a list": (lambda: check_grad(lambda x: [x], 1.0), TypeError, "check_grad: f expects to return a Tensor", "list"),
    "an array": (
        lambda: check_grad(lambda x: x.data, 1.0),
        TypeError,
        "check_grad: f expects to return a Tensor",
        "ndarray",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_argument_is_named(what, refuses):
    refuses(*WRONG[what])


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
