"""The exercises of lesson 9.3, Pooling."""

from itertools import pairwise

import numpy as np

from . import exercise
from .telltales import misshapen

IMAGE = np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
EVEN = IMAGE[:, :4]
NEGATIVE = EVEN - 10
TIES = np.array([[2, 2, 0, 1], [2, 2, 1, 0]])
WIDE = np.hstack([EVEN, IMAGE[:, ::-1] / 2])


def cut(x, k, step, overhang=0):
    """Return the windows of k x k pixels that begin every `step`, as rows of arrays."""
    rows, columns = (range(0, n - k + 1 + overhang, step) for n in x.shape)
    return [[x[p : p + k, q : q + k] for q in columns] for p in rows]


def of_each(function, windows):
    """Return an array with the function's value of each window."""
    return np.array([[function(window) for window in row] for row in windows])


@exercise(
    {"windows that touch": (EVEN, 2, 2), "negative numbers": (NEGATIVE, 2, 2)},
    {"windows that overlap": (IMAGE, 2, 1), "stride 2": (WIDE, 3, 2), "gaps between windows": (WIDE, 2, 3)},
)
def max_pool(x, k, stride):
    P, Q = (len(range(0, n - k + 1, stride)) for n in x.shape)
    return np.max([x[i::stride, j::stride][:P, :Q] for i in range(k) for j in range(k)], axis=0)


@max_pool.slips
def _(slip, x, k, stride):
    step = stride
    if slip("Windows begin every `stride` pixels. Yours begin every pixel."):
        step = 1
    elif slip("Windows begin every `stride` pixels. Yours begin every k pixels."):
        step = k
    overhang = k - 1 if slip("Drop pixels that do not fill a window.") else 0
    P, Q = (len(range(0, n - k + 1, stride)) for n in x.shape)
    if slip("The number of windows is right, but window (p, q) begins at pixel (p * stride, q * stride)."):
        windows = [row[:Q] for row in cut(x, k, 1)[:P]]
    elif slip("A window is k pixels wide, whatever the stride."):
        windows = [row[:Q] for row in cut(x, stride, stride)[:P]]
    else:
        windows = cut(x, k, step, overhang)
    if slip("The last row or column of windows is missing: a window may begin at n - k, with n - k included."):
        windows = [row[: len(range(0, x.shape[1] - k, step))] for row in windows[: len(range(0, len(x) - k, step))]]
    answer = np.max
    if slip("That is the mean of each window."):
        answer = np.mean
    result = of_each(answer, windows)
    if slip("Maxima of negative numbers came out as 0: start with the window's pixels, not with 0."):
        return result.clip(0)
    return result


@max_pool.mistake("That is the largest pixel of the whole image. Take the largest of each window.")
def _(x, k, stride):
    return x.max()


def pooled(function, cut_out, kind=float):
    """Return a max_pool with another function of the window, or another way to cut it out of x."""

    def wrong(x, k, stride):
        result = np.zeros(max_pool.reference(x, k, stride).shape, kind)
        for p, q in np.ndindex(result.shape):
            result[p, q] = function(cut_out(x, p, q, k, stride))
        return result

    return wrong


def window_at(x, p, q, k, stride):
    return x[p * stride : p * stride + k, q * stride : q * stride + k]


max_pool.mistake("That is the smallest pixel of each window, not the largest.")(pooled(np.min, window_at))
max_pool.mistake("That is the sum of each window. Take its largest pixel.")(pooled(np.sum, window_at))
max_pool.mistake("argmax tells where the largest pixel is. Its value is asked for: max.")(pooled(np.argmax, window_at))
max_pool.mistake("Signs count: a pixel of -9 is smaller than one of -1. Take the maximum without absolute values.")(
    pooled(lambda window: np.abs(window).max(), window_at)
)
max_pool.mistake("Has each window k x k pixels, start : start + k? And y[p, q] takes one number of it: window.max().")(
    pooled(lambda window: window, window_at)
)
max_pool.mistake("The window is a pixel too large: start : start + k has k pixels already.")(
    pooled(np.max, lambda x, p, q, k, stride: x[p * stride : p * stride + k + 1, q * stride : q * stride + k + 1])
)
max_pool.mistake("A window ends k pixels after it begins: p * stride : p * stride + k, not p * stride : p + k.")(
    pooled(np.max, lambda x, p, q, k, stride: x[p * stride : p + k, q * stride : q + k])
)
max_pool.mistake("Rows and columns are exchanged: p counts rows of windows and comes first.")(
    pooled(np.max, lambda x, p, q, k, stride: window_at(x, q, p, k, stride))
)
max_pool.mistake("Window (p, q) begins at pixel (p * stride, q * stride), not at (p * k, q * k).")(
    pooled(np.max, lambda x, p, q, k, stride: x[p * k : p * k + k, q * k : q * k + k])
)
max_pool.mistake("The window has one column only: q needs a slice as well, q * stride : q * stride + k.")(
    pooled(np.max, lambda x, p, q, k, stride: x[p * stride : p * stride + k, q * stride])
)
max_pool.mistake("That is the first pixel of each window, every stride-th. Take the largest.")(
    pooled(np.max, lambda x, p, q, k, stride: x[p * stride, q * stride])
)


