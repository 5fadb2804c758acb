"""Where a student's program runs: the command line of the sandbox, and its limits.

The sandbox is made by bubblewrap. It has no network and no process of the machine. Its files are
the Python environment without this package, the students' part of the package, the worker's own
few modules, and an empty folder that is forgotten. There is no shell, no home, no ``/proc``, no
course and no solution.
"""

from __future__ import annotations

import compileall
import contextlib
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from ..course import CourseError
from .bubblewrap import bubblewrap, refuse_without_bubblewrap
from .seccomp import filter_program
from .shipped import PACKAGE, shipped_files
from .workers import Alone, Idle, Nursery, Unborn, Worker

# The worker forks a process for each look at an answer: what is imported before is imported once.
ALWAYS = ("numpy.random", "numpy.ma")  # which the worker's own code makes NumPy load
WHERE_NAMED = ("numpy.testing", "numpy.fft", "numpy.polynomial")  # which NumPy loads when used
WHERE_IMPORTED = ("softmaxbook", "torch", "scipy", "sklearn", "pandas", "matplotlib")
MEBIBYTE = 1 << 20

_START = (
    "import sys; sys.path.insert(0, {!r}); "
    "from engine.assignments.sandbox import {} as inside; inside.main()"
)
# What the process that makes namespaces may do, in its own sandbox; no worker has any of it.
_RIGHTS = ("CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SETPCAP")
_INSIDE = "/grader"  # where the worker's modules are, in the sandbox


@dataclass(frozen=True)
class Limits:
    """What a submission may use: bytes, processes and threads together, seconds an exercise."""

    memory: int = 1024 * MEBIBYTE  # of all its processes together
    addresses: int = 4096 * MEBIBYTE  # of one process: PyTorch maps gigabytes that it never uses
    scratch: int = 32 * MEBIBYTE  # in files
    processes: int = 24
    seconds: float = 5.0

    def by_name(self) -> dict[str, int]:
        """Return the limits that the kernel holds for each process, by the kernel's names."""
        return {
            "RLIMIT_AS": self.addresses,
            "RLIMIT_DATA": self.memory,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_FSIZE": self.scratch,
            "RLIMIT_NOFILE": 64,
            "RLIMIT_CORE": 0,
            "RLIMIT_CPU": int(60 + 20 * self.seconds),
            "RLIMIT_MSGQUEUE": 0,
            "RLIMIT_MEMLOCK": 0,
        }


@dataclass
class Sandbox:
    """Starts workers; a context manager, for it owns a folder with the worker's modules.

    With `unsafe` the worker runs as an ordinary process with the rights of whoever grades: time
    and memory are still bounded and comparing still happens outside, but nothing is hidden.
    """

    unsafe: bool = False
    limits: Limits = field(default_factory=Limits)
    hidden: Sequence[Path] = ()  # never to be seen, wherever they are
    package: bool = True  # whether the students' part of this book's package is inside
    _folder: Path = field(init=False)
    _idle: Idle = field(init=False, default_factory=Idle)
    _nursing: bool = field(init=False)

    def __post_init__(self) -> None:
        # The filter keeps a worker of a nursery from new namespaces. Its empty /tmp would hide a
        # Python that is installed below it.
        self._nursing = bool(filter_program()) and not any(map(_below_scratch, _shown()))
        if not self.unsafe:
            refuse_without_bubblewrap()
        self._folder = Path(tempfile.mkdtemp(prefix="softmaxbook-worker-"))
        try:
            self._furnish()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def _furnish(self) -> None:
        """Copy what the worker imports into its folder."""
        for name, content in shipped_files(self.package).items():
            target = self._folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        compileall.compile_dir(self._folder, quiet=2)
        for path in (self._folder, *self._folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._idle.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self, program: str = "") -> Worker:
        """Start a worker; `program` is what it will run, so that slow imports happen before.

        It comes from a nursery wherever that can be, and starts alone elsewhere: in namespaces of
        its own in either case.
        """
        imports = tuple(_imports(program))
        while self._nursing and not self.unsafe:
            nursery = self._nursery_with(imports)
            try:
                return nursery.begin(self._settings(beside=2), self._idle)
            except Unborn:
                nursery.close()
                self._nursing = nursery.used  # one that has served before may have been ended
        return self._alone(imports)

    def _nursery_with(self, imports: tuple[str, ...]) -> Nursery:
        """Return a nursery that is waiting, or a new one."""
        with contextlib.suppress(KeyError):
            return self._idle.take(imports)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        rights = [word for each in _RIGHTS for word in ("--cap-add", each)]
        settings = {
            "preload": imports,
            "scratch": self.limits.scratch,
            "filter": filter_program().hex(),
        }
        python = self._python(_INSIDE, "nursery", settings)
        bwrap = bubblewrap() or "bwrap"
        command = [bwrap, *self.arguments(), *rights, "--", sys.executable, *python]
        with theirs:
            process = self._popen(command, theirs, env={"PATH": os.defpath})
        return Nursery(process, ours, imports)

    def _alone(self, imports: tuple[str, ...]) -> Worker:
        settings = self._settings() | {"preload": imports}
        if self.unsafe:
            command = [sys.executable, *self._python(str(self._folder), "worker", settings)]
            return Alone(self._popen(command, env=_environment(tempfile.gettempdir())))
        reading, writing = os.pipe()
        try:
            os.write(writing, filter_program())
            os.close(writing)
            filtered = ["--seccomp", str(reading)] if filter_program() else []
            command = [
                *(bubblewrap() or "bwrap", *self.arguments(), *filtered, "--"),
                *(sys.executable, *self._python(_INSIDE, "worker", settings)),
            ]
            return Alone(self._popen(command, env={"PATH": os.defpath}, pass_fds=(reading,)))
        finally:
            os.close(reading)

    def _settings(self, beside: int = 0) -> dict[str, object]:
        """Return what a worker gives up; `beside` it are so many processes that it does not see."""
        limits = self.limits.by_name()
        if self.unsafe:
            # Elsewhere the number of processes is that of the user, who has others.
            for name in ("RLIMIT_NPROC", "RLIMIT_MSGQUEUE", "RLIMIT_MEMLOCK"):
                del limits[name]
        elif os.geteuid() != 0:  # then they are of the same user
            limits["RLIMIT_NPROC"] += beside
        user = _spare_user() if os.geteuid() == 0 and not self.unsafe else None
        return {"limits": limits, "user": user, "alone": not self.unsafe, "preload": ()}

    def _python(self, folder: str, module: str, settings: object) -> list[str]:
        return ["-P", "-s", "-B", "-c", _START.format(folder, module), json.dumps(settings)]

    def _popen(
        self, command: list[str], stdin: int | socket.socket = subprocess.PIPE, **options: object
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
                command,
                stdin=stdin,
                stdout=subprocess.PIPE if stdin == subprocess.PIPE else subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
                **options,
            )
        except OSError as error:
            raise CourseError(f"the worker cannot be started: {error}") from error

    def arguments(self) -> list[str]:
        """Return the arguments of bubblewrap."""
        shown = list(_shown())
        parents = dict.fromkeys(
            str(parent)
            for path in (*shown, Path(_INSIDE), Path("/dev/null"))
            for parent in reversed(path.parents[:-1])
        )
        masked = [str(each.resolve()) for each in (PACKAGE, *self.hidden)]
        return [
            *_namespaces(),
            *("--die-with-parent", "--new-session", "--clearenv"),
            # first, for it would hide a Python that is installed below it
            *("--perms", "1777", "--size", str(self.limits.scratch), "--tmpfs", "/tmp"),
            *(word for parent in parents for word in ("--perms", "0755", "--dir", parent)),
            *(word for path in shown for word in _binding(path)),
            *("--ro-bind", str(self._folder), _INSIDE),
            *(
                word
                for path in masked
                if any(Path(path).is_relative_to(each) for each in shown)
                for word in ("--perms", "0755", "--tmpfs", path, "--remount-ro", path)
            ),
            *("--dev-bind", "/dev/null", "/dev/null"),
            *("--dev-bind", "/dev/urandom", "/dev/urandom"),
            *("--remount-ro", "/", "--chdir", "/tmp", "--hostname", "sandbox"),
            *(word for pair in _environment("/tmp").items() for word in ("--setenv", *pair)),
        ]


