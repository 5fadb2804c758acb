"""A head trained in a real browser: its numbers are the package's, whatever the reader does."""

import json
import re

import explorables
import numpy as np
import pytest
from explorables import numbers, put
from matplotlib import pyplot as plt
from traitlets import TraitError

from softmaxbook import plots
from softmaxbook.learning.datasets import load
from softmaxbook.transfer.targets import digit_pictures, few_labels
from softmaxbook.widgets import HeadExplorer
from softmaxbook.widgets.heads import KINDS, MOST_STEPS, PER_CLASS, SIDE, _rows

browser = pytest.mark.browser
HELD_OUT = load("digits").validation
READY = ".sb-body[aria-busy=false]"


# what Python accepts, says and computes


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"per_class": 3}, "per_class"),
        ({"seed": 4}, "seed"),
        ({"steps": 301}, "steps"),
        ({"steps": 1.5}, "steps"),
        ({"rate": 0}, "from 0.1 to 100"),
        ({"rate": "fast"}, "'fast'"),
        ({"drawing": [0] * 255}, "got the shape (255,)"),
        ({"drawing": np.zeros((4, 64))}, "got the shape (4, 64)"),
        ({"drawing": [17] + [0] * 255}, "got 17"),
        ({"drawing": [0.5] + [0] * 255}, "got 0.5"),
        ({"drawing": [float("nan")] + [0] * 255}, "got nan"),
        ({"drawing": "a digit"}, "got something else"),
        ({"drawing": [[0], [0, 0]]}, "got something else"),
        ({"drawing": [True] * 256}, "got something else"),
        ({"weights": "mine"}, "read-only"),
        ({"data": {}}, "read-only"),
    ],
)
def test_bad_values_are_refused_with_what_is_wanted(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        HeadExplorer(**arguments)


def test_a_refused_value_leaves_the_last_good_one():
    explorer = HeadExplorer(drawing=HELD_OUT.features[5].reshape(8, 8))
    with pytest.raises(TraitError):
        explorer.drawing = [1, 2]
    np.testing.assert_array_equal(explorer.digit.ravel(), HELD_OUT.features[5])
    assert {type(cell) for cell in explorer.drawing} == {int}


@pytest.mark.parametrize("per_class", PER_CLASS)
def test_the_page_is_sent_the_digits_that_few_labels_draws(per_class):
    data = HeadExplorer().data
    pool = np.array([int(c, 17) for c in data["pool"]["digits"]]).reshape(-1, 64)
    for seed, places in enumerate(data["chosen"][str(per_class)]):
        wanted = few_labels(load("digits").train, per_class, seed)
        np.testing.assert_array_equal(pool[places], wanted.features)
        labels = [int(data["pool"]["labels"][place]) for place in places]
        assert labels == wanted.labels.tolist()


def test_no_digit_is_both_held_out_and_labelled_and_none_is_of_the_test_part():
    data = HeadExplorer().data
    rows = {part: set(re.findall(".{64}", data[part]["digits"])) for part in ("pool", "heldOut")}
    assert not rows["pool"] & rows["heldOut"]
    test = {
        "".join(f"{int(v):x}" for v in row)
        for row in load("digits").test.features
        if row.max() < 16
    }
    assert test
    assert not test & (rows["pool"] | rows["heldOut"])


def test_what_a_kind_is():
    with pytest.raises(ValueError, match="kind must be one of"):
        HeadExplorer().verdict("colours")


def test_the_picture_says_what_the_heads_do():
    explorer = HeadExplorer(per_class=5, steps=60)
    html = explorer.placeholder()
    for kind in KINDS:
        verdict = explorer.verdict(kind)
        assert f"The head on {kind} gets {verdict.accuracy:.1%}" in html
        assert f"it says {verdict.probabilities.argmax()} with" in html
    assert html.count("<figure") == 1


def test_a_page_is_told_where_the_weights_are_and_stays_light():
    explorer = HeadExplorer()
    assert explorer.state()["weights"] == "../glyphnet.weights"
    assert explorer.weights.startswith("data:application/octet-stream;base64,")
    assert len(json.dumps(explorer.state())) < 80_000


# in the browser


@pytest.fixture
def live(mount):
    """Return a function that opens explorables and waits until their heads have been judged."""

    def live(*explorers, **options):
        page = mount(*explorers, **options)
        wait = "count => document.querySelectorAll('.sb-body[aria-busy=false]').length === count"
        page.wait_for_function(wait, arg=len(explorers))
        return page

    return live


def shares(page):
    """Return the probabilities that the bars show, by kind."""
    script = "bars => bars.map(bar => Number(bar.style.getPropertyValue('--sb-to')))"
    found = np.reshape(page.locator(".sb-verdicts .sb-bar").evaluate_all(script), (10, 2))
    return dict(zip(KINDS, found.T, strict=True))


def measured(page):
    """Return the numbers of the table by kind: both losses, both accuracies, the rate."""
    cells = np.reshape(numbers(page, ".sb-compared data"), (5, 2))
    return dict(zip(KINDS, cells.T, strict=True))


def neighbours(page):
    """Return labels and distances of the neighbours by kind."""
    found = {}
    for kind, row in zip(KINDS, page.locator(".sb-neighbours").all(), strict=True):
        labels = [int(text) for text in row.locator("b").all_inner_texts()]
        values = row.locator("data").evaluate_all("nodes => nodes.map((n) => Number(n.value))")
        found[kind] = labels, values
    return found


def summary(page):
    return page.locator(".sb-summary").inner_text()


def assert_numbers_are_the_packages(page, explorer):
    for kind in KINDS:
        verdict, model = explorer.verdict(kind), explorer.head(kind)
        np.testing.assert_allclose(shares(page)[kind], verdict.probabilities, atol=1e-5)
        loss, right, held_loss, held_right, rate = measured(page)[kind]
        assert loss == pytest.approx(model.history_[-1], rel=1e-4)
        assert rate == pytest.approx(model.learning_rate, rel=1e-5)
        assert held_right == verdict.accuracy
        assert 0 <= right <= 1
        assert held_loss > 0
        labels, distances = neighbours(page)[kind]
        assert labels == explorer.labelled.labels[verdict.neighbours].tolist()
        np.testing.assert_allclose(distances, verdict.distances, rtol=1e-5)


@browser
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"per_class": 1, "seed": 3, "steps": 0},
        {"per_class": 5, "seed": 1, "steps": 300, "rate": 4.0},
        {"per_class": 10, "seed": 2, "steps": 31, "drawing": np.zeros((16, 16), dtype=int)},
        {"per_class": 1, "steps": 40, "drawing": np.full(256, 16)},
        {"drawing": np.random.default_rng(8).integers(0, 17, size=(16, 16))},
    ],
)
def test_shows_the_numbers_of_the_package(live, values):
    assert_numbers_are_the_packages(live(HeadExplorer(**values)), HeadExplorer(**values))


