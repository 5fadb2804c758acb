"""The fonts of formulas: a page loads the book's characters, and the others where it shows some."""

import re
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from serving import served

from extensions.fonts import LAST, OWN, Face, Setting, parted, ranges
from extensions.mathematics import VENDOR, KaTeX

CSS = (VENDOR / "katex.min.css").read_text("utf-8")
FORMULAS = (
    r"x_i \in \mathbb{R}^d",
    r"\mathbf{1}^\top z \le \mathcal{N}(0, \sigma^2)",
    r"\left(\frac{\sum_k e^{z_k}}{\displaystyle\prod_j \frac{a}{b}}\right) \text{\textit{all}}",
    r"\Bigg\{ \begin{pmatrix} a \\ b \\ c \\ d \end{pmatrix} \mathsf{T} \mathrm{d}",
    r"\boldsymbol{\theta}",
)


@pytest.fixture(scope="module")
def page():
    """Return a page of formulas, below a heading that is bold."""
    katex = KaTeX()
    shown = "".join(f"<p>{katex.render(formula, display=True)}</p>" for formula in FORMULAS)
    katex.stop()
    return f"<!doctype html><meta charset=utf-8><style>{CSS}</style><h1>{shown}</h1>"


SEEN = """() => {
  const found = {};
  for (const formula of document.querySelectorAll(".katex")) {
    const walk = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const style = getComputedStyle(walk.currentNode.parentElement);
      const face = [style.fontFamily.split(",")[0], style.fontStyle, style.fontWeight].join(" ");
      found[face] = (found[face] ?? "") + walk.currentNode.data;
    }
  }
  return found;
}"""


@pytest.mark.browser
def test_a_character_is_set_in_the_face_in_which_a_browser_sets_it(page, browser):
    tab = browser.new_page()
    tab.set_content(page)
    seen = {face: set(text) for face, text in tab.evaluate(SEEN).items()}
    tab.close()
    found = Setting(CSS).characters(page)
    assert {" ".join(face): held for face, held in found.items() if held} == seen
    assert len(seen) > 8


def test_a_page_without_formulas_needs_no_font():
    assert not Setting(CSS).characters("<p>x</p>")


def outlines(file):
    """Return what each character of a font looks like, and how far it goes."""
    with TTFont(file) as font:
        glyphs, found = font.getGlyphSet(), {}
        for code, name in font.getBestCmap().items():
            pen = DecomposingRecordingPen(glyphs)
            glyphs[name].draw(pen)
            found[code] = pen.value, glyphs[name].width
        return found


def heights(file):
    """Return what lines are measured with."""
    with TTFont(file) as font:
        line, system = font["hhea"], font["OS/2"]
        return (
            font["head"].unitsPerEm,
            (line.ascent, line.descent, line.lineGap),
            (system.sTypoAscender, system.sTypoDescender, system.usWinAscent, system.usWinDescent),
            getattr(system, "sxHeight", None),
        )


@pytest.fixture
def fonts(tmp_path):
    """Return a folder with KaTeX's fonts, where the smaller ones are written."""
    (tmp_path / "fonts" / OWN).mkdir(parents=True)
    for file in (VENDOR / "fonts").glob("*.woff2"):
        (tmp_path / "fonts" / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_characters_look_as_they_did_and_none_is_lost(page, fonts):
    wanted = Setting(CSS).characters(page)
    written = parted(CSS, fonts, wanted)
    for file in (fonts / "fonts" / OWN).iterdir():
        whole = fonts / "fonts" / f"{file.stem.rpartition('-')[0]}.woff2"
        before, after = outlines(whole), outlines(file)
        assert set(after) < set(before)
        assert all(before[code] == look for code, look in after.items())
        assert heights(file) == heights(whole)
        assert file.stat().st_size < whole.stat().st_size
    rules = re.findall(r"@font-face\{[^}]*\}", written)
    named = [re.search(r"url\(([^)]*)\)", rule)[1] for rule in rules]
    assert all((fonts / address).is_file() for address in named)
    assert set(re.findall(r"url\((fonts/[^)]*\.woff2)\)", CSS)) <= set(named)


def covered(text):
    """Return the code points of a range as a style sheet names it."""
    pairs = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", text)
    return [code for a, b in pairs for code in range(int(a, 16), int(b or a, 16) + 1)]


@pytest.mark.parametrize("codes", [{32}, {0, 1, 2}, {65, 67, 68, 90, LAST}, {LAST - 1}])
def test_each_character_belongs_to_one_of_two_ranges(codes):
    shown, rest = map(covered, ranges(codes))
    assert sorted(codes) == shown
    assert sorted({*range(LAST + 1)} - codes) == rest


def test_what_formulas_do_not_hold_stays_in_one_file(fonts):
    assert "unicode-range" not in parted(CSS, fonts, {})
    only = parted(CSS, fonts, {Face("KaTeX_AMS"): {"R"}})
    assert only.count("unicode-range:") == 2
    assert "unicode-range:U+20,U+52}" in only


LOADED = """performance.getEntriesByType("resource").map((each) => each.name)
  .filter((name) => name.endsWith("woff2"))"""
WHOLE = "fonts/KaTeX_AMS-Regular.woff2"


@pytest.mark.browser
def test_a_page_loads_no_font_in_whole_until_it_shows_another_character(site, open_page):
    with served(site) as address:
        page = open_page(f"{address}/book/derivatives.html")
        page.evaluate("document.fonts.ready.then(() => null)")
        fonts = [Path(name) for name in page.evaluate(LOADED)]
        assert len(fonts) > 4
        assert {file.parent.name for file in fonts} == {OWN}
        page.evaluate("document.querySelector('.katex .mathbb').textContent = 'Z'")
        page.wait_for_function(f"{LOADED}.some((name) => name.endsWith('{WHOLE}'))")
