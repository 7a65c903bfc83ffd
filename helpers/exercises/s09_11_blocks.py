"""The exercises of lesson 9.11, Blocks."""

import numpy as np
from scipy import signal

from ..images import conv2d
from . import exercise

LENET = [(1, 6, 5, 28), (6, 16, 5, 10), (400, 120, 1, 1), (120, 84, 1, 1), (84, 10, 1, 1)]


@exercise({"one layer": ([(3, 64, 11, 55)],)}, {"LeNet-5": (LENET,)}, ([(8, 4, 3, 7), (4, 2, 1, 5)],), tolerance=0)
def cost(layers):
    table = np.array(layers, dtype=object)
    weights = table[:, 0] * table[:, 1] * table[:, 2] ** 2
    return sum(weights) + sum(table[:, 1]), sum(weights * table[:, 3] ** 2)


@cost.slips
def _(slip, layers):
    if slip("Those are the numbers of the first layer: return after the loop, not within it."):
        layers = layers[:1]
    parameters = work = 0
    for C, F, k, side in layers:
        weights = F * C * k**2
        if slip("A kernel of k x k has k**2 weights for each channel, not k."):
            weights = F * C * k
        biases = F
        if slip("The biases are missing: one for each kernel."):
            biases = 0
        if slip("A kernel has one bias, not one for each channel that it sees."):
            biases = F * C
        pixels = side**2
        if slip("A map has side x side pixels."):
            pixels = side
        parameters += weights + biases
        work += weights * pixels
        if slip("Biases are not counted as work."):
            work += biases * pixels
    return parameters, work


@cost.mistake("All kernels see C channels: C belongs into both numbers.")
def _(layers):
    return cost.reference([(1, F, k, side) for _, F, k, side in layers])


@cost.mistake("A kernel sees C channels: C is missing in the parameters.")
def _(layers):
    return sum(F * (k**2 + 1) for _, F, k, _ in layers), cost.reference(layers)[1]


@cost.mistake("A kernel sees C channels: C is missing in the work.")
def _(layers):
    return cost.reference(layers)[0], sum(side**2 * F * k**2 for _, F, k, side in layers)


@cost.mistake("Each of the F kernels has a bias: add F, not 1.")
def _(layers):
    return sum(F * C * k**2 + 1 for C, F, k, _ in layers), cost.reference(layers)[1]


@cost.mistake("Those are the numbers of the last layer: add up with +=.")
def _(layers):
    return cost.reference(layers[-1:])


@cost.mistake("Two numbers are asked for: the sums over all layers.")
def _(layers):
    table = [cost.reference([layer]) for layer in layers]
    return [row[0] for row in table], [row[1] for row in table]


@cost.mistake("F is missing: a layer has F kernels.")
def _(layers):
    return cost.reference([(C, 1, k, side) for C, _, k, side in layers])


@cost.mistake("The two numbers are exchanged: first the parameters, then the work.")
def _(layers):
    return cost.reference(layers)[::-1]


@cost.mistake("The weights are used once for each pixel that comes out: multiply by side**2.")
def _(layers):
    parameters, _ = cost.reference(layers)
    return parameters, sum(F * C * k**2 for C, F, k, _ in layers)


@exercise(
    {
        "two layers": ([(3, 1), (3, 1)],),
        "two pools": ([(3, 1), (2, 2), (3, 1), (2, 2)],),
        "strides first": ([(7, 2), (3, 2), (3, 1)],),
    },
    ([(1, 1), (5, 1), (1, 1)],),
    ([(11, 4), (3, 2), (5, 1)],),
)
def receptive_field(layers):
    size = 1
    for kernel, stride in reversed(layers):  # so many pixels are seen one layer below
        size = (size - 1) * stride + kernel
    return size


@receptive_field.slips
def _(slip, layers):
    width = step = 1
    if slip("The width of a single pixel is 1: begin with 1, not with 0."):
        width = 0
    if slip("Begin at the image: the strides of the layers before a layer count, not those after it."):
        layers = layers[::-1]
    if slip("That is the width after the first layer. Return after the loop, not within it."):
        layers = layers[:1]
    for kernel, stride in layers:
        if slip("The strides are missing: after a stride of 2, one step is two pixels of the image."):
            stride = 1
        if slip("A layer's own stride makes the steps of later layers larger, not its own: widen first."):
            width += (kernel - 1) * (stride - 1) * step
        width += (kernel - 1) * step
        if slip("A kernel of k widens by k - 1 steps, not by k: the pixel in the middle is counted already."):
            width += step
        step *= stride
        if slip("Strides multiply: each layer makes the steps of all layers before it larger."):
            step = stride
    return width


@receptive_field.mistake("Keep the step apart from the width: a kernel widens by (k - 1) * step, then step *= stride.")
def _(layers):
    width = 1
    for kernel, stride in layers:
        width = width * stride + kernel - 1
    return width


@receptive_field.mistake("A layer's stride does not widen its own view. It makes the steps of all later layers larger.")
def _(layers):
    return 1 + sum((kernel - 1) * stride for kernel, stride in layers)


@receptive_field.mistake("Kernels do not multiply: two layers of 3 x 3 see 5 x 5.")
def _(layers):
    return np.prod([kernel for kernel, _ in layers])


@receptive_field.mistake("Strides multiply, they do not add up: step *= stride.")
def _(layers):
    width = step = 1
    for kernel, stride in layers:
        width += (kernel - 1) * step
        step += stride - 1
    return width


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


@residual.mistake("w1 and w2 are exchanged.")
def _(x, w1, w2):
    return residual.reference(x, w2, w1)


@residual.mistake("One ReLU for the sum, after it: not one for each part.")
def _(x, w1, w2):
    bodies = np.array([same(same(image, w1).clip(0), w2) for image in x])
    return bodies.clip(0) + x.clip(0)


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
    if slip("In `three` and `five` the channels after the 1 x 1 come first, then those at the end."):
        three, five = three[::-1], five[::-1]
    layers = [(1, channels, one), (1, channels, three[0]), (3, *three), (1, channels, five[0])]
    layers += [(5, *five), (1, channels, pool)]  # (kernel, channels that it sees, makes)
    if slip("The 3 x 3 and 5 x 5 see what the 1 x 1 in front makes, not all of the input."):
        layers[2], layers[4] = (3, channels, three[1]), (5, channels, five[1])
    if slip("The 1 x 1 in front of the large kernels, which see all channels, have parameters of their own."):
        layers[1] = layers[3] = (0, 0, 0)
    if slip("After the maximum comes a 1 x 1 convolution, too: it has parameters."):
        layers[5] = (0, 0, 0)
    if slip("The third path ends in kernels of 5 x 5: 25 weights for each channel they see."):
        layers[4] = (3, *five)
    biases = sum(makes for _, _, makes in layers)
    if slip("The biases are missing: one for each channel that any of the six makes."):
        biases = 0
    if slip("The 1 x 1 in front of the large kernels have biases, too."):
        biases -= three[0] + five[0]
    return sum(kernel**2 * sees * makes for kernel, sees, makes in layers) + biases
