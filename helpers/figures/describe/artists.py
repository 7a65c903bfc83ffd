"""What each kind of artist shows: one rule for each family, and a walk through what is drawn."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import matplotlib as mpl
import matplotlib.axes  # loads every kind of artist
import numpy as np

from .facts import color, got, integrals, numbers, points, unusual


def _mapped(artist):
    """Return the numbers that an artist shows as colours, and how it shows them.

    Colour map and norm are told by what they do, since their names may change.
    """
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
    curves = numbers([integrals(to_axes.transform_path(path)) for path in contour.get_paths()])
    return _mapped(contour) | {
        "levels": numbers(contour.levels),
        "curves cut by labels" if contour.labelTexts else "curves": curves,
        "labels": sorted({label.get_text() for label in contour.labelTexts}),
    }


def _quiver(quiver):
    scale = {} if quiver.scale is None else {"scale": numbers(quiver.scale)}
    arrows = {"uv": numbers(np.ma.stack([quiver.U, quiver.V]))}
    return points(quiver.get_offsets()) | _mapped(quiver) | scale | arrows


def _collection(collection):
    corners = [path.vertices for path in collection.get_paths()]
    outline = np.concatenate([np.empty((0, 2)), *corners])
    offsets = np.ma.asarray(collection.get_offsets())
    if len(offsets) < 2 and not offsets.any():  # not scattered: the outline stands in the axes
        return points(outline) | _mapped(collection)
    return points(offsets) | _mapped(collection) | {"outline": numbers(outline)}


def _line(line):
    return points(line.get_xydata())


def _image(image):
    return _mapped(image) | {"origin": image.origin}


def _mesh(mesh):
    return points(mesh.get_coordinates()) | _mapped(mesh)


def _patch(patch):
    return points(patch.get_patch_transform().transform(patch.get_path().vertices))


def _polygon(polygon):
    """Return the corners counterclockwise; versions draw a span in one order or the other."""
    corners = polygon.get_xy()
    x, y = corners.T
    clockwise = np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) < 0
    return points(corners[::-1] if clockwise else corners)


def _arrow(arrow):
    """Return an arrow's two ends, since the path between them is drawn in pixels."""
    if isinstance(arrow, mpl.patches.ConnectionPatch):
        return points([arrow.xy1, arrow.xy2])
    return points(arrow._posA_posB or arrow._path_original.vertices)


def _at(text, point, transform):
    """Return where a text stands, as a fraction of its axes or figure, whatever the layout."""
    home = text.axes.transAxes if text.axes else text.figure.transSubfigure
    x, y = point
    point = np.hstack([text.convert_xunits(x), text.convert_yunits(y)])
    return numbers((transform - home).transform(point))


def _text(text):
    box = text.get_bbox_patch()
    place = {"at": _at(text, text.get_position(), text.get_transform())}
    return place | ({"box": color(box.get_facecolor())} if box else {})


def _annotation(note):
    arrow = note.arrow_patch and color(note.arrow_patch.get_edgecolor())
    return _text(note) | {
        "at": _end(note, note.xyann, note.anncoords),
        "xy": _end(note, note.xy, note.xycoords),
        "arrow": arrow,
    }


def _end(note, point, unit):
    """Return one end of an annotation: as a place in its axes if it is given in data."""
    return _at(note, point, note.axes.transData) if unit == "data" else numbers(point)


def _table(table):
    return {"cells": [cell.get_text().get_text() for _, cell in sorted(table.get_celld().items())]}


def _legend(legend):
    return {
        "title": legend.get_title().get_text(),
        "labels": [text.get_text() for text in legend.get_texts()],
        "colors": [got(handle, "color facecolor") for handle in legend.legend_handles],
    }


def _quiver_key(key):
    return {"text": key.label, "at": numbers([key.X, key.Y, key.U])}


class Rule(NamedTuple):
    """How the artists of one family are told."""

    family: type
    kind: str  # its name in places, as in "axes 0, line 1"
    getters: str  # what `get_...` methods tell, parted by blanks
    more: Callable = lambda artist: {}  # what no getter tells


