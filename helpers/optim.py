"""Optimizers (book, sections 8.3 and 8.5), gradient clipping, and learning rate schedules.

An optimizer's `update` is the algorithm's update rule, on a block of a parameter small enough to stay in the cache:
so its arrays are read from memory once, and what the rule computes on the way costs no memory.
"""

import math

import numpy as np

from .arguments import as_count, as_real, as_shaped
from .autodiff import Tensor
from .module import match_state

BLOCK = 2**15  # elements


def _number(where, name, value, below=math.inf, infinite=False):
    number = float(as_shaped(where, name, value, ()))
    if not (0 <= number < below or (infinite and number == math.inf)):
        bound = "a finite number" if below == math.inf else f"a number below {below}"
        raise ValueError(f"{where}: {name} expects {bound}, at least 0, got {value!r}")
    return number


def _leaves(where, params):
    leaves = list(params)
    for i, leaf in enumerate(leaves):
        if not isinstance(leaf, Tensor) or leaf.node is None or not leaf.node.is_leaf:
            raise TypeError(f"{where}: params expects leaves, Tensors with requires_grad=True, got {leaf!r} at {i}")
    if not leaves or len(set(map(id, leaves))) < len(leaves):
        raise ValueError(f"{where}: params expects at least one leaf, and each once, got {len(leaves)} Tensors")
    return leaves


class Optimizer:
    """What all share: `step` updates each parameter that has a gradient; `lr` can be set at any time."""

    def __init__(self, params, lr, *buffers):
        self.params, self.lr = _leaves(type(self).__name__, params), lr
        self.steps = np.zeros(len(self.params), dtype=np.int64)  # of each parameter: it may go without a gradient
        self.buffers = [{name: np.zeros(p.shape, p.dtype) for name in buffers} for p in self.params]

    @property
    def lr(self):
        """Learning rate, the book's epsilon."""
        return self._lr

    @lr.setter
    def lr(self, value):
        self._lr = _number(type(self).__name__, "lr", value)

    def step(self):
        """Change the parameters in place, once."""
        for i, (param, buffers) in enumerate(zip(self.params, self.buffers, strict=True)):
            if param.grad is not None:
                self.steps[i] += 1
                with param.writable() as array:
                    for block in _blocks(array, param.grad, *buffers.values()):
                        self.update(int(self.steps[i]), *block)

    def update(self, t, w, g, *buffers):
        """Step t, from 1 on, of an algorithm: change parameters w, whose gradient is g, and their buffers in place."""
        raise NotImplementedError(f"{type(self).__name__}: expects a method update(t, w, g, *buffers)")

    def zero_grad(self):
        """Forget the gradients of all parameters."""
        for param in self.params:
            param.zero_grad()

    def state_dict(self):
        """Copy lr, the number of steps and the buffers into a dict of arrays, so that training can be resumed."""
        return {name: array.copy() for name, array in self._state().items()}

    def _state(self):
        named = {f"{i}.{name}": array for i, kept in enumerate(self.buffers) for name, array in kept.items()}
        return {"lr": np.array(self.lr), "steps": self.steps} | named

    def load_state_dict(self, state):
        """Take such a dict; ValueError names what is missing, unknown or of wrong shape."""
        own = self._state()
        state = match_state(f"{type(self).__name__}.load_state_dict", state, own)
        self.lr = state.pop("lr")
        for name, array in state.items():
            own[name][...] = array


def _blocks(*arrays):
    """Cut arrays of one shape into blocks, views of them; arrays that do not lie in C order are one block."""
    if not all(array.flags.c_contiguous for array in arrays):
        return [arrays]
    flat = [array.reshape(-1) for array in arrays]
    return ([array[start : start + BLOCK] for array in flat] for start in range(0, flat[0].size, BLOCK))


