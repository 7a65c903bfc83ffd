"""The Makefile sets .venv up once, and again where the folder or the interpreter is not the same any more."""

import os
import shutil
import subprocess

import pytest

from tools import lessons

pytestmark = pytest.mark.skipif(os.name == "nt" or not shutil.which("make"), reason="needs make")

# Stands in for Python: it makes a .venv with itself as the interpreter, and notes what it is asked for.
PYTHON = """#!/bin/sh
echo "$@" >> "{log}"
case "$*" in
    "-m venv --clear .venv") rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
esac
"""


@pytest.fixture
def log(tmp_path):
    """The file in which the stand-in notes its arguments."""
    return tmp_path / "log"


@pytest.fixture
def folder(tmp_path, log):
    """A course of a Makefile and nothing else, and beside it the stand-in for Python."""
    folder = tmp_path / "my course"
    folder.mkdir()
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(lessons.ROOT / name, folder)
    (tmp_path / "python").write_text(PYTHON.format(log=log))
    (tmp_path / "python").chmod(0o755)
    return folder


def make(folder, log, *arguments, uv=""):
    """Run make; what it asked Python for since, and uv if there is one."""
    log.write_text("")
    python = folder.parent / "python"
    subprocess.run(["make", f"PYTHON='{python}'", f"UV={uv}", *arguments], cwd=folder, check=True, capture_output=True)
    return log.read_text().splitlines()


def test_it_is_set_up_once(folder, log):
    first, second = make(folder, log, "run"), make(folder, log, "run")
    assert "-m venv --clear .venv" in first
    assert [line for line in first if "pip install" in line] == [
        "-m pip install --quiet --disable-pip-version-check -r requirements.txt"
    ]
    assert first[-1].startswith("-m tools run")
    assert len(second) == 1
    assert second[0].startswith("-m tools run")


def test_uv_installs_where_it_is(folder, log):
    uv = folder.parent / "uv"
    uv.write_text(f'#!/bin/sh\necho "uv $@" >> "{log}"\n')
    uv.chmod(0o755)
    asked = make(folder, log, "run", uv=f"'{uv}'")
    assert [line for line in asked if "install" in line] == [
        "uv pip install --quiet --python .venv/bin/python -r requirements.txt"
    ]
    assert "-m venv --clear .venv" in asked


def test_a_folder_that_was_renamed_is_set_up_again(folder, log):
    make(folder, log, "run")
    folder = folder.rename(folder.with_name("renamed"))
    again, after = make(folder, log, "test"), make(folder, log, "test")
    assert "-m venv --clear .venv" in again
    assert sum("pip install" in line for line in again) == 2
    assert len(after) == 1


def test_an_interpreter_that_is_gone_is_replaced(folder, log):
    make(folder, log, "run")
    (folder / ".venv" / "bin" / "python").unlink()
    again = make(folder, log, "run")
    assert "-m venv --clear .venv" in again
    assert sum("pip install" in line for line in again) == 1


def test_a_venv_that_was_made_by_hand_is_kept(folder, log):
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(folder.parent / "python", folder / ".venv" / "bin" / "python")
    said = make(folder, log, "run")
    assert "-m venv --clear .venv" not in said
    assert sum("pip install" in line for line in said) == 1


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        (["run", "TIMEOUT=1800", "JOBS=3", "LESSON=09_01_convolution"], "--timeout 1800 --jobs 3 09_01_convolution"),
        (["test", "TIMEOUT=1800", "JOBS=3"], "--nbval-cell-timeout=1800"),
        (["test", "JOBS=3"], "-n 3 --dist loadfile"),
        (["test", "JOBS=3"], "--cov=helpers"),
    ],
)
def test_time_and_jobs_are_passed_on(folder, log, settings, wanted):
    assert wanted in make(folder, log, *settings)[-1]


def test_part_of_the_tests_needs_no_coverage(folder, log):
    last = make(folder, log, "test", "ARGS=-k conv")[-1]
    assert last.endswith("-k conv")
    assert "--cov" not in last


def test_jobs_follow_the_cores(folder, log, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")  # is about threads
    last = make(folder, log, "run")[-1]
    jobs = int(last.partition("--jobs ")[2])
    assert jobs == (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
