"""One idea, one sitting: the limits of a lesson, and what stands where in it. `make links` counts and writes minutes.

`tests/tools/test_rules.py` breaks a small lesson once for every rule, and the rule must notice.
"""

import re
from collections import defaultdict

from tools import lessons
from tools.compose import TITLE
from tools.links import with_minutes
from tools.shape import counts, shape

WIDEST = 100  # characters of a printed line that no front end wraps
TEX = re.compile(r"\$[^$]+\$|\\[a-z]{2,}")
SAME = 4  # lines from which on two cells of two lessons must differ


def texts(parts):
    """The Markdown of some parts."""
    return "\n".join(part.text for part in parts if not part.cell)


def test_lessons_of_the_old_shape_are_there(course, old_shape):
    gone = old_shape - {lesson.name for lesson in course}
    assert not gone, f"take {gone} off the list in tests/old_shape.py: no lesson has that name"


def test_says_what_the_reader_will_be_able_to_do(new):
    goals = re.search(r"^\*You will be able to\*(.*?)^\*You need\*", texts(new.core), re.MULTILINE | re.DOTALL)
    assert goals, f"{new.name}: before *You need* comes *You will be able to* ..."
    assert 1 <= len(goals[1].split()) <= 60, f"{new.name}: *You will be able to* says two or three things"


def test_number_is_that_of_the_first_section(new):
    number = re.match(r"\d+\.\d+", new.number)[0]
    assert number == (new.sections or [number])[0], f"{new.name}: it covers {new.sections}, which begin elsewhere"


def test_minutes_are_those_of_its_length(new):
    assert new.source == with_minutes(new.source, new.name), f"{new.name}: run `make links`, which counts its minutes"
    assert lessons.HEADER.search(new.source)["read"], f"{new.name}: write the line below the title without minutes"


def test_core_takes_at_most_40_minutes(new):
    core = shape(new.core)
    assert core.reading + core.doing <= 40, f"{new.name}: {core.reading} minutes to read and {core.doing} to do"


def test_core_has_at_most_18_code_cells(new):
    assert shape(new.core).cells <= 18, f"{new.name}: {shape(new.core).cells} code cells before Going further"


def test_core_has_at_most_180_lines_of_code(new):
    assert shape(new.core).lines <= 180, f"{new.name}: {shape(new.core).lines} lines of code before Going further"


def test_core_has_at_most_1200_words(new):
    assert shape(new.core).words <= 1200, f"{new.name}: {shape(new.core).words} words before Going further"


def test_further_has_at_most_18_code_cells(new):
    assert shape(new.further).cells <= 18, f"{new.name}: {shape(new.further).cells} code cells in Going further"


def test_first_picture_is_early(new):
    first = shape(new.core).first_picture
    assert first, f"{new.name}: no figure before Going further"
    assert first <= 3, f"{new.name}: the first picture comes in code cell {first}, it must be one of the first 3"


def test_core_has_two_to_four_exercises(new):
    count = shape(new.core).exercises
    assert 2 <= count <= 4, f"{new.name}: {count} exercises before Going further, it must be 2 to 4"


def test_one_cell_of_three_checks(new):
    for part in (shape(new.core), shape(new.further)):
        assert 3 * part.checks <= part.cells + 2, f"{new.name}: {part.checks} of {part.cells} code cells check"


def test_at_most_three_predictions(new):
    count = len(re.findall(r"\*\*Predict", texts(new.parts)))
    assert count <= 3, f"{new.name}: asks {count} times for a prediction, 3 are the most"


def test_drawing_cells_have_a_title(new):
    for part in new.parts:
        if part.cell and "solution" not in part.cell.metadata.get("tags", []):
            draws = bool(lessons.calls(part.text, "publish"))
            titled = part.text.startswith(TITLE) and "Solution" not in part.text.partition("\n")[0]
            assert draws == titled, (
                f"{new.name}: a cell that publishes a figure, and no other, begins with `# @title Draw ...`, "
                f"not so: {part.text[:60]!r}"
            )


def test_printed_lines_are_short_and_plain(new):
    for part in new.printed_parts:
        for output in part.cell.get("outputs", []) if part.cell else []:
            for line in output.get("text", "").splitlines():
                assert len(line) <= WIDEST, f"{new.name}: a printed line has {len(line)} characters: {line[:60]!r}"
                assert not TEX.search(line), f"{new.name}: TeX is not typeset where it is printed: {line!r}"


def test_no_two_lessons_have_the_same_cell(course, old_shape):
    homes = defaultdict(set)
    for lesson in course:
        for part in lesson.parts:
            if lesson.name not in old_shape and part.cell and counts(part) and len(part.text.splitlines()) >= SAME:
                homes[part.text].add(lesson.name)
    twice = {code.partition("\n")[0]: names for code, names in homes.items() if len(names) > 1}
    assert not twice, f"the same cell in two lessons; put what they share into helpers: {twice}"
