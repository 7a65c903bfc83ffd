"""Each benchmark runs, its candidates agree on the answer, and the course's own is the first of each table."""

import subprocess
import sys

import pytest

from tools import lessons

SHARED = {"book_era.py", "by_hand.py", "measure.py", "steps.py"}
BENCHMARKS = sorted({path.name for path in (lessons.ROOT / "benchmarks").glob("*.py")} - SHARED)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_benchmark_prints_its_tables(name):
    command = [sys.executable, f"benchmarks/{name}", "--rounds", "1"]
    done = subprocess.run(command, cwd=lessons.ROOT, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr
    tables = [text for text in done.stdout.split("\n\n") if text.strip()]
    assert tables
    for table in tables:
        title, head, ours, *_ = table.strip().splitlines()
        assert "1 thread" in title
        assert head.split()[:2] == ["candidate", "ms"]
        assert ours.startswith("helpers")
        assert " 1.00 " in ours
