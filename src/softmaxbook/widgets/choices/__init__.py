"""Choices: the reader moves what is offered, adds a copy, and sees which ratios of shares stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.family.choices import nested_logit
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, number, numbers
from softmaxbook.widgets.modules import bundle

MIN_GOODS, MAX_GOODS = 2, 4

BEST, DEAREST = 10.0, 100.0
"""How far quality and price go."""


class ChoiceExplorer(Explorable):
    r"""Two to four things to choose from, a copy of one of them, and shares by two models.

    Parameters
    ----------
    quality : list of float, optional
        From 0 to 10, one number a thing.
    price : list of float, optional
        From 0 to 100, one number a thing.
    worth : float, optional
        From 0 to 2: what a point of quality adds to the utility.
    cost : float, optional
        From 0 to 2: what ten units of money take from it.
    copied : int, optional
        Which thing is offered a second time, counted from 0; −1 for none.
    better : float, optional
        From −2 to 2: by how many points of quality the copy is better.
    dissimilarity : float, optional
        From 0.05 to 1: λ of the nest that holds the thing and its copy.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> explorer = ChoiceExplorer(copied=0, dissimilarity=0.05)
    >>> explorer.softmax_shares.round(3).tolist(), explorer.nested_shares.round(3).tolist()
    ([0.25, 0.25, 0.25, 0.25], [0.171, 0.329, 0.329, 0.171])

    Used in the chapter *choices*.
    """

    module = "choices"
    _esm = bundle("choices")

    quality = numbers(MIN_GOODS, MAX_GOODS, "from 0 to 10, one a thing")
    price = numbers(MIN_GOODS, MAX_GOODS, "from 0 to 100, one a thing")
    worth = number(0.5, 0.0, 2.0, "the utility of a point of quality")
    cost = number(0.5, 0.0, 2.0, "the utility of ten units of money")
    copied = traitlets.Int(-1).tag(sync=True)
    better = number(0.0, -2.0, 2.0, "by how many points of quality the copy is better")
    dissimilarity = number(0.3, 0.05, 1.0, "λ of the nest of the copy")

    @traitlets.default("quality")
    def _quality(self) -> list[float]:
        return [6.0, 9.0, 4.0]

    @traitlets.default("price")
    def _price(self) -> list[float]:
        return _fitted([40.0, 70.0, 20.0], len(self.quality))

    @traitlets.validate("quality")
    def _quality_in_bounds(self, proposal: Any) -> list[float]:
        return _bounded("quality", proposal["value"], BEST)

    @traitlets.validate("price")
    def _price_in_bounds(self, proposal: Any) -> list[float]:
        values = _bounded("price", proposal["value"], DEAREST)
        if len(values) != len(self.quality):
            wanted = f"price must hold one number for each of the {len(self.quality)} things"
            raise traitlets.TraitError(f"{wanted}; got {len(values)} of them")
        return values

    @traitlets.observe("quality")
    def _fit(self, change: Any) -> None:
        self.price = _fitted(self.price, len(self.quality))
        if self.copied >= len(self.quality):
            self.copied = -1

    @traitlets.validate("copied")
    def _one_of_them(self, proposal: Any) -> int:
        copied: int = proposal["value"]
        if not -1 <= copied < len(self.quality):
            last = len(self.quality) - 1
            raise traitlets.TraitError(f"copied must be from 0 to {last}, or −1; got {copied}")
        return copied

    @property
    def names(self) -> list[str]:
        """The letters of all that is offered; a copy has a prime."""
        own = list("ABCD"[: len(self.quality)])
        return own if self.copied < 0 else [*own, f"{own[self.copied]}′"]

    @property
    def utilities(self) -> FloatArray:
        """The utility of each thing, and of the copy at the end."""
        q, p = np.array(self.quality), np.array(self.price)
        if self.copied >= 0:
            q = np.append(q, q[self.copied] + self.better)
            p = np.append(p, p[self.copied])
        utilities: FloatArray = self.worth * q - self.cost * p / 10
        return utilities

    @property
    def nests(self) -> list[int]:
        """The nest of each thing: its own, and the copy is in that of the original."""
        own = list(range(len(self.quality)))
        return own if self.copied < 0 else [*own, self.copied]

    @property
    def softmax_shares(self) -> FloatArray:
        """The shares by softmax."""
        return softmax(self.utilities)

    @property
    def nested_shares(self) -> FloatArray:
        """The shares by nested logit."""
        return nested_logit(self.utilities, self.nests, self.dissimilarity)

    def picture(self) -> theme.Picture:
        """Return the utilities and both kinds of shares as three rows of bars."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        columns = {
            "utility u": self.utilities,
            "share by softmax": self.softmax_shares,
            f"share with nests, λ = {self.dissimilarity:g}": self.nested_shares,
        }
        with plt.rc_context(dict(theme.RC)):
            size = (7.2, 0.9 + 0.35 * len(self.names))
            figure, axes = plt.subplots(1, 3, figsize=size, sharey=True)
            for ax, (label, values) in zip(axes, columns.items(), strict=True):
                plots.class_bars(ax, values, self.names)
                ax.set_xlabel(label)
        told = zip(self.names, *columns.values(), strict=True)
        each = "; ".join(f"{n} {u:.2f}, {p:.3f}, {q:.3f}" for n, u, p, q in told)
        alt = "What is offered, with its utility, its share by softmax and its share with nests: "
        alt += f"{each}."
        return theme.show(figure, alt=alt)


def _bounded(name: str, values: list[float], most: float) -> list[float]:
    if not all(0 <= value <= most for value in values):
        raise traitlets.TraitError(f"{name} must be from 0 to {most:g}; got {values}")
    return values


def _fitted(values: list[float], size: int) -> list[float]:
    return [*values, *[0.0] * size][:size]
