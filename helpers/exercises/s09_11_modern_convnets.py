"""The exercises of lesson 9.11, Modern Convnets."""

import numpy as np
from scipy import signal

from ..images import conv2d
from . import exercise


@exercise((3, 64, 1), (64, 128, 2), (128, 256, 3), (16, 16, 2), tolerance=0)
def vgg_parameters(channels, width, convs):
    return (9 * channels + 1) * width + (convs - 1) * (9 * width + 1) * width


@vgg_parameters.slips
def _(slip, channels, width, convs):
    seen = [channels] + [width] * (convs - 1)
    if slip("Only the first layer sees `channels`; the others see what it made, `width` of them."):
        seen = [channels] * convs
    if slip("The first layer sees `channels`, not yet `width`."):
        seen = [width] * convs
    if slip("`convs` counts all layers: the one that sees `channels` is the first of them."):
        seen = [*seen, width]
    pixels = 3 if slip("A kernel of 3 x 3 has 9 weights for each channel it sees, not 3.") else 9
    biases = len(seen) * width
    if slip("The biases are missing: one for each channel that comes out, in each layer."):
        biases = 0
    if slip("Each layer has its own biases, one for each channel that comes out."):
        biases = width
    return pixels * sum(seen) * width + biases


@exercise(
    (192, 64, (96, 128), (16, 32), 32),
    (256, 128, (128, 192), (32, 96), 64),
    (10, 3, (2, 5), (4, 6), 7),
    tolerance=0,
)
def inception_parameters(channels, one, three, five, pool):
    from_input = one + three[0] + five[0] + pool
    inner = 9 * three[0] * three[1] + 25 * five[0] * five[1]
    return (channels + 1) * from_input + inner + three[1] + five[1]


@inception_parameters.slips
def _(slip, channels, one, three, five, pool):
    if slip("In `three` and `five` the reduction comes first, then the width of the output."):
        three, five = three[::-1], five[::-1]
    layers = [(1, channels, one), (1, channels, three[0]), (3, *three), (1, channels, five[0])]
    layers += [(5, *five), (1, channels, pool)]  # (kernel, channels that it sees, makes)
    if slip("The 3 x 3 and 5 x 5 see what their bottleneck lets through, not all of the input."):
        layers[2], layers[4] = (3, channels, three[1]), (5, channels, five[1])
    if slip("The bottlenecks, 1 x 1 from all channels, have parameters of their own."):
        layers[1] = layers[3] = (0, 0, 0)
    if slip("After the maximum comes a 1 x 1 convolution, too: it has parameters."):
        layers[5] = (0, 0, 0)
    if slip("The third path ends in kernels of 5 x 5: 25 weights for each channel they see."):
        layers[4] = (3, *five)
    biases = sum(makes for _, _, makes in layers)
    if slip("The biases are missing: one for each channel that any of the six makes."):
        biases = 0
    if slip("The bottlenecks have biases, too."):
        biases -= three[0] + five[0]
    return sum(kernel**2 * sees * makes for kernel, sees, makes in layers) + biases


ALEXNET = [(11, 4, 2), (3, 2, 0), (5, 1, 2), (3, 2, 0), *[(3, 1, 1)] * 3, (3, 2, 0)]


@exercise(
    {"AlexNet": (224, ALEXNET), "two layers": (32, [(5, 1, 0), (2, 2, 0)])},
    (9, [(3, 2, 1), (2, 2, 0)]),
    (10, [(3, 3, 0), (1, 1, 1)]),
)
def size_through(size, layers):
    for kernel, stride, padding in layers:
        size = len(range(0, size + 2 * padding - kernel + 1, stride))
    return size


