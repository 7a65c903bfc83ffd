"""Networks as ONNX files, which other engines read and run.

Needs the package `onnx`: pip install .[export].
"""

from functools import singledispatch

import numpy as np

from ..autodiff import no_grad
from ..support.arguments import as_shape, expect_memory
from ..support.files import expect_path, write_atomically
from .activations import ReLU, Sigmoid, Softplus, Tanh
from .containers import Branches, Residual, Sequential
from .conv import Conv2d, ConvTranspose2d
from .dropout import Dropout
from .linear import Flatten, Linear
from .module import as_module, evaluating
from .normalization import BatchNorm1d
from .pool import AvgPool2d, GlobalAvgPool2d, MaxPool2d

# Versions (operators, file format): that of 2022, which most engines read; with ceil_mode that of
# 2024, as before it a window that begins beyond the image counted.
USUAL, WITH_CEIL_MODE = (17, 8), (22, 10)


def to_onnx(model, input_shape, path):
    """Write a model of `nn` layers, as it is at test, to an ONNX file: whole or not at all.

    input_shape is that of one example, such as (1, 28, 28); the batch's size stays open. The input
    is called "x", the output "y". ImportError without the package onnx; TypeError names a layer
    that has no counterpart in ONNX.
    """
    onnx = _onnx()
    expect_path("to_onnx", "path", path)
    parameters = as_module("to_onnx", "model", model).parameters()
    dtype = parameters[0].dtype if parameters else np.dtype(np.float32)
    form = "the shape of one example, as (1, 28, 28)"
    shape = as_shape("to_onnx", "input_shape", input_shape, range(1, 9), form)
    expect_memory("to_onnx", "input_shape", (1, *shape), dtype)
    graph = _Graph(onnx)
    graph.add("Identity", _node(model, graph, "x"), to="y")
    kind = onnx.helper.np_dtype_to_tensor_dtype(dtype)
    declare = onnx.helper.make_tensor_value_info
    x = declare("x", kind, ["N", *shape])
    y = declare("y", kind, ["N", *_output_shape(model, shape, dtype)])
    proto = graph.model(type(model).__name__, x, y)
    onnx.checker.check_model(proto, full_check=True)
    write_atomically(path, proto.SerializeToString())


def _onnx():
    try:
        import onnx
    except ImportError:
        raise ImportError("to_onnx: needs the package onnx: pip install onnx") from None
    return onnx


def _output_shape(model, shape, dtype):
    """Return the shape of the output for one example."""
    with evaluating(model), no_grad():
        return model(np.zeros((1, *shape), dtype)).shape[1:]


class _Graph:
    """The nodes and constants of an ONNX graph as it grows."""

    def __init__(self, onnx):
        self.onnx = onnx
        self.nodes = []
        self.constants = []
        self.versions = USUAL

    def constant(self, array):
        """Add an array; return its name."""
        name = f"constant{len(self.constants)}"
        self.constants.append(self.onnx.numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, operator, *inputs, to=None, **attributes):
        """Add a node; return the name of its output."""
        name = to or f"value{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(operator, inputs, [name], **attributes))
        return name

    def model(self, name, x, y):
        """Return the whole as an ONNX model from x to y."""
        make = self.onnx.helper
        whole = make.make_graph(self.nodes, name, [x], [y], self.constants)
        operators, file_format = self.versions
        opset = make.make_opsetid("", operators)
        return make.make_model(whole, opset_imports=[opset], ir_version=file_format)


@singledispatch
def _node(module, graph, x):
    """Add what a module does to the value called x; return the name of its output."""
    raise TypeError(f"to_onnx: model expects layers that ONNX has, got {type(module).__name__}")


@_node.register
def _(module: Sequential, graph, x):
    for layer in module:
        x = _node(layer, graph, x)
    return x


@_node.register
def _(module: Residual, graph, x):
    shortcut = x if module.shortcut is None else _node(module.shortcut, graph, x)
    return graph.add("Add", _node(module.body, graph, x), shortcut)


@_node.register
def _(module: Branches, graph, x):
    return graph.add("Concat", *(_node(branch, graph, x) for branch in module.branches), axis=1)


@_node.register
def _(module: Linear, graph, x):
    product = graph.add("MatMul", x, graph.constant(module.weight.data))
    if module.bias is None:
        return product
    return graph.add("Add", product, graph.constant(module.bias.data))


@_node.register
def _(module: Conv2d, graph, x):
    options = {"group": module.groups, **_attributes(module.window)}
    return graph.add("Conv", x, *_parameters(module, graph), **options)


@_node.register
def _(module: ConvTranspose2d, graph, x):
    options = {"group": module.groups, **_attributes(module.window)}
    options["output_padding"] = list(module.output_padding)
    return graph.add("ConvTranspose", x, *_parameters(module, graph), **options)


@_node.register
def _(module: MaxPool2d, graph, x):
    return _pool("MaxPool", module, graph, x, **_attributes(module.window))


@_node.register
def _(module: AvgPool2d, graph, x):
    attributes = _attributes(module.window)
    del attributes["dilations"]  # AveragePool has had them only since version 19
    attributes["count_include_pad"] = int(module.count_include_pad)
    return _pool("AveragePool", module, graph, x, **attributes)


def _pool(operator, module, graph, x, **attributes):
    if module.ceil_mode:
        graph.versions = WITH_CEIL_MODE
    return graph.add(operator, x, ceil_mode=int(module.ceil_mode), **attributes)


@_node.register
def _(module: GlobalAvgPool2d, graph, x):
    return graph.add("Flatten", graph.add("GlobalAveragePool", x), axis=1)


@_node.register
def _(module: BatchNorm1d, graph, x):
    arrays = module.weight.data, module.bias.data, module.running_mean, module.running_var
    names = [graph.constant(array) for array in arrays]
    return graph.add("BatchNormalization", x, *names, epsilon=float(module.eps))


@_node.register
def _(module: Flatten, graph, x):
    return graph.add("Flatten", x, axis=1)


@_node.register
def _(module: Dropout, graph, x):
    return x  # at test it does nothing


@_node.register(ReLU)
@_node.register(Tanh)
@_node.register(Sigmoid)
@_node.register(Softplus)
def _(module, graph, x):
    return graph.add(type(module).__name__.capitalize(), x)  # ReLU is Relu there


def _parameters(module, graph):
    """Add a layer's kernels and, if it has one, its bias; return their names."""
    return [graph.constant(p.data) for p in (module.weight, module.bias) if p is not None]


def _attributes(window):
    """Say a window in ONNX's words; it pads all beginnings first, then all ends."""
    (top, bottom), (left, right) = window.padding
    return {
        "pads": [top, left, bottom, right],
        "kernel_shape": list(window.kernel_size),
        "strides": list(window.stride),
        "dilations": list(window.dilation),
    }
