"""Python's side of the page: it runs cells, checks answers, and gives plain texts back.

This module goes to the browser, beside the package. It takes and gives JSON, for what passes
between Python and the page is data and nothing else.
"""

from __future__ import annotations

import ast
import importlib
import json
import linecache
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import TextIOBase
from typing import Any

import numpy

from softmaxbook.checking.timeouts import TimeUp, call_within

MAIN = "__main__"
BROKEN = "It does not run."
PRINTING = numpy.get_printoptions()
ERRORS = numpy.geterr()
"""NumPy's own settings, which a page's cell may change for all that run after it."""
AHEAD = ("numpy.random", "numpy.linalg", "numpy.fft", "numpy.ma")
LONGEST = 100_000  # characters of output that a cell may show
CUT = f"\n… and more, which is not shown: {LONGEST:,} characters are the most that a cell shows.\n"
NOBODY = "There is nobody here whom input could ask: write the value into the program instead."

REACHING = ("urllib/request.py", "http/client.py", "socket.py", "socket.pyc")
NO_NETWORK = "Python on this page has no network: what a program here needs has to stand in it."

Part = dict[str, str]


def set_alarm(ring_in: Callable[[float, float], None]) -> None:
    """Let ``signal.setitimer`` be a clock of the browser, which Pyodide has none of its own for."""

    def setitimer(which: int, seconds: float, interval: float = 0.0) -> tuple[float, float]:
        ring_in(seconds, interval)
        return 0.0, 0.0

    signal.ITIMER_REAL = 0
    signal.setitimer = setitimer
    time.thread_time = time.perf_counter  # of the one thread that there is


def settle() -> None:
    """Load what a first check or cell would wait for; then this memory is kept for later visits."""
    for name in AHEAD:
        importlib.import_module(name)
    with suppress(ImportError):  # an edition without solutions has no exercises
        from softmaxbook.exercises import CHAPTERS

        for chapter in CHAPTERS:
            CHAPTERS.ids(chapter)


def wake() -> None:
    """Draw new seeds: a memory that was kept holds those of the day on which it was made."""
    random.seed()
    numpy.random.seed()  # noqa: NPY002, a reader's program may use it


class Parts:
    """What a cell shows, in order: text that follows text is one part."""

    def __init__(self) -> None:
        self.found: list[Part] = []
        self.left = LONGEST
        self.cut = False

    def add(self, kind: str, data: str) -> None:
        """Add a part; of a text too long what fits, and that there is more; an error always."""
        if kind == "error":
            self._put(kind, data[:LONGEST])
            return
        fits = data if len(data) <= self.left else data[: self.left] if kind == "text" else ""
        self.left -= len(fits)
        self._put(kind, fits)
        if len(fits) < len(data) and not self.cut:
            self.cut = True
            self.left = 0
            self._put("text", CUT)

    def _put(self, kind: str, data: str) -> None:
        if data and kind == "text" and self.found and self.found[-1]["kind"] == "text":
            self.found[-1]["data"] += data
        elif data:
            self.found.append({"kind": kind, "data": data})

    def show(self, value: Any) -> None:
        """Add a value in the best form that it has."""
        for kind in ("markdown", "svg", "png"):
            picture = getattr(type(value), f"_repr_{kind}_", None)
            if picture is not None and (data := picture(value)):
                self.add(kind, data if isinstance(data, str) else _base64(data))
                return
        self.add("text", f"{value!r}\n")


def _base64(data: bytes) -> str:
    from base64 import b64encode

    return b64encode(data).decode()


class Paper(TextIOBase):
    """Takes what is printed."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def write(self, text: str) -> int:
        """Add to the cell's parts."""
        self.parts.add("text", text)
        return len(text)


class Silence(TextIOBase):
    """Stands where a reader would type: there is nobody who does."""

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """Say so."""
        raise EOFError(NOBODY)

    def read(self, size: int | None = -1, /) -> str:
        """Say so."""
        raise EOFError(NOBODY)


