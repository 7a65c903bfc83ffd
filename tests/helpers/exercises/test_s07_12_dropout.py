"""The exercise of lesson 7.12 whose answers are random: right answers, each known mistake, and stubs."""

import numpy as np
import pytest

from helpers.exercises.s07_12_dropout import dropout


def draw(h, p, rng):
    return rng.random(h.shape) >= p


def right(h, p, rng):
    mask = draw(h, p, rng)
    return h * mask / (1 - p), mask


def by_binomial(h, p, rng):
    mask = rng.binomial(1, 1 - p, h.shape)
    return [(h / (1 - p) * mask).tolist(), mask.tolist()]


def by_choice(h, p, rng):
    mask = rng.choice([0.0, 1.0], size=h.shape, p=[p, 1 - p])
    return np.where(mask == 1, h / (1 - p), 0), mask


@pytest.mark.parametrize("attempt", [right, by_binomial, by_choice])
def test_every_way_of_drawing_is_right(attempt, capsys):
    dropout(attempt)
    assert capsys.readouterr().out == "✓ dropout: 4 cases agree\n"


def only_the_output(h, p, rng):
    return right(h, p, rng)[0]


def in_place(h, p, rng):
    mask = draw(h, p, rng)
    h *= mask / (1 - p)
    return h, mask


def one_result_is_none(h, p, rng):
    return right(h, p, rng)[0], None


def one_axis(h, p, rng):
    mask = rng.random(h.shape[-1]) >= p
    return h * mask / (1 - p), mask


def taken_out(h, p, rng):
    mask = draw(h, p, rng)
    return h[mask] / (1 - p), mask


def other_order(h, p, rng):
    return right(h, p, rng)[::-1]


def mask_is_scaled(h, p, rng):
    mask = draw(h, p, rng) / (1 - p)
    return h * mask, mask


def mask_holds_draws(h, p, rng):
    draws = rng.random(h.shape)
    return h * (draws >= p) / (1 - p), draws


def keeps_all(h, p, rng):
    return h, np.ones(h.shape)


def drops_all(h, p, rng):
    return 0 * h, np.zeros(h.shape)


def own_seed(h, p, rng):
    return right(h, p, np.random.default_rng(0))


def own_generator(h, p, rng):
    return right(h, p, np.random.default_rng())


def one_draw(h, p, rng):
    mask = np.full(h.shape, rng.random() >= p)
    return h * mask / (1 - p), mask


def equal_rows(h, p, rng):
    mask = np.broadcast_to(rng.random(h.shape[-1]) >= p, h.shape)
    return h * mask / (1 - p), mask


def whole_rows(h, p, rng):
    mask = np.broadcast_to(rng.random((len(h),) + (1,) * (h.ndim - 1)) >= p, h.shape)
    return h * mask / (1 - p), mask


def mask_of_dropped(h, p, rng):
    output, mask = right(h, p, rng)
    return output, ~mask


def two_masks(h, p, rng):
    return right(h, p, rng)[0], draw(h, p, rng)


def keeps_with_p(h, p, rng):
    mask = ~draw(h, p, rng)
    return h * mask / (1 - p), mask


def exactly_as_many(h, p, rng):
    mask = np.ones(h.size)
    mask[rng.permutation(h.size)[: int(p * h.size)]] = 0
    mask = mask.reshape(h.shape)
    return h * mask / (1 - p), mask


def normal_draws(h, p, rng):
    mask = rng.normal(size=h.shape) >= p
    return h * mask / (1 - p), mask


def scaled_by(factor):
    def attempt(h, p, rng):
        mask = draw(h, p, rng)
        return h * mask * factor(p), mask

    return attempt


def by_what_was_kept(h, p, rng):
    mask = draw(h, p, rng)
    return h * mask / mask.mean(), mask


def without_parentheses(h, p, rng):
    mask = draw(h, p, rng)
    return h * mask / 1 - p, mask


def read_off_the_output(h, p, rng):
    output, _ = right(h, p, rng)
    return output, output != 0


def one_draw_per_row(h, p, rng):
    mask = rng.random(len(h)) >= p
    return h * mask / (1 - p), mask


def shape_in_pieces(h, p, rng):
    mask = rng.random(*h.shape) >= p
    return h * mask / (1 - p), mask


def as_matrices(h, p, rng):
    mask = draw(h, p, rng)
    return h @ mask / (1 - p), mask


def fails(h, p, rng):
    return h.no_such_thing


def fails_later(h, p, rng):
    if rng.bit_generator.state != np.random.default_rng(7).bit_generator.state:
        raise RuntimeError("later")
    return right(h, p, rng)


def without_rng(h, p):
    return h, p


def without_return(h, p, rng):
    right(h, p, rng)


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (only_the_output, "Return two results"),
        (in_place, "`h` has changed"),
        (one_result_is_none, "Both results must be arrays"),
        (one_axis, "the mask has the shape `h.shape`"),
        (taken_out, "they are not taken out"),
        (other_order, "other order"),
        (mask_is_scaled, "already divided by 1 - p"),
        (mask_holds_draws, "yours holds other numbers"),
        (keeps_all, "Nothing is dropped"),
        (drops_all, "Everything is dropped"),
        (own_seed, "yours is always the same"),
        (own_generator, "Draw from `rng`"),
        (one_draw, "One draw decides for the whole array"),
        (equal_rows, "All rows have the same mask"),
        (whole_rows, "Each row is kept or dropped as a whole"),
        (mask_of_dropped, "1 where a number is dropped"),
        (two_masks, "draw once and use it twice"),
        (keeps_with_p, "the other way round"),
        (exactly_as_many, "exactly the same number"),
        (normal_draws, "The fraction that you keep is not 1 - p"),
        (scaled_by(lambda p: 1), "as they were"),
        (scaled_by(lambda p: 1 - p), "multiplied by 1 - p"),
        (scaled_by(lambda p: 1 / p if p else 1), "You divide by p"),
        (scaled_by(lambda p: 3), "must be those of `h` divided by 1 - p"),
        (by_what_was_kept, "happened to be kept"),
        (without_parentheses, "with parentheses"),
        (read_off_the_output, "read off the output"),
        (one_draw_per_row, "Is the mask of the shape of `h`?"),
        (shape_in_pieces, "without `*`"),
        (as_matrices, "`*` multiplies number by number"),
        (fails, f"in line {fails.__code__.co_firstlineno + 1}"),
        (fails_later, "calls in a row do not all work"),
        (without_rng, "it is called with 3 arguments"),
        (without_return, "end in `return`"),
        (3, "expected a function"),
    ],
)
def test_tells_what_is_wrong(attempt, told, capsys):
    dropout(attempt)
    verdict = capsys.readouterr().out
    assert verdict.startswith("✗ dropout")
    assert told in verdict
    assert verdict.count("\n") == 1


def untouched(h, p, rng): ...


def not_yet(h, p, rng):
    raise NotImplementedError


@pytest.mark.parametrize("attempt", [..., untouched, not_yet])
def test_stub_is_not_attempted(attempt, capsys):
    dropout(attempt)
    assert capsys.readouterr().out == "○ dropout: not attempted yet\n"
