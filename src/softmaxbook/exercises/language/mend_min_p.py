"""A sampler that keeps nothing."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def keep_likely(p, share):
    kept = p >= share * np.max(p)
    return np.where(kept, p, 0) / np.sum(p[kept])


def relative_to_one(p, share):
    """This is still the first version: the threshold is relative to 1. Where the model is unsure,
    no token reaches it, and 0 is divided by 0. Relative to the *largest* probability, somebody
    always does."""
    kept = p >= share
    return np.where(kept, p, 0) / np.sum(p[kept])


def equals_left_out(p, share):
    """You leave out who has exactly the share: at least that much, `>=`. With a share of 1 nothing
    is left."""
    kept = p > share * np.max(p)
    return np.where(kept, p, 0) / np.sum(p[kept])


def relative_to_the_mean(p, share):
    """Your threshold is relative to the mean of the probabilities. It is the largest one that
    counts."""
    kept = p >= share * np.mean(p)
    return np.where(kept, p, 0) / np.sum(p[kept])


def not_renormalised(p, share):
    """What is kept sums to less than 1. Divide by the mass that was kept."""
    return np.where(p >= share * np.max(p), p, 0)


def the_unlikely(p, share):
    """You keep those *below* the threshold."""
    kept = p <= share * np.max(p)
    return np.where(kept, p, 0) / np.sum(p[kept])


def largest_only_as_a_refuge(p, share):
    """You keep the threshold relative to 1, and the most probable token where nobody reaches it.
    That is another sampler: greedy wherever the model is unsure."""
    kept = (p >= share) | (p == np.max(p))
    return np.where(kept, p, 0) / np.sum(p[kept])


def a_difference(p, share):
    """You subtract the share from the largest probability. The threshold is a *factor*: so many
    times the largest."""
    kept = p >= np.max(p) - share
    return np.where(kept, p, 0) / np.sum(p[kept])


def mass_for_factor(p, share):
    """This is the nucleus: it adds probabilities up. min-p compares each with the largest."""
    order = np.argsort(-p, kind="stable")
    kept = np.zeros(len(p), bool)
    kept[order] = np.cumsum(p[order]) - p[order] < share
    return np.where(kept, p, 0) / np.sum(p[kept])


EXERCISE = Exercise(
    title="A sampler that keeps nothing",
    kind="find",
    difficulty=2,
    statement="""
        `keep_likely(p, share)` is meant to be min-p: it keeps the tokens with at least `share`
        times the probability of the most probable one.
        With sure models it seems to work. With an unsure one it returns `nan`.
        Find the mistake and mend it.
        """,
    starter="""\
def keep_likely(p, share):
    enough = p >= share
    likely = np.where(enough, p, 0)
    return likely / np.sum(likely)""",
    solution=keep_likely,
    mistakes=(
        relative_to_one,
        equals_left_out,
        relative_to_the_mean,
        not_renormalised,
        the_unlikely,
        largest_only_as_a_refuge,
        a_difference,
        mass_for_factor,
    ),
    probes=(
        probe("a sure model", [0.8, 0.15, 0.04, 0.01], 0.1),
        probe(
            "an unsure one",
            [0.26, 0.25, 0.25, 0.24],
            0.5,
            why="nobody has a half, and all have at least half of the largest.",
        ),
        probe("a threshold of 1", [0.4, 0.2, 0.4], 1.0, why="both of the largest are kept."),
        probe("exactly the share", [0.5, 0.25, 0.125, 0.125], 0.5, why="¼ is half of ½: kept."),
        probe("one of four", [0.1, 0.6, 0.25, 0.05], 0.45),
        probe("three of five", [0.3, 0.1, 0.28, 0.02, 0.3], 0.6),
    ),
    fresh=lambda rng: (rng.dirichlet(np.full(6, 0.7)), float(rng.uniform(0.1, 0.5))),
    hints=(
        "Follow the program for p = (0.26, 0.25, 0.25, 0.24) and share = 0.5. Who is kept?",
        "The largest probability has to stand in the comparison.",
    ),
    explanation="With `share * np.max(p)` the most probable token always passes.",
)
