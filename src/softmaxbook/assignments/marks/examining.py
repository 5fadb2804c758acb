"""Examine one answer: run it in a worker, judge what came back, and say it without the inputs.

Points come from the exercise's own inputs and from fresh ones, drawn with the assignment's secret
seed. Words come from an earlier run, on inputs drawn to be shown, when nothing in the sandbox has
seen the others: so no text that an answer produces can carry them.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from softmaxbook.checking import Exercise, Probe, Status, Verdict
from softmaxbook.checking.attempts import check_value
from softmaxbook.checking.judging import Judgement, judge
from softmaxbook.checking.messages import HINT, endless, verdict
from softmaxbook.checking.outcomes import Outcome
from softmaxbook.checking.specification import LOGITS, hint_of, name_of

from ..sandbox.conversation import Conversation, Loss, Report
from ..sandbox.libraries import there_is
from ..submissions.problems import Kind, Problem
from .behaviour import behaviour_of, stored_value
from .records import AspectMark, ExerciseMark

FRESH, SHOWN = 6, 4  # how many inputs are drawn


@dataclass(frozen=True, eq=False)
class Examination:
    """An exercise as one student has it, the name of its answer, and the inputs to try."""

    exercise: Exercise
    name: str
    secret_seed: int
    shown_seed: int
    package: bool = False  # whether this book's own may be used

    @cached_property
    def hidden(self) -> tuple[Probe, ...]:
        """Return the inputs that the points come from."""
        return self.exercise.trials(self.secret_seed, FRESH)

    @cached_property
    def shown(self) -> tuple[Probe, ...]:
        """Return the inputs that the words may show: none that is hidden."""
        exercise = self.exercise
        if exercise.form != "function" or exercise.fresh is None:
            return ()
        rng = np.random.default_rng(self.shown_seed)
        aspect = exercise.aspects[0].name
        drawn = [Probe("another input", exercise.fresh(rng), aspect) for _ in range(SHOWN)]
        return tuple(each for each in drawn if not any(_same(each, one) for one in self.hidden))

    def first_look(self, talk: Conversation, pieces: Sequence[str]) -> Report:
        """Return what an answer does on the inputs that may be shown."""
        return talk.examine(self.exercise, self.name, pieces, self.shown)

    def second_look(self, talk: Conversation, pieces: Sequence[str]) -> Report:
        """Return what an answer does on the inputs that its points come from."""
        return talk.examine(self.exercise, self.name, pieces, self.hidden)

    def needs_second_look(self, first: Report) -> bool:
        """Return whether the first look leaves points to be earned."""
        ended = all(each.ended for each in first.outcomes)
        return self.exercise.form == "function" and first.state == "callable" and ended

    def mark(self, first: Report, second: Report | None) -> ExerciseMark:
        """Return the mark for what was seen."""
        with np.errstate(all="ignore"):
            found = self._found(first, second)
        library = _library(first) if found.status is Status.BROKEN else ""
        if library:
            found = replace(found, message=self._without(library), hint="")
        earned = {each.name: each.earned for each in found.aspects}
        return ExerciseMark(
            self.exercise.id,
            self.exercise.title,
            found.status,
            tuple(
                AspectMark(each.name, earned.get(each.name, 0.0), each.points)
                for each in self.exercise.aspects
            ),
            found.message,
            found.mistakes,
            found.hint,
            str(found.counter_example) if found.counter_example else "",
            found.remarks,
            _notes(self.exercise.id, first, second, library),
            stored_value(self.exercise, first),
            behaviour_of(self.exercise, first, second),
        )

    def _without(self, library: str) -> str:
        there = there_is(self.package)
        return f"The grader has no `{library}`: it has {there}. Write the answer with these."

    def _found(self, first: Report, second: Report | None) -> Verdict:
        exercise, id = self.exercise, self.exercise.id
        match first.state:
            case "starter":
                return Verdict(id, Status.NOT_ATTEMPTED, "There is no answer yet.")
            case "lost":
                why = (first.lost or Loss.ENDED).value
                return Verdict(id, Status.BROKEN, f"It could not be run: {why}.")
            case "missing":
                return Verdict(id, Status.BROKEN, _missing(self.name, first))
            case "odd":
                said = f"A number is expected; this is {first.message}."
                return Verdict(id, Status.UNREADABLE, said)
            case "value" if exercise.form != "function":
                return check_value(exercise, first.value)
            case "callable" if exercise.form == "function":
                return self._function(first, second)
        wanted = "a function" if exercise.form == "function" else "a value"
        said = f"`{self.name}` is expected to be {wanted}, and is something else."
        return Verdict(id, Status.UNREADABLE, said)

    def _function(self, first: Report, second: Report | None) -> Verdict:
        """Return the points of the second look with the words of the first."""
        exercise = self.exercise
        told = _verdict(exercise, self.shown, first.outcomes) if self.shown else None
        if second is None or second.state != "callable":
            if told is not None and told.status is Status.ENDLESS:
                return Verdict(exercise.id, told.status, endless())
            return Verdict(exercise.id, Status.BROKEN, "It did not run a second time.")
        judgement = judge(exercise, self.hidden, second.outcomes)
        aspects = verdict(exercise, self.hidden, second.outcomes, judgement).aspects
        failing = [each.name for each in aspects if not each.earned]
        message = _without_inputs(exercise, judgement, failing)
        if told is None or told.status in (Status.CORRECT, Status.CARELESS):
            message = " ".join((message, *_where(exercise, self.hidden, second, judgement)))
        named = judgement.mistakes or ((judgement.near,) if judgement.near else ())
        if second.lost:
            message = f"It could not be run to the end: {second.lost.value}."
        elif told is not None and failing and told.status in (judgement.status, Status.BROKEN):
            message = told.message.replace(HINT, "").rstrip()
        unhidden = told is not None and told.status is not Status.CORRECT and failing
        return Verdict(
            exercise.id,
            judgement.status,
            message,
            tuple(name_of(each) for each in judgement.mistakes),
            "\n\n".join(hint_of(each) for each in named) or judgement.derived,
            told.counter_example if told is not None and unhidden else None,
            aspects,
            told.remarks if told is not None else (),
        )


def _verdict(exercise: Exercise, probes: Sequence[Probe], outcomes: Sequence[Outcome]) -> Verdict:
    return verdict(exercise, probes, outcomes, judge(exercise, probes, outcomes))


def _without_inputs(exercise: Exercise, judgement: Judgement, failing: Sequence[str]) -> str:
    """Return the words for a judgement of which no input may be told."""
    match judgement.status:
        case Status.CORRECT:
            return "It agrees on all inputs."
        case Status.CARELESS:
            return "The values are right, but it changes its input, or settings of others."
        case Status.ENDLESS:
            return endless()
        case Status.NOT_ATTEMPTED:
            return "The placeholder of the starter is still there."
        case Status.MISTAKE:
            together = "these two mistakes" if len(judgement.mistakes) > 1 else "this mistake"
            return f"It behaves on every input like {together}."
        case Status.BROKEN:
            return "It raises an exception, or returns no numbers, on every input."
    part = f"What fails: {', '.join(failing)}. " if len(exercise.aspects) > 1 else ""
    return (
        f"{part}It agrees on some inputs, and on others it does not."
        if any(judgement.passed)
        else f"{part}It differs on every input."
    )


def _where(
    exercise: Exercise, hidden: Sequence[Probe], report: Report, judgement: Judgement
) -> Iterator[str]:
    """Yield on which kind of input an answer fails, and how: no input, and no word of its own.

    The words for an input of an instructor's own exercise are secret, as its numbers may be.
    """
    if judgement.status in (Status.CORRECT, Status.MISTAKE, Status.ENDLESS, Status.CARELESS):
        return
    pairs = zip(hidden, report.outcomes, judgement.passed, strict=False)
    failed = [(probe, outcome) for probe, outcome, ok in pairs if not ok]
    whole = [each for each in failed if _holds_whole_numbers(exercise, each[0])]
    if failed and len(whole) == len(failed):
        yield "It fails on whole numbers only: integers are logits too."
    elif failed and is_of_the_book(exercise) and not failed[0][0].name.startswith("fresh "):
        yield f"It fails on “{failed[0][0].name}”."
    raised = [outcome.type_name for _, outcome in failed if outcome.how == "raised"]
    if raised and raised[0] in EXCEPTIONS:
        yield f"It raises `{raised[0]}` there."


def _holds_whole_numbers(exercise: Exercise, probe: Probe) -> bool:
    given = zip(exercise.parameters, probe.arguments, strict=False)
    return any(name in LOGITS and np.asarray(each).dtype.kind in "iu" for name, each in given)


def is_of_the_book(exercise: Exercise) -> bool:
    """Return whether an exercise is public."""
    return (exercise.solution.__module__ or "").startswith("softmaxbook.exercises.")


# Names that may be told: one that an answer makes up could spell out an input.
EXCEPTIONS = {
    *(
        name
        for name, each in vars(builtins).items()
        if isinstance(each, type) and issubclass(each, Exception)
    ),
    *("UFuncTypeError", "AxisError", "LinAlgError", "DTypePromotionError"),
}


def _missing(name: str, report: Report) -> str:
    text = f"Nothing is called `{name}` when the program has run."
    if report.failed:
        _, kind, said = report.failed[-1]
        kind = "an endless loop" if kind == "endless" else f"`{kind}{': ' + said if said else ''}`"
        text += f" On the way: {kind}."
    return text


# By how a worker was lost: what the instructor has to look at.
LOST = {
    Loss.ENDED: Kind.WORKER_ENDED,
    Loss.LATE: Kind.WORKER_LATE,
    Loss.UNREADABLE: Kind.WORKER_UNREADABLE,
    Loss.TOO_LARGE: Kind.WORKER_TOO_LARGE,
}


_OF_A_LIBRARY = ("ModuleNotFoundError", "ImportError", "NameError")


def _library(report: Report) -> str:
    """Return the library without which a program could not run, or nothing."""
    raised = [each for each in report.outcomes if each.how == "raised"]
    last = raised[0].type_name if raised else report.failed[-1][1] if report.failed else ""
    said = [said for _, kind, said in report.failed if kind == "ModuleNotFoundError"]
    said += [each.message for each in raised if each.type_name == "ModuleNotFoundError"]
    names = [match[1] for each in said if (match := re.match(r"No module named '(\w+)", each))]
    return names[0] if names and last in _OF_A_LIBRARY else ""


def _notes(id: str, first: Report, second: Report | None, library: str) -> tuple[Problem, ...]:
    """Return what the instructor should know of how it ran: nothing that a second look said."""
    failed = [
        Kind.PIECE_FAILED.of(
            id,
            error=f"{kind}: {said}" if said else kind,
            piece=piece.strip().partition("\n")[0][:80],
        )
        for piece, kind, said in first.failed
    ]
    needed = [Kind.NO_LIBRARY.of(id, library=library)] if library else []
    losses = [each.lost for each in (first, second) if each is not None and each.lost]
    return (*failed, *needed, *(LOST[each].of(id) for each in dict.fromkeys(losses)))


def _same(one: Probe, two: Probe) -> bool:
    pairs = zip(one.arguments, two.arguments, strict=True)
    return all(np.array_equal(np.asarray(a), np.asarray(b), equal_nan=False) for a, b in pairs)
