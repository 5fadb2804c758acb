"""Syntax trees in threads, while the garbage collector calls Python in the middle of them."""

import ast
import gc
import inspect
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pytest

import softmaxbook
from softmaxbook.checking.syntax import syntax_tree

SOURCE = inspect.getsource(inspect)
TREES = 60  # about one in ten fails on Python 3.11.7, where nothing helps


@contextmanager
def collector_calls_python():
    """Let threads lose their turn in the collector, as distributed and hypothesis do."""

    def callback(phase, info):
        sum(range(200))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)  # as where hand-ins are graded
    gc.callbacks.append(callback)
    try:
        yield
    finally:
        gc.callbacks.remove(callback)
        sys.setswitchinterval(interval)


@contextmanager
def somebody_reads():
    """Let a thread read texts that knows nothing of others."""
    over = threading.Event()

    def read():
        while not over.is_set():
            with suppress(SystemError):
                ast.parse(SOURCE)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            yield
        finally:
            over.set()
    reading.result()


@pytest.mark.parametrize("beside", [nullcontext, somebody_reads])
def test_every_thread_gets_its_tree(beside):
    expected = ast.dump(ast.parse(SOURCE))
    with collector_calls_python(), beside(), ThreadPoolExecutor(3) as pool:
        trees = list(pool.map(lambda _: syntax_tree(SOURCE), range(TREES)))
    assert all(ast.dump(each) == expected for each in trees)


@pytest.mark.parametrize("text", ["f(", "a\0", "(" * 1000 + ")" * 1000])
def test_what_is_not_python_is_refused_as_by_python(text):
    with pytest.raises((SyntaxError, ValueError, MemoryError, RecursionError)) as ours:
        syntax_tree(text)
    with pytest.raises(type(ours.value)):
        ast.parse(text)


def test_nobody_else_in_the_package_reads_texts():
    """Else two threads may meet: the modules of the package are used by graders with threads."""
    folder = Path(softmaxbook.__file__).parent
    readers = [each for each in folder.rglob("*.py") if "ast.parse(" in each.read_text("utf-8")]
    assert [each.name for each in readers] == ["syntax.py"]
