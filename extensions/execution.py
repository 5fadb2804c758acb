"""Pages are executed side by side before Sphinx reads them, and each only when it has to be.

MyST-NB would execute a page when it reads it, one after the other, and answer what goes wrong with
a traceback of the build. Here the pages whose stored outputs no longer hold (`freshness.py`) are
executed first, as many at once as the machine can carry, into the cache in which MyST-NB then
finds them.
"""

from __future__ import annotations

import math
import os
import re
import sys
import textwrap
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import joblib
import nbformat
import psutil
import zmq
from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.cache.db import NbCacheRecord
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import SphinxError
from sphinx.util import logging
from traitlets.config import Config

from .freshness import PACKAGE, State
from .kernel import LIBRARY

logger = logging.getLogger(__name__)

KERNEL = Path(__file__).with_name("kernel.py")

CELL_SECONDS = 120
"""How long a cell may keep the processor busy: ten times what any needs on a usual machine."""

PAGE_MEMORY = 1.5 * 2**30
"""What a page may need, in bytes."""

# A core for each page, and the same rounding whatever the number of cores.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

# Other users of the machine may listen, and the kernel warns where they can.
ENCRYPTION = {"KernelManager": {"transport_encryption": "auto"}} if zmq.has("curve") else {}


@dataclass
class Page:
    """A page, and what became of it when it was executed."""

    name: str
    path: Path
    notebook: NotebookNode
    opened: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()  # what is imported, by the names that Python knows
    seconds: float = 0.0
    error: Exception | None = None
    cell: int | None = None

    @property
    def place(self) -> str:
        """Line and number of the cell at work; nothing before the first."""
        if self.cell is None:
            return ""
        line = self.notebook.metadata.source_map[self.cell] + 1
        return f":{line}: cell {self.code.index(self.cell) + 1} of {len(self.code)}"

    @property
    def code(self) -> list[int]:
        """Where the code cells are among all cells."""
        return [i for i, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"]

    def execute(self, state: State, timeout: float, cell_seconds: float = CELL_SECONDS) -> Page:
        """Execute all cells in a kernel of their own, up to the first that fails."""
        begin = perf_counter()
        with TemporaryDirectory() as folder:
            diary = Path(folder) / "opened"
            try:
                client = self._client(diary, state, timeout, cell_seconds)
                client.execute(env={**ONE_THREAD, **os.environ})
                self._read(diary)
            except Exception as error:
                self.error = error
        self.seconds = perf_counter() - begin
        return self

    def _read(self, diary: Path) -> None:
        entries = [os.fsdecode(entry) for entry in diary.read_bytes().split(b"\0")[:-1]]
        self.opened = tuple(entry for entry in entries if not entry.startswith(LIBRARY))
        imports = {entry.removeprefix(LIBRARY) for entry in entries if entry.startswith(LIBRARY)}
        self.libraries = tuple(sorted(imports - sys.stdlib_module_names))

    def _client(
        self, diary: Path, state: State, timeout: float, cell_seconds: float
    ) -> NotebookClient:
        prepare = f"__import__('runpy').run_path({str(KERNEL)!r})['prepare']"
        folders = tuple(map(str, (state.root, *state.folders)))
        arguments = (str(diary), folders, cell_seconds)

        def begin(notebook: NotebookNode) -> None:
            assert client.kc is not None
            client.kc.execute(f"{prepare}(*{arguments!r})", silent=True)

        def note(cell: NotebookNode, cell_index: int) -> None:
            self.cell = cell_index

        client = NotebookClient(
            self.notebook,
            resources={"metadata": {"path": str(self.path.parent)}},
            config=Config(ENCRYPTION),
            timeout=timeout,
            startup_timeout=timeout,
            iopub_timeout=timeout,  # a busy machine is no reason to lose an output
            raise_on_iopub_timeout=True,
            record_timing=False,  # it would stand in the cells, by which the cache knows a page
            on_notebook_start=begin,
            on_cell_execute=note,
        )
        return client


def read(name: str, env: Any) -> Page | None:
    """Return a page as MyST-NB reads it; None if it is not a notebook."""
    path = Path(env.doc2path(name))
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    return Page(name, path, reader.read(text)) if reader else None


def executed_notebook(app: Sphinx, name: str) -> Path:
    """Return where a page is kept as a notebook with its outputs."""
    return Path(app.outdir).parent / "jupyter_execute" / f"{name}.ipynb"


def room_for(pages: int) -> int:
    """Return how many of some pages this machine can execute at once."""
    memory = int(psutil.virtual_memory().available // PAGE_MEMORY)
    return max(1, min(pages, memory, int(joblib.cpu_count())))


class Execution:
    """Finds the pages that have to be executed, executes them, and stores what they show."""

    cache: JupyterCacheAbstract
    state: State
    due: Sequence[Page] = ()

    def find(self, app: Sphinx, env: Any, added: set[str], *_: Any) -> list[str]:
        """Return the names of the pages that Sphinx has to read besides those that it knows of.

        Sphinx itself goes by the times of files, which a copy of a file may bring along.
        """
        pages = Path(env.doc2path(app.config.root_doc)).parent
        self.state = State.now(Path(app.srcdir), PACKAGE, pages)
        self.cache = get_cache(env.mystnb_config.execution_cache_path)
        if env.mystnb_config.execution_mode == "cache":
            notebooks = [read(name, env) for name in sorted(env.found_docs)]
            self.due = [page for page in notebooks if page and not self.holds(page)]
        changed = self.state.changed_since(getattr(env, "files_of_the_book", {}))
        env.files_of_the_book = self.state.files
        followers = {name for name in env.found_docs if env.dependencies[name] & changed}
        return sorted(({page.name for page in self.due} | followers) - added)

    def holds(self, page: Page) -> bool:
        """Return whether the stored outputs of a page are those that it would have now."""
        with suppress(KeyError):
            record = self.cache.match_cache_notebook(page.notebook)
            return not page.code or self.state.holds(record.data)
        return False

    def run(self, app: Sphinx, env: Any, names: list[str]) -> None:
        """Execute the pages that have to be, and end the build if one of them fails.

        The longest come first, so that no core stands idle beside a last one. Of new pages, these
        are the later chapters.
        """
        for page in self.due:
            if not page.code:
                self.keep(page)
        chapters = {name: number for number, name in enumerate(app.config.external_site_map)}
        due = sorted(
            (page for page in self.due if page.code),
            key=lambda page: (self.last_seconds(page), chapters.get(page.name, 0)),
            reverse=True,
        )
        failed = []
        for page in side_by_side(due, self.state, env.mystnb_config.execution_timeout):
            if page.error is None:
                self.keep(page)
            else:
                failed.append(failure(page, app))
        if failed:
            raise SphinxError("\n".join(failed))

    def last_seconds(self, page: Page) -> float:
        """Return how long a page took the last time; for ever, if it is new."""
        seconds = [record.data["execution_seconds"] for record in self.records(page)]
        return max(seconds, default=math.inf)

    def keep(self, page: Page) -> None:
        """Store what a page shows, and what this follows from, in place of what it showed."""
        data = {
            "execution_seconds": page.seconds,
            "libraries": page.libraries,
            **self.state.record(page.opened),
        }
        for former in self.records(page):
            with suppress(KeyError):
                self.cache.remove_cache(former.pk)
        bundle = CacheBundleIn(page.notebook, str(page.path), data=data)
        self.cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    def write_notebook(self, app: Sphinx, doctree: nodes.document) -> None:
        """Write the executed page as a notebook: MyST-NB leaves out what comes from the cache."""
        page = read(app.env.docname, app.env)
        if page is not None:
            with suppress(KeyError):  # of pages that are not to be executed
                pk, notebook = self.cache.merge_match_into_notebook(page.notebook)
                record = self.cache.get_cache_record(pk)
                notebook.metadata["libraries"] = record.data.get("libraries", [])
                target = executed_notebook(app, page.name)
                nbformat.write(notebook, target)

    def records(self, page: Page) -> list[NbCacheRecord]:
        """Return what is stored about a page, whatever its cells were."""
        return list(NbCacheRecord.records_from_uri(str(page.path), self.cache.db))


def side_by_side(pages: Sequence[Page], state: State, timeout: float) -> Iterator[Page]:
    """Execute pages, as many at once as there is room for, and yield each when it is done."""
    if not pages:
        return
    logger.info("executing %d pages, %d at a time", len(pages), room_for(len(pages)))
    with ThreadPool(room_for(len(pages))) as pool:  # the kernels do the work
        done = pool.imap_unordered(lambda page: page.execute(state, timeout), pages)
        for number, page in enumerate(done, 1):
            logger.info("%d of %d: %s, %.1f s", number, len(pages), page.name, page.seconds)
            yield page


def failure(page: Page, app: Sphinx) -> str:
    """Write down why a page failed, in full; return three lines: where, why, and what to try."""
    assert page.error is not None
    log = Path(app.outdir).parent / "logs" / f"{page.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    story = "".join(traceback.format_exception(page.error))
    log.write_text(re.sub(r"\x1b\[[\d;]*m", "", story), encoding="utf-8")
    why, advice = reason(page.error)
    where = os.path.relpath(page.path, app.srcdir) + page.place
    return f"{where} failed.\n  {why}\n  {advice} The traceback is in {os.path.relpath(log)}."


def reason(error: Exception) -> tuple[str, str]:
    """Return a line on why a page failed, and a sentence on what to try."""
    name, text = type(error).__name__, str(error)
    advice = "To run the page cell by cell: make lab."
    if isinstance(error, CellTimeoutError):
        return "It did not come to an end.", "Does it wait for something? Else build again."
    if isinstance(error, DeadKernelError):
        return "Its kernel died.", "Memory may be short: close other programs, and build again."
    if isinstance(error, CellExecutionError):
        name, text = error.ename, error.evalue
        if name == TimeoutError.__name__:
            advice = "It can be made an experiment (CONTRIBUTING.md), whose results are stored."
    return textwrap.shorten(f"{name}: {text}", 300), advice


def warn_of_stderr(app: Sphinx, doctree: nodes.document) -> None:
    """Warn where a cell has written to stderr, and say what: no reader shall see it."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            for output in cell.findall(nodes.literal_block):
                if "stderr" in output["classes"]:
                    message = "cell %s writes to stderr: %s"
                    said = spoken(output.astext())
                    logger.warning(message, cell["exec_count"], said, location=output)


def spoken(text: str) -> str:
    r"""Return the line of a text that names a warning or error, or else the last one.

    Examples
    --------
    >>> spoken("page.py:3: UserWarning: mind the gap\n  warn('mind the gap')")
    'page.py:3: UserWarning: mind the gap'
    """
    lines = text.strip().splitlines() or [""]
    return next((line for line in lines if re.search(r"\w(Warning|Error): ", line)), lines[-1])


def end_in_words(app: Sphinx, exception: Exception | None) -> None:
    """End a build that fails for a known reason with that: Jupyter Book would add sixty lines."""
    if isinstance(exception, SphinxError) and not app.verbosity:
        sys.exit(str(exception))


def write_side_by_side(app: Sphinx, env: Any) -> None:
    """Let Sphinx write pages on all cores; it must not read so, for the cache takes one reader."""
    if os.environ.get("SOFTMAXBOOK_WRITERS") != "1":
        app.parallel = max(app.parallel, 2 * joblib.cpu_count())


def miss_no_page(app: Sphinx, exception: Exception | None) -> None:
    """Fail where pages are missing: an error in one that is written beside others can get lost."""
    if exception is None and isinstance(app.builder, StandaloneHTMLBuilder):
        written = app.builder.get_outfilename
        missing = [page for page in sorted(app.env.found_docs) if not Path(written(page)).is_file()]
        if missing:
            error = SphinxError(
                f"Sphinx told no error, but did not write {', '.join(missing)}. "
                "Built with SOFTMAXBOOK_WRITERS=1, it tells it."
            )
            end_in_words(app, error)
            raise error


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    execution = Execution()
    app.connect("env-get-outdated", execution.find)
    app.connect("env-before-read-docs", execution.run)
    app.connect("doctree-read", execution.write_notebook)
    app.connect("doctree-read", warn_of_stderr)
    app.connect("env-updated", write_side_by_side)
    app.connect("build-finished", miss_no_page)
    app.connect("build-finished", end_in_words, priority=999)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
