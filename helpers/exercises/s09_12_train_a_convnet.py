"""The exercises of lesson 9.12, Train a Convnet."""

from collections import Counter

import numpy as np
from scipy import linalg

from . import exercise

PICTURE = np.arange(1.0, 13.0).reshape(1, 3, 4)
STACK = np.stack([PICTURE[0], 20 + PICTURE[0] ** 1.5, -PICTURE[0]])


@exercise(
    (PICTURE, np.array([1]), np.array([0])),
    (STACK, np.array([0, -1, 2]), np.array([1, 1, -2])),
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


@move.mistake("The other way: positive amounts move an image down and to the right, so the window starts higher.")
def _(images, down, right):
    return move.reference(images, -down, -right)


@move.mistake("Down and right are exchanged: rows are the second axis of the batch, columns the third.")
def _(images, down, right):
    return move.reference(images, right, down)


@move.mistake("np.roll brings back on one side what left on the other: there must be 0.")
def _(images, down, right):
    pairs = zip(images, down, right, strict=True)
    return np.stack([np.roll(image, (d, r), axis=(0, 1)) for image, d, r in pairs])


@move.mistake("All images are moved by the first amounts: each has its own.")
def _(images, down, right):
    return move.reference(images, np.full_like(down, down[0]), np.full_like(right, right[0]))


@move.mistake("Where nothing was there must be 0, not the pixel of the edge.")
def _(images, down, right):
    most = 3
    padded = np.pad(images, ((0, 0), (most, most), (most, most)), mode="edge")
    _, height, width = images.shape
    starts = zip(padded, most - down, most - right, strict=True)
    return np.stack([image[a : a + height, b : b + width] for image, a, b in starts])


@move.mistake("Down is right. To the right it is the other way round: the window starts further left.")
def _(images, down, right):
    return move.reference(images, down, -right)


@move.mistake("To the right is right. Down it is the other way round: the window starts higher.")
def _(images, down, right):
    return move.reference(images, -down, right)


@move.mistake("The images come back as they were.")
def _(images, down, right):
    return images


@move.mistake("They only move down.")
def _(images, down, right):
    return move.reference(images, down, 0 * right)


@move.mistake("They only move to the right.")
def _(images, down, right):
    return move.reference(images, 0 * down, right)


@move.mistake("Moved by d, an image is seen through the window that starts at most - d of the padded batch, not at d.")
def _(images, down, right):
    most = max(np.abs(down).max(), np.abs(right).max())
    padded = np.pad(images, ((0, 0), (most, most), (most, most)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, images.shape[1:], axis=(1, 2))
    return windows[np.arange(len(images)), down, right]


@move.mistake("Down and right are exchanged, and both go the other way.")
def _(images, down, right):
    return move.reference(images, -right, -down)


@move.mistake("A slice on the first axis gives each image every move: pair them with np.arange(n).")
def _(images, down, right):
    n = len(images)
    every = [move.reference(images, np.full(n, d), np.full(n, r)) for d, r in zip(down, right, strict=True)]
    return np.stack(every, axis=1)


TRUE = np.array([4, 4, 4, 9, 9, 1, 7, 7, 7, 7, 3, 3, 5])
SAID = np.array([9, 9, 4, 4, 4, 1, 2, 2, 2, 7, 5, 8, 3])


@exercise((TRUE, SAID, 2), (TRUE, SAID, 4), (SAID, TRUE, 6), (TRUE[::-1], SAID[::-1], 3), (TRUE[8:], SAID[8:], 4))
def most_confused(labels, said, k):
    counts = Counter((int(a), int(b)) for a, b in zip(labels, said, strict=True) if a != b)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return np.array([(*pair, count) for pair, count in ranked[:k]])


@most_confused.mistake("What is right is no mistake: leave the pairs of equal labels out.")
def _(labels, said, k):
    counts = Counter((int(a), int(b)) for a, b in zip(labels, said, strict=True))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return np.array([(*pair, count) for pair, count in ranked[:k]])


def _turned(labels, said, k, order):
    every = most_confused.reference(labels, said, 100)
    return np.array(sorted(every.tolist(), key=order)[:k])


@most_confused.mistake("The columns are exchanged: first the true label, then what was said.")
def _(labels, said, k):
    return most_confused.reference(labels, said, k)[:, [1, 0, 2]]


@most_confused.mistake("True and said are exchanged, columns and order: true comes first.")
def _(labels, said, k):
    return most_confused.reference(said, labels, k)


@most_confused.mistake("These are the rarest: the most frequent come first.")
def _(labels, said, k):
    return _turned(labels, said, k, lambda row: (row[2], row[0], row[1]))


@most_confused.mistake("Between equal counts the *smaller* labels come first: is your sort turned round as a whole?")
def _(labels, said, k):
    return _turned(labels, said, k, lambda row: (-row[2], -row[0], -row[1]))


@most_confused.mistake("The first k pairs of the list are not the most frequent: sort by count.")
def _(labels, said, k):
    return _turned(labels, said, k, lambda row: (row[0], row[1]))


@most_confused.mistake("The right ones, but in the order of their labels: the most frequent comes first.")
def _(labels, said, k):
    found = most_confused.reference(labels, said, k)
    return found[np.lexsort((found[:, 1], found[:, 0]))]


@most_confused.mistake("The counts are missing: each row is (true, said, count).")
def _(labels, said, k):
    return most_confused.reference(labels, said, k)[:, :2]


@most_confused.mistake("4 read as 9 and 9 read as 4 are two mistakes: count them apart.")
def _(labels, said, k):
    return most_confused.reference(np.minimum(labels, said), np.maximum(labels, said), k)


@most_confused.mistake("The rows are right, the count is to be the last column.")
def _(labels, said, k):
    return most_confused.reference(labels, said, k)[:, [2, 0, 1]]


@most_confused.mistake("These are all of them. Asked are the first k.")
def _(labels, said, k):
    return most_confused.reference(labels, said, 100)


@most_confused.mistake(
    "M[labels, said] += 1 counts each pair once, however often it is there: use np.add.at or np.unique."
)
def _(labels, said, k):
    every = most_confused.reference(labels, said, 100)
    return np.array([(a, b, 1) for a, b in sorted(map(tuple, every[:, :2].tolist()))[:k]])


@most_confused.mistake("Between equal counts the smaller *true* label comes first, and only then the smaller said.")
def _(labels, said, k):
    return _turned(labels, said, k, lambda row: (-row[2], row[1], row[0]))


@most_confused.mistake("Between equal counts the smaller true label comes first, not the pair that was met first.")
def _(labels, said, k):
    counts = Counter((int(a), int(b)) for a, b in zip(labels, said, strict=True) if a != b)
    return np.array([(*pair, count) for pair, count in counts.most_common(k)])


# One view is very sure of class 0, two are a little for class 1; then other combinations.
VIEWS = np.array(
    [
        [[9.0, 0.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.5, 0.0], [1.0, 0.0, 0.9]],
        [[0.0, 0.3, 0.2], [0.0, 2.0, 1.0], [1.0, 0.9, 0.0], [1.0, 0.0, 0.9]],
        [[0.0, 0.3, 0.2], [40.0, 1.0, 2.0], [0.0, 3.0, 2.9], [-9.0, 0.0, 3.0]],
    ]
)
LONG_SHOT = np.array([[[20.0, 0.0, -5.0]], [[0.0, 3.0, 1.0]], [[-1.0, 4.0, 0.0]]])


@exercise((VIEWS,), (LONG_SHOT,), (VIEWS[1:, :3],), (np.concatenate([VIEWS, -0.4 * VIEWS]),))
def vote(scores):
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p = odds / odds.sum(axis=-1, keepdims=True)
    return np.array([int(np.argmax(np.sum(p[:, n], axis=0))) for n in range(scores.shape[1])])


def _softmax(scores, axis):
    odds = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return odds / odds.sum(axis=axis, keepdims=True)


@vote.mistake(
    "That is the mean of the scores (or a product of probabilities): a single huge score decides. Softmax, then mean."
)
def _(scores):
    return scores.mean(axis=0).argmax(axis=1)


@vote.mistake("That counts which class wins most views: a view that is hardly sure counts as much as a sure one.")
def _(scores):
    winners = scores.argmax(axis=2)
    return np.array([np.bincount(column, minlength=scores.shape[2]).argmax() for column in winners.T])


@vote.mistake("That is the largest probability of any view. Asked is the mean over the views.")
def _(scores):
    return _softmax(scores, 2).max(axis=0).argmax(axis=1)


@vote.mistake("The softmax runs along a wrong axis: the classes are the last one.")
def _(scores):
    return _softmax(scores, 0).mean(axis=0).argmax(axis=1)


@vote.mistake("The softmax runs over the images: the classes are the last axis.")
def _(scores):
    return _softmax(scores, 1).mean(axis=0).argmax(axis=1)


@vote.mistake(
    "Each view's probabilities must add up to 1: softmax along the last axis, not over all numbers, nor exp alone."
)
def _(scores):
    return _softmax(scores, (0, 1, 2)).mean(axis=0).argmax(axis=1)


@vote.mistake("argmax runs over the images: after the mean the classes are axis 1.")
def _(scores):
    return _softmax(scores, 2).mean(axis=0).argmax(axis=0)


@vote.mistake("That is what the last view says.")
def _(scores):
    return scores[-1].argmax(axis=1)


@vote.mistake("That is the largest mean probability. Asked is its class: argmax, not max.")
def _(scores):
    return _softmax(scores, 2).mean(axis=0).max(axis=1)


@vote.mistake("These are the mean probabilities. Asked is the class: one more argmax.")
def _(scores):
    return _softmax(scores, 2).mean(axis=0)


@vote.mistake("That is what the first view says.")
def _(scores):
    return scores[0].argmax(axis=1)


@vote.mistake("The mean runs over the images: the views are the first axis.")
def _(scores):
    return _softmax(scores, 2).mean(axis=1).argmax(axis=1)


@vote.mistake("That is one answer for each view. Take the mean over the views before argmax.")
def _(scores):
    return _softmax(scores, 2).argmax(axis=2)


DATA = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 3.0], [-1.0, 2.0, 0.5], [3.0, 1.5, -1.0], [1.0, -2.0, 2.0]])


