"""What does not fit?"""

import numpy as np

from softmaxbook.checking import Aspect, Exercise, probe


def misfits(network, stored):
    shared = [name for name in network if name in stored]
    missing = len(network) - len(shared)
    unexpected = len(stored) - len(shared)
    return np.array([missing, unexpected, sum(network[k] != stored[k] for k in shared)])


def only_what_is_shared(network, stored):
    """You look at the shared names alone, as loading with `strict=False` does. What the file does
    not hold stays random, and nobody is told: count what is missing and unexpected too."""
    shared = [name for name in network if name in stored]
    return np.array([0, 0, sum(network[name] != stored[name] for name in shared)])


def missing_and_unexpected_swapped(network, stored):
    """Missing and unexpected are exchanged. *Missing* is what the network wants and the file does
    not hold."""
    missing, unexpected, other = misfits(network, stored)
    return np.array([unexpected, missing, other])


def shapes_not_compared(network, stored):
    """The shapes are not compared. A head of the source has the same name as the new one, and
    another shape."""
    return misfits(network, stored) * np.array([1, 1, 0])


def sizes_compared(network, stored):
    """You compare how many numbers there are. A weight of shape (6, 2) does not fit one of (3, 4),
    though both hold 12."""
    other = [k for k in network if k in stored and np.prod(network[k]) != np.prod(stored[k])]
    return np.array([*misfits(network, stored)[:2], len(other)])


def lengths_compared(network, stored):
    """You compare how *many* names there are on each side. Two lists of equal length can hold
    different names."""
    more = len(network) - len(stored)
    return np.array([max(more, 0), max(-more, 0), misfits(network, stored)[2]])


def compared_in_order(network, stored):
    """You compare shape by shape in the order of the two dictionaries. What belongs together has
    the same *name*; the order says nothing."""
    pairs = zip(network.values(), stored.values(), strict=False)
    return np.array([*misfits(network, stored)[:2], sum(one != two for one, two in pairs)])


def outputs_compared(network, stored):
    """You compare the first number of each shape. All of them have to agree."""
    shared = [name for name in network if name in stored]
    other = sum(network[name][0] != stored[name][0] for name in shared)
    return np.array([*misfits(network, stored)[:2], other])


def wrong_shapes_count_as_missing(network, stored):
    """A name with another shape counts as missing and as unexpected too. It is on both sides:
    count it once, as the third number."""
    missing, unexpected, other = misfits(network, stored)
    return np.array([missing + other, unexpected + other, other])


def wrong_shapes_only_missing(network, stored):
    """A name with another shape counts as missing and as unexpected, and nothing is counted third.
    It is on both sides: count it once, as the third number."""
    missing = sum(network[k] != stored.get(k) for k in network)
    unexpected = sum(stored[k] != network.get(k) for k in stored)
    return np.array([missing, unexpected, 0])


def fitting_shapes_counted(network, stored):
    """Your third number counts the shapes that *agree*. Those that differ are wanted."""
    shared = [name for name in network if name in stored]
    agree = sum(network[name] == stored[name] for name in shared)
    return np.array([*misfits(network, stored)[:2], agree])


def one_total(network, stored):
    """One number comes back. Three are wanted: missing, unexpected, of another shape."""
    return np.sum(misfits(network, stored))


def axes_compared(network, stored):
    """You compare how many axes the shapes have. (10, 32) and (48, 32) have two each: compare the
    shapes themselves."""
    shared = [name for name in network if name in stored]
    other = sum(len(network[name]) != len(stored[name]) for name in shared)
    return np.array([*misfits(network, stored)[:2], other])


def order_of_axes_ignored(network, stored):
    """(3, 4) and (4, 3) count as equal here. A transposed weight does not fit: compare the shapes
    as they are."""
    shared = [name for name in network if name in stored]
    other = sum(sorted(network[name]) != sorted(stored[name]) for name in shared)
    return np.array([*misfits(network, stored)[:2], other])


