"""Run an answer on probes, whatever it does, and report plain outcomes.

Nothing here knows the solution: a grader runs this part in another process than the judge.
"""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .isolation import Notes, watched
from .outcomes import Odd, Outcome, copied, plain
from .specification import Probe
from .timeouts import Allowance, StillRunning, TimeUp, call_within, of_a_library

SECONDS = 5.0  # of computing, for all probes of one check


def run(
    answer: Callable[..., Any],
    probes: Sequence[Probe],
    parameters: Sequence[str] = (),
    allowance: float | Allowance = SECONDS,
    floating: Collection[int] = (),
) -> list[Outcome]:
    """Return one outcome a probe; the list ends early at a call that did not end.

    Arguments are NumPy arrays. An answer that cannot take those is tried with torch tensors, if
    torch is loaded, and with nested lists. An answer in a library that has no arithmetic of whole
    numbers gets them as floats where other probes, too, hold floats: in these positions, and in
    those that `floating` names.
    """
    if not isinstance(allowance, Allowance):
        allowance = Allowance(allowance)
    function = _callable_by_position(answer, parameters)
    first: list[Outcome] = []
    for container, convert in _containers().items():
        outcomes = []
        for probe in probes:
            arguments = tuple(convert(each) for each in copied(probe.arguments))
            outcomes.append(_run_one(function, arguments, allowance))
            if not outcomes[-1].ended:
                return first or outcomes
        if first and all(outcome.how == "value" for outcome in outcomes):
            remark = f"{container} as input; it does not take NumPy arrays"
            return [replace(each, used=(*each.used, remark)) for each in outcomes]
        if not first:
            positions = {*floating, *(k for probe in probes for k in floating_positions(probe))}
            outcomes = _with_floats(function, probes, positions, outcomes, allowance)
            if outcomes[0].type_name not in _WRONG_CONTAINER:
                return outcomes
        first = first or outcomes
    return first


# TorchScript and TensorFlow have exceptions of their own for an argument of a wrong type.
_WRONG_CONTAINER = (
    *("TypeError", "AttributeError", "ValueError"),
    *("RuntimeError", "InvalidArgumentError"),
)
_NO_WHOLE_NUMBERS = (
    *(("RuntimeError", "Long"), ("NotImplementedError", "not implemented for")),
    *(("RuntimeError", "long"), ("InvalidArgumentError", "int64")),
)


def _with_floats(
    function: Callable[..., Any],
    probes: Sequence[Probe],
    floating: Collection[int],
    outcomes: list[Outcome],
    allowance: Allowance,
) -> list[Outcome]:
    """Return the outcomes, those anew that raised because a library takes no whole numbers."""
    found = []
    for probe, outcome in zip(probes, outcomes, strict=True):
        whole = [k for k in floating if _kind(probe.arguments[k]) in ("i", "u")]
        refused = any(
            outcome.type_name == name and part in outcome.message
            for name, part in _NO_WHOLE_NUMBERS
        )
        if refused and whole:
            given = list(copied(probe.arguments))
            for k in whole:
                given[k] = given[k].astype(float)
            again = _run_one(function, tuple(given), allowance)
            if again.how == "value":
                remark = "floating-point input only; whole numbers were handed over as floats"
                outcome = replace(again, used=(*again.used, remark))
        found.append(outcome)
    return found


def floating_positions(probe: Probe) -> set[int]:
    """Return which arguments of a probe are arrays of floating-point numbers."""
    return {k for k, value in enumerate(probe.arguments) if _kind(value) == "f"}


def _kind(value: Any) -> str:
    return value.dtype.kind if isinstance(value, np.ndarray) else ""


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


def _run_one(
    function: Callable[..., Any], arguments: tuple[Any, ...], allowance: Allowance
) -> Outcome:
    before = copied(arguments)
    notes = Notes()
    found: dict[str, Any]
    try:
        with watched(notes):
            found = _called(function, arguments, allowance)
    except (TimeUp, RecursionError):  # raised once more while the block was left
        found = {"how": "endless"}
    if any(_differs(one, two) for one, two in zip(before, arguments, strict=True)):
        notes.changed.append("its input")
    if found["how"] in ("endless", "running"):  # what the interruption left is not the answer's
        return Outcome(**found, printed=notes.printed)
    return Outcome(
        **found,
        printed=notes.printed,
        warnings=tuple(notes.warnings),
        changed=tuple(notes.changed),
        used=tuple(notes.used),
    )


def _called(
    function: Callable[..., Any], arguments: tuple[Any, ...], allowance: Allowance
) -> dict[str, Any]:
    """Return how the call ended; only the reader's own interrupt passes through."""
    try:
        value = call_within(allowance, lambda: plain(function(*arguments)))
        return {"how": "value", "array": value}
    except StillRunning:
        return {"how": "running"}
    except TimeUp as up:
        return {"how": "endless", "line": _line(up), "message": _inside(up)}
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
        if not of_a_library(name):
            line = linecache.getline(name, trace.tb_lineno).strip() or line
        trace = trace.tb_next
    return line


def _inside(error: BaseException) -> str:
    """Return the name of the installed package whose code was running, or an empty string."""
    trace = error.__traceback__
    name = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if not module.startswith(__package__):  # the bell's own frames
            packaged = "-packages" in trace.tb_frame.f_code.co_filename
            name = module.partition(".")[0] if packaged else ""
        trace = trace.tb_next
    return name


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
