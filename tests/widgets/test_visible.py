"""Explorables under a reader's own settings: forced colours, more contrast, 400 %, wide text."""

import pytest
from explorables import every
from soundness import SPACED

pytestmark = pytest.mark.browser

# What carries meaning, and must stand out from what is behind it; grids may be faint.
DRAWN = ".sb-curve, .sb-path, .sb-marker, .sb-handle, .sb-outline, .sb-arrow, .sb-relative, "
DRAWN += ".sb-ring, .sb-way, .sb-interval, .sb-measured, .sb-count, .sb-right-share, .sb-tangent"
BARS = ".sb-fill, .sb-target, .sb-pull, .sb-bound, .sb-dot-on-line"

# Colours as they are drawn: one pixel of a canvas knows them all. Faint ones are mixed with the
# paper, which is the nearest background that is not transparent.
FAINT = """([drawn, bars, least]) => {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
  const rgb = (colour, paper, opacity = 1) => {
    pen.globalAlpha = 1;
    pen.fillStyle = paper;
    pen.fillRect(0, 0, 1, 1);
    pen.globalAlpha = opacity;
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const light = (channels) => channels.map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (node) => {
    for (let at = node.parentElement; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!/rgba\\(.*, 0\\)|transparent/.test(backgroundColor)) return backgroundColor;
    }
    return "white";
  };
  const found = [];
  const judge = (node, colours, opacity) => {
    const paper = behind(node);
    const bare = rgb(paper, paper);
    const best = Math.max(...colours.map((each) => contrast(rgb(each, paper, opacity), bare)));
    const name = node.closest("[data-module]").dataset.module;
    const what = `${name} ${node.getAttribute("class")}`;
    if (best < least) found.push(`${what} ${colours} on ${paper}: ${best.toFixed(2)}`);
  };
  for (const node of document.querySelectorAll(drawn)) {
    const { fill, stroke, opacity } = getComputedStyle(node);
    const colours = [fill, stroke].filter((each) => each !== "none");
    if (node.checkVisibility() && colours.length) judge(node, colours, Number(opacity));
  }
  for (const node of document.querySelectorAll(bars)) {
    const { backgroundColor, borderTopColor, borderTopWidth, opacity } = getComputedStyle(node);
    const edge = borderTopWidth === "0px" ? [] : [borderTopColor];
    if (!node.checkVisibility() || node.offsetWidth === 0) continue;
    judge(node, [backgroundColor, ...edge], Number(opacity));
  }
  return [...new Set(found)];
}"""
OUT = """() => {
  const clipped = (node) => node.closest(".sb-scroll, .sb-hidden, svg, [hidden]");
  return [...document.querySelectorAll("[data-module]")].flatMap((place) => {
    const edges = place.querySelector(".sb").getBoundingClientRect();
    return [...place.querySelectorAll(".sb *")]
      .filter((node) => node.checkVisibility() && !clipped(node))
      .filter((node) => {
        const { left, right } = node.getBoundingClientRect();
        return right > edges.right + 0.5 || left < edges.left - 0.5;
      })
      .map((node) => `${place.dataset.module} ${node.className}: ${node.textContent.slice(0, 30)}`);
  });
}"""
NAMES = """() => [...document.querySelectorAll(".sb-label")]
  .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth)
  .map((node) => node.textContent)"""
CUT = """() => [...document.querySelectorAll("[data-module] .sb-scroll")]
  .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth)
  .map((node) => node.getAttribute("aria-label"))"""
MOVING = """() => [...document.querySelectorAll(".sb *")].filter((node) => {
  const { transitionDuration, animationName } = getComputedStyle(node);
  return animationName !== "none" || transitionDuration.split(", ").some((each) => each !== "0s");
}).map((node) => node.className)"""

