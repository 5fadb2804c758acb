"""Addresses as codes to scan, where there is nothing to press."""

from __future__ import annotations

from io import BytesIO

import segno
from lxml import etree

from .elements import PARSER, Element, is_xhtml

QUIET = 4
"""Modules of light around a code, by which a camera finds it; paper has them by itself."""


def code_of(address: str, tree: Element, quiet: int = QUIET) -> Element:
    """Return an address as a QR code for a tree: dark on light whatever the colours around it.

    Examples
    --------
    >>> from .elements import H
    >>> code_of("https://example.org/", H.p()).get("viewBox")
    '0 0 33 33'
    """
    drawn = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        drawn,
        kind="svg",
        border=quiet,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=is_xhtml(tree),
        svgclass="sb-code",
        omitsize=True,
    )
    picture = etree.fromstring(drawn.getvalue(), PARSER)
    picture.set("role", "img")
    picture.set("aria-label", f"The address as a code to scan: {address}")
    return picture
