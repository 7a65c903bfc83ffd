"""What all optimizers share: the loop over parameters, the learning rate, and the saved state."""

import numpy as np

from ...autodiff import Tensor
from ...nn.module import Module
from ...nn.state import match_state
from ...support.arguments import as_number

BLOCK = 2**15  # elements of a block, small enough to stay in the cache


def as_leaves(where, params):
    """Read parameters: a list of at least one leaf, and each once."""
    if isinstance(params, (Module, Tensor)) or not hasattr(params, "__iter__"):
        form = "a list of leaves, such as model.parameters()"
        raise TypeError(f"{where}: params expects {form}, got a {type(params).__name__}")
    leaves = list(params)
    for i, leaf in enumerate(leaves):
        if not isinstance(leaf, Tensor) or not leaf.is_leaf:
            form = "leaves, Tensors with requires_grad=True"
            raise TypeError(f"{where}: params expects {form}, got {leaf!r} at {i}")
    if not leaves or len(set(map(id, leaves))) < len(leaves):
        got = f"{len(leaves)} Tensors"
        raise ValueError(f"{where}: params expects at least one leaf, and each once, got {got}")
    return leaves


class Optimizer:
    """Update each parameter that has a gradient, by `step`; `lr` can be set at any time.

    A subclass writes its algorithm as `update`. With elementwise = True it says that its rule
    treats each number by itself. Then it gets a large parameter in flat blocks that stay in the
    cache, which saves time and memory. A class with an `update` of its own that says nothing gets
    whole arrays.

    For a parameter in half precision, rule and buffers are in float32, in which small numbers such
    as eps do not vanish.
    """

    elementwise = False

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if "update" in vars(cls):  # what its parent said holds for the parent's rule
            cls.elementwise = vars(cls).get("elementwise", False)

    def __init__(self, params, lr, *buffers):
        self.params = as_leaves(type(self).__name__, params)
        self.lr = lr
        # Steps of each parameter: it may go without a gradient.
        self.steps = np.zeros(len(self.params), dtype=np.int64)
        self.buffers = [_zeros(param, buffers) for param in self.params]

    @property
    def lr(self):
        """Learning rate, the book's epsilon."""
        return self._lr

    @lr.setter
    def lr(self, value):
        self._lr = as_number(type(self).__name__, "lr", value, "[0, inf)")

    def step(self):
        """Change the parameters in place, once."""
        for i, (param, buffers) in enumerate(zip(self.params, self.buffers, strict=True)):
            if param.grad is not None:
                self.steps[i] += 1
                with param.writable() as array:
                    self._change(int(self.steps[i]), array, param.grad, *buffers.values())

    def _change(self, t, array, grad, *buffers):
        """Let the rule change one parameter: in place, or in a copy that is more precise."""
        dtype = _precise(array)
        w, g = array.astype(dtype, copy=False), grad.astype(dtype, copy=False)
        for block in _blocks(w, g, *buffers) if self.elementwise else [(w, g, *buffers)]:
            self.update(t, *block)
        if w is not array:
            array[...] = w

    def update(self, t, w, g, *buffers):
        """Apply update number t (from 1) in place: w are parameters, g is their gradient.

        Buffers are arrays of the same shape, in the order of their names, and are changed too. For
        an elementwise rule, all of them may be flat blocks of a larger parameter.
        """
        where = type(self).__name__
        raise NotImplementedError(f"{where}: expects a method update(t, w, g, *buffers)")

    def zero_grad(self):
        """Forget the gradients of all parameters."""
        for param in self.params:
            param.zero_grad()

    def state_dict(self):
        """Copy lr, steps and buffers into a dict of arrays, so that training can be resumed."""
        return {name: array.copy() for name, array in self._state().items()}

    def _state(self):
        """Return the arrays of a state by name, not copied."""
        state = {"lr": np.array(self.lr), "steps": self.steps}
        for i, kept in enumerate(self.buffers):
            state |= {f"{i}.{name}": array for name, array in kept.items()}
        return state

    def match_state_dict(self, state):
        """Return the arrays of such a dict in this optimizer's dtypes.

        ValueError or TypeError names what is missing, unknown, or wrong.
        """
        where = f"{type(self).__name__}.load_state_dict"
        state = match_state(where, state, self._state())
        as_number(where, "lr", state["lr"], "[0, inf)")
        if (state["steps"] < 0).any():
            lowest = state["steps"].min()
            raise ValueError(f"{where}: steps expects numbers of at least 0, got {lowest}")
        return state

    def load_state_dict(self, state):
        """Take such a dict, all or none; errors as in `match_state_dict`."""
        state = self.match_state_dict(state)
        self.lr = state.pop("lr")
        for name, array in self._state().items():
            if name != "lr":
                array[...] = state[name]


def _zeros(param, names):
    """Return the buffers of a parameter by name, as they are before the first step."""
    return {name: np.zeros(param.shape, _precise(param)) for name in names}


def _precise(array):
    """Return the dtype of a parameter's buffers and of its rule."""
    return np.promote_types(array.dtype, np.float32)


def _blocks(*arrays):
    """Cut arrays of one shape into blocks, views of them; arrays not in C order are one block."""
    if not all(array.flags.c_contiguous for array in arrays):
        return [arrays]
    flat = [array.reshape(-1) for array in arrays]
    starts = range(0, flat[0].size, BLOCK)
    return ([array[start : start + BLOCK] for array in flat] for start in starts)
