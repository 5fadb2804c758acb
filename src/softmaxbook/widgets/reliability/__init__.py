"""Calibration: the reader moves T and sees confidence change, and accuracy stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.learning import calibration
from softmaxbook.learning.labels import IntArray
from softmaxbook.learning.remedies import fit_temperature
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, number
from softmaxbook.widgets.modules import bundle

MOST_ROWS, MOST_CLASSES = 400, 10
HALVES = ("validation", "test")


class CalibrationExplorer(Explorable):
    """The reliability of a model's probabilities, and what one temperature does to it.

    Parameters
    ----------
    logits : array_like, shape (n_samples, n_classes), optional
        Four to 400 rows of two to ten finite numbers, rounded to three decimals so that the page
        stays light. By default a simulated model that is twice as sure as it should be.
    labels : array_like of int, shape (n_samples,), optional
        The class number of each row.
    temperature : float, optional
        From 0.001 to 1000.
    n_bins : int, optional
        Two to twenty.
    half : {"validation", "test"}, optional
        Which rows are drawn: the first half, on which the best temperature is found, or the second,
        on which it is judged.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> logits, labels = [[0, 3], [3, 0], [0, 3], [0, 3]] * 2, [1, 0, 1, 0] * 2
    >>> round(CalibrationExplorer(logits=logits, labels=labels).best_temperature, 3)
    2.731

    Used in the chapter *calibration*.
    """

    module = "reliability"
    _esm = bundle("reliability")

    logits: traitlets.List[Any] = traitlets.List().tag(sync=True)
    labels: traitlets.List[Any] = traitlets.List().tag(sync=True)
    temperature = number(1.0, 1e-3, 1e3, "the divisor of the logits")
    n_bins = traitlets.Int(10, min=2, max=20).tag(sync=True)
    half = traitlets.Enum(HALVES, default_value="validation").tag(sync=True)

    def __init__(self, **values: Any) -> None:
        missing = {"logits", "labels"} - {k for k, v in values.items() if v is not None}
        if len(missing) == 1:
            raise traitlets.TraitError(f"{missing.pop()} is missing: give both logits and labels")
        if missing:
            logits, labels = _simulated()
        else:
            logits, labels = _checked(values["logits"], values["labels"])
        super().__init__(**{**values, "logits": logits, "labels": labels})

    @traitlets.validate("logits", "labels")
    def _of_one_length(self, proposal: Any) -> list[Any]:
        given = {"logits": self.logits, "labels": self.labels}
        given[proposal["trait"].name] = proposal["value"]
        if not (given["logits"] and given["labels"]):  # the other one is still to come
            return list(proposal["value"])
        logits, labels = _checked(given["logits"], given["labels"])
        return logits if proposal["trait"].name == "logits" else labels

    def rows(self, half: str) -> tuple[FloatArray, IntArray]:
        """Return the logits and the labels of one half."""
        middle = len(self.labels) // 2
        part = slice(middle) if half == "validation" else slice(middle, None)
        return np.array(self.logits[part], dtype=float), np.array(self.labels[part])

    @property
    def best_temperature(self) -> float:
        """The temperature with the smallest cross-entropy on the validation half."""
        return float(fit_temperature(*self.rows("validation")))

    def picture(self) -> theme.Picture:
        """Return the reliability diagram of the chosen half above its histogram."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        logits, labels = self.rows(self.half)
        p = softmax(logits, temperature=self.temperature)
        diagram = calibration.reliability(p, labels, self.n_bins)
        error = calibration.expected_calibration_error(p, labels, self.n_bins)
        with plt.rc_context(dict(theme.RC)):
            ratio = {"height_ratios": [3, 1]}
            figure, axes = plt.subplots(2, 1, figsize=(4.6, 4.6), sharex=True, gridspec_kw=ratio)
            plots.reliability_bars(axes[0], diagram)
            plots.confidence_bars(axes[1], diagram)
        sure, right = p.max(axis=-1).mean(), float((p.argmax(axis=-1) == labels).mean())
        alt = f"Reliability of {len(labels)} rows at temperature {self.temperature:g}: the mean"
        alt += f" confidence is {sure:.3f}, {right:.3f} of the rows are right, and the expected"
        alt += f" calibration error over {self.n_bins} bins is {error:.3f}."
        return theme.show(figure, alt=alt)


def _checked(logits: Any, labels: Any) -> tuple[list[list[float]], list[int]]:
    """Return the rows, rounded, and their class numbers, or refuse them."""
    wanted = (
        f"logits must hold 4 to {MOST_ROWS} rows of 2 to {MOST_CLASSES} finite numbers, equally"
        " many in each"
    )
    try:
        table = np.asarray(logits, dtype=float)
        if table.ndim != 2:
            raise ValueError
    except (TypeError, ValueError):
        raise traitlets.TraitError(f"{wanted}; got something else") from None
    n_rows, n_classes = table.shape
    if not (4 <= n_rows <= MOST_ROWS and 2 <= n_classes <= MOST_CLASSES):
        raise traitlets.TraitError(f"{wanted}; got {n_rows} rows of {n_classes}")
    if not np.isfinite(table).all():
        raise traitlets.TraitError(
            f"{wanted}; row {np.isfinite(table).all(axis=1).argmin()} has not"
        )
    numbers = np.asarray(labels)
    whole = f"labels must hold one class number from 0 to {n_classes - 1} for each of {n_rows} rows"
    if numbers.shape != (n_rows,):
        raise traitlets.TraitError(f"{whole}; got {numbers.size}")
    right = np.array([isinstance(y, (int, np.integer)) and 0 <= y < n_classes for y in labels])
    if not right.all():
        first = int(right.argmin())
        raise traitlets.TraitError(f"{whole}; row {first} has {numbers[first]!r}")
    return np.round(table, 3).tolist(), [int(y) for y in numbers]


def _simulated() -> tuple[list[list[float]], list[int]]:
    """Return labels drawn from softmax(z), with the logits 2 z of a model that is too sure."""
    rng = np.random.default_rng(0)
    truth = rng.normal(scale=1.5, size=(MOST_ROWS, 4))
    labels = [int(rng.choice(4, p=p)) for p in softmax(truth)]
    return _checked(2 * truth, labels)
