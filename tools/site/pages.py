"""The pages that are made of all lessons: contents, gallery, book map, glossary, paths."""

import csv
import sys
from itertools import groupby
from pathlib import Path

from ..lessons import Lesson
from ..readme import CHAPTERS
from . import api
from .page import escaped

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NOT_YET = "[not yet]{.not-yet}"


def all_pages(lessons: list[Lesson], root: Path) -> dict[str, str]:
    """Return every page by its name."""
    home = (root / "docs" / "index.md").read_text(encoding="utf-8")
    return {
        "index": home.replace("% lessons", contents(lessons)),
        "gallery": gallery(lessons),
        "map": book_map(lessons, rows(root / "notebooks" / "book_sections.csv")),
        "glossary": glossary(lessons, rows(root / "notebooks" / "terms.csv")),
        "paths": paths(lessons, tomllib.loads((root / "docs" / "paths.toml").read_text(encoding="utf-8"))["path"]),
    }


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(lessons: list[Lesson]) -> str:
    """Return a card per chapter, and for the side bar the lists of all pages."""
    lists, cards = [toctree("Ways in", ["paths", "map", "gallery", "glossary", "notation"])], []
    for chapter, group in groupby(lessons, key=lambda lesson: lesson.chapter):
        members = list(group)
        lists.append(toctree(CHAPTERS[chapter], [lesson.name for lesson in members]))
        cards.append(chapter_card(CHAPTERS[chapter], members))
    grid = ["::::{grid} 1 2 2 2\n:gutter: 3\n:class-container: chapters", *cards, "::::"]
    return "\n\n".join([*grid, *lists, toctree("The package", list(api.all_pages()))])


def chapter_card(title: str, lessons: list[Lesson]) -> str:
    """Return a chapter's card: a figure, and its lessons with their minutes."""
    name, alt = next(figure for lesson in lessons for figure in lesson.published.items())
    lines = [f":::{{grid-item-card}} {title}", f":img-top: images/{name}.png", f":img-alt: {alt}", ""]
    lines += [f"- {link(lesson)} · {lesson.minutes} minutes" for lesson in lessons]
    return "\n".join([*lines, ":::"])


def toctree(caption: str, names: list[str]) -> str:
    """Return a list of pages under a caption, for the side bar only."""
    lines = ["```{toctree}", ":hidden:", f":caption: {caption}", "", *names, "```"]
    return "\n".join(lines)


def link(lesson: Lesson) -> str:
    """Return a link to a lesson's page, by its title."""
    return f"[{lesson.title}]({lesson.name}.ipynb)"


def gallery(lessons: list[Lesson]) -> str:
    """Return the page of all figures, each a card that leads to its lesson."""
    number = sum(len(lesson.published) for lesson in lessons)
    text = [f"# Gallery\n\nAll {number} figures of the course. Each leads to the lesson that draws it."]
    for lesson in lessons:
        pictures = [
            f"[![{escaped(alt)}](images/{name}.png)]({lesson.name}.ipynb)" for name, alt in lesson.published.items()
        ]
        text += [f"## {lesson.title}", ":::{div} gallery", *pictures, ":::"]
    return "\n\n".join(text)


def book_map(lessons: list[Lesson], sections: list[dict[str, str]]) -> str:
    """Return the page that leads from a section of the book to its lessons."""
    covered = sum(bool(covering(row["section"], lessons)) for row in sections)
    about = f"{covered} of the {len(sections)} numbered sections of chapters 2 to 20 have a lesson so far."
    text = [f"# Book map\n\n{about}"]
    for chapter, group in groupby(sections, key=lambda row: int(row["section"].split(".")[0])):
        lines = ["| Section | Title | Lesson |", "|---|---|---|"]
        for row in group:
            found = "<br>".join(map(link, covering(row["section"], lessons)))
            lines.append(f"| {row['section']} | {row['title']} | {found or NOT_YET} |")
        text += [f"## {CHAPTERS[chapter]}", "\n".join(lines)]
    return "\n\n".join(text)


def covering(section: str, lessons: list[Lesson]) -> list[Lesson]:
    """Return the lessons on a section; on one that the book does not have, by their own number."""
    return [lesson for lesson in lessons if section in (*lesson.sections, lesson.number)]


def glossary(lessons: list[Lesson], terms: list[dict[str, str]]) -> str:
    """Return the page of terms, each with the lesson that explains it."""
    by_name = {lesson.name: lesson for lesson in lessons}
    lines = ["| Term | | 中文 | 日本語 | Explained in |", "|---|---|---|---|---|"]
    for row in sorted(terms, key=lambda row: row["term"].lower()):
        where = link(by_name[row["lesson"]])
        lines.append(f"| **{row['term']}** | {row['sentence']} | {row['chinese']} | {row['japanese']} | {where} |")
    return "# Glossary\n\nThe terms that lessons explain, with their Chinese and Japanese names.\n\n" + "\n".join(lines)


def paths(lessons: list[Lesson], ways: list[dict]) -> str:
    """Return the page of suggested orders."""
    text = ["# Paths\n\nThree ways through the course. Minutes are for reading and doing, without what goes further."]
    for way in ways:
        steps = [step(name, sections, lessons) for name, sections in way["steps"]]
        text += [f"## {way['title']}", way["about"], "\n".join(steps)]
    return "\n\n".join(text)


def step(name: str, sections: list[str], lessons: list[Lesson]) -> str:
    """Return one step of a path, with its lessons and their minutes."""
    found = dict.fromkeys(lesson for section in sections for lesson in covering(section, lessons))
    if not found:
        return f"1. **{name}**: {NOT_YET}"
    return f"1. **{name}**: {', '.join(link(lesson) for lesson in found)} ({sum(x.minutes for x in found)} minutes)"
