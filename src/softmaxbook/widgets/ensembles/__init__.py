"""Three networks asked about one picture: the reader moves their answers and sees both means."""

from __future__ import annotations

import numpy as np
import traitlets

from softmaxbook import theme
from softmaxbook.learning.ensembles import mean_of_logits, mean_of_probabilities, votes
from softmaxbook.numerics.arrays import FloatArray
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.widgets.explorable import Explorable, numbers
from softmaxbook.widgets.modules import bundle

NAMES = ("A", "B", "C")
"""The classes."""


class EnsembleExplorer(Explorable):
    """Three members' answers over three classes on the triangle, their two means and their votes.

    Parameters
    ----------
    first, second, third : list of float, optional
        Three logits, for the classes A, B and C: what each member says.
    chosen : {1, 2, 3}, optional
        The member that the reader moves.
    label : {"A", "B", "C"}, optional
        The class that counts as right, for the losses.

    Raises
    ------
    traitlets.TraitError
        If a value is not of this form; the message says what is wanted.

    Examples
    --------
    >>> explorer = EnsembleExplorer(first=[4, 0, 0], second=[0, 1, 0], third=[0, 1, 0])
    >>> for name, p in explorer.answers.items():
    ...     print(name, p.round(3).tolist())
    mean of probabilities [0.463, 0.39, 0.147]
    mean of logits [0.563, 0.289, 0.148]
    votes [0.333, 0.667, 0.0]

    Used in the chapter *ensembles*.
    """

    module = "ensembles"
    _esm = bundle("ensembles")

    first = numbers(3, 3, "one logit for each of the three classes")
    second = numbers(3, 3, "one logit for each of the three classes")
    third = numbers(3, 3, "one logit for each of the three classes")
    chosen = traitlets.Enum((1, 2, 3), default_value=1).tag(sync=True)
    label = traitlets.Enum(NAMES, default_value="A").tag(sync=True)

    @traitlets.default("first")
    def _first(self) -> list[float]:
        return [1.0, 0.0, 0.0]

    @traitlets.default("second")
    def _second(self) -> list[float]:
        return [0.0, 2.5, -0.5]

    @traitlets.default("third")
    def _third(self) -> list[float]:
        return [-0.5, 2.5, 0.0]

    @property
    def logits(self) -> FloatArray:
        """What the members say, shape (3, 3): a row for each of them."""
        return np.array([self.first, self.second, self.third])

    @property
    def answers(self) -> dict[str, FloatArray]:
        """The shares of the classes in each answer that is made of the three."""
        rows = self.logits[:, None]
        return {
            "mean of probabilities": mean_of_probabilities(rows)[0],
            "mean of logits": mean_of_logits(rows)[0],
            "votes": votes(rows)[0],
        }

    def picture(self) -> theme.Picture:
        """Return the triangle with the members and both means."""
        from matplotlib import pyplot as plt

        from softmaxbook import plots

        with plt.rc_context(dict(theme.RC)):
            figure, ax = plt.subplots(figsize=(4.8, 3.6))
            plots.triangle(ax, NAMES)
            plots.ensemble_points(ax, self.logits)
        members = {f"member {i + 1}": p for i, p in enumerate(softmax(self.logits))}
        told = "; ".join(
            f"{name}: " + ", ".join(f"{n} {x:.3f}" for n, x in zip(NAMES, p, strict=True))
            for name, p in (members | self.answers).items()
        )
        return theme.show(figure, alt=f"Three answers over three classes on the triangle. {told}.")
