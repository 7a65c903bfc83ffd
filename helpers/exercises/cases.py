"""The cases on which an exercise is checked: arguments, some of them with a name."""

from typing import NamedTuple

import numpy as np

from .agree import brief


class Case(NamedTuple):
    """Arguments of a call, and what a verdict calls them."""

    arguments: tuple
    name: str = ""

    def title(self, function_name):
        """Return the name, or the call where there is none."""
        return self.name or f"{function_name}({', '.join(map(brief, self.arguments))})"


def read_cases(given):
    """Return the cases given as tuples of arguments, or by name in dictionaries of such."""
    cases = []
    for one in given:
        named = one.items() if isinstance(one, dict) else [("", one)]
        cases.extend(Case(arguments, name) for name, arguments in named)
    return cases


def draw_cases(seed, draw, count):
    """Return `count` cases that a function of `rng` draws, the same ones for the same seed."""
    rng = np.random.default_rng(list(seed.encode()))
    return [Case(draw(rng)) for _ in range(count)]
