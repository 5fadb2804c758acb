"""Choices in a real browser: shares, ratios and inclusive values are the package's."""

import re

import explorables
import numpy as np
import pytest
from agreement import agree
from explorables import numbers, put
from javascript import call
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook.widgets import ChoiceExplorer

# ── Python ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"quality": [5.0]}, "2 to 4 finite numbers"),
        ({"quality": [1.0] * 5}, "got 5 of them"),
        ({"quality": [1.0, 11.0, 2.0]}, "quality must be from 0 to 10"),
        ({"price": [1.0, -1.0, 2.0]}, "price must be from 0 to 100"),
        ({"price": [1.0, 2.0]}, "each of the 3 things; got 2"),
        ({"price": [1.0, float("nan"), 2.0]}, "nan"),
        ({"worth": 2.5}, "from 0 to 2"),
        ({"cost": "much"}, "'much'"),
        ({"copied": 3}, "from 0 to 2, or −1; got 3"),
        ({"copied": -2}, "got -2"),
        ({"better": 3}, "from -2 to 2"),
        ({"dissimilarity": 0.0}, "from 0.05 to 1"),
    ],
)
def test_bad_values_are_refused_with_what_is_wanted(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        ChoiceExplorer(**arguments)


def test_a_shorter_list_takes_prices_and_copy_along():
    explorer = ChoiceExplorer(copied=2)
    explorer.quality = [5.0, 6.0]
    assert (explorer.price, explorer.copied) == ([40.0, 70.0], -1)
    assert len(ChoiceExplorer(quality=[1, 2, 3, 4], price=[5, 6, 7, 8]).utilities) == 4


def test_properties_are_the_package():
    explorer = ChoiceExplorer(copied=1, better=0.5, dissimilarity=0.4)
    assert explorer.names == ["A", "B", "C", "B′"]
    np.testing.assert_allclose(explorer.utilities, [1, 1, 1, 1.25])
    np.testing.assert_array_equal(explorer.softmax_shares, sb.softmax(explorer.utilities))
    wanted = sb.nested_logit(explorer.utilities, [0, 1, 2, 1], 0.4)
    np.testing.assert_array_equal(explorer.nested_shares, wanted)


def test_the_picture_tells_every_share():
    explorer = ChoiceExplorer(copied=0, dissimilarity=0.2)
    alt = explorer.picture().alt
    for shares in (explorer.softmax_shares, explorer.nested_shares):
        assert all(f"{share:.3f}" in alt for share in shares)


# ── numerics ──────────────────────────────────────────────────────────────────────────────────


def problems():
    rng = np.random.default_rng(20261128)
    for _ in range(2000):
        n_nests = rng.integers(1, 4)
        nests = rng.permutation(np.append(np.arange(n_nests), rng.integers(n_nests, size=3)))
        utilities = rng.choice([1e-3, 1.0, 5.0, 20.0]) * rng.normal(size=len(nests))
        if rng.random() < 0.2:
            utilities[rng.integers(len(nests))] = -np.inf
        yield utilities, nests, rng.uniform(0.05, 1, n_nests)
    yield np.zeros(3), np.array([0, 1, 1]), np.array([1.0, 0.05])
    yield np.array([0.0, -np.inf, -np.inf]), np.array([0, 1, 1]), np.array([1.0, 0.3])


def test_nested_logit_and_inclusive_values_agree_with_the_package():
    drawn = list(problems())
    given = [(u.tolist(), nests.tolist(), scales.tolist()) for u, nests, scales in drawn]
    shares = call("numerics/choices", [("nestedLogit", *each) for each in given])
    values = call("numerics/choices", [("inclusiveValues", *each) for each in given])
    for (u, nests, scales), p, found in zip(drawn, shares, values, strict=True):
        agree(p, sb.nested_logit(u, nests, scales))
        wanted = [s * sb.logsumexp(u[nests == k] / s) for k, s in enumerate(scales)]
        agree(found, wanted, scale=np.maximum(np.abs(wanted), 1.0))


# ── the page ──────────────────────────────────────────────────────────────────────────────────

browser_test = pytest.mark.browser


def shares(page):
    """Return the shares by softmax and those with nests, and see that bars are as long."""
    rows = np.reshape(numbers(page, ".sb-shares data"), (-1, 2)).T
    script = "bars => bars.map((bar) => Number(bar.style.getPropertyValue('--sb-to')))"
    drawn = page.locator(".sb-shares .sb-bar").evaluate_all(script)
    np.testing.assert_array_equal(np.reshape(drawn, (-1, 2)).T, rows)
    return rows


def ratios(page):
    return np.reshape(numbers(page, ".sb-ratios data"), (-1, 3))


def agrees(page, explorer):
    plain, nested = shares(page)
    np.testing.assert_allclose(plain, explorer.softmax_shares, rtol=1e-12)
    np.testing.assert_allclose(nested, explorer.nested_shares, rtol=1e-12)


@browser_test
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"copied": 0},
        {"copied": 2, "better": -1.5, "dissimilarity": 0.05},
        {"copied": 1, "dissimilarity": 1.0},
        {"quality": [10, 0], "price": [0, 100], "worth": 2, "cost": 2, "copied": 1},
        {"quality": [1, 2, 3, 4], "price": [5, 6, 7, 8], "copied": 3, "better": 2},
    ],
)
def test_shares_are_the_package_s(mount, values):
    explorer = ChoiceExplorer(**values)
    page = mount(explorer)
    agrees(page, explorer)
    utilities = numbers(page, ".sb-goods data")
    np.testing.assert_allclose(utilities, explorer.utilities[: len(utilities)], atol=1e-12)


