"""The exercises of lesson 6.5a, Back-Propagation."""

from itertools import pairwise

import numpy as np

from ..autodiff import Tensor, ops
from . import exercise

FIRST = {("x", "a"): 3, ("y", "a"): 2}
GRAPH = FIRST | {("a", "b"): 1, ("x", "b"): 1, ("a", "c"): 1, ("y", "c"): -1, ("b", "z"): 3, ("c", "z"): 8}
MIXED = {("s", "loss"): -2.0, ("w", "s"): 4.0, ("u", "t"): 0.5, ("t", "loss"): 3.0, ("w", "u"): -1.0, ("u", "s"): 2.0}
CHAIN = {("p", "q"): 2.0, ("q", "r"): 5.0}
CASES = (
    {"the graph above": (["x", "y", "a", "b", "c", "z"], GRAPH)},
    {"a chain, slopes 2 and 5": (["p", "q", "r"], CHAIN)},
    {"arrows listed in mixed order": (["w", "u", "s", "t", "loss"], MIXED)},
)


def along_paths(start, end, slopes):
    """Return the sum over all paths of the products of slopes."""
    if start == end:
        return 1.0
    return sum(slope * along_paths(head, end, slopes) for (tail, head), slope in slopes.items() if tail == start)


@exercise(*CASES)
def backward(order, slopes):
    return {node: along_paths(node, order[-1], slopes) for node in order}


@backward.slips
def _(slip, order, slopes):
    if slip("These are slopes with respect to the first node: forward mode. Here 1 belongs to the last node."):
        return {node: along_paths(order[0], node, slopes) for node in order}
    grad = {node: float(node == order[-1]) for node in order}
    nodes = order[::-1]
    if slip("A node passes on its slope only when that is complete: go from the last node to the first."):
        nodes = order
    no_slope = slip("Multiply by the slope on the arrow before you pass it on.")
    added = False if no_slope else slip("Along a path slopes are multiplied. You added the slope on the arrow.")
    overwritten = slip("A node has several arrows: add what comes along each of them (+=), do not overwrite.")
    for node in nodes:
        for (tail, head), slope in slopes.items():
            if head == node:
                passed = grad[head] if no_slope else grad[head] + slope if added else grad[head] * slope
                grad[tail] = passed if overwritten else grad[tail] + passed
    return grad


@backward.mistake("All slopes are 0: begin with 1 at the last node, its slope with respect to itself.")
def _(order, slopes):
    return dict.fromkeys(order, 0)


@backward.mistake("Nothing has moved: along an arrow from tail to head, the head passes its slope on to the tail.")
def _(order, slopes):
    return {node: int(node == order[-1]) for node in order}


@backward.mistake("You use the arrows as they are listed. Go through `order` backwards, and find each node's arrows.")
def _(order, slopes):
    grad = {node: int(node == order[-1]) for node in order}
    for (tail, head), slope in reversed(slopes.items()):
        grad[tail] += grad[head] * slope
    return grad


@backward.mistake("Right, but only for nodes without inputs: keep the slope for every node.")
def _(order, slopes):
    heads = {head for _, head in slopes}
    return {node: slope for node, slope in backward.reference(order, slopes).items() if node not in heads}


STARTS = tuple(
    {f"{name}, from {start}": (order, slopes, start)}
    for (name, (order, slopes)), start in zip((next(iter(case.items())) for case in CASES), "ypu", strict=True)
)


@exercise(*STARTS, {"the graph above, from x": (["x", "y", "a", "b", "c", "z"], GRAPH, "x")})
def forward(order, slopes, start):
    return {node: along_paths(start, node, slopes) for node in order}


@forward.slips
def _(slip, order, slopes, start):
    if slip("That is the reverse pass: slopes of the last node. Here 1 belongs to the start."):
        return {node: along_paths(node, order[-1], slopes) for node in order}
    if slip("The 1 belongs to `start`, which need not be the first node of the order."):
        start = order[0]
    result = {node: float(node == start) for node in order}
    nodes = order
    if slip("A node needs the slopes of its inputs: go from the first node to the last."):
        nodes = order[::-1]
    no_slope = slip("Multiply by the slope on the arrow before you add.")
    overwritten = slip("A node can have several inputs: add what comes along each arrow, do not overwrite.")
    for node in nodes:
        for (tail, head), slope in slopes.items():
            if head == node:
                passed = result[tail] * (1 if no_slope else slope)
                result[head] = passed if overwritten else result[head] + passed
    return result


