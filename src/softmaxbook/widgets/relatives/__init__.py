"""Relatives of softmax on the triangle: one row of logits, four maps, and draws by Gumbel noise."""

from __future__ import annotations

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.family.sparse import entmax, entmax15, sparsemax
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle

MOST_DRAWS = 2000
MOST_ALPHA = 4.0


class RelativesExplorer(Explorable):
    """Three logits through softmax, entmax and sparsemax, with draws that fall as softmax says.

    Parameters
    ----------
    logits : list of float, optional
        Three finite numbers.
    temperature : float, optional
        From 0.001 to 1000.
    alpha : float, optional
        Of a fourth map, from 1 (softmax) to 4.
    relaxed : bool, optional
        Whether draws are points of Gumbel-softmax; otherwise they are classes.
    draws : int, optional
        How many draws are shown, up to 2000.
    seed : int, optional
        Which noise they use.
    names : list of str, optional
        The names of the classes; those missing are called A, B, C.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> for name, p in RelativesExplorer(logits=[2, 1, -1]).relatives.items():
    ...     print(name, p.round(3).tolist())
    softmax [0.705, 0.259, 0.035]
    1.5-entmax [0.831, 0.169, 0.0]
    sparsemax [1.0, 0.0, 0.0]
    1.25-entmax [0.775, 0.224, 0.001]

    Used in the chapter *relatives*.
    """

    module = "relatives"
    _esm = bundle("relatives")

    logits = numbers(3, 3, "one logit for each of the three classes")
    temperature = number(1.0, 1e-3, 1e3, "the divisor of the logits")
    alpha = number(1.25, 1.0, MOST_ALPHA, "the order of a map of your own")
    relaxed = traitlets.Bool(False).tag(sync=True)
    draws = traitlets.Int(0, min=0, max=MOST_DRAWS).tag(sync=True)
    seed = traitlets.Int(1, min=0, max=2**31 - 1).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)

    @traitlets.default("logits")
    def _logits(self) -> list[float]:
        return [2.0, 1.0, -1.0]

    @property
    def relatives(self) -> dict[str, np.ndarray]:
        """The probabilities that each map gives the logits as they stand now."""
        t = self.temperature
        return {
            "softmax": softmax(self.logits, temperature=t),
            "1.5-entmax": entmax15(self.logits, temperature=t),
            "sparsemax": sparsemax(self.logits, temperature=t),
            f"{self.alpha:g}-entmax": entmax(self.logits, self.alpha, temperature=t),
        }

    def picture(self) -> theme.Picture:
        """Return the triangle with the points of the maps, and their ways as T changes."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        names = [*self.names, *"ABC"[len(self.names) :]][:3]
        with plt.rc_context(dict(theme.RC)):
            figure, ax = plt.subplots(figsize=(4.8, 3.6))
            plots.triangle(ax, names)
            plots.relatives_points(ax, self.logits, self.temperature)
        shown = [
            f"{name}: " + ", ".join(f"{n} {x:.3f}" for n, x in zip(names, p, strict=True))
            for name, p in list(self.relatives.items())[:3]
        ]
        alt = f"One row of logits on the triangle at temperature {self.temperature:g}, by three "
        alt += f"maps. {'; '.join(shown)}."
        return theme.show(figure, alt=alt)
