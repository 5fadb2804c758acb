"""Questions about a number or a choice: reading what was typed, and the data a page needs."""

from __future__ import annotations

import contextlib
import math
import os
import re
import unicodedata
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .near_misses import values_of
from .specification import Exercise, hint_of, name_of


def solutions_shown() -> bool:
    """Return whether solutions may be shown: not where SOFTMAXBOOK_SOLUTIONS is "no"."""
    return os.environ.get("SOFTMAXBOOK_SOLUTIONS", "yes").strip().lower() not in (
        "no",
        "0",
        "false",
    )


def readings(text: str, percent: bool = False) -> list[float]:
    """Return every number that `text` can mean; none where it is no number.

    `0,5` is a half; `65,504` may be that, or sixty-five thousand; `70 %` is 0.7, and so is a bare
    `70` where a probability is asked for; `1/3`, `2^-24`, `3·10^5` and `3·10⁵` are understood too,
    with the signs, spaces and digits of any keyboard. The page reads answers by the same rules.

    Examples
    --------
    >>> [readings(text)[0] for text in ("1/4", "25 %", "0,25", "2.5·10⁻¹", "2^-2")]
    [0.25, 0.25, 0.25, 0.25, 0.25]
    """
    plain = _plain(text)
    if plain in ("nan", "inf", "-inf", "infinity", "-infinity"):
        return [float(plain)]
    if plain in ("∞", "-∞"):
        return [float(plain.replace("∞", "inf"))]
    above, slash, below = plain.removesuffix("%").partition("/")
    values = [
        one / two
        for one in _powers(above)
        for two in (_powers(below) if slash else [1.0])
        if two != 0
    ]
    if plain.endswith("%"):
        return [value / 100 for value in values]
    hundredths = [value / 100 for value in values if percent and 1 < value <= 100]
    return values + hundredths


_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
_LEVEL = str.maketrans(_RAISED, "0123456789-+")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–‐‑﹣－", "-"),
        **dict.fromkeys("·⋅∙•×✕*", "*"),
        **{"⁄": "/", "∕": "/", "÷": "/", "٫": ".", "٬": ",", "٪": "%", "﹪": "%"},
    }
)


def _plain(text: str) -> str:
    """Return a typed text with the digits and signs of one alphabet, and without spaces."""
    raised = re.sub(f"(?<=[0-9])[{_RAISED}]+", lambda m: "^" + m[0].translate(_LEVEL), text)
    raised = re.sub(f"[{_RAISED}]", "^", raised)  # of nothing
    plain = unicodedata.normalize("NFKC", raised).lower().translate(_SIGNS)
    plain = "".join(str(unicodedata.decimal(each, each)) for each in plain)
    plain = re.sub(r"(?<=\d)[\s_'’](?=\d{3}(?!\d))", "", plain)  # groups of three digits
    plain = re.sub(r"\s+(?=[^\d.,∞]|$)|(?<=[^\d.,])\s+|^\s+", "", plain)
    return re.sub(r"^[≈=~+]+", "", plain)


_POWER = re.compile(r"(?:(.+?)(?:\*|x))?(-?[\d.,]+)(?:\^|\*\*)\(?([-+]?\d+)\)?", re.ASCII)
_DECIMAL = re.compile(r"-?(\d[\d.,]*|[.,]\d+)(e[+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", re.ASCII)
_THOUSANDS_WITH_POINTS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d*)?", re.ASCII)


def _powers(text: str) -> list[float]:
    match = _POWER.fullmatch(text)
    if not match:
        return _decimals(text)
    factor, base, exponent = match.groups()
    factors = [1.0] if factor is None else _decimals(factor)
    return [f * _power(b, exponent) for f in factors for b in _decimals(base) if b != 0]


def _power(base: float, exponent: str) -> float:
    try:
        return float(base ** int(exponent))
    except (OverflowError, ValueError):  # Python refuses numbers of thousands of digits
        return math.inf


def _decimals(text: str) -> list[float]:
    """Return what a decimal number can mean: a comma may divide its digits, or group them."""
    if not _DECIMAL.fullmatch(text):
        return []
    candidates = [text] if "," not in text else []
    if text.count(",") == 1 and "." not in text:
        candidates.append(text.replace(",", "."))
    if _THOUSANDS.fullmatch(text):
        candidates.append(text.replace(",", ""))
    if _THOUSANDS_WITH_POINTS.fullmatch(text) and (text.count(".") > 1 or "," in text):
        candidates.append(text.replace(".", "").replace(",", "."))
    found = []
    for candidate in candidates:
        with contextlib.suppress(ValueError, OverflowError):
            found.append(float(candidate))
    return found


