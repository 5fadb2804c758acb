"""No stale number survives: what a page shows was computed by the code that stands in `src/`.

MyST-NB's execution cache knows a page by its cells alone, so after a change in the package it would
serve the old outputs. Here every state of the code has a cache folder of its own, named by a
fingerprint of all that a cell can import. As the folder's name is a Sphinx setting on which every
page depends, a new name makes Sphinx read, and so execute, every page again.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
from collections.abc import Iterable
from importlib.metadata import distributions
from os import environ
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

import softmaxbook

IGNORED = {"__pycache__", ".ipynb_checkpoints"}


def files_below(folder: Path) -> Iterable[Path]:
    """Yield the files below `folder` in a fixed order, without what Python and Jupyter leave."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(p in IGNORED or p.endswith(".egg-info") for p in parts):
            yield path


def digest_of_folder(folder: Path) -> str:
    """Return a digest of the names and contents of all files below `folder`."""
    digest = hashlib.sha256()
    for path in files_below(folder):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def digest_of_environment() -> str:
    """Return a digest of the Python in use and of every installed package's version."""
    versions = sorted({f"{d.name}=={d.version}" for d in distributions()})
    return hashlib.sha256("\n".join([platform.python_version(), *versions]).encode()).hexdigest()


def fingerprint() -> str:
    """Return the name of the state of all that can change what a page's cells compute."""
    # The package that a cell imports, which a wrong environment might take from somewhere else.
    states = digest_of_folder(Path(softmaxbook.__file__).parent) + digest_of_environment()
    states += environ.get("SOFTMAXBOOK_SOLUTIONS", "")  # pages with and without solutions
    return hashlib.sha256(states.encode()).hexdigest()[:16]


def set_fingerprints(app: Sphinx, config: Config) -> None:
    """Choose the execution cache of this state, and drop those of former states."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = caches / fingerprint()
    for former in caches.glob("*"):
        if former.is_dir() and former != current:
            shutil.rmtree(former)
    config["nb_execution_cache_path"] = str(current)
    config["site_fingerprint"] = digest_of_folder(Path(__file__).parent)


def forget_warnings_never(app: Sphinx, exception: Exception | None) -> None:
    """Let the next build read every page again if this one warned.

    Sphinx warns about a page when it reads it. A second strict build, with nothing mended, would
    read nothing, find nothing and succeed.
    """
    if exception is not None or app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    # 'html': when these extensions changed, every page is written again (but not executed again).
    app.add_config_value("site_fingerprint", "", "html", str)
    app.connect("config-inited", set_fingerprints)
    app.connect("build-finished", forget_warnings_never)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
