"""What the course prints arrives on every console."""

import os
import subprocess
import sys

import pytest

from helpers.support.console import plain

VERDICTS = """
from helpers import lesson
from helpers.exercises import Exercise
lesson.check("an agreement × −", 1.0, 1.0)
double = Exercise(lambda x: 2 * x, [(1,), (3,)])
for attempt in (..., lambda x: x, lambda x: x + x):
    double(attempt)
try:
    lesson.check("a difference", 1.0, 2.0)
except AssertionError as error:
    print(str(error).encode("utf-8")[:3] == "✗".encode("utf-8"))
"""
FIGURE = """
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from helpers.lesson import begin, publish
begin("09_1_test")
publish(plt.figure(), "empty_figure", alt="A figure without anything in it ✓ −.")
"""


def spoken(code, encoding, folder):
    """What a plain Python says on a console of this encoding, line by line."""
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COURSE_FIGURES": "", "MPLCONFIGDIR": str(folder)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, cwd=folder)
    assert done.returncode == 0, done.stderr.decode(encoding)
    return done.stdout.decode(encoding).splitlines()


@pytest.mark.parametrize(
    ("encoding", "marks", "signs"),
    [
        ("utf-8", ["✓", "○", "✗", "✓"], "× −"),
        ("cp1252", ["[ok]", "[open]", "[wrong]", "[ok]"], "× ?"),
        ("ascii", ["[ok]", "[open]", "[wrong]", "[ok]"], "? ?"),
    ],
)
def test_verdicts_arrive(encoding, marks, signs, tmp_path):
    *lines, marked = spoken(VERDICTS, encoding, tmp_path)
    assert [line.split()[0] for line in lines] == marks
    assert f"an agreement {signs}:" in lines[0]
    assert marked == "True"


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("utf-8", "A figure without anything in it ✓ −."),
        ("cp1252", "A figure without anything in it [ok] ?."),
    ],
)
def test_a_figure_is_told_where_it_cannot_be_shown(encoding, line, tmp_path):
    assert spoken(FIGURE, encoding, tmp_path) == [line]


def test_plain_text_stays_as_it_is():
    assert plain("1 + 1 = 2", "ascii") == "1 + 1 = 2"
