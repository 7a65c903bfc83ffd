"""Whether results agree, however they are written, and the words for their difference."""

from collections import OrderedDict, deque
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from helpers.autodiff import Tensor
from helpers.exercises.agree import agree, brief, describe_difference, shorten
from hostile import Hostile, holding_itself


def disagreement(got, want, tolerance, atol=None):
    """The words where two results differ, "" where they agree."""
    if agree(got, want, tolerance, atol):
        return ""
    return describe_difference(got, want, tolerance, atol)


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
        (3, (2, 3), "expected (2, 3), got 3"),
        (np.zeros(10**6), (2, 3), "expected (2, 3), got array (1000000,)"),
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


def on_the_tape(array):
    """A Tensor that is computed from a leaf."""
    return 1 * Tensor(array, requires_grad=True)


WAYS_TO_WRITE_NUMBERS = {
    "float32": lambda array: array.astype(np.float32),
    "float16": lambda array: array.astype(np.float16),
    "complex": lambda array: array.astype(complex),
    "lists": lambda array: array.tolist(),
    "tuples": lambda array: tuple(map(tuple, array.tolist())),
    "list of arrays": list,
    "objects": lambda array: array.astype(object),
    "Fractions": lambda array: [[Fraction(x) for x in row] for row in array.tolist()],
    "Decimals": lambda array: [[Decimal(x) for x in row] for row in array.tolist()],
    "Fortran order": np.asfortranarray,
    "masked nowhere": lambda array: np.ma.array(array, mask=np.zeros(array.shape, bool)),
    "sparse": sparse.csr_array,
    "Tensor": Tensor,
    "Tensor on the tape": on_the_tape,
    "list of Tensors on the tape": lambda array: [on_the_tape(row) for row in array],
    "Tensors as objects": lambda array: [[on_the_tape(x) for x in row] for row in array],
    "list of deques": lambda array: [deque(row.tolist()) for row in array],
}
MATRIX = np.array([[0.0, 1.0, 2.5], [-3.0, 0.25, 4.0]])  # exact in each of these types


@pytest.mark.parametrize("write", WAYS_TO_WRITE_NUMBERS.values(), ids=WAYS_TO_WRITE_NUMBERS)
def test_numbers_agree_however_they_are_written(write):
    wrong = MATRIX.copy()
    wrong[1, 2] += 1
    for tolerance in (0, 1e-9):
        assert agree(write(MATRIX), MATRIX, tolerance)
        assert agree(MATRIX, write(MATRIX), tolerance)
        assert not agree(write(wrong), MATRIX, tolerance)
        assert not agree(wrong, write(MATRIX), tolerance)
    words = describe_difference(write(wrong), MATRIX, 1e-9)
    assert words.startswith("expected [[0, 1, 2.5], [-3, 0.25, 4]], got [[")


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (Fraction(1, 3), 1 / 3),
        (1 / 3, Fraction(1, 3)),
        (Decimal("0.25"), 0.25),
        (np.array(3), 3),
        (Tensor(3.0, requires_grad=True), 3),
        (1, True),
        ([0.0, 1.0], (False, True)),
        (range(4), [0, 1, 2, 3]),
        (2**70, 2.0**70),
        (10**400, 10**400),
        ([1, 2.5j], [1 + 0j, 2.5j]),
        ([Fraction(1), np.complex64(1j)], [1, 1j]),
        (np.str_("a"), "a"),
        ("a", np.array("a")),
        (("a", "b"), ["a", "b"]),
        (np.array(["a", "b"]), ["a", "b"]),
        (["a", 1.0], ("a", 1)),
        (deque(["a", "b"]), ["a", "b"]),
        ([["a"], [np.ones(2), None]], (("a",), ([1, 1], None))),
        ([], ()),
        ({"a": [1, 2]}, OrderedDict(a=np.array([1.0, 2.0]))),
        (frozenset({1, 2}), {2, 1}),
        (np.ma.array([1.0, 2.0], mask=[False, True]), [1.0, np.nan]),
        (b"a", np.bytes_(b"a")),
        (np.datetime64("2024-01-01"), np.datetime64("2024-01-01")),
        (np.array(["2024-01-01"], dtype="M8[D]"), np.array(["2024-01-01"], dtype="M8[D]")),
        (len, len),
    ],
)
def test_right_answers_agree_however_they_are_written(got, want):
    assert agree(got, want, 1e-9)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        ("1", 1),
        (b"a", "a"),
        ("None", None),
        (0, None),
        (False, None),
        ([], None),
        ("ab", ["a", "b"]),
        (["a"], "a"),
        (["a", "b"], ["a"]),
        (["a", "b"], ["b", "a"]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1}, ["a"]),
        ({1, 2}, [1, 2]),
        ({1, 2}, {1, 3}),
        ((x for x in (1, 2)), [1, 2]),
        (np.ma.array([1.0, 2.0], mask=[False, True]), [1.0, 2.0]),
        (np.array(["2024-01-01"], dtype="M8[ns]"), [1704067200 * 10**9]),
        (len, sum),
        (int, 0),
        (10**400, 10**400 + 1),
        (2**60 + 1, 2**60),
        (np.array([-128], dtype=np.int8), np.array([-127], dtype=np.int8)),
    ],
)
def test_other_answers_do_not_agree(got, want):
    assert not agree(got, want, 0)
    assert not agree(want, got, 0)


