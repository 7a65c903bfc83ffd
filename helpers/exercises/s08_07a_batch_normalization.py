"""The exercises of lesson 8.7a, Batch Normalization."""

from itertools import combinations

import numpy as np

from . import exercise

SMALL = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, 0.7], [-1.0, 4.0, 0.1], [2.5, 1.0, -0.9]])
RNG = np.random.default_rng(5)
EIGHT = RNG.normal(size=(8, 3)) * np.array([0.3, 1.0, 4.0]) + np.array([2.0, 0.0, -1.0])
FROM_ABOVE = RNG.normal(size=(8, 3))
GAMMA, BETA = np.array([1.5, -0.7, 0.2]), np.array([0.1, 0.5, -2.0])
BATCHES = (
    {"a batch of 8": (EIGHT, GAMMA, BETA, 1e-5)},
    {"a batch of 4, delta 0.5": (SMALL, np.ones(3), np.zeros(3), 0.5)},
    {"a batch of 3, delta 0.1": (SMALL[:3], BETA, GAMMA, 0.1)},
)


def normalised(column, delta):
    """Return numbers with mean 0 and variance 1, one after the other."""
    mean = sum(column) / len(column)
    variance = sum((value - mean) ** 2 for value in column) / len(column)
    return np.array([(value - mean) * (variance + delta) ** -0.5 for value in column])


@exercise(*BATCHES)
def batchnorm(H, gamma, beta, delta):
    return gamma * np.transpose([normalised(column, delta) for column in H.T]) + beta


@exercise(*BATCHES)
def layernorm(H, gamma, beta, delta):
    return gamma * np.array([normalised(row, delta) for row in H]) + beta


ACROSS = "You normalise each example over its units. Here each unit is normalised over the examples: axis=0."
DOWN = "That is batch normalization. Here each example is normalised over its units: axis=1."
WHOLE = "One mean for the whole array: give the axis, so that each unit (or example) has its own."


@batchnorm.slips
def _(slip, H, gamma, beta, delta):
    axis = 1 if slip(ACROSS) else None if slip(WHOLE) else 0
    return _worked(slip, H, gamma, beta, delta, axis)


@layernorm.slips
def _(slip, H, gamma, beta, delta):
    axis = 0 if slip(DOWN) else None if slip(WHOLE) else 1
    return _worked(slip, H, gamma, beta, delta, axis)


def _worked(slip, H, gamma, beta, delta, axis):
    """Return the worked solution along an axis, with the slips that both normalizations share."""
    mu = H.mean(axis=axis, keepdims=True)
    variance = H.var(axis=axis, keepdims=True)
    if slip("The variance is a mean of squares: divide by their number, not by one less (no ddof=1)."):
        variance = H.var(axis=axis, ddof=1, keepdims=True)
    sigma = np.sqrt(delta + variance)
    if slip("delta is missing: it is added to the variance, below the root."):
        sigma = np.sqrt(variance)
    elif slip("delta belongs below the root: it is added to the variance, not to the standard deviation."):
        sigma = np.sqrt(variance) + delta
    elif slip("Divide by the standard deviation, which is the root of delta plus the variance."):
        sigma = delta + variance
    result = (H - mu) / sigma
    if slip("gamma multiplies the normalised activations alone: add beta afterwards."):
        return gamma * (result + beta)
    return (
        result
        if slip("The scale and the shift are missing: multiply by gamma, then add beta.")
        else (gamma * result + beta)
    )


