"""Convolution and pooling of arrays (book, chapter 9), each with its gradients."""

from .columns import col2im, fold, im2col, windows
from .conv import conv2d, conv2d_backward
from .local import local_conv2d
from .padding import pad2d
from .pool import (
    avg_pool2d,
    avg_pool2d_backward,
    lp_pool2d,
    lp_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from .transposed import conv_transpose2d
from .window import Window, output_size

__all__ = [
    "Window",
    "avg_pool2d",
    "avg_pool2d_backward",
    "col2im",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "fold",
    "im2col",
    "local_conv2d",
    "lp_pool2d",
    "lp_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "output_size",
    "pad2d",
    "windows",
]
