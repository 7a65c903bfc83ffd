"""Modules: functions that own parameters, and how their state is saved, without pickle, and loaded again.

In a Module, a leaf Tensor is a parameter. Parameters and Modules are found in attributes, and in
lists, tuples and dicts of them. A buffer is an array that is saved with the parameters but not
trained: a class names its own, as in `buffers = ("running_mean", "running_var")`. No other array
belongs to the state.
"""

import io
import os
import zipfile
from collections.abc import Mapping
from contextlib import contextmanager

import numpy as np

from ..autodiff import Tensor
from ..support.arguments import as_real
from ..support.files import write_atomically


class Module:
    """A function with parameters, written as `forward`; a call is model(x). Subclasses need not call __init__."""

    training = True
    buffers = ()  # names of the attributes that are buffers

    def __call__(self, *inputs):
        return self.forward(*inputs)

    def forward(self, *inputs):
        raise NotImplementedError(f"{type(self).__name__}: expects a method forward, which computes the output")

    def named_modules(self):
        """Yield (dotted name, module): this one, named "", then those within it, each once, in order of attributes."""
        found, waiting = set(), [("", self)]
        while waiting:
            name, module = waiting.pop()
            if id(module) not in found:
                found.add(id(module))
                yield name.removeprefix("."), module
                inner = [(name + key, value) for key, value in members(vars(module)) if isinstance(value, Module)]
                waiting += reversed(inner)

    def named_parameters(self):
        """Yield (dotted name, leaf Tensor), each once: a module's own, then those of the modules within it."""
        found = set()
        for name, module in self.named_modules():
            for key, value in members(vars(module)):
                if _is_leaf(value) and id(value) not in found:
                    found.add(id(value))
                    yield (name + key).removeprefix("."), value

    def named_buffers(self):
        """Yield (dotted name, array) of each buffer, as running statistics."""
        found = set()
        for name, module in self.named_modules():
            for key in module.buffers:
                buffer = _buffer(module, key)
                if id(buffer) not in found:
                    found.add(id(buffer))
                    yield f"{name}.{key}".removeprefix("."), buffer

    def parameters(self):
        """Return the list of parameters, for an optimizer."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self):
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, mode=True):
        """Behave as in training, or with mode=False as at test, in dropout and batch normalization; return self."""
        for _, module in self.named_modules():
            module.training = bool(mode)
        return self

    def eval(self):
        """Behave as at test; return self."""
        return self.train(False)

    def state_dict(self):
        """Copy parameters and buffers into a dict of arrays by dotted name."""
        state = {name: parameter.numpy() for name, parameter in self.named_parameters()}
        return state | {name: buffer.copy() for name, buffer in self.named_buffers()}

    def match_state_dict(self, state):
        """Return the arrays of such a dict in this module's dtypes; errors as below."""
        expected = dict(self.named_parameters()) | dict(self.named_buffers())
        return match_state("load_state_dict", state, expected)

    def load_state_dict(self, state):
        """Take parameters and buffers from such a dict, all or none.

        ValueError or TypeError names what is missing, unknown, or of the wrong shape or kind.
        """
        state = self.match_state_dict(state)
        for name, parameter in self.named_parameters():
            with parameter.writable() as array:
                array[...] = state[name]
        for name, buffer in self.named_buffers():
            buffer[...] = state[name]

    def save(self, path):
        """Write the state to a file of NumPy's .npz format, whole or not at all."""
        save_arrays(path, self.state_dict())

    def load(self, path):
        """Take the state from a file written by `save`, all or none; an error names the file."""
        state = load_arrays(path)
        try:
            self.load_state_dict(state)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{error}, in {os.fspath(path)!r}") from None

    def __repr__(self):
        shown = (f"{key}={value!r}" for key, value in vars(self).items() if isinstance(value, (int, float, str, tuple)))
        return f"{type(self).__name__}({', '.join(item for item in shown if not item.startswith('training='))})"


