"""Source and notebook are one: there and back changes nothing, and whatever is derived is derived the same."""

import nbformat
import pytest

from tools.compose import METADATA, compose, strip, to_markdown


def test_there_and_back_changes_nothing(source):
    assert to_markdown(compose(source, "09_01_sample")) == source


def test_outputs_do_not_reach_the_source(sample):
    assert to_markdown(sample.printed) == sample.source


def test_composing_twice_gives_the_same_bytes(source):
    first, second = (nbformat.writes(compose(source, "09_01_sample")) for _ in range(2))
    assert first == second


def test_notebook_is_valid_and_holds_nothing_but_the_fixed_metadata(source):
    notebook = compose(source, "09_01_sample")
    nbformat.validate(notebook)
    assert notebook.metadata == METADATA
    assert notebook.nbformat_minor == 5


def test_cell_ids_count_within_the_lesson(source):
    ids = [cell.id for cell in compose(source, "09_01_sample").cells]
    assert ids[:2] == ["09_01-001", "09_01-002"]
    assert len(set(ids)) == len(ids)


def test_solutions_are_folded_everywhere():
    cell = compose('```python tags=["solution"]\n1\n```\n', "09_01_x").cells[0]
    assert cell.metadata == {
        "tags": ["solution", "hide-input"],
        "jupyter": {"source_hidden": True},
        "cellView": "form",
    }


def test_cells_with_a_title_are_folded_and_the_source_needs_no_tag():
    source = "```python\n# @title Draw\n1\n```\n"
    cell = compose(source, "09_01_x").cells[0]
    assert cell.metadata == {"tags": ["hide-input"], "jupyter": {"source_hidden": True}, "cellView": "form"}
    assert to_markdown(compose(source.replace("python", 'python tags=["hide-input"]'), "09_01_x")) == source


def test_other_cells_keep_their_tags_and_get_nothing():
    source = '```python tags=["exercise"]\n1\n```\n\n```python\n2\n```\n'
    assert [cell.metadata for cell in compose(source, "09_01_x").cells] == [{"tags": ["exercise"]}, {}]


def test_stripping_an_executed_notebook_gives_the_composed_one(sample):
    assert strip(sample.printed) == compose(sample.source, sample.name)


def test_stripping_leaves_its_argument_alone(sample):
    strip(sample.printed)
    assert any(cell.get("outputs") for cell in sample.printed.cells)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("a\n\n\n\n\nb\n", "a\n\n\nb\n"),  # two blank lines start a new cell, more say no more
        ("a\n```python\n1\n```\nb\n", "a\n\n```python\n1\n```\n\nb\n"),
        ("```python\n\n1\n\n```\n", "```python\n1\n```\n"),
        ('```python tags=["a","b"]\n1\n```\n', '```python tags=["a", "b"]\n1\n```\n'),
    ],
)
def test_what_is_not_canonical_becomes_so(written, canonical):
    assert to_markdown(compose(written, "09_01_x")) == canonical
    assert to_markdown(compose(canonical, "09_01_x")) == canonical
