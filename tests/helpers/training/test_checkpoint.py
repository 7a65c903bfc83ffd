"""A checkpoint brings back all of a run, whatever its generators are, or nothing of it."""

import numpy as np
import pytest

from arrays import states_equal
from helpers import nn
from helpers.datasets import make_blobs
from helpers.support.files import load_arrays, save_arrays
from helpers.training import SGD, AdaGrad, Adam, AdamW, History, RMSProp, Validation, fit

DATA = make_blobs(40, [[-2, 0], [2, 0]], rng=np.random.default_rng(0))
OTHER = make_blobs(20, [[-2, 0], [2, 0]], rng=np.random.default_rng(1))
BIT_GENERATORS = [np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64]


class Noise(nn.Module):
    """Draws from generators that it keeps in a list and in a dict."""

    def __init__(self, kind):
        self.rngs = [np.random.Generator(kind(5)), {"second": np.random.Generator(kind(6))}]

    def forward(self, x):
        first, second = self.rngs[0], self.rngs[1]["second"]
        return x + 0.1 * first.standard_normal(x.shape) + second.random(x.shape, np.float32)


def network(kind=np.random.PCG64, seed=0):
    rng = np.random.Generator(kind(seed))
    return nn.Sequential(
        nn.Linear(2, 3, rng=rng, dtype=float), nn.Dropout(0.3, rng=rng), Noise(kind), nn.Linear(3, 2, rng=rng)
    )


def run(model, epochs, make=Adam, rng=None, train=DATA, **options):
    rng = rng or np.random.default_rng(1)
    return fit(model, train, nn.cross_entropy, make(model.parameters(), 0.01), epochs, rng=rng, batch_size=8, **options)


# Generators.


@pytest.mark.parametrize("kind", BIT_GENERATORS, ids=lambda kind: kind.__name__)
def test_every_bit_generator_goes_on_where_it_was(kind, tmp_path):
    whole, again = network(kind), network(kind, seed=8)
    expected = run(whole, 4, rng=np.random.Generator(kind(3)))
    run(network(kind), 2, rng=np.random.Generator(kind(3)), checkpoint=tmp_path / "run.npz")
    history = run(again, 4, rng=np.random.Generator(kind(9)), checkpoint=tmp_path / "run.npz")
    assert history.rows == expected.rows
    assert states_equal(whole.state_dict(), again.state_dict())


def untouched_by(tmp_path, refuses, words, make=Adam, rng=None, model=None, **options):
    """Resuming from run.npz is refused in these words, and changes neither model, optimizer nor generator."""
    model, rng = model or network(seed=4), rng or np.random.default_rng(2)
    optimizer = make(model.parameters(), 0.5)
    before, kept, state = model.state_dict(), optimizer.state_dict(), str(rng.bit_generator.state)
    inner = str(model[1].rng.bit_generator.state)
    path = tmp_path / "run.npz"

    def resume():
        fit(model, DATA, nn.cross_entropy, optimizer, 5, rng=rng, checkpoint=path, **options)

    refuses(resume, ValueError, "fit: checkpoint expects", "run.npz", *words)
    assert states_equal(model.state_dict(), before)
    assert states_equal(optimizer.state_dict(), kept)
    assert str(rng.bit_generator.state) == state
    assert str(model[1].rng.bit_generator.state) == inner


def test_the_state_of_another_bit_generator_is_refused(tmp_path, refuses):
    run(network(), 1, checkpoint=tmp_path / "run.npz")
    other = np.random.Generator(np.random.MT19937(0))
    untouched_by(tmp_path, refuses, ["the state of a MT19937"], rng=other)


# Everything is checked before anything is taken over.


@pytest.mark.parametrize(
    ("written", "resumed"),
    [(SGD, Adam), (Adam, SGD), (Adam, AdamW), (AdaGrad, RMSProp)],
    ids=lambda kind: kind.__name__,
)
def test_a_checkpoint_of_another_optimizer_changes_nothing(written, resumed, tmp_path, refuses):
    run(network(), 1, make=written, checkpoint=tmp_path / "run.npz")
    untouched_by(tmp_path, refuses, [f"optimizer expects {resumed.__name__}, got {written.__name__}"], make=resumed)


def test_a_checkpoint_of_another_model_changes_nothing(tmp_path, refuses):
    other = nn.Sequential(nn.Linear(2, 2, rng=np.random.default_rng(0)))
    run(other, 1, checkpoint=tmp_path / "run.npz")
    untouched_by(tmp_path, refuses, ["missing: layers.3.bias, layers.3.weight"])


def test_a_checkpoint_with_fewer_generators_changes_nothing(tmp_path, refuses):
    model = network()
    model.layers[2] = nn.Tanh()
    run(model, 1, checkpoint=tmp_path / "run.npz")
    untouched_by(tmp_path, refuses, ["number of generators expects 4, got 2"])


def test_a_checkpoint_without_validation_is_not_continued_with_it(tmp_path, refuses):
    run(network(), 1, checkpoint=tmp_path / "run.npz")
    untouched_by(tmp_path, refuses, ["columns expects ['loss', 'validation_loss'], got ['loss']"], validation=OTHER)


