"""One page for each student: what each answer earned, which mistake it makes, and what helps.

A page is made of the student's own record and of the log of how the file was mended, and of nothing
else: no input that points come from, no solution, nobody else. It needs no script.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from softmaxbook.checking import Status

from ..assignment import Assignment
from ..course import CourseError, write_whole
from ..marks.gradebook import Standing, standings, told
from ..marks.records import ExerciseMark, ManualMark, Marks
from ..progress import progress
from ..submissions.problems import Problem
from ..submissions.submission import submission_of
from ..wording import counted, points
from .html import document, prose, table, text, verbatim

MARKS = {Status.CORRECT: ("✓", "good"), Status.NOT_ATTEMPTED: ("○", "muted")}


@dataclass(frozen=True)
class Written:
    """The pages that were written, and who has none and why."""

    folder: Path
    pages: tuple[Path, ...]
    without: tuple[tuple[str, tuple[Problem, ...]], ...]
    provisional: tuple[tuple[str, tuple[Problem, ...]], ...]

    def __str__(self) -> str:
        """Return the outcome in words."""
        lines = [f"{len(self.pages)} pages in {self.folder}"]
        lines += told("no page", self.without) + told("not final", self.provisional)
        return "\n".join(lines)


def write(assignment: Assignment) -> Written:
    """Write ``feedback/<student>.html`` for everybody who has marks of today's hand-in.

    An older page of somebody who has none is removed.

    Raises
    ------
    CourseError
        If nobody has marks.
    """
    everyone = standings(assignment)
    if not any(each.marks for each in everyone):
        raise CourseError(
            f"there are no marks in {assignment.folder / 'marks'}: "
            f"softmaxbook assignment grade {assignment.name}"
        )
    folder = assignment.folder / "feedback"
    pages: list[Path] = []
    for each in progress(everyone, "writing feedback"):
        path = folder / f"{each.student.id}.html"
        if each.usable is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path, feedback_page(assignment, each, each.usable))
            pages.append(path)
    known = {path.name for path in pages}
    for old in folder.glob("*.html"):
        if old.name not in known:
            old.unlink()
    return Written(
        folder,
        tuple(pages),
        tuple((s.student.id, s.open) for s in everyone if s.usable is None),
        tuple((s.student.id, s.open) for s in everyone if s.usable and s.open),
    )


def feedback_page(assignment: Assignment, standing: Standing, marks: Marks) -> str:
    """Return the page of one student as HTML."""
    who = standing.student
    name = f"{text(who.name)} ({text(who.id)})" if who.name else text(who.id)
    parts = [f"<h1>{text(assignment.title)}</h1>", f"<p>Feedback for {name}</p>"]
    parts += [_sum(marks)]
    parts += [_notice(words) for words in _notices(standing, marks)]
    parts += [_overview(marks)]
    parts += [_exercise(number, each) for number, each in enumerate(marks.exercises, start=1)]
    first = len(marks.exercises) + 1
    parts += [_manual(number, each) for number, each in enumerate(marks.manual, start=first)]
    parts += _mended(assignment, marks.student)
    parts += [f'<p class="muted">These points are of {text(marks.when[:10])}.</p>']
    return document(f"{assignment.title}: feedback", "\n".join(parts))


def _sum(marks: Marks) -> str:
    known = (marks.automatic or 0.0) + sum(each.points or 0.0 for each in marks.manual)
    of = sum(one.of for one in marks.exercises) + sum(each.of for each in marks.manual)
    waiting = sum(each.of for each in marks.manual if each.points is None)
    so_far = f" so far; {points(waiting)} more are still being marked" if waiting else ""
    return f'<p class="sum"><strong>{points(known)} of {counted(of, "point")}</strong>{so_far}</p>'


def _notices(standing: Standing, marks: Marks) -> Iterator[str]:
    if marks.late:
        yield "Handed in late."
    if standing.to_look_at:
        yield "Your instructor still has to look at this hand-in: the points can change."


def _notice(words: str) -> str:
    return f'<p class="warn"><strong>{text(words)}</strong></p>'


def _overview(marks: Marks) -> str:
    rows = [
        (_link(number, each), _status(each), points(each.points), points(each.of))
        for number, each in enumerate(marks.exercises, start=1)
    ]
    first = len(marks.exercises) + 1
    for number, mark in enumerate(marks.manual, start=first):
        earned = "–" if mark.points is None else points(mark.points)
        state = "not marked yet" if mark.points is None else "marked"
        rows.append((_link(number, mark), state, earned, points(mark.of)))
    return table("All questions", ("Question", "Result", "Points", "of"), rows, numbers=2)


def _link(number: int, mark: ExerciseMark | ManualMark) -> str:
    return f'<a href="#question-{number}">{number}. {text(mark.title)}</a>'


def _status(mark: ExerciseMark) -> str:
    sign, colour = MARKS.get(mark.status, ("✗", "bad"))
    return f'<span class="{colour}">{sign} {text(mark.status.value)}</span>'


def _exercise(number: int, mark: ExerciseMark) -> str:
    earned = f"{points(mark.points)} of {counted(mark.of, 'point')}"
    parts = [
        f'<section id="question-{number}">',
        f"<h2>{number}. {text(mark.title)}</h2>",
        f"<p>{_status(mark)}: {earned}</p>",
    ]
    if len(mark.aspects) > 1:
        rows = [(text(each.name), points(each.points), points(each.of)) for each in mark.aspects]
        parts.append(table("Each part", ("Part", "Points", "of"), rows, numbers=2))
    if mark.mistakes:
        named = " and ".join(text(each) for each in mark.mistakes)
        parts.append(f"<h3>{'Mistakes' if len(mark.mistakes) > 1 else 'Mistake'}: {named}</h3>")
    parts.append(prose(mark.message))
    if mark.hint and " ".join(mark.hint.split()) not in " ".join(mark.message.split()):
        parts.append(f'<h3>Hint</h3>\n<div class="box">{prose(mark.hint)}</div>')
    if mark.counter_example:
        parts.append(_counter_example(mark.counter_example))
    if mark.remarks:
        items = "".join(f"<li>{prose(each)}</li>" for each in mark.remarks)
        parts.append(f"<h3>By the way</h3>\n<ul>{items}</ul>")
    return "\n".join([*parts, "</section>"])


def _counter_example(words: str) -> str:
    """Return an example as a sentence, and the values below it line by line."""
    about, _, values = words.partition("\n")
    lines = [line.removeprefix("    ") for line in values.strip("\n").split("\n")]
    return f"<h3>An input that shows it</h3>\n{prose(about)}\n{verbatim(chr(10).join(lines))}"


def _manual(number: int, mark: ManualMark) -> str:
    given = mark.given or (None,) * len(mark.rubric)
    parts = [
        f'<section id="question-{number}">',
        f"<h2>{number}. {text(mark.title)}</h2>",
        f"<p>Not marked yet ({counted(mark.of, 'point')})</p>"
        if mark.points is None
        else f"<p>{points(mark.points)} of {counted(mark.of, 'point')}</p>",
    ]
    if mark.points is not None and mark.whole is None:
        rows = [
            (text(criterion), points(one or 0.0), points(of))
            for (criterion, of), one in zip(mark.rubric, given, strict=True)
        ]
        parts.append(table("What counts", ("Criterion", "Points", "of"), rows, numbers=2))
    if mark.points is not None and mark.comment:
        parts.append(f'<h3>Comment</h3>\n<div class="box">{prose(mark.comment)}</div>')
    answer = verbatim(mark.answer) if mark.answer.strip() else "<p>There is no answer.</p>"
    parts.append(f"<h3>Your answer</h3>\n{answer}")
    return "\n".join([*parts, "</section>"])


def _mended(assignment: Assignment, student: str) -> list[str]:
    log = submission_of(assignment.folder, student).log
    if not log:
        return []
    items = "".join(f"<li>{text(each)}</li>" for each in log)
    return [
        "<section>\n<h2>How your file was read</h2>",
        "<p>This was noted, or done, to find your answers:</p>",
        f"<ul>{items}</ul>\n</section>",
    ]
