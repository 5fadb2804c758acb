"""Find the answers in the cells that came back, by id and by name, whatever became of them.

Whatever is done is logged, and what a mark alone would hide is a problem that the instructor sees.
Nothing is executed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ..assignment import Assignment, Chosen
from ..handout.notebooks import SETUP, starter
from ..handout.notebooks import cells as released_cells
from ..sandbox.libraries import is_newer
from ..sandbox.libraries import python as python_here
from ..submissions.pieces import parsed, syntax_error
from ..submissions.problems import Kind, Problem
from ..submissions.submission import Answer, AnswerKind, Submission
from .cells import Cell
from .doubtful import mended_value, renamed_function
from .manual import manual_answer
from .programs import blocks, cleaned, is_untouched, not_run, sets
from .reading import Reading

LONGEST_JOINT = 50_000  # characters of a cell that was split


@dataclass
class Mended:
    """The answers of a reading, the code that belongs to none, and what was done."""

    answers: dict[str, Answer] = field(default_factory=dict)
    preamble: str = ""
    owner: str = ""
    log: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    """A cell, or a part of one, with its number in the notebook."""

    number: int
    cell: Cell

    @property
    def source(self) -> str:
        return self.cell.source


def mend(
    assignment: Assignment, student: str, reading: Reading, members: Collection[str] = ()
) -> Mended:
    """Return the answers that a reading holds.

    A group hands in the notebook of one of its `members`, whose variant counts for all of them.
    """
    found = Mended(log=list(reading.log), problems=list(reading.problems))
    if assignment.variants and reading.made_for in members:
        found.owner = reading.made_for
    _note_strangers(assignment, found.owner or student, reading, found)
    known = {cell["id"]: _grade_id(cell) for cell in released_cells(assignment)}
    cells = [
        replace(cell, ids=tuple(dict.fromkeys(known.get(id, id) for id in cell.ids)))
        for cell in reading.cells
    ]
    places = _tidied([_Place(n, cell) for n, cell in enumerate(cells, start=1)], found)
    claimed: set[int] = set()
    for chosen in assignment.exercises:
        answer = found.answers[chosen.id] = _answer(chosen, places, claimed, found)
        found.problems += _unparsed(chosen, answer, reading.python)
    for question in assignment.manual:
        text, log = manual_answer(question, cells, set(known.values()))
        found.answers[question.id] = Answer("text", text) if text else Answer("missing")
        found.log += log
    _collect_preamble(places, claimed, reading.python, found)
    return found


def _unparsed(chosen: Chosen, answer: Answer, python: str) -> Iterator[Problem]:
    """Yield a problem for an answer that is no program here: what it says, a person has to read.

    It can be a slip, a photo, what a word processor made of a program, or a newer Python.
    """
    error = "" if answer.kind == "missing" else syntax_error(answer.source)
    if not error:
        return
    if is_newer(python):
        yield _newer(chosen.id, error, python)
    else:
        yield Kind.NOT_PYTHON.of(chosen.id, error=error)


def _newer(id: str, error: str, theirs: str) -> Problem:
    return Kind.NEWER_PYTHON.of(id, error=error, ours=python_here(), theirs=theirs)


def answered(assignment: Assignment, found: Mended | Submission) -> bool:
    """Return whether somebody has written an answer, beyond what was handed out."""
    manual = any(found.answers[each.id].source for each in assignment.manual)
    return manual or any(
        answer.kind != "missing" and not is_untouched(answer.source, starter(each), each.variable)
        for each in assignment.exercises
        for answer in (found.answers[each.id],)
    )


def _grade_id(cell: dict[str, object]) -> str:
    metadata = cell["metadata"]
    grading = metadata.get("nbgrader", {}) if isinstance(metadata, dict) else {}
    return str(grading.get("grade_id", cell["id"]))


def _note_strangers(assignment: Assignment, student: str, reading: Reading, found: Mended) -> None:
    if assignment.variants and reading.made_for not in ("", student):
        other = Kind.OF_ANOTHER_STUDENT.of(owner=reading.made_for, student=student)
        found.problems.append(other)
    if reading.assignment not in ("", assignment.name):
        found.problems.append(Kind.OF_ANOTHER_ASSIGNMENT.of(assignment=reading.assignment))


# ── cells ────────────────────────────────────────────────────────────────────────────────────


def _tidied(places: list[_Place], found: Mended) -> list[_Place]:
    """Return the cells with code made readable, split ones joined and broken ones in pieces."""
    tidy: list[_Place] = []
    for place in places:
        if place.cell.kind == "code":
            source, done = cleaned(place.source)
            if done:
                found.log.append(f"cell {place.number}: {done}")
            place = replace(place, cell=replace(place.cell, source=source))
        tidy.append(place)
    return [piece for place in _joined(tidy, found) for piece in _in_pieces(place, found)]


def _joined(places: list[_Place], found: Mended) -> list[_Place]:
    """Return the cells, with halves of a split one put together where only that is Python."""
    joined: list[_Place] = []
    for place in places:
        before = joined[-1] if joined else None
        if before and before.cell.kind == place.cell.kind == "code":
            both = f"{before.source}\n{place.source}"
            broken = len(both) < LONGEST_JOINT and any(
                parsed(each.source) is None for each in (before, place)
            )
            if broken and parsed(both) is not None:
                ids = tuple(dict.fromkeys((*before.cell.ids, *place.cell.ids)))
                joined[-1] = replace(before, cell=Cell("code", both, ids))
                found.log.append(
                    f"cells {before.number} and {place.number} are two halves; put together"
                )
                continue
        joined.append(place)
    return joined


def _in_pieces(place: _Place, found: Mended) -> list[_Place]:
    if place.cell.kind != "code" or parsed(place.source) is not None:
        return [place]
    pieces = blocks(place.source)
    if len(pieces) > 1:
        found.log.append(f"cell {place.number} is not Python as a whole; its parts are read")
    return [replace(place, cell=replace(place.cell, source=each)) for each in pieces]


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def _answer(chosen: Chosen, places: list[_Place], claimed: set[int], found: Mended) -> Answer:
    """Return the answer to an exercise; the cells that are taken, or passed over, are claimed."""
    begun = starter(chosen)
    own = [each for each in places if chosen.id in each.cell.ids]
    named = [
        each for each in places if each.cell.kind == "code" and sets(each.source, chosen.variable)
    ]
    claimed.update(id(each) for each in named)
    filled = [each for each in named if not is_untouched(each.source, begun, chosen.variable)]
    in_place = [each for each in filled if each in own]
    kind: AnswerKind = "code" if chosen.exercise.form == "function" else "value"
    if filled:
        taken = (in_place or filled)[-1]
        _note_choice(chosen, taken, filled, own, found)
        source, changes = mended_value(chosen, taken.source)
        found.log += [f"{chosen.id}: {each}" for each in changes]
        return Answer(kind, source)
    whole = _split_name(chosen, own, places)
    if whole:
        found.log.append(f"{chosen.id}: two cells are halves of a line; put together")
        return Answer(kind, mended_value(chosen, whole)[0])
    rest = [*reversed(own), *(each for each in places if each not in own)]
    for place in (each for each in rest if each not in named):
        source, done = _otherwise(chosen, place, is_own=place in own)
        if source:
            claimed.add(id(place))
            found.log.append(f"{chosen.id}: cell {place.number} {done}")
            return Answer(kind, source)
    if named:
        for place in (each for each in places if sets(not_run(each.source), chosen.variable)):
            found.problems.append(Kind.NOT_RUN.of(chosen.id, cell=place.number))
        return Answer(kind, named[-1].source)
    if own and not any(each.source.strip() for each in own):
        found.log.append(f"{chosen.id}: the cell of the answer is empty")
    elif own:
        found.problems.append(Kind.CELL_WITHOUT_ANSWER.of(chosen.id, cell=own[-1].number))
    else:
        found.problems.append(Kind.CELL_GONE.of(chosen.id, variable=chosen.variable))
    return Answer("missing")


def _split_name(chosen: Chosen, own: list[_Place], places: list[_Place]) -> str:
    """Return the answer where its cell was split within its name, so that neither half has it."""
    for place, below in pairwise(places):
        last = place.source.rstrip().rpartition("\n")[2]
        if place in own and last and chosen.variable.startswith(last):
            whole = f"{place.source.rstrip()}{below.source.lstrip()}"
            if parsed(whole) is not None and sets(whole, chosen.variable):
                return whole
    return ""


def _note_choice(
    chosen: Chosen, taken: _Place, filled: list[_Place], own: list[_Place], found: Mended
) -> None:
    if taken not in own:
        found.log.append(
            f"{chosen.id}: found in cell {taken.number} by the name `{chosen.variable}`"
        )
    different = {" ".join(each.source.split()) for each in filled}
    if len(different) > 1:
        numbers = ", ".join(str(each.number) for each in filled)
        several = Kind.SEVERAL_ANSWERS.of(chosen.id, cells=numbers, taken=taken.number)
        found.problems.append(several)
    elif len(filled) > 1:
        found.log.append(f"{chosen.id}: the answer is there {len(filled)} times, all the same")


def _otherwise(chosen: Chosen, place: _Place, is_own: bool) -> tuple[str, str]:
    """Return an answer from a cell that does not set the name as code, and what was done."""
    source, variable = place.source, chosen.variable
    if place.cell.kind != "code" and variable in source:
        for text in (source, _fenced(source)):
            code, _ = cleaned(text)
            written = parsed(code) is not None and sets(code, variable)
            if written and not is_untouched(code, starter(chosen), variable):
                return mended_value(chosen, code)[0], f"is {place.cell.kind}; read as code"
    if not is_own or not source.strip():
        return "", ""
    if chosen.exercise.form == "function":
        return renamed_function(chosen, source)
    return mended_value(chosen, source, lost_name=True)[0], "has lost the answer's name; put back"


def _fenced(source: str) -> str:
    """Return what stands between the fences of a Markdown text."""
    lines = source.splitlines()
    inside, kept = False, []
    for line in lines:
        if line.lstrip().startswith(("```", "~~~")):
            inside = not inside
        elif inside:
            kept.append(line)
    return "\n".join(kept)


def _collect_preamble(places: list[_Place], claimed: set[int], python: str, found: Mended) -> None:
    """Gather the code of the cells that are no answers."""
    kept = []
    for place in places:
        if place.cell.kind != "code" or id(place) in claimed or not place.source.strip():
            continue
        if parsed(place.source) is None:
            found.log.append(f"cell {place.number} holds text that is not Python; left out")
            if is_newer(python):  # a function that answers may need
                found.problems.append(_newer("", syntax_error(place.source), python))
        else:
            kept.append(place.source)
    code = "\n".join([*kept, *(each.source for each in found.answers.values())])
    missing = [
        line for line in SETUP.splitlines() if not re.search(rf"^{re.escape(line)}\b", code, re.M)
    ]
    if missing and any(each.kind in ("code", "value") for each in found.answers.values()):
        kept.insert(0, "\n".join(missing))  # whoever tidies up may take the cell for nothing
        found.log.append(f"`{'; '.join(missing)}` of the hand-out is gone; put back")
    found.preamble = "\n\n".join(kept)
