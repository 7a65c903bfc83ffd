"""Every rule of the course notices when it is broken: the sample course is changed in one place."""

import inspect

import nbformat
import pytest
from nbformat.v4 import new_output

import test_figures
import test_floors
import test_lessons
import test_references
import test_sync
from sample_course import NAME, SOURCE, write, write_lesson
from tools import lessons

RULES = {
    name: rule
    for module in (test_lessons, test_references, test_sync, test_figures, test_floors)
    for name, rule in inspect.getmembers(module, inspect.isfunction)
    if name.startswith("test_")
}


def follow(rule, root):
    """Apply a rule to the course in `root`."""
    course = lessons.course(root)
    given = {"root": root, "course": course, "lesson": course[0] if course else None}
    rule(**{name: given[name] for name in inspect.signature(rule).parameters})


# ---------------------------------------------------------------------- ways to break a course


def text(old, new):
    """Change the source, and print it again."""

    def change(root):
        source = (root / "notebooks" / "src" / f"{NAME}.md").read_text(encoding="utf-8")
        assert old in source
        write_lesson(root, source.replace(old, new))

    return change


def code(cell):
    """Put one more code cell below the section's text."""
    return text("It rises.", f"It rises.\n\n```python\n{cell}\n```\n\nSo it does.")


def unprinted(old, new):
    """Change the source and forget to print it."""
    return lambda root: write(root, f"notebooks/src/{NAME}.md", SOURCE.replace(old, new))


def notebook(edit):
    """Change the notebook."""

    def change(root):
        path = root / "notebooks" / f"{NAME}.ipynb"
        printed = nbformat.read(path, as_version=4)
        edit(printed, [cell for cell in printed.cells if cell.cell_type == "code"])
        nbformat.write(printed, path)

    return change


def output(*said, name="stdout"):
    """Let the second code cell have said something."""

    def edit(printed, cells):
        cells[1].outputs = [new_output("stream", name=name, text=line) for line in said]

    return notebook(edit)


def file(path, content):
    """Write a file."""
    return lambda root: write(root, path, content)


def second_lesson(root):
    """Add a lesson that repeats the first one's section, exercises and figures."""
    write_lesson(root, SOURCE, "09_02_again")


def clear_cells(printed, cells):
    """Drop all outputs."""
    for cell in cells:
        cell.outputs = []


PUBLISH = 'publish(fig, "sample_line", alt="One line that rises from 1 to 3.")'

