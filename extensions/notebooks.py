"""Each page that runs code as a notebook to download, which starts on any host.

Its first cell installs the package from the repository that the site was built from, and the
libraries that the page was seen to import, each only where it is missing: so the notebook also
runs on Colab or on a class's hub, where another page may have been before, and in the book's own
environment that cell installs nothing. It also lets what the package displays lead to the site,
as the notebook's text does. So that these hosts show that text as it is meant, it is Markdown
without MyST, and what its cells print likewise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sphinx.application import Sphinx

from softmaxbook.places import html_on_site

from .builders import is_site
from .execution import executed_notebook
from .launch import Repository, address_of
from .plain import Sources, plain, plain_strings, sources_of

MARKDOWN = "text/markdown"
HTML = "text/html"
VIEW = "application/vnd.jupyter.widget-view+json"

INSTALLATION = """\
# What is missing of the book's package and of what this page needs, as on Colab, this installs.
from importlib.util import find_spec

needed = {needed}
missing = " ".join(f'"{{pin}}"' for name, pin in needed.items() if find_spec(name) is None)
if missing:
    %pip install --quiet {index}$missing"""

LEADING = """

from softmaxbook.places import lead_to

lead_to({site!r})  # where links to other pages of the book go"""

UNKNOWN = """\
# This notebook was built from no repository that a browser can open: where the package is missing,
# install it from the book's folder, or run the notebook there (make lab).
from importlib.util import find_spec

if find_spec("softmaxbook") is None:
    raise ModuleNotFoundError("softmaxbook is missing: pip install 'PATH/TO/THE/BOOK[book]'")"""


def pinned(requirements: str, libraries: Iterable[str]) -> dict[str, str]:
    r"""Return the pin of each library that a requirements file names, by the name to import.

    What the package itself brings along is left out.

    Examples
    --------
    >>> pinned("-c constraints.txt\nscikit-learn==1.9.1  # Part II\n", ["json", "sklearn"])
    {'sklearn': 'scikit-learn==1.9.1'}
    """
    lines = (line.partition("#")[0].strip() for line in requirements.splitlines())
    pins = [Requirement(line) for line in lines if line and not line.startswith("-")]
    by_name = {canonicalize_name(pin.name): str(pin) for pin in pins}
    for brought in map(Requirement, requires("softmaxbook") or []):
        if brought.marker is None or brought.marker.evaluate({"extra": "book"}):
            by_name.pop(canonicalize_name(brought.name), None)
    known = packages_distributions()
    return {
        library: by_name[name]
        for library in libraries
        for name in map(canonicalize_name, known.get(library, [])[:1])
        if name in by_name
    }


def installation(
    root: Path, repository: Repository | None, libraries: Iterable[str], site: str | None = None
) -> str:
    """Return the source of the first cell.

    Parameters
    ----------
    root : Path
        The book's folder, whose requirements name the tested versions.
    repository : Repository or None
        Where the package is installed from.
    libraries : iterable of str
        What the page imports; libraries that no requirement names come along with others.
    site : str, optional
        The site's address; without one there are words in place of links.
    """
    leading = LEADING.format(site=site or "").replace("'", '"')
    if repository is None:
        return UNKNOWN + leading
    needed = pinned(_text(root / "requirements.txt"), libraries)
    package = {"softmaxbook": f"softmaxbook[book] @ {repository.package}"}
    return (
        INSTALLATION.format(
            needed=package | needed,
            index=cpu_builds(root) if "torch" in needed else "",
        )
        + leading
    )


def cpu_builds(root: Path) -> str:
    """Return pip's option for the index where PyTorch is small, as Binder's requirements name it.

    On Linux, PyPI's brings gigabytes along.
    """
    lines = _text(root / ".binder" / "requirements.txt").splitlines()
    return next((f"{line} " for line in lines if line.startswith("--extra-index-url")), "")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def without_state(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook with pictures in place of widgets, and no bar of what went on."""
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        if "remove-stderr" in cell["metadata"].get("tags", []):
            cell["outputs"] = [each for each in cell["outputs"] if each.get("name") != "stderr"]
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)
    return notebook


def translate(notebook: dict[str, Any], sources: Sources, site: str | None = None) -> None:
    """Let a notebook's text be Markdown, which hosts read that know no MyST.

    So is what its cells display, now and when they are run there; links in HTML lead to the site.
    """
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = plain("".join(cell["source"]), sources)
            continue
        source = plain_strings("".join(cell["source"]), sources)
        cell["source"] = html_on_site(source, site or "")
        for output in cell["outputs"]:
            if MARKDOWN in output.get("data", {}):
                output["data"][MARKDOWN] = plain("".join(output["data"][MARKDOWN]), sources)
            if HTML in output.get("data", {}):
                output["data"][HTML] = html_on_site("".join(output["data"][HTML]), site or "")


def publish(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Offer the executed page as a notebook."""
    if not is_site(app):
        return
    executed = executed_notebook(app, page)
    if "kernelspec" not in app.env.metadata.get(page, {}) or not executed.exists():
        return
    notebook = without_state(json.loads(executed.read_text(encoding="utf-8")))
    if not any(cell["cell_type"] == "code" for cell in notebook["cells"]):
        return  # there is nothing to run, and what such a page is made of has no plain form
    site = address_of(app)
    translate(notebook, sources_of(app, page, site), site)
    libraries = notebook["metadata"].pop("libraries")
    source = installation(Path(app.srcdir), app.config["repository"], libraries, site)
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "installation",
        "outputs": [],
    }
    notebook["cells"].insert(0, cell | {"metadata": {}, "source": source})
    target = Path(app.outdir) / "_sources" / f"{page}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")
    context["ipynb_source"] = f"{page}.ipynb"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("html-page-context", publish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
