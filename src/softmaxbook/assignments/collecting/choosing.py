"""Which of a student's files counts: what holds answers, a notebook before its print, the last.

Every file that can be read is read. None is passed over in silence: the log names the others, and
where another could be meant, the instructor is asked.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ..assignment import Assignment
from ..submissions.problems import Kind, Problem
from ..submissions.submission import Answer, Submission
from .archives import Unreadable, entries_of_zip
from .handins import HandIn
from .mending import answered, mend
from .platforms import attempt
from .reading import Reading, read

READ_AS_CELLS = (".ipynb", ".json", ".py", ".md", ".txt", ".html", ".htm", "")
MOST_FILES = 40  # of one student; notebooks and the last ones are read first


@dataclass(frozen=True)
class Candidate:
    """A file that may count: what it is called, its bytes, and the submission that it would be."""

    handin: HandIn
    name: str
    content: Callable[[], bytes]  # read anew, so that not all files are in memory at once
    found: Submission
    holds: int  # 2: answers that somebody has written; 1: none of them; 0: nothing to read

    @property
    def is_notebook(self) -> bool:
        """Return whether it is called a notebook."""
        return PurePosixPath(self.name).suffix.lower() == ".ipynb"

    @property
    def submission(self) -> Submission:
        """Return what was handed in by it, with what is doubtful about the sender."""
        when, problems = self.handin.when, (*self.handin.problems, *self.found.problems)
        received = when.isoformat() if when else ""
        return replace(self.found, problems=problems, received=received, file=self.name)


def chosen(
    assignment: Assignment, student: str, handins: Sequence[HandIn]
) -> tuple[Candidate, list[str], list[Problem]]:
    """Return the file that counts, and what the log and the instructor are told of the others."""
    ordered = sorted(handins, key=_at_first_sight, reverse=True)
    readable = [each for each in ordered if _at_first_sight(each)[0]] or ordered[:1]
    candidates = [
        each
        for handin in readable[:MOST_FILES]
        for each in _candidates(assignment, student, handin)
    ]
    best = max(candidates, key=lambda each: _preference(each, candidates, assignment.name))
    others = [each for each in candidates if each is not best]
    beside = [each.name for each in handins if each is not best.handin]
    inside = [each.name for each in others if each.handin is best.handin]
    log = _noted(best, beside + inside, (assignment.name, student))
    doubts = [*_doubts(best, others, assignment.name), *_helpers(best, others)]
    unread = [each.name for each in ordered if not _at_first_sight(each)[0] and best.holds < 2]
    if unread and best.handin.name not in unread:  # the answers may be in a photo or a document
        doubts.append(Kind.WHICH_FILE.of(taken=best.name, others=", ".join(unread)))
    return best, log, doubts


def _at_first_sight(handin: HandIn) -> tuple[bool, bool, bool, tuple[float, ...]]:
    suffix = PurePosixPath(handin.name).suffix.lower()
    is_notebook = suffix in (".ipynb", ".zip")
    return suffix in (*READ_AS_CELLS, ".zip"), not handin.typed, is_notebook, handin.order


def _preference(
    each: Candidate, candidates: Sequence[Candidate], assignment: str
) -> tuple[int, bool, bool, tuple[float, ...], bool]:
    """Return what to take of several: answers, files before forms, notebooks before prints."""
    is_print = not each.is_notebook and any(
        other.is_notebook and other.holds == 2 and _is_of(each, other, assignment)
        for other in candidates
    )
    return each.holds, not each.handin.typed, not is_print, each.handin.order, each.is_notebook


def _is_of(each: Candidate, notebook: Candidate, assignment: str) -> bool:
    """Return whether a file is a print or an export of a notebook."""
    related = _family(each.name, assignment) == _family(notebook.name, assignment)
    return related or not _answers_otherwise(each, notebook)


def _noted(best: Candidate, others: Sequence[str], expected: Sequence[str]) -> list[str]:
    stem = PurePosixPath(best.name).stem
    log = [] if stem in expected else [f"handed in as {best.name}"]
    if best.handin.group:
        log.append(f"handed in by the group {best.handin.group}")
    if best.name != best.handin.name:
        log.append(f"{best.name} is taken out of {best.handin.name}")
    if others:
        files = f"{len(others) + 1} files were handed in"
        log.append(f"{files}; {best.name} counts, besides {', '.join(others)}")
    return log


def _doubts(best: Candidate, others: Sequence[Candidate], assignment: str) -> Iterator[Problem]:
    """Yield a problem where another file could be meant.

    It could if it answers otherwise, unless it is an earlier try; and if it is a later notebook, of
    which nothing could be read.
    """
    family = _family(best.name, assignment)
    strange = []
    for each in others:
        later = each.handin.order > best.handin.order
        earlier_try = _family(each.name, assignment) == family and not later
        if each.handin.typed:
            continue
        if each.holds == 2:
            doubtful = not earlier_try and _answers_otherwise(each, best)
        else:
            doubtful = later and each.is_notebook
        if doubtful:
            strange.append(each.name)
    if strange:
        yield Kind.WHICH_FILE.of(taken=best.name, others=", ".join(strange))


def _answers_otherwise(each: Candidate, best: Candidate) -> bool:
    """Return whether a file has a program or a value that the one which counts has not.

    Words are not compared: a print shows them without their marks.
    """
    return any(
        answer.kind in ("code", "value") and _essence(answer) != _essence(best.found.answers[id])
        for id, answer in each.found.answers.items()
    )


def _essence(answer: Answer) -> str:
    return "".join(answer.source.split())


def _helpers(best: Candidate, others: Sequence[Candidate]) -> Iterator[Problem]:
    """Yield a problem for each module that was handed in beside the file that imports it."""
    text = "\n".join([best.found.preamble, *(each.source for each in best.found.answers.values())])
    for each in others:
        path = PurePosixPath(each.name)
        pattern = rf"^\s*(?:from|import)\s+{re.escape(path.stem)}\b"
        if path.suffix == ".py" and re.search(pattern, text, re.M):
            yield Kind.HELPER.of(name=each.name)


def _family(name: str, assignment: str) -> str:
    """Return a file's stem without the number of its resubmission."""
    stem = PurePosixPath(name).stem
    return re.sub(r"-\d+$| \(\d+\)$", "", stem) if attempt(name, assignment) else stem


