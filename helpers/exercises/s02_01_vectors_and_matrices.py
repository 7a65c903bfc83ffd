"""The exercises of lesson 2.1, Vectors and Matrices."""

import numpy as np

from . import exercise


@exercise((10, 100, 5, 50), (2, 30, 40, 3), (300, 300, 300, 1), (1, 7, 9, 11), (2, 1, 100, 3))
def cheapest(p, q, r, s):
    def product(a, b):
        return (a[0], b[1]), a[0] * a[1] * b[1]

    (left, first), (right, other) = product((p, q), (q, r)), product((q, r), (r, s))
    return min(first + product(left, (r, s))[1], other + product((p, q), right)[1])


@cheapest.mistake("That is the cost of multiplying from the left. Try the other brackets, and take the smaller one.")
def _(p, q, r, s):
    return p * q * r + p * r * s


@cheapest.mistake("That is the cost of multiplying from the right. Try the other brackets, and take the smaller one.")
def _(p, q, r, s):
    return q * r * s + p * q * s


@cheapest.mistake("That is the dearer of the two.")
def _(p, q, r, s):
    return max(p * q * r + p * r * s, q * r * s + p * q * s)


@cheapest.mistake("That is what a single sum over both inner indices costs. With brackets there are two products.")
def _(p, q, r, s):
    return p * q * r * s


@cheapest.mistake("That is only the first of the two products. What comes out must still be multiplied by the third.")
def _(p, q, r, s):
    return min(p * q * r, q * r * s)


@cheapest.mistake("You start with the cheaper product, but the one that follows may be dear. Compare the sums.")
def _(p, q, r, s):
    return p * q * r + p * r * s if p * q * r < q * r * s else q * r * s + p * q * s


@cheapest.mistake("Those are the costs of both ways. Return the smaller one.")
def _(p, q, r, s):
    return p * q * r + p * r * s, q * r * s + p * q * s


U3 = np.array([[2.0, -1.0, 3.0], [0.0, 4.0, 1.0], [0.0, 0.0, -5.0]])
U4 = np.array([[1.0, 2.0, 0.0, -1.0], [0.0, 3.0, 1.0, 2.0], [0.0, 0.0, 2.0, 5.0], [0.0, 0.0, 0.0, 0.5]])


@exercise((U3, np.array([7.0, -2.0, 10.0])), (U4, np.array([1.0, -3.0, 4.0, 2.0])), (U3[:1, :1], np.array([3.0])))
def back_substitute(U, b):
    return np.linalg.solve(U, b)


@back_substitute.mistake("Divide by the number on the main diagonal, after the known unknowns have been moved over.")
def _(U, b):
    x = np.zeros(len(b))
    for i in reversed(range(len(b))):
        x[i] = b[i] - U[i, i + 1 :] @ x[i + 1 :]
    return x


@back_substitute.mistake("The other unknowns are left out: begin with the last equation, and put in what is known.")
def _(U, b):
    return b / np.diag(U)


@back_substitute.mistake("A sign: what is known goes to the other side, so it is taken away from b.")
def _(U, b):
    x = np.zeros(len(b))
    for i in reversed(range(len(b))):
        x[i] = (b[i] + U[i, i + 1 :] @ x[i + 1 :]) / U[i, i]
    return x


@back_substitute.mistake("Only b[i] is divided: what is taken away from it must be divided as well. Brackets!")
def _(U, b):
    x = np.zeros(len(b))
    for i in reversed(range(len(b))):
        x[i] = b[i] - U[i, i + 1 :] @ x[i + 1 :] / U[i, i]
    return x


@back_substitute.mistake("Brackets: the whole right side is divided, not only what you take away or only b[i].")
def _(U, b):
    x = np.zeros(len(b))
    for i in reversed(range(len(b))):
        x[i] = b[i] / U[i, i] - U[i, i + 1 :] @ x[i + 1 :]
    return x


