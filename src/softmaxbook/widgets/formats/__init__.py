"""Overflow laboratory: the same logits through four methods in four float formats, bit by bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.formats import FORMATS, thresholds
from softmaxbook.widgets.explorable import Explorable, numbers
from softmaxbook.widgets.modules import bundle

METHODS = {
    "naive": "naive softmax",
    "shifted": "shifted softmax",
    "log_of_softmax": "log of softmax",
    "log_softmax": "log-softmax",
}
"""The ways to compute softmax or its logarithm that the laboratory compares."""


class OverflowLab(Explorable):
    """Two to six logits, a method, a float format: which entry becomes inf, NaN or 0, and why.

    Every step is rounded exactly as the format rounds it.

    Parameters
    ----------
    logits : list of float, optional
        Two to six finite numbers.
    format : str, optional
        "float16", "bfloat16", "float32" or "float64".
    method : str, optional
        "naive" (exponentials divided by their sum), "shifted" (the same after the maximum was
        subtracted), "log_of_softmax" (the logarithm of "shifted") or "log_softmax" (the shifted
        logits minus the logarithm of the sum).
    label : int, optional
        The index of the correct class, for the loss and its gradient.
    masked : list of bool, optional
        Classes whose logit is replaced by −inf; those missing are not masked.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> OverflowLab(logits=[10, 12, 3]).results.tolist()
    [0.0, nan, 0.0]
    >>> OverflowLab(logits=[10, 12, 3], method="shifted").results.round(3).tolist()
    [0.119, 0.88, 0.0]

    Used in the chapter *overflow*.
    """

    module = "formats"
    _esm = bundle("formats")

    logits = numbers(2, 6, "one logit per class")
    format = traitlets.Enum(list(FORMATS), "float16").tag(sync=True)
    method = traitlets.Enum(list(METHODS), "naive").tag(sync=True)
    label = traitlets.Int(0).tag(sync=True)
    masked = traitlets.List(traitlets.Bool(), maxlen=6).tag(sync=True)

    @traitlets.default("logits")
    def _logits(self) -> list[float]:
        return [10.0, 12.0, 3.0]

    @traitlets.validate("label")
    def _check_label(self, proposal: Any) -> int:
        label = proposal["value"]
        if not 0 <= label < len(self.logits):
            last = len(self.logits) - 1
            raise traitlets.TraitError(f"label must be a class from 0 to {last}; got {label}")
        return int(label)

    @traitlets.observe("logits")
    def _keep_label(self, change: Any) -> None:
        self.label = min(self.label, len(self.logits) - 1)

    @property
    def results(self) -> FloatArray:
        """What the method gives in the format, as float64, shape `(n_classes,)`: p or log p.

        Exponentials and logarithms are float64's, rounded to the format.
        """
        rounded = FORMATS[self.format].round
        stored = rounded(np.where(self._mask(), -np.inf, self.logits))
        with np.errstate(all="ignore"):
            shifted = stored if self.method == "naive" else rounded(stored - stored.max())
            exponentials = rounded(np.exp(shifted))
            total = self._sum(exponentials)
            if self.method == "log_softmax":
                return rounded(shifted - rounded(np.log(total)))
            p = rounded(exponentials / total)
            return rounded(np.log(p)) if self.method == "log_of_softmax" else p

    def _mask(self) -> list[bool]:
        return [*self.masked, *[False] * len(self.logits)][: len(self.logits)]

    def _sum(self, values: FloatArray) -> FloatArray:
        # NumPy and PyTorch add up the 16-bit formats in float32 and round the sum once.
        wide = FORMATS["float32" if self.format.endswith("16") else self.format]
        total: FloatArray = np.zeros(())
        for value in values:
            total = wide.round(total + value)
        return FORMATS[self.format].round(total)

    def picture(self) -> theme.Picture:
        """Return the logits on the format's number line, with the limits and the results."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        names = "ABCDEF"[: len(self.logits)]
        stored = FORMATS[self.format].round(np.where(self._mask(), -np.inf, self.logits))
        with np.errstate(all="ignore"):
            arguments = stored if self.method == "naive" else stored - stored.max()
        limits = thresholds(self.format)
        what = "log p" if self.method.startswith("log") else "p"
        shown = [f"{what} = {_in_words(value)}" for value in self.results]
        with plt.rc_context(dict(theme.RC)):
            figure, ax = plt.subplots(figsize=(6.4, 1.3 + 0.32 * len(names)))
            ends = (limits.underflow, limits.subnormal, limits.overflow)
            plots.exponential_line(ax, ends, arguments, [*names], shown)
            ax.set_title(f"{METHODS[self.method]} in {self.format}")
        given = ", ".join(f"{n} {_in_words(z)}" for n, z in zip(names, stored, strict=True))
        results = ", ".join(f"{n} {r}" for n, r in zip(names, shown, strict=True))
        alt = (
            f"{METHODS[self.method]} in {self.format} of the logits {given}: {results}. "
            f"Its exponential is infinite above {limits.overflow:.2f}, "
            f"subnormal below {limits.subnormal:.2f} and 0 below {limits.underflow:.2f}."
        )
        return theme.show(figure, alt=alt)


def _in_words(value: float) -> str:
    named = {"nan": "NaN", "inf": "∞", "-inf": "−∞"}
    return named.get(str(float(value)), f"{value:.4g}".replace("-", "−"))
