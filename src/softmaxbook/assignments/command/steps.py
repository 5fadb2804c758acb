"""The steps of ``softmaxbook assignment``: what each takes, tells, and calls.

A step imports what it does when it is asked for: it pays for itself alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..assignment import Assignment
from ..course import CourseError
from ..settings import load, load_all, new
from ..wording import counted


def added(parts: Any, name: str, help: str, about: str) -> argparse.ArgumentParser:
    """Return the parser of a new sub-command."""
    parser: argparse.ArgumentParser = parts.add_parser(
        name,
        help=help,
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    return parser


def _step(
    parts: Any, name: str, help: str, about: str, run: Callable[[argparse.Namespace], int | None]
) -> argparse.ArgumentParser:
    parser = added(parts, name, help, about)
    parser.add_argument(
        "--course", type=Path, default=Path(), metavar="FOLDER", help="default: the current folder"
    )
    parser.set_defaults(run=run)
    return parser


def of_assignment(
    parts: Any, name: str, help: str, about: str, run: Callable[[argparse.Namespace], int | None]
) -> argparse.ArgumentParser:
    """Return the parser of a new step on one assignment."""
    parser = _step(parts, name, help, about, run)
    parser.add_argument("name", help="the assignment's folder in the course, such as week1")
    return parser


def load_given(given: argparse.Namespace) -> Assignment:
    """Return the assignment that the line names."""
    return load(given.course / given.name)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return int(text)


def _new(parts: Any) -> None:
    about = """\
