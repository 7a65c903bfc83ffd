"""Lessons are built whole or not at all, and twice the same."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from sample_course import write
from tools import run

GOOD = """# 0.1 Good

```python
import os, sys
for word in ("one", "two"):
    print(word)
    sys.stdout.flush()
```

```python
os.path.basename(os.getcwd()), os.environ["OMP_NUM_THREADS"], os.environ.get("COURSE_FIGURES")
```

```python tags=["nbval-ignore-output"]
import time
time.perf_counter()
```
"""
FIGURE = """```python
def publish(fig, name, alt):
    pass

publish("fig", "a_line", alt="a line")
```
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A course of its own, and an environment that is put back."""
    for variable in run.ENVIRONMENT:
        monkeypatch.setenv(variable, "")
    monkeypatch.setenv("COURSE_FIGURES", "check")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def forgotten(monkeypatch):
    """The calls of `forget`."""
    calls = []
    monkeypatch.setattr(run, "forget", lambda lesson, keep: calls.append((lesson, keep)))
    return calls


def lesson(root, name, source):
    """Write the source of a lesson; return the path of the notebook it will have."""
    write(root, f"notebooks/src/{name}.md", source)
    return root / "notebooks" / f"{name}.ipynb"


def test_lesson_is_executed_where_it_lives(folder):
    path = lesson(folder, "00_01_good", GOOD)
    assert run.main([], folder) == 0
    words, where, _ = (cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    assert [output.text for output in words.outputs] == ["one\ntwo\n"]
    assert where.outputs[0].data["text/plain"] == "('notebooks', '1', 'write')"
    assert where.execution_count == 2


def test_practice_edition_is_written_with_the_lesson(folder):
    path = lesson(folder, "00_01_good", GOOD)
    run.main([], folder)
    practice = nbformat.read(path.parent / "practice" / path.name, as_version=4)
    codes = [cell for cell in practice.cells if cell.cell_type == "code"]
    assert len(codes) == 3
    assert not any(cell.outputs for cell in codes)


def test_building_twice_gives_the_same_bytes(folder):
    path = lesson(folder, "00_01_good", GOOD)
    run.main([], folder)
    first, modified = path.read_bytes(), path.stat().st_mtime_ns
    run.main(["00_01_good"], folder)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (first, modified)


def test_one_failure_stops_only_its_own_lesson(folder, capsys):
    good, bad = lesson(folder, "00_01_good", GOOD), lesson(folder, "00_02_bad", GOOD + "\n```python\n1 / 0\n```\n")
    bad.write_text("as it was", encoding="utf-8")
    assert run.main([], folder) == 1
    assert good.exists()
    assert bad.read_text(encoding="utf-8") == "as it was"
    assert "00_02_bad, cell 4 `1 / 0` raised ZeroDivisionError: division by zero" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("import sys\nprint('careful', file=sys.stderr)", "cell 1 `import sys` wrote to stderr: careful"),
        ("import os\nos._exit(1)", "cell 1 `import os` ended the kernel"),
        ("x = (", "cell 1 `x = (` raised SyntaxError"),
    ],
)
def test_what_stopped_a_lesson_is_named(code, complaint, folder, capsys):
    path = lesson(folder, "00_01_bad", f"# 0.1 Bad\n\n```python\n{code}\n```\n")
    assert run.main([], folder) == 1
    assert f"00_01_bad, {complaint}" in capsys.readouterr().err
    assert list(path.parent.glob("*.ipynb*")) == []


def test_a_lesson_out_of_time_is_told_from_one_that_is_wrong(folder, capsys):
    slow = lesson(folder, "00_01_slow", "# 0.1 Slow\n\n```python\nwhile True:\n    pass\n```\n")
    lesson(folder, "00_02_bad", "# 0.2 Bad\n\n```python\n1 / 0\n```\n")
    assert run.main(["--timeout", "1"], folder) == 1
    said = capsys.readouterr()
    assert "00_01_slow, cell 1 `while True:` took longer than 1 s" in said.err
    assert "00_02_bad, cell 1 `1 / 0` raised ZeroDivisionError" in said.err
    assert "make run TIMEOUT=4" in said.err
    assert "0 built, 1 failed, 1 out of time" in said.out
    assert not slow.exists()


def test_a_lesson_that_is_wrong_gets_no_more_time(folder, capsys):
    lesson(folder, "00_02_bad", "# 0.2 Bad\n\n```python\n1 / 0\n```\n")
    run.main([], folder)
    said = capsys.readouterr()
    assert "TIMEOUT" not in said.err
    assert "0 built, 1 failed, 0 out of time" in said.out


def test_kernels_that_do_not_start_fail_their_own_lessons(folder, monkeypatch, capsys):
    def refuse(*arguments, **options):
        raise RuntimeError("Kernel didn't respond in 1 seconds")

    monkeypatch.setattr(run.NotebookClient, "async_start_new_kernel", refuse)
    lesson(folder, "00_01_good", GOOD)
    assert run.main([], folder) == 1
    assert "00_01_good: Kernel didn't respond" in capsys.readouterr().err


MEETING = """# 0.1 Meeting

