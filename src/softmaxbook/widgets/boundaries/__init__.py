"""Three ways to decide among three classes: the reader drags points, all models are refitted."""

from __future__ import annotations

from typing import Any, TypedDict

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.learning.multiclass import OneVsOne, OneVsRest
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle

LIMIT = 4.0
"""The plane reaches from −LIMIT to LIMIT in both directions."""

CLASSES = "ABC"
MAX_POINTS = 200
MIN_PENALTY, MAX_PENALTY = 1e-4, 1e3

Points = list[list[float]]
Model = SoftmaxRegression | OneVsRest | OneVsOne
NAMES = ("Softmax regression", "One-vs-rest", "One-vs-one")


class Preset(TypedDict):
    """What a `BoundaryExplorer` can be made of: points [x, y, class], a penalty, a probe."""

    points: Points
    penalty: float
    probe: list[float]


def cloud(centre: tuple[float, float], n_points: int, spread: float, turn: float = 0.0) -> Points:
    """Return points spread about a centre as a round normal distribution is, without chance.

    The distances are quantiles of the distribution, the directions follow the golden angle.
    """
    i = np.arange(n_points)
    distance = spread * np.sqrt(-2 * np.log1p(-(i + 0.5) / n_points))
    return _round_about(centre, distance, turn + i * np.pi * (3 - np.sqrt(5)))


def arm(turn: float, n_points: int) -> Points:
    """Return points along an arm that bends a third of the way round the middle."""
    share = (np.arange(n_points) + 0.5) / n_points
    return _round_about((0.0, 0.0), 2 + 1.5 * share, turn + 2 * np.pi / 3 * share)


def _round_about(centre: tuple[float, float], distance: FloatArray, angle: FloatArray) -> Points:
    places = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * distance[:, None] + centre
    rounded: Points = places.round(2).tolist()
    return rounded


def _labelled(*classes: Points) -> Points:
    return [[x, y, k] for k, points in enumerate(classes) for x, y in points]


def _around(distance: float) -> list[tuple[float, float]]:
    angles = np.pi / 2 + 2 * np.pi * np.arange(3) / 3
    return [(distance * np.cos(angle), distance * np.sin(angle)) for angle in angles]


def _clouds(distance: float, counts: tuple[int, int, int], spread: float) -> Points:
    three = enumerate(zip(_around(distance), counts, strict=True))
    return _labelled(*[cloud(centre, n, spread, turn=k) for k, (centre, n) in three])


PRESETS: dict[str, Preset] = {
    "three clouds": {
        "points": _clouds(1.6, (14, 14, 14), 0.9),
        "penalty": 1.0,
        "probe": [0.0, 0.0],
    },
    "B between A and C": {
        "points": _labelled(
            cloud((-1.8, 0.0), 20, 0.7), cloud((0.0, 0.0), 5, 0.7), cloud((1.8, 0.0), 20, 0.7)
        ),
        "penalty": 1.0,
        "probe": [0.0, 0.0],
    },
    "three arms": {
        "points": _labelled(*[arm(np.pi / 2 + 2 * np.pi * k / 3, 14) for k in range(3)]),
        "penalty": 0.1,
        "probe": [0.0, 0.0],
    },
    "far apart": {
        "points": _clouds(2.3, (14, 14, 14), 0.5),
        "penalty": 0.01,
        "probe": [0.0, 0.0],
    },
    "unequal numbers": {
        "points": _clouds(1.3, (40, 12, 4), 0.9),
        "penalty": 1.0,
        "probe": [0.0, 0.0],
    },
}
"""What the reader can choose; `BoundaryExplorer(**PRESETS["far apart"])` starts with one."""


class _Points(traitlets.List[list[float]]):
    """Points [x, y, class] of the plane, of at least two classes."""

    def validate(self, obj: Any, value: Any) -> Points:
        wanted = (
            f"points must hold 2 to {MAX_POINTS} points [x, y, class] with x and y from "
            f"{-LIMIT:g} to {LIMIT:g} and class 0, 1 or 2"
        )
        try:
            points = [[*_place(x, y), _class_number(k)] for x, y, k in value]
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"{wanted}; {error}") from None
        if not 2 <= len(points) <= MAX_POINTS:
            raise traitlets.TraitError(f"{wanted}; got {len(points)} of them")
        if len({k for _, _, k in points}) < 2:
            raise traitlets.TraitError(f"{wanted}; all {len(points)} are of one class")
        return points


