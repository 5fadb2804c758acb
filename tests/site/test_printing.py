"""The book as one PDF: whole, numbered, tagged, and each check of it on something damaged."""

import re
from io import BytesIO
from urllib.parse import unquote

import numpy as np
import pikepdf
import pytest
from addresses import absent
from lxml import html
from PIL import Image
from printed import Printed
from small_sites import small_site

from extensions.printing import PrintingError
from extensions.printing.__main__ import main
from extensions.printing.chromium import LAYOUT, laid_out, printed
from extensions.printing.document import SHEETS, whole
from extensions.printing.finishing import finished
from extensions.printing.site import ON_THE_SITE_ALONE, read

ADDRESS = "https://reader.github.io/softmaxbook/"
PICTURE = '<div class="sb-explorable" id="explorable-logits" data-module="logits" data-state="{}">'
PICTURE += '<figure class="sb-figure" role="img" aria-label="Three bars"><svg viewBox="0 0 100 50">'
PICTURE += '<defs><path id="a" d="M0 0h9v9z"></path></defs><use xlink:href="#a"></use></svg>'
PICTURE += "</figure></div>"

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("printing")]


@pytest.fixture(scope="session")
def book(site):
    """Return the document of the whole book."""
    return whole(read(site), ADDRESS)


@pytest.fixture(scope="session")
def pdf(browser, book):
    """Return the PDF of the whole book."""
    return Printed(finished(printed(browser, book), book))


@pytest.fixture
def print_small(browser, tmp_path):
    """Return a function that prints pages with these bodies."""

    def print_small(address=ADDRESS, size="a4", **bodies):
        book = whole(read(small_site(tmp_path, **bodies)), address, size)
        return Printed(finished(printed(browser, book), book))

    return print_small


def entries(book):
    """Return level and title of each heading of the document, as the outline has to show them."""
    headings = html.fromstring(book.html).xpath("//h1 | //h2 | //h3 | //h4")
    return [(int(each.tag[1]) - 1, " ".join(each.text_content().split())) for each in headings]


@pytest.mark.long
def test_every_page_of_text_bears_its_number(pdf):
    assert pdf.unnumbered() == []


def test_the_outline_has_every_chapter_and_section_in_order(pdf, book):
    outline = pdf.outline()
    assert [line[:2] for line in outline] == entries(book)
    assert [line[2] for line in outline] == sorted(line[2] for line in outline)


def test_contents_and_outline_name_the_same_pages(pdf, book):
    document = html.fromstring(book.html)
    pages = {}
    for line in document.xpath('//*[@id="contents"]//a'):
        words = " ".join(line.xpath("./span[1]")[0].text_content().split())
        pages.setdefault(words, []).append(pdf.places[unquote(line.get("href")[1:])])
    outlined = {}
    for _, title, page in pdf.outline():
        outlined.setdefault(title, []).append(page)
    assert len(pages) > 200
    assert [title for title, found in pages.items() if not set(found) <= set(outlined[title])] == []


def lines(pdf):
    """Return the pages on which a link is a line of its own: contents and parts."""
    pages = {title: page for _, title, page in pdf.outline()}
    parts = [page for title, page in pages.items() if title.startswith("Part ")]
    return [*range(pages["Contents"], pages["Introduction"]), *parts]


def test_every_number_of_a_page_is_true(pdf, book):
    document = html.fromstring(book.html)
    named = document.xpath('//*[@class="sb-page"]/@data-of')
    assert len(named) > 1500
    turned = set(document.xpath('//article/descendant::*[@class="sb-page"]/@data-of'))
    at_end = dict(line[1:] for line in pdf.outline())["Index of terms"]
    in_lines = lines(pdf)
    # A piece of a link in the text may be a number, too: one of a formula.
    links = [
        link
        for link in pdf.numbered(set(named), in_lines)
        if link[0] in in_lines or link[0] >= at_end or link[2] in turned
    ]
    assert [link for link in links if link[1] != pdf.places[link[2]]] == []
    found = {}
    for _, number, target in links:
        found.setdefault(target, set()).add(number)
    # Of several places on one page an index names that page once.
    for entry in document.xpath('//*[@class="sb-numbers"]'):
        targets = entry.xpath(".//@data-of")
        shown = {number for target in targets for number in found.get(target, ())}
        assert shown == {pdf.places[target] for target in targets}
    elsewhere = '//*[@class="sb-page"][not(ancestor::*[@class="sb-numbers"])]/@data-of'
    assert set(document.xpath(elsewhere)) <= set(found)


