"""The file ``assignment.toml``: made, read with words for what is wrong, written with comments."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from softmaxbook.checking import Aspect, Exercise
from softmaxbook.exercises import CHAPTERS

from .assignment import Assignment, Chosen, ManualQuestion
from .course import (
    CourseError,
    UnknownExercise,
    is_folder_name,
    known_exercises,
    require_known,
    write_whole,
)
from .people import students
from .released import released_in

KEYS = {"title", "seed", "due", "variants", "exercise", "manual", "strike", "extensions"}


def new(course: Path, name: str, ids: Iterable[str] = (), chapter: str | None = None) -> Assignment:
    """Return a new assignment with exercises by id, by chapter or both, written to its folder.

    Raises
    ------
    CourseError
        If the folder holds an assignment, or a name is not known.
    """
    if not is_folder_name(name):
        raise CourseError(f"{name!r} cannot name an assignment: use letters, digits, `-` and `_`")
    folder = course.resolve() / name
    if (folder / "assignment.toml").exists():
        raise CourseError(f"{folder} holds an assignment: edit it, or take another name")
    known = known_exercises(course.resolve())
    wanted = list(dict.fromkeys([*_of_chapter(known, chapter), *ids]))
    for id in wanted:
        require_known(id, known)
    if not wanted:
        raise CourseError("no exercise is chosen: name some by id, or a chapter with --chapter")
    chosen = tuple(Chosen(known[id], known[id].aspects) for id in wanted)
    title = name.replace("-", " ").replace("_", " ").capitalize()
    made = Assignment(folder, title, token_hex(16), chosen, students=students(course.resolve()))
    save(made)
    return made


def _of_chapter(known: Mapping[str, Exercise], chapter: str | None) -> list[str]:
    if chapter is None:
        return []
    found = [id for id, each in known.items() if each.chapter == chapter]
    if not found:
        chapters = dict.fromkeys([*CHAPTERS, *(each.chapter for each in known.values())])
        raise CourseError(f"there is no chapter {chapter!r}; there are {', '.join(chapters)}")
    return found


def load(folder: Path | str) -> Assignment:
    """Return the assignment in a folder, with the students of its course.

    Raises
    ------
    CourseError
        If there is none, or if its ``assignment.toml`` says what cannot be.
    """
    folder = Path(folder).resolve()
    path = folder / "assignment.toml"
    if not path.is_file():
        raise CourseError(
            f"there is no assignment in {folder}: "
            f"make one with `softmaxbook assignment new {folder.name} --chapter overflow`"
        )
    return Assignment(
        folder, **_read(path), students=students(folder.parent), released=released_in(folder)
    )


def load_all(course: Path) -> tuple[Assignment, ...]:
    """Return all assignments of a course in the order in which they are due, then by name.

    Raises
    ------
    CourseError
        If there is none, or one says what cannot be.
    """
    found = [load(path.parent) for path in sorted(course.resolve().glob("*/assignment.toml"))]
    if not found:
        raise CourseError(f"{course.resolve()} holds no assignment: is it the folder of a course?")
    return tuple(sorted(found, key=lambda each: each.due.timestamp() if each.due else math.inf))


def save(assignment: Assignment) -> None:
    """Write ``assignment.toml``, with a comment on each setting."""
    write_whole(assignment.folder / "assignment.toml", settings_text(assignment))


def _read(path: Path) -> dict[str, Any]:
    """Return the arguments of `Assignment` that a file holds.

    Raises
    ------
    CourseError
        With the file and what to write instead.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not TOML: {error}") from None
    try:
        return _settings(table, known_exercises(path.parent.parent))
    except (_Wrong, UnknownExercise) as error:
        raise CourseError(f"{path}: {error}") from None


class _Wrong(Exception):
    pass


