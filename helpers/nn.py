"""Layers as objects that own parameters: what they compute is an operation of `ops`. Also losses, and `summary`.

float32 unless `dtype` says otherwise; random weights are drawn from `rng`, a numpy.random.Generator.
"""

import math
from contextlib import contextmanager

import numpy as np

from . import init, ops
from .arguments import as_count, as_pair, as_real, as_rng, as_shape, as_shaped
from .autodiff import Tensor, no_grad
from .module import Module, members
from .window import Window


class Linear(Module):
    """x W + b for x (..., in_features), weight (in_features, out_features): the book's W^T x + b, an example a row."""

    def __init__(self, in_features, out_features, bias=True, *, rng, weight_init=init.glorot_uniform, dtype=np.float32):
        self.in_features = as_count("Linear", "in_features", in_features)
        self.out_features = as_count("Linear", "out_features", out_features)
        shape = self.in_features, self.out_features
        self.weight = Tensor(weight_init(shape, rng=as_rng("Linear", rng), dtype=dtype), requires_grad=True)
        self.bias = Tensor(init.zeros(self.out_features, dtype=dtype), requires_grad=True) if bias else None

    def forward(self, x):
        if np.shape(x)[-1:] != (self.in_features,):
            raise ValueError(f"Linear: x expects shape (..., {self.in_features}), got {np.shape(x)}")
        product = ops.matmul(x, self.weight)
        return product if self.bias is None else product + self.bias

    def multiply_adds(self, output_shape):
        return math.prod(output_shape) * self.in_features


class Conv2d(Module):
    """Cross-correlation of x (N, C, H, W) with out_channels kernels (eq. 9.6), as `conv.conv2d`, and a bias each."""

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
        *, rng, weight_init=init.glorot_uniform, dtype=np.float32,
    ):  # fmt: skip
        channels = as_count("Conv2d", "in_channels", in_channels), as_count("Conv2d", "out_channels", out_channels)
        if any(count % as_count("Conv2d", "groups", groups) for count in channels):
            raise ValueError(
                f"Conv2d: groups expects a divisor of in_channels and out_channels {channels}, got {groups}"
            )
        Window.read("Conv2d", kernel_size, stride, padding, dilation)
        self.in_channels, self.out_channels = channels
        self.kernel_size = as_pair("Conv2d", "kernel_size", kernel_size)
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
        shape = self.out_channels, self.in_channels // groups, *self.kernel_size
        self.weight = Tensor(weight_init(shape, rng=as_rng("Conv2d", rng), dtype=dtype), requires_grad=True)
        self.bias = Tensor(init.zeros(self.out_channels, dtype=dtype), requires_grad=True) if bias else None

    def forward(self, x):
        return ops.conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)

    def multiply_adds(self, output_shape):
        return math.prod(output_shape) * self.in_channels // self.groups * math.prod(self.kernel_size)


class MaxPool2d(Module):
    """Largest pixel of each window; arguments as in `pool.max_pool2d`."""

    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
        Window.read("MaxPool2d", kernel_size, kernel_size if stride is None else stride, padding, dilation)
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.dilation, self.ceil_mode = dilation, ceil_mode

    def forward(self, x):
        return ops.max_pool2d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


class AvgPool2d(Module):
    """Mean of each window; arguments as in `pool.avg_pool2d`."""

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
        Window.read("AvgPool2d", kernel_size, kernel_size if stride is None else stride, padding)
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, x):
        return ops.avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


