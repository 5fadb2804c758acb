"""Claims about transfer: what is kept, what is trained, and how the weights are asked for."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from softmaxbook.claims.claim import Claim, Finding
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy, torch_logits
from softmaxbook.transfer.backbones import load_backbone, torchvision_models
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import HEAD, changed, fingerprint, freeze
from softmaxbook.transfer.glyphs import CLASSES
from softmaxbook.transfer.heads import build_classifier
from softmaxbook.transfer.targets import digit_pictures, few_labels

_DRAWS = range(3)
_RATES = (0.01, 0.03, 0.1)


def _kept_softmax_layer() -> Finding:
    """Give the digits the outputs of the first ten letters, or a new head; tune both alike."""
    digits = digit_pictures()
    letters = torch_logits(load_backbone("glyphnet"), digits.test.features).argmax(axis=1)
    named = np.char.isdigit(np.array(CLASSES)[letters]).mean()
    kept = _digits_read(lambda seed: load_backbone("glyphnet"), ("block1", "block2"))
    new = _digits_read(lambda seed: build_classifier("glyphnet", 10, seed=seed), (HEAD,))
    refusal = ""
    try:
        functional.cross_entropy(torch.zeros(1, len(CLASSES)), torch.tensor([len(CLASSES)]))
    except IndexError as error:
        refusal = str(error).rstrip(".")
    return Finding(
        said="the layer stays, and the early layers learn",
        computed=f"the layer of a network that reads {len(CLASSES)} letters and signs calls "
        f"{named:.0%} of {len(letters)} handwritten digits a digit, and one class more than it has "
        f"gives no loss at all (“{refusal}”). If the outputs of ten letters are given to the "
        "digits, and the first two blocks learn from 5 labels a class, the network reads "
        f"{kept:.3f} of them; with a new head, and only that learning, {new:.3f} (means of "
        f"{len(_DRAWS)} draws; each had {len(_RATES)} rates to choose from on the validation part)",
        refuted=bool(named == 0 and refusal and new > kept),
    )


def _digits_read(build: Callable[[int], nn.Module], learning: tuple[str, ...]) -> float:
    """Return the mean test accuracy if these stages learn, at the rate that validates best."""
    digits, trained = digit_pictures(), []
    with _one_thread():
        for rate in _RATES:
            models = [build(seed) for seed in _DRAWS]
            for seed, model in zip(_DRAWS, models, strict=True):
                freeze(model, learning)
                part = few_labels(digits.train, 5, seed)
                finetune(model, part, Plan(n_steps=50, rate=rate), seed=seed, progress=False)
            trained.append(models)
        best = max(trained, key=lambda models: _mean_accuracy(models, digits.validation))
        return _mean_accuracy(best, digits.test)


def _mean_accuracy(models: list[nn.Module], part: Part) -> float:
    return float(np.mean([accuracy(model, part) for model in models]))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let PyTorch use one core: on networks this small, several wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _last_layers_only() -> Finding:
    """Train as the program does, and compare the weights."""
    model = build_classifier("glyphnet", 10)
    before = fingerprint(model)
    part = few_labels(digit_pictures().train, 2, seed=0)
    pictures, labels = map(torch.tensor, part)
    optimiser = torch.optim.SGD(model.parameters(), 1e-3, momentum=0.9)
    model.train()
    functional.cross_entropy(model(pictures), labels).backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    moved = set(changed(before, fingerprint(model)))
    parameters = [name for name, _ in model.named_parameters()]
    statistics = [name for name in before if "running" in name]
    body = [name for name in parameters if not name.startswith("fc.")]
    return Finding(
        said="only the last layers are fine-tuned",
        computed=f"one step of such a program changed {len(moved & set(body))} of the "
        f"{len(body)} parameter tensors before the head, and {len(moved & set(statistics))} of "
        f"{len(statistics)} running means and variances of batch normalisation",
        refuted=bool(moved & set(body)),
    )


def _pretrained_argument() -> Finding:
    """Ask torchvision itself; a wrong number of classes stops it before any download."""
    models: Any = torchvision_models()
    import torchvision

    chosen, deprecated = {}, []
    for name in ("resnet18", "resnet50"):
        builder = getattr(models, name)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with suppress(TypeError, ValueError):
                builder(pretrained=True, num_classes=2)
        said = " ".join(str(warning.message) for warning in caught)
        deprecated.append("'pretrained' is deprecated since 0.13" in said)
        weights = models.get_model_weights(name)
        chosen[name] = next((w for w in weights if f"weights={w}`. " in said), None)
    present = "pretrained" in inspect.signature(models.resnet18).parameters
    current = models.ResNet50_Weights.DEFAULT
    version = torchvision.__version__.partition("+")[0]
    return Finding(
        said="`pretrained=True`",
        computed=f"in the signatures of torchvision {version} there is no such argument: it is "
        "caught by a wrapper, which warns that it is deprecated since 0.13 and may be removed. "
        f'For ResNet-50 it means `{chosen["resnet50"]}`, while `weights="DEFAULT"` means '
        f"`{current}`: other weights",
        refuted=bool(not present and all(deprecated) and chosen["resnet50"] != current),
    )


TRANSFER_CLAIMS = (
    Claim(
        name="kept-softmax-layer",
        kind="words",
        quote="Keep the source model's softmax layer, and fine-tune the early layers",
        source="S0",
        check=_kept_softmax_layer,
        truth="The program beside the sentence replaces the last layer and freezes the early ones: "
        "other classes need a new head, and what to freeze is found by measuring.",
        section="[Keep or replace the softmax layer](heads.md#keep-or-replace-the-softmax-layer)",
    ),
    Claim(
        name="last-layers-only",
        kind="words",
        quote="Only the last layers are fine-tuned, while the optimiser is given "
        "`model.parameters()` of a network in which nothing is frozen",
        source="S4",
        check=_last_layers_only,
        truth="Every layer trains; freeze what should stay, and compare the weights afterwards.",
        section="[An optimiser that was given everything]"
        "(finetuning.md#an-optimiser-that-was-given-everything)",
    ),
    Claim(
        name="pretrained-argument",
        kind="words",
        quote="`models.resnet50(pretrained=True)` loads the pretrained weights",
        source="S0",
        check=_pretrained_argument,
        truth="The argument is called `weights` now, and says which: "
        "`weights=ResNet50_Weights.DEFAULT`.",
        section="[Which weights, and what if they are missing]"
        "(heads.md#which-weights-and-what-if-they-are-missing)",
    ),
)
"""The claims that the chapters on transfer check, in the order of the page."""
