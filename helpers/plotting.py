"""Drawing words: each draws one thing on `ax`, by default the current axes, and returns the Axes.

Options are Matplotlib's, under its names.
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import FancyArrowPatch, Rectangle

INK, PAPER, MUTED = "#222222", "#ffffff", "#c4c4c4"


def show_image(x, ax=None, title="", **options):
    """Draw an image (H, W) in grey, dark to bright over its own range, or (H, W, 3) in colour, without ticks."""
    ax = ax or plt.gca()
    ax.imshow(x, **{"cmap": "gray", "interpolation": "nearest", **options})
    ax.set(title=title, xticks=[], yticks=[])
    return ax


def show_signed(x, ax=None, title="", limit=None, **options):
    """Draw a map (H, W) of numbers of both signs: blue below 0, white at 0, red above; full colour at +-limit."""
    limit = np.abs(x).max() if limit is None else limit
    return show_image(x, ax, title, **{"cmap": "RdBu_r", "vmin": -limit, "vmax": limit, **options})


def show_numbers(values, ax=None, title="", colors=None, fmt="{:g}", **options):
    """Draw a matrix (rows, columns) as cells with their numbers; NaN leaves a cell empty, `colors` fills cells.

    `colors` is one colour or an array of them (rows, columns); further options go to the texts.
    """
    ax = ax or plt.gca()
    values = np.asarray(values, dtype=float)
    colors = np.broadcast_to(PAPER if colors is None else colors, values.shape)
    for (row, column), value in np.ndenumerate(values):
        ax.add_patch(Rectangle((column, row), 1, 1, facecolor=colors[row, column], edgecolor=INK, linewidth=0.8))
        if np.isfinite(value):
            text = {"ha": "center", "va": "center", "color": INK, **options}
            ax.text(column + 0.5, row + 0.5, fmt.format(value), **text)
    ax.set(title=title, xlim=(-0.1, values.shape[1] + 0.1), ylim=(values.shape[0] + 0.1, -0.1), aspect="equal")
    ax.axis("off")
    return ax


def frame(row, column, height, width, ax=None, **options):
    """Outline height x width cells of `show_numbers` from (row, column) on."""
    ax = ax or plt.gca()
    style = {"fill": False, "edgecolor": "C1", "linewidth": 3, **options}
    ax.add_patch(Rectangle((column, row), width, height, **style))
    return ax


def show_grid(move=None, ax=None, title="", limit=3, **options):
    """Draw the plane's square grid after `move`, points (n, 2) -> (n, 2): by default as it is, from -limit to limit.

    Lines of equal x are blue, of equal y vermillion, the two axes thick; further options go to the lines.
    """
    ax = ax or plt.gca()
    along, across = np.linspace(-limit, limit, 40 * limit + 1), np.arange(-limit, limit + 1)
    upright = [np.column_stack([np.full(len(along), x), along]) for x in across]
    for lines, color in ((upright, "C0"), ([line[:, ::-1] for line in upright], "C1")):
        moved = lines if move is None else [move(line) for line in lines]
        widths = np.where(across == 0, 2.2, 0.9)
        ax.add_collection(LineCollection(moved, **{"colors": color, "linewidths": widths, **options}))
    ax.set(title=title, xlim=(-limit - 0.2, limit + 0.2), ylim=(-limit - 0.2, limit + 0.2), aspect="equal")
    return ax


def show_images(images, ax=None, title="", columns=10, gap=1, **options):
    """Draw images (N, H, W) as one sheet, row by row, `gap` pixels apart; the rest of the sheet stays white."""
    images = np.asarray(images, dtype=float)
    count, height, width = images.shape
    columns = min(columns, count)
    rows = -(-count // columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    for number, image in enumerate(images):
        row, column = number // columns * (height + gap), number % columns * (width + gap)
        sheet[row : row + height, column : column + width] = image
    return show_image(sheet, ax, title, **options)


def plot_history(history, names=("loss", "validation_loss"), ax=None, title="", **options):
    """Draw learning curves: columns of a training history over the epochs, from epoch 1."""
    ax = ax or plt.gca()
    for name in names:
        ax.plot(np.arange(1, len(history) + 1), history[name], label=name.replace("_", " "), **options)
    ax.set(title=title, xlabel="epoch")
    ax.legend()
    return ax


def plot_decision(classify, x, labels, ax=None, title="", steps=200):
    """Draw points x (N, 2) in the colours of their labels, on the regions where `classify` gives each class.

    classify turns points (n, 2) into whole numbers (n,), as lambda x: model(x).data.argmax(axis=1) does.
    """
    ax = ax or plt.gca()
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.1 * (high - low)
    across, up = (np.linspace(a, b, steps) for a, b in zip(low - margin, high + margin, strict=True))
    regions = classify(np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)).reshape(steps, steps)
    edges = np.arange(max(regions.max(), labels.max()) + 2) - 0.5
    colors = [f"C{number}" for number in range(len(edges) - 1)]
    ax.contourf(across, up, regions, levels=edges, colors=colors, alpha=0.25)
    for number, color in enumerate(colors):
        ax.plot(*x[labels == number].T, "o", color=color, markersize=4, markeredgecolor=PAPER, markeredgewidth=0.5)
    ax.set(title=title)
    return ax


def show_contours(f, xlim, ylim, ax=None, title="", levels=12, **options):
    """Draw contour lines of f(x, y), a function of arrays, within limits (low, high); options as for `contour`."""
    ax = ax or plt.gca()
    x, y = np.meshgrid(np.linspace(*xlim, 201), np.linspace(*ylim, 201))
    height = f(x, y)
    height = height if isinstance(height, np.ndarray) else height.data  # a function of `ops` returns a Tensor
    ax.contour(x, y, height, **{"levels": levels, "colors": "0.7", "linewidths": 0.8, **options})
    ax.set(title=title, xlim=xlim, ylim=ylim)
    return ax


def plot_path(points, ax=None, **options):
    """Draw a path of points (n, 2) as a line with a dot at each step, a larger one at its start."""
    ax = ax or plt.gca()
    points = np.asarray(points, dtype=float)
    (line,) = ax.plot(*points.T, **{"marker": "o", "markersize": 3, "linewidth": 1.2, **options})
    ax.plot(*points[0], "o", color=line.get_color(), markersize=8, markeredgecolor=PAPER)
    return ax


def show_graph(places, edges, ax=None, title="", directed=True, colors=None, size=900, **options):
    """Draw a graph: a circle for each node of `places`, name -> (x, y), a line for each (tail, head) of `edges`.

    Names are set as mathematics. `directed` lines end in an arrowhead; `colors` fills nodes by name; `size` is the area
    of a circle in square points; further options go to the lines.
    """
    ax = ax or plt.gca()
    style = {"arrowstyle": "-|>" if directed else "-", "color": "0.35", "linewidth": 1.3, "mutation_scale": 14}
    rim = np.sqrt(size) / 2 + 1  # of a circle, in points: there the lines end
    for tail, head in edges:
        ends = {"posA": places[tail], "posB": places[head], "shrinkA": rim, "shrinkB": rim}
        ax.add_patch(FancyArrowPatch(**{**style, **ends, **options}))
    fills = [(colors or {}).get(name, PAPER) for name in places]
    ax.scatter(*np.array(list(places.values()), dtype=float).T, s=size, c=fills, edgecolors=INK, zorder=2)
    for name, (x, y) in places.items():
        ax.text(x, y, f"${name}$", ha="center", va="center", fontsize=12, zorder=3)
    ax.set(title=title)
    ax.margins(0.15)
    ax.axis("off")
    return ax


def show_layers(matrices, ax=None, title="", units=None, lines=None, names="xhgf"):
    """Draw layers of units, the first at the bottom, with a line wherever a layer's matrix (outputs, inputs) is not 0.

    `units` says for each layer, as a boolean array, which units stand out, and `lines` for each matrix which of its
    lines do; by default those between two units that stand out.
    """
    ax = ax or plt.gca()
    sizes = [matrices[0].shape[1], *(len(matrix) for matrix in matrices)]
    units = [np.zeros(size, bool) for size in sizes] if units is None else [np.asarray(lit, bool) for lit in units]
    lines = [np.outer(above, below) for below, above in pairwise(units)] if lines is None else lines
    places = [np.arange(size) + (max(sizes) - size) / 2 for size in sizes]
    for level, (matrix, bright) in enumerate(zip(matrices, lines, strict=True)):
        _draw_lines(ax, level, places, np.argwhere((matrix != 0) & ~bright), colors=MUTED, linewidths=1, zorder=1)
        _draw_lines(ax, level, places, np.argwhere((matrix != 0) & bright), colors="C1", linewidths=2.2, zorder=1)
    for level, (xs, lit) in enumerate(zip(places, units, strict=True)):
        colors = ["C1" if on else PAPER for on in lit]
        ax.scatter(xs, np.full(len(xs), level), s=280, c=colors, edgecolors=INK, zorder=2)
        for number, x in enumerate(xs, start=1):
            ax.text(x, level, f"${names[level]}_{{{number}}}$", ha="center", va="center", fontsize=9, zorder=3)
    ax.set(title=title, xlim=(-0.7, max(sizes) - 0.3), ylim=(-0.4, len(matrices) + 0.4))
    ax.axis("off")
    return ax


def _draw_lines(ax, level, places, pairs, **style):
    """Draw a line for each (output, input) of `pairs`, from its place at `level` to its place one level up."""
    ends = [[(places[level][below], level), (places[level + 1][above], level + 1)] for above, below in pairs]
    ax.add_collection(LineCollection(ends, **style))