@max_pool.mistake("Rows and columns are exchanged: p counts rows of windows and comes first.")
def _(x, k, stride):
    return max_pool.reference(x, k, stride).T


@max_pool.mistake("y has a place per window, not per pixel: the window that begins at row p * stride goes to row p.")
def _(x, k, stride):
    result = np.zeros(max_pool.reference(x, k, stride).shape)
    for i in range(0, len(x) - k + 1, stride):
        for j in range(0, x.shape[1] - k + 1, stride):
            result[i, j] = x[i : i + k, j : j + k].max()
    return result


@max_pool.mistake("Only the first row is filled: `return` stands inside the outer loop. It belongs after both.")
def _(x, k, stride):
    result = max_pool.reference(x, k, stride).astype(float)
    result[1:] = 0
    return result


@max_pool.telltale("There is one row of maxima per row of windows: return a 2-D array.")
def _(answers, wanted):
    return all(answer.ndim != 2 for answer in answers)


@max_pool.telltale("Rows and columns have sizes of their own: x need not be square.")
def _(answers, wanted):
    return all(len(set(answer.shape)) == 1 for answer in answers)


@max_pool.telltale("The number of windows is wrong: (n - k) // stride + 1 fit along an axis.")
def _(answers, wanted):
    return misshapen(answers, wanted)


@max_pool.mistake("The window is a pixel short: a slice of k pixels ends before its first pixel + k.")
def _(x, k, stride):
    P, Q = max_pool.reference(x, k, stride).shape
    windows = [row[:Q] for row in cut(x, k - 1, stride)[:P]]
    return of_each(np.max, windows)


def upstream(*shape):
    """Return gradients that all differ, so that each sum tells what it is made of."""
    return 2.0 ** np.arange(np.prod(shape)).reshape(shape) + 0.5


@exercise(
    {"windows that touch": (upstream(2, 2), EVEN, 2, 2), "negative numbers": (upstream(2, 2), NEGATIVE, 2, 2)},
    {"windows that overlap": (upstream(3, 4), IMAGE, 2, 1), "stride 2": (upstream(1, 2), IMAGE, 3, 2)},
    {"pixels that tie": (upstream(1, 2), TIES, 2, 2)},
)
def max_pool_backward(grad, x, k, stride):
    grad_x, bump = np.zeros(x.shape), 1e-5
    earlier = -1e-3 * np.arange(x.size).reshape(x.shape)  # breaks ties in favour of the first
    for place in np.ndindex(x.shape):
        raised = x + earlier
        raised[place] += bump
        slope = (max_pool.reference(raised, k, stride) - max_pool.reference(x + earlier, k, stride)) / bump
        grad_x[place] = np.sum(grad * (slope > 0.5))
    return grad_x


