"""Convolution and pooling of arrays (book, chapter 9), each with its gradients."""

from .conv import col2im, conv2d, conv2d_backward, conv_transpose2d, im2col, pad2d
from .local import local_conv2d
from .pool import (
    avg_pool2d,
    avg_pool2d_backward,
    lp_pool2d,
    lp_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from .window import Window, fold, output_size, windows

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
