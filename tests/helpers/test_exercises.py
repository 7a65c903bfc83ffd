"""Every exercise of the course accepts its reference, and tells each typical mistake what is wrong with it."""

import importlib
import pkgutil

import numpy as np
import pytest
from scipy import sparse

from helpers import exercises
from helpers.exercises import Exercise, exercise
from helpers.exercises.autodiff import hessian_vector

MODULES = [
    importlib.import_module(f"helpers.exercises.{module.name}") for module in pkgutil.iter_modules(exercises.__path__)
]
COURSE = [
    pytest.param(value, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Exercise)
]


def attempt(one, function):
    """What a learner hands in: the function, or its value where the exercise asks for one."""
    return function if one.cases else function()


@pytest.mark.parametrize("one", COURSE)
def test_the_reference_is_accepted(one):
    assert one.verdict(attempt(one, one.reference)).startswith("✓")


@pytest.mark.parametrize("one", COURSE)
def test_each_mistake_gets_its_own_diagnosis(one):
    for diagnosis, wrong in one.mistakes:
        verdict = one.verdict(attempt(one, wrong))
        assert verdict.startswith("✗"), f"{diagnosis!r} was accepted"
        assert verdict.endswith(diagnosis)


@pytest.mark.parametrize("one", COURSE)
def test_there_are_two_diagnoses_or_the_answer_is_yes_or_no(one):
    least = 2 if one.cases else 1
    assert len({diagnosis for diagnosis, _ in one.mistakes}) >= least


@pytest.mark.parametrize("one", COURSE)
def test_a_stub_is_not_attempted(one):
    def stub(image): ...

    assert one.verdict(stub if one.cases else ...).startswith("○")


@pytest.mark.parametrize("one", COURSE)
def test_nonsense_is_rejected_in_words(one):
    nonsense = (lambda *case: "nonsense") if one.cases else "nonsense"
    assert one.verdict(nonsense).startswith("✗")


@exercise((3, 2), (-4, 5))
def difference(a, b):
    return a - b


@difference.mistake("Turn it round.")
def _(a, b):
    return b - a


def test_the_verdict_names_case_expectation_and_answer():
    assert difference.verdict(lambda a, b: a + b) == "✗ difference(3, 2): expected 1, got 5."


def test_a_mistake_is_recognised_by_all_its_answers():
    assert difference.verdict(lambda a, b: b - a).endswith("Turn it round.")
    assert not difference.verdict(lambda a, b: -1).endswith("Turn it round.")


def test_a_wrong_sign_or_factor_is_recognised_without_a_mistake_of_its_own():
    @exercise((1,), (2,))
    def third(x):
        return x / 3

    assert third.verdict(lambda x: -x / 3) == "✗ third(1): expected 0.333, got -0.333. The sign is wrong."
    assert third.verdict(lambda x: 2 * x / 3).endswith("got 0.667. Each number is 2 times what is wanted.")


def test_a_mistake_says_more_than_a_symptom():
    assert difference.verdict(lambda a, b: b - a).endswith("got -1. Turn it round.")


def test_an_exception_is_shown_and_not_raised():
    assert "raised ZeroDivisionError" in difference.verdict(lambda a, b: a / 0)


def test_a_forgotten_return_is_not_taken_for_a_stub(capsys):
    def forgetful(a, b):
        a - b

    def talkative(a, b):
        print(a - b)

    for attempt in (forgetful, talkative):
        assert difference.verdict(attempt).endswith("expected 1, got None. Does your function end in `return`?")


def test_the_line_of_an_exception_is_named():
    def broken(a, b):
        total = a
        return total - missing  # noqa: F821

    first = broken.__code__.co_firstlineno
    assert f"raised NameError in line {first + 2}:" in difference.verdict(broken)


@exercise((4,), (-1,))
def root(x):
    if x < 0:
        raise ValueError("no root")
    return x**0.5


def raising(error):
    def attempt(x):
        if x < 0:
            raise error
        return x**0.5

    return attempt


