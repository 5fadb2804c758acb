"""Two classes: the sigmoid of a difference, and the plane of two logits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softmaxbook.numerics.probabilities import sigmoid
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def sigmoid_point(ax: Axes, difference: float) -> Axes:
    """Draw the sigmoid with a point at a difference of logits, and its tangent there.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    difference : float

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    reach = max(8.0, abs(difference) + 2)
    d = np.linspace(-reach, reach, 321)
    share = float(sigmoid(difference))
    slope = share * float(sigmoid(-difference))
    around = np.array([-0.2, 0.2]) * reach
    ax.plot(d, sigmoid(d), color=colour("c0"))
    ax.plot(difference + around, share + slope * around, color=colour("ink"), linewidth=1.2)
    ax.plot([difference], [share], "o", color=colour("ink"), markersize=7)
    ax.axvline(0, color=colour("muted"), linewidth=0.8, linestyle="--")
    ax.set_ylim(-0.03, 1.03)
    ax.set_yticks([0, 0.5, 1])
    return ax


def two_logits(ax: Axes, logits: Sequence[float]) -> Axes:
    """Draw a point of the plane of two logits, and the line of all that have its difference.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    logits : sequence of float, length 2

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    first, second = logits
    reach = max(6.0, 1.3 * abs(first), 1.3 * abs(second))
    corner = [-reach, reach]
    ax.fill_between(corner, corner, -reach, color=colour("c0"), alpha=0.14, linewidth=0)
    ax.fill_between(corner, corner, reach, color=colour("c1"), alpha=0.14, linewidth=0)
    ax.plot(corner, corner, "--", color=colour("muted"), linewidth=0.8)
    ax.axline((first, second), slope=1, color=colour("accent"))
    ax.plot([first], [second], "o", color=colour("ink"), markersize=7)
    ax.set(xlim=corner, ylim=corner)
    return ax
