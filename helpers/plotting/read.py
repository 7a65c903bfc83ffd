"""How the drawing words read what they draw, and what they have in common."""

import numpy as np

from ..autodiff import Tensor

INK, PAPER, MUTED = "#222222", "#ffffff", "#c4c4c4"


def _untaped(value):
    return value.data if isinstance(value, Tensor) else value


def unmasked(value):
    """Return `value` with NaN for what is masked: floats, if it is a masked array."""
    return value.astype(float).filled(np.nan) if np.ma.isMaskedArray(value) else value


def as_drawable(where, name, value, *ranks):
    """Return `value` as an array of real numbers or truth values with one of these numbers of axes.

    Masks stay. Nothing to draw is a ValueError.
    """
    if isinstance(value, (list, tuple)):
        value = [unmasked(_untaped(item)) for item in value]  # a list cannot keep masks
    value = _untaped(value)
    try:
        array = np.ma.asarray(value) if np.ma.isMaskedArray(value) else np.asarray(value)
    except ValueError:
        array = np.array(None)  # nested sequences of different lengths are an object
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{where}: {name} expects an array of real numbers, got {array.dtype}")
    if array.ndim not in ranks or array.size == 0:
        axes = " or ".join(map(str, ranks))
        expected = f"{axes} axes, none empty"
        raise ValueError(f"{where}: {name} expects {expected}, got shape {array.shape}")
    return array


def as_points(where, name, value, finite=False):
    """Return `value` as an array (n, 2) of points, of which each must have a place if `finite`."""
    points = as_drawable(where, name, value, 2)
    if points.shape[1] != 2:
        raise ValueError(f"{where}: {name} expects shape (n, 2), got {points.shape}")
    if finite and not np.isfinite(unmasked(points)).all():
        raise ValueError(f"{where}: {name} expects finite numbers, got {points.tolist()}")
    return points


def finish(ax, title, **settings):
    """Set these properties, and the title if there is one; return the Axes."""
    ax.set(**settings)
    if title is not None:
        ax.set_title(title)
    return ax