def _place(x: Any, y: Any) -> list[float]:
    for value in (x, y):
        if isinstance(value, (str, bytes, bool)) or not -LIMIT <= float(value) <= LIMIT:
            raise ValueError(f"got the coordinate {value!r}")
    return [float(x), float(y)]


def _class_number(value: Any) -> int:
    if isinstance(value, (str, bytes, bool)) or value not in range(len(CLASSES)):
        raise ValueError(f"got the class {value!r}")
    return int(value)


class BoundaryExplorer(Explorable):
    """Points of three classes; softmax regression, one-vs-rest and one-vs-one beside each other.

    All models are fitted anew whenever a point or the penalty moves.

    Parameters
    ----------
    points : list of [x, y, class], optional
        Two to 200 points of at least two classes: coordinates from −4 to 4, class 0, 1 or 2.
    penalty : float, optional
        From 0.0001 to 1000, as in `SoftmaxRegression`.
    probe : list of float, optional
        The place [x, y] at which all models are asked.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> explorer = BoundaryExplorer(**PRESETS["B between A and C"])
    >>> [str(model.predict([explorer.probe])[0]) for model in explorer.models]
    ['B', 'C', 'B']

    Used in the chapter *regression*.
    """

    module = "boundaries"
    _esm = bundle("boundaries")

    points = _Points().tag(sync=True)
    penalty = number(1.0, MIN_PENALTY, MAX_PENALTY, "the weight of the squared coefficients")
    probe = numbers(2, 2, "the place at which the models are asked")
    presets = traitlets.Dict(read_only=True).tag(sync=True)

    @traitlets.default("points")
    def _points(self) -> Points:
        return PRESETS["three clouds"]["points"]

    @traitlets.default("presets")
    def _presets(self) -> dict[str, Preset]:
        return PRESETS

    @traitlets.validate("probe")
    def _check_probe(self, proposal: Any) -> list[float]:
        x, y = proposal["value"]
        if max(abs(x), abs(y)) > LIMIT:
            raise traitlets.TraitError(
                f"probe must hold two numbers from {-LIMIT:g} to {LIMIT:g}, the place at which "
                f"the models are asked; got {[x, y]}"
            )
        return [x, y]

    @property
    def features(self) -> FloatArray:
        """The places of the points, shape `(n_points, 2)`."""
        return np.array(self.points)[:, :2]

    @property
    def labels(self) -> list[str]:
        """The class of each point: A, B or C."""
        return [CLASSES[int(k)] for _, _, k in self.points]

    @property
    def models(self) -> tuple[Model, Model, Model]:
        """The three models, fitted to the points as they stand now."""
        # The page goes down to where rounding hides the rest of the way.
        options: dict[str, Any] = {"penalty": self.penalty, "tolerance": 1e-10}
        points = self.features, self.labels
        return (
            SoftmaxRegression(**options).fit(*points),
            OneVsRest(**options).fit(*points),
            OneVsOne(**options).fit(*points),
        )

    def picture(self) -> theme.Picture:
        """Return the regions of the three models beside each other."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(1, 3, figsize=(6.4, 2.7), sharey=True)
            for ax, model, name in zip(axes, self.models, NAMES, strict=True):
                ax.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), aspect="equal", title=name)
                plots.decision_regions(ax, model, self.features, self.labels)
                ax.plot(*self.probe, "D", color=theme.colour("ink"), markersize=5)
            figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
        return theme.show(figure, alt=self._in_words())

    def _in_words(self) -> str:
        x, y = self.probe
        said = [
            f"{name} is right about {model.score(self.features, self.labels):.0%} of the points "
            f"and predicts {model.predict([self.probe])[0]} at ({x:g}, {y:g})"
            for name, model in zip(NAMES, self.models, strict=True)
        ]
        counts = ", ".join(f"{self.labels.count(name)} of {name}" for name in CLASSES)
        return f"The plane with {counts}, divided by three methods. {'. '.join(said)}."
