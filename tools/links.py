"""Write what links the lessons together, so that nobody writes it by hand.

    python -m tools links            bring everything up to date
    python -m tools links --check    name what is out of date, write nothing

It writes, from the order of the sources and from the repository named in pyproject.toml: into each source the
Colab badge with the lessons before and after, the first code cell, a line `**Next lesson:**` if there is one, and
the source's canonical form; into README.md the table of lessons.
"""

import argparse
import re
import sys
from pathlib import Path

from helpers.support.console import say
from helpers.support.files import write_atomically

from .compose import compose, to_markdown
from .lessons import HEADER, ROOT, Lesson, course

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

COLAB = "https://colab.research.google.com"
BADGE = f"[![Open in Colab]({COLAB}/assets/colab-badge.svg)]"
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
TABLE = ("<!-- lessons -->\n", "<!-- /lessons -->")


class Incomplete(Exception):
    """A file lacks the place that a link belongs into."""


def repository(root: Path) -> str:
    """Return OWNER/REPO, from the one place that names it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].removeprefix("https://github.com/").rstrip("/")


def expected(root: Path = ROOT) -> dict[Path, str]:
    """Return every linked file as it should be."""
    lessons, repo = course(root), repository(root)
    line = [None, *lessons, None]
    files = {
        root / "notebooks" / "src" / f"{lesson.name}.md": linked(lesson, previous, following, repo)
        for previous, lesson, following in zip(line, lessons, line[2:], strict=False)
    }
    readme = root / "README.md"
    files[readme] = with_table(readme.read_text(encoding="utf-8"), lessons, repo)
    return files


def linked(lesson: Lesson, previous: Lesson | None, following: Lesson | None, repo: str) -> str:
    """Return the lesson's source with all its links, in canonical form."""
    source = with_navigation(lesson, f"{colab(lesson, repo)}{neighbours(previous, following)}")
    source = with_first_cell(source, lesson.name, repo)
    next_lesson = f"**Next lesson:** {link(following) if following else 'to come'}"
    source = re.sub(r"^\*\*Next lesson:\*\*.*$", lambda _: next_lesson, source, flags=re.MULTILINE)
    return to_markdown(compose(source, lesson.name))


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


def with_table(readme: str, lessons: list[Lesson], repo: str) -> str:
    """Return README with the table of lessons between its two comments."""
    start, end = TABLE
    if start not in readme or end not in readme:
        raise Incomplete(f"README.md: the lines `{start.strip()}` and `{end}` must mark where the lessons go")
    head, _, rest = readme.partition(start)
    rows = ["| Lesson | Sections of the book | Minutes | |", "|---|---|---|---|"]
    rows += [
        f"| {link(lesson, 'notebooks/')} | {', '.join(lesson.sections)} | {lesson.minutes} | {colab(lesson, repo)} |"
        for lesson in lessons
    ]
    return head + start + "\n".join(rows) + "\n" + end + rest.partition(end)[2]


def colab(lesson: Lesson, repo: str) -> str:
    """Return the badge that opens the lesson on Colab."""
    return f"{BADGE}({COLAB}/github/{repo}/blob/main/notebooks/{lesson.name}.ipynb)"


def neighbours(previous: Lesson | None, following: Lesson | None) -> str:
    """Return the links to the lessons before and after, as they follow the badge."""
    return (f" · ← {link(previous)}" if previous else "") + (f" · {link(following)} →" if following else "")


def link(lesson: Lesson, folder: str = "") -> str:
    """Return a link to the lesson's notebook, by its title."""
    return f"[{lesson.title}]({folder}{lesson.name}.ipynb)"


def stale(root: Path = ROOT) -> dict[Path, str]:
    """Return the files that are out of date, each as it should be."""
    return {path: text for path, text in expected(root).items() if path.read_text(encoding="utf-8") != text}


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
            write_atomically(path, text.encode())
        say(f"{path.relative_to(root).as_posix()}: {'out of date, run `make links`' if check else 'updated'}")
    return 1 if check and outdated else 0
