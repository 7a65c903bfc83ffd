"""Networks as ONNX files, which other engines read and run. Needs the package `onnx`: pip install .[export]."""

from functools import singledispatch

import numpy as np

from ..autodiff import no_grad
from ..images.window import Window
from ..support.arguments import as_shape, expect_memory
from ..support.files import expect_path, write_atomically
from .activations import ReLU, Sigmoid, Softplus, Tanh
from .containers import Branches, Residual, Sequential
from .dropout import Dropout
from .image import AvgPool2d, Conv2d, ConvTranspose2d, GlobalAvgPool2d, MaxPool2d
from .linear import Flatten, Linear
from .module import as_module, evaluating
from .normalization import BatchNorm1d

# Versions (operators, file format): that of 2022, which most engines read; with ceil_mode that of 2024, as before it a
# window that begins beyond the image counted.
USUAL, WITH_CEIL_MODE = (17, 8), (22, 10)


def to_onnx(model, input_shape, path):
    """Write a model of `nn` layers, as it is at test, to an ONNX file: whole or not at all.

    input_shape is that of one example, such as (1, 28, 28); the batch's size stays open. The input is called "x", the
    output "y". ImportError without the package onnx; TypeError names a layer that has no counterpart in ONNX.
    """
    onnx = _onnx()
    expect_path("to_onnx", "path", path)
    parameters = as_module("to_onnx", "model", model).parameters()
    dtype = parameters[0].dtype if parameters else np.dtype(np.float32)
    shape = as_shape("to_onnx", "input_shape", input_shape, range(1, 9), "the shape of one example, as (1, 28, 28)")
    expect_memory("to_onnx", "input_shape", (1, *shape), dtype)
    graph = _Graph(onnx)
    graph.add("Identity", _node(model, graph, "x"), to="y")
    kind = onnx.helper.np_dtype_to_tensor_dtype(dtype)
    ends = [
        onnx.helper.make_tensor_value_info(name, kind, ["N", *sizes])
        for name, sizes in (("x", shape), ("y", _output_shape(model, shape, dtype)))
    ]
    whole = onnx.helper.make_graph(graph.nodes, type(model).__name__, ends[:1], ends[1:], graph.constants)
    operators, file_format = graph.versions
    opset = onnx.helper.make_opsetid("", operators)
    proto = onnx.helper.make_model(whole, opset_imports=[opset], ir_version=file_format)
    onnx.checker.check_model(proto, full_check=True)
    write_atomically(path, proto.SerializeToString())


def _onnx():
    try:
        import onnx
    except ImportError:
        raise ImportError("to_onnx: needs the package onnx: pip install onnx") from None
    return onnx


def _output_shape(model, shape, dtype):
    """Shape of the output for one example."""
    with evaluating(model), no_grad():
        return model(np.zeros((1, *shape), dtype)).shape[1:]


class _Graph:
    """The nodes and constants of an ONNX graph as it grows."""

    def __init__(self, onnx):
        self.onnx, self.nodes, self.constants, self.versions = onnx, [], [], USUAL

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
    return product if module.bias is None else graph.add("Add", product, graph.constant(module.bias.data))


@_node.register
def _(module: Conv2d, graph, x):
    window = Window.read("to_onnx", module.kernel_size, module.stride, module.padding, module.dilation)
    return graph.add("Conv", x, *_parameters(module, graph), group=module.groups, **_attributes(window))


@_node.register
def _(module: ConvTranspose2d, graph, x):
    window = Window.read("to_onnx", module.kernel_size, module.stride, module.padding, module.dilation)
    extra = np.broadcast_to(module.output_padding, 2).tolist()
    options = {"group": module.groups, "output_padding": extra, **_attributes(window)}
    return graph.add("ConvTranspose", x, *_parameters(module, graph), **options)


@_node.register
def _(module: MaxPool2d, graph, x):
    return _pool("MaxPool", module, module.dilation, graph, x)


@_node.register
def _(module: AvgPool2d, graph, x):
    return _pool("AveragePool", module, None, graph, x, count_include_pad=int(module.count_include_pad))


def _pool(operator, module, dilation, graph, x, **attributes):
    stride = module.kernel_size if module.stride is None else module.stride
    attributes |= _attributes(Window.read("to_onnx", module.kernel_size, stride, module.padding, dilation or 1))
    if dilation is None:
        del attributes["dilations"]  # AveragePool has had them only since version 19
    if module.ceil_mode:
        graph.versions = WITH_CEIL_MODE
    return graph.add(operator, x, ceil_mode=int(module.ceil_mode), **attributes)


@_node.register
def _(module: GlobalAvgPool2d, graph, x):
    return graph.add("Flatten", graph.add("GlobalAveragePool", x), axis=1)


@_node.register
def _(module: BatchNorm1d, graph, x):
    arrays = module.weight.data, module.bias.data, module.running_mean, module.running_var
    return graph.add("BatchNormalization", x, *map(graph.constant, arrays), epsilon=float(module.eps))


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
    """Names of a layer's kernels and, if it has one, its bias."""
    return [graph.constant(p.data) for p in (module.weight, module.bias) if p is not None]


def _attributes(window):
    """A window in ONNX's words; it pads all beginnings first, then all ends."""
    (top, bottom), (left, right) = window.padding
    names = {"kernel_shape": window.kernel_size, "strides": window.stride, "dilations": window.dilation}
    return {"pads": [top, left, bottom, right], **{name: list(pair) for name, pair in names.items()}}
