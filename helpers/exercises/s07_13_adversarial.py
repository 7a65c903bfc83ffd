"""The exercises of lesson 7.13, Adversarial Training."""

from functools import partial

import numpy as np
from scipy import optimize, special

from .. import nn
from ..autodiff import Tensor
from . import exercise
from .exercise import Exercise


def draw_classifier(seed, inputs, hidden, classes, examples):
    """Return a network, images and labels."""
    rng = np.random.default_rng(seed)
    like = {"rng": rng, "dtype": np.float64}
    net = nn.Sequential(nn.Linear(inputs, hidden, **like), nn.Tanh(), nn.Linear(hidden, classes, **like))
    for param in net.parameters():
        with param.writable() as array:
            array += rng.normal(size=array.shape)
    x = rng.random((examples, inputs))
    x[:, 0], x[:, -1] = 0.01, 0.98  # pixels that can leave the range
    return net, x, rng.integers(classes, size=examples)


SMALL, MANY, SINGLE = (
    draw_classifier(3, 6, 4, 3, 4),
    draw_classifier(7, 9, 5, 4, 8),
    draw_classifier(11, 5, 3, 2, 1),
)


def parts(net):
    """Return the four arrays of a network with one hidden layer."""
    return [param.data for param in net.parameters()]


def losses_at(net, x, y):
    """Return the cross-entropy of each image, without the tape."""
    W1, b1, W2, b2 = parts(net)
    scores = special.log_softmax(np.tanh(x @ W1 + b1) @ W2 + b2, axis=1)
    return -scores[np.arange(len(x)), y]


def slopes_at(net, x, y):
    """Return the slopes of each image's loss with respect to its pixels, by hand."""
    W1, b1, W2, b2 = parts(net)
    h = np.tanh(x @ W1 + b1)
    error = special.softmax(h @ W2 + b2, axis=1) - np.eye(W2.shape[1])[y]
    return (error @ W2.T * (1 - h**2)) @ W1.T


@exercise(
    {"4 images of 6 pixels": (*SMALL, 0.1)},
    {"8 images of 9 pixels": (*MANY, 0.05)},
    {"1 image of 5 pixels": (*SINGLE, 0.3)},
)
def fgsm(net, x, y, eps):
    moved = x.copy()
    for pixel in range(x.shape[1]):
        step = np.zeros(x.shape[1])
        step[pixel] = 1e-5
        rises = losses_at(net, x + step, y) > losses_at(net, x - step, y)
        moved[:, pixel] += np.where(rises, eps, -eps)
    return np.minimum(np.maximum(moved, 0), 1)


@fgsm.slips
def _(slip, net, x, y, eps):
    if slip("Use the true labels y, not the network's own answers: where it is wrong, you would help it."):
        y = net(x).data.argmax(axis=1)
    slopes = slopes_at(net, x, y) / len(x)
    steps = np.sign(slopes)
    if slip("The sign is missing: every pixel moves by eps, however small its slope."):
        steps = slopes
    elif slip("One change for the whole batch will not do: each image has its own slopes."):
        steps = np.sign(slopes.sum(axis=0))
    if slip("That lowers the loss: go along the slope, not against it."):
        steps = -steps
    if slip("Multiply the signs by eps: each pixel moves by eps, not by 1."):
        eps = 1
    if slip("That is the change alone. Add it to x, and then clip."):
        return eps * steps
    if slip("You clipped the change, which loses its negative half. Clip the image."):
        return x + np.clip(eps * steps, 0, 1)
    moved = x + eps * steps
    return moved if slip("Some pixels leave the range from 0 to 1: clip.") else np.clip(moved, 0, 1)


@fgsm.mistake("Divide by the largest slope or by the length, and most pixels hardly move. Take the sign.")
def _(net, x, y, eps):
    slopes = slopes_at(net, x, y)
    return np.clip(x + eps * slopes / np.linalg.norm(slopes, axis=1, keepdims=True), 0, 1)


@fgsm.mistake("Pixels end at 0 and 1, not at -1 and 1.")
def _(net, x, y, eps):
    return np.clip(x + eps * np.sign(slopes_at(net, x, y)), -1, 1)


@fgsm.mistake("Those are the slopes. Take their signs, times eps, and add them to x.")
def _(net, x, y, eps):
    return slopes_at(net, x, y) / len(x)


@fgsm.mistake("Divide by the largest slope, and most pixels hardly move. Take the sign.")
def _(net, x, y, eps):
    slopes = slopes_at(net, x, y)
    return np.clip(x + eps * slopes / np.abs(slopes).max(), 0, 1)