def _add_common(exercise, axis):
    """Register mistakes that both normalizations share."""

    @exercise.mistake("gamma and beta are exchanged: gamma multiplies, beta is added.")
    def _(H, gamma, beta, delta):
        return exercise.reference(H, beta, gamma, delta)

    @exercise.mistake("The mean is not subtracted: it is H - mu that is divided.")
    def _(H, gamma, beta, delta):
        return gamma * H / np.sqrt(delta + H.var(axis=axis, keepdims=True)) + beta

    @exercise.mistake("The variance is the mean of (H - mu)**2, not of H**2.")
    def _(H, gamma, beta, delta):
        centred = H - H.mean(axis=axis, keepdims=True)
        return gamma * centred / np.sqrt(delta + np.mean(H**2, axis=axis, keepdims=True)) + beta

    @exercise.mistake("The squares are summed. The variance is their mean.")
    def _(H, gamma, beta, delta):
        centred = H - H.mean(axis=axis, keepdims=True)
        return gamma * centred / np.sqrt(delta + np.sum(centred**2, axis=axis, keepdims=True)) + beta

    @exercise.mistake("mu is a mean: divide the sum by the number of its terms.")
    def _(H, gamma, beta, delta):
        centred = H - H.sum(axis=axis, keepdims=True)
        return gamma * centred / np.sqrt(delta + H.var(axis=axis, keepdims=True)) + beta

    @exercise.mistake("Mind the brackets: subtract the mean first, then divide the difference.")
    def _(H, gamma, beta, delta):
        return gamma * (H / np.sqrt(delta + H.var(axis=axis, keepdims=True)) - H.mean(axis=axis, keepdims=True)) + beta

    @exercise.mistake("The mean has its axis, but the variance is that of the whole array.")
    def _(H, gamma, beta, delta):
        return gamma * (H - H.mean(axis=axis, keepdims=True)) / np.sqrt(delta + H.var()) + beta

    @exercise.mistake("Below the root stands the variance; you took the root of the standard deviation.")
    def _(H, gamma, beta, delta):
        centred = H - H.mean(axis=axis, keepdims=True)
        return gamma * centred / np.sqrt(delta + H.std(axis=axis, keepdims=True)) + beta

    @exercise.mistake("Multiply by gamma; you divide by it.")
    def _(H, gamma, beta, delta):
        return exercise.reference(H, 1 / gamma, beta, delta)

    @exercise.mistake("delta is added to the activations. It belongs to the variance, below the root.")
    def _(H, gamma, beta, delta):
        return exercise.reference(H, gamma, beta, 0.0) + gamma * delta / np.sqrt(H.var(axis=axis, keepdims=True))

    @exercise.mistake("The shift is missing: add beta.")
    def _(H, gamma, beta, delta):
        return exercise.reference(H, gamma, 0 * beta, delta)

    @exercise.mistake("The scale is missing: multiply by gamma.")
    def _(H, gamma, beta, delta):
        return exercise.reference(H, 0 * gamma + 1, beta, delta)


_add_common(batchnorm, 0)
_add_common(layernorm, 1)


@exercise(
    {"a batch of 8": (FROM_ABOVE, EIGHT, GAMMA, 1e-5)},
    {"a batch of 4, delta 0.5": (FROM_ABOVE[:4], SMALL, BETA, 0.5)},
    {"a batch of 5, 2 units": (FROM_ABOVE[3:, 1:], 2 * EIGHT[:5, :2] + 1, GAMMA[:2], 0.1)},
)
def batchnorm_backward(G, H, gamma, delta):
    count = len(H)
    centred = H - H.sum(axis=0) / count
    sigma = np.sqrt(np.sum(centred**2, axis=0) / count + delta)
    columns = []
    for k in range(H.shape[1]):  # the whole Jacobian of a unit, times its gradient
        J = (np.eye(count) - 1 / count) / sigma[k] - np.outer(centred[:, k], centred[:, k]) / (count * sigma[k] ** 3)
        columns.append(gamma[k] * J.T @ G[:, k])
    grad_gamma = np.einsum("ik,ik->k", G, centred / sigma)
    return np.transpose(columns), grad_gamma, np.ones(count) @ G


@batchnorm_backward.slips
def _(slip, G, H, gamma, delta):
    centred = H - H.mean(axis=0)
    sigma = np.sqrt(delta + centred.var(axis=0))
    P = G if slip("Gradient of H: gamma is missing. The output is gamma H' + beta.") else gamma * G
    if slip("Gradient of H: mu and sigma are taken for constants. They depend on every example of the batch."):
        grad_H = P / sigma
    else:
        grad_H = _through_mu(slip, P / sigma + _through_sigma(slip, P, centred, sigma))
    x = H if slip("Gradient of gamma: gamma multiplies H', the normalised activations, not H.") else centred / sigma
    return grad_H, np.sum(G * x, axis=0), G.sum(axis=0)