def both_sides_together(network, stored):
    """Missing and unexpected names are counted together, twice. Look at each side on its own."""
    missing, unexpected, other = misfits(network, stored)
    return np.array([missing + unexpected, missing + unexpected, other])


def missing_has_no_shape(network, stored):
    """A missing name counts as one with another shape too. The third number is about names on
    *both* sides."""
    missing, unexpected, other = misfits(network, stored)
    return np.array([missing, unexpected, other + missing])


def whether_for_how_many(network, stored):
    """You tell *whether* there are such names. How many there are is asked for."""
    return misfits(network, stored) > 0


EXERCISE = Exercise(
    title="What does not fit?",
    kind="write",
    difficulty=2,
    statement="""
        Before stored weights are put into a network, somebody should look whether they fit.
        `network` and `stored` are dictionaries from the names of the weights to their shapes, such
        as `{"conv.weight": (16, 1, 3, 3), "fc.bias": (10,)}`.
        Write `misfits(network, stored)`, which returns three counts as an array or a list: names
        that are missing from the file, names in the file that the network does not know, and names
        on both sides with different shapes.
        """,
    solution=misfits,
    mistakes=(
        only_what_is_shared,
        missing_and_unexpected_swapped,
        shapes_not_compared,
        sizes_compared,
        lengths_compared,
        compared_in_order,
        outputs_compared,
        wrong_shapes_count_as_missing,
        wrong_shapes_only_missing,
        fitting_shapes_counted,
        one_total,
        axes_compared,
        order_of_axes_ignored,
        both_sides_together,
        missing_has_no_shape,
        whether_for_how_many,
    ),
    aspects=(Aspect("names", 1), Aspect("shapes", 1)),
    probes=(
        probe(
            "a renamed layer",
            {"conv.weight": (8, 1, 3, 3), "norm.bias": (8,), "fc.weight": (10, 32)},
            {"conv.weight": (8, 1, 3, 3), "bn.bias": (8,), "fc.weight": (10, 32)},
            aspect="names",
            why="with `strict=False` such a layer stays random, and no error is raised.",
        ),
        probe(
            "a deeper network",
            {"a": (4, 2), "b": (4, 4), "c": (3, 4), "d": (3,)},
            {"a": (4, 2), "c": (3, 4)},
            aspect="names",
        ),
        probe(
            "a larger file, in another order",
            {"a": (4, 2), "b": (4,)},
            {"old": (7,), "b": (4,), "a": (4, 2), "older": (2, 2), "oldest": (1,)},
            aspect="names",
        ),
        probe(
            "the head of the source",
            {"fc.weight": (10, 32), "fc.bias": (10,), "conv.weight": (8, 1, 3, 3)},
            {"fc.bias": (48,), "fc.weight": (48, 32), "conv.weight": (8, 1, 3, 3), "more": (1,)},
            aspect="shapes",
            why="the head has its name in both, and other classes.",
        ),
        probe(
            "as many numbers, in other shapes",
            {"a": (3, 4), "b": (2, 6), "c": (5,), "e": (1,), "f": (4, 2)},
            {"a": (3, 2, 2), "b": (2, 3, 2), "c": (5,), "d": (5,), "f": (2, 4)},
            aspect="shapes",
        ),
        probe(
            "as many axes, other numbers",
            {"a": (3, 4), "b": (5, 2), "c": (6, 2), "d": (1,), "f": (2,), "g": (3, 1)},
            {"a": (3, 5), "b": (5, 2, 1), "c": (4, 3), "e": (9, 9), "f": (2,), "g": (1, 3)},
            aspect="shapes",
        ),
    ),
    hints=(
        "Three kinds of names: only in the network, only in the file, in both.",
        "`name in stored` tells whether a dictionary has a name; shapes are compared as they are.",
        "Collect the shared names first. What do the lengths of the three collections tell?",
    ),
    explanation="PyTorch's `load_state_dict` looks for all three, and raises. `strict=False` drops "
    "the first two.",
)
