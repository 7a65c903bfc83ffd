"""Exercises that check themselves: a reference answer beside the typical wrong ones, and what to say to each.

    @exercise((7, 3, 1), (8, 3, 2))
    def output_size(size, kernel_size, stride):                  # the reference: right, and independent of the lesson's
        return len(range(0, size - kernel_size + 1, stride))

    @output_size.mistake("Round down: a window that does not fit is not taken.")
    def _(size, kernel_size, stride):
        return -(-(size - kernel_size) // stride) + 1

In a lesson `exercises.output_size(attempt)` prints ○ (not attempted), ✓ or ✗; with ✗ comes the first case that differs
and, if the attempt answers every case as one of the mistakes does, the diagnosis of that mistake. A wrong sign, a
constant factor and the like are recognised in every exercise (see `symptoms`).
"""

import copy
import traceback

import numpy as np

from ..compare import brief, disagreement
from ..console import say
from ..symptoms import symptom

TOLERANCE = 1e-6


def exercise(*cases, tolerance=TOLERANCE):
    """Make the decorated function the reference of an exercise, checked on these tuples of arguments.

    Without cases the exercise asks for a value instead of a function: what the reference returns. Numbers may differ
    by tolerance times the largest one wanted.
    """
    return lambda reference: Exercise(reference, cases, tolerance)


class Raised:
    """An exception as the answer to a case; one that is returned is a value like any other."""

    def __init__(self, error):
        self.error = error


class Exercise:
    """One exercise; calling it with a learner's attempt prints the verdict."""

    def __init__(self, reference, cases, tolerance=TOLERANCE):
        self.reference, self.cases, self.tolerance = reference, cases, tolerance
        self.name = reference.__name__
        self.mistakes = []

    def mistake(self, diagnosis):
        """Register the decorated function as a typical wrong answer that deserves this diagnosis."""

        def register(wrong):
            self.mistakes.append((diagnosis, wrong))
            return wrong

        return register

    def __call__(self, attempt):
        """Print the verdict on an attempt: a function, or the value of an exercise without cases."""
        say(self.verdict(attempt))

    def verdict(self, attempt):
        """The verdict as text; it starts with ○, ✓ or ✗."""
        if not self.cases:
            return self._verdict_on_value(attempt)
        if attempt is ... or _is_stub(attempt):
            return self._not_attempted()
        if not callable(attempt):
            return f"✗ {self.name}: expected a function, got {brief(attempt)}"
        answers, wanted = self._answers(attempt), self._answers(self.reference)
        for case, answer, want in zip(self.cases, answers, wanted, strict=True):
            problem = self._problem(answer, want)
            if problem:
                call = f"{self.name}({', '.join(map(brief, case))})"
                advice = self._diagnosis(answers) or symptom(answers, wanted, self.tolerance)
                if answer is None and not isinstance(want, Raised):
                    advice = "Does your function end in `return`?"
                return _sentences(f"✗ {call}: {problem}.", advice)
        return f"✓ {self.name}: {len(self.cases)} cases agree"

    def _not_attempted(self):
        return f"○ {self.name}: not attempted yet"

    def _verdict_on_value(self, attempt):
        if attempt is None or attempt is ...:
            return self._not_attempted()
        want = self.reference()
        if _count(attempt) != _count(want):
            counts = f"{_count(want)} values expected, got {_count(attempt)}"
            return _sentences(f"✗ {self.name}: {counts}.", self._diagnosis([attempt]))
        if self._problem(attempt, want):  # does not say what would be right
            return _sentences(f"✗ {self.name}: {brief(attempt)} is not it.", self._diagnosis([attempt]))
        return f"✓ {self.name}: {brief(attempt)} is right"

    def _answers(self, function):
        """What the function answers to each case, an exception taken as an answer."""
        return [_answer(function, case) for case in self.cases or [()]]

    def _diagnosis(self, answers):
        for diagnosis, wrong in self.mistakes:
            same = zip(answers, self._answers(wrong), strict=True)
            if not any(self._problem(answer, wrong_answer) for answer, wrong_answer in same):
                return diagnosis
        return ""

    def _problem(self, answer, want):
        """How an answer differs from the one wanted, in words; "" where it does not."""
        if isinstance(answer, Raised):
            same = isinstance(want, Raised) and type(answer.error) is type(want.error)
            return "" if same else _raised(answer.error)
        if isinstance(want, Raised):
            got = "not returned" if isinstance(answer, Exception) else f"got {brief(answer)}"
            return f"expected a {type(want.error).__name__} to be raised, {got}"
        if hasattr(answer, "toarray"):  # a sparse matrix is as good as a dense one
            answer = answer.toarray()
        return disagreement(answer, want, self.tolerance)


def _sentences(*parts):
    return " ".join(part for part in parts if part)


def _is_stub(function):
    """Whether the function is still the lesson's stub, `def f(...): ...`, whose code does nothing."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_code == (lambda: None).__code__.co_code and not any(code.co_consts)


def _answer(function, case):
    try:
        return function(*copy.deepcopy(case))
    except Exception as error:  # a learner's code may raise anything: it is shown, not raised
        return Raised(error)


def _count(value):
    """How many values an answer has: 1 unless it is a list, a tuple or an array."""
    return len(value) if isinstance(value, (list, tuple)) or np.ndim(value) else 1


def _raised(error):
    """What was raised, in which line of the attempt, and what it says."""
    steps = traceback.extract_tb(error.__traceback__)[1:]  # the first is our own call
    line = f" in line {steps[0].lineno}" if steps else ""
    text = str(error).rstrip(".")
    return f"raised {type(error).__name__}{line}" + (f": {text}" if text else "")
