"""The exercises of lesson 2.12, Principal Components."""

import numpy as np
from scipy import linalg

from . import exercise

RNG = np.random.RandomState(23)
MIX = np.array([[3.0, 1.0, 0.5, -1.0], [0.0, 1.5, -0.7, 0.4], [0.0, 0.0, 0.8, 0.3], [0.0, 0.0, 0.0, 0.4]])
CLOUD = RNG.normal(size=(30, 4)) @ MIX + [4.0, -2.0, 7.0, 1.0]
OTHER = RNG.normal(size=(12, 4)) @ MIX + [5.0, -2.5, 6.0, 1.5]
FLAT = RNG.normal(size=(25, 3)) @ MIX[:3, :3] + [-3.0, 5.0, 1.0]
FRESH = RNG.normal(size=(8, 3)) @ MIX[:3, :3] + [-2.5, 6.0, 0.5]
BASIS = linalg.qr(RNG.normal(size=(4, 2)), mode="economic")[0]
WHOLE = np.array([[3, 1, 4], [1, 5, 9], [2, 6, 5], [8, 5, 3]])  # to which no fraction can be added in place
LINE = np.array([[0.6], [0.0], [-0.8]])
MEAN = CLOUD.mean(axis=0)
CODES = np.array([[1.0, -2.0], [0.5, 3.0], [-4.0, 0.0]])


def _centred(X):
    return X - X.mean(axis=0)


def _directions(X):
    """Right singular vectors as rows, of X as it is."""
    return np.linalg.svd(X, full_matrices=False)[2]


def _positive(d):
    return d * np.sign(d[np.argmax(np.abs(d))])


# ---------------------------------------------------------------------- encode


@exercise(
    {"30 points, 2 directions": (CLOUD, BASIS, MEAN)},
    {"25 points, 1 direction": (FLAT, LINE, np.array([1.0, 2.0, 3.0]))},
    {"a single row": (FLAT[:1], LINE, FLAT[0] + 1.0)},
    {"4 points of whole numbers": (WHOLE, LINE, np.array([2.5, 4.0, 6.5]))},
)
def encode(X, D, mean):
    return np.array([np.linalg.lstsq(D, x - mean, rcond=None)[0] for x in X])


@encode.slips
def _(slip, X, D, mean):
    offset = mean
    if slip("Subtract the mean before you encode."):
        offset = 0
    elif slip("The mean comes as an argument: the rows of X may have another one."):
        offset = X.mean(axis=0)
    elif slip("X.mean() is one number for all. Subtract `mean`, which has one number per coordinate."):
        offset = X.mean()
    elif slip("Subtract the mean here. It is added when you decode."):
        offset = -mean
    codes = (X - offset) @ D
    if slip("You decode too. Return the codes, one row of l numbers per point."):
        return codes @ D.T
    return codes


@encode.mistake("You decode too, and add the mean. Return the codes, one row of l numbers per point.")
def _(X, D, mean):
    return (X - mean) @ D @ D.T + mean


@encode.mistake("The shapes do not fit: X - mean is (m, n) and D is (n, l). Points are rows, so D stands on the right.")
def _(X, D, mean):
    return (X - mean) @ D.T


@encode.mistake("Points are rows: D stands on the right, and a matrix product is written @, not *.")
def _(X, D, mean):
    return D @ (X - mean)


@encode.mistake("The mean has n numbers, as a point has. Subtract it from the points, before the product.")
def _(X, D, mean):
    return X @ D - mean


@encode.mistake("axis=1 averages each point's own coordinates. Subtract `mean`, which comes as an argument.")
def _(X, D, mean):
    return (X - X.mean(axis=1, keepdims=True)) @ D


@encode.mistake("D stands on the right of the points, and `mean` is subtracted before.")
def _(X, D, mean):
    return D @ X


@encode.mistake("Subtract the mean only: nothing is divided by a standard deviation here.")
def _(X, D, mean):
    with np.errstate(all="ignore"):
        return (X - mean) / X.std(axis=0) @ D


@encode.mistake("Right codes, but in columns: one row per point was asked for.")
def _(X, D, mean):
    return D.T @ (X - mean).T


@encode.mistake("`X -= mean` changes the caller's points (and fails on whole numbers). X - mean makes a new array.")
def _(X, D, mean):
    X -= mean
    return X @ D


@encode.mistake("No [:, None]: X - mean subtracts the one number per column from each row by itself.")
def _(X, D, mean):
    return (X - mean[:, None]) @ D


