"""Layers, losses, saving and the summary: gradients, PyTorch's values where it is installed, and what is refused."""

import numpy as np
import pytest

from arrays import close, same
from helpers import nn
from helpers.autodiff import Tensor, check_grad
from helpers.nn import init
from networks import lenet


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def small(rng):
    return nn.Sequential(nn.Linear(3, 4, rng=rng), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2, rng=rng))


LAYERS = {
    "linear": (lambda rng: nn.Linear(3, 4, rng=rng, dtype=float), (5, 3)),
    "linear, no bias": (lambda rng: nn.Linear(3, 4, bias=False, rng=rng, dtype=float), (2, 5, 3)),
    "conv": (lambda rng: nn.Conv2d(2, 4, 3, 2, 1, rng=rng, dtype=float), (2, 2, 5, 6)),
    "conv, groups": (lambda rng: nn.Conv2d(2, 4, 2, 1, 0, 2, 2, rng=rng, dtype=float), (2, 2, 5, 4)),
    "transposed": (lambda rng: nn.ConvTranspose2d(4, 2, 3, 2, 1, 1, 2, rng=rng, dtype=float), (2, 4, 3, 2)),
    "local": (lambda rng: nn.LocalConv2d(2, 3, (4, 5), 3, 2, 1, rng=rng, dtype=float), (2, 2, 4, 5)),
    "global average": (lambda rng: nn.GlobalAvgPool2d(), (2, 3, 4, 2)),
    "max pool": (lambda rng: nn.MaxPool2d(3, 2, 1), (2, 2, 5, 5)),
    "avg pool": (lambda rng: nn.AvgPool2d(2), (2, 2, 4, 4)),
    "batch norm": (lambda rng: nn.BatchNorm1d(3, dtype=float), (8, 3)),
    "batch norm, sequences": (lambda rng: nn.BatchNorm1d(3, dtype=float), (2, 3, 4)),
    "batch norm, images": (lambda rng: nn.BatchNorm2d(3, dtype=float), (8, 3, 2, 2)),
    "batch norm, test": (lambda rng: nn.BatchNorm1d(3, dtype=float).eval(), (8, 3)),
    "flatten": (lambda rng: nn.Flatten(), (2, 3, 2)),
    "relu": (lambda rng: nn.ReLU(), (4, 3)),
    "tanh": (lambda rng: nn.Tanh(), (4, 3)),
    "sigmoid": (lambda rng: nn.Sigmoid(), (4, 3)),
    "softplus": (lambda rng: nn.Softplus(), (4, 3)),
}


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_by_input_and_parameters(name, rng):
    make, shape = LAYERS[name]
    layer = make(rng)
    names = [key for key, _ in layer.named_parameters()]

    def f(x, *values):
        for key, value in zip(names, values, strict=True):
            setattr(layer, key, value)  # so that the layer computes with the Tensors that check_grad watches
        return layer(x)

    values = [rng.standard_normal(p.shape) for p in layer.parameters()]
    check_grad(f, rng.permutation(np.prod(shape)).reshape(shape) / 4 - 2.1, *values, tolerance=1e-5)


def test_gradient_of_dropout(rng):
    layer = nn.Dropout(0.5, rng=rng)

    def f(x):
        layer.rng = np.random.default_rng(1)  # the same mask each time
        return layer(x)

    check_grad(f, rng.standard_normal((4, 3)))


@pytest.mark.parametrize("name", LAYERS)
def test_float32_stays_float32(name, rng):
    make, shape = LAYERS[name]
    layer = make(rng)
    for key, p in list(layer.named_parameters()):
        setattr(layer, key, Tensor(p.data.astype(np.float32), requires_grad=True))
    for key, buffer in list(layer.named_buffers()):
        setattr(layer, key, buffer.astype(np.float32))
    x = Tensor(rng.standard_normal(shape, np.float32), requires_grad=True)
    y = layer(x)
    y.backward(np.ones(y.shape))
    assert {y.dtype, x.grad.dtype, *(p.grad.dtype for p in layer.parameters())} == {np.dtype(np.float32)}


