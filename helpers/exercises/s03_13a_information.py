"""The exercises of lesson 3.13a, Information."""

import math

import numpy as np
from scipy import special, stats

from . import exercise


@exercise(
    {"counts 8, 4, 2, 2": (np.array([8, 4, 2, 2]),)},
    {"counts 3, 0, 5, 0, 1": (np.array([3, 0, 5, 0, 1]),)},
    {"counts 0, 7, 7": (np.array([0, 7, 7]),)},
    {"counts 1 to 6": (np.array([1, 2, 3, 4, 5, 6]),)},
)
def entropy_bits(counts):
    n = int(sum(counts))
    return math.log2(n) - sum(int(count) * math.log2(count) for count in counts if count) / n


NAN_AT_ZERO = "0 log 0 is NaN for NumPy. Leave out the outcomes that never came."


@entropy_bits.slips
def _(slip, counts):
    p = counts / counts.sum()
    if slip("Counts are not probabilities: divide by their sum first."):
        p = counts
    elif slip("Divide by the sum of the counts, not by how many there are."):
        p = counts / len(counts)
    seen = p if slip(NAN_AT_ZERO) else p[p > 0]
    log = np.log if slip("That is in nats. Divide by log 2, or use log2.") else np.log2
    with np.errstate(divide="ignore", invalid="ignore"):
        surprises = -log(seen)
        if slip("Weigh each surprise with its probability: an expected value, not a plain mean."):
            return surprises.mean()
        if slip("Weigh each surprise with its probability before you add."):
            return surprises.sum()
        if slip("That is the mean of p log p. Each term is weighed by p already: take the sum."):
            return np.mean(seen * surprises)
        return np.sum(seen * surprises)


@entropy_bits.mistake("log10 gives neither bits nor nats: use log2.")
def _(counts):
    return entropy_bits.reference(counts) * math.log10(2)


@entropy_bits.mistake("Leave out the outcomes that never came before you take a logarithm, wherever p stands.")
def _(counts):
    p = counts / counts.sum()
    return -sum(float(value) * math.log2(value) for value in p)


@entropy_bits.mistake("One surprise per outcome: the entropy is their expected value, a single number.")
def _(counts):
    p = counts[counts > 0] / counts.sum()
    return -p * np.log2(p)


@entropy_bits.mistake(
    "`/=` cannot write fractions into an array of integers. Make a new one: p = counts / np.sum(counts)."
)
def _(counts):
    counts /= counts.sum()


@entropy_bits.mistake("`//` rounds every frequency down to 0: divide with `/`.")
def _(counts):
    return 0.0


@entropy_bits.mistake("Divide by the sum of the counts, not by the largest of them.")
def _(counts):
    p = counts[counts > 0] / counts.max()
    return -np.sum(p * np.log2(p))


@entropy_bits.mistake("Divide by the sum of the counts, not by how many there are.")
def _(counts):
    p = counts[counts > 0] / np.count_nonzero(counts)
    return -np.sum(p * np.log2(p))


@entropy_bits.mistake("A 0 that is made a 1 counts as an outcome that came. Leave the zeros out instead.")
def _(counts):
    return entropy_bits.reference(np.maximum(counts, 1))


@entropy_bits.mistake("From nats to bits: divide by log 2, do not multiply.")
def _(counts):
    return entropy_bits.reference(counts) * math.log(2) ** 2


for _outcomes in (len, np.count_nonzero):

    @entropy_bits.mistake("That is the entropy if all outcomes were equally probable. Use how often each of them came.")
    def _(counts, outcomes=_outcomes):
        return math.log2(outcomes(counts))


def _share(counts, i):
    """Return what outcome i contributes to the entropy."""
    p = counts[i] / counts.sum()
    return -p * math.log2(p) if p else 0.0


@entropy_bits.mistake("Only the first outcome was looked at. Is the `return` inside the loop?")
def _(counts):
    return _share(counts, 0)


@entropy_bits.mistake("Only the last outcome was counted. Is the sum set back to 0 inside the loop?")
def _(counts):
    return _share(counts, -1)


@entropy_bits.mistake("A count of 0 ends your loop. Skip it with `continue`, and go on.")
def _(counts):
    end = next((i for i, count in enumerate(counts) if count == 0), len(counts))
    return sum(_share(counts, i) for i in range(end))


@entropy_bits.mistake("One count of 0 does not make the entropy 0: leave out this outcome, and add up the others.")
def _(counts):
    return entropy_bits.reference(counts) if counts.all() else 0


