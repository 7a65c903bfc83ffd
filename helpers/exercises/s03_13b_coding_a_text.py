"""The exercises of lesson 3.13b, Coding a Text, and Graphs."""

import math
from itertools import pairwise, product

import numpy as np
from scipy import special

from . import exercise


@exercise(
    (["10", "0", "110", "111"],),
    (["100", "11", "00", "01"],),
    (["0", "10", "11", "101"],),
    (["0", "01", "11"],),
    (["110", "0", "11"],),
    (["00", "1", "01", "00"],),
    (["010", "00", "1"],),
    (["0", "1", "10"],),
    (["00", "11", "01"],),
)
def prefix_free(words):
    beginnings = [{word[:size] for size in range(1, len(word))} for word in words]
    return len(set(words)) == len(words) and set(words).isdisjoint(set().union(*beginnings))


@prefix_free.mistake("Kraft's sum says that such lengths are possible, not that these words are: try 0, 01, 11.")
def _(words):
    return sum(2.0 ** -len(word) for word in words) <= 1


@prefix_free.mistake("Compare all pairs, not only neighbours in the list, or sort it first.")
def _(words):
    return not any(b.startswith(a) or a.startswith(b) for a, b in pairwise(words))


@prefix_free.mistake("A later word may begin an earlier one, too: compare both ways.")
def _(words):
    return not any(b.startswith(a) for i, a in enumerate(words) for b in words[i + 1 :])


@prefix_free.mistake("Every word begins with itself. Compare it with the other words only.")
def _(words):
    return not words


@prefix_free.mistake("The other way round: True means that no word begins another.")
def _(words):
    return not prefix_free.reference(words)


@prefix_free.mistake("A word may stand inside another one or at its end. Only at the beginning it does harm.")
def _(words):
    return not any(a in b for i, a in enumerate(words) for j, b in enumerate(words) if i != j)


@prefix_free.mistake("The same word twice cannot be told apart: compare by place in the list, not by value.")
def _(words):
    return not any(b.startswith(a) for a in words for b in words if a != b)


@exercise(
    (np.array([[0.3, 0.1, 0.0], [0.1, 0.2, 0.3]]),),
    (np.array([[0.08, 0.12], [0.22, 0.28], [0.12, 0.18]]),),
    (np.diag([0.5, 0.2, 0.3]),),
    (np.array([[0.05, 0.25], [0.3, 0.15], [0.2, 0.05]]),),
)
def mutual_information(joint):
    return _mean_surprise(joint.sum(axis=0)) + _mean_surprise(joint.sum(axis=1)) - _mean_surprise(joint)


def _mean_surprise(table):
    return -sum(p * math.log(p) for p in table.ravel() if p > 0)


def _independent(joint):
    return np.outer(joint.sum(axis=1), joint.sum(axis=0))


@mutual_information.mistake("Where the table is 0, NumPy makes nan of 0 log 0. Such a part is 0.")
def _(joint):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(joint * (np.log(joint) - np.log(_independent(joint))))


@mutual_information.mistake("The wrong way round: the mean is taken under the joint, not under the product.")
def _(joint):
    return special.rel_entr(_independent(joint), joint).sum()


@mutual_information.mistake("That is in bits. For nats take the natural logarithm.")
def _(joint):
    return mutual_information.reference(joint) / math.log(2)


@mutual_information.mistake("That is the entropy of the joint. It is large for independent variables as well.")
def _(joint):
    return _mean_surprise(joint)


@mutual_information.mistake("That is a conditional entropy, H(b | a): what is left unknown. Take it away from H(b).")
def _(joint):
    return _mean_surprise(joint) - _mean_surprise(joint.sum(axis=1))


LETTERS = {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["b"], "e": ["c"]}
WEATHER = {"season": [], "rain": ["season"], "wind": ["season"], "harvest": ["rain", "wind", "season"]}


