"""Where the course can be had is found out from git, a workflow, or what was given."""

import subprocess

import pytest

from tools import repository


@pytest.fixture(autouse=True)
def no_workflow(monkeypatch):
    """No workflow of GitHub's is running, whatever runs these tests."""
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)


def cloned(folder, remote):
    """A repository with this remote."""
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    subprocess.run(["git", "-C", folder, "remote", "add", "origin", remote], check=True)
    return folder


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/alice/flower",
        "https://github.com/alice/flower.git",
        "https://github.com/alice/flower/",
        "https://token@github.com/alice/flower.git",
        "git@github.com:alice/flower.git",
        "git@github.com:alice/flower",
        "ssh://git@github.com/alice/flower.git",
    ],
)
def test_git_knows_the_repository(tmp_path, remote):
    assert repository.find(cloned(tmp_path, remote)) == "alice/flower"


@pytest.mark.parametrize("remote", ["../elsewhere", "https://example.org/alice/flower", "https://notgithub.com/a/b"])
def test_a_remote_elsewhere_is_none(tmp_path, remote):
    assert repository.find(cloned(tmp_path, remote)) is None


def test_a_folder_without_git_has_none(tmp_path, monkeypatch):
    assert repository.find(tmp_path) is None
    monkeypatch.setenv("PATH", "")
    assert repository.find(tmp_path) is None


def test_what_is_given_comes_first_then_the_workflow(tmp_path, monkeypatch):
    folder = cloned(tmp_path, "https://github.com/alice/flower")
    monkeypatch.setenv("GITHUB_REPOSITORY", "bob/book")
    assert repository.find(folder) == "bob/book"
    assert repository.find(folder, "carol/course") == "carol/course"


def test_a_package_that_is_published_is_asked_for_by_name():
    assert repository.Source(None).requirement is None
    assert repository.Source("alice/flower").requirement == "git+https://github.com/alice/flower"
    assert repository.Source("alice/flower", "flower-book-companion").requirement == "flower-book-companion"


def test_the_project_says_where_it_is(root):
    assert repository.read(root) == repository.Source(None)
    project = root / "pyproject.toml"
    project.write_text(
        repository.with_repository(project.read_text(), "alice/flower") + "[tool.course]\npublished = true"
    )
    assert repository.read(root) == repository.Source("alice/flower", "flower-book-companion")
