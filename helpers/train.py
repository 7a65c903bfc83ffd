"""Training: `fit` runs the epochs, `evaluate` measures, and a checkpoint lets a run go on as if it had not stopped."""

from pathlib import Path

import numpy as np
from tqdm import tqdm

from .arguments import as_count, as_real, as_rng
from .autodiff import Tensor, no_grad
from .checkpoint import History, Run
from .datasets import batches
from .module import as_module, evaluating, expect_path
from .nn.losses import as_labels
from .optimizer import Optimizer

__all__ = ["History", "accuracy", "evaluate", "fit"]


def accuracy(outputs, labels):
    """Fraction of examples whose largest output, of (N, K), is that of their label: (N,) integers from 0 to K - 1."""
    outputs = as_real("accuracy", "outputs", outputs.data if isinstance(outputs, Tensor) else outputs)
    if outputs.ndim != 2 or outputs.size == 0:
        raise ValueError(f"accuracy: outputs expects shape (N, K) and at least one element, got {outputs.shape}")
    labels = as_labels("accuracy", labels, outputs.shape)
    return float(np.mean(outputs.argmax(axis=1) == labels))


def evaluate(model, data, loss_fn, *, metrics=None, batch_size=1024):
    """Return the mean loss and metrics over data (x, y), with the model in evaluation mode, as a dict of floats.

    Each example counts once. `metrics` are functions by name that take (outputs, y) of a batch and return its mean.
    Afterwards each module has the mode that it had before.
    """
    as_module("evaluate", "model", model)
    data = _read_data("evaluate", "data", data)
    measures = {"loss": loss_fn, **_read_metrics("evaluate", metrics)}
    batch_size = as_count("evaluate", "batch_size", batch_size)
    totals = dict.fromkeys(measures, 0.0)
    with evaluating(model), no_grad():
        for x, y in batches(*data, batch_size):
            outputs = model(_shared(x))
            for name, measure in measures.items():
                totals[name] += _number("evaluate", name, measure(outputs, y)) * len(x)  # the last batch may be shorter
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

    loss_fn(model(x), y) is a batch's mean loss; `rng` shuffles; drop_last=True leaves out a last batch that is short.
    After each epoch `validation` = (x, y) is measured with the loss and `metrics` (see `evaluate`). `schedule(step)`
    gives each step's learning rate; `augment(x, rng)` turns each training batch into what is seen of it this time
    (section 7.4).

    With `patience`, training stops when the validation loss has not fallen for so many epochs, and the best parameters
    come back (section 7.8); NaN is never the best. `checkpoint` names a file that is written after each epoch; if it
    exists, the run goes on from it, with an optimizer, validation and metrics of the same kind, and ends with the same
    parameters, bit for bit, as one that was never interrupted. A file of another run is a ValueError, and nothing of it
    is taken. Ctrl-C keeps what was reached. A loss that is not finite raises FloatingPointError and names the step.

    A model in training mode is trained as it is: a module of it that is in evaluation mode, such as a batch
    normalization after eval(), stays frozen. If the model itself is in evaluation mode, all of it is set to training.
    """
    as_module("fit", "model", model)
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"fit: optimizer expects an Optimizer, got {optimizer!r}")
    epochs = as_count("fit", "epochs", epochs)
    plan = _Plan(train, loss_fn, batch_size, drop_last, validation, metrics, schedule, augment, patience)
    run = Run(model, optimizer, as_rng("fit", rng))
    if checkpoint is not None:
        expect_path("fit", "checkpoint", checkpoint)
        if Path(checkpoint).exists():
            run.load(checkpoint, plan.columns())
    if not model.training:
        model.train()
    try:
        _epochs(run, plan, epochs, checkpoint)
    except KeyboardInterrupt:
        run.history.stopped = f"interrupted in epoch {len(run.history) + 1}"
    if run.best and patience is not None:
        model.load_state_dict(run.best)
    return run.history


class _Plan:
    """What `fit` was told to do, its arguments read."""

    def __init__(self, train, loss_fn, batch_size, drop_last, validation, metrics, schedule, augment, patience):
        self.train = _read_data("fit", "train", train)
        self.batch_size = as_count("fit", "batch_size", batch_size)
        self.drop_last = drop_last
        if drop_last and len(self.train[0]) < self.batch_size:
            count = len(self.train[0])
            raise ValueError(f"fit: batch_size expects at most the {count} examples with drop_last, got {batch_size}")
        if patience is not None and validation is None:
            raise ValueError("fit: patience expects validation data to watch, got validation=None")
        self.patience = None if patience is None else as_count("fit", "patience", patience)
        self.validation = None if validation is None else _read_data("fit", "validation", validation)
        self.metrics = _read_metrics("fit", metrics)
        self.loss_fn, self.schedule, self.augment = loss_fn, schedule, augment
        for name, function in {"loss_fn": loss_fn, "schedule": schedule, "augment": augment}.items():
            if not (callable(function) or (function is None and name != "loss_fn")):
                raise TypeError(f"fit: {name} expects a function, got {function!r}")

    def columns(self):
        """Names of what is recorded of each epoch."""
        measured = [] if self.validation is None else ["loss", *self.metrics]
        return ["loss", *(f"validation_{name}" for name in measured)]


def _epochs(run, plan, epochs, checkpoint):
    """Train and measure, epoch after epoch, from where the run is."""
    # A run that can be resumed keeps its best epoch, too: the rest of it may be asked for patience.
    keep_best = plan.validation is not None and (plan.patience is not None or checkpoint is not None)
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
        raise TypeError(f"fit: loss_fn expects to return a Tensor that holds one number, got {loss!r}")
    run.step += 1
    if not np.isfinite(loss.item()):
        place = f"step {run.step} (epoch {len(run.history) + 1})"
        raise FloatingPointError(f"fit: loss is {loss.item()} at {place}, learning rate {run.optimizer.lr:g}")
    run.optimizer.zero_grad()
    loss.backward()
    run.optimizer.step()
    return loss.item()


def _shared(x):
    """A batch as a Tensor that shares its array, which is nobody else's: a writable one would be copied."""
    x.flags.writeable = False
    return Tensor(x)


