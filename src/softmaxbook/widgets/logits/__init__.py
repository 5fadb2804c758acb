"""Logits to probabilities: the reader drags logits and sees every probability move."""

from __future__ import annotations

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle


class LogitsExplorer(Explorable):
    """Two to ten logits, a temperature and a common shift, with the formula in current numbers.

    Parameters
    ----------
    logits : list of float, optional
        Two to ten finite numbers.
    temperature : float, optional
        From 0.001 to 1000.
    shift : float, optional
        Added to every logit; it changes no probability.
    names : list of str, optional
        The names of the classes; those missing are called A, B, C, …

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> LogitsExplorer(logits=[2, 1, -1]).probabilities.round(3).tolist()
    [0.705, 0.259, 0.035]

    Used in the chapter *probabilities*.
    """

    module = "logits"
    _esm = bundle("logits")

    logits = numbers(2, 10, "one logit per class")
    temperature = number(1.0, 1e-3, 1e3, "the divisor of the logits")
    shift = number(0.0, -1e3, 1e3, "added to every logit")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    @traitlets.default("logits")
    def _logits(self) -> list[float]:
        return [2.0, 1.0, -1.0]

    @property
    def probabilities(self) -> np.ndarray:
        """The probabilities of the logits as they stand now, shape `(n_classes,)`."""
        return softmax(np.asarray(self.logits) + self.shift, temperature=self.temperature)

    def picture(self) -> theme.Picture:
        """Return the logits and their probabilities as two rows of bars."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        names = [*self.names, *"ABCDEFGHIJ"[len(self.names) :]][: len(self.logits)]
        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(1, 2, figsize=(6.4, 0.9 + 0.3 * len(names)), sharey=True)
            plots.class_bars(axes[0], self.logits, names)
            plots.class_bars(axes[1], self.probabilities, names)
            axes[0].set_xlabel("logit z")
            axes[1].set_xlabel("probability p")
        shares = ", ".join(f"{n} {p:.3f}" for n, p in zip(names, self.probabilities, strict=True))
        logits = ", ".join(f"{n} {z:g}" for n, z in zip(names, self.logits, strict=True))
        alt = f"Logits {logits} become the probabilities {shares}"
        alt += f" at temperature {self.temperature:g}."
        return theme.show(figure, alt=alt)
