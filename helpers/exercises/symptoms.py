"""What wrong answers have in common with the right ones, for those that match no known mistake."""

from functools import partial
from itertools import permutations

import numpy as np

from .agree import agree, as_numbers

FRACTIONS_LOST = "The fractions are lost: is your result an array of integers?"
ROUNDED = "The numbers are rounded: return them as they are."

CHANGES = (  # words, the axes that an array needs for this change, what becomes of it
    ("The sign is wrong.", 0, np.negative),
    ("Rows and columns are exchanged.", 2, lambda want: want.swapaxes(-1, -2)),
    ("The order is reversed.", 1, lambda want: want[::-1]),
    ("Each row is reversed.", 2, lambda want: want[..., ::-1]),
    ("The result is rotated by 180 degrees.", 2, lambda want: want[..., ::-1, ::-1]),
    ("The last entry is missing.", 1, lambda want: want[:-1]),
    ("The first entry is missing.", 1, lambda want: want[1:]),
    ("The last column is missing.", 2, lambda want: want[..., :-1]),
    ("The first column is missing.", 2, lambda want: want[..., 1:]),
    ("The last row and the last column are missing.", 2, lambda want: want[..., :-1, :-1]),
    ("Each number is the reciprocal of what is wanted.", 0, np.reciprocal),
    ("Each number is the square of what is wanted.", 0, np.square),
    ("Each number is the square root of what is wanted.", 0, np.sqrt),
    ("Each number is the logarithm of what is wanted.", 0, np.log),
    ("Each number is e to the power of what is wanted.", 0, np.exp),
    (FRACTIONS_LOST, 0, np.trunc),
    (FRACTIONS_LOST, 0, np.floor),
    (ROUNDED, 0, np.ceil),
    *((ROUNDED, 0, partial(np.round, decimals=digits)) for digits in range(5)),
)
UNITS = (
    (100, "per cent instead of a fraction?"),
    (0.01, "a fraction instead of per cent?"),
    (180 / np.pi, "degrees instead of radians?"),
    (np.pi / 180, "radians instead of degrees?"),
    (1 / np.log(2), "bits instead of nats?"),
    (np.log(2), "nats instead of bits?"),
)


def echo(answers, tolerance, arguments):
    """Name the argument that is returned in every case, of {"x": [one of each case], ...}."""
    for name, values in arguments.items():
        if _all_agree(answers, values, tolerance):
            return f"Your function returns {name} as it came."
    return ""


def symptom(answers, wanted, tolerance, arguments=None):
    """Name the one change that turns each wanted array into the answer; "" where there is none.

    Two different numbers must be left by the change at least: with a single one, some factor always
    fits. `arguments` are those of all cases, as {"x": [one of each case], ...}.
    """
    answers, wanted = ([as_numbers(value) for value in values] for values in (answers, wanted))
    if any(array is None or array.dtype.kind not in "biuf" for array in (*answers, *wanted)):
        return ""
    answers, wanted = ([array.astype(float) for array in arrays] for arrays in (answers, wanted))
    if not _tell_apart(wanted) or not np.isfinite(_flat(answers)).all():
        return ""
    with np.errstate(all="ignore"):
        return (
            _change(answers, wanted, tolerance)
            or _length(answers, wanted, tolerance, lengths(arguments or {}))
            or _order(answers, wanted, tolerance)
            or (_same_shapes(answers, wanted) and _shift(answers, wanted, tolerance))
            or (_same_shapes(answers, wanted) and _factor(answers, wanted, tolerance))
            or ""
        )


def _change(answers, wanted, tolerance):
    for words, axes, change in CHANGES:
        changed = [change(want) if want.ndim >= axes else want for want in wanted]
        if _tell_apart(changed) and _all_agree(answers, changed, tolerance):
            return words
    return ""


def _order(answers, wanted, tolerance):
    """Name what is wrong where each answer has the right numbers, in other places."""
    if _all_agree(map(np.ravel, answers), map(np.ravel, wanted), tolerance):
        return "The numbers are right, but their shape is not."
    axes = {want.ndim for want in wanted}
    for order in permutations(range(axes.pop())) if len(axes) == 1 else ():
        if _all_agree(answers, [want.transpose(order) for want in wanted], tolerance):
            return f"The axes are in another order: as if by np.transpose(..., {order})."
    same = _all_agree(map(_sorted, answers), map(_sorted, wanted), tolerance)
    return "The numbers are right, but their order is not." if same else ""


def _sorted(array):
    return np.sort(array, axis=None)


def _shift(answers, wanted, tolerance):
    shift = _flat(answers)[0] - _flat(wanted)[0]
    fits = _all_agree(answers, [want + shift for want in wanted], tolerance)
    too = "too large" if shift > 0 else "too small"
    return f"Each number is {abs(shift):.3g} {too}." if fits else ""


def lengths(arguments):
    """Return {"len(x)": [3, 4], "x.shape[1]": [2, 5], "k": [1, 2]}: by case, what differs.

    That is each argument that is a number, the length of each axis of one that is an array, and the
    size of one that has several.
    """
    measured = {}
    for name, values in arguments.items():
        arrays = [as_numbers(value) for value in values]
        if any(array is None or array.dtype.kind == "b" for array in arrays):
            continue
        if all(array.ndim == 0 for array in arrays):
            measured[name] = arrays
        axes = min(array.ndim for array in arrays)
        for axis in range(axes):
            words = f"{name}.shape[{axis}]" if axis else f"len({name})"
            measured[words] = [array.shape[axis] for array in arrays]
        if axes > 1:
            measured[f"{name}.size"] = [array.size for array in arrays]
    return {words: values for words, values in measured.items() if len(np.unique(values)) > 1}


def _length(answers, wanted, tolerance, measured):
    for words, values in measured.items():
        for verb, change in (("divided", np.divide), ("multiplied", np.multiply)):
            if _all_agree(answers, list(map(change, wanted, values)), tolerance):
                return f"Each number is {verb} by {words}."
    return ""


def _factor(answers, wanted, tolerance):
    largest = np.argmax(np.abs(_flat(wanted)))
    factor = _flat(answers)[largest] / _flat(wanted)[largest]
    if not factor or not _all_agree(answers, [factor * want for want in wanted], tolerance):
        return ""
    units = [f": {words}" for known, words in UNITS if agree(factor, known, max(tolerance, 1e-6))]
    return f"Each number is {factor:.3g} times what is wanted" + (units[0] if units else ".")


def _same_shapes(answers, wanted):
    return [answer.shape for answer in answers] == [want.shape for want in wanted]


def _tell_apart(arrays):
    """Return whether there are two different numbers in all the arrays together."""
    return len(np.unique(_flat(arrays))) >= 2


def _flat(arrays):
    return np.concatenate([array.ravel() for array in arrays])


def _all_agree(answers, others, tolerance):
    return all(agree(*pair, tolerance) for pair in zip(answers, others, strict=True))
