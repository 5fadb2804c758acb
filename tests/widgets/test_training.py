"""Training in the page is the package's gradient descent, step by step."""

import numpy as np
import pytest
from javascript import call

from softmaxbook.learning.objectives import SoftmaxObjective
from softmaxbook.learning.regression import SoftmaxRegression


def problem(n_rows, n_features, n_classes, seed, scale=1.0):
    rng = np.random.default_rng(seed)
    rows = scale * np.maximum(rng.normal(size=(n_rows, n_features)), 0)
    labels = np.concatenate([np.arange(n_classes), rng.integers(n_classes, size=n_rows)])[:n_rows]
    return rows, labels


PROBLEMS = [
    problem(10, 256, 10, seed=1, scale=2.0),
    problem(50, 256, 10, seed=2),
    problem(40, 6, 3, seed=3),
    problem(7, 1, 2, seed=4, scale=30.0),
]


def gram(rows, others=None):
    return call(
        "numerics/training",
        [("products", rows.tolist(), (rows if others is None else others).tolist())],
    )[0]


def walked(rows, labels, rate, steps, path=()):
    size = int(labels.max()) + 1
    given = {"gram": gram(rows), "labels": labels.tolist(), "size": size}
    return call("numerics/training", [("walk", given, rate, steps, list(path))])[0]


def bound(rows, labels):
    return SoftmaxObjective(rows, labels, 0.0, np.ones(labels.max() + 1)).smoothness()


def head(rows, labels, rate, steps):
    return SoftmaxRegression(
        penalty=0, solver="gradient descent", learning_rate=rate, max_iterations=steps, tolerance=0
    ).fit(rows, labels)


@pytest.mark.parametrize(("rows", "labels"), PROBLEMS)
def test_the_bound_on_the_curvature(rows, labels):
    (found,) = call("numerics/training", [("smoothness", gram(rows))])
    assert found == pytest.approx(bound(rows, labels), rel=1e-9)


@pytest.mark.parametrize(("rows", "labels"), PROBLEMS)
@pytest.mark.parametrize("share", [0.3, 1.0, 3.0])
def test_every_step_is_the_package_s(rows, labels, share):
    rate, steps = share / bound(rows, labels), 60
    path = walked(rows, labels, rate, steps)
    model = head(rows, labels, rate, steps)
    np.testing.assert_allclose([each["loss"] for each in path], model.history_, rtol=1e-8)
    coefficients = np.reshape(path[-1]["coefficients"], (len(rows), -1))
    scale = np.abs(model.coef_).max()
    np.testing.assert_allclose(coefficients.T @ rows, model.coef_, atol=1e-8 * scale)
    np.testing.assert_allclose(coefficients.sum(axis=0), model.intercept_, atol=1e-8 * scale)
    assert path[-1]["accuracy"] == model.score(rows, labels)


def test_other_rows_are_judged_by_their_products():
    (rows, labels), (others, truth) = PROBLEMS[1], problem(30, 256, 10, seed=9)
    rate = 1 / bound(rows, labels)
    model, last = head(rows, labels, rate, 40), walked(rows, labels, rate, 40)[-1]
    (logits,) = call(
        "numerics/training", [("logitsOf", gram(others, rows), last["coefficients"], 10)]
    )
    wanted = model.decision_function(others)
    np.testing.assert_allclose(logits, wanted.ravel(), atol=1e-8)
    (judged,) = call("numerics/training", [("judged", logits, truth.tolist())])
    assert judged["accuracy"] == model.score(others, truth)
    assert judged["winners"] == model.predict(others).tolist()
    p = model.predict_proba(others)[np.arange(30), truth]
    assert judged["loss"] == pytest.approx(-np.log(p).mean(), rel=1e-9)


def test_walking_on_is_walking_from_the_start():
    rows, labels = PROBLEMS[2]
    rate = 1 / bound(rows, labels)
    there = walked(rows, labels, rate, 12)
    assert walked(rows, labels, rate, 30, there) == walked(rows, labels, rate, 30)
    assert walked(rows, labels, rate, 5, there) == there


def test_up_to_the_bound_no_step_goes_up_and_far_beyond_it_some_do():
    rows, labels = PROBLEMS[1]
    rate = 1 / bound(rows, labels)
    losses = [[each["loss"] for each in walked(rows, labels, k * rate, 60)] for k in (1, 100)]
    assert (np.diff(losses[0]) <= 0).all()
    assert (np.diff(losses[1]) > 0).any()


def test_a_way_that_leaves_the_floats_ends_at_its_last_head():
    rows, labels = PROBLEMS[2]
    path = walked(rows, labels, 1e308, 30)
    assert 1 <= len(path) < 31
    assert np.isfinite([each["loss"] for each in path]).all()


def test_neighbours_are_those_at_the_smallest_distances():
    rng = np.random.default_rng(7)
    others = rng.normal(size=(30, 9))
    others[20] = others[4]  # a tie goes to the first
    row = others[4] + 0.01
    (found,) = call("numerics/training", [("nearest", row.tolist(), others.tolist(), 6)])
    distances = np.linalg.norm(others - row, axis=1)
    order = np.argsort(distances, kind="stable")[:6]
    assert [each["place"] for each in found] == order.tolist()
    np.testing.assert_allclose([each["distance"] for each in found], distances[order], rtol=1e-12)
