"""The command ``softmaxbook assignment …``, whose steps are in :mod:`.steps`.

Errors are one sentence on standard error, and exit code 2.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from softmaxbook.output import quiet_when_closed

from ..course import CourseError
from .deciding import DECIDING
from .steps import STEPS, added

ABOUT = """\
Run a course on the book's exercises, from the hand-out to the gradebook.

A course is a folder, and the command works in the current one. A week goes like this:

  softmaxbook assignment new week1 --chapter overflow   choose, then edit week1/assignment.toml
  softmaxbook assignment variants week1                 see what each student's variant asks
  softmaxbook assignment release week1                  make what students get: week1/release/
  softmaxbook assignment collect week1 hand-ins.zip     take in what they send: week1/submitted/
  softmaxbook assignment grade week1                    run it in a sandbox: week1/marks/
  softmaxbook assignment mark week1                     what you mark yourself: week1/marking/
  softmaxbook assignment feedback week1                 a page for each student: week1/feedback/
  softmaxbook assignment export week1 --format canvas   the marks as a table: week1/export/
  softmaxbook assignment term                           all weeks in one table: term.csv
  softmaxbook assignment report week1                   the class on one page: week1/report.html
  softmaxbook assignment similar week1                  similar hand-ins, side by side

And where somebody has to decide:

  softmaxbook assignment groups week1                   one comment for all who fail alike
  softmaxbook assignment second week1                   a second grader who sees no names
  softmaxbook assignment regrade week1                  requests to grade again, and their outcome

Questions about numbers and choices also go to the quizzes of Moodle, Canvas and others:

  softmaxbook assignment export-questions week1 --format moodle --variants 20

Exercises of your own lie in the folder exercises/ of the course; students.csv (id,name,email) names
the students. Each step can be repeated; `softmaxbook assignment grade --help` tells of one step.
"""


@quiet_when_closed
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code: 0, or 2 where the instructor has to mend."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given) or 0)
    except CourseError as error:
        print(f"softmaxbook: {error}", file=sys.stderr)
    except BrokenPipeError:  # nobody reads what is printed
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"softmaxbook: {where}{error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(
            "softmaxbook: stopped; what is done is kept, and the command goes on", file=sys.stderr
        )
        return 130
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="softmaxbook", description="The interactive textbook about softmax, for instructors."
    )
    parser.set_defaults(run=lambda given: _helped(parser))
    parts = parser.add_subparsers(title="what there is", metavar="assignment")
    assignment = added(parts, "assignment", "make, hand out, collect and grade assignments", ABOUT)
    assignment.set_defaults(run=lambda given: _helped(assignment))
    steps = assignment.add_subparsers(title="steps", metavar="STEP")
    for add in (*STEPS, *DECIDING):
        add(steps)
    return parser


def _helped(parser: argparse.ArgumentParser) -> int:
    """Print what there is to whoever named no step."""
    parser.print_help(sys.stderr)
    return 2
