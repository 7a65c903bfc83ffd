"""The exercises of lesson 8.6, Second-Order Methods."""

import numpy as np
from scipy import linalg

from . import exercise

SADDLE = np.array([[1.0, 3.0], [3.0, -2.0]])
BOWL = np.array([[3.0, 1.0, 0.5], [1.0, 2.0, -0.4], [0.5, -0.4, 1.5]])


@exercise((SADDLE, 0.5), (BOWL, 0.1), (BOWL, 2.5), (np.diag([-1.0, -7.0, 4.0]), 0.01), (np.diag([0.0, 3.0]), 0.2))
def safe_alpha(H, least):
    """By bisection: a Cholesky factor exists where all eigenvalues are positive."""
    low, high = 0.0, least + np.linalg.norm(H)
    for _ in range(100):
        middle = (low + high) / 2
        try:
            np.linalg.cholesky(H + (middle - least) * np.eye(len(H)))
            high = middle
        except np.linalg.LinAlgError:
            low = middle
    return high if high > 1e-12 else 0.0


@safe_alpha.mistake("If the smallest eigenvalue is large enough already, nothing is to be added or subtracted.")
def _(H, least):
    return least - np.linalg.eigvalsh(H)[0]


@safe_alpha.mistake("That makes the smallest eigenvalue 0. It is to be `least`, so that one can divide by it.")
def _(H, least):
    return max(0.0, -np.linalg.eigvalsh(H)[0])


@safe_alpha.mistake("A smallest eigenvalue that is positive but below `least` must be raised as well.")
def _(H, least):
    lowest = np.linalg.eigvalsh(H)[0]
    return least - lowest if lowest <= 0 else 0.0


@safe_alpha.mistake("The diagonal holds curvatures along the axes only. Use the smallest eigenvalue.")
def _(H, least):
    return max(0.0, least - np.diag(H).min())


G, D = np.array([1.0, -2.0, 0.5]), np.array([0.3, 1.0, 2.0])


@exercise(
    (G, D, BOWL),
    (np.array([2.0, 1.0]), np.array([1.0, -3.0]), np.array([[2.0, 0.5], [0.5, 4.0]])),
    (D, np.array([1.0, 1.0, -1.0]), np.diag([1.0, 5.0, 10.0])),
)
def conjugate(g, d, A):
    """In the coordinates where A is the identity, conjugate is perpendicular."""
    L = np.linalg.cholesky(A)
    unit = L.T @ d / np.linalg.norm(L.T @ d)
    moved = -L.T @ g
    return np.linalg.solve(L.T, moved - (moved @ unit) * unit)


def _mixed(g, d, beta):
    return -g + beta * d


@conjugate.mistake("That is perpendicular to d, not conjugate: the matrix has to stand between, d @ A @ new = 0.")
def _(g, d, A):
    return _mixed(g, d, g @ d / (d @ d))


@conjugate.mistake("The sign of beta: write d @ A @ (-g + beta d) = 0 and solve it for beta.")
def _(g, d, A):
    return _mixed(g, d, -(g @ A @ d) / (d @ A @ d))


@conjugate.mistake("Below stands d @ A @ d, the curvature along the old direction, not along g.")
def _(g, d, A):
    return _mixed(g, d, g @ A @ d / (g @ A @ g))


Q = np.linalg.qr(np.array([[2.0, 1, 0, 1], [1, 3, 1, 0], [0, 1, 1, 2], [1, 0, 2, 5]]))[0]


def _matrix(*values):
    return (Q * np.array(values)) @ Q.T


@exercise(
    (_matrix(1.0, 2.0, 3.0, 4.0), np.array([1.0, 2.0, -1.0, 0.5])),
    (_matrix(2.0, 2.0, 2.0, 5.0), np.array([1.0, 2.0, -1.0, 0.5])),
    (_matrix(1.0, 2.0, 3.0, 4.0), Q @ np.array([1.0, 0.0, 2.0, 0.0])),
    (_matrix(1.0, 2.0, 2.0, 4.0), Q @ np.array([0.0, 1.0, -1.0, 3.0])),
    (_matrix(1.0, 1.0, 3.0, 3.0), Q @ np.array([2.0, 1.0, 0.0, 0.0])),
    (np.diag([1.0, 1.0, 6.0]), np.array([0.0, 2.0, 1.0])),
)
def steps_to_solve(A, b):
    """The dimension of the span of b, Ab, AAb, ..."""
    krylov = np.stack([np.linalg.matrix_power(A / np.linalg.norm(A), k) @ b for k in range(len(b))], axis=1)
    return int(np.linalg.matrix_rank(krylov, tol=1e-8))


