"""Automatic differentiation (book, section 6.5): Tensors, their operations, and tests of gradients.

`tape` is the engine and knows no operation; `ops` is the table of operations.
"""

from . import ops
from .check import check_grad, numerical_grad
from .operation import operation
from .tape import Tensor, no_grad

__all__ = ["Tensor", "check_grad", "no_grad", "numerical_grad", "operation", "ops"]
