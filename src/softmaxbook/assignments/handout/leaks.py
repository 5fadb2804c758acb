"""Search a hand-out for what it must not hold: solutions, mistakes, hints, probes, rubrics."""

from __future__ import annotations

import contextlib
import html
import inspect
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from softmaxbook.checking import Exercise
from softmaxbook.checking.specification import hint_of, source_of

LONG_ENOUGH = 8  # a shorter line, such as `return z`, says nothing


def squeezed(text: str) -> str:
    """Return the text with each run of white space as one space."""
    return " ".join(text.split())


def readings(data: bytes) -> Iterator[str]:
    """Yield every text that the bytes of a file can be read as, escapes undone.

    An archive is opened; JSON gives its texts as they are meant, and lists of lines as one text;
    markup is read with its tags and without.
    """
    with contextlib.suppress(zipfile.BadZipFile):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from readings(archive.read(name))
        return
    text = data.decode("utf-8", "replace")
    for way in (text, unescaped(text), *_texts_of_json(text)):
        yield squeezed(way)
        if "&" in way or "<" in way:
            yield squeezed(html.unescape(way))
            yield squeezed(unescaped(html.unescape(way)))
            yield squeezed(html.unescape(re.sub(r"<[^>]*>", "", way)))
            yield squeezed(unescaped(html.unescape(re.sub(r"<[^>]*>", "", way))))


def unescaped(text: str) -> str:
    """Return the text with what JSON writes for a line's end, a quotation mark and a letter."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    return text.replace("\\n", " ").replace('\\"', '"').replace("\\\\", "\\")


def _texts_of_json(text: str) -> list[str]:
    try:
        return ["\n".join(_strings(json.loads(text)))]
    except (ValueError, RecursionError):
        return []


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if all(isinstance(each, str) for each in value):
            yield "".join(value)
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _strings(key)
            yield from _strings(each)


def secrets(exercise: Exercise) -> set[str]:
    """Return what nobody may read before the marks: every line that its question does not show.

    Lines of the solution, the mistakes, the hints, the explanation and the probes, and long values
    of the solution and the mistakes at the given numbers.
    """
    lines = [hint_of(mistake) for mistake in exercise.mistakes]
    lines += [line for hint in lines for line in hint.splitlines()]
    lines += [line for hint in exercise.hints for line in (hint, *hint.splitlines())]
    lines += [each.why for each in exercise.probes]
    lines += _explanation(exercise).splitlines()
    for function in (exercise.solution, *exercise.mistakes):
        if inspect.isfunction(function):
            lines += source_of(function).splitlines()
    lines += _lines_of_module(exercise)
    found = {squeezed(line) for line in lines}
    return {line for line in found if len(line) >= LONG_ENOUGH} | _values(exercise)


def _explanation(exercise: Exercise) -> str:
    why = exercise.explanation
    return why if isinstance(why, str) else why(*exercise.given)


def _lines_of_module(exercise: Exercise) -> list[str]:
    """Return the lines of the module that holds the exercise: with its probes as they are typed."""
    module = inspect.getmodule(exercise.solution)
    if module is None:
        return []
    try:
        lines = inspect.getsource(module).splitlines()
    except (OSError, TypeError):
        return []
    return [line for line in lines if not line.lstrip().startswith(("import ", "from ", "# mypy"))]


def _values(exercise: Exercise) -> set[str]:
    """Return the numbers that answer, where they are long enough to stand nowhere by chance."""
    if exercise.form != "number":
        return set()
    with np.errstate(all="ignore"):
        values = [each(*exercise.given) for each in (exercise.solution, *exercise.mistakes)]
    flat = [float(each) for value in values for each in np.ravel(np.asarray(value, dtype=float))]
    return {repr(each) for each in flat if len(repr(each)) >= 12}


def leaks(files: Mapping[str, bytes], hidden: Iterable[str], shown: str) -> dict[str, set[str]]:
    """Return, for each file, the hidden lines in it that `shown` does not hold anyway.

    `shown` is what the questions show: a program to be mended shares most lines with its solution.
    """
    open_text = squeezed(shown)
    hidden = {line for line in hidden if line not in open_text}
    found = {}
    for name, data in files.items():
        texts = list(readings(data))
        inside = {line for line in hidden if any(line in text for text in texts)}
        if inside:
            found[name] = inside
    return found
