"""The exercises of lesson 9.2, Sparse, Shared, Equivariant."""

import numpy as np
from scipy import linalg

from . import exercise


@exercise(
    {"dense": ((28, 28), (5, 5), "dense"), "local": ((28, 28), (5, 5), "local")},
    {"shared": ((28, 28), (5, 5), "shared"), "dense, edges": ((280, 320), (1, 2), "dense")},
    {"local, wide kernel": ((7, 9), (2, 4), "local"), "shared, wide kernel": ((7, 9), (2, 4), "shared")},
)
def count_weights(image, kernel, kind):
    places = np.prod([len(range(n - k + 1)) for n, k in zip(image, kernel, strict=True)])
    return {"dense": np.prod(image) * places, "local": np.prod(kernel) * places, "shared": np.prod(kernel)}[kind]


@count_weights.slips
def _(slip, image, kernel, kind):
    shrink = np.array(kernel) - 1
    if slip("The output is smaller than the image: n - k + 1 places along each axis."):
        shrink = np.array([0, 0])
    elif slip("Count the first place too: n - k + 1 places along each axis."):
        shrink = np.array(kernel)
    inputs, outputs, window = np.prod(image), np.prod(np.array(image) - shrink), np.prod(kernel)
    if slip("A window has height times width pixels."):
        window = np.max(kernel)
    if kind == "dense":
        if slip("In a dense layer each output has a weight for every pixel of the image, not a window of it."):
            return window * outputs
        return inputs * inputs if slip("There is one weight per pair of an input and an output.") else inputs * outputs
    if kind == "local":
        if slip("Locally connected: a window of weights for each output, none of them shared."):
            return window
        return window * inputs if slip("Count windows by outputs: one for each.") else window * outputs
    return window * outputs if slip("Shared: all outputs use the same weights, which count once.") else window


def _count(inputs, outputs, window, kind):
    return {"dense": inputs * outputs, "local": window * outputs, "shared": window}[kind]


@count_weights.mistake(
    "In a dense layer there is one weight for each pair of an input and an output: a product, no sum."
)
def _(image, kernel, kind):
    inputs, outputs = np.prod(image), np.prod(np.subtract(image, kernel) + 1)
    return inputs + outputs if kind == "dense" else count_weights.reference(image, kernel, kind)


@count_weights.mistake(
    "Shared means that all windows use the same kernel. The kernel itself has height times width weights."
)
def _(image, kernel, kind):
    return 1 if kind == "shared" else count_weights.reference(image, kernel, kind)


@count_weights.mistake("In a dense layer each output has a weight for every pixel: inputs times outputs.")
def _(image, kernel, kind):
    return np.prod(image) * np.prod(kernel) if kind == "dense" else count_weights.reference(image, kernel, kind)


@count_weights.mistake("Biases do not count here.")
def _(image, kernel, kind):
    outputs = np.prod(np.subtract(image, kernel) + 1)
    return count_weights.reference(image, kernel, kind) + (1 if kind == "shared" else outputs)


@count_weights.mistake("Images and kernels need not be square: use both numbers of each shape.")
def _(image, kernel, kind):
    return _count(image[0] ** 2, (image[0] - kernel[0] + 1) ** 2, kernel[0] ** 2, kind)


@count_weights.mistake("These are weights of one row. Images have two axes: height times width.")
def _(image, kernel, kind):
    return _count(image[0], image[0] - kernel[0] + 1, kernel[0], kind)


def counted(outputs=None, window=None, inputs=None):
    """Return a count_weights in which some of the three numbers are counted in another way."""

    def wrong(image, kernel, kind):
        places = (image[0] - kernel[0] + 1) * (image[1] - kernel[1] + 1)
        return _count(
            inputs(*image) if inputs else image[0] * image[1],
            outputs(*image, *kernel) if outputs else places,
            window(*kernel) if window else kernel[0] * kernel[1],
            kind,
        )

    return wrong


