"""Drawing words for functions, points and paths in a plane, and for curves."""

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


def plot_history(history, names=("loss", "validation_loss"), ax=None, title=None, **options):
    """Draw learning curves: columns of a training history over the epochs, from epoch 1.

    `names` is one name or several.
    """
    ax = ax or plt.gca()
    for name in [names] if isinstance(names, str) else names:
        column = as_drawable("plot_history", name, history[name], 1)
        ax.plot(np.arange(1, len(column) + 1), column, label=name.replace("_", " "), **options)
    ax.legend()
    return finish(ax, title, xlabel="epoch")


def plot_decision(classify, x, labels, ax=None, title=None, steps=200):
    """Draw points x (N, 2) in the colours of their labels, on the regions of each class.

    `classify` turns points (n, 2) into classes (n,), whole numbers from 0 on, as
    lambda x: model(x).data.argmax(axis=1) does.
    """
    x = as_points("plot_decision", "x", x, finite=True).astype(float)
    labels = _classes("labels", labels, len(x))
    ax = ax or plt.gca()
    low, high = x.min(axis=0), x.max(axis=0)
    margin = np.where(high > low, 0.1 * (high - low), 1)
    across, up = np.linspace(low - margin, high + margin, steps).T
    plane = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    regions = _classes("classify's value", classify(plane), len(plane)).reshape(steps, steps)
    edges = np.arange(max(regions.max(), labels.max()) + 2) - 0.5
    colors = [f"C{number}" for number in range(len(edges) - 1)]
    ax.contourf(across, up, regions, levels=edges, colors=colors, alpha=0.25)
    style = {"markersize": 4, "markeredgecolor": PAPER, "markeredgewidth": 0.5}
    for number, color in enumerate(colors):
        ax.plot(*x[labels == number].T, "o", color=color, **style)
    return finish(ax, title)


def _classes(name, value, count):
    """Return `value` as whole numbers from 0 on, one for each of `count` points."""
    classes = as_drawable("plot_decision", name, value, 1)
    whole = np.isfinite(classes) & (classes >= 0) & (classes == np.floor(classes))
    if len(classes) != count or not whole.all():
        expected = f"{count} whole numbers of at least 0"
        got = f"shape {classes.shape}: {classes}"
        raise ValueError(f"plot_decision: {name} expects {expected}, got {got}")
    return classes.astype(int)
