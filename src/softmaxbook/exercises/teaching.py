"""What the exercises know about learners, as Markdown for whoever teaches: page `instructors`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from softmaxbook.checking.attempts import folded
from softmaxbook.checking.questions import solutions_shown
from softmaxbook.checking.specification import hint_of, name_of

from . import CHAPTERS, Exercise, exercises

WITHOUT = "*This edition of the book comes without solutions, and so without the mistakes.*"
KINDS = {"function": "programs", "number": "numbers", "choice": "choices"}


def inventory() -> str:
    """Return a table of what there is to assign: exercises, forms, points, mistakes by chapter.

    Examples
    --------
    >>> print(inventory().splitlines()[0])
    | chapter | exercises | programs | numbers | choices | points | named mistakes |
    """
    heads = ["chapter", "exercises", *KINDS.values(), "points", "named mistakes"]
    rows = [[f"[](./{name}.md)", *_counts(own)] for name, own in CHAPTERS.items()]
    rows.append(["**in all**", *_counts(exercises())])
    return _table(heads, rows)


def _counts(own: tuple[Exercise, ...]) -> list[str]:
    forms: list[str] = [each.form for each in own]
    points = sum(aspect.points for each in own for aspect in each.aspects)
    mistakes = sum(len(each.mistakes) for each in own)
    return [f"{n:g}" for n in (len(own), *(forms.count(each) for each in KINDS), points, mistakes)]


def misconceptions(chapter: str) -> str:
    """Return the named mistakes of a chapter, folded: what each is, as its learner reads it.

    Where solutions are not shown there are none, and `recurring` says so.
    """
    if not solutions_shown():
        return ""
    rows = [
        [each.title if mistake is each.mistakes[0] else "", name_of(mistake), _first(mistake)]
        for each in exercises(chapter)
        for mistake in each.mistakes
    ]
    table = _table(["exercise", "mistake", "what the learner reads first"], rows)
    summary = f"{len(rows)} mistakes that the exercises of this chapter name"
    return folded(summary, table)


def recurring(least: int = 4) -> str:
    """Return a table of the mistakes that at least `least` exercises name, most frequent first.

    Where solutions are not shown there are none.
    """
    if not solutions_shown():
        return WITHOUT
    found: dict[str, list[Exercise]] = defaultdict(list)
    for each in exercises():
        for mistake in each.mistakes:
            found[name_of(mistake)].append(each)
    rows = [
        [name, str(len(own)), ", ".join(dict.fromkeys(each.chapter for each in own))]
        for name, own in sorted(found.items(), key=lambda pair: -len(pair[1]))
        if len(own) >= least
    ]
    return _table(["mistake", "exercises", "chapters"], rows)


def _first(mistake: Callable[..., Any]) -> str:
    """Return the first sentence of a mistake's hint."""
    words = " ".join(hint_of(mistake).split())
    return re.split(r"(?<=[.?!…]) (?=[A-Z`*])", words)[0]


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines
    )
