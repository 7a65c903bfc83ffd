"""The exercises of lesson 9.1, Convolution."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import linalg, signal

from . import exercise
from .telltales import larger, smaller

IMAGE = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
KERNELS = {
    "square kernel": (IMAGE, np.array([[1, 2], [3, -5]])),
    "wide kernel": (IMAGE, np.array([[1, -2, 4]])),
    "3 x 3 kernel": (IMAGE, np.array([[0, 1, 2], [0, 0, 1], [-3, 0, 0]])),
    "kernel of fractions": (IMAGE, np.array([[0.5, -1.5], [2.5, 0.25]])),
}
SMALL = {"the small image": (np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2))}


@exercise(SMALL, KERNELS)
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
    if slip("Each window gives one number, the sum over rows and columns: np.sum without an axis."):
        return (sliding_window_view(image, kernel.shape) * kernel).sum(axis=2)
    if slip("Add up what lies under the kernel: a sum, not a mean."):
        return z / kernel.size
    return z


def _with_loops(image, kernel, rows, columns, one):
    """Return out (rows, columns), where `one` makes a number of the window at each place."""
    out = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        out[i, j] = one(image[i : i + kernel.shape[0], j : j + kernel.shape[1]])
    return out


@correlate.mistake("The output is as large as the image, but a kernel has fewer places: n - k + 1 in each direction.")
def _(image, kernel):
    return _with_loops(image, kernel, *image.shape, lambda window: np.sum(window * kernel))


@correlate.mistake("Multiply number by number, with *. A matrix product (@) mixes rows and columns.")
def _(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    return _with_loops(image, kernel, rows, columns, lambda window: np.sum(window @ kernel))


@correlate.mistake("You add up the window. Multiply it by the kernel first.")
def _(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    return _with_loops(image, kernel, rows, columns, np.sum)


@correlate.mistake("Images and kernels need not be square: columns are counted by shape[1].")
def _(image, kernel):
    side = image.shape[0] - kernel.shape[0] + 1
    return _with_loops(image, kernel, side, side, lambda window: np.sum(window * kernel))


@correlate.mistake("Images and kernels need not be square: columns are counted by shape[1].")
def _(image, kernel):
    side, k = len(image) - len(kernel) + 1, len(kernel)
    out = np.zeros((side, side))
    for i, j in np.ndindex(side, side):
        out[i, j] = np.sum(image[i : i + k, j : j + k] * kernel)
    return out


@correlate.mistake("Multiply the window by the kernel, with *, before you add up. You add both.")
def _(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    return _with_loops(image, kernel, rows, columns, lambda window: np.sum(window + kernel))


@correlate.mistake("Add the products up with np.sum. You take the largest of them.")
def _(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    return _with_loops(image, kernel, rows, columns, lambda window: np.max(window * kernel))


@correlate.mistake("Is the window as large as the kernel? And out[i, j] takes one number: np.sum of all products.")
def _(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    return _with_loops(image, kernel, rows, columns, lambda window: window * kernel)


@correlate.mistake("Rows and columns are exchanged: i counts rows and comes first, in image[i : ...] and in out[i, j].")
def _(image, kernel):
    return correlate.reference(image, kernel).T


@correlate.mistake("Rows and columns are exchanged: i counts rows and comes first, in image[i : ...] and in out[i, j].")
def _(image, kernel):
    z = correlate.reference(image, kernel)
    out = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        out[j, i] = z[i, j]  # raises where there are more columns than rows
    return out


@correlate.mistake("Rows and columns are exchanged: i counts rows and comes first, in image[i : ...] and in out[i, j].")
def _(image, kernel):
    (height, width), out = kernel.shape, np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[j : j + height, i : i + width] * kernel)
    return out


@correlate.mistake("A slice is start : end, and the end moves too: the window that begins at row i ends at i + k.")
def _(image, kernel):
    (height, width), out = kernel.shape, np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[i:height, j:width] * kernel)
    return out


@correlate.mistake("The window is a pixel short: i : i + k has k rows, since the end of a slice is left out.")
def _(image, kernel):
    (height, width), out = kernel.shape, np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[i : i + height - 1, j : j + width - 1] * kernel)
    return out


@correlate.mistake("The size of the window is fixed at 2 x 2: take it from kernel.shape.")
def _(image, kernel):
    out = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[i : i + 2, j : j + 2] * kernel)
    return out


@correlate.mistake("Only the first column of places is visited: a second loop, over j, goes inside the first.")
def _(image, kernel):
    return correlate.reference(image, kernel)[:, 0]


@correlate.mistake("Only the first row is filled: `return` stands inside the outer loop. It belongs after both.")
def _(image, kernel):
    z = correlate.reference(image, kernel).astype(float)
    z[1:] = 0
    return z


@correlate.mistake("The kernel is upside down. Equation 9.6 takes it as it is.")
def _(image, kernel):
    return correlate.reference(image, kernel[::-1])


@correlate.mistake("The kernel is mirrored, left to right. Equation 9.6 takes it as it is.")
def _(image, kernel):
    return correlate.reference(image, kernel[:, ::-1])


@correlate.mistake("Images and kernels need not be square: a window has kernel.shape[1] columns.")
def _(image, kernel):
    k = len(kernel)
    out = np.zeros(np.subtract(image.shape, k) + 1)
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.sum(image[i : i + k, j : j + k] * kernel)
    return out


@correlate.mistake("Image and kernel are exchanged: the kernel moves over the image.")
def _(image, kernel):
    return np.zeros(np.subtract(kernel.shape, image.shape) + 1)


@correlate.mistake("The loops end at the first place: `return` belongs after them.")
def _(image, kernel):
    return correlate.reference(image, kernel)[0, 0]


@correlate.mistake("Each product replaces the ones before: add them up, with +=.")
def _(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    return kernel[-1, -1] * image[-rows:, -columns:]


@correlate.telltale("The output always has the size that the small image needs: take it from image and kernel.")
def _(answers, wanted):
    return all(answer.shape == wanted[0].shape for answer in answers)


@correlate.mistake("The last places are all 0: your loops end too early. Each runs over all n - k + 1 places.")
def _(image, kernel):
    z = correlate.reference(image, kernel).astype(float)
    z[-1], z[:, -1] = 0, 0
    return z


@correlate.mistake("The output is as large as the image: make it n - k + 1 in each direction, the number of places.")
def _(image, kernel):
    z = np.zeros(image.shape)
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    z[:rows, :columns] = correlate.reference(image, kernel)
    return z


@correlate.mistake("Move the kernel by one pixel at a time, not by its own size.")
def _(image, kernel):
    return correlate.reference(image, kernel)[:: kernel.shape[0], :: kernel.shape[1]]


@correlate.mistake("Each window overwrites the one before: the sum belongs to out[i, j].")
def _(image, kernel):
    z = correlate.reference(image, kernel)
    return np.full(z.shape, z[-1, -1])


@correlate.mistake("All is 0: where is the result of a window stored?")
def _(image, kernel):
    return np.zeros(np.subtract(image.shape, kernel.shape) + 1)


@correlate.mistake("Each result has been added to the next: start each window's sum at 0.")
def _(image, kernel):
    z = correlate.reference(image, kernel)
    return np.cumsum(z).reshape(z.shape)


correlate.telltale("Only places where the whole kernel lies on the image are asked for.")(larger)


@exercise(
    {"5 pixels, kernel 3": (5, 3, 0, 1, 1), "padding 1": (7, 3, 1, 1, 1), "padding 2": (28, 5, 2, 1, 1)},
    {"stride 2": (7, 3, 0, 2, 1), "stride 2, a pixel lost": (6, 3, 0, 2, 1), "stride 3": (11, 4, 0, 3, 1)},
    {"dilation 2": (7, 3, 0, 1, 2), "dilation 3": (12, 4, 0, 1, 3), "kernel as large as the image": (4, 4, 0, 1, 1)},
    {"all together": (20, 5, 2, 3, 2), "even kernel, all together": (23, 4, 1, 2, 3)},
)
def output_size(n, k, padding, stride, dilation):
    return len(range(-padding, n + padding - dilation * (k - 1), stride))


@output_size.slips
def _(slip, n, k, padding, stride, dilation):
    if slip("Where is the padding?"):
        padding = 0
    longer = n + (padding if slip("There is padding at both ends.") else 2 * padding)
    span = dilation * (k - 1) + 1
    if slip("Where is the dilation?"):
        span = k
    elif slip("Between k numbers there are k - 1 gaps: the dilated kernel spans d(k - 1) + 1 pixels, not d k."):
        span = dilation * k
    steps = (longer - span) / stride
    if slip("Where is the stride?"):
        steps = longer - span
    first = 1
    if slip("Count the first place too: from place 0 to place m there are m + 1 places."):
        first = 0
    if slip("A number of places is whole: round down, `//`."):
        return steps + first
    if slip("Where the stride does not come out even, the last window would hang over the end: round down."):
        return int(np.ceil(steps)) + first
    return int(np.floor(steps)) + first


@output_size.mistake("Add the 1 after you divide: the first place is one place, whatever the stride.")
def _(n, k, padding, stride, dilation):
    return (n + 2 * padding - dilation * (k - 1)) // stride


@output_size.mistake("Not every s-th pixel is a place: the whole kernel has to fit on the row.")
def _(n, k, padding, stride, dilation):
    return -(-(n + 2 * padding) // stride)


@output_size.mistake("Dilation spreads the kernel, not the image.")
def _(n, k, padding, stride, dilation):
    return ((n + 2 * padding) * dilation - k) // stride + 1


@output_size.mistake("Where is the dilation? And add the 1 after you divide.")
def _(n, k, padding, stride, dilation):
    return (n + 2 * padding - k + 1) // stride


@output_size.mistake("Round down, always: a window that does not fit is no place. `round` sometimes goes up.")
def _(n, k, padding, stride, dilation):
    return round((n + 2 * padding - dilation * (k - 1) - 1) / stride) + 1


@output_size.mistake("All k - 1 gaps of the kernel become larger, not one of them: it spans d(k - 1) + 1 pixels.")
def _(n, k, padding, stride, dilation):
    return (n + 2 * padding - (k + dilation - 1)) // stride + 1


@output_size.mistake("Python divides before it subtracts: put brackets around all that the stride divides.")
def _(n, k, padding, stride, dilation):
    return n + 2 * padding - dilation * (k - 1) - 1 // stride + 1


@output_size.mistake("Python divides before it subtracts: put brackets around all that the stride divides.")
def _(n, k, padding, stride, dilation):
    return n + 2 * padding - (dilation * (k - 1) + 1) // stride + 1


@output_size.mistake("The dilation makes the kernel longer, d(k - 1) + 1 pixels. The places remain one stride apart.")
def _(n, k, padding, stride, dilation):
    return (n + 2 * padding - k) // (stride * dilation) + 1


@output_size.mistake("`padding` counts pixels, not kernels: there are 2 p more of them.")
def _(n, k, padding, stride, dilation):
    return (n + 2 * padding * k - dilation * (k - 1) - 1) // stride + 1


@output_size.mistake("Padding makes the row longer: n + 2 p, not n - 2 p.")
def _(n, k, padding, stride, dilation):
    return (n - 2 * padding - dilation * (k - 1) - 1) // stride + 1


@output_size.mistake("Count along one axis: the square is the number of places on a square image.")
def _(n, k, padding, stride, dilation):
    return output_size.reference(n, k, padding, stride, dilation) ** 2


@output_size.mistake("Subtract the kernel before you divide: only then is it seen whether the last place fits.")
def _(n, k, padding, stride, dilation):
    return (n + 2 * padding) // stride - dilation * (k - 1)


@output_size.mistake("That is the size of 'valid' with stride 1. Padding, stride and dilation are missing.")
def _(n, k, padding, stride, dilation):
    return n - k + 1


@output_size.mistake("Where are the kernel and the padding?")
def _(n, k, padding, stride, dilation):
    return n // stride


@output_size.telltale("With stride 1 and dilation 1 there are n + 2p - k + 1 places. You have one too many.")
def _(answers, wanted):
    return all(answer == want + 1 for answer, want in zip(answers[:3], wanted[:3], strict=True))


@output_size.telltale("With stride 1 and dilation 1 there are n + 2p - k + 1 places. You have one too few.")
def _(answers, wanted):
    return all(answer == want - 1 for answer, want in zip(answers[:3], wanted[:3], strict=True))


@output_size.mistake("A dilated kernel has its first number too: d(k - 1) gaps and one pixel, d(k - 1) + 1.")
def _(n, k, padding, stride, dilation):
    return (n + 2 * padding - dilation * (k - 1)) // stride + 1


@output_size.mistake("With dilation 1 nothing lies between the numbers: there are d - 1 pixels in each gap, not d.")
def _(n, k, padding, stride, dilation):
    return (n + 2 * padding - (k + (k - 1) * dilation)) // stride + 1


@exercise((np.array([1, -1]), 5), (np.array([1, 2, 3]), 6), (np.array([2, 0, 0.5, 7]), 9))
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


@toeplitz.mistake("Each row is the row above, moved one step to the right. Yours are all alike.")
def _(kernel, n):
    return np.tile(np.pad(kernel, (0, n - len(kernel))), (n - len(kernel) + 1, 1))


@toeplitz.mistake("This one wraps round at the end: keep the n - k + 1 rows in which the kernel lies on the row.")
def _(kernel, n):
    return linalg.circulant(np.pad(kernel, (0, n - len(kernel)))).T


@toeplitz.mistake(
    "This one wraps round, and it convolves: row 0 is the kernel and then zeros, and n - k + 1 rows are enough."
)
def _(kernel, n):
    return linalg.circulant(np.pad(kernel, (0, n - len(kernel))))


@toeplitz.mistake("It is square: leave out the last k - 1 rows. There are n - k + 1 places, and one row for each.")
def _(kernel, n):
    return np.pad(toeplitz.reference(kernel, n), ((0, len(kernel) - 1), (0, 0)))


@toeplitz.mistake("It is square: in the last k - 1 rows the kernel hangs over the end. Leave them out.")
def _(kernel, n):
    return np.array([np.pad(kernel, (row, n))[:n] for row in range(n)])


@toeplitz.mistake("It is square: in the first and last rows the kernel hangs over an end. Leave those out.")
def _(kernel, n):
    return np.stack([np.convolve(unit, kernel[::-1], "same") for unit in np.eye(n)], axis=1)


@toeplitz.mistake("The kernel moves to the right from row to row; np.roll does that with a positive shift.")
def _(kernel, n):
    row = np.pad(kernel, (0, n - len(kernel)))
    return np.array([np.roll(row, -place) for place in range(n - len(kernel) + 1)])


@toeplitz.mistake("One row for each place of the kernel, n - k + 1, not one for each of its numbers.")
def _(kernel, n):
    return np.array([np.pad(kernel, (row, n))[:n] for row in range(len(kernel))])


@toeplitz.mistake("SciPy's toeplitz wants the first column and the first row; with one argument it is symmetric.")
def _(kernel, n):
    return linalg.toeplitz(kernel)


@toeplitz.mistake("SciPy's toeplitz wants the first column and the first row; with one argument it is symmetric.")
def _(kernel, n):
    return linalg.toeplitz(np.pad(kernel, (0, n - len(kernel))))


@toeplitz.mistake("Only row 0 is filled. The others are row 0, moved to the right.")
def _(kernel, n):
    matrix = toeplitz.reference(kernel, n)
    matrix[1:] = 0
    return matrix


@toeplitz.mistake("The kernel moves by one pixel from row to row, not by its own length.")
def _(kernel, n):
    k = len(kernel)
    return np.array([np.pad(kernel, (row * k, n))[:n] for row in range(n // k)])


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


@convolve.mistake("The kernel need not be square: above and below k - 1 rows, left and right k - 1 columns of its own.")
def _(image, kernel):
    return signal.correlate2d(np.pad(image, kernel.shape[0] - 1), kernel[::-1, ::-1], "valid")


@convolve.mistake("That exchanges rows and columns. To flip both axes, write kernel[::-1, ::-1].")
def _(image, kernel):
    return signal.correlate2d(image, kernel.T)


@convolve.mistake("Flip the kernel, not the result.")
def _(image, kernel):
    return signal.correlate2d(image, kernel)[::-1, ::-1]


@convolve.mistake("Flip the kernel. With the image flipped instead, the result comes out rotated.")
def _(image, kernel):
    return signal.correlate2d(image[::-1, ::-1], kernel)


@convolve.mistake("That is the border of 'same'. Here all places count: k - 1 zeros on either side.")
def _(image, kernel):
    return signal.correlate2d(np.pad(image, [(k // 2, k // 2) for k in kernel.shape]), kernel[::-1, ::-1], "valid")


@convolve.mistake("That is the border of 'same'. Here all places count: k - 1 zeros on either side.")
def _(image, kernel):
    sides = [((k - 1) // 2, k // 2) for k in kernel.shape]
    return signal.correlate2d(np.pad(image, sides), kernel[::-1, ::-1], "valid")


@convolve.mistake("The border depends on the kernel: k - 1 zeros on either side, not always 1.")
def _(image, kernel):
    return signal.correlate2d(np.pad(image, 1), kernel[::-1, ::-1], "valid")


@convolve.mistake("The border's sides are exchanged: above and below one less than the kernel has rows.")
def _(image, kernel):
    height, width = kernel.shape
    padded = np.pad(image, ((width - 1, width - 1), (height - 1, height - 1)))
    return np.tensordot(sliding_window_view(padded, kernel.shape), kernel[::-1, ::-1], axes=2)


@convolve.mistake("The border is of zeros, not of copies of the edge.")
def _(image, kernel):
    sides = [(k - 1, k - 1) for k in kernel.shape]
    return signal.correlate2d(np.pad(image, sides, mode="edge"), kernel[::-1, ::-1], "valid")


@convolve.mistake("A minus sign before the kernel does not flip it. The minus is in the index: kernel[::-1, ::-1].")
def _(image, kernel):
    return signal.correlate2d(image, -kernel)


convolve.telltale("The border is missing: all places count where the two meet.")(smaller)
convolve.telltale("Too many zeros: at every place at least one pixel lies under the kernel.")(larger)


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
    if slip("For an even k the pixel left over goes behind; some libraries have it in front."):
        front, behind = behind, front
    if slip("That is the border of 'full'."):
        front = behind = k - 1
    return np.pad(image, (front, behind))


@pad_same.mistake("For an even k this is one pixel too few: k - 1 zeros along an axis in all.")
def _(image, k):
    return np.pad(image, (k - 1) // 2)


@pad_same.mistake("The border is of zeros, not of copies of the edge.")
def _(image, k):
    return np.pad(image, ((k - 1) // 2, k // 2), mode="edge")


@pad_same.mistake("All zeros are behind: split them, (k - 1) // 2 in front.")
def _(image, k):
    return np.pad(image, (0, k - 1))


@pad_same.mistake("All zeros are in front: split them, k // 2 behind.")
def _(image, k):
    return np.pad(image, (k - 1, 0))


@pad_same.mistake("Rows are padded, columns are not: both axes need their zeros.")
def _(image, k):
    return np.pad(image, (((k - 1) // 2, k // 2), (0, 0)))


@pad_same.mistake("Columns are padded, rows are not: both axes need their zeros.")
def _(image, k):
    return np.pad(image, ((0, 0), ((k - 1) // 2, k // 2)))


@pad_same.mistake("np.pad takes a pair (before, after) for each axis, not one number for each.")
def _(image, k):
    front, behind = (k - 1) // 2, k // 2
    return np.pad(image, ((front, front), (behind, behind)))


@pad_same.mistake("One zero too many: k - 1 in all along an axis, not k. A valid convolution then gives n.")
def _(image, k):
    return np.pad(image, (k // 2, k - k // 2))


@pad_same.mistake("Far too many: k - 1 zeros in all along an axis, not k on either side.")
def _(image, k):
    return np.pad(image, k)


@pad_same.mistake("The border is of zeros, not of ones.")
def _(image, k):
    return np.pad(image, ((k - 1) // 2, k // 2), constant_values=1)


@pad_same.mistake("The border is of zeros, not of the image's mirror.")
def _(image, k):
    return np.pad(image, ((k - 1) // 2, k // 2), mode="reflect")


@pad_same.mistake("The border is of zeros, not of the other side of the image.")
def _(image, k):
    return np.pad(image, ((k - 1) // 2, k // 2), mode="wrap")


@pad_same.mistake("Does np.pad get whole numbers? Split with //, not with /.")
def _(image, k):
    return np.pad(image, (k - 1) / 2)


@pad_same.mistake("Padding makes the image larger. It is the convolution afterwards that brings it back to its size.")
def _(image, k):
    return pad_same.reference(image, k)[: image.shape[0], : image.shape[1]]
