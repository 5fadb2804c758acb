"""What comes of taking the most probable token every time."""

from softmaxbook.checking import Exercise


def solution():
    return "b"  # measured: tests/exercises/test_predictions.py looks it up


def the_best_text():
    """The most probable token at each place need not begin the most probable text, and a
    probable text need not be a good one. Press the button in the figure."""
    return "a"


def over_and_over():
    """A program that forbids the end gets that. Where the end is a token like the others, it is
    soon the most probable one: press the button in the figure."""
    return "c"


def another_each_time():
    """Nothing is drawn here: the most probable token is the same each time."""
    return "d"


EXERCISE = Exercise(
    title="The most probable, again and again",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        Start from a few words, and let the page take the *most probable* token every time: press
        *Write the 20 most probable*, and again.
        What do you get after forty tokens?
        """,
    options=(
        ("a", "The best text that this model can write."),
        ("b", "An end of the sentence, soon."),
        ("c", "The same words, over and over."),
        ("d", "Another text each time."),
    ),
    solution=solution,
    mistakes=(the_best_text, over_and_over, another_each_time),
    hints=(
        "The end of a sentence is a token too.",
        "Press *Write the 20 most probable* twice.",
    ),
    explanation="""
        Where the end is the most probable token, writing is over, and it comes soon.
        The figure stops there.
        A program that forbids the end gets the same words over and over.
        *Why not the most probable token?*, below, counts both, and measures what is so bad about
        them.
        """,
)
