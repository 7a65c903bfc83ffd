"""The engine: what the tape records, how gradients flow and add up, what cannot change behind its back, its errors."""

import copy
import pickle
import threading
import time
import weakref

import numpy as np
import pytest

from helpers.autodiff import Tensor, check_grad, no_grad, numerical_grad, operation, ops

same = np.testing.assert_array_equal
close = np.testing.assert_allclose


def leaf(data, dtype=float):
    return Tensor(np.array(data, dtype), requires_grad=True)


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


# Data that a pullback needs cannot change.


def test_a_tensor_does_not_change_with_the_array_it_was_made_of():
    data, factor = np.array([1.0, 2]), np.array([3.0, 4])
    x, constant = Tensor(data, requires_grad=True), Tensor(factor)
    y = x * constant + x * factor
    data[:], factor[:] = 0, 0
    same(x.data, [1, 2])
    same(constant.data, [3, 4])
    y.sum().backward()
    same(x.grad, [6, 8])


def test_a_read_only_array_is_shared():
    data = np.arange(4.0)
    data.flags.writeable = False
    assert Tensor(data).data is data
    assert np.shares_memory(Tensor(data[1:]).data, data)
    assert not np.shares_memory(Tensor(data, requires_grad=True).data, data)


def test_a_view_is_shared_only_if_nobody_can_write_behind_it():
    data = np.arange(4.0)
    view = data[:]
    data.flags.writeable = False
    x = Tensor(view)
    view[:] = 0
    same(x.data, range(4))
    data = np.arange(4.0)
    view = np.broadcast_to(data, (2, 4))
    x = Tensor(view)
    data[:] = 0
    same(x.data, [range(4)] * 2)
    memory = bytearray(np.arange(3.0).tobytes())
    x = Tensor(np.frombuffer(memoryview(memory).toreadonly()))
    memory[:] = bytes(24)
    same(x.data, range(3))


@pytest.mark.parametrize("get", [lambda x: x, lambda x: x * x, lambda x: x.T, lambda x: x[0], lambda x: x.detach()])
def test_data_are_read_only(get):
    for x in (leaf([[1, 2]]), Tensor([[1.0, 2]])):
        with pytest.raises(ValueError, match="read-only"):
            get(x).data[...] = 0
        with no_grad(), pytest.raises(ValueError, match="read-only"):
            get(x).data[...] = 0


def test_data_are_not_replaced(refuses):
    x = leaf([1, 2])
    refuses(lambda: setattr(x, "data", np.zeros(2)), AttributeError, "Tensor: data cannot be replaced", "writable()")
    with pytest.raises(TypeError):
        x[0] = 1


def test_numpy_gives_an_array_of_ones_own():
    x = leaf([1, 2])
    array = x.numpy()
    array[:] = 0
    same(x.data, [1, 2])


def test_a_leaf_is_changed_in_place_when_it_is_opened():
    x = leaf([1, 2])
    data = x.data
    (x * x).sum().backward()
    with x.writable() as array:
        array -= 0.5 * x.grad
        assert np.shares_memory(array, data)
    same(x.data, [0, 0])
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
    (x + 3).sum().backward()
    same(x.grad, [3, 5])


@pytest.mark.parametrize(
    "use", [lambda x: x * x, lambda x: x + 1, lambda x: x.reshape(-1) * 2, lambda x: ops.exp(x.T), lambda x: x[1:] ** 2]
)
def test_what_was_computed_before_a_change_has_no_gradient(use, refuses):
    x, other = leaf([1, 2]), leaf(3)
    y = (use(x) * other).sum()
    with x.writable():
        pass
    refuses(y.backward, RuntimeError, "backward: data of a leaf were changed in place after")
    assert other.grad is None
    (use(x) * other).sum().backward()
    assert other.grad is not None


def test_what_is_computed_while_data_are_open_has_no_gradient():
    x = leaf([1, 2])
    before = x * x
    with x.writable():
        within = x + 1
        with pytest.raises(RuntimeError, match="changed in place after mul"):
            before.backward([1, 1])
    with pytest.raises(RuntimeError, match="changed in place after add"):
        within.backward([1, 1])


@pytest.mark.parametrize("take", [lambda x: x.data, lambda x: x.detach(), lambda x: x.data[::-1][::-1]])
def test_a_constant_taken_of_a_leaf_does_not_change_with_it(take):
    x, v = leaf([1, 2]), leaf([1, 1])
    y = v * take(x)
    with x.writable() as array:
        array[:] = 0
    y.sum().backward()
    same(v.grad, [1, 2])


