"""Operations on images (N, C, H, W) or (H, W).

Values, gradients, arguments and errors are those of `helpers.images`.
"""

from ...images import conv, local, pool
from ...images.window import cut_border, read_padding
from ...support.arguments import as_pair
from ..operation import operation


@operation(arrays=1, keeps_integers=True)
def pad2d(x, padding, kernel_size=None, value=0.0):
    """x within a border of `value`."""
    padded = conv.pad2d(x, padding, kernel_size, value)
    reach = [size - 1 for size in as_pair("pad2d", "kernel_size", kernel_size or 1)]
    border = read_padding("pad2d", padding, reach, stride=(1, 1))
    return padded, lambda grad: cut_border(grad, border)


@operation(arrays=3, keeps_integers=True)
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Cross-correlation of images with kernels (eq. 9.6)."""
    layer = conv.Convolution("conv2d", x, weight, stride, padding, dilation, groups)
    return layer.value(bias), layer.grad_x, layer.grad_weight, layer.grad_bias


@operation(arrays=3)
def conv_transpose2d(x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """The adjoint of conv2d with these kernels, so its pullback by x is conv2d."""

    def adjoint(image):
        return conv.Convolution("conv_transpose2d", image, weight, stride, padding, dilation, groups)

    value = conv.conv_transpose2d(x, weight, bias, stride, padding, output_padding, groups, dilation)
    by_x, by_weight = lambda grad: adjoint(grad).value(), lambda grad: adjoint(grad).grad_weight(x)
    return value, by_x, by_weight, lambda grad: grad.sum(axis=(0, 2, 3))


@operation(arrays=3)
def local_conv2d(x, weight, bias=None, stride=1, padding=0):
    """Correlation with another kernel at each position (eq. 9.9)."""
    layer = local.LocalConvolution("local_conv2d", x, weight, stride, padding)
    return layer.value(bias), layer.grad_x, layer.grad_weight, layer.grad_bias


@operation(arrays=1, keeps_integers=True)
def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Largest pixel of each window; a tie goes to the first (section 9.3)."""
    pooling = pool.Pooling("max_pool2d", x, kernel_size, stride, padding, dilation, ceil_mode)
    return pooling.maximum, pooling.pull_maximum


@operation(arrays=1)
def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Mean of each window (section 9.3)."""
    pooling = pool.Pooling("avg_pool2d", x, kernel_size, stride, padding, 1, ceil_mode)
    return pooling.average(count_include_pad), lambda grad: pooling.pull_average(grad, count_include_pad)