count_weights.mistake("A window has height times width pixels, not height plus width.")(
    counted(window=lambda height, width: height + width)
)
count_weights.mistake("An image has height times width pixels, not height plus width.")(
    counted(inputs=lambda height, width: height + width)
)
count_weights.mistake("Rows belong to rows: (H - h + 1) times (W - w + 1) places for an h x w kernel.")(
    counted(outputs=lambda height, width, h, w: (height - w + 1) * (width - h + 1))
)
count_weights.mistake("Count places along each axis and multiply: (H - h + 1) (W - w + 1), not H W - h w.")(
    counted(outputs=lambda height, width, h, w: height * width - h * w)
)
count_weights.mistake("Count places along each axis and multiply: (H - h + 1) (W - w + 1), not H W - h w + 1.")(
    counted(outputs=lambda height, width, h, w: height * width - h * w + 1)
)
count_weights.mistake("That is the output of 'full'. Without padding there are n - k + 1 places, fewer than pixels.")(
    counted(outputs=lambda height, width, h, w: (height + h - 1) * (width + w - 1))
)


@count_weights.mistake(
    "These are the inputs of the dense layer. It has a weight for every pair of an input and an output."
)
def _(image, kernel, kind):
    return image[0] * image[1] if kind == "dense" else count_weights.reference(image, kernel, kind)


@count_weights.mistake(
    "These are the outputs of the dense layer. It has a weight for every pair of an input and an output."
)
def _(image, kernel, kind):
    if kind == "dense":
        return (image[0] - kernel[0] + 1) * (image[1] - kernel[1] + 1)
    return count_weights.reference(image, kernel, kind)


@count_weights.mistake("Locally connected: each output has as many weights as its window has pixels, not one.")
def _(image, kernel, kind):
    if kind == "local":
        return (image[0] - kernel[0] + 1) * (image[1] - kernel[1] + 1)
    return count_weights.reference(image, kernel, kind)


@count_weights.mistake("Dense and local are exchanged: it is the local one that sees a window.")
def _(image, kernel, kind):
    other = {"dense": "local", "local": "dense"}.get(kind, kind)
    return count_weights.reference(image, kernel, other)


@count_weights.mistake("Locally connected is not dense: an output sees the pixels of its window alone.")
def _(image, kernel, kind):
    return count_weights.reference(image, kernel, "dense" if kind == "local" else kind)


@count_weights.mistake("Does your function use `kind`? You count the shared weights in all three cases.")
def _(image, kernel, kind):
    return count_weights.reference(image, kernel, "shared")


@count_weights.mistake("`image` and `kernel` are shapes already, tuples: image[0] is the number of rows.")
def _(image, kernel, kind):
    return image.shape[0] * image.shape[1]


FIELDS = {
    "three layers, no strides": ((3, 3, 3), (1, 1, 1)),
    "with strides": ((5, 2, 5, 2), (1, 2, 1, 2)),
    "stride 3 below": ((7, 3), (3, 1)),
    "stride 2 twice": ((7, 3), (2, 2)),
    "a kernel of one pixel": ((1, 3), (1, 1)),
    "one layer, stride 4": ((11,), (4,)),
}


@exercise(FIELDS)
def receptive_field(kernel_sizes, strides):
    first = last = 0
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        first, last = first * s, last * s + k - 1
    return last - first + 1


@receptive_field.slips
def _(slip, kernel_sizes, strides):
    if slip("Neighbouring windows overlap, so their sizes do not just add up."):
        return sum(kernel_sizes)
    if slip("Strides matter: below a layer of stride 2, neighbours are two pixels apart."):
        strides = [1] * len(strides)
    layers = list(zip(kernel_sizes, strides, strict=True))
    if slip("A unit at the top sees through its own layer first: begin there and go down."):
        layers.reverse()
    seen = 1
    for k, s in reversed(layers):
        if slip("A layer's stride spreads what lies above it, not its own window."):
            seen = (seen - 1 + k - 1) * s + 1
        elif slip("r windows begin r - 1 strides apart, from the first to the last."):
            seen = seen * s + k
        else:
            seen = (seen - 1) * s + k
    if slip("Begin with one unit at the top, not with none."):
        return seen - int(np.prod(strides))
    return seen


@receptive_field.mistake("Windows that overlap share their pixels: sizes are not multiplied.")
def _(kernel_sizes, strides):
    return int(np.prod(kernel_sizes))


