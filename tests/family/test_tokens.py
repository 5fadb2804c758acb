"""Text into numbers and back, and what is not a token."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from softmaxbook.family.tokens import END, UNKNOWN, Vocabulary, token_numbers, tokenise

WORDS = st.text("abcé", min_size=1, max_size=6)


@settings(max_examples=50)
@given(st.text(st.characters(codec="latin-1")))
def test_only_space_and_capitals_are_lost(text):
    tokens = tokenise(text)
    assert "".join(tokens) == "".join(text.lower().split())
    assert all(token and not token.isspace() for token in tokens)


@settings(max_examples=50)
@given(st.lists(st.lists(WORDS, max_size=8), max_size=8), st.integers(1, 3))
def test_what_is_known_comes_back(sentences, min_count):
    vocabulary = Vocabulary.of(sentences, min_count)
    everything = [token for sentence in sentences for token in sentence]
    for token in everything:
        known = everything.count(token) >= min_count
        assert (token in vocabulary) == known
        (number,) = vocabulary.encode([token])
        assert vocabulary.tokens[number] == (token if known else UNKNOWN)
    counts = [everything.count(token) for token in vocabulary.tokens[2:]]
    assert counts == sorted(counts, reverse=True)


def test_words_marks_and_names():
    assert tokenise("Don't: log-sum-exp (z) = ⟨formula⟩ — 3.5!") == [
        *("don't", ":", "log-sum-exp", "(", "z", ")", "=", "⟨formula⟩", "—", "3", ".", "5", "!")
    ]
    assert tokenise("") == []


def test_texts_read_well_again():
    tokens = tokenise("Here (as always), it is: yes.")
    vocabulary = Vocabulary(list(dict.fromkeys(tokens)))
    assert vocabulary.decode([*vocabulary.encode(tokens), vocabulary.end]) == (
        "here (as always), it is: yes."
    )
    assert vocabulary.tokens[:2] == (END, UNKNOWN)
    assert vocabulary.decode(vocabulary.encode(["never"])) == UNKNOWN


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Vocabulary(["a", "b", "a"]), ValueError, "'a' is there twice"),
        (lambda: Vocabulary([END]), ValueError, "is there twice"),
        (lambda: Vocabulary(["a"]).encode(["a", "zebra"], strict=True), KeyError, "zebra"),
        (lambda: Vocabulary(["a"]).encode("a text"), TypeError, "tokenise"),
        (lambda: Vocabulary(["a"]).decode([0, 3]), ValueError, "3 is not a token: there are 3"),
    ],
)
def test_errors_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("kind", [list, np.array, torch.tensor])
def test_numbers_of_any_library_are_the_same_tokens(kind):
    numbers = token_numbers(kind([2, 0, 1]), n_tokens=3)
    assert numbers == [2, 0, 1]
    assert {type(number) for number in numbers} == {int}


def test_what_is_no_token_is_named():
    with pytest.raises(ValueError, match="3 is not a token: there are 3"):
        token_numbers([0, 3], n_tokens=3)
    with pytest.raises(ValueError, match="-1 is not a token"):
        token_numbers([-1], n_tokens=3)
    with pytest.raises(TypeError):
        token_numbers([0.5], n_tokens=3)


WORDS = Vocabulary(["a", "b"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: WORDS.encode([1]), "a list of strings, got 1"),
        (lambda: WORDS.encode([["a"]]), "a list of strings"),
        (lambda: WORDS.encode(b"ab"), "a list of strings, got 97"),
        (lambda: WORDS.encode(5), "a list of strings, got 5"),
        (lambda: WORDS.decode([2.0]), "a list of whole numbers"),
        (lambda: WORDS.decode("ab"), "got a text"),
        (lambda: WORDS.decode(2), "a list of whole numbers, got 2"),
        (lambda: token_numbers([None], 3), "a list of whole numbers"),
        (lambda: Vocabulary("ab"), "tokenise"),
        (lambda: Vocabulary([1, 2]), "a list of strings, got 1"),
        (lambda: Vocabulary.of(["a text"]), "tokenise"),
        (lambda: tokenise(None), "text must be a string, got NoneType"),
    ],
)
def test_other_types_are_no_tokens(call, words):
    with pytest.raises(TypeError, match=words):
        call()