@back_substitute.mistake("You put in the right sides b instead of the unknowns that are already found.")
def _(U, b):
    return np.array([(b[i] - U[i, i + 1 :] @ b[i + 1 :]) / U[i, i] for i in range(len(b))])


@back_substitute.mistake("Your x comes out upside down: the last unknown is found first, but it stands last.")
def _(U, b):
    return np.linalg.solve(U, b)[::-1]


@back_substitute.mistake("The first unknown stays 0: a range leaves its end out, so it must end at -1 to reach 0.")
def _(U, b):
    return np.where(np.arange(len(b)) > 0, np.linalg.solve(U, b), 0.0)


NINE = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
TALL = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
WIDE = np.array([[1.0, 2.0, -1.0], [2.0, 4.0, -2.0]])


@exercise(
    (np.array([[2.0, 1.0], [-1.0, 1.0]]), np.array([4.0, 1.0])),
    (NINE, np.array([6.0, 15.0, 24.0])),
    (NINE, np.array([6.0, 15.0, 25.0])),
    (TALL, np.array([1.0, 2.0, 3.0])),
    (TALL, np.array([1.0, 2.0, 4.0])),
    (TALL.T, np.array([1.0, 2.0])),
    (WIDE, np.array([3.0, 6.0])),
    (WIDE, np.array([3.0, 7.0])),
    (np.column_stack([TALL, TALL[:, :1]]), np.array([1.0, 2.0, 3.0])),
)
def solutions(A, b):
    best = np.linalg.lstsq(A, b, rcond=None)[0]  # if this misses b, everything does
    if not np.allclose(A @ best, b):
        return 0
    return 1 if np.linalg.svd(A.T @ A, compute_uv=False)[-1] > 1e-9 else np.inf


def _ranks(A, b):
    return np.linalg.matrix_rank(A), np.linalg.matrix_rank(np.column_stack([A, b]))


@solutions.mistake("You never answer 0: ask first whether b lies in the span of the columns.")
def _(A, b):
    return 1 if _ranks(A, b)[0] == A.shape[1] else np.inf


@solutions.mistake("Compare the rank with the number of unknowns (columns), not with that of the equations (rows).")
def _(A, b):
    own, both = _ranks(A, b)
    return 0 if both > own else 1 if own == A.shape[0] else np.inf


@solutions.mistake("The shape does not decide: a tall matrix may well have a solution, and a wide one may have none.")
def _(A, b):
    rows, columns = A.shape
    if rows != columns:
        return 0 if rows > columns else np.inf
    return solutions.reference(A, b)


@solutions.mistake("The other way round: where b adds a new direction to the columns, nothing solves the system.")
def _(A, b):
    own, both = _ranks(A, b)
    return np.inf if both > own else 1 if own == A.shape[1] else 0


@solutions.mistake("Dependent columns leave none or infinitely many solutions: which of them, b decides.")
def _(A, b):
    own, _ = _ranks(A, b)
    return 0 if own < A.shape[1] else 1


@solutions.mistake("Dependent columns make infinitely many solutions, not one.")
def _(A, b):
    own, both = _ranks(A, b)
    return 0 if both > own else 1


@solutions.mistake(
    "One solution does not ask for a square matrix: a tall one with independent columns may have one, too."
)
def _(A, b):
    own, both = _ranks(A, b)
    return 0 if both > own else 1 if own == A.shape[1] == A.shape[0] else np.inf


@solutions.mistake("Count the columns of A alone for the unknowns: b is not one of them.")
def _(A, b):
    own, both = _ranks(A, b)
    return 0 if both > own else 1 if both == A.shape[1] + 1 else np.inf