@max_pool_backward.slips
def _(slip, grad, x, k, stride):
    if slip("The place of the maximum is right, but the gradient from above is missing."):
        grad = np.ones_like(grad)
    first_pixel = slip("Each window's gradient went to its first pixel. It goes to the largest: see `argmax`.")
    ties, last = slip("Where pixels tie, only the first one gets the gradient."), False
    if not ties:
        last = slip("Where pixels tie, it is the first one that gets the gradient, not the last.")
    unmoved = slip("Window (p, q) begins at pixel (p * stride, q * stride).")
    overwritten = slip("A pixel can win several windows: add their gradients (+=), do not overwrite.")
    evenly = slip("That is the gradient of the mean: the maximum sends it all to one pixel.")
    grad_x = np.zeros(x.shape)
    for place in np.ndindex(grad.shape):
        p, q = np.multiply(place, 1 if unmoved else stride)
        window = x[p : p + k, q : q + k]
        winners = np.flatnonzero(window == window.max())
        chosen = winners if ties else winners[-1:] if last else winners[:1]
        if first_pixel:
            chosen = np.array([0])
        if evenly:
            grad_x[p : p + k, q : q + k] += grad[place] / k**2
        elif overwritten:
            grad_x[p + chosen // k, q + chosen % k] = grad[place]
        else:
            grad_x[p + chosen // k, q + chosen % k] += grad[place]
    return grad_x


@max_pool_backward.mistake("argmax tells the place within the window: add p * stride and q * stride.")
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        window = x[p * stride : p * stride + k, q * stride : q * stride + k]
        grad_x[np.unravel_index(np.argmax(window), window.shape)] += grad[p, q]
    return grad_x


def at_the_winners(grad, x, k, stride, value, kind=float, transposed=False):
    """Return an array with value(grad of the window, its maximum) added at the winner of each window."""
    result = np.zeros(x.shape, kind)
    for p, q in np.ndindex(grad.shape):
        window = x[p * stride : p * stride + k, q * stride : q * stride + k]
        place = np.unravel_index(np.argmax(window), window.shape)[:: -1 if transposed else 1]
        result[p * stride + place[0], q * stride + place[1]] += kind(value(grad[p, q], window.max()))
    return result


@max_pool_backward.mistake(
    "The fractions are lost: x holds integers, so `zeros_like(x)` does, too. Use np.zeros(x.shape)."
)
def _(grad, x, k, stride):
    return at_the_winners(grad, x, k, stride, lambda slope, largest: slope, int)


@max_pool_backward.mistake("The slope of the maximum with respect to its winner is 1: pass the gradient on as it is.")
def _(grad, x, k, stride):
    return at_the_winners(grad, x, k, stride, lambda slope, largest: slope * largest)


@max_pool_backward.mistake("Those are the maxima themselves. The winner gets the gradient, `grad[p, q]`.")
def _(grad, x, k, stride):
    return at_the_winners(grad, x, k, stride, lambda slope, largest: largest)


@max_pool_backward.mistake("Row and column of the winner are exchanged: np.unravel_index gives the row first.")
def _(grad, x, k, stride):
    return at_the_winners(grad, x, k, stride, lambda slope, largest: slope, transposed=True)


@max_pool_backward.mistake("A later window wipes out an earlier one: add (+=) to the slice, do not assign to it.")
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        part = np.s_[p * stride : p * stride + k, q * stride : q * stride + k]
        grad_x[part] = grad[p, q] * (x[part] == x[part].max())
    return grad_x


@max_pool_backward.mistake("Window (p, q) begins at pixel (p * stride, q * stride), not at (p * k, q * k).")
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        window = x[p * stride : p * stride + k, q * stride : q * stride + k]
        i, j = np.unravel_index(np.argmax(window), window.shape)
        grad_x[p * k + i, q * k + j] += grad[p, q]
    return grad_x


def sent(pick, factor=0.0):
    """Return a max_pool_backward that starts from factor * x and sends each gradient where `pick` says."""

    def wrong(grad, x, k, stride):
        grad_x = factor * x
        for p, q in np.ndindex(grad.shape):
            i, j = np.unravel_index(pick(window_at(x, p, q, k, stride)), (k, k))
            grad_x[p * stride + i, q * stride + j] += grad[p, q]
        return grad_x

    return wrong


max_pool_backward.mistake("The smallest pixel of each window got the gradient: argmax, not argmin.")(sent(np.argmin))
max_pool_backward.mistake("Take argmax of the window itself, without absolute values: -9 is smaller than -1.")(
    sent(lambda window: np.argmax(np.abs(window)))
)
max_pool_backward.mistake("Start from zeros: a copy of x has x in the result.")(sent(np.argmax, factor=1.0))


@max_pool_backward.mistake(
    "An equal pixel elsewhere is no winner: look for the maximum within its window, not in all of x."
)
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        grad_x[x == window_at(x, p, q, k, stride).max()] += grad[p, q]
    return grad_x


@max_pool_backward.mistake("Each window's gradient went to all its pixels. It goes to the largest alone.")
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        window_at(grad_x, p, q, k, stride)[:] += grad[p, q]
    return grad_x


@max_pool_backward.mistake("The winner gets the whole gradient: a share of 1 / k**2 belongs to the mean.")
def _(grad, x, k, stride):
    return max_pool_backward.reference(grad, x, k, stride) / k**2


@max_pool_backward.mistake(
    "argmax counts pixels one by one: np.unravel_index(number, window.shape) makes row and column of it."
)
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        number = window_at(x, p, q, k, stride).argmax()
        grad_x[p * stride + number, q * stride + number] += grad[p, q]
    return grad_x


@max_pool_backward.mistake("argmax counts within the window. Add the place where the window begins.")
def _(grad, x, k, stride):
    grad_x = np.zeros(x.size)
    for p, q in np.ndindex(grad.shape):
        grad_x[window_at(x, p, q, k, stride).argmax()] += grad[p, q]
    return grad_x.reshape(x.shape)


@max_pool_backward.mistake("np.unravel_index wants the shape in which argmax has counted: the window's, not that of x.")
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        i, j = np.unravel_index(window_at(x, p, q, k, stride).argmax(), x.shape)
        grad_x[p * stride + i, q * stride + j] += grad[p, q]
    return grad_x


@max_pool_backward.mistake("The result has the shape of x, not of grad: np.zeros(x.shape).")
def _(grad, x, k, stride):
    grad_x = np.zeros(grad.shape)
    for p, q in np.ndindex(grad.shape):
        i, j = np.unravel_index(window_at(x, p, q, k, stride).argmax(), (k, k))
        grad_x[p * stride + i, q * stride + j] += grad[p, q]
    return grad_x


@max_pool_backward.mistake("There is no ReLU here: a winner gets the gradient even if it is negative.")
def _(grad, x, k, stride):
    return max_pool_backward.reference(grad, x, k, stride) * (x > 0)


@max_pool_backward.mistake("Only the first row of windows has sent anything: `return` belongs after both loops.")
def _(grad, x, k, stride):
    return max_pool_backward.reference(grad * (np.arange(len(grad)) == 0)[:, None], x, k, stride)


@max_pool_backward.mistake("Rows and columns are exchanged: p counts rows of windows and comes first.")
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        window = window_at(x, q, p, k, stride)
        i, j = np.unravel_index(window.argmax(), window.shape)
        grad_x[q * stride + i, p * stride + j] += grad[p, q]
    return grad_x


@max_pool_backward.mistake("Window (p, q) begins at pixel (p * stride, q * stride), not at (p * k, q * k).")
def _(grad, x, k, stride):
    grad_x = np.zeros(x.shape)
    for p, q in np.ndindex(grad.shape):
        window = window_at(x, p, q, k, k)
        i, j = np.unravel_index(window.argmax(), window.shape)
        grad_x[p * k + i, q * k + j] += grad[p, q]
    return grad_x


@max_pool_backward.mistake("Rows and columns of the result are exchanged.")
def _(grad, x, k, stride):
    return max_pool_backward.reference(grad, x, k, stride).T


@max_pool_backward.mistake("Everything is 0: each window adds its gradient at the place of its maximum.")
def _(grad, x, k, stride):
    return np.zeros(x.shape)


@max_pool_backward.telltale("Return the gradient with respect to x: it has the shape of x.")
def _(answers, wanted):
    return misshapen(answers, wanted)


@exercise({"even": (EVEN, 2), "odd width": (IMAGE, 2)}, (IMAGE, 3), (np.arange(49.0).reshape(7, 7) % 10, 3))
def grid_max(x, cells):
    rows, columns = (_parts(size, cells) for size in x.shape)
    return np.array([[x[np.ix_(row, column)].max() for column in columns] for row in rows])


def _parts(size, cells):
    """Return the places of parts as equal as possible, the longer ones first."""
    lengths = [len(range(part, size, cells)) for part in range(cells)]
    part_of = np.repeat(range(cells), lengths)
    return [np.flatnonzero(part_of == part) for part in range(cells)]


@grid_max.slips
def _(slip, x, cells):
    if slip("The last rows and columns are lost: parts may differ by a pixel, but take them all."):
        height, width = np.array(x.shape) // cells * cells
        x = x[:height, :width]
    answer = np.max
    if slip("That is the mean of each part."):
        answer = np.mean
    longer_last = slip("The longer parts come first.")
    edges = [np.array([size * part // cells for part in range(cells + 1)]) for size in x.shape]
    if not longer_last:
        edges = [-edge[::-1] + edge[-1] for edge in edges]
    rows, columns = ([slice(a, b) for a, b in pairwise(edge)] for edge in edges)
    if slip("`cells` is the number of parts along an axis, not their size."):
        return of_each(answer, cut(x, cells, cells))
    if slip("Cut both axes: the columns, too."):
        return np.array([answer(x[row]) for row in rows])
    return np.array([[answer(x[row, column]) for column in columns] for row in rows])


@grid_max.mistake("The strips are cut a second time along the same axis: use axis=1 for the columns.")
def _(x, cells):
    return np.array([[part.max() for part in np.array_split(strip, cells)] for strip in np.array_split(x, cells)])


def of_parts(x, rows, columns):
    """Return the maximum of each part; rows and columns are lists of (first, end)."""
    return np.array([[x[a:b, c:d].max() for c, d in columns] for a, b in rows])


@grid_max.mistake(
    "What is left over went to the last part. Parts are as equal as possible: they differ by one pixel at most."
)
def _(x, cells):
    return of_parts(x, *([*pairwise([*range(0, cells * (n // cells), n // cells), n])] for n in x.shape))


@grid_max.mistake("Parts of ceil(n / cells) pixels leave too few for the last, or none: see np.array_split.")
def _(x, cells):
    sizes = [-(-n // cells) for n in x.shape]
    return of_parts(x, *([(part * size, (part + 1) * size) for part in range(cells)] for size in sizes))


@grid_max.mistake(
    "These parts overlap, as in PyTorch's adaptive pooling. Here each pixel belongs to one part: np.array_split."
)
def _(x, cells):
    return of_parts(x, *([(n * p // cells, -(-n * (p + 1) // cells)) for p in range(cells)] for n in x.shape))


@grid_max.mistake("np.split insists on equal parts. np.array_split lets them differ by a pixel.")
def _(x, cells):
    return of_parts(x, *([(part[0], part[-1] + 1) for part in np.split(np.arange(n), cells)] for n in x.shape))


@grid_max.mistake("That is the smallest pixel of each part, not the largest.")
def _(x, cells):
    return -grid_max.reference(-x, cells)


@grid_max.mistake("One maximum per part: part.max() without an axis.")
def _(x, cells):
    return [[part.max(axis=0) for part in np.array_split(strip, cells, axis=1)] for strip in np.array_split(x, cells)]


@grid_max.mistake("That is the maximum of each column of a strip: cut the strips along axis 1 as well.")
def _(x, cells):
    return np.array([strip.max(axis=0) for strip in np.array_split(x, cells)])


@grid_max.telltale("Return a 2-D array: one row of maxima per row of parts.")
def _(answers, wanted):
    return all(answer.ndim != 2 for answer in answers)


@exercise(
    {"without ceil_mode": (6, 3, 2, False), "with ceil_mode": (6, 3, 2, True)},
    (7, 3, 2, True),
    (4, 1, 3, True),
    (5, 2, 3, False),
    {"a pixel left over": (7, 3, 3, True), "two pixels left over": (8, 3, 3, False)},
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


@windows_of.mistake("With ceil_mode round up always, without it down: `round` goes to the nearest.")
def _(n, k, stride, ceil_mode):
    return round((n - k) / stride) + 1 if ceil_mode else (n - k) // stride + 1


@windows_of.mistake("There is one window more only if pixels are left over, and if it may begin within the image.")
def _(n, k, stride, ceil_mode):
    return (n - k) // stride + 1 + ceil_mode


@windows_of.mistake(
    "Not every stride-th pixel begins a window: the last window hangs over only if the one before ends too early."
)
def _(n, k, stride, ceil_mode):
    return len(range(0, n, stride)) if ceil_mode else (n - k) // stride + 1


@windows_of.mistake(
    "The kernel is missing: from the first pixel to the place of the last window there are n - k steps."
)
def _(n, k, stride, ceil_mode):
    return -(-n // stride) if ceil_mode else n // stride


@windows_of.mistake("A window may begin at n - k, with n - k included; and `ceil_mode` is not used.")
def _(n, k, stride, ceil_mode):
    return len(range(0, n - k, stride))


@windows_of.mistake("The other way round: ceil_mode rounds up, and without it the rest is dropped.")
def _(n, k, stride, ceil_mode):
    return (n - k) // stride + 1 if ceil_mode else -(-(n - k) // stride) + 1


@windows_of.mistake("A number of windows is whole: round down, or up with ceil_mode.")
def _(n, k, stride, ceil_mode):
    return (n - k) / stride + 1


@windows_of.mistake("Are pixels left over? Look at (n - k) % stride: the first window needs k pixels, not `stride`.")
def _(n, k, stride, ceil_mode):
    return (n - k) // stride + 1 + (ceil_mode and n % stride > 0)


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


@tie.mistake("Those diagonals lie below the main one. Weight t stands t columns further to the right: offset=t.")
def _(G, k):
    return np.array([np.trace(G, offset=-tap) for tap in range(k)])


@tie.mistake("Weight 0 stands on the main diagonal: the offset of weight t is t, not t + 1.")
def _(G, k):
    return np.array([np.trace(G, offset=tap + 1) for tap in range(k)])


@tie.mistake("Those are the diagonals. A weight collects from all its places: add each one up.")
def _(G, k):
    return np.array([np.diagonal(G, tap) for tap in range(k)])


@tie.mistake("There are k weights: diagonals further to the right hold zeros that are not weights.")
def _(G, k):
    return np.array([np.trace(G, offset=tap) for tap in range(G.shape[1])])


@tie.mistake("Each weight has a gradient of its own: return the k sums, not their sum.")
def _(G, k):
    return tie.reference(G, k).sum()


@tie.mistake("That is a gradient for the matrix. There are only k weights: one sum for each diagonal.")
def _(G, k):
    return sum(np.eye(*G.shape, k=tap) * G for tap in range(k))


@tie.mistake("That is a gradient for the matrix. There are only k weights: one sum for each diagonal.")
def _(G, k):
    return sum(np.eye(*G.shape, k=tap) * np.trace(G, offset=tap) for tap in range(k))


@tie.mistake("Those are sums of rows. Weight t stands in row p at column p + t: add up along diagonals.")
def _(G, k):
    return G.sum(axis=1)[:k]


@tie.mistake("A weight stands in every row of G, not in the first k rows alone.")
def _(G, k):
    return np.array([np.trace(G[:k, :k], offset=tap) for tap in range(k)])


@exercise((EVEN,), {"negative numbers": (NEGATIVE,), "odd width": (IMAGE,)}, (WIDE,))
def by_mean(z):
    P, Q = z.shape[0] // 2, z.shape[1] // 2
    return sum(z[i::2, j::2][:P, :Q] for i in range(2) for j in range(2)) / 4


@by_mean.slips
def _(slip, z):
    windows = cut(z, 2, step=2)
    if slip("These windows overlap: they should move by 2, not by 1."):
        windows = cut(z, 2, step=1)
    answer = np.mean
    if slip("That is the sum of each window; divide by its four pixels."):
        answer = np.sum
    if slip("That is the maximum of each window."):
        answer = np.max
    return of_each(answer, windows)


@by_mean.mistake("With an odd width this does not fit: first cut off what does not fill a window.")
def _(z):
    return (z[::2, ::2] + z[1::2, ::2] + z[::2, 1::2] + z[1::2, 1::2]) / 4


@by_mean.mistake("Python divides before it adds: put brackets around the four slices.")
def _(z):
    height, width = z.shape[0] // 2 * 2, z.shape[1] // 2 * 2
    z = z[:height, :width]
    return z[::2, ::2] + z[1::2, ::2] + z[::2, 1::2] + z[1::2, 1::2] / 4


@by_mean.mistake("That is the mean over windows. Average within each: the last two axes, axis=(2, 3).")
def _(z):
    return np.mean(cut(z, 2, step=2), axis=(0, 1))


@by_mean.mistake("A window has two axes: average over both, axis=(2, 3).")
def _(z):
    return np.mean(cut(z, 2, step=2), axis=2)


@by_mean.mistake("A window has two axes: average over both, axis=(2, 3).")
def _(z):
    return np.mean(cut(z, 2, step=2), axis=3)


@by_mean.mistake("One mean for each window, not one for the whole map: axis=(2, 3).")
def _(z):
    return np.mean(cut(z, 2, step=2))


@by_mean.mistake("That takes one pixel of each window. Take the mean of all four.")
def _(z):
    return z[::2, ::2]


@by_mean.mistake("Those are two of the four pixels, on the diagonal. A window has four.")
def _(z):
    return of_each(lambda window: np.diagonal(window).mean(), cut(z, 2, step=2))


@by_mean.mistake("A window has four pixels: divide by 4, not by 2.")
def _(z):
    return 2 * by_mean.reference(z)


@by_mean.mistake(
    "That cuts the rows into runs of 4. A window takes two pixels of two rows: reshape to (P, 2, Q, 2), axis=(1, 3)."
)
def _(z):
    P, Q = z.shape[0] // 2, z.shape[1] // 2
    return z[: 2 * P, : 2 * Q].reshape(P, Q, 2, 2).mean(axis=(2, 3))
