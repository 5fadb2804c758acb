"""The engine in a real notebook kernel: every exercise, and what must not end the kernel."""

import pytest

jupyter_client = pytest.importorskip("jupyter_client")


@pytest.fixture(scope="module")
def run():
    """Return a function that runs a cell in one kernel and returns what it shows."""
    manager, client = jupyter_client.manager.start_new_kernel(kernel_name="python3")

    def cell(source, timeout=30):
        shown = []

        def hook(message):
            content = message["content"]
            if message["msg_type"] in ("execute_result", "display_data"):
                shown.append(content["data"])
            if message["msg_type"] == "stream":  # one print can come in several messages
                printed = shown.pop()["text/plain"] if shown and "stream" in shown[-1] else ""
                shown.append({"text/plain": printed + content["text"], "stream": content["name"]})
            assert message["msg_type"] != "error", "\n".join(content.get("traceback", ()))

        client.execute_interactive(source, timeout=timeout, output_hook=hook)
        return shown

    cell("import numpy as np\nfrom softmaxbook.exercises import exercise, exercises")
    yield cell
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_every_exercise_works_in_a_kernel(run):
    run(
        "from softmaxbook.checking.specification import source_of\n"
        "def through(each):\n"
        "    attempt = exercise(each.id)\n"
        "    names = {'np': np}\n"
        "    exec(each.starter, names)\n"
        "    start = attempt.check(names[each.name])\n"
        "    if each.form == 'function':\n"
        "        exec(source_of(each.solution), names)\n"
        "        end = attempt.check(names[each.name])\n"
        "        wrong = attempt.check(each.mistakes[0])\n"
        "    else:\n"
        "        end = attempt.check(each.solution(*each.given))\n"
        "        wrong = attempt.check(each.mistakes[0](*each.given))\n"
        "    return start.status.value, end.status.value, wrong.status.value"
    )
    shown = run("{through(each) for each in exercises()}")
    assert shown[-1]["text/plain"] == "{('not attempted', 'correct', 'a known mistake')}"


def test_a_cell_shows_markdown(run):
    statement = run("exercise('write-softplus')")[-1]["text/markdown"]
    assert "<summary>Hint 1</summary>" in statement
    assert "<summary>Solution</summary>" in statement
    verdict = run("exercise('softmax-by-hand').check('0,31')")[-1]
    assert verdict["text/markdown"].startswith("✗ **A known mistake: base two.**")
    assert "Hint 1 of 2" in run("exercise('softmax-by-hand').hint()")[-1]["text/markdown"]
    assert "Hint 2 of 2" in run("exercise('softmax-by-hand').hint()")[-1]["text/markdown"]


def test_the_line_of_a_cell_is_quoted(run):
    run("def softplus(x):\n    return np.log1p(math.exp(x))")
    shown = run("exercise('write-softplus').check(softplus)")[-1]["text/markdown"]
    assert "`return np.log1p(math.exp(x))`" in shown
    assert "spelled" in shown


def test_an_endless_loop_is_interrupted_and_the_kernel_goes_on(run):
    loop = "while True:\n        try:\n            pass\n        except:\n            pass"
    run(f"def softplus(x):\n    {loop}")
    shown = run("exercise('write-softplus').check(softplus, seconds=0.5)")
    assert "It does not end" in shown[-1]["text/markdown"]
    run("def softplus(x):\n    return np.logaddexp(0, x)")
    shown = run("print(exercise('write-softplus').check(softplus).correct)")
    assert shown[-1]["text/plain"] == "True\n"
    assert run("2 ** 10")[-1]["text/plain"] == "1024"


def test_exit_input_and_prints_leave_the_kernel_usable(run):
    for body in (
        "exit()",
        "quit()",
        "input()",
        "raise SystemExit",
        "import sys; sys.stdout.close()",
    ):
        run(f"def softplus(x):\n    {body}")
        run("found = exercise('write-softplus').check(softplus)")
        assert run("print(found.correct)")[-1]["text/plain"] == "False\n"


def test_awaiting_cells_still_work_after_an_interrupt(run):
    run("def softplus(x):\n    while True: pass")
    run("_ = exercise('write-softplus').check(softplus, seconds=0.3)")
    shown = run("import asyncio\nawait asyncio.sleep(0.5)\nprint('awake')")
    assert shown[-1]["text/plain"] == "awake\n"


def test_a_thread_of_the_kernel_may_check_too(run):
    run(
        "import threading\n"
        "def softplus(x):\n    while True: pass\n"
        "found = []\n"
        "work = lambda: found.append(exercise('write-softplus').check(softplus, seconds=0.3))\n"
        "thread = threading.Thread(target=work)\nthread.start()\nthread.join()"
    )
    assert run("print(found[0].status.name)")[-1]["text/plain"] == "ENDLESS\n"