Choose exercises for an assignment, and write NAME/assignment.toml with a comment on each setting:
title, due time, points of each aspect, variants, and questions that you mark yourself by a rubric.

  softmaxbook assignment new week1 --chapter overflow
  softmaxbook assignment new week2 softmax-by-hand write-the-jacobian
  softmaxbook assignment new week3 my-own-exercise      (from the course's folder exercises/)

The page “Exercises” of the book lists the ids; an unknown one is answered with those near it.
"""
    parser = of_assignment(parts, "new", "choose exercises", about, _run_new)
    parser.add_argument("ids", nargs="*", metavar="EXERCISE", help="an exercise's id")
    parser.add_argument("--chapter", help="all exercises of a chapter")


def _run_new(given: argparse.Namespace) -> None:
    made = new(given.course, given.name.rstrip("/"), given.ids, given.chapter)
    chosen = f"{counted(len(made.exercises), 'exercise')}, {counted(made.total, 'point')}"
    print(f"{made.folder / 'assignment.toml'}: {chosen}. Edit it, then release {made.name}.")


def _check(parts: Any) -> None:
    about = """\
Check the exercises of your own, the modules in the folder exercises/ of the course: the solution is
right, every mistake is recognised, and at least two probes tell any two apart.

  softmaxbook assignment check

CONTRIBUTING.md of the book shows a whole exercise. `release` refuses one that fails here.
"""
    _step(parts, "check", "check exercises of your own", about, _run_check)


def _run_check(given: argparse.Namespace) -> int:
    from ..handout.release import check

    found = check(given.course)
    for id, problems in found.items():
        print(f"{id}: {'; '.join(problems) or 'sound'}")
    if not found:
        print(f"There are no exercises of your own in {given.course.resolve() / 'exercises'}.")
    return 2 if any(found.values()) else 0


def _release(parts: Any) -> None:
    about = """\
Make the hand-out: a notebook that needs nothing except NumPy, and the same as a MyST page. With
`variants = true` each student of students.csv gets a notebook with numbers of their own.

  softmaxbook assignment release week1
  softmaxbook assignment release week1 --package        with softmaxbook for students, as a wheel

Every byte of them is searched for solutions, mistakes, hints, probes and rubrics; if there is one,
nothing is released. nbgrader's exchange takes the notebook as it is, from its folder release/.
"""
    parser = of_assignment(parts, "release", "make the hand-out", about, _run_release)
    parser.add_argument(
        "--package", action="store_true", help="add the package, without exercises and solutions"
    )


def _run_release(given: argparse.Namespace) -> None:
    from ..handout.release import release
    from ..handout.variants import counts

    assignment = load_given(given)
    files = release(assignment, package=given.package)
    common = [path for path in files if path.parent.name == "release"]
    for path in common:
        print(path)
    if len(files) > len(common):
        folder = assignment.folder / "release"
        print(f"{folder}/<student>/: {len(files) - len(common)} files, two for each student")
        print("\n".join(counts(assignment)))


def _variants(parts: Any) -> None:
    about = """\
Show what each student's variant asks, before it is released: NAME/variants.csv has a row for each
question with its answer, the sizes of its numbers, and how far the nearest known mistake is off.

  softmaxbook assignment variants week1

A variant that you do not want is struck in assignment.toml by its name in the table, and those who
would get it are given another.
"""
    of_assignment(parts, "variants", "show what each variant asks", about, _run_variants)


def _run_variants(given: argparse.Namespace) -> None:
    from ..handout.variants import counts, write

    assignment = load_given(given)
    print(write(assignment))
    print("\n".join(counts(assignment)))


def _collect(parts: Any) -> None:
    about = """\
Take in what students handed in. SOURCE is one of

  a zip archive as a platform exports it, packed or unpacked: Canvas, Moodle, Blackboard,
  Brightspace, Gradescope, Sakai, ILIAS, GitHub Classroom
  nbgrader's folder of the exchange, or its folder submitted/
  a folder with a file or a folder for each student, named by the id

  softmaxbook assignment collect week1 ~/Downloads/submissions.zip

What holds answers goes before what holds none, a notebook before its print, and of several the last
counts. Damaged notebooks are mended: answers are found by id or by name,
and whatever is done is logged. What needs your eyes is printed. Nothing is executed.

  softmaxbook assignment collect week1 moodle.zip --times worksheet.csv    who was late in Moodle
  softmaxbook assignment collect week1 mended/ --mended     copies that you mended yourself
"""
    parser = of_assignment(parts, "collect", "take in what was handed in", about, _run_collect)
    parser.add_argument("source", type=Path, metavar="SOURCE", help="a folder or a zip archive")
    parser.add_argument(
        "--mended", action="store_true", help="copies of yours: who was late stays as it was"
    )
    parser.add_argument(
        "--times", type=Path, metavar="TABLE", help="Moodle's grading worksheet: when it came"
    )
    parser.add_argument(
        "--file-times", action="store_true", help="the files' own times are those of the hand-ins"
    )
    parser.add_argument(
        "--force", action="store_true", help="take also what is older than what is there"
    )


def _run_collect(given: argparse.Namespace) -> None:
    from ..collecting.collect import Terms, collect

    terms = Terms(given.mended, given.force, given.times, given.file_times)
    print(collect(load_given(given), given.source, terms))


def _grade(parts: Any) -> None:
    about = """\
Run every answer in a sandbox (bubblewrap), compare outside of it, and write a record of marks for
each student. What is graded and has not changed since is left alone, so a stopped run goes on.

  softmaxbook assignment grade week1
  softmaxbook assignment grade week1 --only ada --only bob
  softmaxbook assignment grade week1 --scheduler tls://10.0.0.1:8786    on a Dask cluster
  softmaxbook assignment grade week1 --unsafe-no-sandbox    only for code that you trust
"""
    parser = of_assignment(parts, "grade", "run and mark the answers", about, _run_grade)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=_positive, metavar="N", help="default: one for each core")
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="of a Dask cluster whose workers do it, such as tls://10.0.0.1:8786",
    )
    parser.add_argument("--only", action="append", metavar="STUDENT", help="can be repeated")
    parser.add_argument("--again", action="store_true", help="grade also what has not changed")
    parser.add_argument(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run students' code with your rights, where there is no bubblewrap",
    )


def _run_grade(given: argparse.Namespace) -> None:
    from ..marks.grading import grade
    from ..marks.marking import mark

    assignment = load_given(given)
    found = grade(
        assignment,
        workers=given.workers,
        unsafe=given.unsafe_no_sandbox,
        only=tuple(given.only or ()),
        again=given.again,
        scheduler=given.scheduler,
    )
    try:
        marked = mark(assignment)
    finally:
        print(found)  # when all is done: nobody may read it
    print(marked)


def _mark(parts: Any) -> None:
    about = """\
Mark the questions that you mark yourself. Each has a sheet, NAME/marking/QUESTION.csv, with a row
for each student. Fill it in a spreadsheet: points for the lines of the rubric or “in all”, and a
comment. Then run this, as often as you like: it takes the points in and says what is open.

  softmaxbook assignment mark week1
  softmaxbook assignment mark week1 --from-nbgrader     take in what its form grader gave

NAME/marking/looked.csv lists the hand-ins that need a look. Write yes in the column `looked` where
you have looked, and the points stand. Until then they are not passed on.
"""
    parser = of_assignment(parts, "mark", "take in what you marked yourself", about, _run_mark)
    parser.add_argument(
        "--from-nbgrader", action="store_true", help="take points from nbgrader's form grader first"
    )


def _run_mark(given: argparse.Namespace) -> None:
    from ..marks.marking import mark

    if given.from_nbgrader:
        from ..exchange.nbgrader import take_back

        print(mark(load_given(given), take_back))
    else:
        print(mark(load_given(given)))


def _feedback(parts: Any) -> None:
    about = """\
Write one HTML page for each student: the points of each aspect, the named mistake with its hint, a
counter-example, and your comments on what you marked yourself.

  softmaxbook assignment feedback week1
"""
    of_assignment(parts, "feedback", "write a page for each student", about, _run_feedback)


def _run_feedback(given: argparse.Namespace) -> None:
    from ..reports.feedback import write

    print(write(load_given(given)))


def _export(parts: Any) -> None:
    about = """\
Write the marks as another system reads them.

  softmaxbook assignment export week1 --format canvas --table grades.csv
  softmaxbook assignment export week1 --format moodle --table worksheet.csv
  softmaxbook assignment export week1 --format nbgrader     its gradebook, for its form grader
  softmaxbook assignment export week1 --format gradescope   an autograder that hands out the marks
  softmaxbook assignment export week1 --format csv          a table with a column for each question

TABLE is what the system exported: Canvas' gradebook (“Export Entire Gradebook”), or the grading
worksheet of Moodle's assignment (“Download grading worksheet”) in English, German, French or
Spanish. Its rows and columns are kept, and the points put in. Without it, the columns come from
students.csv; Moodle's identifiers there are those of one assignment. Whoever has no points yet, for
any reason, gets none, and no row where there is no TABLE; the reasons are printed.
"""
    parser = of_assignment(
        parts, "export", "write the marks for another system", about, _run_export
    )
    parser.add_argument(
        "--format",
        required=True,
        metavar="SYSTEM",
        help="canvas, moodle, nbgrader, gradescope or csv",
    )
    parser.add_argument("--table", type=Path, help="what Canvas or Moodle exported")
    parser.add_argument(
        "--empty-rows",
        action="store_true",
        help="a row also for who has no points: it takes away what the platform has",
    )


def _run_export(given: argparse.Namespace) -> None:
    from ..exchange.export import export

    print(export(load_given(given), given.format, given.table, given.empty_rows))


def _term(parts: Any) -> None:
    about = """\
Write one table for several assignments, term.csv in the course's folder: a row for each student,
with the points of each assignment, what a number does not tell (late, missing, to look at), and the
total.

  softmaxbook assignment term                      all in which somebody has marks
  softmaxbook assignment term week1 week2
  softmaxbook assignment term --missing-is-zero

Who handed in nothing, or has something open, has an empty cell and no total. The course's file
term.toml can say what each assignment is worth, and how many of the lowest do not count:

  drop_lowest = 1
  [worth]
  week1 = 10
"""
    parser = _step(parts, "term", "one table for several assignments", about, _run_term)
    parser.add_argument("names", nargs="*", metavar="NAME", help="an assignment's folder")
    parser.add_argument(
        "--missing-is-zero", action="store_true", help="count what was not handed in as 0 points"
    )


def _run_term(given: argparse.Namespace) -> None:
    from ..reports.term import write

    names = dict.fromkeys(each.rstrip("/") for each in given.names)
    chosen = [load(given.course / each) for each in names] or load_all(given.course)
    print(write(chosen, given.missing_is_zero))


def _export_questions(parts: Any) -> None:
    about = """\
Write questions about numbers and choices as the quizzes of another system import them, each mistake
with its hint where that system can.

  softmaxbook assignment export-questions week1 --format moodle --variants 20
  softmaxbook assignment export-questions --format canvas --chapter losses --seed autumn
  softmaxbook assignment export-questions --format qti21 --exercise two-bins --seed autumn

With an assignment: its questions, with its points, into week1/questions/. Without one: those that
you name, a chapter's, or all of the book and of your exercises/, into questions/. The same seed
makes the same file; the numbers are never those of the book's pages.

  moodle      Moodle XML               canvas       QTI 1.2, for classic quizzes
  qti21       QTI 2.1                  gift         GIFT
  blackboard  text, one right number   brightspace  CSV, choices alone
  csv         a table for a spreadsheet: a row for each set of numbers, with each mistake's hint

The page “For instructors” has a table of what each can carry. Every file holds the answers.
"""
    parser = _step(
        parts,
        "export-questions",
        "write questions for the quizzes of another system",
        about,
        _run_export_questions,
    )
    parser.add_argument("name", nargs="?", help="an assignment's folder in the course")
    parser.add_argument(
        "--format",
        required=True,
        metavar="FORMAT",
        help="moodle, canvas, qti21, gift, blackboard, brightspace or csv",
    )
    parser.add_argument(
        "--variants", type=_positive, default=1, metavar="N", help="sets of numbers; default: 1"
    )
    parser.add_argument("--exercise", action="append", metavar="ID", help="can be repeated")
    parser.add_argument("--chapter", help="all questions of a chapter")
    parser.add_argument("--seed", metavar="TEXT", help="without an assignment: any text of yours")
    parser.add_argument(
        "--book", default="", metavar="ADDRESS", help="your site: questions by a figure link there"
    )
    parser.add_argument("--explain", action="store_true", help="tell the solution after the answer")


def _run_export_questions(given: argparse.Namespace) -> None:
    from ..questions.export import bank, export

    if given.name:
        if given.seed or given.exercise or given.chapter:
            raise CourseError(
                "an assignment has its exercises and its seed: leave out --exercise, --chapter "
                "and --seed, or the assignment's name"
            )
        assignment = load_given(given)
        into = assignment.folder / "questions"
    else:
        if not given.seed:
            raise CourseError(
                "give --seed TEXT, from which the numbers of the variants follow, "
                "or the name of an assignment, which has a seed"
            )
        assignment = bank(given.course, given.seed, given.exercise or (), given.chapter)
        into = assignment.folder
    print(export(assignment, given.format, into, given.variants, given.explain, given.book))


def _report(parts: Any) -> None:
    about = """\
Write a page about the class: marks, which mistakes were made how often, which exercise separates.

  softmaxbook assignment report week1
  softmaxbook assignment report week1 --names     for instructors only: with who has what open

Without --names it names nobody, and can be shown to the class.
"""
    parser = of_assignment(parts, "report", "write a page about the class", about, _run_report)
    parser.add_argument("--names", action="store_true", help="name who has something open")


def _run_report(given: argparse.Namespace) -> None:
    from ..reports.report import write

    print(write(load_given(given), names=given.names))


def _similar(parts: Any) -> None:
    about = """\
Write a page that shows first what belongs to another's variant, notebooks and numbers, and then
similar programs side by side, without what was handed out and without the book's solutions. It says
what is alike, not why. Numbers are known once they are graded.

  softmaxbook assignment similar week1
"""
    of_assignment(parts, "similar", "show similar hand-ins", about, _run_similar)


def _run_similar(given: argparse.Namespace) -> None:
    from ..reports.similar import write

    print(write(load_given(given)))


STEPS = (
    _new,
    _check,
    _variants,
    _release,
    _collect,
    _grade,
    _mark,
    _feedback,
    _export,
    _term,
    _report,
    _similar,
    _export_questions,
)
