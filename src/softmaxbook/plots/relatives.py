"""Relatives of softmax, drawn: points on the triangle, costs, counts, classes on workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.family.parallel import summarise
from softmaxbook.family.sparse import entmax15, sparsemax
from softmaxbook.family.trees import Tree
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.plots.curves import LINES
from softmaxbook.plots.simplex import triangle_points
from softmaxbook.theme import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAPS = (("softmax", softmax, "o"), ("1.5-entmax", entmax15, "s"), ("sparsemax", sparsemax, "D"))


def relatives_points(ax: Axes, logits: ArrayLike, temperature: float = 1.0) -> Axes:
    """Draw where softmax, 1.5-entmax and sparsemax put three logits, and their ways as T falls.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Prepared by `triangle`.
    logits : array_like, shape (3,)
    temperature : float
        Of the points; the ways go from T → ∞ to T → 0.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    temperatures = np.geomspace(50, 0.02, 81)
    for index, (name, relative, marker) in enumerate(MAPS):
        ink = colour(f"c{index}")
        way = triangle_points([relative(logits, temperature=t) for t in temperatures])
        ax.plot(*way.T, LINES[index], color=ink, linewidth=1.5)
        x, y = triangle_points(relative(logits, temperature=temperature))
        ax.plot([x], [y], marker, color=ink, markersize=7, label=name)
    ax.legend(loc="upper left", bbox_to_anchor=(0.68, 1))
    return ax


def triangle_cloud(ax: Axes, points: ArrayLike) -> Axes:
    """Draw many probabilities of three classes as small dots, each in its largest class's colour.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Prepared by `triangle`.
    points : array_like, shape (n, 3)

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    many = np.asarray(points, dtype=float)
    for k, marker in enumerate("ox^"):
        own = triangle_points(many[many.argmax(axis=-1) == k])
        ax.plot(*own.T, marker, color=colour(f"c{k}"), markersize=2.5, alpha=0.5)
    return ax


def cost_curves(ax: Axes, sizes: ArrayLike, seconds: Mapping[str, ArrayLike]) -> Axes:
    """Draw measured times over the number of classes, both logarithmic; NaN is not drawn.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    sizes : array_like, shape (n,)
        Numbers of classes.
    seconds : mapping of str to array_like, shape (n,)
        At most four, by the name that the legend gives.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    x = np.asarray(sizes, dtype=float)
    for index, ((name, values), marker) in enumerate(zip(seconds.items(), "osD^", strict=False)):
        line = LINES[index] + marker
        ax.plot(x, 1e6 * np.asarray(values), line, color=colour(f"c{index}"), label=name)
    ax.set(xscale="log", yscale="log", xlabel="classes", ylabel="microseconds")
    ax.legend(handlelength=3)
    return ax


def expected_counts(ax: Axes, counts: ArrayLike, expected: ArrayLike, names: Sequence[str]) -> Axes:
    """Draw how often each class was drawn, as bars, and how often it should be, as marks.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    counts, expected : array_like, shape (n_classes,)
    names : sequence of str

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    drawn: FloatArray = np.asarray(counts, dtype=float)
    places = np.arange(len(drawn))
    ax.bar(places, drawn, 0.6, color=[colour(f"c{k % 10}") for k in places], alpha=0.8)
    (marks,) = ax.plot(places, expected, "_", color=colour("ink"), markersize=24)
    marks.set(markeredgewidth=2.5, label="expected")
    ax.set_xticks(places, names)
    ax.grid(axis="x", visible=False)
    return ax


def tree_shape(ax: Axes, tree: Tree, names: Sequence[str]) -> Axes:
    """Draw a binary tree from its root down, each class at its leaf.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    tree : softmaxbook.family.trees.Tree
    names : sequence of str
        One a class.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    n_classes, places = tree.n_classes, dict[int, tuple[float, int]]()
    waiting, n_leaves = [(n_classes + tree.root, 0, False)], 0
    while waiting:  # children before their parent, which stands between them
        node, depth, ready = waiting.pop()
        if node < n_classes:
            places[node] = (n_leaves, -depth)
            n_leaves += 1
            continue
        first, second = tree.children[node - n_classes].tolist()
        if not ready:
            waiting += [(node, depth, True), (second, depth + 1, False), (first, depth + 1, False)]
            continue
        x = (places[first][0] + places[second][0]) / 2
        places[node] = (x, -depth)
        for child in (first, second):
            ax.plot(*zip((x, -depth), places[child], strict=True), color=colour("muted"))
        ax.plot([x], [-depth], "o", color=colour("ink"), markersize=4)
    for number, name in enumerate(names):
        x, y = places[number]
        ink, off = colour(f"c{number % 10}"), "offset points"
        ax.plot([x], [y], "s", color=ink, markersize=6)
        ax.annotate(name, (x, y), (0, -7), textcoords=off, ha="center", va="top", color=ink)
    ax.set_xlim(-0.6, n_classes - 0.4)
    ax.set_ylim(-int(tree.depths.max(initial=0)) - 0.9, 0.3)
    ax.axis("off")
    return ax


def worker_bars(ax: Axes, parts: Sequence[ArrayLike]) -> Axes:
    """Draw the logits of each worker as bars, its maximum as a line, with its summary in words.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    parts : sequence of array_like
        The logits of each worker; one may have none.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`.
    """
    arrays = [np.asarray(part, dtype=float) for part in parts]
    place, ticks = 0.0, []
    for worker, z in enumerate(arrays):
        rows = place + np.arange(len(z))
        ink = colour(f"c{worker}")
        ax.barh(rows, z, 0.7, color=ink, alpha=0.8)
        told = "no logits"
        if len(z):
            maximum, total = summarise(z)
            ax.plot([maximum, maximum], [place - 0.5, place + len(z) - 0.5], color=ink)
            told = f"m = {maximum:.3g}, s = {total:.3g}"
        ticks.append((place + max(len(z) - 1, 0) / 2, f"worker {worker + 1}\n{told}"))
        place += max(len(z), 1) + 0.6
    ax.axvline(0, color=colour("muted"), linewidth=1)
    ax.set_yticks([at for at, _ in ticks], [text for _, text in ticks])
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set_xlabel("logit z")
    return ax
