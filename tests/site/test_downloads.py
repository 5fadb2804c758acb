"""The first page offers the book to take along where `make downloads` puts it, and nowhere else."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ConfigError

from extensions.downloads import OFFERED, DownloadsPlace, clear, fill


def first_page(builder="html"):
    """Return the first page, with what it offers."""
    app = SimpleNamespace(builder=SimpleNamespace(format="html", name=builder))
    page = new_document("index")
    page += DownloadsPlace()
    fill(app, page, "book/index")
    return page


def test_what_is_named_is_linked(monkeypatch):
    monkeypatch.setenv(OFFERED, "epub pdf")
    links = list(first_page().findall(nodes.reference))
    addresses = [link["refuri"] for link in links]
    assert addresses == ["../downloads/softmaxbook.epub", "../downloads/softmaxbook.pdf"]
    assert first_page().astext() == (
        "To take along. The book as an EPUB for e-readers and as a PDF."
    )


def test_nothing_is_offered_else(monkeypatch):
    monkeypatch.delenv(OFFERED, raising=False)
    assert len(first_page()) == 0
    monkeypatch.setenv(OFFERED, "epub")
    assert len(first_page("epub")) == 0


def test_an_unknown_format_ends_the_build(monkeypatch):
    monkeypatch.setenv(OFFERED, "djvu")
    with pytest.raises(ConfigError, match="djvu; there are epub, pdf"):
        first_page()


def test_no_book_of_an_earlier_edition_stays(tmp_path):
    for builder, stays in (("epub", True), ("html", False)):
        (tmp_path / "downloads").mkdir(exist_ok=True)
        (tmp_path / "downloads" / "softmaxbook.pdf").write_bytes(b"with solutions")
        app = SimpleNamespace(builder=SimpleNamespace(format="html", name=builder), outdir=tmp_path)
        clear(app)
        assert (tmp_path / "downloads").exists() == stays
    clear(app)
