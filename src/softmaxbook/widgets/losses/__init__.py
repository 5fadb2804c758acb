"""Cross-entropy: the reader chooses the label, sees p − y as arrows, and takes gradient steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.learning import losses
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle


class LossExplorer(Explorable):
    """Two to ten logits, a label, the loss −log p with its gradient, and steps against it.

    Parameters
    ----------
    logits : list of float, optional
        Two to ten finite numbers.
    label : int, optional
        The number of the right class, from 0.
    learning_rate : float, optional
        From 0.01 to 100.
    smoothing : float, optional
        In [0, 1]: the share ε of the target that is spread evenly over all classes.
    names : list of str, optional
        The names of the classes; those missing are called A, B, C, …

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Notes
    -----
    When classes are taken away and the label with them, the last class becomes the label.

    Examples
    --------
    >>> explorer = LossExplorer(logits=[2, 1, -1], label=1)
    >>> round(explorer.loss, 3), explorer.gradient.round(3).tolist()
    (1.349, [0.705, -0.741, 0.035])

    Used in the chapter *losses*.
    """

    module = "losses"
    _esm = bundle("losses")

    logits = numbers(2, 10, "one logit per class")
    label = traitlets.Int(1).tag(sync=True)
    learning_rate = number(1.0, 0.01, 100.0, "the factor of the gradient in a step")
    smoothing = number(0.0, 0.0, 1.0, "the share of the target that all classes share evenly")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    @traitlets.default("logits")
    def _logits(self) -> list[float]:
        return [2.0, 1.0, -1.0]

    @traitlets.validate("label")
    def _one_of_the_classes(self, proposal: Any) -> int:
        label: int = proposal["value"]
        last = len(self.logits) - 1
        if not 0 <= label <= last:
            raise traitlets.TraitError(
                f"label must be a class number from 0 to {last}; got {label}"
            )
        return label

    @traitlets.observe("logits")
    def _keep_a_label(self, change: Any) -> None:
        self.label = min(self.label, len(self.logits) - 1)

    @property
    def probabilities(self) -> np.ndarray:
        """The probabilities of the logits as they stand now, shape `(n_classes,)`."""
        return softmax(self.logits)

    @property
    def loss(self) -> float:
        """The cross-entropy of the label and the logits as they stand now, in nats."""
        value = losses.cross_entropy(self.logits, self.label, label_smoothing=self.smoothing)
        return float(value)

    @property
    def gradient(self) -> np.ndarray:
        """The gradient of the loss in the logits, shape `(n_classes,)`."""
        return losses.cross_entropy_gradient(
            self.logits, self.label, label_smoothing=self.smoothing
        )

    def picture(self) -> theme.Picture:
        """Return the bars with their arrows beside the curve of −log p."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        p, n_classes = self.probabilities, len(self.logits)
        names = [*self.names, *"ABCDEFGHIJ"[len(self.names) :]][:n_classes]
        target = (1 - self.smoothing) * np.eye(n_classes)[self.label] + self.smoothing / n_classes
        with plt.rc_context(dict(theme.RC)):
            size = (6.4, max(2.4, 0.9 + 0.4 * n_classes))
            figure, axes = plt.subplots(1, 2, figsize=size, width_ratios=[3, 2])
            plots.gradient_arrows(axes[0], p, target, names)
            axes[0].set_xlabel("probability p, and the way to its target")
            plots.surprise_curve(axes[1], [max(p[self.label], 1e-300)])
            axes[1].set_xlabel("probability of the label")
        shares = ", ".join(f"{n} {x:.3f}" for n, x in zip(names, p, strict=True))
        slopes = ", ".join(f"{n} {g:+.3f}" for n, g in zip(names, self.gradient, strict=True))
        alt = f"Probabilities {shares}, with the label {names[self.label]}: the loss is"
        alt += f" {self.loss:.3f} nats, and its gradient in the logits is {slopes}."
        return theme.show(figure, alt=alt)
