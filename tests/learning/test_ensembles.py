"""Two means of several answers: what each is, what each never does, and the stored table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from softmaxbook.experiments import ensembles as experiment
from softmaxbook.experiments import stored
from softmaxbook.learning.ensembles import (
    agreement_gain,
    mean_of_logits,
    mean_of_probabilities,
    votes,
)
from softmaxbook.learning.intervals import mean_interval
from softmaxbook.learning.losses import cross_entropy
from softmaxbook.numerics.probabilities import softmax

LOGITS = np.random.default_rng(0).normal(scale=4, size=(5, 60, 7))
LABELS = np.random.default_rng(1).integers(0, 7, 60)
members = arrays(float, (3, 2, 4), elements=st.floats(-300, 300))


def losses(probabilities):
    return -np.log(probabilities[np.arange(len(LABELS)), LABELS])


def each_loss():
    return np.stack([cross_entropy(z, LABELS, reduction="none") for z in LOGITS])


# identities


@given(members)
def test_both_are_probabilities_and_one_member_is_itself(logits):
    for mean in (mean_of_probabilities, mean_of_logits):
        p = mean(logits)
        assert_allclose(p.sum(axis=-1), 1, rtol=1e-12)
        assert (p >= 0).all()
        assert_allclose(mean(logits[:1]), softmax(logits[0]), rtol=1e-12)


@given(members)
def test_the_mean_of_probabilities_is_never_surer_than_its_members_are_on_average(logits):
    mean = softmax(logits).max(axis=-1).mean(axis=0)
    assert (mean_of_probabilities(logits).max(axis=-1) <= mean + 1e-12).all()


def test_the_mean_of_logits_can_be_surer_than_its_members_are_on_average():
    logits = np.log([[[0.9, 0.1]], [[0.6, 0.4]]])
    assert mean_of_logits(logits).max() > softmax(logits).max(axis=-1).mean()


@given(members)
def test_the_gain_is_not_negative_and_needs_no_label(logits):
    gain = agreement_gain(logits)
    assert (gain >= -1e-12).all()
    shifted = logits + np.array([3.0, -50.0, 7.0])[:, None, None]  # shares stay as they are
    assert_allclose(agreement_gain(shifted), gain, atol=1e-9)
    assert_allclose(agreement_gain(np.stack([logits[0]] * 3)), 0, atol=1e-12)


# second routes


def test_the_mean_of_logits_is_the_normalised_geometric_mean():
    product = np.prod(softmax(LOGITS) ** (1 / len(LOGITS)), axis=0)
    assert_allclose(mean_of_logits(LOGITS), product / product.sum(axis=-1, keepdims=True))


def test_the_gain_is_the_difference_of_losses_whatever_the_label():
    saved = each_loss().mean(axis=0) - losses(mean_of_logits(LOGITS))
    assert_allclose(agreement_gain(LOGITS), saved, atol=1e-12)
    other = (LABELS + 1) % 7
    each = np.stack([cross_entropy(z, other, reduction="none") for z in LOGITS]).mean(axis=0)
    ours = -np.log(mean_of_logits(LOGITS)[np.arange(60), other])
    assert_allclose(agreement_gain(LOGITS), each - ours, atol=1e-12)


def test_neither_mean_is_worse_than_its_members_on_average_on_any_row():
    mean = each_loss().mean(axis=0)
    assert (losses(mean_of_probabilities(LOGITS)) <= mean + 1e-12).all()
    assert (losses(mean_of_logits(LOGITS)) <= mean + 1e-12).all()


def test_the_two_means_may_choose_different_classes():
    logits = np.log([[[0.90, 0.0999, 0.0001]], [[0.001, 0.5, 0.499]]])
    assert mean_of_probabilities(logits).argmax() == 0
    assert mean_of_logits(logits).argmax() == 1


def test_votes_are_the_mean_of_probabilities_in_the_cold():
    logits = np.random.default_rng(1).normal(size=(5, 30, 4))
    cold = mean_of_probabilities(logits / 1e-4)
    np.testing.assert_allclose(votes(logits), cold, atol=1e-6)
    assert votes([[[1.0, 1.0, 0.0]]]).tolist() == [[1.0, 0.0, 0.0]]


# stored values


def test_a_stored_cell_is_measured_again():
    [row] = stored("ensembles").where(kind="head", seed=4)
    found = experiment.measure_with("head", 4, row["rate"], row["long rate"])
    for name, value in found.items():
        if "temperature" not in name:
            assert value == pytest.approx(row[name], abs=0.03), name


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("ensembles")
    assert [(row["kind"], row["seed"]) for row in table.rows] == list(experiment.cells())
    assert table.provenance["command"] == "python -m softmaxbook.experiments ensembles"
    assert {key: table.provenance[key] for key in experiment.settings()} == experiment.settings()


def test_stored_losses_obey_the_theorem():
    for row in stored("ensembles").rows:
        for mean in ("mean of probabilities", "mean of logits"):
            assert row[f"{mean}, loss"] <= row["one network, loss"] + 1e-4


@pytest.mark.parametrize("kind", experiment.MEMBERS)
def test_the_words_of_the_page_follow_from_the_table(kind):
    rows = stored("ensembles").where(kind=kind)
    one, pooled = (
        np.array([row[f"{answer}, temperature"] for row in rows])
        for answer in ("one network", "mean of probabilities")
    )
    assert mean_interval(pooled - one).high < 0


# errors


@pytest.mark.parametrize("logits", [np.zeros((2, 3)), np.zeros((0, 2, 3))])
def test_one_answer_is_no_ensemble_by_shape(logits):
    with pytest.raises(ValueError, match="members, samples, classes"):
        mean_of_logits(logits)
