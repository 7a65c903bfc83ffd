"""How a function of arrays becomes an operation on Tensors: what it is given, and what is recorded of it."""

from functools import partial, wraps
from inspect import signature

import numpy as np

from ..support.arguments import as_real
from .tape import NOT_RECORDED, Node, Tensor, frozen, recording, wrap

GIVEN_BY_NUMPY = frozenset({"out", "order"})  # np.sum(tensor) calls tensor.sum(out=None, ...)


def operation(function=None, *, arrays=None, name=None, keeps_integers=False):
    """Make an operation on Tensors of a function of arrays that returns its value, then its pullback by each array.

        @operation
        def mul(x, y):
            return x * y, lambda grad: grad * y, lambda grad: grad * x

    A pullback turns the gradient of the value, an array of its shape, into that of one input: a new array, or grad or
    a view of it. Only those of inputs that require a gradient are kept, with the arrays they name, and called. Where
    an input was broadcast, the engine sums. Where only the first parameters are arrays, their number says so, and the
    others are options: @operation(arrays=1) for def sum(x, axis=None). Where no input is of floats, all become
    float64, as formulas subtract, square and exponentiate, unless the operation `keeps_integers`.
    """
    if function is None:
        return partial(operation, arrays=arrays, name=name, keeps_integers=keeps_integers)
    return _on_tape(function, name or function.__name__, _arrays_of(function, arrays), keeps_integers)


def _on_tape(function, where, names, keeps_integers):
    """The function of arrays as one of Tensors; `names` are those of its arrays."""
    count = None if names == ["arrays"] else len(names)  # any number of *arrays
    by_keyword = GIVEN_BY_NUMPY.union(names)
    optional = {name for name, parameter in signature(function).parameters.items() if parameter.default is None}

    @wraps(function)
    def apply(*inputs, **options):
        if options and not by_keyword.isdisjoint(options):
            inputs, options = _in_order(where, function, inputs, options)
        nodes, arrays, records = [], [], recording.get()
        for x in inputs[:count]:
            if isinstance(x, Tensor):
                nodes.append(x.node)
                arrays.append(x._array)
            else:
                nodes.append(None)
                arrays.append(_read(where, names[len(arrays) % len(names)], x, optional, records))
        for array in arrays:
            if type(array) is np.ndarray and array.dtype.kind == "f":
                break
        else:
            arrays = _without_floats(where, names, arrays, keeps_integers)
        value, *pullbacks = function(*arrays, *inputs[len(arrays) :], **options)
        if type(value) is not np.ndarray:
            value = np.asarray(value)
        if not (records and any(nodes)):
            return wrap(_apart(value, arrays), None)
        edges = [(node, pullback, node.version) for node, pullback in zip(nodes, pullbacks, strict=False) if node]
        return wrap(value, Node(where, value, edges))

    return apply


def _arrays_of(function, count):
    """The names of a function's first `count` parameters, or of all; for any number of *arrays, their name."""
    parameters = signature(function).parameters.values()
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return ["arrays"]
    return [p.name for p in parameters][:count]


def _in_order(where, function, inputs, options):
    """Inputs and options of a call that gives arrays by keyword, each in its place."""
    try:
        call = signature(function).bind(*inputs, **options)
    except TypeError as error:
        by_numpy = not GIVEN_BY_NUMPY.isdisjoint(options)
        raise TypeError(NOT_RECORDED if by_numpy else f"{where}: {error}") from None
    call.apply_defaults()
    return call.args, call.kwargs


def _read(where, name, value, optional, records):
    """An input that is no Tensor, as an array; Python numbers, which take the dtype beside them, stay.

    So does None for an `optional` input, one whose default it is.
    """
    if type(value) in (int, float) or (value is None and name in optional):
        return value
    array = as_real(where, name, value, kinds="biuf")  # booleans, as in x * (x > 0)
    return frozen(array) if records else array


def _without_floats(where, names, arrays, keeps_integers):
    """Inputs none of which is an array of floats: numbers alone as arrays, and integers as float64, unless kept."""
    if not any(isinstance(array, np.ndarray) for array in arrays):
        arrays = [as_real(where, names[i % len(names)], number) for i, number in enumerate(arrays)]
    if keeps_integers:
        return arrays
    return [array.astype(float, copy=False) if isinstance(array, np.ndarray) else array for array in arrays]


def _apart(value, arrays):
    """The value, copied if it is or views what can still change: a leaf's data, or an array of the caller."""
    if value.base is None and not any(value is array for array in arrays):
        return value
    shares = any(isinstance(array, np.ndarray) and np.may_share_memory(value, array) for array in arrays)
    return frozen(value) if shares else value
