"""Modules: buffers, modes, and what a damaged file or a wrong state does, which is nothing."""

import numpy as np
import pytest

from arrays import same, states_equal
from helpers import nn
from helpers.autodiff import Tensor
from helpers.nn.module import as_module, evaluating


def small():
    return nn.Sequential(nn.Linear(2, 2, rng=np.random.default_rng(0)), nn.BatchNorm1d(2))


# Buffers are declared.


class Remembers(nn.Module):
    """Keeps its last output, which is no part of its state."""

    def __init__(self):
        self.weight = Tensor([2.0], requires_grad=True)

    def forward(self, x):
        y = x * self.weight
        self.last = y.data
        return y


def test_a_layer_that_remembers_an_array_loads_its_own_state():
    used, fresh = Remembers(), Remembers()
    used(np.ones(3))
    assert list(used.state_dict()) == ["weight"]
    fresh.load_state_dict(used.state_dict())
    used.load_state_dict(fresh.state_dict())
    same(used.last, [2, 2, 2])


class Declares(nn.Module):
    buffers = ("mask", "count")

    def __init__(self):
        self.mask, self.count, self.scratch = np.array([True, False]), np.array(3), np.zeros(5)


def test_a_declared_buffer_of_any_dtype_is_saved_and_loaded(tmp_path):
    one, other = nn.Sequential(Declares()), nn.Sequential(Declares())
    one[0].mask[:] = False
    one[0].count[...] = 7
    one.save(tmp_path / "a.npz")
    other.load(tmp_path / "a.npz")
    assert list(other.state_dict()) == ["layers.0.mask", "layers.0.count"]
    assert not other[0].mask.any()
    assert other[0].count == 7


def test_a_buffer_that_is_no_writable_array_is_named(refuses):
    layer = Declares()
    del layer.mask
    refuses(layer.state_dict, TypeError, "Declares: buffers expects names of writable arrays", "'mask'")
    layer.mask = np.broadcast_to(np.array([True]), 2)
    refuses(layer.state_dict, TypeError, "Declares: buffers expects names of writable arrays", "'mask'")


@pytest.mark.parametrize("stride", [np.array([1, 2]), [1, 2], (np.int64(1), 2)], ids=repr)
def test_the_arguments_of_a_layer_are_no_state(stride):
    layers = [
        nn.Conv2d(1, 1, 3, stride=stride, rng=np.random.default_rng(0)),
        nn.ConvTranspose2d(1, 1, 3, stride=stride, rng=np.random.default_rng(0)),
        nn.LocalConv2d(1, 1, 5, 3, stride=stride, rng=np.random.default_rng(0)),
    ]
    for layer in layers:
        assert set(layer.state_dict()) == {"weight", "bias"}
        assert layer.stride == (1, 2)
        assert all(type(step) is int for step in layer.stride)
    assert not nn.MaxPool2d(np.array(2), stride=stride).state_dict()
    assert "stride=(1, 2)" in repr(nn.AvgPool2d(2, stride=stride))


# Calls.


class Shifts(nn.Module):
    def forward(self, x, by=0):
        return x + by


def test_a_call_hands_on_what_forward_takes_by_keyword():
    assert Shifts()(1, by=2) == 3
    assert Shifts()(1) == 1


def test_a_module_without_a_forward_says_so():
    with pytest.raises(NotImplementedError, match=r"^Module: expects a method forward"):
        nn.Module()(1)


def test_modules_of_modules_print_what_they_hold():
    plain, wide = nn.Residual(nn.ReLU()), nn.Residual(nn.Sequential(nn.ReLU(), nn.Tanh()), nn.Flatten())
    assert repr(plain) == "Residual(ReLU())"
    assert repr(wide) == "Residual(Sequential(ReLU(), Tanh()), Flatten())"
    assert repr(nn.Branches(plain, nn.Tanh())) == "Branches(Residual(ReLU()), Tanh())"


def test_the_mode_of_a_module_is_not_printed():
    layer = nn.Dropout(0.25, rng=np.random.default_rng(0))
    assert repr(layer) == repr(layer.eval()) == "Dropout(p=0.25)"


# Modes.


def test_evaluating_gives_each_module_its_own_mode_back():
    model = nn.Sequential(small(), nn.BatchNorm1d(2), nn.ReLU())
    model[0].eval()
    before = [module.training for _, module in model.named_modules()]
    seen = []

    def interrupted():
        with evaluating(model) as same_model:
            seen.append(same_model is model)
            seen.extend(not module.training for _, module in model.named_modules())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert all(seen)
    assert len(seen) == 7
    assert [module.training for _, module in model.named_modules()] == before
    assert len(set(before)) == 2