@fgsm.mistake("You went back from the scores. It is the loss that has to rise: nn.cross_entropy(net(x), y).")
def _(net, x, y, eps):
    W1, b1, W2, _ = parts(net)
    slopes = (W2.sum(axis=1) * (1 - np.tanh(x @ W1 + b1) ** 2)) @ W1.T
    return np.clip(x + eps * np.sign(slopes), 0, 1)


@fgsm.mistake("That is the change alone, and clipped. Add the change to x, and then clip the image.")
def _(net, x, y, eps):
    return np.clip(eps * np.sign(slopes_at(net, x, y)), 0, 1)


@fgsm.mistake("A slope may be negative, and its pixel goes down. Take the sign, not the absolute value.")
def _(net, x, y, eps):
    return np.clip(x + eps * np.abs(slopes_at(net, x, y)) / len(x), 0, 1)


@fgsm.mistake("You move every pixel up. The sign of its slope decides: eps * np.sign(x.grad).")
def _(net, x, y, eps):
    return np.clip(x + eps, 0, 1)


@fgsm.mistake("Clip the image to 0 and 1. The change never exceeds eps, since it is eps times a sign.")
def _(net, x, y, eps):
    return np.clip(x + eps * np.sign(slopes_at(net, x, y)), -eps, eps)


@fgsm.mistake("Pixels go from 0 to 1 here, not to 255.")
def _(net, x, y, eps):
    return np.clip(x + eps * np.sign(slopes_at(net, x, y)), 0, 255)


@fgsm.mistake("Clip, do not rescale: the other pixels must stay within eps of where they were.")
def _(net, x, y, eps):
    moved = x + eps * np.sign(slopes_at(net, x, y))
    return (moved - moved.min()) / (moved.max() - moved.min())


@fgsm.mistake("Add the change, do not multiply by it: a pixel at 0 could never move.")
def _(net, x, y, eps):
    return np.clip(x * (1 + eps * np.sign(slopes_at(net, x, y))), 0, 1)


@fgsm.mistake("The images must go through the network: nn.cross_entropy(net(x), y).")
def _(net, x, y, eps):
    slopes = special.softmax(x, axis=1) - np.eye(x.shape[1])[y]
    return np.clip(x + eps * np.sign(slopes), 0, 1)


@fgsm.mistake("An array has no slopes. Make a Tensor of it, x = Tensor(x, requires_grad=True), and use that.")
def _(net, x, y, eps):
    raise AttributeError


@fgsm.mistake("Is a gradient None? Then requires_grad=True is missing, or .backward() of the loss.")
def _(net, x, y, eps):
    raise TypeError


@fgsm.telltale("The right sizes, but other signs. Take those of x.grad, after going back from the loss.")
def _(answers, wanted):
    pairs = zip(answers, (SMALL, MANY, SINGLE), (0.1, 0.05, 0.3), strict=True)
    return all((np.abs(answer - case[1])[:, 1:-1] <= eps + 1e-9).all() for answer, case, eps in pairs)


@fgsm.mistake("Nothing has moved. Return x + eps * sign, not x.")
def _(net, x, y, eps):
    return x


def error_of(scores, y):
    """Return the mean cross-entropy of rows of scores."""
    return -np.mean(special.log_softmax(scores, axis=1)[np.arange(len(y)), y])


POINT = np.array([0.5, 0.02, 0.97, 0.3, 0.0])
WEIGHTS = np.array([1.5, -2.0, 0.7, -0.1, 0.4])


@exercise((POINT, WEIGHTS, 0.2), (POINT[:3], WEIGHTS[2:], -1.5), (POINT[::-1], WEIGHTS, -4.0))
def smallest_eps(x, w, b):
    """By the point itself: move along sign(w) until the result is 0."""
    return abs(optimize.brentq(lambda t: w @ (x + t * np.sign(w)) + b, -1e3, 1e3, xtol=1e-13))


@smallest_eps.slips
def _(slip, x, w, b):
    result = w @ x if slip("b is part of the result: w @ x + b must get to 0.") else w @ x + b
    length = np.abs(w).sum()
    if slip("That is for a change of Euclidean length eps. Divide by the sum of |w|."):
        length = np.linalg.norm(w)
    elif slip("You change the most sensitive input only, but all may change at once: sum |w|."):
        length = np.abs(w).max()
    elif slip("Weights of both signs cancel in the sum: take their absolute values first."):
        length = w.sum()
    elif slip("Each input adds its own |w|: the result moves by eps times their sum, not their mean."):
        length = np.abs(w).mean()
    elif slip("The other way round: how far it must move, divided by how far eps = 1 moves it."):
        length = 1 / length
    elif slip("That is how far the result must move. How far does eps = 1 move it?"):
        length = 1
    return result / length if slip("A size is not negative: take the absolute value.") else abs(result) / length


