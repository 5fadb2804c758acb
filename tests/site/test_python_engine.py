"""The page's Python: it says what a notebook says, it reaches nothing, and it survives."""

import hashlib
import json
import re
import subprocess
from pathlib import Path
from subprocess import PIPE

import pytest
import verdicts
from pythons import numpy_for_pages
from serving import served

from extensions import packages
from extensions.distribution import (
    LOCK,
    Unavailable,
    integrity,
    lock_of,
    npm_package,
    numpy,
    pyodide,
)
from extensions.mathematics import program
from extensions.python import CACHE, MODULES, Python
from softmaxbook.assignments.handout.leaks import secrets, squeezed

TESTS = Path(__file__).parents[1]
STYLES = (TESTS / "checking" / "test_styles.py").read_text(encoding="utf-8")
WARNED = re.compile(r"\n\nBy the way: it warns: (overflow|invalid value|divide by zero)[^\n]*")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a folder that holds what the site's `_static/python` holds."""
    folder = tmp_path_factory.mktemp("site") / "python"
    python = Python()
    python.prepare(solutions=True, chosen=numpy_for_pages() or None)
    assert not python.missing
    python.publish(folder)
    blank = "<!doctype html><html lang=en><title>Python</title><link rel=icon href=data:,><body>"
    (folder.parent / "index.html").write_text(blank)
    return folder


def begun(folder):
    """Start the page's Python in Node, and return the process."""
    command = [program(), TESTS / "support" / "pages_python.mjs", folder]
    return subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, encoding="utf-8")


def answers(folder, *calls):
    """Return what the page's Python answers to calls, in Node."""
    process = begun(folder)
    out, err = process.communicate(json.dumps(calls))
    assert process.returncode == 0, err[-3000:]
    return json.loads(out)


# ── the same verdicts ────────────────────────────────────────────────────────────────────────


@pytest.mark.long
def test_every_verdict_is_that_of_a_notebook(published, tmp_path):
    source = Path(verdicts.__file__).read_text(encoding="utf-8")
    asked = json.dumps([{"python": f"{source}\nmain({STYLES!r})"}])
    process = begun(published)
    process.stdin.write(asked)
    process.stdin.close()
    process.stdin = None
    here = json.loads(verdicts.main(STYLES))  # while the other works
    out, err = process.communicate()
    assert process.returncode == 0, err[-3000:]
    there = json.loads(json.loads(out)[0])
    assert len(here) > 900
    # WebAssembly keeps no record of overflow, and NumPy warns of none; integers have 32 bits there.
    plain = {k: WARNED.sub("", v) for k, v in here.items()}
    assert {k: v.replace("int32)", "int64)") for k, v in there.items()} == plain
    for key, said in there.items():
        id, what = key.split(" / ")
        right = id == "style" or what in ("solution", "single precision", "list")
        words = "✓ **Correct.**" if right else f"✗ **A known mistake: {what.replace('_', ' ')}.**"
        assert said.startswith(words), (key, said)


def test_a_session_runs_cells_and_checks_programs(published):
    import_numpy = {"id": "a", "source": "import numpy as np"}
    cells = [import_numpy, {"id": "b", "source": "print(np.arange(2))\nx = 2\nx + 1"}]
    broken = [{"id": "c", "source": "def f():\n    return 1 / 0\n\nf()"}]
    endless = [{"id": "d", "source": "while True:\n    pass"}, {"id": "e", "source": "1"}]
    id, spins = "softmax-of-one-vector", "def softmax_vector(logits):\n    while True: pass"
    wrong = "def softmax_vector(logits):\n    e = np.exp(logits)\n    return e / e.sum()"
    loaded = "\n".join(f"import {name}" for name in sorted(packages.provided(True)))
    ran, _, stopped, looped, said, unfinished, hint, modules = answers(
        published,
        {"name": "run", "args": [cells, 5]},
        {"name": "reset", "args": []},
        {"name": "run", "args": [endless, 0.3]},
        {"name": "check", "args": [id, spins, [], 0.3]},
        {"name": "check", "args": [id, wrong, [import_numpy], 5]},
        {"name": "run", "args": [broken, 5]},
        {"name": "hint", "args": [id]},
        {"python": f"{loaded}\nimport sys; 'torch' in sys.modules"},
    )
    assert ran["outputs"][1] == {"id": "b", "parts": [{"kind": "text", "data": "[0 1]\n3\n"}]}
    assert [each["id"] for each in stopped["outputs"]] == ["d"]
    assert "0.3 seconds" in stopped["outputs"][0]["parts"][0]["data"]
    assert looped["status"] == "it does not end"
    assert said["status"] == "a known mistake"
    assert said["markdown"].startswith(f"✗ **{said['title']}.**")
    assert not said["passed"]
    error = unfinished["outputs"][0]["parts"][0]
    assert error["kind"] == "error"
    assert 'File "<cell c>", line 2, in f\n    return 1 / 0' in error["data"]
    assert "page_session" not in error["data"]
    assert hint["markdown"].startswith("**Hint 1 of ")
    assert modules is False


