"""What every lesson has, and its limits: one rule a test. Each message says what to do.

`tests/tools/test_rules.py` breaks a small lesson once for every rule, and the rule must notice.
"""

import ast
import csv
import re
from functools import lru_cache
from itertools import groupby
from statistics import median

import nbformat
from markdown_it import MarkdownIt

from tools import lessons
from tools.links import first_cell
from tools.repository import read

EXERCISE = re.compile(r"Exercise (\d+\.\d+[a-z]?\.\d+) · \S.*\S   \((★☆☆|★★☆|★★★), \d+ min\)")
OWN = [lessons.FURTHER, *lessons.CLOSING]  # headings that are not the book's
# One exercise: a stub, its check, the folded solution; and its check again, or the text goes on.
ROUND = ["exercise", "check", "solution"]


@lru_cache
def book():
    """The sections of the printed book: "9.1" to "9.1 The Convolution Operation"."""
    with open(lessons.ROOT / "notebooks" / "book_sections.csv", encoding="utf-8", newline="") as file:
        return {row["section"]: f"{row['section']} {row['title']}" for row in csv.DictReader(file)}


def first_line(code):
    """The line by which a message names a cell."""
    return code.strip().partition("\n")[0]


def opening(lesson):
    """The text from the title to the first code cell."""
    return lesson.source.partition("\n```python")[0]


