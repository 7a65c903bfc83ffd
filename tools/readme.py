"""The README's table of lessons, by chapter, with one picture each; and its badge."""

import re
from itertools import groupby

from .lessons import Lesson

COLAB = "https://colab.research.google.com"
CI = "[![CI](https://github.com/{0}/actions/workflows/ci.yml/badge.svg)](https://github.com/{0}/actions/workflows/ci.yml)"
ANY_CI = re.compile(re.escape(CI).replace(r"\{0\}", r"[\w.-]+/[\w.-]+") + " ?")
LICENCE = "[![Code:"  # the badge that is always there; CI's stands before it
TABLE = ("<!-- lessons -->\n", "<!-- /lessons -->")
CHAPTERS = {
    0: "Before the book",
    2: "2 Linear Algebra",
    3: "3 Probability and Information Theory",
    4: "4 Numerical Computation",
    5: "5 Machine Learning Basics",
    6: "6 Deep Feedforward Networks",
    7: "7 Regularization",
    8: "8 Optimization",
    9: "9 Convolutional Networks",
    10: "10 Sequence Modeling",
    11: "11 Practical Methodology",
    12: "12 Applications",
    13: "13 Linear Factor Models",
    14: "14 Autoencoders",
    15: "15 Representation Learning",
    16: "16 Structured Probabilistic Models",
    17: "17 Monte Carlo Methods",
    18: "18 Confronting the Partition Function",
    19: "19 Approximate Inference",
    20: "20 Deep Generative Models",
    21: "After the book",
}


class Incomplete(Exception):
    """A file lacks the place that a link belongs into."""


def with_table(readme: str, lessons: list[Lesson], repo: str | None) -> str:
    """Return README with the table of lessons between its two comments, and CI's badge if the repository is known."""
    start, end = TABLE
    if start not in readme or end not in readme:
        raise Incomplete(f"README.md: the lines `{start.strip()}` and `{end}` must mark where the lessons go")
    readme = ANY_CI.sub("", readme)
    if repo:
        readme = readme.replace(LICENCE, f"{CI.format(repo)} {LICENCE}", 1)
    head, _, rest = readme.partition(start)
    rows = ["| | Lesson | Minutes | Practice |", "|---|---|---|---|"]
    for chapter, group in groupby(lessons, key=lambda lesson: lesson.chapter):
        members = list(group)
        practice = [colab(lesson, repo, "Colab") if repo else local(lesson) for lesson in members]
        rows.append(chapter_row(chapter, members, practice))
    return head + start + "\n".join(rows) + "\n" + end + rest.partition(end)[2]


def chapter_row(chapter: int, lessons: list[Lesson], last: list[str], up: str = "", folder: str = "notebooks/") -> str:
    """Return a chapter's row: its title and picture, its lessons with their minutes, and a last column."""
    pictures = [(name, alt) for lesson in lessons for name, alt in lesson.published.items()]
    name, alt = pictures[0] if pictures else ("", "")
    image = f'<br><img src="{up}images/{name}.png" alt="{escaped(alt)}" width="240">' if pictures else ""
    titles = [link(lesson, folder) for lesson in lessons]
    minutes = [str(lesson.minutes) for lesson in lessons]
    columns = [f"**{CHAPTERS[chapter]}**{image}"]
    columns += ["<br>".join(column) for column in (titles, minutes, last)]
    return f"| {' | '.join(columns)} |"


def escaped(text: str) -> str:
    """Return an alt text as it may stand in an attribute within a table."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("|", "&#124;").replace("<", "&lt;")


def colab(lesson: Lesson, repo: str, words: str) -> str:
    """Return a link that opens a lesson's practice edition on Colab."""
    return f"[{words}]({COLAB}/github/{repo}/blob/main/notebooks/practice/{lesson.name}.ipynb)"


def local(lesson: Lesson) -> str:
    """Return a link to a lesson's practice edition in the course's folder."""
    return f"[notebook](notebooks/practice/{lesson.name}.ipynb)"


def link(lesson: Lesson, folder: str = "") -> str:
    """Return a link to the lesson's notebook, by its title."""
    return f"[{lesson.title}]({folder}{lesson.name}.ipynb)"
