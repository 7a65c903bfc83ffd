"""How two results are compared, and how their difference is put into words: for checks and for exercises."""

import numpy as np


def disagreement(got, want, tolerance, atol=None):
    """Say in words how `got` differs from `want`; "" where they agree.

    Numbers and arrays agree within `tolerance` times the largest finite |want|, or within `atol` if it is given, a
    number or an array like `want`; NaN agrees with NaN. In a tuple each item is compared alone. Everything else (words,
    booleans, None) must be equal.
    """
    if isinstance(want, tuple) and not _is_numeric(want):
        return _disagreement_of_parts(got, want, tolerance, atol)
    if not (_is_numeric(got) and _is_numeric(want)):
        return "" if type(got) is type(want) and got == want else f"expected {brief(want)}, got {brief(got)}"
    form = tuple if isinstance(want, tuple) else np.asarray  # what is asked for as a tuple is shown as one
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        if form is tuple and got.ndim == want.ndim == 1:  # as a shape, where "shape (2,)" would be read wrongly
            return f"expected {brief(form(want))}, got {brief(form(got))}"
        return f"expected {_shape_in_words(want)}, got {_shape_in_words(got)}"
    wrong = _differs(got, want, tolerance * _largest(want) if atol is None else atol)
    if not wrong.any():
        return ""
    if want.size <= 9:
        return _apart(form(want), form(got))
    worst = np.unravel_index(np.argmax(wrong), wrong.shape)
    where = ", ".join(map(str, worst))
    return (
        f"right shape {want.shape}, but {wrong.sum()} of {want.size} values differ: "
        f"at [{where}] {_apart(want[worst], got[worst])}"
    )


def _disagreement_of_parts(got, want, tolerance, atol):
    """The same for a tuple, such as several arrays of different shapes."""
    if not isinstance(got, (tuple, list)) or len(got) != len(want):
        length = f"{len(got)} values" if isinstance(got, (tuple, list)) else brief(got)
        return f"expected {len(want)} values, got {length}"
    problems = [disagreement(*pair, tolerance, atol) for pair in zip(got, want, strict=True)]
    return next((f"value {i} of {len(want)}: {problem}" for i, problem in enumerate(problems, 1) if problem), "")


def _apart(want, got):
    """Both in words; where these are the same, with more digits and the largest difference."""
    texts = brief(want), brief(got)
    if texts[0] != texts[1]:
        return f"expected {texts[0]}, got {texts[1]}"
    with np.errstate(invalid="ignore"):
        off = np.nanmax(np.abs(np.subtract(got, want, dtype=np.result_type(np.asarray(want), np.asarray(got), float))))
    return f"expected {brief(want, 9)}, got {brief(got, 9)}, off by {off:.2g}"


def _is_numeric(value):
    try:
        return np.asarray(value).dtype.kind in "biufc"
    except ValueError:  # a ragged list
        return False


def _largest(array):
    """The largest finite |value| of an array, 0 where there is none."""
    return np.abs(array[np.isfinite(array)]).max(initial=0)


def _differs(got, want, limit):
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    with np.errstate(invalid="ignore"):  # infinity minus infinity: not the same, and no distance
        return ~(same | (np.abs(np.subtract(got, want, dtype=np.result_type(got, want, float))) <= limit))


def _shape_in_words(array):
    return f"shape {array.shape}" if array.ndim else f"the number {brief(array)}"


def brief(value, digits=3):
    """A short text of a result or an argument: numbers with 3 digits, small arrays whole, large ones by their shape.

    What is smaller than 1e-12 of an array's largest number is shown as 0, unless more digits are asked for.
    """
    if isinstance(value, tuple) and len(value) <= 9:
        return "(" + ", ".join(brief(item, digits) for item in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list) and len(value) <= 9 and not _is_numeric(value):  # such as arrays of several shapes
        return "[" + ", ".join(brief(item, digits) for item in value) + "]"
    if isinstance(value, (bool, str, type(None))) or not _is_numeric(value):
        return getattr(value, "__name__", None) or repr(value)
    array = np.asarray(value)
    if array.size > 9:
        return f"array {array.shape}"
    if array.dtype.kind == "f" and digits == 3:
        array = np.where(np.abs(array) < 1e-12 * _largest(array), 0, array)
    return _nested(array, digits)


def _nested(array, digits):
    if array.ndim:
        return "[" + ", ".join(_nested(row, digits) for row in array) + "]"
    return f"{array:.{digits}g}" if array.dtype.kind == "f" else str(array)
