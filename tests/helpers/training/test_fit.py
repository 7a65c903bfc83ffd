"""`fit` trains, measures, stops and resumes as it says."""

import numpy as np
import pytest

from helpers import nn
from helpers.autodiff import Tensor
from helpers.datasets import make_blobs, make_moons
from helpers.training.fit import History, accuracy, evaluate, fit
from helpers.training.optimizers import SGD, Adam

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
    return fit(model, blobs() if data is None else data, nn.cross_entropy, optimizer, epochs, **options)


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


# Modes: a frozen module stays frozen.


def normalized(seed=0):
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(2, 4, rng=rng), nn.BatchNorm1d(4), nn.Linear(4, 3, rng=rng))


def modes(model):
    return [module.training for _, module in model.named_modules()]


def test_a_frozen_layer_stays_frozen_in_evaluate():
    model = normalized()
    model[1].eval()
    before = modes(model)
    evaluate(model, blobs(), nn.cross_entropy)
    assert modes(model) == before


def test_a_frozen_layer_stays_frozen_in_fit_while_the_rest_learns():
    model = normalized()
    model[1].eval()
    before, state = modes(model), model.state_dict()
    train(model, 2, validation=blobs(seed=5))
    assert modes(model) == before
    np.testing.assert_array_equal(model[1].running_mean, state["layers.1.running_mean"])
    assert (model[1].weight.data != state["layers.1.weight"]).any()  # its parameters are no statistics, and learn


def test_a_model_in_evaluation_mode_is_set_to_training_by_fit():
    model = normalized().eval()
    train(model, 1, validation=blobs(seed=5))
    assert all(modes(model))
    assert model[1].running_mean.any()


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


# What augment and the functions return.


def test_augment_may_use_one_array_again_and_again():
    x, y = blobs(192)
    buffer = np.empty((32, 2))

    def into_buffer(batch, rng):
        buffer[...] = batch + 1
        return buffer

    model, twin = network(), network()
    train(model, 2, data=(x, y), augment=into_buffer)
    train(twin, 2, data=(x + 1, y))
    assert buffer.flags.writeable
    for one, other in zip(model.parameters(), twin.parameters(), strict=True):
        np.testing.assert_allclose(one.data, other.data, atol=1e-12)


@pytest.mark.parametrize("form", [Tensor, np.ndarray.tolist], ids=["Tensor", "list"])
def test_augment_may_return_a_tensor_or_a_list(form):
    model, twin = network(), network()
    train(model, 1, augment=lambda x, rng: form(x))
    train(twin, 1)
    for one, other in zip(model.parameters(), twin.parameters(), strict=True):
        np.testing.assert_array_equal(one.data, other.data)


NO_TENSOR = "fit: loss_fn expects to return a Tensor that holds one number"
BAD_OPTIONS = {
    "augment nothing": ({"augment": lambda x, rng: None}, TypeError, "fit: augment's value expects real numbers"),
    "augment fewer": ({"augment": lambda x, rng: x[1:]}, ValueError, "fit: augment expects to return the batch's 32"),
    "augment number": ({"augment": lambda x, rng: 3.0}, ValueError, "fit: augment expects to return the batch's 32"),
    "augment no function": ({"augment": 3}, TypeError, "fit: augment expects a function, got 3"),
    "schedule no function": ({"schedule": 0.1}, TypeError, "fit: schedule expects a function, got 0.1"),
    "schedule nothing": ({"schedule": lambda step: None}, TypeError, "Adam: lr expects real numbers"),
    "patience -1": ({"patience": -1, "validation": blobs()}, ValueError, "fit: patience expects at least 1, got -1"),
    "patience 0": ({"patience": 0, "validation": blobs()}, ValueError, "fit: patience expects at least 1, got 0"),
    "patience 2.5": ({"patience": 2.5, "validation": blobs()}, TypeError, "fit: patience expects an integer, got 2.5"),
    "metrics list": ({"metrics": [accuracy], "validation": blobs()}, TypeError, "fit: metrics expects a dict"),
    "metric loss": ({"metrics": {"loss": accuracy}}, TypeError, "fit: metrics expects a dict", "none of them called"),
    "batch_size": ({"batch_size": 2.0}, TypeError, "fit: batch_size expects an integer, got 2.0"),
    "no batch": ({"batch_size": 204, "drop_last": True}, ValueError, "fit: batch_size expects at most the 203"),
    "optimizer": ({"optimizer": "Adam"}, TypeError, "fit: optimizer expects an Optimizer, got 'Adam'"),
    "data array": ({"data": blobs()[0]}, TypeError, "fit: train expects a pair (x, y) of arrays, got ndarray"),
    "data triple": ({"data": (*blobs(), 1)}, TypeError, "fit: train expects a pair (x, y) of arrays, got tuple"),
    "data lengths": ({"data": (np.ones((3, 2)), [0])}, ValueError, "fit: train expects as many y as x", "(3, 2)"),
    "data ragged": ({"data": (np.ones((2, 2)), [[0], [1, 2]])}, ValueError, "fit: y of train expects an array"),
    "data masked": (
        {"data": (np.ones((2, 2)), np.ma.array([0, 1], mask=[0, 1]))},
        TypeError,
        "fit: y of train expects",
    ),
    "drop_last": ({"drop_last": 1}, TypeError, "fit: drop_last expects True or False, got 1"),
    "data text": ({"data": (["a"], [0])}, TypeError, "fit: x of train expects real numbers"),
    "validation": ({"validation": 3}, TypeError, "fit: validation expects a pair (x, y) of arrays, got int"),
}


