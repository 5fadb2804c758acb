"""Where the anchors of a PDF lie."""

from __future__ import annotations

from io import BytesIO

import pikepdf


def pages_of_anchors(pdf: bytes) -> dict[str, int]:
    """Return the number of the page, from 1, on which each anchor of a PDF lies."""
    with pikepdf.open(BytesIO(pdf)) as document:
        numbers: dict[object, int] = {
            page.objgen: number for number, page in enumerate(document.pages, start=1)
        }
        anchors = document.Root.get("/Dests", pikepdf.Dictionary())
        return {name.removeprefix("/"): numbers[place[0].objgen] for name, place in anchors.items()}
