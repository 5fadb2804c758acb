"""What is demanded of every page of the site: each check returns the faults that it finds."""

import contextlib
import gzip
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError

# Elements of an article that have no place on paper, or that only screen readers meet.
NOT_PRINTED = ".headerlink, .copybtn, .d-print-none, .noprint, .katex-html, summary *, .sb-tip *"
NOT_PRINTED += ', .sb-data, .sb-spark[aria-label$="no step yet."]'

HIDDEN_IN_PRINT = """ignored => [...document.querySelectorAll(
  'article :is(p, li, td, figure, table, pre, svg[role=img], .math, .sb-explorable)')]
  .filter(e => e.textContent.trim() || e.matches('svg'))
  .filter(e => !e.closest(ignored) && !e.checkVisibility({visibilityProperty: true}))
  .map(e => e.outerHTML.slice(0, 120))"""

UNMOUNTED = """() => [...document.querySelectorAll('.sb-explorable')]
  .filter(e => e.dataset.mounted !== 'true').map(e => e.outerHTML.slice(0, 120))"""

UNREACHABLE = """() => [...document.querySelectorAll('.katex-display')]
  .filter(e => e.scrollWidth > e.clientWidth && e.tabIndex < 0)
  .map(e => 'scrolls, but not by keyboard: ' + e.outerHTML.slice(0, 120))"""

BROKEN = r"""() => [...document.querySelectorAll('.sb :is(td, th)')].flatMap((cell) => {
  const range = document.createRange();
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const broken = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (const { 0: number, index } of text.data.matchAll(/[−-]?\d[\d.,]*/g)) {
      range.setStart(text, index);
      range.setEnd(text, index + number.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) broken.push(`broken: ${number} in ${cell.closest('table').className}`);
    }
  }
  return broken;
})"""

SMALLEST = 12
"""Pixels of the words in pictures; an exponent is smaller than what it stands at."""

SMALL_WORDS = """smallest => [...document.querySelectorAll(':is(.sb-figure, .sb) svg text')]
  .filter(e => e.textContent.trim() && e.getClientRects().length)
  .map(e => {
    const parts = [e, ...e.querySelectorAll('tspan')];
    const sizes = parts.map(part => parseFloat(getComputedStyle(part).fontSize));
    const { a, b } = e.getScreenCTM();
    return [e.textContent.trim(), Math.max(...sizes) * Math.hypot(a, b)];
  })
  .filter(([, size]) => size < smallest - 0.1)
  .map(([words, size]) => `${words}: ${size.toFixed(1)} px`)"""

SCROLLING = """() => [...document.querySelectorAll('.katex-display')]
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth)
  .map(e => e.parentElement.getAttribute('aria-label') ?? e.textContent)"""

MOST_LINES = 6
"""Of a cell on a phone."""

# Stacked tables have as many lines as they need, and each cell says of which column it is.
CROWDED = """most => [...document.querySelectorAll('article table.table')].flatMap(table => {
  const name = table.closest('section').id;
  const { scrollWidth, clientWidth } = table.parentElement;
  const hidden = scrollWidth - clientWidth;
  const scrolls = hidden > 1 ? [`${name} scrolls by ${hidden}`] : [];
  return [...table.querySelectorAll('td')].flatMap(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const style = getComputedStyle(cell);
    const lines = Math.round(range.getBoundingClientRect().height / parseFloat(style.lineHeight));
    const tall = style.display === 'table-cell' && lines > most;
    const head = table.rows[0].cells[cell.cellIndex].textContent;
    const untold = table.matches('.sb-stacked') && head !== cell.dataset.label;
    return [...(tall ? [`${name}: ${lines} lines of ${cell.textContent.slice(0, 40)}`] : []),
      ...(untold ? [`${name}: ${head}`] : [])];
  }).concat(scrolls);
})"""

# What a check finds with everything that is folded open.
UNFOLDED = """([check, given]) => {
  const folded = [...document.querySelectorAll('details:not([open])')];
  for (const each of folded) each.open = true;
  const found = eval(check)(given);
  for (const each of folded) each.open = false;
  return found;
}"""

# The text spacing of WCAG 1.4.12.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""

COLOURS = ["color-contrast", "link-in-text-block"]
"""axe's rules that a theme can break alone."""

# Pieces of code of one class, in places of one class, have one contrast in each theme, and one of
# them shows it. (That of each piece takes axe most of its time.)
ONE_OF_A_KIND = """() => {
  const path = (e) => e ? [e.className, path(e.parentElement)].join() : '';
  const seen = new Set();
  for (const e of [...document.querySelectorAll('pre span, dt.sig *')].reverse()) {
    if (e.children.length || e.matches('a, [id]')) continue;
    const kind = [e.style.cssText, path(e)].join();
    if (seen.has(kind)) e.replaceWith(e.textContent);
    seen.add(kind);
  }
  return seen.size;
}"""


# Some colours change over a moment, in which their contrast is neither theme's.
IN_THEME = """async (scheme) => {
  document.documentElement.dataset.theme = scheme;
  const ending = document.getAnimations().filter(
    (each) => each.effect.getComputedTiming().endTime < Infinity);
  await Promise.allSettled(ending.map((each) => each.finished));
}"""


