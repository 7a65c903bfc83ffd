"""The exercises of lesson 2.7, Eigenvectors."""

import numpy as np

from . import exercise

# ---------------------------------------------------------------------- by hand


@exercise()
def by_hand():
    """Of the matrix with the rows (2, 1) and (2, 3)."""
    return 4, 2, 1, -1


@by_hand.mistake("Right numbers, but the larger eigenvalue comes first.")
def _():
    return 1, -1, 4, 2


@by_hand.mistake("Right numbers in another order: an eigenvalue, its y, the other eigenvalue, its y.")
def _():
    return 4, 1, 2, -1


@by_hand.mistake("In the form (1, y), y is the second coordinate divided by the first. You divided the first by it.")
def _():
    return 4, 1 / 2, 1, -1


@by_hand.mistake("The signs of y: -2x + y = 0 means y = 2x, and x + y = 0 means y = -x.")
def _():
    return 4, -2, 1, 1


@by_hand.mistake("The signs of the eigenvalues: (lambda - 4)(lambda - 1) = 0 has the roots 4 and 1.")
def _():
    return -1, -1, -4, 2


@by_hand.mistake("That is the matrix of the text, with the rows (1, 2) and (4, 3). Take the one of the exercise.")
def _():
    return 5, 2, -1, -1


@by_hand.mistake("Right, but write four numbers: of each vector (1, y) only its y.")
def _():
    return 4, (1, 2), 1, (1, -1)


@by_hand.mistake("Right numbers. Write all four in one tuple: (4, 2, 1, -1).")
def _():
    return (4, 2), (1, -1)


def _numbers(answers):
    return np.asarray(answers[0], dtype=float).reshape(4)


@by_hand.telltale("These are vectors of length 1. In the form (1, y), y is the second coordinate divided by the first.")
def _(answers, wanted):
    return np.allclose(np.abs(_numbers(answers)), [4, 2 / 5**0.5, 1, 0.5**0.5], atol=0.01)


@by_hand.telltale("2 and 3 stand on the diagonal. They would be the eigenvalues only if an entry beside them were 0.")
def _(answers, wanted):
    return set(_numbers(answers)[[0, 2]]) == {2, 3}


@by_hand.telltale("The eigenvalues are not right: for which lambda is (2 - lambda)(3 - lambda) - 1 * 2 equal to 0?")
def _(answers, wanted):
    return set(_numbers(answers)[[0, 2]]) != {4, 1}


@by_hand.telltale("Right for the larger eigenvalue. For the smaller one solve (2 - 1) * 1 + 1 * y = 0.")
def _(answers, wanted):
    return list(_numbers(answers)[[0, 1]]) == [4, 2]


@by_hand.telltale("The eigenvalues are right. The y of the larger one solves (2 - 4) * 1 + 1 * y = 0.")
def _(answers, wanted):
    return _numbers(answers)[0] == 4


# ---------------------------------------------------------------------- power iteration

A = np.array([[1.0, 2.0], [4.0, 3.0]])
NEGATIVE = np.array([[-5.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]])
POSITIVE = np.array([[4.0, 1.0], [1.0, 2.0]])


@exercise(
    {"a single step": (A, np.array([1.0, 0.0]), 1)},
    {"4 steps": (A, np.array([1.0, -3.0]), 4)},
    {"the strongest eigenvalue is negative": (NEGATIVE, np.array([1.0, 2.0, 3.0]), 5)},
    {"large entries, 60 steps": (1e10 * POSITIVE, np.array([1.0, 2.0]), 60)},
)
def power_iteration(A, x, steps):
    scaled = A / np.abs(A).max()
    product = np.linalg.matrix_power(scaled, steps) @ x
    product = product / np.linalg.norm(product)
    return product, product @ (A @ product)


