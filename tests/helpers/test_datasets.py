"""The data: what is in each file, that nobody changed it, toy sets and mini-batches."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from arrays import same
from helpers import datasets
from helpers.datasets import (
    batches,
    load_ascent,
    load_astronaut,
    load_digits,
    load_mnist,
    load_sunspots,
    load_text,
    make_blobs,
    make_moons,
)

RES = Path(__file__).parents[2] / "res"
MANIFEST = json.loads((RES / "manifest.json").read_text())["files"]


def rng(seed=0):
    return np.random.default_rng(seed)


# The files.


@pytest.mark.parametrize("name", MANIFEST)
def test_file_is_the_one_of_the_manifest(name):
    assert hashlib.sha256((RES / name).read_bytes()).hexdigest() == MANIFEST[name]


def test_manifest_and_readme_name_every_file():
    files = {path.name for path in RES.iterdir()} - {"README.md", "manifest.json"}
    assert files == set(MANIFEST)
    readme = (RES / "README.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in readme for name in files)


def test_ascent_is_a_grey_photograph():
    image = load_ascent()
    assert (image.shape, image.dtype, image.min(), image.max()) == ((512, 512), np.uint8, 0, 255)


def test_astronaut_is_a_colour_photograph():
    image = load_astronaut()
    assert (image.shape, image.dtype, image.min(), image.max()) == ((256, 256, 3), np.uint8, 0, 255)
    assert not np.array_equal(image[..., 0], image[..., 2])


def test_digits_are_small_and_labelled():
    images, labels = load_digits()
    assert (images.shape, images.dtype, images.min(), images.max()) == ((1797, 8, 8), np.uint8, 0, 16)
    assert (labels.shape, labels.dtype) == ((1797,), np.uint8)
    same(np.bincount(labels), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])


def test_mnist_is_split_into_8000_and_2000():
    for (images, labels), n in zip(load_mnist(), (8000, 2000), strict=True):
        assert (images.shape, images.dtype, images.min(), images.max()) == ((n, 28, 28), np.uint8, 0, 255)
        assert (labels.shape, labels.dtype) == ((n,), np.uint8)
        assert np.bincount(labels, minlength=10).min() > 0.08 * n
        assert images[:, 0].mean() < 1 < 60 < images[:, 10:18, 10:18].mean()  # bright ink in the middle


def test_no_digit_is_both_in_training_and_test():
    (train, _), (test, _) = load_mnist()
    assert len({image.tobytes() for image in (*train, *test)}) == 10_000


def test_labels_belong_to_their_digits():
    (x, y), (x_test, y_test) = load_mnist()
    means = np.stack([x[y == digit].mean(axis=0).ravel() for digit in range(10)])
    distances = ((x_test.reshape(-1, 1, 784) - means) ** 2).sum(axis=2)
    assert np.mean(distances.argmin(axis=1) == y_test) > 0.75


def test_sunspots_are_yearly():
    years, counts = load_sunspots()
    assert (years.dtype, counts.dtype) == (np.int64, np.float64)
    same(years, np.arange(1700, 2009))
    assert counts.shape == (309,)
    assert counts.min() == 0
    assert years[counts.argmax()] == 1957


def test_text_is_the_constitution():
    text = load_text()
    assert text.isascii()
    assert 40_000 < len(text) < 50_000
    assert "We the People of the United States" in " ".join(text.split())


LOADERS = {
    "ascent": lambda: [load_ascent()],
    "astronaut": lambda: [load_astronaut()],
    "digits": load_digits,
    "mnist": lambda: [array for pair in load_mnist() for array in pair],
    "sunspots": load_sunspots,
}


@pytest.mark.parametrize("name", LOADERS)
def test_loaded_arrays_are_the_callers_own(name):
    for array, again in zip(LOADERS[name](), LOADERS[name](), strict=True):
        assert array.flags.writeable
        assert not np.shares_memory(array, again)


def test_no_pickle_is_opened(tmp_path, monkeypatch):
    np.savez(tmp_path / "digits.npz", images=np.array([{}], dtype=object), labels=np.zeros(1))
    monkeypatch.setattr(datasets, "_resource", lambda name: tmp_path / name)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_digits()


def test_a_missing_file_is_named():
    with pytest.raises(FileNotFoundError, match=r"nothing\.png is missing from"):
        datasets._resource("nothing.png")


# Toy sets.


def test_moons_are_two_half_circles():
    x, labels = make_moons(200, noise=0, rng=rng())
    assert (x.shape, x.dtype, labels.dtype) == ((200, 2), np.float64, np.int64)
    same(np.bincount(labels), [100, 100])
    np.testing.assert_allclose(np.linalg.norm(x - labels[:, None] * [1, 0.5], axis=1), 1)
    assert x[labels == 0, 1].min() >= 0
    assert x[labels == 1, 1].max() <= 0.5


def test_noise_has_the_deviation_that_is_asked_for():
    quiet, loud = make_moons(5000, 0, rng=rng())[0], make_moons(5000, 0.3, rng=rng())[0]
    assert abs(np.std(loud - quiet) - 0.3) < 0.01


def test_blobs_lie_around_their_centers():
    centers = [[0, 0], [10, 0], [0, -10]]
    x, labels = make_blobs(6001, centers, spread=0.5, rng=rng())
    assert (x.shape, x.dtype, labels.dtype) == ((6001, 2), np.float64, np.int64)
    same(np.bincount(labels), [2001, 2000, 2000])
    for k, center in enumerate(centers):
        np.testing.assert_allclose(x[labels == k].mean(axis=0), center, atol=0.05)
        np.testing.assert_allclose(x[labels == k].std(axis=0), 0.5, atol=0.05)


@pytest.mark.parametrize("make", [make_moons, lambda n, rng: make_blobs(n, np.eye(3), rng=rng)])
def test_toy_sets_depend_on_the_seed_alone(make):
    same(make(50, rng=rng(1))[0], make(50, rng=rng(1))[0])
    assert not np.array_equal(make(50, rng=rng(1))[0], make(50, rng=rng(2))[0])


# Mini-batches.


@pytest.mark.parametrize("seed", [None, 0])
@pytest.mark.parametrize(("n", "batch_size", "expected"), [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 9, [3]), (0, 4, [])])
def test_each_example_comes_once_and_the_last_batch_is_short(n, batch_size, expected, seed):
    x = np.arange(n)
    found = list(batches(x, 10 * x, batch_size, None if seed is None else rng(seed)))
    assert [len(part) for part, _ in found] == expected
    same(np.sort([i for part, _ in found for i in part]), x)


def test_pairs_stay_together():
    x, y = np.arange(20.0).reshape(10, 2), np.arange(10)
    for part, labels in batches(x, y, 3, rng()):
        same(part, x[labels])


def test_order_stays_without_a_generator():
    same(np.concatenate([part for part, _ in batches(np.arange(10), np.arange(10), 3)]), np.arange(10))


def test_order_is_new_each_time_and_reproducible():
    def epochs(generator):
        return [np.concatenate([x for x, _ in batches(np.arange(50), np.arange(50), 7, generator)]) for _ in range(2)]

    first, second = epochs(rng())
    assert not np.array_equal(first, second)
    same(epochs(rng()), [first, second])


def test_batches_are_copies():
    x = np.zeros((4, 2))
    for part, labels in batches(x, x, 2):
        part[...] = labels[...] = 1
    assert not x.any()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.int64, "<U3"])
def test_batches_keep_the_dtype(dtype):
    ((x, y),) = batches(np.zeros(3, dtype), [1, 2, 3], 3)
    assert (x.dtype, y.dtype) == (np.dtype(dtype), np.int64)


@pytest.mark.parametrize("seed", [None, 0])
@pytest.mark.parametrize(("n", "batch_size", "expected"), [(10, 4, [4, 4]), (8, 4, [4, 4]), (3, 9, []), (0, 4, [])])
def test_a_short_last_batch_is_left_out_on_demand(n, batch_size, expected, seed):
    x, generators = np.arange(n), [None if seed is None else rng(seed) for _ in range(2)]
    found = [part for part, _ in batches(x, x, batch_size, generators[0], drop_last=True)]
    assert [len(part) for part in found] == expected
    for part, (whole, _) in zip(found, batches(x, x, batch_size, generators[1]), strict=False):
        same(part, whole)


@pytest.mark.parametrize("value", [-1, np.nan, np.inf, True, "wide", None, [1, 2]], ids=repr)
@pytest.mark.parametrize(
    ("name", "make"),
    {
        "make_moons: noise": lambda value: make_moons(10, value, rng=rng()),
        "make_blobs: spread": lambda value: make_blobs(10, [[0]], value, rng=rng()),
    }.items(),
)
def test_a_deviation_is_a_number_of_at_least_0(name, make, value):
    with pytest.raises((ValueError, TypeError), match=f"^{name} expects"):
        make(value)


@pytest.mark.parametrize("n", [10**18, 10**19, 10**30])
def test_a_set_that_no_memory_holds_is_refused(n, refuses):
    refuses(lambda: make_moons(n, rng=rng()), ValueError, "make_moons: n expects sizes that fit into memory")
    refuses(lambda: make_blobs(n, [[0]], rng=rng()), ValueError, "make_blobs: n expects sizes that fit into memory")


WRONG = {
    "batches: y expects as many examples as x has, got shapes x (3,), y (4, 1)": lambda: batches(
        np.ones(3), np.ones((4, 1)), 2
    ),
    "batches: y expects as many examples as x has, got shapes x (), y ()": lambda: batches(1, 2, 2),
    "batches: x expects no masked elements": lambda: batches(np.ma.array([1, 2], mask=[0, 1]), [1, 2], 2),
    "batches: y expects an array, got nested sequences": lambda: batches([1, 2], [[1], [1, 2]], 2),
    "batches: drop_last expects True or False, got 1": lambda: batches([1], [1], 1, drop_last=1),
    "batches: batch_size expects at least 1, got 0": lambda: batches([1], [1], 0),
    "batches: batch_size expects an integer, got 2.0": lambda: batches([1], [1], 2.0),
    "batches: rng expects a numpy.random.Generator, got 0": lambda: batches([1], [1], 1, 0),
    "make_moons: n expects at least 1, got 0": lambda: make_moons(0, rng=rng()),
    "make_moons: n expects an integer, got 10.0": lambda: make_moons(10.0, rng=rng()),
    "make_moons: noise expects shape (), got (2,)": lambda: make_moons(10, [1, 2], rng=rng()),
    "make_moons: rng expects a numpy.random.Generator, got None": lambda: make_moons(10, rng=None),
    "make_blobs: n expects at least 1, got -1": lambda: make_blobs(-1, [[0]], rng=rng()),
    "make_blobs: centers expects shape (k, d) and at least one element, got (2,)": lambda: make_blobs(
        9, [0, 1], rng=rng()
    ),
    "make_blobs: centers expects shape (k, d) and at least one element, got (0, 2)": lambda: make_blobs(
        9, np.zeros((0, 2)), rng=rng()
    ),
    "make_blobs: centers expects an array, got nested sequences": lambda: make_blobs(9, [[0], [1, 2]], rng=rng()),
    "make_blobs: centers expects real numbers": lambda: make_blobs(9, [["a"]], rng=rng()),
    "make_blobs: spread expects real numbers": lambda: make_blobs(9, [[0]], "wide", rng=rng()),
    "make_blobs: rng expects a numpy.random.Generator, got 7": lambda: make_blobs(9, [[0]], rng=7),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_bad_input_is_told(message, refuses):
    kinds = (
        "expects an integer",
        "no masked elements",
        "expects True or False",
        "expects real numbers",
        "expects a numpy.random.Generator",
    )
    refuses(WRONG[message], TypeError if any(kind in message for kind in kinds) else ValueError, message)