@exercise(
    (LETTERS, dict.fromkeys(LETTERS, 2)),
    (LETTERS, {"a": 3, "b": 2, "c": 5, "d": 4, "e": 2}),
    (WEATHER, {"season": 4, "rain": 2, "wind": 3, "harvest": 10}),
    ({"a": [], "b": []}, {"a": 6, "b": 2}),
)
def count_numbers(parents, values):
    rows = {node: list(product(*(range(values[parent]) for parent in parents[node]))) for node in parents}
    return sum(len(rows[node]) * (values[node] - 1) for node in parents)


def _sum_over(parents, values, one):
    return sum(one(values[node], [values[parent] for parent in parents[node]]) for node in parents)


@count_numbers.mistake("The last probability of each row follows from the others: k - 1, not k, are free.")
def _(parents, values):
    return _sum_over(parents, values, lambda k, above: k * math.prod(above))


@count_numbers.mistake("Each row of a conditional sums to 1, not only the whole table: one number less in every row.")
def _(parents, values):
    return _sum_over(parents, values, lambda k, above: k * math.prod(above) - 1)


@count_numbers.mistake("That is the full table. Each node only has to know its parents.")
def _(parents, values):
    return math.prod(values.values()) - 1


@count_numbers.mistake("A node needs a row for every combination of its parents' values: their product, not their sum.")
def _(parents, values):
    return _sum_over(parents, values, lambda k, above: (k - 1) * (sum(above) if above else 1))


@count_numbers.mistake("Not every variable has two values: look up its own and its parents' number.")
def _(parents, values):
    return _sum_over(parents, values, lambda k, above: 2 ** len(above))


@count_numbers.mistake("Parents may have another number of values than the node: k ** (number of parents) is not it.")
def _(parents, values):
    return _sum_over(parents, values, lambda k, above: (k - 1) * k ** len(above))


@exercise()
def independent():
    return True, False, True, False, True, False


WHY = (
    "The way from a to d through b is cut when b is known, and the way through c ends there.",
    "Without b known, a still tells about d, through b.",
    "Each way from d to e passes through c. If c is known, they are cut.",
    "d and e, given a: the way d - b - c - e does not pass a, so it stays open.",
    "Each way from a to e passes through c. If c is known, they are cut.",
    "a and b are joined by an arrow. No third variable cuts that.",
)


def _turned(*places):
    return lambda: tuple(answer != (i in places) for i, answer in enumerate(independent.reference()))


for place, why in enumerate(WHY):
    independent.mistake(why)(_turned(place))
independent.mistake("Each way from d or from a to e passes through c. If c is known, they are cut.")(_turned(2, 4))
independent.mistake("You say which pairs are dependent: True stands for independent.")(_turned(*range(6)))


PAIR = np.array([[1.0, 2.0, 0.5], [3.0, 1.0, 1.0]]), np.array([[2.0, 1.0], [0.0, 1.0], [1.0, 4.0]])
SQUARE = np.array([[2.0, 1.0], [0.5, 3.0]]), np.array([[1.0, 4.0], [2.0, 0.0]]), np.array([[1.0, 2.0], [5.0, 1.0]])
LONG = tuple(np.array([[1.0, 0.2], [0.7, 1.0]]) * (1 + number % 4) / 2 for number in range(16))


@exercise((PAIR[:1],), (PAIR,), (SQUARE,), (LONG,))
def chain_sum(potentials):
    total = np.ones(potentials[-1].shape[1])
    for phi in reversed(potentials):
        total = np.array([sum(row * total) for row in phi])
    return float(sum(total))


@chain_sum.mistake("Neighbouring potentials share a variable, so their sums cannot be taken one by one and multiplied.")
def _(potentials):
    return math.prod(phi.sum() for phi in potentials)


@chain_sum.mistake("A trace ties the last variable to the first: that is a ring. In a chain all entries are added.")
def _(potentials):
    ring = potentials[0]
    for phi in potentials[1:]:
        ring = ring @ phi
    return np.trace(ring)


@chain_sum.mistake("A product of matrices is a matrix. Add up all its entries.")
def _(potentials):
    power = potentials[0]
    for phi in potentials[1:]:
        power = power @ phi
    return power
