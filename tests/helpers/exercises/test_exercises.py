"""Every exercise of the course accepts its reference, and tells each typical mistake what is wrong with it."""

import importlib
import math
import pkgutil
import sys
from collections import OrderedDict
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from helpers import exercises
from helpers.autodiff import Tensor
from helpers.exercises import Exercise, exercise
from helpers.exercises.s06_05b_a_tape import hessian_vector
from helpers.exercises.s07_13_adversarial import adversarial_loss
from helpers.exercises.slips import Slips
from hostile import Hostile, holding_itself

MODULES = [
    importlib.import_module(f"helpers.exercises.{module.name}") for module in pkgutil.iter_modules(exercises.__path__)
]
COURSE = [
    pytest.param(value, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Exercise)
]


SLIPPERY = [one for one in COURSE if one.values[0].advice.worked]
OFF_THE_TAPE = [one for one in COURSE if one.values[0] is not adversarial_loss]  # training goes backwards from that


def attempt(one, function):
    """What a learner hands in: the function, or its value where the exercise asks for one."""
    return function if one.cases else function()


def advice_on(one, function):
    """What an exercise says of a wrong function: on one mistake, or else on two."""
    answers, wanted = one.answers.of(function), one.answers.of(one.reference)
    return one.advice.on_one_mistake(answers, wanted) or one.advice.on_two_mistakes(answers, wanted)


@pytest.mark.parametrize("one", COURSE)
def test_the_reference_is_accepted(one):
    assert one.verdict(attempt(one, one.reference)).startswith("✓")


@pytest.mark.parametrize("one", COURSE)
def test_each_mistake_and_each_slip_is_wrong(one):
    for advice, wrong in (*one.advice.mistakes, *one.advice.single_slips):
        assert one.verdict(attempt(one, wrong)).startswith("✗"), f"{advice!r} was accepted"


@pytest.mark.parametrize("one", COURSE)
def test_each_mistake_and_each_slip_gets_its_own_advice(one):
    for advice, wrong in (*one.advice.mistakes, *one.advice.single_slips):
        assert advice_on(one, wrong) == advice
        assert one.verdict(attempt(one, wrong)).endswith(f". {advice}")


@pytest.mark.parametrize("one", SLIPPERY)
def test_the_worked_solution_without_slips_is_right(one):
    assert one.verdict(attempt(one, partial(one.advice.worked, Slips()))).startswith("✓")


@pytest.mark.parametrize("one", SLIPPERY)
def test_there_are_at_most_eight_slips(one):
    assert len(one.advice.slips) <= 8


@pytest.mark.parametrize("one", SLIPPERY)
def test_two_slips_get_advice_unless_they_make_up_for_each_other(one):
    for advice, wrong in one.advice.pairs_of_slips:
        right = one.verdict(attempt(one, wrong)).startswith("✓")
        assert right or advice_on(one, wrong), f"no advice on {advice!r}"


@pytest.mark.parametrize("one", COURSE)
def test_there_are_two_diagnoses_or_the_answer_is_yes_or_no(one):
    least = 2 if one.cases else 1
    own = (*one.advice.mistakes, *one.advice.single_slips, *one.advice.telltales)
    assert len({advice for advice, _ in own}) >= least


@pytest.mark.parametrize("one", COURSE)
def test_a_stub_is_not_attempted(one):
    def stub(image): ...

    assert one.verdict(stub if one.cases else ...).startswith("○")


def made_from(source):
    """The function f(a, b) of this body."""
    names = {}
    exec(f"def f(a, b):\n{source}", names)
    return names["f"]


DOCUMENTED = '    """Say what to do."""\n'
UNTOUCHED = ["...", "pass", "return ...", "return None", "raise NotImplementedError", "pass; ..."]
UNTOUCHED += ["...\n    pass\n    ...", 'raise NotImplementedError("Write this.")']
FIRST_TRIES = ["return 0.0", "return 0", "return 300", "return False", 'return ""', "return ()"]
FIRST_TRIES += ['return b""', "return a", "a", "a - b", "return [...]", "raise ValueError"]


@pytest.mark.parametrize("documentation", ["", DOCUMENTED], ids=["bare", "documented"])
@pytest.mark.parametrize("body", UNTOUCHED)
def test_what_does_nothing_is_a_stub(documentation, body):
    assert difference.verdict(made_from(f"{documentation}    {body}")).startswith("○")


def test_a_docstring_alone_is_a_stub():
    assert difference.verdict(made_from(DOCUMENTED)).startswith("○")


