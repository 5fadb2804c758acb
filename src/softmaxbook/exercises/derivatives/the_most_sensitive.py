"""Where softmax is most sensitive."""

import numpy as np

from softmaxbook.checking.specification import Exercise, listed

logits = {
    "a": np.array([0.0, 0.0]),
    "b": np.array([4.0, 0.0]),
    "c": np.array([0.0, 0.0, 0.0, 0.0]),
    "d": np.array([40.0, 0.0]),
}


def own_derivative(z):
    p = np.exp(z) / np.exp(z).sum()
    return p[0] * (1 - p[0])


def solution():
    return max(logits, key=lambda letter: own_derivative(logits[letter]))


def larger_logits_react_more():
    """At 4 against 0 the first class has 98 % already: there is little left to gain, and
    p(1 − p) is small. The derivative is largest where p = 1/2."""
    return "b"


def the_more_classes_the_more_sensitive():
    """Among four equal classes p = 1/4, and p(1 − p) is 3/16. That is less than the 1/4 that
    p = 1/2 gives."""
    return "c"


def large_logits_explode():
    """A large logit does not make the derivative large: it makes p = 1 and p(1 − p) nearly 0.
    Softmax saturates, it does not explode."""
    return "d"


EXERCISE = Exercise(
    title="Where softmax is most sensitive",
    kind="choose",
    difficulty=1,
    form="choice",
    statement=r"""
        The first logit rises a little. For which logits does the first probability answer most,
        that is, where is $\partial p_1 / \partial z_1$ largest?
        """,
    options=tuple((letter, listed(z)) for letter, z in logits.items()),
    solution=solution,
    mistakes=(
        larger_logits_react_more,
        the_more_classes_the_more_sensitive,
        large_logits_explode,
    ),
    hints=(
        "The derivative is p₁(1 − p₁). For which p is it largest?",
        "Which of these logits gives the first class exactly that probability?",
    ),
    explanation="p(1 − p) is largest at p = 1/2, where it is 1/4.",
)
