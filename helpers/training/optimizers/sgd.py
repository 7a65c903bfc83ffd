"""Stochastic gradient descent, and momentum (book, sections 8.3.1 to 8.3.3)."""

from ...support.arguments import as_flag, as_number
from .base import Optimizer


class Momentum:
    """The part of an optimizer that gathers directions in a velocity v, plain or Nesterov's.

    Its velocity is PyTorch's, v <- momentum v + g; the book's is -lr times it. With nesterov=True
    the parameters are those of the book's interim point, theta + alpha v, where the gradient is
    taken.
    """

    def read_momentum(self, momentum, nesterov):
        """Read and keep the options; return the names of the buffers that they need."""
        where = type(self).__name__
        self.momentum = as_number(where, "momentum", momentum, "[0, 1)")
        self.nesterov = as_flag(where, "nesterov", nesterov)
        if self.nesterov and not self.momentum:
            raise ValueError(f"{where}: nesterov expects a momentum above 0, got {self.momentum}")
        return ["velocity"] if self.momentum else []

    def push(self, g, v):
        """Add g to the velocity v, in place, and return the direction of the step."""
        if v is None:
            return g
        v *= self.momentum
        v += g
        return g + self.momentum * v if self.nesterov else v


class SGD(Momentum, Optimizer):
    """Stochastic gradient descent (algorithm 8.1), with momentum (8.2) or Nesterov's (8.3).

    weight_decay adds that multiple of w to g: the gradient of a penalty weight_decay/2 |w|^2
    (section 7.1.1).
    """

    elementwise = True

    def __init__(self, params, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
        self.weight_decay = as_number("SGD", "weight_decay", weight_decay, "[0, inf)")
        super().__init__(params, lr, *self.read_momentum(momentum, nesterov))

    def update(self, t, w, g, v=None):
        if self.weight_decay:
            g = g + self.weight_decay * w
        w -= self.lr * self.push(g, v)
