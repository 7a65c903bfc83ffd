"""Modules made of modules: in a chain, side by side, or around a shortcut."""

from ..autodiff import ops
from .module import Module, as_module


class Sequential(Module):
    """Modules in a chain: the output of each is the input of the next. model[0] is a Module, model[:2] a Sequential."""

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
        return f"Sequential({', '.join(map(repr, self.layers))})"


class Residual(Module):
    """x + body(x), or shortcut(x) + body(x) where the body changes the shape (He et al., 2016)."""

    def __init__(self, body, shortcut=None):
        self.body = as_module("Residual", "body", body)
        self.shortcut = None if shortcut is None else as_module("Residual", "shortcut", shortcut)

    def forward(self, x):
        return self.body(x) + (x if self.shortcut is None else self.shortcut(x))


class Branches(Module):
    """Modules side by side on one input; their outputs are joined along the channels (Szegedy et al., 2015)."""

    def __init__(self, *branches):
        if not branches:
            raise ValueError("Branches: branches expects at least one Module, got none")
        self.branches = _modules("Branches", "branch", branches)

    def forward(self, x):
        return ops.concatenate([branch(x) for branch in self.branches], axis=1)


def _modules(where, name, modules):
    return [as_module(where, f"{name} {i}", module) for i, module in enumerate(modules)]
