"""What can be read off a Tensor without the tape: its shape, comparisons, numbers, text."""

from operator import attrgetter, index

import numpy as np

COMPARISONS = {np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal}


class Readable:
    """Read a value by its array, `_array`: nothing of this is recorded or has a gradient."""

    __slots__ = ()

    shape = property(attrgetter("_array.shape"), doc="Sizes of the axes.")
    dtype = property(attrgetter("_array.dtype"), doc="Type of the numbers.")
    ndim = property(attrgetter("_array.ndim"), doc="Number of axes.")

    def item(self):
        """Return the number that a Tensor of one element holds."""
        return self._array.item()

    def numpy(self):
        """Copy the data into an array that belongs to the caller."""
        return self._array.copy()

    def __len__(self):
        return len(self._array)

    # A comparison gives a plain array of booleans.

    def __lt__(self, other):
        return np.less(self._array, untaped(other))

    def __le__(self, other):
        return np.less_equal(self._array, untaped(other))

    def __gt__(self, other):
        return np.greater(self._array, untaped(other))

    def __ge__(self, other):
        return np.greater_equal(self._array, untaped(other))

    def __eq__(self, other):
        return np.equal(self._array, untaped(other))

    def __ne__(self, other):
        return np.not_equal(self._array, untaped(other))

    __hash__ = object.__hash__  # by identity, although `==` compares elements

    # A Tensor of one element is a number.

    def __bool__(self):
        if self._array.size != 1:
            raise ValueError(
                f"Tensor: only one element is true or false, got shape {self.shape}; reduce a "
                "comparison by .any() or .all(), and look for a Tensor among others by `is`"
            )
        return bool(self.item())

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __index__(self):
        return index(self._array)

    def __round__(self, digits=None):
        return round(self.item(), digits)

    def __format__(self, form):
        if form and self._array.size != 1:
            got = f"got shape {self.shape}"
            raise TypeError(f"Tensor: the format {form!r} expects one element, {got}")
        return format(self.item(), form) if form else str(self)

    def __repr__(self):
        text = np.array2string(self._array, separator=", ", prefix="Tensor(")
        dtype = "" if self.dtype == float else f", dtype={self.dtype}"
        return f"Tensor({text}{dtype}{', requires_grad=True' if self.requires_grad else ''})"


def untaped(value):
    """Return the array of a Tensor, and anything else as it is."""
    return value._array if isinstance(value, Readable) else value
