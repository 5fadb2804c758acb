"""How learning platforms name what they export: who sent a file, when, and what it was called.

Each function takes an entry and returns whose it is, or None where the name is not of its kind.
What the names are was read in the platforms' own sources where these are public, and else in
programs that people wrote to read the exports; each function names what was opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import PurePosixPath

from ..people import ANONYMOUS, CANVAS, MOODLE, Senders
from ..submissions.problems import Kind, Problem
from .archives import Entry, Unreadable
from .handins import HandIn
from .times import read_time

Match = Callable[[Entry], HandIn | None]


@dataclass(frozen=True)
class Asked:
    """What a name is read with: who may have sent it, for which assignment, in which zone."""

    senders: Senders
    assignment: str
    zone: tzinfo
    stamps: Mapping[PurePosixPath, str] = field(default_factory=dict)  # times, by folder
    members: Mapping[PurePosixPath, str] = field(default_factory=dict)  # Sakai's, by folder
    submitters: Mapping[str, Submitted] = field(default_factory=dict)  # Gradescope's, by folder


@dataclass(frozen=True)
class Submitted:
    """What Gradescope tells of one submission: its people, by all they are called, and its time."""

    people: tuple[tuple[str, ...], ...]
    when: str = ""


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


def by_time(when: datetime | None) -> tuple[float, ...]:
    """Return a time as what larger is later of."""
    return (when.timestamp() if when else 0.0,)


def whose(handin: HandIn, called: str, asked: Asked, columns: Sequence[str] = ()) -> HandIn:
    """Return a hand-in with the student, or the members of the group, that it is of."""
    members = asked.senders.members(called)
    if members:
        return replace(handin, student=members[0], members=members, group=called)
    student, problems = asked.senders.find(called, handin.number, columns)
    return replace(handin, student=student, problems=problems)


# ── Canvas ───────────────────────────────────────────────────────────────────────────────────


def canvas(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``lovelaceada_LATE_12345_67890_week1-1.ipynb``, or ``…_12345_text.html``.

    ``lib/content_zipper.rb`` of Canvas (05e9653c) joins the sortable name in small letters, or the
    name of a group, “LATE”, and the number of the user, who represents the group, and keeps no
    sign that belongs to no word: a ``_`` in a name stays. After it come the number of the file and
    its name. Where students are anonymous, there is no name, and ``anon_`` and a word for the
    number.
    """
    name = entry.path.name
    hidden = re.fullmatch(r"(?P<late>LATE_)?anon_(?P<who>[^\W_]+)_(?P<rest>.+)", name)
    if hidden:
        upload, _, file = hidden["rest"].partition("_")
        file, upload = (file, upload) if upload.isdecimal() and file else (hidden["rest"], "0")
        found = _from_canvas(entry, asked, file, upload, bool(hidden["late"]), hidden["who"])
        student, problems = asked.senders.find("", hidden["who"], ANONYMOUS)
        hides = bool(problems) or not asked.senders.students
        student = f"anon_{hidden['who']}" if hides else student
        return replace(found, student=student, problems=problems)
    readings = list(_readings(name))
    if not readings:
        return None
    known = [each for each in readings if asked.senders.knows(each[0], each[2], CANVAS)]
    who, late, user, upload, file = (known or readings)[0]
    return whose(_from_canvas(entry, asked, file, upload, late, user), who, asked, CANVAS)


def is_anonymous(handin: HandIn) -> bool:
    """Return whether Canvas hides who sent it, and ``students.csv`` does not tell."""
    return handin.student.startswith("anon_")


def _readings(name: str) -> Iterator[tuple[str, bool, str, str, str]]:
    """Yield the ways to read a name: who, late or not, the user's number, the file's, the file."""
    ways = [*re.finditer(r"(?<=[^_])(?=_(\d+)_(\d+)_(.+))", name)]
    typed = [*re.finditer(r"(?<=[^_])(?=_(\d+)_()((?:text|link)\.html)$)", name)]
    for match in (*ways, *typed):
        who = name[: match.start()]
        late = who.endswith("_LATE")
        yield who.removesuffix("_LATE"), late, match[1], match[2] or "0", match[3]


def _from_canvas(
    entry: Entry, asked: Asked, file: str, upload: str, late: bool, user: str
) -> HandIn:
    order = (float(attempt(file, asked.assignment)), float(upload))
    typed = file in ("text.html", "link.html")
    return HandIn("", file, entry, late=late, order=order, number=user, typed=typed)


# ── Moodle ───────────────────────────────────────────────────────────────────────────────────

