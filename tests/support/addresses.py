"""Addresses of the published site, and whether the built one has what they name."""

from urllib.parse import unquote, urlsplit

from lxml import html


def absent(links, address, site):
    """Return those of the links into the site at an address that name no page, file or place."""
    named = {}
    for link in filter(lambda link: link.startswith(address), links):
        parts = urlsplit(link.removeprefix(address))
        named.setdefault(unquote(parts.path) or "index.html", {})[unquote(parts.fragment)] = link
    found = []
    for path, places in named.items():
        file = site / path
        if not file.is_file():
            found += places.values()
        elif set(places) != {""}:
            ids = set(html.fromstring(file.read_text(encoding="utf-8")).xpath("//@id"))
            found += [link for place, link in places.items() if place and place not in ids]
    return found
