"""The exercises of lesson 9.9, Features without Labels."""

import numpy as np
from scipy import linalg, signal

from ..images import avg_pool2d, conv2d, max_pool2d
from . import exercise
from .telltales import misshapen


@exercise()
def features(x, kernels):
    rows = []
    for (image,) in x:
        row = []
        for kernel in kernels:
            answers = signal.correlate2d(image, kernel, "valid").clip(0)
            for i in range(0, len(answers) - 5, 6):
                row += [answers[i : i + 6, j : j + 6].mean() for j in range(0, answers.shape[1] - 5, 6)]
        rows.append(row)
    return np.array(rows)


@features.draw(2)
def _(rng):
    return rng.normal(size=(3, 1, 14, 20)), rng.normal(size=(4, 3, 3))


@features.slips
def _(slip, x, kernels):
    if slip("The kernels are flipped: conv2d does not do that."):
        kernels = kernels[:, ::-1, ::-1]
    maps = conv2d(x, kernels[:, None])
    if slip("That takes absolute values: a ReLU makes negative answers 0."):
        maps = np.abs(maps)
    late = slip("The ReLU comes before the means: afterwards, positive and negative answers have cancelled.")
    if not late and not slip("The ReLU is missing: np.maximum(maps, 0)."):
        maps = np.maximum(maps, 0)
    pool = max_pool2d if slip("That is the largest answer of each field. Take the mean, avg_pool2d.") else avg_pool2d
    size = 4 if slip("The fields are 6 x 6.") else 6
    means = pool(maps, size)
    means = np.maximum(means, 0) if late else means
    if slip("One row for each image: reshape(len(x), -1)."):
        return means
    if slip("The rows of different images are mixed: keep the axis of the images first."):
        return means.transpose(1, 0, 2, 3).reshape(len(x), -1)
    return means.reshape(len(x), -1)


def pooled(maps, size=6):
    """Return the means over fields, a row for each image."""
    return avg_pool2d(maps, size).reshape(len(maps), -1)


@features.mistake("Those are sums over the fields. avg_pool2d takes means: do not multiply by 36.")
def _(x, kernels):
    return 36 * features.reference(x, kernels)


@features.mistake("That keeps the negative answers and drops the others: np.maximum, not np.minimum.")
def _(x, kernels):
    return pooled(np.minimum(conv2d(x, kernels[:, None]), 0))


@features.mistake("The answers are squared: a ReLU only makes negative answers 0.")
def _(x, kernels):
    return pooled(conv2d(x, kernels[:, None]) ** 2)


@features.mistake("That says where an answer is positive, not how large it is: np.maximum(maps, 0).")
def _(x, kernels):
    return pooled((conv2d(x, kernels[:, None]) > 0).astype(float))


@features.mistake("The ReLU belongs to the answers, after conv2d, not to the kernels.")
def _(x, kernels):
    return pooled(conv2d(x, np.maximum(kernels, 0)[:, None]))


@features.mistake("The ReLU belongs to the answers, after conv2d, not to the images.")
def _(x, kernels):
    return pooled(conv2d(np.maximum(x, 0), kernels[:, None]))


@features.mistake("The convolution has no padding here.")
def _(x, kernels):
    return pooled(np.maximum(conv2d(x, kernels[:, None], padding=1), 0))


@features.mistake("The convolution has no padding here.")
def _(x, kernels):
    return pooled(np.maximum(conv2d(x, kernels[:, None], padding=2), 0))


@features.mistake("That is one mean for a whole map: a mean for each field of 6 x 6, avg_pool2d(maps, 6).")
def _(x, kernels):
    return np.maximum(conv2d(x, kernels[:, None]), 0).mean(axis=(2, 3))


@features.mistake("Fields do not overlap: avg_pool2d(maps, 6), and no stride of 1.")
def _(x, kernels):
    maps = np.maximum(conv2d(x, kernels[:, None]), 0)
    return avg_pool2d(maps, 6, 1).reshape(len(x), -1)


@features.mistake("The pooling is missing: avg_pool2d(maps, 6) comes before reshape.")
def _(x, kernels):
    return np.maximum(conv2d(x, kernels[:, None]), 0).reshape(len(x), -1)


@features.mistake("The mean runs over the filters, too: each filter has features of its own.")
def _(x, kernels):
    return avg_pool2d(np.maximum(conv2d(x, kernels[:, None]), 0), 6).mean(axis=1).reshape(len(x), -1)


@features.mistake("A row for each image: reshape(len(x), -1). len(kernels) is the number of filters.")
def _(x, kernels):
    return avg_pool2d(np.maximum(conv2d(x, kernels[:, None]), 0), 6).reshape(len(kernels), -1)


@features.mistake("The rows are those of the images, len(x) of them: reshape(len(x), -1).")
def _(x, kernels):
    return avg_pool2d(np.maximum(conv2d(x, kernels[:, None]), 0), 6).reshape(-1, len(x))


@features.mistake("That is the first image alone: keep all, reshape(len(x), -1).")
def _(x, kernels):
    return features.reference(x, kernels)[0]


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


def nearest_centers(X, centers):
    return np.array([np.argmin([np.sum((point - center) ** 2) for center in centers]) for point in X])