def test_the_tolerance_is_that_of_floats_whatever_the_type():
    assert agree(np.int8([-128, 0]), np.int8([-128, 1]), 1e-2)
    assert agree(np.float16(1), np.float16(1.001), 1e-3)
    assert not agree(np.float16([1, 1]), np.float16([1, 1.001]), 1e-4)


leaves = st.one_of(st.integers(-9, 9), st.text(max_size=3), st.none())
results = st.recursive(leaves, lambda parts: st.lists(parts, max_size=3), max_leaves=12)


def rewritten(value, number, sequence, text):
    """The same result in other types."""
    if isinstance(value, list):
        return sequence([rewritten(item, number, sequence, text) for item in value])
    return number(value) if isinstance(value, int) else text(value) if value else value


@given(results, st.sampled_from([float, np.int8, Fraction, Decimal, np.array]), st.data())
def test_any_result_agrees_with_itself_in_other_types_and_with_no_other(value, number, data):
    sequence = data.draw(st.sampled_from([list, tuple, deque]))
    assert agree(rewritten(value, number, sequence, np.str_), value, 1e-9)
    other = data.draw(results)
    assert agree(rewritten(other, number, sequence, np.str_), value, 1e-9) == (other == value)


NOT_SHOWN = {
    "hostile": Hostile(),
    "list of hostile": [Hostile()],
    "list that holds itself": holding_itself(),
    "more digits than Python prints": 10**5000,
}


@pytest.mark.parametrize("value", NOT_SHOWN.values(), ids=NOT_SHOWN)
def test_what_cannot_be_compared_or_shown_differs_in_words(value):
    assert not agree(value, 1, 1e-9)
    assert not agree([value, "a"], [1, "a"], 1e-9)
    assert not agree(1, value, 1e-9)
    assert "cannot be shown" in describe_difference(value, 1, 1e-9)
    assert "cannot be shown" in describe_difference([value, "a"], [1, "a"], 1e-9)


def test_a_sparse_matrix_too_large_to_write_out_is_no_answer():
    huge = sparse.csr_array((10**6, 10**6))
    assert not agree(huge, np.eye(2), 1e-9)
    assert describe_difference(huge, np.eye(2), 1e-9)


@pytest.mark.parametrize("length", [10**12, 10**30])
def test_a_range_too_long_to_write_out_is_no_answer(length):
    assert not agree(range(length), [0, 1], 1e-9)
    assert describe_difference(range(length), [0, 1], 1e-9).endswith(f"got range(0, {length})")


def test_nothing_is_changed_by_comparing():
    masked = np.ma.array([1, 2], mask=[0, 1])
    got = [masked, Tensor(np.ones(2), requires_grad=True)]
    assert not agree(got, [[1, 1], [1, 1]], 1e-9)
    assert got[0] is masked
    assert masked.tolist() == [1, None]
    assert isinstance(got[1], Tensor)


def test_harmless_floating_point_errors_are_not_raised():
    with np.errstate(all="raise"):
        assert not agree([np.inf, -1e308, 1], [-np.inf, 1e308, np.nan], 1e-9)
        assert "got 1.7e308" in describe_difference(1.7e308, -1.7e308, 1e-9).replace("+", "")


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, ["x" * 10**6], {n: n for n in range(10**5)}, ["a"] * 10**5, "a\nb\n" * 10**4],
    ids=["text", "list of one", "dict", "list of many", "lines"],
)
def test_the_words_are_short_and_one_line_however_long_the_value(value):
    for words in (brief(value), describe_difference(value, 1, 0), describe_difference(1, value, 0)):
        assert len(words) < 500
        assert "\n" not in words


def test_shorten_keeps_the_beginning_in_one_line():
    assert shorten("a\n  b") == "a b"
    assert shorten("x" * 200) == "x" * 200
    assert shorten("x" * 201) == "x" * 197 + "..."


def test_equal_words_are_told_apart_by_their_types():
    class Three:
        def __repr__(self):
            return "3"

    assert describe_difference(Three(), 3, 0) == "expected 3 of type int, got 3 of type Three"


def test_the_item_that_differs_is_named_in_lists_of_anything():
    assert describe_difference(("a", "c"), ["a", "b"], 0) == "value 2 of 2: expected 'b', got 'c'"
    assert describe_difference(["a"], ["a", "b"], 0) == "expected 2 values, got 1 value"