@size_through.slips
def _(slip, size, layers):
    if slip("That is the size after the first layer. Return after the loop, not within it."):
        layers = layers[:1]
    for kernel, stride, padding in layers:
        if slip("The padding is missing: it makes the image larger by its width on each side."):
            padding = 0
        if slip("A stride of s takes each s-th position: divide by it."):
            stride = 1
        way = size - kernel + 2 * padding
        if slip("Padding is on both sides: it counts twice."):
            way -= padding
        size = way // stride + 1
        if slip("Round down: a window that does not fit is not taken."):
            size = -(-way // stride) + 1
        if slip("Round down, not to the nearest: a window that does not fit is not taken."):
            size = round(way / stride) + 1
        if slip("A size is a whole number: round down in each layer."):
            size = way / stride + 1
        if slip("Count the first window, too: + 1 in each layer."):
            size -= 1
    return size


@exercise(
    {
        "two layers": ([(3, 1), (3, 1)],),
        "two pools": ([(3, 1), (2, 2), (3, 1), (2, 2)],),
        "strides first": ([(7, 2), (3, 2), (3, 1)],),
    },
    ([(1, 1), (5, 1), (1, 1)],),
    ([(11, 4), (3, 2), (5, 1)],),
)
def field(layers):
    size = 1
    for kernel, stride in reversed(layers):  # so many pixels are seen one layer below
        size = (size - 1) * stride + kernel
    return size


@field.slips
def _(slip, layers):
    if slip("The right step, in the wrong order: begin with the last layer and go down."):
        layers = layers[::-1]
    size = step = down = late = 1
    for kernel, stride in layers:
        if slip("The strides are missing: after a stride of 2, one step is two steps below."):
            stride = 1
        if slip("A layer's own stride widens the steps of the layers after it, not its own."):
            size += (kernel - 1) * (stride - 1) * step
        size += (kernel - 1) * step
        if slip("Each layer adds k - 1 steps, not k: the pixel in the middle is counted already."):
            size += step
        step *= stride
        if slip("The steps of the last layer only? Each layer multiplies the step of all before."):
            step = stride
    for kernel, stride in reversed(layers):
        down = down * stride + kernel
        late = late * stride + kernel - 1
    if slip("n windows have n - 1 steps between them, not n."):
        return down
    if slip("Going down, the stride multiplies size - 1 steps; then comes one whole kernel."):
        return late
    return size


@exercise((256, 64, 1), (256, 128, 32), (2048, 512, 1), (24, 12, 4), tolerance=0)
def bottleneck_parameters(channels, inner, groups):
    per_group = inner // groups
    kernels = channels * inner + groups * 9 * per_group**2 + inner * channels
    return kernels + 2 * (inner + inner + channels)


@bottleneck_parameters.slips
def _(slip, channels, inner, groups):
    around = 2 * channels * inner
    if slip("Only the 3 x 3 has groups. The two 1 x 1 mix all channels."):
        around //= groups
    middle = 9 * inner * (inner // groups)
    if slip("Groups are not counted: a kernel of the 3 x 3 sees only inner / groups channels."):
        middle = 9 * inner * inner
    if slip("That is a single group of the 3 x 3: there are `groups` of them."):
        middle //= groups
    widths = inner + inner + channels
    if slip("There are three batch normalizations: one after each convolution, of its width."):
        widths = channels
    if slip("The last batch normalization works on `channels` channels, not on `inner`."):
        widths = 3 * inner
    each = 2
    if slip("The three batch normalizations are missing: each has two numbers per channel."):
        each = 0
    if slip("A batch normalization has two numbers per channel, a scale and a shift, not one."):
        each = 1
    if slip("Running means and variances are not trained: two numbers per channel, not four."):
        each = 4
    return around + middle + each * widths


def same(image, kernels):
    """Return maps (F, H, W) of an image (C, H, W) and kernels (F, C, 3, 3), by SciPy."""
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)))
    return np.concatenate([signal.correlate(padded, kernel, "valid") for kernel in kernels])


@exercise()
def residual(x, w1, w2):
    bodies = np.array([same(same(image, w1).clip(0), w2) for image in x])
    return (bodies + x).clip(0)


@residual.draw(3)
def _(rng):
    H, W = rng.integers(3, 6, 2)
    return rng.standard_normal((2, 3, H, W)), *rng.standard_normal((2, 3, 3, 3, 3)) / 3


@residual.slips
def _(slip, x, w1, w2):
    padding = 0 if slip("The size must stay: each convolution needs padding=1.") else 1
    if slip("The kernels are flipped: the convolutions of networks do not do that."):
        w1, w2 = w1[..., ::-1, ::-1], w2[..., ::-1, ::-1]
    body = x
    if slip("The body begins with a convolution of x itself: its ReLU comes after the first one."):
        body = conv2d(x.clip(0), w1, padding=padding)
    else:
        body = conv2d(x, w1, padding=padding)
        if slip("x is added at the end, to what both convolutions have made of it."):
            body, x = body + x, 0 * x
        if not slip("The ReLU between the convolutions is missing: they are one linear map."):
            body = body.clip(0)
    body = conv2d(body, w2, padding=padding)
    if slip("No ReLU on the body alone: the second one comes after the sum."):
        body = body.clip(0)
    if slip("The shortcut is missing: add x before the last ReLU."):
        x = 0 * x
    return body + x if slip("The ReLU after the sum is missing.") else (body + x).clip(0)


@exercise()
def fold(weight, bias, gamma, beta, mean, var, eps):
    rows = []
    for f in range(len(weight)):
        scale = gamma[f] / np.sqrt(var[f] + eps)
        rows.append([*(scale * weight[f]).flat, scale * (bias[f] - mean[f]) + beta[f]])
    return np.array(rows)


@fold.draw(2)
def _(rng):
    var = rng.uniform(0.04, 9, 3)
    return rng.standard_normal((3, 3, 3, 3)), *rng.standard_normal((4, 3)), var, rng.uniform(0, 0.1)


@fold.slips
def _(slip, weight, bias, gamma, beta, mean, var, eps):
    if slip("gamma is missing: it multiplies what is normalized."):
        gamma = 1
    deviation = np.sqrt(var + eps)
    if slip("Divide by the standard deviation: the root of var + eps is missing."):
        deviation = var + eps
    if slip("eps belongs within the root, beside the variance."):
        deviation = np.sqrt(var) + eps
    if slip("Add eps to the variance, within the root."):
        deviation = np.sqrt(var)
    scale = gamma / deviation
    if slip("The weights are right. beta is missing: it is added at the very end, unscaled."):
        beta = 0
    old = scale * bias
    if slip("The weights are right. The old bias passes through the normalization: it is scaled."):
        old = bias
    if slip("The old bias is lost: the normalization met it in the convolution's output."):
        old = 0
    shift = scale * mean
    if slip("The weights are right. The mean is taken from the bias before that is scaled."):
        shift = mean
    weights = weight.reshape(len(weight), -1) * np.reshape(scale, (-1, 1))
    return np.column_stack([weights, old - shift + beta])


@fold.telltale("The weights are right. The new bias is what normalization makes of the old one.")
def _(answers, wanted):
    return all(np.allclose(a[:, :-1], w[:, :-1]) for a, w in zip(answers, wanted, strict=True))
