"""The exercises of lesson 7.4, Noise and Invariance."""

import numpy as np
from scipy import linalg, optimize

from . import exercise

LABELS = np.array([2, 0, 2, 1])


@exercise((LABELS, 0.1, 3), (LABELS[:3], 0.3, 5), (np.array([0, 1]), 0.2, 2), (LABELS, 0.0, 4))
def smooth_targets(labels, eps, classes):
    rows = np.full((len(labels), classes), eps / classes)
    for row, label in zip(rows, labels, strict=True):
        row[label] += 1 - eps
    return rows


@smooth_targets.mistake(
    "That is the lesson's convention, which gives the label nothing of eps. Mix with 1/K everywhere."
)
def _(labels, eps, classes):
    return np.where(np.eye(classes)[labels] == 1, 1 - eps, eps / (classes - 1))


@smooth_targets.mistake("The hard target is not scaled by 1 - eps: a row sums to more than 1.")
def _(labels, eps, classes):
    return np.eye(classes)[labels] + eps / classes


@smooth_targets.mistake("eps is shared out among the K classes: divide it by their number.")
def _(labels, eps, classes):
    return (1 - eps) * np.eye(classes)[labels] + eps


@smooth_targets.mistake("The uniform part is eps / K for the label, too: your rows do not sum to 1.")
def _(labels, eps, classes):
    return np.where(np.eye(classes)[labels] == 1, 1 - eps, eps / classes)


X = np.array([[1.0, 2.0], [-1.0, 0.5], [3.0, -1.0], [0.5, 1.5]])
Y = np.array([1.0, -2.0, 0.5, 3.0])
Z = np.array([[1.0, 0.3, -2.0], [0.5, 2.0, 1.0], [-1.5, 0.4, 0.2], [2.0, -1.0, 1.0], [0.3, 0.2, -1.2]])


@exercise((X, Y, 0.5), (Z, np.arange(5.0) - 1.5, 0.2), (X[:1], Y[:1], 1.0), (X, Y, 0.0))
def noisy_fit(X, y, eta):
    """The same as least squares with one more row for each input, of target 0."""
    n, d = X.shape
    return linalg.lstsq(np.vstack([X, np.sqrt(n * eta) * np.eye(d)]), np.concatenate([y, np.zeros(d)]))[0]


def _ridge(X, y, strength):
    return np.linalg.solve(X.T @ X + strength * np.eye(X.shape[1]), X.T @ y)


@noisy_fit.mistake("Each example has noise of its own: the penalty is eta times the *number of examples*.")
def _(X, y, eta):
    return _ridge(X, y, eta)


@noisy_fit.mistake("That is least squares without noise.")
def _(X, y, eta):
    return np.linalg.lstsq(X, y, rcond=None)[0]


@noisy_fit.mistake("eta is a variance already: do not square it.")
def _(X, y, eta):
    return _ridge(X, y, len(X) * eta**2)


@noisy_fit.mistake("The penalty stands on the diagonal only: multiply it by np.eye.")
def _(X, y, eta):
    return np.linalg.lstsq(X.T @ X + len(X) * eta, X.T @ y, rcond=None)[0]


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
    f = np.zeros(len(W))
    for _ in range(2000):
        f[known] = values
        f = W @ f / W.sum(axis=1)
    f[known] = values
    return f


def _rounds(W, known, values, count):
    f = np.zeros(len(W))
    f[known] = values
    for _ in range(count):
        f = W @ f / W.sum(axis=1)
        f[known] = values
    return f


@harmonic.mistake("The known points take part in the averaging: theirs are held fixed.")
def _(W, known, values):
    f = _rounds(W, known, values, 2000)
    return W @ f / W.sum(axis=1)


for few in (1, 2, 3, 5, 10, 20):

    @harmonic.mistake("Not yet at rest: go on, or solve the linear equations.")
    def _(W, known, values, few=few):
        return _rounds(W, known, values, few)


@harmonic.mistake("The neighbours' mean is weighted by W: you give each neighbour the same weight.")
def _(W, known, values):
    return _rounds((W > 0).astype(float), known, values, 2000)


@harmonic.mistake("The values belong to the points in the order of `known`, which need not be sorted.")
def _(W, known, values):
    return harmonic.reference(W, np.sort(known), values)


