"""Call a function for a few seconds at most, and get the control back.

Counted is what the call itself computes, not the time that passes: on a busy machine other programs
take most of that. Imports and compilers have an allowance of their own, for a right answer may load
a large library, or be compiled, when it is called for the first time.
"""

from __future__ import annotations

import contextlib
import contextvars
import ctypes
import functools
import signal
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import FrameType
from typing import Any


class TimeUp(BaseException):
    """The time is over. Not an Exception, so that ``except Exception`` lets it pass."""


class StillRunning(TimeUp):
    """The time is over, and the platform could not interrupt the call."""


TICK = 0.05  # seconds on the clock between two looks at what a call is doing
AGAIN = 0.2  # seconds after which a call that swallowed TimeUp gets the next one
WAITING = 8.0  # seconds on the clock for each that may be computed: it may sleep, or have to wait
PREPARING = 60.0  # the same for imports and compilers
LEAST = 0.2  # seconds that each call gets, whatever the ones before it have used

# _order(thread, exception) lets a thread raise at its next jump or call; None drops the order.
_order = ctypes.pythonapi.PyThreadState_SetAsyncExc


class Stage(Enum):
    """What a call is doing, seen from its stack."""

    WORKING = "working"
    COMPILING = "compiling"
    IMPORTING = "importing"


class Allowance:
    """The time that an answer may use in one call after another.

    `seconds` of its own thread's computing; `waiting` times as many on the clock, which ends an
    answer that sleeps. Imports and compilers are not counted, up to `PREPARING` times `seconds`.
    """

    def __init__(self, seconds: float, waiting: float = WAITING) -> None:
        self._computing = seconds
        self._waiting = waiting * seconds
        self._preparing = PREPARING * seconds

    def begin(self) -> None:
        """Let the next call have a little, if nothing else is left."""
        self._computing = max(self._computing, LEAST)
        self._waiting = max(self._waiting, LEAST)

    def spend(self, stage: Stage, computed: float, passed: float) -> None:
        """Count what was computed, and what passed on the clock, since the last look."""
        if stage is Stage.WORKING:
            self._computing -= computed
            self._waiting -= passed
        else:
            self._preparing -= passed

    @property
    def over(self) -> bool:
        """Return whether any of it is used up."""
        return min(self._computing, self._waiting, self._preparing) <= 0


class _Meter:
    """Counts one call's time; `clock` tells what its thread has computed."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float]) -> None:
        self._allowance, self._clock = allowance, clock
        self._computed, self._passed = clock(), time.monotonic()
        allowance.begin()

    def look(self, stage: Stage) -> bool:
        """Count the time since the last look; return whether the call is to be interrupted now.

        An import never is: it would leave a library behind that is loaded by half.
        """
        computed, passed = self._clock(), time.monotonic()
        self._allowance.spend(stage, computed - self._computed, passed - self._passed)
        self._computed, self._passed = computed, passed
        return self._allowance.over and stage is not Stage.IMPORTING


def call_within(allowance: float | Allowance, function: Callable[[], Any]) -> Any:
    """Return ``function()``, or raise `TimeUp` when its time is used up: seconds, or what is left.

    In the main thread of a Unix system an alarm interrupts the call between two bytecodes, in a
    notebook kernel too, where an event loop is running. Elsewhere the call has a thread of its own,
    which is interrupted by an asynchronous exception. Neither can stop one long call into C code.
    Where there is neither, as in JupyterLite, nothing ends the call but the kernel's restart.
    """
    if not isinstance(allowance, Allowance):
        allowance = Allowance(allowance)
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _with_alarm(allowance, function)
    return _in_thread(allowance, function)


# Modules whose frames compile what they were handed, when it is called for the first time.
COMPILERS = (
    *("numba.core", "numba.np", "numba.parfors", "llvmlite"),
    *("jax._src.compiler", "jax._src.interpreters", "jax._src.pjit", "jax._src.lax"),
    *("torch._dynamo", "torch._inductor", "torch._functorch", "torch.fx", "torch.jit", "triton"),
    *("tensorflow.python.eager.polymorphic_function", "tensorflow.python.autograph"),
)

_LIBRARIES = (str(Path(__file__).parents[1]), sysconfig.get_paths()["stdlib"])


def of_a_library(file: str) -> bool:
    """Return whether a file of code is not the learner's own."""
    return "site-packages" in file or "dist-packages" in file or file.startswith(_LIBRARIES)