@receptive_field.mistake("Count both ends: from the first pixel to the last there is one more than their distance.")
def _(kernel_sizes, strides):
    return receptive_field.reference(kernel_sizes, strides) - 1


@receptive_field.mistake("The strides of all layers below multiply, not only that of the layer next to it.")
def _(kernel_sizes, strides):
    below = [1, *strides[:-1]]
    return 1 + sum((k - 1) * s for k, s in zip(kernel_sizes, below, strict=True))


@receptive_field.mistake("Right along one axis, and then squared: the number of pixels along one axis is asked for.")
def _(kernel_sizes, strides):
    return receptive_field.reference(kernel_sizes, strides) ** 2


@receptive_field.mistake("r windows begin r - 1 strides apart, and the last one is k wide: (r - 1) s + k.")
def _(kernel_sizes, strides):
    seen = 1
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        seen = seen * s + k - 1
    return seen


@receptive_field.mistake(
    "Going down, a layer's stride multiplies what you have so far: (r - 1) s + k, not r + (k - 1) s."
)
def _(kernel_sizes, strides):
    return 1 + sum((k - 1) * s for k, s in zip(kernel_sizes, strides, strict=True))


@receptive_field.mistake("A layer's stride spreads the windows, not the pixels of a window: (r - 1) s + k.")
def _(kernel_sizes, strides):
    seen = 1
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        seen = (seen + k - 1) * s
    return seen


@receptive_field.mistake("The last window is k wide, not k - 1: (r - 1) s + k.")
def _(kernel_sizes, strides):
    seen = 1
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        seen = (seen - 1) * s + k - 1
    return seen


@receptive_field.mistake("Kernel and stride are exchanged: (r - 1) s + k.")
def _(kernel_sizes, strides):
    seen = 1
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        seen = (seen - 1) * k + s
    return seen


@receptive_field.mistake("Go through both lists in the same direction: a layer's stride belongs to its own kernel.")
def _(kernel_sizes, strides):
    return receptive_field.reference(kernel_sizes, strides[::-1])


@receptive_field.mistake("Both lists are to be gone through from the top down: reverse the kernel sizes, too.")
def _(kernel_sizes, strides):
    return receptive_field.reference(kernel_sizes[::-1], strides)


@receptive_field.mistake("A window adds k - 1 pixels to what is seen, times the strides below, not k.")
def _(kernel_sizes, strides):
    seen, apart = 1, 1
    for k, s in zip(kernel_sizes, strides, strict=True):
        seen, apart = seen + k * apart, apart * s
    return seen


@receptive_field.mistake("Strides multiply on the way through the layers. You add them.")
def _(kernel_sizes, strides):
    seen, apart = 1, 0
    for k, s in zip(kernel_sizes, strides, strict=True):
        seen, apart = seen + (k - 1) * max(apart, 1), apart + s
    return seen


@receptive_field.mistake("That is the top layer's window alone. Is `return` inside the loop?")
def _(kernel_sizes, strides):
    return kernel_sizes[-1]


@receptive_field.mistake("That is the lowest layer's window alone: the layers above see several of these.")
def _(kernel_sizes, strides):
    return kernel_sizes[0]


@receptive_field.mistake("Only the field of the last layer is asked for, not that of each layer.")
def _(kernel_sizes, strides):
    ends = range(1, len(strides) + 1)
    return [receptive_field.reference(kernel_sizes[:end], strides[:end]) for end in ends]


@receptive_field.mistake("That is how far apart neighbouring windows lie, the product of the strides. How wide is one?")
def _(kernel_sizes, strides):
    return int(np.prod(strides))


@receptive_field.mistake(
    "kernel_sizes may be a tuple: reversed(kernel_sizes) goes through it backwards without a change."
)
def _(kernel_sizes, strides):
    return kernel_sizes.reverse()


@receptive_field.mistake("r windows begin (r - 1) strides apart: subtract the 1 from r, do not add it.")
def _(kernel_sizes, strides):
    seen = 1
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        seen = (seen + 1) * s + k
    return seen


@receptive_field.mistake("(r - 1) s + k, with a product and then a sum: mind the brackets.")
def _(kernel_sizes, strides):
    seen = 1
    for k, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        seen = (seen - 1) * (s + k)
    return seen


