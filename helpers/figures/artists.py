"""What each kind of Matplotlib artist shows, as facts that JSON can hold and another machine finds again.

Facts are texts, colours and styles, and of data a few numbers: never pixels.
"""

from collections import Counter

import matplotlib as mpl
import matplotlib.axes  # loads every kind of artist
import numpy as np


def numbers(values):
    """Up to four numbers as they are; of more data its shape, mean, std and products with two fixed random vectors.

    The vectors come from RandomState, whose stream is frozen for ever. NaN, infinite and masked entries are counted as
    lost and otherwise taken as 0.
    """
    x = np.ma.asarray(values, dtype=float).filled(np.nan)
    lost = ~np.isfinite(x)
    if x.size == 0 or (x.ndim < 2 and x.size <= 4 and not lost.any()):
        return _rounded(x)
    flat = np.where(lost, 0, x).ravel()
    dots = np.random.RandomState(0).uniform(-1, 1, (2, flat.size)) @ flat / np.sqrt(flat.size)
    facts = {"shape": list(x.shape), "mean": _rounded(flat.mean()), "std": _rounded(flat.std()), "dots": _rounded(dots)}
    return facts | ({"lost": int(lost.sum())} if lost.any() else {})


def _rounded(x):
    return [_rounded(entry) for entry in x] if np.ndim(x) else float(f"{x:.6g}")


def _xy(points):
    points = np.ma.asarray(points, dtype=float).reshape(-1, 2)
    return {"x": numbers(points[:, 0]), "y": numbers(points[:, 1])}


def _color(color):
    rgba = mpl.colors.to_rgba_array(color)
    rgba = rgba[:1] if np.all(rgba == rgba[:1]) else rgba
    return mpl.colors.to_hex(rgba[0], keep_alpha=True) if len(rgba) == 1 else numbers(rgba) or None


def got(artist, names):
    """What an artist's getters of these names return, as facts."""
    values = {name: getattr(artist, f"get_{name}")() for name in names.split() if hasattr(artist, f"get_{name}")}
    return {name: _color(value) if name.endswith("color") else _plain(value) for name, value in values.items()}


def _plain(value):
    return value if value is None or isinstance(value, str) else numbers(value)


# What goes without saying; the default interpolation has two names, an old and a new one.
USUAL = {
    *("xscale linear", "yscale linear", "zscale linear", "projection rectilinear", "aspect auto"),
    *("drawstyle default", "marker None", "interpolation auto", "interpolation antialiased"),
}


def told(facts):
    return {key: value for key, value in facts.items() if value not in (None, "") and f"{key} {value}" not in USUAL}


def _mapped(artist):
    """The numbers that an artist shows as colours and how it does so, without the names of colour map and norm."""
    array = artist.get_array()
    if array is None:
        return got(artist, "facecolor edgecolor")
    if array.ndim == 3:  # an image that brings its colours
        return {"array": numbers(array)}
    artist.autoscale_None()
    low, high = artist.get_clim()
    cmap = artist.get_cmap()(np.linspace(0, 1, 5))
    return {
        "array": numbers(array),
        "clim": numbers([low, high]),
        "norm": numbers(artist.norm(np.linspace(low, high, 5)[1:-1])),
        "cmap": [mpl.colors.to_hex(color, keep_alpha=True) for color in cmap],
    }


def _contour(contour):
    to_axes = contour.axes.transData - contour.axes.transAxes
    curves = numbers([_integrals(to_axes.transform_path(path)) for path in contour.get_paths()])
    return _mapped(contour) | {
        "levels": numbers(contour.levels),
        "curves cut by labels" if contour.labelTexts else "curves": curves,
        "labels": sorted({label.get_text() for label in contour.labelTexts}),
    }


def _integrals(path):
    """The length of a curve and the integrals of three fixed waves along it.

    Rounding decides where a contour starts, into how many pieces it falls and where their points lie; these numbers
    hardly notice.
    """
    codes = np.full(len(path.vertices), path.LINETO) if path.codes is None else path.codes
    pen_down = codes[1:] != path.MOVETO
    start, end = path.vertices[:-1][pen_down], path.vertices[1:][pen_down]
    lengths = np.hypot(*(end - start).T)
    waves = np.cos((start + end) @ np.random.RandomState(0).uniform(-np.pi, np.pi, (2, 3)))
    return [lengths.sum(), *(lengths @ waves)]


def _quiver(quiver):
    scale = {} if quiver.scale is None else {"scale": numbers(quiver.scale)}
    return _xy(quiver.get_offsets()) | _mapped(quiver) | scale | {"uv": numbers(np.ma.stack([quiver.U, quiver.V]))}


def _collection(collection):
    outline = np.concatenate([np.empty((0, 2)), *(path.vertices for path in collection.get_paths())])
    offsets = np.ma.asarray(collection.get_offsets())
    if len(offsets) < 2 and not offsets.any():  # not scattered: the outline itself stands in the axes
        return _xy(outline) | _mapped(collection)
    return _xy(offsets) | _mapped(collection) | {"outline": numbers(outline)}


def _polygon(polygon):
    """Corners in mathematical order, since a span's order, and with it its class, changed between versions."""
    x, y = polygon.get_xy().T
    clockwise = np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) < 0
    return _xy(polygon.get_xy()[::-1] if clockwise else polygon.get_xy())


def _arrow(arrow):
    """An arrow's two ends, since the path between them is drawn in pixels."""
    if isinstance(arrow, mpl.patches.ConnectionPatch):
        return _xy([arrow.xy1, arrow.xy2])
    return _xy(arrow._posA_posB or arrow._path_original.vertices)


