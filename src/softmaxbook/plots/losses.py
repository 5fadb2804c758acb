"""The chapter on losses: surprise, cross-entropy over the forecast, gradients on the bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.probabilities import entropy
from softmaxbook.plots.curves import LINES
from softmaxbook.plots.probabilities import class_bars
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def surprise_curve(ax: Axes, probabilities: ArrayLike) -> Axes:
    """Draw −log p over p, in nats on the left and in bits on the right, with some p marked.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    probabilities : array_like, shape (n,)
        What is marked: positive, at most 1.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    marked = np.asarray(probabilities, dtype=float)
    p = np.unique([*np.geomspace(min(0.01, marked.min()), 0.01, 50), *np.linspace(0.01, 1, 200)])
    ax.plot(p, -np.log(p), color=colour("accent"))
    ax.plot(marked, -np.log(marked), "o", color=colour("bad"), markersize=6)
    ax.set(xlim=(0, 1.02), xlabel="probability of what happened", ylabel="surprise in nats")
    ax.set_ylim(bottom=0)
    bits = ax.secondary_yaxis("right", functions=(lambda x: x / np.log(2), lambda x: x * np.log(2)))
    bits.set_ylabel("in bits")
    bits.spines["right"].set_visible(True)
    return ax


def cross_entropy_curves(ax: Axes, shares: Sequence[float]) -> Axes:
    """Draw the cross-entropy of two classes over the forecast, one curve a true share.

    A dot marks each minimum: it lies where the forecast is the true share, and its height is the
    entropy.
    """
    p = np.linspace(0.002, 0.998, 400)
    for index, (share, line) in enumerate(zip(shares, LINES, strict=False)):
        ink = colour(f"c{index}")
        loss = -share * np.log(p) - (1 - share) * np.log(1 - p)
        ax.plot(p, loss, line, color=ink, label=f"true share {share:g}")
        ax.plot(share, float(entropy([share, 1 - share])), "o", color=ink, markersize=6)
    ax.set(ylim=(-0.05, 2.5), xlabel="forecast p of the first class", ylabel="cross-entropy")
    ax.legend(handlelength=3)
    return ax


def gradient_arrows(
    ax: Axes, probabilities: ArrayLike, target: ArrayLike, names: Sequence[str]
) -> Axes:
    """Draw probabilities as bars, and from the end of each an arrow to its target.

    Each arrow is target − probability: the negative gradient of cross-entropy in the logits.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    probabilities, target : array_like, shape (n_classes,)
    names : sequence of str
        The names of the classes.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    p, t = np.asarray(probabilities, dtype=float), np.asarray(target, dtype=float)
    class_bars(ax, p, names)
    for text in list(ax.texts):  # the arrows need the room of the numbers
        text.remove()
    for row, (start, end) in enumerate(zip(p.tolist(), t.tolist(), strict=True)):
        style = {"arrowstyle": "-|>", "color": colour("ink"), "linewidth": 1.6, "shrinkA": 0}
        above = row - 0.5  # beside the bar, where neither hides the other
        ax.annotate("", (end, above), (start, above), arrowprops={**style, "shrinkB": 0})
        change = f"{end - start:+.2f}".replace("-", "−")
        ax.annotate(change, (1.04, row - 0.2), va="center")
        ax.plot([start, start], [row - 0.5, row + 0.35], color=colour("ink"), linewidth=0.8)
    ax.set_xlim(0, 1.3)
    ax.set_ylim(len(p) - 0.5, -0.75)
    ax.set_xticks([0, 0.5, 1])
    return ax