@exercise((DATA, 0.0), (DATA, 0.5), (DATA[:, :2] * [3.0, 1.0], 0.1), (10 + DATA[:4, 1:], 0.01))
def zca(X, epsilon):
    X = X - X.mean(axis=0)
    C = np.cov(X.T, bias=True) + epsilon * np.eye(X.shape[1])
    return X @ linalg.inv(np.real(linalg.sqrtm(C)))


def _spectrum(X):
    X = X - X.mean(axis=0)
    return X, *np.linalg.eigh(X.T @ X / len(X))


@zca.mistake("That divides by the eigenvalues: take their roots.")
def _(X, epsilon):
    X, variances, U = _spectrum(X)
    return X @ (U / (variances + epsilon)) @ U.T


@zca.mistake("White, but turned: that is PCA whitening. One more factor, the transpose of U, turns it back.")
def _(X, epsilon):
    X, variances, U = _spectrum(X)
    return X @ (U / np.sqrt(variances + epsilon))


@zca.mistake("Subtract the mean of each column first.")
def _(X, epsilon):
    variances, U = np.linalg.eigh(X.T @ X / len(X))
    return X @ (U / np.sqrt(variances + epsilon)) @ U.T


@zca.mistake("The covariance is of centred data, but you multiply data that are not: subtract the mean for good.")
def _(X, epsilon):
    _, variances, U = _spectrum(X)
    return X @ (U / np.sqrt(variances + epsilon)) @ U.T


