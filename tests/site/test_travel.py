"""The EPUB: valid, whole without a network, and with the way to what moves."""

import json
import posixpath
import re
import subprocess
import zipfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import segno
from addresses import absent
from books import FOR_EPUB, LIVE, Book
from lxml import etree
from pages import CHAPTERS, TOC

from extensions.codes import code_of
from extensions.elements import H, found, has_class, read, words
from extensions.epub.pages import SCRIPTED, Place, carried, tidy
from extensions.mathematics import katex
from softmaxbook.checking.specification import hint_of
from softmaxbook.exercises import exercises
from softmaxbook.widgets import LogitsExplorer

CHECKER = Path(__file__).parents[2] / ".ci" / "epubcheck"
PAGES = [TOC["root"], *CHAPTERS]


def faults(book):
    """Return what epubcheck finds in a book, warnings among them."""
    command = [CHECKER, book, "--quiet", "--json", "-"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)["messages"]
    return [(each["ID"], each["message"], each["locations"][:1]) for each in found]


@cache
def tree(book, name):
    with zipfile.ZipFile(book) as archive:
        return etree.fromstring(archive.read(name))


def pages(book):
    """Return every page of a book as a tree, by its name."""
    return {f"{page}.xhtml": tree(book, f"{page}.xhtml") for page in PAGES}


@pytest.mark.xdist_group("epubcheck")  # which one of them may have to install
def test_epubcheck_finds_nothing(epub):
    assert faults(epub) == []


SMALL = {
    "META-INF/container.xml": '<container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
    'full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "a.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier>'
    "<dc:title>x</dc:title><dc:language>en</dc:language>"
    '<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata><manifest>'
    '<item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>'
    '<spine><itemref idref="n"/></spine></package>',
    "n.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>'
    '<nav epub:type="toc"><ol><li><a href="n.xhtml">x</a></li></ol></nav>{}</body></html>',
}


@pytest.mark.xdist_group("epubcheck")  # which one of them may have to install
def test_a_fault_would_be_found(tmp_path):
    """Of a book of one page."""
    said = []
    for number, text in enumerate(("<p>x</p>", '<p id="a"/><p id="a"/>')):
        path = tmp_path / f"{number}.epub"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/epub+zip")
            for name, content in SMALL.items():
                archive.writestr(name, content.replace("{}", text))
        said.append(faults(path))
    assert said[0] == []
    assert "a" in str(said[1])


def shown_on(site):
    """Return the anchors of all explorables on the site, with their pages."""
    for page in PAGES:
        html = (site / f"{page}.html").read_text("utf-8")
        for anchor in re.findall(r'<div class="sb-explorable"[^>]* id="(explorable-[\w-]+)"', html):
            if page.rpartition("/")[2] not in SCRIPTED and anchor != "explorable-progress":
                yield page, anchor


def dark(code):
    """Return the dark modules of a code, as its path draws them: strokes from left to right."""
    modules, x, y = set(), 0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", found(code, ".//svg:path/@d")[-1]):
        step = [float(number) for number in numbers.split()]
        if command == "h":
            modules |= {(x + each, int(y)) for each in range(int(step[0]))}
            x += int(step[0])
        else:
            x, y = (int(step[0]), step[1]) if command == "M" else (x + int(step[0]), y + step[1])
    return modules


def encoded(address):
    """Return the dark modules of a code of an address, four modules from the corner."""
    rows = segno.make(address, error="m", micro=False).matrix
    return {(x + 4, y + 4) for y, row in enumerate(rows) for x, one in enumerate(row) if one}


def test_each_explorable_is_a_picture_with_the_address_where_it_moves(site, epub):
    shown = list(shown_on(site))
    assert len(shown) > 20
    for page, anchor in shown:
        [figure] = found(tree(epub, f"{page}.xhtml"), f"//h:figure[@id='{anchor}']")
        assert found(figure, f".//h:figure[{has_class('sb-figure')}]/*[@role='img'][@aria-label]")
        [link] = found(figure, f".//h:figcaption[{has_class('sb-live')}]//h:a/@href")
        [code] = found(figure, f".//svg:svg[{has_class('sb-code')}]")
        assert link == f"{LIVE}{page}.html#{anchor}"
        assert dark(code) == encoded(link)


def test_another_code_would_be_found():
    one, other = "https://example.org/a", "https://example.org/b"
    assert dark(code_of(one, H.p())) == encoded(one) != encoded(other)


def test_no_page_needs_a_script_or_the_network(epub):
    for name, page in pages(epub).items():
        assert found(page, "//h:script | //@*[starts-with(name(), 'on')] | //h:details") == [], name
        sources = found(page, "//@src | //h:link/@href | //h:object/@data")
        assert [each for each in sources if urlsplit(each).scheme] == [], name