MOST_MEANINGS = 64
"""Of one answer: the meanings of its texts multiply, and each of them is looked at."""


def meanings(answer: Any, percent: bool = False) -> list[Any]:
    """Return every value that an answer can mean, with each text in it read as a number.

    Raises ValueError, with a sentence for the reader, where a text is no number, or where several
    together mean more than :data:`MOST_MEANINGS`.
    """
    if isinstance(answer, str):
        found = readings(answer, percent)
        if not found:
            raise ValueError(f"“{answer}” is not a number. {_forms(answer)}")
        return list(found)
    if isinstance(answer, (list, tuple)):
        parts = [meanings(each, percent) for each in answer]
        if math.prod(map(len, parts)) > MOST_MEANINGS:
            raise ValueError("Write the numbers as numbers, without quotation marks")
        return [list(each) for each in product(*parts)]
    if percent and isinstance(answer, (int, float)) and 1 < answer <= 100:
        return [answer, answer / 100]
    return [answer]


def _forms(text: str) -> str:
    if re.match(r"\s*[-+−]?0[xob]", text.lower()):
        return "Write it with the digits 0 to 9, to base ten"
    return "Forms such as 0.25, 0,25, 1/4, 25 % and 1e-3 are understood"


def letter(exercise: Exercise, answer: Any) -> str:
    """Return the letter that an answer to a choice means, or raise ValueError in plain words."""
    for option, text in exercise.options:
        if _bare(answer) in (_bare(option), _bare(text), _bare([option])):
            return option
    letters = ", ".join(f'"{each}"' for each, _ in exercise.options)
    raise ValueError(f"Hand over one of the letters {letters}, in quotation marks")


def _bare(value: Any) -> str:
    """Return text without what does not matter: case, spaces, brackets, quotes, a full stop."""
    return re.sub(r"\.0\b|[\s()\[\]{}'\"`$.]", "", str(value).lower().replace("−", "-"))


def question_data(exercise: Exercise, solutions: bool | None = None) -> dict[str, Any]:
    """Return everything that a page needs to ask, and to answer without Python; JSON only.

    Without solutions (`solutions=False`, or SOFTMAXBOOK_SOLUTIONS=no) the keys "accepted",
    "mistakes" and "solution" are absent, so nothing can be checked and nothing leaks.

    Keys: id, title, chapter, kind, difficulty, form, prompt (Markdown), hints (list of Markdown),
    starter, percent, points. A choice adds options: [{letter, text}]; a number adds labels, one a
    field. With solutions: solution (Markdown); for a number accepted: {values, tolerances,
    rounding}, one a field and absolute, mistakes: [{name, hint, values, tolerances}], and nudge,
    what to tell whoever gives another number (or "");  for a choice accepted: {letter} and
    mistakes: [{name, hint, letter}]. The form of what only a notebook can check is "function".
    """
    data: dict[str, Any] = {
        "id": exercise.id,
        "title": exercise.title,
        "chapter": exercise.chapter,
        "kind": exercise.kind,
        "difficulty": exercise.difficulty,
        "form": exercise.form if exercise.answered_in_place else "function",
        "prompt": exercise.prompt(),
        "hints": list(exercise.hints),
        "starter": exercise.starter,
        "percent": exercise.percent,
        "points": sum(aspect.points for aspect in exercise.aspects),
    }
    if exercise.form == "choice":
        data["options"] = [{"letter": each, "text": text} for each, text in exercise.options]
    if data["form"] == "number":
        data["labels"] = list(exercise.labels) or [""] * len(values_of(exercise, exercise.solution))
    if not (solutions_shown() if solutions is None else solutions):
        return data
    data["solution"] = exercise.solution_text()
    if exercise.form == "choice":
        data["accepted"] = {"letter": exercise.solution()}
        data["mistakes"] = [{**_told(each), "letter": each()} for each in exercise.mistakes]
    elif data["form"] == "number":
        right = values_of(exercise, exercise.solution)
        data["nudge"] = exercise.nudge
        rounding = exercise.rounding(right).tolist()
        data["accepted"] = {**_met(right, exercise.allowed(right)), "rounding": rounding}
        led = [(each, values_of(exercise, each)) for each in exercise.mistakes]
        data["mistakes"] = [
            {**_told(each), **_met(values, exercise.recognised(values))} for each, values in led
        ]
    return data


def _met(values: NDArray[np.float64], tolerances: NDArray[np.float64]) -> dict[str, list[float]]:
    return {"values": values.tolist(), "tolerances": tolerances.tolist()}


def _told(mistake: Callable[..., Any]) -> dict[str, str]:
    return {"name": name_of(mistake), "hint": hint_of(mistake)}
