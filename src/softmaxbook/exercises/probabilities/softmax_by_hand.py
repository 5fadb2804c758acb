"""A probability by hand."""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed, probe

PLACES = ("first", "second", "third")


def solution(logits, asked):
    exponentials = np.exp(logits)
    return exponentials[asked] / exponentials.sum()


def no_exponentials(logits, asked):
    """You divided the logit by the sum of the logits. Softmax divides exponentials: logits
    may be negative, and their sum may be zero, so their shares are not probabilities."""
    return logits[asked] / logits.sum()


def divided_by_the_largest(logits, asked):
    """You divided by the largest exponential. Then the largest entry is 1 and the sum is more
    than 1; divide by the sum of all three exponentials."""
    return np.exp(logits[asked]) / np.exp(logits).max()


def left_itself_out(logits, asked):
    """You divided by the exponentials of the other two: that is the odds, p / (1 − p). The sum
    below the line runs over all classes, the class itself included."""
    return np.exp(logits[asked]) / np.exp(np.delete(logits, asked)).sum()


def last_class_left_out(logits, asked):
    """The last class is missing from the sum, or the second if the last is asked for: the sum
    below the line runs over all three."""
    kept = [asked, 1 if asked == 0 else 0]
    return np.exp(logits[asked]) / np.exp(logits[kept]).sum()


def base_two(logits, asked):
    """You took powers of 2. Softmax takes powers of e = 2.718…"""
    return 2 ** logits[asked] / (2**logits).sum()


def alone_against_zero(logits, asked):
    """You used the logit alone: that is the sigmoid, softmax against one other class whose
    logit is 0. Here the other logits count as they are."""
    return 1 / (1 + np.exp(-logits[asked]))


def the_neighbour(logits, asked):
    """This is the probability of the first class, or of the second if the first is asked for."""
    return np.exp(np.delete(logits, asked)[0]) / np.exp(logits).sum()


def the_last_class(logits, asked):
    """This is the probability of the third class, or of the second if the third is asked for."""
    return np.exp(np.delete(logits, asked)[1]) / np.exp(logits).sum()


EXERCISE = Exercise(
    title="A probability by hand",
    kind="predict",
    difficulty=1,
    form="number",
    digits=3,
    percent=True,
    statement=lambda logits, asked: (
        f"""
        Three classes have the logits {listed(logits)}.
        What is the probability of the **{PLACES[asked]}** class?
        Give three significant digits: zeros at the front do not count.
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
    probes=(probe("the question", [2.0, 1.0, -1.0], 1),),
    fresh=lambda rng: (
        rng.permutation([-rng.integers(2, 30), *rng.choice(np.arange(2, 30), 2, replace=False)])
        / 10,
        int(rng.integers(3)),
    ),
    nudge="Check: the three probabilities add up to 1, in the order of the logits.",
    hints=(
        "Write the three exponentials below each other and add them up.",
        "Each class has the share exp(its logit) / (sum of the three exponentials).",
    ),
    explanation=lambda logits, asked: (
        f"The exponentials are {', '.join(f'{e:.3f}' for e in np.exp(logits))}; their sum is "
        f"{np.exp(logits).sum():.3f}."
    ),
)
