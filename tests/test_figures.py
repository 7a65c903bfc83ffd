"""Figures that lessons publish, files in images/ and fingerprints are one and the same set."""

import base64
import hashlib
import json

from tools import lessons

MAX_GIF = 300_000  # bytes


def fingerprints(root):
    """All fingerprints of the course, by the names of the figures."""
    files = sorted((root / "images" / "fingerprints").glob("*.json"))
    return {name: entry for file in files for name, entry in json.loads(file.read_text(encoding="utf-8")).items()}


def shown(lesson):
    """What the notebook shows for each published figure: the PNG and its alt text."""
    for part in lesson.printed_parts:
        for call in lessons.calls(part.text, "publish") if part.cell else []:
            name, _ = lessons.figure(call)
            for output in part.cell.outputs:
                if "image/png" in output.get("data", {}):
                    picture = base64.b64decode(output.data["image/png"])
                    yield name, picture, output.metadata.get("image/png", {}).get("alt", "")


def test_published_figures_are_the_files_in_images(course, root):
    published = {name for lesson in course for name in lesson.published}
    files = {path.stem for path in (root / "images").glob("*.png")}
    assert published == files, (
        f"published but not in images/: {published - files}; in images/ but published by no lesson: "
        f"{files - published}. `make run` draws the ones and deletes the others"
    )


def test_published_figures_have_fingerprints(course, root):
    published = {name for lesson in course for name in lesson.published}
    known = set(fingerprints(root))
    assert published == known, f"fingerprints differ from figures in {published ^ known}: `make run`"


def test_no_figure_is_published_twice(course):
    names = [name for lesson in course for name in lesson.published]
    assert len(names) == len(set(names)), f"give each figure a name of its own: {sorted(names)}"


def test_figures_have_alt_text(lesson):
    for name, alt in lesson.published.items():
        assert len(alt) >= 20, f"{lesson.name}: say in the alt text of {name} what there is to see, not only {alt!r}"


def test_pictures_are_those_of_the_fingerprints(root):
    for name, entry in fingerprints(root).items():
        found = hashlib.sha256((root / "images" / f"{name}.png").read_bytes()).hexdigest()
        assert found == entry["sha256"], f"images/{name}.png is not the picture that was published: `make run`"


def test_gifs_are_those_of_the_fingerprints(root):
    known = {name: entry["gif sha256"] for name, entry in fingerprints(root).items() if "gif sha256" in entry}
    files = {path.stem: path.read_bytes() for path in (root / "images").glob("*.gif")}
    assert known == {name: hashlib.sha256(gif).hexdigest() for name, gif in files.items()}, "`make run`"
    large = {name: len(gif) for name, gif in files.items() if len(gif) > MAX_GIF}
    assert not large, f"bytes of GIFs over {MAX_GIF:,}, take fewer frames: {large}"


def test_notebooks_show_the_published_pictures(lesson, root):
    pictures = list(shown(lesson))
    assert [name for name, _, _ in pictures] == list(lesson.published), (
        f"{lesson.name}: the notebook shows {[name for name, _, _ in pictures]}, the source publishes "
        f"{list(lesson.published)}: `make run LESSON={lesson.name}`"
    )
    for name, picture, alt in pictures:
        assert picture == (root / "images" / f"{name}.png").read_bytes(), f"{lesson.name} shows another {name}.png"
        assert alt == lesson.published[name], f"{lesson.name}: {name} is shown with another alt text: {alt!r}"
