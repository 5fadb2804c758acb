"""Two classes: the reader moves two logits and sees that only their difference counts."""

from __future__ import annotations

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.numerics.probabilities import sigmoid
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle


class SigmoidExplorer(Explorable):
    """Two logits, their difference, the sigmoid of it, and the direction in which nothing changes.

    Parameters
    ----------
    logits : list of float, optional
        Two finite numbers.
    shift : float, optional
        Added to both logits, from −1000 to 1000; it changes no probability.
    names : list of str, optional
        The names of the classes; those missing are called A and B.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> SigmoidExplorer(logits=[1, 0], shift=3).probabilities.round(3).tolist()
    [0.731, 0.269]

    Used in the chapter *regression*.
    """

    module = "sigmoid"
    _esm = bundle("sigmoid")

    logits = numbers(2, 2, "one logit for each of the two classes")
    shift = number(0.0, -1e3, 1e3, "added to both logits")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    @traitlets.default("logits")
    def _logits(self) -> list[float]:
        return [1.0, 0.0]

    @property
    def difference(self) -> float:
        """The logit of the first class above that of the second."""
        return self.logits[0] - self.logits[1]

    @property
    def probabilities(self) -> np.ndarray:
        """The probabilities of the two classes, shape `(2,)`."""
        return sigmoid(np.array([self.difference, -self.difference]))

    def picture(self) -> theme.Picture:
        """Return the sigmoid with the point on it, beside the plane of the two logits."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        first, second = [*self.names, *"AB"[len(self.names) :]][:2]
        shifted = [z + self.shift for z in self.logits]
        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.9))
            plots.sigmoid_point(axes[0], self.difference)
            axes[0].set(xlabel=f"z({first}) − z({second})", ylabel=f"probability of {first}")
            plots.two_logits(axes[1], shifted)
            axes[1].set(xlabel=f"z({first})", ylabel=f"z({second})")
        share, slope = self.probabilities[0], self.probabilities.prod()
        alt = f"The sigmoid of the difference of two logits, {self.difference:.3g}, is the"
        alt += (
            f" probability {share:.3f} of {first}, with the slope {slope:.3f}. Beside it the plane"
        )
        alt += (
            " of the two logits: each point of a slanted line has this difference and probability."
        )
        return theme.show(figure, alt=alt)
