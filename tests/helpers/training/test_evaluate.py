"""`evaluate` and `Validation` measure a model as they say, and leave it as it was."""

import numpy as np
import pytest

from helpers import nn
from helpers.autodiff import Tensor
from helpers.training import Validation, accuracy, evaluate
from networks import blobs, modes, network, normalized


def test_accuracy_is_the_share_of_right_answers():
    outputs = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]])
    assert accuracy(outputs, np.array([1, 1, 1])) == pytest.approx(2 / 3)
    assert accuracy(Tensor(outputs), np.array([1, 0, 1])) == 1


def test_evaluate_counts_each_example_once_whatever_the_batches():
    model, (x, y) = network(), blobs()
    at_once = evaluate(model, (x, y), nn.cross_entropy, metrics={"accuracy": accuracy}, batch_size=len(x))
    logits = model(Tensor(x)).data
    by_hand = np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y])
    assert at_once["loss"] == pytest.approx(by_hand)
    for batch_size in (1, 10, 64, 202):
        parts = evaluate(model, (x, y), nn.cross_entropy, metrics={"accuracy": accuracy}, batch_size=batch_size)
        assert parts == pytest.approx(at_once)


def test_evaluate_is_at_test_and_leaves_the_mode_as_it_was():
    model = network(p=0.5)
    first, second = (evaluate(model, blobs(), nn.cross_entropy) for _ in range(2))
    assert first == second
    assert model.training


def test_a_frozen_layer_stays_frozen_in_evaluate():
    model = normalized()
    model[1].eval()
    before = modes(model)
    evaluate(model, blobs(), nn.cross_entropy)
    assert modes(model) == before


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_the_modes_come_back_after_an_exception(error):
    model = normalized()
    model[1].eval()
    before = modes(model)

    def failing(outputs, y):
        raise error

    with pytest.raises(error):
        evaluate(model, blobs(), failing)
    assert modes(model) == before


@pytest.mark.parametrize("value", [None, "low", np.ones(2), []], ids=repr)
def test_a_metric_that_is_no_number_is_named(value, refuses):
    metrics = {"kept": lambda outputs, y: value}
    error = TypeError if value is None or isinstance(value, str) else ValueError
    refuses(lambda: evaluate(network(), blobs(), nn.cross_entropy, metrics=metrics), error, "evaluate: kept")


# Validation.


def test_validation_measures_as_evaluate_does():
    model, data = network(), blobs(seed=5)
    validation = Validation(data, metrics={"accuracy": accuracy})
    measured = evaluate(model, data, nn.cross_entropy, metrics={"accuracy": accuracy})
    row = validation.measure(model, nn.cross_entropy)
    assert row == {"validation_loss": measured["loss"], "validation_accuracy": measured["accuracy"]}
    assert list(row) == validation.columns()


WRONG_OPTIONS = {
    "data": ({"data": 3}, TypeError, "Validation: data expects a pair (x, y) of arrays, got int"),
    "patience -1": ({"patience": -1}, ValueError, "Validation: patience expects at least 1, got -1"),
    "patience 0": ({"patience": 0}, ValueError, "Validation: patience expects at least 1, got 0"),
    "patience 2.5": ({"patience": 2.5}, TypeError, "Validation: patience expects an integer, got 2.5"),
    "metrics list": ({"metrics": [accuracy]}, TypeError, "Validation: metrics expects a dict"),
    "metric loss": (
        {"metrics": {"loss": accuracy}},
        TypeError,
        "Validation: metrics expects a dict",
    ),
}


@pytest.mark.parametrize("name", WRONG_OPTIONS)
def test_each_bad_option_of_validation_is_named(name, refuses):
    options, error, words = WRONG_OPTIONS[name]
    refuses(lambda: Validation(**{"data": blobs(), **options}), error, words)


# Accuracy.

WRONG_LABELS = {
    "column": (np.eye(2), [[0], [1]], ValueError, "accuracy: labels expects shape (2,), got (2, 1)"),
    "one-hot": (np.eye(2), np.eye(2, dtype=int), ValueError, "accuracy: labels expects shape (2,), got (2, 2)"),
    "too few": (np.eye(3), [0, 1], ValueError, "accuracy: labels expects shape (3,), got (2,)"),
    "too large": (np.eye(2), [0, 2], ValueError, "accuracy: labels expects integers from 0 to 1, got 2"),
    "floats": (np.eye(2), [0.0, 1.0], TypeError, "accuracy: labels expects integers, got dtype float64"),
    "vector": ([1.0, 2.0], [0, 1], ValueError, "accuracy: outputs expects shape (N, K)"),
    "no example": (np.empty((0, 2)), np.empty(0, int), ValueError, "accuracy: outputs expects shape (N, K)"),
    "text": ([["a"]], [0], TypeError, "accuracy: outputs expects real numbers"),
}


@pytest.mark.parametrize("name", WRONG_LABELS)
def test_accuracy_reads_its_arguments(name, refuses):
    outputs, labels, error, words = WRONG_LABELS[name]
    refuses(lambda: accuracy(outputs, labels), error, words)


def test_accuracy_of_values_on_the_tape():
    assert accuracy(Tensor(np.eye(3), requires_grad=True) * 2, [0, 1, 0]) == pytest.approx(2 / 3)
