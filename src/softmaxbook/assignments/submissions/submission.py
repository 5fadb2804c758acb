"""What a student handed in, after mending: one answer an exercise, and what was done to find it.

In a function exercise the answer's `source` defines the exercise's function. In a question about a
number or a choice it sets ``answer_<id with underscores>`` (:attr:`..assignment.Chosen.variable`),
so that many questions live in one notebook. A manual answer is Markdown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from ..course import CourseError, write_record
from .pieces import definitions, statements
from .problems import Problem, problem_in

AnswerKind = Literal["code", "value", "text", "missing"]


@dataclass(frozen=True)
class Answer:
    """An answer to one exercise: program text that nobody has run, or Markdown."""

    kind: AnswerKind
    source: str = ""


@dataclass(frozen=True)
class Submission:
    """The answers of one student to one assignment.

    `preamble` is the code of all cells that belong to no answer: imports, and the student's own
    functions. `log` says what was mended; `problems` says what an instructor has to look at,
    because a mark alone would not tell it.
    """

    student: str
    answers: Mapping[str, Answer]
    preamble: str = ""
    log: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    late: bool = False
    received: str = ""  # ISO 8601, or "" where nobody said
    file: str = ""  # the name it was handed in under
    owner: str = ""  # of a group's: the member whose variant it is
    source: str = ""  # the layout that it came in
    sent: str = ""  # the time of the archive's or the folder's file, which a download can set

    @property
    def numbers_of(self) -> str:
        """Return the student whose variant was answered: of a group, one of its members."""
        return self.owner or self.student

    @property
    def needs_a_look(self) -> bool:
        """Return whether an instructor has to look at the submission."""
        return bool(self.problems)

    def program(self, id: str) -> tuple[str, ...]:
        """Return the pieces of code that make the answer `id`, in the order to run them.

        First the preamble, then what the *other* answers define (functions, classes, imports,
        plain constants, and nothing else of them), for one answer may call another's function;
        last the answer itself. The pieces are statements: one that raises need not stop the next.
        """
        others = (
            piece
            for other, answer in self.answers.items()
            if other != id and answer.kind in ("code", "value")
            for piece in definitions(answer.source)
        )
        return (*statements(self.preamble), *others, *statements(self.answers[id].source))


# ── in the folder of an assignment ───────────────────────────────────────────────────────────


def submissions_folder(folder: Path) -> Path:
    """Return where hand-ins are: a folder each, with the file as it came and the submission."""
    return folder / "submitted"


def submission_path(folder: Path, student: str) -> Path:
    """Return where the submission of a student is."""
    return submissions_folder(folder) / student / "mended.json"


def handed_in(folder: Path) -> list[str]:
    """Return the students whose hand-ins were collected, by their ids."""
    return sorted(path.parent.name for path in submissions_folder(folder).glob("*/mended.json"))


def submission_of(folder: Path, student: str) -> Submission:
    """Return what a student handed in, as collecting stored it.

    Raises
    ------
    CourseError
        If there is none; collecting again writes it anew.
    """
    return read_submission(submission_path(folder, student))


def read_submission(path: Path) -> Submission:
    """Return the submission in a file, or raise CourseError."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        answers = {id: Answer(**each) for id, each in stored.pop("answers").items()}
        if any(each.kind not in get_args(AnswerKind) for each in answers.values()):
            raise ValueError("unknown kind of answer")
        problems = tuple(map(problem_in, stored.pop("problems")))
        log = tuple(stored.pop("log"))
        return Submission(answers=answers, log=log, problems=problems, **stored)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CourseError(
            f"{path} is not a collected submission ({error}): collect it again"
        ) from (error)


def write_submission(path: Path, submission: Submission) -> None:
    """Store a submission as JSON."""
    write_record(path, submission)