BREAKS = [
    ("test_there_is_a_lesson", lambda root: (root / "notebooks" / "src" / f"{NAME}.md").unlink()),
    ("test_no_section_is_covered_twice", second_lesson),
    ("test_exercises_are_numbered_through_the_lesson", text("Exercise 9.1.3", "Exercise 9.1.7")),
    ("test_title_carries_the_lessons_number", text("# 9.1 Sample", "# 9.2 Sample")),
    ("test_title_carries_the_lessons_number", text("# 9.1 Sample", "Sample")),
    ("test_line_below_the_title_says_sections_and_minutes", text("5 minutes", "five minutes")),
    ("test_opens_with_a_figure_or_a_question", text("What changes if one of them is broken?", "")),
    ("test_says_what_the_reader_will_be_able_to_do", text("- shift an image,\n", "")),
    ("test_says_what_the_reader_needs", text("*You need*", "You need")),
    ("test_first_cell_is_the_same_everywhere", text("rng = begin", "random = begin")),
    ("test_headings_are_the_books_own", text("The Convolution Operation", "Convolution")),
    ("test_headings_are_the_books_own", text("## Beyond the book: nothing", "## Nothing")),
    ("test_headings_are_the_books_own", text("## 9.1 The", "## 9.99 The")),
    ("test_headings_are_the_books_own", text("## Beyond the book: nothing", "## More on 9.99: nothing")),
    ("test_headings_are_the_promised_sections", text("Section 9.1 of", "Sections 9.1 and 9.2 of")),
    ("test_every_promised_section_runs", text("An average is", "Later.\n\n## Beyond the book: x\n\nAn average is")),
    ("test_closes_with_summary_exercises_and_further_reading", text("## Summary", "## In short")),
    ("test_closes_with_summary_exercises_and_further_reading", text("## Exercises", "## Beyond the book: x")),
    ("test_summary_is_three_to_five_points", text("- It can be drawn.\n", "")),
    ("test_summary_is_three_to_five_points", text("- It can be drawn.\n", "It can be drawn.\n")),
    ("test_last_cell_is_text", text("**Next lesson:** to come", "```python\n1\n```")),
    ("test_five_exercises_or_more", text("### Exercise 9.1.5", "### Question 9.5")),
    ("test_exercise_headings_say_number_difficulty_and_minutes", text("Flip   (★☆☆", "Flip (★☆☆")),
    ("test_exercise_headings_say_number_difficulty_and_minutes", text("Flip   (★☆☆", "Flip   (★★★★")),
    ("test_exercise_headings_say_number_difficulty_and_minutes", text("Exercise 9.1.2", "Exercise 8.1.2")),
    ("test_exercises_have_a_hint", text("<details><summary>Hint</summary>Nothing", "Nothing")),
    ("test_exercises_are_stub_check_solution_check", text("exercises.size(size)", "size(1)")),
    ("test_exercises_are_stub_check_solution_check", text('```python tags=["solution"]', "```python")),
    ("test_solutions_have_a_title_for_colab", text("# @title Solution\n", "")),
    ("test_code_cells_have_at_most_20_lines", code("1\n" * 21)),
    ("test_code_cells_have_8_lines_in_the_median", text("\n```\n", "\n" + "1\n" * 8 + "```\n")),
    ("test_at_most_45_code_cells_before_the_exercises", text("It rises.", "So.\n\n```python\n1\n```\n\n" * 45)),
    ("test_never_three_code_cells_without_a_word", text("It rises.\n\n", "```python\n1\n```\n\n")),
    ("test_what_is_imported_is_used", code("import math")),
    ("test_no_plt_show", code("plt.show()")),
    ("test_no_cell_ends_in_a_semicolon", code("1 + 1;")),
    ("test_figures_are_published_by_the_last_line_of_their_cell", text(PUBLISH, f"{PUBLISH}\nprint()")),
    ("test_figures_are_published_by_the_last_line_of_their_cell", code("fig, ax = plt.subplots()\nax.plot([1, 2])")),
    ("test_text_holds_no_html_but_details", text("It rises.", "It <b>rises</b>.")),
    ("test_text_holds_no_html_but_details", text("It rises.", "<!-- a remark -->\nIt rises.")),
    ("test_text_holds_no_directives", text("It rises.", "```{note}\nIt rises.\n```")),
    ("test_links_lead_somewhere", text("It rises.", "It [rises](09_07_nowhere.ipynb).")),
    ("test_notebook_has_at_most_1_5_megabytes", output("x" * 1_500_000)),
    ("test_no_check_fails", output("✗ half: expected 0.5, got 0.4\n")),
    ("test_nothing_goes_to_stderr", output("a warning", name="stderr")),
    ("test_no_address_in_memory_is_shown", output("<matplotlib.lines.Line2D at 0x7f0b1c2d3e40>")),
    ("test_stub_is_not_attempted_and_solution_is_right", notebook(clear_cells)),
    ("test_every_picture_is_published", text(PUBLISH, f"{PUBLISH}\nprint()")),
    ("test_tags_are_equations_of_the_lessons_sections", text(r"\tag{9.3}", r"\tag{9.7}")),
    ("test_tags_are_equations_of_the_lessons_sections", text(r"\tag{9.3}", r"\tag{9.3, 9.99}")),
    ("test_lesson_cites_what_the_book_has", text("It rises.", "It rises, as in eq. 9.99.")),
    ("test_lesson_cites_what_the_book_has", text("It rises.", "It rises, as in eqs. 9.1, 9.2 and 9.99.")),
    ("test_lesson_cites_what_the_book_has", text("It rises.", "It rises (9.99).")),
    ("test_lesson_cites_what_the_book_has", text("It rises.", "It rises: algorithm 9.1, or figure 9.1.")),
    ("test_code_cites_what_the_book_has", file("helpers/images/conv.py", '"""Convolve (eq. 9.99)."""\n')),
    (
        "test_code_cites_what_the_book_has",
        file("helpers/naive.py", '"""Learn (algorithm 8.1; 8.2), or (8.99)."""\n'),
    ),
    ("test_every_notebook_has_a_source", file("notebooks/09_07_lost.ipynb", "")),
    ("test_source_is_in_its_canonical_form", unprinted("It rises.", "It rises.\n\n\n\n\n")),
    ("test_notebook_says_what_the_source_says", unprinted("It rises.", "It falls.")),
    ("test_notebook_holds_nothing_that_is_not_derived", notebook(lambda nb, cells: cells[0].metadata.update(a=1))),
    ("test_notebook_holds_nothing_that_is_not_derived", notebook(lambda nb, cells: nb.metadata.update(a=1))),
    ("test_every_cell_was_executed_in_order", notebook(lambda nb, cells: cells[2].update(execution_count=9))),
    ("test_notebook_keeps_its_outputs", notebook(clear_cells)),
    ("test_links_are_up_to_date", file("README.md", "<!-- lessons -->\n<!-- /lessons -->\n")),
    ("test_published_figures_are_the_files_in_images", file("images/orphan.png", "")),
    ("test_published_figures_are_the_files_in_images", text('"sample_line"', '"another_line"')),
    ("test_published_figures_have_fingerprints", file("images/fingerprints/x.json", '{"orphan": {}}')),
    ("test_no_figure_is_published_twice", second_lesson),
    ("test_figures_have_alt_text", text(', alt="One line that rises from 1 to 3."', "")),
    ("test_pictures_are_those_of_the_fingerprints", file("images/sample_line.png", "edited")),
    ("test_gifs_are_those_of_the_fingerprints", file("images/orphan.gif", "")),
    ("test_notebooks_show_the_published_pictures", file("images/sample_line.png", "edited")),
    ("test_notebooks_show_the_published_pictures", notebook(clear_cells)),
    ("test_notebooks_show_the_published_pictures", unprinted("One line that", "A line that")),
    ("test_the_map_names_every_floor", file("helpers/attic.py", "")),
    ("test_imports_only_go_down", file("helpers/images/conv.py", "def f():\n    from helpers import training\n")),
    ("test_imports_only_go_down", file("helpers/images/conv.py", "import helpers.training\n")),
    ("test_imports_only_go_down", file("helpers/images/conv.py", "from helpers.training import SGD\n")),
    ("test_no_two_files_import_each_other", file("helpers/images/conv.py", "from . import conv2d\n")),
    ("test_lessons_import_faces_only", code("from helpers.images.conv import conv2d")),
    ("test_nothing_stands_on_the_naive_loops", file("helpers/training/sgd.py", "from .. import naive\n")),
]


@pytest.mark.parametrize("name", RULES)
def test_sample_course_keeps_the_rule(name, root):
    follow(RULES[name], root)


@pytest.mark.parametrize(("name", "damage"), BREAKS, ids=[f"{name[5:]}" for name, _ in BREAKS])
def test_rule_notices(name, damage, root):
    damage(root)
    with pytest.raises((AssertionError, ValueError)):
        follow(RULES[name], root)


def test_every_rule_was_broken():
    assert set(RULES) == {name for name, _ in BREAKS}
