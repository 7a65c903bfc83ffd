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
LINE = np.array([[0.6], [0.0], [-0.8]])


def _centred(X):
    return X - X.mean(axis=0)


def _directions(X):
    """Right singular vectors as rows, of X as it is."""
    return np.linalg.svd(X, full_matrices=False)[2]


def _positive(d):
    return d * np.sign(d[np.argmax(np.abs(d))])


# ---------------------------------------------------------------------- there and back


@exercise((CLOUD, BASIS, CLOUD.mean(axis=0)), (FLAT, LINE, np.array([1.0, 2.0, 3.0])), (FLAT[:1], LINE, FLAT[0] + 1.0))
def reconstruct(X, D, mean):
    rows = []
    for x in X:
        code, *_ = np.linalg.lstsq(D, x - mean, rcond=None)
        rows.append(mean + sum(number * column for number, column in zip(code, D.T, strict=True)))
    return np.array(rows)


@reconstruct.mistake("Add the mean again after decoding.")
def _(X, D, mean):
    return (X - mean) @ D @ D.T


@reconstruct.mistake("Take the mean away before you encode.")
def _(X, D, mean):
    return X @ D @ D.T + mean


@reconstruct.mistake("These are the codes. Decode them with D.T, and add the mean.")
def _(X, D, mean):
    return (X - mean) @ D


@reconstruct.mistake("The mean comes as an argument: the rows of X may have another one.")
def _(X, D, mean):
    own = X.mean(axis=0)
    return (X - own) @ D @ D.T + own


@reconstruct.mistake("Points are rows here: encode with X @ D and decode with D.T.")
def _(X, D, mean):
    return D @ D.T @ (X - mean) + mean


# ---------------------------------------------------------------------- the best code for any decoder

SKEW = BASIS @ np.array([[2.0, 1.0], [0.0, 0.5]])
SINGLE = np.array([[1.0], [2.0], [2.0]])
TILTED = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 2.0], [1.0, 0.0, 1.0]])


@exercise((SKEW, CLOUD[0]), (SINGLE, FLAT[0]), (TILTED, CLOUD[1]))
def best_code(D, x):
    return np.linalg.lstsq(D, x, rcond=None)[0]


@best_code.mistake("D^T x is best only if the columns are orthonormal. Here D^T D is not the identity.")
def _(D, x):
    return D.T @ x


@best_code.mistake("Dividing by the squared lengths is enough for perpendicular columns only. These are tilted.")
def _(D, x):
    return D.T @ x / np.sum(D**2, axis=0)


@best_code.mistake("D is not square, so it has no inverse. The square matrix is D^T D.")
def _(D, x):
    return np.linalg.inv(D) @ x


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


# ---------------------------------------------------------------------- shares of the variance


@exercise((CLOUD,), (FLAT,), (CLOUD[:, :2] * [1.0, 10.0],))
def variance_shares(X):
    values = np.linalg.eigvalsh(np.cov(X.T))[::-1]
    return values / np.trace(np.cov(X.T))


@variance_shares.mistake("Variances are squares: square the singular values before you sum and divide.")
def _(X):
    sigma = np.linalg.svd(_centred(X), compute_uv=False)
    return sigma / sigma.sum()


@variance_shares.mistake("Centre first: without it the mean counts as variance.")
def _(X):
    sigma = np.linalg.svd(X, compute_uv=False)
    return sigma**2 / np.sum(sigma**2)


@variance_shares.mistake("Largest first: eigh sorts in ascending order.")
def _(X):
    return variance_shares.reference(X)[::-1]


@variance_shares.mistake("These are the shares of the coordinates. Components are directions: eigenvalues, or the SVD.")
def _(X):
    return X.var(axis=0) / X.var(axis=0).sum()


@variance_shares.mistake("These are the variances. Divide by their sum.")
def _(X):
    return np.linalg.eigvalsh(np.cov(X.T, bias=True))[::-1]


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


# ---------------------------------------------------------------------- remove noise


def _rebuild(fitted, x, k, before=None, after=None):
    """Reconstruct x in the first k directions of `fitted`, with means of its own if they are given."""
    before = fitted.mean(axis=0) if before is None else before
    after = before if after is None else after
    D = _directions(_centred(fitted))[:k].T
    return (x - before) @ D @ D.T + after


@exercise((CLOUD, OTHER, 2), (FLAT, FRESH, 1), (CLOUD, OTHER, 3))
def denoise(clean, noisy, k):
    """By taking away the part along each direction that is dropped."""
    dropped = np.linalg.eigh(np.cov(clean.T))[1][:, : clean.shape[1] - k]
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


# ---------------------------------------------------------------------- whiten without turning


@exercise((CLOUD,), (FLAT,), (OTHER,))
def whiten(X):
    """The polar decomposition: the nearest matrix with orthonormal columns, stretched."""
    return linalg.polar(_centred(X))[0] * np.sqrt(len(X))


def _sphere(X, power):
    """V, and the codes times the variances to this power: with -1/2 they are white, but turned."""
    values, V = np.linalg.eigh(np.cov(X.T, bias=True))
    V = np.stack([_positive(v) for v in V.T[::-1]], axis=1)  # the lesson's order and signs
    return V, _centred(X) @ V * values[::-1] ** power


@whiten.mistake("White, but not turned back: multiply by V^T at the end.")
def _(X):
    return _sphere(X, -0.5)[1]


@whiten.mistake("Divide by the standard deviations, not by the variances.")
def _(X):
    V, codes = _sphere(X, -1)
    return codes @ V.T


@whiten.mistake("White as well, by Cholesky, yet turned: the nearest one has V on the one side and V^T on the other.")
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


# ---------------------------------------------------------------------- the honest loss


@exercise((CLOUD, OTHER, 2), (FLAT, FRESH, 1), (CLOUD, OTHER, 1))
def new_loss(train, test, k):
    """By the squared codes of the directions that are dropped."""
    dropped = np.linalg.eigh(np.cov(train.T))[1][:, : train.shape[1] - k]
    return np.sum(((test - train.mean(axis=0)) @ dropped) ** 2) / len(test)


def _errors(x, rebuilt):
    return np.sum((x - rebuilt) ** 2, axis=1)


@new_loss.mistake("That is the loss of the training rows, the variances dropped. Ask the test rows.")
def _(train, test, k):
    return np.mean(_errors(train, _rebuild(train, train, k)))


@new_loss.mistake("You fitted to the test rows: that is what honesty forbids. Mean and directions come from `train`.")
def _(train, test, k):
    return np.mean(_errors(test, _rebuild(test, test, k)))


@new_loss.mistake("The mean belongs to the fit: take that of `train`, not that of the test rows.")
def _(train, test, k):
    return np.mean(_errors(test, _rebuild(train, test, k, test.mean(axis=0))))


@new_loss.mistake("That is the mean over all numbers. Sum over the coordinates, and average over the rows.")
def _(train, test, k):
    return np.mean((test - _rebuild(train, test, k)) ** 2)


@new_loss.mistake("Squared distances were asked for: no square root.")
def _(train, test, k):
    return np.mean(np.sqrt(_errors(test, _rebuild(train, test, k))))
