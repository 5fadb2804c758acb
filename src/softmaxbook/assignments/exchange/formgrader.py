"""The notebooks that nbgrader's form grader shows, and what they remember of the last exchange.

Beside the gradebook lies, for each student, the notebook with the questions and the answers as they
were graded. Its metadata holds what the gradebook and the records both knew at the last exchange.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..handout.notebooks import notebook_text
from ..marks.records import ExerciseMark, Marks
from ..submissions.submission import Submission, submission_of

Known = dict[str, dict[str, Any]]  # by question: what was on both sides at the last exchange


def folder_of(assignment: Assignment) -> Path:
    """Return the folder of the nbgrader course."""
    return assignment.folder / "export" / "nbgrader"


def comment_of(mark: ExerciseMark) -> str:
    """Return what the form grader shows below an answer, and what its author reads."""
    return "\n\n".join(part for part in (mark.found, mark.message, mark.hint, mark.comment) if part)


def _autograded(assignment: Assignment, student: str) -> Path:
    folder = folder_of(assignment) / "autograded" / student / assignment.name
    return folder / f"{assignment.name}.ipynb"


def known_of(assignment: Assignment, student: str) -> Known:
    """Return what both sides knew of a student at the last exchange; nothing before the first."""
    path = _autograded(assignment, student)
    if not path.is_file():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        known: Known = stored["metadata"]["softmaxbook"]["exported"]
        return known
    except (ValueError, KeyError, TypeError):
        raise CourseError(
            f"{path} is not what was exported: enter by hand what the form grader gave {student}, "
            "then remove it, and export again"
        ) from None


def remember(assignment: Assignment, student: str, known: Known) -> None:
    """Store what both sides know now."""
    path = _autograded(assignment, student)
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["metadata"]["softmaxbook"]["exported"] = known
    write_whole(path, json.dumps(stored, ensure_ascii=False, indent=1))


def write_notebook(assignment: Assignment, marks: Marks, known: Known) -> None:
    """Write the notebook of a student, with what both sides know."""
    submission = submission_of(assignment.folder, marks.student)
    notebook = json.loads(notebook_text(assignment, submission.numbers_of))
    said = {each.id: comment_of(each) for each in marks.exercises}
    for cell in notebook["cells"]:
        _fill(cell, submission, said)
    notebook["metadata"]["softmaxbook"]["exported"] = known
    text = json.dumps(notebook, ensure_ascii=False, indent=1)
    own = _autograded(assignment, marks.student)
    write_whole(own, text.encode("utf-8", "backslashreplace"))


def _fill(cell: dict[str, Any], submission: Submission, said: dict[str, str]) -> None:
    """Put the student's answer into a cell of the hand-out, and what was said of it below."""
    id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    if cell["id"] == "setup":
        cell["source"] = submission.preamble or cell["source"]
    elif id in submission.answers:
        answer = submission.answers[id].source
        if id in said:
            cell["source"] = answer
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": said[id]}]
        else:
            cell["source"] = harmless(answer)


def harmless(markdown: str) -> str:
    """Return Markdown in which no HTML and no link begins: the form grader shows them as they are.

    A space comes between. In formulas and in words it changes nothing.

    Examples
    --------
    >>> harmless("a<b, <script>alert(1)</script>, [here](javascript:alert(1))")
    'a< b, < script>alert(1)< /script>, [here] (javascript:alert(1))'
    """
    return re.sub(r"\](?=[(:\[])", "] ", re.sub(r"<(?=[A-Za-z/!?])", "< ", markdown))
