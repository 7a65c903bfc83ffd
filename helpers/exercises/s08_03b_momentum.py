"""The exercises of lesson 8.3b, Momentum."""

import math

import numpy as np

from . import exercise


def bowl(theta):
    """Return the gradient of a parabola with curvatures 0.3, 2, ..."""
    return np.array([0.3, 2.0, 0.9])[: len(theta)] * theta


def wave(theta):
    """Return the gradient of a function that is no parabola."""
    return np.sin(theta) + 0.1 * theta[::-1]


def slope_of_plane(theta):
    return np.linspace(1.0, -2.0, len(theta))


UPHILL = "It goes uphill: v is alpha v minus epsilon times the gradient, and v is added to theta."
LATE = "You move before you change the velocity: first the velocity, then the point."
IN_PLACE = (
    "All rows are the same point: `theta += v` changes the array that is already in the list. Write theta = theta + v."
)
START = np.array([2.0, -1.0])
WALKS = (
    {"a plane": (np.zeros(2), slope_of_plane, 0.1, 0.5, 4)},
    {"a valley": (START, bowl, 0.2, 0.9, 5)},
    {"a wave, three numbers": (np.array([1.0, 0.5, -2.0]), wave, 0.3, 0.7, 6)},
)


def by_all_pushes(theta, gradient, epsilon, alpha, steps, ahead=False):
    """Return the path, with each velocity as a weighted sum over all pushes so far."""
    path, pushes = [np.array(theta, dtype=float)], []
    for _ in range(steps):
        weights = alpha ** np.arange(len(pushes), -1, -1)
        old = weights[:-1] @ np.array(pushes) if pushes else 0 * theta  # alpha v
        pushes.append(-epsilon * gradient(path[-1] + old if ahead else path[-1]))
        path.append(path[-1] + weights @ np.array(pushes))
    return np.array(path)


@exercise(*WALKS)
def momentum(theta, gradient, epsilon, alpha, steps):
    return by_all_pushes(theta, gradient, epsilon, alpha, steps)


@momentum.slips
def _(slip, theta, gradient, epsilon, alpha, steps):
    sign = 1 if slip(UPHILL) else -1
    kept, push = alpha, sign * epsilon
    if slip("Nothing is lost: multiply the old velocity by alpha."):
        kept = 1
    elif slip("Only the old velocity is multiplied by alpha, not the new push."):
        push *= alpha
    late = slip(LATE)
    path, v = [theta], 0 * theta
    for _ in range(steps):
        old = v
        v = kept * v + push * gradient(theta)
        theta = theta + (old if late else v)
        path.append(theta)
    if slip("The start is missing: it is the first row."):
        path = path[1:]
    return np.array(path)


def _mistaken(exercise, advice):
    """Register a path made by a wrong step as a mistake: step(theta, v, gradient, epsilon, alpha) -> theta, v."""

    def register(step):
        @exercise.mistake(advice)
        def walk(theta, gradient, epsilon, alpha, steps):
            path, v = [theta], 0 * theta
            for _ in range(steps):
                theta, v = step(theta, v, gradient, epsilon, alpha)
                path.append(theta)
            return np.array(path)

        return step

    return register


@_mistaken(momentum, "That is gradient descent. Does the velocity start anew, or is it never used?")
def _(theta, v, gradient, epsilon, alpha):
    return theta - epsilon * gradient(theta), v


