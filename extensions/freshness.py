"""No stale number survives: what a page shows was computed by what stands in the files now.

MyST-NB's execution cache knows a page by its cells alone. Here the cache knows besides which files
the page opened while it was executed (`kernel.py` writes them down), and what each of them held.
As long as none of these has changed, and nothing that any page may notice, executing the page
again would compute the same.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from importlib.util import source_from_cache
from logging import WARNING, Handler, LogRecord, getLogger
from os import environ
from pathlib import Path
from typing import Any

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.util.logging import NAMESPACE, is_suppressed_warning

import softmaxbook
from softmaxbook.checking.questions import solutions_shown
from softmaxbook.family.corpus import CONTENTS

from .kernel import ANYTHING

PACKAGE = Path(softmaxbook.__file__).parent
"""The package that a cell imports, which a wrong environment might take from somewhere else."""

IGNORED = {"__pycache__", ".ipynb_checkpoints"}

FOLLOWED = {".bib", ".css", ".csv", ".json", ".md", ".mjs", ".py", ".yml"}
"""Suffixes of what only Python opens. Of weights, say, a library in another language may take hold
without Python's knowledge, so these count for every page."""


def files_below(folder: Path) -> Iterable[Path]:
    """Yield the files below `folder` in a fixed order, without what Python and Jupyter leave."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(p in IGNORED or p.endswith(".egg-info") for p in parts):
            yield path


def digest(*parts: str | bytes) -> str:
    """Return a digest of texts and bytes, in which their borders count."""
    result = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        result.update(hashlib.sha256(content).digest())
    return result.hexdigest()


def digest_of_environment() -> str:
    """Return a digest of the Python in use and of every installed package's version."""
    versions = sorted({f"{d.name}=={d.version}" for d in distributions()})
    return digest(platform.python_version(), *versions)


@dataclass(frozen=True)
class State:
    """What pages can follow from, as it stands now.

    Parameters
    ----------
    root : Path
        The book's folder; names of files are relative to it.
    folders : tuple of Path
        Where the files are that a page may open: the package, and beside the pages.
    files : mapping
        The digest of each of these.
    shared : str
        A digest of what every page follows from: the names of all these files, the contents of
        those that cannot be followed, the installed versions, and whether solutions are shown.
    """

    root: Path
    folders: tuple[Path, ...]
    files: Mapping[str, str]
    shared: str

    @classmethod
    def now(cls, root: Path, *folders: Path) -> State:
        """Return the present state of the book at `root`: its contents, and files in `folders`."""
        paths = [path for folder in folders for path in files_below(folder)]
        paths += root.glob(CONTENTS)
        files = {_name(path, root): digest(path.read_bytes()) for path in paths}
        unfollowed = [files[name] for name in files if Path(name).suffix not in FOLLOWED]
        kernel = Path(__file__).with_name("kernel.py").read_bytes()
        setting = environ.get("SOFTMAXBOOK_SOLUTIONS", "yes")
        shared = digest(*files, *unfollowed, digest_of_environment(), setting, kernel)
        return cls(root, folders, files, shared)

    def record(self, opened: Iterable[str]) -> dict[str, Any]:
        """Return what the execution of a page follows from that opened these files.

        The digests are those from before the execution, so that a file that changed meanwhile
        counts as changed.
        """
        names = {name for path in opened for name in self._meant(path)}
        return {
            "shared": self.shared,
            "files": {name: self._digest(name) for name in sorted(names)},
        }

    def holds(self, record: Mapping[str, Any]) -> bool:
        """Return whether nothing has changed that an execution followed from."""
        return record.get("shared") == self.shared and all(
            self._digest(name) == known != _UNKNOWN for name, known in record["files"].items()
        )

    def changed_since(self, former: Mapping[str, str]) -> set[str]:
        """Return the names of the files that are not what they were."""
        names = self.files.keys() | former.keys()
        return {name for name in names if self.files.get(name) != former.get(name)}

    def _meant(self, path: str) -> Iterable[str]:
        if path == ANYTHING:
            return self.files
        if Path(path).parent.name == "__pycache__" and path.endswith(".pyc"):
            path = source_from_cache(path)
        name = _name(Path(path), self.root)
        hidden = any(part.startswith(".") and part != ".." for part in Path(name).parts)
        return () if hidden or Path(path).is_relative_to(os.path.realpath(sys.prefix)) else (name,)

    def _digest(self, name: str) -> str:
        return self.files.get(name, _UNKNOWN if (self.root / name).exists() else _ABSENT)