@receptive_field.mistake("(r - 1) s + k: without brackets, r - 1 * s + k subtracts one stride only.")
def _(kernel_sizes, strides):
    return 1 + sum(kernel_sizes) - sum(strides)


def shift(x):
    return np.roll(x, 1, axis=1)


def relu(x):
    return np.maximum(x, 0)


def less_the_sum(x):
    return x - np.cumsum(x)[-1]  # in order, so that a shift changes the rounding


ROWS = np.array([[3.0, -1.0, 4.0, -1.0], [-5.0, 9.0, 2.0, -6.0], [5.0, 3.0, -5.0, 8.0], [9.0, 7.0, -9.0, 3.0]])
FRACTIONS = np.array([[0.2, 0.3, 0.1]])


@exercise(
    {"absolute values and a shift": (np.abs, shift, ROWS), "a flip and a shift": (np.fliplr, shift, ROWS)},
    {"a flip and a square": (np.fliplr, np.square, ROWS), "a rotation and a flip": (np.rot90, np.fliplr, ROWS)},
    {"equal up to rounding": (less_the_sum, shift, FRACTIONS)},
    {"the same numbers, elsewhere": (lambda x: x[::-1], np.transpose, ROWS)},
    {"a sum that does not move": (lambda x: np.full(x.shape, x.sum()), np.negative, ROWS)},
    {"add 1 and double": (lambda x: x + 1, lambda x: 2 * x, ROWS)},
    {"ReLU and absolute values": (relu, np.abs, ROWS), "a function and itself": (np.sin, np.sin, ROWS)},
    {"invariant, not equivariant": (lambda x: np.sort(x, axis=1), shift, ROWS)},
    {"nearly equal": (lambda x: 2 * x, lambda x: x + 1e-3, ROWS)},
)
def commutes(f, g, x):
    one, other = f(g(x)), g(f(x))
    return bool(np.max(np.abs(one - other)) < 1e-9)


@commutes.mistake("That is invariance, f(g(x)) = f(x). Here both sides are transformed.")
def _(f, g, x):
    return np.allclose(f(g(x)), f(x))


@commutes.mistake("Equal up to rounding is good enough: np.allclose instead of array_equal or ==.")
def _(f, g, x):
    return np.array_equal(f(g(x)), g(f(x)))


@commutes.mistake("`==` compares entry by entry: one answer, True or False, is asked for, as np.allclose gives it.")
def _(f, g, x):
    return f(g(x)) == g(f(x))


@commutes.mistake("np.isclose compares entry by entry. np.allclose gives one answer.")
def _(f, g, x):
    return np.isclose(f(g(x)), g(f(x)))


@commutes.mistake("It is enough for one entry to differ: all have to agree, not any.")
def _(f, g, x):
    return bool(np.any(np.isclose(f(g(x)), g(f(x)))))


@commutes.mistake("You compare f(x) with g(x). Apply both functions, in either order.")
def _(f, g, x):
    return np.allclose(f(x), g(x))


@commutes.mistake("The right side is missing its g: compare f(g(x)) with g(f(x)).")
def _(f, g, x):
    return np.allclose(g(f(x)), f(x))


@commutes.mistake("Always False? Compare the numbers of f(g(x)) and g(f(x)), not x itself, and not by `is`.")
def _(f, g, x):
    return False


@commutes.mistake("f and g are functions of arrays: f(g(x)), not f(g).")
def _(f, g, x):
    return f(g) == g(f)


@commutes.mistake("That is the difference. Is it 0 everywhere, up to rounding?")
def _(f, g, x):
    return f(g(x)) - g(f(x))


@commutes.mistake("The other way round: True if the two orders agree.")
def _(f, g, x):
    return not commutes.reference(f, g, x)


@commutes.mistake("Compare the arrays, place by place. Their sums, means or sorted entries are not enough.")
def _(f, g, x):
    return np.allclose(np.sort(f(g(x)), axis=None), np.sort(g(f(x)), axis=None))


@commutes.mistake("Compare the arrays, place by place. Their sums, means or sorted entries are not enough.")
def _(f, g, x):
    return bool(np.isclose(np.sum(f(g(x))), np.sum(g(f(x)))))


