"""Training: `fit` runs the epochs, `evaluate` measures, and a checkpoint lets a run go on as if it had not stopped."""

import json
from pathlib import Path

import numpy as np
from tqdm import tqdm

from .arguments import as_count, as_rng
from .autodiff import Tensor, no_grad
from .datasets import batches
from .module import load_arrays, save_arrays


class History:
    """What `fit` recorded, a dict for each epoch; history["loss"] is a column; `stopped` says why it ended early."""

    def __init__(self, rows=(), stopped=""):
        self.rows, self.stopped = list(rows), stopped

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, name):
        if self.rows and name not in self.rows[0]:
            raise KeyError(f"History: expects one of {', '.join(self.rows[0])}, got {name!r}")
        return [row[name] for row in self.rows]

    def best(self):
        """Index of the epoch with the lowest validation loss."""
        return int(np.argmin(self["validation_loss"]))


def accuracy(outputs, labels):
    """Share of examples whose largest output, of (N, classes), is that of their label (N,)."""
    outputs = outputs.data if isinstance(outputs, Tensor) else np.asarray(outputs)
    return float(np.mean(outputs.argmax(axis=1) == labels))


def evaluate(model, data, loss_fn, *, metrics=None, batch_size=1024):
    """Mean loss and metrics of a model at test over data (x, y), each example counted once: a dict of floats.

    `metrics` are functions by name that take (outputs, y) of a batch and return its mean.
    """
    measures = {"loss": loss_fn, **(metrics or {})}
    totals, count = dict.fromkeys(measures, 0.0), 0
    was_training = model.training
    model.eval()
    with no_grad():
        for x, y in _tensors(data, batch_size):
            outputs = model(x)
            for name, measure in measures.items():
                totals[name] += float(measure(outputs, y)) * len(x)  # the last batch may be shorter
            count += len(x)
    model.train(was_training)
    return {name: total / count for name, total in totals.items()}


def fit(
    model,
    train,
    loss_fn,
    optimizer,
    epochs,
    *,
    rng,
    batch_size=128,
    validation=None,
    metrics=None,
    schedule=None,
    augment=None,
    patience=None,
    checkpoint=None,
):
    """Train a model on train = (x, y) until it has seen the data `epochs` times; return a History.

    loss_fn(model(x), y) is a batch's mean loss; `rng` shuffles. After each epoch `validation` = (x, y) is measured with
    the loss and `metrics` (see `evaluate`). `schedule(step)` gives each step's learning rate; `augment(x, rng)` turns
    each training batch into what is seen of it this time (section 7.4). With `patience`, training stops when the
    validation loss has not fallen for so many epochs, and the best parameters come back (section 7.8). `checkpoint`
    names a file that is written after each epoch; if it exists, the run goes on from it and ends with the same
    parameters, bit for bit, as one that was never interrupted. Ctrl-C keeps what was reached. A loss that is not finite
    raises FloatingPointError and names the step.
    """
    as_rng("fit", rng)
    epochs = as_count("fit", "epochs", epochs)
    if patience is not None and validation is None:
        raise ValueError("fit: patience expects validation data to watch, got validation=None")
    run = _Run(model, optimizer, rng)
    if checkpoint is not None and Path(checkpoint).exists():
        run.load(checkpoint)
    try:
        with tqdm(total=epochs, initial=len(run.history), unit="epoch") as bar:
            while len(run.history) < epochs and not run.has_stalled(patience):
                row = {"loss": _epoch(run, train, loss_fn, batch_size, schedule, augment)}
                if validation is not None:
                    measured = evaluate(model, validation, loss_fn, metrics=metrics)
                    row |= {f"validation_{name}": value for name, value in measured.items()}
                run.record(row, keep_best=patience is not None)
                if checkpoint is not None:
                    run.save(checkpoint)
                bar.set_postfix({name: f"{value:.4g}" for name, value in row.items()}, refresh=False)
                bar.update()
    except KeyboardInterrupt:
        run.history.stopped = f"interrupted in epoch {len(run.history) + 1}"
    if run.best:
        model.load_state_dict(run.best)
    return run.history


def _epoch(run, train, loss_fn, batch_size, schedule, augment):
    """Go through the data once, shuffled; return the mean loss over the examples as they were met."""
    run.model.train()
    total, count = 0.0, 0
    for x, y in _tensors(train, batch_size, run.rng, augment):
        if schedule is not None:
            run.optimizer.lr = schedule(run.step)
        loss = loss_fn(run.model(x), y)
        run.step += 1
        if not np.isfinite(loss.item()):
            place = f"step {run.step} (epoch {len(run.history) + 1})"
            raise FloatingPointError(f"fit: loss is {loss.item()} at {place}, learning rate {run.optimizer.lr:g}")
        run.optimizer.zero_grad()
        loss.backward()
        run.optimizer.step()
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count


def _tensors(data, batch_size, rng=None, augment=None):
    """Yield the batches of data (x, y), each x as a Tensor."""
    for x, y in batches(*data, batch_size, rng):
        if augment is not None:
            x = augment(x, rng)
        x.flags.writeable = False  # so that the Tensor shares it: a writable array would be copied
        yield Tensor(x), y


class _Run:
    """All that a training run is made of, so that it can be saved and taken up again."""

    def __init__(self, model, optimizer, rng):
        self.model, self.optimizer, self.rng = model, optimizer, rng
        self.history, self.step, self.best = History(), 0, {}

    def record(self, row, keep_best):
        """Append an epoch's row, and keep a copy of the parameters if it is the best so far."""
        self.history.rows.append(row)
        if keep_best and self.history.best() == len(self.history) - 1:
            self.best = self.model.state_dict()

    def has_stalled(self, patience):
        """Whether the validation loss has not fallen for `patience` epochs."""
        if patience is None or not len(self.history):
            return False
        stalled = len(self.history) - 1 - self.history.best() >= patience
        if stalled:
            self.history.stopped = f"no better validation loss for {patience} epochs"
        return stalled

    def generators(self):
        """Every random generator that the run draws from: its own, then those of its modules, as in dropout."""
        found = [self.rng]
        for _, module in self.model.named_modules():
            found += [value for value in vars(module).values() if isinstance(value, np.random.Generator)]
        return [generator for number, generator in enumerate(found) if generator not in found[:number]]

    def save(self, path):
        """Write the run to an .npz file, whole or not at all."""
        facts = {
            "rows": self.history.rows,
            "step": self.step,
            "generators": [generator.bit_generator.state for generator in self.generators()],
        }
        text = np.frombuffer(json.dumps(facts).encode(), np.uint8)
        parts = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "best": self.best}
        arrays = {f"{part}/{name}": array for part, state in parts.items() for name, array in state.items()}
        save_arrays(path, {"run": text, **arrays})

    def load(self, path):
        """Take up the run that `save` wrote."""
        arrays = load_arrays(path)
        if "run" not in arrays:
            raise ValueError(f"fit: checkpoint expects a file that fit wrote, got {str(path)!r}")
        facts = json.loads(arrays.pop("run").tobytes())
        parts = {"model": {}, "optimizer": {}, "best": {}}
        for name, array in arrays.items():
            part, _, key = name.partition("/")
            parts[part][key] = array
        self.model.load_state_dict(parts["model"])
        self.optimizer.load_state_dict(parts["optimizer"])
        self.history, self.step, self.best = History(facts["rows"]), facts["step"], parts["best"]
        for generator, state in zip(self.generators(), facts["generators"], strict=True):
            generator.bit_generator.state = state
