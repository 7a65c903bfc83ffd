"""The exercises of lesson 8.1, Challenges in Optimization."""

import math
from itertools import permutations, product

import numpy as np

from . import exercise

ROWS = np.array([[1.0, 2.0], [-1.5, 0.5], [0.3, -1.0], [2.0, 1.0], [-0.2, 0.4]])
SIGNS = np.array([1, -1, 1, -1, 1])


@exercise(
    (np.array([0.8, -0.3]), ROWS, SIGNS),
    (np.array([-0.4, 0.9]), ROWS, SIGNS),
    (np.array([0.5, 0.5]), ROWS[:3], SIGNS[:3]),
    (np.array([2.0, 1.0]), ROWS[:2], SIGNS[:2]),
)
def hinge(w, X, y):
    loss, slope = 0.0, np.zeros(len(w))
    for row, sign in zip(X, y, strict=True):
        gap = 1 - sign * sum(row * w)
        if gap > 0:
            loss, slope = loss + gap / len(y), slope - sign * row / len(y)
    return loss, slope


def _hinge(w, X, y, bound=1.0, count=None):
    margins = y * (X @ w)
    active = margins < bound
    slope = -(X * y[:, None])[active].sum(axis=0)
    return np.maximum(0, bound - margins).sum() / (count or len(y)), slope / (count or len(y))


@hinge.mistake("The mean is over all examples, also over those whose loss is 0.")
def _(w, X, y):
    return _hinge(w, X, y, count=max(1, int(np.sum(y * (X @ w) < 1))))


@hinge.mistake("A right answer still costs something while its margin is below 1, not only below 0.")
def _(w, X, y):
    return _hinge(w, X, y, bound=0.0)


@hinge.mistake("The loss is right. Examples beyond the margin have slope 0: leave them out.")
def _(w, X, y):
    return _hinge(w, X, y)[0], -(X * y[:, None]).mean(axis=0)


@hinge.mistake("The loss is right. The slope of an example is -y x: its label is missing.")
def _(w, X, y):
    return _hinge(w, X, y)[0], -X[y * (X @ w) < 1].sum(axis=0) / len(y)


@hinge.mistake("The mean is asked for, of losses and of slopes: divide both by the number of examples.")
def _(w, X, y):
    return _hinge(w, X, y, count=1)


@hinge.mistake("The loss is right. Its gradient is asked for as well: return both.")
def _(w, X, y):
    return _hinge(w, X, y)[0]


GRADIENTS = np.array([[1.0, 2.0, 0.5], [-1.0, 0.5, 3.0], [2.0, -1.0, 0.0], [0.0, 4.0, 1.0]])


@exercise((GRADIENTS, 2), (GRADIENTS, 1), (GRADIENTS, 4), (GRADIENTS, 3), (GRADIENTS[:3, :2], 2))
def batch_error(G, n):
    """By going through all ordered batches."""
    batches = np.array([G[list(chosen)].mean(axis=0) for chosen in permutations(range(len(G)), n)])
    return float(np.mean(np.sum((batches - G.mean(axis=0)) ** 2, axis=1)))


def _trace(G, ddof=0):
    return float(np.var(G, axis=0, ddof=ddof).sum())


@batch_error.mistake("That is with replacement: without it, a batch of all examples makes no error.")
def _(G, n):
    return _trace(G) / n


@batch_error.mistake("Nearly: with variances that divide by N, the correction is (N - n) / (N - 1).")
def _(G, n):
    return _trace(G) / n * (len(G) - n) / len(G)


@batch_error.mistake("The squared error was asked for, not its root.")
def _(G, n):
    return np.sqrt(batch_error.reference(G, n))


@batch_error.mistake("Variances are about the mean gradient: subtract it first.")
def _(G, n):
    return np.mean(np.sum(G**2, axis=1)) / n * (len(G) - n) / (len(G) - 1)


@batch_error.mistake("With variances that divide by N - 1 (ddof=1, np.cov) the correction is (N - n) / N.")
def _(G, n):
    return _trace(G, ddof=1) / n * (len(G) - n) / (len(G) - 1)


def slope_of_bowl(w):
    return np.array([[3.0, 1.0], [1.0, 2.0]]) @ w


def slope_of_saddle(w):
    return np.array([1.0, -4.0]) * w


def slope_of_wave(w):
    return np.array([np.exp(w[0]) * w[1] ** 2, 2 * np.exp(w[0]) * w[1]])


