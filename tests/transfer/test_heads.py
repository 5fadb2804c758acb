"""Heads: a frozen network, then a layer; and features that depend on the picture alone."""

import re

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import nn

from softmaxbook.learning.torch_networks import accuracy, evaluating, in_batches, torch_logits
from softmaxbook.transfer.backbones import GlyphNet, load_backbone
from softmaxbook.transfer.freezing import changed, fingerprint
from softmaxbook.transfer.glyphs import draw_glyphs
from softmaxbook.transfer.heads import (
    build_classifier,
    check_pictures,
    extract_features,
    feature_reader,
    features_of,
    head_name,
    last_layer,
    new_head,
    replace_last_layer,
)

PICTURES = draw_glyphs(40, seed=8, classes="AKSx").features


@pytest.fixture
def model():
    return build_classifier("glyphnet", 10, head="mlp", n_hidden=32, dropout=0.5)


# a new head on the source's weights


@pytest.mark.parametrize("n_classes", [2, 3, 10, 100])
@pytest.mark.parametrize("kind", ["linear", "mlp"])
def test_all_but_the_last_layer_is_the_source_s(n_classes, kind):
    model = build_classifier("glyphnet", n_classes, head=kind)
    new = changed(fingerprint(load_backbone("glyphnet")), fingerprint(model))
    assert {name.split(".")[0] for name in new} == {"fc"}
    assert torch_logits(model, PICTURES).shape == (40, n_classes)
    assert not any(module.training for module in model.modules())
    assert all(value.requires_grad for value in model.parameters())


def test_the_seed_decides_the_head_and_the_whole_network_from_scratch():
    def built(**options):
        return fingerprint(build_classifier("glyphnet", 10, **options))

    assert changed(built(seed=1), built(seed=1)) == []
    assert set(changed(built(seed=1), built(seed=2))) == {"fc.weight", "fc.bias"}
    first, again, other = (built(weights=None, seed=seed) for seed in (1, 1, 2))
    assert changed(first, again) == []
    assert {name for name in first if name.endswith("weight") and "norm" not in name} <= set(
        changed(first, other)
    )


def test_building_leaves_the_random_state():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    build_classifier("glyphnet", 10, weights=None)
    assert torch.equal(torch.rand(3), expected)


def test_there_is_no_softmax_in_the_network(model):
    assert not any(isinstance(module, nn.Softmax | nn.LogSoftmax) for module in model.modules())
    assert not np.allclose(torch_logits(model, PICTURES).sum(axis=1), 1)


def test_a_head_can_be_replaced_more_than_once(model):
    assert isinstance(last_layer(model), nn.Sequential)
    replace_last_layer(model, new_head(256, 3))
    assert torch_logits(model, PICTURES).shape == (40, 3)
    assert head_name(model) == "fc"


def test_features_of_counts_what_enters():
    assert features_of(new_head(7, 3)) == features_of(new_head(7, 3, "mlp")) == 7


# features: second routes


@pytest.mark.parametrize("kind", ["linear", "mlp"])
def test_the_head_on_the_features_is_the_network(kind):
    model = build_classifier("glyphnet", 5, head=kind, dropout=0.3 * (kind == "mlp"))
    features = extract_features(model, PICTURES)
    assert_allclose(
        torch_logits(last_layer(model), features), torch_logits(model, PICTURES), atol=1e-5
    )


@pytest.mark.parametrize("node", ["block1", "block3", "block4"])
def test_features_are_those_that_a_hook_sees(model, node):
    seen = []
    hook = model.get_submodule(node).register_forward_hook(lambda *all: seen.append(all[2]))
    torch_logits(model, PICTURES)
    hook.remove()
    expected = seen[0].flatten(1)
    assert_allclose(extract_features(model, PICTURES, node), expected, atol=1e-6)
    shared = feature_reader(model, node).get_parameter("block1.convolution.weight")
    assert shared is model.block1.convolution.weight


@pytest.mark.parametrize("batch_size", [1, 7, None])
def test_features_depend_on_the_picture_alone(model, batch_size):
    expected = extract_features(model, PICTURES)
    model.train()
    assert_allclose(extract_features(model, PICTURES, batch_size=batch_size), expected, atol=1e-5)
    order = np.random.default_rng(0).permutation(len(PICTURES))
    assert_allclose(extract_features(model, PICTURES[order]), expected[order], atol=1e-5)


def test_each_module_keeps_its_mode_and_every_number_its_value(model):
    model.block2.train()
    before = fingerprint(model)
    extract_features(model, PICTURES)
    accuracy(model, draw_glyphs(10, 0, "AK"))
    with pytest.raises(ValueError, match="no node"):
        feature_reader(model, "layer9")
    with pytest.raises(ValueError, match="no node"):
        extract_features(model, PICTURES, "layer9")
    modes = {name for name, module in model.named_modules() if module.training}
    assert modes == {"block2", *(f"block2.{name}" for name, _ in model.block2.named_children())}
    assert changed(before, fingerprint(model)) == []


def test_trap_features_taken_with_dropout_on_or_batch_statistics(model):
    """Why `extract_features` sees to the mode itself: in training mode the same picture differs."""
    pictures = torch.tensor(PICTURES)
    with torch.no_grad():
        model.fc.train()  # dropout
        assert not torch.equal(model(pictures), model(pictures))
        model.eval().block4.train()  # batch statistics
        assert not torch.allclose(model(pictures)[:4], model(pictures[:4]), atol=0.01)


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.uint8, np.int64, bool])
def test_numbers_of_any_type_are_computed_with_in_float32(model, dtype):
    pictures = np.rint(PICTURES).astype(dtype)
    expected = extract_features(model, np.rint(PICTURES))
    assert extract_features(model, pictures).dtype == np.float32
    assert_array_equal(extract_features(model, pictures), expected)
    assert_array_equal(torch_logits(model, pictures), torch_logits(model, np.rint(PICTURES)))