@forward.mistake("All slopes are 0: begin with 1 at the start, its slope with respect to itself.")
def _(order, slopes, start):
    return dict.fromkeys(order, 0)


@forward.mistake("Only `start` begins with 1. All other nodes begin with 0.")
def _(order, slopes, start):
    result = dict.fromkeys(order, 1)
    for node in order:
        for (tail, head), slope in slopes.items():
            if head == node:
                result[head] += result[tail] * slope
    return result


def draw_network(rng, rows, inputs, hidden, outputs):
    """Return X, Y, W1, b1, W2, b2."""
    shapes = (rows, inputs), (rows, outputs), (inputs, hidden), (hidden,), (hidden, outputs), (outputs,)
    return tuple(rng.normal(size=shape) for shape in shapes)


@exercise(
    {"6 examples, 4-5-2 units": draw_network(np.random.default_rng(1), 6, 4, 5, 2)},
    {"3 examples, 2-3-1 units": draw_network(np.random.default_rng(2), 3, 2, 3, 1)},
)
def gradients(X, Y, W1, b1, W2, b2):
    leaves = [Tensor(array, requires_grad=True) for array in (W1, b1, W2, b2)]
    error = ops.tanh(X @ leaves[0] + leaves[1]) @ leaves[2] + leaves[3] - Y
    (error * error).mean().backward()
    return tuple(leaf.grad for leaf in leaves)


@gradients.slips
def _(slip, X, Y, W1, b1, W2, b2):
    A = X @ W1 + b1
    H = np.tanh(A)
    E = H @ W2 + b2 - Y
    factor = 1 if slip("The slope of a square is twice its base: a factor 2 is missing.") else 2
    count = E.size
    if slip("The loss is a mean: divide by the number of entries of E."):
        count = 1
    elif slip("The mean is over all entries of E, not over its rows only: divide by E.size."):
        count = len(E)
    G = factor * E / count
    grad_H = G @ W2.T
    if slip("The slope of tanh is missing: multiply the gradient with respect to H by 1 - H**2."):
        grad_A = grad_H
    elif slip("H is already tanh of something: its slope is 1 - H**2, not 1 - np.tanh(H)**2."):
        grad_A = grad_H * (1 - np.tanh(H) ** 2)
    elif slip("The slope of tanh is 1 - H**2, with the result H of tanh, not with what goes into it."):
        grad_A = grad_H * (1 - A**2)
    else:
        grad_A = grad_H * (1 - H**2)
    add = np.sum
    if slip("Every row of the batch uses the bias, so its gradients add up: a sum over rows, not a mean."):
        add = np.mean
    grads = X.T @ grad_A, add(grad_A, axis=0), H.T @ G, add(G, axis=0)
    if slip("Right numbers, other order: W1, b1, W2, b2."):
        return grads[2:] + grads[:2]
    return grads


@gradients.mistake("A bias is used in every row, so its gradient is a sum over the rows, and has the bias's shape.")
def _(X, Y, W1, b1, W2, b2):
    grads = gradients.reference(X, Y, W1, b1, W2, b2)
    H = np.tanh(X @ W1 + b1)
    G = 2 * (H @ W2 + b2 - Y) / Y.size
    return grads[0], (G @ W2.T) * (1 - H**2), grads[2], G


@exercise(((5, 3, 2), "forward"), ((5, 3, 2), "reverse"), ((4, 6, 6, 1), "reverse"), ((1, 7, 3, 9), "forward"))
def products(widths, mode):
    seeds = np.eye(widths[0] if mode == "forward" else widths[-1])
    count = 0
    for below, above in pairwise(widths):
        count += len(seeds) * below * above
    return count


@products.slips
def _(slip, widths, mode):
    passes = widths[0] if mode == "forward" else widths[-1]
    if slip("The other way round: forward needs a pass for each input, reverse one for each output."):
        passes = widths[-1] if mode == "forward" else widths[0]
    elif slip("That is a single pass. All of the Jacobian takes one for each input (forward) or output (reverse)."):
        passes = 1
    elif slip("You took the inputs for both. In reverse mode the unit vectors belong to the outputs."):
        passes = widths[0]
    elif slip("You took the outputs for both. In forward mode the unit vectors belong to the inputs."):
        passes = widths[-1]
    sizes = [below * above for below, above in pairwise(widths)]
    if slip("Within a pass the layers follow each other: their products add up, they do not multiply."):
        return passes * int(np.prod(sizes))
    return passes * sum(sizes)