@exercise(
    (slope_of_bowl, np.array([1.0, -2.0])),
    (slope_of_wave, np.array([0.5, 1.5])),
    (slope_of_saddle, np.array([3.0, 0.5])),
    (slope_of_saddle, np.array([0.5, 1.0])),
    tolerance=1e-3,  # so that one-sided differences will do
)
def largest_step(gradient, w):
    """By the whole Hessian."""
    H = np.stack([(gradient(w + 1e-5 * u) - gradient(w - 1e-5 * u)) / 2e-5 for u in np.eye(len(w))], axis=1)
    g = gradient(w)
    bend = g @ H @ g
    return float(2 * g @ g / bend) if bend > 0 else np.inf


def _limit(top, g, Hg):
    return float(top / (g @ Hg)) if g @ Hg > 0 else np.inf


def _along(gradient, w, v):
    return (gradient(w + 1e-5 * v) - gradient(w - 1e-5 * v)) / 2e-5


@largest_step.mistake("That is the best step. Eq. 8.10 is back at 0 at twice that.")
def _(gradient, w):
    g = gradient(w)
    return _limit(g @ g, g, _along(gradient, w, g))


@largest_step.mistake("Where the curvature along g is negative, eq. 8.10 has no limit: return np.inf.")
def _(gradient, w):
    g = gradient(w)
    return 2 * g @ g / (g @ _along(gradient, w, g))


@largest_step.mistake("You took H times the unit vector along g: multiply by the length of g, or use g itself.")
def _(gradient, w):
    g = gradient(w)
    return _limit(2 * g @ g, g, _along(gradient, w, g / np.linalg.norm(g)))


@largest_step.mistake("Eq. 8.10 is 0 at 2 g'g / g'Hg: the squared length of g is missing.")
def _(gradient, w):
    g = gradient(w)
    return _limit(2, g, _along(gradient, w, g))


@largest_step.mistake("That is 2 / L, with the largest eigenvalue: safe for each direction. Here g's own is asked for.")
def _(gradient, w):
    H = np.stack([_along(gradient, w, unit) for unit in np.eye(len(w))])
    return 2 / np.linalg.eigvalsh((H + H.T) / 2).max()


@exercise(([3],), ([4, 2],), ([1],), ([5, 5, 3],), ([2, 6],))
def equivalent(widths):
    """By counting signed orders, one layer after another."""
    count = 1
    for n in widths:
        orders = sum(1 for _ in permutations(range(n)))
        count *= orders * sum(1 for _ in product((1, -1), repeat=n))
    return count


@equivalent.mistake("Each unit's signs can be flipped as well: another factor 2 for each unit.")
def _(widths):
    return math.prod(math.factorial(n) for n in widths)


@equivalent.mistake("Units stay in their layer: it is a product of factorials, not the factorial of all units.")
def _(widths):
    return math.factorial(sum(widths)) * 2 ** sum(widths)


@equivalent.mistake("Each unit can be flipped on its own: 2^n for a layer, not 2.")
def _(widths):
    return math.prod(2 * math.factorial(n) for n in widths)


INTO, OUT = np.array([[1.0, -2.0, 0.5], [3.0, 0.2, 1.0]]), np.array([[0.5, 4.0], [-1.0, 1.0], [2.0, -6.0]])


@exercise((INTO, OUT), (-3 * INTO, OUT), (INTO.T, OUT.T @ INTO.T), (np.ones((3, 1)), np.full((1, 2), 5.0)))
def balance(W1, W2):
    V1, V2 = W1.astype(float).copy(), W2.astype(float).copy()
    for unit in range(W1.shape[1]):
        into, out = math.hypot(*W1[:, unit]), math.hypot(*W2[unit])
        V1[:, unit] *= math.sqrt(into * out) / into
        V2[unit] *= math.sqrt(into * out) / out
    return V1, V2


def _scaled(W1, W2, a):
    return W1 * a, W2 / np.reshape(a, (-1, 1))


def _ratio(W1, W2):
    return np.linalg.norm(W2, axis=1) / np.linalg.norm(W1, axis=0)


@balance.mistake("A root is missing: what goes in grows by the factor, what comes out shrinks by it as well.")
def _(W1, W2):
    return _scaled(W1, W2, _ratio(W1, W2))


@balance.mistake("The factors are the wrong way round: the shorter side has to grow.")
def _(W1, W2):
    return _scaled(W1, W2, 1 / np.sqrt(_ratio(W1, W2)))


