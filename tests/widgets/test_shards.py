"""Softmax over workers in a real browser: true summaries, and a merge that can be wrong."""

import re

import explorables
import numpy as np
import pytest
from explorables import numbers, put
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook.widgets import ShardExplorer

pytestmark = pytest.mark.browser


def probabilities(page):
    return numbers(page, ".sb-row data")


def merged(page):
    """Return the merged maximum and sum."""
    return numbers(page, ".sb-scroll tfoot data")


def told(page):
    """Return maximum, sum, factor and product of each worker, a row a worker."""
    return np.reshape(numbers(page, ".sb-scroll tbody data"), (-1, 4))


def test_workers_tell_what_the_package_says(mount):
    explorer = ShardExplorer(logits=[3, 2.5, 0, -1], owners=[0, 0, 1, 1])
    page = mount(explorer)
    for row, summary in zip(told(page), explorer.summaries, strict=True):
        np.testing.assert_allclose(row[:2], summary, rtol=1e-12)
    np.testing.assert_allclose(merged(page), explorer.merged, rtol=1e-12)
    np.testing.assert_allclose(probabilities(page), sb.softmax([3, 2.5, 0, -1]), rtol=1e-12)


def test_moving_a_logit_to_another_worker_changes_nothing_in_the_end(mount):
    page = mount(ShardExplorer())
    before, whole = probabilities(page), merged(page)
    page.get_by_label("worker of A").select_option(label="2")
    explorer = ShardExplorer(owners=[1, 0, 0, 1, 1, 1])
    np.testing.assert_allclose(told(page)[:, :2], explorer.summaries, rtol=1e-12)
    np.testing.assert_allclose(probabilities(page), before, rtol=1e-12)
    np.testing.assert_allclose(merged(page), whole, rtol=1e-12)


def test_without_the_factors_the_probabilities_do_not_sum_to_one(mount):
    page = mount(ShardExplorer())
    assert sum(probabilities(page)) == pytest.approx(1, abs=1e-12)
    page.get_by_text("common maximum", exact=False).first.click()
    assert sum(probabilities(page)) < 0.9
    assert "scaled by different maxima were added" in page.locator(".sb-bad").inner_text()
    page.locator("[aria-label=workers] label", has_text="1").click()
    assert sum(probabilities(page)) == pytest.approx(1, abs=1e-12)
    assert "sum to 1" in page.locator(".sb-good").inner_text()


def test_from_one_to_four_workers(mount):
    page = mount(ShardExplorer(logits=[1, 2, 3], owners=[0, 3, 3], n_workers=4))
    assert told(page).shape == (4, 4)
    assert "tells nothing" in page.locator(".sb-summary").inner_text()
    np.testing.assert_allclose(probabilities(page), sb.softmax([1, 2, 3]), rtol=1e-12)
    page.locator("[aria-label=workers] label", has_text="2").click()
    assert told(page).shape == (2, 4)
    assert page.get_by_label("worker of C").input_value() == "1"


def test_from_one_to_eight_classes(mount):
    page = mount(ShardExplorer(logits=[1.0], owners=[0]))
    for size in range(2, 9):
        page.get_by_label("add a class").click()
        assert len(probabilities(page)) == size
    page.get_by_label("add a class").click()
    assert "1 to 8" in page.locator(".sb-message").inner_text()
    for _ in range(8):
        page.get_by_label("remove the last class").click()
    assert probabilities(page) == [1]


def test_a_thousand_does_no_harm(mount):
    page = mount(ShardExplorer(logits=[1000, -1000, 999, 0], owners=[0, 0, 1, 1]))
    np.testing.assert_allclose(
        probabilities(page), sb.softmax([1000, -1000, 999, 0]), rtol=1e-12, atol=1e-300
    )


def test_keyboard_alone(mount):
    page = mount(ShardExplorer(logits=[0, 0], owners=[0, 1]))
    page.get_by_label("logit of A", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    np.testing.assert_allclose(probabilities(page), sb.softmax([0.3, 0]), rtol=1e-12)
    page.get_by_label("worker of A").focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("worker of A").input_value() == "1"
    assert told(page)[0, 1] == 0


@pytest.mark.parametrize("typed", ["abc", "", "1e9"])
def test_a_bad_number_is_held_at_the_last_good_value(mount, typed):
    page = mount(ShardExplorer(logits=[2, 1], owners=[0, 1]))
    field = page.get_by_label("logit of A, as a number")
    field.fill(typed)
    field.press("Enter")
    assert field.input_value() == "2"
    assert "kept 2" in page.locator(".sb-message").inner_text()


def test_reset_and_copy_as_python(mount, capsys):
    page = mount(ShardExplorer(n_workers=4, owners=[0, 0, 3, 3, 1, 1]))
    put(page, "logit of A", -4)
    page.get_by_label("worker of B").select_option(label="4")
    exec(explorables.copied(page), {})
    first, *shares = capsys.readouterr().out.splitlines()
    np.testing.assert_allclose([float(x) for x in first.split()[:2]], merged(page), rtol=1e-12)
    printed = sorted(float(x) for x in shares[0].split())
    np.testing.assert_allclose(printed, sorted(probabilities(page)), rtol=1e-12)
    page.get_by_role("button", name="Reset").click()
    assert page.get_by_label("logit of A", exact=True).input_value() == "3"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"logits": []}, "1 to 8 finite numbers"),
        ({"logits": [0.0] * 9}, "got 9 of them"),
        ({"logits": [float("inf")]}, "inf"),
        ({"owners": [4]}, "owners"),
        ({"owners": [-1]}, "owners"),
        ({"owners": [0] * 9}, "at most 8"),
        ({"n_workers": 0}, "n_workers"),
        ({"n_workers": 5}, "n_workers"),
        ({"rescaled": 2}, "rescaled"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        ShardExplorer(**arguments)


def test_logits_without_an_owner_are_dealt_out():
    explorer = ShardExplorer(logits=[1, 2, 3, 4], owners=[1], n_workers=2)
    assert [part.tolist() for part in explorer.parts] == [[3], [1, 2, 4]]
    assert explorer.merged.log_normaliser == pytest.approx(sb.logsumexp([1, 2, 3, 4]), rel=1e-14)


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(ShardExplorer(), ShardExplorer(n_workers=3))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    put(first, "logit of A", -2)
    first.get_by_label("worker of B").select_option(label="2")
    assert second.inner_text() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(
        ShardExplorer(n_workers=4),
        ShardExplorer(logits=[1000, -900] * 4, rescaled=False),
        width=width,
        scheme=scheme,
    )
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(ShardExplorer())
    assert explorables.left_behind(page, ShardExplorer()) == ((4, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-scroll").is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)
