"""A host of notebooks that does not know the book: a fresh environment with a kernel of its own."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
ARCHIVE = re.compile(r"\[book\] @ [^\"']+")


def archive(target):
    """Write the repository as a site of repositories would offer it, in a folder of its own."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    with zipfile.ZipFile(target, "w") as packed:
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                packed.write(ROOT / name, f"softmaxbook-main/{name}")
    return target


class Host:
    """An environment with `libraries` and a kernel, and nothing of the book."""

    def __init__(self, folder, *libraries):
        self.folder = folder
        self.package = archive(folder / "main.zip")
        subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
        self.python = folder / "environment" / "bin" / "python"
        install = [self.python, "-m", "pip", "install", "--quiet", "ipykernel", *libraries]
        subprocess.run(install, check=True)
        kernel = folder / "jupyter" / "kernels" / "python3"
        kernel.mkdir(parents=True)
        command = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": command, "display_name": "Host", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(spec))

    def has(self, library):
        """Return whether a library can be imported here."""
        code = f"import importlib.util as u, sys; sys.exit(u.find_spec({library!r}) is None)"
        return subprocess.run([self.python, "-I", "-c", code]).returncode == 0

    def run(self, name, notebook, monkeypatch):
        """Execute a notebook in an empty folder.

        The one thing changed is where the package comes from: this machine's copy of the archive
        in place of the one on the web.
        """
        first = notebook.cells[0]
        first.source, found = ARCHIVE.subn(f"[book] @ {self.package.as_uri()}", first.source)
        assert found == 1, first.source
        monkeypatch.setenv("JUPYTER_PATH", str(self.folder / "jupyter"))
        monkeypatch.delenv("PYTHONPATH", raising=False)
        empty = self.folder / name
        empty.mkdir()
        NotebookClient(
            notebook, timeout=600, resources={"metadata": {"path": str(empty)}}
        ).execute()
