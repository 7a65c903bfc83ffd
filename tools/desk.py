"""Lay the lessons out on a learner's desk: copies of the practice edition in work/, which git ignores.

    python -m tools desk

What a learner has written is never overwritten: where a newer edition of a lesson exists, it is put beside the
old one, as NAME.new.ipynb. Each copy holds the edition that it was made from, so the copies alone say what they are.
A page, index.ipynb, leads to the lessons and says which exercises the saved copies have solved.
"""

import argparse
import hashlib
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.support.console import say
from helpers.support.files import write_atomically

from .compose import METADATA
from .lessons import ROOT, course
from .practice import practice
from .readme import chapter_row

DESK = "work"
UP = "../"  # from the desk to the course's folder
CHECK = re.compile(r"exercises\.\w+\(")
INDEX = """\
# The flower book, running

Here the book *Deep Learning* by Goodfellow, Bengio and Courville runs, section by section. Click a title to open your
own copy of the lesson. What you write in it is never overwritten. Any order will do: each lesson says what it needs.
To begin with, take lesson 6.5a if you are a programmer, or lesson 2.7 if you have the book before you.

A lesson runs from top to bottom: first read, then run the cells with Shift + Enter. In an exercise replace the three
dots, run your cell, and run the check below it. When you save a lesson and call `make lab` again, the last column
counts what you have solved.

{table}
"""


def lay_out(root: Path) -> Iterator[str]:
    """Put every lesson on the desk that is not there in its newest edition; yield what to say about each."""
    desk = root / DESK
    desk.mkdir(exist_ok=True)
    for lesson in course(root):
        newest = nbformat.reads(practice(lesson, UP), as_version=4)
        newest.metadata["edition"] = edition(newest)
        path = place(desk, lesson.name, newest)
        if path is None:
            continue
        renewed = "is new" if not path.exists() else "is replaced by its newer edition: nothing was written in it"
        beside = path.stem != lesson.name
        said = f"has a newer edition, {path.name}; what you wrote is as it was" if beside else renewed
        write_atomically(path, f"{nbformat.writes(newest)}\n".encode())
        yield f"{DESK}/{lesson.name}.ipynb {said}"


def place(desk: Path, name: str, newest: NotebookNode) -> Path | None:
    """Return where the newest edition of a lesson goes; None if the desk has it already, written in or not."""
    endings = ("", ".new", *(f".new{number}" for number in range(2, 100)))
    for ending in endings:
        path = desk / f"{name}{ending}.ipynb"
        if not path.exists():
            return path
        there = read(path)
        if there and there.metadata.get("edition") == newest.metadata["edition"]:
            return None
        if there and there.metadata.get("edition") == edition(there):  # nobody has written in it
            return path
    return None


def read(path: Path) -> NotebookNode | None:
    """Return a learner's notebook, or None if the file is not one any more."""
    try:
        return nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, AttributeError, KeyError, TypeError):
        return None


def edition(notebook: NotebookNode) -> str:
    """Return what changes if, and only if, somebody writes in a notebook; running it does not count."""
    written = "\0".join(f"{cell.cell_type}\0{cell.source}" for cell in notebook.cells)
    return hashlib.sha256(written.encode()).hexdigest()


def index(root: Path) -> str:
    """Return the page that leads to the lessons: by chapter, with a picture, minutes, and what is solved.

    It is a notebook without code: JupyterLab shows that as a page, and of Markdown it would show the source.
    """
    rows = ["| | Lesson | Minutes | Solved |", "|---|---|---|---|"]
    for chapter, group in groupby(course(root), key=lambda lesson: lesson.chapter):
        lessons = list(group)
        solved = [f"{' of '.join(map(str, progress(root / DESK / f'{lesson.name}.ipynb')))}" for lesson in lessons]
        rows.append(chapter_row(chapter, lessons, solved, UP, ""))
    page = new_notebook(metadata=METADATA, cells=[new_markdown_cell(INDEX.format(table="\n".join(rows)), id="index")])
    return f"{nbformat.writes(page)}\n"


def progress(path: Path) -> tuple[int, int]:
    """Return how many exercises of a saved copy are solved, and how many it has."""
    notebook = read(path) if path.exists() else None
    checks = [cell for cell in notebook.cells if CHECK.match(cell.source)] if notebook else []
    solved = {cell.source for cell in checks if any(said(output).startswith("✓") for output in cell.outputs)}
    return len(solved), len({cell.source for cell in checks})


def said(output: NotebookNode) -> str:
    """Return what a cell has printed."""
    return output.get("text", "")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Lay the lessons out; return the exit code."""
    argparse.ArgumentParser("python -m tools desk", description="Copy new lessons to work/.").parse_args(arguments)
    for line in lay_out(root):
        say(line)
    write_atomically(root / DESK / "index.ipynb", index(root).encode())
    return 0
