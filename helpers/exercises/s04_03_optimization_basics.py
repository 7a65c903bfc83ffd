"""The exercises of lesson 4.3, Optimization Basics."""

import numpy as np
from scipy import linalg, optimize

from . import exercise


def _signs(H):
    values = np.linalg.eigvalsh(H)
    return set(np.where(np.abs(values) < 1e-9, 0, np.sign(values)).tolist())


@exercise(
    (np.array([[2.0, 1.0], [1.0, 3.0]]),),
    (np.array([[-2.0, 1.0], [1.0, -3.0]]),),
    (np.array([[1.0, 3.0], [3.0, 1.0]]),),
    (np.diag([2.0, 0.0]),),
    (np.diag([0.0, -1.0]),),
    (np.diag([1.0, 0.0, -1.0]),),
    (np.diag([-1.0, -2.0, 3.0]),),
    (np.diag([-3.0, -1.0, -2.0]),),
    (np.zeros((2, 2)),),
)
def kind(H):
    signs = _signs(H)
    if {-1.0, 1.0} <= signs:
        return "saddle"
    return {(1.0,): "minimum", (-1.0,): "maximum"}.get(tuple(signs), "silent")


@kind.mistake("A 0 beside both signs changes nothing: one way leads up, another down. That is a saddle already.")
def _(H):
    return "silent" if 0.0 in _signs(H) else kind.reference(H)


@kind.mistake("A 0 is not positive. With an eigenvalue 0 and no other sign the test is silent.")
def _(H):
    signs = _signs(H)
    if {-1.0, 1.0} <= signs:
        return "saddle"
    return "maximum" if -1.0 in signs else "minimum"


@kind.mistake("With an eigenvalue 0 and otherwise one sign it may be anything. The test is silent there.")
def _(H):
    signs = _signs(H)
    return "minimum" if signs == {1.0} else "maximum" if signs == {-1.0} else "saddle"


@kind.mistake("Minimum and maximum are exchanged: where all curvatures are positive, every way leads up.")
def _(H):
    return {"minimum": "maximum", "maximum": "minimum"}.get(kind.reference(H), kind.reference(H))


@kind.mistake("The diagonal holds curvatures along the axes only. Use the eigenvalues.")
def _(H):
    return kind.reference(np.diag(np.diag(H)))


@kind.mistake("The determinant decides for two inputs only. Use the eigenvalues.")
def _(H):
    determinant = np.linalg.det(H)
    if abs(determinant) < 1e-9:
        return "silent"
    return "saddle" if determinant < 0 else "minimum" if H[0, 0] > 0 else "maximum"


@kind.mistake("The trace is the sum of the eigenvalues. Their signs count, one by one.")
def _(H):
    trace = np.trace(H)
    return "minimum" if trace > 0 else "maximum" if trace < 0 else "silent"


G, VALLEY = np.array([1.0, -2.0]), np.array([[3.0, 1.0], [1.0, 2.0]])


@exercise(
    (G, VALLEY),
    (np.array([0.5, 1.5]), VALLEY),
    (np.array([3.0, 0.0, 4.0]), np.diag([1.0, 5.0, 10.0])),
    (G, np.diag([10.0, -1.0])),
    (G, np.diag([1.0, -1.0])),
    (G, np.diag([4.0, -1.0])),
)
def best_step(g, H):
    unit = g / np.linalg.norm(g)
    curvature = float(unit @ (H @ unit))
    return 1 / curvature if curvature > 1e-12 else np.inf


def _ratio(top, bottom):
    return top / bottom if bottom > 1e-12 else np.inf


@best_step.mistake("A negative step goes uphill, a division by 0 nowhere: without upward curvature return np.inf.")
def _(g, H):
    with np.errstate(divide="ignore"):
        return np.divide(g @ g, g @ H @ g)


@best_step.mistake("Without upward curvature return np.inf, not 0: the parabola goes down for ever.")
def _(g, H):
    return g @ g / (g @ H @ g) if g @ H @ g > 1e-12 else 0.0