STROKE = "color alpha linestyle linewidth drawstyle marker markersize"
PAINT = "facecolor edgecolor linestyle linewidth hatch"
LETTERS = "text color alpha fontsize rotation"
RULES = (  # the first whose family fits counts
    Rule(mpl.lines.AxLine, "line", "xy1 xy2 slope " + STROKE),
    Rule(mpl.lines.Line2D, "line", STROKE, _line),
    Rule(mpl.image.AxesImage, "image", "extent alpha interpolation", _image),
    Rule(mpl.contour.ContourSet, "contour", "linewidth alpha", _contour),
    Rule(mpl.collections.QuadMesh, "mesh", "alpha", _mesh),
    Rule(mpl.quiver.Quiver, "quiver", "alpha", _quiver),
    Rule(mpl.collections.Collection, "collection", "sizes linewidth alpha", _collection),
    Rule(mpl.patches.FancyArrowPatch, "arrow", PAINT, _arrow),
    Rule(mpl.patches.Polygon, "patch", PAINT, _polygon),
    Rule(mpl.patches.Patch, "patch", PAINT, _patch),
    Rule(mpl.text.Annotation, "annotation", LETTERS, _annotation),
    Rule(mpl.text.Text, "text", LETTERS, _text),
    Rule(mpl.legend.Legend, "legend", "", _legend),
    Rule(mpl.quiver.QuiverKey, "quiver key", "", _quiver_key),
    Rule(mpl.table.Table, "table", "", _table),
)
GROUPS = "lines", "images", "collections", "patches", "texts", "tables", "artists", "legends"

# Where artists in 3-D axes keep their data; no getter tells, and the name depends on the version.
IN_SPACE = {
    "_verts3d": lambda data: data,
    "_offsets3d": lambda data: data,
    "_segments3d": lambda data: np.concatenate(data).T,
    "_vec": lambda data: data[:3],
    "_faces": lambda data: np.reshape(data, (-1, 3)).T,
}


def _rule(artist):
    return next((rule for rule in RULES if isinstance(artist, rule.family)), None)


def _shown(artist):
    """Return the facts of an artist that has a rule."""
    rule = _rule(artist)
    return unusual(got(artist, rule.getters) | rule.more(artist) | _depth(artist))


def _depth(artist):
    """Return the facts of an artist's data in space; none in a plane."""
    facts = {}
    for name, to_xyz in IN_SPACE.items():
        if hasattr(artist, name):
            x, y, z = to_xyz(getattr(artist, name))
            facts |= {"x": numbers(x), "y": numbers(y), "z": numbers(z)}
    return facts


def _parts(artist):
    """Return the artist, or where no rule knows it the artists that it consists of.

    An invisible one has no parts.
    """
    if not artist.get_visible():
        return []
    if _rule(artist):
        return [artist]
    children = artist.get_children()
    if not children and hasattr(artist, "rectangle"):
        children = [artist.rectangle]
    if not children:
        kind = type(artist).__name__
        raise TypeError(f"fingerprint: fig expects artists of known kinds, got {kind}: {artist}")
    return [part for child in children for part in _parts(child)]


def _follows(artists, insets):
    """Return the artists that follow from others and from pixels.

    These are the labels of contours, and the lines from a frame to its inset.
    """
    contours = [artist for artist in artists if isinstance(artist, mpl.contour.ContourSet)]
    labels = {label for contour in contours for label in contour.labelTexts}
    return labels | {artist for artist in artists if getattr(artist, "coords1", None) in insets}


def _artists(holder):
    """Return all that an axes or figure holds, without what follows from the rest."""
    artists = [artist for group in GROUPS for artist in getattr(holder, group, ())]
    artists += [holder.legend_] if getattr(holder, "legend_", None) else []
    follows = _follows(artists, [inset.transAxes for inset in getattr(holder, "child_axes", ())])
    return [artist for artist in artists if artist not in follows]


def drawn(holder, place):
    """Return the facts of all that is drawn in an axes or figure, numbered within its kind."""
    count = Counter()
    facts = {}
    for part in [part for artist in _artists(holder) for part in _parts(artist)]:
        kind = _rule(part).kind
        facts[f"{place}, {kind} {count[kind]}"] = _shown(part)
        count[kind] += 1
    return facts
