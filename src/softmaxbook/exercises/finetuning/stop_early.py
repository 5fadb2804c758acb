"""When to stop."""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def stopping(accuracies, patience):
    best = look = 0
    for look, accuracy in enumerate(accuracies):
        if accuracy > accuracies[best]:
            best = look
        if look - best == patience:
            break
    return np.array([look, best])


def last_weights_kept(accuracies, patience):
    """The weights of the *last* look are kept. Keep those of the best one."""
    last = stopping(accuracies, patience)[0]
    return np.array([last, last])


def looks_ahead(accuracies, patience):
    """The best of *all* looks is kept, also of those after the stop. Training has ended there, and
    they were never made."""
    return np.array([stopping(accuracies, patience)[0], np.argmax(accuracies)])


def best_of_all_and_patience(accuracies, patience):
    """You look for the best of *all* looks, and add `patience`. The stop comes earlier, where
    `patience` looks in a row were not better; what comes later is never seen."""
    best = int(np.argmax(accuracies))
    return np.array([min(best + patience, len(accuracies) - 1), best])


def never_stops(accuracies, patience):
    """All looks are made: patience is never at its end."""
    return np.array([len(accuracies) - 1, np.argmax(accuracies)])


def ties_are_better(accuracies, patience):
    """An equal accuracy counts as better here, and patience begins anew. Better means larger:
    `>`, not `>=`."""
    best = look = 0
    for look, accuracy in enumerate(accuracies):
        if accuracy >= accuracies[best]:
            best = look
        if look - best == patience:
            break
    return np.array([look, best])


def compared_with_the_look_before(accuracies, patience):
    """Each look is compared with the one before it. Compare it with the best so far."""
    waited = look = 0
    for look in range(1, len(accuracies)):
        waited = 0 if accuracies[look] > accuracies[look - 1] else waited + 1
        if waited == patience:
            break
    return np.array([look, np.argmax(accuracies[: look + 1])])


def all_bad_looks_counted(accuracies, patience):
    """All looks without a better accuracy are counted. A better one sets the count back to 0: they
    have to come in a row."""
    best = look = waited = 0
    for look, accuracy in enumerate(accuracies):
        if accuracy > accuracies[best]:
            best = look
        elif look:
            waited += 1
        if waited == patience:
            break
    return np.array([look, best])


def one_look_late(accuracies, patience, base=stopping):
    """It stops one look too late. After `patience` looks without a better one it is over."""
    return base(accuracies, patience + 1)


def one_look_early(accuracies, patience):
    """It stops one look too early: `patience` looks may pass without a better one."""
    best = look = 0
    for look, accuracy in enumerate(accuracies):
        if accuracy > accuracies[best]:
            best = look
        if look - best >= max(patience - 1, 1):
            break
    return np.array([look, best])


def lowest_kept(accuracies, patience, base=stopping):
    """The lowest value counts as the best. That is right for a loss; these are accuracies."""
    return base(-accuracies, patience)


def best_first(accuracies, patience, base=stopping):
    """The two numbers are exchanged: first the last look that is made, then the best."""
    return base(accuracies, patience)[::-1]


def accuracy_for_look(accuracies, patience):
    """For the best look its accuracy comes back. Asked for is its *position*."""
    last, best = stopping(accuracies, patience)
    return np.array([last, accuracies[best]])


def counted_from_one(accuracies, patience, base=stopping):
    """Your looks are counted from 1. The first has the number 0."""
    return base(accuracies, patience) + 1


def number_of_looks(accuracies, patience):
    """You count the looks. Asked for is the *position* of the last one, from 0."""
    last, best = stopping(accuracies, patience)
    return np.array([last + 1, best])


def stops_at_the_first_drop(accuracies, patience):
    """It stops as soon as a look is not better than the one before. `patience` looks may pass."""
    drops = np.flatnonzero(np.diff(accuracies) <= 0)
    last = drops[0] + 1 if len(drops) else len(accuracies) - 1
    return np.array([last, np.argmax(accuracies[: last + 1])])


def last_of_equal_bests(accuracies, patience):
    """Of equal best looks you keep the last. An equal accuracy is not better: keep the first."""
    last = stopping(accuracies, patience)[0]
    return np.array([last, last - np.argmax(accuracies[last::-1])])


def best_and_patience_added(accuracies, patience):
    """Your last look is always the best one plus `patience`. Where the looks end before that, it is
    the last one that there is."""
    best = stopping(accuracies, patience)[1]
    return np.array([best + patience, best])


EXERCISE = Exercise(
    title="When to stop",
    kind="write",
    difficulty=2,
    statement="""
        While a network is tuned, its accuracy on the validation part is looked at again and again.
        Training stops when `patience` looks in a row were not better than the best before them, or
        when there are no more looks; the weights of the best look are kept. An equal accuracy is
        not better.
        Write `stopping(accuracies, patience)`, which returns two numbers: the position of the last
        look that is made, and that of the look whose weights are kept, both counted from 0.
        """,
    solution=stopping,
    mistakes=(
        last_weights_kept,
        looks_ahead,
        best_of_all_and_patience,
        never_stops,
        ties_are_better,
        compared_with_the_look_before,
        all_bad_looks_counted,
        one_look_late,
        one_look_early,
        lowest_kept,
        best_first,
        accuracy_for_look,
        counted_from_one,
        number_of_looks,
        stops_at_the_first_drop,
        last_of_equal_bests,
        best_and_patience_added,
    ),
    either=(
        (counted_from_one, number_of_looks),
        (counted_from_one, accuracy_for_look),
        (one_look_late, one_look_early),
    ),
    aspects=(Aspect("values", 2), Aspect("ties", 1)),
    probes=(
        probe("up and down", [0.5, 0.7, 0.6, 0.65, 0.8, 0.9], 2),
        probe(
            "better later",
            [0.5, 0.6, 0.55, 0.58, 0.59, 0.57, 0.9, 0.95],
            3,
            why="patience ends before the better looks come, so they are never seen.",
        ),
        probe("the best comes too late", [0.5, 0.9, 0.8, 0.7, 0.95, 0.6], 2),
        probe("a climb with rests", [0.4, 0.3, 0.5, 0.45, 0.6, 0.55, 0.7, 0.65], 2),
        probe("a longer rest", [0.2, 0.5, 0.4, 0.6, 0.3, 0.55, 0.5, 0.9], 3),
        probe("never better than the first", [0.9, 0.8, 0.7, 0.6, 0.5, 0.4], 3),
        probe("always better", [0.1, 0.2, 0.4, 0.5], 2, why="the looks end before patience does."),
        probe(
            "two equal looks",
            [0.5, 0.75, 0.75, 0.7, 0.6, 0.8],
            3,
            aspect="ties",
            why="the second 0.75 is not better than the first.",
        ),
        probe("all equal", [0.5, 0.5, 0.5, 0.5, 0.5], 2, aspect="ties"),
    ),
    fresh=lambda rng: (np.round(rng.uniform(0.5, 0.9, size=9), 3), int(rng.integers(2, 4))),
    hints=(
        "Go through the looks and remember where the best so far was.",
        "How many looks have passed since the best one? Stop when these are `patience`.",
        "Two variables: the position of the best, and the position of the look; leave the loop "
        "with `break`.",
    ),
    explanation="The accuracy at the best look is too good to report, for it was chosen for being "
    "high. The test part tells.",
)