_ABSENT = ""
_UNKNOWN = "unknown"
"""No digest: a page that opens a file of which no state knows is executed every time."""


def _name(path: Path, root: Path) -> str:
    return Path(os.path.relpath(os.path.realpath(path), os.path.realpath(root))).as_posix()


class WarningCounter(Handler):
    """Counts what Sphinx warns of; handed to Sphinx's own logger."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(WARNING)
        self.app = app
        self.warnings = 0

    def emit(self, record: LogRecord) -> None:
        """Count a warning, unless the settings suppress it."""
        kind, subkind = getattr(record, "type", ""), getattr(record, "subtype", "")
        suppressed = self.app.config.suppress_warnings
        self.warnings += not is_suppressed_warning(kind, subkind, suppressed)


class Unfinished:
    """A mark that stands from a build's first step to its good end.

    A build that finds the mark of another reads every page again. Sphinx warns about a page when it
    reads it: a second strict build, with nothing mended, would otherwise read nothing, find nothing
    and succeed. And one that was interrupted has read pages that it has not written.
    """

    def __init__(self, app: Sphinx) -> None:
        self.counter = WarningCounter(app)
        getLogger(NAMESPACE).addHandler(self.counter)

    def begin(self, app: Sphinx, config: Config) -> None:
        """Set the mark, and drop what an unfinished build has left."""
        mark = self._mark(app)
        if mark.exists():
            mark.with_name(ENV_PICKLE_FILENAME).unlink(missing_ok=True)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()

    def end(self, app: Sphinx, exception: Exception | None) -> None:
        """Take the mark away if all went well."""
        if exception is None and not self.counter.warnings:
            self._mark(app).unlink()

    def _mark(self, app: Sphinx) -> Path:
        return Path(app.doctreedir) / "unfinished"


def set_cache(app: Sphinx, config: Config) -> None:
    """Choose the execution cache."""
    cache = "with-solutions" if solutions_shown() else "without-solutions"
    config["nb_execution_cache_path"] = str(Path(app.outdir).parent / ".jupyter_cache" / cache)


def forget(app: Sphinx, env: Any, names: list[str]) -> None:
    """Forget all pages that will be read again, before the first of them is read.

    Sphinx forgets each when its turn comes. A label that has moved to a page whose turn comes
    earlier would stand on two pages, and a strict build would fail once.
    """
    for name in names:
        app.emit("env-purge-doc", env, name)
        env.clear_doc(name)


def write_all(app: Sphinx, env: Any) -> set[str]:
    """Have every page written again in every build, whichever of them were read.

    That costs little. Pages show what others say (explanations of the glossary, overviews, words
    to be found by) and what the extensions make of them, and links that no longer lead anywhere
    are found so. And Sphinx 7.4 forgets the index entries, by which its search finds a section,
    of each page that is not written again: it reads the rest of the old search index, but not
    these.
    """
    return set(env.found_docs)


def follow_package(app: Sphinx, *_: Any) -> None:
    """Let a page that shows docstrings follow from all modules: they take from one another."""
    if not app.env.temp_data.get("package_followed"):  # once a page
        app.env.temp_data["package_followed"] = True
        for path in PACKAGE.rglob("*.py"):
            app.env.note_dependency(_name(path, Path(app.srcdir)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    unfinished = Unfinished(app)
    app.connect("config-inited", unfinished.begin)
    app.connect("config-inited", set_cache)
    app.connect("env-before-read-docs", forget)
    app.connect("env-updated", write_all)
    app.connect("autodoc-process-docstring", follow_package)
    app.connect("build-finished", unfinished.end, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
