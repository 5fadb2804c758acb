"""Run a student's program on inputs, one at a time: the part that lives inside the sandbox.

It knows no solution, no mistake and no input but the one it was just handed. The first process
reads tasks and forks a child for each; the child talks to the grader over the same two pipes. All
of it may be taken over by the program it runs. That wins nothing: what comes out of the pipe is
compared outside, as plain arrays.

Messages to the worker: a task ``{pieces, skip, careful, name, form, …}``, then
inputs ``{values}``, then ``{end}``. From it: where it is careful ``{at}`` before each piece of the
program, ``{state}`` and what the program left under the name, one outcome an input, and ``{over}``
when the child has ended.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import gc
import importlib
import json
import linecache
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from ...checking.isolation import Notes, repair, watched
from ...checking.outcomes import Odd, Outcome, plain
from ...checking.placeholders import is_placeholder, is_starter
from ...checking.running import floating_positions, run
from ...checking.specification import Probe
from ...checking.timeouts import Allowance, TimeUp, call_within
from .transport import (
    BODY_LIMIT,
    ITEMS_LIMIT,
    PAUSE,
    Channel,
    Closed,
    Message,
    message_of,
    values_of,
    with_values,
)


def main() -> None:
    """Be a worker that starts alone."""
    settings = json.loads(sys.argv[1])
    shrink(settings)
    preload(settings)
    serve(settings, os.dup(0), os.dup(1))


def preload(settings: Mapping[str, Any]) -> None:
    """Import what programs need, as far as it is there, and rehearse."""
    for name in settings["preload"]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    _rehearse()


_REHEARSED = {
    **{"pieces": ["import numpy as np", "def f(z):\n    return z - np.max(z)"], "skip": []},
    **{"careful": False, "name": "f", "form": "function", "starter": "def f(z):\n    ..."},
    **{"parameters": ["z"], "seconds": 5.0, "waiting": 3},
}


def _rehearse() -> None:
    """Run a program of this module as one of a student is run: its children are copies of this.

    What Python and NumPy do the first times, such as writing faster instructions in place of
    others, a child would else do itself, in memory that it has to copy before it writes.
    """
    (their_source, our_sink), (our_source, their_sink) = os.pipe(), os.pipe()
    us, them = Channel(our_source, our_sink), Channel(their_source, their_sink)
    inputs = [np.arange(3.0), np.arange(3), [0.0, 1.0]] * 4
    main = sys.modules["__main__"]
    for given in inputs:
        us.send(with_values({}, [given]))
    us.send(Message({"end": True}))
    try:
        _serve(them, _REHEARSED)
    finally:
        sys.modules["__main__"] = main
        linecache.clearcache()
        for descriptor in (their_source, our_sink, our_source, their_sink):
            os.close(descriptor)


def serve(settings: Mapping[str, Any], source: int, sink: int) -> None:
    """Serve the grader on two pipes until it hangs up."""
    channel = Channel(source, sink, header_limit=1 << 24, body_limit=1 << 26)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    gc.freeze()  # else collecting in a child copies every page
    channel.send(Message({"ready": True}))
    while True:
        try:
            task = channel.receive()
        except Closed:
            return
        if "end" in task.header:  # the child had ended before
            continue
        child = _fork()
        if not child:
            with contextlib.suppress(BaseException):
                os.setpgid(0, 0)
                if sys.platform == "linux":  # who ends the worker ends itself, at once
                    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
                _serve(channel, task.header)
            os._exit(0)
        os.waitpid(child, 0)
        _end_what_is_left(child, settings["alone"])
        channel.send(Message({"over": True}))


def _fork() -> int:
    """Fork, and wait first for what was ended and is still counted: there may be many."""
    for _ in range(100):
        with contextlib.suppress(BlockingIOError):
            return os.fork()
        time.sleep(0.01)
    return os.fork()


def shrink(settings: Mapping[str, Any]) -> None:
    """Give up rights, and set bounds that the program cannot lift."""
    if settings["user"] is not None:
        user = settings["user"]
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    for name, most in settings["limits"].items():
        resource.setrlimit(getattr(resource, name), (most, most))
    if sys.platform == "linux":  # nobody else of the same user may look into this process
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def _end_what_is_left(child: int, alone: bool) -> None:
    """End all processes that the program left behind: in a sandbox, all but this one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if alone and os.getppid() == 1:
            os.kill(-1, signal.SIGKILL)
        else:
            os.killpg(child, signal.SIGKILL)


