"""The document laid out and printed by Chromium, with the number of each page where it belongs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

from . import PrintingError
from .document import TEXT_WIDTH, Book
from .reading import pages_of_anchors

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
ADDRESS = "http://book.invalid/"
LAYOUT = Path(__file__).with_name("layout.js")
PRINTS = 4
"""A number may move a line to the next page, and then others change; as a rule two prints do."""

NO_CHROMIUM = """There is no Chromium to print with.
  Install one (Debian and Ubuntu: apt install chromium; or {} -m playwright install chromium),
  or name it: CHROMIUM=/path/to/chromium make pdf"""

MISSING = """The pages ask for what the site does not have: {}
  Build the site again: make book"""

TOO_WIDE = """Wider than the text on paper, and not to be read any smaller:
  {}
  Mend the page, or let layout.js fit such a thing."""

UNSTABLE = "The numbers of pages still change after {} prints: {}"
NOWHERE = "The PDF has no place for {}."


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium that $CHROMIUM names, the first on PATH, or Playwright's own."""
    named = os.environ.get("CHROMIUM", "")
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    if named and not found:
        raise PrintingError(NO_CHROMIUM.format(sys.executable))
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        except Error as error:
            raise PrintingError(NO_CHROMIUM.format(sys.executable)) from error
        yield browser
        browser.close()


def printed(browser: Browser, book: Book) -> bytes:
    """Return the PDF of a book, as Chromium makes it; refuse what does not fit its pages."""
    with laid_out(browser, book) as page:
        page.evaluate("anchors => book.keep(anchors)", [each.anchor for each in book.headings])
        for turn in range(PRINTS):
            # Tags take half as long again, and the first numbers never stand.
            pdf = page.pdf(prefer_css_page_size=True, print_background=True, tagged=turn > 0)
            changed = page.evaluate("numbers => book.fill(numbers)", pages_of_anchors(pdf))
            if lost := [each["of"] for each in changed if each["now"] is None]:
                raise PrintingError(NOWHERE.format(", ".join(lost)))
            if not changed:
                return pdf
    raise PrintingError(UNSTABLE.format(PRINTS, ", ".join(each["of"] for each in changed)))


@contextmanager
def laid_out(browser: Browser, book: Book) -> Iterator[Page]:
    """Open the book as wide as it will be printed, with everything made to fit."""
    missing: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            return route.fulfill(body=book.html, content_type="text/html; charset=utf-8")
        path = book.root / unquote(urlsplit(route.request.url).path).lstrip("/")
        if route.request.url.startswith(ADDRESS) and path.is_file():
            return route.fulfill(path=path)
        missing.append(route.request.url.removeprefix(ADDRESS))
        return route.abort()

    context = browser.new_context(
        viewport={"width": TEXT_WIDTH - 1, "height": round(book.sheet.height)},  # see `layout.js`
        color_scheme="light",
    )
    try:
        page = context.new_page()
        page.route("**/*", answer)
        page.emulate_media(media="print")
        page.goto(ADDRESS, wait_until="load")
        page.evaluate("document.fonts.ready.then(() => 0)")
        if missing:
            raise PrintingError(MISSING.format(", ".join(missing)))
        page.evaluate(LAYOUT.read_text(encoding="utf-8"))
        page.evaluate("book.hatch()")
        page.evaluate("height => book.fit(height)", book.sheet.text_height)
        if wide := page.evaluate("book.tooWide()"):
            raise PrintingError(TOO_WIDE.format("\n  ".join(wide)))
        yield page
    finally:
        context.close()
