"""Who handed in which file: the layouts of Canvas, Moodle and nbgrader, and plain folders."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import PurePosixPath

from ..course import Student
from ..people import CANVAS, MOODLE, Senders, numbers
from ..submissions.problems import Kind, Problem
from .archives import Entry, Unreadable


@dataclass(frozen=True)
class HandIn:
    """One file of one student."""

    student: str
    name: str  # the file's own, without what the exporting system put before it
    entry: Entry
    late: bool | None = None  # None: nobody says, the time decides
    when: datetime | None = None
    order: tuple[float, ...] = ()  # larger is later
    problems: tuple[Problem, ...] = ()
    number: str = ""  # by which the exporting system tells people apart


class Layout(Enum):
    """How files come; the value is what the instructor is told."""

    CANVAS = "Canvas"
    MOODLE = "Moodle"
    NBGRADER = "nbgrader"
    FOLDER = "folder"
    MENDED = "mended"


@dataclass
class Delivery:
    """The files of a folder or an archive by student, and those of nobody."""

    layout: Layout
    handins: list[HandIn] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)


Match = Callable[[Entry], HandIn | None]


# ── layouts ──────────────────────────────────────────────────────────────────────────────────

_CANVAS = re.compile(r"(?P<who>[^_]+)(?P<late>_LATE)?_(?P<user>\d+)_(?P<number>\d+)_(?P<file>.+)")
_CANVAS_TEXT = re.compile(
    r"(?P<who>[^_]+)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>(text|link)\.html)"
)
_MOODLE = re.compile(
    r"(?P<who>.+)_(?P<number>\d+)_assignsubmission_(file|onlinetext)(_(?P<file>.*))?"
)
_INBOUND = re.compile(r"(?P<who>[^+]+)\+(?P<assignment>[^+]+)\+(?P<when>[^+]+)(\+[^+]*)?")


def delivery(entries: Sequence[Entry], assignment: str, students: Sequence[Student]) -> Delivery:
    """Return who handed in what; the layout is the first that fits."""
    senders = Senders(students)
    stamps = _timestamps(entries)
    files = [entry for entry in entries if entry.path.name != "timestamp.txt"]
    around = _folders_around(files, senders)
    layouts: dict[Layout, Match] = {
        Layout.MOODLE: lambda entry: _moodle(entry, senders),
        Layout.CANVAS: lambda entry: _canvas(entry, senders, assignment),
        Layout.NBGRADER: lambda entry: _nbgrader(entry, senders, assignment, stamps),
        Layout.FOLDER: lambda entry: _plain_folder(entry, senders, assignment, around),
    }
    for layout, match in layouts.items():
        pairs = [(entry, match(entry)) for entry in files]
        fitting = [each for _, each in pairs if each]
        certain = layout in (Layout.NBGRADER, Layout.FOLDER)  # a folder is named as the assignment
        if fitting and (certain or 2 * len(fitting) > len(files)):
            strays = [str(entry.path) for entry, each in pairs if each is None]
            if strays and layout is Layout.NBGRADER:  # one course's exchange holds many assignments
                strays = [f"{len(strays)} files of other assignments"]
            return Delivery(layout, _told_apart(fitting, senders), strays)
    return Delivery(Layout.FOLDER)


def _told_apart(handins: list[HandIn], senders: Senders) -> list[HandIn]:
    """Return the hand-ins, with those of a namesake in a folder of their own.

    Where two people have one name and ``students.csv`` knows one of them, only the number of the
    exporting system tells whose a file is; nobody's may take the place of another's.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    for each in handins:
        seen[each.student] |= {each.number} - {""}
    own = {student.id: numbers(student, CANVAS + MOODLE) for student in senders.students}
    found = []
    for each in handins:
        several = len(seen[each.student]) > 1
        if several and each.number not in own.get(each.student, ()):
            doubt = Kind.WHOSE_NUMBER.of(
                senders=len(seen[each.student]), student=each.student, number=each.number
            )
            name = f"{each.student}-{each.number}"
            found.append(replace(each, student=name, problems=(*each.problems, doubt)))
        else:
            found.append(each)
    return found


