"""An attack that sees only names of classes."""

from softmaxbook.checking import Exercise


def solution():
    return "b"  # measured: tests/exercises/test_predictions.py looks it up


def names_tell_nothing():
    """A network that reads its training pictures better than others gives that away with every
    answer, even by the names alone."""
    return "a"


def a_name_tells_as_much():
    """A name says whether the label's share was the largest. The probability says by how much,
    and the threshold above uses it."""
    return "c"


def a_clear_answer():
    """A name is computed from the probabilities, so it can tell no more than they do."""
    return "d"


EXERCISE = Exercise(
    title="Names alone",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Somebody wants to hide who was a member, and publishes only the *names* of the classes,
        without any probability.
        An attacker holds pictures with their labels, and calls a picture a member if the network
        names its label.
        What becomes of the attack?
        """,
    options=(
        ("a", "It fails: without probabilities there is nothing to go by."),
        (
            "b",
            "It succeeds less well than the best threshold above, and still far better than "
            "guessing.",
        ),
        ("c", "It succeeds as well as the best threshold."),
        ("d", "It succeeds better: a name is a clear answer."),
    ),
    solution=solution,
    mistakes=(names_tell_nothing, a_name_tells_as_much, a_clear_answer),
    hints=(
        "How often does the network name the label of a member, and how often that of another "
        "picture?",
        "The share of members called so, minus the share of others called so, is the gap of "
        "the accuracies.",
    ),
    explanation="""
        A network that reads its training pictures better than others gives that away with every
        answer.
        The next cell computes both, as the share of members who are called so minus the share of
        others who are.
        """,
)
