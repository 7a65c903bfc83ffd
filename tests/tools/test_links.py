"""What links the lessons is written from one setting and their order, and only where it belongs."""

import os
import subprocess
import sys

import pytest

from sample_course import FILES, NAME, SOURCE, write, write_lesson
from tools import links
from tools.lessons import Lesson
from tools.repository import Source

COLAB = "https://colab.research.google.com/github/alice/flower/blob/main/notebooks/practice"
ROW = (
    "| **9 Convolutional Networks**<br>"
    '<img src="images/sample_line.png" alt="One line that rises from 1 to 3." width="240">'
    f" | [9.1 Sample](notebooks/{NAME}.ipynb)<br>[9.2 Another](notebooks/09_02_another.ipynb) | 5<br>5"
    f" | [notebook](notebooks/practice/{NAME}.ipynb)<br>[notebook](notebooks/practice/09_02_another.ipynb) |"
)


@pytest.fixture
def two(root):
    """A course of two lessons."""
    second = SOURCE.replace("# 9.1 Sample", "# 9.2 Another").replace("Section 9.1 of", "Sections 9.3 and 9.4 of")
    write_lesson(root, second, "09_02_another")
    links.main([], root)
    return root


def test_lessons_know_their_neighbours(two):
    assert "\n\n[9.2 Another](09_02_another.ipynb) →\n\n" in Lesson(NAME, two).source
    assert "\n\n← [9.1 Sample](09_01_sample.ipynb)\n\n" in Lesson("09_02_another", two).source


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


def everything(root):
    """All that is written about the repository: README, pyproject.toml, and both editions of the lesson."""
    paths = "README.md", "pyproject.toml", *(f"notebooks/{part}{NAME}.ipynb" for part in ("", "practice/"))
    return {path: (root / path).read_text(encoding="utf-8") for path in paths}


def test_while_no_repository_is_known_there_is_no_dead_link(two):
    assert "colab" not in "".join(everything(two).values()).lower().replace("colab, or any machine", "")
    assert "actions/workflows" not in everything(two)["README.md"]
    assert "the course is missing here" in everything(two)[f"notebooks/{NAME}.ipynb"]


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_a_fork_has_its_own_links_everywhere(two, how, monkeypatch):
    outputs = [cell.get("outputs") for cell in Lesson(NAME, two).printed.cells]
    if how == "variable":
        monkeypatch.setenv("GITHUB_REPOSITORY", "alice/flower")
    assert links.main([] if how == "variable" else ["--repository", "alice/flower"], two) == 0
    found = everything(two)
    assert found["README.md"].startswith("# Course\n\n[![CI](https://github.com/alice/flower/actions/workflows/ci.yml/")
    assert f"[Colab]({COLAB}/{NAME}.ipynb)" in found["README.md"]
    assert 'Repository = "https://github.com/alice/flower"' in found["pyproject.toml"]
    for edition in ("", "practice/"):
        assert "git+https://github.com/alice/flower\\n" in found[f"notebooks/{edition}{NAME}.ipynb"]
        assert f"[Open in Colab]({COLAB}/{NAME}.ipynb) · [9.2" in found[f"notebooks/{edition}{NAME}.ipynb"]
    assert [cell.get("outputs") for cell in Lesson(NAME, two).printed.cells] == outputs
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert links.main(["--check"], two) == 0


def test_a_second_fork_replaces_the_first(two):
    for name in ("alice/flower", "bob/book"):
        links.main(["--repository", name], two)
    said = "".join(everything(two).values())
    assert "alice" not in said
    assert said.count("[![CI]") == 1


def test_a_published_package_is_installed_by_name(root):
    write(root, "pyproject.toml", FILES["pyproject.toml"] + "[tool.course]\npublished = true\n")
    links.main(["--repository", "alice/flower"], root)
    assert "%pip install --quiet --no-deps flower-book-companion\n" in Lesson(NAME, root).source


def test_a_repository_needs_two_names(root, capsys):
    assert links.main(["--repository", "flower"], root) == 1
    assert capsys.readouterr().err == "the repository expects OWNER/NAME, got 'flower'\n"


def test_least_source_is_completed(root):
    least = "# 9.1 Least\n*Section 9.1 of the book · 5 minutes*\n```python\nbegin()\n```\n"
    write(root, f"notebooks/src/{NAME}.md", least)
    links.main([], root)
    first = links.first_cell(NAME, Source(None))
    assert Lesson(NAME, root).source == f"# 9.1 Least\n\n*Section 9.1 of the book · 5 minutes*\n\n{first}"


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


def begun(folder, repository="alice/flower"):
    """What a reader's IPython says who runs the first cell in a folder."""
    cell = links.first_cell(NAME, Source(repository))
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
