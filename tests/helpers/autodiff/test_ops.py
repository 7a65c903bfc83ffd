"""Every operation of the tape: its gradient against central differences, PyTorch and HIPS autograd, and its manners.

CASES is the table of operations once more, each with inputs to try it on. Inputs keep clear of kinks and ties, where a
central difference is no slope; what happens there is a convention, with a test of its own.
"""

import time
from inspect import signature
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

from arrays import close, leaf, same
from helpers import images as on_arrays
from helpers.autodiff import Tensor, check_grad, no_grad, ops


def gradients(f, *arrays, v=None):
    """Value of f and its gradients, as arrays, by the tape."""
    leaves = [leaf(array, array.dtype) for array in arrays]
    value = f(*leaves)
    value.backward(np.ones(value.shape) if v is None else v)
    return value.data, [x.grad for x in leaves]


# What to draw: a list of arrays, and the options.


def values(shapes, seed):
    """Arrays whose elements all differ from each other and from 0, between -2 and 2."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    numbers = 4 * (np.random.default_rng(seed).permutation(sum(sizes)) + 0.3) / max(1, sum(sizes)) - 2
    parts = np.split(numbers, np.cumsum(sizes)[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


seeds = st.integers(0, 2**20)
shape = array_shapes(min_dims=0, max_dims=3, max_side=3)


def arrays(count=1, change=None, shapes=None):
    """`count` arrays of shapes that broadcast; `change` maps them to where the function is defined."""

    @st.composite
    def draw_arrays(draw):
        broadcast = mutually_broadcastable_shapes(num_shapes=count, max_dims=3, max_side=3)
        drawn = values(draw(broadcast).input_shapes if shapes is None else draw(shapes), draw(seeds))
        return (change(*drawn) if change else drawn), {}

    return draw_arrays()


def positive(*drawn):
    return [np.exp(x) for x in drawn]


@st.composite
def reductions(draw, smallest=0):
    dims = draw(array_shapes(min_dims=smallest, max_dims=3, max_side=3))
    axes = st.integers(-len(dims), len(dims) - 1) if dims else st.just(None)
    several = st.lists(axes, min_size=1, max_size=3, unique_by=lambda axis: axis % len(dims)).map(tuple)
    axis = draw(st.one_of(st.none(), axes, several if dims else st.none()))
    return values([dims], draw(seeds)), {"axis": axis, "keepdims": draw(st.booleans())}


@st.composite
def with_axis(draw, parts=1, new_axis=False):
    dims = draw(array_shapes(max_dims=3, max_side=3))
    ndim = len(dims) + new_axis
    axis = draw(st.integers(-ndim, ndim - 1))
    shapes = [list(dims) for _ in range(parts)]
    if parts > 1 and not new_axis:
        for sizes in shapes:
            sizes[axis] = draw(st.integers(0, 3))
    return values(shapes, draw(seeds)), {"axis": axis}


@st.composite
def matrices(draw):
    m, n, k = (draw(st.integers(1, 3)) for _ in range(3))
    x, y = draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=2)).input_shapes
    x, y = draw(st.sampled_from([(n,), (*x, m, n)])), draw(st.sampled_from([(n,), (n, k), (*y, n, k)]))
    return values([x, y], draw(seeds)), {}


FORMS_OF_EINSUM = ["ij,jk->ik", "bij, bjk -> bik", "ij->j", "ij->ji", "i,j->ij", "bij,j->b", "ij,ik,i->k"]


@st.composite
def contractions(draw):
    sizes = {name: draw(st.integers(1, 3)) for name in "bijk"}
    subscripts = draw(st.sampled_from(FORMS_OF_EINSUM))
    shapes = [[sizes[name] for name in term.strip()] for term in subscripts.split("->")[0].split(",")]
    return values(shapes, draw(seeds)), {"subscripts": subscripts}


@st.composite
def reshapes(draw):
    dims = draw(shape)
    new = draw(st.permutations([*dims, *draw(st.sampled_from([(), (1,), (1, 1)]))]))
    return values([dims], draw(seeds)), {"shape": draw(st.sampled_from([tuple(new), (-1,), -1]))}


@st.composite
def permutations(draw):
    dims = draw(shape)
    axes = [axis - draw(st.sampled_from([0, len(dims)])) for axis in draw(st.permutations(range(len(dims))))]
    return values([dims], draw(seeds)), {"axes": draw(st.sampled_from([None, tuple(axes)]))}


INDICES = [
    1, -1, ..., None, slice(1, 3), slice(None, None, 2), slice(0, 0), (slice(None), 1), (..., 0), (2, None, 1),
    (0, 1, 1), [0, 2, 0, 0], np.array([[1, 1], [2, 3]]), np.array(2), np.int64(3), ([0, 0, 3], [1, 1, 2]), range(2),
    (slice(1, 3), [0, 0]), ([3, 3], slice(None), [1, 1]), (np.array([1, 1]), None, 0), ((0, 0, 1),),
    np.array([True, False, True, True]), np.arange(24).reshape(4, 3, 2) % 5 == 0, ([False, True, True, False], [0, 0]),
]  # fmt: skip
BACKWARDS = [slice(None, None, -1), (slice(None), slice(2, 0, -1))]  # PyTorch has no negative steps


@st.composite
def selections(draw):
    return values([(4, 3, 2)], draw(seeds)), {"index": INDICES[draw(st.integers(0, len(INDICES) - 1))]}


@st.composite
def choices(draw):
    dims = draw(mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=3)).input_shapes
    condition, x, y = values(dims, draw(seeds))
    return [x, y], {"condition": condition > 0}


@st.composite
def images(draw, options):
    return values([(1, 2, 4, 5)], draw(seeds)), {name: draw(choice) for name, choice in options.items()}


@st.composite
def layers(draw):
    groups, bias = draw(st.sampled_from([1, 2])), draw(st.booleans())
    shapes = [(2, 2, 4, 3), (2, 2 // groups, 2, 2)] + [(2,)] * bias
    pairs = st.sampled_from([1, 2, (1, 2)])
    options = {"stride": draw(pairs), "padding": draw(st.sampled_from([0, 1, (1, 2)])), "dilation": draw(pairs)}
    return values(shapes, draw(seeds)), {**options, "groups": groups}


@st.composite
def transposed_layers(draw):
    groups, stride, padding = (draw(st.sampled_from([1, 2])) for _ in range(3))
    bias = [(2,)] * draw(st.booleans())
    options = {"stride": stride, "padding": padding - 1, "output_padding": draw(st.integers(0, stride - 1))}
    options |= {"groups": groups, "dilation": draw(st.sampled_from([1, (1, 2)]))}
    return values([(2, 2, 3, 2), (2, 2 // groups, 2, 3), *bias], draw(seeds)), options


@st.composite
def local_layers(draw):
    stride, padding = draw(st.sampled_from([1, 2])), draw(st.sampled_from([0, 1]))
    grid = [(size + 2 * padding - kernel) // stride + 1 for size, kernel in ((4, 2), (3, 3))]
    bias = [(3, *grid)] * draw(st.booleans())
    shapes = [(2, 2, 4, 3), (3, *grid, 2, 2, 3), *bias]
    return values(shapes, draw(seeds)), {"stride": stride, "padding": padding}


def torch_local(torch, x, weight, bias=None, *, stride, padding):
    """By PyTorch's own columns, (N, C kH kW, P Q)."""
    filters, rows, columns, _, *kernel_size = weight.shape
    cols = torch.nn.functional.unfold(x, kernel_size, stride=stride, padding=padding)
    kernels = weight.reshape(filters, rows * columns, -1)
    out = torch.einsum("nkp,fpk->nfp", cols, kernels).reshape(len(x), filters, rows, columns)
    return out if bias is None else out + bias


