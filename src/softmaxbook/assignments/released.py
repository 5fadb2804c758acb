"""What was handed out, as it was on that day: the file ``released.json`` of an assignment.

Marks follow from what students were asked. Where the seed, the students or this book's own draws
have changed since the release, grading sees it by this file, and nobody loses points in silence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np

from softmaxbook.checking import Exercise

from .course import CourseError, write_record

MANUAL = "marked by a person"  # stands for what a manual question asks


@dataclass(frozen=True)
class Released:
    """A release: when, with which seed, with the package or not, and what it asked of whom."""

    when: str = ""  # ISO 8601
    seed: str = ""  # a hash of it
    package: bool = False
    asked: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def day(self) -> str:
        """Return the day of the release."""
        return self.when[:10]


def released_path(folder: Path) -> Path:
    """Return where it is written down: beside the hand-out, not in it."""
    return folder / "released.json"


def released_in(folder: Path) -> Released | None:
    """Return what was handed out of the assignment in a folder, or None before its release.

    Raises
    ------
    CourseError
        If the file is none that a release wrote.
    """
    path = released_path(folder)
    if not path.exists():
        return None
    try:
        return Released(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise CourseError(f"{path} is not what a release writes ({error}): release again") from None


def remember(folder: Path, released: Released) -> None:
    """Write down what was handed out."""
    write_record(released_path(folder), released)


def asked_by(exercise: Exercise) -> str:
    """Return a word for what an exercise asks: its numbers, or its options in their order.

    A reworded statement asks the same, and so does every program.

    Examples
    --------
    >>> from softmaxbook.exercises import exercise
    >>> hand = exercise("softmax-by-hand").exercise
    >>> asked_by(hand) == asked_by(hand.variant(1)), asked_by(hand.variant(1))[:1]
    (False, 'q')
    """
    given: object = ""
    if exercise.form == "number":
        given = [np.asarray(each).tolist() for each in exercise.given]
    elif exercise.form == "choice":
        given = exercise.options
    return "q" + hashlib.sha256(repr((exercise.form, given)).encode()).hexdigest()[:8]


def hash_of_seed(seed: str) -> str:
    """Return a hash by which a changed seed is seen; the seed itself stands in one file only."""
    return hashlib.sha256(f"released with {seed}".encode()).hexdigest()[:16]
