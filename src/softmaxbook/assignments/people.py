"""Who somebody is: the students of a course, and what other systems call each of them.

A system tells people apart by numbers of its own, which a column of ``students.csv`` can hold;
where it has none, by their names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from .course import CourseError, Student, folder_name, is_folder_name
from .submissions.problems import Kind, Problem
from .tables import read_lines

# Columns of ``students.csv`` with a system's own numbers, in small letters; the first is its own.
CANVAS = ("id", "canvas_id", "canvas id")  # `ID`: the column `id` is no number of Canvas
MOODLE = ("identifier", "moodle_id", "moodle id")  # as in “Participant 123”
ANONYMOUS = ("anonymous_id", "anonymous id")  # of Canvas, while an assignment is anonymous
LOGINS = ("github", "github username", "login", "username", "sis login id", "sid", "orgdefinedid")
HIDDEN = "participant|teilnehmer/in|participante"  # `hiddenuser` of Moodle, as it names somebody
GROUP = ("group", "group name", "team")


def students(course: Path) -> tuple[Student, ...]:
    """Return the students of ``students.csv``, or none where there is no such file.

    Raises
    ------
    CourseError
        If it is no table of students, with the line.
    """
    path = course / "students.csv"
    if not path.is_file():
        return ()
    what = "the students, with the columns id, name and email"
    head, rows = read_lines(path, ("id", "Id", "ID"), what)
    columns = _columns(head)
    found = tuple(
        _student(dict(zip(columns, row, strict=False)), path, number) for number, row in rows
    )
    for place, each in enumerate(found):
        if each.id.lower() in {other.id.lower() for other in found[:place]}:
            raise CourseError(f"{path} names the id {each.id!r} twice: ids must differ")
    return found


def _columns(head: Sequence[str]) -> list[str]:
    """Return the names of the columns; beside another `id`, `ID` is Canvas' number and stays."""
    small = [each.lower() for each in head]
    own = [each for each in head if each.lower() == "id"]
    id = next((each for each in own if each != "ID"), "ID")
    return [
        "id" if each == id else low if low in ("name", "email") else each
        for each, low in zip(head, small, strict=True)
    ]


def _student(row: Mapping[str, str], path: Path, line: int) -> Student:
    id, name, email = (" ".join(row.get(key, "").split()) for key in ("id", "name", "email"))
    if not is_folder_name(id):
        raise CourseError(
            f"{path}, line {line}: the id {id!r} cannot name a folder; "
            "use letters, digits, `-`, `_`, `.` and `@`"
        )
    other = {key: value for key, value in row.items() if key and key not in ("id", "name", "email")}
    return Student(id, name, email, MappingProxyType(other))


# ── numbers and names ────────────────────────────────────────────────────────────────────────


def numbers(student: Student, columns: Collection[str]) -> list[str]:
    """Return a system's own numbers of a student, from those `columns`.

    Examples
    --------
    >>> ada = Student("ada", other={"Identifier": "Participant 501", "ID": "7", "group": "3"})
    >>> numbers(ada, MOODLE), numbers(ada, CANVAS)
    (['501'], ['7'])
    """
    values = {key.lower(): bare(value) for key, value in student.other.items()}
    return [values[column] for column in columns if values.get(column)]


def number_of(student: Student, columns: Collection[str]) -> str:
    """Return the first of a system's own numbers of a student, or nothing."""
    return next(iter(numbers(student, columns)), "")


def known_as(student: Student) -> set[str]:
    """Return all by which systems tell a student from others of the name, in small letters."""
    columns = (*CANVAS, *MOODLE, *ANONYMOUS, *LOGINS)
    own = {student.id, student.email, *numbers(student, columns)}
    return {each.lower() for each in own} - {""}


def bare(number: str) -> str:
    """Return a system's number without the word that Moodle puts before it."""
    return re.sub(rf"^(?:{HIDDEN})\s*(?=\d|$)", "", number.strip(), flags=re.IGNORECASE).strip()


