"""What a page's kernel is told before its first cell. This file is run inside the kernel.

The kernel writes down which files the page opens and which libraries it imports, ends a cell that
computes without end, and keeps to itself what a library says about its own code. Nothing of it is
visible to the page's cells.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from types import FrameType
from typing import Any

from IPython.core.getipython import get_ipython

OURS = ("__main__", "softmaxbook")
"""Whose warnings are never hushed: the page's cells and the package."""

ANYTHING = "*"
"""Stands in the diary for what another program may have opened."""

LIBRARY = "import "
"""Stands in the diary before the name of a library that the page loads."""

PROGRAMS = frozenset(
    {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.system"}
)
"""Python's audit events for the start of another program."""


def prepare(diary: str, folders: tuple[str, ...], seconds: float) -> None:
    """Get a kernel ready for a page.

    Parameters
    ----------
    diary : str
        The file that the names of opened files and of imported libraries are written to.
    folders : tuple of str
        Only files below these matter.
    seconds : float
        How long a cell may keep the processor busy.
    """
    keep_diary(diary, folders)
    limit_cells(seconds)
    hush_libraries()


def keep_diary(diary: str, folders: tuple[str, ...]) -> None:
    """Write the real path of each file that is opened for reading into a file, once, before a NUL.

    What is imported from the standard library or elsewhere is written by the name of its top.

    Python tells an audit hook of every file that it opens, modules and their compiled forms
    included, and forked processes keep the hook. Of another program's files it knows nothing, so
    that :data:`ANYTHING` is written instead.
    """
    out = os.open(diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    roots = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)
    written = set()

    def write(entry: str) -> None:
        if entry not in written:
            written.add(entry)
            os.write(out, os.fsencode(entry) + b"\0")

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, int) and not flags & os.O_WRONLY:
                real = os.path.realpath(os.fsdecode(path))
                if real.startswith(roots):
                    write(real)
        elif event == "import":
            write(LIBRARY + str(arguments[0]).partition(".")[0])
        elif event in PROGRAMS:
            write(ANYTHING)

    sys.addaudithook(listen)


def limit_cells(seconds: float) -> None:
    """Raise `TimeoutError` in a cell that has kept the processor busy for `seconds`.

    Processor time, unlike time on the wall, is the same on a machine that does something else
    besides. Where the system cannot measure it (Windows), the limit of the build remains.
    """
    if not hasattr(signal, "setitimer"):
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"the cell has kept the processor busy for {seconds:g} s")

    def start_clock(*_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds, 1)  # again, if the first was caught

    def stop_clock(*_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    signal.signal(signal.SIGPROF, stop)
    shell = get_ipython()
    assert shell is not None
    shell.events.register("pre_run_cell", start_clock)
    shell.events.register("post_run_cell", stop_clock)


def hush_libraries() -> None:
    """Do not show a `FutureWarning` that is about a library's own code.

    A page can do nothing about it. One that a cell or the package causes is shown, and fails a
    strict build.
    """
    show = warnings.showwarning

    def show_unless_its_own(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        *others: Any,
        **named: Any,
    ) -> None:
        if not (issubclass(category, FutureWarning) and is_about_itself(filename, callers())):
            show(message, category, filename, lineno, *others, **named)

    warnings.showwarning = show_unless_its_own


def callers() -> list[FrameType]:
    """Return the frames from the one that warns up to the first of :data:`OURS`, without that."""
    found = []
    frame: FrameType | None = sys._getframe()
    while frame is not None and _package(frame) not in OURS:
        if frame.f_globals is not globals() and _package(frame) not in ("warnings", "_py_warnings"):
            found.append(frame)
        frame = frame.f_back
    return found


def is_about_itself(filename: str, frames: list[FrameType]) -> bool:
    """Return whether a library's own code is what a warning is about.

    Parameters
    ----------
    filename : str
        The file that the warning is attributed to.
    frames : list of frame
        Those of :func:`callers`.

    Returns
    -------
    bool
        True if the warning is attributed to a library, and either to another one than the one that
        warns, or raised while a library loads a module of its own: whatever the page asks for, that
        code is the same. Where a library warns in a function that the page called, the page may be
        the cause.
    """
    if filename not in {frame.f_code.co_filename for frame in frames}:
        return False
    warning, *calling = frames
    blamed = {_package(frame) for frame in calling if frame.f_code.co_filename == filename}
    loading = any(frame.f_code.co_name == "<module>" for frame in calling)
    return loading or bool(blamed - {_package(warning)})


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
