"""The grader's side of the talk with a worker: hand over a program and inputs, take outcomes.

Whatever the worker does, a conversation ends: every wait has a deadline, every message a bound,
and a worker that breaks the rules is ended and replaced. So an answer can only harm itself.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any, Literal

import numpy as np

from softmaxbook.checking import Exercise, Probe
from softmaxbook.checking.messages import NO_END
from softmaxbook.checking.outcomes import Outcome

from ..course import CourseError
from .box import Sandbox
from .bubblewrap import why_not
from .transport import (
    PAUSE,
    Channel,
    Closed,
    Garbage,
    Late,
    Lost,
    Message,
    clean,
    outcome_of,
    values_of,
    with_values,
)
from .workers import Worker

State = Literal["callable", "missing", "starter", "value", "class", "odd", "lost"]
_STATES = ("callable", "missing", "starter", "value", "class", "odd")
START_SECONDS = 60.0  # a worker that needs PyTorch on a busy machine
PROGRAM = 3  # times the seconds of an exercise, for a whole program
WAITING = 3  # times the seconds that may be computed, on the clock of a machine that is busy
GRACE = 1.5  # after which a worker that should have ended a call itself is ended
RETRIES = 8


class Loss(Enum):
    """How a worker was lost; the value is what the answer's author is told."""

    ENDED = "the process that ran it ended"
    LATE = f"it {NO_END}"
    UNREADABLE = "what it wrote could not be read"
    TOO_LARGE = "it used more memory or processes than there are"


_GONE = Outcome("raised", type_name="Lost", message="the process is gone")


class TooMuch(Lost):
    """The worker uses more memory than it may."""


_LOSSES = {
    Closed: Loss.ENDED,
    Late: Loss.LATE,
    Garbage: Loss.UNREADABLE,
    TooMuch: Loss.TOO_LARGE,
}


@dataclass(frozen=True)
class Report:
    """What a program left behind, and what its function did on the inputs."""

    state: State
    value: Any = None
    outcomes: tuple[Outcome, ...] = ()
    failed: tuple[tuple[str, str, str], ...] = ()  # piece, kind of failure, what it said
    message: str = ""
    lost: Loss | None = None


