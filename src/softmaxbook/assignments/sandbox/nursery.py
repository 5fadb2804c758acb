"""Start workers from a process that has imported what they need: the second part that lives inside.

Importing NumPy takes ten times as long as all else that a sandbox costs. So one sandbox holds this
process, which imports and then waits. For every worker that the grader orders, it forks a process
that leaves all namespaces for new ones of its own: no process, no file in ``/tmp``, no network and
no memory that it could change is shared with another worker, or with this process. There it gives
up every right, and is a worker like one that started alone.

This process never runs a student's program and never reads what a worker writes. Its memory, which
each worker has a copy of, holds modules and nothing of any student.

Orders come through a socket, one message each: the settings of a worker, with its two pipes, or
``end``. Each is answered in one message: ``done``, or why not.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

from . import namespaces, worker

ORDER_LIMIT = 1 << 16


def main() -> None:
    """Serve the grader until it hangs up."""
    settings = json.loads(sys.argv[1])
    orders = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    worker.preload(settings)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    namespaces.call("prctl", namespaces.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    namespaces.call("prctl", namespaces.PR_SET_DUMPABLE, 0, 0, 0, 0)
    gc.collect()
    gc.freeze()  # else collecting in a child copies every page
    orders.send(b"done")
    first = 0  # process of the worker's sandbox
    while True:
        order, descriptors, _, _ = socket.recv_fds(orders, ORDER_LIMIT, 2)
        if not order:
            return
        if first:
            _end(first)
            first = 0
        said = b"done"
        if descriptors:
            try:
                first = _begin(settings | json.loads(order), orders, descriptors)
            except OSError as error:
                said = str(error).encode()
        for each in descriptors:
            os.close(each)
        orders.send(said)


def _end(first: int) -> None:
    """End a sandbox: with its first process, all others end, and are gone before this returns."""
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)


def _begin(settings: Mapping[str, Any], orders: socket.socket, descriptors: list[int]) -> int:
    """Start a worker in namespaces of its own; return the first process there, or raise OSError."""
    reading, writing = os.pipe()
    between = os.fork()
    if not between:
        try:
            orders.close()
            os.close(reading)
            namespaces.unshare()
            first = os.fork()
            if not first:
                os.close(writing)
                _first(settings, *descriptors)
            os.write(writing, str(first).encode())  # this process ends, and leaves it to its parent
        except OSError as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(between, 0)
    said = os.read(reading, 1000).decode()
    os.close(reading)
    if not said.isdecimal():
        raise OSError(said or "no process was made")
    return int(said)


def _first(settings: Mapping[str, Any], source: int, sink: int) -> None:
    """Furnish the namespaces, start the worker, and collect what ends, as bubblewrap does."""
    try:
        namespaces.empty_folder("/tmp", settings["scratch"])
        namespaces.loopback()
        os.chdir("/tmp")
        namespaces.forget_capabilities()
        namespaces.deny(bytes.fromhex(settings["filter"]))
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # which does not reach a first process
        started = os.fork()
        if not started:
            os.setsid()
            worker.shrink(settings)
            namespaces.drop_capabilities()
            worker.serve(settings, source, sink)
            os._exit(0)
        namespaces.drop_capabilities()
        os.close(source)
        os.close(sink)
        while os.wait()[0] != started:
            pass
    finally:
        os._exit(0)