def attempt(name: str, assignment: str) -> int:
    """Return which resubmission a file name tells: ``overflow-1.ipynb`` is the first.

    Examples
    --------
    >>> [attempt(name, "week-1") for name in ("week-1.ipynb", "week-1-2.ipynb", "a (3).ipynb")]
    [0, 2, 3]
    """
    stem = PurePosixPath(name).stem.removeprefix(assignment)
    match = re.search(r"(?:-(\d{1,3})| \((\d{1,3})\))$", stem)
    return int(match[1] or match[2]) if match else 0


def _canvas(entry: Entry, senders: Senders, assignment: str) -> HandIn | None:
    match = _CANVAS.fullmatch(entry.path.name) or _CANVAS_TEXT.fullmatch(entry.path.name)
    if not match:
        return None
    student, problems = senders.find(match["who"], match["user"], CANVAS)
    upload = float(match.groupdict().get("number") or 0)
    return HandIn(
        student,
        match["file"],
        entry,
        late=bool(match["late"]),
        order=(float(attempt(match["file"], assignment)), upload),
        problems=problems,
        number=match["user"],
    )


def _moodle(entry: Entry, senders: Senders) -> HandIn | None:
    for part in entry.path.parts:
        match = _MOODLE.fullmatch(part)
        if match:
            number = match["number"]
            student, problems = senders.find(match["who"], number, MOODLE)
            name, order = match["file"] or entry.path.name, _by_time(entry.when)
            return HandIn(student, name, entry, None, entry.when, order, problems, number)
    return None


def _nbgrader(
    entry: Entry, senders: Senders, assignment: str, stamps: dict[PurePosixPath, datetime]
) -> HandIn | None:
    folder = entry.path.parent
    inbound = _INBOUND.fullmatch(folder.name)
    if inbound and inbound["assignment"] == assignment:
        who, when = inbound["who"], stamps.get(folder) or _time(inbound["when"])
    elif folder.name == assignment and len(folder.parts) > 1:
        who, when = folder.parts[-2], stamps.get(folder)
    else:
        return None
    student, problems = senders.find(who)
    return HandIn(student, entry.path.name, entry, None, when, _by_time(when), problems)


def _folders_around(files: Sequence[Entry], senders: Senders) -> int:
    """Return how many folders are around those of the students, as where a folder was zipped."""
    if not senders.students:
        return 0
    folders = [entry.path.parts[:-1] for entry in files]
    common = [set(names) for names in zip(*folders, strict=False)]
    shared = next((k for k, names in enumerate(common) if len(names) > 1), len(common))
    for around in range(shared + 1):
        if any(not senders.find(_called(entry, senders, around))[1] for entry in files):
            return around
    return 0


def _called(entry: Entry, senders: Senders, around: int) -> str:
    """Return the name of a file or of its folder, or the one id among the words of it."""
    parts, known = entry.path.parts[around:], {each.id for each in senders.students}
    called = parts[0] if len(parts) > 1 else entry.path.stem
    ids = [word for word in re.split(r"[_+ ]", called) if word in known]
    return ids[0] if called not in known and len(ids) == 1 else called


def _plain_folder(entry: Entry, senders: Senders, assignment: str, around: int) -> HandIn | None:
    path = entry.path
    student, problems = senders.find(_called(entry, senders, around))
    order = (float(attempt(path.name, assignment)), *_by_time(entry.when))
    return HandIn(student, path.name, entry, None, entry.when, order, problems)


def _by_time(when: datetime | None) -> tuple[float, ...]:
    return (when.timestamp() if when else 0.0,)


def _timestamps(entries: Sequence[Entry]) -> dict[PurePosixPath, datetime]:
    """Return what nbgrader's ``timestamp.txt`` says, by folder."""
    found = {}
    for entry in entries:
        if entry.path.name == "timestamp.txt":
            try:
                when = _time(entry.read()[:100].decode("utf-8", "replace"))
            except Unreadable:
                continue
            if when:
                found[entry.path.parent] = when
    return found


def _time(text: str) -> datetime | None:
    """Return a time as nbgrader writes it: ``2026-12-01 15:58:23.948203 UTC``."""
    words = text.strip().removesuffix(" UTC").removesuffix(" +0000")
    try:
        when = datetime.fromisoformat(words)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
