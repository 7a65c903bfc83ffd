"""The exercises of lesson 9.12, Train a Convnet."""

from collections import Counter

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import linalg, special

from . import exercise
from .telltales import misshapen

PICTURE = np.arange(1.0, 13.0).reshape(1, 3, 4)
STACK = np.stack([PICTURE[0], 20 + PICTURE[0] ** 1.5, -PICTURE[0]])


@exercise(
    {
        "one image": (PICTURE, np.array([1]), np.array([0])),
        "three images": (STACK, np.array([0, -1, 2]), np.array([1, 1, -2])),
    },
    (STACK[:2, :, :3], np.array([0, -2]), np.array([-1, 0])),
)
def move(images, down, right):
    moved = np.zeros_like(images)
    _, height, width = images.shape
    for n, row, column in np.ndindex(images.shape):
        source = row - down[n], column - right[n]
        if 0 <= source[0] < height and 0 <= source[1] < width:
            moved[n, row, column] = images[n][source]
    return moved


@move.slips
def _(slip, images, down, right):
    if slip("The other way: a window that starts higher sees the image further down."):
        down, right = -down, -right
    if slip("Down and right are exchanged: rows are the batch's second axis, columns the third."):
        down, right = right, down
    if slip("Down is right. To the right it is the other way: the window starts further left."):
        right = -right
    if slip("To the right is right. Down it is the other way: the window starts higher."):
        down = -down
    if slip("They only move down."):
        right = 0 * right
    if slip("They only move to the right."):
        down = 0 * down
    if slip("All images are moved by the first amounts: each has its own."):
        down, right = 0 * down + down[0], 0 * right + right[0]
    most = np.abs([down, right]).max()
    padded = np.pad(images, ((0, 0), (most, most), (most, most)))
    windows = sliding_window_view(padded, images.shape[1:], axis=(1, 2))
    if slip("Moved by d, an image is seen from most - d of the padded batch on, not from d on."):
        return windows[np.arange(len(images)), down, right]
    return windows[np.arange(len(images)), most - down, most - right]


@move.telltale("Pixels from outside are 0: not those that left on the other side, nor the edge.")
def _(answers, wanted):
    pairs = zip(answers, wanted, strict=True)
    return all(np.array_equal(answer[want != 0], want[want != 0]) for answer, want in pairs)


move.telltale("A slice gives each image every move: pair them with np.arange(n).")(misshapen)


TRUE = np.array([4, 4, 4, 9, 9, 1, 7, 7, 7, 7, 3, 3, 5])
SAID = np.array([9, 9, 4, 4, 4, 1, 2, 2, 2, 7, 5, 8, 3])


@exercise(
    (TRUE, SAID, 2),
    (TRUE, SAID, 4),
    {"exchanged": (SAID, TRUE, 6), "reversed": (TRUE[::-1], SAID[::-1], 3)},
    (TRUE[8:], SAID[8:], 4),
)
def most_confused(labels, said, k):
    counts = Counter((int(a), int(b)) for a, b in zip(labels, said, strict=True) if a != b)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return np.array([(*pair, count) for pair, count in ranked[:k]])


@most_confused.slips
def _(slip, labels, said, k):
    if slip("True and said are exchanged, columns and order: true comes first."):
        labels, said = said, labels
    if slip("4 read as 9 and 9 read as 4 are two mistakes: count them separately."):
        labels, said = np.minimum(labels, said), np.maximum(labels, said)
    wrong = labels != said
    if slip("A right answer is not a mistake: leave out the pairs of equal labels."):
        wrong[:] = True
    pairs, counts = np.unique(np.stack([labels, said])[:, wrong], axis=1, return_counts=True)
    if slip("M[labels, said] += 1 counts each pair only once: use np.add.at or np.unique."):
        counts[:] = 1
    order = np.argsort(-counts, kind="stable")
    if slip("These are the rarest: the most frequent come first."):
        order = np.argsort(counts, kind="stable")
    if slip("The first k pairs of the list are not the most frequent: sort by count."):
        order = np.arange(len(counts))
    chosen = order[:k]
    if slip("The right ones, but in the order of their labels: the most frequent comes first."):
        chosen = np.sort(chosen)
    if slip("The columns are exchanged: first the true label, then the predicted one."):
        pairs = pairs[::-1]
    return np.column_stack([*pairs, counts])[chosen]


