"""The chapter on networks: a digit on its way to a class, and functions of activation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.learning.networks import ACTIVATIONS, Network
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.plots.curves import LINES
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STATIONS = {"input": 0.0, "hidden": 3.4, "logits": 6.2, "softmax": 7.3, "class": 10.6}
"""Where each station of `network_flow` begins, from left to right."""


def digit_cells(ax: Axes, pixels: ArrayLike, left: float = 0.0, top: float = 0.0) -> Axes:
    """Draw the pixels of a digit as cells, the darker the larger, in a square of side 2.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    pixels : array_like, shape (64,)
        From 0 to 1.
    left, top : float
        The upper left corner; y points upwards.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    from matplotlib.patches import Rectangle

    image, side = np.asarray(pixels, dtype=float).reshape(8, 8), 0.25
    ax.add_patch(
        Rectangle((left, top - 2), 2, 2, facecolor=colour("panel"), edgecolor=colour("line"))
    )
    for (row, column), value in np.ndenumerate(image):
        if value > 0:
            corner = (left + side * column, top - side * (row + 1))
            ax.add_patch(Rectangle(corner, side, side, facecolor=colour("ink"), alpha=float(value)))
    return ax


def network_flow(
    ax: Axes,
    network: Network,
    features: ArrayLike,
    pixels: ArrayLike,
    names: Sequence[str],
) -> Axes:
    """Draw one example on its way: input → hidden → logits → softmax → class.

    The lines are what each hidden unit adds to the winner's logit: solid if positive, dashed if
    negative, the thicker the more.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    network : Network
        With a rectified hidden layer.
    features : array_like, shape (64,)
        What the network is given.
    pixels : array_like, shape (64,)
        The picture, from 0 to 1.
    names : sequence of str
        The names of the classes.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    x = np.asarray(features, dtype=float)
    p = network.parameters
    h = ACTIVATIONS[network.activation].function(p["hidden.weight"] @ x + p["hidden.bias"])
    z = network.logits(x[None])[0]
    winner = int(z.argmax())
    heights = {name: np.linspace(-0.3, -7.5, n) for name, n in (("h", len(h)), ("z", len(z)))}
    digit_cells(ax, pixels, STATIONS["input"], -2.9)
    _hidden_units(ax, h, heights["h"])
    _contributions(ax, p["output.weight"][winner] * h, heights["h"], heights["z"][winner])
    _shares(ax, z, heights["z"], names)
    ax.annotate(names[winner], (STATIONS["class"], heights["z"][winner]), fontsize=18, va="center")
    arrow = {"arrowstyle": "-|>", "color": colour("ink")}
    start, end = STATIONS["input"] + 2.1, STATIONS["hidden"] - 0.3
    ax.annotate("", (end, -3.9), (start, -3.9), arrowprops=arrow)
    counts = ("64 pixels", f"{len(h)} numbers", f"{len(z)} numbers", "shares", "largest")
    middles = (1.0, STATIONS["hidden"], STATIONS["logits"], 8.7, STATIONS["class"] + 0.2)
    for middle, station, count in zip(middles, STATIONS, counts, strict=True):
        ax.text(middle, 1.0, station, ha="center", va="center", weight="bold")
        ax.text(middle, 0.35, count, ha="center", va="center", color=colour("muted"))
    ax.set(xlim=(-0.2, 11.6), ylim=(-7.9, 1.5), aspect="equal")
    ax.axis("off")
    return ax


def _hidden_units(ax: Axes, values: FloatArray, heights: FloatArray) -> None:
    """Draw the hidden units as discs, the fuller the larger their output."""
    places = np.full(len(values), STATIONS["hidden"])
    rim: dict[str, Any] = {"edgecolor": colour("muted"), "s": 22, "zorder": 3}
    ax.scatter(places, heights, facecolor=colour("paper"), linewidth=1, **rim)
    for value, height in zip(values / (values.max() or 1), heights, strict=True):
        ax.scatter(STATIONS["hidden"], height, color=colour("accent"), alpha=value, s=22, zorder=4)


def _contributions(ax: Axes, parts: FloatArray, starts: FloatArray, end: float) -> None:
    """Draw from each hidden unit to a logit what it adds."""
    strongest = np.abs(parts).max() or 1.0
    for part, start in zip(parts, starts, strict=True):
        if part:
            ax.plot(
                [STATIONS["hidden"], STATIONS["logits"] - 0.55],
                [start, end],
                "-" if part > 0 else "--",
                color=colour("accent" if part > 0 else "bad"),
                linewidth=2.2 * abs(part) / strongest,
                zorder=2,
            )


def _shares(ax: Axes, logits: FloatArray, heights: FloatArray, names: Sequence[str]) -> None:
    """Write the logits, and draw their softmax as bars with the names of the classes."""
    left = STATIONS["softmax"]
    for logit, share, height, name in zip(logits, softmax(logits), heights, names, strict=True):
        number = f"{logit:.1f}".replace("-", "−")
        ax.text(STATIONS["logits"] + 0.45, height, number, ha="right", va="center")
        ax.text(left + 0.1, height, name, ha="center", va="center", color=colour("muted"))
        ax.barh(height, 2.4 * share, left=left + 0.4, height=0.5, color=colour("accent"))
        ax.plot(
            [left + 0.4] * 2, [height - 0.25, height + 0.25], color=colour("muted"), linewidth=1
        )


def activation_curves(ax: Axes, derivative: bool = False) -> Axes:
    """Draw the activations that act on each number alone, or their derivatives.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    derivative : bool

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    x = np.linspace(-4, 4, 401)
    for index, (name, activation) in enumerate(ACTIVATIONS.items()):
        y = activation.derivative(x) if derivative else activation.function(x)
        ax.plot(x, y, LINES[index], color=colour(f"c{index}"), label=name)
    ax.set(xlabel="input", ylim=(-0.05, 1.15) if derivative else (-1.1, 2.1))
    return ax


def softmax_slices(ax: Axes, others: Sequence[Sequence[float]]) -> Axes:
    """Draw the first share over its own logit, one curve for each choice of the other logits."""
    x = np.linspace(-4, 4, 401)
    for index, (rest, line) in enumerate(zip(others, LINES, strict=False)):
        z = np.stack([x, *(np.full_like(x, value) for value in rest)], axis=-1)
        values = ", ".join(f"{value:g}".replace("-", "−") for value in sorted(set(rest)))
        label = f"{len(rest)} other{'s' * (len(rest) > 1)} of {values}"
        ax.plot(x, softmax(z)[:, 0], line, color=colour(f"c{index + 3}"), label=label)
    ax.set(xlabel="own logit", ylim=(-0.05, 1.15))
    return ax
