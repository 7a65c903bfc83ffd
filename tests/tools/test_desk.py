"""The desk holds the newest practice edition of each lesson, and never loses what a learner wrote."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_output

from sample_course import NAME, NEW_SOURCE, write
from tools import desk
from tools.lessons import Lesson
from tools.links import first_cell
from tools.practice import ANNOUNCED, folded, practice
from tools.repository import Source


@pytest.fixture
def work(new_root):
    """The desk, laid out once."""
    desk.main([], new_root)
    return new_root / "work"


def cells(path):
    """The cells of a notebook."""
    return nbformat.read(path, as_version=4).cells


def edit(path, written):
    """Write something into the first stub, as a learner would, and save."""
    notebook = nbformat.read(path, as_version=4)
    stub = next(cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", []))
    stub.source = written
    nbformat.write(notebook, path)


def new_edition(root, words):
    """Change the lesson's source."""
    write(root, f"notebooks/src/{NAME}.md", NEW_SOURCE.replace("It rises.", words))


def test_a_lesson_is_copied_once(new_root, capsys):
    for said in (f"work/{NAME}.ipynb is new\n", ""):
        desk.main([], new_root)
        assert capsys.readouterr().out == said


def test_what_a_learner_wrote_stays_and_the_newer_edition_is_put_beside(work, new_root, capsys):
    edit(work / f"{NAME}.ipynb", "mine")
    before = (work / f"{NAME}.ipynb").read_bytes()
    new_edition(new_root, "It climbs.")
    capsys.readouterr()
    for _ in range(2):
        desk.main([], new_root)
        assert (work / f"{NAME}.ipynb").read_bytes() == before
    said = f"work/{NAME}.ipynb has a newer edition, {NAME}.new.ipynb; what you wrote is as it was\n"
    assert capsys.readouterr().out == said
    assert any("It climbs." in cell.source for cell in cells(work / f"{NAME}.new.ipynb"))
    edit(work / f"{NAME}.new.ipynb", "mine, too")
    new_edition(new_root, "It grows.")
    desk.main([], new_root)
    assert sorted(path.name for path in work.glob("0*.ipynb")) == [
        f"{NAME}.ipynb", f"{NAME}.new.ipynb", f"{NAME}.new2.ipynb",
    ]  # fmt: skip
    assert any(cell.source == "mine, too" for cell in cells(work / f"{NAME}.new.ipynb"))


def test_a_copy_in_which_nothing_was_written_is_replaced_even_if_it_was_run(work, new_root, capsys):
    notebook = nbformat.read(work / f"{NAME}.ipynb", as_version=4)
    notebook.cells[1].execution_count = 1
    nbformat.write(notebook, work / f"{NAME}.ipynb")
    new_edition(new_root, "It climbs.")
    desk.main([], new_root)
    assert "is replaced by its newer edition" in capsys.readouterr().out
    assert [path.name for path in work.glob("0*.ipynb")] == [f"{NAME}.ipynb"]
    assert any("It climbs." in cell.source for cell in cells(work / f"{NAME}.ipynb"))


def test_a_newer_edition_that_was_renamed_is_known(work, new_root, capsys):
    edit(work / f"{NAME}.ipynb", "mine")
    new_edition(new_root, "It climbs.")
    desk.main([], new_root)
    (work / f"{NAME}.new.ipynb").replace(work / f"{NAME}.ipynb")
    edit(work / f"{NAME}.ipynb", "mine")
    capsys.readouterr()
    desk.main([], new_root)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"cells": 1}', "my own notes"])
def test_a_file_that_is_no_notebook_stays(work, new_root, damaged):
    (work / f"{NAME}.ipynb").write_text(damaged)
    desk.main([], new_root)
    assert (work / f"{NAME}.ipynb").read_text() == damaged
    assert (work / f"{NAME}.new.ipynb").exists()


def test_links_lead_to_the_copies_and_to_the_courses_files(new_root):
    source = NEW_SOURCE.replace("It rises.", "See [a](09_01_sample.ipynb) and ![b](../images/sample_line.png).")
    write(new_root, f"notebooks/src/{NAME}.md", source)
    lesson = Lesson(NAME, new_root)
    assert "](09_01_sample.ipynb) and ![b](../../images/sample_line.png)" in practice(lesson)
    desk.main([], new_root)
    text = (new_root / "work" / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "](09_01_sample.ipynb) and ![b](../images/sample_line.png)" in text


def test_practice_edition_is_a_valid_notebook_without_outputs(new_root):
    notebook = nbformat.reads(practice(Lesson(NAME, new_root)), as_version=4)
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert sum(cell.source == ANNOUNCED for cell in notebook.cells) == 4


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("No answer.", "No answer."),
        ("**Answer.** One.", "<details><summary>Answer</summary>\n\nOne.\n\n</details>"),
        (
            "So.\n\n**Answer.** One,\nor two.\n\nThen.",
            "So.\n\n<details><summary>Answer</summary>\n\nOne,\nor two.\n\n</details>\n\nThen.",
        ),
        ("The **Answer.** is", "The **Answer.** is"),
    ],
)
def test_answers_are_folded(text, wanted):
    assert folded(text) == wanted


READER = """# 9.1 Reader

*Section 9.1 of the book · 5 minutes*

```python
begin()
```

```python
import os

import matplotlib.pyplot as plt

print(os.path.basename(os.getcwd()))
fig, ax = plt.subplots()
publish(fig, "a_figure", alt="A figure without anything in it.")
```
"""


def test_the_index_counts_what_is_solved(new_root, work):
    page = work / "index.ipynb"
    assert f"[9.1 Sample]({NAME}.ipynb) | 13 | 0 of 4 |" in page.read_text(encoding="utf-8")
    path = work / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    checks = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.startswith("exercises.")]
    for cell, verdict in zip(checks, ("✓ one: 3 cases agree\n", "✗ two: expected 3, got 4.\n"), strict=False):
        cell.outputs = [new_output("stream", text=verdict)]
    nbformat.write(notebook, path)
    desk.main([], new_root)
    assert "| 1 of 4 |" in page.read_text(encoding="utf-8")
    path.write_text("no notebook any more", encoding="utf-8")
    desk.main([], new_root)
    assert "| 0 of 0 |" in page.read_text(encoding="utf-8")


def test_a_lesson_runs_on_the_desk_shows_its_figures_and_writes_nothing(new_root, monkeypatch):
    first = first_cell(NAME, Source("alice/flower"))
    write(new_root, f"notebooks/src/{NAME}.md", READER.replace("```python\nbegin()\n```\n", first))
    write(new_root, "pyproject.toml", 'name = "flower-book-companion"')
    monkeypatch.setenv("COURSE_FIGURES", "")
    desk.main([], new_root)
    before = {path: path.stat().st_mtime_ns for path in new_root.rglob("*") if path.is_file()}
    notebook = nbformat.read(new_root / "work" / f"{NAME}.ipynb", as_version=4)
    NotebookClient(notebook, kernel_name="python3").execute(cwd=str(new_root / "work"))
    printed, figure = notebook.cells[-1].outputs
    assert printed.text == "work\n"
    assert "<img src=" in figure.data["text/html"]
    assert {path: path.stat().st_mtime_ns for path in new_root.rglob("*") if path.is_file()} == before
