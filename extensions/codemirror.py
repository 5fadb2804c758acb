"""The editor of the pages: CodeMirror 6, with markdown-it and KaTeX's script for verdicts.

The packages come from npm, pinned, and are served as they are published, one file each: only what a
file imports by a package's name is led to the file beside it. So no tool is run to pack them, and
whoever reads them on the site reads what their authors wrote. Where npm cannot be reached, the
pages get a plain field to type in, and the verdicts' Markdown as text.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from .distribution import Unavailable, npm_package
from .mathematics import VENDOR as KATEX


@dataclass(frozen=True)
class Package:
    """An npm package: the one file of it that is served, and what npm says of the whole."""

    name: str
    version: str
    file: str
    integrity: str

    @property
    def served(self) -> str:
        """The file's name on the site."""
        return re.sub(r"\W+", "-", self.name).strip("-") + ".mjs"


INDEX = "dist/index.js"
PACKAGES = (
    Package(
        "@codemirror/autocomplete",
        "6.20.4",
        INDEX,
        "sha512-yF8RhOf2SXlg00+qtupzLhrglcas61boqaONiNcbPIebHCpJocpqTBA6dyrtUrQO47hqyTdeob/3XnYilT7TaQ==",
    ),
    Package(
        "@codemirror/commands",
        "6.11.1",
        INDEX,
        "sha512-O/4hG3SC1YwcmQ0d2UVNDs+AsaNWd1iHVxbTeEBuqH+6bExAiPK3iS/BvpY6rZGURALv4ZD3sIgcCmRvw3ehBg==",
    ),
    Package(
        "@codemirror/lang-python",
        "6.2.1",
        INDEX,
        "sha512-IRjC8RUBhn9mGR9ywecNhB51yePWCGgvHfY1lWN/Mrp3cKuHr0isDKia+9HnvhiWNnMpbGhWrkhuWOc09exRyw==",
    ),
    Package(
        "@codemirror/language",
        "6.13.1",
        INDEX,
        "sha512-zfvU2r3TyylQLMj/te+5CnQ0rSqZi8B1oTCBbQkagcLW4Xc6imab6qN+pEJhsuNOLaJqiRyBXp9UhWA1DhVvDw==",
    ),
    Package(
        "@codemirror/state",
        "6.7.6",
        INDEX,
        "sha512-kAz+AncRtKuIknedxT1bq4XwXv4UowhbkHU1myPrtVb/jZtImWuV5BXzv5vK6i3kYACsdiZiQKFQQ5Mq7elW8w==",
    ),
    Package(
        "@codemirror/streamparser",
        "6.0.0",
        INDEX,
        "sha512-JTFPF6xrfjt0mnfGPgzcLiMwYmvIyNaoizp8BYzv8FE8KrT6GBGDZ190rtt+O7Wke3gG/MFHyiY9YGNeimof4w==",
    ),
    Package(
        "@codemirror/view",
        "6.43.15",
        INDEX,
        "sha512-HHsfpqFeHyXLs983pSRe38Xajs0vFWZQ2BuX0m7Ki8w3jZ5iD8cuR3lBz2/5/X53Dhf32SBHKh6rtSTB6tKeGw==",
    ),
    Package(
        "@lezer/common",
        "1.5.5",
        INDEX,
        "sha512-Pw7PVCndruF1pb3ebCxpSVpkMHSDjwRCLcTRw+RizUKco5QbWylwq2g4lnG/RYN7yTTQDXE9F77MwtkAyphrjg==",
    ),
    Package(
        "@lezer/highlight",
        "1.2.5",
        INDEX,
        "sha512-O1GMVKgtf5YspFaRzpmqkVgMtIk2HG9uMAbH6wdAIdNh3TVzCsch/+cRi+6l2//UGDKe6NB9BW3cvuR5ezMQ0w==",
    ),
    Package(
        "@lezer/lr",
        "1.4.12",
        INDEX,
        "sha512-On9HU4oMMiHPMkQDgoTnGahjgG5n/MkN38CgG77sMraKLL+3JBbeQNi1FcCXV9QRqwF9/BUXP3caHyJC1fBOTQ==",
    ),
    Package(
        "@lezer/python",
        "1.1.19",
        INDEX,
        "sha512-MhQIURHRytsNzP/YXnqpYKW6la6voAH3kyplTOOiCdjyFY6cWWGFVmYVdHIPrElqSDf4iCDktQCockB9FxuhzQ==",
    ),
    Package(
        "@marijn/find-cluster-break",
        "1.0.4",
        "src/index.js",
        "sha512-Wy0V7+SGUjnF9/TkiM1hKVDPj7jKXduPNboMVtHTA8dySMURWqfg/JZ9E2Sq8JgSJmkl7k7Qe9FLeMSrSraWmQ==",
    ),
    Package(
        "crelt",
        "1.0.7",
        "index.js",
        "sha512-aK6BbWfhf4U/wCcLHKPJl/xa6VkVstRaPywWtMKGwuOLc/wZTyQYuoxgvZnNsBvv7Kg3YTBQYYBCggcviQczuA==",
    ),
    Package(
        "markdown-it",
        "15.0.3",
        "dist/browser/markdown-it.esm.min.mjs",
        "sha512-+Az7Ojz3iRGu8KYMvJ6xVhvrxP3eE+vEtJX75Ow88XBpcQNV/0lGX5ZynIIBftREo4DC2jsveAMDaeltmm8QvQ==",
    ),
    Package(
        "style-mod",
        "4.1.5",
        "src/style-mod.js",
        "sha512-WQ2llCZa9sZSkJA+aOwpg5DkfbAXFKGh//t3MRTBeruFiSBC+GXUmbBzrw3bXyboCWAbtCW9InDfBsXrRD/rAg==",
    ),
    Package(
        "w3c-keyname",
        "2.2.8",
        "index.js",
        "sha512-dpojBhNsCNN7T82Tm7k26A6G9ML3NkhDsnw9n/eoxSRlVBB4CEtIQ/KTCLI2Fwf3ataSXRhYFkQi3SlnFwPvPQ==",
    ),
)

