"""How many numbers learn?"""

from softmaxbook.checking import Exercise, probe


def solution(n_body, n_features, n_source, n_classes):
    return n_features * n_classes + n_classes


def head_of_the_source(n_body, n_features, n_source, n_classes):
    """You left the source's classes in the head. It has one row of weights and one bias for each
    class of the target."""
    return n_features * n_source + n_source


def biases_forgotten(n_body, n_features, n_source, n_classes):
    """The biases are missing: one for each class."""
    return n_features * n_classes


def bias_for_each_feature(n_body, n_features, n_source, n_classes):
    """The biases belong to what comes out of the head: one for each class, not for each feature."""
    return n_features * n_classes + n_features


def body_counted(n_body, n_features, n_source, n_classes):
    """You counted the frozen parameters too. They are there, and they do not learn."""
    return n_body + n_features * n_classes + n_classes


def body_only(n_body, n_features, n_source, n_classes):
    """These are the parameters before the head, and they are frozen. The new head is what
    learns."""
    return n_body


def both_heads(n_body, n_features, n_source, n_classes):
    """You counted the old head too. The new one takes its place."""
    return (n_features + 1) * (n_classes + n_source)


def head_on_head(n_body, n_features, n_source, n_classes):
    """Your new head takes the source's logits as its inputs. It takes the place of the old one, and
    reads the features."""
    return n_source * n_classes + n_classes


EXERCISE = Exercise(
    title="How many numbers learn?",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_body, n_features, n_source, n_classes: (
        f"""
        A network has {n_body} parameters that turn a picture into {n_features} features, and a
        linear head for {n_source} classes.
        The head is replaced by a linear one for {n_classes} classes, and everything else is frozen.
        How many numbers learn?
        """
    ),
    solution=solution,
    mistakes=(
        head_of_the_source,
        biases_forgotten,
        bias_for_each_feature,
        body_counted,
        body_only,
        both_heads,
        head_on_head,
    ),
    probes=(probe("the question", 72000, 64, 48, 10),),
    tolerance=1e-5,
    fresh=lambda rng: (
        1000 * int(rng.integers(50, 90)),
        int(rng.integers(40, 90)),
        int(rng.integers(30, 39)),
        int(rng.integers(5, 13)),
    ),
    nudge="Draw the new head: how many arrows lead to one logit, and how many logits are there?",
    hints=(
        "Only the new head learns. What goes into it, and what comes out?",
        "One weight for each pair of a feature and a class of the target, and one bias a class.",
    ),
    explanation=lambda n_body, n_features, n_source, n_classes: (
        f"{n_features}·{n_classes} + {n_classes} = "
        f"{solution(n_body, n_features, n_source, n_classes)}, "
        f"of {n_body + solution(n_body, n_features, n_source, n_classes)} in all."
    ),
)
