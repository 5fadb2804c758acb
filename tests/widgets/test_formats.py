"""The overflow laboratory, driven in a real browser: the page shows what the formats really do."""

import itertools
import json
import math

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from explorables import put
from laboratory import examine, with_numpy, with_torch
from matplotlib import pyplot as plt
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook import plots
from softmaxbook.widgets import OverflowLab

FORMATS = ["float16", "bfloat16", "float32", "float64"]
NAMES = {
    "naive": "naive softmax",
    "shifted": "shifted softmax",
    "log_of_softmax": "log of softmax",
    "log_softmax": "log-softmax",
}
ALL = list(itertools.product(NAMES, FORMATS))

# ── in Python ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"logits": [1.0]}, "2 to 6"),
        ({"logits": [0.0] * 7}, "2 to 6"),
        ({"logits": [1.0, math.inf]}, "finite"),
        ({"format": "float8"}, "'float16', 'bfloat16', 'float32'.*'float64'"),
        ({"method": "stable"}, "'naive', 'shifted', 'log_of_softmax'.*'log_softmax'"),
        ({"label": 3}, "from 0 to 2; got 3"),
        ({"label": -1}, "from 0 to 2; got -1"),
        ({"label": "B"}, "label"),
        ({"masked": [0.5]}, "masked"),
        ({"masked": [True] * 7}, "masked"),
    ],
)
def test_bad_values_are_refused_with_what_is_wanted(wrong, said):
    with pytest.raises(TraitError, match=f"(?s){said}"):
        OverflowLab(**wrong)


def test_the_label_stays_a_class_when_classes_go():
    lab = OverflowLab(logits=[1, 2, 3], label=2)
    lab.logits = [1, 2]
    assert lab.label == 1
    with pytest.raises(TraitError, match="from 0 to 1"):
        lab.label = 2


def test_numbers_from_javascript_become_floats():
    lab = OverflowLab(logits=[1, 2])
    lab.set_state({"logits": [3, 4, 5], "masked": [False, True, False], "label": 2})
    assert lab.logits == [3.0, 4.0, 5.0]
    assert {type(z) for z in lab.logits} == {float}
    assert lab.results[1] == 0


@pytest.mark.parametrize(("method", "name"), ALL)
def test_the_picture_says_what_it_shows(method, name):
    picture = OverflowLab(logits=[20, -30, 95], format=name, method=method, masked=[True]).picture()
    assert f"{sb.thresholds(name).overflow:.2f}" in picture.alt
    assert NAMES[method] in picture.alt
    assert "A −∞" in picture.alt
    assert ("NaN" in picture.alt) == (method == "naive" and name != "float64")


def test_the_picture_draws_what_exp_is_taken_of():
    figure, ax = plt.subplots()
    plots.exponential_line(
        ax, (-17.3, -9.7, 11.1), [0.5, 95.0, -30.0, np.nan], [*"ABCD"], [*"wxyz"]
    )
    points = [line for line in ax.lines if line.get_marker() not in ("None", None)]
    assert [line.get_marker() for line in points] == ["o", ">", "<", "o"]
    assert [line.get_ydata()[0] for line in points] == [0, 1, 2, 3]
    low, high = ax.get_xlim()
    np.testing.assert_allclose([line.get_xdata()[0] for line in points], [0.5, high, low, np.nan])
    assert [tick.get_text().strip() for tick in ax.get_xticklabels()] == [
        "-17.30",
        "-9.70",
        "11.10",
    ]
    plt.close(figure)


# ── on the page ──────────────────────────────────────────────────────────────────────────────

SPECIAL = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}


def numbers(locator):
    """Return the exact numbers behind what a part of the page shows."""
    values = locator.locator("data").evaluate_all("nodes => nodes.map(node => node.value)")
    return [SPECIAL.get(value, value) if value in SPECIAL else float(value) for value in values]


def results(page):
    """Return the results beside the number lines."""
    return numbers(page.locator(".sb-line-row[role=group] .sb-result"))


