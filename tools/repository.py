"""Where the course can be had: its repository on GitHub, and its package, once that is published.

`pyproject.toml` is the one place that says so. `python -m tools links` brings it up to date.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PLACEHOLDER = "OWNER/REPO"
NAME = re.compile(r"[\w.-]+/[\w.-]+")
URL = re.compile(r'(?<=^Repository = "https://github\.com/)[^"]*', re.MULTILINE)
REMOTE = re.compile(r"(?:https://|ssh://)?(?:[^@/]+@)?github\.com[:/](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?")


class Source(NamedTuple):
    """Where the course can be had from."""

    repository: str | None  # its name on GitHub, such as alice/flower; None while nobody knows it
    package: str | None = None  # the name by which pip installs it; None until it is published

    @property
    def requirement(self) -> str | None:
        """What pip is asked for; None while the course can be had from nowhere."""
        return self.package or (self.repository and f"git+https://github.com/{self.repository}")


def read(root: Path) -> Source:
    """Return what pyproject.toml says."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    name = settings["project"]["urls"]["Repository"].removeprefix("https://github.com/").rstrip("/")
    published = settings.get("tool", {}).get("course", {}).get("published", False)
    return Source(None if name == PLACEHOLDER else name, settings["project"]["name"] if published else None)


def find(root: Path, given: str | None = None) -> str | None:
    """Return the repository's name: as given, as GitHub's workflows say, or that of git's remote `origin`."""
    name = given or os.environ.get("GITHUB_REPOSITORY") or remote(root)
    if name and not NAME.fullmatch(name):
        raise ValueError(f"the repository expects OWNER/NAME, got {name!r}")
    return name


def remote(root: Path) -> str | None:
    """Return the name of the remote `origin` on GitHub; None if it lies elsewhere, or if there is none."""
    command = ["git", "-C", str(root), "remote", "get-url", "origin"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return None
    found = REMOTE.fullmatch(said)
    return found["name"] if found else None


def with_repository(project: str, name: str | None) -> str:
    """Return the text of pyproject.toml with this repository; as it is if there is none."""
    return URL.sub(name, project) if name else project
