"""A reader goes back and runs a cell again: every figure cell of every lesson bears it, and draws the same."""

from tools.rerun import strange


def test_figure_cells_can_be_run_again(new):
    problems = list(strange(new))
    assert not problems, f"{new.name}: a cell must not change what it draws from; or tag it `random`: {problems}"
