"""The exercises of lesson 4.1, Numerics."""

import math

import numpy as np

from . import exercise


@exercise((1.0, 24), (1000.0, 24), (0.75, 11), (4096.0, 11), (-5.0, 53), (0.1, 8))
def gap(x, p):
    return math.ldexp(1.0, math.frexp(x)[1] - p)  # frexp's significand lies between 1/2 and 1


@gap.mistake("That is eps times x. Between two powers of two the gap is constant: it belongs to the lower one.")
def _(x, p):
    return abs(x) * 2.0 ** (1 - p)


@gap.mistake("That is eps times x, with x's sign. The gap is positive, and constant between two powers of two.")
def _(x, p):
    return x * 2.0 ** (1 - p)


@gap.mistake("That is the gap at 1. It doubles at every power of two.")
def _(x, p):
    return 2.0 ** (1 - p)


@gap.mistake("Twice too small: the first of p bits is always 1, so p - 1 bits share the way from 2^e to 2^(e+1).")
def _(x, p):
    return gap.reference(x, p) / 2


@gap.mistake("Twice too large: the power of two must be the one at or below |x|. Round its logarithm down.")
def _(x, p):
    return 2 * gap.reference(x, p)


@gap.mistake("The power of two must be the one below |x|, not the one above: round the logarithm down.")
def _(x, p):
    return 2.0 ** (math.ceil(math.log2(abs(x))) - p + 1)


@gap.mistake("The power of two must be the one below |x|, not the nearest: round the logarithm down.")
def _(x, p):
    return 2.0 ** (round(math.log2(abs(x))) - p + 1)


@gap.mistake("int() cuts towards 0: the logarithm of 0.75 must become -1. Use math.floor.")
def _(x, p):
    return 2.0 ** (int(math.log2(abs(x))) - p + 1)


@gap.mistake("A negative x has a gap as well. Take its magnitude.")
def _(x, p):
    return 2.0 ** (math.floor(math.log2(x)) - p + 1)


@gap.mistake("A negative x has a gap as well. Take its magnitude.")
def _(x, p):
    with np.errstate(invalid="ignore"):
        return 2.0 ** (np.floor(np.log2(x)) - p + 1)


@exercise((0.0,), (-1.0,), (2.0,), (-40.0,), (40.0,), (1000.0,), (-1000.0,), tolerance=1e-7)
def softplus(x):
    return float(np.logaddexp(0.0, x))


SIGNS = "Two signs of x, two dangers: exp(x) overflows on one side, 1 + exp(x) forgets exp(x) on the other."


@softplus.mistake(SIGNS)
def _(x):
    with np.errstate(all="ignore"):
        return np.log(1 + np.exp(x))


@softplus.mistake(SIGNS)
def _(x):
    return math.log(1 + math.exp(x))


@softplus.mistake("log1p cured the small end. At the large end exp(x) still overflows.")
def _(x):
    with np.errstate(all="ignore"):
        return np.log1p(np.exp(x))


@softplus.mistake("log1p cured the small end. At the large end exp(x) still overflows.")
def _(x):
    return math.log1p(math.exp(x))


@softplus.mistake("It no longer overflows, but for x = -40 the small exponential is lost beside 1: use log1p.")
def _(x):
    return max(x, 0.0) + np.log(1 + np.exp(-abs(x)))


@softplus.mistake("Right for positive x only: for negative x, exp(-x) overflows, and x cancels the logarithm.")
def _(x):
    with np.errstate(all="ignore"):
        return x + np.log1p(np.exp(-x))


@softplus.mistake("Right for positive x only: for negative x, exp(-x) overflows, and x cancels the logarithm.")
def _(x):
    return x + math.log1p(math.exp(-x))


@softplus.mistake("That is the rectifier, which softplus approaches far from 0; the logarithm is missing.")
def _(x):
    return max(x, 0.0)


@softplus.mistake("The part taken out is missing: for positive x, add x.")
def _(x):
    return np.log1p(np.exp(-abs(x)))