def test_default_dtype(rng):
    assert {p.dtype for p in lenet(rng).parameters()} == {np.dtype(np.float32)}
    assert {a.dtype for a in nn.BatchNorm1d(2).state_dict().values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("kind", "shape"), [("BatchNorm1d", (8, 3)), ("BatchNorm2d", (8, 3, 4, 5))])
def test_batch_norm_is_pytorchs(kind, shape, rng, torch):
    ours, theirs = getattr(nn, kind)(3, dtype=float), getattr(torch.nn, kind)(3, dtype=torch.float64)
    for _ in range(3):
        x = rng.normal(2, 3, shape)
        close(ours(x).data, theirs(torch.tensor(x)).detach().numpy(), atol=1e-12)
    close(ours.running_mean, theirs.running_mean.numpy())
    close(ours.running_var, theirs.running_var.numpy())
    close(ours.eval()(x).data, theirs.eval()(torch.tensor(x)).detach().numpy(), atol=1e-12)


def test_batch_norm_by_hand(rng):
    x, layer = rng.normal(2, 3, (8, 3, 2, 2)), nn.BatchNorm2d(3, dtype=float)
    y = layer(x).data
    close(y.mean((0, 2, 3)), 0, atol=1e-12)
    close(y.var((0, 2, 3)), 1, rtol=1e-4)
    assert layer.weight.shape == layer.running_mean.shape == (3,)  # per channel, not per activation
    close(layer.running_mean, 0.1 * x.mean((0, 2, 3)))
    close(layer.running_var, 0.9 + 0.1 * x.var((0, 2, 3), ddof=1))
    layer.eval()
    before, alone = layer.state_dict(), layer(x[:1]).data  # at test one example is enough
    close(alone, layer(x).data[:1])
    assert all((before[name] == array).all() for name, array in layer.state_dict().items())


def test_batch_norm_per_activation_instead_of_per_channel_would_be_caught(rng):
    """A wrong layer, which older courses have: its pixels each get mean 0, so a mean image is lost; ours keeps it."""
    image = np.arange(6.0).reshape(2, 3)
    x = image + 0.1 * rng.standard_normal((8, 1, 2, 3))
    wrong = (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5)
    ours = nn.BatchNorm2d(1, dtype=float)(x).data
    close(wrong.mean((0, 1)), 0, atol=1e-12)
    assert np.corrcoef(ours.mean((0, 1)).ravel(), image.ravel())[0, 1] > 0.99


def test_batch_norm_refuses(refuses):
    one, images = nn.BatchNorm1d(3), nn.BatchNorm2d(3)
    refuses(lambda: one(np.ones((1, 3))), ValueError, "BatchNorm1d: x expects more than one", "(1, 3)", "eval()")
    refuses(lambda: images(np.ones((1, 3, 1, 1))), ValueError, "BatchNorm2d: x expects more than one value per channel")
    refuses(lambda: one(np.ones((8, 4))), ValueError, "BatchNorm1d: x expects shape (N, 3) or (N, 3, L), got (8, 4)")
    refuses(lambda: images(np.ones((8, 3))), ValueError, "BatchNorm2d: x expects shape (N, 3, H, W), got (8, 3)")


def test_dropout_keeps_the_expectation(rng):
    layer, x = nn.Dropout(0.3, rng=rng), np.ones((200, 500))
    y = layer(x).data
    assert set(np.unique(y)) == {0, 1 / 0.7}
    assert abs(y.mean() - 1) < 3 * np.sqrt(0.3 / 0.7 / y.size)
    assert layer.eval()(x) is x


def test_train_and_eval_reach_every_module(rng):
    model = nn.Sequential(nn.Sequential(nn.Dropout(0.5, rng=rng)), nn.BatchNorm1d(2))
    assert model.eval() is model
    assert not any(module.training for _, module in model.named_modules())
    assert model.train()[0][0].training


