"""Pictures of relatives hold the numbers they are given."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

import softmaxbook as sb
from softmaxbook import plots
from softmaxbook.family.trees import balanced_tree, huffman_tree


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_points_of_the_maps_are_where_the_maps_put_them(ax):
    plots.relatives_points(plots.triangle(ax, ["a", "b", "c"]), [2.0, 1.5, -1.0], 2.0)
    maps = {"softmax": sb.softmax, "1.5-entmax": sb.entmax15, "sparsemax": sb.sparsemax}
    drawn = {line.get_label(): line.get_xydata()[0] for line in ax.lines}
    for name, relative in maps.items():
        wanted = plots.triangle_points(relative([2.0, 1.5, -1.0], temperature=2.0))
        np.testing.assert_allclose(drawn[name], wanted)


def test_a_cloud_is_sorted_by_the_largest_class(ax):
    points = sb.gumbel_softmax([0.0, 0.0, 0.0], rng=0, n_samples=50)
    plots.triangle_cloud(ax, points)
    sizes = [len(line.get_xydata()) for line in ax.lines]
    assert sizes == np.bincount(points.argmax(axis=-1), minlength=3).tolist()


def test_costs_are_in_microseconds_on_logarithmic_axes(ax):
    plots.cost_curves(ax, [10, 100], {"one": [1e-6, 2e-6], "other": [1e-3, np.nan]})
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[10, 1], [100, 2]])
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "other"]


def test_counts_stand_beside_what_is_expected(ax):
    plots.expected_counts(ax, [3, 1], [2.5, 1.5], ["a", "b"])
    assert [bar.get_height() for bar in ax.patches] == [3, 1]
    assert ax.lines[0].get_ydata().tolist() == [2.5, 1.5]


@pytest.mark.parametrize("make", [balanced_tree, lambda n: huffman_tree(2.0 ** -np.arange(n))])
def test_a_tree_has_each_class_at_its_depth(ax, make):
    tree = make(6)
    plots.tree_shape(ax, tree, list("abcdef"))
    assert [text.get_text() for text in ax.texts] == list("abcdef")
    heights = [text.xy[1] for text in ax.texts]
    assert heights == (-tree.depths).tolist()
    assert sorted(text.xy[0] for text in ax.texts) == list(range(6))
    branches = [line.get_xydata() for line in ax.lines if len(line.get_xydata()) == 2]
    assert len(branches) == 10
    assert all(top[1] - bottom[1] == 1 for top, bottom in branches)


def test_workers_have_their_logits_and_words(ax):
    plots.worker_bars(ax, [[2.0, 1.0], [], [-1.0]])
    assert [bar.get_width() for bar in ax.patches] == [2, 1, -1]
    words = [label.get_text() for label in ax.get_yticklabels()]
    assert words == ["worker 1\nm = 2, s = 1.37", "worker 2\nno logits", "worker 3\nm = -1, s = 1"]
