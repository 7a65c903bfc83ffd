"""What every lesson says: `begin`, then `check` where two ways must agree, `publish` and `show`."""

import functools
import inspect

import numpy as np
from IPython.display import Markdown, display

from .exercises.agree import agree, as_numbers, brief, describe_difference, shorten
from .figures import Publisher
from .support.arguments import as_number, as_real
from .support.console import say

__all__ = ["begin", "check", "publish", "show"]

_publisher = Publisher()  # knows the lesson that is being run
publish = _publisher.publish


def begin(lesson):
    """Set the lesson's style, number format and figure folder; return its random generator.

    The generator is a numpy.random.Generator seeded by the lesson's name, so that a lesson draws
    the same numbers each time.
    """
    _publisher.begin(lesson)
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    return np.random.default_rng(list(lesson.encode()))


def check(what, got, want, tolerance=1e-9, *, atol=None):
    """Print one line saying that `got` and `want`, found in independent ways, agree.

    Numbers and arrays may differ by `tolerance` times the largest |want|; with tolerance=0 they
    must be equal. An error that is known by itself, such as three standard errors, is given as
    `atol`: a number, or an array like want. `exercises.agree` has the whole rule. AssertionError
    where they do not agree; ValueError or TypeError if tolerance or atol is no possible bound.
    """
    tolerance = as_number("check", "tolerance", tolerance, "[0, inf)")
    if atol is not None:
        atol = _as_bound(atol, want)
    if not agree(got, want, tolerance, atol):
        raise AssertionError(f"✗ {what}: {describe_difference(got, want, tolerance, atol)}")
    say(f"✓ {what}: {_agreement(want, tolerance, atol)}")


def _as_bound(atol, want):
    """Return `atol` as an array: one number, or numbers that stretch to the shape of `want`."""
    bound, numbers = as_real("check", "atol", atol), as_numbers(want)
    if not (np.isfinite(bound) & (bound >= 0)).all():
        raise ValueError(f"check: atol expects finite numbers of at least 0, got {brief(atol)}")
    shape = () if numbers is None else numbers.shape
    fits = bound.ndim <= len(shape) and all(
        size in (1, other) for size, other in zip(bound.shape[::-1], shape[::-1], strict=False)
    )
    if bound.size != 1 and not fits:
        raise ValueError(f"check: atol expects a number or shape {shape}, got shape {bound.shape}")
    return bound


def _agreement(want, tolerance, atol):
    """Describe an agreement without digits that change from machine to machine."""
    numbers = as_numbers(want)
    if numbers is None or numbers.dtype.kind not in "iuf":
        return shorten(str(want))
    closeness = _closeness(tolerance, atol)
    if numbers.ndim:
        return f"{numbers.size:,} numbers {closeness}"
    if numbers.dtype.kind in "iu" and atol is None:
        return f"{numbers.item():,}"
    return f"{numbers.item():.4g}, {closeness}"


def _closeness(tolerance, atol):
    if atol is not None:
        return f"agree within {np.max(atol, initial=0):.2g}"
    return f"agree to {tolerance:g}".replace("e-0", "e-") if tolerance else "exactly equal"


def show(function):
    """Display the source of a function or class of `helpers`; TypeError for what has none."""
    try:
        source = inspect.getsource(function)
    except (TypeError, OSError):  # a partial, an object, a built-in; or a file that is not there
        raise TypeError(f"show: {_without_source(function)}") from None
    display(Markdown(f"```python\n{source}```"))


def _without_source(value):
    """Say what to pass instead of a value that has no source."""
    expected = "function expects a function or class written in Python"
    if isinstance(value, functools.partial):
        name = getattr(value.func, "__name__", "its .func")
        return f"{expected}, got a partial of {name}; pass {name}"
    if hasattr(value, "__name__"):  # a function or class of C, or one whose file is not there
        return f"{expected}, got {brief(value)}"
    kind = type(value).__name__
    return f"{expected}, got {brief(value)}; pass its class, {kind}, or the function that made it"