@pytest.mark.parametrize("documentation", ["", DOCUMENTED], ids=["bare", "documented"])
@pytest.mark.parametrize("body", [*FIRST_TRIES, 'return "Say what to do."'])
def test_what_does_something_is_an_attempt(documentation, body):
    assert difference.verdict(made_from(f"{documentation}    {body}")).startswith("✗")


@pytest.mark.parametrize("value", [0.0, False, "", (), math.nan])
def test_a_constant_in_the_place_of_the_stubs_none_is_an_attempt(value):
    """Newer versions of Python compile `return 0.0` so: to the steps of a stub, with another constant."""
    function = made_from("    ...")
    constants = tuple(value if constant is None else constant for constant in function.__code__.co_consts)
    function.__code__ = function.__code__.replace(co_consts=constants)
    assert function(3, 2) is value
    assert difference.verdict(function).startswith("✗")


def test_a_function_that_is_not_written_for_one_case_is_an_attempt():
    def half(a, b):
        if a < 0:
            raise NotImplementedError
        return a - b

    assert "raised NotImplementedError in line" in difference.verdict(half)


@pytest.mark.parametrize("one", COURSE)
def test_nonsense_is_rejected_in_words(one):
    nonsense = (lambda *case: "nonsense") if one.cases else "nonsense"
    assert one.verdict(nonsense).startswith("✗")


def rewritten(answer, sequence, numbers):
    """The same answer in other types; exceptions and texts stay."""
    if isinstance(answer, (list, tuple)):
        return sequence([rewritten(item, sequence, numbers) for item in answer])
    if isinstance(answer, dict):
        return {key: rewritten(item, sequence, numbers) for key, item in answer.items()}
    return answer if isinstance(answer, str) else numbers(np.asarray(answer))


def each(number):
    """The nested lists of an array, with another type of number where it is finite."""

    def convert(value):
        if isinstance(value, list):
            return [convert(item) for item in value]
        return number(value) if math.isfinite(value) else value

    return lambda array: convert(array.tolist())


WAYS_TO_WRITE = {
    "Tensors on the tape": (list, lambda array: 1 * Tensor(array.astype(float), requires_grad=True)),
    "Tensors": (tuple, lambda array: Tensor(array.astype(float))),
    "lists": (list, np.ndarray.tolist),
    "arrays of complex numbers": (tuple, lambda array: array.astype(complex)),
    "arrays of objects": (list, lambda array: array.astype(object)),
    "Fractions": (tuple, each(Fraction)),
    "Decimals": (list, each(Decimal)),
}


@pytest.mark.parametrize("one", OFF_THE_TAPE)
def test_a_right_answer_is_right_however_it_is_written(one):
    for name, way in WAYS_TO_WRITE.items():
        verdict = one.verdict(attempt(one, lambda *case, way=way: rewritten(one.reference(*case), *way)))
        assert verdict.startswith("✓"), f"{name}: {verdict}"


class Pretender:
    """A value that says that it is an array, and is none."""

    shape, ndim, dtype, size = (2, 3), 2, np.dtype(float), 6
    __class__ = property(lambda self: np.ndarray)


def raising(error):
    """A function that raises."""

    def attempt(*case):
        raise error

    return attempt


def on_the_tape(data):
    return 2 * Tensor(data, requires_grad=True)


VALUES = {
    "None": None,
    "NaN": math.nan,
    "infinity": [math.inf, -math.inf],
    "text": "nonsense",
    "long text": "x" * 10**6,
    "bytes": b"nonsense",
    "truth": np.True_,
    "huge integer": 10**400,
    "integer beyond printing": 10**5000,
    "complex": 1j,
    "ragged list": [[1, 2], [3]],
    "empty": [],
    "array of objects": np.array([None, "a", [1]], dtype=object),
    "array of texts": np.array(["a", "b"]),
    "array of dates": np.array(["2024-01-01"], dtype="M8[ns]"),
    "masked array": np.ma.array([1.0, 2.0], mask=[True, False]),
    "structured array": np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
    "large array": np.zeros(10**6),
    "many axes": np.zeros((1,) * 32),
    "sparse matrix": sparse.eye_array(3),
    "huge sparse matrix": sparse.csr_array((10**6, 10**6)),
    "data frame": pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
    "Tensor": Tensor([1.0, 2.0]),
    "Tensor on the tape": on_the_tape([1.0, 2.0]),
    "Tensors on the tape": [on_the_tape(1.0), on_the_tape([1.0, 2.0])],
    "number on the tape": on_the_tape(1.0),
    "function": len,
    "class": int,
    "class of Tensors": Tensor,
    "module": math,
    "generator": (n for n in range(3)),
    "set": {1, 2},
    "dict": OrderedDict(a=1),
    "exception": ValueError("x" * 10**6),
    "list that holds itself": holding_itself(),
    "hostile": Hostile(),
    "hostile ones": [Hostile(), Hostile()],
    "pretender": Pretender(),
    "object": object(),
}
ACTIONS = {
    "raises": raising(ValueError("two\nlines, and then " + "x" * 10**6)),
    "raises what cannot be shown": raising(type("Bad", (Exception,), {"__str__": Hostile.refuse})()),
    "leaves Python": lambda *case: sys.exit(1),
    "takes too few": lambda: 1,
    "takes too many": lambda *, must: 1,
    "spoils its arguments": lambda *case: [spoil(value) for value in case] and None,
    "is a class": Tensor,
    "is a method": [].append,
    "is hostile": type("Bad", (), {"__call__": Hostile.refuse, "__getattr__": Hostile.refuse})(),
}