def test_an_exception_that_is_asked_for_is_right_whatever_it_says():
    assert root.verdict(raising(ValueError)).startswith("✓")
    assert "raised TypeError in line" in root.verdict(raising(TypeError("x")))


def test_an_exception_that_is_returned_is_not_raised():
    returned = root.verdict(lambda x: x**0.5 if x >= 0 else ValueError("no root"))
    assert returned == "✗ root(-1): expected a ValueError to be raised, not returned."


def test_none_where_an_exception_is_asked_for_is_no_forgotten_return():
    missing = root.verdict(lambda x: x**0.5 if x >= 0 else None)
    assert missing == "✗ root(-1): expected a ValueError to be raised, got None."


@pytest.mark.parametrize(
    ("error", "end"), [(KeyError, "."), (KeyError(), "."), (ValueError("Too small."), ": Too small.")]
)
def test_what_an_exception_says_ends_in_one_full_stop(error, end):
    verdict = difference.verdict(lambda a, b: raising(error)(-1))
    assert verdict.partition(" in line ")[2].lstrip("0123456789") == end


def test_an_exercise_can_have_a_tolerance_of_its_own():
    @exercise((2.0,), tolerance=1e-3)
    def third(x):
        return x / 3

    assert third.verdict(lambda x: x * 0.3334).startswith("✓")
    assert third.verdict(lambda x: x * 0.334).startswith("✗")


def test_a_value_of_another_length_is_counted():
    @exercise()
    def answers():
        return True, False, True

    assert answers.verdict((True, False)) == "✗ answers: 3 values expected, got 2."
    assert answers.verdict(True) == "✗ answers: 3 values expected, got 1."
    assert answers.verdict([True, False, True]).startswith("✓")


@pytest.mark.parametrize("eps", [1e-4, 1e-5, 1e-6, 1e-7, 1e-8])
def test_hessian_vector_takes_one_sided_and_central_differences(eps):
    assert hessian_vector.verdict(lambda g, x, v: (g(x + eps * v) - g(x)) / eps).startswith("✓")
    assert hessian_vector.verdict(lambda g, x, v: (g(x + eps * v) - g(x - eps * v)) / (2 * eps)).startswith("✓")


@pytest.mark.parametrize("eps", [1, 0.5, 0.1])
def test_hessian_vector_refuses_large_steps(eps):
    assert hessian_vector.verdict(lambda g, x, v: (g(x + eps * v) - g(x)) / eps).startswith("✗")
    assert hessian_vector.verdict(lambda g, x, v: (g(x + eps * v) - g(x - eps * v)) / (2 * eps)).startswith("✗")


def test_a_sparse_matrix_is_as_good_as_a_dense_one():
    @exercise((2,), (3,))
    def identity(n):
        return np.eye(n)

    assert identity.verdict(sparse.eye_array).startswith("✓")


def test_a_wrong_number_of_arguments_is_shown():
    assert "raised TypeError" in difference.verdict(lambda a: a)


def test_one_missing_answer_among_right_ones_is_wrong():
    assert difference.verdict(lambda a, b: a - b if a > 0 else None).startswith("✗")


def test_the_attempt_gets_copies():
    row = np.arange(3.0)

    @exercise((row,), (row,))
    def double(x):
        return 2 * x

    def in_place(x):
        x *= 2
        return x

    assert double.verdict(in_place).startswith("✓")
    np.testing.assert_array_equal(row, [0, 1, 2])


def test_a_value_is_not_given_away():
    @exercise()
    def answer():
        return 42

    assert answer.verdict(41) == "✗ answer: 41 is not it."
    assert answer.verdict(42.0) == "✓ answer: 42 is right"


def test_something_else_than_a_function_is_named():
    assert difference.verdict(1) == "✗ difference: expected a function, got 1"


def test_the_call_prints_the_verdict(capsys):
    difference(lambda a, b: a - b)
    assert capsys.readouterr().out == "✓ difference: 2 cases agree\n"
