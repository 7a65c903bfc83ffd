"""The exercises of lesson 2.8, Singular Values and More."""

import numpy as np

from . import exercise

TALL = np.array([[2.0, 1.0, 0.0], [1.0, -1.0, 3.0], [0.0, 2.0, 1.0], [4.0, 0.0, -1.0]])
SQUARE = np.array([[1.0, 2.0, 3.0], [0.0, 4.0, -1.0], [2.0, 0.0, 5.0]])


@exercise((TALL, 1), (TALL, 2), (TALL.T, 2), (SQUARE, 1), (SQUARE, 3))
def best_of_rank(A, k):
    directions = np.linalg.eigh(A.T @ A)[1][:, ::-1][:, :k]
    return A @ directions @ directions.T  # A, projected on its k strongest directions


def _terms(A, which):
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    return U[:, which] * sigma[which] @ Vt[which]


@best_of_rank.mistake("You keep the smallest singular values. The largest come first.")
def _(A, k):
    return _terms(A, slice(min(A.shape) - k, None))


@best_of_rank.mistake("You keep one term too many: [:k] are k of them.")
def _(A, k):
    return _terms(A, slice(0, k + 1))


@best_of_rank.mistake("You keep one term too few: [:k] are k of them, the last is number k - 1.")
def _(A, k):
    return _terms(A, slice(0, k - 1))


@best_of_rank.mistake("That is the k-th term alone. Add up the first k.")
def _(A, k):
    return _terms(A, slice(k - 1, k))


@best_of_rank.mistake("The singular values are missing: each outer product counts as much as its sigma.")
def _(A, k):
    U, _, Vt = np.linalg.svd(A, full_matrices=False)
    return U[:, :k] @ Vt[:k]


@best_of_rank.mistake("svd returns V transposed: its first k rows are what you need, with no further transpose.")
def _(A, k):
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    return U[:, :k] * sigma[:k] @ Vt.T[:k]


@best_of_rank.mistake("That is what is dropped. Keep the other part.")
def _(A, k):
    return A - best_of_rank.reference(A, k)


@best_of_rank.mistake("The first k columns of A have rank k, but they are not the closest matrix of that rank.")
def _(A, k):
    return np.where(np.arange(A.shape[1]) < k, A, 0)


@best_of_rank.mistake("Each outer product counts as much as its sigma, not as sigma squared.")
def _(A, k):
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    return U[:, :k] * sigma[:k] ** 2 @ Vt[:k]


@best_of_rank.mistake("That is A itself: only the first k terms are wanted.")
def _(A, k):
    return A


@exercise(
    (np.diag([4.0, 3.0, 0.0]), 0.61),
    (np.diag([4.0, 3.0, 0.0]), 0.59),
    (np.diag([4.0, 3.0, 0.0]), 1e-6),
    (np.diag([10.0, 6.0, 3.0, 2.0, 1.0])[:, ::-1], 0.2),
    (np.diag([10.0, 6.0, 3.0, 2.0, 1.0])[::-1], 0.5),
    (np.diag([1.0, 2.0]), 1.01),
    (np.ones((6, 4)), 0.1),
    (np.diag([3.0, 2.0, 1.0]), 0.1),
)
def rank_for(A, error):
    squares = np.sort(np.linalg.eigvalsh(A.T @ A).clip(0))
    dropped = np.sqrt(np.cumsum(squares) / squares.sum())  # by dropping the 1, 2, ... smallest
    return int(len(squares) - np.sum(dropped <= error + 1e-7))


def _first(A, error, measure, start=0):
    """The first rank at which this measure of what is kept and what is dropped is small enough."""
    sigma = np.linalg.svd(A, compute_uv=False)
    sigma = np.where(sigma < 1e-9 * sigma[0], 0, sigma)
    return next(k for k in range(start, len(sigma) + 1) if measure(sigma[k:], sigma) <= error + 1e-9)


@rank_for.mistake("The error is measured with squares: add up sigma**2, and take the root of the quotient.")
def _(A, error):
    return _first(A, error, lambda rest, sigma: rest.sum() / sigma.sum())


