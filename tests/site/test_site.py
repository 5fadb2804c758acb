"""Every page of the built site, opened in Chromium: phone, desktop, light, dark and paper."""

import re

import pytest
from pages import BUILT as PAGES
from serving import served
from soundness import COLOURS, SPACED, Document, Visit, broken_links

LIGHTEST, HEAVIEST = 40_000, 340_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(site):
    """Serve the built site."""
    with served(site) as address:
        yield address


@pytest.mark.long
def test_the_strict_build_leaves_every_page(site):
    assert [page for page in PAGES if not (site / page).is_file()] == []


# What a chapter says has the same colours at every width.
WIDTHS = {390: ("dark", "light", None), 1280: ("light", "dark", ["article"])}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES)
def test_page_is_sound(browser, address, page, width):
    scheme, other, seen = WIDTHS[width]
    with Visit(browser, f"{address}/{page}", width, scheme) as visit:
        assert visit.unmounted() == []
        assert visit.jumps() <= 0.1
        assert visit.complaints() == []
        assert visit.failed_requests() == []
        assert visit.foreign_requests() == []
        assert visit.overflow() <= 0
        assert visit.broken_numbers() == []
        assert visit.violations() == []
        visit.show(other)
        assert visit.violations(seen, COLOURS) == []


def test_a_phone_shows_something_to_move_without_scrolling(browser, address):
    with Visit(browser, f"{address}/{PAGES[0]}", 390) as visit:
        handles = visit.page.locator(".sb-explorable .sb-draggable input").all()
        assert handles
        assert all(handle.bounding_box()["y"] < 700 for handle in handles)


def test_a_phone_shows_figures_from_edge_to_edge(browser, address):
    with Visit(browser, f"{address}/book/networks.html", 390) as visit:
        figures = visit.page.locator(".cell_output > .output:has(> .sb-figure)").all()
        assert figures
        for box in (figure.bounding_box() for figure in figures):
            assert 0 < box["x"] == 390 - box["x"] - box["width"]


# The words of figures that stand, in pixels; an exponent is smaller than what it stands at.
WORDS = """() => [...document.querySelectorAll(".output > .sb-figure svg text")]
  .filter((text) => text.getClientRects().length)
  .map((text) => {
    const parts = [text, ...text.querySelectorAll("tspan")];
    const sizes = parts.map((part) => parseFloat(getComputedStyle(part).fontSize));
    const { a, b } = text.getScreenCTM();
    return [text.textContent.trim(), Math.max(...sizes) * Math.hypot(a, b)];
  })"""


def test_a_phone_shows_the_words_of_figures_large_enough_to_read(browser, address):
    read = 0
    for page in PAGES:
        with Visit(browser, f"{address}/{page}", 390) as visit:
            sizes = visit.page.evaluate(WORDS)
            read += len(sizes)
            small = [f"{word}: {size:.1f} px" for word, size in sizes if size < 11.9]
            assert (page, small) == (page, [])
    assert read > 500


# The same in explorables, whatever is folded away.
MOVING_WORDS = """() => {
  document.querySelectorAll(".sb details").forEach((each) => { each.open = true; });
  return [...document.querySelectorAll(".sb svg text")]
    .filter((text) => text.getClientRects().length && text.textContent)
    .map((text) => {
      const { a, b } = text.getScreenCTM();
      const size = parseFloat(getComputedStyle(text).fontSize);
      return [text.textContent.trim(), size * Math.hypot(a, b)];
    });
}"""
TOO_WIDE = """() => [...document.querySelectorAll(".katex-display")]
  .filter((formula) => formula.scrollWidth > formula.clientWidth && formula.clientWidth)
  .map((formula) => formula.parentElement.getAttribute("aria-label") ?? formula.textContent)"""


