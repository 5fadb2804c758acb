"""The data of each figure as a file: fetched by the reader who wants it, and by nobody else.

In a notebook the link below a figure holds the data in its address. A page would carry that to
everybody, so here it becomes `_static/data/PAGE-N.csv`. A book that is one file has no such link.
"""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sphinx.application import Sphinx

from softmaxbook.theme import DATA

LINK = re.compile(re.escape(DATA).replace(re.escape("{}"), '([^"]*)'))


def data_as_files(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Write the data of a page's figures, and lead the links there."""
    folder = Path(app.outdir) / "_static" / "data"
    numbers = count(1)

    def to_file(link: re.Match[str]) -> str:
        if app.builder.name != "html":
            return ""
        name = f"{page.rpartition('/')[2]}-{next(numbers)}.csv"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(unquote(link[1]), encoding="utf-8")
        address = context["pathto"](f"_static/data/{name}", resource=True)
        return (
            link[0]
            .replace("figure.csv", name)
            .replace(f"data:text/csv;charset=utf-8,{link[1]}", address)
        )

    if "body" in context:
        context["body"] = LINK.sub(to_file, context["body"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("html-page-context", data_as_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
