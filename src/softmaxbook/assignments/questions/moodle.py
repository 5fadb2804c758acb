"""Moodle XML: what a question bank of Moodle imports.

Notes
-----
What is read stands in Moodle's source, ``question/format/xml/format.php``, and what is then right
in ``question/type/numerical/question.php``: the answers of a number are tried in their order, each
with a tolerance of its own, and ``*`` matches whatever is left. The first answer with all points is
the one that Moodle tells, so the right number stands there with the digits asked for, and behind it
with all that the checker takes.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from .packages import Pictures, added, xml
from .prose import html_of
from .question import Answer, Question, Range, plain

ROOT = "$course$/top/Softmax"


def quiz(questions: Sequence[Question], pictures: Path) -> bytes:
    """Return questions as a file, in categories by chapter, and by exercise where it has variants.

    Parameters
    ----------
    questions : sequence of Question
        Those of an exercise have to stand together.
    pictures : Path
        The folder that pictures are in.
    """
    root = ET.Element("quiz")
    for category, own in groupby(questions, category_of):
        heading = added(root, "question", type="category")
        added(added(heading, "category"), "text", category)
        for each in own:
            _question(root, each, pictures)
    ET.indent(root)
    return xml(root)


def category_of(question: Question) -> str:
    """Return where a question goes, so that a quiz can draw one of an exercise's variants.

    Examples
    --------
    >>> asked = Question("two-bins", 1, "Two/bins", "calibration", 1.0, "?", ())
    >>> category_of(asked)
    '$course$/top/Softmax/calibration/Two//bins'
    """
    names = [question.chapter, question.title] if question.number else [question.chapter]
    return "/".join([ROOT, *(name.replace("/", "//") for name in names)])


def _question(root: ET.Element, question: Question, pictures: Path) -> None:
    kind = "multichoice" if question.options else "numerical"
    asked = added(root, "question", type=kind)
    added(added(asked, "name"), "text", question.name)
    _text(asked, "questiontext", question.prompt, pictures)
    _text(asked, "generalfeedback", question.explanation, pictures)
    added(asked, "defaultgrade", plain(question.points))
    added(asked, "idnumber", question.id)
    if question.options:
        _choice(asked, question, pictures)
    else:
        _number(asked, question, pictures)
    for hint in question.hints:
        _text(asked, "hint", hint, pictures)


def _choice(asked: ET.Element, question: Question, pictures: Path) -> None:
    added(asked, "single", "true")
    added(asked, "shuffleanswers", "true")
    added(asked, "answernumbering", "abc")
    for option in question.options:
        answer = _text(
            asked, "answer", option.text, pictures, fraction="100" if option.right else "0"
        )
        _text(answer, "feedback", option.hint, pictures)


def _number(asked: ET.Element, question: Question, pictures: Path) -> None:
    for answer, accepted in entries(question):
        entry = added(asked, "answer", fraction="100" if answer.right else "0", format="plain_text")
        added(entry, "text", plain(accepted.value))
        _text(entry, "feedback", answer.hint, pictures)
        added(entry, "tolerance", plain(accepted.tolerance))
    if question.otherwise:
        entry = added(asked, "answer", fraction="0", format="plain_text")
        added(entry, "text", "*")
        _text(entry, "feedback", question.otherwise, pictures)
        added(entry, "tolerance", "0")


def entries(question: Question) -> list[tuple[Answer, Range]]:
    """Return the answers of a question with one field, in their order, each with its range.

    The right number comes first as it is told, with what is left of its tolerance.
    """
    found = [(answer, each) for answer in question.answers for each in answer.fields[0]]
    (right, whole), told = found[0], float(question.shown[0])
    left = max(whole.tolerance - abs(told - whole.value), 0.0)
    return [(right, Range(told, left * (1 - 1e-9))), *found]


def _text(
    parent: ET.Element, tag: str, markdown: str, pictures: Path, **attributes: str
) -> ET.Element:
    """Return a new element with a text as HTML, and the pictures in it."""
    inside = Pictures(pictures, "@@PLUGINFILE@@/{}")
    shown = html_of(markdown, picture=inside).strip()
    element = added(parent, tag, **attributes, format="html")
    added(element, "text", shown)
    for name, data in sorted(inside.found.items()):
        content = base64.b64encode(data).decode()
        added(element, "file", content, name=name, path="/", encoding="base64")
    return element
