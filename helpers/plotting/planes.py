"""Drawing words for functions, points and paths in a plane."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection

from ..support.arguments import as_count
from .read import PAPER, as_drawable, as_points, finish


def show_grid(move=None, ax=None, title=None, limit=3, **options):
    """Draw the plane's square grid, from -limit to limit, after `move`: by default as it is.

    `move` turns points (n, 2) into points (n, 2). Lines of equal x are blue, of equal y vermillion,
    the two axes thick; further options go to the lines.
    """
    limit = as_count("show_grid", "limit", limit)
    ax = ax or plt.gca()
    along, across = np.linspace(-limit, limit, 40 * limit + 1), np.arange(-limit, limit + 1)
    upright = [np.column_stack([np.full(len(along), x), along]) for x in across]
    for lines, color in ((upright, "C0"), ([line[:, ::-1] for line in upright], "C1")):
        moved = lines
        if move is not None:
            moved = [as_points("show_grid", "move's value", move(line)) for line in lines]
        widths = np.where(across == 0, 2.2, 0.9)
        style = {"colors": color, "linewidths": widths, **options}
        ax.add_collection(LineCollection(moved, **style))
    around = (-limit - 0.2, limit + 0.2)
    return finish(ax, title, xlim=around, ylim=around, aspect="equal")


def show_contours(f, xlim, ylim, ax=None, title=None, levels=12, **options):
    """Draw contour lines of f(x, y), a function of arrays, within limits (low, high).

    Options are those of `contour`.
    """
    ax = ax or plt.gca()
    x, y = np.meshgrid(np.linspace(*xlim, 201), np.linspace(*ylim, 201))
    height = as_drawable("show_contours", "f's value", f(x, y), 0, 2)
    if height.ndim == 0:  # a constant, which has no contours
        height = np.full(x.shape, height)
    ax.contour(x, y, height, **{"levels": levels, "colors": "0.7", "linewidths": 0.8, **options})
    return finish(ax, title, xlim=xlim, ylim=ylim)


def plot_path(points, ax=None, **options):
    """Draw a path of points (n, 2) as a line with a dot at each step, a larger one at its start."""
    ax = ax or plt.gca()
    points = as_points("plot_path", "points", points).astype(float)
    (line,) = ax.plot(*points.T, **{"marker": "o", "markersize": 3, "linewidth": 1.2, **options})
    ax.plot(*points[0], "o", color=line.get_color(), markersize=8, markeredgecolor=PAPER)
    return ax
