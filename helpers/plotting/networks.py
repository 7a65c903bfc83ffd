"""Drawing words for graphs and for layers of units."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import FancyArrowPatch

from .read import INK, MUTED, PAPER, as_drawable, as_points, finish


def show_graph(places, edges, ax=None, title=None, directed=True, colors=None, size=900, **options):
    """Draw a graph: a circle for each node of `places`, a line for each (tail, head) of `edges`.

    `places` maps names, which are set as mathematics, to (x, y). `directed` lines end in an
    arrowhead; `colors` fills nodes by name; `size` is the area of a circle in square points;
    further options go to the lines.
    """
    centres = as_points("show_graph", "places", list(places.values()), finite=True)
    places = dict(zip(places, map(tuple, centres.tolist()), strict=True))
    ax = ax or plt.gca()
    rim = np.sqrt(size) / 2 + 1  # of a circle, in points: there the lines end
    style = {"arrowstyle": "-|>" if directed else "-", "shrinkA": rim, "shrinkB": rim, **options}
    for edge in edges:
        _draw_edge(ax, places, edge, style)
    fills = [(colors or {}).get(name, PAPER) for name in places]
    ax.scatter(*centres.T, s=size, c=fills, edgecolors=INK, zorder=2)
    for name, (x, y) in places.items():
        ax.text(x, y, f"${name}$", ha="center", va="center", fontsize=12, zorder=3)
    ax.margins(0.15)
    ax.axis("off")
    return finish(ax, title)


def _draw_edge(ax, places, edge, style):
    """Draw a line from the place of one name to that of another."""
    for name in edge:
        if name not in places:
            raise ValueError(f"show_graph: edges expects names of places, got {name!r}")
    start, end = (places[name] for name in edge)
    style = {"color": "0.35", "linewidth": 1.3, "mutation_scale": 14, **style}
    ax.add_patch(FancyArrowPatch(**{"posA": start, "posB": end, **style}))


def show_layers(matrices, ax=None, title=None, units=None, lines=None, names="xhgf"):
    """Draw layers of units, the first at the bottom, with a line for each weight that is not 0.

    `matrices` (outputs, inputs) hold the weights. `units` says for each layer, as a boolean array,
    which units stand out, and `lines` for each matrix which of its lines do; by default those
    between two units that stand out.
    """
    matrices, sizes = _chain(matrices, names)
    units = [np.zeros(size) for size in sizes] if units is None else units
    units = _lit("units", units, [(size,) for size in sizes])
    lines = [np.outer(above, below) for below, above in pairwise(units)] if lines is None else lines
    lines = _lit("lines", lines, [matrix.shape for matrix in matrices])
    ax = ax or plt.gca()
    places = [np.arange(size) + (max(sizes) - size) / 2 for size in sizes]
    for level, (matrix, bright) in enumerate(zip(matrices, lines, strict=True)):
        present = matrix != 0
        _draw_lines(ax, level, places, present & ~bright, colors=MUTED, linewidths=1)
        _draw_lines(ax, level, places, present & bright, colors="C1", linewidths=2.2)
    for level, (xs, lit) in enumerate(zip(places, units, strict=True)):
        _draw_units(ax, level, xs, lit, names[level])
    ax.axis("off")
    return finish(ax, title, xlim=(-0.7, max(sizes) - 0.3), ylim=(-0.4, len(matrices) + 0.4))


def _draw_lines(ax, level, places, chosen, **style):
    """Draw a line wherever `chosen` (outputs, inputs) is true, from `level` to one level up."""
    starts, ends = places[level], places[level + 1]
    pairs = np.argwhere(chosen)
    lines = [[(starts[below], level), (ends[above], level + 1)] for above, below in pairs]
    ax.add_collection(LineCollection(lines, zorder=1, **style))


def _draw_units(ax, level, xs, lit, letter):
    """Draw the units of one level as numbered circles, filled where they stand out."""
    colors = ["C1" if on else PAPER for on in lit]
    ax.scatter(xs, np.full(len(xs), level), s=280, c=colors, edgecolors=INK, zorder=2)
    style = {"ha": "center", "va": "center", "fontsize": 9, "zorder": 3}
    for number, x in enumerate(xs, start=1):
        ax.text(x, level, f"${letter}_{{{number}}}$", **style)


def _chain(matrices, names):
    """Return matrices (outputs, inputs) as arrays, and the sizes of the layers they connect."""
    matrices = [as_drawable("show_layers", "matrices", matrix, 2) for matrix in matrices]
    shapes = [matrix.shape for matrix in matrices]
    if not shapes or any(above[1] != below[0] for below, above in pairwise(shapes)):
        expected = "matrices with as many columns as the one before has rows"
        raise ValueError(f"show_layers: matrices expects {expected}, got shapes {shapes}")
    if len(names) <= len(shapes):
        expected = f"a letter for each of {len(shapes) + 1} layers"
        raise ValueError(f"show_layers: names expects {expected}, got {names!r}")
    return matrices, [shapes[0][1], *(rows for rows, _ in shapes)]


def _lit(name, values, shapes):
    """Return `values` as truth values of these shapes."""
    values = [np.asarray(value, bool) for value in values]
    if [value.shape for value in values] != shapes:
        got = [value.shape for value in values]
        raise ValueError(f"show_layers: {name} expects shapes {shapes}, got {got}")
    return values
