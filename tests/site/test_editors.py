"""Editors on the pages: which cells have one, and a reader at work with the real Python."""

import ast
import contextlib
import gzip
import io
import re
import sys
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from books import Book
from explorables import SIZES
from javascript import call
from nbclient import NotebookClient
from playwright.sync_api import Error
from pythons import numpy_for_pages
from serving import served

from extensions import packages
from extensions.cells import Cell, Library, Statement, connect
from extensions.codemirror import led_home
from extensions.editors import page_data, place, words
from extensions.python import CACHE
from softmaxbook.exercises import exercise, exercises

ROOT = Path(__file__).parents[2]
PROVIDED = packages.provided(solutions=True) | {"numpy", "IPython"}
LIBRARY = Library(ROOT / "src")
PAGE = "book/probabilities"
FIRST = "softmax-of-one-vector"
SECOND = "softmax-of-a-batch"

RIGHT = """def softmax_vector(logits):
    e = np.exp(logits - np.max(logits))
    return e / e.sum()"""
WRONG = RIGHT.replace(" - np.max(logits)", "")


def cells_of(page):
    """Return the cells of a page's source, connected, and their statements."""
    notebook = jupytext.reads((ROOT / f"{page}.md").read_text(encoding="utf-8"), "md:myst")
    cells = [
        Cell(i, each.source, each.metadata.get("tags", ()))
        for i, each in enumerate(notebook.cells)
        if each.cell_type == "code"
    ]
    return cells, connect(cells, LIBRARY, PROVIDED)


def connected(*sources):
    cells = [Cell(i, source) for i, source in enumerate(sources)]
    return cells, connect(cells, LIBRARY, PROVIDED)


# ── Which cells run, and what has to run before them ─────────────────────────────────────────────


def test_every_program_that_needs_numpy_only_has_an_editor():
    found = {}
    for path in ROOT.glob("book/*.md"):
        if "kernelspec" in path.read_text(encoding="utf-8"):
            cells, _ = cells_of(f"book/{path.stem}")
            found |= {cell.asked[0]: cell for cell in cells if cell.asked}
    programs = {each.id: each for each in exercises() if not each.answered_in_place}
    assert set(found) == set(programs)
    torch = {id for id, each in programs.items() if "import torch" in each.starter}
    assert torch
    assert {id for id, cell in found.items() if not cell.runs} == torch
    for id, cell in found.items():
        assert cell.text.strip() == (programs[id].starter.strip() or "answer = ...")


def test_a_statement_needs_the_lines_that_its_names_come_from_and_no_figure():
    cells, statements = connected(
        "import numpy as np\nimport torch\nz = np.array([1.0, 2.0])\nw = torch.tensor(z)",
        "z[0] = 5.0",
        "rng = np.random.default_rng(0)\na = rng.normal()",
        "b = rng.normal() + z.sum()",
        "print(w)",
    )
    assert [cell.missing for cell in cells] == [("PyTorch",), (), (), (), ("PyTorch",)]
    needed = [statements[each].source for each in cells[3].needs]
    assert needed == ["z[0] = 5.0", "a = rng.normal()"], "the latest that made each what it is"
    assert [statements[each].source for each in cells[1].needs] == ["z = np.array([1.0, 2.0])"]


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        ("for a in b:\n    c = a + d\n    print(c)", {"b", "d", "print"}),
        ("for a in b:\n    print(c)\n    c = a", {"b", "c", "print"}),
        ("for a, (d, e) in b:\n    for f in d:\n        c = e\n        c", {"b"}),
        ("for a in b:\n    if a:\n        c = a\n    print(c)", {"b", "c", "print"}),
        ("for a in b:\n    c = a\nelse:\n    c", {"b", "c"}),
        ("for a[0] in b:\n    pass", {"a", "b"}),
        ("for a in b:\n    c[a] = a", {"b", "c"}),
        ("for a in b:\n    c = c + a", {"b", "c"}),
        ("for a in b:\n    d = [c for c in a if e]\n    lambda x: x + d", {"b", "e"}),
        ("with a as b:\n    c = b\n    c", {"a"}),
        ("with a:\n    b", {"a", "b"}),
        ("a = a + 1", {"a"}),
        ("def f(a):\n    return a + b + f(a)", {"b", "f"}),
    ],
)
def test_what_a_loop_sets_first_is_not_taken_from_before(source, taken):
    assert Statement(ast.parse(source).body[0], source).used == taken


