"""Small books, built by the machinery of the whole one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOR_EPUB = ("--builder", "custom", "--custom-builder", "epub")
LIVE = "https://books.example.org/softmax/"
"""Where readers find the site."""

HEADER = (ROOT / "book" / "probabilities.md").read_text(encoding="utf-8").split("---")[1]


class Book:
    """A copy of the book's machinery with pages of its own."""

    def __init__(self, folder, **pages):
        self.folder = folder
        for name in ("extensions", "src", "book/vendor"):
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        shutil.copy(ROOT / "_config.yml", folder)
        (folder / "book" / "references.bib").touch()
        (folder / "_toc.yml").write_text(
            "format: jb-book\nroot: book/index\nchapters:\n"
            + "".join(f"- file: book/{name}\n" for name in pages)
        )
        self.write(index="\n# Index\n", **pages)

    def write(self, **pages):
        for name, text in pages.items():
            page = f"---{HEADER}---\n{text}"
            (self.folder / "book" / f"{name}.md").write_text(page, encoding="utf-8")

    def build(self, *options, **environ):
        """Build the book, in that environment; return the exit code and all that was said."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "CI_"))}
        # The copy's own package, not the one that is installed; no git but the copy's own.
        environment |= {"PYTHONPATH": str(self.folder / "src"), "NO_COLOR": "1"}
        environment |= {"SOFTMAXBOOK_PYODIDE": "no"} | environ  # nothing is fetched, as a rule
        environment |= {"GIT_CEILING_DIRECTORIES": str(self.folder.parent)}
        command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", *options]
        # A process left behind would hold the pipe open, and this call would not end.
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        return done.returncode, done.stdout

    def files(self):
        site = self.folder / "_build" / "html"
        return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}

    def html(self, page):
        return (self.folder / "_build" / "html" / "book" / f"{page}.html").read_text("utf-8")