@exercise(
    (np.array([3.0, -4.0]), 2),
    (np.array([1.0, -2.0, 2.0, 0.5]), 1),
    (np.array([1.0, -2.0, 2.0, 0.5]), 3),
    (np.array([-7.0, 2.0, 5.0]), np.inf),
    (np.zeros(3), 2),
    (np.array([3e200, -4e200]), 2),
    (np.array([3e-200, -4e-200]), 2),
)
def p_norm(x, p):
    size = np.abs(x)
    if not size.any():
        return 0.0
    if np.isinf(p):
        return np.sort(size)[-1]
    logs = p * np.log(size[size > 0])
    return np.exp(np.logaddexp.reduce(logs) / p)


def _plain(x, p):
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return np.abs(x).max() if np.isinf(p) else np.sum(np.abs(x) ** p) ** (1 / p)


def _scaled(x, p, power):
    """The norm by way of the largest element, with something else than |x|**p inside."""
    top = np.abs(x).max()
    with np.errstate(invalid="ignore"):
        return top if top == 0 or np.isinf(p) else top * power(x / top, p)


@p_norm.mistake("Right for ordinary numbers. But 1e200 squared is infinite, and 1e-200 squared is 0: scale x first.")
def _(x, p):
    return _plain(x, p)


@p_norm.mistake("You scale the elements down and never up again: multiply the result by the largest one.")
def _(x, p):
    return _scaled(x, p, lambda y, p: np.sum(np.abs(y) ** p) ** (1 / p) / np.abs(x).max())


@p_norm.mistake("The largest of x is not the largest of |x|: scale by the largest absolute value.")
def _(x, p):
    top = x.max()
    with np.errstate(all="ignore"):
        return top if top == 0 or np.isinf(p) else top * np.sum(np.abs(x / top) ** p) ** (1 / p)


@p_norm.mistake("Take the absolute values first. With an odd p the negative elements cancel the positive ones.")
def _(x, p):
    with np.errstate(invalid="ignore"):
        return _scaled(x, p, lambda y, p: np.sum(y**p) ** (1 / p))


@p_norm.mistake("Take the absolute values first, for the power and for the maximum: 1e200 must be scaled as well.")
def _(x, p):
    with np.errstate(all="ignore"):
        return x.max() if np.isinf(p) else np.sum(x**p) ** (1 / p)


@p_norm.mistake("The p-th root is missing.")
def _(x, p):
    with np.errstate(over="ignore"):
        return np.abs(x).max() if np.isinf(p) else np.sum(np.abs(x) ** p)


@p_norm.mistake("You take the square root for every p: the root must be the p-th.")
def _(x, p):
    return _scaled(x, p, lambda y, p: np.sqrt(np.sum(np.abs(y) ** p)))


@p_norm.mistake("All elements 0: then the largest is 0, and you divide by it.")
def _(x, p):
    top = np.abs(x).max()
    with np.errstate(invalid="ignore"):
        return top if np.isinf(p) else top * np.sum(np.abs(x / top) ** p) ** (1 / p)


@p_norm.mistake("p may be infinite: then the norm is the largest absolute value.")
def _(x, p):
    top = np.abs(x).max()
    return top if top == 0 else top * np.sum(np.abs(x / top) ** p) ** (1 / p) if p < np.inf else np.nan


@p_norm.mistake("p may be infinite: the power 1 / p makes 1 of everything then. Return the largest absolute value.")
def _(x, p):
    return 1.0 if np.isinf(p) else p_norm.reference(x, p)


@p_norm.mistake(
    "Two things: p may be infinite, then the largest |x| counts; and 1e200 squared is infinite, so scale x first."
)
def _(x, p):
    with np.errstate(over="ignore"):
        return np.sum(np.abs(x) ** p) ** (1 / p)


@p_norm.mistake("That is the norm for p = 2. It must be right for every p.")
def _(x, p):
    return p_norm.reference(x, 2)


THREE = np.array([[1.0, 0.0], [1.0, 2.0], [-3.0, 1.0]])
FOUR = np.array([[2.0, -1.0, 0.5], [4.0, -2.0, 1.0], [0.0, 1.0, 2.0], [-1.0, 0.5, 3.0]])