@power_iteration.slips
def _(slip, A, x, steps):
    count = steps
    if slip("One step too few: multiply `steps` times."):
        count = steps - 1
    elif slip("One step too many: multiply `steps` times."):
        count = steps + 1
    step = A.T if slip("x @ A multiplies from the other side, which is A transposed. Take A @ x.") else A
    length = np.linalg.norm
    if slip("Divide by the length, np.linalg.norm(x). You divide by the largest entry."):
        length = _largest
    elif slip("Divide by the length, np.linalg.norm(x). You divide by the sum of the entries."):
        length = np.sum
    for _ in range(count):
        x = step @ x
        x = x / length(x)
    if slip("The length of A x knows no sign. Take the Rayleigh quotient x @ A @ x."):
        eigenvalue = np.linalg.norm(A @ x)
    else:
        eigenvalue = x @ A @ x
    if slip("Right results, but the vector comes first, then its Rayleigh quotient."):
        return eigenvalue, x
    return x, eigenvalue


def _largest(x):
    return np.abs(x).max()


def _plain(A, x, steps):
    """Multiply, and never normalise."""
    with np.errstate(all="ignore"):
        for _ in range(steps):
            x = A @ x
        return x


@power_iteration.mistake("x never gets back to length 1: divide it by np.linalg.norm(x) in each step.")
def _(A, x, steps):
    x = _plain(A, x, steps)
    with np.errstate(all="ignore"):
        return x, x @ A @ x


@power_iteration.mistake("The eigenvalue may be right, but x never gets back to length 1, and so it overflows.")
def _(A, x, steps):
    x = _plain(A, x, steps)
    with np.errstate(all="ignore"):
        return x, x @ A @ x / (x @ x)


@power_iteration.mistake("Only the start is normalised. Divide by np.linalg.norm(x) after each product.")
def _(A, x, steps):
    x = _plain(A, x / np.linalg.norm(x), steps)
    with np.errstate(all="ignore"):
        return x, x @ A @ x


@power_iteration.mistake("Only the start is normalised. Divide x by np.linalg.norm(x) after each product.")
def _(A, x, steps):
    x = _plain(A, x / np.linalg.norm(x), steps)
    with np.errstate(all="ignore"):
        return x, x @ A @ x / (x @ x)


@power_iteration.mistake("x @ x is the squared length. Divide by its square root, np.linalg.norm(x).")
def _(A, x, steps):
    with np.errstate(all="ignore"):
        for _ in range(steps):
            x = A @ x
            x = x / (x @ x)
        return x, x @ A @ x


@power_iteration.mistake("The growth of one entry is not the Rayleigh quotient, which is x @ A @ x.")
def _(A, x, steps):
    x, _ = power_iteration.reference(A, x, steps)
    return x, (A @ x)[0] / x[0]


@power_iteration.mistake("The mean growth of the entries is not the Rayleigh quotient, which is x @ A @ x.")
def _(A, x, steps):
    x, _ = power_iteration.reference(A, x, steps)
    return x, np.mean(A @ x / x)


@power_iteration.mistake("You return the vectors of all steps. Only the last one was asked for.")
def _(A, x, steps):
    path = [x / np.linalg.norm(x)] + [power_iteration.reference(A, x, k)[0] for k in range(1, steps + 1)]
    return np.array(path), power_iteration.reference(A, x, steps)[1]


@power_iteration.mistake("Normalise in each step, not only at the end: 1e10 to the power of 60 is no float.")
def _(A, x, steps):
    x = _plain(A, x, steps)
    with np.errstate(all="ignore"):
        x = x / np.linalg.norm(x)
        return x, x @ A @ x


@power_iteration.mistake("x is normalised before it is multiplied, so it has not length 1 at the end.")
def _(A, x, steps):
    for _ in range(steps):
        x = A @ (x / np.linalg.norm(x))
    return x, x @ A @ x


@power_iteration.mistake(
    "The quotient is right, but x is normalised before it is multiplied: at the end it is too long."
)
def _(A, x, steps):
    for _ in range(steps):
        x = A @ (x / np.linalg.norm(x))
    return x, x @ A @ x / (x @ x)


@power_iteration.mistake("That is a single step. Go on from the new x each time, and put `return` after the loop.")
def _(A, x, steps):
    return power_iteration.reference(A, x, 1)


@power_iteration.mistake("That growth is one of lengths, which know no sign. Take the Rayleigh quotient x @ A @ x.")
def _(A, x, steps):
    before, _ = power_iteration.reference(A, x, steps - 1)
    before = before if steps > 1 else x
    return power_iteration.reference(A, x, steps)[0], np.linalg.norm(A @ before)


