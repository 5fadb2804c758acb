"""Attention in a real browser: the package's numbers, masks of every kind, a row with nothing."""

import itertools
import re

import explorables
import javascript
import numpy as np
import pytest
from agreement import agree
from explorables import numbers, put
from readable import positive
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook.family.lookup import attention_weights
from softmaxbook.widgets import AttentionExplorer
from softmaxbook.widgets.attention import BLANKS

NOTHING = [[True] * 4, [False] * 4, [True] * 4, [True, False, True, True]]
PRICES = {"key_rows": [[1, 0], [0, 1], [1, 1]], "value_rows": [[3], [5], [2]]}


def drawn(seed, n=4, m=4, d=4, e=2, size=2.0):
    """Return random rows as the explorable takes them."""
    rng = np.random.default_rng(seed)
    shapes = {"query_rows": (n, d), "key_rows": (m, d), "value_rows": (m, e)}
    rows = {name: np.clip(size * rng.normal(size=shape), -10, 10) for name, shape in shapes.items()}
    mask = rng.random((n, m)) < 0.7
    return {**{name: row.tolist() for name, row in rows.items()}, "mask": mask.tolist()}


def arrays(explorer):
    return (np.array(getattr(explorer, f"{name}_rows")) for name in ("query", "key", "value"))


