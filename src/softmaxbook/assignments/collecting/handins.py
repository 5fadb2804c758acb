"""One file of one student, as it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..submissions.problems import Problem
from .archives import Entry


@dataclass(frozen=True)
class HandIn:
    """One file of one student, or of a group, whose members each get one.

    `when` is a time of the hand-in that can be trusted. That of the entry, which a download or a
    copy sets, only tells which of several files is the later one.
    """

    student: str
    name: str  # the file's own, without what the exporting system put before it
    entry: Entry
    late: bool | None = None  # None: nobody says, the time decides
    when: datetime | None = None
    order: tuple[float, ...] = ()  # larger is later
    problems: tuple[Problem, ...] = ()
    number: str = ""  # by which the exporting system tells people apart
    members: tuple[str, ...] = ()
    group: str = ""
    typed: bool = False  # words typed into a form, or a receipt, beside which a file counts
    unread: str = ""  # a time that is not understood
