"""Training: `fit` runs the epochs, `evaluate` measures; a run goes on from a checkpoint."""

from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..autodiff import Tensor, no_grad
from ..datasets import as_examples, batches
from ..nn.losses import as_labels
from ..nn.module import as_module, evaluating, expect_path
from ..support.arguments import as_count, as_flag, as_function, as_real, as_rng
from ..support.memory import keep_freed_memory
from .checkpoint import Run
from .optimizer import Optimizer


def accuracy(outputs, labels):
    """Fraction of examples whose largest output, of (N, K), is that of their label.

    labels (N,) are integers from 0 to K - 1; ValueError or TypeError for any other.
    """
    array = outputs.data if isinstance(outputs, Tensor) else as_real("accuracy", "outputs", outputs)
    if array.ndim != 2 or array.size == 0:
        form = "shape (N, K) and at least one element"
        raise ValueError(f"accuracy: outputs expects {form}, got {array.shape}")
    return float(np.mean(array.argmax(axis=1) == as_labels("accuracy", labels, array.shape)))


def evaluate(model, data, loss_fn, *, metrics=None, batch_size=1024):
    """Return the mean loss and metrics over data (x, y), in evaluation mode, as a dict of floats.

    Each example counts once. `metrics` are functions by name that take (outputs, y) of a batch and
    return its mean. Afterwards each module has the mode that it had before.
    """
    as_module("evaluate", "model", model)
    data = _read_data("evaluate", "data", data)
    loss_fn = as_function("evaluate", "loss_fn", loss_fn)
    measures = {"loss": loss_fn, **_read_metrics("evaluate", metrics)}
    batch_size = as_count("evaluate", "batch_size", batch_size)
    totals = dict.fromkeys(measures, 0.0)
    with evaluating(model), no_grad():
        for x, y in batches(*data, batch_size):
            outputs = model(_shared(x))
            for name, measure in measures.items():
                mean = _number("evaluate", name, measure(outputs, y))
                totals[name] += mean * len(x)  # the last batch may be shorter
    return {name: total / len(data[0]) for name, total in totals.items()}


def fit(
    model,
    train,
    loss_fn,
    optimizer,
    epochs,
    *,
    rng,
    batch_size=128,
    drop_last=False,
    validation=None,
    metrics=None,
    schedule=None,
    augment=None,
    patience=None,
    checkpoint=None,
):
    """Train a model on train = (x, y) until it has seen the data `epochs` times; return a History.

    loss_fn(model(x), y) is a batch's mean loss; `rng` shuffles. The last batch may be short;
    drop_last=True leaves such a one out. After each epoch `validation` = (x, y) is measured with the loss and
    `metrics` (see `evaluate`). `schedule(step)` gives each step's learning rate; `augment(x, rng)`
    turns each training batch into what is seen of it this time (section 7.4).

    With `patience`, training stops when the validation loss has not fallen for that many epochs,
    and the best parameters come back (section 7.8); NaN is never the best. `checkpoint` names a
    file that is written after each epoch. If it exists, the run goes on from it and ends with the
    same parameters, bit for bit, as one that was never interrupted; a file of another kind of run
    is a ValueError, and nothing of it is taken. Ctrl-C keeps what was reached. A loss that is not
    finite raises FloatingPointError and names the step.

    A model in training mode is trained as it is: a module of it that is in evaluation mode, such as
    a batch normalization after eval(), stays frozen. If the model itself is in evaluation mode, all
    of it is set to training.
    """
    plan = _Plan(train, validation, metrics, batch_size, drop_last, patience)
    plan.set_functions(loss_fn, schedule, augment)
    run = Run(*_read_run(model, optimizer, rng))
    epochs = as_count("fit", "epochs", epochs)
    if checkpoint is not None:
        expect_path("fit", "checkpoint", checkpoint)
        if Path(checkpoint).exists():
            run.load(checkpoint, plan.columns())
    if not model.training:
        model.train()
    keep_freed_memory()
    try:
        _epochs(run, plan, epochs, checkpoint)
    except KeyboardInterrupt:
        run.history.stopped = f"interrupted in epoch {len(run.history) + 1}"
    if run.best and patience is not None:
        model.load_state_dict(run.best)
    return run.history


class _Plan:
    """What `fit` is told to do, its arguments read."""

    def __init__(self, train, validation, metrics, batch_size, drop_last, patience):
        self.train = _read_data("fit", "train", train)
        self.validation = validation
        if validation is not None:
            self.validation = _read_data("fit", "validation", validation)
        self.metrics = _read_metrics("fit", metrics)
        self.batch_size = as_count("fit", "batch_size", batch_size)
        self.drop_last = as_flag("fit", "drop_last", drop_last)
        count = len(self.train[0])
        if self.drop_last and count < self.batch_size:
            form = f"at most the {count} examples with drop_last"
            raise ValueError(f"fit: batch_size expects {form}, got {batch_size}")
        if patience is not None and validation is None:
            raise ValueError("fit: patience expects validation data to watch, got validation=None")
        self.patience = None if patience is None else as_count("fit", "patience", patience)

    def set_functions(self, loss_fn, schedule, augment):
        """Read the functions that each step calls; all but the loss may be None."""
        self.loss_fn = as_function("fit", "loss_fn", loss_fn)
        self.schedule = None if schedule is None else as_function("fit", "schedule", schedule)
        self.augment = None if augment is None else as_function("fit", "augment", augment)

    def columns(self):
        """Names of what is recorded of each epoch."""
        measured = [] if self.validation is None else ["loss", *self.metrics]
        return ["loss", *(f"validation_{name}" for name in measured)]


