"""The slope of the log-likelihood."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def slope(coefficients, features, choices):
    utilities = features @ coefficients
    p = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    chosen = features[np.arange(len(choices)), choices]
    expected = np.sum(p[:, :, None] * features, axis=1)
    return np.sum(chosen - expected, axis=0)


def downhill(coefficients, features, choices, base=slope):
    """The sign is reversed: this is the slope of the *loss*. Along it the likelihood falls. What
    was chosen counts with plus, what was expected with minus."""
    return -base(coefficients, features, choices)


def mean_of_what_was_offered(coefficients, features, choices):
    """You subtract the plain mean of what was offered. The model expects its own choice: weigh the
    alternatives by their probabilities."""
    chosen = features[np.arange(len(choices)), choices]
    return np.sum(chosen - np.mean(features, axis=1), axis=0)


def sum_of_what_was_offered(coefficients, features, choices):
    """You subtract all that was offered, without weights. The model chooses one alternative:
    weigh them by their probabilities."""
    chosen = features[np.arange(len(choices)), choices]
    return np.sum(chosen - np.sum(features, axis=1), axis=0)


def best_for_expected(coefficients, features, choices):
    """You subtract the features of the alternative with the largest share. The model does not
    always take that one: subtract the mean under all its shares."""
    rows = np.arange(len(choices))
    best = np.argmax(features @ coefficients, axis=1)
    return np.sum(features[rows, choices] - features[rows, best], axis=0)


def only_the_chosen(coefficients, features, choices):
    """Only what was chosen counts here, and nothing balances it. What the model expected is
    subtracted: at the maximum both agree."""
    return np.sum(features[np.arange(len(choices)), choices], axis=0)


def probability_of_the_chosen(coefficients, features, choices):
    """You subtract the chosen alternative's features times its own probability. The log-sum-exp
    holds all alternatives: sum over them."""
    rows = np.arange(len(choices))
    p = softmax(features @ coefficients)[rows, choices]
    return np.sum((1 - p)[:, None] * features[rows, choices], axis=0)


def mean_over_the_choices(coefficients, features, choices, base=slope):
    """This is the slope of the *mean* log-likelihood. Asked for is that of the sum: it is what the
    curvature, and with it the standard errors, belong to."""
    return base(coefficients, features, choices) / len(choices)


def softmax_over_the_choices(coefficients, features, choices):
    """Your softmax runs over the *choices*: their shares compete with those of other people. The
    alternatives of one choice compete: `axis=-1`."""
    p = softmax((features @ coefficients).T).T
    chosen = features[np.arange(len(choices)), choices]
    return np.sum(chosen - np.sum(p[:, :, None] * features, axis=1), axis=0)


def not_normalised(coefficients, features, choices):
    """The exponentials are not divided by their sum. The shares of one choice add up to 1."""
    utilities = features @ coefficients
    p = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    chosen = features[np.arange(len(choices)), choices]
    return np.sum(chosen - np.sum(p[:, :, None] * features, axis=1), axis=0)


def first_alternative_chosen(coefficients, features, choices, base=slope):
    """`choices` is not used: the first alternative counts as chosen by everybody."""
    return base(coefficients, features, np.zeros_like(choices))


EXERCISE = Exercise(
    title="The slope of the log-likelihood",
    kind="find",
    difficulty=2,
    statement=r"""
        `features` has the shape `(n, J, d)`: $d$ features of $J$ alternatives in $n$ choices.
        `choices` says which alternative was taken.
        The program should return the slope of the log-likelihood, the *sum* over all choices, in
        the `coefficients`.
        An ascent along what it returns ends in a model that is worse than chance.
        Find the mistake and mend it.
        """,
    starter="""\
def slope(coefficients, features, choices):
    utilities = features @ coefficients
    p = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    chosen = features[np.arange(len(choices)), choices]
    expected = np.sum(p[:, :, None] * features, axis=1)
    return np.sum(expected - chosen, axis=0)""",
    solution=slope,
    mistakes=(
        downhill,
        mean_of_what_was_offered,
        sum_of_what_was_offered,
        best_for_expected,
        only_the_chosen,
        probability_of_the_chosen,
        mean_over_the_choices,
        softmax_over_the_choices,
        not_normalised,
        first_alternative_chosen,
    ),
    probes=(
        probe(
            "two choices",
            [0.5, -1.0],
            [[[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], [[2.0, 1.0], [1.0, 0.0], [0.0, 0.0]]],
            [0, 1],
        ),
        probe(
            "nothing known yet",
            [0.0, 0.0],
            [[[3.0, 1.0], [1.0, 2.0]], [[0.0, 1.0], [2.0, 5.0]], [[1.0, 1.0], [4.0, 2.0]]],
            [1, 0, 1],
            why="with coefficients of 0 every alternative has the same share.",
        ),
        probe(
            "three choices, one feature",
            [1.0],
            [[[1.0], [2.0], [0.0]], [[0.5], [0.0], [1.5]], [[-1.0], [1.0], [0.5]]],
            [1, 2, 0],
        ),
        probe(
            "four choices",
            [-0.3, 0.8],
            [
                [[1.0, 2.0], [0.0, 1.0]],
                [[2.0, 0.0], [1.0, 1.0]],
                [[0.0, 0.5], [3.0, 1.0]],
                [[1.0, 1.0], [2.0, 3.0]],
            ],
            [0, 1, 1, 0],
        ),
    ),
    fresh=lambda rng: (rng.normal(size=2), rng.normal(size=(4, 3, 2)), rng.integers(0, 3, 4)),
    hints=(
        "With coefficients of 0, which way should the coefficient of a feature go that everything "
        "chosen has more of?",
        "log p of the chosen one is its utility minus a log-sum-exp. Differentiate both.",
    ),
    explanation="Chosen minus expected: the coefficients move towards what people took.",
)