DAMAGES = {
    "steps": ("optimizer/steps", lambda array: -array, "steps expects numbers of at least 0, got -"),
    "lr": ("optimizer/lr", lambda array: array * np.nan, "lr expects a number in [0, inf), got"),
    "weights": ("model/layers.0.bias", lambda array: array[1:], "layers.0.bias expects shape (3,), got (2,)"),
    "best": ("best/layers.0.bias", lambda array: array[1:], "layers.0.bias expects shape (3,), got (2,)"),
    "facts": ("run", lambda array: array[1:], "a file that fit wrote"),
    "numbers": ("run", lambda array: array * 1.0, "a file that fit wrote"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_part_that_is_wrong_leaves_all_others_untaken(damage, tmp_path, refuses):
    path = tmp_path / "run.npz"
    run(network(), 2, checkpoint=path, validation=OTHER)
    name, change, words = DAMAGES[damage]
    arrays = load_arrays(path)
    save_arrays(path, arrays | {name: change(arrays[name])})
    untouched_by(tmp_path, refuses, [words], validation=OTHER)


def test_a_checkpoint_whose_best_epoch_is_gone_is_refused(tmp_path, refuses):
    path = tmp_path / "run.npz"
    run(network(), 2, checkpoint=path, validation=OTHER)
    save_arrays(path, {name: array for name, array in load_arrays(path).items() if not name.startswith("best/")})
    untouched_by(tmp_path, refuses, ["missing: layers.0.bias"], validation=OTHER)


def test_an_unknown_part_is_no_checkpoint(tmp_path, refuses):
    path = tmp_path / "run.npz"
    run(network(), 1, checkpoint=path)
    save_arrays(path, load_arrays(path) | {"more/weight": np.ones(1)})
    untouched_by(tmp_path, refuses, ["a file that fit wrote"])


def test_a_damaged_checkpoint_is_named(tmp_path, refuses):
    path = tmp_path / "run.npz"
    run(network(), 1, checkpoint=path)
    content = bytearray(path.read_bytes())
    content[content.index(b'"rows"')] ^= 4
    path.write_bytes(content)
    refuses(lambda: run(network(), 2, checkpoint=path), ValueError, "fit: path expects an .npz file", "run.npz")


@pytest.mark.parametrize("path", [3, b"run.npz", True], ids=repr)
def test_a_checkpoint_is_a_path(path, refuses):
    refuses(lambda: run(network(), 1, checkpoint=path), TypeError, "fit: checkpoint expects a str or a Path")


# The best epoch.


def test_nan_is_never_the_best_epoch():
    losses = [0.84, float("nan"), 0.813, 0.801]
    history = History([{"loss": 0.0, "validation_loss": loss} for loss in losses])
    assert [History(history.rows[:n]).best() for n in (1, 2, 3, 4)] == [0, 0, 2, 3]
    assert [History(history.rows[:n]).since_best() for n in (1, 2, 3, 4)] == [0, 1, 0, 0]


def test_a_first_epoch_of_nan_is_not_the_best():
    assert History([{"validation_loss": loss} for loss in (float("nan"), float("inf"), 3.0, float("nan"))]).best() == 2


@pytest.mark.parametrize("rows", [[], [{"validation_loss": float("nan")}] * 3], ids=["none", "all NaN"])
def test_without_a_number_there_is_no_best_epoch(rows, refuses):
    refuses(History(rows).best, ValueError, "History: best expects a validation loss that is a number")
    assert History(rows).since_best() == len(rows)


def scripted(losses):
    """A loss whose values on the validation data, one per epoch, are given; on the training data it is the usual."""
    left = iter(losses)

    def loss_fn(outputs, y):
        return nn.cross_entropy(outputs, y) if len(y) == 8 else float(next(left))

    return loss_fn


def scripted_run(losses, epochs, path=None, patience=None):
    """Train for so many epochs with these validation losses; return model, history and the states after each epoch."""
    model, states = network(), []

    def keep(outputs, y):
        states.append(model.state_dict())
        return 0.0

    validation = Validation(OTHER, metrics={"kept": keep}, patience=patience)
    options = {"validation": validation, "checkpoint": path}
    optimizer, rng = SGD(model.parameters(), 0.1), np.random.default_rng(1)
    return model, fit(model, DATA, scripted(losses), optimizer, epochs, rng=rng, batch_size=8, **options), states


def test_patience_passes_over_nan():
    model, history, states = scripted_run([0.84, np.nan, 0.813, 0.801], 4, patience=2)
    assert len(history) == 4
    assert history.stopped == ""
    assert states_equal(model.state_dict(), states[3])


def test_patience_ends_a_run_whose_losses_are_all_nan_and_keeps_its_parameters():
    model, history, states = scripted_run([np.nan] * 9, 9, patience=3)
    assert len(history) == 3
    assert history.stopped == "no better validation loss for 3 epochs"
    assert states_equal(model.state_dict(), states[2])


def test_a_checkpoint_written_without_patience_can_be_resumed_with_it(tmp_path):
    _, _, states = scripted_run([0.5, 0.4, 0.6], 3, tmp_path / "run.npz")
    model, history, _ = scripted_run([0.7, 0.8], 9, tmp_path / "run.npz", patience=3)
    assert len(history) == 5
    assert history.best() == 1
    assert states_equal(model.state_dict(), states[1])


def test_without_patience_the_last_epoch_stays(tmp_path):
    model, _, states = scripted_run([0.4, 0.6], 2, tmp_path / "run.npz")
    assert states_equal(model.state_dict(), states[1])
