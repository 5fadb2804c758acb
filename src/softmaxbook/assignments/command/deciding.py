"""The steps of ``softmaxbook assignment`` in which somebody decides about marks, or comments."""

from __future__ import annotations

import argparse
from typing import Any

from ..course import CourseError
from .steps import load_given, of_assignment


def _groups(parts: Any) -> None:
    about = """\
Show answers that fail alike where no known mistake tells why: NAME/groups.html has each group with
one example, and how many there are. Alike is what gives the same values on all inputs or the same
number, and the same program once the names are made the same.

  softmaxbook assignment groups week1
  softmaxbook assignment groups week1 --comment g1a2b3c --text "The maximum is taken of the batch."
  softmaxbook assignment groups week1 --withdraw g1a2b3c

A comment goes to all of a group, also to those who hand in such an answer later, and stands on
their pages of feedback: write these again. Points are not changed by it.
"""
    parser = of_assignment(
        parts, "groups", "one comment for all who fail alike", about, _run_groups
    )
    parser.add_argument("--comment", metavar="GROUP", help="comment on all of a group")
    parser.add_argument("--text", default="", help="the comment")
    parser.add_argument("--withdraw", metavar="GROUP", help="take back what was said to a group")


def _run_groups(given: argparse.Namespace) -> None:
    from ..reports.groups import comment_on, take_back, write

    if given.comment and given.withdraw:
        raise CourseError("one thing at a time: --comment or --withdraw")
    assignment = load_given(given)
    if given.comment:
        print(comment_on(assignment, given.comment, given.text))
    elif given.withdraw:
        print(take_back(assignment, given.withdraw))
    print(write(assignment))


def _second(parts: Any) -> None:
    about = """\
Have what you marked by hand marked a second time, by somebody who sees no names.

  softmaxbook assignment second week1

makes NAME/second/ to pass on: for each question a page to read and a sheet to fill in, with the
answers under numbers that say nothing, in an order that says nothing; names are taken out of the
answers, and equal answers stand there once. Put the filled sheets back into that folder, and run
this again: it takes the points in, and lists in NAME/marking/differences.csv where the two differ.
Write there what counts (`decided`), who says so (`by`) and why, and run it once more.

Until a difference is decided, that student's points are not passed on.
"""
    of_assignment(parts, "second", "a second grader who sees no names", about, _run_second)


def _run_second(given: argparse.Namespace) -> None:
    from ..reports.second import second

    print(second(load_given(given)))


def _regrade(parts: Any) -> None:
    about = """\
Record what students ask to have graded again, and what comes of it. The reason, the time, the mark
as it was and the outcome are kept in NAME/regrades.json, and stand in the feedback and the report;
grading again undoes none of it.

  softmaxbook assignment regrade week1                     list what was asked, open ones first
  softmaxbook assignment regrade week1 --student ada --question why-shift --reason "I wrote that."
  softmaxbook assignment regrade week1 --decide 1 --points 2 --by "B. Weiss" --why "So you did."
  softmaxbook assignment regrade week1 --decide 2 --unchanged --by "B. Weiss" --why "Not there."
"""
    parser = of_assignment(
        parts, "regrade", "requests to grade again, and their outcome", about, _run_regrade
    )
    parser.add_argument("--student", metavar="ID", help="who asks")
    parser.add_argument("--question", metavar="ID", help="an exercise, or one that you mark")
    parser.add_argument("--reason", default="", help="why, in the student's words")
    parser.add_argument("--decide", type=int, metavar="NUMBER", help="the request to decide")
    parser.add_argument("--points", type=float, help="the points of the question from now on")
    parser.add_argument("--unchanged", action="store_true", help="the points stay as they are")
    parser.add_argument("--by", default="", metavar="NAME", help="who decides")
    parser.add_argument("--why", default="", help="in words for the student")


def _run_regrade(given: argparse.Namespace) -> None:
    from ..marks.requesting import decided, listed, request

    assignment = load_given(given)
    if given.decide is not None:
        if given.student or given.question or given.reason:
            raise CourseError("one thing at a time: record a request, or --decide one")
        if (given.points is not None) == given.unchanged:
            raise CourseError("say what comes of it: either --points N or --unchanged")
        print(decided(assignment, given.decide, given.points, given.why, given.by))
        print(f"Tell the student: softmaxbook assignment feedback {assignment.name}")
    elif given.student or given.question or given.reason:
        if not given.student or not given.question:
            raise CourseError("a request names --student, --question and --reason")
        print(request(assignment, given.student, given.question, given.reason))
    elif given.points is not None or given.unchanged or given.why or given.by:
        raise CourseError("say which request is decided: --decide NUMBER")
    else:
        print(listed(assignment))


DECIDING = (_groups, _second, _regrade)
