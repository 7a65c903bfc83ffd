"""The exercises of lesson 9.12 whose attempts are called on their behalf: a network and a training step."""

import numpy as np
import pytest

from helpers import nn
from helpers.autodiff import Tensor
from helpers.exercises.s09_12_train_a_convnet import lenet, train_step


def network(padding=2, inputs=400, dtype=np.float64, flatten=True):
    """Return a function of rng that builds LeNet, right or wrong."""

    def build(rng):
        own = {"rng": rng, "weight_init": nn.init.he_normal, "dtype": dtype}
        convolutions = [nn.Conv2d(1, 6, 5, padding=padding, **own), nn.ReLU(), nn.MaxPool2d(2)]
        convolutions += [nn.Conv2d(6, 16, 5, **own), nn.ReLU(), nn.MaxPool2d(2)]
        dense = [nn.Linear(inputs, 120, **own), nn.ReLU(), nn.Linear(120, 84, **own), nn.ReLU()]
        return nn.Sequential(*convolutions, *[nn.Flatten()][:flatten], *dense, nn.Linear(84, 10, **own))

    return build


def unwritten(rng): ...


@pytest.mark.parametrize(
    ("attempt", "start", "told"),
    [
        (network(), "✓", "2 cases agree"),
        (unwritten, "○", "not attempted yet"),
        (network(padding=0, inputs=256), "✗ lenet(0)", "the vector has 400 numbers."),
        (network(flatten=False), "✗ lenet(0)", "nn.Flatten() comes before the first of them."),
        (network(dtype=np.float32), "✗ lenet(0)", "give **options to every layer with weights."),
        (lambda rng: [nn.ReLU()], "✗ lenet(0)", "put them into nn.Sequential(...)."),
        (lambda rng: 3, "✗ lenet(0)", "yours returned 3."),
        (lambda: 3, "✗ lenet(0)", "takes 0 positional arguments but 1 was given."),
        (3, "✗ lenet", "expected a function, got 3"),
    ],
)
def test_a_network_is_told_layer_by_layer(attempt, start, told, capsys):
    lenet(attempt)
    printed = capsys.readouterr().out.strip()
    assert printed.startswith(start)
    assert printed.endswith(told)


def right(net, optimizer, x, y):
    loss = nn.cross_entropy(net(Tensor(x)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def returns_nothing(net, optimizer, x, y):
    right(net, optimizer, x, y)


def fails(net, optimizer, x, y):
    return net.forwards(x)


@pytest.mark.parametrize(
    ("attempt", "start", "told"),
    [
        (right, "✓", "2 cases agree"),
        (unwritten, "○", "not attempted yet"),
        (returns_nothing, "✗ one step", "end in `return loss.item()`."),
        (fails, "✗ one step: raised AttributeError in line", "'forwards'."),
        (lambda net: 3, "✗ one step", "takes 1 positional argument but 4 were given."),
    ],
)
def test_a_step_is_played(attempt, start, told, capsys):
    train_step(attempt)
    printed = capsys.readouterr().out.strip()
    assert printed.startswith(start)
    assert printed.endswith(told)
