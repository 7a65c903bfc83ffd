"""The border around an image: how padding is read, and how a border is added and cut off again."""

import numpy as np

from ..support.arguments import Arguments, Pair, allocating, as_pair, per_axis


def pad2d(x, padding, kernel_size=None, value=0.0):
    """Copy x (H, W) or (N, C, H, W) into a border of `value`.

    `padding` is an int, (height, width), ((top, bottom), (left, right)), or "valid", "same" or
    "full", which ask for the `kernel_size` they are meant for. The dtype stays; ValueError where
    it cannot hold `value`.

    >>> pad2d([[1, 2]], (1, 0)).tolist()
    [[0, 0], [1, 2], [0, 0]]
    >>> pad2d([[1, 2]], "same", kernel_size=(1, 3), value=9).tolist()
    [[9, 1, 2, 9]]
    """
    read = Arguments("pad2d")
    x = read.images("x", x)
    border = read_border("pad2d", padding, kernel_size)
    number = read.shaped("value", value, ()).item()
    if not _holds(x.dtype, number):
        expected = f"a number that dtype {x.dtype} can hold"
        raise ValueError(f"pad2d: value expects {expected}, got {value!r}")
    return add_border("pad2d", x, border, number).copy(order="K")


def _holds(dtype, number):
    """Whether `number` fits into the dtype: exactly into an integer, rounded into a float."""
    if dtype.kind == "f":
        return not np.isfinite(number) or abs(number) <= float(np.finfo(dtype).max)
    limits = np.iinfo(dtype)
    return limits.min <= number <= limits.max and number == int(number)


def read_border(where, padding, kernel_size=None) -> tuple[Pair, Pair]:
    """Read padding for windows of `kernel_size`, which only a word, such as "same", needs."""
    rows, columns = as_pair(where, "kernel_size", 1 if kernel_size is None else kernel_size)
    border = read_padding(where, padding, (rows - 1, columns - 1), stride=(1, 1))
    if isinstance(padding, str) and kernel_size is None:
        expected = f"an integer or a pair with padding {padding!r}"
        raise ValueError(f"{where}: kernel_size expects {expected}, got None")
    return border


def read_padding(where, padding, reach, stride) -> tuple[Pair, Pair]:
    """Read every form of padding as ((top, bottom), (left, right)).

    `reach` is how far the window extends beyond its first pixel along each axis. "full" takes every
    overlap of at least one pixel; "same" keeps the input's size: reach // 2 before, the rest after,
    as in PyTorch.
    """
    if isinstance(padding, str):
        return _padding_by_word(where, padding, reach, stride)
    axes = per_axis(padding)
    if len(axes) != 2:
        numbers = "an integer, (height, width), ((top, bottom), (left, right))"
        words = '"valid", "same" or "full"'
        raise ValueError(f"{where}: padding expects {numbers}, {words}, got {padding!r}")
    rows, columns = axes
    read = Arguments(where)
    return read.pair("padding", rows, minimum=0), read.pair("padding", columns, minimum=0)


def _padding_by_word(where, word, reach, stride):
    if word == "valid":
        return (0, 0), (0, 0)
    if word == "full":
        return (reach[0], reach[0]), (reach[1], reach[1])
    if word != "same":
        expected = '"valid", "same", "full" or numbers'
        raise ValueError(f"{where}: padding expects {expected}, got {word!r}")
    if tuple(stride) != (1, 1):
        raise ValueError(f'{where}: padding "same" expects stride 1, got {tuple(stride)}')
    return (reach[0] // 2, reach[0] - reach[0] // 2), (reach[1] // 2, reach[1] - reach[1] // 2)


def padded_size(size, padding) -> Pair:
    """Return the size (height, width) of an image within its border."""
    (top, bottom), (left, right) = padding
    return top + size[0] + bottom, left + size[1] + right


def add_border(where, x, padding, value=0):
    """Put x (..., H, W) inside a border of `value`, in x's memory order.

    Return x itself where the border is empty.
    """
    (top, bottom), (left, right) = padding
    if not (top or bottom or left or right):
        return x
    *stack, height, width = x.shape
    shape = (*stack, *padded_size((height, width), padding))
    with allocating(where, "padding", shape):
        padded = np.empty_like(x, shape=shape)
    padded[...] = value
    padded[..., top : top + height, left : left + width] = x
    return padded


def cut_border(x, padding):
    """Take the border of `add_border` off again: a view of x (..., H, W)."""
    (top, bottom), (left, right) = padding
    return x[..., top : x.shape[-2] - bottom, left : x.shape[-1] - right]
