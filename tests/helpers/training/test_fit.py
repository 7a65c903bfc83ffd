"""`fit` trains, measures, stops and resumes as it says."""

import numpy as np
import pytest

from helpers import nn
from helpers.autodiff import Tensor
from helpers.datasets import batches, make_moons
from helpers.training import (
    SGD,
    Adam,
    History,
    Steps,
    Validation,
    accuracy,
    clip_grad_norm,
    evaluate,
    fit,
    linear_decay,
    set_lr,
)
from networks import blobs, modes, network, normalized


def train(model, epochs, seed=1, data=None, optimizer=None, **options):
    optimizer = optimizer or Adam(model.parameters(), lr=0.01)
    options = {"batch_size": 32, "rng": np.random.default_rng(seed), **options}
    return fit(model, blobs() if data is None else data, nn.cross_entropy, optimizer, epochs, **options)


def assert_same_parameters(one, other):
    for first, second in zip(one.parameters(), other.parameters(), strict=True):
        np.testing.assert_array_equal(first.data, second.data)


def test_fit_learns_to_tell_blobs_apart():
    model = network()
    history = train(model, 20, validation=Validation(blobs(seed=5), metrics={"accuracy": accuracy}))
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
    assert_same_parameters(*models)


# What a step does.


def test_on_step_sees_each_step_between_its_gradients_and_its_update():
    model, seen = network(), []

    def on_step(run):
        first, _ = run.model.parameters()[:2]
        seen.append((run.step, len(run.history), first.grad.copy(), first.numpy()))
        for parameter in run.model.parameters():
            parameter.grad = np.zeros_like(parameter.grad)

    before = model.state_dict()
    train(model, 2, optimizer=SGD(model.parameters(), lr=1.0), on_step=on_step)
    steps, epochs, grads, values = zip(*seen, strict=True)
    assert steps == tuple(range(14))  # 203 examples in batches of 32 are 7 steps per epoch
    assert epochs == (0,) * 7 + (1,) * 7
    assert all(grad.any() for grad in grads)
    assert all((value == before["layers.0.weight"]).all() for value in values)
    assert all((model.state_dict()[name] == array).all() for name, array in before.items())


def test_on_step_can_record_the_loss_of_each_batch():
    losses = []
    history = train(network(), 2, data=blobs(96), on_step=lambda run: losses.append(run.loss))
    assert len(losses) == 6
    assert [np.mean(losses[:3]), np.mean(losses[3:])] == pytest.approx(history["loss"])


def test_set_lr_gives_each_step_the_learning_rate_of_a_schedule():
    model, steps = network(), []
    optimizer = SGD(model.parameters(), lr=9.0)

    def schedule(step):
        steps.append(step)
        return 0.1 / (1 + step)

    train(model, 2, optimizer=optimizer, on_step=set_lr(schedule))
    assert steps == list(range(14))
    assert optimizer.lr == pytest.approx(0.1 / 14)


def test_a_schedule_rules_the_first_step_too():
    model, twin, (x, y) = network(), network(), blobs()
    optimizer = SGD(model.parameters(), lr=9.0)
    train(model, 1, data=(x, y), optimizer=optimizer, batch_size=len(x), on_step=set_lr(linear_decay(0.1, 5)))
    train(twin, 1, data=(x, y), optimizer=SGD(twin.parameters(), lr=0.1), batch_size=len(x))
    assert_same_parameters(model, twin)


def test_a_step_with_clipped_gradients_is_as_long_as_allowed():
    model, lengths = network(), []
    before = model.state_dict()

    def on_step(run):
        lengths.append(clip_grad_norm(run.optimizer.params, 0.01))

    data = blobs()
    train(model, 1, data=data, optimizer=SGD(model.parameters(), lr=1.0), batch_size=203, on_step=on_step)
    after = model.state_dict()
    moved = np.concatenate([(after[name] - before[name]).ravel() for name in before])
    assert lengths[0] > 0.01
    assert np.linalg.norm(moved) == pytest.approx(0.01)


# Training data as a function.


