"""Where do the two curves meet?"""

from softmaxbook.checking import Exercise, probe


def solution(floor, slope, frozen_floor, frozen_slope):
    return (slope - frozen_slope) / (frozen_floor - floor)


def head_learns_from_nothing(floor, slope, frozen_floor, frozen_slope):
    """You left out that the head on the frozen network needs labels too. Both errors fall with n:
    subtract the two numbers above n."""
    return slope / (frozen_floor - floor)


def scratch_without_a_floor(floor, slope, frozen_floor, frozen_slope):
    """You left out what remains of the error from scratch when n is large. Both have such a rest:
    subtract them."""
    return (slope - frozen_slope) / frozen_floor


def ratio_of_the_slopes(floor, slope, frozen_floor, frozen_slope):
    """You divided the two numbers above n. They tell who falls faster, and not where the curves
    meet: set the two errors equal."""
    return slope / frozen_slope


def ratio_of_the_floors(floor, slope, frozen_floor, frozen_slope):
    """You divided the two rests. They tell who wins with very many labels, and not from where on:
    set the two errors equal."""
    return frozen_floor / floor


def upside_down(floor, slope, frozen_floor, frozen_slope):
    """That is one over n. Multiply the equation by n before you divide."""
    return (frozen_floor - floor) / (slope - frozen_slope)


def slopes_added(floor, slope, frozen_floor, frozen_slope):
    """You added the two numbers above n. Bring both to one side of the equation: one of them
    changes its sign."""
    return (slope + frozen_slope) / (frozen_floor - floor)


def floors_added(floor, slope, frozen_floor, frozen_slope):
    """You added the two rests. Bring both to one side of the equation: one of them changes its
    sign."""
    return (slope - frozen_slope) / (frozen_floor + floor)


EXERCISE = Exercise(
    title="Where do the two curves meet?",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda floor, slope, frozen_floor, frozen_slope: (
        f"""
        With $n$ labels per class, a network trained from scratch has about the error
        ${floor:g} + {slope:g} / n$.
        A new head on a frozen network has ${frozen_floor:g} + {frozen_slope:g} / n$: it has less
        to learn, and its features are not quite right for the target.
        At which $n$ are the two equally good?
        """
    ),
    solution=solution,
    mistakes=(
        head_learns_from_nothing,
        scratch_without_a_floor,
        ratio_of_the_slopes,
        ratio_of_the_floors,
        upside_down,
        slopes_added,
        floors_added,
    ),
    probes=(probe("the question", 0.02, 0.5, 0.06, 0.2),),
    fresh=lambda rng: (
        float(rng.choice([0.01, 0.02])),
        float(rng.choice([0.5, 0.6, 0.7])),
        float(rng.choice([0.05, 0.06, 0.08])),
        float(rng.choice([0.1, 0.15, 0.2])),
    ),
    nudge="Check: put your n into both errors. They should be equal.",
    hints=(
        "Write both errors with the same unknown n, and an equals sign between them.",
        "Bring what stands over n to one side, and what does not to the other.",
    ),
    explanation=lambda floor, slope, frozen_floor, frozen_slope: (
        f"({slope:g} − {frozen_slope:g}) / ({frozen_floor:g} − {floor:g}) = "
        f"{solution(floor, slope, frozen_floor, frozen_slope):.4g}. "
        "Below it the frozen network wins, above it the other: whether transfer helps depends on "
        "the number of labels."
    ),
)