# Choices among which the one that is taken looks like another. Their radio buttons are not seen.
TAKEN = """() => {
  const choices = ":is(.sb-segment, .sb-fate)";
  const kinds = [[`${choices} :checked + span`, `${choices} :not(:checked) + span`]];
  kinds.push(["[aria-pressed=true]", "[aria-pressed=false]"]);
  const looks = (node) => {
    const { backgroundColor, color, borderTopColor, borderTopWidth } = getComputedStyle(node);
    return String([backgroundColor, color, borderTopColor, borderTopWidth]);
  };
  const seen = (place, selector) => [...place.querySelectorAll(selector)]
    .filter((node) => node.checkVisibility());
  const alike = (place) => kinds.flatMap(([taken, other]) => {
    const others = seen(place, other).map(looks);
    return seen(place, taken).filter((node) => others.includes(looks(node)))
      .map((node) => `${place.dataset.module}: ${node.textContent}`);
  });
  return [...document.querySelectorAll("[data-module]")].flatMap(alike);
}"""
# Parts that are a ground and nothing else, and have none.
BARE = """() => {
  const grounds = ".sb-zone:not(.sb-zone-normal), .sb-swatch, .sb-key-dot";
  return [...document.querySelectorAll(grounds)].filter((node) => {
    const { backgroundColor, backgroundImage } = getComputedStyle(node);
    const paper = getComputedStyle(node.closest(".sb")).backgroundColor;
    const none = backgroundColor === paper || /rgba\\(.*, 0\\)/.test(backgroundColor);
    return backgroundImage === "none" && none;
  }).map((node) => node.className);
}"""

# Tables whose tints say how much: whether all cells look alike, or text is lost on them.
TINTS = """() => {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  };
  const faults = [];
  const kinds = [".sb-entry", ".sb-looks td:not(:last-child)"];
  for (const kind of [...kinds, ".sb-cell:not(.sb-open, [aria-pressed=true])"]) {
    const looks = [...document.querySelectorAll(kind)].map((node) => getComputedStyle(node));
    const grounds = new Set(looks.map(({ backgroundColor }) => backgroundColor));
    if (grounds.size < 3) faults.push(`${kind} has the grounds ${[...grounds]}`);
    for (const { color, backgroundColor } of looks) {
      const [high, low] = [light(color), light(backgroundColor)].sort((a, b) => b - a);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < 4.5) faults.push(`${kind}: ${color} on ${backgroundColor}`);
    }
  }
  return faults;
}"""


# Fields that do not hold a number of five signs.
NARROW = """() => [...document.querySelectorAll(".sb-number")].filter((field) => {
  const { value } = field;
  field.value = "-3.32";
  const cut = field.checkVisibility() && field.scrollWidth > field.clientWidth;
  field.value = value;
  return cut;
}).map((field) => field.getAttribute("aria-label"))"""

# Words that ask for what paper cannot do.
ASKED = """() => {
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const asked = [];
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    const seen = parentElement.checkVisibility({ visibilityProperty: true });
    if (seen && !parentElement.closest(".sb-hidden") && /\\bdrag/i.test(data)) asked.push(data);
  }
  return asked;
}"""


@pytest.fixture
def page(mount):
    page = mount(*every())
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    return page


def test_all_stays_visible_under_the_settings_of_a_reader(page):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, forced_colors="active")
        assert page.evaluate(FAINT, [DRAWN, BARS, 3]) == [], f"forced colours, {scheme}"
        assert page.evaluate(TAKEN) == [], "the chosen one looks like the others"
        assert page.evaluate(BARE) == []
        for theme in ("light", "dark"):  # which need not be the system's
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            assert page.evaluate(TINTS) == [], f"forced colours, {scheme} under a {theme} theme"
        page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.emulate_media(color_scheme="light", forced_colors="none", contrast="more")
    assert page.evaluate(FAINT, [DRAWN, BARS, 4.5]) == [], "more contrast"

    page.emulate_media(contrast="no-preference", reduced_motion="reduce")
    assert page.evaluate(MOVING) == []

    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(OUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.add_style_tag(content=SPACED)
    assert page.evaluate(OUT) == [], "with the text spacing of WCAG 1.4.12"
    assert page.evaluate(NAMES) == [], "names of classes that are cut"
    assert page.evaluate(NARROW) == [], "numbers that are cut"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_table_is_seen_whole_beside_its_text_and_on_a_phone(page):
    # The width that a desktop's column of text leaves to an explorable, and that of a phone.
    page.add_style_tag(content="body { margin: 16px; }")
    page.set_viewport_size({"width": 720, "height": 900})
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 250, "height": 900})
    assert "Every step with its number" in page.evaluate(CUT)  # six columns, which then scroll


def test_paper_does_not_ask_to_drag(page):
    assert page.evaluate(ASKED)
    page.emulate_media(media="print")
    assert page.evaluate(ASKED) == []