borders = {"padding": st.sampled_from([0, 1, (1, 2), ((1, 0), (2, 1))]), "value": st.sampled_from([0.0, -1.5])}
small = st.sampled_from([None, 1, 2])
pools = {
    "kernel_size": st.sampled_from([2, (3, 2)]),
    "stride": small,
    "padding": st.integers(0, 1),
    "ceil_mode": st.booleans(),
}


# How PyTorch spells it, where it differs.


def every(axis, x):
    return tuple(range(x.ndim)) if axis is None else axis


def torch_pad(torch, x, padding, value):
    padding = (padding, padding) if isinstance(padding, int) else padding
    (top, bottom), (left, right) = [(p, p) if isinstance(p, int) else p for p in padding]
    return torch.nn.functional.pad(x, (left, right, top, bottom), value=value)


def torch_index(torch, index):
    if isinstance(index, tuple):
        return tuple(torch_index(torch, part) for part in index)
    return torch.as_tensor(np.asarray(index)) if isinstance(index, (list, range, np.ndarray)) else index


class Case(NamedTuple):
    """Inputs to draw, the operation on them, and the same in PyTorch and in HIPS autograd (or None)."""

    inputs: st.SearchStrategy
    ours: object
    torch: object = None
    autograd: object = None


CASES = {
    "add": Case(arrays(2), ops.add, lambda t, x, y: x + y, lambda a, x, y: x + y),
    "sub": Case(arrays(2), ops.sub, lambda t, x, y: x - y, lambda a, x, y: x - y),
    "mul": Case(arrays(2), ops.mul, lambda t, x, y: x * y, lambda a, x, y: x * y),
    "div": Case(arrays(2, lambda x, y: [x, y + 3 * np.sign(y)]), ops.div, lambda t, x, y: x / y, lambda a, x, y: x / y),
    "neg": Case(arrays(), ops.neg, lambda t, x: -x, lambda a, x: -x),
    "power": Case(
        arrays(2, lambda x, y: [np.exp(x), y]), ops.power, lambda t, x, y: x**y, lambda a, x, y: x**y
    ),
    "exp": Case(arrays(), ops.exp, lambda t, x: t.exp(x), lambda a, x: a.exp(x)),
    "log": Case(arrays(1, positive), ops.log, lambda t, x: t.log(x), lambda a, x: a.log(x)),
    "sqrt": Case(arrays(1, positive), ops.sqrt, lambda t, x: t.sqrt(x), lambda a, x: a.sqrt(x)),
    "tanh": Case(arrays(), ops.tanh, lambda t, x: t.tanh(x), lambda a, x: a.tanh(x)),
    "sigmoid": Case(arrays(), ops.sigmoid, lambda t, x: t.sigmoid(x), lambda a, x: 1 / (1 + a.exp(-x))),
    "relu": Case(arrays(), ops.relu, lambda t, x: t.relu(x), lambda a, x: a.maximum(x, 0)),
    "softplus": Case(arrays(), ops.softplus, lambda t, x: t.nn.functional.softplus(x), lambda a, x: a.logaddexp(x, 0)),
    "abs": Case(arrays(), ops.abs, lambda t, x: t.abs(x), lambda a, x: a.abs(x)),
    "maximum": Case(arrays(2), ops.maximum, lambda t, x, y: t.maximum(x, y), lambda a, x, y: a.maximum(x, y)),
    "minimum": Case(arrays(2), ops.minimum, lambda t, x, y: t.minimum(x, y), lambda a, x, y: a.minimum(x, y)),
    "where": Case(
        choices(),
        lambda x, y, condition: ops.where(condition, x, y),
        lambda t, x, y, condition: t.where(t.as_tensor(condition), x, y),
    ),
    "dropout": Case(
        arrays(),
        lambda x: ops.dropout(x, 0.4, np.random.default_rng(1)),
        lambda t, x: x * t.as_tensor(np.random.default_rng(1).random(x.shape, np.float32) >= 0.4) / 0.6,
    ),
    "sum": Case(
        reductions(),
        ops.sum,
        lambda t, x, axis, keepdims: t.sum(x, dim=every(axis, x), keepdim=keepdims),
        lambda a, x, **options: a.sum(x, **options),
    ),
    "mean": Case(
        reductions(),
        ops.mean,
        lambda t, x, axis, keepdims: t.mean(x, dim=every(axis, x), keepdim=keepdims),
        lambda a, x, **options: a.mean(x, **options),
    ),
    "max": Case(
        reductions(),
        ops.max,
        lambda t, x, axis, keepdims: t.amax(x, dim=every(axis, x), keepdim=keepdims),
        lambda a, x, **options: a.max(x, **options),
    ),
    "logsumexp": Case(
        reductions(smallest=1),
        ops.logsumexp,
        lambda t, x, axis, keepdims: t.logsumexp(x, dim=every(axis, x), keepdim=keepdims),
        lambda a, x, **options: a.log(a.sum(a.exp(x), **options)),
    ),
    "log_softmax": Case(
        with_axis(),
        ops.log_softmax,
        lambda t, x, axis: t.log_softmax(x, axis),
        lambda a, x, axis: x - a.log(a.sum(a.exp(x), axis=axis, keepdims=True)),
    ),
    "matmul": Case(matrices(), ops.matmul, lambda t, x, y: x @ y, lambda a, x, y: a.matmul(x, y)),
    "einsum": Case(
        contractions(),
        lambda *parts, subscripts: ops.einsum(subscripts, *parts),
        lambda t, *parts, subscripts: t.einsum(subscripts.replace(" ", ""), *parts),
        lambda a, *parts, subscripts: a.einsum(subscripts, *parts),
    ),
    "reshape": Case(
        reshapes(), ops.reshape, lambda t, x, shape: x.reshape(shape), lambda a, x, shape: a.reshape(x, shape)
    ),
    "transpose": Case(
        permutations(),
        ops.transpose,
        lambda t, x, axes: t.permute(x, tuple(range(x.ndim)[::-1]) if axes is None else axes),
        lambda a, x, axes: a.transpose(x, None if axes is None else [axis % x.ndim for axis in axes]),
    ),
    "moveaxis": Case(
        arrays(shapes=st.just([(2, 1, 3)])).flatmap(
            lambda drawn: st.sampled_from([(0, -1), (-1, 0), ((0, 1), (2, 0))]).map(
                lambda move: (drawn[0], {"source": move[0], "destination": move[1]})
            )
        ),
        ops.moveaxis,
        lambda t, x, source, destination: t.moveaxis(x, source, destination),
        lambda a, x, source, destination: a.moveaxis(x, source, destination),
    ),
    "getitem": Case(
        selections(), ops.getitem, lambda t, x, index: x[torch_index(t, index)], lambda a, x, index: x[index]
    ),
    "concatenate": Case(
        with_axis(parts=3),
        lambda *parts, axis: ops.concatenate(parts, axis),
        lambda t, *parts, axis: t.cat(parts, axis),
        lambda a, *parts, axis: a.concatenate(parts, axis),
    ),
    "stack": Case(
        with_axis(parts=3, new_axis=True),
        lambda *parts, axis: ops.stack(parts, axis),
        lambda t, *parts, axis: t.stack(parts, axis),
        lambda a, *parts, axis: a.stack(parts, axis),
    ),
    "pad2d": Case(images(borders), ops.pad2d, torch_pad),
    "conv2d": Case(
        layers(), ops.conv2d, lambda t, *parts, **options: t.nn.functional.conv2d(*parts, **options)
    ),
    "conv_transpose2d": Case(
        transposed_layers(), ops.conv_transpose2d, lambda t, *parts, **o: t.nn.functional.conv_transpose2d(*parts, **o)
    ),
    "local_conv2d": Case(local_layers(), ops.local_conv2d, torch_local),
    "max_pool2d": Case(
        images(pools), ops.max_pool2d, lambda t, x, **options: t.nn.functional.max_pool2d(x, **options)
    ),
    "avg_pool2d": Case(
        images({**pools, "count_include_pad": st.booleans()}),
        ops.avg_pool2d,
        lambda t, x, **options: t.nn.functional.avg_pool2d(x, **options),
    ),
}  # fmt: skip


