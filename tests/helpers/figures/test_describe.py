"""The fingerprint sees what a reader would see, and nothing else."""

import functools
import json

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.colors import LogNorm, TwoSlopeNorm
from matplotlib.patches import ConnectionPatch

from helpers.figures.describe import fingerprint
from helpers.figures.differences import differences

pytestmark = pytest.mark.usefixtures("style", "closed")

# ------------------------------------------------------------------ a gallery with every kind of artist

SERIES = np.cos(np.arange(20) ** 1.3) + np.arange(20) / 10
FIELD = np.add.outer(np.sin(np.arange(12) / 3), np.linspace(0, 2, 15) ** 2)
GRID = np.meshgrid(np.linspace(-1, 2, 15), np.linspace(-1, 1, 12))


def lines(ax, y):
    ax.plot(y, "o--", label="measured")
    ax.plot(y**2 / 3, color="C1", label="squared")
    ax.axhline(0.5, color="black", linewidth=1)
    ax.axvspan(3, 5, alpha=0.2)
    ax.axline((0, 0), slope=0.1)
    ax.set(xlabel="step", ylabel="value", title="lines")
    ax.legend(title="which")


def log_lines(ax, y):
    ax.loglog(np.arange(1, 21), np.exp(-y), label="$e^{-y}$")
    ax.axhline(np.exp(y[3]))
    ax.set_title("left", loc="left")
    ax.legend()


def bars(ax, y):
    ax.bar([f"class {i}" for i in range(len(y))], y)
    ax.tick_params("x", rotation=90)
    ax.text("class 3", 1, "in a category")


def histogram(ax, y):
    ax.hist(np.concatenate([y, y**2]), bins=8)


def intervals(ax, y):
    ax.errorbar(np.arange(20), y, yerr=np.abs(y) / 5, capsize=3)
    ax.fill_between(np.arange(20), y - 1, y + 1, alpha=0.3)


def stems(ax, y):
    ax.stem(y)
    ax.vlines([2, 4], -1, [1, 2])
    ax.set(yticks=[0, 1], yticklabels=["low", "high"], xticks=[])


def image(ax, z):
    ax.figure.colorbar(ax.imshow(z, cmap="gray", vmin=-1, vmax=5), label="brightness")
    ax.axis("off")


def color_image(ax, z):
    ax.imshow(np.stack([z, z**2, z / 2], -1) / 40 + 0.3)


def mesh(ax, z):
    ax.figure.colorbar(ax.pcolormesh(*GRID, z, norm=TwoSlopeNorm(0, -2, 6), cmap="RdBu"))


def log_mesh(ax, z):
    ax.pcolormesh(*GRID, np.exp(z), norm=LogNorm(0.1, 100), shading="gouraud")


def contours(ax, z):
    ax.figure.colorbar(ax.contourf(*GRID, z, levels=6))
    ax.clabel(ax.contour(*GRID, z, levels=[0, 1, 2], colors="black"))
    ax.set_aspect("equal")


def arrows(ax, z):
    ax.quiver(*GRID, z, z**2 / 5, scale=60, color="C2")
    ax.annotate("here", (0.5, 0.5), (1, -0.5), arrowprops={"arrowstyle": "->"})
    ax.annotate("", (0, 0), (1, 1), arrowprops={"arrowstyle": "<->"})
    ax.arrow(0, 0, 1, 0.5)


def scatter(ax, y):
    ax.scatter(y, np.arange(20), c=y, s=np.arange(20) * 3, marker="s", cmap="plasma")
    ax.scatter([1], [2], color="C1", label="a")
    ax.scatter([1, 2], [2, 3], c=["C1", "C2"])
    ax.text(0.1, 0.9, "corner", transform=ax.transAxes)
    ax.text(1, 10, "in data", rotation=30)
    ax.set_xlim(-2, 4)


def boxes(ax, y):
    ax.boxplot([y, y**2])
    ax.violinplot([y, y**3 / 5], positions=[3, 4])


def heatmap(ax, z):
    sns.heatmap(z[:3, 4:8], annot=True, fmt=".1f", ax=ax)


def distributions(ax, y):
    sns.histplot(y, bins=6, ax=ax)
    sns.kdeplot(x=y, y=y**2, ax=ax.twinx(), levels=3, gridsize=10)


