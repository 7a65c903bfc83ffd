"""Describe a figure: what it shows as facts, without looking at pixels.

The facts are a dict from places (`"figure"`, `"axes 0"`, `"axes 0, line 1"`) to dicts of texts,
colours, styles, and a few numbers of the data: JSON can hold them, and another machine finds them
again. `facts` says how a value becomes a fact, `artists` and `axes` what is told of each.
"""

from .artists import drawn
from .axes import axes_facts
from .facts import numbers


def fingerprint(fig):
    """Return what a figure shows, as a dict from places to facts that JSON can hold.

    A kind of artist that no rule knows raises a TypeError that names it.
    """
    facts = {"figure": {"size": numbers(fig.get_size_inches())}}
    for number, part in enumerate(_nested([fig], "subfigs")):
        facts |= drawn(part, f"subfigure {number}" if number else "figure")
    for number, ax in enumerate(_nested(fig.axes, "child_axes")):
        facts[f"axes {number}"] = axes_facts(ax)
        facts |= drawn(ax, f"axes {number}") if ax.get_visible() else {}
    return facts


def _nested(holders, inner):
    """Return all holders, each followed by those within it."""
    found = []
    for holder in holders:
        found += [holder, *_nested(getattr(holder, inner), inner)]
    return found
