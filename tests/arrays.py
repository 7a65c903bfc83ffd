"""Words for arrays that tests share."""

import numpy as np

from helpers.autodiff import Tensor

same = np.testing.assert_array_equal
close = np.testing.assert_allclose


def leaf(data, dtype=float):
    """Make a leaf of anything that NumPy reads."""
    return Tensor(np.array(data, dtype), requires_grad=True)
