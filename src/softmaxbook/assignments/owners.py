"""Whose row it is: students found by what another system calls them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .course import Student
from .senders import plain, spellings
from .standings import Standing

# Columns of numbers that a system gives out itself: no id and no address of a student is one.
OWN_NUMBERS = ("ID", "Identifier")


@dataclass(frozen=True)
class Called:
    """What a row calls its student: the words in the columns that identify, and the name."""

    keys: Mapping[str, str]
    name: str


def owners(everyone: Sequence[Standing], rows: Sequence[Called]) -> list[Standing | None]:
    """Return whose each row is; None where it is nobody's, or could be that of two.

    The keys decide where one of them is known, and the name where none is. Nobody has two rows.
    """
    by_key = [_by_keys(row, everyone) for row in rows]
    claimed = {each.student.id for found in by_key for each in found}
    free = [each for each in everyone if each.student.id not in claimed]
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


def _by_keys(row: Called, everyone: Sequence[Standing]) -> list[Standing]:
    return [
        each
        for each in everyone
        if any(
            _plain_key(words) in _known_as(each.student, column)
            for column, words in row.keys.items()
            if words.strip()
        )
    ]


def _known_as(student: Student, column: str) -> set[str]:
    """Return what a column can hold of a student."""
    own = {student.other.get(column, "")}
    if column == "ID":
        own.add(student.other.get("canvas_id", ""))
    if column not in OWN_NUMBERS:
        own |= {student.id, student.email}
    return {_plain_key(each) for each in own} - {""}


def _plain_key(words: str) -> str:
    return words.strip().lower().removeprefix("participant").strip()


def _by_name(row: Called, everyone: Sequence[Standing]) -> list[Standing]:
    ways = spellings(row.name) - {""}
    return [
        each
        for each in everyone
        if ways & {*spellings(each.student.name), plain(each.student.id)}
        and not _is_another(row, each.student)
    ]


def _is_another(row: Called, student: Student) -> bool:
    """Return whether a column says that the row is of somebody else of that name."""
    registered = {key: student.other.get(key, "").strip() for key in row.keys}
    return any(
        registered[key] and words.strip() and _plain_key(words) != _plain_key(registered[key])
        for key, words in row.keys.items()
    )