@smallest_eps.mistake("One number for all inputs: all change at once, so sum |w| before you divide.")
def _(x, w, b):
    return abs(w @ x + b) / np.abs(w)


@smallest_eps.mistake("A size is not negative: take the absolute value.")
def _(x, w, b):
    return -(w @ x + b) / np.abs(w).sum()


@smallest_eps.mistake("That is for a change along w. Each input may change by eps: divide by the sum of |w|.")
def _(x, w, b):
    return abs(w @ x + b) / (w @ w)


@smallest_eps.mistake("An input moves the result by its own |w|: divide by their sum, not by their number.")
def _(x, w, b):
    return abs(w @ x + b) / len(w)


@smallest_eps.mistake("`w * x` keeps one product per input. Their sum is `w @ x`.")
def _(x, w, b):
    return abs(w * x + b) / np.abs(w).sum()


@smallest_eps.mistake("The weights decide how far eps moves the result: divide by the sum of |w|, not of |x|.")
def _(x, w, b):
    return abs(w @ x + b) / np.abs(x).sum()


@smallest_eps.mistake("b cannot be attacked: divide by the sum of |w| alone.")
def _(x, w, b):
    return abs(w @ x + b) / (np.abs(w).sum() + abs(b))


@smallest_eps.mistake("The result is w @ x + b, and you subtract b.")
def _(x, w, b):
    return abs(w @ x - b) / np.abs(w).sum()


@smallest_eps.mistake("Parentheses: the whole result is divided, abs(w @ x + b) / ..., not b alone.")
def _(x, w, b):
    return abs(w @ x + b / np.abs(w).sum())


class OnTape(Exercise):
    """An exercise whose answers must be on the tape, since somebody goes backwards from them."""

    def verdict(self, attempt):
        """Return the verdict as text, once more strict than that on the numbers."""
        verdict = super().verdict(attempt)
        if not verdict.startswith("✓") or all(map(is_on_tape, self.answers.of(attempt))):
            return verdict
        return (
            f"✗ {self.name}: the numbers are right, but nobody can go backwards from them. Return a `Tensor`: "
            "`.data`, `float` and NumPy leave the tape."
        )


def is_on_tape(answer):
    return isinstance(answer, Tensor) and answer.requires_grad


@partial(
    OnTape,
    cases=(
        {"4 images of 6 pixels": (*SMALL, 0.1)},
        {"8 images of 9 pixels": (*MANY, 0.05)},
        {"1 image of 5 pixels": (*SINGLE, 0.3)},
    ),
)
def adversarial_loss(net, x, y, eps):
    both = np.concatenate([x, fgsm.reference(net, x, y, eps)])
    return Tensor(np.mean(losses_at(net, both, np.concatenate([y, y]))), requires_grad=True)


@adversarial_loss.slips
def _(slip, net, x, y, eps):
    signs = np.sign(slopes_at(net, x, y))
    if slip("These examples are easier than the originals: the attack must raise the loss."):
        signs = -signs
    attacked = np.clip(x + eps * signs, 0, 1)
    seen = net(attacked).data.argmax(axis=1)
    if slip("The labels stay right: do not train with what the network says of the attacked images."):
        losses = [losses_at(net, x, y), losses_at(net, attacked, seen)]
    else:
        losses = [losses_at(net, x, y), losses_at(net, attacked, y)]
    if slip("The clean half is missing."):
        losses = losses[1:]
    elif slip("The attacked half is missing."):
        losses = losses[:1]
    losses = np.concatenate(losses)
    if slip("Half of each loss: you added them up."):
        return 2 * losses.mean()
    if slip("The cross-entropy of a batch is a mean over its images."):
        return losses.sum()
    return Tensor(losses.mean(), requires_grad=True)


@adversarial_loss.mistake("A half stands before each loss: 0.5 * a + 0.5 * b. One of yours counts only a quarter.")
def _(net, x, y, eps):
    attacked = fgsm.reference(net, x, y, eps)
    return (np.mean(losses_at(net, x, y)) + np.mean(losses_at(net, attacked, y)) / 2) / 2


@adversarial_loss.mistake("Add the two losses: both have to fall.")
def _(net, x, y, eps):
    attacked = fgsm.reference(net, x, y, eps)
    return (np.mean(losses_at(net, x, y)) - np.mean(losses_at(net, attacked, y))) / 2


