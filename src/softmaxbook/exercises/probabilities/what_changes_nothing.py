"""What changes nothing?"""

import numpy as np

from softmaxbook.checking import Exercise

logits = np.array([1.0, 2.0, 4.0])
changes = {
    "a": ("multiply every logit by 3", lambda z: 3 * z),
    "b": ("add 3 to every logit", lambda z: z + 3),
    "c": ("add 3 to the largest logit", lambda z: z + 3 * (z == z.max())),
    "d": ("divide every logit by their sum", lambda z: z / z.sum()),
}


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def solution():
    same = [
        key for key, (_, f) in changes.items() if np.allclose(softmax(f(logits)), softmax(logits))
    ]
    return "".join(same)


def scale_does_not_matter():
    """Only differences of logits count, and multiplying by 3 makes them three times as large.
    That is a temperature of 1/3: the distribution sharpens."""
    return "a"


def the_order_is_all_that_counts():
    """The order of the classes stays the same, the probabilities do not: the gap to the largest
    logit grows, and with it the largest probability."""
    return "c"


def normalised_twice():
    """Dividing by the sum scales all the differences, which changes the probabilities. Softmax
    divides by a sum as well, but of exponentials, and after taking them."""
    return "d"


EXERCISE = Exercise(
    title="What changes nothing?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="The logits are 1, 2, 4. Which change leaves all three probabilities as they are?",
    options=tuple((key, text) for key, (text, _) in changes.items()),
    solution=solution,
    mistakes=(scale_does_not_matter, the_order_is_all_that_counts, normalised_twice),
    hints=(
        "Write p₁ / p₂ with exponentials and simplify. What of the logits is left?",
        "p₁ / p₂ = exp(z₁ − z₂): which change keeps every difference?",
    ),
    explanation="Adding c multiplies each exponential by exp(c), and the sum as well: it cancels.",
)
