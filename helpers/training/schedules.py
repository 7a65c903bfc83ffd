"""Learning rate schedules: each function returns a function from the step to its learning rate.

Steps count from 0. `set_lr` lets `fit` follow a schedule; a loop of your own sets
optimizer.lr = schedule(step).
"""

import math

from ..support.arguments import as_count, as_function, as_number


def set_lr(schedule):
    """Return a function for `on_step` of `fit` that gives each step the rate schedule(step)."""
    schedule = as_function("set_lr", "schedule", schedule)

    def on_step(run):
        run.optimizer.lr = schedule(run.step)

    return on_step


def step_decay(lr, every, factor=0.1):
    """Multiply lr by factor after every `every` steps."""
    lr = as_number("step_decay", "lr", lr, "[0, inf)")
    factor = as_number("step_decay", "factor", factor, "[0, inf)")
    every = as_count("step_decay", "every", every)
    return lambda step: lr * factor ** (step // every)


def linear_decay(lr, steps, final=0.0):
    """Go along a line from lr to final in `steps` steps, then stay there (eq. 8.14)."""
    lr = as_number("linear_decay", "lr", lr, "[0, inf)")
    final = as_number("linear_decay", "final", final, "[0, inf)")
    steps = as_count("linear_decay", "steps", steps)
    return lambda step: lr + (final - lr) * min(step / steps, 1)


def cosine_decay(lr, steps, final=0.0):
    """Go along half a cosine from lr to final in `steps` steps, then stay there.

    (Loshchilov and Hutter, 2017.)
    """
    lr = as_number("cosine_decay", "lr", lr, "[0, inf)")
    final = as_number("cosine_decay", "final", final, "[0, inf)")
    steps = as_count("cosine_decay", "steps", steps)
    return lambda step: _cosine(lr, final, min(step / steps, 1))


def warm_up(schedule, steps):
    """Go along a line to the start of a schedule, from 1/steps of it, then follow the schedule.

    (Goyal et al., 2017.)
    """
    schedule = as_function("warm_up", "schedule", schedule)
    steps = as_count("warm_up", "steps", steps)

    def warmed(step):
        if step < steps:
            return schedule(0) * (step + 1) / steps
        return schedule(step - steps)

    return warmed


def one_cycle(lr, steps, rise=0.3, start=1 / 25, final=1 / 250_000):
    """Rise along half a cosine from start * lr to lr, then fall along one to final * lr.

    `rise` is the fraction of the steps that the rise takes (Smith, 2018).
    """
    lr = as_number("one_cycle", "lr", lr, "[0, inf)")
    start = as_number("one_cycle", "start", start, "[0, inf)")
    final = as_number("one_cycle", "final", final, "[0, inf)")
    last = as_count("one_cycle", "steps", steps, minimum=2) - 1
    top = as_number("one_cycle", "rise", rise) * steps - 1
    if not 0 < top < last:
        form = f"a number between 1 / steps and 1 with steps {steps}"
        raise ValueError(f"one_cycle: rise expects {form}, got {rise!r}")

    def schedule(step):
        if step <= top:
            return _cosine(start * lr, lr, step / top)
        return _cosine(lr, final * lr, min((step - top) / (last - top), 1))

    return schedule


def _cosine(start, end, fraction):
    """Return how high half a cosine from start to end is after this fraction of its way."""
    return end + (start - end) * (1 + math.cos(math.pi * fraction)) / 2
