"""Claims about cross-entropy: what it does, where its softmax is, and how it is written."""

from __future__ import annotations

import numpy as np

from softmaxbook.claims.claim import Claim, Finding
from softmaxbook.learning.datasets import load
from softmaxbook.learning.losses import binary_cross_entropy, cross_entropy, cross_entropy_gradient
from softmaxbook.learning.regression import LogisticRegression
from softmaxbook.numerics.probabilities import sigmoid, softmax


def _relieved_overfitting() -> Finding:
    data = load("breast cancer").standardised()
    free, held = (
        LogisticRegression(penalty, tolerance=1e-9).fit(*data.train) for penalty in (1e-6, 10.0)
    )
    (seen, unseen), (held_seen, held_unseen) = (
        [
            float(binary_cross_entropy(model.decision_function(part.features), part.labels))
            for part in (data.train, data.validation)
        ]
        for model in (free, held)
    )
    return Finding(
        said="the loss helps against over-fitting",
        computed="logistic regression on the breast-cancer data, almost without a penalty, has a "
        f"loss of {seen:.1e} on the rows it was fitted to and {unseen:.2f} on others, where "
        f"knowing nothing costs {np.log(2):.2f}; with a penalty of 10 it has {held_seen:.2f} and "
        f"{held_unseen:.2f}",
        refuted=seen < held_seen and unseen > max(np.log(2), held_unseen),
    )


def _improved_softmax() -> Finding:
    perfect, wrong = 40.0 * np.eye(10)[0], 40.0 * np.eye(10)[1]
    floor, right = cross_entropy(softmax(perfect), 0), cross_entropy(perfect, 0)
    inner = softmax(wrong)
    outer = cross_entropy_gradient(inner, 0)
    twice = inner * (outer - inner @ outer)  # through the softmax that was left in the model
    once = cross_entropy_gradient(wrong, 0)
    return Finding(
        said="the switch improves softmax",
        computed="with the switch on and a softmax left in the model, a right answer that leads "
        f"nine other classes by 40 costs {floor:.3f} instead of {right:.1e}, and a wrong one is "
        f"corrected by a gradient of {abs(twice[0]):.1e} instead of {abs(once[0]):.1f}",
        refuted=bool(floor > 1 > right and abs(twice[0]) < 1e-6 < abs(once[0])),
    )


def _binary_without_brackets() -> Finding:
    logits = np.array([-2.0, 0.0, 2.0, 8.0])
    p, y = sigmoid(logits), 0
    printed = -y * np.log(p) + (1 - y) * np.log(1 - p)
    true = binary_cross_entropy(logits, np.zeros(4), "none")
    return Finding(
        said="−y log p + (1 − y) log(1 − p), as the cross-entropy of any classifier",
        computed=f"for an example of class 0 and p = {p[2]:.2f} it gives −{-printed[2]:.2f}, "
        f"and for p = {p[3]:.4f} it gives −{-printed[3]:.2f}: the worse the answer, "
        "the lower the loss. "
        f"With the brackets it gives {true[2]:.2f} and {true[3]:.2f}",
        refuted=bool((np.diff(printed) < 0).all() and (np.diff(true) > 0).all()),
    )


LOSS_CLAIMS = (
    Claim(
        name="relieved-overfitting",
        kind="losses",
        quote="Cross-entropy relieves over-fitting",
        source="S2",
        check=_relieved_overfitting,
        truth="On data that can be separated it has no minimum: it drives the weights to infinity "
        "and every probability to 0 or 1. A penalty holds them.",
        section="[Does cross-entropy relieve over-fitting?]"
        "(regression.md#does-cross-entropy-relieve-over-fitting)",
    ),
    Claim(
        name="improved-softmax",
        kind="losses",
        quote="`from_logits=True` is an improvement of softmax",
        source="S2",
        check=_improved_softmax,
        truth="It moves softmax into the loss, for accuracy; the model must then end without one.",
        section="[Softmax applied twice](losses.md#softmax-applied-twice)",
    ),
    Claim(
        name="binary-without-brackets",
        kind="losses",
        quote="Cross-entropy is written for two classes, and without brackets",
        source="S3",
        check=_binary_without_brackets,
        truth="The minus sign belongs to both terms, and the formula is the case of two classes.",
        section="[Two classes: binary cross-entropy](losses.md#two-classes-binary-cross-entropy)",
    ),
)
"""The claims that the chapters on losses and regression check, in the order of the page."""
