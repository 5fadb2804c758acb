"""Questions for the quizzes of another system: which, with how many variants, into which file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from softmaxbook.checking import Exercise
from softmaxbook.checking.questions import solutions_shown
from softmaxbook.checking.specification import hint_of
from softmaxbook.exercises import CHAPTERS

from ..assignment import Assignment, Chosen
from ..course import CourseError, known_exercises, require_known, write_whole
from ..wording import counted
from . import blackboard, brightspace, canvas, gift, moodle, qti21, sheet
from .question import Question, question_of, variants


class System(NamedTuple):
    """A format: its file, why it refuses a question, who writes it, and where it goes."""

    file: str
    refusal: Callable[[Question], str]
    quiz: Callable[[Sequence[Question], Path], bytes]
    way_in: str  # nothing where no system imports it


_crowded = attrgetter("crowded")
SYSTEMS = {
    "moodle": System(
        "moodle.xml", _crowded, moodle.quiz, "Question bank, Import, Moodle XML format"
    ),
    "canvas": System(
        "canvas.zip", _crowded, canvas.quiz, "Settings, Import Course Content, QTI .zip file"
    ),
    "qti21": System("qti21.zip", lambda _: "", qti21.quiz, "wherever it takes QTI 2.1 packages"),
    "gift": System("gift.txt", gift.refusal, gift.quiz, "Question bank, Import, GIFT format"),
    "blackboard": System(
        "blackboard.txt", blackboard.refusal, blackboard.quiz, "test or pool, Upload Questions"
    ),
    "brightspace": System(
        "brightspace.csv", brightspace.refusal, brightspace.quiz, "Question Library, Import"
    ),
    "csv": System("questions.csv", lambda _: "", sheet.quiz, ""),
}

_ON_THE_PAGE = re.compile(r"\bfigures?\b|\btables? above\b|\bthis page\b|\bnext (section|cell)\b")


@dataclass(frozen=True)
class Exported:
    """What was written, and what was not."""

    path: Path
    questions: int
    exercises: int
    system: str
    few: tuple[str, ...] = ()  # exercises with fewer variants than asked for
    left: tuple[str, ...] = ()  # those left out, with the reason

    def __str__(self) -> str:
        way_in = SYSTEMS[self.system].way_in
        use = f"import it there ({way_in})" if way_in else "a table for a spreadsheet or a program"
        lines = [
            f"{self.path}: {counted(self.questions, 'question')} of "
            f"{counted(self.exercises, 'exercise')}. "
            f"It holds the answers: {use}; hand it to nobody."
        ]
        lines += [f"fewer sets of numbers, for there are no more: {each}" for each in self.few]
        return "\n".join([*lines, *_left_out(self.left)])


def _left_out(left: Iterable[str]) -> list[str]:
    """Return a line for each reason, with all that it is the reason of."""
    reasons: dict[str, list[str]] = {}
    for each in left:
        id, _, why = each.partition(": ")
        reasons.setdefault(why, []).append(id)
    return [f"left out: {', '.join(ids)}: {why}" for why, ids in reasons.items()]


def bank(
    course: Path, seed: str, ids: Iterable[str] = (), chapter: str | None = None
) -> Assignment:
    """Return exercises that no assignment holds: those named, a chapter's, or all that there are.

    Parameters
    ----------
    course : Path
        The folder of the course; its own exercises come behind the book's.
    seed : str
        What the numbers of the variants follow from.
    ids : iterable of str
    chapter : str, optional

    Raises
    ------
    CourseError
        If there is no such exercise or chapter.
    """
    known = known_exercises(course)
    if chapter is not None and chapter not in {each.chapter for each in known.values()}:
        raise CourseError(f"there is no chapter {chapter!r}; there are {', '.join(CHAPTERS)}")
    chosen = list(dict.fromkeys(ids))
    for id in chosen:
        require_known(id, known)
    if chapter is not None or not chosen:
        chosen += [
            each.id
            for each in known.values()
            if chapter in (None, each.chapter) and each.id not in chosen and each.answered_in_place
        ]
    for id in chosen:
        if not known[id].answered_in_place:
            raise CourseError(f"only a notebook can check an answer to {id}: leave it out")
    if not chosen:
        raise CourseError(f"of the chapter {chapter!r} only a notebook can check the answers")
    exercises = tuple(Chosen(known[id], known[id].aspects) for id in chosen)
    return Assignment(course / "questions", "Questions", seed, exercises)


def export(
    assignment: Assignment,
    system: str,
    into: Path,
    number: int = 1,
    explained: bool = False,
    book: str = "",
) -> Exported:
    """Write the questions about numbers and choices as a file that another system imports.

    Parameters
    ----------
    assignment : Assignment
        Whose exercises, points and seed they have.
    system : str
        One of `SYSTEMS`.
    into : Path
        The folder of the file.
    number : int
        How many sets of numbers a question about numbers has.
    explained : bool
        Whether a question tells its solution after the answer.
    book : str
        The address of the book's site: questions that speak of a figure get a link to it there,
        and are left out without one.

    Raises
    ------
    CourseError
        If there is no such system, nothing to export, or an edition without solutions.
    """
    if system not in SYSTEMS:
        raise CourseError(f"there is no format {system!r}; there are {', '.join(SYSTEMS)}")
    if not solutions_shown():
        raise CourseError(
            "an edition without solutions has no questions to export, since the file has to hold "
            "the answers: leave SOFTMAXBOOK_SOLUTIONS unset for it"
        )
    if book and not re.match(r"https?://[^\s/]", book):
        raise CourseError(f"{book!r} is not the address of a site: it begins with https://")
    chosen, questions, few, left = SYSTEMS[system], [], [], []
    for each in sorted(assignment.exercises, key=_chapter):
        exercise = replace(each.exercise, aspects=each.points)
        try:
            made = _asked(assignment, exercise, number, explained, book)
        except CourseError as error:
            left.append(f"{each.id}: {error}")
            continue
        if reason := next(filter(None, map(chosen.refusal, made)), ""):
            left.append(f"{each.id}: {reason}")
            continue
        if made[0].number and len(made) < number:
            few.append(f"{each.id}: {len(made)}")
        questions += made
    left += [f"{each.id}: you mark it yourself" for each in assignment.manual]
    if not questions:
        raise CourseError(f"nothing is left to export:\n{chr(10).join(left)}")
    path = into / chosen.file
    write_whole(path, chosen.quiz(questions, assignment.course / "exercises"))
    asked = len({each.exercise for each in questions})
    return Exported(path, len(questions), asked, system, tuple(few), tuple(left))


def _chapter(chosen: Chosen) -> tuple[int, str]:
    """Return where a chapter stands, so that its questions stand together."""
    known = list(CHAPTERS)
    chapter = chosen.exercise.chapter
    return known.index(chapter) if chapter in known else len(known), chapter


def _asked(
    assignment: Assignment, exercise: Exercise, number: int, explained: bool, book: str
) -> list[Question]:
    """Return an exercise as questions, or raise CourseError with the reason why it is none."""
    if not exercise.answered_in_place:
        raise CourseError("only a notebook can check an answer to it")
    if _speaks_of_page(exercise) and not book:
        raise CourseError("it speaks of its page; with --book ADDRESS it gets a link to it")
    seeds = (assignment.derived_seed("question", exercise.id, str(k)) for k in count())
    made = variants(exercise, number, seeds)
    first = 0 if made == [exercise] else 1  # one alone has no number
    asked = [question_of(each, k, explained) for k, each in enumerate(made, start=first)]
    return [_linked(each, book) for each in asked] if _speaks_of_page(exercise) else asked


def _speaks_of_page(exercise: Exercise) -> bool:
    texts = [exercise.prompt(), *exercise.hints, *(hint_of(each) for each in exercise.mistakes)]
    return exercise.opening or any(_ON_THE_PAGE.search(text) for text in texts)


def _linked(question: Question, book: str) -> Question:
    address = f"{book.rstrip('/')}/book/{question.chapter}.html#exercise-{question.exercise}"
    return replace(
        question,
        prompt=f"{question.prompt}\n\nIt is asked [in the book]({address}), by its figure.",
    )
