"""How well a model does on data, and held-out data that are measured after each epoch."""

import numpy as np

from ..autodiff import Tensor, no_grad
from ..datasets import as_examples, batches
from ..nn.losses import as_labels
from ..nn.module import as_module, evaluating
from ..support.arguments import as_count, as_function, as_real


def accuracy(outputs, labels):
    """Return the fraction of examples whose largest output, of (N, K), is that of their label.

    labels (N,) are integers from 0 to K - 1; ValueError or TypeError for any other.
    """
    outputs = outputs.data if isinstance(outputs, Tensor) else outputs
    array = as_real("accuracy", "outputs", outputs)
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
    x, y = as_data("evaluate", "data", data)
    loss_fn = as_function("evaluate", "loss_fn", loss_fn)
    measures = {"loss": loss_fn, **_as_metrics("evaluate", metrics)}
    batch_size = as_count("evaluate", "batch_size", batch_size)
    totals = dict.fromkeys(measures, 0.0)
    with evaluating(model), no_grad():
        for inputs, targets in frozen_batches(x, y, batch_size):
            outputs = model(Tensor(inputs))
            for name, measure in measures.items():
                mean = _as_mean("evaluate", name, measure(outputs, targets))
                totals[name] += mean * len(inputs)  # the last batch may be shorter
    return {name: total / len(x) for name, total in totals.items()}


class Validation:
    """Held-out data (x, y), for `fit`: what is measured on them, and how long it waits for better.

    After each epoch the loss and the `metrics` are measured, as by `evaluate`. With `patience`,
    training stops when the loss has not fallen for that many epochs, and the best parameters come
    back (section 7.8); NaN is never the best.
    """

    def __init__(self, data, *, metrics=None, patience=None):
        self.data = as_data("Validation", "data", data)
        self.metrics = _as_metrics("Validation", metrics)
        self.patience = None if patience is None else as_count("Validation", "patience", patience)

    def columns(self):
        """Return the names of what is measured."""
        return [f"validation_{name}" for name in ("loss", *self.metrics)]

    def measure(self, model, loss_fn):
        """Return the loss and the metrics by the names of their columns."""
        measured = evaluate(model, self.data, loss_fn, metrics=self.metrics)
        return {f"validation_{name}": value for name, value in measured.items()}


def frozen_batches(*arguments):
    """Yield `batches` whose x is read-only, so that a Tensor made of it needs no copy."""
    for x, y in batches(*arguments):
        x.flags.writeable = False
        yield x, y


def as_data(where, name, data):
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


def _as_metrics(where, metrics):
    """Read functions by name; None stands for none."""
    metrics = {} if metrics is None else metrics
    is_dict = isinstance(metrics, dict) and all(map(callable, metrics.values()))
    if not is_dict or "loss" in metrics:
        form = "a dict of functions, none of them called loss"
        raise TypeError(f"{where}: metrics expects {form}, got {metrics!r}")
    return metrics


def _as_mean(where, name, value):
    """Read what a loss or a metric returned: one number, which may be NaN."""
    value = value.data if isinstance(value, Tensor) else value
    array = as_real(where, f"{name}'s value", value)
    if array.size != 1:
        raise ValueError(f"{where}: {name} expects to return one number, got shape {array.shape}")
    return float(array.item())
