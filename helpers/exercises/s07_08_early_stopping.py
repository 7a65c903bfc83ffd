"""The exercises of lesson 7.8, Early Stopping."""

import numpy as np

from . import exercise

VALLEY = (3.0, 2.0, 1.5, 1.7, 1.6, 1.8, 1.2, 1.3, 1.4, 1.9, 1.1)
FLAT = (2.0, 1.0, 1.0, 1.0, 1.0, 0.5)
RISING = (1.0, 2.0, 3.0)


def stops_at(losses, patience):
    """Return the best epoch, the last epoch, by looking at every possible end."""
    for end in range(patience + 1, len(losses) + 1):
        seen = list(losses[:end])
        best = seen.index(min(seen)) + 1
        if end - best >= patience:
            return best, end
    return list(losses).index(min(losses)) + 1, len(losses)


@exercise(
    {"two valleys, patience 1": (VALLEY, 1), "two valleys, patience 3": (VALLEY, 3)},
    {"two valleys, patience 4": (VALLEY, 4), "two valleys, patience 9": (VALLEY, 9)},
    {"a flat stretch, patience 3": (FLAT, 3), "a flat stretch, patience 8": (FLAT, 8)},
    {"always rising, patience 2": (RISING, 2), "a flat stretch, patience 2": (FLAT, 2)},
)
def stop_early(losses, patience):
    return stops_at(losses, patience)


@stop_early.slips
def _(slip, losses, patience):
    if slip("That is one epoch too many: with patience 1 the first epoch without improvement is the last."):
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
    if slip("That is the best of the whole list. If you stop early, you do not see all of it."):
        return int(np.argmin(losses)) + 1, len(losses)
    if slip("The list may end before patience does. Then its end is the last epoch."):
        return best, best + patience
    if slip("Epochs are counted from 1."):
        return best - 1, epoch - 1
    return best, epoch


@stop_early.mistake("Epochs are counted from 1. Your first number is one too small.")
def _(losses, patience):
    best, last = stops_at(losses, patience)
    return best - 1, last


@stop_early.mistake("Return the epoch of the lowest loss, not this loss.")
def _(losses, patience):
    best, last = stops_at(losses, patience)
    return losses[best - 1], last


@stop_early.mistake("Right numbers, other order: the best epoch first, then the last.")
def _(losses, patience):
    return stops_at(losses, patience)[::-1]


@stop_early.mistake("You stop at the first rise. Go on until `patience` epochs in a row are no better than the best.")
def _(losses, patience):
    rises = [epoch for epoch in range(1, len(losses)) if losses[epoch] > losses[epoch - 1]]
    return (rises[0], rises[0] + 1) if rises else (len(losses), len(losses))


@stop_early.mistake(
    "The lowest loss of the whole list is not known yet when you stop. Go through the list, one by one."
)
def _(losses, patience):
    best = int(np.argmin(losses)) + 1
    return best, best + patience


@stop_early.telltale("Return two epochs, the best and the last: `return best, last`.")
def _(answers, wanted):
    return any(answer.shape != (2,) for answer in answers)


MOST = 60


def train_epoch(model):
    """Train in place, as networks are: the weights count the epochs."""
    for weights in model:
        weights += 1
    if model[0][0] > MOST:
        raise RuntimeError(f"{MOST} epochs, and no end: count the epochs without improvement")


def measured_by(losses):
    """Return a function that measures a model: the loss of its epoch, and rising losses after the last one."""

    def validation_loss(model):
        epoch = int(model[0][0])
        return ([9.0, *losses] + [10.0 + extra for extra in range(MOST)])[epoch]

    return validation_loss


def fresh():
    return [np.zeros(2), np.zeros((2, 2))]


def run_of(losses, patience):
    """Return arguments: a model, how it is trained and measured, and the patience."""
    return fresh(), train_epoch, measured_by(losses), patience


@exercise(
    {"patience 1": run_of(VALLEY, 1), "patience 3": run_of(VALLEY, 3), "patience 4": run_of(VALLEY, 4)},
    {"a flat stretch, patience 2": run_of(FLAT, 2), "always rising, patience 3": run_of(RISING, 3)},
)
def train_early(model, train_epoch, validation_loss, patience):
    losses = []
    for _ in range(30):
        train_epoch(model)
        losses.append(validation_loss(model))
    best, last = stops_at(losses, patience)
    return [np.full(weights.shape, float(best)) for weights in model], losses[:last]


