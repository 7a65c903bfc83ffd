"""A lesson whose figure cells do not bear a second run is noticed."""

import pytest

from sample_course import NAME, write
from tools.lessons import Lesson
from tools.rerun import strange

LESSON = """# 9.1 Sample

```python
import numpy as np
import matplotlib.pyplot as plt

from helpers.lesson import begin, publish
rng = begin("09_01_sample")
x = np.array([1.0, 2.0, 4.0])
```

```python{tags}
# @title Draw a line
fig, ax = plt.subplots()
{draw}
publish(fig, "a_line", alt="A line that rises from 1 to 4.")
```

```python
{after}
```
"""


def problems(root, draw="ax.plot(x)", after="y = x + 1", tags=""):
    """What goes wrong in a lesson of one figure."""
    write(root, f"notebooks/src/{NAME}.md", LESSON.format(draw=draw, after=after, tags=tags))
    return list(strange(Lesson(NAME, root)))


@pytest.mark.parametrize("draw", ["ax.plot(x)", "x = np.array([3.0, 4.0])\nax.plot(x)"])
def test_a_lesson_that_bears_it_is_not_strange(root, draw):
    assert problems(root, draw) == []


def test_a_cell_that_changes_what_it_draws_from_is_strange(root):
    found = problems(root, "x *= 2\nax.plot(x)")
    assert any("a_line, run again right after itself: " in problem for problem in found)
    assert any("a_line, run again after the lesson's end: " in problem for problem in found)


def test_a_name_that_changes_its_meaning_is_strange(root):
    found = problems(root, after="x = x[::-1]")
    assert found
    assert all("a_line, run again after the lesson's end: " in problem for problem in found)


def test_a_cell_that_breaks_the_second_time_is_strange(root):
    found = problems(root, "ax.plot(x)\ndel x", after="x = [1]\ndel x")
    assert found[0].startswith("a_line, run again right after itself, raises NameError: ")


@pytest.mark.parametrize(("tags", "strange"), [("", True), (' tags=["random"]', False)])
def test_random_numbers_drawn_on_purpose_are_no_surprise(root, tags, strange):
    assert bool(problems(root, "ax.plot(rng.random(9))", tags=tags)) is strange


def test_the_last_frame_of_a_film_counts(root):
    draw = "line, = ax.plot(x)\nmove = lambda frame: line.set_ydata(x + frame)"
    film = LESSON.replace('to 4.")', 'to 4.", update=move, frames=3, fps=2)')
    write(root, f"notebooks/src/{NAME}.md", film.format(draw=draw, after="x = -x", tags=""))
    assert list(strange(Lesson(NAME, root)))
