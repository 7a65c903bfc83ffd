"""An exercise: its cases, its reference, its known mistakes, and the verdict on an attempt."""

import inspect
from functools import cached_property

import numpy as np

from ..support.arguments import as_number
from ..support.console import say
from .agree import agree, as_numbers, brief, describe_difference
from .attempts import Raised, answer_to, does_nothing, is_placeholder
from .cases import Case, draw_cases, read_cases
from .slips import learn, wrong_solutions
from .symptoms import echo, symptom

TOLERANCE = 1e-6


def exercise(*cases, tolerance=TOLERANCE):
    """Make the decorated function the reference of an exercise.

    Attempts are checked on `cases`: tuples of arguments, or dictionaries of such by name. Without
    cases the exercise asks for a value instead of a function: what the reference returns. Numbers
    may differ by `tolerance` times the largest one wanted.
    """
    return lambda reference: Exercise(reference, cases, tolerance)


class Exercise:
    """One exercise; calling it with a learner's attempt prints the verdict."""

    def __init__(self, reference, cases, tolerance=TOLERANCE):
        self.reference = reference
        self.tolerance = as_number("exercise", "tolerance", tolerance, "[0, inf)")
        self.name = reference.__name__
        self.mistakes = []  # (advice, wrong solution)
        self.telltales = []  # (advice, predicate on answers and wanted)
        self.worked = None
        self._given = cases
        self._draws = []
        self._known_answers = {}

    def slips(self, worked):
        """Register the decorated function as the worked solution, with its slips marked."""
        self.worked = worked
        return worked

    def telltale(self, advice):
        """Register a predicate that says of (answers, wanted), lists of arrays: advice is due."""
        return _registering(self.telltales, advice)

    def mistake(self, advice):
        """Register the decorated function as a typical mistake that deserves this advice."""
        return _registering(self.mistakes, advice)

    def draw(self, count):
        """Register a function of `rng` that returns arguments: `count` cases more are drawn."""
        return _registering(self._draws, count)

    @cached_property
    def cases(self):
        return read_cases(self._given) + draw_cases(self.name, self._draws)

    @cached_property
    def known_slips(self):
        """Each slip of the worked solution, with all that are made where it is made."""
        return learn(self.worked, self.answers_of) if self.worked else {}

    @cached_property
    def single_slips(self):
        """The wrong solutions with one slip, as (advice, solution)."""
        return wrong_solutions(self.worked, self.known_slips, 1)

    @cached_property
    def pairs_of_slips(self):
        """The wrong solutions with two slips, as (advice, solution)."""
        return wrong_solutions(self.worked, self.known_slips, 2)

    def __call__(self, attempt):
        """Print the verdict on an attempt: a function, or a value where there are no cases."""
        say(self.verdict(attempt))

    def verdict(self, attempt):
        """Return the verdict as text; it starts with ○, ✓ or ✗."""
        return self._verdict_on_function(attempt) if self.cases else self._verdict_on_value(attempt)

    def _verdict_on_function(self, attempt):
        if attempt is ... or does_nothing(attempt):
            return self._not_attempted()
        if not callable(attempt):
            return f"✗ {self.name}: expected a function, got {brief(attempt)}"
        answers = self.answers_of(attempt)
        if all(map(is_placeholder, answers)):
            return self._not_attempted()
        wanted = [self._known_answer(self.reference, number) for number in range(len(self.cases))]
        for case, answer, want in zip(self.cases, answers, wanted, strict=True):
            if not self._agree(answer, want):
                advice = self._about_one(answer, want) or self._about_all(answers, wanted)
                problem = f"✗ {case.title(self.name)}: {self._difference(answer, want)}."
                return _sentences(problem, advice)
        return f"✓ {self.name}: {len(self.cases)} cases agree"

    def _not_attempted(self):
        return f"○ {self.name}: not attempted yet"

    def _verdict_on_value(self, attempt):
        if attempt is None or attempt is ...:
            return self._not_attempted()
        want = self._known_answer(self.reference, 0)
        if _count(attempt) != _count(want):
            problem = f"{_count(want)} values expected, got {_count(attempt)}"
        elif not self._agree(attempt, want):  # does not say what would be right
            problem = f"{brief(attempt)} is not it"
        else:
            return f"✓ {self.name}: {brief(attempt)} is right"
        both = [attempt], [want]
        advice = self._about_one_mistake(*both) or self._about_two_mistakes(*both)
        return _sentences(f"✗ {self.name}: {problem}.", advice)

    def answers_of(self, function):
        """Return what a function answers to each case."""
        return [answer_to(case.arguments, function) for case in self.cases or [Case(())]]

    def _known_answer(self, function, number):
        """Return what the reference or a wrong solution answers to a case, found out only once."""
        key = function, number
        if key not in self._known_answers:
            arguments = self.cases[number].arguments if self.cases else ()
            self._known_answers[key] = answer_to(arguments, function)
        return self._known_answers[key]

    def _agree(self, answer, want):
        if type(answer) is Raised and type(want) is Raised:
            return isinstance(answer.error, type(want.error))
        return Raised not in (type(answer), type(want)) and agree(answer, want, self.tolerance)

    def _difference(self, answer, want):
        """Say in words how an answer differs from the one wanted."""
        if type(answer) is Raised:
            return str(answer)
        if type(want) is Raised:
            returned = issubclass(type(answer), Exception)
            got = "not returned" if returned else f"got {brief(answer)}"
            return f"expected a {type(want.error).__name__} to be raised, {got}"
        return describe_difference(answer, want, self.tolerance)

    def _about_one(self, answer, want):
        """Return advice that needs no other answer than this one; "" where there is none."""
        if answer is None and type(want) is not Raised:
            return "Does your function end in `return`?"
        if type(answer) is Raised and answer.is_wrong_call():
            names = list(inspect.signature(self.reference).parameters)
            arguments = "1 argument" if len(names) == 1 else f"{len(names)} arguments"
            return f"{self.name} is called with {arguments}: {', '.join(names)}."
        return ""

    def _about_all(self, answers, wanted):
        """Return advice that all answers together lead to; "" where there is none."""
        names = inspect.signature(self.reference).parameters
        values = zip(*(case.arguments for case in self.cases), strict=False)
        arguments = dict(zip(names, values, strict=False))
        return (
            self._about_one_mistake(answers, wanted)
            or echo(answers, self.tolerance, arguments)
            or self._about_two_mistakes(answers, wanted)
            or symptom(answers, wanted, self.tolerance, arguments)
        )

    def _about_one_mistake(self, answers, wanted):
        return (
            self._same_answers(self.mistakes, answers)
            or self._same_answers(self.single_slips, answers)
            or self._told(answers, wanted)
        )

    def _about_two_mistakes(self, answers, wanted):
        pair = self._same_answers(self.pairs_of_slips, answers)
        return pair or self._about_parts(answers, wanted)

    def _same_answers(self, solutions, answers, part=None):
        """Return the advice on the first wrong solution that answers all this way, or a part."""
        for advice, wrong in solutions:  # asked up to the first case that is answered otherwise
            known = (self._known_answer(wrong, number) for number in range(len(answers)))
            known = map(part, known) if part else known
            if all(map(self._agree, answers, known)):
                return advice
        return ""

    def _about_parts(self, answers, wanted):
        """Return advice on each wrong value of a tuple; "" where one has no known slip."""
        pairs = list(zip(answers, wanted, strict=True))
        if not all(isinstance(got, (tuple, list)) and type(want) is tuple for got, want in pairs):
            return ""
        if any(len(got) != len(want) for got, want in pairs):
            return ""
        places = {}  # by advice
        for place in range(len(wanted[0])):
            got, right = (list(map(_at(place), values)) for values in (answers, wanted))
            if not all(map(self._agree, got, right)):
                advice = self._same_answers(self.single_slips, got, _at(place))
                places.setdefault(advice, []).append(str(place + 1))
        told = [f"Value {' and '.join(those)}: {advice}" for advice, those in places.items()]
        return "" if "" in places else " ".join(told)

    def _told(self, answers, wanted):
        """Return the advice of the first telltale that is true of these answers, all numbers."""
        answers, wanted = ([as_numbers(value) for value in values] for values in (answers, wanted))
        if any(array is None for array in (*answers, *wanted)):
            return ""
        told = (advice for advice, holds in self.telltales if _is_true(holds, answers, wanted))
        return next(told, "")


def _at(place):
    """Return a function that takes the value at a place, and None from what is too short."""

    def take(answer):
        return answer[place] if isinstance(answer, (tuple, list)) and place < len(answer) else None

    return take


def _registering(register, entry):
    """Return a decorator that adds (entry, function) to a register."""

    def add(function):
        register.append((entry, function))
        return function

    return add


def _is_true(predicate, answers, wanted):
    try:
        with np.errstate(all="ignore"):
            return bool(predicate(answers, wanted))
    except Exception:  # answers may have any shape
        return False


def _sentences(*parts):
    return " ".join(part for part in parts if part)


def _count(value):
    """Count the values of an answer: 1 unless it is a list, a tuple or an array."""
    if isinstance(value, (list, tuple)):
        return len(value)
    numbers = as_numbers(value)
    return len(numbers) if numbers is not None and numbers.ndim else 1
