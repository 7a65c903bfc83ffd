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


@stop_early.mistake("Lower is better: you keep the epoch of the highest loss.")
def _(losses, patience):
    return stops_at([-loss for loss in losses], patience)


@stop_early.mistake("After an improvement nothing has been waited for yet: start again from 0, not from 1.")
def _(losses, patience):
    waited = 0
    for epoch in range(1, len(losses) + 1):
        if losses[epoch - 1] < min(losses[: epoch - 1], default=np.inf):
            best, waited = epoch, 0
        waited += 1
        if waited == patience:
            break
    return best, epoch


@stop_early.mistake("The last epoch of the list is missing. `range(1, n)` ends at n - 1: use len(losses) + 1.")
def _(losses, patience):
    return stops_at(losses[:-1], patience)


@stop_early.mistake("You stop after `patience` epochs in all. Count the epochs since the best one.")
def _(losses, patience):
    last = min(patience, len(losses))
    return losses.index(min(losses[:last])) + 1, last


@stop_early.mistake("Your function returns after its first epoch. Does `return` stand inside the loop?")
def _(losses, patience):
    return 1, 1


@stop_early.mistake("The first number is how long was waited. Return the best epoch itself.")
def _(losses, patience):
    best, last = stops_at(losses, patience)
    return last - best, last


@stop_early.mistake("The best epoch is `patience` before the last only if patience ended the run. Remember it instead.")
def _(losses, patience):
    _, last = stops_at(losses, patience)
    return last - patience, last


@stop_early.mistake("The loss of epoch 1 is `losses[0]`, and that of `epoch` is `losses[epoch - 1]`.")
def _(losses, patience):
    best = 1
    for epoch in range(1, len(losses) + 1):
        if losses[epoch] < losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best, epoch


@stop_early.mistake("`np.argmin` sees the whole list, and counts from 0. Go through the list, one epoch at a time.")
def _(losses, patience):
    best = int(np.argmin(losses))
    return best, min(best + patience, len(losses))


@stop_early.telltale("Return two epochs, the best and the last: `return best, last`.")
def _(answers, wanted):
    return any(answer.shape != (2,) for answer in answers)


MOST = 60


def train_epoch(model):
    """Train in place, as networks are: the weights count the epochs."""
    for weights in model:
        weights += 1
    if model[0][0] > MOST:
        raise RuntimeError(f"{MOST} epochs, and no end: count the wait, and update the lowest loss")


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
    {
        "patience 1 (each weight counts the epochs)": run_of(VALLEY, 1),
        "patience 3": run_of(VALLEY, 3),
        "patience 4": run_of(VALLEY, 4),
    },
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


def model_of(epoch):
    """Return the model after an epoch."""
    return [weights + epoch for weights in fresh()]


@train_early.mistake(
    "`train_epoch(model)` changes the model in place and returns nothing: call it on a line of its own."
)
def _(model, train_epoch, validation_loss, patience):
    validation_loss(train_epoch(model))


@train_early.mistake("That is `patience` epochs in all. With each improvement the wait starts again from 0.")
def _(*arguments):
    losses = train_early.reference(*arguments)[1][: arguments[-1]]
    return model_of(losses.index(min(losses)) + 1), losses


@train_early.mistake("Nothing ever counts as an improvement. Begin with `lowest = np.inf`, and look for a lower loss.")
def _(*arguments):
    patience = arguments[-1]
    return model_of(patience), train_early.reference(*arguments)[1][:patience]


@train_early.mistake("Right losses, but the model is the untrained one: make a copy with each improvement.")
def _(*arguments):
    return fresh(), train_early.reference(*arguments)[1]


@train_early.mistake("You copy before you train: your model is one epoch younger than the best.")
def _(*arguments):
    model, losses = train_early.reference(*arguments)
    return [weights - 1 for weights in model], losses


@train_early.mistake("You copy in each epoch. Copy only with an improvement, after it was measured.")
def _(*arguments):
    losses = train_early.reference(*arguments)[1]
    return model_of(len(losses) - 1), losses


@train_early.mistake("Each epoch starts from the untrained model. Train `model` itself, and copy it afterwards.")
def _(model, train_epoch, validation_loss, patience):
    train_epoch(model)
    return model, [validation_loss(model)] * (patience + 1)