def _epochs(run, plan, epochs, checkpoint):
    """Train and measure, epoch after epoch, from where the run is."""
    # A run that can be resumed keeps its best epoch, too: the rest of it may be given patience.
    watched = plan.patience is not None or checkpoint is not None
    keep_best = watched and plan.validation is not None
    with tqdm(total=epochs, initial=len(run.history), unit="epoch") as bar:
        while len(run.history) < epochs and not run.has_stalled(plan.patience):
            row = {"loss": _epoch(run, plan)}
            if plan.validation is not None:
                measured = evaluate(run.model, plan.validation, plan.loss_fn, metrics=plan.metrics)
                row |= {f"validation_{name}": value for name, value in measured.items()}
            run.record(row, keep_best)
            if checkpoint is not None:
                run.save(checkpoint)
            bar.set_postfix({name: f"{value:.4g}" for name, value in row.items()}, refresh=False)
            bar.update()


def _epoch(run, plan):
    """Go through the data once, shuffled; return the mean loss over the examples as they were met."""
    total, count = 0.0, 0
    for x, y in batches(*plan.train, plan.batch_size, run.rng, plan.drop_last):
        total += _step(run, plan, x, y) * len(x)
        count += len(x)
    return total / count


def _step(run, plan, x, y):
    """Take one step of the optimizer; return the batch's loss."""
    seen = _shared(x) if plan.augment is None else _augmented(plan.augment, x, run.rng)
    if plan.schedule is not None:
        run.optimizer.lr = plan.schedule(run.step)
    loss = plan.loss_fn(run.model(seen), y)
    if not isinstance(loss, Tensor) or loss.data.size != 1:
        form = "to return a Tensor that holds one number"
        raise TypeError(f"fit: loss_fn expects {form}, got {loss!r}")
    run.step += 1
    if not np.isfinite(loss.item()):
        place = f"step {run.step} (epoch {len(run.history) + 1})"
        rate = f"learning rate {run.optimizer.lr:g}"
        raise FloatingPointError(f"fit: loss is {loss.item()} at {place}, {rate}")
    run.optimizer.zero_grad()
    loss.backward()
    run.optimizer.step()
    return loss.item()


def _shared(x):
    """Make a Tensor of a batch that shares its array, which it would copy if it were writable."""
    x.flags.writeable = False
    return Tensor(x)


def _augmented(augment, x, rng):
    """Make a Tensor of what `augment` makes of a batch; it has data of its own."""
    seen = augment(x, rng)
    if not isinstance(seen, Tensor):
        seen = Tensor(as_real("fit", "augment's value", seen))
    if seen.shape[:1] != x.shape[:1]:
        form = f"to return the batch's {len(x)} examples"
        raise ValueError(f"fit: augment expects {form}, got shape {seen.shape}")
    return seen


def _read_run(model, optimizer, rng):
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"fit: optimizer expects an Optimizer, got {optimizer!r}")
    return as_module("fit", "model", model), optimizer, as_rng("fit", rng)


def _read_data(where, name, data):
    """Read data (x, y): arrays of as many examples, at least one."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        got = type(data).__name__
        raise TypeError(f"{where}: {name} expects a pair (x, y) of arrays, got {got}")
    x = as_real(where, f"x of {name}", data[0])
    y = as_examples(where, f"y of {name}", data[1])
    if x.shape[:1] != y.shape[:1] or x.ndim == 0:
        shapes = f"x {x.shape}, y {y.shape}"
        raise ValueError(f"{where}: {name} expects as many y as x, got shapes {shapes}")
    if len(x) == 0:
        raise ValueError(f"{where}: {name} expects at least one example, got shape {x.shape}")
    return x, y


def _read_metrics(where, metrics):
    metrics = {} if metrics is None else metrics
    is_dict = isinstance(metrics, dict) and all(map(callable, metrics.values()))
    if not is_dict or "loss" in metrics:
        form = "a dict of functions, none of them called loss"
        raise TypeError(f"{where}: metrics expects {form}, got {metrics!r}")
    return metrics


def _number(where, name, value):
    """Read what a loss or a metric returned: one number, which may be NaN."""
    value = value.data if isinstance(value, Tensor) else value
    array = as_real(where, f"{name}'s value", value)
    if array.size != 1:
        raise ValueError(f"{where}: {name} expects to return one number, got shape {array.shape}")
    return float(array.item())
