"""The exercises of lesson 9.13, Deeper."""

import numpy as np
from scipy import signal, stats

from ..images import conv2d
from . import exercise


@exercise()
def batch_norm(x, gamma, beta, eps):
    channels = []
    for c in range(x.shape[1]):
        numbers = x[:, c]
        variance = np.mean(numbers**2) - np.mean(numbers) ** 2
        shrunk = np.sqrt(variance / (variance + eps))
        channels.append(gamma[c] * stats.zscore(numbers, axis=None) * shrunk + beta[c])
    return np.stack(channels, axis=1)


@batch_norm.draw(2)
def _(rng):
    return rng.normal(1, 2, size=(4, 3, 5, 3)), *rng.normal(size=(2, 3)), 0.5


@batch_norm.slips
def _(slip, x, gamma, beta, eps):
    axes = 0, 2, 3
    if slip("That is one mean for each pixel of a map: take it over the pixels as well, axes 0, 2 and 3."):
        axes = 0
    elif slip("That is one mean for each map of each image: take it over the batch as well, axes 0, 2 and 3."):
        axes = 2, 3
    elif slip("That is one mean for everything: each channel, axis 1, has its own."):
        axes = None
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    root = np.sqrt(variance + eps)
    if slip("Divide by the standard deviation, the root of the variance plus eps."):
        root = variance + eps
    elif slip("eps is added to the variance, within the root."):
        root = np.sqrt(variance) + eps
    shape = 1, -1, 1, 1
    if slip("gamma and beta met the columns: reshape them to (1, C, 1, 1)."):
        shape = -1
    if slip("gamma is missing: it multiplies what is normalized."):
        gamma = np.ones_like(gamma)
    if slip("beta is missing: it is added at the end."):
        beta = np.zeros_like(beta)
    return gamma.reshape(shape) * (x - mean) / root + beta.reshape(shape)


@batch_norm.mistake("eps is missing: it is added to the variance, within the root.")
def _(x, gamma, beta, eps):
    return batch_norm.reference(x, gamma, beta, 0)


@batch_norm.mistake("The variance is divided by the number of values, not by one less.")
def _(x, gamma, beta, eps):
    n = x[:, 0].size
    return batch_norm.reference(x, gamma * np.sqrt((n - 1) / n), beta, eps * (n - 1) / n)


@batch_norm.mistake("beta is added at the end: gamma does not multiply it.")
def _(x, gamma, beta, eps):
    return batch_norm.reference(x, gamma, gamma * beta, eps)


@batch_norm.mistake("That is one mean for each pixel of a map, and gamma and beta are missing. Take axes 0, 2 and 3.")
def _(x, gamma, beta, eps):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


@exercise()
def grouped(x, weight, groups):
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    sees, makes = x.shape[1] // groups, len(weight) // groups
    maps = []
    for f, kernel in enumerate(weight):
        first = f // makes * sees
        maps.append([signal.correlate(image[first : first + sees], kernel, "valid")[0] for image in padded])
    return np.array(maps).swapaxes(0, 1)


@grouped.draw(1)
def _(rng):
    return rng.normal(size=(2, 6, 4, 5)), rng.normal(size=(6, 2, 3, 3)), 3


@grouped.draw(1)
def _(rng):
    return rng.normal(size=(2, 4, 5, 4)), rng.normal(size=(4, 2, 3, 3)), 2


@grouped.slips
def _(slip, x, weight, groups):
    parts, kernels = np.split(x, groups, axis=1), np.split(weight, groups)
    if slip("A group is a run of channels, not each g-th channel."):
        parts = [x[:, g::groups] for g in range(groups)]
    elif slip("All groups see the first channels: each has its own."):
        parts = [parts[0]] * groups
    if slip("The kernels of a group stand in a row, not at each g-th place."):
        kernels = [weight[g::groups] for g in range(groups)]
    elif slip("All groups use the first kernels: each has its own."):
        kernels = [kernels[0]] * groups
    padding = 0 if slip("padding=1 keeps the size.") else 1
    maps = [conv2d(part, kernel, padding=padding) for part, kernel in zip(parts, kernels, strict=True)]
    if slip("The groups are added up: join them along the channels, np.concatenate(..., axis=1)."):
        return np.sum(maps, axis=0)
    if slip("Join the results along the channels, axis 1, not along the images."):
        return np.concatenate(maps)
    return np.concatenate(maps, axis=1)


