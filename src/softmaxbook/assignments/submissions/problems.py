"""What an instructor has to look at: its kind, the question that it is of, and the facts.

Programs go by these, and files keep them. The sentence is made of them where somebody reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, unique
from string import Formatter
from typing import Any

Fact = str | int


@unique
class Kind(Enum):
    """What can be the matter with a hand-in or with its marks; the value is the sentence."""

    # whose it is
    NAMESAKES = "“{called}” can be each of {students}: rename the file to the id"
    UNKNOWN_SENDER = (
        "“{called}” is not in students.csv: name the file by the student's id, collect it, and "
        "remove this one's folder in submitted/; a group is found by the column `group`"
    )
    NAME_AND_NUMBER = (
        "the number {number} is {student}'s, and the name “{called}” is not: is it another's, or a "
        "group's, which a column `group` of students.csv would name?"
    )
    TEAM = (
        "it is of {team}, whose members are not named: write {team} into a column `group` of "
        "students.csv for each of them, and collect it again"
    )
    WHOSE_NUMBER = (
        "there are {senders} senders of the name of {student}: whose is the number {number}?"
    )
    # when it came
    TIME_UNREADABLE = "its time “{time}” cannot be read: was it late?"
    # which file counts, and whether it is one
    WHICH_FILE = "{taken} counts; is it the one, or {others}?"
    HELPER = "it imports {name}, which was handed in beside it and does not run with it"
    A_LINK = "{name} is a symbolic link, and is not followed"
    NO_FILE = "{name} is no file"
    UNREADABLE = "{name} cannot be read ({why})"
    TOO_LARGE = "{name} is larger than {most} MB, and not kept: open it where it came from"
    EMPTY = "{name} is empty: ask for the file"
    OTHER_FORMAT = "{name} is a {format} file, not a notebook: open it, or ask for the file"
    # archives
    NO_ARCHIVE = "{name} is no zip archive that can be read ({why})"
    TOO_MANY_FILES = "it holds {files} files, more than {most}"
    BOMB = "unpacked it has {size} GB: a bomb"
    ABSOLUTE_PATH = "the entry {name!r} has an absolute path"
    PATH_LEADS_OUT = "the entry {name!r} leads out of the archive"
    IMPOSSIBLE_NAME = "the entry {name!r} has a name that no file can have"
    LINK_INSIDE = "the entry {name!r} is a symbolic link"
    ENCRYPTED = "the entry {name!r} is encrypted: unpack the archive yourself"
    DAMAGED_INSIDE = "{name} is damaged in the archive ({why})"
    NO_NOTEBOOK_INSIDE = "{name} holds no notebook"
    # what can be read of it
    NO_NOTEBOOK = "{name} is JSON, but no notebook: open it, or ask for the file"
    DAMAGED = "{name} is damaged: {cells} cells could be taken out, others may be lost"
    NO_TEXT = "{name} is no text: open it, or ask for the file"
    NO_CELLS = "{name} holds no cells: open it, or ask for the file"
    RUNNING_TEXT = "{name} is running text without cells: answers may be cut in the wrong place"
    TOO_MANY_CELLS = "{name} has {cells} cells; {most} are read"
    TOO_MUCH_TEXT = "{name} has far more text than answers need: open it"
    LONG_TEXT = "{name} has {characters} characters: open it, or ask for the file"
    LONG_CELL = "cell {cell} has {characters} characters; left out"
    # where the answers are
    NOT_MENDED = "it cannot be mended ({why}): open it"
    OF_ANOTHER_STUDENT = "this notebook was made for {owner}: its numbers are not {student}'s"
    OF_ANOTHER_ASSIGNMENT = "this is a notebook of the assignment {assignment!r}"
    CELL_GONE = "no cell of this id is left, and none sets `{variable}`"
    CELL_WITHOUT_ANSWER = "cell {cell} has its id, but does not answer it"
    NOT_RUN = "cell {cell} seems to answer it, but its first line keeps it from running: read it"
    NOT_PYTHON = "it is not Python ({error}): read it yourself"
    NEWER_PYTHON = (
        "it is not Python {ours} ({error}), and was written in Python {theirs}: read it yourself"
    )
    SEVERAL_ANSWERS = "cells {cells} answer it differently; cell {taken} counts"
    # whether it was asked so
    NOT_ASKED_THEN = "it was collected before this was asked: collect it again"
    NOT_RELEASED = "this was not in what was released on {day}: nobody can have answered it"
    OTHER_QUESTION = (
        "what was released on {day} asks about other numbers, or lists the options otherwise: put "
        "back what has changed since, or see to it that everybody has the newer one"
    )
    RELEASED_TO_NOBODY = "nothing was released for {student}, who has numbers of nobody"
    # how it ran
    NO_LIBRARY = "it needs {library}, which the grader does not have"
    PIECE_FAILED = "a piece of the program failed ({error}): {piece}"
    WORKER_ENDED = "its worker was lost: the process that ran it ended"
    WORKER_LATE = "its worker was lost: it did not come to an end"
    WORKER_UNREADABLE = "its worker was lost: what it wrote could not be read"
    WORKER_TOO_LARGE = "its worker was lost: it used more memory or processes than there are"
    # why there are no points yet
    NOT_HANDED_IN = "nothing was handed in"
    NOT_GRADED = "collected, and not graded yet"
    GRADING_FAILED = "it could not be graded: {why}"
    WAITING = "it has changed, and grading has not come to it yet: grade again"
    CHANGED = "it has changed since it was graded: grade again"
    NOT_MARKED = "not marked yet"
    CHANGED_AFTER_MARKING = "its answer changed after it was marked"
    GRADERS_DIFFER = "two graders gave different points, and nobody has decided yet"
    # what was decided for a request, and does not fit any more
    DECIDED_ON_ANOTHER_ANSWER = (
        "request {request} was decided (points: {given}) about an answer that has changed since: "
        "the points are those of the new one; record another request to change them"
    )
    DECIDED_ON_OTHER_POINTS = (
        "request {request} was decided (points: {given}, which stand) beside other points than "
        "today's, {now}: record another request to change them"
    )

    def of(self, question: str = "", /, **facts: Fact) -> Problem:
        """Return a problem of this kind, of a question or of the whole hand-in."""
        return Problem(self, question, facts)


@dataclass(frozen=True)
class Problem:
    """Something to look at; as a string, the sentence that tells it.

    Examples
    --------
    >>> str(Kind.SEVERAL_ANSWERS.of("who-pays", cells="3, 7", taken=7))
    'who-pays: cells 3, 7 answer it differently; cell 7 counts'
    """

    kind: Kind
    question: str = ""  # the id of the exercise or the manual question
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = {name for _, name, *_ in Formatter().parse(self.kind.value) if name}
        if named - self.facts.keys():
            raise TypeError(f"{self.kind.name} needs {', '.join(sorted(named))}")

    def __str__(self) -> str:
        said = self.kind.value.format_map(self.facts)
        return f"{self.question}: {said}" if self.question else said


def problem_in(stored: Mapping[str, Any]) -> Problem:
    """Return the problem that a file holds; KeyError or TypeError where it is none."""
    return Problem(Kind[stored["kind"]], stored["question"], stored["facts"])


def together(problems: Sequence[Problem]) -> list[str]:
    """Return sentences on problems, one for all of a kind that questions share.

    Examples
    --------
    >>> several = [Kind.NOT_PYTHON.of(id, error="bad") for id in ("a", "b", "c")]
    >>> together([Kind.EMPTY.of(name="x.py"), *several])
    ['x.py is empty: ask for the file', 'a (and 2 more): it is not Python (bad): read it yourself']
    """
    kinds: dict[Kind, list[Problem]] = {}
    for each in problems:
        kinds.setdefault(each.kind, []).append(each)
    found = []
    for several in kinds.values():
        first, *more = several
        if first.question and len(more) > 1:
            said = str(first).removeprefix(f"{first.question}: ")
            found.append(f"{first.question} (and {len(more)} more): {said}")
        else:
            found += map(str, several)
    return found
