"""The built site in Firefox, WebKit and Chromium: what a reader does works in each of them."""

import os

import drives
import engines
import pytest
from pages import BUILT
from serving import served

pytestmark = pytest.mark.engines

# Each engine stays with one worker, which starts it once; WebKit takes as long as the other two.
GROUPS = {"webkit": "webkit", "firefox": "others", "chromium": "others"}
WANTED = os.environ.get("ENGINES", " ".join(GROUPS)).split()
NAMES = [pytest.param(name, marks=pytest.mark.xdist_group(GROUPS[name])) for name in WANTED]


@pytest.fixture(scope="session", params=NAMES)
def engine(request, tmp_path_factory):
    """Return a browser with one page; one that is missing is a failure."""
    if request.param == "chromium":
        yield engines.Chromium(request.getfixturevalue("browser"))
        return
    start = getattr(engines, request.param)
    with start(tmp_path_factory.mktemp(request.param)) as started:
        yield started


@pytest.fixture(scope="session")
def address(site):
    """Serve the built site, each page with a recorder of what goes wrong."""
    with served(site, drives.Recording) as address:
        yield address


# Sliders that wait for a choice that is not made here; `tests/widgets/test_keys.py` makes it.
ELSEWHERE = {
    "book/choices.html": ["the copy is better by"],
    "book/language.html": ["k", "p", "min-p"],
}


@pytest.mark.parametrize("page", BUILT)
def test_everything_on_a_page_moves(engine, address, page):
    faults, skipped = drives.everything(engine, f"{address}/{page}")
    assert faults == []
    assert skipped == ELSEWHERE.get(page, [])


def text(selector):
    """Return a JavaScript function that reads the text of the first such element, if any."""
    return f"() => document.querySelector({selector!r})?.innerText ?? ''"


VALUE = """(label) => document.querySelector(`[aria-label="${label}"]`).value"""
FOCUS = """(label) => {
  const field = document.querySelector(`[aria-label="${label}"]`);
  field.scrollIntoView({ block: "center", behavior: "instant" });
  field.focus();
  field.select();
}"""


def test_what_is_typed_survives_the_pointer(engine, address):
    assert drives.visit(engine, f"{address}/book/probabilities.html") == []
    dog = "logit of dog, as a number"
    engine.evaluate(FOCUS, dog)
    engine.press("7")
    for row in ("bird", "cat"):
        engine.point(*engine.places(f"[aria-label='class {row}']"))
        assert engine.evaluate(VALUE, dog) == "7"
    engine.press("Enter")
    assert engine.evaluate(VALUE, dog) == "7"
    engine.evaluate(FOCUS, dog)
    engine.press(*"0,5", "Enter")
    assert engine.evaluate(VALUE, dog) == "0.5"
    engine.evaluate(FOCUS, dog)
    engine.press(*"abc", "Enter")
    assert engine.evaluate(VALUE, dog) == "0.5"
    assert "“abc” is not a number" in engine.evaluate(text(".sb-message"))


@pytest.mark.parametrize(
    ("page", "picture"),
    [("probabilities", ".sb-grab"), ("regression", ".sb-plane"), ("heads", ".sb-board")],
)
def test_a_drag_out_of_a_picture_selects_no_text(engine, address, page, picture):
    assert drives.visit(engine, f"{address}/book/{page}.html") == []
    way = ((0.5, 0.5), (0.7, 0.3), (0.2, 0.9), (0.5, 1.4), (-0.1, 1.6))
    start, *rest = engine.places(picture, way)
    engine.point(start, "down", *rest, "up")
    assert engine.evaluate("() => String(getSelection())") == ""


FIRST = """() => {
  const question = document.querySelector(".sb-question:has(input[type=radio])");
  question.classList.add("first");
  return question.querySelectorAll("input[type=radio]").length;
}"""


def test_a_question_is_judged_and_the_progress_kept(engine, address):
    page = f"{address}/book/calibration.html"
    drives.visit(engine, page)
    engine.evaluate("() => localStorage.clear()")
    verdicts = []
    for n in range(engine.evaluate(FIRST)):
        engine.click(f".first label:nth-of-type({n + 1})")
        engine.click(".first .sb-toolbar button")
        verdicts.append(engine.evaluate(text(".first .sb-feedback")))
    assert sum("Right." in verdict for verdict in verdicts) == 1, verdicts
    assert len(verdicts) > 1
    drives.visit(engine, page)
    engine.evaluate(FIRST)
    assert engine.evaluate(text(".first .sb-done")) == "solved"
    drives.visit(engine, f"{address}/book/exercises.html")
    assert ", 1 of them solved here." in engine.evaluate(text(".sb-summary"))


