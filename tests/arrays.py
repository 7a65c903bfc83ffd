"""Words for arrays that tests share."""

import numpy as np

from helpers.autodiff import Tensor

same = np.testing.assert_array_equal
close = np.testing.assert_allclose


def leaf(data, dtype=float):
    """Make a leaf of anything that NumPy reads."""
    return Tensor(np.array(data, dtype), requires_grad=True)


def states_equal(one, other):
    """Return whether two dicts hold the same names and arrays, as states of models do."""
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
