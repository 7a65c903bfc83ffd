"""Whether two results agree, and words for their difference: for checks and for exercises.

`agree` alone decides; `describe_difference` only explains what it has refused.
"""

from collections import deque
from collections.abc import Mapping, Set
from decimal import Decimal
from numbers import Number, Real

import numpy as np

from ..autodiff import Tensor

DEEPEST = 8  # lists within lists: no result is nested deeper, but a list may hold itself
LARGEST = 10**7  # numbers of a sparse matrix or a range that is written out
LONGEST = 200  # characters of a text within a message


def agree(got, want, tolerance, atol=None):
    """Return whether `got` is as good a result as `want`, however it is written.

    - Numbers agree within `tolerance` times the largest finite |want| of their array, or within
      `atol` if it is given, a number or an array like `want`; NaN agrees with NaN. Their type does
      not count: int, float, complex, Fraction, Decimal, every dtype, True for 1 and False for 0.
      Fractions, Decimals and integers of more than 64 bits count as the nearest float.
    - What NumPy reads as one array of numbers counts as that array: lists, tuples, ranges, nested
      or not. A Tensor counts as the array it holds, on the tape or not, and a sparse matrix as a
      dense one. A masked number is missing: it agrees with NaN.
    - Other lists, tuples and arrays agree if they are equally long and each item agrees.
    - Dictionaries agree if they have the same keys and each value agrees; sets if they are equal.
    - Text agrees with equal text, and never with a number; None only with None.
    - Everything else agrees with an equal value of its own type.
    - What cannot be compared, because it raises, does not agree.
    """
    try:
        return _agree(bare(got), bare(want), tolerance, atol)
    except Exception:  # a learner's value may do anything when it is read or compared
        return False


def _agree(got, want, tolerance, atol):
    got_numbers, want_numbers = as_numbers(got), as_numbers(want)
    if got_numbers is not None and want_numbers is not None:
        same_shape = got_numbers.shape == want_numbers.shape
        return same_shape and not _differs(got_numbers, want_numbers, tolerance, atol).any()
    if _is_sequence(got) and _is_sequence(want):
        pairs = zip(got, want, strict=False)
        return len(got) == len(want) and all(agree(*pair, tolerance, atol) for pair in pairs)
    if isinstance(got, Mapping) and isinstance(want, Mapping):
        same_keys = got.keys() == want.keys()
        return same_keys and all(agree(got[key], want[key], tolerance, atol) for key in want)
    alike = any(isinstance(got, kind) and isinstance(want, kind) for kind in (str, bytes, Set))
    return got is want or ((alike or type(got) is type(want)) and bool(got == want))


def bare(value, depth=DEEPEST):
    """Return `value` without what wraps it: the array of a Tensor, of a sparse or masked array.

    The same is done within lists, tuples and arrays of objects, which may be DEEPEST within one
    another. ValueError for what is deeper.
    """
    if isinstance(value, Tensor):
        return value.data
    if hasattr(value, "toarray") and np.prod(value.shape, dtype=float) <= LARGEST:
        return value.toarray()
    if np.ma.isMaskedArray(value) and value.dtype.kind in "biufc":
        return value.astype(np.result_type(value.dtype, float)).filled(np.nan)
    if isinstance(value, np.ndarray) and value.dtype.kind not in "biufc":
        value = value[()] if value.ndim == 0 else list(value)
    if not isinstance(value, (list, tuple, deque)):
        return value
    if depth == 0:
        raise ValueError(f"lists are nested deeper than {DEEPEST} times")
    items = [bare(item, depth - 1) for item in value]
    return tuple(items) if isinstance(value, tuple) else items


def as_numbers(value):
    """Return what NumPy reads as numbers as an array of numbers, and None for everything else."""
    if isinstance(value, (str, bytes)):
        return None
    try:
        if isinstance(value, range) and len(value) > LARGEST:
            return None
        array = np.asarray(bare(value))
        if array.dtype == object and all(isinstance(item, Number) for item in array.flat):
            real = all(isinstance(item, (Real, Decimal)) for item in array.flat)
            array = array.astype(float if real else complex)
    except Exception:  # a ragged list, an integer beyond all floats, an __array__ that raises
        return None
    return array if array.dtype.kind in "biufc" else None


def _is_sequence(value):
    return isinstance(value, (list, tuple))


def _differs(got, want, tolerance, atol):
    """Return where two arrays of one shape disagree, as truth values."""
    with np.errstate(all="ignore"):  # infinity minus infinity: not the same, and no distance
        same = (got == want) | (np.isnan(got) & np.isnan(want))
        limit = tolerance * _largest(want) if atol is None else np.asarray(atol)
        return ~(same | ((_distance(got, want) <= limit) & (limit > 0)))


def _distance(got, want):
    return np.abs(np.subtract(got, want, dtype=np.result_type(got, want, float)))


