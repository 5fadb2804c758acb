"""The chapter on derivatives: matrices with signs, and the eigenvalues of the Jacobian."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def signed_cells(ax: Axes, matrix: ArrayLike, names: Sequence[str]) -> Axes:
    """Draw a square matrix as cells with numbers; negative cells are hatched, so sign is no colour.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    matrix : array_like, shape (K, K)
    names : sequence of str
        The names of the classes, for rows and columns.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    from matplotlib.patches import Rectangle

    values = np.asarray(matrix, dtype=float)
    for (row, column), value in np.ndenumerate(values):
        ink = colour("bad" if value < 0 else "accent")
        strength = 0.5 * abs(value) / (abs(value) + 0.1)  # the explorable's scale
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=ink, alpha=strength))
        frame = Rectangle(
            (column - 0.5, row - 0.5), 1, 1, facecolor="none", edgecolor=colour("line")
        )
        ax.add_patch(frame)
        frame.set_hatch("//" if value < 0 else "")
        ax.text(column, row, f"{value:+.3f}", ha="center", va="center")
    limits = (-0.5, len(names) - 0.5)
    ax.set(xlim=limits, ylim=limits[::-1])
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)
    return ax


def secular_function(ax: Axes, probabilities: ArrayLike) -> Axes:
    """Draw f(λ) = 1 − Σ pᵢ² / (pᵢ − λ) with its zeros, the eigenvalues of diag(p) − ppᵀ.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    probabilities : array_like, shape (K,)
        Positive, distinct, with sum 1.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    p = np.sort(np.asarray(probabilities, dtype=float))
    edges = [-0.15 * p[-1], *p, 1.15 * p[-1]]
    inner = (1 - np.cos(np.linspace(0, np.pi, 401)[1:-1])) / 2  # dense towards the poles of f
    for left, right in pairwise(edges):
        x = left + (right - left) * inner
        y = 1 - (p**2 / (p - x[:, None])).sum(axis=1)
        ax.plot(x, np.where(np.abs(y) < 6, y, np.nan), color=colour("c0"))
    for pole in p:
        ax.axvline(pole, color=colour("muted"), linestyle=":", linewidth=1.2)
    zeros = np.linalg.eigvalsh(np.diag(p) - np.outer(p, p))
    ax.axhline(0, color=colour("muted"), linewidth=0.8)
    ax.plot(zeros, np.zeros_like(zeros), "o", color=colour("c1"), label="eigenvalue")
    ax.set(ylim=(-5, 5), xlim=(edges[0], edges[-1]))
    return ax
