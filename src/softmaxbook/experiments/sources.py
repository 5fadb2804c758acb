"""Short pretraining on different sources, and what each is worth to one target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.learning.torch_networks import torch_logits
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.transfer.averaging import renew_statistics
from softmaxbook.transfer.backbones import GlyphNet, load_backbone
from softmaxbook.transfer.domains import frechet_distance
from softmaxbook.transfer.glyphs import CLASSES, draw_glyphs
from softmaxbook.transfer.heads import extract_features
from softmaxbook.transfer.pretraining import pretrain
from softmaxbook.transfer.targets import digit_pictures, few_labels, texture_pictures
from softmaxbook.transfer.transferability import leep, log_evidence

N_PICTURES = 10_000
EPOCHS = 4
N_NETWORKS = 5
"""Networks pretrained on each source, with seeds 0 to 4."""

LABELS = 5
"""Labels per class of the target."""

PENALTIES = (0.1, 1.0, 10.0, 100.0)
N_COMPARED = 1000
"""Pictures of either side in the distances, at most."""


def _letters(**changes: Any) -> Part:
    return draw_glyphs(N_PICTURES, seed=20, **changes)


def _turned() -> Part:
    pictures, labels = _letters()
    return Part(np.ascontiguousarray(np.rot90(pictures, axes=(2, 3))), labels)


def _negative() -> Part:
    pictures, labels = _letters()
    return Part(1 - pictures, labels)


def _wrong_labels() -> Part:
    pictures, labels = _letters()
    return Part(pictures, np.random.default_rng(21).permutation(labels))


def _textures() -> Part:
    """Return the few cuttings, again and again, until there are as many pictures as letters."""
    pictures, labels = texture_pictures().train
    times = N_PICTURES // len(labels)
    return Part(np.tile(pictures, (times, 1, 1, 1)), np.tile(labels, times))


SOURCES: dict[str, Callable[[], Part]] = {
    "letters, 20 fonts": _letters,
    "letters, 1 font": lambda: _letters(fonts=("DejaVuSans",)),
    "letters, 2 classes": lambda: _letters(classes=("A", "B")),
    "letters, turned": _turned,
    "letters, negative": _negative,
    "letters, wrong labels": _wrong_labels,
    "textures": _textures,
}
"""What a network is pretrained on, all with the same number of steps."""

UNTRAINED = "untrained"
"""Random weights, and statistics of normalisation that letters have set: no label was seen."""

FACTORY = "untrained, as made"
"""Random weights, and the statistics with which a layer of PyTorch begins: mean 0, variance 1."""

N_SHOWN = 2000
"""Unlabelled letters that set the statistics of an untrained network."""


def both_distances(source_pictures: ArrayLike, target_pictures: ArrayLike) -> dict[str, float]:
    """Return how far apart two sets of pictures are, in the two ways of the table.

    Parameters
    ----------
    source_pictures, target_pictures : array_like, shape (n_samples, n_channels, height, width)
        The first `N_COMPARED` of each are compared, so that equal pictures have one distance
        wherever it is told.

    Returns
    -------
    dict of str to float
        The "distance" for the book's own backbone, see
        :func:`softmaxbook.transfer.domains.domain_distance`, and the "pixel distance".

    Examples
    --------
    >>> letters = SOURCES["letters, 20 fonts"]().features
    >>> found = both_distances(letters, digit_pictures().train.features)
    >>> {name: round(value, 1) for name, value in found.items()}
    {'distance': 12.5, 'pixel distance': 4.1}

    Used in the chapters *transfer* and *finetuning*.
    """
    return between(clouds(source_pictures), clouds(target_pictures))


def clouds(pictures: ArrayLike) -> dict[str, FloatArray]:
    """Return the two clouds of points that stand for pictures in `both_distances`.

    Used in the chapter *transfer*.

    Parameters
    ----------
    pictures : array_like, shape (n_samples, n_channels, height, width)

    Returns
    -------
    dict of str to ndarray
        For each distance a row for each of the first `N_COMPARED` pictures: the features of the
        book's own backbone, and the pixels.
    """
    shown = np.asarray(pictures)[:N_COMPARED]
    features = extract_features(load_backbone("glyphnet"), shown)
    return {"distance": features, "pixel distance": shown.reshape(len(shown), -1)}


def between(source: Mapping[str, ArrayLike], target: Mapping[str, ArrayLike]) -> dict[str, float]:
    """Return both distances between pictures whose `clouds` are known already.

    Used in the chapter *transfer*.
    """
    return {name: frechet_distance(cloud, target[name]) for name, cloud in source.items()}


def cells() -> Iterator[tuple[str]]:
    """Yield the name of every source."""
    yield from ((name,) for name in (*SOURCES, UNTRAINED, FACTORY))


def measure(
    source: str, seeds: tuple[int, ...] = SEEDS, pictures: Part | None = None, epochs: int = EPOCHS
) -> dict[str, Any]:
    """Pretrain on a source, freeze, and fit softmax regression on the features of digits.

    Parameters
    ----------
    source : str
        One of `SOURCES`, `UNTRAINED` or `FACTORY`.
    seeds : tuple of int
        Draws of labels; draw s meets network s modulo the number of networks.
    pictures : Part, optional
        In the place of the source's, for a shorter run.
    epochs : int

    Returns
    -------
    dict
        The source; the numbers of its networks and of its classes; its distance to the digits by
        the features of the book's own backbone and by the pixels; LEEP and LogME on the training
        part of the digits;
        the penalty; and the accuracy on the test digits with each draw of labels. What a network
        without a source does not have is nan.

    Notes
    -----
    Distances and scores see the whole training part, whose labels the scores need. The accuracies
    see `LABELS` labels per class.
    """
    train = digit_pictures().train
    row: dict[str, Any] = {"source": source, "networks": N_NETWORKS, "classes": 0}
    row |= dict.fromkeys(("distance", "pixel distance", "LEEP"), float("nan"))
    if source in (UNTRAINED, FACTORY):
        networks = [untrained(seed) for seed in range(N_NETWORKS)]
        if source == UNTRAINED:
            letters = _letters().features
            networks = [normalised(network, letters) for network in networks]
    else:
        part = pictures or SOURCES[source]()
        n_classes = int(part.labels.max()) + 1
        networks = [pretrain(part, n_classes, epochs, s, progress=False) for s in range(N_NETWORKS)]
        distances = both_distances(part.features, train.features)
        said = [softmax(torch_logits(network, train.features)) for network in networks]
        row |= {
            "classes": n_classes,
            **{name: round(value, 4) for name, value in distances.items()},
            "LEEP": round(float(np.mean([leep(p, train.labels) for p in said])), 4),
        }
    features = [extract_features(network, train.features) for network in networks]
    row["LogME"] = round(float(np.mean([log_evidence(f, train.labels) for f in features])), 4)
    return row | _accuracies(networks, seeds)


def untrained(seed: int) -> GlyphNet:
    """Return a network with random weights, in evaluation mode.

    Parameters
    ----------
    seed : int
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return GlyphNet().eval()


