"""Attacks on membership: areas and advantages by other routes, no pair in common, the table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import roc_auc_score, roc_curve

from softmaxbook.experiments import by_seed, stored
from softmaxbook.experiments import membership as experiment
from softmaxbook.learning.intervals import mean_interval
from softmaxbook.learning.losses import cross_entropy
from softmaxbook.learning.torch_networks import accuracy, torch_logits
from softmaxbook.transfer.heads import build_classifier
from softmaxbook.transfer.membership import advantage, attack_auc, guesses, label_scores
from softmaxbook.transfer.targets import digit_pictures, few_labels

scores = st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=30)  # with many ties


def truth(members, others):
    return np.r_[np.ones(len(members)), np.zeros(len(others))], np.r_[members, others]


# identities


@given(scores, scores)
def test_guesses_rise_from_nobody_to_everybody(members, others):
    found = guesses(members, others)
    for shares in (found.members, found.others):
        assert shares[0] == 0
        assert shares[-1] == 1
        assert (np.diff(shares) >= 0).all()


@given(scores, scores)
def test_changing_sides_mirrors_the_area(members, others):
    assert attack_auc(members, others) + attack_auc(others, members) == pytest.approx(1)
    assert attack_auc(members, members) == pytest.approx(0.5)


@given(scores, scores)
def test_the_area_is_that_under_the_curve(members, others):
    found = guesses(members, others)
    area = np.trapezoid(found.members, found.others)
    assert attack_auc(members, others) == pytest.approx(area)


# second routes


@given(scores, scores)
def test_scikit_learn_finds_the_same_area(members, others):
    assert attack_auc(members, others) == pytest.approx(roc_auc_score(*truth(members, others)))


def test_scikit_learn_finds_the_same_curve():
    rng = np.random.default_rng(0)
    members, others = rng.normal(1, 1, 50).round(1), rng.normal(0, 1, 70).round(1)
    fpr, tpr, thresholds = roc_curve(*truth(members, others), drop_intermediate=False)
    found = guesses(members, others)
    assert_allclose(found.others, fpr)
    assert_allclose(found.members, tpr)
    assert_array_equal(found.thresholds, thresholds)


def test_every_point_of_the_curve_is_an_advantage():
    rng = np.random.default_rng(1)
    members, others = rng.normal(1, 1, 40), rng.normal(0, 1, 40)
    found = guesses(members, others)
    ours = [advantage(members, others, t) for t in found.thresholds]
    assert_allclose(ours, found.members - found.others)


def test_the_gap_of_accuracies_is_the_advantage_of_trusting_right_answers():
    inside, outside = experiment.sides(3, 0.2)
    model = experiment.TRAININGS["head"](inside, 0.03, 3)
    right = [
        (torch_logits(model, part.features).argmax(axis=1) == part.labels).astype(float)
        for part in (inside, outside)
    ]
    gap = accuracy(model, inside) - accuracy(model, outside)
    assert advantage(*right, threshold=0.5) == pytest.approx(gap)


def test_scores_are_minus_the_cross_entropy():
    part = few_labels(digit_pictures().train, 3, seed=0)
    model = build_classifier("glyphnet", 10)
    losses = cross_entropy(
        torch_logits(model, part.features).astype(float), part.labels, reduction="none"
    )
    assert_allclose(label_scores(model, part), -losses, rtol=1e-12)


# the experiment


@pytest.mark.parametrize("wrong", experiment.WRONG)
def test_sides_share_no_picture_and_are_drawn_alike(wrong):
    inside, outside = experiment.sides(1, wrong)
    both = np.concatenate([inside.features, outside.features]).reshape(200, -1)
    assert len(np.unique(both, axis=0)) == 200
    drawn = few_labels(digit_pictures().train, 20, seed=1)
    right = {picture.tobytes(): label for picture, label in zip(*drawn, strict=True)}
    changed = [
        right[picture.tobytes()] != label
        for part in (inside, outside)
        for picture, label in zip(*part, strict=True)
    ]
    assert sum(changed) == round(200 * wrong)


def test_a_network_that_saw_nothing_gives_nothing_away():
    areas = []
    for seed in range(8):
        inside, outside = experiment.sides(seed, 0.0)
        model = build_classifier("glyphnet", 10, seed=seed)
        areas.append(attack_auc(label_scores(model, inside), label_scores(model, outside)))
    assert np.mean(areas) == pytest.approx(0.5, abs=0.04)


def test_a_stored_cell_is_measured_again():
    [row] = stored("membership").where(wrong=0.2, training="head")
    found = experiment.attacked(0.2, "head", row["setting"], 5)
    for name, value in found.items():
        assert value == pytest.approx(row[f"{name}, seed 5"], abs=0.03), name


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("membership")
    assert [(row["wrong"], row["training"]) for row in table.rows] == list(experiment.cells())
    assert table.provenance["command"] == "python -m softmaxbook.experiments membership"
    assert {key: table.provenance[key] for key in experiment.settings()} == experiment.settings()


def area(wrong, training):
    [row] = stored("membership").where(wrong=wrong, training=training)
    return by_seed(row, "AUC")


def test_the_words_of_the_page_follow_from_the_table():
    for training in experiment.TRAININGS:
        assert mean_interval(area(0.2, training) - area(0.0, training)).low > 0
    assert mean_interval(area(0.2, "from scratch") - area(0.2, "head")).low > 0
    for wrong in experiment.WRONG:
        early = area(wrong, "from scratch, stopped early") - area(wrong, "from scratch")
        assert abs(early.mean()) < 0.05  # little beside what wrong labels add
        assert mean_interval(area(wrong, "head")).low > 0.5


# errors


@pytest.mark.parametrize("wrong", [[], [[1.0]], [np.nan]])
def test_what_is_no_row_of_scores_is_refused(wrong):
    with pytest.raises(ValueError, match="others must be a row of scores"):
        attack_auc([1.0], wrong)
