"""A worked solution's slips are learnt, made one and two at a time, and told from the answers."""

import numpy as np
import pytest

from helpers.exercises import exercise

DOWN = "Did you round down?"
FIRST = "Count the first window, too."
PADDED = "There is padding at both ends."


@exercise({"stride 1": (7, 3, 1, 0), "stride 2": (8, 3, 2, 0)}, (9, 4, 3, 1), (6, 2, 3, 1))
def windows(size, kernel_size, stride, padding):
    return len(range(-padding, size + padding - kernel_size + 1, stride))


@windows.slips
def _(slip, size, kernel_size, stride, padding):
    if padding and slip(PADDED):  # possible in some cases only
        size -= padding
    way = size + 2 * padding - kernel_size
    steps = -(-way // stride) if slip(DOWN) else way // stride
    return steps if slip(FIRST) else steps + 1


def test_a_right_answer_is_right():
    assert windows.verdict(windows.reference) == "✓ windows: 4 cases agree"


def test_a_slip_is_told_with_the_name_of_the_case():
    attempt = windows.verdict(lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1)
    assert attempt == f"✗ stride 2: expected 3, got 4. {DOWN}"


def test_a_case_without_a_name_is_shown_as_a_call():
    attempt = windows.verdict(lambda n, k, s, p: (n + p - k) // s + 1)
    assert attempt == f"✗ windows(6, 2, 3, 1): expected 3, got 2. {PADDED}"


def test_two_slips_at_once_are_told_together():
    attempt = windows.verdict(lambda n, k, s, p: (n + p - k) // s)
    assert attempt == f"✗ stride 1: expected 5, got 4. {FIRST} {PADDED}"


def test_other_answers_get_no_advice():
    assert windows.verdict(lambda n, k, s, p: n * k) == "✗ stride 1: expected 5, got 21."


@exercise((3.0, 4.0), (1.5, 2.0))
def distance(a, b):
    return np.hypot(a, b)


ROOT = "Take the root."
SIGN = "The squares are added."
SUM = "The distance is shorter than the sum of both sides."
HALF = "And where does the half come from?"


@distance.slips
def _(slip, a, b):
    if slip(SUM):
        return (a + b) / 2 if slip(HALF) else a + b
    square = a**2 - b**2 if slip(SIGN) else a**2 + b**2
    return square if slip(ROOT) else abs(square) ** 0.5


@distance.telltale("That is too small by a constant.")
def _(answers, wanted):
    lost = [want - answer for answer, want in zip(answers, wanted, strict=True)]
    return lost[0] > 0 and np.allclose(lost, lost[0])


def test_a_slip_that_only_another_one_leads_to_is_learnt():
    assert distance.advice.slips[HALF] == (SUM, HALF)
    assert distance.verdict(lambda a, b: (a + b) / 2).endswith(f"got 3.5. {SUM} {HALF}")


def test_one_slip_is_told_before_two():
    assert distance.verdict(lambda a, b: a + b).endswith(f"got 7. {SUM}")


def test_each_pair_is_there_once_for_every_two_slips():
    assert len(distance.advice.single_slips) == 4
    assert len(distance.advice.pairs_of_slips) == 6


@pytest.mark.parametrize("constant", [0.1, 0.25, 2])
def test_a_telltale_knows_no_constant(constant):
    verdict = distance.verdict(lambda a, b: np.hypot(a, b) - constant)
    assert verdict.endswith("That is too small by a constant.")


def test_a_telltale_is_asked_about_numbers_only():
    assert distance.verdict(lambda a, b: "nonsense").endswith("got 'nonsense'.")
    assert distance.verdict(lambda a, b: [[a], [b, a]]).startswith("✗ distance(3, 4): expected")


def test_a_telltale_that_fails_says_nothing():
    @exercise((3,), (4,))
    def twice(x):
        return 2 * x

    @twice.telltale("Never.")
    def _(answers, wanted):
        raise ValueError("no")

    assert twice.verdict(lambda x: x**3).endswith("got 27.")


def test_slips_that_raise_are_answers_like_others():
    @exercise((4,), (9,))
    def root(x):
        return x**0.5

    @root.slips
    def _(slip, x):
        if slip("Divide by something else."):
            return 1 / 0
        return np.sqrt(x)

    assert root.verdict(lambda x: 1 // 0).endswith("by zero. Divide by something else.")


@pytest.mark.parametrize("kind", [tuple, list])
def test_a_value_of_a_tuple_that_one_slip_explains_is_told(kind):
    @exercise((12, 3), (20, 4))
    def both(length, step):
        return length // step, length % step + 1

    @both.slips
    def _(slip, length, step):
        if slip("Start from the length itself."):
            length -= 1
        return length // step, length % step + 1

    halves = both.verdict(lambda n, k: kind([n // k, (n - 1) % k + 1]))
    told = "expected (4, 1), got (4, 3). Value 2: Start from the length itself."
    assert halves == f"✗ both(12, 3): {told}"
    assert both.verdict(lambda n, k: (n // k + 7, (n - 1) % k + 1)).endswith("got (11, 3).")


def test_drawn_cases_are_the_same_every_time():
    def made():
        @exercise((1, 2))
        def total(a, b):
            return a + b

        @total.draw(3)
        def _(rng):
            return tuple(rng.integers(1, 100, 2))

        return total

    first, again = made(), made()
    assert first.verdict(lambda a, b: b + a) == "✓ total: 4 cases agree"
    assert [case.arguments for case in first.cases] == [case.arguments for case in again.cases]
    assert len({case.arguments for case in first.cases}) == 4


def test_exercises_draw_different_cases():
    def drawn(function):
        one = exercise()(function)
        one.draw(2)(lambda rng: (rng.random(),))
        return [case.arguments for case in one.cases]

    assert drawn(abs) != drawn(round)


def test_a_value_may_have_slips_too():
    @exercise()
    def answer():
        return 42

    @answer.slips
    def _(slip):
        return 6 * 9 if slip("Six times nine is another question.") else 6 * 7

    assert answer.verdict(54) == "✗ answer: 54 is not it. Six times nine is another question."


def test_a_right_attempt_costs_no_slip():
    made = []

    @exercise((1,))
    def one(x):
        return x

    @one.slips
    def _(slip, x):
        made.append(slip)
        return x

    assert one.verdict(lambda x: x).startswith("✓")
    assert made == []
