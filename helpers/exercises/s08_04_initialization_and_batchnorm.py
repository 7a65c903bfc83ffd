"""The exercises of lesson 8.4, Initialization and Optimization Strategies."""

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from . import exercise


@exercise(
    (np.array([0, 0, 0, 1, 2, 2]), 3), (np.array([1, 0, 1, 1, 1]), 2), (np.array([3, 2, 2, 1, 0, 3, 3, 3, 1, 3]), 4)
)
def output_bias(labels, classes):
    counts = [sum(label == k for label in labels) for k in range(classes)]
    return np.log(counts) - np.log(len(labels))


@output_bias.mistake("Softmax would give the right shares, but the exponentials add up to the number of examples.")
def _(labels, classes):
    return np.log(np.bincount(labels, minlength=classes))


@output_bias.mistake("Those are the shares. Softmax takes exponentials of what you return.")
def _(labels, classes):
    return np.bincount(labels, minlength=classes) / len(labels)


@output_bias.mistake("That is the logit of each class against all others, as for a sigmoid. Softmax wants log p alone.")
def _(labels, classes):
    p = np.bincount(labels, minlength=classes) / len(labels)
    return np.log(p / (1 - p))


@output_bias.mistake("Softmax would give the right shares, but the exponentials do not add up to 1: subtract no mean.")
def _(labels, classes):
    bias = output_bias.reference(labels, classes)
    return bias - bias.mean()


@exercise((100, 0.0), (64, 0.1), (256, 0.5), (10, 1.0), (30, -0.5))
def leaky_std(fan_in, a):
    passed = 0.5 + 0.5 * a * a  # of the mean square of z
    return (fan_in * passed) ** -0.5


@leaky_std.mistake("That is the variance. Asked is the standard deviation.")
def _(fan_in, a):
    return 2 / (fan_in * (1 + a**2))


@leaky_std.mistake("That is He's choice for a ReLU: the negative half lets something through as well.")
def _(fan_in, a):
    return np.sqrt(2 / fan_in)


@leaky_std.mistake("The negative half is multiplied by a, so its square by a squared.")
def _(fan_in, a):
    return np.sqrt(2 / (fan_in * (1 + a)))


@leaky_std.mistake("The halves add as squares, 1 + a^2: the square of the sum has a mixed term, but no z is in both.")
def _(fan_in, a):
    return np.sqrt(2 / fan_in) / (1 + a)


@leaky_std.mistake("At a = 1 the unit is linear and asks for 1 / fan_in: each half carries half of E[z^2].")
def _(fan_in, a):
    return np.sqrt(1 / (fan_in * (1 + a**2)))


BATCH = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, 0.7], [-1.0, 4.0, 0.1], [2.5, 1.0, -0.9]])
GRAD = np.array([[0.5, -1.0, 2.0], [1.0, 0.3, 0.0], [-0.2, 0.8, 1.5], [0.0, -0.6, 1.0]])


Y = np.array([1.0, -0.5, 2.0, 0.3])


@exercise(
    (BATCH, Y, np.zeros(3)), (BATCH[:, ::-1], Y, np.array([0.5, -1.0, 2.0])), (GRAD, Y[::-1], np.array([1.0, 1.0, 0.0]))
)
def least_squares_sweep(X, y, w):
    A, b = X.T @ X, X.T @ y
    return np.linalg.solve(np.tril(A), b - np.triu(A, 1) @ w)  # Gauss and Seidel


@least_squares_sweep.mistake("All coordinates move from the old point, as in Jacobi's method. Use the newest.")
def _(X, y, w):
    return w + X.T @ (y - X @ w) / np.sum(X**2, axis=0)


@least_squares_sweep.mistake("That is the solution. Asked is what one sweep reaches.")
def _(X, y, w):
    return np.linalg.lstsq(X, y, rcond=None)[0]


@least_squares_sweep.mistake("That is how far a coordinate has to move: add it to the old value.")
def _(X, y, w):
    w = w.copy()
    for i, column in enumerate(X.T):
        w[i] = column @ (y - X @ w) / (column @ column)
    return w


@least_squares_sweep.mistake("Divide by the squared length of the column, not by its length.")
def _(X, y, w):
    w = w.copy()
    for i, column in enumerate(X.T):
        w[i] += column @ (y - X @ w) / np.linalg.norm(column)
    return w


@least_squares_sweep.mistake("The coordinates come in the opposite order: begin with the first.")
def _(X, y, w):
    return least_squares_sweep.reference(X[:, ::-1], y, w[::-1])[::-1]


@exercise((BATCH, 0.9), (BATCH[:1], 0.5), (GRAD[:3, 1:], 0.75), (np.vstack([BATCH, GRAD]), 0.3))
def running_average(path, rho):
    weights = rho ** np.arange(len(path))[::-1]
    return weights @ path / weights.sum()


def _plain(path, rho):
    return (1 - rho) * rho ** np.arange(len(path))[::-1] @ path


@running_average.mistake("The weights do not yet add up to 1: divide by their sum.")
def _(path, rho):
    return _plain(path, rho)


@running_average.mistake("The weights are exchanged: rho belongs to the old average.")
def _(path, rho):
    return running_average.reference(path, 1 - rho)


@running_average.mistake("That begins with the first point instead of 0: it keeps more weight than it deserves.")
def _(path, rho):
    return _plain(path, rho) + rho ** len(path) * path[0]


@running_average.mistake("Divide once, at the end: here each step goes on with what was already divided.")
def _(path, rho):
    mean = 0
    for i, theta in enumerate(path, start=1):
        mean = (rho * mean + (1 - rho) * theta) / (1 - rho**i)
    return mean


@running_average.mistake("Old and new are in the opposite order: the last point has the largest weight.")
def _(path, rho):
    return running_average.reference(path[::-1], rho)


@exercise(
    (np.array([1.0, -2.0, 0.5, 0.3]), np.array([-1.0, 0.0, 2.0]), 0.7),
    (np.array([0.0, 1.0, 0.0, -1.0]), np.array([0.5, 1.5]), 2.0),
    (np.array([2.0, 0.0, 1.0, 0.0]), np.array([-3.0, 1.0]), 1.5),
)
def blurred_cubic(c, x, sigma):
    nodes, weights = hermegauss(6)
    u = np.asarray(x)[:, None] + sigma * nodes
    return (c[0] + u * (c[1] + u * (c[2] + u * c[3]))) @ weights / weights.sum()


@blurred_cubic.mistake("That is the cubic itself: only its linear part is left alone by blurring.")
def _(c, x, sigma):
    return np.polyval(c[::-1], x)


@blurred_cubic.mistake("x^2 is right, but x^3 changes, too: 3 x sigma^2 comes with it.")
def _(c, x, sigma):
    return blurred_cubic.reference(c, x, sigma) - 3 * c[3] * x * sigma**2


@blurred_cubic.mistake("x^3 is right, but x^2 grows by sigma^2.")
def _(c, x, sigma):
    return blurred_cubic.reference(c, x, sigma) - c[2] * sigma**2


@blurred_cubic.mistake("sigma must be squared: E[(sigma z)^2] = sigma^2.")
def _(c, x, sigma):
    return blurred_cubic.reference(c, x, np.sqrt(sigma))


@blurred_cubic.mistake("(x + u)^3 has the term 3 x u^2: the factor 3 is missing.")
def _(c, x, sigma):
    return blurred_cubic.reference(c, x, sigma) - 2 * c[3] * x * sigma**2