@pytest.mark.parametrize("value", [nn.Linear, len, None, [nn.ReLU()]], ids=repr)
def test_what_is_no_module_is_named(value, refuses):
    refuses(lambda: as_module("fit", "model", value), TypeError, "fit: model expects a Module, got")
    refuses(lambda: nn.Residual(value), TypeError, "Residual: body expects a Module")
    refuses(lambda: nn.Branches(nn.ReLU(), value), TypeError, "Branches: branch 1 expects a Module")
    refuses(lambda: nn.summary(value, (3,)), TypeError, "summary: model expects a Module")


def test_residual_and_branches_refuse_what_is_missing(refuses):
    refuses(lambda: nn.Residual(nn.ReLU(), 0), TypeError, "Residual: shortcut expects a Module, got 0")
    refuses(nn.Branches, ValueError, "Branches: branches expects at least one Module")


# States.


@pytest.mark.parametrize("state", [None, [], 3, small(), "state"], ids=lambda state: type(state).__name__)
def test_a_state_is_a_dict(state, refuses):
    refuses(lambda: small().load_state_dict(state), TypeError, "load_state_dict: state expects a dict of arrays")


WRONG = {
    "shape": (np.ones(3), ValueError, "expects shape (2,), got (3,)"),
    "text": (["a", "b"], TypeError, "expects real numbers"),
    "complex": ([1j, 2], TypeError, "expects real numbers"),
    "nothing": (None, TypeError, "expects real numbers"),
    "ragged": ([[1], [1, 2]], ValueError, "expects an array"),
}


@pytest.mark.parametrize("name", ["layers.0.bias", "layers.1.running_var"])
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_array_is_named_and_nothing_is_taken(name, wrong, refuses):
    value, error, words = WRONG[wrong]
    model = small()
    before = model.state_dict()
    state = {key: array + 1 for key, array in before.items()} | {name: value}
    refuses(lambda: model.load_state_dict(state), error, f"load_state_dict: {name} {words}")
    assert states_equal(model.state_dict(), before)


def test_numbers_that_would_be_cut_are_refused(refuses):
    layer = Declares()
    state = layer.state_dict() | {"count": np.array(2.5)}
    refuses(lambda: layer.load_state_dict(state), TypeError, "load_state_dict: count expects dtype int64, got float64")


def test_names_that_are_no_text_are_unknown(refuses):
    state = small().state_dict() | {3: np.ones(1), "more": np.ones(1)}
    refuses(lambda: small().load_state_dict(state), ValueError, "load_state_dict: state expects", "unknown: 3, more")


def test_a_state_may_hold_tensors():
    layer = nn.Linear(2, 1, rng=np.random.default_rng(0))
    layer.load_state_dict({"weight": Tensor([[1.0], [2.0]], requires_grad=True), "bias": Tensor([3.0])})
    same(layer(np.ones((1, 2))).data, [[6]])


# Files.


@pytest.mark.parametrize("path", [None, 3, b"model.npz", small()], ids=repr)
def test_a_path_is_a_path(path, refuses):
    refuses(lambda: small().load(path), TypeError, "load: path expects a str or a Path, got")
    refuses(lambda: small().save(path), TypeError, "save: path expects a str or a Path, got")


def test_a_missing_file_is_no_damaged_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        small().load(tmp_path / "none.npz")


def written(path, compressed):
    """A small model's file, stored or compressed; the model, and the bytes."""
    model = nn.Linear(1, 2, rng=np.random.default_rng(0))
    if compressed:
        np.savez_compressed(path, **model.state_dict())
    else:
        model.save(path)
    return model, path.read_bytes()


def refusal(model, path):
    """What a load is told, or nothing where it succeeds; any other error fails the test."""
    try:
        model.load(path)
    except (ValueError, TypeError) as error:
        return str(error)
    return ""


@pytest.mark.parametrize("compressed", [False, True], ids=["stored", "compressed"])
def test_one_flipped_bit_is_noticed_or_harmless(tmp_path, compressed):
    path = tmp_path / "model.npz"
    model, content = written(path, compressed)
    before, told = model.state_dict(), []
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        told.append(refusal(model, path))
        assert states_equal(model.state_dict(), before), place
    assert all(message.startswith("load") and str(path) in message for message in filter(None, told))
    assert sum(map(bool, told)) > len(content) / 2


@pytest.mark.parametrize("end", [0, 1, 30, 200, -200, -22, -1])
def test_a_file_that_was_cut_is_named(tmp_path, end, refuses):
    path = tmp_path / "model.npz"
    model, content = written(path, compressed=False)
    path.write_bytes(content[:end])
    refuses(lambda: model.load(path), ValueError, "load: path expects an .npz file of plain arrays", "model.npz")


def test_the_file_of_another_model_is_named(tmp_path, refuses):
    nn.ReLU().save(tmp_path / "other.npz")
    refuses(lambda: small().load(tmp_path / "other.npz"), ValueError, "load_state_dict: state expects", "other.npz")
