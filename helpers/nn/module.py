"""Modules: functions that own parameters, which can be saved, without pickle, and loaded again.

In a Module, a leaf Tensor is a parameter. Parameters and Modules are found in attributes, and in
lists, tuples and dicts of them. A buffer is an array that is saved with the parameters but not
trained: a class names its own, as in `buffers = ("running_mean", "running_var")`. No other array
belongs to the state.
"""

import os
from contextlib import contextmanager

import numpy as np

from ..autodiff import Tensor
from ..support.files import load_arrays, save_arrays
from .state import match_state


class Module:
    """A function with parameters, written as `forward`; a call is model(x).

    Subclasses need not call __init__.
    """

    training = True
    buffers = ()  # names of the attributes that are buffers

    def __call__(self, *inputs, **options):
        return self.forward(*inputs, **options)

    def forward(self, *inputs, **options):
        where = type(self).__name__
        raise NotImplementedError(f"{where}: expects a method forward, which computes the output")

    def named_modules(self):
        """Yield (dotted name, module): this one, named "", then those within it.

        Each comes once, in the order of attributes.
        """
        found = set()
        waiting = [("", self)]
        while waiting:
            name, module = waiting.pop()
            if id(module) not in found:
                found.add(id(module))
                yield name.removeprefix("."), module
                held = members(vars(module))
                inner = [(name + key, value) for key, value in held if isinstance(value, Module)]
                waiting += reversed(inner)

    def named_parameters(self):
        """Yield (dotted name, leaf Tensor), each once: own ones, then those of modules within."""
        found = set()
        for name, module in self.named_modules():
            for key, value in members(vars(module)):
                if isinstance(value, Tensor) and value.is_leaf and id(value) not in found:
                    found.add(id(value))
                    yield (name + key).removeprefix("."), value

    def named_buffers(self):
        """Yield (dotted name, array) of each buffer, such as running statistics."""
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
        """Set training mode, or with mode=False evaluation mode; return self.

        Dropout and batch normalization tell them apart.
        """
        for _, module in self.named_modules():
            module.training = bool(mode)
        return self

    def eval(self):
        """Set evaluation mode, which is for test time; return self."""
        return self.train(False)

    def state_dict(self):
        """Copy parameters and buffers into a dict of arrays by dotted name."""
        state = {name: parameter.numpy() for name, parameter in self.named_parameters()}
        return state | {name: buffer.copy() for name, buffer in self.named_buffers()}

    def match_state_dict(self, state):
        """Return the arrays of such a dict in this module's dtypes.

        ValueError or TypeError names what is missing, unknown, or of the wrong shape or kind.
        """
        expected = dict(self.named_parameters()) | dict(self.named_buffers())
        return match_state("load_state_dict", state, expected)

    def load_state_dict(self, state):
        """Take parameters and buffers from such a dict, all or none; errors as above."""
        state = self.match_state_dict(state)
        for name, parameter in self.named_parameters():
            with parameter.writable() as array:
                array[...] = state[name]
        for name, buffer in self.named_buffers():
            buffer[...] = state[name]

    def save(self, path):
        """Write the state to a file of NumPy's .npz format, atomically."""
        save_arrays(path, self.state_dict())

    def load(self, path):
        """Take the state from a file written by `save`, all or none; an error names the file."""
        state = load_arrays(path)
        try:
            self.load_state_dict(state)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{error}, in {os.fspath(path)!r}") from None

    def __repr__(self):
        options = [
            f"{key}={value!r}"
            for key, value in vars(self).items()
            if key != "training" and isinstance(value, (int, float, str, tuple))
        ]
        return f"{type(self).__name__}({', '.join(options)})"


@contextmanager
def evaluating(model):
    """Put a model into evaluation mode within this block; then each module gets its mode back."""
    modes = [(module, module.training) for _, module in model.named_modules()]
    try:
        yield model.eval()
    finally:
        for module, mode in modes:
            module.training = mode


def as_module(where, name, value):
    """Return `value`, a Module; TypeError for anything else, such as a model's builder."""
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


def _buffer(module, name):
    """Return the buffer of this name, an array that loading can write into."""
    value = getattr(module, name, None)
    if not isinstance(value, np.ndarray) or not value.flags.writeable:
        got = f"{name!r}, which is {value!r}"
        where = type(module).__name__
        raise TypeError(f"{where}: buffers expects names of writable arrays, got {got}")
    return value