@encode.mistake("Those are the centred points. Their codes are the products with D, which are still missing.")
def _(X, D, mean):
    return X - mean


@encode.mistake("That is the code of the first point alone. Return one row per point.")
def _(X, D, mean):
    return ((X - mean) @ D)[0]


@encode.mistake("That is the first number of each code. A code has one number per column of D.")
def _(X, D, mean):
    return (X - mean) @ D[:, :1]


@encode.mistake("Do not add up the numbers of a code: they are stored side by side, one per column of D.")
def _(X, D, mean):
    return ((X - mean) @ D).sum(axis=1)


@encode.mistake("That is the length of each code. Return the code itself, one number per column of D.")
def _(X, D, mean):
    return np.linalg.norm((X - mean) @ D, axis=1)


@encode.mistake("Keep the sign: it says on which side of the mean a point lies.")
def _(X, D, mean):
    return np.abs((X - mean) @ D)


@encode.mistake("The columns of D have length 1 already: nothing is divided.")
def _(X, D, mean):
    return (X - mean) @ D / np.linalg.norm(D)


# ---------------------------------------------------------------------- decode


@exercise(
    {"3 codes of 2 numbers": (CODES, BASIS, MEAN)},
    {"25 codes of 1 number": (FLAT @ LINE, LINE, np.array([1.0, 2.0, 3.0]))},
    {"a single row": (CODES[:1], BASIS, MEAN)},
)
def decode(C, D, mean):
    return np.array([mean + sum(number * column for number, column in zip(c, D.T, strict=True)) for c in C])


@decode.slips
def _(slip, C, D, mean):
    offset = mean
    if slip("Add the mean again: `encode` has subtracted it."):
        offset = 0
    elif slip("Add the mean: it was subtracted by `encode`."):
        offset = -mean
    elif slip("The mean of the codes is not what `encode` subtracted. Add `mean`, after the product."):
        offset = C.mean()
    return C @ D.T + offset


@decode.mistake("The shapes do not fit: C is (m, l) and D is (n, l). Codes are rows, so D.T stands on the right.")
def _(C, D, mean):
    return C @ D + mean


@decode.mistake("The mean of the codes is not what `encode` subtracted. Add `mean`, after the product.")
def _(C, D, mean):
    return C @ D.T + C.mean(axis=0)


@decode.mistake("Add `mean` as it is: one number per coordinate.")
def _(C, D, mean):
    return C @ D.T + mean.mean()


@decode.mistake("Right points, but in columns: one row per point was asked for.")
def _(C, D, mean):
    return (C @ D.T + mean).T


@decode.mistake("The mean belongs to the coordinates of a point: transpose to (m, n) before you add it.")
def _(C, D, mean):
    return D @ C.T + mean


@decode.mistake("A matrix product is written @. `*` multiplies entry by entry.")
def _(C, D, mean):
    return C * D.T + mean


@decode.mistake("Add the mean: the points were moved, not stretched.")
def _(C, D, mean):
    return C @ D.T * mean


@decode.mistake("The mean was subtracted once. Add it once.")
def _(C, D, mean):
    return C @ D.T + 2 * mean


@decode.mistake("The mean of the codes is not what `encode` subtracted. Add `mean`, after the product.")
def _(C, D, mean):
    return C @ D.T + C.mean(axis=1, keepdims=True)


@decode.mistake("Add `mean` as it is. Only the codes are multiplied by D.T.")
def _(C, D, mean):
    return (C + mean @ D) @ D.T


@decode.mistake("C @ D.T are points already. One more product with D takes them back to codes.")
def _(C, D, mean):
    return C @ D.T @ D + mean


@decode.mistake("That is the first point alone. Return one row per code.")
def _(C, D, mean):
    return (C @ D.T + mean)[0]


@decode.mistake("You used the first number of each code only. Each number stretches its own column of D.")
def _(C, D, mean):
    return C[:, :1] @ D[:, :1].T + mean


# ---------------------------------------------------------------------- the algorithm


def _signed(D):
    return np.stack([_positive(d) for d in D.T], axis=1)


@exercise(
    {"30 points, l = 2": (CLOUD, 2)},
    {"25 points, l = 1": (FLAT, 1)},
    {"30 points, all 4 components": (CLOUD, 4)},
    {"4 points of whole numbers, l = 1": (WHOLE, 1)},
)
def pca(X, l):  # noqa: E741
    """By the singular value decomposition of the centred points."""
    mean = X.mean(axis=0)
    _, sigma, Vt = np.linalg.svd(X - mean, full_matrices=False)
    return mean, sigma**2 / len(X), _signed(Vt[:l].T)


