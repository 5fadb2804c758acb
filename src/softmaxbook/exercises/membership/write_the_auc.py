"""How well can they be told apart?"""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def area(learnt, others):
    first, second = np.asarray(learnt)[:, None], np.asarray(others)[None, :]
    return np.mean(first < second) + np.mean(first == second) / 2


def area_reversed(learnt, others, base=area):
    """The area is reversed: you count the pairs in which the learnt row has the *higher* loss. What
    was learnt should have the lower one."""
    return base(-learnt, -others)


def ties_lost(learnt, others):
    """Pairs with equal losses count nothing here. Each counts a half: of two equal losses an
    attacker can only guess."""
    return np.mean(learnt[:, None] < others[None, :])


def ties_won(learnt, others):
    """Pairs with equal losses count as won. Each counts a half: of two equal losses an attacker can
    only guess."""
    return np.mean(learnt[:, None] <= others[None, :])


def pairs_in_order(learnt, others):
    """You compare the first with the first, the second with the second. Each learnt row is compared
    with *every* other one."""
    n = min(len(learnt), len(others))
    return np.mean(learnt[:n] < others[:n]) + np.mean(learnt[:n] == others[:n]) / 2


def compared_with_the_mean(learnt, others):
    """You compare with the mean of the other losses. Compare with each of them."""
    return np.mean(learnt < np.mean(others))


def means_subtracted(learnt, others):
    """This is how far apart the mean losses are. Asked for is a probability: how often the learnt
    one is lower."""
    return np.mean(others) - np.mean(learnt)


def pairs_counted(learnt, others):
    """You count the pairs. Divide by how many there are."""
    return area(learnt, others) * len(learnt) * len(others)


def divided_by_one_group(learnt, others):
    """You divide by the size of one group. There are as many pairs as the product of both sizes."""
    return area(learnt, others) * len(others)


def best_threshold(learnt, others):
    """This is the best share of right guesses with one threshold. The area asks about all pairs,
    and needs none."""
    values = np.concatenate([learnt, others, [np.inf]])
    n = len(values) - 1
    return max(np.sum(learnt < t) + np.sum(others >= t) for t in values) / n


def turned_up(learnt, others):
    """You take the area or one minus it, whichever is larger. Where what was learnt has the higher
    losses the area is below a half, and that should be seen."""
    return max(area(learnt, others), 1 - area(learnt, others))


def twice_less_one(learnt, others, base=area):
    """This is twice the area, less one. It is 0 for an attacker who guesses; the area is a half
    then."""
    return 2 * base(learnt, others) - 1


def below_all_others(learnt, others):
    """You count the learnt rows whose loss is below *all* others. Each pair counts on its own."""
    return np.mean(learnt < np.min(others))


def last_pair_only(learnt, others):
    """Only the last pair counts: does a loop *assign* where it should add?"""
    last = (learnt[-1] < others[-1]) + (learnt[-1] == others[-1]) / 2
    return last / (len(learnt) * len(others))


def divided_by_the_rows(learnt, others):
    """You divide by the number of all rows. There are as many pairs as the *product* of both
    sizes."""
    return area(learnt, others) * len(learnt) * len(others) / (len(learnt) + len(others))


def sorted_and_paired(learnt, others):
    """You sort both and compare in order. Each learnt row is compared with *every* other one."""
    n = min(len(learnt), len(others))
    return np.mean(np.sort(learnt)[:n] < np.sort(others)[:n])


def median_as_threshold(learnt, others):
    """You count right guesses with one threshold, the median. The area asks about all pairs, and
    needs none."""
    middle = np.median(np.concatenate([learnt, others]))
    return (np.mean(learnt < middle) + np.mean(others >= middle)) / 2


def first_row_only(learnt, others):
    """Only the first learnt row is compared. All of them are."""
    return area(learnt[:1], others)


def ties_taken_out(learnt, others):
    """Pairs with equal losses are taken out, also from the number of pairs. Each counts a half."""
    won, lost = np.sum(learnt[:, None] < others), np.sum(learnt[:, None] > others)
    return won / max(won + lost, 1)


EXERCISE = Exercise(
    title="How well can they be told apart?",
    kind="write",
    difficulty=2,
    statement="""
        `learnt` and `others` hold the losses of rows that a network has learnt and of rows that it
        has not. How much they tell an attacker, without choosing any threshold, is the area under
        the ROC curve: the probability that of one learnt row and one other, drawn at random, the
        learnt one has the *lower* loss. Equal losses count a half.
        Write `area(learnt, others)`.
        """,
    solution=area,
    mistakes=(
        area_reversed,
        ties_lost,
        ties_won,
        pairs_in_order,
        compared_with_the_mean,
        means_subtracted,
        pairs_counted,
        divided_by_one_group,
        best_threshold,
        turned_up,
        twice_less_one,
        below_all_others,
        last_pair_only,
        divided_by_the_rows,
        sorted_and_paired,
        median_as_threshold,
        first_row_only,
        ties_taken_out,
    ),
    aspects=(Aspect("values", 2), Aspect("equal losses", 1)),
    probes=(
        probe("three and two", [0.1, 0.6, 0.3], [0.5, 0.2]),
        probe(
            "learnt by heart", [0.01, 0.02, 0.0, 0.03], [0.4, 0.9, 0.6], why="every pair is won."
        ),
        probe(
            "the wrong way round",
            [0.9, 0.7, 0.8, 0.2],
            [0.1, 0.3, 0.6, 0.4, 0.75],
            why="below a half: the learnt rows have the higher losses.",
        ),
        probe("the wrong way round again", [0.8, 0.5], [0.4, 0.6, 0.3]),
        probe("four and five", [0.3, 0.1, 0.8, 0.45], [0.9, 0.35, 0.2, 0.7, 3.0]),
        probe(
            "some are equal",
            [0.25, 0.5, 0.5],
            [0.5, 0.75],
            aspect="equal losses",
        ),
        probe("one pair is equal", [0.25, 0.5, 1.0], [0.5, 0.375], aspect="equal losses"),
        probe(
            "all are equal",
            [0.5, 0.5],
            [0.5, 0.5, 0.5],
            aspect="equal losses",
            why="nothing can be told: a half.",
        ),
    ),
    fresh=lambda rng: (
        np.round(rng.exponential(0.5, size=6), 2),
        np.round(rng.exponential(0.8, size=8), 2),
    ),
    hints=(
        "Go through all pairs of a learnt row and another. How many are there?",
        "A pair counts 1, a half or nothing.",
        "`learnt[:, None] < others[None, :]` compares each with each.",
    ),
)
