"""Marking a second time, by somebody who sees no names; and what counts where the two differ.

``second/`` is what the second grader gets: a page and a sheet for each question that a person
marks. Answers have numbers that follow from the assignment's secret, and are in their order; equal
answers stand there once; names, ids and addresses are taken out of them. What comes back is kept by
the answer (:mod:`..marks.second`), so a new grading and a new hand-in lose nothing of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from ..assignment import Assignment, ManualQuestion
from ..course import CourseError, Student, now, write_whole
from ..marks.gradebook import Standing, graded_standings
from ..marks.records import ManualMark, mark_of, version_of
from ..marks.second import (
    Decision,
    Given,
    Seconds,
    number_of_answer,
    seconds,
    write_seconds,
)
from ..marks.sheets import (
    Row,
    beyond_limits,
    head_of,
    in_a_cell,
    points_cell,
    read_sheet,
    without_pictures,
)
from ..people import known_as
from ..tables import Rows, guarded, meant, number_in, read_table, unguarded, write_table
from ..wording import counted
from ..wording import points as shown_points
from .html import page

DIFFERENCES = (
    *("student", "question", "first", "second", "first's comment", "second's comment"),
    *("decided", "by", "why", "version"),
)
NAME = "[name]"  # stands for one in an answer


@dataclass(frozen=True)
class Seconded:
    """How far the second marking is, and what was not taken."""

    folder: Path
    questions: tuple[str, ...]
    differences: Path | None
    notes: tuple[str, ...]

    def __str__(self) -> str:
        """Return the outcome in words."""
        lines = [f"{self.folder}: pass it on, and put the filled sheets back there"]
        lines += self.questions
        if self.differences:
            lines.append(f"{self.differences}: what counts where the two differ")
        return "\n".join([*lines, *self.notes])


@dataclass(frozen=True)
class _Answer:
    """An answer as the second grader gets it, and whose it is."""

    number: str
    mark: ManualMark
    students: tuple[Student, ...]


def second(assignment: Assignment) -> Seconded:
    """Take in what the second grader gave and what was decided, and write all anew.

    Raises
    ------
    CourseError
        If there is nothing to mark by hand, or a sheet says what cannot be, with its line. Nothing
        is changed then.
    """
    if not assignment.manual:
        raise CourseError(
            f"{assignment.name} has no question that a person marks: programs and numbers are "
            "marked the same for everybody, whoever they are"
        )
    everyone = [each for each in graded_standings(assignment) if each.usable is not None]
    answers = {each.id: _answers(assignment, each, everyone) for each in assignment.manual}
    known = seconds(assignment)
    faults, notes = list[str](), list[str]()
    for question in assignment.manual:
        known = _take_in(assignment, question, answers[question.id], known, faults, notes)
    known, stale = _decide(assignment, everyone, known, faults, notes)
    if faults:
        raise CourseError("; ".join(faults))
    shown = {each.number: _bare(each.mark) for own in answers.values() for each in own}
    known = replace(known, shown=MappingProxyType({**known.shown, **shown}))
    write_seconds(assignment, known)
    _keep_stale(assignment, stale)
    for question in assignment.manual:
        notes += _write(assignment, question, answers[question.id], known)
    written = _write_differences(assignment, everyone, known)
    lines = (_progress(each, answers[each.id], everyone, known) for each in assignment.manual)
    return Seconded(_folder(assignment), tuple(lines), written, tuple(notes))


def _folder(assignment: Assignment) -> Path:
    return assignment.folder / "second"


def _sheet(assignment: Assignment, question: ManualQuestion) -> Path:
    return _folder(assignment) / f"{question.id}.csv"


def _bare(mark: ManualMark) -> ManualMark:
    """Return a mark without all that somebody gave."""
    return ManualMark(mark.id, mark.title, mark.rubric, mark.answer)


# ── what is passed on ────────────────────────────────────────────────────────────────────────


def _answers(
    assignment: Assignment, question: ManualQuestion, everyone: Iterable[Standing]
) -> list[_Answer]:
    """Return the answers to a question in the order of their numbers, equal ones once."""
    found: dict[str, _Answer] = {}
    for each in everyone:
        mark = mark_of(each.usable, question.id) if each.usable is not None else None
        if mark is not None and mark.answer.strip():
            number = number_of_answer(assignment, mark)
            before = found[number].students if number in found else ()
            found[number] = _Answer(number, mark, (*before, each.student))
    return [found[number] for number in sorted(found)]


def _write(
    assignment: Assignment, question: ManualQuestion, answers: Sequence[_Answer], known: Seconds
) -> Iterator[str]:
    """Write the sheet and the page of a question; yield which answers they do not show whole."""
    rows, pieces = [], []
    for each in answers:
        words = without_names(each.mark.answer, each.students, assignment.students)
        given = known.of(each.mark) or _bare(each.mark)
        lines = given.given or (None,) * len(question.rubric)
        rows.append(
            [
                each.number,
                guarded(in_a_cell(words)),
                *map(points_cell, lines),
                points_cell(given.whole),
                guarded(given.comment),
                version_of(each.mark),
            ]
        )
        pieces.append((each.number, without_pictures(words)))
        if without_pictures(words) != words:
            yield f"{question.id}: {each.number} has a picture that is not passed on"
    write_table(_sheet(assignment, question), head_of(question, "number"), rows, for_people=True)
    text = page("second.html", title=assignment.title, question=question, answers=pieces)
    write_whole(_sheet(assignment, question).with_suffix(".html"), text)


def without_names(answer: str, own: Iterable[Student], everyone: Iterable[Student] = ()) -> str:
    """Return an answer without the names, ids and addresses of those who gave it.

    Of others, whole names alone are taken out: the parts of a name can be words of the answer.

    Examples
    --------
    >>> ada = Student("ada", "Ada Moreau", "ada@x.edu")
    >>> without_names("Ada (ADA@x.edu): the largest one cancels.", [ada])
    '[name] ([name]): the largest one cancels.'
    """
    own = tuple(own)
    anyhow = {each.name for each in (*own, *everyone)}
    anyhow |= {f"{last}, {first}" for each in own for first, _, last in [each.name.rpartition(" ")]}
    anyhow |= {key for each in own for key in known_as(each)}
    parts = {word for each in own for word in re.findall(r"[\w'-]+", each.name)}
    words = {re.escape(each): True for each in anyhow if len(each) > 1}
    words |= {re.escape(each): False for each in parts if len(each) > 2}
    for word in sorted(words, key=len, reverse=True):
        if word:
            flags = re.IGNORECASE if words[word] else 0
            answer = re.sub(rf"(?<!\w){word}(?!\w)", NAME, answer, flags=flags)
    return answer


# ── what comes back ──────────────────────────────────────────────────────────────────────────


def _take_in(
    assignment: Assignment,
    question: ManualQuestion,
    answers: Sequence[_Answer],
    known: Seconds,
    faults: list[str],
    notes: list[str],
) -> Seconds:
    """Return all with what the sheet of a question says; an empty row takes nothing away."""
    path = _sheet(assignment, question)
    today = {each.number for each in answers}
    marks = {each.number: each.mark for each in answers}
    marks |= {
        n: each for n, each in known.shown.items() if each.id == question.id and n not in marks
    }
    gone = 0
    for row in read_sheet(path, "number", marks, faults):
        if not row.filled:
            continue
        where = f"{path}, row {row.line} ({row.whose})"
        if row.whose not in marks:
            faults.append(f"{where}: no answer was passed on under this number")
            continue
        mark = _given(marks[row.whose], row)
        if row.version != version_of(mark):
            faults.append(f"{where}: the version is that of another answer or rubric: put it back")
            continue
        faults += beyond_limits(replace(question, rubric=row.rubric), row)
        gone += row.whose not in today
        before = known.last(question.id, row.whose)
        if before is None or before != mark:
            known = known.with_given(Given(row.whose, mark, now()))
    if gone:
        notes.append(
            f"{question.id}: {counted(gone, 'answer')} that the second grader marked came in anew "
            "since: what was given is kept, and is not for the new one"
        )
    return known


def _given(mark: ManualMark, row: Row) -> ManualMark:
    given = row.given if any(each is not None for each in row.given) else ()
    return replace(
        _bare(mark), rubric=row.rubric, given=given, whole=row.whole, comment=row.comment
    )


# ── where the two differ ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Difference:
    """A student's answer for which the two gave different points."""

    student: str
    mark: ManualMark
    other: ManualMark
    number: str
    first: float
    second: float

    @property
    def version(self) -> str:
        """Return a word for what is decided: other points or another answer have another one."""
        about = repr((self.student, self.mark.id, self.number, self.first, self.second))
        return "v" + hashlib.sha256(about.encode()).hexdigest()[:10]