def test_links_lead_to_what_is_there(epub):
    ids = {name: set(found(page, "//@id")) for name, page in pages(epub).items()}
    followed = 0
    for name, page in pages(epub).items():
        for link in found(page, "//h:body//h:a/@href"):
            parts = urlsplit(link)
            if not parts.scheme:
                folder = posixpath.dirname(name)
                path = (
                    posixpath.normpath(posixpath.join(folder, parts.path)) if parts.path else name
                )
                assert path in ids, (name, link)
                assert not parts.fragment or parts.fragment in ids[path], (name, link)
                followed += 1
    assert followed > 1000


def test_links_to_the_site_lead_to_what_is_there(epub, site):
    links = [link for page in pages(epub).values() for link in found(page, "//h:a/@href")]
    assert len([link for link in links if "#explorable-" in link]) > 20
    assert absent(links, LIVE, site) == []


def test_formulas_are_mathml_with_words(epub):
    formulas = [each for page in pages(epub).values() for each in found(page, "//m:math")]
    assert len(formulas) > 1000
    assert [each for each in formulas if not each.get("alttext")] == []


@pytest.mark.browser
def test_every_formula_fits_the_page_of_a_phone(browser, epub, tmp_path):
    """Where an e-reader shows pages, nobody can scroll, and what is too wide is lost."""
    with zipfile.ZipFile(epub) as archive:
        archive.extractall(tmp_path)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    formulas = 0
    for name in pages(epub):
        page.goto((tmp_path / name).as_uri())
        widths = page.eval_on_selector_all(
            ".math",
            "all => all.map((each) => [each.textContent, each.scrollWidth, each.clientWidth])",
        )
        formulas += len(widths)
        assert [each for each in widths if each[2] and each[1] > each[2]] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    page.close()
    assert formulas > 1000


@pytest.mark.parametrize(
    ("latex", "spaces"),
    [
        (r"T\log q_i", ["T_log", "_"]),
        (r"-\log p_{i,y}", ["log", "_"]),
        (r"\log(x)", ["log"]),
        (r"\log\sum_j z_j", ["log"]),
        (r"\log\operatorname{softmax}(z)", ["log", "_softmax"]),
    ],
)
def test_a_function_s_name_stands_apart_as_in_tex(latex, spaces):
    formula = carried(f"<p>{katex.mathml(latex, False)}</p>", Place("a", set(), None), katex.mathml)
    shown = re.sub(r"<annotation.*?</annotation>|</?(?!mspace)[^>]+>", "", formula)
    written = shown.replace('<mspace width="0.1667em"/>', "_")
    assert written.count("_") == "".join(spaces).count("_")
    assert all(each in written for each in spaces)


def test_pictures_have_descriptions(epub):
    """As the book's own data about its accessibility say."""
    for name, page in pages(epub).items():
        assert found(page, "//h:img[not(@alt)]") == [], name
        said = "ancestor-or-self::*[@role='img'][@aria-label] or ancestor-or-self::*[@aria-hidden]"
        assert found(page, f"//svg:svg[not({said})]") == [], name


def listed(book):
    """Return level, words and address of each entry of the list of contents."""
    nav = tree(book, "nav.xhtml")
    for link in found(nav, "//h:nav//h:a"):
        yield len(found(link, "ancestor::h:ol")), words(link), link.get("href")


def test_a_figure_of_several_drawings_is_one_picture():
    drawing = "<svg aria-hidden='true' xmlns='http://www.w3.org/2000/svg'></svg>"
    page = read(f"<figure role='img' aria-label='Two curves.'>{2 * drawing}</figure>")
    tidy(page)
    (picture,) = found(page, ".//*[@role='img']")
    assert (picture.get("aria-label"), len(picture)) == ("Two curves.", 2)
    assert not found(page, ".//@aria-hidden")


def test_the_contents_have_parts_chapters_and_their_sections(epub):
    lines = list(listed(epub))
    parts = [words for level, words, _ in lines if level == 1]
    assert parts == ["Softmax", *(part["caption"] for part in TOC["parts"])]
    chapters = [address.partition("#")[0] for level, _, address in lines if level == 2]
    assert chapters == [f"{page}.xhtml" for page in CHAPTERS]
    assert (3, "Three scores, four steps") in [line[:2] for line in lines]
    shown = pages(epub)
    for level, title, address in lines:
        name, _, anchor = address.partition("#")
        if level == 3:
            [heading] = found(shown[name], f"//*[@id='{anchor}']/*[self::h:h2]")
            assert words(heading) == title
    for name in CHAPTERS:
        if name.rpartition("/")[2] not in SCRIPTED:
            sections = [words(each) for each in found(shown[f"{name}.xhtml"], "//h:h2")]
            assert [title for _, title, there in lines if there.startswith(f"{name}.xhtml#")][
                -len(sections) :
            ] == sections, name
    assert any(title == "Hints and answers" for _, title, _ in lines)


