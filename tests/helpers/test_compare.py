"""The words in which results are compared."""

import numpy as np
import pytest

from helpers.compare import brief, disagreement


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (1, 1.0),
        (np.float32(0.1), 0.1),
        ([1, 2], np.array([1, 2])),
        (np.bool_(True), True),
        ("valid", "valid"),
        (None, None),
        ([np.nan, np.inf, -np.inf], [np.nan, np.inf, -np.inf]),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (1e6 + 1e-3, 1e6),
        (3 + 1j, 3 + 1j),
    ],
)
def test_agreement_has_no_words(got, want):
    assert disagreement(got, want, 1e-6) == ""


@pytest.mark.parametrize(
    ("got", "want", "words"),
    [
        (1, 2, "expected 2, got 1"),
        (5, [5], "expected shape (1,), got the number 5"),
        ([[1, 2]], [[1], [2]], "expected shape (2, 1), got shape (1, 2)"),
        ([0, 1], [1, 0], "expected [1, 0], got [0, 1]"),
        (np.nan, 0.0, "got nan"),
        (np.inf, -np.inf, "got inf"),
        ("a", 1, "expected 1, got 'a'"),
        (None, 1, "expected 1, got None"),
        (True, "yes", "expected 'yes', got True"),
        ([1, [2, 3]], [1, 2], "expected [1, 2], got [1, [2, 3]]"),
        ((2, 4), (2, 3), "expected (2, 3), got (2, 4)"),
        ([np.ones(2), np.ones(11)], 1, "expected 1, got [[1, 1], array (11,)]"),
        ([2, 4], (2, 3), "expected (2, 3), got (2, 4)"),
        ((3,), (2, 3), "expected (2, 3), got (3,)"),
        ((np.ones(2), np.ones(2)), np.zeros((2, 2)), "expected [[0, 0], [0, 0]], got [[1, 1], [1, 1]]"),
        ([2.0001, -2.0], [2.0, -2.0], "expected [2, -2], got [2.0001, -2], off by 0.0001"),
        (1 + 1e-5, 1.0, "expected 1, got 1.00001, off by 1e-05"),
        ([np.inf, 1 + 1e-5], [np.inf, 1.0], "got [inf, 1.00001], off by 1e-05"),
    ],
)
def test_disagreement_is_put_into_words(got, want, words):
    assert words in disagreement(got, want, 1e-6)


def test_a_large_array_names_the_first_wrong_place():
    want = np.zeros((4, 5))
    got = want.copy()
    got[2, 3] = 7
    assert disagreement(got, want, 1e-6) == (
        "right shape (4, 5), but 1 of 20 values differ: at [2, 3] expected 0, got 7"
    )


def test_a_large_array_that_is_nearly_right_says_how_far_off_it_is():
    want = np.ones(20)
    assert disagreement(want + 1e-5, want, 1e-6).endswith("at [0] expected 1, got 1.00001, off by 1e-05")


def test_tolerance_is_relative_to_the_largest_number_wanted():
    assert disagreement([1000.0, 0.5], [1000.0, 0.0], 1e-3) == ""
    assert disagreement([1000.0, 1.5], [1000.0, 0.0], 1e-3)


def test_tolerance_zero_asks_for_equality():
    assert disagreement(0.1 + 0.2, 0.3, 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333"),
        ((3, 1.5), "(3, 1.5)"),
        ((3,), "(3,)"),
        ((), "()"),
        ([6.1e-17, -1.0], "[0, -1]"),
        (6.1e-17, "6.1e-17"),
        ([np.inf, np.nan, 0.5], "[inf, nan, 0.5]"),
        (np.eye(2), "[[1, 0], [0, 1]]"),
        (np.zeros((4, 4)), "array (4, 4)"),
        ("same", "'same'"),
        (True, "True"),
        (len, "len"),
    ],
)
def test_brief(value, text):
    assert brief(value) == text


def test_brief_shows_as_many_digits_as_asked_for():
    assert brief(1 / 3, 9) == "0.333333333"
    assert brief([6.1e-17, -1.0], 9) == "[6.1e-17, -1]"


def test_a_tuple_of_arrays_is_compared_one_by_one():
    want = np.ones((2, 3)), np.zeros(3), 5
    assert disagreement(want, want, 1e-9) == disagreement(list(want), want, 1e-9) == ""
    assert disagreement((want[0], np.ones(3), 5), want, 1e-9) == "value 2 of 3: expected [0, 0, 0], got [1, 1, 1]"
    assert disagreement((want[0].T, *want[1:]), want, 1e-9) == "value 1 of 3: expected shape (2, 3), got shape (3, 2)"
    assert disagreement(want[:2], want, 1e-9) == "expected 3 values, got 2 values"
    assert disagreement(want[0], want, 1e-9) == "expected 3 values, got [[1, 1, 1], [1, 1, 1]]"
    assert brief((np.ones(2), np.zeros((4, 4)))) == "([1, 1], array (4, 4))"


def test_an_absolute_tolerance_replaces_the_relative_one():
    assert disagreement([99.5, 0.4], [100, 0], 0, atol=0.5) == ""
    assert disagreement([99.5, 0.4], [100, 0], 1e-2, atol=0.3) != ""


def test_an_absolute_tolerance_can_differ_from_place_to_place():
    assert disagreement([1.1, 10.9], [1, 10], 0, atol=np.array([0.2, 1])) == ""
    assert disagreement([1.9, 10.1], [1, 10], 0, atol=np.array([0.2, 1])) != ""


def test_an_absolute_tolerance_counts_in_each_part_of_a_tuple():
    want = (np.zeros(2), np.zeros(3))
    assert disagreement((np.full(2, 0.1), np.full(3, 0.1)), want, 0, atol=0.2) == ""
    assert disagreement((np.full(2, 0.1), np.full(3, 0.3)), want, 0, atol=0.2).startswith("value 2 of 2")
