"""Export to ONNX: its reference evaluator computes what the model does."""

import numpy as np
import pytest

from helpers import nn
from helpers.autodiff import Tensor
from helpers.nn import export
from helpers.nn.export import to_onnx


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def evaluator():
    """What runs an ONNX file; the test is skipped without the package."""
    return pytest.importorskip("onnx.reference").ReferenceEvaluator


MODELS = {
    "lenet": (
        lambda rng: nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2, rng=rng), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5, rng=rng), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
            nn.Linear(400, 120, rng=rng), nn.Sigmoid(), nn.Dropout(0.5, rng=rng),
            nn.Linear(120, 10, bias=False, rng=rng), nn.BatchNorm1d(10), nn.Softplus(),
        ),
        (1, 28, 28),
    ),
    "windows": (
        lambda rng: nn.Sequential(
            nn.Conv2d(4, 6, (2, 3), (1, 2), ((1, 0), (2, 1)), (2, 1), 2, rng=rng),
            nn.Conv2d(6, 4, 2, padding="same", rng=rng),
            nn.ConvTranspose2d(4, 6, 3, 2, 1, (1, 0), rng=rng), nn.MaxPool2d((3, 2), 2, 1, ceil_mode=True),
            nn.AvgPool2d(2, 1, 1, count_include_pad=False),
        ),
        (4, 9, 8),
    ),
    "composition": (
        lambda rng: nn.Sequential(
            nn.Residual(nn.Sequential(nn.Conv2d(2, 2, 3, padding=1, rng=rng), nn.ReLU())),
            nn.Residual(nn.Conv2d(2, 3, 1, rng=rng), nn.Conv2d(2, 3, 1, bias=False, rng=rng)),
            nn.Branches(nn.Conv2d(3, 2, 1, rng=rng), nn.MaxPool2d(3, 1, 1)), nn.GlobalAvgPool2d(),
        ),
        (2, 5, 4),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_the_evaluator_agrees(name, rng, tmp_path, evaluator):
    make, shape = MODELS[name]
    model, path = make(rng), tmp_path / "model.onnx"
    state = {key: rng.uniform(0.2, 1, array.shape) for key, array in model.state_dict().items()}
    model.load_state_dict({key: array if "var" in key else array - 0.5 for key, array in state.items()})
    to_onnx(model, shape, path)
    assert model.training
    x = rng.standard_normal((3, *shape)).astype(np.float32)
    (y,) = evaluator(str(path)).run(None, {"x": x})
    want = model.eval()(Tensor(x)).data
    assert (y.dtype, y.shape) == (want.dtype, want.shape)
    np.testing.assert_allclose(y, want, rtol=0, atol=1e-5 * abs(want).max())


def test_refuses(rng, tmp_path, evaluator, refuses):
    local, path = nn.Sequential(nn.LocalConv2d(1, 1, 4, 2, rng=rng)), tmp_path / "model.onnx"
    refuses(lambda: to_onnx(local, (1, 4, 4), path), TypeError, "to_onnx: model expects", "got LocalConv2d")
    refuses(lambda: to_onnx(nn.ReLU(), 4, path), ValueError, "to_onnx: input_shape expects", "got 4")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", [None, 3], ids=repr)
def test_a_path_is_a_path(path, evaluator, refuses):
    refuses(lambda: to_onnx(nn.ReLU(), (4,), path), TypeError, "to_onnx: path expects a str or a Path, got")


def test_a_model_is_a_module_and_its_input_fits_into_memory(tmp_path, evaluator, refuses):
    refuses(lambda: to_onnx(nn.ReLU, (4,), tmp_path / "x"), TypeError, "to_onnx: model expects a Module, got")
    refuses(lambda: to_onnx(nn.ReLU(), (10**18,), tmp_path / "x"), ValueError, "to_onnx: input_shape expects sizes")


def test_a_frozen_layer_stays_frozen(rng, tmp_path, evaluator):
    model = nn.Sequential(nn.Linear(2, 2, rng=rng), nn.BatchNorm1d(2).eval())
    to_onnx(model, (2,), tmp_path / "x")
    assert [module.training for _, module in model.named_modules()] == [True, True, False]


def test_without_the_package_it_says_what_to_install(monkeypatch, refuses, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    refuses(lambda: to_onnx(nn.ReLU(), (4,), tmp_path / "x"), ImportError, "to_onnx: needs", "pip install")


def test_every_layer_has_a_counterpart_or_is_refused():
    layers = {kind for kind in vars(nn).values() if isinstance(kind, type) and issubclass(kind, nn.Module)}
    covered = set(export._node.registry)
    assert {kind for kind in layers if not any(issubclass(kind, base) for base in covered - {object})} == {
        nn.LocalConv2d, nn.Module,
    }  # fmt: skip
