"""What every lesson says: `begin` in its first cell, `check` where two ways must agree, `show` to read a helper."""

import inspect

import numpy as np
from IPython.display import Markdown, display

from . import figures
from .compare import disagreement


def begin(lesson):
    """Set the lesson's style, number format and figure folder; return its random generator.

    The generator is a numpy.random.Generator seeded by the lesson's name, so a lesson draws the same numbers each time.
    """
    figures.begin(lesson)
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    return np.random.default_rng(list(lesson.encode()))


def check(what, got, want, tolerance=1e-9):
    """Print one line saying that `got` and `want`, found in independent ways, agree; AssertionError where they do not.

    Numbers and arrays may differ by `tolerance` times the largest |want|; with tolerance=0 they must be equal.
    """
    problem = disagreement(got, want, tolerance)
    if problem:
        raise AssertionError(f"✗ {what}: {problem}")
    print(f"✓ {what}: {_agreement(want, tolerance)}")


def _agreement(want, tolerance):
    """Describe an agreement without digits that change from machine to machine."""
    array = np.asarray(want)
    if array.dtype.kind not in "iuf":
        return str(want)
    closeness = f"agree to {tolerance:g}".replace("e-0", "e-") if tolerance else "exactly equal"
    if array.ndim:
        return f"{array.size:,} numbers {closeness}"
    return f"{want:,}" if array.dtype.kind in "iu" else f"{want:.4g}, {closeness}"


def show(function):
    """Display the source of a function or class of `helpers`."""
    display(Markdown(f"```python\n{inspect.getsource(function)}```"))
