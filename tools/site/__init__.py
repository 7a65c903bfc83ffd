"""Build the website, docs/_build/html, or an e-book, from the committed notebooks.

    python -m tools site             the website: open docs/_build/html/index.html
    python -m tools site --epub      the e-book: docs/_build/epub

Nothing is executed: the pages show the outputs that the tests compare. All that Sphinx reads is laid out in
docs/_build/source first: the pages of docs/, one page per lesson, and the pages that are made of all lessons.
"""

import argparse
import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

import helpers
from helpers.support.console import say

from ..lessons import ROOT, course
from ..repository import read
from . import api, pages
from .page import lesson_page


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Build the website or the e-book; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools site", description="Build the website from the notebooks.")
    parser.add_argument("--epub", action="store_true", help="build an e-book instead")
    builder = "epub" if parser.parse_args(arguments).epub else "html"
    lay_out(root, root / "docs" / "_build" / "source")
    code = sphinx(root / "docs" / "_build", builder)
    say(f"docs/_build/{builder} is built" if code == 0 else "Sphinx found a fault: see the lines above")
    return code


def lay_out(root: Path, source: Path) -> None:
    """Write everything that Sphinx reads into the folder `source`, anew."""
    shutil.rmtree(source, ignore_errors=True)
    ours = shutil.ignore_patterns("_build", "*.toml", "__pycache__")
    shutil.copytree(root / "docs", source, ignore=ours)
    shutil.copytree(root / "images", source / "images", ignore=shutil.ignore_patterns("fingerprints"))
    lessons = course(root)
    for lesson in lessons:
        notebook = lesson_page(lesson)
        (source / f"{lesson.name}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    facts = {"repository": read(root).repository, "version": helpers.__version__}
    (source / "course.json").write_text(json.dumps(facts), encoding="utf-8")
    copy_mathjax(source / "_static" / "mathjax")
    for name, text in {**pages.all_pages(lessons, root), **api.all_pages()}.items():
        path = source / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def copy_mathjax(target: Path) -> None:
    """Copy the part of MathJax that typesets TeX in HTML, so that the site asks no other server for it."""
    whole = Path(importlib.import_module("sphinx-mathjax-offline").__path__[0]) / "static" / "mathjax"
    fonts = Path("output", "chtml", "fonts")
    shutil.copytree(whole / fonts, target / fonts)
    shutil.copy(whole / "tex-chtml-full.js", target)


def sphinx(build: Path, builder: str) -> int:
    """Run Sphinx, for which a warning is an error, on what was laid out; return its exit code."""
    shutil.rmtree(build / builder, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "auto", "-b", builder]
    return subprocess.run([*command, build / "source", build / builder], check=False).returncode
