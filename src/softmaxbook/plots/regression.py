"""The chapter on regression: shares over a feature, ways down an objective, regions of classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.multiclass import OneVsOne, OneVsRest
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.plots.curves import POINTS
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def observed_shares(ax: Axes, feature: ArrayLike, labels: ArrayLike) -> Axes:
    """Draw, for each value of a feature, the share of label 1 as a disc as large as its count.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    feature : array_like, shape (n_samples,)
        With many equal values, as measurements to one decimal have.
    labels : array_like, shape (n_samples,)
        0 or 1.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    values, places = np.unique(np.asarray(feature), return_inverse=True)
    counts = np.bincount(places)
    shares = np.bincount(places, weights=np.asarray(labels, dtype=float)) / counts
    face: dict[str, Any] = {"facecolor": colour("accent"), "edgecolor": colour("ink"), "alpha": 0.6}
    ax.scatter(values, shares, s=18 * counts, **face, zorder=3)
    return ax


def plane_levels(
    ax: Axes,
    function: Callable[[FloatArray], ArrayLike],
    x: ArrayLike,
    y: ArrayLike,
    levels: ArrayLike,
) -> Axes:
    """Draw level lines of a function of two numbers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    function : callable
        Takes points of shape (n, 2), returns n numbers.
    x, y : array_like, shapes (n_columns,) and (n_rows,)
        Where it is evaluated.
    levels : array_like
        Increasing.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    columns, rows = np.meshgrid(np.asarray(x), np.asarray(y))
    points = np.stack([columns.ravel(), rows.ravel()], axis=-1)
    values = np.asarray(function(points)).reshape(columns.shape)
    style: dict[str, Any] = {"colors": colour("muted"), "linewidths": 0.8, "linestyles": "-"}
    ax.contour(columns, rows, values, levels=np.asarray(levels), **style)
    ax.grid(False)
    return ax


def descent_path(ax: Axes, points: ArrayLike, marked: Sequence[int]) -> Axes:
    """Draw the way of a descent, with dots at some of its steps.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    points : array_like, shape (n_steps + 1, 2)
        From the start to the end.
    marked : sequence of int
        The steps that are marked with their numbers.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    path, ink = np.asarray(points, dtype=float), colour("c1")
    ax.plot(*path.T, color=ink, linewidth=1.4)
    ax.plot(*path[list(marked)].T, "o", color=ink, markersize=5)
    for step in marked:
        ax.annotate(f"{step}", path[step], (3, 4), textcoords="offset points")
    return ax


def decision_regions(
    ax: Axes,
    model: SoftmaxRegression | OneVsRest | OneVsOne,
    features: ArrayLike,
    labels: ArrayLike,
) -> Axes:
    """Draw which class a model of two features predicts where, and hatch where it is undecided.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its limits, if they are set, are kept.
    model : SoftmaxRegression, OneVsRest or OneVsOne
        Fitted on two features.
    features : array_like, shape (n_samples, 2)
    labels : array_like, shape (n_samples,)
        What is drawn as points.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    rows, y = np.asarray(features, dtype=float), np.asarray(labels)
    if ax.get_autoscale_on():
        low, high = rows.min(axis=0) - 0.5, rows.max(axis=0) + 0.5
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    across, up = np.meshgrid(np.linspace(*ax.get_xlim(), 121), np.linspace(*ax.get_ylim(), 121))
    grid = np.stack([across.ravel(), up.ravel()], axis=-1)
    scores = model.decision_function(grid)
    for index, (label, point) in enumerate(zip(model.classes_, POINTS, strict=False)):
        lead = scores[:, index] - np.delete(scores, index, axis=1).max(axis=1)
        ink = colour(f"c{index}")
        shade: dict[str, Any] = {"colors": [ink], "alpha": 0.22}
        ax.contourf(across, up, lead.reshape(across.shape), levels=[0, np.inf], **shade)
        mine = rows[y == label]
        ax.plot(*mine.T, point, color=ink, markersize=4, label=str(label))
    if not isinstance(model, SoftmaxRegression):
        unsure = model.undecided(grid).reshape(across.shape).astype(float)
        if unsure.any():
            hatched = ax.contourf(across, up, unsure, [0.5, 1.5], colors="none", hatches=["////"])
            hatched.set(edgecolor=colour("ink"), linewidth=0)
    ax.grid(False)
    return ax
