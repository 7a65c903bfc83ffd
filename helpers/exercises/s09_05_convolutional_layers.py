"""The exercises of lesson 9.5, Convolutional Layers."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from . import exercise
from .telltales import larger, misshapen, reordered, smaller


def whole(rng, *shape):
    """Draw small whole numbers, none of them 0."""
    return rng.integers(1, 9, shape) * rng.choice([-1.0, 1.0], shape)


def places(size, k, stride, padding):
    """Where windows begin along an axis."""
    return range(-padding, size + padding - k + 1, stride)


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


@exercise((3, 16, 32, 3), (1, 6, 28, 5), (2, 4, 5, 3))
def parameters(C, F, n, k):
    outputs = sum(F for p in range(n - k + 1) for q in range(n - k + 1))
    window = np.empty((C, k, k)).size + 1  # with its bias
    return outputs * (np.empty((C, n, n)).size + 1), outputs * window, F * window


@parameters.slips
def _(slip, C, F, n, k):
    P = n - k + 1
    if slip("There are n - k + 1 places along an axis, not n - k."):
        P = n - k
    if slip("Without padding the output is smaller than the input: n - k + 1 along an axis."):
        P = n
    if slip("Each kernel has a slice for each input channel: where is C?"):
        C = 1
    if slip("Each output channel has weights of its own: where is F?"):
        F = 1
    pixels = k if slip("A window has k * k pixels in each channel, not k.") else k**2
    biases = np.array([F * P**2, F * P**2, F])
    if slip("The biases are missing: one for each output, or output channel where shared."):
        biases = 0 * biases
    if slip("Without sharing, each output has a bias of its own, not each channel."):
        biases[:2] = F
    if slip("Shared weights have a shared bias: one for each output channel."):
        biases[2] = F * P**2
    return tuple(np.array([F * P**2 * C * n**2, F * P**2 * C * pixels, F * C * pixels]) + biases)


parameters.telltale("One number for each kind of layer: add its weights and its biases.")(misshapen)
parameters.telltale("Return dense, locally connected, convolutional, in this order.")(reordered)


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
def unfold(x, k, s):
    rows, columns = (places(size, k, s, 0) for size in x.shape[1:])
    return np.array([x[:, p : p + k, q : q + k].ravel() for p in rows for q in columns])


@unfold.draw(4)
def _(rng):
    C, k, s = rng.integers((1, 2, 1), (4, 4, 4))
    H, W = k + s + rng.integers(0, 3, 2)
    return whole(rng, C, H, W), k, s


@unfold.slips
def _(slip, x, k, s):
    windows = sliding_window_view(x, (k, k), axis=(1, 2))
    if slip("The last place can get lost: windows begin at 0 to H - k, with H - k included."):
        windows = windows[:, :-1, :-1]
    if slip("The stride is not used."):
        s = 1
    P, Q = (len(range(0, size, s)) for size in windows.shape[1:3])
    if slip("The slice of a tap is longer than its places: it ends before i + H - k + 1."):
        taps = [x[c, i : i + P : s, j : j + Q : s] for c, i, j in np.ndindex(len(x), k, k)]
        return np.stack([tap.ravel() for tap in taps], axis=1)
    first = slip("The window of place (p, q) begins at pixel (s p, s q).")
    windows = windows[:, :P, :Q] if first else windows[:, ::s, ::s]
    order = (1, 2, 0, 3, 4)
    if slip("Places are counted row by row: the column of the place runs faster."):
        order = (2, 1, 0, 3, 4)
    if slip("Taps are counted row by row: the column of the tap runs faster."):
        order = (1, 2, 0, 4, 3)
    if slip("Within a row all taps of channel 0 come first, then those of channel 1, and so on."):
        order = (1, 2, 3, 4, 0)
    if slip("Right shape, but reshape mixes channels and places: bring the axes in order first."):
        order = range(5)
    return windows.transpose(order).reshape(P * Q, -1)


@unfold.telltale("A row holds the pixels of all channels: C k k numbers.")
def _(answers, wanted):
    shapes = [(a.shape, w.shape) for a, w in zip(answers, wanted, strict=True)]
    return any(a[1] < w[1] and a[0] >= w[0] and a != w[::-1] and len(a) == 2 for a, w in shapes)


@exercise()
def grad_kernel(grad, x):
    rows, columns = np.subtract(x.shape, grad.shape) + 1
    by_kernel = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        by_kernel[i, j] = np.sum(x[i : i + len(grad), j : j + grad.shape[1]] * grad)
    return by_kernel


@grad_kernel.draw(3)
def _(rng):
    P, Q = rng.integers(3, 6, 2)
    kH, kW = rng.integers(1, 4, 2)
    return whole(rng, P, Q), whole(rng, P + kH, Q + kW)


@grad_kernel.slips
def _(slip, grad, x):
    if slip("The upstream gradient is missing: these are sums of pixels alone."):
        grad = np.ones_like(grad)
    if slip("That flips: here image and gradient run the same way, as in eq. 9.11."):
        grad = grad[::-1, ::-1]
    by_kernel = np.tensordot(sliding_window_view(x, grad.shape), grad, axes=2)
    if slip("The loss feels a weight at all places: these effects add up, they are not averaged."):
        by_kernel = by_kernel / grad.size
    if slip("Rotated by 180 degrees: weight (0, 0) belongs to the first pixel of each window."):
        return by_kernel[::-1, ::-1]
    return by_kernel


grad_kernel.telltale("The gradient stays within the image: as many places as weights.")(larger)


@exercise()
def grad_image(grad, weight):
    (N, _, P, Q), (_, C, kH, kW) = grad.shape, weight.shape
    by_x = np.zeros((N, C, P + kH - 1, Q + kW - 1))
    for p, q in np.ndindex(P, Q):
        by_x[:, :, p : p + kH, q : q + kW] += np.einsum("nf,fcij->ncij", grad[:, :, p, q], weight)
    return by_x


@grad_image.draw(3)
def _(rng):
    N, F, P, Q = rng.integers((1, 2, 3, 3), 5)
    return whole(rng, N, F, P, Q), whole(rng, F, rng.choice([F, 5]), 2, 3)


@grad_image.slips
def _(slip, grad, weight):
    kernels = weight.swapaxes(0, 1)
    if slip("Outputs have become inputs: exchange the first two axes of the kernels."):
        kernels = weight
    if slip("reshape does not exchange axes: use swapaxes."):
        kernels = weight.reshape(kernels.shape)
    flipped = kernels[:, :, ::-1, ::-1]
    if slip("The kernels are flipped along their rows only: reverse both of the last axes."):
        flipped = kernels[:, :, ::-1]
    if slip("The kernels are flipped along their columns only: reverse both of the last axes."):
        flipped = kernels[..., ::-1]
    if slip("The flipped axes are the channels: flip the last two."):
        flipped = kernels[::-1, ::-1]
    if slip("All four axes are flipped: leave the channels in their order."):
        flipped = kernels[::-1, ::-1, ::-1, ::-1]
    if slip("The kernels are not flipped."):
        flipped = kernels
    if slip("Flip the kernels, not the gradient."):
        grad, flipped = grad[:, :, ::-1, ::-1], kernels
    kH, kW = weight.shape[2:]
    padded = np.pad(grad, ((0, 0), (0, 0), (kH - 1, kH - 1), (kW - 1, kW - 1)))
    windows = sliding_window_view(padded, (kH, kW), axis=(2, 3))
    return np.moveaxis(np.tensordot(windows, flipped, axes=((1, 4, 5), (1, 2, 3))), -1, 1)


grad_image.telltale("The border is missing: all places count where the two meet.")(smaller)

grad_image.telltale("Too large: each end needs k - 1 zeros, not k.")(larger)


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


@exercise()
def stamp(x, kernel, s):
    spread = np.zeros(s * (np.array(x.shape) - 1) + 1)  # the numbers s apart, zeros between them
    spread[::s, ::s] = x
    return signal.convolve2d(spread, kernel)


for stride in (2, 1, 3):

    @stamp.draw(1)
    def _(rng, s=stride):
        P, Q, kH, kW = rng.integers(2, 5, 4)
        return whole(rng, P, Q) / 2, whole(rng, kH, kW), s


@stamp.slips
def _(slip, x, kernel, s):
    if slip("The kernel is rotated: a stamp shows it as it is."):
        kernel = kernel[::-1, ::-1]
    if slip("The kernel's rows and columns have changed places."):
        kernel = kernel.T
    if slip("Stamps lie s pixels apart, whatever the kernel's size, and may overlap."):
        return np.kron(x, kernel)
    if slip("Stamps lie s pixels apart: where is the stride?"):
        s = 1
    steps = np.array(x.shape) - 1
    if slip("It is too large: from the first stamp to the last there are P - 1 steps, not P."):
        steps = steps + 1
    out = np.zeros(s * steps + kernel.shape)
    if slip("The size is right, but stamps lie s pixels apart: where is the stride?"):
        s = 1
    for p, q in np.ndindex(x.shape):
        part = out[s * p : s * p + len(kernel), s * q : s * q + kernel.shape[1]]
        if slip("Where stamps overlap they add up; the later one does not wipe out the earlier."):
            part[...] = 0
        if slip("Each stamp is the kernel times the number of its place."):
            part += kernel
        else:
            part += x[p, q] * kernel
    return out


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