def nested(ax, y):
    ax.plot(y)
    inset = ax.inset_axes([0.6, 0.1, 0.3, 0.3], xlim=(5, 8), ylim=(0, 2))
    inset.plot(y)
    ax.indicate_inset_zoom(inset)
    ax.twinx().semilogy(np.exp(y), color="C1")
    ax.figure.suptitle("nested axes")
    ax.figure.text(0.1, 0.1, "figure text")


def space(ax, z):
    ax.remove()
    ax = plt.gcf().add_subplot(projection="3d", elev=30, azim=40)
    ax.plot_surface(*GRID, z, cmap="viridis")
    ax.plot(GRID[0][0], GRID[0][0], z[0])
    ax.scatter(GRID[0][0], GRID[0][0], z[1])
    ax.plot_wireframe(*GRID, z + 1)
    ax.plot_surface(*GRID, z + 2, color="C1", alpha=0.5)
    ax.set_zlabel("loss")


def circle(ax, y):
    ax.remove()
    ax = plt.gcf().add_subplot(projection="polar")
    ax.plot(np.arange(20) / 4, np.abs(y) + y)
    ax.fill(np.arange(5), np.arange(5), hatch="/", facecolor="none", edgecolor="C3")


def panels(ax, y):
    ax.remove()
    left, right = plt.gcf().subplots(1, 2, sharey=True)
    left.plot(y)
    right.step(np.arange(20), y**2)
    right.set(yscale="symlog")
    plt.gcf().add_artist(ConnectionPatch((3, 0), (5, 1), "data", "data", axesA=left, axesB=right))
    plt.gcf().legend(left.lines, ["both"], loc="outside lower center")


GALLERY = {draw.__name__: (draw, SERIES) for draw in (
    lines, log_lines, bars, histogram, intervals, stems, scatter, boxes, distributions, nested, circle, panels,
)} | {draw.__name__: (draw, FIELD) for draw in (
    image, color_image, mesh, log_mesh, contours, arrows, heatmap, space,
)}  # fmt: skip


def drawn(name, change=lambda data: data):
    """The gallery's figure of this name, from its data or from changed data."""
    plt.close("all")
    draw, data = GALLERY[name]
    fig, ax = plt.subplots()
    draw(ax, change(data))
    return fig


@functools.cache
def original(name):
    """The fingerprint of the gallery's figure of this name."""
    return fingerprint(drawn(name))


# ------------------------------------------------------------------ what a fingerprint must not see


@pytest.mark.parametrize("name", GALLERY)
def test_drawing_again_with_rounding_noise_makes_no_difference(name):
    noise = 1 + 1e-6 * np.random.default_rng(0).standard_normal(GALLERY[name][1].shape)
    assert differences(original(name), fingerprint(drawn(name, lambda data: data * noise))) == []


@pytest.mark.parametrize("name", GALLERY)
def test_a_fingerprint_survives_json(name):
    assert json.loads(json.dumps(original(name), allow_nan=False)) == original(name)


@pytest.mark.parametrize("level", [0, 1, 1000])
def test_noise_far_below_the_axis_is_not_a_difference(level):
    def residual(noise):
        fig, ax = plt.subplots()
        ax.plot(np.full(20, level) + noise)
        ax.bar(np.arange(20), noise)
        ax.scatter(np.arange(20), noise)
        ax.set_ylim(-1, 1001)
        return fingerprint(fig)

    assert differences(residual(np.zeros(20)), residual(np.random.default_rng(0).normal(0, 1e-12, 20))) == []


def test_a_level_on_a_log_axis_may_move_by_a_hundred_thousandth():
    def level(y):
        fig, ax = plt.subplots()
        ax.semilogy([1, 2], [y, y])
        ax.set_ylim(0.01, 1)
        return fingerprint(fig)

    assert differences(level(0.123456), level(0.123457)) == []
    assert differences(level(0.1234), level(0.1235)) != []


@pytest.mark.parametrize("filled", [False, True])
def test_contours_through_the_points_of_a_grid_may_be_cut_otherwise(filled):
    x, y = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-2, 2, 41))
    saddle = np.round(x**2 - y**2, 9)

    def contoured(z):
        fig, ax = plt.subplots()
        (ax.contourf if filled else ax.contour)(x, y, z, levels=np.arange(-3, 4))
        return fingerprint(fig)

    noise = 1e-9 * np.random.default_rng(0).standard_normal(x.shape)
    assert differences(contoured(saddle), contoured(saddle + noise)) == []
    assert differences(contoured(saddle), contoured(saddle * 1.01)) != []


