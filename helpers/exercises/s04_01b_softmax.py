"""The exercises of lesson 4.1b, Softmax."""

import math

import numpy as np
from scipy import special

from . import exercise

ROWS = np.array([[0.5, -1.0, 2.0], [1.0, 1.0, 3.0]])
FAR = np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1002.0, -1001.0]])
WIDE = np.array([[1000.0, 0.0, 999.0, -1000.0]])
SQUARE = np.array([[1.0, 2.0, 4.0], [3.0, 0.0, 1.0], [-1.0, 2.0, 2.5]])
BLOCK = np.array([[[1.0, 4.0], [2.0, -1.0], [0.0, 3.0]], [[5.0, 1.0], [1.0, 2.0], [3.0, 2.0]]])
BATCHES = (
    {"two rows, axis 1": (ROWS, 1)},
    {"a square batch, axis 1": (SQUARE, 1)},
    {"a square batch, axis 0": (SQUARE, 0)},
    {"rows near 1000 and near -1000": (FAR, 1)},
    {"one row, from 1000 to -1000": (WIDE, 1)},
    {"shape (2, 3, 2), axis 1": (BLOCK, 1)},
    {"one row, 800 and 0": (np.array([[800.0, 0.0]]), 1)},
    {"one row near -20,000": (np.array([[-20000.0, -20002.0]]), 1)},
)
NO_SHIFT = "exp(1000) is infinite, and exp(-1000) is 0. First subtract the largest score: the max, not the argmax."
ABSOLUTE = "Subtract the largest score, not the largest absolute value: with that, negative scores underflow."
LONGER = "A longer float only moves the limit: subtract the largest score of each row."
ROWS_ONLY = "x.T, or max() and sum() row by row, fit tables and axis=1 only: use x.max, np.sum, axis and keepdims."
OTHER_AXIS = "That is the other axis. With axis=1 each row sums to 1."
WHOLE_MAX = "Each row needs its own largest score: one maximum for all rows lets rows with small scores underflow."
WHOLE_SUM = "You sum over the whole array. Each row has its own sum: use `axis`."
MINIMUM = "Subtracting the smallest score makes large scores overflow. Subtract the largest."
MEAN = "Subtracting the mean still lets a score far above it overflow. Subtract the largest."
LAST_AXIS = "You always sum along the last axis. Use the `axis` that was passed."
AXIS_ONE = "You always sum along axis 1. Use the `axis` that was passed."
FIRST_AXIS = "You always sum along axis 0. Use the `axis` that was passed."
KEEPDIMS = "The maximum or the sum has lost its axis and no longer lines up with x: pass keepdims=True."


def _lines(x, axis, function):
    """Apply `function` to each one-dimensional line of x along `axis`."""
    return np.apply_along_axis(function, axis, x)


def _shift(slip, x, axis):
    """Subtract what a learner subtracts: right, the largest score along the axis."""
    if slip(NO_SHIFT):
        return x
    if slip(WHOLE_MAX):
        return x - x.max()
    if slip(MINIMUM):
        return x - x.min(axis=axis, keepdims=True)
    if slip(MEAN):
        return x - x.mean(axis=axis, keepdims=True)
    return x - x.max(axis=axis, keepdims=True)


def _axis(slip, axis):
    if slip(LAST_AXIS):
        return -1
    if slip(AXIS_ONE):
        return 1
    return 0 if slip(FIRST_AXIS) else axis


def _total(slip, e, axis):
    return e.sum() if slip(WHOLE_SUM) else e.sum(axis=axis, keepdims=True)


@exercise(*BATCHES)
def softmax(x, axis=-1):
    return _lines(x, axis, special.softmax)


@softmax.slips
def _(slip, x, axis=-1):
    axis = _axis(slip, axis)
    with np.errstate(all="ignore"):
        e = np.exp(_shift(slip, x, axis))
        return e / _total(slip, e, axis)


@softmax.mistake("`[:, None]` puts the axis back where it was only for axis=1. Use keepdims=True.")
def _(x, axis=-1):
    e = np.exp(x - x.max(axis=axis)[:, None])
    return e / e.sum(axis=axis)[:, None]