@zca.mistake("Here C is divided by n, not by n - 1.")
def _(X, epsilon):
    X = X - X.mean(axis=0)
    variances, U = np.linalg.eigh(np.cov(X.T))
    return X @ (U / np.sqrt(variances + epsilon)) @ U.T


@zca.mistake("Epsilon belongs under the root, added to the eigenvalue.")
def _(X, epsilon):
    X, variances, U = _spectrum(X)
    return X @ (U / (np.sqrt(variances) + epsilon)) @ U.T


@zca.mistake("Epsilon is missing.")
def _(X, epsilon):
    return zca.reference(X, 0.0)


@zca.mistake("The mean of all numbers is subtracted: each column has its own.")
def _(X, epsilon):
    X = X - X.mean()
    variances, U = np.linalg.eigh(X.T @ X / len(X))
    return X @ (U / np.sqrt(variances + epsilon)) @ U.T


@zca.mistake("U and its transpose are exchanged: the eigenvectors are the columns of U, so U comes first.")
def _(X, epsilon):
    X, variances, U = _spectrum(X)
    return X @ (U.T / np.sqrt(variances + epsilon)) @ U


@zca.mistake("The last factor is to be the transpose of U, not U itself.")
def _(X, epsilon):
    X, variances, U = _spectrum(X)
    return X @ (U / np.sqrt(variances + epsilon)) @ U


