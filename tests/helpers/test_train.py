"""`fit` trains, measures, stops and resumes as it says."""

import numpy as np
import pytest

from helpers import nn
from helpers.autodiff import Tensor
from helpers.datasets import make_blobs, make_moons
from helpers.optim import SGD, Adam
from helpers.train import History, accuracy, evaluate, fit

CENTERS = [[-2, 0], [2, 0], [0, 3]]


def blobs(n=203, seed=0):
    return make_blobs(n, CENTERS, spread=0.6, rng=np.random.default_rng(seed))


def network(seed=0, p=0.0, classes=3):
    rng = np.random.default_rng(seed)
    layers = [nn.Linear(2, 16, rng=rng, dtype=np.float64), nn.Tanh(), nn.Dropout(p, rng=rng)]
    return nn.Sequential(*layers, nn.Linear(16, classes, rng=rng, dtype=np.float64))


def train(model, epochs, seed=1, data=None, optimizer=None, **options):
    optimizer = optimizer or Adam(model.parameters(), lr=0.01)
    options = {"batch_size": 32, "rng": np.random.default_rng(seed), **options}
    return fit(model, data or blobs(), nn.cross_entropy, optimizer, epochs, **options)


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


def test_fit_learns_to_tell_blobs_apart():
    model = network()
    history = train(model, 20, validation=blobs(seed=5), metrics={"accuracy": accuracy})
    assert len(history) == 20
    assert history["loss"][-1] < history["loss"][0] / 3
    assert history["validation_accuracy"][-1] > 0.95
    assert evaluate(model, blobs(seed=5), nn.cross_entropy)["loss"] == history["validation_loss"][-1]


def test_one_full_batch_step_is_the_optimizers():
    model, twin, (x, y) = network(), network(), blobs()
    optimizer = SGD(model.parameters(), lr=0.1)
    train(model, 1, data=(x, y), optimizer=optimizer, batch_size=len(x))
    nn.cross_entropy(twin(Tensor(x)), y).backward()
    for trained, start in zip(model.parameters(), twin.parameters(), strict=True):
        np.testing.assert_allclose(trained.data, start.data - 0.1 * start.grad, atol=1e-12)


def test_the_same_seed_trains_the_same_parameters():
    models = network(p=0.3), network(p=0.3)
    for model in models:
        train(model, 3)
    for first, second in zip(*(model.parameters() for model in models), strict=True):
        np.testing.assert_array_equal(first.data, second.data)


def test_the_schedule_gives_each_steps_learning_rate():
    model, steps = network(), []
    optimizer = SGD(model.parameters(), lr=9.0)

    def schedule(step):
        steps.append(step)
        return 0.1 / (1 + step)

    train(model, 2, optimizer=optimizer, schedule=schedule)
    assert steps == list(range(14))  # 203 examples in batches of 32 are 7 steps an epoch
    assert optimizer.lr == pytest.approx(0.1 / 14)


def test_augment_changes_each_training_batch_and_nothing_else():
    data, model, seen = blobs(), network(), []

    def noisy(x, rng):
        seen.append(x + 0.1 * rng.normal(size=x.shape))
        return seen[-1]

    before = data[0].copy()
    history = train(model, 2, data=data, validation=data, augment=noisy, optimizer=SGD(model.parameters(), lr=0.0))
    np.testing.assert_array_equal(data[0], before)
    assert sum(map(len, seen)) == 2 * len(data[0])
    assert history["loss"][0] != history["loss"][1]  # other noise each time
    assert history["validation_loss"][0] == history["validation_loss"][1]


def test_early_stopping_brings_back_the_best_parameters():
    (x, _), rng = blobs(), np.random.default_rng(3)
    noise = x, rng.integers(0, 3, len(x))  # nothing to learn: the validation loss soon rises
    other = rng.standard_normal((50, 2)), rng.integers(0, 3, 50)
    model = network()
    optimizer = Adam(model.parameters(), lr=0.05)
    history = train(model, 200, data=noise, optimizer=optimizer, validation=other, patience=4)
    assert len(history) == history.best() + 5 < 200
    assert history.stopped == "no better validation loss for 4 epochs"
    assert evaluate(model, other, nn.cross_entropy)["loss"] == min(history["validation_loss"])


@pytest.mark.parametrize("stop", [1, 3])
def test_a_resumed_run_ends_as_an_uninterrupted_one_bit_for_bit(tmp_path, stop):
    options = {"validation": blobs(seed=5), "patience": 50}
    whole = network(p=0.3)
    expected = train(whole, 6, **options)
    train(network(p=0.3), stop, checkpoint=tmp_path / "run.npz", **options)
    again = network(seed=9, p=0.3)  # other parameters and other generators: all comes from the file
    history = train(again, 6, seed=7, checkpoint=tmp_path / "run.npz", **options)
    assert history.rows == expected.rows
    for first, second in zip(whole.parameters(), again.parameters(), strict=True):
        np.testing.assert_array_equal(first.data, second.data)


def test_another_file_is_no_checkpoint(tmp_path):
    network().save(tmp_path / "weights.npz")
    with pytest.raises(ValueError, match="checkpoint expects a file that fit wrote"):
        train(network(), 1, checkpoint=tmp_path / "weights.npz")


def test_ctrl_c_keeps_what_was_reached():
    calls = []

    def interrupted(outputs, labels):
        calls.append(1)
        if len(calls) > 17:
            raise KeyboardInterrupt
        return nn.cross_entropy(outputs, labels)

    model = network()
    history = fit(model, blobs(), interrupted, Adam(model.parameters()), 9, batch_size=32, rng=np.random.default_rng(0))
    assert len(history) == 2
    assert history.stopped == "interrupted in epoch 3"


def test_a_loss_that_is_not_finite_names_the_step():
    x, y = blobs()
    x[5] = np.nan
    with pytest.raises(FloatingPointError, match=r"loss is nan at step \d \(epoch 1\), learning rate 0.01"):
        train(network(), 1, data=(x, y))


def test_a_short_last_batch_weighs_as_much_as_it_holds():
    x, y = make_moons(33, rng=np.random.default_rng(0))
    model = network(classes=2)
    before = evaluate(model, (x, y), nn.cross_entropy)["loss"]
    history = train(model, 1, data=(x, y), optimizer=SGD(model.parameters(), lr=0.0))
    assert history["loss"] == [pytest.approx(before)]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"patience": 3}, ValueError, "patience expects validation data"),
        ({"rng": 0}, TypeError, "rng expects a numpy.random.Generator, got 0"),
        ({"batch_size": 0}, ValueError, "batch_size expects at least 1, got 0"),
    ],
)
def test_bad_options_are_named(options, error, words):
    with pytest.raises(error, match=words):
        train(network(), 1, **options)


def test_no_epoch_is_an_error():
    with pytest.raises(ValueError, match="epochs expects at least 1, got 0"):
        train(network(), 0)


def test_history_names_its_columns():
    with pytest.raises(KeyError, match="expects one of loss, got 'lost'"):
        History([{"loss": 1.0}])["lost"]