def _through_sigma(slip, P, centred, sigma):
    stretch = -np.sum(P * centred, axis=0) / sigma**3 * centred / len(P)
    if slip("Gradient of H: the paths through sigma are missing. Every H_i changes the sigma of all examples."):
        return 0
    if slip("Gradient of H: sigma stands in the denominator, so its gradient has a minus."):
        return -stretch
    if slip("Gradient of H: the variance is a mean over m examples, so what goes through it is divided by m."):
        return len(P) * stretch
    return stretch


def _through_mu(slip, grad_centred):
    if slip("Gradient of H: the paths through mu are missing. Every H_i shifts all examples: subtract a mean."):
        return grad_centred
    if slip("Gradient of H: mu is a mean over m examples, so subtract the mean over the batch, not the sum."):
        return grad_centred - grad_centred.sum(axis=0)
    return grad_centred - grad_centred.mean(axis=0)


def _wrong(advice):
    """Register a wrong gradient with respect to H as a mistake, in a function of G, H', sigma, gamma and m."""

    def register(grad_of):
        @batchnorm_backward.mistake(advice)
        def _(G, H, gamma, delta):
            _, *others = batchnorm_backward.reference(G, H, gamma, delta)
            sigma = np.sqrt(delta + H.var(axis=0))
            return grad_of(G, (H - H.mean(axis=0)) / sigma, sigma, gamma), *others

        return grad_of

    return register


@_wrong("Gradient of H: the way back does not end at H'. Divide by sigma, and follow mu and sigma as well.")
def _(G, x, sigma, gamma):
    return gamma * G


@_wrong("Gradient of H: mu is subtracted, so its gradient has a minus.")
def _(G, x, sigma, gamma):
    return gamma * (G + G.mean(axis=0) - x * np.mean(G * x, axis=0)) / sigma


@_wrong("Gradient of H: what goes through mu and through sigma is subtracted. Yours is added.")
def _(G, x, sigma, gamma):
    return gamma * (G + G.mean(axis=0) + x * np.mean(G * x, axis=0)) / sigma


@_wrong("Gradient of H: the means are over the batch, one per unit: axis=0.")
def _(G, x, sigma, gamma):
    return gamma * (G - G.mean() - x * np.mean(G * x)) / sigma


@_wrong("Gradient of H: the slope of 1/sigma is -1/sigma**2. On the path through sigma you divide once too few.")
def _(G, x, sigma, gamma):
    return gamma * (G - G.mean(axis=0) - sigma * x * np.mean(G * x, axis=0)) / sigma


@_wrong("Gradient of H: the slope of H' is 1 over sigma: divide by it.")
def _(G, x, sigma, gamma):
    return gamma * (G - G.mean(axis=0) - x * np.mean(G * x, axis=0))


@_wrong("Gradient of H: you divide by the variance. The slope of H' is 1 over sigma, its root.")
def _(G, x, sigma, gamma):
    return gamma * (G - G.mean(axis=0) - x * np.mean(G * x, axis=0)) / sigma**2


@_wrong("Gradient of H: sums where means belong. Divide both sums over the batch by m.")
def _(G, x, sigma, gamma):
    return gamma * (G - G.sum(axis=0) - x * np.sum(G * x, axis=0)) / sigma


@_wrong("Gradient of H: the variance's gradient is 1 / (2 sigma) times that of sigma, and a square's slope has a 2.")
def _(G, x, sigma, gamma):
    return gamma * (G - G.mean(axis=0) - 2 * x * np.mean(G * x, axis=0)) / sigma


@_wrong("Gradient of H: the slope of the root is 1 / (2 sigma), and that of the square 2 (H - mu): one of them lacks.")
def _(G, x, sigma, gamma):
    return gamma * (G - G.mean(axis=0) - x * np.mean(G * x, axis=0) / 2) / sigma


@_wrong("Gradient of H: the root is missing on the way back. The gradient of the variance is 1 / (2 sigma) times it.")
def _(G, x, sigma, gamma):
    return gamma * (G - G.mean(axis=0) - 2 * sigma * x * np.mean(G * x, axis=0)) / sigma


