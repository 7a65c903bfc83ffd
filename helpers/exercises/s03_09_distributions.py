"""The exercises of lesson 3.9, Distributions."""

import numpy as np

from . import exercise

U = np.array([0.0, 0.05, 0.2, 0.25, 0.49, 0.5, 0.61, 0.74, 0.75, 0.86, 0.999])


@exercise(
    (np.array([2.0, 1.0, 1.0]), U),
    (np.array([0.0, 3.0, 0.0, 1.0]), U),
    (np.array([0.125, 0.125, 0.5, 0.125, 0.125]), U),
    (np.array([10.0, 30.0]), U[::-1]),
)
def draw(scores, u):
    states = []
    for one in u:
        left, state = one * sum(scores), 0
        while left >= scores[state]:
            left -= scores[state]
            state += 1
        states.append(state)
    return np.array(states)


@draw.mistake("Normalise the scores first: all pieces together have the length 1.")
def _(scores, u):
    return np.searchsorted(np.cumsum(scores), u, side="right")


@draw.mistake("That draws every state equally often. The pieces are as long as the probabilities.")
def _(scores, u):
    return np.floor(np.asarray(u) * len(scores)).astype(int)


@draw.mistake("A u exactly between two pieces belongs to the later one; u = 0 must not draw a state of probability 0.")
def _(scores, u):
    return np.searchsorted(np.cumsum(scores) / np.sum(scores), u, side="left")


@draw.mistake("Compare u with the pieces' right ends, their cumulative sum, not with their lengths.")
def _(scores, u):
    return ((scores / np.sum(scores))[:, None] <= u).sum(axis=0)


@draw.mistake("No softmax here: these scores are not logarithms. Divide them by their sum.")
def _(scores, u):
    return draw.reference(np.exp(scores), u)


@draw.mistake("That is always the likeliest state. A draw depends on u.")
def _(scores, u):
    return np.full(len(u), np.argmax(scores))


@exercise(
    (np.array([1.0, 2.0, 4.0, 9.0, -3.0]),),
    (np.array([0.5, 0.1, -7.0, 12.0, 3.0, 0.4, 0.2]),),
    (np.array([-20.0, -1.0, -2.5]),),
)
def fit_laplace(x):
    costs = [np.abs(x - candidate).sum() for candidate in x]  # a corner of the cost is at a datum
    best = int(np.argmin(costs))
    return x[best], costs[best] / len(x)


@fit_laplace.mistake("The mean minimises the sum of squares. Which number minimises the sum of distances?")
def _(x):
    return x.mean(), np.abs(x - x.mean()).mean()


@fit_laplace.mistake("That is the fit of a Gaussian: mean and standard deviation.")
def _(x):
    return x.mean(), x.std()


@fit_laplace.mistake("The variance 2γ² gives *a* γ, and the mean a μ, but not those that make the numbers most likely.")
def _(x):
    return x.mean(), x.std() / np.sqrt(2)


@fit_laplace.mistake("μ is right. γ from the variance 2γ² is not the most likely one: set the derivative by γ to 0.")
def _(x):
    return np.median(x), x.std() / np.sqrt(2)


