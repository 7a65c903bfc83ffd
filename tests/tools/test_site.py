"""The website's pages: a lesson's page shows what its notebook shows; the made pages leave nothing out."""

import csv

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tools import lessons
from tools.site import api, page, pages

COURSE = lessons.course()
PNG = {"image/png": "", "text/plain": "a figure"}


def page_of(source, outputs=()):
    """What a page shows of one code cell."""
    return list(page.shown(new_code_cell(source, outputs=list(outputs))))


def test_a_figure_becomes_an_image_with_its_alt_text():
    outputs = [new_output("stream", text="3"), new_output("display_data", PNG)]
    code, image = page_of(
        '# @title Draw a line\nfig, ax = subplots()\npublish(fig, "a_line", alt="A [line], x_1*2")', outputs
    )
    assert [output.output_type for output in code.outputs] == ["stream"]
    assert image.source == r"![A \[line\], x\_1\*2](images/a_line.png)"
    assert code.source.startswith("fig, ax")
    assert code.metadata["mystnb"]["code_prompt_show"] == "Show how it is drawn"


@pytest.mark.parametrize(
    ("source", "tags", "words"),
    [
        ("# @title Solution\nx = 1", ["solution", "hide-input"], "Show the solution"),
        ("import numpy as np", [], "Show the imports"),
        ("try:\n    from helpers.lesson import begin", [], "Show the imports"),
    ],
)
def test_what_is_folded_says_what_it_is(source, tags, words):
    cell = new_code_cell(source, metadata={"tags": tags})
    page.fold(cell)
    assert cell.metadata["tags"].count("hide-input") == 1
    assert cell.metadata["mystnb"]["code_prompt_show"] == words


def test_code_that_teaches_is_not_folded():
    cell = new_code_cell("x = 1\nprint(x)", metadata={"tags": ["exercise"]})
    page.fold(cell)
    assert cell.metadata == {"tags": ["exercise"]}


def test_the_first_cell_and_the_imports_are_one():
    cells = [new_markdown_cell("# 1"), new_code_cell("try:\n    a"), new_code_cell("import b"), new_code_cell("c = 1")]
    page.join_setup(cells)
    assert [cell.source for cell in cells] == ["# 1", "try:\n    a\n\nimport b", "c = 1"]


def test_a_text_loses_its_badge_and_shows_its_film():
    text = page.text(
        "# 9.1 A\n\n[Open in Colab](b) · [9.2](c.ipynb) →\n\nText.\n\n[Watch it move](../images/a_b.gif)\n"
    )
    assert "Colab" not in text
    assert text.startswith("# 9.1 A\n\nText.")
    assert "```{dropdown} Watch it move\n![The same as a film.](images/a_b.gif)\n```" in text


def test_only_a_formula_that_would_be_split_at_its_tag_is_rewritten():
    split = r"$$\sum_{\substack{a \\ b}} x \tag{1}$$"
    assert page.text(split) == r"\begin{equation}\sum_{\substack{a \\ b}} x \tag{1}\end{equation}"
    for formula in (r"$$x \tag{1}$$", r"$$\begin{matrix} a \\ b \end{matrix}$$", "a $x$ and $$ no formula"):
        assert page.text(formula) == formula


def test_a_lesson_that_was_never_built_is_named(root):
    lesson = lessons.Lesson("09_01_sample", root)
    (root / "notebooks" / "09_01_sample.ipynb").unlink()
    with pytest.raises(FileNotFoundError, match=r"notebooks/09_01_sample.ipynb: not built yet"):
        page.lesson_page(lesson)


# Of the course itself.


def rows(name):
    """The rows of a list of the course."""
    with open(lessons.ROOT / "notebooks" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made():
    """Every page that is made of all lessons."""
    return pages.all_pages(COURSE, lessons.ROOT)


def test_the_gallery_has_every_figure_once(made):
    published = [name for lesson in COURSE for name in lesson.published]
    assert all(made["gallery"].count(f"(images/{name}.png)") == 1 for name in published)
    assert f"All {len(published)} figures" in made["gallery"]


def test_the_map_has_every_section_once_and_every_lesson_on_one(made):
    sections = rows("book_sections.csv")
    assert len(sections) == 162
    assert all(made["map"].count(f"\n| {row['section']} | {row['title']} |") == 1 for row in sections)
    assert all(f"({lesson.name}.ipynb)" in made["map"] for lesson in COURSE if lesson.sections)


def test_the_glossary_has_every_term_in_three_languages(made):
    for row in rows("terms.csv"):
        assert row["chinese"], f"notebooks/terms.csv: {row['term']} has no Chinese name"
        assert row["japanese"], f"notebooks/terms.csv: {row['term']} has no Japanese name"
        assert f"| **{row['term']}** |" in made["glossary"]


def test_the_home_page_leads_to_every_lesson(made):
    assert all(f"({lesson.name}.ipynb)" in made["index"] for lesson in COURSE)


def test_paths_name_sections_of_the_book_or_lessons():
    known = {row["section"] for row in rows("book_sections.csv")} | {lesson.number for lesson in COURSE}
    ways = pages.tomllib.loads((lessons.ROOT / "docs" / "paths.toml").read_text(encoding="utf-8"))["path"]
    named = {section for way in ways for _, sections in way["steps"] for section in sections}
    assert named <= known
    assert [len(way["steps"]) for way in ways if "thirteen" in way["title"]] == [13]


def test_the_package_has_a_page_per_floor():
    found = api.all_pages()
    assert {"api/lesson", "api/images", "api/nn", "api/training", "api/autodiff"} <= set(found)
    assert "conv2d(x, weight, bias=None, stride=1" in found["api/images"]
    assert "weight_init=glorot_uniform, dtype=float32" in found["api/nn"]
    assert not any(" at 0x" in text for text in found.values())
