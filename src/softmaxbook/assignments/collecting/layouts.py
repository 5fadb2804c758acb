"""Who handed in which file: the layout of a delivery, and plain folders.

What a platform's export looks like is told in :mod:`.platforms`. Where nobody of ``students.csv``
is recognised, or where two students would become one, a delivery is refused as a whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from enum import Enum
from pathlib import PurePosixPath

from ..course import CourseError, Student, folder_name
from ..people import Senders, known_as
from ..submissions.problems import Kind
from ..wording import counted
from . import platforms
from .archives import Entry, is_clutter
from .handins import HandIn
from .platforms import Asked, Match, attempt, by_time, whose


class Layout(Enum):
    """How files come; the value is what the instructor is told."""

    CANVAS = "Canvas"
    MOODLE = "Moodle"
    BLACKBOARD = "Blackboard"
    BRIGHTSPACE = "Brightspace"
    GRADESCOPE = "Gradescope"
    SAKAI = "Sakai"
    ILIAS = "ILIAS"
    GITHUB = "GitHub Classroom"
    NBGRADER = "nbgrader"
    FOLDER = "folder"
    MENDED = "mended"


# A layout whose times say nothing of when it was handed in: an archive's are those of the download.
TIMELESS = (Layout.MOODLE, Layout.ILIAS, Layout.GITHUB, Layout.FOLDER)
ZONELESS = (Layout.BLACKBOARD, Layout.BRIGHTSPACE)
# Certain by the names of its folders, also where most of the files are of something else.
_CERTAIN = (Layout.GRADESCOPE, Layout.NBGRADER, Layout.FOLDER)

# What a platform puts beside the hand-ins.
_FURNITURE = re.compile(
    r"index\.html|submission_metadata\.yml|timestamp\.txt|grades\.(csv|xlsx?)|comments\.txt"
    r"|members\.txt|feedbackText\.html|status\.(csv|xlsx)|.*_timestamp\.txt"
)


@dataclass
class Delivery:
    """The files of a folder or an archive by student, and those of nobody."""

    layout: Layout
    handins: list[HandIn] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)


def delivery(
    entries: Sequence[Entry], assignment: str, students: Sequence[Student], zone: tzinfo = UTC
) -> Delivery:
    """Return who handed in what; the layout is the first that fits.

    Raises
    ------
    CourseError
        If nobody is recognised, or people could be taken for each other.
    """
    senders = Senders(students)
    asked = Asked(
        senders,
        assignment,
        zone,
        platforms.timestamps(entries),
        platforms.member_lists(entries),
        platforms.submitters(entries),
    )
    files = [entry for entry in entries if entry.path.name != "timestamp.txt"]
    for layout, match in _layouts(files, asked).items():
        pairs = [(entry, match(entry)) for entry in files]
        pairs = [(entry, each) for entry, each in pairs if each is None or not _is_clutter(each)]
        fitting = [each for _, each in pairs if each]
        if fitting and (layout in _CERTAIN or 2 * len(fitting) > len(_not_furniture(pairs))):
            strays = [str(entry.path) for entry, each in pairs if each is None]
            if layout is Layout.NBGRADER and strays:  # one exchange holds many assignments
                strays = [f"{counted(len(strays), 'file')} of other assignments"]
            elif layout is not Layout.FOLDER:
                strays = [each for each in strays if not _is_furniture(PurePosixPath(each))]
            _refuse(layout, fitting, asked)
            return Delivery(layout, list(_each_member(_told_apart(fitting, senders))), strays)
    return Delivery(Layout.FOLDER)


def _layouts(files: Sequence[Entry], asked: Asked) -> dict[Layout, Match]:
    around = _folders_around(files, asked.senders)
    return {
        Layout.GRADESCOPE: lambda entry: platforms.gradescope(entry, asked),
        Layout.MOODLE: lambda entry: platforms.moodle(entry, asked),
        Layout.BLACKBOARD: lambda entry: platforms.blackboard(entry, asked),
        Layout.BRIGHTSPACE: lambda entry: platforms.brightspace(entry, asked),
        Layout.SAKAI: lambda entry: platforms.sakai(entry, asked),
        Layout.CANVAS: lambda entry: platforms.canvas(entry, asked),
        Layout.NBGRADER: lambda entry: platforms.nbgrader(entry, asked),
        Layout.ILIAS: lambda entry: platforms.ilias(entry, asked),
        Layout.GITHUB: lambda entry: platforms.github(entry, asked),
        Layout.FOLDER: lambda entry: _plain_folder(entry, asked, around),
    }


def _is_clutter(handin: HandIn) -> bool:
    """Return whether a system made the file, by the name that it has without the platform's."""
    return is_clutter(PurePosixPath(handin.name))


def _is_furniture(path: PurePosixPath) -> bool:
    return bool(_FURNITURE.fullmatch(path.name)) or "Feedback Attachment(s)" in path.parts


def _not_furniture(pairs: Sequence[tuple[Entry, HandIn | None]]) -> list[Entry]:
    return [entry for entry, _ in pairs if not _is_furniture(entry.path)]


# ── whose ────────────────────────────────────────────────────────────────────────────────────


