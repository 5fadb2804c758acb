"""How far apart under label smoothing?"""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(smoothing, n_classes):
    return np.log((1 - smoothing + smoothing / n_classes) / (smoothing / n_classes))


def label_without_its_share(smoothing, n_classes):
    """You gave the label 1 − ε. It also gets its part of what is spread: 1 − ε + ε / K."""
    return np.log((1 - smoothing) / (smoothing / n_classes))


def spread_over_the_others(smoothing, n_classes):
    """You divided ε among the K − 1 other classes. It is spread over all K classes, the label
    included."""
    return np.log((1 - smoothing) / (smoothing / (n_classes - 1)))


def all_of_it_to_one(smoothing, n_classes):
    """You compared 1 − ε with all of ε. A single other class gets only ε / K."""
    return np.log((1 - smoothing) / smoothing) + 0 * n_classes


def logarithm_forgotten(smoothing, n_classes):
    """This is the ratio of the two probabilities. The gap of the logits is its logarithm."""
    return np.exp(solution(smoothing, n_classes))


def probability_for_gap(smoothing, n_classes):
    """This is the label's target. The logits' gap is the logarithm of how many times it is the
    target of another class."""
    return 1 - smoothing + smoothing / n_classes


def difference_of_targets(smoothing, n_classes):
    """You subtracted the targets. Logits differ by the difference of the logarithms."""
    return 1 - smoothing + 0 * n_classes


EXERCISE = Exercise(
    title="How far apart under label smoothing?",
    kind="predict",
    difficulty=2,
    form="number",
    statement=lambda smoothing, n_classes: (
        f"""
        A model of {n_classes} classes is trained with label smoothing of
        $\\varepsilon = {smoothing:g}$, spread over all classes.
        It reaches its targets exactly. How far is the label's logit above each of the others?
        """
    ),
    solution=solution,
    mistakes=(
        label_without_its_share,
        spread_over_the_others,
        all_of_it_to_one,
        logarithm_forgotten,
        probability_for_gap,
        difference_of_targets,
    ),
    probes=(probe("the question", 0.3, 4),),
    fresh=lambda rng: (int(rng.integers(15, 45)) / 100, int(rng.integers(3, 9))),
    nudge="Check: softmax of your answer and zeros for the others should give the targets.",
    hints=(
        "Which probability is the label's target, and which that of each other class?",
        "Logits are logarithms of probabilities, up to a constant: take that of the ratio.",
    ),
    explanation=lambda smoothing, n_classes: (
        f"log(({1 - smoothing + smoothing / n_classes:.4g}) / ({smoothing / n_classes:.4g})) = "
        f"{solution(smoothing, n_classes):.4f}."
    ),
)
