"""Take in what students handed in: find who sent what, mend it, and store it.

Nothing a student wrote is executed, no archive is unpacked to disk, and no file is lost in
silence: what cannot be read is stored with a problem that the instructor sees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..progress import progress
from ..submissions.problems import Kind, together
from ..submissions.submission import (
    Submission,
    handed_in,
    submission_of,
    submission_path,
    write_submission,
)
from ..wording import SHOWN, counted, listed, told
from .archives import Unreadable, opened
from .choosing import Candidate, chosen
from .handins import HandIn
from .layouts import TIMELESS, ZONELESS, Delivery, Layout, delivery
from .worksheet import times_of


@dataclass(frozen=True)
class Collected:
    """What came in: the submissions, the files of nobody, and the students without any.

    `notes` are sentences on the delivery as a whole.
    """

    layout: Layout
    submissions: tuple[Submission, ...]
    strays: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the outcome in words: how many, and who needs a look."""
        noted = [(each.student, each.log) for each in self.submissions if each.log]
        late = [each.student for each in self.submissions if each.late]
        found = counted(len(self.submissions), "submission")
        lines = [
            f"{found} ({self.layout.value}): {len(noted)} with something to note, {len(late)} late"
        ]
        lines += [f"late: {listed(late)}"] if late else []
        lines += _shortened(told("noted", noted))
        lines += [f"nothing from: {', '.join(self.absent)}"] if self.absent else []
        lines += self.notes
        for each in self.submissions:
            lines += [f"needs a look: {each.student}: {said}" for said in together(each.problems)]
        lines += [f"belongs to nobody: {name}" for name in self.strays]
        return "\n".join(lines)


def _shortened(lines: Sequence[str]) -> list[str]:
    """Return the first lines, and how many more there are: a student's are in the feedback too."""
    more = len(lines) - SHOWN
    where = "each student's stand in the feedback, under “How your file was read”"
    return (
        [*lines[:SHOWN], f"and {counted(more, 'further note')}: {where}"] if more > 0 else [*lines]
    )


@dataclass(frozen=True)
class Terms:
    """How a delivery is taken in.

    mended : bool
        The files are copies that an instructor mended: when the hand-in was received, and whether
        it was late, stays.
    force : bool
        What is older than what was collected before takes its place all the same.
    times : Path, optional
        Moodle's grading worksheet, which knows when everybody handed in.
    file_times : bool
        The times of the files are those of the hand-ins.
    """

    mended: bool = False
    force: bool = False
    times: Path | None = None
    file_times: bool = False


@dataclass(frozen=True)
class _Asked:
    """A delivery and the terms, with what was known before."""

    assignment: Assignment
    layout: Layout
    terms: Terms
    earlier: Mapping[str, Submission]
    times: Mapping[str, tuple[datetime | None, str]] = field(default_factory=dict)


def collect(assignment: Assignment, source: Path, terms: Terms = Terms()) -> Collected:
    """Store every submission in a folder or archive below ``submitted/``, and say what was found.

    Parameters
    ----------
    assignment : Assignment
    source : Path
        A zip archive as a platform exports it, nbgrader's exchange or ``submitted`` folder, or a
        folder with a file or a folder for each student.
    terms : Terms

    Raises
    ------
    CourseError
        If there is nothing to collect, nobody is recognised, the archive is not to be trusted, or a
        mended copy is of nothing that was collected.
    """
    zone = _zone(assignment)
    with opened(source) as entries:
        found = delivery(entries, assignment.name, assignment.students, zone)
        return _collected(assignment, source, found, terms)


def _zone(assignment: Assignment) -> tzinfo:
    """Return the zone of times that name none: that of the due time."""
    return (assignment.due.tzinfo if assignment.due else None) or UTC


def _collected(assignment: Assignment, source: Path, found: Delivery, terms: Terms) -> Collected:
    if not found.handins:
        raise CourseError(
            f"{source} holds no submissions: expected are a platform's own download, nbgrader's "
            "folders, or a file for each student named by the id"
        )
    by_student: dict[str, list[HandIn]] = {}
    for handin in found.handins:
        by_student.setdefault(handin.student, []).append(handin)
    before = {student: _earlier(assignment, student, terms) for student in by_student}
    earlier = {student: each for student, each in before.items() if each is not None}
    times = {}
    if terms.times is not None:
        times = times_of(terms.times, assignment.students, _zone(assignment))
    asked = _Asked(assignment, found.layout, terms, earlier, times)
    stored = [
        _store(asked, student, handins)
        for student, handins in progress(sorted(by_student.items()), "collecting")
    ]
    submissions = tuple(each for each, _ in stored)
    kept = [each.student for each, is_new in stored if not is_new]
    notes = (*_on_kept(kept), *_on_times(asked, submissions))
    layout = Layout.MENDED if terms.mended else found.layout
    return Collected(layout, submissions, tuple(found.strays), _absent(assignment, found), notes)


def _on_kept(students: Sequence[str]) -> list[str]:
    """Return words about those whose earlier hand-in is younger than this one."""
    if not students:
        return []
    who = ", ".join(students)
    return [f"older than what was collected before, which is kept (--force takes this): {who}"]


