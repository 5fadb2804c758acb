"""A table for any spreadsheet: a row for each student, and a column for each question."""

from __future__ import annotations

from collections.abc import Sequence

from ..assignment import Assignment
from ..marks.gradebook import Passed, Standing
from ..tables import guarded, write_table
from ..wording import points

COLUMNS = ("id", "name", "email", "late")


def to_csv(assignment: Assignment, everyone: Sequence[Standing]) -> Passed:
    """Write ``export/marks.csv``, with an empty cell where there are no points yet.

    The second row has the points that there are.
    """
    path = assignment.folder / "export" / "marks.csv"
    ids = [each.id for each in assignment.questions]
    possible = [points(each.total) for each in assignment.questions]
    most = ["", "out of", "", "", *possible, points(assignment.total)]
    rows = [_row(each, ids) for each in everyone]
    return Passed(write_table(path, [*COLUMNS, *ids, "total"], [most, *rows], for_people=True))


def _row(standing: Standing, ids: Sequence[str]) -> list[str]:
    who, marks = standing.student, standing.usable
    earned: dict[str, str] = {}
    if marks is not None and standing.points is not None:
        earned = {each.id: points(each.points) for each in marks.exercises}
        earned |= {each.id: points(each.points or 0.0) for each in marks.manual}
    late = "late" if marks is not None and marks.late else ""
    own = [guarded(each) for each in (who.id, who.name, who.email)]
    return [*own, late, *(earned.get(id, "") for id in ids), standing.cell]
