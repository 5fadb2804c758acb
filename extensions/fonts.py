"""The fonts of formulas, each in two files: the characters of the book's formulas, and the rest.

Both are faces of one font, and `unicode-range` tells them apart: a browser asks for the rest where
a page shows a character of it, as the formula of a verdict may.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import tinycss2
from fontTools import subset
from lxml import html
from lxml.cssselect import CSSSelector
from sphinx.application import Sphinx

from .builders import is_site
from .mathematics import STYLE_SHEET

FORMULA = "katex"
OWN = "book"
"""The folder, beside the fonts as they are published, of what the book needs of them."""


class Face(NamedTuple):
    """What a character is set in; where a formula begins, KaTeX sets all three."""

    family: str = "KaTeX_Main"
    style: str = "normal"
    weight: str = "400"


ASKED = {"font-family": "family", "font-style": "style", "font-weight": "weight"}
FACE = re.compile(r"@font-face\{([^}]*?)src:url\(([^)]+\.woff2)\)[^}]*\}")
"""A rule of KaTeX's; the files of other formats are not on the site."""


def declared(content: Any) -> dict[str, str]:
    """Return what declarations say of a face.

    Examples
    --------
    >>> declared("font-family:KaTeX_Math;color:red;font-weight:700")
    {'family': 'KaTeX_Math', 'weight': '700'}
    """
    found = tinycss2.parse_declaration_list(content)
    return {
        ASKED[each.name]: tinycss2.serialize(each.value).strip()
        for each in found
        if each.type == "declaration" and each.name in ASKED
    }


class Setting:
    """Which face a style sheet sets each character of a formula in."""

    def __init__(self, css: str) -> None:
        self.rules = [
            (CSSSelector(tinycss2.serialize(rule.prelude)), change)
            for rule in tinycss2.parse_stylesheet(css)
            if rule.type == "qualified-rule" and (change := declared(rule.content))
        ]

    def characters(self, page: str) -> dict[Face, set[str]]:
        """Return the characters of a page's formulas, by the face that each is set in."""
        found: dict[Face, set[str]] = defaultdict(set)
        if f'class="{FORMULA}' not in page:
            return found
        tree = html.document_fromstring(page)
        changes: dict[Any, dict[str, str]] = defaultdict(dict)
        for selector, change in self.rules:
            for element in selector(tree):
                changes[element].update(change)

        def walk(element: Any, face: Face) -> None:
            own = face._replace(**changes.get(element, {}))
            found[own].update(element.text or "")
            for child in element:
                walk(child, own)
                found[own].update(child.tail or "")

        for formula in tree.find_class(FORMULA):
            walk(formula, Face())
        return found


LAST = 0x10FFFF
"""The last code point."""


def ranges(codes: set[int]) -> tuple[str, str]:
    """Return code points, and all others, as a style sheet names them.

    Examples
    --------
    >>> ranges({65, 67, 68, 69})
    ('U+41,U+43-45', 'U+0-40,U+42,U+46-10FFFF')
    """
    starts = sorted(code for code in codes if code - 1 not in codes)
    ends = sorted(code for code in codes if code + 1 not in codes)
    after = [0, *(end + 1 for end in ends)]
    before = [*(start - 1 for start in starts), LAST]
    return _named(zip(starts, ends, strict=True)), _named(zip(after, before, strict=True))


def _named(pairs: Iterable[tuple[int, int]]) -> str:
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in pairs if a <= b)


def reduced(file: Path, codes: set[int]) -> bytes:
    """Return a font with those characters alone, which look as they did."""
    options = subset.Options(
        flavor="woff2", layout_features=["*"], notdef_outline=True, recalc_timestamp=False
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    written = BytesIO()
    with subset.load_font(str(file), options) as font:
        subsetter.subset(font)
        subset.save_font(font, written, options)
    return written.getvalue()


def parted(css: str, folder: Path, wanted: dict[Face, set[str]]) -> str:
    """Return a style sheet whose wanted fonts have two faces, and write the smaller one's file.

    A space belongs to that one too: by it, a browser chooses the font that lines are measured with.
    """

    def face(rule: re.Match[str]) -> str:
        look, address = rule.groups()
        characters = wanted.get(Face(**declared(look)))
        if not characters:
            return written(look, address)
        codes = {ord(each) for each in characters | {" "}}
        file = folder / address
        content = reduced(file, codes)
        name = f"{file.stem}-{hashlib.sha256(content).hexdigest()[:8]}.woff2"
        (file.parent / OWN / name).write_bytes(content)
        small = f"{Path(address).parent.as_posix()}/{OWN}/{name}"
        shown, rest = ranges(codes)
        return written(look, small, shown) + written(look, address, rest)

    def written(look: str, address: str, shown: str = "") -> str:
        limits = f";unicode-range:{shown}" if shown else ""
        return f'@font-face{{{look}src:url({address}) format("woff2"){limits}}}'

    return FACE.sub(face, css)


def part(app: Sphinx, exception: Exception | None) -> None:
    """Let the pages load of each font what the book's formulas hold."""
    if exception or not is_site(app):
        return
    sheet = Path(app.outdir) / "_static" / STYLE_SHEET
    css = sheet.read_text(encoding="utf-8")
    setting = Setting(css)
    wanted: dict[Face, set[str]] = defaultdict(set)
    for page in Path(app.outdir, "book").glob("*.html"):
        for face, characters in setting.characters(page.read_text(encoding="utf-8")).items():
            wanted[face] |= characters
    own = sheet.parent / "fonts" / OWN
    own.mkdir(exist_ok=True)
    for former in own.glob("*.woff2"):
        former.unlink()
    sheet.write_text(parted(css, sheet.parent, wanted), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("build-finished", part)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
