"""The state of a training run: all that has to be saved so that it can go on."""

import numpy as np

from ..nn.module import as_module, members
from ..support.arguments import as_rng
from .history import History
from .optimizers import Optimizer


class Run:
    """A model, its optimizer and a generator in training; `fit` hands it to `on_step`.

    `step` is the number of finished steps, `loss` that of the newest batch, `history` what was
    recorded of each epoch, and `best` a copy of the parameters after the best one, or empty.
    """

    def __init__(self, model, optimizer, rng):
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"fit: optimizer expects an Optimizer, got {optimizer!r}")
        self.model = as_module("fit", "model", model)
        self.optimizer = optimizer
        self.rng = as_rng("fit", rng)
        self.history = History()
        self.step = 0
        self.loss = None
        self.best = {}

    def record(self, row, keep_best):
        """Append an epoch's row, and keep a copy of the parameters if it is the best so far."""
        self.history.rows.append(row)
        if keep_best and self.history.since_best() == 0:
            self.best = self.model.state_dict()

    def has_stalled(self, patience):
        """Return whether the validation loss has not fallen for `patience` epochs."""
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
