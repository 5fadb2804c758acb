"""A gradient by differences."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def differences(logits, label, h):
    def loss(z):
        top = np.max(z)
        return top + np.log(np.sum(np.exp(z - top))) - z[label]

    slopes = np.zeros(len(logits))
    for i in range(len(logits)):
        step = np.zeros(len(logits))
        step[i] = h
        slopes[i] = (loss(logits + step) - loss(logits - step)) / (2 * h)
    return slopes


def loss(logits, label):
    top = np.max(logits)
    return top + np.log(np.sum(np.exp(logits - top))) - logits[label]


def divided_by_h(logits, label, h):
    """The two points are 2h apart, so the difference is divided by 2h."""
    return 2 * differences(logits, label, h)


def forward(logits, label, h):
    """This is the forward difference, from z to z + h. Its error is of the order h; that of the
    central one, from z − h to z + h, of the order h²."""
    return 2 * differences(logits, label, h) - backward(logits, label, h)


def backward(logits, label, h):
    """This is the backward difference, from z − h to z. The central one goes from z − h to
    z + h."""
    return np.array(
        [(loss(logits, label) - loss(logits - h * e, label)) / h for e in np.eye(len(logits))]
    )


def all_moved_together(logits, label, h):
    """All logits are moved at once. A shift of all changes no probability, and so no loss; move one
    logit at a time."""
    moved = (loss(logits + h, label) - loss(logits - h, label)) / (2 * h)
    return np.full(len(logits), moved)


def never_put_back(logits, label, h):
    """The logits are changed and not put back, so each step starts where the last one ended. Work
    on a copy, or undo the step."""
    z, slopes = np.array(logits, dtype=float), []
    for i in range(len(z)):
        z[i] += h
        up = loss(z, label)
        z[i] -= 2 * h
        slopes.append((up - loss(z, label)) / (2 * h))
    return np.array(slopes)


def exact_gradient(logits, label, h):
    """This is the exact gradient, p minus the one-hot row, or differences with a tiny step of your
    own. To check it, another route is needed: the differences with the given `h`."""
    e = np.exp(logits - np.max(logits))
    return e / np.sum(e) - np.eye(len(logits))[label]


def sign_reversed(logits, label, h, base=differences):
    r"""The sign is reversed: take the loss above minus the loss below, and the loss is $-\log
    p_y$."""
    return -base(logits, label, h)


def of_the_probability(logits, label, h):
    """These are the slopes of the probability $p_y$. The loss is $-\\log p_y$."""
    eye = np.eye(len(logits))

    def p(z):
        return np.exp(-loss(z, label))

    return np.array([(p(logits + h * e) - p(logits - h * e)) / (2 * h) for e in eye])


def of_the_log_sum(logits, label, h):
    """The label is not used: these are the slopes of log-sum-exp. The loss subtracts the label's
    logit."""
    return differences(logits, label, h) + np.eye(len(logits))[label]


def only_the_label(logits, label, h):
    """Only the label's logit was moved. The loss depends on all of them."""
    return differences(logits, label, h) * np.eye(len(logits))[label]


def half_a_step(logits, label, h):
    """The steps are h / 2 long. Go a whole h to either side."""
    return differences(logits, label, h / 2)


EXERCISE = Exercise(
    title="A gradient by differences",
    kind="write",
    difficulty=2,
    statement=r"""
        Somebody has programmed the gradient of the loss $-\log p_y$ with respect to the logits, and
        wants to check it by a second route.
        Write `differences(logits, label, h)` for one row: the central differences of the loss with
        the step `h`, one for each logit.
        Here `h` may be large, so that the result can be told from the exact gradient.
        """,
    solution=differences,
    mistakes=(
        divided_by_h,
        forward,
        backward,
        all_moved_together,
        never_put_back,
        exact_gradient,
        sign_reversed,
        of_the_probability,
        of_the_log_sum,
        only_the_label,
        half_a_step,
    ),
    probes=(
        probe("a large step", [2.0, 1.0, -1.0], 0, 1.0),
        probe("another label", [2.0, 1.0, -1.0], 2, 0.5),
        probe("two classes", [0.5, -0.5], 1, 2.0),
        probe("four classes", [0.0, 1.5, -2.0, 0.3], 1, 0.8),
        probe("whole numbers", [2, 1, -1], 1, 0.5, why="an array of integers cannot hold 2.5."),
        probe("large logits", [1000.0, 999.0, 998.0], 1, 0.5, why="exp(1000) is `inf`."),
    ),
    fresh=lambda rng: (
        rng.normal(scale=2, size=4),
        int(rng.integers(0, 4)),
        float(rng.uniform(0.4, 1.5)),
    ),
    hints=(
        "Move one logit up by h, then down by h, and leave the others where they are.",
        "How far apart are the two points at which you ask for the loss?",
    ),
    explanation="With h near 1e-5 the result agrees with p minus the one-hot row to about ten "
    "digits. A smaller h loses digits in the difference, a larger one in the formula.",
)
