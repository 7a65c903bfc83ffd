"""Exercises that check themselves: a reference answer, typical wrong ones, and what to say to each.

    @exercise((7, 3, 1), (8, 3, 2))
    def output_size(size, kernel_size, stride):  # the reference: right, and not the lesson's own
        return len(range(0, size - kernel_size + 1, stride))

    @output_size.mistake("Round down: a window that does not fit is not taken.")
    def _(size, kernel_size, stride):
        return -(-(size - kernel_size) // stride) + 1

In a lesson `exercises.output_size(attempt)` prints ○ (not attempted), ✓ or ✗. With ✗ comes the
first case that differs and, if the attempt answers every case as one of the mistakes does, the
diagnosis of that mistake. A wrong sign, a constant factor and the like are recognised in every
exercise (see `symptoms`). `compare.agree` says which answers are right. An attempt may be anything at all: its
verdict is one line of a few hundred characters.
"""

import copy
import inspect
import traceback
from dis import opmap
from types import FunctionType

from ..support.arguments import as_number
from ..support.console import say
from .agree import agree, as_numbers, brief, describe_difference, shorten
from .symptoms import symptom

TOLERANCE = 1e-6


def exercise(*cases, tolerance=TOLERANCE):
    """Make the decorated function the reference of an exercise.

    Attempts are checked on `cases`, tuples of arguments. Without cases the exercise asks for a
    value instead of a function: what the reference returns. Numbers may differ by `tolerance` times
    the largest one wanted.
    """
    return lambda reference: Exercise(reference, cases, tolerance)


class Raised:
    """An exception as the answer to a case; one that is returned is a value like any other."""

    def __init__(self, error):
        self.error = error


class Exercise:
    """One exercise; calling it with a learner's attempt prints the verdict."""

    def __init__(self, reference, cases, tolerance=TOLERANCE):
        self.reference, self.cases = reference, cases
        self.tolerance = as_number("exercise", "tolerance", tolerance, "[0, inf)")
        self.name = reference.__name__
        self.mistakes = []
        self._known_answers = {}

    def mistake(self, diagnosis):
        """Register the decorated function as a typical mistake that deserves this diagnosis."""

        def register(wrong):
            self.mistakes.append((diagnosis, wrong))
            return wrong

        return register

    def __call__(self, attempt):
        """Print the verdict on an attempt: a function, or a value where there are no cases."""
        say(self.verdict(attempt))

    def verdict(self, attempt):
        """Return the verdict as text; it starts with ○, ✓ or ✗."""
        return self._verdict_on_function(attempt) if self.cases else self._verdict_on_value(attempt)

    def _verdict_on_function(self, attempt):
        if attempt is ... or _does_nothing(attempt):
            return self._not_attempted()
        if not callable(attempt):
            return f"✗ {self.name}: expected a function, got {brief(attempt)}"
        answers = [_answer(attempt, case) for case in self.cases]
        if all(map(_is_placeholder, answers)):
            return self._not_attempted()
        wanted = [self._known_answer(self.reference, number) for number in range(len(self.cases))]
        for case, answer, want in zip(self.cases, answers, wanted, strict=True):
            if not self._agree(answer, want):
                call = f"{self.name}({', '.join(map(brief, case))})"
                advice = self._about_one(answer, want) or self._about_all(answers, wanted)
                return _sentences(f"✗ {call}: {self._difference(answer, want)}.", advice)
        return f"✓ {self.name}: {len(self.cases)} cases agree"

    def _not_attempted(self):
        return f"○ {self.name}: not attempted yet"

    def _verdict_on_value(self, attempt):
        if attempt is None or attempt is ...:
            return self._not_attempted()
        want = self._known_answer(self.reference, 0)
        if _count(attempt) != _count(want):
            counts = f"{_count(want)} values expected, got {_count(attempt)}"
            return _sentences(f"✗ {self.name}: {counts}.", self._diagnosis([attempt]))
        if not self._agree(attempt, want):  # does not say what would be right
            problem = f"✗ {self.name}: {brief(attempt)} is not it."
            return _sentences(problem, self._diagnosis([attempt]))
        return f"✓ {self.name}: {brief(attempt)} is right"

    def _known_answer(self, function, number):
        """Return what the reference or a mistake answers to a case, found out only once."""
        key = function, number
        if key not in self._known_answers:
            case = self.cases[number] if self.cases else ()
            self._known_answers[key] = _answer(function, case)
        return self._known_answers[key]

    def _agree(self, answer, want):
        if type(answer) is Raised and type(want) is Raised:
            return isinstance(answer.error, type(want.error))
        return Raised not in (type(answer), type(want)) and agree(answer, want, self.tolerance)

    def _difference(self, answer, want):
        """Say in words how an answer differs from the one wanted."""
        if type(answer) is Raised:
            return _raised(answer.error)
        if type(want) is Raised:
            returned = issubclass(type(answer), Exception)
            got = "not returned" if returned else f"got {brief(answer)}"
            return f"expected a {type(want.error).__name__} to be raised, {got}"
        return describe_difference(answer, want, self.tolerance)

    def _about_one(self, answer, want):
        """Return advice that needs no other answer than this one; "" where there is none."""
        if answer is None and type(want) is not Raised:
            return "Does your function end in `return`?"
        if type(answer) is Raised and type(answer.error) is TypeError and not _lines(answer.error):
            names = list(inspect.signature(self.reference).parameters)
            arguments = "1 argument" if len(names) == 1 else f"{len(names)} arguments"
            return f"{self.name} is called with {arguments}: {', '.join(names)}."
        return ""

    def _about_all(self, answers, wanted):
        """Return advice that all answers together lead to; "" where there is none."""
        return self._diagnosis(answers) or symptom(answers, wanted, self.tolerance)

    def _diagnosis(self, answers):
        for diagnosis, wrong in self.mistakes:
            if self._is_answered_by(wrong, answers):
                return diagnosis
        return ""

    def _is_answered_by(self, wrong, answers):
        """Return whether a mistake gives the same answers, asked up to the first other one."""
        wrong_answers = (self._known_answer(wrong, number) for number in range(len(answers)))
        return all(map(self._agree, answers, wrong_answers))


