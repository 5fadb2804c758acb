"""Have a function called on the machines of a Dask cluster: bytes go there, and bytes come back.

Grading and the experiments use it where they are given the address of a scheduler. Machines come
and go, so nothing is taken for granted:

- A worker gets nothing before it has said that it has this very program and what else is needed,
  and it looks again at every call. One that has not is named and left out.
- Where the scheduler is lost, Dask cancels all that was asked for. Then it is asked for again, of
  the next scheduler at that address.
- No more is under way than keeps the workers busy: memory does not grow with the number of calls.
- Short calls travel several at a time, as many as take a moment: each parcel costs the same.

A call may happen twice, as when a machine is lost that had nearly ended; its result is yielded
once. So a function has to give the same for the same bytes, and to write nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import sys
import time
import uuid
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

FIRST_SECONDS = 15.0  # for the first answer of a scheduler
PATIENCE = 600.0  # seconds for a scheduler that was lost, or for a first worker
RESULT_SECONDS = 60.0  # for a result that is there to arrive
LOOK_SECONDS = 1.0  # between looks at which workers there are
AHEAD = 3  # parcels of calls under way for each thread of a worker
PARCEL_SECONDS = 0.2  # that the calls of a parcel take: what Dask costs is little beside them
LARGEST = 32  # calls in a parcel

Call = Callable[[bytes], bytes]
Fit = Callable[[bytes], str]  # why this process cannot serve, or nothing


class ClusterError(Exception):
    """What is wrong with a cluster, and what to do about it."""


class Lost(Exception):
    """The scheduler does not answer any more."""


# ── the same program everywhere ──────────────────────────────────────────────────────────────


def program(libraries: Collection[str] = ("numpy",)) -> dict[str, str]:
    """Return what results follow from: the package's files but its tables, Python, libraries.

    Examples
    --------
    >>> sorted(program())
    ['numpy', 'python', 'softmaxbook']
    """
    versions = {name: _installed(name) for name in libraries}
    return {"softmaxbook": _text_hash(), "python": platform.python_version(), **versions}


def differences(wanted: dict[str, str]) -> str:
    """Return in words how this process differs from a program that is wanted, or nothing.

    Examples
    --------
    >>> differences(program() | {"numpy": "1.0"}).partition(", not")[2]
    ' 1.0'
    """
    here = program([name for name in wanted if name not in ("softmaxbook", "python")])
    return "; ".join(
        "its softmaxbook has other files: install the same one"
        if name == "softmaxbook"
        else f"it has {name} {here[name]}, not {each}"
        for name, each in wanted.items()
        if here[name] != each
    )


@cache  # it is asked at every call, and searches the environment's folders
def _installed(name: str) -> str:
    try:
        return version_of(name)
    except PackageNotFoundError:
        return "(none)"


@cache
def _text_hash() -> str:
    package, found = Path(__file__).parent, hashlib.sha256()
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.is_file() and "__pycache__" not in inside.parts and inside.parts[0] != "results":
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            found.update(f"{inside.as_posix()} {content}\n".encode())
    return found.hexdigest()


# ── on a worker ──────────────────────────────────────────────────────────────────────────────


def _called(
    fit: str, wanted: bytes, function: str, given: Sequence[bytes]
) -> tuple[str, str, list[bytes], float]:
    """Return why this worker is not fit and where it is, or the results of calls and their time."""
    from distributed import get_worker

    why = _asked(fit, wanted)
    if why:
        return why, get_worker().address, [], 0.0
    start = time.monotonic()
    results = [_named(function)(each) for each in given]
    return "", "", results, time.monotonic() - start


def _asked(fit: str, wanted: bytes) -> str:
    """Return why this process is not fit, or nothing."""
    return str(_named(fit)(wanted))


def _name_of(function: Call | Fit) -> str:
    """Return a name that travels in its place: the scheduler reads it, and imports nothing."""
    return f"{function.__module__}:{function.__qualname__}"


def _named(name: str) -> Callable[[bytes], Any]:
    module, _, function = name.partition(":")
    found: Callable[[bytes], Any] = getattr(import_module(module), function)
    return found


# ── on the scheduler ─────────────────────────────────────────────────────────────────────────


def _here() -> bool:
    """Return that this module is here: what is asked for names it, and a scheduler reads that."""
    return True


# ── with the command ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Sent:
    """A parcel: calls by their numbers, and the workers that may have them."""

    calls: tuple[tuple[int, bytes], ...]
    allowed: frozenset[str] = frozenset()

    def parted(self) -> Iterator[_Sent]:
        """Yield a parcel for each of the calls."""
        return (_Sent((each,)) for each in self.calls)


@dataclass
class _Size:
    """How many calls a parcel gets, from how long those before it took."""

    calls: int = 1

    def learn(self, calls: int, seconds: float) -> None:
        """Fit the size to what came back; it grows step by step, and shrinks at once."""
        fitting = int(PARCEL_SECONDS * calls / seconds) if seconds > 0 else LARGEST
        self.calls = max(1, min(fitting, 2 * self.calls, LARGEST))


@dataclass
class Cluster:
    """The workers behind a scheduler that are fit; a context manager, for it is connected.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``, or ``tls://…`` with the certificates
        that Dask's own configuration names.
    fit : callable
        A function of a module; called on each worker with `wanted`, it says why not, or nothing.
    wanted : bytes
    alone : bool
        Whether workers of several threads are left out.

    Raises
    ------
    ClusterError
        If no scheduler answers, or no worker is fit.
    """

    address: str
    fit: Fit
    wanted: bytes = b""
    alone: bool = False
    tell: Callable[[str], None] = lambda said: print(f"softmaxbook: {said}", file=sys.stderr)
    _client: Any = field(init=False, default=None)
    _fit: dict[str, int] = field(init=False, default_factory=dict)  # threads by address
    _unfit: dict[str, str] = field(init=False, default_factory=dict)  # why, by address

    def __enter__(self) -> Cluster:
        try:
            import distributed  # noqa: F401
        except ImportError:
            raise ClusterError(
                "a scheduler needs Dask here too: pip install 'softmaxbook[cluster]'"
            ) from None
        if not self.address.strip():  # of nothing Dask makes a cluster of its own
            raise ClusterError("give the address of a scheduler, such as tcp://10.0.0.1:8786")
        try:
            self._connect(FIRST_SECONDS)
            self._wait_for_workers()
        except (Lost, ValueError) as error:  # an address that is none
            self._hang_up()
            raise ClusterError(
                f"no scheduler answers at {self.address} ({error}): start one with `dask "
                "scheduler`, and give the address that it prints"
            ) from None
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def call(
        self, function: Call, given: Iterable[bytes]
    ) -> Generator[tuple[int, bytes | BaseException], None, None]:
        """Yield the number and the result of each call, once, in the order in which they end.

        Parameters
        ----------
        function : callable
            A function of a module that workers can import.
        given : iterable of bytes
            Read as results arrive, a few parcels ahead.

        Yields
        ------
        number : int
            The place in `given`, from 0.
        result : bytes or exception
            What the call returned, or raised.

        Raises
        ------
        ClusterError
            If a lost scheduler does not come back, or no worker that is fit.
        """
        left, again, size = enumerate(given), deque[_Sent](), _Size()
        under_way: dict[Any, _Sent] = {}
        ended: SimpleQueue[Any] = SimpleQueue()
        looked = time.monotonic()
        try:
            while True:
                try:
                    if time.monotonic() - looked > LOOK_SECONDS or not self._fit:
                        self._wait_for_workers()
                        self._take_back(under_way, again)
                        looked = time.monotonic()
                    while len(under_way) < AHEAD * sum(self._fit.values()):
                        sent = again.popleft() if again else _next(left, size)
                        if not sent.calls:
                            break
                        self._send(function, sent, under_way, ended)
                    if not under_way and not again:
                        return
                    with contextlib.suppress(Empty):
                        future = ended.get(timeout=LOOK_SECONDS)
                        if future in under_way:
                            sent = under_way[future]
                            results = self._results(future, sent, size)
                            del under_way[future]
                            if results is None:
                                again.extend(sent.parted())
                            else:
                                yield from results
                except Lost:
                    again.extend(under_way.values())
                    under_way.clear()
                    self._connect_again()
        finally:
            for future in under_way:
                with contextlib.suppress(Exception):
                    future.cancel()

    def _send(
        self, function: Call, sent: _Sent, under_way: dict[Any, _Sent], ended: SimpleQueue[Any]
    ) -> None:
        allowed = frozenset(self._fit)
        with _losing(self._client):
            future = self._client.submit(
                *(_called, _name_of(self.fit), self.wanted, _name_of(function)),
                [each for _, each in sent.calls],
                key=f"softmaxbook-{uuid.uuid4().hex}",
                workers=sorted(allowed),
                pure=False,
            )
        under_way[future] = _Sent(sent.calls, allowed)
        future.add_done_callback(ended.put)

    def _results(
        self, future: Any, sent: _Sent, size: _Size
    ) -> list[tuple[int, bytes | BaseException]] | None:
        """Return what a parcel gave by number, or None where its calls have to be made again.

        Where one of several raised, or ended its worker, each is made again by itself, to know it.
        """
        numbers = [number for number, _ in sent.calls]
        if future.status == "error":
            if len(numbers) > 1:
                return None
            with _losing(self._client):
                raised: BaseException = future.exception(timeout=RESULT_SECONDS)
            return [(numbers[0], raised)]
        try:
            with _losing(self._client):
                why, where, results, seconds = future.result(timeout=RESULT_SECONDS)
        except Lost:
            raise
        except Exception as error:  # its worker was lost with the result, and then more of them
            return [(numbers[0], error)] if len(numbers) == 1 else None
        if why:
            self._leave_out(where, why)
            return None
        size.learn(len(numbers), seconds)
        return list(zip(numbers, map(bytes, results), strict=True))

    def _take_back(self, under_way: dict[Any, _Sent], again: deque[_Sent]) -> None:
        """Take back what waits for workers that are all gone: others are there by now."""
        for future, sent in list(under_way.items()):
            if not sent.allowed & self._fit.keys():
                again.append(under_way.pop(future))
                with contextlib.suppress(Exception):
                    future.cancel()

    # ── which workers ────────────────────────────────────────────────────────────────────────

    def _wait_for_workers(self) -> None:
        """Return when a worker is fit; ClusterError where all that there are are not."""
        until, told = time.monotonic() + PATIENCE, False
        while not self._look_around():
            if self._unfit:
                said = "; ".join(f"{where}: {why}" for where, why in self._unfit.items())
                raise ClusterError(f"no worker of {self.address} is fit ({said})")
            if time.monotonic() > until:
                raise ClusterError(
                    f"{self.address} has no worker: start one with `dask worker {self.address}`"
                )
            if not told:
                self.tell(f"waiting for a worker of {self.address}")
                told = True
            time.sleep(LOOK_SECONDS)

    def _look_around(self) -> bool:
        """Ask the workers that are new, and return whether one is fit."""
        with _losing(self._client):
            there = self._client.scheduler_info(n_workers=-1)["workers"]
        self._fit = {each: threads for each, threads in self._fit.items() if each in there}
        self._unfit = {each: why for each, why in self._unfit.items() if each in there}
        new = [each for each in there if each not in self._fit and each not in self._unfit]
        if new:
            with _losing(self._client):
                said = self._client.run(
                    *(_asked, _name_of(self.fit), self.wanted), workers=new, on_error="return"
                )
            for where in new:
                why = said.get(where, OSError("it does not answer"))
                if isinstance(why, OSError):
                    continue  # it is gone, or too busy to answer: asked again at the next look
                if not why and self.alone and there[where]["nthreads"] != 1:
                    why = "its calls must not share a process: start it with --nthreads 1"
                if why:
                    self._leave_out(where, _in_words(why))
                else:
                    self._fit[where] = int(there[where]["nthreads"])
        return bool(self._fit)

    def _leave_out(self, where: str, why: str) -> None:
        if where not in self._unfit:
            self.tell(f"the worker {where} is left out: {why}")
        self._unfit[where] = why
        self._fit.pop(where, None)

    # ── the connection ───────────────────────────────────────────────────────────────────────

    def _connect(self, seconds: float) -> None:
        from distributed import Client

        self._fit, self._unfit = {}, {}
        with _losing():
            self._client = Client(  # type: ignore[no-untyped-call, unused-ignore]
                self.address, timeout=seconds, set_as_default=False
            )
        try:
            with _losing(self._client):
                self._client.run_on_scheduler(_here)
        except ImportError as error:
            raise ClusterError(
                f"the scheduler {self.address} cannot import the program ({error}): install the "
                "same softmaxbook there too"
            ) from None

    def _hang_up(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close(timeout=2)
            self._client = None

    def _connect_again(self) -> None:
        """Return when a scheduler is there again; what the lost one knew is gone."""
        self.tell(f"the scheduler {self.address} is lost; waiting for it to come back")
        until = time.monotonic() + PATIENCE
        self._hang_up()
        while True:
            try:
                self._connect(FIRST_SECONDS)
                return self._wait_for_workers()
            except Lost as error:
                self._hang_up()
                if time.monotonic() > until:
                    raise ClusterError(
                        f"the scheduler {self.address} does not come back ({error}): what is done "
                        "is kept; start it, and run the command again"
                    ) from None
                time.sleep(LOOK_SECONDS)


def _next(left: Iterator[tuple[int, bytes]], size: _Size) -> _Sent:
    """Return the next parcel; one without calls where none is left."""
    return _Sent(tuple(islice(left, size.calls)))


@contextlib.contextmanager
def _losing(client: Any = None) -> Iterator[None]:
    """Turn the many ways in which Dask tells of a lost connection into one."""
    from asyncio import CancelledError as Cancelled
    from concurrent.futures import CancelledError

    try:
        yield
    except (OSError, CancelledError, Cancelled) as error:  # a TimeoutError is an OSError
        raise Lost(f"{type(error).__name__}: {error}") from error
    except Exception as error:
        if client is None or client.status == "running":
            raise
        raise Lost(f"the client is {client.status}: {error}") from error


def _in_words(why: object) -> str:
    # Dask passes on as a plain exception what hinders it to read the very call.
    if isinstance(why, ImportError) or "ModuleNotFoundError" in str(why):
        return f"it cannot import the program ({why}): install the same softmaxbook there"
    return f"{type(why).__name__}: {why}" if isinstance(why, BaseException) else str(why)


def packed(data: object) -> bytes:
    """Return data as the bytes of JSON: all that travels.

    Examples
    --------
    >>> packed({"seed": 1})
    b'{"seed": 1}'
    """
    return json.dumps(data).encode("ascii")
