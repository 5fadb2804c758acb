"""A lean and accessible form of the theme: our own icons and colours in place of the stock ones.

The stock theme loads Font Awesome, more than half of a page's weight, for about twenty icons. These
are drawn in `assets/icons.css`. What the stock theme lacks in contrast, labels and small screens is
mended in `assets/site.css`.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config

HERE = Path(__file__).parent
STYLE = Path("_static", "styles", "pydata-sphinx-theme.css")


def configure(app: Sphinx, config: Config) -> None:
    """Put our templates and style sheets before the theme's, and settle its options."""
    config["templates_path"].insert(0, str(HERE / "templates"))
    config["html_static_path"].append(str(HERE / "assets"))
    config["html_context"].setdefault(
        "default_mode", "auto"
    )  # the theme's script complains without
    # The theme's default is a bar across the page that holds a second search field.
    config["html_theme_options"].setdefault("navbar_persistent", [])
    # A page fills the screen by the browser's own key, and no phone needs a button for it.
    config["html_theme_options"].setdefault("use_fullscreen_button", False)
    config["html_theme_options"].setdefault(
        "footer_content_items", ["copyright.html", "extra-footer.html"]
    )


def mend_roles(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Take away roles that ARIA has since withdrawn or that a list of other roles may not have."""
    if "citation-list" in context.get("body", ""):
        body = context["body"].replace(' role="doc-biblioentry"', ' role="listitem"')
        context["body"] = body


def without_font_awesome(css: str) -> str:
    r"""Return the style sheet without Font Awesome's fonts and the rules that pick its letters.

    Examples
    --------
    >>> without_font_awesome(r'a{top:0}.fa-sun:before{content:"\f185"}b{top:0}')
    'a{top:0}b{top:0}'
    """
    css = re.sub(r"@font-face\s*\{[^{}]*Font Awesome[^{}]*\}", "", css.replace("\\ 6", " 6"))
    return re.sub(r'[^{}]*\.fa-[^{}]*\{content:"[^"{}]*"\}', "", css)


def drop_former(app: Sphinx, builder: Builder) -> None:
    """Remove the style sheet of a former build, which Sphinx will not overwrite in silence.

    Only where pages are written: a build that finds nothing to do copies no style sheet either.
    """
    (Path(app.outdir) / STYLE).unlink(missing_ok=True)


def drop_unused(app: Sphinx, exception: Exception | None) -> None:
    """Remove from the site what no page uses."""
    static = Path(app.outdir) / "_static"
    shutil.rmtree(static / "vendor", ignore_errors=True)
    for leftover in (static / "scripts").glob("fontawesome*"):
        leftover.unlink()
    style = Path(app.outdir) / STYLE
    if style.exists():
        css = without_font_awesome(style.read_text(encoding="utf-8"))
        style.write_text(css, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_css_file("icons.css", priority=900)
    app.add_css_file("site.css", priority=900)
    app.connect("config-inited", configure)
    app.connect("html-page-context", mend_roles)
    app.connect("write-started", drop_former)
    app.connect("build-finished", drop_unused)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
