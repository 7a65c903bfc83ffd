"""`publish` keeps pictures, fingerprints and outputs in step."""

import base64
import io
import json
import os
import warnings
from html.parser import HTMLParser

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib.artist import Artist
from PIL import Image

from helpers.figures import Publisher, forget
from helpers.figures.publish import MODES, FigureChanged
from helpers.figures.store import sha256

pytestmark = pytest.mark.usefixtures("style", "closed")

ALT = "A figure that is drawn for a test and shows nothing in particular."
SERIES = np.cos(np.arange(20) ** 1.3) + np.arange(20) / 10

publisher = Publisher()
begin, publish = publisher.begin, publisher.publish


@pytest.fixture
def course(tmp_path, monkeypatch):
    """An empty course that is being built, with the working directory in its notebooks."""
    (tmp_path / "images" / "fingerprints").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.setenv("COURSE_FIGURES", "write")
    return tmp_path


@pytest.fixture
def reading(course, monkeypatch):
    """The course with one figure stored, as a reader has it: nothing asks for writing."""
    again()
    monkeypatch.delenv("COURSE_FIGURES")
    return course


@pytest.fixture(scope="session", autouse=True)
def shell(tmp_path_factory):
    """IPython, so that what is displayed can be caught."""
    os.environ.setdefault("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    yield shell
    InteractiveShell.clear_instance()


def small(y=SERIES):
    fig = plt.figure(figsize=(2, 1), layout="none")
    fig.add_axes((0, 0, 1, 1)).plot(y)
    return fig


def shown(fig, name):
    """Publish a figure; what was displayed."""
    with capture_output() as captured:
        assert publish(fig, name, ALT) is None
    (output,) = captured.outputs
    return output


def again(y=SERIES, name="loss_curve", lesson="09_1_test"):
    """Publish a line in a new run of the lesson; what was displayed."""
    begin(lesson)
    return shown(small(y), name)


def files(course):
    """All files below the course's images, with their bytes and times."""
    paths = [path for path in (course / "images").rglob("*") if path.is_file()]
    return {str(path.relative_to(course)): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


class Images(HTMLParser):
    """The attributes of each image in a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found += [dict(attrs)] if tag == "img" else []


def picture(output):
    """The attributes of the image that a reader's kernel displays, as HTML."""
    (image,) = Images(output.data["text/html"]).found
    return image


def pixels(output):
    """What a reader sees, without the alpha channel."""
    kind, _, encoded = picture(output)["src"].partition(",")
    assert kind == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as image:
        return np.asarray(image.convert("RGB"))


def test_publish_writes_picture_and_fingerprint(course):
    output = again()
    picture = (course / "images" / "loss_curve.png").read_bytes()
    text = (course / "images" / "fingerprints" / "09_1_test.json").read_text()
    assert picture.startswith(b"\x89PNG")
    assert output.data["image/png"] == base64.b64encode(picture).decode()
    assert text.startswith('{\n"loss_curve": {\n  "sha256": "')
    assert [row.split('"')[1] for row in text.splitlines()[1:-2]] == [
        "loss_curve", "sha256", "figure", "axes 0", "axes 0, line 0",
    ]  # fmt: skip
    assert set(files(course)) == {"images/loss_curve.png", "images/fingerprints/09_1_test.json"}


def test_the_alt_text_and_the_width_end_in_the_output(course):
    output = again()
    assert output.data["text/plain"] == ALT
    assert output.metadata == {"image/png": {"alt": ALT, "width": 2 * 96}}
    width = int.from_bytes((course / "images" / "loss_curve.png").read_bytes()[16:20], "big")
    assert width == 2 * 144


def test_a_tight_box_does_not_change_the_size(course):
    begin("09_1_test")
    with matplotlib.rc_context({"savefig.bbox": "tight"}):
        output = shown(small(), "small")
    width = int.from_bytes((course / "images" / "small.png").read_bytes()[16:20], "big")
    assert (width, output.metadata["image/png"]["width"]) == (2 * 144, 2 * 96)


def test_publish_closes_the_figure(course):
    again()
    assert plt.get_fignums() == []


def test_nothing_is_written_and_the_stored_picture_shown_when_nothing_changed(course):
    first = again()
    before = files(course)
    second = again(SERIES * (1 + 1e-9))
    assert files(course) == before
    assert (second.data, second.metadata) == (first.data, first.metadata)


def test_a_stored_picture_of_another_machine_is_shown_as_it_is(course):
    again()
    picture, book = course / "images" / "loss_curve.png", course / "images" / "fingerprints" / "09_1_test.json"
    foreign = picture.read_bytes() + b"\0"
    book.write_text(book.read_text().replace(sha256(picture.read_bytes()), sha256(foreign)))
    picture.write_bytes(foreign)
    assert again().data["image/png"] == base64.b64encode(foreign).decode()
    assert picture.read_bytes() == foreign


def test_figures_of_a_lesson_stand_sorted_in_one_file(course):
    for name in ("zebra", "apple"):
        again(name=name)
    assert list(json.loads((course / "images" / "fingerprints" / "09_1_test.json").read_text())) == ["apple", "zebra"]


def plant_edited(course):
    path = course / "images" / "loss_curve.png"
    path.write_bytes(path.read_bytes() + b"\0")


def plant_missing(course):
    (course / "images" / "loss_curve.png").unlink()


def plant_stale(course):
    path = course / "images" / "fingerprints" / "09_1_test.json"
    path.write_text(path.read_text().replace('"mean": 0.9', '"mean": 0.8'))


def plant_unknown(course):
    (course / "images" / "fingerprints" / "09_1_test.json").write_text("{}")


def plant_damaged(course):
    (course / "images" / "fingerprints" / "09_1_test.json").write_text("{ <<<<<<< a merge")


FAULTS = [
    (plant_edited, "the PNG is not the one whose SHA-256 is stored"),
    (plant_missing, "the PNG is missing"),
    (plant_stale, "axes 0, line 0: y mean was 0.8"),
    (plant_unknown, "no fingerprint is stored"),
]


@pytest.mark.parametrize(("plant", "expected"), FAULTS)
def test_check_names_every_fault_and_writes_nothing(course, monkeypatch, plant, expected):
    again()
    plant(course)
    before = files(course)
    monkeypatch.setenv("COURSE_FIGURES", "check")
    with pytest.raises(FigureChanged, match=expected) as caught:
        again()
    assert isinstance(caught.value, AssertionError)
    assert "09_1_test" in str(caught.value)
    assert "loss_curve" in str(caught.value)
    assert files(course) == before
    assert plt.get_fignums() == []


@pytest.mark.parametrize(("plant", "expected"), FAULTS)
def test_the_build_mends_every_fault(course, monkeypatch, plant, expected):
    again()
    plant(course)
    again()
    monkeypatch.setenv("COURSE_FIGURES", "check")
    again()


def test_check_passes_and_writes_nothing_when_nothing_changed(course, monkeypatch):
    first = again()
    before = files(course)
    monkeypatch.setenv("COURSE_FIGURES", "check")
    assert again().data == first.data
    assert files(course) == before


def test_check_tells_all_changes_one_a_line(course, monkeypatch):
    again()
    monkeypatch.setenv("COURSE_FIGURES", "check")
    with pytest.raises(FigureChanged) as caught:
        again(np.arange(30))
    assert len(str(caught.value).splitlines()) == 5, str(caught.value)  # a headline, two limits, x and y


def test_redraw_writes_always(course, monkeypatch):
    again()
    before = files(course)
    monkeypatch.setenv("COURSE_FIGURES", "redraw")
    again()
    after = files(course)
    assert {name: data for name, (data, _) in after.items()} == {name: data for name, (data, _) in before.items()}
    assert all(after[name][1] > before[name][1] for name in after)


def test_another_mode_is_an_error(course, monkeypatch):
    monkeypatch.setenv("COURSE_FIGURES", "always")
    with pytest.raises(ValueError, match="COURSE_FIGURES expects write, redraw, check or nothing, got 'always'"):
        again()


@pytest.mark.parametrize("mode", MODES)
def test_outside_the_course_a_figure_is_only_shown(tmp_path, monkeypatch, mode):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_FIGURES", mode)
    output = again()
    assert output.data["text/plain"] == ALT
    assert ("image/png" in output.data) == bool(mode)
    assert ("text/html" in output.data) != bool(mode)
    assert list(tmp_path.iterdir()) == []
    assert plt.get_fignums() == []


def test_a_fork_is_a_course_whatever_its_name(course):
    (course / "pyproject.toml").write_text('[project]\nname = "another"\n')
    again()
    assert set(files(course)) == {"images/loss_curve.png", "images/fingerprints/09_1_test.json"}


def test_a_folder_of_images_is_not_the_course(course):
    (course / "images" / "fingerprints").rmdir()
    again()
    assert files(course) == {}


def test_the_course_is_found_from_any_folder_within(course, monkeypatch):
    deep = course / "notebooks" / "practice" / "mine"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    again()
    assert (course / "images" / "loss_curve.png").exists()


@pytest.mark.parametrize("fails", ["savefig", "fsync", "replace"])
def test_a_crash_leaves_the_old_files(course, monkeypatch, fails):
    def crash(*arguments, **options):
        raise OSError("disk full")

    again()
    before = files(course)
    monkeypatch.setattr(matplotlib.figure.Figure if fails == "savefig" else os, fails, crash)
    with pytest.raises(OSError, match="disk full"):
        again(-SERIES)
    assert files(course) == before
    assert plt.get_fignums() == []


def test_a_crash_between_picture_and_fingerprint_is_noticed(course, monkeypatch):
    def replace(draft, path):
        if path.suffix == ".json":
            raise OSError("disk full")
        replaced(draft, path)

    again()
    replaced = os.replace
    with monkeypatch.context() as crash:
        crash.setattr(os, "replace", replace)
        with pytest.raises(OSError, match="disk full"):
            again(-SERIES)
    monkeypatch.setenv("COURSE_FIGURES", "check")
    with pytest.raises(FigureChanged, match="SHA-256"):
        again()


# ------------------------------------------------------------------ what a reader does


def test_a_reader_sees_the_figure_as_it_is_and_nothing_is_written(reading):
    before = files(reading)
    as_stored, changed, unknown = again(), again(-SERIES), again(name="of_my_own")
    assert np.array_equal(pixels(as_stored), pixels(unknown))
    assert not np.array_equal(pixels(as_stored), pixels(changed))
    assert files(reading) == before
    assert plt.get_fignums() == []


def test_a_readers_front_end_gets_the_alt_text(reading):
    alt = 'Left: "a" < b & c > d; right: nothing.'
    begin("09_1_test")
    with capture_output() as captured:
        publish(small(), "loss_curve", alt)
    (output,) = captured.outputs
    assert picture(output)["alt"] == output.data["text/plain"] == alt
    assert "width: 192px" in picture(output)["style"]
    assert "image/png" not in output.data


def test_a_reader_may_run_cells_again_and_in_any_order(reading):
    before = files(reading)
    begin("09_1_test")
    for y in (SERIES, -SERIES, SERIES):
        shown(small(y), "loss_curve")
        shown(small(y), "another")
    begin("09_2_test")
    shown(small(), "loss_curve")
    assert files(reading) == before


@pytest.mark.parametrize("plant", [plant_edited, plant_missing, plant_stale, plant_unknown, plant_damaged])
def test_a_reader_needs_nothing_that_is_stored(reading, plant):
    plant(reading)
    before = files(reading)
    assert pixels(again()).shape == (144, 288, 3)
    assert files(reading) == before


def test_a_reader_needs_no_permission_to_write(reading, monkeypatch):
    def refuse(path, mode="r", *arguments, **options):
        if "r" not in mode or "+" in mode:
            raise PermissionError(f"read-only: {path}")
        return opened(path, mode, *arguments, **options)

    opened = io.open
    for folder in (reading, *(path for path in reading.rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    for module in ("io.open", "builtins.open"):  # root may write in spite of the folder's mode
        monkeypatch.setattr(module, refuse)
    assert pixels(again(-SERIES)).shape == (144, 288, 3)


def test_a_reader_sees_a_figure_of_artists_that_no_fingerprint_knows(reading):
    class Doodle(Artist):
        pass

    def doodled():
        fig = small()
        fig.add_artist(Doodle())
        return fig

    begin("09_1_test")
    assert pixels(shown(doodled(), "doodle")).shape == (144, 288, 3)
    with pytest.MonkeyPatch.context() as building:
        building.setenv("COURSE_FIGURES", "write")
        with pytest.raises(TypeError, match="got Doodle"):
            publish(doodled(), "doodle", ALT)


# ------------------------------------------------------------------ figures that move


def moving(shift=0.0, frames=5, **options):
    begin("09_1_test")
    fig, ax = plt.subplots(figsize=(2, 1))
    (line,) = ax.plot(SERIES)

    def update(frame):
        line.set_ydata(SERIES + frame + shift * (frame == 2))

    publish(fig, "loss_curve", ALT, update=update, frames=frames, **options)


def test_a_figure_that_moves_is_kept_as_its_last_frame_and_as_a_gif(course):
    moving()
    with Image.open(course / "images" / "loss_curve.gif") as gif:
        assert (gif.format, gif.n_frames) == ("GIF", 5)
        frames = []
        for frame in range(5):
            gif.seek(frame)
            frames.append(np.asarray(gif.convert("L"), dtype=float))
    with Image.open(course / "images" / "loss_curve.png") as png:
        still = np.asarray(png.convert("L").resize(frames[0].shape[::-1]))
    assert np.argmin([np.abs(frame - still).mean() for frame in frames]) == 4


@pytest.mark.parametrize(("options", "milliseconds"), [({}, 80), ({"fps": 0.8}, 1250)])
def test_a_film_runs_as_fast_as_is_said_and_rests_at_its_end(course, options, milliseconds):
    moving(**options)
    with Image.open(course / "images" / "loss_curve.gif") as gif:
        durations = []
        for frame in range(gif.n_frames):
            gif.seek(frame)
            durations.append(gif.info["duration"])
    assert durations == [milliseconds] * 4 + [2000]


def test_another_speed_is_another_film(course):
    moving()
    slow = (course / "images" / "loss_curve.gif").read_bytes()
    moving(fps=0.8)
    assert (course / "images" / "loss_curve.gif").read_bytes() != slow


@pytest.mark.parametrize("fps", [0, -1, np.nan, np.inf])
def test_a_film_needs_a_speed(course, fps):
    with pytest.raises(ValueError, match=r"publish: fps expects a number in \(0, inf\)"):
        moving(fps=fps)


def test_a_change_on_the_way_is_noticed(course, monkeypatch):
    moving()
    monkeypatch.setenv("COURSE_FIGURES", "check")
    moving()
    with pytest.raises(FigureChanged, match="frame 2, axes 0, line 0: y mean was"):
        moving(shift=1.0)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (lambda path: path.unlink(), "the GIF is missing"),
        (lambda path: path.write_bytes(path.read_bytes() + b"0"), "the GIF is not the one whose SHA-256"),
    ],
)
def test_check_looks_after_the_gif(course, monkeypatch, fault, expected):
    moving()
    fault(course / "images" / "loss_curve.gif")
    monkeypatch.setenv("COURSE_FIGURES", "check")
    with pytest.raises(FigureChanged, match=expected):
        moving()


def test_forget_drops_the_gif_as_well(course):
    moving()
    forget("09_1_test", keep=[])
    assert files(course) == {}


def test_outside_the_course_the_last_frame_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    seen = []
    publish(small(), "loss_curve", ALT, update=seen.append, frames=7)
    assert seen[-1] == 6


@pytest.mark.parametrize("given", [{"frames": 3}, {"update": print}])
def test_update_and_frames_come_together(course, given):
    with pytest.raises(ValueError, match="expects update and frames together, or neither"):
        publish(small(), "loss_curve", ALT, **given)


# ------------------------------------------------------------------ names and arguments


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"fig": None}, TypeError, "fig expects a Figure, got NoneType: None"),
        ({"name": 3}, TypeError, "name expects a str, got int: 3"),
        ({"name": "Loss Curve"}, ValueError, "name expects snake_case like \"loss_curve\", got 'Loss Curve'"),
        ({"name": "../evil"}, ValueError, "name expects snake_case"),
        ({"name": "loss_curve\n"}, ValueError, "name expects snake_case"),
        ({"alt": None}, TypeError, "alt expects a str, got NoneType: None"),
        ({"alt": "   short        " + " " * 20}, ValueError, "alt expects at least 20 characters"),
    ],
)
def test_bad_arguments_are_named(course, arguments, error, message):
    with pytest.raises(error, match=message):
        publish(**{"fig": plt.figure(), "name": "loss_curve", "alt": ALT, **arguments})
    assert files(course) == {}


