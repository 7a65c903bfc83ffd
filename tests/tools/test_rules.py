"""Every rule of the course notices when it is broken: the sample course is changed in one place."""

import inspect
import shutil

import nbformat
import pytest
from nbformat.v4 import new_output

import test_figures
import test_floors
import test_lessons
import test_references
import test_shape
import test_sync
import test_terms
from sample_course import NAME, NEW_SOURCE, SOURCE, write, write_lesson
from tools import lessons

RULES = {
    name: rule
    for module in (test_lessons, test_shape, test_terms, test_references, test_sync, test_figures, test_floors)
    for name, rule in inspect.getmembers(module, inspect.isfunction)
    if name.startswith("test_")
}


def follow(rule, root, shape="old"):
    """Apply a rule to the course in `root`, whose lesson has the old shape or the new one."""
    course = lessons.course(root)
    first = course[0] if course else None
    given = {"root": root, "course": course, "lesson": first, shape: first}
    given["old_shape"] = {lesson.name for lesson in course if shape == "old"}
    rule(**{name: given[name] for name in inspect.signature(rule).parameters})


def fits(rule, shape):
    """Whether a rule is for lessons of a shape."""
    return ({"old": "new", "new": "old"}[shape]) not in inspect.signature(rule).parameters


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


def practice_is_the_notebook(root):
    """Put the executed notebook in the place of the practice edition."""
    shutil.copy(root / "notebooks" / f"{NAME}.ipynb", root / "notebooks" / "practice")


def executed_practice(root):
    """Run a cell of the practice edition."""
    path = root / "notebooks" / "practice" / f"{NAME}.ipynb"
    practice = nbformat.read(path, as_version=4)
    next(cell for cell in practice.cells if cell.cell_type == "code").execution_count = 1
    nbformat.write(practice, path)


PUBLISH = 'publish(fig, "sample_line", alt="One line that rises from 1 to 3.")'

BREAKS = [
    ("test_there_is_a_lesson", lambda root: (root / "notebooks" / "src" / f"{NAME}.md").unlink()),
    ("test_no_section_is_covered_twice", second_lesson),
    ("test_exercises_are_numbered_through_the_lesson", text("Exercise 9.1.3", "Exercise 9.1.7")),
    ("test_title_carries_the_lessons_number", text("# 9.1 Sample", "# 9.2 Sample")),
    ("test_title_carries_the_lessons_number", text("# 9.1 Sample", "Sample")),
    ("test_line_below_the_title_says_sections_and_minutes", text("5 minutes", "five minutes")),
    ("test_opens_with_a_figure_or_a_question", text("What changes if one of them is broken?", "")),
    ("test_lists_what_the_reader_will_be_able_to_do", text("- shift an image,\n", "")),
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
    ("test_exercises_are_stub_check_solution", text("exercises.size(size)", "size(1)")),
    ("test_exercises_are_stub_check_solution", text('```python tags=["solution"]', "```python")),
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
    ("test_every_notebook_has_a_source", file("notebooks/practice/09_07_lost.ipynb", "")),
    ("test_source_is_in_its_canonical_form", unprinted("It rises.", "It rises.\n\n\n\n\n")),
    ("test_notebook_says_what_the_source_says", unprinted("It rises.", "It falls.")),
    ("test_notebook_holds_nothing_that_is_not_derived", notebook(lambda nb, cells: cells[0].metadata.update(a=1))),
    ("test_notebook_holds_nothing_that_is_not_derived", notebook(lambda nb, cells: nb.metadata.update(a=1))),
    ("test_every_cell_was_executed_in_order", notebook(lambda nb, cells: cells[2].update(execution_count=9))),
    ("test_notebook_keeps_its_outputs", notebook(clear_cells)),
    ("test_practice_edition_holds_the_lessons_code_and_no_outputs", unprinted("[1, 2, 3]", "[1, 2, 4]")),
    ("test_practice_edition_holds_the_lessons_code_and_no_outputs", executed_practice),
    ("test_practice_edition_hides_answers_and_announces_solutions", practice_is_the_notebook),
    ("test_links_are_up_to_date", file(f"notebooks/practice/{NAME}.ipynb", "")),
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
    ("test_a_circle_that_is_meant_is_there", file("helpers/autodiff/ops.py", "")),
    ("test_lessons_import_faces_only", code("from helpers.images.conv import conv2d")),
    ("test_nothing_stands_on_the_naive_loops", file("helpers/training/sgd.py", "from .. import naive\n")),
]


CELL = "```python\n1 + 1\n```\n"
EXERCISE_3 = NEW_SOURCE[NEW_SOURCE.index("### Exercise 9.1.3") : NEW_SOURCE.index("## Summary")]
CHECK = 'check({"by division": 1 / 2, "by hand": 0.5})'


def core(more):
    """Put something more at the end of the core."""
    return text("## Going further", f"{more}\n\n## Going further")


def cells(count):
    """So many code cells, each after a word."""
    return "\n".join(f"So.\n\n{CELL}" for _ in range(count))


def twin(root):
    """Add a lesson that draws with the same cell."""
    write_lesson(root, NEW_SOURCE, "09_02_again")


def term(row, old="", new=""):
    """Add a term to the list; change the source."""

    def change(root):
        path = root / "notebooks" / "terms.csv"
        path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")
        text(old, new)(root)

    return change


def later_term(root):
    """Use a term that a later lesson introduces."""
    write_lesson(root, NEW_SOURCE.replace("*kernel*", "*stride*"), "09_02_later")
    term("stride,09_02_later,A stride is a step.\n", "It rises.", "It rises by strides.")(root)


