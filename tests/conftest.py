"""The course, as the course-wide tests see it."""

from functools import lru_cache

import pytest

from old_shape import OLD_SHAPE
from tools import lessons


def named(name):
    """The lesson of that name."""
    return next(lesson for lesson in whole_course() if lesson.name == name)


@lru_cache
def whole_course():
    """Read every lesson once: source and notebook."""
    return lessons.course()


@pytest.fixture
def root():
    """The folder of the course."""
    return lessons.ROOT


@pytest.fixture
def course():
    """All lessons, in the order in which they are read."""
    return whole_course()


@pytest.fixture
def old_shape():
    """The names of the lessons that have the old shape."""
    return OLD_SHAPE


@pytest.fixture(params=lessons.names())
def lesson(request):
    """One lesson after the other."""
    return named(request.param)


@pytest.fixture(params=sorted(OLD_SHAPE))
def old(request):
    """One lesson of the old shape after the other."""
    return named(request.param)


@pytest.fixture(params=[name for name in lessons.names() if name not in OLD_SHAPE])
def new(request):
    """One lesson of the new shape after the other."""
    return named(request.param)
