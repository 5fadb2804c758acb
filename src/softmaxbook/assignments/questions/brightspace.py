"""Brightspace's CSV: rows of a question one below the other, as its question library imports them.

Notes
-----
Which questions are read is told in D2L's help, “Import questions into the question library”,
https://community.d2l.com/brightspace/kb/articles/27274-import-questions-into-the-question-library:
choices, and none about a number. The rows are those of the sample that it offers there,
`Sample_Question_Import_UTF8.csv`: `Option`, its per cent of the points, its text, and what is told
to whoever chooses it. `HTML` behind a text says that it is HTML; a hint and a title are plain. A
line that begins with ``//`` is passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..tables import guarded
from .prose import html_of
from .question import Question, plain

WIDTH = 6
FIRST = "//Questions of the book on softmax"


def refusal(question: Question) -> str:
    """Return why a question cannot be carried, or an empty text."""
    return question.pictured or ("" if question.options else "its file holds choices alone")


def quiz(questions: Sequence[Question], pictures: Path) -> bytes:
    """Return questions as a table.

    Parameters
    ----------
    questions : sequence of Question
        About a choice.
    pictures : Path
        Left aside: a table holds none, and `refusal` says so.
    """
    text = io.StringIO(newline="")
    rows = [[FIRST], *(row for each in questions for row in _rows(each))]
    csv.writer(text, lineterminator="\r\n").writerows(
        row + [""] * (WIDTH - len(row)) for row in rows
    )
    return text.getvalue().encode("utf-8-sig")


def _rows(question: Question) -> Iterator[list[str]]:
    yield ["NewQuestion", "MC"]
    yield ["ID", question.id]
    yield ["Title", guarded(question.name)]
    yield ["QuestionText", html_of(question.prompt).strip(), "HTML"]
    yield ["Points", plain(question.points)]
    for each in question.options:
        told = [html_of(each.hint).strip(), "HTML"] if each.hint else []
        share = "100" if each.right else "0"
        yield ["Option", share, html_of(each.text).strip(), "HTML", *told]
    if question.hints:
        yield ["Hint", guarded(" ".join(question.hints))]
    if question.explanation:
        yield ["Feedback", html_of(question.explanation).strip(), "HTML"]
    yield []
