"""A shift of the log-sum-exp."""

import numpy as np

from softmaxbook.checking import Exercise

logits, shift = np.array([1.0, 2.0, 4.0]), 10.0
results = {
    "a": ("it stays the same", lambda lse, k: lse),
    "b": ("it grows by 10", lambda lse, k: lse + shift),
    "c": ("it grows by 30, ten for each logit", lambda lse, k: lse + k * shift),
    "d": ("it is multiplied by e¹⁰", lambda lse, k: lse * np.exp(shift)),
}


def solution():
    before, after = (np.log(np.exp(z).sum()) for z in (logits, logits + shift))
    fits = [key for key, (_, f) in results.items() if np.isclose(f(before, len(logits)), after)]
    return "".join(fits)


def invariant_like_softmax():
    """Softmax stays the same, because a shift cancels in its quotient. Log-sum-exp has no
    quotient: the shift comes through. That is why the maximum must be added back."""
    return "a"


def added_for_each_logit():
    """The exponentials are all multiplied by e¹⁰, and so is their sum: once, not three times. The
    logarithm turns this factor into + 10."""
    return "c"


def the_factor_before_the_logarithm():
    """The sum is multiplied by e¹⁰. Log-sum-exp is the logarithm of the sum, and the logarithm
    turns a factor into a summand."""
    return "d"


EXERCISE = Exercise(
    title="A shift of the log-sum-exp",
    kind="choose",
    difficulty=1,
    form="choice",
    statement=r"""
        Ten is added to each of three logits. What happens to $\log \sum_j e^{z_j}$?
        """,
    options=tuple((letter, text) for letter, (text, _) in results.items()),
    solution=solution,
    mistakes=(
        invariant_like_softmax,
        added_for_each_logit,
        the_factor_before_the_logarithm,
    ),
    hints=(
        "Which factor comes out of every exponential?",
        "Take it out of the sum, and then through the logarithm.",
    ),
    explanation="log Σ exp(z + c) = log(exp(c) Σ exp(z)) = c + log Σ exp(z): it is equivariant.",
)
