"""The cover: what temperature does to three probabilities, drawn from the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from softmaxbook import softmax
from softmaxbook.theme import DARK

LOGITS = np.array([2.0, 1.0, -1.0])
INCHES = (8.0, 12.0)
WORDS = "Softmax. Three curves begin at one third each and part as the temperature falls."


def draw(path: Path, title: str, author: str) -> None:
    """Draw the cover into a file.

    Parameters
    ----------
    path : Path
        A PNG of 1600 by 2400 pixels.
    title, author : str
        What stands on it.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, dpi=200, facecolor=DARK["paper"])
    axes = figure.add_axes((0.0, 0.16, 1.0, 0.5))
    coldness = np.linspace(-6.0, 4.0, 400)
    shares = softmax(LOGITS * np.exp2(coldness)[:, None])
    for name, share in zip(("c0", "c1", "c2"), shares.T, strict=True):
        axes.plot(coldness, share, color=DARK[name], linewidth=9, solid_capstyle="round")
    axes.set(xlim=(coldness[0], coldness[-1]), ylim=(-0.03, 1.03))
    axes.set_axis_off()
    ink = DARK["ink"]
    figure.text(0.08, 0.82, title, color=ink, fontsize=84, fontweight="bold")
    figure.text(0.08, 0.765, "An interactive book", color=ink, fontsize=26)
    figure.text(0.08, 0.06, author, color=ink, fontsize=22)
    figure.savefig(path, facecolor=figure.get_facecolor())
