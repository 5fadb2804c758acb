"""A new softmax head on frozen features: the reader trains it, and draws a digit for it."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.learning.datasets import Part
from softmaxbook.learning.labels import IntArray
from softmaxbook.learning.objectives import SoftmaxObjective
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.widgets.explorable import number
from softmaxbook.widgets.modules import bundle
from softmaxbook.widgets.weights import WeightedExplorable

PER_CLASS = (1, 2, 5, 10)
N_SEEDS = 4
MOST_STEPS = 300
SIDE, FULL = 16, 16
"""Cells of a drawing's side, and the number that stands for a cell full of ink."""

KINDS = ("features", "pixels")
"""What a head can stand on."""


class Verdict(NamedTuple):
    """What a head on one kind of input makes of the drawing.

    Parameters
    ----------
    probabilities : ndarray, shape (10,)
    neighbours : list of int
        The rows of the labelled digits nearest to the drawing, the nearest first.
    distances : ndarray
        Their Euclidean distances.
    accuracy : float
        The share of the held-out digits that the head gets right.
    """

    probabilities: FloatArray
    neighbours: IntArray
    distances: FloatArray
    accuracy: float


class _Drawing(traitlets.List[int]):
    """A drawing: 16 × 16 cells, each with 0 to 16 sixteenths of ink."""

    def validate(self, obj: Any, value: Any) -> list[int]:
        wanted = (
            f"drawing must hold {SIDE} × {SIDE} whole numbers from 0, paper, to {FULL}, ink, or "
            "8 × 8 of them, a digit of the data"
        )
        try:
            cells = np.asarray(value)
            if cells.dtype.kind not in "iuf":
                raise TypeError
        except (TypeError, ValueError):
            raise traitlets.TraitError(f"{wanted}; got something else") from None
        if cells.shape == (8, 8):
            cells = cells.repeat(2, axis=0).repeat(2, axis=1)
        if cells.shape not in {(SIDE, SIDE), (SIDE**2,)}:
            raise traitlets.TraitError(f"{wanted}; got the shape {cells.shape}")
        good = (cells >= 0) & (cells <= FULL) & (cells == np.floor(cells))
        if not good.all():
            raise traitlets.TraitError(f"{wanted}; got {cells[~good].flat[0]}")
        return [int(cell) for cell in cells.flat]


