"""The exercises of lesson 9.1, Convolution."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from . import exercise
from .telltales import larger, smaller

IMAGE = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
KERNELS = {
    "square kernel": (IMAGE, np.array([[1, 2], [3, -5]])),
    "wide kernel": (IMAGE, np.array([[1, -2, 4]])),
    "3 x 3 kernel": (IMAGE, np.array([[0, 1, 2], [0, 0, 1], [-3, 0, 0]])),
    "kernel of fractions": (IMAGE, np.array([[0.5, -1.5], [2.5, 0.25]])),
}


@exercise((7, 3, 0), (7, 3, 1), (4, 4, 0), (5, 2, 1), (28, 5, 2))
def places(n, k, padding):
    return len(range(-padding, n + padding - k + 1))


@places.slips
def _(slip, n, k, padding):
    if slip("Where is the padding?"):
        padding = 0
    longer = n + (padding if slip("There is padding at both ends.") else 2 * padding)
    if slip("Count the first place too: between place 0 and place m there are m + 1 places."):
        return longer - k
    return longer - k + 1


@exercise(KERNELS)
def correlate(image, kernel):
    return signal.correlate2d(image, kernel, "valid")


@correlate.slips
def _(slip, image, kernel):
    if slip("That is eq. 9.5, with the kernel flipped; here image and kernel run the same way."):
        kernel = kernel[::-1, ::-1]
    if slip("Rows and columns of the kernel have changed places."):
        kernel = kernel.T
    z = np.tensordot(sliding_window_view(image, kernel.shape), kernel, axes=2)
    if slip("The last row and the last column are missing: n - k + 1 places, not n - k."):
        return z[:-1, :-1]
    return z


correlate.telltale("Only places where the kernel lies within the image are asked for.")(larger)


@exercise({"odd k": (IMAGE, 3), "even k": (IMAGE, 2)}, (IMAGE / 2, 4), (IMAGE, 1))
def pad_same(image, k):
    front = (k - 1) // 2
    padded = np.zeros(np.add(image.shape, k - 1))
    padded[front : front + image.shape[0], front : front + image.shape[1]] = image
    return padded


@pad_same.slips
def _(slip, image, k):
    front, behind = (k - 1) // 2, k // 2
    if slip("For an even k this is one pixel too many: k - 1 zeros along an axis in all."):
        front = behind
    if slip("For an even k the pixel left over goes behind; SciPy's correlate has it in front."):
        front, behind = behind, front
    if slip("That is the border of 'full'."):
        front = behind = k - 1
    return np.pad(image, (front, behind))


@exercise(KERNELS)
def convolve(image, kernel):
    return signal.convolve2d(image, kernel)


@convolve.slips
def _(slip, image, kernel):
    flipped = kernel[::-1, ::-1]
    if slip("The kernel is not flipped: this is cross-correlation."):
        flipped = kernel
    if slip("The kernel is flipped along one axis only: flip its rows, too."):
        flipped = flipped[::-1]
    if slip("The kernel is flipped along one axis only: flip its columns, too."):
        flipped = flipped[:, ::-1]
    padded = np.pad(image, [(k - 1, k - 1) for k in kernel.shape])
    return np.tensordot(sliding_window_view(padded, kernel.shape), flipped, axes=2)


convolve.telltale("The border is missing: all places count where the two meet.")(smaller)


@exercise((np.array([1, -1]), 5), (np.array([1, 2, 3]), 6), (np.array([2, 0, 0.5, 7]), 4))
def toeplitz(kernel, n):
    return np.stack([np.correlate(unit, kernel, "valid") for unit in np.eye(n)], axis=1)


@toeplitz.slips
def _(slip, kernel, n):
    k = len(kernel)
    if slip("The kernel is flipped: this matrix convolves."):
        kernel = kernel[::-1]
    starts = range(n - k + 1)
    if slip("The last row is missing: n - k + 1 places, not n - k."):
        starts = range(n - k)
    if slip("Those are the places of 'full': drop the rows where the kernel hangs over an end."):
        starts = range(1 - k, n)
    matrix = np.zeros((len(starts), n))
    for row, start in enumerate(starts):
        for column in range(max(start, 0), min(start + k, n)):
            matrix[row, column] = kernel[column - start]
    if slip("It is transposed: one row for each output, one column for each input."):
        return matrix.T
    return matrix


@exercise(
    {"without strides": ((3, 3, 3), (1, 1, 1)), "with strides": ((5, 2, 5, 2), (1, 2, 1, 2))},
    ((7, 3), (2, 2)),
    ((1, 3), (1, 1)),
)
def receptive_field(kernel_sizes, strides):
    first = last = 0
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        first, last = first * s, last * s + k - 1
    return last - first + 1


@receptive_field.slips
def _(slip, kernel_sizes, strides):
    if slip("Neighbouring windows overlap, so their sizes do not just add up."):
        return sum(kernel_sizes)
    if slip("Strides matter: below a layer of stride 2, neighbours are two pixels apart."):
        strides = [1] * len(strides)
    layers = list(zip(kernel_sizes, strides, strict=True))
    if slip("A unit at the top sees through its own layer first: begin there and go down."):
        layers.reverse()
    seen = 1
    for k, s in reversed(layers):
        if slip("A layer's stride spreads what lies above it, not its own window."):
            seen = (seen - 1 + k - 1) * s + 1
        else:
            seen = (seen - 1) * s + k
    return seen


@exercise(
    {
        "Sobel": (np.outer([1, 2, 1], [1, 0, -1]),),
        "identity": (np.eye(3),),
        "2 x 4 ones": (np.ones((2, 4)),),
        "rank 2": (np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]),),
        "Laplace": (np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),),
        "two equal pixels": (np.array([[0, 0, 0], [0, 1, 0], [0, 0, 1]]),),
        "two equal rows": (np.array([[1, 2, 3], [2, 4, 6], [0, 1, 0]]),),
        "product of fractions": (np.outer([0.1, 0.3, 0.7], [0.2, 0.6, 1.1]),),
    }
)
def is_separable(kernel):
    row = kernel[np.unravel_index(np.argmax(np.abs(kernel)), kernel.shape)[0]]
    return all(np.allclose(np.outer(other, row), np.outer(row, other)) for other in kernel)


@is_separable.slips
def _(slip, kernel):
    is_square = kernel.shape[0] == kernel.shape[1]
    if slip("A determinant of 0 says only that the rank is not full; separable is rank 1."):
        return not is_square or abs(np.linalg.det(kernel)) < 1e-9
    if slip("A determinant needs a square matrix, and 0 would not be enough: separable is rank 1."):
        return abs(np.linalg.det(kernel)) < 1e-9
    if slip("Symmetry is another thing: the identity is symmetric and needs three outer products."):
        return is_square and np.array_equal(kernel, kernel.T)
    tolerance = 1e-9
    if slip("Singular values are computed: 0 comes out as 1e-17. Compare with a tolerance."):
        tolerance = 0
    first, *others = np.linalg.svd(kernel)[1]
    return all(value <= tolerance * first for value in others)
