"""Run an answer on probes, whatever it does, and report plain outcomes.

Nothing here knows the solution: a grader runs this part in another process than the judge.
"""

from __future__ import annotations

import inspect
import linecache
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .isolation import Notes, watched
from .outcomes import Odd, Outcome, copied, plain
from .specification import Probe
from .timeouts import StillRunning, TimeUp, call_within

SECONDS = 5.0  # for all probes of one check


def run(
    answer: Callable[..., Any],
    probes: Sequence[Probe],
    parameters: Sequence[str] = (),
    seconds: float = SECONDS,
) -> list[Outcome]:
    """Return one outcome a probe; the list ends early at a call that did not end.

    Arguments are NumPy arrays. An answer that cannot take those is tried with torch tensors, if
    torch is loaded, and with nested lists.
    """
    deadline = time.monotonic() + seconds
    function = _callable_by_position(answer, parameters)
    first: list[Outcome] = []
    for container, convert in _containers().items():
        outcomes = []
        for probe in probes:
            arguments = tuple(convert(each) for each in copied(probe.arguments))
            outcomes.append(_run_one(function, arguments, deadline))
            if not outcomes[-1].ended:
                return first or outcomes
        if first and all(outcome.how == "value" for outcome in outcomes):
            remark = f"{container} as input; it does not take NumPy arrays"
            return [replace(each, used=(*each.used, remark)) for each in outcomes]
        if not first and outcomes[0].type_name not in _WRONG_CONTAINER:
            return outcomes
        first = first or outcomes
    return first


_WRONG_CONTAINER = ("TypeError", "AttributeError", "ValueError")


def _containers() -> dict[str, Callable[[Any], Any]]:
    """Return the ways to hand over an array, in the order in which they are tried."""

    def tensor(value: Any) -> Any:
        return torch.from_numpy(value) if isinstance(value, np.ndarray) else value

    def float_tensor(value: Any) -> Any:
        return torch.from_numpy(value).double() if isinstance(value, np.ndarray) else value

    def listed(value: Any) -> Any:
        return value.tolist() if isinstance(value, np.ndarray) else value

    torch: Any = sys.modules.get("torch")
    tensors = {"torch tensors": tensor, "floating torch tensors": float_tensor}
    return {"arrays": lambda value: value, **(tensors if torch else {}), "lists": listed}


def _run_one(function: Callable[..., Any], arguments: tuple[Any, ...], deadline: float) -> Outcome:
    before = copied(arguments)
    notes = Notes()
    found: dict[str, Any]
    try:
        with watched(notes):
            found = _called(function, arguments, max(0.2, deadline - time.monotonic()))
    except (TimeUp, RecursionError):  # raised once more while the block was left
        found = {"how": "endless"}
    if any(_differs(one, two) for one, two in zip(before, arguments, strict=True)):
        notes.changed.append("its input")
    return Outcome(
        **found,
        printed=notes.printed,
        warnings=tuple(notes.warnings),
        changed=tuple(notes.changed),
        used=tuple(notes.used),
    )


def _called(
    function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
) -> dict[str, Any]:
    """Return how the call ended; only the reader's own interrupt passes through."""
    try:
        return {"how": "value", "array": call_within(seconds, lambda: plain(function(*arguments)))}
    except StillRunning:
        return {"how": "running"}
    except TimeUp:
        return {"how": "endless"}
    except Odd as odd:
        return {"how": "odd", "type_name": odd.type_name, "message": str(odd)}
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return {
            "how": "raised",
            "type_name": type(error).__name__,
            "message": _said(error),
            "line": _line(error),
        }


def _said(error: BaseException) -> str:
    try:
        return str(error).partition("\n")[0][:200]
    except Exception:  # an exception of their own, with a broken __str__
        return ""


def _line(error: BaseException) -> str:
    """Return the learner's line that raised: the last one that is not of a library."""
    line = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "site-packages" not in name and not name.startswith(_LIBRARIES):
            line = linecache.getline(name, trace.tb_lineno).strip() or line
        trace = trace.tb_next
    return line


_LIBRARIES = (str(Path(__file__).parents[1]), sysconfig.get_paths()["stdlib"])


def _differs(one: Any, two: Any) -> bool:
    try:
        return not np.array_equal(np.asarray(one), np.asarray(two), equal_nan=True)
    except Exception:
        return False


def _callable_by_position(
    answer: Callable[..., Any], parameters: Sequence[str]
) -> Callable[..., Any]:
    """Return the answer so that it takes its arguments by position.

    Keyword-only parameters are a style of their own; those of the solution's names are filled.
    """
    try:
        own = inspect.signature(answer).parameters.values()
    except (TypeError, ValueError):  # built in, without a signature
        return answer
    only = [each.name for each in own if each.kind is inspect.Parameter.KEYWORD_ONLY]
    named = [name for name in parameters if name in only]
    if not named:
        return answer

    def by_position(*arguments: Any) -> Any:
        paired = dict(zip(parameters, arguments, strict=False))
        rest = [value for name, value in paired.items() if name not in named]
        return answer(*rest, **{name: paired[name] for name in named if name in paired})

    return by_position