@_mistaken(momentum, "That is Nesterov's step, which comes later: here the gradient is taken at theta itself.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta + alpha * v)
    return theta + v, v


@_mistaken(momentum, LATE)
def _(theta, v, gradient, epsilon, alpha):
    theta = theta + v
    return theta, alpha * v - epsilon * gradient(theta)


@_mistaken(momentum, "The old velocity is kept, not turned round: v is plus alpha v, minus epsilon times the gradient.")
def _(theta, v, gradient, epsilon, alpha):
    v = -alpha * v - epsilon * gradient(theta)
    return theta + v, v


@_mistaken(momentum, "The velocity holds epsilon already: do not multiply it by epsilon again when you move.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta)
    return theta + epsilon * v, v


@_mistaken(momentum, "The gradient enters twice: in the velocity, and again when you move. Move by the velocity alone.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta)
    return theta + v - epsilon * gradient(theta), v


@_mistaken(momentum, "alpha and epsilon are exchanged: alpha is kept of the velocity, epsilon is the learning rate.")
def _(theta, v, gradient, epsilon, alpha):
    v = epsilon * v - alpha * gradient(theta)
    return theta + v, v


@_mistaken(momentum, "The velocity keeps the fraction alpha, not 1 - alpha: 1 - alpha is what it loses.")
def _(theta, v, gradient, epsilon, alpha):
    v = (1 - alpha) * v - epsilon * gradient(theta)
    return theta + v, v


@_mistaken(momentum, "That is a running mean. Keep alpha of the velocity, and push by epsilon times the gradient.")
def _(theta, v, gradient, epsilon, alpha):
    v = (1 - alpha) * v - alpha * epsilon * gradient(theta)
    return theta + v, v


@_mistaken(momentum, "It is the old velocity that is multiplied by alpha, not the point.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * theta - epsilon * gradient(theta)
    return theta + v, v


@_mistaken(momentum, "alpha belongs to the velocity alone: the whole point stays, and v is added to it.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta)
    return alpha * theta + v, v


@_mistaken(momentum, "You look ahead by v, which is a step for later: here the gradient is taken at theta itself.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta + v)
    return theta + v, v


def _add_common(exercise):
    """Register what both walks share: what is wrong with the array that is returned."""

    @exercise.mistake(IN_PLACE)
    def _(theta, gradient, epsilon, alpha, steps):
        path = exercise.reference(theta, gradient, epsilon, alpha, steps)
        return np.tile(path[-1], (steps + 1, 1))

    @exercise.mistake("That is only the last point: collect all of them, the start first.")
    def _(theta, gradient, epsilon, alpha, steps):
        return exercise.reference(theta, gradient, epsilon, alpha, steps)[-1]

    @exercise.mistake("Those are the velocities: return the points.")
    def _(theta, gradient, epsilon, alpha, steps):
        return np.diff(exercise.reference(theta, gradient, epsilon, alpha, steps), axis=0)

    @exercise.mistake("Those are the velocities after the start: append theta, not v.")
    def _(theta, gradient, epsilon, alpha, steps):
        path = exercise.reference(theta, gradient, epsilon, alpha, steps)
        return np.concatenate([path[:1], np.diff(path, axis=0)])

    @exercise.mistake("The ball itself never moves: write theta = theta + v, and then append theta.")
    def _(theta, gradient, epsilon, alpha, steps):
        pushed = gradient(theta)
        path = exercise.reference(theta, lambda here: pushed, epsilon, alpha, steps)
        return np.concatenate([path[:1], theta + np.diff(path, axis=0)])

    @exercise.mistake("Return the array of points alone, without the velocity.")
    def _(theta, gradient, epsilon, alpha, steps):
        path = exercise.reference(theta, gradient, epsilon, alpha, steps)
        return path, (path[-1] - path[-2])

    @exercise.mistake("Return the points on the way, one in each row: neither the last one alone nor a velocity.")
    def _(theta, gradient, epsilon, alpha, steps):
        path = exercise.reference(theta, gradient, epsilon, alpha, steps)
        return path[-1], path[-1] - path[-2]

    @exercise.mistake("The path ends one step early: the start and one point after each step are steps + 1 rows.")
    def _(theta, gradient, epsilon, alpha, steps):
        return exercise.reference(theta, gradient, epsilon, alpha, steps)[:-1]

    @exercise.mistake("One step too many: the start and one point after each step are steps + 1 rows.")
    def _(theta, gradient, epsilon, alpha, steps):
        return exercise.reference(theta, gradient, epsilon, alpha, steps + 1)

    @exercise.mistake("The gradient is taken at the start in each step: take it at the point where you are now.")
    def _(theta, gradient, epsilon, alpha, steps):
        pushed = gradient(theta)
        return exercise.reference(theta, lambda here: pushed, epsilon, alpha, steps)

    @exercise.mistake("The learning rate is missing: multiply the gradient by epsilon.")
    def _(theta, gradient, epsilon, alpha, steps):
        return exercise.reference(theta, gradient, 1, alpha, steps)

    @exercise.mistake("The push has the factor 1 - alpha. Equation 8.15 has none: the velocity is a sum, not a mean.")
    def _(theta, gradient, epsilon, alpha, steps):
        return exercise.reference(theta, gradient, epsilon * (1 - alpha), alpha, steps)

    @exercise.mistake("It stops after one step: is `return` inside the loop?")
    def _(theta, gradient, epsilon, alpha, steps):
        return exercise.reference(theta, gradient, epsilon, alpha, 1)

    @exercise.mistake("The ball starts at rest: the velocity begins at 0, and the first push comes in the loop.")
    def _(theta, gradient, epsilon, alpha, steps):
        before = theta + epsilon * gradient(theta)
        return exercise.reference(before, _held_until_start(gradient, theta), epsilon, alpha, steps + 1)[1:]

    for at_start in (_ones, _itself, _uphill):
        _add_moving_start(exercise, at_start)


def _ones(theta, gradient):
    return np.ones(len(theta))


def _itself(theta, gradient):
    return theta


def _uphill(theta, gradient):
    return gradient(theta)


def _add_moving_start(exercise, at_start):
    """Register a velocity that is not 0 at the start as a mistake: at_start(theta, gradient) -> v."""
    reach = 1 if exercise.name == "nesterov" else 0

    @exercise.mistake("The ball starts at rest: begin with v = np.zeros_like(theta).")
    def _(theta, gradient, epsilon, alpha, steps):
        path, v = [theta], at_start(theta, gradient)
        for _ in range(steps):
            v = alpha * v - epsilon * gradient(theta + reach * alpha * v)
            theta = theta + v
            path.append(theta)
        return np.array(path)


def _held_until_start(gradient, start):
    """Return the gradient, which at its first call is that at the start."""
    places = [start]
    return lambda theta: gradient(places.pop() if places else theta)


_add_common(momentum)


@exercise(*WALKS)
def nesterov(theta, gradient, epsilon, alpha, steps):
    return by_all_pushes(theta, gradient, epsilon, alpha, steps, ahead=True)


@nesterov.slips
def _(slip, theta, gradient, epsilon, alpha, steps):
    reach = alpha
    if slip("The gradient is taken at theta: that is momentum. Take it at theta + alpha v."):
        reach = 0
    elif slip("You look ahead by v. What the velocity will certainly add is alpha v."):
        reach = 1
    elif slip("You look back: the point ahead is theta plus alpha v."):
        reach = -alpha
    sign = 1 if slip(UPHILL) else -1
    kept = 1 if slip("Nothing is lost: multiply the old velocity by alpha.") else alpha
    jump = slip(
        "You start from the point ahead. The gradient comes from there, but theta moves from where it is, by v."
    )
    path, v = [theta], 0 * theta
    for _ in range(steps):
        ahead = theta + reach * v
        v = kept * v + sign * epsilon * gradient(ahead)
        theta = (ahead if jump else theta) + v
        path.append(theta)
    if slip("The start is missing: it is the first row."):
        path = path[1:]
    return np.array(path)


@nesterov.mistake("Those are the points ahead, as PyTorch keeps them. Return the points theta themselves.")
def _(theta, gradient, epsilon, alpha, steps):
    path = nesterov.reference(theta, gradient, epsilon, alpha, steps)
    return path + alpha * np.diff(path, axis=0, prepend=path[:1])


@_mistaken(
    nesterov, "You look ahead with the velocity that is already changed: take the gradient first, then change v."
)
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta)
    v = alpha * v - epsilon * gradient(theta + alpha * v)
    return theta + v, v


@_mistaken(nesterov, "You multiply v by alpha before you look ahead, and then again: look ahead by alpha v only once.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v
    v = v - epsilon * gradient(theta + alpha * v)
    return theta + v, v


@_mistaken(nesterov, "You look ahead by epsilon v. The velocity will carry the ball by alpha v.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta + epsilon * v)
    return theta + v, v


@_mistaken(nesterov, "Add alpha v to the point, inside the call of gradient, not to the gradient.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * (gradient(theta) + alpha * v)
    return theta + v, v


@_mistaken(nesterov, "The point ahead is theta + alpha v: alpha multiplies v alone.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(alpha * (theta + v))
    return theta + v, v


@_mistaken(nesterov, "The new velocity has alpha v in it already: move by v alone.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta + alpha * v)
    return theta + alpha * v + v, v


@_mistaken(nesterov, "You move by alpha times the new velocity: alpha v is where you look, and v is how far you go.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta + alpha * v)
    return theta + alpha * v, v


@_mistaken(
    nesterov, "The gradient is taken at theta, and the move is cut by alpha: look ahead in the call of gradient."
)
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta)
    return theta + alpha * v, v


@_mistaken(nesterov, "The old velocity is lost: v is alpha v minus epsilon times the gradient ahead.")
def _(theta, v, gradient, epsilon, alpha):
    v = -epsilon * gradient(theta + alpha * v)
    return theta + v, v


@_mistaken(nesterov, "You change the velocity twice in each step: first find the gradient ahead, then change v once.")
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta)
    v = alpha * v - epsilon * gradient(theta + v)
    return theta + v, v


@_mistaken(nesterov, UPHILL)
def _(theta, v, gradient, epsilon, alpha):
    v = alpha * v - epsilon * gradient(theta + alpha * v)
    return theta - v, v


@nesterov.mistake("Those are the points at which you take the gradient. Append theta, after its move.")
def _(theta, gradient, epsilon, alpha, steps):
    path = nesterov.reference(theta, gradient, epsilon, alpha, steps)
    moves = np.diff(path[:-1], axis=0, prepend=path[:1])
    return np.concatenate([path[:1], path[:-1] + alpha * moves])


@_mistaken(nesterov, "That is gradient descent. Does the velocity start anew, or is it never used?")
def _(theta, v, gradient, epsilon, alpha):
    return theta - epsilon * gradient(theta), v


_add_common(nesterov)


def _step(curvature, epsilon, alpha):
    return np.array([[1 + alpha - epsilon * curvature, -alpha], [1, 0]])


SLOW, SWINGING, WILD = (0.1, 0.1, 0.8), (2.0, 0.25, 0.9), (2.0, 2.5, 0.5)
PLAIN = (1.0, 0.5, 0.0), (2.0, 1.2, 0.0)


@exercise(SLOW, SWINGING, WILD, (0.1, 0.25, 0.9), *PLAIN, (1.0, 0.01, 0.5))
def factor(curvature, epsilon, alpha):
    trace = 1 + alpha - epsilon * curvature
    inside = trace**2 - 4 * alpha
    if inside < 0:
        return math.sqrt(alpha)
    return (abs(trace) + math.sqrt(inside)) / 2


@factor.slips
def _(slip, curvature, epsilon, alpha):
    corner, below = 1 + alpha - epsilon * curvature, -alpha
    if slip("Momentum adds alpha times the last step: 1 + alpha, not 1, stands in the corner of the matrix."):
        corner = 1 - epsilon * curvature
    elif slip("Always 1: the gradient has no effect. The upper row is 1 + alpha - epsilon * curvature and -alpha."):
        corner = 1 + alpha
    elif slip("The gradient pulls back: minus epsilon times the curvature."):
        corner = 1 + alpha + epsilon * curvature
    if slip("The upper right entry is minus alpha: the step before last is taken off again."):
        below = alpha
    matrix = np.array([[corner, below], [1, 0]])
    values = np.linalg.eigvals(matrix)
    if slip("The smaller eigenvalue dies out first: in the long run the larger one decides."):
        return float(np.abs(values).min())
    if slip("Take the magnitude abs(z) of a complex eigenvalue, not its real part."):
        return float(np.abs(values.real).max())
    return float(np.abs(values).max())


def _eigenvalues(curvature, epsilon, alpha):
    return np.linalg.eigvals(_step(curvature, epsilon, alpha))


@factor.mistake("That is the product of both eigenvalues, the determinant. The larger one alone decides.")
def _(curvature, epsilon, alpha):
    return alpha


@factor.mistake("Not the sum of the magnitudes: the larger one alone decides.")
def _(curvature, epsilon, alpha):
    return np.abs(_eigenvalues(curvature, epsilon, alpha)).sum()


@factor.mistake("Not the mean of the magnitudes: the larger one alone decides.")
def _(curvature, epsilon, alpha):
    return np.abs(_eigenvalues(curvature, epsilon, alpha)).mean()


@factor.mistake("eigvals sorts nothing: the larger one may be the first or the second. Take the maximum.")
def _(curvature, epsilon, alpha):
    return abs(_eigenvalues(curvature, epsilon, alpha)[0])


@factor.mistake("eigvals sorts nothing: the larger one may be the first or the second. Take the maximum.")
def _(curvature, epsilon, alpha):
    return abs(_eigenvalues(curvature, epsilon, alpha)[1])


@factor.mistake("That is its place in the array: return the magnitude itself.")
def _(curvature, epsilon, alpha):
    return np.argmax(np.abs(_eigenvalues(curvature, epsilon, alpha)))


@factor.mistake("Take the magnitude abs(z) of a complex eigenvalue, not its imaginary part.")
def _(curvature, epsilon, alpha):
    return np.abs(_eigenvalues(curvature, epsilon, alpha).imag).max()


@factor.mistake("Those are eigenvectors: eig returns the eigenvalues first, and eigvals returns them alone.")
def _(curvature, epsilon, alpha):
    return np.abs(np.linalg.eig(_step(curvature, epsilon, alpha))[1]).max()


@factor.mistake("The columns of the upper row are exchanged: the factor of the newer point comes first.")
def _(curvature, epsilon, alpha):
    corner, below = _step(curvature, epsilon, alpha)[0]
    return np.abs(np.linalg.eigvals([[below, corner], [1, 0]])).max()


@factor.mistake("In the corner stands 1 plus alpha: theta itself, and alpha times the last step.")
def _(curvature, epsilon, alpha):
    matrix = _step(curvature, epsilon, alpha) - [[2 * alpha, 0], [0, 0]]
    return np.abs(np.linalg.eigvals(matrix)).max()


@factor.mistake("That is the matrix of Nesterov momentum, which comes later: here only the gradient has epsilon in it.")
def _(curvature, epsilon, alpha):
    kept = 1 - epsilon * curvature
    return np.abs(np.linalg.eigvals([[(1 + alpha) * kept, -alpha * kept], [1, 0]])).max()


@factor.mistake("The gradient is epsilon times the curvature: multiply, and leave alpha out of it.")
def _(curvature, epsilon, alpha):
    return factor.reference(curvature, alpha * epsilon, alpha)


@factor.mistake("The gradient is epsilon times the curvature: do not divide.")
def _(curvature, epsilon, alpha):
    return factor.reference(1 / curvature, epsilon, alpha)


@factor.mistake("The point moves by the *new* velocity: in (v, theta) its row is alpha and 1 - epsilon * curvature.")
def _(curvature, epsilon, alpha):
    return np.abs(np.linalg.eigvals([[alpha, -epsilon * curvature], [1, 1]])).max()


@factor.mistake("epsilon and alpha are exchanged.")
def _(curvature, epsilon, alpha):
    return factor.reference(curvature, alpha, epsilon)


@factor.mistake("The magnitude of a complex eigenvalue is sqrt(alpha): the 2 is divided out. A real one can be larger.")
def _(curvature, epsilon, alpha):
    return 2 * math.sqrt(alpha)


@factor.mistake("Magnitudes first, then the largest: a negative eigenvalue can have the largest one.")
def _(curvature, epsilon, alpha):
    return float(abs(np.linalg.eigvals(_step(curvature, epsilon, alpha)).max()))


@factor.mistake("Take the magnitudes of the eigenvalues: abs before max.")
def _(curvature, epsilon, alpha):
    return np.linalg.eigvals(_step(curvature, epsilon, alpha)).max()


@factor.mistake("That is the right eigenvalue. Return its magnitude, abs(z).")
def _(curvature, epsilon, alpha):
    return max(np.linalg.eigvals(_step(curvature, epsilon, alpha)), key=abs)


@factor.mistake("epsilon is missing in the corner of the matrix: 1 + alpha - epsilon * curvature.")
def _(curvature, epsilon, alpha):
    return factor.reference(curvature, 1, alpha)


@factor.mistake("The matrix is not symmetric, and eigvalsh reads only half of it: take eigvals.")
def _(curvature, epsilon, alpha):
    return float(np.abs(np.linalg.eigvalsh(_step(curvature, epsilon, alpha))).max())


SECOND_ROW = "The second row copies the newer point: its entries are 1 and 0."


@factor.mistake("The second row of the matrix is 1 and 0; and its eigenvalues count, not its entries.")
def _(curvature, epsilon, alpha):
    return np.abs(_step(curvature, epsilon, alpha)).max()  # also the largest eigenvalue with 0 and 1 below


@factor.mistake(SECOND_ROW)
def _(curvature, epsilon, alpha):
    return float(np.abs(np.linalg.eigvals([_step(curvature, epsilon, alpha)[0], [1, 1]])).max())


@factor.mistake("Return the larger of the two magnitudes, one number.")
def _(curvature, epsilon, alpha):
    return np.abs(np.linalg.eigvals(_step(curvature, epsilon, alpha)))


@factor.mistake("That is gradient descent without its momentum.")
def _(curvature, epsilon, alpha):
    return abs(1 - epsilon * curvature)


@factor.mistake("The root of alpha is right where the path swings (complex eigenvalues). Elsewhere it is larger.")
def _(curvature, epsilon, alpha):
    return math.sqrt(alpha)


@factor.mistake("That is the largest singular value, which is about one step. In the long run eigenvalues decide.")
def _(curvature, epsilon, alpha):
    return float(np.linalg.norm(_step(curvature, epsilon, alpha), 2))


@exercise((0.1, 0.9, 2.0, 0.1), (0.5, 0.5, -1.0, 0.0), (0.01, 0.99, 3.0, 0.5), (0.2, 0.8, 1.5, 2.0))
def next_move(epsilon, alpha, g, drop):
    book = library = 0.0
    for _ in range(3000):
        book, library = alpha * book - epsilon * g, alpha * library + g
    return alpha * book - drop * epsilon * g, -drop * epsilon * (alpha * library + g)


@next_move.slips
def _(slip, epsilon, alpha, g, drop):
    terminal = g / (1 - alpha)
    kept = alpha * terminal
    if slip("The old velocity of the book decays by alpha before the new push is added."):
        kept = terminal
    push = drop * g
    if slip("The new push is missing from the book's: v becomes alpha v minus the new rate times g."):
        push = 0
    elif slip("The book's next step is not its last one: the push that is added now has the new rate."):
        push = g
    book = kept + push
    if slip("The book's velocity still holds the old pushes, made at the old rate: it does not drop at once."):
        book = drop * terminal
    library = drop * terminal
    if slip("PyTorch's step multiplies its whole velocity by the rate of now."):
        library = kept + push
    elif slip("PyTorch has a velocity as well, and after so many steps it is g / (1 - alpha)."):
        library = drop * g
    sign = 1 if slip("The sign is wrong: both go downhill, against g.") else -1
    both = sign * epsilon * book, sign * epsilon * library
    return both[::-1] if slip("Right, but in the other order: first the book's, then PyTorch's.") else both


@next_move.mistake("`drop` is a factor: the new rate is drop times epsilon.")
def _(epsilon, alpha, g, drop):
    terminal = g / (1 - alpha)
    return -alpha * epsilon * terminal - drop * g, -drop * terminal


@next_move.mistake("The rate becomes drop times as high. It is not lowered by that fraction.")
def _(epsilon, alpha, g, drop):
    return next_move.reference(epsilon, alpha, g, 1 - drop)


@next_move.mistake("After so many steps neither velocity is one push: 1 / (1 - alpha) pushes have added up.")
def _(epsilon, alpha, g, drop):
    return -epsilon * g * (alpha + drop), -drop * epsilon * g * (1 + alpha)


@next_move.mistake("Two numbers are asked for: the book's move and PyTorch's.")
def _(epsilon, alpha, g, drop):
    return next_move.reference(epsilon, alpha, g, drop)[0]


@next_move.mistake("Two numbers are asked for: the book's move and PyTorch's.")
def _(epsilon, alpha, g, drop):
    return next_move.reference(epsilon, alpha, g, drop)[1]


@next_move.mistake("That is PyTorch's velocity. Its move is minus the rate of now times the velocity.")
def _(epsilon, alpha, g, drop):
    return next_move.reference(epsilon, alpha, g, drop)[0], g / (1 - alpha)


PYTORCH_STAYS = "PyTorch's velocity stays at g / (1 - alpha): alpha times it, plus the new g, is the same again."


@next_move.mistake(PYTORCH_STAYS)
def _(epsilon, alpha, g, drop):
    return next_move.reference(epsilon, alpha, g, drop)[0], -drop * epsilon * alpha * g / (1 - alpha)


@next_move.mistake(PYTORCH_STAYS)
def _(epsilon, alpha, g, drop):
    return next_move.reference(epsilon, alpha, g, drop)[0], -drop * epsilon * (g / (1 - alpha) + g)


@next_move.mistake("The book's ball is not at rest: alpha times its velocity -epsilon g / (1 - alpha) is kept.")
def _(epsilon, alpha, g, drop):
    return -drop * epsilon * g, next_move.reference(epsilon, alpha, g, drop)[1]


@exercise((0.9, 0.5), (0.9, 0.99), (0.5, 0.5), (0.5, 0.75), (0.99, 0.9), (0.8, 0.95))
def steps_to_speed(alpha, fraction):
    speed, steps = 0.0, 0
    while speed < fraction / (1 - alpha):
        speed = alpha * speed + 1
        steps += 1
    return steps


@steps_to_speed.mistake("A step is whole, and before the last one the speed is not yet reached: round up, not down.")
def _(alpha, fraction):
    return math.floor(math.log(1 - fraction) / math.log(alpha))


@steps_to_speed.mistake("Reached exactly is reached: do not go one step further where the number is whole already.")
def _(alpha, fraction):
    return math.floor(math.log(1 - fraction) / math.log(alpha)) + 1


@steps_to_speed.mistake("Rounded to the nearest: before the last step the speed is not yet reached, so round up.")
def _(alpha, fraction):
    return round(math.log(1 - fraction) / math.log(alpha))


@steps_to_speed.mistake("Not rounded yet: steps are whole.")
def _(alpha, fraction):
    return math.log(1 - fraction) / math.log(alpha)


@steps_to_speed.mistake("What is still missing, alpha^t, has to fall to 1 - fraction, not to the fraction itself.")
def _(alpha, fraction):
    return math.ceil(math.log(fraction) / math.log(alpha))


@steps_to_speed.mistake("What is still missing, alpha^t, has to fall to 1 - fraction, and steps are whole.")
def _(alpha, fraction):
    return math.log(fraction) / math.log(alpha)


@steps_to_speed.mistake("alpha^t is what shrinks: divide by the logarithm of alpha, not of 1 - alpha.")
def _(alpha, fraction):
    return math.ceil(math.log(1 - fraction) / math.log(1 - alpha))


@steps_to_speed.mistake("The quotient is upside down: t is log(1 - fraction) / log(alpha).")
def _(alpha, fraction):
    return math.ceil(math.log(alpha) / math.log(1 - fraction))


@steps_to_speed.mistake("One step early: does your loop stop before the speed is reached?")
def _(alpha, fraction):
    return steps_to_speed.reference(alpha, fraction) - 1


@steps_to_speed.mistake("One step late: after t steps the speed is 1 - alpha^t of the terminal one.")
def _(alpha, fraction):
    return steps_to_speed.reference(alpha, fraction) + 1


@steps_to_speed.mistake("1 / (1 - alpha) is how fast it becomes, not how long that takes.")
def _(alpha, fraction):
    return math.ceil(fraction / (1 - alpha))


@steps_to_speed.mistake("1 / (1 - alpha) is how fast it becomes, not how long that takes.")
def _(alpha, fraction):
    return fraction / (1 - alpha)


@steps_to_speed.mistake("1 / (1 - alpha) is how fast it becomes, not how long that takes.")
def _(alpha, fraction):
    return 1 / (1 - alpha)
