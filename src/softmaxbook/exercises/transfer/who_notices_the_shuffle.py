"""Who notices the shuffle?"""

import numpy as np

from softmaxbook.checking import Exercise

# Pictures of six pixels in a row, half of them with a bright pair of neighbours, and a shuffle.
PICTURES = np.array(
    [[1, 1, 0, 0, 0, 1], [0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 0], [1, 0, 1, 0, 0, 1],
     [0, 1, 0, 1, 0, 0], [1, 0, 0, 1, 0, 1]], dtype=float
)  # fmt: skip
LABELS = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
ORDER = np.array([3, 0, 5, 1, 4, 2])
LEARNT_ELSEWHERE = np.array([1.0, 0.8])  # a filter that answers to two bright neighbours


def maps(pictures, kernel):
    return np.maximum(pictures[:, :-1] * kernel[0] + pictures[:, 1:] * kernel[1] - 0.5, 0)


def forecast(pictures, head):
    return 1 / (1 + np.exp(-(pictures @ head[:-1] + head[-1])))


def trained(model, start, pictures):
    """Return the forecasts after some steps of descent, with slopes by differences."""
    parameters, step = start.copy(), 1e-5 * np.eye(len(start))

    def loss(p):
        return -np.mean(np.log(np.abs(1 - LABELS - model(pictures, p))))

    for _ in range(20):
        parameters -= [(loss(parameters + e) - loss(parameters - e)) / 2e-5 for e in step]
    return model(pictures, parameters)


models = {
    "a": ("Softmax regression on the pixels.", forecast, np.zeros(7)),
    "b": (
        "A convolutional network, trained from random weights.",
        lambda x, p: forecast(maps(x, p[:2]), p[2:]),
        np.array([0.9, 0.6, 0.1, -0.2, 0.3, 0.2, -0.1, 0.0]),
    ),
    "c": (
        "A frozen convolutional network that has learnt letters, under a new head.",
        lambda x, p: forecast(maps(x, LEARNT_ELSEWHERE), p),
        np.zeros(6),
    ),
}
NONE = ("d", "None of them: nobody can read such pictures.")


def solution():
    alike = [
        letter
        for letter, (_, model, start) in models.items()
        if np.allclose(trained(model, start, PICTURES), trained(model, start, PICTURES[:, ORDER]))
    ]
    return "".join(alike) or "d"


def the_network_learns_the_new_places():
    """It can learn, but its filters look at small windows. The pixels of a window belonged
    together before, and now they come from anywhere. Which model has no idea of neighbours?"""
    return "b"


def the_features_are_finished():
    """The features are finished, and that is the trouble: they answer to edges and corners, and
    the shuffle has torn these apart. The head cannot get back what they do not see."""
    return "c"


def nobody_can():
    """People cannot. But the shuffle is the same in every picture, so each pixel tells what it told
    before, from another place. Which model asks each pixel on its own?"""
    return "d"


EXERCISE = Exercise(
    title="Who notices the shuffle?",
    kind="predict",
    difficulty=1,
    form="choice",
    statement="""
        In every picture of a data set the pixels change places, by the same rule in all of them.
        Three models are trained on the pictures as they were, and once more on the shuffled ones,
        from the same first weights (all 0 for softmax regression and for the new head) and by the
        same steps of gradient descent.
        Which of them gives the same forecasts, but for rounding?
        """,
    options=(*((letter, text) for letter, (text, _, _) in models.items()), NONE),
    solution=solution,
    mistakes=(the_network_learns_the_new_places, the_features_are_finished, nobody_can),
    hints=(
        "The shuffle keeps every pixel's value. What does it take away?",
        "Which of the models uses that two pixels are neighbours?",
    ),
    explanation="""
        Softmax regression gives each pixel a weight of its own.
        When the pixels move, their weights move with them, and every logit stays.
        A convolution holds that neighbours belong together.
        What a network transfers is such knowledge about its pictures, and it is worth something
        only where the target agrees.
        """,
)