def _sentences(*parts):
    return " ".join(part for part in parts if part)


def _bare_stub(): ...


def _does_nothing(function):
    """Return whether a function is still a stub: `...` or `pass`, under a docstring or not.

    Python compiles these, and a `return None` that stands alone, to the same steps, so that all of
    them count as a stub. The steps differ from version to version: those of `_bare_stub` are the
    measure, apart from steps that only mark a line. A stub also has the same constants, since
    `return 0.0` takes the same steps as `return None` in some versions.
    """
    if type(function) is not FunctionType:
        return False
    return _steps(function) == _steps(_bare_stub) and _constants(function) == _constants(_bare_stub)


def _steps(function):
    return [step for step in function.__code__.co_code[::2] if step != opmap["NOP"]]


def _constants(function):
    constants = function.__code__.co_consts
    return [value for value in constants if value is None or value is not function.__doc__]


def _is_placeholder(answer):
    """Return whether an answer says that there is none yet, by `...` or by NotImplementedError."""
    return answer is ... or (type(answer) is Raised and type(answer.error) is NotImplementedError)


def _answer(function, case):
    """Return what a function answers to copies of a case; an exception is an answer, too."""
    try:
        return function(*copy.deepcopy(case))
    except KeyboardInterrupt:  # somebody stops an attempt that does not end
        raise
    except BaseException as error:  # a learner's code may raise anything, such as SystemExit
        return Raised(error)


def _count(value):
    """Count the values of an answer: 1 unless it is a list, a tuple or an array."""
    if isinstance(value, (list, tuple)):
        return len(value)
    numbers = as_numbers(value)
    return len(numbers) if numbers is not None and numbers.ndim else 1


def _lines(error):
    """Return the lines of the attempt that an exception came through."""
    return [line for _, line in traceback.walk_tb(error.__traceback__)][1:]  # the first is our call


def _raised(error):
    """Say what was raised, in which line of the attempt, and what it says."""
    lines = _lines(error)
    place = f" in line {lines[0]}" if lines else ""
    text = _message(error).rstrip(".")
    return f"raised {brief(type(error))}{place}" + (f": {text}" if text else "")


def _message(error):
    try:
        return shorten(str(error))
    except Exception:  # of a learner's own, which cannot be shown
        return ""
