"""The exercises of lesson 7.12, Dropout."""

from itertools import product

import numpy as np

from ..autodiff import Tensor
from ..support.console import say
from . import exercise
from .agree import as_numbers, brief
from .attempts import Raised, answer_to, does_nothing, is_placeholder

CALLS = 300
ROWS = 1 + np.arange(24.0).reshape(6, 4) ** 1.5
LAYERS = {
    "p = 0.2": (ROWS, 0.2),
    "p = 0.5, one axis": (ROWS.ravel(), 0.5),
    "p = 0.75, three axes": (-ROWS.reshape(2, 3, 4), 0.75),
    "p = 0": (ROWS, 0.0),
}


class Trial:
    """What an attempt makes of `h` in many calls that share a generator, and once more in a first call."""

    def __init__(self, attempt, h, p):
        self.h, self.p = h, p
        self.after = h.copy()
        rng = np.random.default_rng(7)
        results = [attempt(self.after if call == 0 else h.copy(), p, rng) for call in range(CALLS)]
        again = attempt(h.copy(), p, np.random.default_rng(7))
        self.results = [*results, again]
        self.of_zeros = attempt(np.zeros(h.shape), p, np.random.default_rng(7))
        pairs = [result if is_pair(result) else (None, None) for result in self.results]
        self.outputs, self.masks = (list(map(as_numbers, column)) for column in zip(*pairs, strict=True))

    @property
    def mask(self):
        """The masks of all calls (CALLS, ...)."""
        return np.array(self.masks[:-1], dtype=float)

    @property
    def factor(self):
        """By what each call multiplied each number (CALLS, ...)."""
        return np.array(self.outputs[:-1]) / self.h

    @property
    def factors_of_kept(self):
        """By what the kept numbers were multiplied."""
        return self.factor[self.mask == 1]

    @property
    def kept(self):
        """The fraction of numbers that were kept, in each call."""
        return self.mask.reshape(CALLS, -1).mean(axis=1)

    @property
    def is_random(self):
        return self.p > 0

    def has_kept(self, fraction):
        """Return whether the fraction kept is this one, up to five standard errors."""
        error = np.sqrt(fraction * (1 - fraction) / self.mask.size)
        return abs(self.kept.mean() - fraction) <= 5 * error + 1e-12

    def scales_by(self, factor):
        return np.allclose(self.factors_of_kept, factor)

    def outputs_are(self, of):
        """Return whether each output is this function of the numbers that were kept."""
        return np.allclose(self.outputs[:-1], of(self.h * self.mask))


def is_pair(result):
    return isinstance(result, (tuple, list)) and len(result) == 2


def same_along(masks, axis):
    """Return whether each mask has equal numbers along an axis of the layer; False where there is no such axis."""
    layer_axes = masks.ndim - 1
    if axis >= layer_axes or masks.shape[axis + 1] == 1:
        return False
    return bool((masks == masks.take([0], axis=axis + 1)).all())