def _of_batch(ddof, delta_factor):
    """Return a worked solution with another variance."""

    def solve(G, H, gamma, delta):
        sigma = np.sqrt(delta_factor * delta + H.var(axis=0, ddof=ddof))
        x = (H - H.mean(axis=0)) / sigma
        grad_H = gamma / sigma * (G - G.mean(axis=0) - x * np.mean(G * x, axis=0))
        return grad_H, np.sum(G * x, axis=0), G.sum(axis=0)

    return solve


batchnorm_backward.mistake("The batch is normalised by the variance divided by m, not by m - 1.")(_of_batch(1, 1))
batchnorm_backward.mistake("delta is missing: it is added to the variance, below the root.")(_of_batch(0, 0))


MEANS = "Every example uses gamma and beta: their gradients are sums over the batch, not means."
ORDER = "The order is: H, gamma, beta."


def _others(advice):
    """Register a wrong change of the three gradients as a mistake."""

    def register(change):
        @batchnorm_backward.mistake(advice)
        def _(G, H, gamma, delta):
            return change(*batchnorm_backward.reference(G, H, gamma, delta), len(H))

        return change

    return register


@_others(MEANS)
def _(grad_H, grad_gamma, grad_beta, count):
    return grad_H, grad_gamma / count, grad_beta / count


@_others(MEANS)
def _(grad_H, grad_gamma, grad_beta, count):
    return grad_H, grad_gamma, grad_beta / count


@_others(MEANS)
def _(grad_H, grad_gamma, grad_beta, count):
    return grad_H, grad_gamma / count, grad_beta


@_others(ORDER)
def _(grad_H, grad_gamma, grad_beta, count):
    return grad_H, grad_beta, grad_gamma


@_others(ORDER)
def _(grad_H, grad_gamma, grad_beta, count):
    return grad_beta, grad_gamma, grad_H


@_others(ORDER)
def _(grad_H, grad_gamma, grad_beta, count):
    return grad_gamma, grad_beta, grad_H


@batchnorm_backward.mistake("Gradient of gamma: H - mu is not yet divided by sigma. gamma multiplies H'.")
def _(G, H, gamma, delta):
    grad_H, grad_gamma, grad_beta = batchnorm_backward.reference(G, H, gamma, delta)
    return grad_H, grad_gamma * np.sqrt(delta + H.var(axis=0)), grad_beta


@batchnorm_backward.mistake("The gradient of gamma does not contain gamma itself: sum G times H'.")
def _(G, H, gamma, delta):
    grad_H, grad_gamma, grad_beta = batchnorm_backward.reference(G, H, gamma, delta)
    return grad_H, gamma * grad_gamma, grad_beta


@batchnorm_backward.mistake("The gradient of beta does not contain gamma: sum G.")
def _(G, H, gamma, delta):
    grad_H, grad_gamma, grad_beta = batchnorm_backward.reference(G, H, gamma, delta)
    return grad_H, grad_gamma, gamma * grad_beta


@batchnorm_backward.mistake("The gradients of gamma and beta are not summed yet: one number per unit, over the batch.")
def _(G, H, gamma, delta):
    grad_H, _, _ = batchnorm_backward.reference(G, H, gamma, delta)
    return grad_H, G * (H - H.mean(axis=0)) / np.sqrt(delta + H.var(axis=0)), G


@batchnorm_backward.mistake("Right, but that is only the gradient of H: return those of gamma and beta as well.")
def _(G, H, gamma, delta):
    return batchnorm_backward.reference(G, H, gamma, delta)[0]


@batchnorm_backward.mistake("Each gradient of gamma and beta is one number here: sum over the batch alone, axis=0.")
def _(G, H, gamma, delta):
    return tuple(grad if grad.ndim == 2 else grad.sum() for grad in batchnorm_backward.reference(G, H, gamma, delta))


