"""Draw each published figure wrongly, in many ways, and count the mutants that its fingerprint does not notice.

    python -m tools mutants                       every lesson
    python -m tools mutants 09_01_convolution      one of them

A lesson's code runs in this process; just before a figure is published, each mutant of it is made, compared and undone.
"""

import argparse
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.spines import Spine
from matplotlib.text import Text
from tqdm import tqdm

from helpers.figures.describe import fingerprint
from helpers.figures.differences import differences
from helpers.support.console import say

from .lessons import Lesson, names
from .replay import replay

MOST = 40  # mutants a figure; of more, an even sample
NEARLY_ALL = 0.98


class Mutant(NamedTuple):
    """One wrong way to draw a figure: what it is, how to do it, and how to undo it."""

    what: str
    do: Callable
    undo: Callable


def setting(what: str, setter: Callable, right, wrong) -> Mutant:
    """The mutant that sets a property to a wrong value."""
    return Mutant(what, lambda: setter(wrong), lambda: setter(right))


def mutants(fig) -> Iterator[Mutant]:
    """Yield the mutants of a figure."""
    for number, ax in enumerate(fig.axes):
        where = f"axes {number}"
        for label in ("title", "xlabel", "ylabel"):
            if text := getattr(ax, f"get_{label}")():
                yield setting(f"{where}: another {label}", getattr(ax, f"set_{label}"), text, text + "?")
        if ax.axison and ax.name == "rectilinear":
            yield from moved_limits(ax, where)
        for artist in ax.get_children():
            if shown(artist, ax):
                yield from wrong(artist, f"{where}, {type(artist).__name__}")
    yield from swapped([image for ax in fig.axes for image in ax.images], AxesImage.get_array, AxesImage.set_data)
    flat = [line for ax in fig.axes if ax.name != "3d" for line in ax.lines]
    yield from swapped(flat, Line2D.get_ydata, Line2D.set_ydata)


def moved_limits(ax, where) -> Iterator[Mutant]:
    """Another stretch of each axis, by a tenth of what the axis shows."""
    for letter in "xy":
        transform = getattr(ax, f"{letter}axis").get_transform()
        limits = getattr(ax, f"get_{letter}lim")()
        low, high = transform.transform(np.array(limits))
        moved = transform.inverted().transform(np.array([low, high + 0.1 * (high - low)]))
        yield setting(f"{where}: another {letter}lim", getattr(ax, f"set_{letter}lim"), limits, tuple(moved))


def shown(artist, ax) -> bool:
    """Whether a reader sees the artist, and it is no furniture of the axes."""
    if isinstance(artist, Spine | Axis) or artist is ax.patch or not artist.get_visible():
        return False
    return not isinstance(artist, Text) or (bool(artist.get_text()) and artist is not ax.title)


def wrong(artist, where) -> Iterator[Mutant]:
    """An artist that is missing, flipped, reversed, or in other colours or places."""
    yield setting(f"{where}: missing", artist.set_visible, True, False)
    if artist.axes.name == "3d":  # its data lie elsewhere
        return
    if isinstance(artist, Line2D):
        y = np.asarray(artist.get_ydata(), dtype=float)
        for what, other in (("flipped", -y), ("reversed", y[::-1])):
            if not np.allclose(y, other, rtol=1e-3, atol=0, equal_nan=True):  # else it is no other picture
                yield setting(f"{where}: {what}", artist.set_ydata, y, other)
    elif isinstance(artist, AxesImage):
        yield from wrong_image(artist, where)
    elif isinstance(artist, Text):
        yield setting(f"{where}: another text", artist.set_text, artist.get_text(), artist.get_text() + "?")
    elif isinstance(artist, Rectangle) and artist.get_height():
        yield setting(f"{where}: higher", artist.set_height, artist.get_height(), 1.1 * artist.get_height())
    elif isinstance(artist, Collection) and len(offsets := np.ma.asarray(artist.get_offsets())) > 1:
        yield setting(f"{where}: moved", artist.set_offsets, offsets, offsets + np.ptp(offsets, axis=0) / 10)


def wrong_image(image, where) -> Iterator[Mutant]:
    """An image upside down or mirrored, or with other limits of its colours."""
    array = image.get_array()
    for what, other in (("upside down", array[::-1]), ("mirrored", array[:, ::-1])):
        if not np.ma.allequal(array, other):
            yield setting(f"{where}: {what}", image.set_data, array, other)
    if array.ndim == 2:
        low, high = image.get_clim()
        higher = low, high + 0.1 * (high - low) + (high == low)
        yield setting(f"{where}: other limits of its colours", lambda clim: image.set_clim(*clim), (low, high), higher)


def swapped(artists, get, put) -> Iterator[Mutant]:
    """Each two neighbours of one shape with their data exchanged."""
    for first, second in pairwise(artists):
        a, b = np.ma.asarray(get(first)), np.ma.asarray(get(second))
        if a.shape == b.shape and not np.ma.allequal(a, b):

            def exchange(first=first, second=second, a=a, b=b):
                put(first, b)
                put(second, a)

            def restore(first=first, second=second, a=a, b=b):
                put(first, a)
                put(second, b)

            yield Mutant(f"{type(first).__name__}: data of two swapped", exchange, restore)


def survivors(fig) -> tuple[int, list[str]]:
    """Return how many mutants a figure has, and what the unnoticed ones are."""
    right, found = fingerprint(fig), list(mutants(fig))
    chosen = [found[i] for i in np.unique(np.linspace(0, len(found) - 1, MOST).astype(int))] if found else []
    unnoticed = []
    for mutant in chosen:
        mutant.do()
        if not differences(right, fingerprint(fig)):
            unnoticed.append(mutant.what)
        mutant.undo()
    if alarm := differences(right, fingerprint(fig)):
        raise RuntimeError(f"a mutant was not undone: {alarm}")
    return len(chosen), unnoticed


def examine(lesson: Lesson) -> Iterator[tuple[str, int, list[str]]]:
    """Run a lesson and yield (figure, mutants, unnoticed ones) for each figure that it publishes."""
    found = []

    def publish(fig, name, alt, update=None, frames=0, fps=None):
        if update is not None:
            update(frames - 1)
        found.append((name, *survivors(fig)))
        plt.close(fig)

    with replay(publish) as run:
        for code in lesson.code:
            run(code)
            yield from found
            found.clear()


def main(arguments: list[str] | None = None) -> int:
    """Examine the lessons that are named, or all; return the exit code: 0 if nearly all mutants are noticed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools mutants", description="Count the wrong figures that no fingerprint notices."
    )
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="names of lessons; all without")
    chosen = parser.parse_args(arguments).lessons or names()
    total = missed = 0
    for name in tqdm(chosen, unit="lesson"):
        for figure, count, unnoticed in examine(Lesson(name)):
            total, missed = total + count, missed + len(unnoticed)
            for what in unnoticed:
                tqdm.write(f"{figure}: {what}")
    say(f"{total - missed} of {total} mutants noticed, {1 - missed / max(total, 1):.1%}")
    return int(missed > (1 - NEARLY_ALL) * total)
