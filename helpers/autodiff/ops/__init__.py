"""The table of operations on Tensors: each states its value and, side by side, its pullbacks.

In it the inputs are arrays, and grad is the gradient with respect to the value; the engine records,
un-broadcasts and casts. Names and meanings are those of NumPy, else of PyTorch.
"""

from .elementwise import (
    abs,
    add,
    div,
    dropout,
    exp,
    log,
    maximum,
    minimum,
    mul,
    neg,
    power,
    relu,
    sigmoid,
    softplus,
    sqrt,
    sub,
    tanh,
    where,
)
from .images import avg_pool2d, conv2d, conv_transpose2d, local_conv2d, max_pool2d, pad2d
from .products import einsum, matmul
from .reductions import log_softmax, logsumexp, max, mean, sum
from .shapes import concatenate, getitem, moveaxis, reshape, stack, transpose

__all__ = [
    "abs",
    "add",
    "avg_pool2d",
    "concatenate",
    "conv2d",
    "conv_transpose2d",
    "div",
    "dropout",
    "einsum",
    "exp",
    "getitem",
    "local_conv2d",
    "log",
    "log_softmax",
    "logsumexp",
    "matmul",
    "max",
    "max_pool2d",
    "maximum",
    "mean",
    "minimum",
    "moveaxis",
    "mul",
    "neg",
    "pad2d",
    "power",
    "relu",
    "reshape",
    "sigmoid",
    "softplus",
    "sqrt",
    "stack",
    "sub",
    "sum",
    "tanh",
    "transpose",
    "where",
]
