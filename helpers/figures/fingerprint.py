"""The fingerprint of a figure: what it shows, without looking at pixels; and how two fingerprints differ.

A fingerprint is a dict from places (`"figure"`, `"axes 0"`, `"axes 0, line 1"`) to facts of what stands there.
"""

import matplotlib as mpl
import numpy as np

from .artists import drawn, got, numbers, told

SET_TICKS = mpl.ticker.FixedLocator, mpl.ticker.NullLocator, mpl.category.StrCategoryLocator
OWN_LABELS = mpl.ticker.ScalarFormatter, mpl.ticker.LogFormatter


def _axis(ax, letter):
    """The facts of one axis; limits as the scale maps them, in decades on a log axis: then one tolerance fits all."""
    axis, facts = getattr(ax, f"{letter}axis"), {}
    if ax.name != "3d" or not getattr(ax, f"get_autoscale{letter}_on")():  # versions leave other margins in space
        limits = getattr(ax, f"get_{letter}lim")()
        facts[f"{letter}lim"] = numbers(axis.get_transform().transform(np.array(limits)))
    if isinstance(axis.get_major_locator(), SET_TICKS):
        ticks, formatter = axis.get_major_locator()(), axis.get_major_formatter()
        facts[f"{letter}ticks"] = numbers(ticks)
        if not isinstance(formatter, OWN_LABELS):
            facts[f"{letter}ticklabels"] = [str(label) for label in formatter.format_ticks(ticks)]
    return facts


def _axes(ax):
    """The facts of an axes itself: texts, place in the grid, limits, scales, ticks that were set."""
    if not ax.get_visible():
        return {"visible": "no"}
    facts = got(ax, "title xlabel ylabel zlabel xscale yscale zscale aspect") | {"projection": ax.name}
    for side in ("left", "right") if hasattr(ax, "get_title") else ():
        facts[f"title {side}"] = ax.get_title(side)
    if place := ax.get_subplotspec():  # rows, columns, first and last cell
        facts["place"] = [int(number) for number in place.get_geometry()]
    if not ax.axison:
        facts["axis"] = "off"
    if ax.name == "3d":
        facts["view"] = numbers([ax.elev, ax.azim])
    for letter in "xyz" if ax.name == "3d" else "xy":
        facts |= _axis(ax, letter)
    return told(facts)


def _nested(holders, inner):
    """All holders, each followed by those within it."""
    return [each for holder in holders for each in (holder, *_nested(getattr(holder, inner), inner))]


def fingerprint(fig):
    """Return what a figure shows, as a dict from places to facts that JSON can hold.

    A kind of artist that no rule knows raises a TypeError that names it.
    """
    facts = {"figure": {"size": numbers(fig.get_size_inches())}}
    for number, part in enumerate(_nested([fig], "subfigs")):
        facts |= drawn(part, f"subfigure {number}" if number else "figure")
    for number, ax in enumerate(_nested(fig.axes, "child_axes")):
        facts[f"axes {number}"] = _axes(ax)
        facts |= drawn(ax, f"axes {number}") if ax.get_visible() else {}
    return facts


TOLERANCE = 1e-4  # of the data's spread, and a tenth of it of their level and of the axis on which they are seen
LOOSER = {"curves cut by labels": 300, "size": 100}  # letters, measured in pixels, may decide both
SEEN_ON = {"x": "xlim", "y": "ylim", "z": "zlim", "array": "clim"}


def differences(was, now):
    """Return one readable line for each difference between two fingerprints: no line if they show the same."""
    lines = []
    for place in was | now:
        axes, *artist = place.split(", ")
        title = " ".join((was | now).get(axes, {}).get("title", "").split())
        name = ", ".join([f'{axes} "{title}"' if title else axes, *artist])
        if place in was and place in now:
            changes = _changes(was[place], now[place], was.get(axes, {}) | was[place])
            lines += [f"{name}: {change}" for change in changes]
        else:
            lines.append(f"{name}: {'is missing' if place in was else 'is new'}")
    return lines


def _changes(was, now, scene):
    """What changed among the facts of one place; `scene` also holds the limits of the axes around it."""
    for field in was | now:
        old, new = was.get(field), now.get(field)
        slack = _slack(old, _span(field, scene)) * LOOSER.get(field, 1)
        if isinstance(old, dict) and isinstance(new, dict):
            keys = ("shape", "lost", "mean", "std", "dots")
            keys = [key for key in keys if not _agree(old.get(key), new.get(key), slack)]
            yield from [f"{field} {key} was {old.get(key)!r}, is {new.get(key)!r}" for key in keys[:1]]
        elif not _agree(old, new, slack):
            yield f"{field} was {old!r}, is {new!r}"


def _span(field, scene):
    """The length of the axis that shows the data: 1 for a place in an axes, 0 on a log axis, where all sizes count."""
    if field in ("at", "xy"):
        return 1
    low, high = scene.get(SEEN_ON.get(field), (0, 0))
    return 0 if f"{field}scale" in scene else abs(high - low)


def _slack(fact, span):
    level = np.asarray([fact["mean"]] if isinstance(fact, dict) else fact)
    if level.dtype.kind != "f" or not level.size:
        return 0
    spread = fact["std"] if isinstance(fact, dict) else level.std()
    return TOLERANCE * (spread + (abs(level.mean()) + span) / 10)


def _agree(old, new, slack):
    """Floats agree within the slack; texts, counts and shapes only if they are equal."""
    a, b = np.asarray(old), np.asarray(new)
    if a.dtype.kind == b.dtype.kind == "f" and a.shape == b.shape:
        return bool(np.all(np.abs(a - b) <= slack))
    return old == new
