"""One table for several assignments: students by assignments, and a total where it can be told.

Who handed in nothing, or has something open, has an empty cell with the reason beside it, and no
total. A hand-in that was stored under another name of a student of ``students.csv``, such as an
address or the login of a platform, is that student's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..assignment import Assignment
from ..course import CourseError, Student
from ..marks.gradebook import Standing, standings
from ..people import Senders
from ..submissions.problems import Kind
from ..tables import guarded, write_table
from ..wording import counted, points, told
from .worth import Part, Scheme, Total, scheme_in, total

FILE = "term.csv"
ABSENT = Kind.NOT_HANDED_IN
NOT_GRADED = (Kind.NOT_GRADED, Kind.WAITING, Kind.CHANGED, Kind.GRADING_FAILED)


@dataclass(frozen=True)
class Entry:
    """Where a student stands in one assignment."""

    standing: Standing
    twice: bool = False  # another hand-in, under another name, is theirs too
    absent_is_zero: bool = False

    @property
    def points(self) -> float | None:
        """Return the points, or None while anything is open."""
        if self.absent and self.absent_is_zero:
            return 0.0
        return None if self.twice else self.standing.points

    @property
    def absent(self) -> bool:
        """Return whether nothing was handed in."""
        return _is_absent(self.standing)

    @property
    def status(self) -> str:
        """Return in a few words what a cell of points does not tell."""
        marks = self.standing.marks
        late = ["late"] if marks is not None and marks.late else []
        return ", ".join([*late, *dict.fromkeys(self._open())])

    def _open(self) -> Iterable[str]:
        if self.twice:
            yield "handed in under two names"
        for each in self.standing.open:
            if each.kind is ABSENT:
                yield "missing"
            elif each.kind in NOT_GRADED:
                yield "not graded"
            elif each in self.standing.to_look_at:
                yield "to look at"
            elif each.kind is Kind.NOT_MARKED:
                yield "to mark"
            else:
                yield "to decide"


@dataclass(frozen=True)
class Line:
    """A student with an entry for each assignment."""

    student: Student
    entries: tuple[Entry, ...]
    total: Total | None


@dataclass(frozen=True)
class Term:
    """What the table holds, and what it leaves out."""

    path: Path
    lines: tuple[Line, ...]
    assignments: tuple[Assignment, ...]
    left: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the outcome in words."""
        said = [
            f"{self.path}: {counted(len(self.lines), 'student')}, "
            f"{counted(len(self.assignments), 'assignment')}"
        ]
        reasons = [
            (each.student.id, [f"{week.name}: {entry.status}"])
            for each in self.lines
            if each.total is None
            for week, entry in zip(self.assignments, each.entries, strict=True)
            if entry.points is None
        ]
        said += told("no total", reasons)
        said += [f"left out: {each}: nobody has marks in it yet" for each in self.left]
        return "\n".join(said)


def write(assignments: Sequence[Assignment], absent_is_zero: bool = False) -> Term:
    """Write ``term.csv`` into the folder of the course.

    Parameters
    ----------
    assignments : sequence of Assignment
        Of one course, in the order of their columns. Those in which nobody has marks are left out.
    absent_is_zero : bool
        Count what was not handed in as 0 points. What is open for any other reason stays open.

    Raises
    ------
    CourseError
        If nobody has marks in any of them, or ``term.toml`` says what cannot be.
    """
    stand = [(week, standings(week)) for week in assignments]
    graded = [(week, own) for week, own in stand if any(each.usable for each in own)]
    if not graded:
        raise CourseError("nobody has marks in any assignment: softmaxbook assignment grade NAME")
    weeks = tuple(week for week, _ in graded)
    course = weeks[0].course
    scheme = scheme_in(course, [week.name for week in weeks])
    lines = _lines(graded, scheme, absent_is_zero)
    path = write_table(course / FILE, _head(weeks), _rows(weeks, lines, scheme), for_people=True)
    return Term(path, lines, weeks, tuple(week.name for week in assignments if week not in weeks))


Graded = Sequence[tuple[Assignment, Sequence[Standing]]]


def _lines(graded: Graded, scheme: Scheme, absent_is_zero: bool) -> tuple[Line, ...]:
    listed = graded[0][0].students  # of the course
    found = [_by_student(listed, own) for _, own in graded]
    known = {each.id.lower(): each for each in listed}
    strangers = {key: each.student for own in found for key, (each, _) in own.items()}
    everyone = known | {key: strangers[key] for key in sorted(strangers.keys() - known.keys())}
    lines = []
    for key, student in everyone.items():
        nothing = (Standing(student, None, (ABSENT.of(),)), False)
        stand = [own.get(key, nothing) for own in found]
        entries = tuple(Entry(*each, absent_is_zero) for each in stand)
        parts = [_part(week, each, scheme) for (week, _), each in zip(graded, entries, strict=True)]
        lines.append(Line(student, entries, total(parts, scheme.drop_lowest)))
    return tuple(lines)


def _by_student(
    listed: Sequence[Student], everyone: Sequence[Standing]
) -> Mapping[str, tuple[Standing, bool]]:
    """Return who stands where, by the id in small letters, and whether there are two of one."""
    senders, ids = Senders(listed), {each.id.lower() for each in listed}
    found: dict[str, tuple[Standing, bool]] = {}
    for each in everyone:
        key = each.student.id.lower()
        if key not in ids and senders.knows(key):
            owner, doubts = senders.find(key)
            key = key if doubts else owner.lower()
        before, _ = found.get(key, (None, False))
        if before is None or _is_absent(before):
            found[key] = each, False
        elif not _is_absent(each):
            found[key] = before, True
    return found


def _is_absent(standing: Standing) -> bool:
    return [each.kind for each in standing.open] == [ABSENT]


def _part(week: Assignment, entry: Entry, scheme: Scheme) -> Part:
    share = None if entry.points is None else entry.points / week.total if week.total else 0.0
    return Part(week.name, share, scheme.worth.get(week.name, week.total))


def _head(weeks: Sequence[Assignment]) -> list[str]:
    columns = (name for week in weeks for name in (week.name, f"{week.name}: status"))
    return ["id", "name", "email", *columns, "total", "out of", "per cent", "dropped"]


def _rows(
    weeks: Sequence[Assignment], lines: Sequence[Line], scheme: Scheme
) -> Iterable[list[str]]:
    """Yield the row of the points that there are, and one for each student."""
    possible = [cell for week in weeks for cell in (points(week.total), "")]
    yield ["", "out of", "", *possible, _most(weeks, scheme), "", "", ""]
    for line in lines:
        who = [guarded(each) for each in (line.student.id, line.student.name, line.student.email)]
        cells = [
            cell
            for each in line.entries
            for cell in ("" if each.points is None else points(each.points), each.status)
        ]
        yield [*who, *cells, *_totals(line.total)]


def _most(weeks: Sequence[Assignment], scheme: Scheme) -> str:
    """Return what a total is out of, or nothing where that depends on which are dropped."""
    worth = [scheme.worth.get(week.name, week.total) for week in weeks]
    if scheme.drop_lowest and len(set(worth)) > 1:
        return ""
    return points(sum(worth[scheme.drop_lowest :]))


def _totals(found: Total | None) -> list[str]:
    if found is None:
        return [""] * 4
    share = f"{100 * found.earned / found.out_of:.1f}" if found.out_of else ""
    return [points(found.earned), points(found.out_of), share, " ".join(found.dropped)]
