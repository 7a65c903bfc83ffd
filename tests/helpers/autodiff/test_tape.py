"""The engine: what the tape records, how gradients flow and add up, graphs of any size."""

import threading
import time
import weakref

import numpy as np
import pytest

from arrays import leaf, same
from helpers.autodiff import Tensor, no_grad, operation, ops

# Gradients.


def test_two_x_dot_x_has_gradient_four_x():
    x = Tensor(np.arange(4), requires_grad=True)
    y = 2 * (x @ x)
    assert y.item() == 28
    y.backward()
    same(x.grad, [0, 4, 8, 12])


def test_gradients_add_up_until_they_are_reset():
    x = leaf([1, 2])
    assert x.grad is None
    (x * x).sum().backward()
    first = x.grad
    (3 * x).sum().backward()
    same(x.grad, [5, 7])
    same(first, [2, 4])  # what was read before stays as it was
    x.zero_grad()
    assert x.grad is None
    x.sum().backward()
    same(x.grad, [1, 1])


def test_a_vector_pulls_back_to_v_transpose_j():
    x, weight, v = leaf([1, 2, 3]), np.arange(6.0).reshape(2, 3), np.array([10.0, 1])
    (weight @ x).backward(v)
    same(x.grad, v @ weight)
    x.zero_grad()
    (weight @ x).backward(Tensor([1, 0]))
    same(x.grad, weight[0])


def test_a_scalar_is_any_single_element():
    for shape in [(), (1,), (1, 1)]:
        x = leaf(np.full(shape, 3))
        (x * x).backward()
        same(x.grad, np.full(shape, 6))
    (x * x).backward([[0.5]])
    same(x.grad, [[9]])


def test_a_leaf_is_its_own_gradient():
    x, v = leaf([1, 2]), np.array([3.0, 4])
    x.backward(v)
    v[:] = 0
    same(x.grad, [3, 4])


def test_a_diamond():
    x = leaf(3)
    a = x * x
    b, c = a + 1, a * 2
    (b * c).backward()  # 2 x^4 + 2 x^2
    assert x.grad == 8 * 27 + 4 * 3


def test_a_ladder_of_diamonds_is_walked_once():
    calls = []

    @operation
    def watched(x):
        return x + 0, lambda grad: calls.append(1) or grad

    x = leaf(1)
    y = watched(x)
    for _ in range(60):  # 2^60 paths
        y = y + y
    y.backward()
    assert x.grad == 2.0**60
    assert len(calls) == 1


def test_gradients_by_all_leaves_on_the_way():
    x, y = leaf([1, 2]), leaf([3, 4])
    ((x * y) + y).sum().backward()
    same(x.grad, [3, 4])
    same(y.grad, [2, 3])


@pytest.mark.parametrize(
    "shapes",
    [((), (2, 3)), ((1, 3), (2, 1)), ((3,), (2, 3)), ((1,), ()), ((2, 1, 3), (4, 1)), ((1, 1), (1,)), ((1, 0), (2, 1))],
)
def test_a_broadcast_input_gets_the_sum(shapes):
    for first, second in (shapes, shapes[::-1]):
        x, y = leaf(np.full(first, 2)), leaf(np.full(second, 3))
        value = x * y
        value.sum().backward()
        assert x.grad.shape == first
        assert y.grad.shape == second
        same(x.grad, np.full(first, 3 * value.data.size / max(1, x.data.size)))
        same(y.grad, np.full(second, 2 * value.data.size / max(1, y.data.size)))


def test_control_flow():
    def f(a):
        b = 2 * a
        while ops.sqrt((b * b).sum()) < 1000:
            b = 2 * b
        return b if b.sum() > 0 else 100 * b

    for start in ([0.3, 0.1], [-3.0, 1.0], [5000.0, 0.0]):
        a = leaf(start)
        d = f(a)
        d.sum().backward()
        slope = d.data[0] / a.data[0]
        same(a.grad, [slope, slope])
    a = leaf(-0.7)
    d = f(a)
    d.backward()
    assert a.grad == d.data / a.data


def test_views_and_selections_write_to_one_gradient():
    x = leaf(np.arange(6).reshape(2, 3))
    (x.T[1] * x[:, 1] + x.reshape(-1)[[1, 1]]).sum().backward()
    same(x.grad, [[0, 4, 0], [0, 8, 0]])


def test_the_gradient_belongs_to_its_leaf():
    x, y = leaf([1, 2]), leaf([3, 4])
    (x + y).sum().backward()
    x.grad *= 10
    same(x.grad, [10, 10])
    same(y.grad, [1, 1])
    x.grad = [5, 6]
    same(x.grad, [5, 6])
    assert x.grad.dtype == x.dtype
    x.grad = None
    assert x.grad is None


# What is recorded.


def test_detach_cuts():
    x = leaf([1, 2])
    y = x * x
    assert not y.detach().requires_grad
    (y.detach() * x).sum().backward()
    same(x.grad, y.data)
    assert Tensor(y.detach()).data is y.detach().data


def test_no_grad_cuts():
    x = leaf(3)
    with no_grad():
        y = x * x
        with no_grad():
            pass
        assert not (x * x).requires_grad
    assert not y.requires_grad
    (x * y).backward()
    assert x.grad == 9

    @no_grad()
    def f(x):
        return x * x

    assert not f(x).requires_grad
    with pytest.raises(ZeroDivisionError), no_grad():
        1 / 0  # noqa: B018
    assert (x * x).requires_grad


