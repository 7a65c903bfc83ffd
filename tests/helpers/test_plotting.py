"""The drawing words draw what they are given, on the axes that they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import ops
from helpers.plotting import (
    frame,
    plot_decision,
    plot_history,
    plot_path,
    show_contours,
    show_graph,
    show_grid,
    show_image,
    show_images,
    show_layers,
    show_numbers,
    show_signed,
)


@pytest.fixture
def ax():
    mpl.use("agg")
    yield plt.figure().add_subplot()
    plt.close("all")


def test_words_draw_on_the_current_axes_by_default(ax):
    assert show_image(np.eye(2)) is ax
    assert show_numbers(np.eye(2)) is ax
    assert frame(0, 0, 1, 1) is ax
    assert show_layers([np.eye(2)]) is ax
    assert show_grid() is ax


def test_show_image_hands_options_to_imshow(ax):
    (image,) = show_image(np.eye(3), ax, "a title", vmin=-1, cmap="viridis").images
    assert (image.get_clim(), image.get_cmap().name, ax.get_title()) == ((-1, 1), "viridis", "a title")


def test_show_signed_puts_zero_in_the_middle(ax):
    (image,) = show_signed(np.array([[-1.0, 3.0]]), ax).images
    assert image.get_clim() == (-3, 3)


def test_show_numbers_writes_each_number_into_its_cell(ax):
    show_numbers([[1, 2.5], [np.nan, 4]], ax)
    assert {text.get_position(): text.get_text() for text in ax.texts} == {
        (0.5, 0.5): "1",
        (1.5, 0.5): "2.5",
        (1.5, 1.5): "4",
    }
    assert len(ax.patches) == 4


def test_show_numbers_has_row_zero_on_top(ax):
    show_numbers(np.zeros((3, 2)), ax)
    bottom, top = ax.get_ylim()
    assert bottom > top


def test_frame_outlines_cells_by_row_and_column(ax):
    (rectangle,) = frame(1, 2, height=3, width=4, ax=ax).patches
    assert rectangle.get_bbox().bounds == (2, 1, 4, 3)


def test_show_grid_draws_every_line_where_it_has_moved(ax):
    show_grid(lambda points: 2 * points + [1, 0], ax, limit=2)
    upright, level = (collection.get_segments() for collection in ax.collections)
    assert [set(line[:, 0]) for line in upright] == [{-3.0}, {-1.0}, {1.0}, {3.0}, {5.0}]
    assert [set(line[:, 1]) for line in level] == [{-4.0}, {-2.0}, {0.0}, {2.0}, {4.0}]
    assert ax.get_aspect() == 1


def test_show_layers_draws_a_line_for_each_weight_that_is_not_zero(ax):
    matrix = np.array([[1.0, 0.0, 2.0], [0.0, 0.0, -1.0]])
    show_layers([matrix], ax)
    dim, bright = (collection.get_segments() for collection in ax.collections[:2])
    assert (len(dim), len(bright)) == (3, 0)


def test_show_layers_lights_lines_between_lit_units(ax):
    show_layers([np.ones((2, 3))], ax, units=[[True, False, True], [False, True]])
    bright = ax.collections[1].get_segments()
    np.testing.assert_array_equal(bright, [[(0, 0), (1.5, 1)], [(2, 0), (1.5, 1)]])


def test_show_layers_lights_the_lines_it_is_told(ax):
    show_layers([np.ones((2, 2))], ax, lines=[np.eye(2, dtype=bool)])
    assert len(ax.collections[1].get_segments()) == 2


def test_show_images_lays_images_out_row_by_row(ax):
    (sheet,) = show_images(np.arange(3)[:, None, None] * np.ones((2, 4)), ax, columns=2).images
    array = sheet.get_array().filled(-1)
    assert array.shape == (2 + 1 + 2, 4 + 1 + 4)
    assert (array[:2, :4] == 0).all()
    assert (array[:2, 5:] == 1).all()
    assert (array[3:, :4] == 2).all()
    assert (array[3:, 5:] == -1).all()


def test_plot_history_draws_each_column_from_epoch_one(ax):
    class Rows(dict):
        def __len__(self):
            return 3

    plot_history(Rows(loss=[3.0, 2.0, 1.0], validation_loss=[3.0, 2.5, 2.6]), ax=ax)
    assert [line.get_label() for line in ax.lines] == ["loss", "validation loss"]
    np.testing.assert_array_equal(ax.lines[1].get_xydata(), [[1, 3], [2, 2.5], [3, 2.6]])


def test_plot_decision_colours_regions_and_points_alike(ax):
    x = np.array([[-1.0, 0], [1, 0], [1, 1]])
    plot_decision(lambda points: (points[:, 0] > 0).astype(int), x, np.array([0, 1, 1]), ax)
    assert [len(line.get_xdata()) for line in ax.lines] == [1, 2]
    left, right = (path.vertices[:, 0] for path in ax.collections[0].get_paths())
    assert left.max() <= right.min()


@pytest.mark.parametrize("f", [lambda x, y: x**2 / 20 + y**2, lambda x, y: ops.power(x, 2) / 20 + y**2])
def test_show_contours_draws_the_levels_of_a_function(ax, f):
    show_contours(f, (-4, 4), (-1, 1), ax, "bowl", levels=[0.25, 0.5])
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_title()) == ((-4, 4), (-1, 1), "bowl")
    (lines,) = ax.collections
    for level, path in zip((0.25, 0.5), lines.get_paths(), strict=True):
        x, y = path.vertices.T
        np.testing.assert_allclose(x**2 / 20 + y**2, level, atol=1e-3)


def test_plot_path_marks_its_start(ax):
    points = np.array([[3.0, 1.0], [2.0, 0.5], [1.0, 0.0]])
    plot_path(points, ax, color="C1", label="descent")
    line, start = ax.lines
    np.testing.assert_array_equal(line.get_xydata(), points)
    np.testing.assert_array_equal(start.get_xydata(), points[:1])
    assert line.get_color() == start.get_color() == "C1"
    assert line.get_label() == "descent"


def test_show_graph_joins_the_places_of_tail_and_head(ax):
    show_graph({"a": (0, 0), "b_1": (2, 1), "c": (0, 3)}, [("a", "b_1"), ("c", "a")], ax, "a title")
    assert [arrow._posA_posB for arrow in ax.patches] == [[(0, 0), (2, 1)], [(0, 3), (0, 0)]]
    assert [text.get_text() for text in ax.texts] == ["$a$", "$b_1$", "$c$"]
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), [(0, 0), (2, 1), (0, 3)])


@pytest.mark.parametrize(("directed", "style"), [(True, "-|>"), (False, "-")])
def test_show_graph_has_arrowheads_if_directed(ax, directed, style):
    show_graph({"a": (0, 0), "b": (1, 0)}, [("a", "b")], ax, directed=directed)
    assert ax.patches[0].get_arrowstyle().__class__ is mpl.patches.ArrowStyle(style).__class__


def test_show_graph_fills_the_named_nodes(ax):
    show_graph({"a": (0, 0), "b": (1, 0)}, [("a", "b")], ax, colors={"b": "C1"})
    assert [mpl.colors.to_hex(color) for color in ax.collections[0].get_facecolor()] == [
        "#ffffff",
        mpl.colors.to_hex("C1"),
    ]
