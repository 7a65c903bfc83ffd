"""The package has seven floors, and imports only go down."""

import ast
from graphlib import TopologicalSorter

FLOORS = [
    ("support", {"files", "console"}),
    ("arrays", {"arguments", "window", "correlate", "conv", "local", "pool", "naive", "datasets"}),
    ("gradients", {"tape", "operation", "ops", "autodiff"}),
    ("layers", {"module", "nn", "init", "export", "blocks", "zoo"}),
    ("training", {"schedules", "optimizer", "optim", "checkpoint", "train"}),
    ("pictures", {"plotting", "artists", "fingerprint", "figures"}),
    ("classroom", {"compare", "symptoms", "lesson", "exercises"}),
]
FLOOR = {module: floor for floor, (_, modules) in enumerate(FLOORS) for module in modules}


def modules(package):
    """The modules of the package by their names: `exercises` is one of them, whatever it holds."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).parts[0].removesuffix(".py")
        found.setdefault(name, []).append(path)
    return found


def imported(path, package):
    """The modules of the package that a file imports, at its top or inside of a function."""
    here = path.relative_to(package.parent).parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            home = here[: -node.level] if node.level else ()  # so `from .conv import x` is helpers.conv.x
            names = [".".join(filter(None, [*home, node.module, alias.name])) for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith(f"{package.name}."))


def dependencies(package):
    """For each module the other modules of the package that it imports."""
    known = modules(package)
    return {
        name: {other for path in paths for other in imported(path, package) if other in known} - {name, "__init__"}
        for name, paths in known.items()
    }


def test_every_module_has_a_floor(root):
    homeless = set(modules(root / "helpers")) - {"__init__"} - set(FLOOR)
    assert not homeless, f"give {homeless} a floor, in FLOORS of this file"


def test_imports_only_go_down(root):
    for module, others in dependencies(root / "helpers").items():
        above = {other for other in others if FLOOR.get(other, 0) > FLOOR.get(module, -1)}
        assert not above, f"helpers/{module} must not import {above}, which stand on a higher floor"


def test_no_two_modules_import_each_other(root):
    TopologicalSorter(dependencies(root / "helpers")).prepare()  # raises CycleError, which names the circle


def test_nothing_stands_on_the_naive_loops(root):
    users = {module for module, others in dependencies(root / "helpers").items() if "naive" in others}
    assert not users, f"{users} must not import naive: its loops are for lessons to read and for tests to compare with"