@softmax.mistake("A loop over the rows is right for axis=1 only. Use the `axis` that was passed.")
def _(x, axis=-1):
    return np.array([np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in x])


@softmax.mistake("The maximum and the sum have to run along the same axis.")
def _(x, axis=-1):
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@softmax.mistake("Subtract the largest score, do not divide by it: only a common shift leaves softmax unchanged.")
def _(x, axis=-1):
    return special.softmax(x / x.max(axis=axis, keepdims=True), axis=axis)


for _late in (False, True):

    @softmax.mistake("Shift the scores, not their exponentials: subtract the maximum before np.exp.")
    def _(x, axis=-1, late=_late):
        with np.errstate(all="ignore"):
            e = np.exp(x)
            e = e - (e.max(axis=axis, keepdims=True) if late else np.exp(x.max(axis=axis, keepdims=True)))
            return e / e.sum(axis=axis, keepdims=True)


@softmax.mistake("Dividing by exp(max) comes too late, since exp(1000) is infinite already: subtract before np.exp.")
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(x) / np.exp(x.max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)


@softmax.mistake("The exponential is missing: softmax divides exp(x) by the sum of all exp(x).")
def _(x, axis=-1):
    return x / x.sum(axis=axis, keepdims=True)


@softmax.mistake("The exponentials in the sum have to be those of the shifted scores, too.")
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(x - x.max(axis=axis, keepdims=True))
        return e / np.exp(x).sum(axis=axis, keepdims=True)


@softmax.mistake(ABSOLUTE)
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(x - np.abs(x).max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)


@softmax.mistake("The base is e: np.exp, not a power of 2.")
def _(x, axis=-1):
    return special.softmax(x * np.log(2), axis=axis)


@softmax.mistake("The sign: x minus the maximum. Now the smallest score gets the largest probability.")
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(x.max(axis=axis, keepdims=True) - x)
        return e / e.sum(axis=axis, keepdims=True)


@softmax.mistake("Shift by the maximum, and leave it at that: a division by the spread changes the result.")
def _(x, axis=-1):
    return special.softmax(x / x.std(axis=axis, keepdims=True), axis=axis)


@softmax.mistake("Mind the brackets: exp of (x - max), and divide after that.")
def _(x, axis=-1):
    top = x.max(axis=axis, keepdims=True)
    return np.exp(x - top / np.exp(x - top).sum(axis=axis, keepdims=True))


@softmax.mistake(OTHER_AXIS)
def _(x, axis=-1):
    return special.softmax(x, axis=1 - axis)


@softmax.mistake(ROWS_ONLY)
def _(x, axis=-1):
    e = np.exp(x.T - x.max(axis=axis))
    return (e / e.sum(axis=0)).T


@softmax.mistake(ROWS_ONLY)
def _(x, axis=-1):
    return np.array([np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in x])


@softmax.telltale("Zeros in place of NaN are not probabilities: subtract the largest score, and no NaN arises.")
def _(answers, wanted):
    return np.allclose(answers[1], wanted[1]) and not answers[3].any()


@softmax.telltale(
    "A small number in the sum only hides 0/0. Subtract the largest score of each row: the sum is then 1 or more."
)
def _(answers, wanted):
    return np.allclose(answers[1], wanted[1], atol=1e-3) and not answers[3][1].any()


def _all_but_the_last(answers, wanted):
    """Return whether only the scores near -20,000 have a wrong result."""
    return all(map(np.allclose, answers[:-1], wanted[:-1]))


softmax.telltale(LONGER)(_all_but_the_last)


@softmax.mistake("Divide by the sum of the exponentials, not by their mean.")
def _(x, axis=-1):
    return special.softmax(x, axis=axis) * x.shape[axis]


@softmax.telltale("Scores near 1000 must not be cut off: their differences count. Subtract the largest score instead.")
def _(answers, wanted):
    return np.allclose(answers[1], wanted[1]) and np.allclose(answers[3], 1 / 3)


@softmax.mistake("Not divided yet: the exponentials have to be divided by their sum.")
def _(x, axis=-1):
    return np.exp(x - x.max(axis=axis, keepdims=True))


@softmax.mistake("That is log-softmax. Here the probabilities are wanted.")
def _(x, axis=-1):
    return special.log_softmax(x, axis=axis)


