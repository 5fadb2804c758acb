"""Small tasks and Reptile: what a task holds, where the weights go, and the stored table."""

import re
from copy import deepcopy

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook.experiments import fewshot as experiment
from softmaxbook.experiments import stored
from softmaxbook.learning.intervals import mean_interval
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.transfer.fewshot import (
    distance_logits,
    draw_task,
    move_towards,
    prototypes,
    reptile,
)
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import changed, fingerprint
from softmaxbook.transfer.glyphs import CLASSES, draw_glyphs
from softmaxbook.transfer.heads import build_classifier

POOL = draw_glyphs(600, seed=3, classes="ABCDEF")
PLAN = Plan(n_steps=3, rate=0.03)


def task(number):
    return draw_task(POOL, 3, 4, 0, number)[0]


# identities


def test_a_task_has_each_class_equally_often_and_no_picture_twice():
    support, queries = draw_task(POOL, 4, 5, 7, seed=1)
    assert_array_equal(np.bincount(support.labels), [5] * 4)
    assert_array_equal(np.bincount(queries.labels), [7] * 4)
    both = np.concatenate([support.features, queries.features]).reshape(48, -1)
    assert len(np.unique(both, axis=0)) == 48


def test_a_task_numbers_one_class_by_one_number():
    support, queries = draw_task(POOL, 3, 4, 4, seed=2)
    known = {picture.tobytes(): label for picture, label in zip(*POOL, strict=True)}
    for part in (support, queries):
        originals = [known[picture.tobytes()] for picture in part.features]
        pairs = set(zip(part.labels.tolist(), originals, strict=True))
        assert len(pairs) == 3


def test_moving_goes_all_the_way_none_of_it_or_half():
    start, end = (build_classifier("glyphnet", 3, None, seed=seed) for seed in (0, 1))
    for share in (0.0, 0.5, 1.0):
        model = deepcopy(start)
        move_towards(model, end, share)
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                a, b = start.state_dict()[name], end.state_dict()[name]
                assert_allclose(value, (1 - share) * a + share * b, atol=1e-6)


# second routes


def test_one_task_at_full_rate_is_finetuning():
    ours = build_classifier("glyphnet", 3, None, seed=2)
    peer = deepcopy(ours)
    reptile(ours, task, PLAN, n_tasks=1, progress=False)
    finetune(peer, task(0), PLAN, seed=0, progress=False)
    for name, value in peer.state_dict().items():
        assert_allclose(ours.state_dict()[name], value, atol=1e-6, err_msg=name)


def test_the_rate_falls_with_the_tasks():
    ours = build_classifier("glyphnet", 3, None, seed=2)
    peer = deepcopy(ours)
    reptile(ours, task, PLAN, n_tasks=2, rate=0.8, progress=False)
    for number, share in enumerate((0.8, 0.4)):
        learnt = deepcopy(peer)
        finetune(learnt, task(number), PLAN, seed=number, progress=False)
        move_towards(peer, learnt, share)
    assert not changed(fingerprint(ours), fingerprint(peer))


# it learns


def test_after_reptile_a_few_steps_go_further():
    model = build_classifier("glyphnet", 3, None, seed=0)
    prepared = deepcopy(model)
    reptile(prepared, task, Plan(n_steps=5, rate=0.03), n_tasks=25, progress=False)

    def reached(start):
        scores = []
        for seed in range(900, 910):
            support, queries = draw_task(POOL, 3, 4, 10, seed)
            learnt = deepcopy(start)
            finetune(learnt, support, Plan(n_steps=5, rate=0.03), progress=False)
            scores.append(accuracy(learnt, queries))
        return np.mean(scores)

    assert reached(prepared) > reached(model) + 0.1