@browser
def test_labels_seed_rate_and_step_retrain_at_once(live):
    page = live(HeadExplorer())
    page.get_by_role("radio", name="5", exact=True).check()
    page.get_by_role("button", name="Other labelled digits").click()
    put(page, "learning rate", np.log(2))
    put(page, "step", 57)
    page.get_by_role("button", name="One step").click()
    assert_numbers_are_the_packages(page, HeadExplorer(per_class=5, seed=1, rate=2.0, steps=58))
    assert page.get_by_label("learning rate").get_attribute("aria-valuetext") == "2.0 ÷ L"
    assert "The 50 labelled digits, 5 of each class" in page.locator(".sb-body").inner_text()
    page.get_by_role("button", name="To step 0").click()
    np.testing.assert_allclose(shares(page)["features"], 0.1, rtol=1e-12)


HELD_CURVES = """() => [...document.querySelectorAll("polyline.sb-held-out")].map((curve) =>
  curve.getAttribute("points").split(" "))"""
MOVED_CURVES = f"""(input, position) => {{
  input.value = position;
  input.dispatchEvent(new Event("input", {{ bubbles: true }}));
  return ({HELD_CURVES})();
}}"""


@browser
def test_held_out_curves_pass_through_some_heads_at_once_and_soon_through_all(live):
    page = live(HeadExplorer(steps=98))
    rate = page.get_by_label("learning rate", exact=True)
    at_once = rate.evaluate(MOVED_CURVES, str(np.log(5)))
    every = range(0, 98, 5)
    page.wait_for_function(
        f"count => ({HELD_CURVES})().every((places) => places.length === count)", arg=len(every)
    )
    explorer = HeadExplorer(steps=98, rate=5.0)
    for kind, some, curve in zip(KINDS, at_once, page.evaluate(HELD_CURVES), strict=True):
        drawn = [tuple(map(float, place.split(","))) for place in curve]
        assert 2 < len(some) < len(curve)
        assert set(some) < set(curve)
        assert {some[0], some[1], some[-1]} == {curve[0], curve[1], curve[-1]}
        # 202 units of the drawing are the 2.6 nats that are shown, up from a base at 226.
        for step, (_, y) in zip(every, drawn, strict=True):
            loss = held_out_loss(explorer, kind, step)
            assert y == pytest.approx(226 - min(loss, 2.6) / 2.6 * 202, abs=0.02)