```python
import time
from pathlib import Path
Path("NAME.here").touch()
while len(list(Path().glob("*.here"))) < 2:
    time.sleep(0.05)
```
"""


@pytest.mark.parametrize(
    ("jobs", "timeout", "outcome"), [("2", "60", "2 built, 0 failed"), ("1", "2", "1 out of time")]
)
def test_as_many_lessons_run_side_by_side_as_asked_for(folder, jobs, timeout, outcome, capsys):
    for name in ("00_01_one", "00_02_two"):  # each waits for the other
        lesson(folder, name, MEETING.replace("NAME", name))
    run.main(["--jobs", str(jobs), "--timeout", str(timeout)], folder)
    assert outcome in capsys.readouterr().out


def test_jobs_follow_the_cores(monkeypatch):
    assert 1 <= run.cores() <= os.cpu_count()
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 3, 5}, raising=False)
    assert run.cores() == 3


@pytest.mark.parametrize("arguments", [["--timeout", "0"], ["--jobs", "-1"], ["--jobs", "two"]])
def test_numbers_that_are_none_are_refused(arguments, folder, capsys):
    lesson(folder, "00_01_good", GOOD)
    with pytest.raises(SystemExit) as stop:
        run.main(arguments, folder)
    assert stop.value.code == 2
    assert "expects a positive number" in capsys.readouterr().err


@pytest.mark.parametrize(("asked", "mode"), [("check", "write"), ("", "write"), ("redraw", "redraw")])
def test_a_build_writes_figures(asked, mode, folder, monkeypatch):
    monkeypatch.setenv("COURSE_FIGURES", asked)
    run.prepare(folder)
    assert os.environ["COURSE_FIGURES"] == mode


def test_a_failure_is_told_on_every_console(folder):
    lesson(folder, "00_01_bad", "# 0.1 Bad\n\n```python\nw = '✗ −'; 1 / 0\n```\n")
    code = "import sys, pathlib; from tools import run; sys.exit(run.main([], pathlib.Path.cwd()))"
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(run.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True)
    assert done.returncode == 1
    assert b"`w = '\\u2717 \\u2212'; 1 / 0` raised ZeroDivisionError" in done.stderr
    assert b"0 built, 1 failed" in done.stdout


def test_many_writers_of_one_notebook(folder):
    path = folder / "notebook.ipynb"

    def write_often(number):
        for count in range(20):
            cell = nbformat.v4.new_markdown_cell(f"{number} {count}", id="cell")
            run.write(nbformat.v4.new_notebook(cells=[cell]), path)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write_often, range(8)))
    assert nbformat.read(path, as_version=4).cells[0].source.endswith(" 19")
    assert [file.name for file in folder.iterdir()] == [path.name]


def test_figures_that_no_source_publishes_are_forgotten(folder, forgotten):
    lesson(folder, "00_01_good", FIGURE)
    lesson(folder, "00_02_half_written", "```python\nx = (\n```\n")
    for name in ("00_01_good", "00_02_half_written", "00_09_gone"):
        write(folder, f"images/fingerprints/{name}.json", "{}")
    run.main(["00_01_good"], folder)
    assert sorted(forgotten) == [("00_01_good", ["a_line"]), ("00_09_gone", [])]


def test_figure_without_a_plain_name_is_an_error(folder, capsys):
    lesson(folder, "00_01_bad", FIGURE.replace('"a_line"', '"a" + "_line"'))
    assert run.main([], folder) == 1
    said = capsys.readouterr().err
    assert "00_01_bad: write name and alt text as plain strings: publish('fig', 'a' + '_line'" in said


@pytest.mark.parametrize("name", ["00_01_god", "00_01_god.ipynb"])
def test_unknown_lesson_is_told_what_there_is(name, folder, capsys):
    lesson(folder, "00_01_good", GOOD)
    with pytest.raises(SystemExit) as stop:
        run.main([name], folder)
    assert stop.value.code == 2
    assert "no lesson '00_01_god' in notebooks/src; there is 00_01_good" in capsys.readouterr().err


def test_empty_course_is_an_error(folder):
    with pytest.raises(SystemExit) as stop:
        run.main([], folder)
    assert stop.value.code == 2
