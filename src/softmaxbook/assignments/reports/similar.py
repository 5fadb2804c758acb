"""Similar hand-ins, side by side. The page shows what is alike, and accuses nobody.

Before programs stands what belongs to another's variant: notebooks that were made for somebody
else, and numbers (:mod:`.borrowed`).

Programs are compared by winnowing [1]_, as the package ``copydetect`` does it: names, strings and
comments do not count. What everybody has, the released beginnings and the book's own solutions, is
left out of the comparison. Short programs for one task are alike by themselves, so a pair is shown
with the share that is usual in this class.

.. [1] S. Schleimer, D. S. Wilkerson and A. Aiken, “Winnowing: local algorithms for document
   fingerprinting”, SIGMOD 2003, https://doi.org/10.1145/872757.872770
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..handout.notebooks import SETUP, starter
from ..progress import progress
from ..submissions.problems import Kind
from ..submissions.submission import Submission, handed_in, submission_of
from ..wording import counted
from .borrowed import Borrowed, borrowed
from .html import page

TOKENS, WINDOW = 12, 4  # a run of equal code that is seen surely is as long as both, less one
LEAST = 40  # characters of the squeezed program that are the student's own, to say anything
SHARE = 0.5  # of the shorter program, from which a pair is shown
MOST = 40  # pairs on the page
Piece = tuple[str, bool]  # a stretch of a program, and whether it is alike


@dataclass(frozen=True)
class Pair:
    """Two students, the share of the shorter program that both have, and both programs."""

    students: tuple[str, str]
    share: float
    programs: tuple[tuple[Piece, ...], tuple[Piece, ...]]

    @property
    def said(self) -> str:
        """Return the share in words."""
        return f"{100 * self.share:.0f} %"


@dataclass(frozen=True)
class Compared:
    """Where the page is, and what it shows."""

    path: Path
    foreign: tuple[tuple[str, str], ...]
    borrowed: Borrowed
    pairs: tuple[Pair, ...]

    def __str__(self) -> str:
        """Return the outcome in words."""
        others = counted(len(self.foreign), "notebook")
        numbers = counted(len(self.borrowed.found), "number")
        said = (
            f"{self.path}: {others} made for somebody else, {numbers} right in another's variant, "
            f"and {counted(len(self.pairs), 'similar pair')}; alike is not copied, so ask before "
            "you judge"
        )
        if not self.borrowed.unknown:
            return said
        unknown = counted(self.borrowed.unknown, "hand-in")
        return f"{said}\nthe numbers of {unknown} are not compared: grade first"


def write(assignment: Assignment) -> Compared:
    """Write ``similar.html``, for instructors only.

    Raises
    ------
    CourseError
        If fewer than two hand-ins were collected, or ``copydetect`` is not installed.
    """
    students = handed_in(assignment.folder)
    if len(students) < 2:
        raise CourseError(
            f"there is nothing to compare: {counted(len(students), 'hand-in')} collected of "
            f"{assignment.name}"
        )
    found = {each: submission_of(assignment.folder, each) for each in students}
    foreign = _foreign(found)
    numbers = borrowed(assignment, found)
    pairs, usual = similar(assignment, found)
    path = assignment.folder / "similar.html"
    text = page(
        "similar.html",
        title=assignment.title,
        foreign=foreign,
        numbers=numbers.found,
        unknown=numbers.unknown,
        pairs=pairs[:MOST],
        more=max(0, len(pairs) - MOST),
        usual=f"{100 * usual:.0f} %",
        least=f"{100 * SHARE:.0f} %",
        students=len(students),
    )
    write_whole(path, text)
    return Compared(path, foreign, numbers, pairs)


def _foreign(found: Mapping[str, Submission]) -> tuple[tuple[str, str], ...]:
    """Return who handed in a notebook that was made for somebody else, and for whom."""
    return tuple(
        (student, str(problem.facts["owner"]))
        for student, submission in found.items()
        for problem in submission.problems
        if problem.kind is Kind.OF_ANOTHER_STUDENT
    )


def similar(
    assignment: Assignment, found: Mapping[str, Submission]
) -> tuple[tuple[Pair, ...], float]:
    """Return the pairs of at least half of the shorter program, and the median share of all pairs.

    The most alike come first.
    """
    try:
        import copydetect
    except ModuleNotFoundError:
        raise CourseError("programs are compared by copydetect: pip install copydetect") from None
    known = _prints(copydetect, _everybodys(assignment), window=1)  # every run of it
    boilerplate = list(known.hashes)
    prints = {
        student: _prints(copydetect, program, boilerplate)
        for student, each in found.items()
        if (program := _program(assignment, each))
    }
    prints = {id: each for id, each in prints.items() if each.token_coverage >= LEAST}
    shares, pairs = [0.0], []
    for one, two in progress(list(combinations(prints, 2)), "comparing"):
        _, both, slices = copydetect.compare_files(prints[one], prints[two])
        share = min(1.0, float(max(both)))
        shares.append(share)
        if share >= SHARE:
            pieces = [
                _pieces(prints[each].raw_code, own)
                for each, own in zip((one, two), slices, strict=True)
            ]
            pairs.append(Pair((one, two), share, (pieces[0], pieces[1])))
    pairs.sort(key=lambda each: (-each.share, each.students))
    return tuple(pairs), median(shares[1:] or shares)


def _prints(
    copydetect: Any, program: str, boilerplate: Sequence[int] = (), window: int = WINDOW
) -> Any:
    text = io.StringIO(program)
    return copydetect.CodeFingerprint(
        "answer.py", TOKENS, window, boilerplate, language="python", fp=text
    )


def _everybodys(assignment: Assignment) -> str:
    """Return what all may have: what was handed out, and the book's solutions."""
    shown = [SETUP]
    for each in assignment.exercises:
        shown.append(starter(each))
        if each.exercise.form == "function":
            shown.append(each.exercise.solution_text().removeprefix("```python\n").split("```")[0])
    return "\n\n".join(shown)


def _program(assignment: Assignment, submission: Submission) -> str:
    """Return all that a student programmed; untouched beginnings count as everybody's."""
    asked = [each.id for each in assignment.exercises if each.exercise.form == "function"]
    answers = [submission.answers[id] for id in asked if id in submission.answers]
    parts = [submission.preamble, *(each.source for each in answers if each.kind == "code")]
    return "\n\n".join(part for part in parts if part.strip())


def _pieces(program: str, slices: Any) -> tuple[Piece, ...]:
    """Return a program in stretches that are alike or not."""
    alike = [False] * len(program)
    for start, end in zip(*slices, strict=True) if len(slices) else ():
        for place in range(max(0, int(start)), min(len(program), int(end))):
            alike[place] = True
    found: list[Piece] = []
    begun = 0
    for place in range(1, len(program) + 1):
        if place == len(program) or alike[place] != alike[begun]:
            found.append((program[begun:place], alike[begun]))
            begun = place
    return tuple(found)
