"""Where both classes are equal."""

from softmaxbook.checking.specification import Exercise, listed, probe


def solution(weight, bias):
    return -bias / weight


def sign_lost(weight, bias):
    """The sign is reversed: w x + b = 0 gives x = −b / w."""
    return bias / weight


def upside_down(weight, bias):
    """This is −w / b. Solve w x + b = 0 for x: divide by w."""
    return -weight / bias


def logit_one_half(weight, bias):
    """You let the logit be 0.5. The probability is 0.5, and the logit of that is 0."""
    return (0.5 - bias) / weight


def at_zero(weight, bias):
    """At x = 0 the logit is the intercept b. The boundary is where the logit is 0."""
    return 0.0 * weight


def weight_forgotten(weight, bias):
    """−b is the boundary for w = 1. A larger weight moves it nearer: divide by w."""
    return -bias + 0 * weight


def logit_one(weight, bias):
    """You let the logit be 1, where the sigmoid is 0.73. It is 1/2 where the logit is 0."""
    return (1 - bias) / weight


EXERCISE = Exercise(
    title="Where both classes are equal",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda weight, bias: (
        f"""
        A logistic regression with one feature $x$ has the weight {listed([weight])} and the
        intercept {listed([bias])}.
        For which $x$ does it give both classes the probability 1/2?
        """
    ),
    solution=solution,
    mistakes=(
        sign_lost,
        upside_down,
        logit_one_half,
        at_zero,
        weight_forgotten,
        logit_one,
    ),
    probes=(probe("the question", 2.5, -7.0),),
    fresh=lambda rng: (
        float(rng.integers(3, 11)) / 2,
        float(rng.integers(-20, -4)) / 2,
    ),
    nudge="Check: weight times your answer, plus the intercept, should be 0.",
    hints=(
        "For which logit is the sigmoid 1/2?",
        "The logit is w x + b. Set it to 0 and solve for x.",
    ),
    explanation=lambda weight, bias: f"w x + b = 0, so x = −b / w = {-bias / weight:g}.",
)
