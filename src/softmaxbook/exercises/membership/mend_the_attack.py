"""Guess who was learnt."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def advantage(learnt, others, threshold):
    return np.mean(learnt < threshold) - np.mean(others < threshold)


def guess_reversed(learnt, others, threshold):
    """The guess is reversed: *learnt* is guessed where the loss is high. A network has the low
    losses on what it has learnt."""
    return np.mean(learnt > threshold) - np.mean(others > threshold)


def share_of_right_guesses(learnt, others, threshold):
    """This is the share of right guesses, which is a half for somebody who tosses a coin. Asked for
    is the advantage: hits among the learnt minus false alarms among the others."""
    right = np.sum(learnt < threshold) + np.sum(others >= threshold)
    return right / (len(learnt) + len(others))


def hits_only(learnt, others, threshold):
    """These are the hits alone. Always guessing *learnt* gets all of them: subtract the false
    alarms among the others."""
    return np.mean(learnt < threshold)


def false_alarms_only(learnt, others, threshold):
    """These are the false alarms alone. Subtract them from the hits."""
    return np.mean(others < threshold)


def counts_subtracted(learnt, others, threshold):
    """You subtract counts. Take the share of each group: they need not be equally many."""
    return np.sum(learnt < threshold) - np.sum(others < threshold)


def divided_by_all(learnt, others, threshold):
    """You divide both counts by the number of all rows. Each has its own group."""
    hits, alarms = np.sum(learnt < threshold), np.sum(others < threshold)
    return (hits - alarms) / (len(learnt) + len(others))


def border_counts_as_learnt(learnt, others, threshold):
    """A loss exactly at the threshold counts as low here. It should be *below*: `<`."""
    return np.mean(learnt <= threshold) - np.mean(others <= threshold)


def groups_exchanged(learnt, others, threshold):
    """The two groups are exchanged, or the difference is: hits among the *learnt* minus false
    alarms among the others."""
    return np.mean(others < threshold) - np.mean(learnt < threshold)


def hits_added(learnt, others, threshold):
    """You add the two shares. Low losses among the others are false alarms: subtract them."""
    return np.mean(learnt < threshold) + np.mean(others < threshold)


def differences_of_means(learnt, others, threshold):
    """This is how far apart the mean losses are. The attacker guesses row by row: count the losses
    below the threshold."""
    return np.mean(others) - np.mean(learnt)


def sign_dropped(learnt, others, threshold):
    """The sign is dropped. An attack that is worse than chance has an advantage below 0; its owner
    does not know that before."""
    return np.abs(np.mean(learnt < threshold) - np.mean(others < threshold))


def false_alarms_not_mended(learnt, others, threshold):
    """The false alarms are not mended: they are losses *below* the threshold."""
    return np.mean(learnt < threshold) - np.mean(others > threshold)


def hits_not_mended(learnt, others, threshold):
    """The hits are not mended: they are losses *below* the threshold."""
    return np.mean(learnt > threshold) - np.mean(others < threshold)


def ratio(learnt, others, threshold):
    """You divide hits by false alarms. The advantage is their difference."""
    return np.mean(learnt < threshold) / np.mean(others < threshold)


def precision(learnt, others, threshold):
    """This asks which part of the guesses *learnt* is right. It depends on how many rows there are
    of each group; take the share within each."""
    hits, alarms = np.sum(learnt < threshold), np.sum(others < threshold)
    return hits / (hits + alarms)


def hits_among_both_shares(learnt, others, threshold):
    """You divide the hits by hits and false alarms together. The advantage is their difference."""
    hits, alarms = np.mean(learnt < threshold), np.mean(others < threshold)
    return hits / (hits + alarms)


def balanced_accuracy(learnt, others, threshold):
    """This is the mean of the shares of right guesses in both groups: a half for somebody who
    tosses a coin. The advantage is 0 then."""
    return (np.mean(learnt < threshold) + np.mean(others >= threshold)) / 2


def taken_from_one(learnt, others, threshold):
    """Taking it from 1 does not mend the direction. Guess *learnt* where the loss is below the
    threshold."""
    return 1 - (np.mean(learnt > threshold) - np.mean(others > threshold))


def losses_averaged(learnt, others, threshold):
    """You average the low losses. *Count* them: what share of each group is low?"""
    low = [np.where(each < threshold, each, 0.0) for each in (learnt, others)]
    sums = [np.sum(each) / max(np.sum(each > 0), 1) for each in low]
    return sums[0] - sums[1]


def misses_less_hits(learnt, others, threshold):
    """You subtract the hits from the right guesses among the others. Take the hits minus the
    *wrong* guesses among the others."""
    return np.mean(others >= threshold) - np.mean(learnt < threshold)


def above_a_half(learnt, others, threshold):
    """This is how far the share of right guesses is above a half. Take the share in each group on
    its own, and subtract."""
    right = np.sum(learnt < threshold) + np.sum(others >= threshold)
    return right / (len(learnt) + len(others)) - 0.5


EXERCISE = Exercise(
    title="Guess who was learnt",
    kind="find",
    difficulty=2,
    statement="""
        Weights may tell from which rows they were learnt. The simplest attack looks at the loss of
        a row and guesses *learnt* where it is below a threshold.
        `learnt` and `others` hold the losses of rows that were learnt and of rows that were not.
        (The page's scores are these losses with the sign turned, so there a member lies *above*.)
        The program should return the attack's advantage: the share of right guesses *learnt* among
        the learnt rows, minus the share of wrong ones among the others.
        It says that a network which knows its rows by heart has a negative advantage. Find the
        mistake and mend it.
        """,
    starter="""\
def advantage(learnt, others, threshold):
    hits = np.mean(learnt > threshold)
    false_alarms = np.mean(others > threshold)
    return hits - false_alarms""",
    solution=advantage,
    mistakes=(
        guess_reversed,
        share_of_right_guesses,
        hits_only,
        false_alarms_only,
        counts_subtracted,
        divided_by_all,
        border_counts_as_learnt,
        groups_exchanged,
        hits_added,
        differences_of_means,
        sign_dropped,
        false_alarms_not_mended,
        hits_not_mended,
        ratio,
        precision,
        hits_among_both_shares,
        balanced_accuracy,
        taken_from_one,
        losses_averaged,
        misses_less_hits,
        above_a_half,
    ),
    probes=(
        probe(
            "learnt by heart",
            [0.01, 0.02, 0.0, 0.1],
            [0.5, 1.2, 0.05],
            0.2,
            why="nearly all low losses are on learnt rows.",
        ),
        probe("two groups of other sizes", [0.3, 0.8, 0.1, 0.6, 0.2], [0.9, 0.4], 0.5),
        probe(
            "on the threshold",
            [0.25, 0.5, 0.125, 0.75],
            [0.5, 1.0, 0.25],
            0.5,
            why="0.5 is not below 0.5.",
        ),
        probe("on it again", [0.5, 0.5, 1.5], [0.25, 2.0, 0.75, 1.0], 0.5),
        probe(
            "worse than chance",
            [0.9, 0.7, 0.2],
            [0.1, 0.3, 0.25, 0.8],
            0.5,
            why="an attack may fail; then its advantage is below 0.",
        ),
    ),
    fresh=lambda rng: (
        np.round(rng.exponential(0.4, size=8), 3),
        np.round(rng.exponential(0.8, size=6), 3),
        0.5,
    ),
    hints=(
        "On which rows does a network have low losses?",
        "In which direction does the statement guess, and in which the program?",
    ),
)
