"""What does a silent unit learn?"""

import numpy as np

from softmaxbook.checking import Exercise

X = np.array([[1.0, -2.0, 0.5]])  # a digit of three pixels
HIDDEN = np.array([[0.5, 0.4, -0.2], [0.3, -0.6, 0.1]])  # the first of two units is silent
OUTPUT = np.array([[0.7, -0.3], [-0.2, 0.5]])
LABEL = np.array([[1.0, 0.0]])


def gradients():
    """Return the gradients of the loss in the weights of both layers."""
    entered = X @ HIDDEN.T
    out = np.maximum(entered, 0)
    shares = np.exp(out @ OUTPUT.T)
    error = shares / shares.sum() - LABEL
    return (error @ OUTPUT * (entered > 0)).T @ X, error.T @ out


def solution():
    into, out_of = gradients()
    changes = bool(into[0].any()), bool(out_of[:, 0].any())
    return {(True, True): "a", (False, True): "b", (True, False): "c", (False, False): "d"}[changes]


def all_weights():
    """What leads out of the unit is multiplied by its output, 0, and what leads into it by the
    slope of max(x, 0), which is 0 as well. So there is no pull on any of them."""
    return "a"


def those_that_lead_out():
    """These weights are multiplied by the unit's output, and it is 0: a change of them changes
    nothing."""
    return "b"


def those_that_lead_in():
    """A small change of what enters the unit changes nothing: it stays below 0, and max(x, 0) stays
    at 0. The slope there is 0, and the gradient has it as a factor."""
    return "c"


EXERCISE = Exercise(
    title="What does a silent unit learn?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        In the hidden layer, a disc that is empty is a unit whose output for this digit is 0.
        The digit is now used for one step of plain gradient descent.
        Which weights of such a unit will it change?
        """,
    options=(
        ("a", "All of them: the unit should have said something."),
        ("b", "Those that lead from it to the logits."),
        ("c", "Those that lead from the pixels into it."),
        ("d", "None."),
    ),
    solution=solution,
    mistakes=(all_weights, those_that_lead_out, those_that_lead_in),
    hints=(
        "Change one such weight a little in your mind. Does any logit move?",
        "The unit's function is max(x, 0), and its x is below 0. What is its slope there?",
    ),
    explanation="""
        Nothing that leads out of the unit matters while its output is 0, and nothing that leads in
        while the slope of max(x, 0) is 0. It learns from other digits, for which it is awake; with
        momentum, a step also repeats a part of earlier ones.
        """,
)