def test_no_operation_is_forgotten():
    assert set(CASES) == set(ops.__all__)


def test_the_face_has_operations_and_the_files_they_stand_in():
    kinds = {"elementwise", "images", "products", "reductions", "shapes"}
    assert {name for name in vars(ops) if not name.startswith("_")} == set(ops.__all__) | kinds
    assert not any(callable(getattr(ops, kind)) for kind in kinds)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@given(data=st.data())
@settings(max_examples=8)
def test_the_gradient_is_the_slope(case, data):
    drawn, options = data.draw(case.inputs)
    assert check_grad(lambda *xs: case.ours(*xs, **options), *drawn) <= 1e-6


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@given(data=st.data())
@settings(max_examples=8)
def test_pytorch_agrees(torch, case, data):
    drawn, options = data.draw(case.inputs)
    tensors = [torch.tensor(x, requires_grad=True) for x in drawn]
    theirs = case.torch(torch, *tensors, **options)
    v = np.random.default_rng(0).standard_normal(tuple(theirs.shape))
    theirs.backward(torch.as_tensor(v))
    value, ours = gradients(lambda *xs: case.ours(*xs, **options), *drawn, v=v)
    close(value, theirs.detach().numpy(), rtol=1e-12, atol=1e-12)
    for grad, tensor in zip(ours, tensors, strict=True):
        close(grad, tensor.grad.numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if case.autograd], ids=[k for k in CASES if CASES[k].autograd]
)
@given(data=st.data())
@settings(max_examples=8)
def test_hips_autograd_agrees(autograd, case, data):
    drawn, options = data.draw(case.inputs)
    pull_back, theirs = autograd.core.make_vjp(
        lambda xs: case.autograd(autograd.numpy, *xs, **options), autograd.builtins.tuple(tuple(drawn))
    )
    v = np.random.default_rng(0).standard_normal(np.shape(theirs))
    value, ours = gradients(lambda *xs: case.ours(*xs, **options), *drawn, v=v)
    close(value, theirs, rtol=1e-12, atol=1e-12)
    for grad, other in zip(ours, pull_back(v), strict=True):
        close(grad, other, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@given(data=st.data())
@settings(max_examples=3)
def test_the_dtype_stays(case, dtype, data):
    drawn, options = data.draw(case.inputs)
    value, grads = gradients(lambda *xs: case.ours(*xs, **options), *(x.astype(dtype) for x in drawn))
    assert {value.dtype, *(grad.dtype for grad in grads)} == {np.dtype(dtype)}


INTEGERS = [np.int8, np.uint8, np.int16, np.uint32, np.int64]
KEEP_INTEGERS = {
    "relu", "maximum", "minimum", "where", "sum", "max", "reshape", "transpose", "moveaxis", "getitem", "concatenate",
    "stack", "pad2d", "conv2d", "max_pool2d",
}  # fmt: skip


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("case", [CASES[name] for name in CASES], ids=CASES)
@given(data=st.data())
@settings(max_examples=3)
def test_integers_give_the_numbers_of_floats(case, dtype, data):
    drawn, options = data.draw(case.inputs)
    options = {name: value for name, value in options.items() if name != "value"}  # of a border, a fraction
    # From 0 on where there is no sign, and up to 127, so that nearly every sum, product and power is beyond a byte.
    scaled = [np.round(x * 63 if np.dtype(dtype).kind == "i" else abs(x) * 63).astype(dtype) for x in drawn]
    with np.errstate(all="ignore"):
        ours = case.ours(*scaled, **options).data
        close(ours, case.ours(*(x.astype(float) for x in scaled), **options).data, rtol=1e-14)


IMAGE = np.full((1, 1, 2, 2), 3, np.uint8)
ON_BYTES = {
    "where": lambda: ops.where(IMAGE > 0, IMAGE, IMAGE),
    "dropout": lambda: ops.dropout(IMAGE, 0.5, np.random.default_rng(0)),
    "einsum": lambda: ops.einsum("ncij->nc", IMAGE),
    "reshape": lambda: ops.reshape(IMAGE, -1),
    "moveaxis": lambda: ops.moveaxis(IMAGE, 0, 1),
    "getitem": lambda: ops.getitem(IMAGE, 0),
    "concatenate": lambda: ops.concatenate([IMAGE, IMAGE]),
    "stack": lambda: ops.stack([IMAGE, IMAGE]),
    "pad2d": lambda: ops.pad2d(IMAGE, 1),
    "local_conv2d": lambda: ops.local_conv2d(IMAGE, IMAGE[:, None, None]),
    "max_pool2d": lambda: ops.max_pool2d(IMAGE, 2),
    "avg_pool2d": lambda: ops.avg_pool2d(IMAGE, 2),
}
OF_TWO = {"add", "sub", "mul", "div", "power", "maximum", "minimum", "matmul", "conv2d", "conv_transpose2d"}


@pytest.mark.parametrize("name", CASES)
def test_only_what_moves_and_selects_keeps_integers(name):
    inputs = [IMAGE] * (2 if name in OF_TWO else 1)
    value = ON_BYTES[name]() if name in ON_BYTES else getattr(ops, name)(*inputs)
    assert (value.dtype.kind in "iu") == (name in KEEP_INTEGERS)


def test_bytes_do_not_wrap():
    x, y = Tensor(np.array([3, 200], np.uint8)), Tensor(np.array([5, 100], np.uint8))
    same((x - y).data, [-2, 100])
    same((x + y).data, [8, 300])
    same((x * y).data, [15, 20000])
    same((-x).data, [-3, -200])
    same((x**2).data, [9, 40000])
    same((x - 5).data, [-2, 195])
    same((5 - x).data, [2, -195])
    same(abs(Tensor(np.int8(-128))).data, 128)
    same((x @ y).data, 20015)
    same(ops.einsum("i,i->", x, y).data, 20015)
    close(ops.log_softmax(Tensor(np.array([0, 1], np.uint8))).data, [-np.log1p(np.e), 1 - np.log1p(np.e)])
    close(ops.exp(np.uint8(20)).data, np.exp(20.0))


def test_integers_beside_floats_take_their_dtype():
    x = np.array([1, 2], np.uint8)
    for value in (Tensor(x) * np.ones(2, np.float32), ops.sub(np.ones(2, np.float32), x), leaf([1, 2], np.float32) / x):
        assert value.dtype == np.float32
    assert ops.mul(x > 1, x).dtype == np.float64
    assert (leaf([1, 2], np.float32) * (x > 1)).dtype == np.float32


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@given(data=st.data())
@settings(max_examples=3)
def test_no_input_and_no_gradient_is_written_into(case, data):
    drawn, options = data.draw(case.inputs)
    before = [x.copy() for x in drawn]
    leaves = [Tensor(x, requires_grad=True) for x in drawn]
    value = case.ours(*leaves, **options)
    v = np.ones(value.shape)
    v.flags.writeable = False
    value.backward(v)
    for x, old, own in zip(drawn, before, leaves, strict=True):
        same(x, old)
        same(own.data, old)
        assert own.grad.flags.writeable
        assert not any(np.shares_memory(own.grad, other.grad) for other in leaves if other is not own)


@pytest.mark.parametrize("index", BACKWARDS, ids=str)
def test_slices_may_run_backwards(index):
    check_grad(lambda x: x[index], *values([(4, 3, 2)], 0))


# Conventions where there is no slope.


def test_a_tie_of_two_gives_each_half():
    for f in (ops.maximum, ops.minimum):
        for grad in gradients(f, np.array([1.0, 2]), np.array([1.0, 2]))[1]:
            same(grad, [0.5, 0.5])


def test_the_larger_takes_all():
    _, (by_x, by_y) = gradients(ops.maximum, np.array([1.0, 4, -np.inf]), np.array([2.0, 3, 0]))
    same(by_x, [0, 1, 0])
    same(by_y, [1, 0, 1])


def test_elements_that_tie_for_the_maximum_share_evenly():
    same(gradients(ops.max, np.array([3.0, 1, 3, 3]))[1][0], [1 / 3, 0, 1 / 3, 1 / 3])
    same(gradients(lambda x: ops.max(x, axis=1), np.array([[2.0, 2], [1, 5]]))[1][0], [[0.5, 0.5], [0, 1]])


@pytest.mark.parametrize("f", [ops.relu, ops.abs], ids=["relu", "abs"])
def test_the_slope_at_a_kink_at_zero_is_zero(f):
    same(gradients(f, np.array([0.0, 2, -0.0]))[1][0], [0, 1, 0])


@pytest.mark.parametrize("f", [ops.max, ops.mean], ids=["max", "mean"])
def test_more_elements_than_half_precision_can_count(f):
    close(gradients(f, np.ones(100_000, np.float16), v=np.float16(1000))[1][0], np.full(100_000, 0.01), rtol=1e-3)


def test_a_tie_in_a_window_goes_to_the_first():
    same(gradients(lambda x: ops.max_pool2d(x, 2), np.ones((2, 2)))[1][0], [[1, 0], [0, 0]])


@pytest.mark.parametrize(
    ("x", "y", "by_x", "by_y"), [(0, 2, 0, 0), (0, 1, 1, 0), (0, 0, 0, 0), (3, 0, 0, np.log(3)), (-2, 2, -4, None)]
)
def test_powers_at_zero(x, y, by_x, by_y):
    base, exponent = leaf(x), leaf(y)
    ops.power(base, y).backward()
    same(base.grad, by_x)
    if by_y is not None:
        (x**exponent).backward()
        close(exponent.grad, by_y)


# Numbers far out.


def test_nothing_overflows():
    far = np.array([-1000.0, 0, 1000])
    for f, value, slope in [
        (ops.sigmoid, [0, 0.5, 1], [0, 0.25, 0]),
        (ops.softplus, [0, np.log(2), 1000], [0, 0.5, 1]),
        (ops.tanh, [-1, 0, 1], [0, 1, 0]),
        (ops.log_softmax, [-2000, -1000, 0], [1, 1, -2]),
    ]:
        got, (grad,) = gradients(f, far)
        close(got, value)
        close(grad, slope, atol=1e-12)
    got, (grad,) = gradients(ops.logsumexp, far)
    assert got == 1000
    same(grad, [0, 0, 1])


SMOOTH = {name: getattr(ops, name) for name in ("exp", "sigmoid", "softplus", "tanh", "logsumexp", "log_softmax")}


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", SMOOTH)
def test_no_harmless_underflow_is_reported(name, dtype):
    x = np.array([[-1000, 0], [-50, -745], [0, -12]], dtype)
    with np.errstate(all="ignore"):
        expected = gradients(SMOOTH[name], x)
    with np.errstate(all="raise"):
        value, grads = gradients(SMOOTH[name], x)
        with pytest.raises(FloatingPointError):  # the caller's settings are back
            np.exp(np.float64(-1000))
    same(value, expected[0])
    same(grads, expected[1])


def test_what_overflows_or_is_invalid_is_reported():
    with np.errstate(all="raise"):
        for call in (
            lambda: ops.exp(1000.0),
            lambda: ops.log(-1.0),
            lambda: ops.div(1, 0),
            lambda: Tensor(1e200) * 1e200,
            lambda: ops.log_softmax([np.inf, np.inf]),
        ):
            with pytest.raises(FloatingPointError):
                call()


def test_nan_and_infinity_pass():
    x = np.array([np.nan, np.inf, -np.inf])
    same(ops.relu(x).data, [np.nan, np.inf, 0])
    same(ops.maximum(x, 0).data, [np.nan, np.inf, 0])
    same(gradients(lambda t: ops.where(np.isfinite(x), t, 0.0), x)[1][0], [0, 0, 0])
    chosen = gradients(lambda t: ops.where(np.array([False, True]), t, 1.0), np.ones(2), v=[np.inf, 1])[1]
    same(chosen, [[0, 1]])


@pytest.mark.parametrize(
    "f", [ops.sum, ops.mean, ops.relu, ops.transpose, lambda x: x @ np.ones((3, 2)), lambda x: x[:]]
)
@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
def test_a_batch_of_none(f):
    assert gradients(f, np.ones((0, 3)))[1][0].shape == (0, 3)


@pytest.mark.parametrize(("m", "n", "k"), [(0, 3, 2), (2, 0, 3), (2, 3, 0), (0, 0, 0)])
def test_products_with_a_side_of_none(m, n, k):
    y = np.ones((n, k))
    for x in (np.ones((m, n)), np.ones((4, m, n))):
        by_x, by_y = gradients(ops.matmul, x, y)[1]
        same(by_x, np.full(x.shape, float(k)))
        same(by_y, np.full(y.shape, float(np.prod(x.shape[:-1]))))
    by_x, by_y = gradients(lambda x, y: ops.einsum("ij,jk->ik", x, y), np.ones((m, n)), y)[1]
    same(by_x, np.full((m, n), float(k)))
    same(by_y, np.full((n, k), float(m)))
    for x, y in ((np.ones(n), np.ones((n, k))), (np.ones((m, n)), np.ones(n))):
        assert [grad.shape for grad in gradients(ops.matmul, x, y)[1]] == [x.shape, y.shape]


# Dropout.


def test_dropout_keeps_the_mean_and_draws_once():
    x = leaf(np.ones((100, 100)))
    y = ops.dropout(x, 0.25, np.random.default_rng(0))
    assert set(np.unique(y.data)) == {0, 1 / 0.75}
    assert y.data.mean() == pytest.approx(1, abs=0.02)
    y.sum().backward()
    same(x.grad, y.data)
    same(ops.dropout(x, 0, np.random.default_rng(0)).data, x.data)


# The same as on floor 0, and its errors.


def test_padding_by_word_asks_for_the_kernel_size():
    x = values([(5, 6)], 0)[0]
    same(ops.pad2d(x, "same", (3, 4)).data, on_arrays.pad2d(x, "same", (3, 4)))
    check_grad(lambda t: ops.pad2d(t, "full", 2), x)


def test_one_image_with_one_kernel():
    x, weight, bias = values([(5, 6), (2, 3), ()], 0)
    assert check_grad(ops.conv2d, x, weight, bias) < 1e-6
    assert check_grad(lambda t: ops.max_pool2d(t, 2), x) < 1e-6
    same(ops.avg_pool2d(x, (2, 3)).data, on_arrays.avg_pool2d(x, (2, 3)))


def test_arrays_may_be_given_by_keyword():
    x, weight, bias = leaf(np.ones((1, 1, 3, 3))), leaf(np.ones((1, 1, 2, 2))), leaf([1])
    ops.conv2d(x, weight, bias=bias, stride=2).sum().backward()
    ops.conv2d(weight=weight, x=x).sum().backward()
    same(bias.grad, [1])
    same(weight.grad, [[[[5, 5], [5, 5]]]])
    same(ops.sum(axis=0, x=leaf([1, 2])).data, 3)
    same(ops.sub(y=leaf([1, 2]), x=[4, 4]).data, [3, 2])
    for name in ("conv2d", "conv_transpose2d", "local_conv2d"):
        parameters = dict(signature(getattr(ops, name)).parameters)
        assert parameters.pop("window").default is None  # only a layer has read one
        assert parameters == signature(getattr(on_arrays, name)).parameters


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (lambda: ops.sum(3.0), 3),
        (lambda: ops.mean(3), 3),
        (lambda: ops.max(3.0), 3),
        (lambda: ops.reshape(3, (1, 1)), [[3]]),
        (lambda: ops.logsumexp(2.5), 2.5),
        (lambda: ops.div(1, 0), np.inf),
        (lambda: ops.power(-8.0, 0.5), np.nan),
        (lambda: ops.power(2, -1), 0.5),
        (lambda: ops.where(True, 1.0, 2), 1),
        (lambda: ops.where([True, False], [1, 2], 0), [1, 0]),
        (lambda: ops.where(np.False_, leaf([1, 2]), 5.0), [5, 5]),
        (lambda: ops.sum([True, True, False]), 2),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_operations_take_python_numbers_and_booleans(call, value):
    assert isinstance(call(), Tensor)
    same(call().data, value)


def test_conv2d_computes_only_the_gradients_asked_for(monkeypatch):
    """The first layer's images are constants: their gradient would cost as much as all the rest."""
    monkeypatch.setattr("helpers.images.conv.correlate_adjoint", None)
    weight = Tensor(np.ones((2, 1, 3, 3)), requires_grad=True)
    ops.conv2d(np.ones((1, 1, 4, 4)), weight).sum().backward()
    np.testing.assert_array_equal(weight.grad, np.full(weight.shape, 4.0))


X = leaf(np.ones((2, 3)))
RNG = np.random.default_rng(0)
WRONG = {
    "condition of floats": (
        lambda: ops.where(np.ones(3), X, X),
        TypeError,
        "where: condition expects booleans, got dtype float64",
    ),
    "condition of an integer": (
        lambda: ops.where(1, X, X),
        TypeError,
        "where: condition expects booleans, got dtype int64",
    ),
    "p of 1": (lambda: ops.dropout(X, 1, RNG), ValueError, "dropout: p expects a number in [0, 1), got 1"),
    "p of a boolean": (lambda: ops.dropout(X, True, RNG), TypeError, "dropout: p expects real numbers", "bool"),
    "a seed": (lambda: ops.dropout(X, 0.5, 7), TypeError, "dropout: rng expects", "got 7"),
    "an index twice": (lambda: ops.einsum("ii->", X), ValueError, "einsum: subscripts expects the form", "'ii->'"),
    "no output": (lambda: ops.einsum("ij", X), ValueError, "einsum: subscripts expects the form", "'ij'"),
    "an ellipsis": (lambda: ops.einsum("...i->i", X), ValueError, "einsum: subscripts expects the form", "'...i->i'"),
    "subscripts of a number": (lambda: ops.einsum(3, X), TypeError, "einsum: subscripts expects a text", "got 3"),
    "one part, joined": (
        lambda: ops.concatenate(5),
        TypeError,
        "concatenate: parts expects a sequence of arrays, got 5",
    ),
    "one part, stacked": (lambda: ops.stack(5), TypeError, "stack: parts expects a sequence of arrays, got 5"),
    "no axis": (lambda: ops.concatenate([X, X], None), TypeError, "concatenate: axis expects an integer, got None"),
    "half an axis": (lambda: ops.stack([X, X], 0.5), TypeError, "stack: axis expects an integer, got 0.5"),
    "an index of text": (lambda: X["a"], TypeError, "getitem: index expects real numbers", "<U1"),
    "the sum of None": (lambda: ops.sum(None), TypeError, "sum: x expects real numbers", "object"),
    "None added": (lambda: ops.add(X, None), TypeError, "add: y expects real numbers", "object"),
    "no weight": (lambda: ops.conv2d(X, bias=X), TypeError, "conv2d: missing a required argument: 'weight'"),
    "four axes of two": (
        lambda: ops.conv2d(X, np.ones((1, 1, 2, 2))),
        ValueError,
        "conv2d: weight expects",
        "(2, 3)",
        "(1, 1, 2, 2)",
    ),
    "no kernel size": (lambda: ops.pad2d(X, "same"), ValueError, "pad2d: kernel_size"),
    "a window beyond the image": (lambda: ops.max_pool2d(X, 4), ValueError, "max_pool2d: kernel_size", "(2, 3)"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_argument_is_named(what, refuses):
    refuses(*WRONG[what])


# What a Tensor can do.


OPERATORS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": lambda x, y: x**y,
    "@": lambda x, y: x @ y,
}
COMPARISONS = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
}
FORMS = {"Tensor": Tensor, "array": np.array, "list": np.ndarray.tolist, "leaf": leaf}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sign", OPERATORS)
def test_operators_take_anything_numeric_on_both_sides(sign, form):
    x, y = np.array([[1.5, 2.0], [0.5, 3.0]]), np.array([[2.0, 1.0], [3.0, 0.5]])
    f = OPERATORS[sign]
    for value in (f(leaf(x), FORMS[form](y)), f(FORMS[form](x), leaf(y))):
        assert isinstance(value, Tensor)
        assert value.requires_grad
        close(value.data, f(x, y))
    assert check_grad(lambda t: f(t, FORMS[form](y)), x) < 1e-6
    assert check_grad(lambda t: f(FORMS[form](x), t), y) < 1e-6


@pytest.mark.parametrize("number", [3, 2.5, np.float32(2.5), np.float64(2.5), np.int64(3), np.array(2.5)], ids=repr)
@pytest.mark.parametrize("sign", [sign for sign in OPERATORS if sign != "@"])
def test_operators_take_numbers_on_both_sides(sign, number):
    x, f = np.array([1.5, 2.0]), OPERATORS[sign]
    for value, want in ((f(leaf(x), number), f(x, number)), (f(number, leaf(x)), f(number, x))):
        assert isinstance(value, Tensor)
        close(value.data, want)
        value.backward([1, 1])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sign", COMPARISONS)
def test_comparisons_give_plain_booleans(sign, form):
    x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])
    f = COMPARISONS[sign]
    for value in (f(leaf(x), FORMS[form](y)), f(FORMS[form](x), leaf(y))):
        assert type(value) is np.ndarray
        same(value, f(x, y))
    same(f(leaf(x), 2), f(x, 2))