_MOODLE = re.compile(
    r"(?P<who>.+?)(_(?P<number>\d+))?_assignsubmission_(?P<kind>file|onlinetext)(_(?P<file>.*))?"
)


def moodle(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``Ada Moreau_11_assignsubmission_file/week1.ipynb``, in folders or not.

    ``public/mod/assign/classes/downloader.php`` of Moodle (b1b5f263) writes the full name and the
    number of the participant, or a group and its number, or “Default group” without one. The
    archive is streamed and its times are those of the download, so they say nothing of a hand-in.
    """
    for part in entry.path.parts:
        match = _MOODLE.fullmatch(part)
        if match:
            name, typed = match["file"] or entry.path.name, match["kind"] == "onlinetext"
            order = by_time(entry.when)
            number = match["number"] or ""
            found = HandIn("", name, entry, order=order, number=number, typed=typed)
            return whose(found, match["who"], asked, MOODLE)
    return None


# ── Blackboard ───────────────────────────────────────────────────────────────────────────────

_BLACKBOARD = re.compile(
    r"(?P<title>.+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<receipt>\.txt))"
)


def blackboard(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``Week 1_ada_attempt_2026-11-20-15-58-23_week1.ipynb``, and know a receipt.

    The names stand in nbgrader's documentation of `zip_collect` (207a8e54). A receipt has no name
    of a file; it comes with each attempt, and holds what was typed (kwurst/bb-file-cleanup,
    0ac16053). The time is the server's, and names no zone.
    """
    match = _BLACKBOARD.fullmatch(entry.path.name)
    if not match:
        return None
    pieces = match["title"].split("_")
    ways = ["_".join(pieces[k:]) for k in range(len(pieces) - 1, 0, -1)]
    who = next((each for each in ways if asked.senders.knows(each)), (ways or pieces)[0])
    when = read_time(match["when"], asked.zone)
    name, typed = match["file"] or entry.path.name, bool(match["receipt"])
    order = (*by_time(when), float(attempt(name, asked.assignment)) if match["file"] else 0.0)
    return whose(HandIn("", name, entry, when=when, order=order, typed=typed), who, asked)


# ── Brightspace ──────────────────────────────────────────────────────────────────────────────

_BRIGHTSPACE = re.compile(
    r"(?P<number>\d+-\d+) - (?P<who>.+?) - "
    r"(?P<when>\w{3,9} \d{1,2}, \d{4} \d{1,2}:?\d{2} [AP]M)(?: - (?P<file>.+))?"
)


def brightspace(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``39786-640693 - Aiden Rodriguez - Oct 10, 2025 1022 AM/week1.ipynb``, or flat files.

    The folders, and the ``index.html`` beside them, are those of a test of an importer,
    ``cqc_cpcc.utilities.zip_grading_utils``; the time names no zone.
    """
    for part in entry.path.parts:
        match = _BRIGHTSPACE.fullmatch(part)
        if match:
            when = read_time(match["when"], asked.zone)
            name = match["file"] or entry.path.name
            order = (*by_time(when), float(attempt(name, asked.assignment)))
            unread = "" if when else match["when"]
            number = match["number"].partition("-")[0]
            found = HandIn("", name, entry, when=when, order=order, number=number, unread=unread)
            return whose(found, match["who"], asked)
    return None


# ── Gradescope ───────────────────────────────────────────────────────────────────────────────

METADATA = "submission_metadata.yml"


def gradescope(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``assignment_99_export/submission_1001/week1.ipynb`` by what the metadata tell.

    ``submission_metadata.yml`` names by each folder its submitters, several for a group, with name,
    sid and address: so it stands in the tests of programs that read the export (a mapping of
    ``submission_single:`` to ``:submitters:``, ``- :name:``, ``:sid:``, ``:email:``), and
    ``:created_at:`` beside them.
    """
    for part in entry.path.parts:
        told = asked.submitters.get(part)
        if told is None or entry.path.name == METADATA:
            continue
        when = read_time(told.when, asked.zone) if told.when else None
        order = (*by_time(when or entry.when), float(attempt(entry.path.name, asked.assignment)))
        found = HandIn("", entry.path.name, entry, when=when, order=order)
        found = replace(found, unread="" if when else told.when)
        if len(told.people) > 1:
            return _of_several(found, part, told.people, asked)
        student, problems = _one_of(told.people[0], asked.senders)
        number = next((each for each in told.people[0] if each), "")
        return replace(found, student=student, problems=problems, number=number)
    return None


def _one_of(called: Sequence[str], senders: Senders) -> tuple[str, tuple[Problem, ...]]:
    known = [each for each in called if each and senders.knows(each)]
    first = next((each for each in called if each), "unnamed")
    return senders.find(known[0] if known else first)


def submitters(entries: Sequence[Entry]) -> dict[str, Submitted]:
    """Return what Gradescope's metadata tell, by the folders of the submissions."""
    for entry in entries:
        if entry.path.name == METADATA:
            try:
                return _submitters(entry.read().decode("utf-8", "replace"))
            except Unreadable:
                return {}
    return {}


def _submitters(text: str) -> dict[str, Submitted]:
    """Read the lines that are needed of the metadata: a list below ``:submitters:``, and a time.

    The results of an autograder stand there too, and can hold anything; they are indented deeper.
    """
    found = {}
    for folder, block in re.findall(r"^([\w.-]+):[ ]*\n((?:[ \n].*\n?)*)", text, re.M):
        listed = re.search(r"^  :submitters:[ ]*\n((?:  (?:- |  ).*\n?)*)", block, re.M)
        created = re.search(r"^  :created_at: *(.+)$", block, re.M)
        people = [
            tuple(
                match[1].strip().strip("'\"")
                for key in ("sid", "email", "name")
                if (match := re.search(rf"^[- ]*:{key}: *(.+)$", one, re.M))
            )
            for one in re.split(r"^ *- ", listed[1] if listed else "", flags=re.M)
            if one.strip()
        ]
        if people:
            when = created[1].strip().strip("'\"") if created else ""
            found[folder] = Submitted(tuple(people), when)
    return found


# ── Sakai ────────────────────────────────────────────────────────────────────────────────────

_SAKAI = re.compile(r"(?P<who>[^/]+?) ?\((?P<login>[^()]+)\)(?:_(?P<rest>.+))?")
_ATTACHED = "Submission attachment(s)"


def sakai(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``Week 1/Moreau, Ada(ada)/Submission attachment(s)/week1.ipynb``.

    ``AssignmentServiceImpl.java`` of Sakai (00701f68) writes the sortable name and the login, or
    the title of a group and its number; ``timestamp.txt`` has the time of the hand-in,
    ``members.txt`` those of a group, and ``…_submissionText.html`` what was typed. Without folders,
    ``_`` stands in their place and there is no time.
    """
    for place, part in enumerate(entry.path.parts):
        match = _SAKAI.fullmatch(part)
        if not match:
            continue
        inside = [*entry.path.parts[place + 1 :]] or [match["rest"] or ""]
        typed = inside[-1].endswith("submissionText.html")
        if not typed and not inside[0].startswith(_ATTACHED):
            return None
        folder = PurePosixPath(*entry.path.parts[: place + 1])
        name, said = inside[-1].removeprefix(f"{_ATTACHED}_"), asked.stamps.get(folder, "")
        when = read_time(said, asked.zone) if said else None
        order = (*by_time(when or entry.when), float(attempt(name, asked.assignment)))
        found = HandIn("", name, entry, when=when, order=order, typed=typed, number=match["login"])
        found = replace(found, unread="" if when else said)
        if folder in asked.members:
            return _of_several(found, match["who"], _people(asked.members[folder]), asked)
        login = match["login"] if asked.senders.knows(match["login"]) else ""
        return whose(found, login or match["who"], asked)
    return None


def _people(members: str) -> list[tuple[str, ...]]:
    """Return the logins and names of ``Moreau, Ada(ada); Weiss, Bob(bob)``."""
    listed = (re.fullmatch(r"(.*)\(([^()]*)\)", each.strip()) for each in members.split(";"))
    return [(match[2], match[1]) for match in listed if match]


def _of_several(found: HandIn, group: str, people: Sequence[Sequence[str]], asked: Asked) -> HandIn:
    """Return what each of several people has handed in, who are called in several ways."""
    each_one = [_one_of(each, asked.senders) for each in people]
    doubts = dict.fromkeys(problem for _, several in each_one for problem in several)
    ids = tuple(id for id, _ in each_one)
    return replace(found, student=ids[0], members=ids, problems=tuple(doubts), group=group)


def member_lists(entries: Sequence[Entry]) -> dict[PurePosixPath, str]:
    """Return what each of Sakai's ``members.txt`` says, by its folder."""
    found = {}
    for entry in entries:
        if entry.path.name == "members.txt":
            with suppress(Unreadable):
                said = entry.read()[:100_000].decode("utf-8", "replace")
                if _people(said):
                    found[entry.path.parent] = said
    return found


# ── ILIAS ────────────────────────────────────────────────────────────────────────────────────

_ILIAS = re.compile(r"(?P<last>[^_]+)_(?P<first>[^_]+)_(?P<login>.+)_(?P<number>\d+)")
_ILIAS_LATE = re.compile(r"[^-]*(?:late|versp(?:ä|ae|a)tet)[^-]* - (?P<file>.+)", re.I)


def ilias(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``Week 1/Submissions/Team 12/Moreau_Ada_ada_301/week1.ipynb``, with or without teams.

    ``class.ilExSubmission.php`` of ILIAS (03cc48ed) calls a folder by the last name, the first, the
    login and the number of the user, puts it into one of the team, and words in the installation's
    language before the name of a file that was late. The times of the files are those of the
    hand-ins, unless the archive was unpacked by something that sets new ones.
    """
    folders = entry.path.parts[:-1]
    for place, part in enumerate(folders):
        match = _ILIAS.fullmatch(part)
        if not match:
            continue
        late = _ILIAS_LATE.fullmatch(entry.path.name)
        name = late["file"] if late else entry.path.name
        order = (*by_time(entry.when), float(attempt(name, asked.assignment)))
        is_late = True if late else None  # the words may be of a language that is not known
        found = HandIn("", name, entry, late=is_late, order=order, number=match["number"])
        team = folders[place - 1] if place and folders[place - 1].startswith("Team") else ""
        members = asked.senders.members(team) or asked.senders.members(team.removeprefix("Team"))
        if members:
            return replace(found, student=members[0], members=members, group=team)
        name = f"{match['last']}, {match['first']}"
        called = match["login"] if asked.senders.knows(match["login"]) else name
        found = whose(found, called, asked)
        doubt = (Kind.TEAM.of(team=team),) if team else ()
        return replace(found, problems=(*found.problems, *doubt))
    return None


# ── GitHub Classroom ─────────────────────────────────────────────────────────────────────────


def github(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``week1-submissions/week1-ada/week1.ipynb``: the assignment's slug, and the login.

    So ``gh classroom clone student-repos`` lays them out (github/gh-classroom,
    ``cmd/gh-classroom/clone/student-repos/student-repos.go``, 08b078ee). Both parts can hold
    hyphens, so the login is one that ``students.csv`` knows, or what follows a slug that the folder
    around names.
    """
    folders = entry.path.parts[:-1]
    tail = "-submissions"
    slugs = [each.removesuffix(tail) for each in folders if each.endswith(tail)]
    for part in folders:
        if part.endswith(tail):
            continue
        slug = next((each for each in slugs if part.startswith(f"{each}-")), "")
        words = part.split("-")
        splits = [("-".join(words[:k]), "-".join(words[k:])) for k in range(1, len(words))]
        known = [each for each in splits if asked.senders.knows(each[1])]
        called = next((login for before, login in known if not asked.senders.knows(before)), "")
        if not called and slug:
            called = part.removeprefix(f"{slug}-")
        if called:
            order = (*by_time(entry.when), float(attempt(entry.path.name, asked.assignment)))
            return whose(HandIn("", entry.path.name, entry, order=order), called, asked)
    return None


# ── nbgrader ─────────────────────────────────────────────────────────────────────────────────

_INBOUND = re.compile(r"(?P<who>[^+]+)\+(?P<assignment>[^+]+)\+(?P<when>[^+]+)(\+[^+]*)?")


def nbgrader(entry: Entry, asked: Asked) -> HandIn | None:
    """Read ``submitted/ada/week1/week1.ipynb``, or a folder of the exchange's inbound.

    ``timestamp.txt`` has the time in a zone and a format that are settings of nbgrader.
    """
    folder = entry.path.parent
    inbound = _INBOUND.fullmatch(folder.name)
    if inbound and inbound["assignment"] == asked.assignment:
        who, said = inbound["who"], asked.stamps.get(folder, inbound["when"])
    elif folder.name == asked.assignment and len(folder.parts) > 1:
        who, said = folder.parts[-2], asked.stamps.get(folder, "")
    else:
        return None
    when = read_time(said)  # without a zone it is UTC, which is nbgrader's default
    found = HandIn("", entry.path.name, entry, when=when, order=by_time(when))
    return whose(replace(found, unread="" if when else said), who, asked)


def timestamps(entries: Sequence[Entry]) -> dict[PurePosixPath, str]:
    """Return what each ``timestamp.txt`` says, by its folder."""
    found = {}
    for entry in entries:
        if entry.path.name == "timestamp.txt":
            try:
                said = entry.read()[:100].decode("utf-8", "replace").strip()
            except Unreadable:
                said = "unreadable"
            found[entry.path.parent] = said
    return found