def _augmented(augment, x, rng):
    """What `augment` makes of a batch, as a Tensor with data of its own: the array may be used again."""
    seen = augment(x, rng)
    seen = seen if isinstance(seen, Tensor) else Tensor(as_real("fit", "augment's value", seen))
    if seen.shape[:1] != x.shape[:1]:
        raise ValueError(f"fit: augment expects to return the batch's {len(x)} examples, got shape {seen.shape}")
    return seen


def _read_data(where, name, data):
    """Read data (x, y): arrays of as many examples, at least one."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise TypeError(f"{where}: {name} expects a pair (x, y) of arrays, got {type(data).__name__}")
    x, y = as_real(where, f"x of {name}", data[0]), np.asarray(data[1])
    if x.shape[:1] != y.shape[:1] or x.ndim == 0:
        raise ValueError(f"{where}: {name} expects as many y as x, got shapes x {x.shape}, y {y.shape}")
    if len(x) == 0:
        raise ValueError(f"{where}: {name} expects at least one example, got shape {x.shape}")
    return x, y


def _read_metrics(where, metrics):
    metrics = {} if metrics is None else metrics
    if not isinstance(metrics, dict) or "loss" in metrics or not all(map(callable, metrics.values())):
        raise TypeError(f"{where}: metrics expects a dict of functions, none of them called loss, got {metrics!r}")
    return metrics


def _number(where, name, value):
    """Read what a loss or a metric returned: one number, which may be NaN."""
    array = as_real(where, f"{name}'s value", value.data if isinstance(value, Tensor) else value)
    if array.size != 1:
        raise ValueError(f"{where}: {name} expects to return one number, got shape {array.shape}")
    return float(array.item())
