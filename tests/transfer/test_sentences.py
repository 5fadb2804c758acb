"""A classifier on the language model: means over places, what learns, and the adapter's algebra."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import nn

from softmaxbook.family.snapshot import read_snapshot, sentence_side
from softmaxbook.family.tokens import Vocabulary
from softmaxbook.family.torch_language import load_language_model, windows_of
from softmaxbook.transfer.sentences import (
    PARTS,
    LowRank,
    bag_of_words,
    build_sentence_classifier,
    few_sentences,
    n_learning,
    part_sentences,
    sentence_accuracy,
    train_sentence_classifier,
)

MODEL = load_language_model()
SIDES = part_sentences()
FEW = few_sentences(SIDES["train"], 5, seed=0)
TEXT = [MODEL.vocabulary.encode(tokens) for tokens in FEW.tokens]


def test_sentences_are_on_their_side_and_of_their_part():
    parts = {c.name: c.part for c in read_snapshot().chapters}
    assert set(PARTS) <= set(parts.values())
    for side, part in SIDES.items():
        assert {sentence_side(tokens) for tokens in part.tokens} == {side}
        assert set(np.unique(part.labels)) == {0, 1, 2}
    pairs = {(tuple(t), label) for t, label in zip(*SIDES["train"], strict=True)}
    assert {(tuple(t), label) for t, label in zip(*FEW, strict=True)} <= pairs


def test_a_draw_is_balanced_and_follows_its_seed():
    assert_array_equal(np.bincount(FEW.labels), [5, 5, 5])
    assert few_sentences(SIDES["train"], 5, seed=0).tokens == FEW.tokens
    assert few_sentences(SIDES["train"], 5, seed=1).tokens != FEW.tokens
    with pytest.raises(ValueError, match="class 0 has"):
        few_sentences(SIDES["train"], 10_000, seed=0)


def test_a_bag_says_what_is_there():
    vocabulary = Vocabulary(["a", "b"])
    bags = bag_of_words([["a", "a"], ["b", "never"], []], vocabulary)
    assert_array_equal(bags, [[0, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]])


def test_features_are_means_over_the_places_of_each_sentence_alone():
    classifier = build_sentence_classifier(MODEL)
    with torch.inference_mode():
        together = classifier.features(TEXT).numpy()
        body = classifier.body
        for row, sentence in zip(together, TEXT, strict=True):
            windows = torch.tensor(windows_of(sentence, body.window))
            last = body.embedding(windows[:, -1])
            alone = torch.cat([last, body.features(windows)], 1).mean(0).numpy()
            assert_allclose(row, alone, atol=1e-6)


def test_an_untrained_head_says_nothing():
    with torch.inference_mode():
        assert_array_equal(build_sentence_classifier(MODEL)(TEXT).numpy(), 0)


# what learns


@pytest.mark.parametrize(
    ("options", "learns"),
    [
        ({}, {"body.embedding.weight", "body.hidden.weight", "body.hidden.bias"}),
        (
            {"pretrained": False},
            {"body.embedding.weight", "body.hidden.weight", "body.hidden.bias"},
        ),
        ({"rank": 4}, {"body.hidden.a", "body.hidden.b"}),
    ],
)
def test_what_shall_learn_moves_and_nothing_else(options, learns):
    classifier = build_sentence_classifier(MODEL, **options)
    before = deepcopy(classifier.state_dict())
    train_sentence_classifier(classifier, TEXT, FEW.labels, 0.01, n_steps=4)
    after = classifier.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved == learns | {"head.weight", "head.bias"}
    assert not classifier.training


def test_the_language_model_itself_is_left_alone():
    before = deepcopy(MODEL.network.state_dict())
    classifier = build_sentence_classifier(MODEL, rank=2)
    train_sentence_classifier(classifier, TEXT, FEW.labels, 0.03, n_steps=3)
    after = MODEL.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert all(value.requires_grad for value in MODEL.network.parameters())


def test_a_classifier_learns_its_sentences_by_heart():
    classifier = build_sentence_classifier(MODEL)
    assert sentence_accuracy(classifier, TEXT, FEW.labels) == pytest.approx(1 / 3)
    train_sentence_classifier(classifier, TEXT, FEW.labels, 0.01, n_steps=60)
    assert sentence_accuracy(classifier, TEXT, FEW.labels) == 1


def test_equal_seeds_give_equal_classifiers_and_leave_the_random_state():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    trained = []
    for seed in (1, 1, 2):
        classifier = build_sentence_classifier(MODEL, rank=2, seed=seed)
        train_sentence_classifier(classifier, TEXT, FEW.labels, 0.01, n_steps=3, seed=seed)
        trained.append(classifier.body.hidden.a)
    assert torch.equal(trained[0], trained[1])
    assert not torch.equal(trained[0], trained[2])
    assert torch.equal(torch.rand(3), expected)


# the adapter


def layer(dtype=torch.float64):
    torch.manual_seed(0)
    return nn.Linear(7, 5, dtype=dtype)


def test_an_adapter_changes_nothing_before_it_learns():
    plain = layer()
    inputs = torch.randn(3, 7, dtype=torch.float64)
    assert torch.equal(LowRank(layer(), rank=2)(inputs), plain(inputs))


def test_an_adapter_is_a_change_of_its_rank_and_can_be_merged():
    adapted = LowRank(layer(), rank=2)
    nn.init.normal_(adapted.b)
    inputs = torch.randn(30, 7, dtype=torch.float64)
    merged = adapted.merged()
    assert_allclose(adapted(inputs).detach(), merged(inputs).detach(), rtol=1e-11, atol=1e-12)
    change = (merged.weight - adapted.linear.weight).detach()
    assert torch.linalg.matrix_rank(change) == 2
    assert_allclose(change, (8.0 / 2) * (adapted.b @ adapted.a).detach(), rtol=1e-10)
    assert n_learning(adapted) == 2 * (7 + 5)
    assert all(value.requires_grad for value in merged.parameters())


def test_gradients_reach_the_adapter_and_not_the_layer():
    adapted = LowRank(layer(), rank=3)
    adapted(torch.ones(2, 7, dtype=torch.float64)).sum().backward()
    assert adapted.linear.weight.grad is None
    assert adapted.b.grad.abs().sum() > 0
    assert_array_equal(adapted.a.grad, 0)  # B is 0 at first, so A waits for a step


@pytest.mark.parametrize("rank", [0, 6, -1])
def test_a_rank_that_is_none_is_refused(rank):
    with pytest.raises(ValueError, match="rank must be from 1 to 5"):
        LowRank(layer(), rank)