# Sentences and predicates on a trial. The first that holds is told, so each may rely on those above it.
PROBLEMS = (
    (
        "Return two results, the output and the mask: `return output, mask`.",
        lambda trial: not all(map(is_pair, trial.results)),
    ),
    (
        "`h` has changed. Whoever called may still need it: make a new array, not `h *= ...` or `h[...] = 0`.",
        lambda trial: not np.array_equal(trial.after, trial.h),
    ),
    (
        "Both results must be arrays of numbers.",
        lambda trial: any(array is None for array in trial.outputs + trial.masks),
    ),
    (
        "Each number in `h` gets its own draw, so the mask has the shape `h.shape`.",
        lambda trial: any(mask.shape != trial.h.shape for mask in trial.masks),
    ),
    (
        "The output must have the shape of `h`: dropped numbers become 0, they are not taken out.",
        lambda trial: any(output.shape != trial.h.shape for output in trial.outputs),
    ),
    (
        "Right results, other order: first the output, then the mask.",
        lambda trial: np.isin(trial.outputs, (0, 1)).all() and not np.isin(trial.masks, (0, 1)).all(),
    ),
    (
        "Everything is dropped: your mask is 0 everywhere.",
        lambda trial: (trial.mask == 0).all(),
    ),
    (
        "Your mask is already divided by 1 - p. Return it as zeros and ones, and divide the output.",
        lambda trial: np.allclose(trial.mask[trial.mask != 0], 1 / (1 - trial.p)) and trial.is_random,
    ),
    (
        "A mask holds zeros and ones (or False and True), and yours holds other numbers.",
        lambda trial: not np.isin(trial.masks, (0, 1)).all(),
    ),
    (
        "Nothing is dropped: your mask is 1 everywhere.",
        lambda trial: (trial.mask == 1).all() and trial.is_random,
    ),
    (
        "Each call must draw a new mask, and yours is always the same: use `rng`, and do not seed one of your own.",
        lambda trial: trial.is_random and (trial.mask == trial.mask[0]).all(),
    ),
    (
        "Draw from `rng`, not from np.random or a generator of your own: with the same `rng` you drew another mask.",
        lambda trial: not np.array_equal(trial.masks[0], trial.masks[-1]),
    ),
    (
        "One draw decides for the whole array. Each number gets its own: draw an array of shape `h.shape`.",
        lambda trial: trial.is_random and (trial.mask.reshape(CALLS, -1).std(axis=1) == 0).all(),
    ),
    (
        "All rows have the same mask. Each number in `h` gets its own draw: `h.shape`, not its last axis alone.",
        lambda trial: trial.is_random and trial.h.ndim > 1 and same_along(trial.mask, 0),
    ),
    (
        "Each row is kept or dropped as a whole. Each number in `h` gets its own draw: `h.shape`.",
        lambda trial: trial.is_random and trial.h.ndim > 1 and same_along(trial.mask, trial.h.ndim - 1),
    ),
    (
        "`a / 1 - p` is `(a / 1) - p` in Python: divide by `(1 - p)`, with parentheses.",
        lambda trial: trial.is_random and trial.outputs_are(lambda kept: kept - trial.p),
    ),
    (
        "Your mask is 1 where a number is dropped. It must be 1 where it is kept.",
        lambda trial: trial.is_random and np.array_equal(trial.factor != 0, trial.mask == 0),
    ),
    (
        "The mask that you return is not the one in the output: draw once and use it twice.",
        lambda trial: not np.array_equal(trial.factor != 0, trial.mask == 1),
    ),
    (
        "You drop with probability 1 - p and keep with probability p. It is the other way round.",
        lambda trial: not trial.has_kept(1 - trial.p) and trial.has_kept(trial.p),
    ),
    (
        "You drop exactly the same number of units each time. Each has to be drawn without regard to the others.",
        lambda trial: trial.is_random and trial.kept.std() < 1e-12,
    ),
    (
        "The fraction that you keep is not 1 - p. Where is `rng.random` below p?",
        lambda trial: not trial.has_kept(1 - trial.p),
    ),
    (
        "The kept numbers are as they were. Divide them by 1 - p, so that the mean over many masks stays `h`.",
        lambda trial: trial.is_random and trial.scales_by(1),
    ),
    (
        "The kept numbers are multiplied by 1 - p. Divide by it: some are missing, so the others count more.",
        lambda trial: trial.is_random and trial.scales_by(1 - trial.p),
    ),
    (
        "You divide by p, the probability of being dropped. Divide by 1 - p.",
        lambda trial: trial.p > 0 and not trial.scales_by(1 / (1 - trial.p)) and trial.scales_by(1 / trial.p),
    ),
    (
        "You divide by the fraction that happened to be kept in this call. Divide by its expected value, 1 - p.",
        lambda trial: trial.is_random and np.allclose(
            trial.factor.reshape(CALLS, -1).max(axis=1) * trial.kept, 1
        ) and not trial.scales_by(1 / (1 - trial.p)),
    ),
    (
        "The kept numbers must be those of `h` divided by 1 - p.",
        lambda trial: not trial.scales_by(1 / (1 - trial.p)),
    ),
    (
        "Is your mask read off the output? A zero in `h` may be kept, too: the mask is what was drawn.",
        lambda trial: not np.array_equal(as_numbers(trial.of_zeros[1]), trial.masks[-1]),
    ),
)  # fmt: skip


DRAW = "Draw an array of the shape of `h` with `rng.random(h.shape)`."
HINTS = (  # what NumPy says of a draw that is written wrong
    ("could not be broadcast", f"Is the mask of the shape of `h`? {DRAW}"),
    ("as a data type", f"The shape is one argument, without `*`. {DRAW}"),
    ("no attribute 'rand'", f"`rng` is a generator, and its method is `random`. {DRAW}"),
    ("not callable", f"`rng` is a generator, and its method is `random`. {DRAW}"),
    ("scalar index", f"It is asked for a shape, not for an array. {DRAW}"),
    ("high - low", f"`uniform` takes the two limits first. {DRAW}"),
    ("truth value of an array", "`if` looks at one number. A comparison, `rng.random(h.shape) >= p`, looks at all."),
    ("matmul", "`@` is a product of matrices. `*` multiplies number by number."),
)


