"""While lessons run, it is seen which and for how long."""

import asyncio
from functools import partial

import pytest

from tools import progress
from tools.progress import Progress, running


@pytest.mark.parametrize(
    ("started", "shown"),
    [
        ({}, ""),
        ({"09_04_train": 100.0}, "09_04_train 3:05"),
        ({"09_04_train": 100.0, "08_01_challenges": 284.2}, "09_04_train 3:05, 08_01_challenges 0:00"),
        ({"09_04_train": 285.0 - 3661}, "09_04_train 61:01"),
    ],
)
def test_each_lesson_that_runs_is_shown_with_its_time(started, shown):
    assert running(started, now=285.0) == shown


@pytest.fixture
def bar(monkeypatch):
    """A progress bar of ten cells that shows each state, and whose clock stands still."""
    monkeypatch.setattr(progress, "monotonic", lambda: 60.0)
    monkeypatch.setattr(progress, "tqdm", partial(progress.tqdm, disable=False))  # in spite of TQDM_DISABLE
    bar = Progress(10)
    bar.bar.mininterval = 0
    yield bar
    bar.bar.close()


def test_the_bar_counts_cells_and_names_what_runs(bar):
    bar.begin("09_01_one")
    bar.begin("09_02_two")
    bar.advance(3)
    assert "| 3/10 " in str(bar.bar)
    assert "09_01_one 0:00, 09_02_two 0:00" in str(bar.bar)
    bar.end("09_01_one")
    assert "09_01_one" not in str(bar.bar)


def test_times_go_on_while_a_cell_runs(bar, monkeypatch):
    async def one_long_cell():
        watch = asyncio.create_task(bar.watch())
        await asyncio.sleep(1.5)
        watch.cancel()

    bar.begin("09_01_one")
    monkeypatch.setattr(progress, "monotonic", lambda: 185.0)
    asyncio.run(one_long_cell())
    assert "09_01_one 2:05" in str(bar.bar)
