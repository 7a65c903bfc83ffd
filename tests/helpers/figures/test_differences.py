"""Differences of facts that are written down by hand: what is told, and how much is allowed."""

import pytest

from helpers.figures.differences import differences

AXES = {"title": "loss", "xlim": [0.0, 10.0], "ylim": [0.0, 100.0]}
DATA = {"shape": [20], "mean": 1.0, "std": 2.0, "dots": [0.5, -0.5]}


def changed(was, now, place="axes 0, line 0", axes=AXES):
    """What is told of one place within an axes."""
    return differences({"axes 0": axes, place: was}, {"axes 0": axes, place: now})


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ({}, {}, []),
        ({"color": "#ff0000ff"}, {"color": "#ff0000ff"}, []),
        ({"color": "#ff0000ff"}, {}, ["color was '#ff0000ff', is None"]),
        ({}, {"marker": "o"}, ["marker was None, is 'o'"]),
        ({"place": [1, 2, 0, 0]}, {"place": [1, 2, 1, 1]}, ["place was [1, 2, 0, 0], is [1, 2, 1, 1]"]),
        ({"y": DATA}, {"y": DATA | {"shape": [21], "mean": 9.0}}, ["y shape was [20], is [21]"]),
        ({"y": DATA}, {"y": DATA | {"lost": 1}}, ["y lost was None, is 1"]),
        ({"y": [1.0, 2.0]}, {"y": [1.0, 2.0, 3.0]}, ["y was [1.0, 2.0], is [1.0, 2.0, 3.0]"]),
        ({"y": [1.0, 2.0]}, {"y": DATA}, [f"y was [1.0, 2.0], is {DATA}"]),
    ],
)
def test_each_changed_fact_is_told_once(was, now, told):
    assert changed(was, now) == [f'axes 0 "loss", line 0: {line}' for line in told]


def test_places_that_come_and_go_are_named():
    was = {"figure": {}, "axes 0": {"title": "two\nlines"}, "axes 0, line 0": {}}
    now = {"figure": {}, "axes 0": {"title": "two\nlines"}, "axes 0, image 0": {}}
    lines = ['axes 0 "two lines", line 0: is missing', 'axes 0 "two lines", image 0: is new']
    assert differences(was, now) == lines
    assert differences(now, was) == [lines[1].replace("new", "missing"), lines[0].replace("missing", "new")]


# 1e-4 of the spread, and 1e-5 of the level and of the axis: for DATA 2e-4 + 1e-5 + 1e-3 on y, 1e-4 on x.
@pytest.mark.parametrize(
    ("field", "slack"),
    [("x", 2e-4 + 1e-5 + 1e-4), ("y", 2e-4 + 1e-5 + 1e-3), ("z", 2e-4 + 1e-5), ("uv", 2e-4 + 1e-5)],
)
def test_data_may_differ_by_spread_level_and_axis(field, slack):
    assert changed({field: DATA}, {field: DATA | {"mean": 1 + 0.99 * slack}}) == []
    assert changed({field: DATA}, {field: DATA | {"mean": 1 + 1.01 * slack}}) != []


@pytest.mark.parametrize(
    ("field", "level", "slack"),
    [("at", 0.0, 1e-5), ("xy", 0.0, 1e-5), ("scale", 10.0, 1e-4), ("size", 10.0, 1e-2)],
)
def test_single_numbers_may_differ_by_their_level(field, level, slack):
    assert changed({field: [level]}, {field: [level + 0.99 * slack]}) == []
    assert changed({field: [level]}, {field: [level + 1.01 * slack]}) != []


def test_on_a_log_axis_all_sizes_count():
    log = AXES | {"yscale": "log"}
    assert changed({"y": [1e-6, 1e-6]}, {"y": [2e-6, 2e-6]}) == []
    assert changed({"y": [1e-6, 1e-6]}, {"y": [2e-6, 2e-6]}, axes=log) != []


def test_curves_that_labels_cut_may_differ_more():
    slack = 300 * (2e-4 + 1e-5)
    assert changed({"curves cut by labels": DATA}, {"curves cut by labels": DATA | {"mean": 1 + 0.99 * slack}}) == []
    assert changed({"curves cut by labels": DATA}, {"curves cut by labels": DATA | {"mean": 1 + 1.01 * slack}}) != []