def hint_on(error):
    """Return what helps against an exception that a draw has raised; "" for all others."""
    return next((f" {hint}" for said, hint in HINTS if said in str(error)), "")


def dropout(attempt):
    """Print the verdict on a function of h, p and rng that returns the output and the mask."""
    say(verdict(attempt))


def verdict(attempt):
    """Return what `dropout` prints. Masks are random, so it looks at what many of them have in common."""
    if attempt is ... or does_nothing(attempt):
        return "○ dropout: not attempted yet"
    if not callable(attempt):
        return f"✗ dropout: expected a function, got {brief(attempt)}"
    for name, (h, p) in LAYERS.items():
        first = answer_to((h, p, np.random.default_rng(7)), attempt)
        if is_placeholder(first):
            return "○ dropout: not attempted yet"
        problem = problem_of(attempt, first, h, p)
        if problem:
            return f"✗ dropout, {name}: {problem}"
    return f"✓ dropout: {len(LAYERS)} cases agree"


def problem_of(attempt, first, h, p):
    """Return what is wrong with an attempt in one case, of which `first` is a first answer; "" if nothing is."""
    if type(first) is Raised:
        return (
            "it is called with 3 arguments: h, p, rng." if first.is_wrong_call() else f"{first}.{hint_on(first.error)}"
        )
    if first is None:
        return "Does your function end in `return`?"
    with np.errstate(all="ignore"):
        try:
            trial = Trial(attempt, h, p)
        except Exception as error:
            return f"{CALLS} calls in a row do not all work. One of them raised {error!r}."
        return next((sentence for sentence, holds in PROBLEMS if holds(trial)), "")


_draw = np.random.default_rng(712)
GRAD = _draw.normal(size=(4, 5))
MASK = np.array([[1, 0, 1, 1, 0], [0, 0, 1, 0, 1], [1, 1, 1, 0, 0], [0, 1, 0, 1, 1]])


@exercise(
    {"p = 0.5": (GRAD, MASK == 1, 0.5), "p = 0.2, a mask of integers": (GRAD, MASK[:, ::-1], 0.2)},
    {"p = 0.75, one example": (GRAD[0], MASK[1] == 1, 0.75), "p = 0.1": (-GRAD, MASK[::-1] == 1, 0.1)},
)
def dropout_backward(grad, mask, p):
    h = Tensor(np.ones(grad.shape), requires_grad=True)
    (h * (mask / (1 - p))).backward(grad)
    return h.grad


@dropout_backward.slips
def _(slip, grad, mask, p):
    kept = np.asarray(mask, dtype=float)
    if slip("A number that was dropped had no influence, so its gradient is 0: multiply by the mask."):
        kept = np.ones(kept.shape)
    elif slip("The gradient passes where the mask is 1. You let it pass where the mask is 0."):
        kept = 1 - kept
    scale = 1 / (1 - p)
    if slip("On the way forward the kept numbers were divided by 1 - p, so their slope is 1 / (1 - p), not 1."):
        scale = 1
    elif slip("Divide by 1 - p, do not multiply: the slope of h / (1 - p) with respect to h is 1 / (1 - p)."):
        scale = 1 - p
    elif slip("Divide by 1 - p, the probability of being kept, not by p."):
        scale = 1 / p
    elif slip("Divide by 1 - p, which was used on the way forward, not by the fraction of ones in this mask."):
        scale = 1 / np.mean(kept)
    elif slip("Divide by 1 - p once, as on the way forward. You did it twice."):
        scale = scale**2
    result = grad * kept * scale
    if slip("Each number in `h` has its own gradient: no sum over the examples."):
        return result.sum(axis=0)
    return result


@dropout_backward.mistake("Each slope is a product: how the output changes with `h`, times `grad`. `grad` is missing.")
def _(grad, mask, p):
    return mask / (1 - p)


@dropout_backward.mistake("`a / 1 - p` is `(a / 1) - p` in Python: divide by `(1 - p)`, with parentheses.")
def _(grad, mask, p):
    return grad * mask / 1 - p


@dropout_backward.mistake("Divide by 1 - p, the probability of being kept. You multiply by p.")
def _(grad, mask, p):
    return grad * mask * p


@dropout_backward.mistake("`return` one array: the slopes with respect to `h`. The caller has the mask already.")
def _(grad, mask, p):
    return grad * mask / (1 - p), mask


@dropout_backward.mistake("Where the mask is 0, the gradient is 0: it does not pass unchanged.")
def _(grad, mask, p):
    return np.where(mask, grad / (1 - p), grad)


