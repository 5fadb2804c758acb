"""Where is the temperature fitted?"""

from softmaxbook.checking import Exercise

# The parts; which of them the network has learnt, and which will judge it.
parts = {
    "a": "The rows that the network was trained on.",
    "b": "The test rows.",
    "c": "Rows kept aside for such choices.",
}
LEARNT, JUDGES = "a", "b"
NO_MATTER = ("d", "Any of them: it is one number, and cannot over-fit.")


def solution():
    return "".join(part for part in parts if part not in (LEARNT, JUDGES))


def fitted_where_it_learnt():
    """On rows that it has learnt the network is right more often than elsewhere, so its
    confidence looks justified there. The temperature comes out too low."""
    return "a"


def fitted_on_the_test_set():
    """Then the test rows have helped to choose the model, and the error measured on them is too
    small. What judges must not have been used."""
    return "b"


def one_number_is_harmless():
    """One number over-fits little, but the bias of the rows remains: on training rows the network
    is right more often than elsewhere, and a test row that was used cannot judge."""
    return "d"


EXERCISE = Exercise(
    title="Where is the temperature fitted?",
    kind="choose",
    difficulty=1,
    form="choice",
    statement="""
        A network is trained, and is to be calibrated by one temperature before its calibration
        error is reported on the test rows.
        By which rows is the temperature chosen?
        """,
    options=(*parts.items(), NO_MATTER),
    solution=solution,
    mistakes=(fitted_where_it_learnt, fitted_on_the_test_set, one_number_is_harmless),
    hints=(
        "How sure, and how often right, is a network on rows that it has learnt?",
        "Two parts are taken: one has been learnt, one will judge.",
    ),
    explanation="Rows that were neither learnt nor will be used to judge: a validation set.",
)
