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

# What seeds the generator of a lesson that was renamed: the name it had, so that it draws what it has always drawn.
# A lesson that is written anew leaves this table.
SEEDS = {
    "00_01_tensors": "00_1_tensors",
    "02_01_vectors_and_matrices": "02_1_vectors_and_matrices",
    "02_08_svd_and_more": "02_2_eigen_and_svd",
    "03_01_probability": "03_1_probability",
    "03_09_distributions": "03_2_distributions",
    "03_13b_coding_a_text": "03_3_information",
    "04_01_numerics": "04_1_numerics",
    "04_03_optimization_basics": "04_2_optimization_basics",
    "06_01_feedforward": "06_1_feedforward",
    "06_07_training_from_scratch": "06_3_training_from_scratch",
    "07_01b_sparsity_and_constraints": "07_1_norm_penalties",
    "07_04_noise_and_invariance": "07_2_noise_and_invariance",
    "07_09_sharing_and_bagging": "07_3_stopping_and_ensembles",
    "08_01_challenges": "08_1_challenges",
    "08_03_algorithms": "08_2_algorithms",
    "08_04_initialization_and_batchnorm": "08_3_initialization_and_batchnorm",
    "08_06_second_order": "08_4_second_order",
}


def begin(lesson):
    """Set the lesson's style, number format and figure folder; return its random generator.

    The generator is a numpy.random.Generator seeded by the lesson's name, so that a lesson draws
    the same numbers each time.
    """
    _publisher.begin(lesson)
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    return np.random.default_rng(list(SEEDS.get(lesson, lesson).encode()))


@functools.singledispatch
def check(what, got, want, tolerance=1e-9, *, atol=None):
    """Print one line saying that `got` and `want`, found in independent ways, agree.

    Several ways at once are a dictionary, alone: check({"formula": 2.0, "20,000 draws": (1.98, 0.04)})
    prints "✓ 2 agree: formula, 20,000 draws". Each is compared with the first; a pair is a result
    and the error that is known of it.

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


@check.register(dict)
def _check_ways(ways, tolerance=1e-9):
    """Print one line saying that the results of several ways, by their names, agree with the first."""
    if len(ways) < 2:
        raise ValueError(f"check: ways expects at least two results, got {brief(ways)}")
    tolerance = as_number("check", "tolerance", tolerance, "[0, inf)")
    (first, want), *others = ways.items()
    for name, result in others:
        is_pair = isinstance(result, tuple) and len(result) == 2
        got, error = result if is_pair else (result, None)
        atol = None if error is None else _as_bound(error, want)
        if not agree(got, want, tolerance, atol):
            difference = describe_difference(got, want, tolerance, atol)
            raise AssertionError(f"✗ {name} is not {first}: {difference}")
    say(f"✓ {len(ways)} agree: {', '.join(ways)}")


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