def plain(name: str) -> str:
    """Return a name as systems squeeze it: small letters and digits, no accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in decomposed if each.isalnum())


def spellings(name: str) -> set[str]:
    """Return a name squeezed, with the first name before and after the others."""
    words = name.replace(",", " ").split()
    return {plain("".join(words[k:] + words[:k])) for k in range(len(words))}


# ── senders ──────────────────────────────────────────────────────────────────────────────────


class Senders:
    """Find students, and groups of them, by what an exporting system calls them."""

    def __init__(self, students: Sequence[Student]) -> None:
        self.students = students
        self._seen: dict[str, str] = {}
        self._called: dict[str, dict[str, list[Student]]] = {
            "id": _by(lambda each: {each.id.lower()}, students),
            "address": _by(lambda each: {each.email.lower()}, students),
            "login": _by(lambda each: {key.lower() for key in numbers(each, LOGINS)}, students),
            "name": _by(lambda each: spellings(each.name), students),
        }
        self._groups: dict[str, list[str]] | None = None
        self._numbered: dict[tuple[str, ...], dict[str, list[Student]]] = {}

    def knows(self, called: str, number: str = "", columns: Collection[str] = ()) -> bool:
        """Return whether it is one student or one group of ``students.csv``."""
        return self._by_number(number, columns) is not None or bool(
            self._by_name(called) or self.members(called)
        )

    def find(
        self, called: str, number: str = "", columns: Collection[str] = ()
    ) -> tuple[str, tuple[Problem, ...]]:
        """Return the id of a student, and what is doubtful about it.

        `number` is the exporting system's own, and `columns` of ``students.csv`` may hold it.
        """
        numbered = self._by_number(number, columns)
        if numbered is not None:
            if not called or _may_be_called(numbered, called):
                return numbered.id, ()
            doubt = Kind.NAME_AND_NUMBER.of(called=called, number=number, student=numbered.id)
            return numbered.id, (doubt,)
        same = self._by_name(called)
        if len(same) == 1:
            return same[0].id, ()
        id = self._own_name(called, number)
        if len(same) > 1:
            who = ", ".join(each.id for each in same)
            return id, (Kind.NAMESAKES.of(called=called, students=who),)
        return id, ((Kind.UNKNOWN_SENDER.of(called=called),) if self.students else ())

    def members(self, group: str) -> tuple[str, ...]:
        """Return the ids of a group's students, by a column `group` of ``students.csv``.

        “Default group” is Moodle's name for all who are in none.
        """
        wanted = "" if group == "Default group" else plain(group)
        if not wanted and group != "Default group":
            return ()
        if self._groups is None:
            self._groups = {}
            for student in self.students:
                if any(key.lower() in GROUP for key in student.other):
                    own = plain(number_of(student, GROUP))
                    self._groups.setdefault(own, []).append(student.id)
        return tuple(self._groups.get(wanted, ()))

    def _by_number(self, number: str, columns: Collection[str]) -> Student | None:
        """Return who has a number in one of the columns; the first of several."""
        key = tuple(columns)
        if key not in self._numbered:
            self._numbered[key] = _by(lambda each: set(numbers(each, key)), self.students)
        return next(iter(self._numbered[key].get(number, ())), None) if number else None

    def _by_name(self, called: str) -> list[Student]:
        """Return whose id, address or login that is; else whose name it can be."""
        word = called.strip().lower()
        ways = ((kind, word) for kind in ("id", "address", "login"))
        for kind, key in (*ways, ("name", plain(called))):
            found = self._called[kind].get(key, [])
            if key and found:
                return found
        return []

    def _own_name(self, called: str, number: str) -> str:
        """Return a folder name for somebody unknown; two of one name get different ones."""
        id = called if is_folder_name(called) else folder_name(called)
        taken = {each.id.lower() for each in self.students}
        if self._seen.setdefault(id.lower(), number) != number or id.lower() in taken:
            id = f"{id[:50]}-{folder_name(number)[:40]}"
        return id


def _by(
    keys: Callable[[Student], set[str]], students: Sequence[Student]
) -> dict[str, list[Student]]:
    """Return the students by what `keys` gives for each."""
    found: dict[str, list[Student]] = {}
    for student in students:
        for key in keys(student):
            found.setdefault(key, []).append(student)
    return found


def _may_be_called(student: Student, called: str) -> bool:
    """Return whether a name shares a word with the student's, or says nothing, as a number does.

    Systems show nicknames and name orders of their own; the name of a group shares nothing.
    """
    squeezed = plain(called)
    words = [plain(each) for each in (*student.name.replace(",", " ").split(), student.id)]
    shared = any(len(each) > 1 and each in squeezed for each in words)
    return shared or not student.name or squeezed in ("", "participant")
