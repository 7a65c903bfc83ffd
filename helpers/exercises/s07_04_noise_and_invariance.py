"""The exercises of lesson 7.4, Noise and Invariance."""

from itertools import islice

import numpy as np
from scipy import linalg

from . import exercise

LABELS = np.array([2, 0, 2, 1])


@exercise((LABELS, 0.1, 3), (LABELS[:3], 0.3, 5), (np.array([0, 1]), 0.2, 2), (LABELS, 0.0, 4))
def smooth_targets(labels, eps, classes):
    rows = np.full((len(labels), classes), eps / classes)
    for row, label in zip(rows, labels, strict=True):
        row[label] += 1 - eps
    return rows


@smooth_targets.slips
def _(slip, labels, eps, classes):
    hard = np.eye(classes)[labels]
    share = eps if slip("eps is shared by the K classes: divide it by K.") else eps / classes
    if slip("That is the lesson's way: the label gets nothing of eps. Mix with 1/K everywhere."):
        share = eps / (classes - 1) * (1 - hard)
    if slip("The uniform part is eps / K for the label, too: your rows do not sum to 1."):
        share = share * (1 - hard)
    if slip("The hard target is not scaled by 1 - eps: a row sums to more than 1."):
        return hard + share
    return (1 - eps) * hard + share


X = np.array([[1.0, 2.0], [-1.0, 0.5], [3.0, -1.0], [0.5, 1.5]])
Y = np.array([1.0, -2.0, 0.5, 3.0])
Z = np.array([[1, 0.3, -2], [0.5, 2, 1], [-1.5, 0.4, 0.2], [2, -1, 1], [0.3, 0.2, -1.2]])


@exercise((X, Y, 0.5), (Z, np.arange(5.0) - 1.5, 0.2), (X[:1], Y[:1], 1.0), (X, Y, 0.0))
def noisy_fit(X, y, eta):
    """The same as least squares with one more row for each input, of target 0."""
    n, d = X.shape
    rows = np.vstack([X, np.sqrt(n * eta) * np.eye(d)])
    return linalg.lstsq(rows, np.concatenate([y, np.zeros(d)]))[0]


@noisy_fit.slips
def _(slip, X, y, eta):
    if slip("eta is a variance already: do not square it."):
        eta = eta**2
    penalty = len(X) * eta
    if slip("Each example has its own noise: the penalty is eta times the *number of examples*."):
        penalty = eta
    if slip("That is least squares without noise."):
        penalty = 0
    place = 1 if slip("The penalty is for the diagonal only: use np.eye.") else np.eye(X.shape[1])
    return np.linalg.lstsq(X.T @ X + penalty * place, X.T @ y)[0]


W = np.array([[0, 2, 1, 0, 0], [2, 0, 1, 1, 0], [1, 1, 0, 0, 3], [0, 1, 0, 0, 0.5], [0, 0, 3, 0.5, 0]])
CHAIN = np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1)
ENDS, MIXED = np.array([0, 4]), np.array([3, 0])


@exercise(
    (CHAIN, ENDS, np.array([0.0, 1.0])),
    (W, MIXED, np.array([2.0, -1.0])),
    (W, np.array([4, 1, 0]), np.array([1.0, 0.0, 3.0])),
)
def harmonic(W, known, values):
    """By going round until nothing changes."""
    *_, last = islice(_rounds(W, known, values), 2000)
    return last


def _rounds(W, known, values):
    """Yield the values at all points after each round of averaging."""
    f = np.zeros(len(W))
    f[known] = values
    while True:
        f = W @ f / W.sum(axis=1)
        f[known] = values
        yield f


@harmonic.slips
def _(slip, W, known, values):
    if slip("The values belong to the points in the order of `known`, which need not be sorted."):
        known = np.sort(known)
    if slip("The neighbours' mean is weighted by W: you give each neighbour the same weight."):
        W = (W > 0).astype(float)
    others = np.setdiff1d(np.arange(len(W)), known)
    inner = W[np.ix_(others, others)]
    degrees = W[others].sum(axis=1)
    if slip("D counts *all* neighbours of a point, the known ones too: sum whole rows of W."):
        degrees = inner.sum(axis=1)
    f = np.zeros(len(W))
    f[known] = values
    f[others] = np.linalg.lstsq(np.diag(degrees) - inner, W[np.ix_(others, known)] @ values)[0]
    return W @ f / W.sum(axis=1) if slip("Known points are averaged, too: hold them fixed.") else f


