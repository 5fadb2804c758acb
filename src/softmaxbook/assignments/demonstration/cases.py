"""The students: what each hands in, why it is in the class, and what it has to earn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from softmaxbook.checking import Status

from . import damages, styles
from .sources import RIGHT, Given, mistaken, twice_mistaken
from .styles import BATCH, HAND, MARGIN, PRINT, SUM, VECTOR

IDS = (HAND, PRINT, VECTOR, BATCH, SUM, MARGIN)

FULL = ("The common factor cancels. No exponential overflows, and the largest is 1.", (1.0, 1.0))
HALF = ("The factor exp(−c) is above the line and below it, so it cancels.", (1.0, 0.0))
EMPTY = ("", (0.0, 0.0))

# Each registered mistake of each exercise, and the points that it leaves, aspect by aspect:
# (of 1), (of 1), (values 2, large logits 1), (values 2, any number of axes 1, large logits 1),
# (values 2, large logits 2, masks 1, all masked 1), (values 2, ties 1).
LEFT_BY: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    HAND: {
        "no_exponentials": (0,),
        "divided_by_the_largest": (0,),
        "left_itself_out": (0,),
        "last_class_left_out": (0,),
        "base_two": (0,),
        "alone_against_zero": (0,),
        "the_neighbour": (0,),
        "the_last_class": (0,),
    },
    PRINT: {
        "exact_as_on_paper": (0,),
        "the_larger_takes_all": (0,),
        "infinity_twice": (0,),
    },
    VECTOR: {
        "shift_forgotten": (2, 0),
        "shift_after_the_exponential": (0, 0),
        "only_shifted": (0, 0),
        "not_normalised": (0, 0),
        "divided_by_the_largest": (0, 0),
        "no_exponentials": (0, 0),
        "sign_reversed": (0, 0),
        "exponent_reversed": (0, 0),
        "logarithm_of_it": (0, 0),
        "shifted_by_the_smallest": (2, 0),
    },
    BATCH: {
        "wrong_axis": (0, 0, 0),
        "sum_of_each_column": (0, 0, 0),
        "no_axis": (0, 0, 0),
        "keepdims_forgotten": (0, 0, 0),
        "one_maximum_for_all": (2, 1, 0),
        "maximum_of_each_column": (0, 0, 0),
        "shift_forgotten": (2, 1, 0),
        "shifted_by_the_smallest": (2, 1, 0),
        "sign_reversed": (0, 0, 0),
        "exponent_reversed": (0, 0, 0),
        "divided_by_the_largest": (0, 0, 0),
        "only_shifted": (0, 0, 0),
        "first_axis_kept_only": (2, 0, 1),
    },
    SUM: {
        "shift_forgotten": (2, 0, 1, 1),
        "maximum_not_added_back": (0, 0, 0, 0),
        "maximum_subtracted_again": (0, 0, 0, 0),
        "minimum_for_maximum": (2, 0, 0, 0),
        "mean_for_sum": (0, 0, 0, 0),
        "axis_kept": (0, 0, 0, 0),
        "one_number_for_all": (0, 0, 0, 0),
        "masked_row_forgotten": (2, 2, 1, 0),
        "logarithm_forgotten": (0, 0, 0, 0),
    },
    MARGIN: {
        "largest_minus_smallest": (0, 0),
        "largest_minus_mean": (0, 0),
        "in_probabilities": (0, 0),
        "sign_reversed": (0, 0),
        "next_lower_value": (2, 0),
        "one_margin_for_all": (0, 0),
    },
}


@dataclass(frozen=True)
class Case:
    """A student, and what the hand-in is; exercises that are not named are right."""

    id: str
    name: str
    why: str
    answers: Mapping[str, Given] = field(default_factory=dict)
    own_cell: str = ""
    essay: tuple[str, tuple[float, ...]] = FULL
    damage: damages.Damage = damages.whole
    first_try: Mapping[str, Given] | None = None  # an earlier hand-in, which must not count
    lost: tuple[str, ...] = ()  # answers that the damage has taken: not attempted
    late: bool = False
    copied_from: str = ""
    seen: bool = False  # whether the instructor is told to look

    def given(self, id: str) -> Given:
        """Return the answer to an exercise."""
        return self.answers.get(id, RIGHT)


STARTER = {id: Given(RIGHT.write, None, Status.NOT_ATTEMPTED) for id in IDS}

_MISTAKEN = (
    ("frank", "Frank Osei"), ("grete", "Grete Lindqvist"), ("hana", "Hana Sato"),
    ("ivo", "Ivo Marković"), ("june", "June O’Hara"), ("karim", "Karim Haddad"),
    ("lena", "Lena Vogt"), ("mateo", "Mateo Díaz"), ("nadia", "Nadia Petrova"),
    ("ines", "Inês Carvalho"), ("jonas", "Jonas Weber"), ("kofi", "Kofi Mensah"),
    ("liv", "Liv Haugen"),
)  # fmt: skip


def _share_of_mistakes(student: int) -> dict[str, Given]:
    """Return the mistakes of one of these, so that each is made by exactly one of them."""
    found = {}
    for row, (id, mistakes) in enumerate(LEFT_BY.items()):
        place = (student + 2 * row) % len(_MISTAKEN)
        if place < len(mistakes):
            name = list(mistakes)[place]
            found[id] = mistaken(name, *mistakes[name])
    return found


CASES = (
    Case("ada", "Ada Moreau", "right, as in the book"),
    Case("bob", "Bob Weiss", "right, with loops and lists", styles.LOOPS, "import math"),
    Case("chen", "Chen Li", "right, by logarithms", styles.LOGARITHMS),
    Case("dana", "Dana Cohen", "right, one from another", styles.FROM_EACH_OTHER, styles.HELPER),
    Case("emil", "Emil Sørensen", "right, in float32; with trials that fail",
         styles.SINGLE, styles.EXPERIMENTS),
    *(
        Case(id, name, "named mistakes", _share_of_mistakes(k), essay=HALF)
        for k, (id, name) in enumerate(_MISTAKEN)
    ),
    Case("olga", "Olga Nowak", "two mistakes at once", {
        BATCH: twice_mistaken("wrong_axis", "divided_by_the_largest", 0, 0, 0),
    }, essay=HALF),
    Case("paul", "Paul Adeyemi", "wrong in ways that nobody foresaw", styles.UNFORESEEN),
    Case("qi", "Qi Zhang", "programs that do not run", styles.BROKEN, essay=EMPTY, seen=True),
    Case("rosa", "Rosa Bianchi", "nothing answered", STARTER, essay=EMPTY),
    Case("sami", "Sami Virtanen", "damaged: cells deleted", damage=damages.with_cells_deleted,
         lost=(SUM,), seen=True),
    Case("tara", "Tara Singh", "damaged: cells doubled", damage=damages.with_cells_doubled,
         seen=True),
    Case("uma", "Uma Rao", "damaged: metadata gone", damage=damages.without_metadata),
    Case("vera", "Vera Popescu", "damaged: code turned to text", damage=damages.with_code_as_text),
    Case("will", "Will Jones", "damaged: renamed file", damage=damages.renamed),
    Case("xenia", "Xenia Papadopoulou", "damaged: file cut off", damage=damages.cut_off,
         lost=(MARGIN,), essay=EMPTY, seen=True,
         answers={SUM: Given(RIGHT.write, (0, 0, 0, 0), Status.BROKEN)}),
    Case("yara", "Yara Costa", "a program, not a notebook", damage=damages.as_program),
    Case("zoe", "Zoë Martin", "handed in again, late", late=True, first_try=styles.UNFORESEEN),
    Case("anton", "Anton Berg", "somebody else’s notebook", copied_from="ada", seen=True,
         answers={HAND: Given(RIGHT.write, (0,), Status.WRONG),
                  # the letter of Ada's order of the options
                  PRINT: Given(RIGHT.write, (0,), Status.MISTAKE, ("exact as on paper",))}),
    Case("bela", "Béla Kovács", "hostile: patches NumPy, never ends",
         {VECTOR: styles.PATCHES, SUM: styles.ENDLESS}, essay=EMPTY),
    Case("cleo", "Cleo Dubois", "hostile: leaves the grader, takes all memory",
         {BATCH: styles.LEAVES, SUM: styles.MEMORY}, essay=EMPTY, seen=True),
    Case("dirk", "Dirk Jansen", "hostile: reads files, calls out",
         {BATCH: styles.READS, SUM: styles.CALLS_OUT}, essay=EMPTY),
)  # fmt: skip