def choose(page, method, name):
    """Choose a cell of the grid."""
    page.get_by_label(f"{NAMES[method]} in {name}:").check(force=True)


def write(page, name, text):
    """Type a logit."""
    field = page.get_by_label(f"logit of {name}, as a number")
    field.fill(str(text))
    field.press("Enter")


HARD = [
    ([10.0, 12.0, 3.0], []),
    ([1e5, -1e5], []),
    ([1000.0, 1001.0, 999.0], [False, True]),
    ([0.1, -17.2, -10.3, 88.7, -95.5, 11.085], []),
    ([-700.0, 709.5], [True, True]),
]


@pytest.mark.browser
@pytest.mark.parametrize(("logits", "masked"), HARD)
def test_all_sixteen_cells_show_what_the_formats_really_do(mount, logits, masked):
    page = mount(OverflowLab(logits=logits, masked=masked, label=1))
    inputs = [-math.inf if m else z for z, m in itertools.zip_longest(logits, masked)][
        : len(logits)
    ]
    for method, name in ALL:
        choose(page, method, name)
        wanted = examine(method, inputs, 1, name)
        np.testing.assert_array_equal(results(page), wanted["results"])
        library = (with_torch if name == "bfloat16" else with_numpy)(method, inputs, 1, name)
        theirs = library["logs" if method.startswith("log") else "probabilities"]
        np.testing.assert_allclose(results(page), theirs, rtol=1e-14 if name == "float64" else 2e-6)
        training = numbers(page.locator("table", has_text="for training"))
        np.testing.assert_array_equal(training[::2], [wanted["loss"], *wanted["gradient"]])
        true = wanted["truth"]
        np.testing.assert_array_equal(training[1::2], [true["loss"], *true["gradient"]])
        assert page.locator(".sb-diagnosis").inner_text().count(wanted["text"]) == 1
        assert wanted["headline"] in page.locator(".sb-headline").inner_text()


@pytest.mark.browser
def test_the_steps_the_first_fault_and_the_errors(mount):
    page = mount(OverflowLab(logits=[10, 12, 3]))
    table = page.locator("table.sb-steps").first
    wanted = examine("naive", [10.0, 12.0, 3.0], 0, "float16")
    rows = [numbers(row) for row in table.locator("tbody tr").all()]
    for i, (stored, exponential, p, true, error) in enumerate(rows):
        assert stored == wanted["stored"][i]
        assert exponential == wanted["exponentials"][i]
        np.testing.assert_array_equal(
            [p, true], [wanted["results"][i], wanted["truth"]["probabilities"][i]]
        )
        if math.isnan(p):
            assert math.isnan(error)
        else:
            ulp = math.ldexp(1.0, math.frexp(true)[1] - 11)
            assert error == pytest.approx(abs(p - true) / ulp, rel=1e-9)
    assert table.locator(".sb-first").inner_text().split("\n") == ["∞", "▲ overflow"]
    assert table.locator("tfoot").inner_text().split() == ["Σ", "∞", "▲", "from", "∞"]
    assert (
        page.locator(".sb-formula").inner_text()
        == "p(B) = exp(12) ÷ (exp(10) + exp(12) + exp(3)) = ∞ ÷ ∞ = NaN"
    )


@pytest.mark.browser
@pytest.mark.parametrize("name", FORMATS)
def test_the_number_line_has_the_limits_where_the_format_has_them(mount, name):
    page = mount(OverflowLab(logits=[0, 0], format=name))
    limits = sb.thresholds(name)
    wanted = [limits.underflow, limits.subnormal, limits.overflow]
    shown = page.locator(".sb-limit").all_inner_texts()
    assert [text.replace("−", "-") for text in shown] == [f"{limit:.2f}" for limit in wanted]
    slider = page.get_by_label("logit of A", exact=True)
    low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
    ends = (
        page.locator(".sb-line")
        .first.locator(".sb-zone")
        .evaluate_all("zones => zones.map(zone => Number(zone.style.getPropertyValue('--sb-to')))")
    )
    np.testing.assert_allclose([low + end * (high - low) for end in ends[:3]], wanted, rtol=1e-9)
    # Over the limit the exponential is ∞, and just before it is not.
    for z, gone in ((limits.overflow * 0.99, False), (limits.overflow * 1.02, True)):
        write(page, "A", z)
        assert (
            numbers(page.locator(".sb-steps").first.locator("tbody tr").first)[1] == math.inf
        ) == gone


