"""The tool that draws figures wrongly: its mutants differ, are noticed by fingerprints, and are undone."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.figures.describe import fingerprint
from tools import mutants


@pytest.fixture
def fig():
    """A figure with an artist of each kind that can be drawn wrongly."""
    fig, axes = plt.subplots(1, 3)
    axes[0].plot([0.0, 1.0, 3.0], label="line")
    axes[0].plot([1.0, 2.0, 5.0])
    axes[0].set(title="lines", xlabel="x", yscale="log", ylim=(0.1, 10))
    axes[1].imshow(np.arange(6.0).reshape(2, 3))
    axes[1].text(0, 0, "a text")
    axes[2].bar([0, 1], [2, 3])
    axes[2].scatter([0, 1], [2, 3])
    yield fig
    plt.close("all")


def test_every_kind_of_mutant_is_made_noticed_and_undone(fig):
    before = fingerprint(fig)
    whats = {mutant.what.rpartition(": ")[2] for mutant in mutants.mutants(fig)}
    assert whats >= {
        "another title", "another xlabel", "another xlim", "another ylim", "another text", "missing", "flipped",
        "reversed", "upside down", "mirrored", "other limits of its colours", "higher", "moved", "data of two swapped",
    }  # fmt: skip
    count, unnoticed = mutants.survivors(fig)
    assert count == min(mutants.MOST, len(list(mutants.mutants(fig))))
    assert unnoticed == []
    assert fingerprint(fig) == before


def test_what_no_fingerprint_notices_is_named(fig, monkeypatch):
    monkeypatch.setattr(mutants, "differences", lambda was, now: [])
    count, unnoticed = mutants.survivors(fig)
    assert len(unnoticed) == count
    assert "axes 0: another title" in unnoticed


def test_a_mutant_that_is_not_undone_is_an_error(fig, monkeypatch):
    broken = mutants.Mutant("title", lambda: fig.axes[0].set_title("other"), lambda: None)
    monkeypatch.setattr(mutants, "mutants", lambda fig: [broken])
    with pytest.raises(RuntimeError, match="not undone"):
        mutants.survivors(fig)
