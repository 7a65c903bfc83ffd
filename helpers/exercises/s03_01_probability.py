"""The exercises of lesson 3.1, Probability."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
from scipy import stats

from . import exercise

TABLE = np.array([[0.10, 0.05, 0.25], [0.20, 0.30, 0.10]])
GAPS = np.array([[0.0, 0.2, 0.0], [0.0, 0.0, 0.0], [0.1, 0.3, 0.0], [0.15, 0.05, 0.2]])
CUBE = np.array([[[3, 1, 0, 2], [4, 5, 1, 1], [0, 2, 6, 3]], [[1, 1, 2, 8], [5, 0, 3, 2], [2, 4, 1, 3]]]) / 60


@exercise((TABLE, 0), (TABLE, 1), (GAPS, 1), (CUBE, 0), (CUBE, 1), (CUBE, 2))
def marginal(joint, axis):
    out = np.zeros(joint.shape[axis])
    for index, probability in np.ndenumerate(joint):
        out[index[axis]] += probability
    return out


@marginal.mistake("That sums over the variable you were asked for. Keep this axis and sum over all the others.")
def _(joint, axis):
    return joint.sum(axis=axis)


@marginal.mistake("Right for two variables. With three, two axes have to be summed away.")
def _(joint, axis):
    return joint.sum(axis=1 - axis)


@marginal.mistake("A mean is not a sum: the probabilities of all cases that fit are added.")
def _(joint, axis):
    return np.moveaxis(joint, axis, 0).reshape(joint.shape[axis], -1).mean(axis=1)


@exercise((TABLE,), (GAPS,), (CUBE[0] / CUBE[0].sum(),))
def conditional(joint):
    with np.errstate(invalid="ignore"):
        return np.stack([row / sum(row) for row in joint])


@conditional.mistake("That is P(x | y): the columns sum to 1. Divide each row by its own sum.")
def _(joint):
    with np.errstate(invalid="ignore"):
        return joint / joint.sum(axis=0)


@conditional.mistake("Nothing was divided: these are joint probabilities still.")
def _(joint):
    return joint


@conditional.mistake("Right where p(x) > 0. Given something impossible, nothing is known: NaN, not 0.")
def _(joint):
    return np.nan_to_num(conditional.reference(joint))


@conditional.mistake("The row sums have shape (rows,). To divide rows by them, make that (rows, 1): keepdims=True.")
def _(joint):
    return joint / joint.sum(axis=1)


RADII = np.array([-0.5, 0.0, 0.1, 0.7, 1.1, 1.9, 2.5, 9.0])  # no R: the density at the rim is a convention


@exercise((RADII, 1.0), (RADII, 2.0), (RADII, 0.8))
def dart_density(r, R):
    return stats.triang(c=1, scale=R).pdf(r)


def _within(r, R, values):
    return np.where((r >= 0) & (r <= R), values, 0.0)


@dart_density.mistake("That is the cdf, (r / R)^2. The density is its slope.")
def _(r, R):
    return np.clip(r / R, 0, 1) ** 2


@dart_density.mistake("(r / R)^2 is the cdf, from 0 to R. The density is its slope.")
def _(r, R):
    return (r / R) ** 2


@dart_density.mistake("Right for r of 0 and more. A distance is never negative: there, too, the density is 0.")
def _(r, R):
    return np.where(r <= R, 2 * r / R**2, 0.0)


@dart_density.mistake("Not every distance is equally probable: a ring far out has more area than one near the centre.")
def _(r, R):
    return _within(r, R, np.ones(len(r)) / R)


@dart_density.mistake("That is the density per area, 1 / (pi R^2). A ring of radius r has the length 2 pi r.")
def _(r, R):
    return _within(r, R, np.ones(len(r)) / (np.pi * R**2))


@dart_density.mistake("Right between 0 and R. No dart lands elsewhere: there the density is 0.")
def _(r, R):
    return 2 * r / R**2


@dart_density.mistake("It must integrate to 1 for every R, not only for R = 1.")
def _(r, R):
    return _within(r, R, 2 * r)


@dart_density.mistake("The slope of (r / R)^2 by r has R squared below.")
def _(r, R):
    return _within(r, R, 2 * r / R)


@exercise((3, 1), (4, 1), (4, 2), (5, 2), (7, 3))
def switch_wins(doors, opened):
    """By following every way a game can go."""
    won = Fraction(0)
    for prize in range(doors):  # the pick is door 0
        choices = list(combinations([door for door in range(1, doors) if door != prize], opened))
        for choice in choices:
            closed = [door for door in range(1, doors) if door not in choice]
            won += Fraction(closed.count(prize), doors * len(choices) * len(closed))
    return float(won)


@switch_wins.mistake("The host knows where the prize is, so the closed doors are not equally probable.")
def _(doors, opened):
    return 1 / (doors - opened)


@switch_wins.mistake("That the first pick was wrong is not enough: several other doors may still be closed.")
def _(doors, opened):
    return (doors - 1) / doors


@switch_wins.mistake("These are the chances of one who stays. Switching is another matter.")
def _(doors, opened):
    return 1 / doors


@switch_wins.mistake("Count again what is left to switch to: not your own door, and not the open ones.")
def _(doors, opened):
    return (doors - 1) / doors / (doors - opened)


@switch_wins.mistake("The closed doors other than yours share (doors - 1) / doors, not all of 1.")
def _(doors, opened):
    return 1 / (doors - 1 - opened)


WEIGHTS = np.random.RandomState(4).randint(0, 9, (3, 3, 2))
# Independent given z, exactly so: all of these and their products are sums of few powers of 2.
LINKED = np.einsum("z,zx,zy->xyz", [0.5, 0.5], [[0.25, 0.75], [0.5, 0.5]], [[0.5, 0.125, 0.375], [0.25, 0.25, 0.5]])
BELL = np.array([[[1, 0], [0, 1]], [[0, 1], [0, 1]]]) / 4
SILENT = np.concatenate([np.zeros((2, 3, 1)), CUBE[:, :, :2]], axis=2) / CUBE[:, :, :2].sum()


@exercise((LINKED,), (BELL,), (CUBE,), (SILENT,), (WEIGHTS / WEIGHTS.sum(),))
def gap_given(joint):
    worst = 0.0
    for z in range(joint.shape[2]):
        total = joint[:, :, z].sum()
        for x, y in product(range(joint.shape[0]), range(joint.shape[1])):
            if total > 0:
                both = joint[x, y, z] / total
                alone = (joint[x, :, z].sum() / total) * (joint[:, y, z].sum() / total)
                worst = max(worst, abs(both - alone))
    return worst


def _gap(table):
    return np.abs(table - np.outer(table.sum(axis=1), table.sum(axis=0))).max()


@gap_given.mistake("z was summed away. That tests independence, not independence given z.")
def _(joint):
    return _gap(joint.sum(axis=2))


@gap_given.mistake("Each slice joint[:, :, z] has to be divided by its sum first: only then it is p(x, y | z).")
def _(joint):
    return max(_gap(joint[:, :, z]) for z in range(joint.shape[2]))


@gap_given.mistake("A value of z that never happens has an empty slice, and 0/0 is NaN: leave it out.")
def _(joint):
    with np.errstate(invalid="ignore"):
        return max(_gap(joint[:, :, z] / joint[:, :, z].sum()) for z in range(joint.shape[2]))


@gap_given.mistake("A mean over z may hide a gap. Independence is asked for at each value: take the largest.")
def _(joint):
    return np.mean([_gap(joint[:, :, z] / p) for z, p in enumerate(joint.sum(axis=(0, 1))) if p > 0])


@gap_given.mistake("That is the gap at the last value of z only.")
def _(joint):
    last = np.flatnonzero(joint.sum(axis=(0, 1)))[-1]
    return _gap(joint[:, :, last] / joint[:, :, last].sum())


@gap_given.mistake("A gap may be negative: take the absolute value first.")
def _(joint):
    slices = [joint[:, :, z] / joint[:, :, z].sum() for z in range(joint.shape[2]) if joint[:, :, z].any()]
    return max((s - np.outer(s.sum(axis=1), s.sum(axis=0))).max() for s in slices)


ROWS = np.array([[0.1, 0.9, 0.0], [0.3, 0.2, 0.5], [0.0, 0.0, 1.0]])
START = np.array([0.5, 0.3, 0.2])


UNIFORM = [(0.1, 0.05), (0.1, 0.95), (0.6, 0.4), (0.7, 0.55), (0.95, 0.6), (0.9, 0.1)]


@exercise(*((START, ROWS, u, v) for u, v in UNIFORM))
def draw_pair(p_x, p_y_given_x, u, v):
    x = next(i for i in range(len(p_x)) if u < sum(p_x[: i + 1]))
    row = p_y_given_x[x]
    return x, next(i for i in range(len(row)) if v < sum(row[: i + 1]))


def _pick(p, u):
    return int(np.searchsorted(np.cumsum(p), u, side="right"))


@draw_pair.mistake("The second value was drawn from p(y), as if it did not matter what x is.")
def _(p_x, p_y_given_x, u, v):
    return _pick(p_x, u), _pick(p_x @ p_y_given_x, v)


@draw_pair.mistake("p(y | x) is a row of the table, here a column was taken.")
def _(p_x, p_y_given_x, u, v):
    x = _pick(p_x, u)
    return x, _pick(p_y_given_x[:, x], v)


@draw_pair.mistake("u was used twice. Each draw needs a random number of its own, or they hang together.")
def _(p_x, p_y_given_x, u, v):
    x = _pick(p_x, u)
    return x, _pick(p_y_given_x[x], u)


@draw_pair.mistake("The other way round: u is for x, v is for y.")
def _(p_x, p_y_given_x, u, v):
    return draw_pair.reference(p_x, p_y_given_x, v, u)


@draw_pair.mistake("Right values, wrong order: x comes first.")
def _(p_x, p_y_given_x, u, v):
    return draw_pair.reference(p_x, p_y_given_x, u, v)[::-1]


@draw_pair.mistake("The most probable value is not a sample.")
def _(p_x, p_y_given_x, u, v):
    x = int(np.argmax(p_x))
    return x, int(np.argmax(p_y_given_x[x]))


@draw_pair.mistake("Compare u with the cumulated probabilities, not with the probabilities themselves.")
def _(p_x, p_y_given_x, u, v):
    x = int(np.argmax(p_x > u))
    return x, int(np.argmax(p_y_given_x[x] > v))


@exercise(
    (TABLE, np.array([1.0, 4.0]), np.array([-2.0, 0.0, 5.0])),
    (GAPS, np.array([0.0, 1.0, 2.0, 7.0]), np.array([3.0, 1.0, -1.0])),
    (np.array([[0.0, 0.25, 0.0], [0.25, 0.0, 0.25], [0.0, 0.25, 0.0]]), np.arange(3.0), np.arange(3.0)),
)
def covariance(joint, x, y):
    cells = [(p, x[i], y[j]) for (i, j), p in np.ndenumerate(joint)]
    mean_x, mean_y = sum(p * a for p, a, _ in cells), sum(p * b for p, _, b in cells)
    return sum(p * (a - mean_x) * (b - mean_y) for p, a, b in cells)


@covariance.mistake("That is the mean of the product. The product of the means has to be taken away.")
def _(joint, x, y):
    return x @ joint @ y


@covariance.mistake("The means are weighted by probability too: E[x] is not x.mean().")
def _(joint, x, y):
    return (x - x.mean()) @ joint @ (y - y.mean())


@covariance.mistake("E[x y] is right, but E[x] is not x.mean(): weight the values by P(x), and those of y by P(y).")
def _(joint, x, y):
    return x @ joint @ y - x.mean() * y.mean()


@covariance.mistake("Divided by both standard deviations it is the correlation. Leave that division out.")
def _(joint, x, y):
    var_x, var_y = (joint.sum(axis=1 - i) @ v**2 - (joint.sum(axis=1 - i) @ v) ** 2 for i, v in enumerate((x, y)))
    return covariance.reference(joint, x, y) / np.sqrt(var_x * var_y)


@exercise((np.array([1.0, 4.0, 2.5]),), (np.array([0.0, 0.0, 1.0, 0.0, 3.0, -2.0]),), (np.arange(20.0) ** 1.5,))
def mean_and_error(samples):
    n = len(samples)
    mean = sum(samples) / n
    return mean, (sum((x - mean) ** 2 for x in samples) / (n - 1) / n) ** 0.5


@mean_and_error.mistake("That is the spread of one sample. The mean of n varies less, by the square root of n.")
def _(samples):
    return samples.mean(), samples.std(ddof=1)


@mean_and_error.mistake("That is the spread of one sample, not of the mean. And divide the squares by n - 1.")
def _(samples):
    return samples.mean(), samples.std()


@mean_and_error.mistake("The mean was estimated from the same samples: divide the squares by n - 1, not by n.")
def _(samples):
    return samples.mean(), samples.std() / np.sqrt(len(samples))


@mean_and_error.mistake("That is the variance of the mean: the square root is missing.")
def _(samples):
    return samples.mean(), samples.var(ddof=1) / len(samples)


@mean_and_error.mistake("The error falls with the square root of n, not with n.")
def _(samples):
    return samples.mean(), samples.std(ddof=1) / len(samples)
