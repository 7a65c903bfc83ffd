"""Optimizers: the same trajectories as PyTorch's and as the book's rules written by hand."""

import numpy as np
import pytest

from arrays import close
from helpers import nn
from helpers import training as optim
from helpers.autodiff import Tensor
from helpers.training.optimizers.base import BLOCK

CURVATURE = np.array([1.0, 10.0, 0.1])
# Name: ours, PyTorch's class, its options.
TWINS = {
    "sgd": (lambda p: optim.SGD(p, 0.05), "SGD", {"lr": 0.05}),
    "momentum": (lambda p: optim.SGD(p, 0.01, 0.9), "SGD", {"lr": 0.01, "momentum": 0.9}),
    "nesterov": (lambda p: optim.SGD(p, 0.01, 0.9, True), "SGD", {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    "decay": (
        lambda p: optim.SGD(p, 0.01, 0.9, weight_decay=0.1),
        "SGD",
        {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.1},
    ),
    "adagrad": (lambda p: optim.AdaGrad(p, 0.1), "Adagrad", {"lr": 0.1, "eps": 1e-7}),
    "rmsprop": (lambda p: optim.RMSProp(p, 0.01), "RMSprop", {"lr": 0.01, "alpha": 0.9}),
    "rmsprop momentum": (
        lambda p: optim.RMSProp(p, 0.01, momentum=0.5),
        "RMSprop",
        {"lr": 0.01, "alpha": 0.9, "momentum": 0.5},
    ),
    "adam": (lambda p: optim.Adam(p, 0.01), "Adam", {"lr": 0.01}),
    "adamw": (lambda p: optim.AdamW(p, 0.01, weight_decay=0.1), "AdamW", {"lr": 0.01, "weight_decay": 0.1}),
}
NESTEROV = {"rmsprop nesterov": (lambda p: optim.RMSProp(p, 0.01, momentum=0.5, nesterov=True), None, None)}


def start(dtype=float):
    return Tensor(np.array([1.0, -2.0, 3.0], dtype), requires_grad=True)


def descend(optimizer, w, steps=50):
    """The points that an optimizer visits on a quadratic."""
    path = []
    for _ in range(steps):
        optimizer.zero_grad()
        (w * w * CURVATURE.astype(w.dtype) / 2).sum().backward()
        optimizer.step()
        path.append(w.numpy())
    return np.array(path)


@pytest.mark.parametrize("name", TWINS)
def test_same_path_as_pytorch_on_a_quadratic(name, torch):
    ours, theirs, options = TWINS[name]
    w, twin = start(), torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, requires_grad=True)
    optimizer, path = getattr(torch.optim, theirs)([twin], **options), []
    for _ in range(50):
        optimizer.zero_grad()
        (twin * twin * torch.tensor(CURVATURE) / 2).sum().backward()
        optimizer.step()
        path.append(twin.detach().numpy().copy())
    close(descend(ours([w]), w), path, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", TWINS)
def test_same_path_as_pytorch_on_a_small_net(name, torch):
    ours, theirs, options = TWINS[name]
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 4)), rng.integers(0, 3, 20)
    net = nn.Sequential(nn.Linear(4, 6, rng=rng, dtype=float), nn.Tanh(), nn.Linear(6, 3, rng=rng, dtype=float))
    twins = [torch.tensor(p.numpy(), requires_grad=True) for p in net.parameters()]
    optimizer, other = ours(net.parameters()), getattr(torch.optim, theirs)(twins, **options)
    for _ in range(50):
        optimizer.zero_grad()
        nn.cross_entropy(net(x), y).backward()
        optimizer.step()
        other.zero_grad()
        hidden = torch.tanh(torch.tensor(x) @ twins[0] + twins[1])
        torch.nn.functional.cross_entropy(hidden @ twins[2] + twins[3], torch.tensor(y)).backward()
        other.step()
        for p, twin in zip(net.parameters(), twins, strict=True):
            close(p.data, twin.detach().numpy(), rtol=0, atol=1e-6)


# The book's update rules by hand. `rule(g, kept, t)` returns the change of theta; kept starts with zeros.


def book_momentum(g, v, t):  # algorithm 8.2
    v["v"] = 0.9 * v["v"] - 0.01 * g
    return v["v"]


def book_adagrad(g, kept, t):  # algorithm 8.4
    kept["r"] = kept["r"] + g * g
    return -0.1 / (1e-7 + np.sqrt(kept["r"])) * g


def book_rmsprop(g, kept, t):  # algorithm 8.5, delta outside of the root
    kept["r"] = 0.9 * kept["r"] + 0.1 * g * g
    return -0.01 / (np.sqrt(kept["r"]) + 1e-8) * g