@browser_test
def test_softmax_keeps_all_ratios_and_nests_those_without_the_copied_one(mount):
    page = mount(ChoiceExplorer(quality=[6, 8, 5], copied=0, dissimilarity=0.3))
    before, plain, nested = ratios(page).T  # of A : B, A : C, B : C
    np.testing.assert_allclose(plain, before, rtol=1e-12)
    assert (nested[:2] < 0.9 * before[:2]).all()
    np.testing.assert_allclose(nested[2], before[2], rtol=1e-12)
    said = page.locator(".sb-says").inner_text()
    assert "Softmax keeps every ratio" in said
    assert "A : B and A : C moved" in said
    assert page.locator(".sb-moved-ratio").count() == 2
    put(page, "nest parameter λ", 1)
    assert page.locator(".sb-moved-ratio").count() == 0
    assert "every ratio stays too" in page.locator(".sb-says").inner_text()


@browser_test
def test_a_copy_takes_from_all_by_softmax_and_from_its_like_with_nests(mount):
    page = mount(ChoiceExplorer())
    assert shares(page).shape == (2, 3)
    assert "nothing to compare" in page.locator(".sb-says").inner_text()
    assert page.get_by_label("the copy is better by").is_disabled()
    page.get_by_label("also offered").select_option("a copy of A")
    plain, nested = shares(page)
    np.testing.assert_allclose(plain, 0.25, rtol=1e-12)
    put(page, "nest parameter λ", 0.05)
    plain, nested = shares(page)
    assert plain[[0, 3]].sum() == pytest.approx(0.5)
    assert 1 / 3 < nested[[0, 3]].sum() < 0.35
    value, together = numbers(page, ".sb-formula data")
    assert value == pytest.approx(1 + 0.05 * np.log(2), rel=1e-12)
    assert together == pytest.approx(nested[[0, 3]].sum(), rel=1e-12)


@browser_test
def test_moving_what_is_offered(mount):
    page = mount(ChoiceExplorer(copied=1, dissimilarity=0.5))
    put(page, "quality of B", 7.5)
    put(page, "price of C", 35)
    put(page, "a point of quality adds", 0.8)
    put(page, "ten of price take", 0.3)
    put(page, "the copy is better by", -0.4)
    wanted = ChoiceExplorer(
        quality=[6, 7.5, 4], price=[40, 70, 35], worth=0.8, cost=0.3, copied=1, better=-0.4,
        dissimilarity=0.5,
    )  # fmt: skip
    agrees(page, wanted)


@browser_test
def test_dragging_the_line_and_the_curves(mount):
    page = mount(ChoiceExplorer(copied=0))
    picture = page.locator("svg.sb-picture")
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 40, steps=4)
    page.mouse.up()
    scale = float(page.get_by_label("nest parameter λ").get_attribute("aria-valuetext"))
    assert 0.8 < scale < 1
    agrees(page, ChoiceExplorer(copied=0, dissimilarity=scale))
    # The curve of A starts lower than it ends: its copy takes less the less they are alike.
    line = page.locator("polyline.sb-curve").first.get_attribute("points")
    heights = np.array([pair.split(",")[1] for pair in line.split()], dtype=float)
    assert (np.diff(heights) < 0).all()  # the drawing's y points down


@browser_test
def test_keyboard_alone(mount):
    page = mount(ChoiceExplorer(copied=0, dissimilarity=0.3))
    page.get_by_label("quality of A", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("nest parameter λ").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.get_by_label("also offered").focus()
    page.keyboard.press("ArrowDown")
    quality = [6.5, 9.0, 4.0]
    agrees(page, ChoiceExplorer(quality=quality, copied=1, dissimilarity=0.35))


@browser_test
def test_reset_and_copy_as_python(mount):
    page = mount(ChoiceExplorer(copied=0))
    before = page.locator(".sb-body").inner_text()
    put(page, "quality of A", 9)
    put(page, "nest parameter λ", 0.61)
    names = {}
    exec(explorables.copied(page), names)
    np.testing.assert_allclose([names["plain"], names["nested"]], shares(page), rtol=1e-12)
    page.get_by_role("button", name="Reset").click()
    assert page.locator(".sb-body").inner_text() == before


@browser_test
def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(ChoiceExplorer(), ChoiceExplorer(copied=1))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    first.get_by_label("also offered").select_option("a copy of C")
    assert "C and its copy" in first.inner_text()
    assert second.inner_text() == before


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    other = ChoiceExplorer(quality=[1, 2, 3, 4], price=[100, 6, 7, 8], copied=3)
    page = mount(ChoiceExplorer(), other, width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


@browser_test
def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(ChoiceExplorer(copied=0))
    assert explorables.left_behind(page, ChoiceExplorer()) == ((7, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-picture").is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)
