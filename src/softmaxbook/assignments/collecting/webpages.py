"""The cells of a notebook that was saved as a web page, as nbconvert, JupyterLab and Jupyter do.

A cell is an element of the class `jp-Cell` or `cell`, whose id ends in the cell's own. In it the
program stands in a ``<pre>``, Markdown as what became of it, and outputs in areas of their own.
So the templates *lab*, *classic* and *basic* of nbconvert 7.17 write it.
"""

from __future__ import annotations

import html
import re
from collections import Counter

from .cells import Cell, CellKind

MOST_PAGE = 5_000_000  # characters without pictures: the rest is style and outputs
# The standard library's parser takes the square of a page's length on pages that are made for it.
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?P<about>[^<>]*)>")
_VOID = (
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
)
_CELLS = ({"jp-Cell"}, {"cell", "border-box-sizing"})
_OUTPUTS = ("jp-Cell-outputWrapper", "output_wrapper", "jp-OutputArea")
_ASIDE = ("anchor-link", "jp-InputPrompt", "prompt")
_BLOCKS = ("p", "div", "li", "pre", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "br")


def cells_of_web_page(text: str) -> list[Cell]:
    r"""Return the cells of a page; none where it is no notebook's, or not made whole.

    Examples
    --------
    >>> page = '<div class="jp-Cell jp-CodeCell" id="cell-id=a"><pre>x = 1 &lt; 2</pre></div>'
    >>> cells_of_web_page(page)
    [Cell(kind='code', source='x = 1 < 2', ids=('a',))]
    """
    if not any(f'"{each}' in text for each in ("jp-Cell", "cell border-box-sizing")):
        return []
    lean = re.sub(r"data:[\w/+.-]+;base64,[\w+/=\s]+", "", text)  # pictures
    if len(lean) > MOST_PAGE:
        return []
    reader = _Reader()
    reader.read(lean)
    return reader.cells


class _Reader:
    """Goes through a page, and keeps what stands in a cell and in no output of it."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self._open: list[tuple[str, str]] = []  # each element, and what it is to us
        self._count: Counter[str] = Counter()  # of those, by tag and by role
        self._id = ""
        self._is_code = False
        self._parts: list[str] = []

    def read(self, text: str) -> None:
        """Go through the whole page."""
        end = 0
        closes = text.rfind("-->")
        while end < len(text):
            begins = text.find("<", end)
            self._text(text[end : begins if begins >= 0 else len(text)])
            if begins < 0:
                return
            tag = _TAG.match(text, begins)
            if text.startswith("<!--", begins) and begins < closes:
                end = text.index("-->", begins) + 3
                self._comment(text[begins:end])
            elif tag:
                end = tag.end()
                (self._ends if tag["end"] else self._begins)(tag["name"].lower(), tag["about"])
            else:
                end = begins + 1
                self._text("<")

    def _begins(self, tag: str, about: str) -> None:
        classes = _attribute(about, "class").split()
        role = ""
        if not self._inside("cell") and any(each <= set(classes) for each in _CELLS):
            role = "cell"
            self._id, self._parts = _attribute(about, "id"), []
            self._is_code = "jp-CodeCell" in classes or "code_cell" in classes
        elif any(each in classes for each in (*_OUTPUTS, *_ASIDE)) or tag in ("style", "script"):
            role = "aside"
        elif tag == "pre":
            role = "pre"
        if tag == "br":
            self._keep("\n")
        if tag not in _VOID:
            self._open.append((tag, role))
            self._count.update((f"<{tag}>", role))

    def _ends(self, tag: str, _: str) -> None:
        """Close an element, with those in it that were left open."""
        if not self._count[f"<{tag}>"]:
            return
        if tag in _BLOCKS and not self._is_code:
            self._keep("\n")
        name = ""
        while name != tag:
            name, role = self._open.pop()
            self._count.subtract((f"<{name}>", role))
            if role == "cell":
                self._end_cell()

    def _end_cell(self) -> None:
        kind: CellKind = "code" if self._is_code else "markdown"
        source = "".join(self._parts).strip("\n")
        if source.strip():
            ids = (self._id.removeprefix("cell-id="),) if self._id else ()
            self.cells.append(Cell(kind, source, ids))

    def _text(self, text: str) -> None:
        """Keep text: of a program, what its ``<pre>`` holds."""
        if not self._is_code or self._inside("pre"):
            self._keep(html.unescape(text))

    def _comment(self, text: str) -> None:
        """Keep a comment of Markdown: one of them is the mark of an answer."""
        if not self._is_code:
            self._keep(f"{text}\n")

    def _keep(self, text: str) -> None:
        if self._inside("cell") and not self._inside("aside"):
            self._parts.append(text)

    def _inside(self, role: str) -> bool:
        return self._count[role] > 0


def _attribute(about: str, name: str) -> str:
    match = re.search(rf"""\b{name}=(?:"([^"]*)"|'([^']*)')""", about)
    return html.unescape(match[1] or match[2] or "") if match else ""
