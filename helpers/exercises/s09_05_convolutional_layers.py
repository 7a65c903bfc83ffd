"""The exercises of lesson 9.5, Convolutional Layers."""

import numpy as np
from scipy import signal

from . import exercise

_RNG = np.random.default_rng(93)


def draw(*shape):
    """Small whole numbers, none of them 0."""
    return _RNG.integers(1, 9, shape) * _RNG.choice([-1.0, 1.0], shape)


def places(size, k, stride, padding):
    """Where windows begin along an axis."""
    return range(-padding, size + padding - k + 1, stride)


@exercise(
    ((2, 3, 8, 8), (4, 3, 3, 3), 1, 1),
    ((1, 1, 28, 28), (6, 1, 5, 5), 1, 0),
    ((10, 3, 32, 18), (16, 3, 3, 5), 2, 1),
    ((4, 2, 9, 6), (7, 2, 4, 3), 3, 0),
)
def output_shape(x_shape, weight_shape, stride, padding):
    axes = zip(x_shape[2:], weight_shape[2:], strict=True)
    return x_shape[0], weight_shape[0], *(len(places(n, k, stride, padding)) for n, k in axes)


def _shape(x_shape, weight_shape, size):
    axes = zip(x_shape[2:], weight_shape[2:], strict=True)
    return x_shape[0], weight_shape[0], *(size(n, k) for n, k in axes)


@output_shape.mistake("The output has a channel for each kernel, whatever the number of input channels.")
def _(x_shape, weight_shape, stride, padding):
    N, _, P, Q = output_shape.reference(x_shape, weight_shape, stride, padding)
    return N, x_shape[1], P, Q


@output_shape.mistake("The axis of the images is missing: (N, F, P, Q).")
def _(x_shape, weight_shape, stride, padding):
    return output_shape.reference(x_shape, weight_shape, stride, padding)[1:]


@output_shape.mistake("Images come first, then channels: (N, F, P, Q).")
def _(x_shape, weight_shape, stride, padding):
    N, F, P, Q = output_shape.reference(x_shape, weight_shape, stride, padding)
    return F, N, P, Q


@output_shape.mistake("Channels come second: (N, F, P, Q).")
def _(x_shape, weight_shape, stride, padding):
    N, F, P, Q = output_shape.reference(x_shape, weight_shape, stride, padding)
    return N, P, Q, F


