"""A training step of LeNet-5 (28 x 28, ReLU, max pooling) with Adam, batch 128."""

import book_era
import by_hand
import numpy as np
from measure import TUNED, Comparison, Goal, main
from steps import loss_and_gradients, training_step

BATCH, LR = 128, 1e-3
SHAPES = [(6, 1, 5, 5), (16, 6, 5, 5), (400, 120), (120, 84), (84, 10)]
# Multiply-adds of the forward pass for one image. Backward takes twice as many, except that no
# gradient with respect to the images is needed.
LAYERS = [28 * 28 * 6 * 25, 10 * 10 * 16 * 150, 400 * 120, 120 * 84, 84 * 10]

step = Comparison(
    "LeNet-5, a training step with Adam, batch 128, float32",
    2 * BATCH * (3 * sum(LAYERS) - LAYERS[0]),
    Goal("PyTorch", 1.0),
    Goal("PyTorch", 1.3, threads=2),
    Goal("book-era", 1 / 6),
    Goal("HIPS", 1 / 30),
)
gradients = Comparison(
    "LeNet-5, loss and gradients, with and without the tape",
    step.operations,
    Goal("the same", 1.1),
)


def data():
    """A batch, and the weights of the five layers."""
    rng = np.random.default_rng(0)
    x, y = rng.random((BATCH, 1, 28, 28), dtype=np.float32), rng.integers(0, 10, BATCH)
    x.flags.writeable = False  # as those that `fit` hands to the network
    weights = []
    for shape in SHAPES:
        fan_in = np.prod(shape[1:]) if len(shape) == 4 else shape[0]
        limit = np.sqrt(6 / fan_in)
        weights.append(rng.uniform(-limit, limit, shape).astype(np.float32))
    return x, y, weights


def network(weights):
    """The course's network with these weights."""
    from helpers import nn

    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120, rng=rng), nn.ReLU(), nn.Linear(120, 84, rng=rng), nn.ReLU(),
        nn.Linear(84, 10, rng=rng),
    )  # fmt: skip
    for parameter, weight in zip(model.parameters()[::2], weights, strict=True):
        with parameter.writable() as array:
            array[...] = weight
    return model


@step.candidate("helpers: nn, Adam")
def course():
    from helpers.training import Adam

    x, y, weights = data()
    model = network(weights)
    return training_step(model, x, y, Adam(model.parameters(), LR))


def pytorch(channels_last=False, **options):
    import torch

    x, y, weights = data()
    model = pytorch_network(weights)
    x, y = torch.tensor(x), torch.tensor(y)
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
        x = x.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), LR, **options)

    def train():
        loss = torch.nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return train


def pytorch_network(weights):
    """Return PyTorch's network with these weights."""
    import torch
    from torch import nn

    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip
    for parameter, weight in zip(list(model.parameters())[::2], weights, strict=True):
        parameter.data = torch.tensor(weight if weight.ndim == 4 else weight.T.copy())
    for bias in list(model.parameters())[1::2]:
        nn.init.zeros_(bias)
    return model


step.candidate("PyTorch")(pytorch)
step.candidate("PyTorch, tuned, fused", **TUNED)(lambda: pytorch(fused=True))
step.candidate("PyTorch, tuned, fused, chan. last", **TUNED)(
    lambda: pytorch(fused=True, channels_last=True),
)


@step.candidate("book-era im2col, float64")
def era():
    x, y, weights = data()
    x = x.astype(float)
    weights = [weight.astype(float) for weight in weights]
    biases = zero_biases(weights, float)
    first, second, *dense = zip(weights, biases, strict=True)
    layers = [
        book_era.conv(*first, padding=2), book_era.relu, book_era.max_pool,
        book_era.conv(*second, padding=0), book_era.relu, book_era.max_pool, book_era.flatten,
        book_era.dense(*dense[0]), book_era.relu, book_era.dense(*dense[1]), book_era.relu,
        book_era.dense(*dense[2]),
    ]  # fmt: skip
    parameters = [array for pair in zip(weights, biases, strict=True) for array in pair]
    optimizer = book_era.Adam(parameters, LR)

    def train():
        loss, gradients = book_era.loss_and_gradients(layers, x, y)
        optimizer.step(gradients)
        return loss

    return train


def zero_biases(weights, dtype):
    """Return the biases of the five layers."""
    return [np.zeros(len(w) if w.ndim == 4 else w.shape[1], dtype) for w in weights]


@step.candidate("HIPS autograd")
def hips_autograd():
    """Train with HIPS autograd, whose Adam starts again at each step, at the same cost."""
    from autograd import value_and_grad
    from autograd.misc.optimizers import adam

    x, y, weights = data()
    gradients = value_and_grad(hips_loss(x, y))
    parameters = weights + zero_biases(weights, np.float32)

    def train():
        nonlocal parameters
        value, grads = gradients(parameters)
        parameters = adam(lambda *_: grads, parameters, num_iters=1, step_size=LR)
        return value

    return train


def hips_loss(x, y):
    """Return the mean cross-entropy as a function of the parameters."""
    import autograd.numpy as anp

    hot = np.eye(10, dtype=np.float32)[y]
    padded = np.pad(x, [(0, 0), (0, 0), (2, 2), (2, 2)])

    def loss(parameters, _=0):
        weights = parameters[:5]
        biases = parameters[5:]
        h = padded
        for weight, bias in zip(weights[:2], biases[:2], strict=True):
            h = hips_pooled(h, weight, bias)
        h = h.reshape((BATCH, -1))
        for i, (weight, bias) in enumerate(zip(weights[2:], biases[2:], strict=True)):
            h = anp.dot(h, weight) + bias
            h = anp.maximum(h, 0) if i < 2 else h
        top = h.max(axis=1, keepdims=True)
        log_p = h - top - anp.log(anp.sum(anp.exp(h - top), axis=1, keepdims=True))
        return -anp.sum(log_p * hot) / BATCH

    return loss


def hips_pooled(h, weight, bias):
    """Return what a convolution, a ReLU and max pooling make of h."""
    import autograd.numpy as anp
    from autograd.scipy.signal import convolve

    flipped = weight[:, :, ::-1, ::-1]
    h = convolve(h, flipped, axes=([2, 3], [2, 3]), dot_axes=([1], [1]), mode="valid")
    h = anp.maximum(h + bias[None, :, None, None], 0)
    N, F, P, Q = h.shape
    return h.reshape((N, F, P // 2, 2, Q // 2, 2)).max(axis=(3, 5))


@gradients.candidate("helpers: nn")
def with_tape():
    x, y, weights = data()
    return loss_and_gradients(network(weights), x, y)


@gradients.candidate("the same by hand")
def without_tape():
    from helpers.support.memory import keep_freed_memory

    keep_freed_memory()  # as the other candidate does
    x, y, weights = data()
    biases = zero_biases(weights, np.float32)

    def call():
        h, layers = by_hand.features(x, weights, biases)
        logits, inputs = by_hand.dense(h.reshape(BATCH, -1), weights[2:], biases[2:])
        loss, grad = by_hand.cross_entropy(logits, y)
        call.gradients = []
        for before, weight in reversed(list(zip(inputs, weights[2:], strict=True))):
            call.gradients += [before.T @ grad, grad.sum(axis=0)]
            grad = grad @ weight.T
            grad = grad if before is inputs[0] else grad * (before > 0)
        call.gradients += by_hand.feature_gradients(grad.reshape(h.shape), layers)
        return loss

    return call


if __name__ == "__main__":
    main(step, gradients)