@entropy_bits.telltale("A small number inside the logarithm changes the result. Leave out the zeros instead.")
def _(answers, wanted):
    return np.allclose(answers, wanted, rtol=0.01)


@exercise(
    {"all positive": (np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6]))},
    {"a zero in p": (np.array([0.75, 0.25, 0.0]), np.array([0.5, 0.25, 0.25]))},
    {"a zero in q only": (np.array([0.5, 0.25, 0.25]), np.array([0.75, 0.25, 0.0]))},
    {"a zero in both, and one in p": (np.array([0.9, 0.0, 0.1, 0.0]), np.array([0.3, 0.2, 0.5, 0.0]))},
    {"equal": (np.array([0.7, 0.3]), np.array([0.7, 0.3]))},
)
def kl(p, q):
    return float(special.rel_entr(p, q).sum())


@kl.slips
def _(slip, p, q):
    if slip("That is the other direction, KL(q || p). The expectation is over p."):
        p, q = q, p
    weights = p
    if slip("The logarithms are weighed by q. The outcomes come from p, so weigh by p."):
        weights = q
    elif slip("Weigh each logarithm with p: outcomes do not come equally often."):
        weights = np.ones_like(p)
    possible = p > 0
    if slip("Where p is 0, NumPy makes NaN of 0 log 0. Such a term is 0: leave it out."):
        possible = p >= 0
    elif slip("Where q is 0 and p is not, the divergence is infinite. You leave that outcome out."):
        possible = (p > 0) & (q > 0)
    log = np.log2 if slip("That is in bits. For nats take the natural logarithm.") else np.log
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = (weights * (log(p) - log(q)))[possible]
    if slip("Add the terms: they are weighed by p already, so do not take their mean."):
        return terms.mean()
    return terms.sum()


@kl.mistake("That is the cross-entropy. Subtract the entropy of p.")
def _(p, q):
    with np.errstate(divide="ignore"):
        return -np.sum(p[p > 0] * np.log(q[p > 0]))


@kl.mistake(
    "That is the cross-entropy, with NaN where p and q are 0. Leave out where p is 0, and subtract the entropy."
)
def _(p, q):
    with np.errstate(all="ignore"):
        return -np.sum(p * np.log(q))


@kl.mistake("The logarithm is missing: weigh log(p / q) by p.")
def _(p, q):
    with np.errstate(all="ignore"):
        return np.sum(p * (p / q))


@kl.mistake("p and q have to be cut down alike: use p > 0 for both.")
def _(p, q):
    with np.errstate(all="ignore"):
        return np.sum(p[p > 0] * np.log(p[p > 0] / q[q > 0]))


@kl.mistake("Leave out the places where p is 0 first, in p and in q. Look for zeros in q after that.")
def _(p, q):
    with np.errstate(all="ignore"):
        return np.inf if np.any(q == 0) else np.sum(p * np.log(p / q))


@kl.mistake("The sign: it is the logarithm of p / q, not of q / p, so that the divergence is never negative.")
def _(p, q):
    return -special.rel_entr(p, q).sum()


@kl.mistake("Where p is 0, the term is 0, and math.log must not see it. Where q is 0 and p is not, return infinity.")
def _(p, q):
    return sum(a * math.log(a / b) for a, b in zip(p.tolist(), q.tolist(), strict=True))


@kl.mistake("Leave out the outcomes with p = 0 before the logarithm: use one mask, p > 0, for p and for q.")
def _(p, q):
    with np.errstate(all="ignore"):
        return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


@kl.mistake("Any zero in q gave infinity. Where p is 0 as well, nothing is lost.")
def _(p, q):
    return math.inf if np.any(q == 0) else special.rel_entr(p, q).sum()


@kl.mistake("The terms may be negative; only their sum cannot. Do not take absolute values.")
def _(p, q):
    return np.abs(special.rel_entr(p, q)).sum()


@kl.mistake("One term per outcome: the divergence is their sum, a single number.")
def _(p, q):
    return special.rel_entr(p, q)


@kl.mistake("`special.kl_div` adds q - p to each term. The sum is right, but use NumPy, and add the terms up.")
def _(p, q):
    return special.kl_div(p, q)


@kl.mistake("The logarithm of a quotient is log p - log q, not log p divided by log q.")
def _(p, q):
    with np.errstate(all="ignore"):
        return np.sum(p[p > 0] * np.log(p[p > 0]) / np.log(q[p > 0]))


