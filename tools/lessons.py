"""A lesson as its tools and tests see it: title, sections, exercises, figures, all read from its source."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from .compose import compose

ROOT = Path(__file__).resolve().parent.parent

HEADER = re.compile(
    r"^\*(?P<place>Sections? (?P<sections>\d[\d., and]*) of the book|Before the book|Beyond the book)"
    r"(?: · (?:(?P<minutes>\d+) minutes|(?P<read>\d+) minutes to read, (?P<do>\d+) to do))?\*$",
    re.MULTILINE,
)
FURTHER = "Going further"
CLOSING = ["Summary", "Exercises", "Further reading"]


class Part(NamedTuple):
    """A stretch of text or a code cell, and the headings it stands under."""

    text: str
    cell: NotebookNode | None  # the code cell; None for text
    section: str  # "9.1 The Convolution Operation", empty before the first
    exercise: str  # "Exercise 9.1.3 · ...", empty outside of exercises


@dataclass(frozen=True)
class Lesson:
    """One lesson, by its name and the folder of the course."""

    name: str
    root: Path = ROOT
    text: str | None = None  # its Markdown, where it is not what the file says

    @cached_property
    def source(self) -> str:
        """Its Markdown."""
        return self.text or (self.root / "notebooks" / "src" / f"{self.name}.md").read_text(encoding="utf-8")

    @cached_property
    def printed(self) -> NotebookNode | None:
        """Its executed notebook, or None where there is none yet."""
        path = self.root / "notebooks" / f"{self.name}.ipynb"
        return nbformat.read(path, as_version=4) if path.exists() else None

    @property
    def chapter(self) -> int:
        """The book's chapter; 0 comes before the book."""
        return int(self.name.split("_")[0])

    @property
    def number(self) -> str:
        """The lesson's number, "6.5a" for `06_05a_backpropagation`."""
        return f"{self.chapter}.{self.name.split('_')[1].lstrip('0')}"

    @property
    def title(self) -> str:
        """The first line, a `# ` heading, with its number; empty if there is none."""
        first = self.source.partition("\n")[0]
        return first[2:].strip() if first.startswith("# ") else ""

    @property
    def sections(self) -> list[str]:
        """The book's sections that the line below the title promises, as 7.1 even where it says 7.1.2."""
        header = HEADER.search(self.source)
        found = re.findall(r"(\d+\.\d+)(?:\.\d+)?", header["sections"] or "") if header else []
        return list(dict.fromkeys(found))

    @property
    def minutes(self) -> int:
        """The minutes the lesson takes, from the line below the title."""
        header = HEADER.search(self.source)
        said = [int(minutes) for minutes in header.group("minutes", "read", "do") if minutes] if header else []
        if not said:
            raise ValueError(f"{self.name}: the line below the title does not say how many minutes the lesson takes")
        return sum(said)

    @cached_property
    def parts(self) -> list[Part]:
        """The source in its order, each part with the headings above it."""
        return parts(self.source, self.name)

    @property
    def core(self) -> list[Part]:
        """The parts that every reader meets: those before `## Going further` or, without it, the summary."""
        return core(self.parts)

    @property
    def further(self) -> list[Part]:
        """The parts under `## Going further`."""
        return further(self.parts)

    @cached_property
    def printed_parts(self) -> list[Part]:
        """The same from the executed notebook, where cells have outputs."""
        return list(_parts(self.printed.cells)) if self.printed else []

    @property
    def code(self) -> list[str]:
        """The source of each code cell."""
        return [part.text for part in self.parts if part.cell]

    @property
    def headings(self) -> list[str]:
        """The `## ` headings in their order."""
        return list(dict.fromkeys(part.section for part in self.parts if part.section))

    @property
    def exercises(self) -> list[str]:
        """The `### Exercise` headings in their order."""
        return [part.exercise for part in self.parts if part.text.startswith("### Exercise ")]

    @property
    def published(self) -> dict[str, str]:
        """The figures the lesson publishes: name to alt text."""
        return dict(figure(call) for code in self.code for call in calls(code, "publish"))


def names(root: Path = ROOT) -> list[str]:
    """Return the names of all lessons, in the order in which they are read."""
    return sorted(path.stem for path in (root / "notebooks" / "src").glob("*.md"))


def course(root: Path = ROOT) -> list[Lesson]:
    """Return all lessons, in the order in which they are read."""
    return [Lesson(name, root) for name in names(root)]


def parts(source: str, lesson: str) -> list[Part]:
    """Return the parts of a lesson's source."""
    return list(_parts(compose(source, lesson).cells))


def core(parts: list[Part]) -> list[Part]:
    """Return the parts before `## Going further` or, without it, before what closes the lesson."""
    return list(takewhile(lambda part: part.section not in (FURTHER, *CLOSING), parts))


def further(parts: list[Part]) -> list[Part]:
    """Return the parts under `## Going further`."""
    return [part for part in parts if part.section == FURTHER]


def parse(code: str) -> ast.Module:
    """Return the syntax tree of a cell, IPython's own words such as `%pip` included."""
    return ast.parse(TransformerManager().transform_cell(code))


def calls(code: str, function: str) -> list[ast.Call]:
    """Return the calls of `function` in a cell, by its plain name."""
    found = (node for node in ast.walk(parse(code)) if isinstance(node, ast.Call))
    return [call for call in found if isinstance(call.func, ast.Name) and call.func.id == function]


def figure(call: ast.Call) -> tuple[str, str]:
    """Return name and alt text of a call `publish(fig, name, alt=...)`; ValueError if they are not written out."""
    given = dict(zip(("fig", "name", "alt"), call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords}
    try:
        return ast.literal_eval(given["name"]), ast.literal_eval(given["alt"]) if "alt" in given else ""
    except (KeyError, ValueError):
        raise ValueError(f"write name and alt text as plain strings: {ast.unparse(call)}") from None


def _parts(cells: list[NotebookNode]) -> Iterator[Part]:
    """Yield the parts of a notebook: its text cut at the headings, and its code cells."""
    section = exercise = ""
    solved = False
    for cell in cells:
        if cell.cell_type == "code":
            solved = solved or "solution" in cell.metadata.get("tags", [])
            yield Part(cell.source, cell, section, exercise)
            continue
        if solved:  # the text after a solution goes on with the lesson
            exercise, solved = "", False
        for text in filter(None, re.split(r"^(?=#{1,3} )", cell.source, flags=re.MULTILINE)):
            marks, _, heading = text.partition("\n")[0].partition(" ")
            if marks == "##":
                section, exercise = heading, ""
            elif marks == "###":
                exercise = heading if heading.startswith("Exercise ") else ""
            yield Part(text, None, section, exercise)
