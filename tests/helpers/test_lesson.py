"""`begin`, `check` and `show`."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import figures
from helpers.lesson import begin, check, show


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
def test_begin_lets_figures_be_published(monkeypatch):
    shown = []
    monkeypatch.setattr("helpers.figures._display", lambda *shown_as: shown.append(shown_as))
    begin("09_1_convolution")
    figures.publish(plt.figure(), "empty_figure", alt="A figure without anything in it.")
    assert len(shown) == 1


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


def test_show_displays_the_source_as_code(monkeypatch):
    shown = []
    monkeypatch.setattr("helpers.lesson.display", shown.append)
    show(check)
    assert shown[0].data.startswith("```python\ndef check(")
    assert shown[0].data.endswith("```")
