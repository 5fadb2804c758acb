"""Take in what students handed in: find who sent what, mend it, and store it.

Nothing a student wrote is executed, no archive is unpacked to disk, and no file is lost in
silence: what cannot be read is stored with a problem that the instructor sees.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..progress import progress
from ..submissions.problems import Kind, Problem
from ..submissions.submission import (
    Answer,
    Submission,
    handed_in,
    submission_of,
    submission_path,
    write_submission,
)
from ..wording import counted
from .archives import Unreadable, entries_of_zip, opened
from .layouts import Delivery, HandIn, Layout, attempt, delivery
from .mending import mend
from .reading import Reading, read

READ_AS_CELLS = (".ipynb", ".json", ".py", ".md", ".txt", ".html", ".htm", "")


@dataclass(frozen=True)
class Collected:
    """What came in: the submissions, the files of nobody, and the students without any."""

    layout: Layout
    submissions: tuple[Submission, ...]
    strays: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the outcome in words: how many, and who needs a look."""
        mended = sum(bool(each.log) for each in self.submissions)
        late = sum(each.late for each in self.submissions)
        found = counted(len(self.submissions), "submission")
        lines = [f"{found} ({self.layout.value}): {mended} with something to note, {late} late"]
        lines += [f"nothing from: {', '.join(self.absent)}"] if self.absent else []
        if late and self.layout is Layout.FOLDER:
            names = ", ".join(each.student for each in self.submissions if each.late)
            lines.append(f"late by the time of the file, which a download or a copy sets: {names}")
        for each in self.submissions:
            lines += [f"needs a look: {each.student}: {problem}" for problem in each.problems]
        lines += [f"belongs to nobody: {name}" for name in self.strays]
        return "\n".join(lines)


def collect(assignment: Assignment, source: Path, mended: bool = False) -> Collected:
    """Store every submission in a folder or archive below ``submitted/``, and say what was found.

    Parameters
    ----------
    assignment : Assignment
    source : Path
        A zip archive as Canvas or Moodle exports it, nbgrader's exchange or ``submitted`` folder,
        or a folder with a file or a folder for each student.
    mended : bool
        The files are copies that an instructor mended: when the hand-in was received, and whether
        it was late, stays.

    Raises
    ------
    CourseError
        If there is nothing to collect, the archive is not to be trusted, or a mended copy is of
        nothing that was collected.
    """
    with opened(source) as entries:
        found = delivery(entries, assignment.name, assignment.students)
        return _collected(assignment, source, found, mended)


def _collected(assignment: Assignment, source: Path, found: Delivery, mended: bool) -> Collected:
    if not found.handins:
        raise CourseError(
            f"{source} holds no submissions: expected are an export of Canvas or Moodle, "
            "nbgrader's folders, or a file for each student named by the id"
        )
    by_student: dict[str, list[HandIn]] = {}
    for handin in found.handins:
        by_student.setdefault(handin.student, []).append(handin)
    earlier = {student: _earlier(assignment, student) for student in by_student if mended}
    submissions = [
        _store(assignment, student, handins, earlier.get(student))
        for student, handins in progress(sorted(by_student.items()), "collecting")
    ]
    layout = Layout.MENDED if mended else found.layout
    return Collected(layout, tuple(submissions), tuple(found.strays), _absent(assignment, found))


def _absent(assignment: Assignment, found: Delivery) -> tuple[str, ...]:
    """Return the students of whom nothing came, now or before."""
    here = {each.student for each in found.handins} | set(handed_in(assignment.folder))
    return tuple(each.id for each in assignment.students if each.id not in here)


def _earlier(assignment: Assignment, student: str) -> Submission:
    if not submission_path(assignment.folder, student).exists():
        raise CourseError(
            f"nothing of {student} was collected before, so nothing of it can be mended: name the "
            "file by the student's id, or leave --mended out"
        )
    return submission_of(assignment.folder, student)


