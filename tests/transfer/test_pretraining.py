"""Pretraining learns, repeats, and writes a checkpoint that says how it was made."""

import sys

import numpy as np
import pytest
import torch
from safetensors import safe_open

from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer import pretraining
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.freezing import changed, fingerprint
from softmaxbook.transfer.glyphs import draw_glyphs

LETTERS = "AKOSXf"


@pytest.fixture(scope="module")
def letters():
    return draw_glyphs(1280, seed=0, classes=LETTERS)


def test_a_brief_training_learns_to_read_new_pictures(letters):
    model = pretraining.pretrain(letters, len(LETTERS), epochs=8, progress=False)
    assert not model.training
    right = accuracy(model, draw_glyphs(300, seed=1, classes=LETTERS))
    assert right > 0.8  # by chance 1/6


def test_equal_seeds_give_equal_weights_and_leave_the_random_state(letters):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    few = letters._replace(features=letters.features[:300], labels=letters.labels[:300])
    first, again, other = (
        fingerprint(pretraining.pretrain(few, 6, epochs=1, seed=seed, progress=False))
        for seed in (1, 1, 2)
    )
    assert changed(first, again) == []
    assert "fc.weight" in changed(first, other)
    assert torch.equal(torch.rand(3), expected)


def test_fewer_pictures_than_a_batch_are_one_batch(letters):
    few = letters._replace(features=letters.features[:20], labels=letters.labels[:20])
    model = pretraining.pretrain(few, 6, epochs=1, progress=False)
    assert all(torch.isfinite(value).all() for value in model.parameters())


def test_the_command_writes_what_it_measured(tmp_path, monkeypatch, capsys):
    file = tmp_path / "new" / "small.safetensors"
    monkeypatch.setattr(pretraining, "N_TRAIN", 256)
    monkeypatch.setattr(pretraining, "N_TEST", 480)
    monkeypatch.setattr(sys, "argv", ["pretraining", "--to", str(file)])
    pretraining.main()
    with safe_open(file, "pt") as opened:
        provenance = opened.metadata()
    measured = accuracy(load_backbone("glyphnet", file), draw_glyphs(480, seed=1))
    assert provenance["accuracy on new pictures"] == f"{measured:.4f} of 480 drawn with seed 1"
    assert provenance["pictures"].startswith("256 drawn with seed 0, 48 classes, 20 fonts")
    assert np.isclose(float(capsys.readouterr().out.split()[-1]), measured, atol=5e-5)
