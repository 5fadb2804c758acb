"""The Jacobian explorable: its traits, its numerics, and its page in a real browser."""

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from explorables import put
from javascript import call
from readable import number
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook.widgets import JacobianExplorer

EXTREMES = [
    ([1.0, 0.0, -1.0], 1.0),
    ([2.0, 1.0, -1.0, 0.0, 3.5, 1.0], 2.0),
    ([0.3, 0.3], 0.05),
    ([1.5, 1.0, -2.0, 0.0], 20.0),
    ([3.5, 1.5, 3.4, 0.0, -2.0, 3.0], 0.05),
    ([1000.0, -1000.0, 3.0], 1.0),
    ([1000.0, 999.0, -1000.0, 0.0, 1000.0, 0.0], 0.05),
    ([-1000.0, 1000.0], 20.0),
]


# ── Python ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"logits": [1.0]}, "2 to 6 finite numbers"),
        ({"logits": [0.0] * 7}, "got 7 of them"),
        ({"logits": [1.0, float("nan")]}, "nan"),
        ({"logits": "12"}, "'12'"),
        ({"temperature": 0.0}, "from 0.001 to 1000"),
        ({"logits": [1, 0, -1], "tangent": [1.0, 0.0]}, "each of the 3 logits; got 2"),
        ({"logits": [1, 0], "cotangent": [1.0, 0.0, 2.0]}, "each of the 2 logits; got 3"),
        ({"tangent": [1.0, float("inf"), 0.0]}, "inf"),
        ({"cotangent": 3.0}, "got 3.0"),
    ],
)
def test_bad_values_are_refused_with_what_is_wanted(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        JacobianExplorer(**arguments)


def test_a_refused_tangent_leaves_the_last_good_one():
    explorer = JacobianExplorer(logits=[1, 0, -1], tangent=[0, 1, 2])
    with pytest.raises(TraitError, match="3 logits"):
        explorer.tangent = [1.0, 2.0]
    assert explorer.tangent == [0.0, 1.0, 2.0]


def test_vectors_have_a_default_and_follow_the_number_of_logits():
    explorer = JacobianExplorer(logits=[1, 0, -1], tangent=None, cotangent=None)
    assert (explorer.tangent, explorer.cotangent) == ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    explorer.logits = [1, 0, -1, 2]
    assert (explorer.tangent, explorer.cotangent) == ([1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0])
    explorer.logits = [1, 0]
    assert (explorer.tangent, explorer.cotangent) == ([1.0, 0.0], [0.0, 1.0])


def test_what_the_page_sends_at_once_is_taken_at_once():
    explorer = JacobianExplorer(logits=[1, 0, -1])
    with explorer.hold_trait_notifications():
        explorer.tangent, explorer.cotangent = [1, 2], [3, 4]
        explorer.logits = [5, 6]
    assert (explorer.logits, explorer.tangent, explorer.cotangent) == ([5, 6], [1, 2], [3, 4])


@pytest.mark.parametrize(("logits", "temperature"), EXTREMES)
def test_properties_are_the_package(logits, temperature):
    explorer = JacobianExplorer(logits=logits, temperature=temperature)
    np.testing.assert_array_equal(
        explorer.probabilities, sb.softmax(logits, temperature=temperature)
    )
    np.testing.assert_array_equal(explorer.jacobian, sb.jacobian(logits, temperature=temperature))


def test_the_picture_holds_every_entry_and_hatches_the_negative_ones():
    explorer = JacobianExplorer(logits=[1, 0, -1])
    picture = explorer.picture()
    for entry in explorer.jacobian.ravel():
        assert f"{entry:+.3f}" in picture.svg.replace("−", "-")
        assert f"{entry:.3f}" in picture.alt
    assert picture.svg.count("<pattern") == 1
    assert len(re.findall(r"fill: url\(#", picture.svg)) == (explorer.jacobian < 0).sum()


# ── numerics ──────────────────────────────────────────────────────────────────────────────────


def matrices():
    rng = np.random.default_rng(20261122)
    drawn = [sb.jacobian(logits, temperature=T) for logits, T in EXTREMES]
    for _ in range(500):
        scale = rng.choice([1e-3, 1.0, 10.0, 700.0])
        logits = rng.uniform(-scale, scale, size=rng.integers(2, 7))
        drawn.append(sb.jacobian(logits, temperature=rng.choice([0.05, 1.0, 20.0])))
    for _ in range(100):
        square = rng.normal(size=(rng.integers(1, 7),) * 2) * 10.0 ** rng.integers(-100, 100)
        drawn.append(square + square.T)
    return [*drawn, np.zeros((3, 3)), np.eye(4), np.full((6, 6), 2.0)]


def test_eigenvalues_and_eigenvectors():
    drawn = matrices()
    results = call("numerics/softmax", [("symmetricEigen", matrix.tolist()) for matrix in drawn])
    for result, matrix in zip(results, drawn, strict=True):
        values, vectors = np.array(result["values"]), np.array(result["vectors"])
        bound = 1e-13 * np.abs(matrix).max() + 1e-320  # subnormal numbers have few digits
        assert np.abs(values - np.linalg.eigvalsh(matrix)[::-1]).max() <= bound
        assert np.abs(matrix @ vectors.T - vectors.T * values).max() <= bound
        np.testing.assert_allclose(vectors @ vectors.T, np.eye(len(matrix)), atol=1e-13)


def test_a_nudge_is_the_difference_of_two_softmaxes():
    rng = np.random.default_rng(5)
    cases = [(rng.uniform(-4, 4, size=5), int(rng.integers(5)), T) for T in [0.05, 1.0, 20.0] * 50]
    results = call("numerics/softmax", [("nudge", z.tolist(), j, 0.01, T) for z, j, T in cases])
    for result, (logits, j, T) in zip(results, cases, strict=True):
        after = sb.softmax(logits + 0.01 * np.eye(5)[j], temperature=T)
        np.testing.assert_allclose(
            result, after - sb.softmax(logits, temperature=T), rtol=1e-9, atol=1e-15
        )


def test_a_nudge_does_not_cancel_where_one_class_has_nearly_everything():
    logits = [40.0, 0.0]
    (result,) = call("numerics/softmax", [("nudge", logits, 0, 0.01, 1.0)])
    # p of B is about e^-40 and loses the share 1 - e^-0.01 of it; p of A gains as much.
    np.testing.assert_allclose(
        result, np.exp(-40) * np.expm1(-0.01) * np.array([-1, 1]), rtol=1e-12
    )


# ── the page ──────────────────────────────────────────────────────────────────────────────────

browser_test = pytest.mark.browser


def short(value):
    """Write a number as a cell of the heat map does."""
    if value == 0:
        return "0"
    size = abs(value)
    if size < 5e-4:
        return "≈ 0"
    decimals = 3 if size < 1 else max(0, min(2, 2 - int(np.floor(np.log10(size)))))
    return ("+" if value > 0 else "−") + f"{size:.{decimals}f}"


def significant(value):
    """Write a positive number with three significant digits, as the derivations do."""
    return f"{value:.{2 - int(np.floor(np.log10(value)))}f}"


def read(text):
    """Return the number that the page wrote."""
    return number(text.removesuffix(".").strip())


def explorables(page, index=0):
    return page.locator(".sb-explorable").nth(index)


def cell(page, row, column):
    size = round(page.locator(".sb-entry").count() ** 0.5)
    return page.locator(".sb-entry").nth(row * size + column)


def matrix(page):
    texts = np.array(page.locator(".sb-entry").all_inner_texts())
    return texts.reshape(round(len(texts) ** 0.5), -1)


def expected(logits, temperature=1.0):
    return np.vectorize(short)(sb.jacobian(logits, temperature=temperature))


def ends(page, selector):
    """Return where bars end, as fractions of their track."""
    script = "bars => bars.map(bar => Number(bar.style.getPropertyValue('--sb-to')))"
    return np.array(page.locator(selector).evaluate_all(script))


def result_bars(page, group):
    """Return the bars of J v or of its transpose's product, in units of their common scale."""
    rows = page.locator(".sb-details .sb-rows").nth(group)
    bars = rows.locator(".sb-bar:not(.sb-draggable)")
    values = bars.evaluate_all(
        "bars => bars.map(bar => Number(bar.style.getPropertyValue('--sb-to')))"
    )
    note = page.locator(".sb-details .sb-note").nth(group).inner_text()
    scale = read(note.split("to +")[1])
    return (np.array(values) - 0.5) * 2 * scale


def open_details(page):
    page.locator("summary").click()
    page.locator(".sb-details[open]").wait_for()


def equation(page):
    return page.locator(".sb-equation").inner_text().replace("\n", " ")


@browser_test
@pytest.mark.parametrize(("logits", "temperature"), EXTREMES)
def test_every_number_is_the_packages(mount, logits, temperature):
    page = mount(JacobianExplorer(logits=logits, temperature=temperature))
    np.testing.assert_array_equal(matrix(page), expected(logits, temperature))
    jacobian = sb.jacobian(logits, temperature=temperature)
    labels = page.locator(".sb-entry").evaluate_all(
        "nodes => nodes.map(n => n.getAttribute('aria-label'))"
    )
    spoken = [read(label.split(": ")[1].lstrip("+")) for label in labels]
    np.testing.assert_allclose(spoken, jacobian.ravel(), rtol=5.1e-3, atol=1e-300)
    assert set(page.locator(".sb-sum[role=gridcell]").all_inner_texts()) == {"0"}
    bars = ends(page, ".sb-spectrum .sb-bar") / 0.88
    share = np.linalg.eigvalsh(jacobian)[::-1] * 2 * temperature
    np.testing.assert_allclose(bars, share, atol=1e-12)
    facts = [read(text) for text in page.locator(".sb-facts td:first-of-type").all_inner_texts()]
    alive = (sb.softmax(logits, temperature=temperature) > 0).sum()
    np.testing.assert_allclose(facts, [jacobian.max(), np.trace(jacobian), alive - 1], rtol=5.1e-3)


@browser_test
def test_moving_logits_and_temperature_moves_the_matrix(mount):
    page = mount(JacobianExplorer(logits=[1, 0, -1]))
    put(page, "logit of C", 3.5)
    np.testing.assert_array_equal(matrix(page), expected([1, 0, 3.5]))
    put(page, "temperature T", np.log(4))
    np.testing.assert_array_equal(matrix(page), expected([1, 0, 3.5], 4.0))
    assert "½ / T = 0.125" in page.locator(".sb-bound-label").inner_text()


@browser_test
def test_an_entry_is_derived_in_current_numbers(mount):
    page = mount(JacobianExplorer(logits=[1, 0, -1], temperature=2))
    p = sb.softmax([1, 0, -1], temperature=2)
    entry = significant(p[0] * p[1] / 2)
    numbers = f"−{p[1]:.3f} · {p[0]:.3f} / 2.00 = −{entry}"
    assert equation(page) == f"∂pB / ∂zA = −pB · pA / T = {numbers}"
    cell(page, 0, 0).hover()
    numbers = f"{p[0]:.3f} · {1 - p[0]:.3f} / 2.00 = +{significant(p[0] * (1 - p[0]) / 2)}"
    assert equation(page) == f"∂pA / ∂zA = pA (1 − pA) / T = {numbers}"
    page.get_by_text("Rows sum to 0").hover()
    assert equation(page).startswith("∂pB / ∂zA")
    cell(page, 2, 1).click()
    page.get_by_text("Rows sum to 0").hover()
    assert equation(page).startswith("∂pC / ∂zB")


@browser_test
def test_the_nudge_in_words_is_what_softmax_does(mount):
    logits = np.array([1.0, 0.0, -1.0])
    page = mount(JacobianExplorer(logits=logits.tolist(), temperature=0.05))
    after = sb.softmax(logits + np.array([0.01, 0, 0]), temperature=0.05)
    change = after - sb.softmax(logits, temperature=0.05)
    words = page.locator(".sb-card p").inner_text()
    assert words.startswith("Raise zA by 0.01: pB falls by about ")
    about, truth = re.search(r"about (\S+)\. .* says (\S+)\.$", words).groups()
    assert read(about) == pytest.approx(
        0.01 * sb.softmax(logits, temperature=0.05)[:2].prod() / 0.05, rel=5e-3
    )
    assert read(truth) == pytest.approx(-change[1], rel=5e-3)
    assert about != truth


@browser_test
def test_row_and_column_are_pointed_out(mount):
    page = mount(JacobianExplorer(logits=[1, 0, -1, 2]))
    cell(page, 3, 1).focus()
    assert page.locator(".sb-in-row").count() == page.locator(".sb-in-column").count() == 4
    colours = page.locator(".sb-heat").evaluate(
        "n => ['--row', '--column'].map(c => n.style.getPropertyValue(c))"
    )
    assert colours == ["var(--sb-c3)", "var(--sb-c1)"]
    marked = page.locator(".sb-marked").evaluate_all(
        "ns => ns.map(n => n.closest('.sb-row').ariaLabel)"
    )
    assert marked == ["class B", "class D"]


@browser_test
def test_keyboard_alone_reaches_everything(mount):
    page = mount(JacobianExplorer(logits=[1, 0, -1]))
    page.get_by_label("logit of C", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "p B by z A"
    )
    for key, entry in [
        ("ArrowRight", "∂pB / ∂zB"), ("ArrowDown", "∂pC / ∂zB"), ("ArrowDown", "∂pC / ∂zB"),
        ("End", "∂pC / ∂zC"), ("Control+Home", "∂pA / ∂zA"), ("ArrowUp", "∂pA / ∂zA"),
        ("End", "∂pA / ∂zC"), ("Control+End", "∂pC / ∂zC"), ("Home", "∂pC / ∂zA"),
        ("ArrowUp", "∂pB / ∂zA"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert equation(page).startswith(entry), key
    assert page.locator(".sb-entry[tabindex='0']").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "eigenvector" in page.locator(".sb-details").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    assert "eigenvector" not in page.locator(".sb-details").inner_text()


@browser_test
@pytest.mark.parametrize(
    ("logits", "temperature", "word"),
    [
        ([1, 1, -20], 1.0, "As sensitive as softmax gets"),
        ([0, 0, 0, 0, 0, 0], 20.0, "Sensitive"),
        ([4, 0], 1.0, "Stiff"),
        ([6, 0], 1.0, "Nearly saturated"),
        ([6, 0], 0.05, "Saturated"),
        ([1000, -1000], 20.0, "Saturated"),
    ],
)
def test_saturation_is_named(mount, logits, temperature, word):
    page = mount(JacobianExplorer(logits=logits, temperature=temperature))
    share = np.linalg.eigvalsh(sb.jacobian(logits, temperature=temperature)).max() * 2 * temperature
    level = {
        0.9: "As sensitive as softmax gets",
        0.3: "Sensitive",
        0.03: "Stiff",
        1e-3: "Nearly saturated",
    }
    assert word == next((name for least, name in level.items() if share >= least), "Saturated")
    assert page.locator(".sb").inner_text().count(f"{word}:") == 2


def test_a_class_dominates_where_the_page_says_so():
    rng = np.random.default_rng(3)
    for size in range(2, 7):
        p = rng.dirichlet(np.full(size, 0.7), 20_000)
        covariance = p[:, :, None] * np.eye(size) - p[:, :, None] * p[:, None, :]
        share = 2 * np.linalg.eigvalsh(covariance)[:, -1]
        assert p.max(axis=1)[share < 0.3].min() > 0.8


# ── tangent and cotangent ─────────────────────────────────────────────────────────────────────


@browser_test
@pytest.mark.parametrize(
    ("logits", "temperature", "t", "c"),
    [
        ([1, 0, -1], 1.0, [0.5, -1, 2], [0, 3, -0.7]),
        ([2, 1, -1, 0, 3.5, 1], 0.3, [1, -0.3, 2, 0, 0, 1], [0, 1, 1, 0, -2, 0]),
        ([3, 1], 20.0, [0, 1], [2, 2]),
    ],
)
def test_products_are_the_packages(mount, logits, temperature, t, c):
    page = mount(JacobianExplorer(logits=logits, temperature=temperature, tangent=t, cotangent=c))
    open_details(page)
    pushed = sb.jvp(logits, t, temperature=temperature)
    pulled = sb.vjp(logits, c, temperature=temperature)
    np.testing.assert_allclose(result_bars(page, 0), pushed, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(result_bars(page, 1), pulled, rtol=1e-10, atol=1e-14)
    agreement = page.get_by_text("Two ways to one number").inner_text()
    numbers = re.search(r"= (\S+) and .* = (\S+)\.$", agreement).groups()
    for each in numbers:
        assert read(each) == pytest.approx(np.dot(c, pushed), rel=5.1e-3, abs=1e-12)


@browser_test
def test_the_product_of_the_row_under_the_pointer_is_derived(mount):
    logits, t = [1, 0, -1], np.array([0.5, -1, 2])
    page = mount(JacobianExplorer(logits=logits, tangent=t.tolist()))
    open_details(page)
    page.get_by_label("tangent of C, as a number", exact=True).focus()
    p = sb.softmax(logits)
    ahead = t[2] - p @ t
    line = page.locator(".sb-details .sb-formula").nth(1).inner_text()
    numbers = " ".join([significant(p[2]), "·", significant(ahead), "/ 1.00 ="])
    numbers += f" +{significant(p[2] * ahead)}"
    assert line == f"(J v)C = pC · (vC − ⟨p, v⟩) / T = {numbers}"


@browser_test
def test_presets_say_what_they_show(mount):
    logits = [1, 0, -1]
    page = mount(JacobianExplorer(logits=logits, temperature=2))
    open_details(page)
    J = sb.jacobian(logits, temperature=2)
    text = page.locator(".sb-details")
    cell(page, 1, 2).focus()
    page.get_by_role("button", name="z(C) alone").click()
    np.testing.assert_allclose(result_bars(page, 0), J[:, 2], rtol=1e-10)
    assert "J v is column C of the matrix." in text.inner_text()
    page.get_by_role("button", name="all logits alike").click()
    assert (result_bars(page, 0) == 0).all()
    assert "no probability moves" in text.inner_text()
    page.get_by_role("button", name="strongest direction").click()
    values, vectors = np.linalg.eigh(J)
    strongest = vectors[:, -1] / vectors[np.abs(vectors[:, -1]).argmax(), -1]
    np.testing.assert_allclose(result_bars(page, 0), values[-1] * strongest, rtol=1e-9, atol=1e-13)
    assert f"J v is {values[-1]:.3f} times v itself" in text.inner_text()
    page.get_by_role("button", name="p(B) alone").click()
    np.testing.assert_allclose(result_bars(page, 1), J[1], rtol=1e-10)
    page.get_by_role("button", name="u = v").click()
    np.testing.assert_allclose(result_bars(page, 1), result_bars(page, 0), rtol=1e-12)
    assert "both products are the same" in text.inner_text()


@browser_test
def test_pulling_the_loss_back_gives_p_minus_y(mount):
    logits = [1, 0, -1]
    page = mount(JacobianExplorer(logits=logits, temperature=2))
    open_details(page)
    cell(page, 2, 0).focus()
    page.get_by_role("button", name="loss −log p(C)").click()
    p_minus_y = sb.softmax(logits, temperature=2) - np.eye(3)[2]
    np.testing.assert_allclose(result_bars(page, 1), p_minus_y / 2, rtol=1e-10)
    assert "(p − y) / T with y = 1 for C" in page.locator(".sb-details").inner_text()


@browser_test
def test_a_loss_of_infinite_slope_is_refused_with_a_message(mount):
    page = mount(JacobianExplorer(logits=[1000, 0]))
    open_details(page)
    page.get_by_role("button", name="loss −log p(B)").click()
    assert "rounds to 0" in page.locator(".sb-message").inner_text()
    assert page.get_by_label("cotangent of B, as a number").input_value() == "1"


@browser_test
def test_products_stay_exact_under_saturation(mount):
    logits, t = [40, 0, 0], [1, 0, 0]
    page = mount(JacobianExplorer(logits=logits, tangent=t))
    open_details(page)
    tiny = np.exp(-40)
    np.testing.assert_allclose(result_bars(page, 0), [2 * tiny, -tiny, -tiny], rtol=1e-10)


@browser_test
def test_the_arrow_in_the_triangle_is_the_push(mount):
    logits, t = [1, 0, -1], [0.5, -1, 2]
    page = mount(JacobianExplorer(logits=logits, tangent=t))
    open_details(page)
    corners = np.array([[160, 22], [22, 262], [298, 262]])
    line = page.locator(".sb-arrow").evaluate(
        "n => ['x1','y1','x2','y2'].map(a => Number(n.getAttribute(a)))"
    )
    start, tip = np.array(line[:2]), np.array(line[2:])
    np.testing.assert_allclose(start, sb.softmax(logits) @ corners, atol=1e-9)
    push = sb.jvp(logits, t) @ corners
    np.testing.assert_allclose(tip - start, push * (1 - 6 / np.linalg.norm(push)), atol=1e-9)
    # The dashed way leaves p along the arrow: it passes close to p + J v / 100.
    way = page.locator(".sb-details .sb-path").get_attribute("points")
    steps = np.array([pair.split(",") for pair in way.split()], dtype=float)
    middle = len(steps) // 2
    np.testing.assert_allclose(steps[middle], start, atol=0.01)
    along = steps[middle + 1] - steps[middle - 1]
    assert along @ push / np.linalg.norm(along) / np.linalg.norm(push) > 0.98


@browser_test
def test_dragging_the_point_moves_the_logits(mount):
    page = mount(JacobianExplorer(logits=[0, 0, 0]))
    open_details(page)
    page.locator(".sb-picture").scroll_into_view_if_needed()
    box = page.locator(".sb-picture").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.63)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2, steps=3)
    page.mouse.up()
    logits = [
        float(page.get_by_label(f"logit of {name}, as a number").input_value()) for name in "ABC"
    ]
    assert logits[0] - logits[1] > 2
    assert logits[1] == pytest.approx(logits[2], abs=0.05)
    np.testing.assert_array_equal(matrix(page), expected(logits))


# ── the rest of the page ──────────────────────────────────────────────────────────────────────


@browser_test
def test_from_two_to_six_classes(mount):
    page = mount(JacobianExplorer(logits=[1, 0], tangent=[0.5, 2]))
    open_details(page)
    assert not page.locator(".sb-picture").is_visible()
    for size in range(3, 7):
        page.get_by_label("add a class").click()
        np.testing.assert_array_equal(matrix(page), expected([1, 0] + [0] * (size - 2)))
        assert page.locator(".sb-picture").is_visible() == (size == 3)
    page.get_by_label("add a class").click()
    assert "2 to 6" in page.locator(".sb-message").inner_text()
    np.testing.assert_allclose(
        result_bars(page, 0), sb.jvp([1, 0, 0, 0, 0, 0], [0.5, 2, 0, 0, 0, 0]), rtol=1e-10
    )
    cell(page, 5, 5).focus()
    for _ in range(5):
        page.get_by_label("remove the last class").click()
    np.testing.assert_array_equal(matrix(page), expected([1, 0]))
    assert equation(page).startswith("∂pB / ∂zB")


@browser_test
def test_reset_and_copy_as_python(mount):
    page = mount(JacobianExplorer(logits=[1, 0, -1], tangent=[1, 2, 0]))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_details(page)
    put(page, "logit of A", -4)
    put(page, "temperature T", np.log(0.5))
    put(page, "cotangent of C", 1.5)
    page.get_by_role("button", name="Copy as Python").click()
    page.get_by_text("Copied.").wait_for()
    names = {"print": lambda *values, sep: None}
    exec(page.evaluate("navigator.clipboard.readText()"), names)
    np.testing.assert_array_equal(matrix(page), np.vectorize(short)(names["J"]))
    np.testing.assert_array_equal(names["J"], sb.jacobian([-4, 0, -1], temperature=0.5))
    np.testing.assert_allclose(result_bars(page, 0), names["forward"], rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(result_bars(page, 1), names["backward"], rtol=1e-10, atol=1e-14)
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_array_equal(matrix(page), expected([1, 0, -1]))
    np.testing.assert_allclose(result_bars(page, 0), sb.jvp([1, 0, -1], [1, 2, 0]), rtol=1e-10)


@browser_test
def test_several_on_a_page_do_not_touch_each_other(mount):
    page = mount(JacobianExplorer(logits=[1, 0]), JacobianExplorer(logits=[0, 0]))
    first, second = page.locator(".sb-explorable").all()
    first.get_by_label("add a class").click()
    first.locator(".sb-entry").last.focus()
    assert (first.locator(".sb-entry").count(), second.locator(".sb-entry").count()) == (9, 4)
    assert (
        second.locator(".sb-entry[aria-selected=true]")
        .get_attribute("aria-label")
        .startswith("p B by z A")
    )


@browser_test
def test_clean_up_leaves_no_listener(mount):
    page = mount(JacobianExplorer(logits=[1, 0, -1]))
    counts = page.evaluate(
        """async (state) => {
          const listeners = new Set();
          let sets = 0;
          const model = {
            get: (name) => state[name], set: () => { sets += 1; }, save_changes: () => {},
            on: (event, f) => listeners.add(event + f),
            off: (event, f) => listeners.delete(event + f),
          };
          const el = document.createElement("div");
          document.body.append(el);
          const clean = (await import("/jacobian/jacobian.mjs")).default.render({ model, el });
          const section = el.firstChild;
          const send = (event, selector) => section.querySelectorAll(selector)
            .forEach((node) => node.dispatchEvent(new Event(event)));
          const provoke = () => {
            send("input", "input");
            send("click", "button");
            send("focus", ".sb-entry");
            return [sets, section.querySelector(".sb-equation").textContent];
          };
          const during = [listeners.size, provoke()];
          sets = 0;
          const last = section.querySelector(".sb-equation").textContent;
          clean();
          const [first, ...others] = section.querySelectorAll(".sb-equation > div");
          first.textContent = "untouched";
          others.forEach((line) => { line.textContent = ""; });
          return { during, after: [listeners.size, el.children.length, ...provoke()], last };
        }""",
        JacobianExplorer(logits=[1, 0, -1]).state(),
    )
    assert counts["during"][0] == 4
    assert counts["during"][1][0] > 10
    assert counts["last"].startswith("∂pC / ∂zC")
    assert counts["after"] == [0, 0, 0, "untouched"]


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(
        JacobianExplorer(logits=[1, 0, -1]),
        JacobianExplorer(logits=[3.5, 1.5, 3.4, 0, -2, 3], temperature=0.05),
        width=width, scheme=scheme,
    )  # fmt: skip
    page.locator("summary").first.click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    page.locator("summary").last.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = """nodes => nodes.filter(n => {
      const [box, frame] = [n, n.closest('.sb')].map(x => x.getBoundingClientRect());
      return box.width && (box.right > frame.right + 0.5 || box.left < frame.left - 0.5);
    }).map(n => n.className + n.textContent)"""
    assert page.locator(".sb *:not(.sb-hidden)").evaluate_all(outside) == []


@browser_test
@pytest.mark.parametrize("width", [390, 1280])
def test_no_number_is_cut_off_in_its_cell(mount, width):
    page = mount(JacobianExplorer(logits=[3.5, 3.5, 3.4, 0, -2, 3], temperature=0.05), width=width)
    excess = page.locator(".sb-entry").evaluate_all(
        "ns => ns.map(n => n.scrollWidth - n.clientWidth)"
    )
    assert max(excess) <= 0
    page.locator(".sb-entry").first.evaluate("n => { n.textContent = '+1000000.000'; }")
    excess = page.locator(".sb-entry").evaluate_all(
        "ns => ns.map(n => n.scrollWidth - n.clientWidth)"
    )
    assert max(excess) > 0


CONTRAST = """nodes => nodes.map(node => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const luminance = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
      .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(node);
  const [a, b] = [luminance(style.color), luminance(style.backgroundColor)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
})"""


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_stand_out_from_the_deepest_colours(mount, scheme):
    # axe does not judge text on a hatched ground.
    page = mount(JacobianExplorer(logits=[0, 0], temperature=0.001), scheme=scheme)
    assert matrix(page)[0, 0] == "+250"
    assert min(page.locator(".sb-entry").evaluate_all(CONTRAST)) >= 4.5


@browser_test
def test_touch(mount):
    page = mount(JacobianExplorer(logits=[2, 1, -1]), width=390, has_touch=True, is_mobile=True)
    cell(page, 2, 2).tap()
    assert equation(page).startswith("∂pC / ∂zC")
    page.locator("summary").tap()
    boxes = page.locator("input, button, summary, .sb-entry").evaluate_all(
        "nodes => nodes.map(n => n.getBoundingClientRect()).map(b => [b.width, b.height])"
    )
    assert len(boxes) > 30
    assert min(min(box) for box in boxes) >= 24


@browser_test
def test_on_paper_the_products_are_shown_though_they_were_closed(mount):
    page = mount(JacobianExplorer(logits=[2, 1, -1]))
    assert not page.get_by_text("Two ways to one number").is_visible()
    page.emulate_media(media="print")
    assert page.get_by_text("Two ways to one number").is_visible()
    assert page.locator(".sb-entry").first.is_visible()
    assert not page.locator(".sb-toolbar").last.is_visible()


@browser_test
def test_the_summary_says_what_was_chosen(mount):
    page = mount(JacobianExplorer(logits=[1, 0, -1]))
    cell(page, 0, 0).focus()
    page.wait_for_function(
        "document.querySelector('p[role=status]').textContent.includes('p of A changes by +0.223')"
    )
    assert "Sensitive" in page.locator(".sb-summary").text_content()
