"""Modules made of modules: in a chain, side by side, or around a shortcut."""

from ..autodiff import ops
from .module import Module, as_module


class Sequential(Module):
    """Chain modules: the output of each is the input of the next.

    model[0] is a Module, model[:2] a Sequential.
    """

    def __init__(self, *layers):
        self.layers = _modules("Sequential", "layer", layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def __getitem__(self, index):
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __len__(self):
        return len(self.layers)

    def __iter__(self):
        return iter(self.layers)

    def __repr__(self):
        return _call("Sequential", *self.layers)


class Residual(Module):
    """Compute x + body(x), or shortcut(x) + body(x) where the body changes the shape.

    (He et al., 2016.)
    """

    def __init__(self, body, shortcut=None):
        self.body = as_module("Residual", "body", body)
        self.shortcut = None if shortcut is None else as_module("Residual", "shortcut", shortcut)

    def forward(self, x):
        return self.body(x) + (x if self.shortcut is None else self.shortcut(x))

    def __repr__(self):
        shortcut = [] if self.shortcut is None else [self.shortcut]
        return _call("Residual", self.body, *shortcut)


class Branches(Module):
    """Apply modules side by side to one input, and join their outputs along the channels.

    (Szegedy et al., 2015.)
    """

    def __init__(self, *branches):
        if not branches:
            raise ValueError("Branches: branches expects at least one Module, got none")
        self.branches = _modules("Branches", "branch", branches)

    def forward(self, x):
        return ops.concatenate([branch(x) for branch in self.branches], axis=1)

    def __repr__(self):
        return _call("Branches", *self.branches)


def _call(name, *modules):
    """Write down the call that builds a module of these modules."""
    return f"{name}({', '.join(map(repr, modules))})"


def _modules(where, name, modules):
    """Read modules, which are called by `name` and their number."""
    return [as_module(where, f"{name} {i}", module) for i, module in enumerate(modules)]
