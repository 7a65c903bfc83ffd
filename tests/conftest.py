"""The course, as the course-wide tests see it."""

from functools import lru_cache

import pytest

from tools import lessons


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


@pytest.fixture(params=lessons.names())
def lesson(request):
    """One lesson after the other."""
    return next(lesson for lesson in whole_course() if lesson.name == request.param)
