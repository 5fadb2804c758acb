"""``python -m softmaxbook.assignments.demonstration FOLDER``: from the hand-out to the report.

Every step is the command that an instructor types. At the end each mark is compared with what it
has to be, and everything is graded a second time.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from softmaxbook.output import quiet_when_closed

from ..assignment import Assignment
from ..command import main as command
from ..marks.records import Marks, all_marks
from ..settings import load
from ..submissions.submission import submission_of
from .cases import CASES
from .lesson import NAME, differences, expected_total, make_course, mark_by_hand, pack

ARCHIVE = "submissions.zip"
FORMATS = ("canvas", "moodle")


@dataclass(frozen=True)
class Outcome:
    """What came of the demonstration."""

    assignment: Assignment
    marks: tuple[Marks, ...]
    faults: tuple[str, ...]  # whatever is not as it has to be

    def table(self) -> str:
        """Return a line for each student."""
        lines = [f"{'student':9}{'points':>7}{'expected':>10}  the hand-in"]
        for case in CASES:
            points = next(each.points for each in self.marks if each.student == case.id)
            wanted = expected_total(self.assignment, case)
            shown = "open" if points is None else f"{points:g}"
            lines.append(f"{case.id:9}{shown:>7}{wanted:>10g}  {case.why}")
        return "\n".join(lines)


class Stopped(Exception):
    """A step that failed: the command has said why."""


def run(course: Path, say: Callable[[str], None] = print) -> Outcome:
    """Run the demonstration in a new folder, and return what came of it.

    Raises
    ------
    Stopped
        If a step fails; its command has said why.
    """
    assignment = make_course(course)
    _step(say, course, "release", NAME)
    assignment = load(assignment.folder)  # as it was released
    pack(assignment, course / ARCHIVE)
    _step(say, course, "collect", NAME, str(course / ARCHIVE))
    _step(say, course, "grade", NAME)
    _step(say, course, "mark", NAME)
    mark_by_hand(assignment)
    _step(say, course, "mark", NAME)
    found = all_marks(assignment)
    _step(say, course, "feedback", NAME)
    for system in FORMATS:
        _step(say, course, "export", NAME, "--format", system)
    _step(say, course, "report", NAME)
    _step(say, course, "grade", NAME, "--again")
    faults = [*_faults(assignment, found), *_changed(found, all_marks(assignment))]
    return Outcome(assignment, found, tuple(faults))


def _step(say: Callable[[str], None], course: Path, *words: str) -> None:
    """Run a step of the command, and keep what it prints in the course's log."""
    say(f"softmaxbook assignment {' '.join(words)}")
    printed = StringIO()
    with redirect_stdout(printed):
        code = command(["assignment", *words, "--course", str(course)])
    with (course / "log.txt").open("a", encoding="utf-8") as log:
        log.write(f"$ softmaxbook assignment {' '.join(words)}\n{printed.getvalue()}\n")
    if code:
        raise Stopped(words[0])


def _faults(assignment: Assignment, found: tuple[Marks, ...]) -> Iterator[str]:
    if [each.student for each in found] != sorted(case.id for case in CASES):
        yield f"{len(found)} records for {len(CASES)} students"
    for marks in found:
        yield from differences(assignment, marks, submission_of(assignment.folder, marks.student))


def _changed(first: tuple[Marks, ...], second: tuple[Marks, ...]) -> Iterator[str]:
    """Yield whose record is another one after grading again."""
    for one, two in zip(first, second, strict=True):
        if replace(one, when="") != replace(two, when=""):
            yield f"{one.student}: graded again, the record is another"


@quiet_when_closed
def main(arguments: list[str]) -> int:
    """Run the demonstration and print the table; fail if anything is not as expected."""
    course = Path(arguments[0] if arguments else "_build/demo-class").resolve()
    if course.exists() and not (course / NAME / "assignment.toml").exists():
        print(f"{course} is there, and is no demonstration: name another folder", file=sys.stderr)
        return 2
    shutil.rmtree(course, ignore_errors=True)
    try:
        outcome = run(course)
    except Stopped:
        return 2
    print(f"\n{outcome.table()}\n")
    for fault in outcome.faults:
        print(f"not as expected: {fault}")
    if not outcome.faults:
        print(f"All {len(outcome.marks)} as expected, twice.")
    print(f"Look at {outcome.assignment.folder}/report.html, feedback/, marks/, export/;")
    print(f"{course}/log.txt has what the commands print.")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
