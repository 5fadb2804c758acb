"""How much processor time the book's pages take: `python -m benchmarks.pages [PAGE …]`.

Each page runs in a kernel of its own, as when the book is built, and the kernel's user and system
time is read before and after each cell: it hardly depends on what else the machine does. With
`--keep FOLDER` the executed notebooks stay, to compare what two states of the code show. The
program fails if a cell or a page takes more than it may.
"""

import os
import sys
from pathlib import Path

import jupytext
import nbformat
import psutil
from nbclient import NotebookClient

from benchmarks.asked import Line
from benchmarks.machine import processor

BOOK = Path(__file__).parents[1] / "book"
A_CELL, A_PAGE = 10.0, 20.0  # seconds that they may take
SHOWN = 0.5  # seconds of a cell that is printed


class Timed(NotebookClient):
    """A client that keeps the processor time of each cell; the first is the kernel's start."""

    def __init__(self, notebook, **settings):
        super().__init__(notebook, on_cell_executed=self.read, **settings)
        self.readings = []

    async def async_start_new_kernel_client(self):
        """Note what the kernel has taken until it answers."""
        client = await super().async_start_new_kernel_client()
        self.kernel = psutil.Process(self.km.provisioner.pid)
        self.readings.append((None, self.taken()))
        return client

    def taken(self):
        """Return user plus system seconds of the kernel and of the processes it has waited for."""
        return sum(self.kernel.cpu_times()[:4])

    def read(self, cell_index, **kwargs):
        """Read the clock after a cell."""
        self.readings.append((cell_index, self.taken()))

    def cells(self):
        """Yield the index of each cell (`None` for the start) and its seconds."""
        before = 0.0
        for index, after in self.readings:
            yield index, after - before
            before = after


def execute(stem):
    """Execute a page; return its notebook, and pairs of a cell and its seconds."""
    notebook = jupytext.read(BOOK / f"{stem}.md", fmt="md:myst")
    client = Timed(notebook, timeout=None, resources={"metadata": {"path": str(BOOK)}})
    client.execute()
    return notebook, list(client.cells())


def title(notebook, index):
    """Return the first line of a cell that says something."""
    if index is None:
        return "(the kernel starts)"
    lines = notebook.cells[index].source.splitlines()
    return next((line for line in lines if line and not line.startswith("import ")), "")[:70]


def main() -> int:
    """Print the table; fail if a cell or a page takes too long."""
    line = Line(__spec__.name, __doc__)
    line.add_argument("page", nargs="*", help="name of a page without its ending; else all")
    line.add_argument("--keep", type=Path, metavar="FOLDER", help="for the executed notebooks")
    given = line.parse_args()
    every = [p.stem for p in sorted(BOOK.glob("*.md")) if "{code-cell}" in p.read_text("utf-8")]
    if unknown := [stem for stem in given.page if stem not in every]:
        line.error(f"there is no page {unknown[0]} with code")
    print(processor(), f"{os.cpu_count()} cores, seconds of processor time", sep=", ")
    total, slow = 0.0, []
    for stem in given.page or every:
        notebook, cells = execute(stem)
        page = sum(taken for _, taken in cells)
        print(f"{page:7.2f} {stem}", flush=True)
        for number, (index, taken) in enumerate(cells):
            if taken >= SHOWN:
                print(f"{taken:15.2f}  [{number}] {title(notebook, index)}")
        total += page
        slow += [stem] * (page > A_PAGE or max(taken for _, taken in cells) > A_CELL)
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, given.keep / f"{stem}.ipynb")
    print(f"{total:7.2f} in all")
    if slow:
        print(f"More than {A_CELL:.0f} s a cell or {A_PAGE:.0f} s a page: {', '.join(slow)}")
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