@pytest.mark.parametrize("name", ["arrows", "contours"])
def test_drawing_a_figure_does_not_change_its_fingerprint(name):
    fig = drawn(name)
    fig.canvas.draw()
    assert differences(original(name), fingerprint(fig)) == []


def test_taking_a_fingerprint_does_not_change_the_picture():
    pixels = []
    for touch in (fingerprint, id):
        fig = drawn("nested")
        touch(fig)
        fig.canvas.draw()
        pixels.append(np.array(fig.canvas.buffer_rgba()))
    np.testing.assert_array_equal(*pixels)


def test_invisible_artists_and_axes_do_not_count():
    was, fig = original("panels"), drawn("panels")
    fig.axes[0].plot([1, 2], visible=False)
    assert differences(was, fingerprint(fig)) == []
    fig.axes[0].set_visible(False)
    changes = differences(was, fingerprint(fig))
    assert any("visible was None" in change for change in changes)
    assert "axes 0, line 0: is missing" in changes


def test_what_follows_from_other_artists_does_not_count():
    fig = drawn("contours")
    fig.axes[0].texts[0].set_position((0, 0))
    assert differences(original("contours"), fingerprint(fig)) == []
    fig = drawn("nested")
    to_inset = ConnectionPatch((0, 0), (3, 1), fig.axes[0].child_axes[0].transAxes, "data")  # drawn so before 3.10
    fig.axes[0].add_patch(to_inset)
    assert differences(original("nested"), fingerprint(fig)) == []


def test_an_image_with_its_own_colors_has_no_color_map():
    fig = drawn("color_image")
    fig.axes[0].images[0].set(cmap="gray", clim=(0, 9))
    assert differences(original("color_image"), fingerprint(fig)) == []


def test_the_order_of_corners_does_not_count():
    def shape(corners):
        fig, ax = plt.subplots()
        ax.fill(*np.transpose(corners))
        return fingerprint(fig)

    corners = [(0, 0), (2, 0), (2, 1)]
    assert differences(shape(corners), shape([corners[0], *corners[:0:-1]])) == []
    assert differences(shape(corners), shape([(0, 0), (2, 0), (0, 1)])) != []


# ------------------------------------------------------------------ what a fingerprint must see


def bumped(data):
    """The data with one entry changed by a hundredth of their range."""
    data = data.copy()
    data.flat[7] += np.ptp(data) / 100
    return data


@pytest.mark.parametrize("name", GALLERY)
def test_a_flipped_sign_is_seen(name):
    assert differences(original(name), fingerprint(drawn(name, np.negative))) != []


@pytest.mark.parametrize("name", sorted(GALLERY.keys() - {"histogram"}))  # whose bars may stay the same
def test_one_entry_changed_by_a_hundredth_is_seen(name):
    assert differences(original(name), fingerprint(drawn(name, bumped))) != []


FLIPS = [(name, np.flip) for name in ("lines", "bars", "scatter", "nested")]
FLIPS += [(name, flip) for name in ("image", "color_image", "mesh", "contours") for flip in (np.flipud, np.fliplr)]


@pytest.mark.parametrize(("name", "flip"), FLIPS)
def test_flipped_data_are_seen(name, flip):
    assert differences(original(name), fingerprint(drawn(name, flip))) != []


def test_a_transposed_image_is_seen():
    def shown(image):
        fig, ax = plt.subplots()
        ax.imshow(image)
        return fingerprint(fig)

    assert any("array" in change for change in differences(shown(FIELD[:12, :12]), shown(FIELD[:12, :12].T)))


GROUPS = ("lines", "images", "collections", "patches", "texts", "artists", "legends")


@pytest.mark.parametrize("name", sorted(GALLERY.keys() - {"contours"}))  # where labels follow from their contours
def test_artists_are_missed_when_they_go(name):
    fig = drawn(name)
    hidden = [artist for holder in (fig, *fig.axes) for group in GROUPS for artist in getattr(holder, group, ())[:1]]
    for artist in hidden:
        artist.set_visible(False)
    changes = differences(original(name), fingerprint(fig))
    assert sum(change.endswith("is missing") for change in changes) == len(hidden)


@pytest.mark.parametrize("name", ["lines", "image", "nested"])
def test_one_more_artist_is_seen(name):
    fig = drawn(name)
    fig.axes[0].text(0, 0, "new")
    assert [change for change in differences(original(name), fingerprint(fig)) if change.endswith("is new")] != []


