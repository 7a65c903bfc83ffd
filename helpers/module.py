"""Modules: functions that own parameters, and how their state is saved, without pickle, and loaded again.

In a Module, a leaf Tensor is a parameter and an array is a buffer, which is saved but not trained; both, and Modules,
are found in attributes and in lists, tuples and dicts of them.
"""

import os
import zipfile

import numpy as np

from .arguments import as_shaped
from .autodiff import Tensor
from .files import write_atomically


class Module:
    """A function with parameters, written as `forward`; a call is model(x). Subclasses need not call __init__."""

    training = True

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
        return self._named(lambda value: isinstance(value, Tensor) and value.node is not None and value.node.is_leaf)

    def named_buffers(self):
        """Yield (dotted name, array): what is saved with the parameters but not trained, as running statistics."""
        return self._named(lambda value: isinstance(value, np.ndarray))

    def _named(self, wanted):
        found = set()
        for name, module in self.named_modules():
            for key, value in members(vars(module)):
                if wanted(value) and id(value) not in found:
                    found.add(id(value))
                    yield (name + key).removeprefix("."), value

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

    def load_state_dict(self, state):
        """Take parameters and buffers from such a dict; ValueError names what is missing, unknown or of wrong shape."""
        parameters, buffers = dict(self.named_parameters()), dict(self.named_buffers())
        state = match_state("load_state_dict", state, parameters | buffers)
        for name, parameter in parameters.items():
            with parameter.writable() as array:
                array[...] = state[name]
        for name, buffer in buffers.items():
            buffer[...] = state[name]

    def save(self, path):
        """Write the state to a file of NumPy's .npz format, whole or not at all."""
        save_arrays(path, self.state_dict())

    def load(self, path):
        """Take the state from a file written by `save`; errors as in `load_state_dict`."""
        self.load_state_dict(load_arrays(path))

    def __repr__(self):
        shown = (f"{key}={value!r}" for key, value in vars(self).items() if isinstance(value, (int, float, str, tuple)))
        return f"{type(self).__name__}({', '.join(item for item in shown if not item.startswith('training='))})"


def members(value, name=""):
    """Yield (name, value) of each Tensor, array and Module in a dict, list or tuple, and in those that it holds."""
    if isinstance(value, (Tensor, np.ndarray, Module)):
        yield name, value
    elif isinstance(value, (dict, list, tuple)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from members(item, f"{name}.{key}")


def match_state(where, state, expected):
    """Check that the arrays of `state` have exactly the names and shapes of those expected, and return them."""
    wrong = {"missing": expected.keys() - state.keys(), "unknown": state.keys() - expected.keys()}
    if any(wrong.values()):
        what = "; ".join(f"{kind}: {', '.join(sorted(names))}" for kind, names in wrong.items() if names)
        raise ValueError(f"{where}: state expects the {len(expected)} names of this object, got {what}")
    return {name: as_shaped(where, name, state[name], array.shape) for name, array in expected.items()}


def save_arrays(path, arrays):
    """Write a dict of arrays to path as .npz, without pickle; a crash on the way leaves the file that was there."""

    def write(file):
        with zipfile.ZipFile(file, "w") as archive:  # np.savez would stamp the time, and trip over the name "file"
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)

    write_atomically(path, write)


def load_arrays(path):
    """Read a dict of arrays from an .npz file; ValueError if it is none, or holds pickled objects."""
    try:
        with zipfile.ZipFile(path), np.load(path, allow_pickle=False) as archive:
            return dict(archive)
    except (zipfile.BadZipFile, ValueError) as error:
        raise ValueError(f"load: path expects an .npz file of plain arrays, got {os.fspath(path)!r}: {error}") from None