def _differences(
    assignment: Assignment, everyone: Iterable[Standing], known: Seconds
) -> Iterator[_Difference]:
    for each in everyone:
        for mark in each.usable.manual if each.usable is not None else ():
            other = known.of(mark)
            one, two = mark.computed, other.computed if other is not None else None
            if other is not None and one is not None and two is not None and one != two:
                number = number_of_answer(assignment, mark)
                yield _Difference(each.student.id, mark, other, number, one, two)


def _path(assignment: Assignment) -> Path:
    return assignment.folder / "marking" / "differences.csv"


def _decide(
    assignment: Assignment,
    everyone: Sequence[Standing],
    known: Seconds,
    faults: list[str],
    notes: list[str],
) -> tuple[Seconds, Rows]:
    """Return all with what the table of differences decides, and rows that fit none any more."""
    path = _path(assignment)
    if not path.exists():
        return known, []
    head, rows = read_table(path, "decided", "the table that `second` writes")
    if not set(DIFFERENCES) <= set(head):
        raise CourseError(
            f"{path} needs the columns {', '.join(DIFFERENCES)}: move it away, and run this again"
        )
    open = {each.version: each for each in _differences(assignment, everyone, known)}
    stale: Rows = []
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(head, map(unguarded, row), strict=False))
        said = cells["decided"].strip()
        student = meant(cells["student"], [each.student.id for each in everyone])
        if not said:
            continue
        difference = open.get(cells["version"].strip())
        if difference is None or difference.student != student:
            stale.append([cells[name] for name in DIFFERENCES])
            notes.append(
                f"{cells['question']}: {student}: one of the points changed after it was decided: "
                "decide again (what was decided stands in differences.earlier.csv)"
            )
            continue
        where = f"{path}, row {number} ({student})"
        points = _points_said(said, difference)
        if points is None or not 0 <= points <= difference.mark.of:
            faults.append(
                f"{where}: write “first”, “second” or points from 0 to "
                f"{shown_points(difference.mark.of)}, not {said!r}"
            )
        elif not cells["by"].strip():
            faults.append(f"{where}: write into the column “by” who decided")
        else:
            known = _with_decision(known, difference, points, cells)
    return known, stale


