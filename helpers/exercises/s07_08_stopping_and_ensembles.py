"""The exercises of lesson 7.8, Early Stopping and Ensembles."""

from itertools import product

import numpy as np

from . import exercise

VALLEY = (3.0, 2.0, 1.5, 1.7, 1.6, 1.8, 1.2, 1.3, 1.4, 1.9, 1.1)
FLAT = (2.0, 1.0, 1.0, 1.0, 1.0, 0.5)


@exercise((VALLEY, 1), (VALLEY, 3), (VALLEY, 4), (VALLEY, 9), (FLAT, 3), (FLAT, 2), (FLAT, 8), ((1.0, 2.0, 3.0), 2))
def stop_at(losses, patience):
    for run in range(patience + 1, len(losses) + 1):
        seen = list(losses[:run])
        best = seen.index(min(seen)) + 1
        if run - best >= patience:
            return best, run
    return list(losses).index(min(losses)) + 1, len(losses)


def _stop(losses, patience, better, reset=True):
    best, waited = 1, 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if better(epoch, loss, losses[best - 1]):
            best, waited = epoch, 0 if reset else waited
        else:
            waited += 1
        if waited >= patience:
            return best, epoch
    return best, len(losses)


@stop_at.mistake("You waited one epoch too long: with patience 1 the first epoch without improvement is the last.")
def _(losses, patience):
    return stop_at.reference(losses, patience + 1)


@stop_at.mistake("An equal loss is not an improvement: only a lower one ends the wait.")
def _(losses, patience):
    return _stop(losses, patience, lambda epoch, loss, lowest: loss <= lowest)


@stop_at.mistake("Compare with the lowest loss so far, not with that of the epoch before.")
def _(losses, patience):
    return _stop(losses, patience, lambda epoch, loss, lowest: loss < losses[epoch - 2])


@stop_at.mistake("After an improvement the wait starts again from 0.")
def _(losses, patience):
    return _stop(losses, patience, lambda epoch, loss, lowest: loss < lowest, reset=False)


@stop_at.mistake("That is the best of the whole record. Stopped early, one does not get to see all of it.")
def _(losses, patience):
    return int(np.argmin(losses)) + 1, len(losses)


@stop_at.mistake("The record may end before patience does: then its end is the last epoch.")
def _(losses, patience):
    best, _ = stop_at.reference(losses, patience)
    return best, best + patience


LAMBDAS = np.array([2.0, 0.5, 0.1, 0.003])


@exercise((LAMBDAS, 0.1, 10), (LAMBDAS, 0.4, 1), (LAMBDAS[1:], 0.02, 200), (3 * LAMBDAS, 0.05, 25))
def equal_penalty(lam, epsilon, tau):
    reached = sum(epsilon * lam * (1 - epsilon * lam) ** step for step in range(tau))  # a geometric series
    return lam / reached - lam


@equal_penalty.mistake("That is the rule for small tau epsilon lambda. Asked for is the penalty that is exactly equal.")
def _(lam, epsilon, tau):
    return np.full(len(lam), 1 / (tau * epsilon))


@equal_penalty.mistake("That is the share of w* that is left out. Which alpha leaves out as much?")
def _(lam, epsilon, tau):
    return (1 - epsilon * lam) ** tau


@equal_penalty.mistake("The two shares are exchanged: (1 - epsilon lambda)^tau is what is left out.")
def _(lam, epsilon, tau):
    left_out = (1 - epsilon * lam) ** tau
    return lam * (1 - left_out) / left_out


@equal_penalty.mistake("The share left out is alpha / (lambda + alpha), so the other one stands in the denominator.")
def _(lam, epsilon, tau):
    return lam * (1 - epsilon * lam) ** tau


@equal_penalty.mistake("That is the limit of small steps. With finite ones it is (1 - epsilon lambda)^tau.")
def _(lam, epsilon, tau):
    return lam / np.expm1(tau * epsilon * lam)


@exercise((28, 1, 6, 5), (14, 6, 16, 3), (32, 3, 8, 7), (9, 2, 3, 1))
def three_counts(size, channels, filters, kernel):
    starts = len(range(size - kernel + 1))
    weights = np.ones((filters, channels, kernel, kernel)).size
    outputs = np.ones((filters, starts, starts)).size
    return weights + filters, starts * starts * weights + outputs, outputs * channels * size * size + outputs


def _counts(size, channels, filters, kernel, width, biases=(1, 1, 1)):
    window, outputs = channels * kernel**2, filters * width**2
    a, b, c = biases
    return filters * (window + a), outputs * (window + b), outputs * (channels * size**2 + c)


@three_counts.mistake("The biases are missing.")
def _(size, channels, filters, kernel):
    return _counts(size, channels, filters, kernel, size - kernel + 1, (0, 0, 0))