def moved_by(step):
    """Return a solution in which `step(group, center, X)` moves each centre that has points."""

    def wrong(X, centers):
        nearest = nearest_centers(X, centers)
        moved = centers.copy()
        for k, center in enumerate(centers):
            if np.any(nearest == k):
                moved[k] = step(X[nearest == k], center, X)
        return moved

    return wrong


for advice, step in {
    "The mean runs over rows and columns: a centre keeps its coordinates, mean(axis=0).": lambda g, c, X: g.mean(),
    "That is the median. A centre moves to the mean.": lambda g, c, X: np.median(g, axis=0),
    "Each sum is divided by all points: divide by those of the group.": lambda g, c, X: g.sum(axis=0) / len(X),
    "The centre goes half of the way: it moves to the mean.": lambda g, c, X: (c + g.mean(axis=0)) / 2,
}.items():
    k_means_step.mistake(advice)(moved_by(step))


@k_means_step.mistake("One step is asked for, not all of them: assign once, move once.")
def _(X, centers):
    for _ in range(50):
        centers = k_means_step.reference(X, centers)
    return centers


@k_means_step.mistake("Points are given to centres by the sum of the differences: square them first.")
def _(X, centers):
    nearest = (X[:, None] - centers).sum(axis=2).argmin(axis=1)
    groups = [X[nearest == k] for k in range(len(centers))]
    return np.array([group.mean(axis=0) if len(group) else c for group, c in zip(groups, centers, strict=True)])


@k_means_step.mistake("`return` stands in the loop: after the first centre it is too early.")
def _(X, centers):
    moved = centers.copy()
    moved[0] = k_means_step.reference(X, centers)[0]
    return moved


@k_means_step.mistake("Each point moves its centre at once. First assign all points to the old centres, then move.")
def _(X, centers):
    moved = centers.copy()
    for point in X:
        k = np.argmin(np.sum((moved - point) ** 2, axis=1))
        moved[k] = (moved[k] + point) / 2
    return moved


@k_means_step.mistake("A centre that gets nothing stays where it is, and does not jump to a point.")
def _(X, centers):
    nearest = nearest_centers(X, centers)
    return np.array([X[nearest == k].mean(axis=0) if np.any(nearest == k) else X[0] for k in range(len(centers))])


@k_means_step.mistake("That is the old centre of each point. Return one mean for each centre.")
def _(X, centers):
    return centers[nearest_centers(X, centers)]


@k_means_step.telltale("A centre that gets nothing stays: the mean of no points is nan.")
def _(answers, wanted):
    return any(np.isnan(answer).any() for answer in answers)


@k_means_step.telltale("Those are the numbers of the nearest centres. Return the new centres.")
def _(answers, wanted):
    return all(answer.ndim == 1 for answer in answers)


@k_means_step.telltale("One row for each centre, not for each point: average the points that chose it.")
def _(answers, wanted):
    return any(len(answer) > len(want) for answer, want in zip(answers, wanted, strict=True))


k_means_step.telltale("A centre that gets nothing stays where it is: you leave it out.")(misshapen)


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


@zca.mistake("Epsilon is added to the eigenvalues, the diagonal: + epsilon * np.eye(...).")
def _(X, epsilon):
    X = X - X.mean(axis=0)
    variances, U = np.linalg.eigh(X.T @ X / len(X) + epsilon)
    return X @ (U / np.sqrt(np.abs(variances))) @ U.T


@zca.mistake("The root is that of the matrix. np.sqrt takes it of each entry: use the eigenvalues.")
def _(X, epsilon):
    X = X - X.mean(axis=0)
    C = X.T @ X / len(X) + epsilon * np.eye(X.shape[1])
    return X @ np.sqrt(np.linalg.inv(C))


@zca.mistake("Each eigenvector, a column of U, is divided by its root: no [:, None].")
def _(X, epsilon):
    X = X - X.mean(axis=0)
    variances, U = np.linalg.eigh(X.T @ X / len(X))
    return X @ (U / np.sqrt(variances + epsilon)[:, None]) @ U.T


@zca.mistake("The mean over axis 0 is one for each column. Yours is a single one for all.")
def _(X, epsilon):
    X = X - X.mean()
    variances, U = np.linalg.eigh(X.T @ X / len(X))
    return X @ (U / np.sqrt(variances + epsilon)) @ U.T


@zca.mistake("That is the mean of each row: subtract that of each column, axis 0.")
def _(X, epsilon):
    X = X - X.mean(axis=1, keepdims=True)
    variances, U = np.linalg.eigh(X.T @ X / len(X))
    with np.errstate(invalid="ignore", divide="ignore"):  # rows without a mean are in a plane
        return X @ (U / np.sqrt(variances + epsilon)) @ U.T


@zca.telltale("That is the whitening matrix itself: multiply the centred data by it.")
def _(answers, wanted):
    return all(a.shape == (w.shape[1],) * 2 for a, w in zip(answers, wanted, strict=True))


@zca.telltale("White, but rotated: after U and the division comes the transpose of U.")
def _(answers, wanted):
    return all(np.allclose(a @ a.T, w @ w.T) for a, w in zip(answers, wanted, strict=True))


@zca.telltale("Each column's mean must come out as 0: subtract it, over axis 0, and for good.")
def _(answers, wanted):
    return any(np.abs(answer.mean(axis=0)).max() > 1e-3 for answer in answers)
