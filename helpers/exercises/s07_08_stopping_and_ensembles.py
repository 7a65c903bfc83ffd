"""The exercises of lesson 7.8, Early Stopping and Ensembles."""

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


@stop_at.slips
def _(slip, losses, patience):
    if slip("That is one epoch too long: with patience 1 the first one in vain is the last."):
        patience += 1
    best = epoch = 1
    waited = 0
    while waited < patience and epoch < len(losses):
        lowest = losses[best - 1]
        if slip("Compare with the lowest loss so far, not with that of the epoch before."):
            lowest = losses[epoch - 1]
        loss = losses[epoch]
        epoch += 1
        waited += 1
        equal = slip("An equal loss is not an improvement: only a lower one ends the wait.")
        if loss < lowest or (equal and loss == lowest):
            best = epoch
            waited = waited - 1 if slip("After an improvement the wait starts again from 0.") else 0
    if slip("That is the best of the whole record. Stopped early, one does not see all of it."):
        return int(np.argmin(losses)) + 1, len(losses)
    if slip("The record may end before patience does: then its end is the last epoch."):
        return best, best + patience
    return best, epoch


LAMBDAS = np.array([2.0, 0.5, 0.1, 0.003])


@exercise((LAMBDAS, 0.1, 10), (LAMBDAS, 0.4, 1), (LAMBDAS[1:], 0.02, 200), (3 * LAMBDAS, 0.05, 25))
def equal_penalty(lam, epsilon, tau):
    reached = sum(epsilon * lam * (1 - epsilon * lam) ** step for step in range(tau))  # a geometric series
    return lam / reached - lam


@equal_penalty.slips
def _(slip, lam, epsilon, tau):
    if slip("That is the rule for small tau epsilon lambda. Asked for is what is exactly equal."):
        return np.full(len(lam), 1 / (tau * epsilon))
    left_out = (1 - epsilon * lam) ** tau
    if slip("That is the limit of small steps. With finite ones it is (1 - epsilon lambda)^tau."):
        left_out = np.exp(-tau * epsilon * lam)
    if slip("That is the share of w* that is left out. Which alpha leaves out as much?"):
        return left_out
    if slip("The two shares are exchanged: (1 - epsilon lambda)^tau is what is left out."):
        left_out = 1 - left_out
    if slip("The share left out is alpha / (lambda + alpha), so divide by the other one."):
        return lam * left_out
    return lam * left_out / (1 - left_out)


@exercise((28, 1, 6, 5), (14, 6, 16, 3), (32, 3, 8, 7), (9, 2, 3, 1))
def three_counts(size, channels, filters, kernel):
    starts = len(range(size - kernel + 1))
    weights = np.ones((filters, channels, kernel, kernel)).size
    outputs = np.ones((filters, starts, starts)).size
    return weights + filters, starts * starts * weights + outputs, outputs * channels * size * size + outputs


@three_counts.slips
def _(slip, size, channels, filters, kernel):
    width = size if slip("Without padding a map is size - kernel + 1 wide.") else size - kernel + 1
    window, outputs = channels * kernel**2, filters * width**2
    if slip("Every kernel reaches through all channels of the image."):
        window = kernel**2
    biases = np.array([filters, outputs, outputs])
    if slip("In the locally connected layer each output has a bias of its own, not each filter."):
        biases[1] = filters
    if slip("A window has one bias, not one for each channel of the image."):
        biases[:2] *= channels
    if slip("The biases are missing."):
        biases[:] = 0
    weights = filters * window, outputs * window, outputs * channels * size**2
    return tuple(weights + biases)


_draw = np.random.default_rng(73)
ERRORS = _draw.normal(size=(4, 7)) + 0.8 * _draw.normal(size=7) + 0.5
TWO = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, 0.0]])


@exercise((ERRORS,), (TWO,), (ERRORS[:3, :4],), (-2 * ERRORS.T,))
def variance_and_covariance(errors):
    pairs = [np.mean(a * b) for i, a in enumerate(errors) for j, b in enumerate(errors) if i != j]
    return float(np.mean([np.mean(a**2) for a in errors])), float(np.mean(pairs))


@variance_and_covariance.slips
def _(slip, errors):
    if slip("Models are the rows: you have taken the columns for them."):
        errors = errors.T
    if slip("Nothing is subtracted: a mistake that all make on average counts as well."):
        errors = errors - errors.mean(axis=1, keepdims=True)
    k, n = errors.shape
    products = errors @ errors.T / n
    if slip("np.cov subtracts the means and divides by n - 1. Here nothing is subtracted."):
        products = np.cov(errors)
    pairs = products[~np.eye(k, dtype=bool)]
    if slip("Your c is over all pairs, each model with itself as well: leave out the diagonal."):
        pairs = products
    c = np.mean(pairs)
    if slip("c is the mean over pairs of different models, divide by k (k - 1), not by k^2."):
        c = np.sum(pairs) / k**2
    if slip("With each pair taken once there are k (k - 1) / 2 of them."):
        c = c / 2
    return np.trace(products) / k, c


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


@out_of_bag.slips
def _(slip, predictions, rows):
    examples = np.arange(rows.shape[1])
    seen = np.array([np.isin(examples, row) for row in rows])
    if slip("rows[i, j] is the number of an example, not something about example j."):
        seen = rows == examples
    asked = ~seen
    if slip("Those are the models that have seen the example. Asked for are the others."):
        asked = seen
    count = asked.sum(axis=0)
    if slip("You divide by all k models. Divide by the number of those that have not seen it."):
        count = len(rows)
    with np.errstate(invalid="ignore"):
        means = np.sum(predictions * asked, axis=0) / count
    return np.nan_to_num(means) if slip("What every model has seen gets nan, not 0.") else means
