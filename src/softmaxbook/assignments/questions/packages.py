"""Files as bytes, the same for the same content: XML texts, archives, and the pictures in them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from ..course import CourseError

KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}
KINDS[".svg"] = "image/svg+xml"


def xml(root: ET.Element) -> bytes:
    """Return an element as a file.

    Examples
    --------
    >>> print(xml(ET.Element("quiz")).decode())
    <?xml version='1.0' encoding='utf-8'?>
    <quiz />
    """
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def added(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Return a new element at the end of `parent`."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text or None
    return child


def manifest(namespace: str, schema: str, version: str) -> tuple[ET.Element, ET.Element]:
    """Return the root of a content package's `imsmanifest.xml`, and its empty list of resources."""
    root = ET.Element("manifest", {"xmlns": namespace, "identifier": "softmaxbook-questions"})
    metadata = added(root, "metadata")
    added(metadata, "schema", schema)
    added(metadata, "schemaversion", version)
    added(root, "organizations")
    return root, added(root, "resources")


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip archive, without the time at which it was made."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, data)
    return whole.getvalue()


@dataclass
class Pictures:
    """The pictures that texts ask for: files below a folder, which the package brings along.

    `at` is where a system finds them, with `{}` for the name.
    """

    folder: Path
    at: str = "{}"
    found: dict[str, bytes] = field(default_factory=dict)

    def __call__(self, address: str) -> str:
        """Return the address of a picture in the package, and take the picture in.

        Raises
        ------
        CourseError
            If it is no picture below the folder: one elsewhere would be missing in the quiz.
        """
        name = unquote(address)
        path = (self.folder / name).resolve()
        if urlsplit(address).scheme or not path.is_relative_to(self.folder.resolve()):
            raise CourseError(
                f"the picture {address} is not in {self.folder}: put it there, and name it by "
                "its path from there"
            )
        if path.suffix.lower() not in KINDS:
            raise CourseError(f"the picture {address} has to be one of {', '.join(KINDS)}")
        if not path.is_file():
            raise CourseError(f"there is no picture {name} in {self.folder}")
        inside = _plainly_named(path.relative_to(self.folder.resolve()))
        self.found[inside] = path.read_bytes()
        return self.at.format(inside)


def _plainly_named(path: Path) -> str:
    """Return a name of one piece that is the same in an address: no spaces, no signs, no folder."""
    stem = re.sub(r"[^\w-]+", "-", path.stem, flags=re.ASCII).strip("-")
    return f"{stem}-{blake2b(path.as_posix().encode(), digest_size=4).hexdigest()}{path.suffix}"