@balance.mistake("Each unit needs a factor of its own, not one for the layer.")
def _(W1, W2):
    return _scaled(W1, W2, np.full(W1.shape[1], np.sqrt(np.linalg.norm(W2) / np.linalg.norm(W1))))


@balance.mistake("Weights into a unit now have length 1, not the length of those out of it.")
def _(W1, W2):
    return _scaled(W1, W2, 1 / np.linalg.norm(W1, axis=0))


@exercise((1e-6, 1.0, 0.1), (-1e-3, 2.0, 0.05), (0.5, 1.0, 0.5), (1e-9, 0.3, 0.2), (0.25, 1.0, 1.0), (2.0, 1.0, 0.1))
def steps_to_leave(offset, curvature, lr):
    y, count = abs(offset), 0
    while y < 1:
        y, count = y * (1 + lr * curvature), count + 1
    return count


def _logs(offset, curvature, lr):
    return math.log(1 / abs(offset)) / math.log(1 + lr * curvature)


@steps_to_leave.mistake("Round up: after so many whole steps |y| is still below 1.")
def _(offset, curvature, lr):
    return max(0, math.floor(_logs(offset, curvature, lr)))


@steps_to_leave.mistake("The factor of a step is 1 + lr * curvature; its logarithm is smaller than lr * curvature.")
def _(offset, curvature, lr):
    return max(0, math.ceil(math.log(1 / abs(offset)) / (lr * curvature)))


@steps_to_leave.mistake("Who starts outside has left already: 0 steps.")
def _(offset, curvature, lr):
    return math.ceil(_logs(offset, curvature, lr) - 1e-9)


@steps_to_leave.mistake("Where |y| is exactly 1 it has left: round up, instead of adding 1 to what is rounded down.")
def _(offset, curvature, lr):
    return max(0, math.floor(_logs(offset, curvature, lr)) + 1)


LONG = [np.array([[3.0, -4.0], [0.0, 12.0]]), np.array([0.5, -0.2, 1.0])]


@exercise((LONG, 1.0), (LONG, 100.0), (LONG[::-1], 5.0), ([np.array([6.0, -8.0]), np.zeros(2)], 2.5))
def clip(grads, max_norm):
    flat = np.concatenate([np.ravel(grad) for grad in grads])
    factor = min(1.0, max_norm / math.sqrt(math.fsum(flat**2)))
    return tuple(grad * factor for grad in grads)


def _joint(grads):
    return np.sqrt(sum(np.sum(grad**2) for grad in grads))


@clip.mistake("Each array was clipped on its own. That changes the direction: one factor for all.")
def _(grads, max_norm):
    return tuple(grad * min(1, max_norm / max(np.linalg.norm(grad), 1e-12)) for grad in grads)


@clip.mistake("Clipping each number changes the direction: scale by one factor.")
def _(grads, max_norm):
    return tuple(np.clip(grad, -max_norm, max_norm) for grad in grads)


@clip.mistake("A gradient shorter than max_norm stays as it is: it is not stretched.")
def _(grads, max_norm):
    return tuple(grad * max_norm / _joint(grads) for grad in grads)


@clip.mistake("The length of all together is the root of the sum of squares, not the sum of lengths.")
def _(grads, max_norm):
    return tuple(grad * min(1, max_norm / sum(np.linalg.norm(grad) for grad in grads)) for grad in grads)


TURN = np.array([[0.0, -2.0, 0.0], [2.0, 0.0, 1.0], [0.0, 0.0, 1.5]])
SHEAR = np.array([[0.5, 4.0], [0.0, -0.9]])


@exercise((TURN,), (SHEAR,), (np.array([[2.0, 1.0], [1.0, 2.0]]),), (np.array([[0.1, 0.3], [-0.2, 0.4]]),))
def tame(W):
    """By the roots of the characteristic polynomial."""
    return W / np.abs(np.roots(np.poly(W))).max()


@tame.mistake("That is the largest singular value: the most that one product can stretch, not what many do.")
def _(W):
    return W / np.linalg.norm(W, 2)


@tame.mistake("Magnitudes count: an eigenvalue may be negative or complex.")
def _(W):
    return W / np.linalg.eigvals(W).real.max()


@tame.mistake("The magnitude of a complex number is its abs, not that of its real part.")
def _(W):
    return W / np.abs(np.linalg.eigvals(W).real).max()
