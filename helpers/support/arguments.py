"""How functions read their arguments: each rule and each message stands here once.

`where` is the name of the function that was called, so that its caller reads it first in the
message. A function that reads several arguments says it once: `read = Arguments("pad2d")`, then
`read.images("x", x)`, `read.pair("kernel_size", kernel_size)` and so on.
"""

from contextlib import contextmanager
from functools import wraps
from operator import index

import numpy as np

Pair = tuple[int, int]


def as_real(where, name, value, kinds="iuf"):
    """Return `value` as an array of real numbers, or of other `kinds` of dtype.

    TypeError for text, booleans, objects and complex numbers, and for an array that masks some of
    its elements, as NumPy would read what is under the mask.
    """
    if type(value) is not np.ndarray and _hides_elements(value):
        got = "a masked array; fill them or take them out"
        raise TypeError(f"{where}: {name} expects no masked elements, got {got}")
    try:
        array = np.asarray(value)
    except ValueError:
        got = "nested sequences of different lengths"
        raise ValueError(f"{where}: {name} expects an array, got {got}") from None
    if array.dtype.kind not in kinds:
        expected = "real numbers (integer or float dtype)"
        raise TypeError(f"{where}: {name} expects {expected}, got dtype {array.dtype}")
    return array


def _hides_elements(value):
    """Whether a value is, or holds in its lists, a masked array that masks at least one element."""
    if isinstance(value, (list, tuple)):
        return any(_hides_elements(item) for item in value if not isinstance(item, (int, float)))
    return isinstance(value, np.ma.MaskedArray) and bool(np.any(np.ma.getmaskarray(value)))


def as_images(where, name, value, form="(H, W) or (N, C, H, W)"):
    """Return `value` as a real array of two or four axes, called `form`, of at least one number."""
    array = as_real(where, name, value)
    if array.ndim not in (2, 4):
        raise ValueError(f"{where}: {name} expects shape {form}, got {array.shape}")
    if array.size == 0:
        raise ValueError(f"{where}: {name} expects at least one element, got shape {array.shape}")
    return array


def as_shaped(where, name, value, shape):
    """Return `value` as a real array of exactly this shape."""
    array = as_real(where, name, value)
    if array.shape != tuple(shape):
        raise ValueError(f"{where}: {name} expects shape {tuple(shape)}, got {array.shape}")
    return array


def as_count(where, name, value, minimum=1):
    """Return `value` as an int of at least `minimum`."""
    try:
        count = index(value)
    except TypeError:
        count = None
    if count is None or isinstance(value, bool):
        raise TypeError(f"{where}: {name} expects an integer, got {value!r}")
    if count < minimum:
        raise ValueError(f"{where}: {name} expects at least {minimum}, got {value!r}")
    return count


def as_number(where, name, value, interval="(-inf, inf)"):
    """Return `value` as a float within an interval such as "[0, 1)".

    NaN lies in none, infinity only in one that includes it, as "[0, inf]".
    """
    number = float(as_shaped(where, name, value, ()))
    low, high = map(float, interval[1:-1].split(","))
    above = number >= low if interval[0] == "[" else number > low
    below = number <= high if interval[-1] == "]" else number < high
    if not (above and below):
        expected = "a finite number" if interval == "(-inf, inf)" else f"a number in {interval}"
        raise ValueError(f"{where}: {name} expects {expected}, got {value!r}")
    return number


def as_divisor(where, name, value, **counts):
    """Return `value` as an int that divides each of these counts, which the message calls by name.

    >>> as_divisor("conv2d", "groups", 2, channels=4, kernels=6)
    2
    """
    divisor = as_count(where, name, value)
    if any(count % divisor for count in counts.values()):
        named = " and ".join(f"{count} {what}" for what, count in counts.items())
        raise ValueError(f"{where}: {name} expects a divisor of {named}, got {divisor}")
    return divisor


def as_float_dtype(where, name, value):
    """Return `value` as a dtype of floats."""
    try:
        dtype = np.dtype(value)
    except TypeError:
        raise TypeError(f"{where}: {name} expects a float dtype, got {value!r}") from None
    if dtype.kind != "f":
        raise TypeError(f"{where}: {name} expects a float dtype, got {dtype}")
    return dtype


def as_flag(where, name, value):
    """Return `value`, True or False, as a bool."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{where}: {name} expects True or False, got {value!r}")
    return bool(value)


def as_function(where, name, value):
    """Return `value` if it can be called."""
    if not callable(value):
        raise TypeError(f"{where}: {name} expects a function, got {value!r}")
    return value


def as_pair(where, name, value, minimum=1) -> Pair:
    """Read an int, or two of them (height, width), as a pair."""
    items = per_axis(value)
    if len(items) != 2:
        raise ValueError(f"{where}: {name} expects an integer or a pair of integers, got {value!r}")
    first, second = (as_count(where, name, item, minimum) for item in items)
    return first, second


def per_axis(value):
    """Return what is given for each axis: a sequence says it, any other value holds for both."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return value if isinstance(value, (tuple, list)) else (value, value)


def as_shape(where, name, value, ranks, form):
    """Read the shape, called `form`, of an array of one of these ranks, every size at least 1."""
    if not isinstance(value, (tuple, list)) or len(value) not in ranks:
        raise ValueError(f"{where}: {name} expects {form}, got {value!r}")
    return tuple(as_count(where, name, size) for size in value)


def as_rng(where, value):
    """Return `value`, a numpy.random.Generator; TypeError for anything else, including a seed."""
    if not isinstance(value, np.random.Generator):
        raise TypeError(f"{where}: rng expects a numpy.random.Generator, got {value!r}")
    return value


@contextmanager
def allocating(where, name, shape):
    """Allocate an array of this shape within the block; ValueError where memory cannot hold it."""
    try:
        yield
    except (MemoryError, ValueError, OverflowError):  # not the first where bytes cannot be counted
        got = f"an array of shape {tuple(shape)}"
        raise ValueError(f"{where}: {name} expects sizes that fit into memory, got {got}") from None


def expect_memory(where, name, shape, dtype=float):
    """Raise ValueError if memory cannot hold an array of this shape; none is filled."""
    with allocating(where, name, shape):
        np.empty(shape, dtype)


def sum_dtype(*arrays, integers):
    """Return the dtype in which products of these arrays are summed.

    It is NumPy's common one, or `integers` where all are of integers.
    """
    if all(array.dtype.kind in "iu" for array in arrays):
        return np.dtype(integers)
    return np.result_type(*arrays)


def _reader(rule):
    """Make a method of a rule: `where` is the one who reads."""

    @wraps(rule)
    def read(self, *arguments, **options):
        return rule(self.where, *arguments, **options)

    return read


class Arguments:
    """The arguments of one call, read by the rules above; `where` is the function that was called.

    >>> read = Arguments("pad2d")
    >>> read.pair("kernel_size", 3)
    (3, 3)
    >>> read.count("padding", -1, minimum=0)
    Traceback (most recent call last):
    ValueError: pad2d: padding expects at least 0, got -1
    """

    def __init__(self, where):
        self.where = where

    real = _reader(as_real)
    images = _reader(as_images)
    shaped = _reader(as_shaped)
    shape = _reader(as_shape)
    count = _reader(as_count)
    divisor = _reader(as_divisor)
    number = _reader(as_number)
    pair = _reader(as_pair)
    flag = _reader(as_flag)
    function = _reader(as_function)
    rng = _reader(as_rng)
    allocating = _reader(allocating)