def held_out_loss(explorer, kind, step):
    """Return the package's loss on the held-out digits after some steps."""
    explorer.steps = step
    held_out = digit_pictures().validation
    p = explorer.head(kind).predict_proba(_rows(kind, held_out.features))
    return -np.log(p[np.arange(len(p)), held_out.labels]).mean()


@browser
def test_other_labelled_digits_come_round(live):
    page = live(HeadExplorer(seed=3))
    page.get_by_role("button", name="Other labelled digits").click()
    assert_numbers_are_the_packages(page, HeadExplorer(seed=0))


@browser
def test_training_plays_to_the_end_and_can_be_paused(live):
    page = live(HeadExplorer(steps=0))
    page.get_by_role("button", name="Train").click()
    page.wait_for_function("document.querySelector('.sb-summary').textContent.includes('step 15')")
    page.get_by_role("button", name="Pause").click()
    stopped = summary(page)
    page.wait_for_timeout(200)
    assert summary(page) == stopped
    page.get_by_role("button", name="Train").click()
    page.wait_for_function(
        f"document.querySelector('.sb-summary').textContent.includes('step {MOST_STEPS}')"
    )
    page.get_by_role("button", name="Train").wait_for()
    assert page.get_by_role("button", name="One step").is_disabled()
    assert_numbers_are_the_packages(page, HeadExplorer(steps=MOST_STEPS))


@browser
def test_without_motion_training_is_at_its_end_at_once(live):
    page = live(HeadExplorer(steps=10), reduced_motion="reduce")
    page.get_by_role("button", name="Train").click()
    assert f"step {MOST_STEPS}." in summary(page)


def pull(page, *places):
    """Draw with the mouse from place to place, in shares of the sheet."""
    box = page.locator(".sb-board").bounding_box()
    on_screen = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*on_screen[0])
    page.mouse.down()
    for place in on_screen[1:]:
        page.mouse.move(*place)
    page.mouse.up()


def inked(page):
    """Return how many cells the sheet says are inked."""
    return int(
        re.search(r"(\d+) of them inked", page.locator(".sb-board").get_attribute("aria-label"))[1]
    )


SEVEN = (0.25, 0.08), (0.75, 0.08), (0.6, 0.5), (0.45, 0.94)


