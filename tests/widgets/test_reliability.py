"""Calibration in a real browser: diagram, error and best temperature are the package's."""

import re

import explorables
import numpy as np
import pytest
from explorables import numbers, put
from matplotlib import pyplot as plt
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook import plots
from softmaxbook.learning.calibration import expected_calibration_error, reliability
from softmaxbook.learning.remedies import fit_temperature
from softmaxbook.widgets import CalibrationExplorer

pytestmark = pytest.mark.browser


def drawn(n_rows=60, n_classes=3, sharpness=3.0, seed=5):
    """Return logits of a model that is too sure, and labels."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(n_rows, n_classes))
    labels = [int(rng.choice(n_classes, p=p)) for p in sb.softmax(truth)]
    return np.round(sharpness * truth, 3), np.array(labels)


LOGITS, LABELS = drawn()
HALVES = {"validation": slice(30), "test": slice(30, None)}
MEASURES = ("cross-entropy", "ECE", "chance", "confidence", "accuracy")


def table(page):
    """Return the numbers of the table by measure: validation before, now, test before, now."""
    rows = np.reshape(numbers(page, ".sb-tight data"), (-1, 4))
    return dict(zip(MEASURES, rows, strict=True))


def wanted(half, temperature, n_bins=10):
    """Return cross-entropy, ECE, mean confidence and accuracy by the package."""
    z, y = LOGITS[HALVES[half]], LABELS[HALVES[half]]
    p = sb.softmax(z, temperature=temperature)
    return [
        sb.cross_entropy(z / temperature, y),
        expected_calibration_error(p, y, n_bins),
        p.max(axis=1).mean(),
        (p.argmax(axis=1) == y).mean(),
    ]


def bars(page):
    """Return the gaps of the diagram's bins that are not empty, and all counts."""
    gaps = page.locator(".sb-gap").evaluate_all("nodes => nodes.map((n) => Number(n.dataset.gap))")
    counts = page.locator(".sb-count").evaluate_all(
        "nodes => nodes.map((n) => Number(n.dataset.count))"
    )
    return gaps, counts


def test_every_number_is_the_package_s_at_any_temperature(mount):
    page = mount(CalibrationExplorer(logits=LOGITS, labels=LABELS))
    put(page, "temperature T", np.log(2.5))
    put(page, "bins", 6)
    found = table(page)
    for place, (half, temperature) in enumerate(
        [("validation", 1), ("validation", 2.5), ("test", 1), ("test", 2.5)]
    ):
        shown = [found[name][place] for name in MEASURES if name != "chance"]
        np.testing.assert_allclose(shown, wanted(half, temperature, 6), rtol=1e-12)


@pytest.mark.parametrize("half", HALVES)
def test_the_diagram_shows_the_bins_of_the_half(mount, half):
    page = mount(CalibrationExplorer(logits=LOGITS, labels=LABELS, n_bins=7))
    page.locator("select").select_option(half)
    diagram = reliability(sb.softmax(LOGITS[HALVES[half]]), LABELS[HALVES[half]], 7)
    gaps, counts = bars(page)
    assert counts == diagram.counts.tolist()
    full = diagram.counts > 0
    np.testing.assert_allclose(gaps, (diagram.confidence - diagram.accuracy)[full], atol=1e-12)
    assert f"on the {half} half" in page.locator(".sb-summary").inner_text()


def test_bars_are_as_high_as_the_gaps(mount):
    page = mount(CalibrationExplorer(logits=LOGITS, labels=LABELS, n_bins=4))
    gaps, _ = bars(page)
    heights = page.locator(".sb-gap").evaluate_all("n => n.map((x) => x.height.baseVal.value)")
    scale = np.array(heights) / np.abs(gaps)
    np.testing.assert_allclose(scale, scale[0], rtol=1e-4)


def test_the_best_temperature_comes_from_the_validation_half_alone(mount):
    page = mount(CalibrationExplorer(logits=LOGITS, labels=LABELS, half="test"))
    accuracy = table(page)["accuracy"]
    page.get_by_role("button", name="Best T").click()
    best = fit_temperature(LOGITS[:30], LABELS[:30])
    assert best != pytest.approx(fit_temperature(LOGITS, LABELS), rel=1e-3)
    found = table(page)
    shown = [found[name][3] for name in MEASURES if name != "chance"]
    np.testing.assert_allclose(shown, wanted("test", best), rtol=1e-9)
    assert found["cross-entropy"][1] < found["cross-entropy"][0]
    np.testing.assert_array_equal(found["accuracy"], accuracy)
    assert "the same at every T" in page.locator(".sb-note").last.inner_text()
    assert CalibrationExplorer(logits=LOGITS, labels=LABELS).best_temperature == best


@pytest.mark.parametrize(
    ("labels", "says"), [([0] * 8, "the smaller T"), ([1] * 8, "the larger T")]
)
def test_where_no_temperature_is_best_it_says_so(mount, labels, says):
    page = mount(CalibrationExplorer(logits=[[2.0, -1.0]] * 8, labels=labels))
    page.get_by_role("button", name="Best T").click()
    assert says in page.locator(".sb-message").inner_text()
    assert "T 1.00" in page.get_by_label("temperature T").evaluate("n => 'T ' + n.ariaValueText")


