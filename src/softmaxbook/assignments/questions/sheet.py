"""A table for any spreadsheet: a row for each set of numbers, with all that a question holds.

Texts are Markdown, with formulas in dollars as they are written. What a spreadsheet would take for
a formula of its own has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..tables import guarded, number_in
from .question import Answer, Question, plain

ABOUT = ("id", "exercise", "variant", "chapter", "title", "points", "form", "question")
RIGHT = ("answer", "tolerance", "accepted")
OTHERWISE, SOLUTION = "remark to any other", "solution"


def quiz(questions: Sequence[Question], pictures: Path) -> bytes:
    """Return questions as a table.

    Parameters
    ----------
    questions : sequence of Question
    pictures : Path
        Left aside: a picture is in the text by its address.
    """
    rows = [_row(each) for each in questions]
    letters = sorted({each.letter for question in questions for each in question.options})
    head = [
        *ABOUT,
        *(f"option {letter}" for letter in letters),
        *RIGHT,
        *_numbered(rows, "mistake", "remark"),
        OTHERWISE,
        *_numbered(rows, "hint"),
        SOLUTION,
    ]
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, head, lineterminator="\r\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _numbered(rows: Sequence[Mapping[str, str]], first: str, *others: str) -> list[str]:
    """Return the columns of what a question has several of, by the one that has most."""
    most = max((sum(name.startswith(f"{first} ") for name in row) for row in rows), default=0)
    return [f"{word} {k}" for k in range(1, most + 1) for word in (first, *others)]


def _row(question: Question) -> dict[str, str]:
    about = {
        "id": question.id,
        "exercise": question.exercise,
        "variant": str(question.number or ""),
        "chapter": question.chapter,
        "title": question.title,
        "points": plain(question.points),
        "form": "choice" if question.options else "number",
        "question": question.prompt,
        OTHERWISE: question.otherwise,
        SOLUTION: question.explanation,
    }
    about |= {f"hint {k}": each for k, each in enumerate(question.hints, start=1)}
    about |= _choice(question) if question.options else _number(question)
    return {name: _cell(words) for name, words in about.items()}


def _cell(words: str) -> str:
    return words if number_in(words) is not None else guarded(words)


def _choice(question: Question) -> dict[str, str]:
    found = {f"option {each.letter}": each.text for each in question.options}
    right = next(each.letter for each in question.options if each.right)
    made = [(each.letter, each.hint) for each in question.options if each.hint]
    return found | {"answer": right, "accepted": right} | _mistakes(made)


def _number(question: Question) -> dict[str, str]:
    right = next(each for each in question.answers if each.right)
    made = [(_accepted(each), each.hint) for each in question.answers if not each.right]
    return {
        "answer": "; ".join(question.shown),
        "tolerance": "; ".join(plain(field[0].tolerance) for field in right.fields),
        "accepted": _accepted(right),
    } | _mistakes(made)


def _accepted(answer: Answer) -> str:
    """Return the numbers that are taken for an answer: ranges of each field, parted by `;`."""
    return "; ".join(
        " or ".join(f"{plain(each.low)} to {plain(each.high)}" for each in field)
        for field in answer.fields
    )


def _mistakes(made: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {
        name: words
        for k, (answer, hint) in enumerate(made, start=1)
        for name, words in ((f"mistake {k}", answer), (f"remark {k}", hint))
    }
