"""The figure of who looks at whom: numbers as given, hatched where it is masked."""

import numpy as np
from matplotlib import pyplot as plt

from softmaxbook import plots


def test_weight_cells_show_the_numbers_and_hatch_what_is_masked():
    figure, ax = plt.subplots()
    weights = np.array([[1.0, 0.0, 0.0], [0.25, 0.004, 0.746], [np.nan] * 3])
    allowed = np.array([[True, False, False], [True, True, True], [False] * 3])
    assert plots.weight_cells(ax, weights, ["a", "b", "c"], ["x", "y", "z"], allowed) is ax
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["1.00", "0", "0", "0.25", "0.00", "0.75", "NaN", "NaN", "NaN"]
    hatched = [patch.get_hatch() == "//" for patch in ax.patches[1::2]]
    assert hatched == (~allowed).ravel().tolist()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["x", "y", "z"]
    plt.close(figure)


def test_without_a_mask_nothing_is_hatched():
    figure, ax = plt.subplots()
    plots.weight_cells(ax, [[0.5, 0.5]], ["q"], ["k", "l"])
    assert not any(patch.get_hatch() for patch in ax.patches)
    plt.close(figure)
