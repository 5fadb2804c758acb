"""A question on the page reads and judges like the exercise in the notebook."""

import math

import numpy as np
import pytest
from javascript import call

from softmaxbook.checking.questions import readings
from softmaxbook.exercises import Attempt, Exercise, exercise, exercises, question_data

ASKED = [each for each in exercises() if each.answered_in_place]
NUMBERS = [each for each in ASKED if each.form == "number"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        (" 0,25 ", 0.25),
        ("1/4", 0.25),
        ("25 %", 0.25),
        ("≈ 2.5e-1", 0.25),
        ("−3", -3),
        ("65 504", 65504),
        ("65,504", 65504),
        ("1,234.5", 1234.5),
        ("2^-24", 2**-24),
        ("3·10^5", 3e5),
        ("∞", math.inf),
        ("-inf", -math.inf),
    ],
)
def test_what_people_type_is_read(text, value):
    assert value in call("numerics/readings", [("readings", text)])[0]


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "1,2,3", "--1", "1/0", "0x10", "e", "."])
def test_what_is_no_number_is_not_read(text):
    assert call("numerics/readings", [("readings", text)]) == [[]]


def test_a_bare_percentage_is_read_where_a_probability_is_asked_for():
    assert call("numerics/readings", [("readings", "70", True), ("readings", "70", False)]) == [
        [70, 0.7],
        [70],
    ]


# What people type and what pages print, with what it means; nothing where it is no number.
TYPED = {
    **{key: [0.25] for key in ("0.25", " 0,25 ", "1/4", "25 %", "25%", "2.5e-1", "+0.25", "=0.25")},
    **{key: [2.26e-06] for key in ("2.26·10⁻⁶", "2.26×10^-6", "2.26 * 10**-6", "2.26 x 10^(-6)")},
    **{key: [2.26e-06] for key in ("2.26e-6", "2.26E−6", "2,26 ⋅ 10⁻⁶")},
    **{key: [-0.001] for key in ("−1e−3", "-0.001", "–0.001", "－0.001", "−10⁻³")},
    **{key: [0.25] for key in ("０．２５", "٠٫٢٥", "०.२५", "2５％")},
    **{key: [0.2595] for key in ("25.95％", "25,95 %", "25.95\u202f%", "25.95٪", "0.2595")},
    **{key: [65504.0] for key in ("65 504", "65\u202f504", "65\xa0504", "65_504", "65'504")},
    **{key: [1000000.5] for key in ("1,000,000.5", "1.000.000,5", "1 000 000,5")},
    **{"65,504": [65.504, 65504.0], "1,234.5": [1234.5], "1.234,5": [1234.5], "0,504": [0.504]},
    **{key: [2.0 ** (-24)] for key in ("2^-24", "2⁻²⁴", "2**-24", "2^(-24)")},
    **{key: [math.inf] for key in ("∞", "inf", "infinity")},
    **{"-∞": [-math.inf], "-inf": [-math.inf], "nan": [math.nan], "1e999": [math.inf]},
    **{key: [0.75] for key in ("3/4", "3⁄4", "3 / 4", "¾")},
    **{"1.234": [1.234], "70": [70.0], "≈0.7": [0.7], "10²": [100.0], "1e+3": [1000.0]},
    **{key: [] for key in ("", "abc", "1.2.3", "1/0", "--1", ".", "0x10", "0b11", "0o7", "0^-1")},
    **{key: [] for key in ("1 2", "0.2 5", "1,2,3", "12,34,567", "5-3", "1e", "e5", "²", "1/2/3")},
    **{key: [] for key in ("%", "1 % 2", "2^", "10^1.5", "１0x1")},
}


@pytest.mark.parametrize("text", TYPED)
def test_what_is_typed_is_read_as_meant_or_not_at_all(text):
    np.testing.assert_allclose(readings(text), TYPED[text], rtol=1e-15)


@pytest.mark.parametrize("percent", [False, True])
def test_page_and_notebook_read_alike(percent):
    on_page = call("numerics/readings", [("readings", text, percent) for text in TYPED])
    for text, read in zip(TYPED, on_page, strict=True):
        np.testing.assert_allclose(read, readings(text, percent), rtol=1e-15, err_msg=text)


def test_another_base_is_refused_with_a_reason():
    asked = exercise("where-exp-overflows")
    for text in ("0x10", "-0b11"):
        assert "to base ten" in asked.check(text).message
        assert "to base ten" in judged(asked.exercise, [[text]])[0]["hint"]


@pytest.mark.parametrize("asked", NUMBERS, ids=lambda each: each.id)
def test_a_shown_solution_is_accepted_by_its_own_question(asked):
    for variant in [asked, *(asked.variant(seed) for seed in range(3))]:
        shown = variant.solution_text().split("**")[1].strip("[] ").split(", ")
        assert judged(variant, [shown])[0]["status"] == "correct", shown
        answer = shown if len(shown) > 1 else shown[0]
        assert Attempt(variant).check(answer).correct, shown


def judged(asked, answers):
    data = question_data(asked)
    return call("numerics/judging", [("judge", data, answer) for answer in answers])


@pytest.mark.parametrize("asked", NUMBERS, ids=lambda each: each.id)
def test_right_numbers_are_right_and_mistakes_are_named(asked):
    functions = [asked.solution, *asked.mistakes]
    answers = [[repr(float(x)) for x in np.ravel(each(*asked.given))] for each in functions]
    right, *wrong = judged(asked, answers)
    assert right["status"] == "correct"
    hints = [each["hint"] for each in question_data(asked)["mistakes"]]
    assert [each["hint"] for each in wrong] == hints
    assert {each["status"] for each in wrong} == {"mistake"}


