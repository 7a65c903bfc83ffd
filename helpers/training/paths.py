"""The path of an optimizer on a function of a few numbers, to be drawn."""

import numpy as np

from ..autodiff import Tensor
from ..support.arguments import as_count, as_real


def follow(make_optimizer, f, start, steps):
    """Return the points (steps + 1, n) that an optimizer visits on f from `start` (n,) on.

    f takes the n coordinates, as in lambda x, y: x**2 / 20 + y**2, and make_optimizer the list of
    parameters, as in lambda params: SGD(params, 0.1). A path that leaves the finite numbers ends
    before it does.
    """
    start = as_real("follow", "start", start).astype(float)
    if start.ndim != 1:
        raise ValueError(f"follow: start expects shape (n,), got {start.shape}")
    point = Tensor(start, requires_grad=True)
    optimizer, path = make_optimizer([point]), [point.numpy()]
    for _ in range(as_count("follow", "steps", steps)):
        optimizer.zero_grad()
        with np.errstate(over="ignore", invalid="ignore"):
            value = f(*(point[i] for i in range(len(start))))
            if not isinstance(value, Tensor):
                raise TypeError(f"follow: f expects to return a Tensor, got {value!r}")
            value.backward()
            optimizer.step()
        if not np.isfinite(point.data).all():
            break
        path.append(point.numpy())
    return np.array(path)