@exercise((THREE,), (FOUR,), (np.eye(3) * 5 + 1,))
def cosines(X):
    squares = np.einsum("id,id->i", X, X)
    return np.einsum("id,jd->ij", X, X) / np.sqrt(np.outer(squares, squares))


@cosines.mistake("Those are the dot products. Divide by both lengths.")
def _(X):
    return X @ X.T


@cosines.mistake("Divide by both lengths: the table must be symmetric, with ones on its diagonal.")
def _(X):
    return X @ X.T / np.linalg.norm(X, axis=1)


@cosines.mistake("Divide by both lengths: so far only that of the row's vector is taken out.")
def _(X):
    return X @ X.T / np.linalg.norm(X, axis=1, keepdims=True)


@cosines.mistake("You divide by the squared lengths: the square root is missing.")
def _(X):
    squares = (X**2).sum(axis=1)
    return X @ X.T / np.outer(squares, squares)


@cosines.mistake("Vectors are rows here. You compare the columns.")
def _(X):
    units = X / np.linalg.norm(X, axis=0)
    return units.T @ units


@cosines.mistake("norm without an axis is the length of the whole matrix. Each row has its own: axis=1.")
def _(X):
    return X @ X.T / np.linalg.norm(X) ** 2


@cosines.mistake("The lengths are those of the rows, axis=1; you took them of the columns.")
def _(X):
    units = X / np.linalg.norm(X, axis=0)
    return units @ units.T


@cosines.mistake("Those are the angles. Their cosines were asked for.")
def _(X):
    return np.arccos(np.clip(cosines.reference(X), -1, 1))


@cosines.mistake("Signs: a cosine is negative where the angle is larger than 90 degrees.")
def _(X):
    return np.abs(cosines.reference(X))


@cosines.mistake("Those are the angles, in degrees. Their cosines were asked for.")
def _(X):
    return np.degrees(np.arccos(np.clip(cosines.reference(X), -1, 1)))


@cosines.mistake(
    "The lengths have the shape (n,), and n numbers do not fit beside rows of d: keep the axis, keepdims=True."
)
def _(X):
    units = X / np.linalg.norm(X, axis=1)
    return units @ units.T


C, S = np.cos(0.4), np.sin(0.4)
ORTHOGONAL = np.array([[C, -S], [S, C]])


@exercise(
    (ORTHOGONAL,),
    (ORTHOGONAL * [1, -1],),
    (np.eye(3)[[2, 0, 1]],),
    (ORTHOGONAL * [2.0, 0.5],),  # perpendicular columns and determinant 1, but no unit vectors
    (np.array([[1.0, S], [0.0, C]]),),  # unit columns that are not perpendicular
    (np.array([[1.0, 1.0], [0.0, 1.0]]),),
    (3 * np.eye(2),),
    (np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]),),
    (np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),),
    (ORTHOGONAL + 1e-4,),
    (ORTHOGONAL + 1e-12,),
    (np.zeros((2, 2)),),
)
def is_orthogonal(Q):
    rows, columns = Q.shape
    return rows == columns and bool(np.abs(np.linalg.svd(Q, compute_uv=False) - 1).max() < 1e-8)


def _gram(Q):
    return Q.T @ Q


@is_orthogonal.mistake("Perpendicular columns are not enough: each must have length 1.")
def _(Q):
    gram = _gram(Q)
    return bool(Q.shape[0] == Q.shape[1] and np.allclose(gram, np.diag(np.diag(gram)), atol=1e-9))


@is_orthogonal.mistake("Columns of length 1 are not enough: they must be perpendicular to each other.")
def _(Q):
    return bool(Q.shape[0] == Q.shape[1] and np.allclose(np.diag(_gram(Q)), 1, atol=1e-9))


@is_orthogonal.mistake("A determinant of 1 or -1 is necessary, not sufficient: think of a shear.")
def _(Q):
    return bool(Q.shape[0] == Q.shape[1] and abs(abs(np.linalg.det(Q)) - 1) < 1e-9)