@exercise(
    {"the first batch": (np.zeros(3), np.ones(3), SMALL, 0.1)},
    {"a batch of 2, rho 0.25": (np.array([1.0, 2.0, -1.0]), np.array([0.5, 3.0, 2.0]), SMALL[:2], 0.25)},
    {"a batch of 3, rho 0.9": (np.array([0.3, 0.2]), np.array([2.0, 0.1]), SMALL[:3, :2], 0.9)},
)
def update_running(mean, variance, H, rho):
    means = np.sum(H, axis=0) / len(H)
    variances = np.sum((H - means) ** 2, axis=0) / (len(H) - 1)
    return mean + rho * (means - mean), variance + rho * (variances - variance)


@update_running.slips
def _(slip, mean, variance, H, rho):
    if slip("The fractions are exchanged: rho belongs to the new batch, 1 - rho to the old statistics."):
        rho = 1 - rho
    new = H.var(axis=0, ddof=1)
    if slip("The running variance takes the batch's sum of squares divided by m - 1 (ddof=1), not by m."):
        new = H.var(axis=0)
    elif slip("The second one is a variance, not a standard deviation."):
        new = H.std(axis=0, ddof=1)
    elif slip("Take the variance about the batch's own mean, not about the running one."):
        about = (1 - rho) * mean + rho * H.mean(axis=0)
        new = np.sum((H - about) ** 2, axis=0) / (len(H) - 1)
    if slip("You return the batch's own statistics: mix them with the old ones."):
        return H.mean(axis=0), new
    old = 1 if slip("The old statistics keep only 1 - rho of their weight.") else 1 - rho
    both = old * mean + rho * H.mean(axis=0), old * variance + rho * new
    return both[::-1] if slip("Right, but in the other order: first the mean.") else both


def _of_all(ddof):
    """Return a running mean and variance of the whole array."""
    return lambda mean, variance, H, rho: (
        mean + rho * (H.mean() - mean),
        variance + rho * (H.var(ddof=ddof) - variance),
    )


for ddof in (0, 1):
    advice = "Each unit has its own: take the mean and the variance over the examples, axis=0."
    update_running.mistake(advice)(_of_all(ddof))


@update_running.mistake("Return the running variance itself, not its root.")
def _(mean, variance, H, rho):
    means, variances = update_running.reference(mean, variance, H, rho)
    return means, np.sqrt(variances)


@update_running.mistake("The mean moves by the fraction rho, not by a half.")
def _(mean, variance, H, rho):
    return update_running.reference(mean, variance, H, 0.5)


@exercise((np.array([1.1, 0.9, 1.3]), 0.1), (np.array([2.0, -0.5]), 0.02), (np.array([1.5, 0.7, -1.2, 1.1, 0.8]), 0.05))
def second_order(w, rate):
    g = [np.prod(np.delete(w, i)) for i in range(len(w))]
    return sum(rate**2 * g[i] * g[j] * np.prod(np.delete(w, [i, j])) for i, j in combinations(range(len(w)), 2))


def _ratios(w, rate):
    return rate * np.prod(w) / w**2


@second_order.mistake("Each pair counts once: you have it as (i, j) and as (j, i).")
def _(w, rate):
    return 2 * second_order.reference(w, rate)


@second_order.mistake("A weight does not step twice: the terms with i = j do not belong to it.")
def _(w, rate):
    return np.prod(w) * _ratios(w, rate).sum() ** 2 / 2


@second_order.mistake("The square of the sum counts each pair twice, and the squares as well.")
def _(w, rate):
    return np.prod(w) * _ratios(w, rate).sum() ** 2


@second_order.mistake("Only neighbours are paired: each pair of two different weights belongs to it.")
def _(w, rate):
    r = _ratios(w, rate)
    return np.prod(w) * np.sum(r[1:] * r[:-1])


@second_order.mistake("That is all but the first order: the terms of third and higher orders are in it as well.")
def _(w, rate):
    r = _ratios(w, rate)
    return np.prod(w) * (np.prod(1 - r) - 1 + r.sum())


@second_order.mistake("That is the first order, the change that the gradient promises.")
def _(w, rate):
    return -np.prod(w) * _ratios(w, rate).sum()


@second_order.mistake("The product of all *other* weights is missing: it multiplies each pair of steps.")
def _(w, rate):
    g = np.prod(w) / w
    return rate**2 * (g.sum() ** 2 - np.sum(g**2)) / 2