class Branches(nn.Module):
    """Parameters of its own, modules in a dict and in a list, one of them twice."""

    def __init__(self, rng):
        self.arms = {"left": nn.Linear(2, 2, rng=rng), "right": [nn.Linear(2, 2, rng=rng)]}
        self.again = self.arms["left"]
        self.scale = Tensor(np.ones(2), requires_grad=True)
        self.constant = Tensor(np.ones(2))

    def forward(self, x):
        return self.again(self.arms["right"][0](self.again(x))) * self.scale


def test_parameters_are_found_once_in_a_stable_order(rng):
    model = Branches(rng)
    names = ["scale", "arms.left.weight", "arms.left.bias", "arms.right.0.weight", "arms.right.0.bias"]
    assert list(dict(model.named_parameters())) == names
    assert [name for name, _ in model.named_modules()] == ["", "arms.left", "arms.right.0"]
    model(np.ones((1, 2))).sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    model.zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_sequential(rng, refuses):
    model = small(rng)
    assert len(model) == 4
    assert next(iter(model)) is model[0]
    assert [type(layer) for layer in model[:2]] == [nn.Linear, nn.BatchNorm1d]
    assert repr(model[2:]) == "Sequential(ReLU(), Linear(in_features=4, out_features=2))"
    refuses(lambda: nn.Sequential(nn.ReLU(), nn.Tanh), TypeError, "Sequential: layer 1 expects a Module", "Tanh")
    with pytest.raises(NotImplementedError, match="Module: expects a method forward"):
        nn.Module()(1)


def test_state_round_trip(rng, tmp_path):
    model, other, x = small(rng), small(rng), rng.standard_normal((8, 3), np.float32)
    model(x)
    path = tmp_path / "model.weights"
    model.save(path)
    other.load(path)
    same(model.eval()(x).data, other.eval()(x).data)
    state = model.state_dict()
    assert {"layers.1.running_mean", "layers.1.running_var"} < set(state)
    assert len(model.parameters()) == len(state) - 2
    same(np.load(path)["layers.0.weight"], model[0].weight.data)  # NumPy reads it
    state["layers.0.bias"] += 1
    assert not model[0].bias.data.any()
    assert [file.name for file in tmp_path.iterdir()] == ["model.weights"]


def test_load_names_what_is_wrong(rng, tmp_path, refuses):
    model = small(rng)
    state, before = model.state_dict(), model.state_dict()
    state["layers.0.weight"] += 1
    where = "load_state_dict: "
    refuses(lambda: model.load_state_dict(state | {"more": np.ones(1)}), ValueError, where, "unknown: more")
    short = {name: array for name, array in state.items() if name != "layers.3.bias"}
    refuses(lambda: model.load_state_dict(short), ValueError, where, "missing: layers.3.bias")
    wrong = state | {"layers.3.bias": np.ones(3)}
    refuses(lambda: model.load_state_dict(wrong), ValueError, f"{where}layers.3.bias expects shape (2,)", "got (3,)")
    assert all((before[name] == array).all() for name, array in model.state_dict().items())  # all or nothing
    path = tmp_path / "w"
    path.write_bytes(b"no archive")
    refuses(lambda: model.load(path), ValueError, "load: path expects an .npz file of plain arrays")
    np.savez(tmp_path / "objects.npz", a=np.array([{}], object))
    refuses(lambda: model.load(tmp_path / "objects.npz"), ValueError, "load: path expects an .npz file of plain arrays")


def test_a_crash_while_saving_leaves_the_old_file(rng, tmp_path, monkeypatch):
    model, path, write, calls = small(rng), tmp_path / "model.npz", np.lib.format.write_array, []
    model.save(path)
    before = path.read_bytes()

    def crash(*arguments, **options):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        write(*arguments, **options)

    monkeypatch.setattr(np.lib.format, "write_array", crash)
    with pytest.raises(KeyboardInterrupt):
        model.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_cross_entropy(rng, torch):
    logits, labels = rng.standard_normal((6, 4)), rng.integers(0, 4, 6)
    expected = torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(labels)).item()
    close(nn.cross_entropy(logits, labels).data, expected)
    check_grad(lambda x: nn.cross_entropy(x, labels), logits)


