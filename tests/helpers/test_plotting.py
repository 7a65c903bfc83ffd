"""The drawing words draw what they are given, on the axes that they are given."""

import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.autodiff import Tensor, ops
from helpers.plotting import (
    frame,
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


def pixels(ax):
    """The figure's pixels (H, W, 4) as it is rendered."""
    ax.figure.canvas.draw()
    return np.asarray(ax.figure.canvas.buffer_rgba()).copy()


def color_at(ax, x, y):
    """The colour, red, green and blue from 0 to 255, that is rendered at a point of the axes."""
    across, up = ax.transData.transform((x, y))
    return pixels(ax)[::-1][int(up), int(across), :3].astype(int)


WORDS = {  # what draws `data`, and data that it can draw
    "show_image": (show_image, np.arange(6).reshape(2, 3)),
    "show_signed": (show_signed, np.arange(6).reshape(2, 3)),
    "show_numbers": (show_numbers, np.arange(6).reshape(2, 3)),
    "show_images": (show_images, np.arange(12).reshape(2, 2, 3)),
    "show_grid": (lambda data, ax: show_grid(lambda points: data, ax), np.arange(6).reshape(3, 2)),
    "show_contours": (
        lambda data, ax: show_contours(lambda x, y: data, (0, 1), (0, 1), ax),
        np.add.outer(np.arange(201), np.arange(201)) % 100,
    ),
    "plot_path": (plot_path, np.arange(6).reshape(3, 2)),
    "show_graph": (
        lambda data, ax: show_graph(dict(zip("abc", data, strict=True)), [("a", "b")], ax),
        np.array([[0, 0], [1, 2], [2, 1]]),
    ),
    "show_layers": (lambda data, ax: show_layers([data], ax), np.arange(6).reshape(2, 3)),
}
WAYS_TO_WRITE = {
    "lists": np.ndarray.tolist,
    "uint8": lambda data: data.astype(np.uint8),
    "float16": lambda data: data.astype(np.float16),
    "float64": lambda data: data.astype(float),
    "masked nowhere": lambda data: np.ma.array(data, mask=np.zeros(data.shape, bool)),
    "Tensor": Tensor,
    "Tensor on the tape": lambda data: 1 * Tensor(data.astype(float), requires_grad=True),
    "list of Tensors": lambda data: [1 * Tensor(row.astype(float), requires_grad=True) for row in data],
}


def drawn(word, data):
    """The pixels of what a word draws, with warnings as errors."""
    ax = plt.figure(figsize=(2, 2)).add_subplot()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        word(data, ax=ax)
        return pixels(ax)


@pytest.mark.usefixtures("ax")
@pytest.mark.parametrize(("word", "data"), WORDS.values(), ids=WORDS)
def test_every_word_draws_the_same_however_the_numbers_are_written(word, data):
    want = drawn(word, data)
    assert len(np.unique(want.reshape(-1, 4), axis=0)) > 1
    for name, write in WAYS_TO_WRITE.items():
        np.testing.assert_array_equal(drawn(word, write(data)), want, err_msg=name)


SPECIAL_NUMBERS = {
    "zeros": np.zeros_like,
    "a constant": lambda data: np.full_like(data, 7),
    "truth values": lambda data: data % 2 == 0,
    "all but NaN": lambda data: np.where(data == 1, np.nan, data),
    "all but infinity": lambda data: np.where(data == 1, -np.inf, data),
    "something masked": lambda data: np.ma.array(data, mask=data == 1),
}


@pytest.mark.usefixtures("ax")
@pytest.mark.parametrize("change", SPECIAL_NUMBERS.values(), ids=SPECIAL_NUMBERS)
@pytest.mark.parametrize("name", WORDS)
def test_every_word_draws_special_numbers_without_a_warning(name, change):
    word, data = WORDS[name]
    changed = change(data)
    if name == "show_graph" and not np.isfinite(np.ma.filled(changed.astype(float), np.nan)).all():
        with pytest.raises(ValueError, match="show_graph: places expects finite numbers"):
            drawn(word, changed)
    else:
        drawn(word, changed)


NOT_TO_DRAW = {
    "text": "text",
    "texts": [["a", "b"], ["c", "d"]],
    "complex": np.ones((2, 2), complex),
    "ragged": [[1, 2], [3]],
    "nothing": [],
    "no rows": np.zeros((0, 2)),
    "no columns": np.zeros((2, 0)),
    "five axes": np.zeros((1,) * 5),
    "None": None,
    "objects": np.array([[None, 1], [2, 3]]),
}


@pytest.mark.usefixtures("ax")
@pytest.mark.parametrize("value", NOT_TO_DRAW.values(), ids=NOT_TO_DRAW)
@pytest.mark.parametrize("name", [name for name in WORDS if name != "show_graph"])
def test_every_word_says_what_it_cannot_draw(name, value):
    with pytest.raises((TypeError, ValueError), match=f"^{name}: .* expects .*, got "):
        drawn(WORDS[name][0], value)


@pytest.mark.parametrize(("word", "data"), WORDS.values(), ids=WORDS)
def test_every_word_keeps_a_title_that_is_there(ax, word, data):
    ax.set_title("before")
    word(data, ax=ax)
    assert ax.get_title() == "before"


@pytest.mark.parametrize("name", ["show_image", "show_signed", "show_numbers", "show_images"])
def test_a_title_that_is_given_replaces_the_old_one_even_by_nothing(ax, name):
    word, data = WORDS[name]
    for title in ("before", "after", ""):
        assert word(data, ax, title).get_title() == title


WHITE, BLUE, RED = [247, 247, 247], [5, 48, 97], [103, 0, 31]  # of the colour map RdBu_r


@pytest.mark.parametrize(
    ("x", "limit", "colors"),
    [
        (np.uint8([[0, 100, 200]]), 200, [WHITE, None, RED]),
        (np.int8([[-128, 0, 127]]), 128, [BLUE, WHITE, None]),
        (np.zeros((1, 3)), 1, [WHITE] * 3),
        (np.array([[-1, np.nan, 1]]), 1, [BLUE, [255] * 3, RED]),
        (np.array([[-2.0, np.inf, 0.0]]), 2, [BLUE, [255] * 3, WHITE]),
        (np.full((1, 3), np.nan), 1, [[255] * 3] * 3),
        (np.full((1, 3), -7.0), 7, [BLUE] * 3),
        (np.float16([[0, 6e4, -6e4]]), 60_000, [WHITE, RED, BLUE]),
        (np.ma.array([[9.0, 1.0, -1.0]], mask=[[True, False, False]]), 1, [[255] * 3, RED, BLUE]),
        ([[True, False, True]], 1, [RED, WHITE, RED]),
    ],
)
def test_show_signed_is_white_at_zero_whatever_the_numbers(ax, x, limit, colors):
    (image,) = show_signed(x, ax).images
    assert image.get_clim() == (-limit, limit)
    for column, color in enumerate(colors):
        if color is not None:
            np.testing.assert_allclose(color_at(ax, column, 0), color, atol=2)


@pytest.mark.parametrize("limit", [0, -1, np.nan, np.inf, "all", True, [1, 2]])
def test_show_signed_refuses_a_limit_that_is_none(ax, limit):
    with pytest.raises((TypeError, ValueError), match="show_signed: limit expects"):
        show_signed(np.eye(2), ax, limit=limit)


def test_show_numbers_writes_infinity_and_leaves_nan_and_masked_cells_empty(ax):
    show_numbers(np.ma.array([[np.inf, np.nan, 3.0]], mask=[[False, False, True]]), ax)
    assert [text.get_text() for text in ax.texts] == ["inf"]


@pytest.mark.parametrize("color", ["C1", (0.2, 0.4, 0.6), [0.2, 0.4, 0.6], np.array([0.2, 0.4, 0.6]), "none"])
def test_show_numbers_fills_all_cells_with_one_color_however_it_is_written(ax, color):
    show_numbers(np.zeros((2, 3)), ax, colors=color)
    want = mpl.colors.to_rgba(color)
    assert [patch.get_facecolor() for patch in ax.patches] == [want] * 6


@pytest.mark.parametrize(("name", "value"), [("columns", 0), ("columns", 2.5), ("gap", -1), ("gap", None)])
def test_show_images_reads_its_layout(ax, name, value):
    with pytest.raises((TypeError, ValueError), match=f"show_images: {name} expects"):
        show_images(np.zeros((3, 2, 2)), ax, **{name: value})


@pytest.mark.parametrize("height", [3, 3.0, np.float64(3), Tensor(3.0), np.array(3)])
def test_a_constant_has_no_contours(ax, height):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        show_contours(lambda x, y: height, (-1, 1), (0, 2), ax)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1, 1), (0, 2))
    assert all(len(path.vertices) == 0 for path in ax.collections[0].get_paths())


