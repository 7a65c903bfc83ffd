"""What a model is made of, as a table."""

from contextlib import contextmanager

import numpy as np

from ..arguments import as_shape
from ..autodiff import Tensor, no_grad
from ..module import Module, members


def summary(model, input_shape):
    """Return a table of a model's layers: output shape, parameters, and multiply-adds for one example.

    input_shape is that of one example, without the batch's axis, such as (1, 28, 28). A layer that is called twice
    stands there twice, its parameters count once. Multiply-adds are those of matrices and kernels, without the biases.
    """
    shape = as_shape(
        "summary", "input_shape", input_shape, range(1, 9), "the shape of one example, such as (1, 28, 28)"
    )
    parameters, modes = model.parameters(), [(module, module.training) for _, module in model.named_modules()]
    x = np.zeros((1, *shape), parameters[0].dtype if parameters else np.float32)
    rows = [("layer", "output shape", "parameters", "multiply-adds")]
    try:
        with no_grad(), _watched(model, rows):
            model.eval()(x)
    finally:
        for module, mode in modes:
            module.training = mode
    rows.append(("total", "", sum(p.data.size for p in parameters), sum(row[3] for row in rows[1:])))
    rows = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [f"{a:{widths[0]}}  {b:{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}" for a, b, c, d in rows]
    rule = "-" * len(lines[0])
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


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
