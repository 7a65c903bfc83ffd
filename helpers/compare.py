"""How two results are compared, and how their difference is put into words: for checks and for exercises."""

import numpy as np


def disagreement(got, want, tolerance):
    """Say in words how `got` differs from `want`; "" where they agree.

    Numbers and arrays agree within `tolerance` times the largest finite |want|; NaN agrees with NaN, and everything
    else (words, booleans, None) must be equal.
    """
    if not (_is_numeric(got) and _is_numeric(want)):
        return "" if type(got) is type(want) and got == want else f"expected {brief(want)}, got {brief(got)}"
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        return f"expected {_shape_in_words(want)}, got {_shape_in_words(got)}"
    wrong = _differs(got, want, tolerance)
    if not wrong.any():
        return ""
    if want.size <= 9:
        return f"expected {brief(want)}, got {brief(got)}"
    worst = np.unravel_index(np.argmax(wrong), wrong.shape)
    where = ", ".join(map(str, worst))
    return (
        f"right shape {want.shape}, but {wrong.sum()} of {want.size} values differ: "
        f"at [{where}] expected {brief(want[worst])}, got {brief(got[worst])}"
    )


def _is_numeric(value):
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except ValueError:  # a ragged list
        return False


def _differs(got, want, tolerance):
    finite = np.abs(want[np.isfinite(want)])
    limit = tolerance * (finite.max() if finite.size else 0.0)
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    with np.errstate(invalid="ignore"):  # infinity minus infinity: not the same, and no distance
        return ~(same | (np.abs(np.subtract(got, want, dtype=np.result_type(got, want, float))) <= limit))


def _shape_in_words(array):
    return f"shape {array.shape}" if array.ndim else f"the number {brief(array)}"


def brief(value):
    """A short text of a result or an argument: numbers with 3 digits, small arrays whole, large ones by their shape."""
    if isinstance(value, (bool, str, type(None))) or not _is_numeric(value):
        return getattr(value, "__name__", None) or repr(value)
    array = np.asarray(value)
    if array.size > 9:
        return f"array {array.shape}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(brief, value)) + ")"
    return _nested(array)


def _nested(array):
    if array.ndim:
        return "[" + ", ".join(map(_nested, array)) + "]"
    return f"{array:.3g}" if array.dtype.kind == "f" else str(array)