LICENCES = "LICENCES.txt"


def led_home(source: str, served: Mapping[str, str]) -> str:
    """Return a module that imports the files beside it where it imported packages.

    Examples
    --------
    >>> led_home("import { Tree } from '@lezer/common';", {"@lezer/common": "lezer-common.mjs"})
    "import { Tree } from './lezer-common.mjs';"

    Raises
    ------
    KeyError
        If it imports a package that is not served: the name of the package.
    """

    def beside(match: re.Match[str]) -> str:
        return f"{match[1]}{match[2]}./{served[match[3]]}{match[2]}"

    return _IMPORT.sub(beside, source)


_IMPORT = re.compile(
    r"""^((?:import|export)\b[\w\s{},*$]*?\bfrom\s*)(['"])(@?\w[\w@/.-]*)\2""", re.MULTILINE
)


def libraries(cache: Path, packages: tuple[Package, ...] = PACKAGES) -> dict[str, bytes]:
    """Return the files that the editor loads, by their names on the site.

    Raises
    ------
    Unavailable
        If a package cannot be had, or is not the one that is pinned.
    """
    served = {each.name: each.served for each in packages}
    with ThreadPoolExecutor(4) as pool:  # npm waits for the registry most of the time
        packed = pool.map(lambda p: npm_package(p.name, p.version, p.integrity, cache), packages)
        archives = dict(zip(packages, packed, strict=True))
    found, licences = {}, []
    for each, data in archives.items():
        source = _member(data, each.file, each)
        found[each.served] = led_home(source, served).encode()
        licences.append(f"{each.name} {each.version}\n\n{_member(data, 'LICENSE', each)}")
    found[LICENCES] = "\n\n".join(licences).encode()
    found["katex.min.js"] = (KATEX / "katex.min.js").read_bytes()
    return found


def _member(packed: bytes, name: str, package: Package) -> str:
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        try:
            file = archive.extractfile(f"package/{name}")
        except KeyError:
            file = None
        if file is None:
            raise Unavailable(f"{package.name}@{package.version} has no file {name}")
        return file.read().decode("utf-8")
