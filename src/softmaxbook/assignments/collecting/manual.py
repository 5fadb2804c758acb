"""The answer to a question that a person marks: Markdown, found by id, mark or neighbourhood."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ..assignment import ManualQuestion
from ..handout.notebooks import PLACEHOLDER, answer_mark
from .cells import Cell


def manual_answer(
    question: ManualQuestion, cells: Sequence[Cell], known: Collection[str]
) -> tuple[str, list[str]]:
    """Return the text that answers a manual question, and how it was found.

    Markdown cells that the student added below the answer belong to it.
    """
    mark = answer_mark(question.id)
    own = [n for n, cell in enumerate(cells) if question.id in cell.ids]
    ways = {
        "": own,
        "found by its mark": [n for n, cell in enumerate(cells) if mark in cell.source],
        "found below its question": _below(question, cells, known),
    }
    for words, places in ways.items():
        texts = [_text(question, cells, place, known) for place in places]
        filled = [text for text in texts if text]
        if filled:
            log = [f"{question.id}: {words}"] if words else []
            if len(set(filled)) > 1:
                log.append(f"{question.id}: {len(filled)} cells answer it; all are shown")
            return "\n\n".join(dict.fromkeys(filled)), log
    asked = [cell.source for cell in cells if f"question-{question.id}" in cell.ids]
    for text in asked:
        _, _, rest = text.partition(question.statement.strip())
        if rest.strip():
            return rest.strip(), [f"{question.id}: written into the question's own cell"]
    if not own and not any(mark in cell.source for cell in cells):
        return "", [f"{question.id}: the cell of the answer is gone"]
    return "", []


def _text(
    question: ManualQuestion, cells: Sequence[Cell], place: int, known: Collection[str]
) -> str:
    """Return the words of a cell and of the student's own Markdown cells below it."""
    parts = [cells[place].source]
    for cell in cells[place + 1 :]:
        if cell.kind == "code" or set(cell.ids) & set(known) or _is_released(cell):
            break
        parts.append(cell.source)
    text = "\n\n".join(parts)
    for line in (answer_mark(question.id), PLACEHOLDER):
        text = text.replace(line, "")
    return text.strip()


def _below(question: ManualQuestion, cells: Sequence[Cell], known: Collection[str]) -> list[int]:
    """Return the place below the question's statement, unless another question stands there."""
    statement = " ".join(question.statement.split())
    for place, cell in enumerate(cells[:-1]):
        below = cells[place + 1]
        if statement in " ".join(cell.source.split()) and not (
            set(below.ids) & (set(known) - {question.id}) or _is_released(below)
        ):
            return [place + 1]
    return []


def _is_released(cell: Cell) -> bool:
    """Return whether a cell without ids looks like one of the hand-out: a heading, or a mark."""
    return bool(re.match(r"## \d+\. ", cell.source)) or "<!-- answer: " in cell.source
