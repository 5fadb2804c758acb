"""What can be seen of a source with wrong labels before anything is trained on the target."""

from softmaxbook.checking import Exercise


def solution():
    return "c"  # measured: tests/exercises/test_predictions.py looks it up


def the_pictures_are_compared_by_another_network():
    """That network did learn from wrong labels, but it is not the one that compares: nearness is
    measured by the book's own body, on pictures that are the same in both sources. Choose the
    two sources in the figure, and look at where each stands."""
    return "a"


def the_pictures_have_no_labels():
    """The pixels hold no labels, and the pictures of the two sources are the same, pixel by pixel.
    Choose the two sources in the figure, and look at where each stands."""
    return "b"


def nothing_needs_to_be_trained_for_it():
    """Nothing is trained on digits, true. But the two networks are there, and they make different
    things of the same digits. Choose the two sources in the figure, and try all four."""
    return "d"


EXERCISE = Exercise(
    title="Which yardstick notices?",
    kind="predict",
    difficulty=1,
    opening=True,
    form="choice",
    statement="""
        A network was pretrained on each source, to read digits later with a linear head.
        Two of the sources are the same pictures of letters, once with the right labels and once
        with labels *dealt out at random*.
        Two yardsticks compare pictures: *nearness* of a source's pictures to the digits, in the
        features of the book's own body, or pixel by pixel.
        *LEEP* and *LogME* are computed from labelled digits that have been shown to the pretrained
        network.
        Which of them can put the two sources in different places, before a head is trained?
        """,
    options=(
        ("a", "Nearness in features, LEEP and LogME: a bad network measures badly."),
        ("b", "All four."),
        ("c", "LEEP and LogME."),
        ("d", "None of them: that shows only when the digits are learnt."),
    ),
    solution=solution,
    mistakes=(
        the_pictures_are_compared_by_another_network,
        the_pictures_have_no_labels,
        nothing_needs_to_be_trained_for_it,
    ),
    hints=(
        "Which of the yardsticks ever meets the network that was pretrained on the source?",
        "Choose *letters, wrong labels* in the figure, try each yardstick in turn, and compare it "
        "with *letters, 20 fonts*.",
    ),
    explanation="""
        The pictures are the same as with the right labels, and so is their nearness, of either
        kind, as far as it is printed.
        The other two look at what the pretrained network *does* with digits, and at their labels,
        and both put the source with wrong labels below the other.
        """,
)
