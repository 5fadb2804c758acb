"""Words are explained where they first stand, and sections found by what people type."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect
from serving import served
from soundness import Visit

from extensions.glossary import pattern
from extensions.mathematics import program

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = [
    [line for line in block.splitlines() if line and not line.startswith(" ")]
    for listed in re.findall(r"^```\{glossary\}\n(.*?)^```", GLOSSARY, re.M | re.S)
    for block in re.split(r"\n\n(?=\S)", listed)
]


def test_the_first_use_is_found_whatever_its_ending_and_beginning():
    words = pattern(["over-fitting", "Student's", "AUC"])
    assert words.findall("Over-fitting, student's AUCs and Student’s") == [
        "Over-fitting",
        "AUCs",
        "Student’s",
    ]
    assert words.findall("not-over-fitting, auc, AUCtion") == []


def test_no_word_is_explained_twice():
    words = [word.lower() for entry in ENTRIES for word in entry]
    assert len(words) > 100
    assert len(set(words)) == len(words)


SOUGHT_ONLY = {"numerical stability", "unit roundoff", "MLP", "SGD"}
"""What no page says in these words, though people look for it."""


@pytest.mark.browser
def test_each_word_is_linked_where_it_is_used(site):
    pages = {path.stem: path.read_text("utf-8") for path in (site / "book").glob("*.html")}
    anchors = re.findall(r'<dt id="(term-[^"]+)">([^<]*)', pages["glossary"])
    of = {word.replace("’", "'"): anchor for anchor, word in anchors}
    linked = set(re.findall(r'aria-describedby="note-(term-[^"]+)"', "".join(pages.values())))
    unused = {entry[0] for entry in ENTRIES if not {of[word] for word in entry} & linked}
    assert unused <= SOUGHT_ONLY
    for page, html in pages.items():
        used = re.findall(r'aria-describedby="note-(term-[^"]+)"', html)
        assert len(set(used)) == len(used), f"{page} links a word twice"


@pytest.fixture(scope="module")
def address(site):
    """Serve the built site."""
    with served(site) as address:
        yield f"{address}/book"


def word_and_note(page):
    """Return a link to the glossary in the middle of the text, and its note."""
    word = page.locator("a.sb-term").nth(3)
    word.scroll_into_view_if_needed()
    return word, page.locator(f"#{word.get_attribute('aria-describedby')}")


def within(box, page):
    size = page.viewport_size
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    return box["x"] >= 0 and box["y"] >= 0 and right <= size["width"] and bottom <= size["height"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_pointer_and_keyboard_show_the_note_and_escape_hides_it(browser, address, width):
    with Visit(browser, f"{address}/remedies.html", width) as visit:
        page = visit.page
        word, note = word_and_note(page)
        expect(note).to_be_hidden()
        word.hover()
        expect(note).to_be_visible()
        assert within(note.bounding_box(), page)
        note.hover()  # one may read on with the pointer over it
        page.wait_for_timeout(500)
        expect(note).to_be_visible()
        page.mouse.move(1, 1)
        expect(note).to_be_hidden()
        word.focus()
        expect(note).to_be_visible()
        page.wait_for_timeout(500)
        assert [fault for fault in visit.violations() if "term" in fault or "note" in fault] == []
        page.keyboard.press("Escape")
        expect(note).to_be_hidden()
        expect(word).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/glossary.html#term-*")


@pytest.mark.browser
def test_a_tap_shows_the_note_and_a_second_one_follows_the_link(browser, address):
    with Visit(browser, f"{address}/remedies.html", 390, has_touch=True) as visit:
        page = visit.page
        word, note = word_and_note(page)
        word.tap()
        expect(note).to_be_visible()
        assert within(note.bounding_box(), page)
        page.touchscreen.tap(5, 400)
        expect(note).to_be_hidden()
        word.tap()
        expect(note).to_be_visible()
        word.tap()
        page.wait_for_url("**/glossary.html#term-*")


@pytest.mark.browser
def test_without_javascript_the_word_is_a_link_and_on_paper_it_is_text(browser, address):
    with Visit(browser, f"{address}/remedies.html", java_script_enabled=False) as visit:
        word, note = word_and_note(visit.page)
        expect(note).to_be_hidden()
        word.click()
        visit.page.wait_for_url("**/glossary.html#term-*")
    with Visit(browser, f"{address}/remedies.html") as visit:
        word, note = word_and_note(visit.page)
        visit.page.emulate_media(media="print")
        expect(note).to_be_hidden()
        assert word.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"


def answers(site, queries):
    """Return what the site's search finds for each query: pages with anchors, the best first."""
    script = ROOT / "tests" / "support" / "searching.mjs"
    said = subprocess.run(
        [program(), script, site],
        input=json.dumps(queries),
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(said.stdout)


# What people type, and the page that must come first.
FIRST = {
    "probabilities": ["softmax", "temperature", "softmax vs sigmoid", "sigmoid", "argmax", "axis"],
    "derivatives": [
        "softmax jacobian",
        "derivative of softmax",
        "vanishing gradient",
        "gradient check",
    ],
    "overflow": [
        *("overflow", "nan", "log-sum-exp", "logsumexp", "numerical stability"),
        *("stable softmax", "float16", "underflow", "online softmax"),
    ],
    "losses": [
        *("cross entropy gradient", "cross entropy", "p - y", "from_logits", "kl divergence"),
        *("binary cross-entropy", "one-hot", "entropy", "nats"),
    ],
    "regression": ["one-vs-rest", "overfitting", "overfit", "Hessian", "gradient descent"],
    "networks": ["backpropagation", "backprop", "relu", "momentum", "confidence interval"],
    "remedies": [
        *("class imbalance", "weight decay", "dropout", "label smoothing", "label noise"),
        *("regularization", "regularisation", "recall", "precision"),
    ],
    "calibration": ["calibration", "temperature scaling", "out of distribution", "threshold"],
    "relatives": ["gumbel", "sparsemax", "hierarchical softmax"],
    "choices": ["nested logit", "bandit"],
    "language": ["perplexity", "top-k", "token"],
    "attention": ["attention", "attention mask", "transformer"],
    "heads": ["freeze layers", "batch normalization"],
    "finetuning": ["fine-tuning", "early stopping", "negative transfer"],
    "ensembles": ["ensemble"],
    "fewshot": ["few-shot"],
    "membership": ["privacy"],
}


@pytest.mark.browser
def test_the_search_finds_the_chapter_by_the_words_that_people_type(site):
    wanted = {query: f"book/{page}" for page, queries in FIRST.items() for query in queries}
    found = answers(site, list(wanted))
    firsts = {q: results[0].partition("#")[0] for q, results in zip(wanted, found, strict=True)}
    assert firsts == wanted


@pytest.mark.browser
def test_the_search_puts_instructors_and_the_package_last(site):
    for results in answers(site, ["overflow", "cross entropy gradient", "softmax", "temperature"]):
        pages = [result.partition("#")[0] for result in results]
        around = [page for page in pages if re.search("instructors|references|api", page)]
        assert around
        assert pages[-len(around) :] == around
    assert answers(site, ["zzyzx"]) == [[]]