def test_prototypes_are_means_of_classes_and_their_softmax_is_a_linear_head():
    rng = np.random.default_rng(2)
    labels = np.array([0, 1, 2, 1, 0, 2, 2])
    features = rng.normal(size=(7, 5))
    centres = prototypes(features, labels)
    assert_allclose(centres[1], (features[1] + features[3]) / 2, rtol=1e-12)
    queries = rng.normal(size=(9, 5)) * 3
    linear = 2 * queries @ centres.T - (centres**2).sum(axis=1)
    assert_allclose(softmax(distance_logits(queries, centres)), softmax(linear))
    nearest = np.linalg.norm(queries[:, None] - centres, axis=-1).argmin(axis=1)
    assert_array_equal(distance_logits(queries, centres).argmax(axis=1), nearest)


def test_at_a_prototype_its_own_logit_is_zero_and_the_largest():
    centres = np.random.default_rng(3).normal(size=(4, 6))
    logits = distance_logits(centres, centres)
    assert_array_equal(np.diag(logits), 0)
    assert (logits <= 0).all()


# stored values


def test_a_stored_cell_is_measured_again():
    [row] = stored("fewshot").where(way="pretrained, features + linear", seed=6)
    found = experiment.mean_accuracy(row["way"], row["setting"], 6, 5)
    assert found == pytest.approx(row["5 shots"], abs=0.03)


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("fewshot")
    assert [(row["way"], row["seed"]) for row in table.rows] == list(experiment.cells())
    assert table.provenance["command"] == "python -m softmaxbook.experiments fewshot"
    assert {key: table.provenance[key] for key in experiment.settings()} == experiment.settings()


def reached(way, shots):
    return np.array([row[f"{shots} shots"] for row in stored("fewshot").where(way=way)])


def surely_better(one, other, shots):
    return mean_interval(reached(one, shots) - reached(other, shots)).low > 0


@pytest.mark.parametrize("shots", experiment.SHOTS)
def test_the_words_of_the_page_follow_from_the_table(shots):
    assert surely_better("Reptile", "random weights", shots)
    assert surely_better("pretrained, prototypes", "Reptile", shots)
    assert surely_better("pretrained, all layers", "Reptile", shots)
    assert surely_better("pretrained, features + linear", "pretrained, all layers", shots)


def test_no_class_is_both_prepared_on_and_measured_on():
    together = "".join(experiment.CLASS_PARTS.values())
    assert sorted(together) == sorted(CLASSES)


def test_both_preparations_take_equally_many_pictures():
    by_reptile = experiment.META_TASKS * experiment.META_STEPS * 25
    assert by_reptile == experiment.N_PICTURES * experiment.EPOCHS


# errors


def test_a_pool_that_is_too_small_is_refused():
    with pytest.raises(ValueError, match="the pool has 6 classes, the task needs 7"):
        draw_task(POOL, 7, 1, 1, 0)
    with pytest.raises(ValueError, match=r"class \d has 100 pictures, the task needs 101"):
        draw_task(POOL, 2, 1, 100, 0)
    with pytest.raises(ValueError, match="at least 2 classes and 1 label"):
        draw_task(POOL, 1, 1, 1, 0)


@pytest.mark.parametrize(("n_tasks", "rate"), [(0, 1.0), (3, 0.0), (3, 1.5)])
def test_rates_outside_their_range_are_refused(n_tasks, rate):
    model = build_classifier("glyphnet", 3, None)
    with pytest.raises(ValueError, match="0 < rate ≤ 1"):
        reptile(model, task, PLAN, n_tasks, rate)


@pytest.mark.parametrize(
    ("features", "labels", "says"),
    [
        (np.zeros((3, 2)), [0, 2, 2], "each class needs a row: [1]"),
        (np.zeros((2, 2)), [0, 1, 1], "a whole number for each"),
        (np.zeros((2, 2)), [0.0, 1.0], "a whole number for each"),
        (np.zeros(2), [0, 1], "rows of features"),
    ],
)
def test_what_has_no_prototypes_is_refused(features, labels, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        prototypes(features, labels)


def test_centres_of_another_length_are_refused():
    with pytest.raises(ValueError, match="equally long rows"):
        distance_logits(np.zeros((2, 3)), np.zeros((2, 4)))