@commutes.mistake(
    "Rounding errors are tiny. A difference of a thousandth is no rounding: np.allclose as it is, without atol."
)
def _(f, g, x):
    return np.allclose(f(g(x)), g(f(x)), atol=0.1)


@commutes.mistake(
    "Rounding errors are tiny. A difference of a thousandth is no rounding: np.allclose as it is, without atol."
)
def _(f, g, x):
    return np.allclose(f(g(x)), g(f(x)), atol=1)


@commutes.mistake("A large negative difference passes your test: take absolute values before the maximum.")
def _(f, g, x):
    return bool(np.max(f(g(x)) - g(f(x))) < 1e-6)


@commutes.mistake("That is f(f(x)) and g(g(x)). Apply both functions on each side, in either order.")
def _(f, g, x):
    return np.allclose(f(f(x)), g(g(x)))


@commutes.mistake("Only one place is compared. All places have to agree: np.allclose.")
def _(f, g, x):
    return bool(np.isclose(f(g(x)).flat[0], g(f(x)).flat[0]))


@commutes.mistake("Always True? One side needs f first, the other g, and their numbers are to be compared.")
def _(f, g, x):
    return True


def box(*kernel):
    """Return a function that convolves a row, wrapped round, with a kernel."""
    matrix = linalg.circulant(kernel)

    def convolved(x):
        if np.shape(x) != (len(kernel),):
            raise ValueError(f"f: x expects {len(kernel)} numbers, got shape {np.shape(x)}")
        return matrix @ np.asarray(x, float)

    return convolved


@exercise(
    {"a box": (box(1, -2, 0, 4, 0.5), 5), "a shift": (box(0, 1, 0, 0), 4), "six weights": (box(3, 1, 2, 0, 7, 5), 6)}
)
def hidden_kernel(f, n):
    return np.stack([f(unit) for unit in np.eye(n)], axis=1)[:, 0]


@hidden_kernel.slips
def _(slip, f, n):
    if slip("An input of ones adds up all weights: light one place only."):
        return f(np.ones(n))
    columns = np.stack([f(unit) for unit in np.eye(n)], axis=1)
    if slip("That is the whole matrix. Its first column is the kernel, and all others are that column, shifted."):
        return columns
    if slip("That is a row of the matrix, the kernel flipped: ask what one bright place does to all outputs."):
        return columns[0]
    if slip("Light place 0. Another place gives the kernel shifted."):
        return columns[:, n // 2]
    return columns[:, 0]


@hidden_kernel.mistake("Light place 0. Another place gives the kernel shifted.")
def _(f, n):
    return f(np.eye(n)[-1])


@hidden_kernel.mistake("Light place 0. Another place gives the kernel shifted.")
def _(f, n):
    return f(np.eye(n)[1])


@hidden_kernel.mistake("f takes one row of n numbers at a time. Give it the first row of np.eye(n).")
def _(f, n):
    return f(np.eye(n))


@hidden_kernel.mistake("An input of zeros tells nothing: a linear f makes zeros of it.")
def _(f, n):
    return f(np.zeros(n))


@hidden_kernel.mistake("That is what goes in. What comes out, f of it, is the kernel.")
def _(f, n):
    return np.eye(n)[0]


@hidden_kernel.mistake("Those n numbers are all alike, one diagonal of the matrix. Its first column is the kernel.")
def _(f, n):
    return np.array([f(unit)[place] for place, unit in enumerate(np.eye(n))])


@hidden_kernel.mistake("All n outputs are the kernel, not the first of them alone.")
def _(f, n):
    return f(np.eye(n)[0])[0]


@hidden_kernel.mistake("Those outputs mix all weights: let one input be 1 and all others 0.")
def _(f, n):
    return f(np.arange(n))


@hidden_kernel.mistake("Those outputs mix all weights: let one input be 1 and all others 0.")
def _(f, n):
    return f(np.arange(1, n + 1))


@hidden_kernel.mistake(
    "That is the whole matrix, with its columns as rows. One of its columns is the kernel: f of one input."
)
def _(f, n):
    return np.array([f(unit) for unit in np.eye(n)])
