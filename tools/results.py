"""How a lesson ended, and what is said about all of them in the end."""

import sys
from typing import NamedTuple

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from helpers.support.console import say


class LessonError(Exception):
    """Why a lesson was not built: where it stopped, and at what."""


class OutOfTime(LessonError):
    """A cell took too long for this machine, which says nothing about whether the lesson is right."""


class Row(NamedTuple):
    """What the table at the end says about a lesson."""

    lesson: str
    seconds: float
    figures: int
    exercises: int


def failure(error: Exception, where: str, timeout: int) -> LessonError:
    """Return the error that says where a lesson stopped, and at what."""
    if isinstance(error, CellTimeoutError):
        return OutOfTime(f"{where} took longer than {timeout} s")
    if isinstance(error, CellExecutionError):
        return LessonError(f"{where} raised {error.ename}: {error.evalue}")
    return LessonError(f"{where} {'ended the kernel' if isinstance(error, DeadKernelError) else error}")


def report(results: list[Row | LessonError], timeout: int) -> int:
    """Print the table, then what failed and what ran out of time; return the exit code."""
    rows = [result for result in results if isinstance(result, Row)]
    failures = [result for result in results if isinstance(result, LessonError)]
    late = [result for result in failures if isinstance(result, OutOfTime)]
    if rows:
        say(f"{'lesson':36} {'seconds':>8} {'figures':>8} {'exercises':>10}")
    for row in rows:
        say(f"{row.lesson:36} {row.seconds:8.1f} {row.figures:8} {row.exercises:10}")
    for error in failures:
        print(error, file=sys.stderr)
    if late:
        advice = f"give it more time, make run TIMEOUT={4 * timeout}, or the machine for itself, JOBS=1"
        print(f"A lesson that took too long may well be right: {advice}.", file=sys.stderr)
    counts = f"{len(rows)} built, {len(failures) - len(late)} failed, {len(late)} out of time"
    say(f"{counts}. Open them with `make lab`.")
    return 1 if failures else 0
