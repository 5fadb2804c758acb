"""What Chromium leaves out of a PDF, or says otherwise than readers of PDFs expect."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from .document import MARGIN, Book, Sheet
from .paper import FORMULA

POINT = 72 / 96
"""A pixel in points, in which a PDF measures."""


def finished(pdf: bytes, book: Book) -> bytes:
    """Return the PDF that readers get: described, with formulas as such, and half as large."""
    with pikepdf.open(BytesIO(pdf)) as document:
        _describe(document, book)
        _tell_formulas(document)
        _mend_places(document, book.sheet)
        _outline(document, book)
        written = BytesIO()
        document.save(
            written,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            linearize=True,  # a browser shows the first pages while it still loads others
        )
    return written.getvalue()


def _describe(document: pikepdf.Pdf, book: Book) -> None:
    """Say what the book is and who wrote it, and show its outline beside it."""
    with document.open_metadata() as metadata:
        metadata["dc:title"] = book.title
        metadata["dc:creator"] = [book.author]
        metadata["dc:language"] = [str(document.Root.Lang)]
    document.docinfo["/Author"] = book.author
    document.docinfo["/Creator"] = "softmaxbook"
    document.Root.PageMode = pikepdf.Name.UseOutlines


def _tell_formulas(document: pikepdf.Pdf) -> None:
    """Tag as formulas what Chromium, which knows no better, tags as figures."""
    for thing in document.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == pikepdf.Name.Figure:
            said = str(thing.get("/Alt", ""))
            if said.startswith(FORMULA):
                thing.S = pikepdf.Name.Formula
                thing.Alt = pikepdf.String(said.removeprefix(FORMULA))


def _mend_places(document: pikepdf.Pdf, sheet: Sheet) -> None:
    """Move the places of anchors to where they are: Chromium leaves out the margins of the paper.

    Without this a link shows its target by a margin too low, and too far to the right.
    """
    for place in document.Root.get("/Dests", pikepdf.Dictionary()).values():
        place[2] = float(place[2]) + sheet.side * POINT
        place[3] = float(place[3]) - MARGIN * POINT


def _outline(document: pikepdf.Pdf, book: Book) -> None:
    """Write the outline; Chromium's own would take it longer than the tags of all pages."""
    places = document.Root.get("/Dests", pikepdf.Dictionary())
    with document.open_outline() as outline:
        above: list[tuple[int, pikepdf.OutlineItem]] = []
        for heading in book.headings:
            place = places[f"/{heading.anchor}"]
            item = pikepdf.OutlineItem(heading.title, pikepdf.Array(place))
            item.is_closed = heading.level > 1
            while above and above[-1][0] >= heading.level:
                above.pop()
            (above[-1][1].children if above else outline.root).append(item)
            above.append((heading.level, item))
