"""How much does sharing save?"""

from softmaxbook.checking import Exercise, probe


def solution(n_body, n_features, first, second):
    return n_body


def separate_networks(n_body, n_features, first, second):
    """This is how many two separate networks have. Subtract what the shared one has."""
    return 2 * n_body + (n_features + 1) * (first + second)


def shared_network(n_body, n_features, first, second):
    """This is how many the shared network has. Compare it with two separate ones."""
    return n_body + (n_features + 1) * (first + second)


def body_and_a_head(n_body, n_features, first, second):
    """You saved a head too. Each task keeps a head of its own, in either case."""
    return n_body + (n_features + 1) * second


def first_head_saved(n_body, n_features, first, second):
    """You saved the head of the first task too. Each task keeps a head of its own."""
    return n_body + (n_features + 1) * first


def heads_only(n_body, n_features, first, second):
    """These are the two heads, and they are not shared. The body is."""
    return (n_features + 1) * (first + second)


def body_twice(n_body, n_features, first, second):
    """You saved the body twice. Two separate networks have it twice, and the shared one still has
    it once."""
    return 2 * n_body


def half_the_body(n_body, n_features, first, second):
    """You halved the body. It is not divided: both tasks use all of it."""
    return n_body / 2


EXERCISE = Exercise(
    title="How much does sharing save?",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_body, n_features, first, second: (
        f"""
        A body of {n_body} parameters turns a picture into {n_features} features.
        On them stand two linear heads with biases, one for {first} classes and one for {second}.
        How many parameters fewer are these than two separate networks, each with such a body and
        one of the heads?
        """
    ),
    solution=solution,
    mistakes=(
        separate_networks,
        shared_network,
        body_and_a_head,
        first_head_saved,
        heads_only,
        body_twice,
        half_the_body,
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
    explanation="The body, once. In a deep network that is nearly everything, so a second task "
    "costs hardly more than its head.",
)
