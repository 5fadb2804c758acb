"""The fits that run in the page are the package's: coefficients, probabilities, decisions."""

import numpy as np
import pytest
from clouds import (
    METHODS,
    clouds,
    missing_class,
    on_a_line,
    one_place,
    one_point_classes,
    packages,
    samples,
    separable,
    tied,
)
from javascript import call
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook.learning.multiclass import coupled
from softmaxbook.numerics.probabilities import sigmoid

N_SETS = 30
PLACES = np.stack(np.meshgrid(np.linspace(-4, 4, 7), np.linspace(-4, 4, 7)), axis=-1).reshape(-1, 2)


KINDS = [clouds, separable, tied, one_point_classes, missing_class, on_a_line, one_place]
COMMON = pytest.mark.parametrize("kind", KINDS)


def data_sets(kind):
    """Return (features, labels, penalty) of random sets, penalties from 0.0001 to 1000."""
    rng = np.random.default_rng(KINDS.index(kind))
    return [(*kind(rng), float(10 ** rng.uniform(-4, 3))) for _ in range(N_SETS)]


def rows_of(model):
    """Return parameters as the page keeps them: weights, then the intercept."""
    if hasattr(model, "coef_"):
        return np.column_stack([model.coef_, model.intercept_])
    return np.concatenate([rows_of(member) for member in model.models_])


@COMMON
def test_coefficients_are_the_packages(kind):
    sets = data_sets(kind)
    pages = call("numerics/fitting", [("fitAll", samples(X, y), penalty) for X, y, penalty in sets])
    for page, (features, labels, penalty) in zip(pages, sets, strict=True):
        models = packages(features, labels, penalty)
        assert page["classes"] == models[0].classes_.tolist()
        assert [tuple(pair) for pair in page["pairs"]] == models[2].pairs_
        for name, model in zip(METHODS, models, strict=True):
            found, ours = np.array(page[name], dtype=float), rows_of(model)
            if name == "softmax":  # an intercept common to all classes changes nothing
                found[:, 2] -= found[:, 2].mean()
                ours[:, 2] -= ours[:, 2].mean()
            # The package stops where rounding hides a further fall of the objective. Along a
            # direction that the penalty alone holds, that leaves an error of this size.
            left = np.sqrt(np.finfo(float).eps / penalty)
            atol = max(1e-8 * max(1.0, np.abs(ours).max()), left)
            assert_allclose(found, ours, rtol=0, atol=atol, err_msg=f"{name} {penalty}")


@COMMON
def test_answers_are_the_packages(kind):
    features, labels, penalty = data_sets(kind)[0]
    (page,) = call("numerics/fitting", [("fitAll", samples(features, labels), penalty)])
    for name, model in zip(METHODS, packages(features, labels, penalty), strict=True):
        answers = call("numerics/fitting", [("ask", name, page, x, y) for x, y in PLACES.tolist()])
        p = [answer["p"] for answer in answers]
        assert_allclose(p, model.predict_proba(PLACES), rtol=0, atol=1e-8)
        assert_allclose(np.exp([answer["logs"] for answer in answers]), p, rtol=1e-12, atol=1e-300)
        winners = model.classes_[[answer["winner"] for answer in answers]]
        assert_array_equal(winners[clear(model)], model.predict(PLACES)[clear(model)])
        if name == "rest":
            assert_allclose([a["scores"] for a in answers], model.scores(PLACES), rtol=0, atol=1e-8)
        if name == "ones":
            pairs = sigmoid(model.pair_logits(PLACES))
            assert_allclose(sigmoid([a["logits"] for a in answers]), pairs, rtol=0, atol=1e-8)
            votes = np.array([answer["votes"] for answer in answers])
            assert_array_equal(votes[clear(model)], model.votes(PLACES)[clear(model)])
        if name != "softmax":
            undecided = np.array([answer["undecided"] for answer in answers])
            assert_array_equal(undecided[clear(model)], model.undecided(PLACES)[clear(model)])


def clear(model):
    """Return where no decision hangs on the last digits."""
    scores = np.sort(model.decision_function(PLACES), axis=-1)
    members = getattr(model, "models_", [])
    margins = [np.abs(member.decision_function(PLACES)) for member in members]
    return np.min([scores[:, -1] - scores[:, -2], *margins], axis=0) > 1e-7


@COMMON
def test_accuracy_and_loss_are_the_packages(kind):
    features, labels, penalty = data_sets(kind)[1]
    (page,) = call("numerics/fitting", [("fitAll", samples(features, labels), penalty)])
    for name, model in zip(METHODS, packages(features, labels, penalty), strict=True):
        (verdict,) = call("numerics/fitting", [("judge", name, page)])
        of_label = model.predict_proba(features)[
            np.arange(len(labels)), np.searchsorted(model.classes_, labels)
        ]
        assert verdict["loss"] == pytest.approx(-np.log(of_label).mean(), rel=1e-7)
        if kind is not one_place:  # where every class is the same, rounding decides
            assert verdict["accuracy"] == pytest.approx(model.score(features, labels))
            assert_array_equal(verdict["wrong"], model.predict(features) != labels)


def test_sizes_are_those_of_the_packages_models():
    features, labels = clouds(np.random.default_rng(7))
    (page,) = call("numerics/fitting", [("fitAll", samples(features, labels), 1.0)])
    sizes = {name: call("numerics/fitting", [("sizes", name, page)])[0] for name in METHODS}
    for name, model in zip(METHODS, packages(features, labels, 1.0), strict=True):
        assert sizes[name]["models"] == len(getattr(model, "models_", [model]))
        assert sizes[name]["parameters"] == rows_of(model).size
    # Adding one row to all rows of softmax regression leaves three numbers less to choose.
    assert {name: size["free"] for name, size in sizes.items()} == {
        "softmax": 6,
        "rest": 9,
        "ones": 9,
    }


def test_pairs_are_coupled_as_in_the_package():
    rng = np.random.default_rng(0)
    scales = np.repeat([0.1, 1, 10, 100], 50)[:, None, None]
    logits = scales * rng.normal(size=(200, 3, 3))
    r = sigmoid(logits - np.swapaxes(logits, -1, -2))
    assert_allclose(
        call("numerics/fitting", [("coupled", x) for x in r.tolist()]), coupled(r), atol=1e-9
    )
    pair = [[0.0, 0.3], [0.7, 0.0]]
    assert_allclose(call("numerics/fitting", [("coupled", pair)]), [coupled(pair)], rtol=1e-12)


def test_elimination_solves_what_numpy_solves():
    rng = np.random.default_rng(0)
    matrices = [rng.normal(size=(n, n)) for n in range(1, 10)]
    matrices.append(np.array([[0.0, 1.0], [1.0, 0.0]]))  # no solution without exchanging rows
    targets = [rng.normal(size=len(matrix)) for matrix in matrices]
    calls = [("solve", m.tolist(), t.tolist()) for m, t in zip(matrices, targets, strict=True)]
    for found, matrix, target in zip(
        call("numerics/fitting", calls), matrices, targets, strict=True
    ):
        assert_allclose(found, np.linalg.solve(matrix, target), rtol=1e-9, atol=1e-12)


def test_weights_grow_as_the_penalty_falls_on_separable_classes():
    features, labels = separable(np.random.default_rng(0))
    penalties = [10.0, 0.1, 1e-3]
    pages = call(
        "numerics/fitting", [("fitAll", samples(features, labels), each) for each in penalties]
    )
    for name in METHODS:
        sizes = [np.linalg.norm(np.array(page[name])[:, :2]) for page in pages]
        assert (np.diff(sizes) > 0.2).all()
