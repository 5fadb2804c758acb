"""Pictures of the chapter *membership*: what confidence gives away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.plots.curves import LINES
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from softmaxbook.transfer.membership import Guesses


def attack_curves(ax: Axes, attacks: Mapping[str, Guesses]) -> Axes:
    """Draw how many members each threshold finds over how many others it accuses.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    attacks : mapping of str to Guesses
        At most four, by the name that the legend gives.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, with the diagonal of guessing.
    """
    for index, ((name, found), line) in enumerate(zip(attacks.items(), LINES, strict=False)):
        ax.plot(found.others, found.members, line, color=colour(f"c{index}"), label=name)
    ax.plot([0, 1], [0, 1], color=colour("muted"), linewidth=1, label="guessing")
    ax.set(xlabel="others called members", ylabel="members called members", aspect="equal")
    ax.legend(handlelength=3)
    return ax


def score_histogram(ax: Axes, members: ArrayLike, others: ArrayLike, n_bins: int = 24) -> Axes:
    """Draw how the scores of members and of others are spread, one above and one below the line.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    members, others : array_like, shape (n,)
    n_bins : int

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    both = np.concatenate([np.asarray(members), np.asarray(others)])
    edges = np.linspace(both.min(), both.max(), n_bins + 1)
    for scores, sign, name, index in ((members, 1, "members", 0), (others, -1, "others", 1)):
        counts, _ = np.histogram(scores, edges)
        ax.stairs(
            sign * counts, edges, fill=True, color=colour(f"c{index}"), alpha=0.75, label=name
        )
    ax.axhline(0, color=colour("ink"), linewidth=1)
    ax.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    ax.set(ylabel="pictures")
    ax.legend()
    return ax
