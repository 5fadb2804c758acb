"""The hand-out as cells: a notebook that needs NumPy alone, and the same as a MyST page.

Cells carry nbgrader's metadata, so its exchange and its form grader can take the notebook: the
statements are locked, each answer's cell is graded and has the exercise's id as grade id. The id
is the cell's own id too, so that an answer is found again where the metadata is lost.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from softmaxbook.checking.specification import LOGITS

from ..assignment import EVERYONE, Assignment, Chosen, ManualQuestion
from ..sandbox.libraries import there_is
from ..wording import counted

Cell = dict[str, Any]
CellType = Literal["code", "markdown"]

SETUP = "import numpy as np"
PLACEHOLDER = "*Write your answer here.*"


def answer_mark(id: str) -> str:
    """Return the line that keeps a manual answer findable where its cell lost everything else."""
    return f"<!-- answer: {id} (please keep this line) -->"


def starter(chosen: Chosen) -> str:
    """Return the code that a student begins with: the function's head, or the name to set."""
    exercise = chosen.exercise
    if exercise.form == "function":
        return exercise.starter
    code = re.sub(r"\banswer\b", chosen.variable, exercise.starter)
    if exercise.form == "choice":
        letters = ", ".join(f'"{letter}"' for letter, _ in exercise.options)
        return f"{code}  # one of {letters}"
    if any(exercise.labels):
        return f"{code}  # a list: {', '.join(exercise.labels)}"
    return code


def cells(assignment: Assignment, student: str = EVERYONE) -> list[Cell]:
    """Return the cells of the hand-out, with the numbers of `student`."""
    found = [_locked("about", _about(assignment, student)), _cell("setup", "code", SETUP)]
    for number, question in enumerate(assignment.questions, start=1):
        if isinstance(question, ManualQuestion):
            title, statement, kind, code = _manual(question)
        else:
            title, statement, kind, code = _asked(assignment, question, student)
        heading = f"## {number}. {title} ({counted(question.total, 'point')})"
        found.append(_locked(f"question-{question.id}", f"{heading}\n\n{statement}"))
        found.append(_answer(question.id, kind, code, question.total))
    return found


def _asked(assignment: Assignment, chosen: Chosen, student: str) -> tuple[str, str, CellType, str]:
    exercise = assignment.exercise_for(chosen.id, student)
    options = "\n".join(f"- **{letter}**) {text}" for letter, text in exercise.options)
    parts = ", ".join(f"{each.name} {each.points:g}" for each in chosen.points)
    shares = f"*Points: {parts}.*" if len(chosen.points) > 1 else ""
    statement = "\n\n".join(part for part in (exercise.prompt(), options, shares) if part)
    return exercise.title, statement, "code", starter(chosen)


def _manual(question: ManualQuestion) -> tuple[str, str, CellType, str]:
    # The rubric stays with the instructor: it says what the answer has to hold.
    text = f"{answer_mark(question.id)}\n{PLACEHOLDER}"
    return question.title, question.statement.strip(), "markdown", text


def _about(assignment: Assignment, student: str) -> str:
    last = assignment.due_for(student)
    due = f"Due {last:%A, %d %B %Y, %H:%M %Z}. " if last else ""
    return (
        f"# {assignment.title}\n\n"
        f"{due}{counted(assignment.total, 'point')} in all.\n\n"
        "Answer in the cells that are there. "
        "More cells of your own are welcome anywhere, and your answers may use what they define. "
        "Keep the names that an answer begins with: by them it is found. "
        "Before you hand in, restart the kernel and run all cells."
        f"{_numbers(assignment)}{_programs(assignment)}"
    )


def _numbers(assignment: Assignment) -> str:
    """Return how many digits a number needs, where the assignment asks for any."""
    asked = [each.exercise for each in assignment.exercises]
    if not any(each.form == "number" and each.answered_in_place for each in asked):
        return ""
    return (
        "\n\nA whole number has to be exact; of any other give three significant digits, unless "
        "the question says how many. Zeros at the front do not count: 0.00123 has three."
    )


def _programs(assignment: Assignment) -> str:
    """Return what to know of how programs are tried, where the assignment asks for any."""
    asked = [each.exercise for each in assignment.exercises if each.exercise.form == "function"]
    if not asked:
        return ""
    whole = any(set(each.parameters) & set(LOGITS) for each in asked)
    logits = " They get arrays of fractions, and logits in whole numbers too." if whole else ""
    return (
        f"\n\nPrograms are tried with {there_is(assignment.package)}; other libraries are not "
        f"there.{logits} An array that a function is given stays as it is: work on a new one."
    )


def _cell(id: str, kind: CellType, source: str) -> Cell:
    # An id has 64 characters at most in the notebook format.
    short = id if len(id) <= 64 else f"{id[:50]}-{hashlib.sha256(id.encode()).hexdigest()[:12]}"
    cell: Cell = {"cell_type": kind, "id": short, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _locked(id: str, source: str) -> Cell:
    return _graded(_cell(id, "markdown", source), id, locked=True)


def _answer(id: str, kind: CellType, source: str, points: float) -> Cell:
    return _graded(_cell(id, kind, source), id, points=points)


def _graded(cell: Cell, id: str, *, points: float | None = None, locked: bool = False) -> Cell:
    """Return the cell with nbgrader's metadata: an answer that earns points, or a locked text."""
    is_answer = points is not None
    metadata: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": id,
        "grade": is_answer,
        "solution": is_answer,
        "locked": locked,
        "task": False,
        "cell_type": cell["cell_type"],
    }
    if is_answer:
        metadata["points"] = points
    metadata["checksum"] = _checksum(cell, metadata)
    cell["metadata"] = {"deletable": False, "nbgrader": metadata}
    if locked:
        cell["metadata"]["editable"] = False
    return cell


def _checksum(cell: Cell, metadata: dict[str, Any]) -> str:
    """Return what nbgrader computes for a cell: by it, it sees that nobody touched the cell."""
    spoken = [cell["source"], cell["cell_type"]]
    spoken += [str(metadata[key]) for key in ("grade", "solution", "locked")]
    spoken += [metadata["grade_id"]]
    if metadata["grade"]:
        spoken.append(str(float(metadata["points"])))
    return hashlib.md5("".join(spoken).encode(), usedforsecurity=False).hexdigest()


def notebook_text(assignment: Assignment, student: str = EVERYONE) -> str:
    """Return the notebook as the text of an ``.ipynb`` file."""
    owner = {"student": student} if student else {}
    notebook = {
        "cells": [
            {**cell, "source": cell["source"].splitlines(keepends=True)}
            for cell in cells(assignment, student)
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "softmaxbook": {"assignment": assignment.name, **owner},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


_HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def page_text(assignment: Assignment, student: str = EVERYONE) -> str:
    """Return the same as a MyST page, for a course's own site or for Jupytext."""
    return "\n".join([_HEADER, *_page_cells(cells(assignment, student))])


def _page_cells(found: list[Cell]) -> Iterator[str]:
    for cell in found:
        metadata = cell["metadata"]
        if cell["cell_type"] == "markdown":
            yield f"+++ {json.dumps(metadata)}\n\n{cell['source']}\n"
            continue
        settings = "".join(f"{key}: {json.dumps(value)}\n" for key, value in metadata.items())
        block = f"---\n{settings}---\n" if metadata else ""
        yield f"```{{code-cell}} ipython3\n{block}{cell['source']}\n```\n"