@three_counts.mistake("Without padding an output map is size - kernel + 1 wide, not size.")
def _(size, channels, filters, kernel):
    return _counts(size, channels, filters, kernel, size)


@three_counts.mistake("Every kernel reaches through all channels of the image.")
def _(size, channels, filters, kernel):
    window, outputs = kernel**2, filters * (size - kernel + 1) ** 2
    return filters * (window + 1), outputs * (window + 1), outputs * (channels * size**2 + 1)


@three_counts.mistake("A window has one bias, not one for each channel of the image.")
def _(size, channels, filters, kernel):
    return _counts(size, channels, filters, kernel, size - kernel + 1, (channels, channels, 1))


@three_counts.mistake("In the locally connected layer each output has a bias of its own, not each filter.")
def _(size, channels, filters, kernel):
    conv, local, dense = three_counts.reference(size, channels, filters, kernel)
    return conv, local - filters * (size - kernel + 1) ** 2 + filters, dense


_draw = np.random.default_rng(73)
ERRORS = _draw.normal(size=(4, 7)) + 0.8 * _draw.normal(size=7) + 0.5
TWO = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, 0.0]])


@exercise((ERRORS,), (TWO,), (ERRORS[:3, :4],), (-2 * ERRORS.T,))
def variance_and_covariance(errors):
    pairs = [np.mean(a * b) for i, a in enumerate(errors) for j, b in enumerate(errors) if i != j]
    return float(np.mean([np.mean(a**2) for a in errors])), float(np.mean(pairs))


@variance_and_covariance.mistake("Nothing is subtracted: a mistake that all make on average counts as well.")
def _(errors):
    return variance_and_covariance.reference(errors - errors.mean(axis=1, keepdims=True))


@variance_and_covariance.mistake("np.cov subtracts the means and divides by n - 1. Here nothing is subtracted.")
def _(errors):
    n = errors.shape[1]
    return variance_and_covariance.reference((errors - errors.mean(axis=1, keepdims=True)) * np.sqrt(n / (n - 1)))


@variance_and_covariance.mistake("With each pair taken once there are k (k - 1) / 2 of them.")
def _(errors):
    v, c = variance_and_covariance.reference(errors)
    return v, c / 2


@variance_and_covariance.mistake("Your c is over all pairs, each model with itself as well: leave out the diagonal.")
def _(errors):
    return variance_and_covariance.reference(errors)[0], np.mean(errors.mean(axis=0) ** 2)


@variance_and_covariance.mistake("c is the mean over pairs of different models, divide by k (k - 1), not by k^2.")
def _(errors):
    k = len(errors)
    v, c = variance_and_covariance.reference(errors)
    return v, c * (k - 1) / k


@variance_and_covariance.mistake("Models are the rows: you have taken the columns for them.")
def _(errors):
    return variance_and_covariance.reference(errors.T)


SAID = np.array([[1.0, 5.0, 2.0, -4.0], [3.0, 7.0, 0.0, 2.0], [8.0, 1.0, 6.0, 5.0]])
ROWS = np.array([[0, 0, 2, 0], [3, 0, 3, 1], [0, 2, 1, 1]])
MANY, MANY_ROWS = _draw.normal(size=(6, 9)), _draw.integers(9, size=(6, 9))


@exercise((SAID, ROWS), (SAID, ROWS[::-1]), (MANY, MANY_ROWS), (SAID[:1], ROWS[1:2]))
def out_of_bag(predictions, rows):
    means = []
    for example in range(predictions.shape[1]):
        said = [p[example] for p, row in zip(predictions, rows, strict=True) if example not in row]
        means.append(sum(said) / len(said) if said else np.nan)
    return np.array(means)


def _unseen(rows, n):
    return np.array([[example not in row for example in range(n)] for row in rows])


@out_of_bag.mistake("Those are the models that have seen the example. Asked for are the others.")
def _(predictions, rows):
    seen = ~_unseen(rows, predictions.shape[1])
    with np.errstate(all="ignore"):
        return (predictions * seen).sum(axis=0) / seen.sum(axis=0)


@out_of_bag.mistake("You divide by all k models. Divide by the number of those that have not seen the example.")
def _(predictions, rows):
    return np.where(_unseen(rows, predictions.shape[1]), predictions, 0).mean(axis=0)


@out_of_bag.mistake("An example that every model has seen gets nan, not 0.")
def _(predictions, rows):
    return np.nan_to_num(out_of_bag.reference(predictions, rows))


@out_of_bag.mistake("rows[i, j] is the number of an example, not something about example j.")
def _(predictions, rows):
    unseen = rows != np.arange(rows.shape[1])
    with np.errstate(all="ignore"):
        return np.where(unseen, predictions, 0).sum(axis=0) / unseen.sum(axis=0)


