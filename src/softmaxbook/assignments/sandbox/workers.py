"""Workers as the grader holds them: one that started alone, and one that came from a nursery."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from json import dumps
from pathlib import Path
from typing import Protocol

ORDER_SECONDS = 60.0  # for a nursery that imports PyTorch on a busy machine
IDLE_LIMIT = 8  # nurseries that wait; each holds what it has imported


class Worker(Protocol):
    """A process in a sandbox of its own, and two pipes to it."""

    @property
    def source(self) -> int:
        """Return the descriptor that its messages come from."""

    @property
    def sink(self) -> int:
        """Return the descriptor that takes messages to it."""

    def memory(self) -> int:
        """Return the bytes that its processes hold; 0 where nobody tells."""

    def said(self) -> str:
        """Return why it did not start, after ending it."""

    def end(self) -> None:
        """End it, and with it every process in its sandbox."""


@dataclass
class Alone:
    """A worker whose sandbox was made for it by bubblewrap, or that has none."""

    process: subprocess.Popen[bytes]

    @property
    def source(self) -> int:
        """Return the descriptor that its messages come from."""
        return _pipe(self.process.stdout)

    @property
    def sink(self) -> int:
        """Return the descriptor that takes messages to it."""
        return _pipe(self.process.stdin)

    def memory(self) -> int:
        """Return the bytes that its processes hold; 0 where nobody tells."""
        return memory_of(self.process.pid)

    def said(self) -> str:
        """Return what stands on its standard error, after ending it."""
        return _last_words(self.process)

    def end(self) -> None:
        """End it, and with it every process in its sandbox."""
        _end(self.process)


class Unborn(Exception):
    """No worker comes from this nursery: it did not start, ended, or may not make namespaces."""


@dataclass
class Nursery:
    """A sandbox whose process starts workers, one at a time."""

    process: subprocess.Popen[bytes]
    orders: socket.socket
    imports: tuple[str, ...]
    used: bool = False
    _inside: int = 0  # the process that starts workers, by the number that it has out here

    def begin(self, settings: Mapping[str, object], idle: Idle) -> Nursed:
        """Return a new worker; when it ends, the nursery waits among the idle. Else `Unborn`."""
        if not self.used:
            self._answer()
            self._inside = _last_of(self.process.pid)
        (source, outside), (inside, sink) = os.pipe(), os.pipe()
        try:
            order = dumps(settings).encode()
            socket.send_fds(self.orders, [order], [inside, outside])
            self._answer()
        except BaseException as error:
            os.close(source)
            os.close(sink)
            if isinstance(error, OSError):  # it is gone
                raise Unborn(str(error)) from None
            raise
        finally:
            os.close(inside)
            os.close(outside)
        self.used = True
        return Nursed(self, idle, source, sink)

    def _answer(self) -> None:
        self.orders.settimeout(ORDER_SECONDS)
        try:
            said = self.orders.recv(1 << 12)
        except OSError as error:
            raise Unborn(str(error)) from None
        if said != b"done":
            raise Unborn(said.decode(errors="replace"))

    def empty(self) -> None:
        """End the worker, and return when no process of it is left; `Unborn` if it will not."""
        try:
            self.orders.send(b"end")
        except OSError as error:
            raise Unborn(str(error)) from None
        self._answer()

    def memory(self) -> int:
        """Return the bytes that the worker and all that it started hold."""
        first = next(children_of(self._inside), 0)
        return sum(map(memory_of, children_of(first)))

    def close(self) -> None:
        """End the nursery with all that it started."""
        self.orders.close()
        _end(self.process)


@dataclass
class Nursed:
    """A worker from a nursery."""

    nursery: Nursery
    idle: Idle
    source: int
    sink: int

    def memory(self) -> int:
        """Return the bytes that its processes hold; 0 where nobody tells."""
        return self.nursery.memory()

    def said(self) -> str:
        """Return why it did not start, after ending its nursery."""
        return _last_words(self.nursery.process)

    def end(self) -> None:
        """End it, and with it every process in its sandbox."""
        os.close(self.source)
        os.close(self.sink)
        try:
            self.nursery.empty()
        except Unborn:
            self.nursery.close()
        else:
            self.idle.add(self.nursery)


@dataclass
class Idle:
    """The nurseries that wait for the next worker."""

    _waiting: list[Nursery] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, imports: tuple[str, ...]) -> Nursery:
        """Return one that has these imports, or raise KeyError."""
        with self._lock:
            for nursery in reversed(self._waiting):
                if nursery.imports == imports:
                    self._waiting.remove(nursery)
                    return nursery
        raise KeyError(imports)

    def add(self, nursery: Nursery) -> None:
        """Let a nursery wait; of too many the one that has waited longest ends."""
        with self._lock:
            self._waiting.append(nursery)
            surplus = self._waiting[:-IDLE_LIMIT]
            del self._waiting[:-IDLE_LIMIT]
        for each in surplus:
            each.close()

    def close(self) -> None:
        """End all that wait."""
        while self._waiting:
            self._waiting.pop().close()


def _pipe(stream: object) -> int:
    number: int = stream.fileno()  # type: ignore[attr-defined]
    return number


def _last_words(process: subprocess.Popen[bytes]) -> str:
    process.kill()
    said = process.stderr.read() if process.stderr is not None else b""
    return said.decode(errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()


def children_of(pid: int) -> Iterator[int]:
    """Yield the processes that a process has started, where the kernel tells."""
    with contextlib.suppress(OSError, ValueError):
        for thread in Path("/proc", str(pid), "task").iterdir():
            yield from map(int, (thread / "children").read_text().split())


def _last_of(pid: int) -> int:
    """Return the end of a chain of processes, each of which has started one."""
    child = next(children_of(pid), None)
    return pid if child is None else _last_of(child)


def memory_of(pid: int) -> int:
    """Return the bytes that a process and those below it hold in memory; 0 where nobody tells."""
    total, waiting = 0, [pid]
    while waiting:
        each = waiting.pop()
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages = int(Path("/proc", str(each), "statm").read_text().split()[1])
            total += pages * os.sysconf("SC_PAGE_SIZE")
        waiting += children_of(each)
    return total
