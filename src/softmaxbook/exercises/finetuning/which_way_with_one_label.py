"""Which way of going on is best with one label of each class."""

from softmaxbook.checking import Exercise


def solution():
    return "c"  # measured: tests/exercises/test_predictions.py looks it up


def only_the_head_can_learn():
    """Training everything does not fall behind: a few small steps from a good place end in a
    good place. Choose digits and one label in the figure."""
    return "a"


def the_gentlest_way():
    """Its lead over the other pretrained ways is smaller than their lead over random weights.
    Choose digits and one label in the figure."""
    return "b"


def letters_are_not_digits():
    """Both are made of strokes. Choose digits and one label in the figure: where does the
    network with random weights stand?"""
    return "d"


EXERCISE = Exercise(
    title="Which way, with one label?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        The network has learnt to read letters, and gets ten handwritten digits, one of each class.
        It can go on in many ways: train a new head and freeze the rest, train everything at one
        rate, train early layers more slowly than late ones, or unfreeze them one by one.
        Which way reads new digits best?
        """,
    options=(
        (
            "a",
            "A frozen body with a new head: ten pictures cannot teach sixty thousand numbers "
            "anything.",
        ),
        ("b", "Unfreezing one by one, with slow early layers: it is made for this."),
        ("c", "With so few pictures, how matters less than whether the network was pretrained."),
        ("d", "None: a network that starts with random weights, because letters are not digits."),
    ),
    solution=solution,
    mistakes=(only_the_head_can_learn, the_gentlest_way, letters_are_not_digits),
    hints=(
        "How far does training everything get from where it starts, in a few small steps?",
        "Choose digits and one label in the figure. How wide is the cluster of seven, and "
        "where is the eighth?",
    ),
    explanation="""
        Choose *digits* and one label in the figure: the seven ways differ by a few points, and all
        are far ahead of the network that starts from random weights.
        Training everything does not fall behind, because a few small steps from a good place end in
        a good place.
        It is an answer about digits with few labels.
        With fifty labels *whether* matters no more than *how*, and on Greek letters, the nearest
        target, freezing beats training everything as long as labels are few.
        Choose *textures*, and most differences turn against transfer.
        """,
)
