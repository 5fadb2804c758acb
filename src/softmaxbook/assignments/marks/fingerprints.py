"""What marks follow from, as a hash: a record whose hash is another is no mark any more."""

from __future__ import annotations

import hashlib
import inspect
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import numpy as np

from softmaxbook.checking import Exercise

from ..assignment import EVERYONE, Assignment, Chosen
from ..course import CourseError, member_name
from ..sandbox.box import Limits
from ..sandbox.shipped import PACKAGE, shipped_files
from ..submissions.submission import Submission, submission_of
from .records import Marks


def is_current(assignment: Assignment, marks: Marks) -> bool:
    """Return whether a record is of today's submission, exercises and program.

    It is with and without a sandbox: who passes marks on need not have one.
    """
    versions = (version_of_program(Limits(), unsafe) for unsafe in (False, True))
    return is_fresh(assignment, marks, versions)


def is_fresh(assignment: Assignment, marks: Marks, versions: Iterable[str]) -> bool:
    """Return whether a record is of today's submission and exercises, by one of the versions."""
    try:
        submission = submission_of(assignment.folder, marks.student)
    except CourseError:
        return False
    return marks.fingerprint in [fingerprint(assignment, submission, each) for each in versions]


def fingerprint(assignment: Assignment, submission: Submission, version: str) -> str:
    """Return a hash of all that the marks of a submission follow from."""
    about = {
        "submission": asdict(replace(submission, log=(), source="", sent="")),
        "exercises": [_described(each) for each in assignment.exercises],
        "manual": [asdict(each) for each in assignment.manual],
        "variants": assignment.variants,
        "seed": assignment.seed,
        "released": _released(assignment, submission.numbers_of),
        "version": version,
    }
    return _hashed(json.dumps(about, sort_keys=True, default=member_name).encode())


def _released(assignment: Assignment, student: str) -> object:
    """Return what matters of the release: the package in the sandbox, and what was asked."""
    known = assignment.released
    owner = student if assignment.variants else EVERYONE
    return None if known is None else [known.package, dict(known.asked.get(owner, {}))]


def _described(chosen: Chosen) -> list[object]:
    points = [[each.name, each.points] for each in chosen.points]
    return [chosen.id, points, _source_hash(chosen.exercise)]


def _source_hash(exercise: Exercise) -> str:
    file = inspect.getsourcefile(exercise.solution)
    return _hashed(Path(file).read_bytes() if file else repr(exercise).encode())


# Beside what the sandbox ships: what was asked and handed in, who runs the worker, who judges.
ASKED = "assignments/assignment.py"
JUDGES = ("checking", "assignments/submissions", "assignments/sandbox", "assignments/marks")


@cache
def _program_hash() -> str:
    judges = [path for part in JUDGES for path in sorted((PACKAGE / part).rglob("*.py"))]
    own = {
        path.relative_to(PACKAGE).as_posix(): path.read_bytes()
        for path in (*judges, PACKAGE / ASKED)
    }
    files = shipped_files() | own
    hashes = sorted((name, _hashed(content)) for name, content in files.items())
    return _hashed(json.dumps(hashes).encode())


def version_of_program(limits: Limits, unsafe: bool) -> str:
    """Return what of the program marks follow from: its text, its libraries and its limits."""
    parts: Mapping[str, object] = {
        "program": _program_hash(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "limits": asdict(limits),
        "unsafe": unsafe,
    }
    return json.dumps(parts, sort_keys=True)


def _hashed(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
