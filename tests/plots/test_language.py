"""The bars of tokens are as long as their probabilities, the first on top."""

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot as plt

from softmaxbook import plots


def test_bars_are_the_probabilities_from_the_top():
    figure, ax = plt.subplots()
    shares = [0.5, 0.25, 0.125]
    plots.token_bars(ax, ["the", "a", "9 others"], shares)
    np.testing.assert_array_equal([bar.get_width() for bar in ax.patches], shares)
    heights = [ax.transData.transform((0, bar.get_y()))[1] for bar in ax.patches]
    assert heights == sorted(heights, reverse=True)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["the", "a", "9 others"]
    assert [text.get_text().strip() for text in ax.texts] == ["0.500", "0.250", "0.125"]
    plt.close(figure)


def test_the_numbers_stay_inside_the_axes():
    figure, ax = plt.subplots(figsize=(5.2, 3.4), layout="constrained")
    plots.token_bars(ax, ["the", "a"], [0.9, 0.1])
    figure.canvas.draw()
    frame = ax.get_window_extent()
    assert all(text.get_window_extent().x1 <= frame.x1 for text in ax.texts)
    plt.close(figure)
