"""The functions that drive the book's own backbone drive ResNet-18, ResNet-50 and VGG16 too.

The networks are torchvision's, whole, on small pictures. Their weights are written here, where
torchvision looks for those that it publishes, so that the real loading code runs without a network.
"""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import nn

from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy, torch_logits
from softmaxbook.transfer.backbones import load_backbone, torchvision_models
from softmaxbook.transfer.finetuning import Plan, finetune, parameter_groups
from softmaxbook.transfer.freezing import (
    HEAD,
    changed,
    fingerprint,
    freeze,
    set_training,
    stages,
    unfreezing,
)
from softmaxbook.transfer.heads import build_classifier, check_pictures, extract_features, head_name

NODES = {"resnet18": "layer3", "resnet50": "layer2", "vgg16": "features.29"}
"""A node inside each network: of VGG16, the ReLU after the last convolution."""

SIZES = {"resnet18": 512, "resnet50": 2048, "vgg16": 4096}
"""Features that enter each head."""

BODIES = {
    "resnet18": ["stem", "layer1", "layer2", "layer3", "layer4"],
    "resnet50": ["stem", "layer1", "layer2", "layer3", "layer4"],
    "vgg16": ["block1", "block2", "block3", "block4", "block5", "dense"],
}


def overlapping(shape, rng):
    """Return random weights whose rows overlap in one small store: VGG16 in 2 MB, not 553."""
    n_inputs = int(np.prod(shape[1:]))
    store = torch.tensor(rng.normal(size=n_inputs + 7 * shape[0]), dtype=torch.float32)
    rows = (store * np.sqrt(2 / n_inputs)).as_strided((shape[0], n_inputs), (7, 1))
    return rows.unflatten(1, shape[1:])


def write_weights(name, folder):
    """Write a file of weights as torchvision names it."""
    models, rng = torchvision_models(), np.random.default_rng(0)
    with torch.device("meta"):
        state = models.get_model(name).state_dict()
    made = {}
    for key, value in state.items():
        if value.ndim > 1:
            made[key] = overlapping(value.shape, rng)
        elif key.endswith(("weight", "running_var")):
            made[key] = torch.tensor(rng.uniform(0.5, 1.5, value.shape), dtype=torch.float32)
        else:
            made[key] = torch.tensor(0.1 * rng.normal(size=value.shape)).to(value.dtype)
    weights = models.get_model_weights(name).DEFAULT
    torch.save(made, folder / Path(weights.url).name)
    return made


class Built:
    """A network with its weights from the hub folder, and what was written there."""

    def __init__(self, name, written):
        self.name, self.written = name, written
        self.model = build_classifier(name, 3, weights="DEFAULT")
        rng = np.random.default_rng(1)
        labels = np.arange(6) % 3
        pictures = rng.uniform(size=(6, 3, 64, 64)) + labels[:, None, None, None]
        self.data = Part(pictures.astype(np.float32), labels)


