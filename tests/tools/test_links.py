"""What links the lessons is written from one setting and their order, and only where it belongs."""

import os
import subprocess
import sys

import pytest

from sample_course import FILES, NAME, SOURCE, write, write_lesson
from tools import links
from tools.lessons import Lesson

COLAB = "https://colab.research.google.com/github/OWNER/REPO/blob/main/notebooks/practice"
ROW = (
    "| **9 Convolutional Networks**<br>"
    '<img src="images/sample_line.png" alt="One line that rises from 1 to 3." width="240">'
    f" | [9.1 Sample](notebooks/{NAME}.ipynb)<br>[9.2 Another](notebooks/09_02_another.ipynb) | 5<br>5"
    f" | [Colab]({COLAB}/{NAME}.ipynb)<br>[Colab]({COLAB}/09_02_another.ipynb) |"
)


@pytest.fixture
def two(root):
    """A course of two lessons."""
    second = SOURCE.replace("# 9.1 Sample", "# 9.2 Another").replace("Section 9.1 of", "Sections 9.3 and 9.4 of")
    write_lesson(root, second, "09_02_another")
    links.main([], root)
    return root


def test_lessons_know_their_neighbours(two):
    assert " · [9.2 Another](09_02_another.ipynb) →\n" in Lesson(NAME, two).source
    assert " · ← [9.1 Sample](09_01_sample.ipynb)\n" in Lesson("09_02_another", two).source


def test_next_lesson_stands_where_the_source_asks_for_it(two):
    assert Lesson(NAME, two).source.endswith("**Next lesson:** [9.2 Another](09_02_another.ipynb)\n")
    assert Lesson("09_02_another", two).source.endswith("**Next lesson:** to come\n")


def test_first_cell_carries_the_name_of_its_lesson(two):
    assert 'rng = begin("09_02_another")' in Lesson("09_02_another", two).source


