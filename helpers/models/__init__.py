"""Published networks (book, section 9.11, and after it), built from the layers of `nn`."""

from .blocks import basic_block, bottleneck, conv, dense, inception, nin_block, vgg_block
from .convnets import (
    Stage,
    alexnet,
    googlenet,
    lenet5,
    nin,
    resnet,
    resnet18,
    resnet34,
    resnet50,
    resnext50_32x4d,
    vgg,
    vgg11,
)

__all__ = [
    "Stage",
    "alexnet",
    "basic_block",
    "bottleneck",
    "conv",
    "dense",
    "googlenet",
    "inception",
    "lenet5",
    "nin",
    "nin_block",
    "resnet",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnext50_32x4d",
    "vgg",
    "vgg11",
    "vgg_block",
]
