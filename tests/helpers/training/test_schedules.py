"""Schedules: the values of their formulas, PyTorch's where it is installed, and what is refused."""

import numpy as np
import pytest

from arrays import close
from helpers.training import cosine_decay, linear_decay, one_cycle, set_lr, step_decay, warm_up


def test_schedules():
    close([step_decay(1, 2, 0.5)(k) for k in range(5)], [1, 1, 0.5, 0.5, 0.25])
    close([linear_decay(1, 4, 0.2)(k) for k in range(6)], [1, 0.8, 0.6, 0.4, 0.2, 0.2])
    close([cosine_decay(1, 4)(k) for k in range(6)], [1, (2 + 2**0.5) / 4, 0.5, (2 - 2**0.5) / 4, 0, 0], atol=1e-15)
    warm = warm_up(linear_decay(1, 4), 4)
    close([warm(k) for k in range(9)], [0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25, 0])


def test_schedules_of_pytorch(torch):
    def rates(make, steps):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        scheduler, found = make(optimizer), []
        for _ in range(steps):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step() if len(found) < steps else None
        return found

    schedulers = torch.optim.lr_scheduler
    close([one_cycle(0.5, 40)(k) for k in range(40)], rates(lambda o: schedulers.OneCycleLR(o, 0.5, 40), 40))
    ours = [cosine_decay(0.5, 40, 0.1)(k) for k in range(41)]
    close(ours, rates(lambda o: schedulers.CosineAnnealingLR(o, 40, 0.1), 41))
    close([step_decay(0.5, 7)(k) for k in range(30)], rates(lambda o: schedulers.StepLR(o, 7), 30))


@pytest.mark.parametrize("steps", [0, -1, 2.5, True, None], ids=repr)
@pytest.mark.parametrize(
    ("where", "make"),
    {
        "linear_decay: steps": lambda n: linear_decay(1, n),
        "cosine_decay: steps": lambda n: cosine_decay(1, n),
        "one_cycle: steps": lambda n: one_cycle(1, n),
        "warm_up: steps": lambda n: warm_up(step_decay(1, 2), n),
    }.items(),
)
def test_each_number_of_steps_is_read(where, make, steps):
    with pytest.raises((ValueError, TypeError), match=f"^{where} expects"):
        make(steps)


NUMBERS = [np.nan, -1, True, "0.1", None, [0.1]]


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
@pytest.mark.parametrize(
    ("where", "make"),
    {
        "step_decay: lr": lambda x: step_decay(x, 3),
        "step_decay: factor": lambda x: step_decay(1, 3, x),
        "linear_decay: lr": lambda x: linear_decay(x, 3),
        "linear_decay: final": lambda x: linear_decay(1, 3, x),
        "cosine_decay: lr": lambda x: cosine_decay(x, 10),
        "cosine_decay: final": lambda x: cosine_decay(1, 10, x),
        "one_cycle: lr": lambda x: one_cycle(x, 10),
        "one_cycle: rise": lambda x: one_cycle(1, 10, rise=x),
        "one_cycle: start": lambda x: one_cycle(1, 10, start=x),
        "one_cycle: final": lambda x: one_cycle(1, 10, final=x),
    }.items(),
)
def test_each_number_is_read(where, make, value):
    with pytest.raises((ValueError, TypeError), match=f"^{where} expects"):
        make(value)


def test_a_rise_has_to_end_before_the_last_step(refuses):
    refuses(lambda: one_cycle(1, 10, rise=2), ValueError, "one_cycle: rise expects")


def test_a_step_down_takes_at_least_one_step(refuses):
    refuses(lambda: step_decay(1, 0), ValueError, "step_decay: every expects at least 1")


@pytest.mark.parametrize("use", [lambda f: warm_up(f, 3), set_lr], ids=["warm_up", "set_lr"])
def test_a_schedule_is_a_function(use):
    with pytest.raises(TypeError, match=r"schedule expects a function, got 0.1"):
        use(0.1)
