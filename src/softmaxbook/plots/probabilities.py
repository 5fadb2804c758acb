"""The chapter on probabilities: shares as bars and tables, soft maxima, temperature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.logarithms import logsumexp
from softmaxbook.numerics.probabilities import entropy, sigmoid, softmax
from softmaxbook.plots.curves import LINES
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def class_bars(ax: Axes, values: ArrayLike, names: Sequence[str]) -> Axes:
    """Draw one horizontal bar a class, first class on top, each with its number.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    values : array_like, shape (n_classes,)
        Logits, exponentials or probabilities; negative numbers go to the left.
    names : sequence of str
        The names of the classes.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    heights = np.asarray(values, dtype=float)
    rows = np.arange(len(heights))
    ax.barh(rows, heights, color=[colour(f"c{row % 10}") for row in rows], height=0.7)
    for row, value in enumerate(heights.tolist()):
        label = f"{value:.3g}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"
        end, gap = (max(value, 0.0), row), (4, 0)
        ax.annotate(label.replace("-", "−"), end, gap, textcoords="offset points", va="center")
    low, high = min(heights.min(), 0.0), max(heights.max(), 0.0)
    ax.set_xlim(low, high + 0.3 * ((high - low) or 1.0))  # room for the longest number
    ax.set_yticks(rows, list(names))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.axvline(0, color=colour("muted"), linewidth=0.8)
    ax.grid(False)
    return ax


def share_table(ax: Axes, shares: ArrayLike, title: str) -> Axes:
    """Draw a batch of probabilities as a table of shaded cells, with the sums of its rows."""
    from matplotlib.patches import Rectangle

    table = np.asarray(shares, dtype=float)
    n_samples, n_classes = table.shape
    for (row, column), share in np.ndenumerate(table):
        corner, edge = (column - 0.5, row - 0.5), colour("line")
        cell = Rectangle(corner, 1, 1, edgecolor=edge, facecolor=colour("accent"))
        cell.set_alpha(0.45 * min(float(share), 1.0))
        ax.add_patch(cell)
        ax.text(column, row, f"{share:.2f}", ha="center", va="center")
    for row, total in enumerate(table.sum(axis=1)):
        right = bool(np.isclose(total, 1))
        ink = colour("good" if right else "bad")
        ax.text(n_classes - 0.3, row, f"Σ {total:.2f}", color=ink, ha="left", va="center")
    ax.set_xlim(-0.5, n_classes + 0.6)
    ax.set_ylim(n_samples - 0.5, -0.5)
    ax.set_xticks(range(n_classes), [f"class {k}" for k in range(n_classes)])
    ax.set_yticks(range(n_samples), [f"sample {n}" for n in range(n_samples)])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)
    ax.set_title(title)
    return ax


def soft_maximum(ax: Axes, temperatures: Sequence[float]) -> Axes:
    """Draw max(x, 0) and the soft maxima T log(exp(x/T) + exp(0)), one curve a temperature."""
    x = np.linspace(-4, 4, 161)
    ax.plot(x, np.maximum(x, 0), color=colour("ink"), linewidth=1.2, label="max(x, 0)")
    for index, (temperature, line) in enumerate(zip(temperatures, LINES, strict=False)):
        pairs = np.stack([x, np.zeros_like(x)], axis=-1) / temperature
        soft = temperature * logsumexp(pairs)
        ax.plot(x, soft, line, color=colour(f"c{index}"), label=f"T = {temperature:g}")
    ax.set_xlabel("x")
    return ax


def soft_step(ax: Axes, temperatures: Sequence[float]) -> Axes:
    """Draw the slopes of `soft_maximum`: the step of the maximum, and softmax's first entry."""
    x = np.linspace(-4, 4, 161)
    ax.plot([-4, 0, 0, 4], [0, 0, 1, 1], color=colour("ink"), linewidth=1.2, label="step")
    for index, (temperature, line) in enumerate(zip(temperatures, LINES, strict=False)):
        slope = sigmoid(x / temperature)
        ax.plot(x, slope, line, color=colour(f"c{index}"), label=f"T = {temperature:g}")
    ax.set_xlabel("x")
    return ax


def temperature_curves(
    ax: Axes, logits: ArrayLike, temperatures: ArrayLike, names: Sequence[str]
) -> Axes:
    """Draw every probability over the temperature, on a logarithmic axis.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    logits : array_like, shape (n_classes,)
    temperatures : array_like, shape (n_temperatures,)
        Positive and increasing.
    names : sequence of str
        The names of the classes.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    over = np.asarray(temperatures, dtype=float)
    shares = np.stack([softmax(logits, temperature=temperature) for temperature in over])
    for index, name in enumerate(names):
        style = LINES[index % len(LINES)]
        ax.plot(over, shares[:, index], style, color=colour(f"c{index % 10}"), label=name)
    ax.axhline(1 / len(names), color=colour("muted"), linewidth=0.8)
    ax.set_xscale("log")
    ax.set_xlabel("temperature T")
    ax.set_ylabel("probability")
    ax.set_ylim(-0.03, 1.03)
    return ax


def entropy_curve(ax: Axes, logits: ArrayLike, temperatures: ArrayLike) -> Axes:
    """Draw the entropy of softmax over the temperature, with its bound, the log of n_classes."""
    over = np.asarray(temperatures, dtype=float)
    shares = np.stack([softmax(logits, temperature=temperature) for temperature in over])
    ax.plot(over, entropy(shares), color=colour("accent"))
    ax.axhline(np.log(shares.shape[-1]), color=colour("muted"), linewidth=0.8)
    ax.set_xscale("log")
    ax.set_xlabel("temperature T")
    ax.set_ylabel("entropy in nats")
    return ax