def test_a_loop_that_reuses_the_names_of_a_figures_loop_needs_no_figure():
    cells, _ = connected(
        "from matplotlib import pyplot as plt\nfor row in (1, 2):\n    plt.plot(row)",
        "for row in (3, 4):\n    print(row)",
        "print(row)",
    )
    assert [cell.missing for cell in cells] == [("matplotlib",), (), ()]


def test_settings_hold_for_all_that_comes_after():
    cells, statements = connected("import numpy as np\nnp.set_printoptions(2)\n1", "print(1.25)")
    assert [statements[each].source for each in cells[1].needs] == ["np.set_printoptions(2)"]


def test_what_a_function_loads_when_it_is_called_counts_where_it_is_used():
    cells, _ = connected(
        "from softmaxbook.learning.datasets import Part, load", "Part", "load('iris')"
    )
    assert [cell.missing for cell in cells] == [(), (), ("scikit-learn",)]


def test_a_cell_that_does_not_run_here_says_why_and_where_it_does():
    (cell,), _ = connected("import torch")
    assert 'Needs PyTorch: run it on <a href="https://b">Binder</a>' in place(
        cell, True, "https://b"
    )
    assert "does not run on the page" in place(cell, True, None)
    assert words(["a", "b", "c"]) == "a, b and more"
    (program,), _ = connected(f'def f(): ...\nexercise("{FIRST}").check(f)')
    assert "<button" in place(program, True, None)
    without = place(program, False, "https://b")
    assert "<button" not in without
    assert "https://b" in without


def test_the_buttons_of_a_page_are_told_apart_by_their_names():
    cells, _ = connected("a = 1", "a", f'def f(): ...\nexercise("{FIRST}").check(f)')
    html = [place(cell, True, None, number) for number, cell in enumerate(cells, 1)]
    names = [re.search('aria-label="([^"]*)">', each)[1] for each in html]
    assert names[:2] == ["Edit and run cell 1", "Edit and run cell 2"]
    assert names[2].startswith("Solve it here: ")


def test_a_site_without_python_says_nothing_of_what_a_cell_needs():
    cells = [Cell(0, "import numpy as np"), Cell(1, f'f = np.exp\nexercise("{FIRST}").check(f)')]
    connect(cells, LIBRARY, frozenset())  # where nothing is provided, all is missing
    assert [bool(cell.missing) for cell in cells] == [True, True]
    assert [place(cell, False, None) for cell in cells] == ["", ""]
    assert place(cells[0], False, "https://b") == ""
    assert place(cells[1], False, "https://b").startswith('<div class="sb-run">Solve it on <a')


def test_packages_are_led_to_the_files_beside():
    served_as = {"@codemirror/state": "state.mjs"}
    assert led_home("import { A,\n  B } from '@codemirror/state';", served_as).endswith(
        "'./state.mjs';"
    )
    untouched = "export function f() { return 'from \"x\"'; }\nimport a from './b.mjs';"
    assert led_home(untouched, served_as) == untouched
    with pytest.raises(KeyError, match="unpinned"):
        led_home("import x from 'unpinned';", served_as)


def shown_by(sources):
    """Return what the last of some cells prints and shows, run in a namespace of their own."""
    names = {"__name__": "__main__"}
    np.set_printoptions(**PRINTED)
    for source in sources:
        text = io.StringIO()
        tree = ast.parse(source)
        value = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(text):
            exec(compile(tree, "cell", "exec"), names)
            if value is not None:
                result = eval(compile(ast.Expression(value.value), "cell", "eval"), names)
                print(*[] if result is None else [repr(result)])
    return text.getvalue()


PRINTED = np.get_printoptions()
TIMED = re.compile(r"\b(time|timeit|perf_counter|repeat)\b")
UNKNOWN = ["torch", "matplotlib", "scipy", "sklearn", "anywidget"]


WITH_CODE = sorted(
    path.stem for path in ROOT.glob("book/*.md") if "{code-cell}" in path.read_text("utf-8")
)