# ── Python ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"query_rows": []}, "1 to 6 rows"),
        ({"query_rows": [[]]}, "1 to 6 rows of 1 to 6"),
        ({"query_rows": [[1.0, 2.0], [3.0]]}, "all of one length"),
        ({"query_rows": [[0.0] * 7]}, "1 to 6 numbers"),
        ({"query_rows": 3}, "got 3"),
        ({"query_rows": [[11, 0, 0, 0]]}, "from −10 to 10"),
        ({"query_rows": [[np.nan, 0, 0, 0]]}, "nan"),
        ({"key_rows": [["1", 0, 0, 0]] * 4}, "'1'"),
        ({"query_rows": [[1.0, 2.0]]}, "of one width, got 2 and 4"),
        ({"value_rows": [[1.0]]}, "each key needs a value, got 4 keys and 1 values"),
        ({"mask": [[1, 0, 1, 1]] * 4}, "truth values"),
        ({"mask": [[True] * 3] * 4}, "mask must be 4 rows of 4; got (4, 3)"),
        ({"padding": 5}, "from 0 to 4 keys; got 5"),
        ({"padding": -1}, "got -1"),
        ({"blank": "empty"}, "'zeros', 'nan', 'finite'"),
        ({"names": list("abcde")}, "4 keys; got 5 names"),
        ({"causal": "yes"}, "causal"),
    ],
)
def test_bad_values_are_refused_with_what_is_wanted(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        AttentionExplorer(**arguments)


def test_a_refused_change_leaves_what_was_there():
    explorer = AttentionExplorer(**drawn(0))
    before = explorer.state()
    for name, value in {
        "query_rows": [[1.0]],
        "key_rows": [[20.0] * 4] * 4,
        "mask": [[True]],
        "padding": 9,
        "blank": "?",
    }.items():
        with pytest.raises(TraitError):
            setattr(explorer, name, value)
    assert explorer.state() == before


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("padding", [0, 1, 4])
@pytest.mark.parametrize("scaled", [False, True])
def test_properties_are_the_package(causal, padding, scaled):
    explorer = AttentionExplorer(**drawn(1), causal=causal, padding=padding, scaled=scaled)
    q, k, v = arrays(explorer)
    mask = np.array(explorer.mask) & (np.arange(4) < 4 - padding)
    scale = 0.5 if scaled else 1.0
    expected = attention_weights(q, k, mask, causal, scale)
    np.testing.assert_allclose(explorer.weights, expected, rtol=1e-14)
    np.testing.assert_allclose(
        explorer.output, sb.attention(q, k, v, mask, causal, scale), rtol=1e-13
    )
    np.testing.assert_allclose(explorer.entropies, sb.entropy(expected), rtol=1e-13)


def test_a_row_with_nothing_to_see_is_what_was_asked_for():
    rows = {blank: AttentionExplorer(mask=NOTHING, blank=blank) for blank in BLANKS}
    assert (rows["zeros"].output[1] == 0).all()
    assert np.isnan(rows["nan"].output[1]).all()
    assert (rows["finite"].weights[1] == 0.25).all()
    np.testing.assert_allclose(rows["finite"].output[1], np.mean(rows["nan"].value_rows, axis=0))
    for one, other in itertools.pairwise(rows.values()):
        np.testing.assert_allclose(one.weights[[0, 2, 3]], other.weights[[0, 2, 3]], rtol=1e-14)


def test_the_picture_holds_every_weight_and_hatches_what_is_hidden():
    explorer = AttentionExplorer(**drawn(2), causal=True, names=["one", "two"])
    picture = explorer.picture()
    assert len(re.findall(r"fill: url\(#", picture.svg)) == (~explorer.allowed).sum()
    for share in explorer.weights[explorer.allowed]:
        assert f"{share:.2f}" in picture.svg
        assert f"{share:.2f}" in picture.alt
    assert picture.alt.count("hidden") == (~explorer.allowed).sum()
    assert "key 3" in picture.alt
    assert "NaN" in AttentionExplorer(mask=NOTHING, blank="nan").picture().svg


# ── numerics ──────────────────────────────────────────────────────────────────────────────────


def explorers():
    rng = np.random.default_rng(20261128)
    for seed, blank, causal, scaled in itertools.product(
        range(40), BLANKS, (False, True), (False, True)
    ):
        n, m, d, e = rng.integers(1, 7, size=4).tolist()
        given = drawn(seed, n, m, d, e, size=rng.choice([0.1, 2.0, 10.0]))
        padding = int(rng.integers(m + 1))
        yield AttentionExplorer(**given, blank=blank, causal=causal, scaled=scaled, padding=padding)


def test_javascript_agrees_with_the_package():
    drawn_explorers = list(explorers())
    names = ("mask", "causal", "padding", "scaled", "blank")
    given = [
        {
            "queries": each.query_rows,
            "keys": each.key_rows,
            "values": each.value_rows,
            **{name: getattr(each, name) for name in names},
        }
        for each in drawn_explorers
    ]
    results = javascript.call("numerics/lookup", [("attend", one) for one in given])
    for result, each in zip(results, drawn_explorers, strict=True):
        q, k, v = arrays(each)
        scale = 1 / np.sqrt(q.shape[1]) if each.scaled else 1.0
        agree(result["scores"], scale * q @ k.T, scale=scale * np.abs(q) @ np.abs(k).T)
        agree(result["weights"], each.weights)
        agree(result["output"], each.output, scale=each.weights @ np.abs(v))
        agree(result["entropies"], each.entropies, scale=np.log(len(k)) + 1)
        hidden = np.array(result["hidden"]) != ""
        np.testing.assert_array_equal(hidden, ~each.allowed)
        assert result["seen"] == each.allowed.sum(axis=1).tolist()


# ── the page ──────────────────────────────────────────────────────────────────────────────────

browser_test = pytest.mark.browser


def cells(page):
    texts = page.locator(".sb-look > span").all_inner_texts()
    n = page.locator(".sb-looks tbody tr").count()
    return np.array(texts).reshape(n, -1)


def expected_cells(explorer):
    def text(share):
        return "NaN" if np.isnan(share) else positive(share, 2)

    return np.vectorize(text)(explorer.weights)


def looked_up(page):
    """Return the numbers of the table below the weights."""
    texts = page.locator(".sb-found tbody td:nth-of-type(1)").all_inner_texts()
    return [text.strip("()").replace("−", "-").split(", ") for text in texts]


@browser_test
@pytest.mark.parametrize("blank", BLANKS)
def test_every_number_is_the_packages(mount, blank):
    explorer = AttentionExplorer(mask=NOTHING, blank=blank, causal=True)
    page = mount(explorer)
    np.testing.assert_array_equal(cells(page), expected_cells(explorer))
    for shown, row in zip(looked_up(page), explorer.output, strict=True):
        assert shown == ["NaN" if np.isnan(x) else f"{x:.2f}" for x in row]
    told = explorer.allowed.any(axis=1) | (blank == "finite")
    np.testing.assert_allclose(
        numbers(page, ".sb-found data"), explorer.entropies[told], rtol=1e-12
    )


@browser_test
def test_the_reader_hides_keys_and_a_whole_row(mount):
    page = mount(AttentionExplorer())
    box = page.get_by_label(re.compile("^cat at the: may look"))
    box.uncheck()
    mask = np.ones((4, 4), bool)
    mask[1, 0] = False
    explorer = AttentionExplorer(mask=mask.tolist())
    np.testing.assert_array_equal(cells(page), expected_cells(explorer))
    assert cells(page)[1, 0] == "0"
    page.get_by_role("button", name="hide all keys from sat").click()
    assert set(cells(page)[2]) == {"0"}
    assert "sat may look at nothing and gets 0" in page.locator(".sb-summary").inner_text()
    select = page.get_by_label("a row that sees nothing")
    select.select_option("nan")
    assert set(cells(page)[2]) == {"NaN"}
    assert looked_up(page)[2] == ["NaN", "NaN"]
    select.select_option("finite")
    assert set(cells(page)[2]) == {"0.25"}
    assert "the hidden ones too" in page.locator(".sb-summary").inner_text()
    page.get_by_role("button", name="show all keys to sat").click()
    np.testing.assert_array_equal(cells(page), expected_cells(explorer))
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_array_equal(cells(page), expected_cells(AttentionExplorer()))


@browser_test
def test_scale_causal_mask_and_padding(mount):
    page = mount(AttentionExplorer())
    page.get_by_label("divide by √d = 2.00").uncheck()
    np.testing.assert_array_equal(cells(page), expected_cells(AttentionExplorer(scaled=False)))
    page.get_by_label("causal: no later key").check()
    put(page, "padding at the end", 1)
    explorer = AttentionExplorer(scaled=False, causal=True, padding=1)
    np.testing.assert_array_equal(cells(page), expected_cells(explorer))
    assert page.locator(".sb-look input:disabled").count() == (~explorer.allowed).sum()
    assert page.locator(".sb-unseen").count() == (~explorer.allowed).sum()
    page.get_by_label("scores").check()
    q, k, _ = arrays(explorer)
    shown = np.where(explorer.allowed, np.char.mod("%.2f", q @ k.T), "−∞")
    np.testing.assert_array_equal(cells(page), shown)


@browser_test
def test_numbers_are_typed_and_bad_ones_refused(mount):
    page = mount(AttentionExplorer(query_rows=[[1, 0], [0, 2]], **PRICES))
    field = page.get_by_label("query of query 1, number 2", exact=True)
    field.fill("-1,5")
    field.press("Enter")
    changed = AttentionExplorer(query_rows=[[1, -1.5], [0, 2]], **PRICES)
    np.testing.assert_array_equal(cells(page), expected_cells(changed))
    field.fill("11")
    field.press("Enter")
    assert "not a number from −10 to 10" in page.locator(".sb-message").inner_text()
    assert field.input_value() == "-1.5"
    np.testing.assert_array_equal(cells(page), expected_cells(changed))
    value = page.get_by_label("value of key 3, number 1", exact=True)
    value.press("ArrowUp")
    changed = AttentionExplorer(
        query_rows=[[1, -1.5], [0, 2]], key_rows=PRICES["key_rows"], value_rows=[[3], [5], [2.5]]
    )
    assert looked_up(page) == [[f"{x:.2f}"] for (x,) in changed.output]


@browser_test
def test_the_chosen_row_is_derived_in_current_numbers(mount):
    explorer = AttentionExplorer(causal=True)
    page = mount(explorer)
    page.get_by_role("button", name="write out the row of sat").click()
    p, h = explorer.weights[2], explorer.entropies[2]
    told = " ".join(page.locator(".sb-formula").all_inner_texts())
    assert f"= {p[1]:.3f}" in told
    assert f"({', '.join(f'{x:.2f}' for x in explorer.output[2])})" in told
    assert f"{h:.3f} nats, at most log 3 = {np.log(3):.3f}" in told
    rows = page.locator(".sb-steps tbody tr").all_inner_texts()
    assert [row.split("\t")[3] for row in rows] == [*(f"{x:.3f}" for x in p[:3]), "0"]
    assert "−∞" in rows[3]


@browser_test
def test_keyboard_alone_reaches_everything(mount):
    page = mount(AttentionExplorer())
    page.get_by_label("divide by √d = 2.00").focus()
    page.keyboard.press("Space")
    np.testing.assert_array_equal(cells(page), expected_cells(AttentionExplorer(scaled=False)))
    page.get_by_role("button", name="write out the row of the").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert cells(page)[0, 0] == "0"
    assert page.locator(".sb-title").first.inner_text() == "the asks: z = q · k"
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert set(cells(page)[0]) == {"0"}
    assert page.evaluate("document.activeElement.innerText") == "show"


@browser_test
@pytest.mark.parametrize("blank", BLANKS)
def test_the_copied_code_gives_what_is_shown(mount, blank, capsys):
    explorer = AttentionExplorer(mask=NOTHING, blank=blank, causal=True, scaled=blank != "nan")
    page = mount(explorer)
    names = {}
    exec(explorables.copied(page), names)
    np.testing.assert_allclose(names["weights"], explorer.weights, rtol=1e-12)
    np.testing.assert_allclose(names["weights"] @ names["values"], explorer.output, rtol=1e-12)
    assert capsys.readouterr().out


@browser_test
def test_two_on_a_page_do_not_disturb_each_other(mount):
    one, two = AttentionExplorer(), AttentionExplorer(causal=True)
    page = mount(one, two)
    first = page.locator(".sb-explorable").nth(0)
    first.get_by_label("scores").check()
    assert "−∞" not in "".join(cells(page).ravel()[:16])
    np.testing.assert_array_equal(cells(page)[4:], expected_cells(two))


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible_on_phone_and_desktop(mount, width, scheme):
    wide = drawn(3, 6, 6, 6, 3)
    page = mount(AttentionExplorer(**wide, causal=True), width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


@browser_test
def test_it_cleans_up_and_has_a_picture_without_javascript(mount, browser):
    page = mount(AttentionExplorer())
    (listeners, nodes), after = explorables.left_behind(page, AttentionExplorer())
    assert (listeners > 0, nodes) == (True, 1)
    assert after == (0, 0)
    assert explorables.visible_without_javascript(page, browser)
