"""What wrong answers have in common with the right ones, for those that match no known mistake."""

import numpy as np

from .agree import agree, as_numbers

CHANGES = (
    ("The sign is wrong.", np.negative),
    ("Rows and columns are exchanged.", np.transpose),
    ("Each number is the reciprocal of what is wanted.", np.reciprocal),
    ("Each number is the square of what is wanted.", np.square),
    ("Each number is the square root of what is wanted.", np.sqrt),
    ("Each number is the logarithm of what is wanted.", np.log),
    ("Each number is e to the power of what is wanted.", np.exp),
)


def symptom(answers, wanted, tolerance):
    """Name the one change that turns each wanted array into the answer; "" where there is none.

    Two different numbers must be wanted at least: with a single one, some factor always fits.
    """
    answers, wanted = ([as_numbers(value) for value in values] for values in (answers, wanted))
    if any(array is None or array.dtype.kind not in "biuf" for array in (*answers, *wanted)):
        return ""
    if [array.size for array in answers] != [array.size for array in wanted]:
        return ""
    answers, wanted = ([array.astype(float) for array in arrays] for arrays in (answers, wanted))
    if len(np.unique(_flat(wanted))) < 2 or not np.isfinite(_flat(answers)).all():
        return ""
    with np.errstate(all="ignore"):
        for words, change in CHANGES:
            if _all_agree(answers, [change(want) for want in wanted], tolerance):
                return words
        if [answer.shape for answer in answers] != [want.shape for want in wanted]:
            return ""
        return _shift(answers, wanted, tolerance) or _factor(answers, wanted, tolerance)


def _shift(answers, wanted, tolerance):
    shift = _flat(answers)[0] - _flat(wanted)[0]
    fits = _all_agree(answers, [want + shift for want in wanted], tolerance)
    too = "too large" if shift > 0 else "too small"
    return f"Each number is {abs(shift):.3g} {too}." if fits else ""


def _factor(answers, wanted, tolerance):
    largest = np.argmax(np.abs(_flat(wanted)))
    factor = _flat(answers)[largest] / _flat(wanted)[largest]
    fits = factor and _all_agree(answers, [factor * want for want in wanted], tolerance)
    return f"Each number is {factor:.3g} times what is wanted." if fits else ""


def _flat(arrays):
    return np.concatenate([array.ravel() for array in arrays])


def _all_agree(answers, others, tolerance):
    return all(agree(*pair, tolerance) for pair in zip(answers, others, strict=True))
