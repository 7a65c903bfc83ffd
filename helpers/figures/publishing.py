"""Publish a lesson's figures: a PNG for the reader, and for the tests a fingerprint of what it shows."""

import base64
import hashlib
import io
import json
import os
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from IPython import get_ipython
from IPython.display import display
from PIL import Image

from ..support.console import say
from ..support.files import write_atomically
from .fingerprint import differences, fingerprint

MODES = ("", "write", "redraw", "check")
FILES = {"png": "sha256", "gif": "gif sha256"}  # the files of a figure, and the names of their hashes in its record
FRAMES_A_SECOND = 12
_run = {"lesson": None, "published": set()}


class FigureChanged(AssertionError):
    """A figure does not show what its fingerprint says, or its picture is not the one that was stored."""


def begin(lesson):
    """Let the following figures belong to this lesson, and give them the course's style."""
    if not isinstance(lesson, str) or not re.fullmatch(r"\w+", lesson):
        raise ValueError(f'begin: lesson expects a name like "09_1_convolution", got {lesson!r}')
    _run.update(lesson=lesson, published=set())
    plt.style.use(Path(__file__).with_name("course.mplstyle"))


def publish(fig, name, alt, update=None, frames=0):
    """Show a figure with its alt text and close it.

    A figure moves if `update(frame)` draws frame 0, ..., frames - 1 on it: the last one is what is shown.
    Nothing is written, or even read, unless the environment variable COURSE_FIGURES says so, within the course:

    - `write`, set by `make run`, keeps images/NAME.png, a fingerprint of what it shows, and images/NAME.gif if it
      moves. A figure that did not change is shown from the stored file, the same bytes on every machine.
    - `redraw` does so too, and draws every figure anew.
    - `check`, set by the tests, writes nothing and raises FigureChanged where a figure differs from the stored one.
    """
    _demand(fig, name, alt, update, frames)
    try:
        course = _course() if _mode() else None
        png = _settled(course, fig, name, update, frames) if course else _fresh(fig, update, frames)
        width = int(fig.get_figwidth() * 96)
    finally:
        plt.close(fig)
    _display(png, alt, width)


def forget(lesson, keep):
    """Drop the stored figures of a lesson that it no longer publishes: all whose names are not in `keep`."""
    course = _course()
    stored = _stored(course, lesson) if course else {}
    kept = {name: record for name, record in stored.items() if name in keep}
    if kept != stored:
        for name in stored.keys() - kept.keys():
            for kind in FILES:
                _picture(course, name, kind).unlink(missing_ok=True)
        if kept:
            write_atomically(_book(course, lesson), _layout(kept))
        else:
            _book(course, lesson).unlink()


