"""The Jacobian of softmax: the reader points at an entry and sees where its number comes from."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.numerics import derivatives
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle

MIN_CLASSES, MAX_CLASSES = 2, 6


class JacobianExplorer(Explorable):
    """Two to six logits, their Jacobian entry by entry, its eigenvalues, and products with it.

    Parameters
    ----------
    logits : list of float, optional
        Two to six finite numbers.
    temperature : float, optional
        From 0.001 to 1000.
    tangent : list of float, optional
        One number a logit: how fast each moves. By default the first moves alone.
    cotangent : list of float, optional
        One number a probability: how much each matters. By default the second alone does.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Notes
    -----
    When the number of logits changes, both vectors are cut or filled up with zeros.

    Examples
    --------
    >>> JacobianExplorer(logits=[1, 0, -1]).jacobian.round(3).tolist()
    [[0.223, -0.163, -0.06], [-0.163, 0.185, -0.022], [-0.06, -0.022, 0.082]]

    Used in the chapter *derivatives*.
    """

    module = "jacobian"
    _esm = bundle("jacobian")

    logits = numbers(MIN_CLASSES, MAX_CLASSES, "one logit per class")
    temperature = number(1.0, 1e-3, 1e3, "the divisor of the logits")
    tangent = numbers(MIN_CLASSES, MAX_CLASSES, "one velocity a logit")
    cotangent = numbers(MIN_CLASSES, MAX_CLASSES, "one weight a probability")

    def __init__(self, **values: Any) -> None:
        chosen = ("tangent", "cotangent")
        given = {k: v for k, v in values.items() if v is not None or k not in chosen}
        super().__init__(**given)

    @traitlets.default("logits")
    def _logits(self) -> list[float]:
        return [1.0, 0.0, -1.0]

    @traitlets.default("tangent")
    def _tangent(self) -> list[float]:
        return _fitted([1.0], len(self.logits))

    @traitlets.default("cotangent")
    def _cotangent(self) -> list[float]:
        return _fitted([0.0, 1.0], len(self.logits))

    @traitlets.validate("tangent", "cotangent")
    def _one_entry_a_class(self, proposal: Any) -> list[float]:
        values: list[float] = proposal["value"]
        if len(values) != len(self.logits):
            name, n_classes = proposal["trait"].name, len(self.logits)
            wanted = f"{name} must hold one number for each of the {n_classes} logits"
            raise traitlets.TraitError(f"{wanted}; got {len(values)} of them")
        return values

    @traitlets.observe("logits")
    def _fit(self, change: Any) -> None:
        n_classes = len(self.logits)
        self.tangent = _fitted(self.tangent, n_classes)
        self.cotangent = _fitted(self.cotangent, n_classes)

    @property
    def probabilities(self) -> np.ndarray:
        """The probabilities of the logits as they stand now, shape `(n_classes,)`."""
        return softmax(self.logits, temperature=self.temperature)

    @property
    def jacobian(self) -> np.ndarray:
        """The Jacobian at the logits as they stand now, shape `(n_classes, n_classes)`."""
        return derivatives.jacobian(self.logits, temperature=self.temperature)

    def picture(self) -> theme.Picture:
        """Return the probabilities as bars beside the Jacobian as a heat map."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        names = list("ABCDEF"[: len(self.logits)])
        size = 1.2 + 0.45 * len(names)
        with plt.rc_context(dict(theme.RC)):
            figure, axes = plt.subplots(1, 2, figsize=(6.4, size), width_ratios=[2, 3])
            plots.class_bars(axes[0], self.probabilities, names)
            axes[0].set_xlabel("probability p")
            plots.signed_cells(axes[1], self.jacobian, names)
            axes[1].set_xlabel("logit that is raised")
            axes[1].set_ylabel("probability that moves")
        rows = zip(names, self.jacobian, strict=True)
        entries = "; ".join(f"row {n}: " + ", ".join(f"{x:.3f}" for x in row) for n, row in rows)
        alt = f"The Jacobian of softmax at temperature {self.temperature:g}. {entries}."
        return theme.show(figure, alt=alt)


def _fitted(values: list[float], size: int) -> list[float]:
    return [*values, *[0.0] * size][:size]
