"""Small networks, and points for them to classify, that tests share."""

import numpy as np

from helpers import nn
from helpers.datasets import make_blobs


def blobs(n=203, seed=0):
    """Draw points of three classes that hardly overlap; 203 leave a short last batch."""
    return make_blobs(n, [[-2, 0], [2, 0], [0, 3]], spread=0.6, rng=np.random.default_rng(seed))


def network(seed=0, p=0.0, classes=3):
    """Build a float64 network for `blobs`, with dropout at rate p."""
    rng = np.random.default_rng(seed)
    layers = [nn.Linear(2, 16, rng=rng, dtype=np.float64), nn.Tanh(), nn.Dropout(p, rng=rng)]
    return nn.Sequential(*layers, nn.Linear(16, classes, rng=rng, dtype=np.float64))


def normalized(seed=0):
    """Build a network for `blobs` that has batch normalization in its middle."""
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(2, 4, rng=rng), nn.BatchNorm1d(4), nn.Linear(4, 3, rng=rng))


def modes(model):
    """List whether each module is in training mode."""
    return [module.training for _, module in model.named_modules()]


def lenet(rng):
    """Build LeNet-5 for images of 28x28 pixels: 61,706 parameters."""
    conv = nn.Conv2d(1, 6, 5, padding=2, rng=rng), nn.Conv2d(6, 16, 5, rng=rng)
    dense = [nn.Linear(*sizes, rng=rng) for sizes in ((400, 120), (120, 84), (84, 10))]
    pooled = [nn.Sequential(layer, nn.Tanh(), nn.AvgPool2d(2)) for layer in conv]
    return nn.Sequential(*pooled, nn.Flatten(), dense[0], nn.Tanh(), dense[1], nn.Tanh(), dense[2])