def _at(text, point, transform):
    """Where a text stands, as a fraction of its axes or figure: without unit, and the same whatever the layout."""
    home = text.axes.transAxes if text.axes else text.figure.transSubfigure
    point = np.hstack([text.convert_xunits(point[0]), text.convert_yunits(point[1])])
    return numbers((transform - home).transform(point))


def _text(text):
    box = text.get_bbox_patch()
    place = {"at": _at(text, text.get_position(), text.get_transform())}
    return place | ({"box": _color(box.get_facecolor())} if box else {})


def _annotation(note):
    ends = {"at": (note.xyann, note.anncoords), "xy": (note.xy, note.xycoords)}
    data = note.axes and note.axes.transData
    places = {name: _at(note, xy, data) if unit == "data" else numbers(xy) for name, (xy, unit) in ends.items()}
    return _text(note) | places | {"arrow": note.arrow_patch and _color(note.arrow_patch.get_edgecolor())}


def _table(table):
    return {"cells": [cell.get_text().get_text() for _, cell in sorted(table.get_celld().items())]}


def _legend(legend):
    return {
        "title": legend.get_title().get_text(),
        "labels": [text.get_text() for text in legend.get_texts()],
        "colors": [got(handle, "color facecolor") for handle in legend.legend_handles],
    }


# Family, its kind, the getters that tell most of it, and what else it shows. The first family that fits counts.
STROKE = "color alpha linestyle linewidth drawstyle marker markersize"
PAINT = "facecolor edgecolor linestyle linewidth hatch"
LETTERS = "text color alpha fontsize rotation"
RULES = (
    (mpl.lines.AxLine, "line", "xy1 xy2 slope " + STROKE, lambda a: {}),
    (mpl.lines.Line2D, "line", STROKE, lambda a: _xy(a.get_xydata())),
    (mpl.image.AxesImage, "image", "extent alpha interpolation", lambda a: _mapped(a) | {"origin": a.origin}),
    (mpl.contour.ContourSet, "contour", "linewidth alpha", _contour),
    (mpl.collections.QuadMesh, "mesh", "alpha", lambda a: _xy(a.get_coordinates()) | _mapped(a)),
    (mpl.quiver.Quiver, "quiver", "alpha", _quiver),
    (mpl.collections.Collection, "collection", "sizes linewidth alpha", _collection),
    (mpl.patches.FancyArrowPatch, "arrow", PAINT, _arrow),
    (mpl.patches.Polygon, "patch", PAINT, _polygon),
    (mpl.patches.Patch, "patch", PAINT, lambda a: _xy(a.get_patch_transform().transform(a.get_path().vertices))),
    (mpl.text.Annotation, "annotation", LETTERS, _annotation),
    (mpl.text.Text, "text", LETTERS, _text),
    (mpl.legend.Legend, "legend", "", _legend),
    (mpl.quiver.QuiverKey, "quiver key", "", lambda a: {"text": a.label, "at": numbers([a.X, a.Y, a.U])}),
    (mpl.table.Table, "table", "", _table),
)
GROUPS = "lines", "images", "collections", "patches", "texts", "tables", "artists", "legends"

# Where artists in 3-D axes keep their data; no getter tells, and the attribute depends on the version.
IN_SPACE = {
    "_verts3d": lambda data: data,
    "_offsets3d": lambda data: data,
    "_segments3d": lambda data: np.concatenate(data).T,
    "_vec": lambda data: data[:3],
    "_faces": lambda data: np.reshape(data, (-1, 3)).T,
}


def _rule(artist):
    return next((rule for rule in RULES if isinstance(artist, rule[0])), None)


def _shown(artist):
    """The facts of an artist that has a rule."""
    _, _, getters, more = _rule(artist)
    spaces = [to_xyz(getattr(artist, name)) for name, to_xyz in IN_SPACE.items() if hasattr(artist, name)]
    depth = {axis: numbers(data) for xyz in spaces for axis, data in zip("xyz", xyz, strict=True)}
    return told(got(artist, getters) | more(artist) | depth)


def _parts(artist):
    """The artist, or the artists that it consists of where it has no rule of its own; nothing if it is invisible."""
    if not artist.get_visible():
        return []
    if _rule(artist):
        return [artist]
    children = artist.get_children() or ([artist.rectangle] if hasattr(artist, "rectangle") else [])
    if not children:
        raise TypeError(f"fingerprint: there is no rule for {type(artist).__name__}: {artist}")
    return [part for child in children for part in _parts(child)]


def _follows(artists, insets):
    """Artists that follow from others and from pixels: labels of contours, and lines from a frame to its inset."""
    labels = {label for artist in artists if isinstance(artist, mpl.contour.ContourSet) for label in artist.labelTexts}
    return labels | {artist for artist in artists if getattr(artist, "coords1", None) in insets}


def drawn(holder, place):
    """The facts of all that is drawn in an axes or figure, numbered within its kind."""
    artists = [artist for group in GROUPS for artist in getattr(holder, group, ())]
    artists += [holder.legend_] if getattr(holder, "legend_", None) else []
    follows = _follows(artists, [inset.transAxes for inset in getattr(holder, "child_axes", ())])
    count, facts = Counter(), {}
    for part in (part for artist in artists if artist not in follows for part in _parts(artist)):
        kind = _rule(part)[1]
        facts[f"{place}, {kind} {count[kind]}"] = _shown(part)
        count[kind] += 1
    return facts