@power_iteration.mistake("The Rayleigh quotient is a single number: x @ A @ x, not A @ x divided entry by entry.")
def _(A, x, steps):
    x, _ = power_iteration.reference(A, x, steps)
    return x, A @ x / x


@power_iteration.mistake("x @ x is 1, whatever the matrix. The Rayleigh quotient has A in the middle: x @ A @ x.")
def _(A, x, steps):
    x, _ = power_iteration.reference(A, x, steps)
    return x, x @ x


@power_iteration.mistake("That is A x. Its product with x, x @ A @ x, is the Rayleigh quotient.")
def _(A, x, steps):
    x, _ = power_iteration.reference(A, x, steps)
    return x, A @ x


@power_iteration.mistake("Return two things: the vector, and its Rayleigh quotient.")
def _(A, x, steps):
    return power_iteration.reference(A, x, steps)[0]


@power_iteration.mistake("Return two things: first the vector, then its Rayleigh quotient.")
def _(A, x, steps):
    return power_iteration.reference(A, x, steps)[1]


@power_iteration.mistake("`*` multiplies entry by entry. The product of matrix and vector is A @ x.")
def _(A, x, steps):
    for _ in range(steps):
        x = A * x
        x = x / np.linalg.norm(x)
    return x, x @ A @ x


@power_iteration.mistake("That is where it ends. The result after `steps` steps was asked for, without np.linalg.eig.")
def _(A, x, steps):
    values, V = np.linalg.eig(A)
    first = np.abs(values).argmax()
    return V[:, first], values[first]


def _scaled_by(A, x, steps, scale):
    """Divide by something else than the length in each step."""
    for _ in range(steps):
        x = A @ x
        x = x / scale(x)
    return x, x @ A @ x


@power_iteration.mistake(
    "Divide by the length, np.linalg.norm(x), not by the largest entry: that need not even be positive."
)
def _(A, x, steps):
    return _scaled_by(A, x, steps, np.max)


@power_iteration.mistake(
    "The length is the root of the sum of squares, np.linalg.norm(x), not the sum of absolute values."
)
def _(A, x, steps):
    return _scaled_by(A, x, steps, lambda x: np.abs(x).sum())


@power_iteration.mistake("len(x) is how many entries x has. Its length is np.linalg.norm(x).")
def _(A, x, steps):
    return _scaled_by(A, x, steps, len)


@power_iteration.mistake("The matrix was scaled, and so was its eigenvalue. Leave A as it is, and scale x.")
def _(A, x, steps):
    x, eigenvalue = power_iteration.reference(A, x, steps)
    return x, eigenvalue / np.linalg.norm(A)


@power_iteration.mistake("A itself was changed by the loop. Only x changes: x = A @ x.")
def _(A, x, steps):
    with np.errstate(all="ignore"):
        for _ in range(steps):
            A = A @ A
            x = A @ x
            x = x / np.linalg.norm(x)
        return x, x @ A @ x


for _turn in (np.abs, lambda x: x * np.sign(x[0])):

    @power_iteration.mistake("Leave the signs of x as they come: they belong to the result after `steps` steps.")
    def _(A, x, steps, turn=_turn):
        x, eigenvalue = power_iteration.reference(A, x, steps)
        return turn(x), eigenvalue


@power_iteration.mistake("An eigenvalue may be negative: no absolute value.")
def _(A, x, steps):
    x, eigenvalue = power_iteration.reference(A, x, steps)
    return x, abs(eigenvalue)


@power_iteration.mistake(
    "The Rayleigh quotient is x @ A @ x with the last x. You have the growth of one entry in the last step."
)
def _(A, x, steps):
    before = power_iteration.reference(A, x, steps - 1)[0]
    return power_iteration.reference(A, x, steps)[0], (A @ before)[0] / before[0]


@power_iteration.mistake("That is where it ends, after many steps. Multiply exactly `steps` times.")
def _(A, x, steps):
    return power_iteration.reference(A, x, 1000)


