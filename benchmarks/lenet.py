"""One training step of LeNet-5 (28 x 28, ReLU, max pooling) with Adam on a batch of 128: the course beside others."""

import numpy as np
from measure import TUNED, Comparison, Goal, main

BATCH, LR = 128, 1e-3
SHAPES = [(6, 1, 5, 5), (16, 6, 5, 5), (400, 120), (120, 84), (84, 10)]
# Multiply-adds of the forward pass for one image; backward takes twice as many, but for the gradient by the images.
LAYERS = [28 * 28 * 6 * 25, 10 * 10 * 16 * 150, 400 * 120, 120 * 84, 84 * 10]

step = Comparison(
    "LeNet-5, a training step with Adam, batch 128, float32",
    2 * BATCH * (3 * sum(LAYERS) - LAYERS[0]),
    Goal("PyTorch", 1.0),
    Goal("PyTorch", 1.3, threads=2),
    Goal("book-era", 1 / 6),
    Goal("autograd", 1 / 30),
)


def data():
    """A batch, and the weights of the five layers."""
    rng = np.random.default_rng(0)
    x, y = rng.random((BATCH, 1, 28, 28), dtype=np.float32), rng.integers(0, 10, BATCH)
    x.flags.writeable = False  # as those that `fit` hands to the network
    limits = [np.sqrt(6 / (np.prod(shape[1:]) if len(shape) == 4 else shape[0])) for shape in SHAPES]
    weights = [rng.uniform(-a, a, shape).astype(np.float32) for shape, a in zip(SHAPES, limits, strict=True)]
    return x, y, weights


@step.candidate("helpers: nn, optim.Adam")
def course():
    from helpers import nn, optim
    from helpers.autodiff import Tensor

    x, y, weights = data()
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, rng=rng), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120, rng=rng), nn.ReLU(), nn.Linear(120, 84, rng=rng), nn.ReLU(), nn.Linear(84, 10, rng=rng),
    )  # fmt: skip
    for parameter, weight in zip(model.parameters()[::2], weights, strict=True):
        with parameter.writable() as array:
            array[...] = weight
    optimizer = optim.Adam(model.parameters(), LR)

    def train():
        loss = nn.cross_entropy(model(Tensor(x)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.data

    return train


def pytorch(**options):
    import torch
    from torch import nn

    x, y, weights = data()
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip
    for parameter, weight in zip(list(model.parameters())[::2], weights, strict=True):
        parameter.data = torch.tensor(weight if weight.ndim == 4 else weight.T.copy())
    for bias in list(model.parameters())[1::2]:
        nn.init.zeros_(bias)
    x, y = torch.tensor(x), torch.tensor(y)
    if options.pop("channels_last", False):
        model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), LR, **options)

    def train():
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return train


step.candidate("PyTorch")(pytorch)
step.candidate("PyTorch, tuned, fused", **TUNED)(lambda: pytorch(fused=True))
step.candidate("PyTorch, tuned, fused, chan. last", **TUNED)(lambda: pytorch(fused=True, channels_last=True))


if __name__ == "__main__":
    main(step)
