"""Pass the marks on: tables for Canvas and Moodle, nbgrader's gradebook, an archive for Gradescope.

Whoever has no points yet gets none: the cell stays as it is, or empty, and the outcome says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError
from ..marks.gradebook import Passed, Standing, graded_standings
from ..submissions.problems import Problem
from ..wording import counted, told

FORMATS = ("canvas", "moodle", "nbgrader", "gradescope", "csv")


@dataclass(frozen=True)
class Exported:
    """Where the marks are, of how many, and who has none and why."""

    path: Path
    passed_on: int
    empty: tuple[tuple[str, tuple[Problem, ...]], ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the outcome in words."""
        lines = [f"{self.path}: the points of {counted(self.passed_on, 'student')}"]
        return "\n".join([*lines, *told("no points", self.empty), *self.notes])


def export(
    assignment: Assignment, format: str, table: Path | None = None, empty_rows: bool = False
) -> Exported:
    """Write the marks as another system reads them.

    Parameters
    ----------
    assignment : Assignment
    format : str
        ``canvas``, ``moodle``, ``nbgrader``, ``gradescope`` or ``csv``.
    table : Path, optional
        What Canvas (“Export Entire Gradebook”) or Moodle (“Download grading worksheet”) exported:
        its rows and columns are kept, and the points put in.
    empty_rows : bool
        Without a table, write a row also for who has no points. On import, its empty cell takes
        away what the platform has: a grade, an excuse, a comment.

    Raises
    ------
    CourseError
        If the format is not known, nobody has marks, or the table is not what it should be.
    """
    if format not in FORMATS:
        raise CourseError(f"there is no format {format!r}; there are {', '.join(FORMATS)}")
    if table is not None and format not in ("canvas", "moodle"):
        raise CourseError(f"--table is for Canvas and Moodle; {format} takes none")
    if empty_rows and (table is not None or format not in ("canvas", "moodle")):
        raise CourseError("--empty-rows is for the tables of Canvas and Moodle, without --table")
    everyone = graded_standings(assignment)
    passed = _writer(format)(assignment, everyone, table, empty_rows)
    empty = tuple((each.student.id, each.open) for each in everyone if each.open)
    reached = [each for each in everyone if not each.open and each.student.id not in passed.without]
    notes = (*passed.notes, *passed.without.values())
    return Exported(passed.path, len(reached), empty, notes)


Writer = Callable[[Assignment, tuple[Standing, ...], Path | None, bool], Passed]


def _writer(format: str) -> Writer:
    match format:
        case "canvas":
            from .canvas import to_canvas

            return to_canvas
        case "moodle":
            from .moodle import to_moodle

            return to_moodle
        case "nbgrader":
            from .nbgrader import to_nbgrader

            return lambda assignment, everyone, *_: to_nbgrader(assignment, everyone)
        case "csv":
            from .plain import to_csv

            return lambda assignment, everyone, *_: to_csv(assignment, everyone)
    from .gradescope import to_gradescope

    return lambda assignment, everyone, *_: to_gradescope(assignment, everyone)
