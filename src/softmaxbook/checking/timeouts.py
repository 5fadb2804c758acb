"""Call a function for a few seconds at most, and get the control back."""

from __future__ import annotations

import contextvars
import ctypes
import functools
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


class TimeUp(BaseException):
    """The time is over. Not an Exception, so that ``except Exception`` lets it pass."""


class StillRunning(TimeUp):
    """The time is over, and the platform could not interrupt the call."""


AGAIN = 0.2  # seconds after which a call that swallowed TimeUp gets the next one

# _order(thread, exception) lets a thread raise at its next jump or call; None drops the order.
_order = ctypes.pythonapi.PyThreadState_SetAsyncExc


def _thread() -> ctypes.c_ulong:
    return ctypes.c_ulong(threading.get_ident())


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
            _raise_at_every_step(frame)
        raise TimeUp

    trace, drop = sys.gettrace(), functools.partial(_order, _thread(), None)
    handler = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
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
        _order(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUp))
        thread.join(0.05)
    if thread.is_alive():
        raise StillRunning
    if timed_out:
        raise TimeUp
    if failure:
        raise failure[0]
    return result[0]