def spoil(value):
    """Write into a value where that is possible."""
    if isinstance(value, np.ndarray):
        value[...] = 0
    elif isinstance(value, list):
        value.clear()


def assert_verdict(verdict, start, kind):
    assert verdict.startswith(tuple(start)), f"{kind}: {verdict[:200]}"
    assert len(verdict) < 800, f"{kind} gets {len(verdict)} characters"
    assert "\n" not in verdict, kind


@pytest.mark.parametrize("one", COURSE)
def test_every_value_gets_a_short_verdict(one):
    for kind, value in VALUES.items():
        answers = one.verdict(attempt(one, lambda *case, value=value: value))
        assert_verdict(answers, "○" if value is None and not one.cases else "✗✓", kind)
        if kind in ("text", "bytes", "generator", "set", "hostile", "object"):
            assert_verdict(answers, "✗", kind)
        assert_verdict(one.verdict(value), "✗○✓", kind)


@pytest.mark.parametrize("one", COURSE)
def test_every_function_gets_a_short_verdict(one):
    for kind, action in ACTIONS.items():
        assert_verdict(one.verdict(action), "✗", kind)


def test_a_function_that_calls_itself_without_end_gets_a_short_verdict():
    def endless(a, b):
        return endless(a, b)

    assert_verdict(difference.verdict(endless), "✗", "endless")


@pytest.mark.parametrize("one", COURSE)
def test_attempts_that_write_into_their_arguments_do_no_harm(one):
    one.verdict(ACTIONS["spoils its arguments"])
    assert one.verdict(attempt(one, one.reference)).startswith("✓")


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


def root_raising(error):
    """An attempt at `root` that raises this where there is none."""

    def attempt(x):
        if x < 0:
            raise error
        return x**0.5

    return attempt


def test_an_exception_that_is_asked_for_is_right_whatever_it_says():
    assert root.verdict(root_raising(ValueError)).startswith("✓")
    assert "raised TypeError in line" in root.verdict(root_raising(TypeError("x")))


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
    verdict = difference.verdict(lambda a, b: raising(error)())
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
    verdict = difference.verdict(lambda a: a)
    assert "raised TypeError" in verdict
    assert verdict.endswith("difference is called with 2 arguments: a, b.")


def test_a_type_error_of_the_attempt_is_not_taken_for_a_wrong_number_of_arguments():
    assert "is called with" not in difference.verdict(lambda a, b: a + "b")


def test_an_attempt_may_print(capsys):
    def talkative(a, b):
        print("a is", a)
        return a - b

    assert difference.verdict(talkative).startswith("✓")
    assert capsys.readouterr().out == "a is 3\na is -4\n"


def test_a_reader_can_stop_an_attempt():
    with pytest.raises(KeyboardInterrupt):
        difference.verdict(raising(KeyboardInterrupt))


def test_leaving_python_is_an_answer():
    assert "raised SystemExit in line" in difference.verdict(lambda a, b: sys.exit())


def test_a_kind_of_the_exception_asked_for_is_right():
    assert root.verdict(root_raising(UnicodeError)).startswith("✓")


@pytest.mark.parametrize("tolerance", [-1e-6, np.nan, np.inf, "small", None, [1e-6], True])
def test_a_tolerance_is_a_number_of_at_least_zero(tolerance):
    with pytest.raises((TypeError, ValueError), match="exercise: tolerance expects"):
        exercise((1,), tolerance=tolerance)(abs)


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
