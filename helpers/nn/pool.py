"""Pooling layers, on images (N, C, H, W)."""

from ..autodiff import ops
from ..images.pooling import read_window
from ..support.arguments import Arguments
from .module import Module
from .parameters import shape_of
from .windowed import Windowed


class MaxPool2d(Windowed):
    """Largest pixel of each window; arguments as in `images.max_pool2d`."""

    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
        self.window = read_window("MaxPool2d", kernel_size, stride, padding, dilation)
        self.ceil_mode = Arguments("MaxPool2d").flag("ceil_mode", ceil_mode)

    def forward(self, x):
        return ops.max_pool2d(x, self.window, ceil_mode=self.ceil_mode)


class AvgPool2d(Windowed):
    """Mean of each window; arguments as in `images.avg_pool2d`."""

    def __init__(
        self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
    ):  # fmt: skip
        read = Arguments("AvgPool2d")
        self.window = read_window("AvgPool2d", kernel_size, stride, padding)
        self.ceil_mode = read.flag("ceil_mode", ceil_mode)
        self.count_include_pad = read.flag("count_include_pad", count_include_pad)

    def forward(self, x):
        options = {"ceil_mode": self.ceil_mode, "count_include_pad": self.count_include_pad}
        return ops.avg_pool2d(x, self.window, **options)


class GlobalAvgPool2d(Module):
    """Mean of each channel over all pixels: (N, C, H, W) -> (N, C).

    The images may be of any size (Lin et al., 2013).
    """

    def forward(self, x):
        shape = shape_of("GlobalAvgPool2d", x)
        if len(shape) != 4:
            raise ValueError(f"GlobalAvgPool2d: x expects shape (N, C, H, W), got {shape}")
        return ops.mean(x, (2, 3))