def test_no_grad_may_be_used_again_and_within_itself():
    x, quiet = leaf(3), no_grad()
    for _ in range(2):
        with quiet, quiet:
            assert not (x * x).requires_grad
        assert (x * x).requires_grad

    @no_grad()
    def power(x, n):
        return x * power(x, n - 1) if n else x

    assert not power(x, 3).requires_grad
    assert (x * x).requires_grad


def test_no_grad_refuses_a_function_whose_body_runs_later(refuses):
    def generator(x):
        yield x * x

    async def coroutine(x):
        return x * x

    async def both(x):
        yield x * x

    for function in (generator, coroutine, both):
        refuses(lambda f=function: no_grad()(f), TypeError, "no_grad: function expects one that runs when it is called")


def test_no_grad_is_of_one_thread():
    x, results = leaf(3), []
    with no_grad():
        thread = threading.Thread(target=lambda: results.append((x * x).requires_grad))
        thread.start()
        thread.join()
    assert results == [True]


def test_constants_stay_off_the_tape():
    x = Tensor([1.0, 2.0])
    y = x * x + ops.exp(x)
    assert y.node is None
    assert y.grad is None
    y.zero_grad()


def test_the_tape_names_its_operations():
    x = leaf([1, 2])
    y = ops.exp(x * 2)
    product = y.node.edges[0][0]
    assert (y.node.name, product.name, product.edges[0][0].name) == ("exp", "mul", "leaf")
    assert product.shape == (2,)


def test_a_tape_holds_only_what_its_pullbacks_name():
    x = leaf([1, 2])
    y, z = x + 1, x + 2
    sum_of, product_of = weakref.ref(y.data), weakref.ref(z.data)
    value = (y + 1) * (z * z)
    del y, z
    assert sum_of() is None
    assert product_of() is not None
    value.backward([1, 1])
    assert product_of() is None


# Large graphs.


def within_a_small_stack(f):
    """Run f in a thread whose stack of 1 MiB, as a thread has on Windows, is too small for recursion that deep.

    Much smaller it cannot be: Python itself nests the end of some hundred objects before it puts the others off.
    """
    errors = []

    def run():
        try:
            f()
        except BaseException as error:
            errors.append(error)

    before = threading.stack_size(1024 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    if errors:
        raise errors[0]


def test_a_chain_of_100_000_operations():
    def f():
        x = leaf(1)
        y = x
        for _ in range(100_000):
            y = y + 1
        assert y.item() == 100_001
        y.backward()
        assert x.grad == 1

    within_a_small_stack(f)


def test_a_long_chain_is_thrown_away():
    def f():
        y = leaf([1, 2]) + 0
        start = weakref.ref(y.data)
        y = y * y
        for _ in range(20_000):
            y = y + 1
        assert start() is not None
        del y
        assert start() is None

    within_a_small_stack(f)


def test_a_value_used_10_000_times():
    x, start = leaf(np.ones(100)), time.process_time()
    y = x * 1
    total = y
    for _ in range(9_999):
        total = total + y
    total.sum().backward()
    same(x.grad, np.full(100, 10_000))
    assert time.process_time() - start < 5  # seconds: 0.2 are usual, and 50 million steps would take a minute


# The tape is played once.


def test_a_second_backward_is_an_error(refuses):
    x = leaf([1, 2])
    y = x * x
    total, mean = y.sum(), y.mean()
    total.backward()
    refuses(total.backward, RuntimeError, "backward: has used the tape of this sum before", "compute the value again")
    refuses(mean.backward, RuntimeError, "backward: has used the tape of this mul before")
    refuses((y * 2).sum().backward, RuntimeError, "backward: has used the tape of this mul before")
    same(x.grad, [2, 4])


def test_backward_lets_go_of_what_the_tape_held():
    @operation
    def kept(x):
        big = np.ones(3)
        held.append(weakref.ref(big))
        return x + 0, lambda grad: grad * big[0]

    held = []
    x = leaf([1, 2])
    y = kept(x).sum()
    assert held[0]() is not None
    y.backward()
    assert held[0]() is None


def test_a_failed_pullback_is_heard():
    @operation
    def broken(x):
        return x + 0, lambda grad: 1 / 0

    with pytest.raises(ZeroDivisionError):
        broken(leaf(1)).backward()


# Dtypes.


def test_float32_from_end_to_end():
    x, weight, bias = Tensor(np.ones((5, 3), np.float32)), leaf(np.ones((3, 2)), np.float32), leaf([0, 1], np.float32)
    hidden = ops.relu(x @ weight + bias) * 2 - 0.5
    loss = -ops.log_softmax(hidden)[np.arange(5), [0, 1, 0, 1, 0]].mean() + 0.1 * (weight**2).sum()
    assert {t.dtype for t in (x, weight, hidden, loss)} == {np.dtype(np.float32)}
    loss.backward()
    assert weight.grad.dtype == bias.grad.dtype == np.float32


def test_a_gradient_has_the_dtype_of_its_tensor():
    x, y = leaf([1, 2], np.float32), leaf([3, 4], np.float64)
    value = x * y
    assert value.dtype == np.float64
    value.backward(np.ones(2, int))
    assert x.grad.dtype == np.float32
    assert y.grad.dtype == np.float64


def test_integers_become_float64_where_a_gradient_is_asked():
    x = Tensor([1, 2], requires_grad=True)
    assert x.dtype == np.float64
    assert Tensor(np.uint8(3), requires_grad=True).dtype == np.float64
    assert Tensor([1, 2]).dtype.kind == "i"
    (x * Tensor([3, 4])).sum().backward()
    same(x.grad, [3, 4])
