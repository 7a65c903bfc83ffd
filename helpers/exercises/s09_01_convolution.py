"""The exercises of lesson 9.1, Convolution."""

import numpy as np
from scipy import signal

from . import exercise

IMAGE = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
SQUARE = np.array([[1, 2], [3, -5]])
WIDE = np.array([[1, -2, 4]])
ODD = np.array([[0, 1, 2], [0, 0, 1], [-3, 0, 0]])
HALVES = np.array([[0.5, -1.5], [2.5, 0.25]])


@exercise((7, 3, 0), (7, 3, 1), (4, 4, 0), (5, 2, 1), (28, 5, 2))
def places(n, k, padding):
    return len(range(-padding, n + padding - k + 1))


@places.mistake("Count the first place too: between place 0 and place m there are m + 1 places.")
def _(n, k, padding):
    return n + 2 * padding - k


@places.mistake("There is padding at both ends.")
def _(n, k, padding):
    return n + padding - k + 1


@exercise((IMAGE, SQUARE), (IMAGE, WIDE), (IMAGE, ODD), (IMAGE, HALVES))
def correlate(image, kernel):
    return signal.correlate2d(image, kernel, "valid")


@correlate.mistake("That is eq. 9.5, with the kernel flipped; here image and kernel run the same way.")
def _(image, kernel):
    return signal.convolve2d(image, kernel, "valid")


@correlate.mistake("The last row and the last column are missing: n - k + 1 places, not n - k.")
def _(image, kernel):
    return signal.correlate2d(image, kernel, "valid")[:-1, :-1]


@correlate.mistake("Rows and columns of the kernel have changed places.")
def _(image, kernel):
    return signal.correlate2d(image, kernel.T, "valid")


@correlate.mistake("Only places where the kernel lies within the image are asked for.")
def _(image, kernel):
    return signal.correlate2d(image, kernel, "same")


@correlate.mistake("Only places where the kernel lies within the image are asked for, not every overlap.")
def _(image, kernel):
    return signal.correlate2d(image, kernel, "full")


@correlate.mistake("The fractions are lost: the output must not be an array of integers.")
def _(image, kernel):
    return np.trunc(signal.correlate2d(image, kernel, "valid"))


@exercise((IMAGE, 3), (IMAGE, 2), (IMAGE / 2, 4), (IMAGE, 1))
def pad_same(image, k):
    front = (k - 1) // 2
    padded = np.zeros(np.add(image.shape, k - 1))
    padded[front : front + image.shape[0], front : front + image.shape[1]] = image
    return padded


