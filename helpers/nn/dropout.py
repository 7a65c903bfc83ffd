"""Dropout."""

from ..autodiff import ops
from ..support.arguments import as_number, as_rng
from .module import Module


class Dropout(Module):
    """In training, set each number to 0 with probability p and divide the others by 1 - p.

    In evaluation mode nothing is changed (section 7.12).
    """

    def __init__(self, p=0.5, *, rng):
        self.p = as_number("Dropout", "p", p, "[0, 1)")
        self.rng = as_rng("Dropout", rng)

    def forward(self, x):
        return ops.dropout(x, self.p, self.rng) if self.training else x
