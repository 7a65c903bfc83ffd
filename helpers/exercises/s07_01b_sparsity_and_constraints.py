"""The exercises of lesson 7.1b, Sparsity and Constraints."""

import numpy as np

from . import exercise

W = np.array([0.5, -2.0, 1.0, 3.0])
G = np.array([1.0, 0.4, -0.7, 2.0])


_draw = np.random.default_rng(71)
MIX = np.array([[1.0, 0.5, 0.0], [0.0, 2.0, -1.0], [0.3, 0.0, 0.5]])
TALL = _draw.normal(size=(12, 3)) @ MIX + [1.0, -2.0, 0.5]
TALL_Y = TALL @ [1.0, -0.5, 2.0] + 5 + _draw.normal(size=12)
SMALL, SMALL_Y = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]), np.array([2.0, -1.0, 6.0])
WIDE, WIDE_Y = _draw.normal(size=(3, 5)), np.array([1.0, -2.0, 0.5])


STARS = np.array([3.0, -1.5, 0.2, -4.0, 0.0])
BENDS = np.array([1.0, 2.0, 5.0, 0.5, 3.0])


@exercise(
    (STARS, BENDS, 1.0, 0.5),
    (2 * STARS, BENDS, 0.4, 3.0),
    (STARS, BENDS, 1.5, 0.0),
    (STARS, BENDS, 0.0, 1.0),
)
def elastic_net(w_star, h, alpha, beta):
    """From the slopes on either side of 0."""
    pull = h * w_star
    above, below = (pull - alpha) / (h + beta), (pull + alpha) / (h + beta)
    return np.where(pull > alpha, above, np.where(pull < -alpha, below, 0))


@elastic_net.slips
def _(slip, w_star, h, alpha, beta):
    threshold = alpha / h
    if slip("The threshold for w* is alpha / h: where J bends more, a penalty moves w less."):
        threshold = alpha
    factor = 1 if slip("The factor h / (h + beta) of the squares is missing.") else h / (h + beta)
    if slip("The squares shrink by h / (h + beta), not by 1 / (1 + beta)."):
        factor = 1 / (1 + beta)
    if slip("In the other order: first subtract alpha / h, then multiply by h / (h + beta)."):
        w_star = factor * w_star
        factor = 1
    size = np.abs(w_star) - threshold
    if not slip("Below the threshold a weight is 0; it does not change its sign."):
        size = np.maximum(size, 0)
    if slip("What survives the threshold is reduced by it, too: soft, not hard."):
        size = np.where(size > 0, np.abs(w_star), 0)
    sign = np.sign(w_star)
    if slip("That is right where w* is positive. A negative w* is its mirror image."):
        sign = np.maximum(sign, 0)
    return factor * sign * size


@exercise((TALL, TALL_Y), (SMALL, -SMALL_Y), (WIDE, WIDE_Y), (SMALL, SMALL_Y))
def all_zero_from(X, y):
    """By the slope of half the squared error at 0, found by differences along each axis."""
    steps = 1e-3 * np.eye(X.shape[1])
    slopes = [(np.sum((X @ d - y) ** 2) - np.sum((X @ d + y) ** 2)) / 4e-3 for d in steps]
    return float(max(max(slopes), -min(slopes)))


@all_zero_from.slips
def _(slip, X, y):
    pull = X.T @ y
    if slip("That is the largest weight without penalty. It is the slope at 0 that decides."):
        pull = np.linalg.pinv(X) @ y
    if slip("Each weight has its own condition: the largest slope counts, not the sum."):
        return np.abs(pull).sum()
    if slip("Each weight has its own condition: the largest slope counts, not the length."):
        return np.linalg.norm(pull)
    if slip("A large negative slope pulls a weight away from 0 as well: take magnitudes."):
        return pull.max()
    if slip("A large positive slope pulls a weight away from 0 as well: take magnitudes."):
        return -pull.min()
    return np.abs(pull).max()