def test_cross_entropy_of_extreme_logits():
    logits = Tensor(np.array([[1000.0, -1000, 0], [-1000, 1000, 0]], np.float32), requires_grad=True)
    loss = nn.cross_entropy(logits, [0, 0])
    assert loss.item() == 1000
    loss.backward()
    close(logits.grad, [[0, 0, 0], [-0.5, 0.5, 0]])


def test_mse_loss(rng):
    x, y = rng.standard_normal((2, 4, 3))
    close(nn.mse_loss(x, y).data, ((x - y) ** 2).mean())
    check_grad(nn.mse_loss, x, y)


LOGITS = np.zeros((3, 10))
WRONG_LOSSES = {
    "large": (lambda: nn.cross_entropy(LOGITS, [0, 1, 10]), ValueError, "cross_entropy: labels", "0 to 9, got 10"),
    "negative": (lambda: nn.cross_entropy(LOGITS, [0, 1, -1]), ValueError, "cross_entropy: labels", "0 to 9, got -1"),
    "few": (lambda: nn.cross_entropy(LOGITS, [0, 1]), ValueError, "cross_entropy: labels expects shape (3,)", "(2,)"),
    "floats": (lambda: nn.cross_entropy(LOGITS, [0.0, 1, 2]), TypeError, "cross_entropy: labels expects", "float64"),
    "vector": (lambda: nn.cross_entropy(LOGITS[0], [0]), ValueError, "cross_entropy: logits expects shape", "(10,)"),
    "target": (lambda: nn.mse_loss(LOGITS, LOGITS[:, 0]), ValueError, "mse_loss: target expects", "(3, 10)", "(3,)"),
}


@pytest.mark.parametrize("name", WRONG_LOSSES)
def test_each_wrong_argument_of_a_loss_is_named(name, refuses):
    call, error, *words = WRONG_LOSSES[name]
    refuses(call, error, *words)


WRONG_LAYERS = {
    "rng": (lambda rng: nn.Linear(3, 4, rng=0), TypeError, "Linear: rng expects a numpy.random.Generator"),
    "features": (lambda rng: nn.Linear(3, 0, rng=rng), ValueError, "Linear: out_features expects at least 1, got 0"),
    "width": (
        lambda rng: nn.Linear(3, 4, rng=rng)(np.ones((2, 4))),
        ValueError,
        "Linear: x expects shape (..., 3)",
        "(2, 4)",
    ),
    "p": (lambda rng: nn.Dropout(1, rng=rng), ValueError, "Dropout: p expects a number in [0, 1), got 1"),
    "generator": (lambda rng: nn.Dropout(0.5, rng=1), TypeError, "Dropout: rng expects"),
}


@pytest.mark.parametrize("name", WRONG_LAYERS)
def test_each_wrong_argument_of_a_layer_is_named(name, rng, refuses):
    call, error, *words = WRONG_LAYERS[name]
    refuses(lambda: call(rng), error, *words)


def test_composition(rng):
    x = rng.standard_normal((2, 3, 4, 4))
    body, shortcut = nn.Conv2d(3, 3, 3, padding=1, rng=rng, dtype=float), nn.Conv2d(3, 5, 1, rng=rng, dtype=float)
    close(nn.Residual(body)(x).data, x + body(x).data)
    wide = nn.Conv2d(3, 5, 3, padding=1, rng=rng, dtype=float)
    close(nn.Residual(wide, shortcut)(x).data, shortcut(x).data + wide(x).data)
    joined = nn.Branches(body, wide)
    close(joined(x).data, np.concatenate([body(x).data, wide(x).data], axis=1))
    assert [name for name, _ in joined.named_parameters()][::2] == ["branches.0.weight", "branches.1.weight"]


def test_global_average(rng, refuses):
    x = rng.standard_normal((2, 3, 4, 5))
    close(nn.GlobalAvgPool2d()(x).data, x.mean(axis=(2, 3)))
    refuses(
        lambda: nn.GlobalAvgPool2d()(x[0]), ValueError, "GlobalAvgPool2d: x expects shape (N, C, H, W)", "(3, 4, 5)"
    )


# Losses of integers, and whose arguments they name.