@best_step.mistake("Take the magnitude of the curvature away: along g a negative one means down for ever, np.inf.")
def _(g, H):
    with np.errstate(divide="ignore"):
        return np.divide(g @ g, abs(g @ H @ g))


@best_step.mistake("The sign: the minus stands in the step already, x - epsilon g.")
def _(g, H):
    return -best_step.reference(g, H) if g @ H @ g > 1e-12 else np.inf


@best_step.mistake("Above stands the square of the gradient's length, not the length.")
def _(g, H):
    return _ratio(np.linalg.norm(g), g @ H @ g)


@best_step.mistake("That is one over the largest eigenvalue, the best step for the worst gradient only.")
def _(g, H):
    return 1 / np.linalg.eigvalsh(H).max()


@best_step.mistake("Above stands g^T g; without it the step would depend on the gradient's length.")
def _(g, H):
    return _ratio(1.0, g @ H @ g)


@best_step.mistake("That is the fraction upside down.")
def _(g, H):
    return g @ H @ g / (g @ g) if g @ H @ g > 1e-12 else np.inf


@best_step.mistake("Twice too long: there f is back at its old height.")
def _(g, H):
    return 2 * best_step.reference(g, H)


@best_step.mistake("Half as long as the best: the 1/2 of the Taylor series goes away with the derivative.")
def _(g, H):
    return best_step.reference(g, H) / 2


@best_step.mistake("The curvature is not to be divided away by the inverse: use H, not its inverse.")
def _(g, H):
    return _ratio(g @ g, g @ np.linalg.inv(H) @ g)


def steep(x):
    return float(x[0] ** 2 + 10 * x[1] ** 2)


def deep(x):
    return float(np.sum(x * x) / 2 - 50)


def narrow(x):
    return float(100 * x[0] ** 2 + 3)


START = np.array([1.0, 0.5])


@exercise(
    (steep, START, np.array([2.0, 10.0]), 1.0),
    (steep, np.array([3.0, 0.1]), np.array([6.0, 2.0]), 0.7),
    (deep, START, START, 0.9),
    (deep, START, START, 3.0),
    (narrow, np.array([2.0]), np.array([400.0]), 10.0),
)
def backtrack(f, x, g, step):
    halvings = next(k for k in range(99) if f(x) - f(x - step * 0.5**k * g) >= 0.5 * step * 0.5**k * np.sum(g * g))
    return step * 0.5**halvings


def _halved(f, x, g, step, good):
    for _ in range(99):
        if good(step):
            break
        step = step / 2
    return step


@backtrack.mistake("Any decrease is not enough: it has to be half of what the slope promises.")
def _(f, x, g, step):
    return _halved(f, x, g, step, lambda s: f(x - s * g) <= f(x))


@backtrack.mistake("You ask for all that the slope promises. A function that bends upward never gives it.")
def _(f, x, g, step):
    return _halved(f, x, g, step, lambda s: f(x - s * g) <= f(x) - s * (g @ g))


@backtrack.mistake("The slope promises step times g^T g: the square of the length, not the length.")
def _(f, x, g, step):
    return _halved(f, x, g, step, lambda s: f(x - s * g) <= f(x) - s * np.linalg.norm(g) / 2)


@backtrack.mistake("The promise has to shrink with the step: multiply g^T g by the step.")
def _(f, x, g, step):
    return _halved(f, x, g, step, lambda s: f(x - s * g) <= f(x) - (g @ g) / 2)


@backtrack.mistake("The promise has to shrink with the step: compute it anew each time.")
def _(f, x, g, step):
    return _halved(f, x, g, step, lambda s, first=step: f(x - s * g) <= f(x) - first * (g @ g) / 2)


@backtrack.mistake("That is the step as it came: halve it while the test fails.")
def _(f, x, g, step):
    return step


@backtrack.mistake("Against the gradient: x - step * g, and less than f(x) by the promise.")
def _(f, x, g, step):
    return _halved(f, x, g, step, lambda s: f(x + s * g) <= f(x) - s * (g @ g) / 2)


