"""What counts as an answer's time: what it computes itself, not what it waits for or loads."""

import importlib
import sys
import threading
import time

import numpy as np
import pytest

from softmaxbook.checking.timeouts import Allowance, Stage, TimeUp, call_within
from softmaxbook.exercises import Status, exercise


def softmax(logits):
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def busy(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def check(answer, **more):
    return exercise("softmax-of-a-batch").check(answer, **more)


@pytest.fixture
def in_either_thread():
    """Return a function that checks in the main thread and then in another one."""

    def both(answer, between=lambda: None, **more):
        found = [check(answer, **more)]
        between()
        thread = threading.Thread(target=lambda: found.append(check(answer, **more)))
        thread.start()
        thread.join()
        return found

    return both


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a function that writes a package where pip puts them, and makes it importable."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    written = []

    def write(name, source):
        *parents, stem = name.split(".")
        place = folder.joinpath(*parents)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{stem}.py").write_text(source)
        written.append(name.partition(".")[0])
        importlib.invalidate_caches()

    yield write
    for name in [each for each in sys.modules if each.partition(".")[0] in written]:
        del sys.modules[name]


def test_time_that_passes_does_not_condemn(in_either_thread):
    def waits(logits):  # as on a machine whose processors others use
        time.sleep(0.1)
        return softmax(logits)

    for verdict in in_either_thread(waits, seconds=0.5):  # it waits for over a second in all
        assert verdict.correct, verdict


def test_computing_that_takes_too_long_is_interrupted(in_either_thread):
    def slow(logits):
        busy(0.3)
        return softmax(logits)

    for verdict in in_either_thread(slow, seconds=0.5):
        assert verdict.status is Status.ENDLESS
    assert check(slow, seconds=30).correct


def test_an_import_is_not_interrupted(package, in_either_thread):
    package(
        "a_large_library",
        "import time\n"
        "end = time.thread_time() + 0.4\n"
        "while time.thread_time() < end: pass\n"
        "ready = True\n",
    )

    def answer(logits):
        import a_large_library

        assert a_large_library.ready
        return softmax(logits)

    def unload():
        del sys.modules["a_large_library"]

    for verdict in in_either_thread(answer, between=unload, seconds=0.3):
        assert verdict.correct, verdict


def test_what_was_used_up_before_waits_for_the_end_of_an_import(package):
    package(
        "another_large_library",
        "import time\nbegun = True\n"
        "end = time.thread_time() + 0.4\n"
        "while time.thread_time() < end: pass\n"
        "ready = True\n",
    )

    def answer():
        busy(0.25)
        import another_large_library  # noqa: F401

        while True:
            pass

    allowance = Allowance(0.3)
    allowance.spend(Stage.WORKING, 0.04, 0.0)
    with pytest.raises(TimeUp):
        call_within(allowance, answer)
    assert sys.modules["another_large_library"].ready


# A stand-in: numba, jax and torch.compile were seen to compile a function for seconds in modules of
# these names, when it is called for the first time.
@pytest.mark.parametrize(
    "name", ["numba.core.standin", "torch._dynamo.standin", "jax._src.interpreters.standin"]
)
def test_compiling_on_the_first_call_does_not_condemn(package, name, in_either_thread):
    path = name.replace(".", "/")
    package(
        "compilers",
        "import time\n"
        f"names = {{'__name__': {name!r}, 'time': time}}\n"
        f"exec(compile('def compiled():\\n  end = time.thread_time() + 0.4\\n"
        f"  while time.thread_time() < end: pass\\n', '/site-packages/{path}.py', 'exec'), names)\n"
        "compiled = names['compiled']\n",
    )
    from compilers import compiled

    for verdict in in_either_thread(_compiling(compiled), seconds=0.3):
        assert verdict.correct, verdict


def _compiling(compiled):
    done = []

    def answer(logits):
        if not done or done[-1] != threading.get_ident():
            compiled()
            done.append(threading.get_ident())
        return softmax(logits)

    return answer


def test_a_loop_in_a_compiled_function_ends_all_the_same():
    names = {"__name__": "torch._dynamo.wrapper"}
    code = "def wrapped(f):\n  return lambda z: f(z)\n"
    exec(compile(code, "/site-packages/torch/_dynamo/wrapper.py", "exec"), names)

    @names["wrapped"]
    def spins(logits):
        while True:
            pass

    start = time.monotonic()
    assert check(spins, seconds=0.3).status is Status.ENDLESS
    assert time.monotonic() - start < 5


def test_the_verdict_says_what_can_be_done():
    def spins(logits):
        total = 0
        while True:
            total += 1

    message = check(spins, seconds=0.3).message
    assert "`check(softmax_batch, seconds=60)`" in message
    assert "in the line `total += 1`" in message or "in the line `while True:`" in message
    assert "restart" not in message


def test_an_interruption_within_a_library_says_when_to_restart(package):
    package("endless_library", "def spin():\n    while True:\n        pass\n")
    from endless_library import spin

    message = check(lambda logits: spin(), seconds=0.3).message
    assert "inside `endless_library`" in message
    assert "restart the kernel" in message


def test_what_the_interruption_left_is_not_the_answers_fault():
    def compiles(logits):
        sys.setrecursionlimit(3000)  # torch.compile does, and puts it back when it is done
        while True:
            pass

    depth = sys.getrecursionlimit()
    verdict = check(compiles, seconds=0.3)
    assert verdict.status is Status.ENDLESS
    assert verdict.remarks == ()
    assert sys.getrecursionlimit() == depth


def test_where_no_thread_can_start_and_no_clock_rings_an_answer_is_checked(monkeypatch):
    def refuse(thread):  # as Pyodide does, which JupyterLite runs
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.delattr("signal.setitimer")
    assert check(softmax).correct
    assert "nan" in str(check(lambda logits: logits * np.nan))

    def fails():
        raise ValueError("its own")

    with pytest.raises(ValueError, match="its own") as raised:
        call_within(1, fails)
    assert raised.value.__context__ is None, "the answer's error is not blamed on the thread"
