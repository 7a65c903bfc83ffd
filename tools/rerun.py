"""Run the figure cells of a lesson again, as readers do who go back: each must draw what it has drawn.

A cell that draws random numbers on purpose, and so another figure each time, carries the tag `random`.
"""

from collections.abc import Callable, Iterator

import matplotlib.pyplot as plt

from helpers.figures.describe import fingerprint
from helpers.figures.differences import differences

from .lessons import Lesson, Part, calls
from .replay import replay

RANDOM = "random"


def strange(lesson: Lesson) -> Iterator[str]:
    """Run a lesson, and each figure cell twice and once more at the end; yield what then goes wrong."""
    shown: list = []

    def publish(fig, name, alt, update=None, frames=0, fps=None):
        if update is not None:
            update(frames - 1)
        shown.append((name, fingerprint(fig)))
        plt.close(fig)

    with replay(publish) as run:
        drawn: list[tuple[Part, list]] = []
        for part in lesson.parts:
            if not part.cell:
                continue
            shown.clear()
            run(part.text)
            if shown and draws_the_same(part):
                drawn.append((part, shown.copy()))
                yield from changes(run, part, shown.copy(), shown, "right after itself")
        for part, figures in drawn:
            yield from changes(run, part, figures, shown, "after the lesson's end")


def draws_the_same(part: Part) -> bool:
    """Whether a cell publishes a figure that must be the same each time."""
    tags = part.cell.metadata.get("tags", []) if part.cell else []
    return bool(calls(part.text, "publish")) and RANDOM not in tags


def changes(run: Callable[[str], None], part: Part, figures: list, shown: list, when: str) -> Iterator[str]:
    """Run a figure cell again; yield how it differs from its first run."""
    shown.clear()
    try:
        run(part.text)
    except Exception as error:  # a lesson's code may raise anything
        yield f"{figures[0][0]}, run again {when}, raises {type(error).__name__}: {error}"
        return
    for (name, was), (_, now) in zip(figures, shown, strict=True):
        if found := differences(was, now):
            yield f"{name}, run again {when}: {found[0]}" + (f", and {len(found) - 1} more" if found[1:] else "")
