"""Pack a lesson for a class: what students get, and apart from it the solutions.

    python -m tools handout 07_12_dropout

writes dist/07_12_dropout.zip (the practice notebook without its solutions, the course's wheel, the lesson's films, a
page of instructions) and dist/07_12_dropout_solutions.zip (the practice notebook as it is). A notebook installs the
wheel that lies beside it, so a class needs NumPy, SciPy, Matplotlib, seaborn and Jupyter, and no network.
"""

import argparse
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import nbformat

from helpers.support.console import say
from helpers.support.files import write_atomically

from .lessons import ROOT, Lesson, names
from .links import with_first_cell
from .practice import ANNOUNCED, practice
from .repository import Source

DIST = "dist"
FILM = re.compile(r"\.\./(images/\w+\.gif)")
INSTRUCTIONS = """\
{title}

You need Python 3.10 or newer with Jupyter, NumPy, SciPy, Matplotlib and seaborn. Unpack everything into one folder
and open {name}.ipynb there: its first cell installs the course's small package from the file beside it, without a
network, unless it is installed already.

Read from top to bottom, and run the cells with Shift + Enter. In an exercise replace the three dots, run your cell,
and run the check below it: it says what is wrong. Later cells use what you wrote, so solve the exercises in their
order. A prediction's answer is folded: make your guess first.

The lesson takes about {minutes} minutes.
"""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Pack a lesson; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools handout", description="Pack a lesson for a class.")
    parser.add_argument("lesson", help="its name, such as 07_12_dropout")
    name = parser.parse_args(arguments).lesson
    if name not in names(root):
        print(f"handout: there is no lesson {name!r}; the lessons are {', '.join(names(root))}", file=sys.stderr)
        return 1
    wheel = build_wheel(root)
    for ending, with_solutions in (("", False), ("_solutions", True)):
        path = root / DIST / f"{name}{ending}.zip"
        write_atomically(path, partial(pack, lesson=Lesson(name, root), wheel=wheel, with_solutions=with_solutions))
        say(f"{path.relative_to(root).as_posix()} is written")
    return 0


def build_wheel(root: Path) -> Path:
    """Build the course's wheel into dist/ and return it."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", root / DIST, root]
    subprocess.run(command, check=True)
    return max((root / DIST).glob("flower_book_companion-*.whl"), key=lambda path: path.stat().st_mtime)


def pack(file: BinaryIO, lesson: Lesson, wheel: Path, with_solutions: bool) -> None:
    """Write one archive."""
    readme = INSTRUCTIONS.format(title=lesson.title, name=lesson.name, minutes=lesson.minutes)
    films = sorted(set(FILM.findall(lesson.source)))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{lesson.name}.ipynb", notebook(lesson, wheel.name, with_solutions))
        archive.writestr("README.txt", readme)
        archive.write(wheel, wheel.name)
        for film in films:
            archive.write(lesson.root / film, film)


def notebook(lesson: Lesson, wheel: str, with_solutions: bool) -> str:
    """Return a lesson's notebook for the archive, which installs the wheel beside it."""
    source = with_first_cell(lesson.source, lesson.name, Source(None, package=f"./{wheel}"))
    text = practice(replace(lesson, text=source), up="")
    if with_solutions:
        return text
    copy = nbformat.reads(text, as_version=4)
    copy.cells = [cell for cell in copy.cells if not gives_away(cell)]
    return f"{nbformat.writes(copy)}\n"


def gives_away(cell: nbformat.NotebookNode) -> bool:
    """Say whether a cell is a solution, or announces one."""
    return "solution" in cell.metadata.get("tags", []) or cell.source == ANNOUNCED