WEIGHTS = _draw.normal(size=(5, 3)) * [0.3, 0.5, 0.8]
BIAS, INPUT = np.array([0.5, -1.0, 2.0]), np.array([1.0, -2.0, 0.5, 3.0, 0.0])
KEEP, LONG_KEEP = np.array([0.5, 0.8, 0.3, 0.9, 0.6]), np.array([1.0, 0.5, 0.5, 0.2, 0.7])


def _softmax(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def _masks(q):
    for mask in product((0, 1), repeat=len(q)):
        yield np.array(mask), np.prod(np.where(mask, q, 1 - q))


@exercise(
    (WEIGHTS, BIAS, INPUT, KEEP), (WEIGHTS, BIAS, -INPUT, np.full(5, 0.5)), (WEIGHTS / 2, -BIAS, INPUT, LONG_KEEP)
)
def ensemble(W, b, x, q):
    return _softmax(sum(weight * np.log(_softmax((mask * x) @ W + b)) for mask, weight in _masks(q)))


@ensemble.mistake("That is the arithmetic mean over the masks. Asked for is the geometric one, renormalised.")
def _(W, b, x, q):
    return sum(weight * _softmax((mask * x) @ W + b) for mask, weight in _masks(q))


@ensemble.mistake("The geometric mean is right, but it has to be renormalised: probabilities sum to 1.")
def _(W, b, x, q):
    return np.exp(sum(weight * np.log(_softmax((mask * x) @ W + b)) for mask, weight in _masks(q)))


@ensemble.mistake("Masks are not equally likely unless all q are 1/2: weigh each with its probability.")
def _(W, b, x, q):
    return ensemble.reference(W, b, x, np.full(len(x), 0.5))


@ensemble.mistake("That is the network with all inputs kept. At test each is multiplied by its probability.")
def _(W, b, x, q):
    return _softmax(x @ W + b)


@ensemble.mistake("Nothing was divided by q in training, so at test multiply by q.")
def _(W, b, x, q):
    return _softmax((x / q) @ W + b)


@ensemble.mistake("Those are the mean scores. The softmax makes them a distribution.")
def _(W, b, x, q):
    return (q * x) @ W + b


@ensemble.mistake("q is the probability of being kept, not of being dropped.")
def _(W, b, x, q):
    return ensemble.reference(W, b, x, 1 - q)


DESIGN = _draw.normal(size=(12, 3)) @ np.array([[1.0, 0.5, 0.0], [0.0, 2.0, -1.0], [0.3, 0.0, 0.5]]) + [0.5, -1.0, 0.2]
TARGET = DESIGN @ [1.0, -0.5, 2.0] + _draw.normal(size=12)


@exercise((DESIGN, TARGET, 0.5), (DESIGN, TARGET, 0.8), (DESIGN[:5, :2], TARGET[:5], 0.3), (DESIGN, -TARGET, 1.0))
def dropout_regression(X, y, q):
    """Least squares on the examples under every mask, each row weighted by its mask's probability."""
    masks = list(_masks(np.full(X.shape[1], q)))
    rows = [np.sqrt(weight) * X * mask / q for mask, weight in masks]
    targets = [np.sqrt(weight) * y for _, weight in masks]
    return np.linalg.lstsq(np.concatenate(rows), np.concatenate(targets))[0]


def _ridge(X, y, diagonal):
    return np.linalg.solve(X.T @ X + np.diag(diagonal), X.T @ y)


@dropout_regression.mistake("That is least squares without dropout.")
def _(X, y, q):
    return _ridge(X, y, np.zeros(X.shape[1]))


@dropout_regression.mistake("The penalty is not the same for all: weight j pays with the sum of squares of input j.")
def _(X, y, q):
    return _ridge(X, y, np.full(X.shape[1], (1 - q) / q))


@dropout_regression.mistake("The variance of a factor that is 1/q with probability q is (1 - q) / q.")
def _(X, y, q):
    return _ridge(X, y, q * (1 - q) * (X**2).sum(axis=0))


@dropout_regression.mistake("q is the probability of being kept, so the factor is (1 - q) / q.")
def _(X, y, q):
    return _ridge(X, y, q / (1 - q) * (X**2).sum(axis=0))


@dropout_regression.mistake("Cost and penalty must be both sums over the examples, or both means.")
def _(X, y, q):
    return _ridge(X, y, (1 - q) / q * (X**2).mean(axis=0))


@dropout_regression.mistake("Those belong to classic dropout. Inverted dropout divides the inputs by q in training.")
def _(X, y, q):
    return dropout_regression.reference(X, y, q) / q
