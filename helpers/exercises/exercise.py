"""An exercise: its cases, its reference, its known mistakes, and the verdict on an attempt."""

import inspect

from ..support.arguments import as_number
from ..support.console import say
from .advice import Advice
from .agree import as_numbers, brief
from .answers import Answers
from .attempts import Raised, does_nothing, is_placeholder
from .cases import draw_cases, read_cases
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
        self.name = reference.__name__
        self.tolerance = as_number("exercise", "tolerance", tolerance, "[0, inf)")
        self.cases = read_cases(cases)
        self.answers = Answers(self.cases, self.tolerance)
        self.advice = Advice(self.answers)

    def draw(self, count):
        """Register a function of `rng` that returns arguments: `count` cases more are drawn."""

        def register(draw):
            self.cases += draw_cases(f"{self.name} {len(self.cases)}", draw, count)
            return draw

        return register

    def slips(self, worked):
        """Register the decorated function as the worked solution, with its slips marked."""
        self.advice.worked = worked
        return worked

    def telltale(self, advice):
        """Register a predicate on (answers, wanted), lists of arrays: where it is true, advice is given."""
        return _adding_to(self.advice.telltales, advice)

    def mistake(self, advice):
        """Register the decorated function as a typical mistake that deserves this advice."""
        return _adding_to(self.advice.mistakes, advice)

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
        answers = self.answers.of(attempt)
        if all(map(is_placeholder, answers)):
            return self._not_attempted()
        wanted = list(self.answers.known(self.reference))
        for case, answer, want in zip(self.cases, answers, wanted, strict=True):
            if not self.answers.agree(answer, want):
                problem = f"✗ {case.title(self.name)}: {self.answers.difference(answer, want)}."
                advice = self._on_call(answer, want) or self._on_all(answers, wanted)
                return _sentences(problem, advice)
        return f"✓ {self.name}: {len(self.cases)} cases agree"

    def _not_attempted(self):
        return f"○ {self.name}: not attempted yet"

    def _verdict_on_value(self, attempt):
        if attempt is None or attempt is ...:
            return self._not_attempted()
        want = next(self.answers.known(self.reference))
        if _count(attempt) != _count(want):
            problem = f"{_count(want)} values expected, got {_count(attempt)}"
        elif not self.answers.agree(attempt, want):  # does not say what would be right
            problem = f"{brief(attempt)} is not it"
        else:
            return f"✓ {self.name}: {brief(attempt)} is right"
        both = [attempt], [want]
        advice = self.advice.on_one_mistake(*both) or self.advice.on_two_mistakes(*both)
        return _sentences(f"✗ {self.name}: {problem}.", advice)

    def _on_call(self, answer, want):
        """Return advice on how the attempt is to be called or to return; "" if it is right."""
        if answer is None and type(want) is not Raised:
            return "Does your function end in `return`?"
        if type(answer) is Raised and answer.is_wrong_call():
            names = list(inspect.signature(self.reference).parameters)
            arguments = "1 argument" if len(names) == 1 else f"{len(names)} arguments"
            return f"{self.name} is called with {arguments}: {', '.join(names)}."
        return ""

    def _on_all(self, answers, wanted):
        """Return advice that all answers together lead to; "" where there is none."""
        names = inspect.signature(self.reference).parameters
        values = zip(*(case.arguments for case in self.cases), strict=False)
        arguments = dict(zip(names, values, strict=False))
        return (
            self.advice.on_one_mistake(answers, wanted)
            or echo(answers, self.tolerance, arguments)
            or self.advice.on_two_mistakes(answers, wanted)
            or symptom(answers, wanted, self.tolerance, arguments)
        )


def _adding_to(register, advice):
    """Return a decorator that adds (advice, function) to a register."""

    def add(function):
        register.append((advice, function))
        return function

    return add


def _sentences(*parts):
    return " ".join(part for part in parts if part)


def _count(value):
    """Count the values of an answer: 1 unless it is a list, a tuple or an array."""
    if isinstance(value, (list, tuple)):
        return len(value)
    numbers = as_numbers(value)
    return len(numbers) if numbers is not None and numbers.ndim else 1
