"""The files of a folder or a zip archive, without trusting a name, a size or a link in it."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from ..course import CourseError
from ..submissions.problems import Kind, Problem

MOST_FILES = 20_000
MOST_BYTES = 4_000_000_000  # of all files together, unpacked
MOST_BYTES_OF_ONE = 100_000_000

# What macOS, Windows, Linux, network drives and office programs add to a folder of files.
_CLUTTER = re.compile(
    r"\..*|__MACOSX|Icon[\r\uf00d]"
    r"|thumbs\.db|ehthumbs(_vista)?\.db|desktop\.ini|\$recycle\.bin|system volume information"
    r"|.+[:\uf03a]zone\.identifier"
    r"|lost\+found|@eadir|~\$.+",
    re.IGNORECASE | re.DOTALL,
)


class Unreadable(Exception):
    """A file that is not read, with the problem that it is."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Entry:
    """One file: where it lies, when it was written, and how to read it."""

    path: PurePosixPath
    when: datetime | None
    read: Callable[[], bytes]  # raises Unreadable


@contextmanager
def opened(source: Path) -> Iterator[list[Entry]]:
    """Open a folder or a zip archive, and give its files without those that systems add.

    Raises
    ------
    CourseError
        If there is no such folder or archive, or if the archive is not to be trusted.
    """
    if source.is_dir():
        yield [entry for entry in _of_folder(source) if not is_clutter(entry.path)]
        return
    if not source.is_file():
        raise CourseError(f"there is no folder or zip archive {source}")
    with source.open("rb") as file:
        try:
            found = entries_of_zip(source.name, file)
        except Unreadable as error:
            raise CourseError(f"{source} is refused: {error}") from None
        yield found


def is_clutter(path: PurePosixPath) -> bool:
    """Return whether a system put the file there, and nobody wrote it.

    Examples
    --------
    >>> [is_clutter(PurePosixPath(name)) for name in ("ada/Thumbs.db", "ada/thumbs.ipynb")]
    [True, False]
    """
    return any(_CLUTTER.fullmatch(part) for part in path.parts)


def _of_folder(root: Path) -> Iterator[Entry]:
    for folder, folders, names in os.walk(root):  # links to folders are not followed
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            when = datetime.fromtimestamp(path.lstat().st_mtime).astimezone()
            yield Entry(PurePosixPath(path.relative_to(root).as_posix()), when, _reader(path))


def _reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            raise Unreadable(Kind.A_LINK.of(name=path.name))
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable(Kind.NO_FILE.of(name=path.name))
        try:
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(path, flags), "rb") as file:
                return _bounded(path.name, file)
        except OSError as error:
            why = error.strerror or "no reason given"
            raise Unreadable(Kind.UNREADABLE.of(name=path.name, why=why)) from None

    return read


def _bounded(name: str, file: IO[bytes]) -> bytes:
    data = file.read(MOST_BYTES_OF_ONE + 1)
    if len(data) > MOST_BYTES_OF_ONE:
        raise _too_large(name)
    return data


def _too_large(name: str) -> Unreadable:
    return Unreadable(Kind.TOO_LARGE.of(name=name, most=MOST_BYTES_OF_ONE // 10**6))


def entries_of_zip(name: str, file: IO[bytes]) -> list[Entry]:
    """Return the files of an archive; nothing is written to disk.

    Raises
    ------
    Unreadable
        If it is no archive, leaves its folder, holds a link, or is a bomb.
    """
    try:
        archive = zipfile.ZipFile(file)
        members = [each for each in archive.infolist() if not each.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Unreadable(Kind.NO_ARCHIVE.of(name=name, why=str(error))) from None
    if len(members) > MOST_FILES:
        raise Unreadable(Kind.TOO_MANY_FILES.of(files=len(members), most=MOST_FILES))
    total = sum(each.file_size for each in members)
    if total > MOST_BYTES:
        raise Unreadable(Kind.BOMB.of(size=f"{total / 1e9:.0f}"))
    for member in members:
        _refuse_strange(member)
    found = (
        Entry(PurePosixPath(each.filename), _written(each), _member_reader(archive, each))
        for each in members
    )
    return [entry for entry in found if not is_clutter(entry.path)]


def _refuse_strange(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        raise Unreadable(Kind.ABSOLUTE_PATH.of(name=name))
    if ".." in parts:
        raise Unreadable(Kind.PATH_LEADS_OUT.of(name=name))
    if "\0" in name:
        raise Unreadable(Kind.IMPOSSIBLE_NAME.of(name=name))
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Unreadable(Kind.LINK_INSIDE.of(name=name))
    if member.flag_bits & 1:
        raise Unreadable(Kind.ENCRYPTED.of(name=name))


def _written(member: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*member.date_time).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _member_reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    name = PurePosixPath(member.filename).name

    def read() -> bytes:
        if member.file_size > MOST_BYTES_OF_ONE:
            raise _too_large(name)
        try:
            with archive.open(member) as file:
                return _bounded(name, file)
        except Unreadable:
            raise
        except Exception as error:  # zlib.error, lzma.LZMAError: each method has its own
            raise Unreadable(Kind.DAMAGED_INSIDE.of(name=name, why=str(error))) from None

    return read
