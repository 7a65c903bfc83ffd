"""The exercises of lesson 9.5a, Convolutional Layers."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from . import exercise
from .telltales import misshapen, reordered


def whole(rng, *shape):
    """Draw small whole numbers, none of them 0."""
    return rng.integers(1, 9, shape) * rng.choice([-1.0, 1.0], shape)


def places(size, k, stride, padding):
    """Where windows begin along an axis."""
    return range(-padding, size + padding - k + 1, stride)


def draw_layer(rng, C, H, W, F, kH, kW):
    """Return an image, kernels and biases of small whole numbers."""
    return whole(rng, C, H, W), whole(rng, F, C, kH, kW), whole(rng, F) / 2


def layer_of_the_figure():
    """Return the lesson's two channels, three kernels, and no bias."""
    image, kernel = np.arange(9.0).reshape(3, 3), np.array([[0.0, 1], [2, 3]])
    slices = np.stack([kernel, kernel + 1])
    return np.stack([image, image + 1]), np.stack([slices, slices + 1, slices + 2]), np.zeros(3)


@exercise(
    {"the layer of the figure": layer_of_the_figure()},
    {"with biases, image not square": draw_layer(np.random.default_rng(1), 3, 4, 6, 2, 3, 2)},
    {"as many channels out as in": draw_layer(np.random.default_rng(2), 2, 5, 4, 2, 2, 3)},
)
def conv_layer(V, K, b):
    return np.einsum("cpqij,fcij->fpq", sliding_window_view(V, K.shape[2:], axis=(1, 2)), K) + b[:, None, None]


@conv_layer.slips
def _(slip, V, K, b):
    if slip("The kernel is flipped: in equation 9.7 window and kernel run the same way."):
        K = K[..., ::-1, ::-1]
    windows = sliding_window_view(V, K.shape[2:], axis=(1, 2))
    if slip("Places run to H - kH, with H - kH included: there are H - kH + 1 rows."):
        windows = windows[:, :-1, :-1]
    one_each = slip("Each output channel sums over all input channels, each with a slice of its own.")
    only_first = False if one_each else slip("Only one input channel is used: sum over c, too.")
    if one_each:
        windows, K = windows.sum(axis=0, keepdims=True), K[:, :1]
    elif only_first:
        windows, K = windows[:1], K[:, :1]
    Z = np.tensordot(K, windows, axes=((1, 2, 3), (0, 3, 4)))
    if slip("The products are averaged. They add up."):
        Z = Z / K[0].size
    if slip("The bias is missing: add b[f] to the whole map f."):
        return Z
    if slip("The bias is added once per input channel: add it once per output."):
        return Z + len(V) * b[:, None, None]
    if slip("There are right numbers, but the output channel comes first: (F, P, Q)."):
        return np.moveaxis(Z + b[:, None, None], 0, -1)
    return Z + b[:, None, None]


@conv_layer.mistake("Nothing is summed over the input channels: add the maps of all c up.")
def _(V, K, b):
    windows = sliding_window_view(V, K.shape[2:], axis=(1, 2))
    return np.einsum("cpqij,fcij->fcpq", windows, K) + b[:, None, None, None]


@conv_layer.mistake("Nothing is summed within the window: each output is one number.")
def _(V, K, b):
    windows = sliding_window_view(V, K.shape[2:], axis=(1, 2))
    return np.einsum("cpqij,fcij->fpqij", windows, K) + b[:, None, None, None, None]


@conv_layer.mistake("That is a single output channel: each f has a kernel K[f] of its own.")
def _(V, K, b):
    return conv_layer.reference(V, K, b)[0]


@conv_layer.mistake("All output channels use the same kernel: K[f] belongs to output channel f.")
def _(V, K, b):
    return conv_layer.reference(V, np.repeat(K[:1], len(K), axis=0), b)


@conv_layer.mistake("The last input channel overwrites the others: add (+=) the maps of all c up.")
def _(V, K, b):
    return conv_layer.reference(V[-1:], K[:, -1:], b)


@conv_layer.mistake("The bias is added to each product: add it once, after the sum.")
def _(V, K, b):
    return conv_layer.reference(V, K, b * K[0].size)


@conv_layer.mistake("b has one number per output channel: add b[f] to map f, or write b[:, None, None].")
def _(V, K, b):
    return conv_layer.reference(V, K, 0 * b) + b


@conv_layer.mistake("The first axis of K is the output channel: K[f, c].")
def _(V, K, b):
    kernels = [[K[c, f] for c in range(len(V))] for f in range(len(K))]
    return conv_layer.reference(V, np.array(kernels), b)


