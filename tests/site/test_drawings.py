"""The data of the pages' figures: a file each, beside the page, behind a link below the figure."""

import re
from types import SimpleNamespace

from pages import BUILT

from extensions.drawings import LINK, data_as_files
from softmaxbook.drawn import COLUMNS
from softmaxbook.theme import Picture

HEAD = ",".join(COLUMNS)
TABLE = f'{HEAD}\n1,line,"100 % & <b>, ""q""",0.5,1,\n'


def prepared(folder, builder="html"):
    """Return what a page's body of two figures becomes."""
    app = SimpleNamespace(outdir=folder, builder=SimpleNamespace(name=builder))
    figures = [Picture("<svg></svg>", "said", data)._repr_html_() for data in (TABLE, HEAD)]
    context = {"body": "".join(figures), "pathto": lambda path, resource: f"../{path}"}
    data_as_files(app, "book/page", "page.html", context, None)
    return context["body"]


def test_data_become_files(tmp_path):
    body = prepared(tmp_path)
    assert "data:text" not in body
    for number, data in ((1, TABLE), (2, HEAD)):
        name = f"page-{number}.csv"
        assert f'<a download="{name}" href="../_static/data/{name}">' in body
        assert (tmp_path / "_static" / "data" / name).read_text("utf-8") == data


def test_a_book_in_one_file_has_no_link(tmp_path):
    assert "sb-data" not in prepared(tmp_path, "epub")
    assert not list(tmp_path.iterdir())


FIGURE = '<div class="output text_html"><figure class="sb-figure"'  # none within an explorable


def test_every_figure_of_the_site_has_its_data(site):
    shown = 0
    for page in BUILT:
        html = (site / page).read_text("utf-8")
        assert not LINK.search(html)
        for figure in html.split(FIGURE)[1:]:
            after = figure.partition("</figure>")[2]
            link = re.match(r'<p class="sb-data"><a download="([^"]+)" href="([^"]+)"', after)
            assert link, (page, figure[:200])
            shown += 1
            file = (site / page).parent / link[2]
            head, *rows = file.read_text("utf-8").splitlines()
            assert file.name == link[1]
            assert head == HEAD
            assert len(rows) > 1
    assert shown > 50
