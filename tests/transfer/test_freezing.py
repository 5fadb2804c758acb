"""Freezing is proved by hashes, of parameters and of the statistics of batch normalisation."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from softmaxbook.transfer.backbones import GlyphNet
from softmaxbook.transfer.freezing import (
    HEAD,
    changed,
    fingerprint,
    freeze,
    set_training,
    stages,
    unfreezing,
)
from softmaxbook.transfer.glyphs import draw_glyphs
from softmaxbook.transfer.heads import build_classifier

GLYPHS = draw_glyphs(64, seed=9, classes="AKSx")
STAGES = ("block1", "block2", "block3", "block4", HEAD)


def trained(model, parameters, steps=3):
    """Take a few plain steps with whatever parameters and mode the model has."""
    optimiser = torch.optim.SGD(parameters, 0.1, momentum=0.9)
    pictures, labels = map(torch.tensor, GLYPHS)
    for _ in range(steps):
        optimiser.zero_grad()
        functional.cross_entropy(model(pictures), labels).backward()
        optimiser.step()
    return fingerprint(model)


@pytest.fixture
def model():
    return build_classifier("glyphnet", 4)


# the proof, and that it can fail


@pytest.mark.parametrize("first", range(5))
def test_what_is_frozen_does_not_move_by_one_bit(model, first):
    freeze(model, STAGES[first:])
    set_training(model)
    before = fingerprint(model)
    moved = changed(before, trained(model, model.parameters()))
    own = {"fc" if stage == HEAD else stage for stage in STAGES[first:]}
    assert {name.split(".")[0] for name in moved} == own
    assert set(moved) == {name for name in before if name.split(".")[0] in own}


def test_trap_frozen_but_in_training_mode(model):
    """No parameter moves, and yet the network answers otherwise: batch normalisation did."""
    freeze(model)
    model.train()
    before = fingerprint(model)
    pictures = torch.tensor(GLYPHS.features)
    with torch.no_grad():
        features = model.eval().block4(model.block3(model.block2(model.block1(pictures))))
    model.train()
    moved = {name for name in changed(before, trained(model, model.fc.parameters()))}
    statistics = {
        name for name in before if "running" in name or name.endswith("num_batches_tracked")
    }
    assert moved == statistics | {"fc.weight", "fc.bias"}
    with torch.no_grad():
        later = model.eval().block4(model.block3(model.block2(model.block1(pictures))))
    assert not torch.allclose(features, later, atol=0.01)


def test_trap_the_optimiser_is_given_everything_and_nothing_is_frozen(model):
    """To name the head's layer freezes nothing: every parameter moves."""
    set_training(model)
    before = fingerprint(model)
    assert changed(before, trained(model, model.parameters())) == [*before]


def test_given_everything_of_a_frozen_network_the_optimiser_moves_the_head_alone(model):
    freeze(model)
    set_training(model)
    before = fingerprint(model)
    assert changed(before, trained(model, model.parameters())) == ["fc.weight", "fc.bias"]


def test_given_the_head_alone_the_statistics_move_if_nothing_is_frozen(model):
    set_training(model)
    before = fingerprint(model)
    moved = changed(before, trained(model, model.fc.parameters()))
    assert "block1.normalisation.running_mean" in moved
    assert "block1.convolution.weight" not in moved


def test_one_bit_one_type_and_one_shape_change_the_fingerprint(model):
    before = fingerprint(model)
    bias = model.fc.bias
    with torch.no_grad():
        bias[2] = torch.nextafter(bias[2], torch.tensor(9.0))
    assert changed(before, fingerprint(model)) == ["fc.bias"]
    layer = nn.Linear(2, 3)
    first = fingerprint(layer)
    layer.weight = nn.Parameter(layer.weight.detach().reshape(2, 3))
    assert changed(first, fingerprint(layer)) == ["weight"]
    layer.weight = nn.Parameter(torch.zeros(2, 3))
    zeros = fingerprint(layer)
    layer.weight = nn.Parameter(torch.zeros(2, 3, dtype=torch.int32), requires_grad=False)
    assert changed(zeros, fingerprint(layer)) == ["weight"]


def test_half_precision_has_a_fingerprint_too():
    for dtype in (torch.bfloat16, torch.float16):
        layer = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).to(dtype)
        before = fingerprint(layer)
        with torch.no_grad():
            layer[0].bias[0] += 1
        assert changed(before, fingerprint(layer)) == ["0.bias"]
    single = fingerprint(nn.Linear(2, 3).to(torch.float32))
    assert changed(single, fingerprint(nn.Linear(2, 3).bfloat16())) == ["weight", "bias"]


def test_names_that_only_one_has_are_changed():
    assert changed({"a": "1", "b": "2"}, {"b": "2", "c": "3"}) == ["a", "c"]


# stages and modes


def test_every_parameter_belongs_to_one_stage(model):
    covered = [
        id(value)
        for modules in stages(model).values()
        for module in modules
        for value in module.parameters()
    ]
    assert sorted(covered) == sorted(id(value) for value in model.parameters())
    assert tuple(stages(model)) == STAGES


@pytest.mark.parametrize("learning", [(), (HEAD,), ("block2",), ("block3", HEAD), STAGES])
def test_what_learns_is_in_training_mode_and_nothing_else(model, learning):
    freeze(model, learning)
    set_training(model)
    for name, modules in stages(model).items():
        for module in modules:
            assert all(each.training == (name in learning) for each in module.modules())
            assert all(v.requires_grad == (name in learning) for v in module.parameters())


def test_dropout_of_the_head_acts_while_the_head_learns():
    model = build_classifier("glyphnet", 4, head="mlp", dropout=0.5)
    freeze(model)
    set_training(model)
    assert model.fc.dropout.training
    pictures = torch.tensor(GLYPHS.features)
    with torch.no_grad():
        assert not torch.equal(model(pictures), model(pictures))
        freeze(model, ["block4"])
        set_training(model)
        assert not model.fc.dropout.training


def test_freezing_again_thaws_what_is_named(model):
    freeze(model)
    freeze(model, STAGES)
    assert all(value.requires_grad for value in model.parameters())


# gradual unfreezing


@given(st.integers(8, 1000))
def test_stages_join_one_by_one_from_the_head_in_the_first_half(n_steps):
    plan = unfreezing(GlyphNet(), n_steps)
    assert [*plan.values()] == [STAGES[k:] for k in (4, 3, 2, 1, 0)]
    begins = [*plan]
    assert begins[0] == 0
    assert begins == sorted(set(begins))
    assert abs(begins[-1] - n_steps / 2) <= 0.5


# errors


def test_unknown_stages_networks_and_too_few_steps_are_refused(model):
    with pytest.raises(ValueError, match=r"no stages \['fc'\]; there are block1, block2"):
        freeze(model, ["fc"])
    with pytest.raises(TypeError, match=r"list of names, \['head'\], not the string 'head'"):
        freeze(model, "head")
    with pytest.raises(ValueError, match="no known head in a Linear"):
        stages(nn.Linear(2, 2))
    with pytest.raises(ValueError, match="5 stages need at least 8 steps, got 7"):
        unfreezing(model, 7)
