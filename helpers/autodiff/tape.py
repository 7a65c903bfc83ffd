"""Reverse-mode automatic differentiation (book, section 6.5): the tape, which knows no operation.

Each value that depends on a leaf, a Tensor made with requires_grad=True, has a node: where it came
from, and the pullbacks. The nodes are the tape; `play` goes through it once, from its end to its
beginning. `operation` adds the nodes, a `Tensor` carries one, and `ops` is the table of operations.

Pullbacks compute with plain arrays, which no tape records. So a gradient is an array, and there is
no gradient of a gradient: write the gradient as a formula of Tensors, or take differences of it.
"""

from contextvars import ContextVar
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from itertools import count
from operator import attrgetter

import numpy as np

# Numbers too small for floats become 0, as exp(-1000) does, or a gradient that has vanished.
quiet_underflow = np.errstate(under="ignore")

recording = ContextVar("recording", default=True)
_numbers = count()


class Node:
    """Say where a value came from; the tape does not hold the value itself.

    `edges` are (node, pullback, version) of each input that requires a gradient. They are None once
    `play` has used them, which frees what the pullbacks kept in memory. `number` counts the nodes:
    a node is always made after those of its inputs.
    """

    __slots__ = ("dtype", "edges", "name", "number", "shape")
    version = 0
    grad = None
    is_leaf = False

    def __init__(self, name, array, edges):
        self.name = name
        self.shape = array.shape
        self.dtype = array.dtype
        self.edges = edges
        self.number = next(_numbers)


class Leaf(Node):
    """Begin the tape: gradients add up in `grad`; `version` counts changes of the data."""

    __slots__ = ("grad", "version")
    is_leaf = True

    def __init__(self, array):
        super().__init__("leaf", array, ())
        self.version = 0
        self.grad = None


class no_grad:
    """Record nothing within this block, or with @no_grad() within this function.

    Results are constants.
    """

    def __init__(self):
        self._tokens = []

    def __enter__(self):
        self._tokens.append(recording.set(False))

    def __exit__(self, *error):
        recording.reset(self._tokens.pop())

    def __call__(self, function):
        kinds = (isgeneratorfunction, iscoroutinefunction, isasyncgenfunction)
        if any(runs_later(function) for runs_later in kinds):
            raise TypeError(
                f"no_grad: function expects one that runs when it is called, got {function!r}, "
                "whose body runs later; write `with no_grad():` around what it computes between "
                "two yields"
            )

        @wraps(function)
        def unrecorded(*inputs, **options):
            with no_grad():
                return function(*inputs, **options)

        return unrecorded


@quiet_underflow
def play(end, grad):
    """Carry the gradient with respect to `end` back along the tape (book, algorithm 6.2).

    From the last node to the first, each pullback turns the node's gradient into a contribution to
    the gradient of one input. Contributions add up, and the sum is added to `grad` of a leaf.
    """
    grads = {end: grad}
    for node in _tape(end):
        grad = grads.pop(node)
        if node.is_leaf:
            node.grad = grad if node.grad is None else np.asarray(node.grad + grad)
            continue
        edges, node.edges = node.edges, None
        for source, pullback, _ in edges:
            part = _fit(pullback(grad), source)
            if source in grads:
                part = np.asarray(grads[source] + part)  # arrays of shape () add up to a scalar
            elif source.is_leaf and (part is grad or part.base is not None):
                part = part.copy()  # a leaf's gradient is its own: the caller may change it
            grads[source] = part


def _tape(end):
    """List the nodes that lead to `end`, latest first; check all before any gradient changes."""
    found = {end}
    waiting = [end]
    while waiting:
        node = waiting.pop()
        if node.edges is None:
            again = "compute the value again"
            raise RuntimeError(f"backward: has used the tape of this {node.name} before; {again}")
        for source, _, version in node.edges:
            if source.version != version:
                change = f"were changed in place after {node.name} had used them"
                raise RuntimeError(f"backward: data of a leaf {change}")
            if source not in found:
                found.add(source)
                waiting.append(source)
    return sorted(found, key=attrgetter("number"), reverse=True)  # a node comes after its inputs


def _fit(grad, node):
    """Cast a gradient to its input's dtype, and sum it over the axes of a broadcast."""
    if type(grad) is not np.ndarray or grad.dtype is not node.dtype:
        grad = np.asarray(grad, node.dtype)
    if grad.shape == node.shape:
        return grad
    new = grad.ndim - len(node.shape)
    stretched = (new + axis for axis, size in enumerate(node.shape) if size == 1)
    return np.asarray(grad.sum(axis=(*range(new), *stretched))).reshape(node.shape)
