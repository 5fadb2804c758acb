"""The figures of the chapter on sharing draw the numbers that they were given."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from softmaxbook import plots


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_a_body_has_a_head_for_each_task(ax):
    plots.body_and_heads(ax, {"digits": "10 logits", "parity": "2 logits"})
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    words = [text.get_text() for text in ax.texts if text.get_text()]
    assert len(boxes) == 3
    assert [word.split("\n") for word in words[1:]] == [
        ["head: digits", "10 logits,", "softmax"],
        ["head: parity", "2 logits,", "softmax"],
    ]
    body, *heads = boxes
    assert all(head.get_x() > body.get_x() + body.get_width() for head in heads)
    assert heads[0].get_y() > heads[1].get_y() + heads[1].get_height()
    assert len({box.get_linestyle() for box in heads}) == 2


def test_words_stay_inside_their_boxes():
    figure, ax = plt.subplots(figsize=(3.35, 2), layout="constrained")
    plots.body_and_heads(ax, {"digits": "10 logits", "second task": "2 or 10 logits"})
    figure.canvas.draw()
    texts = [text for text in ax.texts if text.get_text()]
    for box, text in zip(ax.patches, texts, strict=True):
        inner, outer = text.get_window_extent(), box.get_window_extent()
        assert inner.height < outer.height
        assert inner.width < outer.width
    plt.close(figure)


@pytest.mark.parametrize("angle", [0, 60, 90, 180])
def test_shared_pulls_end_where_the_pulls_say(ax, angle):
    even = np.round([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))], 15)
    start, pulls = np.array([-1.0, 0.5]), np.array([[1.25, 0.0], [0.5, -0.75]])
    plots.shared_pulls(ax, start, pulls, even)
    ends = [text.xy for text in ax.texts if getattr(text, "arrow_patch", None)]
    np.testing.assert_allclose(ends, [start + pulls.sum(0), *(start + pulls)])
    border = ax.lines[0].get_xydata()
    np.testing.assert_allclose(border @ even, 1)
    np.testing.assert_allclose(np.abs(border).max(axis=1), 3)
    places = {text.get_text(): text.get_position() for text in ax.texts if text.get_text()}
    assert np.dot(places["odd"], even) < 1 < np.dot(places["even"], even)
    assert set(places) == {"1", "3", "8", "odd", "even"}


def test_a_head_without_a_pull_has_no_arrow(ax):
    plots.shared_pulls(ax, [0, 0], [[0, 0], [0.5, 0.5]], [0, 1])
    assert sum(text.arrow_patch is not None for text in ax.texts if text.get_text() == "") == 2
