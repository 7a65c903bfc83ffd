"""The examples in README and in docstrings print what they say."""

import doctest
import importlib
import pkgutil
import re

import pytest

import helpers

MODULES = sorted(module.name for module in pkgutil.walk_packages(helpers.__path__, "helpers."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_print_what_they_say(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0, "see the output above: change the example, or what it shows"


def run(page):
    """Run the examples of a Markdown page, whose fences are no part of them."""
    text = re.sub(r"^```.*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    return doctest.DocTestRunner().run(examples)


def test_readme_prints_what_it_says(root):
    found = run(root / "README.md")
    assert found.attempted >= 3, "README lost its examples, lines that begin with >>>"
    assert found.failed == 0, "see the output above"


def test_there_are_examples_in_docstrings():
    found = doctest.DocTestFinder(exclude_empty=True)
    modules = [importlib.import_module(name) for name in MODULES]
    assert any(test.examples for module in modules for test in found.find(module))


@pytest.mark.parametrize(("says", "failed"), [("2", 0), ("3", 1)])
def test_an_example_that_is_wrong_is_noticed(tmp_path, says, failed):
    page = tmp_path / "README.md"
    page.write_text(f"```python\n>>> 1 + 1\n{says}\n```\n")
    assert run(page).failed == failed
