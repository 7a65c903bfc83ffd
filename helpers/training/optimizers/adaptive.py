"""Optimizers (book, sections 8.3 and 8.5), clipping of gradients, and the path of an optimizer."""

import math

import numpy as np

from ..autodiff import Tensor
from ..support.arguments import as_count, as_flag, as_number, as_real, as_shaped
from .optimizer import Optimizer, as_leaves


class SGD(Optimizer):
    """Stochastic gradient descent (algorithm 8.1), with momentum (8.2) or Nesterov's (8.3).

    The velocity is PyTorch's, v <- momentum v + g; the book's is -lr times it. With nesterov=True the parameters are
    those of the book's interim point, theta + alpha v, where the gradient is taken. weight_decay adds that multiple
    of w to g: the gradient of a penalty weight_decay/2 |w|^2 (section 7.1.1).
    """

    elementwise = True

    def __init__(self, params, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
        self.momentum, self.nesterov = _momentum("SGD", momentum, nesterov)
        self.weight_decay = as_number("SGD", "weight_decay", weight_decay, "[0, inf)")
        super().__init__(params, lr, *(["velocity"] if momentum else []))

    def update(self, t, w, g, v=None):
        if self.weight_decay:
            g = g + self.weight_decay * w
        w -= self.lr * _pushed(self, g, v)


def _momentum(where, momentum, nesterov):
    momentum = as_number(where, "momentum", momentum, "[0, 1)")
    nesterov = as_flag(where, "nesterov", nesterov)
    if nesterov and not momentum:
        raise ValueError(f"{where}: nesterov expects a momentum above 0, got {momentum}")
    return momentum, nesterov


def _pushed(self, g, v):
    """The direction that momentum makes of g, of which v keeps the decaying sum."""
    if v is None:
        return g
    v *= self.momentum
    v += g
    return g + self.momentum * v if self.nesterov else v


class AdaGrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients (algorithm 8.4; Duchi et al., 2011)."""

    elementwise = True

    def __init__(self, params, lr=0.01, eps=1e-7):
        self.eps = as_number("AdaGrad", "eps", eps, "[0, inf)")
        super().__init__(params, lr, "square")

    def update(self, t, w, g, r):
        r += g * g
        w -= self.lr / (self.eps + np.sqrt(r)) * g


class RMSProp(Optimizer):
    """Steps divided by the root of a decaying mean of squared gradients (algorithm 8.5; Hinton, 2012).

    With momentum and nesterov=True it is algorithm 8.6, velocity and parameters as in `SGD`. rho is the decay rate. As
    in PyTorch, where rho is called alpha and is 0.99, eps stands outside the root; the book has 10^-6 within it.
    """

    elementwise = True

    def __init__(self, params, lr=1e-3, rho=0.9, eps=1e-8, momentum=0.0, nesterov=False):
        self.rho = as_number("RMSProp", "rho", rho, "[0, 1)")
        self.eps = as_number("RMSProp", "eps", eps, "[0, inf)")
        self.momentum, self.nesterov = _momentum("RMSProp", momentum, nesterov)
        super().__init__(params, lr, "square", *(["velocity"] if momentum else []))

    def update(self, t, w, g, r, v=None):
        r *= self.rho
        r += (1 - self.rho) * g * g
        w -= self.lr * _pushed(self, g / (np.sqrt(r) + self.eps), v)


class Adam(Optimizer):
    """Decaying means of gradients and of their squares, corrected for their start at 0 (algorithm 8.7).

    betas are the decay rates rho_1 and rho_2, eps is delta (Kingma and Ba, 2014).
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
    """Adam, with weights that decay by lr * weight_decay in each step beside it (Loshchilov and Hutter, 2019)."""

    elementwise = True

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        self.weight_decay = as_number("AdamW", "weight_decay", weight_decay, "[0, inf)")
        super().__init__(params, lr, betas, eps)

    def update(self, t, w, g, s, r):
        w *= 1 - self.lr * self.weight_decay
        super().update(t, w, g, s, r)


def clip_grad_norm(params, max_norm):
    """Scale the gradients in place so that their joint norm is at most max_norm (section 10.11.1).

    Returns the norm before. One that is NaN, infinite or beyond float64 leaves the gradients as
    they are, and so does an infinite max_norm, which asks for the norm alone.
    """
    max_norm = as_number("clip_grad_norm", "max_norm", max_norm, "[0, inf]")
    grads = [param.grad for param in as_leaves("clip_grad_norm", params) if param.grad is not None]
    norm = _joint_norm(grads)
    if max_norm < norm < math.inf:
        for grad in grads:  # in float64, as the factor may be too small for the gradient's dtype
            grad[...] = grad.astype(np.promote_types(grad.dtype, float)) * (max_norm / norm)
    return norm


def _joint_norm(grads):
    """Norm of all gradients as one vector.

    They are divided by a power of two, which is exact, so that no square overflows or vanishes.
    """
    largest = float(np.max([abs(grad).max(initial=0) for grad in grads], initial=0))
    if largest == 0 or not math.isfinite(largest):
        return largest
    exponent = math.frexp(largest)[1]
    scaled = (np.ldexp(grad.astype(float), -exponent) for grad in grads)
    norm = math.hypot(*(float(np.linalg.norm(grad)) for grad in scaled))
    with np.errstate(over="ignore"):
        return float(np.ldexp(norm, exponent))


def follow(make_optimizer, f, start, steps):
    """Return the points (steps + 1, n) that an optimizer visits on f from `start` (n,) on.

    f takes the n coordinates, as in lambda x, y: x**2 / 20 + y**2, and make_optimizer the list of
    parameters, as in lambda params: SGD(params, 0.1). A path that leaves the finite numbers ends
    before it does.
    """
    start = as_real("follow", "start", start).astype(float)
    if start.ndim != 1:
        raise ValueError(f"follow: start expects shape (n,), got {start.shape}")
    point = Tensor(start, requires_grad=True)
    optimizer, path = make_optimizer([point]), [point.numpy()]
    for _ in range(as_count("follow", "steps", steps)):
        optimizer.zero_grad()
        with np.errstate(over="ignore", invalid="ignore"):
            value = f(*(point[i] for i in range(len(start))))
            if not isinstance(value, Tensor):
                raise TypeError(f"follow: f expects to return a Tensor, got {value!r}")
            value.backward()
            optimizer.step()
        if not np.isfinite(point.data).all():
            break
        path.append(point.numpy())
    return np.array(path)