@train_early.mistake("The model is never trained: call `train_epoch(model)` in each epoch.")
def _(model, train_epoch, validation_loss, patience):
    return model, [validation_loss(model)] * (patience + 1)


@train_early.mistake("Keep the losses of all epochs, not only those of the improvements.")
def _(*arguments):
    model, losses = train_early.reference(*arguments)
    lower = [loss for epoch, loss in enumerate(losses) if loss < min(losses[:epoch], default=np.inf)]
    return model, lower


@train_early.mistake(
    "You stop at the first epoch without improvement. Wait until there were `patience` of them in a row."
)
def _(model, train_epoch, validation_loss, patience):
    return train_early.reference(model, train_epoch, validation_loss, 1)


@train_early.mistake("Your function returns after its first epoch. Does `return` stand inside the loop?")
def _(*arguments):
    return model_of(1), train_early.reference(*arguments)[1][:1]


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


@reached.mistake("There are tau steps, and you took one more.")
def _(lam, epsilon, tau):
    return 1 - (1 - epsilon * lam) ** (tau + 1)


@reached.mistake("That is one step. Asked for is how far tau steps get.")
def _(lam, epsilon, tau):
    return epsilon * lam


@reached.mistake("Each step multiplies the distance by 1 - epsilon lambda: the learning rate is missing.")
def _(lam, epsilon, tau):
    return 1 - (1 - lam) ** tau


@reached.mistake("Each step multiplies the distance by 1 - epsilon lambda: the eigenvalue belongs into the power.")
def _(lam, epsilon, tau):
    return lam * (1 - (1 - epsilon) ** tau)


@reached.mistake(
    "All directions get equally far here. The eigenvalue is missing: a step multiplies by 1 - epsilon lambda."
)
def _(lam, epsilon, tau):
    return 1 - (1 - epsilon) ** tau * np.ones(len(lam))


@reached.mistake(
    "That moves away from the minimum: a step multiplies the distance by 1 - epsilon lambda, with a minus."
)
def _(lam, epsilon, tau):
    return 1 - (1 + epsilon * lam) ** tau


@reached.mistake("Descent starts at w = 0, and you start at the minimum, where it stays.")
def _(lam, epsilon, tau):
    return np.ones(len(lam))


@reached.mistake("It is w - w* that is multiplied in each step, not w: with w = 0 nothing would ever move.")
def _(lam, epsilon, tau):
    return np.zeros(len(lam))


@reached.mistake("If that was meant as a power: Python writes `**`, and `^` is something else.")
def _(lam, epsilon, tau):
    return 1 - (1 - epsilon * lam) ^ tau


@reached.telltale("Return one number for each eigenvalue, an array of the shape of `lam`: after the last step only.")
def _(answers, wanted):
    return any(answer.shape != want.shape for answer, want in zip(answers, wanted, strict=True))


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


@equal_penalty.mistake("What is left out is a fraction, alpha / (lambda + alpha): the factor lambda is missing.")
def _(lam, epsilon, tau):
    left = (1 - epsilon * lam) ** tau
    return left / (1 - left)


@equal_penalty.mistake("Solve left (lambda + alpha) = alpha once more: alpha (1 - left) = lambda left, with a minus.")
def _(lam, epsilon, tau):
    left = (1 - epsilon * lam) ** tau
    return lam * left / (1 + left)


@equal_penalty.mistake("In the numerator, the part that is left out is missing: alpha (1 - left) = lambda left.")
def _(lam, epsilon, tau):
    return lam / (1 - (1 - epsilon * lam) ** tau)


@equal_penalty.mistake("lambda belongs in the numerator: alpha (1 - left) = lambda left.")
def _(lam, epsilon, tau):
    left = (1 - epsilon * lam) ** tau
    return left / (lam * (1 - left))


@equal_penalty.mistake("`a / 1 - b` is `(a / 1) - b` in Python: divide by `(1 - left)`, with parentheses.")
def _(lam, epsilon, tau):
    left = (1 - epsilon * lam) ** tau
    return lam * left / 1 - left


@equal_penalty.telltale("Each eigenvalue has a penalty of its own: return an array of the shape of `lam`.")
def _(answers, wanted):
    return any(answer.shape != want.shape for answer, want in zip(answers, wanted, strict=True))
