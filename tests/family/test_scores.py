"""Intervals of perplexities cover what they promise; repetition is what it says."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from softmaxbook.family.counts import perplexity
from softmaxbook.family.scores import perplexity_interval, repeated_share


def text(rng, n_sentences=60, scale=1.0):
    """Return log-probabilities of sentences of unequal length, with a mood for each sentence."""
    return [
        -np.abs(scale * (rng.gamma(2) + rng.normal(scale=0.3, size=rng.integers(3, 30))))
        for _ in range(n_sentences)
    ]


def test_the_middle_is_the_perplexity_of_all_tokens():
    logs = text(np.random.default_rng(0))
    found = perplexity_interval(logs)
    assert found.mean == perplexity(np.concatenate(logs))
    assert found.low < found.mean < found.high
    assert perplexity_interval(logs) == found  # a seed of its own


def test_covers_the_truth_about_as_often_as_it_says():
    truth = perplexity(np.concatenate(text(np.random.default_rng(1), 60_000)))
    found = [
        perplexity_interval(text(np.random.default_rng(seed)), n_resamples=300)
        for seed in range(2, 202)
    ]
    assert 0.87 < np.mean([low < truth < high for _, low, high in found]) < 0.99


def test_a_ratio_is_surer_than_two_perplexities():
    rng = np.random.default_rng(3)
    one = text(rng)
    two = [each - 0.1 for each in one]
    ratio = perplexity_interval(one, against=two)
    assert_allclose(ratio, np.exp(-0.1), rtol=1e-12)
    alone = perplexity_interval(two)
    assert perplexity_interval(one).mean > alone.low


def test_sentences_of_one_mood_make_a_wider_interval_than_tokens():
    logs = text(np.random.default_rng(4))
    tokens = [np.array([value]) for value in np.concatenate(logs)]
    by_sentence, by_token = (perplexity_interval(each) for each in (logs, tokens))
    assert by_sentence.high - by_sentence.low > 1.5 * (by_token.high - by_token.low)


def test_repetition():
    assert repeated_share(range(50)) == 0
    assert repeated_share([7] * 50) == 1 - 1 / 47
    assert repeated_share([1, 2, 3] * 20, length=3) == 1 - 3 / 58
    assert repeated_share([1, 2, 1, 3], length=1) == 0.25


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: perplexity_interval([[-1.0]]), "at least two sentences, got 1"),
        (lambda: perplexity_interval([[-1.0], [-2.0]], [[-1.0], [-2.0, -1.0]]), "token by token"),
        (lambda: perplexity_interval([[-1.0], [-2.0]], confidence=1), "confidence must be"),
        (lambda: repeated_share([1, 2], length=0), "length must be at least 1"),
        (lambda: repeated_share([1, 2]), "2 tokens, fewer than a run of 4"),
    ],
)
def test_errors_name_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("against", [None, [[-1.0], [-1.0], [-1.0]]])
def test_probabilities_of_nearly_nothing(against):
    found = perplexity_interval([[-1000.0], [-2000.0], [-1500.0]], against)
    assert tuple(found) == (np.inf, np.inf, np.inf)


def test_an_impossible_token_is_infinitely_surprising():
    found = perplexity_interval([[-1.0], [-1.0, -np.inf], [-2.0]])
    assert found.mean == found.high == np.inf
    assert np.e <= found.low < np.inf


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: perplexity_interval([[-1.0], []]), ValueError, r"sentences\[1\] must be"),
        (lambda: perplexity_interval([-1.0, -2.0]), ValueError, r"sentences\[0\] must be"),
        (lambda: perplexity_interval([[-1.0], [-2]], n_resamples=0), ValueError, "n_resamples"),
        (lambda: perplexity_interval([[-1.0], [-2]], [[1.0], [-1]]), ValueError, "above 0, got 1"),
        (lambda: perplexity_interval([[np.nan], [-2]]), ValueError, "above 0, got nan"),
        (lambda: perplexity_interval([[-1.0], [-np.inf]], [[-1.0], [-np.inf]]), ValueError,
         "above 0 in both"),
        (lambda: perplexity_interval([["a"], [-1.0]]), TypeError, r"sentences\[0\] must be real"),
        (lambda: perplexity_interval([torch.zeros(1, requires_grad=True)] * 2), TypeError,
         "detach"),
        (lambda: repeated_share([1.5] * 9), TypeError, "whole numbers"),
    ],
)  # fmt: skip
def test_what_has_no_interval_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