@most_confused.telltale("These are all of them. Return the first k.")
def _(answers, wanted):
    return any(len(answer) > len(want) for answer, want in zip(answers, wanted, strict=True))


@most_confused.telltale("Sort equal counts by the true label, then by the predicted one.")
def _(answers, wanted):
    return all(np.array_equal(a[:, 2], w[:, 2]) for a, w in zip(answers, wanted, strict=True))


@most_confused.telltale("The count belongs in the last column.")
def _(answers, wanted):
    return all(np.array_equal(a[:, 0], w[:, 2]) for a, w in zip(answers, wanted, strict=True))


# One view is very sure of class 0, two are a little for class 1; then other combinations.
VIEWS = np.array(
    [
        [[9.0, 0.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.5, 0.0], [1.0, 0.0, 0.9]],
        [[0.0, 0.3, 0.2], [0.0, 2.0, 1.0], [1.0, 0.9, 0.0], [1.0, 0.0, 0.9]],
        [[0.0, 0.3, 0.2], [40.0, 1.0, 2.0], [0.0, 3.0, 2.9], [-9.0, 0.0, 3.0]],
    ]
)
LONG_SHOT = np.array([[[20.0, 0.0, -5.0]], [[0.0, 3.0, 1.0]], [[-1.0, 4.0, 0.0]]])


@exercise(
    {"three views": (VIEWS,), "one huge score": (LONG_SHOT,)},
    (VIEWS[1:, :3],),
    (np.concatenate([VIEWS, -0.4 * VIEWS]),),
)
def vote(scores):
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p = odds / odds.sum(axis=-1, keepdims=True)
    return np.array([int(np.argmax(np.sum(p[:, n], axis=0))) for n in range(scores.shape[1])])


@vote.slips
def _(slip, scores):
    if slip("That is what the first view says."):
        scores = scores[:1]
    if slip("That is what the last view says."):
        scores = scores[-1:]
    axis = 2
    if slip("The softmax runs along a wrong axis: the classes are the last one."):
        axis = 0
    if slip("The softmax runs over the images: the classes are the last axis."):
        axis = 1
    if slip("Each view's probabilities must add up to 1: softmax along the last axis alone."):
        axis = None
    p = special.softmax(scores, axis=axis)
    if slip("That is the mean of the scores: a single huge one decides. Softmax, then mean."):
        p = scores
    if slip("That counts which class wins most views: a view that is hardly sure counts as much."):
        p = p == p.max(axis=2, keepdims=True)
    if slip("That is the largest probability of any view. Take the mean over the views."):
        return p.max(axis=0).argmax(axis=1)
    return p.mean(axis=0).argmax(axis=1)


vote.telltale("One class for each image: mean over axis 0, then argmax over classes.")(misshapen)


@vote.telltale("That is the largest mean probability. Return its class: argmax, not max.")
def _(answers, wanted):
    return any(np.any(answer % 1) for answer in answers)


DATA = np.array([[2, 0, 1], [0, 1, 3], [-1, 2, 0.5], [3, 1.5, -1], [1, -2, 2]])


@exercise(
    {"without epsilon": (DATA, 0.0), "with epsilon": (DATA, 0.5)},
    (DATA[:, :2] * [3.0, 1.0], 0.1),
    {"far from 0": (10 + DATA[:4, 1:], 0.01)},
)
def zca(X, epsilon):
    X = X - X.mean(axis=0)
    C = np.cov(X.T, bias=True) + epsilon * np.eye(X.shape[1])
    return X @ linalg.inv(np.real(linalg.sqrtm(C)))