@pytest.mark.parametrize("lesson", ["", "../evil", None, 9])
def test_begin_refuses_what_is_no_lesson(lesson):
    with pytest.raises(ValueError, match="begin: lesson expects a name"):
        begin(lesson)


def test_publish_before_begin():
    with pytest.raises(RuntimeError, match="publish: expects a lesson that has begun; call begin"):
        Publisher().publish(plt.figure(), "loss_curve", ALT)


def test_a_name_is_published_once_in_a_run(course):
    again()
    with pytest.raises(ValueError, match="has already published 'loss_curve'"):
        publish(small(), "loss_curve", ALT)
    again()


def test_only_the_lessons_own_record_is_read(course):
    (course / "images" / "fingerprints" / "09_2_test.json").write_text("{ <<<<<<< a merge")
    again()
    assert "images/loss_curve.png" in files(course)


def test_two_publishers_know_nothing_of_each_other(course):
    again()
    other = Publisher()
    other.begin("09_2_test")
    other.publish(small(), "another", ALT)
    with pytest.raises(ValueError, match="this lesson has already published 'loss_curve'"):
        publish(small(), "loss_curve", ALT)
    assert set(json.loads((course / "images" / "fingerprints" / "09_2_test.json").read_text())) == {"another"}


def test_forget_drops_what_a_lesson_no_longer_publishes(course):
    for name in ("one", "two", "three"):
        again(name=name)
    before = files(course)
    forget("09_1_test", keep=["one", "two", "three"])
    assert files(course) == before
    forget("09_1_test", keep=["two"])
    assert set(files(course)) == {"images/two.png", "images/fingerprints/09_1_test.json"}
    assert list(json.loads((course / "images" / "fingerprints" / "09_1_test.json").read_text())) == ["two"]
    forget("09_1_test", keep=[])
    assert files(course) == {}
    forget("09_1_test", keep=[])


def test_forget_outside_the_course_does_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    forget("09_1_test", keep=[])


def test_the_style_loads_without_a_word_and_draws_on_white():
    with warnings.catch_warnings(), matplotlib.rc_context():
        warnings.simplefilter("error")
        begin("09_1_test")
        assert plt.rcParams["savefig.facecolor"] == "white"
        assert plt.rcParams["figure.constrained_layout.use"] is True
        assert len(plt.rcParams["axes.prop_cycle"]) == 7