@pytest.mark.parametrize("page", WITH_CODE)
def test_a_cell_after_those_that_it_needs_shows_what_the_page_shows(site, page, monkeypatch):
    executed = site / "_sources" / "book" / f"{page}.ipynb"
    cells, statements = cells_of(f"book/{page}")
    data = page_data(cells, statements, page)
    indices = [int(index) for index in data["cells"]]
    asked = [("cellsBefore", data, i, data["cells"][i]["text"]) for i in indices]
    found = call(str(ROOT / "extensions" / "assets" / "editors" / "cells"), asked)
    before = {
        i: [each["source"] for each in cells] for i, cells in zip(indices, found, strict=True)
    }
    shown = {}
    for cell in nbformat.read(executed, as_version=4).cells:
        texts = [  # a stream may have come in pieces, which end anywhere
            o["text"] if "text" in o else o["data"].get("text/plain", "") + "\n"
            for o in cell.get("outputs", ())
        ]
        kinds = {kind for o in cell.get("outputs", ()) for kind in o.get("data", ())}
        if kinds <= {"text/plain"}:
            shown[cell.source] = "".join(texts).rstrip("\n")
    for name in UNKNOWN:
        monkeypatch.setitem(sys.modules, name, None)
    compared = 0
    for index, sources in before.items():
        cell = data["cells"][index]
        if "exercise" in cell or cell["text"] not in shown or TIMED.search(cell["text"]):
            continue
        assert shown_by([*sources, cell["text"]]).rstrip("\n") == shown[cell["text"]], cell["text"]
        compared += 1
    assert compared > 5 or page != "derivatives", "there is something to compare"


