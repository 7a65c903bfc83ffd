"""The exercises of lesson 6.7, Training from Scratch."""

from itertools import pairwise

import numpy as np
from scipy.special import expit

from . import exercise


@exercise(((784, 512, 10), 8000, 64, 8), ((49, 8, 10), 60, 7, 3), ((4, 3), 10, 20, 2), ((5, 6, 6, 2), 100, 33, 1))
def plan(widths, examples, batch_size, epochs):
    parameters = sum((below + 1) * above for below, above in pairwise(widths))
    return parameters, epochs * len(range(0, examples, batch_size))


@plan.mistake("The last batch is short, but it is a batch: round up.")
def _(widths, examples, batch_size, epochs):
    return plan.reference(widths, examples, batch_size, epochs)[0], epochs * (examples // batch_size)


@plan.mistake("The last batch is short, but it is a batch, in each epoch anew: round up before you multiply.")
def _(widths, examples, batch_size, epochs):
    return plan.reference(widths, examples, batch_size, epochs)[0], epochs * examples // batch_size


@plan.mistake("One too many where the batches come out even: round up, do not add 1.")
def _(widths, examples, batch_size, epochs):
    return plan.reference(widths, examples, batch_size, epochs)[0], epochs * (examples // batch_size + 1)


@plan.mistake("There is no part of a step: round up in each epoch.")
def _(widths, examples, batch_size, epochs):
    return plan.reference(widths, examples, batch_size, epochs)[0], epochs * examples / batch_size


@plan.mistake("An epoch's short last batch is not filled up from the next epoch: round up before you multiply.")
def _(widths, examples, batch_size, epochs):
    return plan.reference(widths, examples, batch_size, epochs)[0], -(-epochs * examples // batch_size)


@plan.mistake("Those are the steps of one epoch.")
def _(widths, examples, batch_size, epochs):
    return plan.reference(widths, examples, batch_size, 1)


@plan.mistake("The biases are missing: one for each output of a layer.")
def _(widths, examples, batch_size, epochs):
    weights = sum(below * above for below, above in pairwise(widths))
    return weights, plan.reference(widths, examples, batch_size, epochs)[1]


@plan.mistake("One bias for each unit, but not for the inputs: they are no layer's output.")
def _(widths, examples, batch_size, epochs):
    parameters, steps = plan.reference(widths, examples, batch_size, epochs)
    return parameters + widths[0], steps


@plan.mistake("The output units have biases, too: one for each output of a layer.")
def _(widths, examples, batch_size, epochs):
    parameters, steps = plan.reference(widths, examples, batch_size, epochs)
    return parameters - widths[-1], steps


@plan.mistake("A layer has a bias for each of its outputs, not for each of its inputs.")
def _(widths, examples, batch_size, epochs):
    parameters = sum(below * above + below for below, above in pairwise(widths))
    return parameters, plan.reference(widths, examples, batch_size, epochs)[1]


@plan.mistake("Those are the parameters. Asked is a pair: return the number of steps as well.")
def _(widths, examples, batch_size, epochs):
    return plan.reference(widths, examples, batch_size, epochs)[0]


@plan.mistake("Right, but in the other order: first the parameters, then the steps.")
def _(widths, examples, batch_size, epochs):
    return plan.reference(widths, examples, batch_size, epochs)[::-1]


@exercise((np.array([2, 0, 1, 2]), 3), (np.array([3, 3]), 5), (np.array([0, 1, 0]), 2))
def one_hot(labels, classes):
    return np.array([[float(label == k) for k in range(classes)] for label in labels])


@one_hot.mistake("It is transposed: one row for each example, one column for each class.")
def _(labels, classes):
    return one_hot.reference(labels, classes).T


@one_hot.mistake("The columns are counted from 0: label 2 belongs into the third.")
def _(labels, classes):
    return np.roll(one_hot.reference(labels, classes), -1, axis=1)


@one_hot.mistake("There must be `classes` columns, even where no label is as high.")
def _(labels, classes):
    return one_hot.reference(labels, labels.max() + 1)


@one_hot.mistake("`y[:, labels] = 1` sets those columns in every row. Pair each row's number with its label.")
def _(labels, classes):
    rows = np.zeros((len(labels), classes))
    rows[:, labels] = 1
    return rows


SCORES = np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 0.0, 4.0], [0.5, 0.2, 0.1], [1.0, 2.0, 0.0]])


