"""Answers to opening questions that were measured, and are not computed where they are asked."""

import numpy as np
import pytest

from softmaxbook.exercises import exercise
from softmaxbook.experiments import by_seed, stored
from softmaxbook.experiments.arms import ALL_WAYS, ARMS, RIVALS
from softmaxbook.family.samplers import generate, top_k
from softmaxbook.family.torch_language import load_language_model
from softmaxbook.learning.intervals import mean_interval


def scores(target, labels, arm):
    return by_seed(stored("arms").where(target=target, labels=float(labels), arm=arm)[0])


def answer(id):
    return exercise(id).exercise.solution()


def test_scratch_beats_the_features_when_half_of_the_pixels_have_moved():
    place = "digits, 50% moved", 50
    gain = mean_interval(scores(*place, "features, linear") - scores(*place, "from scratch"))
    assert gain.high < 0
    assert answer("half-of-the-pixels-moved") == "b"


@pytest.mark.parametrize("labels", [1, 2])
def test_features_beat_pixels_with_few_labels(labels):
    gain = scores("digits", labels, "features, linear") - scores("digits", labels, "pixels, linear")
    assert mean_interval(gain).low > 0
    assert answer("pixels-or-features") == "b"


def test_with_one_label_the_pretrained_ways_lie_nearer_to_each_other_than_to_scratch():
    assert "digits" in ALL_WAYS
    ways = [scores("digits", 1, arm).mean() for arm in ARMS if arm not in RIVALS]
    assert min(ways) - scores("digits", 1, "from scratch").mean() > np.ptp(ways)
    assert answer("which-way-with-one-label") == "c"


def test_names_alone_tell_less_than_the_best_threshold_and_more_than_nothing():
    row = stored("membership").where(wrong=0.2, training="from scratch")[0]
    named = by_seed(row, "members") - by_seed(row, "others")
    assert mean_interval(named).low > 0.1
    assert mean_interval(by_seed(row, "advantage") - named).low > 0
    assert answer("names-alone") == "b"


def test_the_most_probable_tokens_soon_end_a_sentence():
    model = load_language_model()
    words = model.vocabulary
    beginnings = (["the", "softmax"], ["a", "network"], ["the", "loss"], ["if", "the"], ["what"])
    texts = [
        generate(model.logits, words.encode(each), 40, 0, lambda z: top_k(z, 1), stop=words.end)
        for each in beginnings
    ]
    assert np.mean([text[-1] == words.end for text in texts]) > 0.5
    assert answer("after-forty-tokens") == "b"


def test_only_what_meets_the_pretrained_network_tells_right_from_wrong_labels():
    table = stored("sources")
    right, wrong = (
        table.where(source=f"letters, {labels}")[0] for labels in ("20 fonts", "wrong labels")
    )
    for nearness in ("distance", "pixel distance"):
        assert right[nearness] == wrong[nearness]
    for score in ("LEEP", "LogME"):
        assert right[score] - wrong[score] > 0.3
    assert answer("which-yardstick-notices") == "c"
