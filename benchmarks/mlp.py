"""A training step of the network 784-512-10, batch 128, float32: the course beside PyTorch."""

from itertools import pairwise

import by_hand
import numpy as np
from measure import TUNED, Comparison, Goal, main
from steps import loss_and_gradients, training_step

SIZES, BATCH = (784, 512, 10), 128
LR, RHO = 1e-3, 0.9
# Three products per layer, but the first needs no gradient with respect to its input.
PRODUCTS = 2 * SIZES[0] * SIZES[1] + 3 * SIZES[1] * SIZES[2]

rmsprop, adam, gradients = (
    Comparison(f"MLP 784-512-10, batch 128, float32: {what}", 2 * BATCH * PRODUCTS, *goals)
    for what, *goals in [
        ("a step of RMSProp", Goal("PyTorch", 1.0), Goal("PyTorch", 1.0, threads=2)),
        ("a step of Adam", Goal("PyTorch", 1.2), Goal("PyTorch", 1.2, threads=2)),
        ("loss and gradients, with and without the tape", Goal("the same", 1.15)),
    ]
)


def data():
    """A batch, and weights (inputs, outputs)."""
    rng = np.random.default_rng(0)
    x, y = rng.random((BATCH, SIZES[0]), dtype=np.float32), rng.integers(0, SIZES[-1], BATCH)
    x.flags.writeable = False  # as those that `fit` hands to the network
    weights = [rng.uniform(-0.05, 0.05, (m, n)).astype(np.float32) for m, n in pairwise(SIZES)]
    return x, y, weights


def network(weights):
    """The course's network with these weights."""
    from helpers import nn

    rng = np.random.default_rng(0)
    first = nn.Linear(*SIZES[:2], rng=rng)
    second = nn.Linear(*SIZES[1:], rng=rng)
    model = nn.Sequential(first, nn.ReLU(), second)
    for layer, weight in zip(model[::2], weights, strict=True):
        with layer.weight.writable() as array:
            array[...] = weight
    return model


def course_step(make_optimizer):
    x, y, weights = data()
    model = network(weights)
    return training_step(model, x, y, make_optimizer(model.parameters()))


@rmsprop.candidate("helpers: nn, RMSProp")
def course_rmsprop():
    from helpers.training import RMSProp

    return course_step(lambda params: RMSProp(params, LR, RHO))


@adam.candidate("helpers: nn, Adam")
def course_adam():
    from helpers.training import Adam

    return course_step(lambda params: Adam(params, LR))


def pytorch_step(make_optimizer):
    import torch

    x, y, weights = data()
    x, y = torch.tensor(x), torch.tensor(y)
    first = torch.nn.Linear(*SIZES[:2])
    second = torch.nn.Linear(*SIZES[1:])
    model = torch.nn.Sequential(first, torch.nn.ReLU(), second)
    for layer, weight in zip(model[::2], weights, strict=True):
        layer.weight.data = torch.tensor(weight.T.copy())
        torch.nn.init.zeros_(layer.bias)
    optimizer = make_optimizer(torch.optim, model.parameters())

    def step():
        loss = torch.nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


@rmsprop.candidate("PyTorch")
@rmsprop.candidate("PyTorch, allocator tuned", **TUNED)
def pytorch_rmsprop():
    return pytorch_step(lambda optim, params: optim.RMSprop(params, LR, RHO))


@rmsprop.candidate("PyTorch, tuned, foreach", **TUNED)
def pytorch_rmsprop_foreach():
    return pytorch_step(lambda optim, params: optim.RMSprop(params, LR, RHO, foreach=True))


@adam.candidate("PyTorch")
@adam.candidate("PyTorch, allocator tuned", **TUNED)
def pytorch_adam():
    return pytorch_step(lambda optim, params: optim.Adam(params, LR))


@adam.candidate("PyTorch, tuned, fused", **TUNED)
def pytorch_adam_fused():
    return pytorch_step(lambda optim, params: optim.Adam(params, LR, fused=True))


@gradients.candidate("helpers: nn")
def with_tape():
    x, y, weights = data()
    return loss_and_gradients(network(weights), x, y)


@gradients.candidate("the same by hand in NumPy")
def without_tape():
    x, y, weights = data()
    biases = [np.zeros(size, np.float32) for size in SIZES[1:]]

    def step():
        logits, (_, hidden) = by_hand.dense(x, weights, biases)
        loss, grad = by_hand.cross_entropy(logits, y)
        back = (grad @ weights[1].T) * (hidden > 0)
        step.gradients = x.T @ back, back.sum(axis=0), hidden.T @ grad, grad.sum(axis=0)
        return loss

    return step


if __name__ == "__main__":
    main(rmsprop, adam, gradients)