def test_a_screen_reader_finds_structure_language_and_words(pdf):
    assert pdf.untagged() == []
    assert str(pdf.document.Root.Lang) == "en"
    assert str(pdf.document.docinfo["/Title"]) == "Softmax"
    assert "authors" in str(pdf.document.docinfo["/Author"])
    kinds = [kind for _, kind in pdf.elements()]
    assert kinds.count("/Figure") > 80
    assert kinds.count("/Formula") > 1500
    assert kinds.count("/Table") > 100


def test_every_link_leads_somewhere(pdf):
    assert sum(1 for _ in pdf.links()) > 3000
    assert pdf.lost() == []


def test_nothing_is_wider_than_the_text(pdf, book):
    assert pdf.beside(book.sheet) == []


def test_no_picture_is_cut(pdf):
    assert pdf.cut() == []


def test_every_heading_stands_on_its_page(pdf):
    assert pdf.unnamed() == []


def test_no_frame_is_empty(pdf):
    assert pdf.empty_frames() == []


def test_everything_is_drawn_in_lines(pdf):
    assert pdf.bitmaps() == []


def test_the_words_of_every_page_are_there(pdf, site):
    said = " ".join(pdf.all_text().split())
    plain = ".//p[not(*)][not(@class)][string-length() > 40][not(ancestor::details)]"
    first = [page.article.xpath(plain)[:1] for page in read(site).pages()]
    sentences = [" ".join(found[0].text_content().split()) for found in first if found]
    assert len(sentences) > 25
    assert [each for each in sentences if each not in said] == []
    for name in ON_THE_SITE_ALONE:
        assert (site / "book" / f"{name}.html").is_file()


ANSWERED = """<section id="one"><h2>One</h2><p>What is 1 + 1? <a href="second.html#two">See</a>,
<a href="review.html">review</a>, <a href="../_static/site.css">a file</a>,
<a href="https://example.org/x">elsewhere</a>.</p>
<details><summary>Hint 1</summary><p>Count.</p><details><summary>Hint 2</summary><p>Twice.</p>
</details></details><details><summary>Solution</summary><p>It is 2.</p></details>
<details><summary>The source</summary><pre>x = 1</pre></details></section>"""


def test_answers_stand_at_the_end_and_asides_in_their_place(print_small):
    pdf = print_small(first=ANSWERED, second='<h2 id="two">Two</h2><p>Text.</p>')
    said = " ".join(pdf.text(5).split())
    assert "Hints and solution: page 5" in said
    assert re.search(r"The source x = 1 Hints and answers One, page 5 Hint 1\. Count\.", said)
    assert re.search(r"Hint 2\. Twice\. Solution\. It is 2\.", said)
    targets = {words.strip(" ,."): target for _, words, target in pdf.links()}
    assert targets["See"] == "second--two"
    assert targets["review"] == f"{ADDRESS}book/review.html"
    assert targets["a file"] == f"{ADDRESS}_static/site.css"
    assert targets["elsewhere"] == "https://example.org/x"


QUESTION = """<div class="cell_output"><div class="sb-explorable" data-module="question"
data-state='{"question": {"title": "Which?", "options": [{"letter": "a", "text": "`x`"},
{"letter": "b", "text": "y"}], "mistakes": [{"letter": "b", "hint": "Because of `y`."}]}}'>
<p class="sb-note">☐ `x`</p><p class="sb-note">☐ y</p></div>
<details><summary>Solution</summary><p>a</p></details></div>"""


def test_options_have_letters_and_wrong_answers_their_reasons(tmp_path):
    document = html.fromstring(whole(read(small_site(tmp_path, first=QUESTION)), None).html)
    assert [each.text_content() for each in document.xpath('//p[@class="sb-note"]')] == [
        "☐ a) x",
        "☐ b) y",
    ]
    answer = " ".join(document.xpath('//*[@class="sb-answer"]')[0].text_content().split())
    assert answer == "Which?, page 000Solution. aNot b: Because of y."
    assert "This edition comes without solutions" not in document.text_content()
    bare = QUESTION.partition("<details>")[0] + "</div>"
    without = whole(read(small_site(tmp_path, first=bare)), None).html
    assert "This edition comes without solutions" in without


def test_where_the_address_is_not_known_such_links_are_words(print_small):
    pdf = print_small(None, first=ANSWERED + PICTURE, second='<h2 id="two">Two</h2>')
    targets = [target for _, _, target in pdf.links()]
    assert "https://example.org/x" in targets
    assert not any("review" in target or "_static" in target for target in targets)
    assert "can be moved" not in pdf.all_text()


def test_a_figure_that_moves_leads_to_where_it_does(print_small):
    pdf = print_small(first=PICTURE)
    live = f"{ADDRESS}book/first.html#explorable-logits"
    assert any(target == live for *_, target in pdf.links())
    alternatives = [str(e.get("/Alt")) for e, kind in pdf.elements() if kind == "/Figure"]
    assert "Three bars" in alternatives
    assert f"The address as a code to scan: {live}" in alternatives


