"""`begin`, `check` and `show`."""

import math
from fractions import Fraction
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.utils.capture import capture_output

from helpers import nn
from helpers.autodiff import Tensor, ops
from helpers.lesson import SEEDS, begin, check, publish, show
from helpers.models import convnets as zoo
from old_shape import OLD_SHAPE


@pytest.fixture
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("in_empty_folder")
def test_begin_seeds_by_the_lesson_name():
    first, again, other = begin("09_1_convolution"), begin("09_1_convolution"), begin("09_2_pooling")
    draws = [rng.random(4) for rng in (first, again, other)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


@pytest.mark.usefixtures("in_empty_folder")
def test_a_renamed_lesson_draws_what_it_drew(monkeypatch):
    monkeypatch.setitem(SEEDS, "09_01_new", "09_1_old")
    drawn = begin("09_01_new").random(4)
    np.testing.assert_array_equal(drawn, begin("09_1_old").random(4))


@pytest.mark.usefixtures("in_empty_folder")
def test_begin_lets_figures_be_published():
    begin("09_1_convolution")
    alt = "A figure without anything in it."
    with capture_output() as captured:
        publish(plt.figure(), "empty_figure", alt)
    pictures = [output.data["text/plain"] for output in captured.outputs]
    assert [*captured.stdout.splitlines(), *pictures] == [alt]


def test_check_prints_what_agrees_and_how_closely(capsys):
    check("two ways", np.ones((2, 3)), np.ones((2, 3)) + 1e-12)
    check("a count", np.int64(178640), 178640)
    check("a number", 2 / 3, 0.6667, tolerance=1e-3)
    check("to the last digit", np.arange(4), np.arange(4), tolerance=0)
    check("a word", "valid", "valid")
    assert capsys.readouterr().out.splitlines() == [
        "✓ two ways: 6 numbers agree to 1e-9",
        "✓ a count: 178,640",
        "✓ a number: 0.6667, agree to 0.001",
        "✓ to the last digit: 4 numbers exactly equal",
        "✓ a word: valid",
    ]


def test_check_takes_the_error_that_theory_allows(capsys):
    check("a mean", 0.52, 0.5, atol=0.03)
    check("counts", np.array([9.0, 21.0]), [10, 20], atol=np.array([1.5, 2.5]))
    check("a count", 103, 100, atol=5)
    assert capsys.readouterr().out.splitlines() == [
        "✓ a mean: 0.5, agree within 0.03",
        "✓ counts: 2 numbers agree within 2.5",
        "✓ a count: 100, agree within 5",
    ]
    with pytest.raises(AssertionError, match=r"expected 0\.5, got 0\.54"):
        check("a mean", 0.54, 0.5, atol=0.03)


@pytest.mark.parametrize(
    ("got", "want", "words"),
    [
        (1.0, 2.0, "✗ it: expected 2, got 1"),
        (np.ones(3), np.ones(4), r"✗ it: expected shape \(4,\), got shape \(3,\)"),
        (False, True, "✗ it: expected True, got False"),
    ],
)
def test_check_raises_where_two_ways_differ(got, want, words):
    with pytest.raises(AssertionError, match=words):
        check("it", got, want)


def test_check_takes_results_however_they_are_written(capsys):
    on_the_tape = 2 * Tensor([0.5, 1.0], requires_grad=True)
    check("Tensors", on_the_tape, [1, 2])
    check("a Tensor that is wanted", [1, 2], on_the_tape)
    check("a number on the tape", ops.sum(on_the_tape), 3.0)
    check("a fraction", 0.25, Fraction(1, 4))
    check("an array without axes", 4, np.array(4))
    check("several arrays", [[1, 2], [on_the_tape[0]]], ([1, 2], [1]))
    assert capsys.readouterr().out.splitlines() == [
        "✓ Tensors: 2 numbers agree to 1e-9",
        "✓ a Tensor that is wanted: 2 numbers agree to 1e-9",
        "✓ a number on the tape: 3, agree to 1e-9",
        "✓ a fraction: 0.25, agree to 1e-9",
        "✓ an array without axes: 4",
        "✓ several arrays: ([1, 2], [1])",
    ]
    with pytest.raises(AssertionError, match=r"✗ Tensors: expected \[1, 3\], got \[1, 2\]"):
        check("Tensors", on_the_tape, [1, 3])


@pytest.mark.parametrize("got", ["x" * 10**6, {1, 2}, None, len, (n for n in "ab"), [[1], [2, 3]]])
def test_check_says_of_anything_in_short_how_it_differs(got):
    with pytest.raises(AssertionError) as error:
        check("it", got, [1.0, 2.0])
    assert str(error.value).startswith("✗ it: expected shape (2,), got ") or "got " in str(error.value)
    assert len(str(error.value)) < 500


def test_check_prints_a_short_line_for_a_long_text(capsys):
    check("a text", "x" * 10**6, "x" * 10**6)
    assert len(capsys.readouterr().out) < 300


BOUNDS = [-1e-9, math.nan, math.inf, "small", True, [1e-9, 1e-9], None, 1j]


@pytest.mark.parametrize("tolerance", BOUNDS)
def test_check_refuses_a_tolerance_that_is_no_bound(tolerance):
    with pytest.raises((TypeError, ValueError), match="check: tolerance expects"):
        check("it", [1.0, 2.0], [1.0, 2.0], tolerance)


NO_BOUNDS = [-0.1, math.nan, math.inf, "small", True, 1j, [0.1, -0.1], [0.1, math.nan]]
OF_OTHER_SHAPES = [[0.1, 0.1, 0.1], [[0.1, 0.1], [0.1, 0.1]], [[0.1], [0.1]], []]


@pytest.mark.parametrize("atol", NO_BOUNDS + OF_OTHER_SHAPES)
def test_check_refuses_an_atol_that_is_no_bound(atol):
    with pytest.raises((TypeError, ValueError), match="check: atol expects"):
        check("it", [1.0, 2.0], [1.0, 2.0], atol=atol)


def test_check_stretches_an_atol_as_numpy_does():
    want = np.zeros((2, 3))
    for atol in (0.5, [0.5], [0.5, 1, 2], [[0.5], [1]], np.full((2, 3), 0.5)):
        check("it", want + 0.5, want, atol=atol)
        with pytest.raises(AssertionError):
            check("it", want + np.array([0.6, 0, 0]), want, atol=atol)
    check("nothing", [], [], atol=[])
    check("parts", (np.ones(2), np.ones(3)), (np.zeros(2), np.zeros(3)), atol=1)
    with pytest.raises(ValueError, match=r"check: atol expects a number or shape \(\), got shape \(2,\)"):
        check("parts", (np.ones(2), np.ones(3)), (np.zeros(2), np.zeros(3)), atol=[1, 1])


def test_check_compares_several_ways_in_one_line(capsys):
    draws = np.random.default_rng(0).normal(2, 1, 20_000)
    error = 3 * draws.std() / np.sqrt(len(draws))
    check({"formula": 2.0, "SciPy": np.float64(2), "20,000 draws": (draws.mean(), error)})
    check({"loops": [1, 2], "matrix": np.array([1.0, 2.0001])}, tolerance=1e-3)
    check({"formula": [1.0, 2.0], "draws": ([1.1, 2.2], [0.2, 0.3])})
    assert capsys.readouterr().out.splitlines() == [
        "✓ 3 agree: formula, SciPy, 20,000 draws",
        "✓ 2 agree: loops, matrix",
        "✓ 2 agree: formula, draws",
    ]


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        ({"formula": 2.0, "SciPy": 2.0, "loops": 3.0}, "✗ loops is not formula: expected 2, got 3"),
        ({"formula": 2.0, "draws": (2.5, 0.4)}, r"✗ draws is not formula: expected 2, got 2\.5"),
        ({"formula": 2.0, "draws": (2.5, 2.5, 2.5)}, "✗ draws is not formula: "),
    ],
)
def test_check_names_the_way_that_differs(ways, words, capsys):
    with pytest.raises(AssertionError, match=words):
        check(ways)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("ways", [{}, {"formula": 2.0}])
