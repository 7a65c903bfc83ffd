"""Training: `fit` takes one step of an optimizer per batch, and measures after each epoch.

What differs from one training to the next is a function given to it, such as

    def on_step(run):  # a schedule, and clipped gradients
        run.optimizer.lr = schedule(run.step)
        clip_grad_norm(run.optimizer.params, 1.0)

    def train(rng):  # augmented batches
        for x, y in batches(images, labels, 64, rng):
            yield mirrored(x, rng), y
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..autodiff import Tensor
from ..support.arguments import as_count, as_function, as_real
from ..support.files import expect_path
from ..support.memory import keep_freed_memory
from .checkpoint import load_run, save_run
from .evaluate import Validation, as_data, frozen_batches
from .run import Run


class Steps:
    """A number of steps, which `fit` takes in place of a number of epochs."""

    def __init__(self, count):
        self.count = as_count("Steps", "count", count)


def fit(
    model, train, loss_fn, optimizer, epochs, *, rng, batch_size=128, validation=None,
    on_step=None, checkpoint=None,
):  # fmt: skip
    """Train a model until it has seen the data `epochs` times, or for Steps(n); return a History.

    train: arrays (x, y), which are shuffled and cut into batches, or a function that takes rng and
    yields the batches (x, y) of an epoch, for instance augmented ones (section 7.4).
    loss_fn: the mean loss of a batch, called as loss_fn(model(x), y).
    validation: (x, y) or a `Validation`, measured after each epoch.
    on_step: called with the `Run` in each step, between the gradients and the optimizer's step. It
    may set run.optimizer.lr, as `set_lr` does, or clip the gradients.
    checkpoint: a file that is written after each whole epoch. If it exists, the run goes on from
    it, and ends with the same parameters, bit for bit, as one that was never interrupted.

    Ctrl-C keeps what was reached. A loss that is not finite raises FloatingPointError. A module in
    evaluation mode stays frozen, unless the whole model is in it.
    """
    run = Run(model, optimizer, rng)
    plan = _Plan(train, batch_size, loss_fn, on_step, epochs, validation)
    _resume(run, plan, checkpoint)
    _train(run, plan, checkpoint)
    return run.history


class _Plan:
    """What `fit` is told to do, its arguments read."""

    def __init__(self, train, batch_size, loss_fn, on_step, epochs, validation):
        self.draw = _as_draw(train, batch_size)
        self.loss_fn = as_function("fit", "loss_fn", loss_fn)
        self.on_step = None if on_step is None else as_function("fit", "on_step", on_step)
        self.in_steps = isinstance(epochs, Steps)
        self.end = epochs.count if self.in_steps else as_count("fit", "epochs", epochs)
        self.validation = validation
        if validation is not None and not isinstance(validation, Validation):
            self.validation = Validation(as_data("fit", "validation", validation))
        self.patience = None if self.validation is None else self.validation.patience

    def columns(self):
        """Return the names of what is recorded of each epoch."""
        return ["loss", *([] if self.validation is None else self.validation.columns())]

    def progress(self, run):
        """Return how many of the wanted epochs or steps are done."""
        return run.step if self.in_steps else len(run.history)

    def has_all_steps(self, run):
        """Return whether the epoch ends here, although there are batches left."""
        return self.in_steps and run.step >= self.end


def _resume(run, plan, path):
    """Let the run go on from its file, if there is one."""
    if path is None:
        return
    expect_path("fit", "checkpoint", path)
    if Path(path).exists():
        load_run(run, path, plan.columns())


def _train(run, plan, path):
    """Train until the plan, its patience or Ctrl-C ends it; patience restores the best epoch."""
    if not run.model.training:
        run.model.train()
    keep_freed_memory()
    try:
        _epochs(run, plan, path)
    except KeyboardInterrupt:
        run.history.stopped = f"interrupted in epoch {len(run.history) + 1}"
    if run.best and plan.patience is not None:
        run.model.load_state_dict(run.best)


def _epochs(run, plan, path):
    """Train and measure, epoch after epoch, from where the run is."""
    # A run that can be resumed keeps its best epoch, too: the rest of it may be given patience.
    watched = plan.patience is not None or path is not None
    keep_best = watched and plan.validation is not None
    unit = "step" if plan.in_steps else "epoch"
    with tqdm(total=plan.end, initial=plan.progress(run), unit=unit) as bar:
        while plan.progress(run) < plan.end and not run.has_stalled(plan.patience):
            loss, is_whole = _epoch(run, plan)
            row = {"loss": loss}
            if plan.validation is not None:
                row |= plan.validation.measure(run.model, plan.loss_fn)
            run.record(row, keep_best)
            if path is not None and is_whole:  # a longer run goes on from where the last one began
                save_run(run, path)
            bar.set_postfix({name: f"{value:.4g}" for name, value in row.items()}, refresh=False)
            bar.update(plan.progress(run) - bar.n)


def _epoch(run, plan):
    """Go through the data once; return the mean loss of the examples, and whether all were met."""
    total = 0.0
    count = 0
    for x, y in _batches(plan.draw, run.rng):
        if plan.has_all_steps(run):
            return total / count, False
        _step(run, plan, x, y)
        total += run.loss * len(x.data)
        count += len(x.data)
    if count == 0:
        raise ValueError("fit: train expects to yield at least one batch in an epoch, got none")
    return total / count, True


def _step(run, plan, x, y):
    """Take one step of the optimizer, on one batch."""
    loss = plan.loss_fn(run.model(x), y)
    if not isinstance(loss, Tensor) or loss.data.size != 1:
        form = "to return a Tensor that holds one number"
        raise TypeError(f"fit: loss_fn expects {form}, got {loss!r}")
    run.loss = loss.item()
    if not np.isfinite(run.loss):
        place = f"step {run.step + 1} (epoch {len(run.history) + 1})"
        rate = f"learning rate {run.optimizer.lr:g}"
        raise FloatingPointError(f"fit: loss is {run.loss} at {place}, {rate}")
    run.optimizer.zero_grad()
    loss.backward()
    if plan.on_step is not None:
        plan.on_step(run)
    run.optimizer.step()
    run.step += 1


def _as_draw(train, batch_size):
    """Read the training data as a function of rng that yields the batches of an epoch."""
    batch_size = as_count("fit", "batch_size", batch_size)
    if callable(train):
        return train
    x, y = as_data("fit", "train", train)
    return partial(frozen_batches, x, y, batch_size)


def _batches(draw, rng):
    """Yield the batches of an epoch: a Tensor x of at least one example, and y as it is."""
    drawn = draw(rng)
    if not isinstance(drawn, Iterable):
        raise TypeError(f"fit: train expects a function that yields batches, got {drawn!r}")
    for batch in drawn:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            got = type(batch).__name__
            raise TypeError(f"fit: train expects to yield pairs (x, y), got {got}")
        x, y = batch
        x = x if isinstance(x, Tensor) else Tensor(as_real("fit", "x of a batch", x))
        if x.ndim == 0 or len(x.data) == 0:
            got = f"shape {x.shape}"
            raise ValueError(f"fit: x of a batch expects at least one example, got {got}")
        yield x, y
