"""The mean of several models."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def mean_forecast(logits):
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=-1, keepdims=True)
    return np.mean(p, axis=0)


def logits_averaged(logits):
    """The logits are averaged before softmax. That is the geometric mean of the forecasts, and
    one very sure model outvotes the others. Softmax first, for each model, then the mean."""
    mean = np.mean(logits, axis=0)
    exponentials = np.exp(mean - np.max(mean, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def averaged_over_the_rows(logits, base=mean_forecast):
    """You average over the examples. The models lie along the first axis."""
    return base(np.swapaxes(logits, 0, 1))


def softmax_over_the_models(logits):
    """Your softmax runs along the models. The classes are the last axis."""
    exponentials = np.exp(logits - np.max(logits, axis=0, keepdims=True))
    return np.mean(exponentials / np.sum(exponentials, axis=0, keepdims=True), axis=0)


def not_averaged(logits):
    """The forecasts of all models come back. Their mean over the first axis is asked for."""
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def sum_for_mean(logits, base=mean_forecast):
    """You add up the forecasts. Take their mean."""
    return base(logits) * len(logits)


def logarithms_averaged(logits):
    """You average the *logarithms* of the forecasts and take their exponential, which is a
    geometric mean. Average the probabilities themselves."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return np.exp(np.mean(log_p, axis=0))


def first_model_only(logits, base=mean_forecast):
    """Only the first model is asked."""
    return base(logits[:1])


def softmax_twice(logits, base=mean_forecast):
    """Softmax is applied once more, to what the forecasts make together, and makes it nearly flat.
    These are shares already."""
    exponentials = np.exp(base(logits))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


def votes_counted(logits):
    """You count which class each model prefers. That loses how sure each one is: average the
    probabilities."""
    return np.mean(np.eye(np.shape(logits)[-1])[np.argmax(logits, axis=-1)], axis=0)


EXERCISE = Exercise(
    title="The mean of several models",
    kind="find",
    difficulty=2,
    statement=r"""
        Several models give logits of shape `(models, rows, classes)`. The forecast should be the
        mean of their **probabilities**: if one model of two gives a class 0.9 and the other 0.5,
        the forecast is 0.7.
        This program gives something else. Find the mistake and mend it.
        """,
    starter="""\
def mean_forecast(logits):
    logits = np.mean(logits, axis=0)
    exponentials = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)""",
    solution=mean_forecast,
    mistakes=(
        logits_averaged,
        averaged_over_the_rows,
        softmax_over_the_models,
        not_averaged,
        sum_for_mean,
        logarithms_averaged,
        first_model_only,
        softmax_twice,
        votes_counted,
    ),
    either=(
        (sum_for_mean, first_model_only, averaged_over_the_rows, not_averaged),
        (first_model_only, softmax_over_the_models),
    ),
    probes=(
        probe("two models, one row", np.array([[[2.0, 0.0]], [[0.0, 0.0]]])),
        probe(
            "one is very sure",
            np.array([[[20.0, 0.0]], [[0.0, 1.0]], [[0.0, 1.0]]]),
            why="its logit outweighs the others in a mean of logits; its probability cannot.",
        ),
        probe(
            "two models, two rows",
            np.array([[[2.0, 1.0], [0.0, 3.0]], [[-1.0, 0.5], [1.0, 1.5]]]),
        ),
        probe(
            "two models, three classes",
            np.array([[[2.0, 1.0, 0.0], [0.0, 3.0, 1.0]], [[-1.0, 0.5, 2.0], [1.0, 1.0, 1.5]]]),
        ),
    ),
    fresh=lambda rng: (rng.normal(scale=2, size=(3, 2, 4)),),
    hints=(
        "Compute the example of the statement by hand: which two numbers are averaged?",
        "The order of two steps is exchanged.",
    ),
)