@conv_layer.telltale("Rows and columns have sizes of their own: the result is (F, H - kH + 1, W - kW + 1).")
def _(answers, wanted):
    return any(answer.shape != want.shape for answer, want in zip(answers, wanted, strict=True))


@exercise(
    {
        "same size": ((2, 3, 8, 8), (4, 3, 3, 3), 1, 1),
        "no padding": ((1, 1, 28, 28), (6, 1, 5, 5), 1, 0),
        "stride 2": ((10, 3, 32, 18), (16, 3, 3, 5), 2, 1),
        "stride 3": ((4, 2, 9, 6), (7, 2, 4, 3), 3, 0),
    }
)
def output_shape(x_shape, weight_shape, stride, padding):
    axes = zip(x_shape[2:], weight_shape[2:], strict=True)
    return x_shape[0], weight_shape[0], *(len(places(n, k, stride, padding)) for n, k in axes)


@output_shape.slips
def _(slip, x_shape, weight_shape, stride, padding):
    (N, C, *sizes), (F, _, kH, kW) = x_shape, weight_shape
    if slip("The output has a channel for each kernel, whatever the number of input channels."):
        F = C
    if slip("The kernel has a height and a width: take each for its own axis."):
        kW = kH
    if slip("Where is the stride?"):
        stride = 1
    if slip("Where is the padding?"):
        padding = 0
    if slip("There is padding at both ends of an axis."):
        padding = padding / 2
    sides = []
    for n, k in zip(sizes, (kH, kW), strict=True):
        way = n + 2 * padding - k
        steps = way // stride
        if slip("Round down: a window that hangs over the end is not taken."):
            steps = -(-way // stride)
        if slip("Add the 1 after dividing by the stride, not before."):
            steps = (way + 1) // stride - 1
        sides.append(steps if slip("Count the first place, too: + 1.") else steps + 1)
    return N, F, *sides


@output_shape.telltale("A place is there or it is not: divide by // and not by /.")
def _(answers, wanted):
    return any(np.any(answer % 1) for answer in answers)


output_shape.telltale("Four numbers: (N, F, P, Q) for images, maps, rows, columns.")(misshapen)

output_shape.telltale("The order is different: (N, F, P, Q), with P from the rows.")(reordered)


@output_shape.telltale("Rows and columns have sizes of their own: images need not be square.")
def _(answers, wanted):
    return all(answer[2] == answer[3] for answer in answers)


@exercise((3, 16, 32, 3, 2), (1, 6, 28, 5, 3), (2, 4, 6, 3, 2))
def parameters(C, F, n, k, t):
    outputs = sum(F for p in range(n - k + 1) for q in range(n - k + 1))
    window = np.empty((C, k, k)).size + 1  # with its bias
    return outputs * (np.empty((C, n, n)).size + 1), outputs * window, F * t * t * window, F * window


@parameters.slips
def _(slip, C, F, n, k, t):
    P = n - k + 1
    if slip("There are n - k + 1 places along an axis, not n - k."):
        P = n - k
    if slip("Without padding the output is smaller than the input: n - k + 1 along an axis."):
        P = n
    if slip("Each kernel has a slice for each input channel: where is C?"):
        C = 1
    if slip("Each output channel has weights of its own: where is F?"):
        F = 1
    turns = t if slip("There are t kernels along each of two axes: t * t sets.") else t**2
    pixels = k if slip("A window has k * k pixels in each channel, not k.") else k**2
    sets = np.array([F * P**2, F * P**2, F * turns, F])
    seen = np.array([C * n**2, C * pixels, C * pixels, C * pixels])
    if slip("The biases are missing: one for each set of weights."):
        return tuple(sets * seen)
    if slip("Each set of weights has one bias, not one per output channel only."):
        return tuple(sets * seen + F)
    return tuple(sets * (seen + 1))


@parameters.mistake(
    "Each set of weights has one bias. With shared weights that is one per output channel, not one per output."
)
def _(C, F, n, k, t):
    dense, local, tiled, shared = parameters.reference(C, F, n, k, t)
    outputs = F * (n - k + 1) ** 2
    return dense, local, tiled - F * t**2 + outputs, shared - F + outputs


@parameters.mistake("A dense layer has F * (n - k + 1) ** 2 outputs, and each of them sees the whole image.")
def _(C, F, n, k, t):
    return F * (C * n**2 + 1), *parameters.reference(C, F, n, k, t)[1:]


@parameters.mistake("A kernel has one bias, not one for each of its C slices.")
def _(C, F, n, k, t):
    places, window = (n - k + 1) ** 2, C * (k**2 + 1)
    return F * places * (C * n**2 + 1), F * places * window, F * t**2 * window, F * window


parameters.telltale("Four numbers: for each kind of layer its weights plus its biases.")(misshapen)
parameters.telltale("Return dense, locally connected, tiled, convolutional, in this order.")(reordered)


@exercise()
def one_by_one(x, W):
    return np.einsum("nchw,fc->nfhw", x, W)


@one_by_one.draw(3)
def _(rng):
    N, C, H, W = rng.permutation([2, 3, 4, 5])
    return whole(rng, N, C, H, W), whole(rng, rng.choice([C, 6]), C)


@one_by_one.slips
def _(slip, x, W):
    if slip("W is (F, C): sum over its second axis."):
        W = W.T
    if slip("The channels that are summed must be gone: nothing is summed here."):
        return x[:, None] * W[:, :, None, None]
    if slip("The input channels add up, they are not averaged."):
        W = W / x.shape[1]
    maps = np.tensordot(W, x, axes=(1, 1))
    if slip("tensordot puts what is left of W first: move that axis behind the images."):
        return maps
    if slip("tensordot puts what is left of W last: move that axis behind the images."):
        return np.moveaxis(maps, 0, -1)
    if slip("reshape does not exchange axes, it cuts the same numbers otherwise: use moveaxis."):
        return maps.reshape(len(x), len(W), *x.shape[2:])
    return np.moveaxis(maps, 0, 1)


@exercise()
def tiled(x, kernels):
    everywhere = np.stack([np.correlate(x, kernel, "valid") for kernel in kernels])
    turns = np.resize(np.arange(len(kernels)), everywhere.shape[1])
    return np.take_along_axis(everywhere, turns[None], axis=0)[0]


@tiled.draw(4)
def _(rng):
    t, k = rng.integers(2, 5, 2)
    return whole(rng, k + 3 * t + rng.integers(0, 3)) / 2, whole(rng, t, k)


@tiled.slips
def _(slip, x, kernels):
    if slip("The kernels are flipped."):
        kernels = kernels[:, ::-1]
    t, k = kernels.shape
    windows = sliding_window_view(x, k)
    if slip("At each place only one kernel counts, not the sum of all."):
        return windows @ kernels.sum(axis=0)
    place = np.arange(len(windows))
    turn = place % t
    if slip("That is a convolution: only the first kernel is ever used."):
        turn = 0 * place
    if slip("The kernels take turns at each step, they do not share the line out in blocks."):
        turn = place * t // len(windows)
    if slip("Use the remainder p % t, not the quotient p // t."):
        turn = place // t % t
    if slip("Use the remainder p % t: p // t counts the rounds, not the turns."):
        turn = place // t
    if slip("Place 0 takes kernel 0, not kernel 1."):
        turn = (place + 1) % t
    z = np.sum(windows * kernels[turn], axis=1)
    if slip("Windows move by one, whatever the number of kernels: n - k + 1 places."):
        return z[::t]
    return z


@tiled.telltale("One number for each place: the products with the one kernel, added up.")
def _(answers, wanted):
    return any(answer.ndim > 1 for answer in answers)


@exercise((3, 3, 2), (1, 5, 1), (4, 2, 3), (12, 5, 2), (2, 3, 5))
def sizes_before(m, k, s):
    return [n for n in range(k, k + s * m + 1) if len(places(n, k, s, 0)) == m]


@sizes_before.slips
def _(slip, m, k, s):
    begin = s * (m - 1)
    if slip("From the first window to the last there are m - 1 steps, not m."):
        begin = s * m
    smallest = begin + k
    if slip("The last window reaches k pixels from where it begins, at s (m - 1)."):
        smallest = begin + s
    largest = smallest + s - 1
    if slip("One too many: with s pixels left over, another window fits."):
        largest += 1
    if slip("One is missing: up to s - 1 pixels may be left over."):
        largest -= 1
    if slip("Fewer pixels than a stride can be left over, whatever the window's size: s sizes."):
        largest = smallest + k - 1
    if slip("The smallest size ends where the last window ends; the others are larger."):
        smallest, largest = smallest - s + 1, smallest
    if slip("That is the smallest only. With up to s - 1 pixels more the size is the same."):
        return [smallest]
    if slip("That is the largest only. A few pixels fewer lead to the same size."):
        return [largest]
    return list(range(smallest, largest + 1))


@sizes_before.telltale("Return a list: for s > 1 there are more sizes.")
def _(answers, wanted):
    return all(answer.ndim == 0 for answer in answers)


@sizes_before.telltale("List the sizes between the smallest and the largest, too, and none twice.")
def _(answers, wanted):
    return all(a[0] == w[0] and a[-1] == w[-1] for a, w in zip(answers, wanted, strict=True))
