"""Operations on images (N, C, H, W) or (H, W).

Values, gradients, arguments and errors are those of `helpers.images`. A Window that a layer has
read takes the place of the arguments that it holds.
"""

from ... import images
from ...images.conv import Convolution
from ...images.local import LocalConvolution
from ...images.padding import cut_border, read_border
from ...images.pool import AveragePooling, MaxPooling
from ...images.transposed import TransposedConvolution
from ..operation import operation


@operation(arrays=1, keeps_integers=True)
def pad2d(x, padding, kernel_size=None, value=0.0):
    """x within a border of `value`."""
    border = read_border("pad2d", padding, kernel_size)
    return images.pad2d(x, border, value=value), lambda grad: cut_border(grad, border)


@operation(arrays=3, keeps_integers=True)
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, *, window=None):
    """Cross-correlation of images with kernels (eq. 9.6)."""
    call = Convolution.read("conv2d", x, weight, stride, padding, dilation, groups, window)
    return call.forward(bias), call.grad_x, call.grad_weight, call.grad_bias


@operation(arrays=3)
def conv_transpose2d(
    x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1,
    *, window=None,
):  # fmt: skip
    """The adjoint of conv2d with these kernels, so its pullback to x is conv2d."""
    call = TransposedConvolution.read(
        "conv_transpose2d", x, weight, stride, padding, dilation, window,
        output_padding=output_padding, groups=groups,
    )  # fmt: skip
    return call.forward(bias), call.grad_x, call.grad_weight, call.grad_bias


@operation(arrays=3)
def local_conv2d(x, weight, bias=None, stride=1, padding=0, *, window=None):
    """Correlation with another kernel at each position (eq. 9.9)."""
    call = LocalConvolution.read("local_conv2d", x, weight, stride, padding, window)
    return call.forward(bias), call.grad_x, call.grad_weight, call.grad_bias


@operation(arrays=1, keeps_integers=True)
def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Largest pixel of each window; a tie goes to the first (section 9.3)."""
    window = kernel_size, stride, padding, dilation
    call = MaxPooling.read("max_pool2d", x, *window, ceil_mode=ceil_mode)
    return call.forward(), call.grad_x


@operation(arrays=1)
def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Mean of each window (section 9.3)."""
    options = {"ceil_mode": ceil_mode, "count_include_pad": count_include_pad}
    call = AveragePooling.read("avg_pool2d", x, kernel_size, stride, padding, **options)
    return call.forward(), call.grad_x
