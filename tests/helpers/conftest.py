"""What the tests of `helpers` share."""

import os

import numpy as np
import pytest
from hypothesis import settings

# The same examples on every run and every machine: a failure is then always somebody's change.
settings.register_profile("course", deadline=None, derandomize=True, database=None, max_examples=60)
settings.load_profile("course")


ORACLES = {"torch", "autograd"}


@pytest.fixture(scope="session")
def torch():
    """PyTorch as a second opinion, where it is installed."""
    return pytest.importorskip("torch")


@pytest.fixture(scope="session")
def autograd():
    """HIPS autograd as a second opinion, where it is installed."""
    return pytest.importorskip("autograd")


def pytest_collection_modifyitems(items):
    """Mark the tests that ask for a second opinion."""
    for item in items:
        if ORACLES & set(getattr(item, "fixturenames", ())):
            item.add_marker("oracle")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Where COURSE_ORACLES=required says that second opinions are installed, let a skipped test fail."""
    report = yield
    if report.skipped and os.environ.get("COURSE_ORACLES") == "required" and item.get_closest_marker("oracle"):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def refuses():
    """Check that a call raises this error, with a message that starts with the first word and holds the others."""

    def check(call, error, start, *words):
        with pytest.raises(error) as caught:
            call()
        message = str(caught.value)
        assert message.startswith(start)
        assert all(word in message for word in words), message

    return check


def _every_other(array):
    spread = np.zeros([2 * size for size in array.shape], array.dtype)
    spread[tuple(slice(None, None, 2) for _ in array.shape)] = array
    return spread[tuple(slice(None, None, 2) for _ in array.shape)]


LAYOUTS = {
    "fortran": np.asfortranarray,
    "transposed": lambda array: np.ascontiguousarray(array.swapaxes(-1, -2)).swapaxes(-1, -2),
    "reversed": lambda array: np.ascontiguousarray(array[..., ::-1, ::-1])[..., ::-1, ::-1],
    "batch last": lambda array: np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 0, -1)), -1, 0),
    "channels last": lambda array: np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 1, -1)), -1, 1),
    "every other": _every_other,
    "big endian": lambda array: array.astype(array.dtype.newbyteorder(">")),
}


@pytest.fixture(params=LAYOUTS)
def laid_out(request):
    """Store an array of the same values in another order in memory."""
    return LAYOUTS[request.param]


@pytest.fixture(scope="module")
def style():
    """The course's style, for the figures of one test module only."""
    import matplotlib

    from helpers.figures import Publisher

    with matplotlib.rc_context():
        Publisher().begin("09_1_test")
        yield


@pytest.fixture
def closed():
    """Leave no figure open."""
    import matplotlib.pyplot as plt

    yield
    plt.close("all")
