"""How a function of arrays becomes an operation on Tensors: what it is given, what is recorded."""

from functools import partial, wraps
from inspect import signature

import numpy as np

from ..support.arguments import as_real
from .readonly import apart, frozen
from .tape import Node, recording
from .tensor import NOT_RECORDED, Tensor, wrap

GIVEN_BY_NUMPY = frozenset({"out"})  # np.sum(tensor) calls tensor.sum(out=None, ...)


def operation(function=None, *, arrays=None, name=None, keeps_integers=False):
    """Turn a NumPy function into an operation on Tensors.

    The function returns its value, followed by one pullback per array argument.

        @operation
        def mul(x, y):
            return x * y, lambda grad: grad * y, lambda grad: grad * x

    A pullback maps the gradient with respect to the value to the gradient with respect to one
    argument: a new array, or grad or a view of it. Pullbacks of arguments that need no gradient are
    dropped, together with the arrays they captured. Where an argument was broadcast, the engine
    sums. A pullback computes with arrays and is not recorded: there is no gradient of a gradient.

    `arrays` is the number of leading parameters that are arrays, all unless given; the others are
    options: @operation(arrays=1) for def sum(x, axis=None). `name` is used in messages instead of
    the function's own. Where no argument is of floats, all become float64, as formulas subtract,
    square and exponentiate, unless the operation `keeps_integers`.
    """
    if function is None:
        return partial(operation, arrays=arrays, name=name, keeps_integers=keeps_integers)
    names = _names_of_arrays(function, arrays)
    return _on_tape(function, name or function.__name__, names, keeps_integers)


def _on_tape(function, where, names, keeps_integers):
    """Return the function of arrays as one of Tensors; `names` are those of its arrays."""
    read = _reader(function, where, names, keeps_integers)
    by_keyword = GIVEN_BY_NUMPY.union(names)

    @wraps(function)
    def apply(*inputs, **options):
        if options and not by_keyword.isdisjoint(options):
            inputs, options = _in_order(where, function, inputs, options)
        records = recording.get()
        nodes, arrays = read(inputs, records)
        value, *pullbacks = function(*arrays, *inputs[len(arrays) :], **options)
        if type(value) is not np.ndarray:
            value = np.asarray(value)
        if not (records and any(nodes)):
            return wrap(apart(value, arrays), None)
        sources = zip(nodes, pullbacks, strict=False)  # an optional array may be left out
        edges = [(node, pullback, node.version) for node, pullback in sources if node]
        return wrap(value, Node(where, value, edges))

    return apply


def _reader(function, where, names, keeps_integers):
    """Return what reads the inputs of a call: the node, or None, and the array of each."""
    count = None if names == ["arrays"] else len(names)  # any number of *arrays
    parameters = signature(function).parameters.items()
    optional = {name for name, parameter in parameters if parameter.default is None}

    def read(inputs, records):
        nodes = []
        arrays = []
        for x in inputs[:count]:
            if isinstance(x, Tensor):
                nodes.append(x.node)
                arrays.append(x._array)
            else:
                name = names[len(arrays) % len(names)]
                nodes.append(None)
                arrays.append(_read_constant(where, name, x, optional, records))
        for array in arrays:
            if type(array) is np.ndarray and array.dtype.kind == "f":
                return nodes, arrays
        return nodes, _without_floats(where, names, arrays, keeps_integers)

    return read


def _read_constant(where, name, value, optional, records):
    """Convert an argument that is not a Tensor to an array.

    Python numbers are returned as they are, so that they adopt the dtype beside them. So is None
    for an `optional` argument, one whose default it is.
    """
    if type(value) in (int, float) or (value is None and name in optional):
        return value
    array = as_real(where, name, value, kinds="biuf")  # booleans, as in x * (x > 0)
    return frozen(array) if records else array


def _without_floats(where, names, arrays, keeps_integers):
    """Convert inputs none of which is an array of floats: to float64, unless integers are kept.

    Beside arrays a Python number stays what it is; where all are such numbers, they become arrays.
    """
    if not any(isinstance(array, np.ndarray) for array in arrays):
        numbers = enumerate(arrays)
        arrays = [as_real(where, names[i % len(names)], number) for i, number in numbers]
    if keeps_integers:
        return arrays
    return [x.astype(float, copy=False) if isinstance(x, np.ndarray) else x for x in arrays]


def _names_of_arrays(function, count):
    """Return the names of the first `count` parameters, or of all; for any number, "arrays"."""
    parameters = signature(function).parameters.values()
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return ["arrays"]
    return [p.name for p in parameters][:count]


def _in_order(where, function, inputs, options):
    """Return inputs and options of a call that gives arrays by keyword, each in its place."""
    try:
        call = signature(function).bind(*inputs, **options)
    except TypeError as error:
        by_numpy = not GIVEN_BY_NUMPY.isdisjoint(options)
        raise TypeError(NOT_RECORDED if by_numpy else f"{where}: {error}") from None
    call.apply_defaults()
    return call.args, call.kwargs
