"""Layers as objects that own parameters: what they compute is an operation of `ops`.

Also losses, initial values, `summary` and `to_onnx`. Parameters are float32 unless `dtype` says
otherwise. Random weights are drawn from `rng`, a numpy.random.Generator.
"""

from . import init
from .activations import ReLU, Sigmoid, Softplus, Tanh
from .containers import Branches, Residual, Sequential
from .conv import Conv2d, ConvTranspose2d, LocalConv2d
from .dropout import Dropout
from .export import to_onnx
from .linear import Flatten, Linear
from .losses import cross_entropy, mse_loss
from .module import Module
from .normalization import BatchNorm1d, BatchNorm2d
from .pool import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from .summary import parameter_count, profile, summary

__all__ = [
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Branches",
    "Conv2d",
    "ConvTranspose2d",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "Linear",
    "LocalConv2d",
    "MaxPool2d",
    "Module",
    "ReLU",
    "Residual",
    "Sequential",
    "Sigmoid",
    "Softplus",
    "Tanh",
    "cross_entropy",
    "init",
    "mse_loss",
    "parameter_count",
    "profile",
    "summary",
    "to_onnx",
]