def normalised(network: GlyphNet, pictures: FloatArray) -> GlyphNet:
    """Let pictures pass once, so that batch normalisation has their means and variances.

    Used in the chapter *transfer*.

    Parameters
    ----------
    network : GlyphNet
        Changed in its statistics alone: no weight moves.
    pictures : ndarray, shape (n_samples, n_channels, height, width)
        The first `N_SHOWN` pass, 200 at a time; the statistics are the means over these batches.

    Returns
    -------
    GlyphNet
        The same one, in evaluation mode.
    """
    renew_statistics(network, pictures[:N_SHOWN], batch_size=200)
    return network


def _accuracies(networks: Sequence[nn.Module], seeds: tuple[int, ...]) -> dict[str, Any]:
    """Return the chosen penalty, and the accuracies of a linear head on frozen features."""
    digits = digit_pictures()

    def score(penalty: float, seed: int, judge: Part) -> float:
        network = networks[seed % len(networks)]
        few = few_labels(digits.train, LABELS, seed)
        head = SoftmaxRegression(penalty).fit(extract_features(network, few.features), few.labels)
        return head.score(extract_features(network, judge.features), judge.labels)

    best, _ = best_setting(PENALTIES, lambda p, seed: score(p, seed, digits.validation))
    return {
        "penalty": best,
        **{f"seed {seed}": round(score(best, seed, digits.test), 4) for seed in seeds},
    }


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "pictures": N_PICTURES,
        "epochs": EPOCHS,
        "networks per source": N_NETWORKS,
        "source classes": len(CLASSES),
        "labels per class": LABELS,
        "seeds": list(SEEDS),
        "tuning": f"penalties {list(PENALTIES)} on label draws {list(TUNING_SEEDS)}, "
        f"by validation accuracy; {RULE}",
        "statistics of the untrained": f"{N_SHOWN} unlabelled letters, 20 fonts",
        "distances": f"{N_COMPARED} pictures of either side",
    }
