"""The picture of a class: what each student earned for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def marks_grid(ax: Axes, questions: Sequence[str], shares: Mapping[str, Sequence[float]]) -> Axes:
    """Draw a class as a grid of bars: a column a student, a row a question.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    questions : sequence of str
        The first is drawn at the top.
    shares : mapping of str to sequence of float
        For each student the share of the points of each question, from 0 to 1.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    from matplotlib.patches import Rectangle

    for column, earned in enumerate(shares.values()):
        for row, share in enumerate(earned):
            place = (column - 0.4, row + 0.4)
            ax.add_patch(Rectangle(place, 0.8, -0.8, facecolor="none", edgecolor=colour("line")))
            hue = colour("accent" if share == 1 else "c1")
            ax.add_patch(Rectangle(place, 0.8, -0.8 * share, facecolor=hue, edgecolor="none"))
    ax.set_xticks(range(len(shares)), list(shares), rotation=90)
    ax.set_yticks(range(len(questions)), list(questions))
    ax.set(xlim=(-0.6, len(shares) - 0.4), ylim=(len(questions) - 0.4, -0.6))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)
    return ax
