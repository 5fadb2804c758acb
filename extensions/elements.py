"""Pages as trees of elements: reading, writing, and the few steps that are taken everywhere.

A tree is XHTML, as in the EPUB, or HTML without namespaces, as a PDF is made of.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html
from lxml.builder import ElementMaker

XHTML = "http://www.w3.org/1999/xhtml"
SPACES = {
    "h": XHTML,
    "svg": "http://www.w3.org/2000/svg",
    "m": "http://www.w3.org/1998/Math/MathML",
}
H: Any = ElementMaker(namespace=XHTML)
Element = Any  # lxml has no types
PARSER = html.XHTMLParser()  # which knows no entities but those of XML


def is_xhtml(tree: Element) -> bool:
    """Return whether the elements of a tree stand in the namespace of XHTML."""
    return bool(etree.QName(tree).namespace)


def alike(tree: Element) -> Any:
    """Return what makes elements for a tree: XHTML for XHTML, and HTML for HTML."""
    return ElementMaker(namespace=XHTML if is_xhtml(tree) else None, makeelement=tree.makeelement)


def read_into(tree: Element, tag: str, text: str) -> Element:
    """Return an element for a tree with text that is XML.

    Examples
    --------
    >>> page = html.fromstring("<main></main>")
    >>> html.tostring(read_into(page, "p", "<b>1</b><br/>"), encoding="unicode")
    '<p><b>1</b><br></p>'
    """
    declared = f' xmlns="{XHTML}"' if is_xhtml(tree) else ""
    return etree.fromstring(f"<{tag}{declared}>{text}</{tag}>", PARSER)


def read(body: str) -> Element:
    """Return the body of a page; raise ValueError where it is no XML."""
    try:
        return etree.fromstring(f'<body xmlns="{XHTML}">{body}</body>', PARSER)
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


def named(name: str) -> str:
    """Return the XPath test of an element's name in a tree of either kind."""
    return f"*[local-name()='{name}']"


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
