"""The pages of the package: what each face of `helpers` exports, with its docstrings as they are."""

import importlib
import inspect
import re
from types import ModuleType
from typing import Any

import helpers

FLOOR = re.compile(r"^    (\w+) {2,}", re.MULTILINE)  # a row of the map in helpers/__init__.py
OBJECT = re.compile(r"<(?:function|class) '?(?:\w+\.)*(\w+)'?(?: at 0x\w+)?>")
EXAMPLE = re.compile(r"^>>> ", re.MULTILINE)


def all_pages() -> dict[str, str]:
    """Return a page per floor of the package that lessons import, from the top to the bottom."""
    floors = [floor for floor in FLOOR.findall(helpers.__doc__ or "") if floor not in ("support", "figures")]
    return {f"api/{floor}": module_page(importlib.import_module(f"helpers.{floor}")) for floor in floors}


def module_page(module: ModuleType) -> str:
    """Return a module's page: its docstring, and an entry for each public name."""
    public = getattr(module, "__all__", None) or own_names(module)
    entries = [entry(name, getattr(module, name)) for name in sorted(public, key=str.lower)]
    return "\n\n".join([f"# helpers.{module.__name__.partition('.')[2]}", docstring(module), *filter(None, entries)])


def own_names(module: ModuleType) -> list[str]:
    """Return the public functions and classes that a module without __all__ defines."""
    found = inspect.getmembers(module, lambda value: inspect.isfunction(value) or inspect.isclass(value))
    return [name for name, value in found if value.__module__ == module.__name__ and not name.startswith("_")]


def entry(name: str, value: Any) -> str:
    """Return what stands of a name: heading, signature, docstring; a module's functions are listed one by one."""
    if inspect.ismodule(value):
        functions = getattr(value, "__all__", own_names(value))
        return f"## {name}\n\n{docstring(value)}\n\n" + ", ".join(f"`{function}`" for function in functions)
    return f"## {name}\n\n```python\n{name}{signature(value)}\n```\n\n{docstring(value)}"


def signature(value: Any) -> str:
    """Return how a function or a class is called, with functions and types as defaults by their names."""
    return OBJECT.sub(r"\1", str(inspect.signature(value)))


def docstring(value: Any) -> str:
    """Return a docstring as it was written, in a block of its own."""
    text = inspect.getdoc(value) or ""
    language = "pycon" if EXAMPLE.search(text) else "text"
    return f"```{language}\n{text}\n```" if text else ""
