"""The book's figures: each function draws data into given Axes, in the colours of `theme`.

No function here creates a figure or knows a page; a page's cell arranges the Axes and says what
the picture shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.arrays import FloatArray
from softmaxbook.overflow import logsumexp
from softmaxbook.probabilities import entropy, sigmoid, softmax
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = ("-", "--", "-.", ":")
"""Line styles in the order of classes, so that no curve is told by its colour alone."""

POINTS = ("o", "x", "s", "+")
"""Point styles, for the same reason."""


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


def triangle_points(probabilities: ArrayLike) -> FloatArray:
    """Return where probabilities of three classes lie in the triangle, (..., 3) -> (..., 2).

    The corners are (0, 0), (1, 0) and (1/2, √3/2), in the order of the classes.

    Examples
    --------
    >>> triangle_points([[1, 0, 0], [0, 1, 0]]).tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
    points: FloatArray = np.asarray(probabilities, dtype=float) @ corners
    return points


def triangle(ax: Axes, names: Sequence[str]) -> Axes:
    """Draw the frame of the probability triangle: a corner a class, a dot where all are equal."""
    corners = triangle_points(np.eye(3))
    ax.fill(*corners.T, facecolor="none", edgecolor=colour("muted"), linewidth=1.0)
    ax.plot(*triangle_points(np.full(3, 1 / 3)), "o", color=colour("muted"), markersize=4)
    for name, (x, y) in zip(names, corners.tolist(), strict=True):
        gap, side = (6, "bottom") if y > 0 else (-6, "top")
        off = "offset points"
        ax.annotate(name, (x, y), (0, gap), textcoords=off, ha="center", va=side)
    ax.set_aspect("equal")
    ax.set_xlim(-0.1, 1.1)
    ax.set_ylim(-0.15, 1.05)  # room for the names below and above
    ax.axis("off")
    return ax


def triangle_path(
    ax: Axes, logits: ArrayLike, temperatures: ArrayLike, label: str, index: int = 0
) -> Axes:
    """Draw the path that softmax takes through the triangle as the temperature changes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Prepared by `triangle`.
    logits : array_like, shape (3,)
    temperatures : array_like, shape (n_temperatures,)
        In the order of the path; a dot marks where it ends.
    label : str
        For the legend.
    index : int, optional
        Which class colour and line style to take.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    shares = [softmax(logits, temperature=temperature) for temperature in np.asarray(temperatures)]
    points = triangle_points(shares)
    ink = colour(f"c{index % 10}")
    ax.plot(*points.T, LINES[index % len(LINES)], color=ink, label=label)
    ax.plot(*points[-1], "o", color=ink, markersize=5)
    return ax


def objective_contours(ax: Axes, logits: ArrayLike, temperature: float) -> Axes:
    """Draw expected score + T × entropy over the triangle, with the softmax point at its top.

    The lines mark equal steps below the maximum, which is T × log-sum-exp(logits / T).
    """
    z = np.asarray(logits, dtype=float)
    n = 60
    first, second = np.meshgrid(np.arange(n + 1), np.arange(n + 1))
    inside = first + second <= n
    shares = np.stack([first[inside], second[inside], n - first[inside] - second[inside]], -1) / n
    value = shares @ z + temperature * entropy(shares)
    best = temperature * float(logsumexp(z / temperature))
    levels = best - np.linspace(1.0, 0.0, 9)[:-1] ** 2 * (best - value.min())
    x, y = triangle_points(shares).T
    ax.tricontour(x, y, value, levels=levels, colors=colour("accent"), linewidths=1, linestyles="-")
    top = triangle_points(softmax(z, temperature=temperature))
    ax.plot(*top, "o", color=colour("bad"), markersize=6)
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


def labelled_curves(ax: Axes, x: ArrayLike, curves: Mapping[str, ArrayLike]) -> Axes:
    """Draw one line for each entry of `curves`, told apart by colour and by dashes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x : array_like, shape (n,)
    curves : mapping of str to array_like, shape (n,)
        At most four, by the name that the legend gives.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    for index, ((name, y), line) in enumerate(zip(curves.items(), LINES, strict=False)):
        ax.plot(x, y, line, color=colour(f"c{index}"), label=name)
    ax.legend(handlelength=3)
    return ax