class Notebook:
    """A namespace, and which cells have made it what it is."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": MAIN}
        self.done: dict[str, tuple[str, list[Part]]] = {}

    def run(self, cells: list[dict[str, str]], seconds: float) -> list[dict[str, Any]]:
        """Run the last cell, and those before it from the first that is new or changed.

        What stands after an error does not run.
        """
        outputs: list[dict[str, Any]] = []
        stale = False
        for number, cell in enumerate(cells, start=1):
            id, source = cell["id"], cell["source"]
            known = self.done.pop(id, None)
            stale = stale or number == len(cells) or known is None or known[0] != source
            if not stale and known is not None:
                self.done[id] = known
                outputs.append({"id": id, "parts": known[1]})
                continue
            parts = Parts()
            well = execute(source, id, self.names, parts, seconds)
            outputs.append({"id": id, "parts": parts.found})
            if not well:
                break
            self.done[id] = source, parts.found
        return outputs


def execute(source: str, id: str, names: dict[str, Any], parts: Parts, seconds: float) -> bool:
    """Run a cell and show its last expression; return whether it ended without an exception."""
    file = f"<cell {id}>"
    lines = source.splitlines(keepends=True)
    linecache.cache[file] = len(source), None, lines, file
    with _shown(parts):
        try:
            tree = ast.parse(source, file)
            last = tree.body[-1] if tree.body else None
            shows = isinstance(last, ast.Expr) and not source.rstrip().endswith(";")
            value = tree.body.pop() if shows else None
            body = compile(tree, file, "exec")
            shown = compile(ast.Expression(value.value), file, "eval") if value else None  # type: ignore[attr-defined]

            def whole() -> Any:
                exec(body, names)
                return eval(shown, names) if shown else None

            result = call_within(seconds, whole)
            if result is not None:
                names["_"] = result
                parts.show(result)
        except TimeUp:
            parts.add("error", f"This did not end within {seconds:g} seconds and was interrupted.")
            return False
        except BaseException as error:
            parts.add("error", said(error, file))
            return False
    return True


@contextmanager
def _shown(parts: Parts) -> Iterator[None]:
    paper: Any = Paper(parts)
    module = sys.modules.get("IPython.display")
    typed, sys.stdin = sys.stdin, Silence()
    try:
        with redirect_stdout(paper), redirect_stderr(paper):
            if module is not None:
                vars(module)["show"] = parts.show
            yield
    finally:
        sys.stdin = typed


def said(error: BaseException, file: str) -> str:
    """Return an exception as a traceback of the learner's own lines."""
    calls = traceback.extract_tb(error.__traceback__)
    if isinstance(error, OSError) and any(each.filename.endswith(REACHING) for each in calls):
        error.add_note(NO_NETWORK)
    told = traceback.TracebackException.from_exception(error, capture_locals=False)
    own = [frame for frame in told.stack if frame.filename.startswith("<cell ")]
    told.stack[:] = own
    return "".join(told.format(chain=False)).rstrip()


_notebook = Notebook()


def run(cells: str, seconds: float) -> str:
    """Run cells, JSON of [{id, source}]; return JSON of {outputs: [{id, parts}]}."""
    return json.dumps({"outputs": _notebook.run(json.loads(cells), seconds)})


def reset() -> str:
    """Forget what cells have defined."""
    global _notebook
    _notebook = Notebook()
    numpy.set_printoptions(**PRINTING)
    numpy.seterr(**ERRORS)
    return "null"


def check(id: str, source: str, before: str, seconds: float) -> str:
    """Return JSON of the verdict on the answer that `source` defines, in names of its own.

    The cells `before` it run first, and show nothing.
    """
    from softmaxbook.exercises import exercise

    attempt = exercise(id)
    names: dict[str, Any] = {"__name__": MAIN}
    parts = Parts()
    cells = [*json.loads(before), {"id": "your program", "source": source}]
    if not all(execute(each["source"], each["id"], names, parts, seconds) for each in cells):
        words = next(part["data"] for part in parts.found if part["kind"] == "error")
        return json.dumps(
            _told("it does not run", f"✗ **{BROKEN}**\n\n```text\n{words}\n```", passed=False)
        )
    found = attempt.check(names.get(attempt.exercise.name, ...), seconds=seconds)
    return json.dumps(_told(found.status.value, str(found), passed=found.correct))


def _told(status: str, markdown: str, *, passed: bool) -> dict[str, Any]:
    title = markdown.partition("**")[2].partition("**")[0].rstrip(".")
    return {"status": status, "title": title, "markdown": markdown, "passed": passed}


def hint(id: str) -> str:
    """Return JSON of the next hint of an exercise, and whether it is the last one."""
    from softmaxbook.exercises import exercise

    attempt = exercise(id)
    words = attempt.hint().markdown
    hints = len(attempt.exercise.hints)
    return json.dumps({"markdown": words, "last": words.startswith(f"**Hint {hints} of {hints}.")})
