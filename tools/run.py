"""Print lessons: compose each source, execute it, and write its notebook.

    python tools/run.py                       every lesson
    python tools/run.py 09_1_convolution      one of them

A notebook is written whole or not at all: only when its last cell has run, and only if it says something new.
"""

import argparse
import asyncio
import difflib
import os
import signal
import sys
import time
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from tqdm import tqdm

from compose import METADATA, compose
from helpers.figures import forget
from lessons import ROOT, Lesson, names

WORKERS = 2
CELL_TIMEOUT = 120  # seconds
# One thread a lesson: two lessons run side by side, and sums come out in the same order on every machine.
# The kernel `python3` must be this interpreter's, not one that the user once installed.
# A lesson's own progress bars are for readers; here they would be output to stderr.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "TQDM_DISABLE": "1",
}


class LessonError(Exception):
    """Why a lesson was not printed: where it stopped, and at what."""


class Row(NamedTuple):
    """What the table at the end says about a lesson."""

    lesson: str
    seconds: float
    figures: int
    exercises: int


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Print the lessons that are named, or all; return the exit code: 0 if all of them ran to their end."""
    parser = argparse.ArgumentParser(description="Execute lessons and write their notebooks.")
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="names as in notebooks/src; all if none is given")
    chosen = [Path(name).stem for name in parser.parse_args(arguments).lessons]
    known = names(root)
    if not known:
        parser.error("notebooks/src holds no lesson yet")
    for name in set(chosen) - set(known):
        parser.error(f"no lesson {name!r} in notebooks/src; there is {', '.join(close(name, known))}")
    os.environ.update(ENVIRONMENT)
    if os.environ.get("COURSE_FIGURES") == "check":
        del os.environ["COURSE_FIGURES"]  # printing is what draws figures anew
    os.chdir(root)  # where `forget` finds the course
    drop_orphans(root, known)
    try:
        return report(asyncio.run(print_all([Lesson(name, root) for name in chosen or known], root / "notebooks")))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Stopped. Lessons that were done are printed, the others are as they were.", file=sys.stderr)
        return 130


def close(name: str, known: list[str]) -> list[str]:
    """Return the lessons that may have been meant; all if none comes close."""
    return difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known


def drop_orphans(root: Path, known: list[str]) -> None:
    """Drop the stored figures that no source publishes any more; first, since another lesson may take their names."""
    for prints in (root / "images" / "fingerprints").glob("*.json"):
        try:
            forget(prints.stem, keep=list(Lesson(prints.stem, root).published) if prints.stem in known else [])
        except (SyntaxError, ValueError):
            continue  # running that lesson says what is wrong with it


async def print_all(lessons: list[Lesson], folder: Path) -> list[Row | LessonError]:
    """Print the lessons, two at a time; a lesson that fails does not stop the others."""
    gate = asyncio.Semaphore(WORKERS)
    with tqdm(total=sum(len(lesson.code) for lesson in lessons), unit="cell") as progress:
        return await asyncio.gather(*(print_one(lesson, folder, gate, progress) for lesson in lessons))


async def print_one(lesson: Lesson, folder: Path, gate: asyncio.Semaphore, progress: tqdm) -> Row | LessonError:
    """Execute one lesson and write its notebook."""
    async with gate:
        start = time.perf_counter()
        try:
            notebook = await execute(lesson, folder, progress)
            row = Row(lesson.name, time.perf_counter() - start, len(lesson.published), len(lesson.exercises))
        except LessonError as error:
            return error
        except ValueError as error:  # of a figure whose name or alt text is not written out
            return LessonError(f"{lesson.name}: {error}")
    write(notebook, folder / f"{lesson.name}.ipynb")
    return row


async def execute(lesson: Lesson, folder: Path, progress: tqdm) -> NotebookNode:
    """Return the lesson's notebook, executed to its end by a kernel of its own."""
    notebook = compose(lesson.source, lesson.name)
    code_cells = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    client = stable_client(notebook)
    async with client.async_setup_kernel(cwd=str(folder)):
        take_back_signals()
        for number, (index, cell) in enumerate(code_cells, start=1):
            progress.set_postfix_str(lesson.name, refresh=False)
            try:
                await client.async_execute_cell(cell, index, execution_count=number)
                refuse_stderr(cell)
            except (CellExecutionError, CellTimeoutError, DeadKernelError, LessonError) as error:
                raise LessonError(f"{lesson.name}, cell {number} `{first_line(cell)}` {reason(error)}") from error
            progress.update()
    notebook.metadata = from_dict(METADATA)  # the kernel has added its version
    return notebook


def stable_client(notebook: NotebookNode) -> NotebookClient:
    """Return a client that leaves nothing in the notebook which differs from run to run."""
    return NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_TIMEOUT,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=50"],  # what a kernel says about its own sockets is no news
    )


def take_back_signals() -> None:
    """Let Ctrl-C stop all lessons: each client has claimed it, to stop its own kernel and nothing else."""
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(RuntimeError):  # Windows, where none was claimed
            asyncio.get_running_loop().remove_signal_handler(number)


def refuse_stderr(cell: NotebookNode) -> None:
    """Raise if the cell wrote to stderr: a warning would be another one on the next machine."""
    text = "".join(output.text for output in cell.outputs if output.get("name") == "stderr")
    if text:
        raise LessonError(f"wrote to stderr: {text.strip()}")


def first_line(cell: NotebookNode) -> str:
    """Return the line by which a reader knows the cell."""
    return cell.source.strip().partition("\n")[0]


def reason(error: Exception) -> str:
    """Return what stopped a cell, in the words that follow its name."""
    if isinstance(error, CellExecutionError):
        return f"raised {error.ename}: {error.evalue}"
    if isinstance(error, CellTimeoutError):
        return f"took longer than {CELL_TIMEOUT} s"
    return "ended the kernel" if isinstance(error, DeadKernelError) else str(error)


def write(notebook: NotebookNode, path: Path) -> None:
    """Write the notebook whole or not at all, and only if it differs in more than what depends on time."""
    if path.exists() and timeless(notebook) == timeless(stored(path)):
        return
    draft = path.with_suffix(".ipynb.part")
    draft.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    os.replace(draft, path)


def stored(path: Path) -> NotebookNode:
    """Return the notebook in the file; an empty one if the file is damaged, as by a merge."""
    try:
        return nbformat.read(path, as_version=4)
    except nbformat.reader.NotJSONError:
        return nbformat.v4.new_notebook()


def timeless(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without the outputs of the cells whose tag says that they differ from run to run."""
    copy = deepcopy(notebook)
    for cell in copy.cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = []
    return copy


def report(results: list[Row | LessonError]) -> int:
    """Print the table and the failures; return the exit code."""
    rows = [result for result in results if isinstance(result, Row)]
    failures = [result for result in results if isinstance(result, LessonError)]
    if rows:
        print(f"{'lesson':36} {'seconds':>8} {'figures':>8} {'exercises':>10}")
    for row in rows:
        print(f"{row.lesson:36} {row.seconds:8.1f} {row.figures:8} {row.exercises:10}")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(rows)} printed, {len(failures)} failed. Open them with `make lab`.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
