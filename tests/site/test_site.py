"""Every page of the built site, opened in Chromium: phone, desktop, light, dark and paper."""

import re

import pytest
from pages import BUILT as PAGES
from serving import Halting, served
from soundness import COLOURS, SPACED, Document, Visit, broken_links

LIGHTEST, HEAVIEST = 40_000, 340_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(site):
    """Serve the built site."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def slowly(site):
    """Serve the built site, each page in two parts."""
    with served(site, Halting) as address:
        yield address


@pytest.mark.long
def test_the_strict_build_leaves_every_page(site):
    assert [page for page in PAGES if not (site / page).is_file()] == []


# What a chapter says has the same colours at every width.
WIDTHS = {390: ("dark", "light", None), 1280: ("light", "dark", ["article"])}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES)
def test_page_is_sound(browser, slowly, page, width):
    scheme, other, seen = WIDTHS[width]
    with Visit(browser, f"{slowly}/{page}", width, scheme) as visit:
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
def test_page_is_light_fits_and_prints_completely(browser, address, page, record_property):
    with Visit(browser, f"{address}/{page}") as visit:
        weight = visit.weight()
        record_property("weight", (page, weight))
        assert LIGHTEST < weight < HEAVIEST
        assert visit.scrolling_formulas() == []
        assert visit.small_words() == []
        visit.page.set_viewport_size({"width": 390, "height": 844})
        assert visit.small_words() == []
        assert visit.crowded_tables() == []
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
<div class="sb"><details><summary>More</summary><svg viewBox="0 0 200 100" width="150" role="img"
aria-label="s"><text font-size="12" y="20">small</text></svg></details></div>
<section id="many"><div style="width: 60px; overflow: auto"><table class="table sb-stacked"
style="width: 360px; border-spacing: 0; table-layout: fixed"><tr><th>head</th></tr><tr><td
style="padding: 0 320px 0 0; line-height: 20px">word word word word word word word word</td></tr>
</table></div></section>
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
        assert visit.small_words() == ["tiny: 6.0 px", "small: 9.0 px"]
        assert visit.scrolling_formulas() == ["wide"]
        assert visit.crowded_tables() == [
            "many: 8 lines of word word word word word word word word",
            "many: head",
            "many scrolls by 300",
        ]
        assert visit.page.locator("details[open]").count() == 0
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