@dataclass
class Conversation:
    """The talk about one submission: a worker at a time, replaced when it is lost.

    `skipped` holds pieces of the program that ended a worker or did not end; they are run no more.
    """

    sandbox: Sandbox
    program: str = ""  # all of it, to know what to import before the clock runs
    skipped: set[str] = field(default_factory=set)
    _careful: bool = False
    _worker: Worker | None = None
    _channel: Channel | None = None

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def examine(
        self, exercise: Exercise, name: str, pieces: Sequence[str], probes: Sequence[Probe] = ()
    ) -> Report:
        """Return what a program makes of an exercise; every probe is sent after the last answer."""
        for _ in range(RETRIES):
            report = self._examined(exercise, name, pieces, probes)
            if report is not None:
                return report
        return Report("lost", lost=Loss.ENDED)

    def start(self) -> None:
        """Start the worker, or raise CourseError with what keeps it from starting."""
        self._ready()

    def end(self) -> None:
        """End the worker, and with it every process in its sandbox."""
        worker, self._worker, self._channel = self._worker, None, None
        if worker is not None:
            worker.end()

    def _examined(
        self, exercise: Exercise, name: str, pieces: Sequence[str], probes: Sequence[Probe]
    ) -> Report | None:
        """Return a report, or None where a piece of the program is to blame and now left out."""
        channel = self._ready()
        skip = [number for number, piece in enumerate(pieces) if piece in self.skipped]
        task = {
            "pieces": list(pieces),
            "skip": skip,
            "careful": self._careful,
            "name": name,
            "form": exercise.form,
            "starter": exercise.starter,
            "parameters": list(exercise.parameters),
            "seconds": self.sandbox.limits.seconds,
            "waiting": WAITING,
        }
        running = _Running(pieces)
        pauses = PAUSE * len(pieces) if self._careful else 0.0
        deadline = time.monotonic() + PROGRAM * self.sandbox.limits.seconds + pauses + GRACE
        try:
            channel.send(Message(task), deadline)
            state, message = running.wait(channel, deadline)
        except Lost as lost:
            self.end()
            if running.piece is None and self._careful:
                return Report("lost", lost=_LOSSES[type(lost)])
            if running.piece is not None:
                self.skipped.add(running.piece)
            self._careful = True  # the next time it tells which piece runs
            return None
        careful, self._careful = self._careful, False
        self.skipped.update(piece for piece, kind, _ in running.failed if kind == "endless")
        try:
            asked = state == "value" and exercise.form != "function"
            value = _value_of(message) if asked else None
            said = clean(message.header.get("message", ""), 300)
        except Garbage:
            self.end()
            return Report("lost", lost=Loss.UNREADABLE)
        outcomes: tuple[Outcome, ...] = ()
        gone: Loss | None = None
        if state == "callable":
            outcomes, gone = self._outcomes(channel, probes)
            if gone is Loss.ENDED and not careful:
                self._careful = True  # a piece may have ended the worker, and it went on so long
                return None
        self._finish(channel)
        return Report(state, value, outcomes, tuple(running.failed), said, gone)

    def _outcomes(
        self, channel: Channel, probes: Sequence[Probe]
    ) -> tuple[tuple[Outcome, ...], Loss | None]:
        """Send the probes one by one; return what came back, and how the worker was lost.

        The list ends early after a call that did not end.
        """
        found: list[Outcome] = []
        deadline = time.monotonic() + WAITING * self.sandbox.limits.seconds + GRACE
        try:
            for probe in probes:
                channel.send(with_values({}, probe.arguments), deadline)
                found.append(_single(outcome_of(_answer(channel, deadline))))
                if not found[-1].ended:
                    break
        except Lost as lost:
            self.end()
            late = isinstance(lost, Late)
            rest = [Outcome("endless")] if late else [_GONE] * (len(probes) - len(found))
            return (*found, *rest), _LOSSES[type(lost)]
        return tuple(found), None

    def _finish(self, channel: Channel) -> None:
        """Wait until the worker is ready for the next task; end it where it says anything else."""
        deadline = time.monotonic() + GRACE
        try:
            if self._channel is not None:
                channel.send(Message({"end": True}), deadline)
                if "over" not in channel.receive(deadline).header:
                    self.end()
        except Lost:
            self.end()

    def _ready(self) -> Channel:
        """Return the channel to a worker that is waiting for a task."""
        if self._channel is not None:
            return self._channel
        self._worker = worker = self.sandbox.start(self.program)
        for descriptor in (worker.source, worker.sink):
            os.set_blocking(descriptor, False)
        most = self.sandbox.limits.memory

        def watch() -> None:
            if worker.memory() > most:
                raise TooMuch

        channel = Channel(worker.source, worker.sink, while_waiting=watch)
        try:
            channel.receive(time.monotonic() + START_SECONDS)
        except Lost as lost:
            said = worker.said() or str(lost)
            self.end()
            raise CourseError(why_not(said)) from None
        self._channel = channel
        return channel


def _answer(channel: Channel, deadline: float) -> Message:
    """Return the next message of the program's own process, or raise `Lost`."""
    message = channel.receive(deadline)
    if "over" in message.header:
        raise Closed("the process ended")
    return message


@dataclass
class _Running:
    """Follows a program through its pieces."""

    pieces: Sequence[str]
    piece: str | None = None  # the one that runs now
    failed: list[tuple[str, str, str]] = field(default_factory=list)

    def wait(self, channel: Channel, deadline: float) -> tuple[State, Message]:
        """Return the state that the program ends in, and the message that tells it."""
        for _ in range(len(self.pieces) + 2):
            message = _answer(channel, deadline)
            match dict(message.header):
                case {"at": int() as number} if 0 <= number < len(self.pieces):
                    self.piece = self.pieces[number]
                case {"failed": list() as failures}:
                    self.failed = [self._failure(each) for each in failures[:16]]
                    self.piece = None
                case {"state": str() as state} if state in _STATES:
                    return state, message  # type: ignore[return-value]
                case _:
                    raise Garbage("no step of a program")
        raise Garbage("more steps than the program has")

    def _failure(self, told: Any) -> tuple[str, str, str]:
        match told:
            case [int() as number, str() as kind, str() as said] if 0 <= number < len(self.pieces):
                return self.pieces[number], clean(kind, 80), clean(said, 200)
        raise Garbage("no failure")


def _value_of(message: Message) -> Any:
    """Return the answer that a program set: a number, a text, an array, or a list of these."""
    values = values_of(message)
    if len(values) != 1:
        raise Garbage("not one value")
    return values[0]


def _single(outcome: Outcome) -> Outcome:
    """Return an outcome whose numbers count as single precision if they were less precise.

    Nobody computes with half precision by accident, and the tolerance of a comparison follows the
    dtype: in half precision nearly everything agrees with everything.
    """
    array = outcome.array
    if array is None or array.dtype != np.float16:
        return outcome
    return Outcome("value", array.astype(np.float32), printed=outcome.printed)