@kl.mistake("log(p - q) is not log p - log q: take the two logarithms first.")
def _(p, q):
    with np.errstate(all="ignore"):
        return np.sum(p[p > 0] * np.log(p[p > 0] - q[p > 0]))


@kl.mistake("You left out the places where q is 0. Leave out those where p is 0: nothing happens there.")
def _(p, q):
    with np.errstate(all="ignore"):
        return np.sum(p[q > 0] * np.log(p[q > 0] / q[q > 0]))


@kl.mistake("NaN comes from 0 log 0, where p is 0. Such a term is 0, not infinite.")
def _(p, q):
    return kl.reference(p, q) if p.all() else math.inf


for _factor in (1, 0.5):

    @kl.mistake("Both directions are in this number. The expectation is over p alone.")
    def _(p, q, factor=_factor):
        return factor * (kl.reference(p, q) + kl.reference(q, p))


@kl.mistake("That is H(Q) - H(P), a difference of two entropies. In the cross-entropy p weighs the logarithms of q.")
def _(p, q):
    return special.entr(q).sum() - special.entr(p).sum()


@kl.mistake("You added the entropy of p to the cross-entropy: subtract it.")
def _(p, q):
    return kl.reference(p, q) + 2 * special.entr(p).sum()


@kl.mistake("Leave out outcomes, but do not rescale what is left of q: it keeps its probabilities.")
def _(p, q):
    return kl.reference(p, np.where(p > 0, q, 0) / q[p > 0].sum())


@kl.mistake("Leave out only the outcomes with p = 0, and do not rescale what is left of p and q.")
def _(p, q):
    both = (p > 0) & (q > 0)
    return kl.reference(p[both] / p[both].sum(), q[both] / q[both].sum())


for _impossible in (-math.inf, math.nan, 0, "inf", "infinite", "infinity"):

    @kl.mistake("Where q is 0 and p is not, the divergence is plus infinity: return the number np.inf.")
    def _(p, q, impossible=_impossible):
        value = kl.reference(p, q)
        return value if math.isfinite(value) else impossible


def _loop(p, q, at_zero):
    """Add up the terms, with an early end (or 0) where p is 0."""
    zeros = np.flatnonzero(p == 0)
    if not zeros.size:
        return kl.reference(p, q)
    return 0 if at_zero == "return" else special.rel_entr(p, q)[: zeros[0]].sum()


for _at_zero in ("return", "break"):

    @kl.mistake("A 0 in p ends your loop. Skip this outcome with `continue`, and go on.")
    def _(p, q, at_zero=_at_zero):
        return _loop(p, q, at_zero)


@kl.mistake("Only the first outcome was looked at. Is the `return` inside the loop?")
def _(p, q):
    return special.rel_entr(p, q)[0]


for _last in (-1, None):

    @kl.mistake("Only the last outcome was counted. Is the sum set back to 0 inside the loop?")
    def _(p, q, last=_last):
        terms = special.rel_entr(p, q)
        return math.inf if last is None and np.isinf(terms).any() else terms[-1]


@kl.telltale("A small number in place of 0 hides that the impossible happened: that costs infinity.")
def _(answers, wanted):
    hidden = np.isfinite(answers[2]) and answers[2] > 1
    return bool(hidden) and np.allclose(answers[0], wanted[0], rtol=0.01)


def _gaussian(x, mu, sigma):
    q = stats.norm.pdf(x, mu, sigma)
    return q / q.sum()


LINE = np.linspace(-6, 6, 121)
HEAPS = 0.7 * _gaussian(LINE, -1.5, 0.5) + 0.3 * _gaussian(LINE, 2, 0.8)
ONE = 0.9 * _gaussian(LINE, 1, 1.0) + 0.1 * _gaussian(LINE, -0.5, 0.4)
CHOICE = np.linspace(-2, 2.5, 10), np.linspace(0.4, 2.8, 13)


@exercise(
    {"two heaps, forward": (HEAPS, LINE, *CHOICE, "forward")},
    {"two heaps, reverse": (HEAPS, LINE, *CHOICE, "reverse")},
    {"one broad heap, forward": (ONE, LINE, *CHOICE, "forward")},
    {"one broad heap, reverse": (ONE, LINE, *CHOICE, "reverse")},
    {"two heaps, only one sigma, reverse": (HEAPS, LINE, CHOICE[0], np.array([0.5]), "reverse")},
    {"far from both heaps, reverse": (HEAPS, LINE, np.array([3.5, 4.0]), np.array([0.4, 0.6]), "reverse")},
)
def fit(p, x, mus, sigmas, direction):
    return _best(_divergences(p, x, mus, sigmas, direction), mus, sigmas)