FOUND = "() => document.querySelectorAll('#search-results li a').length > 5"


def test_the_search_finds_the_chapter(engine, address):
    engine.goto(f"{address}/search.html?q=overflow")
    engine.wait("six results of the search", FOUND)
    first = engine.evaluate("() => document.querySelector('#search-results li a').pathname")
    assert first == "/book/overflow.html"
    assert engine.evaluate(drives.TOLD) == []


NOTE = """() => {
  const word = document.querySelectorAll("a.sb-term")[3];
  const note = document.getElementById(word.getAttribute("aria-describedby"));
  word.classList.add("the-word");
  return note.checkVisibility({ visibilityProperty: true });
}"""


def test_a_word_of_the_glossary_shows_its_note(engine, address):
    drives.visit(engine, f"{address}/book/remedies.html")
    assert not engine.evaluate(NOTE)
    engine.point(*engine.places(".the-word"))
    engine.wait("note", NOTE, patience=5)
    engine.point((1, 1))
    engine.wait("end of the note", f"() => !({NOTE})()", patience=5)
    engine.evaluate("() => document.querySelector('.the-word').focus()")
    engine.wait("note", NOTE, patience=5)
    engine.press("Escape")
    engine.wait("end of the note", f"() => !({NOTE})()", patience=5)


def test_the_keyboard_s_place_is_seen(engine, address):
    drives.visit(engine, f"{address}/book/probabilities.html")
    engine.evaluate(drives.BEFORE, drives.SLIDERS, 0)
    engine.press("Tab")
    outline = engine.evaluate("""() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return [document.activeElement.type, outlineStyle, parseFloat(outlineWidth) >= 2];
    }""")
    assert outline[0] == "range"
    assert outline[1] != "none"
    assert outline[2]


BAD = """<!doctype html><html lang="en"><head><title>Bad</title>
<link rel="icon" href="data:,"></head>
<body style="margin: 0"><article><p style="width: 400px">wide</p>
<div class="sb-explorable" data-module="dead"></div>
<div class="sb"><input type="range" aria-label="dead" min="0" max="10" step="1" value="5"
  onkeydown="event.preventDefault()">
<input type="range" aria-label="one way" min="0" max="10" step="1" value="5"
  oninput="if (this.value < before) this.value = before; before = this.value">
<input type="text" class="sb-number" aria-label="stubborn" value="3"
  onchange="this.value = 3"><svg class="sb-grab" width="200" height="100"></svg></div>
<div class="sb"><div role="gridcell" tabindex="0" aria-label="stuck">x</div></div>
<div style="position: relative"><button id="free">x</button>
<button id="covered" style="margin-left: 4rem">x</button>
<p style="position: absolute; inset: 0 0 0 4rem; margin: 0"></p></div>
<script>let before = 5; console.error("told"); Promise.reject(Error("refused"));
fetch("http://localhost:1/").catch(() => 0); setTimeout(() => { throw Error("thrown"); });
setTimeout(() => { document.querySelector(".sb-explorable").dataset.mounted = "true"; }, 300);
</script></article></body></html>"""


def test_the_drives_reject_a_bad_page(engine, tmp_path):
    (tmp_path / "bad.html").write_text(BAD, encoding="utf-8")
    with served(tmp_path, drives.Recording) as address:
        said = "\n".join(drives.everything(engine, f"{address}/bad.html")[0])
        engine.goto(f"{address}/bad.html")
    assert len(engine.places("#free")) == 1
    for missed in ("#covered", "#absent"):
        with pytest.raises(TimeoutError, match=f"on /bad.html: no {missed} .*met by the pointer"):
            engine.places(missed, patience=0)
    for fault in (
        *("error: told", "promise: Error: refused", "thrown", "elsewhere: http://localhost:1/"),
        *("400 px wide at 390", "400 px wide at 320", "dead: Home at 5 leads to 5"),
        *("dead: ArrowRight at 5 shows the same", "one way: ArrowLeft at"),
        *("stubborn: arrows show", "picture 0: a drag moves nothing", "stuck: ArrowUp changes"),
    ):
        assert fault in said
