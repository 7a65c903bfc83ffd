"""EM as lesson 3.9 writes it, beside scikit-learn's GaussianMixture from the same start: an independent oracle."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from tools import lessons

sklearn_mixture = pytest.importorskip("sklearn.mixture", reason="scikit-learn is only this test's oracle")

FUNCTIONS = "log_normal", "log_sum_exp", "e_step", "m_step", "fit"
STARTS = {
    "near": np.array([[1.0, 1.0], [7.0, 0.0], [7.0, 3.0]]),
    "stuck": np.array([[-1.0, 0.0], [1.0, 0.0], [8.5, 2.0]]),
}


@pytest.fixture(scope="module")
def em():
    """The lesson's imports and its functions for EM, by name; nothing else of it runs."""
    nodes = [node for code in lessons.Lesson("03_09_distributions").code for node in lessons.parse(code).body]
    wanted = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    wanted += [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name in FUNCTIONS]
    found = {}
    exec(compile(ast.Module(wanted, type_ignores=[]), "03_09_distributions", "exec"), found)
    return SimpleNamespace(**{name: found[name] for name in FUNCTIONS})


@pytest.fixture
def points():
    """Three clusters like the lesson's, from a generator of this test's own."""
    rng = np.random.default_rng(0)
    clusters = [((0, 0), (1.0, 0.5, 1.0), 300), ((9, 0), (0.6, -0.3, 0.9), 180), ((8, 4), (1.2, 0.3, 0.3), 120)]
    return np.concatenate([rng.multivariate_normal(mean, [[a, b], [b, c]], n) for mean, (a, b, c), n in clusters])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("steps", [1, 2, 10, 100])
@pytest.mark.parametrize("start", STARTS)
def test_em_is_scikit_learns(em, points, start, steps):
    theirs = sklearn_mixture.GaussianMixture(
        n_components=3,
        covariance_type="full",
        means_init=STARTS[start],
        weights_init=np.full(3, 1 / 3),
        precisions_init=np.stack([np.eye(2)] * 3),
        reg_covar=0,
        tol=0,  # never stops early, and says so in a warning
        max_iter=steps,
    ).fit(points)
    parameters, history = em.fit(points, STARTS[start], steps=steps)
    assert len(history) == steps
    log_likelihood = em.e_step(points, *parameters)[1] / len(points)
    for ours, name in zip(parameters, ("weights_", "means_", "covariances_"), strict=True):
        np.testing.assert_allclose(ours, getattr(theirs, name), rtol=1e-7, atol=1e-9, err_msg=name)
    np.testing.assert_allclose(log_likelihood, theirs.score(points), rtol=1e-10)


def test_responsibilities_are_scikit_learns_even_far_away(em, points):
    theirs = sklearn_mixture.GaussianMixture(3, means_init=STARTS["near"], reg_covar=0, random_state=0).fit(points)
    far = np.array([[50.0, 40.0], [-300.0, 2.0], [8.5, 2.0]])
    ours, _ = em.e_step(far, theirs.weights_, theirs.means_, theirs.covariances_)
    np.testing.assert_allclose(ours, theirs.predict_proba(far), rtol=1e-8, atol=1e-12)
