"""The exercises of lesson 9.6, Structured Outputs and Data Types."""

import numpy as np
from scipy import signal

from ..autodiff import Tensor
from . import exercise


class Scaled:
    """A layer for checks: a x + b, of an array or of a Tensor."""

    def __init__(self, a, b):
        self.a, self.b = a, b

    def __call__(self, x):
        return x * self.a + self.b

    def __repr__(self):
        return f"{self.a} x + {self.b}"


def untaped(x):
    """Return the array of a Tensor, and an array as it is."""
    return x.data if isinstance(x, Tensor) else x


X = np.array([[-1.0, 0.5, 2.0], [0.0, 1.5, -0.5]])
LAYERS = Scaled(0.5, 0.3), Scaled(-2.0, 0.1), Scaled(1.5, -0.7)


@exercise(
    {"one step": (*LAYERS, X, 1), "three steps": (*LAYERS, X, 3)},
    {"five steps, other layers": (Scaled(-1.0, 0.2), Scaled(0.8, -0.4), Scaled(2.0, 0.5), X, 5)},
    {"a Tensor on the tape": (*LAYERS, Tensor(X, requires_grad=True), 3)},
)
def refine(U, W, V, x, steps):
    x = untaped(x)
    guess = V(np.maximum(U(x), 0))
    return [guess] if steps == 1 else [guess, *_further(U, W, V, x, guess, steps - 1)]


def _further(U, W, V, x, guess, steps):
    """Return the guesses that follow a guess."""
    if not steps:
        return []
    guess = V(np.maximum(U(x) + W(np.tanh(guess)), 0))
    return [guess, *_further(U, W, V, x, guess, steps - 1)]


@refine.slips
def _(slip, U, W, V, x, steps):
    x = untaped(x)
    if slip("The first guess has no guess before it: leave the term with W out."):
        guess, guesses = np.zeros(np.shape(x)), []
    else:
        guess = V(np.maximum(U(x), 0))
        guesses = [guess]
    bend = np.tanh
    if slip("Where is the tanh? W sees tanh of the last guess."):
        bend = np.positive
    keeps = not slip("Every guess sees the image again: add U(x) each time.")
    below = 0
    if slip("Where is max(0, ...)? Apply ops.relu before V."):
        below = -np.inf
        guesses = [V(U(x)) for _ in guesses]
        guess = guesses[-1] if guesses else guess
    from_image = slip("W belongs to the last guess, not to the image.")
    while len(guesses) < steps:
        h = (U(x) if keeps else 0) + W(bend(x if from_image else guess))
        guess = V(np.maximum(h, below))
        guesses.append(guess)
    if slip("Return the list of all guesses, not the last one alone."):
        return guesses[-1]
    return guesses


@refine.mistake("There is one guess too many: `steps` counts the first one, too.")
def _(U, W, V, x, steps):
    return refine.reference(U, W, V, x, steps + 1)


@refine.mistake("The guesses do not change: give the last guess to W.")
def _(U, W, V, x, steps):
    return refine.reference(U, W, V, x, 1) * steps


@refine.mistake("V is missing: a guess is V of the hidden maps.")
def _(U, W, V, x, steps):
    return refine.reference(U, W, Scaled(1, 0), x, steps)


@refine.mistake("U sees the image, not the last guess.")
def _(U, W, V, x, steps):
    x, guesses = untaped(x), refine.reference(U, W, V, x, 1)
    for _ in range(steps - 1):
        guesses.append(V(np.maximum(U(guesses[-1]), 0)))
    return guesses


@refine.mistake("Right numbers, but np.tanh and np.maximum leave the tape: use ops.tanh and ops.relu.")
def _(U, W, V, x, steps):
    guesses = [V(np.maximum(U(x), 0))]
    for _ in range(steps - 1):
        guesses.append(V(np.maximum(U(x) + W(np.tanh(guesses[-1])), 0)))
    return guesses


@refine.mistake("W sees the last guess, not the first one.")
def _(U, W, V, x, steps):
    first = refine.reference(U, W, V, x, 1)[0]
    return [first] + [V(np.maximum(U(untaped(x)) + W(np.tanh(first)), 0))] * (steps - 1)


@refine.mistake("The scores are not cut off: max(0, ...) comes before V, not after it.")
def _(U, W, V, x, steps):
    x = untaped(x)
    guesses = [np.maximum(V(U(x)), 0)]
    for _ in range(steps - 1):
        guesses.append(np.maximum(V(U(x) + W(np.tanh(guesses[-1]))), 0))
    return guesses


@refine.mistake("W sees the last guess, V of the hidden maps, not the hidden maps themselves.")
def _(U, W, V, x, steps):
    hidden = [np.maximum(U(untaped(x)), 0)]
    for _ in range(steps - 1):
        hidden.append(np.maximum(U(untaped(x)) + W(np.tanh(hidden[-1])), 0))
    return [V(h) for h in hidden]


@refine.mistake("The last guess comes last: the first guess is the first of the list.")
def _(U, W, V, x, steps):
    return refine.reference(U, W, V, x, steps)[::-1]


@refine.mistake("The tanh belongs around the guess, not around what W makes of it.")
def _(U, W, V, x, steps):
    x, guesses = untaped(x), refine.reference(U, W, V, x, 1)
    for _ in range(steps - 1):
        guesses.append(V(np.maximum(U(x) + np.tanh(W(guesses[-1])), 0)))
    return guesses


