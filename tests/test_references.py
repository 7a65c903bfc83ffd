"""Every equation, algorithm, figure and table that the course cites by number is the book's.

`book_equations.csv` and `book_floats.csv` hold the book's numbers, each with its section.
"""

import ast
import csv
import re
from functools import lru_cache

from tools.lessons import ROOT

# "eq. 6.18", "eqs. 6.14 and 6.15", "algorithms 7.1, 7.2 and 7.3"; both ends of "eqs. 8.18 to 8.20".
CITED = re.compile(
    r"\b(eq|equation|algorithm|figure|table)s?\.?\s"
    r"(\d+\.\d+(?:(?:,|,? and| or| to)\s\d+\.\d+)*)",
    re.IGNORECASE,
)
BARE = re.compile(r"\((\d+\.\d+)\)")
TAG = re.compile(r"\\tag\{([^}]*)\}")
MATH_AND_CODE = re.compile(r"`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)


@lru_cache
def book():
    """What the book numbers: ("equation", "9.6") to "9.2", the section in which it stands."""
    return {
        (row.get("kind", "equation"), row["number"]): ".".join(row["section"].split(".")[:2])
        for name in ("book_equations.csv", "book_floats.csv")
        for row in rows(ROOT / "notebooks" / name)
    }


def rows(path):
    """The rows of a table, as dictionaries."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tagged(lesson):
    """The numbers of a lesson's tags, each with the text around it."""
    for part in lesson.parts:
        for tag in TAG.findall(part.text):
            yield from ((number, part.text) for number in tag.split(", "))


def cited(text):
    """What a text cites by kind and number."""
    for kind, numbers in CITED.findall(text):
        full = "equation" if kind.lower() == "eq" else kind.lower()
        yield from ((full, number) for number in re.findall(r"\d+\.\d+", numbers))


def unknown(text, prose):
    """What a text cites and the book does not have; in prose "(3.11)" is a citation, too."""
    strange = [f"{kind} {number}" for kind, number in cited(text) if (kind, number) not in book()]
    known = {number for _, number in book()}
    return strange + [f"({number})" for number in BARE.findall(prose) if number not in known]


def docstrings(code):
    """All docstrings of a module, as one text."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, documented)]
    return "\n".join(ast.get_docstring(node) or "" for node in nodes)


def test_tags_are_equations_of_the_lessons_sections(lesson):
    for number, text in tagged(lesson):
        section = book().get(("equation", number))
        assert section, f"{lesson.name}: the book has no equation {number!r}; several read \\tag{{4.3, 4.4}}"
        recalled = re.search(rf"\bsection {re.escape(section)}(?!\.?\d)", text)
        assert section in lesson.sections or recalled, (
            f"{lesson.name}: equation {number} stands in section {section}, not in {lesson.sections}; "
            f"if you recall it from there, write `section {section}` in the same text"
        )


def test_lesson_cites_what_the_book_has(lesson):
    prose = "\n".join(MATH_AND_CODE.sub(" ", part.text) for part in lesson.parts if not part.cell)
    strange = unknown(lesson.source, prose)
    assert not strange, f"{lesson.name} cites {', '.join(strange)}, which the book does not have"


def test_code_cites_what_the_book_has(root):
    for path in sorted((root / "helpers").rglob("*.py")):
        code = path.read_text(encoding="utf-8")
        strange = unknown(code, docstrings(code))
        assert not strange, f"{path.name} cites {', '.join(strange)}, which the book does not have"
