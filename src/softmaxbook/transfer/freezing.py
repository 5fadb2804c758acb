"""What learns and what stays: stages of a network, freezing, and the proof that it held."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import torch
from torch import nn

from softmaxbook.numerics.arrays import refuse_string
from softmaxbook.transfer.heads import head_name

HEAD = "head"
"""The name of the last stage, whatever the network calls it."""

_STAGES: dict[str, dict[str, tuple[str, ...]]] = {
    "GlyphNet": {f"block{k}": (f"block{k}",) for k in range(1, 5)},
    "ResNet": {"stem": ("conv1", "bn1"), **{f"layer{k}": (f"layer{k}",) for k in range(1, 5)}},
}


def stages(model: nn.Module) -> dict[str, list[nn.Module]]:
    """Return the parts of a network in order, from the pixels to the head.

    Parameters
    ----------
    model : torch.nn.Module
        A `GlyphNet`, ResNet or VGG.

    Returns
    -------
    dict of str to list of torch.nn.Module
        The last is "head". Every parameter, batch normalisation and dropout belongs to exactly
        one stage. Blocks of a VGG end with a maximum over 2 × 2 pixels; "dense" are its two large
        layers before the head, with their dropout.

    Raises
    ------
    ValueError
        If the network is none of these.

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import GlyphNet
    >>> list(stages(GlyphNet(10)))
    ['block1', 'block2', 'block3', 'block4', 'head']

    Used in the chapter *finetuning*.
    """
    head = head_name(model)  # refuses what is unknown
    named = _STAGES.get(type(model).__name__) or _stages_of_vgg(model)
    return {
        stage: [model.get_submodule(name) for name in names]
        for stage, names in {**named, HEAD: (head,)}.items()
    }


def _stages_of_vgg(model: nn.Module) -> dict[str, tuple[str, ...]]:
    """Return the names of a VGG's modules, block by block."""
    blocks: list[list[str]] = [[]]
    for name, module in model.get_submodule("features").named_children():
        blocks[-1].append(f"features.{name}")
        if isinstance(module, nn.MaxPool2d):
            blocks.append([])
    named = {f"block{k}": tuple(block) for k, block in enumerate(blocks, 1) if block}
    return {**named, "dense": tuple(f"classifier.{k}" for k in range(6))}


def freeze(model: nn.Module, learning: Iterable[str] = (HEAD,)) -> None:
    """Let the named stages learn and freeze all others.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place.
    learning : iterable of str
        Names of `stages`.

    Raises
    ------
    ValueError
        If there is no such stage; names those that there are.
    TypeError
        For a string in place of a list of strings.

    Notes
    -----
    A frozen parameter has ``requires_grad=False``. That leaves out one thing: in training mode,
    batch normalisation goes on moving its mean and variance towards those of the batches, gradient
    or not. `set_training` keeps frozen stages in evaluation mode.

    Examples
    --------
    >>> from softmaxbook.transfer.heads import build_classifier
    >>> model = build_classifier("glyphnet", 10)
    >>> freeze(model)
    >>> [name for name, value in model.named_parameters() if value.requires_grad]
    ['fc.weight', 'fc.bias']

    Derived in the chapter *heads*.
    """
    refuse_string(learning, "the stages that learn")
    parts, wanted = stages(model), set(learning)
    unknown = wanted - set(parts)
    if unknown:
        raise ValueError(f"no stages {sorted(unknown)}; there are {', '.join(parts)}")
    for name, modules in parts.items():
        for module in modules:
            module.requires_grad_(name in wanted)


def set_training(model: nn.Module) -> None:
    """Put what learns into training mode and what is frozen into evaluation mode.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place. A stage without a parameter that learns is frozen: its dropout is off
        and its batch normalisation uses, and keeps, the statistics of the source.

    Examples
    --------
    >>> from softmaxbook.transfer.heads import build_classifier
    >>> model = build_classifier("glyphnet", 10)
    >>> freeze(model, ["block4", "head"])
    >>> set_training(model)
    >>> [name for name, block in model.named_children() if block.training]
    ['block4', 'fc']

    Derived in the chapter *heads*.
    """
    model.eval()
    for modules in stages(model).values():
        learns = any(value.requires_grad for module in modules for value in module.parameters())
        for module in modules:
            module.train(learns)


def fingerprint(model: nn.Module) -> dict[str, str]:
    """Return a hash of every parameter and every batch-norm statistic, by name.

    Parameters
    ----------
    model : torch.nn.Module

    Returns
    -------
    dict of str to str
        SHA-256 of the bytes, shape and type.

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import GlyphNet
    >>> "block1.normalisation.running_mean" in fingerprint(GlyphNet(10))
    True

    Derived in the chapter *heads*.
    """
    hashes = {}
    for name, value in model.state_dict().items():
        stored = value.detach().cpu().contiguous()
        digest = hashlib.sha256(f"{tuple(stored.shape)}{stored.dtype}".encode())
        # Bytes, for NumPy has no bfloat16, and a view, for VGG16 has 553 MB.
        digest.update(stored.reshape(-1).view(torch.uint8).numpy().data)
        hashes[name] = digest.hexdigest()
    return hashes


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the names whose hashes differ, or that only one of the two has.

    Parameters
    ----------
    before, after : mapping of str to str
        From `fingerprint`.

    Returns
    -------
    list of str
        Empty if nothing moved, not by one bit.

    Examples
    --------
    >>> changed({"fc.weight": "a", "fc.bias": "b"}, {"fc.weight": "c", "fc.bias": "b"})
    ['fc.weight']

    Derived in the chapter *heads*.
    """
    names = [*before, *(name for name in after if name not in before)]
    return [name for name in names if before.get(name) != after.get(name)]


def unfreezing(model: nn.Module, n_steps: int) -> dict[int, tuple[str, ...]]:
    """Return a plan of gradual unfreezing: the head first, then one stage more at a time.

    Parameters
    ----------
    model : torch.nn.Module
    n_steps : int
        Of the whole training; at least two for each stage before the head.

    Returns
    -------
    dict of int to tuple of str
        From the step at which a phase begins to the stages that learn in it.

    Raises
    ------
    ValueError
        If there are fewer steps.

    Notes
    -----
    The phases before the last share the first half of the steps; in the second half all stages
    learn.

    Examples
    --------
    >>> from softmaxbook.transfer.backbones import GlyphNet
    >>> for step, learning in unfreezing(GlyphNet(10), 80).items():
    ...     print(step, *learning)
    0 head
    10 block4 head
    20 block3 block4 head
    30 block2 block3 block4 head
    40 block1 block2 block3 block4 head

    References
    ----------
    Howard and Ruder, *Universal Language Model Fine-tuning for Text Classification* (2018),
    arXiv 1801.06146, section 3.3.

    Derived in the chapter *finetuning*.
    """
    names = list(stages(model))
    phases = len(names) - 1
    if n_steps < 2 * phases:
        raise ValueError(f"{len(names)} stages need at least {2 * phases} steps, got {n_steps}")
    begins = [round(k * n_steps / 2 / phases) for k in range(len(names))]
    return {begin: tuple(names[len(names) - 1 - k :]) for k, begin in enumerate(begins)}