@pytest.mark.parametrize(
    "view", [ops.transpose, lambda x: ops.getitem(x, 0), lambda x: ops.reshape(x, -1), lambda x: ops.moveaxis(x, 0, 1)]
)
def test_a_constant_made_without_the_tape_does_not_change(view):
    x, data = leaf([[1, 2], [3, 4]]), np.array([[1.0, 2], [3, 4]])
    with no_grad():
        constants = [view(x), view(data)]
    wanted = [constant.numpy() for constant in constants]
    with x.writable() as array:
        array[:] = 0
    data[:] = 0
    for constant, want in zip(constants, wanted, strict=True):
        same(constant.data, want)


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


# A Tensor as an object.


def test_it_tells_its_shape():
    x = leaf([[1, 2, 3]], np.float32)
    assert (x.shape, x.ndim, x.dtype, len(x), x.requires_grad) == ((1, 3), 2, np.float32, 1, True)
    assert (leaf(2).item(), float(leaf([2])), bool(leaf(0)), bool(leaf([1]))) == (2.0, 2.0, False, True)
    for wrong in (lambda: x.item(), lambda: float(x), lambda: bool(x)):
        with pytest.raises(ValueError):  # noqa: PT011 - NumPy's own words
            wrong()
    for wrong in (lambda: len(leaf(1)), lambda: iter(leaf(1))):
        with pytest.raises(TypeError):
            wrong()


def test_it_tells_whether_it_is_a_leaf():
    x = leaf([1, 2])
    assert [t.is_leaf for t in (x, x * 1, Tensor([1]), x.detach())] == [True, False, False, False]


@pytest.mark.parametrize("make", [leaf, Tensor])
def test_one_element_is_a_number(make):
    for data in (2.567, [2.567], [[2.567]]):
        t = make(data)
        assert f"{t:.2f}|{t:8.3f}|{t:e}" == "2.57|   2.567|2.567000e+00"
        assert (round(t, 1), round(t), int(t), float(t), complex(t)) == (2.6, 3, 2, 2.567, 2.567 + 0j)
        assert type(round(t)) is int
        assert f"{t}" == str(t) == repr(t)
    assert [10, 20, 30][Tensor(1)] == 20
    assert list(range(Tensor(np.uint8(2)))) == [0, 1]
    with pytest.raises(TypeError, match="only integer scalar arrays"):
        [1][Tensor(0.0)]


def test_more_elements_are_not(refuses):
    t = leaf([1, 2])
    refuses(lambda: f"{t:.2f}", TypeError, "Tensor: the format '.2f' expects one element, got shape (2,)")
    assert f"{t}" == repr(t)
    for wrong in (lambda: int(t), lambda: round(t)):
        with pytest.raises(ValueError, match="size 1"):
            wrong()
    refuses(lambda: bool(t), ValueError, "Tensor: only one element is true or false, got shape (2,)", ".any()", "`is`")
    refuses(lambda: bool(Tensor([])), ValueError, "Tensor: only one element is true or false, got shape (0,)")


CALLS_OF_NUMPY = {
    "exp": np.exp,
    "exp, out": lambda t: np.exp(t, out=np.ones(2)),
    "sum": np.sum,
    "sum, axis": lambda t: np.sum(t, axis=0),
    "sum, out": lambda t: np.sum(t, out=np.ones(())),
    "sum, where": lambda t: np.sum(t, where=[True, False]),
    "mean": lambda t: np.mean(t, axis=0, keepdims=True),
    "max": np.max,
    "min": np.min,
    "prod": np.prod,
    "add, out": lambda t: np.add(np.ones(2), t, out=np.ones(2)),
    "add.reduce": np.add.reduce,
    "floor_divide": lambda t: np.ones(2) // t,
}
OF_LEAVES = {
    "clip": lambda t: np.clip(t, 0, 1),
    "reshape": lambda t: np.reshape(t, (2, 1)),
    "std": np.std,
    "round": np.round,
    "concatenate": lambda t: np.concatenate([t, t]),
    "norm": np.linalg.norm,
}


@pytest.mark.parametrize("name", CALLS_OF_NUMPY)
def test_numpys_functions_give_one_piece_of_advice(name, refuses):
    for make in (leaf, Tensor):
        refuses(lambda make=make: CALLS_OF_NUMPY[name](make([1, 2])), TypeError, "Tensor: NumPy cannot", "ops")