@zca.mistake("That divides each column by its own deviation, and leaves columns correlated. Use the eigenvectors of C.")
def _(X, epsilon):
    X = X - X.mean(axis=0)
    return X / np.sqrt(X.var(axis=0) + epsilon)


@zca.mistake("That multiplies by the roots of the eigenvalues: divide.")
def _(X, epsilon):
    X, variances, U = _spectrum(X)
    return X @ (U * np.sqrt(variances + epsilon)) @ U.T


@zca.mistake("White, but a Cholesky factor is not symmetric: take the root by eigenvectors.")
def _(X, epsilon):
    X = X - X.mean(axis=0)
    return X @ np.linalg.inv(np.linalg.cholesky(X.T @ X / len(X) + epsilon * np.eye(X.shape[1]))).T


@zca.mistake("Only centred: now multiply by the root of the inverse covariance.")
def _(X, epsilon):
    return X - X.mean(axis=0)


@zca.mistake("C is not divided by n.")
def _(X, epsilon):
    X = X - X.mean(axis=0)
    variances, U = np.linalg.eigh(X.T @ X)
    return X @ (U / np.sqrt(variances + epsilon)) @ U.T


@zca.mistake("The mean of each row is subtracted. An example is a row: subtract the mean of each column, axis 0.")
def _(X, epsilon):
    X = X - X.mean(axis=1, keepdims=True)
    variances, U = np.linalg.eigh(X.T @ X / len(X))
    return X @ (U / np.sqrt(np.maximum(variances, 0) + epsilon + 1e-300)) @ U.T


POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [5.0, 5.0], [6.0, 5.0], [5.5, 8.0]])
STARTS = np.array([[0.0, 1.0], [5.0, 6.0]])


@exercise(
    (POINTS, STARTS),
    (POINTS, np.array([[0.0, 1.0], [20.0, -20.0], [5.0, 6.0]])),
    (np.array([[0.0, 0.0], [2.0, 0.0], [5.0, 0.0]]), np.array([[1.0, 0.0], [3.0, 0.0]])),
    (np.array([[0.0, 1.0], [1.0, 1.0], [2.5, 1.0], [9.0, 2.0]]), np.array([[0.0, 1.0], [1.0, 1.0]])),
    (POINTS[:4] - [1.0, 0.5], np.array([[0.1, 0.1], [9.0, 9.0]])),
    (np.array([[0.0, 0.0], [5.0, 1.0], [3.0, 4.0]]), np.array([[3.0, 3.0], [5.0, 0.0]])),
)
def k_means_step(X, centers):
    groups = {k: [] for k in range(len(centers))}
    for point in X:
        groups[int(np.argmin([np.linalg.norm(point - center) for center in centers]))].append(point)
    return np.array([sum(group) / len(group) if group else centers[k] for k, group in groups.items()])


