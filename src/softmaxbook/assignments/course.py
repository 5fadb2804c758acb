"""A course is a folder: its exercises, what its files may be called, and files written whole."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from softmaxbook.checking import Exercise
from softmaxbook.exercises import exercises

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class CourseError(Exception):
    """What the instructor has to mend, in one sentence: what was wrong, and what to do."""


class UnknownExercise(CourseError):
    """An id that neither the book nor the course has."""


@dataclass(frozen=True)
class Student:
    """A row of ``students.csv``: the id names the folders, the other columns are kept."""

    id: str
    name: str = ""
    email: str = ""
    other: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_FOLDER_NAME = re.compile(r"\w[\w.@-]*")


def is_folder_name(text: str) -> bool:
    """Return whether a text can name a folder on every system, and nothing outside it."""
    return bool(_FOLDER_NAME.fullmatch(text)) and not text.endswith(".") and len(text) <= 100


def folder_name(text: str) -> str:
    """Return a folder name made of a text, such as a student's full name.

    Examples
    --------
    >>> folder_name("Ada  King, Countess of Lovelace")
    'ada-king-countess-of-lovelace'
    """
    return re.sub(r"[^\w.@]+", "-", text.lower()).strip("-.")[:100] or "unnamed"


def known_exercises(course: Path) -> dict[str, Exercise]:
    """Return all exercises by id: the book's, then the course's own from ``exercises/``."""
    own = private_exercises(course)
    book = {each.id: each for each in exercises()}
    for id in own.keys() & book.keys():
        raise CourseError(f"the private exercise {id!r} has the id of one of the book's: rename it")
    return book | own


def require_known(id: str, known: Mapping[str, Exercise]) -> None:
    """Raise UnknownExercise, with the nearest ids that there are, if `id` is not one of them."""
    if id not in known:
        near = get_close_matches(id, known, n=4, cutoff=0.3) or list(known)[:4]
        raise UnknownExercise(
            f"there is no exercise {id!r}; near it are {', '.join(near)}, "
            "and the page “Exercises” of the book lists all"
        )


def private_exercises(course: Path) -> dict[str, Exercise]:
    """Return the exercises of the modules in ``exercises/`` that are the instructor's own.

    Each module has a name ``EXERCISE``, as the book's have; a file whose name begins with ``_`` is
    left out. The modules are executed: they are trusted as the instructor's other programs are.
    """
    found: dict[str, Exercise] = {}
    for path in sorted((course / "exercises").glob("[!_]*.py")):
        exercise = getattr(_module(path), "EXERCISE", None)
        if not isinstance(exercise, Exercise):
            raise CourseError(f"{path} has no name EXERCISE that is an Exercise: add one")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", exercise.id) or len(exercise.id) > 50:
            raise CourseError(
                f"{path}: the id {exercise.id!r} has to be of small letters, digits and single "
                "hyphens, 50 at most"
            )
        if exercise.id in found:
            raise CourseError(f"{path}: the id {exercise.id!r} is taken by another module")
        found[exercise.id] = exercise
    return found


def _module(path: Path) -> ModuleType:
    name = f"softmaxbook_course_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CourseError(f"{path} cannot be imported: is it a Python file?")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # `inspect` finds the source of its functions there
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CourseError(f"{path} does not run: {type(error).__name__}: {error}") from error
    return module


def write_record(path: Path, record: DataclassInstance) -> None:
    """Write a dataclass as JSON, with members of enumerations by their names."""
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1, default=member_name)
    write_whole(path, text.encode("utf-8", "backslashreplace"))


def member_name(member: object) -> str:
    """Return the name of a member of an enumeration: what its value says may be worded anew."""
    if isinstance(member, Enum):
        return member.name
    raise TypeError(f"{type(member).__name__} is nothing that a file can hold")


def now() -> str:
    """Return the present moment as ISO 8601 with its time zone, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there as a whole or not at all."""
    with whole(path) as beside:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield where to write a file that comes to its place when the block has ended well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
