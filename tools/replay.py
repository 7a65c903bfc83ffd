"""Run a lesson in this process, with something else in the place of `publish`."""

import contextlib
import os
from collections.abc import Callable, Iterator

import matplotlib as mpl

mpl.use("agg")

from IPython.core.interactiveshell import InteractiveShell

from helpers import lesson as opening


@contextlib.contextmanager
def replay(publish: Callable) -> Iterator[Callable[[str], None]]:
    """Yield what runs a lesson's cells, one after the other, in a new session in which `publish` is another."""
    shell, original = InteractiveShell.instance(), opening.publish
    shell.reset(new_session=True)

    def run(code: str) -> None:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            result = shell.run_cell(code)
        result.raise_error()

    opening.publish = publish
    try:
        yield run
    finally:
        opening.publish = original
