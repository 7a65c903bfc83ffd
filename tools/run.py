"""Build lessons: compose each source, execute it, and write its notebook and its practice edition.

    python -m tools run                       every lesson
    python -m tools run 09_01_convolution      one of them
    python -m tools run --timeout 1800        a cell may take half an hour, on a slow machine

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
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict

from helpers.figures import forget
from helpers.support.files import write_atomically

from .compose import METADATA, compose
from .lessons import ROOT, Lesson, names
from .practice import practice
from .progress import Progress
from .results import LessonError, Row, failure, report

CELL_TIMEOUT = 900  # seconds: a busy laptop may be thirty times slower than the machine of whoever wrote the lesson
# One thread a lesson: lessons run side by side, and sums come out in the same order on every machine.
# The kernel `python3` must be this interpreter's, not one that the user once installed.
# A lesson's own progress bars are for readers; here they would be output to stderr.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "TQDM_DISABLE": "1",
}


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Build the lessons that are named, or all; return the exit code: 0 if all of them ran to their end."""
    parser = argparse.ArgumentParser(
        prog="python -m tools run", description="Execute lessons and write their notebooks."
    )
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="names as in notebooks/src; all if none is given")
    parser.add_argument("--timeout", type=positive, default=CELL_TIMEOUT, help="seconds that a cell may take")
    parser.add_argument("--jobs", type=positive, default=cores(), help="lessons that run side by side; one per core")
    options = parser.parse_args(arguments)
    chosen = [Path(name).stem for name in options.lessons]
    known = names(root)
    if not known:
        parser.error("notebooks/src holds no lesson yet")
    for name in set(chosen) - set(known):
        parser.error(f"no lesson {name!r} in notebooks/src; there is {', '.join(close(name, known))}")
    prepare(root)
    drop_orphans(root, known)
    build = Build([Lesson(name, root) for name in chosen or known], root / "notebooks", options.timeout, options.jobs)
    try:
        return report(asyncio.run(build.all()), options.timeout)
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Stopped. Lessons that were done are built, the others are as they were.", file=sys.stderr)
        return 130


def positive(text: str) -> int:
    """Return the positive number that an argument gives."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expects a positive number, got {text!r}")
    return int(text)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def prepare(root: Path) -> None:
    """Set what kernels inherit, and go to the course's folder, where `forget` looks for figures."""
    os.environ.update(ENVIRONMENT)
    if os.environ.get("COURSE_FIGURES") in (None, "", "check"):  # `redraw` asks for more
        os.environ["COURSE_FIGURES"] = "write"
    os.chdir(root)


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


@dataclass
class Build:
    """One run of lessons, so many at a time."""

    lessons: list[Lesson]
    folder: Path
    timeout: int
    jobs: int
    progress: Progress = field(init=False)

    async def all(self) -> list[Row | LessonError]:
        """Build all lessons; one that fails does not stop the others."""
        self.progress = Progress(sum(len(lesson.code) for lesson in self.lessons))
        gate, watch = asyncio.Semaphore(self.jobs), asyncio.create_task(self.progress.watch())
        try:
            return await asyncio.gather(*(self.one(lesson, gate) for lesson in self.lessons))
        finally:
            watch.cancel()
            self.progress.bar.close()

    async def one(self, lesson: Lesson, gate: asyncio.Semaphore) -> Row | LessonError:
        """Execute one lesson and write its notebook."""
        async with gate:
            start = time.perf_counter()
            self.progress.begin(lesson.name)
            try:
                notebook = await self.execute(lesson)
                row = Row(lesson.name, time.perf_counter() - start, len(lesson.published), len(lesson.exercises))
            except LessonError as error:
                return error
            except (ValueError, RuntimeError) as error:  # a figure without a plain name, a kernel that did not start
                return LessonError(f"{lesson.name}: {error}")
            finally:
                self.progress.end(lesson.name)
        write(notebook, self.folder / f"{lesson.name}.ipynb")
        write_practice(lesson, self.folder / "practice")
        return row

    async def execute(self, lesson: Lesson) -> NotebookNode:
        """Return the lesson's notebook, executed to its end by a kernel of its own."""
        notebook = compose(lesson.source, lesson.name)
        code_cells = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        client = stable_client(notebook, self.timeout)
        async with client.async_setup_kernel(cwd=str(self.folder)):
            take_back_signals()
            for number, (index, cell) in enumerate(code_cells, start=1):
                try:
                    await client.async_execute_cell(cell, index, execution_count=number)
                    refuse_stderr(cell)
                except (CellExecutionError, CellTimeoutError, DeadKernelError, LessonError) as error:
                    where = f"{lesson.name}, cell {number} `{first_line(cell)}`"
                    raise failure(error, where, self.timeout) from error
                self.progress.advance(1)
        notebook.metadata = from_dict(METADATA)  # the kernel has added its version
        return notebook


def stable_client(notebook: NotebookNode, timeout: int) -> NotebookClient:
    """Return a client that leaves nothing in the notebook which differs from run to run."""
    return NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=timeout,
        startup_timeout=CELL_TIMEOUT,
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


def write(notebook: NotebookNode, path: Path) -> None:
    """Write the notebook whole or not at all, and only if it differs in more than what depends on time."""
    if path.exists() and timeless(notebook) == timeless(stored(path)):
        return
    write_atomically(path, f"{nbformat.writes(notebook)}\n".encode())


def write_practice(lesson: Lesson, folder: Path) -> None:
    """Write the lesson's practice edition."""
    folder.mkdir(exist_ok=True)
    write_atomically(folder / f"{lesson.name}.ipynb", practice(lesson).encode())


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
