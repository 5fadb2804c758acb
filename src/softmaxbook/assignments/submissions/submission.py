"""What a student handed in, after mending: one answer an exercise, and what was done to find it.

In a function exercise the answer's `source` defines the exercise's function. In a question about a
number or a choice it sets ``answer_<id with underscores>`` (:attr:`.assignment.Chosen.variable`),
so that many questions live in one notebook. A manual answer is Markdown.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from ..course import CourseError, write_whole

if TYPE_CHECKING:
    from ..assignment import Assignment

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
    problems: tuple[str, ...] = ()
    late: bool = False
    received: str = ""  # ISO 8601, or "" where nobody said
    file: str = ""  # the name it was handed in under

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


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of program text, or None where it is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a student's string
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return None


def statements(source: str) -> Iterator[str]:
    """Yield the statements of program text; a text that is not Python comes back whole."""
    tree = parsed(source)
    if tree is None:
        yield source
    else:
        yield from _texts(source, tree.body)


def definitions(source: str) -> Iterator[str]:
    """Yield the statements that define: functions, classes, imports, constants without a call."""
    tree = parsed(source)
    if tree is not None:
        yield from _texts(source, [each for each in tree.body if _defines(each)])


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        value = statement.value
        if isinstance(value, ast.Lambda):
            return True
        return not any(isinstance(node, _BUSY) for node in ast.walk(statement))
    return isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)


# What can take long, or act, where a constant is set.
_BUSY = (ast.Call, ast.Pow, ast.LShift, ast.Mult, ast.ListComp, ast.SetComp, ast.DictComp)


def _texts(source: str, body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the lines of each statement; statements that share a line come together."""
    lines = re.split(r"\r\n|\r|\n", source)  # as Python counts them: `splitlines` knows more ends
    shown = 0
    for statement in body:
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(each.lineno for each in decorators)])
        last = statement.end_lineno or first
        if last > shown:
            yield "\n".join(lines[max(first - 1, shown) : last])
            shown = last


def submissions_folder(assignment: Assignment) -> Path:
    """Return where hand-ins are: a folder each, with the file as it came and the submission."""
    return assignment.folder / "submitted"


def submission_path(assignment: Assignment, student: str) -> Path:
    """Return where the submission of a student is."""
    return submissions_folder(assignment) / student / "mended.json"


def handed_in(assignment: Assignment) -> list[str]:
    """Return the students whose hand-ins were collected, by their ids."""
    return sorted(path.parent.name for path in submissions_folder(assignment).glob("*/mended.json"))


def submission_of(assignment: Assignment, student: str) -> Submission:
    """Return what a student handed in, as collecting stored it.

    Raises
    ------
    CourseError
        If there is none; collecting again writes it anew.
    """
    return read_submission(submission_path(assignment, student))


def read_submission(path: Path) -> Submission:
    """Return the submission in a file, or raise CourseError."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        answers = {id: Answer(**each) for id, each in stored.pop("answers").items()}
        if any(each.kind not in get_args(AnswerKind) for each in answers.values()):
            raise ValueError("unknown kind of answer")
        log, problems = tuple(stored.pop("log")), tuple(stored.pop("problems"))
        return Submission(answers=answers, log=log, problems=problems, **stored)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CourseError(
            f"{path} is not a collected submission ({error}): collect it again"
        ) from (error)


def write_submission(path: Path, submission: Submission) -> None:
    """Store a submission as JSON."""
    text = json.dumps(asdict(submission), ensure_ascii=False, indent=1)
    write_whole(path, text.encode("utf-8", "backslashreplace"))