@grouped.mistake("Cut the kernels, too: each group has F / groups of them.")
def _(x, weight, groups):
    return np.concatenate([conv2d(part, weight, padding=1) for part in np.split(x, groups, axis=1)], axis=1)


@grouped.telltale("Join the results of the groups along the channels: np.concatenate(..., axis=1).")
def _(answers, wanted):
    return all(answer.ndim == 5 for answer in answers)


@exercise((256, 64, 1), (256, 128, 32), (2048, 512, 1), (24, 12, 4), tolerance=0)
def bottleneck_parameters(channels, inner, groups):
    per_group = inner // groups
    kernels = channels * inner + groups * 9 * per_group**2 + inner * channels
    return kernels + 2 * (inner + inner + channels)


@bottleneck_parameters.slips
def _(slip, channels, inner, groups):
    around = 2 * channels * inner
    if slip("Only the 3 x 3 has groups. The two 1 x 1 mix all channels."):
        around //= groups
    middle = 9 * inner * (inner // groups)
    if slip("Groups are not counted: a kernel of the 3 x 3 sees only inner / groups channels."):
        middle = 9 * inner * inner
    if slip("That is a single group of the 3 x 3: there are `groups` of them."):
        middle //= groups
    widths = inner + inner + channels
    if slip("There are three batch normalizations: one after each convolution, of its width."):
        widths = channels
    if slip("The last batch normalization works on `channels` channels, not on `inner`."):
        widths = 3 * inner
    each = 2
    if slip("The three batch normalizations are missing: each has two numbers per channel."):
        each = 0
    if slip("A batch normalization has two numbers per channel, a scale and a shift, not one."):
        each = 1
    if slip("Running means and variances are not trained: two numbers per channel, not four."):
        each = 4
    return around + middle + each * widths


@exercise()
def fold(weight, bias, gamma, beta, mean, var, eps):
    rows = []
    for f in range(len(weight)):
        scale = gamma[f] / np.sqrt(var[f] + eps)
        rows.append([*(scale * weight[f]).flat, scale * (bias[f] - mean[f]) + beta[f]])
    return np.array(rows)


@fold.draw(2)
def _(rng):
    var = rng.uniform(0.04, 9, 3)
    return rng.standard_normal((3, 3, 3, 3)), *rng.standard_normal((4, 3)), var, rng.uniform(0, 0.1)


@fold.slips
def _(slip, weight, bias, gamma, beta, mean, var, eps):
    if slip("gamma is missing: it multiplies what is normalized."):
        gamma = 1
    deviation = np.sqrt(var + eps)
    if slip("Divide by the standard deviation: the root of var + eps is missing."):
        deviation = var + eps
    if slip("eps belongs within the root, beside the variance."):
        deviation = np.sqrt(var) + eps
    if slip("Add eps to the variance, within the root."):
        deviation = np.sqrt(var)
    scale = gamma / deviation
    if slip("The weights are right. beta is missing: it is added at the very end, unscaled."):
        beta = 0
    old = scale * bias
    if slip("The weights are right. The old bias passes through the normalization: it is scaled."):
        old = bias
    if slip("The old bias is lost: the normalization met it in the convolution's output."):
        old = 0
    shift = scale * mean
    if slip("The weights are right. The mean is taken from the bias before that is scaled."):
        shift = mean
    weights = weight.reshape(len(weight), -1) * np.reshape(scale, (-1, 1))
    return np.column_stack([weights, old - shift + beta])


@fold.telltale("The weights are right. The new bias is what normalization makes of the old one.")
def _(answers, wanted):
    return all(np.allclose(a[:, :-1], w[:, :-1]) for a, w in zip(answers, wanted, strict=True))
