"""The exercises of lesson 3.13, Information and Graphs."""

import math
from itertools import pairwise, product

import numpy as np

from . import exercise


@exercise(
    (np.array([8, 4, 2, 2]),),
    (np.array([3, 0, 5, 0, 1]),),
    (np.array([0, 7, 7]),),
    (np.array([1, 2, 3, 4, 5, 6]),),
)
def entropy_bits(counts):
    n = int(sum(counts))
    return math.log2(n) - sum(int(count) * math.log2(count) for count in counts if count) / n


@entropy_bits.mistake("That is in nats. Divide by log 2, or use log2.")
def _(counts):
    return entropy_bits.reference(counts) * math.log(2)


@entropy_bits.mistake("0 log 0 is nan for NumPy. Leave out what never came, or use special.entr.")
def _(counts):
    p = counts / counts.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(p * np.log2(p))


@entropy_bits.mistake("Counts are not probabilities: divide by their sum first.")
def _(counts):
    seen = counts[counts > 0]
    return -np.sum(seen * np.log2(seen))


@entropy_bits.mistake("Weigh each surprise with its probability: the mean surprise of an outcome that is drawn.")
def _(counts):
    p = counts[counts > 0] / counts.sum()
    return -np.mean(np.log2(p))


@exercise(
    (np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])),
    (np.array([0.75, 0.25, 0.0]), np.array([0.5, 0.25, 0.25])),
    (np.array([0.5, 0.25, 0.25]), np.array([0.75, 0.25, 0.0])),
    (np.array([0.9, 0.0, 0.1, 0.0]), np.array([0.3, 0.2, 0.5, 0.0])),
)
def divergence(p, q):
    total = 0.0
    for true, believed in zip(p, q, strict=True):
        if true > 0 and believed == 0:
            return math.inf
        total += true * math.log(true / believed) if true > 0 else 0.0
    return total


def _parts(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return p * (np.log(p) - np.log(q))


@divergence.mistake("That is KL(q || p). The mean is taken under p.")
def _(p, q):
    return divergence.reference(q, p)


@divergence.mistake("Where p is 0, NumPy makes nan of 0 log 0. By convention such a part is 0.")
def _(p, q):
    return np.sum(_parts(p, q))


@divergence.mistake("Where q is 0 and p is not, the divergence is infinite. You leave that outcome out.")
def _(p, q):
    both = (p > 0) & (q > 0)
    return np.sum(_parts(p[both], q[both]))


for tiny in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, np.finfo(float).eps):
    divergence.mistake("A small number in place of 0 hides that the impossible happened: that costs infinity.")(
        lambda p, q, tiny=tiny: np.sum(_parts(p + tiny, q + tiny))
    )


@divergence.mistake("That is in bits. For nats take the natural logarithm.")
def _(p, q):
    return divergence.reference(p, q) / math.log(2)


@divergence.mistake("That is the cross-entropy. Take the entropy of p away.")
def _(p, q):
    with np.errstate(divide="ignore"):
        return -np.sum(p[p > 0] * np.log(q[p > 0]))


@exercise((0.0, 1.0, 1.0, 2.0), (1.5, 3.0, -0.5, 0.7), (2.0, 0.5, 2.0, 0.6), (-1.0, 0.4, 3.0, 2.5))
def kl_gauss(mu, sigma, nu, tau):
    cross_entropy = 0.5 * math.log(2 * math.pi * tau**2) + (sigma**2 + (mu - nu) ** 2) / (2 * tau**2)
    return cross_entropy - 0.5 * math.log(2 * math.pi * math.e * sigma**2)


@kl_gauss.mistake("That is the other direction: the mean is taken under the first Gaussian.")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(nu, tau, mu, sigma)


@kl_gauss.mistake("Take 1/2 away: two equal Gaussians have the divergence 0.")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, nu, tau) + 0.5


@kl_gauss.mistake("sigma and tau are standard deviations, not variances: square them.")
def _(mu, sigma, nu, tau):
    return 0.5 * math.log(tau / sigma) + (sigma + (mu - nu) ** 2) / (2 * tau) - 0.5


@kl_gauss.mistake("The logarithm is upside down: a q that is too wide costs log(tau / sigma).")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, nu, tau) - 2 * math.log(tau / sigma)


@kl_gauss.mistake("The logarithm needs 1/2 with variances, none with standard deviations.")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, nu, tau) + math.log(tau / sigma)


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
    return np.sum(_parts(joint, _independent(joint)))


@mutual_information.mistake("The wrong way round: the mean is taken under the joint, not under the product.")
def _(joint):
    return divergence.reference(_independent(joint).ravel(), joint.ravel())


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