def _groups(values):
    return 1 + int(np.sum(np.diff(np.sort(values)) > 1e-6)) if len(values) else 0


@steps_to_solve.mistake("n steps always suffice, but eigenvalues that are equal are dealt with in one step.")
def _(A, b):
    return len(b)


@steps_to_solve.mistake("Eigenvalues in whose eigenvectors b has no part are never met: they do not count.")
def _(A, b):
    return _groups(np.linalg.eigvalsh(A))


@steps_to_solve.mistake("Several eigenvectors of the same eigenvalue are dealt with in one step: count eigenvalues.")
def _(A, b):
    return int(np.sum(np.abs(np.linalg.eigh(A)[1].T @ b) > 1e-8))


def steep(x):
    return 10 * x * x - 4 * x + 1, 20 * x - 4


def wave(x):
    return float(-np.sin(x)), float(-np.cos(x))


@exercise(
    *((steep, step, 1e-4, 0.9) for step in (0.01, 0.1, 0.2, 0.375, 0.39, 0.5)),
    *((steep, step, 0.2, 0.3) for step in (0.12, 0.19, 0.21, 0.27)),
    *((wave, step, 1e-4, 0.5) for step in (0.5, 1.5, 2.5, 5.0, 6.28, 7.5)),
    (wave, 7.5, 0.3, 0.5),
)
def judge(phi, step, c1, c2):
    value, slope = phi(0.0)
    there, left = phi(step)
    fell_enough, level = value - there >= -c1 * step * slope, abs(left) <= c2 * abs(slope)
    return "good" if fell_enough and level else "too short" if fell_enough and left < 0 else "too long"


@judge.mistake("A step beyond the minimum is too long, even if f fell enough: there the slope is positive.")
def _(phi, step, c1, c2):
    (value, slope), (there, left) = phi(0.0), phi(step)
    if there > value + c1 * step * slope:
        return "too long"
    return "good" if abs(left) <= c2 * abs(slope) else "too short"


@judge.mistake("The second condition limits |phi'|: a step at whose end f rises too strongly is too long.")
def _(phi, step, c1, c2):
    (value, slope), (there, left) = phi(0.0), phi(step)
    if there > value + c1 * step * slope:
        return "too long"
    return "too short" if left < c2 * slope else "good"


@judge.mistake("The first condition is missing: a step can end on level ground that is higher than the start.")
def _(phi, step, c1, c2):
    slope, left = phi(0.0)[1], phi(step)[1]
    return "too long" if left > -c2 * slope else "too short" if left < c2 * slope else "good"


@judge.mistake("f has to fall by at least c1 times what the slope promises; falling at all is not enough.")
def _(phi, step, c1, c2):
    (value, slope), (there, left) = phi(0.0), phi(step)
    if there > value or left > -c2 * slope:
        return "too long"
    return "too short" if left < c2 * slope else "good"


M, S, Y = BOWL, np.array([1.0, 0.5, -1.0]), np.array([0.2, 2.0, 1.0])


@exercise(
    (M, S, Y),
    (M, Y, S),
    (SADDLE, np.array([2.0, 1.0]), np.array([1.0, -1.0])),
    (np.eye(2), np.array([1.0, 2.0]), np.array([1.0, 2.0])),
    (np.eye(2), np.array([2.0, 1.0]), np.array([1.0, 0.0])),
    (np.diag([2.0, 3.0]), np.array([2.0, 1.0]), np.array([1.0, 0.0])),
)
def rank_one(M, s, y):
    """From the requirement: add c v v^T, with v = s - M y, so that y is sent to s."""
    v = s - M @ y
    if abs(v @ y) < 1e-8:
        return M + 0.0
    i = np.argmax(np.abs(v))
    c = v[i] / (v[i] * (v @ y))
    return M + np.array([[c * a * b for b in v] for a in v])


def _rank_one(M, v, below):
    return M + np.outer(v, v) / below


@rank_one.mistake("Where (s - M y) @ y is 0 no update of this kind exists: return M as it is.")
def _(M, s, y):
    v = s - M @ y
    with np.errstate(divide="ignore", invalid="ignore"):
        return _rank_one(M, v, v @ y)


@rank_one.mistake("Only where v @ y is nearly 0 nothing is done; where it is negative the update exists.")
def _(M, s, y):
    v = s - M @ y
    return _rank_one(M, v, v @ y) if v @ y >= 1e-8 else M


