"""Compare the facts of two figures, with one readable line for each difference."""

from typing import NamedTuple

import numpy as np

TOLERANCE = 1e-4  # of the data's spread; a tenth of it of their level and of the axis they are on


class Scale(NamedTuple):
    """What the numbers of a fact are measured by, apart from their own spread and level."""

    limits: str = ""  # the fact of the same place, or of its axes, that holds the ends of the axis
    span: float = 0  # or the length of that axis, where it is known
    looser: float = 1  # times the tolerance


SCALES = {
    "x": Scale(limits="xlim"),
    "y": Scale(limits="ylim"),
    "z": Scale(limits="zlim"),
    "array": Scale(limits="clim"),
    "at": Scale(span=1),  # a fraction of the axes or figure
    "xy": Scale(span=1),
    "size": Scale(looser=100),  # letters, measured in pixels, may decide this one and the next
    "curves cut by labels": Scale(looser=300),
}


def differences(was, now):
    """Return one line for each difference between two fingerprints: none if they show the same."""
    lines = []
    for place in was | now:
        axes = place.split(", ")[0]
        name = _named(place, (was | now).get(axes, {}).get("title", ""))
        if place in was and place in now:
            changes = _changes(was[place], now[place], was.get(axes, {}) | was[place])
            lines += [f"{name}: {change}" for change in changes]
        else:
            lines.append(f"{name}: {'is missing' if place in was else 'is new'}")
    return lines


def _named(place, title):
    """Return a place with the title of its axes, as in `axes 0 "Loss", line 1`."""
    axes, *artist = place.split(", ")
    title = " ".join(title.split())
    return ", ".join([f'{axes} "{title}"' if title else axes, *artist])


def _changes(was, now, scene):
    """Yield what changed among the facts of one place.

    `scene` also holds the facts of the axes around it, of which the limits are needed.
    """
    for field in was | now:
        old, new = was.get(field), now.get(field)
        slack = _slack(field, old, scene)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from [f"{field} {change}" for change in _first_change(old, new, slack)]
        elif not _agree(old, new, slack):
            yield f"{field} was {old!r}, is {new!r}"


def _first_change(old, new, slack):
    """Return the first number in which two summaries of data differ, in a list of at most one."""
    for key in ("shape", "lost", "mean", "std", "dots"):
        if not _agree(old.get(key), new.get(key), slack):
            return [f"{key} was {old.get(key)!r}, is {new.get(key)!r}"]
    return []


def _slack(field, fact, scene):
    """Return by how much the numbers of a fact may differ; 0 for what holds no floats."""
    level = np.asarray([fact["mean"]] if isinstance(fact, dict) else fact)
    if level.dtype.kind != "f" or not level.size:
        return 0
    spread = fact["std"] if isinstance(fact, dict) else level.std()
    scale = SCALES.get(field, Scale())
    return scale.looser * TOLERANCE * (spread + (abs(level.mean()) + _span(field, scene)) / 10)


def _span(field, scene):
    """Return the length of the axis on which a fact is seen; 0 where all sizes count.

    That is so where there is no axis, and on a log axis, as on every one with a scale of its own.
    """
    scale = SCALES.get(field, Scale())
    if f"{field}scale" in scene:
        return scale.span
    low, high = scene.get(scale.limits, (0, 0))
    return scale.span + abs(high - low)


def _agree(old, new, slack):
    """Return whether floats are equal within the slack, or texts, counts and shapes exactly."""
    a, b = np.asarray(old), np.asarray(new)
    if a.dtype.kind == b.dtype.kind == "f" and a.shape == b.shape:
        return bool(np.all(np.abs(a - b) <= slack))
    return old == new
