"""The exercises of lesson 0.1, Tensors."""

from itertools import product

import numpy as np

from . import exercise

ROWS = np.arange(14.0).reshape(7, 2)


@exercise((ROWS, 0, 3), (ROWS, 1, 3), (ROWS, 2, 3), (np.arange(8), 1, 4))
def batch(x, number, size):
    return np.array([example for place, example in enumerate(x) if place // size == number])


@batch.mistake("Batch number 1 begins after `size` examples, not after one.")
def _(x, number, size):
    return x[number : number + size]


@batch.mistake("The last batch may be short, but it is not left out.")
def _(x, number, size):
    part = x[number * size : (number + 1) * size]
    return part if len(part) == size else x[:0]


@batch.mistake("The slice's end is not its length: it is the place of the first example that stays outside.")
def _(x, number, size):
    return x[number * size : size]


@batch.mistake("The end stands `size` after the start, not after the batch's number.")
def _(x, number, size):
    return x[number * size : number + size]


@batch.mistake("Batches are counted from 0: nothing comes before batch 0.")
def _(x, number, size):
    return x[(number - 1) * size : number * size]


@batch.mistake("That is every so-many-th example: start:stop, not start::step.")
def _(x, number, size):
    return x[number::size]


@exercise(
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 1), (3,)),
    ((4,), ()),
    ((), (4,)),
    ((5, 1, 6), (7, 1)),
    ((8, 1, 6, 1), (7, 1, 5)),
    ((2, 3), (2,)),
    ((4, 2), (4, 3)),
    ((4,), (2,)),
    ((3, 1), (6, 1)),
)
def broadcast_shape(a, b):
    length = max(len(a), len(b))
    a, b = ((1,) * (length - len(shape)) + shape for shape in (a, b))
    if any(1 not in pair and pair[0] != pair[1] for pair in zip(a, b, strict=True)):
        raise ValueError("these shapes do not fit")
    return tuple(i * j if 1 in (i, j) else i for i, j in zip(a, b, strict=True))


@broadcast_shape.mistake("Shapes are laid against each other at their right ends.")
def _(a, b):
    length = max(len(a), len(b))
    a, b = (shape + (1,) * (length - len(shape)) for shape in (a, b))
    return broadcast_shape.reference(a, b)


@broadcast_shape.mistake("Two sizes that differ fit only if one of them is 1; otherwise raise a ValueError.")
def _(a, b):
    length = max(len(a), len(b))
    a, b = ((1,) * (length - len(shape)) + shape for shape in (a, b))
    return tuple(np.maximum(a, b)) if a else ()


@broadcast_shape.mistake("Only b is filled up with ones. The shorter shape may be a.")
def _(a, b):
    pairs = list(zip(a, (1,) * (len(a) - len(b)) + b, strict=False))
    if any(1 not in pair and pair[0] != pair[1] for pair in pairs):
        raise ValueError("these shapes do not fit")
    return tuple(j if i == 1 else i for i, j in pairs)


@broadcast_shape.mistake("Only an axis of length 1 is repeated: a 2 is not made a 4, although 4 is a multiple of 2.")
def _(a, b):
    length = max(len(a), len(b))
    pairs = list(zip(*((1,) * (length - len(shape)) + shape for shape in (a, b)), strict=True))
    if any(max(pair) % min(pair) for pair in pairs):
        raise ValueError("these shapes do not fit")
    return tuple(max(pair) for pair in pairs)


@broadcast_shape.mistake("The axes that only the longer shape has are missing.")
def _(a, b):
    shorter = min(len(a), len(b))
    return broadcast_shape.reference(a[len(a) - shorter :], b[len(b) - shorter :])


X = np.array([[0.0, 0.0], [3.0, 1.0], [-2.0, 5.0]])
Y = np.array([[4.0, 3.0], [1.0, -1.0], [0.5, 0.0]])


@exercise((X, Y), (X, Y[:2]), (X[:1], Y), (np.eye(4), np.ones((2, 4))))
def squared_distances(x, y):
    return np.array([[sum((a - b) ** 2 for a, b in zip(p, q, strict=True)) for q in y] for p in x])


