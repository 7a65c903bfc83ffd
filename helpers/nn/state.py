"""How a saved state is compared with the object that is to take it: a model or an optimizer."""

from collections.abc import Mapping

import numpy as np

from ..autodiff import Tensor
from ..support.arguments import as_real


def match_state(where, state, expected):
    """Return the arrays of `state`, of the names and shapes expected, in the dtypes expected."""
    if not isinstance(state, Mapping):
        got = type(state).__name__
        raise TypeError(f"{where}: state expects a dict of arrays by name, got a {got}")
    wrong = {"missing": expected.keys() - state.keys(), "unknown": state.keys() - expected.keys()}
    if any(wrong.values()):
        names = {kind: ", ".join(sorted(map(str, keys))) for kind, keys in wrong.items() if keys}
        what = "; ".join(f"{kind}: {keys}" for kind, keys in names.items())
        form = f"the {len(expected)} names of this object"
        raise ValueError(f"{where}: state expects {form}, got {what}")
    return {name: _like(where, name, state[name], array) for name, array in expected.items()}


def _like(where, name, value, expected):
    """Return `value` as a new array of the shape and dtype of an array or Tensor."""
    value = value.data if isinstance(value, Tensor) else value
    array = as_real(where, name, value, kinds="b" if expected.dtype == bool else "iuf")
    if array.shape != expected.shape:
        raise ValueError(f"{where}: {name} expects shape {expected.shape}, got {array.shape}")
    if not np.can_cast(array.dtype, expected.dtype, "same_kind"):
        raise TypeError(f"{where}: {name} expects dtype {expected.dtype}, got {array.dtype}")
    return array.astype(expected.dtype)
