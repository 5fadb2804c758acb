"""A loss from a few drawn classes."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def sampled_loss(label_logit, sample_logits, proposal):
    corrected = sample_logits - np.log(len(sample_logits) * proposal)
    return np.log(np.exp(label_logit) + np.sum(np.exp(corrected))) - label_logit


def not_corrected(label_logit, sample_logits, proposal):
    """The drawn logits are taken as they are. A class that is drawn often would then be pushed down
    often: subtract log(m q) from its logit."""
    return np.log(np.exp(label_logit) + np.sum(np.exp(sample_logits))) - label_logit


def number_of_draws_forgotten(label_logit, sample_logits, proposal):
    """You subtract log q without the number of draws m, or take log m off the label as well, which
    comes to the same: m draws would count m times."""
    corrected = sample_logits - np.log(proposal)
    return np.log(np.exp(label_logit) + np.sum(np.exp(corrected))) - label_logit


def sign_of_the_correction(label_logit, sample_logits, proposal):
    """The correction has the wrong sign. A class that is drawn *often* must count *less* each time:
    subtract log(m q)."""
    corrected = sample_logits + np.log(len(sample_logits) * proposal)
    return np.log(np.exp(label_logit) + np.sum(np.exp(corrected))) - label_logit


def only_the_number(label_logit, sample_logits, proposal):
    """You divide by the number of draws, and q is missing: drawn classes would count alike, however
    often they are drawn."""
    corrected = sample_logits - np.log(len(sample_logits)) + 0 * proposal
    return np.log(np.exp(label_logit) + np.sum(np.exp(corrected))) - label_logit


def logarithm_forgotten(label_logit, sample_logits, proposal):
    """You subtract m q from the logits. A factor before an exponential is a *logarithm* in its
    exponent."""
    corrected = sample_logits - len(sample_logits) * proposal
    return np.log(np.exp(label_logit) + np.sum(np.exp(corrected))) - label_logit


def label_left_out(label_logit, sample_logits, proposal):
    """The label's own exponential is missing below the line."""
    corrected = sample_logits - np.log(len(sample_logits) * proposal)
    return np.log(np.sum(np.exp(corrected))) - label_logit


def logarithm_of_the_loss_only(label_logit, sample_logits, proposal):
    """No logarithm is taken of the label's probability. The loss is minus its logarithm."""
    corrected = sample_logits - np.log(len(sample_logits) * proposal)
    return np.exp(label_logit) / (np.exp(label_logit) + np.sum(np.exp(corrected)))


def sign_reversed(label_logit, sample_logits, proposal, base=sampled_loss):
    """The sign is reversed: the loss is *minus* the logarithm of the probability."""
    return -base(label_logit, sample_logits, proposal)


EXERCISE = Exercise(
    title="A loss from a few drawn classes",
    kind="write",
    difficulty=3,
    statement=r"""
        Of very many classes $m$ have been drawn, class $k$ with the probability $q_k$ at each draw;
        none of them happens to be the label. Write
        `sampled_loss(label_logit, sample_logits, proposal)`: the cross-entropy of the label among
        itself and the drawn classes, corrected so that the sum of exponentials is on average that
        of all classes. `sample_logits` and `proposal` have one entry for each draw.
        """,
    solution=sampled_loss,
    mistakes=(
        not_corrected,
        number_of_draws_forgotten,
        sign_of_the_correction,
        only_the_number,
        logarithm_forgotten,
        label_left_out,
        logarithm_of_the_loss_only,
        sign_reversed,
    ),
    probes=(
        probe("two draws", 2.0, [1.0, -1.0], [0.2, 0.05]),
        probe("three draws", 0.0, [0.5, 0.0, 1.5], [0.1, 0.3, 0.02]),
        probe(
            "one class twice",
            1.0,
            [0.25, 0.25],
            [0.25, 0.25],
            why="a class that is drawn twice counts twice.",
        ),
        probe("a rare label", -1.0, [2.0, 1.0, 0.0, 1.0], [0.4, 0.3, 0.1, 0.3]),
    ),
    fresh=lambda rng: (
        float(rng.normal()),
        rng.normal(size=5),
        rng.uniform(0.02, 0.18, size=5),
    ),
    hints=(
        "How often is class k among m draws, on average? By what must it be divided to count once?",
        "m q_k times on average: divide its exponential by m q_k, so subtract log(m q_k).",
    ),
    explanation="Each of m draws adds exp(z) / (m q) with the probability q, so the sum is right "
    "on average. Its logarithm is not, and the bias falls as m grows.",
)
