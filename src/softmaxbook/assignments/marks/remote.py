"""Examine hand-ins on the workers of a cluster: what travels there, and what is kept on a worker.

What travels is JSON: the ids and points of the exercises, the seed, the text of the course's own
exercises, and the answers of a hand-in without its author's name; back come its marks. Records are
written by the command alone.

The process of a worker never runs a student's program: that happens in a sandbox, as on the
instructor's machine. The course's own exercises do run there, as they do with the command.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from softmaxbook import cluster
from softmaxbook.checking import Aspect

from ..assignment import Assignment, Chosen
from ..course import CourseError, known_exercises, member_name
from ..released import Released
from ..sandbox.box import Limits, Sandbox
from ..sandbox.conversation import Conversation
from ..submissions.submission import Answer, Submission
from .examiner import PROMPT, Examiner
from .examining import is_of_the_book
from .fingerprints import version_of_program
from .records import ExerciseMark, exercise_mark_in

KEPT = 2  # assignments whose sandbox stays ready on a worker

# ── with the command ─────────────────────────────────────────────────────────────────────────


def wanted(limits: Limits) -> bytes:
    """Return what a worker has to have."""
    about = {"program": cluster.program(), "marks": version_of_program(limits, False)}
    return cluster.packed({**about, "limits": asdict(limits)})


def packed(assignment: Assignment, submission: Submission, limits: Limits) -> bytes:
    """Return what the marks of a hand-in follow from.

    The own exercises are read anew each time, so that they are those of the fingerprint that is
    taken with it.
    """
    own = any(not is_of_the_book(each.exercise) for each in assignment.exercises)
    about = {
        "exercises": [
            [each.id, [[aspect.name, aspect.points] for aspect in each.points]]
            for each in assignment.exercises
        ],
        "own": _own_programs(assignment.course) if own else {},
        "seed": assignment.seed,
        "variants": assignment.variants,
        "struck": {id: list(each) for id, each in assignment.struck.items()},
        "package": assignment.package,
        "limits": asdict(limits),
    }
    handed = {
        "student": submission.numbers_of if assignment.variants else "",
        "answers": {id: asdict(each) for id, each in submission.answers.items()},
        "preamble": submission.preamble,
    }
    return cluster.packed([json.dumps(about, sort_keys=True), handed])


def _own_programs(course: Path) -> dict[str, str]:
    found = sorted((course / "exercises").glob("*.py"))
    return {each.name: each.read_text(encoding="utf-8") for each in found}


def unpacked(answer: bytes) -> tuple[ExerciseMark, ...]:
    """Return the marks that came back, or raise CourseError with what a worker said instead."""
    said = json.loads(answer)
    if isinstance(said, str):
        raise CourseError(said)
    return tuple(map(exercise_mark_in, said))


# ── on a worker ──────────────────────────────────────────────────────────────────────────────


def unfit(wanted: bytes) -> str:
    """Return why this process cannot examine: another program, or no sandbox; else nothing."""
    needed = json.loads(wanted)
    limits = Limits(**needed["limits"])
    differs = cluster.differences(needed["program"])
    if differs:
        return differs
    if needed["marks"] != version_of_program(limits, False):
        return "its marks would follow from something else than the command's"
    return _without_sandbox(limits)


_tried = threading.Lock()
_fine: set[Limits] = set()


def _without_sandbox(limits: Limits) -> str:
    """Return why no sandbox can be made; where one could, it is not tried again."""
    with _tried:
        if limits in _fine:
            return ""
        try:
            with Sandbox(limits=limits, package=False) as box, Conversation(box) as talk:
                talk.start()
        except CourseError as error:
            return str(error)
        _fine.add(limits)
        return ""


def examine(given: bytes) -> bytes:
    """Return the marks of a hand-in, or a sentence where it cannot be examined."""
    about, handed = json.loads(given)
    answers = {id: Answer(**each) for id, each in handed["answers"].items()}
    try:
        with _rooms.examiner(about) as examiner:
            marks = examiner.marks(Submission(handed["student"], answers, handed["preamble"]))
    except CourseError as error:
        return cluster.packed(str(error))
    except Exception as error:  # whatever one submission does, the others are graded
        return cluster.packed(f"{type(error).__name__}: {error}")
    return json.dumps([asdict(each) for each in marks], default=member_name).encode("ascii")


@dataclass
class _Room:
    """An assignment as it came, in a folder of its own, with the sandbox for it."""

    examiner: Examiner
    folder: Path
    users: int = 0

    def close(self) -> None:
        self.examiner.sandbox.__exit__(None, None, None)
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class _Rooms:
    """The rooms of this process, one for each assignment as it came; its threads share them."""

    _open: dict[str, _Room] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def examiner(self, about: str) -> Iterator[Examiner]:
        """Yield the examiner of an assignment, which stays ready for the next hand-in."""
        with self._lock:
            room = self._open.pop(about, None) or _furnished(json.loads(about))
            self._open[about] = room  # the latest stands last
            room.users += 1
        try:
            yield room.examiner
        finally:
            with self._lock:
                room.users -= 1
                idle = [key for key, each in self._open.items() if not each.users]
                surplus = [self._open.pop(key) for key in idle[: max(0, len(self._open) - KEPT)]]
            for each in surplus:
                each.close()

    def close(self) -> None:
        """Close all."""
        while self._open:
            self._open.popitem()[1].close()


_rooms = _Rooms()
atexit.register(_rooms.close)


def _furnished(about: Mapping[str, Any]) -> _Room:
    # For good: it helps whatever else this process does for a cluster.
    sys.setswitchinterval(PROMPT)
    course = Path(tempfile.mkdtemp(prefix="softmaxbook-course-"))
    try:
        (course / "exercises").mkdir()
        for name, text in about["own"].items():
            (course / "exercises" / Path(name).name).write_text(text, encoding="utf-8")
        assignment = _assignment(course / "assignment", about)
        limits = Limits(**about["limits"])
        sandbox = Sandbox(limits=limits, hidden=(course,), package=assignment.package)
    except BaseException:
        shutil.rmtree(course, ignore_errors=True)
        raise
    return _Room(Examiner(assignment, sandbox), course)


def _assignment(folder: Path, about: Mapping[str, Any]) -> Assignment:
    known = known_exercises(folder.parent)
    return Assignment(
        folder,
        "",
        about["seed"],
        tuple(Chosen(known[id], _aspects(points)) for id, points in about["exercises"]),
        variants=about["variants"],
        released=Released(package=about["package"]),
        struck=about["struck"],
    )


def _aspects(points: Iterable[tuple[str, float]]) -> tuple[Aspect, ...]:
    return tuple(Aspect(name, value) for name, value in points)
