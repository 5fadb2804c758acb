"""A head on the pixels, or on features computed from them."""

from softmaxbook.checking import Exercise


def solution():
    return "b"  # measured: tests/exercises/test_predictions.py looks it up


def nothing_is_added():
    """True, nothing is added. But a softmax head can use only what is linearly there. Set the
    labels to one in the figure and train both."""
    return "a"


def equally_many_weights():
    """Equally many weights, but of different numbers: the network has already thrown away much
    of what does not tell characters apart. Set the labels to one and train both."""
    return "c"


def plenty_of_numbers():
    """Plenty of numbers, and two labelled pictures of each class to find out which of them
    matter. Set the labels to one in the figure and train both."""
    return "d"


EXERCISE = Exercise(
    title="Pixels or features",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Two softmax heads learn to read digits from the same labelled examples.
        One is given the 256 pixels of a picture, the other the 256 features that a frozen network,
        which has learnt letters, computes *from those pixels*.
        So both heads have equally many weights.
        Which will be right more often, with one or two labels a class?
        """,
    options=(
        ("a", "The one on the pixels: the features can hold nothing that the pixels do not."),
        ("b", "The one on the features."),
        ("c", "Neither, on average."),
        ("d", "Both read nearly every digit: 256 numbers are plenty."),
    ),
    solution=solution,
    mistakes=(nothing_is_added, equally_many_weights, plenty_of_numbers),
    hints=(
        "A head is a linear map with a softmax on it. What can it do with a stroke that has "
        "moved by a pixel?",
        "Set the labels to one in the figure, and train both heads.",
    ),
    explanation="""
        It is true that the features hold no more than the pixels.
        But a head is a linear map with a softmax on it, and it can use only what is *linearly*
        there.
        The network has done the part that is not linear, and has thrown away much of what does not
        tell characters apart, such as where exactly a stroke lies.
        """,
)
