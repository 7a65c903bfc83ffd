"""Optimizers with a step size of its own for each parameter (book, section 8.5)."""

import math

import numpy as np

from ...support.arguments import as_number, as_shaped
from .base import Optimizer
from .sgd import Momentum


class AdaGrad(Optimizer):
    """Divide steps by the root of the sum of all squared gradients (algorithm 8.4).

    (Duchi et al., 2011.)
    """

    elementwise = True

    def __init__(self, params, lr=0.01, eps=1e-7):
        self.eps = as_number("AdaGrad", "eps", eps, "[0, inf)")
        super().__init__(params, lr, "square")

    def update(self, t, w, g, r):
        r += g * g
        w -= self.lr / (self.eps + np.sqrt(r)) * g


class RMSProp(Momentum, Optimizer):
    """Divide steps by the root of a decaying mean of squared gradients (algorithm 8.5).

    (Hinton, 2012.) With momentum and nesterov=True it is algorithm 8.6. rho is the decay rate. As
    in PyTorch, where rho is called alpha and is 0.99, eps stands outside the root; the book has
    10^-6 within it.
    """

    elementwise = True

    def __init__(self, params, lr=1e-3, rho=0.9, eps=1e-8, momentum=0.0, nesterov=False):
        self.rho = as_number("RMSProp", "rho", rho, "[0, 1)")
        self.eps = as_number("RMSProp", "eps", eps, "[0, inf)")
        super().__init__(params, lr, "square", *self.read_momentum(momentum, nesterov))

    def update(self, t, w, g, r, v=None):
        r *= self.rho
        r += (1 - self.rho) * g * g
        w -= self.lr * self.push(g / (np.sqrt(r) + self.eps), v)


class Adam(Optimizer):
    """Divide a decaying mean of gradients by the root of one of their squares (algorithm 8.7).

    Both means are corrected for their start at 0. betas are the decay rates rho_1 and rho_2, and
    eps is delta (Kingma and Ba, 2014).
    """

    elementwise = True

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        where = type(self).__name__
        betas = as_shaped(where, "betas", betas, (2,))
        self.betas = tuple(as_number(where, "betas", beta, "[0, 1)") for beta in betas)
        self.eps = as_number(where, "eps", eps, "[0, inf)")
        super().__init__(params, lr, "mean", "square")

    def update(self, t, w, g, s, r):
        rho1, rho2 = self.betas
        s *= rho1
        s += (1 - rho1) * g
        r *= rho2
        r += (1 - rho2) * g * g
        # lr s_hat / (sqrt(r_hat) + eps), the corrections of s and r gathered into two numbers
        root = math.sqrt(1 - rho2**t)
        step = np.sqrt(r)
        step += self.eps * root
        np.divide(s, step, out=step)
        step *= self.lr * root / (1 - rho1**t)
        w -= step


class AdamW(Adam):
    """Take Adam's step, and let the weights decay by the fraction lr * weight_decay beside it.

    (Loshchilov and Hutter, 2019.)
    """

    elementwise = True

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        self.weight_decay = as_number("AdamW", "weight_decay", weight_decay, "[0, inf)")
        super().__init__(params, lr, betas, eps)

    def update(self, t, w, g, s, r):
        w *= 1 - self.lr * self.weight_decay
        super().update(t, w, g, s, r)
