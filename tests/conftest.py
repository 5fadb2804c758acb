"""What tests share: a real Chromium, a server for a folder, a page that holds explorables."""

import fcntl
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import hypothesis
import matplotlib as mpl
import pytest
from books import FOR_EPUB, LIVE, ROOT
from pythons import numpy_for_pages
from serving import served

mpl.use("agg")

# The same examples in every run: a test that fails here fails everywhere. No time limit for one
# of them, since the machine may be busy with something else.
hypothesis.settings.register_profile("book", derandomize=True, deadline=None)
hypothesis.settings.load_profile("book")

# Nothing of the browser's own may reach for the network.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items):
    """Start the long tests first, and last those that wait for the built site.

    So no worker stands idle: not beside a last long test, and not while another builds the site.
    """
    items.sort(key=lambda item: (item.get_closest_marker("long") is None, _needs_site(item)))


def _needs_site(item):
    return "site" in getattr(item, "fixturenames", ())


def build_once(name, *options, **environ):
    """Build the book strictly, once in a run of the tests; parallel workers share one build."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    with (ROOT / ".venv" / f"{name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if not run or lock.read() != run:  # a second build would write what others are reading
            command = [Path(sys.executable).with_name("jupyter-book"), "build", ROOT, *options]
            environment = {**os.environ, **environ}
            subprocess.run([*command, "-n", "-W", "--keep-going"], check=True, env=environment)
            lock.truncate(0)
            lock.write(run)


@pytest.fixture(scope="session")
def site():
    """Return the folder of the built book: $SITE, or that of a strict build made now."""
    if folder := os.environ.get("SITE"):
        return Path(folder)
    build_once("site", SOFTMAXBOOK_NUMPY_WHEEL=numpy_for_pages())
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def epub(site):
    """Return the book as an EPUB of a site whose address is known.

    It needs the site, whose pages have been executed.
    """
    build_once("epub", *FOR_EPUB, SOFTMAXBOOK_ADDRESS=LIVE)
    return ROOT / "_build" / "epub" / "softmaxbook.epub"


def pytest_terminal_summary(terminalreporter):
    """Report what the pages weigh."""
    passed = terminalreporter.stats.get("passed", [])
    weights = [value for test in passed for name, value in test.user_properties if name == "weight"]
    if weights:
        terminalreporter.section("gzipped weight of each page with all that it loads")
        for page, weight in sorted(weights, key=lambda item: -item[1]):
            terminalreporter.line(f"{weight / 1000:6.0f} kB  {page}")


@pytest.fixture(scope="session")
def browser():
    """Return a headless Chromium: the one in $CHROMIUM, or the first that PATH has."""
    from playwright.sync_api import sync_playwright

    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    found = [path for path in map(shutil.which, names) if path]
    if not found:
        pytest.fail("no Chromium on PATH: install it, or name it in $CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found[0], args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Return a function that opens an address and refuses console errors at the end of the test."""
    contexts, errors = [], []

    def open_page(address, width=1280, scheme="light", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


BARE = """<!doctype html><html lang="en" data-theme="{scheme}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>Explorables</title><style>{css}
body {{ font-family: sans-serif; max-width: 45rem; margin: auto; padding: 0 8px;
background: var(--sb-paper); color: var(--sb-ink); }}</style>
<main><h1>Explorables</h1>{body}</main><script type="module" src="host.mjs"></script></html>"""


@pytest.fixture(scope="session")
def host(tmp_path_factory):
    """Return a folder with the modules of all explorables, and the address that it is served at."""
    from softmaxbook.widgets.modules import publish

    folder = tmp_path_factory.mktemp("host")
    publish(folder)
    with served(folder) as address:
        yield folder, address


PLACEHOLDERS = {}
PAGES = itertools.count()


def placeholder(explorable):
    """Return an explorable's place on a page; its picture is drawn once for each state."""
    state = type(explorable), json.dumps(explorable.state())
    if state not in PLACEHOLDERS:
        PLACEHOLDERS[state] = explorable.placeholder()
    return PLACEHOLDERS[state]


@pytest.fixture
def mount(host, open_page):
    """Return a function that opens explorables on a page of their own and waits until they live."""
    from softmaxbook.widgets import stylesheet

    folder, address = host

    def mount(*explorables, width=1280, scheme="light", **options):
        body = "".join(map(placeholder, explorables))
        html = BARE.format(scheme=scheme, css=stylesheet(), body=body)
        name = f"{next(PAGES)}.html"
        (folder / name).write_text(html, encoding="utf-8")
        page = open_page(f"{address}/{name}", width=width, scheme=scheme, **options)
        page.wait_for_function(
            "count => document.querySelectorAll('[data-mounted=true]').length === count",
            arg=len(explorables),
        )
        return page

    return mount