@contextmanager
def evaluating(model):
    """Put a model into evaluation mode within this block; after it each module has its old mode."""
    modes = [(module, module.training) for _, module in model.named_modules()]
    try:
        yield model.eval()
    finally:
        for module, mode in modes:
            module.training = mode


def as_module(where, name, value):
    """Return `value`, a Module; TypeError for anything else, such as a function that builds one."""
    if not isinstance(value, Module):
        raise TypeError(f"{where}: {name} expects a Module, got {value!r}")
    return value


def members(value, name=""):
    """Yield (name, value) of each Tensor, array, generator and Module in dicts and sequences."""
    if isinstance(value, (Tensor, np.ndarray, np.random.Generator, Module)):
        yield name, value
    elif isinstance(value, (dict, list, tuple)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from members(item, f"{name}.{key}")


def _is_leaf(value):
    return isinstance(value, Tensor) and value.is_leaf


def _buffer(module, name):
    """The buffer of this name, an array that loading can write into."""
    value = getattr(module, name, None)
    if not isinstance(value, np.ndarray) or not value.flags.writeable:
        got = f"{name!r}, which is {value!r}"
        where = type(module).__name__
        raise TypeError(f"{where}: buffers expects names of writable arrays, got {got}")
    return value


def match_state(where, state, expected):
    """Return the arrays of `state`, of the names and shapes expected, in the dtypes expected."""
    if not isinstance(state, Mapping):
        got = type(state).__name__
        raise TypeError(f"{where}: state expects a dict of arrays by name, got a {got}")
    wrong = {"missing": expected.keys() - state.keys(), "unknown": state.keys() - expected.keys()}
    if any(wrong.values()):
        names = {kind: ", ".join(sorted(map(str, keys))) for kind, keys in wrong.items() if keys}
        what = "; ".join(f"{kind}: {keys}" for kind, keys in names.items())
        raise ValueError(f"{where}: state expects the {len(expected)} names of this object, got {what}")
    return {name: _like(where, name, state[name], array) for name, array in expected.items()}


def _like(where, name, value, expected):
    """Return `value` as a new array of the shape and dtype of an array or Tensor."""
    value = value.data if isinstance(value, Tensor) else value
    array = as_real(where, name, value, kinds="b" if expected.dtype == bool else "iuf")
    if array.shape != expected.shape:
        raise ValueError(f"{where}: {name} expects shape {expected.shape}, got {array.shape}")
    if not np.can_cast(array.dtype, expected.dtype, "same_kind"):
        raise TypeError(f"{where}: {name} expects dtype {expected.dtype}, got {array.dtype}")
    return array.astype(expected.dtype)


def save_arrays(path, arrays):
    """Write a dict of arrays to path as .npz, without pickle; a crash on the way leaves the file that was there."""
    expect_path("save", "path", path)

    def write(file):
        with zipfile.ZipFile(file, "w") as archive:  # np.savez would stamp the time, and trip over the name "file"
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)

    write_atomically(path, write)


def load_arrays(path, where="load"):
    """Read a dict of arrays from an .npz file.

    ValueError names a file that is none, that is damaged, or that holds objects.
    """
    expect_path(where, "path", path)
    with open(path, "rb") as file:
        try:
            return dict(_arrays(file))
        except Exception as error:  # whatever a damaged file makes zipfile, zlib and NumPy raise
            what = f"{os.fspath(path)!r}: {error or type(error).__name__}"
            message = f"{where}: path expects an .npz file of plain arrays, got {what}"
            raise ValueError(message) from None


def _arrays(file):
    """Yield (name, array), each read to its end: only there its checksum is compared."""
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            content = io.BytesIO(archive.read(member))
            array = np.lib.format.read_array(content, allow_pickle=False)
            yield member.filename.removesuffix(".npy"), array


def expect_path(where, name, value):
    """Raise TypeError unless `value` is a path."""
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{where}: {name} expects a str or a Path, got {value!r}")
