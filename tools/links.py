"""Write what links the lessons together, so that nobody writes it by hand.

    python -m tools links            bring everything up to date
    python -m tools links --check    name what is out of date, write nothing

It writes, from the order of the sources and from the repository named in pyproject.toml: into each source the
Colab badge with the lessons before and after, the minutes, the first code cell, a line `**Next lesson:**` if there
is one, and the source's canonical form; from each source the practice edition and, where only its text has changed,
the text of the executed notebook; into README.md the table of lessons.
"""

import argparse
import re
import sys
from dataclasses import replace
from pathlib import Path

import nbformat

from helpers.support.console import say
from helpers.support.files import write_atomically

from .compose import compose, to_markdown
from .lessons import FURTHER, HEADER, ROOT, Lesson, core, course, further, parts
from .practice import practice
from .readme import BADGE, Incomplete, colab, link, with_table
from .shape import Shape, shape

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FIRST_CELL = """\
```python
try:
    from helpers.lesson import begin, check, publish, show
except ModuleNotFoundError as error:  # Colab, or any machine without the course
    if error.name == "helpers.lesson":
        raise ImportError(f"{{__import__('helpers')}} hides the course's: rename it, restart the kernel") from None
    %pip install --quiet --no-deps git+https://github.com/{repository}
    from helpers.lesson import begin, check, publish, show
rng = begin("{lesson}")
```
"""
FURTHER_MINUTES = re.compile(rf"^## {FURTHER}\n(?:\n*\*\d+ minutes to read(?:, \d+ to do)?\*\n)?\n*", re.MULTILINE)


def repository(root: Path) -> str:
    """Return OWNER/REPO, from the one place that names it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].removeprefix("https://github.com/").rstrip("/")


def expected(root: Path = ROOT) -> dict[Path, str]:
    """Return every file that is written here as it should be."""
    lessons, repo = course(root), repository(root)
    line = [None, *lessons, None]
    lessons = [
        replace(lesson, text=linked(lesson, previous, following, repo))
        for previous, lesson, following in zip(line, lessons, line[2:], strict=False)
    ]
    readme, files = root / "README.md", {}
    for lesson in lessons:
        files |= editions(lesson, root / "notebooks")
    return files | {readme: with_table(readme.read_text(encoding="utf-8"), lessons, repo)}


def editions(lesson: Lesson, folder: Path) -> dict[Path, str]:
    """Return a lesson's source, its practice edition, and its executed notebook if that needs no new run."""
    files = {
        folder / "src" / f"{lesson.name}.md": lesson.source,
        folder / "practice" / f"{lesson.name}.ipynb": practice(lesson),
    }
    executed = with_new_text(lesson)
    return files | ({folder / f"{lesson.name}.ipynb": executed} if executed else {})


def linked(lesson: Lesson, previous: Lesson | None, following: Lesson | None, repo: str) -> str:
    """Return the lesson's source with all its links, in canonical form."""
    source = with_navigation(lesson, f"{colab(lesson, repo)}{neighbours(previous, following)}")
    source = with_first_cell(source, lesson.name, repo)
    next_lesson = f"**Next lesson:** {link(following) if following else 'to come'}"
    source = re.sub(r"^\*\*Next lesson:\*\*.*$", lambda _: next_lesson, source, flags=re.MULTILINE)
    return to_markdown(compose(with_minutes(source, lesson.name), lesson.name))


def with_minutes(source: str, lesson: str) -> str:
    """Return the source with its minutes, unless the line below the title says `40 minutes`, in one number."""
    header = HEADER.search(source)
    if header is None or header["minutes"]:
        return source
    source = with_lines(source, shape([]), shape([]))  # these lines are words to read, too
    found = parts(source, lesson)
    return with_lines(source, shape(core(found)), shape(further(found)))


def with_lines(source: str, core: Shape, further: Shape) -> str:
    """Return the source with its two lines of minutes."""
    line = f"*{{place}} · {core.reading} minutes to read, {core.doing} to do*"
    source = HEADER.sub(lambda header: line.format(place=header["place"]), source, count=1)
    doing = f", {further.doing} to do" if further.doing else ""
    line = f"## {FURTHER}\n\n*{further.reading} minutes to read{doing}*\n\n"
    return FURTHER_MINUTES.sub(lambda _: line, source, count=1)


def with_new_text(lesson: Lesson) -> str | None:
    """Return the executed notebook with the text of its source; None if it has to be executed again."""
    new, old = compose(lesson.source, lesson.name), lesson.printed
    codes = [[cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (new, old) if notebook]
    # The first code cell is written here, and shows nothing.
    if old is None or [cell.source for cell in codes[0][1:]] != [cell.source for cell in codes[1][1:]]:
        return None
    for cell, executed in zip(*codes, strict=True):
        cell.outputs, cell.execution_count = executed.outputs, executed.execution_count
    return f"{nbformat.writes(new)}\n"


def with_navigation(lesson: Lesson, navigation: str) -> str:
    """Return the source with `navigation` as the paragraph right below the title."""
    if not lesson.title:
        raise Incomplete(f"{lesson.name}.md: the first line must be the title, `# {lesson.number} ...`")
    if not HEADER.search(lesson.source):
        raise Incomplete(
            f"{lesson.name}.md: below the title write `*Sections 9.1 and 9.2 of the book · 40 minutes*`, "
            "or `*Before the book · 40 minutes*`, or `*Beyond the book · 40 minutes*`"
        )
    title, _, rest = lesson.source.partition("\n")
    rest = re.sub(rf"\A\n*{re.escape(BADGE)}.*\n", "", rest)
    return f"{title}\n\n{navigation}\n\n{rest.lstrip()}"


def with_first_cell(source: str, lesson: str, repo: str) -> str:
    """Return the source with the one first cell in the place of its first code cell, which must call `begin`."""
    block = re.search(r"^```python\n.*?^```\n", source, flags=re.MULTILINE | re.DOTALL)
    if not block or "begin(" not in block[0]:
        raise Incomplete(f"{lesson}.md: the first code cell must call `begin()`; make links writes the rest of it")
    cell = FIRST_CELL.format(repository=repo, lesson=lesson)
    return source[: block.start()] + cell + source[block.end() :]


def neighbours(previous: Lesson | None, following: Lesson | None) -> str:
    """Return the links to the lessons before and after, as they follow the badge."""
    return (f" · ← {link(previous)}" if previous else "") + (f" · {link(following)} →" if following else "")


def stale(root: Path = ROOT) -> dict[Path, str]:
    """Return the files that are out of date, each as it should be."""
    return {path: text for path, text in expected(root).items() if not path.exists() or path.read_text("utf-8") != text}


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write, or with --check only name, the files that are out of date; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools links", description="Write what links the lessons together.")
    parser.add_argument("--check", action="store_true", help="name what is out of date, write nothing")
    check = parser.parse_args(arguments).check
    try:
        outdated = stale(root)
    except Incomplete as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in outdated.items():
        if not check:
            path.parent.mkdir(exist_ok=True)
            write_atomically(path, text.encode())
        say(f"{path.relative_to(root).as_posix()}: {'out of date, run `make links`' if check else 'updated'}")
    return 1 if check and outdated else 0