@softplus.mistake("Inside, the exponent is -|x|. With -x, the negative side overflows.")
def _(x):
    with np.errstate(all="ignore"):
        return max(x, 0.0) + np.log1p(np.exp(-x))


@softplus.mistake("Outside belongs max(x, 0): for negative x nothing is taken out.")
def _(x):
    return abs(x) + np.log1p(np.exp(-abs(x)))


@softplus.mistake("Outside belongs max(x, 0): for negative x nothing is taken out.")
def _(x):
    return x + np.log1p(np.exp(-abs(x)))


@exercise((1e8, 1.0), (-1e8, 1.0), (3.0, 5.0), (-3.0, 5.0), (1e7, -2.0), (2.0, 4.0))
def small_root(b, c):
    return c / (b + math.copysign(math.sqrt(b * b - c), b))


@small_root.mistake("For b < 0 that is the large root: the sign of the square root must follow that of b.")
def _(b, c):
    return b - math.sqrt(b * b - c)


@small_root.mistake("The right root, but its digits are cancelled. Divide c by the other root instead.")
def _(b, c):
    return b - math.copysign(math.sqrt(b * b - c), b)


@small_root.mistake("The right root, but its digits are cancelled. Divide c by the other root instead.")
def _(b, c):
    return min(b - math.sqrt(b * b - c), b + math.sqrt(b * b - c), key=abs)


@small_root.mistake("That is the large root. Their product is c.")
def _(b, c):
    return b + math.copysign(math.sqrt(b * b - c), b)


@small_root.mistake("Right for b > 0. For b < 0 the root without cancellation is the one with the minus sign.")
def _(b, c):
    return c / (b + math.sqrt(b * b - c)) if b + math.sqrt(b * b - c) else math.inf


@small_root.mistake("Right for b > 0. For b < 0 the root without cancellation is the one with the minus sign.")
def _(b, c):
    return c / (b + math.sqrt(b * b - c))


@small_root.mistake("That is its limit for large b only: near 0 the square is neglected.")
def _(b, c):
    return c / (2 * b)


@small_root.mistake("You divide by the cancelled root. Add what has the sign of b, do not subtract it.")
def _(b, c):
    with np.errstate(divide="ignore"):
        return c / (b - np.copysign(np.sqrt(b * b - c), b))


@small_root.mistake("The sign is lost for negative b: roots of the equation have the sign of c / b.")
def _(b, c):
    return c / (abs(b) + math.sqrt(b * b - c))


@small_root.mistake("The product of the roots is c, without a factor: the equation has 2b, not b.")
def _(b, c):
    return 2 * small_root.reference(b, c)


@small_root.mistake("In this equation the middle coefficient is -2b: the root is of b^2 - c, not of b^2 - 4c.")
def _(b, c):
    inside = b * b - 4 * c
    return c / (b + math.copysign(math.sqrt(inside), b)) if inside >= 0 else math.nan


@exercise((3, 2.0, 4.0, 5, -1.0, 3.0), (1, 4.0, 0.0, 3, 1.0, 2.0), (9, 1e12 + 2, 4.0, 5, 1e12 - 1, 3.0))
def merge(n1, mean1, S1, n2, mean2, S2):
    total = n1 * mean1 + n2 * mean2
    mean = total / (n1 + n2)
    return mean, S1 + n1 * (mean1 - mean) ** 2 + S2 + n2 * (mean2 - mean) ** 2


def _mean(n1, mean1, S1, n2, mean2, S2):
    return (n1 * mean1 + n2 * mean2) / (n1 + n2)


@merge.mistake("The mean is right. But each S is about its own mean: moving to the common one adds a term.")
def _(*parts):
    return _mean(*parts), parts[2] + parts[5]


@merge.mistake("The means have to be weighted by their counts; their distance has to enter S as well.")
def _(n1, mean1, S1, n2, mean2, S2):
    return (mean1 + mean2) / 2, S1 + S2


@merge.mistake("S is right. The means have to be weighted by their counts.")
def _(n1, mean1, S1, n2, mean2, S2):
    return (mean1 + mean2) / 2, merge.reference(n1, mean1, S1, n2, mean2, S2)[1]


