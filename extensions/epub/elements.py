"""Pages as trees of elements: reading, writing, and the few steps that are taken everywhere."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

XHTML = "http://www.w3.org/1999/xhtml"
SPACES = {
    "h": XHTML,
    "svg": "http://www.w3.org/2000/svg",
    "m": "http://www.w3.org/1998/Math/MathML",
}
H: Any = ElementMaker(namespace=XHTML)
Element = Any  # lxml has no types


def read(body: str) -> Element:
    """Return the body of a page; raise ValueError where it is no XML."""
    try:
        return etree.fromstring(f'<body xmlns="{XHTML}">{body}</body>')
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed, so no page of an EPUB: {error}") from error


def written(body: Element) -> str:
    """Return what is in a body.

    Examples
    --------
    >>> written(read("<p>1<br/>2</p>"))
    '<p>1<br/>2</p>'
    """
    text = etree.tostring(body, encoding="unicode")
    return re.sub(r"^<body[^>]*>|</body>$|^<body[^>]*/>$", "", text)


def found(element: Element, path: str) -> list[Element]:
    """Return what an XPath finds, as a list that stays when the tree changes."""
    return list(element.xpath(path, namespaces=SPACES))


def has_class(name: str) -> str:
    """Return the XPath condition that an element has a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def words(element: Element) -> str:
    """Return the text of an element in one line, formulas in their words.

    Examples
    --------
    >>> formula = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x"/>'
    >>> words(read(f"<p>if {formula} is  0</p>"))
    'if x is 0'
    """
    parts = found(element, ".//text()[not(ancestor::m:math)] | .//m:math/@alttext")
    return " ".join("".join(parts).split())


def take_out(element: Element) -> Element:
    """Remove an element, and leave the text behind it where it is."""
    parent, before = element.getparent(), element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)
    element.tail = None
    return element