def line(fig, number=0):
    return fig.axes[0].lines[number]


def swap(first, second):
    """Let two lines exchange their heights."""
    one, other = first.get_ydata(), second.get_ydata()
    first.set_ydata(other)
    second.set_ydata(one)


def collection(fig, number=0):
    return fig.axes[0].collections[number]


# One after the other, each compared with the figure before it.
MUTATIONS = [
    ("lines", lambda fig: swap(line(fig), line(fig, 1)), 'axes 0 "lines", line 0: y '),
    ("panels", lambda fig: swap(line(fig), fig.axes[1].lines[0]), "axes 1, line 0: y "),
    ("lines", lambda fig: line(fig).set_xdata(np.arange(20) + 1), "line 0: x mean was 9.5, is 10.5"),
    ("lines", lambda fig: line(fig).set_color("C4"), "line 0: color was '#0072b2ff', is '#cc79a7ff'"),
    ("lines", lambda fig: line(fig).set_linestyle("-"), "line 0: linestyle was '--', is '-'"),
    ("lines", lambda fig: line(fig).set_marker("s"), "line 0: marker was 'o', is 's'"),
    ("lines", lambda fig: line(fig).set_linewidth(3), "line 0: linewidth was 2.0, is 3.0"),
    ("lines", lambda fig: line(fig).set_drawstyle("steps-mid"), "line 0: drawstyle was None, is 'steps-mid'"),
    ("lines", lambda fig: line(fig).set_alpha(0.5), "line 0: alpha was None, is 0.5"),
    ("lines", lambda fig: line(fig, 2).set_ydata([0.6, 0.6]), "line 2: y was [0.5, 0.5], is [0.6, 0.6]"),
    ("lines", lambda fig: line(fig, 3).set_slope(-0.1), "line 3: slope was 0.1, is -0.1"),
    ("lines", lambda fig: fig.axes[0].set_title("other"), "axes 0 \"other\": title was 'lines', is 'other'"),
    ("lines", lambda fig: fig.axes[0].set_title("a", loc="right"), "title right was None, is 'a'"),
    ("lines", lambda fig: fig.axes[0].set_xlabel("time"), "xlabel was 'step', is 'time'"),
    ("lines", lambda fig: fig.axes[0].set_ylabel(""), "ylabel was 'value', is None"),
    ("lines", lambda fig: fig.axes[0].set_ylim(-1, 2), "ylim was"),
    ("lines", lambda fig: fig.axes[0].invert_xaxis(), "xlim was"),
    ("lines", lambda fig: fig.axes[0].set_yscale("symlog"), "yscale was None, is 'symlog'"),
    ("lines", lambda fig: fig.axes[0].set_aspect(2), "aspect was None, is 2.0"),
    ("lines", lambda fig: fig.axes[0].axis("off"), "axis was None, is 'off'"),
    ("lines", lambda fig: fig.axes[0].set_xticks([0, 10]), "xticks was None, is [0.0, 10.0]"),
    ("lines", lambda fig: fig.axes[0].legend(["a", "b"], title="which"), "labels was ['measured', 'squared']"),
    ("lines", lambda fig: fig.axes[0].legend(), "title was 'which', is None"),
    ("lines", lambda fig: fig.axes[0].legend(fig.axes[0].lines[1::-1], ["measured", "squared"]), "colors was"),
    ("lines", lambda fig: fig.axes[0].patches[0].set_facecolor("C3"), "patch 0: facecolor was"),
    ("lines", lambda fig: fig.set_size_inches(8, 5), "figure: size was [8.0, 4.0], is [8.0, 5.0]"),
    ("log_lines", lambda fig: fig.axes[0].set_ylim(1e-8, 10), "is [-8.0, 1.0]"),
    ("log_lines", lambda fig: fig.axes[0].set_ylim(1e-6, 10), "ylim was [-8.0, 1.0], is [-6.0, 1.0]"),
    ("log_lines", lambda fig: line(fig, 1).set_ydata([1e-5, 1e-5]), "line 1: y was"),
    ("log_lines", lambda fig: line(fig, 1).set_ydata([2e-5, 2e-5]), "line 1: y was [1e-05, 1e-05], is [2e-05, 2e-05]"),
    ("log_lines", lambda fig: fig.axes[0].set_xscale("linear"), "xscale was 'log', is None"),
    ("bars", lambda fig: fig.axes[0].patches[4].set_height(0), "patch 4: y "),
    ("bars", lambda fig: fig.axes[0].patches[4].set_height(SERIES[4] + 0.01), "patch 4: y "),
    ("bars", lambda fig: fig.axes[0].set_xticks(range(20), [f"class {20 - i}" for i in range(20)]), "xticklabels was"),
    ("stems", lambda fig: fig.axes[0].set_yticks([0, 1], ["high", "low"]), "yticklabels was ['low', 'high'], is"),
    ("stems", lambda fig: fig.axes[0].set_xticks([1]), "xticks was [], is [1.0]"),
    ("image", lambda fig: fig.axes[0].images[0].set_clim(0, 5), "image 0: clim was [-1.0, 5.0], is [0.0, 5.0]"),
    ("image", lambda fig: fig.axes[0].images[0].set_cmap("gray_r"), "image 0: cmap was ['#000000ff'"),
    ("image", lambda fig: fig.axes[0].images[0].set_data(np.ma.masked_less(FIELD, 0)), "array lost was None, is"),
    ("image", lambda fig: fig.axes[0].images[0].set_data(FIELD.T), "array shape was [12, 15], is [15, 12]"),
    ("image", lambda fig: fig.axes[0].images[0].set_interpolation("bilinear"), "interpolation was None, is 'bilinear'"),
    ("image", lambda fig: fig.axes[0].images[0].set_extent((0, 1, 0, 1)), "extent was"),
    ("image", lambda fig: fig.axes[1].set_ylabel("darkness"), "axes 1: ylabel was 'brightness', is 'darkness'"),
    ("mesh", lambda fig: collection(fig).set_norm(plt.Normalize(-2, 6)), "mesh 0: norm was"),
    ("mesh", lambda fig: collection(fig).set_cmap("viridis"), "mesh 0: cmap was"),
    ("contours", lambda fig: collection(fig).set_clim(0, 9), "contour 0: clim was"),
    ("arrows", lambda fig: collection(fig).set_UVC(-FIELD, FIELD**2 / 5), "quiver 0: uv "),
    ("arrows", lambda fig: setattr(collection(fig), "scale", 30), "quiver 0: scale was 60.0, is 30"),
    ("arrows", lambda fig: collection(fig).set_color("C0"), "quiver 0: facecolor was"),
    ("arrows", lambda fig: fig.axes[0].texts[0].set_text("there"), "annotation 0: text was 'here', is 'there'"),
    ("arrows", lambda fig: fig.axes[0].texts[0].set_position((1, 0)), "annotation 0: at was"),
    ("arrows", lambda fig: fig.axes[0].texts[0].arrow_patch.set_color("red"), "annotation 0: arrow was"),
    ("arrows", lambda fig: setattr(fig.axes[0].texts[1], "xy", (1, 0)), "annotation 1: xy was"),
    ("arrows", lambda fig: fig.axes[0].patches[0].set_data(dx=-1), "patch 0: x "),
    ("scatter", lambda fig: collection(fig).set_offsets(np.c_[np.arange(20), SERIES]), "collection 0: x "),
    ("scatter", lambda fig: collection(fig).set_sizes(np.arange(20) * 4), "collection 0: sizes "),
    ("scatter", lambda fig: collection(fig).set_array(-SERIES), "collection 0: array mean was"),
    ("scatter", lambda fig: collection(fig).set_paths([plt.Circle((0, 0)).get_path()]), "collection 0: outline "),
    ("scatter", lambda fig: collection(fig, 1).set_color("C0"), "collection 1: facecolor was"),
    ("scatter", lambda fig: collection(fig, 2).set_color(["C2", "C1"]), "collection 2: facecolor dots was"),
    ("scatter", lambda fig: fig.axes[0].texts[0].set_position((0.1, 0.8)), "text 0: at was [0.1, 0.9], is [0.1, 0.8]"),
    ("scatter", lambda fig: fig.axes[0].texts[1].set_rotation(60), "text 1: rotation was 30.0, is 60.0"),
    ("scatter", lambda fig: fig.axes[0].texts[1].set_bbox({"facecolor": "red"}), "text 1: box was None, is"),
    ("heatmap", lambda fig: fig.axes[0].texts[3].set_text("0.0"), "text 3: text was"),
    ("nested", lambda fig: fig.texts[0].set_text("other"), "figure, text 0: text was 'nested axes', is 'other'"),
    ("nested", lambda fig: fig.axes[0].child_axes[0].lines[0].set_ydata(-SERIES), "axes 1, line 0: y "),
    ("nested", lambda fig: fig.axes[0].child_axes[0].set_xlim(5, 9), "axes 1: xlim was [5.0, 8.0], is [5.0, 9.0]"),
    ("nested", lambda fig: fig.axes[1].lines[0].set_ydata(np.exp(SERIES) + 1), "axes 2, line 0: y "),
    ("space", lambda fig: fig.axes[0].lines[0].set_data_3d(GRID[0][0], GRID[0][0], -FIELD[0]), "axes 0, line 0: z "),
    ("space", lambda fig: fig.axes[0].view_init(30, 50), "view was [30.0, 40.0], is [30.0, 50.0]"),
    ("space", lambda fig: fig.axes[0].set_zlim(0, 1), "zlim was None, is [0.0, 1.0]"),
    ("circle", lambda fig: fig.axes[0].patches[0].set_hatch("o"), "patch 0: hatch was '/', is 'o'"),
    ("panels", lambda fig: setattr(fig.patches[0], "xy1", (4, 0)) if fig.patches else
        setattr(fig.artists[0], "xy1", (4, 0)), "figure, arrow 0: x was [3.0, 5.0], is [4.0, 5.0]"),
    ("panels", lambda fig: fig.legends[0].get_texts()[0].set_text("all"), "figure, legend 0: labels was ['both']"),
    ("panels", lambda fig: fig.axes[0].set_subplotspec(fig.add_gridspec(2, 2)[0]), "axes 0: place was [1, 2, 0, 0]"),
]  # fmt: skip


