"""The files of what people decided, apart from the records of marks: grading never touches them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from ..course import CourseError, write_whole

Kept = TypeVar("Kept")


def kept(path: Path, made_of: Callable[[Any], Kept], nothing: Kept) -> Kept:
    """Return what a file holds, made of its JSON; `nothing` where there is no file yet.

    Raises
    ------
    CourseError
        If the file is none that :func:`keep` wrote: it is history, so nothing is made up for it.
    """
    if not path.exists():
        return nothing
    try:
        return made_of(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError) as error:
        raise CourseError(
            f"{path} cannot be read ({error}): put back what was changed in it by hand"
        ) from None


def keep(path: Path, record: Any) -> None:
    """Write a file as a whole: JSON with a line for each entry."""
    text = json.dumps(record, ensure_ascii=False, indent=1)
    write_whole(path, text.encode("utf-8", "backslashreplace"))
