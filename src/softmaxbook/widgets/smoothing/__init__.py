"""Label smoothing: the reader moves the logit gap and finds where the loss is smallest."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.learning.losses import cross_entropy
from softmaxbook.learning.remedies import optimal_logit_gap
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, number
from softmaxbook.widgets.modules import bundle

MOST_BARS = 10
"""How many classes have a bar of their own."""


class SmoothingExplorer(Explorable):
    """The loss over the label's logit above all others, with its finite optimum.

    Parameters
    ----------
    smoothing : float, optional
        In [0, 1]: the share ε of the target that is spread evenly over all classes.
    n_classes : int, optional
        Two to 1000.
    gap : float, optional
        The label's logit, from −4 to 16; all others are 0.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> round(SmoothingExplorer(smoothing=0.1, n_classes=10).best_gap, 3)
    4.511

    Used in the chapter *remedies*.
    """

    module = "smoothing"
    _esm = bundle("smoothing")

    smoothing = number(0.1, 0.0, 1.0, "the share of the target that all classes share evenly")
    n_classes = traitlets.Int(10).tag(sync=True)
    gap = number(2.0, -4.0, 16.0, "the label's logit above the others")

    @traitlets.validate("n_classes")
    def _two_or_more(self, proposal: Any) -> int:
        n_classes: int = proposal["value"]
        if not 2 <= n_classes <= 1000:
            raise traitlets.TraitError(f"n_classes must be from 2 to 1000; got {n_classes}")
        return n_classes

    @property
    def best_gap(self) -> float:
        """The gap at which the loss is smallest; infinite without smoothing."""
        return optimal_logit_gap(self.smoothing, self.n_classes)

    @property
    def loss(self) -> float:
        """The loss at the gap as it stands now, in nats."""
        return float(cross_entropy(self._logits(), 0, label_smoothing=self.smoothing))

    def _logits(self) -> np.ndarray:
        logits = np.zeros(self.n_classes)
        logits[0] = self.gap
        return logits

    def picture(self) -> theme.Picture:
        """Return the loss over the gap, beside the target and the probabilities as bars."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        shown = min(self.n_classes, MOST_BARS)
        names, p = "ABCDEFGHIJ"[:shown], softmax(self._logits())
        target = np.full(self.n_classes, self.smoothing / self.n_classes)
        target[0] += 1 - self.smoothing
        with plt.rc_context(dict(theme.RC)):
            widths = {"width_ratios": [2, 1, 1]}
            figure, axes = plt.subplots(1, 3, figsize=(7.2, 3.0), gridspec_kw=widths)
            plots.gap_losses(axes[0], self.smoothing, self.n_classes, self.gap)
            for ax, shares, label in ((axes[1], target, "target"), (axes[2], p, "softmax")):
                plots.class_bars(ax, shares[:shown], names)
                ax.set_xlabel(label)
        alt = f"The loss over the label's logit above the other {self.n_classes - 1}, with label"
        alt += (
            f" smoothing {self.smoothing:g}: at the gap {self.gap:.3g} it is {self.loss:.3f} nats,"
        )
        alt += f" and it is smallest at {self.best_gap:.3f}. Without smoothing it falls for ever."
        return theme.show(figure, alt=alt)
