"""How numbers are read; the other rules are tested with the functions that read their arguments by them."""

import math

import pytest

from helpers.arguments import as_number


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        ("(-inf, inf)", [-1e300, 0, 2], [math.inf, -math.inf, math.nan]),
        ("[0, 1)", [0, 0.999], [1, -1e-9, math.nan]),
        ("(0, inf]", [1e-300, math.inf], [0, math.nan]),
    ],
)
def test_a_number_lies_within_its_interval(interval, inside, outside):
    for value in inside:
        assert as_number("f", "x", value, interval) == value
    for value in outside:
        with pytest.raises(ValueError, match=r"^f: x expects a .*number.*, got"):
            as_number("f", "x", value, interval)


@pytest.mark.parametrize("value", [True, "1", None, 1j])
def test_what_is_not_a_real_number_is_refused(value):
    with pytest.raises(TypeError, match=r"^f: x expects real numbers"):
        as_number("f", "x", value)