@adversarial_loss.mistake("fgsm returns whole images, not changes: do not add x to them.")
def _(net, x, y, eps):
    attacked = x + fgsm.reference(net, x, y, eps)
    return (np.mean(losses_at(net, x, y)) + np.mean(losses_at(net, attacked, y))) / 2


@adversarial_loss.mistake("The attacked images must go through the network as well: net(fgsm(...)).")
def _(net, x, y, eps):
    attacked = fgsm.reference(net, x, y, eps)
    return (np.mean(losses_at(net, x, y)) + error_of(attacked, y)) / 2


@adversarial_loss.mistake("The cross-entropy needs the network's scores: nn.cross_entropy(net(...), y).")
def _(net, x, y, eps):
    return (error_of(x, y) + error_of(fgsm.reference(net, x, y, eps), y)) / 2


@adversarial_loss.mistake("The halves make a mean already: you halved once more.")
def _(net, x, y, eps):
    return adversarial_loss.reference(net, x, y, eps).data / 2


def mixed(net, x, attacked, y, clean_weight, attacked_weight):
    """Return the weighted sum of the two losses."""
    clean = np.mean(losses_at(net, x, y))
    return clean_weight * clean + attacked_weight * np.mean(losses_at(net, attacked, y))


@adversarial_loss.mistake("A half stands before both losses. The clean one has it, the attacked one counts whole.")
def _(net, x, y, eps):
    return mixed(net, x, fgsm.reference(net, x, y, eps), y, 0.5, 1)


@adversarial_loss.mistake("A half stands before both losses. The attacked one has it, the clean one counts whole.")
def _(net, x, y, eps):
    return mixed(net, x, fgsm.reference(net, x, y, eps), y, 1, 0.5)


@adversarial_loss.mistake("eps is the size of the attack, not the weight of a loss: each counts half.")
def _(net, x, y, eps):
    return mixed(net, x, fgsm.reference(net, x, y, eps), y, 1 - eps, eps)


@adversarial_loss.mistake("A half stands before both losses, and yours has eps before the attacked one.")
def _(net, x, y, eps):
    return mixed(net, x, fgsm.reference(net, x, y, eps), y, 0.5, eps)


@adversarial_loss.mistake("x + eps moves every pixel up and is no attack. Use `fgsm(net, x, y, eps)`.")
def _(net, x, y, eps):
    return mixed(net, x, x + eps, y, 0.5, 0.5)


@adversarial_loss.mistake("The attack has the whole size eps: the half stands before its loss.")
def _(net, x, y, eps):
    return mixed(net, x, fgsm.reference(net, x, y, eps / 2), y, 0.5, 0.5)


@adversarial_loss.telltale("Return one number: the two losses, each times 0.5, and added.")
def _(answers, wanted):
    return any(answer.shape != () for answer in answers)


@adversarial_loss.mistake("Mix the two losses, not the images: the mean of both images is attacked half as much.")
def _(net, x, y, eps):
    return np.mean(losses_at(net, (x + fgsm.reference(net, x, y, eps)) / 2, y))


@exercise(
    {"3 steps of 0.05 within 0.1": (*SMALL, 0.1, 0.05, 3)},
    {"10 steps of 0.04 within 0.15": (*MANY, 0.15, 0.04, 10)},
    {"1 step of 0.2 within 0.1": (*SINGLE, 0.1, 0.2, 1)},
    {"4 steps of 0.02 within 0.3": (*MANY, 0.3, 0.02, 4)},
)
def pgd(net, x, y, eps, step, steps):
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x
    for _ in range(steps):
        moved = np.minimum(np.maximum(fgsm.reference(net, moved, y, step), low), high)
    return moved


@pgd.slips
def _(slip, net, x, y, eps, step, steps):
    if slip("Each step has the size `step`; eps is the limit for all of them together."):
        step = eps
    if slip("That is one step too few."):
        steps -= 1
    elif slip("That is one step too many."):
        steps += 1
    at_start = slip("Take the slopes where you are now, not at the original image.")
    late = slip("Project after every step, not only after the last: the slopes are taken in the ball.")
    free = False if late else slip("Project: no pixel may end more than eps from its value in x.")
    follows = slip("The ball stays around the original x. You moved its centre with each step.")
    moved = x
    for _ in range(steps):
        signs = np.sign(slopes_at(net, x if at_start else moved, y))
        centre = moved if follows else x
        moved = np.clip(moved + step * signs, 0, 1)
        if not (late or free):
            moved = np.clip(moved, centre - eps, centre + eps)
    if late:
        moved = np.clip(moved, x - eps, x + eps)
    return moved