@rank_for.mistake("The square root is missing: you compare the squared error.")
def _(A, error):
    return _first(A, error, lambda rest, sigma: np.sum(rest**2) / np.sum(sigma**2))


@rank_for.mistake("That is the spectral error, the next singular value. The Frobenius error adds up all that follow.")
def _(A, error):
    return _first(A, error, lambda rest, sigma: rest.max(initial=0) / sigma[0])


@rank_for.mistake("Relative error: divide by the norm of A.")
def _(A, error):
    return _first(A, error, lambda rest, sigma: np.sqrt(np.sum(rest**2)))


@rank_for.mistake("One too many: k terms drop what begins with sigma[k], and k counts from 0.")
def _(A, error):
    return rank_for.reference(A, error) + 1


@rank_for.mistake("k may be 0: the zero matrix has the relative error 1.")
def _(A, error):
    return _first(A, error, lambda rest, sigma: np.sqrt(np.sum(rest**2) / np.sum(sigma**2)), start=1)


@rank_for.mistake("One too few: after k terms, what is dropped begins with sigma[k].")
def _(A, error):
    return rank_for.reference(A, error) - 1


@rank_for.mistake("You count how many can be dropped. Count how many must be kept.")
def _(A, error):
    return min(A.shape) - rank_for.reference(A, error)


WIDE = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
FLAT = np.array([[1.0, 0.0], [0.0, 0.0]])
ONE = np.outer([1.0, 2.0, 2.0], [3.0, 4.0])


@exercise(
    (TALL, np.array([1.0, 2.0, 3.0, 4.0])),
    (WIDE, np.array([3.0, -2.0])),
    (SQUARE, np.array([1.0, 0.0, 2.0])),
    (FLAT, np.array([2.0, 3.0])),
    (ONE, np.array([1.0, 1.0, 0.0])),
    (np.diag([1.0, 1e-12]), np.array([2.0, 1.0])),  # the second counts as 0
    (np.diag([2e-11, 1e-11]), np.array([2e-11, 3e-11])),  # small, but no zeros
)
def shortest_best(A, b):
    return np.linalg.pinv(A, rcond=1e-10) @ b


def _divide(A, b, weights):
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    with np.errstate(all="ignore"):
        return Vt.T @ (weights(np.where(sigma < 1e-10 * sigma[0], 0, sigma)) * (U.T @ b))


def _inverse(sigma, power=1):
    return np.where(sigma > 0, sigma, np.inf) ** -power


@shortest_best.mistake("Right where all singular values are above 0. Where one is 0, leave its term out.")
def _(A, b):
    with np.errstate(all="ignore"):
        U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
        return Vt.T @ (U.T @ b / sigma)


@shortest_best.mistake("1 / 0 makes infinity, and 0 times that is no number: leave out the terms with sigma = 0.")
def _(A, b):
    with np.errstate(all="ignore"):
        U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
        return Vt.T @ np.diag(1 / sigma) @ U.T @ b


@shortest_best.mistake("Where a singular value is 0, its term is left out, not taken times 1.")
def _(A, b):
    return _divide(A, b, lambda sigma: np.where(sigma > 0, _inverse(sigma), 1.0))


@shortest_best.mistake("Multiply by 1 / sigma, not by sigma: the stretching is to be undone.")
def _(A, b):
    return A.T @ b


@shortest_best.mistake("You divide by sigma squared. That is right for (A^T A)^+, before A^T is multiplied.")
def _(A, b):
    return _divide(A, b, lambda sigma: _inverse(sigma, 2))


@shortest_best.mistake("The singular values are missing: divide each term by its sigma.")
def _(A, b):
    return _divide(A, b, lambda sigma: (sigma > 0).astype(float))


@shortest_best.mistake("The normal equations A^T A x = A^T b have one solution only if the columns are independent.")
def _(A, b):
    return np.linalg.solve(A.T @ A, A.T @ b)