@backtrack.mistake("The promise lowers f: subtract it.")
def _(f, x, g, step):
    return _halved(f, x, g, step, lambda s: f(x - s * g) <= f(x) + s * (g @ g) / 2)


@backtrack.mistake("One halving is not always enough, and sometimes one too many. Loop while the test fails.")
def _(f, x, g, step):
    return step / 2


@backtrack.mistake("Halve while the test fails: an `if` does it only once.")
def _(f, x, g, step):
    return step / 2 if f(x - step * g) > f(x) - step * (g @ g) / 2 else step


@backtrack.mistake("One halving too many: test before you halve.")
def _(*case):
    return backtrack.reference(*case) / 2


@backtrack.mistake("That is the point after the step. The step itself was asked for.")
def _(f, x, g, step):
    return x - backtrack.reference(f, x, g, step) * g


TALL = np.array([[2.0, 1.0], [1.0, 3.0], [0.0, 1.0]])
SKEW = np.array([[2.0, 1.0, 1.0], [1.0, 3.0, 2.0], [0.0, 1.0, -1.0], [1.0, 0.0, 1.0]])


@exercise(
    (TALL, np.array([3.0, -4.0, 1.0])),
    (TALL, np.array([3.0, 4.0, 1.0])),
    (TALL, np.array([-3.0, 4.0, 1.0])),
    (SKEW, np.array([1.0, -2.0, 4.0, 2.0])),
    tolerance=1e-4,
)
def nonnegative(A, b):
    return optimize.nnls(A, b)[0]


@nonnegative.mistake("Clipping the free solution is not enough: the other components have to make up for it.")
def _(A, b):
    return np.maximum(np.linalg.lstsq(A, b)[0], 0)


@nonnegative.mistake("That is the free solution: project in each step, here by np.maximum(x, 0).")
def _(A, b):
    return np.linalg.lstsq(A, b)[0]


@nonnegative.mistake("The magnitude is not the nearest allowed point: that of -3 is 0, not 3.")
def _(A, b):
    return np.abs(np.linalg.lstsq(A, b)[0])


@nonnegative.mistake("The sign of b: the gradient is A.T @ (A @ x - b).")
def _(A, b):
    return nonnegative.reference(A, -b)


@nonnegative.mistake("The sign of the projection: np.maximum keeps what is positive, np.minimum what is negative.")
def _(A, b):
    return -nonnegative.reference(A, -b)


def _descent(A, b, steps, epsilon=None):
    x, epsilon = np.zeros(A.shape[1]), epsilon or 1 / np.linalg.norm(A, 2) ** 2
    for _ in range(steps):
        x = np.maximum(x - epsilon * (A.T @ (A @ x - b)), 0)
    return x


@nonnegative.mistake("The sign of the step: go against the gradient.")
def _(A, b):
    return _descent(A, b, 1000, -1 / np.linalg.norm(A, 2) ** 2)


SHORT = [(steps, None) for steps in (1, 2, 3, 5, 10, 20)] + [(100, 0.01), (100, 0.001), (1000, 0.001)]
for steps, epsilon in SHORT:

    @nonnegative.mistake("On its way, but not there: take more steps, or longer ones.")
    def _(A, b, steps=steps, epsilon=epsilon):
        return _descent(A, b, steps, epsilon)


RIGHT = np.array([3.0, -4.0, 1.0])


def _excess(A, b, c):
    return lambda lam: np.sum(linalg.solve(A.T @ A + 2 * lam * np.eye(A.shape[1]), A.T @ b) ** 2) - c


@exercise((TALL, RIGHT, 1.0), (TALL, RIGHT, 0.25), (TALL, RIGHT, 50.0), (TALL, 3 * RIGHT, 4.0), tolerance=1e-5)
def multiplier(A, b, c):
    """By the singular values: x has the components s_i u_i.b / (s_i^2 + 2 lambda)."""
    U, s, _ = np.linalg.svd(A, full_matrices=False)
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        outside = np.sum((s * (U.T @ b) / (s**2 + 2 * middle)) ** 2) > c
        low, high = (middle, high) if outside else (low, middle)
    return low


