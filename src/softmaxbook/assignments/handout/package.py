"""The package for students: a wheel of softmaxbook without exercises, and all that uses them."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from importlib.metadata import metadata, version
from pathlib import Path

import softmaxbook

# Nothing else is: a new folder stays here until somebody has made sure that it knows no solution.
SHIPPED = (
    *("__init__.py", "py.typed", "theme.py"),
    *("numerics", "learning", "family", "transfer", "plots", "experiments", "results", "weights"),
)


def wheel_name() -> str:
    """Return the file name of the wheel."""
    return f"softmaxbook-{version('softmaxbook')}-py3-none-any.whl"


def package_files() -> dict[str, bytes]:
    """Return the files of the package that students may have, by their path in the wheel."""
    root = Path(softmaxbook.__file__).parent
    found = {}
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        shipped = inside.parts[0] in SHIPPED and "__pycache__" not in inside.parts
        if path.is_file() and shipped:
            found[f"softmaxbook/{inside.as_posix()}"] = path.read_bytes()
    return found


def wheel() -> bytes:
    """Return a wheel that ``pip install`` takes; the same files give the same bytes."""
    about = f"softmaxbook-{version('softmaxbook')}.dist-info"
    known = metadata("softmaxbook")
    head = f"Metadata-Version: 2.1\nName: softmaxbook\nVersion: {known['Version']}\n"
    head += f"Summary: {known['Summary']} (the students' part)\nRequires-Python: >=3.11\n"
    head += "Requires-Dist: numpy>=2.0\n"
    tags = "Wheel-Version: 1.0\nGenerator: softmaxbook\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = package_files()
    files |= {f"{about}/METADATA": head.encode(), f"{about}/WHEEL": tags.encode()}
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n".encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