@harmonic.mistake("D counts *all* neighbours of a point, the known ones too: sum whole rows of W.")
def _(W, known, values):
    f, u = np.zeros(len(W)), np.setdiff1d(np.arange(len(W)), known)
    f[known] = values
    inner = W[np.ix_(u, u)]
    f[u] = np.linalg.lstsq(np.diag(inner.sum(axis=1)) - inner, W[np.ix_(u, known)] @ values, rcond=None)[0]
    return f


POINT, WEIGHTS = np.array([0.5, 0.02, 0.97, 0.3, 0.0]), np.array([1.5, -2.0, 0.7, -0.1, 0.4])


@exercise(
    (POINT, 1, WEIGHTS, 0.2, 0.1),
    (POINT, 0, WEIGHTS, 0.2, 0.1),
    (POINT[::-1], 0, WEIGHTS, -3.0, 0.05),
    (POINT, 1, np.array([0.0, 1, -1, 2, 0]), 0.5, 0.2),
)
def fool(x, y, w, b, eps):
    p = 1 / (1 + np.exp(-(w @ x + b)))
    return np.minimum(np.maximum(x + eps * np.sign((p - y) * w), 0), 1)


@fool.mistake("That lowers the loss: go along its slope (p - y) w, not against it.")
def _(x, y, w, b, eps):
    return np.clip(x - eps * np.sign(w) * (1 - 2 * y), 0, 1)


@fool.mistake("Pixels leave the range from 0 to 1: clip the result.")
def _(x, y, w, b, eps):
    return x + eps * np.sign(w) * (1 - 2 * y)


@fool.mistake("The sign is missing: each pixel moves by eps, however small its slope.")
def _(x, y, w, b, eps):
    return np.clip(x + eps * (1 / (1 + np.exp(-(w @ x + b))) - y) * w, 0, 1)


@fool.mistake("Right for label 0 only: with label 1 the loss rises the other way.")
def _(x, y, w, b, eps):
    return np.clip(x + eps * np.sign(w), 0, 1)


@fool.mistake("Right for label 1 only: with label 0 the loss rises the other way.")
def _(x, y, w, b, eps):
    return np.clip(x - eps * np.sign(w), 0, 1)


@fool.mistake("Go by the label y, not by what the model says: where it is wrong already, you help it.")
def _(x, y, w, b, eps):
    return np.clip(x - eps * np.sign(w) * np.sign(w @ x + b), 0, 1)


@exercise(
    (POINT, WEIGHTS, 0.2, "max"),
    (POINT, WEIGHTS, -1.5, "euclidean"),
    (POINT[:3], WEIGHTS[2:], 1.0, "max"),
    (POINT[1:], WEIGHTS[:4], 0.7, "euclidean"),
    (POINT, WEIGHTS, -4.0, "max"),
)
def smallest(x, w, b, norm):
    """By the point itself: move along sign(w) or w until the output is 0."""
    way = np.sign(w) if norm == "max" else w / np.sqrt(np.sum(w * w))
    return abs(optimize.brentq(lambda t: w @ (x + t * way) + b, -1e3, 1e3, xtol=1e-13))


@smallest.mistake("The size of a change is not negative: take the absolute value of the output.")
def _(x, w, b, norm):
    return (w @ x + b) / (np.abs(w).sum() if norm == "max" else np.linalg.norm(w))


@smallest.mistake("Both norms are divided by the same: for the largest change it is the sum of |w|.")
def _(x, w, b, norm):
    return abs(w @ x + b) / np.linalg.norm(w)


@smallest.mistake("Both norms are divided by the same: for the Euclidean length it is the Euclidean length of w.")
def _(x, w, b, norm):
    return abs(w @ x + b) / np.abs(w).sum()


@smallest.mistake('The other way round: many small changes add up over the sum of |w|, which belongs to "max".')
def _(x, w, b, norm):
    return smallest.reference(x, w, b, "max" if norm == "euclidean" else "euclidean")


@smallest.mistake('For "max" you changed the most sensitive coordinate only: all may change at once.')
def _(x, w, b, norm):
    return abs(w @ x + b) / (np.abs(w).max() if norm == "max" else np.linalg.norm(w))


ONE, OTHER = np.array([1.0, 2.0, 0.0, -1.0, 0.5, 1.0]), np.array([0.0, 0.5, 1.0, 2.0, 1.5, -1.0])
TX = np.array([[1.0, 0.5, 0, 0, 0, 0.2], [0, 1.0, -1.0, 0, 0.3, 0]])
TY = np.array([[0.2, 0, 0, 2.0, 1.0, 0], [1.2, 0.5, 0, 2.0, 1.0, 0.2]])