class Batches(list):
    """Pairs (scores, labels), which a message calls by a short name."""

    @property
    def __name__(self):
        return f"batches of {' and '.join(str(len(labels)) for _, labels in self)}"


PARTS = Batches([(SCORES[:4], np.array([0, 1, 0, 2])), (SCORES[4:], np.array([1]))])
OTHERS = Batches(
    [(SCORES[:3], np.array([0, 1, 2])), (SCORES[1:4], np.array([0, 2, 1])), (SCORES[:2], np.array([1, 1]))]
)


@exercise((PARTS,), (OTHERS,), (Batches(PARTS[::-1] + OTHERS),))
def accuracy_over(parts):
    scores = np.concatenate([scores for scores, _ in parts])
    return np.mean(scores.argmax(axis=1) == np.concatenate([labels for _, labels in parts]))


@accuracy_over.mistake("That is the mean of the batches' accuracies: a short batch counts as much as a full one.")
def _(parts):
    return np.mean([np.mean(scores.argmax(axis=1) == labels) for scores, labels in parts])


@accuracy_over.mistake("The last batch is left out.")
def _(parts):
    return accuracy_over.reference(parts[:-1])


@accuracy_over.mistake("That is the number of hits: divide by the number of examples.")
def _(parts):
    return sum(np.sum(scores.argmax(axis=1) == labels) for scores, labels in parts)


@accuracy_over.mistake("You divide by the number of batches: divide by the number of examples.")
def _(parts):
    return sum(np.sum(scores.argmax(axis=1) == labels) for scores, labels in parts) / len(parts)


@accuracy_over.mistake("Only the last batch is counted: is the sum set back to 0 within the loop?")
def _(parts):
    return accuracy_over.reference(parts[-1:])


@accuracy_over.mistake("Only the first batch is counted: does `return` stand inside the loop?")
def _(parts):
    return accuracy_over.reference(parts[:1])


@accuracy_over.mistake("`//` rounds down to a whole number: divide with `/`.")
def _(parts):
    return int(accuracy_over.reference(parts))


@accuracy_over.mistake(
    "argmax without an axis looks for one largest number in all scores: each example is a row, axis=1."
)
def _(parts):
    hits = sum(np.sum(scores.argmax() == labels) for scores, labels in parts)
    return hits / sum(len(labels) for _, labels in parts)


@accuracy_over.mistake("That is a percentage. Asked is a number from 0 to 1.")
def _(parts):
    return 100 * accuracy_over.reference(parts)


@accuracy_over.mistake("You divide by the number of all scores: divide by the number of examples.")
def _(parts):
    return accuracy_over.reference(parts) / parts[0][0].shape[1]


@accuracy_over.mistake("That is the share of mistakes.")
def _(parts):
    return 1 - accuracy_over.reference(parts)


G = np.array([[1.0, -2.0], [0.5, 0.0], [-1.0, 3.0]])
X = np.array([[0.2, -1.0, 2.0], [1.5, 0.3, 0.0], [-0.4, 0.8, 1.1]])


@exercise((G, X), (2 - G[:1], X[1:2]), (np.vstack([G, -3 * G[:2]]), np.vstack([X, X[:2] + 1])))
def dense_backward(grad, x):
    with_one = np.column_stack([x, np.ones(len(x))])
    return sum(np.outer(row, g) for row, g in zip(with_one, grad, strict=True))


@dense_backward.mistake("The loss has its mean in it already: grad carries the 1/n. Add up over the batch.")
def _(grad, x):
    return dense_backward.reference(grad, x) / len(x)