@pgd.mistake("Only one step: each begins where the last one ended, and `return` stands after the loop.")
def _(net, x, y, eps, step, steps):
    return pgd.reference(net, x, y, eps, step, 1)


@pgd.mistake("Clip between x - eps and x + eps, not between -eps and eps: that is where the image lies.")
def _(net, x, y, eps, step, steps):
    moved = x
    for _ in range(steps):
        moved = np.clip(np.clip(moved + step * np.sign(slopes_at(net, moved, y)), 0, 1), -eps, eps)
    return moved


def unclipped(net, x, y, eps, step, steps, size=None):
    """Return what PGD reaches without a limit at 0 and 1; `size` limits the cube instead of eps."""
    moved, size = x, eps if size is None else size
    for _ in range(steps):
        moved = np.clip(moved + step * np.sign(slopes_at(net, moved, y)), x - size, x + size)
    return moved


@pgd.mistake("Pixels leave the range from 0 to 1. `fgsm` clips for you; if you step yourself, clip, too.")
def _(net, x, y, eps, step, steps):
    return unclipped(net, x, y, eps, step, steps)


@pgd.mistake("That lowers the loss: an attack goes up, along the slopes.")
def _(net, x, y, eps, step, steps):
    return pgd.reference(net, x, y, eps, -step, steps)


@pgd.mistake("The limit around x is eps. Yours is one step wide.")
def _(net, x, y, eps, step, steps):
    return np.clip(unclipped(net, x, y, eps, step, steps, size=step), 0, 1)


@pgd.mistake("Each step has the size `step`, not eps / steps: the projection takes care of eps.")
def _(net, x, y, eps, step, steps):
    return pgd.reference(net, x, y, eps, eps / steps, steps)


@pgd.mistake("`fgsm` returns whole images, not changes: clip them around x, and add nothing.")
def _(net, x, y, eps, step, steps):
    moved = x
    for _ in range(steps):
        moved = np.clip(moved + fgsm.reference(net, moved, y, step), x - eps, x + eps)
    return moved


@exercise(
    (POINT, 1, WEIGHTS, 0.2, 0.1),
    (POINT, 0, WEIGHTS, 0.2, 0.1),
    (POINT[::-1], 0, WEIGHTS, -3.0, 0.05),
    (POINT, 1, np.array([0.0, 1, -1, 2, 0]), 0.5, 0.2),
)
def fool(x, y, w, b, eps):
    p = 1 / (1 + np.exp(-(w @ x + b)))
    return np.minimum(np.maximum(x + eps * np.sign((p - y) * w), 0), 1)


@fool.slips
def _(slip, x, y, w, b, eps):
    p = (1 + np.tanh((w @ x + b) / 2)) / 2
    if slip("Right for label 0 only: with label 1 the loss rises the other way."):
        y = 0
    if slip("Right for label 1 only: with label 0 the loss rises the other way."):
        y = 1
    if slip("Go by the label y, not by what the model says: where that is wrong, you help it."):
        y = p > 0.5
    slopes = (p - y) * w
    steps = slopes if slip("The sign is missing: each pixel moves by eps.") else np.sign(slopes)
    if slip("That lowers the loss: go along its slope (p - y) w, not against it."):
        steps = -steps
    moved = x + eps * steps
    return moved if slip("Pixels leave the range from 0 to 1: clip.") else np.clip(moved, 0, 1)


@fool.mistake("The slopes are (p - y) w: each pixel's weight decides about its sign.")
def _(x, y, w, b, eps):
    return np.clip(x + eps * (1 - 2 * y), 0, 1)


@fool.mistake("The sign is missing: take np.sign(w), so that each pixel moves by eps.")
def _(x, y, w, b, eps):
    return np.clip(x + eps * w * (1 - 2 * y), 0, 1)


@fool.mistake("That is the change alone. Add it to x, and then clip.")
def _(x, y, w, b, eps):
    return eps * np.sign(w) * (1 - 2 * y)


@fool.mistake("Each pixel moves by eps, not by 1: multiply the signs by eps.")
def _(x, y, w, b, eps):
    return np.clip(x + np.sign(w) * (1 - 2 * y), 0, 1)


@fool.mistake("Start from the image x, not from the weights.")
def _(x, y, w, b, eps):
    return np.clip(w + eps * np.sign(w) * (1 - 2 * y), 0, 1)


@fool.mistake("p is a probability: put w @ x + b into the logistic sigmoid before you subtract y.")
def _(x, y, w, b, eps):
    return np.clip(x + eps * np.sign((w @ x + b - y) * w), 0, 1)