def drawing(x, y, change=lambda x, rng: x, batch_size=32):
    """A function that draws the batches of an epoch, and changes their x."""

    def draw(rng):
        for inputs, targets in batches(x, y, batch_size, rng):
            yield change(inputs, rng), targets

    return draw


def test_a_function_that_draws_plain_batches_trains_as_the_arrays_do():
    model, twin = network(p=0.3), network(p=0.3)
    history, expected = train(model, 3, data=drawing(*blobs())), train(twin, 3)
    assert history.rows == expected.rows
    assert_same_parameters(model, twin)


def test_augmented_batches_are_other_ones_in_each_epoch_and_leave_the_data():
    x, y = blobs()
    before, seen, model = x.copy(), [], network()

    def noisy(inputs, rng):
        seen.append(inputs + 0.1 * rng.normal(size=inputs.shape))
        return seen[-1]

    optimizer = SGD(model.parameters(), lr=0.0)
    history = train(model, 2, data=drawing(x, y, noisy), validation=(x, y), optimizer=optimizer)
    np.testing.assert_array_equal(x, before)
    assert sum(map(len, seen)) == 2 * len(x)
    assert history["loss"][0] != history["loss"][1]  # other noise each time
    assert history["validation_loss"][0] == history["validation_loss"][1]


def test_a_resumed_run_on_augmented_batches_ends_as_an_uninterrupted_one(tmp_path):
    def noisy(inputs, rng):
        return inputs + 0.1 * rng.normal(size=inputs.shape)

    draw = drawing(*blobs(), noisy)
    whole, again = network(), network(seed=9)
    expected = train(whole, 4, data=draw)
    train(network(), 2, data=draw, checkpoint=tmp_path / "run.npz")
    history = train(again, 4, seed=7, data=draw, checkpoint=tmp_path / "run.npz")
    assert history.rows == expected.rows
    assert_same_parameters(whole, again)


def test_a_function_may_yield_one_array_again_and_again():
    x, y = blobs(192)
    buffer = np.empty((32, 2))

    def into_buffer(inputs, rng):
        buffer[...] = inputs + 1
        return buffer

    model, twin = network(), network()
    train(model, 2, data=drawing(x, y, into_buffer))
    train(twin, 2, data=(x + 1, y))
    assert buffer.flags.writeable
    for one, other in zip(model.parameters(), twin.parameters(), strict=True):
        np.testing.assert_allclose(one.data, other.data, atol=1e-12)


@pytest.mark.parametrize("form", [Tensor, np.ndarray.tolist], ids=["Tensor", "list"])
def test_a_function_may_yield_a_tensor_or_a_list(form):
    model, twin = network(), network()
    train(model, 1, data=drawing(*blobs(), lambda inputs, rng: form(inputs)))
    train(twin, 1)
    assert_same_parameters(model, twin)


def test_a_function_without_end_trains_for_a_number_of_steps():
    x, y = blobs()

    def endless(rng):
        while True:
            chosen = rng.integers(len(x), size=10)
            yield x[chosen], y[chosen]

    model = network()
    history = train(model, Steps(150), data=endless, validation=blobs(seed=5))
    assert len(history) == 1
    assert history["validation_loss"][0] < 0.5


WRONG_BATCHES = {
    "no batches": (lambda rng: 3, TypeError, "fit: train expects a function that yields batches, got 3"),
    "none": (lambda rng: [], ValueError, "fit: train expects to yield at least one batch"),
    "no pair": (lambda rng: [np.ones((3, 2))], TypeError, "fit: train expects to yield pairs (x, y), got ndarray"),
    "triple": (lambda rng: [(1, 2, 3)], TypeError, "fit: train expects to yield pairs (x, y), got tuple"),
    "nothing": (lambda rng: [(None, [0])], TypeError, "fit: x of a batch expects real numbers"),
    "number": (lambda rng: [(3.0, [0])], ValueError, "fit: x of a batch expects at least one example"),
    "no example": (lambda rng: [(np.ones((0, 2)), [])], ValueError, "fit: x of a batch expects at least one example"),
}


