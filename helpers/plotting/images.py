"""Drawing words for images, maps and matrices."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import is_color_like
from matplotlib.patches import Rectangle

from ..support.arguments import as_count, as_number
from .read import INK, PAPER, as_drawable, finish, unmasked


def show_image(x, ax=None, title=None, **options):
    """Draw an image without ticks: (H, W) in grey, or (H, W, 3) in colour.

    Grey goes from dark to bright over the image's own range. Pixels that are not finite stay blank.
    """
    return _show_image("show_image", x, ax, title, options)


def _show_image(where, x, ax, title, options):
    image = as_drawable(where, "x", x, 2, 3)
    if image.ndim == 3 and image.shape[2] not in (1, 3, 4):
        raise ValueError(f"{where}: x expects shape (H, W) or (H, W, 3), got {image.shape}")
    ax = ax or plt.gca()
    ax.imshow(image, **{"cmap": "gray", "interpolation": "nearest", **options})
    return finish(ax, title, xticks=[], yticks=[])


def show_signed(x, ax=None, title=None, limit=None, **options):
    """Draw a map (H, W) of numbers of both signs: blue below 0, white at 0, red above.

    Colours are full at -limit and limit, which is the largest finite |x| unless given. Numbers that
    are not finite stay blank.
    """
    x = as_drawable("show_signed", "x", x, 2)
    limit = _extent(x) if limit is None else as_number("show_signed", "limit", limit, "(0, inf)")
    options = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit, **options}
    return _show_image("show_signed", x, ax, title, options)


def _extent(x):
    """Return the largest finite |x| as a float, and 1 where there is none but 0."""
    numbers = unmasked(x).astype(float)  # |x| and -x leave the range of small integers
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0)) or 1.0


def show_images(images, ax=None, title=None, columns=10, gap=1, **options):
    """Draw images (N, H, W) as one sheet, row by row, `gap` pixels apart.

    The rest of the sheet stays white.
    """
    images = unmasked(as_drawable("show_images", "images", images, 3)).astype(float)
    count, height, width = images.shape
    columns = min(as_count("show_images", "columns", columns), count)
    gap = as_count("show_images", "gap", gap, minimum=0)
    rows = -(-count // columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    for number, image in enumerate(images):
        row, column = number // columns * (height + gap), number % columns * (width + gap)
        sheet[row : row + height, column : column + width] = image
    return _show_image("show_images", sheet, ax, title, options)


def show_numbers(values, ax=None, title=None, colors=None, fmt="{:g}", **options):
    """Draw a matrix (rows, columns) as cells with their numbers; NaN leaves a cell empty.

    `colors`, one colour or an array of them (rows, columns), fills the cells. Further options go to
    the texts.
    """
    values = unmasked(as_drawable("show_numbers", "values", values, 2)).astype(float)
    colors = PAPER if colors is None else colors
    one = is_color_like(colors)
    colors = colors if one else np.broadcast_to(colors, values.shape)
    ax = ax or plt.gca()
    for (row, column), value in np.ndenumerate(values):
        fill = colors if one else colors[row, column]
        ax.add_patch(Rectangle((column, row), 1, 1, facecolor=fill, edgecolor=INK, linewidth=0.8))
        if not np.isnan(value):
            text = {"ha": "center", "va": "center", "color": INK, **options}
            ax.text(column + 0.5, row + 0.5, fmt.format(value), **text)
    rows, columns = values.shape
    ax.axis("off")
    return finish(ax, title, xlim=(-0.1, columns + 0.1), ylim=(rows + 0.1, -0.1), aspect="equal")


def frame(row, column, height, width, ax=None, **options):
    """Outline height x width cells of `show_numbers` from (row, column) on."""
    ax = ax or plt.gca()
    style = {"fill": False, "edgecolor": "C1", "linewidth": 3, **options}
    ax.add_patch(Rectangle((column, row), width, height, **style))
    return ax
