"""What a model is made of, as a table."""

from contextlib import contextmanager
from functools import partial

import numpy as np

from ..autodiff import Tensor, no_grad
from ..support.arguments import as_shape, expect_memory
from .containers import Sequential
from .module import Module, as_module, evaluating, members


def summary(model, input_shape):
    """Return a table of a model's layers: output shape, parameters, and multiply-adds for one example.

    input_shape is that of one example, without the batch's axis, such as (1, 28, 28). A layer that is called twice
    stands there twice, its parameters count once. Multiply-adds are those of matrices and kernels, without the biases.
    """
    parameters = as_module("summary", "model", model).parameters()
    x = _blank_example("summary", input_shape, parameters)
    rows = [("layer", "output shape", "parameters", "multiply-adds")]
    with evaluating(model), no_grad(), _watched(model, rows):
        model(x)
    rows.append(("total", "", sum(p.data.size for p in parameters), sum(row[3] for row in rows[1:])))
    rows = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [f"{a:{widths[0]}}  {b:{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}" for a, b, c, d in rows]
    rule = "-" * len(lines[0])
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def _blank_example(where, input_shape, parameters):
    """A batch of one example of zeros, in the dtype of the parameters."""
    form = "the shape of one example, such as (1, 28, 28)"
    shape = as_shape(where, "input_shape", input_shape, range(1, 9), form)
    dtype = parameters[0].dtype if parameters else np.float32
    expect_memory(where, "input_shape", (1, *shape), dtype)
    return np.zeros((1, *shape), dtype)


@contextmanager
def _watched(model, rows):
    """Within this block, each call of a module that has parameters of its own, or no modules, adds a row."""
    counted, watched = set(), []
    try:
        for name, module in model.named_modules():
            held = [value for _, value in members(vars(module))]
            own = [value for value in held if isinstance(value, Tensor) and value.requires_grad]
            if own or not any(isinstance(value, Module) for value in held):
                module.forward = _recorded(name, module, own, counted, rows)
                watched.append(module)
        yield
    finally:
        for module in watched:
            del module.forward


def _recorded(name, module, own, counted, rows):
    """The module's forward, which also adds a row; `counted` are the parameters that a row has counted already."""
    compute = module.forward

    def forward(*inputs):
        output = compute(*inputs)
        size = sum(p.data.size for p in own if id(p) not in counted)
        counted.update(map(id, own))
        work = module.multiply_adds(inputs[0].shape, output.shape) if hasattr(module, "multiply_adds") else 0
        shape = f"(N, {', '.join(map(str, output.shape[1:]))})"
        rows.append((f"{name} {type(module).__name__}".strip(), shape, size, work))
        return output

    return forward


def parameter_count(model):
    """Number of trained numbers."""
    parameters = as_module("parameter_count", "model", model).parameters()
    return sum(parameter.data.size for parameter in parameters)


def profile(model, input_shape):
    """Return for each stage of a Sequential what one image meets there, in evaluation mode.

    That is (name, output shape, parameters, multiply-adds without biases).
    """
    if not isinstance(model, Sequential):
        raise TypeError(f"profile: model expects a Sequential of stages, got {model!r}")
    x = Tensor(_blank_example("profile", input_shape, model.parameters()))
    rows = []
    with evaluating(model), no_grad():
        for stage in model:
            with _counted(stage) as work:
                x = stage(x)
            name = getattr(stage, "name", repr(stage))
            rows.append((name, x.shape[1:], parameter_count(stage), sum(work)))
    return rows


@contextmanager
def _counted(stage):
    """Within this block, each call of a layer with weights adds its multiply-adds to the list."""
    layers = [module for _, module in stage.named_modules() if hasattr(module, "multiply_adds")]
    work = []

    def forward(layer, compute, x):
        y = compute(x)
        work.append(layer.multiply_adds(x.shape, y.shape))
        return y

    for layer in layers:
        layer.forward = partial(forward, layer, layer.forward)
    try:
        yield work
    finally:
        for layer in layers:
            del layer.forward
