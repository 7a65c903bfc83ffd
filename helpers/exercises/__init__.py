"""Exercises that check themselves: a reference, a worked solution with its slips, and advice.

    @exercise({"stride 1": (7, 3, 1), "stride 2": (8, 3, 2)})
    def output_size(size, kernel_size, stride):  # the reference: right, and not the lesson's own
        return len(range(0, size - kernel_size + 1, stride))

    @output_size.draw(3)
    def _(rng):  # three more cases, the same ones for everybody
        return tuple(rng.integers((9, 1, 1), (20, 5, 4)))

    @output_size.slips
    def _(slip, size, kernel_size, stride):  # the worked solution
        steps = (size - kernel_size) // stride
        if slip("Did you round down?"):
            steps = -(-(size - kernel_size) // stride)
        return steps if slip("Count the first window, too.") else steps + 1

In a lesson `exercises.output_size(attempt)` prints ○ (not attempted), ✓ or ✗, and with ✗ the
first case that differs: `✗ stride 2: expected 3, got 4. Did you round down?` The advice is that
of the slip whose answers the attempt gives in every case, or of the two slips that give them
together. A mistake with a free constant, such as a step size, is told by a predicate on all
answers:

    @output_size.telltale("All your answers are equal: do they depend on the arguments?")
    def _(answers, wanted):
        return len(set(map(float, answers))) == 1

What goes wrong in every exercise, such as a sign or a transpose, is known to `symptoms`. Which
answers are right is up to `agree`. An attempt may be anything at all: its verdict is one line of a
few hundred characters.
"""

from .exercise import Exercise, exercise

__all__ = ["Exercise", "exercise"]
