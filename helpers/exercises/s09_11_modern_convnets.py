"""The exercises of lesson 9.11, Modern Convnets."""

import numpy as np
from scipy.signal import correlate

from ..images.conv import conv2d
from . import exercise


def _kernels(inputs, outputs, size):
    """Parameters of a convolution with biases."""
    return outputs * (inputs * size * size + 1)


@exercise((3, 64, 1), (64, 128, 2), (128, 256, 3), (16, 16, 2), tolerance=0)
def vgg_parameters(channels, width, convs):
    return sum(_kernels(channels if number == 0 else width, width, 3) for number in range(convs))


@vgg_parameters.mistake("The biases are missing: one for each channel that comes out, in each layer.")
def _(channels, width, convs):
    return vgg_parameters.reference(channels, width, convs) - convs * width


@vgg_parameters.mistake("Only the first layer sees `channels`; the others see what it made, `width` of them.")
def _(channels, width, convs):
    return convs * _kernels(channels, width, 3)


@vgg_parameters.mistake("The first layer sees `channels`, not yet `width`.")
def _(channels, width, convs):
    return convs * _kernels(width, width, 3)


@vgg_parameters.mistake(
    "Each layer has its own biases, one for each channel that comes out: those of some are missing."
)
def _(channels, width, convs):
    return vgg_parameters.reference(channels, width, convs) - (convs - 1) * width


@vgg_parameters.mistake("So many convolutions in all: the one that sees `channels` is the first of them.")
def _(channels, width, convs):
    return vgg_parameters.reference(channels, width, convs + 1)


@vgg_parameters.mistake("A kernel of 3 x 3 has 9 weights for each channel it sees, not 3.")
def _(channels, width, convs):
    return width * (3 * channels + 1) + (convs - 1) * width * (3 * width + 1)


@exercise(
    (192, 64, (96, 128), (16, 32), 32), (256, 128, (128, 192), (32, 96), 64), (10, 3, (2, 5), (4, 6), 7), tolerance=0
)
def inception_parameters(channels, one, three, five, pool):
    from_input = one + three[0] + five[0] + pool
    inner = 9 * three[0] * three[1] + 25 * five[0] * five[1]
    return (channels + 1) * from_input + inner + three[1] + five[1]


@inception_parameters.mistake("The biases are missing: one for each channel that any of the six convolutions makes.")
def _(channels, one, three, five, pool):
    return inception_parameters.reference(channels, one, three, five, pool) - one - sum(three) - sum(five) - pool


@inception_parameters.mistake("The 3 x 3 and 5 x 5 see what their bottleneck lets through, not all of the input.")
def _(channels, one, three, five, pool):
    narrow = _kernels(channels, one + three[0] + five[0] + pool, 1)
    return narrow + _kernels(channels, three[1], 3) + _kernels(channels, five[1], 5)


@inception_parameters.mistake("The bottlenecks, 1 x 1 from all channels, have parameters of their own.")
def _(channels, one, three, five, pool):
    return _kernels(channels, one + pool, 1) + _kernels(*three, 3) + _kernels(*five, 5)


@inception_parameters.mistake("After the maximum comes a 1 x 1 convolution, too: it has parameters.")
def _(channels, one, three, five, pool):
    return inception_parameters.reference(channels, one, three, five, pool) - _kernels(channels, pool, 1)


@inception_parameters.mistake("Without bottlenecks? The 3 x 3 and the 5 x 5 each come after a 1 x 1 that narrows.")
def _(channels, one, three, five, pool):
    return _kernels(channels, one + pool, 1) + _kernels(channels, three[1], 3) + _kernels(channels, five[1], 5)


@inception_parameters.mistake("The bottlenecks have biases, too.")
def _(channels, one, three, five, pool):
    return inception_parameters.reference(channels, one, three, five, pool) - three[0] - five[0]


@inception_parameters.mistake("The third path ends in kernels of 5 x 5: 25 weights for each channel they see.")
def _(channels, one, three, five, pool):
    return inception_parameters.reference(channels, one, three, five, pool) - 16 * five[0] * five[1]