@fit_laplace.mistake("The middle one in the order in which they came: sort first, or take the median.")
def _(x):
    mu = x[len(x) // 2]
    return mu, np.abs(x - mu).mean()


@fit_laplace.mistake("μ is right. γ is the mean distance from it, not a standard deviation.")
def _(x):
    return np.median(x), np.sqrt(np.mean((x - np.median(x)) ** 2))


@fit_laplace.mistake("μ is right. γ is the mean distance from the median, not from the mean.")
def _(x):
    return np.median(x), np.abs(x - x.mean()).mean()


@fit_laplace.mistake("μ is right. γ is the mean of the distances, not their median.")
def _(x):
    return np.median(x), np.median(np.abs(x - np.median(x)))


@fit_laplace.mistake("μ is right. γ is the mean of the distances: divide their sum by the number of points.")
def _(x):
    return np.median(x), np.abs(x - np.median(x)).sum()


@exercise(
    (np.array([0.5, 1.0, 3.0, 21.0]),),
    (np.array([1000.0, 800.0]),),
    (np.array([1e-20, 1e-9, 1e-3]),),
    tolerance=1e-12,
)
def softplus_inverse(y):
    """By Newton's method on log ζ(x) = log y, in x = log of something small or x itself."""
    y = np.asarray(y, dtype=float)
    x = np.where(y < 1, np.log(y), y)
    for _ in range(60):
        value = np.logaddexp(0, x)
        slope = np.exp(-np.logaddexp(0, -x))
        x = x - (np.log(value) - np.log(y)) * value / slope
    return x


@softplus_inverse.mistake("Right for moderate y. But e^1000 overflows: take e^y out of the logarithm.")
def _(y):
    with np.errstate(over="ignore", divide="ignore"):
        return np.log(np.exp(y) - 1)


@softplus_inverse.mistake("Right, and small y are kept. But e^1000 still overflows: take e^y out of the logarithm.")
def _(y):
    with np.errstate(over="ignore"):
        return np.log(np.expm1(y))


@softplus_inverse.mistake("Large y are right. For a small one e^-y is rounded, and 1 - e^-y loses digits: use expm1.")
def _(y):
    with np.errstate(divide="ignore"):
        return y + np.log(1 - np.exp(-y))


@softplus_inverse.mistake("Nearly. To return y itself is too rough at 21: what is left out there is still 8e-10.")
def _(y):
    return np.where(y > 20, y, np.log(np.expm1(np.minimum(y, 20))))


@softplus_inverse.mistake("Large y are right. For a small one e^y is rounded, and e^y - 1 loses digits: use expm1.")
def _(y):
    with np.errstate(divide="ignore"):
        return np.where(y > 30, y, np.log(np.exp(np.minimum(y, 30)) - 1))


@softplus_inverse.mistake("That is softplus itself.")
def _(y):
    return np.logaddexp(0, y)


@softplus_inverse.mistake("That is the inverse of the sigmoid.")
def _(y):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log(y / (1 - y))


PRIOR = np.array([0.01, 0.19, 0.8])
FEW = np.array([[0.9, 0.3, 0.1], [0.7, 0.2, 0.4]])
SQUARE = np.array([[0.9, 0.3, 0.1], [0.7, 0.2, 0.4], [0.05, 0.6, 0.3]])
MANY = 0.2 + 0.1 * np.sin(np.arange(6000.0)).reshape(3000, 2)


@exercise((PRIOR, FEW), (PRIOR, SQUARE), (np.array([0.3, 0.7]), MANY))
def suspects(prior, clues):
    posterior = np.array(prior, dtype=float)
    for clue in clues:  # one after the other: today's prior is yesterday's posterior
        posterior = posterior * clue / (posterior @ clue)
    return posterior


@suspects.mistake("The prior is missing.")
def _(prior, clues):
    return suspects.reference(np.full(len(prior), 1 / len(prior)), clues)


@suspects.mistake("Right for few clues. Thousands underflow: add logarithms, and take the largest away before exp.")
def _(prior, clues):
    joint = prior * np.prod(clues, axis=0)
    with np.errstate(invalid="ignore"):
        return joint / joint.sum()


@suspects.mistake("Not normalised: the probabilities of all hypotheses must add up to 1.")
def _(prior, clues):
    return prior * np.prod(clues, axis=0)


@suspects.mistake("Independent clues multiply. A mean of their probabilities says something else.")
def _(prior, clues):
    joint = prior * np.mean(clues, axis=0)
    return joint / joint.sum()


@suspects.mistake("That is the posterior after the last clue only.")
def _(prior, clues):
    return suspects.reference(prior, clues[-1:])


Y = np.array([-1.0, 0.0, 0.2, 0.7, 1.0, 2.5, 6.0])


def _bell(x, mu, variance):
    return np.exp(-((x - mu) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)


def _square(y, of_root):
    """of_root(√y) where y > 0, and 0 elsewhere."""
    return np.array([of_root(np.sqrt(one)) if one > 0 else 0.0 for one in y])


@exercise((Y, 0.6, 0.5), (Y, -1.0, 2.0), (Y, 0.0, 1.0))
def square_pdf(y, mu, variance):
    """As SciPy's table has it: cosh instead of two bells."""
    scale = np.sqrt(2 * np.pi * variance)
    both = [np.exp(-(t + mu**2) / (2 * variance)) * np.cosh(np.sqrt(max(t, 0)) * mu / variance) for t in y]
    return np.array([value / scale / np.sqrt(t) if t > 0 else 0.0 for t, value in zip(y, both, strict=True)])


@square_pdf.mistake("Only the positive root is there. A negative x leads to the same y.")
def _(y, mu, variance):
    return _square(y, lambda root: _bell(root, mu, variance) / (2 * root))


@square_pdf.mistake("That doubles the positive root. The negative one has another density, unless μ is 0.")
def _(y, mu, variance):
    return _square(y, lambda root: _bell(root, mu, variance) / root)


@square_pdf.mistake("Right for y > 0. A square is never below 0: there, and at 0, the density is to be 0.")
def _(y, mu, variance):
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(y)
        return (_bell(root, mu, variance) + _bell(-root, mu, variance)) / (2 * root)


@square_pdf.mistake("The Jacobian is missing: |dx/dy| = 1 / (2 √y).")
def _(y, mu, variance):
    return _square(y, lambda root: _bell(root, mu, variance) + _bell(-root, mu, variance))


@square_pdf.mistake("Take |dx/dy|: where x is negative the slope is too, but the density it brings is added.")
def _(y, mu, variance):
    return _square(y, lambda root: (_bell(root, mu, variance) - _bell(-root, mu, variance)) / (2 * root))


@square_pdf.mistake("The Jacobian is upside down: multiply by |dx/dy|, not by |dy/dx|.")
def _(y, mu, variance):
    return _square(y, lambda root: (_bell(root, mu, variance) + _bell(-root, mu, variance)) * 2 * root)


@square_pdf.mistake("`variance` is σ² already: do not square it.")
def _(y, mu, variance):
    return square_pdf.reference(y, mu, variance**2)


@square_pdf.mistake("The Jacobian belongs to x = √y: 1 / (2 √y), not 1 / (2 y).")
def _(y, mu, variance):
    return _square(y, lambda root: (_bell(root, mu, variance) + _bell(-root, mu, variance)) / (2 * root**2))


POINTS = np.array([[0.0, 1.0], [2.0, -1.0], [3.0, 0.5], [-1.0, 4.0], [0.5, 0.5]])
SPLIT = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.5, 0.5], [0.6, 0.4]])
SPACE = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0], [2.0, 2.0, 1.0], [-2.0, 0.5, 0.5]])


