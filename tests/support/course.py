"""Courses for the tests: an assignment in a folder, and hand-ins that nobody had to collect."""

import inspect
import re
from dataclasses import replace
from pathlib import Path

from softmaxbook.assignments.assignment import Assignment, Chosen
from softmaxbook.assignments.released import MANUAL, Released, asked_by, hash_of_seed
from softmaxbook.assignments.submissions.submission import Answer, Submission, write_submission
from softmaxbook.exercises import exercises

KNOWN = {each.id: each for each in exercises()}


def assignment(folder, *ids, **settings):
    """Return an assignment of the book's exercises of these ids, in `folder`."""
    chosen = tuple(Chosen(KNOWN[id], KNOWN[id].aspects) for id in ids)
    return Assignment(Path(folder), "A week", "the tests' secret", chosen, **settings)


def with_package(week):
    """Return an assignment as if it had been released to all with the package: all is inside."""
    asked = {each.id: asked_by(week.exercise_for(each.id)) for each in week.exercises}
    asked |= {each.id: MANUAL for each in week.manual}
    return replace(week, released=Released("", hash_of_seed(week.seed), True, {"": asked}))


# A mistake may call the solution, whose name the answer takes: the module keeps its own names.
OWN_NAMES = "own = {{}}\nexec({!r}, own)\n"


def right_answer(week, id, student=""):
    """Return the source of a right answer: the solution's, or a line that sets the value."""
    return answer_of(week, id, week.exercise_for(id, student).solution, student)


def answer_of(week, id, function, student=""):
    """Return the source of an answer that does what a solution or a mistake does."""
    exercise = week.exercise_for(id, student)
    if exercise.form == "function":
        own = OWN_NAMES.format(program_of(exercise))
        return f"{own}{exercise.name} = own[{function.__name__!r}]\n"
    value = function(*exercise.given)
    shown = getattr(value, "tolist", lambda: value)()
    return f"from numpy import inf, nan\n{week.chosen(id).variable} = {shown!r}"


def program_of(exercise):
    """Return the functions of an exercise's module, without the exercise."""
    text = inspect.getsource(inspect.getmodule(exercise.solution))
    text, _, _ = text.partition("\nEXERCISE = ")
    return re.sub(r"^from softmaxbook\.checking\S* import .*$", "", text, flags=re.M)


def answered(week, student, preamble="", **changed):
    """Return a submission that is right but for `changed`: sources by id, with underscores."""
    sources = {each.id: right_answer(week, each.id, student) for each in week.exercises}
    sources |= {key.replace("_", "-"): source for key, source in changed.items()}
    kinds = {each.id: each.exercise.form for each in week.exercises}
    answers = {
        id: Answer("code" if kinds.get(id) == "function" else "value" if id in kinds else "text", s)
        for id, s in sources.items()
    }
    return Submission(student, answers, preamble)


def hand_in(week, *submissions):
    """Store submissions as collecting does."""
    for each in submissions:
        write_submission(week.folder / "submitted" / each.student / "mended.json", each)