@pytest.mark.parametrize("name", OF_LEAVES)
def test_what_numpy_reads_may_be_a_constant(name, refuses):
    same(OF_LEAVES[name](Tensor([1, 2])), OF_LEAVES[name](np.array([1, 2])))
    refuses(lambda: OF_LEAVES[name](leaf([1, 2])), TypeError, "Tensor: NumPy cannot record this", "ops")


def test_repr():
    assert repr(Tensor([1, 2.5])) == "Tensor([1. , 2.5])"
    assert repr(leaf([[1, 2], [3, 4]], np.float32)) == (
        "Tensor([[1., 2.],\n        [3., 4.]], dtype=float32, requires_grad=True)"
    )
    assert repr(Tensor(3)) == "Tensor(3, dtype=int64)"


def test_numpy_reads_a_constant_only(refuses):
    same(np.asarray(Tensor([1, 2])), [1, 2])
    same(np.where([True, False], Tensor([1, 2]), 0), [1, 0])
    assert np.asarray(Tensor([1, 2]), np.float32).dtype == np.float32
    refuses(lambda: np.asarray(leaf([1, 2])), TypeError, "Tensor: NumPy cannot record this", "ops")
    refuses(lambda: Tensor(leaf([1, 2])), TypeError, "Tensor: NumPy cannot record this")


def test_tensors_are_keys_by_identity():
    x, y = leaf([1, 2]), leaf([1, 2])
    assert {x: 1, y: 2}[y] == 2
    assert len({x, y, x}) == 2


def test_a_tensor_among_others():
    """`==` compares elements, so that `in` finds the object itself, or one element that is equal."""
    x, y = leaf([1, 2]), leaf([1, 2])
    assert x in [x, y]
    assert leaf(1) in [leaf(2), leaf(1)]
    assert leaf(3) not in [leaf(2), leaf(1)]
    with pytest.raises(ValueError, match="truth value of an array"):
        assert x in [y]
    assert any(t is x for t in [y, x])
    assert not any(t is x for t in [y])


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_has_data_of_its_own(copied):
    x = leaf([1, 2])
    y = copied(x)
    with y.writable() as array:
        array[:] = 0
    same(x.data, [1, 2])
    same(y.data, [0, 0])
    assert y.requires_grad
    assert not copied(Tensor([1])).requires_grad


# Errors.


def test_backward_names_what_is_wrong(refuses):
    x = leaf(np.ones((3, 2)))
    refuses((x * 2).backward, ValueError, "backward: grad expects an array of shape (3, 2)", "got None")
    refuses(lambda: x.backward(np.ones(3)), ValueError, "backward: grad expects shape (3, 2), got (3,)")
    refuses(lambda: x.sum().backward([1.0]), ValueError, "backward: grad expects shape (), got (1,)")
    refuses(lambda: x.sum().backward("1"), TypeError, "backward: grad expects real numbers", "<U1")
    refuses(Tensor(1.0).backward, ValueError, "backward: expects a Tensor that requires a gradient")
    assert x.grad is None


@pytest.mark.parametrize(
    ("data", "dtype"), [("words", "<U5"), (True, "bool"), ([True], "bool"), ([None], "object"), (1j, "complex128")]
)
@pytest.mark.parametrize("requires_grad", [True, False])
def test_a_wrong_dtype_is_named(data, dtype, requires_grad, refuses):
    refuses(lambda: Tensor(data, requires_grad), TypeError, "Tensor: data expects real numbers", dtype)
    if not isinstance(data, bool | list):
        refuses(lambda: leaf(1) * data, TypeError, "mul: y expects real numbers", dtype)
        refuses(lambda: data * leaf(1), TypeError, "mul: x expects real numbers", dtype)


def test_ragged_data_are_named(refuses):
    refuses(lambda: Tensor([[1], [2, 3]]), ValueError, "Tensor: data expects an array")


def test_only_a_leaf_is_opened_or_given_a_gradient(refuses):
    x, y = Tensor([1.0]), leaf([1]) * 2
    for tensor, what in ((x, "got a constant"), (y, "got the result of mul")):
        refuses(lambda t=tensor: t.writable().__enter__(), ValueError, "writable: expects a leaf", what)
        refuses(lambda t=tensor: setattr(t, "grad", [1]), ValueError, "grad: expects a leaf", what)
        tensor.zero_grad()
    refuses(lambda: setattr(leaf([1, 2]), "grad", [1]), ValueError, "grad: value expects shape (2,), got (1,)")


# Differences.


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