@merge.mistake("The weights are exchanged: starting from mean1, go the share n2 / (n1 + n2) of the distance.")
def _(n1, mean1, S1, n2, mean2, S2):
    return mean1 + (mean2 - mean1) * n1 / (n1 + n2), merge.reference(n1, mean1, S1, n2, mean2, S2)[1]


@merge.mistake("The distance of the means has to be squared.")
def _(*parts):
    n1, mean1, S1, n2, mean2, S2 = parts
    return _mean(*parts), S1 + S2 + (mean2 - mean1) * n1 * n2 / (n1 + n2)


@merge.mistake("The distance of the means has to be squared.")
def _(*parts):
    n1, mean1, S1, n2, mean2, S2 = parts
    return _mean(*parts), S1 + S2 + abs(mean2 - mean1) * n1 * n2 / (n1 + n2)


@merge.mistake("The squared distance lacks its weight n1 n2 / (n1 + n2).")
def _(*parts):
    return _mean(*parts), parts[2] + parts[5] + (parts[4] - parts[1]) ** 2


@merge.mistake("The weight of the squared distance is n1 n2 divided by n1 + n2.")
def _(*parts):
    return _mean(*parts), parts[2] + parts[5] + (parts[4] - parts[1]) ** 2 * parts[0] * parts[3]


@merge.mistake("S is a sum, not a mean of squares: do not weight or divide it.")
def _(*parts):
    mean, S = merge.reference(*parts)
    return mean, S / (parts[0] + parts[3])


@merge.mistake("S1 and S2 are sums already. They add without weights.")
def _(*parts):
    n1, mean1, S1, n2, mean2, S2 = parts
    return _mean(*parts), n1 * S1 + n2 * S2 + (mean2 - mean1) ** 2 * n1 * n2 / (n1 + n2)


@merge.mistake("The two results are exchanged: first the mean, then S.")
def _(*parts):
    return merge.reference(*parts)[::-1]


SHEAR, TURNED = np.array([[1.0, 100.0], [0.0, 1.0]]), np.array([[0.0, -1e-3], [2.0, 0.0]])


@exercise((np.diag([3.0, -6e4, 5.0]),), (SHEAR,), (TURNED,), (np.diag([1e-5, 2e-5, 1e-5]),))
def digits_lost(A):
    return math.log10(np.linalg.norm(A, 2) * np.linalg.norm(np.linalg.inv(A), 2))


@digits_lost.mistake("Right for symmetric matrices. Otherwise singular values or np.linalg.cond tell, not eigenvalues.")
def _(A):
    size = np.abs(np.linalg.eigvals(A))
    return np.log10(size.max() / size.min())


@digits_lost.mistake("That is the condition number itself. The digits are its decimal logarithm.")
def _(A):
    return np.linalg.cond(A)


@digits_lost.mistake("That is the natural logarithm. Decimal digits take log10.")
def _(A):
    return np.log(np.linalg.cond(A))


@digits_lost.mistake("Those are bits. Decimal digits take log10.")
def _(A):
    return np.log2(np.linalg.cond(A))


for sign in (-1, 1):

    @digits_lost.mistake("The determinant says how volumes grow. That of diag(1e-5, 2e-5, 1e-5) is tiny, its κ 2.")
    def _(A, sign=sign):
        return sign * np.log10(np.abs(np.linalg.det(A)))


@digits_lost.mistake("The ratio is turned round: largest by smallest.")
def _(A):
    return -np.log10(np.linalg.cond(A))


@digits_lost.mistake("That is the largest singular value alone. It has to be divided by the smallest.")
def _(A):
    return np.log10(np.linalg.norm(A, 2))


@digits_lost.mistake("Only the smallest singular value is there. The error is relative to b: divide the largest by it.")
def _(A):
    return np.log10(np.linalg.norm(np.linalg.inv(A), 2))


for rounded in (np.round, np.ceil, np.floor):

    @digits_lost.mistake("The number of digits was not to be rounded.")
    def _(A, rounded=rounded):
        return rounded(np.log10(np.linalg.cond(A)))
