"""Drawing words: each draws one thing on `ax`, by default the current axes, and returns the Axes.

What is drawn may be an array, lists or a Tensor, on the tape or not. A title is set only if one is
given. Options are Matplotlib's, under its names.
"""

from .images import frame, show_image, show_images, show_numbers, show_signed
from .networks import show_graph, show_layers
from .planes import plot_path, show_contours, show_grid

__all__ = [
    "frame",
    "plot_path",
    "show_contours",
    "show_graph",
    "show_grid",
    "show_image",
    "show_images",
    "show_layers",
    "show_numbers",
    "show_signed",
]
