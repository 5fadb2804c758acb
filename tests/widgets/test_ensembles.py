"""Three answers and their means in a real browser: every number is the package's."""

import json
import re

import explorables
import numpy as np
import pytest
from agreement import agree
from explorables import numbers, put
from javascript import call
from matplotlib import pyplot as plt
from traitlets import TraitError

import softmaxbook as sb
from softmaxbook import plots
from softmaxbook.learning.ensembles import mean_of_logits, mean_of_probabilities, votes
from softmaxbook.widgets import EnsembleExplorer

pytestmark = pytest.mark.browser


def shares(page):
    """Return what the table says: members, both means and votes, each with its loss."""
    values = page.locator(".sb-tight data").evaluate_all("nodes => nodes.map((n) => n.value)")
    return np.reshape([float(value.replace("Infinity", "inf")) for value in values], (6, 4))


def package(explorer):
    rows = [*sb.softmax(explorer.logits), *explorer.answers.values()]
    with np.errstate(divide="ignore"):
        return np.array([[*row, -np.log(row["ABC".index(explorer.label)])] for row in rows])


def test_the_numerics_are_the_package_s():
    rng = np.random.default_rng(0)
    many = [rng.normal(size=(m, k)) * 4 for m in (1, 2, 5) for k in (2, 3, 10)]
    many.append(np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0]]))  # ties go to the first
    names = {"meanOfProbabilities": mean_of_probabilities, "meanOfLogits": mean_of_logits}
    names["votes"] = votes
    for name, function in names.items():
        results = call("numerics/ensembles", [(name, z.tolist()) for z in many])
        for result, z in zip(results, many, strict=True):
            agree(result, function(z[:, None])[0], scale=1.0)


@pytest.mark.parametrize("label", ["A", "C"])
def test_the_table_is_the_package_s(mount, label):
    explorer = EnsembleExplorer(first=[9, 0, -2], second=[0, 1, 4], third=[0.2, 0, 0], label=label)
    np.testing.assert_allclose(shares(mount(explorer)), package(explorer), rtol=1e-12)


def test_one_sure_member_turns_the_mean_of_logits_alone(mount):
    page = mount(EnsembleExplorer())
    put(page, "logit of A", 6)
    page.get_by_label("2", exact=True).check()
    put(page, "logit of C", -2)
    explorer = EnsembleExplorer(first=[6, 0, 0], second=[0, 2.5, -2])
    np.testing.assert_allclose(shares(page), package(explorer), rtol=1e-12)
    assert [p.argmax() for p in explorer.answers.values()] == [1, 0, 1]
    summary = page.locator(".sb-summary").inner_text()
    assert "mean of probabilities says B" in summary
    assert "mean of logits says A" in summary
    assert "the votes are for B" in summary


def test_dragging_moves_the_chosen_member_alone(mount):
    page = mount(EnsembleExplorer(chosen=3))
    before = shares(page)
    box = page.locator("svg.sb-picture").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.85 * box["height"], steps=4)
    page.mouse.up()
    after = shares(page)
    np.testing.assert_array_equal(after[:2], before[:2])
    assert after[2, :3].argmax() == 1
    assert after[2, 1] > 0.8


def test_keyboard_reset_and_copy_as_python(mount):
    page = mount(EnsembleExplorer())
    page.get_by_label("logit of A", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("C", exact=True).check()
    explorer = EnsembleExplorer(first=[1.1, 0, 0], label="C")
    np.testing.assert_allclose(shares(page), package(explorer), rtol=1e-12)
    code = explorables.copied(page).replace("print(", "said.append((")[: -len(")")] + "))"
    names = {"said": []}
    exec(code, names)
    for (_, row, right), wanted in zip(names["said"], package(explorer)[3:], strict=True):
        np.testing.assert_allclose(row, wanted[:3], rtol=1e-12)
        assert right == row[2]
    page.get_by_role("button", name="Reset").click()
    np.testing.assert_allclose(shares(page), package(EnsembleExplorer()), rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"first": [1, 2]}, "first must hold 3 to 3 finite numbers"),
        ({"third": [1, 2, "x"]}, "third must hold"),
        ({"chosen": 4}, "4"),
        ({"label": "D"}, "'D'"),
    ],
)
def test_bad_values_are_refused(arguments, says):
    with pytest.raises(TraitError, match=re.escape(says)):
        EnsembleExplorer(**arguments)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_inside_the_page(mount, scheme, width):
    page = mount(EnsembleExplorer(), EnsembleExplorer(chosen=2), width=width, scheme=scheme)
    assert explorables.faults(page, width) == []
    assert explorables.smallest_target(page) >= 24


def test_clean_up_and_no_script(mount, browser):
    page = mount(EnsembleExplorer())
    (listeners, nodes), after = explorables.left_behind(page, EnsembleExplorer())
    assert (listeners, nodes, after) == (5, 1, (0, 0))
    assert explorables.visible_without_javascript(page, browser)
    assert json.dumps(EnsembleExplorer().state())


def test_the_picture_holds_the_points_given():
    figure, ax = plt.subplots()
    logits = np.array([[1.0, 0.0, 0.0], [0.0, 3.0, 0.0]])
    plots.ensemble_points(ax, logits)
    *members, pooled, logit = (line.get_xydata()[0] for line in ax.lines)
    np.testing.assert_allclose(members, plots.simplex.triangle_points(sb.softmax(logits)))
    np.testing.assert_allclose(pooled, np.mean(members, axis=0))
    own = sb.softmax(logits.mean(axis=0))
    np.testing.assert_allclose(logit, plots.simplex.triangle_points(own))
    plt.close(figure)


def test_numbers_of_the_page_are_numbers(mount):
    assert len(numbers(mount(EnsembleExplorer()), ".sb-tight data")) == 24