def error_points(ax: Axes, x: ArrayLike, errors: Mapping[str, ArrayLike], floor: float) -> Axes:
    """Draw each measured error as a point on a logarithmic scale; below `floor` it sits on it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    x : array_like, shape (n,)
    errors : mapping of str to array_like, shape (n,)
        At least 0; at most four, by the name that the legend gives.
    floor : float
        The smallest error that is worth telling from 0.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    for index, ((name, y), marker) in enumerate(zip(errors.items(), POINTS, strict=False)):
        heights = np.maximum(np.asarray(y), floor)
        ax.plot(x, heights, marker, color=colour(f"c{index}"), markersize=4, label=name)
    ax.set_yscale("log")
    ax.legend()
    return ax


def exponential_ranges(ax: Axes, ranges: Mapping[str, tuple[float, float, float]]) -> Axes:
    """Draw, one bar a float format, the inputs whose exponential the format can hold.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    ranges : mapping of str to (float, float, float)
        By format: where the exponential rounds to 0, turns subnormal, and overflows.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    rows, ink = range(len(ranges)), colour("c0")
    zero, subnormal, overflow = np.array(list(ranges.values())).T
    ax.barh(rows, overflow - subnormal, left=subnormal, height=0.5, color=ink, label="normal")
    below = ax.barh(rows, subnormal - zero, left=zero, height=0.5, label="subnormal")
    for bar in below:
        bar.set(facecolor="none", edgecolor=ink, hatch="//////")
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
    for row in rows:
        ax.annotate("0", (zero[row], row), (-5, 0), **beside, ha="right")
        ax.annotate("inf", (overflow[row], row), (5, 0), **beside)
    ax.set_yticks(rows, list(ranges))
    ax.set_ylim(len(ranges) - 0.5, -0.5)
    ax.set_xscale("symlog", linthresh=10)
    return ax


def exponential_line(
    ax: Axes,
    limits: tuple[float, float, float],
    arguments: ArrayLike,
    names: Sequence[str],
    results: Sequence[str],
) -> Axes:
    """Draw arguments of exp on a float format's number line, one row a class, first on top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    limits : (float, float, float)
        Where the exponential rounds to 0, turns subnormal, and overflows.
    arguments : array_like, shape (n_classes,)
        Those beyond the ends of the line are drawn on them as arrowheads; NaN is left out.
    names, results : sequence of str
        For the left and for the right end of each row.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    zero, subnormal, overflow = limits
    low, high = 1.3 * zero, 1.3 * overflow
    stretches = ((low, zero, "xxx"), (zero, subnormal, "..."), (overflow, high, "///"))
    for start, end, hatch in stretches:
        edge = colour("line")
        ax.axvspan(start, end, facecolor="none", edgecolor=edge, hatch=hatch, linewidth=0)
    for limit in limits:
        ax.axvline(limit, color=colour("muted"), linewidth=1.2)
    for row, argument in enumerate(np.asarray(arguments, dtype=float)):
        marker = "<" if argument < low else ">" if argument > high else "o"
        place = np.clip(argument, low, high)
        ink = colour(f"c{row % 10}")
        ax.plot(place, row, marker, color=ink, markersize=8, clip_on=False)
    ax.set(xlim=(low, high), ylim=(len(names) - 0.5, -0.5))
    ax.set_xlabel("what exp is taken of; crosses: exp gives 0, dots: subnormal, strokes: ∞")
    ax.set_xticks(limits, [f"{zero:.2f}   ", f"   {subnormal:.2f}", f"{overflow:.2f}"])
    lower, upper, _ = ax.get_xticklabels()  # the two lower limits lie close together
    lower.set_horizontalalignment("right")
    upper.set_horizontalalignment("left")
    ax.set_yticks(range(len(names)), list(names))
    right = ax.secondary_yaxis("right")
    right.set_yticks(range(len(results)), list(results))
    right.tick_params(length=0)
    right.spines["right"].set_visible(False)
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


def triangle_levels(
    ax: Axes, function: Callable[[FloatArray], ArrayLike], levels: Sequence[float]
) -> Axes:
    """Draw the levels of a function of three probabilities, deeper in shade as it grows.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Prepared by `triangle`.
    function : callable
        Takes probabilities of shape (n, 3), returns n numbers.
    levels : sequence of float
        Increasing.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    from matplotlib.colors import to_rgba

    n = 120
    first, second = np.meshgrid(np.arange(n + 1), np.arange(n + 1))
    inside = first + second <= n
    shares = np.stack([first[inside], second[inside], n - first[inside] - second[inside]], -1) / n
    value = np.asarray(function(shares))
    x, y = triangle_points(shares).T
    shades = [to_rgba(colour("c0"), depth) for depth in np.linspace(0.05, 0.6, len(levels) + 1)]
    ax.tricontourf(x, y, value, levels=[-np.inf, *levels, np.inf], colors=shades)
    lines = ax.tricontour(x, y, value, levels=levels, colors=[colour("ink")], linewidths=0.7)
    ax.clabel(lines, fontsize=8)
    return ax
