"""What a command prints may be read by another program, which can stop reading: ``… | head``."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")

CLOSED = 141  # as a shell says of a program that the signal SIGPIPE has ended


def quiet_when_closed(main: Callable[P, int]) -> Callable[P, int]:
    """Return a command's main function so that it ends quietly when nobody reads on.

    Its exit code is then 141, that of ``git log | head``.
    """

    @functools.wraps(main)
    def quietly(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            try:
                return main(*args, **kwargs)
            finally:
                _flush()  # Python would do so when it ends, and complain
        except BrokenPipeError:
            _say_no_more()
            return CLOSED

    return quietly


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()


def _say_no_more() -> None:
    """Let what is left to be written go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, AttributeError):  # a stream of no file, or none
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
