"""The exercises of lesson 7.1, Norm Penalties."""

import numpy as np

from . import exercise

W = np.array([0.5, -2.0, 1.0, 3.0])
G = np.array([1.0, 0.4, -0.7, 2.0])


@exercise((W, G, 0.1, 0.5), (-3 * G, W, 0.02, 2.0), (W[1:], G[:3], 0.5, 0.0))
def decayed_step(w, g, epsilon, alpha):
    full = np.append(g[:-1] + alpha * w[:-1], g[-1])
    return w + -epsilon * full


@decayed_step.mistake("The bias, which comes last, must not decay.")
def _(w, g, epsilon, alpha):
    return (1 - epsilon * alpha) * w - epsilon * g


@decayed_step.mistake("The decay of a step is epsilon times alpha: epsilon multiplies the penalty's gradient, too.")
def _(w, g, epsilon, alpha):
    return np.append((1 - alpha) * w[:-1], w[-1]) - epsilon * g


@decayed_step.mistake("That is the step without any decay.")
def _(w, g, epsilon, alpha):
    return w - epsilon * g


@decayed_step.mistake("That is the penalty alpha w^2. With the factor 1/2 its slope is alpha w.")
def _(w, g, epsilon, alpha):
    return np.append((1 - 2 * epsilon * alpha) * w[:-1], w[-1]) - epsilon * g


@decayed_step.mistake("Weights shrink from where they are, not from where the gradient brings them.")
def _(w, g, epsilon, alpha):
    new = w - epsilon * g
    return np.append((1 - epsilon * alpha) * new[:-1], new[-1])


_draw = np.random.default_rng(71)
TALL = _draw.normal(size=(12, 3)) @ np.array([[1.0, 0.5, 0.0], [0.0, 2.0, -1.0], [0.3, 0.0, 0.5]]) + [1.0, -2.0, 0.5]
TALL_Y = TALL @ [1.0, -0.5, 2.0] + 5 + _draw.normal(size=12)
SMALL, SMALL_Y = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]), np.array([2.0, -1.0, 6.0])
WIDE, WIDE_Y = _draw.normal(size=(3, 5)), np.array([1.0, -2.0, 0.5])


@exercise((TALL, TALL_Y, 2.0), (SMALL, SMALL_Y, 0.5), (WIDE, WIDE_Y, 0.1), (TALL, TALL_Y, 50.0))
def ridge_with_bias(X, y, alpha):
    n = X.shape[1]
    rows = np.vstack([np.column_stack([X, np.ones(len(X))]), np.sqrt(alpha) * np.eye(n, n + 1)])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(n)))[0]


def _solved(X, y, strengths):
    design = np.column_stack([X, np.ones(len(X))])
    return np.linalg.solve(design.T @ design + np.diag(strengths), design.T @ y)


@ridge_with_bias.mistake("The bias pays as well: the last number of the diagonal must be 0.")
def _(X, y, alpha):
    return _solved(X, y, np.full(X.shape[1] + 1, alpha))


@ridge_with_bias.mistake("All numbers are right, but the bias comes last.")
def _(X, y, alpha):
    return np.roll(ridge_with_bias.reference(X, y, alpha), 1)


@ridge_with_bias.mistake("The weights are right, but the bias is missing: it comes last.")
def _(X, y, alpha):
    return ridge_with_bias.reference(X, y, alpha)[:-1]


@ridge_with_bias.mistake("Centring X and y is a good way. The bias is then mean(y) - mean(X) w, not mean(y).")
def _(X, y, alpha):
    return np.append(ridge_with_bias.reference(X, y, alpha)[:-1], y.mean())


@ridge_with_bias.mistake("That is ridge regression without a bias, and a bias put on afterwards.")
def _(X, y, alpha):
    w = np.linalg.solve(X.T @ X + alpha * np.eye(X.shape[1]), X.T @ y)
    return np.append(w, np.mean(y - X @ w))


@ridge_with_bias.mistake("The invented rows hold sqrt(alpha), since they are squared.")
def _(X, y, alpha):
    return _solved(X, y, np.append(np.full(X.shape[1], alpha**2), 0))


@ridge_with_bias.mistake("Do not multiply alpha by the number of examples: the squared errors are a sum.")
def _(X, y, alpha):
    return _solved(X, y, np.append(np.full(X.shape[1], len(X) * alpha), 0))


@exercise((TALL, 2.0), (SMALL, 0.5), (WIDE, 0.1), (TALL, 0.0), (WIDE.T, 30.0))
def effective_parameters(X, alpha):
    squares = np.linalg.svd(X, compute_uv=False) ** 2
    return float(np.sum(squares / (squares + alpha)))