@pytest.mark.parametrize("limit", [0, 2.5, -1, None])
def test_show_grid_refuses_a_limit_that_is_no_count(ax, limit):
    with pytest.raises((TypeError, ValueError), match="show_grid: limit expects"):
        show_grid(ax=ax, limit=limit)


def test_show_graph_says_which_name_has_no_place(ax):
    with pytest.raises(ValueError, match="show_graph: edges expects names of places, got 'z'"):
        show_graph({"a": (0, 0)}, [("a", "z")], ax)


@pytest.mark.parametrize("places", [{}, {"a": (0, 0, 0)}, {"a": (0, 0), "b": (1,)}, {"a": "up"}])
def test_show_graph_refuses_places_that_are_no_points(ax, places):
    with pytest.raises((TypeError, ValueError), match="show_graph: places expects"):
        show_graph(places, [], ax)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"matrices": []}, "matrices"),
        ({"matrices": [np.eye(2), np.eye(3)]}, "matrices"),
        ({"matrices": [np.eye(2)] * 4}, "names"),
        ({"matrices": [np.eye(2)], "units": [[1, 0]]}, "units"),
        ({"matrices": [np.eye(2)], "units": [[1, 0], [1, 0, 1]]}, "units"),
        ({"matrices": [np.eye(2)], "lines": [[1, 0]]}, "lines"),
    ],
)
def test_show_layers_refuses_what_does_not_fit_together(ax, options, name):
    with pytest.raises(ValueError, match=f"show_layers: {name} expects"):
        show_layers(**options, ax=ax)


def test_show_layers_takes_lines_as_numbers(ax):
    show_layers([np.ones((2, 2))], ax, lines=[[[1, 0], [0, 1]]])
    assert len(ax.collections[1].get_segments()) == 2