@rank_one.mistake("M stands for the inverse Hessian: it has to send y to s, so v is s - M y.")
def _(M, s, y):
    v = y - M @ s
    return _rank_one(M, v, v @ s) if abs(v @ s) > 1e-8 else M


@rank_one.mistake("s s^T / (s @ y) is a part of BFGS. Here v v^T / (v @ y) is added, with v = s - M y.")
def _(M, s, y):
    return _rank_one(M, s, s @ y)


@exercise(
    (S, Y, BOWL),
    (S, -Y, BOWL),
    (D, np.array([0.1, 0.1, 0.2]), BOWL),
    (np.array([1.0, -1.0]), np.array([-3.0, 2.0]), np.array([[2.0, 0.5], [0.5, 1.0]])),
    (G, 3 * G, BOWL),
)
def damped(s, y, B):
    """By bisection for the share of B s."""
    low, high = 0.0, 1.0
    if s @ (y - 0.2 * B @ s) >= 0:
        return y + 0.0
    for _ in range(100):
        middle = (low + high) / 2
        enough = s @ ((1 - middle) * y + middle * (B @ s)) >= 0.2 * s @ B @ s
        low, high = (low, middle) if enough else (middle, high)
    return (1 - high) * y + high * (B @ s)


def _theta(s, y, B, part=0.2):
    return min(1.0, (1 - part) * (s @ B @ s) / (s @ B @ s - s @ y)) if s @ y < part * (s @ B @ s) else 1.0


@damped.mistake("theta belongs to y, 1 - theta to B s: the two are exchanged.")
def _(s, y, B):
    theta = _theta(s, y, B)
    return (1 - theta) * y + theta * (B @ s) if theta < 1 else y


@damped.mistake("A positive s @ y that is too small has to be mended, too.")
def _(s, y, B):
    theta = _theta(s, y, B) if s @ y <= 0 else 1.0
    return theta * y + (1 - theta) * (B @ s)


@damped.mistake("Where y is bad it is not thrown away: mix in only as much of B s as is needed.")
def _(s, y, B):
    return y if s @ y >= 0.2 * (s @ B @ s) else B @ s


@damped.mistake("Where s @ y is large enough y stays as it is.")
def _(s, y, B):
    theta = 0.8 * (s @ B @ s) / (s @ B @ s - s @ y)
    return theta * y + (1 - theta) * (B @ s)


A4 = np.array([[9.0, 1.0, 0.0, 0.5], [1.0, 1.0, 0.2, 0.0], [0.0, 0.2, 4.0, 1.0], [0.5, 0.0, 1.0, 30.0]])
B4 = np.array([1.0, -2.0, 0.5, 3.0])


@exercise((A4, B4, 1), (A4, B4, 2), (A4, B4, 3), (BOWL, G, 2), (A4, B4, 4))
def preconditioned(A, b, steps):
    """The lowest point of the space that CG has seen, in scaled coordinates."""
    root = np.sqrt(np.diag(A))
    scaled, pull = A / np.outer(root, root), b / root
    K = linalg.orth(np.stack([np.linalg.matrix_power(scaled, k) @ pull for k in range(steps)], axis=1))
    return K @ np.linalg.solve(K.T @ scaled @ K, K.T @ pull) / root


def _cg(A, b, steps):
    x, g, d = np.zeros_like(b), -b, b
    for _ in range(steps):
        x = x + (step := -(g @ d) / (d @ A @ d)) * d
        g = g + step * (A @ d)
        d = -g + g @ A @ d / (d @ A @ d) * d
    return x


@preconditioned.mistake("That is CG without scaling: put x = S z into A x = b first.")
def _(A, b, steps):
    return _cg(A, b, steps)


@preconditioned.mistake("That is z, the solution in scaled coordinates. Go back: x = S z.")
def _(A, b, steps):
    root = np.sqrt(np.diag(A))
    return _cg(A / np.outer(root, root), b / root, steps)


@preconditioned.mistake("The right side has to be scaled as well: S A S z = S b.")
def _(A, b, steps):
    root = np.sqrt(np.diag(A))
    return _cg(A / np.outer(root, root), b, steps) / root


@preconditioned.mistake("S holds one over the ROOT of the diagonal, since it stands on both sides of A.")
def _(A, b, steps):
    scale = np.diag(A)
    return _cg(A / np.outer(scale, scale), b / scale, steps) / scale


@preconditioned.mistake("That is the solution itself. The point after so many steps was asked for.")
def _(A, b, steps):
    return np.linalg.solve(A, b)
