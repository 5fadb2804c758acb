"""The explorables on the built site: their files, their host script, and nothing twice.

A page that shows an explorable holds a placeholder; the host script mounts the ES module that also
runs in JupyterLab. What ipywidgets would add to a page, its state with one copy of the module for
each instance, is left out. Each placeholder has an anchor, to which the EPUB leads.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from softmaxbook.widgets import stylesheet
from softmaxbook.widgets.modules import HOST, SHARED, entry, publish_joined

from .builders import is_site

FOLDER = "explorables"
"""Where they are, below `_static`."""

PLACEHOLDER = "sb-explorable"
PLACE = re.compile(rf'<div class="{PLACEHOLDER}" data-module="(\w+)"')
ASKED = "question"
"""The module of questions, which are exercises and have the anchors of these."""

EDITORS = ("parts/memory.mjs", "parts/ui.mjs")
"""Modules that the editors' scripts import."""

# A page that opens somewhere else than at its beginning is drawn at once, or it would move there.
# The second half is for a page whose scripts do not come.
ARRIVING = """<script>
  if (!location.hash && performance.getEntriesByType("navigation")[0]?.type === "navigate") {
    document.documentElement.classList.add("sb-arriving");
    addEventListener("load", () =>
      setTimeout(() => document.documentElement.classList.remove("sb-arriving"), 10000));
  }
</script>"""

STATE = "application/vnd.jupyter.widget-state+json"


def copy_modules(app: Sphinx) -> None:
    """Put the ES modules, their style sheet and the weights that they read on the site."""
    if is_site(app):
        target = Path(app.outdir) / "_static" / FOLDER
        shutil.rmtree(target, ignore_errors=True)
        publish_joined(target, EDITORS)
        (target / "explorables.css").write_text(stylesheet(), encoding="utf-8")


def anchored(body: str) -> str:
    """Return a page's HTML with an anchor at each explorable.

    Examples
    --------
    >>> two = '<div class="sb-explorable" data-module="logits"></div>' * 2
    >>> re.findall(r'id="([^"]*)"', anchored(two))
    ['explorable-logits', 'explorable-logits-2']
    """
    shown: Counter[str] = Counter()

    def with_anchor(place: re.Match[str]) -> str:
        shown[place[1]] += 1
        number = f"-{shown[place[1]]}" if shown[place[1]] > 1 else ""
        return f'{place[0]} id="explorable-{place[1]}{number}"' if place[1] != ASKED else place[0]

    return PLACE.sub(with_anchor, body)


def add_anchors(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Let addresses lead to each explorable of a page."""
    if "body" in context:
        context["body"] = anchored(context["body"])


def link_host(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Load the host script where there is an explorable, and no widget state anywhere."""
    if not is_site(app):
        return
    scripts = context["script_files"]
    scripts[:] = [s for s in scripts if getattr(s, "attributes", {}).get("type") != STATE]
    shown = set(PLACE.findall(context.get("body", "")))
    if shown:
        host, *modules = (
            context["pathto"](f"_static/{FOLDER}/{path}", resource=True)
            for path in (HOST, SHARED, *map(entry, sorted(shown)))
        )
        # Before all other files: what is asked for first is there first, and the figures live.
        links = [f'<link rel="modulepreload" href="{address}">' for address in modules]
        context["metatags"] += "\n".join(
            ["", f'<script type="module" async src="{host}"></script>', *links, ARRIVING]
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_css_file(f"{FOLDER}/explorables.css")
    app.connect("builder-inited", copy_modules)
    app.connect("html-page-context", add_anchors)
    app.connect("html-page-context", link_host, priority=900)  # after MyST-NB adds the state
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
