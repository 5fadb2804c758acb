"""Label smoothing: the loss over the label's logit above the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from softmaxbook.learning.losses import cross_entropy
from softmaxbook.learning.remedies import optimal_logit_gap
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def gap_losses(ax: Axes, label_smoothing: float, n_classes: int, gap: float) -> Axes:
    """Draw the loss over the logit gap, with and without smoothing; mark a gap and the best one.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    label_smoothing : float
        In [0, 1].
    n_classes : int
        At least 2.
    gap : float
        What the large point marks.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    gaps = np.linspace(min(-4.0, gap), max(16.0, gap), 201)
    best = optimal_logit_gap(label_smoothing, n_classes)

    def losses(at: np.ndarray, smoothing: float) -> np.ndarray:
        logits = np.zeros((len(at), n_classes))
        logits[:, 0] = at
        labels = np.zeros(len(at), dtype=int)
        return cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)

    ax.plot(gaps, losses(gaps, 0.0), "--", color=colour("muted"), label="ε = 0")
    label = f"ε = {label_smoothing:g}"
    ax.plot(gaps, losses(gaps, label_smoothing), color=colour("accent"), label=label)
    if gaps[0] <= best <= gaps[-1]:
        ax.axvline(best, color=colour("good"), linewidth=1.2, linestyle=":")
    here = losses(np.array([gap]), label_smoothing)
    ax.plot([gap], here, "o", color=colour("ink"), markersize=7)
    ax.set(xlabel="logit of the label above the others", ylabel="loss in nats")
    ax.set_ylim(bottom=0)
    ax.legend()
    return ax