# ── what a file would be ─────────────────────────────────────────────────────────────────────


def _candidates(assignment: Assignment, student: str, handin: HandIn) -> Iterator[Candidate]:
    """Yield the file of a hand-in, or those of the archive that it is."""
    files: list[tuple[str, Callable[[], bytes]]] = [(handin.name, handin.entry.read)]
    if PurePosixPath(handin.name).suffix.lower() == ".zip":
        try:
            files = _unzipped(handin.name, handin.entry.read())
        except Unreadable as error:
            files = [(handin.name, _raising(error))]
    for name, content in files:
        try:
            reading = read(name, content())
        except Unreadable as error:
            reading, content = Reading(problems=[error.problem]), _raising(error)
        found = _mended(assignment, student, reading, handin.members)
        holds = 2 if answered(assignment, found) else 1 if reading.cells else 0
        yield Candidate(handin, name, content, found, holds)


def _raising(error: Unreadable) -> Callable[[], bytes]:
    def content() -> bytes:
        raise error

    return content


def _unzipped(name: str, data: bytes) -> list[tuple[str, Callable[[], bytes]]]:
    """Return the files of an archive that can be read, notebooks first.

    Raises
    ------
    Unreadable
        If it holds none, or is not to be trusted.
    """
    found = [
        each
        for each in entries_of_zip(name, io.BytesIO(data))
        if each.path.suffix.lower() in READ_AS_CELLS
    ]
    if not found:
        raise Unreadable(Kind.NO_NOTEBOOK_INSIDE.of(name=name))
    found.sort(key=lambda each: each.path.suffix == ".ipynb", reverse=True)
    return [(each.path.name, each.read) for each in found[:MOST_FILES]]


def _mended(
    assignment: Assignment, student: str, reading: Reading, members: Sequence[str]
) -> Submission:
    try:
        found = mend(assignment, student, reading, members)
    except Exception as error:  # whatever a file makes of us, it costs itself only
        missing = {each.id: Answer("missing") for each in assignment.questions}
        problem = Kind.NOT_MENDED.of(why=f"{type(error).__name__}: {error}")
        return Submission(student, missing, problems=(*reading.problems, problem))
    log, problems = tuple(found.log), tuple(found.problems)
    return Submission(student, found.answers, found.preamble, log, problems, owner=found.owner)