def test_links_to_the_site_lead_to_what_is_there(book, site):
    links = html.fromstring(book.html).xpath("//a/@href")
    assert len([link for link in links if "#explorable-" in link]) > 20
    assert absent(links, ADDRESS, site) == []
    gone = {f"{ADDRESS}book/gone.html", f"{ADDRESS}book/losses.html#gone"}
    assert set(absent([*links, *gone], ADDRESS, site)) == gone


def test_letter_is_another_paper_with_lines_as_long(print_small):
    page = print_small(size="letter", first="<p>Text.</p>").pages[0]
    assert page.get_size() == pytest.approx((612, 792), abs=1)
    assert SHEETS["letter"].width - 2 * SHEETS["letter"].side == pytest.approx(
        SHEETS["a4"].width - 2 * SHEETS["a4"].side
    )


def test_a_wide_table_is_made_smaller_until_it_fits(print_small):
    cells = "".join(f"<td>number{n}</td>" for n in range(11))
    pdf = print_small(first=f"<div><table><tr>{cells}</tr></table></div>")
    assert pdf.beside(SHEETS["a4"]) == []


def test_what_cannot_be_made_to_fit_is_named(print_small):
    cells = "".join(f"<td>number{n}</td>" for n in range(40))
    with pytest.raises(PrintingError, match=r"first--top.*number0"):
        print_small(first=f"<div><table><tr>{cells}</tr></table></div>")
    with pytest.raises(PrintingError, match="broad words"):
        print_small(first='<p style="width: 2000px">broad words</p>')


def test_a_number_that_changes_with_each_print_is_an_error(browser, tmp_path, monkeypatch):
    site = small_site(tmp_path, first=ANSWERED.replace("second.html#two", "#one"))
    book = whole(read(site), None)
    monkeypatch.setattr("extensions.printing.chromium.PRINTS", 1)
    with pytest.raises(PrintingError, match="still change after 1 prints"):
        printed(browser, book)


def test_a_link_to_nothing_is_an_error(tmp_path):
    with pytest.raises(PrintingError, match=r"first: a link leads to 'index\.html#gone'"):
        whole(read(small_site(tmp_path, first='<a href="index.html#gone">x</a>')), None)


def test_a_missing_picture_is_an_error(print_small):
    with pytest.raises(PrintingError, match=r"missing\.png"):
        print_small(first='<img src="missing.png" alt="x">')


def test_without_a_site_or_a_chromium_it_is_said_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["printing", str(tmp_path), str(tmp_path / "book.pdf")])
    with pytest.raises(SystemExit, match="make book"):
        main()
    small_site(tmp_path, first="<p>Text.</p>")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "no-chromium"))
    with pytest.raises(SystemExit, match="no Chromium"):
        main()


def test_names_are_given_once_and_drawings_keep_their_parts(browser, tmp_path):
    book = whole(read(small_site(tmp_path, first=PICTURE * 2, second=PICTURE)), None)
    names = html.fromstring(book.html).xpath("//@id")
    assert len(names) == len(set(names))
    with laid_out(browser, book) as page:
        drawn = "[...document.querySelectorAll('use')].map(e => e.getBoundingClientRect().width)"
        assert min(page.evaluate(drawn)) > 0


HATCHED = """<figure class="sb-figure" role="img" aria-label="Hatched"><svg viewBox="0 0 200 100">
<defs><pattern id="h" patternUnits="userSpaceOnUse" x="0" y="0" width="72" height="72">
<path d="M0 0l72 72" style="stroke: #c00"></path></pattern></defs>
<path d="M40 10h90v80h-90z" style="fill: url(#h); stroke: #000"></path></svg></figure>"""


def test_a_hatching_is_lines_where_the_pattern_has_them(browser, print_small):
    assert print_small(first=HATCHED).bitmaps() == []
    page = browser.new_page()
    page.set_content(HATCHED)
    page.evaluate(LAYOUT.read_text(encoding="utf-8"))
    pattern = seen(page)
    page.evaluate("book.hatch()")
    assert page.locator("pattern").count() == 0
    assert np.mean(pattern < 200) > 0.01
    assert np.mean(np.abs(seen(page) - pattern) > 60) < 0.001
    page.locator("svg svg").first.evaluate("tile => tile.remove()")
    assert np.mean(np.abs(seen(page) - pattern) > 60) > 0.001
    page.close()


def seen(page):
    """Return a page's pixels in shades of grey."""
    return np.asarray(Image.open(BytesIO(page.screenshot())).convert("L"), int)