@pytest.mark.parametrize("name", sorted({name for name, _, _ in MUTATIONS}))
def test_each_mutation_is_told_in_a_readable_line(name):
    fig, was = drawn(name), original(name)
    for mutate, expected in [(mutate, expected) for which, mutate, expected in MUTATIONS if which == name]:
        mutate(fig)
        now = fingerprint(fig)
        changes = differences(was, now)
        assert [change for change in changes if expected in change], f"{expected}: {changes}"
        assert not [change for change in changes if "\n" in change]
        was = now


@pytest.mark.parametrize("title", ["linear", "None", "auto", "two\nlines"])
def test_a_title_is_told_whatever_it_says(title):
    fig = drawn("image")
    fig.axes[0].set_title(title)
    (change,) = differences(original("image"), fingerprint(fig))
    assert change == f'axes 0 "{title}": title was None, is {title!r}'.replace("\n", " ", 1)


def test_a_moved_grid_is_seen():
    def grid(x):
        fig, ax = plt.subplots()
        ax.pcolormesh(x, [0, 1, 2], np.ones((2, 3)))
        return fingerprint(fig)

    (change,) = differences(grid([0, 1, 2, 3]), grid([0, 1, 2.5, 3]))
    assert "axes 0, mesh 0: x " in change


def test_one_changed_bar_is_named_and_no_other():
    fig = drawn("bars")
    fig.axes[0].patches[4].set_height(5)
    assert [change.split(":")[0] for change in differences(original("bars"), fingerprint(fig))] == ["axes 0, patch 4"]


@pytest.mark.parametrize("change", [lambda y: -y, lambda y: y[::-1], lambda y: np.r_[y[:-1], y[-1] + 1]])
def test_a_large_offset_hides_no_small_change(change):
    def years(y):
        fig, ax = plt.subplots()
        ax.plot(1975 + y)
        return fingerprint(fig)

    y = np.arange(-25, 26) ** 3 / 625 + 0.3
    assert differences(years(y), years(change(y))) != []


def test_an_artist_without_rule_is_an_error_that_names_it():
    class Doodle(Artist):
        pass

    fig, ax = plt.subplots()
    ax.add_artist(Doodle())
    with pytest.raises(TypeError, match="fingerprint: fig expects artists of known kinds, got Doodle"):
        fingerprint(fig)


def test_lost_entries_are_counted():
    fig, ax = plt.subplots()
    ax.plot([1, np.nan, 3, np.inf, 5, 6], np.ma.masked_greater([1, 2, 3, 4, 5, 6], 5))
    facts = fingerprint(fig)["axes 0, line 0"]
    assert facts["x"]["lost"] == 2
    assert facts["x"]["mean"] == pytest.approx(15 / 6)
    assert facts["y"]["lost"] == 1
