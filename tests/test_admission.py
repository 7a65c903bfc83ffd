"""A public name of `helpers` serves a lesson, another floor or a tool: nobody keeps what serves nobody."""

import ast

import pytest

from test_floors import floors, modules
from tools.lessons import course, parse

# Public names that nothing of the course uses yet, and why they are kept.
RESERVED = {
    "autodiff.operation": "an operation of one's own: a function that returns its value and its pullbacks",
    "exercises.Exercise": "what `exercise` makes of a reference, with slips and telltales",
    "exercises.exercise": "every exercise of every lesson is made with it, in the same floor",
    "images.avg_pool2d_backward": "every pooling stands beside its gradient",
    "images.fold": "the reverse of windows, and the gradient of whatever is built from them",
    "images.lp_pool2d": "the L2 norm of a window, which section 9.3 names beside maximum and mean",
    "images.lp_pool2d_backward": "every pooling stands beside its gradient",
    "images.max_pool2d_backward": "every pooling stands beside its gradient",
    "images.output_size": "the size of every result, for a reader who plans a network",
    "models.Stage": "what the networks are made of",
    "models.dense": "the last part of a network of one's own from these blocks",
    "models.nin_block": "stands beside the blocks of the other networks",
    "models.resnet": "other depths than those of resnet18, 34 and 50",
    "models.vgg": "other depths than that of vgg11",
    "models.vgg_block": "stands beside the blocks of the other networks",
    "naive.avg_pool2d": "the loop by which the fast one is judged",
    "naive.max_pool2d": "the loop by which the fast one is judged",
    "nn.ConvTranspose2d": "decoders and generators, chapters 14 and 20",
    "nn.Softplus": "outputs that must be positive, such as the variances of section 6.2.2 and chapter 20",
    "nn.init.fans": "the two numbers that every rule of the module is written in",
    "training.History": "what fit returns",
    "training.Steps": "fit for a number of steps, where a lesson counts no epochs",
    "training.Optimizer": "what an algorithm of one's own derives from",
}


def public(package):
    """Return the public names of each floor: `images.conv2d`, or `nn.init.zeros` in a module that a face shows."""
    names = set()
    for floor, paths in modules(package).items():
        face = next(path for path in paths if path.name in ("__init__.py", f"{floor}.py"))
        shown = shown_modules(face)
        names |= {f"{floor}.{name}" for name in listed(face) if name not in shown}
        for path in paths:
            module = shown & set(path.relative_to(package).with_suffix("").parts)
            names |= {f"{floor}.{each}.{name}" for each in module for name in defined(path)}
    return names