def test_what_went_wrong_is_told_however_much_was_printed(published):
    endless = [{"id": "a", "source": "while True:\n    print('again')"}]
    much = "print('x' * 200_000)"
    broken = [{"id": "b", "source": f"{much}\n1 / 0"}]
    quiet = [{"id": "c", "source": f"{much}\nprint('more')"}]
    id = "softmax-of-one-vector"
    stopped, failed, ran, said = answers(
        published,
        {"name": "run", "args": [endless, 0.3]},
        {"name": "run", "args": [broken, 5]},
        {"name": "run", "args": [quiet, 5]},
        {"name": "check", "args": [id, f"{much}\n1 / 0", [], 5]},
    )
    for found, words in ((stopped, "0.3 seconds"), (failed, "ZeroDivisionError")):
        parts = found["outputs"][0]["parts"]
        assert [each["kind"] for each in parts] == ["text", "error"]
        assert words in parts[1]["data"]
    (shown,) = ran["outputs"][0]["parts"]
    assert shown["data"].startswith("x" * 100_000 + "\n… and more, which is not shown")
    assert "more\n" not in shown["data"].removesuffix("shows.\n")
    assert said["status"] == "it does not run"
    assert "ZeroDivisionError" in said["markdown"]


def test_a_program_that_asks_is_told_that_nobody_is_there(published):
    asking = [{"id": "a", "source": "age = input('How old? ')"}]
    reading = [{"id": "b", "source": "import sys\nsys.stdin.read()"}]
    found = answers(published, *({"name": "run", "args": [each, 5]} for each in (asking, reading)))
    for each in found:
        error = each["outputs"][0]["parts"][-1]
        assert error["kind"] == "error"
        assert "EOFError: There is nobody here whom input could ask" in error["data"]


# ── what is on the site ──────────────────────────────────────────────────────────────────────


def test_the_wheel_is_the_same_each_time_and_knows_no_torch():
    assert packages.wheel_for_page(True) == packages.wheel_for_page(True)
    files = packages.files_for_page(True)
    assert "softmaxbook/exercises/overflow/write_log_sum_exp.py" in files
    assert not [name for name in files if "torch_" in name]


def test_a_wheel_without_solutions_holds_none_and_says_so():
    full, bare = (packages.files_for_page(solutions) for solutions in (True, False))
    wings = ("numerics", "learning", "family", "transfer")  # whose code pages may show
    open_text = text_of({k: v for k, v in full.items() if k.split("/")[-2:][0] in wings})
    lines = {line for each in verdicts.functions() for line in secrets(each) if len(line) > 25}
    hidden = {line for line in lines if line not in open_text}
    with_solutions, without = text_of(full), text_of(bare)
    assert sum(line in with_solutions for line in hidden) > 200
    assert not [line for line in hidden if line in without]
    stand_in = bare["softmaxbook/exercises/__init__.py"]
    assert b"comes without solutions" in stand_in
    assert [name for name in bare if "/exercises/" in name] == ["softmaxbook/exercises/__init__.py"]


def text_of(files):
    """Return the text of files, with each run of white space as one space."""
    return squeezed("\n".join(data.decode() for data in files.values()))