@pytest.mark.parametrize("name", WRONG_BATCHES)
def test_a_wrong_batch_is_named(name, refuses):
    draw, error, words = WRONG_BATCHES[name]
    refuses(lambda: train(network(), 1, data=draw), error, words)


# Steps in place of epochs.


def test_steps_end_a_run_within_an_epoch():
    model, seen = network(), []
    history = train(model, Steps(10), on_step=lambda run: seen.append(run.step))
    assert seen == list(range(10))
    assert len(history) == 2


def test_the_steps_of_whole_epochs_are_those_epochs():
    model, twin = network(p=0.3), network(p=0.3)
    history, expected = train(model, Steps(14)), train(twin, 2)
    assert history.rows == expected.rows
    assert_same_parameters(model, twin)


@pytest.mark.parametrize("first", [7, 10])
@pytest.mark.parametrize("end", [10, 14, 16])
def test_a_longer_run_of_steps_is_as_if_the_first_had_not_ended(tmp_path, first, end):
    whole, again = network(p=0.3), network(seed=9, p=0.3)
    expected = train(whole, Steps(end))
    train(network(p=0.3), Steps(first), checkpoint=tmp_path / "run.npz")
    history = train(again, Steps(end), checkpoint=tmp_path / "run.npz")
    assert history.rows == expected.rows
    assert_same_parameters(whole, again)


def test_an_epoch_that_is_not_whole_is_not_saved(tmp_path):
    train(network(), Steps(6), checkpoint=tmp_path / "run.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [0, -1, 2.5, True, None], ids=repr)
def test_a_number_of_steps_is_read(count):
    with pytest.raises((ValueError, TypeError), match=r"^Steps: count expects"):
        Steps(count)


# Stopping and going on.


def test_early_stopping_brings_back_the_best_parameters():
    (x, _), rng = blobs(), np.random.default_rng(3)
    noise = x, rng.integers(0, 3, len(x))  # nothing to learn: the validation loss soon rises
    other = rng.standard_normal((50, 2)), rng.integers(0, 3, 50)
    model = network()
    optimizer = Adam(model.parameters(), lr=0.05)
    history = train(model, 200, data=noise, optimizer=optimizer, validation=Validation(other, patience=4))
    assert len(history) == history.best() + 5 < 200
    assert history.stopped == "no better validation loss for 4 epochs"
    assert evaluate(model, other, nn.cross_entropy)["loss"] == min(history["validation_loss"])


@pytest.mark.parametrize("stop", [1, 3])
def test_a_resumed_run_ends_as_an_uninterrupted_one_bit_for_bit(tmp_path, stop):
    options = {"validation": Validation(blobs(seed=5), patience=50)}
    whole = network(p=0.3)
    expected = train(whole, 6, **options)
    train(network(p=0.3), stop, checkpoint=tmp_path / "run.npz", **options)
    again = network(seed=9, p=0.3)  # other parameters and other generators: all comes from the file
    history = train(again, 6, seed=7, checkpoint=tmp_path / "run.npz", **options)
    assert history.rows == expected.rows
    assert_same_parameters(whole, again)


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


# What is refused.


NO_TENSOR = "fit: loss_fn expects to return a Tensor that holds one number"
BAD_OPTIONS = {
    "on_step": ({"on_step": 0.1}, TypeError, "fit: on_step expects a function, got 0.1"),
    "lr nothing": ({"on_step": set_lr(lambda step: None)}, TypeError, "Adam: lr expects real numbers"),
    "batch_size": ({"batch_size": 2.0}, TypeError, "fit: batch_size expects an integer, got 2.0"),
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


def test_a_last_batch_of_one_example_is_left_out_by_a_function_that_draws(refuses):
    data = blobs(129)
    refuses(
        lambda: train(normalized(), 1, data=data, batch_size=128), ValueError, "BatchNorm1d: x expects", "drop_last"
    )
    history = train(normalized(), 2, data=lambda rng: batches(*data, 128, rng, drop_last=True))
    assert np.isfinite(history["loss"]).all()
