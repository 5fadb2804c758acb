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

from softmaxbook.claims.claim import Claim, Finding, Heard, Verdict
from softmaxbook.claims.sources import PYTORCH_TUTORIAL, TORCHVISION, transfer_notes
from softmaxbook.experiments import by_seed, stored
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.intervals import mean_interval
from softmaxbook.learning.torch_networks import accuracy, torch_logits
from softmaxbook.numerics.arrays import FloatArray
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
    difference = mean_interval(new - kept)
    return Finding(
        f"the layer of a network that reads {len(CLASSES)} letters and signs calls "
        f"{named:.0%} of {len(letters)} handwritten digits a digit. If the outputs of ten letters "
        "are given to the digits, and the first two blocks learn from 5 labels a class, the "
        f"network reads {kept.mean():.3f} of them; with a new head, and only that learning, "
        f"{new.mean():.3f}. The difference over {len(_DRAWS)} draws is {difference} (each way "
        f"had {len(_RATES)} rates to choose from on the validation part)",
        as_said=bool(named > 0 and difference.low <= 0),
    )


def _digits_read(build: Callable[[int], nn.Module], learning: tuple[str, ...]) -> FloatArray:
    """Return the test accuracies if these stages learn, at the rate that validates best."""
    digits, trained = digit_pictures(), []
    with _one_thread():
        for rate in _RATES:
            models = [build(seed) for seed in _DRAWS]
            for seed, model in zip(_DRAWS, models, strict=True):
                freeze(model, learning)
                part = few_labels(digits.train, 5, seed)
                finetune(model, part, Plan(n_steps=50, rate=rate), seed=seed, progress=False)
            trained.append(models)
        best = max(trained, key=lambda models: _accuracies(models, digits.validation).mean())
        return _accuracies(best, digits.test)


def _accuracies(models: list[nn.Module], part: Part) -> FloatArray:
    return np.array([accuracy(model, part) for model in models])


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let PyTorch use one core: on networks this small, several wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _one_step(only_the_head: bool) -> tuple[int, int, int, int]:
    """Take one step in training mode; count the tensors before the head that changed.

    Returns how many parameters changed and how many there are, and the same for the running means
    and variances of batch normalisation.
    """
    model = build_classifier("glyphnet", 10)
    if only_the_head:
        freeze(model, (HEAD,))
    model.train()
    before = fingerprint(model)
    pictures, labels = map(torch.tensor, few_labels(digit_pictures().train, 2, seed=0))
    learning = [each for each in model.parameters() if each.requires_grad]
    optimiser = torch.optim.SGD(learning, 1e-3, momentum=0.9)
    functional.cross_entropy(model(pictures), labels).backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    moved = set(changed(before, fingerprint(model)))
    body = {name for name, _ in model.named_parameters() if not name.startswith("fc.")}
    statistics = {name for name in before if "running" in name}
    return len(moved & body), len(body), len(moved & statistics), len(statistics)


def _last_layers_only() -> Finding:
    moved, all_of_them, *_ = _one_step(only_the_head=False)
    return Finding(
        "one step with an optimiser that was given `model.parameters()`, with nothing frozen, "
        f"changed {moved} of the {all_of_them} parameter tensors before the head",
        as_said=moved == 0,
    )


def _frozen_network() -> Finding:
    moved, all_of_them, shifted, statistics = _one_step(only_the_head=True)
    return Finding(
        f"one step in training mode changed {moved} of the {all_of_them} parameter tensors before "
        f"the head, and {shifted} of {statistics} running means and variances of batch "
        "normalisation",
        as_said=moved == 0 and shifted == 0,
        in_a_sense=moved == 0,
    )


