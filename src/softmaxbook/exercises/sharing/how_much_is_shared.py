"""How much does sharing save?"""

from softmaxbook.checking import Exercise, probe


def solution(n_trunk, n_features, first, second):
    return n_trunk


def separate_networks(n_trunk, n_features, first, second):
    """This is how many two separate networks have. Subtract what the shared one has."""
    return 2 * n_trunk + (n_features + 1) * (first + second)


def shared_network(n_trunk, n_features, first, second):
    """This is how many the shared network has. Compare it with two separate ones."""
    return n_trunk + (n_features + 1) * (first + second)


def trunk_and_a_head(n_trunk, n_features, first, second):
    """You saved a head too. Each task keeps a head of its own, in either case."""
    return n_trunk + (n_features + 1) * second


def first_head_saved(n_trunk, n_features, first, second):
    """You saved the head of the first task too. Each task keeps a head of its own."""
    return n_trunk + (n_features + 1) * first


def heads_only(n_trunk, n_features, first, second):
    """These are the two heads, and they are not shared. The trunk is."""
    return (n_features + 1) * (first + second)


def trunk_twice(n_trunk, n_features, first, second):
    """You saved the trunk twice. Two separate networks have it twice, and the shared one still has
    it once."""
    return 2 * n_trunk


def half_the_trunk(n_trunk, n_features, first, second):
    """You halved the trunk. It is not divided: both tasks use all of it."""
    return n_trunk / 2


EXERCISE = Exercise(
    title="How much does sharing save?",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_trunk, n_features, first, second: (
        f"""
        A trunk of {n_trunk} parameters turns a picture into {n_features} features.
        On them stand two linear heads with biases, one for {first} classes and one for {second}.
        How many parameters fewer are these than two separate networks, each with such a trunk and
        one of the heads?
        """
    ),
    solution=solution,
    mistakes=(
        separate_networks,
        shared_network,
        trunk_and_a_head,
        first_head_saved,
        heads_only,
        trunk_twice,
        half_the_trunk,
    ),
    probes=(probe("the question", 20000, 128, 10, 4),),
    tolerance=1e-5,
    fresh=lambda rng: (
        1000 * int(rng.integers(15, 40)),
        int(rng.choice([64, 96, 128, 160])),
        int(rng.integers(9, 15)),
        int(rng.integers(4, 8)),
    ),
    nudge="Draw both: which boxes are there twice in the one and once in the other?",
    hints=(
        "Add up what two separate networks have, then what the shared one has.",
        "Both have two heads. What is left of the difference?",
    ),
    explanation="The trunk, once. In a deep network that is nearly everything, so a second task "
    "costs hardly more than its head.",
)
