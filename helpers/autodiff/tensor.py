"""The Tensor: an array, its node on the tape, and the operators and methods that compute with it.

Nothing that the tape needs can change behind its back. The data of a Tensor are read-only; an
optimizer updates a parameter in place through `Tensor.writable`. Values computed before such a
change can no longer be differentiated: their `backward` is an error.
"""

from contextlib import contextmanager

import numpy as np

from ..support.arguments import as_flag, as_real, as_shaped
from .readable import COMPARISONS, Readable, untaped
from .readonly import frozen
from .tape import Leaf, play

HOW = "use helpers.autodiff.ops, or .data to leave the tape"
NOT_RECORDED = f"Tensor: NumPy cannot record this; {HOW}"

# What NumPy asks a Tensor for in `array + tensor`, by the name that `ops` has for it.
OPERATIONS = {
    np.add: "add",
    np.subtract: "sub",
    np.multiply: "mul",
    np.true_divide: "div",
    np.power: "power",
    np.matmul: "matmul",
}


class Tensor(Readable):
    """An array of real numbers whose gradient can be asked for.

    `data` is anything that NumPy reads as integers or floats. A read-only array is shared, a
    writable one is copied. With requires_grad=True the Tensor is a leaf: it has data of its own
    (integers become float64), and `backward` of a value computed from it adds to its `grad`. That
    is an array, off the tape: there is no gradient of a gradient.

    `==` compares elements, as in NumPy, and a Tensor is a key by identity. To look for one among
    others, write `any(t is u for u in tensors)`: `t in tensors` asks for the truth of an array.
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
            self._array = frozen(array)
            self.node = None

    @property
    def data(self):
        """The array, read-only."""
        return self._array

    @data.setter
    def data(self, value):
        how = "`with w.writable() as array: ...`"
        raise AttributeError(f"Tensor: data cannot be replaced; change a leaf's by {how}")

    @property
    def requires_grad(self):
        """Whether the tape leads from here to a leaf."""
        return self.node is not None

    @property
    def is_leaf(self):
        """Whether gradients add up here, in `grad`."""
        return self.node is not None and self.node.is_leaf

    @property
    def grad(self):
        """Sum of the gradients that `backward` brought here, or None; the caller may change it."""
        return None if self.node is None else self.node.grad

    @grad.setter
    def grad(self, value):
        self._expect_leaf("grad")
        if value is not None:
            value = as_shaped("grad", "value", value, self.shape).astype(self.dtype)
        self.node.grad = value

    def zero_grad(self):
        """Forget the gradient: `grad` is None again."""
        if self.grad is not None:
            self.node.grad = None

    def backward(self, grad=None):
        """Add the gradient of this value to `grad` of each leaf that it was computed from.

        For a value of more than one element, grad is the vector v, of the value's shape, in v^T J
        (eq. 6.46); for a single element it is 1 unless given. The tape is let go of. ValueError or
        TypeError names what is wrong with grad. RuntimeError where backward has been through a part
        of the tape before, or where data that it needs were changed in place.
        """
        if self.node is None:
            expected = "a Tensor that requires a gradient"
            raise ValueError(f"backward: expects {expected}, got one that depends on no leaf")
        if grad is None and self._array.size != 1:
            expected = f"an array of shape {self.shape}, as this is no scalar"
            raise ValueError(f"backward: grad expects {expected}, got None")
        grad = 1.0 if grad is None else as_shaped("backward", "grad", grad, self.shape)
        play(self.node, np.full(self.shape, grad, self.dtype))

    def detach(self):
        """Return the same data as a constant: no gradient flows back through it."""
        return wrap(frozen(self._array), None)

    @contextmanager
    def writable(self):
        """Open the data of a leaf for change: `with w.writable() as array: array -= 0.1 * w.grad`.

        What was computed from the leaf before keeps its value but can no longer be differentiated.
        """
        self._expect_leaf("writable")
        array = self._array.base.view()
        self.node.version += 1
        try:
            yield array
        finally:
            array.flags.writeable = False
            self.node.version += 1  # again: what was computed within the block saw half of it

    def _expect_leaf(self, where):
        if not self.is_leaf:
            what = "a constant" if self.node is None else f"the result of {self.node.name}"
            made = "made by Tensor(data, requires_grad=True)"
            raise ValueError(f"{where}: expects a leaf, {made}, got {what}")

    # Arithmetic: every operator is an operation of `ops`, and the tape records it.

    def __add__(self, other):
        return ops.add(self, other)

    def __radd__(self, other):
        return ops.add(other, self)

    def __sub__(self, other):
        return ops.sub(self, other)

    def __rsub__(self, other):
        return ops.sub(other, self)

    def __mul__(self, other):
        return ops.mul(self, other)

    def __rmul__(self, other):
        return ops.mul(other, self)

    def __truediv__(self, other):
        return ops.div(self, other)

    def __rtruediv__(self, other):
        return ops.div(other, self)

    def __pow__(self, other):
        return ops.power(self, other)

    def __rpow__(self, other):
        return ops.power(other, self)

    def __matmul__(self, other):
        return ops.matmul(self, other)

    def __rmatmul__(self, other):
        return ops.matmul(other, self)

    def __neg__(self):
        return ops.neg(self)

    def __abs__(self):
        return ops.abs(self)

    # Shape, selection and sums.

    def __getitem__(self, index):
        return ops.getitem(self, index)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    @property
    def T(self):
        """The axes in reverse order."""
        return ops.transpose(self)

    def transpose(self, *axes):
        """Permute the axes: x.transpose(1, 0) or x.transpose((1, 0)); without any, reverse them."""
        return ops.transpose(self, _one(axes))

    def reshape(self, *shape):
        """Give the elements another shape: x.reshape(2, 3) or x.reshape((2, 3))."""
        return ops.reshape(self, _one(shape))

    def sum(self, axis=None, keepdims=False, **by_numpy):
        """Sum over an axis, a tuple of axes, or all of them."""
        return ops.sum(self, axis, keepdims, **by_numpy)

    def mean(self, axis=None, keepdims=False, **by_numpy):
        """Average over an axis, a tuple of axes, or all of them."""
        return ops.mean(self, axis, keepdims, **by_numpy)

    def max(self, axis=None, keepdims=False, **by_numpy):
        """Take the maximum over an axis, a tuple of axes, or all of them."""
        return ops.max(self, axis, keepdims, **by_numpy)

    # What Python and NumPy ask for.

    def __array__(self, dtype=None, copy=None):
        if self.node is not None:
            raise TypeError(NOT_RECORDED)
        return np.array(self._array, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Compute `array + tensor` and the like; of np.exp(tensor), say what to use instead."""
        if method == "__call__" and not options:
            if ufunc in OPERATIONS:
                return getattr(ops, OPERATIONS[ufunc])(*inputs)
            if ufunc in COMPARISONS:
                return ufunc(*map(untaped, inputs))
        raise TypeError(NOT_RECORDED)

    def __reduce__(self):  # for copy and pickle: a Tensor with data of its own, and no past
        return Tensor, (self._array, self.requires_grad)


def wrap(array, node):
    """Make a Tensor of an array that nobody else writes into."""
    array.setflags(False)  # write=False, in half the time
    tensor = object.__new__(Tensor)
    tensor._array = array
    tensor.node = node
    return tensor


def _one(numbers):
    """Read the shape or axes in x.reshape(2, 3) and in x.reshape((2, 3))."""
    return numbers[0] if len(numbers) == 1 else numbers or None


# A circle that is meant: an operator is an operation, and an operation returns Tensors. A method
# needs `ops` only when it is called, so the import can stand after the class, which `ops` needs.
from . import ops  # noqa: E402