def _serve(channel: Channel, task: Mapping[str, Any]) -> None:
    """Run the program of a task, say what it made, and call it on what comes."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    names = _program(channel, task)
    made = names.get(task["name"], _MISSING)
    if task["form"] != "function":
        channel.send(_value(made, task["form"]))
        return
    state = _state(made, task)
    channel.send(Message({"state": state}))
    me, allowance = os.getpid(), Allowance(task["seconds"], task["waiting"])
    floating: set[int] = set()  # not the inputs: a program may look through the memory
    while state == "callable":
        message = channel.receive()
        if "end" in message.header:
            return
        given = Probe("", values_of(message))
        outcome = _tried(made, given, task["parameters"], allowance, floating)
        floating |= floating_positions(given)
        if os.getpid() != me:  # the program forked, and this is the copy
            os._exit(0)
        channel.send(message_of(outcome))


_MISSING = object()


def _program(channel: Channel, task: Mapping[str, Any]) -> dict[str, Any]:
    """Run the pieces of a program, each whatever became of the others; return its names."""
    module = ModuleType("__main__")
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    failed: list[list[Any]] = []
    with watched(Notes()):
        for number, piece in enumerate(task["pieces"]):
            if number in task["skip"]:
                continue
            if task["careful"]:
                channel.send(Message({"at": number}))
            failure = _piece(piece, f"<cell {number}>", vars(module), task["seconds"])
            repair()
            if failure:
                failed.append([number, *failure])
            if task["careful"]:
                time.sleep(PAUSE)
    channel.send(Message({"failed": failed[:16]}))
    return vars(module)


def _piece(piece: str, file: str, names: dict[str, Any], seconds: float) -> list[str]:
    """Run one piece; return the kind of its failure and what it says, or nothing."""
    linecache.cache[file] = (len(piece), None, piece.splitlines(keepends=True), file)
    try:
        code = compile(piece, file, "exec", dont_inherit=True)
        call_within(Allowance(seconds, waiting=1.0), lambda: exec(code, names))
    except TimeUp:
        return ["endless", ""]
    except BaseException as error:
        with contextlib.suppress(Exception):
            return [type(error).__name__[:80], str(error).partition("\n")[0][:200]]
        return ["error", ""]
    return []


def _state(made: Any, task: Mapping[str, Any]) -> str:
    """Return what stands under the name that a function is expected under."""
    if made is _MISSING:
        return "missing"
    if is_placeholder(made):
        return "starter"
    if not callable(made):
        return "value"
    if isinstance(made, type):
        return "class"
    return "starter" if is_starter(task["starter"], task["name"], made) else "callable"


def _value(made: Any, form: str) -> Message:
    """Return the answer to a question about a number or a choice as a message."""
    try:
        if made is _MISSING or is_placeholder(made):
            return Message({"state": "missing" if made is _MISSING else "starter"})
        if form == "choice":
            return with_values({"state": "value"}, [str(made)[:200]])
        if isinstance(made, (float, str)):
            return with_values({"state": "value"}, [_entry(made)])
        if isinstance(made, (list, tuple)) and any(isinstance(each, str) for each in made):
            if len(made) > ITEMS_LIMIT:
                return Message({"state": "odd", "message": "a list of many texts"})
            return with_values({"state": "value"}, [[_entry(each) for each in made]])
        if callable(made) and not hasattr(made, "__array__"):
            return Message({"state": "callable"})
        message = message_of(Outcome("value", plain(made)))
        if message.arrays:
            return with_values({"state": "value"}, message.arrays)
        return Message({"state": "odd", "message": f"an array of more than {BODY_LIMIT} bytes"})
    except Odd as odd:
        return Message({"state": "odd", "message": str(odd)[:200]})
    except BaseException as error:
        return Message({"state": "odd", "message": f"an object that raises {type(error).__name__}"})


def _entry(value: Any) -> Any:
    return str(value)[:200] if isinstance(value, str) else float(value)


def _tried(
    answer: Any, given: Probe, parameters: list[str], allowance: Allowance, floating: set[int]
) -> Outcome:
    try:
        return run(answer, [given], parameters, allowance, floating)[0]
    except BaseException as error:  # its own KeyboardInterrupt, or a broken object
        return Outcome("raised", type_name=type(error).__name__[:80])
