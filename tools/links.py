"""Write what links the lessons together, so that nobody writes it by hand.

    python -m tools links                               bring everything up to date
    python -m tools links --repository alice/flower     the same, for this repository on GitHub
    python -m tools links --check                       name what is out of date, write nothing

It writes, from the order of the sources and from the repository: into each source a link to Colab with the lessons
before and after, the minutes, the first code cell, a line `**Next lesson:**` if there is one, and the source's
canonical form; from each source the practice edition and, where only its text has changed, the text of the executed
notebook; into README.md the table of lessons; into pyproject.toml the repository, which is the one given, or
GITHUB_REPOSITORY, or git's remote `origin` on GitHub, or the one that stands there already.
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
from .practice import UP, practice
from .readme import Incomplete, colab, link, with_table
from .repository import Source, find, read, with_repository
from .shape import Shape, shape

FIRST_CELL = """\
```python
try:
    from helpers.lesson import begin, check, publish, show
except ModuleNotFoundError as error:  # Colab, or any machine without the course
    if error.name == "helpers.lesson":
        raise ImportError(f"{{__import__('helpers')}} hides the course's: rename it, restart the kernel") from None
{install}
rng = begin("{lesson}")
```
"""
INSTALL = """\
    %pip install --quiet --no-deps {requirement}
    from helpers.lesson import begin, check, publish, show"""
NOWHERE = """\
    raise ImportError("the course is missing here: clone its repository, and open lessons with `make lab`") from None"""
# The paragraph below the title: a link to Colab, or the badge of former times, and the neighbours.
NAVIGATION = re.compile(r"\A\n*(?:\[!?\[?Open in Colab|← \[|\[[^\]\n]*\]\(\w+\.ipynb\) →).*\n")
FURTHER_MINUTES = re.compile(rf"^## {FURTHER}\n(?:\n*\*\d+ minutes to read(?:, \d+ to do)?\*\n)?\n*", re.MULTILINE)


def expected(root: Path = ROOT, repository: str | None = None) -> dict[Path, str]:
    """Return every file that is written here as it should be, for this repository if one is given."""
    project = root / "pyproject.toml"
    source = read(root)
    source = source._replace(repository=repository or source.repository)
    files = {project: with_repository(project.read_text(encoding="utf-8"), repository)}
    lessons = course(root)
    line = [None, *lessons, None]
    lessons = [
        replace(lesson, text=linked(lesson, previous, following, source))
        for previous, lesson, following in zip(line, lessons, line[2:], strict=False)
    ]
    for lesson in lessons:
        files |= editions(lesson, root / "notebooks", source)
    readme = root / "README.md"
    return files | {readme: with_table(readme.read_text(encoding="utf-8"), lessons, source.repository)}


def editions(lesson: Lesson, folder: Path, source: Source) -> dict[Path, str]:
    """Return a lesson's source, its practice edition, and its executed notebook if that needs no new run."""
    files = {
        folder / "src" / f"{lesson.name}.md": lesson.source,
        folder / "practice" / f"{lesson.name}.ipynb": practice(lesson, files_on_colab(source)),
    }
    executed = with_new_text(lesson)
    return files | ({folder / f"{lesson.name}.ipynb": executed} if executed else {})


def linked(lesson: Lesson, previous: Lesson | None, following: Lesson | None, origin: Source) -> str:
    """Return the lesson's source with all its links, in canonical form."""
    source = with_navigation(lesson, navigation(lesson, previous, following, origin))
    source = with_first_cell(source, lesson.name, origin)
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
    paragraphs = [title, navigation, NAVIGATION.sub("", rest).lstrip()]
    return "\n\n".join(filter(None, paragraphs))


def with_first_cell(source: str, lesson: str, origin: Source) -> str:
    """Return the source with the one first cell in the place of its first code cell, which must call `begin`."""
    block = re.search(r"^```python\n.*?^```\n", source, flags=re.MULTILINE | re.DOTALL)
    if not block or "begin(" not in block[0]:
        raise Incomplete(f"{lesson}.md: the first code cell must call `begin()`; make links writes the rest of it")
    return source[: block.start()] + first_cell(lesson, origin) + source[block.end() :]


def first_cell(lesson: str, origin: Source) -> str:
    """Return a lesson's first code cell, fenced."""
    install = INSTALL.format(requirement=origin.requirement) if origin.requirement else NOWHERE
    return FIRST_CELL.format(install=install, lesson=lesson)


def navigation(lesson: Lesson, previous: Lesson | None, following: Lesson | None, origin: Source) -> str:
    """Return the links to Colab, if that is possible, and to the lessons before and after."""
    links = [colab(lesson, origin.repository, "Open in Colab")] if origin.repository else []
    links += [f"← {link(previous)}"] if previous else []
    links += [f"{link(following)} →"] if following else []
    return " · ".join(links)


def files_on_colab(origin: Source) -> str:
    """Return where the practice edition finds the course's files: on Colab it stands alone."""
    return f"https://github.com/{origin.repository}/raw/main/" if origin.repository else UP


def stale(root: Path = ROOT, repository: str | None = None) -> dict[Path, str]:
    """Return the files that are out of date, each as it should be."""
    files = expected(root, repository)
    return {path: text for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text}


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write, or with --check only name, the files that are out of date; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools links", description="Write what links the lessons together.")
    parser.add_argument("--check", action="store_true", help="name what is out of date, write nothing")
    parser.add_argument("--repository", metavar="OWNER/NAME", help="where the course lies on GitHub")
    given = parser.parse_args(arguments)
    check = given.check
    try:
        outdated = stale(root, given.repository if check else find(root, given.repository))
    except (Incomplete, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in outdated.items():
        if not check:
            path.parent.mkdir(exist_ok=True)
            write_atomically(path, text.encode())
        say(f"{path.relative_to(root).as_posix()}: {'out of date, run `make links`' if check else 'updated'}")
    return 1 if check and outdated else 0
