"""Notice what a call changes around itself, and put it back."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import math
import operator
import random
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import numpy as np

from .timeouts import of_a_library

NUMPY_ERRORS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
BUILTINS = (
    "abs all any enumerate float int isinstance len list map max min pow range round sorted sum zip"
)

# What NumPy and Python's own functions were when this module was loaded.
_ORIGINALS: dict[Any, dict[str, Any]] = {
    np: {name: value for name, value in vars(np).items() if callable(value)},
    np.linalg: {name: value for name, value in vars(np.linalg).items() if callable(value)},
    math: {name: value for name, value in vars(math).items() if callable(value)},
    builtins: {name: getattr(builtins, name) for name in BUILTINS.split()},
}

# By module: what takes all of them out of a dictionary at once.
_TAKEN = {module: operator.itemgetter(*names) for module, names in _ORIGINALS.items()}
_KNOWN = {module: tuple(known.values()) for module, known in _ORIGINALS.items()}


@dataclass
class Notes:
    """What a call did beside returning."""

    printed: str = ""
    warnings: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # faults: others would suffer from them
    used: list[str] = field(default_factory=list)  # worth a remark


class _Paper(StringIO):
    """Takes what is printed, up to a limit: an endless loop may print for seconds."""

    def write(self, text: str) -> int:
        if self.tell() < 2000:
            super().write(text[:2000])
        return len(text)

    def close(self) -> None:
        """Stay open: a learner may close what is called ``sys.stdout``."""


def repair() -> list[str]:
    """Put replaced functions of NumPy and Python back; return their names."""
    names: list[str] = []
    for module, originals in _ORIGINALS.items():
        here = vars(module)
        with contextlib.suppress(Exception):  # one is gone, or an array that compares by elements
            if _TAKEN[module](here) == _KNOWN[module]:
                continue
        for name, original in originals.items():
            if here.get(name) is not original:
                setattr(module, name, original)
                short = "np" if module is np else "np.linalg" if module is np.linalg else ""
                short = short or ("" if module is builtins else module.__name__)
                names.append(f"{short}.{name}".lstrip("."))
    return names


@contextlib.contextmanager
def watched(notes: Notes) -> Iterator[None]:
    """Run the block with its output and warnings taken, and its surroundings restored after."""
    paper = _Paper()
    dice, numpy_dice = random.getstate(), _numpy_dice()
    depth = sys.getrecursionlimit()
    with (
        contextlib.redirect_stdout(paper),
        contextlib.redirect_stderr(paper),
        warnings.catch_warnings(record=True) as caught,
        np.printoptions(),
        np.errstate(**NUMPY_ERRORS),  # type: ignore[arg-type]
        _alone(),
        _asked_for_depth() as asked,
    ):
        warnings.simplefilter("always")
        try:
            yield
        finally:
            notes.changed += repair()
            if np.geterr() != NUMPY_ERRORS:
                notes.changed.append("np.seterr")
            if sys.getrecursionlimit() != depth:
                sys.setrecursionlimit(depth)
                notes.changed += ["sys.setrecursionlimit"] if asked else []
            if _restore_dice(dice, numpy_dice):
                notes.used.append("random numbers")
    notes.printed = paper.getvalue()
    notes.warnings = list(dict.fromkeys(str(each.message).partition("\n")[0] for each in caught))


def _restore_dice(dice: Any, numpy_dice: Any) -> bool:
    """Set both global generators back; return whether either had moved."""
    global _read_out
    now = _numpy_dice()
    same = now is numpy_dice or _as_bytes(now) == _as_bytes(numpy_dice)
    moved = not same or random.getstate() != dice
    if moved:
        random.setstate(dice)
        np.random.set_state(numpy_dice)  # noqa: NPY002
        _read_out = (b"", None)  # a second normal number may wait again
    return moved


# What NumPy's generator was when it was last read out, and what its memory held then.
_read_out: tuple[bytes, Any] = (b"", None)


def _numpy_dice() -> Any:
    """Return the state of NumPy's generator, the same object as long as it has not moved.

    Reading it out takes longer than all else that is watched, so its memory is looked at first. A
    second normal number that waits to be drawn is not in there: then nothing is taken as known.
    """
    global _read_out
    here = _memory_of_dice()
    if here and here == _read_out[0]:
        return _read_out[1]
    state = np.random.get_state(legacy=False)  # noqa: NPY002
    _read_out = (b"" if state["has_gauss"] else here, state)
    return state


def _memory_of_dice() -> bytes:
    """Return the words and the position of NumPy's generator; nothing where it is of another kind.

    Python in a browser lets nobody look.
    """
    generator = np.random.mtrand.get_bit_generator()
    if type(generator) is not np.random.MT19937 or sys.platform == "emscripten":
        return b""
    return ctypes.string_at(generator.ctypes.state_address, 624 * 4 + 4)


def _as_bytes(numpy_dice: Any) -> tuple[Any, ...]:
    state = numpy_dice["state"]
    return state["key"].tobytes(), state["pos"], numpy_dice["has_gauss"], numpy_dice["gauss"]


@contextlib.contextmanager
def _asked_for_depth() -> Iterator[list[int]]:
    """Note which recursion limits the learner's own code sets: a compiler may leave others."""
    asked: list[int] = []
    original = sys.setrecursionlimit

    def noting(limit: int) -> None:
        if not of_a_library(sys._getframe(1).f_code.co_filename):
            asked.append(limit)
        original(limit)

    sys.setrecursionlimit = noting
    try:
        yield asked
    finally:
        sys.setrecursionlimit = original


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let ``input()`` and ``exit()`` fail at once: nobody answers, and the kernel must stay."""

    def ask(*_: Any) -> str:
        raise EOFError("input() waits for the keyboard; the values come as arguments")

    def leave(*_: Any, **__: Any) -> None:
        raise SystemExit

    asked, keyboard, notebook = builtins.input, sys.stdin, sys.modules.get("IPython")
    shell = getattr(notebook, "get_ipython", lambda: None)()
    builtins.input, sys.stdin = ask, StringIO()  # plain Python's exit() closes sys.stdin
    if shell is not None:
        shell.ask_exit = leave  # IPython's exit() calls it and goes on
    try:
        yield
    finally:
        builtins.input, sys.stdin = asked, keyboard
        if shell is not None:
            del shell.ask_exit
