"""The exercises of lesson 9.5b, im2col and Gradients."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from . import exercise
from .telltales import larger, misshapen, smaller


def whole(rng, *shape):
    """Draw small whole numbers, none of them 0."""
    return rng.integers(1, 9, shape) * rng.choice([-1.0, 1.0], shape)


def places(size, k, stride):
    """Where windows begin along an axis."""
    return range(0, size - k + 1, stride)


@exercise()
def im2col(x, k, stride):
    rows, columns = (places(size, k, stride) for size in x.shape[1:])
    return np.array([x[:, p : p + k, q : q + k].ravel() for p in rows for q in columns])


@im2col.draw(4)
def _(rng):
    C, k, s = rng.integers((1, 2, 1), (4, 4, 4))
    H, W = k + s + rng.integers(0, 3, 2)
    return whole(rng, C, H, W), k, s


@im2col.slips
def _(slip, x, k, stride):
    windows = sliding_window_view(x, (k, k), axis=(1, 2))
    if slip("The last place can get lost: windows begin at 0 to H - k, with H - k included."):
        windows = windows[:, :-1, :-1]
    if slip("The stride is not used."):
        stride = 1
    P, Q = (len(range(0, size, stride)) for size in windows.shape[1:3])
    if slip("The slices of your columns are too short: that of pixel i ends before i + H - k + 1."):
        taps = [x[c, i : i + P : stride, j : j + Q : stride] for c, i, j in np.ndindex(len(x), k, k)]
        return np.stack([tap.ravel() for tap in taps], axis=1)
    first = slip("The window of place (p, q) begins at pixel (p * stride, q * stride).")
    windows = windows[:, :P, :Q] if first else windows[:, ::stride, ::stride]
    order = (1, 2, 0, 3, 4)
    if slip("Places are counted row by row: the column of the place runs faster."):
        order = (2, 1, 0, 3, 4)
    if slip("Within a window the pixels are counted row by row: the column runs faster."):
        order = (1, 2, 0, 4, 3)
    if slip("Within a row all pixels of channel 0 come first, then those of channel 1, and so on."):
        order = (1, 2, 3, 4, 0)
    if slip("Right shape, but reshape mixes channels and places: bring the axes in order first."):
        order = range(5)
    return windows.transpose(order).reshape(P * Q, -1)


@im2col.mistake("Each channel got rows of its own. One row holds the window's pixels of all channels.")
def _(x, k, stride):
    return np.concatenate([im2col.reference(channel[None], k, stride) for channel in x])


@im2col.mistake("The windows are not flattened: each row is `window.ravel()`.")
def _(x, k, stride):
    rows = im2col.reference(x, k, stride)
    return rows.reshape(len(rows), len(x), k, k)


@im2col.mistake("Each window became a column. Here a window is a row.")
def _(x, k, stride):
    return im2col.reference(x, k, stride).T


@im2col.mistake("Windows begin every `stride` pixels. Yours begin every k pixels.")
def _(x, k, stride):
    return im2col.reference(x, k, k)


@im2col.mistake("Windows that hang over the end do not count: they begin at H - k at the latest.")
def _(x, k, stride):
    rows, columns = (range(0, size, stride) for size in x.shape[1:])
    return [x[:, p : p + k, q : q + k].ravel() for p in rows for q in columns]


@im2col.mistake("Each channel of a place got a row of its own. One row holds all channels.")
def _(x, k, stride):
    return im2col.reference(x, k, stride).reshape(-1, k**2)


@im2col.mistake("Right numbers, but in a grid of rows. The matrix has one row per place: P * Q rows.")
def _(x, k, stride):
    rows = im2col.reference(x, k, stride)
    return rows.reshape(len(places(x.shape[1], k, stride)), -1, rows.shape[1])


@im2col.telltale("A row holds the pixels of all channels: C k k numbers.")
def _(answers, wanted):
    shapes = [(a.shape, w.shape) for a, w in zip(answers, wanted, strict=True)]
    return any(a[1] < w[1] and a[0] >= w[0] and a != w[::-1] and len(a) == 2 for a, w in shapes)


@im2col.telltale("Rows and columns have sizes of their own: there are ((H - k) // s + 1) * ((W - k) // s + 1) places.")
def _(answers, wanted):
    return any(len(answer) != len(want) for answer, want in zip(answers, wanted, strict=True))


def draw_layer(rng, C, F, k, stride):
    """Return an image, kernels, and a gradient of the outputs; the image is not square, a column is left over."""
    x = whole(rng, C, k + 2 * stride, k + 3 * stride + (stride > 1))
    return x, whole(rng, F, C, k, k), whole(rng, F, 3, 4) + 0.5


LAYERS = {
    "stride 1": (*draw_layer(np.random.default_rng(3), 2, 3, 2, 1), 1),
    "stride 2": (*draw_layer(np.random.default_rng(4), 3, 2, 3, 2), 2),
    "stride 3, as many channels out as in": (*draw_layer(np.random.default_rng(5), 2, 2, 2, 3), 3),
}


@exercise({name: (grad, x, weight.shape[2], stride) for name, (x, weight, grad, stride) in LAYERS.items()})
def grad_weight(grad, x, k, stride):
    F, P, Q = grad.shape
    result = np.zeros((F, len(x), k, k))
    for i, j in np.ndindex(k, k):
        seen = x[:, i::stride, j::stride][:, :P, :Q]
        result[:, :, i, j] = np.tensordot(grad, seen, axes=((1, 2), (1, 2)))
    return result


@grad_weight.slips
def _(slip, grad, x, k, stride):
    F, P, Q = grad.shape
    if slip("The gradient from above is missing: these are sums of pixels alone."):
        grad = np.ones_like(grad)
    G = grad.reshape(F, -1)
    if slip("reshape does not transpose: grad.reshape(F, -1) has a row per map."):
        G = grad.reshape(-1, F).T
    windows = sliding_window_view(x, (k, k), axis=(1, 2))
    if slip("Window (p, q) begins at pixel (p * stride, q * stride)."):
        windows = windows[:, :P, :Q]
    else:
        windows = windows[:, ::stride, ::stride]
    M = windows.transpose(1, 2, 0, 3, 4).reshape(P * Q, -1)
    product = G @ M
    if slip("A weight is used at every place: the effects add up, they are not averaged."):
        product = product / (P * Q)
    if slip("Each row of the product holds a whole kernel: reshape it to (F, C, k, k)."):
        return product
    result = product.reshape(F, len(x), k, k)
    if slip("The kernels come out flipped: equation 9.11 has no minus sign."):
        return result[..., ::-1, ::-1]
    if slip("The first axis is the output channel f, the second the input channel c."):
        return result.swapaxes(0, 1)
    return result


@grad_weight.mistake("Each place overwrites the one before: add (+=) over all p and q.")
def _(grad, x, k, stride):
    P, Q = grad.shape[1:]
    p, q = stride * (P - 1), stride * (Q - 1)
    return grad[:, -1, -1, None, None, None] * x[None, :, p : p + k, q : q + k]


@grad_weight.mistake("All input channels got the same: channel c of the gradient uses channel c of x.")
def _(grad, x, k, stride):
    total = grad_weight.reference(grad, x, k, stride).sum(axis=1, keepdims=True)
    return np.repeat(total, len(x), axis=1)


@grad_weight.mistake("Everything is 0: add grad[f, p, q] times the window, for all p and q.")
def _(grad, x, k, stride):
    return np.zeros((len(grad), len(x), k, k))


@grad_weight.mistake("The product is transposed: with a row per map it is G' M.")
def _(grad, x, k, stride):
    result = grad_weight.reference(grad, x, k, stride)
    return result.reshape(len(grad), -1).T


@grad_weight.mistake(
    "reshape cuts, it does not transpose: the product must have a row per output channel before you reshape it."
)
def _(grad, x, k, stride):
    result = grad_weight.reference(grad, x, k, stride)
    return result.reshape(len(grad), -1).T.reshape(result.shape)


@grad_weight.mistake("Kernel f gets only the gradient of map f, grad[f, p, q].")
def _(grad, x, k, stride):
    return grad_weight.reference(np.repeat(grad.sum(axis=0, keepdims=True), len(grad), axis=0), x, k, stride)


@grad_weight.mistake("The places are in reverse order: in equation 9.11 image and gradient run the same way.")
def _(grad, x, k, stride):
    return grad_weight.reference(grad[:, ::-1, ::-1], x, k, stride)


grad_weight.telltale("A gradient has the shape of what it belongs to: (F, C, k, k).")(misshapen)


@exercise({name: (grad, weight, stride, x.shape) for name, (x, weight, grad, stride) in LAYERS.items()})
def grad_input(grad, weight, stride, shape):
    result = np.zeros(shape)
    (P, Q), k = grad.shape[1:], weight.shape[2]
    for i, j in np.ndindex(k, k):
        there = np.tensordot(weight[:, :, i, j], grad, axes=(0, 0))
        result[:, i : i + stride * (P - 1) + 1 : stride, j : j + stride * (Q - 1) + 1 : stride] += there
    return result


@grad_input.slips
def _(slip, grad, weight, stride, shape):
    if slip("The gradient from above is missing: multiply the kernel by grad[f, p, q]."):
        grad = np.ones_like(grad)
    if slip("The kernels come out flipped: output (p, q) sends weight[f] as it is."):
        weight = weight[..., ::-1, ::-1]
    if slip("Each map f sends something back: sum over all f."):
        grad, weight = grad[:1], weight[:1]
    unmoved = slip("Window (p, q) begins at pixel (p * stride, q * stride).")
    step = 1 if unmoved else stride
    if not unmoved and slip("Windows lie `stride` pixels apart, not k: they may overlap."):
        step = weight.shape[2]
    overwritten = slip("Where windows overlap, their gradients add up (+=). You overwrite.")
    averaged = slip("A pixel collects the sum of what comes back, not the mean over f.")
    result, k = np.zeros(shape), weight.shape[2]
    for f, p, q in np.ndindex(grad.shape):
        part = np.s_[:, step * p : step * p + k, step * q : step * q + k]
        sent = grad[f, p, q] * weight[f] / (len(weight) if averaged else 1)
        result[part] = sent if overwritten else result[part] + sent
    return result


@grad_input.mistake("Everything is 0: add grad[f, p, q] * weight[f] to window (p, q).")
def _(grad, weight, stride, shape):
    return np.zeros(shape)


@grad_input.mistake("The channels are mixed up: channel c gets grad[f, p, q] * weight[f, c].")
def _(grad, weight, stride, shape):
    total = grad_input.reference(grad, weight.sum(axis=1, keepdims=True), stride, (1, *shape[1:]))
    return np.repeat(total, shape[0], axis=0)


@grad_input.mistake("The kernel is missing: each pixel of the window gets grad[f, p, q] times its own weight.")
def _(grad, weight, stride, shape):
    return grad_input.reference(grad, np.ones_like(weight), stride, shape)


@grad_input.mistake("Output (p, q) saw a whole window, so it sends something to k x k pixels, not to one.")
def _(grad, weight, stride, shape):
    spread = np.zeros_like(weight)
    spread[:, :, 0, 0] = weight.sum(axis=(2, 3))
    return grad_input.reference(grad, spread, stride, shape)


@grad_input.mistake("Rows and columns of the kernel are exchanged.")
def _(grad, weight, stride, shape):
    return grad_input.reference(grad, weight.swapaxes(2, 3), stride, shape)


@grad_input.mistake("The first axis of weight is the output channel: map f sends weight[f].")
def _(grad, weight, stride, shape):
    result, k = np.zeros(shape), weight.shape[2]
    for f, p, q in np.ndindex(grad.shape):
        result[:, stride * p : stride * p + k, stride * q : stride * q + k] += grad[f, p, q] * weight[:, f]
    return result


grad_input.telltale("A gradient has the shape of what it belongs to: `shape`, also where pixels are left over.")(
    misshapen
)


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
