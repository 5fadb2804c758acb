"""The chapter on attention: who looks at whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def weight_cells(
    ax: Axes,
    weights: ArrayLike,
    queries: Sequence[str],
    keys: Sequence[str],
    allowed: ArrayLike | None = None,
) -> Axes:
    """Draw weights as shaded cells with their numbers, a row a query, hatched where it is masked.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    weights : array_like, shape (n, m)
        From 0 to 1, or NaN.
    queries, keys : sequence of str
        The names of rows and columns.
    allowed : array_like of bool, shape (n, m), optional
        False where a query may not look.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    from matplotlib.patches import Rectangle

    shares = np.asarray(weights, dtype=float)
    may = np.ones(shares.shape, bool) if allowed is None else np.asarray(allowed, dtype=bool)
    for (row, column), share in np.ndenumerate(shares):
        corner, ink = (column - 0.5, row - 0.5), colour("accent")
        strength = 0.45 * share if share > 0 else 0.0  # NaN has none
        ax.add_patch(Rectangle(corner, 1, 1, facecolor=ink, alpha=strength))
        frame = Rectangle(corner, 1, 1, facecolor="none", edgecolor=colour("line"))
        frame.set_hatch("" if may[row, column] else "//")
        ax.add_patch(frame)
        text = "NaN" if np.isnan(share) else f"{share:.2f}" if may[row, column] else f"{share:g}"
        ax.text(column, row, text, ha="center", va="center")
    n, m = shares.shape
    ax.set(xlim=(-0.5, m - 0.5), ylim=(n - 0.5, -0.5), xlabel="key", ylabel="query")
    ax.set_xticks(range(m), list(keys))
    ax.set_yticks(range(n), list(queries))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)
    return ax