@is_orthogonal.mistake("A matrix that is not square is not orthogonal, even if its columns are unit and perpendicular.")
def _(Q):
    return bool(np.allclose(_gram(Q), np.eye(Q.shape[1]), atol=1e-9))


@is_orthogonal.mistake("A matrix that is not square is not orthogonal, even if its rows are unit and perpendicular.")
def _(Q):
    return bool(np.allclose(Q @ Q.T, np.eye(Q.shape[0]), atol=1e-9))


@is_orthogonal.mistake("Equal to the last digit asks too much: 0.6 * 0.6 + 0.8 * 0.8 may be rounded. Allow 1e-9.")
def _(Q):
    return Q.shape[0] == Q.shape[1] and bool(np.array_equal(_gram(Q), np.eye(len(Q)))) and Q.shape == (3, 3)


@is_orthogonal.mistake("You allow too much: matrices that are off by 1e-4 are not orthogonal.")
def _(Q):
    return bool(Q.shape[0] == Q.shape[1] and np.allclose(_gram(Q), np.eye(len(Q)), atol=1e-2))


@is_orthogonal.mistake("Ask first whether it is square: products of another shape cannot be compared with I.")
def _(Q):
    return bool(np.allclose(_gram(Q), np.eye(len(Q)), atol=1e-9))


@is_orthogonal.mistake(
    "Not every matrix has an inverse, and a matrix that is not square has none: compare Q^T Q with I."
)
def _(Q):
    return bool(np.allclose(np.linalg.inv(Q), Q.T, atol=1e-9))


@is_orthogonal.mistake("Q Q = I is another question: a turn by 23 degrees, done twice, is a turn by 46. Transpose one.")
def _(Q):
    return bool(Q.shape[0] == Q.shape[1] and np.allclose(Q @ Q, np.eye(len(Q)), atol=1e-9))


@is_orthogonal.mistake("A mirror is orthogonal as well: its determinant is -1.")
def _(Q):
    return is_orthogonal.reference(Q) and bool(np.linalg.det(Q) > 0)


A2 = np.array([[3.0, 1.0], [4.0, 2.0]])
A43 = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 2.0], [0.0, 1.0, 1.0], [1.0, 3.0, -1.0]])


@exercise((A2,), (A43,), (-np.eye(3) + 0.5,), (2 * A43[:3],))
def gram_schmidt(A):
    Q, R = np.linalg.qr(A)
    return Q * np.sign(np.diag(R))


def _by_columns(A, take_away, finish):
    Q = np.zeros(A.shape)
    for k, column in enumerate(A.T):
        Q[:, k] = finish(column - sum((take_away(q, column) for q in Q[:, :k].T), np.zeros(len(A))))
    return Q


@gram_schmidt.mistake("They are perpendicular, but not of length 1: divide each by its length.")
def _(A):
    return _by_columns(A, lambda q, a: (q @ a) / (q @ q) * q, lambda rest: rest)


@gram_schmidt.mistake("(q . a) q is the part along q only if q has length 1: divide each by its length at once.")
def _(A):
    return _by_columns(A, lambda q, a: (q @ a) * q, lambda rest: rest)


@gram_schmidt.mistake("(q . a) q is the part along q only if q has length 1: divide at once, not at the end.")
def _(A):
    Q = _by_columns(A, lambda q, a: (q @ a) * q, lambda rest: rest)
    return Q / np.linalg.norm(Q, axis=0)


@gram_schmidt.mistake("Of length 1, but not perpendicular: take the parts along the earlier columns away.")
def _(A):
    return A / np.linalg.norm(A, axis=0)


@gram_schmidt.mistake("You take away the part along the column just before only. It must be done for all earlier ones.")
def _(A):
    Q = A / np.linalg.norm(A, axis=0)
    for k in range(1, A.shape[1]):
        rest = A[:, k] - (Q[:, k - 1] @ A[:, k]) * Q[:, k - 1]
        Q[:, k] = rest / np.linalg.norm(rest)
    return Q