def test_a_temperature_that_is_the_best_already_is_told(mount):
    page = mount(CalibrationExplorer(logits=LOGITS, labels=LABELS))
    message = page.locator(".sb-message")
    for said in ("", "the best of the validation half"):
        page.get_by_role("button", name="Best T").click()
        assert (said in message.inner_text()) if said else message.inner_text() == ""


def test_the_simulated_model_is_too_sure_by_its_factor(mount):
    explorer = CalibrationExplorer()
    assert explorer.best_temperature == pytest.approx(2, rel=0.2)
    page = mount(explorer)
    assert "too sure" in page.locator(".sb-summary").inner_text()
    put(page, "temperature T", np.log(15))
    assert "not sure enough" in page.locator(".sb-summary").inner_text()


def test_keyboard_alone(mount):
    page = mount(CalibrationExplorer(logits=LOGITS, labels=LABELS))
    page.get_by_label("bins").focus()
    page.keyboard.press("Home")
    assert len(bars(page)[1]) == 2
    page.locator("select").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Best T").focus()
    page.keyboard.press("Enter")
    assert sum(bars(page)[1]) == 30
    assert "on the test half" in page.locator(".sb-summary").inner_text()


def test_reset_and_copy_as_python(mount):
    page = mount(CalibrationExplorer(logits=LOGITS, labels=LABELS))
    put(page, "temperature T", np.log(3))
    put(page, "bins", 5)
    page.locator("select").select_option("test")
    names = {}
    exec(explorables.copied(page), names)
    assert names["best"] == fit_temperature(LOGITS[:30], LABELS[:30])
    assert names["error"] == pytest.approx(table(page)["ECE"][3], rel=1e-12)
    page.get_by_role("button", name="Reset").click()
    assert table(page)["ECE"][1] == pytest.approx(wanted("validation", 1)[1], rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"logits": LOGITS}, "labels is missing"),
        ({"labels": LABELS}, "logits is missing"),
        ({"logits": LOGITS, "labels": LABELS[:-1]}, "for each of 60 rows; got 59"),
        ({"logits": LOGITS, "labels": [*LABELS[:-1], 3]}, "row 59 has"),
        ({"logits": LOGITS, "labels": LABELS + 0.5}, "row 0 has"),
        ({"logits": [[1.0, np.inf]] * 4, "labels": [0] * 4}, "row 0 has not"),
        ({"logits": [[1.0, 2.0], [1.0]] * 2, "labels": [0] * 4}, "got something else"),
        ({"logits": "abcd", "labels": [0] * 4}, "got something else"),
        ({"logits": np.zeros((401, 3)), "labels": [0] * 401}, "got 401 rows of 3"),
        ({"logits": np.zeros((9, 11)), "labels": [0] * 9}, "got 9 rows of 11"),
        ({"n_bins": 1}, "n_bins"),
        ({"half": "training"}, "half"),
        ({"temperature": 0}, "from 0.001 to 1000"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        CalibrationExplorer(**arguments)


def test_a_refused_change_leaves_the_rows():
    explorer = CalibrationExplorer(logits=LOGITS, labels=LABELS)
    with pytest.raises(TraitError):
        explorer.labels = [0, 1]
    assert explorer.labels == LABELS.tolist()


def test_the_state_is_light_and_rounded():
    explorer = CalibrationExplorer(logits=np.full((400, 10), np.pi), labels=[0] * 400)
    assert explorer.logits[0][0] == 3.142
    assert len(explorer.placeholder()) < 250_000
    assert sum(len(str(row)) for row in explorer.logits) < 40_000


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(CalibrationExplorer(), CalibrationExplorer(logits=LOGITS, labels=LABELS))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    first.get_by_role("button", name="Best T").click()
    assert "At temperature 1.00" not in first.inner_text()
    assert second.inner_text() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    other = CalibrationExplorer(logits=LOGITS, labels=LABELS, n_bins=20, half="test")
    page = mount(CalibrationExplorer(), other, width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(CalibrationExplorer())
    assert explorables.left_behind(page, CalibrationExplorer()) == ((5, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-picture").first.is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)


def test_pictures_hold_the_numbers_given():
    diagram = reliability(sb.softmax(LOGITS), LABELS, 8)
    full = diagram.counts > 0
    figure, (above, below) = plt.subplots(2, 1)
    plots.reliability_bars(above, diagram)
    share, gap = above.containers
    assert [bar.get_height() for bar in share] == diagram.accuracy[full].tolist()
    ends = [bar.get_y() + bar.get_height() for bar in gap]
    np.testing.assert_allclose(ends, diagram.confidence[full])
    plots.confidence_bars(below, diagram)
    assert [bar.get_height() for bar in below.patches] == diagram.counts.tolist()
    plt.close(figure)