NEW_BREAKS = [
    ("test_says_what_the_reader_will_be_able_to_do", text("*You will be able to*", "You can")),
    ("test_says_what_the_reader_will_be_able_to_do", text("average an image", "average an image " * 20)),
    ("test_number_is_that_of_the_first_section", text("Section 9.1 of", "Sections 9.2 and 9.1 of")),
    ("test_minutes_are_those_of_its_length", text("5 minutes to read, 8 to do", "5 minutes to read, 9 to do")),
    ("test_minutes_are_those_of_its_length", text("5 minutes to read, 4 to do", "5 minutes to read")),
    ("test_minutes_are_those_of_its_length", core("word " * 900)),
    ("test_minutes_are_those_of_its_length", text("5 minutes to read, 8 to do", "40 minutes")),
    ("test_core_takes_at_most_40_minutes", text("Flip   (★☆☆, 4 min)", "Flip   (★☆☆, 32 min)")),
    ("test_core_has_at_most_18_code_cells", core(cells(16))),
    ("test_core_has_at_most_180_lines_of_code", text("print(size(3))", "print(size(3))\n" * 180)),
    ("test_core_has_at_most_1200_words", core("word " * 1100)),
    ("test_further_has_at_most_18_code_cells", text("The book says more.", cells(18))),
    ("test_first_picture_is_early", text("```python\n# @title Draw", f"{cells(3)}\n```python\n# @title Draw")),
    ("test_first_picture_is_early", text(PUBLISH, "plt.close()")),
    ("test_core_has_two_to_four_exercises", text("### Exercise 9.1.2", "### Question 9.1.2")),
    ("test_core_has_two_to_four_exercises", core(EXERCISE_3 * 3)),
    ("test_one_cell_of_three_checks", text("print(size(3))", CHECK)),
    ("test_one_cell_of_three_checks", text("1 + 1\n", f"{CHECK}\n```\n\nYes.\n\n```python\n{CHECK}\n")),
    ("test_at_most_three_predictions", core("**Predict:** more?\n\n" * 3)),
    ("test_drawing_cells_have_a_title", text("# @title Draw a line that rises\n", "")),
    ("test_drawing_cells_have_a_title", text("print(size(3))", "# @title Print\nprint(size(3))")),
    ("test_drawing_cells_have_a_title", text("# @title Draw a line that rises", "# @title Solution")),
    ("test_printed_lines_are_short_and_plain", output("word " * 21)),
    ("test_printed_lines_are_short_and_plain", output("mean of $1/k$: 3")),
    ("test_printed_lines_are_short_and_plain", output(r"\alpha = 3")),
    ("test_no_two_lessons_have_the_same_cell", twin),
    ("test_terms_are_listed_once_with_a_sentence", term("Kernel,09_01_sample,Again.\n")),
    ("test_terms_are_listed_once_with_a_sentence", term("image,09_01_sample,\n")),
    ("test_terms_are_introduced_where_the_list_says", term("image,09_01_sample,An image is an array.\n")),
    ("test_terms_are_introduced_where_the_list_says", term("image,09_02_nothing,An image is an array.\n")),
    ("test_no_term_is_used_before_it_is_introduced", later_term),
    ("test_at_most_eight_terms_a_lesson", term("x,09_01_sample,It is.\n" * 8)),
    # what the rules for all lessons say of this shape
    ("test_no_section_is_covered_twice", twin),
    ("test_exercises_are_numbered_through_the_lesson", text("Exercise 9.1.3", "Exercise 9.1.5")),
    ("test_closes_with_summary_exercises_and_further_reading", text("## Exercises", "## Notes")),
    ("test_headings_are_the_books_own", text("## Going further", "## Going on")),
    ("test_exercises_are_stub_check_solution", text("The solution serves what follows:\n\n", "")),
    ("test_practice_edition_hides_answers_and_announces_solutions", practice_is_the_notebook),
]


@pytest.mark.parametrize("name", [name for name in RULES if fits(RULES[name], "old")])
def test_sample_course_keeps_the_rule(name, root):
    follow(RULES[name], root)


@pytest.mark.parametrize("name", [name for name in RULES if fits(RULES[name], "new")])
def test_sample_course_of_the_new_shape_keeps_the_rule(name, new_root):
    follow(RULES[name], new_root, "new")


@pytest.mark.parametrize(("name", "damage"), BREAKS, ids=[f"{name[5:]}" for name, _ in BREAKS])
def test_rule_notices(name, damage, root):
    damage(root)
    with pytest.raises((AssertionError, ValueError, pytest.fail.Exception)):
        follow(RULES[name], root)


@pytest.mark.parametrize(("name", "damage"), NEW_BREAKS, ids=[f"{name[5:]}" for name, _ in NEW_BREAKS])
def test_rule_notices_in_the_new_shape(name, damage, new_root):
    damage(new_root)
    with pytest.raises(AssertionError):
        follow(RULES[name], new_root, "new")


def test_a_name_on_the_list_without_a_lesson_is_noticed(course):
    with pytest.raises(AssertionError, match="09_99_gone"):
        RULES["test_lessons_of_the_old_shape_are_there"](course, {"09_99_gone"})


def test_every_rule_was_broken():
    by_hand = {"test_lessons_of_the_old_shape_are_there"}
    assert set(RULES) - by_hand == {name for name, _ in [*BREAKS, *NEW_BREAKS]}
