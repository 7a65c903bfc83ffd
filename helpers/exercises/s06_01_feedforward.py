"""The exercises of lesson 6.1, Feedforward Networks."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
from scipy import special, stats

from . import exercise


@exercise(((64, 32, 10),), ((2, 2, 1),), ((784, 100, 50, 10),), ((5, 3),))
def parameters(widths):
    return sum(np.zeros((1 + below, above)).size for below, above in pairwise(widths))


@parameters.mistake("These are the weights. Each unit that is not an input also has a bias.")
def _(widths):
    return sum(below * above for below, above in pairwise(widths))


@parameters.mistake("Inputs have no bias.")
def _(widths):
    return parameters.reference(widths) + widths[0]


@parameters.mistake("A layer has one bias for each of its outputs, not a single one.")
def _(widths):
    return sum(below * above + 1 for below, above in pairwise(widths))


@parameters.mistake("The biases belong to the units that an arrow points to: a layer has one for each of its outputs.")
def _(widths):
    return sum(below * above + below for below, above in pairwise(widths))


@parameters.mistake("The output units have biases, too.")
def _(widths):
    return parameters.reference(widths) - widths[-1]


@parameters.mistake(
    "A bias has no arrows from other biases: only the inputs of a layer grow by the 1 that carries them."
)
def _(widths):
    return sum((below + 1) * (above + 1) for below, above in pairwise(widths))


BITS = np.array(list(product([0.0, 1.0], repeat=3)))


@exercise((BITS,), (BITS[[6, 1, 7]],), (BITS[3:4],))
def parity(x):
    return np.array([float(list(row).count(1.0) % 2) for row in x])


@parity.mistake("Right but for (1, 1, 1): the sum 3 needs a third kink, which turns the slope upward again.")
def _(x):
    total = x.sum(axis=1)
    return np.maximum(0, total) - 2 * np.maximum(0, total - 1)


@parity.mistake("At (1, 1, 1) you stay at 0: the output has to rise from 0 at the sum 2 to 1 at the sum 3.")
def _(x):
    total = x.sum(axis=1)
    return np.maximum(0, total) - 2 * np.maximum(0, total - 1) + np.maximum(0, total - 2)


@parity.mistake("That is 'at least one bit is set'. Parity is 1 if an odd number of bits is.")
def _(x):
    return x.max(axis=1)


@parity.mistake("That is the opposite: 1 if an even number of bits is set.")
def _(x):
    return 1 - parity.reference(x)


@parity.mistake("That is the sum of the bits: the three kinks lie at one place. Shift them by different biases.")
def _(x):
    return x.sum(axis=1)


@parity.mistake("The relus are missing: without them all is one linear function of the sum.")
def _(x):
    return x.sum(axis=1) - 2 * (x.sum(axis=1) - 1) + 2 * (x.sum(axis=1) - 2)


@parity.mistake("The right numbers in a column: the output of an example is one number, so w has the shape (3,).")
def _(x):
    return parity.reference(x)[:, None]


@parity.mistake("An example is a row of x: its three bits are added along axis 1.")
def _(x):
    return x.sum(axis=0) % 2


LOGITS, ANSWERS = np.array([-1000.0, -1000.0, 1000.0, 1000.0, 0.0, 2.0, -40.0]), np.array([0, 1, 0, 1, 1, 0, 0])
MILD = np.array([-3.0, -0.5, 0.0, 1.5, 2.0])


@exercise((LOGITS, ANSWERS), (MILD, np.array([1, 0, 1, 1, 0])))
def binary_cross_entropy(z, y):
    return -np.where(y == 1, special.log_expit(z), special.log_expit(-z))


@binary_cross_entropy.mistake("Far out the probability rounds to 0 or 1, and its logarithm is lost. Never form it.")
def _(z, y):
    p = special.expit(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy.mistake(
    "Infinite: exp(1000) overflows, or a probability rounds to 0. Find a function for log(1 + exp(a)) that avoids both."
)
def _(z, y):
    with np.errstate(over="ignore"):
        return np.log(1 + np.exp((1 - 2 * y) * z))


@binary_cross_entropy.mistake("The sign is turned: the loss must be large where the answer is wrong.")
def _(z, y):
    return np.logaddexp(0, (2 * y - 1) * z)


@binary_cross_entropy.mistake("Where y is 0 the loss is log(1 + exp(z)); you used the case y = 1 for all.")
def _(z, y):
    return np.logaddexp(0, -z)


@binary_cross_entropy.mistake("This is only the part of y = 1: where y is 0 the loss is log(1 + exp(z)), not 0.")
def _(z, y):
    return y * np.logaddexp(0, -z)


@binary_cross_entropy.mistake("A loss is not negative: turn the sign of the logarithm of the probability.")
def _(z, y):
    return -binary_cross_entropy.reference(z, y)


@binary_cross_entropy.mistake("Logarithms to base e, not 2.")
def _(z, y):
    return binary_cross_entropy.reference(z, y) / np.log(2)


@binary_cross_entropy.mistake("That is the squared error of the probability: it saturates where the answer is wrong.")
def _(z, y):
    return (special.expit(z) - y) ** 2


@binary_cross_entropy.mistake("One loss for each example is asked for, not their mean.")
def _(z, y):
    return np.mean(binary_cross_entropy.reference(z, y))


@binary_cross_entropy.mistake("One loss for each example is asked for, not their sum.")
def _(z, y):
    return np.sum(binary_cross_entropy.reference(z, y))


def _clipped(eps):
    def wrong(z, y):
        p = np.clip(special.expit(z), eps, 1 - eps)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p))

    return wrong


for eps in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16):
    binary_cross_entropy.mistake("Clipping the probability hides the error: at z = -1000 and y = 1 the loss is 1000.")(
        _clipped(eps)
    )


SCORES = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0], [0.3, 0.3, 0.3], [800.0, 0.0, 799.0]])


@exercise((SCORES, np.array([1, 0, 2, 2])), (SCORES[:1], np.array([0])), (SCORES[1:3, :2], np.array([1, 1])))
def cross_entropy_grad(logits, labels):
    n, k = logits.shape
    grad = np.empty((n, k))
    for i, j in np.ndindex(n, k):
        grad[i, j] = (1 / np.exp(logits[i] - logits[i, j]).sum() if logits[i, j] > logits[i].max() - 700 else 0.0) / n
    for i, label in enumerate(labels):
        grad[i, label] -= 1 / n
    return grad


@cross_entropy_grad.mistake("The loss is a mean: divide by the number of examples.")
def _(logits, labels):
    return cross_entropy_grad.reference(logits, labels) * len(logits)


@cross_entropy_grad.mistake("The sign is turned: the gradient is what the network says minus what it should say.")
def _(logits, labels):
    return -cross_entropy_grad.reference(logits, labels)


@cross_entropy_grad.mistake("That is the softmax alone. The target, a 1 at the label, has to be subtracted.")
def _(logits, labels):
    return special.softmax(logits, axis=1) / len(logits)


@cross_entropy_grad.mistake("exp(800) overflows. Subtract the largest score of each row first.")
def _(logits, labels):
    with np.errstate(over="ignore", invalid="ignore"):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return (p - np.eye(logits.shape[1])[labels]) / len(logits)


@cross_entropy_grad.mistake("The probabilities of one example add up to 1: softmax goes over each row.")
def _(logits, labels):
    return (special.softmax(logits, axis=0) - np.eye(logits.shape[1])[labels]) / len(logits)


def _error(p, labels):
    return p - np.eye(p.shape[1])[labels]


@cross_entropy_grad.mistake(
    "Subtract each row's own largest score: next to another row's 800, all of a row may vanish."
)
def _(logits, labels):
    with np.errstate(invalid="ignore"):
        p = np.exp(logits - logits.max())
        return _error(p / p.sum(axis=1, keepdims=True), labels) / len(logits)


@cross_entropy_grad.mistake(
    "`p[:, labels] -= 1` changes these columns in every row. Pair each row's number with its label."
)
def _(logits, labels):
    p = special.softmax(logits, axis=1)
    p[:, labels] -= 1
    return p / len(logits)


@cross_entropy_grad.mistake("The mean goes over the N examples: divide by N, not by the number of classes.")
def _(logits, labels):
    return _error(special.softmax(logits, axis=1), labels) / logits.shape[1]


@cross_entropy_grad.mistake(
    "The mean goes over the N examples: divide by N alone, not by N times the number of classes."
)
def _(logits, labels):
    return _error(special.softmax(logits, axis=1), labels) / logits.size


@cross_entropy_grad.mistake("Divide all of p - y by N, the probabilities, too.")
def _(logits, labels):
    p = special.softmax(logits, axis=1)
    return p + _error(0 * p, labels) / len(logits)


@cross_entropy_grad.mistake("Scores are not yet probabilities: apply softmax before you subtract y.")
def _(logits, labels):
    return _error(logits, labels) / len(logits)


@cross_entropy_grad.mistake("You subtract y from the logarithms of the probabilities: softmax, not log_softmax.")
def _(logits, labels):
    return _error(special.log_softmax(logits, axis=1), labels) / len(logits)


@cross_entropy_grad.mistake(
    "The probabilities of one example add up to 1: softmax goes over each row, not over all numbers."
)
def _(logits, labels):
    return _error(special.softmax(logits), labels) / len(logits)


Y, WEIGHTS = np.array([0.2, -1.0, 3.0]), np.array([[0.0, 1.0], [2.0, -1.0], [0.5, 0.5]])
MEANS, LOG_STDS = np.array([[0.0, 1.0], [-1.5, 2.0], [2.5, 4.0]]), np.array([[-1.0, 0.5], [0.0, -0.5], [0.3, -2.0]])


@exercise((Y, WEIGHTS, MEANS, LOG_STDS), (np.array([0.2, 89.0, -67.0]), WEIGHTS - 2, MEANS, LOG_STDS))
def mixture_loss(y, logits, mean, log_std):
    losses = []
    for target, row, centers, widths in zip(y, logits, mean, np.exp(log_std), strict=True):
        parts = zip(_share(row), centers, widths, strict=True)
        terms = [np.log(share) + stats.norm(center, width).logpdf(target) for share, center, width in parts]
        losses.append(-max(terms) - np.log(sum(np.exp(term - max(terms)) for term in terms)))
    return float(np.mean(losses))


def _share(row):
    return [1 / np.exp(row - score).sum() for score in row]


def _log_normal(y, mean, log_std):
    return stats.norm.logpdf(y[:, None], mean, np.exp(log_std))


@mixture_loss.mistake("The logits are not yet log weights: take their log_softmax.")
def _(y, logits, mean, log_std):
    return -special.logsumexp(logits + _log_normal(y, mean, log_std), axis=1).mean()


@mixture_loss.mistake("The density of a wide component is lower: -log_std belongs to its logarithm.")
def _(y, logits, mean, log_std):
    terms = special.log_softmax(logits, axis=1) + _log_normal(y, mean, log_std) + log_std
    return -special.logsumexp(terms, axis=1).mean()


@mixture_loss.mistake("That is the mean of the logarithms. A mixture adds densities; the logarithm comes last.")
def _(y, logits, mean, log_std):
    return -(special.softmax(logits, axis=1) * _log_normal(y, mean, log_std)).sum(axis=1).mean()


@mixture_loss.mistake("Far from all components the densities round to 0, and their logarithm is lost: use logsumexp.")
def _(y, logits, mean, log_std):
    density = special.softmax(logits, axis=1) * np.exp(_log_normal(y, mean, log_std))
    with np.errstate(divide="ignore"):
        return -np.log(density.sum(axis=1)).mean()


@mixture_loss.mistake("The constant is missing: each component also has -log(2 pi) / 2.")
def _(y, logits, mean, log_std):
    return mixture_loss.reference(y, logits, mean, log_std) - 0.5 * np.log(2 * np.pi)


@mixture_loss.mistake("The sign is turned: this is the log-likelihood.")
def _(y, logits, mean, log_std):
    return -mixture_loss.reference(y, logits, mean, log_std)


@mixture_loss.mistake("The mean over the examples is asked for, not the sum.")
def _(y, logits, mean, log_std):
    return mixture_loss.reference(y, logits, mean, log_std) * len(y)


def _mixture(y, log_share, mean, log_std):
    return -special.logsumexp(log_share + _log_normal(y, mean, log_std), axis=1).mean()


@mixture_loss.mistake("The weights of one example add up to 1: log_softmax along axis 1, without an axis it takes all.")
def _(y, logits, mean, log_std):
    return _mixture(y, special.log_softmax(logits), mean, log_std)


@mixture_loss.mistake("The weights of one example add up to 1: log_softmax along axis 1, not 0.")
def _(y, logits, mean, log_std):
    return _mixture(y, special.log_softmax(logits, axis=0), mean, log_std)


@mixture_loss.mistake("In logarithms the weights enter as log_softmax. You added the softmax itself.")
def _(y, logits, mean, log_std):
    return _mixture(y, special.softmax(logits, axis=1), mean, log_std)


@mixture_loss.mistake("The weights of the components are missing.")
def _(y, logits, mean, log_std):
    return _mixture(y, 0 * logits, mean, log_std)


@mixture_loss.mistake("log_std is the logarithm of the standard deviation: its exponential is sigma, not the variance.")
def _(y, logits, mean, log_std):
    return _mixture(y, special.log_softmax(logits, axis=1), mean, log_std / 2)


@mixture_loss.mistake(
    "log_std is the logarithm of the standard deviation: its exponential is sigma, no square is needed."
)
def _(y, logits, mean, log_std):
    return _mixture(y, special.log_softmax(logits, axis=1), mean, 2 * log_std)


@mixture_loss.mistake("The squared distance in the exponent of a Gaussian has the factor 1/2.")
def _(y, logits, mean, log_std):
    doubled = 2 * _log_normal(y, mean, log_std) + log_std + 0.5 * np.log(2 * np.pi)
    return -special.logsumexp(special.log_softmax(logits, axis=1) + doubled, axis=1).mean()


@mixture_loss.mistake("That takes the best component only. The density of a mixture is the sum of all.")
def _(y, logits, mean, log_std):
    return -(special.log_softmax(logits, axis=1) + _log_normal(y, mean, log_std)).max(axis=1).mean()


@mixture_loss.mistake("logsumexp goes over the components, axis=1: without an axis it takes the examples, too.")
def _(y, logits, mean, log_std):
    return -special.logsumexp(special.log_softmax(logits, axis=1) + _log_normal(y, mean, log_std))


@mixture_loss.mistake("Those are the losses of all examples. Asked is their mean.")
def _(y, logits, mean, log_std):
    return -special.logsumexp(special.log_softmax(logits, axis=1) + _log_normal(y, mean, log_std), axis=1)


INPUTS = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, -1.0], [0.0, 0.2]])
PIECES = np.round(np.sin(np.arange(1.0, 25.0)).reshape(2, 4, 3), 2)
OFFSETS = np.round(np.cos(np.arange(12.0)).reshape(4, 3) - 1.0, 2)


@exercise((INPUTS, PIECES, OFFSETS), (INPUTS[:3], PIECES[:, :2, :2], OFFSETS[:2, :2]))
def maxout(x, W, b):
    units, pieces = b.shape
    lines = [[x @ W[:, unit, piece] + b[unit, piece] for piece in range(pieces)] for unit in range(units)]
    return np.array([[max(values) for values in zip(*lines[unit], strict=True)] for unit in range(units)]).T


def _lines(x, W, b):
    return np.einsum("nd,duk->nuk", x, W) + b


@maxout.mistake("The maximum goes over the pieces of one unit, the last axis, not over the units.")
def _(x, W, b):
    return _lines(x, W, b).max(axis=1)


@maxout.mistake("Each piece has its own bias: add it before the maximum.")
def _(x, W, b):
    return np.einsum("nd,duk->nuk", x, W).max(axis=2) + b.max(axis=1)


@maxout.mistake("There is no relu in a maxout unit: its output may be negative.")
def _(x, W, b):
    return np.maximum(0, _lines(x, W, b).max(axis=2))


@maxout.mistake("The pieces compete: take the largest, not their sum.")
def _(x, W, b):
    return _lines(x, W, b).sum(axis=2)


@maxout.mistake("The biases are missing.")
def _(x, W, b):
    return np.einsum("nd,duk->nuk", x, W).max(axis=2)


@maxout.mistake("The maximum of the weights is not the maximum of the lines: first compute all lines, then compare.")
def _(x, W, b):
    return x @ W.max(axis=2) + b.max(axis=1)


@maxout.mistake("Take the largest piece, not the mean.")
def _(x, W, b):
    return _lines(x, W, b).mean(axis=2)


@maxout.mistake("Take the largest value itself, not the one that is largest without its sign.")
def _(x, W, b):
    return abs(_lines(x, W, b)).max(axis=2)


@maxout.mistake("The maximum goes over the pieces, axis 2: axis 0 are the examples.")
def _(x, W, b):
    return _lines(x, W, b).max(axis=0)


LINE = np.linspace(-2, 6, 17)


@exercise((LINE, 0.0, 1.0, 2.0), (LINE, -1.0, 0.0, 4.0), (LINE, 1.0, 3.0, 3.5))
def hat(x, left, top, right):
    return np.interp(x, [left, top, right], [0.0, 1.0, 0.0], left=0.0, right=0.0)


@hat.mistake("Right of the top the function falls for ever: a third relu has to turn the slope back to 0.")
def _(x, left, top, right):
    up, down = 1 / (top - left), 1 / (right - top)
    return np.maximum(0, x - left) * up - np.maximum(0, x - top) * (up + down)


@hat.mistake("At the top the slope changes by both: it stops rising and begins to fall.")
def _(x, left, top, right):
    up, down = 1 / (top - left), 1 / (right - top)
    return np.maximum(0, x - left) * up - np.maximum(0, x - top) * up + np.maximum(0, x - right) * down


@hat.mistake("Both sides have the left one's slope. The right side falls by 1 over right - top.")
def _(x, left, top, right):
    turns = (np.maximum(0, x - left), -2 * np.maximum(0, x - top), np.maximum(0, x - right))
    return sum(turns) / (top - left)


@hat.mistake("The three slopes are differences of x, not of height: the top has to be at 1.")
def _(x, left, top, right):
    ratio = (top - left) / (right - top)
    return np.maximum(0, x - left) - (1 + ratio) * np.maximum(0, x - top) + ratio * np.maximum(0, x - right)


@hat.mistake(
    "Right of `right` the function falls still faster: the third relu has to turn the slope upward, back to 0."
)
def _(x, left, top, right):
    down = 1 / (right - top)
    return hat.reference(x, left, top, right) - 2 * down * np.maximum(0, x - right)


@hat.mistake("At the top the slope has to change by the fall as well as by the rise: you turn it by the fall only.")
def _(x, left, top, right):
    up = 1 / (top - left)
    return hat.reference(x, left, top, right) + up * np.maximum(0, x - top)


@hat.mistake("Outside of the hat it must be 0: you drew the two lines on and on.")
def _(x, left, top, right):
    return np.minimum((x - left) / (top - left), (right - x) / (right - top))


@hat.mistake("A product of two relus is a parabola between left and right. Add three of them instead.")
def _(x, left, top, right):
    return np.maximum(0, x - left) * np.maximum(0, right - x)


ONE = np.array([1.0, 1.0, 1.0])


@exercise(
    (ONE, np.array([0.0, -1.0, -2.0]), np.array([1.0, -2.0, 2.0])),
    (np.array([1.0, 2.0, -1.0]), np.array([-1.0, -2.0, 3.0]), ONE),  # two kinks at one place
    (np.array([1.0, 0.0, -2.0]), np.array([0.5, 3.0, 1.0]), ONE),  # a unit that does not look at x
    (ONE, np.array([0.0, -1.0, 2.0]), np.array([1.0, 0.0, 4.0])),  # a unit that nobody looks at
    (np.array([1.0, -1.0, 4.0]), np.array([-2.0, 2.0, 1.0]), np.array([1.0, -1.0, 0.5])),  # kinks that cancel
    (np.array([1.0, -1.0, 2.0]), np.array([-2.0, 2.0, 3.0]), ONE),  # two kinks at one place that look both ways
    (np.array([2.0, 1.0, -1.0, 3.0]), np.array([-2.0, -1.0, 1.0, 3.0]), np.array([1.0, -1.0, -1.0, 1.0])),
)
def pieces_of_relu_net(w, c, v):
    """Compare the slopes left and right of each kink, in exact arithmetic."""
    w, c, v = ([Fraction(float(number)) for number in array] for array in (w, c, v))
    places = sorted({-b / a for a, b in zip(w, c, strict=True) if a})
    between = [places[0] - 1, *((a + b) / 2 for a, b in pairwise(places)), places[-1] + 1]
    slopes = [sum(out * a for a, b, out in zip(w, c, v, strict=True) if a * x + b > 0) for x in between]
    return 1 + sum(a != b for a, b in pairwise(slopes))


def _turns(w, c, v):
    """The change of slope at each place."""
    turns = {}
    for a, b, out in zip(w, c, v, strict=True):
        if a:
            turns[-b / a] = turns.get(-b / a, 0) + out * abs(a)
    return turns


@pieces_of_relu_net.mistake("So many pieces are the most. Some kinks coincide or cancel, and some units have none.")
def _(w, c, v):
    return len(w) + 1


@pieces_of_relu_net.mistake("Kinks are counted at different places only, but some of them do not turn the slope.")
def _(w, c, v):
    return len(_turns(w, c, v)) + 1


@pieces_of_relu_net.mistake("Kinks at the same place are one: add their changes of slope before you count.")
def _(w, c, v):
    return 1 + int(np.count_nonzero(w * v))


@pieces_of_relu_net.mistake("Kinks divide the line: there is one piece more than there are kinks.")
def _(w, c, v):
    return pieces_of_relu_net.reference(w, c, v) - 1


@pieces_of_relu_net.mistake("From left to right every relu changes the slope by v |w|, also where w is negative.")
def _(w, c, v):
    signed = {}
    for a, b, out in zip(w, c, v, strict=True):
        if a:
            signed[-b / a] = signed.get(-b / a, 0) + out * a
    return 1 + sum(turn != 0 for turn in signed.values())


@pieces_of_relu_net.mistake(
    "Kinks at the same place may cancel: add up their changes of slope, and count what is not 0."
)
def _(w, c, v):
    return 1 + len({-b / a for a, b, out in zip(w, c, v, strict=True) if a and out})


@pieces_of_relu_net.mistake("The slope changes by v |w|: you add up the v alone, and these cancel at other places.")
def _(w, c, v):
    return 1 + sum(turn != 0 for turn in _turns(np.sign(w), c / np.where(w == 0, 1, abs(w)), v).values())