def test_a_mask_is_a_number():
    x = leaf([-1, 2])
    (x * (x > 0)).sum().backward()
    same(x.grad, [0, 1])


def test_methods():
    x = np.arange(6.0).reshape(2, 3)
    t = leaf(x)
    same(abs(-t).data, x)
    same(t.T.data, x.T)
    same(t.transpose(1, 0).data, x.T)
    same(t.transpose((0, 1)).data, x)
    same(t.transpose().data, x.T)
    same(t.reshape(3, 2).data, x.reshape(3, 2))
    same(t.reshape((3, -1)).data, x.reshape(3, 2))
    same(t.reshape(-1).data, x.reshape(-1))
    same(t.sum(0).data, x.sum(0))
    same(t.mean(-1, keepdims=True).data, x.mean(-1, keepdims=True))
    same(t.max((0, 1)).data, 5)
    same([row.data for row in t], x)
    first, second = t
    (first * second).sum().backward()
    same(t.grad, x[::-1])


def test_python_numbers_have_no_dtype_of_their_own():
    x = leaf([1, 2], np.float32)
    for value in (x * 2, 2.5 * x, x**2, x / 3, 1 - x, ops.maximum(x, 0.5), ops.where(x > 1, x, 0.0)):
        assert value.dtype == np.float32
    assert (x * np.float64(2)).dtype == np.float64  # as in NumPy