# ── A reader at work ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def visitor(browser):
    """Return a browser that has been here before, once a test has loaded Python: it keeps files."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
        service_workers="block",  # what one fetches cannot be exchanged by a test
    )
    yield context
    context.close()


PATIENCE = 120_000  # milliseconds: a machine that does much else starts Python in half a minute


class Reader:
    """Somebody at a page, with the words for what is done there."""

    def __init__(self, context, address, page=PAGE):
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.errors, self.asked = [], []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.address = address
        self.goto(page)

    def goto(self, page):
        self.page.goto(f"{self.address}/{page}.html")

    def place(self, id):
        return self.page.locator(f"[data-exercise={id}]")

    def open(self, id=FIRST):
        """Open the editor of an exercise, or of the cell whose code is given."""
        cells = self.page.locator(".cell_input", has_text=id)
        is_id = re.fullmatch(r"[\w-]+", id)
        place = self.place(id) if is_id else cells.locator(".sb-run[data-cell]").first
        source = place.locator("xpath=..")
        place.locator("button").click()
        editor = source.locator(".sb-editor")
        editor.wait_for()
        return Editor(self.page, editor)


class Editor:
    def __init__(self, page, root):
        self.page, self.root = page, root
        self.field = root.get_by_role("textbox")
        self.shown = root.locator(".sb-shown")

    def write(self, text):
        self.field.press("Control+a")
        self.page.keyboard.insert_text(text)

    @property
    def text(self):
        return "\n".join(self.root.locator(".cm-line").all_inner_texts()).replace("\n\n\n", "\n\n")

    def press(self, name):
        self.root.get_by_role("button", name=name, exact=True).click()

    def sees(self, text):
        self.shown.get_by_text(text).first.wait_for()
        return self.shown.inner_text()

    def hears(self, text):
        self.root.locator("[role=status]", has_text=text).wait_for(state="attached")


@pytest.fixture
def reader(visitor, address):
    """Return a function that opens a page; no page may have failed when the test ends."""
    readers = []

    def arrive(page=PAGE, context=visitor):
        readers.append(Reader(context, address, page))
        return readers[-1]

    yield arrive
    errors = [error for each in readers for error in each.errors]
    for each in readers:
        each.page.evaluate("localStorage.clear()")
        each.page.close()
    assert errors == []


def loaded_by_the_press(urls):
    return [url for url in urls if re.search(r"/editors/(?!page\.mjs)|/python/", url)]


@pytest.mark.browser
def test_nothing_is_loaded_before_the_first_press(reader):
    here = reader()
    here.page.wait_for_load_state("networkidle")
    assert loaded_by_the_press(here.asked) == []
    here.open()
    assert loaded_by_the_press(here.asked)
    hosts = {url.split("/")[2] for url in here.asked if url.startswith("http")}
    assert hosts == {here.address.removeprefix("http://")}


def weight_of_editors(site, html):
    """Return by how many bytes, compressed, a page is heavier with its buttons and their script."""
    bare = re.sub(r'<div class="sb-run".*?</div>', "", html)
    bare = re.sub(r"<script[^>]*data-page=[^>]*></script>", "", bare)
    css = (site / "_static" / "site.css").read_text(encoding="utf-8")
    start = css.index("/* Below a cell")
    scripts = ("editors/page.mjs", "explorables/parts/memory.mjs")
    files = [(site / "_static" / name).read_bytes() for name in scripts]
    size = [len(gzip.compress(text)) for text in (*files, css.encode(), html.encode())]
    return sum(size) - len(gzip.compress(css[:start].encode())) - len(gzip.compress(bare.encode()))


def test_a_page_weighs_at_most_six_kilobytes_more(site):
    pages = [path.read_text(encoding="utf-8") for path in (site / "book").glob("*.html")]
    heavier = [weight_of_editors(site, html) for html in pages if "data-cell=" in html]
    assert 500 < max(heavier) < 6000


@pytest.mark.browser
def test_a_program_is_written_run_and_checked(reader):
    here = reader()
    editor = here.open()
    editor.write(WRONG + "\n\nprint('half', softmax_vector([1.0, 1.0]))")
    editor.press("Run")
    assert editor.sees("half") == "half [0.5 0.5]"
    editor.press("Check")
    verdict = editor.sees("A known mistake")
    assert "Subtract the largest" in verdict
    assert re.search(r"expected +\[0.66", verdict)
    editor.hears("✗ A known mistake: shift forgotten.")
    editor.write(RIGHT)
    editor.press("Check")
    assert "Correct." in editor.sees("It agrees on all")
    editor.hears("✓ Correct.")
    editor.root.get_by_text("✓ solved").wait_for()
    here.goto("book/exercises")
    row = here.page.get_by_role("row", name=exercise(FIRST).exercise.title)
    row.get_by_text("✓ solved").wait_for()
    assert (
        here.page.get_by_role("row", name=exercise(SECOND).exercise.title)
        .get_by_text("open")
        .count()
    )


@pytest.mark.browser
def test_the_words_are_those_of_a_notebook(reader):
    editor = reader().open()
    editor.write(WRONG)
    editor.press("Check")
    editor.sees("A known mistake")
    names = {"np": np}
    exec(WRONG, names)
    said = str(exercise(FIRST).check(names["softmax_vector"]))
    # In a browser NumPy has no floating-point flags, and so does not warn of an overflow.
    plain = re.sub(r"[*`\s]", "", said.partition("By the way: it warns")[0])
    assert re.sub(r"[*`\s]", "", editor.shown.inner_text()) == plain


@pytest.mark.browser
def test_hints_come_one_after_the_other_and_without_python(reader):
    here = reader()
    editor = here.open()
    editor.press("Hint")
    assert "Hint 1 of 3." in editor.sees("Try them on")
    editor.press("Hint")
    editor.sees("which constant can you subtract")
    editor.press("Hint")
    assert "It is the last one." in editor.sees("and then divide")
    editor.hears("Hint 3 of 3.")


@pytest.mark.browser
def test_what_was_written_survives_a_reload_and_reset_can_be_undone(reader):
    here = reader()
    editor = here.open()
    editor.write(RIGHT)
    here.page.reload()
    assert here.place(FIRST).locator("button").inner_text() == "Go on with your program"
    editor = here.open()
    assert editor.text == RIGHT
    editor.press("Reset")
    editor.hears("The beginning is back.")
    assert "# your code" in editor.text
    assert here.page.evaluate(f"localStorage.getItem('softmaxbook:program:{FIRST}')") is None
    editor.press("Bring my text back")
    assert editor.text == RIGHT
    editor.press("Close")
    assert here.place(FIRST).locator("button").evaluate("e => e === document.activeElement")
    here.place(FIRST).locator("button").click()
    assert editor.text == RIGHT
    here.page.evaluate("localStorage.clear()")
    here.page.reload()
    assert here.place(FIRST).locator("button").inner_text() == "Solve it here", "forgotten"


@pytest.mark.browser
def test_an_endless_loop_is_stopped_and_the_text_stays(reader):
    here = reader()
    editor = here.open()
    text = "print('begun')\nwhile True:\n    pass"
    editor.write(text)
    editor.press("Run")
    stop = editor.root.get_by_role("button", name="Stop", exact=True)
    editor.root.get_by_text("Running …").wait_for()
    stop.focus()
    stop.click()
    editor.sees("Stopped.")
    assert here.page.evaluate("document.activeElement.textContent") == "Check"
    assert editor.text == text
    editor.write("print(6 * 7)")
    editor.press("Run")
    editor.sees("42")
    editor.write(RIGHT + "\n\nwhile True: pass")
    editor.press("Check")
    editor.sees("did not end")


@pytest.mark.browser
def test_two_exercises_at_once(reader):
    here = reader()
    one, two = here.open(FIRST), here.open(SECOND)
    one.write(RIGHT)
    two.write("def softmax_batch(logits):\n    return logits")
    two.press("Check")
    one.press("Check")
    one.sees("It agrees on all")
    two.shown.locator("[data-status=wrong]").wait_for()


@pytest.mark.browser
def test_a_cell_runs_after_those_that_it_needs_as_they_were_edited(reader):
    here = reader()
    first = here.open("# 1. scores")
    later = here.open("finite_difference_jacobian(sb.logsumexp")
    later.press("Run")
    assert later.sees("[0.705").splitlines()[0].startswith("[0.70538451 0.25949646 0.0351190")
    first.write("import numpy as np\nimport softmaxbook as sb\n\nscores = np.array([0.0, 0.0])")
    later.press("Run")
    later.sees("[0.5 0.5]")


@pytest.mark.browser
def test_a_page_left_while_loading_and_come_back_to(browser, address, reader):
    context = browser.new_context()
    here = reader(context=context)
    here.open()
    here.page.wait_for_timeout(300)
    here.goto("book/exercises")
    here.goto(PAGE)
    editor = here.open()
    editor.write(RIGHT)
    editor.press("Check")
    editor.sees("It agrees on all")


@pytest.mark.browser
def test_without_a_network_after_the_first_visit(reader, visitor):
    here = reader()
    editor = here.open()
    editor.write("print(1)")
    editor.press("Run")
    editor.sees("1")
    here.page.reload()
    editor = here.open()
    visitor.set_offline(True)
    try:
        editor.write(RIGHT)
        editor.press("Check")
        editor.sees("It agrees on all")
        editor.write("while True: pass")
        editor.press("Run")
        editor.root.get_by_text("Running …").wait_for()
        editor.press("Stop")
        editor.sees("Stopped.")
        editor.write("print(2)")
        editor.press("Run")
        editor.sees("2")
    finally:
        visitor.set_offline(False)
        here.errors[:] = [error for error in here.errors if "ERR_INTERNET" not in error]


# What is still missing, after a while, of all that a page needs that is opened without a network.
MISSING = """async () => {
  const has = async (name) => (await caches.match(name, { ignoreSearch: true })) !== undefined;
  const hasImage = async () => (await (await caches.open("softmaxbook-python")).keys())
    .some(({ url }) => url.includes("/image?"));
  const styles = [...document.querySelectorAll("link[rel=stylesheet]")].map(({ href }) => href);
  const wanted = [location.pathname, "../_static/editors/field.mjs", ...styles];
  for (let tries = 0; ; tries += 1) {
    const there = await Promise.all([...wanted.map(has), hasImage()]);
    const missing = [...wanted, "an image"].filter((_, index) => !there[index]);
    if (!missing.length || tries === 300) return missing;
    await new Promise((done) => setTimeout(done, 100));
  }
}"""
SERVED_BY = "() => navigator.serviceWorker.controller?.scriptURL"
KEPT = """async () => [
  ...(await caches.keys()),
  ...(await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
  ...Object.keys(localStorage).filter((key) => key.startsWith("softmaxbook")),
]"""
REFUSED = "() => fetch('losses.html', { cache: 'no-store' }).then(() => 'came', () => 'no')"


@pytest.mark.browser
def test_a_page_that_was_opened_comes_back_when_the_site_cannot_be_reached(browser, site):
    context = browser.new_context()
    with served(site) as address:
        here = Reader(context, address)
        editor = here.open()
        editor.write(RIGHT)
        editor.press("Check")
        editor.sees("It agrees on all")
        assert here.page.evaluate(MISSING) == []
        assert here.page.evaluate(SERVED_BY) == f"{address}/offline.mjs"
        here.goto("book/exercises")
        here.page.wait_for_load_state("networkidle")
    context.set_offline(True)  # for what the service worker asks, too
    assert here.page.evaluate(REFUSED) == "no"
    for page in ("book/exercises", PAGE):
        here.goto(page)
        styles = "[...document.querySelectorAll('link[rel=stylesheet]')].map(({ sheet }) => sheet)"
        assert here.page.evaluate(f"{styles}.every(Boolean)")
    editor = here.open()
    assert "np.max" in editor.text
    editor.write(WRONG)
    editor.press("Check")
    editor.sees("A known mistake")
    assert len(here.errors) == 1, here.errors  # of the file that was asked for in vain
    here.goto("book/losses")
    here.page.get_by_role("heading", name="This page is not here yet").wait_for()
    here.goto("book/exercises")
    here.page.get_by_role("button", name="Forget my progress and programs").click()
    here.page.get_by_role("button", name="Really forget everything?").click()
    here.page.get_by_text("This browser keeps nothing of the book any more.").wait_for()
    assert here.page.evaluate(KEPT) == []
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        here.goto(PAGE)
    context.close()


FULL = """{
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (key, value) {
    if (key.startsWith("softmaxbook:")) throw new DOMException("full", "QuotaExceededError");
    setItem.call(this, key, value);
  };
}"""


@pytest.mark.browser
def test_a_browser_that_keeps_nothing(browser, reader):
    context = browser.new_context()
    context.add_init_script(FULL)
    editor = reader(context=context).open()
    editor.write("print(3)")
    editor.root.get_by_text("This browser keeps nothing here").wait_for()
    editor.press("Run")
    editor.sees("3")


@pytest.mark.browser
def test_a_damaged_file_is_named_and_loaded_again(browser, reader):
    context = browser.new_context()
    context.route(
        re.compile(r"softmaxbook\.whl"), lambda route: route.fulfill(body=b"PK damaged"), times=1
    )
    editor = reader(context=context).open()
    editor.sees("softmaxbook.whl arrived damaged")
    editor.press("Try again")
    editor.write("print(4)")
    editor.press("Run")
    editor.sees("4")


@pytest.mark.browser
def test_by_keyboard_alone(reader):
    here = reader()
    here.place(FIRST).locator("button").focus()
    keyboard = here.page.keyboard
    keyboard.press("Enter")
    here.page.locator(".cm-content:focus").wait_for()
    editor = Editor(here.page, here.page.locator(".sb-editor"))
    keyboard.press("Control+a")
    keyboard.type("if 1:\nprint('typed')")
    keyboard.press("Home")
    keyboard.press("Tab")
    assert editor.text.split("\n")[1].startswith("    "), "Tab indents"
    keyboard.press("Escape")
    editor.hears("Tab leaves the editor now.")
    keyboard.press("Tab")
    focused = "document.activeElement.textContent"
    assert here.page.evaluate(focused) == "Run"
    keyboard.press("Shift+Tab")
    keyboard.press("Shift+Enter")
    editor.sees("typed")
    assert here.page.evaluate("document.activeElement.className").startswith("cm-content")
    assert "/" not in editor.text
    keyboard.type("/")
    assert "/" in editor.text, "the site's search does not take it"


HOSTILE = r"""
from IPython.display import Markdown, display
print("<img src=x onerror=window.hurt=1><script>window.hurt=1</script>")
display(Markdown("<img src=x onerror=window.hurt=1> ![](http://nowhere.invalid/a.png)"))
display(Markdown(r"$\href{javascript:window.hurt=1}{x}$ [a](javascript:window.hurt=1)"))
raise ValueError("<b onclick=window.hurt=1>bold</b>")"""


@pytest.mark.browser
def test_what_code_says_is_text_and_no_markup(reader):
    here = reader()
    editor = here.open()
    editor.write(HOSTILE)
    editor.press("Run")
    shown = editor.sees("bold")
    assert "<img src=x" in shown
    assert "<b onclick" in shown
    assert "line 6" in shown
    assert editor.shown.locator("img, script, b, [onerror], a[href^=javascript]").count() == 0
    program = 'def softmax_vector(logits):\n    raise ValueError("<i>a</i> ![](http://nowhere.invalid/b.png)")'
    editor.write(program)
    editor.press("Check")
    editor.shown.locator("[data-status=wrong]").wait_for()
    assert "<i>a</i>" in editor.shown.inner_text()
    assert editor.shown.locator("i, img").count() == 0
    assert here.page.evaluate("window.hurt") is None
    assert not [url for url in here.asked if "nowhere" in url]


@pytest.mark.browser
def test_a_program_is_saved_as_a_notebook_that_runs(reader, tmp_path):
    here = reader()
    editor = here.open()
    editor.write(RIGHT)
    with here.page.expect_download() as download:
        editor.press("Save as notebook")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=60).execute()
    assert "It agrees on all" in str(notebook.cells[-1].outputs)


EDITION = f"""
# An edition without solutions

```{{code-cell}}
import numpy as np
from softmaxbook.exercises import exercise
```

```{{code-cell}}
def softmax_vector(logits):
    ...

exercise("{FIRST}").check(softmax_vector)
```
"""


@pytest.mark.browser
def test_an_edition_without_solutions_runs_and_does_not_check(browser, tmp_path):
    book = Book(tmp_path, edition=EDITION)
    (tmp_path / ".cache").symlink_to(CACHE.parent)  # what else would be fetched again
    numpy = {"SOFTMAXBOOK_NUMPY_WHEEL": numpy_for_pages()}
    code, said = book.build(**numpy, SOFTMAXBOOK_SOLUTIONS="no", SOFTMAXBOOK_PYODIDE="yes")
    assert code == 0, said
    context = browser.new_context()
    with served(tmp_path / "_build" / "html") as address:
        here = Reader(context, address, "book/edition")
        editor = here.open()
        assert editor.root.get_by_role("button", name="Check", exact=True).count() == 0
        words = "This edition runs your program and does not check it."
        assert editor.root.get_by_text(words, exact=True).is_visible()
        editor.write(f"{RIGHT}\n\nprint(softmax_vector(np.zeros(4)))")
        editor.press("Run")
        editor.sees("[0.25 0.25 0.25 0.25]")
        editor.write(f'from softmaxbook.exercises import exercise\n\nexercise("{FIRST}")')
        editor.press("Run")
        editor.sees("comes without solutions: it runs code, and does not check it")
    assert here.errors == []
    context.close()


@pytest.mark.browser
def test_without_the_library_there_is_a_plain_field(browser, reader):
    context = browser.new_context()
    context.route(re.compile(r"/editors/libraries/"), lambda route: route.fulfill(status=404))
    here = reader(context=context)
    editor = here.open()
    editor.field.fill(WRONG)
    editor.press("Check")
    editor.sees("A known mistake")
    here.errors.clear()  # of the files that are not there


@pytest.mark.browser
def test_paper_has_the_text_and_no_buttons(reader):
    here = reader()
    editor = here.open()
    editor.write(RIGHT)
    here.page.emulate_media(media="print")
    assert editor.root.locator(".cm-line", has_text="np.max").is_visible()
    assert not here.page.locator(".sb-editor button:visible, .sb-run button:visible").count()


@pytest.mark.browser
def test_without_javascript_nothing_is_offered_that_does_not_work(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{PAGE}.html")
    assert page.locator(".sb-run button").count()
    assert not page.locator(".sb-run button:visible").count()
    context.close()


# To preload would fetch the style sheets again, one of them from a wrong address.
AXE = {"preload": False, "resultTypes": ["violations"]}


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_an_editor_is_accessible(reader, visitor, width, scheme):
    here = reader()
    here.page.set_viewport_size({"width": width, "height": 900})
    here.page.emulate_media(color_scheme=scheme)
    here.page.reload()
    editor = here.open()
    editor.write(WRONG + "  # " + "a long line " * 12)
    editor.press("Check")
    editor.sees("A known mistake")
    found = Axe().run(here.page, context=".sb-editor", options=AXE)
    assert found.violations_count == 0, found.generate_report()
    assert here.page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = editor.root.locator("button").evaluate_all(SIZES)
    assert min(min(size) for size in sizes) >= 44
    size = editor.field.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= (16 if width == 390 else 12)