class HeadExplorer(WeightedExplorable):
    """A drawing, a frozen network's features of it, and a softmax head trained on a few digits.

    The head is trained in the page by gradient descent on the cross-entropy of its labelled digits,
    beside a second head that is given the pixels. Both are judged on the validation part of the
    digits: the reader chooses by it, so the test part stays out.

    Parameters
    ----------
    per_class : {1, 2, 5, 10}, optional
        Labelled digits of each class.
    seed : int, optional
        From 0 to 3: which digits are labelled, as `few_labels` draws them.
    rate : float, optional
        The learning rate in units of 1 / L, with L the bound on the curvature; from 0.1 to 100.
        Up to 1 no step goes up.
    steps : int, optional
        From 0, where the head knows nothing, to 300.
    drawing : array_like of int, shape (16, 16) or (8, 8), optional
        Sixteenths of ink, from 0 to 16. Each pixel of an 8 × 8 digit becomes four cells. By default
        the first held-out digit.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Notes
    -----
    A drawing takes the way of the data: 2 × 2 cells are counted together, and the 8 × 8 numbers are
    enlarged as `digit_pictures` enlarges its digits.

    Examples
    --------
    >>> explorer = HeadExplorer(per_class=5)
    >>> explorer.verdict("features").accuracy > explorer.verdict("pixels").accuracy
    True

    Used in the chapter *heads*.
    """

    module = "heads"
    _esm = bundle("heads")

    per_class = traitlets.Enum(PER_CLASS, default_value=2).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=N_SEEDS - 1).tag(sync=True)
    rate = number(1.0, 0.1, 100.0, "the learning rate in units of 1 / L")
    steps = traitlets.Int(100, min=0, max=MOST_STEPS).tag(sync=True)
    drawing = _Drawing().tag(sync=True)
    data = traitlets.Dict(read_only=True).tag(sync=True)

    @traitlets.default("drawing")
    def _first_held_out(self) -> list[int]:
        from softmaxbook.learning.datasets import load

        digit = load("digits").validation.features[0].reshape(8, 8)
        cells: list[int] = digit.repeat(2, axis=0).repeat(2, axis=1).astype(int).ravel().tolist()
        return cells

    @traitlets.default("data")
    def _all_data(self) -> dict[str, Any]:
        return _data()

    @property
    def checkpoint(self) -> Path:
        """The file with the network's weights."""
        from softmaxbook.transfer.backbones import CHECKPOINT

        return CHECKPOINT

    @property
    def labelled(self) -> Part:
        """The digits that the head is trained on, as pictures."""
        from softmaxbook.transfer.targets import digit_pictures, few_labels

        return few_labels(digit_pictures().train, self.per_class, self.seed)

    @property
    def digit(self) -> FloatArray:
        """The drawing as a digit of the data: shape (8, 8), whole numbers from 0 to 16."""
        blocks = np.array(self.drawing).reshape(8, 2, 8, 2).sum(axis=(1, 3))
        counted: FloatArray = np.floor((blocks + 2) / 4)
        return counted

    def head(self, kind: str = "features") -> SoftmaxRegression:
        """Return the head after the steps so far, on "features" or on "pixels"."""
        rows, labels = _rows(kind, self.labelled.features), self.labelled.labels
        bound = SoftmaxObjective(rows, labels, 0.0, np.ones(10)).smoothness()
        model = SoftmaxRegression(
            penalty=0,
            solver="gradient descent",
            learning_rate=self.rate / bound,
            max_iterations=self.steps,
            tolerance=0,
        )
        with warnings.catch_warnings():  # the page says it where a rate is too large
            warnings.simplefilter("ignore", RuntimeWarning)
            return model.fit(rows, labels)

    def verdict(self, kind: str = "features", n_neighbours: int = 5) -> Verdict:
        """Return what the head on "features" or on "pixels" makes of the drawing."""
        from softmaxbook.transfer.targets import digit_pictures, resized

        head, held_out = self.head(kind), digit_pictures().validation
        row = _rows(kind, resized(self.digit / FULL, SIDE)[None, None])
        distances = np.linalg.norm(_rows(kind, self.labelled.features) - row, axis=1)
        nearest = np.argsort(distances, kind="stable")[:n_neighbours]
        return Verdict(
            head.predict_proba(row)[0],
            nearest,
            distances[nearest],
            head.score(_rows(kind, held_out.features), held_out.labels),
        )

    def picture(self) -> theme.Picture:
        """Return the drawing, what both heads say, and the labelled digits nearest to it."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        verdicts = {kind: self.verdict(kind) for kind in KINDS}
        rows: dict[str, Any] = {"the picture": ([self.digit / FULL], [""])}
        for kind, verdict in verdicts.items():
            rows[f"nearest by {kind}"] = self._neighbours(verdict)
        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.6), width_ratios=(1, 1.2))
            plots.picture_rows(axes[0], rows)
            plots.paired_bars(axes[1], {kind: v.probabilities for kind, v in verdicts.items()})
            axes[1].set(xlabel="probability", ylabel="digit")
        return theme.show(figure, alt=self._in_words(verdicts))

    def _neighbours(self, verdict: Verdict) -> tuple[list[FloatArray], list[str]]:
        """Return the nearest labelled digits, shape (8, 8), and their labels with distances."""
        from softmaxbook.learning.datasets import load
        from softmaxbook.transfer.targets import few_labels

        small = few_labels(load("digits").train, self.per_class, self.seed)
        digits = [small.features[place].reshape(8, 8) / FULL for place in verdict.neighbours]
        labels = small.labels[verdict.neighbours]
        return digits, [f"{k}: {d:.1f}" for k, d in zip(labels, verdict.distances, strict=True)]

    def _in_words(self, verdicts: dict[str, Verdict]) -> str:
        said = []
        for kind, (p, neighbours, _, accuracy) in verdicts.items():
            label = self.labelled.labels[neighbours[0]]
            said.append(
                f"The head on {kind} gets {accuracy:.1%} of the held-out digits right; it says "
                f"{p.argmax()} with probability {p.max():.2f}, and the nearest is a {label}"
            )
        each = "digit" if self.per_class == 1 else "digits"
        opening = f"A drawing for heads that learnt from {self.per_class} labelled {each} a class"
        return f"{opening}, after {self.steps} steps. {'. '.join(said)}."


def _rows(kind: str, pictures: FloatArray) -> FloatArray:
    """Return one row of numbers a picture: what the frozen network makes of it, or its pixels."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {KINDS}, got {kind!r}")
    if kind == "pixels":
        return pictures.reshape(len(pictures), -1).astype(np.float64)
    from softmaxbook.transfer.backbones import load_backbone
    from softmaxbook.transfer.heads import extract_features

    return extract_features(load_backbone("glyphnet"), pictures).astype(np.float64)


@cache
def _data() -> dict[str, Any]:
    """Return the digits that the page needs, one character a pixel, and which are labelled when."""
    from softmaxbook.learning.datasets import load
    from softmaxbook.transfer.glyphs import CLASSES
    from softmaxbook.transfer.targets import few_labels

    train, held_out = load("digits").train, load("digits").validation
    places = Part(np.arange(len(train.labels), dtype=np.float64), train.labels)
    drawn = {
        k: [few_labels(places, k, seed).features for seed in range(N_SEEDS)] for k in PER_CLASS
    }
    used = np.unique(np.concatenate([rows for several in drawn.values() for rows in several]))
    kept = used.astype(np.intp)
    chosen = {
        str(k): [np.searchsorted(used, rows).tolist() for rows in several]
        for k, several in drawn.items()
    }
    return {
        "pool": _as_text(Part(train.features[kept], train.labels[kept])),
        "heldOut": _as_text(held_out),
        "chosen": chosen,
        "glyphs": "".join(CLASSES),
    }


def _as_text(part: Part) -> dict[str, str]:
    """Return digits as text: a pixel is one of 0 … 9, a … g, which is 0 … 16."""
    characters = np.array(list("0123456789abcdefg"))
    return {
        "digits": "".join(characters[part.features.astype(int).ravel()]),
        "labels": "".join(str(label) for label in part.labels),
    }