GUESS = np.array([[[0, 1, 1, 2], [0, 1, 2, 2]], [[0, 0, 1, 1], [2, 0, 1, 0]]])
TRUTH = np.array([[[0, 1, 1, 1], [0, 2, 2, 2]], [[0, 0, 0, 1], [0, 0, 0, 0]]])


@exercise((GUESS, TRUTH, 0), (GUESS, TRUTH, 1), (GUESS, TRUTH, 2), (GUESS[0], TRUTH[0], 1), (GUESS, 2 - TRUTH, 0))
def overlap(guess, labels, kind):
    given = {place for place in np.ndindex(guess.shape) if guess[place] == kind}
    true = {place for place in np.ndindex(labels.shape) if labels[place] == kind}
    return len(given & true) / len(given | true)


@overlap.slips
def _(slip, guess, labels, kind):
    given, true = guess == kind, labels == kind
    both = np.sum(given & true)
    union = np.sum(given) + np.sum(true) - both
    if slip("In the union each pixel counts once: those in both sets are not to be counted twice."):
        union = union + both
    if slip("That is the fraction of the pixels with this label that are found: divide by the union."):
        union = np.sum(true)
    if slip("That is the fraction of the pixels given this label that are right: divide by the union."):
        union = np.sum(given)
    if slip("Divide by the union, not by the number of all pixels."):
        union = guess.size
    if slip("That is the number of pixels in both: divide it by the number in the union."):
        return both
    if slip("That is twice the intersection over the sum of both sizes, Dice's coefficient."):
        return 2 * both / (np.sum(given) + np.sum(true))
    if slip("That is the accuracy. Look at the pixels of one kind only."):
        return np.mean(guess == labels)
    if slip("Upside down: the intersection is divided by the union."):
        with np.errstate(divide="ignore"):
            return union / both
    return both / union


@overlap.mistake("That is the accuracy of `guess == kind`: background that both agree on does not count.")
def _(guess, labels, kind):
    return np.mean((guess == kind) == (labels == kind))


@overlap.mistake("Count the pixels: np.sum of the array of True and False.")
def _(guess, labels, kind):
    given, true = guess == kind, labels == kind
    with np.errstate(all="ignore"):
        return (given & true) / (given | true)


def draw_film(rng, T, H, W, D, kH, kW):
    """Return a film and a kernel of small whole numbers."""
    return rng.integers(-5, 6, (T, H, W)) / 2, rng.integers(1, 9, (D, kH, kW)) * rng.choice([-1.0, 1.0], (D, kH, kW))


@exercise(
    {"one pixel, two frames": (np.array([1.0, 2, 4, 8]).reshape(4, 1, 1), np.array([1.0, 10]).reshape(2, 1, 1))},
    {"kernel of 3 x 2 x 3": draw_film(np.random.default_rng(8), 5, 4, 6, 3, 2, 3)},
    {"as many frames as the kernel": draw_film(np.random.default_rng(9), 2, 5, 4, 2, 3, 3)},
)
def conv3d(film, kernel):
    return signal.correlate(film, kernel, mode="valid", method="direct")


@conv3d.slips
def _(slip, film, kernel):
    T, D = len(film), len(kernel)
    if slip("The frames of the kernel run backwards: frame t + d meets kernel[d]."):
        kernel = kernel[::-1]
    if slip("The slices are flipped: conv2d does not flip, so leave them as they are."):
        kernel = kernel[:, ::-1, ::-1]
    times = T - D + 1
    if slip("The last time is missing: t runs from 0 to T - D, with T - D included."):
        times = T - D
    if slip("Only the first slice of the kernel is used: sum over d."):
        kernel = kernel[:1]
    scale = len(kernel) if slip("The slices' results add up, they are not averaged.") else 1
    still = slip("The frame moves with d: slice d meets frame t + d.")
    apart = slip("Nothing is summed: add the D results up.")
    result = []
    for t in range(times):
        parts = [signal.correlate2d(film[t if still else t + d], part, "valid") for d, part in enumerate(kernel)]
        result.append(np.array(parts) if apart else sum(parts) / scale)
    return np.array(result)


@conv3d.mistake("Only the first D frames are used: do the same for every time t.")
def _(film, kernel):
    return conv3d.reference(film, kernel)[0]


@conv3d.mistake("The kernel must lie within the film: there are T - D + 1 times, the last frames begin no new window.")
def _(film, kernel):
    padded = np.concatenate([film, np.zeros((len(kernel) - 1, *film.shape[1:]))])
    return conv3d.reference(padded, kernel)


@conv3d.mistake("Slice d overwrites the one before: add the D results up.")
def _(film, kernel):
    return conv3d.reference(film[len(kernel) - 1 :], kernel[-1:])


@conv3d.mistake("The results of the D slices are multiplied. They add up.")
def _(film, kernel):
    D = len(kernel)
    parts = [conv3d.reference(film[d : len(film) - D + 1 + d], kernel[d : d + 1]) for d in range(D)]
    return np.prod(parts, axis=0)


@conv3d.mistake("The windows of time lie side by side. They move by one frame.")
def _(film, kernel):
    return conv3d.reference(film, kernel)[:: len(kernel)]


@conv3d.telltale("The result is (T - D + 1, H - kH + 1, W - kW + 1).")
def _(answers, wanted):
    return any(answer.shape != want.shape for answer, want in zip(answers, wanted, strict=True))
