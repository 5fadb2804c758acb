"""Grade all submissions of an assignment: in parallel, resumable, with the same marks again.

The command is ``softmaxbook assignment grade``. Each submission has a sandbox of its own; what
comes out of it is compared outside, by this process or by the workers of a cluster. A record is
written here as soon as a submission is done, and carries a fingerprint; on the next run only those
are graded whose fingerprint has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import count, islice

from softmaxbook.cluster import Cluster, ClusterError

from ..assignment import Assignment
from ..course import CourseError, now
from ..progress import progress
from ..sandbox.box import Limits, Sandbox
from ..sandbox.conversation import Conversation
from ..submissions.problems import Kind, Problem
from ..submissions.submission import Submission, submission_of, submissions_folder
from ..wording import told
from . import remote
from .asking import refuse_another_seed, unlike_released
from .examiner import Examiner, promptly
from .examining import LOST
from .fingerprints import fingerprint, is_fresh, version_of_program
from .gradebook import to_look_at
from .records import (
    ExerciseMark,
    ManualMark,
    Marks,
    marks_path,
    read_manual,
    read_marks,
    under_rubric,
    write_marks,
)
from .reviews import looked_at, unseen

AHEAD = 2  # hand-ins under way for each thread: the next is there when one has ended


@dataclass(frozen=True)
class Graded:
    """The outcome of a run: whose records there are, and who was graded in it."""

    assignment: Assignment
    students: tuple[str, ...]
    renewed: tuple[str, ...]

    @property
    def marks(self) -> tuple[Marks, ...]:
        """Return the records as they are now, all at once."""
        return tuple(self._records())

    def _records(self) -> Iterator[Marks]:
        for student in self.students:
            yield read_marks(marks_path(self.assignment, student))

    def __str__(self) -> str:
        """Return the outcome in words."""
        kept = len(self.students) - len(self.renewed)
        lines = [f"{len(self.renewed)} graded, {kept} unchanged since the last time"]
        reasons = [(each.student, (problem,)) for each, problem in self._to_look_at()]
        lines += told("needs a look", reasons)
        return "\n".join(lines)

    def _to_look_at(self) -> Iterator[tuple[Marks, Problem]]:
        """Yield the problems that nobody has settled yet: who looked at a hand-in is not asked."""
        try:
            looked = looked_at(self.assignment, self.students)
        except CourseError:  # marking, which comes next, says what is wrong with the sheet
            looked = {}
        for marks in self._records():
            seen = looked.get(marks.student, ())
            open = unseen(to_look_at(marks), seen) if marks.graded else marks.problems
            yield from ((marks, problem) for problem in open)


def grade(
    assignment: Assignment,
    workers: int | None = None,
    unsafe: bool = False,
    only: Collection[str] = (),
    again: bool = False,
    limits: Limits | None = None,
    scheduler: str | None = None,
) -> Graded:
    """Grade what was collected, write the records, and return whose there are.

    However many there are, only those on which the workers are busy are held.

    Parameters
    ----------
    assignment : Assignment
    workers : int, optional
        How many submissions are graded at a time; as many as there are processors by default.
    unsafe : bool
        Run the programs without a sandbox, with the rights of whoever grades.
    only : collection of str
        The students to grade; all by default.
    again : bool
        Grade also what has not changed.
    limits : Limits, optional
        What a submission may use.
    scheduler : str, optional
        The address of a Dask scheduler whose workers examine, instead of this machine.

    Raises
    ------
    CourseError
        If there is nothing to grade, no sandbox, or no worker that is fit.
    """
    students = _collected(assignment, only)
    limits = limits or Limits()
    version = version_of_program(limits, unsafe)
    if scheduler is not None and unsafe:
        raise CourseError(
            "with a scheduler every worker needs its sandbox: leave out --unsafe-no-sandbox"
        )
    with (
        _here(assignment, workers, unsafe, limits)
        if scheduler is None
        else _elsewhere(assignment, scheduler, limits)
    ) as graded:
        refuse_another_seed(assignment)
        waiting = [each for each in students if again or not _is_done(assignment, each, version)]
        for student in waiting:
            _set_aside(assignment, student)
        with closing(graded(waiting, version)) as done:
            for _ in progress(waiting, "grading"):
                write_marks(assignment, next(done))
    return Graded(assignment, tuple(students), tuple(waiting))


# Yields a record of each of these students, whatever happens, by this version of the program.
Grading = Callable[[Sequence[str], str], Generator[Marks, None, None]]


@contextmanager
def _here(
    assignment: Assignment, workers: int | None, unsafe: bool, limits: Limits
) -> Iterator[Grading]:
    """Examine with threads of this process."""
    course, package = (assignment.course,), assignment.package
    with promptly(), Sandbox(unsafe, limits, hidden=course, package=package) as sandbox:
        _try_out(sandbox)
        examiner = Examiner(assignment, sandbox)

        def one(student: str, version: str) -> Marks:
            with _noted(assignment, student) as record:
                submission, printed = _read(assignment, student, version)
                record.append(_record(assignment, submission, printed, examiner.marks(submission)))
            return record[0]

        def graded(students: Sequence[str], version: str) -> Generator[Marks, None, None]:
            number, left = workers or os.cpu_count() or 1, iter(students)
            under_way: set[Future[Marks]] = set()
            with ThreadPoolExecutor(number) as pool:
                try:
                    while True:
                        for student in islice(left, AHEAD * number - len(under_way)):
                            under_way.add(pool.submit(one, student, version))
                        if not under_way:
                            return
                        done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                        while done:
                            yield done.pop().result()
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    raise

        yield graded


@contextmanager
def _elsewhere(assignment: Assignment, scheduler: str, limits: Limits) -> Iterator[Grading]:
    """Examine on the workers of a cluster. Read here, and made into records here."""

    def graded(students: Sequence[str], version: str) -> Generator[Marks, None, None]:
        sent: dict[int, tuple[Submission, str]] = {}
        failed: list[Marks] = []

        def given() -> Iterator[bytes]:
            numbers = count()
            for student in students:
                with _noted(assignment, student) as record:
                    submission, printed = _read(assignment, student, version)
                    packed = remote.packed(assignment, submission, limits)
                if record:
                    failed.extend(record)
                    continue
                sent[next(numbers)] = submission, printed
                yield packed

        for number, answer in there.call(remote.examine, given()):
            submission, printed = sent.pop(number)
            with _noted(assignment, submission.student) as record:
                record.append(_record(assignment, submission, printed, _answered(answer)))
            yield record[0]
            while failed:
                yield failed.pop()
        yield from failed

    try:
        with Cluster(scheduler, remote.unfit, remote.wanted(limits)) as there:
            yield graded
    except ClusterError as error:
        raise CourseError(str(error)) from None


def _answered(answer: bytes | BaseException) -> tuple[ExerciseMark, ...]:
    if isinstance(answer, BaseException):
        raise answer
    return remote.unpacked(answer)


def _collected(assignment: Assignment, only: Collection[str]) -> list[str]:
    """Return the students to grade: also who has a folder that holds no submission any more."""
    folders = submissions_folder(assignment.folder).glob("[!.]*")
    found = sorted(each.name for each in folders if each.is_dir())
    unknown = set(only) - set(found)
    if unknown:
        raise CourseError(f"no submission of {', '.join(sorted(unknown))} was collected")
    if not found:
        raise CourseError(
            f"nothing was collected for {assignment.name}: "
            f"softmaxbook assignment collect {assignment.name} FOLDER"
        )
    return [each for each in found if not only or each in only]


def _try_out(sandbox: Sandbox) -> None:
    """Raise CourseError where no worker starts, before any record is touched."""
    with Conversation(sandbox) as talk:
        talk.start()


def _read(assignment: Assignment, student: str, version: str) -> tuple[Submission, str]:
    """Return a submission with the fingerprint of all that its marks will follow from.

    It is taken before they are: what is collected meanwhile has another.
    """
    submission = submission_of(assignment.folder, student)
    if submission.student != student:
        folder = submissions_folder(assignment.folder) / student
        raise CourseError(f"{folder} holds the submission of {submission.student!r}")
    return submission, fingerprint(assignment, submission, version)


@contextmanager
def _noted(assignment: Assignment, student: str) -> Iterator[list[Marks]]:
    """Make a failure the student's record: whatever one submission does, the others are graded."""
    record: list[Marks] = []
    try:
        yield record
    except CourseError as error:
        why = str(error)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
    else:
        return
    record[:] = [_without_marks(assignment, student, Kind.GRADING_FAILED.of(why=why))]


