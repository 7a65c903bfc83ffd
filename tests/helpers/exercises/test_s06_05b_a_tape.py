"""The exercise of lesson 6.5b that takes a class: right, wrong and unwritten operators."""

import pytest

from helpers.exercises.s06_05b_a_tape import value


class Value:
    def __init__(self, data, edges=()):
        self.data, self.edges, self.grad = data, edges, 0.0

    def __add__(self, other):
        return type(self)(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return type(self)(self.data * other.data, [(self, other.data), (other, self.data)])


class Unwritten(Value):
    def __add__(self, other): ...

    def __mul__(self, other): ...


class HalfWritten(Value):
    def __mul__(self, other): ...


class ReturnsANumber(Value):
    def __add__(self, other):
        return self.data + other.data


class KeepsTheNumbers(Value):
    def __add__(self, other):
        return Value(self.data + other.data, [(self.data, 1.0), (other.data, 1.0)])


class SlopeIsAValue(Value):
    def __mul__(self, other):
        return SlopeIsAValue(self.data * other.data, [(self, other), (other, self)])


class Fails(Value):
    def __add__(self, other):
        return self.dta


class WithoutAdd:
    def __init__(self, data):
        self.data = data


@pytest.mark.parametrize(
    ("attempt", "start", "told"),
    [
        (Value, "✓", "5 cases agree"),
        (Unwritten, "○", "not attempted yet"),
        (HalfWritten, "✗ x * y", "so it does not end in `return`."),
        (ReturnsANumber, "✗ x + y", "an operator returns a new Value"),
        (KeepsTheNumbers, "✗ x + y", "the input is a Value, not its number"),
        (SlopeIsAValue, "✗ x * y", "take its .data"),
        (
            Fails,
            "✗ x + y",
            f"in line {Fails.__add__.__code__.co_firstlineno + 1}: 'Fails' object has no attribute 'dta'",
        ),
        (WithoutAdd, "✗ x + y", "unsupported operand"),
        (3, "✗ Value", "expected a class"),
        (..., "○ Value", "not attempted yet"),
    ],
)
def test_verdict_on_a_class(attempt, start, told, capsys):
    value(attempt)
    verdict = capsys.readouterr().out
    assert verdict.startswith(start)
    assert told in verdict
