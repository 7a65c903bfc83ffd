"""Arrays that nobody can write into: what the tape holds must not change behind its back."""

import numpy as np


def frozen(array):
    """Return the array if it and the array whose memory it views are read-only, else a copy."""
    owner = array if array.base is None else array.base
    if array.flags.writeable or not isinstance(owner, np.ndarray) or owner.flags.writeable:
        array = array.copy(order="K")
        array.flags.writeable = False
    return array


def apart(value, arrays):
    """Return the value, copied if it shares memory with arrays that may still change.

    Such are a leaf's data and a caller's array.
    """
    if value.base is None and not any(value is array for array in arrays):
        return value
    others = (array for array in arrays if isinstance(array, np.ndarray))
    return frozen(value) if any(np.may_share_memory(value, other) for other in others) else value