@train_early.slips
def _(slip, model, train_epoch, validation_loss, patience):
    losses, lowest, waited, best = [], np.inf, 0, 0
    if slip("That is one epoch too many: with patience 1 the first epoch without improvement is the last."):
        patience += 1
    if slip("Train first, then measure. The untrained model is not one of the epochs."):
        losses.append(validation_loss(model))
        lowest = losses[0]
    while waited < patience:
        train_epoch(model)
        losses.append(validation_loss(model))
        waited += 1
        compared = lowest
        if slip("Compare with the lowest loss so far, not with that of the epoch before.") and len(losses) > 1:
            compared = losses[-2]
        equal = slip("An equal loss is not an improvement: only a lower one ends the wait.")
        if losses[-1] < compared or (equal and losses[-1] == compared):
            lowest, best = losses[-1], len(losses)
            waited = waited - 1 if slip("After an improvement the wait starts again from 0.") else 0
    end = model[0][0]
    if slip("Return all the losses that were measured, those of the wait as well."):
        losses = losses[:best]
    kept = [np.full(weights.shape, float(best)) for weights in model]
    if slip(
        "You return the model of the last epoch. `best = model` is only a second name for it, and training changes "
        "both: keep `copy.deepcopy(model)`. (`list(model)` or `model.copy()` would share the arrays.)"
    ):
        kept = [np.full(weights.shape, end) for weights in model]
    return kept, losses


@train_early.mistake("Right results, other order: first the model, then the list of losses.")
def _(*arguments):
    return train_early.reference(*arguments)[::-1]


@train_early.mistake("Right model. As the second result, return the list of all validation losses.")
def _(*arguments):
    model, losses = train_early.reference(*arguments)
    return model, min(losses)


@train_early.mistake("Right model. As the second result, return the list of losses, not the number of epochs.")
def _(*arguments):
    model, losses = train_early.reference(*arguments)
    return model, len(losses)


@train_early.mistake("Return the best model as well: first the model, then the list of losses.")
def _(*arguments):
    return train_early.reference(*arguments)[1]


@train_early.mistake("After an improvement nothing has been waited for yet: start again from 0, not from 1.")
def _(model, train_epoch, validation_loss, patience):
    losses, waited, best = [], 0, 0
    while waited < patience:
        train_epoch(model)
        losses.append(validation_loss(model))
        waited += 1
        if losses[-1] == min(losses) and losses.count(losses[-1]) == 1:
            best, waited = len(losses), 1
    return [np.full(weights.shape, float(best)) for weights in model], losses


@train_early.mistake("Return two results: the best model, and the list of all validation losses.")
def _(*arguments):
    return train_early.reference(*arguments)[0]


@train_early.mistake("Right losses, but the model is that of the first epoch: copy it again after each improvement.")
def _(*arguments):
    model, losses = train_early.reference(*arguments)
    return [np.ones(weights.shape) for weights in model], losses


LAMBDAS = np.array([2.0, 0.5, 0.1, 0.003])


@exercise(
    {"10 steps of 0.1": (LAMBDAS, 0.1, 10), "1 step of 0.4": (LAMBDAS, 0.4, 1)},
    {"200 steps of 0.02": (LAMBDAS[1:], 0.02, 200), "25 steps of 0.05": (3 * LAMBDAS, 0.05, 25)},
)
def reached(lam, epsilon, tau):
    w = np.zeros(len(lam))
    for _ in range(tau):
        w = w - epsilon * lam * (w - 1)
    return w


@reached.slips
def _(slip, lam, epsilon, tau):
    if slip("That is right for few small steps only. With each step the rest of the way gets shorter."):
        return tau * epsilon * lam
    left = (1 - epsilon * lam) ** tau
    if slip("That is the limit of small steps. With steps of this size it is (1 - epsilon lambda)^tau."):
        left = np.exp(-tau * epsilon * lam)
    elif slip("Each step multiplies the distance by 1 - epsilon lambda: tau steps give a power, not a multiple."):
        left = tau * (1 - epsilon * lam)
    elif slip("Each step multiplies the distance by 1 - epsilon lambda, not by epsilon lambda."):
        left = (epsilon * lam) ** tau
    elif slip("There are tau steps, and you took one less."):
        left = (1 - epsilon * lam) ** (tau - 1)
    if slip("That is the part that is left. Asked for is the part that has been covered."):
        return left
    return 1 - left


@reached.mistake("That is the factor of the penalty with alpha = 1 / (epsilon tau). Asked for is that of descent.")
def _(lam, epsilon, tau):
    return lam / (lam + 1 / (epsilon * tau))


@exercise((LAMBDAS, 0.1, 10), (LAMBDAS, 0.4, 1), (LAMBDAS[1:], 0.02, 200), (3 * LAMBDAS, 0.05, 25))
def equal_penalty(lam, epsilon, tau):
    covered = sum(epsilon * lam * (1 - epsilon * lam) ** step for step in range(tau))  # a geometric series
    return lam / covered - lam


@equal_penalty.slips
def _(slip, lam, epsilon, tau):
    if slip("That is the rule for small tau epsilon lambda. Asked for is what is exactly equal."):
        return np.full(len(lam), 1 / (tau * epsilon))
    left = (1 - epsilon * lam) ** tau
    if slip("That is the limit of small steps. With finite ones it is (1 - epsilon lambda)^tau."):
        left = np.exp(-tau * epsilon * lam)
    if slip("That is the part of w* that is left out. Which alpha leaves out as much?"):
        return left
    if slip("The two parts are exchanged: (1 - epsilon lambda)^tau is what is left out."):
        left = 1 - left
    if slip("The part left out is alpha / (lambda + alpha), so divide by the other one."):
        return lam * left
    return lam * left / (1 - left)