@effective_parameters.mistake("The eigenvalues of X^T X are the squares of the singular values of X.")
def _(X, alpha):
    values = np.linalg.svd(X, compute_uv=False)
    return np.sum(values / (values + alpha))


@effective_parameters.mistake("That is the number of directions that the data reach, before any penalty.")
def _(X, alpha):
    return np.linalg.matrix_rank(X)


@effective_parameters.mistake("That is what the penalty takes away. Asked for is what is left.")
def _(X, alpha):
    return X.shape[1] - effective_parameters.reference(X, alpha)


@effective_parameters.mistake("Each eigenvalue has a share of its own: first the quotients, then the sum.")
def _(X, alpha):
    return np.trace(X.T @ X) / (np.trace(X.T @ X) + alpha)


@effective_parameters.mistake("The diagonal of X^T X holds its eigenvalues only if the columns of X are orthogonal.")
def _(X, alpha):
    return np.sum(1 / (1 + alpha / np.sum(X**2, axis=0)))


STARS = np.array([3.0, -1.5, 0.2, -4.0, 0.0])
BENDS = np.array([1.0, 2.0, 5.0, 0.5, 3.0])


@exercise((STARS, BENDS, 1.0, 0.5), (2 * STARS, BENDS, 0.4, 3.0), (STARS, BENDS, 1.5, 0.0), (STARS, BENDS, 0.0, 1.0))
def elastic_net(w_star, h, alpha, beta):
    """From the slopes on either side of 0."""
    pull = h * w_star
    return np.where(pull > alpha, (pull - alpha) / (h + beta), np.where(pull < -alpha, (pull + alpha) / (h + beta), 0))


def _soft(w, threshold):
    return np.sign(w) * np.maximum(np.abs(w) - threshold, 0)


@elastic_net.mistake("The threshold for w* is alpha / h: where J bends more, a penalty moves w less.")
def _(w_star, h, alpha, beta):
    return h * _soft(w_star, alpha) / (h + beta)


@elastic_net.mistake("In the other order: first subtract alpha / h, then multiply by h / (h + beta).")
def _(w_star, h, alpha, beta):
    return _soft(h * w_star / (h + beta), alpha / h)


@elastic_net.mistake("Soft thresholding is there; the factor h / (h + beta) of the squares is missing.")
def _(w_star, h, alpha, beta):
    return _soft(w_star, alpha / h)


@elastic_net.mistake("The squares shrink by h / (h + beta), not by 1 / (1 + beta).")
def _(w_star, h, alpha, beta):
    return _soft(w_star, alpha / h) / (1 + beta)


@elastic_net.mistake("That is right where w* is positive. A negative w* is its mirror image.")
def _(w_star, h, alpha, beta):
    return np.maximum(h * w_star - alpha, 0) / (h + beta)


@elastic_net.mistake("What survives the threshold is reduced by it, too: soft, not hard.")
def _(w_star, h, alpha, beta):
    return np.where(abs(h * w_star) > alpha, h * w_star / (h + beta), 0)


@elastic_net.mistake("Below the threshold a weight is 0; it does not change its sign.")
def _(w_star, h, alpha, beta):
    return (h * w_star - alpha * np.sign(w_star)) / (h + beta)


@exercise((TALL, TALL_Y), (SMALL, -SMALL_Y), (WIDE, WIDE_Y), (SMALL, SMALL_Y))
def all_zero_from(X, y):
    """By the slope of half the squared error at 0, found by differences along each axis."""
    steps = 1e-3 * np.eye(X.shape[1])
    slopes = [(np.sum((X @ d - y) ** 2) - np.sum((X @ d + y) ** 2)) / 4e-3 for d in steps]
    return float(max(max(slopes), -min(slopes)))


@all_zero_from.mistake("A large negative slope pulls a weight away from 0 as well: take magnitudes.")
def _(X, y):
    return np.max(X.T @ y)


@all_zero_from.mistake("A large positive slope pulls a weight away from 0 as well: take magnitudes.")
def _(X, y):
    return -np.min(X.T @ y)


@all_zero_from.mistake("Each weight has its own condition: the largest slope counts, not the gradient's length.")
def _(X, y):
    return np.linalg.norm(X.T @ y)


@all_zero_from.mistake("Each weight has its own condition: the largest slope counts, not the sum.")
def _(X, y):
    return np.abs(X.T @ y).sum()


@all_zero_from.mistake("That is the largest weight without penalty. The slope at 0 decides, not where it would lead.")
def _(X, y):
    return np.abs(np.linalg.pinv(X) @ y).max()


