"""Regression: the objectives' derivatives, scikit-learn's coefficients, the free direction."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression as PeerRegression

from softmaxbook.learning.classifiers import NotFittedError
from softmaxbook.learning.datasets import SOURCES, load
from softmaxbook.learning.descent import conjugate_gradients, gradient_descent, newton
from softmaxbook.learning.multiclass import OneVsOne, OneVsRest
from softmaxbook.learning.objectives import LogisticObjective, SoftmaxObjective
from softmaxbook.learning.regression import LogisticRegression, SoftmaxRegression
from softmaxbook.numerics.derivatives import finite_difference_jacobian

MODELS = SoftmaxRegression, LogisticRegression, OneVsRest, OneVsOne
every_model = pytest.mark.parametrize("model", MODELS)
named = pytest.mark.parametrize("name", SOURCES)
SEPARABLE = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([0, 0, 1, 1])


def objective_and_point(seed, n_classes, penalty=0.7):
    """A small random problem, and parameters to look at it from."""
    rng = np.random.default_rng(seed)
    features, labels = rng.normal(size=(12, 3)), rng.permutation(np.arange(12) % n_classes)
    weight = rng.uniform(0.5, 2, size=n_classes)
    if n_classes == 2:
        return LogisticObjective(features, labels, penalty, weight), rng.normal(size=4)
    objective = SoftmaxObjective(features, labels, penalty, weight)
    return objective, rng.normal(size=(n_classes, 4))


def hessian(objective, point):
    """Return the Hessian as a matrix, one product a column."""
    product, _ = objective.curvature(point)
    unit = np.eye(point.size).reshape(-1, *point.shape)
    return np.stack([product(direction).ravel() for direction in unit], axis=-1)


problems = given(st.integers(0, 999), st.integers(2, 5))


# identities


@settings(max_examples=25, deadline=None)
@problems
def test_gradient_and_hessian_are_finite_differences(seed, n_classes):
    objective, point = objective_and_point(seed, n_classes)

    def value(flat):
        return np.atleast_1d(objective.value_and_gradient(flat.reshape(point.shape))[0])

    def gradient(flat):
        return objective.value_and_gradient(flat.reshape(point.shape))[1].ravel()

    slopes = finite_difference_jacobian(value, point.ravel())[0]
    assert_allclose(gradient(point), slopes, atol=1e-8)
    matrix = hessian(objective, point)
    assert_allclose(matrix, finite_difference_jacobian(gradient, point.ravel()), atol=1e-8)
    diagonal = np.diag(matrix).reshape(-1, point.shape[-1]).mean(axis=0)
    assert_allclose(np.atleast_2d(objective.curvature(point)[1])[0], diagonal, rtol=1e-12)


@settings(max_examples=25, deadline=None)
@problems
def test_hessian_is_between_zero_and_the_bound(seed, n_classes):
    objective, point = objective_and_point(seed, n_classes)
    eigenvalues = np.linalg.eigvalsh(hessian(objective, point))
    assert eigenvalues[0] > -1e-12
    assert eigenvalues[-1] <= objective.smoothness()


@settings(max_examples=25, deadline=None)
@problems
def test_gradient_descent_never_goes_up_and_falls_as_promised(seed, n_classes):
    objective, point = objective_and_point(seed, n_classes)
    descent = gradient_descent(objective, point, max_iterations=20, tolerance=0)
    _, gradient = objective.value_and_gradient(point)
    promised = (gradient**2).sum() / (2 * objective.smoothness())
    assert descent.history[0] - descent.history[1] >= promised * (1 - 1e-9)
    assert (np.diff(descent.history) <= 1e-15).all()


def test_without_penalty_the_objective_is_flat_along_equal_changes():
    objective, point = objective_and_point(3, 4, penalty=0.0)
    values, vectors = np.linalg.eigh(hessian(objective, point))
    flat = vectors[:, np.abs(values) < 1e-12].T.reshape(-1, *point.shape)
    assert len(flat) == point.shape[1]  # one direction for each feature, one for the intercept
    for direction in flat:  # all classes move alike
        assert_allclose(direction, np.broadcast_to(direction[0], direction.shape), atol=1e-10)


def test_conjugate_gradients_solve_what_they_are_given():
    rng = np.random.default_rng(0)
    factor = rng.normal(size=(6, 6))
    matrix = factor @ factor.T + np.eye(6)
    target = 1e-9 * rng.normal(size=6)  # a small target is solved accurately
    solution = conjugate_gradients(lambda v: matrix @ v, target, np.diag(matrix))
    assert_allclose(matrix @ solution, target, atol=1e-13)


# second routes


def peer(penalty, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return PeerRegression(
            C=1 / penalty, tol=1e-10, max_iter=10_000, solver="newton-cg", **options
        )


@named
@pytest.mark.parametrize("penalty", [0.1, 1.0, 30.0])
def test_coefficients_are_scikit_learns(name, penalty):
    data = load(name).standardised()
    ours = (LogisticRegression if data.n_classes == 2 else SoftmaxRegression)(
        penalty, tolerance=1e-10
    )
    ours, other = ours.fit(*data.train), peer(penalty).fit(*data.train)
    assert ours.converged_
    assert_array_equal(ours.classes_, other.classes_)
    assert_allclose(ours.coef_, other.coef_, atol=1e-4)
    assert_allclose(ours.intercept_, other.intercept_, atol=1e-4)
    features, labels = data.test
    assert_allclose(ours.predict_proba(features), other.predict_proba(features), atol=1e-4)
    assert_allclose(ours.decision_function(features), other.decision_function(features), atol=1e-3)
    assert_array_equal(ours.predict(features), other.predict(features))
    assert ours.score(features, labels) == other.score(features, labels)


@pytest.mark.parametrize(
    ("name", "weight"),
    [("wine", "balanced"), ("wine", [1.0, 5.0, 0.5]), ("breast cancer", "balanced")],
)
def test_class_weights_are_scikit_learns(name, weight):
    data = load(name).standardised()
    by_class = weight if weight == "balanced" else dict(enumerate(weight))
    model = LogisticRegression if data.n_classes == 2 else SoftmaxRegression
    ours = model(class_weight=weight, tolerance=1e-8).fit(*data.train)
    other = peer(1.0, class_weight=by_class).fit(*data.train)
    assert_allclose(ours.coef_, other.coef_, atol=1e-4)
    assert_allclose(ours.intercept_, other.intercept_, atol=1e-4)


def test_scipy_finds_the_same_minimum():
    data = load("wine").standardised().train
    model = SoftmaxRegression(tolerance=1e-9).fit(*data)
    objective = SoftmaxObjective(*data, 1.0, np.ones(3))

    def value_and_gradient(flat):
        value, gradient = objective.value_and_gradient(flat.reshape(3, -1))
        return value, gradient.ravel()

    found = minimize(value_and_gradient, np.zeros(3 * 14), jac=True, options={"gtol": 1e-9})
    assert_allclose(found.x.reshape(3, -1)[:, :-1], model.coef_, atol=1e-6)
    assert_allclose(found.fun, model.history_[-1], rtol=1e-14)


def test_gradient_descent_finds_the_same_minimum_slowly():
    data = load("iris").standardised().train
    fast = SoftmaxRegression(tolerance=1e-9).fit(*data)
    slow = SoftmaxRegression(solver="gradient descent", max_iterations=20_000).fit(*data)
    assert slow.converged_
    assert_allclose(slow.coef_, fast.coef_, atol=1e-3)
    assert slow.n_iter_ > 50 * fast.n_iter_
    assert slow.history_[0] == fast.history_[0] == pytest.approx(np.log(3))


def test_unscaled_features_need_no_care():
    train = load("wine").train  # deviations from 0.1 to 300
    model = SoftmaxRegression(tolerance=1e-9).fit(*train)
    objective = SoftmaxObjective(*train, 1.0, np.ones(3))
    parameters = np.column_stack([model.coef_, model.intercept_])
    assert np.abs(objective.value_and_gradient(parameters)[1]).max() < 1e-9
    assert model.n_iter_ < 30


# limits


def test_two_classes_are_logistic_regression_of_half_the_penalty():
    data = load("breast cancer").standardised()
    soft = SoftmaxRegression(penalty=2.0, tolerance=1e-10).fit(*data.train)
    logistic = LogisticRegression(penalty=1.0, tolerance=1e-10).fit(*data.train)
    assert_allclose(soft.coef_[1] - soft.coef_[0], logistic.coef_[0], atol=1e-7)
    assert_allclose(soft.coef_[1], logistic.coef_[0] / 2, atol=1e-7)
    features = data.test.features
    assert_allclose(soft.predict_proba(features), logistic.predict_proba(features), atol=1e-7)


@named
def test_penalty_chooses_rows_with_sum_zero(name):
    model = SoftmaxRegression().fit(*load(name).standardised().train)
    assert_allclose(model.coef_.sum(axis=0), 0, atol=1e-10)
    assert_allclose(model.intercept_.sum(), 0, atol=1e-10)


def test_one_vector_is_free():
    data = load("iris").standardised()
    model = SoftmaxRegression().fit(*data.train)
    features = data.test.features
    moved = model.shifted([5.0, -3.0, 1.0, 0.5], intercept=2.0)
    assert np.abs(moved.coef_ - model.coef_).max() == pytest.approx(5)
    assert_allclose(moved.predict_proba(features), model.predict_proba(features), rtol=1e-10)
    reference = model.relative_to(2)
    assert_array_equal(reference.coef_[2], 0)
    assert reference.intercept_[2] == 0
    assert_allclose(reference.predict_proba(features), model.predict_proba(features), rtol=1e-10)
    # The differences are log-odds against class 2.
    p = model.predict_proba(features)
    odds = np.log(p[:, 0] / p[:, 2])
    assert_allclose(features @ reference.coef_[0] + reference.intercept_[0], odds, rtol=1e-8)
    assert_allclose(model.coef_.sum(axis=0), 0, atol=1e-10)  # the model itself did not change


def test_separable_classes_without_penalty_have_no_minimum():
    sizes = []
    for steps in (10, 100, 1000, 10_000):
        model = LogisticRegression(0.0, "gradient descent", max_iterations=steps)
        model.fit(*SEPARABLE)
        sizes.append(model.coef_[0, 0])
        assert not model.converged_
    # The coefficient grows like the logarithm of the steps: each tenfold adds about as much.
    assert_allclose(np.diff(sizes)[1:] / np.log(10), 1, atol=0.25)
    assert LogisticRegression(1.0).fit(*SEPARABLE).converged_


def test_heavy_penalty_leaves_the_class_shares():
    features, labels = load("wine").standardised().train
    model = SoftmaxRegression(penalty=1e9).fit(features, labels)
    shares = np.bincount(labels) / len(labels)
    assert_allclose(model.predict_proba(features[:1])[0], shares, atol=1e-5)


def test_names_are_classes_too():
    features, labels = load("iris").train
    names = np.array(load("iris").class_names)[labels]
    for model in (SoftmaxRegression, OneVsRest, OneVsOne):
        by_name, by_number = model().fit(features, names), model().fit(features, labels)
        assert by_name.classes_.tolist() == sorted(load("iris").class_names)
        predicted = by_name.predict(features)
        assert_array_equal(predicted, by_name.classes_[by_number.predict(features)])
        assert by_name.score(features, names) == by_number.score(features, labels)


def test_labels_need_not_be_consecutive():
    features, labels = SEPARABLE
    model = LogisticRegression().fit(features, labels * 10.0 - 3)
    assert_array_equal(model.predict([[-1], [1]]), [-3, 7])


# errors


@every_model
@pytest.mark.parametrize(
    ("features", "labels", "message"),
    [
        ([[0.0], [np.nan], [np.inf]], [0, 1, 1], r"features\[1, 0\] = nan is not finite"),
        ([[0.0], [1.0], [-np.inf]], [0, 1, 1], r"features\[2, 0\] = -inf is not finite"),
        ([0.0, 1.0], [0, 1], r"got \(2,\); one feature: features.reshape\(-1, 1\)"),
        ([[0.0], [1.0]], [0, 1, 1], "2 rows of features need as many labels, got 3"),
        ([[0.0], [1.0]], [1, 1], r"at least two classes, got \[1\]"),
        (np.zeros((0, 2)), [], r"at least two classes, got \[\]"),
        ([[0.0], [1.0]], [[1, 0], [0, 1]], r"one-hot rows: labels.argmax\(axis=-1\)"),
        ([[0.0], [1.0]], [0.0, 0.5], r"labels\[1\] = 0.5 is a measurement, not a class"),
        ([[0.0], [1.0]], [0.0, np.nan], r"labels\[1\] = nan is a measurement, not a class"),
    ],
)
def test_wrong_data(model, features, labels, message):
    with pytest.raises(ValueError, match=message):
        model().fit(features, labels)


@every_model
def test_data_that_are_no_numbers(model):
    with pytest.raises(TypeError, match="features must"):
        model().fit([["a"], ["b"]], [0, 1])
    with pytest.raises(TypeError, match="labels must be all numbers or all names"):
        model().fit([[0.0], [1.0]], [None, "a"])


@every_model
def test_unfitted_model_says_so(model):
    for question in (model().predict, model().predict_proba, model().decision_function):
        with pytest.raises(NotFittedError, match=f"{model.__name__} has learnt nothing yet"):
            question([[0.0]])


@every_model
def test_other_rows_than_fitted(model):
    fitted = model().fit(*SEPARABLE)
    with pytest.raises(ValueError, match="features have 2 columns; the model was fitted on 1"):
        fitted.predict([[0.0, 1.0]])
    with pytest.raises(ValueError, match=r"features\[0, 0\] = nan"):
        fitted.predict([[np.nan]])
    with pytest.raises(ValueError, match=r"4 rows need as many labels, got shape \(3,\)"):
        fitted.score(SEPARABLE[0], [0, 1, 1])
    with pytest.raises(ValueError, match="nothing to take a share of"):
        fitted.score(np.zeros((0, 1)), [])


@every_model
def test_numbers_are_not_scored_by_names(model):
    features, labels = SEPARABLE
    names = np.array(["no", "yes"])[labels]
    by_number, by_name = model().fit(features, labels), model().fit(features, names)
    for wrong in (names, labels.astype(str), names.astype(object), names.astype("S")):
        with pytest.raises(TypeError, match=r"labels hold (names|bytes), the classes are numbers"):
            by_number.score(features, wrong)
    for wrong in (labels, labels.astype(bool), labels.astype(object)):
        with pytest.raises(TypeError, match="labels hold numbers, the classes are names"):
            by_name.score(features, wrong)
    with pytest.raises(TypeError, match="labels hold NoneType, the classes are numbers"):
        by_number.score(features, [*labels[:-1], None])
    with pytest.raises(ValueError, match=r"labels\[0\] = 0.5 is a measurement"):
        by_number.score(features, labels + 0.5)
    whole = by_number.score(features, labels)
    for right in (labels.astype(float), labels.astype(bool), labels.astype(object)):
        assert by_number.score(features, right) == whole
    assert by_name.score(features, names.astype(object)) == by_name.score(features, names)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"penalty": -1.0}, "penalty must be finite and at least 0, got -1.0"),
        ({"penalty": np.nan}, "penalty must be finite"),
        ({"solver": "adam"}, r"solver must be one of \('newton', 'gradient descent'\), got 'adam'"),
        ({"class_weight": "fair"}, "class_weight is 'balanced' or numbers: 'fair'"),
        ({"class_weight": [1, 2, 3]}, r"class_weight must have shape \(2,\)"),
        ({"class_weight": [0, 0]}, "must not be 0 for every class"),
    ],
)
@pytest.mark.parametrize("model", [SoftmaxRegression, LogisticRegression])
def test_wrong_options(model, options, message):
    with pytest.raises(ValueError, match=message):
        model(**options).fit(*SEPARABLE)


def test_three_classes_are_too_many_for_one_logit():
    with pytest.raises(ValueError, match="for two classes, got 3: use SoftmaxRegression"):
        LogisticRegression().fit([[0.0], [1.0], [2.0]], [0, 1, 2])


def test_free_direction_asks_for_a_fitted_model_and_its_shape():
    with pytest.raises(NotFittedError):
        SoftmaxRegression().shifted([1.0])
    with pytest.raises(NotFittedError):
        SoftmaxRegression().relative_to(1)
    fitted = SoftmaxRegression().fit(*SEPARABLE)
    with pytest.raises(ValueError, match=r"coefficients must have shape \(1,\), got \(2,\)"):
        fitted.shifted([1.0, 2.0])
    with pytest.raises(ValueError, match=r"7 is not one of the classes \[0, 1\]"):
        fitted.relative_to(7)


def test_too_few_steps_are_said():
    data = load("digits").standardised().train
    with pytest.warns(RuntimeWarning, match="no minimum to within tolerance=1e-06 after 2 steps"):
        model = SoftmaxRegression(max_iterations=2).fit(*data)
    assert not model.converged_
    assert model.n_iter_ == 2
    assert np.isfinite(model.predict_proba(data.features)).all()


def test_learning_rate_that_explodes_is_said():
    model = SoftmaxRegression(100.0, "gradient descent", learning_rate=10.0, max_iterations=1000)
    with pytest.warns(RuntimeWarning, match="diverged with learning_rate=10: use a smaller one"):
        model.fit(*SEPARABLE)
    assert np.isfinite(model.coef_).all()
    assert model.history_[-1] > model.history_[0]


def test_tolerance_below_rounding_ends_at_the_minimum():
    objective, point = objective_and_point(1, 3)
    descent = newton(objective, point, tolerance=0.0)
    assert not descent.converged
    assert np.abs(objective.value_and_gradient(descent.parameters)[1]).max() < 1e-12
    assert len(descent.history) < 100