@dense_backward.mistake(
    "The weights are right. Every example's output uses the bias, so its gradients add up: no mean."
)
def _(grad, x):
    return np.vstack([x.T @ grad, grad.mean(axis=0)])


@dense_backward.mistake(
    "The weights are right. The bias is added with slope 1: its row is the sum of grad over the batch."
)
def _(grad, x):
    return np.vstack([x.T @ grad, np.ones(grad.shape[1])])


@dense_backward.mistake(
    "The weights are right. Sum grad over the batch only, axis 0: each output has a bias of its own."
)
def _(grad, x):
    return np.vstack([x.T @ grad, np.full(grad.shape[1], grad.sum())])


@dense_backward.mistake("The bias is right. Its neighbours, too, add up over the batch: no mean for the weights.")
def _(grad, x):
    return np.vstack([x.T @ grad / len(x), grad.sum(axis=0)])


@dense_backward.mistake("The row of the bias is missing.")
def _(grad, x):
    return x.T @ grad


@dense_backward.mistake("It is transposed: the gradient has the shape of W, inputs by outputs, and one row more.")
def _(grad, x):
    return dense_backward.reference(grad, x).T


@dense_backward.mistake("The bias comes last, below the weights.")
def _(grad, x):
    return np.vstack([grad.sum(axis=0), x.T @ grad])


BELOW, ABOVE = (
    np.array([[0.1, 0.5, 0.9], [0.7, 0.2, 0.4]]),
    np.array([[1.0, -2.0, 0.5], [0.3, 1.0, -1.0], [2.0, 0.0, 1.5]]),
)
PULLED = np.array([[0.5, -1.0, 0.25], [-0.2, 0.6, 1.0]])


@exercise((PULLED, BELOW, ABOVE), (PULLED[:1, :2], BELOW[1:], ABOVE[:, 1:]), (PULLED, np.round(BELOW), ABOVE))
def hidden_backward(grad, h, W):
    slopes = h - h**2
    return np.array([[slopes[i, j] * np.sum(W[j] * grad[i]) for j in range(len(W))] for i in range(len(h))])


@hidden_backward.mistake("That is the gradient by h. One step more leads to a: times the slope of the sigmoid.")
def _(grad, h, W):
    return grad @ W.T


@hidden_backward.mistake("h is the sigmoid's value already. Its slope is h (1 - h): do not apply the sigmoid again.")
def _(grad, h, W):
    return (grad @ W.T) * expit(h) * (1 - expit(h))


@hidden_backward.mistake("1 - h^2 is the slope of tanh. That of the sigmoid is h (1 - h).")
def _(grad, h, W):
    return (grad @ W.T) * (1 - h**2)


@hidden_backward.mistake("The slope of the sigmoid is h (1 - h): the factor 1 - h is missing.")
def _(grad, h, W):
    return (grad @ W.T) * h


@hidden_backward.mistake("The slope of the sigmoid is h (1 - h): the factor h is missing.")
def _(grad, h, W):
    return (grad @ W.T) * (1 - h)


@hidden_backward.mistake("That is the slope of a rectifier, 1 where h > 0. These units are sigmoids.")
def _(grad, h, W):
    return (grad @ W.T) * (h > 0)


@hidden_backward.mistake("Forward an example went through W; backward it goes through the transpose: grad @ W.T.")
def _(grad, h, W):
    return (grad @ W) * h * (1 - h)


@hidden_backward.mistake("Right, but divided by n once more: the mean of the loss is in grad already.")
def _(grad, h, W):
    return hidden_backward.reference(grad, h, W) / len(grad)


@hidden_backward.mistake("That is the gradient by W. Asked is the one by a, which has the shape of h.")
def _(grad, h, W):
    return h.T @ grad


TRUE, SAID = np.array([0, 0, 1, 1, 1, 2]), np.array([0, 1, 1, 1, 0, 0])


@exercise((TRUE, SAID, 3), (np.array([3, 3, 3]), np.array([1, 1, 1]), 5), (SAID[:4], TRUE[:4], 2))
def confusion(labels, said, classes):
    return np.array([[np.sum((labels == i) & (said == j)) for j in range(classes)] for i in range(classes)])