@exercise((ONE, OTHER, TX, TY[:1]), (ONE, OTHER, TX, TY), (OTHER, ONE, TX[:1], 3 * TX), (ONE, 2 * ONE, TY, TX))
def two_sided(x, y, Tx, Ty):
    rest = linalg.null_space(np.concatenate([Tx, Ty]))
    return np.linalg.norm(rest.T @ (x - y))


@two_sided.mistake("Only x moves.")
def _(x, y, Tx, Ty):
    return two_sided.reference(x, y, Tx, Tx)


@two_sided.mistake("Only y moves.")
def _(x, y, Tx, Ty):
    return two_sided.reference(x, y, Ty, Ty)


@two_sided.mistake("That is the plain distance: nothing moves.")
def _(x, y, Tx, Ty):
    return np.linalg.norm(x - y)


@two_sided.mistake("The tangents are not orthonormal: projecting on each by itself subtracts too much or too little.")
def _(x, y, Tx, Ty):
    T = np.concatenate([Tx, Ty])
    return np.linalg.norm(y - x - T.T @ (T @ (y - x)))


@two_sided.mistake("The tangents are not orthogonal: projecting on one after the other is not least squares.")
def _(x, y, Tx, Ty):
    d = y - x
    for t in np.concatenate([Tx, Ty]):
        d = d - t * (t @ d) / (t @ t)
    return np.linalg.norm(d)


@two_sided.mistake("First one plane, then the other, is not least squares: both digits move at once.")
def _(x, y, Tx, Ty):
    off_x, off_y = linalg.null_space(Tx), linalg.null_space(Ty)
    return np.linalg.norm(off_y.T @ off_x @ off_x.T @ (y - x))


IN, OUT = (
    np.array([[0.5, -1.0, 0.3], [1.0, 0.2, -0.7], [-0.4, 0.6, 0.9], [0.1, 0.8, -0.2]]),
    np.array([[1.0, -2.0], [0.5, 1.0], [-1.5, 0.3]]),
)
DIRECTIONS = np.array([[1.0, 0.0, -1.0, 0.5], [0.2, 0.7, 0.1, -1.0]])
PLACE = np.array([0.3, -0.5, 0.8, 1.0])


@exercise(
    (PLACE, DIRECTIONS, IN, OUT), (-2 * PLACE, DIRECTIONS[:1], IN, OUT), (PLACE[::-1], 2 * DIRECTIONS, IN, OUT[:, :1])
)
def prop_penalty(x, T, W1, W2):
    total = 0.0
    for v in T:
        slope = np.imag(np.tanh((x + 1e-20j * v) @ W1) @ W2) / 1e-20
        total += slope @ slope
    return total


@prop_penalty.mistake("The slope of tanh is missing: 1 - tanh^2, at the hidden sums of x.")
def _(x, T, W1, W2):
    return np.sum((T @ W1 @ W2) ** 2)


@prop_penalty.mistake("Take the slopes of tanh at x W1, not at the tangents.")
def _(x, T, W1, W2):
    return np.sum((((T @ W1) * (1 - np.tanh(T @ W1) ** 2)) @ W2) ** 2)


for axis in (None, 0, 1):

    @prop_penalty.mistake("Slopes are squared before they are added up: otherwise they cancel.")
    def _(x, T, W1, W2, axis=axis):
        return np.sum(np.sum(((T @ W1) * (1 - np.tanh(x @ W1) ** 2)) @ W2, axis=axis) ** 2)


@exercise((4.394449154672439, 10), (2.0, 3), (0.0, 4), (1.5, 2))
def smoothing_for(gap, classes):
    """By the probabilities of the scores (gap, 0, ..., 0): eps is what the others have together."""
    scores = np.zeros(classes)
    scores[0] = gap
    return np.sum(np.exp(scores[1:])) / np.sum(np.exp(scores))


@smoothing_for.mistake("That is the share of one of the others: eps is what they have together, K - 1 times as much.")
def _(gap, classes):
    return 1 / (classes - 1 + np.exp(gap))


@smoothing_for.mistake("There are K - 1 others, not K.")
def _(gap, classes):
    return classes / (classes + np.exp(gap))


@smoothing_for.mistake("That is for eps spread over all classes, the label's too. Here the label gets nothing of it.")
def _(gap, classes):
    return classes / (classes - 1 + np.exp(gap))


@smoothing_for.mistake("That is the target of the label, 1 - eps.")
def _(gap, classes):
    return np.exp(gap) / (classes - 1 + np.exp(gap))