def _imports(program: str) -> Iterator[str]:
    """Yield the slow imports of a program: they happen before the clock runs, and once."""
    yield from ALWAYS
    for name in WHERE_NAMED:
        if re.search(rf"\b{name.rpartition('.')[2]}\b", program):
            yield name
    for name in WHERE_IMPORTED:
        if re.search(rf"\b(import|from)\s+{name}\b", program):
            yield name


def _namespaces() -> Iterator[str]:
    yield from ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts")
    yield from ("--unshare-cgroup-try", "--cap-drop", "ALL")
    if os.geteuid() == 0:  # the worker becomes a user of its own before it reads a program
        yield from ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
    else:
        yield from ("--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000")


def _shown() -> Iterator[Path]:
    """Yield what of the machine's files is in the sandbox: the libraries and this Python."""
    found: list[Path] = []
    system = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives")
    executable = Path(os.path.realpath(sys.executable))
    for path in (*map(Path, system), *_prefixes(), executable, *_links(Path(sys.executable))):
        if path.exists() and not any(path.is_relative_to(each) for each in found):
            found.append(path)
    yield from found


def _below_scratch(path: Path) -> bool:
    return path.is_relative_to("/tmp")


def _prefixes() -> Iterator[Path]:
    """Yield the folders of this Python: where it is the system's, its libraries only."""
    for prefix in dict.fromkeys((sys.base_prefix, sys.exec_prefix, sys.prefix)):
        if prefix in ("/", "/usr", "/usr/local"):
            yield from (Path(prefix) / "lib", Path(prefix) / "lib64")
        else:
            yield Path(prefix)


def _links(path: Path) -> Iterable[Path]:
    """Return the links that lead from a path to the file it means, for Python finds itself so."""
    links: list[Path] = []
    while path.is_symlink() and len(links) < 20:
        links.append(path)
        path = path.parent / os.readlink(path)
    return links


def _binding(path: Path) -> Iterator[str]:
    if path.is_symlink():
        yield from ("--symlink", os.readlink(path), str(path))
    else:
        yield from ("--ro-bind", str(path), str(path))


_numbers = itertools.count()


def _spare_user() -> int:
    """Return a user id that nobody has: each worker its own, for processes are counted by user."""
    return 61184 + (64 * os.getpid() + next(_numbers)) % 4096


def _environment(home: str) -> dict[str, str]:
    one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")}
    return {
        **one,
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",  # the same marks on a second run
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": home,
    }
