"""A probability by hand."""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed, probe


def solution(logits):
    exponentials = np.exp(logits)
    return exponentials[1] / exponentials.sum()


def no_exponentials(logits):
    """You divided the logit by the sum of the logits. Softmax divides exponentials: logits
    may be negative, and their sum may be zero, so their shares are not probabilities."""
    return logits[1] / logits.sum()


def divided_by_the_largest(logits):
    """You divided by the largest exponential. Then the largest entry is 1 and the sum is more
    than 1; divide by the sum of all three exponentials."""
    return np.exp(logits[1]) / np.exp(logits).max()


def left_itself_out(logits):
    """You divided by the exponentials of the other two: that is the odds, p / (1 − p). The sum
    below the line runs over all classes, the class itself included."""
    return np.exp(logits[1]) / np.exp(np.delete(logits, 1)).sum()


def last_class_left_out(logits):
    """The last class is missing from the sum: the sum below the line runs over all three."""
    return np.exp(logits[1]) / np.exp(logits[:2]).sum()


def base_two(logits):
    """You took powers of 2. Softmax takes powers of e = 2.718…"""
    return 2 ** logits[1] / (2**logits).sum()


def alone_against_zero(logits):
    """You used the logit alone: that is the sigmoid, softmax against one other class whose
    logit is 0. Here the other logits count as they are."""
    return 1 / (1 + np.exp(-logits[1]))


def the_neighbour(logits):
    """This is the probability of the first class. The second one is asked for."""
    return np.exp(logits[0]) / np.exp(logits).sum()


def the_last_class(logits):
    """This is the probability of the third class. The second one is asked for."""
    return np.exp(logits[2]) / np.exp(logits).sum()


EXERCISE = Exercise(
    title="A probability by hand",
    kind="predict",
    difficulty=1,
    form="number",
    digits=3,
    percent=True,
    statement=lambda logits: (
        f"""
        Three classes have the logits {listed(logits)}.
        What is the probability of the **second** class? Give three digits.
        """
    ),
    solution=solution,
    mistakes=(
        no_exponentials,
        divided_by_the_largest,
        left_itself_out,
        last_class_left_out,
        base_two,
        alone_against_zero,
        the_neighbour,
        the_last_class,
    ),
    probes=(probe("the question", [2.0, 1.0, -1.0]),),
    fresh=lambda rng: (rng.choice(np.arange(-3, 4), 3, replace=False) + rng.choice([0.0, 0.5]),),
    nudge="Check: the three probabilities add up to 1, in the order of the logits.",
    hints=(
        "Write the three exponentials below each other and add them up.",
        "The second class has the share exp(second logit) / (sum of the three exponentials).",
    ),
    explanation=lambda logits: (
        f"The exponentials are {', '.join(f'{e:.3f}' for e in np.exp(logits))}; their sum is "
        f"{np.exp(logits).sum():.3f}."
    ),
)