@power_iteration.mistake("That is where it ends. The result after `steps` steps was asked for, without np.linalg.eig.")
def _(A, x, steps):
    values, V = np.linalg.eig(A)
    return V[:, values.argmax()], values.max()


# ---------------------------------------------------------------------- any 2 x 2 matrix


@exercise(
    (np.array([[1.0, 2.0], [4.0, 3.0]]),),
    (np.array([[0.0, -1.0], [1.0, 0.0]]),),
    (np.array([[2.0, 5.0], [0.0, 2.0]]),),
    (np.array([[-3.0, 1.0], [1.0, -4.0]]),),
    (np.array([[1.0, 3.0], [-2.0, 2.0]]),),
    (np.array([[5.0, 0.0], [0.0, -7.0]]),),
)
def eigenvalues(A):
    trace, determinant = np.trace(A), A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]
    half_distance = trace**2 / 4 - determinant
    return () if half_distance < 0 else tuple(trace / 2 + np.array([1, -1]) * half_distance**0.5)


def _roots(A, trace=1.0, determinant=1.0, divisor=2.0):
    """The formula with something wrong in it."""
    p, q = trace * np.trace(A), determinant * (A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0])
    under = p**2 - 4 * q
    return () if under < 0 else ((p + under**0.5) / divisor, (p - under**0.5) / divisor)


@eigenvalues.mistake("Divide by 2: the formula's denominator is missing.")
def _(A):
    return _roots(A, divisor=1.0)


@eigenvalues.mistake(
    "The signs are wrong: the equation has minus the trace in it, so the roots lie around plus trace / 2."
)
def _(A):
    return _roots(A, trace=-1.0)


@eigenvalues.mistake("A sign under the root: it is (trace / 2)**2 minus the determinant.")
def _(A):
    return _roots(A, determinant=-1.0)


@eigenvalues.mistake("Right, but in the other order: the larger one first.")
def _(A):
    return eigenvalues.reference(A)[::-1]


@eigenvalues.mistake("Below 0 under the root there is no real eigenvalue: return the empty tuple.")
def _(A):
    return eigenvalues.reference(A) or (np.nan, np.nan)


@eigenvalues.mistake("Complex eigenvalues are not asked for: return the empty tuple where there are no real ones.")
def _(A):
    return tuple(sorted(np.linalg.eigvals(A).astype(complex), key=lambda z: (z.real, z.imag), reverse=True))


@eigenvalues.mistake("You return the real parts of complex eigenvalues. They are not eigenvalues.")
def _(A):
    return eigenvalues.reference(A) or (np.trace(A) / 2, np.trace(A) / 2)


@eigenvalues.mistake("A double eigenvalue is to be returned twice.")
def _(A):
    return eigenvalues.reference(A)[:1] if _discriminant(A) == 0 else eigenvalues.reference(A)


@eigenvalues.mistake("Exactly 0 under the root is no reason to give up: that is a double eigenvalue.")
def _(A):
    return () if _discriminant(A) == 0 else eigenvalues.reference(A)


@eigenvalues.mistake(
    "Those are the numbers on the main diagonal. Only for triangular matrices they are the eigenvalues."
)
def _(A):
    return tuple(sorted(np.diag(A), reverse=True))


@eigenvalues.mistake("The square root is missing.")
def _(A):
    root = _discriminant(A)
    return () if root < 0 else ((np.trace(A) + root) / 2, (np.trace(A) - root) / 2)


@eigenvalues.mistake("The root is to be divided by 2 as well, not only the trace.")
def _(A):
    root = np.sqrt(max(_discriminant(A), 0))
    return () if _discriminant(A) < 0 else (np.trace(A) / 2 + root, np.trace(A) / 2 - root)


@eigenvalues.mistake("The determinant is a d - b c: a sign.")
def _(A):
    under = np.trace(A) ** 2 - 4 * (A[0, 0] * A[1, 1] + A[0, 1] * A[1, 0])
    return () if under < 0 else ((np.trace(A) + under**0.5) / 2, (np.trace(A) - under**0.5) / 2)


@eigenvalues.mistake("No absolute value under the root: below 0 there is no real eigenvalue. Return the empty tuple.")
def _(A):
    root = abs(_discriminant(A)) ** 0.5
    return (np.trace(A) + root) / 2, (np.trace(A) - root) / 2


