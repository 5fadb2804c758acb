"""The smallest set with the mass."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def keep_mass(p, share):
    order = np.argsort(-p, kind="stable")
    before = np.cumsum(p[order]) - p[order]
    kept = np.zeros(len(p), bool)
    kept[order] = before < share
    return np.where(kept, p, 0) / np.sum(p[kept])


def cut_before_the_crossing(p, share):
    """You stop before the class that takes the sum to the share. Then less is kept than was asked
    for; and if the first class alone has it, nothing is."""
    order = np.argsort(-p, kind="stable")
    kept = np.zeros(len(p), bool)
    kept[order] = np.cumsum(p[order]) <= share
    kept[order[0]] = True
    return np.where(kept, p, 0) / np.sum(p[kept])


def without_the_crossing(p, share):
    """You leave out the class at which the sum reaches the share: what is kept has less, and where
    the first class alone has it, nothing is kept and 0 is divided by 0. It belongs to the
    nucleus."""
    order = np.argsort(-p, kind="stable")
    kept = np.zeros(len(p), bool)
    kept[order] = np.cumsum(p[order]) < share
    with np.errstate(invalid="ignore"):
        return np.where(kept, p, 0) / np.sum(p[kept])


def one_too_many(p, share):
    """You keep one more after the sum has reached the share. The class that takes it there is the
    last."""
    order = np.argsort(-p, kind="stable")
    before = np.cumsum(p[order]) - p[order]
    count = np.sum(before < share) + 1
    kept = np.zeros(len(p), bool)
    kept[order[:count]] = True
    return np.where(kept, p, 0) / np.sum(p[kept])


def not_renormalised(p, share):
    """What is kept sums to less than 1. Divide by the mass that was kept."""
    return np.where(keep_mass(p, share) > 0, p, 0)


def divided_by_the_share(p, share):
    """You divide by the share. What is kept has at least that mass, and mostly more: divide by its
    own sum."""
    return np.where(keep_mass(p, share) > 0, p, 0) / share


def in_the_order_of_the_classes(p, share):
    """You add up in the order of the classes. Sort first: the nucleus begins with the most
    probable."""
    kept = np.cumsum(p) - p < share
    return np.where(kept, p, 0) / np.sum(p[kept])


def from_the_tail(p, share):
    """You begin with the least probable. `argsort` sorts upwards: sort −p."""
    order = np.argsort(p, kind="stable")
    kept = np.zeros(len(p), bool)
    kept[order] = np.cumsum(p[order]) - p[order] < share
    return np.where(kept, p, 0) / np.sum(p[kept])


def order_not_undone(p, share):
    """The probabilities come back sorted. They belong to their classes: put them back to where they
    stood."""
    return np.sort(keep_mass(p, share))[::-1]


def mask_in_sorted_order(p, share):
    """The mask belongs to the *sorted* classes, and you apply it to the unsorted ones: carry it
    back with `kept[order] = …`."""
    ordered = np.sort(p)[::-1]
    kept = np.cumsum(ordered) - ordered < share
    return np.where(kept, p, 0) / np.sum(p[kept])


def mask_read_in_sorted_order(p, share):
    """You read the mask with `kept[order]`. That sorts it once more; to carry it back from the
    sorted classes, *write* it: `kept[order] = …`."""
    order = np.argsort(-p, kind="stable")
    kept = (np.cumsum(p[order]) - p[order] < share)[order]
    return np.where(kept, p, 0) / np.sum(p[kept])


def unsorted_subtracted(p, share):
    """From the running sum of the *sorted* probabilities you subtract the unsorted ones. The sum
    before a class is that up to it, less itself: `np.cumsum(p[order]) - p[order]`."""
    order = np.argsort(-p, kind="stable")
    kept = np.zeros(len(p), bool)
    kept[order] = np.cumsum(p[order]) - p < share
    return np.where(kept, p, 0) / np.sum(p[kept])


def upside_down(p, share):
    """You keep the classes from the crossing on, and leave out those before it. Those that are
    needed to reach the share are kept."""
    order = np.argsort(-p, kind="stable")
    kept = np.zeros(len(p), bool)
    kept[order] = np.cumsum(p[order]) >= share
    return np.where(kept, p, 0) / np.sum(p[kept])


def share_of_the_largest(p, share):
    """You keep what has at least that share of the largest probability. That is min-p; here the
    probabilities are added up."""
    kept = p >= share * np.max(p)
    return np.where(kept, p, 0) / np.sum(p[kept])


def what_each_has(p, share):
    """You compare each class alone with 1 − share. The nucleus adds the classes up, from the most
    probable on."""
    kept = p > 1 - share
    kept[np.argmax(p)] = True
    return np.where(kept, p, 0) / np.sum(p[kept])


EXERCISE = Exercise(
    title="The smallest set with the mass",
    kind="write",
    difficulty=2,
    statement="""
        Write `keep_mass(p, share)` for one vector of probabilities: the nucleus.
        Classes are taken from the most probable on, up to and with the one at which their sum
        reaches `share`; they keep their ratios, and all others get 0.
        """,
    solution=keep_mass,
    mistakes=(
        cut_before_the_crossing,
        without_the_crossing,
        one_too_many,
        not_renormalised,
        divided_by_the_share,
        in_the_order_of_the_classes,
        from_the_tail,
        order_not_undone,
        mask_in_sorted_order,
        mask_read_in_sorted_order,
        unsorted_subtracted,
        upside_down,
        share_of_the_largest,
        what_each_has,
    ),
    probes=(
        probe("four classes", [0.15, 0.45, 0.1, 0.3], 0.7),
        probe(
            "one has it all",
            [0.1, 0.75, 0.15],
            0.5,
            why="the first class alone reaches the share, and is kept.",
        ),
        probe("five classes", [0.05, 0.1, 0.2, 0.25, 0.4], 0.8),
        probe("a flat one", [0.18, 0.22, 0.2, 0.21, 0.19], 0.55, why="three are needed."),
        probe("nearly all", [0.5, 0.04, 0.3, 0.16], 0.95, why="the last two percent are cut off."),
        probe("two", [0.3, 0.7], 0.9),
        probe("the first has it at once", [0.2, 0.7, 0.1], 0.6),
    ),
    fresh=lambda rng: (rng.dirichlet(np.full(6, 0.8)), float(rng.uniform(0.3, 0.9))),
    hints=(
        "Sort downwards and add up. What is the sum *before* each class?",
        "A class is kept if the sum of those before it is less than the share.",
        "Carry the mask back: `kept[order] = before < share`. Then divide by the kept mass.",
    ),
)