@pad_same.mistake("For an even k this is one pixel too many: k - 1 zeros along an axis in all.")
def _(image, k):
    return np.pad(image, k // 2)


@pad_same.mistake("The pixel left over is in front, as scipy.signal.correlate has it; here it goes behind.")
def _(image, k):
    return np.pad(image, (k // 2, (k - 1) // 2))


@pad_same.mistake("That is the border of 'full'.")
def _(image, k):
    return np.pad(image, k - 1)


@exercise((IMAGE, SQUARE), (IMAGE, WIDE), (IMAGE, ODD), (IMAGE, HALVES))
def convolve(image, kernel):
    return signal.convolve2d(image, kernel)


@convolve.mistake("The kernel is not flipped: this is cross-correlation.")
def _(image, kernel):
    return signal.correlate2d(image, kernel)


@convolve.mistake("The kernel is flipped along one axis only.")
def _(image, kernel):
    return signal.convolve2d(image, kernel[:, ::-1])


@convolve.mistake("The kernel is flipped along one axis only.")
def _(image, kernel):
    return signal.convolve2d(image, kernel[::-1])


@convolve.mistake("The border is missing: every place counts where kernel and image meet.")
def _(image, kernel):
    return signal.convolve2d(image, kernel, "valid")


@convolve.mistake('Some of the border is missing: "full" has n + k - 1 places along an axis, "same" only n.')
def _(image, kernel):
    return signal.convolve2d(image, kernel, "same")


@exercise((np.array([1, -1]), 5), (np.array([1, 2, 3]), 6), (np.array([2, 0, 0.5, 7]), 4))
def toeplitz(kernel, n):
    return np.stack([np.correlate(unit, kernel, "valid") for unit in np.eye(n)], axis=1)


@toeplitz.mistake("It is transposed: one row for each output, one column for each input.")
def _(kernel, n):
    return toeplitz.reference(kernel, n).T


@toeplitz.mistake("The kernel is flipped: this matrix convolves.")
def _(kernel, n):
    return toeplitz.reference(kernel[::-1], n)


@toeplitz.mistake("The last row is missing: n - k + 1 places, not n - k.")
def _(kernel, n):
    return toeplitz.reference(kernel, n)[:-1]


@toeplitz.mistake("That is the full convolution's matrix: drop the rows where the kernel hangs over an end.")
def _(kernel, n):
    return np.stack([np.correlate(unit, kernel, "full") for unit in np.eye(n)], axis=1)


@exercise(((3, 3, 3), (1, 1, 1)), ((5, 2, 5, 2), (1, 2, 1, 2)), ((7, 3), (2, 2)), ((1, 3), (1, 1)))
def receptive_field(kernel_sizes, strides):
    first = last = 0
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        first, last = first * s, last * s + k - 1
    return last - first + 1


@receptive_field.mistake("Strides matter: below a layer of stride 2, neighbours are two pixels apart.")
def _(kernel_sizes, strides):
    return 1 + sum(k - 1 for k in kernel_sizes)


@receptive_field.mistake("Neighbouring windows overlap, so their sizes do not just add up.")
def _(kernel_sizes, strides):
    return sum(kernel_sizes)


@receptive_field.mistake("A layer's stride spreads what lies above it, not its own window.")
def _(kernel_sizes, strides):
    seen = 1
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        seen = (seen + k - 2) * s + 1
    return seen


@receptive_field.mistake(
    "You went from the bottom to the top. A unit at the top sees through its own layer first: go down."
)
def _(kernel_sizes, strides):
    seen = 1
    for k, s in zip(kernel_sizes, strides, strict=True):
        seen = (seen - 1) * s + k
    return seen


@exercise(
    (np.outer([1, 2, 1], [1, 0, -1]),),
    (np.eye(3),),
    (np.ones((2, 4)),),
    (np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]),),
    (np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),),
    (np.array([[0, 0, 0], [0, 1, 0], [0, 0, 1]]),),
    (np.array([[1, 2, 3], [2, 4, 6], [0, 1, 0]]),),
    (np.outer([0.1, 0.3, 0.7], [0.2, 0.6, 1.1]),),
)
def is_separable(kernel):
    row = kernel[np.unravel_index(np.argmax(np.abs(kernel)), kernel.shape)[0]]
    return all(np.allclose(np.outer(other, row), np.outer(row, other)) for other in kernel)


@is_separable.mistake("A determinant of 0 says only that the rank is not full; separable is rank 1.")
def _(kernel):
    return kernel.shape[0] != kernel.shape[1] or abs(np.linalg.det(kernel)) < 1e-9


@is_separable.mistake("Only a square matrix has a determinant, and 0 would not be enough: separable is rank 1.")
def _(kernel):
    return abs(np.linalg.det(kernel)) < 1e-9


@is_separable.mistake("Singular values are computed: what should be 0 comes out as 1e-17. Compare with a tolerance.")
def _(kernel):
    return bool(np.all(np.linalg.svd(kernel)[1][1:] == 0))


@is_separable.mistake("Symmetry is another thing: the identity is symmetric and needs three outer products.")
def _(kernel):
    return kernel.shape[0] == kernel.shape[1] and np.array_equal(kernel, kernel.T)
