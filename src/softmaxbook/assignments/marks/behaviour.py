"""What an answer did, as a word: two answers that fail alike have the same one.

Grading keeps the word, and not what was seen: the inputs that points come from appear nowhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from softmaxbook.checking import Exercise
from softmaxbook.checking.outcomes import Outcome
from softmaxbook.checking.questions import meanings

from ..released import asked_by
from ..sandbox.conversation import Report

DIGITS = 6  # of a number that count: more than any tolerance, fewer than rounding touches
LONGEST = 500  # characters of a value that are kept


def behaviour_of(exercise: Exercise, first: Report, second: Report | None) -> str:
    """Return a word for what an answer did on all inputs, or nothing where it did not run.

    Parameters
    ----------
    exercise : Exercise
        As the student has it: of two variants no numbers are the same.
    first, second : Report
        What was seen on the inputs that may be shown, and on those that points come from.
    """
    said: list[object]
    if exercise.form != "function":
        known = first.state == "value"
        said = [asked_by(exercise), _number(first.value)] if known else []
    else:
        looks = [each for each in (first, second) if each is not None]
        seen = [outcome for look in looks for outcome in look.outcomes]
        # Of what never ends nothing is known by which another could be like it.
        said = [_seen(each) for each in seen] if any(each.ended for each in seen) else []
    if not said:
        return ""
    return "b" + hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def stored_value(exercise: Exercise, report: Report) -> str:
    """Return what a question about a number or a choice was answered with, as JSON, or nothing."""
    if exercise.form == "function" or report.state != "value":
        return ""
    try:
        said = json.dumps(report.value, default=lambda each: np.asarray(each).tolist())
    except (TypeError, ValueError):
        return ""
    return said if len(said) <= LONGEST else ""


def _number(value: Any) -> list[str]:
    """Return what a value means as numbers; a text that is none, in small letters."""
    try:
        return list(_rounded(np.asarray(meanings(value)[0], dtype=float)))
    except (TypeError, ValueError):
        return ["".join(str(value).split()).casefold()]


def _seen(outcome: Outcome) -> list[object]:
    array = outcome.array
    if outcome.how != "value" or array is None:
        return [outcome.how, outcome.type_name, re.sub(r"0x[0-9a-f]+", "", outcome.message)]
    return [list(array.shape), *_rounded(array)]


def _rounded(array: np.ndarray) -> Iterator[str]:
    """Yield numbers to a few digits; beside a large one, dust is nothing."""
    flat = np.ravel(array)
    finite = np.abs(flat[np.isfinite(flat)])
    dust = 1e-9 * float(finite.max()) if len(finite) else 0.0
    for each in flat:
        yield "0" if abs(each) <= dust else f"{each:.{DIGITS - 1}e}"