@eigenvalues.mistake("A set has no order, and it forgets a double eigenvalue: return a tuple, the larger one first.")
def _(A):
    return set(eigenvalues.reference(A))


for _none in ((0, 0), (0,), 0, "none", "None", "", False):

    @eigenvalues.mistake("Where there is no real eigenvalue, return the empty tuple, ().")
    def _(A, none=_none):
        return eigenvalues.reference(A) or none


@eigenvalues.mistake("Both eigenvalues are wanted: with plus the root, and with minus the root.")
def _(A):
    return eigenvalues.reference(A)[:1]


@eigenvalues.mistake("The trace is to be divided by 2 as well, not only the root.")
def _(A):
    root = max(_discriminant(A), 0) ** 0.5 / 2
    return () if _discriminant(A) < 0 else (np.trace(A) + root, np.trace(A) - root)


def _with(half, under):
    """Return half the trace and the root, if there is one."""
    return () if under < 0 else (half + under**0.5, half - under**0.5)


@eigenvalues.mistake("With (trace / 2)**2 under the root, the determinant is subtracted once, not 4 times.")
def _(A):
    half = np.trace(A) / 2
    return _with(half, half**2 - 4 * (A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]))


@eigenvalues.mistake("With trace**2 under the root, the determinant is subtracted 4 times.")
def _(A):
    determinant = A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]
    return _with(np.trace(A) / 2, (np.trace(A) ** 2 - determinant) / 4)


@eigenvalues.mistake("The determinant multiplies along the diagonals: a d - b c.")
def _(A):
    half = np.trace(A) / 2
    return _with(half, half**2 - (A[0, 0] * A[1, 0] - A[0, 1] * A[1, 1]))


@eigenvalues.mistake("The equation has the sum a + d in it, not the difference.")
def _(A):
    half = (A[0, 0] - A[1, 1]) / 2
    return _with(half, half**2 - (A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]))


@eigenvalues.mistake(
    "np.linalg.eigvalsh is for symmetric matrices only: it never looks at the entry above the diagonal."
)
def _(A):
    return tuple(np.linalg.eigvalsh(A)[::-1])


@eigenvalues.mistake("These are singular values, which are never negative. Solve the quadratic equation.")
def _(A):
    return tuple(np.linalg.svd(A)[1])


@eigenvalues.mistake("The larger one first, not the one with the larger absolute value: -2 is larger than -4.")
def _(A):
    return tuple(sorted(eigenvalues.reference(A), key=abs, reverse=True))


def _discriminant(A):
    return (A[0, 0] - A[1, 1]) ** 2 + 4 * A[0, 1] * A[1, 0]


# ---------------------------------------------------------------------- bowl, valley or saddle


@exercise(
    (np.array([[2.0, 1.0], [1.0, 2.0]]),),
    (np.array([[1.0, 2.0], [2.0, 1.0]]),),
    (np.array([[1.0, -1.0], [-1.0, 1.0]]),),
    (np.array([[-2.0, 1.0], [1.0, -2.0]]),),
    (np.array([[-1.0, 2.0], [2.0, -4.0]]),),
    (np.diag([3.0, -1.0, 2.0]),),
    (np.diag([-3.0, -1.0, -2.0]),),
    (np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [3.0, 6.0, 9.0]]) / 7,),
    (np.diag([1e6, 1.0]),),
    (np.diag([1e-12, 2e-12]),),
    (np.diag([1.0, 1e-12]),),  # the second counts as 0
    (np.diag([-1.0, 1e-12]),),
)
def shape(A):
    values = np.linalg.eigvalsh(A) / np.abs(A).max()
    up, down = np.sum(values > 1e-9), np.sum(values < -1e-9)
    if up and down:
        return "saddle"
    complete = up + down == len(A)
    return ("bowl" if complete else "valley") if up else ("dome" if complete else "ridge")


def _by(values, semidefinite=True):
    """The shape that these numbers would have as eigenvalues."""
    values = np.where(np.abs(values) < 1e-9 * np.abs(values).max(), 0, values)
    if (values > 0).any() and (values < 0).any():
        return "saddle"
    level = semidefinite and bool((values == 0).any())
    return ("valley" if level else "bowl") if values.max() > 0 else ("ridge" if level else "dome")


