"""What a model is made of, and what it costs: as a table, by stages, as a number."""

from contextlib import contextmanager

import numpy as np

from ..autodiff import Tensor, no_grad
from ..support.arguments import as_shape, expect_memory
from .containers import Sequential
from .module import Module, as_module, evaluating, members

HEAD = "layer", "output shape", "parameters", "multiply-adds"


def summary(model, input_shape):
    """Return a table of a model's layers: output shape, parameters, multiply-adds for one example.

    input_shape is that of one example, without the batch's axis, such as (1, 28, 28). A layer that
    is called twice has two rows, but its parameters count once. Multiply-adds are those of
    matrices and kernels, without the biases.
    """
    as_module("summary", "model", model)
    x = _blank_example("summary", input_shape, model.parameters())
    names = {module: name for name, module in model.named_modules() if _is_layer(module)}
    rows = []
    counted = set()

    def add_row(layer, x, y):
        new = [leaf for leaf in _own_parameters(layer) if id(leaf) not in counted]
        counted.update(map(id, new))
        name = f"{names[layer]} {type(layer).__name__}".strip()
        rows.append((name, _form(y), _size(new), _multiply_adds(layer, x, y)))

    with evaluating(model), no_grad(), _observed(names, add_row):
        model(x)
    total = "total", "", _size(model.parameters()), sum(row[3] for row in rows)
    return _table(HEAD, rows, total)


def parameter_count(model):
    """Return how many numbers of a model are trained."""
    return _size(as_module("parameter_count", "model", model).parameters())


def profile(model, input_shape):
    """Return for each stage of a Sequential what one example meets there, in evaluation mode.

    That is (name, output shape, parameters, multiply-adds without biases).
    """
    if not isinstance(model, Sequential):
        raise TypeError(f"profile: model expects a Sequential of stages, got {model!r}")
    x = Tensor(_blank_example("profile", input_shape, model.parameters()))
    rows = []
    with evaluating(model), no_grad():
        for stage in model:
            x, work = _measured(stage, x)
            name = getattr(stage, "name", repr(stage))
            rows.append((name, _example_shapes(x), parameter_count(stage), work))
    return rows


def _measured(stage, x):
    """Return a stage's output, and the multiply-adds of all layers in it."""
    work = []

    def add(layer, x, y):
        work.append(_multiply_adds(layer, x, y))

    with _observed([module for _, module in stage.named_modules()], add):
        return stage(x), sum(work)


@contextmanager
def _observed(modules, observe):
    """Call observe(module, input, output) after each call of these modules within this block."""
    observed = []
    try:
        for module in modules:
            module.forward = _followed(module, module.forward, observe)
            observed.append(module)
        yield
    finally:
        for module in observed:
            del module.forward


def _followed(module, compute, observe):
    """Return the module's forward, followed by a call of observe."""

    def forward(*inputs, **options):
        output = compute(*inputs, **options)
        observe(module, inputs[0], output)
        return output

    return forward


def _is_layer(module):
    """Return whether a module has parameters of its own, or no modules within it."""
    held = [value for _, value in members(vars(module))]
    return bool(_own_parameters(module)) or not any(isinstance(value, Module) for value in held)


def _own_parameters(module):
    """Return the trained Tensors of a module itself."""
    held = [value for _, value in members(vars(module))]
    return [value for value in held if isinstance(value, Tensor) and value.requires_grad]


def _multiply_adds(layer, x, y):
    """Return the multiply-adds of a call, 0 for a layer that does not count them."""
    if not hasattr(layer, "multiply_adds"):
        return 0
    return layer.multiply_adds(_shapes(x), _shapes(y))


def _shapes(value):
    """Return the shape of a value, or those of a tuple, such as an output and a state."""
    return tuple(map(_shapes, value)) if isinstance(value, (tuple, list)) else value.shape


def _example_shapes(value):
    """Return the shape for one example, or those of a tuple: without the batch's axis."""
    if isinstance(value, (tuple, list)):
        return tuple(map(_example_shapes, value))
    return value.shape[1:]


def _form(value):
    """Write down the shape of an output for N examples, or the shapes of several."""
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(_form, value))})"
    return f"(N, {', '.join(map(str, value.shape[1:]))})"


def _size(parameters):
    """Return how many numbers these Tensors hold."""
    return sum(parameter.data.size for parameter in parameters)


def _blank_example(where, input_shape, parameters):
    """Return a batch of one example of zeros, in the dtype of the parameters."""
    form = "the shape of one example, such as (1, 28, 28)"
    shape = as_shape(where, "input_shape", input_shape, range(1, 9), form)
    dtype = parameters[0].dtype if parameters else np.float32
    expect_memory(where, "input_shape", (1, *shape), dtype)
    return np.zeros((1, *shape), dtype)


def _table(head, rows, total):
    """Set rows in columns, words to the left and numbers to the right, between two rules."""
    lines = [[_cell(value) for value in row] for row in (head, *rows, total)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    form = "{{:{}}}  {{:{}}}  {{:>{}}}  {{:>{}}}".format(*widths)
    first, *middle, last = [form.format(*line) for line in lines]
    rule = "-" * len(first)
    return "\n".join([first, rule, *middle, rule, last])


def _cell(value):
    """Write down a number with commas between thousands, and words as they are."""
    return f"{value:,}" if isinstance(value, int) else value