def test_nothing_is_taken_that_is_not_what_was_pinned(tmp_path):
    lock = lock_of(pyodide(CACHE))
    wheel = tmp_path / "numpy.whl"
    wheel.write_bytes(b"not NumPy")
    with pytest.raises(Unavailable, match=r"checksum of .* is not the one in Pyodide's lock"):
        numpy(lock, tmp_path, str(wheel))
    stated = f"{wheel}#sha256={hashlib.sha256(b'not NumPy').hexdigest()}"
    assert numpy(lock, tmp_path, stated) == ("numpy.whl", b"not NumPy")
    with pytest.raises(Unavailable, match="is not there"):
        numpy(lock, tmp_path, str(tmp_path / "missing.whl"))
    with pytest.raises(Unavailable, match="checksum differs"):
        npm_package("pyodide", "0.29.3", integrity(b"another"), tmp_path)


def test_without_numpy_the_site_has_no_python_and_says_why(tmp_path):
    python = Python()
    python.prepare(solutions=True, chosen=str(tmp_path / "missing.whl"))
    assert "missing.whl, which is not there" in python.missing
    python.publish(tmp_path / "python")
    manifest = json.loads((tmp_path / "python" / "manifest.json").read_text())
    assert manifest == {"available": False, "files": {}, "wheels": []}


def test_what_a_former_build_left_goes(tmp_path):
    (tmp_path / "numpy-1.0.whl").touch()
    Python().publish(tmp_path)
    assert not (tmp_path / "numpy-1.0.whl").exists()
    assert LOCK not in {path.name for path in tmp_path.iterdir()}


# ── in Chromium ──────────────────────────────────────────────────────────────────────────────

BEGIN = """async (base) => {
  const { Python } = await import(new URL("engine.mjs", base));
  const python = new Python(base);
  const seen = [];
  python.addEventListener("state", ({ detail }) => seen.push(detail));
  python.addEventListener("progress", ({ detail }) => (window.progress = detail));
  Object.assign(window, { python, seen });
}"""
RUN = "async (source) => (await python.run([{ id: 'cell', source }])).outputs[0].parts"
TRY = (
    "(call) => call().then(() => 'well', (error) => `${error.constructor.name}: ${error.message}`)"
)
START = f"({TRY})(() => python.start())"


@pytest.fixture
def page(published, open_page):
    """Return a function that opens a page with an engine that has loaded nothing."""
    with served(published.parent) as address:

        def opened(context=None, folder="python"):
            page = open_page(f"{address}/index.html") if context is None else context.new_page()
            page.goto(f"{address}/index.html")
            page.base = f"{address}/{folder}/"
            page.evaluate(BEGIN, page.base)
            return page

        yield opened


@pytest.mark.browser
def test_a_loop_is_stopped_and_python_comes_back(page):
    opened = page()
    asked = []
    opened.on("request", lambda request: asked.append(request.url))
    assert opened.evaluate(RUN, "x = 2\nx ** 10") == [{"kind": "text", "data": "1024\n"}]
    progress = opened.evaluate("progress")
    assert progress["loaded"] == progress["total"] > 8_000_000
    sleeps = "import time\\nwhile True:\\n  try:\\n    time.sleep(9)\\n  except BaseException: pass"
    ended = opened.evaluate(
        f"""() => {{ const call = ({TRY})(() => python.run([{{ id: 's', source: "{sleeps}" }}]));
        setTimeout(() => python.stop(), 300); return call; }}"""
    )
    assert ended.startswith("Stopped")
    assert opened.evaluate(RUN, "'x' in globals()") == [{"kind": "text", "data": "False\n"}]
    too_long = f"""() => ({TRY})(() => python.run([{{ id: 's', source: "{sleeps}" }}],
        {{ seconds: 0.1 }}))"""
    assert opened.evaluate(too_long).startswith("TooLong")
    assert opened.evaluate(RUN, "1") == [{"kind": "text", "data": "1\n"}]
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {
        opened.base.split("/")[2]
    }