def straight(text):
    """Return a text in one line, with the quotation marks of a keyboard."""
    return " ".join(text.translate(str.maketrans("’‘“”", "''\"\"")).split())


def test_answers_and_what_mistakes_overlook_are_there(epub):
    texts = {name: straight(words(page)) for name, page in pages(epub).items()}
    told = 0
    for each in exercises():
        text = texts[f"book/{each.chapter}.xhtml"]
        hints = [hint_of(mistake) for mistake in each.mistakes] if each.answered_in_place else []
        for said in (*each.hints, *hints):
            if not re.search(r"[$`*\\_]", said):  # else Markdown sets it in other characters
                assert straight(said) in text, (each.id, said)
                told += 1
    assert told > 300


def test_an_answer_is_a_link_away_and_a_link_back(epub):
    page = tree(epub, "book/probabilities.xhtml")
    away = found(page, f"//h:p[{has_class('sb-unfold')}]")
    assert len(away) > 10
    for each in away:
        [target] = found(each, "h:a/@href")
        [entry] = found(page, f"//*[@id='{target[1:]}']")
        assert found(entry, "h:p[last()]/h:a/@href") == [f"#{each.get('id')}"]
    ends = found(page, "//h:section/h:h2")
    assert [words(each) for each in ends][-2:] == ["Hints and answers", "Code of the figures"]


def test_options_have_the_letters_by_which_answers_call_them(epub):
    page = tree(epub, "book/probabilities.xhtml")
    options = [words(each) for each in found(page, f"//h:p[{has_class('sb-note')}]")]
    assert options[:2] == [
        "☐ a) Both lose the same amount.",
        "☐ b) The second loses more, but both lose the same part of what they had.",
    ]


def test_programs_are_solved_elsewhere(epub):
    page = tree(epub, "book/probabilities.xhtml")
    links = found(page, f"//h:p[{has_class('sb-elsewhere')}]/h:a/@href")
    assert f"{LIVE}book/probabilities.html#exercise-softmax-of-one-vector" in links


@pytest.mark.parametrize("name", sorted(SCRIPTED))
def test_a_page_of_scripts_is_a_sentence_with_the_way_there(epub, name):
    page = tree(epub, f"book/{name}.xhtml")
    assert found(page, "//h:p/h:a/@href") == [f"{LIVE}book/{name}.html"]
    assert len(words(page)) < 300


@pytest.mark.parametrize(("shown", "said"), [("yes", False), ("no", True)])
def test_an_edition_without_solutions_says_so(monkeypatch, shown, said):
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", shown)
    first = carried("<h1>A</h1>", Place("index", set(), None, is_first=True), katex.mathml)
    assert ("The exercises come without their solutions." in first) is said


def test_without_an_address_there_is_the_picture_alone():
    body = (
        LogitsExplorer().placeholder().replace("data-module", 'id="explorable-logits" data-module')
    )
    body += '<p><a href="../_static/a.csv">a</a> <a href="b.html#c">b</a></p>'
    page = carried(body, Place("book/a", {"book/a", "book/b"}, None), lambda tex, display: tex)
    assert "<figcaption" in page
    assert "sb-code" not in page
    assert re.findall('href="([^#][^"]*)"', page) == ["b.xhtml#c"]


BOOK_PAGE = """
# Page

A logit, and $x^2$.

```{code-cell} ipython3
from softmaxbook.widgets import LogitsExplorer

LogitsExplorer()
```

```{dropdown} Answer
It moves.
```
"""


def test_site_and_epub_take_nothing_from_one_another(tmp_path):
    book = Book(tmp_path, page=BOOK_PAGE)
    sites = []
    for options in ((), FOR_EPUB, ()):
        code, said = book.build("-n", "-W", *options)
        assert code == 0, said
        assert ("executing" in said) is not bool(sites), "what the site shows is executed once"
        sites.append({name: book.html("page") for name in ["page"]} | {"files": book.files()})
    assert sites[0] == sites[1] == sites[2]
    text = words(tree(tmp_path / "_build" / "epub" / "softmaxbook.epub", "book/page.xhtml"))
    assert "Answer: at the end of this chapter" in text
