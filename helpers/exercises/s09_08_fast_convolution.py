"""The exercises of lesson 9.8, Fast Convolution."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from ..images import conv2d
from . import exercise
from .telltales import larger, smaller

IMAGE = np.array([[3.0, 1, 4, 1, 5, 2], [9, 2, 6, 5, 3, 5], [5, 8, 9, 7, 9, 3], [3, 2, 3, 8, 4, 6], [2, 6, 4, 3, 3, 8]])


@exercise(
    {"upright edges": (IMAGE, np.outer([1.0, 2.0, 1.0], [1.0, 0.0, -1.0]))},
    {"a wide kernel of rank 1": (IMAGE, np.outer([0.5, -1.0], [1.0, 3.0, 2.0, 0.25]))},
    {"a tall kernel of rank 1": (IMAGE, np.outer([2.0, 1.0, -1.5, 0.5], [1.0, 4.0]))},
    {"rank 2, the strongest pair": (IMAGE, np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]]))},
)
def two_passes(image, kernel):
    values, vectors = np.linalg.eigh(kernel.T @ kernel)
    v = vectors[:, values.argmax()]
    return signal.correlate2d(image, np.outer(kernel @ v, v), "valid")


@two_passes.slips
def _(slip, image, kernel):
    U, sigma, Vt = np.linalg.svd(kernel)
    if slip("The vectors u are the columns of U: U[:, 0], not U[0]."):
        U = U.T
    if slip("NumPy returns V already transposed: its vectors v are the rows, Vt[0], not Vt[:, 0]."):
        Vt = Vt.T
    factor = sigma[0]
    if slip("Where is the singular value?"):
        factor = 1
    elif slip("The singular value is a factor of the outer product: put it in once, not into both vectors."):
        factor = sigma[0] ** 2
    elif slip("The square root is right if both vectors get it. Here one of them has none."):
        factor = sigma[0] ** 0.5
    pair = U[:, 0], Vt[0]
    if slip("Row and column are exchanged: u stands upright, v lies."):
        pair = pair[::-1]
    thick = factor * np.outer(*pair)
    if slip("That is eq. 9.5: conv2d does not flip, so neither vector is to be flipped."):
        thick = thick[::-1, ::-1]
    return np.tensordot(sliding_window_view(image, thick.shape), thick, axes=2)


@two_passes.mistake("That is the kernel itself, which is not separable here: take its strongest outer product alone.")
def _(image, kernel):
    return signal.correlate2d(image, kernel, "valid")


@two_passes.mistake("The row pass is there. The column is missing: convolve its result with u.")
def _(image, kernel):
    return signal.correlate2d(image, np.linalg.svd(kernel)[2][[0]], "valid")


@two_passes.mistake("That is the kernel of rank 1. Convolve the image with its row and its column.")
def _(image, kernel):
    U, sigma, Vt = np.linalg.svd(kernel)
    return sigma[0] * np.outer(U[:, 0], Vt[0])


@two_passes.mistake("The kernel's own first row and column are multiples of v and u at best: take them from its SVD.")
def _(image, kernel):
    return conv2d(conv2d(image, kernel[[0]]), kernel[:, [0]])


@two_passes.mistake("Take one row of Vt and one column of U, not the whole matrices.")
def _(image, kernel):
    U, sigma, Vt = np.linalg.svd(kernel)
    return conv2d(conv2d(image, Vt), sigma[0] * U)


@two_passes.mistake(
    "Use a row Vt[[0]] and a column U[:, [0]], with two axes each; the second pass takes the result of the first."
)
def _(image, kernel):
    U, sigma, Vt = np.linalg.svd(kernel)
    return conv2d(conv2d(image, Vt[0]), sigma[0] * U[:, 0])


def pair_of(which):
    """Return a two_passes with another pair of the decomposition than the strongest."""

    def wrong(image, kernel):
        U, sigma, Vt = np.linalg.svd(kernel)
        return conv2d(conv2d(image, Vt[[which]]), sigma[which] * U[:, [which]])

    return wrong


two_passes.mistake("That is the second pair. Singular values come in descending order: the strongest has number 0.")(
    pair_of(1)
)


two_passes.mistake("That is the last pair. Singular values come in descending order: the strongest has number 0.")(
    pair_of(-1)
)


@two_passes.mistake("u is a column: U[:, [0]] stands upright, U[:, 0][None] lies.")
def _(image, kernel):
    U, sigma, Vt = np.linalg.svd(kernel)
    return conv2d(conv2d(image, Vt[[0]]), sigma[0] * U[:, 0][None])


@two_passes.mistake("v is a row: Vt[[0]] lies, Vt[0][:, None] stands upright.")
def _(image, kernel):
    U, sigma, Vt = np.linalg.svd(kernel)
    return conv2d(conv2d(image, Vt[0][:, None]), sigma[0] * U[:, [0]])


@two_passes.mistake("The column pass is there. The row is missing: convolve with v, too.")
def _(image, kernel):
    U, sigma, _ = np.linalg.svd(kernel)
    return conv2d(image, sigma[0] * U[:, [0]])


@two_passes.mistake("It is the kernel that is to be decomposed, not the image.")
def _(image, kernel):
    U, sigma, Vt = np.linalg.svd(image)
    return conv2d(conv2d(image, Vt[[0]]), sigma[0] * U[:, [0]])


@two_passes.mistake("`sigma` holds all singular values. This pair takes the first one, sigma[0].")
def _(image, kernel):
    U, sigma, Vt = np.linalg.svd(kernel)
    return conv2d(conv2d(image, Vt[[0]]), sigma * U[:, [0]])


@two_passes.mistake("Sums of rows and columns are no singular vectors: take u and v from np.linalg.svd(kernel).")
def _(image, kernel):
    return conv2d(conv2d(image, kernel.sum(axis=0)[None]), kernel.sum(axis=1)[:, None])


two_passes.telltale("Both passes are without padding: the result is as large as conv2d(image, kernel).")(larger)


@exercise(
    {"even sizes": (IMAGE[:4], np.array([[1.0, 2.0, 0.5], [3.0, -5.0, 1.0]]))},
    {"odd sizes": (IMAGE, np.array([[0.0, 1.0], [2.0, -1.0], [4.0, 0.0]]))},
    {"a row": (IMAGE, np.array([[1.0, -2.0, 4.0]]))},
    {"a column": (IMAGE, np.array([[1.0], [3.0]]))},
)
def fft_convolve(image, kernel):
    return signal.convolve2d(image, kernel)


@fft_convolve.slips
def _(slip, image, kernel):
    size = np.add(image.shape, kernel.shape) - 1
    if slip("The image wraps round: pad both to n + k - 1 along each axis."):
        size = np.array(image.shape)
    elif slip("One row and one column too many: n + k - 1 along each axis, not n + k."):
        size = size + 1
    if slip("The kernel is flipped: this is cross-correlation. The product already has the flip in it."):
        kernel = kernel[::-1, ::-1]
    one, other = np.fft.fft2(image, size), np.fft.fft2(kernel, size)
    if slip("A conjugate transform gives cross-correlation, without the flip."):
        other = other.conj()
    product = one * other
    if slip("That is still the transform: go back with the inverse."):
        return product
    if slip("The inverse transform, not the transform once more."):
        return np.fft.fft2(product).real
    return np.fft.ifft2(product).real


@fft_convolve.mistake("Without the size, irfft2 assumes an even number of columns: irfft2(product, size).")
def _(image, kernel):
    size = np.add(image.shape, kernel.shape) - 1
    return np.fft.irfft2(np.fft.rfft2(image, size) * np.fft.rfft2(kernel, size))


def by_transform(size=None, combine=np.multiply, finish=np.real):
    """Return a fft_convolve with another size, another way to combine, or another end."""

    def wrong(image, kernel):
        shape = tuple(np.add(image.shape, kernel.shape) - 1)
        shape = size(*shape) if size else shape
        return finish(np.fft.ifft2(combine(np.fft.fft2(image, shape), np.fft.fft2(kernel, shape))))

    return wrong


fft_convolve.mistake("The imaginary part is rounding error. The result is the real part.")(by_transform(finish=np.imag))
fft_convolve.mistake("Rows and columns of the size are exchanged.")(
    by_transform(size=lambda rows, columns: (columns, rows))
)
fft_convolve.mistake("Row and column are one too few: n + k - 1 along each axis, or the image still wraps round.")(
    by_transform(size=lambda rows, columns: (rows - 1, columns - 1))
)
fft_convolve.mistake("A larger size is no harm, but cut the result down to n + k - 1 along each axis.")(
    by_transform(size=lambda rows, columns: (16, 16))
)
fft_convolve.mistake("Multiply the complex numbers as they are: take the real part after the inverse, not before.")(
    by_transform(combine=lambda one, other: one.real * other.real)
)
fft_convolve.mistake("Multiply the two transforms as they are, without a conjugate.")(
    by_transform(combine=lambda one, other: one.conj() * other)
)
fft_convolve.mistake("Multiply the two transforms: division undoes a convolution.")(by_transform(combine=np.divide))
fft_convolve.mistake("No fftshift is needed: the result begins at the first pixel already.")(
    by_transform(finish=lambda z: np.fft.fftshift(z.real))
)
fft_convolve.mistake("NumPy's inverse has divided by the number of pixels already. Leave its result as it is.")(
    by_transform(finish=lambda z: z.real / z.size)
)
fft_convolve.mistake("NumPy's inverse has divided by the number of pixels, as it should. Leave its result as it is.")(
    by_transform(finish=lambda z: z.real * z.size)
)
fft_convolve.mistake("The fractions are lost: return the real part as it is, without a conversion to int.")(
    by_transform(finish=lambda z: z.real.astype(int))
)
fft_convolve.mistake("The numbers are rounded. Return the real part as it is.")(
    by_transform(finish=lambda z: z.real.round())
)


@fft_convolve.mistake("rfft2 leaves out half of the frequencies. Its inverse is irfft2, not ifft2.")
def _(image, kernel):
    size = np.add(image.shape, kernel.shape) - 1
    return np.fft.ifft2(np.fft.rfft2(image, size) * np.fft.rfft2(kernel, size)).real


@fft_convolve.mistake("Pad before the transform, np.fft.rfft2(x, size): a size in the inverse alone comes too late.")
def _(image, kernel):
    size = np.add(image.shape, kernel.shape) - 1
    return np.fft.irfft2(np.fft.rfft2(image) * np.fft.rfft2(kernel, image.shape), size)


@fft_convolve.mistake("Zeros go behind the image only. Before it, they move the result.")
def _(image, kernel):
    size = np.add(image.shape, kernel.shape) - 1
    moved = np.pad(image, [((k - 1) // 2, k // 2) for k in kernel.shape])
    return np.fft.ifft2(np.fft.fft2(moved) * np.fft.fft2(kernel, size)).real


@fft_convolve.mistake("np.fft.fft transforms along one axis. Images have two: fft2 or rfft2.")
def _(image, kernel):
    columns = image.shape[1] + kernel.shape[1] - 1
    return np.fft.ifft(np.fft.fft(image, columns) * np.fft.fft(kernel, columns)).real


@fft_convolve.mistake("Multiply frequency by frequency, with *. A matrix product mixes frequencies.")
def _(image, kernel):
    size = np.add(image.shape, kernel.shape) - 1
    return np.fft.ifft2(np.fft.fft2(image, size) @ np.fft.fft2(kernel, size)).real


@fft_convolve.mistake("Both need the same size, n + k - 1 along each axis: np.fft.rfft2(x, size) pads for you.")
def _(image, kernel):
    return np.fft.ifft2(np.fft.fft2(image) * np.fft.fft2(kernel)).real


@fft_convolve.mistake("Take the real part instead of the absolute value: the result may be negative.")
def _(image, kernel):
    return np.abs(signal.convolve2d(image, kernel))


@fft_convolve.mistake("Neither need be square: n + k - 1 for rows and for columns, each with their own n and k.")
def _(image, kernel):
    size = (image.shape[0] + kernel.shape[0] - 1,) * 2
    return np.fft.irfft2(np.fft.rfft2(image, size) * np.fft.rfft2(kernel, size), size)


@fft_convolve.mistake("Multiply the two transforms. A sum of transforms is the transform of a sum.")
def _(image, kernel):
    size = np.add(image.shape, kernel.shape) - 1
    return np.fft.irfft2(np.fft.rfft2(image, size) + np.fft.rfft2(kernel, size), size)


@fft_convolve.mistake("Transform along both axes: fft2 or rfft2, not fft.")
def _(image, kernel):
    rows, columns = np.add(image.shape, kernel.shape) - 1
    tall = np.pad(image, ((0, rows - image.shape[0]), (0, 0)))
    other = np.pad(kernel, ((0, rows - kernel.shape[0]), (0, 0)))
    return np.fft.ifft(np.fft.fft(tall, columns) * np.fft.fft(other, columns)).real


@fft_convolve.mistake("Only the places where the kernel lies within the image: return all of the full output.")
def _(image, kernel):
    return signal.convolve2d(image, kernel, "valid")


@fft_convolve.mistake("Right in the middle: you cut it down to the size of the image. Return all of the full output.")
def _(image, kernel):
    return signal.convolve2d(image, kernel, "same")


@fft_convolve.mistake("Right so far, but cut off: return all of the full output, n + k - 1 along each axis.")
def _(image, kernel):
    return signal.convolve2d(image, kernel)[: image.shape[0], : image.shape[1]]


fft_convolve.telltale("The output is too small: n + k - 1 along each axis.")(smaller)


@exercise((196, 16, 32, 3), (49, 512, 512, 3), (100, 8, 4, 5), (1, 3, 7, 1))
def products(places, C, F, k):
    depthwise, pointwise = places * C * k * k, places * C * F
    return places * F * sum(k * k for _ in range(C)), depthwise + pointwise


@products.slips
def _(slip, places, C, F, k):
    window = k if slip("A kernel has k times k weights.") else k * k
    if slip("Every place of the output counts: the number of places is missing."):
        places = 1
    ordinary = places * C * F * window
    if slip("In the ordinary layer each of the F maps has a kernel for each of the C maps."):
        ordinary = places * F * window
    first = places * C * window
    if slip("The first step convolves the C input maps, each with one kernel; F comes with the second step."):
        first = places * F * window
    second = places * C * F
    if slip("The second step mixes: each of the F maps is a weighted sum of C maps."):
        second = places * F
    elif slip("The second step has kernels of one pixel: no k in it."):
        second = places * C * F * window
    if slip("The two steps follow each other: their products add up."):
        return ordinary, first * second
    if slip("Right numbers, other order: the ordinary layer first."):
        return first + second, ordinary
    return ordinary, first + second


@products.mistake("That is the ratio. Return both numbers, the ordinary layer's first.")
def _(places, C, F, k):
    ordinary, separable = products.reference(places, C, F, k)
    return ordinary / separable


@products.mistake("That is the ratio. Return both numbers, the ordinary layer's first.")
def _(places, C, F, k):
    ordinary, separable = products.reference(places, C, F, k)
    return separable / ordinary


@products.mistake("The first step alone: mixing the C maps to F costs products as well.")
def _(places, C, F, k):
    return products.reference(places, C, F, k)[0], places * C * k * k


@products.mistake("Return both numbers: the ordinary layer's, and the depthwise separable one's.")
def _(places, C, F, k):
    return products.reference(places, C, F, k)[0]


@products.mistake("The two steps follow each other: their products add up, C k k + C F per place.")
def _(places, C, F, k):
    return products.reference(places, C, F, k)[0], places * C * k * k * F


@products.mistake("The two steps follow each other: their products add up, C k k + C F per place.")
def _(places, C, F, k):
    return products.reference(places, C, F, k)[0], places * C * k * k * C * F


@products.mistake("Both steps are taken at every place: the second one lacks the number of places.")
def _(places, C, F, k):
    return products.reference(places, C, F, k)[0], places * C * k * k + C * F


@products.mistake("The second step has kernels of one pixel, one for each pair of a C map and an F map: C F per place.")
def _(places, C, F, k):
    return products.reference(places, C, F, k)[0], places * (C * k * k + F * k * k)


@products.mistake(
    "Those are separable kernels, a row and a column each. Here the kernels stay whole, and maps are separated."
)
def _(places, C, F, k):
    return products.reference(places, C, F, k)[0], places * C * F * 2 * k


def in_place_of(ordinary=None, separable=None):
    """Return a products in which one of the two numbers, or both, are counted in another way."""

    def wrong(places, C, F, k):
        right = products.reference(places, C, F, k)
        one = places * ordinary(C, F, k) if ordinary else right[0]
        return one, places * separable(C, F, k) if separable else right[1]

    return wrong


products.mistake("A kernel has k times k weights, not k + k.")(
    in_place_of(lambda C, F, k: C * F * 2 * k, lambda C, F, k: C * 2 * k + C * F)
)
products.mistake("k x k is k**2 weights, not k**k.")(
    in_place_of(lambda C, F, k: C * F * k**k, lambda C, F, k: C * k**k + C * F)
)
products.mistake("In the first step each of the C maps has one kernel of its own, C k k per place, not C C k k.")(
    in_place_of(separable=lambda C, F, k: C * C * k * k + C * F)
)
products.mistake("The first step has a kernel for each of the C maps, C k k per place, not one for all of them.")(
    in_place_of(separable=lambda C, F, k: k * k + C * F)
)
products.mistake("The second step has a weight for each pair of a C map and an F map: C F per place, not C + F.")(
    in_place_of(separable=lambda C, F, k: C * k * k + C + F)
)
products.mistake("The second step alone: convolving the C maps costs products as well.")(
    in_place_of(separable=lambda C, F, k: C * F)
)
products.mistake("An ordinary layer has a kernel for each pair of a C map and an F map: C F, not C + F.")(
    in_place_of(ordinary=lambda C, F, k: (C + F) * k * k)
)
products.mistake("An ordinary layer has a kernel for each pair of a C map and an F map. Where is F?")(
    in_place_of(ordinary=lambda C, F, k: C * k * k)
)


@products.mistake("Return both numbers: the ordinary layer's, and the depthwise separable one's.")
def _(places, C, F, k):
    return products.reference(places, C, F, k)[1]


@products.mistake("That is what is saved. Return both numbers, the ordinary layer's first.")
def _(places, C, F, k):
    ordinary, separable = products.reference(places, C, F, k)
    return ordinary - separable


@products.mistake("Count multiplications alone, without additions.")
def _(places, C, F, k):
    ordinary, separable = products.reference(places, C, F, k)
    return 2 * ordinary, 2 * separable


@products.mistake("Places are pixels already, rows times columns: do not square them.")
def _(places, C, F, k):
    ordinary, separable = products.reference(places, C, F, k)
    return places * ordinary, places * separable


@products.mistake("Those are weights. Each weight is used at every place, and biases take no products.")
def _(places, C, F, k):
    return C * F * k * k + F, C * k * k + C * F + F
