"""Reverse-mode automatic differentiation (book, section 6.5): the engine, which knows no operation.

`operation` records what a function of arrays computes; the table of such functions is `ops`, which also gives Tensors
their operators; `autodiff` is the face of all. Each value that depends on a Tensor with
requires_grad=True gets a node: where it came from, and the pullbacks. The nodes are the tape, and `backward` plays it
from its end to its beginning, once.

Nothing that the tape needs can change behind its back: the data of a Tensor are read-only, and `Tensor.writable`, by
which an optimizer updates a parameter in place, spoils the values computed before, whose backward is then an error.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from itertools import count
from operator import attrgetter, index

import numpy as np

from ..support.arguments import as_flag, as_real, as_shaped

# glibc hands the memory of freed arrays back to the system, and each training step asks for it anew, page by page. Once
# it has freed a block of just under 32 MiB, the largest it makes room for, it keeps as much as a step needs: that of a
# small network takes a fifth less time. The block is never written to; elsewhere this does nothing.
np.empty(2**25 - 2**16, np.uint8)

NOT_RECORDED = "Tensor: NumPy cannot record this; use helpers.autodiff.ops, or .data to leave the tape"

# What is too small for floats is 0: exp(-1000), or a gradient that has vanished, is no accident to be reported.
quiet_underflow = np.errstate(under="ignore")

recording = ContextVar("recording", default=True)
_numbers = count()


class Node:
    """Where a value came from: its place on the tape, which does not hold the value itself.

    `edges` are (node, pullback, version) of each input that requires a gradient, or None once backward has used them,
    so that what the pullbacks kept in memory is free. `number` counts the nodes: one is always made after its inputs.
    """

    __slots__ = ("dtype", "edges", "name", "number", "shape")
    version, grad, is_leaf = 0, None, False

    def __init__(self, name, array, edges):
        self.name, self.shape, self.dtype = name, array.shape, array.dtype
        self.edges, self.number = edges, next(_numbers)


class Leaf(Node):
    """Where the tape begins: gradients add up in `grad`; `version` counts how often the data were opened for change."""

    __slots__ = ("grad", "version")
    is_leaf = True

    def __init__(self, array):
        super().__init__("leaf", array, ())
        self.version, self.grad = 0, None


class Tensor:
    """An array of real numbers whose gradient can be asked for; operators and methods come with `ops`.

    `data` is anything that NumPy reads as integers or floats. A read-only array is shared, a writable one is copied.
    With requires_grad=True the Tensor is a leaf: it has data of its own (integers become float64), and `backward` of a
    value computed from it adds to its `grad`.

    `==` compares elements, as in NumPy, and a Tensor is a key by identity: to look for one among others, write
    `any(t is u for u in tensors)`, as `t in tensors` would ask for the truth of an array.
    """

    __slots__ = ("_array", "node")

    def __init__(self, data, requires_grad=False):
        array = as_real("Tensor", "data", data)
        if as_flag("Tensor", "requires_grad", requires_grad):
            own = np.array(array, dtype=array.dtype if array.dtype.kind == "f" else float)
            self._array = own.view()  # read-only; `writable` opens the array behind it
            self._array.flags.writeable = False
            self.node = Leaf(own)
        else:
            self._array, self.node = frozen(array), None

    @property
    def data(self):
        """The array, read-only."""
        return self._array

    @data.setter
    def data(self, value):
        raise AttributeError("Tensor: data cannot be replaced; change a leaf's by `with w.writable() as array: ...`")

    shape = property(attrgetter("_array.shape"))
    dtype = property(attrgetter("_array.dtype"))
    ndim = property(attrgetter("_array.ndim"))
    requires_grad = property(lambda self: self.node is not None, doc="Whether the tape leads from here to a leaf.")
    is_leaf = property(
        lambda self: self.node is not None and self.node.is_leaf, doc="Whether gradients add up here, in `grad`."
    )

    @property
    def grad(self):
        """Sum of the gradients that `backward` brought to this leaf, or None; an array that the caller may change."""
        return None if self.node is None else self.node.grad

    @grad.setter
    def grad(self, value):
        self._expect_leaf("grad")
        self.node.grad = None if value is None else as_shaped("grad", "value", value, self.shape).astype(self.dtype)

    def zero_grad(self):
        """Forget the gradient: `grad` is None again."""
        if self.grad is not None:
            self.node.grad = None

    def backward(self, grad=None):
        """Add the gradient of this value to `grad` of each leaf it was computed from, and let go of the tape.

        For a value of more than one element, grad is the vector v, of the value's shape, in v^T J (eq. 6.46); for a
        single one it is 1 unless given. ValueError or TypeError names what is wrong with grad; RuntimeError where
        backward has been through a part of the tape before, or where data it needs were changed in place.
        """
        if self.node is None:
            raise ValueError("backward: expects a Tensor that requires a gradient, got one that depends on no leaf")
        if grad is None and self._array.size != 1:
            raise ValueError(f"backward: grad expects an array of shape {self.shape}, as this is no scalar, got None")
        grad = np.ones(self.shape) if grad is None else as_shaped("backward", "grad", grad, self.shape)
        _play(self.node, grad.astype(self.dtype))

    def detach(self):
        """The same data as a constant: no gradient flows back through it."""
        return wrap(frozen(self._array), None)

    @contextmanager
    def writable(self):
        """Open the data of a leaf for change in place: `with w.writable() as array: array -= 0.1 * w.grad`.

        What was computed from the leaf before keeps its value but can no longer be differentiated.
        """
        self._expect_leaf("writable")
        array = self._array.base.view()
        self.node.version += 1
        try:
            yield array
        finally:
            array.flags.writeable = False
            self.node.version += 1  # once more: an operation within the block may have seen half of the change

    def _expect_leaf(self, where):
        if not self.is_leaf:
            what = "a constant" if self.node is None else f"the result of {self.node.name}"
            raise ValueError(f"{where}: expects a leaf, made by Tensor(data, requires_grad=True), got {what}")

    def item(self):
        """The number that a Tensor of one element holds."""
        return self._array.item()

    def numpy(self):
        """Copy the data into an array that belongs to the caller."""
        return self._array.copy()

    def __array__(self, dtype=None, copy=None):
        if self.node is not None:
            raise TypeError(NOT_RECORDED)
        return np.array(self._array, dtype=dtype, copy=copy)

    def __len__(self):
        return len(self._array)

    def __bool__(self):
        if self._array.size != 1:
            raise ValueError(
                f"Tensor: only one element is true or false, got shape {self.shape}; reduce a comparison by .any() "
                "or .all(), and look for a Tensor among others by `is`"
            )
        return bool(self.item())

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __index__(self):
        return index(self._array)

    def __round__(self, digits=None):
        return round(self.item(), digits)

    def __format__(self, form):
        if form and self._array.size != 1:
            raise TypeError(f"Tensor: the format {form!r} expects one element, got shape {self.shape}")
        return format(self.item(), form) if form else str(self)

    def __reduce__(self):  # for copy and pickle: a Tensor with data of its own, and no past
        return Tensor, (self._array, self.requires_grad)

    def __repr__(self):
        text = np.array2string(self._array, separator=", ", prefix="Tensor(")
        dtype = "" if self.dtype == float else f", dtype={self.dtype}"
        return f"Tensor({text}{dtype}{', requires_grad=True' if self.requires_grad else ''})"


class no_grad:
    """Record nothing within this block, or with @no_grad() within this function: results are constants."""

    def __init__(self):
        self._tokens = []

    def __enter__(self):
        self._tokens.append(recording.set(False))

    def __exit__(self, *error):
        recording.reset(self._tokens.pop())

    def __call__(self, function):
        if any(is_later(function) for is_later in (isgeneratorfunction, iscoroutinefunction, isasyncgenfunction)):
            raise TypeError(
                f"no_grad: function expects one that runs when it is called, got {function!r}, whose body runs "
                "later; write `with no_grad():` around what it computes between two yields"
            )

        @wraps(function)
        def unrecorded(*inputs, **options):
            with no_grad():
                return function(*inputs, **options)

        return unrecorded


def wrap(array, node):
    """A Tensor of an array that nobody else writes into."""
    array.setflags(write=False)
    tensor = object.__new__(Tensor)
    tensor._array, tensor.node = array, node
    return tensor


def frozen(array):
    """The array itself, if it and the array whose memory it views are read-only, otherwise a copy."""
    owner = array if array.base is None else array.base
    if array.flags.writeable or not isinstance(owner, np.ndarray) or owner.flags.writeable:
        array = array.copy(order="K")
        array.flags.writeable = False
    return array


def _tape(end):
    """The nodes that lead to `end`, latest first; checked, so that backward fails before it has changed anything."""
    found, waiting = {end}, [end]
    while waiting:
        node = waiting.pop()
        if node.edges is None:
            raise RuntimeError(f"backward: has used the tape of this {node.name} before; compute the value again")
        for source, _, version in node.edges:
            if source.version != version:
                raise RuntimeError(f"backward: data of a leaf were changed in place after {node.name} had used them")
            if source not in found:
                found.add(source)
                waiting.append(source)
    return sorted(found, key=attrgetter("number"), reverse=True)  # a node is always made after those it came from


@quiet_underflow
def _play(end, grad):
    """Carry the gradient with respect to `end` back along the tape (book, algorithm 6.2)."""
    grads = {end: grad}
    for node in _tape(end):
        grad = np.asarray(grads.pop(node))
        if node.is_leaf:
            node.grad = grad if node.grad is None else np.asarray(node.grad + grad)
            continue
        edges, node.edges = node.edges, None
        for source, pullback, _ in edges:
            part = _fit(pullback(grad), source)
            if source in grads:
                part = grads[source] + part
            elif source.is_leaf and (part is grad or part.base is not None):
                part = part.copy()  # a leaf's gradient is its own, the caller may change it
            grads[source] = part


def _fit(grad, node):
    """Cast a gradient to its input's dtype, and sum it over the axes along which the input was broadcast."""
    if type(grad) is not np.ndarray or grad.dtype is not node.dtype:
        grad = np.asarray(grad, node.dtype)
    if grad.shape == node.shape:
        return grad
    new = grad.ndim - len(node.shape)
    stretched = (new + axis for axis, size in enumerate(node.shape) if size == 1)
    return grad.sum(axis=(*range(new), *stretched)).reshape(node.shape)
