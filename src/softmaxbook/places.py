"""Where the book's pages are, for a notebook that is read without them: on Colab, on a hub.

What the package displays leads to other pages by their files, `overflow.md` or `overflow.html`,
as they lie beside each other in the book. A published notebook lies alone, and its first cell says
where the pages are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

_PAGES = "book/"  # of the site's folders
_LINK = re.compile(
    r"\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]\((?:\./)?(?P<page>[\w-]+)\.md(?P<anchor>#[\w-]+)?\)"
)
_HREF = re.compile(
    r'<a(?P<before>[^<>]*?) href="(?P<place>(?:[\w-]+\.html|\.\./_static/[\w./-]+)(?:#[\w-]+)?)"'
    r"(?P<after>[^<>]*)>(?P<words>.*?)</a>",
    re.DOTALL,
)

_site = ""


def site() -> str:
    """Return the address of the site to which links lead; empty where the pages lie beside."""
    return _site


def lead_to(address: str) -> None:
    """Let the links within the book lead to its site, in all that is displayed from now on.

    Parameters
    ----------
    address : str
        Of the site; empty where it is not known: then there are words in place of links.

    Notes
    -----
    The first cell of a published notebook calls it.
    """
    global _site
    from IPython.core.getipython import get_ipython

    _site = address and address.rstrip("/") + "/"
    shell = get_ipython()
    if shell is None:
        return
    formatter: Any = shell.display_formatter
    formatter.format = _leading(type(formatter).format.__get__(formatter))


def _leading(format: Callable[..., tuple[dict[str, object], object]]) -> Callable[..., object]:
    kinds = {"text/markdown": markdown_on_site, "text/html": html_on_site}

    def formatted(*arguments: object, **named: object) -> object:
        data, metadata = format(*arguments, **named)
        for kind, led in kinds.items():
            if isinstance(text := data.get(kind), str):
                data[kind] = led(text, _site)
        return data, metadata

    return formatted


def markdown_on_site(text: str, address: str) -> str:
    """Return Markdown whose links to pages lead to the site; without an address, their words.

    Examples
    --------
    >>> markdown_on_site("See [`x`](a.md#b), [](./c.md), [d](https://e.org/f.md).", "https://g.org/")
    'See [`x`](https://g.org/book/a.html#b), [c](https://g.org/book/c.html), [d](https://e.org/f.md).'
    """

    def found(link: re.Match[str]) -> str:
        words = link["words"] or link["page"]
        place = f"{_PAGES}{link['page']}.html{link['anchor'] or ''}"
        return f"[{words}]({urljoin(address, place)})" if address else words

    return _LINK.sub(found, text)


def html_on_site(text: str, address: str) -> str:
    """Return HTML whose links to pages and files of the site lead there; or else their words.

    Examples
    --------
    >>> html_on_site('<a class="b" href="../_static/c.csv">d</a>', "https://g.org/h/")
    '<a class="b" href="https://g.org/h/_static/c.csv">d</a>'
    >>> html_on_site('<a href="b.html#c">d</a>', "")
    'd'
    """

    def found(link: re.Match[str]) -> str:
        if not address:
            return link["words"]
        place = urljoin(urljoin(address, _PAGES), link["place"])
        return f'<a{link["before"]} href="{place}"{link["after"]}>{link["words"]}</a>'

    return _HREF.sub(found, text)
