"""Digits with moved pixels: the reader tears the strokes, predicts, and asks what was measured."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.experiments.tables import Table, by_seed, stored
from softmaxbook.learning.intervals import Interval, mean_interval
from softmaxbook.learning.labels import IntArray
from softmaxbook.widgets.explorable import Explorable
from softmaxbook.widgets.modules import bundle
from softmaxbook.widgets.rows import are_scores, checked_rows, is_whole, plain_scores

N_PIXELS = 64
FULL = 16
"""The number that stands for a pixel full of ink."""

WAYS = ("features, linear", "from scratch")
"""What is compared: a softmax head on frozen features, and the same network without transfer."""

MOVED = {"digits": 0, "digits, 50% moved": N_PIXELS // 2, "digits, 100% moved": N_PIXELS}
"""How many pixels have moved in the targets of the stored table ``arms``."""


class ShuffleExplorer(Explorable):
    """Ten digits whose pixels move, and what transfer is worth on digits with moved pixels.

    The measured accuracies are hidden until the reader asks for them: there is a prediction first.

    Parameters
    ----------
    moved : int, optional
        From 0 to 64: how many pixels have moved, in the order of
        :func:`softmaxbook.transfer.targets.pixel_order`.
    labels : int, optional
        Per class; of the rows. At first the largest number that was measured.
    revealed : bool, optional
        Whether the measured accuracies are shown.
    measured : list, optional
        Rows (pixels moved, labels per class, accuracies of a linear head on frozen features,
        accuracies from scratch), one accuracy a seed and the same seeds in both. By default from
        the stored table ``arms``. It cannot be changed afterwards.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> explorer = ShuffleExplorer(moved=32)
    >>> explorer.digits.shape, int(explorer.digits.sum()) == int(ShuffleExplorer().digits.sum())
    ((10, 8, 8), True)
    >>> print(explorer.difference(moved=32, labels=50))
    −0.028 [−0.038, −0.019]

    Used in the chapter *transfer*.
    """

    module = "shuffling"
    _esm = bundle("shuffling")

    pictures = traitlets.Unicode(read_only=True).tag(sync=True)
    route: traitlets.List[int] = traitlets.List(read_only=True).tag(sync=True)
    measured: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)
    moved = traitlets.Int(0).tag(sync=True)
    labels = traitlets.Int(1).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        rows = given.pop("measured") if "measured" in given else measured_rows(stored("arms"))
        checked = _checked_rows(rows)
        # The rows come first: the choice of labels is judged by them.
        super().__init__()
        self.set_trait("measured", checked)
        for name, value in {"labels": max(row[1] for row in checked), **given}.items():
            setattr(self, name, value)

    @traitlets.default("pictures")
    def _as_text(self) -> str:
        # One character a pixel: 0 to 9, then a to g for 16.
        return "".join(np.base_repr(ink, FULL + 1).lower() for ink in _digits().ravel().tolist())

    @traitlets.default("route")
    def _route(self) -> list[int]:
        from softmaxbook.transfer.targets import ROUTE

        return list(ROUTE)

    @traitlets.validate("moved")
    def _no_more_than_there_are(self, proposal: Any) -> int:
        moved: int = proposal["value"]
        if not 0 <= moved <= N_PIXELS:
            raise traitlets.TraitError(
                f"moved must be a number of pixels from 0 to {N_PIXELS}; got {moved}"
            )
        return moved

    @traitlets.validate("labels")
    def _measured_labels(self, proposal: Any) -> int:
        labels: int = proposal["value"]
        there = self.label_counts
        if there and labels not in there:
            choices = ", ".join(map(str, there))
            raise traitlets.TraitError(f"labels must be one of {choices}; got {labels}")
        return labels

    @property
    def label_counts(self) -> list[int]:
        """The numbers of labels per class that were measured."""
        return sorted({row[1] for row in self.measured})

    @property
    def digits(self) -> IntArray:
        """The ten digits with their pixels moved: shape (10, 8, 8), from 0 to 16 sixteenths of ink.

        They are of the training part, one of each class.
        """
        return self._after(self.moved)

    def accuracies(self, moved: int, labels: int) -> dict[str, Interval]:
        """Return the mean accuracy of both ways, with intervals; empty where nothing was measured.

        Parameters
        ----------
        moved : int
            Pixels.
        labels : int
            Per class.
        """
        pairs = zip(WAYS, self._scores(moved, labels), strict=False)  # no scores, no pairs
        return {way: mean_interval(scores) for way, scores in pairs}

    def difference(self, moved: int, labels: int) -> Interval | None:
        """Return what transfer adds to the accuracy, seed by seed, or None if not measured.

        Parameters
        ----------
        moved : int
            Pixels.
        labels : int
            Per class.
        """
        if not (scores := self._scores(moved, labels)):
            return None
        frozen, scratch = scores
        return mean_interval(np.subtract(frozen, scratch))

    def picture(self) -> theme.Picture:
        """Return the digits as more and more pixels move; and, once revealed, the accuracies."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        steps = sorted({0, self.moved, *MOVED.values()})
        rows = {_named(n): (list(self._after(n) / FULL), list("0123456789")) for n in steps}
        found = self._found() if self.revealed else {}
        heights = [0.85 * len(rows), 0.4 + 0.3 * len(found)][: 1 + bool(found)]
        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(
                len(heights), 1, figsize=(6.4, sum(heights)), height_ratios=heights, squeeze=False
            )
            plots.picture_rows(axes[0, 0], rows)
            if found:
                plots.interval_points(axes[1, 0], found).set_xlabel("accuracy on new digits")
        return theme.show(figure, alt=self._in_words(steps, found))

    def _scores(self, moved: int, labels: int) -> list[list[float]]:
        """Return the accuracies of both ways, one a seed; empty where nothing was measured."""
        rows: list[list[Any]] = self.measured
        return next((row[2:] for row in rows if row[:2] == [moved, labels]), [])

    def _after(self, moved: int) -> IntArray:
        from softmaxbook.transfer.targets import pixel_order

        return _digits()[:, pixel_order(moved)].reshape(-1, 8, 8)

    def _found(self) -> dict[str, Interval]:
        """Return the accuracies with the chosen number of labels, in lines of a figure."""
        steps = [row[0] for row in self.measured if row[1] == self.labels]
        return {
            f"{moved} moved: {way}": interval
            for moved in sorted(steps)
            for way, interval in self.accuracies(moved, self.labels).items()
        }

    def _in_words(self, steps: list[int], found: dict[str, Interval]) -> str:
        *most, last = map(str, steps)
        told = f"Ten handwritten digits, one of each class, with {', '.join(most)} and {last} of"
        told += f" their {N_PIXELS} pixels in other places, the same places in every digit. The"
        told += " more have moved, the less is left of the strokes; no pixel is lost."
        if found:
            told += f" Accuracies with {_labelled(self.labels)}: "
            told += "; ".join(f"{name} {interval}" for name, interval in found.items()) + "."
        return told