@pytest.mark.browser
@pytest.mark.parametrize("name", FORMATS)
def test_sliders_at_their_ends(mount, name):
    page = mount(OverflowLab(logits=[0, 0], format=name, method="shifted"))
    slider = page.get_by_label("logit of A", exact=True)
    for end in ("min", "max"):
        value = float(slider.get_attribute(end))
        put(page, "logit of A", value)
        np.testing.assert_array_equal(
            results(page), examine("shifted", [value, 0.0], 0, name)["results"]
        )
        assert page.get_by_label("logit of A, as a number").input_value() == f"{value:g}"


@pytest.mark.browser
def test_the_shift_is_drawn_as_a_dot_and_a_thread(mount):
    page = mount(OverflowLab(logits=[10, 12, 3]))
    dot, thread = (
        page.locator(".sb-line").first.locator(part) for part in (".sb-dot-on-line", ".sb-thread")
    )
    assert not dot.is_visible()
    choose(page, "shifted", "float16")
    assert dot.is_visible()
    track, here = page.get_by_label("logit of A", exact=True).bounding_box(), dot.bounding_box()
    low, high = (
        float(page.get_by_label("logit of A", exact=True).get_attribute(end))
        for end in ("min", "max")
    )
    place = track["x"] + 7 + (-2 - low) / (high - low) * (track["width"] - 14)
    assert here["x"] + here["width"] / 2 == pytest.approx(place, abs=1.5)
    assert thread.bounding_box()["width"] == pytest.approx(
        12 / (high - low) * (track["width"] - 14), abs=1.5
    )


@pytest.mark.browser
def test_a_pointer_drags_a_logit_over_the_limit(mount):
    page = mount(OverflowLab(logits=[0, 0]))
    box = page.get_by_label("logit of B", exact=True).bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert math.isnan(results(page)[1])
    assert "Wrong" in page.locator(".sb-headline").inner_text()