@inception_parameters.mistake("In `three` and `five` the reduction comes first, then what the path ends with.")
def _(channels, one, three, five, pool):
    return inception_parameters.reference(channels, one, three[::-1], five[::-1], pool)


ALEXNET = [(11, 4, 2), (3, 2, 0), (5, 1, 2), (3, 2, 0), (3, 1, 1), (3, 1, 1), (3, 1, 1), (3, 2, 0)]


@exercise((224, ALEXNET), (32, [(5, 1, 0), (2, 2, 0)]), (9, [(3, 2, 1), (2, 2, 0)]), (10, [(3, 3, 0), (1, 1, 1)]))
def size_through(size, layers):
    for kernel, stride, padding in layers:
        size = len(range(0, size + 2 * padding - kernel + 1, stride))
    return size


@size_through.mistake("Padding is on both sides: it counts twice.")
def _(size, layers):
    for kernel, stride, padding in layers:
        size = (size + padding - kernel) // stride + 1
    return size


@size_through.mistake("Round down: a window that does not fit is not taken.")
def _(size, layers):
    for kernel, stride, padding in layers:
        size = -(-(size + 2 * padding - kernel) // stride) + 1
    return size


@size_through.mistake("The padding is missing: it makes the image larger by its width on each side.")
def _(size, layers):
    for kernel, stride, _ in layers:
        size = (size - kernel) // stride + 1
    return size


@size_through.mistake("A size is a whole number: round down in each layer.")
def _(size, layers):
    for kernel, stride, padding in layers:
        size = (size + 2 * padding - kernel) / stride + 1
    return size


@size_through.mistake("Round down, not to the nearest: a window that does not fit is not taken.")
def _(size, layers):
    for kernel, stride, padding in layers:
        size = round((size + 2 * padding - kernel) / stride) + 1
    return size


@size_through.mistake("That is the size after the first layer. Return after the loop, not within it.")
def _(size, layers):
    return size_through.reference(size, layers[:1])


@size_through.mistake("Count the first window, too: + 1 in each layer.")
def _(size, layers):
    for kernel, stride, padding in layers:
        size = (size + 2 * padding - kernel) // stride
    return size


@size_through.mistake("A stride of s takes each s-th position: divide by it.")
def _(size, layers):
    for kernel, _, padding in layers:
        size = size + 2 * padding - kernel + 1
    return size


@exercise(
    ([(3, 1), (3, 1)],),
    ([(3, 1), (2, 2), (3, 1), (2, 2)],),
    ([(7, 2), (3, 2), (3, 1)],),
    ([(1, 1), (5, 1), (1, 1)],),
    ([(11, 4), (3, 2), (5, 1)],),
)
def field(layers):
    size = 1
    for kernel, stride in reversed(layers):  # from the output back: so many pixels are seen one layer below
        size = (size - 1) * stride + kernel
    return size


@field.mistake("The strides are missing: after a stride of 2, a step of one pixel is a step of two below.")
def _(layers):
    return 1 + sum(kernel - 1 for kernel, _ in layers)


@field.mistake("A layer's own stride widens the steps of the layers after it, not its own.")
def _(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        size += (kernel - 1) * step
    return size


@field.mistake("The right step, in the wrong order: begin with the last layer and go down.")
def _(layers):
    return field.reference(layers[::-1])


@field.mistake("n windows have n - 1 steps between them, not n.")
def _(layers):
    size = 1
    for kernel, stride in reversed(layers):
        size = size * stride + kernel
    return size


@field.mistake("Going down, the stride multiplies the steps between windows, size - 1; then comes one whole kernel.")
def _(layers):
    size = 1
    for kernel, stride in reversed(layers):
        size = size * stride + kernel - 1
    return size


@field.mistake("Each layer adds k - 1 steps, not k: the pixel in the middle is counted already.")
def _(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        size += kernel * step
        step *= stride
    return size


@field.mistake("The steps of the last layer only? Each layer multiplies the step of all before it.")
def _(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * step
        step = stride
    return size


@exercise((256, 64, 1), (256, 128, 32), (2048, 512, 1), (24, 12, 4), tolerance=0)
def bottleneck_parameters(channels, inner, groups):
    per_group = inner // groups
    kernels = channels * inner + groups * 9 * per_group**2 + inner * channels
    return kernels + 2 * (inner + inner + channels)


@bottleneck_parameters.mistake("Groups are not counted: a kernel of the 3 x 3 sees only inner / groups channels.")
def _(channels, inner, groups):
    return bottleneck_parameters.reference(channels, inner, 1)


@bottleneck_parameters.mistake("That is a single group of the 3 x 3: there are `groups` of them.")
def _(channels, inner, groups):
    return bottleneck_parameters.reference(channels, inner, groups) - (groups - 1) * 9 * (inner // groups) ** 2


@bottleneck_parameters.mistake("Only the 3 x 3 has groups. The two 1 x 1 mix all channels.")
def _(channels, inner, groups):
    return (2 * channels * inner + 9 * inner**2) // groups + 4 * inner + 2 * channels


@bottleneck_parameters.mistake("The three batch normalizations are missing: each has two numbers a channel.")
def _(channels, inner, groups):
    return bottleneck_parameters.reference(channels, inner, groups) - 4 * inner - 2 * channels


@bottleneck_parameters.mistake(
    "Each channel after each convolution has two numbers more, a scale and a shift. One is not enough."
)
def _(channels, inner, groups):
    return bottleneck_parameters.reference(channels, inner, groups) - 2 * inner - channels


@bottleneck_parameters.mistake(
    "There are three batch normalizations: one after each convolution, as wide as what it makes."
)
def _(channels, inner, groups):
    return bottleneck_parameters.reference(channels, inner, groups) - 4 * inner


@bottleneck_parameters.mistake("The last batch normalization works on `channels` channels, not on `inner`.")
def _(channels, inner, groups):
    return bottleneck_parameters.reference(channels, inner, groups) - 2 * channels + 2 * inner


@bottleneck_parameters.mistake("Running means and variances are not trained: two numbers a channel, not four.")
def _(channels, inner, groups):
    return bottleneck_parameters.reference(channels, inner, groups) + 4 * inner + 2 * channels


@bottleneck_parameters.mistake("No biases here: batch normalization would take them away again, and brings its own.")
def _(channels, inner, groups):
    return bottleneck_parameters.reference(channels, inner, groups) + 2 * inner + channels


def _same(x, w):
    """Cross-correlation with a border of zeros, an image and a kernel at a time, by SciPy."""
    out = np.zeros((len(x), len(w), *x.shape[2:]))
    for n, f in np.ndindex(len(x), len(w)):
        out[n, f] = sum(correlate(image, kernel, mode="same") for image, kernel in zip(x[n], w[f], strict=True))
    return out


_rng = np.random.default_rng(95)
X = _rng.standard_normal((2, 3, 5, 5))
W1, W2, W3, W4 = _rng.standard_normal((4, 3, 3, 3, 3)) / 3


@exercise((X, W1, W2), (X[:1, :, :4], W3, W4), (2 * X, W2, 0 * W1))
def residual(x, w1, w2):
    return (_same(_same(x, w1).clip(0), w2) + x).clip(0)


@residual.mistake("The shortcut is missing: add x before the last ReLU.")
def _(x, w1, w2):
    return _same(_same(x, w1).clip(0), w2).clip(0)


@residual.mistake("The second ReLU comes after the sum. Before it, the body could only ever add.")
def _(x, w1, w2):
    return _same(_same(x, w1).clip(0), w2).clip(0) + x


@residual.mistake("The ReLU after the sum is missing.")
def _(x, w1, w2):
    return _same(_same(x, w1).clip(0), w2) + x


@residual.mistake("The ReLU between the convolutions is missing: without it they are one linear map.")
def _(x, w1, w2):
    return (_same(_same(x, w1), w2) + x).clip(0)


@residual.mistake("The body begins with a convolution of x itself: its ReLU comes after the first one.")
def _(x, w1, w2):
    return (_same(_same(x.clip(0), w1), w2) + x).clip(0)


@residual.mistake("No ReLU on the body alone: the second one comes after the sum, in its place.")
def _(x, w1, w2):
    return (_same(_same(x, w1).clip(0), w2).clip(0) + x).clip(0)


@residual.mistake("The size must stay: each convolution needs padding=1.")
def _(x, w1, w2):
    return np.maximum(x + conv2d(conv2d(x, w1).clip(0), w2), 0)


@residual.mistake("The kernels are turned round: here, as in all networks, a convolution does not flip them.")
def _(x, w1, w2):
    return residual.reference(x, w1[..., ::-1, ::-1], w2[..., ::-1, ::-1])


@residual.mistake("x is added at the end, to what both convolutions have made of it.")
def _(x, w1, w2):
    return _same((_same(x, w1) + x).clip(0), w2).clip(0)


B, GAMMA, BETA, MEAN = _rng.standard_normal((4, 3))
VAR = np.array([0.04, 1.0, 9.0])


@exercise((W1, B, GAMMA, BETA, MEAN, VAR, 1e-5), (W2[:, :2], BETA, B, MEAN, GAMMA, VAR[::-1], 0.1))
def fold(weight, bias, gamma, beta, mean, var, eps):
    rows = []
    for f in range(len(weight)):
        scale = gamma[f] / np.sqrt(var[f] + eps)
        rows.append([*(scale * weight[f]).flat, scale * (bias[f] - mean[f]) + beta[f]])
    return np.array(rows)


def _folded(weight, bias, scale):
    return np.column_stack([(weight * scale[:, None, None, None]).reshape(len(weight), -1), bias])


@fold.mistake("Divide by the standard deviation: the root of var + eps is missing.")
def _(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (var + eps)
    return _folded(weight, scale * (bias - mean) + beta, scale)


@fold.mistake("The weights are right. The old bias passes through the normalization, too: it is scaled.")
def _(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return _folded(weight, bias - scale * mean + beta, scale)


@fold.mistake("The weights are right. The mean has to be taken from the bias before it is scaled.")
def _(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return _folded(weight, scale * bias - mean + beta, scale)


@fold.mistake("The old bias is lost: the normalization met it as a part of the convolution's output.")
def _(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return _folded(weight, beta - scale * mean, scale)


@fold.mistake("The weights are right. beta is missing: it is added at the very end, unscaled.")
def _(weight, bias, gamma, beta, mean, var, eps):
    return fold.reference(weight, bias, gamma, 0 * beta, mean, var, eps)


@fold.mistake("gamma is missing: it multiplies what is normalized.")
def _(weight, bias, gamma, beta, mean, var, eps):
    return fold.reference(weight, bias, gamma**0, beta, mean, var, eps)


@fold.mistake("The weights are right. The mean is subtracted: mind its sign.")
def _(weight, bias, gamma, beta, mean, var, eps):
    return fold.reference(weight, bias, gamma, beta, -mean, var, eps)


@fold.mistake("The weights are right. The normalization gives a new bias, too, and it is not the old one.")
def _(weight, bias, gamma, beta, mean, var, eps):
    return _folded(weight, bias, gamma / np.sqrt(var + eps))


@fold.mistake("eps belongs within the root, beside the variance.")
def _(weight, bias, gamma, beta, mean, var, eps):
    scale = gamma / (np.sqrt(var) + eps)
    return _folded(weight, scale * (bias - mean) + beta, scale)


@fold.mistake("Add eps to the variance, within the root.")
def _(weight, bias, gamma, beta, mean, var, eps):
    return fold.reference(weight, bias, gamma, beta, mean, var, 0)
