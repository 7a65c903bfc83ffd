"""The exercises of lesson 9.3, Pooling."""

import numpy as np

from . import exercise

IMAGE = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
EVEN = IMAGE[:, :4]
NEGATIVE = EVEN - 10
TIES = np.array([[2, 2, 0, 1], [2, 2, 1, 0]])
WIDE = np.hstack([EVEN, EVEN[:, :2] / 2])


@exercise((EVEN, 2), (NEGATIVE, 2), (IMAGE, 2), (IMAGE, 3), (WIDE, 2))
def pool(x, k):
    rows = range(0, x.shape[0] - k + 1, k)
    return np.array([[max(x[p : p + k, q : q + k].flat) for q in range(0, x.shape[1] - k + 1, k)] for p in rows])


@pool.mistake("These windows overlap: they should move by k, not by 1.")
def _(x, k):
    return np.lib.stride_tricks.sliding_window_view(x, (k, k)).max(axis=(2, 3))


@pool.mistake("The reshape mixes rows and columns: each window needs k neighbouring rows and k neighbouring columns.")
def _(x, k):
    P, Q = x.shape[0] // k, x.shape[1] // k
    return x[: P * k, : Q * k].reshape(P, Q, k, k).max(axis=(2, 3))


@pool.mistake("Maxima of negative numbers came out as 0: nothing may be padded with zeros, nor clipped.")
def _(x, k):
    return np.maximum(pool.reference(x, k), 0)


@pool.mistake("What does not fill a window is to be dropped, not padded.")
def _(x, k):
    rows, columns = (range(0, size, k) for size in x.shape)
    return np.array([[x[p : p + k, q : q + k].max() for q in columns] for p in rows])


GRAD = np.array([[1.5, 20.0], [300.0, 4000.0]])


@exercise((GRAD, EVEN, 2), (GRAD, NEGATIVE, 2), (GRAD[:1], TIES, 2))
def pool_backward(grad, x, k):
    grad_x, bump = np.zeros(x.shape), 1e-5
    earlier = -1e-3 * np.arange(x.size).reshape(x.shape)  # breaks ties in favour of the first
    for place in np.ndindex(x.shape):
        raised = x + earlier
        raised[place] += bump
        slope = (pool.reference(raised, k) - pool.reference(x + earlier, k)) / bump
        grad_x[place] = np.sum(grad * (slope > 0.5))
    return grad_x


@pool_backward.mistake("Where pixels tie, only the first one gets the gradient.")
def _(grad, x, k):
    spread = np.repeat(np.repeat(grad, k, axis=0), k, axis=1)
    return spread * (x == np.repeat(np.repeat(pool.reference(x, k), k, axis=0), k, axis=1))


@pool_backward.mistake("Where pixels tie, it is the first one that gets the gradient, not the last.")
def _(grad, x, k):
    return pool_backward.reference(grad[::-1, ::-1], x[::-1, ::-1], k)[::-1, ::-1]


@pool_backward.mistake("The fractions are lost: np.zeros_like(x) is an array of integers where x is one.")
def _(grad, x, k):
    return np.trunc(pool_backward.reference(grad, x, k))


@pool_backward.mistake("That is the gradient of the mean: the maximum sends it all to one pixel.")
def _(grad, x, k):
    return np.repeat(np.repeat(grad, k, axis=0), k, axis=1) / k**2


@pool_backward.mistake("The place of the maximum is right, but the upstream gradient is missing.")
def _(grad, x, k):
    return pool_backward.reference(np.ones_like(grad), x, k)


@exercise((EVEN, 2), (IMAGE, 2), (IMAGE, 3), (np.arange(49.0).reshape(7, 7), 3))
def grid_mean(x, cells):
    rows, columns = (_cuts(size, cells) for size in x.shape)
    return np.array([[x[a:b, c:d].sum() / ((b - a) * (d - c)) for c, d in columns] for a, b in rows])


def _cuts(size, cells):
    """(start, stop) of parts as equal as possible, the longer ones first."""
    lengths = [size // cells + (part < size % cells) for part in range(cells)]
    return [(sum(lengths[:part]), sum(lengths[: part + 1])) for part in range(cells)]


@grid_mean.mistake("The last rows and columns are lost: parts may differ by one pixel, but none may be left out.")
def _(x, cells):
    height, width = x.shape[0] // cells, x.shape[1] // cells
    return np.array(
        [
            [x[p * height : (p + 1) * height, q * width : (q + 1) * width].mean() for q in range(cells)]
            for p in range(cells)
        ]
    )


@grid_mean.mistake("That is the maximum of each part.")
def _(x, cells):
    rows, columns = (_cuts(size, cells) for size in x.shape)
    return np.array([[x[a:b, c:d].max() for c, d in columns] for a, b in rows])


@grid_mean.mistake("That is the sum of each part; divide by its number of pixels.")
def _(x, cells):
    rows, columns = (_cuts(size, cells) for size in x.shape)
    return np.array([[x[a:b, c:d].sum() for c, d in columns] for a, b in rows])


@exercise((6, 3, 2, False), (6, 3, 2, True), (7, 3, 2, True), (4, 1, 3, True), (5, 2, 3, False), (4, 2, 4, True))
def windows_of(n, k, stride, ceil_mode):
    starts = range(0, n, stride)
    complete = sum(start + k <= n for start in starts)
    reaches_end = complete and (complete - 1) * stride + k >= n
    return complete + (ceil_mode and not reaches_end and complete * stride < n)


@windows_of.mistake("With ceil_mode a last window may hang over: round up.")
def _(n, k, stride, ceil_mode):
    return (n - k) // stride + 1


@windows_of.mistake(
    "No window may begin beyond the image: with a stride larger than k, rounding up can be one too many."
)
def _(n, k, stride, ceil_mode):
    return (-(-(n - k) // stride) if ceil_mode else (n - k) // stride) + 1


@windows_of.mistake("Count the first window, too.")
def _(n, k, stride, ceil_mode):
    return windows_of.reference(n, k, stride, ceil_mode) - 1


G = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])


@exercise((G, 2), (np.outer([1, -2], [3, 4, 5]), 2), (G[:2], 3))
def tie(G, k):
    return np.array([sum(G[row, row + tap] for row in range(len(G))) for tap in range(k)])


@tie.mistake("A tied weight gets the sum of the gradients of its places, not their mean.")
def _(G, k):
    return tie.reference(G, k) / len(G)


@tie.mistake("Those are columns: weight number t stands one column further right in each row.")
def _(G, k):
    return G.sum(axis=0)[:k]


@tie.mistake("The weights come out in reverse: weight 0 stands on the main diagonal.")
def _(G, k):
    return tie.reference(G, k)[::-1]


@tie.mistake("That is one place of each weight; it stands in every row.")
def _(G, k):
    return G[0, :k]


@exercise((EVEN,), (NEGATIVE,), (IMAGE,), (WIDE,))
def by_mean(x):
    rows, columns = (range(0, size - 1, 2) for size in x.shape)
    return np.array([[sum(x[p : p + 2, q : q + 2].flat) / 4 for q in columns] for p in rows])


@by_mean.mistake("That is the sum of each window; divide by its four pixels.")
def _(x):
    return 4 * by_mean.reference(x)


@by_mean.mistake("That is the maximum of each window.")
def _(x):
    return pool.reference(x, 2)


@by_mean.mistake("These windows overlap: they should move by 2, not by 1.")
def _(x):
    return np.lib.stride_tricks.sliding_window_view(x, (2, 2)).mean(axis=(2, 3))