def book_adam(g, kept, t):  # algorithm 8.7
    kept["s"], kept["r"] = 0.9 * kept["s"] + 0.1 * g, 0.999 * kept["r"] + 0.001 * g * g
    s_hat, r_hat = kept["s"] / (1 - 0.9**t), kept["r"] / (1 - 0.999**t)
    return -0.01 * s_hat / (np.sqrt(r_hat) + 1e-8)


BOOK = {"momentum": book_momentum, "adagrad": book_adagrad, "rmsprop": book_rmsprop, "adam": book_adam}


@pytest.mark.parametrize("name", BOOK)
def test_same_path_as_the_books_rule(name):
    theta, kept, path = start().numpy(), dict.fromkeys("vrs", 0.0), []
    for t in range(1, 51):
        theta = theta + BOOK[name](CURVATURE * theta, kept, t)
        path.append(theta)
    w = start()
    close(descend(TWINS[name][0]([w]), w), path, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("name", "lr", "alpha"), [("nesterov", 0.01, 0.9), ("rmsprop nesterov", 0.01, 0.5)])
def test_nesterov_visits_the_books_interim_points(name, lr, alpha):
    """Algorithms 8.3 and 8.6: the gradient is taken at theta + alpha v, which is where our parameters are."""
    theta, v, r, path = start().numpy(), 0.0, 0.0, []
    for _ in range(50):
        interim = theta + alpha * v
        path.append(interim)
        g = CURVATURE * interim
        r = 0.9 * r + 0.1 * g * g
        v = alpha * v - lr * (g / (np.sqrt(r) + 1e-8) if "rmsprop" in name else g)
        theta = theta + v
    w = start()
    close(descend((TWINS | NESTEROV)[name][0]([w]), w)[:-1], path[1:], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", TWINS | NESTEROV)
def test_float32_stays_float32(name):
    w = start(np.float32)
    optimizer = (TWINS | NESTEROV)[name][0]([w])
    optimizer.lr = np.float64(optimizer.lr)
    assert descend(optimizer, w).dtype == np.float32
    assert all(array.dtype == np.float32 for kept in optimizer.buffers for array in kept.values())
    assert (abs(w.data) < [1, 2, 3]).all()


@pytest.mark.parametrize("name", TWINS | NESTEROV)
def test_resumed_path_is_the_same_bit_for_bit(name):
    make, w = (TWINS | NESTEROV)[name][0], start()
    whole = descend(make([w]), w, 20)
    w = start()
    first = make([w])
    descend(first, w, 10)
    resumed = make([w])
    resumed.load_state_dict(first.state_dict())
    np.testing.assert_array_equal(descend(resumed, w, 10), whole[10:])


def test_state_is_a_copy_and_is_checked(refuses):
    w = start()
    optimizer = optim.Adam([w])
    state = optimizer.state_dict()
    assert set(state) == {"lr", "steps", "0.mean", "0.square"}
    state["0.mean"] += 1
    assert not optimizer.buffers[0]["mean"].any()
    start_of = "Adam.load_state_dict: "
    missing = {name: array for name, array in state.items() if name != "0.mean"}
    refuses(lambda: optimizer.load_state_dict(missing), ValueError, start_of, "missing: 0.mean")
    refuses(lambda: optimizer.load_state_dict(state | {"extra": 1}), ValueError, start_of, "unknown: extra")
    short = state | {"0.square": np.zeros(2)}
    refuses(lambda: optimizer.load_state_dict(short), ValueError, f"{start_of}0.square expects shape (3,)", "(2,)")


@pytest.mark.parametrize("name", TWINS | NESTEROV)
def test_large_arrays_in_any_memory_order_take_the_same_step(name, rng):
    """Larger than a block, and not a multiple of it; Fortran order is no row of blocks."""
    shape = 3, BLOCK // 2 + 1
    data, grads = rng.standard_normal(shape), rng.standard_normal((3, *shape))
    results = []
    for order in (np.ascontiguousarray, np.asfortranarray):
        w = Tensor(order(data), requires_grad=True)
        optimizer = (TWINS | NESTEROV)[name][0]([w])
        for grad in grads:
            w.grad = order(grad)
            optimizer.step()
        results.append(w.numpy())
    close(*results, rtol=1e-14)
    assert (results[0] != data).all()


def test_parameter_without_a_gradient_stays():
    w, other = start(), start()
    optimizer = optim.AdamW([w, other])
    (w * w).sum().backward()
    optimizer.step()
    np.testing.assert_array_equal(other.data, start().data)
    optimizer.zero_grad()
    assert w.grad is None


def test_adam_counts_the_steps_of_each_parameter():
    """The first step of Adam is lr in the gradient's direction, also of a parameter that gets its first one late."""
    early, late = start(), start()
    optimizer = optim.Adam([early, late], lr=0.01)
    for _ in range(5):
        early.grad = np.array([1.0, -1.0, 0.5])
        optimizer.step()
    late.grad = np.array([0.3, -7.0, 2.0])
    optimizer.step()
    close(late.data, start().data - 0.01 * np.sign(late.grad), rtol=1e-6)


REFUSED = {
    "no leaf": (lambda w: optim.SGD([], 0.1), ValueError, "SGD: params expects at least one leaf"),
    "twice": (lambda w: optim.SGD([w, w], 0.1), ValueError, "SGD: params expects", "each once"),
    "no leaf but a product": (lambda w: optim.Adam([w * 2]), TypeError, "Adam: params expects leaves", "at 0"),
    "array": (lambda w: optim.Adam([np.ones(2)]), TypeError, "Adam: params expects leaves"),
    "lr": (lambda w: optim.SGD([w], -0.1), ValueError, "SGD: lr expects a number in [0, inf), got -0.1"),
    "infinite lr": (lambda w: optim.SGD([w], lr=np.inf), ValueError, "SGD: lr expects a number in [0, inf)"),
    "lr later": (lambda w: setattr(optim.RMSProp([w]), "lr", -1), ValueError, "RMSProp: lr expects"),
    "momentum": (lambda w: optim.SGD([w], 0.1, 1.0), ValueError, "SGD: momentum expects a number in [0, 1)"),
    "nesterov alone": (lambda w: optim.SGD([w], 0.1, nesterov=True), ValueError, "SGD: nesterov expects a momentum"),
    "nesterov": (lambda w: optim.SGD([w], 0.1, 0.9, "yes"), TypeError, "SGD: nesterov expects True or False, got"),
    "RMSProp": (lambda w: optim.RMSProp([w], nesterov=True), ValueError, "RMSProp: nesterov expects a momentum"),
    "betas": (lambda w: optim.Adam([w], betas=0.9), ValueError, "Adam: betas expects shape (2,)"),
    "beta": (lambda w: optim.Adam([w], betas=(0.9, 1)), ValueError, "Adam: betas expects a number in [0, 1)"),
    "decay": (lambda w: optim.AdamW([w], weight_decay=-1), ValueError, "AdamW: weight_decay expects"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_wrong_argument_is_named(name, refuses):
    make, error, *words = REFUSED[name]
    refuses(lambda: make(start()), error, *words)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# Rules that are not elementwise.


class Normalized(optim.Optimizer):
    """Steps of length lr."""

    def update(self, t, w, g):
        w -= self.lr * g / np.linalg.norm(g)


class Signs(optim.Adam):
    """Another rule than its parent's, which says nothing of its kind."""

    def update(self, t, w, g, s, r):
        self.seen = w.shape
        w -= self.lr * np.sign(g)


class Quicker(optim.Adam):
    """Its parent's rule."""

    def __init__(self, params):
        super().__init__(params, 0.1)


def test_a_rule_on_whole_arrays_gets_them_whole(rng):
    w = Tensor(np.zeros((300, 300)), requires_grad=True)
    w.grad = rng.standard_normal((300, 300))
    Normalized([w], 1.0).step()
    close(np.linalg.norm(w.data), 1)


def test_a_subclass_is_elementwise_only_if_it_says_so_of_its_own_rule():
    w = Tensor(np.zeros((300, 300)), requires_grad=True)
    w.grad = np.ones((300, 300))
    signs = Signs([w])
    signs.step()
    assert signs.seen == (300, 300)
    kinds = [optim.Optimizer, Normalized, Signs, Quicker, optim.SGD, optim.AdaGrad, optim.RMSProp, optim.Adam]
    assert [kind.elementwise for kind in (*kinds, optim.AdamW)] == [False] * 3 + [True] * 6


@pytest.mark.parametrize("name", TWINS | NESTEROV)
def test_a_rule_that_is_elementwise_computes_the_same_on_whole_arrays(name, rng):
    """So what the course's optimizers say of themselves is true."""
    data, grad = rng.standard_normal((2, BLOCK + 7))
    results = []
    for whole in (False, True):
        w = Tensor(data, requires_grad=True)
        optimizer = (TWINS | NESTEROV)[name][0]([w])
        assert optimizer.elementwise
        optimizer.elementwise = not whole
        for _ in range(2):
            w.grad = grad
            optimizer.step()
        results.append(w.numpy())
    np.testing.assert_array_equal(*results)


# Half precision.


@pytest.mark.parametrize("name", TWINS | NESTEROV)
def test_a_zero_gradient_leaves_half_precision_as_it_is(name):
    w = start(np.float16)
    w.grad = np.zeros(3)
    optimizer = (TWINS | NESTEROV)[name][0]([w])
    optimizer.weight_decay = 0
    optimizer.step()
    np.testing.assert_array_equal(w.data, start(np.float16).data)
    assert w.dtype == np.float16


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam", "adamw"])
def test_a_small_gradient_in_half_precision_takes_the_step_of_float64(name):
    results = []
    for dtype in (np.float16, np.float64):
        w = Tensor(np.ones(1, dtype), requires_grad=True)
        w.grad = [1e-4]
        TWINS[name][0]([w]).step()
        results.append(w.item())
    assert results[0] < 1
    close(*results, rtol=1e-3)


def test_the_first_step_of_adam_in_half_precision_is_lr():
    w = Tensor(np.ones(1, np.float16), requires_grad=True)
    w.grad = [1e-4]
    optim.Adam([w], lr=0.01).step()
    assert w.item() == np.float16(0.99)


@pytest.mark.parametrize("name", TWINS | NESTEROV)
def test_resuming_in_half_precision_is_the_same_bit_for_bit(name):
    make, w = (TWINS | NESTEROV)[name][0], start(np.float16)
    whole = descend(make([w]), w, 20)
    w = start(np.float16)
    first = make([w])
    descend(first, w, 10)
    resumed = make([w])
    resumed.load_state_dict(first.state_dict())
    np.testing.assert_array_equal(descend(resumed, w, 10), whole[10:])


# What is given for parameters, numbers and states.


@pytest.mark.parametrize("params", [nn.Linear(1, 1, rng=np.random.default_rng(0)), nn.Sequential(), start(), 3, None])
def test_a_model_is_no_list_of_parameters(params, refuses):
    got = type(params).__name__
    words = "params expects a list of leaves, such as model.parameters()", f"got a {got}"
    refuses(lambda: optim.SGD(params, 0.1), TypeError, "SGD: ", *words)


NUMBERS = [np.nan, -1, True, "0.1", None, [0.1]]


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
@pytest.mark.parametrize(
    ("where", "make"),
    {
        "SGD: lr": lambda x: optim.SGD([start()], x),
        "SGD: momentum": lambda x: optim.SGD([start()], 1, x),
        "SGD: weight_decay": lambda x: optim.SGD([start()], 1, weight_decay=x),
        "AdaGrad: eps": lambda x: optim.AdaGrad([start()], 1, x),
        "RMSProp: rho": lambda x: optim.RMSProp([start()], 1, x),
        "Adam: eps": lambda x: optim.Adam([start()], eps=x),
        "AdamW: weight_decay": lambda x: optim.AdamW([start()], weight_decay=x),
    }.items(),
)
def test_each_number_is_read(where, make, value, refuses):
    with pytest.raises((ValueError, TypeError), match=f"^{where} expects"):
        make(value)


STATES = {
    "steps": (np.array([-1]), ValueError, "steps expects numbers of at least 0, got -1"),
    "steps of floats": (np.array([1.5]), TypeError, "steps expects dtype int64, got float64"),
    "lr": (np.array(np.nan), ValueError, "lr expects a number in [0, inf), got"),
    "lr below 0": (-0.1, ValueError, "lr expects a number in [0, inf), got"),
    "0.mean": (None, TypeError, "0.mean expects real numbers"),
}


@pytest.mark.parametrize("wrong", STATES)
def test_a_wrong_state_is_named_and_nothing_is_taken(wrong, refuses):
    w = start()
    optimizer = optim.Adam([w])
    before = optimizer.state_dict()
    value, error, words = STATES[wrong]
    state = {name: array + 1 for name, array in before.items()} | {wrong.split(" ")[0]: value}
    refuses(lambda: optimizer.load_state_dict(state), error, f"Adam.load_state_dict: {words}")
    after = optimizer.state_dict()
    assert all(np.array_equal(after[name], before[name]) for name in before)


@pytest.mark.parametrize("state", [None, [], optim.SGD([start()], 1)], ids=lambda state: type(state).__name__)
def test_a_state_of_an_optimizer_is_a_dict(state, refuses):
    optimizer = optim.Adam([start()])
    refuses(lambda: optimizer.load_state_dict(state), TypeError, "Adam.load_state_dict: state expects a dict of arrays")
