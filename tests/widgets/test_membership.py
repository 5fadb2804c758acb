"""The attack on membership in a real browser: shares, advantage and area are the package's."""

import re

import explorables
import numpy as np
import pytest
from explorables import numbers, put
from javascript import call
from traitlets import TraitError

from softmaxbook.transfer.membership import advantage, attack_auc, guesses
from softmaxbook.widgets import MembershipExplorer

pytestmark = pytest.mark.browser

RNG = np.random.default_rng(3)
MEMBERS, OTHERS = RNG.normal(1.0, 1.0, 60).round(1), RNG.normal(0.0, 1.5, 45).round(1)


def facts(page):
    """Return the shares of members and others called so, the advantage, and the area."""
    return numbers(page, ".sb-facts data")


def package(threshold, members=MEMBERS, others=OTHERS):
    hits, alarms = (float(np.mean(side >= threshold)) for side in (members, others))
    gained = advantage(members, others, threshold)
    return [hits, alarms, gained, attack_auc(members, others)]


def test_the_numerics_are_the_package_s():
    sides = MEMBERS.tolist(), OTHERS.tolist()
    calls = [(name, *sides) for name in ("guesses", "area", "bestThreshold")]
    pairs, area, best = call("numerics/membership", calls)
    found = guesses(*sides)
    np.testing.assert_allclose(pairs, np.stack([found.others, found.members], axis=1))
    assert area == pytest.approx(attack_auc(*sides), rel=1e-12)
    gains = found.members - found.others
    assert advantage(*sides, best) == pytest.approx(gains.max(), rel=1e-12)


@pytest.mark.parametrize("threshold", [-9.0, 0.5, 1.2, 9.0])
def test_the_numbers_are_the_package_s(mount, threshold):
    page = mount(MembershipExplorer(MEMBERS, OTHERS, threshold))
    assert facts(page) == pytest.approx(package(threshold), rel=1e-12, abs=1e-12)
    point = page.locator("circle.sb-handle")
    x, y = (float(point.get_attribute(name)) for name in ("cx", "cy"))
    hits, alarms, *_ = package(threshold)
    assert (x - 40) / (326 - 40) == pytest.approx(alarms, abs=1e-6)
    assert (226 - y) / (226 - 24) == pytest.approx(hits, abs=1e-6)


def test_the_largest_advantage_is_found(mount):
    page = mount(MembershipExplorer(MEMBERS, OTHERS))
    page.get_by_role("button", name="Largest advantage").click()
    found = guesses(MEMBERS, OTHERS)
    assert facts(page)[2] == pytest.approx((found.members - found.others).max(), rel=1e-12)


def test_dragging_and_the_slider(mount):
    page = mount(MembershipExplorer(MEMBERS, OTHERS))
    put(page, "threshold", 0.75)
    assert facts(page) == pytest.approx(package(0.75), rel=1e-12)
    box = page.locator("svg.sb-picture").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    now = float(
        page.get_by_label("threshold", exact=True).get_attribute("aria-valuetext").replace("−", "-")
    )
    assert now > 1.5
    assert facts(page) == pytest.approx(package(now), rel=1e-12)


def test_keyboard_reset_and_copy_as_python(mount):
    page = mount(MembershipExplorer(MEMBERS, OTHERS, threshold=0.5))
    page.get_by_label("threshold", exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    now = float(page.get_by_label("threshold", exact=True).get_attribute("aria-valuetext"))
    assert now > 0.5
    assert facts(page) == pytest.approx(package(now), rel=1e-12)
    names = {}
    exec(explorables.copied(page), names)
    assert [names["gained"], names["area"]] == pytest.approx(facts(page)[2:], rel=1e-12)
    page.get_by_role("button", name="Reset").click()
    assert facts(page) == pytest.approx(package(0.5), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1.0], [1.0, 2.0]), "members must hold 2 to 400"),
        (([1.0, np.nan], [1.0, 2.0]), "members must hold"),
        (([1.0, 2.0], [1.0, 2.0], "high"), "threshold must be a number"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        MembershipExplorer(*arguments)


def test_all_scores_alike_are_drawn(mount):
    page = mount(MembershipExplorer([1.0, 1.0], [1.0, 1.0], threshold=1.0))
    assert facts(page) == [1, 1, 0, 0.5]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(MembershipExplorer(MEMBERS, OTHERS), width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_and_no_script(mount, browser):
    explorer = MembershipExplorer(MEMBERS, OTHERS)
    page = mount(explorer)
    assert explorables.left_behind(page, explorer) == ((3, 1), (0, 0))
    assert explorables.visible_without_javascript(page, browser)