REACHING = """
from pyodide.code import run_js
import pyodide_js, js
def tried(act):
    try:
        return f"reached: {act()}"
    except BaseException as error:
        return "no"
[tried(each) for each in (
    lambda: run_js("fetch"),
    lambda: run_js("1 + 1"),
    lambda: js.fetch,
    lambda: js.document,
    lambda: js.XMLHttpRequest.new(),
    lambda: pyodide_js._module.HEAP8.constructor.constructor("return fetch")(),
)]
"""

POLICY = """async () => {
  const url = new URL("manifest.json", python.base).href;
  python.frame.remove();
  const text = python.frame.srcdoc.replace(/<script[^]*/, "");
  const nonce = /nonce-(\\d+)/.exec(text)[1];
  const inside = `const worker = new Worker("data:text/javascript," + encodeURIComponent(\\`
    const tries = [() => fetch("${url}"), () => fetch("https://example.org/"),
      () => import("${url}"), () => eval("1"),
      () => new Promise((well, ill) => { const socket = new WebSocket("ws://127.0.0.1:9/");
        socket.onopen = well; socket.onerror = ill; })];
    Promise.all(tries.map(async (each) => { try { await each(); return "reached" }
      catch { return "no" } })).then(postMessage)\\`), { type: "module" });
    worker.onmessage = ({ data }) => parent.postMessage(data, "*");`;
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.srcdoc = `${text}<script nonce="${nonce}">${inside}</script>`;
  const heard = new Promise((done) => addEventListener("message", ({ data }) => done(data)));
  document.body.append(frame);
  return heard;
}"""


@pytest.mark.browser
def test_code_reaches_neither_the_page_nor_any_host(published, browser):
    context = browser.new_context()  # its console reports what the policy has refused
    with served(published.parent) as address:
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/index.html")
        page.evaluate(BEGIN, f"{address}/python/")
        parts = page.evaluate(RUN, REACHING)
        assert parts == [{"kind": "text", "data": f"{['no'] * 6}\n"}]
        # The browser's own rule, where nothing has been taken out of the worker's reach.
        assert page.evaluate(POLICY) == ["no"] * 5
        assert not [url for url in asked if "example.org" in url or ":9/" in url]
    context.close()


@pytest.mark.browser
def test_a_damaged_file_is_named_and_can_be_asked_for_again(page):
    opened = page()
    opened.route("**/softmaxbook.whl*", lambda route: route.fulfill(body=b"PK"), times=1)
    said = opened.evaluate(START)
    assert said.startswith("Damaged: softmaxbook.whl arrived damaged")
    assert opened.evaluate("python.state") == "failed"
    assert opened.evaluate(START) == "well"
    assert opened.evaluate("seen") == ["loading", "failed", "loading", "ready"]


def names_asked(page):
    """Return a list to which the names of the files are added that a page asks for."""
    asked = []

    def note(request):
        if request.url.startswith("http"):  # and not a blob, which is in the page already
            asked.append(request.url.rpartition("/")[2])

    page.on("request", note)
    return asked


# What is stored as soon as there is an image that was not there before.
IMAGE = """async (former) => { for (let tries = 0; tries < 300; tries += 1) {
  const keys = await (await caches.open("softmaxbook-python")).keys();
  const kept = keys.map(({ url }) => url);
  if (kept.some((url) => url.includes("/image?") && !former?.includes(url))) return kept;
  await new Promise((done) => setTimeout(done, 100)); } }"""


@pytest.mark.browser
def test_after_the_first_visit_it_starts_without_a_network(page):
    first = page()
    assert first.evaluate(START) == "well"
    assert first.evaluate(IMAGE)
    context = first.context
    first.close()
    second = page(context)
    context.set_offline(True)
    asked = names_asked(second)
    refused = "fetch('manifest.json', { cache: 'no-store' }).then(() => 'came', () => 'no')"
    try:
        assert second.evaluate(refused) == "no"
        assert (
            second.evaluate(RUN, "import numpy as np\nnp.arange(2)")[0]["data"] == "array([0, 1])\n"
        )
        second.evaluate("python.stop()")
        assert second.evaluate(START) == "well"
    finally:
        context.set_offline(False)
    assert set(asked) == {"manifest.json"}
    assert second.evaluate("seen") == [*["loading", "ready", "busy", "ready"], "loading", "ready"]


