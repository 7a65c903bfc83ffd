"""A window that slides over images: what convolution and pooling share.

A *tap* is one element of the window. While the window takes all its positions, a tap meets a
regular grid of pixels, which is a slice. So every function on windows is a short loop over taps,
however large the image is.
"""

from dataclasses import dataclass, field

from ..support.arguments import Arguments, Pair
from .padding import padded_size, read_padding


@dataclass(frozen=True)
class Window:
    """Size, stride, dilation and padding of a window, each as a pair for (rows, columns).

    `Window.read` makes it of what a caller gives. `where` is the function or the layer that errors
    name; windows are equal whoever made them.

    >>> Window.read("conv2d", 3, padding="same") == Window.read("max_pool2d", (3, 3), padding=1)
    True
    """

    where: str = field(compare=False)
    kernel_size: Pair
    stride: Pair
    padding: tuple[Pair, Pair]
    dilation: Pair

    @classmethod
    def read(cls, where, kernel_size, stride=1, padding=0, dilation=1):
        """Read what a caller of `where` gave; ValueError or TypeError that names the argument."""
        read = Arguments(where)
        kernel_size = read.pair("kernel_size", kernel_size)
        stride = read.pair("stride", stride)
        dilation = read.pair("dilation", dilation)
        reach = tuple(d * (k - 1) for k, d in zip(kernel_size, dilation, strict=True))
        padding = read_padding(where, padding, reach, stride)
        return cls(where, kernel_size, stride, padding, dilation)

    def __str__(self):
        names = ("kernel_size", "stride", "padding", "dilation")
        return ", ".join(f"{name}={getattr(self, name)}" for name in names)

    @property
    def extent(self) -> Pair:
        """Pixels that the dilated window spans: dilation * (kernel_size - 1) + 1."""
        axes = zip(self.kernel_size, self.dilation, strict=True)
        rows, columns = (gap * (count - 1) + 1 for count, gap in axes)
        return rows, columns

    def grid(self, height, width) -> Pair:
        """Count the positions (P, Q) of the window on a padded image of this size (section 9.5)."""
        padded = padded_size((height, width), self.padding)
        if self.extent[0] > padded[0] or self.extent[1] > padded[1]:
            raise ValueError(
                f"{self.where}: kernel_size expects a window that fits into the padded input "
                f"{padded}, got one that spans {self.extent} "
                f"(kernel_size {self.kernel_size}, dilation {self.dilation})"
            )
        axes = zip(padded, self.extent, self.stride, strict=True)
        rows, columns = ((size - span) // step + 1 for size, span, step in axes)
        return rows, columns

    def expect_kernels(self, weight):
        """Raise ValueError unless kernels (..., kH, kW) have the size of this window."""
        if weight.shape[-2:] != self.kernel_size:
            expected = f"kernels of size {self.kernel_size}"
            raise ValueError(f"{self.where}: weight expects {expected}, got {weight.shape}")

    def slices(self, axis, positions):
        """For each tap along `axis`, return the slice of pixels it meets at so many positions."""
        step, gap = self.stride[axis], self.dilation[axis]
        reach = step * (positions - 1) + 1
        return [slice(tap * gap, tap * gap + reach, step) for tap in range(self.kernel_size[axis])]

    def taps(self, grid):
        """Yield (i, j, rows, columns): tap (i, j) meets the pixels [rows, columns] on the grid."""
        for i, rows in enumerate(self.slices(0, grid[0])):
            for j, columns in enumerate(self.slices(1, grid[1])):
                yield i, j, rows, columns


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """Count the positions of a window along one axis (book, section 9.5).

    They are (size + padding - dilation * (kernel_size - 1) - 1) // stride + 1. All are ints;
    padding is an int for both ends, a pair (before, after), "valid", "same" or "full". ValueError
    where the window does not fit into the padded input.

    >>> output_size(7, 3, stride=2), output_size(7, 3, padding="same")
    (3, 7)
    """
    read = Arguments("output_size")
    size = read.count("size", size)
    kernel_size = read.count("kernel_size", kernel_size)
    stride = read.count("stride", stride)
    dilation = read.count("dilation", dilation)
    if not isinstance(padding, str):
        padding = (read.pair("padding", padding, minimum=0), 0)
    window = Window.read("output_size", (kernel_size, 1), (stride, 1), padding, (dilation, 1))
    return window.grid(size, 1)[0]
