"""Five networks instead of one, and their answers averaged in two ways."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.calibration import expected_calibration_error
from softmaxbook.learning.ensembles import mean_of_logits, mean_of_probabilities
from softmaxbook.learning.losses import cross_entropy
from softmaxbook.learning.remedies import fit_temperature
from softmaxbook.learning.torch_networks import torch_logits
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.transfer.finetuning import Plan, finetune
from softmaxbook.transfer.freezing import freeze
from softmaxbook.transfer.heads import build_classifier
from softmaxbook.transfer.targets import digit_pictures, few_labels

N_STEPS = 100
N_MEMBERS = 5
PER_CLASS = 5
RATES = (0.003, 0.01, 0.03, 0.1)

MEMBERS = {
    "all layers": False,
    "head": True,
}
"""Kinds of members, all from the pretrained backbone: is everything but the head frozen?"""

ANSWERS = ("one network", "one, trained longer", "mean of probabilities", "mean of logits")
"""What is compared. The second takes as many steps as all members together."""


def cells() -> Iterator[tuple[str, int]]:
    """Yield the kind of members and the seed of every cell."""
    for kind in MEMBERS:
        for seed in SEEDS:
            yield kind, seed


def member(
    kind: str, rate: float, draw: int, number: int = 0, n_steps: int = N_STEPS
) -> tuple[FloatArray, FloatArray]:
    """Train one network, and return its logits on the validation and the test digits.

    Parameters
    ----------
    kind : str
        One of `MEMBERS`.
    rate : float
    draw : int
        Which labels: the same for all members of an ensemble.
    number : int
        Of the member: it sets the random weights and the batches.
    n_steps : int

    Returns
    -------
    tuple of ndarray, shape (n_samples, 10), float64
    """
    digits = digit_pictures()
    seed = 1000 * draw + number
    model = build_classifier("glyphnet", 10, seed=seed)
    if MEMBERS[kind]:
        freeze(model)
    few = few_labels(digits.train, PER_CLASS, draw)
    finetune(model, few, Plan(n_steps, rate), seed=seed, progress=False)
    said = [torch_logits(model, part.features) for part in (digits.validation, digits.test)]
    return said[0].astype(np.float64), said[1].astype(np.float64)


@cache
def chosen_rate(kind: str, n_steps: int) -> float:
    """Return the best of four rates on the validation digits, for this many steps."""
    labels = digit_pictures().validation.labels

    def validated(rate: float, draw: int) -> float:
        said, _ = member(kind, rate, draw, n_steps=n_steps)
        return float(np.mean(said.argmax(axis=1) == labels))

    return best_setting(RATES, validated)[0]


def judged(validation: FloatArray, test: FloatArray) -> dict[str, float]:
    """Return what can be said of probabilities, and of the same after temperature scaling.

    Parameters
    ----------
    validation, test : ndarray, shape (n_samples, n_classes)
        Logits, or logarithms of probabilities.

    Returns
    -------
    dict of str to float
        Accuracy, cross-entropy and ECE (15 bins), the temperature found on the validation part,
        and cross-entropy and ECE with it.
    """
    data = digit_pictures()
    temperature = fit_temperature(validation, data.validation.labels)
    y, p, q = data.test.labels, softmax(test), softmax(test, temperature=temperature)
    return {
        "accuracy": float(np.mean(test.argmax(axis=1) == y)),
        "loss": float(cross_entropy(test, y)),
        "ECE": expected_calibration_error(p, y),
        "temperature": temperature,
        "scaled loss": float(cross_entropy(test / temperature, y)),
        "scaled ECE": expected_calibration_error(q, y),
    }


def measure_with(
    kind: str, seed: int, rate: float, long_rate: float, n_members: int = N_MEMBERS
) -> dict[str, Any]:
    """Train the members of one ensemble and one long run, and judge all answers.

    Parameters
    ----------
    kind : str
    seed : int
        The draw of labels.
    rate, long_rate : float
        Of the members, and of the network that is trained longer.
    n_members : int

    Returns
    -------
    dict
        The results of `judged` for each of `ANSWERS`; for one network the mean over the members.
    """
    pairs = [member(kind, rate, seed, number) for number in range(n_members)]
    validation, test = (np.stack(logits) for logits in zip(*pairs, strict=True))
    long = member(kind, long_rate, seed, n_steps=N_STEPS * n_members)
    each = [judged(*pair) for pair in pairs]
    results = {
        "one network": {name: float(np.mean([one[name] for one in each])) for name in each[0]},
        "one, trained longer": judged(*long),
        "mean of probabilities": judged(
            np.log(mean_of_probabilities(validation)), np.log(mean_of_probabilities(test))
        ),
        "mean of logits": judged(np.log(mean_of_logits(validation)), np.log(mean_of_logits(test))),
    }
    return {
        f"{answer}, {name}": round(value, 5)
        for answer in ANSWERS
        for name, value in results[answer].items()
    }


def measure(kind: str, seed: int) -> dict[str, Any]:
    """Choose both rates on the validation digits, and measure one ensemble.

    Parameters
    ----------
    kind : str
    seed : int

    Returns
    -------
    dict
        The cell, the rates, and the results of `measure_with`.
    """
    rate, long_rate = chosen_rate(kind, N_STEPS), chosen_rate(kind, N_STEPS * N_MEMBERS)
    row = {"kind": kind, "seed": seed, "rate": rate, "long rate": long_rate}
    return row | measure_with(kind, seed, rate, long_rate)


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "steps": N_STEPS,
        "members": N_MEMBERS,
        "labels per class": PER_CLASS,
        "seeds": list(SEEDS),
        "tuning": f"rates {list(RATES)} on draws {list(TUNING_SEEDS)}, by validation accuracy; "
        f"{RULE}",
    }