def _round(X, R, divisor):
    """Weights and means, and the sums of squares over divisor(N, m, n)."""
    N = R.sum(axis=0)
    means = np.stack([np.average(X, axis=0, weights=r) for r in R.T])
    sums = np.array([r @ np.sum((X - mean) ** 2, axis=1) for r, mean in zip(R.T, means, strict=True)])
    return N / len(X), means, sums / divisor(N, *X.shape)


@exercise((POINTS, SPLIT), (SPACE, SPLIT[:4]), (POINTS, np.column_stack([SPLIT, SPLIT[:, 0] * 0]) * 0.8 + 0.2 / 3))
def round_m_step(X, R):
    """The mean of the variances along the axes, that is trace of the weighted covariance over n."""
    covariances = [np.cov(X.T, aweights=r, bias=True) for r in R.T]
    means = np.stack([np.average(X, axis=0, weights=r) for r in R.T])
    return R.mean(axis=0), means, np.array([np.trace(S) for S in covariances]) / X.shape[1]


@round_m_step.mistake("The squared distance is a sum of n squares: divide by n, too.")
def _(X, R):
    return _round(X, R, lambda N, m, n: N)


@round_m_step.mistake("Divide by the responsibilities' sum N_k, not by the number of points.")
def _(X, R):
    return _round(X, R, lambda N, m, n: m * n)


@round_m_step.mistake("These are standard deviations. Variances are asked for.")
def _(X, R):
    weights, means, variances = round_m_step.reference(X, R)
    return weights, means, np.sqrt(variances)


@round_m_step.mistake("Weights are shares: divide N_k by the number of points.")
def _(X, R):
    _, means, variances = round_m_step.reference(X, R)
    return R.sum(axis=0), means, variances


@round_m_step.mistake("Responsibilities are not votes: a point counts for each component, as much as R says.")
def _(X, R):
    return round_m_step.reference(X, np.eye(R.shape[1])[R.argmax(axis=1)])