def test_pictures_may_be_flipped_views(model):
    flipped = PICTURES[::-1, :, :, ::-1]
    assert_array_equal(extract_features(model, flipped), extract_features(model, flipped.copy()))


# batches and modes


@pytest.mark.parametrize(
    ("shape", "first"),
    [((600, 1, 16, 16), 256), ((20, 3, 224, 224), 13), ((2, 3, 900, 900), 1), ((5, 2), 5)],
)
def test_a_batch_holds_a_bounded_number_of_pixels(shape, first):
    rows = np.broadcast_to(np.float32(0), shape)
    pieces = [len(piece) for piece in in_batches(rows)]
    assert pieces[0] == first
    assert sum(pieces) == shape[0]


def test_evaluation_mode_ends_also_after_an_error(model):
    model.block1.train()
    modes = []

    def failing():
        with evaluating(model):
            modes.append(model.block1.training)
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert modes == [False]
    assert model.block1.training
    assert not model.block2.training


# errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_classes": 1}, "at least 2 classes, got 1"),
        ({"head": "softmax"}, "head must be 'linear' or 'mlp', got 'softmax'"),
        ({"head": "mlp", "dropout": 1.0}, "0 ≤ dropout < 1, got 1024 and 1.0"),
        ({"head": "mlp", "n_hidden": 0}, "need n_hidden ≥ 1"),
        ({"backbone": "alexnet"}, "no backbone 'alexnet'"),
    ],
)
def test_a_classifier_that_cannot_be_built_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        build_classifier(**{"backbone": "glyphnet", "n_classes": 10, **options})


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        (np.zeros((4, 3, 16, 16)), "takes pictures of 1 channels, these have 3"),
        (np.zeros((4, 16, 16)), r"must have shape \(n_samples, n_channels, height, width\)"),
        (np.zeros((0, 1, 16, 16)), r"must have shape .* got \(0, 1, 16, 16\)"),
        (np.zeros((4, 1, 24, 24)), "does not take pictures of 24 × 24 pixels"),
        (np.full((4, 1, 16, 16), np.nan), "no finite numbers"),
        (np.full((4, 1, 16, 16), np.inf), "no finite numbers"),
    ],
)
def test_pictures_that_do_not_fit_are_refused(model, pictures, message):
    for act in (check_pictures, extract_features):
        with pytest.raises(ValueError, match=message):
            act(model, pictures)


@pytest.mark.parametrize("pictures", [np.full((1, 1, 16, 16), "a"), np.zeros((1, 1, 16, 16), "c8")])
def test_pictures_that_are_no_real_numbers_are_refused(model, pictures):
    with pytest.raises(TypeError, match="pictures must be real numbers, got an array of"):
        extract_features(model, pictures)


def test_an_unknown_node_is_answered_with_those_there_are(model):
    with pytest.raises(ValueError, match="no node 'layer3' in this network") as caught:
        extract_features(model, PICTURES, "layer3")
    assert {"pictures", "flatten"} <= set(re.findall(r"'(\w+)'", str(caught.value)))


def test_a_foreign_network_or_head_is_refused():
    with pytest.raises(ValueError, match="no known head in a Sequential; known are GlyphNet"):
        head_name(nn.Sequential())
    with pytest.raises(ValueError, match="the head takes 512 features, the network has 256"):
        replace_last_layer(GlyphNet(), nn.Linear(512, 10))
    with pytest.raises(ValueError, match="no linear layer in this head"):
        replace_last_layer(GlyphNet(), nn.ReLU())


def test_half_precision_computes_in_its_own_type():
    pictures = draw_glyphs(6, 0, "AK")
    single, half = load_backbone("glyphnet"), load_backbone("glyphnet").bfloat16()
    near = {"rtol": 0.1, "atol": 0.1}
    for model in (half, load_backbone("glyphnet").double()):
        features = extract_features(model, pictures.features)
        assert_allclose(features, extract_features(single, pictures.features), **near)
        logits = torch_logits(model, pictures.features)
        assert logits.dtype == features.dtype == (np.float32 if model is half else np.float64)
        assert accuracy(model, pictures._replace(labels=logits.argmax(axis=1))) == 1


def test_accuracy_refuses_rows_without_labels():
    part = draw_glyphs(6, 0, "AK")
    with pytest.raises(ValueError, match=r"6 rows need as many labels, got shape \(6, 1\)"):
        accuracy(GlyphNet(), part._replace(labels=part.labels[:, None]))
    with pytest.raises(TypeError, match="labels hold names, the classes are numbers"):
        accuracy(GlyphNet(), part._replace(labels=np.array(list("abcabc"))))
    with pytest.raises(ValueError, match="got 6 rows and 5 labels"):
        accuracy(GlyphNet(), part._replace(labels=part.labels[:5]))
    with pytest.raises(ValueError, match="nothing in an array"):
        accuracy(GlyphNet(), part._replace(features=part.features[:0], labels=part.labels[:0]))
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        extract_features(GlyphNet(), part.features, batch_size=0)