@browser
def test_a_drawn_seven_is_a_seven(live):
    page = live(HeadExplorer(per_class=10))
    page.get_by_role("button", name="Clear").click()
    assert inked(page) == 0
    assert "An empty sheet" in summary(page)
    pull(page, *SEVEN)
    assert 20 < inked(page) < 90
    assert shares(page)["features"].argmax() == 7
    assert neighbours(page)["features"][0][0] == 7
    assert "The drawing: features say 7" in summary(page)
    assert "2 × 2 cells are counted" in page.locator(".sb-body").inner_text()


@browser
def test_a_small_drawing_is_fitted_to_the_frame(live):
    page = live(HeadExplorer(per_class=10))
    page.get_by_role("button", name="Clear").click()
    pull(page, *[(0.1 + 0.5 * x, 0.3 + 0.5 * y) for x, y in SEVEN])
    before = inked(page)
    page.get_by_role("button", name="Fit to the frame").click()
    assert inked(page) > 2 * before
    assert shares(page)["features"].argmax() == 7


@browser
def test_the_pointer_erases(live):
    page = live(HeadExplorer())
    page.get_by_role("button", name="Clear").click()
    pull(page, *SEVEN)
    page.get_by_role("radio", name="erases").check()
    pull(page, *SEVEN)
    assert inked(page) == 0


@browser
def test_a_finger_draws(live):
    page = live(HeadExplorer(), width=390, has_touch=True)
    page.get_by_role("button", name="Clear").click()
    page.locator(".sb-board").scroll_into_view_if_needed()
    box = page.locator(".sb-board").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert inked(page) > 0
    action = page.locator(".sb-board").evaluate("node => getComputedStyle(node).touchAction")
    assert action == "pinch-zoom"


@browser
def test_keyboard_alone_draws_and_erases(live):
    page = live(HeadExplorer())
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Enter")
    page.locator(".sb-board").focus()
    assert page.locator(".sb-keys").is_visible()
    page.keyboard.press("Space")
    dot = inked(page)
    assert dot > 0
    for key in ["Shift+ArrowRight"] * 3 + ["Shift+ArrowDown"] * 3:
        page.keyboard.press(key)
    assert inked(page) > dot
    assert page.get_by_text("Row 12, column 12: 16 sixteenths").count() == 1
    line = inked(page)
    page.keyboard.press("ArrowLeft")
    assert inked(page) == line
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    assert inked(page) < line
    for _ in range(20):
        page.keyboard.press("ArrowUp")
    assert page.get_by_text("Row 1, column 12:").count() == 1


@browser
def test_the_cursor_follows_each_arrow_wherever_it_is(live):
    page = live(HeadExplorer())
    page.locator(".sb-board").focus()
    for _ in range(SIDE):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowLeft")
    there = page.get_by_text(re.compile(r"^Row \d+, column \d+:"))

    def press(key):
        page.keyboard.press(key)
        return [int(n) for n in re.findall(r"\d+", there.text_content())[:2]]

    back = {"ArrowRight": "ArrowLeft", "ArrowDown": "ArrowUp"}
    row, column = 1, 1
    for way in ["ArrowRight", "ArrowDown"] * (SIDE - 1):
        for key, to in (("ArrowRight", (row, column + 1)), ("ArrowDown", (row + 1, column))):
            if max(to) <= SIDE:
                assert press(key) == [*to]
                assert press(back[key]) == [row, column]
        row, column = press(way)
    assert (row, column) == (SIDE, SIDE)


@browser
def test_keyboard_alone_trains(live):
    page = live(HeadExplorer(), reduced_motion="reduce")
    page.get_by_label("step", exact=True).focus()
    page.keyboard.press("Home")
    assert "step 0." in summary(page)
    page.get_by_role("button", name="One step").focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name="2", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert_numbers_are_the_packages(page, HeadExplorer(per_class=5, steps=1))
    page.get_by_role("button", name="Train").focus()
    page.keyboard.press("Enter")
    assert f"step {MOST_STEPS}." in summary(page)