def _nearest(X, centers):
    return ((X[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)


@k_means_step.mistake("A centre that gets nothing stays where it is: do not put it at 0.")
def _(X, centers):
    nearest = _nearest(X, centers)
    return np.array([X[nearest == k].sum(axis=0) / max(np.sum(nearest == k), 1) for k in range(len(centers))])


@k_means_step.mistake("A centre that gets nothing stays where it is: the mean of no points is nan.")
def _(X, centers):
    nearest = _nearest(X, centers)
    groups = [X[nearest == k] for k in range(len(centers))]
    return np.array([group.mean(axis=0) if len(group) else np.full(X.shape[1], np.nan) for group in groups])


@k_means_step.mistake("A centre that gets nothing stays where it is: you leave it out.")
def _(X, centers):
    nearest = _nearest(X, centers)
    return np.array([X[nearest == k].mean(axis=0) for k in range(len(centers)) if np.any(nearest == k)])


@k_means_step.mistake("Nearest by distance, not by the product: these points have no common length.")
def _(X, centers):
    nearest = (X @ centers.T).argmax(axis=1)
    return np.array([X[nearest == k].mean(axis=0) if np.any(nearest == k) else c for k, c in enumerate(centers)])


@k_means_step.mistake("That gives each point to the farthest centre: argmin, not argmax.")
def _(X, centers):
    nearest = ((X[:, None] - centers) ** 2).sum(axis=2).argmax(axis=1)
    return np.array([X[nearest == k].mean(axis=0) if np.any(nearest == k) else c for k, c in enumerate(centers)])


@k_means_step.mistake("Those are sums: divide each by the number of its points.")
def _(X, centers):
    nearest = _nearest(X, centers)
    return np.array([X[nearest == k].sum(axis=0) if np.any(nearest == k) else c for k, c in enumerate(centers)])


@k_means_step.mistake("Those are the numbers of the nearest centres. Asked are the new centres.")
def _(X, centers):
    return _nearest(X, centers)


@k_means_step.mistake("That goes on until nothing moves. Asked is one step.")
def _(X, centers):
    for _ in range(50):
        centers = k_means_step.reference(X, centers)
    return centers


@k_means_step.mistake("Old centre and points are averaged together: the new centre is the mean of its points alone.")
def _(X, centers):
    nearest = _nearest(X, centers)
    return np.array([np.vstack([X[nearest == k], c]).mean(axis=0) for k, c in enumerate(centers)])


@k_means_step.mistake("Nearest by the sum of absolute differences: the usual distance squares them.")
def _(X, centers):
    nearest = np.abs(X[:, None] - centers).sum(axis=2).argmin(axis=1)
    return np.array([X[nearest == k].mean(axis=0) if np.any(nearest == k) else c for k, c in enumerate(centers)])


@k_means_step.mistake("Those are medians: the new centre is the mean.")
def _(X, centers):
    nearest = _nearest(X, centers)
    return np.array([np.median(X[nearest == k], 0) if np.any(nearest == k) else c for k, c in enumerate(centers)])


@k_means_step.mistake("A centre that gets nothing stays where it is: it does not jump to the mean of all points.")
def _(X, centers):
    nearest = _nearest(X, centers)
    return np.array([X[nearest == k if np.any(nearest == k) else ...].mean(axis=0) for k in range(len(centers))])


@k_means_step.mistake("Where two centres are equally near, the first one gets the point.")
def _(X, centers):
    return k_means_step.reference(X, centers[::-1])[::-1]


@k_means_step.mistake(
    "That is the point nearest to each centre. Each *point* chooses a centre: argmin over the centres."
)
def _(X, centers):
    return X[((X[:, None] - centers) ** 2).sum(axis=2).argmin(axis=0)]


@k_means_step.mistake("Each sum is divided by the number of all points: divide by the number of its own.")
def _(X, centers):
    nearest = _nearest(X, centers)
    return np.array([X[nearest == k].sum(axis=0) / len(X) if np.any(nearest == k) else c
                     for k, c in enumerate(centers)])  # fmt: skip


@k_means_step.mistake("The centres come back as they were.")
def _(X, centers):
    return centers


@exercise((5, 1.0, 0.0, 0.0), (4, 0.7, 0.5, 1.1), (3, 2.0, -1.0, 2.5), (6, 0.4, 1.2, -0.6))
def wave(size, f, phi, tau):
    middle = (size - 1) / 2
    return np.array(
        [
            [
                np.cos(f * ((column - middle) * np.cos(tau) + (row - middle) * np.sin(tau)) + phi)
                for column in range(size)
            ]
            for row in range(size)
        ]
    )


def _wave(size, f, phi, tau, middle=None, function=np.cos):
    places = np.arange(size) - ((size - 1) / 2 if middle is None else middle)
    return function(f * (places * np.cos(tau) + places[:, None] * np.sin(tau)) + phi)


@wave.mistake(
    "It is transposed: x runs along the second axis of an array, y the first. Or cos and sin of tau are exchanged."
)
def _(size, f, phi, tau):
    return wave.reference(size, f, phi, tau).T


@wave.mistake("x and y must be 0 in the middle; yours are 0 in the corner.")
def _(size, f, phi, tau):
    return _wave(size, f, phi, tau, middle=0)


@wave.mistake("The middle of size pixels is at (size - 1) / 2, not at size / 2.")
def _(size, f, phi, tau):
    return _wave(size, f, phi, tau, middle=size / 2)


@wave.mistake("The middle of an even number of pixels lies between two of them: (size - 1) / 2, not size // 2.")
def _(size, f, phi, tau):
    return _wave(size, f, phi, tau, middle=size // 2)


@wave.mistake("x' = x cos tau *plus* y sin tau, and y grows with the row, downward.")
def _(size, f, phi, tau):
    return wave.reference(size, f, phi, -tau)


@wave.mistake("That is sin(f x' + phi): the wave is a cosine.")
def _(size, f, phi, tau):
    return _wave(size, f, phi, tau, function=np.sin)


@wave.mistake("phi is added to f x', not to x'.")
def _(size, f, phi, tau):
    return _wave(size, f, f * phi, tau)


@wave.mistake("f is an angular frequency already: no factor 2 pi.")
def _(size, f, phi, tau):
    return _wave(size, 2 * np.pi * f, phi, tau)


@wave.mistake("The phase is added with a plus.")
def _(size, f, phi, tau):
    return _wave(size, f, -phi, tau)


@wave.mistake("The phase is missing.")
def _(size, f, phi, tau):
    return _wave(size, f, 0, tau)


@wave.mistake("f multiplies all of x', not its first term alone: brackets.")
def _(size, f, phi, tau):
    places = np.arange(size) - (size - 1) / 2
    return np.cos(f * places * np.cos(tau) + places[:, None] * np.sin(tau) + phi)


@wave.mistake("That is the wave along y', across the right one: x' = x cos tau + y sin tau.")
def _(size, f, phi, tau):
    return wave.reference(size, f, phi, tau + np.pi / 2)


@wave.mistake("tau is in radians already.")
def _(size, f, phi, tau):
    return _wave(size, f, phi, np.deg2rad(tau))


@wave.mistake("The outermost pixels lie (size - 1) / 2 from the middle: neighbours are exactly 1 apart.")
def _(size, f, phi, tau):
    return _wave(size, f * size / (size - 1), phi, tau)


@wave.mistake("np.linspace(-1, 1, size) rescales the places: neighbours are 1 apart.")
def _(size, f, phi, tau):
    return _wave(size, f * 2 / (size - 1), phi, tau)


SEEN = np.array([[[1.0, 2.0], [0.0, -1.0]], [[0.5, 0.0], [3.0, 1.0]], [[-2.0, 1.0], [1.0, 4.0]]])
EVEN, ODD = np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([[0.0, 3.0], [1.0, -1.0]])


@exercise((SEEN, EVEN, ODD), (SEEN[:2], ODD, 2 * EVEN), (SEEN[:2, :1], EVEN[:1], ODD[1:]))
def complex_cell(pictures, even, odd):
    totals = [(np.sum(seen * even), np.sum(seen * odd)) for seen in pictures]
    return np.array([np.linalg.norm(pair) for pair in totals])


def _two(pictures, even, odd):
    return np.einsum("nij,ij->n", pictures, even), np.einsum("nij,ij->n", pictures, odd)


@complex_cell.mistake("The root is missing.")
def _(pictures, even, odd):
    return sum(s**2 for s in _two(pictures, even, odd))


@complex_cell.mistake("Squares, not absolute values: those would still ripple as the wave moves.")
def _(pictures, even, odd):
    return sum(abs(s) for s in _two(pictures, even, odd))


@complex_cell.mistake("Add up over the pixels first, then square: a simple cell's answer is one number.")
def _(pictures, even, odd):
    return np.sqrt(((pictures * even) ** 2 + (pictures * odd) ** 2).sum(axis=(1, 2)))


@complex_cell.mistake("Square and root come after the sum over the pixels, not at each pixel.")
def _(pictures, even, odd):
    return np.hypot(pictures * even, pictures * odd).sum(axis=(1, 2))


@complex_cell.mistake("That adds the two answers before it squares, so that they can cancel: add their squares.")
def _(pictures, even, odd):
    return abs(sum(_two(pictures, even, odd)))


@complex_cell.mistake("`@` multiplies matrices. A simple cell multiplies element by element and adds up.")
def _(pictures, even, odd):
    return np.hypot(*((pictures @ weights).sum(axis=(1, 2)) for weights in (even, odd)))


@complex_cell.mistake("That adds the two answers, so that they can cancel: add their squares, and take the root.")
def _(pictures, even, odd):
    return sum(_two(pictures, even, odd))


@complex_cell.mistake("That is one number for all pictures together: sum over axes 1 and 2 only.")
def _(pictures, even, odd):
    return np.hypot(np.sum(pictures * even), np.sum(pictures * odd))


@complex_cell.mistake("That is the even cell alone.")
def _(pictures, even, odd):
    return abs(_two(pictures, even, odd)[0])


@complex_cell.mistake("That is the odd cell alone.")
def _(pictures, even, odd):
    return abs(_two(pictures, even, odd)[1])


@complex_cell.mistake("That is the larger of the two: add their squares and take the root.")
def _(pictures, even, odd):
    return np.max(np.abs(_two(pictures, even, odd)), axis=0)


@complex_cell.mistake("The root of a mean: the two squares are added, not averaged.")
def _(pictures, even, odd):
    return complex_cell.reference(pictures, even, odd) / np.sqrt(2)


@complex_cell.mistake("A simple cell adds up over its pixels. You take the mean.")
def _(pictures, even, odd):
    return complex_cell.reference(pictures, even, odd) / even.size


@complex_cell.mistake("The answers are rectified before they are squared: half of the phases are lost.")
def _(pictures, even, odd):
    return np.hypot(*(np.maximum(s, 0) for s in _two(pictures, even, odd)))