def test_words_of_explorables_can_be_read_and_formulas_seen_whole(browser, address):
    read = 0
    for page in PAGES:
        with Visit(browser, f"{address}/{page}") as visit:
            assert visit.unmounted() == []
            assert (page, visit.page.evaluate(TOO_WIDE)) == (page, [])
            for width in (1280, 390):
                visit.page.set_viewport_size({"width": width, "height": 900})
                sizes = visit.page.evaluate(MOVING_WORDS)
                read += len(sizes)
                small = [f"{word}: {size:.1f} px" for word, size in sizes if size < 11.9]
                assert (page, width, small) == (page, width, [])
    assert read > 400


# Tables beside the text that scroll on a phone or have cells of many lines, and stacked ones whose
# cells do not say of which column they are.
CROWDED = """([most]) => {
  const faults = [];
  document.querySelectorAll("article details").forEach((each) => { each.open = true; });
  for (const table of document.querySelectorAll("article table.table")) {
    const box = table.parentElement;
    const name = table.closest("section").id;
    const hidden = box.scrollWidth - box.clientWidth;
    if (hidden > 1) faults.push(`${name} scrolls by ${hidden}`);
    const stacked = getComputedStyle(table.querySelector("td")).display !== "table-cell";
    for (const cell of table.querySelectorAll("td")) {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const { height } = range.getBoundingClientRect();
      const lines = height / parseFloat(getComputedStyle(cell).lineHeight);
      const tall = !stacked && lines > most + 0.5;
      if (tall) faults.push(`${name}: ${lines} lines of ${cell.textContent.slice(0, 40)}`);
      const head = table.rows[0].cells[cell.cellIndex].textContent;
      const told = !table.matches(".sb-stacked") || head === cell.dataset.label;
      if (!told) faults.push(`${name}: ${head}`);
    }
  }
  return faults;
}"""


def test_a_phone_shows_tables_whole_and_not_as_narrow_columns(browser, address):
    stacked = 0
    for page in PAGES:
        with Visit(browser, f"{address}/{page}", 390) as visit:
            assert (page, visit.page.evaluate(CROWDED, [6])) == (page, [])
            stacked += visit.page.locator(".sb-stacked").count()
    assert stacked > 20


def test_a_stacked_table_is_a_table_to_those_who_listen(browser, address):
    with Visit(browser, f"{address}/book/heads.html", 390) as visit:
        told = visit.context.new_cdp_session(visit.page).send("Accessibility.getFullAXTree")
        roles = [node["role"]["value"] for node in told["nodes"] if not node["ignored"]]
        table = visit.page.locator(".sb-stacked").first
        heads = table.locator("th").all_inner_texts()
        assert heads
        assert roles.count("table") >= visit.page.locator(".sb-stacked").count() > 0
        names = [node.get("name", {}).get("value") for node in told["nodes"]]
        assert set(heads) <= set(names)
        assert roles.count("columnheader") >= visit.page.locator(".sb-stacked th").count()
        assert roles.count("cell") >= visit.page.locator(".sb-stacked td").count()


@pytest.mark.parametrize("page", PAGES)
def test_page_is_light_narrow_and_prints_completely(browser, address, page, record_property):
    with Visit(browser, f"{address}/{page}") as visit:
        weight = visit.weight()
        record_property("weight", (page, weight))
        assert LIGHTEST < weight < HEAVIEST
        visit.page.set_viewport_size({"width": 320, "height": 800})  # as wide as 1280 at 400 %
        assert visit.overflow() <= 0
        assert visit.broken_numbers() == []
        spaced = visit.page.add_style_tag(content=SPACED)
        assert visit.overflow() <= 0
        spaced.evaluate("style => style.remove()")
        assert visit.hidden_in_print() == []


def test_explorables_show_a_picture_or_their_text_without_javascript(browser, address):
    pictures = 0
    for page in PAGES:
        with Visit(browser, f"{address}/{page}", java_script_enabled=False) as visit:
            for explorable in visit.page.locator(".sb-explorable").all():
                picture = explorable.locator("[role=img]")
                pictures += picture.count()
                assert picture.first.is_visible() if picture.count() else explorable.inner_text()
    assert pictures >= 3