def _store(
    assignment: Assignment, student: str, handins: Sequence[HandIn], earlier: Submission | None
) -> Submission:
    taken = max(handins, key=_preference)
    name, data, reading = _opened(taken, assignment)
    log, problems = _choice(taken, handins, assignment)
    found = _mended(assignment, student, reading)
    submission = replace(
        found,
        log=(*log, *found.log),
        problems=(*taken.problems, *problems, *found.problems),
        late=_is_late(taken, assignment.due),
        received=taken.when.isoformat() if taken.when else "",
        file=name,
    )
    if earlier is not None:
        submission = replace(
            submission,
            log=(f"mended by an instructor; handed in as {earlier.file}", *found.log),
            late=earlier.late,
            received=earlier.received,
            file=earlier.file,
        )
    path = submission_path(assignment.folder, student)
    _keep_file(path.parent, "submission" if earlier is None else "copy", _suffix(name), data)
    write_submission(path, submission)
    return submission


def _keep_file(folder: Path, stem: str, suffix: str, data: bytes) -> None:
    """Store a file; the one as it came stays beside a mended copy, for Gradescope knows it."""
    own = folder / f"{stem}{suffix}"
    write_whole(own, data)
    outdated = [*folder.glob("copy.*"), *(folder.glob("submission.*") if stem != "copy" else ())]
    for old in outdated:
        if old != own:
            old.unlink()


def _preference(handin: HandIn) -> tuple[bool, tuple[float, ...], bool]:
    """Return what to take of several: what can be read, the last of that, a notebook."""
    suffix = PurePosixPath(handin.name).suffix.lower()
    typed = "onlinetext" in str(handin.entry.path) or handin.name in ("text.html", "link.html")
    readable = suffix in (*READ_AS_CELLS, ".zip") and not typed
    return readable, handin.order, suffix == ".ipynb"


def _choice(
    taken: HandIn, handins: Sequence[HandIn], assignment: Assignment
) -> tuple[list[str], list[Problem]]:
    """Return what the log and what the instructor is told about the files passed over."""
    others = [each for each in handins if each is not taken]
    stem = PurePosixPath(taken.name).stem
    log = [] if stem == assignment.name else [f"handed in as {taken.name}"]
    if not others:
        return log, []
    names = ", ".join(each.name for each in others)
    log.append(f"{len(handins)} files were handed in; the last is {taken.name}, besides {names}")
    family = _family(taken.name, assignment.name)
    strange = [
        each.name
        for each in others
        if _preference(each)[0] and _family(each.name, assignment.name) != family
    ]
    doubt = Kind.WHICH_FILE.of(taken=taken.name, others=", ".join(strange))
    return log, [doubt] if strange else []


def _family(name: str, assignment: str) -> str:
    """Return a file's stem without the number of its resubmission."""
    stem = PurePosixPath(name).stem
    return re.sub(r"-\d+$| \(\d+\)$", "", stem) if attempt(name, assignment) else stem


def _opened(handin: HandIn, assignment: Assignment) -> tuple[str, bytes, Reading]:
    """Return a file's name, its bytes and what can be read of it; a zip is looked into."""
    name = handin.name
    try:
        data = handin.entry.read()
        if PurePosixPath(name).suffix.lower() == ".zip":
            inside, inner = _unzipped(name, data, assignment)
            reading = read(inside, inner)
            reading.log.insert(0, f"{inside} is taken out of {name}")
            return inside, inner, reading
        return name, data, read(name, data)
    except Unreadable as error:
        return name, b"", Reading(problems=[error.problem])


def _unzipped(name: str, data: bytes, assignment: Assignment) -> tuple[str, bytes]:
    found = [
        each
        for each in entries_of_zip(name, io.BytesIO(data))
        if each.path.suffix.lower() in READ_AS_CELLS
    ]
    if not found:
        raise Unreadable(Kind.NO_NOTEBOOK_INSIDE.of(name=name))
    best = max(
        found, key=lambda each: (each.path.suffix == ".ipynb", each.path.stem == assignment.name)
    )
    return best.path.name, best.read()


def _mended(assignment: Assignment, student: str, reading: Reading) -> Submission:
    try:
        found = mend(assignment, student, reading)
    except Exception as error:  # whatever a file makes of us, it costs itself only
        missing = {each.id: Answer("missing") for each in assignment.questions}
        problem = Kind.NOT_MENDED.of(why=f"{type(error).__name__}: {error}")
        return Submission(student, missing, problems=(*reading.problems, problem))
    return Submission(
        student, found.answers, found.preamble, tuple(found.log), tuple(found.problems)
    )


def _is_late(handin: HandIn, due: datetime | None) -> bool:
    if handin.late is not None:
        return handin.late
    return bool(due and handin.when and handin.when > due)


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ".bin"
