"""Lay the lessons out on a learner's desk: copies of the practice edition in work/, which git ignores.

    python -m tools desk

What a learner has written is never overwritten: where a newer edition of a lesson exists, it is put beside the
old one, as NAME.new.ipynb. Each copy holds the edition that it was made from, so the copies alone say what they are.
"""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.support.console import say
from helpers.support.files import write_atomically

from .lessons import ROOT, course
from .practice import practice

DESK = "work"
UP = "../"  # from the desk to the course's folder


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


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Lay the lessons out; return the exit code."""
    argparse.ArgumentParser("python -m tools desk", description="Copy new lessons to work/.").parse_args(arguments)
    for line in lay_out(root):
        say(line)
    return 0
