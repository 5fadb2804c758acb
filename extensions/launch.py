"""Where this copy of the book lives, found out instead of written down, so a fork needs no edit.

The CI's variables are asked first, then the git remote `origin`. From the answer come the link to
the repository, the edit and issue links, the Binder button, which opens the page in JupyterLab, and
on GitHub the Colab button, which opens the notebook that the site publishes (`.ci/notebooks` puts
it where Colab looks). Without an answer the book is built without these, and says so.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from .builders import is_site

logger = logging.getLogger(__name__)

BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"
NOTEBOOKS = "notebooks"
"""The branch that `.ci/notebooks` puts the published notebooks on."""

Git = Callable[..., str | None]


@dataclass(frozen=True)
class Repository:
    """A repository that a browser can open: its address, and the state of it that was built."""

    url: str
    ref: str
    is_branch: bool

    @property
    def provider(self) -> str | None:
        """Return 'github' or 'gitlab' where the theme can make links of its own."""
        host = self.url.split("/")[2]
        return next((name for name in ("github", "gitlab") if name in host), None)

    def binder(self, path: str) -> str:
        """Return the address at which Binder opens `path` in JupyterLab."""
        _, _, host, name = self.url.split("/", 3)
        if host == "github.com":
            source = f"gh/{name}/{quote(self.ref, safe='')}"
        elif host == "gitlab.com":
            source = f"gl/{quote(name, safe='')}/{quote(self.ref, safe='')}"
        else:
            source = f"git/{quote(self.url, safe='')}/{quote(self.ref, safe='')}"
        return f"{BINDER}/v2/{source}?urlpath=lab/tree/{quote(path)}"

    def colab(self, path: str) -> str | None:
        """Return the address at which Colab opens the published notebook; None if it cannot."""
        _, _, host, name = self.url.split("/", 3)
        found = host == "github.com"
        return f"{COLAB}/github/{name}/blob/{NOTEBOOKS}/{quote(path)}" if found else None

    @property
    def package(self) -> str:
        """The address from which pip installs what was built: an archive, or else git itself."""
        _, _, host, name = self.url.split("/", 3)
        ref = quote(self.ref)
        if host == "github.com":
            return f"{self.url}/archive/{ref}.zip"
        if host == "gitlab.com":
            return f"{self.url}/-/archive/{ref}/{name.rpartition('/')[2]}.zip"
        return f"git+{self.url}@{ref}"


def web_address(remote: str) -> str | None:
    """Return the https address of a git remote, without credentials; None if it has none.

    Examples
    --------
    >>> web_address("git@github.com:reader/softmaxbook.git")
    'https://github.com/reader/softmaxbook'
    """
    scp = re.fullmatch(r"(?:[^@/\s]+@)?([\w.-]+\.[\w-]+):(?!/)(\S+)", remote)
    url = re.fullmatch(
        r"(?:https?|ssh|git)://(?:[^@/\s]+@)?([\w.-]+\.[\w-]+)(?::\d+)?/(\S+)", remote
    )
    found = url or scp
    if found is None:
        return None
    name = found[2].strip("/").removesuffix(".git")
    return f"https://{found[1]}/{name}" if "/" in name else None


def from_ci(variables: Mapping[str, str]) -> Repository | None:
    """Return the repository that GitHub Actions or GitLab CI builds."""
    if "GITHUB_REPOSITORY" in variables:
        server = variables.get("GITHUB_SERVER_URL", "https://github.com")
        url, ref = (
            f"{server}/{variables['GITHUB_REPOSITORY']}",
            variables.get("GITHUB_REF_NAME", ""),
        )
        is_branch = variables.get("GITHUB_REF_TYPE", "branch") == "branch"
        sha = variables.get("GITHUB_SHA", "HEAD")
    elif "CI_PROJECT_URL" in variables:
        url, ref = variables["CI_PROJECT_URL"], variables.get("CI_COMMIT_REF_NAME", "")
        is_branch = "CI_COMMIT_TAG" not in variables
        sha = variables.get("CI_COMMIT_SHA", "HEAD")
    else:
        return None
    if not ref or ref.endswith("/merge"):  # a pull request is built from no branch of its own
        return Repository(url, sha, is_branch=False)
    return Repository(url, ref, is_branch)


def from_git(git: Git) -> Repository | None:
    """Return the repository behind the remote `origin`, at the branch or commit checked out."""
    url = web_address(git("remote", "get-url", "origin") or "")
    branch = git("symbolic-ref", "--short", "--quiet", "HEAD")
    ref = branch or git("rev-parse", "--verify", "--quiet", "HEAD")
    return Repository(url, ref, branch is not None) if url and ref else None


def git_in(folder: Path) -> Git:
    """Return a function that runs git in `folder` and returns what it prints, None if it fails."""

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)
        except FileNotFoundError:
            return None
        return done.stdout.strip() or None if done.returncode == 0 else None

    return git


def site_address(variables: Mapping[str, str], repository: Repository | None) -> str | None:
    """Return the address at which readers find the site, with a slash at its end, or None.

    A site elsewhere than where its repository's host puts it is named in `SOFTMAXBOOK_ADDRESS`.

    Examples
    --------
    >>> site_address({}, Repository("https://github.com/Reader/softmaxbook", "main", True))
    'https://reader.github.io/softmaxbook/'
    """
    named = variables.get("SOFTMAXBOOK_ADDRESS") or variables.get("CI_PAGES_URL")
    if named:
        return named.rstrip("/") + "/"
    if repository is None:
        return None
    _, _, host, name = repository.url.split("/", 3)
    owner, _, project = name.partition("/")
    if host != "github.com":  # elsewhere the address does not follow from the repository's
        return None
    owners = f"{owner.lower()}.github.io"
    return f"https://{owners}/" + ("" if project.lower() == owners else f"{project}/")


def address_of(app: Sphinx) -> str | None:
    """Return the address of the site that is being built, if it is known."""
    return site_address(environ, app.config["repository"])


def configure(app: Sphinx, config: Config) -> None:
    """Tell the theme where the repository is, or say that it is not known."""
    options: dict[str, Any] = config["html_theme_options"]
    for default in ("repository_url", "repository_branch", "path_to_docs", "launch_buttons"):
        options.pop(default, None)  # Jupyter Book's default is its own repository
    repository = from_ci(environ) or from_git(git_in(Path(app.srcdir)))
    config["repository"] = repository
    if repository is None:
        logger.info("No git remote `origin` with a web address: no repository or Binder buttons.")
    elif repository.provider is None:
        logger.info("%s: Binder button only, no repository buttons.", repository.url)
    else:
        options["repository_url"] = repository.url
        options["repository_provider"] = repository.provider
        options["repository_branch"] = repository.ref
        options["use_repository_button"] = options["use_issues_button"] = True
        options["use_edit_page_button"] = repository.is_branch


def add_buttons(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the buttons of Binder and Colab to the header of a page that can be run."""
    repository: Repository | None = app.config["repository"]
    if repository is None or not is_site(app) or "kernelspec" not in app.env.metadata.get(page, {}):
        return
    hosts = [
        ("Binder", "fas fa-rocket", repository.binder(f"{page}.md")),
        ("Colab", "fas fa-circle-play", repository.colab(f"{page}.ipynb")),
    ]
    context["header_buttons"] += [
        {
            "type": "link",
            "text": "",
            "tooltip": f"Run this page on {name}",
            "icon": icon,
            "url": address,
            "label": f"launch-{name.lower()}",
        }
        for name, icon, address in hosts
        if address
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_config_value("repository", None, "html", (Repository, type(None)))
    app.connect("config-inited", configure)
    app.connect("html-page-context", add_buttons)  # after the theme's own list is begun
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
