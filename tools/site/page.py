"""A lesson's page: its executed notebook, with what the website shows in another way.

A figure becomes an image with its alt text, so that the page and the gallery share one file, and a film can be
watched in its place. Solutions, drawing code and imports are folded, each under words of its own.
"""

import re
from collections.abc import Iterator
from copy import deepcopy

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from ..compose import FOLDED_TAG, TITLE
from ..lessons import Lesson, calls, figure
from ..links import NAVIGATION

FILM = re.compile(r"^\[Watch it move\]\(\.\./(images/\w+\.gif)\)$", re.MULTILINE)
DISPLAY = re.compile(r"^\$\$(.+?)\$\$$", re.MULTILINE | re.DOTALL)
SETUP = re.compile(r"^(try:|import |from )")


def lesson_page(lesson: Lesson) -> NotebookNode:
    """Return the notebook that Sphinx makes a lesson's page of."""
    if lesson.printed is None:
        raise FileNotFoundError(f"notebooks/{lesson.name}.ipynb: not built yet, so it cannot be shown; run `make run`")
    notebook = deepcopy(lesson.printed)
    join_setup(notebook.cells)
    notebook.cells = [new for cell in notebook.cells for new in shown(cell)]
    return notebook


def join_setup(cells: list[NotebookNode]) -> None:
    """Make one cell of the first cell, which is the same everywhere, and of the lesson's imports after it."""
    first = next(place for place, cell in enumerate(cells) if cell.cell_type == "code")
    if cells[first + 1].cell_type == "code" and SETUP.match(cells[first + 1].source):
        cells[first].source += f"\n\n{cells.pop(first + 1).source}"


def shown(cell: NotebookNode) -> Iterator[NotebookNode]:
    """Yield what a page shows of a cell."""
    if cell.cell_type == "markdown":
        cell.source = text(cell.source)
        yield cell
        return
    fold(cell)
    figures = [figure(call) for call in calls(cell.source, "publish")]
    if figures:
        cell.outputs = [output for output in cell.outputs if "image/png" not in output.get("data", {})]
    yield cell
    for number, (name, alt) in enumerate(figures):
        yield new_markdown_cell(f"![{escaped(alt)}](images/{name}.png)", id=f"{cell.id}-{number}")


def text(source: str) -> str:
    """Return a text with links as the site has them, its films in place, and formulas that MathJax accepts."""
    source = FILM.sub(r"```{dropdown} Watch it move\n![The same as a film.](\1)\n```", without_navigation(source))
    return DISPLAY.sub(numbered, source.replace("](../", "]("))


def without_navigation(source: str) -> str:
    """Return the lesson's first text without its links: the site has its own."""
    title, line, rest = source.partition("\n")
    return title + line + NAVIGATION.sub("", rest) if title.startswith("# ") else source


def numbered(display: re.Match) -> str:
    r"""Return a formula as it is, or as an equation if Sphinx would split it at `\\`, where no \tag may stand."""
    formula = display[1]
    if r"\\" in formula and r"\tag" in formula:
        return rf"\begin{{equation}}{formula}\end{{equation}}"
    return display[0]


def fold(cell: NotebookNode) -> None:
    """Fold a solution, drawing code or imports, and say what is folded."""
    tags = cell.metadata.setdefault("tags", [])
    if "solution" in tags:
        words = "the solution"
    elif cell.source.startswith(TITLE):
        words = "how it is drawn"
    elif SETUP.match(cell.source):
        words = "the imports"
    else:
        return
    if FOLDED_TAG not in tags:
        tags.append(FOLDED_TAG)
    if cell.source.startswith(TITLE):
        cell.source = cell.source.partition("\n")[2]
    cell.metadata["mystnb"] = {"code_prompt_show": f"Show {words}", "code_prompt_hide": f"Hide {words}"}


def escaped(alt: str) -> str:
    """Return an alt text as Markdown reads it back."""
    return re.sub(r"([\\\[\]*_`$<])", r"\\\1", alt)
