"""What a training run recorded."""

import numpy as np


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
        """Return the index of the epoch with the lowest validation loss; NaN is never the lowest.

        ValueError if there is none but NaN.
        """
        losses = np.array(self["validation_loss"], dtype=float)
        if np.isnan(losses).all():
            form = "a validation loss that is a number"
            raise ValueError(f"History: best expects {form}, got {losses.tolist()}")
        return int(np.nanargmin(losses))

    def since_best(self):
        """Return the number of epochs after the best one.

        Where every validation loss is NaN, it is that of all epochs.
        """
        has_best = not np.isnan(self["validation_loss"]).all()
        return len(self) - 1 - self.best() if has_best else len(self)