@gram_schmidt.mistake("You take away parts along the columns of A, which are not perpendicular to each other.")
def _(A):
    Q, units = np.zeros(A.shape), A / np.linalg.norm(A, axis=0)
    for k in range(A.shape[1]):
        rest = A[:, k] - units[:, :k] @ (units[:, :k].T @ A[:, k])
        Q[:, k] = rest / np.linalg.norm(rest)
    return Q


@gram_schmidt.mistake("Right up to a sign: each column must have a positive dot product with its own column of A.")
def _(A):
    return np.linalg.qr(A)[0]


@gram_schmidt.mistake("You made the rows perpendicular. The columns were asked for.")
def _(A):
    Q, R = np.linalg.qr(A.T)
    return (Q * np.sign(np.diag(R))).T


@gram_schmidt.mistake("Right, but lying on its side: the vectors must be the columns of what you return.")
def _(A):
    return gram_schmidt.reference(A).T


@gram_schmidt.mistake("A sign: the parts along the earlier columns are taken away, not added.")
def _(A):
    Q = np.zeros(A.shape)
    for k, column in enumerate(A.T):
        rest = column + Q[:, :k] @ (Q[:, :k].T @ column)
        Q[:, k] = rest / np.linalg.norm(rest)
    return Q


@gram_schmidt.mistake("q . a is a number, how much of q there is. What is taken away is the vector (q . a) q.")
def _(A):
    Q = np.zeros(A.shape)
    for k, column in enumerate(A.T):
        rest = column - np.sum(Q[:, :k].T @ column)
        Q[:, k] = rest / np.linalg.norm(rest)
    return Q


@gram_schmidt.mistake("You take away the part along the first column only. It must be done for all earlier ones.")
def _(A):
    Q = A / np.linalg.norm(A, axis=0)
    for k in range(1, A.shape[1]):
        rest = A[:, k] - (Q[:, 0] @ A[:, k]) * Q[:, 0]
        Q[:, k] = rest / np.linalg.norm(rest)
    return Q


@gram_schmidt.mistake("You began with the last column. The first is only brought to length 1; then comes the second.")
def _(A):
    return gram_schmidt.reference(A[:, ::-1])[:, ::-1]


@exercise()
def norms():
    return True, True, False, False, True, True, False


@norms.mistake("The fourth flattens the plane: the vector (2, -1) has length 0, and it is not 0.")
def _():
    return True, True, False, True, True, True, False


@norms.mistake("The third gives (1, 0) and (0, 1) the length 0, and their sum the length 1.")
def _():
    return True, True, True, False, True, True, False


@norms.mistake("In the plane no L1 is larger than twice the maximum: the sixth is L1 itself.")
def _():
    return True, True, False, False, True, False, False


@norms.mistake("The smaller of two norms is mostly none: take (1, 0), (0, 1) and their sum in the seventh.")
def _():
    return True, True, False, False, True, True, True


@norms.mistake("The second is 0 only where both x1 and x2 - x1 are: it is the maximum, of a sheared vector.")
def _():
    return True, False, False, False, True, True, False


@norms.mistake("Weights above 0, as in the first, and sums of norms, as in the fifth, leave norms norms.")
def _():
    return False, True, False, False, False, True, False


@norms.mistake("Not all are norms. Look for vectors other than 0 of length 0, and for balls with dents.")
def _():
    return (True,) * 7


@norms.mistake("Two of those you allow give length 0 to vectors that are not 0: try (1, 0), and (2, -1).")
def _():
    return True, True, True, True, True, True, False


@norms.mistake("The smaller of two norms may be a norm or not. One of the two is L1 itself; the other has a dent.")
def _():
    return True, True, False, False, True, False, True


@norms.mistake(
    "Two of those you refuse are norms: where is the maximum in the second 0, and when is L1 above twice the maximum?"
)
def _():
    return True, False, False, False, True, False, False