@pca.slips
def _(slip, X, k):
    mean = X.mean(axis=0)
    centred = X - mean
    if slip("Subtract the mean before you multiply X^T X: without it, the first component points to the cloud."):
        centred = X
    sign = _signed
    if slip("The right directions, but with the signs that the library happens to give: end with fix_signs."):
        sign = np.asarray
    count = len(X)
    if slip("Divide X^T X by the number of points: the eigenvalues are then variances."):
        count = 1
    elif slip("Divide by m, the number of points, not by m - 1 (np.cov: bias=True)."):
        count = len(X) - 1
    variances, V = np.linalg.eigh(centred.T @ centred / count)
    if slip("The largest first: eigh sorts in ascending order. Reverse the eigenvalues and the columns of V."):
        return mean, variances, sign(V[:, :k])
    if slip("Reverse the columns of V too, as you did with the eigenvalues."):
        return mean, variances[::-1], sign(V[:, :k])
    D = sign(V[:, ::-1][:, :k])
    if slip("Return all variances, also those of the components that are dropped."):
        return mean, variances[::-1][:k], D
    if slip("The components stand in the columns of D: this is the transpose."):
        D = D.T
    return mean, variances[::-1], D


@pca.mistake("The variances are in ascending order. Reverse them, as you did with the columns of V.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, variances[::-1], D


@pca.mistake("You reversed the rows of V. Eigenvectors are its columns: V[:, ::-1].")
def _(X, k):
    mean, variances, _ = pca.reference(X, k)
    return mean, variances, _signed(np.linalg.eigh(np.cov(X.T))[1][::-1][:, :k])


@pca.mistake("eigh returns eigenvectors in the columns: V[:, :l] are l of them, V[:l] are rows.")
def _(X, k):
    mean, variances, _ = pca.reference(X, k)
    return mean, variances, _signed(np.linalg.eigh(np.cov(X.T))[1][:, ::-1][:k])


@pca.mistake("Right columns, wrong order: the component with the largest variance comes first.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, variances, D[:, ::-1]


@pca.mistake("Right results, other order: mean, variances, D.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, D, variances


@pca.mistake("Right results, other order: mean, variances, D.")
def _(X, k):
    return pca.reference(X, k)[::-1]


@pca.mistake("Right results, other order: mean, variances, D.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return variances, D, mean


@pca.mistake("Return three things: mean, variances, D. (And the variances before D.)")
def _(X, k):
    return pca.reference(X, k)[:0:-1]


@pca.mistake("Two of three: the mean is missing. Return mean, variances, D.")
def _(X, k):
    return pca.reference(X, k)[1:]


@pca.mistake("np.cov takes coordinates in rows: np.cov(X.T, bias=True). Yours has one row and one column per point.")
def _(X, k):
    values, V = np.linalg.eigh(np.cov(X))
    return X.mean(axis=0), values[::-1], _signed(V[:, ::-1][:, :k])


@pca.mistake("Singular values are no variances, and the signs are still open: square, divide by m, and use fix_signs.")
def _(X, k):
    _, sigma, Vt = np.linalg.svd(_centred(X), full_matrices=False)
    return X.mean(axis=0), sigma, Vt[:k].T


@pca.mistake("That is D alone. Return three things: mean, variances, D.")
def _(X, k):
    return pca.reference(X, k)[2]


@pca.mistake("Two of three: return mean, variances, D.")
def _(X, k):
    mean, _, D = pca.reference(X, k)
    return mean, D


@pca.mistake("All components are in D. Keep only the first l columns.")
def _(X, k):
    return pca.reference(X, X.shape[1])


@pca.mistake("Those are the standard deviations. Variances are their squares.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, np.sqrt(variances), D


@pca.mistake("Those are singular values. Square them, and divide by the number of points.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, np.sqrt(variances * len(X)), D


@pca.mistake("Those are the variances of the coordinates. The eigenvalues are the variances of the codes.")
def _(X, k):
    mean, _, D = pca.reference(X, k)
    return mean, X.var(axis=0), D


@pca.mistake("Those are shares of the variance. Return the variances themselves.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, variances / variances.sum(), D


@pca.mistake("One mean per coordinate: X.mean(axis=0) goes down the rows.")
def _(X, k):
    C = (X - X.mean()).T @ (X - X.mean()) / len(X)
    values, V = np.linalg.eigh(C)
    return X.mean(), values[::-1], _signed(V[:, ::-1][:, :k])


@pca.mistake("axis=1 is the mean of each point. You need the mean of each coordinate: axis=0.")
def _(X, k):
    return X - X.mean(axis=1)


@pca.mistake("X X^T has one row per point. The covariance of the coordinates is X^T X / m.")
def _(X, k):
    centred = _centred(X)
    values, V = np.linalg.eigh(centred @ centred.T / len(X))
    return X.mean(axis=0), values[::-1], _signed(V[:, ::-1][:, :k])


@pca.mistake("The right directions, with the signs that the SVD happens to give: end with fix_signs.")
def _(X, k):
    mean, variances, _ = pca.reference(X, k)
    return mean, variances, _directions(_centred(X))[:k].T


@pca.mistake("The right directions, with the signs that eig happens to give: end with fix_signs.")
def _(X, k):
    mean, variances, _ = pca.reference(X, k)
    values, V = np.linalg.eig(_centred(X).T @ _centred(X) / len(X))
    return mean, variances, V[:, np.argsort(values)[::-1]][:, :k]


@pca.mistake("The right directions with other signs: end with fix_signs.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, variances, -D


def _eigenvectors(X):
    """In the columns, the smallest eigenvalue first."""
    return np.linalg.eigh(np.cov(X.T))[1]


@pca.mistake("`X -= mean` changes the caller's points (and fails on whole numbers). X - mean makes a new array.")
def _(X, k):
    mean = X.mean(axis=0)
    X -= mean
    return mean, *pca.reference(X, k)[1:]


@pca.mistake("That is the mean of the centred rows, which is 0. Keep the mean of X itself before you centre.")
def _(X, k):
    X = X - X.mean(axis=0)
    return X.mean(axis=0), *pca.reference(X, k)[1:]


@pca.mistake("The mean has one axis, as a point has: X.mean(axis=0) without keepdims.")
def _(X, k):
    return X.mean(axis=0, keepdims=True), *pca.reference(X, k)[1:]


@pca.mistake("axis=1 is the mean of each point. You need the mean of each coordinate: axis=0.")
def _(X, k):
    mean = X.mean(axis=1, keepdims=True)
    values, V = np.linalg.eigh((X - mean).T @ (X - mean) / len(X))
    return mean, values[::-1], _signed(V[:, ::-1][:, :k])


@pca.mistake("Subtract the mean only: dividing by standard deviations makes another problem of it.")
def _(X, k):
    return X.mean(axis=0), *pca.reference(_centred(X) / X.std(axis=0), k)[1:]


@pca.mistake("eig promises no order. Take eigh, which is made for symmetric matrices and sorts: the smallest first.")
def _(X, k):
    values, V = np.linalg.eig(np.cov(X.T, bias=True))
    return X.mean(axis=0), values[::-1], _signed(V[:, ::-1][:, :k])


@pca.mistake("eig promises no order. Take eigh, which is made for symmetric matrices, and reverse what it returns.")
def _(X, k):
    values, V = np.linalg.eig(np.cov(X.T, bias=True))
    return X.mean(axis=0), values, _signed(V[:, :k])


@pca.mistake("Eigenvectors are the columns of V: reverse these, V[:, ::-1], and keep l of them with [:, :l].")
def _(X, k):
    return *pca.reference(X, k)[:2], _signed(_eigenvectors(X)[::-1][:k])


@pca.mistake("[:l] keeps l rows. Components are columns: [:, :l].")
def _(X, k):
    return *pca.reference(X, k)[:2], pca.reference(X, X.shape[1])[2][:k]


@pca.mistake("V[:, l] is a single column. The first l columns are V[:, :l], after they were reversed.")
def _(X, k):
    return *pca.reference(X, k)[:2], _signed(_eigenvectors(X)[:, ::-1][:, k])


@pca.mistake("One column too many: V[:, :l] has l of them.")
def _(X, k):
    return pca.reference(X, k + 1)


@pca.mistake("You kept what should be dropped: [:, :l], not [:, l:].")
def _(X, k):
    return *pca.reference(X, k)[:2], pca.reference(X, X.shape[1])[2][:, k:]


@pca.mistake("Right columns, but in ascending order, and transposed. Reverse V's columns, and leave D as it is.")
def _(X, k):
    return *pca.reference(X, k)[:2], _signed(_eigenvectors(X)[:, -k:]).T


@pca.mistake("Return all variances, and the largest first: reverse variances and columns before you take l columns.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, variances[:k][::-1], D[:, ::-1]


@pca.mistake("eigh has the eigenvectors in the columns already: no transpose.")
def _(X, k):
    values, V = np.linalg.eigh(_centred(X).T @ _centred(X) / len(X))
    return X.mean(axis=0), values[::-1], _signed(V.T[:, ::-1][:, :k])


@pca.mistake("np.linalg.svd returns V^T: the components are its rows, Vt[:l].T.")
def _(X, k):
    return *pca.reference(X, k)[:2], _signed(_directions(_centred(X))[:, :k])


@pca.mistake("X X^T has one row per point. The covariance of the coordinates is X^T X / m.")
def _(X, k):
    values, V = np.linalg.eigh(X @ X.T)
    return X.mean(axis=0), values[::-1], _signed(V[:, ::-1][:, :k])


@pca.mistake("Those are codes of the points. D holds the directions: l columns of V.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, variances, _signed((X - mean) @ D)


@pca.mistake("A direction keeps the signs of its entries among each other: fix_signs flips whole columns, not entries.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, variances, np.abs(D)


@pca.mistake("Return each variance by itself, not their sum.")
def _(X, k):
    mean, variances, D = pca.reference(X, k)
    return mean, variances.sum(), D


# ---------------------------------------------------------------------- the first component

# Its first direction is (2, -1, -1), perpendicular to a start of ones; all sums in it are exact.
AXES = np.array([[4.0, -2.0, -2.0], [1.0, 1.0, 1.0], [0.0, 1.0, -1.0]])
CROSS = np.add(np.concatenate([AXES, -AXES]), [10.0, 4.0, -2.0])


@exercise((CLOUD,), (FLAT,), (CROSS,), (CLOUD[:, ::-1],))
def first_component(X):
    return _positive(np.linalg.eigh(np.cov(X.T))[1][:, -1])


@first_component.mistake("Take the mean away first: your vector mostly points to where the cloud is.")
def _(X):
    return _positive(_directions(X)[0])


@first_component.mistake("X.mean() is one number for all. Each coordinate has its own mean: axis=0.")
def _(X):
    return _positive(_directions(X - X.mean())[0])


@first_component.mistake("axis=1 is the mean of each point. Each coordinate has its own mean: axis=0.")
def _(X):
    return _positive(_directions(X - X.mean(axis=1, keepdims=True))[0])


@first_component.mistake(
    "The shapes do not fit: d has a number per coordinate, X.shape[1], and a round is X.T @ (X @ d)."
)
def _(X):
    d = X[0]
    for _ in range(2):
        d = X @ d
    return d


@first_component.mistake(
    "One number per point: that is X @ (X.T @ d). A component has one per coordinate: X.T @ (X @ d)."
)
def _(X):
    return _positive(np.linalg.svd(_centred(X))[0][:, 0])


@first_component.mistake("That is the direction with the *least* variance. Multiply by X^T X, do not solve with it.")
def _(X):
    return _positive(np.linalg.eigh(np.cov(X.T))[1][:, 0])


@first_component.mistake("eigh sorts the smallest first, and its eigenvectors are columns: that is the wrong one.")
def _(X):
    return np.linalg.eigh(np.cov(X.T))[1][:, 0]


@first_component.mistake("Eigenvectors are the columns of what eigh returns: V[:, -1], not V[-1].")
def _(X):
    return np.linalg.eigh(np.cov(X.T))[1][-1]


@first_component.mistake("Flip the whole vector where its largest entry is negative: np.abs changes the direction.")
def _(X):
    return np.abs(first_component.reference(X))


@first_component.telltale(
    "Numbers that are not finite: divide d by np.linalg.norm(d) in each round, and do not start at 0."
)
def _(answers, wanted):
    return not all(np.isfinite(a).all() for a in answers)


@first_component.telltale("The sign must not be 0: take that of the largest entry, d[np.argmax(abs(d))].")
def _(answers, wanted):
    return not all(a.any() for a in answers)


@first_component.telltale("Return the direction: a vector with one number per coordinate.")
def _(answers, wanted):
    return all(a.size != w.size for a, w in zip(answers, wanted, strict=True))


@first_component.telltale(
    "The right line, but the sign is that of another entry: d[np.argmax(abs(d))] must be positive."
)
def _(answers, wanted):
    return all(abs(abs(a @ w) - 1) < 1e-9 for a, w in zip(answers, wanted, strict=True))


@first_component.telltale("Not of length 1: divide d by np.linalg.norm(d) in each round, and do many rounds.")
def _(answers, wanted):
    return all(a.shape == w.shape and abs(np.linalg.norm(a) - 1) > 1e-6 for a, w in zip(answers, wanted, strict=True))


@first_component.telltale("Length 1, but still on its way: multiply and normalise a few hundred times.")
def _(answers, wanted):
    pairs = list(zip(answers, wanted, strict=True))
    return all(a.shape == w.shape and abs(a @ w) > 0.5 for a, w in pairs)


@first_component.mistake("The right line; of its two signs take the one that makes the largest entry positive.")
def _(X):
    return -first_component.reference(X)


@first_component.mistake("A start of ones can be perpendicular to the answer, and stays so. Draw it at random.")
def _(X):
    d = np.ones(X.shape[1])
    for _ in range(300):
        d = _centred(X).T @ (_centred(X) @ d)
        d = d / np.linalg.norm(d)
    return _positive(d)


# ---------------------------------------------------------------------- how many components

FALLING = np.array([0.5, 0.25, 0.125, 0.0625, 0.0625])
STEEP = np.array([0.85, 0.1, 0.03, 0.02])


@exercise((FALLING, 0.9), (FALLING, 0.75), (FALLING, 0.1), (FALLING, 1.0), (STEEP, 0.8), (STEEP, 0.97), (STEEP, 0.9))
def components_for(shares, wanted):
    kept = 0.0
    for number, share in enumerate(shares, start=1):
        kept += share
        if kept >= wanted:
            return number
    return len(shares)


@components_for.mistake("One too few: index 0 of the running sum means one component.")
def _(shares, wanted):
    return components_for.reference(shares, wanted) - 1


@components_for.mistake("One too many: stop as soon as the share is reached.")
def _(shares, wanted):
    return components_for.reference(shares, wanted) + 1


@components_for.mistake("*At least* the share: where it is met exactly, that is enough. Compare with < instead of <=.")
def _(shares, wanted):
    return int(np.sum(np.cumsum(shares) <= wanted)) + 1


@components_for.mistake("The shares add up: compare their running sum, not each of them, with what is wanted.")
def _(shares, wanted):
    return int(np.sum(shares < wanted)) + 1


ENOUGH = "*At least* the share: where it is met exactly, that is enough. Compare with >= instead of >."
NOT_EQUAL = "The components do not keep equal parts. Add up their shares until the wanted one is reached."


@components_for.mistake(ENOUGH)
def _(shares, wanted):
    return np.argmax(np.cumsum(shares) > wanted) + 1


@components_for.mistake(ENOUGH)
def _(shares, wanted):
    enough = np.flatnonzero(np.cumsum(shares) > wanted)
    return enough[0] + 1 if enough.size else None


@components_for.mistake("Index 0 of the running sum means one component: add 1. And compare with <, not with <=.")
def _(shares, wanted):
    return np.sum(np.cumsum(shares) <= wanted)


@components_for.mistake("The shares add up: compare their running sum, not each of them, with what is wanted.")
def _(shares, wanted):
    return np.sum(shares >= wanted)


@components_for.mistake("That is always 1. np.argmax finds the first True: ask where np.cumsum(shares) >= wanted.")
def _(shares, wanted):
    return np.argmax(shares >= wanted) + 1


@components_for.mistake("You counted how many numbers of components are enough. The smallest of these was asked for.")
def _(shares, wanted):
    return np.sum(np.cumsum(shares) >= wanted)


@components_for.mistake("That is the share that they keep. Return how many they are.")
def _(shares, wanted):
    return np.cumsum(shares)[components_for.reference(shares, wanted) - 1]


@components_for.mistake("Those are all components. Fewer may be enough.")
def _(shares, wanted):
    return len(shares)


@components_for.mistake(NOT_EQUAL)
def _(shares, wanted):
    return len(shares) * wanted


@components_for.mistake(NOT_EQUAL)
def _(shares, wanted):
    return np.ceil(len(shares) * wanted)


@components_for.mistake("The sum that comes nearest may lie below what is wanted. Take the first that is not below it.")
def _(shares, wanted):
    return np.argmin(np.abs(np.cumsum(shares) - wanted)) + 1


@components_for.mistake("The largest come first already: add up from the front.")
def _(shares, wanted):
    return np.argmax(np.cumsum(shares[::-1]) >= wanted) + 1


@components_for.mistake("`wanted` is the share that is kept, not the one that is lost.")
def _(shares, wanted):
    return components_for.reference(shares, 1 - wanted)


@components_for.telltale("One number is asked for: how many components are enough.")
def _(answers, wanted):
    return any(answer.ndim for answer in answers)


# ---------------------------------------------------------------------- remove noise


def _rebuild(fitted, x, k, before=None, after=None):
    """Reconstruct x in the first k directions of `fitted`, with means of its own if they are given."""
    before = fitted.mean(axis=0) if before is None else before
    after = before if after is None else after
    D = _directions(_centred(fitted))[:k].T
    return (x - before) @ D @ D.T + after


@exercise((CLOUD, OTHER, 2), (FLAT, FRESH, 1), (CLOUD, OTHER, 3))
def denoise(clean, noisy, l):  # noqa: E741
    """By taking away the part along each direction that is dropped."""
    dropped = np.linalg.eigh(np.cov(clean.T))[1][:, : clean.shape[1] - l]
    rest = noisy - clean.mean(axis=0)
    for v in dropped.T:
        rest = rest - np.outer(rest @ v, v)
    return rest + clean.mean(axis=0)


@denoise.mistake("Directions come from `clean`; you learned everything from the noisy rows.")
def _(clean, noisy, k):
    return _rebuild(noisy, noisy, k)


@denoise.mistake("The directions are right, but the mean is that of the noisy rows. Take the mean of `clean`.")
def _(clean, noisy, k):
    return _rebuild(clean, noisy, k, noisy.mean(axis=0))


@denoise.mistake("Add the mean again at the end.")
def _(clean, noisy, k):
    return _rebuild(clean, noisy, k, after=0.0)


@denoise.mistake("Take the mean away from the noisy rows before you encode them.")
def _(clean, noisy, k):
    return _rebuild(clean, noisy, k, before=0.0, after=clean.mean(axis=0))


@denoise.mistake("Centre `clean` before you look for its directions.")
def _(clean, noisy, k):
    D, mean = _directions(clean)[:k].T, clean.mean(axis=0)
    return (noisy - mean) @ D @ D.T + mean


@denoise.mistake("These are codes. Decode them, and add the mean.")
def _(clean, noisy, k):
    return (noisy - clean.mean(axis=0)) @ pca.reference(clean, k)[2]


@denoise.mistake("You rebuild the rows of `clean`. Encode those of `noisy`.")
def _(clean, noisy, k):
    return _rebuild(clean, clean, k)


@denoise.mistake("One component too many: keep l of them.")
def _(clean, noisy, k):
    return _rebuild(clean, noisy, k + 1)


@denoise.mistake("One component too few: keep l of them.")
def _(clean, noisy, k):
    return _rebuild(clean, noisy, k - 1)


@denoise.mistake("Those are the noisy rows minus their reconstruction: the part that should go.")
def _(clean, noisy, k):
    return noisy - _rebuild(clean, noisy, k)


@denoise.mistake("Without a mean, in both steps: subtract that of `clean` to encode, and add it to decode.")
def _(clean, noisy, k):
    return _rebuild(clean, noisy, k, before=0.0)


@denoise.mistake("You encode with the mean of the noisy rows. Take that of `clean`, as you do to decode.")
def _(clean, noisy, k):
    return _rebuild(clean, noisy, k, noisy.mean(axis=0), clean.mean(axis=0))


@denoise.mistake(
    "pca returns mean, variances, D, in this order, and encode(X, D, mean) comes before decode(C, D, mean)."
)
def _(clean, noisy, k):
    mean, _, D = pca.reference(clean, k)
    return noisy @ D.T + mean


@denoise.mistake("Those are the components with the smallest variances, where noise is strong and digits are weak.")
def _(clean, noisy, k):
    D, mean = _directions(_centred(clean))[-k:].T, clean.mean(axis=0)
    return (noisy - mean) @ D @ D.T + mean


@denoise.mistake("Learn from `clean` alone, without the noisy rows.")
def _(clean, noisy, k):
    return _rebuild(np.vstack([clean, noisy]), noisy, k)


@denoise.mistake("`clean` and `noisy` are exchanged: learn from `clean`, rebuild `noisy`.")
def _(clean, noisy, k):
    return _rebuild(noisy, clean, k)


@denoise.mistake("That is the mean alone, without the codes.")
def _(clean, noisy, k):
    return clean.mean(axis=0)


# ---------------------------------------------------------------------- whiten


@exercise((CLOUD,), (FLAT,), (OTHER,))
def whiten(X):
    """The polar decomposition: the nearest matrix with orthonormal columns, stretched."""
    return linalg.polar(_centred(X))[0] * np.sqrt(len(X))


def _sphere(X, power):
    """V, and the codes times the variances to this power: with -1/2 they are white, but rotated."""
    values, V = np.linalg.eigh(np.cov(X.T, bias=True))
    V = np.stack([_positive(v) for v in V.T[::-1]], axis=1)  # the lesson's order and signs
    return V, _centred(X) @ V * values[::-1] ** power


@whiten.mistake("White, but not rotated back: multiply by V^T at the end.")
def _(X):
    return _sphere(X, -0.5)[1]


@whiten.mistake("Divide by the standard deviations, not by the variances.")
def _(X):
    V, codes = _sphere(X, -1)
    return codes @ V.T


@whiten.mistake("White as well, by Cholesky, yet rotated: the nearest one has V on the one side and V^T on the other.")
def _(X):
    return _centred(X) @ np.linalg.cholesky(np.linalg.inv(np.cov(X.T, bias=True)))


@whiten.mistake("Each column has variance 1 now, but columns are still correlated: that is standardising.")
def _(X):
    return _centred(X) / X.std(axis=0)


@whiten.mistake("Divide the covariance by m, not by m - 1 (np.cov: bias=True).")
def _(X):
    return whiten.reference(X) * np.sqrt(1 - 1 / len(X))


@whiten.mistake("The covariance is right, but the mean has to be 0: centre the rows before you multiply.")
def _(X):
    values, V = np.linalg.eigh(np.cov(X.T, bias=True))
    return X @ V / np.sqrt(values) @ V.T


@whiten.mistake("The codes are what is divided: rotate with V first, then divide, then rotate back.")
def _(X):
    return _centred(X) / np.sqrt(np.linalg.eigvalsh(np.cov(X.T, bias=True))[::-1])


@whiten.mistake("To rotate back, multiply by V^T. You multiplied by V once more.")
def _(X):
    V, codes = _sphere(X, -0.5)
    return codes @ V


@whiten.mistake("The mean has to be 0: do not add it again at the end.")
def _(X):
    return whiten.reference(X) + X.mean(axis=0)


@whiten.mistake("Divide each code by its standard deviation before you rotate back: this is the centred data again.")
def _(X):
    return _centred(X)


@whiten.mistake("Those are the codes. Divide each by its standard deviation, and rotate back with V^T.")
def _(X):
    return _sphere(X, 0)[1]


@whiten.mistake("V holds the directions in its columns: rotate with V first, and back with V^T.")
def _(X):
    values, V = np.linalg.eigh(np.cov(X.T, bias=True))
    V = _signed(V[:, ::-1])
    return _centred(X) @ V.T / np.sqrt(values[::-1]) @ V


@whiten.mistake("You multiplied by the standard deviations: divide by them.")
def _(X):
    V, codes = _sphere(X, 0.5)
    return codes @ V.T


@whiten.mistake("The variances are 1 / m: the eigenvalues are those of X^T X / m, not of X^T X.")
def _(X):
    return whiten.reference(X) / np.sqrt(len(X))


@whiten.mistake("U of the SVD is white up to sqrt(m), but not rotated back: multiply by sqrt(m) and by V^T.")
def _(X):
    return np.linalg.svd(_centred(X), full_matrices=False)[0]


@whiten.mistake("White, but not rotated back: multiply by V^T at the end.")
def _(X):
    return np.linalg.svd(_centred(X), full_matrices=False)[0] * np.sqrt(len(X))


@whiten.mistake("Each direction has its own standard deviation: take it down the rows, axis=0.")
def _(X):
    V, codes = _sphere(X, 0)
    return codes / codes.std(axis=1, keepdims=True) @ V.T


@whiten.mistake("Each direction has its own standard deviation: codes.std() is one number for all.")
def _(X):
    return _centred(X) / _sphere(X, 0)[1].std()


@whiten.mistake("One mean and one standard deviation for all. Centre by axis=0, and divide in the directions of V.")
def _(X):
    return (X - X.mean()) / X.std()


@whiten.mistake("That is the matrix that whitens. Multiply the centred rows by it.")
def _(X):
    values, V = np.linalg.eigh(np.cov(X.T, bias=True))
    return V / np.sqrt(values) @ V.T
