"""A training run, and the file from which it goes on as if it had never stopped."""

import copy
import json

import numpy as np

from ..nn.module import load_arrays, members, save_arrays
from ..support.arguments import as_count

PARTS = ("model", "optimizer", "best")


class History:
    """What `fit` recorded: a dict per epoch, and in `stopped` why it ended early.

    history["loss"] is a column.
    """

    def __init__(self, rows=(), stopped=""):
        self.rows = list(rows)
        self.stopped = stopped

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, name):
        if self.rows and name not in self.rows[0]:
            raise KeyError(f"History: expects one of {', '.join(self.rows[0])}, got {name!r}")
        return [row[name] for row in self.rows]

    def best(self):
        """Index of the epoch with the lowest validation loss; NaN is never the lowest.

        ValueError if there is none but NaN.
        """
        losses = np.array(self["validation_loss"], dtype=float)
        if np.isnan(losses).all():
            got = losses.tolist()
            raise ValueError(f"History: best expects a validation loss that is a number, got {got}")
        return int(np.nanargmin(losses))

    def since_best(self):
        """Number of epochs after the best one; of all epochs where every validation loss is NaN."""
        has_best = not np.isnan(self["validation_loss"]).all()
        return len(self) - 1 - self.best() if has_best else len(self)


class Run:
    """A model, its optimizer and a generator in training, with the history of it."""

    def __init__(self, model, optimizer, rng):
        self.model, self.optimizer, self.rng = model, optimizer, rng
        self.history = History()
        self.step = 0
        self.best = {}

    def record(self, row, keep_best):
        """Append an epoch's row, and keep a copy of the parameters if it is the best so far."""
        self.history.rows.append(row)
        if keep_best and self.history.since_best() == 0:
            self.best = self.model.state_dict()

    def has_stalled(self, patience):
        """Whether the validation loss has not fallen for `patience` epochs."""
        if patience is None or not len(self.history) or self.history.since_best() < patience:
            return False
        self.history.stopped = f"no better validation loss for {patience} epochs"
        return True

    def generators(self):
        """Return every generator that the run draws from: its own, then those of its modules."""
        found = {id(self.rng): self.rng}
        for _, module in self.model.named_modules():
            for _, value in members(vars(module)):
                if isinstance(value, np.random.Generator):
                    found.setdefault(id(value), value)
        return list(found.values())

    def save(self, path):
        """Write the run to an .npz file, whole or not at all."""
        facts = {
            "rows": self.history.rows,
            "step": self.step,
            "optimizer": type(self.optimizer).__name__,
            "generators": [generator.bit_generator.state for generator in self.generators()],
        }
        text = np.frombuffer(json.dumps(facts, default=_as_json).encode(), np.uint8)
        arrays = {"run": text}
        states = self.model.state_dict(), self.optimizer.state_dict(), self.best
        for part, state in zip(PARTS, states, strict=True):
            arrays |= {f"{part}/{name}": array for name, array in state.items()}
        save_arrays(path, arrays)

    def load(self, path, columns):
        """Take up the run that `save` wrote; each part is checked before any is taken over.

        `columns` are those that the rest of the run will record. ValueError names the file.
        """
        facts, parts = _read(path)
        try:
            self._check(facts, parts, columns)
        except (TypeError, ValueError) as error:
            message = f"fit: checkpoint expects a file of this run, got {str(path)!r}: {error}"
            raise ValueError(message) from None
        self.model.load_state_dict(parts["model"])
        self.optimizer.load_state_dict(parts["optimizer"])
        self.history = History(facts["rows"])
        self.step = facts["step"]
        self.best = parts["best"]
        for generator, state in zip(self.generators(), facts["generators"], strict=True):
            generator.bit_generator.state = state

    def _check(self, facts, parts, columns):
        """Raise ValueError or TypeError if the parts of a file are not those of this run."""
        for row in facts["rows"]:
            _expect_same("columns", sorted(columns), sorted(row))
        self.model.match_state_dict(parts["model"])
        history = History(facts["rows"])
        if "validation_loss" in columns and history.since_best() < len(history):
            self.model.match_state_dict(parts["best"])
        _expect_same("optimizer", type(self.optimizer).__name__, facts["optimizer"])
        self.optimizer.match_state_dict(parts["optimizer"])
        as_count("load", "step", facts["step"], minimum=0)
        generators = self.generators()
        _expect_same("number of generators", len(generators), len(facts["generators"]))
        for generator, state in zip(generators, facts["generators"], strict=True):
            _try_state(generator.bit_generator, state)


def _read(path):
    """Read a file that `Run.save` wrote into its facts and its parts."""
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
    if own != found:
        raise ValueError(f"{what} expects {own}, got {found}")


def _try_state(bit_generator, state):
    """Raise ValueError if a bit generator cannot take this state; a copy of it tries."""
    kind = type(bit_generator).__name__
    try:
        copy.deepcopy(bit_generator).state = state
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        message = f"generators expects the state of a {kind}, got another: {error}"
        raise ValueError(message) from None


def _as_json(value):
    """Arrays within the state of a bit generator, and NumPy's numbers, as JSON has them."""
    array = np.asarray(value)
    return {"dtype": array.dtype.str, "values": array.tolist()}


def _from_json(value):
    """The inverse of `_as_json` within JSON's dicts."""
    if value.keys() == {"dtype", "values"}:
        return np.array(value["values"], value["dtype"])
    return value