def _on_times(asked: _Asked, submissions: Sequence[Submission]) -> list[str]:
    """Return words about times that cannot be trusted, or that nobody told."""
    terms, layout, due = asked.terms, asked.layout, asked.assignment.due
    if due is None or terms.mended:
        return []
    untimed = [each for each in submissions if not each.received]
    zone = f"name no zone, and are read in that of the due time, {due:%Z}"
    if terms.times is not None:
        who = ", ".join(each.student for each in untimed)
        missing = [f"no time in {terms.times.name}, and not marked late: {who}"] if untimed else []
        return [f"the times in {terms.times.name} {zone}", *missing]
    if layout in ZONELESS:
        return [f"{layout.value}'s times {zone}"]
    if layout is Layout.CANVAS or not untimed or terms.file_times:
        return []
    if layout is Layout.MOODLE:
        return [
            "nobody is marked late: the times in Moodle's archive are those of its download; "
            "give its grading worksheet with --times"
        ]
    if layout not in TIMELESS:
        who = ", ".join(each.student for each in untimed)
        return [f"no time came with it, and not marked late: {who}"]
    late = [each.student for each in untimed if _is_after(each.sent, due)]
    late_ones = f": {', '.join(late)}" if late else ", and nobody would be"
    return [
        "nobody is marked late: the times of files are set by a download or a copy. "
        f"With --file-times, these would be late{late_ones}"
    ]


def _is_after(sent: str, due: datetime) -> bool:
    return bool(sent) and datetime.fromisoformat(sent) > due


def _absent(assignment: Assignment, found: Delivery) -> tuple[str, ...]:
    """Return the students of whom nothing came, now or before."""
    here = {each.student for each in found.handins} | set(handed_in(assignment.folder))
    return tuple(each.id for each in assignment.students if each.id not in here)


def _earlier(assignment: Assignment, student: str, terms: Terms) -> Submission | None:
    """Return what was collected of a student before; a mended copy has to be of something."""
    if submission_path(assignment.folder, student).exists():
        try:
            return submission_of(assignment.folder, student)
        except CourseError:
            if terms.mended:
                raise
            return None
    if terms.mended:
        raise CourseError(
            f"nothing of {student} was collected before, so nothing of it can be mended: name the "
            "file by the student's id, or leave --mended out"
        )
    return None


def _store(asked: _Asked, student: str, handins: Sequence[HandIn]) -> tuple[Submission, bool]:
    """Store what a student handed in, and return it; what was there before, if it is younger."""
    assignment, terms = asked.assignment, asked.terms
    earlier = asked.earlier.get(student)
    best, log, doubts = chosen(assignment, student, handins)
    best = replace(best, handin=_timed(best.handin, asked, student))
    handin, found = best.handin, best.submission
    if handin.unread and assignment.due:
        doubts = [*doubts, Kind.TIME_UNREADABLE.of(time=handin.unread)]
    submission = replace(
        found,
        log=(*log, *found.log),
        problems=(*doubts, *found.problems),
        late=_is_late(handin, assignment.due_for(student), student in assignment.extensions),
        source=asked.layout.name,
        sent=handin.entry.when.isoformat() if handin.entry.when else "",
    )
    if terms.mended and earlier is not None:
        kept = {
            name: getattr(earlier, name) for name in ("late", "received", "file", "source", "sent")
        }
        said = f"mended by an instructor; handed in as {earlier.file}"
        submission = replace(submission, log=(said, *found.log), **kept)
    elif earlier is not None and not terms.force and _is_older(submission, earlier):
        return earlier, False
    path = submission_path(assignment.folder, student)
    stem = "copy" if terms.mended else "submission"
    _keep_file(path.parent, stem, _suffix(best.name), _content(best))
    write_submission(path, submission)
    return submission, True


def _timed(handin: HandIn, asked: _Asked, student: str) -> HandIn:
    """Return a hand-in with the time that the instructor's terms give it."""
    if student in asked.times:
        when, unread = asked.times[student]
        return replace(handin, when=when, unread=unread)
    if asked.terms.file_times and handin.when is None:
        return replace(handin, when=handin.entry.when)
    return handin


def _is_older(new: Submission, earlier: Submission) -> bool:
    """Return whether what comes in is older than what is there, and something else."""
    if new.source != earlier.source or new.answers == earlier.answers:
        return False
    if new.received and earlier.received:
        return datetime.fromisoformat(new.received) < datetime.fromisoformat(earlier.received)
    if new.sent and earlier.sent:
        return datetime.fromisoformat(new.sent) < datetime.fromisoformat(earlier.sent)
    return False


def _content(candidate: Candidate) -> bytes | None:
    """Return the file, or None where it is not read: nothing is kept then, for it is no file."""
    try:
        return candidate.content()
    except Unreadable:
        return None


def _keep_file(folder: Path, stem: str, suffix: str, data: bytes | None) -> None:
    """Store a file; the one as it came stays beside a mended copy, for Gradescope knows it."""
    own = folder / f"{stem}{suffix}"
    if data is not None:
        write_whole(own, data)
    outdated = [*folder.glob("copy.*"), *(folder.glob("submission.*") if stem != "copy" else ())]
    for old in outdated:
        if old != own or data is None:
            old.unlink()


def _is_late(handin: HandIn, due: datetime | None, extended: bool = False) -> bool:
    """Return whether it came too late: by the platform's own mark, unless we gave more time."""
    if handin.late is not None and not (extended and handin.when):
        return handin.late
    return bool(due and handin.when and handin.when > due)


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ".bin"
