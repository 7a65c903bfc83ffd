"""What is told of an axes itself: texts, place in the grid, limits, scales, ticks that were set."""

import matplotlib as mpl
import matplotlib.category
import matplotlib.ticker
import numpy as np

from .facts import got, numbers, unusual

TEXTS_AND_SCALES = "title xlabel ylabel zlabel xscale yscale zscale aspect"
SET_TICKS = (
    mpl.ticker.FixedLocator,
    mpl.ticker.NullLocator,
    mpl.category.StrCategoryLocator,
)
OWN_LABELS = mpl.ticker.ScalarFormatter, mpl.ticker.LogFormatter


def axes_facts(ax):
    """Return the facts of an axes, without those of what is drawn in it."""
    if not ax.get_visible():
        return {"visible": "no"}
    in_space = ax.name == "3d"
    facts = got(ax, TEXTS_AND_SCALES) | {"projection": ax.name}
    for side in ("left", "right") if hasattr(ax, "get_title") else ():
        facts[f"title {side}"] = ax.get_title(side)
    if place := ax.get_subplotspec():  # rows, columns, first and last cell
        facts["place"] = [int(number) for number in place.get_geometry()]
    if not ax.axison:
        facts["axis"] = "off"
    if in_space:
        facts["view"] = numbers([ax.elev, ax.azim])
    for letter in "xyz" if in_space else "xy":
        facts |= _limits(ax, letter) | _ticks(ax, letter)
    return unusual(facts)


def _limits(ax, letter):
    """Return the limits of one axis as its scale maps them.

    On a log axis these are decades, so that one tolerance fits every axis. Limits in space that
    were not set are left out, since versions leave different margins there.
    """
    if ax.name == "3d" and getattr(ax, f"get_autoscale{letter}_on")():
        return {}
    transform = getattr(ax, f"{letter}axis").get_transform()
    limits = np.array(getattr(ax, f"get_{letter}lim")())
    return {f"{letter}lim": numbers(transform.transform(limits))}


def _ticks(ax, letter):
    """Return places and labels of the ticks of one axis, as far as somebody set them."""
    axis = getattr(ax, f"{letter}axis")
    locator, formatter = axis.get_major_locator(), axis.get_major_formatter()
    if not isinstance(locator, SET_TICKS):
        return {}
    ticks = locator()
    facts = {f"{letter}ticks": numbers(ticks)}
    if not isinstance(formatter, OWN_LABELS):
        labels = formatter.format_ticks(ticks)
        facts[f"{letter}ticklabels"] = [str(label) for label in labels]
    return facts
