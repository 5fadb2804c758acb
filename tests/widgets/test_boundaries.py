"""Three ways to decide, moved in a real browser: the numbers stay the package's."""

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from explorables import put
from fingers import swipe
from readable import number
from traitlets import TraitError

from softmaxbook.widgets import BoundaryExplorer
from softmaxbook.widgets.boundaries import LIMIT, PRESETS

SMALL = {
    "points": [[-2, -1, 0], [-1, -2, 0], [1, -1, 1], [2, 0, 1], [0, 2, 2], [-1, 1, 2], [0.5, 1, 1]],
    "penalty": 0.5,
    "probe": [0.4, 0.3],
}
browser = pytest.mark.browser


# what Python accepts, and says


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"points": [[0, 0, 0]]}, "got 1 of them"),
        ({"points": [[0, 0, 0], [1, 1, 0]]}, "all 2 are of one class"),
        ({"points": [[0, 0, 0], [0, 5, 1]]}, "got the coordinate 5"),
        ({"points": [[0, 0, 0], [float("nan"), 0, 1]]}, "got the coordinate nan"),
        ({"points": [[0, 0, 0], ["1", 0, 1]]}, "got the coordinate '1'"),
        ({"points": [[0, 0, 0], [0, 0, 3]]}, "got the class 3"),
        ({"points": [[0, 0, 0], [0, 0, 1.5]]}, "got the class 1.5"),
        ({"points": [[0, 0, 0], [0, 0, True]]}, "got the class True"),
        ({"points": [[0, 0], [1, 1]]}, "2 to 200 points"),
        ({"points": 7}, "2 to 200 points"),
        ({"points": [[0, 0, 0], [0, 0, 1]] * 101}, "got 202 of them"),
        ({"penalty": 0}, "from 0.0001 to 1000"),
        ({"penalty": "weak"}, "'weak'"),
        ({"probe": [0]}, "got 1 of them"),
        ({"probe": [0, 4.5]}, "from -4 to 4"),
        ({"presets": {}}, "read-only"),
    ],
)
def test_bad_values_are_refused_with_what_is_wanted(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        BoundaryExplorer(**arguments)


def test_a_refused_value_leaves_the_last_good_one():
    explorer = BoundaryExplorer(**SMALL)
    with pytest.raises(TraitError):
        explorer.points = [[0, 0, 0]]
    assert explorer.points == SMALL["points"]
    assert [type(value) for value in explorer.points[0]] == [float, float, int]


def everywhere(n=81):
    line = np.linspace(-LIMIT, LIMIT, n)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def test_presets_show_what_their_names_promise():
    softmax, rest, ones = BoundaryExplorer(**PRESETS["B between A and C"]).models
    assert "B" not in rest.predict(everywhere())
    assert "B" in softmax.predict(everywhere())
    assert "B" in ones.predict(everywhere())
    arms = BoundaryExplorer(**PRESETS["three arms"])
    assert arms.models[2].undecided([arms.probe]).all()
    apart = BoundaryExplorer(**PRESETS["far apart"])
    assert all(model.score(apart.features, apart.labels) == 1 for model in apart.models)
    unequal = BoundaryExplorer(**PRESETS["unequal numbers"])
    counts = [unequal.labels.count(name) for name in "ABC"]
    assert counts[0] >= 3 * counts[1] >= 9 * counts[2]


@pytest.mark.parametrize("name", PRESETS)
def test_the_picture_says_what_the_models_do(name):
    explorer = BoundaryExplorer(**PRESETS[name])
    html = explorer.placeholder()
    for model in explorer.models:
        accuracy = f"{model.score(explorer.features, explorer.labels):.0%}"
        assert f"right about {accuracy}" in html
    assert html.count("<figure") == 1


# in the browser

LIVE = """async (state) => {
  const listeners = new Map();
  const model = {
    get: (name) => state[name],
    set: (name, value) => {
      if (!(name in state)) throw new Error(`no trait ${name}`);
      state[name] = value;
      for (const listener of listeners.get(`change:${name}`) ?? []) listener();
    },
    save_changes: () => {},
    on: (event, f) => listeners.set(event, (listeners.get(event) ?? new Set()).add(f)),
    off: (event, f) => listeners.get(event).delete(f),
  };
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  window.state = state;
  window.model = model;
  window.count = () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0);
  window.clean = (await import("/boundaries/boundaries.mjs")).default.render({ model, el });
}"""


@pytest.fixture
def live(mount):
    """Return a function that opens an explorable whose model the test can read."""

    def live(values, **options):
        page = mount(**options)
        page.evaluate(LIVE, BoundaryExplorer(**values).state())
        return page

    return live


def now(page):
    """Return the package's explorer with the page's points, penalty and probe."""
    state = page.evaluate("state")
    return BoundaryExplorer(**{name: state[name] for name in ("points", "penalty", "probe")})


def shares(page):
    """Return the probabilities at the probe that the bars show, one list a method."""
    tables = page.locator(".sb-answers").all()
    script = "bars => bars.map(bar => Number(bar.style.getPropertyValue('--sb-to')))"
    return [table.locator(".sb-bar").evaluate_all(script) for table in tables]


def column(page, method):
    """Return the numbers of the middle column of a method's table, and their sum."""
    cells = page.locator(".sb-answers").nth(method).locator("td:nth-child(2)").all_inner_texts()
    return [number(text) for text in cells if text]


def facts(page):
    """Return the table of comparison: three texts for each fact."""
    rows = page.locator(".sb-compared tbody tr").all()
    return {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}


def assert_numbers_are_the_packages(page):
    explorer = now(page)
    models = explorer.models
    for found, model in zip(shares(page), models, strict=True):
        np.testing.assert_allclose(found, model.predict_proba([explorer.probe])[0], atol=1e-7)
    softmax, rest, ones = models
    logits = softmax.decision_function([explorer.probe])[0]
    np.testing.assert_allclose(column(page, 0), logits - logits.mean(), atol=0.006)
    scores = rest.scores([explorer.probe])[0]
    np.testing.assert_allclose(column(page, 1), [*scores, scores.sum()], atol=6e-4)
    votes = ones.votes([explorer.probe])[0]
    assert column(page, 2) == [*votes, votes.sum()]
    table = facts(page)
    numbers = np.searchsorted(softmax.classes_, explorer.labels)
    for i, model in enumerate(models):
        accuracy = model.score(explorer.features, explorer.labels)
        assert number(table["training accuracy"][i][:-2]) == pytest.approx(
            100 * accuracy, abs=0.051
        )
        of_label = model.predict_proba(explorer.features)[np.arange(len(numbers)), numbers]
        loss = -np.log(of_label).mean()
        assert number(table["log-loss, nats"][i]) == pytest.approx(loss, abs=6e-4)
    for i, model in enumerate(models[1:], start=1):
        undecided = 100 * model.undecided(everywhere(201)).mean()
        assert number(table["plane undecided"][i][:-2]) == pytest.approx(undecided, abs=1.5)


def on_screen(page, panel, x, y):
    """Return the pixel at which a panel shows a place of the plane."""
    plane = page.locator(".sb-plane").nth(panel)
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    across, down = (x + LIMIT) / (2 * LIMIT), (LIMIT - y) / (2 * LIMIT)
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def drag(page, panel, start, end):
    page.mouse.move(*on_screen(page, panel, *start))
    page.mouse.down()
    page.mouse.move(*on_screen(page, panel, *end), steps=5)
    page.mouse.up()


@browser
@pytest.mark.parametrize("name", PRESETS)
def test_shows_the_numbers_of_the_package(live, name):
    page = live({})
    page.get_by_role("combobox", name="points").select_option(name)
    assert page.evaluate("state.points") == PRESETS[name]["points"]
    assert_numbers_are_the_packages(page)
    page.evaluate("model.set('probe', [-1.5, 1.25])")
    assert_numbers_are_the_packages(page)


@browser
@pytest.mark.parametrize("panel", [0, 1, 2])
def test_a_dragged_point_refits_every_model(live, panel):
    page = live(SMALL)
    before = shares(page)
    drag(page, panel, (-2, -1), (2, 3))
    moved = page.evaluate("state.points")
    assert moved[0] == pytest.approx([2, 3, 0], abs=0.05)
    assert moved[1:] == SMALL["points"][1:]
    assert_numbers_are_the_packages(page)
    assert np.abs(np.array(shares(page)) - before).max() > 0.05
    drag(page, panel, (2, 3), (9, 3))
    assert page.evaluate("state.points[0][0]") == LIMIT


@browser
def test_the_probe_is_dragged_or_called(live):
    page = live(SMALL)
    assert page.get_by_role("combobox", name="points").input_value() == ""  # own points
    drag(page, 1, SMALL["probe"], (-1, 3))
    assert page.evaluate("state.probe") == pytest.approx([-1, 3], abs=0.05)
    page.mouse.click(*on_screen(page, 2, 3, -3))
    assert page.evaluate("state.probe") == pytest.approx([3, -3], abs=0.05)
    assert page.evaluate("state.points") == SMALL["points"]
    assert_numbers_are_the_packages(page)


@browser
def test_points_are_added_and_removed_by_a_press(live):
    page = live(SMALL)
    page.get_by_role("radio", name="adds ■ C").check()
    page.mouse.click(*on_screen(page, 0, -3, 3))
    assert page.evaluate("state.points").pop() == pytest.approx([-3, 3, 2], abs=0.05)
    page.mouse.click(*on_screen(page, 0, 2, 0))  # on another point
    assert page.evaluate("state.points.length") == len(SMALL["points"]) + 2
    page.get_by_role("radio", name="removes").check()
    page.mouse.click(*on_screen(page, 1, -3, 3))
    page.mouse.click(*on_screen(page, 1, 3, -3))  # on no point
    points = page.evaluate("state.points")
    assert points[:-1] == SMALL["points"]
    assert points[-1][2] == 2
    assert_numbers_are_the_packages(page)


@browser
def test_keyboard_alone_chooses_moves_adds_and_removes(live):
    page = live(SMALL)
    page.get_by_label("penalty λ").focus()
    for _ in range(2):  # over the presses to the planes, which are one stop
        page.keyboard.press("Tab")
    status = page.locator(".sb-body > p[role=status]")
    page.keyboard.press("ArrowRight")
    assert status.text_content() == "A 1 at (−2.00, −1.00)."
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert status.text_content() == "B 1 at (1.00, −1.00)."
    page.keyboard.press("Enter")
    assert "Picked up B 1" in status.text_content()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Shift+ArrowRight"):
        page.keyboard.press(key)
    assert page.evaluate("state.points[2]") == pytest.approx([1.4, -0.8, 1])
    page.keyboard.press("Enter")
    assert status.text_content() == "B 1 is at (1.40, −0.80)."
    assert_numbers_are_the_packages(page)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.evaluate("state.points[2]") == pytest.approx([1.4, -0.8, 1])
    page.keyboard.press("Delete")
    assert "Removed B 1" in status.text_content()
    assert page.evaluate("state.points.length") == len(SMALL["points"]) - 1
    page.keyboard.press("c")
    assert page.evaluate("state.points").pop() == [*SMALL["probe"], 2]
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")  # leaving puts it down
    assert page.evaluate("state.probe") == pytest.approx([0.3, 0.3])
    assert page.locator(".sb-held").count() == 0
    assert_numbers_are_the_packages(page)


@browser
def test_a_point_follows_each_arrow_wherever_it_is(live):
    page = live(SMALL | {"probe": [-4.0, -4.0]})
    page.locator(".sb-plane[tabindex='0']").focus()
    page.keyboard.press("Enter")
    ways = {"ArrowRight": (0, 1), "ArrowLeft": (0, -1), "ArrowUp": (1, 1), "ArrowDown": (1, -1)}
    for place in np.linspace(-4, 4, 20):
        for key, (axis, sign) in ways.items():
            page.evaluate("at => { state.probe = [at, -at]; }", place)
            before = page.evaluate("state.probe")
            page.keyboard.press(key)
            after = page.evaluate("state.probe")
            way = sign * (after[axis] - before[axis])
            assert way > 0 or sign * before[axis] == 4, (place, key)  # or at the plane's edge
            assert after[1 - axis] == pytest.approx(before[1 - axis], abs=0.005)


@browser
def test_the_planes_are_one_stop_of_the_tab_key(live):
    page = live(SMALL)
    stops = ".sb-plane[tabindex='0']"
    assert page.locator(stops).count() == 1
    page.mouse.click(*on_screen(page, 2, 3, 3))
    assert page.locator(stops).count() == 1
    assert page.locator(".sb-plane").nth(2).get_attribute("tabindex") == "0"


@browser
def test_the_chosen_point_in_numbers(live):
    page = live(SMALL)
    page.get_by_role("combobox", name="chosen").select_option("4")
    assert page.get_by_label("x of the chosen point").input_value() == "0"
    page.get_by_label("y of the chosen point").fill("-1,25")
    page.get_by_label("y of the chosen point").press("Enter")
    assert page.evaluate("state.points[4]") == [0, -1.25, 2]
    page.get_by_label("x of the chosen point").fill("4.5")
    page.get_by_label("x of the chosen point").press("Enter")
    assert "kept 0" in page.locator(".sb-message").inner_text()
    assert page.evaluate("state.points[4]") == [0, -1.25, 2]
    page.get_by_role("button", name="remove", exact=True).click()
    assert page.evaluate("state.points.length") == len(SMALL["points"]) - 1
    assert_numbers_are_the_packages(page)


@browser
@pytest.mark.parametrize("penalty", [1e-4, 1e3])
@pytest.mark.parametrize("name", PRESETS)
def test_extreme_penalties(live, name, penalty):
    page = live(PRESETS[name])
    put(page, "penalty λ", np.log(penalty))
    assert page.evaluate("state.penalty") == penalty
    assert page.get_by_role("combobox", name="points").input_value() == name
    assert_numbers_are_the_packages(page)
    text = page.locator(".sb").inner_text()
    assert "NaN" not in text
    assert "∞" not in text


@browser
def test_weights_of_separable_classes_grow_as_the_penalty_falls(live):
    page = live(PRESETS["far apart"])
    steepest = []
    for penalty in (10, 1, 0.1, 0.01, 1e-3, 1e-4):
        put(page, "penalty λ", np.log(penalty))
        steepest.append([number(text) for text in facts(page)["steepest log-odds per unit"]])
    assert (np.diff(steepest, axis=0) > 0.3).all()
    expected = [np.linalg.norm(m.coef_) for m in now(page).models[2].models_]
    assert steepest[-1][2] == pytest.approx(max(expected), abs=0.006)


@browser
def test_points_of_two_classes_must_stay(live):
    page = live({"points": [[-1, 0, 0], [0, 0, 1], [1, 0, 2]], "penalty": 1.0, "probe": [0.2, 1]})
    remove = page.get_by_role("button", name="remove", exact=True)
    assert remove.is_disabled()
    page.get_by_role("combobox", name="chosen").select_option("2")
    remove.click()
    assert len(shares(page)[0]) == 2
    assert_numbers_are_the_packages(page)
    remove.click()
    assert page.evaluate("state.points.length") == 2
    assert "two classes" in page.locator(".sb-message").inner_text()


@browser
def test_no_more_points_than_python_accepts(live):
    many = [[(i % 20) / 5 - 2, i // 20 / 5, i % 3] for i in range(200)]
    page = live({"points": many})
    page.get_by_role("radio", name="adds ● A").check()
    page.mouse.click(*on_screen(page, 0, -3, -3))
    assert page.evaluate("state.points.length") == 200
    assert "200 points are the most" in page.locator(".sb-message").inner_text()


@browser
def test_drawn_regions_are_where_the_package_predicts(live):
    page = live(PRESETS["three clouds"])
    explorer = now(page)
    spots = everywhere(23)[::7]
    script = """([panel, spots]) => {
      const svg = document.querySelectorAll(".sb-plane")[panel];
      const regions = [...svg.querySelectorAll(".sb-region")];
      return spots.map(([x, y]) => regions.filter((region) => region.isPointInFill(
        new DOMPoint((x + 4) * 30, (4 - y) * 30))).map((region) => region.getAttribute("fill")));
    }"""
    for i, model in enumerate(explorer.models):
        fills = page.evaluate(script, [i, spots.tolist()])
        tops = np.sort(model.decision_function(spots))
        clear = tops[:, -1] - tops[:, -2] > 0.2
        wanted = [[f"var(--sb-c{'ABC'.index(k)})"] for k in model.predict(spots)]
        assert sum(clear) > 40
        assert [f for f, ok in zip(fills, clear, strict=True) if ok] == [
            w for w, ok in zip(wanted, clear, strict=True) if ok
        ]


@browser
def test_wrong_points_are_circled(live):
    page = live(PRESETS["B between A and C"])
    explorer = now(page)
    for i, model in enumerate(explorer.models):
        wrong = model.predict(explorer.features) != explorer.labels
        script = "marks => marks.map(mark => mark.parentNode.classList.contains('sb-wrong'))"
        shown = page.locator(".sb-plane").nth(i).locator(".sb-error").evaluate_all(script)
        np.testing.assert_array_equal(shown, wrong)


@browser
def test_says_in_words_who_is_undecided(live):
    page = live(PRESETS["three arms"])
    said = page.locator(".sb-says").all_inner_texts()
    assert said[1].startswith("No model says yes. Undecided")
    assert re.match(r"(. beats ., ){2}. beats .\. Undecided", said[2])
    summary = page.locator(".sb-summary")
    assert summary.inner_text().count("undecided") == 2
    page.get_by_role("combobox", name="points").select_option("B between A and C")
    assert "One-vs-rest predicts B nowhere." in summary.inner_text()
    status = page.locator(".sb > p[role=status]")
    page.wait_for_function("document.querySelector('.sb > p[role=status]').textContent !== ''")
    assert "at the probe Softmax regression B 39 %; One-vs-rest" in status.text_content()


@browser
def test_a_finger_drags_points_and_scrolls_the_page_elsewhere(live):
    page = live(SMALL, width=390, has_touch=True)

    def along(start, end):
        at, to = (np.array(on_screen(page, 0, *place)) for place in (start, end))
        swipe(page, at, to - at)

    before = page.evaluate("scrollY")
    along((-2, -1), (-2, 2))
    assert page.evaluate("state.points[0]") == pytest.approx([-2, 2, 0], abs=0.1)
    assert page.evaluate("scrollY") == before
    points, probe = page.evaluate("[state.points, state.probe]")
    along((3, -3.5), (3, 3.5))
    assert page.evaluate("[state.points, state.probe]") == [points, probe]
    assert page.evaluate("scrollY") != before
    page.touchscreen.tap(*on_screen(page, 0, 3, 3))
    page.wait_for_function("before => `${state.probe}` !== `${before}`", arg=probe)
    assert page.evaluate("state.probe") == pytest.approx([3, 3], abs=0.1)


@browser
def test_reset_and_copy_as_python(live):
    page = live(SMALL)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    drag(page, 0, (-2, -1), (0, 3))
    put(page, "penalty λ", np.log(0.1))
    page.get_by_role("button", name="Copy as Python").click()
    page.get_by_text("Copied.").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    printed = []
    exec(code, {"print": lambda *values: printed.append(values)})
    assert [name for name, *_ in printed] == ["SoftmaxRegression", "OneVsRest", "OneVsOne"]
    for (_, _, p, accuracy), shown, model in zip(
        printed, shares(page), now(page).models, strict=True
    ):
        np.testing.assert_allclose(p, shown, atol=6e-4)
        assert accuracy == model.score(now(page).features, now(page).labels)
    page.get_by_role("radio", name="removes").check()
    page.get_by_role("button", name="Reset").click()
    state = page.evaluate("state")
    assert {name: state[name] for name in SMALL} == SMALL
    assert page.get_by_role("radio", name="moves", exact=True).is_checked()
    assert_numbers_are_the_packages(page)


@browser
def test_python_may_replace_everything(live):
    page = live(SMALL)
    page.get_by_role("combobox", name="chosen").select_option("6")
    page.evaluate("model.set('points', [[-1, 0, 0], [1, 0.5, 2]])")
    assert page.get_by_role("combobox", name="chosen").input_value() == "1"
    assert len(shares(page)[0]) == 2
    assert_numbers_are_the_packages(page)


@browser
def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(BoundaryExplorer(**SMALL), BoundaryExplorer())
    first, second = page.locator(".sb-explorable").all()
    first.get_by_role("radio", name="removes").check()
    assert not first.get_by_role("radio", name="moves", exact=True).is_checked()
    assert second.get_by_role("radio", name="moves", exact=True).is_checked()
    first.get_by_role("combobox", name="points").select_option("far apart")
    assert second.get_by_role("combobox", name="points").input_value() == "three clouds"


@browser
def test_render_returns_its_clean_up(live):
    page = live(SMALL)
    assert page.evaluate("count()") == 4
    assert page.locator(".sb").count() == 1
    page.evaluate("clean()")
    assert page.evaluate("count()") == 0
    assert page.locator(".sb").count() == 0


@browser
def test_colours_follow_the_theme_at_once(live):
    page = live(SMALL)
    fill = "getComputedStyle(document.querySelector('.sb-region')).fill"
    light = page.evaluate(fill)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(fill) != light


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(
        BoundaryExplorer(),
        BoundaryExplorer(**PRESETS["three arms"]),
        width=width,
        scheme=scheme,
    )
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).length"
    assert page.locator(".sb-scroll").evaluate_all(wide) == 0


@browser
def test_touch_targets_are_large_enough(mount):
    page = mount(BoundaryExplorer(), width=390)
    boxes = page.locator("input, button, select").evaluate_all(
        """nodes => nodes.map((node) => {
          const box = node.getBoundingClientRect();
          return [box.width, box.height];
        })"""
    )
    assert len(boxes) > 8
    assert min(min(box) for box in boxes) >= 24


@browser
def test_without_javascript_and_on_paper(mount, browser):
    page = mount(BoundaryExplorer())
    page.emulate_media(media="print")
    assert page.locator(".sb-plane").first.is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(page.url)
    assert bare.locator("figure[role=img] svg").first.is_visible()
    context.close()
