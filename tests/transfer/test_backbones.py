"""Backbones: weights that are whole, and fit, or a clear error; never random ones in silence."""

import pickle
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from safetensors import safe_open
from safetensors.torch import save_file
from scipy.signal import correlate2d

from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import (
    BACKBONES,
    CHECKPOINT,
    GlyphNet,
    fill,
    load_backbone,
    read_weights,
    torchvision_models,
)
from softmaxbook.transfer.glyphs import CLASSES, draw_glyphs

PICTURES = draw_glyphs(96, seed=4)


def program(text):
    """Run a program in a process of its own; return what it prints."""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return done.stdout.strip()


# the network


def by_hand(state, picture):
    """Return the logits of one picture, computed as the formulas say."""
    maps = picture
    for block, shrink in ((1, True), (2, True), (3, False), (4, True)):
        kernels = state[f"block{block}.convolution.weight"]
        maps = np.array(
            [
                sum(correlate2d(m, k, "same") for m, k in zip(maps, kk, strict=True))
                for kk in kernels
            ]
        )
        mean, variance, scale, shift = (
            state[f"block{block}.normalisation.{name}"][:, None, None]
            for name in ("running_mean", "running_var", "weight", "bias")
        )
        maps = np.maximum(0, (maps - mean) / np.sqrt(variance + 1e-5) * scale + shift)
        if shrink:
            n, rows, columns = maps.shape
            maps = maps.reshape(n, rows // 2, 2, columns // 2, 2).max(axis=(2, 4))
    return state["fc.weight"] @ maps.ravel() + state["fc.bias"]


def test_glyphnet_computes_what_its_formulas_say():
    model = load_backbone("glyphnet")
    state = {name: value.double().numpy() for name, value in model.state_dict().items()}
    pictures = PICTURES.features[:2]
    expected = [by_hand(state, picture.astype(float)) for picture in pictures]
    with torch.no_grad():
        assert_allclose(model(torch.tensor(pictures)), expected, rtol=1e-4, atol=1e-4)


def test_in_evaluation_mode_a_picture_has_no_neighbours():
    model, pictures = load_backbone("glyphnet"), torch.tensor(PICTURES.features)
    with torch.no_grad():
        assert not model.training
        assert_allclose(model(pictures)[:3], model(pictures[:3]), atol=1e-4)
        model.train()
        assert not np.allclose(model(pictures)[:3], model(pictures[:3]), atol=0.1)


# the checkpoint


def test_checkpoint_is_small_and_says_where_it_comes_from():
    assert CHECKPOINT.stat().st_size <= 2_000_000
    with safe_open(CHECKPOINT, "pt") as file:
        provenance = file.metadata()
        types = {file.get_tensor(name).dtype for name in load_backbone("glyphnet").state_dict()}
    assert types == {torch.float16}
    assert provenance["command"] == "python -m softmaxbook.pretraining"  # its name at the time
    assert "seed 0" in provenance["pictures"]
    assert "torch" in provenance["versions"]
    said = float(provenance["accuracy on new pictures"].split()[0])
    # 1920 others: four standard deviations of a share that is measured on so many
    measured = accuracy(load_backbone("glyphnet"), draw_glyphs(1920, seed=2))
    assert abs(measured - said) < 4 * np.sqrt(said * (1 - said) / 1920)


def test_weights_from_a_file_are_those_of_the_checkpoint(tmp_path):
    expected = load_backbone("glyphnet").state_dict()
    torch.save(expected, tmp_path / "own.pth")
    save_file(expected, tmp_path / "own.safetensors")
    for file in (CHECKPOINT, tmp_path / "own.pth", str(tmp_path / "own.safetensors")):
        loaded = load_backbone("glyphnet", file).state_dict()
        assert all(torch.equal(loaded[name], value) for name, value in expected.items())


def test_random_weights_come_only_when_asked_for():
    scratch, pretrained = load_backbone("glyphnet", None), load_backbone("glyphnet")
    assert accuracy(scratch, PICTURES) < 0.2 < 0.8 < accuracy(pretrained, PICTURES)


# files that are damaged, foreign or hostile


@pytest.fixture(params=["own.pth", "own.safetensors"])
def weights_file(request, tmp_path):
    file = tmp_path / request.param
    state = load_backbone("glyphnet").state_dict()
    torch.save(state, file) if file.suffix == ".pth" else save_file(state, file)
    return file


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5, 0.99])
def test_a_torn_file_is_refused(weights_file, share):
    whole = weights_file.read_bytes()
    weights_file.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=rf"{weights_file.name} is damaged"):
        load_backbone("glyphnet", weights_file)


def test_a_file_of_something_else_is_refused(weights_file):
    weights_file.write_text("<!doctype html><title>404 Not Found</title>", encoding="utf-8")
    with pytest.raises(ValueError, match=rf"{weights_file.name} is damaged"):
        load_backbone("glyphnet", weights_file)


def test_a_missing_file_is_named(tmp_path):
    for name in ("absent.pth", "absent.safetensors"):
        with pytest.raises(FileNotFoundError, match=f"no weights at .*{name}"):
            load_backbone("glyphnet", tmp_path / name)


