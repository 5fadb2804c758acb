"""What fine-tuning on digits leaves of the letters that the network could read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from torch import nn

from softmaxbook.experiments.arms import HOW, N_STEPS, fine_tuned
from softmaxbook.experiments.tables import stored
from softmaxbook.experiments.tuning import RULE, SEEDS, TUNING_SEEDS, best_setting
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.glyphs import draw_glyphs
from softmaxbook.transfer.heads import extract_features, last_layer, replace_last_layer
from softmaxbook.transfer.targets import digit_pictures, few_labels

PLANS = ("from scratch", "head", "last block", "all layers", "discriminative", "gradual")
"""Arms with a linear head that take steps. The first never saw a letter: it has none to forget."""

LABELS = (5, 50)
"""Of each digit."""

PENALTIES = (0.1, 1.0, 10.0, 100.0)
TOLERANCE = 1e-3
"""Of the gradient of the mean loss, where a fit of a new head ends: nearer to the minimum the
accuracy stays the same to within a letter in a thousand, and the fit takes many times as long."""

LETTERS = {"fit": (960, 44), "validation": (960, 45), "test": (2400, 40)}
"""How many letters are drawn, and with which seed: to fit a new head, to choose its penalty, and
to see what is left."""


def cells() -> Iterator[tuple[int, str]]:
    """Yield labels per class and plan of every cell."""
    for labels in LABELS:
        for plan in PLANS:
            yield labels, plan


def taught(labels: int, plan: str, seed: int) -> nn.Module:
    """Return a network that has learnt digits as the arm of that name, at its chosen rate.

    Used in the chapter *finetuning*.

    Parameters
    ----------
    labels : int
        Of each digit.
    plan : str
        One of `PLANS`.
    seed : int

    Returns
    -------
    torch.nn.Module
        With a head for digits.
    """
    (row,) = stored("arms").where(target="digits", labels=labels, arm=plan)
    part = few_labels(digit_pictures().train, labels, seed)
    return fine_tuned(part, float(row["setting"]), seed, **HOW[plan])


def with_old_head(model: nn.Module, pictures: Part | None = None) -> float:
    """Return how well a body reads letters when the head of the source is put back on it.

    Parameters
    ----------
    model : torch.nn.Module
        A backbone "glyphnet" with any head. Its head is replaced.
    pictures : Part, optional
        By default the letters of the table.

    Returns
    -------
    float
        The accuracy.

    Examples
    --------
    >>> round(with_old_head(load_backbone("glyphnet")), 2)
    0.96

    Used in the chapter *finetuning*.
    """
    replace_last_layer(model, last_layer(load_backbone("glyphnet")))
    return accuracy(model, pictures or _letters("test"))


def with_fitted_head(model: nn.Module, penalty: float, part: str = "test") -> float:
    """Return how well letters are read by a head that is fitted anew to what a body makes of them.

    Parameters
    ----------
    model : torch.nn.Module
        A backbone "glyphnet" with any head, which does not enter.
    penalty : float
        Of softmax regression.
    part : {"validation", "test"}

    Returns
    -------
    float
        The accuracy: what can still be told from the features, whatever the old head makes of them.
    """
    fit, judged = _letters("fit"), _letters(part)
    head = SoftmaxRegression(penalty, tolerance=TOLERANCE)
    head.fit(extract_features(model, fit.features), fit.labels)
    return head.score(extract_features(model, judged.features), judged.labels)


@cache
def _letters(part: str) -> Part:
    return draw_glyphs(*LETTERS[part])


def measure(labels: int, plan: str, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """Teach digits, and look what the changed body still knows of letters.

    Parameters
    ----------
    labels : int
    plan : str
    seeds : tuple of int

    Returns
    -------
    dict
        The cell, the penalty of the fitted head, and with each seed three accuracies: on the test
        digits, on letters with the source's head, and on letters with a head that is fitted anew.
    """
    tuned = {seed: taught(labels, plan, seed) for seed in TUNING_SEEDS}
    penalty, _ = best_setting(
        PENALTIES, lambda penalty, seed: with_fitted_head(tuned[seed], penalty, "validation")
    )
    results: dict[str, float] = {}
    for seed in seeds:
        model = taught(labels, plan, seed)
        results[f"digits, seed {seed}"] = accuracy(model, digit_pictures().test)
        results[f"fitted, seed {seed}"] = with_fitted_head(model, penalty)
        results[f"letters, seed {seed}"] = with_old_head(model)
    rounded = {name: round(value, 4) for name, value in results.items()}
    return {"labels": labels, "plan": plan, "penalty": penalty, **rounded}


def settings() -> dict[str, Any]:
    """Return what the experiment fixed."""
    return {
        "steps": N_STEPS,
        "seeds": list(SEEDS),
        "rates": "those that the experiment arms chose for the digits",
        "letters": {part: f"{n} drawn with seed {seed}" for part, (n, seed) in LETTERS.items()},
        "penalties": f"{list(PENALTIES)} on label draws {list(TUNING_SEEDS)}, by validation "
        f"accuracy; {RULE}",
        "tolerance": TOLERANCE,
        "comparisons": "every other plan minus all layers, digits and both readings of letters, "
        "one family of Holm per number of labels",
    }
