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
        (np.eye(2), "[[1, 0], [0, 1]]"),
        (np.zeros((4, 4)), "array (4, 4)"),
        ("same", "'same'"),
        (True, "True"),
        (len, "len"),
    ],
)
def test_brief(value, text):
    assert brief(value) == text
