"""Python on the site: the files that a page's Python is made of, in `_static/python/`.

They are loaded at a reader's first press on *Run* or *Check*, and not before; each is checked by
the browser against the checksums in `manifest.json`. Where Pyodide or NumPy cannot be had, the site
is built without Python, and the end of the build says so.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from softmaxbook.checking.questions import solutions_shown

from . import packages
from .builders import is_site
from .distribution import WHEEL, Unavailable, lock_of, numpy, pyodide

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "python"
MODULES = Path(__file__).with_name("assets") / "python"
SENT = ("archive.mjs", "interpreter.mjs", "room.mjs", "worker.mjs")
"""Modules that the page reads as files, checks and hands on; it imports the others itself."""

SWITCH = "SOFTMAXBOOK_PYODIDE"
"""Set to "no", the site is built without Python, and nothing is fetched."""

PACKED = ".packed"
"""Ends the names of files that are compressed, whatever the server does; few servers know it."""


class Python:
    """What the site gets, found out once a build."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.wheels: list[str] = []
        self.missing = ""

    def prepare(self, solutions: bool, chosen: str | None = None, cache: Path = CACHE) -> None:
        """Fetch what is needed, or note what is missing."""
        try:
            found = pyodide(cache)
            lock = lock_of(found)
            name, wheel = numpy(lock, cache, chosen)
        except Unavailable as error:
            self.missing = str(error)
            return
        own = {name: (MODULES / name).read_bytes() for name in SENT}
        self.wheels = [name, "softmaxbook.whl"]
        found["pyodide-lock.json"] = _without_packages(lock)
        compressed = {
            f"{each}{PACKED}": gzip.compress(data, 9, mtime=0) for each, data in found.items()
        }
        wheels = {
            name: packages.trimmed(wheel),
            "softmaxbook.whl": packages.wheel_for_page(solutions),
        }
        self.files = {**own, **compressed, **wheels}

    def manifest(self) -> dict[str, Any]:
        """Return what the browser reads first: whether there is Python, and of which files."""
        files = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in self.files.items()
        }
        return {"available": not self.missing, "files": files, "wheels": self.wheels}

    def publish(self, target: Path) -> None:
        """Write the files and their list, in place of those of a former build."""
        target.mkdir(parents=True, exist_ok=True)
        modules = [path for path in MODULES.iterdir() if path.is_file()]
        keep = {*self.files, *(path.name for path in modules)}
        for path in target.iterdir():
            if path.name not in keep:
                path.unlink()
        for name, data in self.files.items():
            (target / name).write_bytes(data)
        for path in modules:
            shutil.copy(path, target / path.name)
        (target / "manifest.json").write_text(json.dumps(self.manifest()), encoding="utf-8")


def _without_packages(lock: Mapping[str, Any]) -> bytes:
    """Return the lock file as Pyodide needs it where it loads no package by itself."""
    return json.dumps({"info": lock["info"], "packages": {}}).encode()


def available(app: Sphinx) -> bool:
    """Return whether the site that is built has Python."""
    return not _of(app).missing


def checks(app: Sphinx) -> bool:
    """Return whether answers can be checked: not in an edition without solutions."""
    return available(app) and solutions_shown()


def provided() -> frozenset[str]:
    """Return the modules of this package, and NumPy, that a page's Python can import."""
    return packages.provided(solutions_shown()) | {"numpy"}


def engine_version(app: Sphinx) -> str:
    """Return what to append to the engine's address, so that no browser takes a former one."""
    modules = b"".join(path.read_bytes() for path in sorted(MODULES.glob("*.mjs")))
    return hashlib.sha256(modules).hexdigest()[:12]


def _of(app: Sphinx) -> Python:
    found: Python = app.config["softmaxbook_python"]
    return found


def prepare(app: Sphinx) -> None:
    """Find out what the site gets."""
    if not is_site(app) or os.environ.get(SWITCH, "yes").lower() == "no":
        _of(app).missing = f"{SWITCH}=no"
        return
    _of(app).prepare(solutions_shown(), os.environ.get(WHEEL))


def write(app: Sphinx, exception: Exception | None) -> None:
    """Put the files on the site, in place of those of a former build."""
    if exception is not None or not is_site(app):
        return
    python = _of(app)
    python.publish(Path(app.outdir) / "_static" / "python")
    if python.missing:
        logger.info("Python does not run on the pages, which offer Binder: %s.", python.missing)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_config_value("softmaxbook_python", Python(), "", Python)
    app.connect("builder-inited", prepare)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
