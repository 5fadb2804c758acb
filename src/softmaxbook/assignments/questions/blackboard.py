"""Blackboard's text with tabs: a question a line, as *Upload Questions* takes it.

Notes
-----
What is read stands in Blackboard's help under “Upload Questions”,
https://help.blackboard.com/Learn/Instructor/Original/Tests_Pools_Surveys/Orig_Reuse_Questions/Upload_Questions:
no line of heads, no empty line, tabs between the fields; `MC`, the question, and each option with
`correct` or `incorrect`; `NUM`, the question, its answer and the tolerance. There is no field for
hints, points, a title or a second answer, so a percentage is wrong where a share is asked for. The
help names no encoding, so all signs are ASCII: the fields are HTML, which can write any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from .prose import html_of
from .question import Question, plain


def refusal(question: Question) -> str:
    """Return why a question cannot be carried, or an empty text."""
    return question.pictured or question.crowded


def quiz(questions: Sequence[Question], pictures: Path) -> bytes:
    """Return questions as a text.

    Parameters
    ----------
    questions : sequence of Question
    pictures : Path
        Left aside: a text holds none, and `refusal` says so.
    """
    lines = ["\t".join(_fields(each)) for each in questions]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", "xmlcharrefreplace")


def _fields(question: Question) -> list[str]:
    if question.options:
        told = ((each.text, "correct" if each.right else "incorrect") for each in question.options)
        options = (field for text, right in told for field in (_text(text), right))
        return ["MC", _text(question.prompt), *options]
    right = next(each for each in question.answers if each.right).fields[0][0]
    return ["NUM", _text(question.prompt), plain(right.value), plain(right.tolerance)]


def _text(markdown: str) -> str:
    """Return a text as HTML without the signs that part fields and questions."""
    return re.sub(r"\s+", " ", html_of(markdown)).strip()
