"""A linear head on each layer of the book's backbone, from the pixels to the last block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from softmaxbook.experiments.arms import TARGETS
from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.heads import extract_features
from softmaxbook.transfer.targets import few_labels

LAYERS = ("pixels", "block1", "block2", "block3", "block4")
"""What a head is put on. The features of the book's other chapters are those of the last."""

LABELS = 5
"""Per class."""

PENALTIES = (0.1, 1.0, 10.0, 100.0)


def cells() -> Iterator[tuple[str, str]]:
    """Yield target and layer of every cell."""
    for target in TARGETS:
        for layer in LAYERS:
            yield target, layer


def seen(part: Part, layer: str) -> Part:
    """Return what a layer of the backbone makes of pictures, a row each.

    Parameters
    ----------
    part : Part
    layer : str
        One of `LAYERS`.

    Returns
    -------
    Part
        With the same labels.

    Examples
    --------
    >>> from softmaxbook.transfer.targets import digit_pictures
    >>> digits = digit_pictures().test
    >>> seen(digits, "pixels").features.shape, seen(digits, "block4").features.shape
    ((359, 256), (359, 256))

    Used in the chapter *heads*.
    """
    pictures, labels = part
    if layer == "pixels":
        return Part(pictures.reshape(len(labels), -1), labels)
    return Part(extract_features(load_backbone("glyphnet"), pictures, layer), labels)


def measure(target: str, layer: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Fit softmax regression on what a layer makes of a few labelled pictures, and judge it.

    Parameters
    ----------
    target : str
        One of :data:`softmaxbook.experiments.arms.TARGETS`.
    layer : str
        One of `LAYERS`.
    seeds : tuple of int
        Of the draws of labels.

    Returns
    -------
    dict
        The cell, how many numbers the layer has, the penalty that does best on the validation
        part, and the accuracy on the test part with each draw.
    """
    data = TARGETS[target]()
    parts = {
        name: seen(part, layer)
        for name, part in (
            ("train", data.train),
            ("validation", data.validation),
            ("test", data.test),
        )
    }

    def score(penalty: float, seed: int, judged: str) -> float:
        head = SoftmaxRegression(penalty).fit(*few_labels(parts["train"], LABELS, seed))
        return head.score(*parts[judged])

    penalty, reached = best_setting(PENALTIES, lambda value, seed: score(value, seed, "validation"))
    return {
        "target": target,
        "layer": layer,
        "numbers": parts["train"].features.shape[1],
        "penalty": penalty,
        "validation": round(reached, 4),
        **{f"seed {seed}": round(score(penalty, seed, "test"), 4) for seed in seeds},
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "labels per class": LABELS,
        "seeds": list(SEEDS),
        "tuning": f"penalties {list(PENALTIES)} on label draws {list(TUNING_SEEDS)}, by validation "
        f"accuracy; {RULE}",
        "comparisons": "every other layer minus the last block, all targets in one family of Holm",
    }