def _stage(frame: FrameType | None) -> Stage:
    """Return what the innermost frame is doing: for the learner's code, or before it can run."""
    found: Stage | None = None
    while frame is not None and frame.f_code not in _OUTERMOST:
        file = frame.f_code.co_filename
        if file.startswith("<frozen importlib._bootstrap"):
            return Stage.IMPORTING
        if found is None:
            if str(frame.f_globals.get("__name__", "")).startswith(COMPILERS):
                found = Stage.COMPILING
            elif not file.startswith("<frozen ") and not of_a_library(file):
                found = Stage.WORKING
        frame = frame.f_back
    return found or Stage.WORKING


def _thread() -> ctypes.c_ulong:
    return ctypes.c_ulong(threading.get_ident())


def _with_alarm(allowance: Allowance, function: Callable[[], Any]) -> Any:
    meter = _Meter(allowance, time.thread_time)
    rings = 0
    done = False

    def ring(signum: int, frame: FrameType | None) -> None:
        nonlocal rings
        if done:
            return
        stage = _stage(frame)
        if not meter.look(stage):
            return
        rings += 1
        if rings > 1:
            _raise_at_every_step(frame)
        signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
        raise TimeUp

    trace, drop = sys.gettrace(), functools.partial(_order, _thread(), None)
    handler = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    try:
        result = function()
        done = True
    finally:
        done = True
        while True:
            try:  # without calling any Python function: tracing would order the next exception
                sys.settrace(trace)
                drop()
                break
            except TimeUp:  # it had been ordered before
                continue
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)
        meter.look(Stage.WORKING)
    if rings:  # it caught TimeUp and went on to return something
        raise TimeUp
    return result


def _raise_at_every_step(frame: FrameType | None) -> None:
    """Leave even nested loops around a bare ``except:``, each of which swallows one exception.

    A trace function that raises is switched off. This one orders an asynchronous exception, which
    comes at the next jump or call: in the except block, too, that swallowed the one before, and
    there nothing catches it. It is C all through: in Python, the order would come to itself.
    """
    order = functools.partial(_order_while_tracing(), _thread(), ctypes.py_object(TimeUp))
    sys.settrace(order)
    while frame is not None and frame.f_code is not _with_alarm.__code__:
        frame.f_trace = order
        frame = frame.f_back


def _order_while_tracing() -> Any:
    """Return PyThreadState_SetAsyncExc as a function that also takes what tracing hands over."""
    traced = (ctypes.py_object,) * 3  # frame, event, argument: C ignores what it does not read
    prototype = ctypes.PYFUNCTYPE(None, ctypes.c_ulong, ctypes.py_object, *traced)
    return prototype(("PyThreadState_SetAsyncExc", ctypes.pythonapi))


def _in_thread(allowance: Allowance, function: Callable[[], Any]) -> Any:
    result: list[Any] = []
    failure: list[BaseException] = []
    ready = threading.Event()
    clock: list[Callable[[], float]] = [time.monotonic]

    def work() -> None:
        clock[0] = _clock_of_this_thread()
        ready.set()
        try:
            result.append(function())
        except BaseException as error:
            failure.append(error)

    context = contextvars.copy_context()  # NumPy keeps its error state there
    thread = threading.Thread(target=context.run, args=(work,), daemon=True)
    with contextlib.suppress(RuntimeError):  # Python in a browser has no threads
        thread.start()
    if thread.ident is None:
        return function()
    ready.wait()
    meter = _Meter(allowance, clock[0])
    thread.join(TICK)
    while thread.is_alive() and not meter.look(_stage_of(thread)):
        thread.join(TICK)
    timed_out = thread.is_alive()
    for _ in range(20):
        if not thread.is_alive():
            break
        if _stage_of(thread) is not Stage.IMPORTING:
            _order(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUp))
        thread.join(TICK)
    if thread.is_alive():
        raise StillRunning
    meter.look(Stage.WORKING)
    if failure and (not timed_out or isinstance(failure[0], TimeUp)):
        raise failure[0]
    if timed_out:
        raise TimeUp
    return result[0]


def _stage_of(thread: threading.Thread) -> Stage:
    return _stage(sys._current_frames().get(thread.ident or 0))


def _clock_of_this_thread() -> Callable[[], float]:
    """Return a clock that another thread may read, and which tells what this one has computed."""
    if not hasattr(time, "pthread_getcpuclockid"):  # then what passes has to count
        return time.monotonic
    number = time.pthread_getcpuclockid(threading.get_ident())
    last = [0.0]

    def read() -> float:
        with contextlib.suppress(OSError):  # the thread has ended
            last[0] = time.clock_gettime(number)
        return last[0]

    return read


_OUTERMOST = (_with_alarm.__code__, _in_thread.__code__)  # below them the call's own stack begins