def outputs(cell):
    """All that a cell printed or returned, as text."""
    texts = (output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
    return "\n".join(texts)


def texts(lesson):
    """The lesson's Markdown, without its code."""
    return [part.text for part in lesson.parts if not part.cell]


def html_tags(text):
    """The names of the HTML tags in a Markdown text; "!--" for a comment."""
    blocks = MarkdownIt("commonmark").parse(text)
    tokens = [*blocks, *(token for block in blocks for token in block.children or [])]
    html = "".join(token.content for token in tokens if token.type.startswith("html"))
    return set(re.findall(r"</?([a-z0-9]+|!--)", html, re.IGNORECASE))


def printed_cells(lesson):
    """The executed code cells."""
    return [part.cell for part in lesson.printed_parts if part.cell]


def rounds(parts):
    """For each exercise its code cells."""
    found = {part.exercise: [] for part in parts if part.exercise}
    for part in parts:
        if part.exercise and part.cell:
            found[part.exercise].append(part.cell)
    return found


def role(cell):
    """What a cell is for in its exercise."""
    tags = [tag for tag in cell.metadata.get("tags", []) if tag in ROUND]
    return tags[0] if tags else "check" if cell.source.startswith("exercises.") else "other"


def at_top_level(code):
    """The syntax nodes of a cell that run when the cell runs: not the bodies of the functions it defines."""
    waiting = list(lessons.parse(code).body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield node
            waiting += ast.iter_child_nodes(node)


def draws(code):
    """Whether a cell opens a figure."""
    opened = (node.func for node in at_top_level(code) if isinstance(node, ast.Call))
    return any(re.match(r"plt\.(figure|subplot)", ast.unparse(function)) for function in opened)


def ends_in_publish(code):
    """Whether the last statement of a cell is a call of `publish`."""
    last = lessons.parse(code).body[-1]
    return isinstance(last, ast.Expr) and ast.unparse(last).startswith("publish(")


# ---------------------------------------------------------------------- the course


def test_there_is_a_lesson(course):
    assert course, "notebooks/src holds no lesson: nothing of the course was tested"


def test_no_section_is_covered_twice(course, old_shape):
    """Lessons with letters share a section; beside them may stand what an old lesson still has of it."""
    covered = sorted((section, lesson.number, lesson.name) for lesson in course for section in lesson.sections)
    for section, group in groupby(covered, key=lambda row: row[0]):
        found = list(group)
        numbers = [number for _, number, name in found if name not in old_shape]
        lettered = all(re.fullmatch(rf"{re.escape(section)}[a-z]", number) for number in numbers)
        assert len(found) == 1 or (lettered and len(found) <= len(numbers) + 1), (
            f"section {section} is covered by the lessons {[name for _, _, name in found]}"
        )


def test_exercises_are_numbered_through_the_lesson(lesson):
    numbers = [EXERCISE.match(title)[1] for title in lesson.exercises if EXERCISE.match(title)]
    wanted = [f"{lesson.number}.{count}" for count in range(1, len(numbers) + 1)]
    assert numbers == wanted, f"{lesson.name}: number its exercises {wanted}, they are {numbers}"


# ---------------------------------------------------------------------- how a lesson opens


def test_title_carries_the_lessons_number(lesson):
    assert re.fullmatch(rf"{lesson.number} \S.*", lesson.title), (
        f"{lesson.name}: the first line must read `# {lesson.number} Topic`, not `# {lesson.title}`"
    )


def test_line_below_the_title_says_sections_and_minutes(lesson):
    header = lessons.HEADER.search(opening(lesson))
    minutes = header.group("minutes", "read") if header else ()
    assert any(minutes), (
        f"{lesson.name}: below the title write `*Sections 9.1 and 9.2 of the book*`, "
        "or `*Before the book*`, or `*Beyond the book*`; make links adds the minutes"
    )


def test_opens_with_a_figure_or_a_question(lesson):
    header = lessons.HEADER.search(lesson.source)
    text = opening(lesson)[header.end() :].partition("*You will be able to*")[0]
    assert "![" in text or "?" in text, (
        f"{lesson.name}: show a figure or ask for a prediction before *You will be able to*"
    )


def test_lists_what_the_reader_will_be_able_to_do(old):
    goals = re.search(r"^\*You will be able to\*.*\n\n?((?:- .+\n(?:  .+\n)*)+)", opening(old) + "\n", re.MULTILINE)
    count = len(re.findall(r"^- ", goals[1], re.MULTILINE)) if goals else 0
    assert 3 <= count <= 5, (
        f"{old.name}: *You will be able to* needs 3 to 5 lines `- ...` before the first cell, found {count}"
    )


def test_says_what_the_reader_needs(lesson):
    needs = opening(lesson).partition("*You will be able to*")[2]
    assert re.search(r"^\*You need\*", needs, re.MULTILINE), (
        f"{lesson.name}: say after the goals and before the first cell what one must know: `*You need* ...`"
    )


def test_first_cell_is_the_same_everywhere(lesson):
    first = f"```python\n{lesson.code[0]}\n```\n"
    written = first_cell(lesson.name, read(lessons.ROOT))
    assert first == written, f"{lesson.name}: the first code cell calls begin; let `make links` write it"


# ---------------------------------------------------------------------- its sections


def test_headings_are_the_books_own(lesson):
    for heading in lesson.headings:
        section = re.match(r"\d+\.\d+", heading)
        wanted = book().get(section[0], "(a section of the book)") if section else heading
        assert heading == wanted, f"{lesson.name}: `## {heading}` must read `## {wanted}`"
        elsewhere = re.match(r"More on (\d+\.\d+)(\.\d+)?: ", heading)
        beyond = heading.startswith("Beyond the book: ") or (elsewhere and elsewhere[1] in book())
        assert section or beyond or not lesson.sections or heading in OWN, (
            f"{lesson.name}: what is not the book's is headed `## Beyond the book: {heading}`, "
            f"and what it says in a section of another lesson `## More on 8.7.1: {heading}`"
        )


def test_headings_are_the_promised_sections(lesson):
    found = [heading.split()[0] for heading in lesson.headings if re.match(r"\d+\.\d+", heading)]
    assert sorted(found) == sorted(lesson.sections), (
        f"{lesson.name}: the line below the title promises {lesson.sections}, the headings are {found}"
    )


def test_every_promised_section_runs(lesson):
    for section in lesson.sections:
        codes = [part.text for part in lesson.parts if part.cell and part.section.split(" ")[0] == section]
        shown = [code for code in codes if lessons.calls(code, "check") or lessons.calls(code, "publish")]
        assert shown, f"{lesson.name}: below {section} there must be a code cell with a check(...) or a publish(...)"


def test_closes_with_summary_exercises_and_further_reading(lesson):
    closing = [heading for heading in lesson.headings if heading in OWN]
    assert closing in (OWN, OWN[1:], [*OWN[:2], OWN[3]], [OWN[1], OWN[3]]), (
        f"{lesson.name}: the headings {OWN} must be in this order; the first and the third may be missing"
    )
    assert lesson.headings[-len(closing) :] == closing, f"{lesson.name}: the last headings must be {closing}"


def test_summary_is_three_to_five_points(lesson):
    text = "".join(part.text for part in lesson.parts if part.section == "Summary")
    lines = [line for line in text.splitlines()[1:] if line.strip()]
    assert all(line.startswith("- ") for line in lines), f"{lesson.name}: begin each line of the summary with a dash"
    assert 3 <= len(lines) <= 5, f"{lesson.name}: the summary has {len(lines)} points, it must have 3 to 5"


def test_last_cell_is_text(lesson):
    assert not lesson.parts[-1].cell, f"{lesson.name}: end in Further reading, not in a code cell"


# ---------------------------------------------------------------------- its exercises


def test_five_exercises_or_more(old):
    assert len(old.exercises) >= 5, f"{old.name}: {len(old.exercises)} exercises, five are the least"


def test_exercise_headings_say_number_difficulty_and_minutes(lesson):
    for heading in lesson.exercises:
        right = EXERCISE.fullmatch(heading) and heading.startswith(f"Exercise {lesson.number}.")
        assert right, (
            f"{lesson.name}: `### {heading}` must read `### Exercise {lesson.number}.3 · Title   (★★☆, 5 min)`"
        )


def test_exercises_have_a_hint(lesson):
    for heading in lesson.exercises:
        text = "".join(part.text for part in lesson.parts if part.exercise == heading)
        assert "<details><summary>" in text, f"{lesson.name}: {heading} has no <details><summary>Hint</summary>"


def test_exercises_are_stub_check_solution(lesson):
    for heading, cells in rounds(lesson.parts).items():
        roles = [role(cell) for cell in cells]
        assert roles in (ROUND, [*ROUND, "check"]), (
            f"{lesson.name}: {heading} has the cells {roles}, they must be {ROUND}, then a check again or some text"
        )
        checks = {cell.source for cell in cells if role(cell) == "check"}
        assert len(checks) == 1, f"{lesson.name}: {heading} checks stub and solution differently"


def test_solutions_have_a_title_for_colab(lesson):
    for part in lesson.parts:
        if part.cell and role(part.cell) == "solution":
            assert first_line(part.text) == "# @title Solution", (
                f"{lesson.name}: {part.exercise}: start the solution with `# @title Solution`, "
                "which is what Colab shows of a folded cell"
            )


def test_stub_is_not_attempted_and_solution_is_right(lesson):
    for heading, cells in rounds(lesson.printed_parts).items():
        marks = [outputs(cell)[:1] for cell in cells if role(cell) == "check"]
        assert marks == ["○", "✓"][: len(marks)], (
            f"{lesson.name}: {heading} must say ○ for its stub and ✓ for its solution: {marks}"
        )


# ---------------------------------------------------------------------- its code


def test_code_cells_have_at_most_20_lines(lesson):
    for code in lesson.code:
        count = len(code.splitlines())
        assert count <= 20, f"{lesson.name}: `{first_line(code)}` has {count} lines: split it, or move it to helpers"


def test_code_cells_have_8_lines_in_the_median(old):
    middle = median(len(code.splitlines()) for code in old.code)
    assert middle <= 8, f"{old.name}: half of the code cells have {middle} lines or more, 8 are the limit"


def test_at_most_45_code_cells_before_the_exercises(old):
    count = sum(bool(part.cell and not part.exercise) for part in old.parts)
    assert count <= 45, f"{old.name}: {count} code cells outside of the exercises: split the lesson at 45"


def test_never_three_code_cells_without_a_word(lesson):
    for is_code, group in groupby(lesson.parts, key=lambda part: bool(part.cell)):
        cells = [part for part in group if is_code and not part.exercise]
        assert len(cells) < 3, f"{lesson.name}: say something between the cells from `{first_line(cells[0].text)}` on"


def test_what_is_imported_is_used(lesson):
    trees = [lessons.parse(code) for code in lesson.code]
    used = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for tree in trees[1:]:  # the first cell is the same everywhere
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}
        assert names <= used, f"{lesson.name}: imports {sorted(names - used)} and never uses it"


def test_no_plt_show(lesson):
    for code in lesson.code:
        assert "plt.show" not in code, f"{lesson.name}: end the cell in publish(fig, ...) instead of plt.show()"


def test_no_cell_ends_in_a_semicolon(lesson):
    for code in lesson.code:
        assert not code.rstrip().endswith(";"), f"{lesson.name}: `{first_line(code)}` must not end in a semicolon"


def test_figures_are_published_by_the_last_line_of_their_cell(lesson):
    for code in lesson.code:
        if draws(code) or lessons.calls(code, "publish"):
            assert ends_in_publish(code), f"{lesson.name}: end `{first_line(code)}` ... in publish(fig, name, alt=...)"


def test_every_picture_is_published(lesson):
    for cell in printed_cells(lesson):
        picture = any("image/png" in output.get("data", {}) for output in cell.outputs)
        assert not picture or ends_in_publish(cell.source), (
            f"{lesson.name}: `{first_line(cell.source)}` ... shows a picture that it does not publish"
        )


# ---------------------------------------------------------------------- its text and its print


def test_text_holds_no_html_but_details(lesson):
    for text in texts(lesson):
        strange = html_tags(text) - {"details", "summary"}
        assert not strange, f"{lesson.name}: write Markdown instead of HTML {strange} in: {first_line(text)}"


def test_text_holds_no_directives(lesson):
    for text in texts(lesson):
        directive = re.search(r"^(```\{|:::).*", text, re.MULTILINE)
        assert not directive, f"{lesson.name}: only Sphinx reads `{directive[0]}`; write plain Markdown"


def test_links_lead_somewhere(lesson, root):
    for target in re.findall(r"\]\(([^)\s#]+)", "\n".join(texts(lesson))):
        exists = target.startswith("http") or (root / "notebooks" / target).exists()
        assert exists, f"{lesson.name}: the link to {target} leads nowhere from notebooks/"


def test_no_check_fails(lesson):
    for cell in printed_cells(lesson):
        assert "✗" not in outputs(cell), f"{lesson.name}: `{first_line(cell.source)}` prints {outputs(cell)}"


def test_nothing_goes_to_stderr(lesson):
    for cell in printed_cells(lesson):
        names = [output.get("name") for output in cell.outputs]
        assert "stderr" not in names, f"{lesson.name}: `{first_line(cell.source)}` warns: {outputs(cell)}"


def test_no_address_in_memory_is_shown(lesson):
    for cell in printed_cells(lesson):
        address = re.search(r"<.+ at 0x[0-9a-fA-F]+", outputs(cell))
        assert not address, f"{lesson.name}: `{first_line(cell.source)}` shows {address[0]}>, another one each time"


def test_notebook_has_at_most_1_5_megabytes(lesson):
    size = len(nbformat.writes(lesson.printed).encode()) if lesson.printed else 0
    assert size <= 1_500_000, f"{lesson.name}: the notebook has {size / 1e6:.2f} MB: draw smaller or fewer figures"