def _without_marks(assignment: Assignment, student: str, problem: Problem) -> Marks:
    """Return a record that is none, and keeps what a person gave."""
    manual = read_manual(marks_path(assignment, student))
    return Marks(student, False, "", now(), manual=manual, problems=(problem,))


def _record(
    assignment: Assignment,
    submission: Submission,
    fingerprint: str,
    exercises: tuple[ExerciseMark, ...],
) -> Marks:
    manual, changed = _manual_marks(assignment, submission)
    seen = [n for mark in exercises for n in mark.notes if n.kind in TO_SEE]
    return Marks(
        submission.student,
        True,
        fingerprint,
        now(),
        exercises,
        manual,
        (*submission.problems, *unlike_released(assignment, submission), *changed, *seen),
        submission.late,
        submission.received,
    )


# What an instructor has to look at of how an answer ran.
TO_SEE = (*LOST.values(), Kind.NO_LIBRARY)


def _manual_marks(
    assignment: Assignment, submission: Submission
) -> tuple[tuple[ManualMark, ...], tuple[Problem, ...]]:
    """Return the manual questions with what was given before, and which have changed since."""
    before_now = read_manual(marks_path(assignment, submission.student))
    earlier = {each.id: each for each in before_now}
    found, changed = [], []
    for question in assignment.manual:
        answer = submission.answers.get(question.id)
        text = answer.source if answer is not None else ""
        mark = ManualMark(question.id, question.title, question.rubric, text)
        before = earlier.get(question.id)
        if before is not None and before.answer == text:
            mark = under_rubric(replace(before, title=question.title), question.rubric)
        elif before is not None and (before.given or before.whole is not None):
            changed.append(Kind.CHANGED_AFTER_MARKING.of(question.id))
        found.append(mark)
    return tuple(found), tuple(changed)


def _set_aside(assignment: Assignment, student: str) -> None:
    """Replace an old record by one that says it is out of date, until a new one is there."""
    if marks_path(assignment, student).exists():
        write_marks(assignment, _without_marks(assignment, student, Kind.WAITING.of()))


def _is_done(assignment: Assignment, student: str, version: str) -> bool:
    try:
        marks = read_marks(marks_path(assignment, student))
    except CourseError:
        return False
    return marks.student == student and marks.graded and is_fresh(assignment, marks, [version])
