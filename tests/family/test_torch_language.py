"""The language model: one distribution a context, by two routes; it learns, and is stored."""

import sys

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from safetensors.torch import load_file, save_file

from softmaxbook import log_softmax, softmax
from softmaxbook.family import torch_language
from softmaxbook.family.counts import CountModel, perplexity
from softmaxbook.family.snapshot import read_snapshot
from softmaxbook.family.tokens import Vocabulary, tokenise
from softmaxbook.family.torch_language import (
    CHECKPOINT,
    LanguageModel,
    NextToken,
    load_language_model,
    save_language_model,
    train_language_model,
    windows_of,
)

MODEL = load_language_model()
SNAPSHOT = read_snapshot()
TEST = [MODEL.vocabulary.encode(tokens) for tokens in SNAPSHOT.tokens("test")]
TRAIN = [MODEL.vocabulary.encode(tokens) for tokens in SNAPSHOT.tokens("train")]


def encoded(text):
    return MODEL.vocabulary.encode(tokenise(text))


# identities


def test_every_context_has_a_distribution():
    for sentence in ("", "softmax", "a text that is longer than the window of the model", "⟨end⟩"):
        p = softmax(MODEL.logits(encoded(sentence)))
        assert p.shape == (len(MODEL.vocabulary),)
        assert (p > 0).all()
        assert_allclose(p.sum(), 1, rtol=1e-12)


def test_a_sentence_is_the_product_of_its_tokens():
    for sentence in TEST[:5]:
        steps = [
            log_softmax(MODEL.logits(sentence[:place]))[token]
            for place, token in enumerate([*sentence, 0])
        ]
        assert_allclose(MODEL.log_probabilities(sentence), steps, rtol=1e-11)


def test_only_the_window_counts():
    text = encoded("the probabilities of all classes sum to one, and the logits do not")
    assert_array_equal(MODEL.logits(text), MODEL.logits(text[-MODEL.network.window :]))
    assert np.abs(MODEL.logits(text) - MODEL.logits(text[-5:])).max() > 1e-3


def test_windows_hold_what_was_before():
    assert_array_equal(windows_of([5, 6], 3), [[0, 0, 0], [0, 0, 5], [0, 5, 6]])
    assert windows_of([], 4).shape == (1, 4)


# second route


def test_is_the_formula():
    """In NumPy: the vectors side by side, a layer of tanh, and back to the vectors."""
    w = {name: value.double().numpy() for name, value in load_file(CHECKPOINT).items()}
    for text in ("", "softmax turns logits into", "unheard"):
        tokens = ([0] * 6 + encoded(text))[-6:]
        x = np.concatenate([w["embedding.weight"][token] for token in tokens])
        h = np.tanh(w["hidden.weight"] @ x + w["hidden.bias"])
        z = w["embedding.weight"] @ (w["back.weight"] @ h + w["back.bias"]) + w["bias"]
        assert_allclose(MODEL.logits(encoded(text)), z, rtol=1e-11, atol=1e-11)


# what was learnt


def test_foresees_held_out_text_better_than_single_tokens_do():
    held_out = perplexity(np.concatenate([MODEL.log_probabilities(s) for s in TEST]))
    single = CountModel(len(MODEL.vocabulary), 1).fit(TRAIN)
    alone = perplexity(np.concatenate([single.log_probabilities(s) for s in TEST]))
    assert held_out < 0.7 * alone < 0.7 * len(MODEL.vocabulary)


def test_the_checkpoint_says_how_it_was_made():
    said = MODEL.provenance
    assert said["command"] == "python -m softmaxbook.family.torch_language"
    assert SNAPSHOT.commit in said["text"]
    assert SNAPSHOT.digest in said["text"]
    assert said["trained on"].startswith(f"{len(TRAIN)} sentences, ")
    assert MODEL.vocabulary.tokens == Vocabulary.of(SNAPSHOT.tokens("train"), 2).tokens


def test_a_brief_training_lowers_the_loss_on_held_out_text():
    n_tokens = len(MODEL.vocabulary)

    def held_out(network):
        model = LanguageModel(network, MODEL.vocabulary)
        return perplexity(np.concatenate([model.log_probabilities(s) for s in TEST[:80]]))

    torch.manual_seed(0)
    untrained = held_out(NextToken(n_tokens).eval())
    one, three = (
        held_out(train_language_model(TRAIN, n_tokens, epochs=epochs, progress=False))
        for epochs in (1, 3)
    )
    assert three < one < untrained / 2
    assert untrained > 0.8 * n_tokens


def test_equal_seeds_give_equal_weights_and_leave_the_random_state():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, again, other = (
        train_language_model(
            TRAIN[:40], len(MODEL.vocabulary), 1, seed, progress=False
        ).state_dict()
        for seed in (1, 1, 2)
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["hidden.weight"], other["hidden.weight"])
    assert torch.equal(torch.rand(3), expected)


# files


def test_the_command_writes_what_it_trained(tmp_path, monkeypatch, capsys):
    file = tmp_path / "new" / "small.safetensors"
    monkeypatch.setattr(torch_language, "EPOCHS", 1)
    monkeypatch.setattr(torch_language.train_language_model, "__defaults__", (1, 0, True))
    monkeypatch.setattr(sys, "argv", ["torch_language", "--to", str(file)])
    torch_language.main()
    model = load_language_model(file)
    reached = perplexity(np.concatenate([model.log_probabilities(s) for s in TEST]))
    assert f"perplexity {reached:.1f} held out" in capsys.readouterr().out
    assert "1 epochs" in model.provenance["trained on"]


def test_a_model_is_stored_with_its_vocabulary(tmp_path):
    vocabulary = Vocabulary(["a", "cat’s", "⟨code⟩"])
    network = NextToken(5, window=2, width=3, hidden=4).double().eval()
    given = LanguageModel(network, vocabulary, {"by": "a test"})
    read = save_language_model(given, tmp_path / "tiny.safetensors")
    assert read.vocabulary.tokens == vocabulary.tokens
    assert read.provenance == {"by": "a test"}
    assert_allclose(read.logits([2, 3]), given.logits([2, 3]), atol=1e-3)
    assert load_language_model(tmp_path / "tiny.safetensors") is read


def test_errors_name_what_is_wrong(tmp_path):
    with pytest.raises(FileNotFoundError, match="no language model at"):
        load_language_model(tmp_path / "none.safetensors")
    save_file({"a": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(ValueError, match="its header names no vocabulary"):
        load_language_model(tmp_path / "other.safetensors")
    torn = tmp_path / "torn.safetensors"
    torn.write_bytes(CHECKPOINT.read_bytes()[:1000])
    with pytest.raises(ValueError, match="is damaged"):
        load_language_model(torn)
    size = len(MODEL.vocabulary)
    with pytest.raises(ValueError, match=f"{size} is not a token: there are {size}"):
        MODEL.logits([size])
    with pytest.raises(ValueError, match="-1 is not a token"):
        MODEL.log_probabilities([-1])


def test_the_logits_along_a_sentence_are_those_after_each_beginning():
    model = load_language_model()
    sentence = model.vocabulary.encode(tokenise("The sum of all probabilities is one."))
    along = model.logits_along(sentence)
    for place, row in enumerate(along):
        assert_allclose(row, model.logits(sentence[:place]), atol=1e-12)
    assert len(along) == len(sentence) + 1
    for call in (model.logits_along, model.log_probabilities, model.logits):
        with pytest.raises(TypeError, match="whole numbers"):
            call([2.5])