@squared_distances.mistake("The root is not asked for: the squared distance.")
def _(x, y):
    return np.sqrt(squared_distances.reference(x, y))


@squared_distances.mistake("Transposed: one row for each point of x, one column for each of y.")
def _(x, y):
    return squared_distances.reference(y, x)


@squared_distances.mistake("Differences are squared before they are summed, or opposite signs cancel.")
def _(x, y):
    return (x[:, None] - y[None]).sum(axis=2) ** 2


@squared_distances.mistake("That pairs row i with row i: without a new axis there is no table of all pairs.")
def _(x, y):
    return ((x - y) ** 2).sum(axis=1)


DARK = np.array([[3, 200, 0], [255, 7, 90]], dtype=np.uint8)
LIGHT = np.array([[5, 100, 255], [0, 7, 91]], dtype=np.uint8)


@exercise((DARK, LIGHT), (LIGHT, DARK), (DARK[:, :1], LIGHT[:, :1]))
def difference(a, b):
    return np.array([[abs(int(x) - int(y)) for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)])


@difference.mistake("3 - 5 is 254 in uint8, and its absolute value is 254 as well. Convert before you subtract.")
def _(a, b):
    return np.abs(a - b)


@difference.mistake("int8 ends at 127: 200 has already become -56 before you subtract.")
def _(a, b):
    return np.abs(a.astype(np.int8) - b.astype(np.int8))


@difference.mistake("The sign is to go: how far apart, whichever is brighter.")
def _(a, b):
    return a.astype(int) - b


@difference.mistake("Where b is brighter the difference must not become 0.")
def _(a, b):
    return np.maximum(a.astype(int) - b, 0)


BATCH = np.arange(2 * 3 * 3 * 3).reshape(2, 3, 3, 3)


@exercise((BATCH,), (np.arange(24).reshape(1, 2, 3, 4),), (np.arange(60).reshape(2, 5, 2, 3),))
def channels_first(x):
    return np.stack([x[..., channel] for channel in range(x.shape[-1])], axis=1)


@channels_first.mistake("The shape is right, but a reshape reads the numbers on in their old order: axes must move.")
def _(x):
    N, H, W, C = x.shape
    return x.reshape(N, C, H, W)


@channels_first.mistake("Height and width have changed places.")
def _(x):
    return x.swapaxes(1, 3)


@channels_first.mistake("That is the way back. Entry k of the permutation names the old axis that becomes axis k.")
def _(x):
    return x.transpose(0, 2, 3, 1)


@channels_first.mistake(".T turns all axes round, the batch's too.")
def _(x):
    return x.T


@exercise((30, -1, 2), (90, 1, 0), (180, 2, 3), (45, 0, 0))
def turn_about(degrees, x, y):
    spin = np.exp(1j * np.deg2rad(degrees))
    rest = (1 - spin) * (x + 1j * y)
    return np.array([[spin.real, -spin.imag, rest.real], [spin.imag, spin.real, rest.imag], [0, 0, 1]])


def _turn(degrees):
    return turn_about.reference(degrees, 0, 0)


def _push(x, y):
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])


@turn_about.mistake("This turns about the origin: the point (x, y) must stay where it is.")
def _(degrees, x, y):
    return _turn(degrees)


@turn_about.mistake("The order is turned round: what happens first stands rightmost, next to the point.")
def _(degrees, x, y):
    return _push(-x, -y) @ _turn(degrees) @ _push(x, y)


@turn_about.mistake("After the turn, move back.")
def _(degrees, x, y):
    return _turn(degrees) @ _push(-x, -y)


@turn_about.mistake("Before the turn the point has to come to the origin: a translation is missing on the right.")
def _(degrees, x, y):
    return _push(x, y) @ _turn(degrees)


@turn_about.mistake("NumPy's sin and cos take radians.")
def _(degrees, x, y):
    return turn_about.reference(np.rad2deg(degrees), x, y)


@turn_about.mistake("It turns clockwise: the minus sign stands at the sine of the first row.")
def _(degrees, x, y):
    return turn_about.reference(-degrees, x, y)


