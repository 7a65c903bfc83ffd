"""A class gets a lesson that runs beside its wheel, and no solution."""

import json
import subprocess
import zipfile

import pytest

from sample_course import NAME
from tools import handout
from tools.lessons import Lesson

WHEEL = "flower_book_companion-9.9-py3-none-any.whl"


@pytest.fixture
def packed(new_root, monkeypatch):
    """The names of the files in both archives, and the notebooks' cells."""

    def build(command, check):
        (new_root / "dist").mkdir(exist_ok=True)
        (new_root / "dist" / WHEEL).write_bytes(b"a wheel")

    monkeypatch.setattr(subprocess, "run", build)
    assert handout.main([NAME], new_root) == 0
    found = {}
    for ending in ("", "_solutions"):
        with zipfile.ZipFile(new_root / "dist" / f"{NAME}{ending}.zip") as archive:
            cells = json.loads(archive.read(f"{NAME}.ipynb"))["cells"]
            found[ending] = set(archive.namelist()), cells
    return found


def sources(cells):
    return ["".join(cell["source"]) for cell in cells]


def test_students_get_notebook_wheel_and_instructions(packed):
    for names, _ in packed.values():
        assert names == {f"{NAME}.ipynb", WHEEL, "README.txt"}


def test_students_get_no_solution(packed, new_root):
    solutions = [part.text for part in Lesson(NAME, new_root).parts if "# @title Solution" in part.text]
    assert len(solutions) == 4
    given, solved = (sources(cells) for _, cells in packed.values())
    assert all(solution in solved for solution in solutions)
    assert not any("Solution" in source or "A solution follows" in source for source in given)
    assert len(given) == len(solved) - 2 * len(solutions)  # and what announces each
    assert set(given) < set(solved)


def test_the_first_cell_installs_the_wheel_beside_it(packed):
    for _, cells in packed.values():
        assert any(f"%pip install --quiet --no-deps ./{WHEEL}" in source for source in sources(cells))


def test_a_lesson_that_is_not_there_is_named(new_root, capsys):
    assert handout.main(["07_99_nothing"], new_root) == 1
    assert capsys.readouterr().err.startswith("handout: there is no lesson '07_99_nothing'; the lessons are ")
