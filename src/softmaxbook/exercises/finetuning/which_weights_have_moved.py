"""Which weights have moved?"""

import numpy as np

from softmaxbook.checking import Exercise

FEATURES = np.array([[1.0, 0.5], [-1.0, 2.0], [0.3, -0.7]])
LABELS = np.array([0, 1, 1])
PRETRAINED = (
    np.array([[1.0, -0.5], [0.4, 0.8]]),  # the first block
    np.array([[0.7, 0.2], [-0.6, 0.9]]),  # the last block
    np.array([[0.1, -0.2], [0.05, 0.3]]),  # the new head
)
NAMES = ("first block", "last block", "head")


def loss(weights):
    values = FEATURES
    for weight in weights[:-1]:
        values = np.tanh(values @ weight.T)
    logits = values @ weights[-1].T
    rows = np.arange(len(LABELS))
    return np.mean(np.log(np.sum(np.exp(logits), axis=1)) - logits[rows, LABELS])


def moved_by_one_step():
    """Return the names of all layers that a step with all parameters moves."""
    moved = set()
    for layer, name in enumerate(NAMES):
        for place in np.ndindex(PRETRAINED[layer].shape):
            changed = [weight.copy() for weight in PRETRAINED]
            changed[layer][place] += 1e-6
            if abs(loss(changed) - loss(PRETRAINED)) > 1e-12:  # a slope, so a step
                moved.add(name)
    return moved


answers = {
    "a": ("The new head only: the others are pretrained.", {"head"}),
    "b": ("The head and the last block before it.", {"head", "last block"}),
    "c": ("All of them.", {"head", "last block", "first block"}),
    "d": ("None: a pretrained network has to be unfrozen first.", set()),
}


def solution():
    moved = moved_by_one_step()
    return "".join(letter for letter, (_, names) in answers.items() if names == moved)


def pretrained_means_frozen():
    """That weights were pretrained is written nowhere in them. What the optimiser was given moves
    wherever the loss has a slope, and a comment in the program freezes nothing."""
    return "a"


def the_last_block_too():
    """Where should the line be drawn? No line of the program names a block. The optimiser was given
    everything, and the gradient flows back to the pixels."""
    return "b"


def frozen_from_the_start():
    """Pretrained weights come with `requires_grad=True`, like any others. Freezing is a step of its
    own, and it is missing here."""
    return "d"


EXERCISE = Exercise(
    title="Which weights have moved?",
    kind="predict",
    difficulty=1,
    form="choice",
    statement="""
        A program loads a pretrained network, replaces its head, and goes on with

        `optimiser = SGD(model.parameters(), lr=1e-3, momentum=0.9)  # fine-tune the last layer`

        and the usual loop over batches.
        In which layers are there weights that differ after one step?
        """,
    options=tuple((letter, text) for letter, (text, _) in answers.items()),
    solution=solution,
    mistakes=(pretrained_means_frozen, the_last_block_too, frozen_from_the_start),
    hints=(
        "Which parameters has the optimiser been given? Which of them get a gradient?",
        "Nothing in the program sets `requires_grad`, and the comment does nothing.",
    ),
    explanation="""
        `model.parameters()` are all of them, and the gradient reaches every layer.
        A single weight may still stay where it was, such as one behind a ReLU that is 0 for the
        whole batch.
        To train the last layer alone, freeze the others, and then *look*: compare the weights
        before and after one step.
        """,
)