TURN, SHEAR = np.array([[0.0, -1.0], [1.0, 0.0]]), np.array([[1.0, 2.0], [0.0, 1.0]])
TALL, WIDE = np.array([[1.0, 0.0], [2.0, -1.0], [0.0, 3.0]]), np.array([[1.0, 1.0, 0.0], [0.0, -2.0, 1.0]])
P, Q, R = np.array([1.0, 0.0]), np.array([0.0, 5.0]), np.array([1.0, -1.0, 2.0])


@exercise((TURN, P, SHEAR, Q), (SHEAR, Q, TURN, P), (TALL, R, WIDE, P))
def merge(A1, b1, A2, b2):
    def both(x):
        return A2 @ (A1 @ x + b1) + b2

    origin = both(np.zeros(A1.shape[1]))
    return np.column_stack([*(both(unit) - origin for unit in np.eye(A1.shape[1])), origin])


@merge.mistake("The order is turned round: the second layer's matrix stands on the left.")
def _(A1, b1, A2, b2):
    return np.column_stack([A1 @ A2, A1 @ b2 + b1])


@merge.mistake("The vector is right. In the matrix the second layer stands on the left, next to the result.")
def _(A1, b1, A2, b2):
    return np.column_stack([A1 @ A2, A2 @ b1 + b2])


@merge.mistake("The second layer acts on the first one's b, too.")
def _(A1, b1, A2, b2):
    return np.column_stack([A2 @ A1, b1[: len(b2)] + b2])


@merge.mistake("The second layer's b is missing.")
def _(A1, b1, A2, b2):
    return np.column_stack([A2 @ A1, A2 @ b1])


SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [1.0, -3.0]])


@exercise(
    (SQUARE, np.array([1.0, 0.0]), 1.0),
    (SQUARE, np.array([0.6, 0.8]), 2.0),
    (SQUARE, np.array([0.0, -1.0]), -1.0),
    (SQUARE, np.array([0.0, 1.0]), 0.0),
)
def crease(points, n, d):
    return np.array([p if p @ n >= d else p - 2 * (p @ n - d) * n for p in points])


@crease.mistake("The crease goes through the origin here: `d` says how far away it is.")
def _(points, n, d):
    return crease.reference(points, n, 0)


@crease.mistake("The sign of d: a point lies d - n·x behind the crease, for n·x = d on it.")
def _(points, n, d):
    return crease.reference(points, n, -d)


@crease.mistake("These points move away from the crease, by twice their distance: turn the last sign round.")
def _(points, n, d):
    return 2 * points - crease.reference(points, n, d)


@crease.mistake("The wrong half moves, and away from the crease: a point lies d - n·x behind it, not n·x - d.")
def _(points, n, d):
    return 2 * points - crease.reference(points, -n, -d)


@crease.mistake("That is a mirror: points with n·x ≥ d are to stay where they are.")
def _(points, n, d):
    return points - 2 * (points @ n - d)[:, None] * n


@crease.mistake("The other half has been folded over.")
def _(points, n, d):
    return crease.reference(points, -n, -d)


@crease.mistake("The points only come to lie on the crease: go as far again on the other side.")
def _(points, n, d):
    return (points + crease.reference(points, n, d)) / 2


@exercise()
def shares():
    x = np.arange(6).reshape(2, 3)
    asked = x[::-1], x[[0, 1]], x.T[1:], x.T.reshape(-1), x[:, np.newaxis], x[x > 2]
    written = []
    for y in asked:
        x[:] = 0
        y[...] = 1
        written.append(bool(x.any()))
    return tuple(written)


WHY = [
    "x[::-1]: backwards is a negative stride.",
    "x[[0, 1]]: a list of indices may pick anything in any order; no strides describe that, so it copies.",
    "x.T[1:]: a transpose moves no number, it only reads them in another order, and so does a slice of it.",
    "x.T.reshape(-1): this asks for another order than memory has, so here a reshape must copy.",
    "x[:, np.newaxis]: an axis of length 1 changes the shape and moves no number.",
    "x[x > 2]: a mask may pick anything; no strides describe that, so it copies.",
]
for guess in product((True, False), repeat=len(WHY)):
    wrong = [why for why, yours, right in zip(WHY, guess, shares.reference(), strict=True) if yours != right]
    if wrong:  # the first of them is explained
        shares.mistake(wrong[0])(lambda guess=guess: guess)