def _small_and_similar() -> Finding:
    """Compare the tables' two near targets: the letters' own kind, and handwritten digits."""
    table, told, above = stored("arms"), [], {}
    for target in ("Greek letters", "digits"):
        gains = []
        for labels in (1.0, 2.0, 5.0):
            linear, everything = (
                by_seed(table.where(target=target, labels=labels, arm=arm)[0])
                for arm in ("features, linear", "all layers")
            )
            gains.append(mean_interval(linear - everything))
        above[target] = all(gain.low > 0 for gain in gains)
        told.append(f"{target}: {', '.join(map(str, gains))}")
    return Finding(
        "a linear classifier on frozen features, minus fine-tuning of all layers, in test accuracy "
        f"with 1, 2 and 5 labels a class. {'; '.join(told)}",
        as_said=all(above.values()),
        in_a_sense=above["Greek letters"],
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
    accepted = all(each is not None for each in chosen.values())
    return Finding(
        f"torchvision {version} {'still accepts' if accepted else 'no longer accepts'} it, "
        f"{'with' if all(deprecated) else 'without'} a warning, by a wrapper; the signatures "
        f"{'have' if present else 'no longer have'} such an argument. "
        f'For ResNet-50 it means `{chosen["resnet50"]}`, while `weights="DEFAULT"` means '
        f"`{current}`: other weights",
        as_said=all(deprecated) and not accepted,
        in_a_sense=all(deprecated),
    )


TRANSFER_CLAIMS = (
    Claim(
        name="small-and-similar",
        kind="transfer",
        words="New dataset is small and similar to original dataset. Since the data is small, it "
        "is not a good idea to fine-tune the ConvNet due to overfitting concerns.",
        source=transfer_notes("first of the rules of thumb"),
        verdict=Verdict.IN_A_SENSE,
        check=_small_and_similar,
        truth="On the nearest target of this book the rule holds with few labels; on the next "
        "one it is not shown for each number of labels. The reason was not measured.",
        section="[Questions that are often asked](finetuning.md#questions-that-are-often-asked)",
    ),
    Claim(
        name="kept-softmax-layer",
        kind="transfer",
        words="For a new task, keep the source model's softmax layer and fine-tune the early "
        "layers.",
        source=Heard(),
        verdict=Verdict.FALSE,
        check=_kept_softmax_layer,
        truth="The layer belongs to the source's classes. If the target has the same ones, keep "
        "it; other classes get a new head, and what to freeze is found by measuring.",
        section="[Keep or replace the softmax layer](heads.md#keep-or-replace-the-softmax-layer)",
    ),
    Claim(
        name="frozen-network",
        kind="transfer",
        words="Here, we need to freeze all the network except the final layer. We need to set "
        "`requires_grad = False` to freeze the parameters so that the gradients are not computed "
        "in `backward()`.",
        source=PYTORCH_TUTORIAL,
        verdict=Verdict.IN_A_SENSE,
        check=_frozen_network,
        truth="The parameters are frozen. What batch normalisation counts is no parameter, and it "
        "moves unless those layers are in evaluation mode.",
        section="[The trap: frozen, but in training mode]"
        "(heads.md#the-trap-frozen-but-in-training-mode)",
    ),
    Claim(
        name="last-layers-only",
        kind="transfer",
        words="With a new head in place, `SGD(model.parameters())` trains the new layer only.",
        source=Heard("often met in programs"),
        verdict=Verdict.FALSE,
        check=_last_layers_only,
        truth="Every layer trains; freeze what should stay, and compare the weights afterwards.",
        section="[An optimiser that was given everything]"
        "(finetuning.md#an-optimiser-that-was-given-everything)",
    ),
    Claim(
        name="pretrained-argument",
        kind="transfer",
        words="The parameter 'pretrained' is deprecated since 0.13 and will be removed in 0.15",
        source=TORCHVISION,
        verdict=Verdict.IN_A_SENSE,
        check=_pretrained_argument,
        truth="Deprecated it is; the removal was put off, and the warning now says *may be removed "
        "in the future*. Name the weights: `weights=ResNet50_Weights.DEFAULT`.",
        section="[Which weights, and what if they are missing]"
        "(heads.md#which-weights-and-what-if-they-are-missing)",
    ),
)
"""The claims that Part IV checks, in the order of the page."""
