"""A new head on a frozen body."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def new_head(n_features, n_classes):
    return np.array([n_classes, n_features * n_classes, n_classes])


def only_the_attribute(n_features, n_classes):
    """The network still has 48 outputs, and nothing learns: `out_features` is a note on the layer,
    not its weights. Put a new `nn.Linear` in the layer's place: `model[-1] = …`."""
    return np.array([48])


def attribute_and_open(n_features, n_classes):
    """The network still has 48 outputs: setting `out_features` makes no new weights. Put a new
    `nn.Linear` in the layer's place."""
    return np.array([48, 48 * n_features, 48])


def frozen_with_the_body(n_features, n_classes):
    """Nothing learns: the new head was frozen with the rest. Freeze first and put the head on
    afterwards, or open its parameters again."""
    return np.array([n_classes])


def body_left_open(n_features, n_classes):
    """The body learns too. Set `requires_grad = False` on its parameters."""
    return np.array([n_classes, 16 * n_features, n_features, n_features * n_classes, n_classes])


def behind_the_old_head(n_features, n_classes):
    """The new layer stands *behind* the old head, and reads its 48 outputs. It has to take the old
    head's place and read the features."""
    return np.array([n_classes, 48 * n_classes, n_classes])


def behind_the_old_head_and_open(n_features, n_classes):
    """The new layer stands behind the old head, which goes on learning. It has to take the old
    head's place."""
    return np.array([n_classes, 48 * n_features, 48, 48 * n_classes, n_classes])


def without_a_bias(n_features, n_classes):
    """The new head has no bias. `nn.Linear` has one unless it is told otherwise."""
    return np.array([n_classes, n_features * n_classes])


def one_number_in_all(n_features, n_classes):
    """The numbers that learn are added up. Asked for is one entry for each tensor."""
    return np.array([n_classes, n_features * n_classes + n_classes])


def outputs_forgotten(n_features, n_classes):
    """The number of outputs is missing: it is the first entry."""
    return np.array([n_features * n_classes, n_classes])


EXERCISE = Exercise(
    title="A new head on a frozen body",
    kind="find",
    difficulty=2,
    statement="""
        A PyTorch network was trained on 48 letters. It is to tell `n_classes` classes, with a new
        head on its body, and only the head is to learn.
        This program returns the number of outputs, and then for each tensor that learns how many
        numbers it holds. It returns 48 and nothing else.
        Mend it. What is returned should stay as it is.
        """,
    starter="""\
def new_head(n_features, n_classes):
    import torch
    from torch import nn

    model = nn.Sequential(nn.Linear(16, n_features), nn.ReLU(), nn.Linear(n_features, 48))
    model[-1].out_features = n_classes
    for parameter in model.parameters():
        parameter.requires_grad = False
    n_outputs = model(torch.ones(1, 16)).shape[-1]
    return [n_outputs, *(p.numel() for p in model.parameters() if p.requires_grad)]""",
    solution=new_head,
    program="""\
def new_head(n_features, n_classes):
    import torch
    from torch import nn

    model = nn.Sequential(nn.Linear(16, n_features), nn.ReLU(), nn.Linear(n_features, 48))
    for parameter in model.parameters():
        parameter.requires_grad = False
    model[-1] = nn.Linear(n_features, n_classes)
    n_outputs = model(torch.ones(1, 16)).shape[-1]
    return [n_outputs, *(p.numel() for p in model.parameters() if p.requires_grad)]
""",
    mistakes=(
        only_the_attribute,
        attribute_and_open,
        frozen_with_the_body,
        body_left_open,
        behind_the_old_head,
        behind_the_old_head_and_open,
        without_a_bias,
        one_number_in_all,
        outputs_forgotten,
    ),
    probes=(
        probe("ten digits", 8, 10),
        probe("two classes", 8, 2),
        probe("more features", 32, 5),
        probe("as many classes as before", 8, 48, why="even then the head has to be a new one."),
    ),
    fresh=lambda rng: (int(rng.integers(4, 40)), int(rng.integers(3, 40))),
    hints=(
        "Print `model[-1].weight.shape` after the third line. What has changed?",
        "In which order do you freeze, and put the new layer in? A new layer learns unless it is "
        "told otherwise.",
    ),
    explanation="A layer is replaced whole. Its parameters are new ones, and they learn.",
)