@pytest.mark.browser
def test_the_keyboard_alone_reaches_everything(mount):
    page = mount(OverflowLab(logits=[0, 0]))
    page.get_by_role("button", name="10, 12 and 3").focus()
    seen = set()
    for _ in range(40):
        named = "node => node.ariaLabel ?? node.innerText ?? node.closest('label')?.innerText"
        seen.add(page.evaluate(f"({named})(document.activeElement)"))
        page.keyboard.press("Tab")
    for wanted in (
        "add a class",
        "logit of A",
        "logit of B, as a number",
        "mask A",
        "Copy as Python",
    ):
        assert wanted in seen
    page.get_by_label("logit of A", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("End")
    assert math.isnan(results(page)[0])
    page.get_by_label("naive softmax in float16").focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("shifted softmax in float16").is_checked()
    assert not any(map(math.isnan, results(page)))
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("shifted softmax in bfloat16").is_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.get_by_label("log-softmax in bfloat16").is_checked()
    assert page.evaluate("document.activeElement.ariaLabel").startswith("log-softmax in bfloat16")
    page.get_by_label("mask B").focus()
    page.keyboard.press("Space")
    assert results(page)[1] == -math.inf
    page.get_by_label("correct class y").focus()
    page.keyboard.press("ArrowDown")
    assert (
        page.locator("table", has_text="for training").locator("tbody th").first.inner_text()
        == "loss −log p(B)"
    )


@pytest.mark.browser
@pytest.mark.parametrize("typed", ["abc", "", "1e9", "inf", "100001"])
def test_a_bad_number_is_held_at_the_last_good_value_with_a_message(mount, typed):
    page = mount(OverflowLab(logits=[2, 1]))
    write(page, "A", typed)
    assert page.get_by_label("logit of A, as a number").input_value() == "2"
    assert "kept 2" in page.locator(".sb-message").inner_text()


@pytest.mark.browser
def test_a_logit_beyond_float16_is_stored_as_infinity(mount):
    page = mount(OverflowLab(logits=[2, 1]))
    write(page, "A", "1e5")
    assert numbers(page.locator(".sb-steps").first.locator("tbody tr").first)[0] == math.inf
    assert "100000 is beyond float16" in page.locator(".sb-diagnosis").inner_text()
    assert page.locator(".sb-beyond").first.inner_text() == "100000 →"


@pytest.mark.browser
def test_starts_set_logits_and_nothing_else(mount):
    page = mount(
        OverflowLab(logits=[0, 0, 0, 0], format="float32", method="log_softmax", masked=[True])
    )
    starts = {
        "10, 12 and 3": [10, 12, 3], "1000 and 1001": [1000, 1001], "a gap of 800": [800, 0],
        "256 and 257": [256, 257], "11 twice": [11, 11], "all near −20": [-20, -21, -22],
    }  # fmt: skip
    for name, logits in starts.items():
        page.get_by_role("button", name=name).click()
        np.testing.assert_array_equal(
            results(page),
            examine("log_softmax", [float(z) for z in logits], 0, "float32")["results"],
        )
        assert page.get_by_label("log-softmax in float32").is_checked()
    page.get_by_role("button", name="Reset").click()
    assert len(results(page)) == 4
    assert page.get_by_label("mask A").is_checked()


@pytest.mark.browser
def test_two_to_six_classes_and_the_label_follows(mount):
    page = mount(OverflowLab(logits=[1, 0, 2], label=2))
    for size in (4, 5, 6, 6):
        page.get_by_label("add a class").click()
        assert len(results(page)) == size
    assert "2 to 6" in page.locator(".sb-message").inner_text()
    for _ in range(6):
        page.get_by_label("remove the last class").click()
    assert len(results(page)) == 2
    select = page.get_by_label("correct class y")
    assert select.locator("option").all_inner_texts() == ["A", "B"]
    assert select.input_value() == "1"


@pytest.mark.browser
def test_a_mask_gives_exactly_zero_and_can_take_all(mount):
    page = mount(OverflowLab(logits=[2, 1, 0], method="shifted"))
    page.get_by_label("mask A").check()
    assert results(page)[0] == 0
    assert page.get_by_label("logit of A", exact=True).is_disabled()
    assert (
        page.locator(".sb-steps").first.locator("tbody tr").first.inner_text().count("masked") == 4
    )
    page.get_by_label("mask B").check()
    page.get_by_label("mask C").check()
    assert np.isnan(results(page)).all()
    assert "Every class is masked" in page.locator(".sb-diagnosis").inner_text()
    page.get_by_label("mask C").uncheck()
    assert results(page) == [0, 0, 1]


@pytest.mark.browser
@pytest.mark.parametrize(("logits", "masked"), HARD[:4])
def test_the_copied_python_has_the_same_effect(mount, logits, masked, capsys):
    page = mount(OverflowLab(logits=logits, masked=masked, label=1))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for method, name in ALL:
        choose(page, method, name)
        page.evaluate("navigator.clipboard.writeText('')")
        page.get_by_role("button", name="Copy as Python").click()
        page.wait_for_function("navigator.clipboard.readText().then((text) => text !== '')")
        names = {}
        exec(page.evaluate("navigator.clipboard.readText()"), names)
        theirs = names["log_p" if method.startswith("log") else "p"]
        assert str(theirs.dtype).endswith(name)
        as_floats = np.asarray(theirs.double() if name == "bfloat16" else theirs, dtype=np.float64)
        tolerance = {"float32": 2e-6, "float64": 1e-14}.get(name, 0)
        np.testing.assert_allclose(results(page), as_floats, rtol=tolerance)
        training = numbers(page.locator("table", has_text="for training"))[::2]
        loss, gradient = float(names["loss"]), [float(g) for g in names["gradient"]]
        np.testing.assert_allclose(training, [loss, *gradient], rtol=tolerance, atol=tolerance)
        assert capsys.readouterr().out.count("\n") >= 3


@pytest.mark.browser
def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(OverflowLab(logits=[2, 1]), OverflowLab(logits=[0, 0, 0], format="float64"))
    first, second = page.locator(".sb-explorable").all()
    choose(first, "shifted", "float32")
    assert second.get_by_label("naive softmax in float64").is_checked()
    assert first.locator("input:checked[type=radio]").count() == 1
    first.get_by_role("button", name="add a class").click()
    assert second.locator(".sb-line-row[role=group]").count() == 3


@pytest.mark.browser
def test_enter_in_the_grid_leaves_the_page_alone(mount):
    page = mount(OverflowLab(logits=[2, 1]))
    before = page.url
    page.get_by_label("naive softmax in float16").press("Enter")
    page.wait_for_timeout(100)
    assert page.url == before
    assert len(results(page)) == 2


@pytest.mark.browser
def test_render_returns_its_clean_up(mount):
    page = mount(OverflowLab(logits=[2, 1]))
    left = page.evaluate(
        """async (state) => {
          const listeners = new Set();
          const model = {
            get: (name) => state[name],
            set: () => {},
            save_changes: () => {},
            on: (event, f) => listeners.add(`${event} ${f}`),
            off: (event, f) => listeners.delete(`${event} ${f}`),
          };
          const el = document.createElement("div");
          const clean = (await import("/formats/formats.mjs")).default.render({ model, el });
          const during = [listeners.size, el.children.length];
          clean();
          return [...during, listeners.size, el.children.length];
        }""",
        json.loads(json.dumps(OverflowLab(logits=[2, 1]).state())),
    )
    assert left == [5, 1, 0, 0]


@pytest.mark.browser
def test_a_move_is_told_after_a_pause(mount):
    page = mount(OverflowLab(logits=[2, 1]))
    status = page.locator("p[role=status]")
    assert status.inner_text() == ""
    write(page, "A", 12)
    page.wait_for_function("document.querySelector('p[role=status]').textContent.includes('NaN')")
    assert status.text_content() == "A raised to 12.0: wrong, p is A NaN, B 0."


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    labs = [
        OverflowLab(logits=[10, 12, 3]),
        OverflowLab(
            logits=[800, 0, -800, 1e5, 0.123456, -1e5], method="log_of_softmax", masked=[True]
        ),
        OverflowLab(logits=[256, 257], method="shifted", format="bfloat16"),
    ]
    page = mount(*labs, width=width, scheme=scheme)
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Nothing but a region made for it is wider than the frame.
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".sb *")]
          .filter((node) => !node.closest(".sb-scroll, .sb-hidden"))
          .filter((node) => node.getBoundingClientRect().right
            > node.closest(".sb").getBoundingClientRect().right)
          .map((node) => node.className)"""
    )
    assert wide == []


@pytest.mark.browser
def test_touch_targets_are_large_enough(mount):
    page = mount(OverflowLab(logits=[10, 12, 3]), width=390)
    boxes = page.locator("input, button, select").evaluate_all(
        "nodes => nodes.map(n => n.getBoundingClientRect()).map(b => [b.width, b.height])"
    )
    assert boxes
    assert min(min(box) for box in boxes) >= 24


@pytest.mark.browser
def test_without_javascript_and_on_paper(mount, browser):
    page = mount(OverflowLab(logits=[10, 12, 3]))
    page.emulate_media(media="print")
    assert page.locator(".sb-line").first.is_visible()
    assert page.locator(".sb-steps").first.is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert not page.get_by_role("button", name="10, 12 and 3").is_visible()
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(page.url)
    assert bare.locator("figure[role=img] svg").first.is_visible()
    context.close()
