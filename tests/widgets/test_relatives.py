"""The relatives in a real browser: the package's numbers, and counts that add up."""

import re

import explorables
import numpy as np
import pytest
from explorables import numbers, put
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook.family.sparse import entmax
from softmaxbook.widgets import RelativesExplorer

pytestmark = pytest.mark.browser


def table(page):
    """Return the probabilities in the table of maps, a row a map."""
    return np.reshape(numbers(page, ".sb-scroll data"), (4, 3))


def wanted(logits, temperature=1.0, alpha=1.25):
    maps = (sb.softmax, sb.entmax15, sb.sparsemax)
    rows = [relative(logits, temperature=temperature) for relative in maps]
    return [*rows, entmax(logits, alpha, temperature=temperature)]


def won(page):
    return numbers(page, ".sb-tallies data")


def test_shows_the_probabilities_of_the_package(mount):
    page = mount(RelativesExplorer(logits=[2, 1, -1]))
    np.testing.assert_allclose(table(page), wanted([2, 1, -1]), rtol=1e-12, atol=1e-15)
    put(page, "logit of B", 1.7)
    put(page, "temperature T", np.log(2))
    put(page, "α of your own", 3)
    np.testing.assert_allclose(table(page), wanted([2, 1.7, -1], 2, 3), rtol=1e-10, atol=1e-12)


def test_exact_zeros_are_said(mount):
    page = mount(RelativesExplorer(logits=[2, 1, -1]))
    assert (
        "sparsemax A 1.000, B 0.000, C 0.000 (2 exactly 0)"
        in page.locator(".sb-summary").inner_text()
    )
    put(page, "temperature T", np.log(19))
    assert "exactly 0" not in page.locator(".sb-summary").inner_text()


def test_draws_add_up_and_fall_where_softmax_says(mount):
    page = mount(RelativesExplorer(logits=[1, 0.5, -0.5]))
    assert won(page) == [0, 0, 0]
    for name, total in (("draw 1", 1), ("draw 100", 101), ("draw 1000", 1101)):
        page.get_by_role("button", name=name, exact=True).click()
        assert sum(won(page)) == total
    expected = 1101 * sb.softmax([1, 0.5, -0.5])
    spread = np.sqrt(expected * (1 - expected / 1101))
    assert (np.abs(won(page) - expected) < 5 * spread).all()
    before = won(page)
    page.get_by_role("button", name="other noise").click()
    assert won(page) != before
    page.get_by_role("button", name="draw 1000", exact=True).click()
    page.get_by_role("button", name="draw 1000", exact=True).click()
    assert sum(won(page)) == 2000
    assert "2000 draws" in page.locator(".sb-message").inner_text()
    page.get_by_role("button", name="none").click()
    assert won(page) == [0, 0, 0]


def test_the_temperature_moves_relaxed_points_and_not_who_wins(mount):
    page = mount(RelativesExplorer(logits=[1, 0, -1], draws=500))
    page.get_by_text("relaxed draws: T divides").click()
    before = won(page)
    clouds = [page.locator(".sb-draws").first.get_attribute("d")]
    put(page, "temperature T", np.log(0.2))
    clouds.append(page.locator(".sb-draws").first.get_attribute("d"))
    assert won(page) == before
    assert clouds[0] != clouds[1]
    page.get_by_text("relaxed draws: T divides").click()
    assert won(page) != before  # T divides the logits alone again
    assert page.locator(".sb-draws").count() == 0


def test_dragging_moves_the_point_of_softmax(mount):
    page = mount(RelativesExplorer(logits=[0, 0, 0]))
    box = page.locator(".sb-picture").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.66)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.15, steps=4)
    page.mouse.up()
    assert table(page)[0, 0] > 0.85
    assert table(page)[2].tolist() == [1, 0, 0]


def test_keyboard_alone(mount):
    page = mount(RelativesExplorer(logits=[0, 0, 0]))
    page.get_by_label("logit of A", exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    np.testing.assert_allclose(table(page)[0], sb.softmax([0.5, 0, 0]), rtol=1e-12)
    page.get_by_role("button", name="draw 100", exact=True).focus()
    page.keyboard.press("Enter")
    assert sum(won(page)) == 100


def test_extremes(mount):
    page = mount(RelativesExplorer(logits=[1000, -1000, 999.5], temperature=0.05, alpha=4))
    np.testing.assert_allclose(
        table(page), wanted([1000, -1000, 999.5], 0.05, 4), rtol=1e-10, atol=1e-12
    )
    put(page, "temperature T", 99)
    assert np.isfinite(table(page)).all()


def test_reset_and_copy_as_python(mount, capsys):
    page = mount(RelativesExplorer(logits=[2, 1, -1]))
    put(page, "logit of A", 0.4)
    put(page, "α of your own", 1.75)
    page.get_by_role("button", name="draw 100", exact=True).click()
    names = {}
    exec(explorables.copied(page), names)
    printed = [float(text) for text in capsys.readouterr().out.split()]
    np.testing.assert_allclose(np.reshape(printed, (4, 3)), table(page), rtol=1e-10, atol=1e-12)
    assert len(names["draws"]) == 100
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_allclose(table(page), wanted([2, 1, -1]), rtol=1e-12, atol=1e-15)
    assert won(page) == [0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"logits": [1.0, 2.0]}, "each of the three classes; got 2"),
        ({"logits": [1.0, 2.0, float("nan")]}, "nan"),
        ({"temperature": 0.0}, "from 0.001 to 1000"),
        ({"alpha": 0.5}, "from 1 to 4"),
        ({"draws": -1}, "draws"),
        ({"draws": 2001}, "draws"),
        ({"seed": 0.5}, "seed"),
        ({"relaxed": "yes"}, "relaxed"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        RelativesExplorer(**arguments)


def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(RelativesExplorer(), RelativesExplorer(names=["cat", "dog", "bird"]))
    first, second = page.locator(".sb-explorable").all()
    before = second.inner_text()
    put(first, "logit of A", -2)
    first.get_by_role("button", name="draw 100", exact=True).click()
    assert second.inner_text() == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(
        RelativesExplorer(draws=300, relaxed=True),
        RelativesExplorer(logits=[-900, 5, 5]),
        width=width,
        scheme=scheme,
    )
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_paper_and_no_script(mount, browser):
    page = mount(RelativesExplorer())
    assert explorables.left_behind(page, RelativesExplorer()) == ((7, 1), (0, 0))
    page.emulate_media(media="print")
    assert page.locator(".sb-picture").is_visible()
    assert not page.locator(".sb-toolbar").is_visible()
    assert explorables.visible_without_javascript(page, browser)
