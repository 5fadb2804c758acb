"""What a pretrained network reads when half of the pixels have moved."""

from softmaxbook.checking import Exercise


def solution():
    return "b"  # measured: tests/exercises/test_predictions.py looks it up


def what_was_learnt_helps():
    """It has learnt to look for strokes. What is left of a stroke when its pixels have been
    moved apart? Set the figure to half moved and 50 labels."""
    return "a"


def no_difference():
    """With 50 pictures a class the one has found what tells these pictures apart, and the other
    still looks for strokes. Set the figure to half moved and 50 labels."""
    return "c"


def nobody_can():
    """A person could not. But the pixels move in the same way in every picture, so what tells
    the classes apart is still there."""
    return "d"


EXERCISE = Exercise(
    title="Half of the pixels moved",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Move half of the pixels.
        They change places in the same way in every picture, and no pixel is lost.
        We have 50 labelled pictures of each class.
        Which reads new pictures of this kind better?
        """,
    options=(
        ("a", "The network that has learnt letters, with a new softmax head on its features."),
        (
            "b",
            "A network of the same kind that starts with random weights and learns everything "
            "from these 500 pictures.",
        ),
        ("c", "They are about equal."),
        ("d", "Neither: with its pixels moved, nobody can read a digit better than by guessing."),
    ),
    solution=solution,
    mistakes=(what_was_learnt_helps, no_difference, nobody_can),
    hints=(
        "What was the source's network rewarded for finding?",
        "Move the slider of the figure to half, and compare the two at 50 labels.",
    ),
    explanation="""
        The first looks for strokes, since it has learnt from letters that strokes are what counts,
        and the strokes are torn.
        The second looks for whatever tells these pictures apart.
        What was learnt before is in the way: this is *negative transfer*, and it has a section of
        its own below.
        With one label a class, or with the pixels in their places, the answer differs; see the
        figure.
        """,
)
