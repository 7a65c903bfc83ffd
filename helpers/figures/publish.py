"""Publish a lesson's figures: show each one, keep it, or compare it with the one that is kept."""

import base64
import html
import os
import re
from pathlib import Path

import matplotlib.pyplot as plt
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from ..support.arguments import as_number
from ..support.console import say
from .drawing import FPS, Drawing
from .store import Store, find_course

MODES = ("", "write", "redraw", "check")
PIXELS_PER_INCH = 96  # on a page


class FigureChanged(AssertionError):
    """A figure does not show what its record says, or its file is not the one that was stored."""


class Publisher:
    """Publishes the figures of one lesson after the other; it knows which one is being run."""

    def __init__(self):
        self.lesson, self.published = None, set()

    def begin(self, lesson):
        """Let the following figures belong to this lesson, and give them the course's style."""
        if not isinstance(lesson, str) or not re.fullmatch(r"\w+", lesson):
            expected = 'a name like "09_01_convolution"'
            raise ValueError(f"begin: lesson expects {expected}, got {lesson!r}")
        self.lesson, self.published = lesson, set()
        plt.style.use(Path(__file__).with_name("course.mplstyle"))

    def publish(self, fig, name, alt, update=None, frames=0, fps=FPS):
        """Show a figure with its alt text and close it.

        A figure moves if `update(frame)` draws frame 0, ..., frames - 1 on it, `fps` of them per
        second: the last one is what is shown. Nothing is written, or even read, unless the
        environment variable COURSE_FIGURES says so, within the course:

        - `write`, set by `make run`, keeps images/NAME.png, a fingerprint of what it shows, and
          images/NAME.gif if it moves. A figure that did not change is shown from the stored file,
          the same bytes on every machine.
        - `redraw` does so too, and draws every figure anew.
        - `check`, set by the tests, writes nothing and raises FigureChanged where a figure differs
          from the stored one.

        Without it, in a reader's kernel, the figure is HTML, the one form in which every front end
        hands the alt text to a screen reader.
        """
        if self.lesson is None:
            example = 'begin("09_01_convolution")'
            raise RuntimeError(f"publish: expects a lesson that has begun; call {example} first")
        _check_arguments(fig, name, alt, update, frames)
        fps = as_number("publish", "fps", fps, "(0, inf)")
        try:
            png = self._picture(Drawing(fig, update, frames, fps), name)
            width = int(fig.get_figwidth() * PIXELS_PER_INCH)
        finally:
            plt.close(fig)
        _show(png, alt, width, as_html=not _mode())

    def _picture(self, drawing, name):
        """Return the PNG that a reader sees: the stored one, or a new one where that changed."""
        mode, course = _mode(), find_course()
        if not mode or course is None:
            drawing.to_last_frame()
            return drawing.png()
        self._claim(name)
        store, facts = Store(course, self.lesson), drawing.facts()
        changes = store.changes(name, facts, drawing.kinds)
        if changes and mode == "check":
            raise FigureChanged(self._report(name, changes))
        if changes or mode == "redraw":
            store.save(name, facts, drawing.files())
        return store.picture(name, "png")

    def _claim(self, name):
        """Reserve a name for one figure of this run; a test keeps lessons from sharing one."""
        if name in self.published:
            already = f"this lesson has already published {name!r}"
            raise ValueError(f"publish: name expects a new one, but {already}")
        self.published.add(name)

    def _report(self, name, changes):
        advice = f"To keep the new one: make run LESSON={self.lesson}."
        headline = f"{self.lesson} draws another {name} than the stored one. {advice}"
        return "\n  ".join([headline, *changes])


def _check_arguments(fig, name, alt, update, frames):
    """Raise an error that says which argument is wrong, what was expected and what came."""
    _check_type("fig", fig, Figure)
    _check_type("name", name, str)
    _check_type("alt", alt, str)
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError(f'publish: name expects snake_case like "loss_curve", got {name!r}')
    if len(alt.strip()) < 20:
        expected = "at least 20 characters that say what the figure shows"
        raise ValueError(f"publish: alt expects {expected}, got {alt!r}")
    if (update is not None) != (frames > 0):
        expected = "expects update and frames together, or neither"
        raise ValueError(f"publish: {expected}, got {update!r} and {frames!r}")


def _check_type(what, value, kind):
    if not isinstance(value, kind):
        got = f"{type(value).__name__}: {value!r}"
        raise TypeError(f"publish: {what} expects a {kind.__name__}, got {got}")


def _mode():
    """Return what the environment says is to become of figures."""
    mode = os.environ.get("COURSE_FIGURES", "")
    if mode not in MODES:
        expected = f"{', '.join(MODES[1:])} or nothing"
        raise ValueError(f"publish: COURSE_FIGURES expects {expected}, got {mode!r}")
    return mode


def _show(png, alt, width, as_html):
    """Show a picture and its alt text; in a plain Python, which has no pictures, the text alone."""
    if get_ipython() is None:
        say(alt)
        return
    encoded = base64.b64encode(png).decode()
    if as_html:
        source = f"data:image/png;base64,{encoded}"
        image = f'<img src="{source}" alt="{html.escape(alt)}" style="width: {width}px; max-width: 100%">'
        display({"text/html": image, "text/plain": alt}, raw=True)
    else:
        data = {"image/png": encoded, "text/plain": alt}
        display(data, raw=True, metadata={"image/png": {"alt": alt, "width": width}})
