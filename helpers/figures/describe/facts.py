"""How a value becomes a fact: rounded numbers, colours in hexadecimal, nothing that is usual."""

import matplotlib as mpl
import matplotlib.colors
import numpy as np


def numbers(values):
    """Return up to four numbers as they are, and of more data a summary.

    The summary holds shape, mean, std and the products with two fixed random vectors, drawn from
    RandomState, whose stream is frozen for ever. NaN, infinite and masked entries are counted as
    lost and otherwise taken as 0.
    """
    x = np.ma.asarray(values, dtype=float).filled(np.nan)
    lost = ~np.isfinite(x)
    if x.size == 0 or (x.ndim < 2 and x.size <= 4 and not lost.any()):
        return _rounded(x)
    flat = np.where(lost, 0, x).ravel()
    probes = np.random.RandomState(0).uniform(-1, 1, (2, flat.size))
    facts = {
        "shape": list(x.shape),
        "mean": _rounded(flat.mean()),
        "std": _rounded(flat.std()),
        "dots": _rounded(probes @ flat / np.sqrt(flat.size)),
    }
    return facts | ({"lost": int(lost.sum())} if lost.any() else {})


def _rounded(x):
    return [_rounded(entry) for entry in x] if np.ndim(x) else float(f"{x:.6g}")


def points(places):
    """Return the facts of points (n, 2)."""
    places = np.ma.asarray(places, dtype=float).reshape(-1, 2)
    return {"x": numbers(places[:, 0]), "y": numbers(places[:, 1])}


def color(value):
    """Return one colour in hexadecimal, several as numbers, and None where there is none."""
    rgba = mpl.colors.to_rgba_array(value)
    if len(rgba) and np.all(rgba == rgba[:1]):
        return mpl.colors.to_hex(rgba[0], keep_alpha=True)
    return numbers(rgba) or None


def got(artist, names):
    """Return what an artist's getters of these names say, as facts; names are parted by blanks."""
    facts = {}
    for name in names.split():
        if hasattr(artist, f"get_{name}"):
            value = getattr(artist, f"get_{name}")()
            facts[name] = color(value) if name.endswith("color") else _plain(value)
    return facts


def _plain(value):
    return value if value is None or isinstance(value, str) else numbers(value)


# What goes without saying; the default interpolation has two names, an old and a new one.
USUAL = {
    "xscale": ("linear",),
    "yscale": ("linear",),
    "zscale": ("linear",),
    "projection": ("rectilinear",),
    "aspect": ("auto",),
    "drawstyle": ("default",),
    "marker": ("None",),
    "interpolation": ("auto", "antialiased"),
}


def unusual(facts):
    """Return the facts that need to be said: neither empty nor usual."""
    return {name: value for name, value in facts.items() if not _is_usual(name, value)}


def _is_usual(name, value):
    return value in (None, "") or value in USUAL.get(name, ())


def integrals(path):
    """Return the length of a curve and the integrals of three fixed waves along it.

    Rounding decides where a contour starts, into how many pieces it falls and where their points
    lie; these numbers hardly notice.
    """
    codes = np.full(len(path.vertices), path.LINETO) if path.codes is None else path.codes
    pen_down = codes[1:] != path.MOVETO
    start, end = path.vertices[:-1][pen_down], path.vertices[1:][pen_down]
    lengths = np.hypot(*(end - start).T)
    waves = np.cos((start + end) @ np.random.RandomState(0).uniform(-np.pi, np.pi, (2, 3)))
    return [lengths.sum(), *(lengths @ waves)]
