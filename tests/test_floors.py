"""The map in `helpers/__init__.py` is the package, and imports only go down it."""

import ast
import re
from graphlib import CycleError, TopologicalSorter

import pytest

# The one circle that is meant: a Tensor's operators are operations, and operations return Tensors.
MEANT = {"autodiff.tensor": "autodiff.ops"}


def floors(package):
    """Return the floors that the map names, from the highest to the lowest."""
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")), clean=False)
    return re.findall(r"^    (\w+)  ", text, re.MULTILINE)


def modules(package):
    """Return the files of each floor: a file at the top, or all that a folder holds."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).parts[0].removesuffix(".py")
        if name != "__init__":
            found.setdefault(name, []).append(path)
    return found


def imported(path, package):
    """Yield the dotted names below the package that a file imports, at its top or within a function."""
    here = path.relative_to(package.parent).parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            home = here[: -node.level] if node.level else ()  # so `from .conv import x` is helpers.images.conv.x
            names = [".".join(filter(None, [*home, node.module, alias.name])) for alias in node.names]
        else:
            continue
        yield from (name.split(".", 1)[1] for name in names if name.startswith(f"{package.name}."))


def dependencies(package):
    """Return for each floor the other floors that it imports."""
    found = modules(package)
    return {
        floor: {name.split(".")[0] for path in paths for name in imported(path, package)} & found.keys() - {floor}
        for floor, paths in found.items()
    }


def file_dependencies(package):
    """Return for each file the files of its own floor that it imports."""
    names = {path: ".".join(path.relative_to(package).with_suffix("").parts) for path in package.rglob("*.py")}
    files = {name.removesuffix(".__init__"): path for path, name in names.items()}
    graph = {}
    for name, path in files.items():
        targets = {target if target in files else target.rpartition(".")[0] for target in imported(path, package)}
        graph[name] = targets & files.keys() - {name}
    return graph


def test_the_map_names_every_floor(root):
    assert sorted(floors(root / "helpers")) == sorted(modules(root / "helpers"))


def test_imports_only_go_down(root):
    order = floors(root / "helpers")
    for floor, others in dependencies(root / "helpers").items():
        above = {other for other in others if order.index(other) < order.index(floor)}
        assert not above, f"helpers.{floor} must not import {above}: the map has them above it"


def test_no_two_files_import_each_other(root):
    graph = file_dependencies(root / "helpers")
    for name, other in MEANT.items():
        graph[name].remove(other)
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_a_circle_that_is_meant_is_there(root):
    for name in MEANT:
        graph = file_dependencies(root / "helpers")
        for other in MEANT.keys() - {name}:
            graph[other].remove(MEANT[other])
        with pytest.raises(CycleError):
            TopologicalSorter(graph).prepare()


def test_nothing_stands_on_the_naive_loops(root):
    users = {floor for floor, others in dependencies(root / "helpers").items() if "naive" in others}
    assert not users, f"{users} must not import naive: its loops are for lessons to read and for tests to compare with"


def test_lessons_import_faces_only(root):
    order = floors(root / "helpers")
    for path in sorted(root.glob("notebooks/src/*.md")):
        for module in re.findall(r"^\s*from helpers\.([\w.]+) import", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert module in order, f"{path.name} imports helpers.{module}, which the map does not name"