NAMED = """<section id="one"><span id="exercise-one"></span><h2>One</h2><p>Text.</p></section>
<details><summary>Solution</summary><pre>x = 1</pre></details>"""


def test_names_of_a_section_are_with_its_heading(tmp_path):
    """Of a section whose heading stands on the next page, Chromium takes the beginning for here."""
    document = html.fromstring(whole(read(small_site(tmp_path, first=NAMED)), None).html)
    [heading] = document.xpath('//*[@id="first--one"]')
    assert heading.text_content() == "One"
    assert heading.xpath("./*[@id='first--exercise-one']")
    [answer] = document.xpath('//*[@id="first--answer-1"]')
    assert answer.text_content() == "One, page 000"


def test_a_label_stays_with_what_follows(print_small):
    """Above some of these listings there is room for no more than the label."""
    heights = range(800, 960, 8)
    pdf = print_small(
        first="".join(
            f'<div style="break-before: page; height: {height}px"></div>'
            f"<details><summary>Source {height}.</summary><pre>x = {height}</pre></details>"
            for height in heights
        )
    )
    pages = [pdf.text(number) for number in pdf.numbers.values()]
    assert len([page for page in pages if "Source" in page]) == len(heights)
    for height in heights:
        [page] = [page for page in pages if f"Source {height}." in page]
        assert f"x = {height}" in page


ASKED = """<div class="cell"><div class="cell_output"><p>Asked {0}.</p><p>More of it.</p>
<div class="output text_html"><div class="sb-explorable" data-module="question" data-state='{1}'>
<p>☐ Option {0}</p></div></div></div></div>"""
STATE = '{"question": {"id": "q", "title": "Q", "mistakes": []}}'
PROGRAM = """<div class="cell"><div class="cell_output"><p>Asked {0}.</p>
<details><summary>Hint 1</summary><p>Think.</p></details></div></div>
<div class="cell tag_exercise"><div class="cell_input"><pre>Option {0}</pre></div></div>"""


@pytest.mark.parametrize("asked", [ASKED, PROGRAM])
def test_a_question_stays_with_the_place_for_its_answer(print_small, asked):
    heights = range(800, 960, 8)
    pdf = print_small(
        first="".join(
            f'<div style="break-before: page; height: {height}px"></div>'
            + asked.format(height, STATE)
            for height in heights
        )
    )
    pages = ["".join(pdf.text(number).split()) for number in pdf.numbers.values()]
    for height in heights:
        [page] = [page for page in pages if f"Asked{height}." in page]
        assert f"Option{height}" in page


def damaged(pdf, damage):
    """Return a PDF after a change of it."""
    copy = BytesIO()
    pdf.document.save(copy)
    document = pikepdf.open(copy)
    damage(document)
    document.save(copy := BytesIO())
    return Printed(copy.getvalue())


def test_each_check_sees_its_damage(print_small):
    formula = '<p><span class="katex" role="img" aria-label="p">p</span></p>'
    good = print_small(first=ANSWERED.replace("second.html#two", "#one") + PICTURE + formula)
    anchors = {"first--one", "first--answer-1", "first--question-1"}
    assert good.unnumbered() == good.untagged() == good.lost() == good.cut() == []
    assert good.unnamed() == good.empty_frames() == []
    assert len(good.numbered(anchors, lines(good))) == 3
    assert good.misnumbered(anchors, lines(good)) == good.beside(SHEETS["a4"]) == []

    def without_words(document):
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing:
                del thing["/Alt"]

    assert len(damaged(good, without_words).untagged()) >= 2
    assert damaged(good, lambda d: d.Root.__delitem__("/StructTreeRoot")).untagged()
    assert damaged(good, lambda d: d.Root.Dests.__delitem__("/first--one")).lost()
    assert damaged(good, lambda d: d.pages.insert(1, d.pages[0])).unnumbered()

    def elsewhere(document):
        document.Root.Dests["/first--one"][0] = document.pages[0].obj

    assert damaged(good, elsewhere).misnumbered(anchors, lines(good))

    def led_astray(document):
        with document.open_outline() as outline:
            outline.root[-1].destination = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])

    assert damaged(good, led_astray).unnamed()
    assert print_small(first='<p style="background: #eee; height: 90px"></p>').empty_frames()

    def over_two_pages(document):
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure":
                part = pikepdf.Dictionary(S=pikepdf.Name.NonStruct, Pg=document.pages[0].obj, K=0)
                thing.K = pikepdf.Array([document.make_indirect(part), thing.K])

    assert "Three bars" in damaged(good, over_two_pages).cut()
    narrow = SHEETS["a4"].__class__(SHEETS["a4"].width - 60, SHEETS["a4"].height)
    assert good.beside(narrow)