def _largest(array):
    """Return the largest finite |value| of an array, 0.0 where there is none."""
    array = array.astype(np.result_type(array, float), copy=False)
    return np.abs(array[np.isfinite(array)]).max(initial=0)


def describe_difference(got, want, tolerance, atol=None):
    """Say in words how `got` differs from `want`, with which it does not agree."""
    try:
        return _difference(bare(got), bare(want), tolerance, atol)
    except Exception:  # as in `agree`
        return _apart(want, got)


def _difference(got, want, tolerance, atol):
    got_numbers, want_numbers = as_numbers(got), as_numbers(want)
    if want_numbers is None and _is_sequence(want):
        return _difference_of_parts(got, want, tolerance, atol)
    if got_numbers is None or want_numbers is None:
        return _apart(want, got)
    shown = [want_numbers, got_numbers]
    if isinstance(want, tuple):  # which is shown as one
        shown = [tuple(array) if array.ndim and array.size <= 9 else array for array in shown]
    if got_numbers.shape != want_numbers.shape:
        if isinstance(want, tuple) and want_numbers.ndim == 1 and got_numbers.ndim <= 1:
            return _apart(*shown)  # such as two shapes: "shape (2,)" would mislead
        return f"expected {_shape(want_numbers)}, got {_shape(got_numbers)}"
    if want_numbers.size <= 9:
        return _numbers_apart(*shown)
    wrong = _differs(got_numbers, want_numbers, tolerance, atol)
    worst = np.unravel_index(np.argmax(wrong), wrong.shape)
    place = ", ".join(map(str, worst))
    return (
        f"right shape {wrong.shape}, but {wrong.sum()} of {wrong.size} values differ: "
        f"at [{place}] {_numbers_apart(want_numbers[worst], got_numbers[worst])}"
    )


def _difference_of_parts(got, want, tolerance, atol):
    """Say the same of a list or tuple of anything, such as arrays of different shapes."""
    if not _is_sequence(got) or len(got) != len(want):
        found = _count(got) if _is_sequence(got) else brief(got)
        return f"expected {_count(want)}, got {found}"
    for number, pair in enumerate(zip(got, want, strict=True), start=1):
        if not agree(*pair, tolerance, atol):
            problem = describe_difference(*pair, tolerance, atol)
            return f"value {number} of {len(want)}: {problem}"
    return _apart(want, got)


def _count(items):
    return f"{len(items)} value{'s' * (len(items) != 1)}"


def _apart(want, got):
    """Put both into words, with their types where the words are the same."""
    texts = [brief(want), brief(got)]
    if texts[0] == texts[1]:
        texts = [f"{brief(value)} of type {type(value).__name__}" for value in (want, got)]
    return f"expected {texts[0]}, got {texts[1]}"


def _numbers_apart(want, got):
    """Put both into words: if these are the same, with more digits and the largest difference."""
    if brief(want) != brief(got):
        return _apart(want, got)
    with np.errstate(all="ignore"):
        off = np.nanmax(_distance(np.asarray(got), np.asarray(want)))
    return f"expected {brief(want, 9)}, got {brief(got, 9)}, off by {off:.2g}"


def _shape(array):
    return f"shape {array.shape}" if array.ndim else f"the number {brief(array)}"


def brief(value, digits=3):
    """Return a short text of any value: numbers with 3 digits, large arrays by their shape.

    What is smaller than 1e-12 of an array's largest number is shown as 0, unless more digits are
    asked for.
    """
    try:
        return shorten(_text(bare(value), digits))
    except Exception:  # a value may refuse to be shown
        return f"a {shorten(type(value).__name__)} that cannot be shown"


def shorten(text):
    """Return a text as one line of at most LONGEST characters."""
    line = " ".join(part.strip() for part in text.splitlines())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."


def _text(value, digits):
    if isinstance(value, tuple) and len(value) <= 9:
        items = ", ".join(_text(item, digits) for item in value)
        return f"({items},)" if len(value) == 1 else f"({items})"
    array = as_numbers(value)
    if array is not None:
        return _text_of_numbers(array, digits)
    if isinstance(value, list) and len(value) <= 9:  # such as arrays of several shapes
        return "[" + ", ".join(_text(item, digits) for item in value) + "]"
    if _is_sequence(value):
        return _count(value)
    if isinstance(value, str):
        return repr(str(value))  # of NumPy's texts, too
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else repr(value)


def _text_of_numbers(array, digits):
    if array.size > 9:
        return f"array {array.shape}"
    if array.dtype.kind == "f" and digits == 3:
        array = np.where(np.abs(array) < 1e-12 * _largest(array), 0, array)
    return _nested(array, digits)


def _nested(array, digits):
    if array.ndim:
        return "[" + ", ".join(_nested(row, digits) for row in array) + "]"
    return f"{array:.{digits}g}" if array.dtype.kind == "f" else str(array)
