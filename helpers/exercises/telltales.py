"""Predicates over all answers and what is wanted, arrays of numbers, that several exercises use."""

import numpy as np


def larger(answers, wanted):
    """Return whether each answer has more numbers than wanted."""
    return all(answer.size > want.size for answer, want in zip(answers, wanted, strict=True))


def smaller(answers, wanted):
    """Return whether each answer has fewer numbers than wanted."""
    return larger(wanted, answers)


def reordered(answers, wanted):
    """Return whether each answer has the numbers wanted, in any order."""
    return all(map(np.array_equal, map(np.sort, answers), map(np.sort, wanted)))


def misshapen(answers, wanted):
    """Return whether any answer has another shape than wanted."""
    return any(answer.shape != want.shape for answer, want in zip(answers, wanted, strict=True))
