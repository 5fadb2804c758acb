"""How many numbers are determined?"""

from softmaxbook.checking import Exercise, probe


def solution(n_classes, n_features):
    return (n_classes - 1) * (n_features + 1)


def all_of_them(n_classes, n_features):
    """That is how many the model has. Adding one weight vector to all classes moves all logits of
    a point by the same amount, and no probability: a whole class's worth is free."""
    return n_classes * (n_features + 1)


def the_redundant_ones(n_classes, n_features):
    """That is how many are redundant: one vector, added to all classes. The question is how many
    are left."""
    return n_features + 1 + 0 * n_classes


def intercepts_forgotten(n_classes, n_features):
    """The intercepts are missing: every class has one beside its weights."""
    return (n_classes - 1) * n_features


def one_constant_only(n_classes, n_features):
    """You took off one number, as for the logits of one point. The vector that can be added to all
    classes has an entry for each feature, and one for the intercept."""
    return n_classes * (n_features + 1) - 1


def all_weights_no_intercept(n_classes, n_features):
    """You count the weights of all classes, without intercepts. Count these too, and take off what
    can be added to all classes."""
    return n_classes * n_features


def intercepts_kept(n_classes, n_features):
    """The intercepts have the same freedom as the weights: one number can be added to all of
    them."""
    return (n_classes - 1) * n_features + n_classes


EXERCISE = Exercise(
    title="How many numbers are determined?",
    kind="predict",
    difficulty=2,
    form="number",
    statement=lambda n_classes, n_features: (
        f"""
        A softmax regression of {n_classes} classes and {n_features} features has a weight for each
        pair, and an intercept for each class. It has no penalty.
        Some of these numbers may be chosen freely without changing any probability.
        How many numbers do the probabilities determine?
        """
    ),
    solution=solution,
    mistakes=(
        all_of_them,
        the_redundant_ones,
        intercepts_forgotten,
        one_constant_only,
        all_weights_no_intercept,
        intercepts_kept,
    ),
    probes=(probe("the question", 3, 7),),
    tolerance=0.001,
    fresh=lambda rng: (int(rng.integers(3, 8)), int(rng.integers(4, 13))),
    nudge="Check with two classes: there as many are left as logistic regression has.",
    hints=(
        "What can be added to the weights of *all* classes without changing any difference?",
        "One vector of weights and one intercept: hold one class at zero, and count the others.",
    ),
    explanation=lambda n_classes, n_features: (
        f"One class can be held at 0; the other {n_classes - 1} have {n_features} weights and an "
        f"intercept each: {solution(n_classes, n_features)}."
    ),
)