def test_a_page_opened_from_a_folder_says_what_is_missing(browser, site):
    page = browser.new_page()
    page.goto((site / "book" / "probabilities.html").as_uri())
    assert "From a server they live" in page.locator(".sb-from-disk").inner_text()
    page.goto((site / "book" / "references.html").as_uri())
    assert page.locator(".sb-from-disk").count() == 0
    page.close()


def test_paper_is_light_when_the_screen_is_dark(browser, address):
    with Visit(browser, f"{address}/{PAGES[0]}", scheme="dark") as visit:
        theme = "document.documentElement.dataset.theme"
        assert visit.page.evaluate(theme) == "dark"
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert visit.page.evaluate(theme) == "light"
        visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert visit.page.evaluate(theme) == "dark"


def test_links_lead_somewhere(site):
    assert broken_links(site) == []


def test_pictures_have_words(site):
    wordless = {page: Document(site / page).wordless for page in PAGES}
    assert not any(wordless.values()), wordless


def test_pages_hold_no_widget_state_and_no_mathjax(site):
    for page in PAGES:
        html = (site / page).read_text(encoding="utf-8")
        assert not re.search(r"widget-(state|view)\+json|<script[^>]*(mathjax|require)", html, re.I)
        assert ":doc:" not in html, "a sentence stands where the reference takes it for a type"


BAD = """<!doctype html><html lang="en"><title>Bad</title><link rel="icon" href="data:,">
<article><p style="color: #ccc; background: #fff; width: 2000px">Too pale and too wide.</p>
<p style="display: none">Hidden.</p>
<p class="katex-display" style="width: 9px; overflow: auto">wide</p>
<div class="output"><figure class="sb-figure"><svg viewBox="0 0 800 100" width="300"
role="img" aria-label="w"><text font-size="16" y="20">tiny</text></svg></figure></div>
<div class="sb-explorable"></div>
<img src="missing.png"><svg role="img"></svg><a href="nowhere.html">x</a><a href="#gone">y</a>
<script>setTimeout(() => document.body.style.paddingTop = "40vh", 200);
console.error("told"); fetch("http://localhost:1/").catch(() => 0); throw Error("thrown")
</script></article></html>"""


PALE_CODE = """<!doctype html><html lang="en"><title>Pale</title><link rel="icon" href="data:,">
<main><h1>Pale</h1><pre style="background: #fff"><span style="color: #000">dark</span>
<span style="color: #ccc">first</span> <span style="color: #ccc">second</span></pre>
<pre style="background: #333"><span style="color: #000">dark</span></pre></main></html>"""


def test_each_colour_of_code_is_judged_on_each_ground(browser, tmp_path):
    (tmp_path / "pale.html").write_text(PALE_CODE, encoding="utf-8")
    with served(tmp_path) as address, Visit(browser, f"{address}/pale.html") as visit:
        on_white, on_grey = sorted(visit.violations(), key=lambda found: "dark" in found)
        assert "second" in on_white  # for both of this colour
        assert "dark" in on_grey


def test_checks_reject_a_bad_page(browser, tmp_path):
    (tmp_path / "bad.html").write_text(BAD, encoding="utf-8")
    with served(tmp_path) as address, Visit(browser, f"{address}/bad.html", 390) as visit:
        assert {"told", "thrown"} <= set(visit.complaints())
        assert any("missing.png" in url for url in visit.failed_requests())
        assert visit.foreign_requests() == ["http://localhost:1/"]
        assert visit.overflow() > 1000
        assert visit.jumps() > 0.1
        assert visit.page.evaluate(WORDS) == [["tiny", pytest.approx(6)]]
        assert len(visit.unmounted(patience=500)) == 1
        found = {violation.split(":")[0] for violation in visit.violations()}
        assert {"color-contrast", "image-alt", "svg-img-alt"} <= found
        assert "scrolls, but not by keyboard" in found
        assert any("Hidden." in part for part in visit.hidden_in_print())
    assert broken_links(tmp_path) == [
        "bad.html: missing.png",
        "bad.html: nowhere.html",
        "bad.html: #gone",
    ]
    assert len(Document(tmp_path / "bad.html").wordless) == 2
