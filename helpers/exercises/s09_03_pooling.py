"""The exercises of lesson 9.3, Pooling."""

import numpy as np

from . import exercise

IMAGE = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
EVEN = IMAGE[:, :4]
NEGATIVE = EVEN - 10
TIES = np.array([[2, 2, 0, 1], [2, 2, 1, 0]])
WIDE = np.hstack([EVEN, EVEN[:, :2] / 2])


def cut(x, k, step, overhang=0):
    """Return the windows of k x k pixels that begin every `step`, as rows of arrays."""
    rows, columns = (range(0, n - k + 1 + overhang, step) for n in x.shape)
    return [[x[p : p + k, q : q + k] for q in columns] for p in rows]


def of_each(function, windows):
    """Return an array with the function's value of each window."""
    return np.array([[function(window) for window in row] for row in windows])


@exercise(
    {"even image": (EVEN, 2), "negative numbers": (NEGATIVE, 2), "odd width": (IMAGE, 2)},
    (IMAGE, 3),
    (WIDE, 2),
)
def pool(x, k):
    P, Q = x.shape[0] // k, x.shape[1] // k
    return np.max([x[i::k, j::k][:P, :Q] for i in range(k) for j in range(k)], axis=0)


@pool.slips
def _(slip, x, k):
    step = 1 if slip("These windows overlap: they should move by k, not by 1.") else k
    overhang = k - 1 if slip("Drop pixels that do not fill a window; do not pad them.") else 0
    windows = cut(x, k, step, overhang)
    if slip("The reshape mixes rows and columns: a window is k neighbouring rows and columns."):
        P, Q = x.shape[0] // k, x.shape[1] // k
        windows = x[: P * k, : Q * k].reshape(P, Q, k, k)
    largest = of_each(np.max, windows)
    if slip("Maxima of negative numbers came out as 0: pad nothing with zeros, and clip nothing."):
        return largest.clip(0)
    return largest


GRAD = np.array([[1.5, 20.0], [300.0, 4000.0]])


@exercise((GRAD, EVEN, 2), {"negative numbers": (GRAD, NEGATIVE, 2), "ties": (GRAD[:1], TIES, 2)})
def pool_backward(grad, x, k):
    grad_x, bump = np.zeros(x.shape), 1e-5
    earlier = -1e-3 * np.arange(x.size).reshape(x.shape)  # breaks ties in favour of the first
    for place in np.ndindex(x.shape):
        raised = x + earlier
        raised[place] += bump
        slope = (pool.reference(raised, k) - pool.reference(x + earlier, k)) / bump
        grad_x[place] = np.sum(grad * (slope > 0.5))
    return grad_x


@pool_backward.slips
def _(slip, grad, x, k):
    if slip("That is the gradient of the mean: the maximum sends it all to one pixel."):
        return np.kron(grad, np.ones((k, k))) / k**2
    if slip("The place of the maximum is right, but the upstream gradient is missing."):
        grad = np.ones_like(grad)
    grad_x = np.zeros(x.shape)
    for place in np.ndindex(grad.shape):
        p, q = np.multiply(place, k)
        window = x[p : p + k, q : q + k]
        winners = np.flatnonzero(window == window.max())
        chosen = winners[:1]
        if slip("Where pixels tie, only the first one gets the gradient."):
            chosen = winners
        if slip("Where pixels tie, it is the first one that gets the gradient, not the last."):
            chosen = winners[-1:]
        grad_x[p + chosen // k, q + chosen % k] = grad[place]
    return grad_x


@exercise((EVEN, 2), {"odd width": (IMAGE, 2)}, (IMAGE, 3), (np.arange(49.0).reshape(7, 7), 3))
def grid_mean(x, cells):
    rows, columns = (_parts(size, cells) for size in x.shape)
    return np.array([[x[np.ix_(row, column)].mean() for column in columns] for row in rows])


def _parts(size, cells):
    """Return the places of parts as equal as possible, the longer ones first."""
    lengths = [len(range(part, size, cells)) for part in range(cells)]
    part_of = np.repeat(range(cells), lengths)
    return [np.flatnonzero(part_of == part) for part in range(cells)]


@grid_mean.slips
def _(slip, x, cells):
    if slip("The last rows and columns are lost: parts may differ by a pixel, but take them all."):
        height, width = np.array(x.shape) // cells * cells
        x = x[:height, :width]
    answer = np.mean
    if slip("That is the maximum of each part."):
        answer = np.max
    if slip("That is the sum of each part; divide by its number of pixels."):
        answer = np.sum
    strips = np.array_split(x, cells)
    return of_each(answer, [np.array_split(strip, cells, axis=1) for strip in strips])


@exercise(
    {"without ceil_mode": (6, 3, 2, False), "with ceil_mode": (6, 3, 2, True)},
    (7, 3, 2, True),
    (4, 1, 3, True),
    (5, 2, 3, False),
    {"large stride": (4, 2, 4, True)},
)
def windows_of(n, k, stride, ceil_mode):
    starts = range(0, n, stride)
    complete = sum(start + k <= n for start in starts)
    reaches_end = complete and (complete - 1) * stride + k >= n
    return complete + (ceil_mode and not reaches_end and complete * stride < n)


@windows_of.slips
def _(slip, n, k, stride, ceil_mode):
    steps = (n - k) // stride
    if ceil_mode and not slip("With ceil_mode a last window may hang over: round up."):
        steps = -(-(n - k) // stride)
        beyond = steps * stride >= n
        if not slip("No window may begin beyond the image: rounding up can be one too many."):
            steps -= beyond
    return steps if slip("Count the first window, too.") else steps + 1


G = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])


@exercise((G, 2), (np.outer([1, -2], [3, 4, 5]), 2), (G[:2], 3))
def tie(G, k):
    return np.array([sum(G[row, row + tap] for row in range(len(G))) for tap in range(k)])


@tie.slips
def _(slip, G, k):
    places = [np.diagonal(G, tap) for tap in range(k)]
    if slip("Those are columns: weight number t stands one column further right in each row."):
        places = G.T[:k]
    if slip("That is one place of each weight; it stands in every row."):
        places = G[:1, :k].T
    total = np.sum(places, axis=1)
    if slip("A tied weight gets the sum of the gradients of its places, not their mean."):
        total = np.mean(places, axis=1)
    if slip("The weights come out in reverse: weight 0 stands on the main diagonal."):
        return total[::-1]
    return total


@exercise((EVEN,), {"negative numbers": (NEGATIVE,), "odd width": (IMAGE,)}, (WIDE,))
def by_mean(x):
    P, Q = x.shape[0] // 2, x.shape[1] // 2
    return sum(x[i::2, j::2][:P, :Q] for i in range(2) for j in range(2)) / 4


@by_mean.slips
def _(slip, x):
    windows = cut(x, 2, step=2)
    if slip("These windows overlap: they should move by 2, not by 1."):
        windows = cut(x, 2, step=1)
    answer = np.mean
    if slip("That is the sum of each window; divide by its four pixels."):
        answer = np.sum
    if slip("That is the maximum of each window."):
        answer = np.max
    return of_each(answer, windows)
