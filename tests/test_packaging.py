"""What is installed: the same ranges everywhere, and a wheel that carries its data."""

import ast
import hashlib
import json
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.repository import tomllib


@pytest.fixture
def project(root):
    """The `[project]` table of pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def requirements(root):
    """The lines of requirements.txt that name a package."""
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-e"))]


def test_requirements_hold_the_packages_dependencies(project, requirements):
    for dependency in map(Requirement, project["dependencies"]):
        assert dependency in requirements, f"requirements.txt needs the line {dependency}, as in pyproject.toml"


def test_nothing_is_pinned(project, requirements):
    extras = [Requirement(line) for lines in project["optional-dependencies"].values() for line in lines]
    for requirement in [*requirements, *extras, *map(Requirement, project["dependencies"])]:
        exact = [version for version in requirement.specifier if version.operator in ("==", "===")]
        assert not exact, f"give {requirement.name} a range instead of {exact[0]}"


def test_requirements_end_in_the_package_itself(root):
    assert (root / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1] == "-e ."


def test_the_wheel_is_looked_into_with_what_builds_it(root, project):
    build = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert set(build) <= set(project["optional-dependencies"]["test"]), f"the extra `test` needs {build} too"


@pytest.mark.parametrize("folder", ["helpers", "tools", "tests", "benchmarks"])
def test_every_package_that_is_imported_is_declared(folder, root, project, requirements):
    extras = [Requirement(line) for lines in project["optional-dependencies"].values() for line in lines]
    declared = {canonicalize_name(requirement.name) for requirement in [*requirements, *extras]}
    providers = packages_distributions() | {"tomli": ["tomli"]}
    ours = {path.stem for path in root.rglob("*.py") if ".venv" not in path.parts} | {"helpers", "tools"}
    for package in imported(root / folder) - ours - set(sys.stdlib_module_names):
        names = {canonicalize_name(name) for name in providers.get(package, [package])}
        assert names & declared, f"{folder} imports {package}: declare it in requirements.txt or in an extra"


def imported(folder):
    """The packages that the files of a folder import, anywhere."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.partition(".")[0])
    return found


def test_manifest_holds_the_files_of_res(root):
    manifest = json.loads((root / "res" / "manifest.json").read_text(encoding="utf-8"))["files"]
    described = {"README.md", "manifest.json"}
    files = {path.name: path for path in (root / "res").iterdir() if path.name not in described}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()} == manifest


def test_wheel_carries_data_and_style(root, tmp_path):
    pytest.importorskip("hatchling", reason="building the wheel needs hatchling: make test installs it")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", tmp_path, root], check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        inside = set(wheel.namelist())
    data = {f"helpers/res/{path.name}" for path in (root / "res").iterdir()}
    assert data | {"helpers/figures/course.mplstyle"} <= inside
