"""The regions and level lines that the page draws are the package's decisions and probabilities."""

import numpy as np
import pytest
from clouds import METHODS, clouds, missing_class, packages, samples, tied
from javascript import call
from matplotlib.path import Path

LIMIT = 4.0
SPOTS = np.random.default_rng(0).uniform(-LIMIT, LIMIT, (4000, 2))
LEVELS = [0.6, 0.9]
COMMON = pytest.mark.parametrize("kind", [clouds, tied, missing_class])
N_SETS = 6


def cases(kind, function, *arguments):
    """Return, for random data and each method: its name, what the page makes of it, our model."""
    rng = np.random.default_rng(5)
    sets = [(*kind(rng), float(10 ** rng.uniform(-3, 1))) for _ in range(N_SETS)]
    pages = call("numerics/fitting", [("fitAll", samples(X, y), penalty) for X, y, penalty in sets])
    calls = [(function, name, page, *arguments) for page in pages for name in METHODS]
    models = [model for case in sets for model in packages(*case)]
    return list(zip(METHODS * N_SETS, call("numerics/regions", calls), models, strict=True))


def within(polygons, spots):
    """Return in how many of the polygons each spot lies."""
    paths = [Path([*polygon, polygon[0]], closed=True) for polygon in polygons]
    return sum((path.contains_points(spots).astype(int) for path in paths), np.zeros(len(spots)))


def clear(model, spots, gap=1e-3):
    """Return where no decision of a model is closer than `gap`, in logits."""
    tops = np.sort(model.decision_function(spots), axis=-1)[:, -2:]
    members = [np.abs(m.decision_function(spots)) for m in getattr(model, "models_", [])]
    return np.min([tops[:, 1] - tops[:, 0], *members], axis=0) > gap


@COMMON
def test_a_place_lies_in_one_region_and_that_names_the_packages_class(kind):
    for _, found, model in cases(kind, "regions"):
        spots = SPOTS[clear(model, SPOTS)]
        polygons = [region["polygon"] for region in found["won"]]
        assert (within(polygons, spots) == 1).all()
        for region in found["won"]:
            inside = within([region["polygon"]], spots) == 1
            assert set(model.predict(spots[inside])) <= {model.classes_[region["winner"]]}
        shares = call("numerics/regions", [("share", polygon) for polygon in polygons])
        assert sum(shares) == pytest.approx(1, abs=1e-6)


@COMMON
def test_open_regions_are_where_the_package_is_undecided(kind):
    for name, found, model in cases(kind, "regions"):
        if name == "softmax":
            assert found["open"] == []
            continue
        spots = SPOTS[clear(model, SPOTS)]
        open_here = within([region["polygon"] for region in found["open"]], spots)
        np.testing.assert_array_equal(open_here, model.undecided(spots))
        for region in found["open"] if name == "rest" else []:
            inside = spots[within([region["polygon"]], spots) == 1]
            for scores in model.scores(inside):
                assert np.flatnonzero(scores > 0.5).tolist() == region["claims"]


def test_the_random_sets_have_open_regions_of_every_kind():
    kinds = set()
    for name, found, _ in cases(clouds, "regions"):
        kinds |= {(name, len(region["claims"])) for region in found["open"]}
    assert {("rest", 0), ("rest", 2), ("ones", 3)} <= kinds


@COMMON
def test_lines_of_models_are_where_their_logit_is_0(kind):
    for name, lines, model in cases(kind, "modelLines"):
        members = dict(enumerate(getattr(model, "models_", [])))
        if name == "ones":
            members = dict(zip(model.pairs_, members.values(), strict=True))
        for line in lines:
            member = members[tuple(line["of"]) if name == "ones" else line["of"][0]]
            ends = np.array(line["ends"])
            assert np.abs(ends).max(axis=-1) == pytest.approx(LIMIT)
            np.testing.assert_allclose(member.decision_function(ends), 0, atol=1e-6)


@COMMON
def test_levels_enclose_what_is_above_them(kind):
    ring = 0.2 * np.stack([np.cos(np.arange(16) * np.pi / 8), np.sin(np.arange(16) * np.pi / 8)])
    for _, found, model in cases(kind, "reaches", LEVELS):
        p = model.predict_proba(SPOTS)
        for k, curves in enumerate(found):
            for level, loops in zip(LEVELS, curves, strict=True):
                wrong = (within(loops, SPOTS) % 2 == 1) != (p[:, k] > level)
                assert wrong.mean() < 0.01
                # What is wrong is closer to the true curve than a cell of the grid is wide.
                for spot in SPOTS[wrong]:
                    above = model.predict_proba(spot + ring.T)[:, k] > level
                    assert above.any()
                    assert not above.all()


def test_diagonal_neighbours_belong_together_where_their_middle_is_above_the_level():
    width = 43  # 41 points along a side, and one more at each end
    grid = np.full((width, width), 0.2)
    grid[20, 20] = grid[21, 21] = 0.9  # the mean of the cell between them is 0.55
    calls = [("loops", grid.ravel().tolist(), level) for level in (0.5, 0.6)]
    joined, apart = call("numerics/regions", calls)
    assert [len(joined), len(apart)] == [1, 2]
    middle = np.array([[0.0, 0.0]]) + LIMIT * (19.5 - 20) / 20
    assert within(joined, middle) == 1
    assert within(apart, middle) == 0


def test_hatching_stays_inside_and_keeps_its_distance():
    triangle = [[-1.0, -1.0], [3.0, -0.5], [0.0, 2.5]]
    (lines,) = call("numerics/regions", [("hatch", triangle, np.pi / 4, 0.25)])
    lines = np.array(lines)
    heights = (lines @ [-np.sqrt(0.5), np.sqrt(0.5)]).mean(axis=-1)
    np.testing.assert_allclose(np.diff(heights), 0.25)
    middles = lines.mean(axis=1)
    assert (within([triangle], middles) == 1).all()
    outwards = middles + 1.01 * (lines[:, 0] - middles)
    assert (within([triangle], outwards) == 0).all()