@confusion.mistake("It is transposed: a row is a true class, a column what was said.")
def _(labels, said, classes):
    return confusion.reference(said, labels, classes)


@confusion.mistake("`m[labels, said] += 1` counts a pair once, however often it comes. Use np.add.at, or count pairs.")
def _(labels, said, classes):
    return np.minimum(confusion.reference(labels, said, classes), 1)


@confusion.mistake("These are shares of each row. Asked are counts.")
def _(labels, said, classes):
    counts = confusion.reference(labels, said, classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@confusion.mistake("These are shares of all examples. Asked are counts.")
def _(labels, said, classes):
    return confusion.reference(labels, said, classes) / len(labels)


@confusion.mistake("Only mistakes are counted: what is right belongs on the diagonal.")
def _(labels, said, classes):
    counts = confusion.reference(labels, said, classes)
    return counts - np.diag(np.diag(counts))


@confusion.mistake("There must be `classes` rows and columns, even for classes that do not occur.")
def _(labels, said, classes):
    size = max(labels.max(), said.max()) + 1
    return confusion.reference(labels, said, size)


W, V, SLOPE = np.array([1.0, -0.5, 2.0]), np.array([0.4, 1.0, -0.2]), np.array([0.5, -1.0, 0.0])


@exercise((W, V, SLOPE, 0.1, 0.9), (W, 0 * V, SLOPE, 0.5, 0.5), (SLOPE, W, V, 0.01, 0.0))
def momentum_step(w, v, grad, rate, momentum):
    return np.array([[a - rate * (momentum * b + g), momentum * b + g] for a, b, g in zip(w, v, grad, strict=True)]).T


@momentum_step.mistake("w moves by the old velocity. Renew v first, then let w follow it.")
def _(w, v, grad, rate, momentum):
    return np.stack([w - rate * v, momentum * v + grad])


@momentum_step.mistake("w moves by the slope alone: it is to follow the velocity.")
def _(w, v, grad, rate, momentum):
    return np.stack([w - rate * grad, momentum * v + grad])


@momentum_step.mistake("Downhill is against the slope: subtract.")
def _(w, v, grad, rate, momentum):
    v = momentum * v + grad
    return np.stack([w + rate * v, v])


@momentum_step.mistake(
    "Here grad enters with the weight 1, so v is a decaying sum, not a mean: no factor 1 - momentum."
)
def _(w, v, grad, rate, momentum):
    v = momentum * v + (1 - momentum) * grad
    return np.stack([w - rate * v, v])


@momentum_step.mistake("That is the book's velocity, which has the rate and the sign in it. Here v has neither.")
def _(w, v, grad, rate, momentum):
    v = momentum * v - rate * grad
    return np.stack([w + v, v])


@momentum_step.mistake("Old velocity is not forgotten: multiply v by the momentum before grad is added.")
def _(w, v, grad, rate, momentum):
    return np.stack([w - rate * (v + grad), v + grad])


@momentum_step.mistake("The momentum belongs to v, not to v + grad: the newest slope enters whole.")
def _(w, v, grad, rate, momentum):
    v = momentum * (v + grad)
    return np.stack([w - rate * v, v])


@momentum_step.mistake("w is right, but v comes back as it was: return the new velocity, the next step needs it.")
def _(w, v, grad, rate, momentum):
    return np.stack([w - rate * (momentum * v + grad), v])


@momentum_step.mistake("That is Nesterov's step, which looks ahead by one more momentum. Here w follows v itself.")
def _(w, v, grad, rate, momentum):
    v = momentum * v + grad
    return np.stack([w - rate * (grad + momentum * v), v])


@momentum_step.mistake("Right, but in the other order: first w, then v.")
def _(w, v, grad, rate, momentum):
    return momentum_step.reference(w, v, grad, rate, momentum)[::-1]


@momentum_step.mistake("Here v has no rate in it: v is momentum * v + grad, and w moves by rate times v.")
def _(w, v, grad, rate, momentum):
    v = momentum * v + rate * grad
    return np.stack([w - v, v])


@momentum_step.mistake("v is right, but w moves by rate times v: the rate is missing.")
def _(w, v, grad, rate, momentum):
    v = momentum * v + grad
    return np.stack([w - v, v])


@momentum_step.mistake("The new velocity is momentum * v *plus* grad: the sign comes with the step of w.")
def _(w, v, grad, rate, momentum):
    v = momentum * v - grad
    return np.stack([w - rate * v, v])


@momentum_step.mistake("Both signs are turned: here v is momentum * v + grad, and the minus stands in the step of w.")
def _(w, v, grad, rate, momentum):
    v = momentum * v - grad
    return np.stack([w + rate * v, v])


@momentum_step.mistake("That is w alone. Return both, stacked: the next step needs v.")
def _(w, v, grad, rate, momentum):
    return momentum_step.reference(w, v, grad, rate, momentum)[0]


R = np.array([0.04, 0.3, 1.0])


@exercise((W, R, SLOPE, 0.01, 0.9), (W, 0 * R, SLOPE + 0.1, 0.1, 0.5), (V, R, 100 * SLOPE + 1, 0.01, 0.99))
def rmsprop_step(w, r, grad, rate, rho):
    mean = [rho * old + (1 - rho) * g * g for old, g in zip(r, grad, strict=True)]
    moved = [a - rate * g / (m**0.5 + 1e-8) for a, m, g in zip(w, mean, grad, strict=True)]
    return np.array([moved, mean])


def _rmsprop(w, grad, rate, r, divisor):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([w - rate * grad / (divisor + 1e-8), r])


@rmsprop_step.mistake("You divide by the mean square itself: take its root.")
def _(w, r, grad, rate, rho):
    r = rho * r + (1 - rho) * grad**2
    return _rmsprop(w, grad, rate, r, r)


@rmsprop_step.mistake("You divide by the root of the old r. Renew r first.")
def _(w, r, grad, rate, rho):
    return _rmsprop(w, grad, rate, rho * r + (1 - rho) * grad**2, np.sqrt(r))


@rmsprop_step.mistake("r is to be a mean: the new square enters with the weight 1 - rho.")
def _(w, r, grad, rate, rho):
    r = rho * r + grad**2
    return _rmsprop(w, grad, rate, r, np.sqrt(r))


@rmsprop_step.mistake("The weights are exchanged: rho belongs to the old r, 1 - rho to the new square.")
def _(w, r, grad, rate, rho):
    r = (1 - rho) * r + rho * grad**2
    return _rmsprop(w, grad, rate, r, np.sqrt(r))


@rmsprop_step.mistake("That adds up all squares for ever: AdaGrad. Here old squares fade by rho.")
def _(w, r, grad, rate, rho):
    r = r + grad**2
    return _rmsprop(w, grad, rate, r, np.sqrt(r))


@rmsprop_step.mistake("r is a mean of squares: square grad.")
def _(w, r, grad, rate, rho):
    r = rho * r + (1 - rho) * abs(grad)
    return _rmsprop(w, grad, rate, r, np.sqrt(r))


@rmsprop_step.mistake("Downhill is against the slope: subtract.")
def _(w, r, grad, rate, rho):
    r = rho * r + (1 - rho) * grad**2
    return _rmsprop(w, -grad, rate, r, np.sqrt(r))


@rmsprop_step.mistake("w is right, but r comes back as it was: return the new mean, the next step needs it.")
def _(w, r, grad, rate, rho):
    return _rmsprop(w, grad, rate, r, np.sqrt(rho * r + (1 - rho) * grad**2))


@rmsprop_step.mistake("Right, but in the other order: first w, then r.")
def _(w, r, grad, rate, rho):
    return rmsprop_step.reference(w, r, grad, rate, rho)[::-1]


@rmsprop_step.mistake("The old r is forgotten: r is a running mean, rho * r + (1 - rho) * grad^2.")
def _(w, r, grad, rate, rho):
    return _rmsprop(w, grad, rate, grad**2, abs(grad))


@rmsprop_step.mistake("Divide by the root of r; you multiply by it.")
def _(w, r, grad, rate, rho):
    r = rho * r + (1 - rho) * grad**2
    return np.stack([w - rate * grad * np.sqrt(r), r])


@rmsprop_step.mistake("w is right. Return r itself, not its root.")
def _(w, r, grad, rate, rho):
    r = rho * r + (1 - rho) * grad**2
    return _rmsprop(w, grad, rate, np.sqrt(r), np.sqrt(r))


@rmsprop_step.mistake("r is right, but w takes a plain step: divide grad by the root of r.")
def _(w, r, grad, rate, rho):
    return np.stack([w - rate * grad, rho * r + (1 - rho) * grad**2])


@rmsprop_step.mistake("That is w alone. Return both, stacked: the next step needs r.")
def _(w, r, grad, rate, rho):
    return rmsprop_step.reference(w, r, grad, rate, rho)[0]


INPUTS = np.array([[1.0, 0.0], [0.5, 2.0], [0.0, 1.0]])
WEIGHTS = np.array([[1.0, -1.0, 0.5, -2.0, 2.0], [0.0, -0.5, -1.0, 1.5, 0.5]])
BIASES = np.array([-0.2, -0.1, 0.0, 0.1, -5.0])


@exercise(
    (INPUTS, WEIGHTS, BIASES),
    (INPUTS[:1], WEIGHTS, BIASES),
    (INPUTS, -WEIGHTS, np.zeros(5)),
    (INPUTS, WEIGHTS, BIASES + 9),
    (INPUTS, np.zeros((2, 4)), np.array([0.0, 1.0, -1.0, 0.0])),
    (np.array([[0.0, 0.0]] * 3 + [[4.0, 4.0]]), np.array([[1.0, -1.0, 2.0], [1.0, -1.0, -3.0]]), np.full(3, -0.5)),
)
def dead_units(x, W, b):
    return sum(all(row @ W[:, j] + b[j] <= 0 for row in x) for j in range(W.shape[1]))


@dead_units.mistake("These are the units silent for at least one example. Dead is who is silent for all.")
def _(x, W, b):
    return np.sum((x @ W + b <= 0).any(axis=0))


@dead_units.mistake("That counts every silent pair of example and unit: first ask of each unit whether all are silent.")
def _(x, W, b):
    return np.sum(x @ W + b <= 0)


@dead_units.mistake("The bias is missing.")
def _(x, W, b):
    return dead_units.reference(x, W, 0 * b)


@dead_units.mistake("Those are the living ones.")
def _(x, W, b):
    return len(b) - dead_units.reference(x, W, b)


@dead_units.mistake("The mean input may silence a unit that some example opens. Look at every example.")
def _(x, W, b):
    return np.sum((x @ W + b).mean(axis=0) <= 0)


@dead_units.mistake("That counts examples for which all units are silent: reduce over the examples, axis 0.")
def _(x, W, b):
    return np.sum((x @ W + b <= 0).all(axis=1))


@dead_units.mistake("A unit whose sum is exactly 0 is closed, too: only what is above 0 passes.")
def _(x, W, b):
    return np.sum((x @ W + b < 0).all(axis=0))


@dead_units.mistake("That is the share of dead units. Asked is their number.")
def _(x, W, b):
    return dead_units.reference(x, W, b) / W.shape[1]


@dead_units.mistake("That says of each unit whether it is dead. Count them.")
def _(x, W, b):
    return (x @ W + b <= 0).all(axis=0)


@dead_units.mistake("Those are the numbers of the dead units. Asked is how many they are.")
def _(x, W, b):
    return np.flatnonzero((x @ W + b <= 0).all(axis=0))


@dead_units.mistake("That counts the units that every example opens. Dead is who is opened by none.")
def _(x, W, b):
    return np.sum((x @ W + b > 0).all(axis=0))