def measured_rows(table: Table) -> list[list[Any]]:
    """Return the rows of the stored table ``arms`` as the explorable keeps them.

    Parameters
    ----------
    table : Table

    Returns
    -------
    list of list
        Pixels moved, labels per class, accuracies on frozen features, accuracies from scratch.
    """
    scores = {
        (row["target"], row["labels"], row["arm"]): by_seed(row).tolist()
        for row in table.rows
        if row["target"] in MOVED and row["arm"] in WAYS
    }
    cells = dict.fromkeys(key[:2] for key in scores)
    return [
        [MOVED[target], int(labels), *(scores[target, labels, way] for way in WAYS)]
        for target, labels in cells
    ]


@cache
def _digits() -> IntArray:
    """Return ten digits of the training part, one of each class: shape (10, 64), from 0 to 16."""
    from softmaxbook.learning.datasets import load

    train = load("digits").train
    # The fourth of each class: ten that people read at once.
    rows = [np.flatnonzero(train.labels == label)[3] for label in range(10)]
    return train.features[rows].astype(np.intp)


def _named(moved: int) -> str:
    if moved in (0, N_PIXELS):
        return f"{'no' if moved == 0 else 'every'} pixel has moved"
    return f"{moved} of {N_PIXELS} pixels have moved"


def _labelled(labels: int) -> str:
    return f"{labels} {'label' if labels == 1 else 'labels'} per class"


def _checked_rows(rows: Any) -> list[list[Any]]:
    form = "pixels moved, labels per class and, for both ways, as many accuracies in [0, 1]"
    checked = checked_rows(rows, form, _is_right, key=lambda row: tuple(row[:2]))
    if not checked:
        raise traitlets.TraitError(f"need at least one row of {form}")
    return [[int(row[0]), int(row[1]), *map(plain_scores, row[2:])] for row in checked]


def _is_right(row: list[Any]) -> bool:
    if len(row) != 4 or not all(map(is_whole, row[:2])) or not all(map(are_scores, row[2:])):
        return False
    moved, labels, frozen, scratch = row
    return moved <= N_PIXELS and labels >= 1 and len(frozen) == len(scratch)
