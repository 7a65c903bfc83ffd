"""Lessons are printed whole or not at all, and twice the same."""

import nbformat
import pytest

import run
from sample_course import write

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
    path = lesson(folder, "00_1_good", GOOD)
    assert run.main([], folder) == 0
    words, where, _ = (cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    assert [output.text for output in words.outputs] == ["one\ntwo\n"]
    assert where.outputs[0].data["text/plain"] == "('notebooks', '1', None)"
    assert where.execution_count == 2


def test_printing_twice_gives_the_same_bytes(folder):
    path = lesson(folder, "00_1_good", GOOD)
    run.main([], folder)
    first, modified = path.read_bytes(), path.stat().st_mtime_ns
    run.main(["00_1_good"], folder)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (first, modified)


def test_one_failure_stops_only_its_own_lesson(folder, capsys):
    good, bad = lesson(folder, "00_1_good", GOOD), lesson(folder, "00_2_bad", GOOD + "\n```python\n1 / 0\n```\n")
    bad.write_text("as it was", encoding="utf-8")
    assert run.main([], folder) == 1
    assert good.exists()
    assert bad.read_text(encoding="utf-8") == "as it was"
    assert "00_2_bad, cell 4 `1 / 0` raised ZeroDivisionError: division by zero" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("import sys\nprint('careful', file=sys.stderr)", "cell 1 `import sys` wrote to stderr: careful"),
        ("import os\nos._exit(1)", "cell 1 `import os` ended the kernel"),
        ("while True:\n    pass", "cell 1 `while True:` took longer than 1 s"),
        ("x = (", "cell 1 `x = (` raised SyntaxError"),
    ],
)
def test_what_stopped_a_lesson_is_named(code, complaint, folder, monkeypatch, capsys):
    monkeypatch.setattr(run, "CELL_TIMEOUT", 1)
    path = lesson(folder, "00_1_bad", f"# 0.1 Bad\n\n```python\n{code}\n```\n")
    assert run.main([], folder) == 1
    assert f"00_1_bad, {complaint}" in capsys.readouterr().err
    assert list(path.parent.glob("*.ipynb*")) == []


def test_figures_that_no_source_publishes_are_forgotten(folder, forgotten):
    lesson(folder, "00_1_good", FIGURE)
    lesson(folder, "00_2_half_written", "```python\nx = (\n```\n")
    for name in ("00_1_good", "00_2_half_written", "00_9_gone"):
        write(folder, f"images/fingerprints/{name}.json", "{}")
    run.main(["00_1_good"], folder)
    assert sorted(forgotten) == [("00_1_good", ["a_line"]), ("00_9_gone", [])]


def test_figure_without_a_plain_name_is_an_error(folder, capsys):
    lesson(folder, "00_1_bad", FIGURE.replace('"a_line"', '"a" + "_line"'))
    assert run.main([], folder) == 1
    assert "00_1_bad: write name and alt text as plain strings: publish('fig', 'a' + '_line'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["00_1_god", "00_1_god.ipynb"])
def test_unknown_lesson_is_told_what_there_is(name, folder, capsys):
    lesson(folder, "00_1_good", GOOD)
    with pytest.raises(SystemExit) as stop:
        run.main([name], folder)
    assert stop.value.code == 2
    assert "no lesson '00_1_god' in notebooks/src; there is 00_1_good" in capsys.readouterr().err


def test_empty_course_is_an_error(folder):
    with pytest.raises(SystemExit) as stop:
        run.main([], folder)
    assert stop.value.code == 2