@softmax.mistake("The shift was added: subtract the largest score.")
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(x + x.max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)


@exercise(*BATCHES)
def log_softmax(x, axis=-1):
    return _lines(x, axis, special.log_softmax)


@log_softmax.slips
def _(slip, x, axis=-1):
    axis = _axis(slip, axis)
    with np.errstate(all="ignore"):
        shifted = _shift(slip, x, axis)
        return shifted - np.log(_total(slip, np.exp(shifted), axis))


log_softmax.telltale(LONGER)(_all_but_the_last)


@log_softmax.mistake(ABSOLUTE)
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        shifted = x - np.abs(x).max(axis=axis, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@log_softmax.mistake(OTHER_AXIS)
def _(x, axis=-1):
    return special.log_softmax(x, axis=1 - axis)


@log_softmax.mistake(ROWS_ONLY)
def _(x, axis=-1):
    return np.array([row - max(row) - np.log(sum(np.exp(row - max(row)))) for row in x])


@log_softmax.mistake("Mind the signs: x - c - log(...). Both the maximum and the logarithm are subtracted.")
def _(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted + np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@log_softmax.mistake("Take the sum of the exponentials, not their mean.")
def _(x, axis=-1):
    return special.log_softmax(x, axis=axis) + np.log(x.shape[axis])


@log_softmax.mistake("The logarithm of the sum is missing: np.log around it.")
def _(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.exp(shifted).sum(axis=axis, keepdims=True)


@log_softmax.mistake("np.log1p adds 1 to the sum. The largest score is in the sum already: use np.log.")
def _(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log1p(np.exp(shifted).sum(axis=axis, keepdims=True))


@log_softmax.mistake("The exponential is missing: log-sum-exp is the logarithm of the sum of np.exp(x - c).")
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        shifted = x - x.max(axis=axis, keepdims=True)
        return shifted - np.log(shifted.sum(axis=axis, keepdims=True))


for _minus in (True, False):

    @log_softmax.mistake("No logarithm of the scores: log and exp cancel, so the first term is x - c itself.")
    def _(x, axis=-1, minus=_minus):
        with np.errstate(all="ignore"):
            shifted = x - x.max(axis=axis, keepdims=True)
            first = np.log(shifted if minus else x)
            return first - np.log(np.exp(shifted if minus else x).sum(axis=axis, keepdims=True))


@log_softmax.mistake(
    "Subtract the logarithm of the sum, do not divide by it: the logarithm of a quotient is a difference."
)
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        shifted = x - x.max(axis=axis, keepdims=True)
        return shifted / np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


LOG_OF_P = "You take the logarithm of a probability, and that may be 0. Simplify on paper first: x minus log-sum-exp."
NOT_BACK = "Shifted inside, but not outside: use the shifted scores in both places, or add the maximum back."


@log_softmax.mistake(LOG_OF_P)
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        return np.log(special.softmax(x, axis=axis))


@log_softmax.mistake(LOG_OF_P)
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(x)
        return np.log(e / e.sum(axis=axis, keepdims=True))


@log_softmax.mistake("A small number inside the logarithm hides the 0 and gives a wrong loss: use x minus log-sum-exp.")
def _(x, axis=-1):
    return np.log(special.softmax(x, axis=axis) + 1e-12)


@log_softmax.mistake(NOT_BACK)
def _(x, axis=-1):
    top = x.max(axis=axis, keepdims=True)
    return x - np.log(np.exp(x - top).sum(axis=axis, keepdims=True))


@log_softmax.mistake("The maximum was subtracted twice: x - c - log(...) already is the result.")
def _(x, axis=-1):
    return special.log_softmax(x, axis=axis) - x.max(axis=axis, keepdims=True)


@log_softmax.mistake("That is log-sum-exp, one number per row. Subtract it from each score.")
def _(x, axis=-1):
    return special.logsumexp(x, axis=axis, keepdims=True)


@log_softmax.mistake("That is log-sum-exp, one number per row. Subtract it from each score.")
def _(x, axis=-1):
    return special.logsumexp(x, axis=axis)


@log_softmax.mistake("The sign: the score minus log-sum-exp, so that every logarithm is at most 0.")
def _(x, axis=-1):
    return -special.log_softmax(x, axis=axis)


@log_softmax.mistake("These are probabilities. Their logarithms are wanted.")
def _(x, axis=-1):
    return special.softmax(x, axis=axis)


for _log in (np.log2, np.log10):

    @log_softmax.mistake("Take the natural logarithm: it is the one that undoes exp.")
    def _(x, axis=-1, log=_log):
        shifted = x - x.max(axis=axis, keepdims=True)
        return shifted - log(np.exp(shifted).sum(axis=axis, keepdims=True))


@log_softmax.mistake("The sum of the logarithms is not the logarithm of the sum: first sum, then np.log.")
def _(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - shifted.sum(axis=axis, keepdims=True)


@log_softmax.mistake("Subtract log-sum-exp, do not add it: the logarithm of a quotient is a difference.")
def _(x, axis=-1):
    return x + special.logsumexp(x, axis=axis, keepdims=True)


@log_softmax.mistake("Subtract log-sum-exp, do not divide by it: the logarithm of a quotient is a difference.")
def _(x, axis=-1):
    return x / special.logsumexp(x, axis=axis, keepdims=True)


@log_softmax.mistake("Only shifted so far: the logarithm of the sum of exponentials is missing.")
def _(x, axis=-1):
    return x - x.max(axis=axis, keepdims=True)


@log_softmax.mistake("Mind the brackets: x - (c + log(...)). The maximum c is subtracted as well.")
def _(x, axis=-1):
    top = x.max(axis=axis, keepdims=True)
    return x - special.logsumexp(x, axis=axis, keepdims=True) + 2 * top


@log_softmax.mistake("A loop over the rows is right for axis=1 only. Use the `axis` that was passed.")
def _(x, axis=-1):
    return np.array([row - row.max() - np.log(np.exp(row - row.max()).sum()) for row in x])


@log_softmax.telltale("A floor or a small number in the logarithm only hides the 0: take x minus log-sum-exp instead.")
def _(answers, wanted):
    hidden = np.isfinite(answers[4]).all() and answers[4].min() > wanted[4].min() / 2
    return hidden and np.allclose(answers[0], wanted[0], atol=0.01)


def _lose_the_axis(maximum, total):
    """Make the mistake of keeping the axis in one place and not in the other."""

    def attempt(x, axis=-1):
        shifted = x - x.max(axis=axis, keepdims=maximum)
        return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=total))

    def attempt_softmax(x, axis=-1):
        e = np.exp(x - x.max(axis=axis, keepdims=maximum))
        return e / e.sum(axis=axis, keepdims=total)

    log_softmax.mistake(KEEPDIMS)(attempt)
    softmax.mistake(KEEPDIMS)(attempt_softmax)


for _kept in ((True, False), (False, True), (False, False)):
    _lose_the_axis(*_kept)


@log_softmax.mistake(KEEPDIMS)
def _(x, axis=-1):
    return x - special.logsumexp(x, axis=axis)


@exercise(
    {"two examples": (ROWS, np.array([2, 0]))},
    {
        "four examples, two classes": (
            np.array([[1.0, 0.5], [0.0, 2.0], [3.0, 1.0], [0.2, 0.1]]),
            np.array([0, 0, 1, 1]),
        )
    },
    {"a square batch": (SQUARE, np.array([1, 1, 0]))},
    {"a right class far behind": (np.array([[1000.0, 0.0, 999.0], [-1000.0, -1002.0, -1001.0]]), np.array([1, 0]))},
)
def loss_and_gradient(scores, labels):
    one_hot = np.eye(scores.shape[1])[labels]
    losses = special.logsumexp(scores, axis=1) - (one_hot * scores).sum(axis=1)
    return sum(losses) / len(losses), (special.softmax(scores, axis=1) - one_hot) / len(losses)


@loss_and_gradient.slips
def _(slip, scores, labels):
    count, rows = len(labels), np.arange(len(labels))
    log_p = special.log_softmax(scores, axis=1)
    if slip("The softmax runs along the columns. Each row is one example: use axis=1."):
        log_p = special.log_softmax(scores, axis=0)
    elif slip("The logarithm of a probability that is 0 is minus infinity: use your log_softmax."):
        with np.errstate(divide="ignore"):
            log_p = np.log(special.softmax(scores, axis=1))
    losses = -log_p[rows, labels]
    if slip("The loss is minus the logarithm: the sign of the loss is wrong."):
        losses = -losses
    loss = losses.mean()
    if slip("The loss is the mean over the examples, not their sum."):
        loss = losses.sum()
    grad = np.exp(log_p)
    if slip("The gradient still lacks the -1 at the right class of each row."):
        pass
    elif slip("The sign of the gradient is wrong: softmax minus one-hot, not the other way round."):
        grad = -grad
        grad[rows, labels] += 1
    else:
        grad[rows, labels] -= 1
    if slip("The loss is a mean, so its gradient is divided by the number of examples as well."):
        count = 1
    elif slip("Divide the gradient by the number of examples, not by the number of its entries."):
        count = scores.size
    return loss, grad / count


ROWS_NEEDED = "One entry per row is wanted: use [np.arange(len(labels)), labels]."


def _parts(scores, labels):
    """Return the log-probabilities, the right loss, and the probabilities to be changed."""
    log_p = special.log_softmax(scores, axis=1)
    return log_p, -log_p[np.arange(len(labels)), labels].mean(), np.exp(log_p)


for _count in (np.size, np.ndim):  # the number of examples, or 1

    @loss_and_gradient.mistake(f"`[:, labels]` takes whole columns. {ROWS_NEEDED}")
    def _(scores, labels, count=_count):
        _, loss, grad = _parts(scores, labels)
        grad[:, labels] -= 1
        return loss, grad / count(labels)

    @loss_and_gradient.mistake(f"`[:, labels]` takes whole columns. {ROWS_NEEDED}")
    def _(scores, labels, count=_count):
        log_p, _, grad = _parts(scores, labels)
        grad[:, labels] -= 1
        return -log_p[:, labels].mean(), grad / count(labels)

    @loss_and_gradient.mistake(f"`[labels]` takes whole rows. {ROWS_NEEDED}")
    def _(scores, labels, count=_count):
        _, loss, grad = _parts(scores, labels)
        grad[labels] -= 1
        return loss, grad / count(labels)

    @loss_and_gradient.mistake(f"`[labels]` takes whole rows. {ROWS_NEEDED}")
    def _(scores, labels, count=_count):
        log_p, _, grad = _parts(scores, labels)
        grad[labels] -= 1
        return -log_p[labels].mean(), grad / count(labels)


@loss_and_gradient.mistake(f"The loss takes whole columns, `[:, labels]`. {ROWS_NEEDED}")
def _(scores, labels):
    log_p = special.log_softmax(scores, axis=1)
    return -log_p[:, labels].mean(), loss_and_gradient.reference(scores, labels)[1]


@loss_and_gradient.mistake("The loss averages over all classes. Only the right class of each row counts.")
def _(scores, labels):
    log_p = special.log_softmax(scores, axis=1)
    return -log_p.mean(), loss_and_gradient.reference(scores, labels)[1]


@loss_and_gradient.mistake("Divide the gradient by the number of examples, not by the number of classes.")
def _(scores, labels):
    loss, grad = loss_and_gradient.reference(scores, labels)
    return loss, grad * len(labels) / scores.shape[1]


@loss_and_gradient.mistake(
    "The labels are places, not values to subtract: subtract 1 in the column labels[n] of row n."
)
def _(scores, labels):
    _, loss, p = _parts(scores, labels)
    return loss, (p - labels[:, None]) / len(labels)


@loss_and_gradient.mistake("The wrong classes have a gradient, too: their probabilities, which should shrink.")
def _(scores, labels):
    loss, grad = loss_and_gradient.reference(scores, labels)
    return loss, grad * np.eye(scores.shape[1])[labels]


@loss_and_gradient.mistake(
    "That is the gradient of the right class alone. Each score has one: the shape is that of `scores`."
)
def _(scores, labels):
    loss, grad = loss_and_gradient.reference(scores, labels)
    return loss, grad[np.arange(len(labels)), labels]


@loss_and_gradient.mistake(
    "The loss needs log-probabilities, not scores: subtract log-sum-exp, as your log_softmax does."
)
def _(scores, labels):
    loss = -scores[np.arange(len(labels)), labels].mean()
    return loss, loss_and_gradient.reference(scores, labels)[1]


for _both in (True, False):

    @loss_and_gradient.mistake("The classes are counted from 0: label 0 is the first column.")
    def _(scores, labels, both=_both):
        loss = loss_and_gradient.reference(scores, labels - 1)[0]
        return loss, loss_and_gradient.reference(scores, labels - both)[1]


@loss_and_gradient.mistake(
    "The -1 was written into log_p before the loss was read from it. Change a new array, np.exp(log_p)."
)
def _(scores, labels):
    _, loss, p = _parts(scores, labels)
    p[np.arange(len(labels)), labels] /= math.e
    return loss + 1, p / len(labels)


@loss_and_gradient.mistake(
    "The indices are exchanged: first the row, then the column, [np.arange(len(labels)), labels]."
)
def _(scores, labels):
    log_p, _, _ = _parts(scores, labels)
    loss = -log_p[labels, np.arange(len(labels))].mean()
    return loss, loss_and_gradient.reference(scores, labels)[1]


for _place in ("softmax", "one-hot"):

    @loss_and_gradient.mistake(
        "Divide both parts by the number of examples: (softmax - one-hot) / N, with the brackets."
    )
    def _(scores, labels, place=_place):
        _, loss, p = _parts(scores, labels)
        one_hot = np.eye(scores.shape[1])[labels]
        n = len(labels)
        return loss, p / n - one_hot if place == "softmax" else p - one_hot / n


@loss_and_gradient.mistake("At the right class subtract 1 from the probability (-=), do not overwrite it.")
def _(scores, labels):
    _, loss, grad = _parts(scores, labels)
    grad[np.arange(len(labels)), labels] = -1
    return loss, grad / len(labels)


@loss_and_gradient.mistake("The scores stand where the probabilities belong: the gradient is softmax minus one-hot.")
def _(scores, labels):
    grad = scores.copy()
    grad[np.arange(len(labels)), labels] -= 1
    return _parts(scores, labels)[1], grad / len(labels)


@loss_and_gradient.mistake("Only the -1 is there: the gradient is softmax minus one-hot, and softmax is missing.")
def _(scores, labels):
    return _parts(scores, labels)[1], -np.eye(scores.shape[1])[labels] / len(labels)


@loss_and_gradient.mistake("The gradient has one row per example, like the scores: do not average over the rows.")
def _(scores, labels):
    loss, grad = loss_and_gradient.reference(scores, labels)
    return loss, grad.sum(axis=0)


@loss_and_gradient.mistake("1 is subtracted from every entry. Only the right class of each row gets it.")
def _(scores, labels):
    loss, _ = loss_and_gradient.reference(scores, labels)
    return loss, (special.softmax(scores, axis=1) - 1) / len(labels)


@loss_and_gradient.mistake("One loss per example: return their mean, a single number.")
def _(scores, labels):
    _, grad = loss_and_gradient.reference(scores, labels)
    return -special.log_softmax(scores, axis=1)[np.arange(len(labels)), labels], grad


@loss_and_gradient.mistake(
    "The log-probabilities stand where the probabilities belong: the gradient needs softmax itself."
)
def _(scores, labels):
    loss, _ = loss_and_gradient.reference(scores, labels)
    grad = special.log_softmax(scores, axis=1)
    grad[np.arange(len(labels)), labels] -= 1
    return loss, grad / len(labels)


@loss_and_gradient.mistake("The loss is the mean over the examples, not over all entries of the table.")
def _(scores, labels):
    loss, grad = loss_and_gradient.reference(scores, labels)
    return loss / scores.shape[1], grad


@loss_and_gradient.mistake("The loss lacks the logarithm: minus the mean of log p, not of p.")
def _(scores, labels):
    _, grad = loss_and_gradient.reference(scores, labels)
    return -special.softmax(scores, axis=1)[np.arange(len(labels)), labels].mean(), grad


@loss_and_gradient.mistake("Right numbers, other order: first the loss, then the gradient.")
def _(scores, labels):
    return loss_and_gradient.reference(scores, labels)[::-1]


@loss_and_gradient.mistake("That is the loss alone. Return the loss and its gradient.")
def _(scores, labels):
    return loss_and_gradient.reference(scores, labels)[0]


@loss_and_gradient.mistake("That is the gradient alone. Return the loss and its gradient.")
def _(scores, labels):
    return loss_and_gradient.reference(scores, labels)[1]


@exercise(
    {"three scores": (np.array([0.5, -1.0, 2.0]),)},
    {"near 1000": (np.array([1000.0, 1001.0, 999.0]),)},
    {"near -1000": (np.array([-1000.0, -1002.0]),)},
    {"from -2000 to 1500": (np.array([-2000.0, 3.0, 2.0, 1500.0]),)},
    {"1000 and 0": (np.array([1000.0, 0.0]),)},
    {"0 and 1000": (np.array([0.0, 1000.0]),)},
    {"one score": (np.array([-3.0]),)},
)
def log_mean_exp(x):
    return float(special.logsumexp(x, b=1 / np.size(x)))


@log_mean_exp.slips
def _(slip, x):
    shift, count = x.max(), len(x)
    if slip("The scores were not shifted: exp(1000) is infinite, exp(-1000) is 0."):
        shift = 0.0
    elif slip("A shift by the mean helps where all scores are alike; others still overflow. Take the maximum."):
        shift = x.mean()
    elif slip("A shift by the minimum lets the largest score overflow. Take the maximum."):
        shift = x.min()
    elif slip("A shift by the first score lets a larger one overflow. Take the maximum."):
        shift = x[0]
    if slip("That is the logarithm of the sum. For the mean, divide by n, or subtract log(n)."):
        count = 1
    with np.errstate(all="ignore"):
        rest = np.log(np.exp(x - shift).sum() / count)
    if slip("Shifted, but the shift never came back: add the maximum at the end."):
        return rest
    return rest - shift if slip("The sign of the shift: subtract the maximum inside, add it outside.") else rest + shift


@log_mean_exp.mistake("The scores were not shifted: exp(1000) overflows, exp(-1000) is 0.")
def _(x):
    return math.log(sum(math.exp(value) for value in x) / len(x))


@log_mean_exp.mistake("The logarithm of the mean was asked for; the mean itself may overflow.")
def _(x):
    with np.errstate(all="ignore"):
        return np.mean(np.exp(x))


@log_mean_exp.mistake("For the mean, log(n) is subtracted, not added.")
def _(x):
    return special.logsumexp(x) + np.log(len(x))


@log_mean_exp.mistake("In a logarithm, dividing by n is subtracting log(n).")
def _(x):
    return special.logsumexp(x) / len(x)


@log_mean_exp.mistake("The mean of the logarithms is not the logarithm of the mean.")
def _(x):
    return x.mean()


@log_mean_exp.mistake("That is the maximum: a good guess, but the other scores and n count as well.")
def _(x):
    return x.max()


@log_mean_exp.mistake("Dividing by n subtracts log(n) in the logarithm, not n.")
def _(x):
    return special.logsumexp(x) - len(x)


@log_mean_exp.mistake("The shift comes back by addition: c + log(...), not a product.")
def _(x):
    return x.max() * (log_mean_exp.reference(x) - x.max())


@log_mean_exp.mistake("The mean of the logarithms is not the logarithm of the mean: first the mean, then np.log.")
def _(x):
    with np.errstate(all="ignore"):
        return x.max() + np.mean(np.log(np.exp(x - x.max())))


@log_mean_exp.mistake("The logarithm of the mean is missing: c + np.log(...).")
def _(x):
    return x.max() + np.mean(np.exp(x - x.max()))


@log_mean_exp.mistake("Shift by the largest score, not by the largest absolute value: negative scores underflow.")
def _(x):
    with np.errstate(all="ignore"):
        top = np.abs(x).max()
        return top + np.log(np.mean(np.exp(x - top)))


@log_mean_exp.mistake("Add the maximum back, one number, and not all of x.")
def _(x):
    return x + log_mean_exp.reference(x) - x.max()
