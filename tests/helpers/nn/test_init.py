"""Initial values: their variance, shape and dtype, and what is refused."""

import numpy as np
import pytest

from helpers.nn import init

MATRIX, KERNELS = (300, 200), (40, 30, 5, 3)
VARIANCE = {
    "uniform": lambda fan_in, fan_out: 0.05**2 / 3,
    "normal": lambda fan_in, fan_out: 0.01**2,
    "glorot_uniform": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "glorot_normal": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he_normal": lambda fan_in, fan_out: 2 / fan_in,
}
RANDOM = [*VARIANCE, "orthogonal"]


def test_fans():
    assert init.fans(MATRIX) == (300, 200)
    assert init.fans(KERNELS) == (30 * 15, 40 * 15)


@pytest.mark.parametrize("shape", [MATRIX, KERNELS], ids=["matrix", "kernels"])
@pytest.mark.parametrize("name", VARIANCE)
def test_mean_and_variance(name, shape, rng):
    draw = getattr(init, name)(shape, rng=rng, dtype=np.float64)
    variance = VARIANCE[name](*init.fans(shape))
    # The variance of a variance: (kurtosis - 1) variance^2 / n, of a Gaussian 2, of a uniform 0.8.
    spread = 2 if "normal" in name else 0.8
    assert abs(draw.mean()) < 3 * np.sqrt(variance / draw.size)
    assert abs(draw.var() - variance) < 3 * variance * np.sqrt(spread / draw.size)


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7), (4, 3, 2, 2), (40, 3, 2, 2)], ids=str)
def test_the_shorter_side_is_orthonormal(shape, rng):
    matrix = init.orthogonal(shape, gain=2, rng=rng, dtype=np.float64).reshape(shape[0], -1)
    product = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(product, 4 * np.eye(min(matrix.shape)), atol=1e-12)
    assert np.isclose(matrix.var(), 4 / max(matrix.shape), rtol=0.3) or matrix.size < 100


def test_orthogonal_draws_have_no_favourite_direction(rng):
    draws = np.array([init.orthogonal((3, 3), rng=rng) for _ in range(2000)])
    assert abs(draws.mean(0)).max() < 4 / np.sqrt(3 * 2000)


@pytest.mark.parametrize("name", RANDOM)
def test_one_seed_gives_the_same_numbers_in_every_dtype(name):
    single, double = (
        getattr(init, name)((6, 4), rng=np.random.default_rng(3), dtype=dtype) for dtype in (np.float32, np.float64)
    )
    assert (single.dtype, double.dtype) == (np.float32, np.float64)
    np.testing.assert_array_equal(single, double.astype(np.float32))
    assert single.flags.c_contiguous


def test_constants():
    assert init.zeros((2, 3)).dtype == np.float32
    assert not init.zeros((2, 3)).any()
    assert (init.ones(4, dtype=float) == 1).all()


@pytest.mark.parametrize("name", RANDOM)
def test_refuses_other_generators_and_dtypes(name, rng, refuses):
    function = getattr(init, name)
    refuses(lambda: function((2, 3), rng=0), TypeError, "", "rng expects a numpy.random.Generator, got 0")
    refuses(lambda: function((2, 3), rng=rng, dtype=int), TypeError, "", "dtype expects a float dtype, got int64")


@pytest.mark.parametrize("name", ["glorot_uniform", "he_normal", "orthogonal", "fans"])
def test_refuses_shapes_without_fans(name, rng, refuses):
    function = getattr(init, name)
    options = {} if name == "fans" else {"rng": rng}
    refuses(lambda: function((3,), **options), ValueError, f"{name}: shape expects (inputs, outputs) or", "(3,)")


def test_refuses_negative_spread(rng, refuses):
    refuses(lambda: init.normal((2, 2), -1, rng=rng), ValueError, "normal: std expects a number in [0, inf), got -1")
    refuses(
        lambda: init.uniform((2, 2), np.inf, rng=rng),
        ValueError,
        "uniform: limit expects a number in [0, inf), got inf",
    )


CALLS = {name: getattr(init, name) for name in ("zeros", "ones", *RANDOM)}
WRONG_SHAPES = [-1, (2, 0), (2.5, 2), "ab", None, (2, True), (10**18, 2), (10**19, 10**19), (10**30, 2)]


@pytest.mark.parametrize("shape", WRONG_SHAPES, ids=repr)
@pytest.mark.parametrize("name", CALLS)
def test_every_shape_is_read_and_one_that_no_memory_holds_refused(name, shape, rng):
    with pytest.raises((ValueError, TypeError), match=f"^{name}: shape expects"):
        CALLS[name](shape, rng=rng)


@pytest.mark.parametrize("dtype", ["no dtype", complex, int, bool, object, "U3"], ids=repr)
@pytest.mark.parametrize("name", CALLS)
def test_every_dtype_is_read(name, dtype, rng, refuses):
    refuses(lambda: CALLS[name]((2, 2), rng=rng, dtype=dtype), TypeError, f"{name}: dtype expects a float dtype, got")


@pytest.fixture
def rng():
    return np.random.default_rng(0)
