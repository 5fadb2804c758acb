"""GIFT: questions as plain text, which Moodle and others import.

Notes
-----
Moodle reads it in ``question/format/gift/format.php``: a backslash goes before what would be a
sign of the format, and a question ends at an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from .moodle import category_of, entries
from .prose import html_of
from .question import Question, plain


def refusal(question: Question) -> str:
    """Return why a question cannot be carried, or an empty text."""
    return question.pictured or question.crowded


def quiz(questions: Sequence[Question], pictures: Path) -> bytes:
    """Return questions as a text, in categories by chapter and exercise.

    Parameters
    ----------
    questions : sequence of Question
    pictures : Path
        Left aside: a text holds none, and `refusal` says so.
    """
    blocks = []
    for category, own in groupby(questions, category_of):
        blocks.append(f"$CATEGORY: {category}\n")
        blocks += [_question(each) for each in own]
    return "\n".join(blocks).encode()


def _question(question: Question) -> str:
    lines = _options(question) if question.options else _numbers(question)
    if question.explanation:
        lines.append(f"####{_text(question.explanation)}")
    sign = "" if question.options else "#"
    head = f"::{escaped(question.name)}::[html]{_text(question.prompt)}{{{sign}"
    return "\n".join([head, *(f"\t{line}" for line in lines), "}\n"])


def _options(question: Question) -> list[str]:
    return [
        f"{'=' if each.right else '~'}{_text(each.text)}{_feedback(each.hint)}"
        for each in question.options
    ]


def _numbers(question: Question) -> list[str]:
    lines = [
        f"=%{100 if answer.right else 0}%{plain(accepted.value)}:{plain(accepted.tolerance)}"
        f"{_feedback(answer.hint)}"
        for answer, accepted in entries(question)
    ]
    return [*lines, f"~{_feedback(question.otherwise)}"] if question.otherwise else lines


def _feedback(hint: str) -> str:
    return f"#{_text(hint)}" if hint else ""


def _text(markdown: str) -> str:
    return escaped(html_of(markdown).strip())


def escaped(text: str) -> str:
    r"""Return a text with a backslash before each sign of the format, on one line.

    Examples
    --------
    >>> print(escaped("is {1:2} = ~0.5?"))
    is \{1\:2\} \= \~0.5?
    """
    return re.sub(r"([\\#=~{}:])", r"\\\1", text).replace("\n", r"\n")