def test_readme_lists_chapters_and_keeps_the_rest(two):
    lines = (two / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Course"
    assert lines[4] == "<!-- lessons -->"
    assert lines[7:] == [ROW, "<!-- /lessons -->", "", "More."]


def test_repository_is_read_from_one_place(root):
    write(root, "pyproject.toml", FILES["pyproject.toml"].replace("OWNER/REPO", "flower/book"))
    links.main([], root)
    everything = (root / "README.md").read_text(encoding="utf-8") + Lesson(NAME, root).source
    assert "OWNER/REPO" not in everything
    assert "git+https://github.com/flower/book\n" in everything
    assert "github.com/flower/book/actions/workflows/ci.yml" in everything


def test_least_source_is_completed(root):
    least = "# 9.1 Least\n*Section 9.1 of the book · 5 minutes*\n```python\nbegin()\n```\n"
    write(root, f"notebooks/src/{NAME}.md", least)
    links.main([], root)
    badge = f"{links.BADGE}({COLAB}/{NAME}.ipynb)"
    first = links.FIRST_CELL.format(repository="OWNER/REPO", lesson=NAME)
    assert Lesson(NAME, root).source == f"# 9.1 Least\n\n{badge}\n\n*Section 9.1 of the book · 5 minutes*\n\n{first}"


def test_minutes_are_counted_below_the_title_and_in_going_further(root):
    core = "word " * 700 + "\n\n### Exercise 9.1.1 · One   (★☆☆, 7 min)\n\n### Exercise 9.1.2 · Two   (★☆☆, 4 min)\n\n"
    further = "## Going further\n\n" + "word " * 1100 + "\n\n## Summary\n"
    least = "# 9.1 Least\n*Section 9.1 of the book*\n```python\nbegin()\n```\n"
    write(root, f"notebooks/src/{NAME}.md", least + core + further)
    links.main([], root)
    source = Lesson(NAME, root).source
    assert "\n\n*Section 9.1 of the book · 5 minutes to read, 11 to do*\n\n" in source
    assert "\n\n## Going further\n\n*10 minutes to read*\n\nword" in source
    assert Lesson(NAME, root).minutes == 16


def test_text_of_an_executed_notebook_follows_its_source(root):
    write(root, f"notebooks/src/{NAME}.md", SOURCE.replace("It rises.", "It climbs."))
    before = [cell.get("outputs") for cell in Lesson(NAME, root).printed.cells]
    links.main([], root)
    lesson = Lesson(NAME, root)
    assert any("It climbs." in cell.source for cell in lesson.printed.cells)
    assert [cell.get("outputs") for cell in lesson.printed.cells] == before


def test_a_notebook_whose_code_has_changed_waits_to_be_executed(root):
    write(root, f"notebooks/src/{NAME}.md", SOURCE.replace("1 + 1", "1 + 2"))
    links.main([], root)
    assert "1 + 1" in [cell.source for cell in Lesson(NAME, root).printed.cells]


def test_writing_again_changes_nothing(two):
    assert links.stale(two) == {}


def test_check_names_what_is_stale_and_writes_nothing(root, capsys):
    stale = SOURCE.replace("**Next lesson:** to come", "**Next lesson:** soon")
    write(root, f"notebooks/src/{NAME}.md", stale)
    assert links.main(["--check"], root) == 1
    assert f"notebooks/src/{NAME}.md: out of date, run `make links`\n" in capsys.readouterr().out
    assert Lesson(NAME, root).source == stale


def test_check_is_content_with_what_was_written(root):
    assert links.main(["--check"], root) == 0


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("README.md", "# Course\n", "README.md: the lines `<!-- lessons -->`"),
        (f"notebooks/src/{NAME}.md", SOURCE.replace("# 9.1", "9.1"), "the first line must be the title"),
        (f"notebooks/src/{NAME}.md", SOURCE.replace("5 minutes", "long"), "below the title write"),
        (f"notebooks/src/{NAME}.md", SOURCE.replace("begin(", "start("), "the first code cell must call `begin()`"),
    ],
)
def test_missing_places_are_named_and_nothing_is_written(path, text, complaint, root, capsys):
    write(root, path, text)
    assert links.main([], root) == 1
    assert complaint in capsys.readouterr().err
    assert (root / path).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("header", "sections", "minutes"),
    [
        ("Section 9.1 of the book · 5 minutes", ["9.1"], 5),
        ("Sections 3.13 and 3.14 of the book · 40 minutes", ["3.13", "3.14"], 40),
        ("Sections 9.1, 9.2 and 9.8 of the book · 40 minutes", ["9.1", "9.2", "9.8"], 40),
        ("Before the book · 30 minutes", [], 30),
        ("Beyond the book · 50 minutes", [], 50),
        ("Section 7.12 of the book · 15 minutes to read, 20 to do", ["7.12"], 35),
        ("Sections 8.5.1, 8.5.2 and 8.6 of the book · 5 minutes to read, 0 to do", ["8.5", "8.6"], 5),
    ],
)
def test_header_line_is_read(header, sections, minutes, root):
    write(root, f"notebooks/src/{NAME}.md", SOURCE.replace("Section 9.1 of the book · 5 minutes", header))
    assert (Lesson(NAME, root).sections, Lesson(NAME, root).minutes) == (sections, minutes)


# ---------------------------------------------------------------------- the first cell, run by a reader


def begun(folder):
    """What a reader's IPython says who runs the first cell in a folder."""
    cell = links.FIRST_CELL.format(repository="OWNER/REPO", lesson=NAME)
    code = cell.removeprefix("```python\n").removesuffix("```\n")
    write(folder, "first_cell.ipy", code.replace("%pip", "%installs"))  # no such magic: a UsageError
    command = [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "first_cell.ipy"]
    environment = os.environ | {"IPYTHONDIR": str(folder / "ipython"), "COURSE_FIGURES": "", "COLUMNS": "1000"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")
    return done.stdout + done.stderr


def test_first_cell_begins_the_lesson(tmp_path):
    assert "Error" not in begun(tmp_path)


@pytest.mark.parametrize("own", ["helpers.py", "helpers/__init__.py"])
def test_first_cell_names_the_file_that_hides_the_course(tmp_path, own):
    write(tmp_path, own, "")
    said = begun(tmp_path)
    assert f"ImportError: <module 'helpers' from {str(tmp_path / own)!r}> hides the course's: rename it" in said
    assert "UsageError" not in said
