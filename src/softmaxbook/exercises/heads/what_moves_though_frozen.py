"""What moves though it is frozen?"""

from typing import Any

import numpy as np

from softmaxbook.checking import Exercise

INPUTS = np.array([[1.0], [3.0], [2.0], [6.0]])
LABELS = np.array([0, 1, 0, 1])
START: dict[str, Any] = {"weight": 0.5, "scale": 1.0, "shift": 0.0, "mean": 0.0, "variance": 1.0}
START["head"] = 0.1


def trained():
    """Return a tiny network after 20 steps in training mode: a weight, a normalisation, a head."""
    state = START.copy()
    learns = {"head"}  # requires_grad=False for all others
    for _ in range(20):
        entered = state["weight"] * INPUTS[:, 0]
        mean, variance = np.mean(entered), np.var(entered)
        state["mean"] += 0.1 * (mean - state["mean"])
        state["variance"] += 0.1 * (variance - state["variance"])
        normal = state["scale"] * (entered - mean) / np.sqrt(variance + 1e-5) + state["shift"]
        slope = 1 / (1 + np.exp(-state["head"] * normal)) - LABELS
        gradients = {"head": np.mean(slope * normal), "shift": np.mean(slope * state["head"])}
        for name in learns:
            state[name] -= 0.5 * gradients[name]
    return state


bodies = {
    "a": ("None.", set()),
    "b": ("The means and variances that its batch normalisations keep.", {"mean", "variance"}),
    "c": ("The scales and shifts of its batch normalisations.", {"scale", "shift"}),
    "d": ("All of them, by a little.", {"weight", "scale", "shift", "mean", "variance"}),
}


def solution():
    after = trained()
    moved = {name for name in START if after[name] != START[name]} - {"head"}
    return "".join(letter for letter, (_, names) in bodies.items() if names == moved)


def frozen_means_still():
    """A parameter without a gradient stays. But a network holds more than parameters: what does
    batch normalisation write down in training mode, without any gradient?"""
    return "a"


def scales_and_shifts():
    """Scales and shifts are parameters like any other weight, and they are frozen. Something else
    in the same layers is written without a gradient."""
    return "c"


def the_optimiser_reaches_all():
    """The optimiser moves only what has a gradient, and frozen parameters get none. What changes
    here is written on the way forward."""
    return "d"


EXERCISE = Exercise(
    title="What moves though it is frozen?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        A pretrained network with batch normalisation gets a new head.
        All parameters before the head have `requires_grad=False`.
        Then `model.train()` is called, and the head is trained for a hundred batches.
        Which numbers before the head are different afterwards?
        """,
    options=tuple((letter, text) for letter, (text, _) in bodies.items()),
    solution=solution,
    mistakes=(frozen_means_still, scales_and_shifts, the_optimiser_reaches_all),
    hints=(
        "What does a layer of batch normalisation do with a batch in training mode, and what does "
        "it keep for later?",
        "Not everything in `state_dict()` is a parameter.",
    ),
    explanation="""
        In training mode batch normalisation moves its running mean and variance towards those of
        each batch, on the way forward, whether anything learns or not.
        So the frozen body gives other features after training than before.
        Frozen parts belong in evaluation mode.
        """,
)