def _settings(table: Mapping[str, Any], known: Mapping[str, Exercise]) -> dict[str, Any]:
    _only(table, KEYS, "the file")
    return {
        "title": _text(table, "title", "the file"),
        "seed": _text(table, "seed", "the file"),
        "due": _due(table.get("due")),
        "struck": _struck(table.get("strike", {}), known),
        "extensions": _extensions(table.get("extensions", {})),
        "variants": _flag(table.get("variants", False)),
        "exercises": tuple(_chosen(each, known) for each in _tables(table, "exercise")),
        "manual": tuple(_manual(each) for each in _tables(table, "manual")),
    }


def _chosen(table: Mapping[str, Any], known: Mapping[str, Exercise]) -> Chosen:
    _only(table, {"id", "points"}, "an [[exercise]]")
    id = _text(table, "id", "an [[exercise]]")
    require_known(id, known)
    exercise = known[id]
    if "points" not in table:
        return Chosen(exercise, exercise.aspects)
    points = table["points"]
    if not isinstance(points, dict):
        raise _Wrong(f"the points of {id!r} have to be written as {_points(exercise.aspects)}")
    order = [aspect.name for aspect in exercise.aspects]
    if set(points) != set(order):
        raise _Wrong(f"the points of {id!r} have to name each of: {', '.join(order)}")
    return Chosen(exercise, tuple(Aspect(name, _number(points[name], id)) for name in order))


def _manual(table: Mapping[str, Any]) -> ManualQuestion:
    _only(table, {"id", "title", "statement", "rubric"}, "a [[manual]]")
    id = _text(table, "id", "a [[manual]]")
    if not is_folder_name(id) or not id.isascii() or set(id) & set(".@"):
        raise _Wrong(f"the id {id!r} has to be of letters, digits, `-` and `_`")
    rubric = table.get("rubric")
    form = 'rubric = [{ criterion = "what has to be there", points = 2 }]'
    if not isinstance(rubric, list) or not rubric:
        raise _Wrong(f"the manual question {id!r} needs a rubric: {form}")
    lines = []
    for line in rubric:
        if not isinstance(line, dict) or set(line) != {"criterion", "points"}:
            raise _Wrong(f"the rubric of {id!r} has to be written as {form}")
        lines.append(
            (_text(line, "criterion", f"the rubric of {id!r}"), _number(line["points"], id))
        )
    words = {
        key: _text(table, key, f"the manual question {id!r}") for key in ("title", "statement")
    }
    return ManualQuestion(id, rubric=tuple(lines), **words)


def _only(table: Mapping[str, Any], keys: set[str], place: str) -> None:
    unknown = sorted(set(table) - keys)
    if unknown:
        raise _Wrong(f"{place} has no setting {unknown[0]!r}; there are {', '.join(sorted(keys))}")