def _divergences(p, x, mus, sigmas, direction):
    """Return a table of divergences: a row for each mu, a column for each sigma."""
    q = np.array([[_gaussian(x, mu, sigma) for sigma in sigmas] for mu in mus])
    first, second = (p, q) if direction == "forward" else (q, p)
    return special.rel_entr(first, second).sum(axis=-1)


def _best(table, mus, sigmas):
    i, j = np.unravel_index(np.argmin(table), table.shape)
    return mus[i], sigmas[j], table[i, j]


@fit.slips
def _(slip, p, x, mus, sigmas, direction):
    if slip("The directions are exchanged: forward is KL(p || q), with the truth first."):
        direction = "reverse" if direction == "forward" else "forward"
    elif slip("You always measure forward. For direction 'reverse' it is KL(q || p)."):
        direction = "forward"
    elif slip("You always measure in reverse. For direction 'forward' it is KL(p || q)."):
        direction = "reverse"
    table = _divergences(p, x, mus, sigmas, direction)
    if slip("That is the worst Gaussian of all. Keep the one with the smallest divergence."):
        mu, sigma, value = _best(-table, mus, sigmas)
        return mu, sigma, -value
    mu, sigma, value = _best(table, mus, sigmas)
    if slip("The order of the results: first mu, then sigma, then the divergence."):
        return sigma, mu, value
    if slip("The divergence comes last: return mu, sigma, divergence."):
        return value, mu, sigma
    if slip("The divergence is missing: return mu, sigma and the divergence."):
        return mu, sigma
    return mu, sigma, value


@fit.mistake("That is the divergence alone. Return mu, sigma and the divergence.")
def _(*arguments):
    return fit.reference(*arguments)[2]


@fit.mistake("These are positions in mus and sigmas. Return the values that stand there.")
def _(p, x, mus, sigmas, direction):
    table = _divergences(p, x, mus, sigmas, direction)
    return (*np.unravel_index(np.argmin(table), table.shape), table.min())


@fit.mistake("That is the last Gaussian that you tried. Remember the best one.")
def _(p, x, mus, sigmas, direction):
    return mus[-1], sigmas[-1], _divergences(p, x, mus, sigmas, direction)[-1, -1]


@fit.mistake("That is the first Gaussian. Is the `return` inside the loops, or does `min` compare mu first?")
def _(p, x, mus, sigmas, direction):
    return mus[0], sigmas[0], _divergences(p, x, mus, sigmas, direction)[0, 0]


@fit.mistake("Only the last mu was searched. Is the best divergence reset to infinity inside the outer loop?")
def _(p, x, mus, sigmas, direction):
    return _best(_divergences(p, x, mus[-1:], sigmas, direction), mus[-1:], sigmas)


@fit.mistake("Only the first mu was searched. Is the `return` inside the outer loop?")
def _(p, x, mus, sigmas, direction):
    return _best(_divergences(p, x, mus[:1], sigmas, direction), mus[:1], sigmas)


@fit.mistake("The pairs (mu, sigma) were searched side by side, as zip does. Try every mu with every sigma: two loops.")
def _(p, x, mus, sigmas, direction):
    table = _divergences(p, x, mus, sigmas, direction)
    best = min(range(min(table.shape)), key=lambda k: table[k, k])
    return mus[best], sigmas[best], table[best, best]


@fit.mistake(
    "The divergence is right, but mu and sigma are the last that were tried. Keep them with the best divergence."
)
def _(p, x, mus, sigmas, direction):
    return mus[-1], sigmas[-1], _divergences(p, x, mus, sigmas, direction).min()


for _width in (1.0, np.sqrt(2 * np.pi)):

    @fit.mistake("Your q does not sum to 1 over the cells, as p does: use gaussian(x, mu, sigma).")
    def _(p, x, mus, sigmas, direction, width=_width):
        rows = [[np.exp(-(((x - mu) / sigma) ** 2) / 2) for sigma in sigmas] for mu in mus]
        q = np.array(rows) / (1 if width == 1 else width * np.asarray(sigmas)[:, None])
        first, second = (p, q) if direction == "forward" else (q, p)
        return _best(special.rel_entr(first, second).sum(axis=-1), mus, sigmas)


