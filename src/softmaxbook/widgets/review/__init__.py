"""What the reader got wrong comes back: questions after growing intervals, with fresh numbers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import traitlets

from softmaxbook.checking import Exercise
from softmaxbook.checking.attempts import Attempt
from softmaxbook.exercises import exercises
from softmaxbook.widgets.leading import LeadingExplorable
from softmaxbook.widgets.modules import bundle
from softmaxbook.widgets.question import Question

SETS = 4
"""How many sets of numbers a question about a number comes back with, the page's among them."""


def questions() -> tuple[Exercise, ...]:
    """Return the exercises that a page can ask and check by itself.

    Examples
    --------
    >>> {each.form for each in questions()} == {"choice", "number"}
    True
    """
    return tuple(each for each in exercises() if each.answered_in_place)


def variants(exercise: Exercise) -> Iterator[Exercise]:
    """Yield a question with the numbers of its page, and with others where it has any.

    Examples
    --------
    >>> numbers = next(each for each in questions() if each.form == "number")
    >>> len({each.prompt() for each in variants(numbers)}) > 1
    True
    """
    told: set[str] = set()
    for seed in (None, *range(SETS - 1)):
        variant = exercise if seed is None else exercise.variant(seed)
        if variant.prompt() not in told:
            told.add(variant.prompt())
            yield variant


class Review(LeadingExplorable):
    """What is due today among the questions that the reader got wrong, and a maker of links.

    Everything is kept by the browser; nothing is sent.

    Examples
    --------
    >>> {"who-pays", "softmax-by-hand"} <= {each["id"] for each in Review().questions}
    True

    Used on the page *review*.
    """

    module = "review"
    _esm = bundle("review")

    questions = traitlets.List(traitlets.Dict()).tag(sync=True)

    @traitlets.default("questions")
    def _questions(self) -> list[dict[str, Any]]:
        return [
            {"id": each.id, "title": each.title, "chapter": each.chapter} for each in questions()
        ]

    def fallback(self) -> str:
        """Say what paper and readers without JavaScript miss."""
        return '<p class="sb-note">What is due is worked out in the browser, by JavaScript.</p>'


class Cards:
    """The questions with all their sets of numbers, each in a ``<template>`` that shows nothing.

    Used on the page *review*.
    """

    def _repr_markdown_(self) -> str:
        return "\n\n".join(_card(each) for question in questions() for each in variants(question))


def _card(exercise: Exercise) -> str:
    attempt = Attempt(exercise)
    parts = (
        f'<template data-review="{escape(exercise.id)}">',
        exercise.prompt(),
        Question(exercise, fresh=True).placeholder(),
        str(attempt.help()),
        "</template>",
    )
    return "\n\n".join(part for part in parts if part)
