"""A worked solution with its slips marked, and every wrong solution that follows from it.

A wrong answer is mostly a right procedure with a slip in it. So it is written once, and asks at
each place where learners slip whether this slip is being made now.
"""

from functools import partial
from itertools import chain, combinations


class Slips:
    """Answer a worked solution's questions: is this slip being made?"""

    def __init__(self, made=()):
        self.made = made
        self.asked = {}  # as a set that keeps its order

    def __call__(self, diagnosis):
        self.asked.setdefault(diagnosis)
        return diagnosis in self.made


def learn(worked, answers_of):
    """Return, for each slip of a worked solution, which slips are made where it is made.

    That is the slip alone, or, where it stands in a branch that only another slip leads to, both.
    `answers_of` runs a solution on all cases, since a slip may be possible in some of them only.
    """
    known = {}
    waiting = [()]
    for made in waiting:  # which grows
        slips = Slips(made)
        answers_of(partial(worked, slips))
        for diagnosis in slips.asked:
            if diagnosis not in known:
                known[diagnosis] = (*made, diagnosis)
                waiting.append(known[diagnosis])
    return known


def wrong_solutions(worked, known, count):
    """Return (advice, solution) for every `count` slips, made together."""
    groups = [dict.fromkeys(chain(*chosen)) for chosen in combinations(known.values(), count)]
    return [(" ".join(made), partial(worked, Slips(tuple(made)))) for made in groups]