@fit.mistake("mu and sigma are exchanged in a call: it is gaussian(x, mu, sigma).")
def _(p, x, mus, sigmas, direction):
    table = np.full((len(mus), len(sigmas)), np.inf)
    for i, j in np.ndindex(table.shape):
        if mus[i]:
            q = _gaussian(x, sigmas[j], abs(mus[i]))
            table[i, j] = special.rel_entr(*((p, q) if direction == "forward" else (q, p))).sum()
    return _best(table, mus, sigmas)


for _way in ("forward", "reverse", None):

    @fit.mistake("These are the moments of p. The best pair has to come from `mus` and `sigmas`: try them all.")
    def _(p, x, mus, sigmas, direction, way=_way):
        mean = p @ x
        sd = np.sqrt(p @ (x - mean) ** 2)
        return mean, sd, _divergences(p, x, [mean], [sd], way or direction)[0, 0]


@fit.mistake("Nothing was ever better than your start. Begin with an infinite divergence: np.inf.")
def _(p, x, mus, sigmas, direction):
    return None, None, 0


@fit.mistake("Your search starts with a divergence that the best Gaussian may not beat. Begin with np.inf.")
def _(*arguments):
    best = fit.reference(*arguments)
    return best if best[2] < 1 else (None, None, 1)


@fit.mistake("Nothing was ever better than your start. The best divergence is the smallest: compare with `<`.")
def _(*arguments):
    return None, None, math.inf


@fit.mistake("Every Gaussian was better than your start, so the last one won. Store its divergence as the best, too.")
def _(p, x, mus, sigmas, direction):
    return mus[-1], sigmas[-1], math.inf


@fit.mistake("Return three values, mu, sigma, divergence, without brackets around two of them.")
def _(*arguments):
    mu, sigma, divergence = fit.reference(*arguments)
    return (mu, sigma), divergence


@fit.mistake("That is every Gaussian with its divergence. Return the best one only.")
def _(p, x, mus, sigmas, direction):
    table = _divergences(p, x, mus, sigmas, direction)
    return [(mus[i], sigmas[j], table[i, j]) for i, j in np.ndindex(table.shape)]


@fit.mistake("That is every divergence. Return the best mu, its sigma, and their divergence.")
def _(*arguments):
    return _divergences(*arguments)


@fit.mistake("Your loop over sigma stops at the first one that is not better. Go on: a later one may be.")
def _(p, x, mus, sigmas, direction):
    best = None, None, math.inf
    table = _divergences(p, x, mus, sigmas, direction)
    for i in range(len(mus)):
        for j in range(len(sigmas)):
            if table[i, j] >= best[2]:
                break
            best = mus[i], sigmas[j], table[i, j]
    return best


def _by(measure):
    """Return a fit that takes the Gaussian with the least measure(p, q), or (q, p) in reverse."""

    def wrong(p, x, mus, sigmas, direction):
        table = np.zeros((len(mus), len(sigmas)))
        for i, j in np.ndindex(table.shape):
            q = _gaussian(x, mus[i], sigmas[j])
            table[i, j] = measure(*((p, q) if direction == "forward" else (q, p)))
        return _best(table, mus, sigmas)

    return wrong


fit.mistake("That is the cross-entropy. Its smallest value is elsewhere in reverse: use your kl.")(
    _by(lambda first, second: special.entr(first).sum() + special.rel_entr(first, second).sum())
)
fit.mistake("That is a squared difference, the same in both directions. Measure with your kl.")(
    _by(lambda first, second: np.sum((first - second) ** 2))
)
fit.mistake("Both directions are added up. Measure in the one that `direction` names.")(
    _by(lambda first, second: (special.rel_entr(first, second) + special.rel_entr(second, first)).sum())
)


@fit.mistake("These are the moments of p. The best pair has to come from `mus` and `sigmas`: try them all.")
def _(p, x, mus, sigmas, direction):
    mean = p @ x
    return mean, np.sqrt(p @ (x - mean) ** 2)


@fit.telltale("Nothing was ever better than your start. Begin with an infinite divergence: np.inf.")
def _(answers, wanted):
    return all(answer.size == 3 and answer[2] == 0 for answer in answers)