@pytest.mark.browser
def test_draws_differ_from_visit_to_visit_where_nobody_chose_a_seed(page):
    draw = "import random, numpy as np\nrandom.random(), np.random.rand()"
    first = page()
    drawn = [first.evaluate(RUN, draw)]
    assert first.evaluate(IMAGE)
    for _ in range(2):
        first.evaluate("python.stop()")
        drawn.append(first.evaluate(RUN, draw))
    second = page(first.context)
    drawn.append(second.evaluate(RUN, draw))
    assert len({each[0]["data"] for each in drawn}) == 4


@pytest.mark.browser
def test_a_damaged_memory_is_dropped_and_python_starts_from_its_files(page):
    first = page()
    assert first.evaluate(START) == "well"
    [address] = [url for url in first.evaluate(IMAGE) if "/image?" in url]
    damage = """async (address) => {
      const store = await caches.open("softmaxbook-python");
      const { headers } = await store.match(address);
      await store.put(address, new Response(new Uint8Array(1000), { headers }));
    }"""
    first.evaluate(damage, address)
    second = page(first.context)
    assert second.evaluate(RUN, "1 + 1") == [{"kind": "text", "data": "2\n"}]


@pytest.mark.browser
def test_a_new_build_is_taken(page, published, tmp_path):
    first = page()
    assert first.evaluate(START) == "well"
    former = first.evaluate(IMAGE)
    archive, manifest = published / "archive.mjs", published / "manifest.json"
    old = {path: path.read_bytes() for path in (archive, manifest)}
    data = old[archive] + b"\n// another build\n"
    sha256 = hashlib.sha256(data).hexdigest()
    changed = json.loads(old[manifest])
    changed["files"]["archive.mjs"] = {"bytes": len(data), "sha256": sha256}
    try:
        archive.write_bytes(data)
        manifest.write_text(json.dumps(changed))
        second = page(first.context)
        asked = names_asked(second)
        assert second.evaluate(START) == "well"
        assert set(asked) == {"manifest.json", f"archive.mjs?{sha256[:16]}"}
        now = second.evaluate(IMAGE, former)
        assert len(now) == len(former)  # what the former build left is gone
        assert len(set(now) - set(former)) == 2
    finally:
        for path, was in old.items():
            path.write_bytes(was)


@pytest.mark.browser
@pytest.mark.parametrize(
    "refused", ["caches.open", "Cache.prototype.put"], ids=["forbidden", "full"]
)
def test_it_starts_where_nothing_can_be_stored(page, refused):
    opened = page()
    error = "new DOMException('no', 'QuotaExceededError')"
    opened.evaluate(f"() => {{ {refused} = () => Promise.reject({error}); }}")
    assert opened.evaluate(RUN, "1 + 1") == [{"kind": "text", "data": "2\n"}]
    opened.evaluate("python.stop()")
    assert opened.evaluate(RUN, "1 + 2") == [{"kind": "text", "data": "3\n"}]


@pytest.mark.browser
def test_a_cell_that_asks_the_network_is_told_that_there_is_none(page):
    opened = page()
    for address in ("https://example.org/", "http://127.0.0.1:9/"):
        source = f"from urllib.request import urlopen\nurlopen('{address}')"
        [said] = opened.evaluate(RUN, source)
        assert said["kind"] == "error"
        *_, error, note = said["data"].splitlines()
        assert "URLError" in error
        assert note.startswith("Python on this page has no network")


def test_checksums_over_plain_http_are_those_of_hashlib():
    # A browser offers its own only to pages over https and to localhost.
    lengths = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]
    module = MODULES / "sha256.mjs"
    script = f"""
      const {{ sha256 }} = await import({json.dumps(module.as_uri())});
      const bytes = (n) => Uint8Array.from({{ length: n }}, (_, i) => (7 * i + n) % 256);
      const hex = (data) => Buffer.from(data).toString("hex");
      console.log(JSON.stringify({lengths}.map((n) => hex(sha256(bytes(n))))));"""
    command = [program(), "--input-type=module", "--eval", script]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    data = [bytes((7 * i + n) % 256 for i in range(n)) for n in lengths]
    assert json.loads(said) == [hashlib.sha256(each).hexdigest() for each in data]
