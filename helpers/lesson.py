"""What every lesson says: `begin` in its first cell, `check` where two ways must agree, `show` to read a helper."""

import inspect

import numpy as np
from IPython.display import Markdown, display

from . import figures
from .compare import disagreement
from .console import say


def begin(lesson):
    """Set the lesson's style, number format and figure folder; return its random generator.

    The generator is a numpy.random.Generator seeded by the lesson's name, so a lesson draws the same numbers each time.
    """
    figures.begin(lesson)
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    return np.random.default_rng(list(lesson.encode()))


def check(what, got, want, tolerance=1e-9, *, atol=None):
    """Print one line saying that `got` and `want`, found in independent ways, agree; AssertionError where they do not.

    Numbers and arrays may differ by `tolerance` times the largest |want|; with tolerance=0 they must be equal. An error
    that is known by itself, such as three standard errors, is given as `atol`: a number, or an array like want.
    """
    problem = disagreement(got, want, tolerance, atol)
    if problem:
        raise AssertionError(f"✗ {what}: {problem}")
    say(f"✓ {what}: {_agreement(want, tolerance, atol)}")


def _agreement(want, tolerance, atol):
    """Describe an agreement without digits that change from machine to machine."""
    array = np.asarray(want)
    if array.dtype.kind not in "iuf":
        return str(want)
    closeness = _closeness(tolerance, atol)
    if array.ndim:
        return f"{array.size:,} numbers {closeness}"
    if atol is not None:
        return f"{want:.4g}, {closeness}"
    return f"{want:,}" if array.dtype.kind in "iu" else f"{want:.4g}, {closeness}"


def _closeness(tolerance, atol):
    if atol is not None:
        return f"agree within {np.max(atol):.2g}"
    return f"agree to {tolerance:g}".replace("e-0", "e-") if tolerance else "exactly equal"


def show(function):
    """Display the source of a function or class of `helpers`."""
    display(Markdown(f"```python\n{inspect.getsource(function)}```"))
