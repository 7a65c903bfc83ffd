"""What is seen while lessons run: a bar of their cells, and which of them run for how long."""

import asyncio
import sys
from time import monotonic

from tqdm import tqdm


class Progress:
    """A progress bar over the cells of all lessons."""

    def __init__(self, cells: int) -> None:
        seldom = 1 if sys.stderr.isatty() else 30  # seconds: each state is a line of its own in a log
        self.bar = tqdm(total=cells, unit="cell", mininterval=seldom, miniters=0)
        self.started: dict[str, float] = {}

    def begin(self, lesson: str) -> None:
        """Count the lesson among those that run."""
        self.started[lesson] = monotonic()

    def advance(self, cells: int) -> None:
        """Show that so many more cells have run; 0 brings only the times up to date."""
        self.bar.set_postfix_str(running(self.started, monotonic()), refresh=False)
        self.bar.update(cells)

    def end(self, lesson: str) -> None:
        """Count the lesson no longer."""
        del self.started[lesson]
        self.advance(0)

    async def watch(self) -> None:
        """Keep the times up to date until cancelled, also while a cell takes long."""
        while True:
            await asyncio.sleep(1)
            self.advance(0)


def running(started: dict[str, float], now: float) -> str:
    """Return each lesson that runs and for how long, in minutes and seconds, the longest first."""
    times = (divmod(int(now - start), 60) for start in started.values())
    return ", ".join(
        f"{lesson} {minutes}:{seconds:02}" for lesson, (minutes, seconds) in zip(started, times, strict=True)
    )
