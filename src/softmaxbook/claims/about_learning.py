"""Claims about cross-entropy, and about what may be read from what a model has learnt."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmaxbook.claims.claim import Claim, Finding, Heard, Verdict
from softmaxbook.claims.sources import TENSORFLOW, linear_classification, paper
from softmaxbook.learning.calibration import calibration_error_by_chance, expected_calibration_error
from softmaxbook.learning.datasets import load, thinned
from softmaxbook.learning.losses import binary_cross_entropy, cross_entropy, cross_entropy_gradient
from softmaxbook.learning.networks import Network, Recipe, train
from softmaxbook.learning.regression import LogisticRegression, SoftmaxRegression
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import entropy, sigmoid, softmax


def _relieved_overfitting() -> Finding:
    """Fit the same linear model by cross-entropy and by least squares, both without a penalty."""
    data = load("breast cancer").standardised()
    model = LogisticRegression(1e-6, tolerance=1e-9).fit(*data.train)
    seen, unseen = (
        float(binary_cross_entropy(model.decision_function(part.features), part.labels))
        for part in (data.train, data.validation)
    )
    rows = [
        np.column_stack([part.features, np.ones(len(part.labels))])
        for part in (data.train, data.validation)
    ]
    weights = np.linalg.lstsq(rows[0], data.train.labels.astype(float), rcond=None)[0]
    squared = [
        float(np.mean((row @ weights - part.labels) ** 2))
        for row, part in zip(rows, (data.train, data.validation), strict=True)
    ]
    share = data.train.labels.mean()
    constant = float(np.mean((data.validation.labels - share) ** 2))
    right = [
        model.score(*data.validation),
        float(np.mean((rows[1] @ weights > 0.5) == data.validation.labels)),
    ]
    return Finding(
        "logistic regression on the breast-cancer data, almost without a penalty, has a "
        f"cross-entropy of {seen:.1e} on the rows it was fitted to and {unseen:.2f} on "
        f"{len(data.validation.labels)} others, where knowing nothing costs {np.log(2):.2f}. "
        "The same linear model fitted by least squares has a squared error of "
        f"{squared[0]:.3f} and {squared[1]:.3f}, where knowing nothing costs {constant:.3f}. "
        f"Of the others, the two get {right[0]:.3f} and {right[1]:.3f} right",
        as_said=unseen / np.log(2) < squared[1] / constant,
    )


def _harmless_second_softmax() -> Finding:
    perfect, wrong = 40.0 * np.eye(10)[0], 40.0 * np.eye(10)[1]
    floor, right = cross_entropy(softmax(perfect), 0), cross_entropy(perfect, 0)
    inner = softmax(wrong)
    outer = cross_entropy_gradient(inner, 0)
    twice = inner * (outer - inner @ outer)  # through the softmax that was left in the model
    once = cross_entropy_gradient(wrong, 0)
    return Finding(
        f"with two of them, a right answer that leads nine other classes by 40 costs {floor:.3f} "
        f"instead of {right:.1e}, and a wrong one is corrected by a gradient of "
        f"{abs(twice[0]):.1e} instead of {abs(once[0]):.1f}",
        as_said=bool(abs(floor - right) < 1e-3 and abs(twice[0] - once[0]) < 1e-3),
    )


def _loss_from_output() -> Finding:
    gaps = (800.0, 900.0)
    logits = np.array([[0.0, gap] for gap in gaps])
    losses, outputs = cross_entropy(logits, [0, 0], "none"), softmax(logits)
    same = bool((outputs[0] == outputs[1]).all())
    return Finding(
        f"two models whose logits are {gaps[0]:g} and {gaps[1]:g} apart, on the wrong side, have "
        f"the losses {losses[0]:g} and {losses[1]:g}, and in float64 "
        f"{'the same' if same else 'another'} softmax output: no function of the output can give "
        "both losses",
        as_said=same and losses[0] != losses[1],
    )


def _binary_without_brackets() -> Finding:
    logits = np.array([-2.0, 0.0, 2.0, 8.0])
    p, y = sigmoid(logits), 0
    printed = -y * np.log(p) + (1 - y) * np.log(1 - p)
    true = binary_cross_entropy(logits, np.zeros(4), "none")
    return Finding(
        f"for an example of class 0 and p = {p[2]:.4f} it gives −{-printed[2]:.2f}, "
        f"and for p = {p[3]:.6f} it gives −{-printed[3]:.2f}: the worse the answer, "
        f"the lower the loss. With the brackets it gives {true[2]:.2f} and {true[3]:.2f}",
        as_said=bool(np.allclose(printed, true)),
    )


def _peaky_by_penalty() -> Finding:
    data = load("digits").standardised()
    penalties = (0.1, 1.0, 10.0, 100.0, 1000.0)
    spread = [
        float(
            entropy(
                SoftmaxRegression(each).fit(*data.train).predict_proba(data.test.features)
            ).mean()
        )
        for each in penalties
    ]
    told = ", ".join(f"{each:.3f}" for each in spread)
    return Finding(
        f"softmax regression on the digits with penalties from {penalties[0]:g} to "
        f"{penalties[-1]:g}, each ten times the one before, has a mean entropy of {told} nats on "
        f"the test digits (evenly spread: {np.log(10):.3f})",
        as_said=bool((np.diff(spread) > 0).all()),
    )


@cache
def _trained() -> tuple[FloatArray, NDArray[Any], int]:
    """Train a network on few digits; return its logits on the test digits, labels, how few."""
    digits = load("digits").standardised()
    few = thinned(digits.train, [0.1] * 10, seed=0)
    network = Network(64, 64, 10)
    train(network, few, Recipe(epochs=60), progress=False)
    return network.logits(digits.test.features), digits.test.labels, len(few.labels)


def _output_as_confidence() -> Finding:
    logits, labels, n_seen = _trained()
    p = softmax(logits)
    right = float((p.argmax(axis=1) == labels).mean())
    error = expected_calibration_error(p, labels)
    chance = float(np.quantile(calibration_error_by_chance(p, n_draws=300), 0.99))
    sure = p.max(axis=1).mean()
    return Finding(
        f"a network that learnt from {n_seen} handwritten digits gives its answers on {len(p)} "
        f"others a mean share of {sure:.3f}, and {right:.3f} are right. Its expected calibration "
        f"error is {error:.3f}, where chance alone stays below {chance:.3f} in 99 of 100 cases",
        as_said=bool((p >= 0).all() and np.allclose(p.sum(axis=1), 1)),
        as_understood=bool(error <= chance),
    )


def _temperature_and_accuracy() -> Finding:
    logits, labels, _ = _trained()
    temperatures = np.geomspace(0.05, 20, 30)
    right = {
        int((softmax(logits, temperature=each).argmax(axis=1) == labels).sum())
        for each in temperatures
    }
    return Finding(
        f"at {len(temperatures)} temperatures from {temperatures[0]:g} to {temperatures[-1]:g}, "
        f"the network of the claim before this one gets {' or '.join(map(str, sorted(right)))} of "
        f"{len(labels)} digits right",
        as_said=len(right) == 1,
    )


LEARNING_CLAIMS = (
    Claim(
        name="binary-without-brackets",
        kind="learning",
        words="The cross-entropy of two classes is −y log p + (1 − y) log(1 − p).",
        source=Heard("a slip that one meets in print; we have no source to link to"),
        verdict=Verdict.FALSE,
        check=_binary_without_brackets,
        truth="The minus sign belongs to both terms.",
        section="[Two classes: binary cross-entropy](losses.md#two-classes-binary-cross-entropy)",
    ),
    Claim(
        name="loss-from-output",
        kind="learning",
        words="it's impossible to provide an exact and numerically stable loss calculation for "
        "all models when using a softmax output",
        source=TENSORFLOW,
        verdict=Verdict.TRUE,
        check=_loss_from_output,
        truth="So the loss should be given logits. A library can look behind the output, at the "
        "logits it came from, and some versions of Keras do; it then no longer uses the output.",
        section="[Log and softmax in one function](losses.md#log-and-softmax-in-one-function)",
    ),
    Claim(
        name="harmless-second-softmax",
        kind="learning",
        words="A softmax layer before a loss that has a softmax of its own does no harm.",
        source=Heard(),
        verdict=Verdict.FALSE,
        check=_harmless_second_softmax,
        truth="If the loss takes logits, the model must end without a softmax.",
        section="[Softmax applied twice](losses.md#softmax-applied-twice)",
    ),
    Claim(
        name="relieved-overfitting",
        kind="learning",
        words="Cross-entropy relieves over-fitting.",
        source=Heard(),
        verdict=Verdict.FALSE,
        check=_relieved_overfitting,
        truth="On data that can be separated it has no minimum: it drives the weights to infinity "
        "and every probability to 0 or 1, and on new rows a wrong answer then costs a lot. "
        "Fewer right answers need not follow. A penalty holds the weights.",
        section="[Does cross-entropy relieve over-fitting?]"
        "(regression.md#does-cross-entropy-relieve-over-fitting)",
    ),
    Claim(
        name="peaky-by-penalty",
        kind="learning",
        words="how peaky or diffuse these probabilities are depends directly on the "
        "regularization strength",
        source=linear_classification("SVM vs. Softmax"),
        verdict=Verdict.TRUE,
        check=_peaky_by_penalty,
        truth="One of these models may be calibrated, and for that one the shares mean what they "
        "say; which one it is has to be measured.",
        section="[A penalty](remedies.md#a-penalty)",
    ),
    Claim(
        name="output-as-confidence",
        kind="learning",
        words="What softmax puts out are probabilities, so they say how sure to be.",
        source=Heard(),
        verdict=Verdict.MISLEADING,
        check=_output_as_confidence,
        truth="They are positive and sum to 1. Whether nine of ten answers with a share of "
        "0.9 are right is another question, and a reliability diagram answers it.",
        section="[Too sure](calibration.md#too-sure)",
    ),
    Claim(
        name="temperature-and-accuracy",
        kind="learning",
        words="temperature scaling does not affect the model's accuracy",
        source=paper(
            "Guo and others, On calibration of modern neural networks",
            "1706.04599",
            "section 4.2, in a copy of the text",
        ),
        verdict=Verdict.TRUE,
        check=_temperature_and_accuracy,
        truth="Dividing all logits by one positive number leaves their order alone.",
        section="[Temperature scaling](calibration.md#temperature-scaling)",
    ),
)
"""The claims that Part II checks, in the order of the page."""