@browser
def test_held_out_digits_come_one_after_the_other(live):
    page = live(HeadExplorer())
    assert f"A held-out {HELD_OUT.labels[0]}:" in summary(page)
    for place in (1, 2):
        page.get_by_role("button", name="A held-out digit").click()
        assert f"A held-out {HELD_OUT.labels[place]}:" in summary(page)
        digit = HELD_OUT.features[place].reshape(8, 8)
        assert_numbers_are_the_packages(page, HeadExplorer(drawing=digit))


@browser
def test_a_digit_that_the_head_gets_wrong(live):
    explorer = HeadExplorer(per_class=1)
    page = live(explorer)
    features = explorer.head("features")
    from softmaxbook.transfer.backbones import load_backbone
    from softmaxbook.transfer.heads import extract_features

    rows = extract_features(load_backbone("glyphnet"), digit_pictures().validation.features)
    wrong = np.flatnonzero(features.predict(rows) != HELD_OUT.labels)
    for place in wrong[wrong > 0][:3]:
        page.get_by_role("button", name="One that features get wrong").click()
        assert f"A held-out {HELD_OUT.labels[place]}:" in summary(page)
        assert shares(page)["features"].argmax() != HELD_OUT.labels[place]


@browser
def test_the_formula_holds_the_numbers(live):
    page = live(HeadExplorer())
    explorer = HeadExplorer()
    p = explorer.verdict("features").probabilities
    text = page.locator(".sb-formula").all_inner_texts()
    total = re.search(r"= (\S+) ÷ (\S+) = (\S+)$", text[1].strip())
    above, below, share = (float(each) for each in total.groups())
    assert above / below == pytest.approx(p.max(), rel=1e-3)
    assert share == pytest.approx(p.max(), abs=5e-4)
    assert f"z{p.argmax()} = w{p.argmax()} · features" in text[0].replace("\n", "")


@browser
def test_the_old_head_says_what_it_says_in_pytorch(live):
    import torch

    from softmaxbook.transfer.backbones import load_backbone
    from softmaxbook.transfer.glyphs import CLASSES

    page = live(HeadExplorer())
    picture = torch.tensor(np.array(digit_pictures().validation.features[:1]))
    with torch.no_grad():
        p = torch.softmax(load_backbone("glyphnet")(picture)[0], 0).numpy()
    words = page.locator(".sb-formula").last.inner_text()
    assert f"for {len(CLASSES)} letters and signs, says “{CLASSES[p.argmax()]}”" in words
    assert f"{100 * p.max():.1f} %" in words


@browser
def test_reset_and_copy_as_python(live):
    values = {"per_class": 1, "steps": 20, "seed": 2}
    page = live(HeadExplorer(**values))
    page.get_by_role("radio", name="5", exact=True).check()
    put(page, "learning rate", np.log(3))
    page.get_by_role("button", name="A held-out digit").click()
    names = {}
    exec(explorables.copied(page), names)
    np.testing.assert_allclose(names["p"], shares(page)["features"], atol=1e-5)
    assert names["accuracy"] == measured(page)["features"][3]
    page.get_by_role("radio", name="erases").check()
    page.get_by_role("button", name="Reset").click()
    assert page.get_by_role("radio", name="draws").is_checked()
    assert_numbers_are_the_packages(page, HeadExplorer(**values))


@browser
def test_several_share_the_network_and_nothing_else(mount):
    asked = []
    page = mount(HeadExplorer(), HeadExplorer(per_class=1))
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.reload()
    page.wait_for_function("document.querySelectorAll('.sb-body[aria-busy=false]').length === 2")
    assert asked.count("glyphnet.weights") == 1
    first, second = page.locator(".sb-explorable").all()
    before = second.locator(".sb-body").inner_text()
    first.get_by_role("button", name="Clear").click()
    first.get_by_role("radio", name="10", exact=True).check()
    assert second.locator(".sb-body").inner_text() == before