def _told_apart(handins: list[HandIn], senders: Senders) -> list[HandIn]:
    """Return the hand-ins, with those of a namesake in a folder of their own.

    Where two people have one name and ``students.csv`` knows one of them, only the number of the
    exporting system tells whose a file is; nobody's may take the place of another's.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    for each in handins:
        if not each.members:
            seen[each.student] |= {each.number} - {""}
    own = {student.id: known_as(student) for student in senders.students}
    found = []
    for each in handins:
        several = len(seen[each.student]) > 1 and not each.members
        if several and each.number.lower() not in own.get(each.student, ()):
            doubt = Kind.WHOSE_NUMBER.of(
                senders=len(seen[each.student]), student=each.student, number=each.number
            )
            name = f"{each.student[:50]}-{folder_name(each.number)[:40]}"
            found.append(replace(each, student=name, problems=(*each.problems, doubt)))
        else:
            found.append(each)
    return found


def _each_member(handins: Sequence[HandIn]) -> Iterator[HandIn]:
    """Yield the hand-ins, with that of a group once for each of its members."""
    for each in handins:
        for member in each.members or (each.student,):
            yield replace(each, student=member)


def _refuse(layout: Layout, handins: Sequence[HandIn], asked: Asked) -> None:
    """Raise CourseError where nobody can be told from it."""
    students = asked.senders.students
    if layout is Layout.CANVAS and students and any(map(platforms.is_anonymous, handins)):
        raise CourseError(
            "this is an anonymous download of Canvas, and names nobody: show the students' names "
            "there and download it again, or write Canvas' words into a column anonymous_id of "
            "students.csv"
        )
    if layout is not Layout.FOLDER:
        return
    folders = {part for each in handins for part in each.entry.path.parts[:-1]}
    if any(re.fullmatch(r"submission_\d+", part) for part in folders):
        raise CourseError(
            f"Gradescope's export tells in {platforms.METADATA} who sent what, and that file is "
            "missing: collect the archive as it was downloaded"
        )
    known = {student.id for student in students}
    if students and not any(each.student in known for each in handins):
        first = handins[0].entry.path
        raise CourseError(
            f"nobody of students.csv is recognised in it: “{first}” is named by no id, name or "
            "address. Name the files or folders by the ids, or take a platform's own download"
        )
    if not students:
        _refuse_two_in_one(handins)


def _refuse_two_in_one(handins: Sequence[HandIn]) -> None:
    """Raise CourseError where one folder could be one student's, or hold those of all."""
    notebooks = [each.entry.path for each in handins if each.entry.path.suffix == ".ipynb"]
    inside = defaultdict(set)
    for path in notebooks:
        if len(path.parts) > 1:
            inside[path.parts[0]].add(path.parts[1])
    if len(inside) == 1 and all(len(path.parts) > 1 for path in notebooks):
        [(folder, names)] = inside.items()
        if len(names) > 1:
            raise CourseError(
                f"all of it lies in one folder, “{folder}”: is that one student, or all? Write "
                "students.csv, or collect what is in the folder"
            )


# ── plain folders ────────────────────────────────────────────────────────────────────────────


def _folders_around(files: Sequence[Entry], senders: Senders) -> int:
    """Return how many folders are around those of the students, as where a folder was zipped.

    It is the depth at which most students are recognised; the outermost of such.
    """
    if not senders.students:
        return 0
    depth = max((len(entry.path.parts) for entry in files), default=1)
    known = [
        len({_called(entry, senders, around) for entry in files if _knows(entry, senders, around)})
        for around in range(depth)
    ]
    return known.index(max(known, default=0)) if known else 0


def _knows(entry: Entry, senders: Senders, around: int) -> bool:
    return len(entry.path.parts) > around and senders.knows(_called(entry, senders, around))


def _called(entry: Entry, senders: Senders, around: int) -> str:
    """Return by what a file or its folder is known: its name, or what is the one id in it.

    Google Classroom puts a name before a hyphen: ``Ada Moreau - week1.ipynb``.
    """
    parts = entry.path.parts[around:] or entry.path.parts[-1:]
    known = {each.id for each in senders.students}
    called = parts[0] if len(parts) > 1 else entry.path.stem
    if senders.knows(called):
        return called
    ids = [word for word in re.split(r"[_+ ]", called) if word in known]
    first = called.partition(" - ")[0]
    if len(ids) == 1:
        return ids[0]
    return first if senders.knows(first) else called


def _plain_folder(entry: Entry, asked: Asked, around: int) -> HandIn | None:
    path = entry.path
    called = _called(entry, asked.senders, around)
    loose = len(path.parts) <= around + 1
    if loose and not asked.senders.knows(called) and _is_nobody(path, asked):
        return None
    order = (float(attempt(path.name, asked.assignment)), *by_time(entry.when))
    return whose(HandIn("", path.name, entry, order=order), called, asked)


def _is_nobody(path: PurePosixPath, asked: Asked) -> bool:
    """Return whether no student is called so: a readme, a list, or the assignment itself."""
    if path.stem.lower() in ("readme", "index") or _is_furniture(path):
        return True
    is_handed_in = path.suffix.lower() in (".ipynb", ".py", ".zip", ".pdf", "")
    named = path.stem.lower() == asked.assignment.lower() or not is_handed_in
    return bool(asked.senders.students) and named
