"""Pictures of the chapter *ensembles*: several answers, and what is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.ensembles import mean_of_logits, mean_of_probabilities
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.plots.simplex import triangle_points
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def ensemble_points(ax: Axes, logits: ArrayLike) -> Axes:
    """Draw the members' answers on the triangle, by number, and their two means.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Prepared by `triangle`.
    logits : array_like, shape (n_members, 3)

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    rows = np.asarray(logits, dtype=float)
    for number, (x, y) in enumerate(triangle_points(softmax(rows)).tolist(), start=1):
        ax.plot(x, y, "o", color=colour("muted"), markersize=14)
        ax.text(x, y, str(number), ha="center", va="center", color=colour("paper"))
    means = (
        (mean_of_probabilities, "s", "mean of probabilities"),
        (mean_of_logits, "D", "mean of logits"),
    )
    for mean, marker, name in means:
        place = triangle_points(mean(rows[:, None])[0])
        ax.plot(*place, marker, color=colour("ink"), markersize=8, label=name, linestyle="none")
    ax.legend(loc="upper left", fontsize=9)
    return ax
