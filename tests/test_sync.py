"""The notebooks are the print of their sources, executed from the first cell to the last."""

from difflib import unified_diff
from itertools import pairwise

import nbformat

from tools import lessons, links
from tools.compose import compose, strip, to_markdown
from tools.practice import ANNOUNCED


def printed(lesson):
    """The lesson's notebook, which must be there."""
    assert lesson.printed, f"{lesson.name} was never printed: `make run LESSON={lesson.name}`"
    return lesson.printed


def test_every_notebook_has_a_source(root):
    notebooks = {path.stem for folder in ("", "practice") for path in (root / "notebooks" / folder).glob("*.ipynb")}
    lost = notebooks - set(lessons.names(root))
    assert not lost, f"no source in notebooks/src for {lost}: write it there, or delete the notebook"


def test_source_is_in_its_canonical_form(lesson):
    canonical = to_markdown(compose(lesson.source, lesson.name))
    change = "\n".join(unified_diff(lesson.source.splitlines(), canonical.splitlines(), lineterm="", n=1))
    assert lesson.source == canonical, f"{lesson.name}.md: `make links` writes its canonical form:\n{change}"


def test_notebook_says_what_the_source_says(lesson):
    back = to_markdown(printed(lesson))
    change = "\n".join(unified_diff(lesson.source.splitlines(), back.splitlines(), "source", "notebook", "", "", 1))
    assert back == lesson.source, (
        f"{lesson.name}: edit the source, never the notebook, and print it: `make run LESSON={lesson.name}`\n{change}"
    )


def test_notebook_holds_nothing_that_is_not_derived(lesson):
    assert strip(printed(lesson)) == compose(lesson.source, lesson.name), (
        f"{lesson.name}: metadata or cell ids differ from the source's: `make run LESSON={lesson.name}`"
    )


def test_every_cell_was_executed_in_order(lesson):
    counts = [cell.execution_count for cell in printed(lesson).cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), (
        f"{lesson.name}: its cells ran as {counts}, not from first to last: `make run LESSON={lesson.name}`"
    )


def test_notebook_keeps_its_outputs(lesson):
    assert any(cell.get("outputs") for cell in printed(lesson).cells), (
        f"{lesson.name}: the notebook lost its outputs: `make run LESSON={lesson.name}`"
    )


def test_practice_edition_holds_the_lessons_code_and_no_outputs(lesson, root):
    practice = nbformat.read(root / "notebooks" / "practice" / f"{lesson.name}.ipynb", as_version=4)
    cells = [cell for cell in practice.cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells] == lesson.code, f"{lesson.name}: `make links` writes its practice edition"
    assert not any(cell.outputs or cell.execution_count for cell in cells), f"{lesson.name}: practice has outputs"


def test_practice_edition_hides_answers_and_announces_solutions(lesson, root):
    practice = nbformat.read(root / "notebooks" / "practice" / f"{lesson.name}.ipynb", as_version=4)
    for before, cell in pairwise(practice.cells):
        assert "**Answer.**" not in cell.source, f"{lesson.name}: `make links` writes its practice edition"
        if "solution" in cell.metadata.get("tags", []):
            assert before.source == ANNOUNCED, f"{lesson.name}: `make links` writes its practice edition"
            assert cell.metadata.jupyter.source_hidden, f"{lesson.name}: `make links` folds its solutions"


def test_links_are_up_to_date(root):
    outdated = sorted(path.relative_to(root).as_posix() for path in links.stale(root))
    assert not outdated, f"`make links` has not been run since the last change to {outdated}"