@pytest.mark.parametrize("kind", [list, np.array, Tensor], ids=["list", "array", "Tensor"])
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64])
def test_losses_of_integers_are_those_of_floats(kind, dtype):
    low, high = kind(np.array([0, 3], dtype)), kind(np.array([100, 120], dtype))
    assert nn.mse_loss(low, high).item() == (100**2 + 117**2) / 2
    assert nn.mse_loss(high, low).item() == (100**2 + 117**2) / 2
    logits = kind(np.array([[0, 1], [2, 0]], dtype))
    close(nn.cross_entropy(logits, [1, 0]).data, (np.log1p(np.exp(-1)) + np.log1p(np.exp(-2))) / 2)


def test_mse_loss_of_the_extremes_of_uint8():
    assert nn.mse_loss(np.uint8([0]), np.uint8([255])).item() == 255**2


def test_mse_loss_of_booleans():
    output, target = Tensor(np.array([0.5, 1], np.float32), requires_grad=True), np.array([True, False])
    loss = nn.mse_loss(output, target)
    assert loss.item() == 0.625
    assert nn.mse_loss(target, ~target).item() == 1


def test_losses_of_floats_keep_their_dtype():
    half = np.float32([[0.5, 1]])
    assert nn.mse_loss(half, half).dtype == nn.cross_entropy(half, [0]).dtype == np.float32
    assert nn.mse_loss(half, np.uint8([[1, 2]])).dtype == np.float32


NO_NUMBERS = ["text", None, [[1j]], [["a"]], slice(None)]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize(
    ("name", "loss"),
    {
        "cross_entropy: logits": lambda x: nn.cross_entropy(x, [0]),
        "cross_entropy: labels": lambda x: nn.cross_entropy(np.eye(1), x),
        "mse_loss: output": lambda x: nn.mse_loss(x, np.eye(1)),
        "mse_loss: target": lambda x: nn.mse_loss(np.eye(1), x),
    }.items(),
)
def test_losses_name_their_own_arguments(name, loss, value, refuses):
    refuses(lambda: loss(value), TypeError, f"{name} expects real numbers")


def test_losses_name_ragged_arguments(refuses):
    refuses(lambda: nn.cross_entropy([[1], [1, 2]], [0, 0]), ValueError, "cross_entropy: logits expects an array")
    refuses(lambda: nn.mse_loss([[1], [1, 2]], [0, 0]), ValueError, "mse_loss: output expects an array")


def test_mse_loss_of_nothing_says_so(refuses):
    refuses(lambda: nn.mse_loss([], []), ValueError, "mse_loss: output expects at least one element")


@pytest.mark.parametrize(
    "layer",
    [nn.Linear(2, 2, rng=np.random.default_rng(0)), nn.Flatten(), nn.BatchNorm1d(2), nn.GlobalAvgPool2d()],
    ids=lambda layer: type(layer).__name__,
)
@pytest.mark.parametrize("x", [[[1, 2], [3]], 3.0], ids=repr)
def test_layers_name_an_input_that_is_no_array(layer, x, refuses):
    refuses(lambda: layer(x), ValueError, f"{type(layer).__name__}: x expects")


# Arguments of layers, read when they are built.

NUMBERS = [-1, np.nan, np.inf, True, "0.1", None, [0.1]]


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
@pytest.mark.parametrize("name", ["eps", "momentum"])
def test_batch_norm_reads_its_numbers(name, value):
    with pytest.raises((ValueError, TypeError), match=f"^BatchNorm2d: {name} expects"):
        nn.BatchNorm2d(3, **{name: value})


def test_the_momentum_of_batch_norm_is_at_most_1(refuses):
    refuses(lambda: nn.BatchNorm1d(3, momentum=1.5), ValueError, "BatchNorm1d: momentum expects a number in [0, 1]")


@pytest.mark.parametrize("value", [1, *NUMBERS], ids=repr)
def test_dropout_reads_its_probability(value, rng):
    with pytest.raises((ValueError, TypeError), match=r"^Dropout: p expects"):
        nn.Dropout(value, rng=rng)


