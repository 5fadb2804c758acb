"""The mean of weights: what it computes, what it leaves alone, and the table."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from softmaxbook.experiments import averaging as experiment
from softmaxbook.experiments import stored
from softmaxbook.learning.ensembles import mean_of_logits
from softmaxbook.learning.torch_networks import torch_logits
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.transfer.averaging import mean_of_weights, renew_statistics
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import fingerprint, freeze
from softmaxbook.transfer.heads import build_classifier
from softmaxbook.transfer.targets import digit_pictures, few_labels

# identities


def test_of_one_network_it_is_that_network():
    model = build_classifier("glyphnet", 10)
    before = fingerprint(model)
    assert fingerprint(mean_of_weights([model])) == before
    assert fingerprint(mean_of_weights([model] * 4)) == before


def test_on_a_shared_frozen_trunk_it_is_the_mean_of_logits():
    digits = digit_pictures()
    few, pictures = few_labels(digits.train, 1, seed=0), digits.test.features[:40]
    heads = [build_classifier("glyphnet", 10, seed=seed) for seed in range(3)]
    for seed, model in enumerate(heads):
        freeze(model)
        finetune(model, few, Plan(3, 0.1), seed=seed, progress=False)
    said = np.stack([torch_logits(model, pictures) for model in heads])
    averaged = softmax(torch_logits(mean_of_weights(heads), pictures))
    np.testing.assert_allclose(averaged, mean_of_logits(said), atol=1e-5)


def test_hidden_units_in_another_order_compute_the_same_and_their_mean_does_not():
    one = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 3))
    order = torch.arange(8).flip(0)
    other = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 3))
    first, last = one[0].weight, one[2].weight
    with torch.no_grad():
        other[0].weight.copy_(first[order])
        other[0].bias.copy_(one[0].bias[order])
        other[2].weight.copy_(last[:, order])
        other[2].bias.copy_(one[2].bias)
    x = torch.linspace(-2, 2, 20).reshape(10, 2)
    assert torch.allclose(one(x), other(x), atol=1e-6)
    assert not torch.allclose(mean_of_weights([one, other])(x), one(x), atol=1e-2)


def test_members_stay_as_they_are():
    models = [build_classifier("glyphnet", 10, seed=seed) for seed in range(2)]
    before = [fingerprint(model) for model in models]
    mean_of_weights(models)
    assert [fingerprint(model) for model in models] == before


def test_renewed_statistics_normalise_the_pictures_that_gave_them():
    layer = nn.BatchNorm2d(3)
    momentum = layer.momentum
    x = torch.randn(16, 3, 4, 4, generator=torch.Generator().manual_seed(0)) * 5 + 2
    renew_statistics(layer, x)
    values = layer(x).detach()
    np.testing.assert_allclose(values.mean(dim=(0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(values.std(dim=(0, 2, 3)), 1, atol=1e-2)
    assert layer.momentum == momentum
    assert not layer.training


# stored values


def test_a_stored_cell_is_measured_again():
    [row] = stored("averaging").where(start="one pretrained start", seed=4)
    found = experiment.measure_with(row["start"], 4, row["rate"])
    for name, value in found.items():
        assert value == pytest.approx(row[name], abs=0.03), name


def test_the_table_is_whole_and_says_how_it_was_made():
    table = stored("averaging")
    assert [(row["start"], row["seed"]) for row in table.rows] == list(experiment.cells())
    assert table.provenance["command"] == "python -m softmaxbook.experiments averaging"
    assert {key: table.provenance[key] for key in experiment.settings()} == experiment.settings()


# errors


@pytest.mark.parametrize(
    ("models", "says"),
    [
        ([], "at least one network"),
        ([nn.Linear(2, 3), nn.Linear(2, 4)], "same layers with the same shapes"),
        ([nn.Linear(2, 3), nn.Linear(2, 3, bias=False)], "same layers"),
    ],
)
def test_what_has_no_mean_is_refused(models, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        mean_of_weights(models)


def test_one_picture_has_no_variance():
    with pytest.raises(ValueError, match="at least two pictures, got 1"):
        renew_statistics(nn.BatchNorm2d(1), np.zeros((1, 1, 2, 2)))
