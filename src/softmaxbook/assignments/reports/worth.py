"""What each assignment counts in the total of a term, and how many of the lowest do not.

It stands in the course's ``term.toml``, if there is one::

    drop_lowest = 1        # of each student
    [worth]
    week1 = 10             # an assignment that is not named counts as its own points
    week2 = 30
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..course import CourseError

FILE = "term.toml"


@dataclass(frozen=True)
class Scheme:
    """What assignments are worth, by name, where it is not their points; how many are dropped."""

    worth: Mapping[str, float] = field(default_factory=dict)
    drop_lowest: int = 0


@dataclass(frozen=True)
class Part:
    """An assignment's part of a student's total; `share` is None where there are no points yet."""

    name: str
    share: float | None
    worth: float


@dataclass(frozen=True)
class Total:
    """A student's total: how much, out of what, and what was dropped."""

    earned: float
    out_of: float
    dropped: tuple[str, ...] = ()


def scheme_in(course: Path, names: Collection[str]) -> Scheme:
    """Return the scheme of a course for these assignments.

    Raises
    ------
    CourseError
        If the file says what cannot be, or leaves nothing to count.
    """
    path = course / FILE
    if not path.is_file():
        return Scheme()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not TOML: {error}") from None
    unknown = sorted(table.keys() - {"drop_lowest", "worth"})
    if unknown:
        raise CourseError(f"{path} has no setting {unknown[0]!r}; there are drop_lowest, [worth]")
    worth = table.get("worth", {})
    if not isinstance(worth, dict) or not all(map(_is_worth, worth.values())):
        raise CourseError(f"{path}: write [worth] with lines such as week1 = 10, numbers from 0 up")
    missing = sorted(each for each in worth if not (course / each / "assignment.toml").is_file())
    if missing:
        raise CourseError(f"{path} names {missing[0]!r}, and there is no such assignment")
    dropped = table.get("drop_lowest", 0)
    if isinstance(dropped, bool) or not isinstance(dropped, int) or dropped < 0:
        raise CourseError(f"{path}: drop_lowest is a whole number from 0 up")
    if dropped and dropped >= len(names):
        raise CourseError(
            f"{path} drops {dropped} of {len(names)} in this table: nothing is left to count"
        )
    return Scheme({name: float(each) for name, each in worth.items()}, dropped)


def _is_worth(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < math.inf


def total(parts: Sequence[Part], drop_lowest: int = 0) -> Total | None:
    """Return the total of a student, or None while a part has no points.

    The parts with the lowest shares are dropped; of equal ones, those that are worth least.

    Examples
    --------
    >>> total([Part("week1", 0.5, 10.0), Part("week2", 1.0, 30.0)])
    Total(earned=35.0, out_of=40.0, dropped=())
    >>> total([Part("week1", 0.5, 10.0), Part("week2", 1.0, 30.0)], drop_lowest=1)
    Total(earned=30.0, out_of=30.0, dropped=('week1',))
    >>> total([Part("week1", None, 10.0), Part("week2", 1.0, 30.0)], drop_lowest=1)
    """
    known = [(each.share, each.worth, each.name) for each in parts if each.share is not None]
    if len(known) < len(parts):
        return None
    lowest = sorted(known, key=lambda each: each[:2])[:drop_lowest]
    dropped = [each.name for each in parts if each.name in {name for *_, name in lowest}]
    kept = [(share * worth, worth) for share, worth, name in known if name not in dropped]
    earned, out_of = (math.fsum(column) for column in zip(*kept, strict=True))
    return Total(earned, out_of, tuple(dropped))
