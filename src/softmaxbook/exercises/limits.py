"""Call a function for a few seconds at most, and get the control back."""

from __future__ import annotations

import contextvars
import ctypes
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn


class TimeUp(BaseException):
    """The time is over. Not an Exception, so that ``except Exception`` lets it pass."""


class StillRunning(TimeUp):
    """The time is over, and the platform could not interrupt the call."""


AGAIN = 0.2  # seconds after which a call that swallowed TimeUp gets the next one


def call_within(seconds: float, function: Callable[[], Any]) -> Any:
    """Return ``function()``, or raise `TimeUp` after `seconds`.

    In the main thread of a Unix system an alarm interrupts the call between two bytecodes, in a
    notebook kernel too, where an event loop is running. Elsewhere the call has a thread of its own,
    which is interrupted by an asynchronous exception. Neither can stop one long call into C code.
    """
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _with_alarm(seconds, function)
    return _in_thread(seconds, function)


def _with_alarm(seconds: float, function: Callable[[], Any]) -> Any:
    rings = 0
    done = False

    def ring(signum: int, frame: FrameType | None) -> None:
        nonlocal rings
        if done:
            return
        rings += 1
        if rings > 1:
            _raise_at_every_line(frame)
        raise TimeUp

    trace = sys.gettrace()
    handler = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        result = function()
        done = True
    finally:
        done = True
        sys.settrace(trace)
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)
    if rings:  # it caught TimeUp and went on to return something
        raise TimeUp
    return result


def _raise_at_every_line(frame: FrameType | None) -> None:
    """Leave a loop around a bare ``except:``, which swallows one exception and goes on.

    Tracing raises in the except block too, where nothing catches it.
    """

    def raise_here(frame: FrameType, event: str, argument: Any) -> NoReturn:
        raise TimeUp

    sys.settrace(raise_here)
    while frame is not None and frame.f_code is not _with_alarm.__code__:
        frame.f_trace = raise_here
        frame = frame.f_back


def _in_thread(seconds: float, function: Callable[[], Any]) -> Any:
    result: list[Any] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            result.append(function())
        except BaseException as error:
            failure.append(error)

    context = contextvars.copy_context()  # NumPy keeps its error state there
    thread = threading.Thread(target=context.run, args=(work,), daemon=True)
    thread.start()
    thread.join(seconds)
    timed_out = thread.is_alive()
    for _ in range(20):
        if not thread.is_alive():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUp)
        )
        thread.join(0.05)
    if thread.is_alive():
        raise StillRunning
    if timed_out:
        raise TimeUp
    if failure:
        raise failure[0]
    return result[0]
