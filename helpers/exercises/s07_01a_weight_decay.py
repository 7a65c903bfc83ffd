"""The exercises of lesson 7.1a, Weight Decay."""

import numpy as np

from . import exercise

W = np.array([0.5, -2.0, 1.0, 3.0])
G = np.array([1.0, 0.4, -0.7, 2.0])


@exercise((W, G, 0.1, 0.5), (-3 * G, W, 0.02, 2.0), (W[1:], G[:3], 0.5, 0.0))
def decayed_step(w, gradient, epsilon, alpha):
    return w - epsilon * (gradient + alpha * w)


@decayed_step.slips
def _(slip, w, gradient, epsilon, alpha):
    decay = alpha if slip("Epsilon multiplies the penalty's gradient as well.") else epsilon * alpha
    if slip("Twice the decay: the gradient of alpha / 2 * w^2 is alpha * w, and it is added once."):
        decay = 2 * decay
    elif slip("A half too much: the gradient of alpha / 2 * w^2 is alpha w."):
        decay = decay / 2
    if slip("That is the step without any decay."):
        decay = 0
    elif slip("The weights have to shrink: 1 - epsilon * alpha, not 1 + epsilon * alpha."):
        decay = -decay
    step = epsilon * gradient
    if slip("Go down the gradient of J, not up."):
        step = -step
    if slip("That is the shrinking alone. The step down the gradient of J is missing."):
        step = 0
    if slip("Weights shrink from where they are, not from where the gradient brings them."):
        return (1 - decay) * (w - step)
    return (1 - decay) * w - step