@shape.mistake("The entries do not decide, the eigenvalues do: [[1, 2], [2, 1]] has a negative one.")
def _(A):
    return _by(A.ravel())


@shape.mistake("The main diagonal does not decide, the eigenvalues do: [[1, 2], [2, 1]] has a negative one.")
def _(A):
    return _by(np.diag(A))


@shape.mistake("A level direction makes a valley or a ridge, not a bowl or a dome.")
def _(A):
    return _by(np.linalg.eigvalsh(A), semidefinite=False)


@shape.mistake("An eigenvalue of 0 does not make a saddle: that takes both signs.")
def _(A):
    true = shape.reference(A)
    return "saddle" if true in ("valley", "ridge") else true


@shape.mistake("The determinant alone does not decide: two negative eigenvalues have a positive product.")
def _(A):
    determinant = np.linalg.det(A / np.abs(A).max())
    return "valley" if abs(determinant) < 1e-12 else "bowl" if determinant > 0 else "saddle"


@shape.mistake("Up and down are exchanged: positive eigenvalues make a bowl.")
def _(A):
    return shape.reference(-A)


@shape.mistake("Compare with the largest eigenvalue, not with 1e-9 itself: the matrix may be small throughout.")
def _(A):
    values = np.linalg.eigvalsh(A)
    return _by(np.append(np.where(np.abs(values) < 1e-9, 0, values), [])) if np.abs(values).max() > 1e-9 else "ridge"


@shape.mistake("Compare with the largest eigenvalue, not with 1e-9 itself: here all seem to be 0.")
def _(A):
    return shape.reference(A) if np.abs(A).max() > 1e-9 else "valley"


def _above(values, small):
    """The shape by these eigenvalues, where those up to `small` count as 0."""
    if (values > small).any() and (values < -small).any():
        return "saddle"
    level = bool((np.abs(values) <= small).any())
    return ("valley" if level else "bowl") if (values > small).any() else ("ridge" if level else "dome")


@shape.mistake(
    "Rounding: an eigenvalue of 1e-17 beside one of 2 is 0 in truth. Take as 0 what is below 1e-9 of the largest."
)
def _(A):
    return _above(np.linalg.eigvalsh(A), 0)


@shape.mistake(
    "The largest in absolute value: where all others are negative, the maximum itself may be the one that is 0."
)
def _(A):
    values = np.linalg.eigvalsh(A)
    return _above(values, 1e-9 * max(values.max(), 0))


for _change in (str.upper, str.capitalize):

    @shape.mistake("Right, but write the words in small letters, as in the exercise.")
    def _(A, change=_change):
        return change(shape.reference(A))


BOOKISH = {
    "bowl": "positive definite",
    "dome": "negative definite",
    "saddle": "indefinite",
    "valley": "positive semidefinite",
    "ridge": "negative semidefinite",
}


@shape.mistake("Right, but return the words of the exercise: bowl, dome, saddle, valley, ridge.")
def _(A):
    return BOOKISH[shape.reference(A)]


@shape.mistake("Valley and ridge are missing: `else` catches them. A saddle needs eigenvalues of both signs.")
def _(A):
    values = np.linalg.eigvalsh(A)
    return "bowl" if (values > 0).all() else "dome" if (values < 0).all() else "saddle"


@shape.mistake("The order of your tests: a bowl has no negative eigenvalue either. Ask for the definite ones first.")
def _(A):
    return {"bowl": "valley", "dome": "ridge"}.get(shape.reference(A), shape.reference(A))


@shape.mistake("Valley and ridge are exchanged: a valley goes up from its level floor.")
def _(A):
    return {"ridge": "valley", "valley": "ridge"}.get(shape.reference(A), shape.reference(A))


@shape.mistake("The trace is only the sum of the eigenvalues. Look at their signs one by one.")
def _(A):
    return "bowl" if np.trace(A) > 0 else "dome"


@shape.mistake("Singular values are never negative. The signs of the eigenvalues decide.")
def _(A):
    return _by(np.linalg.svd(A)[1])