@browser
def test_weights_that_cannot_be_had_are_told(mount):
    page = mount(HeadExplorer())
    torn = b"\x08\0\0\0\0\0\0\0not JSON"
    page.route("**/glyphnet.weights", lambda route: route.fulfill(body=torn))
    page.reload()
    page.get_by_text("weights could not be read").wait_for()
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Copy as Python").click()


@browser
def test_jupyter_s_weights_run_in_the_page(mount):
    page = mount(HeadExplorer())
    state = {**HeadExplorer().state(), "weights": HeadExplorer().weights}
    page.evaluate(
        """async ([bundle, state]) => {
          document.querySelector("main").replaceChildren();
          const nothing = () => {};
          const model = { get: (name) => state[name], on: nothing, off: nothing };
          const address = URL.createObjectURL(new Blob([bundle], { type: "text/javascript" }));
          const el = document.querySelector("main").appendChild(document.createElement("div"));
          (await import(address)).default.render({ model, el });
        }""",
        [HeadExplorer._esm, state],
    )
    page.locator(READY).wait_for()
    assert_numbers_are_the_packages(page, HeadExplorer())


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(live, scheme, width):
    other = HeadExplorer(per_class=10, steps=0, drawing=[0] * 256)
    page = live(HeadExplorer(), other, width=width, scheme=scheme)
    page.locator(".sb-board").first.focus()
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


@browser
def test_clean_up_paper_and_no_script(live, browser):
    page = live(HeadExplorer())
    assert explorables.left_behind(page, HeadExplorer())[1] == (0, 0)
    page.emulate_media(media="print")
    assert page.locator(".sb-board").is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)


@browser
def test_cleaned_up_while_it_lives_it_listens_to_nothing(live):
    page = live(HeadExplorer())
    left = page.evaluate(
        """async (state) => {
          const listeners = new Set();
          const model = {
            get: (name) => state[name],
            set: (name, value) => { state[name] = value; },
            save_changes: () => {},
            on: (event, f) => listeners.add(event),
            off: (event, f) => listeners.delete(event),
          };
          const el = document.querySelector("main").appendChild(document.createElement("div"));
          const clean = (await import("/heads/heads.mjs")).default.render({ model, el });
          const pause = (time) => new Promise((done) => setTimeout(done, time));
          while (!el.querySelector("[aria-busy=false]")) await pause(20);
          [...el.querySelectorAll("button")].find((node) => node.textContent === "Train").click();
          const during = listeners.size;
          clean();
          const { steps } = state;
          await pause(200);
          return [during, listeners.size, el.children.length, state.steps - steps];
        }""",
        HeadExplorer(steps=5).state(),
    )
    assert left == [5, 0, 0, 0]


# the printed figure


def test_pictures_hold_what_they_were_given():
    figure, (left, right) = plt.subplots(1, 2)
    plots.picture_rows(
        left, {"one": ([np.eye(8)], [""]), "two": ([np.eye(4) / 2] * 3, list("abc"))}
    )
    frames, inks = left.patches[::2], left.patches[1::2]
    assert len(frames) == len(inks) == 4
    assert [ink.get_alpha() for ink in inks] == [1.0, 0.5, 0.5, 0.5]
    # Of an eye's cells one is the upper left corner, one the lower right.
    corners = inks[0].get_path().get_extents()
    np.testing.assert_allclose([corners.x0, corners.x1, corners.y0, corners.y1], [0, 1, -1, 0])
    assert [text.get_text() for text in left.texts] == ["one", "", "two", "a", "b", "c"]
    given = {"features": np.linspace(0, 0.18, 10), "pixels": np.full(10, 0.1)}
    plots.paired_bars(right, given)
    for bars, values in zip(right.containers, given.values(), strict=True):
        np.testing.assert_array_equal([bar.get_width() for bar in bars], values)
    plt.close(figure)