class BatchNorm1d(Module):
    """Batch normalization (section 8.7.1; Ioffe and Szegedy, 2015) of each channel of x (N, C) or (N, C, L).

    In training, channels get mean 0 and variance 1 over the batch, at test by running means of both; then they are
    scaled by `weight` and shifted by `bias` (gamma and beta), one number a channel. As in PyTorch the batch's variance
    is biased, the one that runs along is unbiased, and `momentum` is the share of the newest batch.
    """

    ranks, form = (2, 3), "(N, {0}) or (N, {0}, L)"

    def __init__(self, num_features, eps=1e-5, momentum=0.1, *, dtype=np.float32):
        self.num_features = as_count(type(self).__name__, "num_features", num_features)
        self.eps, self.momentum = eps, momentum
        self.weight = Tensor(init.ones(num_features, dtype=dtype), requires_grad=True)
        self.bias = Tensor(init.zeros(num_features, dtype=dtype), requires_grad=True)
        self.running_mean, self.running_var = (
            init.zeros(num_features, dtype=dtype),
            init.ones(num_features, dtype=dtype),
        )

    def forward(self, x):
        shape = np.shape(x)
        per_channel = self._expect(shape)
        if self.training:
            axes = 0, *range(2, len(shape))
            mean = ops.mean(x, axes, keepdims=True)
            centered = x - mean
            variance = ops.mean(centered * centered, axes, keepdims=True)
            self._run_along(mean.data.ravel(), variance.data.ravel(), math.prod(shape) // self.num_features)
        else:
            centered = x - Tensor(self.running_mean.reshape(per_channel))
            variance = Tensor(self.running_var.reshape(per_channel))
        scale = ops.reshape(self.weight, per_channel) / ops.sqrt(variance + self.eps)
        return centered * scale + ops.reshape(self.bias, per_channel)

    def _run_along(self, mean, variance, count):
        """Move the running statistics towards those of a batch with this many values per channel."""
        self.running_mean += self.momentum * (mean - self.running_mean)
        self.running_var += self.momentum * (variance * (count / (count - 1)) - self.running_var)

    def _expect(self, shape):
        """Check the shape of x, and return that which lets one number per channel broadcast against x."""
        where = type(self).__name__
        if len(shape) not in self.ranks or shape[1] != self.num_features:
            raise ValueError(f"{where}: x expects shape {self.form.format(self.num_features)}, got {shape}")
        if self.training and math.prod(shape) <= self.num_features:
            raise ValueError(
                f"{where}: x expects more than one value per channel in training, got shape {shape}: a value alone is "
                "its own mean, so the output would be the bias whatever x is; give a larger batch, or call eval()"
            )
        return self.num_features, *(1,) * (len(shape) - 2)


class BatchNorm2d(BatchNorm1d):
    """The same for x (N, C, H, W): statistics per channel, over the batch and all pixels, not per pixel."""

    ranks, form = (4,), "(N, {0}, H, W)"


class Dropout(Module):
    """In training, set each number to 0 with probability p and divide the others by 1 - p (section 7.12)."""

    def __init__(self, p=0.5, *, rng):
        self.p, self.rng = as_shaped("Dropout", "p", p, ()).item(), as_rng("Dropout", rng)
        if not 0 <= self.p < 1:
            raise ValueError(f"Dropout: p expects a probability below 1, got {p!r}")

    def forward(self, x):
        return ops.dropout(x, self.p, self.rng) if self.training else x


class Flatten(Module):
    """x (N, ...) -> (N, the product of the others)."""

    def forward(self, x):
        return ops.reshape(x, (np.shape(x)[0], math.prod(np.shape(x)[1:])))


class ReLU(Module):
    """max(0, x) (section 6.3.1)."""

    forward = staticmethod(ops.relu)


class Tanh(Module):
    """Hyperbolic tangent (section 6.3.2)."""

    forward = staticmethod(ops.tanh)


class Sigmoid(Module):
    """1 / (1 + exp(-x)) (section 6.3.2)."""

    forward = staticmethod(ops.sigmoid)


class Softplus(Module):
    """log(1 + exp(x)) (section 6.3.3)."""

    forward = staticmethod(ops.softplus)


class Sequential(Module):
    """Modules in a chain: the output of each is the input of the next. model[0] is a Module, model[:2] a Sequential."""

    def __init__(self, *layers):
        for i, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(f"Sequential: layer {i} expects a Module, got {layer!r}")
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def __getitem__(self, index):
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __len__(self):
        return len(self.layers)

    def __iter__(self):
        return iter(self.layers)

    def __repr__(self):
        return f"Sequential({', '.join(map(repr, self.layers))})"


def cross_entropy(logits, labels):
    """Mean of -log softmax(logits)[label] over examples (eq. 6.30), without overflow.

    logits (N, K); labels (N,) integers from 0 to K - 1. ValueError or TypeError for any other.
    """
    labels, shape = as_real("cross_entropy", "labels", labels), np.shape(logits)
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"cross_entropy: logits expects shape (N, K), none of them 0, got {shape}")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"cross_entropy: labels expects integers, got dtype {labels.dtype}")
    labels = as_shaped("cross_entropy", "labels", labels, shape[:1])
    if labels.min() < 0 or labels.max() >= shape[1]:
        wrong = labels.min() if labels.min() < 0 else labels.max()
        raise ValueError(f"cross_entropy: labels expects integers from 0 to {shape[1] - 1}, got {wrong}")
    return -ops.mean(ops.log_softmax(logits)[np.arange(len(labels)), labels])


def mse_loss(output, target):
    """Mean of (output - target)^2 over all elements (eq. 5.4); ValueError unless both have one shape."""
    if np.shape(output) != np.shape(target) or 0 in np.shape(output):
        raise ValueError(f"mse_loss: target expects the shape of output {np.shape(output)}, got {np.shape(target)}")
    error = ops.sub(output, target)
    return ops.mean(error * error)


def summary(model, input_shape):
    """Return a table of a model's layers: output shape, parameters, and multiply-adds for one example.

    input_shape is that of one example, without the batch's axis, such as (1, 28, 28). A layer that is called twice
    stands there twice, its parameters count once. Multiply-adds are those of Linear and Conv2d, without the biases.
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
        work = module.multiply_adds(output.shape) if hasattr(module, "multiply_adds") else 0
        shape = f"(N, {', '.join(map(str, output.shape[1:]))})"
        rows.append((f"{name} {type(module).__name__}".strip(), shape, size, work))
        return output

    return forward