@pytest.mark.parametrize("asked", [e for e in ASKED if e.form == "choice"], ids=lambda e: e.id)
def test_every_option_has_its_verdict(asked):
    letters = [letter for letter, _ in asked.options]
    found = judged(asked, [[letter] for letter in letters])
    expected = ["correct" if letter == asked.solution() else "mistake" for letter in letters]
    assert [each["status"] for each in found] == expected
    assert judged(asked, [[]])[0]["status"] == "empty"


def chooses(letter):
    def mistake():
        return letter

    mistake.__name__ = f"takes_{letter}"
    mistake.__doc__ = f"You take {letter}."
    return mistake


def test_a_wrong_option_without_a_mistake_of_its_own_is_wrong_in_both():
    five = Exercise(
        id="five", title="Five", chapter="overflow", kind="choose", difficulty=1, form="choice",
        statement="?", solution=lambda: "d", mistakes=tuple(map(chooses, "abc")),
        options=tuple(zip("abcde", "12345", strict=True)), hints=("one", "two"),
    )  # fmt: skip
    attempt = Attempt(five)
    found = [attempt.check(letter) for letter in "abcde"]
    page = judged(five, [[letter] for letter in "abcde"])
    names = [each.status.name.lower() for each in found]
    assert names == ["mistake", "mistake", "mistake", "correct", "wrong"]
    assert [each["status"] for each in page] == names
    assert [each["hint"] for each in page[:3]] == [each.hint for each in found[:3]]
    assert [each.message for each in found] == [
        *("Not a).", "Not b).", "Not c).", "That is it.", "Not e)."),
    ]
    assert str(found[-1]) == "✗ **Not yet.** Not e)."
    assert [each.points for each in found] == [0, 0, 0, 1, 0]


@pytest.mark.parametrize("asked", NUMBERS, ids=lambda each: each.id)
def test_page_and_notebook_agree(asked):
    right = np.ravel(asked.solution(*asked.given)).astype(float)
    factors = [1.0, 1.0 + asked.tolerance / 2, 1.0 + 3 * asked.tolerance, 0.37, -1.0, 1e3]
    for factor in factors:
        answer = right * factor
        on_page = judged(asked, [[repr(float(x)) for x in answer]])[0]["status"] == "correct"
        given = answer.reshape(np.shape(asked.solution(*asked.given)))
        assert on_page == (exercise(asked.id).check(given).status.value == "correct"), factor


def test_another_wrong_number_gets_a_nudge():
    asked = exercise("softmax-by-hand").exercise
    value = float(np.ravel(asked.solution(*asked.given))[0])
    hints = [each["hint"] for each in judged(asked, [["-0.3"], [repr(value * 1.05)], ["x"], [" "]])]
    assert "between 0 and 1" in hints[0]
    assert "too large, by more than rounding" in hints[1]
    assert "“x” is not a number" in hints[2]
    assert "Type a number" in hints[3]


@pytest.mark.parametrize("asked", NUMBERS, ids=lambda each: each.id)
def test_more_digits_are_asked_for_where_rounding_explains_the_difference(asked):
    right = np.ravel(asked.solution(*asked.given)).astype(float)
    if right.size > 1 or not np.all(np.isfinite(right)):
        return
    width = float(asked.rounding(right)[0])
    named = [float(np.ravel(each(*asked.given))[0]) for each in asked.mistakes]
    for part, close in ((0.5, True), (-0.5, True), (1.5, False), (-1.5, False)):
        value = float(right[0]) + part * width * (1 + 1e-9)
        known = any(abs(value - each) <= float(asked.recognised(each)) for each in named)
        outside = asked.percent and not 0 <= value <= 1
        if value == round(value) or known or outside:
            continue
        on_page = judged(asked, [[repr(value)]])[0]["hint"]
        in_notebook = exercise(asked.id).check(value).message
        assert ("more digits" in on_page) == close, (value, on_page)
        assert ("more digits" in in_notebook) == close, (value, in_notebook)


def test_zeros_at_the_front_are_told_where_too_few_digits_are_given():
    told = "zeros at the front do not count"
    for id, typed, is_told in (
        ("the-saturated-gradient", "0.045", True),
        ("softmax-by-hand", "0.3", False),
    ):
        asked = exercise(id)
        assert (told in judged(asked.exercise, [[typed]])[0]["hint"]) == is_told
        assert (told in asked.check(typed).message) == is_told


@pytest.mark.parametrize(
    ("id", "typed", "words"),
    [
        ("where-exp-overflows", 11, "more digits"),
        ("log-sum-of-equals", 806, "more than rounding"),
        ("softmax-by-hand", 0, "too small"),
    ],
)
def test_a_typed_whole_number_is_not_put_down_to_an_array(id, typed, words):
    message = exercise(id).check(typed).message
    assert words in message
    assert "zeros_like" not in message


def test_a_count_that_is_one_off_is_no_matter_of_digits():
    asked = exercise("count-the-parameters")
    value = int(asked.exercise.solution(*asked.exercise.given)) + 1
    assert (
        "digits"
        not in asked.check(value).message + judged(asked.exercise, [[str(value)]])[0]["hint"]
    )
