"""The exercises of lesson 7.9, Sharing and Bagging."""

import numpy as np

from . import exercise


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


WA, WB, GA, GB = _draw.normal(size=(4, 3))


@exercise((WA, WB, GA, GB, 0.5), (GA, GB, WB, WA, 2.0), (WB, WA, GA, GB, 0.0))
def tied_gradients(wA, wB, gA, gB, beta):
    slope = beta * (wB - wA)
    return gA - slope, gB + slope


@tied_gradients.slips
def _(slip, wA, wB, gA, gB, beta):
    pull = beta * (wA - wB)
    if slip("The slope of a half of a square is its base: no factor 2."):
        pull = 2 * pull
    if slip("beta is missing: it says how strong the tie is."):
        pull = wA - wB
    if slip("Towards each other: with respect to wA the slope is beta (wA - wB), not its opposite."):
        pull = -pull
    if slip("The slope with respect to wB has the other sign: the two are pulled towards each other."):
        return gA + pull, gB + pull
    if slip("Add the gradients of the two costs."):
        return pull, -pull
    return gA + pull, gB - pull


@exercise((1.0, 0.3, 0.5), (1.0, 0.0, 0.1), (2.0, 0.5, 0.4), (1.0, 0.2, 1.5), (1.0, 0.25, 0.25), (1.0, 0.25, 0.26))
def members(v, c, target):
    sizes = np.arange(1, 1000)
    enough = v / sizes + (sizes - 1) / sizes * c <= target + 1e-12
    return int(sizes[enough][0]) if enough.any() else 0


@members.slips
def _(slip, v, c, target):
    if v <= target:
        return 1
    if c >= target and not slip("No number of models comes below c: then the answer is 0."):
        return 0
    exact = (v - c) / (target - c) if target != c else np.inf
    if slip("What the models have in common stays: the error is c + (v - c) / k, not v / k."):
        exact = v / target
    if slip("k must be large enough: round up."):
        return int(exact) if np.isfinite(exact) else 0
    return int(np.ceil(exact - 1e-9)) if np.isfinite(exact) else 0