def test_the_index_may_change_after_it_was_used():
    x, index = leaf([1, 2, 3]), np.array([0, 1])
    y = x[index]
    index[:] = 2
    y.sum().backward()
    same(x.grad, [1, 1, 0])


@pytest.mark.parametrize("index", [[], (), [[]], ([], slice(None)), range(0)])
def test_an_index_may_be_empty(index):
    x = leaf(np.arange(6).reshape(2, 3))
    taken = x[index]
    same(taken.data, x.data[index if not isinstance(index, range) else []])
    taken.sum().backward()
    same(x.grad, np.full((2, 3), float(index == ())))
    with pytest.raises(IndexError, match="integer"):
        x[np.array([])]


def test_an_index_may_be_a_tensor():
    x = leaf([1, 2, 3])
    x[Tensor([0, 0])].sum().backward()
    same(x.grad, [2, 0, 0])


def test_joining_many_parts_takes_linear_time():
    x, start = leaf(np.ones(1)), time.process_time()
    ops.concatenate([x] * 10_000).sum().backward()
    ops.stack([x] * 10_000).sum().backward()
    same(x.grad, [20_000])
    assert time.process_time() - start < 5  # seconds: 0.3 are usual, and 100 million steps would take a minute


def test_without_the_tape_the_values_are_the_same():
    x = np.random.default_rng(0).standard_normal((3, 4))
    with no_grad():
        plain = ops.log_softmax(ops.relu(leaf(x) @ np.ones((4, 2)))).mean()
    recorded = ops.log_softmax(ops.relu(leaf(x) @ np.ones((4, 2)))).mean()
    assert plain.item() == recorded.item()
    assert not plain.requires_grad
    assert recorded.requires_grad