@zca.slips
def _(slip, X, epsilon):
    X = X - X.mean(axis=0)
    n = len(X)
    if slip("Here C is divided by n, not by n - 1."):
        n -= 1
    if slip("C is not divided by n."):
        n = 1
    variances, U = np.linalg.eigh(X.T @ X / n)
    if slip("That divides by the deviations, and leaves columns correlated: use C's eigenvectors."):
        variances, U = X.var(axis=0), np.eye(X.shape[1])
    if slip("U and its transpose are exchanged: eigenvectors are columns of U, so U comes first."):
        U = U.T
    if slip("Epsilon is missing."):
        epsilon = 0
    deviations = np.sqrt(variances + epsilon)
    if slip("Epsilon belongs under the root, added to the eigenvalue."):
        deviations = np.sqrt(variances) + epsilon
    if slip("That divides by the eigenvalues: take their roots."):
        deviations = variances + epsilon
    if slip("That multiplies by the roots of the eigenvalues: divide."):
        deviations = 1 / deviations
    return X @ (U / deviations) @ U.T


@zca.telltale("White, but rotated: after U and the division comes the transpose of U.")
def _(answers, wanted):
    return all(np.allclose(a @ a.T, w @ w.T) for a, w in zip(answers, wanted, strict=True))


@zca.telltale("Each column's mean must come out as 0: subtract it, over axis 0, and for good.")
def _(answers, wanted):
    return any(np.abs(answer.mean(axis=0)).max() > 1e-3 for answer in answers)


POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [5.0, 5.0], [6.0, 5.0], [5.5, 8.0]])
STARTS = np.array([[0.0, 1.0], [5.0, 6.0]])
LINE = np.array([[0.0, 1.0], [1.0, 1.0], [2.5, 1.0], [9.0, 2.0]])


@exercise(
    {
        "two groups": (POINTS, STARTS),
        "a centre without points": (POINTS, np.insert(STARTS, 1, [20.0, -20.0], axis=0)),
        "a tie": (np.array([[0.0, 0], [2, 0], [5, 0]]), np.array([[1.0, 0], [3, 0]])),
    },
    (LINE, LINE[:2]),
    (POINTS[:4] - [1.0, 0.5], np.array([[0.1, 0.1], [9.0, 9.0]])),
    (np.array([[0.0, 0.0], [5.0, 1.0], [3.0, 4.0]]), np.array([[3.0, 3.0], [5.0, 0.0]])),
)
def k_means_step(X, centers):
    groups = [[] for _ in centers]
    for point in X:
        groups[np.argmin([np.linalg.norm(point - center) for center in centers])].append(point)
    pairs = zip(groups, centers, strict=True)
    return np.array([sum(group) / len(group) if group else center for group, center in pairs])


@k_means_step.slips
def _(slip, X, centers):
    distances = ((X[:, None] - centers) ** 2).sum(axis=2)
    if slip("Nearest by distance, not by the product: these points have no common length."):
        distances = -X @ centers.T
    if slip("Nearest by the sum of absolute differences: the usual distance squares them."):
        distances = np.abs(X[:, None] - centers).sum(axis=2)
    if slip("That is the point nearest to each centre. Each point chooses a centre: axis 1."):
        return X[distances.argmin(axis=0)]
    nearest = distances.argmin(axis=1)
    if slip("That gives each point to the farthest centre: argmin, not argmax."):
        nearest = distances.argmax(axis=1)
    if slip("Where two centres are equally near, the first one gets the point."):
        nearest = len(centers) - 1 - distances[:, ::-1].argmin(axis=1)
    moved = centers.copy()
    for k, center in enumerate(centers):
        group = X[nearest == k]
        if slip("Old centre and points are averaged together: average the points alone."):
            group = np.vstack([group, center])
        if len(group):
            total = slip("Those are sums: divide each by the number of its points.")
            moved[k] = group.sum(axis=0) if total else group.mean(axis=0)
        elif slip("A centre that gets nothing stays where it is: do not put it at 0."):
            moved[k] = 0
    return moved


