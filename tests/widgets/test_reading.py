"""What a reader hears: a heading to jump to, help for each control, a sentence after each move."""

import re

import pytest
from explorables import FIGURES, every
from javascript import call

from softmaxbook import widgets

# ── the sentences themselves ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("names", "p", "first", "said"),
    [
        (["cat", "dog", "bird"], [0.35, 0.58, 0.07], 1, "dog 58 %, cat 35 %, bird 7 %"),
        (["cat", "dog", "bird"], [0.35, 0.58, 0.07], 2, "bird 7 %, dog 58 %, cat 35 %"),
        (["cat", "dog", "bird"], [0.4, 0.4, 0.2], -1, "cat and dog 40 % each, bird 20 %"),
        (["A", "B", "C"], [1 / 3] * 3, 0, "all have 33 %"),
        (["A", "B"], [0.5, 0.5], 1, "both have 50 %"),
        (["A", "B"], [1.0, 0.0], -1, "A 100 %, B 0 %"),
        (["A", "B"], [0.999, 0.001], -1, "A over 99 %, B under 1 %"),
        (list("ABCDEFGHIJ"), [0.5, 0.3, *[0.025] * 8], 9, "J 3 %, A 50 %, B 30 %, 7 others 18 %"),
        (list("ABCDEFGHIJ"), [0.5, 0.3, *[0.025] * 8], 0, "A 50 %, B 30 %, C 3 %, 7 others 18 %"),
        (["A"], [1.0], -1, "A 100 %"),
    ],
)
def test_shares_of_short_and_long_lists_and_of_ties(names, p, first, said):
    assert call("numerics/speech", [("shares", names, p, first)]) == [said]


LETTERS = list("ABCDEFGHIJ")


def logits_state(logits, p, **others):
    return {
        "logits": logits,
        "names": LETTERS[: len(logits)],
        "probabilities": p,
        "temperature": 1,
        "shift": 0,
        **others,
    }


EVEN = logits_state([0.0] * 10, [0.1] * 10)
LAST = logits_state([*[0.0] * 9, 2.0], [*[0.0609] * 9, 0.4519])
FIRST = logits_state([2.0, *[0.0] * 9], [0.4519, *[0.0609] * 9])
WARM = logits_state([*[0.0] * 9, 2.0], [*[0.0843] * 9, 0.2413], temperature=2)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (EVEN, LAST, "J raised to 2.0: J 45 %, A and B 6 % each, 7 others 43 %."),
        (EVEN, FIRST, "A raised to 2.0: A 45 %, B and C 6 % each, 7 others 43 %."),
        (LAST, EVEN, "J lowered to 0.0: all have 10 %."),
        (LAST, WARM, "temperature raised to 2.00: J 24 %, A and B 8 % each, 7 others 59 %."),
        (LAST, LAST, ""),
        (
            EVEN,
            EVEN | {"shift": 3},
            "shift raised to 3.0: every probability stays as it was.",
        ),
        (
            EVEN,
            logits_state([1.0, 0.0], [0.73, 0.27]),
            "2 classes: A 73 %, B 27 %.",
        ),
        (FIRST, LAST, "logits moved: J 45 %, A and B 6 % each, 7 others 43 %."),
    ],
)
def test_a_move_of_logits_in_one_sentence(before, after, said):
    assert call("logits/spoken", [("sentence", before, after)]) == [said]


@pytest.mark.parametrize(
    ("before", "after", "fields", "said"),
    [
        ({"on": True}, {"on": False}, [["on", "the mask"]], ["the mask off"]),
        ({"n": 3}, {"n": 2}, [["n", "labels"]], ["labels lowered to 2"]),
        ({"of": "near"}, {"of": "far"}, [["of", "the target"]], ["the target is now far"]),
        ({"n": 3, "m": 1}, {"n": 3, "m": 1}, [["n", "labels"], ["m", "bins"]], []),
    ],
)
def test_settings_in_words(before, after, fields, said):
    assert call("numerics/speech", [("changed", before, after, fields)]) == [said]


LOOKS = {
    **{"queries": [[0]] * 2, "keys": [[0]] * 2, "values": [[0]] * 2, "mask": [[1, 1], [1, 1]]},
    **{"causal": False, "padding": 0, "scaled": True, "blank": "zeros", "row": 0},
    **{"queryNames": ["the", "cat"], "keyNames": ["the", "cat"], "seen": [2, 2]},
    "weights": [[0.75, 0.25], [0.5, 0.5]],
}
BLIND = LOOKS | {"mask": [[1, 1], [0, 0]], "seen": [2, 0]}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (LOOKS, BLIND, "mask of cat changed: cat may look at nothing and gets 0."),
        (
            BLIND,
            BLIND | {"blank": "nan"},
            "a row that sees nothing is now NaN: cat may look at nothing and gets NaN.",
        ),
        (
            BLIND,
            BLIND | {"blank": "finite"},
            "a row that sees nothing is now −10⁹: even: cat may look at nothing and gets"
            " the mean of all values, the hidden ones too.",
        ),
        (
            LOOKS,
            LOOKS | {"blank": "nan"},
            "a row that sees nothing is now NaN: the looks at the 75 %, cat 25 %.",
        ),
        (
            LOOKS,
            LOOKS | {"padding": 2, "seen": [0, 0]},
            "padding raised to 2: each word may look at nothing and gets 0.",
        ),
    ],
)
def test_what_a_word_gets_that_may_look_at_nothing(before, after, said):
    assert call("attention/spoken", [("sentence", before, after)]) == [said]