class SGD(Optimizer):
    """Stochastic gradient descent (algorithm 8.1), with momentum (8.2) or Nesterov's (8.3).

    The velocity is PyTorch's, v <- momentum v + g; the book's is -lr times it. With nesterov=True the parameters are
    those of the book's interim point, theta + alpha v, where the gradient is taken. weight_decay adds that multiple
    of w to g: the gradient of a penalty weight_decay/2 |w|^2 (section 7.1.1).
    """

    def __init__(self, params, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
        self.momentum, self.nesterov = _momentum("SGD", momentum, nesterov)
        self.weight_decay = _number("SGD", "weight_decay", weight_decay)
        super().__init__(params, lr, *(["velocity"] if momentum else []))

    def update(self, t, w, g, v=None):
        if self.weight_decay:
            g = g + self.weight_decay * w
        w -= self.lr * _pushed(self, g, v)


def _momentum(where, momentum, nesterov):
    momentum = _number(where, "momentum", momentum, below=1)
    if nesterov and not momentum:
        raise ValueError(f"{where}: nesterov expects a momentum above 0, got {momentum}")
    return momentum, bool(nesterov)


def _pushed(self, g, v):
    """The direction that momentum makes of g, of which v keeps the decaying sum."""
    if v is None:
        return g
    v *= self.momentum
    v += g
    return g + self.momentum * v if self.nesterov else v


class AdaGrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients (algorithm 8.4; Duchi et al., 2011)."""

    def __init__(self, params, lr=0.01, eps=1e-7):
        self.eps = _number("AdaGrad", "eps", eps)
        super().__init__(params, lr, "square")

    def update(self, t, w, g, r):
        r += g * g
        w -= self.lr / (self.eps + np.sqrt(r)) * g


class RMSProp(Optimizer):
    """Steps divided by the root of a decaying mean of squared gradients (algorithm 8.5; Hinton, 2012).

    With momentum and nesterov=True it is algorithm 8.6, velocity and parameters as in `SGD`. rho is the decay rate. As
    in PyTorch, where rho is called alpha and is 0.99, eps stands outside the root; the book has 10^-6 within it.
    """

    def __init__(self, params, lr=1e-3, rho=0.9, eps=1e-8, momentum=0.0, nesterov=False):
        self.rho, self.eps = _number("RMSProp", "rho", rho, below=1), _number("RMSProp", "eps", eps)
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

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        where = type(self).__name__
        self.betas = tuple(_number(where, "betas", beta, below=1) for beta in as_shaped(where, "betas", betas, (2,)))
        self.eps = _number(where, "eps", eps)
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

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        self.weight_decay = _number("AdamW", "weight_decay", weight_decay)
        super().__init__(params, lr, betas, eps)

    def update(self, t, w, g, s, r):
        w *= 1 - self.lr * self.weight_decay
        super().update(t, w, g, s, r)


def clip_grad_norm(params, max_norm):
    """Scale the gradients in place so that their joint norm is at most max_norm (section 10.11.1).

    Returns the norm before. One that is infinite or NaN leaves the gradients as they are, and so does an infinite
    max_norm, which asks for the norm alone.
    """
    max_norm = _number("clip_grad_norm", "max_norm", max_norm, infinite=True)
    grads = [param.grad for param in _leaves("clip_grad_norm", params) if param.grad is not None]
    norm = math.hypot(*(float(np.linalg.norm(grad)) for grad in grads))
    if max_norm < norm < math.inf:
        for grad in grads:
            grad *= max_norm / norm
    return norm


def follow(make_optimizer, f, start, steps):
    """Points (steps + 1, n) that an optimizer visits on f, a function of n numbers, from `start` (n,) on.

    f takes the n coordinates, as in lambda x, y: x**2 / 20 + y**2, and make_optimizer the list of parameters, as in
    lambda params: SGD(params, 0.1). A path that leaves the finite numbers ends before it does.
    """
    point = Tensor(as_real("follow", "start", start).astype(float), requires_grad=True)
    optimizer, path = make_optimizer([point]), [point.numpy()]
    for _ in range(as_count("follow", "steps", steps)):
        optimizer.zero_grad()
        with np.errstate(over="ignore", invalid="ignore"):
            f(*(point[i] for i in range(len(path[0])))).backward()
            optimizer.step()
        if not np.isfinite(point.data).all():
            break
        path.append(point.numpy())
    return np.array(path)


# Schedules: each returns a function from the step, counted from 0, to its learning rate.
# for step in range(steps): optimizer.lr = schedule(step); ...


def step_decay(lr, every, factor=0.1):
    """lr, multiplied by factor after every so many steps."""
    every = as_count("step_decay", "every", every)
    return lambda step: lr * factor ** (step // every)


def linear_decay(lr, steps, final=0.0):
    """A line from lr to final over so many steps, then constant (eq. 8.14)."""
    steps = as_count("linear_decay", "steps", steps)
    return lambda step: lr + (final - lr) * min(step / steps, 1)


def cosine_decay(lr, steps, final=0.0):
    """Half a cosine from lr to final over so many steps, then constant (Loshchilov and Hutter, 2017)."""
    steps = as_count("cosine_decay", "steps", steps)
    return lambda step: _cosine(lr, final, min(step / steps, 1))


def _cosine(start, end, share):
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def warm_up(schedule, steps):
    """A line up to the start of a schedule, 1/steps of it at first, then the schedule (Goyal et al., 2017)."""
    steps = as_count("warm_up", "steps", steps)
    return lambda step: schedule(0) * (step + 1) / steps if step < steps else schedule(step - steps)


def one_cycle(lr, steps, rise=0.3, start=1 / 25, final=1 / 250_000):
    """Half a cosine from start * lr up to lr in a share `rise` of the steps, then one to final * lr (Smith, 2018)."""
    top, last = rise * as_count("one_cycle", "steps", steps, minimum=2) - 1, steps - 1
    if not 0 < top < last:
        raise ValueError(f"one_cycle: rise expects a share between 1 / steps and 1 with steps {steps}, got {rise!r}")

    def schedule(step):
        if step <= top:
            return _cosine(start * lr, lr, step / top)
        return _cosine(lr, final * lr, min((step - top) / (last - top), 1))

    return schedule