@exercise((0.0, 1.0, 1.0, 2.0), (1.5, 3.0, -0.5, 0.7), (2.0, 0.5, 2.0, 0.6), (-1.0, 0.4, 3.0, 2.5))
def kl_gauss(mu, sigma, nu, tau):
    cross_entropy = 0.5 * math.log(2 * math.pi * tau**2) + (sigma**2 + (mu - nu) ** 2) / (2 * tau**2)
    return cross_entropy - 0.5 * math.log(2 * math.pi * math.e * sigma**2)


@kl_gauss.slips
def _(slip, mu, sigma, nu, tau):
    if slip("That is the other direction: the expectation is over the first Gaussian."):
        mu, sigma, nu, tau = nu, tau, mu, sigma
    ratio = tau / sigma
    if slip("The logarithm is upside down: a q that is too wide costs log(tau / sigma)."):
        ratio = sigma / tau
    factor = 0.5 if slip("The logarithm needs 1/2 with variances, none with standard deviations.") else 1
    spread = sigma**2 + (mu - nu) ** 2
    if slip("The distance of the two means has to enter: (mu - nu)**2 is added to sigma**2."):
        spread = sigma**2
    elif slip("The spread of the first Gaussian has to enter: sigma**2 is added to (mu - nu)**2."):
        spread = (mu - nu) ** 2
    half = 1 if slip("The square in a Gaussian is divided by 2 tau**2: the 2 is missing.") else 2
    rest = 0 if slip("Subtract 1/2: two equal Gaussians have the divergence 0.") else 0.5
    return factor * math.log(ratio) + spread / (half * tau**2) - rest


@kl_gauss.mistake("With variances the logarithm needs 1/2: log(tau / sigma) is half of log(tau**2 / sigma**2).")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, nu, tau) + math.log(tau / sigma)


@kl_gauss.mistake("sigma and tau are standard deviations, not variances: square them.")
def _(mu, sigma, nu, tau):
    return 0.5 * math.log(tau / sigma) + (sigma + (mu - nu) ** 2) / (2 * tau) - 0.5


@kl_gauss.mistake("That is the cross-entropy. Subtract the entropy of the first Gaussian.")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, nu, tau) + 0.5 * math.log(2 * math.pi * math.e * sigma**2)


@kl_gauss.mistake("Square the distance of the means: (mu - nu)**2.")
def _(mu, sigma, nu, tau):
    return math.log(tau / sigma) + (sigma**2 + (mu - nu)) / (2 * tau**2) - 0.5


@kl_gauss.mistake("The squared distance of the means is added to sigma**2, not subtracted from it.")
def _(mu, sigma, nu, tau):
    return math.log(tau / sigma) + (sigma**2 - (mu - nu) ** 2) / (2 * tau**2) - 0.5


@kl_gauss.mistake("It is the distance of the means that counts, mu - nu, not their sum.")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, -nu, tau)


@kl_gauss.mistake("sigma and tau have to be squared.")
def _(mu, sigma, nu, tau):
    return math.log(tau / sigma) + (sigma + (mu - nu) ** 2) / (2 * tau) - 0.5


@kl_gauss.mistake("`/ 2 * tau**2` divides by 2 and multiplies by tau**2. Put brackets around 2 * tau**2.")
def _(mu, sigma, nu, tau):
    return math.log(tau / sigma) + (sigma**2 + (mu - nu) ** 2) / 2 * tau**2 - 0.5


@kl_gauss.mistake("Brackets: the sum sigma**2 + (mu - nu)**2 is divided by 2 * tau**2, both terms of it.")
def _(mu, sigma, nu, tau):
    return math.log(tau / sigma) + sigma**2 + (mu - nu) ** 2 / (2 * tau**2) - 0.5


@kl_gauss.mistake("Nats need the natural logarithm, np.log.")
def _(mu, sigma, nu, tau):
    return math.log2(tau / sigma) + (sigma**2 + (mu - nu) ** 2) / (2 * tau**2) - 0.5


@kl_gauss.mistake("Subtract 1/2, not 1: the 1 is inside the brackets of the form 1/2 (... - 1).")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, nu, tau) - 0.5


@kl_gauss.mistake("Subtract the 1/2, do not add it: two equal Gaussians have the divergence 0.")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, nu, tau) + 1


@kl_gauss.mistake("That is for the model N(0, 1), as in a variational autoencoder. nu and tau have to enter.")
def _(mu, sigma, nu, tau):
    return kl_gauss.reference(mu, sigma, 0, 1)


@kl_gauss.mistake("That is the difference of the two entropies. In the cross-entropy the first Gaussian weighs log q.")
def _(mu, sigma, nu, tau):
    return math.log(tau / sigma)