# How much of the screen moved by itself, and how far, added up: cumulative layout shift.
JUMPS = """{
  window.jumps = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((each) => { jumps += each.value; }))
    .observe({ type: "layout-shift", buffered: true });
}"""


class Visit:
    """A page opened in a browser, with all that it requested and said meanwhile."""

    def __init__(self, browser, address, width=1280, scheme="light", **options):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        self.page = self.context.new_page()
        self.host = urlsplit(address).netloc
        self.said, self.requests, self.responses, self.failed = [], [], [], []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("requestfailed", lambda request: self.failed.append(request.url))
        self.page.on("response", lambda response: self.responses.append(response))
        self.page.add_init_script(JUMPS)
        self.page.goto(address, wait_until="networkidle")

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.context.close()

    def complaints(self):
        """Return errors and warnings of the console, and uncaught exceptions."""
        return self.said

    def failed_requests(self):
        """Return the addresses that were not answered as they should be."""
        return self.failed + [r.url for r in self.responses if r.status >= 400]

    def foreign_requests(self):
        """Return the addresses on any host but the site's."""
        return [
            r.url
            for r in self.requests
            if self.is_remote(r) and urlsplit(r.url).netloc != self.host
        ]

    @staticmethod
    def is_remote(request):
        """Return whether a request leaves the page: `data:` and `blob:` do not."""
        return urlsplit(request.url).scheme not in ("data", "blob")

    def unmounted(self, patience=30_000):
        """Return the explorables that do not live within `patience` milliseconds."""
        with contextlib.suppress(TimeoutError):
            self.page.wait_for_function(f"({UNMOUNTED})().length === 0", timeout=patience)
        return self.page.evaluate(UNMOUNTED)

    def jumps(self):
        """Return the cumulative layout shift, of which Web Vitals call up to 0.1 good."""
        return self.page.evaluate("jumps")

    def show(self, scheme):
        """Show the page in the other theme, as the reader's system or the switch would."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate(IN_THEME, scheme)

    def violations(self, outside=None, rules=None):
        """Return what axe-core finds, one line for each element.

        Of the whole page by all rules, or only of what lies outside some elements, by some rules.
        """
        # KaTeX's HTML, most elements of a page, is for the eye alone (aria-hidden), and its parent
        # has the words; without it axe takes less than half the time. What it would say of a
        # formula is asked before.
        unreachable = self.page.evaluate(UNREACHABLE)
        self.page.evaluate("document.querySelectorAll('.katex-html').forEach(e => e.remove())")
        self.page.evaluate(ONE_OF_A_KIND)
        # preload would fetch the style sheets again, one of them from a wrong address.
        options = {"preload": False, "resultTypes": ["violations"]}
        options |= {"runOnly": rules} if rules else {}
        context = {"exclude": outside} if outside else None
        found = Axe().run(self.page, context, options).response["violations"]
        return unreachable + [
            f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]
        ]

    def overflow(self):
        """Return by how many pixels the page is wider than the screen."""
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")

    def broken_numbers(self):
        """Return the numbers in tables of explorables that stand on more than one line."""
        return self.page.evaluate(BROKEN)

    def small_words(self):
        """Return the words of pictures that are too small to read."""
        return self.page.evaluate(UNFOLDED, [SMALL_WORDS, SMALLEST])

    def scrolling_formulas(self):
        """Return the formulas that stand on their own and are not seen whole."""
        return self.page.evaluate(SCROLLING)

    def crowded_tables(self):
        """Return the tables that scroll or have cells of many lines, and cells without a name."""
        return self.page.evaluate(UNFOLDED, [CROWDED, MOST_LINES])

    def hidden_in_print(self):
        """Return the parts of the article that paper would not show."""
        self.page.emulate_media(media="print")
        return self.page.evaluate(HIDDEN_IN_PRINT, NOT_PRINTED)

    def weight(self):
        """Return the gzipped bytes of all that the page loaded."""
        bodies = {r.url: r.body() for r in self.responses if r.ok and self.is_remote(r.request)}
        return sum(
            len(body) if url.endswith((".woff2", ".png")) else len(gzip.compress(body))
            for url, body in bodies.items()
        )


class Document(HTMLParser):
    """The anchors, links and pictures of an HTML file."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.wordless = [], [], []
        self.feed(Path(path).read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        """Collect what an element says about itself."""
        given = dict(attributes)
        self.ids += [given["id"]] if given.get("id") else []
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        named = given.get("alt") if tag == "img" else given.get("aria-label")
        if (tag == "img" or (tag == "svg" and given.get("role") == "img")) and not named:
            self.wordless.append(self.get_starttag_text()[:160])


def broken_links(folder):
    """Return every link of the HTML files below `folder` that leads nowhere within it."""
    folder = Path(folder).resolve()
    documents = {p: Document(p) for p in folder.rglob("*.html") if "_static" not in p.parts}
    broken = []
    for path, document in documents.items():
        for link in document.links:
            address, anchor = urldefrag(urljoin(path.as_uri(), link))
            if urlsplit(address).scheme != "file":
                continue
            target = Path(unquote(urlsplit(address).path))
            known = documents[target].ids if target in documents else [anchor]
            if not target.is_file() or (anchor and anchor not in known):
                broken.append(f"{path.name}: {link}")
    return broken
