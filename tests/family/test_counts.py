"""The count model: distributions for every context, its formulas by hand, and perplexity."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook import log_softmax, softmax
from softmaxbook.family.counts import CountModel, perplexity

K = 5
SENTENCES = st.lists(st.lists(st.integers(1, K - 1), max_size=6), min_size=1, max_size=6)
MODELS = st.builds(
    CountModel,
    n_tokens=st.just(K),
    order=st.integers(1, 4),
    smoothing=st.sampled_from(["interpolated", "add"]),
    strength=st.floats(0.01, 10),
)
few = settings(max_examples=40)


# identities


@few
@given(MODELS, SENTENCES, st.lists(st.integers(0, K - 1), max_size=5))
def test_every_context_has_a_distribution(model, sentences, context):
    p = model.fit(sentences).probabilities(context)
    assert p.shape == (K,)
    assert (p > 0).all()
    assert_allclose(p.sum(), 1, rtol=1e-13)
    assert_allclose(softmax(model.logits(context)), p, rtol=1e-12)
    assert_array_equal(p, model.probabilities(context[-3:] if len(context) > 2 else context))


@few
@given(MODELS, SENTENCES)
def test_a_sentence_is_the_product_of_its_tokens(model, sentences):
    model.fit(sentences)
    sentence = sentences[0]
    steps = [
        model.probabilities(sentence[:place])[token]
        for place, token in enumerate([*sentence, model.end])
    ]
    assert_allclose(model.log_probabilities(sentence), np.log(steps), rtol=1e-12, atol=1e-14)


@few
@given(MODELS, SENTENCES)
def test_counting_in_two_parts_is_counting_at_once(model, sentences):
    again = CountModel(K, model.order, model.smoothing, model.strength)
    again.fit(sentences[:1]).fit(sentences[1:])
    assert again.counts == model.fit(sentences).counts


# second route: the formulas in fractions


def by_hand(model, sentences, context, token):
    """Return p(token | context) by the formulas of the docstring, in fractions."""
    strength = Fraction(model.strength)

    def count(h, w=None):
        total = 0
        for sentence in sentences:
            text = [model.end] * (model.order - 1) + [*sentence, model.end]
            for place in range(model.order - 1, len(text)):
                if text[place - len(h) : place] == h and w in (None, text[place]):
                    total += 1
        return total

    def interpolated(h):
        lower = interpolated(h[1:]) if h else Fraction(1, K)
        return (count(h, token) + strength * lower) / (count(h) + strength)

    padded = [model.end] * (model.order - 1) + context
    h = padded[len(padded) - model.order + 1 :]
    if model.smoothing == "interpolated":
        return interpolated(h)
    return (count(h, token) + strength) / (count(h) + strength * K)


@few
@given(MODELS, SENTENCES, st.lists(st.integers(1, K - 1), max_size=3), st.integers(0, K - 1))
def test_are_the_formulas(model, sentences, context, token):
    found = model.fit(sentences).probabilities(context)[token]
    assert_allclose(found, float(by_hand(model, sentences, context, token)), rtol=1e-12)


# limits


def test_little_smoothing_is_the_frequency_and_much_is_uniform():
    text = [[1, 2, 1, 3], [1, 2]]
    for smoothing in ("interpolated", "add"):
        weak, strong = (
            CountModel(K, 2, smoothing, strength).fit(text).probabilities([1])
            for strength in (1e-9, 1e9)
        )
        assert_allclose(weak, [0, 0, 2 / 3, 1 / 3, 0], atol=1e-8)
        assert_allclose(strong, 1 / K, rtol=1e-6)


def test_an_unseen_context_falls_back():
    text = [[1, 2, 3], [1, 2, 3]]
    interpolated, add = (CountModel(K, 2, kind).fit(text) for kind in ("interpolated", "add"))
    assert_array_equal(add.probabilities([4]), 1 / K)
    single = CountModel(K, 1).fit(text).probabilities()
    assert_allclose(interpolated.probabilities([4]), single, rtol=1e-14)


def test_longer_contexts_foresee_a_text_with_memory():
    text = [[1, 2, 3, 4] * 20]
    bits = [
        perplexity(CountModel(K, order, strength=0.1).fit(text).log_probabilities([1, 2, 3, 4]))
        for order in (1, 2)
    ]
    assert bits[1] < 2 < bits[0]


# perplexity


@few
@given(st.lists(st.floats(-20, 0), min_size=1, max_size=20), st.sampled_from([2.0, 10.0, 1.5]))
def test_perplexity_does_not_depend_on_the_base(logs, base):
    natural = perplexity(logs)
    assert natural >= 1
    assert_allclose(perplexity(np.array(logs) / math.log(base), base), natural, rtol=1e-12)
    assert_allclose(natural, np.prod(np.exp(np.array(logs) / len(logs))) ** -1, rtol=1e-10)


def test_perplexity_is_the_exponential_of_torchs_cross_entropy():
    rng = np.random.default_rng(0)
    z, labels = rng.normal(size=(40, 7)), rng.integers(7, size=40)
    loss = torch.nn.functional.cross_entropy(torch.tensor(z), torch.tensor(labels))
    logs = log_softmax(z)[np.arange(40), labels]
    assert_allclose(perplexity(logs), math.exp(loss), rtol=1e-12)


def test_perplexity_of_equally_likely_tokens_is_their_number():
    assert_allclose(perplexity(np.full(9, -math.log(50))), 50)
    assert perplexity([0.0, 0.0]) == 1
    assert perplexity([-math.inf, 0.0]) == math.inf


def test_padding_does_not_count():
    logs = np.log([[0.5, 0.25, 1.0], [0.5, 1.0, 1.0]])
    counted = np.array([[True, True, False], [True, False, False]])
    assert_allclose(perplexity(logs, counted=counted), 16 ** (1 / 3))
    assert perplexity(logs) < 2


# errors

FITTED = CountModel(3).fit([[1, 2]])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: CountModel(3, order=0), "order must be at least 1, got 0"),
        (lambda: CountModel(3, smoothing="good"), "smoothing must be one of"),
        (lambda: CountModel(3, strength=0), "strength must be positive"),
        (lambda: CountModel(3, end=3), "end must be one of 3 tokens"),
        (lambda: CountModel(3).probabilities(), "call fit first"),
        (lambda: FITTED.fit([[3]]), "3 is not a token: there are 3"),
        (lambda: FITTED.probabilities([-1]), "-1 is not a token"),
        (lambda: perplexity([]), "no token counts"),
        (lambda: perplexity([-1.0, 0.5]), "cannot be above 0, got 0.5"),
        (lambda: perplexity([math.nan]), "cannot be above 0, got nan"),
        (lambda: perplexity([-1.0], base=1), "base must be above 1, got 1"),
        (lambda: perplexity([-1.0], counted=[False]), "no token counts"),
        (lambda: perplexity([-1.0], counted=[True, True]), r"truth values of shape \(1,\)"),
        (lambda: perplexity([-1.0], counted=[1]), "counted must be truth values"),
    ],
)
def test_errors_name_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("smoothing", ["add", "interpolated"])
@pytest.mark.parametrize("order", [1, 3, 10])
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_least_and_the_most_smoothing_leave_probabilities(smoothing, order, sign):
    strength = 10.0 ** (sign * 0.99 * 250 / order)
    model = CountModel(5, order, smoothing, strength).fit([[2, 3, 2, 3], [2]])
    for context in ([], [2], [4, 4, 4]):
        p = model.probabilities(context)
        assert_allclose(p.sum(), 1, rtol=1e-12)
        assert (p > 0).all()
    assert np.isfinite(model.log_probabilities([4, 2, 1])).all()
    with pytest.raises(ValueError, match=f"with the order {order}"):
        CountModel(5, order, smoothing, 10.0 ** (sign * 1.01 * 250 / order))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: CountModel(4, order=1.5), "integer"),
        (lambda: CountModel("4"), "integer"),
        (lambda: CountModel(4).fit([2, 3]), "a list of whole numbers, got 2"),
        (lambda: CountModel(4).fit(["ab"]), "got a text"),
        (lambda: CountModel(4).fit([[2]]).probabilities([2.0]), "a list of whole numbers"),
        (lambda: perplexity(torch.zeros(2, requires_grad=True)), r"log_probabilities\.detach"),
    ],
)
def test_other_types_are_refused(call, words):
    with pytest.raises(TypeError, match=words):
        call()
