"""The summary, the profile and the number of parameters are those counted by hand."""

import numpy as np
import pytest

from helpers import nn
from helpers.autodiff import Tensor, ops
from networks import lenet


@pytest.fixture
def rng():
    return np.random.default_rng(0)


class Shares(nn.Module):
    """A parameter of its own, a constant, and a layer that is called twice."""

    def __init__(self, rng):
        self.layer = nn.Linear(2, 2, rng=rng)
        self.scale = Tensor(np.ones(2), requires_grad=True)
        self.constant = Tensor(np.ones(2))

    def forward(self, x):
        return self.layer(self.layer(x)) * self.scale + self.constant


def test_summary_of_lenet(rng):
    model = lenet(rng)
    model[0].eval()
    lines = nn.summary(model, (1, 28, 28)).splitlines()
    # 6 (25 + 1), 16 (150 + 1), 401 * 120, 121 * 84, 85 * 10; 784 * 6 * 25, 100 * 16 * 150, 400 * 120, ...
    rows = [line.split() for line in lines]
    numbers = [(row[-2], row[-1]) for row in rows if "Conv2d" in row or "Linear" in row]
    work = ["117,600", "240,000", "48,000", "10,080", "840"]
    assert numbers == list(zip(["156", "2,416", "48,120", "10,164", "850"], work, strict=True))
    assert rows[-1] == ["total", "61,706", "416,520"]
    assert "(N, 16, 10, 10)" in nn.summary(model, (1, 28, 28))
    assert (model.training, model[0].training) == (True, False)  # as they were
    assert not any("forward" in vars(module) for _, module in model.named_modules())


def test_summary_counts_shared_parameters_once_but_each_call(rng):
    lines = nn.summary(Shares(rng), (2,)).splitlines()
    assert [line.split()[0] for line in lines[2:-2]] == ["layer", "layer", "Shares"]
    assert [line.split()[-2:] for line in lines[2:-2]] == [["6", "4"], ["0", "4"], ["2", "0"]]
    assert lines[-1].split() == ["total", "8", "8"]


def test_summary_counts_groups(rng):
    assert nn.summary(nn.Conv2d(4, 8, 3, groups=2, rng=rng), (4, 5, 5)).split()[-2:] == ["152", "1,296"]


def test_summary_counts_layers_without_sharing_and_transposed_ones(rng):
    local = nn.summary(nn.LocalConv2d(1, 2, (5, 5), 3, rng=rng), (1, 5, 5)).split()
    assert local[-2:] == ["180", "162"]  # 9 positions of 2 kernels with 9 weights, and their biases
    up = nn.summary(nn.ConvTranspose2d(3, 2, 2, 2, rng=rng), (3, 5, 5)).split()
    assert up[-2:] == ["26", "600"]  # 75 numbers come in, each is spread by 2 kernels of 4


def test_summary_leaves_running_statistics_and_the_tape(rng):
    model = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.BatchNorm1d(4), nn.ReLU())
    nn.summary(model, (3,))
    assert not model[1].running_mean.any()
    assert model(np.ones((2, 3))).requires_grad


def test_summary_reads_the_shape_of_its_input(refuses):
    words = "summary: input_shape expects the shape of one example", "got 3"
    refuses(lambda: nn.summary(nn.ReLU(), 3), ValueError, *words)


class Cell(nn.Module):
    """A layer with two outputs, one of them in a tuple, that is told by keyword how to scale."""

    def __init__(self, rng):
        self.weight = nn.Linear(3, 4, rng=rng).weight

    def forward(self, x, scale=1.0):
        y = ops.matmul(x, self.weight) * scale
        return y, (y[:, :2], y)

    def multiply_adds(self, x_shape, y_shape):
        shape, (_, state) = y_shape
        assert shape == state == (*x_shape[:-1], 4)
        return x_shape[-1] * shape[-1]


class Read(nn.Module):
    """A layer whose input is such a tuple."""

    def forward(self, pair):
        y, (_, state) = pair
        return y + state


class Scaled(nn.Module):
    def __init__(self, cell):
        self.cell = cell

    def forward(self, x):
        return self.cell(x, scale=2.0)


def test_summary_of_layers_whose_outputs_are_tuples(rng):
    lines = nn.summary(nn.Sequential(Scaled(Cell(rng)), Read()), (3,)).splitlines()
    assert lines[2].split("  ")[0] == "layers.0.cell Cell"
    assert "((N, 4), ((N, 2), (N, 4)))" in lines[2]
    assert lines[2].split()[-2:] == ["12", "12"]
    assert "(N, 4) " in lines[3]
    assert lines[-1].split() == ["total", "12", "12"]


def test_profile_of_stages_whose_outputs_are_tuples(rng):
    rows = nn.profile(nn.Sequential(Scaled(Cell(rng)), Read()), (3,))
    assert [row[1:] for row in rows] == [(((4,), ((2,), (4,))), 12, 12), ((4,), 0, 0)]
