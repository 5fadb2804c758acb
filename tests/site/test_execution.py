"""Pages in their kernels: what is noticed of them, when they are executed again, how they fail."""

import nbformat
import pytest

from extensions.execution import CELL_SECONDS, Page, reason, room_for
from extensions.freshness import State

FILES = {
    "package/softmaxbook/__init__.py": "",
    "package/softmaxbook/lazy.py": "def load():\n    from softmaxbook import deep\n",
    "package/softmaxbook/deep.py": "N = 1\n",
    "package/softmaxbook/unused.py": "N = 2\n",
    "package/softmaxbook/results/table.csv": "a\n1\n",
    "package/softmaxbook/widgets/figure.mjs": "export const a = 1;\n",
    "package/softmaxbook/exercises/first.py": "",
    "package/softmaxbook/weights/network.safetensors": "0",
    "_toc.yml": "",
    "book/page.md": "",
    "book/notes.txt": "",
}
CELLS = """
from softmaxbook import lazy
lazy.load()

from pathlib import Path
FOLDER = Path(lazy.__file__).parent
(FOLDER / "results" / "table.csv").read_bytes()

import os
os.close(os.open(FOLDER / "widgets" / "figure.mjs", os.O_RDONLY))

sorted(FOLDER.glob("exercises/*.py"))

Path("../_toc.yml").read_text()
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Return the folder of a book with a package, which the kernels import."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "package"))
    return tmp_path


def state_of(book):
    return State.now(book, book / "package" / "softmaxbook", book / "book")


def executed(book, *cells, timeout=120, cell_seconds=CELL_SECONDS):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata["source_map"] = [10 * index for index in range(len(cells))]
    page = Page("book/page", book / "book" / "page.md", notebook)
    return page.execute(state_of(book), timeout, cell_seconds)


def stderr(cell):
    """Return what a cell has written to stderr."""
    return "".join(output.text for output in cell.outputs if output.get("name") == "stderr")


REACHED = {
    "a module that is imported in a function, by another": "package/softmaxbook/deep.py",
    "that other module": "package/softmaxbook/lazy.py",
    "the package itself": "package/softmaxbook/__init__.py",
    "a table": "package/softmaxbook/results/table.csv",
    "the book's contents": "_toc.yml",
    "an ES module": "package/softmaxbook/widgets/figure.mjs",
    "weights, which another language reads": "package/softmaxbook/weights/network.safetensors",
    "a new file in a folder": "package/softmaxbook/exercises/second.py",
    "a new file that hides a library": "book/numpy.py",
}


def test_what_a_page_follows_from_is_what_it_opened(book):
    before = state_of(book)
    page = executed(book, *CELLS.strip().split("\n\n"))
    assert page.error is None, page.error
    record = before.record(page.opened)
    assert state_of(book).holds(record)
    again = executed(book, *CELLS.strip().split("\n\n"))
    assert before.record(again.opened) == record, "also where modules come compiled"

    for name in ("package/softmaxbook/unused.py", "package/softmaxbook/exercises/first.py"):
        (book / name).write_text("N = 3\n")
        assert state_of(book).holds(record), f"the page never opened {name}"
    for what, name in REACHED.items():
        former = (book / name).read_bytes() if (book / name).exists() else None
        (book / name).write_bytes(b"changed")
        assert not state_of(book).holds(record), what
        (book / name).unlink() if former is None else (book / name).write_bytes(former)
        assert state_of(book).holds(record), f"{name} is what it was"
    (book / "package/softmaxbook/deep.py").unlink()
    assert not state_of(book).holds(record)


def test_solutions_and_versions_count_for_every_page(book, monkeypatch):
    record = state_of(book).record([])
    assert state_of(book).holds(record)
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    assert not state_of(book).holds(record)
    monkeypatch.undo()
    monkeypatch.setattr("extensions.freshness.distributions", list)
    assert not state_of(book).holds(record)


def test_a_file_that_changes_meanwhile_counts_as_changed(book):
    before = state_of(book)
    (book / "package/softmaxbook/unused.py").write_text("N = 3\n")
    record = before.record([str(book / "package/softmaxbook/unused.py")])
    assert not state_of(book).holds(record)


FORK = """import os
if not os.fork():
    import softmaxbook.unused
    os._exit(0)
os.wait()"""
MISSING = """try:
    open("../settings.txt")
except FileNotFoundError:
    pass"""


def test_forked_processes_and_files_elsewhere_are_noticed_too(book):
    (book / "elsewhere.txt").touch()
    page = executed(book, FORK, MISSING, "open('../elsewhere.txt').close()")
    record = state_of(book).record(page.opened)
    assert "package/softmaxbook/unused.py" in record["files"]
    assert not state_of(book).holds(record), "no state knows what stands elsewhere"

    del record["files"]["elsewhere.txt"]
    assert state_of(book).holds(record)
    (book / "settings.txt").touch()
    assert not state_of(book).holds(record), "a file that was missing is there now"


def test_what_another_program_opens_is_anything(book):
    page = executed(book, "import subprocess, sys; subprocess.run([sys.executable, '-c', ''])")
    record = state_of(book).record(page.opened)
    (book / "package/softmaxbook/unused.py").write_text("N = 3\n")
    assert not state_of(book).holds(record)


LIBRARY = """
import warnings

def old():
    warnings.warn("old() is old", FutureWarning)

def blames_its_caller():
    warnings.warn("blames_its_caller() is old", FutureWarning, stacklevel=2)

def calls_another_library():
    import other
    other.blames_its_caller()
"""


HUSHED = [
    "import library, other",  # the second one calls its own old function when it is loaded
    "library.calls_another_library()",
]
SHOWN = [
    "library.old()",
    "library.blames_its_caller()",
    "import softmaxbook.caller",
    "import old",
    "import warnings; warnings.warn('careful')",
]


def test_what_a_library_says_about_its_own_code_is_not_shown_and_nothing_else_is_hushed(book):
    (book / "book" / "library.py").write_text(LIBRARY)
    (book / "book" / "other.py").write_text(LIBRARY + "\nold()\n")
    (book / "book" / "old.py").write_text("import warnings\nwarnings.warn('me', FutureWarning)\n")
    (book / "package" / "softmaxbook" / "caller.py").write_text(
        "import library\n\nlibrary.blames_its_caller()\n"
    )
    page = executed(book, *HUSHED, *SHOWN)
    assert page.error is None, page.error
    written = {cell.source: stderr(cell) for cell in page.notebook.cells}
    assert {source for source, text in written.items() if "Warning: " in text} == {*SHOWN}
    assert not any(written[source] for source in HUSHED)


def test_a_cell_that_computes_without_end_is_stopped_and_one_that_waits_is_not(book):
    endless = "while True:\n    pass"
    page = executed(book, "import time\ntime.sleep(0.6)", endless, cell_seconds=0.5)
    assert page.place == ":11: cell 2 of 2"
    why, advice = reason(page.error)
    assert why == "TimeoutError: the cell has kept the processor busy for 0.5 s"
    assert "experiment" in advice


def test_a_cell_that_waits_without_end_is_stopped_in_the_end(book):
    why, _ = reason(executed(book, "import time\ntime.sleep(60)", timeout=10).error)
    assert why == "It did not come to an end."


def test_a_kernel_that_dies_is_told(book):
    why, advice = reason(executed(book, "import os\nos._exit(1)").error)
    assert why == "Its kernel died."
    assert "Memory" in advice


def test_there_is_room_for_one_page_and_never_for_more_than_there_are():
    assert room_for(1) == 1
    assert 1 <= room_for(100) <= 100