@dropout_backward.mistake("The gradient passes where the mask is 1. `~mask` lets it pass where the mask is 0.")
def _(grad, mask, p):
    return grad * ~mask / (1 - p)


@dropout_backward.telltale("Return one array of the shape of `grad`, with 0 where a number was dropped.")
def _(answers, wanted):
    return any(answer.shape != want.shape for answer, want in zip(answers, wanted, strict=True))


@dropout_backward.telltale("The mask is given. Use it and draw no other: the gradient is 0 where this mask is 0.")
def _(answers, wanted):
    return any(((answer != 0) != (want != 0)).any() for answer, want in zip(answers, wanted, strict=True))


def _softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def masks_of(units, p):
    """Yield every mask of so many units, with its probability."""
    for mask in product((0, 1), repeat=units):
        yield np.array(mask), np.prod(np.where(mask, 1 - p, p))


def geometric_mean(h, W, b, p):
    """Return the geometric mean over all masks, not renormalised."""
    logs = sum(weight * np.log(_softmax((mask * h) @ W + b)) for mask, weight in masks_of(len(W), p))
    return np.exp(logs)


H = np.abs(_draw.normal(size=(3, 5))) * [1.0, 2.0, 0.5, 1.5, 1.0]
WEIGHTS = _draw.normal(size=(5, 3))
BIAS = np.array([0.5, -1.0, 1.2])


@exercise(
    {"p = 0.2, one example": (H[:1], WEIGHTS, BIAS, 0.2), "p = 0.5, two examples": (H[:2], -WEIGHTS, BIAS, 0.5)},
    {"p = 0.75, three examples": (H[:, :4], WEIGHTS[:4], -BIAS, 0.75)},
)
def at_test(h, W, b, p):
    """Enumerate the masks."""
    mean = geometric_mean(h, W, b, p)
    return mean / mean.sum(axis=-1, keepdims=True)


@at_test.slips
def _(slip, h, W, b, p):
    keep = 1 - p
    if slip("In training nothing was divided, so at test time all units together are too many: scale by 1 - p."):
        keep = 1
    elif slip("Scale by 1 - p, do not divide: more units are present than in training, not fewer."):
        keep = 1 / (1 - p)
    elif slip("Scale by 1 - p, the probability of being kept, not by p."):
        keep = p
    bias = b
    if slip("Only what comes from dropped units is scaled. The bias is always there: add it after scaling."):
        bias = keep * b
    elif slip("The bias is missing."):
        bias = 0
    scores = keep * (h @ W) + bias
    if slip("Those are the scores. The probabilities are their softmax."):
        return scores
    if slip("The softmax is over the classes of each example, axis 1, not over all numbers at once."):
        return _softmax(scores.ravel()).reshape(scores.shape)
    if slip("The softmax is over the classes of each example, axis 1, not over the examples."):
        return _softmax(scores.T).T
    return _softmax(scores)


@at_test.mistake("That scales the probabilities. Scale what comes from the dropped layer, before the softmax.")
def _(h, W, b, p):
    return (1 - p) * _softmax(h @ W + b)


@at_test.mistake("Scale once, either `h` or `W`. You scale both.")
def _(h, W, b, p):
    return _softmax((1 - p) ** 2 * (h @ W) + b)


@at_test.mistake("It is the other way round: scale what comes from the dropped units, and leave the bias as it is.")
def _(h, W, b, p):
    return _softmax(h @ W + (1 - p) * b)


@at_test.mistake("The exponentials are right. Divide them by their sum in each row: `softmax(..., axis=1)`.")
def _(h, W, b, p):
    return np.exp((1 - p) * h @ W + b)


@at_test.mistake("Those are the scores divided by their sum. A softmax takes their exponentials first.")
def _(h, W, b, p):
    scores = (1 - p) * h @ W + b
    return scores / scores.sum(axis=1, keepdims=True)


@at_test.mistake("That is a sigmoid of each score. The classes exclude each other: use `softmax`.")
def _(h, W, b, p):
    return 1 / (1 + np.exp(-((1 - p) * h @ W + b)))


@at_test.mistake("The power scales the bias, too, and its rows do not sum to 1. Scale before the softmax.")
def _(h, W, b, p):
    return _softmax(h @ W + b) ** (1 - p)


@at_test.mistake("That is the arithmetic mean over all masks. One run gives the geometric mean, renormalised.")
def _(h, W, b, p):
    return sum(weight * _softmax((mask * h) @ W + b) for mask, weight in masks_of(len(W), p))


