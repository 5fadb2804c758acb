"""What pages load: the rules that they use, and drawings that look the same."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx.builders.html._assets import _JavaScript

from extensions.lean import light, lighten, names, purged, read, shortened

CSS = """@charset "UTF-8"; /* said */
.used, .unused > p { top: 0 }
.used:not(.unused) { left: 0 }
#unused { right: 0 }
:is(.unused, .used) b { color: red }
:is(.unused, #other) b { color: blue }
@media print { .unused { top: 1px } }
@media (width < 9px) { p { top: 1px } }
@font-face { font-family: x }
[data-x] { top: 2px }"""


def test_a_style_sheet_keeps_what_can_be_used():
    kept = purged(CSS, {"used"})
    for part in (
        ".used{",
        ".used:not(.unused)",
        ":is(.unused, .used) b",
        "p{top: 1px}",
        "[data-x]",
    ):
        assert part in kept
    assert "@font-face{font-family: x}" in kept
    for part in ("#unused", "blue", "print", "charset", "said"):
        assert part not in kept


def test_what_scripts_name_is_used():
    assert {"is-open", "a", "b"} <= names(['<p class="a b">'], ['x.className = "is-open"'])
    assert "text" not in names(["<p>text</p>"], [])


def test_an_imported_style_sheet_is_read_in_its_place(tmp_path: Path):
    (tmp_path / "basic.css").write_text("a{}")
    (tmp_path / "theme.css").write_text('/* said */ @import "basic.css"; b{}')
    assert re.sub(r"\s", "", read(tmp_path / "theme.css")) == "/*said*/a{}b{}"


def corners(path):
    """Return the absolute points of a path of lines, in both notations."""
    points, here, start = [], (0.0, 0.0), (0.0, 0.0)
    for command, numbers in re.findall(r"([MmLlhvzZ])([^A-Za-z]*)", path):
        values = [float(n) for n in re.findall(r"-?\d*\.?\d+", numbers)]
        if command in "zZ":
            here = start
            continue
        if command in "hv":
            dx, dy = (values[0], 0.0) if command == "h" else (0.0, values[0])
            pairs = [(dx, dy)]
        else:
            pairs = list(zip(values[::2], values[1::2], strict=True))
        for x, y in pairs:
            here = (x, y) if command in "ML" else (here[0] + x, here[1] + y)
            points.append(here)
        if command in "Mm":
            start = here
    return points


PLACE = st.floats(-2000, 2000).map(lambda x: round(x, 6))


@given(st.lists(st.lists(st.tuples(PLACE, PLACE), min_size=2, max_size=6), min_size=1, max_size=4))
def test_a_path_goes_where_it_went(pieces):
    path = "\n".join(
        "M " + " \nL ".join(f"{x:f} {y:f}" for x, y in piece) + " \nz" for piece in pieces
    )
    before, after = corners(path), corners(shortened(path))
    assert len(before) == len(after)
    for (x, y), (u, v) in zip(before, after, strict=True):
        assert (u, v) == pytest.approx((x, y), abs=0.0051)


def test_other_paths_and_other_units_are_left():
    arc = "M 0 0 A 1 1 0 0 1 2 2"
    assert shortened(arc) == arc
    icon = '<svg viewBox="0 0 1 1"><path d="M 0.123456 0 L 1 1"/></svg>'
    assert light(icon) == icon


def test_a_drawing_keeps_the_names_that_it_refers_to():
    drawn = light(
        '<svg viewBox="0 0 400 300"><g id="axes_1"><path id="m1" d="M 0.0001 1 L 2 1"/>\n'
        ' <use xlink:href="#m1" x="1.23456" y="2"/></g></svg>'
    )
    assert 'id="m1"' in drawn
    assert "axes_1" not in drawn
    assert 'x="1.23"' in drawn


def test_scripts_wait_on_every_page_but_that_of_the_search():
    shared = [_JavaScript("a.js"), _JavaScript("", body="A = 1")]
    pages = {}
    for page in ("index", "search"):
        pages[page] = {"script_files": list(shared), "body": ""}
        lighten(None, page, "page.html", pages[page], None)
    plain, written = pages["index"]["script_files"]
    assert plain.attributes == {"defer": "defer"}
    assert written.attributes == {"body": "A = 1", "type": "module"}
    assert pages["search"]["script_files"] == shared
    assert shared[0].attributes == {}


def test_a_page_has_one_style_sheet_and_scripts_that_wait(site):
    html = (site / "book" / "index.html").read_text("utf-8")
    head = html[: html.index("</head>")]
    sheets = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', head)
    assert [s for s in sheets if "katex" not in s] == [s for s in sheets if "styles/book-" in s]
    assert len([s for s in sheets if "styles/book-" in s]) == 1
    for script in re.findall(r"<script\b[^>]*\bsrc=[^>]*>", html):
        assert re.search(r'defer|async|type="module"', script), script
