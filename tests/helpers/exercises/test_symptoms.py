"""What wrong answers have in common with the right ones is found, and nothing where there is nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.exercises.symptoms import symptom

WANTED = [np.array([[0.5, 2.0, 3.0], [1.5, 4.0, 7.0]]), 2.5]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda want: -want, "The sign is wrong."),
        (np.transpose, "Rows and columns are exchanged."),
        (lambda want: 1 / want, "Each number is the reciprocal of what is wanted."),
        (lambda want: want * want, "Each number is the square of what is wanted."),
        (lambda want: want**0.5, "Each number is the square root of what is wanted."),
        (np.log, "Each number is the logarithm of what is wanted."),
        (lambda want: np.e**want, "Each number is e to the power of what is wanted."),
        (lambda want: want + 1, "Each number is 1 too large."),
        (lambda want: want - 0.25, "Each number is 0.25 too small."),
        (lambda want: want / np.log(2), "Each number is 1.44 times what is wanted."),
    ],
)
def test_a_change_of_every_number_is_named(change, words):
    assert symptom([change(want) for want in WANTED], WANTED, 1e-6) == words


def test_a_change_of_some_numbers_is_not():
    assert symptom([-WANTED[0], WANTED[1]], WANTED, 1e-6) == ""


def test_nan_is_not_taken_for_a_logarithm_or_root_of_negative_numbers():
    assert symptom([[np.nan, np.nan]], [[-1.0, -2.0]], 1e-6) == ""


def test_a_single_number_proves_nothing():
    assert symptom([6], [3], 1e-6) == symptom([[6, 6]], [[3, 3]], 1e-6) == ""


@pytest.mark.parametrize("answer", ["four", None, 1j, ValueError(), [1, [2]], np.ones(3), 0, np.nan, np.inf])
def test_nonsense_has_no_symptom(answer):
    assert symptom([answer, answer], WANTED, 1e-6) == ""


numbers = st.lists(st.floats(-100, 100).filter(lambda x: abs(x) > 1e-3), min_size=2, max_size=6, unique=True)


@given(numbers, st.floats(1.5, 50))
def test_a_factor_is_found_for_any_numbers(wanted, factor):
    wanted = [wanted, [*wanted, 0.123, -0.456]]
    assert symptom([factor * np.array(want) for want in wanted], wanted, 1e-9).endswith("times what is wanted.")