def test_a_digit_has_its_article():
    assert call("numerics/numbers", [("withArticle", digit) for digit in (7, 8)]) == ["a 7", "an 8"]


# ── in the browser, all explorables on one page ──────────────────────────────────────────────

# What moves each of them, and what has to be heard. One that is missing here fails the test.
SLIDER, CHECK = "slider", "check"
MOVES = {
    "attention": (CHECK, "causal", r"^causal mask on: .* looks at .*\d %"),
    "boundaries": (
        SLIDER,
        "penalty",
        r"^the penalty raised to .*: at the probe Softmax regression",
    ),
    "choices": (SLIDER, "quality of B", r"^quality of B raised to 10\.0: (A|B|C) \d+ %, "),
    "ensembles": (SLIDER, "logit of A", r"^member 1, A raised to 6\.0: the mean of probabilities"),
    "finetuning": (SLIDER, "labels per class", r"^labels per class raised to 50: transfer "),
    "formats": (SLIDER, "logit of A", r"^A raised to .*: \w+, (log )?p is A "),
    "heads": (SLIDER, "step", r"^the step raised to 300: the picture is an? \d by features"),
    "jacobian": (SLIDER, "logit of A", r"^A raised to 6\.0: A "),
    "language": (SLIDER, "temperature", r"^temperature raised to 20.0: most probable are “"),
    "logits": (SLIDER, "logit of A", r"^A raised to 6\.0: A 99 %, B 1 %, C under 1 %\.$"),
    "losses": (SLIDER, "logit of A", r"^A raised to 6\.0: B has .* %, the loss rises to"),
    "membership": (SLIDER, "threshold", r"^the threshold \w+ to .*: 0 % of the members"),
    "relatives": (SLIDER, "logit of A", r"^A raised to 6\.0: softmax A .*; sparsemax A 100 %"),
    "reliability": (SLIDER, "temperature", r"^temperature raised to 20.0: sure to \d+ %, right in"),
    "shards": (SLIDER, "logit of A", r"^A raised to 6\.0: A \d+ %, "),
    "sharing": (SLIDER, "angle", r"^the angle raised to 180°: \w+ has \d+ %, \w+ has \d+ %"),
    "shuffling": (SLIDER, "pixels", r"^pixels moved raised to 64: the accuracy is hidden\.$"),
    "sigmoid": (SLIDER, "add c", r"^the number added to both raised to 6\.0: the difference stays"),
    "smoothing": (SLIDER, "logit gap", r"^the gap raised to 16\.00: the loss is .* nats, "),
    "sources": (CHECK, "show what", r"^what was measured on: .* is at place \d of \d+"),
}


def test_no_explorable_is_missing():
    assert set(MOVES) == set(FIGURES)


