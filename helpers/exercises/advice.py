"""What an exercise knows of wrong answers, and what it says to them."""

from functools import cached_property

import numpy as np

from .agree import as_numbers
from .slips import learn, wrong_solutions


class Advice:
    """The wrong solutions of an exercise: mistakes, slips of a worked solution, telltales."""

    def __init__(self, answers):
        self.answers = answers
        self.mistakes = []  # (advice, wrong solution)
        self.telltales = []  # (advice, predicate on answers and wanted)
        self.worked = None

    @cached_property
    def slips(self):
        """Each slip of the worked solution, with all that are made where it is made."""
        return learn(self.worked, self.answers.of) if self.worked else {}

    @cached_property
    def single_slips(self):
        """The wrong solutions with one slip, as (advice, solution)."""
        return wrong_solutions(self.worked, self.slips, 1)

    @cached_property
    def pairs_of_slips(self):
        """The wrong solutions with two slips, as (advice, solution)."""
        return wrong_solutions(self.worked, self.slips, 2)

    def on_one_mistake(self, answers, wanted):
        """Return advice if these are the answers of one mistake; "" otherwise."""
        return (
            self._same_answers(self.mistakes, answers)
            or self._same_answers(self.single_slips, answers)
            or self._told(answers, wanted)
        )

    def on_two_mistakes(self, answers, wanted):
        """Return advice if two slips give these answers, together or in different values."""
        pair = self._same_answers(self.pairs_of_slips, answers)
        return pair or self._on_values(answers, wanted)

    def _same_answers(self, solutions, answers, part=None):
        """Return the advice on the first wrong solution that answers this, or has this part."""
        for advice, wrong in solutions:
            known = self.answers.known(wrong)
            if self.answers.all_agree(answers, map(part, known) if part else known):
                return advice
        return ""

    def _told(self, answers, wanted):
        """Return the advice of the first telltale that is true of these answers, all numbers."""
        answers, wanted = ([as_numbers(value) for value in values] for values in (answers, wanted))
        if any(array is None for array in (*answers, *wanted)):
            return ""
        told = (advice for advice, holds in self.telltales if _is_true(holds, answers, wanted))
        return next(told, "")

    def _on_values(self, answers, wanted):
        """Return advice on each wrong value of tuples; "" where one has no known slip."""
        pairs = list(zip(answers, wanted, strict=True))
        if not all(isinstance(got, (tuple, list)) and type(want) is tuple for got, want in pairs):
            return ""
        if any(len(got) != len(want) for got, want in pairs):
            return ""
        places = {}  # by advice
        for place in range(len(wanted[0])):
            got, right = (list(map(_value_at(place), values)) for values in (answers, wanted))
            if not self.answers.all_agree(got, right):
                advice = self._same_answers(self.single_slips, got, _value_at(place))
                places.setdefault(advice, []).append(str(place + 1))
        told = [f"Value {' and '.join(those)}: {advice}" for advice, those in places.items()]
        return "" if "" in places else " ".join(told)


def _value_at(place):
    """Return a function that takes the value at a place, and None from what is too short."""

    def take(answer):
        return answer[place] if isinstance(answer, (tuple, list)) and place < len(answer) else None

    return take


def _is_true(predicate, answers, wanted):
    try:
        with np.errstate(all="ignore"):
            return bool(predicate(answers, wanted))
    except Exception:  # answers may have any shape
        return False