class Hostile:
    """Makes a pickle that creates a file when it is read."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


@pytest.mark.parametrize("writer", [torch.save, lambda value, file: pickle.dump(value, file)])
def test_a_pickle_that_would_run_a_program_does_not(tmp_path, writer):
    trace, hostile = tmp_path / "trace", tmp_path / "hostile.pth"
    with hostile.open("wb") as file:
        writer({"fc.weight": Hostile(trace)}, file)
    with pytest.raises(ValueError, match=r"hostile.pth is damaged"):
        load_backbone("glyphnet", hostile)
    assert not trace.exists()
    with hostile.open("rb") as file:  # it would: read without care, it does
        try:
            torch.load(file, weights_only=False)
        except (RuntimeError, pickle.UnpicklingError):  # a bare pickle is no archive of torch's
            file.seek(0)
            pickle.load(file)
    assert trace.exists()


@pytest.mark.parametrize("content", [[torch.zeros(3)], {"epoch": 3}, torch.zeros(3), {}])
def test_a_file_without_parameters_by_name_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "odd.pth")
    with pytest.raises(ValueError, match=r"odd.pth (holds no parameters|does not fit GlyphNet)"):
        load_backbone("glyphnet", tmp_path / "odd.pth")


def without(state, name):
    return {key: value for key, value in state.items() if key != name}


def with_nan(state):
    spoiled = state["block2.convolution.weight"].clone()
    spoiled[0, 0, 0, 0] = np.nan
    return {**state, "block2.convolution.weight": spoiled}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda s: without(s, "fc.bias"), "fc.bias is missing"),
        (lambda s: {**s, "fc.scale": torch.zeros(1)}, "fc.scale is unknown"),
        (
            lambda s: {**s, "fc.bias": torch.zeros(10)},
            r"fc.bias has shape \(10,\), not \(48,\)",
        ),
        (lambda s: {f"module.{k}": v for k, v in s.items()}, r"… \(\d+ in all\)"),
        (with_nan, "block2.convolution.weight holds values that are no numbers"),
    ],
)
def test_weights_that_do_not_fit_leave_the_network_as_it_was(spoil, message):
    model = GlyphNet()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(ValueError, match=message):
        fill(model, spoil(load_backbone("glyphnet").state_dict()), "the file")
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_weights_of_another_network_are_refused():
    with pytest.raises(ValueError, match=r"glyphnet.safetensors does not fit ResNet: conv1.weight"):
        load_backbone("resnet18", CHECKPOINT)


# names, and what is not there


@pytest.mark.parametrize(
    ("name", "weights", "message"),
    [
        ("resnet", "DEFAULT", f"no backbone 'resnet'; there are {', '.join(BACKBONES)}"),
        ("glyphnet", "IMAGENET1K_V1", "glyphnet has weights 'DEFAULT', a file or None"),
        ("resnet50", "IMAGENET21K", "no weights 'IMAGENET21K'; there are DEFAULT, IMAGENET1K_V1"),
    ],
)
def test_unknown_names_are_refused(name, weights, message):
    with pytest.raises(ValueError, match=message):
        load_backbone(name, weights)


def test_weights_of_torchvision_for_another_network_are_refused():
    other = torchvision_models().ResNet50_Weights.DEFAULT
    with pytest.raises(ValueError, match="resnet18 has no weights"):
        load_backbone("resnet18", other)


def test_without_a_network_the_file_its_place_and_the_alternative_are_named(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(torch.hub, "_hub_dir", None)  # put back afterwards
    torch.hub.set_dir(str(tmp_path))
    monkeypatch.setattr(urllib.request, "_opener", None)  # it remembers the proxies
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nobody listens
    with pytest.raises(FileNotFoundError) as caught:
        load_backbone("resnet18")
    said = str(caught.value)
    assert str(tmp_path / "checkpoints" / "resnet18-f37072fd.pth") in said
    assert "Download https://" in said
    assert "load_backbone('glyphnet')" in said
    assert list(tmp_path.glob("**/*.pth")) == []


def test_a_damaged_download_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    torch.hub.set_dir(str(tmp_path))
    file = tmp_path / "checkpoints" / "resnet18-f37072fd.pth"
    file.parent.mkdir()
    file.write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(ValueError, match=r"resnet18-f37072fd.pth is damaged"):
        load_backbone("resnet18")


@pytest.mark.parametrize(
    ("missing", "act"),
    [
        (["torchvision", "torchvision.models"], torchvision_models),
        (["safetensors", "safetensors.torch"], lambda: read_weights(CHECKPOINT)),
    ],
)
def test_a_missing_package_is_named(missing, act, monkeypatch):
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=f"pip install {missing[0]}") as caught:
        act()
    assert caught.value.name == missing[0]


def test_the_package_loads_no_framework_until_it_is_asked():
    loaded = "import sys; print({'torch', 'torchvision', 'safetensors'} & set(sys.modules))"
    assert program(f"import softmaxbook; {loaded}") == "set()"
    wanted = "from softmaxbook.transfer.backbones import load_backbone; load_backbone('glyphnet')"
    assert "torchvision" not in program(f"{wanted}; {loaded}")


def test_the_pair_of_torch_and_torchvision_works_in_a_new_process():
    text = "import softmaxbook.transfer.backbones as b; print(b.torchvision_models().resnet18().fc)"
    assert program(text) == "Linear(in_features=512, out_features=1000, bias=True)"


def test_classes_are_those_of_the_head():
    assert load_backbone("glyphnet").fc.out_features == len(CLASSES)
    assert_array_equal(PICTURES.labels.max() + 1, len(CLASSES))
