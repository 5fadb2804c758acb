"""Pictures of the chapter *language*: what may come next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def token_bars(ax: Axes, tokens: Sequence[str], shares: ArrayLike) -> Axes:
    """Draw the probabilities of tokens as bars that lie, the first on top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    tokens : sequence of str
    shares : array_like, shape (n_tokens,)

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    rows, values = np.arange(len(tokens)), np.asarray(shares, dtype=float)
    ax.barh(rows, values, color=colour("accent"), height=0.72)
    for row, value in enumerate(values.tolist()):
        ax.text(value, row, f" {value:.3f}", va="center", fontsize=9, color=colour("muted"))
    ax.set_yticks(rows, list(tokens))
    ax.set(xlabel="probability", xlim=(0, 1.18 * values.max()))
    ax.invert_yaxis()
    return ax
