"""How sure networks are and how often right, as trained and with the best temperature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.experiments.remedies import PLAIN, by_heart, taught
from softmaxbook.experiments.tables import stored
from softmaxbook.experiments.tuning import SEEDS
from softmaxbook.learning.calibration import calibration_error_by_chance, expected_calibration_error
from softmaxbook.learning.datasets import load
from softmaxbook.learning.labels import one_hot
from softmaxbook.learning.losses import cross_entropy
from softmaxbook.learning.networks import Recipe, accuracy
from softmaxbook.learning.remedies import fit_temperature
from softmaxbook.numerics.probabilities import softmax

SMOOTHING = 0.1
"""The ε of the networks that learn from right labels with label smoothing."""

N_DRAWS = 200
"""From which the part of chance in a calibration error is estimated."""


def _decayed() -> Recipe:
    [row] = stored("remedies").where(remedy="weight decay")
    return replace(PLAIN, weight_decay=row["strength"])


def networks() -> dict[str, tuple[float, Recipe]]:
    """Return the share of wrong labels and the training of each kind of network, by its name.

    Returns
    -------
    dict of str to (float, Recipe)
    """
    return {
        "right labels": (0.0, PLAIN),
        "a fifth wrong": (0.2, PLAIN),
        "two fifths wrong": (0.4, PLAIN),
        "a fifth wrong, weight decay": (0.2, _decayed()),
        "right labels, smoothed": (0.0, replace(PLAIN, label_smoothing=SMOOTHING)),
    }


def cells() -> Iterator[tuple[str]]:
    """Yield every kind of network."""
    yield from ((network,) for network in networks())


def judged(logits: ArrayLike, labels: ArrayLike, temperature: float = 1.0) -> dict[str, float]:
    """Return how sure logits are at a temperature, and what that costs.

    Parameters
    ----------
    logits : array_like, shape (n_samples, n_classes)
    labels : array_like of int, shape (n_samples,)
    temperature : float

    Returns
    -------
    dict of str to float
        The mean confidence, the expected calibration error with 15 bins, the part of it that
        chance explains, and the mean cross-entropy.
    """
    z = np.asarray(logits) / temperature
    p = softmax(z)
    return {
        "confidence": float(p.max(axis=1).mean()),
        "ECE": expected_calibration_error(p, labels),
        "chance": float(calibration_error_by_chance(p, n_draws=N_DRAWS).mean()),
        "loss": float(cross_entropy(z, labels)),
    }


def mean_lead(logits: ArrayLike, labels: ArrayLike) -> float:
    """Return by how much the label's logit leads the mean of the others, over all rows.

    Parameters
    ----------
    logits : array_like, shape (n_samples, n_classes)
    labels : array_like of int, shape (n_samples,)

    Returns
    -------
    float

    Examples
    --------
    >>> mean_lead([[3.0, 1.0, 0.0], [0.0, 2.0, 0.0]], [0, 1])
    2.25
    """
    z = np.asarray(logits)
    mine = one_hot(labels, z.shape[-1]).astype(bool)
    return float(z[mine].mean() - z[~mine].mean())


def measure(network: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Train a kind of network, find its temperature on the validation digits, and judge both.

    Parameters
    ----------
    network : str
        One of `networks`.
    seeds : tuple of int

    Returns
    -------
    dict
        The network, and with each seed: the accuracy on the test digits, the share of wrong labels
        learnt by heart (0 where there are none), `mean_lead` on the training digits and their right
        labels, the best temperature, and what `judged` says on the test digits without and with
        it; the names of the latter begin with "scaled".
    """
    digits = load("digits").standardised()
    rate, recipe = networks()[network]
    results: dict[str, float] = {}
    for seed in seeds:
        logits = taught(rate, recipe, seed).logits
        z, learnt = logits(digits.test.features), logits(digits.train.features)
        T = fit_temperature(logits(digits.validation.features), digits.validation.labels)
        scaled = judged(z, digits.test.labels, T)
        found = {
            "test": accuracy(z, digits.test.labels),
            "by heart": by_heart(learnt, rate, seed) if rate else 0.0,
            "lead": mean_lead(learnt, digits.train.labels),
            "T": T,
            **judged(z, digits.test.labels),
            **{f"scaled {name}": value for name, value in scaled.items()},
        }
        results |= {f"{name}, seed {seed}": round(value, 5) for name, value in found.items()}
    return {"network": network, **results}


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "seeds": list(SEEDS),
        "draws": N_DRAWS,
        "networks": {
            name: f"{rate:.0%} of labels wrong, {recipe}"
            for name, (rate, recipe) in networks().items()
        },
    }
