"""The file from which a training run goes on as if it had never stopped."""

import copy
import json

import numpy as np

from ..support.arguments import as_count
from ..support.files import load_arrays, save_arrays
from .history import History

PARTS = ("model", "optimizer", "best")


def save_run(run, path):
    """Write a run to an .npz file, atomically."""
    facts = {
        "rows": run.history.rows,
        "step": run.step,
        "optimizer": type(run.optimizer).__name__,
        "generators": [generator.bit_generator.state for generator in run.generators()],
    }
    text = json.dumps(facts, default=_as_json).encode()
    arrays = {"run": np.frombuffer(text, np.uint8)}
    states = run.model.state_dict(), run.optimizer.state_dict(), run.best
    for part, state in zip(PARTS, states, strict=True):
        arrays |= {f"{part}/{name}": array for name, array in state.items()}
    save_arrays(path, arrays)


def load_run(run, path, columns):
    """Let a run go on where the one that was saved stood.

    Each part of the file is checked before any is taken over. `columns` are those that the rest of
    the run will record. ValueError names the file.
    """
    facts, parts = _read(path)
    try:
        _check(run, facts, parts, columns)
    except (TypeError, ValueError) as error:
        message = f"fit: checkpoint expects a file of this run, got {str(path)!r}: {error}"
        raise ValueError(message) from None
    run.model.load_state_dict(parts["model"])
    run.optimizer.load_state_dict(parts["optimizer"])
    run.history = History(facts["rows"])
    run.step = facts["step"]
    run.best = parts["best"]
    for generator, state in zip(run.generators(), facts["generators"], strict=True):
        generator.bit_generator.state = state


def _check(run, facts, parts, columns):
    """Raise ValueError or TypeError if the parts of a file are not those of this run."""
    for row in facts["rows"]:
        _expect_same("columns", sorted(columns), sorted(row))
    run.model.match_state_dict(parts["model"])
    history = History(facts["rows"])
    if "validation_loss" in columns and history.since_best() < len(history):
        run.model.match_state_dict(parts["best"])
    _expect_same("optimizer", type(run.optimizer).__name__, facts["optimizer"])
    run.optimizer.match_state_dict(parts["optimizer"])
    as_count("load", "step", facts["step"], minimum=0)
    generators = run.generators()
    _expect_same("number of generators", len(generators), len(facts["generators"]))
    for generator, state in zip(generators, facts["generators"], strict=True):
        _try_state(generator.bit_generator, state)


def _read(path):
    """Read a file that `save_run` wrote into its facts and its parts."""
    arrays = load_arrays(path, "fit")
    try:
        facts = json.loads(arrays.pop("run").tobytes(), object_hook=_from_json)
        known = {key: facts[key] for key in ("rows", "step", "optimizer", "generators")}
        parts = {part: {} for part in PARTS}
        for name, array in arrays.items():
            part, _, key = name.partition("/")
            parts[part][key] = array
    except (KeyError, TypeError, ValueError):
        message = f"fit: checkpoint expects a file that fit wrote, got {str(path)!r}"
        raise ValueError(message) from None
    return known, parts


def _expect_same(what, own, found):
    """Raise ValueError unless a fact of the file is that of this run."""
    if own != found:
        raise ValueError(f"{what} expects {own}, got {found}")


def _try_state(bit_generator, state):
    """Raise ValueError if a bit generator cannot take this state, which a copy of it tries."""
    kind = type(bit_generator).__name__
    try:
        copy.deepcopy(bit_generator).state = state
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        message = f"generators expects the state of a {kind}, got another: {error}"
        raise ValueError(message) from None


def _as_json(value):
    """Turn an array, or a number of NumPy, in the state of a bit generator into plain JSON."""
    array = np.asarray(value)
    return {"dtype": array.dtype.str, "values": array.tolist()}


def _from_json(value):
    """Turn what `_as_json` made back into an array; other dicts stay as they are."""
    if value.keys() == {"dtype", "values"}:
        return np.array(value["values"], value["dtype"])
    return value