@multiplier.mistake(
    "Twice too large: the derivative of lambda x^T x is 2 lambda x, so 2 lambda stands on the diagonal."
)
def _(A, b, c):
    return 2 * multiplier.reference(A, b, c)


@multiplier.mistake("An inactive bound has the multiplier 0; a negative one would push outward.")
def _(A, b, c):
    smallest = np.linalg.eigvalsh(A.T @ A)[0]
    return optimize.brentq(_excess(A, b, c), -smallest / 2 * (1 - 1e-6), 1e6, xtol=1e-12)


@multiplier.mistake("Where the bound is inactive, brentq finds no change of sign. There the multiplier is 0.")
def _(A, b, c):
    return optimize.brentq(_excess(A, b, c), 0, 1e6, xtol=1e-12)


@multiplier.mistake("The bound is on the square of the norm.")
def _(A, b, c):
    return multiplier.reference(A, b, c**2)


@multiplier.mistake("The bound is c, not 1.")
def _(A, b, c):
    return multiplier.reference(A, b, 1.0)


@multiplier.mistake("The sign: the multiplier of an inequality is not negative.")
def _(A, b, c):
    return -multiplier.reference(A, b, c)


@multiplier.mistake("That is x itself. Its multiplier was asked for.")
def _(A, b, c):
    lam = multiplier.reference(A, b, c)
    return linalg.solve(A.T @ A + 2 * lam * np.eye(A.shape[1]), A.T @ b)


SADDLE = np.array([[1.0, 3.0], [3.0, 1.0]])


@exercise(
    (G, VALLEY),
    (G, SADDLE),
    (np.array([0.3, 1.0]), np.diag([2.0, -2.0])),
    (np.array([1.0, 2.0, -1.0]), np.array([[2.0, 0.0, 1.0], [0.0, -3.0, 0.5], [1.0, 0.5, -1.0]])),
)
def downhill_step(g, H):
    return -np.linalg.solve(np.real(linalg.sqrtm(H @ H)), g)


@downhill_step.mistake("That is Newton's step: along eigenvectors of negative eigenvalues it climbs.")
def _(g, H):
    return -np.linalg.solve(H, g)


@downhill_step.mistake("Magnitudes of the eigenvalues are meant, not those of the Hessian's entries.")
def _(g, H):
    return -np.linalg.pinv(np.abs(H)) @ g


@downhill_step.mistake("That leads uphill: the minus sign is missing.")
def _(g, H):
    return -downhill_step.reference(g, H)


@downhill_step.mistake("That is a step of gradient descent. The curvature is to set its length in each direction.")
def _(g, H):
    return -g


@downhill_step.mistake("Divide by the magnitudes, do not multiply: where it curves strongly, the step is short.")
def _(g, H):
    values, Q = np.linalg.eigh(H)
    return -Q @ (np.abs(values) * (Q.T @ g))


@downhill_step.mistake(
    "Q and its transpose are exchanged: eigenvectors stand in the columns, Q.T @ g takes the components."
)
def _(g, H):
    values, Q = np.linalg.eigh(H)
    return -Q.T @ ((Q @ g) / np.abs(values))


@downhill_step.mistake("The components along the eigenvectors still have to be put together: multiply by Q.")
def _(g, H):
    values, Q = np.linalg.eigh(H)
    return -(Q.T @ g) / np.abs(values)


@downhill_step.mistake("Divide the components along the eigenvectors, Q.T @ g, not the gradient's own.")
def _(g, H):
    return -g / np.abs(np.linalg.eigvalsh(H))


@downhill_step.mistake("Turning the whole step round when it climbs is not enough: other directions were right.")
def _(g, H):
    step = -np.linalg.solve(H, g)
    return step if step @ g < 0 else -step