@harmonic.telltale("Not yet at rest: go on, or solve the linear equations.")
def _(answers, wanted):
    rounds = [list(islice(_rounds(*case.arguments), 500)) for case in harmonic.cases]
    return all(np.isclose(a, r).all(axis=1).any() for a, r in zip(answers, rounds, strict=True))


ONE = np.array([1.0, 2.0, 0.0, -1.0, 0.5, 1.0])
OTHER = np.array([0.0, 0.5, 1.0, 2.0, 1.5, -1.0])
TX = np.array([[1.0, 0.5, 0, 0, 0, 0.2], [0, 1.0, -1.0, 0, 0.3, 0]])
TY = np.array([[0.2, 0, 0, 2.0, 1.0, 0], [1.2, 0.5, 0, 2.0, 1.0, 0.2]])


@exercise((ONE, OTHER, TX, TY[:1]), (ONE, OTHER, TX, TY), (OTHER, ONE, TX[:1], 3 * TX), (ONE, 2 * ONE, TY, TX))
def two_sided(x, y, Tx, Ty):
    rest = linalg.null_space(np.concatenate([Tx, Ty]))
    return np.linalg.norm(rest.T @ (x - y))


@two_sided.slips
def _(slip, x, y, Tx, Ty):
    planes = [Tx] if slip("Only x moves.") else [np.concatenate([Tx, Ty])]
    if slip("Only y moves."):
        planes = [Ty]
    if slip("First one plane, then the other, is not least squares: both digits move at once."):
        planes = [Tx, Ty]
    if slip("The tangents are not orthogonal: one projection after the other is too short."):
        planes = np.concatenate(planes)[:, None]
    if slip("That is the plain distance: nothing moves."):
        planes = []
    way = y - x
    for plane in planes:
        basis = linalg.orth(plane.T)
        if slip("The tangents are not orthonormal: on each by itself is too much or little."):
            basis = plane.T
        way = way - basis @ (basis.T @ way)
    return np.linalg.norm(way)


IN = np.array([[0.5, -1.0, 0.3], [1.0, 0.2, -0.7], [-0.4, 0.6, 0.9], [0.1, 0.8, -0.2]])
OUT = np.array([[1.0, -2.0], [0.5, 1.0], [-1.5, 0.3]])
DIRECTIONS = np.array([[1.0, 0.0, -1.0, 0.5], [0.2, 0.7, 0.1, -1.0]])
PLACE = np.array([0.3, -0.5, 0.8, 1.0])


@exercise(
    (PLACE, DIRECTIONS, IN, OUT),
    (-2 * PLACE, DIRECTIONS[:1], IN, OUT),
    (PLACE[::-1], 2 * DIRECTIONS, IN, OUT[:, :1]),
)
def prop_penalty(x, T, W1, W2):
    total = 0.0
    for v in T:
        slope = np.imag(np.tanh((x + 1e-20j * v) @ W1) @ W2) / 1e-20
        total += slope @ slope
    return total


@prop_penalty.slips
def _(slip, x, T, W1, W2):
    sums = T @ W1 if slip("Take the slopes of tanh at x W1, not at the tangents.") else x @ W1
    bends = 1 if slip("Where is tanh's slope, 1 - tanh^2 at x W1?") else 1 - np.tanh(sums) ** 2
    slopes = (T @ W1 * bends) @ W2
    for axis, those in enumerate(("tangents", "outputs")):
        if slip(f"Slopes are squared before they are added up: those of several {those} cancel."):
            slopes = slopes.sum(axis=axis, keepdims=True)
    return np.sum(slopes**2)


@exercise((4.394449154672439, 10), (2.0, 3), (0.0, 4), (1.5, 2))
def smoothing_for(gap, classes):
    """By the probabilities of the scores (gap, 0, ..., 0): eps is what the others have together."""
    scores = np.zeros(classes)
    scores[0] = gap
    return np.sum(np.exp(scores[1:])) / np.sum(np.exp(scores))


@smoothing_for.slips
def _(slip, gap, classes):
    others = classes if slip("There are K - 1 others, not K.") else classes - 1
    total = others + np.exp(gap)
    eps = others / total
    if slip("That is the share of one of the others: eps is that of all K - 1 together."):
        eps = 1 / total
    if slip("That is for eps spread over all classes. Here the label gets nothing of it."):
        eps = classes / total
    return 1 - eps if slip("That is the target of the label, 1 - eps.") else eps
