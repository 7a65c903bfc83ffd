"""A Tensor: what cannot change behind the tape's back, what it is as an object, its errors."""

import copy
import inspect
import pickle
import pydoc

import numpy as np
import pytest

from arrays import leaf, same
from helpers.autodiff import Tensor, no_grad, ops

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


def test_what_it_can_do_is_seen_in_the_class():
    """Completion and help() read the class: its names, and what a name is and says."""
    for operator in ("add", "radd", "sub", "mul", "truediv", "pow", "matmul", "rmatmul", "neg", "abs", "getitem"):
        assert inspect.isfunction(vars(Tensor)[f"__{operator}__"])
    for name in ("sum", "mean", "max", "reshape", "transpose", "T", "item", "numpy", "backward"):
        assert name in dir(Tensor)
        assert inspect.getdoc(getattr(Tensor, name)), name
    text = pydoc.render_doc(Tensor, renderer=pydoc.plaintext)
    assert "__add__(self, other)" in text
    assert "sum(self, axis=None, keepdims=False" in text
    assert "there is no gradient of a gradient" in " ".join(text.replace("|", " ").split())


def test_a_gradient_is_an_array_and_has_none_itself():
    x = leaf([1, 2])
    (x**3).sum().backward()
    assert type(x.grad) is np.ndarray
    assert not (Tensor(x.grad) * 2).requires_grad


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


X = leaf(np.ones((3, 2)))
WRONG_CALLS_OF_BACKWARD = {
    "no grad": ((X * 2).backward, ValueError, "backward: grad expects an array of shape (3, 2)", "got None"),
    "grad of another shape": (
        lambda: X.backward(np.ones(3)),
        ValueError,
        "backward: grad expects shape (3, 2), got (3,)",
    ),
    "grad of one axis": (lambda: X.sum().backward([1.0]), ValueError, "backward: grad expects shape (), got (1,)"),
    "grad of text": (lambda: X.sum().backward("1"), TypeError, "backward: grad expects real numbers", "<U1"),
    "a constant": (
        Tensor(1.0).backward,
        ValueError,
        "backward: expects a Tensor that requires a gradient, got one that depends on no leaf",
    ),
}


@pytest.mark.parametrize("what", WRONG_CALLS_OF_BACKWARD)
def test_backward_names_what_is_wrong(what, refuses):
    refuses(*WRONG_CALLS_OF_BACKWARD[what])
    assert X.grad is None


@pytest.mark.parametrize(
    ("data", "dtype"), [("words", "<U5"), (True, "bool"), ([True], "bool"), ([None], "object"), (1j, "complex128")]
)
@pytest.mark.parametrize("requires_grad", [True, False])
def test_a_wrong_dtype_is_named(data, dtype, requires_grad, refuses):
    refuses(lambda: Tensor(data, requires_grad), TypeError, "Tensor: data expects real numbers", dtype)
    if not isinstance(data, bool | list):
        refuses(lambda: leaf(1) * data, TypeError, "mul: y expects real numbers", dtype)
        refuses(lambda: data * leaf(1), TypeError, "mul: x expects real numbers", dtype)


def test_requires_grad_is_true_or_false(refuses):
    refuses(lambda: Tensor(1.0, "yes"), TypeError, "Tensor: requires_grad expects True or False, got 'yes'")


def test_ragged_data_are_named(refuses):
    refuses(lambda: Tensor([[1], [2, 3]]), ValueError, "Tensor: data expects an array")


def test_only_a_leaf_is_opened_or_given_a_gradient(refuses):
    x, y = Tensor([1.0]), leaf([1]) * 2
    for tensor, what in ((x, "got a constant"), (y, "got the result of mul")):
        refuses(lambda t=tensor: t.writable().__enter__(), ValueError, "writable: expects a leaf", what)
        refuses(lambda t=tensor: setattr(t, "grad", [1]), ValueError, "grad: expects a leaf", what)
        tensor.zero_grad()
    refuses(lambda: setattr(leaf([1, 2]), "grad", [1]), ValueError, "grad: value expects shape (2,), got (1,)")
