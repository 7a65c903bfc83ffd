"""The exercises of lesson 9.10, Gabor Cells."""

import numpy as np

from . import exercise
from .telltales import misshapen

GRID = np.meshgrid(np.arange(-2.0, 3.0), np.arange(-1.0, 3.0))


@exercise(
    {"upright": (*GRID, 1.0, 0.1, 0.2, 0.7, 0.0, 0.0, 0.0, 0.0)},
    {"rotated": (*GRID, 1.0, 0.05, 0.2, 0.7, 0.4, 0.0, 0.0, 0.5)},
    {"moved and rotated": (*GRID, 2.0, 0.1, 0.03, 1.1, -0.8, 1.0, -0.5, 2.0)},
)
def gabor(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    turned = ((x - x0) + 1j * (y - y0)) * np.exp(-1j * tau)
    hill = np.exp(-beta_x * turned.real**2) * np.exp(-beta_y * turned.imag**2)
    return alpha * hill * np.real(np.exp(1j * (f * turned.real + phi)))


@gabor.slips
def _(slip, x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    if not slip("The centre is missing: x' and y' are made of x - x0 and y - y0."):
        x, y = x - x0, y - y0
    if slip("tau is missing: rotate before you use x' and y'."):
        tau = 0
    along = x * np.cos(tau) + y * np.sin(tau)
    across = -x * np.sin(tau) + y * np.cos(tau)
    if slip("Equation 9.18 has a minus in front of the sine."):
        across = x * np.sin(tau) + y * np.cos(tau)
    if slip("That rotates the other way: in 9.17 both terms are added, in 9.18 the sine has the minus."):
        along, across = x * np.cos(tau) - y * np.sin(tau), x * np.sin(tau) + y * np.cos(tau)
    power = 2
    if slip("x' and y' are squared in the exponent."):
        power = 1
    hill = np.exp(-beta_x * along**power - beta_y * across**power)
    wave = f * along
    if slip("The phase phi is missing, or multiplied by f: it is added to f x'."):
        phi = 0
    if slip("alpha is missing: it multiplies everything."):
        alpha = 1
    if slip("That is a sine: the wave is a cosine."):
        return alpha * hill * np.sin(wave + phi)
    return alpha * hill * np.cos(wave + phi)


@gabor.mistake("phi is added to f x', not to x'.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, f, f * phi, x0, y0, tau)


@gabor.mistake("That is the hill alone: multiply by the wave.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, 0, 0, x0, y0, tau)


@gabor.mistake("That is the wave alone: multiply by the hill.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, 0, 0, f, phi, x0, y0, tau)


@gabor.mistake("f is an angular frequency already: no factor 2 pi.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, 2 * np.pi * f, phi, x0, y0, tau)


@gabor.mistake("The hill uses x' and y', too, not x - x0 and y - y0.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    hill = np.exp(-beta_x * (x - x0) ** 2 - beta_y * (y - y0) ** 2)
    return hill * gabor.reference(x, y, alpha, 0, 0, f, phi, x0, y0, tau)


@gabor.mistake("You used the new x' to compute y': both are made of the old x - x0 and y - y0.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    x, y = x - x0, y - y0
    x = x * np.cos(tau) + y * np.sin(tau)
    y = -x * np.sin(tau) + y * np.cos(tau)
    return alpha * np.exp(-beta_x * x**2 - beta_y * y**2) * np.cos(f * x + phi)


@gabor.mistake("A hill falls off: the exponent is negative.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, -beta_x, -beta_y, f, phi, x0, y0, tau)


@gabor.mistake("beta_x belongs to x' and beta_y to y': yours are exchanged.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_y, beta_x, f, phi, x0, y0, tau)


@gabor.mistake("Hill and wave are multiplied, not added.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    hill = gabor.reference(x, y, alpha, beta_x, beta_y, 0, 0, x0, y0, tau)
    return hill + gabor.reference(x, y, 1, 0, 0, f, phi, x0, y0, tau)


@gabor.mistake("tau is in radians already.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, np.radians(tau))


@gabor.mistake("Only x' and y' are squared, not beta_x and beta_y: -beta_x * x'**2.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x**2, beta_y**2, f, phi, x0, y0, tau)


@gabor.mistake("phi is added within the cosine.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, f, 0, x0, y0, tau) + phi


@gabor.mistake("The second term in the exponent is subtracted as well: -beta_x x'**2 - beta_y y'**2.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, -beta_y, f, phi, x0, y0, tau)


def rotated(x, y, x0, y0, tau):
    """Return x' and y' of equations 9.17 and 9.18."""
    x, y = x - x0, y - y0
    return x * np.cos(tau) + y * np.sin(tau), -x * np.sin(tau) + y * np.cos(tau)


@gabor.mistake("The wave runs along x', not along y': cos(f x' + phi).")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    along, across = rotated(x, y, x0, y0, tau)
    return alpha * np.exp(-beta_x * along**2 - beta_y * across**2) * np.cos(f * across + phi)


@gabor.mistake("The wave is rotated, too: cos(f x' + phi), with x' and not x.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, 0, 0, x0, y0, tau) * np.cos(f * x + phi)


@gabor.mistake("The wave is rotated, too: cos(f x' + phi), with x' and not x - x0.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, 0, 0, x0, y0, tau) * np.cos(f * (x - x0) + phi)


@gabor.mistake("phi is added in 9.16: cos(f x' + phi), not minus.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, f, -phi, x0, y0, tau)


@gabor.mistake("Equation 9.16 has no 1/2 in the exponent.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x / 2, beta_y / 2, f, phi, x0, y0, tau)


@gabor.mistake("Multiply by the betas. They are no variances: a large beta makes a narrow hill.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, 1 / beta_x, 1 / beta_y, f, phi, x0, y0, tau)


@gabor.mistake("They are no variances: a large beta makes a narrow hill. Multiply by beta, without 2 or 1/2.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, 1 / (2 * beta_x), 1 / (2 * beta_y), f, phi, x0, y0, tau)


@gabor.mistake("The two parts of the hill are multiplied: one exp of a sum, not a sum of two exp.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    along, across = rotated(x, y, x0, y0, tau)
    return alpha * (np.exp(-beta_x * along**2) + np.exp(-beta_y * across**2)) * np.cos(f * along + phi)


@gabor.mistake("The wave stands outside of the exponential: check the parentheses.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    along, across = rotated(x, y, x0, y0, tau)
    return alpha * np.exp(-beta_x * along**2 - beta_y * across**2 * np.cos(f * along + phi))


@gabor.mistake("Sine and cosine are exchanged in x' and y': at tau = 0, x' is x - x0.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    x, y = x - x0, y - y0
    along, across = x * np.sin(tau) + y * np.cos(tau), -x * np.cos(tau) + y * np.sin(tau)
    return alpha * np.exp(-beta_x * along**2 - beta_y * across**2) * np.cos(f * along + phi)


@gabor.mistake("tau is in radians already.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, np.radians(tau))


@gabor.mistake("The centre is subtracted: x - x0 and y - y0.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    return gabor.reference(x, y, alpha, beta_x, beta_y, f, phi, -x0, -y0, tau)


@gabor.mistake("First subtract the centre, then rotate: the centre is given in the coordinates x and y.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    along, across = rotated(x, y, 0, 0, tau)
    return gabor.reference(along, across, alpha, beta_x, beta_y, f, phi, x0, y0, 0)


@gabor.mistake("(-beta_x * x')**2 is positive. Square x' alone: -beta_x * x'**2.")
def _(x, y, alpha, beta_x, beta_y, f, phi, x0, y0, tau):
    along, across = rotated(x, y, x0, y0, tau)
    return alpha * np.exp((-beta_x * along) ** 2 + (-beta_y * across) ** 2) * np.cos(f * along + phi)


@gabor.telltale("One number for each pixel, in the shape of x: nothing is added up.")
def _(answers, wanted):
    return all(answer.size == 1 for answer in answers)


SEEN = np.array([[[1.0, 2.0], [0.0, -1.0]], [[0.5, 0.0], [3.0, 1.0]], [[-2.0, 1.0], [1.0, 4.0]]])
EVEN, ODD = np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([[0.0, 3.0], [1.0, -1.0]])


@exercise((SEEN, EVEN, ODD), (SEEN[:2], ODD, 2 * EVEN), (SEEN[:2, :1], EVEN[:1], ODD[1:]))
def complex_cell(pictures, even, odd):
    totals = [(np.sum(seen * even), np.sum(seen * odd)) for seen in pictures]
    return np.array([np.linalg.norm(pair) for pair in totals])


@complex_cell.slips
def _(slip, pictures, even, odd):
    if slip("That is the even cell alone."):
        odd = 0 * odd
    if slip("That is the odd cell alone."):
        even = 0 * even
    products = np.stack([pictures * even, pictures * odd])
    if slip("`@` multiplies matrices. A simple cell multiplies element by element and adds up."):
        products = np.stack([pictures @ even, pictures @ odd])
    if slip("Add up over the pixels first, then square: a simple cell's answer is one number."):
        return np.sqrt(np.sum(products**2, axis=(0, 2, 3)))
    if slip("Square and root come after the sum over the pixels, not at each pixel."):
        return np.sum(np.hypot(*products), axis=(1, 2))
    simple = products.sum(axis=(2, 3))
    if slip("The answers are rectified before they are squared: half of the phases are lost."):
        simple = simple.clip(0)
    if slip("That adds the two answers, so that they can cancel: add their squares."):
        return np.abs(simple.sum(axis=0))
    if slip("Squares, not absolute values: those would still ripple as the wave moves."):
        return np.abs(simple).sum(axis=0)
    return np.hypot(*simple)


def with_axes(ndim):
    """Return a predicate: each answer has so many axes."""
    return lambda answers, wanted: all(answer.ndim == ndim for answer in answers)


@complex_cell.telltale("Those are both simple cells. Square each, add the squares, and take the root.")
def _(answers, wanted):
    return all(answer.shape == (2, len(want)) for answer, want in zip(answers, wanted, strict=True))


complex_cell.telltale("The sum runs over all pictures: keep axis 0, and sum over axes 1 and 2.")(with_axes(0))
complex_cell.telltale("Nothing is added up: a simple cell's answer is a sum over axes 1 and 2.")(with_axes(3))
complex_cell.telltale("Only one axis is added up: a picture has two, axes 1 and 2.")(with_axes(2))
complex_cell.telltale("One number for each picture: sum over axes 1 and 2 only.")(misshapen)


@complex_cell.telltale("c is a real number, the absolute value of s0 + i s1: np.abs.")
def _(answers, wanted):
    return any(np.iscomplexobj(answer) for answer in answers)


@complex_cell.telltale("An energy is never negative: add the two squares, and take the root.")
def _(answers, wanted):
    return any(np.any(answer < 0) for answer in answers)


def simple(pictures, even, odd):
    """Return the answers of the two simple cells."""
    return np.array([[np.sum(seen * cell) for seen in pictures] for cell in (even, odd)])


@complex_cell.mistake("That is the larger of the two answers: it ripples as the wave moves. Add the squares.")
def _(pictures, even, odd):
    return simple(pictures, even, odd).max(axis=0)


@complex_cell.mistake("That is the larger of the two sizes: it ripples as the wave moves. Add the squares.")
def _(pictures, even, odd):
    return np.abs(simple(pictures, even, odd)).max(axis=0)


@complex_cell.mistake("The answers are multiplied: add their squares.")
def _(pictures, even, odd):
    return simple(pictures, even, odd).prod(axis=0)


@complex_cell.mistake("The squares are added, not subtracted.")
def _(pictures, even, odd):
    s0, s1 = simple(pictures, even, odd)
    return np.sqrt(np.abs(s0**2 - s1**2))


@complex_cell.mistake("The root is taken of the sum of both squares: parentheses around the sum.")
def _(pictures, even, odd):
    s0, s1 = simple(pictures, even, odd)
    return np.sqrt(s0**2) + s1**2


@complex_cell.mistake("Square before you add and take the root: sqrt(s0**2 + s1**2).")
def _(pictures, even, odd):
    return np.sqrt(np.abs(simple(pictures, even, odd).sum(axis=0)))


@complex_cell.mistake("That is a mean over the two cells: add the squares, without dividing by 2.")
def _(pictures, even, odd):
    return np.sqrt((simple(pictures, even, odd) ** 2).mean(axis=0))


@complex_cell.mistake("A simple cell adds up over the pixels, it does not average: sum, not mean.")
def _(pictures, even, odd):
    return complex_cell.reference(pictures, even, odd) / even.size


@exercise((SEEN, EVEN, ODD), (-SEEN[:2], ODD, 2 * EVEN), (SEEN[:2, :1], EVEN[:1], ODD[1:]))
def phase_of(pictures, even, odd):
    return np.array([np.angle(np.sum(seen * even) + 1j * np.sum(seen * odd)) for seen in pictures])


@phase_of.slips
def _(slip, pictures, even, odd):
    if slip("The tangent is the sine over the cosine: s1 comes first in arctan2."):
        even, odd = odd, even
    if slip("The sign is that of a wave that goes the other way: s1 is A sin(phase)."):
        odd = -odd
    s0, s1 = (pictures * even).sum(axis=(1, 2)), (pictures * odd).sum(axis=(1, 2))
    if slip("arctan(s1 / s0) knows only half of the circle: take np.arctan2(s1, s0)."):
        with np.errstate(divide="ignore"):
            return np.arctan(s1 / s0)
    if slip("The phase is between -pi and pi."):
        return np.arctan2(s1, s0) % (2 * np.pi)
    return np.arctan2(s1, s0)


@phase_of.mistake("That is the strength A. The phase is an angle: np.arctan2.")
def _(pictures, even, odd):
    return complex_cell.reference(pictures, even, odd)


@phase_of.mistake("arccos is never negative, so it takes phi for -phi: np.arctan2 needs both answers.")
def _(pictures, even, odd):
    return np.abs(phase_of.reference(pictures, even, odd))


@phase_of.mistake("arcsin stays between -pi/2 and pi/2: half of the circle is lost. Take np.arctan2.")
def _(pictures, even, odd):
    return np.arcsin(np.sin(phase_of.reference(pictures, even, odd)))


@phase_of.mistake("The tangent takes an angle and gives a ratio. You need its inverse, np.arctan2.")
def _(pictures, even, odd):
    s0, s1 = simple(pictures, even, odd)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.tan(s1 / s0)


@phase_of.mistake("That is the ratio, the tangent of the phase. np.arctan2(s1, s0) gives the angle.")
def _(pictures, even, odd):
    s0, s1 = simple(pictures, even, odd)
    with np.errstate(divide="ignore"):
        return s1 / s0


@phase_of.mistake("In radians, from -pi to pi: do not divide by pi.")
def _(pictures, even, odd):
    return phase_of.reference(pictures, even, odd) / np.pi


phase_of.telltale("One number for each picture: sum over axes 1 and 2 only.")(misshapen)
