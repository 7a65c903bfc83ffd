"""The exercises of lesson 8.3, Optimization Algorithms."""

import math

import numpy as np

from . import exercise


@exercise((0.9, 0.999, 1), (0.9, 0.999, 12), (0.9, 0.999, 1000), (0.5, 0.9, 3), (0.0, 0.99, 2), (0.99, 0.9, 5))
def too_long(rho1, rho2, t):
    s = r = 0.0
    for _ in range(t):
        s, r = rho1 * s + (1 - rho1), rho2 * r + (1 - rho2)
    return s / math.sqrt(r)


@too_long.mistake("The step divides by the root of r, so its correction comes under the root as well.")
def _(rho1, rho2, t):
    return (1 - rho1**t) / (1 - rho2**t)


@too_long.mistake("That is the other way round: how many times too short the corrected step would be.")
def _(rho1, rho2, t):
    return math.sqrt(1 - rho2**t) / (1 - rho1**t)


@too_long.mistake("Each mean starts at 0 and lacks rho^t of its value: 1 - rho^t, where you have 1 - rho.")
def _(rho1, rho2, t):
    return (1 - rho1) / math.sqrt(1 - rho2)


@too_long.mistake("That is s alone. The step divides it by the root of r, which is too small as well.")
def _(rho1, rho2, t):
    return 1 - rho1**t


@exercise((0.25,), (0.5,), (0.51,), (0.75,), (1.0,), (1.01,), (2.0,), (0.0,))
def conditions(p):
    # The sum of k^-q over k in (n, 2n], by n = 2^m: does it die out?
    def converges(q):
        return 2.0 ** (1 - q) < 1

    return not converges(p), converges(2 * p)


@conditions.mistake("At the borders: the sum of 1/k diverges. So p = 1 fulfils 8.12, and p = 1/2 does not fulfil 8.13.")
def _(p):
    return p < 1, p >= 0.5


@conditions.mistake("At p = 1 the sum of 1/k is infinite, though its terms tend to 0: 8.12 holds.")
def _(p):
    return p < 1, p > 0.5


@conditions.mistake("At p = 1/2 the squares are 1/k, whose sum is infinite: 8.13 does not hold.")
def _(p):
    return p <= 1, p >= 0.5


@conditions.mistake("8.13 is about the squares: their exponent is 2p.")
def _(p):
    return p <= 1, p > 1


@conditions.mistake("The first condition asks for an infinite sum, the second for a finite one.")
def _(p):
    return p > 1, p <= 0.5


@conditions.mistake("Right, but in the other order: first 8.12, then 8.13.")
def _(p):
    return p > 0.5, p <= 1


@exercise((0.2, 1.0, 1.0), (0.1, 1.0, 2.0), (0.5, 3.0, 0.5), (0.3, 0.1, 1.5), (0.05, 10.0, 3.0))
def shaking(epsilon, curvature, sigma):
    variance = 0.0
    for _ in range(5000):
        variance = (1 - epsilon * curvature) ** 2 * variance + (epsilon * sigma) ** 2
    return variance


@shaking.mistake("Two epsilons are too few: the noise of a step is epsilon times that of the gradient. Square both.")
def _(epsilon, curvature, sigma):
    return sigma**2 / (1 - (1 - epsilon * curvature) ** 2)


@shaking.mistake("Only sigma is squared: the variance of epsilon times noise has epsilon squared.")
def _(epsilon, curvature, sigma):
    return epsilon * sigma**2 / (1 - (1 - epsilon * curvature) ** 2)


@shaking.mistake("A variance shrinks by the square of the factor 1 - epsilon lambda.")
def _(epsilon, curvature, sigma):
    return (epsilon * sigma) ** 2 / (epsilon * curvature)


@shaking.mistake("The noise is added to the slope: the curvature multiplies theta, not the noise.")
def _(epsilon, curvature, sigma):
    return epsilon * curvature * sigma**2 / (2 - epsilon * curvature)


@shaking.mistake("The lesson's formula is for curvature 1: here the factor is 1 - epsilon lambda.")
def _(epsilon, curvature, sigma):
    return epsilon * sigma**2 / (2 - epsilon)