def _tables(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise _Wrong(f"write [[{key}]], with two brackets, above each of them")
    return found


def _text(table: Mapping[str, Any], key: str, place: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(f'{place} needs a text: {key} = "…"')
    return value


def _number(value: Any, id: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise _Wrong(f"points of {id!r} have to be numbers from 0 up, not {value!r}")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("variants is true or false")
    return value


def _due(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise _Wrong("due has to be written as 2026-12-01T23:59:00+01:00, without quotation marks")
    # One without an offset is meant in the local time zone; students read it as it is written.
    return value if value.tzinfo else value.astimezone()


def _struck(value: Any, known: Mapping[str, Exercise]) -> dict[str, tuple[str, ...]]:
    form = '[strike] with lines such as softmax-by-hand = ["q1a2b3c4d"]'
    if not isinstance(value, dict) or not all(isinstance(each, list) for each in value.values()):
        raise _Wrong(f"variants that are not to be asked have to be written as {form}")
    for id in value:
        require_known(id, known)
    return {id: tuple(map(str, each)) for id, each in value.items()}


def _extensions(value: Any) -> dict[str, datetime]:
    if not isinstance(value, dict) or not all(isinstance(e, datetime) for e in value.values()):
        raise _Wrong(
            "more time for single students has to be written as [extensions] with lines such as "
            "ada = 2026-12-08T23:59:00+01:00, without quotation marks around the time"
        )
    return {student: due for student, each in value.items() if (due := _due(each))}


def settings_text(assignment: Assignment) -> str:
    """Return the text of ``assignment.toml``."""
    due = assignment.due.isoformat() if assignment.due else "2026-12-01T23:59:00+01:00"
    parts = [
        f"""\
# The choice for the assignment “{assignment.name}”. Edit it, then run
# `softmaxbook assignment release {assignment.name}`.

title = {_quoted(assignment.title)}

# Keep this secret, and do not change it after the release: the numbers of each student's
# questions, and the inputs that answers are tried on, follow from it.
seed = {_quoted(assignment.seed)}

# Whatever is handed in later is marked as late. Without an offset: your local time.
{"" if assignment.due else "# "}due = {due}

# true: each student of students.csv gets numbers of their own, which the step `variants` lists.
variants = {"true" if assignment.variants else "false"}

# One [[exercise]] each, in the order of the notebook. Every aspect earns its points on its own.
"""
    ]
    parts += [_exercise_text(each) for each in assignment.exercises]
    parts += [_manual_text(each) for each in assignment.manual] or [_MANUAL]
    parts += [_tables_text(assignment)]
    return "\n".join(parts)


def _tables_text(assignment: Assignment) -> str:
    """Return the tables at the end of the file, as comments where there is nothing in them."""
    strike = [f"{_key(id)} = {json.dumps(list(each))}" for id, each in assignment.struck.items()]
    more = [f"{_key(id)} = {due.isoformat()}" for id, due in assignment.extensions.items()]
    return (
        "# Variants that nobody is to get, by the names that `softmaxbook assignment variants "
        f"{assignment.name}`\n# lists; strike before you release.\n"
        + _table("strike", strike, 'softmax-by-hand = ["q1a2b3c4d"]')
        + "\n# More time for single students. Collect again after a change.\n"
        + _table("extensions", more, "ada = 2026-12-08T23:59:00+01:00")
    )


def _table(name: str, lines: Sequence[str], example: str) -> str:
    return "".join(
        f"{each}\n"
        for each in ([f"[{name}]", *lines] if lines else [f"# [{name}]", f"# {example}"])
    )


_MANUAL = '''\
# A question that you mark yourself, by a rubric:
#
# [[manual]]
# id = "explain-the-shift"
# title = "Explain the shift"
# statement = """
# Why may the largest logit be subtracted, and why should it be?
# """
# rubric = [
#   { criterion = "the shift cancels in the quotient", points = 1 },
#   { criterion = "no exponential overflows, and one of them is 1", points = 1 },
# ]
'''


def _exercise_text(chosen: Chosen) -> str:
    exercise = chosen.exercise
    return (
        f"[[exercise]]  # {exercise.title} ({exercise.kind}, difficulty {exercise.difficulty})\n"
        f"id = {_quoted(chosen.id)}\n"
        f"points = {_points(chosen.points)}\n"
    )


def _manual_text(question: ManualQuestion) -> str:
    rubric = "".join(
        f"  {{ criterion = {_quoted(criterion)}, points = {points:g} }},\n"
        for criterion, points in question.rubric
    )
    return (
        f"[[manual]]\nid = {_quoted(question.id)}\ntitle = {_quoted(question.title)}\n"
        f"statement = {_quoted(question.statement)}\nrubric = [\n{rubric}]\n"
    )


def _points(aspects: Iterable[Aspect]) -> str:
    entries = (f"{_key(aspect.name)} = {aspect.points:g}" for aspect in aspects)
    return f"{{ {', '.join(entries)} }}"


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _quoted(name)


def _quoted(text: str) -> str:
    """Return a TOML string; what JSON leaves as it is and TOML does not is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
