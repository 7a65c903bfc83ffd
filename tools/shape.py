"""The size of a lesson, or of a part of it: what a reader meets, and how many minutes that takes.

Drawing code is folded, so its lines do not count; nor do imports, and the cells of exercises.
"""

import re
from math import ceil
from typing import NamedTuple

from .lessons import Part, calls

WORDS_A_MINUTE, LINES_A_MINUTE = 200, 15
IMPORTS = re.compile(r"\s*(import|from) ")


class Shape(NamedTuple):
    """What there is to read and to do in some parts of a lesson."""

    cells: int  # code cells
    lines: int  # of their code, other than what draws
    words: int
    first_picture: int | None  # the number of the first code cell that publishes a figure
    checks: int  # code cells that check something
    exercises: int
    doing: int  # minutes

    @property
    def reading(self) -> int:
        """The minutes that reading takes, in steps of five."""
        return 5 * ceil((self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE) / 5)


def shape(parts: list[Part]) -> Shape:
    """Measure some parts of a lesson."""
    texts = [part.text for part in parts if not part.cell]
    exercises = [text for text in texts if text.startswith("### Exercise")]
    codes = [part.text for part in parts if part.cell and counts(part)]
    pictures = [number for number, code in enumerate(codes, start=1) if "publish(" in code]
    return Shape(
        cells=len(codes),
        lines=sum(code_lines(code) for code in codes if "publish(" not in code),
        words=sum(len(text.split()) for text in texts),
        first_picture=pictures[0] if pictures else None,
        checks=sum(bool(calls(code, "check")) for code in codes),
        exercises=len(exercises),
        doing=sum(int(minutes) for text in exercises for minutes in re.findall(r"\A.*?(\d+) min\)", text)),
    )


def counts(part: Part) -> bool:
    """Whether a code cell is one of the lesson's own: no opening, no imports, no part of an exercise."""
    code, tags = part.text, part.cell.metadata.get("tags", []) if part.cell else []
    if "begin(" in code or code.startswith("exercises.") or {"exercise", "solution"} & set(tags):
        return False
    return not IMPORTS.match(code) or "publish(" in code or "def " in code


def code_lines(code: str) -> int:
    """Return how many lines of a cell are not empty."""
    return sum(bool(line.strip()) for line in code.splitlines())
