"""Products of matrices and of arrays with more axes."""

import math
from functools import partial

import numpy as np

from ..operation import operation


@operation
def matmul(x, y):
    """Multiply matrices over the last two axes, broadcast over those before (eq. 2.5).

    x (..., m, n), y (..., n, k) -> (..., m, k). A vector x is a row, a vector y is a column; the
    product lacks their axis.
    """
    value = x @ y
    rows = np.atleast_2d(x)
    columns = y if y.ndim > 1 else y[:, None]
    lacks = (-2,) * (x.ndim == 1) + (-1,) * (y.ndim == 1)

    def by_x(grad):
        return np.expand_dims(grad, lacks) @ columns.swapaxes(-1, -2)

    def by_y(grad):
        if columns.ndim > 2:
            return rows.swapaxes(-1, -2) @ np.expand_dims(grad, lacks)
        # All matrices of a stack as one: a single product, instead of the sum of one for each.
        count = len(rows) if rows.ndim == 2 else math.prod(rows.shape[:-1])
        product = rows.reshape(count, rows.shape[-1]).T @ grad.reshape(count, columns.shape[-1])
        return product[:, 0] if -1 in lacks else product

    return value, by_x, by_y


def einsum(subscripts, *operands):
    """Compute np.einsum with its output named, as in "bij,bjk->bik".

    No index stands twice in one operand, and there is no ellipsis.

    >>> einsum("ij,j->i", [[1, 2], [3, 4]], [1.0, 10.0])
    Tensor([21., 43.])
    """
    if not isinstance(subscripts, str):
        form = "a text such as 'ij,jk->ik'"
        raise TypeError(f"einsum: subscripts expects {form}, got {subscripts!r}")
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    repeats = any(len(set(term)) < len(term) for term in terms)  # an ellipsis repeats its dot
    if repeats or not arrow:
        form = "the form 'ij,jk->ik', no index twice in one"
        raise ValueError(f"einsum: subscripts expects {form}, got {subscripts!r}")
    return _einsum(*operands, terms=terms, output=output)


@operation(name="einsum")
def _einsum(*arrays, terms, output):
    def by(i, grad):
        others = [*arrays[:i], *arrays[i + 1 :]]
        ones = np.broadcast_to(np.ones((), grad.dtype), np.shape(arrays[i]))  # for axes of i alone
        inputs = ",".join([output, *terms[:i], *terms[i + 1 :], terms[i]])
        return np.einsum(f"{inputs}->{terms[i]}", grad, *others, ones, optimize=True)

    value = np.einsum(f"{','.join(terms)}->{output}", *arrays, optimize=True)
    return value, *(partial(by, i) for i in range(len(arrays)))