def listed(face):
    """Return the names of a face: those in `__all__`; in a file without, all that it defines."""
    for node in ast.parse(face.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return [] if face.name == "__init__.py" else defined(face)


def shown_modules(face):
    """Return the modules that a face shows as a whole, as `from . import init` does."""
    nodes = [node for node in ast.parse(face.read_text(encoding="utf-8")).body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes if node.level and not node.module for alias in node.names} & set(listed(face))


def defined(path):
    """Return the public functions and classes that a file defines."""
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"]


def references(tree, home=()):
    """Yield the dotted names below `helpers` that code refers to; `home` is the folder of code within it."""
    bound = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            start = [*home[: len(home) + 1 - node.level], *filter(None, [node.module])] if node.level else [node.module]
            for alias in node.names:
                bound[alias.asname or alias.name] = ".".join([*start, alias.name]).removeprefix("helpers.")
    yield from bound.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            first, _, rest = ast.unparse(node).partition(".")
            if first in bound:
                yield f"{bound[first]}.{rest}"


def used_from_outside(root):
    """Return pairs (who, dotted name): what lessons, tools and each floor refer to."""
    used = {("lesson", name) for each in course(root) for name in references(whole(each))}
    for path in (root / "tools").rglob("*.py"):
        used |= {("tools", name) for name in references(ast.parse(path.read_text(encoding="utf-8")))}
    for floor, paths in modules(root / "helpers").items():
        for path in paths:
            home = path.relative_to(root / "helpers").parts[:-1]
            tree = ast.parse(path.read_text(encoding="utf-8"))
            used |= {(floor, name) for name in references(tree, home)}
    return used


def whole(lesson):
    """Return the syntax tree of all cells of a lesson."""
    return ast.Module([node for code in lesson.code for node in parse(code).body], [])


def named_within(paths):
    """Return the plain names that files of one floor read, as a table of operations or a sibling does."""
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def unserved(root):
    """Return the public names that no lesson, no tool and no other floor uses.

    What a module that a face shows defines, such as the operations in `ops`, may serve its own floor, too.
    """
    found = modules(root / "helpers")
    used = {(floor, name.split(".")[0], name.split(".")[-1]) for floor, name in used_from_outside(root)}
    served = {(floor, name) for who, floor, name in used if who != floor or who == "lesson"}
    names = set()
    for name in public(root / "helpers"):
        floor, *module, last = name.split(".")
        if (floor, last) not in served and not (module and last in named_within(found[floor])):
            names.add(name)
    return names


def test_every_public_name_serves_somebody(root):
    surplus = unserved(root) - RESERVED.keys()
    assert not surplus, f"nothing uses {sorted(surplus)}: delete it, make it private, or say in RESERVED why it stays"


def test_reserved_names_are_public_and_wait_for_their_use(root):
    served = RESERVED.keys() - unserved(root)
    assert not served, f"{sorted(served)} is in use, or gone: take it out of RESERVED"


# ---------------------------------------------------------------------- the rule notices

MAP = '"""A map.\n\n    nn          layers\n    images      maps\n    naive       loops\n"""\n'
FILES = {
    "helpers/__init__.py": MAP,
    "helpers/naive.py": "def loop(): ...\n\n\ndef _step(): ...\n",
    "helpers/images/__init__.py": 'from .conv import conv2d, pad2d\n\n__all__ = ["conv2d", "pad2d"]\n',
    "helpers/images/conv.py": "def conv2d(): ...\n\n\ndef pad2d(): ...\n",
    "helpers/nn/__init__.py": 'from . import init\nfrom .layer import Layer\n\n__all__ = ["Layer", "init"]\n',
    "helpers/nn/init.py": "def zeros(): ...\n\n\ndef ones():\n    return zeros()\n",
    "helpers/nn/layer.py": "from ..images.conv import pad2d\n\n\nclass Layer: ...\n",
    "notebooks/src/09_1_sample.md": """# 9.1 Sample

```python
try:
    from helpers import naive, nn
except ModuleNotFoundError:
    %pip install --quiet something
from helpers.images import conv2d as convolve
naive.loop()
nn.Layer(nn.init.ones)
```
""",
}


def small_course(root, **changes):
    """Write a course in which every public name is used, apart from these changes of files' texts."""
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        for old, new in changes.items():
            text = text.replace(old, new)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_names_that_serve_are_found(tmp_path):
    root = small_course(tmp_path)
    names = {"images.conv2d", "images.pad2d", "naive.loop", "nn.Layer", "nn.init.ones", "nn.init.zeros"}
    assert public(root / "helpers") == names
    assert sorted(floors(root / "helpers")) == sorted(modules(root / "helpers"))
    assert unserved(root) == set()


@pytest.mark.parametrize(
    ("old", "new", "surplus"),
    [
        ("naive.loop()", "naive", "naive.loop"),
        ("conv2d as convolve", "pad2d as convolve", "images.conv2d"),
        ("import pad2d", "import conv2d", "images.pad2d"),
        ("nn.Layer(nn.init.ones)", "Layer(nn.init.ones)", "nn.Layer"),
        ("nn.init.ones", "nn.init", "nn.init.ones"),
        ("return zeros()", "return 1", "nn.init.zeros"),
    ],
)
def test_a_name_that_serves_nobody_is_found(tmp_path, old, new, surplus):
    assert unserved(small_course(tmp_path, **{old: new})) == {surplus}