TABLE = np.array([[3.0, 0.1, 0.0, -1.0], [4.0, 0.2, 0.0, 2.0], [0.0, -0.2, 0.0, 2.0]])


@exercise((TABLE, 1.0), (TABLE, 2.5), (TABLE.T, 2.0), (TABLE, 10.0))
def limit_columns(W, c):
    columns = []
    for column in W.T:
        length = np.sqrt(sum(column**2))
        columns.append(column if length <= c else column / length * c)
    return np.stack(columns, axis=1)


@limit_columns.slips
def _(slip, W, c):
    lengths = np.linalg.norm(W, axis=0)
    if slip("These are the rows. A column holds the weights into one unit: norms along axis 0."):
        lengths = np.linalg.norm(W, axis=1, keepdims=True)
    if slip("That bounds the whole matrix. Each column has its own norm."):
        lengths = np.linalg.norm(W)
    if slip("That bounds each entry, which changes a column's direction. Scale the column."):
        lengths = np.abs(W)
    if slip("Short columns must stay as they are; one that is 0 cannot be stretched at all."):
        with np.errstate(invalid="ignore"):
            return c * W / lengths
    factors = c / np.maximum(lengths, 1e-12)
    if not slip("Columns that are short enough must stay as they are: you stretched them."):
        factors = np.minimum(factors, 1)
    return factors * W


LONG = _draw.normal(size=(2, 4))


@exercise(
    (WIDE, WIDE_Y, np.array([1.0, 0.0, -1.0, 2.0, 0.5])),
    (LONG, np.array([1.0, 3.0]), W),
    (LONG, LONG @ W, W),
)
def nearest_fit(X, y, start):
    """As a constrained problem, by its linear KKT equations."""
    m, n = X.shape
    system = np.block([[np.eye(n), X.T], [X, np.zeros((m, m))]])
    return np.linalg.solve(system, np.append(start, y))[:n]


@nearest_fit.slips
def _(slip, X, y, start):
    target = y - X @ start
    if slip("The whole start was added. Take out what the examples see of it: X w must be y."):
        target = y
    if slip("You went away from the fit: the step mends y - X start, not X start - y."):
        target = -target
    if slip("You kept the part of the start that the examples see. What stays is the other one."):
        return np.linalg.pinv(X) @ (y + X @ start)
    if slip("That is the shortest fit. It is nearest to 0, not to the start."):
        return np.linalg.pinv(X) @ y
    if slip("That is the step alone. Add it to the start."):
        start = 0
    return start + np.linalg.pinv(X) @ target


BASIS = np.array([[2.0, 1.0, 0, 1.0], [1.0, 3.0, 1.0, 0], [0, 1.0, 1.0, 2.0], [1.0, 0, 4.0, 1.0]])
BASIS = np.linalg.qr(BASIS)[0]


@exercise((BASIS, W, 1), (BASIS, W, 2), (BASIS, -3 * G, 3), (BASIS[:, ::-1], G, 2), (BASIS, W, 4))
def best_code(W, x, k):
    """By taking away, n - k times, the product that matters least."""
    h = np.linalg.solve(W, x)
    for _ in range(len(h) - k):
        h[min(np.flatnonzero(h), key=lambda i: h[i] ** 2)] = 0
    return h


@best_code.slips
def _(slip, W, x, k):
    products = W @ x if slip("The atoms are the columns of W: W^T x.") else W.T @ x
    sizes = np.abs(products)
    if slip("You kept the largest products. Large negative ones are as good: compare magnitudes."):
        sizes = products
    if slip("You set k products to 0. k may stay."):
        k = len(x) - k
    order = np.argsort(-sizes)
    h = np.zeros(len(x))
    h[order[:k]] = products[order[:k]]
    if slip("Hard, not soft: with k elements allowed, those that stay are not shrunk."):
        next_size = np.append(sizes[order], 0)[k]
        h = np.sign(h) * np.maximum(np.abs(h) - next_size, 0)
    return W @ h if slip("That rebuilds x. Asked for is its code h.") else h