def _points_said(said: str, difference: _Difference) -> float | None:
    words = {"first": difference.first, "second": difference.second}
    return words[said.casefold()] if said.casefold() in words else number_in(said)


def _with_decision(
    known: Seconds, about: _Difference, points: float, cells: Mapping[str, str]
) -> Seconds:
    by, why = " ".join(cells["by"].split()), " ".join(cells["why"].split())
    before = known.decision(about.student, about.mark, about.first, about.second)
    if before is not None and (before.points, before.by, before.why) == (points, by, why):
        return known
    made = Decision(
        about.student,
        about.mark.id,
        about.number,
        about.first,
        about.second,
        points,
        by,
        why,
        now(),
    )
    return replace(known, decisions=(*known.decisions, made))


def _write_differences(
    assignment: Assignment, everyone: Iterable[Standing], known: Seconds
) -> Path | None:
    """Write the table, what is open first; None where there is nothing to decide."""
    rows: Rows = []
    for each in _differences(assignment, everyone, known):
        decision = known.decision(each.student, each.mark, each.first, each.second)
        settled = ["", "", ""]
        if decision is not None:
            settled = [points_cell(decision.points), guarded(decision.by), guarded(decision.why)]
        rows.append(
            [
                guarded(each.student),
                each.mark.id,
                points_cell(each.first),
                points_cell(each.second),
                guarded(each.mark.comment),
                guarded(each.other.comment),
                *settled,
                each.version,
            ]
        )
    rows.sort(key=lambda row: bool(row[DIFFERENCES.index("decided")]))
    if rows or _path(assignment).exists():
        return write_table(_path(assignment), DIFFERENCES, rows, for_people=True)
    return None


def _keep_stale(assignment: Assignment, rows: Rows) -> None:
    """Add what was decided about other points to a file of its own."""
    path = _path(assignment).with_suffix(".earlier.csv")
    if rows:
        before = read_table(path, "decided", "decisions of earlier")[1] if path.exists() else []
        kept = [*before, *(row for row in rows if row not in before)]
        write_table(path, DIFFERENCES, kept, for_people=True)


def _progress(
    question: ManualQuestion,
    answers: Sequence[_Answer],
    everyone: Sequence[Standing],
    known: Seconds,
) -> str:
    """Return in words how far a question is, and how the second's points lie to the first's."""
    twice = [
        other for each in answers if (other := known.of(each.mark)) and other.points is not None
    ]
    line = f"{question.id}: {len(twice)} of {counted(len(answers), 'answer')} marked a second time"
    pairs = [
        (mark.computed, other.computed)
        for each in everyone
        if each.usable is not None and (mark := mark_of(each.usable, question.id)) is not None
        if (other := known.of(mark)) is not None
    ]
    apart = [two - one for one, two in pairs if one is not None and two is not None]
    if not apart:
        return line
    differ = sum(each != 0 for each in apart)
    mean = sum(apart) / len(apart)
    more = f"{shown_points(round(abs(mean), 2))} {'more' if mean >= 0 else 'less'}"
    return f"{line}; {differ} of {len(apart)} differ, and the second gave {more} on average"
