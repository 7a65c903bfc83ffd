"""In this folder the course is a small one, in a folder of its own."""

import shutil

import pytest

import sample_course
from tools import lessons


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The sample course, built once."""
    folder = tmp_path_factory.mktemp("course")
    sample_course.build(folder)
    return folder


@pytest.fixture(scope="session")
def new_built(tmp_path_factory):
    """The sample course with a lesson of the new shape, built once."""
    folder = tmp_path_factory.mktemp("course")
    sample_course.build(folder, sample_course.NEW_SOURCE)
    return folder


@pytest.fixture
def root(built, tmp_path):
    """The folder of a sample course to break at will."""
    return shutil.copytree(built, tmp_path / "course")


@pytest.fixture
def new_root(new_built, tmp_path):
    """The folder of one with a lesson of the new shape."""
    return shutil.copytree(new_built, tmp_path / "new_course")


@pytest.fixture
def sample(root):
    """The one lesson of the sample course."""
    return lessons.Lesson(sample_course.NAME, root)


@pytest.fixture
def source(sample):
    """The Markdown of the sample lesson."""
    return sample.source
