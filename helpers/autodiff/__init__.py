"""Automatic differentiation (book, section 6.5): Tensors, their operations, and tests of gradients.

`tape` is the engine and knows no operation; `operation` records one; `ops` is the table of them; a
`Tensor` has them as operators and methods.
"""

from . import ops
from .check import check_grad, numerical_grad
from .operation import operation
from .tape import no_grad
from .tensor import Tensor

__all__ = ["Tensor", "check_grad", "no_grad", "numerical_grad", "operation", "ops"]