@shaking.mistake("That is the standard deviation. Asked for is the variance, its square.")
def _(epsilon, curvature, sigma):
    return math.sqrt(shaking.reference(epsilon, curvature, sigma))


@exercise((0, 0.1, 4), (3, 0.1, 4), (4, 0.1, 4), (7, 0.2, 4), (11, 0.1, 4), (12, 0.1, 4), (27, 0.3, 4), (5, 1.0, 1))
def restarts(step, lr, period):
    lengths = [period * 2**cycle for cycle in range(30)]
    rates = np.concatenate([lr * np.cos(np.pi / 2 * np.arange(n) / n) ** 2 for n in lengths[:6]])
    return float(rates[step])


def _cosine(lr, share):
    return lr * (1 + math.cos(math.pi * share)) / 2


@restarts.mistake("Each cycle lasts as long as the first here. The second has to last twice, the third four times.")
def _(step, lr, period):
    return _cosine(lr, step % period / period)


@restarts.mistake("It never starts again: after the first cycle the rate stays at 0.")
def _(step, lr, period):
    return _cosine(lr, min(step / period, 1))


@restarts.mistake("Lengths 1, 2, 3, ... periods: they have to double, 1, 2, 4, ...")
def _(step, lr, period):
    length = period
    while step >= length:
        step, length = step - length, length + period
    return _cosine(lr, step / length)


@restarts.mistake("A cycle of n steps takes cos at 0/n, ..., (n-1)/n: the last step is not 0, the next is lr again.")
def _(step, lr, period):
    length = period
    while step >= length:
        step, length = step - length, 2 * length
    return _cosine(lr, step / (length - 1)) if length > 1 else lr


@restarts.mistake("A cycle of n steps ends before step n: that one is the first of the next cycle.")
def _(step, lr, period):
    while step > period:
        step, period = step - period, 2 * period
    return _cosine(lr, step / period)


@restarts.mistake("Falls along a line. Asked for is half a cosine.")
def _(step, lr, period):
    length = period
    while step >= length:
        step, length = step - length, 2 * length
    return lr * (1 - step / length)


GRADIENTS = np.array([[1.0, -0.2, 0.7], [0.5, 0.4, 3.0], [-2.0, 0.1, 0.2], [0.3, 0.0, -0.4], [0.1, -1.0, 0.6]])


def _adadelta(gradients, rho, delta, late=False, plain=False, raw=False, ratio=True):
    r, u, theta = np.zeros((3, gradients.shape[1]))
    for g in gradients:
        r = rho * r + (1 - rho) * g * g
        step = np.sqrt((u + delta) if not plain else delta) / (np.sqrt(r + delta) if ratio else 1) * g
        new = rho * u + (1 - rho) * (g if raw else step) ** 2
        if late:
            step = np.sqrt(new + delta) / np.sqrt(r + delta) * g
        theta, u = theta - step, new
    return theta


@exercise((GRADIENTS, 0.9, 1e-6), (-GRADIENTS[::-1, :2], 0.5, 1e-3), (GRADIENTS[:1], 0.95, 1e-6))
def adadelta(gradients, rho, delta):
    """By weighted sums over the past, without running means."""
    steps = []
    for k in range(1, len(gradients) + 1):
        weights = (1 - rho) * rho ** np.arange(k)[::-1, None]
        r = np.sum(weights * gradients[:k] ** 2, axis=0)
        u = np.sum(weights[1:] * np.square(steps).reshape(-1, gradients.shape[1]), axis=0)
        steps.append(-np.sqrt((u + delta) / (r + delta)) * gradients[k - 1])
    return np.sum(steps, axis=0)


@adadelta.mistake("u takes in a step after it was made: the step itself uses the u of the steps before.")
def _(gradients, rho, delta):
    return _adadelta(gradients, rho, delta, late=True)


@adadelta.mistake("u never changes in your answer: it has to take in the square of each step.")
def _(gradients, rho, delta):
    return _adadelta(gradients, rho, delta, plain=True)


@adadelta.mistake("u is the mean of squared steps, not of squared gradients: that is r already.")
def _(gradients, rho, delta):
    return _adadelta(gradients, rho, delta, raw=True)


@adadelta.mistake("The step is not divided by the root of r.")
def _(gradients, rho, delta):
    return _adadelta(gradients, rho, delta, ratio=False)