@k_means_step.telltale("A centre that gets nothing stays: the mean of no points is nan.")
def _(answers, wanted):
    return any(np.isnan(answer).any() for answer in answers)


@k_means_step.telltale("Those are the numbers of the nearest centres. Return the new centres.")
def _(answers, wanted):
    return all(answer.ndim == 1 for answer in answers)


k_means_step.telltale("A centre that gets nothing stays where it is: you leave it out.")(misshapen)


@exercise((5, 1.0, 0.0, 0.0), (4, 0.7, 0.5, 1.1), (3, 2.0, -1.0, 2.5), (6, 0.4, 1.2, -0.6))
def wave(size, f, phi, tau):
    places = range(1 - size, size, 2)  # twice the distance from the middle
    along = [[(x * np.cos(tau) + y * np.sin(tau)) / 2 for x in places] for y in places]
    return np.cos(f * np.array(along) + phi)


@wave.slips
def _(slip, size, f, phi, tau):
    middle = (size - 1) / 2
    if slip("x and y must be 0 in the middle; yours are 0 in the corner."):
        middle = 0
    if slip("The middle of size pixels is at (size - 1) / 2, not at size / 2."):
        middle = size / 2
    x = np.arange(size) - middle
    y = x[:, None]
    if slip("x' = x cos tau *plus* y sin tau, and y grows with the row, downward."):
        y = -y
    if slip("The phase is added with a plus."):
        phi = -phi
    if slip("phi is added to f x', not to x'."):
        phi = f * phi
    along = f * (x * np.cos(tau) + y * np.sin(tau))
    if slip("f multiplies all of x', not its first term alone: brackets."):
        along = f * x * np.cos(tau) + y * np.sin(tau)
    if slip("f is an angular frequency already: no factor 2 pi."):
        along = 2 * np.pi * along
    if slip("That is sin(f x' + phi): the wave is a cosine."):
        return np.sin(along + phi)
    return np.cos(along + phi)


SEEN = np.array([[[1.0, 2.0], [0.0, -1.0]], [[0.5, 0.0], [3.0, 1.0]], [[-2.0, 1.0], [1.0, 4.0]]])
EVEN, ODD = np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([[0.0, 3.0], [1.0, -1.0]])


@exercise((SEEN, EVEN, ODD), (SEEN[:2], ODD, 2 * EVEN), (SEEN[:2, :1], EVEN[:1], ODD[1:]))
def complex_cell(pictures, even, odd):
    totals = [(np.sum(seen * even), np.sum(seen * odd)) for seen in pictures]
    return np.array([np.linalg.norm(pair) for pair in totals])


@complex_cell.slips
def _(slip, pictures, even, odd):
    if slip("That is the even cell alone."):
        odd = 0 * odd
    if slip("That is the odd cell alone."):
        even = 0 * even
    products = np.stack([pictures * even, pictures * odd])
    if slip("`@` multiplies matrices. A simple cell multiplies element by element and adds up."):
        products = np.stack([pictures @ even, pictures @ odd])
    if slip("Add up over the pixels first, then square: a simple cell's answer is one number."):
        return np.sqrt(np.sum(products**2, axis=(0, 2, 3)))
    if slip("Square and root come after the sum over the pixels, not at each pixel."):
        return np.sum(np.hypot(*products), axis=(1, 2))
    simple = products.sum(axis=(2, 3))
    if slip("The answers are rectified before they are squared: half of the phases are lost."):
        simple = simple.clip(0)
    if slip("That adds the two answers, so that they can cancel: add their squares."):
        return np.abs(simple.sum(axis=0))
    if slip("Squares, not absolute values: those would still ripple as the wave moves."):
        return np.abs(simple).sum(axis=0)
    return np.hypot(*simple)


complex_cell.telltale("One number for each picture: sum over axes 1 and 2 only.")(misshapen)


@complex_cell.telltale("An energy is never negative: add the two squares, and take the root.")
def _(answers, wanted):
    return any(np.any(answer < 0) for answer in answers)