@decayed_step.mistake("Every weight loses the same amount. It has to be in proportion to w: epsilon * alpha * w.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * gradient - epsilon * alpha


@decayed_step.mistake("That is the L1 penalty. Here a weight loses in proportion to its size: epsilon * alpha * w.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * (gradient + alpha * np.sign(w))


@decayed_step.mistake("The gradient is a vector, and so is the decay: alpha * w, not alpha * (w @ w).")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * (gradient + alpha / 2 * (w @ w))


@decayed_step.mistake("alpha / 2 * w^2 is the penalty. The step needs its gradient, alpha * w.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * (gradient + alpha / 2 * w**2)


@decayed_step.mistake("The gradient of alpha / 2 * w^2 is alpha * w, not alpha * w^2.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * (gradient + alpha * w**2)


@decayed_step.mistake("The learning rate epsilon multiplies the gradient of J as well.")
def _(w, gradient, epsilon, alpha):
    return (1 - epsilon * alpha) * w - gradient


@decayed_step.mistake("alpha belongs to w: the gradient of J is multiplied by epsilon only.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * alpha * gradient


@decayed_step.mistake("Weights lose epsilon * alpha of themselves: a product, not two subtractions.")
def _(w, gradient, epsilon, alpha):
    return (1 - epsilon - alpha) * w - epsilon * gradient


@decayed_step.mistake("That is the change. Return the weights after the step.")
def _(w, gradient, epsilon, alpha):
    return -epsilon * (gradient + alpha * w)


_draw = np.random.default_rng(71)
MIX = np.array([[1.0, 0.5, 0.0], [0.0, 2.0, -1.0], [0.3, 0.0, 0.5]])
TALL = _draw.normal(size=(12, 3)) @ MIX + [1.0, -2.0, 0.5]
TALL_Y = TALL @ [1.0, -0.5, 2.0] + 5 + _draw.normal(size=12)
SMALL, SMALL_Y = np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]), np.array([2.0, -1.0, 6.0])
WIDE, WIDE_Y = _draw.normal(size=(3, 5)), np.array([1.0, -2.0, 0.5])


RIDGE_CASES = (
    {"12 examples, 3 weights": (TALL, TALL_Y, 2.0)},
    {"3 examples, 3 weights": (SMALL, SMALL_Y, 0.5)},
    {"3 examples, 5 weights": (WIDE, WIDE_Y, 0.1)},
    {"12 examples, 3 weights, alpha 50": (TALL, TALL_Y, 50.0)},
)


@exercise(*RIDGE_CASES)
def ridge(X, y, alpha):
    """By invented examples: least squares with a row sqrt(alpha) for each weight."""
    n = X.shape[1]
    return np.linalg.lstsq(np.vstack([X, np.sqrt(alpha) * np.eye(n)]), np.append(y, np.zeros(n)))[0]


@ridge.slips
def _(slip, X, y, alpha):
    if slip("Take alpha itself: sqrt(alpha) belongs to invented examples."):
        alpha = np.sqrt(alpha)
    elif slip("Take alpha itself, not its square."):
        alpha = alpha**2
    if slip("The squared errors are a sum: do not multiply alpha by the number of examples."):
        alpha = len(X) * alpha
    elif slip("With half the squared error and alpha / 2 the diagonal gains alpha, not 2 alpha."):
        alpha = 2 * alpha
    elif slip("With half the squared error and alpha / 2 the diagonal gains alpha, not alpha / 2."):
        alpha = alpha / 2
    gain = alpha * np.eye(X.shape[1])
    if slip("Adding alpha changes every entry of X^T X. Add it on the diagonal: alpha * np.eye(...)."):
        gain = alpha
    elif slip("The diagonal gains alpha: you took it away."):
        gain = -gain
    left = X.T @ X + gain
    return np.linalg.lstsq(left, X.T @ y)[0]


@ridge.mistake("That is least squares without a penalty.")
def _(X, y, alpha):
    return np.linalg.solve(X.T @ X, X.T @ y)


@ridge.mistake("That is least squares without a penalty.")
def _(X, y, alpha):
    return np.linalg.pinv(X) @ y


@ridge.mistake("Adding alpha changes every entry of X^T X. Add it on the diagonal: alpha * np.eye(...).")
def _(X, y, alpha):
    return np.linalg.solve(X.T @ X + alpha, X.T @ y)


@ridge.mistake("Shapes: X.T @ X and np.eye(X.shape[1]) have a row per weight, X.T @ y an entry per weight.")
def _(X, y, alpha):
    return np.linalg.solve(X.T @ X + alpha * np.eye(len(X)), X.T @ y)


@ridge.mistake("The examples are the rows of X: X.T @ X, which has one row per weight, not X @ X.T.")
def _(X, y, alpha):
    return np.linalg.solve(X @ X.T + alpha * np.eye(len(X)), y)


@ridge.mistake("A matrix times a vector is `@`. With `*` each column is multiplied by a number.")
def _(X, y, alpha):
    return np.linalg.inv(X.T @ X + alpha * np.eye(X.shape[1])) * (X.T @ y)


@ridge.mistake("Those are X^T y. Solve (X^T X + alpha I) w = X^T y.")
def _(X, y, alpha):
    return X.T @ y


@ridge.mistake("The matrix is to be inverted: np.linalg.solve(A, b), not A @ b.")
def _(X, y, alpha):
    return (X.T @ X + alpha * np.eye(X.shape[1])) @ (X.T @ y)


@ridge.mistake("Weights shrink along eigenvectors of X^T X, not all by 1 / (1 + alpha).")
def _(X, y, alpha):
    return np.linalg.pinv(X) @ y / (1 + alpha)


@exercise((TALL, 2.0), (SMALL, 0.5), (WIDE, 0.1), (TALL, 0.0), (WIDE.T, 30.0))
def effective_parameters(X, alpha):
    squares = np.linalg.svd(X, compute_uv=False) ** 2
    return float(np.sum(squares / (squares + alpha)))


@effective_parameters.slips
def _(slip, X, alpha):
    eigenvalues = np.linalg.eigvalsh(X @ X.T if len(X) < X.shape[1] else X.T @ X)
    if slip("The eigenvalues of X^T X are the squares of the singular values of X."):
        eigenvalues = np.sqrt(eigenvalues)
    if slip("The diagonal of X^T X holds its eigenvalues only if X has orthogonal columns."):
        eigenvalues = np.sum(X**2, axis=0)
    if slip("Each eigenvalue has a share of its own: first the quotients, then the sum."):
        eigenvalues = np.sum(eigenvalues)
    left = np.sum(eigenvalues / (eigenvalues + alpha))
    if slip("That is the number of directions that the data reach, before any penalty."):
        left = np.linalg.matrix_rank(X)
    if slip("That is what the penalty takes away. Asked for is what is left."):
        return X.shape[1] - left
    return left


@effective_parameters.mistake("One number is asked for: add up the fractions.")
def _(X, alpha):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    return eigenvalues / (eigenvalues + alpha)


@effective_parameters.mistake("Brackets: eigenvalues / (eigenvalues + alpha).")
def _(X, alpha):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    return np.sum(eigenvalues / eigenvalues + alpha)


@effective_parameters.mistake("You counted the eigenvalues above alpha. Each one counts as lambda / (lambda + alpha).")
def _(X, alpha):
    return np.sum(np.linalg.eigvalsh(X.T @ X) > alpha)


@effective_parameters.mistake("Only the diagonal: the trace is the sum of the eigenvalues, not the sum of all entries.")
def _(X, alpha):
    gram = X.T @ X
    return np.sum(np.linalg.solve(gram + alpha * np.eye(len(gram)), gram))


@effective_parameters.mistake("np.linalg.eigvalsh(X.T @ X) returns the eigenvalues alone, one per weight.")
def _(X, alpha):
    return np.sum(np.linalg.eigvalsh(X @ X))


@exercise((TALL, TALL_Y, 2.0), (SMALL, SMALL_Y, 0.5), (WIDE, WIDE_Y, 0.1), (TALL, TALL_Y, 50.0))
def ridge_with_bias(X, y, alpha):
    n = X.shape[1]
    rows = np.vstack([np.column_stack([X, np.ones(len(X))]), np.sqrt(alpha) * np.eye(n, n + 1)])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(n)))[0]


@ridge_with_bias.slips
def _(slip, X, y, alpha):
    if slip("The invented rows hold sqrt(alpha), since they are squared."):
        alpha = alpha**2
    if slip("Do not multiply alpha by the number of examples: the squared errors are a sum."):
        alpha = len(X) * alpha
    strengths = np.full(X.shape[1] + 1, alpha)
    if not slip("The bias pays as well: the last number of the diagonal must be 0."):
        strengths[-1] = 0
    design = np.column_stack([X, np.ones(len(X))])
    *w, bias = np.linalg.solve(design.T @ design + np.diag(strengths), design.T @ y)
    if slip("That is ridge regression without a bias, and a bias put on afterwards."):
        w = np.linalg.solve(X.T @ X + alpha * np.eye(X.shape[1]), X.T @ y)
        bias = np.mean(y - X @ w)
    if slip("Centring X and y is a good way. The bias is then mean(y) - mean(X) w, not mean(y)."):
        bias = y.mean()
    return np.append(w, bias)
