"""The spread of a mean."""

from softmaxbook.checking import Exercise, probe


def solution(members, correlation):
    return correlation + (1 - correlation) / members


def independent(members, correlation):
    """This holds for errors that have nothing to do with each other. What they have in common does
    not average out."""
    return 1 / members


def common_part_alone(members, correlation):
    """This is what remains with infinitely many networks. With a few, part of what each has for
    itself remains too."""
    return correlation


def common_part_forgotten(members, correlation):
    """This is the part that averages out. What all networks have in common comes on top."""
    return (1 - correlation) / members


def no_gain(members, correlation):
    """This is the variance of one network: averaging gained nothing. Only what is common to all
    stays whole."""
    return 1.0


def parts_exchanged(members, correlation):
    """You divided what is common to all, and left what each has for itself. The mean of something
    common is the same; only the rest averages out."""
    return correlation / members + (1 - correlation)


def deviation(members, correlation):
    """This is the standard deviation. The question is about the variance, its square."""
    return solution(members, correlation) ** 0.5


def what_is_saved(members, correlation):
    """This is what was saved. The question is what remains."""
    return 1 - solution(members, correlation)


EXERCISE = Exercise(
    title="The spread of a mean",
    kind="derive",
    difficulty=2,
    form="number",
    statement=lambda members, correlation: (
        f"""
        The errors of {members:g} networks have mean 0 and variance 1, and any two of them have the
        correlation {correlation:g}. Which variance has the error of the mean of their answers?
        Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        independent,
        common_part_alone,
        common_part_forgotten,
        no_gain,
        parts_exchanged,
        deviation,
        what_is_saved,
    ),
    probes=(probe("the question", 4.0, 0.3),),
    tolerance=0.004,
    fresh=lambda rng: (
        float(rng.integers(3, 13)),
        int(rng.integers(5, 15)) / 20,
    ),
    digits=3,
    nudge="Check: with one network, and with correlation 1, the variance should stay 1.",
    hints=(
        "The variance of a sum is the sum of all covariances. How many pairs are there, and how "
        "many terms of a network with itself?",
        "M variances of 1 and M (M − 1) covariances of ρ, divided by M².",
    ),
    explanation=lambda members, correlation: (
        f"ρ + (1 − ρ) ÷ M = {correlation:g} + {1 - correlation:.2g} ÷ {members:g} = "
        f"{solution(members, correlation):.4f}. With infinitely many networks "
        f"{correlation:g} would remain."
    ),
)
