"""A course for the tests, a hand-in that is all right, and what becomes of notebooks."""

import json
import textwrap
from dataclasses import replace
from datetime import UTC, datetime

from softmaxbook.assignments.assignment import Assignment, Chosen, ManualQuestion
from softmaxbook.assignments.handout.notebooks import answer_mark, notebook_text
from softmaxbook.assignments.people import students
from softmaxbook.assignments.settings import save
from softmaxbook.exercises import exercise

WHY = ManualQuestion(
    "why-the-shift",
    "Why the shift?",
    "Why may the largest logit be subtracted?",
    (("the common factor cancels in the quotient", 2.0), ("a sentence on overflow", 1.0)),
)

IDS = (
    "what-does-it-print",
    "where-exp-overflows",
    "write-log-sum-exp",
    "write-log-softmax",
    "break-the-log-of-softmax",
)

LOG_SUM_EXP = """\
def log_sum_exp(logits):
    m = np.max(logits, axis=-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0.0)
    return np.log(np.sum(np.exp(logits - m), axis=-1)) + m[..., 0]
"""

RIGHT = {
    "what-does-it-print": 'answer_what_does_it_print = "d"',
    "where-exp-overflows": "answer_where_exp_overflows = 31.2",
    "write-log-sum-exp": LOG_SUM_EXP,
    "write-log-softmax": textwrap.dedent(
        """\
        def log_probabilities(logits):
            return logits - log_sum_exp(logits)[..., None]
        """
    ),
    "break-the-log-of-softmax": "answer_break_the_log_of_softmax = [800.0, 0.0]",
    "why-the-shift": "It cancels.",
}


PRIVATE = '''\
"""A private exercise."""

import numpy as np

from softmaxbook.exercises import Exercise, probe


def doubled(x):
    return x + x


def halved(x):
    """You divide by two."""
    return x / 2


def squared(x):
    """You square it, which is the same at two only."""
    return x * x


def kept(x):
    """It stays as it is."""
    return 1.0 * x


EXERCISE = Exercise(
    id="double-it",
    title="Double it",
    chapter="warm-up",
    kind="write",
    difficulty=1,
    statement="Write `doubled(x)`: twice x.",
    solution=doubled,
    mistakes=(halved, squared, kept),
    probes=(probe("three", 3.0), probe("five", [5.0, -1.0])),
    hints=("Twice means plus itself.", "Add x to x, and be done."),
)
'''


def assignment(course, **changes):
    """Return an assignment of all forms, saved in a folder of the course."""
    chosen = tuple(Chosen(each, each.aspects) for each in (exercise(id).exercise for id in IDS))
    made = Assignment(
        folder=course / "week1", title="Week 1", seed="the secret of week 1", exercises=chosen,
        manual=(WHY,), due=datetime(2026, 12, 1, 23, 59, tzinfo=UTC), students=students(course),
    )  # fmt: skip
    made = replace(made, **changes)
    save(made)
    return made


def notebook(made, answers=RIGHT, student=""):
    """Return the hand-out with answers filled in, as a dictionary."""
    found = json.loads(notebook_text(made, student))
    for cell in found["cells"]:
        id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if id in answers:
            mark = f"{answer_mark(id)}\n" if cell["cell_type"] == "markdown" else ""
            cell["source"] = mark + answers[id]
    return found


def written(found):
    """Return a notebook as the bytes of a file."""
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


LETTER = "what-does-it-print"


def choosing(made, letter):
    """Return a hand-in that is right but for its letter, by which it is known again."""
    return written(notebook(made, {**RIGHT, LETTER: f'answer_what_does_it_print = "{letter}"'}))


def cell_of(found, id):
    """Return the cell of that id."""
    return next(cell for cell in found["cells"] if cell["id"] == id)


def code(source, **more):
    """Return a code cell of a student's own."""
    return {
        "cell_type": "code", "metadata": {}, "source": source, "outputs": [],
        "execution_count": None, **more,
    }  # fmt: skip


def markdown(source, **more):
    """Return a Markdown cell of a student's own."""
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def names_after(submission, id):
    """Run the pieces of an answer, one that raises by itself, and return the names they set."""
    names = {}
    for piece in submission.program(id):
        try:
            exec(piece, names)
        except Exception as error:
            names["raised"] = error
    return names


def own(course, text, name="double.py"):
    """Put a module into the course's folder of private exercises."""
    (course / "exercises").mkdir(exist_ok=True)
    (course / "exercises" / name).write_text(textwrap.dedent(text), encoding="utf-8")
