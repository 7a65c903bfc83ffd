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
    elif slip("Half the decay: the gradient of alpha / 2 * w^2 is alpha * w."):
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


@decayed_step.mistake("Weights lose epsilon * alpha of themselves. alpha, the strength of the penalty, is missing.")
def _(w, gradient, epsilon, alpha):
    return (1 - epsilon) * w - epsilon * gradient


@decayed_step.mistake("alpha belongs to w alone: it does not multiply the gradient of J.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * alpha * (gradient + w)


@decayed_step.mistake("What decays is w, not the gradient: add alpha * w to the gradient.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * (gradient + alpha * gradient)


@decayed_step.mistake("epsilon and alpha are exchanged: epsilon multiplies the gradient, both multiply w.")
def _(w, gradient, epsilon, alpha):
    return w - alpha * (gradient + epsilon * w)


@decayed_step.mistake("The learning rate is missing: epsilon multiplies the whole gradient.")
def _(w, gradient, epsilon, alpha):
    return w - (gradient + alpha * w)


@decayed_step.mistake("That is the gradient with its penalty. Take the step: from w, epsilon times that, downhill.")
def _(w, gradient, epsilon, alpha):
    return gradient + alpha * w


@decayed_step.mistake("Brackets: (1 - epsilon * alpha) * w.")
def _(w, gradient, epsilon, alpha):
    return 1 - epsilon * alpha * w - epsilon * gradient


@decayed_step.mistake("Only w shrinks: the gradient is multiplied by epsilon, not by 1 - epsilon * alpha.")
def _(w, gradient, epsilon, alpha):
    return (1 - epsilon * alpha) * (w - gradient)


@decayed_step.mistake(
    "Equation 7.5 multiplies w by 1 - epsilon * alpha. Dividing by 1 + epsilon * alpha is only close to it."
)
def _(w, gradient, epsilon, alpha):
    return w / (1 + epsilon * alpha) - epsilon * gradient


@decayed_step.mistake("Only w shrinks, and by the factor 1 - epsilon * alpha: nothing is divided.")
def _(w, gradient, epsilon, alpha):
    return (w - epsilon * gradient) / (1 + epsilon * alpha)


@decayed_step.mistake("A negative weight decays towards 0 as well: alpha * w, without abs.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * (gradient + alpha * np.abs(w))


@decayed_step.mistake("The penalty's gradient is the vector alpha * w, not alpha times a length.")
def _(w, gradient, epsilon, alpha):
    return w - epsilon * (gradient + alpha * np.linalg.norm(w))


@decayed_step.mistake(
    "The penalty is a number, and it has no place in the step: take its gradient, epsilon * alpha * w."
)
def _(w, gradient, epsilon, alpha):
    return w - epsilon * gradient - alpha / 2 * (w @ w)


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


def _penalised(X, alpha):
    return X.T @ X + alpha * np.eye(X.shape[1])


@ridge.mistake("X^T X alone was divided by m. The squared errors are a sum: nothing is divided.")
def _(X, y, alpha):
    return np.linalg.solve(_penalised(X / np.sqrt(len(X)), alpha), X.T @ y)


@ridge.mistake("Those are the predictions for X. Return the weights.")
def _(X, y, alpha):
    return X @ ridge.reference(X, y, alpha)


@ridge.mistake("That is the inverse alone. It has to be multiplied by X.T @ y.")
def _(X, y, alpha):
    return np.linalg.inv(_penalised(X, alpha))


@ridge.mistake("`**-1` takes the reciprocal of each entry. Solve the system: np.linalg.solve(A, b).")
def _(X, y, alpha):
    return _penalised(X, alpha) ** -1 @ X.T @ y


@ridge.mistake("alpha is missing: the diagonal gains alpha, not 1.")
def _(X, y, alpha):
    return np.linalg.solve(_penalised(X, 1), X.T @ y)


@ridge.mistake("alpha multiplies the identity only, not X^T X.")
def _(X, y, alpha):
    return np.linalg.solve(alpha * _penalised(X, 1), X.T @ y)


@ridge.mistake("Without a bias here: no column of ones.")
def _(X, y, alpha):
    X = np.column_stack([np.ones(len(X)), X])
    return np.linalg.solve(_penalised(X, alpha), X.T @ y)


@ridge.mistake("Without a bias here: no column of ones.")
def _(X, y, alpha):
    X = np.column_stack([X, np.ones(len(X))])
    return np.linalg.solve(_penalised(X, alpha), X.T @ y)


@ridge.mistake("Take X and y as they are: centring them fits a bias, which is another exercise.")
def _(X, y, alpha):
    return ridge.reference(X - X.mean(axis=0), y - y.mean(), alpha)


@ridge.mistake("np.linalg.lstsq returns a tuple, with the weights first. np.linalg.solve returns them alone.")
def _(X, y, alpha):
    return np.linalg.lstsq(_penalised(X, alpha), X.T @ y)


@ridge.mistake("The penalty belongs into the system, on its diagonal: nothing is taken from the weights afterwards.")
def _(X, y, alpha):
    return np.linalg.pinv(X) @ y - alpha


@ridge.mistake("Each diagonal entry gains the same alpha, not alpha times what stands there.")
def _(X, y, alpha):
    gram = X.T @ X
    return np.linalg.lstsq(gram + alpha * np.diag(np.diag(gram)), X.T @ y)[0]


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


@effective_parameters.mistake("That is the mean fraction. Their sum was asked for.")
def _(X, alpha):
    return effective_parameters.reference(X, alpha) / X.shape[1]


@effective_parameters.mistake("That is the product of the fractions. Their sum was asked for.")
def _(X, alpha):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    return np.prod(eigenvalues / (eigenvalues + alpha))


@effective_parameters.mistake("The fractions are added as they are: nothing is squared.")
def _(X, alpha):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    return np.sum((eigenvalues / (eigenvalues + alpha)) ** 2)


@effective_parameters.mistake("The eigenvalues of X^T X are squares already. Square neither them nor alpha again.")
def _(X, alpha):
    squares = np.linalg.eigvalsh(X.T @ X) ** 2
    return np.sum(squares / (squares + alpha))


@effective_parameters.mistake("Take alpha itself, not its square.")
def _(X, alpha):
    return effective_parameters.reference(X, alpha**2)


@effective_parameters.mistake("The penalty is alpha / 2 times the squared length: the factors have alpha, not 2 alpha.")
def _(X, alpha):
    return effective_parameters.reference(X, 2 * alpha)


@effective_parameters.mistake("Do not divide X^T X by the number of examples: the squared errors are a sum.")
def _(X, alpha):
    return effective_parameters.reference(X, alpha * len(X))


@effective_parameters.mistake("The covariance is not X^T X: do not centre X, and do not divide.")
def _(X, alpha):
    return effective_parameters.reference(X - X.mean(axis=0), alpha * (len(X) - 1))


@effective_parameters.mistake(
    "Those are eigenvectors. eigh returns (eigenvalues, eigenvectors), eigvalsh the first alone."
)
def _(X, alpha):
    vectors = np.linalg.eigh(X.T @ X)[1]
    return np.sum(vectors / (vectors + alpha))


@effective_parameters.mistake("np.linalg.eigh returns a pair: eigenvalues, eigenvectors. Take the first, or eigvalsh.")
def _(X, alpha):
    pair = np.linalg.eigh(X.T @ X)
    return np.sum(pair / (pair + alpha))


@effective_parameters.mistake("alpha was added twice: the eigenvalues are those of X^T X alone.")
def _(X, alpha):
    eigenvalues = np.linalg.eigvalsh(_penalised(X, alpha))
    return np.sum(eigenvalues / (eigenvalues + alpha))


@effective_parameters.mistake("A matrix product is written @. `*` multiplies entry by entry.")
def _(X, alpha):
    return np.trace(np.linalg.pinv(_penalised(X, alpha)) * (X.T @ X))


@effective_parameters.mistake("The numerator is the eigenvalue, not 1: X^T X is missing.")
def _(X, alpha):
    return np.sum(1 / np.linalg.eigvalsh(_penalised(X, alpha)))


@effective_parameters.mistake("A quotient of traces is no trace of a quotient: solve first, or take the eigenvalues.")
def _(X, alpha):
    return np.trace(X.T @ X) / np.trace(_penalised(X, alpha))


@effective_parameters.mistake("alpha belongs on the diagonal only: alpha * np.eye(X.shape[1]).")
def _(X, alpha):
    gram = X.T @ X
    return np.trace(np.linalg.pinv(gram + alpha) @ gram)


@effective_parameters.mistake(
    "X X^T has an eigenvalue per example. Some are 0 up to rounding, and count as 1 if alpha is 0: take X^T X."
)
def _(X, alpha):
    eigenvalues = np.linalg.eigvalsh(X @ X.T)
    return np.sum(eigenvalues / (eigenvalues + alpha))


@effective_parameters.mistake("Those are all weights. Each one counts as lambda / (lambda + alpha).")
def _(X, alpha):
    return X.shape[1]


@effective_parameters.mistake("The fraction that is left is lambda / (lambda + alpha), not lambda / alpha.")
def _(X, alpha):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(np.linalg.eigvalsh(X.T @ X) / np.float64(alpha))


@effective_parameters.mistake("The diagonal gains alpha: lambda + alpha, not lambda - alpha.")
def _(X, alpha):
    eigenvalues = np.linalg.eigvalsh(X.T @ X)
    return np.sum(eigenvalues / (eigenvalues - alpha))


@effective_parameters.telltale("One number is asked for: the sum of the fractions, or the trace of the matrix.")
def _(answers, wanted):
    return any(answer.ndim for answer in answers)


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


@ridge_with_bias.mistake("The bias is missing: append it to the weights.")
def _(X, y, alpha):
    return ridge.reference(X, y, alpha)


@ridge_with_bias.mistake("The bias is missing: append y.mean() - X.mean(axis=0) @ w.")
def _(X, y, alpha):
    return ridge_with_bias.reference(X, y, alpha)[:-1]


@ridge_with_bias.mistake("One array: np.append(w, b), not the pair (w, b).")
def _(X, y, alpha):
    *w, bias = ridge_with_bias.reference(X, y, alpha)
    return np.array(w), bias


@ridge_with_bias.mistake("The weights first, the bias last.")
def _(X, y, alpha):
    return np.roll(ridge_with_bias.reference(X, y, alpha), 1)


def _one_free(X, y, alpha, column, free):
    """Ridge regression with ones in a column, where one entry of the diagonal is 0."""
    design = np.insert(X, column, 1, axis=1)
    strengths = np.full(design.shape[1], alpha)
    strengths[free] = 0
    return np.linalg.solve(design.T @ design + np.diag(strengths), design.T @ y)


@ridge_with_bias.mistake(
    "The ones stand last, and so must the 0 on the diagonal: the first weight does not pay, the bias does."
)
def _(X, y, alpha):
    return _one_free(X, y, alpha, X.shape[1], 0)


@ridge_with_bias.mistake(
    "The ones stand first, but the 0 of the diagonal last. They belong together (and last in the answer)."
)
def _(X, y, alpha):
    return _one_free(X, y, alpha, 0, -1)


@ridge_with_bias.mistake("With half the squared error and alpha / 2 the diagonal gains alpha, not 2 alpha.")
def _(X, y, alpha):
    return ridge_with_bias.reference(X, y, 2 * alpha)


@ridge_with_bias.mistake("With half the squared error and alpha / 2 the diagonal gains alpha, not alpha / 2.")
def _(X, y, alpha):
    return ridge_with_bias.reference(X, y, alpha / 2)


@ridge_with_bias.mistake("That is least squares with a bias: the weights do not pay.")
def _(X, y, alpha):
    return np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y)[0]


@ridge_with_bias.mistake("The bias is 0 for centred data only. For X and y as they came it is mean(y) - mean(X) w.")
def _(X, y, alpha):
    return np.append(ridge_with_bias.reference(X, y, alpha)[:-1], 0)


@ridge_with_bias.mistake("Subtract mean(X) w from mean(y): you added it.")
def _(X, y, alpha):
    w = ridge_with_bias.reference(X, y, alpha)[:-1]
    return np.append(w, y.mean() + X.mean(axis=0) @ w)


@ridge_with_bias.mistake("The bias has the wrong sign: mean(y) - mean(X) w.")
def _(X, y, alpha):
    *w, bias = ridge_with_bias.reference(X, y, alpha)
    return np.append(w, -bias)


@ridge_with_bias.mistake("Centre X as well as y: each column of X by its own mean.")
def _(X, y, alpha):
    w = ridge.reference(X, y - y.mean(), alpha)
    return np.append(w, y.mean() - X.mean(axis=0) @ w)


@ridge_with_bias.mistake("X.mean() is one number for all. Each column has its own mean: axis=0.")
def _(X, y, alpha):
    w = ridge.reference(X - X.mean(), y - y.mean(), alpha)
    return np.append(w, y.mean() - X.mean() * w.sum())


@ridge_with_bias.mistake("Subtract the means only: dividing by standard deviations changes what each weight pays.")
def _(X, y, alpha):
    spread = X.std(axis=0)
    w = ridge.reference((X - X.mean(axis=0)) / spread, y - y.mean(), alpha) / spread
    return np.append(w, y.mean() - X.mean(axis=0) @ w)


@ridge_with_bias.mistake(
    "That is ridge without a bias, and a 0 put on afterwards. Centre X and y first, or append a column of ones."
)
def _(X, y, alpha):
    return np.append(ridge.reference(X, y, alpha), 0)


@ridge_with_bias.mistake("Shapes: with the column of ones the identity has one row more than X has columns.")
def _(X, y, alpha):
    design = np.column_stack([X, np.ones(len(X))])
    return np.linalg.solve(design.T @ design + alpha * np.eye(X.shape[1]), design.T @ y)
