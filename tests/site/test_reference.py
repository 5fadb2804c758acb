"""The package's reference: names lead to their own entries, entries to their chapters."""

import importlib
import inspect
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from extensions.reference import CHAPTERS, target_of

ROOT = Path(__file__).parents[2]
REFERENCE = sorted((ROOT / "book").glob("api-*.md"))
DOCUMENTED = [
    name
    for page in REFERENCE
    for name in re.findall(r"^\.\. auto(?:class|function)[^:]*:: (\S+)$", page.read_text(), re.M)
]
FIGURES = {"softmaxbook.theme.show", "softmaxbook.theme.colour"}  # used on every page


@pytest.mark.parametrize("name", sorted(set(DOCUMENTED) - FIGURES))
def test_each_entry_says_its_chapter(name):
    module, _, attribute = name.rpartition(".")
    said = inspect.getdoc(getattr(importlib.import_module(module), attribute))
    chapters = re.findall(r"\*(\w+)\*", CHAPTERS.search(said)[0])
    assert chapters
    assert all((ROOT / "book" / f"{chapter}.md").is_file() for chapter in chapters)


def test_no_name_is_documented_twice():
    assert len(set(DOCUMENTED)) == len(DOCUMENTED)


def typed(text):
    """Return the links that lead code to a page of the reference, which the build should do."""
    return re.findall(r"\[`[^]]*\]\(api[\w-]*\.md\)", text)


def test_no_page_types_the_address_of_an_entry():
    assert typed("see [`softmax(logits)`](api.md)") == ["[`softmax(logits)`](api.md)"]
    for page in (ROOT / "book").glob("*.md"):
        assert typed(page.read_text(encoding="utf-8")) == [], page.name


class Names(HTMLParser):
    """The code in the first column of the tables under *In the package*, with its address."""

    def __init__(self, html):
        super().__init__()
        self.inside, self.column, self.address, self.code, self.found = False, 0, None, None, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "section":
            self.inside = given.get("id") == "in-the-package"
        self.column = {"tr": 0, "td": self.column + 1}.get(tag, self.column)
        if self.inside and self.column == 1 and tag == "a":
            self.address = given["href"]
        if self.inside and self.column == 1 and tag == "code":
            self.code = ""

    def handle_data(self, data):
        if self.code is not None:
            self.code += data

    def handle_endtag(self, tag):
        if tag == "code" and self.code is not None:
            self.found.append((self.code, self.address))
            self.code = None
        self.address = None if tag == "a" else self.address


def astray(html):
    """Return the names that lead to no entry, or to that of another name."""
    return [
        (code, address)
        for code, address in Names(html).found
        if (target := target_of(code)) and not f".{address}".endswith(f".{target}")
    ]


TABLE = """<section id="in-the-package"><table><tr><td><a href="api.html{}">
<code><span>log_softmax</span></code></a></td><td><code>plain</code></td></tr></table></section>"""


def test_a_name_astray_is_found():
    assert astray(TABLE.format("#softmaxbook.log_softmax")) == []
    assert len(astray(TABLE.format(""))) == 1
    assert len(astray(TABLE.format("#softmaxbook.softmax"))) == 1


@pytest.mark.browser
def test_each_name_leads_to_its_own_entry(site):
    pages = [path.read_text(encoding="utf-8") for path in (site / "book").glob("*.html")]
    assert sum(len(Names(html).found) for html in pages) > 100
    assert [fault for html in pages for fault in astray(html)] == []


@pytest.mark.browser
def test_addresses_of_the_time_when_all_entries_stood_on_one_page_still_lead_to_them(site):
    overview = (site / "book" / "api.html").read_text(encoding="utf-8")
    for name in DOCUMENTED:
        assert f'id="{name}"' in overview
        assert re.search(rf'href="api-\w+\.html#{re.escape(name)}"', overview)