TABLE = np.array([[3.0, 0.1, 0.0, -1.0], [4.0, 0.2, 0.0, 2.0], [0.0, -0.2, 0.0, 2.0]])


@exercise((TABLE, 1.0), (TABLE, 2.5), (TABLE.T, 2.0), (TABLE, 10.0))
def limit_columns(W, c):
    columns = []
    for column in W.T:
        length = np.sqrt(sum(column**2))
        columns.append(column if length <= c else column / length * c)
    return np.stack(columns, axis=1)


@limit_columns.mistake("Columns that are short enough must stay as they are; one that is 0 cannot be stretched at all.")
def _(W, c):
    with np.errstate(all="ignore"):
        return c * W / np.linalg.norm(W, axis=0)


@limit_columns.mistake("Columns that are short enough must stay as they are: you stretched them.")
def _(W, c):
    return c * W / np.maximum(np.linalg.norm(W, axis=0), 1e-12)


@limit_columns.mistake("These are the rows. A column of W holds the weights into one unit: norms along axis 0.")
def _(W, c):
    return W * np.minimum(1, c / np.maximum(np.linalg.norm(W, axis=1, keepdims=True), 1e-300))


@limit_columns.mistake("That bounds the whole matrix. Each column has its own norm.")
def _(W, c):
    return W * min(1, c / np.linalg.norm(W))


@limit_columns.mistake("That bounds each entry, which changes a column's direction. Scale the column.")
def _(W, c):
    return np.clip(W, -c, c)


LONG = _draw.normal(size=(2, 4))


@exercise((WIDE, WIDE_Y, np.array([1.0, 0.0, -1.0, 2.0, 0.5])), (LONG, np.array([1.0, 3.0]), W), (LONG, LONG @ W, W))
def nearest_fit(X, y, start):
    """As a constrained problem, by its linear KKT equations."""
    m, n = X.shape
    system = np.block([[np.eye(n), X.T], [X, np.zeros((m, m))]])
    return np.linalg.solve(system, np.append(start, y))[:n]


@nearest_fit.mistake("That is the shortest fit. It is nearest to 0, not to the start.")
def _(X, y, start):
    return np.linalg.pinv(X) @ y


@nearest_fit.mistake("The whole start was added. Take out the part of it that the examples see: X w must be y.")
def _(X, y, start):
    return np.linalg.pinv(X) @ y + start


@nearest_fit.mistake("You kept the part of the start that the examples see. What stays is the other one.")
def _(X, y, start):
    return np.linalg.pinv(X) @ (y + X @ start)


@nearest_fit.mistake("You went away from the fit: the step mends y - X start, not X start - y.")
def _(X, y, start):
    return start + np.linalg.pinv(X) @ (X @ start - y)


@nearest_fit.mistake("That is the step alone. Add it to the start.")
def _(X, y, start):
    return np.linalg.pinv(X) @ (y - X @ start)


BASIS = np.linalg.qr([[2.0, 1.0, 0.0, 1.0], [1.0, 3.0, 1.0, 0.0], [0.0, 1.0, 1.0, 2.0], [1.0, 0.0, 4.0, 1.0]])[0]


@exercise((BASIS, W, 1), (BASIS, W, 2), (BASIS, -3 * G, 3), (BASIS[:, ::-1], G, 2), (BASIS, W, 4))
def best_code(W, x, k):
    """By taking away, n - k times, the product that matters least."""
    h = np.linalg.solve(W, x)
    for _ in range(len(h) - k):
        h[min(np.flatnonzero(h), key=lambda i: h[i] ** 2)] = 0
    return h


def _largest(h, k):
    kept = np.zeros_like(h)
    for i in range(k):
        kept[np.argsort(-h)[i]] = 1
    return kept > 0


@best_code.mistake("You kept the largest products. Large negative ones are as good: compare magnitudes.")
def _(W, x, k):
    return np.where(_largest(W.T @ x, k), W.T @ x, 0)


@best_code.mistake("You set k products to 0. k may stay.")
def _(W, x, k):
    return np.where(_largest(-abs(W.T @ x), k), 0, W.T @ x)


@best_code.mistake("The atoms are the columns of W, so the products are W^T x.")
def _(W, x, k):
    return np.where(_largest(abs(W @ x), k), W @ x, 0)


@best_code.mistake("Hard, not soft: with k elements allowed, those that stay are not shrunk.")
def _(W, x, k):
    products = W.T @ x
    below = np.append(np.sort(abs(products))[::-1], 0)[k]
    return _soft(products, below)


@best_code.mistake("That rebuilds x. Asked for is its code h.")
def _(W, x, k):
    return W @ best_code.reference(W, x, k)
