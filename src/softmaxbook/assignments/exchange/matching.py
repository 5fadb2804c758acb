"""Whose row it is: students found by what another system calls them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..course import Student
from ..marks.gradebook import Standing
from ..people import CANVAS, MOODLE, bare, numbers, plain, spellings

# Columns of numbers that a system gives out itself: no id and no address of a student is one.
OWN_NUMBERS = {"ID": CANVAS, "Identifier": MOODLE}


@dataclass(frozen=True)
class Called:
    """What a row calls its student: the words in the columns that identify, and the name."""

    keys: Mapping[str, str]
    name: str


def owners(everyone: Sequence[Standing], rows: Sequence[Called]) -> list[Standing | None]:
    """Return whose each row is; None where it is nobody's, or could be that of two.

    The keys decide where one of them is known, and the name where none is. Nobody has two rows.
    """
    known = _by_column(everyone, {column for row in rows for column in row.keys})
    by_key = [_by_keys(row, known) for row in rows]
    claimed = {each.student.id for found in by_key for each in found}
    free = [(_names(each.student), each) for each in everyone if each.student.id not in claimed]
    found = [own or _by_name(row, free) for own, row in zip(by_key, rows, strict=True)]
    single = [own[0] if len(own) == 1 else None for own in found]
    times = Counter(each.student.id for each in single if each is not None)
    return [each if each is not None and times[each.student.id] == 1 else None for each in single]


def not_found(
    everyone: Sequence[Standing], found: Sequence[Standing | None], table: str
) -> dict[str, str]:
    """Return words about each student that no row is of, by id."""
    here = {each.student.id for each in found if each is not None}
    return {
        each.student.id: f"{each.student.id} has no row in {table}: enter the points there"
        for each in everyone
        if each.student.id not in here
    }


def _by_column(
    everyone: Sequence[Standing], columns: Iterable[str]
) -> Mapping[tuple[str, str], list[Standing]]:
    found: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for column in columns:
        for each in everyone:
            for key in _known_as(each.student, column):
                found[column, key].append(each)
    return found


def _by_keys(row: Called, known: Mapping[tuple[str, str], list[Standing]]) -> list[Standing]:
    found = [
        each
        for column, words in row.keys.items()
        for each in known.get((column, _key(column, words)), ())
    ]
    return list({each.student.id: each for each in found}.values())


def _known_as(student: Student, column: str) -> set[str]:
    """Return what a column can hold of a student."""
    own = _registered(student, column)
    if column not in OWN_NUMBERS:
        own |= {_key(column, student.id), _key(column, student.email)} - {""}
    return own


def _registered(student: Student, column: str) -> set[str]:
    """Return what ``students.csv`` has under the name of a column, or instead of it."""
    if column in OWN_NUMBERS:
        return {each.lower() for each in numbers(student, OWN_NUMBERS[column])}
    return {_key(column, student.other.get(column, ""))} - {""}


def _key(column: str, words: str) -> str:
    return (bare(words) if column in OWN_NUMBERS else words.strip()).lower()


def _names(student: Student) -> set[str]:
    return {*spellings(student.name), plain(student.id)}


def _by_name(row: Called, everyone: Sequence[tuple[set[str], Standing]]) -> list[Standing]:
    ways = spellings(row.name) - {""}
    return [each for names, each in everyone if ways & names and not _is_another(row, each.student)]


def _is_another(row: Called, student: Student) -> bool:
    """Return whether a column says that the row is of somebody else of that name."""
    return any(
        words.strip() and registered and _key(column, words) not in registered
        for column, words in row.keys.items()
        for registered in (_registered(student, column),)
    )
