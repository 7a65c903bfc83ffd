"""The exercise of lesson 7.13 whose answer must be on the tape."""

import pytest

from helpers import nn
from helpers.exercises.s07_13_adversarial import adversarial_loss, fgsm


def right(net, x, y, eps):
    attacked = fgsm.reference(net, x, y, eps)
    return 0.5 * nn.cross_entropy(net(x), y) + 0.5 * nn.cross_entropy(net(attacked), y)


def as_array(net, x, y, eps):
    return right(net, x, y, eps).data


def as_number(net, x, y, eps):
    return float(right(net, x, y, eps).data)


def test_a_loss_on_the_tape_is_right():
    assert adversarial_loss.verdict(right).startswith("✓")


@pytest.mark.parametrize("attempt", [as_array, as_number])
def test_a_loss_that_has_left_the_tape_is_refused(attempt):
    assert adversarial_loss.verdict(attempt).startswith("✗")
    assert "Return a `Tensor`" in adversarial_loss.verdict(attempt)
