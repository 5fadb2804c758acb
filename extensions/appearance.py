"""A lean and accessible form of the theme: our own icons and colours in place of the stock ones.

The stock theme loads Font Awesome, more than half of a page's weight, for about twenty icons. These
are drawn in `assets/icons.css`. What the stock theme lacks in contrast, labels and small screens is
mended in `assets/site.css`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent


def configure(app: Sphinx, config: Config) -> None:
    """Put our templates and style sheets before the theme's."""
    config["templates_path"].insert(0, str(HERE / "templates"))
    config["html_static_path"].append(str(HERE / "assets"))


def drop_unused(app: Sphinx, exception: Exception | None) -> None:
    """Remove from the site what no page loads."""
    static = Path(app.outdir) / "_static"
    shutil.rmtree(static / "vendor", ignore_errors=True)
    for leftover in (static / "scripts").glob("fontawesome*"):
        leftover.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_css_file("icons.css", priority=900)
    app.add_css_file("site.css", priority=900)
    app.connect("config-inited", configure)
    app.connect("build-finished", drop_unused)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
