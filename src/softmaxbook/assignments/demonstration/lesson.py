"""The demonstration's course and assignment, the class's hand-ins, and the marks they must get."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from softmaxbook.checking import Status
from softmaxbook.exercises import exercises

from ..assignment import Assignment, Chosen, ManualQuestion
from ..course import write_whole
from ..handout.notebooks import answer_mark
from ..marks.marking import sheet_path
from ..marks.records import Marks
from ..marks.reviews import looks_path
from ..marks.sheets import SHEET
from ..settings import load, save
from ..submissions.submission import Submission
from ..tables import read_table, write_table
from . import damages, winning_margin
from .cases import CASES, IDS, Case
from .styles import HAND
from .winning_margin import EXERCISE

NAME = "week1"
WHY = ManualQuestion(
    "why-the-shift",
    "Why the shift?",
    "Why may the largest logit be subtracted from all logits, and why should it be?",
    (("the common factor cancels", 1.0), ("nothing overflows", 1.0)),
)
COMMENTS = {2.0: "Both reasons, well said.", 1.0: "And why should it be?", 0.0: ""}
FIRST_NUMBER = 1001  # of the students, as Canvas numbers them


def assignment_in(course: Path) -> Assignment:
    """Return the demonstration's assignment as it is in a course, without writing anything."""
    known = {each.id: each for each in (*exercises(), EXERCISE)}
    return Assignment(
        folder=course / NAME,
        title="Softmax and its logarithm",
        seed="the secret of the demonstration",
        exercises=tuple(Chosen(known[id], known[id].aspects) for id in IDS),
        manual=(WHY,),
        due=datetime(2026, 12, 1, 23, 59, tzinfo=UTC),
        variants=True,
    )


def make_course(course: Path) -> Assignment:
    """Write the course's students, its own exercise and its assignment, and return this one."""
    rows = [
        f"{each.id},{each.name},{each.id}@example.org,{FIRST_NUMBER + k}"
        for k, each in enumerate(CASES)
    ]
    write_whole(course / "students.csv", "\n".join(["id,name,email,ID", *rows]) + "\n")
    own = Path(winning_margin.__file__)
    write_whole(course / "exercises" / own.name, own.read_text(encoding="utf-8"))
    save(assignment_in(course))
    return load(course / NAME)


def pack(assignment: Assignment, archive: Path) -> None:
    """Write the hand-ins of the class as the zip archive that Canvas exports."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        for number, case in enumerate(CASES):
            for attempt, file in enumerate(_files(assignment, case)):
                late = "_LATE" if case.late else ""
                plain = "".join(each for each in case.name.lower() if each.isalnum())
                place = 5000 + 10 * number + attempt
                name = f"{plain}{late}_{FIRST_NUMBER + number}_{place}_{file.name}"
                zipped.writestr(zipfile.ZipInfo(name, (2026, 12, 1, 12, 0, 0)), file.data)
    write_whole(archive, packed.getvalue())


def _files(assignment: Assignment, case: Case) -> Iterator[damages.File]:
    if case.first_try is not None:
        first = replace(case, answers=case.first_try)
        yield damages.whole(_notebook(assignment, first), NAME)
        yield damages.whole(_notebook(assignment, case), f"{NAME}-1")
    else:
        yield case.damage(_notebook(assignment, case), NAME)


def _notebook(assignment: Assignment, case: Case) -> dict[str, Any]:
    """Return the released notebook of a student with the answers filled in."""
    owner = case.copied_from or case.id
    released = assignment.folder / "release" / owner / f"{NAME}.ipynb"
    notebook: dict[str, Any] = json.loads(released.read_text(encoding="utf-8"))
    untouched = case.given(HAND).status is Status.NOT_ATTEMPTED
    for cell in notebook["cells"]:
        if cell["id"] in IDS and not untouched:
            chosen = assignment.chosen(cell["id"])
            exercise = assignment.exercise_for(chosen.id, owner)
            cell["source"] = case.given(chosen.id).write(chosen, exercise) or cell["source"]
        elif cell["id"] == WHY.id and case.essay[0]:
            cell["source"] = f"{answer_mark(WHY.id)}\n{case.essay[0]}"
    if case.own_cell:
        own = {"cell_type": "code", "id": "own", "metadata": {}, "source": case.own_cell}
        notebook["cells"].insert(2, own | {"outputs": [], "execution_count": None})
    return notebook


def mark_by_hand(assignment: Assignment) -> None:
    """Fill in the sheets that wait for the instructor: the manual question, and what to look at."""
    path = sheet_path(assignment, WHY)
    head, rows = read_table(path, "version", SHEET)
    by_id = {each.id: each for each in CASES}
    first, comment = head.index("answer") + 1, head.index("comment")
    for row in rows:
        given = by_id[row[head.index("student")]].essay[1]
        row[first : first + len(given)] = [f"{points:g}" for points in given]
        row[comment] = COMMENTS[sum(given)]
    write_table(path, head, rows, for_people=True)
    head, rows = read_table(looks_path(assignment), "problem", SHEET)
    for row in rows:
        row[head.index("looked")] = "yes"
    write_table(looks_path(assignment), head, rows, for_people=True)


# ── what has to come out ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Expected:
    """The mark that an answer has to get."""

    points: tuple[float, ...]
    status: Status
    mistakes: tuple[str, ...] = ()


def expected(assignment: Assignment, case: Case, id: str) -> Expected:
    """Return what the answer of a student has to get, whatever became of the file."""
    full = tuple(each.points for each in assignment.chosen(id).points)
    given = case.given(id)
    if id in case.lost or given.status is Status.NOT_ATTEMPTED:
        return Expected((0.0,) * len(full), Status.NOT_ATTEMPTED)
    points = full if given.points is None else given.points
    return Expected(points, given.status, given.mistakes)


def expected_total(assignment: Assignment, case: Case) -> float:
    """Return all the points that a hand-in has to earn."""
    found = (expected(assignment, case, each.id).points for each in assignment.exercises)
    return sum(map(sum, found)) + sum(case.essay[1])


def expected_shares(assignment: Assignment) -> dict[str, list[float]]:
    """Return the share of the points that each student has to get for each question."""
    found = {}
    for case in CASES:
        earned = [sum(expected(assignment, case, each.id).points) for each in assignment.exercises]
        earned.append(sum(case.essay[1]))
        totals = [each.total for each in assignment.questions]
        found[case.id] = [one / of for one, of in zip(earned, totals, strict=True)]
    return found


def differences(assignment: Assignment, marks: Marks, submission: Submission) -> list[str]:
    """Return where a record is not what it has to be, one sentence each."""
    case = next(each for each in CASES if each.id == marks.student)
    found = []
    for mark in marks.exercises:
        wanted = expected(assignment, case, mark.id)
        points = tuple(each.points for each in mark.aspects)
        got = Expected(points, mark.status, mark.mistakes)
        if got != wanted:
            found.append(f"{case.id}, {mark.id}: expected {wanted}, got {got}")
    if marks.needs_a_look != case.seen:
        found.append(f"{case.id}: to be looked at: {case.seen}, but {[*map(str, marks.problems)]}")
    if submission.late != case.late:
        found.append(f"{case.id}: late: {case.late} expected")
    if marks.points != expected_total(assignment, case):
        found.append(f"{case.id}: {marks.points} points in all")
    return found
