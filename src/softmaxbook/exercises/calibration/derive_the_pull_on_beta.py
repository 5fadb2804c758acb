"""How the loss answers to the temperature."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def slope_in_beta(logits, labels, beta):
    e = np.exp(beta * (logits - np.max(logits, axis=-1, keepdims=True)))
    expected = np.sum(e * logits, axis=-1) / np.sum(e, axis=-1)
    return np.mean(expected - logits[np.arange(len(labels)), labels])


def sign_reversed(logits, labels, beta, base=slope_in_beta):
    """The sign is reversed. The loss is log Σ exp(βz) − βz_y: the label's logit has the minus."""
    return -base(logits, labels, beta)


def beta_forgotten(logits, labels, beta, base=slope_in_beta):
    """Your probabilities are those of β = 1. The expectation is taken with p = softmax(βz)."""
    return base(logits, labels, 1.0)


def beta_in_front(logits, labels, beta, base=slope_in_beta):
    """There is a factor β too many. β stands in the exponent; the derivative of βz is z."""
    return beta * base(logits, labels, beta)


def in_the_temperature(logits, labels, beta, base=slope_in_beta):
    """This is the derivative in T = 1/β, which has a factor −β². The one in β is asked for."""
    return -(beta**2) * base(logits, labels, beta)


def label_forgotten(logits, labels, beta):
    """This is the mean of Σ p z, which log-sum-exp gives. The other part of the loss, −βz_y,
    gives −z_y."""
    e = np.exp(beta * (logits - np.max(logits, axis=-1, keepdims=True)))
    return np.mean(np.sum(e * logits, axis=-1) / np.sum(e, axis=-1))


def plain_mean_of_logits(logits, labels, beta):
    """You take the plain mean of the logits. Each counts with its probability: Σ p z."""
    return np.mean(np.mean(logits, axis=-1) - logits[np.arange(len(labels)), labels])


def sum_for_mean(logits, labels, beta, base=slope_in_beta):
    """This is the derivative of the sum over the rows. The loss is the mean."""
    return base(logits, labels, beta) * len(labels)


def temperature_for_beta(logits, labels, beta, base=slope_in_beta):
    """You divide the logits by β. It is the *inverse* temperature: they are multiplied by it."""
    return base(logits, labels, 1 / beta)


def largest_for_expected(logits, labels, beta):
    """You take the largest logit. That is the limit for large β; in general it is the mean under
    p, Σ p z."""
    return np.mean(np.max(logits, axis=-1) - logits[np.arange(len(labels)), labels]) + 0 * beta


def beta_left_on_the_label(logits, labels, beta):
    """The β is still before the label's logit. The derivative of βz_y in β is z_y."""
    e = np.exp(beta * (logits - np.max(logits, axis=-1, keepdims=True)))
    expected = np.sum(e * logits, axis=-1) / np.sum(e, axis=-1)
    return np.mean(expected - beta * logits[np.arange(len(labels)), labels])


def label_alone(logits, labels, beta):
    """(p_y − 1) z_y is the label's part alone. β multiplies *all* logits, so each class brings
    (p − y) z: their sum is Σ p z − z_y."""
    e = np.exp(beta * (logits - np.max(logits, axis=-1, keepdims=True)))
    rows = np.arange(len(labels))
    own = e[rows, labels] / np.sum(e, axis=-1)
    return np.mean((own - 1) * logits[rows, labels])


EXERCISE = Exercise(
    title="How the loss answers to the temperature",
    kind="derive",
    difficulty=3,
    statement=r"""
        With the inverse temperature $\beta = 1/T$, the mean cross-entropy is

        $$ \ell(\beta) = \frac1n \sum_i \Bigl( \log \sum_k e^{\beta z_{ik}} - \beta z_{i y_i}
        \Bigr) . $$

        Derive $d\ell / d\beta$, and write it as `slope_in_beta(logits, labels, beta)`.
        What does it say where it is 0?
        """,
    solution=slope_in_beta,
    mistakes=(
        sign_reversed,
        beta_forgotten,
        beta_in_front,
        in_the_temperature,
        label_forgotten,
        plain_mean_of_logits,
        sum_for_mean,
        temperature_for_beta,
        largest_for_expected,
        beta_left_on_the_label,
        label_alone,
    ),
    either=(
        (beta_forgotten, temperature_for_beta),
        (beta_forgotten, in_the_temperature),
        (temperature_for_beta, beta_in_front),
        (beta_in_front, in_the_temperature),
    ),
    probes=(
        probe(
            "two rows",
            [[2.0, 1.0, -1.0], [0.5, 1.5, 0.0]],
            [0, 2],
            0.5,
            why="the probabilities are softmax of half the logits; what they weight are the logits "
            "as they stand.",
        ),
        probe("one row", [[3.0, 0.0]], [1], 2.0),
        probe("three rows", [[1.0, -1.0], [2.0, 2.5], [0.0, 4.0]], [0, 0, 1], 0.25),
        probe("no temperature", [[2.0, 0.0, 1.0], [1.0, 3.0, -2.0]], [1, 1], 1.0),
        probe(
            "infinitely hot",
            [[2.0, 0.0, 1.0], [1.0, 3.0, -2.0]],
            [0, 2],
            0.0,
            why="with β = 0 all classes are equal, and the expectation is the plain mean.",
        ),
    ),
    fresh=lambda rng: (
        rng.normal(scale=2, size=(4, 3)),
        rng.integers(0, 3, size=4),
        float(rng.uniform(0.2, 2)),
    ),
    hints=(
        "Differentiate the two terms of one row in β. The second is linear.",
        "d/dβ log Σ exp(βz) = Σ z exp(βz) / Σ exp(βz). Which mean of the logits is that?",
        "Σ p z − z_y with p = softmax(βz), averaged over the rows.",
    ),
    explanation="At the best β the labels' logits are on average what the model itself expects.",
)