PADDINGS = {
    "max": lambda: nn.MaxPool2d(2, padding=5),
    "max, one side": lambda: nn.MaxPool2d(2, padding=((0, 2), 0)),
    "max, dilation": lambda: nn.MaxPool2d(2, padding=3, dilation=2),
    "average": lambda: nn.AvgPool2d((3, 2), padding=2),
    "average, full": lambda: nn.AvgPool2d(1, padding=1),
}


@pytest.mark.parametrize("name", PADDINGS)
def test_pooling_layers_refuse_padding_as_large_as_the_window(name, refuses):
    where = "MaxPool2d" if "max" in name else "AvgPool2d"
    refuses(PADDINGS[name], ValueError, f"{where}: padding expects less than")


@pytest.mark.parametrize("value", [2, -1, (0, 3), 1.5, "1", None, True], ids=repr)
def test_output_padding_is_less_than_the_stride(value, rng):
    with pytest.raises((ValueError, TypeError), match=r"^ConvTranspose2d: output_padding expects"):
        nn.ConvTranspose2d(1, 1, 3, stride=(2, 3), output_padding=value, rng=rng)


TOO_LARGE = {
    "Linear": lambda n, rng: nn.Linear(n, n, rng=rng),
    "Conv2d": lambda n, rng: nn.Conv2d(n, 1, 3, rng=rng),
    "ConvTranspose2d": lambda n, rng: nn.ConvTranspose2d(n, 1, 3, rng=rng),
    "LocalConv2d": lambda n, rng: nn.LocalConv2d(1, 1, n, 3, rng=rng),
    "BatchNorm1d": lambda n, rng: nn.BatchNorm1d(n),
    "summary": lambda n, rng: nn.summary(nn.ReLU(), (n, n)),
}


@pytest.mark.parametrize("n", [10**18, 10**30])
@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_no_memory_holds_is_refused(name, n, rng, refuses):
    refuses(
        lambda: TOO_LARGE[name](n, rng), ValueError, f"{name}: ", "expects sizes that fit into memory, got an array"
    )


@pytest.mark.parametrize("dtype", [int, "no dtype", complex], ids=repr)
def test_layers_read_their_dtype(dtype, rng, refuses):
    refuses(lambda: nn.Linear(2, 2, rng=rng, dtype=dtype), TypeError, "Linear: dtype expects a float dtype")
    refuses(lambda: nn.Conv2d(2, 2, 1, rng=rng, dtype=dtype), TypeError, "Conv2d: dtype expects a float dtype")


@pytest.mark.parametrize("bias", [None, 0, "no", np.array([True, False])], ids=repr)
def test_a_bias_is_wanted_or_not(bias, rng, refuses):
    layers = {
        "Linear": lambda: nn.Linear(2, 2, bias, rng=rng),
        "Conv2d": lambda: nn.Conv2d(2, 2, 1, bias=bias, rng=rng),
        "ConvTranspose2d": lambda: nn.ConvTranspose2d(2, 2, 1, bias=bias, rng=rng),
        "LocalConv2d": lambda: nn.LocalConv2d(2, 2, 3, 1, bias=bias, rng=rng),
    }
    for where, make in layers.items():
        refuses(make, TypeError, f"{where}: bias expects True or False, got")


@pytest.mark.parametrize("drawn", [None, np.zeros((2, 2)), "weights"], ids=repr)
def test_an_initializer_returns_an_array_of_the_shape_it_is_given(drawn, rng):
    with pytest.raises((ValueError, TypeError), match=r"^Linear: weight_init's value expects"):
        nn.Linear(2, 3, rng=rng, weight_init=lambda shape, rng, dtype: drawn)


def test_each_position_of_a_local_layer_is_drawn_in_turn():
    layer = nn.LocalConv2d(2, 3, (4, 5), 3, rng=np.random.default_rng(3), dtype=float)
    rng = np.random.default_rng(3)
    for p, q in np.ndindex(2, 3):
        same(layer.weight.data[:, p, q], init.glorot_uniform((3, 2, 3, 3), rng=rng, dtype=float))