MOVE = """([kind, begin]) => {
  const name = (each) => each.getAttribute("aria-label")
    ?? (each.labels?.[0]?.querySelector("span:not(:empty)") ?? each.labels?.[0])?.textContent ?? "";
  const kinds = { slider: "input[type=range]", check: "input[type=checkbox]" };
  const all = [...document.querySelectorAll(`[data-now] ${kinds[kind]}`)];
  const input = all.find((each) => name(each).startsWith(begin));
  if (kind === "check") return input.click();
  for (const at of [0.3, 0.6, 1]) {  // a drag
    input.value = Number(input.min) + at * (input.max - input.min);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""
CONTROLS = "input:not([type=radio]), select, textarea, [role=radiogroup], [role=grid]"
HELPLESS = """(selector) => [...document.querySelectorAll(selector)].flatMap((each) => {
  const text = document.getElementById(each.getAttribute("aria-describedby"))?.textContent ?? "";
  return text.length >= 10 && text.length <= 90 && text.endsWith(".") ? []
    : [`${each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent}: ${text}`];
})"""
HEARD = """() => Object.fromEntries([...document.querySelectorAll("[data-module]")].map((each) =>
  [each.dataset.module, each.querySelector(".sb > .sb-hidden[role=status]").textContent]))"""
COUNT = """() => {
  window.heard = {};
  for (const each of document.querySelectorAll("[data-module]")) {
    const status = each.querySelector(".sb > .sb-hidden[role=status]");
    window.heard[each.dataset.module] = 0;
    new MutationObserver(() => { window.heard[each.dataset.module] += 1; })
      .observe(status, { childList: true, characterData: true, subtree: true });
  }
}"""
PAUSE = 1200  # ms, twice as long as a reader has to pause


@pytest.fixture
def page(mount):
    """Return a page with all explorables, once the help for their controls is there."""
    page = mount(*every())
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    page.wait_for_function(
        """(count) => [...document.querySelectorAll(".sb")].filter(
          (each) => each.querySelector("[aria-describedby]")).length === count""",
        arg=len(FIGURES),
    )
    page.wait_for_timeout(300)
    return page


@pytest.mark.browser
def test_each_has_a_heading_help_and_one_sentence_for_a_move(page):
    headings = page.locator(".sb [role=heading]")
    assert headings.count() == len(FIGURES)
    assert headings.evaluate_all("all => all.map(each => each.ariaLevel)") == ["2"] * len(FIGURES)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert len(set(ids)) == len(ids)

    assert page.evaluate(HELPLESS, ", ".join(f".sb {one}" for one in CONTROLS.split(", "))) == []

    assert set(page.evaluate(HEARD).values()) == {""}, "nothing is told before a move"
    page.evaluate(COUNT)
    for name, (kind, begin, _) in MOVES.items():
        page.locator(f"[data-module={name}]").evaluate("each => { each.dataset.now = ''; }")
        page.evaluate(MOVE, [kind, begin])
        page.locator(f"[data-module={name}]").evaluate("each => { delete each.dataset.now; }")
    page.wait_for_timeout(PAUSE)
    heard = page.evaluate(HEARD)
    wrong = {name: heard[name] for name in MOVES if not re.search(MOVES[name][2], heard[name])}
    assert wrong == {}
    crowded = {name: said for name, said in heard.items() if len(said) > 260}
    assert crowded == {}
    assert set(page.evaluate("Object.values(window.heard)")) == {1}, "the end of a drag, once"

    # Nothing changed, and an entry that is refused: nothing more is told.
    for name in FIGURES:
        reset = page.locator(f"[data-module={name}] .sb-button", has_text="Reset")
        reset.click()
    page.wait_for_timeout(PAUSE)
    page.evaluate(COUNT)
    for name in FIGURES:
        page.locator(f"[data-module={name}] .sb-button", has_text="Reset").click()
    field = page.locator("[data-module=logits]").get_by_label("logit of A, as a number")
    field.fill("abc")
    field.press("Enter")
    page.wait_for_timeout(PAUSE)
    assert set(page.evaluate("Object.values(window.heard)")) == {0}
    said = page.locator("[data-module=logits] .sb-message[role=status]").inner_text()
    assert said.startswith("“abc” is not a number from −1000 to 1000")


@pytest.mark.browser
def test_the_rates_of_fine_tuning_are_told_with_what_they_gave(mount):
    """What learns by the rates that were chosen for it does not follow the two sliders."""
    page = mount(widgets.TransferExplorer())
    said = page.locator(".sb > .sb-hidden[role=status]")
    page.get_by_label("body rate", exact=True).press("Home")
    page.wait_for_function("status => status.textContent", arg=said.element_handle())
    place = page.locator("[aria-pressed=true][aria-label^='head rate']")
    gain = re.search(
        r"([+−][\d.]+) points, interval (\[[^]]+\])", place.get_attribute("aria-label")
    )
    assert said.inner_text().startswith("the body’s rate lowered to 0: with these rates transfer ")
    assert f"{gain[1]} points, interval {gain[2]}" in said.inner_text()


LEVELS = """() => {
  document.querySelector("main").innerHTML = `<h1>a</h1><h2>b</h2><h3>c</h3><div id="here"></div>
    <h2>d</h2><div class="there"></div>`;
}"""


@pytest.mark.browser
def test_the_heading_stands_one_level_below_its_section_and_has_an_address(mount):
    page = mount(widgets.LogitsExplorer())
    page.evaluate(LEVELS)
    page.evaluate(
        """async (state) => {
          const { default: widget } = await import("/logits/logits.mjs");
          const model = { get: (name) => state[name], on() {}, off() {}, set() {} };
          for (const el of document.querySelectorAll("#here, .there")) widget.render({ model, el });
        }""",
        widgets.LogitsExplorer().state(),
    )
    page.wait_for_function("document.querySelectorAll('[role=heading][id]').length === 2")
    found = page.locator("[role=heading]").evaluate_all("all => all.map(e => [e.id, e.ariaLevel])")
    assert found == [["logits-to-probabilities", "4"], ["logits-to-probabilities-2", "3"]]
