"""What wrong answers have in common with the right ones is found, and nothing where there is nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.exercises.symptoms import echo, lengths, symptom

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
        (lambda want: 1.5 * want, "Each number is 1.5 times what is wanted."),
        (lambda want: want / np.log(2), "Each number is 1.44 times what is wanted: bits instead of nats?"),
        (np.degrees, "Each number is 57.3 times what is wanted: degrees instead of radians?"),
        (np.radians, "Each number is 0.0175 times what is wanted: radians instead of degrees?"),
        (lambda want: 100 * want, "Each number is 100 times what is wanted: per cent instead of a fraction?"),
        (np.floor, "The fractions are lost: is your result an array of integers?"),
        (np.round, "The numbers are rounded: return them as they are."),
    ],
)
def test_a_change_of_every_number_is_named(change, words):
    assert symptom([change(want) for want in WANTED], WANTED, 1e-6) == words


ROWS = [np.array([[0.5, 2.0, 3.0], [1.5, 4.0, 7.0], [5.0, 6.0, 9.0]]), np.array([[1.0, 2.0], [3.0, 5.0]])]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (np.flipud, "The order is reversed."),
        (np.fliplr, "Each row is reversed."),
        (lambda want: np.rot90(want, 2), "The result is rotated by 180 degrees."),
        (lambda want: np.delete(want, -1, axis=0), "The last entry is missing."),
        (lambda want: np.delete(want, 0, axis=0), "The first entry is missing."),
        (lambda want: np.delete(want, -1, axis=1), "The last column is missing."),
        (lambda want: np.delete(want, 0, axis=1), "The first column is missing."),
        (np.ravel, "The numbers are right, but their shape is not."),
        (lambda want: want[None], "The numbers are right, but their shape is not."),
        (lambda want: want.tolist()[:-1], "The last entry is missing."),
    ],
)
def test_a_change_of_the_whole_is_named(change, words):
    assert symptom([change(want) for want in ROWS], ROWS, 1e-6) == words


def test_the_order_of_many_axes_is_named():
    want = np.arange(24.0).reshape(2, 3, 4)
    assert symptom([want.T], [want], 1e-6).startswith("The axes are in another order: ")
    assert symptom([np.moveaxis(want, 0, 1)], [want], 1e-6).endswith("by np.transpose(..., (1, 0, 2)).")
    assert symptom([np.moveaxis(want, 1, 2)], [want], 1e-6) == "Rows and columns are exchanged."


def test_digits_that_were_cut_off_are_named():
    want = np.array([0.12345, 0.98765, 0.5])
    assert symptom([np.round(want, 2)], [want], 1e-6) == "The numbers are rounded: return them as they are."


def test_zeros_are_not_taken_for_lost_fractions():
    assert symptom([[0, 0]], [[0.25, 0.75]], 1e-6) == ""


ARGUMENTS = {"x": [np.ones((4, 3)), np.ones((5, 3)), np.ones((7, 2))], "k": [2, 3, 2], "f": [abs, max, min]}


def test_the_lengths_of_arguments_are_those_that_differ_by_case():
    known = {"len(x)": [4, 5, 7], "x.shape[1]": [3, 3, 2], "x.size": [12, 15, 14], "k": [2, 3, 2]}
    assert lengths(ARGUMENTS) == known
    assert lengths({"x": [np.ones(3), np.ones(3)]}) == {}  # not told from a constant factor


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([1 / 4, 2 / 5, 4 / 7], "Each number is divided by len(x)."),
        ([3, 6, 8], "Each number is multiplied by x.shape[1]."),
        ([1 / 2, 2 / 3, 4 / 2], "Each number is divided by k."),
    ],
)
def test_an_argument_in_the_answers_is_named(answers, words):
    assert symptom(answers, [1.0, 2.0, 4.0], 1e-6, ARGUMENTS) == words


def test_an_argument_that_comes_back_is_named():
    assert echo([2, 3, 2], 1e-6, ARGUMENTS) == "Your function returns k as it came."
    assert echo(ARGUMENTS["x"], 1e-6, ARGUMENTS) == "Your function returns x as it came."
    assert echo(ARGUMENTS["x"][::-1], 1e-6, ARGUMENTS) == ""


def test_the_right_numbers_in_other_places_are_named():
    assert symptom([[3, 1, 2]], [[1, 2, 3]], 1e-6) == "The numbers are right, but their order is not."


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