@output_shape.mistake("There is padding at both ends of an axis.")
def _(x_shape, weight_shape, stride, padding):
    return _shape(x_shape, weight_shape, lambda n, k: (n + padding - k) // stride + 1)


@output_shape.mistake("Count the first place, too: + 1.")
def _(x_shape, weight_shape, stride, padding):
    return _shape(x_shape, weight_shape, lambda n, k: (n + 2 * padding - k) // stride)


@output_shape.mistake("Round down: a window that hangs over the end is not taken.")
def _(x_shape, weight_shape, stride, padding):
    return _shape(x_shape, weight_shape, lambda n, k: -(-(n + 2 * padding - k) // stride) + 1)


@output_shape.mistake("Add the 1 after dividing by the stride, not before.")
def _(x_shape, weight_shape, stride, padding):
    return _shape(x_shape, weight_shape, lambda n, k: (n + 2 * padding - k + 1) // stride)


@output_shape.mistake("The stride divides the way that the window can go, n + 2p - k, not the image alone.")
def _(x_shape, weight_shape, stride, padding):
    return _shape(x_shape, weight_shape, lambda n, k: (n + 2 * padding) // stride - k + 1)


@output_shape.mistake("Where is the stride?")
def _(x_shape, weight_shape, stride, padding):
    return output_shape.reference(x_shape, weight_shape, 1, padding)


@output_shape.mistake("Where is the padding?")
def _(x_shape, weight_shape, stride, padding):
    return output_shape.reference(x_shape, weight_shape, stride, 0)


@output_shape.mistake("Rows and columns have sizes of their own: images and kernels need not be square.")
def _(x_shape, weight_shape, stride, padding):
    N, F, P, _ = output_shape.reference(x_shape, weight_shape, stride, padding)
    return N, F, P, P


@output_shape.mistake("The second axes' sizes come last: (N, F, P, Q), with P from the rows.")
def _(x_shape, weight_shape, stride, padding):
    N, F, P, Q = output_shape.reference(x_shape, weight_shape, stride, padding)
    return N, F, Q, P


@output_shape.mistake("The kernel has a height and a width: take each for its own axis.")
def _(x_shape, weight_shape, stride, padding):
    return _shape(x_shape, (*weight_shape[:3], weight_shape[2]), lambda n, k: (n + 2 * padding - k) // stride + 1)


@output_shape.mistake("A place is there or it is not: divide by // and not by /.")
def _(x_shape, weight_shape, stride, padding):
    return _shape(x_shape, weight_shape, lambda n, k: (n + 2 * padding - k) / stride + 1)


@output_shape.mistake("That is the size of the maps. How many images are there, and how many maps for each?")
def _(x_shape, weight_shape, stride, padding):
    return output_shape.reference(x_shape, weight_shape, stride, padding)[2:]


@output_shape.mistake(
    "The maps are as large as the image only if padding makes up for the window, and without a stride."
)
def _(x_shape, weight_shape, stride, padding):
    return x_shape[0], weight_shape[0], *x_shape[2:]


@output_shape.mistake("Padding makes an axis longer: + 2p.")
def _(x_shape, weight_shape, stride, padding):
    return _shape(x_shape, weight_shape, lambda n, k: (n - 2 * padding - k) // stride + 1)


@exercise((3, 16, 32, 3), (1, 6, 28, 5), (2, 4, 5, 3))
def parameters(C, F, n, k):
    outputs = sum(F for p in range(n - k + 1) for q in range(n - k + 1))
    window = np.empty((C, k, k)).size + 1  # with its bias
    return outputs * (np.empty((C, n, n)).size + 1), outputs * window, F * window


def _counted(C, F, n, k, P, biases):
    weights = F * P**2 * C * n**2, F * P**2 * C * k**2, F * C * k**2
    return tuple(weight + bias for weight, bias in zip(weights, biases, strict=True))


@parameters.mistake("The biases are missing: one for each output, or with shared weights one for each output channel.")
def _(C, F, n, k):
    return _counted(C, F, n, k, n - k + 1, (0, 0, 0))


@parameters.mistake("What is not shared has a bias for each output, not one for each channel.")
def _(C, F, n, k):
    return _counted(C, F, n, k, n - k + 1, (F, F, F))


@parameters.mistake("A locally connected layer shares nothing, so it has a bias for each output as well.")
def _(C, F, n, k):
    return _counted(C, F, n, k, n - k + 1, (F * (n - k + 1) ** 2, F, F))


@parameters.mistake("Shared weights have a shared bias: one for each output channel.")
def _(C, F, n, k):
    return _counted(C, F, n, k, n - k + 1, (F * (n - k + 1) ** 2,) * 3)


@parameters.mistake("Without padding the output is smaller than the input: n - k + 1 places along an axis.")
def _(C, F, n, k):
    return _counted(C, F, n, k, n, (F * n**2, F * n**2, F))


@parameters.mistake("There are n - k + 1 places along an axis, not n - k.")
def _(C, F, n, k):
    P = n - k
    return _counted(C, F, n, k, P, (F * P**2, F * P**2, F))


@parameters.mistake("Each kernel has a slice for each input channel: where is C?")
def _(C, F, n, k):
    return parameters.reference(1, F, n, k)


@parameters.mistake("Each output channel has weights of its own: where is F?")
def _(C, F, n, k):
    return parameters.reference(C, 1, n, k)


@parameters.mistake("One bias for a whole layer is too few: one for each output, or for each output channel if shared.")
def _(C, F, n, k):
    return _counted(C, F, n, k, n - k + 1, (1, 1, 1))


@parameters.mistake("The map is square: (n - k + 1) ** 2 outputs for each channel.")
def _(C, F, n, k):
    P = n - k + 1
    return F * P * (C * n**2 + 1), F * P * (C * k**2 + 1), F * (C * k**2 + 1)


@parameters.mistake("A window has k * k pixels in each channel, not k.")
def _(C, F, n, k):
    P = n - k + 1
    return F * P**2 * (C * n**2 + 1), F * P**2 * (C * k + 1), F * (C * k + 1)


@parameters.mistake("The dense layer has no more outputs than the others: n - k + 1 along an axis.")
def _(C, F, n, k):
    return F * n**2 * (C * n**2 + 1), *parameters.reference(C, F, n, k)[1:]


@parameters.mistake("The order asked for is dense, locally connected, convolutional.")
def _(C, F, n, k):
    return parameters.reference(C, F, n, k)[::-1]


@parameters.mistake("The dense layer shares nothing, so it has a bias for each output as well.")
def _(C, F, n, k):
    P = n - k + 1
    return _counted(C, F, n, k, P, (F, F * P**2, F))


@parameters.mistake("The shared weights have biases, too: one for each output channel.")
def _(C, F, n, k):
    return *parameters.reference(C, F, n, k)[:2], F * C * k**2


@parameters.mistake("The shared weights need a bias for each output channel, not a single one.")
def _(C, F, n, k):
    return *parameters.reference(C, F, n, k)[:2], F * C * k**2 + 1


@parameters.mistake("The locally connected layer has no more outputs than the others: n - k + 1 along an axis.")
def _(C, F, n, k):
    dense, _, shared = parameters.reference(C, F, n, k)
    return dense, F * n**2 * (C * k**2 + 1), shared


@parameters.mistake("In the locally connected layer, too, each output channel has weights of its own: where is F?")
def _(C, F, n, k):
    dense, local, shared = parameters.reference(C, F, n, k)
    return dense, local // F, shared


@parameters.mistake("A window has a slice in each input channel: where is C?")
def _(C, F, n, k):
    return parameters.reference(C, F, n, k)[0], *parameters.reference(1, F, n, k)[1:]


@parameters.mistake("The order asked for is dense, locally connected, convolutional.")
def _(C, F, n, k):
    dense, local, shared = parameters.reference(C, F, n, k)
    return dense, shared, local


@parameters.mistake("One number for each kind of layer: add its weights and its biases.")
def _(C, F, n, k):
    outputs = F * (n - k + 1) ** 2
    return (outputs * C * n**2, outputs), (outputs * C * k**2, outputs), (F * C * k**2, F)


@exercise((draw(2, 3, 4, 5), draw(4, 3)), (draw(3, 2, 2, 2), draw(3, 2)), (draw(2, 2, 3, 4), draw(2, 2)))
def one_by_one(x, W):
    return np.einsum("nchw,fc->nfhw", x, W)


@one_by_one.mistake("tensordot puts what is left of W first: move that axis behind the images.")
def _(x, W):
    return np.tensordot(W, x, axes=(1, 1))


@one_by_one.mistake("tensordot puts what is left of W last: move that axis behind the images.")
def _(x, W):
    return np.tensordot(x, W, axes=(1, 1))


@one_by_one.mistake("reshape does not exchange axes, it only cuts the same numbers otherwise: use moveaxis.")
def _(x, W):
    return np.tensordot(W, x, axes=(1, 1)).reshape(len(x), len(W), *x.shape[2:])


@one_by_one.mistake("reshape does not exchange axes, it only cuts the same numbers otherwise: use moveaxis here.")
def _(x, W):
    return np.tensordot(x, W, axes=(1, 1)).reshape(len(x), len(W), *x.shape[2:])


@one_by_one.mistake("W is (F, C): sum over its second axis.")
def _(x, W):
    return np.einsum("nchw,cf->nfhw", x, W)


@one_by_one.mistake("Rows and columns have changed places on the way.")
def _(x, W):
    return np.einsum("nchw,fc->nfwh", x, W)


@one_by_one.mistake("The channels that are summed must be gone: nothing is summed here.")
def _(x, W):
    return x[:, None] * W[:, :, None, None]


@one_by_one.mistake("The input channels add up, they are not averaged.")
def _(x, W):
    return one_by_one.reference(x, W) / x.shape[1]


@one_by_one.mistake("The new channels stand third: move them behind the images, to axis 1.")
def _(x, W):
    return np.moveaxis(np.tensordot(W, x, axes=(1, 1)), 0, 2)


@exercise((draw(2, 5, 6), 2, 1), (draw(2, 7, 5), 3, 2), (draw(3, 7, 8), 2, 3), (draw(1, 6, 4), 3, 1))
def unfold(x, k, s):
    rows, columns = (places(size, k, s, 0) for size in x.shape[1:])
    return np.array([x[:, p : p + k, q : q + k].ravel() for p in rows for q in columns])


def _view(x, k, s):
    """(C, P, Q, k, k)."""
    return np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))[:, ::s, ::s]


@unfold.mistake("The window of place (p, q) begins at pixel (s p, s q).")
def _(x, k, s):
    P, Q = _view(x, k, s).shape[1:3]
    return np.array([x[:, p : p + k, q : q + k].ravel() for p in range(P) for q in range(Q)])


@unfold.mistake("With a stride the slice of a tap is longer than its number of places: it ends before i + H - k + 1.")
def _(x, k, s):
    _, P, Q, _, _ = _view(x, k, s).shape
    taps = [x[c, i : i + P : s, j : j + Q : s] for c, i, j in np.ndindex(len(x), k, k)]
    return np.stack([tap.ravel() for tap in taps], axis=1)


@unfold.mistake("The stride is not used.")
def _(x, k, s):
    return unfold.reference(x, k, 1)


@unfold.mistake("It is transposed: a row for each place, a column for each tap.")
def _(x, k, s):
    return unfold.reference(x, k, s).T


@unfold.mistake("Within a row all taps of channel 0 come first, then those of channel 1, and so on.")
def _(x, k, s):
    return _view(x, k, s).transpose(1, 2, 3, 4, 0).reshape(-1, len(x) * k * k)


@unfold.mistake("Right shape, but reshape mixes channels and places: bring the axes in order first.")
def _(x, k, s):
    return _view(x, k, s).reshape(-1, len(x) * k * k)


@unfold.mistake("A row holds the pixels of all channels: C k k numbers.")
def _(x, k, s):
    return _view(x, k, s).reshape(-1, k * k)


@unfold.mistake("Places are counted row by row: the column of the place runs faster.")
def _(x, k, s):
    return _view(x, k, s).transpose(2, 1, 0, 3, 4).reshape(-1, len(x) * k * k)


@unfold.mistake("Taps are counted row by row: the column of the tap runs faster.")
def _(x, k, s):
    return _view(x, k, s).transpose(1, 2, 0, 4, 3).reshape(-1, len(x) * k * k)


@unfold.mistake("The last place can get lost: windows begin at 0 to H - k, with H - k included.")
def _(x, k, s):
    rows, columns = (range(0, size - k, s) for size in x.shape[1:])
    return np.array([x[:, p : p + k, q : q + k].ravel() for p in rows for q in columns])


@unfold.mistake("A window becomes one row of numbers: ravel it.")
def _(x, k, s):
    return _view(x, k, s).transpose(1, 2, 0, 3, 4).reshape(-1, len(x), k, k)


@unfold.mistake("That is channel 0 alone: a row holds the pixels of all channels.")
def _(x, k, s):
    return unfold.reference(x[:1], k, s)


@unfold.mistake("Each slice must end where the window no longer fits: before row i + H - k + 1.")
def _(x, k, s):
    taps = [x[c, i::s, j::s] for c, i, j in np.ndindex(len(x), k, k)]
    return np.stack([tap.ravel() for tap in taps], axis=1)


@exercise((draw(3, 5), draw(5, 6)), (draw(3, 3), draw(4, 4)), (draw(4, 4), draw(6, 4)))
def grad_kernel(grad, x):
    rows, columns = np.subtract(x.shape, grad.shape) + 1
    taps = [[x[i : i + len(grad), j : j + grad.shape[1]] for j in range(columns)] for i in range(rows)]
    return np.einsum("ijpq,pq->ij", taps, grad)


@grad_kernel.mistake("That flips: here image and gradient run the same way, as in eq. 9.11.")
def _(grad, x):
    return signal.convolve2d(x, grad, "valid")


@grad_kernel.mistake("The result is turned by 180 degrees: weight (0, 0) belongs to the first pixel of each window.")
def _(grad, x):
    return grad_kernel.reference(grad, x)[::-1, ::-1]


@grad_kernel.mistake("Only places where the gradient lies within the image count: there are as many as weights.")
def _(grad, x):
    return signal.correlate2d(x, grad, "full")


@grad_kernel.mistake("The loss feels a weight at all places: these effects add up, they are not averaged.")
def _(grad, x):
    return grad_kernel.reference(grad, x) / grad.size


@grad_kernel.mistake("The upstream gradient is missing: these are sums of pixels alone.")
def _(grad, x):
    return grad_kernel.reference(np.ones_like(grad), x)


@grad_kernel.mistake("No padding: the gradient stays within the image, so there are only as many numbers as weights.")
def _(grad, x):
    top, left = (np.array(grad.shape) - 1) // 2
    bottom, right = np.array(grad.shape) // 2
    return signal.correlate2d(np.pad(x, ((top, bottom), (left, right))), grad, "valid")


@grad_kernel.mistake("It is transposed.")
def _(grad, x):
    return grad_kernel.reference(grad, x).T


@grad_kernel.mistake("The gradient is the smaller of the two: it moves over the image, as a kernel does.")
def _(grad, x):
    return np.lib.stride_tricks.sliding_window_view(grad, x.shape)


@grad_kernel.mistake("The numbers are right: give them the shape of the kernel.")
def _(grad, x):
    return grad_kernel.reference(grad, x).ravel()


@grad_kernel.mistake("That is the way back to an input: it grows. The kernel has x.shape - grad.shape + 1 weights.")
def _(grad, x):
    return signal.convolve2d(x, grad, "full")


@exercise(
    (draw(1, 2, 3, 4), draw(2, 2, 2, 3)), (draw(2, 3, 3, 3), draw(3, 2, 2, 2)), (draw(1, 1, 4, 4), draw(1, 3, 3, 2))
)
def grad_image(grad, weight):
    (N, _, P, Q), (_, C, kH, kW) = grad.shape, weight.shape
    by_x = np.zeros((N, C, P + kH - 1, Q + kW - 1))
    for p, q in np.ndindex(P, Q):
        by_x[:, :, p : p + kH, q : q + kW] += np.einsum("nf,fcij->ncij", grad[:, :, p, q], weight)
    return by_x


def _correlated(grad, kernels, mode="full"):
    """Correlate grad (N, F, P, Q) with kernels (C, F, kH, kW)."""
    if kernels.shape[1] != grad.shape[1]:
        raise ValueError("the channels do not fit")
    sums = [[sum(map(lambda a, b: signal.correlate2d(a, b, mode), one, kernel)) for kernel in kernels] for one in grad]
    return np.array(sums)


@grad_image.mistake("The kernels are not flipped.")
def _(grad, weight):
    return _correlated(grad, weight.swapaxes(0, 1))


@grad_image.mistake("The kernels are flipped along their rows only: both of the last axes turn round.")
def _(grad, weight):
    return _correlated(grad, weight.swapaxes(0, 1)[:, :, ::-1])


@grad_image.mistake("The kernels are flipped along their columns only: both of the last axes turn round.")
def _(grad, weight):
    return _correlated(grad, weight.swapaxes(0, 1)[..., ::-1])


@grad_image.mistake("The flipped axes are the channels: flip the last two.")
def _(grad, weight):
    return _correlated(grad, weight.swapaxes(0, 1)[::-1, ::-1])


@grad_image.mistake("All four axes are flipped: leave the channels in their order.")
def _(grad, weight):
    return _correlated(grad, weight.swapaxes(0, 1)[::-1, ::-1, ::-1, ::-1])


@grad_image.mistake("What were outputs are inputs now: the first two axes of the kernels change places.")
def _(grad, weight):
    return _correlated(grad, weight[:, :, ::-1, ::-1])


@grad_image.mistake("These are the kernels as they are: flip their last two axes, and let the first two change places.")
def _(grad, weight):
    return _correlated(grad, weight)


@grad_image.mistake("reshape does not exchange axes: use swapaxes.")
def _(grad, weight):
    F, C, *window = weight.shape
    return _correlated(grad, weight.reshape(C, F, *window)[:, :, ::-1, ::-1])


@grad_image.mistake("The image is larger than the gradient: every place counts where the two meet.")
def _(grad, weight):
    return _correlated(grad, weight.swapaxes(0, 1)[:, :, ::-1, ::-1], "same")


@grad_image.mistake("The border is missing: every place counts where gradient and kernel meet, not only those within.")
def _(grad, weight):
    return _correlated(grad, weight.swapaxes(0, 1)[:, :, ::-1, ::-1], "valid")


@grad_image.mistake("Flip the kernels, not the gradient.")
def _(grad, weight):
    return _correlated(grad[:, :, ::-1, ::-1], weight.swapaxes(0, 1))


@grad_image.mistake("Too large: each end needs k - 1 zeros, not k.")
def _(grad, weight):
    return np.pad(grad_image.reference(grad, weight), ((0, 0), (0, 0), (1, 1), (1, 1)))


@exercise((draw(9) / 2, draw(2, 3)), (draw(8), draw(3, 2)), (draw(7), draw(1, 4)), (draw(10), draw(4, 2)))
def tiled(x, kernels):
    everywhere = np.stack([np.correlate(x, kernel, "valid") for kernel in kernels])
    turns = np.resize(np.arange(len(kernels)), everywhere.shape[1])
    return np.take_along_axis(everywhere, turns[None], axis=0)[0]


def _taken(x, kernels, owner):
    k = kernels.shape[1]
    count = len(x) - k + 1
    return np.array([x[p : p + k] @ kernels[owner(p, count)] for p in range(count)])


@tiled.mistake("That is a convolution: only the first kernel is ever used.")
def _(x, kernels):
    return _taken(x, kernels, lambda p, count: 0)


@tiled.mistake("The kernels take turns at each step, they do not share the line out in blocks.")
def _(x, kernels):
    return _taken(x, kernels, lambda p, count: p * len(kernels) // count)


@tiled.mistake("Use the remainder p % t, not the quotient p // t.")
def _(x, kernels):
    return _taken(x, kernels, lambda p, count: p // len(kernels) % len(kernels))


@tiled.mistake("Place 0 takes kernel 0, not kernel 1.")
def _(x, kernels):
    return _taken(x, kernels, lambda p, count: (p + 1) % len(kernels))


@tiled.mistake("The kernels are flipped.")
def _(x, kernels):
    return tiled.reference(x, kernels[:, ::-1])


@tiled.mistake("At each place only one kernel counts, not the sum of all.")
def _(x, kernels):
    return np.correlate(x, kernels.sum(axis=0), "valid")


@tiled.mistake("The last place is missing: n - k + 1 places.")
def _(x, kernels):
    return tiled.reference(x, kernels)[:-1]


@tiled.mistake("The numbers are right, their order is not: put those of kernel a at the places a, a + t, a + 2t, ...")
def _(x, kernels):
    z = tiled.reference(x, kernels)
    return np.concatenate([z[a :: len(kernels)] for a in range(len(kernels))])


@tiled.mistake("Windows move by one, whatever the number of kernels: n - k + 1 places.")
def _(x, kernels):
    return tiled.reference(x, kernels)[:: len(kernels)]


@tiled.mistake("One number for each place, from the kernel whose turn it is: not one from each kernel.")
def _(x, kernels):
    return np.stack([np.correlate(x, kernel, "valid") for kernel in kernels])


@tiled.mistake("Use the remainder p % t: p // t counts the rounds, not the turns.")
def _(x, kernels):
    return _taken(x, kernels, lambda p, count: p // len(kernels))


@tiled.mistake("The products of a window and its kernel add up to one number.")
def _(x, kernels):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernels.shape[1])
    return windows * kernels[np.arange(len(windows)) % len(kernels)]


@tiled.mistake("Kernels take turns; no maximum is taken.")
def _(x, kernels):
    return np.max([np.correlate(x, kernel, "valid") for kernel in kernels], axis=0)


@tiled.mistake("kernels has shape (t, k), the number of kernels first.")
def _(x, kernels):
    return _taken(x, kernels.T, lambda p, count: p % kernels.shape[1])


@exercise((draw(2, 2), draw(3, 3), 2), (draw(2, 3), draw(2, 3), 1), (draw(3, 2) / 2, draw(2, 2), 3))
def stamp(x, kernel, s):
    spread = np.zeros(s * (np.array(x.shape) - 1) + 1)  # the numbers s apart, zeros between them
    spread[::s, ::s] = x
    return signal.convolve2d(spread, kernel)


def _stamped(x, kernel, s, larger=0, add=True):
    kH, kW = kernel.shape
    out = np.zeros(s * (np.array(x.shape) - 1) + kernel.shape + larger)
    for p, q in np.ndindex(x.shape):
        part = out[s * p : s * p + kH, s * q : s * q + kW]
        part[...] = part * add + x[p, q] * kernel
    return out


@stamp.mistake("Where stamps overlap they add up; the later one does not wipe out the earlier.")
def _(x, kernel, s):
    return _stamped(x, kernel, s, add=False)


@stamp.mistake("It is too large: from the first stamp to the last there are P - 1 steps, not P.")
def _(x, kernel, s):
    return _stamped(x, kernel, s, larger=s)


@stamp.mistake("Stamps lie s pixels apart: where is the stride?")
def _(x, kernel, s):
    return _stamped(x, kernel, 1)


@stamp.mistake("The size is right, but stamps lie s pixels apart: where is the stride?")
def _(x, kernel, s):
    out = np.zeros(s * (np.array(x.shape) - 1) + kernel.shape)
    close = _stamped(x, kernel, 1)
    out[: close.shape[0], : close.shape[1]] = close
    return out


@stamp.mistake("Stamps lie s pixels apart, whatever the kernel's size, and may overlap.")
def _(x, kernel, s):
    return np.kron(x, kernel)


@stamp.mistake("The kernel is turned round: a stamp shows it as it is.")
def _(x, kernel, s):
    return stamp.reference(x, kernel[::-1, ::-1], s)


@stamp.mistake("Each stamp is the kernel times the number of its place.")
def _(x, kernel, s):
    return stamp.reference(np.ones_like(x), kernel, s)


@stamp.mistake("The fractions are lost: the output must not be an array of integers.")
def _(x, kernel, s):
    return np.trunc(stamp.reference(x, kernel, s))


@stamp.mistake("The last stamp begins at s (P - 1) and reaches as far as the kernel: so large is the result, not s P.")
def _(x, kernel, s):
    out = np.zeros(s * np.array(x.shape))
    for p, q in np.ndindex(x.shape):
        out[s * p : s * p + len(kernel), s * q : s * q + kernel.shape[1]] += x[p, q] * kernel
    return out


@stamp.mistake("The kernel's rows and columns have changed places.")
def _(x, kernel, s):
    return stamp.reference(x, kernel.T, s)


@stamp.mistake("Between the numbers of the small map there are zeros, not copies.")
def _(x, kernel, s):
    return signal.convolve2d(np.kron(x, np.ones((s, s))), kernel)


@exercise((3, 3, 2), (1, 5, 1), (4, 2, 3), (12, 5, 2), (2, 3, 5))
def sizes_before(m, k, s):
    return [n for n in range(k, k + s * m + 1) if len(places(n, k, s, 0)) == m]


@sizes_before.mistake("That is the smallest only. Up to s - 1 pixels more are left over, and lead to the same size.")
def _(m, k, s):
    return [s * (m - 1) + k]


@sizes_before.mistake("That is the largest only. A few pixels fewer lead to the same size.")
def _(m, k, s):
    return [s * m + k - 1]


@sizes_before.mistake("Right as a number, but a list is asked for, and for s > 1 there are more sizes.")
def _(m, k, s):
    return s * (m - 1) + k


@sizes_before.mistake("One too many: with s pixels left over, another window fits.")
def _(m, k, s):
    return list(range(s * (m - 1) + k, s * m + k + 1))


@sizes_before.mistake("One is missing: up to s - 1 pixels may be left over.")
def _(m, k, s):
    return list(range(s * (m - 1) + k, s * m + k - 1))


@sizes_before.mistake("From the first window to the last there are m - 1 steps, not m.")
def _(m, k, s):
    return list(range(s * m + k, s * (m + 1) + k))


@sizes_before.mistake("The last window reaches k pixels from where it begins, at s (m - 1).")
def _(m, k, s):
    return list(range(s * m, s * m + s))


@sizes_before.mistake("The smallest size ends where the last window ends; what is left over comes on top.")
def _(m, k, s):
    return list(range(s * (m - 1) + k - s + 1, s * (m - 1) + k + 1))


@sizes_before.mistake("All the right sizes, but the smallest comes first.")
def _(m, k, s):
    return sizes_before.reference(m, k, s)[::-1]


@sizes_before.mistake("Those are the smallest and the largest: list the sizes between them, too, and none twice.")
def _(m, k, s):
    return [s * (m - 1) + k, s * m + k - 1]


@sizes_before.mistake("A list is asked for, the smallest size first: a set has no order.")
def _(m, k, s):
    return set(sizes_before.reference(m, k, s))


@sizes_before.mistake("What is left over is less than a stride, whatever the window's size: s sizes.")
def _(m, k, s):
    return list(range(s * (m - 1) + k, s * (m - 1) + 2 * k))
