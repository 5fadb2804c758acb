"""How many numbers are learnt?"""

from softmaxbook.checking import Exercise, probe


def solution(n_features, n_hidden, n_classes):
    return n_features * n_hidden + n_hidden + n_hidden * n_classes + n_classes


def biases_forgotten(n_features, n_hidden, n_classes):
    """The biases are missing: one for each hidden unit, and one for each class."""
    return n_features * n_hidden + n_hidden * n_classes


def output_bias_forgotten(n_features, n_hidden, n_classes):
    """The biases of the output layer are missing: one for each class."""
    return n_features * n_hidden + n_hidden + n_hidden * n_classes


def hidden_bias_forgotten(n_features, n_hidden, n_classes):
    """The biases of the hidden layer are missing: one for each hidden unit."""
    return n_features * n_hidden + n_hidden * n_classes + n_classes


def all_multiplied(n_features, n_hidden, n_classes):
    """You multiplied the three sizes. There are two weight matrices, and their sizes are added."""
    return n_features * n_hidden * n_classes


def units_counted(n_features, n_hidden, n_classes):
    """You counted the units. The learnt numbers are on the connections, one for each pair of
    units in neighbouring layers, and one bias per unit."""
    return n_features + n_hidden + n_classes


def no_hidden_layer(n_features, n_hidden, n_classes):
    """That is softmax regression, without the hidden layer."""
    return n_features * n_classes + n_classes + 0 * n_hidden


EXERCISE = Exercise(
    title="How many numbers are learnt?",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_features, n_hidden, n_classes: (
        f"""
        A network has {n_features} features, one hidden layer of {n_hidden} units, and
        {n_classes} logits. Both layers have a bias.
        How many parameters does it learn?
        """
    ),
    solution=solution,
    mistakes=(
        biases_forgotten,
        output_bias_forgotten,
        hidden_bias_forgotten,
        all_multiplied,
        units_counted,
        no_hidden_layer,
    ),
    probes=(probe("the question", 6, 5, 3),),
    tolerance=0.001,
    fresh=lambda rng: (
        int(rng.integers(6, 13)),
        int(rng.integers(7, 11)),
        int(rng.integers(3, 6)),
    ),
    nudge="Draw it: how many arrows lead to one hidden unit, and how many to one logit?",
    hints=(
        "The first weight matrix has one number for each pair of a feature and a hidden unit.",
        "Two matrices and two bias vectors.",
    ),
    explanation=lambda n_features, n_hidden, n_classes: (
        f"{n_features}·{n_hidden} + {n_hidden} + {n_hidden}·{n_classes} + {n_classes} = "
        f"{solution(n_features, n_hidden, n_classes)}."
    ),
)