def _demand(fig, name, alt, update, frames):
    """Raise an error that says which argument is wrong, what was expected and what came."""
    if _run["lesson"] is None:
        raise RuntimeError('publish: no lesson has begun; call begin("09_1_convolution") or the like first')
    for what, value, kind in (("fig", fig, mpl.figure.Figure), ("name", name, str), ("alt", alt, str)):
        if not isinstance(value, kind):
            raise TypeError(f"publish: {what} expects a {kind.__name__}, got {type(value).__name__}: {value!r}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError(f'publish: name expects snake_case like "loss_curve", got {name!r}')
    if len(alt.strip()) < 20:
        raise ValueError(f"publish: alt expects at least 20 characters that say what the figure shows, got {alt!r}")
    if (update is not None) != (frames > 0):
        raise ValueError(f"publish: update and frames expect to be given together, got {update!r} and {frames!r}")
    if _mode() not in MODES:
        raise ValueError(f"publish: COURSE_FIGURES expects {', '.join(MODES[1:])} or nothing, got {_mode()!r}")


def _mode():
    return os.environ.get("COURSE_FIGURES", "")


def _fresh(fig, update, frames):
    """The figure as it is drawn now, at the last frame if it moves."""
    if update is not None:
        update(frames - 1)
    return _rendered(fig)


def _settled(course, fig, name, update, frames):
    """The PNG that stands for the figure from now on: the stored one, or a new one where that changed."""
    _claim(course, name)
    lesson, now = _run["lesson"], _facts(fig, update, frames)
    stored, draw = _stored(course, lesson), {"png": lambda: _rendered(fig)}
    if update is not None:
        draw["gif"] = lambda: _moving(fig, update, frames)
    paths = {kind: _picture(course, name, kind) for kind in draw}
    pictures = {kind: path.read_bytes() if path.exists() else None for kind, path in paths.items()}
    changes = _news(stored.get(name), now, pictures)
    if changes and _mode() == "check":
        advice = f"To keep the new one: make run LESSON={lesson}."
        raise FigureChanged("\n  ".join([f"{lesson} draws another {name} than the stored one. {advice}", *changes]))
    if changes or _mode() == "redraw":
        pictures = {kind: drawn() for kind, drawn in draw.items()}
        for kind, picture in pictures.items():
            write_atomically(paths[kind], picture)
        hashes = {FILES[kind]: _sha256(picture) for kind, picture in pictures.items()}
        write_atomically(_book(course, lesson), _layout(stored | {name: hashes | now}))
    return pictures["png"]


def _display(png, alt, width):
    """Show a picture and its alt text; where there are no pictures, as in a plain Python, the text alone."""
    if get_ipython() is None:
        say(alt)
    else:
        data = {"image/png": base64.b64encode(png).decode(), "text/plain": alt}
        display(data, raw=True, metadata={"image/png": {"alt": alt, "width": width}})


def _facts(fig, update, frames):
    """The fingerprint of a figure; of one that moves those of its first, middle and last frame, where it stays."""
    if update is None:
        return fingerprint(fig)
    facts = {}
    for frame in (0, frames // 2, frames - 1):
        update(frame)
        facts |= {f"frame {frame}, {place}": fact for place, fact in fingerprint(fig).items()}
    return facts


def _news(record, now, pictures):
    """Why the stored figure does not stand for the one drawn now."""
    if record is None:
        return ["no fingerprint is stored"]
    changes = differences({place: facts for place, facts in record.items() if place not in FILES.values()}, now)
    for kind, picture in pictures.items():
        if picture is None:
            changes.append(f"the {kind.upper()} is missing")
        elif _sha256(picture) != record.get(FILES[kind]):
            changes.append(f"the {kind.upper()} is not the one whose SHA-256 is stored")
    return changes


def _claim(course, name):
    """Reserve a name, which belongs to one figure of one lesson."""
    if name in _run["published"]:
        raise ValueError(f"publish: name expects a new one, but this lesson has already published {name!r}")
    for book in _book(course, "*").parent.glob("*.json"):
        if book.stem != _run["lesson"] and name in _stored(course, book.stem):
            raise ValueError(f"publish: name expects a new one, but {name!r} belongs to lesson {book.stem}")
    _run["published"].add(name)


def _rendered(fig):
    """The figure as PNG bytes with 1.5 pixels for each that it takes on a page, and no date or version in them.

    A palette of 256 colours is more than a figure shows, and makes the file half as large.
    """
    png = io.BytesIO()
    _drawn(fig, dpi=144).quantize(256, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    return png.getvalue()


def _moving(fig, update, frames):
    """The frames as GIF bytes, small and with the last frame's colours; it runs for ever and rests on that frame."""
    pictures = []
    for frame in range(frames):
        update(frame)
        pictures.append(_drawn(fig, dpi=72))
    colors = pictures[-1].quantize(64, dither=Image.Dither.NONE)
    pictures = [picture.quantize(palette=colors, dither=Image.Dither.NONE) for picture in pictures]
    durations = [1000 // FRAMES_A_SECOND] * (frames - 1) + [2000]
    gif = io.BytesIO()
    pictures[0].save(gif, "GIF", save_all=True, append_images=pictures[1:], duration=durations, loop=0)
    return gif.getvalue()


def _drawn(fig, dpi):
    """The figure as an image of three colours, of the figure's own size whatever the style says."""
    drawn = io.BytesIO()
    with plt.rc_context({"savefig.bbox": None}):
        fig.savefig(drawn, format="png", dpi=dpi)
    with Image.open(drawn) as image:
        return image.convert("RGB")


def _course():
    """The course's folder, looked for from the working directory upward; None outside of it."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        project, prints = folder / "pyproject.toml", folder / "images" / "fingerprints"
        if prints.is_dir() and project.is_file() and "flower-book-companion" in project.read_text(encoding="utf-8"):
            return folder
    return None


def _picture(course, name, kind):
    return course / "images" / f"{name}.{kind}"


def _book(course, lesson):
    return course / "images" / "fingerprints" / f"{lesson}.json"


def _stored(course, lesson):
    book = _book(course, lesson)
    return json.loads(book.read_text(encoding="utf-8")) if book.exists() else {}


def _layout(records):
    """The records as JSON text that reads well in a diff: figures by name, one line a place."""
    figures = []
    for name, record in sorted(records.items()):
        lines = [f"  {json.dumps(place)}: {json.dumps(facts, ensure_ascii=False)}" for place, facts in record.items()]
        figures.append(f"{json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n}")
    return ("{\n" + ",\n".join(figures) + "\n}\n").encode()


def _sha256(data):
    return hashlib.sha256(data).hexdigest()