def test_check_refuses_what_agrees_with_nothing(ways):
    with pytest.raises(ValueError, match="check: ways expects at least two results, got "):
        check(ways)


@pytest.mark.parametrize("error", [-0.1, math.nan, [0.1, 0.1]])
def test_check_refuses_an_error_that_is_no_bound(error):
    with pytest.raises(ValueError, match="check: atol expects"):
        check({"formula": 2.0, "draws": (2.0, error)})


def test_show_displays_the_source_as_code(monkeypatch):
    shown = []
    monkeypatch.setattr("helpers.lesson.display", shown.append)
    show(begin)
    assert shown[0].data.startswith("```python\ndef begin(")
    assert shown[0].data.endswith("```")


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (zoo.vgg11, "got a partial of vgg; pass vgg"),
        (partial(nn.Linear, 3), "got a partial of Linear; pass Linear"),
        (partial(partial(max, 1), 2), "got a partial of max; pass max"),
        (len, "got len"),
        (int, "got int"),
        (math, "got math"),
        (np.add, "got add"),
        (nn.ReLU(), "pass its class, ReLU, or the function that made it"),
        (3, "got 3; pass its class, int"),
        (None, "got None"),
        (Tensor([1.0]), r"got \[1\]; pass its class, Tensor"),
    ],
)
def test_show_says_what_to_pass_instead_of_what_has_no_source(thing, words):
    expected = "show: function expects a function or class written in Python, "
    with pytest.raises(TypeError, match=expected + ".*" + words):
        show(thing)


def test_show_says_so_where_the_source_is_not_kept():
    names = {}
    exec("def made(): return 1", names)
    with pytest.raises(TypeError, match="got made"):
        show(names["made"])


def test_only_lessons_of_the_old_shape_draw_as_under_their_old_names():
    assert set(SEEDS) <= OLD_SHAPE, f"helpers/lesson.py keeps seeds for {set(SEEDS) - OLD_SHAPE}"