@pytest.mark.parametrize("name", BAD_OPTIONS)
def test_each_bad_option_of_fit_is_named(name, refuses):
    options, error, *words = BAD_OPTIONS[name]
    refuses(lambda: train(network(), 1, **options), error, *words)


@pytest.mark.parametrize("value", [None, 0.5, [0.5], np.ones(2)], ids=repr)
def test_a_loss_that_is_no_tensor_is_named(value, refuses):
    model = network()
    optimizer, rng = Adam(model.parameters()), np.random.default_rng(0)
    refuses(lambda: fit(model, blobs(), lambda outputs, y: value, optimizer, 1, rng=rng), TypeError, NO_TENSOR)


def test_a_loss_for_each_example_is_no_loss(refuses):
    model = network()
    optimizer, rng = Adam(model.parameters()), np.random.default_rng(0)
    refuses(lambda: fit(model, blobs(), lambda outputs, y: outputs, optimizer, 1, rng=rng), TypeError, NO_TENSOR)


@pytest.mark.parametrize("value", [None, "low", np.ones(2), []], ids=repr)
def test_a_metric_that_is_no_number_is_named(value, refuses):
    metrics = {"kept": lambda outputs, y: value}
    error = TypeError if value is None or isinstance(value, str) else ValueError
    refuses(lambda: evaluate(network(), blobs(), nn.cross_entropy, metrics=metrics), error, "evaluate: kept")


@pytest.mark.parametrize("model", [nn.Linear, None, len], ids=repr)
def test_what_is_no_model_is_named(model, refuses):
    optimizer, rng = Adam(network().parameters()), np.random.default_rng(0)
    refuses(lambda: evaluate(model, blobs(), nn.cross_entropy), TypeError, "evaluate: model expects a Module")
    refuses(lambda: fit(model, blobs(), nn.cross_entropy, optimizer, 1, rng=rng), TypeError, "fit: model expects a")


@pytest.mark.parametrize("loss_fn", [None, 0.5], ids=repr)
def test_a_loss_is_a_function(loss_fn, refuses):
    optimizer, rng = Adam(network().parameters()), np.random.default_rng(0)
    refuses(lambda: evaluate(network(), blobs(), loss_fn), TypeError, "evaluate: loss_fn expects a function, got")
    refuses(lambda: fit(network(), blobs(), loss_fn, optimizer, 1, rng=rng), TypeError, "fit: loss_fn expects a func")


def test_no_data_is_named(refuses):
    nothing = np.empty((0, 2)), np.empty(0, int)
    refuses(lambda: evaluate(network(), nothing, nn.cross_entropy), ValueError, "evaluate: data expects at least one")
    refuses(lambda: train(network(), 1, data=nothing), ValueError, "fit: train expects at least one", "(0, 2)")
    refuses(lambda: train(network(), 1, validation=nothing), ValueError, "fit: validation expects at least one")


# The last, short batch.


def test_a_last_batch_of_one_example_is_left_out_on_demand(refuses):
    data = blobs(129)
    refuses(
        lambda: train(normalized(), 1, data=data, batch_size=128), ValueError, "BatchNorm1d: x expects", "drop_last"
    )
    sizes = []

    def loss_fn(outputs, y):
        sizes.append(len(y))
        return nn.cross_entropy(outputs, y)

    model = normalized()
    optimizer, rng = Adam(model.parameters()), np.random.default_rng(0)
    history = fit(model, data, loss_fn, optimizer, 2, rng=rng, batch_size=128, drop_last=True)
    assert sizes == [128, 128]
    assert np.isfinite(history["loss"]).all()


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
