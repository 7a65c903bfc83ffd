"""Activations: functions of each number, as layers."""

from ..autodiff import ops
from .module import Module


class ReLU(Module):
    """Compute max(0, x) (section 6.3.1)."""

    forward = staticmethod(ops.relu)


class Tanh(Module):
    """Compute the hyperbolic tangent (section 6.3.2)."""

    forward = staticmethod(ops.tanh)


class Sigmoid(Module):
    """Compute 1 / (1 + exp(-x)) (section 6.3.2)."""

    forward = staticmethod(ops.sigmoid)


class Softplus(Module):
    """Compute log(1 + exp(x)) (section 6.3.3)."""

    forward = staticmethod(ops.softplus)