@pytest.fixture(scope="module", params=NODES)
def built(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    (folder / "checkpoints").mkdir()
    before = torch.hub.get_dir()
    torch.hub.set_dir(str(folder))
    yield Built(request.param, write_weights(request.param, folder / "checkpoints"))
    torch.hub.set_dir(before)


# loading and the head


def test_all_weights_but_the_head_s_come_from_the_file(built):
    state = built.model.state_dict()
    head = head_name(built.model)
    assert set(state) == set(built.written)
    for name, value in built.written.items():
        if name.rpartition(".")[0] != head:
            assert torch.equal(state[name], value)
    assert built.model.get_submodule(head).weight.shape == (3, SIZES[built.name])
    assert not built.model.training


def test_networks_compute_from_small_pictures_and_say_which_they_do_not_take(built):
    assert torch_logits(built.model, built.data.features).shape == (6, 3)
    assert check_pictures(built.model, built.data.features) == 3
    with pytest.raises(ValueError, match="takes pictures of 3 channels, these have 1"):
        check_pictures(built.model, built.data.features[:, :1])


def test_too_small_a_picture_is_refused(built):
    if built.name == "vgg16":  # five maxima over 2 × 2 pixels leave nothing of 16
        with pytest.raises(ValueError, match="does not take pictures of 16 × 16 pixels"):
            check_pictures(built.model, built.data.features[:, :, :16, :16])
    else:
        assert check_pictures(built.model, built.data.features[:, :, :16, :16]) == 3


# features


def test_features_are_those_that_a_hook_sees(built):
    seen, node = [], NODES[built.name]
    hook = built.model.get_submodule(node).register_forward_hook(lambda *all: seen.append(all[2]))
    torch_logits(built.model, built.data.features)
    hook.remove()
    features = extract_features(built.model, built.data.features, node)
    assert_allclose(features, seen[0].flatten(1), rtol=1e-4, atol=1e-4)


def test_the_head_on_the_features_is_the_network(built):
    features = extract_features(built.model, built.data.features)
    assert features.shape == (6, SIZES[built.name])
    head = built.model.get_submodule(head_name(built.model))
    expected = torch_logits(built.model, built.data.features)
    assert_allclose(torch_logits(head, features), expected, rtol=1e-3, atol=1e-3)


# stages, rates and freezing


def test_every_parameter_statistic_and_dropout_belongs_to_one_stage(built):
    parts = stages(built.model)
    assert [*parts] == [*BODIES[built.name], HEAD]
    staged = [module for modules in parts.values() for part in modules for module in part.modules()]
    assert len(staged) == len(set(staged))
    left = set(built.model.modules()) - set(staged)
    assert not any([*module.parameters(recurse=False)] for module in left)
    assert not any(isinstance(module, nn.Dropout | nn.BatchNorm2d) for module in left)


def test_rates_fall_from_the_head_to_the_pixels(built):
    groups = parameter_groups(built.model, rate=1.0, decay=0.5)
    rates = {group["stage"]: group["lr"] for group in groups}
    assert [*rates.values()] == [0.5**k for k in range(len(rates) - 1, -1, -1)]
    assert sum(len(group["params"]) for group in groups) == len([*built.model.parameters()])


def test_gradual_unfreezing_begins_at_the_head(built):
    plan = unfreezing(built.model, 100)
    assert plan[0] == (HEAD,)
    assert [*plan.values()][-1] == (*BODIES[built.name], HEAD)


def test_dropout_of_the_dense_layers_acts_when_they_learn_and_not_before(built):
    dropouts = [module for module in built.model.modules() if isinstance(module, nn.Dropout)]
    assert len(dropouts) == 2 * (built.name == "vgg16")
    freeze(built.model)
    set_training(built.model)
    assert not any(module.training for module in dropouts)
    freeze(built.model, [BODIES[built.name][-1]])
    set_training(built.model)
    assert all(module.training for module in dropouts)
    built.model.eval()


def test_head_learns_and_nothing_else_moves_by_one_bit(built):
    freeze(built.model)
    before = fingerprint(built.model)
    # The loss bends by at most half the squared length of the features, so this step descends.
    lengths = np.linalg.norm(extract_features(built.model, built.data.features), axis=1)
    plan = Plan(n_steps=3, rate=1 / float(lengths.max()) ** 2, momentum=0.0, weight_decay=0.0)
    course = finetune(built.model, built.data, plan, progress=False)
    head = head_name(built.model)
    moved = changed(before, fingerprint(built.model))
    assert set(moved) == {f"{head}.weight", f"{head}.bias"}
    assert course.losses[-1] < course.losses[0]
    right = torch_logits(built.model, built.data.features).argmax(axis=1) == built.data.labels
    assert accuracy(built.model, built.data) == right.mean()


def test_last_stage_learns_with_its_statistics(built):
    freeze(built.model, [BODIES[built.name][-1], HEAD])
    before = fingerprint(built.model)
    plan = Plan(n_steps=1, rate=1e-3, body_rate=1e-4)
    finetune(built.model, built.data, plan, progress=False)
    moved = {name.split(".")[0] for name in changed(before, fingerprint(built.model))}
    assert moved == ({"classifier"} if built.name == "vgg16" else {"layer4", "fc"})


# ResNet-18 alone: quick enough to train whole


def test_resnet_frozen_in_training_mode_moves_its_statistics():
    model = build_classifier("resnet18", 3, weights=None)
    freeze(model)
    before = fingerprint(model)
    set_training(model)
    with torch.no_grad():
        model(torch.rand(2, 3, 64, 64))
    assert changed(before, fingerprint(model)) == []
    model.train()
    with torch.no_grad():
        model(torch.rand(2, 3, 64, 64))
    moved = changed(before, fingerprint(model))
    assert moved == [name for name in before if "running" in name or "tracked" in name]


def test_names_of_weights_and_members_are_understood(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", None)  # put back afterwards
    torch.hub.set_dir(str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    written = write_weights("resnet18", tmp_path / "checkpoints")
    member = torchvision_models().ResNet18_Weights.IMAGENET1K_V1
    for weights in ("DEFAULT", "IMAGENET1K_V1", member):
        assert torch.equal(load_backbone("resnet18", weights).fc.weight, written["fc.weight"])
