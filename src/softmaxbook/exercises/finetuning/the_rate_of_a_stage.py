"""The rate of a stage."""

from softmaxbook.checking import Exercise, probe


def solution(rate, decay, n_stages, stage):
    return rate * decay ** (n_stages - stage)


def rates_grow_to_the_pixels(rate, decay, n_stages, stage):
    """The rates grow towards the pixels here. The early layers hold what most tasks share: they
    are moved least."""
    return rate / decay ** (n_stages - stage)


def counted_from_the_pixels(rate, decay, n_stages, stage):
    """You counted the stages from the pixels, so the head would get the smallest rate. The head has
    the rate itself; count back from there."""
    return rate * decay ** (stage - 1)


def one_factor_too_many(rate, decay, n_stages, stage):
    """One factor too many: the head itself has none. How many steps lead from the head back to the
    stage?"""
    return rate * decay ** (n_stages - stage + 1)


def one_factor_too_few(rate, decay, n_stages, stage):
    """One factor too few: the stage just before the head has one already."""
    return rate * decay ** (n_stages - stage - 1)


def one_factor_for_all(rate, decay, n_stages, stage):
    """One factor serves the whole body here. Each stage has the factor relative to the stage
    after it, so the factors multiply."""
    return rate * decay


def the_rate_of_the_head(rate, decay, n_stages, stage):
    """That is the rate of the head."""
    return rate


def the_factor_alone(rate, decay, n_stages, stage):
    """That is the product of the factors. Multiply it by the rate of the head."""
    return decay ** (n_stages - stage)


EXERCISE = Exercise(
    title="The rate of a stage",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda rate, decay, n_stages, stage: (
        f"""
        A network has {n_stages} stages, numbered from the pixels; stage {n_stages} is the head.
        The head learns at the rate {rate:g}, and each stage at {decay:g} times the rate of the
        stage after it.
        At which rate does stage {stage} learn?
        """
    ),
    solution=solution,
    mistakes=(
        rates_grow_to_the_pixels,
        counted_from_the_pixels,
        one_factor_too_many,
        one_factor_too_few,
        one_factor_for_all,
        the_rate_of_the_head,
        the_factor_alone,
    ),
    probes=(probe("the question", 0.02, 0.5, 7, 3),),
    fresh=lambda rng: (
        float(rng.choice([0.02, 0.04, 0.05, 0.1])),
        float(rng.choice([0.3, 0.4, 0.5, 0.6])),
        *((7, 3), (8, 4), (9, 4), (8, 3))[int(rng.integers(4))],
    ),
    nudge="Write the rates down, from the head back to the stage, one factor each.",
    hints=(
        "What is the rate of the stage just before the head? And of the one before that?",
        "One factor for each step from the head back to the stage.",
    ),
    explanation=lambda rate, decay, n_stages, stage: (
        f"{n_stages - stage} steps back: {rate:g} · {decay:g}^{n_stages - stage} = "
        f"{solution(rate, decay, n_stages, stage):.4g}."
    ),
)