@at_test.telltale("A row for each example and a column for each class are expected: the probabilities of all classes.")
def _(answers, wanted):
    return any(answer.shape != want.shape for answer, want in zip(answers, wanted, strict=True))


@at_test.telltale(
    "These are probabilities, but not the ensemble's. Draw no mask: keep all units, and scale once what they add."
)
def _(answers, wanted):
    return all(np.allclose(answer.sum(axis=1), 1) for answer in answers)


@at_test.mistake("The geometric mean over all masks is right, but it has to be divided by its sum.")
def _(h, W, b, p):
    return geometric_mean(h, W, b, p)


DESIGN = _draw.normal(size=(12, 3)) @ np.array([[1.0, 0.5, 0.0], [0.0, 2.0, -1.0], [0.3, 0.0, 0.5]]) + [0.5, -1.0, 0.2]
TARGET = DESIGN @ [1.0, -0.5, 2.0] + _draw.normal(size=12)


@exercise((DESIGN, TARGET, 0.5), (DESIGN, TARGET, 0.2), (DESIGN[:5, :2], TARGET[:5], 0.7), (DESIGN, -TARGET, 0.4))
def dropout_regression(X, y, p):
    """Least squares on the examples under every mask, each row weighted by its mask's probability."""
    masks = list(masks_of(X.shape[1], p))
    rows = [np.sqrt(weight) * X * mask / (1 - p) for mask, weight in masks]
    targets = [np.sqrt(weight) * y for _, weight in masks]
    return np.linalg.lstsq(np.concatenate(rows), np.concatenate(targets))[0]


@dropout_regression.slips
def _(slip, X, y, p):
    variance = p / (1 - p)
    if slip(
        "Both the cost and the penalty are squares, so the factor 2 of their slopes cancels: yours is left in one."
    ):
        variance = 2 * variance
    elif slip("A factor that is 1 / (1 - p) with probability 1 - p, else 0, has the variance p / (1 - p)."):
        variance = p * (1 - p)
    elif slip("p is the probability of being dropped: the penalty's factor is p / (1 - p)."):
        variance = (1 - p) / p
    elif slip("That is least squares without dropout."):
        variance = 0
    elif slip("The penalty is there, but without the variance of the noise, p / (1 - p)."):
        variance = 1
    squares = np.sum(X**2, axis=0)
    if slip("Cost and penalty must both be sums over the examples, or both means."):
        squares = squares / len(X)
    elif slip("The penalty is not the same for all: weight j pays with the sum of squares of input j."):
        squares = np.ones(X.shape[1])
    elif slip("The penalty is a diagonal matrix: products of two different inputs are not in it."):
        return np.linalg.solve((1 + variance) * X.T @ X, X.T @ y)
    return np.linalg.solve(X.T @ X + np.diag(variance * squares), X.T @ y)


@dropout_regression.mistake("The variance of the noise is p / (1 - p), not p alone.")
def _(X, y, p):
    return np.linalg.solve(X.T @ X + p * np.diag(np.sum(X**2, axis=0)), X.T @ y)


@dropout_regression.mistake("The variance of the noise is p / (1 - p). Do not square it: it is a square already.")
def _(X, y, p):
    return np.linalg.solve(X.T @ X + (p / (1 - p)) ** 2 * np.diag(np.sum(X**2, axis=0)), X.T @ y)


@dropout_regression.mistake("A penalty is added: the sign of its matrix is plus.")
def _(X, y, p):
    return np.linalg.solve(X.T @ X - p / (1 - p) * np.diag(np.sum(X**2, axis=0)), X.T @ y)


@dropout_regression.mistake("A vector is added to every row of a matrix. Make a diagonal matrix of it: `np.diag`.")
def _(X, y, p):
    return np.linalg.solve(X.T @ X + p / (1 - p) * np.sum(X**2, axis=0), X.T @ y)


@dropout_regression.mistake(
    "A number is added to every entry of a matrix. Make a diagonal matrix of sums, one per input."
)
def _(X, y, p):
    return np.linalg.solve(X.T @ X + p / (1 - p) * np.sum(X**2), X.T @ y)


@dropout_regression.mistake("Weight j pays with the sum of the squares of input j, not with the square of its sum.")
def _(X, y, p):
    return np.linalg.solve(X.T @ X + p / (1 - p) * np.diag(np.sum(X, axis=0) ** 2), X.T @ y)


@dropout_regression.mistake("Weight j pays with the squares of input j as they are: do not subtract the mean first.")
def _(X, y, p):
    return np.linalg.solve(X.T @ X + p / (1 - p) * np.diag(len(X) * np.var(X, axis=0)), X.T @ y)
