"""The practice edition of a lesson: what a learner works in.

It holds no outputs, folds each answer to a prediction, and announces each solution. It is made from the source,
never executed.
"""

import re

import nbformat
from nbformat.v4 import new_markdown_cell

from .compose import compose
from .lessons import Lesson

UP = "../../"  # from notebooks/practice/ to the course's folder
ANSWER = re.compile(r"^\*\*Answer\.\*\* *((?:.+\n?)+)", re.MULTILINE)
ANNOUNCED = "*A solution follows; some editors show it unfolded. Write your own first.*"


def practice(lesson: Lesson, up: str = UP) -> str:
    """Return the practice edition as a notebook's text; `up` leads from where it lies to the course's folder."""
    notebook = compose(lesson.source, lesson.name)
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = folded(cell.source).replace("](../", f"]({up}")
        if "solution" in cell.metadata.get("tags", []):
            cells.append(new_markdown_cell(ANNOUNCED, id=f"{cell.id}-note"))
        cells.append(cell)
    notebook.cells = cells
    return f"{nbformat.writes(notebook)}\n"


def folded(text: str) -> str:
    """Return a text in which each paragraph that begins with **Answer.** has to be opened."""

    def fold(answer: re.Match) -> str:
        end = "\n" if answer[0].endswith("\n") else ""
        return f"<details><summary>Answer</summary>\n\n{answer[1].rstrip()}\n\n</details>{end}"

    return ANSWER.sub(fold, text)
