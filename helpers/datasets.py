"""The course's data: images, digits, numbers and a text from `res/`, toy sets, mini-batches.

Everything comes with the package; nothing is downloaded. res/README.md has sources and licences.
"""

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from .support.arguments import as_count, as_flag, as_number, as_real, as_rng, expect_memory


def _resource(name):
    """Return the path of a file of `res/`, in the installed package or beside it."""
    package = Path(__file__).parent
    for folder in (package / "res", package.parent / "res"):
        if (folder / name).is_file():
            return folder / name
    places = f"{package} and in {package.parent}"
    raise FileNotFoundError(f"{name} is missing from res/ in {places}: reinstall the course")


def _image(name):
    with Image.open(_resource(name)) as image:
        return np.array(image)


def load_ascent():
    """Return a grey photograph of a staircase: (512, 512) uint8, 0 black to 255 white."""
    return _image("ascent.png")


def load_astronaut():
    """Return a colour photograph of the astronaut Eileen Collins: (256, 256, 3) uint8, RGB."""
    return _image("astronaut.png")


def _images_and_labels(name):
    with np.load(_resource(name), allow_pickle=False) as arrays:
        return arrays["images"], arrays["labels"]


def load_digits():
    """Return 1,797 small handwritten digits and their labels.

    Images (1797, 8, 8) uint8, 0 to 16; labels (1797,) uint8.
    """
    return _images_and_labels("digits.npz")


def load_mnist():
    """Return 10,000 MNIST digits as (x_train, y_train), (x_test, y_test): 8,000, then 2,000.

    Images (n, 28, 28) uint8, 0 to 255, ink is bright; labels (n,) uint8. They are a part of
    MNIST's 70,000, so an error rate on these 2,000 is not the published test error.
    """
    images, labels = _images_and_labels("mnist_10k.npz")
    return (images[:8000], labels[:8000]), (images[8000:], labels[8000:])


def load_sunspots():
    """Return yearly sunspot numbers, 1700 to 2008: years (309,) int64, counts (309,) float64."""
    with _resource("sunspots.csv").open(newline="") as file:
        rows = [(row["YEAR"], row["SUNACTIVITY"]) for row in csv.DictReader(file)]
    years, counts = zip(*rows, strict=True)
    return np.array(years, dtype=float).astype(np.int64), np.array(counts, dtype=float)


def load_text():
    """Return the Constitution of the United States as one str of about 45,000 ASCII characters."""
    return _resource("us_constitution.txt").read_text(encoding="ascii")


def make_moons(n, noise=0.1, *, rng):
    """Draw n points of two interleaved half circles of radius 1.

    Return x (n, 2) float64 and labels (n,) int64, 0 or 1. Gaussian noise of standard deviation
    `noise` is added; `rng` is a numpy.random.Generator.
    """
    n = as_count("make_moons", "n", n)
    noise = as_number("make_moons", "noise", noise, "[0, inf)")
    rng = as_rng("make_moons", rng)
    expect_memory("make_moons", "n", (n, 2))
    labels = np.arange(n) % 2
    angle = np.pi * (rng.random(n) + labels)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return circle + labels[:, None] * [1.0, 0.5] + noise * rng.standard_normal((n, 2)), labels


def make_blobs(n, centers, spread=1.0, *, rng):
    """Draw n points around `centers` (k, d), in turn: x (n, d) float64, labels (n,) int64 below k.

    `spread` is the standard deviation of each cluster along each axis; `rng` is a
    numpy.random.Generator.
    """
    centers = as_real("make_blobs", "centers", centers)
    if centers.ndim != 2 or centers.size == 0:
        form = "shape (k, d) and at least one element"
        raise ValueError(f"make_blobs: centers expects {form}, got {centers.shape}")
    n = as_count("make_blobs", "n", n)
    spread = as_number("make_blobs", "spread", spread, "[0, inf)")
    rng = as_rng("make_blobs", rng)
    expect_memory("make_blobs", "n", (n, centers.shape[1]))
    labels = np.arange(n) % len(centers)
    return centers[labels] + spread * rng.standard_normal((n, centers.shape[1])), labels


def as_examples(where, name, value):
    """Read an array of examples or labels of any dtype."""
    return as_real(where, name, value, kinds="biufcSUO")


def batches(x, y, batch_size, rng=None, drop_last=False):
    """Return an iterator over (x, y) mini-batches along the first axis.

    Each example comes once, and the last batch may be shorter; drop_last=True leaves out one that
    is. `rng`, a numpy.random.Generator, shuffles; without it the order stays. ValueError where x
    and y differ in length.
    """
    x = as_examples("batches", "x", x)
    y = as_examples("batches", "y", y)
    if x.shape[:1] != y.shape[:1] or x.ndim == 0:
        shapes = f"x {x.shape}, y {y.shape}"
        raise ValueError(f"batches: y expects as many examples as x has, got shapes {shapes}")
    batch_size = as_count("batches", "batch_size", batch_size)
    drop_last = as_flag("batches", "drop_last", drop_last)
    end = len(x) - len(x) % batch_size if drop_last else len(x)
    order = np.arange(len(x)) if rng is None else as_rng("batches", rng).permutation(len(x))
    chosen = (order[start : min(start + batch_size, end)] for start in range(0, end, batch_size))
    return ((x[examples], y[examples]) for examples in chosen)
