"""The package for students: a wheel of softmaxbook without exercises, and all that uses them."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from importlib.metadata import metadata, version

from ..sandbox.shipped import package_files


def wheel_name() -> str:
    """Return the file name of the wheel."""
    return f"softmaxbook-{version('softmaxbook')}-py3-none-any.whl"


def wheel() -> bytes:
    """Return the students' wheel, which ``pip install`` takes."""
    return wheel_of(package_files(), "the students' part")


def wheel_of(files: Mapping[str, bytes], part: str) -> bytes:
    """Return a wheel of a part of the package; the same files give the same bytes."""
    about = f"softmaxbook-{version('softmaxbook')}.dist-info"
    known = metadata("softmaxbook")
    head = f"Metadata-Version: 2.1\nName: softmaxbook\nVersion: {known['Version']}\n"
    head += f"Summary: {known['Summary']} ({part})\nRequires-Python: >=3.11\n"
    head += "Requires-Dist: numpy>=2.0\n"
    tags = "Wheel-Version: 1.0\nGenerator: softmaxbook\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    written = {**files, f"{about}/METADATA": head.encode(), f"{about}/WHEEL": tags.encode()}
    record = "".join(
        f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in written.items()
    )
    return packed({**written, f"{about}/RECORD": f"{record}{about}/RECORD,,\n".encode()})


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of the files, in which no date stands."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