@shortest_best.mistake("A^T (A A^T)^-1 b is for wide matrices with independent rows only.")
def _(A, b):
    return A.T @ np.linalg.solve(A @ A.T, b)


@shortest_best.mistake("np.linalg.solve takes square matrices with an inverse only.")
def _(A, b):
    return np.linalg.solve(A, b)


@shortest_best.mistake("You stop after the first singular value.")
def _(A, b):
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    return Vt[0] * (U[:, 0] @ b) / sigma[0]


def _kept(A, b, above):
    """The solution by the singular values for which above(sigma) holds."""
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    kept = above(sigma)
    return Vt[kept].T @ ((U.T @ b)[kept] / sigma[kept])


@shortest_best.mistake(
    "What is 0 in truth may be 1e-17 in floats: leave out what is below 1e-10 of the largest, not only 0."
)
def _(A, b):
    return _kept(A, b, lambda sigma: sigma > 0)


@shortest_best.mistake(
    "Compare with the largest singular value, not with 1e-10 itself: the matrix may be small throughout."
)
def _(A, b):
    return _kept(A, b, lambda sigma: sigma > 1e-10)


@shortest_best.mistake("svd returns V transposed: transpose it back before you multiply.")
def _(A, b):
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    return Vt @ (U.T @ b / np.where(sigma > 1e-10 * sigma[0], sigma, np.inf))


@exercise((SQUARE, SQUARE.T + 1), (TALL, TALL.T - 2), (WIDE, TALL[:3, :2]), (TALL[:, :1], np.ones((1, 4))))
def trace_of_product(A, B):
    return sum(row @ column for row, column in zip(A, B.T, strict=True))


@trace_of_product.mistake("A[i, j] meets B[j, i]: transpose one of them before you multiply entry by entry.")
def _(A, B):
    return np.sum(A * B)


@trace_of_product.mistake("A[i, j] meets B[j, i]. You reshape B, which does not exchange its axes: transpose it.")
def _(A, B):
    return np.sum(A * B.reshape(A.shape))


@trace_of_product.mistake("The trace of a product is not the product of the traces.")
def _(A, B):
    return np.trace(A) * np.trace(B)


@trace_of_product.mistake("Those are products of the diagonals. All entries of A take part.")
def _(A, B):
    k = min(A.shape)
    return np.sum(np.diag(A)[:k] * np.diag(B)[:k])


@trace_of_product.mistake("That is the sum of all entries of the product. The trace is that of its diagonal.")
def _(A, B):
    return np.sum(A @ B)


@trace_of_product.mistake("Those are the entries of the diagonal. Add them up.")
def _(A, B):
    return np.sum(A * B.T, axis=1)


LEFT = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]])
MOVED = np.array([[1.0, 1.0], [2.0, 5.0], [-3.0, 2.0]])


@exercise((LEFT,), (LEFT[::-1],), (MOVED,), (MOVED[[1, 0, 2]] + 10,), (np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 6.0]]),))
def triangle_area(corners):
    x, y = corners.T
    return np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) / 2


@triangle_area.mistake("That is the parallelogram. The triangle is half of it.")
def _(corners):
    return 2 * triangle_area.reference(corners)


@triangle_area.mistake("Keep the sign: it says which way round the corners run.")
def _(corners):
    return abs(triangle_area.reference(corners))


@triangle_area.mistake("Keep the sign, and take half: a determinant is the area of the whole parallelogram.")
def _(corners):
    return 2 * abs(triangle_area.reference(corners))


@triangle_area.mistake("The sign is the wrong way round: counter-clockwise counts as positive.")
def _(corners):
    return -triangle_area.reference(corners)


@triangle_area.mistake(
    "Take edges, differences of corners. The corners themselves are edges only if one is the origin."
)
def _(corners):
    return np.linalg.det(corners[1:]) / 2


@triangle_area.mistake("Take edges, differences of corners, and all three corners: the last one is left out.")
def _(corners):
    return np.linalg.det(corners[:2]) / 2
